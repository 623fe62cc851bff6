"""Attributes that Django's models have from classes of packages: the project's own migrations tell them.

`class Order(AbstractOrder)` names a base that no file of the repository has. The migrations make its
table all the same, attribute by attribute; they say as well what a model is of which no file has the
class. What the class itself says, or a base in sight, goes before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.facts import ModelDefined, ModelMigrated, OrmQuery
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.models.contrib import CONTRIB, DJANGO, last
from scaleaudit.linking.models.library_bases import LIBRARY_BASES
from scaleaudit.linking.models.told_elsewhere import placed
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from scaleaudit.facts import FieldFact, IndexFact, RelationFact
    from scaleaudit.linking.facts_index import FactsIndex

FOLDERS = 3  # between a model and the folder of its migrations
PLAIN = frozenset({"Model", "object"})
KNOWN = {model.name for model in (*CONTRIB, *LIBRARY_BASES)}
Defined = tuple[str, ModelDefined]


class State(Gathering):
    """A model after the migrations that were read."""

    path: str
    fact: ModelMigrated
    name: str
    whole: bool = False  # made by a migration in sight
    fields: dict[str, FieldFact] = msgspec.field(default_factory=dict)
    relations: dict[str, RelationFact] = msgspec.field(default_factory=dict)
    indexes: dict[str, tuple[IndexFact, ...]] = msgspec.field(default_factory=dict)


States = dict[tuple[str, str], State]  # by the folder of the application and the name in lower case


def with_migrated(index: FactsIndex, defined: Sequence[Defined]) -> list[Defined]:
    """The models, with what bases out of sight bring; and those of which only migrations tell."""
    steps = sorted(index.of(ModelMigrated), key=lambda each: each[0])
    if not steps:
        return list(defined)
    states = replayed(steps)
    named: dict[str, list[ModelDefined]] = {}
    for _, fact in defined:
        if fact.framework == DJANGO:
            named.setdefault(last(fact.name), []).append(fact)
    found: list[Defined] = []
    others: set[str] = set()
    for path, fact in defined:
        state = state_of(path, fact, states) if of_package(fact, named) else None
        if state is None or not state.whole or fact.abstract:
            found.append((path, fact))
            continue
        others.add(folder_of(folder_of(state.path)))
        found.append((path, filled(fact, state, named)))
    return found + list(unseen(index, states, named, others))


def replayed(steps: Sequence[tuple[str, ModelMigrated]]) -> States:
    states: States = {}
    for path, fact in steps:
        key = folder_of(folder_of(path)), fact.model.lower()
        if fact.action == "create":
            states[key] = State(path, fact, fact.model, whole=True)
        state = states.get(key)
        if state is None:
            continue
        if fact.action in ("create", "set"):
            for each in fact.fields:
                state.relations.pop(each.name, None)
                state.fields[each.name] = each
            for relation in fact.relations:
                state.fields.pop(relation.name, None)
                state.relations[relation.name] = relation
        if fact.action == "create" or fact.action.endswith("_together"):
            state.indexes[fact.action] = fact.indexes
            if fact.action == "unique_together":
                state.indexes["create"] = tuple(
                    each for each in state.indexes.get("create", ()) if not each.unique
                )
        elif fact.action == "remove":
            state.fields.pop(fact.names[0], None)
            state.relations.pop(fact.names[0], None)
        elif fact.action == "rename-field":
            renamed(state, *fact.names)
        elif fact.action == "rename":
            states[key[0], fact.names[0].lower()] = states.pop(key)
            state.name = fact.names[0]
        elif fact.action == "delete":
            del states[key]
    return states


def renamed(state: State, old: str, new: str) -> None:
    if old in state.fields:
        state.fields[new] = replace(state.fields.pop(old), name=new)
    if old in state.relations:
        kept = state.relations.pop(old)
        column = f"{new}_id" if kept.column == f"{old}_id" else kept.column
        state.relations[new] = replace(kept, name=new, column=column)


def of_package(fact: ModelDefined, named: Mapping[str, list[ModelDefined]]) -> bool:
    """Whether a class above, as far as it is a model at all, is of no file of the repository."""
    seen: set[int] = set()
    waiting = [fact]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or each.framework != DJANGO or each.same_table:
            continue
        seen.add(id(each))
        for written in each.bases:
            base = last(written.partition("[")[0])
            if base not in named and base not in PLAIN and base not in KNOWN:
                return True
            waiting += [above for above in named.get(base, ()) if above.abstract]
    return False


def filled(
    fact: ModelDefined, state: State, named: Mapping[str, list[ModelDefined]]
) -> ModelDefined:
    """The class with what its state in the migrations says besides."""
    own = names_of(fact, named)
    fields = tuple(each for each in state.fields.values() if each.name not in own)
    relations = tuple(each for each in state.relations.values() if each.name not in own)
    told = {(each.columns, each.unique) for each in fact.indexes}
    indexes = tuple(
        each
        for several in state.indexes.values()
        for each in several
        if (each.columns, each.unique) not in told
    )
    return replace(
        fact,
        fields=(*fact.fields, *placed(fields, fact.at)),
        relations=(*fact.relations, *placed(relations, fact.at)),
        indexes=(*fact.indexes, *placed(indexes, fact.at)),
    )


def state_of(path: str, fact: ModelDefined, states: States) -> State | None:
    folder = folder_of(path)
    for _ in range(FOLDERS):
        found = states.get((folder, last(fact.name).lower()))
        if found is not None:
            return found
        folder = folder_of(folder)
    return None


def names_of(fact: ModelDefined, named: Mapping[str, list[ModelDefined]]) -> set[str]:
    """The attributes of a class, and of those in sight above it."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [fact]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        found |= {one.name for one in each.fields} | {one.name for one in each.relations}
        waiting += [above for written in each.bases for above in named.get(last(written), ())]
    return found


def unseen(
    index: FactsIndex,
    states: States,
    named: Mapping[str, list[ModelDefined]],
    others: Collection[str],
) -> Iterator[Defined]:
    """Models that queries name, or others refer to, whose class is not read.

    `others`: the applications of which other classes are made of those of packages.
    """
    wanted = {last(query.model) for _, query in index.of(OrmQuery) if query.framework == DJANGO}
    for several in named.values():
        wanted.update(last(each.target) for fact in several for each in fact.relations)
    for state in states.values():
        wanted.update(last(each.target) for each in state.relations.values())
    by_name: dict[str, list[tuple[str, State]]] = {}
    for (folder, _), state in states.items():
        by_name.setdefault(state.name, []).append((folder, state))
    for name, found in by_name.items():
        if name in named or name in KNOWN or name not in wanted or len(found) > 1:
            continue
        folder, state = found[0]
        if folder not in others:
            continue
        yield (
            state.path,
            ModelDefined(
                at=state.fact.at,
                name=name,
                framework=DJANGO,
                fields=tuple(state.fields.values()),
                relations=tuple(state.relations.values()),
                indexes=tuple(each for several in state.indexes.values() for each in several),
                label=folder.rpartition("/")[2],
            ),
        )
