"""Entities whose class stands in one file and whose place in a context in others: EF Core.

A class is an entity when a context has a set of it, when it is configured, when it names its table
itself, or when an entity refers to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import FieldFact, ModelDefined
from scaleaudit.linking.models.nearness import nearest
from scaleaudit.linking.models.told_elsewhere import told_at
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaleaudit.facts import RelationFact

FRAMEWORK = "ef"
MAX_ROUNDS = 12  # entities found through entities


class Placed(Gathering):
    path: str
    fact: ModelDefined


def with_entities(models: Iterable[tuple[str, ModelDefined]]) -> list[tuple[str, ModelDefined]]:
    """The facts, those of EF put together by class; classes that are no entities stay as bases."""
    others: list[tuple[str, ModelDefined]] = []
    classes: dict[str, list[Placed]] = {}
    said: list[Placed] = []
    for path, fact in models:
        if fact.framework != FRAMEWORK:
            others.append((path, fact))
        elif fact.abstract:
            classes.setdefault(fact.name, []).append(Placed(path, fact))
        else:
            said.append(Placed(path, fact))
    if not said and not any(each.fact.table for found in classes.values() for each in found):
        return others
    about: dict[int, list[Placed]] = {}
    alone: dict[str, list[Placed]] = {}
    for each in said:
        own = chosen(each.path, each.fact.name, classes)
        if own is None:
            alone.setdefault(each.fact.name, []).append(each)
        else:
            here = each.path == own.path
            fact = each.fact if here else told_at(each.fact, own.fact.at)
            about.setdefault(id(own), []).append(Placed(each.path, fact))
    entities = reached(classes, about)
    found: list[tuple[str, ModelDefined]] = []
    for several in classes.values():
        for each in several:
            if id(each) in entities:
                found.append((each.path, whole(each, about.get(id(each), []), classes)))
            else:
                found.append((each.path, each.fact))
    for several in alone.values():
        first = several[0]
        parts = [Placed(each.path, told_at(each.fact, first.fact.at)) for each in several[1:]]
        found.append((first.path, whole(first, parts, classes)))
    return [*others, *found]


def chosen(path: str, name: str, classes: Mapping[str, list[Placed]]) -> Placed | None:
    known = classes.get(name, [])
    return known[0] if len(known) == 1 else nearest(path, known)


def reached(classes: Mapping[str, list[Placed]], about: Mapping[int, list[Placed]]) -> set[int]:
    """The classes that are entities, by `id`."""
    every = [each for several in classes.values() for each in several]
    border = [each for each in every if id(each) in about or each.fact.table]
    found = {id(each) for each in border}
    for _ in range(MAX_ROUNDS):
        more: list[Placed] = []
        for each in border:
            facts = [each.fact, *(part.fact for part in about.get(id(each), ()))]
            for relation in [r for fact in facts for r in fact.relations]:
                target = chosen(each.path, relation.target, classes) if relation.target else None
                if target is not None and id(target) not in found:
                    found.add(id(target))
                    more.append(target)
        border = more
        if not border:
            break
    return found


def whole(own: Placed, parts: list[Placed], classes: Mapping[str, list[Placed]]) -> ModelDefined:
    """One class with all that is said of it; what refers to no class is an enumeration."""
    facts = [own.fact, *(part.fact for part in parts)]
    fields = {field.name: field for field in own.fact.fields}
    relations: dict[str, RelationFact] = {}
    for relation in own.fact.relations:
        if chosen(own.path, relation.target, classes) is not None:
            relations[relation.name] = relation
        elif relation.kind == "belongs-to":
            fields[relation.name] = FieldFact(
                relation.name, type="ENUM", nullable=relation.nullable, at=relation.at
            )
    for fact in facts[1:]:
        for field in fact.fields:
            before = fields.get(field.name)
            fields[field.name] = (
                msgspec.structs.replace(before, column=field.column)
                if before is not None
                else field
            )
        for said in fact.relations:
            before_ = relations.get(said.name)
            target = said.target or (before_.target if before_ is not None else "")
            if target:
                relations[said.name] = msgspec.structs.replace(said, target=target)
    indexes = [index for fact in facts for index in fact.indexes]
    primary = next((index.columns for index in indexes if index.primary), ())
    if primary:
        fields = {
            name: msgspec.structs.replace(field, primary=name in primary)
            for name, field in fields.items()
        }
        indexes = [index for index in indexes if not index.primary]
    return ModelDefined(
        own.fact.at,
        own.fact.name,
        FRAMEWORK,
        table=next((fact.table for fact in reversed(facts) if fact.table), ""),
        default_table=next((fact.default_table for fact in facts if fact.default_table), ""),
        bases=own.fact.bases,
        fields=tuple(fields.values()),
        relations=tuple(one_to_one(own, relations, classes)),
        indexes=tuple(indexes),
        managed=all(fact.managed for fact in facts),
        managers=tuple(name for fact in facts for name in fact.managers),
    )


def one_to_one(
    own: Placed, relations: Mapping[str, RelationFact], classes: Mapping[str, list[Placed]]
) -> Iterable[RelationFact]:
    """A reference whose column neither side declares: the other side has it when it refers back by one."""
    declared = {field.name.lower() for field in own.fact.fields}
    for relation in relations.values():
        if relation.kind != "belongs-to" or relation.column.lower() in declared:
            yield relation
            continue
        other = chosen(own.path, relation.target, classes)
        theirs = {field.name.lower() for field in other.fact.fields} if other is not None else set()
        back = [
            r
            for r in (other.fact.relations if other is not None else ())
            if r.target == own.fact.name and r.kind == "belongs-to" and r.column.lower() in theirs
        ]
        if back:
            yield msgspec.structs.replace(
                relation, kind="has-one", column=back[0].column, indexed=False
            )
        else:
            yield relation
