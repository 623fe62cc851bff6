"""What goes into functions and comes out of them: parameters, arguments, returned texts."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from scaleaudit.facts import ArgumentsGiven, ConstantDefined
from scaleaudit.languages import handed_on
from scaleaudit.languages.javascript import scopes
from scaleaudit.languages.javascript.callees import CALLS, bare
from scaleaudit.languages.mentions import WORD
from scaleaudit.languages.telling import (
    MAX_ARGUMENTS,
    has_addresses,
    may_be_address,
    telling,
)
from scaleaudit.regex import regex
from scaleaudit.values import Name, Parameter, Unknown, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

# Methods of texts, collections, loggers and libraries: they hand no address on.
NO_HELPERS = frozenset(
    """
    get post put patch delete head options all use request format join concat push includes log
    info debug warn error require replace startsWith endsWith split trim map forEach filter find
    set has assign keys values entries stringify parse resolve then catch test match exec describe
    it expect toBe toEqual send json status redirect render on once emit listen connect URL
    Error Date RegExp Promise String Number encodeURIComponent encodeURI fetch import t i18n
    navigate addEventListener createElement querySelector useState useEffect
    """.split()  # noqa: SIM905 - a table to be read
)
WORDS = rb"(?:[uU]rl|URL|[hH]ost|[aA]ddr|[eE]ndpoint|[bB]ase|[sS]erver|[oO]rigin|[uU]ri)"
RETURNING = (
    regex(rb"function\s+(\w*" + WORDS + rb"\w*)\s*\("),
    regex(rb"const\s+(\w*" + WORDS + rb"\w*)\s*=\s*(?:async\s*)?(?=\(|\w+\s*=>)"),
    regex(rb"(?m)^[ \t]+(?:(?:public|private|protected|static|async|get)\s+)*(\w*" + WORDS
          + rb"\w*)\s*\([^()\n]*\)\s*(?::\s*\w+\s*)?\{"),
)  # fmt: skip
LETTERS = bytes(WORD)  # of names
METHOD = RETURNING[-1]  # begins with a class of signs: searched for where it may match alone
BODY_AFTER = regex(rb"\)\s*(?::\s*\w+\s*)?\{")
NAMED = regex(WORDS)
INSIDE = frozenset(
    {"statement_block", "if_statement", "else_clause", "try_statement", "catch_clause",
     "switch_statement", "switch_body", "switch_case", "switch_default"}
)  # fmt: skip
AROUND = handed_on.Around(
    calls=frozenset(CALLS),
    through=frozenset(
        {"identifier", "member_expression", "property_identifier", "string", "string_fragment",
         "template_string", "template_substitution", "binary_expression", "ternary_expression",
         "parenthesized_expression", "subscript_expression", "call_expression", "arguments", "pair",
         "object", "shorthand_property_identifier", "await_expression", "non_null_expression",
         "as_expression", "new_expression", "super", "this"}
    ),
    levels=14,
    outwards=3,
)  # fmt: skip
MAX_NAME = 120
DOTTED = regex(r"(?:this\.)?[\w$]+(?:\.[\w$]+){0,4}|super")


def function_name(reader: JavaScriptReader, function: Node) -> str:
    """The dotted name of a function, a constructor's by its class; empty for one without name."""
    name = reader.definition_name(function)
    if not name:
        return ""
    own = reader.class_around(function) if function.type == "method_definition" else None
    if own is None:
        return name
    holder = reader.definition_name(own)
    return holder if name == "constructor" else f"{holder}.{name}"


def parameter(reader: JavaScriptReader, name: str, node: Node) -> Parameter | None:
    """The parameter that a name stands for, of the nearest function around that has it."""
    for function in scopes.functions_around(reader, node):
        if scopes.has_parameter(reader, function, name):
            return _of(reader, function, name)
    return None


def _of(reader: JavaScriptReader, function: Node, name: str) -> Parameter | None:
    dotted = function_name(reader, function)
    for at, child in enumerate(parameters(function)):
        left, default = parts(child)
        if left is None or not dotted:
            continue
        if left.type == "object_pattern":
            named = re.search(rf"(?:(\w+)\s*:\s*)?\b{re.escape(name)}\b", reader.text(left)[:1000])
            if named is not None:
                reader.asked.add(dotted)
                return Parameter(dotted, named[1] or name)
        elif reader.text(left) == name:
            value = reader.value(default) if default is not None else None
            if isinstance(value, Unknown | Parameter):
                value = None
            reader.asked.add(dotted)
            return Parameter(dotted, name, at, value)
    return None


def parameters(function: Node) -> list[Node]:
    single = function.child_by_field_name("parameter")
    given = function.child_by_field_name("parameters")
    return [single] if single is not None else given.named_children[:40] if given else []


def parts(parameter: Node) -> tuple[Node | None, Node | None]:
    """The pattern and the default of a parameter, in JavaScript and TypeScript."""
    if parameter.type == "assignment_pattern":
        return parameter.child_by_field_name("left"), parameter.child_by_field_name("right")
    if parameter.type in ("required_parameter", "optional_parameter"):
        return parameter.child_by_field_name("pattern"), parameter.child_by_field_name("value")
    return parameter, None


def own_fields(reader: JavaScriptReader) -> Iterator[ConstantDefined]:
    """`constructor(private readonly baseUrl: string)` makes a field of what it is given."""
    if b"constructor" not in reader.content:
        return
    for match in CONSTRUCTOR.finditer(reader.content):
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        function = node.parent if node is not None else None
        if function is None or function.type != "method_definition":
            continue
        for child in parameters(function):
            left, _ = parts(child)
            kept = any(c.type in ("accessibility_modifier", "readonly") for c in child.children)
            if left is None or not kept or not telling(reader.text(left)[:MAX_NAME]):
                continue
            value = _of(reader, function, reader.text(left))
            if value is not None:
                yield ConstantDefined(reader.span(child), f"{value.function}.{value.name}", value)


CONSTRUCTOR = regex(rb"constructor(?=\s*\()")


def returned(reader: JavaScriptReader) -> Iterator[ConstantDefined]:
    """What functions that are named for an address return; getters as fields."""
    for pattern in RETURNING if has_addresses(reader) else ():
        if pattern is METHOD and not _may_have_methods(reader.content):
            continue
        for match in pattern.finditer(reader.content):
            name = reader.root.descendant_for_byte_range(match.start(1), match.start(1) + 1)
            holder = name.parent if name is not None else None
            function = (
                bare(holder.child_by_field_name("value"))
                if holder is not None and holder.type == "variable_declarator"
                else holder
            )
            if function is None or function.type not in reader.FUNCTIONS:
                continue
            values = [reader.value(each) for each in returns(function)]
            value = one_of(each for each in values if not isinstance(each, Unknown))
            if not values or isinstance(value, Unknown) or not may_be_address(value):
                continue
            dotted = function_name(reader, function)
            getter = any(child.type == "get" for child in function.children[:4])
            yield ConstantDefined(reader.span(function), dotted if getter else f"{dotted}()", value)


def _may_have_methods(content: bytes) -> bool:
    """Whether some `name(...) {` has a name that is about addresses."""
    for match in BODY_AFTER.finditer(content):
        close = match.start()
        opened = content.rfind(b"(", max(0, content.rfind(b"\n", 0, close)), close)
        if opened >= 0 and content.rfind(b")", opened, close) < 0:
            before = content[max(0, opened - MAX_NAME) : opened].rstrip()
            if NAMED.search(before, len(before.rstrip(LETTERS))) is not None:
                return True
    return False


def returns(function: Node) -> Iterator[Node]:
    """The expressions that a function returns, without those of functions inside it."""
    body = function.child_by_field_name("body")
    if body is not None and body.type != "statement_block":
        yield body
    else:
        yield from handed_on.returns(function, INSIDE)


def called_name(reader: JavaScriptReader, node: Node) -> str:
    """A called function as the facts name it; `super(...)` is the base class."""
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    if function is None or function.end_byte - function.start_byte > MAX_NAME:
        return ""
    text = reader.text(function).replace("?.", ".")
    own = reader.class_around(node)
    if text == "super" and own is not None:
        extends = re.match(r"[^{]*\bextends\s+([\w$.]+)", reader.text(own)[:300])
        return extends[1] if extends else ""
    if not DOTTED.fullmatch(text):
        return ""
    first, _, rest = text.partition(".")
    if first == "this":
        return f"{reader.definition_name(own)}.{rest}" if own is not None else ""
    if text.rpartition(".")[2] in NO_HELPERS:
        return ""
    return text


def result_of(reader: JavaScriptReader, node: Node) -> Name | None:
    """The text that a call returns, by the function's name."""
    return handed_on.result_of(called_name(reader, node))


NO_TEXTS = ("object", "arrow_function", "function_expression", "method_definition")


def arguments_given(reader: JavaScriptReader) -> Iterator[ArgumentsGiven]:
    """Addresses that the file hands to functions, here or elsewhere."""
    seen: set[int] = set()
    for dotted in sorted(reader.asked):
        word = re.escape(dotted.rpartition(".")[2].encode())
        for match in re.finditer(
            rb"(?<![\w$])" + word + rb"(?:<[\w\[\]., ]+>)?\s*\(", reader.content
        ):
            node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
            call = AROUND.call(node, 3)
            if call is not None and call.id not in seen and called_name(reader, call) == dotted:
                seen.add(call.id)
                yield from given(reader, call, dotted, every=True)
    for call, name in handed_on.telling_calls(reader, AROUND, partial(own_name, reader), seen):
        yield from given(reader, call, name, every=False)


def own_name(reader: JavaScriptReader, call: Node) -> str:
    name = called_name(reader, call)
    return name if name and origin_is_own(reader, name) else ""


def origin_is_own(reader: JavaScriptReader, name: str) -> bool:
    """Not a function that a package of somebody else exports, as far as the import tells."""
    origin = reader.imports.get(name.partition(".")[0])
    return origin is None or origin.startswith((".", "@/", "~/", "@")) or "/" in origin


def given(
    reader: JavaScriptReader, call: Node, name: str, *, every: bool
) -> Iterator[ArgumentsGiven]:
    args, keywords, _ = reader.arguments(call)
    named = [(str(at), each) for at, each in enumerate(args[:MAX_ARGUMENTS])]
    named += list(keywords.items())[:MAX_ARGUMENTS]
    named = [(key, each) for key, each in named if each.type not in NO_TEXTS]
    yield from handed_on.handed(reader, call, name, named, every=every)
