"""Queries by Hibernate's old Criteria: `createCriteria(Order.class).add(Restrictions.eq(...))`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.java.jpa.built import Built, told_queries
from scaleaudit.languages.java.jpa.flow import Mention, calls_on, mentions, variable_of
from scaleaudit.languages.java.jpa.repositories import type_parameters
from scaleaudit.languages.java.jpa.restrictions import Found, criterion
from scaleaudit.languages.java.jpa.type_texts import arguments_of_type, last_name
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.java.jvm import JvmReader

MAX_CRITERIA = 400  # of one file
MAX_STEPS = 20_000  # criteria looked at in one file
MAX_VARIABLES = 20  # of one query
MARKS = (b"createCriteria(", b"forClass(")
START = regex(rb"\b(createCriteria|forClass)\s*\(\s*([A-Za-z_$][\w$.]*)(?:\.class|::class\.java)\b")
# Methods of a base class that begin a query on the class that it is given: `extends Dao<Order>`.
OWN = regex(
    rb"(?<![\w.])(?:(?:this|super)\s*\.\s*)?(criteria|createCriteria|getCriteria|newCriteria)\s*\(\s*\)"
)
CRITERIA = b"org.hibernate.criterion"
LIMITS = frozenset({"setMaxResults", "uniqueResult", "setFetchSize"})
RUN = regex(r"\w*ByCriteria")  # `getHibernateTemplate().findByCriteria(criteria)`
COUNTS = frozenset({"rowCount", "count", "countDistinct", "max", "min", "sum", "avg"})


def criteria_queries(reader: JvmReader) -> Iterator[OrmQuery]:
    left = [MAX_STEPS]
    if CRITERIA in reader.content:
        yield from of_own_class(reader, left)
    if not reader.says(*MARKS):
        return
    for told, match in enumerate(START.finditer(reader.content)):
        if told >= MAX_CRITERIA:
            return
        name = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        call = name.parent if name is not None else None
        if call is None or not reader.is_call(call):
            continue
        model = match[2].decode("utf-8", "replace").rpartition(".")[2]
        built = Built(model, call, always=Found(left=left))
        args = reader.arguments_of(call)
        if len(args) > 1:
            alias = literal(reader, args[1])
            if alias:
                built.aliases[alias] = ""
        follow(reader, built, call, calls_on(reader, call), "", 0)
        yield from told_queries(reader, built)


def of_own_class(reader: JvmReader, left: list[int]) -> Iterator[OrmQuery]:
    """`criteria().add(Restrictions.eq("state", x))` in a class that `extends AbstractDAO<Order>`."""
    for told, match in enumerate(OWN.finditer(reader.content)):
        name = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        call = name.parent if name is not None else None
        if told >= MAX_CRITERIA or call is None:
            return
        model = entity_around(reader, call) if reader.is_call(call) else ""
        if model:
            built = Built(model, call, always=Found(left=left))
            follow(reader, built, call, calls_on(reader, call), "", 0)
            if built.always.conditions or built.branches:
                yield from told_queries(reader, built)


def entity_around(reader: JvmReader, node: Node) -> str:
    """The only class that a base of the class around is given."""
    own = next((each for each in reader.ancestors(node) if each.type in reader.CLASSES), None)
    if own is None:
        return ""
    given = [arguments_of_type(written) for written in reader.bases_of(own)]
    named = {last_name(each[0]) for each in given if each} - type_parameters(reader, own)
    return named.pop() if len(named) == 1 else ""


def follow(
    reader: JvmReader, built: Built, start: Node, calls: list[Node], prefix: str, branch: int
) -> None:
    """The calls of one chain, then those on the variable that keeps it."""
    prefix = take(reader, built, calls, prefix, branch)
    follow_on(reader, built, calls[-1] if calls else start, prefix, branch, deeper=True)


def follow_on(
    reader: JvmReader, built: Built, last: Node, prefix: str, branch: int, *, deeper: bool
) -> None:
    """The calls on the variable that keeps a query.

    `deeper`: `Criteria names = criteria.createCriteria("names")` is followed too, the same query
    one relation on.
    """
    variable = variable_of(reader, last)
    if not variable or built.variables >= MAX_VARIABLES:
        return
    built.variables += 1
    for mention in mentions(reader, variable, last):
        if overwritten(reader, mention):
            break
        inner = mention.branch or branch
        if mention.handed_on:
            handed(reader, built, mention, inner)
            continue
        reached = take(reader, built, mention.calls, prefix, inner)
        if deeper and reached != prefix and mention.calls:
            follow_on(reader, built, mention.calls[-1], reached, inner, deeper=False)


def overwritten(reader: JvmReader, mention: Mention) -> bool:
    """The variable gets another query."""
    parent = mention.node.parent
    return (
        parent is not None
        and parent.type == "assignment_expression"
        and parent.named_children[0].id == mention.node.id
        and reader.text(mention.node) not in reader.text(parent.named_children[-1])
    )


def handed(reader: JvmReader, built: Built, mention: Mention, branch: int) -> None:
    """Another method may add conditions; one that was handed the finished query does not."""
    parent = mention.node.parent
    call = parent.parent if parent is not None else None
    if call is not None and reader.is_call(call) and RUN.fullmatch(reader.chain(call)[-1].name):
        return
    if parent is not None and "argument" in parent.type:
        built.into(branch, mention.node).lost = True


def take(reader: JvmReader, built: Built, calls: list[Node], prefix: str, branch: int) -> str:
    """What the calls of a chain add; the path at which it ends."""
    at = prefix
    for call in calls:
        name = reader.chain(call)[-1].name
        args = reader.arguments_of(call)

        def resolve(path: str, at: str = at) -> str:
            return resolved(built, path, at)

        if name == "add" and args:
            criterion(reader, args[0], resolve, built.into(branch, call))
        elif name == "addOrder" and args:
            ordered(reader, args[0], resolve, built.into(branch, call))
        elif name == "createAlias" and args:
            joined(reader, built, args, at)
        elif name == "createCriteria" and args:
            at = joined(reader, built, args, at) or at
        elif name == "setProjection" and args:
            projected(reader, built, args[0])
        elif name == "setFetchMode" and len(args) > 1 and "JOIN" in reader.text(args[1]):
            path = literal(reader, args[0])
            built.loads += [resolved(built, path, at)] if path else []
        elif name in LIMITS and name != "setFetchSize":
            built.limited = True
        elif name == "scroll":
            built.streamed = True
    return at


def literal(reader: JvmReader, node: Node) -> str:
    value = reader.value(node)
    return value.text if isinstance(value, Literal) else ""


def resolved(built: Built, path: str, at: str) -> str:
    first, _, rest = path.partition(".")
    if rest and first in built.aliases:
        return ".".join(part for part in (built.aliases[first], rest) if part)
    return f"{at}.{path}" if at else path


def joined(reader: JvmReader, built: Built, args: list[Node], at: str) -> str:
    written = literal(reader, args[0])
    if not written:
        return ""
    path = resolved(built, written, at)
    alias = literal(reader, args[1]) if len(args) > 1 else ""
    if alias:
        built.aliases[alias] = path
    return path


def ordered(reader: JvmReader, node: Node, resolve: object, found: Found) -> None:
    links = [link for link in reader.chain(node) if link.node is not None]
    call = next((link.node for link in links if link.name in ("asc", "desc")), None)
    args = reader.arguments_of(call) if call is not None else []
    path = literal(reader, args[0]) if args else ""
    if path and callable(resolve):
        found.conditions.append(Condition(resolve(path), "sort", Clause.SORT))


def projected(reader: JvmReader, built: Built, node: Node) -> None:
    names = set(WORDS.findall(reader.text(node)[:500]))
    built.aggregate |= bool(names & COUNTS) and "groupProperty" not in names
    built.grouped |= bool(names & {"groupProperty", "distinct"})


WORDS = regex(r"\w+")
