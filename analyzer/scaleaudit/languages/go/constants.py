"""Constants, struct fields filled from the environment, and reads of settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ConstantDefined, SettingRead
from scaleaudit.languages.go.named_values import either
from scaleaudit.languages.go.strings import given_by_pointer
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, OneOf, Parameter, Setting, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.go.reader import GoReader

# An address, a topic, a queue, a key: one word, with a letter in it.
WORD = regex(r"^[\w.:/@{}$%?&=,;+~*()\[\]-]*[a-zA-Z][\w.:/@{}$%?&=,;+~*()\[\]-]*$")
MAX_CONSTANT = 500  # characters
TAG = regex(r'\b(?:(?:env|envconfig):"|arg:"(?:[^"]*,)?env:)([^",]*)([^"]*)"')
SPLIT = regex(r'\bsplit_words:"true"')
TAG_DEFAULT = regex(r'\b(?:envDefault|env-default|default):"([^"]*)"')
INNER_DEFAULT = regex(r"\bdefault=([^,]*)")
ADDRESS_OF = "&"
MAX_GIVEN = 3  # values that functions give to one variable
MAX_STEPS = 6  # from a read of the environment to the place that keeps it


def package_level(reader: GoReader, captures: dict[str, list[Node]]) -> Iterator[Fact]:
    """Constants and variables of the package that hold a text; fills the reader's tables."""
    specs: list[tuple[Node, Node, bool]] = []
    for kind in ("constants", "variables"):
        for node in declared_in(captures.get(kind, ())):
            holder = node.child_by_field_name("value")
            values = holder.named_children if holder is not None else []
            names = [n for n in node.children_by_field_name("name") if n.type == "identifier"]
            for at, name in enumerate(names):
                if kind == "variables":
                    reader.variables[reader.text(name)] = node
                if len(values) == len(names):
                    specs.append((node, name, kind == "constants"))
                    if kind == "constants":
                        reader.constants[reader.text(name)] = values[at]
    for node, name, constant in specs:
        names = [n for n in node.children_by_field_name("name") if n.type == "identifier"]
        holder = node.child_by_field_name("value")
        if holder is None or not may_be_text(holder):
            continue
        value = reader.value(holder.named_children[names.index(name)])
        if worth_keeping(value, constant=constant):
            yield ConstantDefined(reader.span(node), reader.text(name), value)
    yield from set_later(reader)


def declared_in(declarations: Iterable[Node]) -> Iterator[Node]:
    """The specs of `const` and `var` declarations, in order."""
    for declaration in sorted(declarations, key=lambda node: node.start_byte):
        for child in declaration.named_children:
            if child.type == "var_spec_list":
                yield from child.named_children
            elif child.type in ("const_spec", "var_spec"):
                yield child


def may_be_text(values: Node) -> bool:
    """Cheap: most values of a package are numbers, functions and structs."""
    return any(
        each.type
        in (
            "interpreted_string_literal",
            "raw_string_literal",
            "binary_expression",
            "call_expression",
            "identifier",
            "selector_expression",
        )
        for each in values.named_children
    )


def set_later(reader: GoReader) -> Iterator[Fact]:
    """`var amqpURL string`, `var base = ""`, given its one value by a function of this file."""
    for name, node in reader.variables.items():
        declared = node.child_by_field_name("type")
        value = node.child_by_field_name("value")
        written = reader.text(value) if value is not None else ""
        of_text = declared is not None and reader.text(declared) == "string"
        if written not in ("", '""', "``") or not (of_text or written):
            continue
        given = reader.usages.assignments(name)
        if not given and (filled := pointed_at(reader, name)) is not None:
            yield ConstantDefined(reader.span(node), name, filled)
        if 0 < len(given) <= MAX_GIVEN:
            value_given = either([reader.value(each) for each in given])
            if worth_keeping(value_given, constant=False):
                yield ConstantDefined(reader.span(given[0]), name, value_given)


def pointed_at(reader: GoReader, name: str) -> Value | None:
    """`flags.StringVar(&addr, "addr", "http://...")` of a variable of the package."""
    for offset in reader.usages.places(name, rb"\b", rb"&", 2):
        node = reader.root.descendant_for_byte_range(offset, offset + 1)
        holder = node.parent.parent if node is not None and node.parent is not None else None
        call = holder.parent if holder is not None else None
        if call is not None and call.type == "call_expression":
            found = given_by_pointer(reader, call)
            if found is not None:
                return found
    return None


def worth_keeping(value: Value, *, constant: bool) -> bool:
    """A constant that others may use as (part of) an address, a topic or a setting."""
    match value:
        case Setting():
            return True
        case Literal(text=text):
            return len(text) <= MAX_CONSTANT and WORD.match(text) is not None
        case Join(parts=parts):
            return any(isinstance(part, Setting | Name) for part in parts)
        case Name():
            return constant
        case OneOf(choices=choices):
            return any(worth_keeping(each, constant=constant) for each in choices)
        case Parameter() | Unknown():
            return False


def from_environment(reader: GoReader, captures: dict[str, list[Node]]) -> Iterator[Fact]:
    """Settings that the code reads, and the variables and fields that keep them."""
    kept: set[tuple[str, int]] = set()
    tagged = [fact for node in captures.get("tagged", ()) for fact in from_tag(reader, node)]
    settings = {f.name: f.value for f in tagged if isinstance(f, ConstantDefined)}
    reader.tagged = set(settings)
    for node in captures.get("environment", ()):
        value = reader.value(node)
        if isinstance(value, Setting):
            yield SettingRead(reader.span(node), value.key, reader.scope(node))
            yield from kept_by(reader, node, kept)
        elif isinstance(value, Unknown):
            yield from filled_by_pointer(reader, node)
    for node in captures.get("addressed", ()):
        inner = node.child_by_field_name("value")
        if inner is not None and inner.named_children:
            for fact in kept_by(reader, inner.named_children[0], kept):
                if not is_default(fact, settings):
                    yield fact
    for fact in tagged:
        yield (
            replace(fact, value=settings[fact.name]) if isinstance(fact, ConstantDefined) else fact
        )


def is_default(fact: Fact, settings: dict[str, Value]) -> bool:
    """`Config{URL: "http://billing"}` of a field with a tag: what holds until it is set.

    The default is put into `settings`.
    """
    known = settings.get(fact.name) if isinstance(fact, ConstantDefined) else None
    if not isinstance(fact, ConstantDefined) or not isinstance(fact.value, Literal):
        return False
    if not isinstance(known, Setting) or known.default not in (None, fact.value):
        return False
    settings[fact.name] = Setting(known.key, fact.value)
    return True


def kept_by(reader: GoReader, node: Node, kept: set[tuple[str, int]]) -> Iterator[Fact]:
    """`Config{URL: os.Getenv("URL")}` and `cfg.URL = os.Getenv("URL")` as `Config.URL`."""
    at = node
    for _ in range(MAX_STEPS):
        above = at.parent
        if above is None:
            return
        if above.type == "keyed_element":
            yield from field_of_literal(reader, above, at, kept)
            return
        if above.type == "assignment_statement":
            yield from field_assigned(reader, above, at, kept)
            return
        if above.type.endswith(("_statement", "_declaration", "_spec", "block", "func_literal")):
            return
        at = above


def field_of_literal(
    reader: GoReader, element: Node, value: Node, kept: set[tuple[str, int]]
) -> Iterator[Fact]:
    key, body = element.child_by_field_name("key"), element.parent
    literal = body.parent if body is not None else None
    if key is None or literal is None or literal.type != "composite_literal":
        return
    inner = value.named_children[0] if value.type == "literal_element" else value
    owner = reader.receivers.type_name(literal.child_by_field_name("type"))
    yield from field_kept(reader, owner, reader.text(key), inner, kept)


def field_assigned(
    reader: GoReader, statement: Node, values: Node, kept: set[tuple[str, int]]
) -> Iterator[Fact]:
    left = statement.child_by_field_name("left")
    if left is None or left.named_child_count != 1 or values.named_child_count != 1:
        return
    target = left.named_children[0]
    operand, field = target.child_by_field_name("operand"), target.child_by_field_name("field")
    if target.type == "selector_expression" and operand is not None and field is not None:
        owner = reader.receivers.meaning(operand).name
        yield from field_kept(reader, owner, reader.text(field), values.named_children[0], kept)


def field_kept(
    reader: GoReader, owner: str, field: str, node: Node, kept: set[tuple[str, int]]
) -> Iterator[Fact]:
    """Only structs of this repository can be meant by other files: of this file, or imported."""
    plain = bool(owner) and owner != "?" and "." not in owner
    name = f"{owner}.{field}" if plain else f"{reader.as_written(owner)}.{field}"
    value = reader.value(node)
    if name.startswith(".") or (name, node.start_byte) in kept:
        return
    kept.add((name, node.start_byte))
    if worth_keeping(value, constant=False):
        yield ConstantDefined(reader.span(node), name, value)


def filled_by_pointer(reader: GoReader, node: Node) -> Iterator[Fact]:
    """`mustMapEnv(&svc.cartAddr, "CART_SERVICE_ADDR")`."""
    args, _, _ = reader.arguments(node)
    targets = [a for a in args if a.type == "unary_expression" and reader.text(a)[:1] == ADDRESS_OF]
    setting = given_by_pointer(reader, node)
    if not isinstance(setting, Setting):
        return
    yield SettingRead(reader.span(node), setting.key, reader.scope(node))
    target = targets[0].named_children[0] if len(targets) == 1 else None
    if target is None:
        return
    if target.type == "identifier":
        if reader.text(target) in reader.variables:
            yield ConstantDefined(reader.span(node), reader.text(target), setting)
        return
    operand, field = target.child_by_field_name("operand"), target.child_by_field_name("field")
    if operand is not None and field is not None:
        owner = reader.receivers.meaning(operand).name
        if owner in reader.structs:
            name = f"{owner}.{reader.text(field)}"
            yield ConstantDefined(reader.span(node), name, setting)


def from_tag(reader: GoReader, node: Node) -> Iterator[Fact]:
    """`BillingURL string `env:"BILLING_URL" envDefault:"http://billing"``."""
    tag = node.child_by_field_name("tag")
    names = node.children_by_field_name("name")
    found = TAG.search(reader.text(tag)) if tag is not None else None
    if found is None and tag is not None and names and SPLIT.search(reader.text(tag)):
        owner = struct_around(reader, node)
        key = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", reader.text(names[0]))
        given = TAG_DEFAULT.search(reader.text(tag))
        setting = Setting(key.upper(), Literal(given[1]) if given is not None else None)
        yield SettingRead(reader.span(node), setting.key)
        yield ConstantDefined(reader.span(node), f"{owner}.{reader.text(names[0])}", setting)
        return
    if tag is None or found is None or not names or not found[1] or found[1] == "-":
        return
    given = TAG_DEFAULT.search(reader.text(tag)) or INNER_DEFAULT.search(found[2])
    default = Literal(given[1].strip()) if given is not None and given[1].strip() else None
    yield SettingRead(reader.span(node), found[1])
    owner = struct_around(reader, node)
    if owner:
        name = f"{owner}.{reader.text(names[0])}"
        yield ConstantDefined(reader.span(node), name, Setting(found[1], default))


def struct_around(reader: GoReader, node: Node) -> str:
    """The named struct of a field; for a struct inside a struct, the path of field names."""
    path: list[str] = []
    for above in reader.ancestors(node):
        if above.type == "type_spec":
            return ".".join([reader.definition_name(above), *reversed(path)])
        if above.type == "field_declaration":
            named = above.child_by_field_name("name")
            if named is not None:
                path.append(reader.text(named))
    return ""
