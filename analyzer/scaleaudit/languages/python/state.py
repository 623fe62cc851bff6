"""Mutable objects of a module or class that functions change while the process runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import StateKept
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.source import Span

MADE_BY = {
    "dict": "dict",
    "list": "list",
    "set": "set",
    "defaultdict": "dict",
    "OrderedDict": "dict",
    "Counter": "counter",
    "deque": "list",
    "LRUCache": "cache",
    "TTLCache": "cache",
    "LFUCache": "cache",
    "SimpleCache": "cache",
}
WRITTEN_AS = {"dictionary": "dict", "list": "list", "set": "set", "integer": "counter"}
BOUNDS = frozenset({"maxlen", "maxsize"})
ALWAYS_BOUNDED = frozenset({"LRUCache", "TTLCache", "LFUCache"})
CHANGES = frozenset(
    [
        "append",
        "add",
        "update",
        "setdefault",
        "pop",
        "popitem",
        "clear",
        "extend",
        "insert",
        "remove",
        "discard",
        "appendleft",
        "popleft",
        "extendleft",
        "subtract",
        "difference_update",
        "intersection_update",
    ]
)
CACHE_NAME = regex(r"cache|memo", re.IGNORECASE)
# Functions that run while modules are imported or the process starts, by their usual names.
AT_IMPORT = regex(
    r"^_*(un)?(register|autodiscover|populate|configure|setup|init|load|install|bootstrap|startup"
    r"|ready|add_to|main)(_|$)|registry$|^__(init_subclass|set_name|class_getitem)__$"
)
MAX_NAMES = 300  # candidates of one file
MAX_PLACES = 500  # uses of one name that are looked at


class Candidate(Gathering):
    """A name bound to something mutable; `owner` is its class, empty for the module's."""

    at: Span
    kind: str
    bounded: bool
    owner: str = ""
    places: list[tuple[Span, str]] = msgspec.field(default_factory=list)
    given_back: set[str] = msgspec.field(
        default_factory=set
    )  # scopes that take out what they put in


def state_kept(reader: PythonReader) -> Iterator[Fact]:
    for name, found in candidates(reader).items():
        last = name.rpartition(".")[2]
        for node in uses(reader, last):
            place = change(reader, node, found)
            if place is not None:
                found.places.append((reader.span(place), reader.scope(place)))
                if in_the_end(reader, place):
                    found.given_back.add(reader.scope(place))
        if found.places:
            yield StateKept(
                at=found.at,
                name=name,
                kind="cache" if CACHE_NAME.search(last) else found.kind,
                changed_at=tuple(place for place, _ in found.places),
                changed_in=tuple(scope for _, scope in found.places),
                bounded=found.bounded or {scope for _, scope in found.places} == found.given_back,
            )


def candidates(reader: PythonReader) -> dict[str, Candidate]:
    kept: dict[str, Candidate] = {}
    for each in reader.assignments:
        right = each.right
        if right.type != "call" and right.type not in WRITTEN_AS:
            continue
        kind, bounded = made(reader, right)
        if kind and len(kept) < MAX_NAMES:
            kept[each.dotted] = Candidate(reader.span(each.node), kind, bounded, each.owner)
    return kept


def made(reader: PythonReader, right: Node) -> tuple[str, bool]:
    """The kind of a mutable object that an expression makes, and whether it is bounded."""
    if right.type == "call":
        name = reader.callee(right).rpartition(".")[2]
        if name in MADE_BY:
            given = BOUNDS & reader.arguments(right)[1].keys()
            return MADE_BY[name], name in ALWAYS_BOUNDED or bool(given)
    return WRITTEN_AS.get(right.type, ""), False


def uses(reader: PythonReader, name: str) -> Iterator[Node]:
    """The identifiers of this name; a byte search, for most names are used at import only."""
    wanted, start = name.encode(), 0
    for _ in range(MAX_PLACES):
        start = reader.content.find(wanted, start)
        if start < 0:
            return
        end = start + len(wanted)
        node = reader.root.descendant_for_byte_range(start, end)
        exact = node is not None and node.start_byte == start and node.end_byte == end
        if exact and node is not None and node.type == "identifier":
            yield node
        start = end


def change(reader: PythonReader, node: Node, found: Candidate) -> Node | None:
    """The expression that changes the object here, after start; None when it is only read."""
    around = reader.function_around(node)
    if around is None:
        return None
    whole = node
    if found.owner:
        holder = node.parent
        if holder is None or holder.type != "attribute" or holder.child_count == 0:
            return None
        before = reader.hint(holder.children[0])
        if before not in ("cls", "self.__class__", "type(self)", found.owner):
            return None
        whole = holder
    elif is_member(node):
        return None
    name = reader.text(node)
    place = changed_object(reader, whole, found.kind)
    if place is None or at_import(reader, node):
        return None
    return None if not found.owner and reader.hides(name, node) else place


def in_the_end(reader: PythonReader, node: Node) -> bool:
    """In a `finally`: what one call puts in for as long as it lasts is gone with it."""
    for above in reader.ancestors(node):
        if above.type in ("finally_clause", "function_definition"):
            return above.type == "finally_clause"
    return False


def is_member(node: Node) -> bool:
    """`other.name`, which is another object's."""
    holder = node.parent
    return holder is not None and holder.type == "attribute" and holder.children[0].id != node.id


def changed_object(reader: PythonReader, node: Node, kind: str) -> Node | None:
    """`X[k] = v`, `del X[k]`, `X.append(v)`, `X[k].append(v)`, and `n += 1` of a counter."""
    at = node
    above = at.parent
    inside = False
    while above is not None and above.type == "subscript" and above.children[0].id == at.id:
        at, above, inside = above, above.parent, True
    if above is None or (kind == "counter" and not inside and above.type != "attribute"):
        counted = above is not None and above.type == "augmented_assignment"
        return above if counted and above is not None and above.children[0].id == at.id else None
    match above.type:
        case "assignment" | "augmented_assignment" if above.children[0].id == at.id:
            return above if inside or above.type == "augmented_assignment" else None
        case "delete_statement" | "expression_list" if inside:
            deleted = above.type == "delete_statement" or (
                above.parent is not None and above.parent.type == "delete_statement"
            )
            return above if deleted else None
        case "attribute" if above.children[0].id == at.id:
            called = above.parent
            method = above.child_by_field_name("attribute")
            if called is None or method is None or called.type != "call":
                return None
            is_callee = called.children[0].id == above.id
            return called if is_callee and reader.text(method) in CHANGES else None
        case _:
            return None


def at_import(reader: PythonReader, node: Node) -> bool:
    """Inside a function that runs at import: a decorator of this file, a `register(...)`."""
    for above in reader.ancestors(node):
        if above.type == "function_definition":
            if above.id not in reader.run_at_import:
                reader.run_at_import[above.id] = runs_at_import(reader, above)
            if reader.run_at_import[above.id]:
                return True
    return False


def runs_at_import(reader: PythonReader, function: Node) -> bool:
    name = reader.definition_name(function)
    return (
        AT_IMPORT.search(name) is not None
        or name in reader.called_at_import
        or returns_parameter(reader, function)
    )


def returns_parameter(reader: PythonReader, function: Node) -> bool:
    """The form of a decorator: it hands the function or class that it was given back."""
    parameters = function.child_by_field_name("parameters")
    body = function.child_by_field_name("body")
    count = body.named_child_count if body is not None else 0
    last = body.named_child(count - 1) if body is not None and count else None
    if parameters is None or last is None or last.type != "return_statement":
        return False
    given = [reader.hint(each).partition(":")[0].strip() for each in parameters.named_children]
    wanted = [each for each in given if each not in ("self", "cls")]
    return len(wanted) == 1 and reader.hint(last) == f"return {wanted[0]}"
