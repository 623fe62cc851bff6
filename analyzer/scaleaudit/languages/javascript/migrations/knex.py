"""Knex: what the callback of `createTable` and `alterTable` does with its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.languages.javascript.builders.named import text_with_names
from scaleaudit.languages.javascript.migrations import names
from scaleaudit.languages.javascript.migrations.columns import TYPES, sql_type
from scaleaudit.regex import regex
from scaleaudit.sql import is_volatile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.migrations.walk import Migration
    from scaleaudit.source import Span

    Link = tuple[str, list[Node], Node]

KEYS = {"primary": "PRIMARY KEY", "unique": "UNIQUE"}  # as a type written out says them
DROPS = {"dropIndex": "index", "dropUnique": "unique", "dropForeign": "foreign"}
MAX_LINKS = 20  # of one chain
MAX_STATEMENTS = 2_000  # of one callback
SEPARATORS = regex(r"[.\-\s]")
# The columns of a partial index's condition: `knex.whereNull("returned_at")`.
ASKED = regex(r"(?i:where)\w*?(NotNull|Null|)\w*\(\s*[\"'](\w+)[\"']")
INSIDE = frozenset(
    [
        "statement_block",
        "expression_statement",
        "if_statement",
        "else_clause",
        "switch_statement",
        "switch_body",
        "switch_case",
        "await_expression",
        "return_statement",
        "try_statement",
        "for_in_statement",
        "parenthesized_expression",
        "sequence_expression",
    ]
)


def create(m: Migration, call: Node, table: str, callback: Node) -> Iterator[TableDefined]:
    if not table:
        return
    columns: dict[str, ColumnFact] = {}
    indexes: list[IndexFact] = []
    keys: list[ForeignKeyFact] = []
    for fact in change(m, table, callback):
        if fact.column is not None and fact.action == "add-column":
            columns.setdefault(fact.column.name.lower(), fact.column)
        if fact.index is not None:
            indexes.append(fact.index)
        if fact.foreign_key is not None:
            keys.append(fact.foreign_key)
    if columns:
        yield TableDefined(
            m.reader.span(call), table, tuple(columns.values()), tuple(indexes), tuple(keys)
        )


def change(m: Migration, table: str, callback: Node) -> Iterator[TableChanged]:
    """The steps of the callback, statement by statement."""
    given = callback.child_by_field_name("parameters") or callback.child_by_field_name("parameter")
    body = callback.child_by_field_name("body")
    if body is None or given is None:
        return
    name = m.reader.text(given).strip("()").partition(":")[0].partition(",")[0].strip()
    for chain in _chains(body):
        links = _links(m, chain, name)
        if links:
            yield from _statement(m, table, links)


def _chains(body: Node) -> Iterator[Node]:
    """The outermost calls of the statements, through conditions."""
    waiting = [body]
    for _ in range(MAX_STATEMENTS):
        if not waiting:
            return
        node = waiting.pop()
        if node.type == "call_expression":
            yield node
        elif node.type in INSIDE:
            waiting += reversed(node.named_children)


def _links(m: Migration, call: Node, table: str) -> list[Link]:
    """The calls of a chain on the table, first to last; none for a chain on anything else."""
    found: list[Link] = []
    at: Node | None = call
    for _ in range(MAX_LINKS):
        if at is None or at.type != "call_expression":
            break
        function, holder = at.child_by_field_name("function"), at.child_by_field_name("arguments")
        named = function.child_by_field_name("property") if function is not None else None
        if function is None or named is None or holder is None:
            return []
        args = [each for each in holder.named_children if each.type != "comment"]
        found.append((m.reader.text(named), args, at))
        at = function.child_by_field_name("object")
    if at is None or m.reader.text(at) not in (table, "this"):
        return []
    return found[::-1]


def _statement(m: Migration, table: str, links: list[Link]) -> Iterator[TableChanged]:
    kind, args, node = links[0]
    at = m.reader.span(node)
    columns = tuple(names.columns(m, args[0])) if args else ()
    if kind in ("index", "unique", "primary"):
        if columns:
            yield _index(m, table, kind, columns, args[1:], at)
    elif kind == "foreign":
        yield from _tie(m, table, columns, links[1:], at)
    elif kind == "dropNullable":
        for name in columns:
            yield TableChanged(at, table, "set-not-null", name=name)
    elif kind in ("dropColumn", "dropColumns"):
        for each in args:
            for name in names.columns(m, each):
                yield TableChanged(at, table, "drop-column", name=name)
    elif kind == "renameColumn" and len(args) > 1:
        old, new = names.column(m, args[0]), names.column(m, args[1])
        if old and new:
            yield TableChanged(at, table, "rename-column", column=ColumnFact(old, ""), name=new)
    elif kind in DROPS:
        name = m.text(args[1]) if len(args) > 1 else usual_name(table, columns, DROPS[kind])
        yield TableChanged(at, table, "drop-index", name=name)
    elif kind == "dropPrimary":
        yield TableChanged(at, table, "drop-primary-key")
    elif kind == "timestamps":
        camel = any("useCamelCase" in m.reader.text(each) for each in args)
        second = m.reader.text(args[1]) if len(args) > 1 else ""
        filled = second == "true" or any("defaultToNow" in m.reader.text(each) for each in args)
        for name in ("createdAt", "updatedAt") if camel else ("created_at", "updated_at"):
            fact = ColumnFact(name, "TIMESTAMP", not filled, at=at)
            yield TableChanged(at, table, "add-column", column=fact)
    elif kind == "rename":
        yield TableChanged(at, table, "rename", name=m.table(args[0]) if args else "")
    else:
        yield from _column(m, table, links)


def _column(m: Migration, table: str, links: list[Link]) -> Iterator[TableChanged]:
    kind, args, node = links[0]
    increments = kind.lower() in ("increments", "bigincrements")
    name = names.column(m, args[0]) if args else "id" if increments else ""
    if kind == "specificType" and len(args) > 1:
        written = sql_type(m.text(args[1]))
    elif kind.lower() in TYPES or kind == "bigInteger":
        written = TYPES[kind.lower()]
    else:
        return
    if not name:
        return
    at = m.reader.span(node)
    after = {link[0]: link for link in links[1:]}
    nullable = not ("notNullable" in after or "notNull" in after or increments)
    fact = ColumnFact(name, written, nullable, increments, at)
    action = "alter-type" if "alter" in after else "add-column"
    given = after["defaultTo"][1] if "defaultTo" in after else []
    computed = bool(given) and is_volatile(m.reader.text(given[0]))
    default = "volatile" if computed else ""
    yield TableChanged(at, table, action, column=fact, default=default)
    if action == "alter-type" and not nullable:
        yield TableChanged(at, table, "set-not-null", name=name)
    if increments and "alter" not in after:
        yield _index(m, table, "primary", (name,), [], at)
    said = m.text(args[1]).upper() if kind == "specificType" else ""
    for key in ("primary", "unique", "index"):
        if key in after:
            yield _index(m, table, key, (name,), after[key][1], at)
        elif KEYS.get(key, "-") in said:  # `integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY`
            yield _index(m, table, key, (name,), [], at)
    yield from _tie(m, table, (name,), links[1:], at)


def _index(
    m: Migration, table: str, kind: str, columns: tuple[str, ...], given: list[Node], at: Span
) -> TableChanged:
    """`given`: a name, then options; or options alone."""
    members = {key: value for each in given[:2] for key, value in m.members(each).items()}
    name = m.text(members.get("indexName") or members.get("constraintName"))
    name = name or (m.text(given[0]) if given else "")
    usual = "" if kind == "primary" else usual_name(table, columns, kind)
    condition = m.reader.text(members["predicate"])[:400] if "predicate" in members else ""
    where = " and ".join(
        f"{name} is {'' if asked == 'Null' else 'not '}null"
        for asked, name in ASKED.findall(condition)
    )
    index = IndexFact(columns, name or usual, kind != "index", kind == "primary", where, at=at)
    return TableChanged(at, table, "add-index", index=index)


def _tie(
    m: Migration, table: str, columns: tuple[str, ...], links: list[Link], at: Span
) -> Iterator[TableChanged]:
    """`.references("id").inTable("users")`, `.references("users.id")`."""
    given = {name: args[0] for name, args, _ in links if args}
    if not columns or "references" not in given:
        return
    written = names.columns(m, given["references"])
    if not written:  # `${LOANS_TABLE}.id`
        written = [each for each in (text_with_names(m.reader.value(given["references"])),) if each]
    target = m.table(given.get("inTable")) or m.table(given.get("on"))
    if not target and written:
        target = written[0].rpartition(".")[0].rpartition(".")[2].lower()
    if target:
        referred = tuple(each.rpartition(".")[2] for each in written)
        name = m.text(given.get("withKeyName")) or usual_name(table, columns, "foreign")
        tie = ForeignKeyFact(columns, target, referred, at, name)
        yield TableChanged(at, table, "add-foreign-key", foreign_key=tie)


def usual_name(table: str, columns: tuple[str, ...], kind: str) -> str:
    """The name that Knex gives to an index or key without one."""
    return SEPARATORS.sub("_", "_".join((table, *columns, kind))).lower()
