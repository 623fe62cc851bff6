"""Tables that Drizzle declares: `pgTable("orders", {...}, (t) => [index("x").on(t.a)])`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, ModelDefined, RelationFact
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.chains import Step, method_name
from scaleaudit.languages.javascript.drizzle.counted_columns import counted_by_mysql
from scaleaudit.languages.javascript.drizzle.indexes import MAX_CALLS, declared_indexes, returned
from scaleaudit.languages.javascript.drizzle.relations import declared_relations
from scaleaudit.languages.javascript.literal_objects import shape
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.literal_objects import Member
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "drizzle"
MARK = b"drizzle-orm"
CALL = regex(
    rb"\b(pgTable|mysqlTable|sqliteTable|singlestoreTable|cockroachTable|gelTable|createTable"
    rb"|\w+\.table)\s*(?:\.withRLS)?\("
)
CREATOR = regex(rb"\b(\w+)\s*=\s*(pg|mysql|sqlite|singlestore)TableCreator\s*\(([^;]{0,200})")
ENGINE = regex(rb"drizzle-orm/(pg|mysql|sqlite|singlestore|cockroach)-core")
PREFIX = regex(rb"`([\w-]*)\$\{\w+\}`")
DIALECTS = {
    "pg": "postgres", "mysql": "mysql", "sqlite": "sqlite", "singlestore": "mysql",
    "cockroach": "postgres",
}  # fmt: skip
TYPES = {
    "serial": "SERIAL", "bigserial": "BIGSERIAL", "smallserial": "SMALLSERIAL", "integer": "INT",
    "int": "INT", "varchar": "VARCHAR", "text": "TEXT", "boolean": "BOOLEAN", "uuid": "UUID",
    "timestamp": "TIMESTAMP", "datetime": "DATETIME", "date": "DATE", "bigint": "BIGINT",
    "smallint": "SMALLINT", "tinyint": "TINYINT", "numeric": "NUMERIC", "decimal": "DECIMAL",
    "real": "REAL", "doublePrecision": "DOUBLE", "double": "DOUBLE", "json": "JSON",
    "jsonb": "JSONB", "char": "CHAR", "blob": "BLOB", "mysqlEnum": "ENUM", "binary": "BINARY",
}  # fmt: skip
MODES = {
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "timestamp_ms": "TIMESTAMP",
    "json": "JSON",
}
AROUND = {"member_expression", "call_expression", "as_expression", "satisfies_expression"}
KEY_MAKERS = {"primarykey", "primaryid", "pk", "primary"}
MAX_TABLES = 500  # of one file


class Declared(Record, frozen=True):
    """What is said of one column."""

    field: FieldFact
    references: Node | None = None


def tables(reader: JavaScriptReader) -> Iterator[ModelDefined]:
    if MARK not in reader.content:
        return
    creators = {
        match[1]: (match[2].decode(), prefix[1].decode() if prefix is not None else "")
        for match in CREATOR.finditer(reader.content)
        for prefix in [PREFIX.search(match[3])]
    }
    relations = declared_relations(reader)
    imported = ENGINE.search(reader.content)
    for _, match in zip(range(MAX_TABLES), CALL.finditer(reader.content), strict=False):
        node = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        call = node.parent if node is not None else None
        if call is not None and call.type == "member_expression":
            call = call.parent
        name = _variable(reader, call) if call is not None else ""
        if call is None or call.type != "call_expression" or not name:
            continue
        engine, prefix_ = creators.get(match[1], (match[1].decode().partition("Table")[0], ""))
        dialect = DIALECTS.get(engine) or DIALECTS.get(imported[1].decode() if imported else "", "")
        yield from _table(reader, call, name, prefix_, dialect, relations)


def _variable(reader: JavaScriptReader, call: Node) -> str:
    """What holds the table, also behind calls on it: `pgTable(...).enableRLS()`."""
    above = call.parent
    for _ in range(2 * MAX_CALLS):
        if above is None or above.type not in AROUND:
            break
        if above.type == "call_expression" and method_name(reader, above) == "as":
            return ""  # another name of it
        above = above.parent
    name = above.child_by_field_name("name") if above is not None else None
    return reader.text(name) if name is not None and name.type == "identifier" else ""


def _table(
    reader: JavaScriptReader,
    call: Node,
    name: str,
    prefix: str,
    dialect: str,
    relations: dict[str, list[RelationFact]],
) -> Iterator[ModelDefined]:
    args, _, _ = reader.arguments(call)
    listed = returned(args[1]) if len(args) > 1 else None
    if listed is None or args[0].type != "string" or listed.type != "object":
        return
    object_ = shape(reader, listed)
    declared = [_column(reader, member) for member in object_.members]
    columns = {each.field.name: each.field.column or each.field.name for each in declared}
    own = [
        RelationFact(
            each.name, each.target, each.kind, columns.get(each.column, each.column),
            each.inverse, at=each.at, constrained=each.constrained,
        )
        for each in relations.get(name, ())
    ]  # fmt: skip
    named = {each.column for each in own if each.kind == "belongs-to"}
    for each in declared:
        target = _referred(reader, each.references, name)
        column = columns[each.field.name]
        if target and column not in named:
            own.append(
                RelationFact(
                    f"{each.field.name}.references", target, "belongs-to", column,
                    nullable=each.field.nullable, at=each.field.at,
                )
            )  # fmt: skip
        elif target:
            own = [
                RelationFact(o.name, o.target, o.kind, o.column, o.inverse, at=o.at)
                if o.kind == "belongs-to" and o.column == column
                else o
                for o in own
            ]
    indexes = tuple(declared_indexes(reader, args[2], columns)) if len(args) > 2 else ()
    fields = tuple(each.field for each in declared)
    yield ModelDefined(
        at=reader.span(call),
        name=name,
        framework=FRAMEWORK,
        table=prefix + reader.text(args[0])[1:-1],
        fields=counted_by_mysql(fields, indexes) if dialect == "mysql" else fields,
        relations=tuple(own),
        indexes=indexes,
        dialect=dialect,
        whole=bool(fields) and not object_.hidden and "id" not in {*columns, *columns.values()},
    )


def _column(reader: JavaScriptReader, member: Member) -> Declared:
    """`varchar("email", { length: 9 }).notNull().unique()`."""
    steps: list[Step] = []
    at = bare(member.value)
    for _ in range(MAX_CALLS):
        if at is None or at.type != "call_expression":
            break
        steps.append(Step(method_name(reader, at), at))
        function = at.child_by_field_name("function")
        at = bare(function.child_by_field_name("object")) if function is not None else None
    names = {step.name for step in steps}
    made = steps[-1] if steps else None
    called = made.call.child_by_field_name("function") if made is not None else None
    word = reader.text(called).rpartition(".")[2].partition("<")[0] if called is not None else ""
    # Without a name it is called like the attribute, or so in snake case where `casing` is set.
    column, kind = "", TYPES.get(word, "ENUM" if word.endswith("Enum") else "")
    for given in made.arguments if made is not None else ():
        inner = bare(given)
        if inner is not None and inner.type == "string":
            column = reader.text(inner)[1:-1]
        elif inner is not None and inner.type == "object":
            for option in shape(reader, inner).members:
                if option.key == "enum":
                    kind = "ENUM"
                elif option.key == "mode":
                    kind = MODES.get(reader.text(option.value).strip("'\""), kind)
    references = next((step for step in steps if step.name == "references"), None)
    given_to = references.arguments[:1] if references is not None else []
    return Declared(
        FieldFact(
            name=member.key,
            column=column,
            type=f"{kind}[]" if "array" in names else kind,
            nullable=not names & {"notNull", "primaryKey"},
            unique="unique" in names,
            # A helper of the repository's own that makes the key: `pk: primaryKey()`.
            primary="primaryKey" in names or word.lower().removeprefix("_") in KEY_MAKERS,
            auto_increment=word.endswith("serial") or "autoincrement" in names,
            at=reader.span(member.value),
        ),
        given_to[0] if given_to else None,
    )


def _referred(reader: JavaScriptReader, node: Node | None, own: str) -> str:
    """`() => users.id`: the constant of the other table."""
    function = bare(node)
    body = bare(function.child_by_field_name("body")) if function is not None else None
    if body is None or body.type != "member_expression":
        return ""
    parts = reader.text(body).split(".")
    return parts[-2] if len(parts) > 1 and parts[-2].isidentifier() else own
