"""The models of the repository: classes found by name, complete with what they inherit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ModelDefined
from scaleaudit.linking.models.associations import with_associations
from scaleaudit.linking.models.constants import NameConstants, names_constants
from scaleaudit.linking.models.contrib import (
    DJANGO,
    USER_SETTING,
    contrib_imports,
    contrib_models,
    user_class,
)
from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.models.embedded import EMBEDDED, embed
from scaleaudit.linking.models.ent_edges import with_edges
from scaleaudit.linking.models.entities import with_entities
from scaleaudit.linking.models.file_names import files_of_one, of_own_file, with_file_names
from scaleaudit.linking.models.foreign_keys import settle
from scaleaudit.linking.models.frozen_names import with_frozen_names
from scaleaudit.linking.models.gem_models import gem_models
from scaleaudit.linking.models.labels import Labels
from scaleaudit.linking.models.library_classes import library_classes
from scaleaudit.linking.models.managers import Managers
from scaleaudit.linking.models.mapping_parts import with_parts
from scaleaudit.linking.models.migrated_models import with_migrated
from scaleaudit.linking.models.model import (
    Model,
    labelled,
    opened_again,
    outermost,
    packaged,
    parts_of_one,
    placed,
)
from scaleaudit.linking.models.naming_strategies import with_plain_names
from scaleaudit.linking.models.nearness import nearest
from scaleaudit.linking.models.own_fields import as_made, own_fields
from scaleaudit.linking.models.own_plurals import with_own_plurals
from scaleaudit.linking.models.snapshot_names import with_snapshot_names
from scaleaudit.linking.models.table_names import MAX_BASES, PARTS, TableNames
from scaleaudit.linking.models.unseen import unseen_models
from scaleaudit.linking.names import relaxed
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules
    from scaleaudit.schema import Schema, Table

WRAPPED = regex(r"^(?:Type|type|Mapped|List|list|Optional|Array|Collection|Ref|Reference)\[(.*)\]$")


class Models:
    """`find(path, name, framework)` answers what a name means in a file; `all` are those with tables.

    `schema`: the tables that dumps and migrations define, which tell how names are spelled.
    """

    def __init__(self, index: FactsIndex, modules: Modules, schema: Schema) -> None:
        self.modules = modules
        self.schema = schema
        self.managers = Managers(index, modules)
        self._by_name: dict[str, list[Model]] = {}
        self._managed: dict[str, list[Model]] = {}
        self._own_fields = own_fields(index)
        constants = NameConstants(index)
        defined = [
            (path, constants.applied(path, fact) if names_constants(fact) else fact)
            for path, fact in index.of(ModelDefined)
            if index.role(path) is Role.SOURCE
        ]
        named = with_frozen_names(index, with_file_names(defined))
        named = with_own_plurals(index, with_snapshot_names(index, named), schema)
        defined = with_migrated(index, named)
        defined += list(unseen_models(index, defined, schema.tables))
        defined += list(gem_models(index, defined, schema.tables))
        self._user = user_class(index, defined) if defined else ""
        self._imported = contrib_imports(index) if defined else {}
        self._of_libraries = library_classes(index) if defined else set()
        outside = contrib_models(index, defined, self._user)
        told = with_plain_names(with_associations(defined))
        known = with_parts(with_edges(with_entities(told)))
        everything = [Model(path, fact) for path, fact in (*known, *outside)]
        for model in everything:
            self._by_name.setdefault(model.name.rpartition(".")[2], []).append(model)
        for model in everything:
            self._inherit(model, model, 0, set())
        names = TableNames(schema, self._by_name, Labels(index))
        for model in everything:
            names.give(model)
        self.all = [model for model in everything if model.table]
        for model in everything:
            for manager in sorted(model.families):
                self._managed.setdefault(manager, []).append(model)
        self._any_case: dict[tuple[str, str], list[Model]] = {}
        for model in self.all:
            if convention_of(model.framework).any_case:
                key = model.framework, relaxed(model.name)
                self._any_case.setdefault(key, []).append(model)
        self._by_lower: dict[str, list[Model]] = {}
        for model in self.all:
            if model.framework == DJANGO:
                self._by_lower.setdefault(model.name.lower(), []).append(model)
        self._by_file = files_of_one(self.all)
        self._by_table: dict[str, list[Model]] = {}
        for model in self.all:
            self._by_table.setdefault(model.table, []).append(model)
        self._found: dict[tuple[str, str, str], list[Model]] = {}
        settle(self)

    def __bool__(self) -> bool:
        return bool(self.all)

    def find(self, path: str, written: str, framework: str) -> Model | None:
        """The model that a class name means in a file."""
        found = [each for each in self.candidates(path, written, framework) if each.table]
        return found[0] if len({each.table for each in found}) == 1 else None

    def candidates(self, path: str, written: str, framework: str) -> list[Model]:
        """All models that a name may mean: itself, or those that a manager or a base serves."""
        asked = path, written, framework
        if asked not in self._found:
            self._found[asked] = self._look_up(path, written, framework)
        return self._found[asked]

    def of_table(self, table: str) -> list[Model]:
        return self._by_table.get(table.lower(), [])

    def replayed_table(self, model: Model) -> Table | None:
        return self.schema.tables.get(model.table)

    def _look_up(self, path: str, written: str, framework: str) -> list[Model]:
        name = written.strip("&*? \"'")
        wrapped = WRAPPED.match(name)
        if wrapped is not None:
            name = wrapped[1].strip("\"'")
        name = name.partition("<")[0].partition("[")[0]
        if name == USER_SETTING:
            name = self._user
        outside = self._imported.get((path, name), "") if framework == DJANGO else ""
        parts = [part for part in PARTS.split(name) if part]
        if not parts or (path, parts[0]) in self._of_libraries:
            return []
        imported = self.modules.names.get(path, {})
        there = imported.get(parts[0], ("", ""))[1]
        if there not in ("", "*", "default", parts[0]):
            parts[0] = there  # `from shop.models import Order as ShopOrder`
        named = [m for m in self._by_name.get(outside or parts[-1], ()) if m.framework == framework]
        if not named and framework == DJANGO and len(parts) == 2 and parts[-1].islower():
            named = self._by_lower.get(parts[-1], [])  # "shop.order", as Django spells it itself
        if len(named) > 1 and framework == DJANGO and len(parts) == 2:
            named = (parts[0] not in imported and labelled(parts[0], named)) or named
        # What comes with a framework stands back where the repository has its own of that name.
        here = [m for m in named if bool(m.path) != bool(outside)]
        named = here if outside else here or named
        named = [m for m in named if m.table] or named
        if not named and convention_of(framework).any_case:
            if parts == ["Model"]:
                return of_own_file(path, framework, self.all)
            asked, whole = [(framework, relaxed(parts[-1] + end)) for end in ("", "Model")]
            known = self._any_case.get(asked) or self._any_case.get(whole)
            return known or self._by_file.get(asked, [])
        own = self._choose(path, parts, named)
        if own is not None and own.table:
            return [own]
        served = [
            m for m in self._managed.get(parts[-1], ()) if m.framework == framework and m.table
        ]
        if len(served) > 1:  # classes of one name in several files
            served = [m for m in served if (path, parts[-1]) in m.served_by] or served
        if not served and own is None:
            served = self._exported(path, parts[0], framework) or self._kept(parts[-1], framework)
        return served or ([own] if own is not None else [])

    def _exported(self, path: str, name: str, framework: str) -> list[Model]:
        """The only model of a module whose default export has another name here."""
        module, there = self.modules.names.get(path, {}).get(name, ("", ""))
        if there != "default":
            return []
        found = [m for m in self.all if m.path == module and m.framework == framework]
        return found if len(found) == 1 else []

    def _kept(self, repository: str, framework: str) -> list[Model]:
        """`OrderRepository` of Doctrine keeps `Order`, where nothing says what it keeps."""
        name = repository.removesuffix("Repository")
        if framework != "doctrine" or name == repository:
            return []
        found = [m for m in self._by_name.get(name, ()) if m.framework == framework and m.table]
        return found[:1] if len({m.table for m in found}) == 1 else []

    def _choose(self, path: str, parts: list[str], named: list[Model]) -> Model | None:
        """Of classes of one name: that of the file, the imported one, the nearest."""
        if len(named) > 1:
            dotted = ".".join(parts)
            exact = [m for m in named if m.name == dotted]
            named = exact if exact and len(parts) > 1 else named
        if len(named) < 2:
            return named[0] if named else None
        own = [m for m in named if m.path == path]
        own = own or (packaged(path, named) if len(parts) == 1 else placed(parts, named))
        if own:
            return own[0]
        imported = self.modules.names.get(path, {}).get(parts[0])
        if imported is not None:
            there = [m for m in named if m.path == imported[0]]
            if there:
                return there[0]
            near = [m for m in named if m.path.startswith(imported[0].rpartition("/")[0] + "/")]
            if len(near) == 1:
                return near[0]
        chosen = nearest(path, named) or opened_again(named) or parts_of_one(named)
        return chosen or (outermost(path, parts[0], named) if len(parts) == 1 else None)

    # -- inheritance

    def _inherit(self, model: Model, of: Model, depth: int, seen: set[int]) -> None:
        """Gathers attributes along the bases, the nearest first."""
        if id(of) in seen or depth > MAX_BASES:
            return
        seen.add(id(of))
        fact = of.fact
        for field in fact.fields:
            if field.name not in model.relations:
                model.fields.setdefault(field.name, (of.path, as_made(field, self._own_fields)))
        for relation in fact.relations:
            if relation.name in model.fields and relation.target in self._by_name:
                own = model.fields[relation.name][1]
                if any(own is field for field in fact.fields):
                    del model.fields[relation.name]  # what one file cannot tell apart
            if relation.kind == EMBEDDED:
                embed(model, of.path, relation, self._held)
            elif relation.name not in model.fields:
                model.relations.setdefault(relation.name, (of.path, relation))
        model.indexes.extend((of.path, each) for each in fact.indexes)
        model.ordering = model.ordering or fact.ordering
        if "{" in fact.default_table:
            model.template = model.template or fact.default_table
        model.families.update(PARTS.split(name)[-1] for name in fact.managers)
        for name in fact.managers:
            number = len(model.served_by)
            for at, manager in enumerate(self.managers.family(of.path, name).members):
                model.families.add(manager.name)
                model.served_by.setdefault((manager.path, manager.name), (number, at))
        way = convention_of(model.framework)
        apart = not way.shares_table and not way.joins_base and not of.fact.same_table
        for base in self._bases(of):
            last = base.name.rpartition(".")[2]
            if convention_of(of.framework).embeds:
                self._inherit(model, base, depth + 1, seen)
            elif base.fact.abstract or apart:
                if apart and base.fact.table and not model.fact.table:
                    model.table = model.table or base.fact.table
                model.families.add(last)
                self._inherit(model, base, depth + 1, seen)
            elif model.base is None:
                model.base = base
        for written in fact.bases:
            model.families.add(PARTS.split(written)[-1])

    def _held(self, path: str, written: str) -> Model | None:
        """The class of a value that rows of others hold."""
        named = [m for m in self._by_name.get(written.rpartition(".")[2], ()) if m.fact.abstract]
        return self._choose(path, written.split("."), named)

    def _bases(self, model: Model) -> Iterator[Model]:
        for written in model.fact.bases:
            parts = [p for p in PARTS.split(written.partition("[")[0].partition("<")[0]) if p]
            if not parts:
                continue
            named = [
                m
                for m in self._by_name.get(parts[-1], ())
                if m is not model and m.framework == model.framework
            ]
            found = self._choose(model.path, parts, named)
            if found is not None:
                yield found
