"""Queries through the client that ent generates: `client.User.Query().Where(user.NameEQ(x)).All(ctx)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.languages.go.following import ALWAYS, ways
from scaleaudit.languages.go.mappers import asked, fragments
from scaleaudit.languages.go.mappers.chains import Chains
from scaleaudit.languages.go.mappers.links import Chain, Link, arguments, name_of, shown
from scaleaudit.languages.go.mappers.structs import snake
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

SIGNS = (b"Query", b"Where(")
WORTH = regex(rb"\.\s*Query[A-Z]?\w{0,60}\(\)|\.\s*(?:Update|Delete)\(\)\s*\.\s*Where\(")
GENERATED = regex(r"(?:^|/)ent(?:/|$)")
READS = {
    "All", "First", "FirstID", "Only", "OnlyID", "IDs", "Count", "Exist", "Scan", "Strings", "Ints", "Float64s", "Bools",
    "String", "Int", "Float64", "Bool",
}  # fmt: skip
LAST = frozenset({name + end for name in (*READS, "Exec", "Save") for end in ("", "X")})
FINISHED = regex(
    rb"\.\s*(?:All|First|FirstID|Only|OnlyID|IDs|Count|Exist|Scan|Strings?|Ints?|Float64s?|Bools?|Exec|Save)X?\("
)
LIMITING = {"First", "FirstID", "Only", "OnlyID", "Exist", "Limit"}
OPERATORS = {
    "EQ": "=", "NEQ": "!=", "GT": ">", "GTE": ">=", "LT": "<", "LTE": "<=", "In": "in", "NotIn": "not-in",
    "Contains": "search", "ContainsFold": "search", "HasPrefix": "like", "HasSuffix": "search", "EqualFold": "=",
    "IsNil": "is-null", "NotNil": "is-not-null",
}  # fmt: skip
PREDICATE = regex(
    r"(\w+?)(NEQ|EQ|GTE|LTE|GT|LT|NotIn|In|ContainsFold|Contains|HasPrefix|HasSuffix|EqualFold|IsNil|NotNil)?"
)
EDGE = regex(r"Has([A-Z]\w*?)(With)?")
WITH = regex(r"With([A-Z]\w*)")
MAX_DEPTH = 8
MAX_PARTS = 60
JOINING = {"And", "Or", "Not"}


class Asked(Gathering):
    """What the calls of one chain add up to."""

    model: str = ""
    via: list[str] = msgspec.field(default_factory=list)
    filters: list[Condition] = msgspec.field(default_factory=list)
    sorts: list[Condition] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    package: str = ""  # of the predicates, which is called like the model
    limited: bool = False
    grouped: bool = False
    aggregate: bool = False
    partial: bool = False
    begun: str = ""  # Query, Update, Delete


def queries(reader: GoReader) -> Iterator[OrmQuery]:
    if not reader.says(*SIGNS) or WORTH.search(reader.content) is None:
        return
    if not any(GENERATED.search(module) for module in reader.imports.values()):
        return
    chains = Chains(reader)
    for chain in chains.ending(FINISHED, LAST):
        yield from told(reader, chain)


def told(reader: GoReader, chain: Chain) -> Iterator[OrmQuery]:
    last = chain.links[-1]
    sets = [k.choices for k in chain.links if narrows(k) and not k.choices <= last.choices]
    done: set[tuple[Condition, ...]] = set()
    for made in ways(sets):
        within = [k for k in chain.links if not narrows(k) or k.choices <= made | last.choices]
        found = Asked()
        for link in within:
            take(reader, link, found)
        if not found.begun or (last.name.startswith(("Exec", "Save"))) == (found.begun == "Query"):
            return
        model = "" if found.model == "?" else found.model or found.package
        if not model and not found.via:
            return
        conditions = (*found.filters, *found.sorts)
        if conditions in done:
            continue
        done.add(conditions)
        place = next((k for k in within if k.choices == made and made), None)
        at = reader.span(last.call)
        if place is not None:
            at = reader.span(place.call.child_by_field_name("arguments") or place.call)
        yield OrmQuery(
            at, "ent", model, shown(reader, last.call), tuple(found.via), conditions,
            loads=tuple(dict.fromkeys(found.loads)), limited=found.limited,
            aggregate=found.aggregate or last.name.removesuffix("X") == "Count", grouped=found.grouped,
            partial=found.partial, in_loop=reader.in_loop(last.call), writes=found.begun == "Update",
            scope=reader.scope(last.call), deletes=found.begun == "Delete",
        )  # fmt: skip


def narrows(link: Link) -> bool:
    return link.choices == ALWAYS or link.name in ("Where", "Order", "GroupBy")


def take(reader: GoReader, link: Link, found: Asked) -> None:
    """One call of the chain."""
    name, args = link.name, link.args
    if name in ("Query", "Update", "Delete") and not args:
        found.begun, found.model = name, entity(reader, link.call)
    elif name.startswith("Query") and not args and name[5:6].isupper():
        found.model = found.model or found.package if found.begun else "?"
        if found.begun:
            found.partial = found.partial or any(c.path != "id" for c in found.filters)
        found.begun, found.package = "Query", found.package if found.via else ""
        found.via, found.filters, found.sorts = [snake(name[5:])], [], []
    elif name == "Where":
        for arg in args[:MAX_PARTS]:
            more, known = predicate(reader, arg, found, 0)
            found.filters.extend(more)
            found.partial = found.partial or not known
    elif name == "Order":
        for arg in args[:MAX_PARTS]:
            if not sort(reader, arg, found):
                break
    elif name == "GroupBy":
        found.grouped = True
    elif name in ("Modify", "Filter") or not name[:1].isupper():  # a function of the program's own
        found.partial = True
    elif name == "Aggregate":
        found.aggregate = not found.grouped
    elif (match := WITH.fullmatch(name)) is not None and match[1] != "Context":
        found.loads.append(snake(match[1]))
    if name.removesuffix("X") in LIMITING:
        found.limited = True


def entity(reader: GoReader, call: Node) -> str:
    """`User` of `client.User.Query()`; empty where the client is held apart."""
    function = call.child_by_field_name("function")
    operand = function.child_by_field_name("operand") if function is not None else None
    if operand is None or operand.type != "selector_expression":
        return ""
    field = operand.child_by_field_name("field")
    name = reader.text(field) if field is not None else ""
    return name if name[:1].isupper() else ""


def package_of(reader: GoReader, call: Node) -> str:
    """The generated package whose function is called; empty for any other call."""
    function = call.child_by_field_name("function")
    operand = function.child_by_field_name("operand") if function is not None else None
    if operand is None or operand.type != "identifier":
        return ""
    module = reader.imports.get(reader.text(operand), "")
    return module.rpartition("/")[2] if GENERATED.search(module) else ""


def predicate(
    reader: GoReader, node: Node, found: Asked, depth: int
) -> tuple[list[Condition], bool]:
    """The conditions of `user.NameEQ(x)`, `user.Or(...)`, `user.HasPetsWith(...)`; whether known."""
    package = package_of(reader, node) if node.type == "call_expression" else ""
    if not package or depth > MAX_DEPTH:
        return [], False
    name, args = name_of(reader, node), arguments(reader, node)
    if depth == 0 and name not in JOINING:
        found.package = found.package or package
    if name in JOINING:
        return joined(reader, name, args[:MAX_PARTS], found, depth, node.start_byte)
    edge = EDGE.fullmatch(name)
    if edge is not None and (edge[2] or not args):
        return across(reader, snake(edge[1]), args, depth)
    match = PREDICATE.fullmatch(name)
    if match is None:
        return [], False
    field, ending = match[1], match[2] or ""
    value = args[0] if len(args) == 1 else None
    if ending == "In" and value is not None and value.type in ("true", "false"):
        field, ending = name, ""  # user.LoggedIn(true)
    operator = OPERATORS.get(ending, "=")
    constant = operator == "=" and value is not None and asked.is_constant(reader, value)
    function = "any-case" if ending == "EqualFold" else ""
    return [Condition(snake(field), operator, function=function, constant=constant)], True


def across(
    reader: GoReader, edge: str, args: list[Node], depth: int
) -> tuple[list[Condition], bool]:
    """`HasPetsWith(pet.Name(x))`: conditions on the other side."""
    conditions: list[Condition] = []
    known = True
    inner = Asked()
    for arg in args[:MAX_PARTS]:
        more, told_ = predicate(reader, arg, inner, depth + 1)
        conditions.extend(replace(c, path=f"{edge}.{c.path}") for c in more)
        known = known and told_
    return conditions, known


def joined(
    reader: GoReader, name: str, args: list[Node], found: Asked, depth: int, group: int
) -> tuple[list[Condition], bool]:
    sides: list[list[Condition]] = []
    known = True
    for arg in args:
        more, told_ = predicate(reader, arg, found, depth + 1)
        sides.append(more)
        known = known and told_
    every = [c for side in sides for c in side]
    if name == "Not":
        return fragments.negated(every), known
    if name == "And" or len(sides) < 2:
        return every, known
    return fragments.either(sides, group), known


def sort(reader: GoReader, node: Node, found: Asked) -> bool:
    """`ent.Desc(user.FieldName)`, `user.ByName(...)`; whether it is known."""
    if node.type != "call_expression":
        return False
    name = name_of(reader, node)
    if name.startswith("By") and package_of(reader, node) and name[2:3].isupper():
        found.sorts.append(Condition(snake(name[2:]), "sort", Clause.SORT))
        return True
    if name not in ("Asc", "Desc"):
        return False
    for arg in arguments(reader, node)[:6]:
        written = reader.text(arg).rpartition(".")[2]
        if written.startswith("Field"):
            path = snake(written.removeprefix("Field"))
        else:
            path = asked.text_of(reader, arg) or ""
        if not path.isidentifier():
            return False
        found.sorts.append(Condition(path, "sort", Clause.SORT))
    return True
