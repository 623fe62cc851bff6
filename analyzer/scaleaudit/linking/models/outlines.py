"""The columns, indexes and keys that one model describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.models.columns import (
    COMPUTED,
    field_column,
    own_column,
    owns,
    relation_column,
)
from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.names import relaxed
from scaleaudit.regex import regex
from scaleaudit.schema import Column, ForeignKey, Index

if TYPE_CHECKING:
    from scaleaudit.facts.orm import RelationFact
    from scaleaudit.linking.models.links import Links
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models
    from scaleaudit.schema import Table
    from scaleaudit.source import Location, Span

PREFIX = regex(r"^[A-Za-z]{1,3}_")
WORD = regex(r"(?<![\w'])[a-z_]\w*(?![\w'])")  # no keyword of SQL, which are written large


class Outline:
    """A table while it is put together: its key, then fields, relations and indexes."""

    def __init__(self, models: Models, links: Links, model: Model) -> None:
        self._models, self._links, self._model = models, links, model
        self._keys = key_names(model)
        self._before = models.replayed_table(model)
        self.way = convention_of(model.framework)
        self.columns: dict[str, Column] = {}
        self.indexes: list[Index] = []
        self.foreign: list[ForeignKey] = []

    def add_key(self) -> None:
        """The one that nobody writes: of the class above, or by convention."""
        model, way = self._model, self.way
        if self._keys or any(index.primary for _, index in model.indexes):
            return
        at = located(model.fact.at, model.path)
        if model.base is not None and way.joins_base and not model.fact.same_table:
            pointer = f"{model.base.name.rpartition('.')[2].lower()}_ptr_id"
            self.columns[pointer] = Column(pointer, way.key_type, nullable=False, at=at)
            self.indexes.append(Index((pointer,), unique=True, primary=True))
            self.foreign.append(ForeignKey((pointer,), model.base.table, at=at))
        elif self._before is None and not model.fact.whole:
            self.columns[way.key.lower()] = Column(
                way.key, way.key_type, nullable=False, auto_increment=True, at=at
            )
            self.indexes.append(Index((way.key,), unique=True, primary=True))

    def add_fields(self) -> None:
        for attribute, (path, field) in self._model.fields.items():
            if field.column == COMPUTED:
                continue
            name, at = field_column(self._models, self._model, field), located(field.at, path)
            self.columns.setdefault(
                name.lower(),
                Column(name, field.type, field.nullable, field.auto_increment, at, attribute),
            )
            single = field.primary and len(self._keys) == 1
            if single or field.unique or field.indexed:
                self.indexes.append(Index((name,), "", field.unique or single, single, at=at))

    def add_relations(self) -> None:
        begun = {
            relaxed(index_column(self._models, self._model, index.columns[0]))
            for _, index in self._model.indexes
            if index.columns and not index.where
        }
        declares = self._before is None or self.way.declares_columns
        for path, relation in self._model.relations.values():
            if not owns(relation):
                continue
            name = relation_column(self._models, self._model, relation)
            # By convention alone, where the table has none of that name, is no column.
            if declares or tells_of(self._before, name):
                self._add_relation(relation, name, located(relation.at, path), begun)

    def _add_relation(
        self, relation: RelationFact, name: str, at: Location | None, begun: set[str]
    ) -> None:
        """`begun`: the columns that other indexes of the model begin with."""
        attribute = relation.column if self.way.relations_apart else relation.name
        add = self.columns.setdefault
        add(name.lower(), Column(name, "", relation.nullable, at=at, attribute=attribute))
        for further, _ in relation.key[1:]:
            add(further.lower(), Column(further, "", relation.nullable, at=at))
        if relation.discriminator:
            kind = relation.discriminator
            add(kind.lower(), Column(kind, "VARCHAR", relation.nullable, at=at))
        link = self._links.of(self._model).get(relation.name)
        if link is not None and relation.constrained:
            theirs = tuple(other for _, other in link.pairs)
            ours = tuple(own for own, _ in link.key) or (name,)
            self.foreign.append(ForeignKey(ours, link.target.table, theirs, at))
        # What refers to no class in sight and has its own name for a column may be an enumeration.
        known = link is not None or relaxed(name) != relaxed(relation.name)
        made = relation.implied and tells_of(self._before, name)
        single = relation.primary and len(self._keys) == 1
        unique = (relation.unique and not made) or single
        shared = self.way.shares_indexes and relaxed(name) in begun
        if unique or (relation.indexed and known and not made and not shared):
            self.indexes.append(Index((name,), "", unique, single, at=at))

    def add_indexes(self) -> None:
        models, model = self._models, self._model
        if len(self._keys) > 1:
            named = tuple(own_column(models, model, key) or key for key in self._keys)
            self.indexes.append(Index(named, unique=True, primary=True))
        for path, index in model.indexes:
            if index.implied and self._before is not None:
                continue
            named = tuple(
                each if each.startswith("(") else index_column(models, model, each)
                for each in index.columns
            )
            self.indexes.append(
                Index(named, index.name, index.unique, index.primary,
                      in_columns(models, model, index.where), index.method, located(index.at, path))
            )  # fmt: skip


def located(at: Span, path: str) -> Location | None:
    """None for what comes with a framework and stands in no file of the repository."""
    return at.in_file(path) if path else None


def in_columns(models: Models, model: Model, where: str) -> str:
    """The condition of a partial index, in which Django writes attributes for columns."""
    if model.framework != "django" or not where:
        return where
    return WORD.sub(lambda m: own_column(models, model, m[0]) or m[0], where)


def key_names(model: Model) -> list[str]:
    """Attributes of the primary key, then references, unless the mapper keeps the order written."""
    fields = [(p, f.at, name) for name, (p, f) in model.fields.items() if f.primary]
    references = [
        (p, r.at, name) for name, (p, r) in model.relations.items() if r.primary and owns(r)
    ]
    found = [*fields, *references]
    one_file = len({path for path, _, _ in found}) == 1
    if one_file and convention_of(model.framework).keys_as_written:
        found.sort(key=lambda each: (each[1].line, each[1].column))
    return [name for _, _, name in found]


def tells_of(table: Table | None, column: str) -> bool:
    """Whether a dump or a migration makes the column, with the keys that it has."""
    return table is not None and table.column(column) is not None


def index_column(models: Models, model: Model, name: str) -> str:
    """A column as an index names it, which may bear a prefix that a naming strategy gives to all."""
    found = own_column(models, model, name)
    return found or own_column(models, model, PREFIX.sub("", name)) or name
