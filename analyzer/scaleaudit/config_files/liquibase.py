"""Liquibase changelogs in XML: the changes of a schema, in the order of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.liquibase_lists import listed_in
from scaleaudit.config_files.reading import MAX_FACTS, lines_in
from scaleaudit.config_files.xml_elements import parse_xml
from scaleaudit.facts import (
    ColumnFact,
    FileFacts,
    ForeignKeyFact,
    IndexFact,
    TableChanged,
    TableDefined,
    written_with,
)
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import RARE, read_schema, without_prefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scaleaudit.config_files.xml_elements import Element

    Change = TableDefined | TableChanged

COUNTING = {"SERIAL", "BIGSERIAL", "SMALLSERIAL"}
_TYPE = regex(r"[A-Za-z_][\w ]*")
_REFERENCE = regex(r"\s*([\w.`\"\[\]]+)\s*\(([^()]{1,200})\)")


def extract(content: bytes) -> FileFacts:
    root, problem = parse_xml(content)
    if root is None or root.tag != "databaseChangeLog":
        return FileFacts(problem=problem, lines=lines_in(content))
    facts = (*written_with("liquibase-xml", changes_of(root.children)), *listed_in(root.children))
    return FileFacts(facts, problem=problem, lines=lines_in(content))


def changes_of(change_sets: Iterable[Element]) -> list[Change]:
    """The facts of the change sets that the usual engines run."""
    facts: list[Change] = []
    for change_set in change_sets:
        if change_set.tag != "changeSet" or not meant_for_common_engines(change_set):
            continue
        for change in change_set.children:
            read = CHANGES.get(change.tag)
            if read is not None and len(facts) < MAX_FACTS:
                facts.extend(read(change))
    return facts


def meant_for_common_engines(change_set: Element) -> bool:
    named = {name.strip() for name in change_set.attributes.get("dbms", "").lower().split(",")}
    wanted = {name for name in named if name and not name.startswith("!")}
    return not wanted or not wanted <= RARE


def create_table(change: Element) -> Iterator[Change]:
    table = table_of(change)
    columns = [(each, column(each)) for each in change.all("column") if name_of(each)]
    keyed = tuple(c.name for each, c in columns if constraint(each, "primaryKey") == "true")
    indexes = [IndexFact(keyed, primary=True, unique=True, at=Span(change.line))] if keyed else []
    for each, found in columns:
        indexes.extend(unique_column(each, found))
    references = [key for each, found in columns for key in referring(each, found)]
    if table:
        yield TableDefined(
            Span(change.line),
            table,
            tuple(found for _, found in columns),
            tuple(indexes),
            tuple(references),
        )


def add_column(change: Element) -> Iterator[Change]:
    table, at = table_of(change), Span(change.line)
    for each in change.all("column"):
        if not table or not name_of(each):
            continue
        found = column(each)
        yield TableChanged(at, table, "add-column", column=found)
        if constraint(each, "primaryKey") == "true":
            primary = IndexFact((found.name,), primary=True, unique=True, at=found.at)
            yield TableChanged(at, table, "add-index", index=primary)
        for index in unique_column(each, found):
            yield TableChanged(at, table, "add-index", index=index)
        for key in referring(each, found):
            yield TableChanged(at, table, "add-foreign-key", foreign_key=key)


def column(each: Element) -> ColumnFact:
    kind = type_of(each.attributes.get("type", ""))
    counted = each.attributes.get("autoIncrement", "").lower() == "true" or kind in COUNTING
    nullable = constraint(each, "nullable") != "false" and constraint(each, "primaryKey") != "true"
    return ColumnFact(name_of(each), kind, nullable, counted, Span(each.line))


def unique_column(each: Element, found: ColumnFact) -> Iterator[IndexFact]:
    if constraint(each, "unique") == "true":
        name = constraint(each, "uniqueConstraintName")
        yield IndexFact((found.name,), name, unique=True, at=found.at)


def referring(each: Element, found: ColumnFact) -> Iterator[ForeignKeyFact]:
    target, columns = constraint(each, "referencedTableName"), ""
    columns = constraint(each, "referencedColumnNames")
    written = _REFERENCE.match(constraint(each, "references"))
    if written is not None:
        target, columns = written[1], written[2]
    if target:
        yield ForeignKeyFact(
            (found.name,),
            plain(target),
            listed(columns),
            found.at,
            constraint(each, "foreignKeyName").lower(),
        )


def create_index(change: Element) -> Iterator[Change]:
    columns = tuple(
        f"({name_of(each)})" if each.attributes.get("computed") == "true" else name_of(each)
        for each in change.all("column")
        if name_of(each)
    )
    unique = change.attributes.get("unique") == "true"
    yield from indexed(change, columns, "indexName", unique=unique)


def add_unique(change: Element) -> Iterator[Change]:
    columns = listed(change.attributes.get("columnNames", ""))
    yield from indexed(change, columns, "constraintName", unique=True)


def add_primary_key(change: Element) -> Iterator[Change]:
    columns = listed(change.attributes.get("columnNames", ""))
    yield from indexed(change, columns, "constraintName", unique=True, primary=True)


def indexed(
    change: Element,
    columns: tuple[str, ...],
    named: str,
    *,
    unique: bool = False,
    primary: bool = False,
) -> Iterator[Change]:
    table, at = table_of(change), Span(change.line)
    if table and columns:
        name = change.attributes.get(named, "")
        index = IndexFact(columns, name, unique=unique, primary=primary, at=at)
        yield TableChanged(at, table, "add-index", index=index)


def add_foreign_key(change: Element) -> Iterator[Change]:
    given, at = change.attributes, Span(change.line)
    table, target = plain(given.get("baseTableName", "")), given.get("referencedTableName", "")
    columns = listed(given.get("baseColumnNames", ""))
    if table and target and columns:
        key = ForeignKeyFact(
            columns,
            plain(target),
            listed(given.get("referencedColumnNames", "")),
            at,
            given.get("constraintName", "").lower(),
        )
        yield TableChanged(at, table, "add-foreign-key", foreign_key=key)


def drop_column(change: Element) -> Iterator[Change]:
    names = [change.attributes.get("columnName", ""), *map(name_of, change.all("column"))]
    for name in names:
        if name:
            yield TableChanged(Span(change.line), table_of(change), "drop-column", name=name)


def drop_constraint(change: Element) -> Iterator[Change]:
    given = change.attributes
    table = plain(given.get("tableName", "") or given.get("baseTableName", ""))
    name = given.get("indexName", "") or given.get("constraintName", "")
    if name:
        yield TableChanged(Span(change.line), table, "drop-index", name=name.lower())


def drop_primary_key(change: Element) -> Iterator[Change]:
    yield TableChanged(Span(change.line), table_of(change), "drop-primary-key")


def drop_table(change: Element) -> Iterator[Change]:
    yield TableChanged(Span(change.line), table_of(change), "drop")


def rename_table(change: Element) -> Iterator[Change]:
    old, new = (plain(change.attributes.get(key, "")) for key in ("oldTableName", "newTableName"))
    if old and new:
        yield TableChanged(Span(change.line), old, "rename", name=new)


def rename_column(change: Element) -> Iterator[Change]:
    old, new = (change.attributes.get(key, "") for key in ("oldColumnName", "newColumnName"))
    if old and new:
        at = Span(change.line)
        yield TableChanged(
            at, table_of(change), "rename-column", column=ColumnFact(old, "", at=at), name=new
        )


def modify_type(change: Element) -> Iterator[Change]:
    given, at = change.attributes, Span(change.line)
    name = given.get("columnName", "")
    kind = type_of(given.get("newDataType", "") or given.get("columnDataType", ""))
    if name:
        counted = change.tag == "addAutoIncrement" or kind in COUNTING
        changed = ColumnFact(name, kind, True, counted, at)
        yield TableChanged(at, table_of(change), "alter-type", column=changed)


def rows(change: Element) -> Iterator[Change]:
    if table_of(change):
        yield TableChanged(Span(change.line), table_of(change), "seed")


def script(change: Element) -> Iterator[Change]:
    yield from read_schema(without_prefixes(change.text), first_line=change.line)


CHANGES: dict[str, Callable[[Element], Iterator[Change]]] = {
    "createTable": create_table,
    "addColumn": add_column,
    "createIndex": create_index,
    "addUniqueConstraint": add_unique,
    "addPrimaryKey": add_primary_key,
    "addForeignKeyConstraint": add_foreign_key,
    "dropColumn": drop_column,
    "dropIndex": drop_constraint,
    "dropUniqueConstraint": drop_constraint,
    "dropForeignKeyConstraint": drop_constraint,
    "dropPrimaryKey": drop_primary_key,
    "dropTable": drop_table,
    "renameTable": rename_table,
    "renameColumn": rename_column,
    "modifyDataType": modify_type,
    "addAutoIncrement": modify_type,
    "insert": rows,
    "loadData": rows,
    "sql": script,
}


def table_of(change: Element) -> str:
    return plain(change.attributes.get("tableName", ""))


def name_of(each: Element) -> str:
    """A column's name, without the direction that an index may add to it."""
    return re.sub(r"(?i)\s+(?:asc|desc)$", "", each.attributes.get("name", "").strip()).strip('`"')


def constraint(each: Element, attribute: str) -> str:
    return next((c.attributes[attribute] for c in each.all("constraints")
                 if attribute in c.attributes), "")  # fmt: skip


def type_of(written: str) -> str:
    """In upper case without length; empty when a property of Liquibase stands for it."""
    if "${" in written:
        return ""
    found = _TYPE.match(written.rpartition(".")[2].strip())
    return found[0].strip().upper() if found is not None else ""


def plain(table: str) -> str:
    return without_prefixes(table).rpartition(".")[2].strip('`"[] ').lower()


def listed(columns: str) -> tuple[str, ...]:
    return tuple(name for each in columns.split(",") if (name := each.strip().strip('`"[]')))
