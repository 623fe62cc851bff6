"""Tables of addresses: literal objects and lists, their entries under a key or in a loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import options, scopes
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.telling import telling
from scaleaudit.regex import regex
from scaleaudit.values import Name, Unknown, Value, one_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_DEPTH = 4
MAX_ENTRIES = 200
DOTTED = regex(r"[\w$]+(?:\.[\w$]+){0,4}")
ACCESS = {"subscript_expression", "member_expression"}


def entry(reader: JavaScriptReader, node: Node, depth: int) -> Value | None:
    """`services["orders"]`, `services[name].url`, `s.url` in a loop: an entry, or each of them."""
    leaves = [each for each in tables(reader, node, 0) if each.type not in ("object", "array")]
    if leaves:
        values = [reader.value(each, depth + 1) for each in leaves]
        return one_of(value for value in values if not isinstance(value, Unknown))
    if node.type != "subscript_expression":
        return None
    holder, key = access(reader, node)
    text = reader.text(holder) if holder is not None else ""
    if not DOTTED.fullmatch(text) or key.isdigit():
        return None
    if key == "*" and not (telling(text) or text.isupper()):
        return None
    first, _, rest = text.partition(".")
    if holder is not None and scopes.is_parameter(reader, first, node):
        return None
    own = reader.class_around(node) if first == "this" else None
    return Name(
        f"{reader.definition_name(own)}.{rest}.{key}" if own is not None else f"{text}.{key}"
    )


def access(reader: JavaScriptReader, node: Node) -> tuple[Node | None, str]:
    """The table and the key (`*`: not known here) of a member or subscript."""
    holder = bare(node.child_by_field_name("object"))
    name, index = node.child_by_field_name("property"), node.child_by_field_name("index")
    if name is not None:
        return holder, reader.text(name)
    if index is None or index.type == "number":
        return None, ""
    return holder, reader.text(index)[1:-1] if index.type == "string" else "*"


def tables(reader: JavaScriptReader, node: Node, level: int) -> list[Node]:
    """The literals of this file that an expression may stand for."""
    found = bare(node)
    if found is None or level > MAX_DEPTH:
        return []
    if found.type in ACCESS:
        holder, key = access(reader, found)
        if holder is None:
            return []
        entries: list[Node | None] = []
        for table in tables(reader, holder, level + 1):
            if table.type != "object":
                continue
            if key == "*":
                entries += [
                    bare(child.child_by_field_name("value"))
                    for child in table.named_children[:MAX_ENTRIES]
                    if child.type == "pair"
                ]
            else:
                entries.append(options.member(reader, table, key))
        return [each for each in entries if each is not None]
    if found.type in ("identifier", "shorthand_property_identifier"):
        literal = options.literal_of(reader, found, "object")
        return [literal] if literal is not None else elements_of(reader, found, level)
    return [found]


def elements_of(reader: JavaScriptReader, name: Node, level: int) -> list[Node]:
    """What a loop variable, or the parameter of a function called for each element, stands for."""
    word = reader.text(name)
    for above in reader.ancestors(name):
        if above.type == "for_in_statement":
            left, right = above.child_by_field_name("left"), above.child_by_field_name("right")
            at = position(reader, left, word) if left is not None else -1
            if right is not None and at >= 0:
                return elements(reader, right, at, level)
        elif above.type in reader.FUNCTIONS and scopes.has_parameter(reader, above, word):
            holder = above.parent
            call = holder.parent if holder is not None and holder.type == "arguments" else None
            function = call.child_by_field_name("function") if call is not None else None
            method = function.child_by_field_name("property") if function is not None else None
            listed = function.child_by_field_name("object") if function is not None else None
            first = next(iter(parameters(above)), None)
            at = position(reader, first, word) if first is not None else -1
            if method is None or listed is None or at < 0 or reader.text(method) not in scopes.EACH:
                return []
            return elements(reader, listed, at, level)
    return []


def parameters(function: Node) -> list[Node]:
    single = function.child_by_field_name("parameter")
    given = function.child_by_field_name("parameters")
    return [single] if single is not None else given.named_children[:10] if given else []


def position(reader: JavaScriptReader, pattern: Node, word: str) -> int:
    """0 for the name itself, its place in `[key, value]`, -1 where it is not."""
    inner = pattern.child_by_field_name("pattern") or pattern
    if inner.type == "array_pattern":
        names = [reader.text(each) for each in inner.named_children]
        return names.index(word) if word in names else -1
    return 0 if reader.text(inner) == word else -1


def elements(reader: JavaScriptReader, node: Node, at: int, level: int) -> list[Node]:
    """The elements of a literal list, the values of an object: `Object.entries(x)`."""
    found = bare(node)
    if found is not None and found.type == "call_expression":
        function = found.child_by_field_name("function")
        args, _, _ = reader.arguments(found)
        word = reader.text(function) if function is not None else ""
        if word not in ("Object.entries", "Object.values") or len(args) != 1:
            return []
        if args[0].type != "object" or (word == "Object.entries" and at != 1):
            return []
        pairs = [child for child in args[0].named_children[:MAX_ENTRIES] if child.type == "pair"]
        inner = [bare(child.child_by_field_name("value")) for child in pairs]
        return [each for each in inner if each is not None]
    listed = options.literal_of(reader, node, "array") if level <= MAX_DEPTH else None
    if listed is None or at != 0:
        return []
    return [each for each in listed.named_children[:MAX_ENTRIES] if each.type != "comment"]
