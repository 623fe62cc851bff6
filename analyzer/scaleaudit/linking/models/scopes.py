"""Named parts of queries, and what they add where they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.facts import EVERY_MODEL, OrmQuery, ScopeDefined
from scaleaudit.linking.models.placed_parts import PlacedParts, is_placed
from scaleaudit.record import Gathering
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.facts import Condition, ScopeOption
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models

MAX_DEPTH = 6
MAX_MODELS = 12  # that one name may stand for
ALL = "*"  # of the scopes that a query goes without
APPLIED = ".apply"  # how a class that stands for one scope ends, where a model names it


class Added(Gathering):
    """What scopes add to a query."""

    conditions: list[Condition]
    limited: bool = False
    partial: bool = False
    eager: list[str] = msgspec.field(default_factory=list)
    unknown: bool = False  # a name that nothing defines
    options: list[tuple[str, ScopeOption]] = msgspec.field(default_factory=list)  # with their files


class Scopes:
    def __init__(self, index: FactsIndex, models: Models) -> None:
        self._by_model: dict[tuple[int, str], list[ScopeDefined]] = {}
        self._always: dict[int, list[ScopeDefined]] = {}
        self.used: set[int] = set()
        self.all: list[tuple[str, ScopeDefined]] = []
        self._kept: dict[str, set[str]] = {}
        self._managers = models.managers
        self._owned: dict[tuple[str, str, str], ScopeDefined] = {}  # by file, class and name
        self._paths: dict[int, str] = {}
        self._classes: dict[tuple[str, str], list[ScopeDefined]] = {}  # that are a scope each
        self.parts = PlacedParts(index, models)
        for path, scope in index.of(ScopeDefined):
            if index.role(path) is not Role.SOURCE:
                continue
            self.all.append((path, scope))
            self._paths[id(scope)] = path
            if scope.name == APPLIED[1:] and scope.implied:
                self._classes.setdefault((scope.framework, scope.owner), []).append(scope)
                continue
            self._owned[path, scope.owner.rpartition(".")[2], scope.name] = scope
            repository, dot, _ = scope.name.partition(".")
            if dot:
                self._kept.setdefault(repository, set()).add(scope.owner)
            owners = models.candidates(path, scope.owner, scope.framework)
            for model in owners or (implementing(models, scope) if scope.always else ()):
                if scope.always:
                    self._always.setdefault(id(model), []).append(scope)
                else:
                    self._by_model.setdefault((id(model), scope.name), []).append(scope)
        # Where every repository's method of a name leaves the query as it is.
        begun: dict[tuple[str, str], bool] = {}
        self._gone: dict[tuple[str, str], dict[str, Condition]] = {}
        self._of_any: dict[tuple[str, str], list[ScopeDefined]] = {}  # whatever class is asked
        for _, scope in self.all:
            if scope.implied and not scope.always:
                key = scope.framework, scope.name
                self._of_any.setdefault(key, []).append(scope)
                marks = {each.path: each for each in scope.conditions if each.operator == "is-null"}
                told = len(marks) < len(scope.conditions) or bool(scope.options)
                plain = not (scope.partial or told or scope.limited or scope.scopes)
                self._gone.setdefault(key, {}).update(marks)
                begun[key] = begun.get(key, True) and plain
        self._plain = {key for key, plain in begun.items() if plain}
        for path, query in index.of(OrmQuery):
            if query.beside and index.role(path) is Role.SOURCE:
                self._mark(models, path, query.framework, query.beside)
        for path, scope in self.all:
            inside = tuple(f"{scope.owner}.{name}" for name in scope.scopes if "." not in name)
            self._mark(models, path, scope.framework, (*scope.beside, *inside))

    def _mark(self, models: Models, path: str, framework: str, mentioned: tuple[str, ...]) -> None:
        """What queries inside another, and other scopes, are narrowed by is used."""
        for written in mentioned:
            owner, _, name = written.rpartition(".")
            for model in models.candidates(path, owner, framework)[:MAX_MODELS]:
                self.added(model, (name,), always=False)

    def kept_by(self, name: str) -> str:
        """The class whose objects a repository gives; the name itself where it is none."""
        owners = self._kept.get(name, ())
        return next(iter(owners)) if len(owners) == 1 else name

    def knows(self, model: Model, name: str) -> bool:
        return (id(model), name) in self._by_model

    def methods(self, model: Model, conditions: Iterable[Condition]) -> tuple[str, ...]:
        """Of methods whose names say what they ask, those that the model has itself."""
        named = dict.fromkeys(each.method for each in conditions if each.method)
        return tuple(name for name in named if self.knows(model, name))

    def added(
        self,
        model: Model,
        names: tuple[str, ...],
        *,
        always: bool = True,
        lifted: tuple[str, ...] = (),
    ) -> Added:
        """What the named scopes of the model add, and those that no query of it is without.

        `lifted`: those that this query is without.
        """
        found = Added([])
        for name in names:
            self._add(model, name, found, 0)
        if always and ALL not in lifted:
            for each in (model, *proxied(model)):
                for scope in self._always.get(id(each), ()):
                    if scope.name not in lifted:
                        self._take(model, scope, found, 1)
        return found

    def _add(
        self, model: Model, name: str, found: Added, depth: int, after: ScopeDefined | None = None
    ) -> None:
        """`after`: the scope of the same name that asks for it, by `super()` or of its query set."""
        part = self.parts.by_place.get(name)
        if part is not None:
            if depth <= MAX_DEPTH:
                self._take(model, part, found, depth)
            return
        if name.endswith(APPLIED):
            owner = name.removesuffix(APPLIED).rpartition(".")[2]
            scopes = self._classes.get((model.framework, owner), [])
        else:
            scopes = self._by_model.get((id(model), name), [])
        if not scopes and model.base is not None and depth < MAX_DEPTH:
            self._add(model.base, name, found, depth + 1)
            return
        if not scopes and (model.framework, name) in self._plain:
            marks = self._gone[model.framework, name].values()
            above = model.base.fields if model.base is not None else {}
            kept = model.fields.keys() | above.keys()
            found.conditions += [each for each in marks if each.path in kept]
            return
        if not scopes:  # a function that cuts any query into pages
            only = self._of_any.get((model.framework, name), [])
            scopes = only if len(only) == 1 and not only[0].owner else []
        if len(scopes) > 1:
            scopes = self._inherited(model, scopes)
        if after is not None:
            scopes = scopes[scopes.index(after) + 1 :] if after in scopes else []
        if not scopes or depth > MAX_DEPTH:
            found.partial = found.unknown = True
            return
        self._take(model, scopes[0], found, depth)

    def _inherited(self, model: Model, scopes: list[ScopeDefined]) -> list[ScopeDefined]:
        """Those of one name in the order in which Python looks for them; none where that is not known."""
        places = [(self._paths[id(each)], each.owner.rpartition(".")[2]) for each in scopes]
        ranks = [model.served_by.get(place, (-1, at)) for at, place in enumerate(places)]
        if len({manager for manager, _ in ranks}) != 1 or ranks[0][0] < 0:
            return []
        if len(set(ranks)) != len(ranks):
            return []
        return [
            each for _, each in sorted(zip(ranks, scopes, strict=True), key=lambda pair: pair[0])
        ]

    def _take(self, model: Model, scope: ScopeDefined, found: Added, depth: int) -> None:
        self.used.add(id(scope))
        own = self.methods(model, scope.conditions)
        found.conditions.extend(without(scope.conditions, own))
        path = self._paths[id(scope)]
        found.options += [
            (path, replace(each, scopes=self.parts.placed(path, each.scopes)))
            for each in scope.options
        ]
        found.limited = found.limited or scope.limited
        found.partial = found.partial or scope.partial
        found.eager.extend(scope.eager)
        for name in (*self.parts.placed(path, scope.scopes), *own):
            if "." in name and not name.endswith(APPLIED) and not is_placed(name):
                self._of_manager(model, scope, name, found, depth)
            else:
                again = scope if name == scope.name and name not in own else None
                self._add(model, name, found, depth + 1, again)

    def _of_manager(
        self, model: Model, scope: ScopeDefined, named: str, found: Added, depth: int
    ) -> None:
        """`OpenManager.get_queryset`: what a manager of another file leaves out of all its rows."""
        manager, _, method = named.rpartition(".")
        family = self._managers.family(self._paths[id(scope)], manager)
        for each in family.members:
            told = self._owned.get((each.path, each.name, method))
            if told is None:
                continue
            if not (told.partial and scope.always):
                self._take(model, told, found, depth + 1)
            return
        if not family.whole and not scope.always:
            found.partial = found.unknown = True


def without(conditions: Iterable[Condition], methods: tuple[str, ...]) -> tuple[Condition, ...]:
    """The conditions that none of the methods stands for."""
    return tuple(each for each in conditions if not each.method or each.method not in methods)


def implementing(models: Models, scope: ScopeDefined) -> list[Model]:
    """The models whose classes, or those they inherit from, name the scope's owner as a base."""
    if scope.owner == EVERY_MODEL:
        return having(models, scope)
    found = []
    for model in models.all:
        at: Model | None = model
        for _ in range(MAX_DEPTH if model.framework == scope.framework else 0):
            if at is None:
                break
            if scope.owner in at.fact.bases:
                found.append(model)
                break
            at = at.base
    return found


def having(models: Models, scope: ScopeDefined) -> list[Model]:
    """The models that keep what the scope asks for in columns of their own."""
    asked = {condition.path for condition in scope.conditions}
    return [
        model
        for model in models.all
        if model.framework == scope.framework
        and asked <= {*model.fields, *(relation.column for _, relation in model.relations.values())}
    ]


def proxied(model: Model) -> Iterator[Model]:
    """The models for which one stands that has no table of its own: a proxy, a repository."""
    at = model
    for _ in range(MAX_DEPTH):
        if not at.fact.same_table or at.base is None:
            return
        at = at.base
        yield at
