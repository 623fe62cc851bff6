"""What the literal maps and lists of a Go file hold: their entries, and what a loop over one meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.go.receivers import fields_of
from scaleaudit.values import Unknown, Value, one_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.go.scopes import Definition

MAX_ENTRIES = 100  # of one literal


def entry(reader: GoReader, node: Node, depth: int) -> Value | None:
    """`services["orders"]`, `services[name]`: an entry of a map literal of this file, or each."""
    operand, index = node.child_by_field_name("operand"), node.child_by_field_name("index")
    if operand is None or index is None:
        return None
    key = reader.text(index) if index.type == "interpreted_string_literal" else ""
    values = [value for name, value in entries(reader, operand) if not key or name == key]
    if not values:
        return None
    found = [reader.value(value, depth + 1) for value in values]
    return one_of(each for each in found if not isinstance(each, Unknown))


def elements(reader: GoReader, ranged: Definition, depth: int) -> Value | None:
    """What a loop runs over: `for _, url := range services`."""
    if ranged.node.type != "range_clause":
        return None
    right = ranged.node.child_by_field_name("right")
    if right is None:
        return None
    if ranged.index == 0 and reader.text(ranged.node).partition("=")[0].count(",") > 0:
        return None  # the key
    found = [reader.value(value, depth + 1) for _, value in entries(reader, right)]
    values = [each for each in found if not isinstance(each, Unknown)]
    return one_of(values) if values else None


def member_of_each(reader: GoReader, operand: Node, field: str, depth: int) -> Value | None:
    """`route.Pattern` in a loop over a literal list of structs: the field of each."""
    if operand.type != "identifier":
        return None
    reaching = reader.scopes.reaching(reader.text(operand), operand)
    ranged = reaching[0] if len(reaching) == 1 else None
    if ranged is None or ranged.node.type != "range_clause":
        return None
    right = ranged.node.child_by_field_name("right")
    found: list[Value] = []
    for _, element in entries(reader, right) if right is not None else ():
        given = field_of(reader, element, field, right)
        if given is not None:
            found.append(reader.value(given, depth + 1))
    values = [each for each in found if not isinstance(each, Unknown)]
    return one_of(values) if values else None


def field_of(reader: GoReader, element: Node, field: str, listed: Node | None) -> Node | None:
    """A field of a struct literal, by its key or by its place in the struct's declaration."""
    body = element if element.type == "literal_value" else element.child_by_field_name("body")
    if body is None:
        return None
    for at, each in enumerate(body.named_children):
        key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
        if key is not None and value is not None:
            if reader.text(key) == field and value.named_children:
                return value.named_children[0]
        elif (
            each.type == "literal_element"
            and each.named_children
            and at == place_of_field(reader, listed, field)
        ):
            return each.named_children[0]
    return None


def place_of_field(reader: GoReader, listed: Node | None, field: str) -> int:
    """The position of a field in the struct that the elements of a literal list are."""
    literal = literal_of(reader, listed) if listed is not None else None
    written = literal.child_by_field_name("type") if literal is not None else None
    name = reader.text(written).rpartition("]")[2].lstrip("*") if written is not None else ""
    struct = reader.structs.get(name)
    names = [
        reader.text(each)
        for declaration in (fields_of(struct) if struct is not None else ())
        for each in declaration.children_by_field_name("name")
    ]
    return names.index(field) if field in names else -1


def entries(reader: GoReader, node: Node) -> list[tuple[str, Node]]:
    """(key as written, value) of the map or slice literal that an expression stands for."""
    literal = literal_of(reader, node)
    if literal is None or literal.type != "composite_literal":
        return []
    body = literal.child_by_field_name("body")
    found: list[tuple[str, Node]] = []
    for element in body.named_children[:MAX_ENTRIES] if body is not None else ():
        key, value = element.child_by_field_name("key"), element.child_by_field_name("value")
        if value is not None and value.named_children:
            found.append((reader.text(key) if key is not None else "", value.named_children[0]))
        elif element.type == "literal_element" and element.named_children:
            found.append(("", element.named_children[0]))
    return found


def literal_of(reader: GoReader, node: Node) -> Node | None:
    """The literal that an expression is, or that its name stands for."""
    literal: Node | None = node
    if node.type == "identifier":
        name = reader.text(node)
        reaching = reader.scopes.reaching(name, node)
        if reaching:
            literal = reaching[0].value if len(reaching) == 1 else None
        else:
            spec = reader.variables.get(name)
            holder = spec.child_by_field_name("value") if spec is not None else None
            literal = holder.named_children[0] if holder is not None else None
    return literal
