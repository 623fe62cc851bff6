"""Models of a Prisma schema: fields, relations and indexes.

The schema says which indexes there are; the engine adds those that it makes for foreign keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    ColumnFact,
    FieldFact,
    IndexFact,
    ModelDefined,
    RelationFact,
    TableDefined,
)
from scaleaudit.record import Record
from scaleaudit.schemas.prisma_indexes import indexes_of, leading_columns
from scaleaudit.schemas.prisma_syntax import names, unquoted
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.schemas.prisma_syntax import Attribute, Block, Line

FRAMEWORK = "prisma"
TYPES = {
    "String": "TEXT",
    "Boolean": "BOOLEAN",
    "Int": "INT",
    "BigInt": "BIGINT",
    "Float": "DOUBLE",
    "Decimal": "DECIMAL",
    "DateTime": "TIMESTAMP",
    "Json": "JSON",
    "Bytes": "BLOB",
    "Unsupported": "",
}
MAX_SIDES = 300  # relations between two models


class Side(Record, frozen=True):
    """One line that leads to another model: with the relation's name and its own key."""

    line: Line
    title: str
    keys: tuple[str, ...]


class Known(Record, frozen=True):
    """What the blocks of one file are; other files of the schema may hold more."""

    models: dict[str, Block]
    enums: frozenset[str]
    types: frozenset[str]
    dialect: str
    constrained: bool  # relations are foreign keys of the database
    sides: dict[tuple[str, str], list[Side]]  # by model and the model that it leads to
    leading: dict[str, frozenset[str]]  # by model: columns that an index begins with


def models(
    found: list[Block], *, dialect: str, constrained: bool
) -> Iterator[ModelDefined | TableDefined]:
    """The models of one file, and the tables between those that many tie to many."""
    tables = {block.name: block for block in found if block.kind == "model"}
    sides: dict[tuple[str, str], list[Side]] = {}
    for block in tables.values():
        for line in block.lines:
            if line.name and line.type in tables:
                here = sides.setdefault((block.name, line.type), [])
                if len(here) < MAX_SIDES:
                    here.append(Side(line, _title(line), own_columns(line)))
    known = Known(
        tables,
        frozenset(block.name for block in found if block.kind == "enum"),
        frozenset(block.name for block in found if block.kind == "type"),
        dialect,
        constrained,
        sides,
        {block.name: leading_columns(block) for block in tables.values()},
    )
    between: dict[str, TableDefined] = {}
    for block in known.models.values():
        yield _model(block, known)
        for line in block.lines:
            other = _counterpart(block, line, known)
            if line.listed and other is not None and other.listed:
                table = _table_between(block, line, known.dialect)
                between.setdefault(table.table, table)
    yield from between.values()


def _model(block: Block, known: Known) -> ModelDefined:
    fields: list[FieldFact] = []
    relations: list[RelationFact] = []
    for line in block.lines:
        if not line.name:
            continue
        relation = _relation(block, line, known)
        if relation is not None:
            relations.append(relation)
        if relation is None or _may_be_enumeration(line, known):
            fields.append(_field(line, known))
    return ModelDefined(
        at=Span(block.number),
        name=block.name,
        framework=FRAMEWORK,
        table=table_of(block),
        fields=tuple(fields),
        relations=tuple(relations),
        indexes=tuple(indexes_of(block)),
        dialect=known.dialect,
    )


def table_of(block: Block) -> str:
    mapped = next((a for line in block.lines for a in line.attributes if _maps(line, a)), None)
    return unquoted(mapped.argument("name")) if mapped is not None else block.name


def _maps(line: Line, attribute: Attribute) -> bool:
    return not line.name and attribute.name == "map"


def column_of(line: Line) -> str:
    mapped = line.attribute("map")
    return unquoted(mapped.argument("name")) if mapped is not None else line.name


def _field(line: Line, known: Known) -> FieldFact:
    default, native = line.attribute("default"), _native(line)
    kind = native or TYPES.get(line.type, "JSON" if line.type in known.types else "ENUM")
    return FieldFact(
        name=line.name,
        column=column_of(line),
        type=f"{kind}[]" if line.listed else kind,
        nullable=line.optional,
        unique=line.attribute("unique") is not None,
        primary=line.attribute("id") is not None,
        auto_increment=default is not None and default.argument("value").startswith("autoinc"),
        at=Span(line.number),
    )


def _native(line: Line) -> str:
    """`@db.VarChar(255)` names the column's type itself."""
    native = next((a.name[3:] for a in line.attributes if a.name.startswith("db.")), "")
    return native.upper()


def _is_scalar(line: Line, known: Known) -> bool:
    return line.type in TYPES or line.type in known.enums or line.type in known.types


def _may_be_enumeration(line: Line, known: Known) -> bool:
    """Its type stands in another file: an enumeration, or the side without key of one to one."""
    unknown = line.type not in known.models and line.attribute("relation") is None
    return unknown and not line.listed


def _relation(block: Block, line: Line, known: Known) -> RelationFact | None:
    if _is_scalar(line, known) or line.attribute("default") is not None:
        return None
    if not (line.listed or line.optional or line.attribute("relation") is not None):
        return None  # a relation that is required holds its key and says so
    at = Span(line.number)
    own = own_columns(line)
    if own:
        attribute = _leading(known, block, own)
        field = _line_of(block, attribute)
        return RelationFact(
            name=line.name,
            target=line.type,
            kind="belongs-to",
            column=column_of(field) if field is not None else attribute,
            inverse=_name(_counterpart(block, line, known)),
            nullable=line.optional,
            unique=len(own) == 1 and field is not None and field.attribute("unique") is not None,
            at=at,
            constrained=known.constrained,
        )
    other = _counterpart(block, line, known)
    if line.listed and other is not None and other.listed:
        first = (block.name, line.name) <= (line.type, other.name)
        return RelationFact(
            name=line.name,
            target=line.type,
            kind="many-to-many",
            column="A" if first else "B",
            inverse=other.name,
            through=_between(block, line),
            at=at,
            other_column="B" if first else "A",
        )
    column = ""
    keys = own_columns(other) if other is not None else ()
    if keys:
        holder = known.models[line.type]
        attribute = _leading(known, holder, keys)
        field = _line_of(holder, attribute)
        column = column_of(field) if field is not None else attribute
    return RelationFact(
        name=line.name,
        target=line.type,
        kind="has-many" if line.listed else "has-one",
        column=column,
        inverse=_name(other),
        at=at,
    )


def own_columns(line: Line) -> tuple[str, ...]:
    """The attributes that hold a relation's key, where they stand on this side."""
    relation = line.attribute("relation")
    return names(relation.named.get("fields", "")) if relation is not None else ()


def _leading(known: Known, block: Block, keys: tuple[str, ...]) -> str:
    """Of a key of several columns the one that an index begins with: it finds the rows."""
    return next((key for key in keys if key in known.leading[block.name]), keys[0])


def _counterpart(block: Block, line: Line, known: Known) -> Line | None:
    """The other side of a relation, by its name and the types of both."""
    if not line.name:
        return None
    title, keys = _title(line), own_columns(line)
    for side in known.sides.get((line.type, block.name), ()):
        if side.title != title:
            continue
        if line.type != block.name or _opposite(line, keys, side):
            return side.line
    return None


def _opposite(line: Line, keys: tuple[str, ...], other: Side) -> bool:
    """Of a model's relation to itself one side holds the key; or both are lists."""
    if other.line.name == line.name:
        return False
    if keys or other.keys:
        return not (keys and other.keys)
    return line.listed and other.line.listed


def _title(line: Line) -> str:
    relation = line.attribute("relation")
    if relation is None:
        return ""
    return unquoted(relation.named.get("name") or next(iter(relation.positional), ""))


def _name(line: Line | None) -> str:
    return line.name if line is not None else ""


def _line_of(block: Block, attribute: str) -> Line | None:
    return next((line for line in block.lines if line.name == attribute), None)


def _between(block: Block, line: Line) -> str:
    """The table that Prisma makes for an implicit relation of many to many."""
    return "_" + (_title(line) or "To".join(sorted((block.name, line.type))))


def _table_between(block: Block, line: Line, dialect: str) -> TableDefined:
    """Its key is (A, B), and B has an index of its own."""
    at = Span(line.number)
    return TableDefined(
        at=at,
        table=_between(block, line).lower(),
        columns=(ColumnFact("A", "", False, at=at), ColumnFact("B", "", False, at=at)),
        indexes=(IndexFact(("A", "B"), unique=True, at=at), IndexFact(("B",), at=at)),
        dialect=dialect,
    )
