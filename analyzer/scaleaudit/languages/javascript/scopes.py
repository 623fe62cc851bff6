"""What names mean inside functions: locals, parameters, loops."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import QueryCursor

from scaleaudit.languages.javascript.imports import pattern_names
from scaleaudit.languages.loops import made_one, repeats
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

# Methods of arrays (and common helpers) that call the given function once for each element.
EACH = {"map", "forEach", "flatMap", "filter", "reduce", "some", "every", "eachSeries", "eachLimit"}
MAX_FUNCTIONS = 400  # of one file whose locals are looked at


def functions_around(reader: JavaScriptReader, node: Node) -> list[Node]:
    return [above for above in reader.ancestors(node) if above.type in reader.FUNCTIONS]


def is_parameter(reader: JavaScriptReader, name: str, node: Node) -> bool:
    return any(has_parameter(reader, each, name) for each in functions_around(reader, node))


def is_loop_variable(reader: JavaScriptReader, name: str, node: Node) -> bool:
    """`for (const name of list)` around the node."""
    for above in reader.ancestors(node):
        left = above.child_by_field_name("left") if above.type == "for_in_statement" else None
        if left is not None and re.search(rf"\b{re.escape(name)}\b", reader.text(left)):
            return True
    return False


def has_parameter(reader: JavaScriptReader, function: Node, name: str) -> bool:
    given = function.child_by_field_name("parameters") or function.child_by_field_name("parameter")
    text = reader.text(given)[:2000] if given is not None else ""
    return name in text and bool(re.search(rf"(?<![\w.$]){re.escape(name)}(?![\w$])", text))


def local(reader: JavaScriptReader, name: str, node: Node) -> Node | None:
    """The one expression that a variable is given in a function around; parameters hide."""
    for function in functions_around(reader, node):
        values = locals_of(reader, function).get(name, ())
        if values:
            return values[0] if len(values) == 1 and values[0].id != node.id else None
        if has_parameter(reader, function, name):
            return None
    return None


def taken_from(reader: JavaScriptReader, name: str, node: Node) -> tuple[str, Node] | None:
    """`const {key: name} = holder` in a function around: the key and the holder."""
    for function in functions_around(reader, node):
        locals_of(reader, function)
        found = reader.function_patterns.get(function.id, {}).get(name)
        if found is not None or has_parameter(reader, function, name):
            return found
    return None


def all_values(reader: JavaScriptReader, name: str, node: Node) -> list[Node]:
    """All that a variable is given in the nearest function that gives it something."""
    for function in functions_around(reader, node):
        values = locals_of(reader, function).get(name)
        if values:
            return values
    return []


def locals_of(reader: JavaScriptReader, function: Node) -> dict[str, list[Node]]:
    known = reader.function_locals.get(function.id)
    if known is None:
        known = {}
        if reader.on_demand is not None and len(reader.function_locals) < MAX_FUNCTIONS:
            taken = reader.function_patterns.setdefault(function.id, {})
            for _, found in QueryCursor(reader.on_demand).matches(function):
                if "pattern" in found and "from" in found:
                    for key, here in pattern_names(reader, found["pattern"][0]):
                        taken[here] = (key, found["from"][0])
                elif "name" in found and "value" in found:
                    name = reader.text(found["name"][0])
                    known.setdefault(name, []).append(found["value"][0])
        reader.function_locals[function.id] = known
    return known


def in_loop(reader: JavaScriptReader, node: Node) -> bool:
    """Inside a loop of its own function, or in a function that is called for each element."""
    for above in reader.ancestors(node):
        if above.type in reader.LOOPS and repeats(reader, above, node):
            return not seeks_free(reader, above, node)
        if above.type in reader.FUNCTIONS:
            given = above.parent
            call = given.parent if given is not None and given.type == "arguments" else None
            if call is None or call.type != "call_expression":
                return False
            each = reader.callee(call).rpartition(".")[2] in EACH
            return each and not made_one(reader, call)
    return False


def seeks_free(reader: JavaScriptReader, loop: Node, node: Node) -> bool:
    """`while (i < 10) { const found = await ...; if (!found) return candidate; ... }`.

    Names are tried until one is free: not a round for each of several things.
    """
    if loop.type != "while_statement":
        return False
    for above in reader.ancestors(node):
        if above.type == "variable_declarator":
            name = above.child_by_field_name("name")
            left = name is not None and name.type == "identifier"
            if name is None or not left or loop.end_byte - above.end_byte > MAX_LOOP:
                return False
            after = reader.content[above.end_byte : loop.end_byte].decode(errors="replace")
            given = FREE.search(after)
            return given is not None and given[1] == reader.text(name)
        if above.id == loop.id:
            return False
    return False


# A test for nothing found that leaves with a value.
FREE = regex(
    r"^[\s;]*if\s*\(\s*!\s*([\w$]+)\s*\)\s*\{?\s*return\s+(?!null\b|undefined\b|false\b)\w"
)
MAX_LOOP = 4096


def definition_name(reader: JavaScriptReader, node: Node) -> str:
    """A function's own name, or that of the variable, member or field that it is given to."""
    named = node.child_by_field_name("name")
    above = node.parent
    if named is None and above is not None and node.type in UNNAMED:
        for field in ("name", "key", "property", "left"):
            found = above.child_by_field_name(field)
            if found is not None and found.end_byte <= node.start_byte:
                return reader.text(found).rpartition(".")[2].strip("'\"`")[:80]
    return reader.text(named)[:80] if named is not None else ""


UNNAMED = {"arrow_function", "function_expression", "generator_function", "class"}
