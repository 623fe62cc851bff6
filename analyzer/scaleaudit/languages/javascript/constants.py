"""Names bound once to a text: constants, members of config objects, class fields, enums."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.languages.javascript import functions, options, schemas, settings
from scaleaudit.languages.javascript.callees import CALLS, bare
from scaleaudit.languages.javascript.imports import pattern_names
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, OneOf, Parameter, Setting, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

ADDRESS = regex(r"^[\w+.-]*://\S*$|^[\w.-]+:\d{2,5}$")
UPPER = regex(r"(^|\.)_?[A-Z][A-Z0-9_]*$")
# Names of settings that hold an address or the name of something shared, in any case.
TELLING = regex(
    r"(?i)(url|uri|host(name)?|address|endpoint|brokers?|topic|queue|channel|exchange|bucket|dsn"
    r"|connection_?string|base_?path|prefix|api_?version|database)$"
)
TABLES = regex(r"(?i)(?:^|\.)\w{0,80}table(?:s|_?names?)?(?:\.\w{1,80})?$")
# Calls that are worth a look for the text they return.
TEXT_CALL = regex(
    rb"env|Env|convict|\.get|URL|join|concat|String|Number|parseInt|`|resolve|trim|replace"
)
WORD = regex(r"^[\w./:,@{}$*-]{1,200}$")
MAX_CONSTANT = 500  # characters
PATH = regex(r"[\w-]+(/[\w:-]+)*")
MAX_MEMBERS = 300  # of all objects of one name
MAX_DEPTH = 5
MAX_REBOUND = 4


def remember(reader: JavaScriptReader, captures: dict[str, list[Node]]) -> None:
    """Literal objects, and functions and names that stand for reads of the environment."""
    for node in captures.get("assign", ()):
        name, right = node.child_by_field_name("name"), bare(node.child_by_field_name("value"))
        if name is None or right is None:
            continue
        if not reassignable(reader, node):
            reader.declared[reader.text(name)] = right
        elif right.type in ("string", "template_string", "member_expression", "binary_expression"):
            later = rebound(reader, reader.text(name))
            if later:
                reader.rebound[reader.text(name)] = [right, *later]
        if right.type == "member_expression":  # const Router = express.Router
            origin = reader.named(right)[0]
            if not origin.startswith(("?", "this.", "router?")):
                reader.imports.setdefault(reader.text(name), origin)
    for node in captures.get("env_pattern", ()):
        reader.environment.update(unpacked(reader, node))
    for node in captures.get("env", ()):
        index = node.child_by_field_name("index")
        around = reader.function_around(node) if index is not None else None
        if index is None or around is None or index.type != "identifier":
            continue
        given = around.child_by_field_name("parameters")
        single = around.child_by_field_name("parameter")
        parameters = given.named_children if given is not None else [single] if single else []
        for position, parameter in enumerate(parameters):
            if re.match(rf"{re.escape(reader.text(index))}\b", reader.text(parameter)):
                name_here = reader.definition_name(around)
                reader.environment_functions[name_here] = position


def reassignable(reader: JavaScriptReader, declarator: Node) -> bool:
    kind = declarator.parent.child_by_field_name("kind") if declarator.parent is not None else None
    return kind is not None and reader.text(kind) == "let"


def rebound(reader: JavaScriptReader, name: str) -> list[Node]:
    """What the file assigns to a `let` of the module further down."""
    found: list[Node] = []
    pattern = rb"(?m)(?:^|[;{])[ \t]*" + re.escape(name.encode()) + rb"[ \t]*=(?![=>])"
    for match in re.finditer(pattern, reader.content):
        node = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
        above = node.parent if node is not None else None
        right = above.child_by_field_name("right") if above is not None else None
        if right is not None and len(found) < MAX_REBOUND:
            found.append(right)
    return found


def unpacked(reader: JavaScriptReader, node: Node) -> list[tuple[str, Setting]]:
    """`const { A, B: b = "x" } = process.env` to (A, Setting A), (b, Setting B)."""
    pattern = node.child_by_field_name("name")
    holder = node.child_by_field_name("value")
    if pattern is None or holder is None or reader.text(holder) not in settings.ENVIRONMENTS:
        return []
    defaults: dict[str, Node] = {}
    for child in pattern.named_children:  # {A = "x"}, {A: a = "x"}
        for each in (child, child.child_by_field_name("value")):
            left = each.child_by_field_name("left") if each is not None else None
            right = each.child_by_field_name("right") if each is not None else None
            if left is not None and right is not None:
                defaults[reader.text(left)] = right
    found = []
    for key, here in pattern_names(reader, pattern):
        given = reader.value(defaults[here]) if here in defaults else None
        found.append((here, Setting(key, None if isinstance(given, Unknown) else given)))
    return found


def found(reader: JavaScriptReader, captures: dict[str, list[Node]]) -> Iterator[Fact]:
    for node in captures.get("env_pattern", ()):
        if reader.function_around(node) is None:
            for name, setting in unpacked(reader, node):
                yield ConstantDefined(reader.span(node), name, setting)
    for node in captures.get("enum", ()):
        yield from _enum(reader, node)
    for node in captures.get("assign", ()):
        yield from _assigned(reader, node)
    for node in (*captures.get("field", ()), *captures.get("own_field", ())):
        yield from _field(reader, node)
    yield from functions.own_fields(reader)
    for fact in functions.returned(reader):
        reader.constants.setdefault(fact.name, fact.value)
        yield fact
    for node in captures.get("exported", ()):
        yield from _exported(reader, node)
    for node in captures.get("default", ()):
        right = bare(node.child_by_field_name("value"))
        if right is not None:
            yield from _shared(reader, right, ("default.",))


def _assigned(reader: JavaScriptReader, node: Node) -> Iterator[Fact]:
    left, right = node.child_by_field_name("name"), bare(node.child_by_field_name("value"))
    above = node.parent
    if left is None or right is None or above is None or reassignable(reader, node):
        return
    name = reader.text(left)
    if right.type == "object":
        yield from _members(reader, right, f"{name}.")
        return
    if right.type in ("array", "null", "undefined"):
        return
    if right.type in CALLS:
        start = reader.content[right.start_byte : min(right.end_byte, right.start_byte + 400)]
        if not reader.environment_functions and not TEXT_CALL.search(start):
            return
    if right.type in CALLS and schemas.validates(reader, right):
        yield from schemas.settings_of(reader, right, name)
        return
    exported = above.parent is not None and above.parent.type == "export_statement"
    value = reader.value(right)
    if not isinstance(value, Unknown | Name):
        reader.constants[name] = value
    if worth_keeping(name, value, shared=exported):
        yield ConstantDefined(reader.span(node), name, value)


def _members(reader: JavaScriptReader, node: Node, prefix: str) -> Iterator[Fact]:
    """The texts in a literal object, by dotted name."""
    for name, right in _flat(reader, node, prefix):
        value = reader.value(right)
        if not isinstance(value, Unknown | Name):
            reader.constants[name] = value
        if worth_keeping(name, value):
            yield ConstantDefined(reader.span(right), name, value)


def _flat(reader: JavaScriptReader, node: Node, prefix: str) -> list[tuple[str, Node]]:
    flat: list[tuple[str, Node]] = []
    open_objects = [(prefix, node, 0)]
    while open_objects and len(flat) < MAX_MEMBERS:
        start, literal, depth = open_objects.pop()
        for child in literal.named_children[:MAX_MEMBERS]:
            key = child.child_by_field_name("key") if child.type == "pair" else None
            right = bare(child.child_by_field_name("value")) if key is not None else None
            if key is not None and right is not None and key.type != "computed_property_name":
                name = start + reader.text(key).strip("'\"")
                if right.type == "object" and depth < MAX_DEPTH:
                    open_objects.append((f"{name}.", right, depth + 1))
                elif right.type not in NO_TEXT:
                    flat.append((name, right))
            elif child.type == "shorthand_property_identifier":
                flat.append((start + reader.text(child), child))
    return flat


NO_TEXT = {"arrow_function", "function_expression", "array", "true", "false", "regex", "null"}


def _enum(reader: JavaScriptReader, node: Node) -> Iterator[Fact]:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    for child in body.named_children[:MAX_MEMBERS] if name is not None and body is not None else ():
        key, right = child.child_by_field_name("name"), child.child_by_field_name("value")
        if (
            child.type == "enum_assignment"
            and name is not None
            and key is not None
            and right is not None
        ):
            value = reader.value(right)
            dotted = f"{reader.text(name)}.{reader.text(key)}"
            if isinstance(value, Literal) and right.type != "number":
                reader.constants[dotted] = value
                yield ConstantDefined(reader.span(child), dotted, value)


def _field(reader: JavaScriptReader, node: Node) -> Iterator[Fact]:
    """A class field, or `this.x = ...` in a method."""
    left = (
        node.child_by_field_name("name")
        or node.child_by_field_name("property")
        or node.child_by_field_name("left")
    )
    right, own = node.child_by_field_name("value") or node.child_by_field_name("right"), None
    if left is not None and right is not None and right.type not in ("object", "array"):
        own = reader.class_around(node)
    if left is None or right is None or own is None:
        return
    name = f"{reader.definition_name(own)}.{reader.text(left).removeprefix('this.')}"
    value = reader.value(right)
    if isinstance(value, Unknown) or name in reader.constants:
        return
    # Of a router's class, with or without the slash that the routes put in front of it.
    path = isinstance(value, Literal) and (
        value.text.startswith("/") or (name.endswith(".path") and PATH.fullmatch(value.text))
    )
    if path or isinstance(value, Parameter) or worth_keeping(name, value):
        reader.constants[name] = value
        yield ConstantDefined(reader.span(node), name, value)


def _exported(reader: JavaScriptReader, node: Node) -> Iterator[Fact]:
    """`module.exports = {...}`, `exports.name = ...`."""
    left, right = node.child_by_field_name("left"), bare(node.child_by_field_name("right"))
    if left is None or right is None:
        return
    written = reader.text(left)
    if written == "module.exports":
        # `import config from "./config"` sees a CommonJS module's exports as its default.
        yield from _shared(reader, right, ("", "default."))
    elif written.startswith(("exports.", "module.exports.")):
        name = written.removeprefix("module.").removeprefix("exports.")
        if right.type == "object":
            yield from _members(reader, right, f"{name}.")
        else:
            value = reader.value(right)
            if worth_keeping(name, value, shared=True):
                yield ConstantDefined(reader.span(node), name, value)


def _shared(reader: JavaScriptReader, right: Node, prefixes: tuple[str, ...]) -> Iterator[Fact]:
    """An object that a module exports as a whole: its members under the names others see."""
    literal = options.literal_of(reader, right, "object")
    for prefix in prefixes if literal is not None else ():
        if literal is not None:
            yield from _members(reader, literal, prefix)
    if literal is None and right.type == "identifier":
        start = reader.text(right)
        for name, value in list(reader.constants.items()):
            if name == start or name.startswith(f"{start}."):
                for prefix in prefixes:
                    dotted = f"{prefix}{name[len(start) + 1 :]}".rstrip(".")
                    if dotted and worth_keeping(dotted, value, shared=True):
                        yield ConstantDefined(reader.span(right), dotted, value)


def worth_keeping(name: str, value: Value, *, shared: bool = False) -> bool:
    """A constant that others may use as (part of) an address, a topic or a setting."""
    match value:
        case Setting():
            return True
        case Literal(text=text):
            telling = UPPER.search(name) or TELLING.search(name) or TABLES.search(name)
            named = (telling or shared) and WORD.match(text) and not text.isdigit()
            return 0 < len(text) <= MAX_CONSTANT and bool(ADDRESS.search(text) or named)
        case Join(parts=parts):
            return any(isinstance(part, Setting | Name) for part in parts)
        case Name():
            return bool(UPPER.search(name) or TELLING.search(name))
        case OneOf(choices=choices):
            return any(worth_keeping(name, each, shared=shared) for each in choices)
        case Parameter() | Unknown():
            return False
