"""What the arguments of conditions mean: fragments of SQL, structs and maps of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.go.mappers import fragments
from scaleaudit.languages.go.sql_pieces import Pieces
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.go.sql_pieces import Piece

KEY = regex(r"(?i)(?:^|[a-z_.])(?:id|uuid|uid|pk|key)\)?$|^id")
CONSTANT = regex(r"(?:[A-Za-z_]\w*\.)?[A-Z]\w*")
VALUES = {"int_literal", "interpreted_string_literal", "raw_string_literal", "true", "false"}
NAMED = {
    "eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "in": "in", "notin": "not-in", "between": "between",
    "like": "search", "ilike": "search", "is": "=",
}  # fmt: skip
TEXTS = {"interpreted_string_literal", "raw_string_literal", "binary_expression"}


def text_of(reader: GoReader, node: Node) -> str | None:
    """The text of an argument, holes marked; None for what is no text."""
    if node.type in TEXTS or node.type in ("identifier", "call_expression", "selector_expression"):
        text = put_together(Pieces(reader).of(node))
        if text is None:
            return None
        known = text.replace(fragments.HOLE, "").strip()
        return text if known else None
    return None


def put_together(pieces: Sequence[Piece]) -> str | None:
    """One text; None where a part is put in by choice, unless it is a value between quotes."""
    text = ""
    chosen = False
    for piece in pieces:
        if piece.choices or piece.group:
            if not chosen and not text.endswith("'"):
                return None
            chosen = True
            continue
        if chosen and not piece.text.startswith("'"):
            return None
        text += f"{fragments.HOLE if chosen else ''}{piece.text}"
        chosen = False
    return None if chosen else text


def is_constant(reader: GoReader, node: Node) -> bool:
    """A literal, or a name of a package; `order.ID` is a value of the moment."""
    if node.type in VALUES:
        return True
    operand = node.child_by_field_name("operand") if node.type == "selector_expression" else None
    if operand is not None and reader.text(operand) not in reader.imports:
        return False
    return node.type in ("identifier", "selector_expression") and bool(
        CONSTANT.fullmatch(reader.text(node))
    )


def literal(reader: GoReader, node: Node) -> Node | None:
    """The composite literal of an argument: `&User{...}`, `map[string]any{...}`, a variable of it."""
    inner = node
    for _ in range(3):
        if inner.type == "unary_expression":
            inner = inner.child_by_field_name("operand") or inner
        if inner.type != "identifier":
            break
        reaching = reader.scopes.reaching(reader.text(inner), inner)
        value = reaching[0].value if len(reaching) == 1 else None
        if value is None or reaching[0].adds or reaching[0].index:
            return None
        inner = value
    return inner if inner.type == "composite_literal" else None


def of_literal(
    reader: GoReader, made: Node, key_of: Callable[[GoReader, Node], str] | None = None
) -> tuple[list[Condition], bool]:
    """Each named value of a struct or a map is an equality.

    `key_of` reads the keys of a map, which a struct does not have.
    """
    body = made.child_by_field_name("body")
    found: list[Condition] = []
    partial = False
    for element in body.named_children if body is not None else ():
        key, value = element.child_by_field_name("key"), element.child_by_field_name("value")
        if element.type != "keyed_element" or key is None or value is None:
            partial = partial or element.type != "comment"
            continue
        inner = value.named_children[0] if value.named_children else value
        if key_of is not None:
            name = key_of(reader, key.named_children[0] if key.named_children else key)
            if not name:
                partial = True
                continue
        elif key.named_children and key.named_children[0].type in TEXTS:
            known = reader.value(key.named_children[0])
            if not isinstance(known, Literal):
                partial = True
                continue
            name = known.text
        else:
            name = reader.text(key)
        operator = by_name(reader, inner) or (
            "is-null" if inner.type == "nil" else "in" if listed(inner) else "="
        )
        constant = operator == "=" and is_constant(reader, inner)
        found.append(Condition(name.strip('`"'), operator, constant=constant))
    return found, partial


def by_name(reader: GoReader, value: Node) -> str:
    """goqu's `Op{"gt": age}` as what it compares; empty for any other value."""
    kind, body = value.child_by_field_name("type"), value.child_by_field_name("body")
    if kind is None or body is None or reader.text(kind).rpartition(".")[2] != "Op":
        return ""
    keys = [each.child_by_field_name("key") for each in body.named_children[:1]]
    text = reader.text(keys[0]).strip('"`').lower() if keys and keys[0] is not None else ""
    return NAMED.get(text, "!=")


def listed(node: Node) -> bool:
    declared = node.child_by_field_name("type") if node.type == "composite_literal" else None
    return declared is not None and declared.type == "slice_type"


def of_fragment(
    reader: GoReader, text: str, values: Sequence[Node]
) -> tuple[list[Condition], bool]:
    """A fragment with the values of its placeholders."""
    found, partial = fragments.conditions(text)
    if len(found) == 1 and len(values) == 1 and found[0].operator == "=":
        one = found[0]
        if is_constant(reader, values[0]):
            one = Condition(one.path, "=", one.clause, one.function, constant=True)
        elif listed(values[0]):
            one = Condition(one.path, "in", one.clause, one.function)
        found = [one]
    return found, partial


def of_key(reader: GoReader, node: Node) -> list[Condition] | None:
    """A value of the primary key given alone: `First(&user, id)`; None when it may be anything."""
    if node.type == "int_literal" or KEY.search(reader.text(node)[-80:]):
        return [Condition("pk", "=")]
    if node.type == "composite_literal" and listed(node):
        return [Condition("pk", "in")]
    return None
