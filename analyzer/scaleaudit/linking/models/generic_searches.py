"""Calls of searches that a base gives to all models or repositories, as queries of the model meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import OF_ANY, Condition, OrmQuery, Repository, SearchCalled, SearchDefined
from scaleaudit.linking.models.leading import leads_to
from scaleaudit.linking.models.nearness import nearest
from scaleaudit.record import Gathering, Record
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models

FRAMEWORKS = ("sqlalchemy", "peewee", "tortoise")  # where the file of a search does not tell
DEFAULT = "default"  # what a file of a script language exports without a name
MAX_BASES = 12  # of one class
MAX_HOPS = 4  # methods that hand their keywords on


class Kept(Record, frozen=True):
    path: str
    fact: Repository


class Meant(Gathering):
    """Whose rows are asked: a model as a file names it, and the classes whose methods ask."""

    path: str
    model: str
    framework: str
    owners: set[str]


class GenericSearches:
    def __init__(self, index: FactsIndex, models: Models) -> None:
        self._index, self._models = index, models
        self._defined: dict[str, list[tuple[str, SearchDefined]]] = {}
        for path, fact in index.of(SearchDefined):
            if index.role(path) is Role.SOURCE:
                self._defined.setdefault(fact.name, []).append((path, fact))
        self._kept: dict[str, list[Kept]] = {}
        for path, repository in index.of(Repository) if self._defined else ():
            if index.role(path) is Role.SOURCE:
                self._kept.setdefault(repository.name, []).append(Kept(path, repository))

    def queries(self) -> Iterator[tuple[str, str, OrmQuery]]:
        """(file, file that names the model, query); none that is told of the same line already."""
        if not self._defined:
            return
        told = {(path, q.at.line, q.framework) for path, q in self._index.of(OrmQuery)}
        for path, called in self._index.of(SearchCalled):
            defined = self._defined.get(called.name, ())
            if not defined or self._index.role(path) is not Role.SOURCE:
                continue
            found = self._function(path, called) or self._method(path, called)
            if found is None or (path, called.at.line, found[1].framework) in told:
                continue
            query = asked(called, *found)
            if query.conditions:
                yield path, found[1].path, query

    def _function(self, path: str, called: SearchCalled) -> tuple[SearchDefined, Meant] | None:
        """Of a module, called by its name or through the module."""
        written = f"{called.of}.{called.name}" if called.of else called.name
        place = leads_to(self._models.modules, path, written)
        for at, search in self._defined[called.name]:
            if (at, search.name) == place and search.model and not search.owner:
                for framework in spoken(search):
                    if self._models.find(at, search.model, framework):
                        return search, Meant(at, search.model, framework, set())
        return None

    def _method(self, path: str, called: SearchCalled) -> tuple[SearchDefined, Meant] | None:
        if not called.of:
            return None
        known = self._defined[called.name]
        for framework in dict.fromkeys(f for _, each in known for f in spoken(each)):
            meant = self._meant(path, called.of, framework)
            found = self._search(called.name, meant.owners) if meant is not None else None
            if meant is None or found is None:
                continue
            at, search = found
            if search.model:
                return search, Meant(at, search.model, framework, meant.owners)
            if meant.model:
                return search, meant
        return None

    def _search(
        self, name: str, owners: set[str], depth: int = 0
    ) -> tuple[str, SearchDefined] | None:
        every = [each for each in self._defined.get(name, ()) if each[1].owner in owners]
        found = [each for each in every if each[1].through != name]
        if len(found) != 1 or depth > MAX_HOPS:
            return None
        at, search = found[0]
        if len(every) > 1:  # a class below may add to what is asked
            return at, replace(search, partial=True)
        if not search.through:
            return found[0]
        behind = self._search(search.through, owners, depth + 1)
        if behind is None or not behind[1].keywords:
            return None
        return behind[0], replace(behind[1], named=(*search.named, *behind[1].named))

    def _meant(self, path: str, of: str, framework: str) -> Meant | None:
        kept = self._find(path, of)
        if kept is not None:
            found = self._family(kept, framework)
            if found.model or not is_class(of):
                return found
            owners = found.owners
        else:
            owners = set()
        model = self._models.find(path, of, framework) if is_class(of) else None
        if model is not None:
            return Meant(path, of, framework, families(model))
        return Meant(path, "", framework, owners) if owners else None

    def _find(self, path: str, written: str) -> Kept | None:
        if written.startswith(OF_ANY):
            held = self._kept.get(written, [])
            return held[0] if len({each.fact.bases for each in held}) == 1 else None
        last = written.rpartition(".")[2]
        there = leads_to(self._models.modules, path, written)
        name = there[1].rpartition(".")[2] if there is not None else last
        several = self._kept.get(name) or self._kept.get(last, [])
        placed = there[0] if there is not None else path
        if there is None and "." not in written:  # `const orders = require("./orders")`
            module = self._models.modules.names.get(path, {}).get(written, ("", ""))[0]
            several = self._kept.get(DEFAULT, []) if module else several
            placed = module or placed
        own = [each for each in several if each.path == placed]
        if own:
            return own[0]
        if last[:1].islower():  # an object; one of that name elsewhere may be another
            return None
        return nearest(path, several) if len(several) > 1 else next(iter(several), None)

    def _family(self, kept: Kept, framework: str) -> Meant:
        """The model that the class, or the nearest of its bases, stands for."""
        found = Meant(kept.path, "", framework, set())
        waiting, seen = [kept], {(kept.path, kept.fact.name)}
        while waiting and len(found.owners) < MAX_BASES:
            at = waiting.pop(0)
            found.owners.add(at.fact.name)
            named = at.fact.model
            if named and not found.model and self._models.find(at.path, named, framework):
                found.path, found.model = at.path, named
            for base in at.fact.bases:
                above = self._find(at.path, base)
                found.owners.add(base.rpartition(".")[2])
                if above is not None and (above.path, above.fact.name) not in seen:
                    seen.add((above.path, above.fact.name))
                    waiting.append(above)
        return found


def spoken(search: SearchDefined) -> tuple[str, ...]:
    """The mappers whose models a search may be of: a base in a file of its own need not name any."""
    return (search.framework,) if search.framework else FRAMEWORKS


def is_class(written: str) -> bool:
    return written.rpartition(".")[2][:1].isupper()


def families(model: Model | None) -> set[str]:
    found: set[str] = set()
    for _ in range(MAX_BASES):
        if model is None:
            break
        found |= {model.name.rpartition(".")[2], *model.families}
        model = model.base
    return found


def asked(called: SearchCalled, search: SearchDefined, meant: Meant) -> OrmQuery:
    names: list[Condition] = []
    if search.keywords:
        names += [each for each in called.conditions if each.path not in search.named]
    if search.conditions:
        names += called.given
    if search.columns:
        names += [Condition(key, "=") for name, key in called.held if name == search.columns]
    if search.column:
        at = search.named.index(search.column)
        text = called.texts[at] if at < len(called.texts) else ""
        names += [Condition(text, "=")] if text else []
    return OrmQuery(
        at=called.at,
        framework=meant.framework,
        model=meant.model,
        text=called.text,
        conditions=tuple(names),
        limited=search.limited,
        aggregate=search.aggregate,
        partial=called.partial or search.partial,
        in_loop=called.in_loop,
        writes=search.writes or search.deletes,
        deletes=search.deletes,
        scope=called.scope,
    )
