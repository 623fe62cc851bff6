"""Chains of Knex as queries on tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition, Predicate, QueryFound
from scaleaudit.languages.javascript.builders.chains import call_at, called, chain, shortened
from scaleaudit.languages.javascript.builders.conditions import Filters, flat
from scaleaudit.languages.javascript.builders.variables import extended
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.knex.filters import Asked
from scaleaudit.languages.javascript.knex.words import (
    CERTAIN,
    CHANGING,
    COUNTING,
    GROUPING,
    INSERTING,
    JOIN,
    LIMITING,
    OPAQUE,
    STREAMING,
    TABLE,
)
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.chains import Call, Chain
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.source import Span

# Names that people give to Knex, its transactions and the connection that it stands for.
HANDLE = rb"[\w$]*(?:[kK]nex|(?<![a-zA-Z])db|D[bB]|[tT]rx|[dD]atabase|transaction|(?<![a-zA-Z])tx|[cC]onn(?:ection)?)_?"
START = regex(
    rb"(?<![\w$])"
    + HANDLE
    + rb"(?:\(\))?\s*(?:<[^<>()\n]{1,80}(?:<[^<>()\n]{1,80}>[^<>()\n]{0,40})?>\s*)?(?P<open>\()\s*[\w\"'`{$]"
)
FROM = regex(
    rb"\.\s*(?:from|into|table)\s*(?:<[^<>()\n]{1,80}(?:<[^<>()\n]{1,80}>[^<>()\n]{0,40})?>\s*)?(?P<open>\()"
)
BASE = regex(r"(?:this\.|self\.|[\w$]+\.)*" + HANDLE.decode() + r"(?:\(\))?")
MENTION = regex(rb"(?i)knex")
NAME = regex(
    r"([\w.\"`]+)(?:\s+(?:as\s+)?[\"`]?(\w+)[\"`]?)?",
)
WITH = regex(rb"\.with(?:Recursive|Materialized|NotMaterialized)?\(\s*[\"'](\w+)[\"']")
MAX_CHAINS = 600  # of one file
RAN = frozenset({"await_expression"})


class Built(Gathering):
    """What the calls of one query add up to."""

    tables: dict[str, str] = msgspec.field(default_factory=dict)  # alias -> table, the first first
    made: set[str] = msgspec.field(default_factory=set)  # names of WITH and of subqueries
    filters: Filters = msgspec.field(default_factory=Filters)
    more: list[Condition] = msgspec.field(default_factory=list)  # of joins and of the order
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    streamed: bool = False
    partial: bool = False
    changes: bool = False
    inserts: bool = False


def queries(reader: JavaScriptReader) -> Iterator[QueryFound]:
    content = reader.content
    if MENTION.search(content) is None and FROM.search(content) is None:
        return
    seen: set[int] = set()
    for pattern in (START, FROM):
        for _, match in zip(range(MAX_CHAINS), pattern.finditer(content), strict=False):
            call = call_at(reader, match.start("open"))
            if call is None:
                continue
            found = chain(reader, call, BASE)
            if found.whole.id in seen or not _is_knex(reader, found):
                continue
            seen.add(found.whole.id)
            yield from told(reader, found)


def _is_knex(reader: JavaScriptReader, found: Chain) -> bool:
    """A handle of Knex called with a table, or a chain on one that names its table."""
    base = found.base
    if base.type == "call_expression":
        function = called(base)
        if function is None or BASE.fullmatch(reader.text(function)[-80:].lstrip(".")) is None:
            return False
        if not found.calls:  # kept for later
            above = found.whole.parent
            return above is not None and above.type in (
                "variable_declarator",
                "assignment_expression",
            )
        return any(CERTAIN.fullmatch(call.name) for call in found.calls)
    text = reader.text(base)[-80:].lstrip(".")
    named = BASE.fullmatch(text) is not None or MENTION.search(reader.content) is not None
    words = [call.name for call in found.calls]
    return (
        named
        and any(
            call.name in TABLE and len(call.args) == 1 and _table(reader, call.args[0])[0]
            for call in found.calls
        )
        and (
            words[0]
            in (
                "select",
                "with",
                "from",
                "into",
                "queryBuilder",
                "table",
                "distinct",
                "count",
                "column",
                "columns",
                "insert",
                "first",
                "max",
                "min",
                "sum",
                "pluck",
                "withSchema",
                "withRecursive",
                "del",
                "delete",
                "update",
            )
        )
    )


def told(reader: JavaScriptReader, found: Chain) -> Iterator[QueryFound]:
    """The query, and one for each branch that adds conditions to it."""
    first = found.base if found.base.type == "call_expression" else None
    later = extended(reader, found.whole)
    always = [*found.calls, *later.always]
    if not any(CERTAIN.fullmatch(c.name) for calls in (always, *later.branches) for c in calls):
        return
    base = _built(reader, first, always)
    if not base.tables:
        return
    unsure = later.opaque or BASE.fullmatch(_written(reader, found.base)) is None
    base.partial = base.partial or unsure
    at = reader.span(found.whole)
    text, scope, loop = (
        shortened(reader, found.whole),
        reader.scope(found.whole),
        reader.in_loop(found.whole),
    )
    usual = _query(base, at, text, scope, loop)
    if not later.exhaustive:
        if _handed_on(found.whole) and not usual.predicates and not usual.writes:
            usual = msgspec.structs.replace(usual, partial=True)
        yield usual
    for branch in later.branches:
        each = _built(reader, first, [*always, *branch])
        each.partial = each.partial or unsure
        query = _query(each, at, text, scope, loop)
        if later.exhaustive or query.predicates != usual.predicates:
            place = reader.span(branch[-1].node)
            yield msgspec.structs.replace(query, at=place, text=shortened(reader, branch[-1].node))


def _written(reader: JavaScriptReader, base: Node) -> str:
    """What a chain begins with, without arguments."""
    function = called(base) if base.type == "call_expression" else base
    return reader.text(function)[-80:].lstrip(".") if function is not None else ""


def _handed_on(whole: Node) -> bool:
    return whole.parent is not None and whole.parent.type in ("return_statement", "arrow_function")


def _built(reader: JavaScriptReader, first: Node | None, calls: Sequence[Call]) -> Built:
    built = Built(made={name.decode().lower() for name in WITH.findall(reader.content)})
    if first is not None:
        holder = first.child_by_field_name("arguments")
        if holder is not None and holder.named_children:
            _add_table(reader, holder.named_children[0], built)
    asked = Asked(reader)
    for call in calls:
        _take(reader, call, built, asked)
    built.partial = built.partial or asked.unknown
    return built


def _take(reader: JavaScriptReader, call: Call, built: Built, asked: Asked) -> None:
    name = call.name
    if name in TABLE and call.args:
        _add_table(reader, call.args[0], built, first=True)
    elif JOIN.fullmatch(name) and call.args:
        _add_table(reader, call.args[0], built)
        built.more.extend(each for each in flat(asked.joined(call)))
    elif name in ("joinRaw", "fromRaw") or name in OPAQUE:
        built.partial = True
    elif name in ("with", "withRecursive") and call.args:
        built.made.add(text_with_holes(reader.value(call.args[0])).lower())
    elif name == "orderBy":
        built.more.extend(_order(reader, call, asked))
    elif name in LIMITING:
        built.limited = True
    elif name in COUNTING:
        built.aggregate = True
    elif name in GROUPING:
        built.grouped = True
    elif name in STREAMING:
        built.streamed = True
    elif name in CHANGING:
        built.changes = True
    elif name in INSERTING:
        built.changes = built.inserts = True
    else:
        asked.take(call, built.filters)


def _order(reader: JavaScriptReader, call: Call, asked: Asked) -> Iterator[Condition]:
    listed = bare(call.args[0]) if call.args else None
    written = reader.text(call.node).lower()
    if listed is None:
        return
    for each in listed.named_children if listed.type == "array" else [listed]:
        node = each
        if each.type == "object":
            for pair in each.named_children:
                key = pair.child_by_field_name("key")
                if key is not None and reader.text(key).strip("'\"") == "column":
                    node = pair.child_by_field_name("value") or each
        column = asked.column(node)
        if column and f" as {column.lower()}" not in written:
            yield Condition(column, "sort", Clause.SORT)


def _add_table(reader: JavaScriptReader, node: Node, built: Built, *, first: bool = False) -> None:
    given = bare(node)
    if given is not None and given.type == "object":  # {alias: "table"}
        for pair in given.named_children:
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is not None and value is not None:
                table, _ = _table(reader, value)
                alias = reader.text(key).strip("'\"`").lower()
                _put(built, alias, table, first)
        return
    if given is None:
        return
    table, alias = _table(reader, given)
    if not table:
        if given.type == "call_expression":
            for call in chain(reader, given).calls:
                if call.name == "as" and call.args:
                    built.made.add(text_with_holes(reader.value(call.args[0])).lower())
        if not built.tables or first:
            built.partial = True
        return
    _put(built, alias or table, table, first)


def _put(built: Built, alias: str, table: str, first: bool) -> None:
    if not table:
        built.made.add(alias)
    elif first:
        built.tables = {alias: table, **built.tables}
    else:
        built.tables.setdefault(alias, table)


def _table(reader: JavaScriptReader, node: Node) -> tuple[str, str]:
    """(table, alias) of `"orders as o"`, a constant or a template; empty where it is not known."""
    value = reader.value(node)
    if not isinstance(value, Literal | Join):
        return "", ""
    match = NAME.fullmatch(text_with_holes(value).strip())
    if match is None:
        return "", ""
    table = match[1].rpartition(".")[2].strip('"`').lower()
    return table, (match[2] or "").lower()


def _query(built: Built, at: Span, text: str, scope: str, loop: bool) -> QueryFound:
    tables = tuple(dict.fromkeys(each for each in built.tables.values() if each not in built.made))
    predicates = [
        found
        for condition in (*flat(built.filters.parts), *built.more)
        for found in [_predicate(built, condition)]
        if found is not None
    ]
    start = tables[:1]
    return QueryFound(
        at=at,
        text=text,
        reads=() if built.changes else tables,
        writes=start if built.changes else (),
        predicates=tuple(predicates),
        limited=built.limited,
        aggregate=built.aggregate,
        partial=built.partial,
        in_loop=loop,
        streamed=built.streamed,
        library="knex",
        scope=scope,
        inserts=start if built.inserts else (),
        grouped=built.grouped,
    )


def _predicate(built: Built, condition: Condition) -> Predicate | None:
    alias, _, column = condition.path.rpartition(".")
    alias = alias.rpartition(".")[2].lower()
    single = len(built.tables) == 1 and not built.made
    table = built.tables.get(alias, alias) if alias else ""
    source = list(built.tables).index(alias) + 1 if alias in built.tables else 0
    if not alias and single:
        table, source = next(iter(built.tables.values())), 1
    if table in built.made or alias in built.made:
        return None
    return Predicate(
        table, column.lower(), condition.operator, condition.clause, condition.function,
        condition.alternative, source, condition.group, condition.branch, condition.constant,
    )  # fmt: skip
