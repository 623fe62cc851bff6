"""A chain of Kysely's calls as the statement that it builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.chain_users import chains_of
from scaleaudit.languages.javascript.chains import Step, goes_on_elsewhere
from scaleaudit.languages.javascript.choices import holds, variants
from scaleaudit.languages.javascript.kysely.expressions import (
    CALLBACKS,
    HOLE,
    condition,
    fragment,
    operand,
    quoted,
    result_of,
    string_of,
)
from scaleaudit.languages.javascript.query_parts import shown
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.sql import read_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import QueryFound
    from scaleaudit.languages.javascript.chains import Chain
    from scaleaudit.languages.javascript.reader import JavaScriptReader

LIBRARY = "kysely"
START = regex(rb"\.\s*(selectFrom|updateTable|deleteFrom|insertInto|replaceInto|mergeInto)\s*\(")
TABLE = regex(r"([\w$.]+)(?:\s+as\s+([\w$]+))?")
ORDERED = regex(r"([\w$.]+)(?:\s+(?:asc|desc).*)?")
JOINS = {
    "innerJoin": "inner join", "leftJoin": "left join", "rightJoin": "right join",
    "fullJoin": "full join", "innerJoinLateral": "", "leftJoinLateral": "",
}  # fmt: skip
LIMITING = {"limit", "fetch", "top", "executeTakeFirst", "executeTakeFirstOrThrow"}
COUNTING = regex(rb"\bfn\.?(?:<[^()]*>)?\.?(?:count|countAll|sum|max|min|avg)\b|count\(\*\)")
ALIAS = regex(rb"\bas\(\s*[\"']([\w$]+)[\"']|[\"']([\w$.]+)\s+as\s+([\w$]+)[\"']")
MAX_QUERIES = 300  # of one file
RUNNING = ("execute", "stream")
MAX_INNER = 20  # calls in a function that `$if` is given


class Statement(Gathering):
    """What the calls of one choice add up to, as parts of SQL."""

    verb: str
    tables: list[str] = msgspec.field(default_factory=list)
    joins: list[str] = msgspec.field(default_factory=list)
    conditions: list[str] = msgspec.field(default_factory=list)
    order: list[str] = msgspec.field(default_factory=list)
    columns: dict[str, str] = msgspec.field(default_factory=dict)  # aliases; empty: computed
    grouped: bool = False
    limited: bool = False
    partial: bool = False
    counts: bool = False

    @property
    def text(self) -> str:
        given = f" where {' and '.join(f'({each})' for each in self.conditions)}"
        where = given if self.conditions else ""
        counts = self.counts and not self.grouped
        order = f" order by {', '.join(self.order)}" if self.order and not counts else ""
        if self.verb == "selectFrom":
            rows = f"{', '.join(self.tables)} {' '.join(self.joins)}"
            return f"SELECT {'count(*)' if counts else '*'} FROM {rows}{where}{order}"
        if self.verb == "updateTable":
            return f'UPDATE {self.tables[0]} SET "_" = ?{where}'
        if self.verb == "deleteFrom":
            return f"DELETE FROM {self.tables[0]}{where}"
        return f'INSERT INTO {self.tables[0]} ("_") VALUES (?)'


def queries(reader: JavaScriptReader) -> Iterator[QueryFound]:
    places = START.finditer(reader.content)
    for _, match in zip(range(MAX_QUERIES), places, strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        member = leaf.parent if leaf is not None else None
        call = member.parent if member is not None else None
        if call is not None and call.type == "call_expression":
            yield from _told(reader, call)


def _told(reader: JavaScriptReader, first: Node) -> Iterator[QueryFound]:
    for chain in chains_of(reader, first):
        yield from _of_chain(reader, first, chain)


def _of_chain(reader: JavaScriptReader, first: Node, chain: Chain) -> Iterator[QueryFound]:
    steps = [each for step in chain.steps for each in _with_inner(step)]
    paged, narrowed = goes_on_elsewhere(chain)
    here = chain.whole.start_byte <= first.start_byte < chain.whole.end_byte
    at = first if here else chain.whole  # where a caller runs it
    text = shown(reader, at.start_byte, chain.whole.end_byte)
    for chosen in variants(step.choice for step in steps):
        found = Statement(chain.steps[0].name)
        _tables(chain.steps[0], found)
        if not found.tables:
            return
        mine = [step for step in steps[1:] if holds(step.choice, chosen)]
        for step in mine:
            if step.name in ("select", "selectAll", "distinctOn"):
                _select(reader, step, found)
        for step in mine:
            _take(reader, step, found)
        # What does not run here is a part of another statement, or others go on with it.
        runs = any(step.name.startswith(RUNNING) for step in mine)
        found.limited = found.limited or paged or not runs
        found.partial = found.partial or narrowed
        query = read_query(
            found.text,
            reader.span(at),
            partial=found.partial,
            in_loop=reader.in_loop(at),
            scope=reader.scope(at),
            library=LIBRARY,
        )
        if query is not None:
            yield replace(
                query, text=text, limited=query.limited or found.limited,
                partial=query.partial or found.partial, grouped=query.grouped or found.grouped,
            )  # fmt: skip


def _with_inner(step: Step) -> list[Step]:
    """The call, or what `$if(wanted, (qb) => qb.where(...))` does inside."""
    if step.name not in ("$if", "$call"):
        return [step]
    function = bare(step.arguments[-1]) if step.arguments else None
    at = result_of(function) if function is not None and function.type in CALLBACKS else None
    if function is None or at is None:
        return [step]
    choice = (*step.choice, (step.call.id, function.id)) if step.name == "$if" else step.choice
    inner: list[Step] = []
    while at is not None and at.type == "call_expression" and len(inner) < MAX_INNER:
        called = at.child_by_field_name("function")
        named = called.child_by_field_name("property") if called is not None else None
        if called is None or named is None:
            break
        inner.append(Step((named.text or b"").decode("utf-8", "replace"), at, choice))
        at = bare(called.child_by_field_name("object"))
    return inner[::-1]


def _tables(step: Step, found: Statement) -> None:
    given = step.arguments[:1]
    inner = bare(given[0]) if given else None
    listed = inner.named_children if inner is not None and inner.type == "array" else given
    for each in listed[:10]:
        table = table_of(string_of(each))
        if table:
            found.tables.append(table)


def table_of(written: str) -> str:
    match = TABLE.fullmatch(written.strip())
    if match is None:
        return ""
    return quoted(match[1]) + (f' AS "{match[2]}"' if match[2] else "")


def _take(reader: JavaScriptReader, step: Step, found: Statement) -> None:
    name, given = step.name, step.arguments
    if name in JOINS:
        _join(reader, step, found)
    elif name == "where":
        found.conditions.append(condition(reader, given))
    elif name == "whereRef" and len(given) == 3:
        left, right = operand(reader, given[0]), operand(reader, given[2])
        found.conditions.append(f"{left} {string_of(given[1]) or '='} {right}")
    elif name == "orderBy":
        _order(reader, given, found)
    elif name == "clearOrderBy":
        found.order.clear()
    elif name in LIMITING:
        found.limited = True
    elif name in ("groupBy", "distinct", "distinctOn"):
        found.grouped = True
    elif name in ("$if", "$call"):
        found.partial = True


def _select(reader: JavaScriptReader, step: Step, found: Statement) -> None:
    holder = step.call.child_by_field_name("arguments")
    if holder is None:
        return
    span = holder.start_byte, holder.end_byte
    found.counts = found.counts or COUNTING.search(reader.content, *span) is not None
    for match in ALIAS.finditer(reader.content, *span):
        name, column = match[1] or match[3], match[2] or b""
        found.columns[name.decode()] = column.decode()


def _join(reader: JavaScriptReader, step: Step, found: Statement) -> None:
    given = step.arguments
    table = table_of(string_of(given[0])) if given and JOINS[step.name] else ""
    if not table or len(given) < 2:
        found.partial = True
        return
    if len(given) >= 3:
        on = f"{operand(reader, given[1])} = {operand(reader, given[2])}"
    else:
        on = _on(reader, given[1])
    if HOLE in on:
        found.partial = True
        return
    found.joins.append(f"{JOINS[step.name]} {table} on {on}")


def _on(reader: JavaScriptReader, node: Node) -> str:
    """`(join) => join.onRef("a.id", "=", "b.a_id").on("b.kind", "=", "x")`."""
    function = bare(node)
    at = result_of(function) if function is not None and function.type in CALLBACKS else None
    parts: list[str] = []
    while at is not None and at.type == "call_expression" and len(parts) < 12:
        called = at.child_by_field_name("function")
        named = called.child_by_field_name("property") if called is not None else None
        holder = at.child_by_field_name("arguments")
        if called is None or named is None or holder is None:
            break
        name, given = reader.text(named), holder.named_children
        if name == "onRef" and len(given) == 3:
            left, right = operand(reader, given[0]), operand(reader, given[2])
            parts.append(f"{left} {string_of(given[1]) or '='} {right}")
        elif name == "on":
            parts.append(condition(reader, given))
        at = bare(called.child_by_field_name("object"))
    return " and ".join(reversed([each for each in parts if each])) or HOLE


def _order(reader: JavaScriptReader, given: list[Node], found: Statement) -> None:
    inner = bare(given[0]) if given else None
    listed = inner.named_children if inner is not None and inner.type == "array" else given[:1]
    for each in listed[:8]:
        match = ORDERED.fullmatch(string_of(each))
        if match is not None:
            column = found.columns.get(match[1], match[1])
            if column:
                found.order.append(quoted(column))
        elif each.type == "call_expression":
            holder = each.child_by_field_name("arguments")
            if holder is not None and holder.type == "template_string":
                text = fragment(reader, holder)
                if text and HOLE not in text:
                    found.order.append(text)
