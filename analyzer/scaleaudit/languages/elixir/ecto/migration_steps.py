"""What each step of an Ecto migration does to a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ColumnFact, IndexFact, TableChanged, TableDefined
from scaleaudit.languages.elixir.ecto.column_types import COUNTING, sql_type
from scaleaudit.languages.elixir.ecto.migration_lines import inside
from scaleaudit.languages.elixir.syntax import (
    arguments,
    atom,
    body,
    keywords,
    local_name,
    named,
    pairs,
    raw,
    text_or_atom,
    unwrapped,
)
from scaleaudit.regex import regex
from scaleaudit.sql import guess_dialect, read_schema, without_existence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.elixir.ecto.migrations import Migration

    Options = dict[str, Node]
    Steps = Iterator[TableDefined | TableChanged]

INDEXES = frozenset({b"index", b"unique_index"})
# `"inserted_at DESC"`, `"name gin_trgm_ops"`
SORTED = regex(r"(?i)\"?(\w{1,120})\"?(?:\s+(?:asc|desc|nulls\s+(?:first|last)|\w+_ops))*")
MAX_SQL = 100_000
QUERIES = frozenset({"query", "query!"})
COLUMNAR = regex(r"MergeTree|TinyLog|ReplacingMerge")


def create(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    made = unwrapped(args[0]) if args else None
    if made is None:
        return
    kind = local_name(made)
    if kind == b"table":
        yield from create_table(m, call, made)
    elif kind in INDEXES:
        yield from add_index(m, call, made)
    elif kind == b"constraint":
        yield from constraint(m, call, made)


def create_table(m: Migration, call: Node, made: Node) -> Steps:
    given, options = arguments(made)
    name = m.table(given[0]) if given else ""
    if not name:
        return
    at = m.reader.span(call)
    columns: dict[str, ColumnFact] = {}
    keys: list[str] = []
    if raw(options.get("primary_key")) != b"false":
        own = keywords(options.get("primary_key"))
        key = atom(own.get("name")) or "id"
        kind = own.get("type")
        columns[key] = ColumnFact(
            key,
            sql_type(kind) if kind is not None else "BIGINT",
            nullable=False,
            auto_increment=kind is None or atom(kind) in COUNTING,
            at=at,
        )
        keys.append(key)
    foreign = []
    for fact, primary in inside(m, name, body(call)):
        if fact.column is not None:
            columns.setdefault(fact.column.name.lower(), fact.column)
            if primary:
                keys.append(fact.column.name)
        if fact.foreign_key is not None:
            foreign.append(fact.foreign_key)
    indexes = (IndexFact(tuple(keys), unique=True, primary=True, at=at),) if keys else ()
    engine = text_or_atom(options.get("engine")) or text_or_atom(options.get("options"))
    dialect = "clickhouse" if COLUMNAR.search(engine) else ""
    yield TableDefined(at, name, tuple(columns.values()), indexes, tuple(foreign), dialect)


def alter(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    made = unwrapped(args[0]) if args else None
    if made is None or local_name(made) != b"table":
        return
    given, _ = arguments(made)
    name = m.table(given[0]) if given else ""
    if name:
        assured = m.assured(call)
        for fact, _ in inside(m, name, body(call)):
            yield replace(fact, online=True) if assured else fact


def index_of(m: Migration, made: Node) -> tuple[str, IndexFact] | None:
    """The table and what `index(:orders, [:state], where: "...")` describes."""
    given, options = arguments(made)
    table = m.table(given[0]) if given else ""
    columns = index_columns(m, given[1]) if len(given) > 1 else ()
    named_ = m.text(options.get("name"))
    if not table or not (columns or named_):
        return None
    usual = f"{table}_{'_'.join(plain_name(c) for c in columns)}_index"
    unique = local_name(made) == b"unique_index" or raw(options.get("unique")) == b"true"
    using = m.text(options.get("using")).lower()
    where = m.text(options.get("where"))
    fact = IndexFact(
        columns,
        named_ or usual,
        unique,
        where=where or ("?" if "where" in options else ""),
        method="" if using == "btree" else using,
        at=m.reader.span(made),
    )
    return table, fact


def index_columns(m: Migration, node: Node) -> tuple[str, ...]:
    meant = m.meant(node)
    sorted_ = [each for _, each in pairs(meant)]  # `[:a, desc: :inserted_at]`
    first = m.texts(meant) if meant is not None and (not sorted_ or len(named(meant)) > 1) else []
    found: list[str] = []
    for text in [*first, *(text_or_atom(each) for each in sorted_)]:
        plain = SORTED.fullmatch(text.strip())
        found += [plain[1]] if plain is not None else expressions(text)
    return tuple(found)


def expressions(text: str) -> list[str]:
    """The columns that a text in a list of columns stands for: `"lower(email)"`."""
    told = list(read_schema(f"CREATE INDEX i ON t ({text})", "postgres"))
    fact = told[0] if len(told) == 1 else None
    if isinstance(fact, TableChanged) and fact.index is not None:
        return list(fact.index.columns)
    return [f"({text})"] if text else []


def plain_name(column: str) -> str:
    return "".join(each for each in column.strip("()") if each.isalnum() or each == "_")


def add_index(m: Migration, call: Node, made: Node) -> Steps:
    found = index_of(m, made)
    if found is not None and found[1].columns:
        _, options = arguments(made)
        online = raw(options.get("concurrently")) == b"true" or m.assured(call)
        yield TableChanged(
            m.reader.span(call), found[0], "add-index", index=found[1], online=online
        )


def constraint(m: Migration, call: Node, made: Node) -> Steps:
    given, options = arguments(made)
    table, text = m.table(given[0]) if given else "", m.text(options.get("check"))
    if table and text:
        unchecked = raw(options.get("validate")) == b"false" or m.assured(call)
        yield TableChanged(
            m.reader.span(call), table, "add-check", name=text.lower(), online=unchecked
        )


def drop(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    gone = unwrapped(args[0]) if args else None
    if gone is None:
        return
    kind, at = local_name(gone), m.reader.span(call)
    given, own = arguments(gone)
    table = m.table(given[0]) if given else ""
    if kind == b"table" and table:
        yield TableChanged(at, table, "drop")
    elif kind in INDEXES:
        found = index_of(m, gone)
        if found is not None:
            same = found[1] if "name" not in own else None
            yield TableChanged(at, table, "drop-index", index=same, name=found[1].name)
    elif kind == b"constraint" and table and len(given) > 1:
        name = m.text(given[1])
        if name:
            yield TableChanged(at, table, "drop-foreign-key", name=name)


def rename(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    renamed = unwrapped(args[0]) if args else None
    if renamed is None:
        return
    at, to = m.reader.span(call), options.get("to")
    given, _ = arguments(renamed)
    table = m.table(given[0]) if given else ""
    if local_name(renamed) == b"table" and table and len(args) > 1:
        old, new = m.text(args[1]), m.text(to)
        if old and new:
            yield TableChanged(at, table, "rename-column", column=ColumnFact(old, ""), name=new)
    elif local_name(renamed) == b"table" and table and to is not None:
        target, _ = arguments(to)
        new = m.table(target[0]) if target else ""
        if new:
            yield TableChanged(at, table, "rename", name=new)
    elif local_name(renamed) in INDEXES:
        found, new = index_of(m, renamed), m.text(to)
        if found is not None and new:
            old_index = IndexFact((), found[1].name, at=at)
            yield TableChanged(at, table, "rename-index", index=old_index, name=new)


def execute(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    """`execute "CREATE INDEX ..."`; a second text is the way back."""
    if not args:
        return
    if args[0].type in ("anonymous_function", "unary_operator") and m.sql(args[0]) == "":
        yield from m.walk(args[0])
        return
    yield from statement(m, call, args[0])


def statement(m: Migration, call: Node, node: Node) -> Steps:
    text = without_existence(m.sql(node))
    if not text or len(text) > MAX_SQL:
        return
    assured = m.assured(call)
    for fact in read_schema(text, guess_dialect(text), first_line=m.reader.span(node).line):
        if isinstance(fact, TableChanged):
            yield replace(fact, online=fact.online or assured)
        elif isinstance(fact, TableDefined):
            yield fact


def run_here(m: Migration, call: Node, owner: str, name: str) -> Steps:
    """`repo().query!("...")`, `Repo.update_all("orders", set: [...])`"""
    if not (owner == "repo()" or owner.rpartition(".")[2].endswith("Repo")):
        return
    args, _ = arguments(call)
    if name in QUERIES and args:
        yield from statement(m, call, args[0])
    elif name == "update_all" and args and args[0].type == "string":
        table = m.table(args[0])
        if table:
            yield TableChanged(m.reader.span(call), table, "backfill")


def nothing(m: Migration, call: Node, args: list[Node], options: Options) -> Steps:
    return iter(())


STEPS: dict[str, Callable[[Migration, Node, list[Node], Options], Steps]] = {
    "create": create,
    "create_if_not_exists": create,
    "alter": alter,
    "drop": drop,
    "drop_if_exists": drop,
    "rename": rename,
    "execute": execute,
    "flush": nothing,
}
