"""Classes that SQLAlchemy, Flask-SQLAlchemy and SQLModel keep in tables, and tables of Core."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, ModelDefined, OrmQuery
from scaleaudit.languages.python.sqlalchemy import constraints
from scaleaudit.languages.python.sqlalchemy.bodies import Body, read_body
from scaleaudit.languages.python.sqlalchemy.columns import column, column_call
from scaleaudit.languages.python.sqlalchemy.imperative import imperative
from scaleaudit.languages.python.sqlalchemy.relation_facts import resolved, sort_conditions
from scaleaudit.languages.python.sqlalchemy.syntax import (
    dotted,
    given,
    items,
    last_name,
    literal,
)
from scaleaudit.languages.python.sqlalchemy.table_names import default_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from tree_sitter import Node

    from scaleaudit.facts import Fact, IndexFact
    from scaleaudit.languages.python.reader import PythonReader

# Bases that no model of this project stands behind.
ROOTS = frozenset(
    {
        "object",
        "DeclarativeBase",
        "DeclarativeBaseNoMeta",
        "MappedAsDataclass",
        "AsyncAttrs",
        "Generic",
        "ABC",
        "Protocol",
        "SQLModel",
        "BaseModel",
    }
)
PARTS = regex(r"Mixin\w*$|^Mixin|(?<!Data)Base$|^Abstract|^Base(?=[A-Z])|^Has[A-Z]")
FRAMEWORK = "sqlalchemy"
OUTSIDE = regex(rb"^(?:[A-Za-z_]\w*[ ]*=[ ]*)?((?:\w+\.)*Index)\(", re.MULTILINE)
TABLE = regex(rb"\b((?:\w+\.)*Table)\((?:\s|#[^\n]*\n)*[\"'a-zA-Z_]")
MAX_TABLES = 500


def models(reader: PythonReader, classes: Sequence[Node]) -> Iterator[Fact]:
    """The models of a file."""
    bodies = [read_body(reader, node) for node in classes]
    tables = {body.name: body.table for body in bodies if body.table}
    indexes = indexes_outside(reader)
    sqlmodels = {body.name for body in bodies if body.sqlmodel}
    tied = list(core(reader, indexes))
    elsewhere = {each.name for each in tied if each.same_table}
    columns = {each.name: each.fields for each in tied}
    for body in bodies:
        if body.name in elsewhere:
            continue
        if body.kept_in and not body.table:
            yield in_core(reader, body, columns.get(body.kept_in, ()))
            continue
        if body.mapped or (body.sqlmodel or sqlmodels & set(body.bases)):
            yield from model(reader, body, tables, indexes, sqlmodels)
    yield from tied


def core(reader: PythonReader, outside: Mapping[str, list[IndexFact]]) -> Iterator[ModelDefined]:
    """Tables of Core, and the classes that live in them."""
    tables = list(core_tables(reader, outside))
    yield from tables
    yield from imperative(reader, FRAMEWORK, {each.name: each.fields for each in tables})


def in_core(reader: PythonReader, body: Body, columns: tuple[FieldFact, ...]) -> ModelDefined:
    """`__table__ = tables.orders`: a class in a table of Core, whose columns may stand elsewhere."""
    own = [key for each in body.relations for key in each.own_keys if "." not in key]
    fields = [*columns, *body.fields, *(FieldFact(key) for key in dict.fromkeys(own))]
    sure = [each for each in body.relations if columns or each.own_keys or each.equal]
    found = [resolved(each, body.name, fields, {}) for each in sure]
    return ModelDefined(
        at=reader.span(body.node),
        name=body.name,
        framework=FRAMEWORK,
        bases=(body.kept_in, *body.bases),
        same_table=True,
        fields=tuple(body.fields),
        relations=tuple(each for each in found if each is not None),
        ordering=body.ordering,
    )


def model(
    reader: PythonReader,
    body: Body,
    tables: Mapping[str, str],
    outside: Mapping[str, list[IndexFact]],
    parts: Set[str] = frozenset(),
) -> Iterator[Fact]:
    """`parts`: classes of SQLModel in the same file."""
    bases = tuple(base for base in body.bases if base.rpartition(".")[2] not in ROOTS)
    flask = any(base in ("db.Model", "Model") or base.endswith(".Model") for base in body.bases)
    abstract, same, default = body.abstract, False, ""
    if not body.table and not body.core_table:
        if body.is_table:
            default = body.name.lower()
        elif not bases or body.sqlmodel or parts & set(bases):
            abstract = True  # of SQLModel's classes only those that say so are tables
        elif body.polymorphic and not any(each.primary for each in body.fields):
            same = True
        elif (PARTS.search(body.name) and not flask) or body.bare:
            abstract = True
        else:
            default = default_name(body.name, body.template or "{snake}")
    fields = list(body.fields)
    for key in body.foreign_keys:
        fields = constraints.referring(fields, key)
    found = [resolved(relation, body.name, fields, tables) for relation in body.relations]
    relations = tuple(each for each in found if each is not None)
    yield ModelDefined(
        at=reader.span(body.node),
        name=body.name,
        framework=FRAMEWORK,
        table=(body.table or body.core_table).lower(),
        default_table=body.template if abstract else default,
        bases=bases,
        abstract=abstract,
        same_table=same,
        fields=tuple(fields),
        relations=relations,
        indexes=(*body.indexes, *outside.get(body.name, ())),
        ordering=body.ordering,
    )
    yield from sorted_loads(body)


def sorted_loads(body: Body) -> Iterator[OrmQuery]:
    """A relation that is sorted when it is loaded."""
    scope = body.name
    for relation in body.relations:
        if relation.sorts and relation.target:
            sorts = tuple(sort_conditions(relation.sorts, relation.target))
            text = f"{body.name}.{relation.name}, sorted by {', '.join(relation.sorts)}"
            via = (relation.name,)
            yield OrmQuery(relation.at, FRAMEWORK, body.name, text, via, sorts, scope=scope)
        if relation.back_sorts and relation.inverse:
            sorts = tuple(sort_conditions(relation.back_sorts, body.name))
            text = (
                f"{relation.target}.{relation.inverse}, sorted by {', '.join(relation.back_sorts)}"
            )
            via = (relation.inverse,)
            yield OrmQuery(relation.at, FRAMEWORK, relation.target, text, via, sorts, scope=scope)


# -- Core


def core_tables(
    reader: PythonReader, outside: Mapping[str, list[IndexFact]]
) -> Iterator[ModelDefined]:
    """`users = Table("users", metadata, Column(...))`; a variable stands for its table."""
    for count, call in enumerate(reader.nodes(TABLE, "call", b"Table(")):
        if count >= MAX_TABLES:
            return
        if last_name(reader, call) != "Table":
            continue
        holder = call.parent
        left = holder.child_by_field_name("left") if holder is not None else None
        name = dotted(reader, left) if holder is not None and holder.type == "assignment" else ""
        found = core_table(reader, call, name, outside)
        if found is not None:
            yield found


def core_table(
    reader: PythonReader, call: Node, name: str, outside: Mapping[str, list[IndexFact]]
) -> ModelDefined | None:
    given_ = given(call, reader)
    table = literal(reader, given_.args[0]).rpartition(".")[2].lower() if given_.args else ""
    fields: list[FieldFact] = []
    indexes: list[IndexFact] = []
    listed = [*given_.args[1:], *(each for splat in given_.splats for each in items(splat))]
    for each in listed:
        made = column_call(reader, each)
        if made is not None:
            fields.append(column(reader, made, ""))
            continue
        if each.type != "call":
            continue
        one = constraints.index(reader, each)
        if one is not None:
            indexes.append(one)
        key = constraints.foreign_key(reader, each)
        if key is not None:
            fields = constraints.referring(fields, key)
    fields = [each for each in fields if each.name]
    if not table or not fields:
        return None
    return ModelDefined(
        at=reader.span(call),
        name=name or table,
        framework=FRAMEWORK,
        table=table,
        fields=tuple(fields),
        indexes=(*indexes, *outside.get(name, ())),
    )


def indexes_outside(reader: PythonReader) -> dict[str, list[IndexFact]]:
    """`Index("ix", User.email)` at module level, by the class or table that it names."""
    found: dict[str, list[IndexFact]] = {}
    for call in reader.nodes(OUTSIDE, "call", b"Index("):
        args = given(call, reader).args
        for arg in args[1:]:
            match = re.search(
                r"\b([A-Za-z_]\w*)\.(?:__table__\.)?(?:c\.|columns\.)?\w+", reader.hint(arg)
            )
            one = constraints.index(reader, call) if match is not None else None
            if match is not None and one is not None:
                owner = match[1]
                if owner in ("func", "sa", "sqlalchemy", "db"):
                    inner = re.findall(r"\b([A-Z]\w*)\.\w+", reader.hint(arg))
                    owner = inner[0] if inner else owner
                found.setdefault(owner, []).append(one)
                break
    return found
