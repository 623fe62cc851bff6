"""Tables and indexes that migrations of Kysely make: `db.schema.createTable("orders")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    ColumnFact,
    ForeignKeyFact,
    IndexFact,
    TableChanged,
    TableDefined,
)
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.chains import Step, chain_of
from scaleaudit.languages.javascript.kysely.expressions import fragment, string_of
from scaleaudit.regex import regex
from scaleaudit.sql import read_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

START = regex(
    rb"\.\s*schema\b(?:\s++|//[^\n]*+\n|/\*[^*]*+\*+/)*+\.\s*"
    rb"(createTable|alterTable|dropTable|createIndex|dropIndex)\s*\("
)
# In the words of the database: a definition, a block or a dump, which begins with comments.
RAW = regex(
    rb"sql(?<!\wsql)\s*+(?:<[^`;]{0,200}?>\s*+)?(`)\s*+(?=--|(?i:CREATE|ALTER|DROP|SET|DO)\s)"
)
TYPE = regex(r"[A-Za-z][A-Za-z ]*")
REFERENCES = regex(r"\.references\(\s*[\"'`]([\w.]+)\.(\w+)[\"'`]")
MAX_CHANGES = 500  # of one file


def migrations(reader: JavaScriptReader) -> Iterator[TableDefined | TableChanged]:
    """What runs forward; what a function `down` takes back does not count."""
    starts = [*START.finditer(reader.content)][:MAX_CHANGES]
    starts += [*RAW.finditer(reader.content)][:MAX_CHANGES]
    for match in sorted(starts, key=lambda each: each.start(1)):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        if match[1] == b"`":
            yield from _raw(reader, leaf)
            continue
        member = leaf.parent if leaf is not None else None
        call = member.parent if member is not None else None
        if call is None or call.type != "call_expression":
            continue
        if "down" in reader.scope(call).split("."):
            continue
        steps = chain_of(reader, call).steps
        given = steps[0].arguments
        name = string_of(given[0]) if given else ""
        if name:
            yield from CHANGES[match[1].decode()](reader, name, steps)


def _raw(reader: JavaScriptReader, leaf: Node | None) -> Iterator[TableDefined | TableChanged]:
    """`sql`CREATE TABLE ...`.execute(db)` in a function `up`: a statement, or a whole dump."""
    node = leaf if leaf is None or leaf.type == "template_string" else leaf.parent
    if node is None or node.type != "template_string":
        return
    around = reader.scope(node).split(".")
    if "up" not in around or any(each.type == "template_substitution" for each in node.children):
        return
    reader.schema_told = True
    text = reader.text(node)[1:-1].replace("\\\\", "\\")
    yield from read_schema(text, first_line=reader.span(node).line)


def _create(reader: JavaScriptReader, name: str, steps: list[Step]) -> Iterator[TableDefined]:
    columns: list[ColumnFact] = []
    indexes: list[IndexFact] = []
    keys: list[ForeignKeyFact] = []
    for step in steps[1:]:
        if step.name == "addColumn":
            column, more, key = _column(reader, step)
            columns += [column] if column is not None else []
            indexes += [more] if more is not None else []
            keys += [key] if key is not None else []
        else:
            index, key = _constraint(reader, step)
            indexes += [index] if index is not None else []
            keys += [key] if key is not None else []
    if columns:
        yield TableDefined(
            at=reader.span(steps[0].call),
            table=bare_name(name),
            columns=tuple(columns),
            indexes=tuple(indexes),
            foreign_keys=tuple(keys),
        )


def _column(
    reader: JavaScriptReader, step: Step
) -> tuple[ColumnFact | None, IndexFact | None, ForeignKeyFact | None]:
    """`addColumn("id", "varchar(9)", (col) => col.primaryKey())`."""
    given = step.arguments
    name = string_of(given[0]) if given else ""
    if not name:
        return None, None, None
    at = reader.span(given[0])
    made = reader.text(given[2])[:600] if len(given) > 2 else ""
    primary, unique = ".primaryKey(" in made, ".unique(" in made
    kind = _type(reader, given[1]) if len(given) > 1 else ""
    automatic = "autoIncrement(" in made or "generated" in made or kind.endswith("SERIAL")
    column = ColumnFact(name, kind, not (primary or ".notNull(" in made), automatic, at)
    index = IndexFact((name,), unique=True, primary=primary, at=at) if primary or unique else None
    target = REFERENCES.search(made)
    key = ForeignKeyFact((name,), bare_name(target[1]), (target[2],), at) if target else None
    return column, index, key


def _type(reader: JavaScriptReader, node: Node) -> str:
    inner = bare(node)
    written = string_of(inner)
    holder = inner.child_by_field_name("arguments") if inner is not None else None
    if holder is not None and holder.type == "template_string":
        written = fragment(reader, holder)
    match = TYPE.match(written)
    return match[0].strip().upper() if match is not None else ""


def _constraint(
    reader: JavaScriptReader, step: Step
) -> tuple[IndexFact | None, ForeignKeyFact | None]:
    given = step.arguments
    if len(given) < 2:
        return None, None
    columns, at, name = _names(given[1]), reader.span(step.call), string_of(given[0])
    if not columns:
        return None, None
    if step.name in ("addPrimaryKeyConstraint", "addUniqueConstraint"):
        primary = step.name == "addPrimaryKeyConstraint"
        return IndexFact(columns, name, unique=True, primary=primary, at=at), None
    if step.name == "addForeignKeyConstraint" and len(given) > 3:
        target = bare_name(string_of(given[2]))
        return None, ForeignKeyFact(columns, target, _names(given[3]), at, name)
    return None, None


def _names(node: Node) -> tuple[str, ...]:
    inner = bare(node)
    listed = inner.named_children if inner is not None and inner.type == "array" else [node]
    words = [string_of(each) for each in listed if each.type != "comment"]
    found = tuple(word.partition(" ")[0] for word in words)
    return found if all(found) else ()


def _alter(reader: JavaScriptReader, name: str, steps: list[Step]) -> Iterator[TableChanged]:
    table = bare_name(name)
    for step in steps[1:]:
        given, at = step.arguments, reader.span(step.call)
        first = string_of(given[0]) if given else ""
        if step.name == "addColumn":
            column, index, key = _column(reader, step)
            if column is not None:
                yield TableChanged(at, table, "add-column", column=column)
            if index is not None:
                yield TableChanged(at, table, "add-index", index=index)
            if key is not None:
                yield TableChanged(at, table, "add-foreign-key", foreign_key=key)
        elif step.name == "dropColumn" and first:
            yield TableChanged(at, table, "drop-column", name=first)
        elif step.name == "renameColumn" and first and len(given) > 1:
            column = ColumnFact(first, "")
            yield TableChanged(at, table, "rename-column", column=column, name=string_of(given[1]))
        elif step.name == "renameTo" and first:
            yield TableChanged(at, table, "rename", name=bare_name(first))
        elif step.name == "dropConstraint" and first:
            yield TableChanged(at, table, "drop-index", name=first)
        else:
            index, key = _constraint(reader, step)
            if index is not None:
                yield TableChanged(at, table, "add-index", index=index)
            if key is not None:
                yield TableChanged(at, table, "add-foreign-key", foreign_key=key)


def _index(reader: JavaScriptReader, name: str, steps: list[Step]) -> Iterator[TableChanged]:
    """`createIndex("by_state").on("orders").columns(["state", "at desc"]).unique()`."""
    table, method, where, unique = "", "", "", False
    columns: list[str] = []
    for step in steps[1:]:
        first = step.arguments[0] if step.arguments else None
        if step.name == "on" and first is not None:
            table = bare_name(string_of(first))
        elif step.name in ("column", "columns") and first is not None:
            columns += _names(first)
        elif step.name == "expression" and first is not None:
            holder = first.child_by_field_name("arguments")
            text = fragment(reader, holder) if holder is not None else ""
            # As SQL reads it: `code DESC) WHERE (code IS NOT NULL` is a way to a partial index.
            for fact in read_schema(f"CREATE INDEX i ON t ({text})") if "{}" not in text else ():
                if isinstance(fact, TableChanged) and fact.index is not None:
                    columns += fact.index.columns
                    where = fact.index.where or where
        elif step.name == "using" and first is not None:
            method = string_of(first)
        elif step.name == "unique":
            unique = True
        elif step.name == "where" and step.arguments:
            where = " and ".join(filter(None, (where, _condition(reader, step.arguments))))
    if table and columns:
        index = IndexFact(
            tuple(columns), name, unique, where=where, method=method, at=reader.span(steps[0].call)
        )
        yield TableChanged(index.at, table, "add-index", index=index)


def _condition(reader: JavaScriptReader, given: list[Node]) -> str:
    """`where("state", "=", "open")`; of `where(sql`state = 'open'`)` the text."""
    if len(given) < 3:
        holder = given[0].child_by_field_name("arguments")
        return fragment(reader, holder).strip() if holder is not None else ""
    column, operator, value = given[:3]
    told = bare(value)
    written = reader.text(told if told is not None else value)[:100]
    if told is not None and told.type == "string":
        written = f"'{string_of(told)}'"
    return f"{string_of(column)} {string_of(operator)} {written}" if string_of(column) else ""


def _drop(reader: JavaScriptReader, name: str, steps: list[Step]) -> Iterator[TableChanged]:
    yield TableChanged(reader.span(steps[0].call), bare_name(name), "drop")


def _drop_index(reader: JavaScriptReader, name: str, steps: list[Step]) -> Iterator[TableChanged]:
    table = next((string_of(s.arguments[0]) for s in steps if s.name == "on" and s.arguments), "")
    yield TableChanged(reader.span(steps[0].call), bare_name(table), "drop-index", name=name)


def bare_name(written: str) -> str:
    return written.rpartition(".")[2].lower()


CHANGES: dict[
    str,
    Callable[[JavaScriptReader, str, list[Step]], Iterator[TableDefined] | Iterator[TableChanged]],
] = {
    "createTable": _create,
    "alterTable": _alter,
    "createIndex": _index,
    "dropTable": _drop,
    "dropIndex": _drop_index,
}
