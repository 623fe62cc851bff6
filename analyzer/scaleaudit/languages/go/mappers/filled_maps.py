"""Conditions that stand in a map which is filled key by key: `filters["status"] = status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.go.following import branches
from scaleaudit.languages.go.mappers.asked import is_constant, literal, text_of
from scaleaudit.languages.go.mappers.fragments import HOLE
from scaleaudit.languages.go.mappers.links import Link
from scaleaudit.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.following import Choices
    from scaleaudit.languages.go.reader import GoReader

MAX_KEYS = 40
MAPS = {"Eq", "Ex"}  # types of maps of squirrel and goqu


class Key(Record, frozen=True):
    """`condition` is None for a key that is not known; the key counts where `choices` are made."""

    condition: Condition | None
    at: Node
    choices: Choices


def with_keys(reader: GoReader, link: Link) -> list[Link]:
    """A call, after the keys that were put into the map which it is handed: each a part of the chain."""
    if link.name not in ("Where", "Not", "Or") or not link.args:
        return [link]
    keys = [
        Link(link.name, [], key.at, link.choices | key.choices, key)
        for key in keys_of(reader, link.args[0])
    ]
    if keys and literal(reader, link.args[0]) is None:
        return keys  # of `make(map[string]any)`, which has no others
    return [*keys, link]


def keys_of(reader: GoReader, given: Node) -> list[Key]:
    """What is put into a map of this function before it is handed on; none where it is no map."""
    if given.type != "identifier":
        return []
    name = reader.text(given)
    reaching = reader.scopes.reaching(name, given)
    made = reaching[0].value if len(reaching) == 1 else None
    if made is None or not _is_map(reader, made):
        return []
    function = reader.scopes.function(given.start_byte)
    body = function.child_by_field_name("body") if function is not None else None
    found: list[Key] = []
    for index, value in _assigned(reader, body, name) if body is not None else ():
        if made.end_byte <= index.start_byte < given.start_byte and len(found) < MAX_KEYS:
            key = index.child_by_field_name("index")
            text = text_of(reader, key) if key is not None else None
            known = text is not None and HOLE not in text
            condition = (
                Condition(text.strip('`"'), _operator(value), constant=is_constant(reader, value))
                if text is not None and known
                else None
            )
            found.append(Key(condition, index, branches(reader, index, given)))
    return found


def _is_map(reader: GoReader, made: Node) -> bool:
    """`map[string]any{}`, `make(map[string]any)`, `sq.Eq{}`, `goqu.Ex{}`."""
    kind = made.child_by_field_name("type")
    if made.type == "call_expression" and reader.text(made)[:5] == "make(":
        args = made.child_by_field_name("arguments")
        kind = args.named_children[0] if args is not None and args.named_children else None
    if kind is not None and kind.type == "qualified_type":
        return reader.text(kind).rpartition(".")[2] in MAPS
    return kind is not None and kind.type == "map_type"


def _operator(value: Node) -> str:
    if value.type == "nil":
        return "is-null"
    kind = value.child_by_field_name("type") if value.type == "composite_literal" else None
    return "in" if kind is not None and kind.type == "slice_type" else "="


def _assigned(reader: GoReader, body: Node, name: str) -> Iterator[tuple[Node, Node]]:
    """Each `name[key] = value` below a node: the left side and the value."""
    if f"{name}[".encode() not in reader.content[body.start_byte : body.end_byte]:
        return
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if node.type != "assignment_statement":
            waiting.extend(reversed(node.named_children))
            continue
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        sides = left.named_children if left is not None else []
        values = right.named_children if right is not None else []
        if len(sides) != 1 or len(values) != 1 or sides[0].type != "index_expression":
            continue
        held = sides[0].child_by_field_name("operand")
        if held is not None and reader.text(held) == name:
            yield sides[0], values[0]
