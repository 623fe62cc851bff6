"""Laravel's migrations: what `up` does to tables, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.php.eloquent.blueprint import statement, usual_name
from scaleaudit.languages.php.eloquent.columns import DROPS
from scaleaudit.languages.php.forward_steps import Walk, class_at, closures_of, methods_of
from scaleaudit.languages.php.names import chain
from scaleaudit.regex import regex
from scaleaudit.sql import guess_dialect, read_schema

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.forward_steps import Steps
    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

MARKS = (b"Schema::", b"Blueprint", b"DB::")
MIGRATION = regex(rb"\bextends\s+[\w\\]*Migration\b")
CREATES = regex(rb"\bSchema::(?:create|createIfNotExists)\(\s*['\"]\w")
BACK = regex(r"(?i)^(?:down|drop|rollback|revert|uninstall|remove|tear|test)")
RUNS = frozenset({"statement", "unprepared", "update", "affectingStatement"})
DEFAULT = regex(rb"'default'\s*=>\s*(?:\(string\)\s*)?(?:\w+\(\s*'DB_CONNECTION'\s*,\s*)?'(\w+)'")
# What runs on a developer's machine says nothing: SQLite.
ENGINES = {"mysql": "mysql", "mariadb": "mysql", "pgsql": "postgres", "sqlsrv": "tsql"}
MAX_SQL = 20_000  # characters of one statement


def is_migration(reader: PhpReader) -> bool:
    content = reader.content
    return (
        b"Migration" in content
        and has_any(content, MARKS)
        and MIGRATION.search(content) is not None
    )


def engine(reader: PhpReader) -> Steps:
    """`config/database.php`: the connection that is used unless the environment names another."""
    match = DEFAULT.search(reader.content) if b"'connections'" in reader.content else None
    dialect = ENGINES.get(match[1].decode()) if match is not None else None
    if match is not None and dialect:
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        if leaf is not None:
            yield TableChanged(reader.span(leaf), "", "engine", dialect=dialect)


def steps(reader: PhpReader) -> Steps:
    """The steps of the way forward of every migration in the file."""
    for match in MIGRATION.finditer(reader.content):
        holder = class_at(reader, match.start())
        if holder is None:
            continue
        methods = methods_of(reader, holder)
        up = methods.get("up")
        if up is not None:
            walk = Walk(reader, methods, _step, {})
            yield from walk.through(up.child_by_field_name("body"))


def installed(reader: PhpReader) -> Steps:
    """Tables that a class makes which is no migration: an installer's, each method by itself."""
    if CREATES.search(reader.content) is None or is_migration(reader):
        return
    done: set[int] = set()
    for match in CREATES.finditer(reader.content):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.end())
        method = (
            next((e for e in reader.ancestors(leaf) if e.type == "method_declaration"), None)
            if leaf is not None
            else None
        )
        if method is None or method.id in done:
            continue
        done.add(method.id)
        if BACK.search(reader.definition_name(method)) is None:
            walk = Walk(reader, {}, _step, {})
            yield from walk.through(method.child_by_field_name("body"))


def _step(walk: Walk, node: Node) -> Steps | None:
    start, links = chain(walk.reader, node)
    if not links:
        return None
    name, call = links[-1].name, links[-1].call
    said = walk.reader.text(start).rpartition("\\")[2]
    if said == "DB" and name in RUNS and call is not None:
        return _statement(walk, call)
    if call is None:
        return None
    args = walk.reader.arguments(call)[0]
    table = walk.text(args[0]).rpartition(".")[2].lower() if args else ""
    closures = closures_of(call)
    if said == "Schema" and name in ("drop", "dropIfExists"):
        return iter([TableChanged(walk.reader.span(node), table, "drop")] if table else [])
    if said == "Schema" and name == "rename" and len(args) > 1:
        new = walk.text(args[1]).lower()
        known = table and new
        step = TableChanged(walk.reader.span(node), table, "rename", name=new)
        return iter([step] if known else [])
    if said == "Schema" and name == "dropColumns" and len(args) > 1:
        at = walk.reader.span(node)
        gone = [each for given in args[1:] for each in walk.texts(given)]
        return iter([TableChanged(at, table, "drop-column", name=each) for each in gone if table])
    blueprint = said == "Schema" or (closures and b"Blueprint" in walk.reader.content)
    if name not in ("create", "table", "createIfNotExists") or not closures or not blueprint:
        return None
    if not table:
        return iter(())
    if name == "table" and not _creates(walk, closures[0]):
        return _inside(walk, table, closures[0])
    return _created(walk, table, closures[0], node)


def _blueprint(walk: Walk, closure: Node) -> str:
    holder = closure.child_by_field_name("parameters")
    first = next(iter(holder.named_children), None) if holder is not None else None
    named = first.child_by_field_name("name") if first is not None else None
    return walk.reader.text(named) if named is not None else ""


def _creates(walk: Walk, closure: Node) -> bool:
    """`Schema::table("loans", function ($table) { $table->create(); ... })`, as Laravel 3 had it."""
    blueprint = _blueprint(walk, closure)
    return bool(blueprint) and f"{blueprint}->create()" in walk.reader.text(closure)


def _inside(walk: Walk, table: str, closure: Node) -> Steps:
    """The statements on the Blueprint, in order."""
    blueprint = _blueprint(walk, closure)

    def step(inner: Walk, node: Node) -> Steps | None:
        start, links = chain(inner.reader, node)
        if inner.reader.text(start) == blueprint and links:
            return statement(inner, table, node, links)
        return _dropped_by_helper(inner, table, blueprint, links) or _step(inner, node)

    own = Walk(walk.reader, walk.methods, step, walk.names, walk.left)
    yield from own.body(closure, 2)
    walk.left = own.left


def _dropped_by_helper(walk: Walk, table: str, blueprint: str, links: list[Link]) -> Steps | None:
    """`$this->schema->dropIndexIfExists($table, "loans_desk_index")`, a helper of the project."""
    name, call = (links[-1].name, links[-1].call) if links else ("", None)
    ending = DROPS.get(name.removesuffix("IfExists")) if name.endswith("IfExists") else None
    if call is None or ending is None:
        return None
    args = walk.reader.arguments(call)[0]
    if len(args) < 2 or walk.reader.text(args[0]) != blueprint:
        return None
    given = args[1]
    listed = walk.texts(given) if given.type == "array_creation_expression" else []
    index = usual_name(table, listed, ending) if listed else walk.text(given)
    step = TableChanged(walk.reader.span(call), table, "drop-index", name=index)
    return iter([step]) if index else None


def _created(walk: Walk, table: str, closure: Node, node: Node) -> Steps:
    columns: dict[str, ColumnFact] = {}
    indexes: list[IndexFact] = []
    keys: list[ForeignKeyFact] = []
    others: list[TableDefined | TableChanged] = []
    for fact in _inside(walk, table, closure):
        if not isinstance(fact, TableChanged) or fact.table != table:
            others.append(fact)
            continue
        if fact.column is not None:
            columns.setdefault(fact.column.name.lower(), fact.column)
        if fact.index is not None:
            # A key that is set apart stands for the one that a counter brings.
            if fact.index.primary:
                indexes = [index for index in indexes if not index.primary]
            indexes.append(fact.index)
        if fact.foreign_key is not None:
            keys.append(fact.foreign_key)
    if columns:
        at = walk.reader.span(node)
        yield TableDefined(at, table, tuple(columns.values()), tuple(indexes), tuple(keys))
    yield from others


def _statement(walk: Walk, call: Node) -> Steps:
    """`DB::statement("ALTER TABLE ...")`."""
    args = walk.reader.arguments(call)[0]
    text = walk.text(args[0]) if args else ""
    if text and len(text) <= MAX_SQL:
        line = walk.reader.span(call).line
        yield from read_schema(text, guess_dialect(text) or "", first_line=line)
