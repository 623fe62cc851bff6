"""Queries by the Criteria API of JPA, and Spring Data's specifications on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.java.jpa.built import Built, told_queries
from scaleaudit.languages.java.jpa.criteria_helpers import column_at, of_helper
from scaleaudit.languages.java.jpa.criteria_paths import (
    OPERATORS,
    Known,
    Path,
    path_of,
    receiver_of,
)
from scaleaudit.languages.java.jpa.criteria_roots import SHAPES, Root, roots
from scaleaudit.languages.java.jpa.flow import arms, mentions, variable_of
from scaleaudit.languages.java.jpa.restrictions import NEGATED, SIDES, is_constant, pattern_operator
from scaleaudit.languages.java.words import occurrences
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.java.jvm import JvmReader

MAX_CALLS = 3_000  # of one file
MAX_HEAD = 600  # bytes
GIVEN = regex(rb"\w*Specification\b|\b\w*(?:Predicate|Criteria|Criterion)<")
MARKS = (b"riteriaBuilder", b"persistence.criteria", *SHAPES)
CALLED = regex(
    rb"\.\s*(?:equal(?:To)?|notEqual(?:To)?|like|notLike|greaterThan(?:OrEqualTo)?|gt|ge|lt|le"
    rb"|lessThan(?:OrEqualTo)?|between|isNull|isNotNull|isTrue|isFalse|`?in`?|asc|desc)\s*(?=\()"
)
TAKING_ROOTS = frozenset(
    {"count", "countDistinct", "select", "multiselect", "construct", "tuple", "array", "exists",
     "groupBy", "isMember", "isNotMember", "isEmpty", "isNotEmpty", "size", "treat", "add", "max", "min"}
)  # fmt: skip
ELSEWHERE = frozenset(
    {"select", "multiselect", "when", "selectCase", "having", "set", "construct", "array", "tuple"}
)
LIMITS = regex(
    r"\.\s*(?:setMaxResults|getSingleResult|uniqueResult|getSingleResultOrNull)\b|\.maxResults\b"
)
COUNTS = regex(r"select\(\s*\w+\.\s*(?:count|countDistinct|sum|max|min|avg)\(")
GATHERS = frozenset({"add", "addAll", "isEmpty", "isNotEmpty", "size"})


class Place(Gathering):
    """Where a comparison stands among the others."""

    negated: bool = False
    group: int = 0  # of the OR around
    branch: int = 0  # which side of it
    sides: int = 0  # how many it has
    arm: Node | None = None  # what runs only sometimes
    clause: Clause = Clause.FILTER
    counts: bool = True


def criteria_api_queries(reader: JvmReader) -> Iterator[OrmQuery]:
    if not reader.says(*MARKS):
        return
    known = Known(roots(reader))
    if not known.roots:
        return
    queries: dict[int, Built] = {}
    for root in known.roots:
        if not root.below and root.scope.id not in queries:
            queries[root.scope.id] = Built(root.model, root.scope, streamed=root.handed)
            queries[root.scope.id].always.lost = root.given
    for number, match in enumerate(CALLED.finditer(reader.content)):
        if number >= MAX_CALLS:
            break
        node = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
        call = call_around(reader, node, match.start())
        if call is not None:
            compare(reader, call, known, queries)
    for root in known.roots:
        hand_over(reader, root, queries)
    for built in queries.values():
        if built.always.conditions or built.branches:
            finish(reader, built)
            built.always.lost = built.always.lost or among_others(reader, built)
            yield from told_queries(reader, built)


def among_others(reader: JvmReader, built: Built) -> bool:
    """A method that gives a specification of one column: it is there to be joined with others."""
    arms = (built.always, *(each for _, each in built.branches.values()))
    columns = {each.path for arm in arms for each in arm.conditions}
    method = reader.function_around(built.start) if built.streamed else None
    while method is not None and reader.definition_name(method) == "toPredicate":
        method = reader.function_around(method)
    if method is None or len(columns) > 1:
        return False
    head = reader.content[method.start_byte : built.start.start_byte][:MAX_HEAD]
    return GIVEN.search(head.partition(b"{")[0]) is not None


def call_around(reader: JvmReader, node: Node | None, dot: int) -> Node | None:
    """The call whose name stands right after the dot."""
    for _ in range(6):
        if node is None:
            return None
        if reader.is_call(node):
            name = reader.name_node(node)
            return (
                node
                if name is not None and name.start_byte > dot and name.start_byte < dot + 60
                else None
            )
        node = node.parent
    return None


def compare(reader: JvmReader, call: Node, known: Known, queries: dict[int, Built]) -> None:
    links = reader.chain(call)
    name, args = links[-1].name, reader.arguments_of(call)
    operator = OPERATORS.get(name, "")
    receiver = receiver_of(call)
    path = path_of(reader, receiver, known, 0) if receiver is not None else None
    if path is None or not path.steps:
        path = path_of(reader, args[0], known, 0) if args else None
        args = args[1:]
    if path is None or not operator:
        return
    other = path_of(reader, args[0], known, 0) if args else None
    place = place_of(reader, call, path.root.scope, 0)
    built = built_of(path.root, queries, reader)
    if built is None or not place.counts:
        return
    found = built.into(place.arm.id if place.arm is not None else 0, call)
    if place.arm is None and not built.always.conditions:
        built.shown = call
    if place.group:
        built.sides[place.group] = place.sides
    if operator == "sort":
        found.conditions.append(condition(path, "sort", built, place, clause=Clause.SORT))
        return
    if other is not None:
        if other.root.model != path.root.model and operator == "=":
            found.conditions.append(condition(path, "=", built, place, clause=Clause.JOIN))
            found.conditions.append(condition(other, "=", built, place, clause=Clause.JOIN))
        return
    if operator == "like":
        operator = pattern_operator(reader, [call, *args[:1]])
    if place.negated:
        operator = NEGATED.get(operator, "!=")
    constant = bool(args) and is_constant(reader, args[0])
    found.conditions.append(condition(path, operator, built, place, constant=constant))


def condition(
    path: Path,
    operator: str,
    built: Built,
    place: Place,
    *,
    clause: Clause = Clause.FILTER,
    constant: bool = False,
) -> Condition:
    return Condition(
        ".".join(path.steps) or "id",
        operator,
        place.clause if clause is Clause.FILTER else clause,
        path.function,
        bool(place.group),
        place.group,
        place.branch,
        constant,
        path.root.model if path.root.model != built.model else "",
    )


def built_of(root: Root, queries: dict[int, Built], reader: JvmReader) -> Built | None:
    """The query of the root's function, or of the one around it."""
    found = queries.get(root.scope.id)
    if found is not None:
        return found
    return next((queries[a.id] for a in reader.ancestors(root.scope) if a.id in queries), None)


def place_of(reader: JvmReader, node: Node, scope: Node, depth: int) -> Place:
    """The OR, the negation and the branch that a comparison stands in, variables followed."""
    place = Place()
    below_and = False
    for above in reader.ancestors(node):
        if above.id == scope.id:
            break
        if reader.is_call(above):
            name = reader.chain(above)[-1].name
            args = reader.arguments_of(above)
            inside = [
                n
                for n, arg in enumerate(args, 1)
                if arg.start_byte <= node.start_byte < arg.end_byte
            ]
            if name == "or" and (len(args) > 1 or not inside):
                side = inside[0] if inside else 0
                if not place.group:
                    place.group, place.branch = above.start_byte + 1, side
                    place.sides = len(args) + (not inside)
                elif not below_and:  # the sides of an OR inside an OR are sides of the whole
                    place.branch += SIDES * side
                    place.group = above.start_byte + 1
            elif name == "and":
                below_and = bool(place.group)
            elif name == "not":
                place.negated = not place.negated
            elif name == "on" and outer_join(reader, above):
                place.clause = Clause.JOIN
            elif name in ELSEWHERE and inside:
                place.counts = False
    place.arm = next(arms(reader, node, scope), None)
    name = variable_of(reader, top_of(reader, node))
    if name and depth < 3 and not place.group:
        for mention in mentions(reader, name, node):
            if mention.calls and reader.chain(mention.calls[0])[-1].name in GATHERS:
                continue  # another condition joins it in a list
            later = place_of(reader, mention.node, scope, depth + 1)
            place.group, place.branch, place.sides = later.group, later.branch, later.sides
            place.negated ^= later.negated
            place.arm = place.arm or later.arm
            place.counts &= later.counts
            break
    return place


def outer_join(reader: JvmReader, call: Node) -> bool:
    """Whether what stands in the `on` of a join leaves the rows that it is not true for."""
    receiver = receiver_of(call)
    if receiver is not None and receiver.type == "identifier":
        receiver = reader.local(reader.text(receiver), receiver)
    return receiver is None or "LEFT" in reader.text(receiver)


def top_of(reader: JvmReader, node: Node) -> Node:
    """The whole expression around a comparison, up to what keeps it."""
    top = node
    for above in reader.ancestors(node):
        if not (reader.is_call(above) or "argument" in above.type or "parenthes" in above.type
                or above.type == "navigation_expression"):  # fmt: skip
            return top
        if reader.is_call(above):
            top = above
    return top


def hand_over(reader: JvmReader, root: Root, queries: dict[int, Built]) -> None:
    """A method that gets the root may make conditions of it that nobody sees here."""
    built = built_of(root, queries, reader)
    if built is None:
        return
    for at, end in occurrences(reader.content, root.name.encode(), root.start, root.scope.end_byte):
        node = reader.root.descendant_for_byte_range(at, end)
        column = column_at(reader, node) if node is not None else None
        holder = (column or node).parent if node is not None else None
        if holder is not None and holder.type == "value_argument":
            holder = holder.parent
        if node is None or holder is None or "argument" not in holder.type:
            continue
        call = holder.parent
        if call is None or not reader.is_call(call):
            continue
        name = reader.chain(call)[-1].name
        if column is not None and not of_helper(reader, call, name):
            continue
        if name not in OPERATORS and name not in TAKING_ROOTS:
            arm = next(arms(reader, node, root.scope), None)
            built.into(arm.id if arm is not None else 0, node).lost = True


def finish(reader: JvmReader, built: Built) -> None:
    text = reader.text(built.start)[:20_000]
    built.limited = built.limited or LIMITS.search(text) is not None
    built.aggregate = built.aggregate or COUNTS.search(text) is not None
    for found in (built.always, *(each for _, each in built.branches.values())):
        told: dict[int, set[int]] = {}
        for condition_ in found.conditions:
            if condition_.group:
                told.setdefault(condition_.group, set()).add(condition_.branch)
        found.lost |= any(len(seen) < built.sides.get(group, 0) for group, seen in told.items())
