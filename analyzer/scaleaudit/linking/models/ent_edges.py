"""Edges of ent: which table keeps them, in which column, as both of their ends tell together.

As its documentation says: an edge `pets` of `User` is kept in the column `user_pets` of the side
that has one of the other, and in a table `user_pets` when both have many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import FieldFact
from scaleaudit.inflection import singular
from scaleaudit.linking.models.conventions import snake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaleaudit.facts import ModelDefined, RelationFact

FRAMEWORK = "ent"
UNKNOWN = "?"
MAX_MIXINS = 6  # mixins of mixins


def with_edges(models: Iterable[tuple[str, ModelDefined]]) -> list[tuple[str, ModelDefined]]:
    """The models, those of ent with relations in place of edges; mixins keep none."""
    every = list(models)
    schemas = {fact.name: fact for _, fact in every if fact.framework == FRAMEWORK}
    if not schemas:
        return every
    edges = {
        name: {edge.name: edge for edge in edges_of(fact, schemas, 0)}
        for name, fact in schemas.items()
        if not fact.abstract
    }
    added: dict[str, list[FieldFact]] = {}
    settled: dict[str, dict[str, RelationFact]] = {name: {} for name in edges}
    for name, own in edges.items():
        for edge in own.values():
            if not edge.inverse:
                settle(name, edge, edges, settled, added)
    return [
        (
            path,
            replace(
                fact,
                relations=tuple(settled.get(fact.name, {}).values()),
                fields=(*fact.fields, *unknown_fields(fact, added.get(fact.name, ()))),
            )
            if fact.framework == FRAMEWORK
            else fact,
        )
        for path, fact in every
    ]


def edges_of(
    fact: ModelDefined, schemas: Mapping[str, ModelDefined], depth: int
) -> list[RelationFact]:
    found = list(fact.relations)
    for base in fact.bases if depth < MAX_MIXINS else ():
        mixed = schemas.get(base)
        if mixed is not None and mixed is not fact:
            found.extend(edges_of(mixed, schemas, depth + 1))
    return found


def unknown_fields(fact: ModelDefined, added: Iterable[FieldFact]) -> list[FieldFact]:
    known = {field.name for field in fact.fields} | {field.column for field in fact.fields}
    return [field for field in added if field.name not in known]


def settle(
    name: str, edge: RelationFact, edges: Mapping[str, Mapping[str, RelationFact]],
    settled: dict[str, dict[str, RelationFact]], added: dict[str, list[FieldFact]],
) -> None:  # fmt: skip
    """One edge with the end that refers back to it."""
    there = edges.get(edge.target, {})
    back = other_end(name, edge, there)
    one = edge.kind == "belongs-to"
    column = edge.column or f"{snake(name)}_{edge.name}"
    mine = settled[name]
    if back is None:
        same = name == edge.target
        if one:
            mine[edge.name] = replace(edge, column=column, unique=same)
        elif same:
            mine[edge.name] = between(name, edge, f"{singular(edge.name)}_id")
        elif there or edge.target in edges:
            mine[edge.name] = replace(edge, column=column)
            key = FieldFact(column, column, nullable=True, at=edge.at, references=name)
            added.setdefault(edge.target, []).append(key)
        return
    column = back.column or column
    theirs = settled[edge.target]
    inverse = back.name
    if back.kind == "belongs-to":
        kind = "has-one" if one else "has-many"
        mine[edge.name] = replace(edge, kind=kind, column=column, inverse=inverse)
        theirs[back.name] = replace(back, column=column, inverse="", unique=one)
    elif one:
        mine[edge.name] = replace(edge, column=column)
        theirs[back.name] = replace(
            back, kind="has-many", column=column, inverse=edge.name, through=""
        )
    else:
        far = f"{singular(back.name)}_id" if name == edge.target else f"{snake(edge.target)}_id"
        joined = between(name, replace(edge, through=edge.through or back.through), far)
        mine[edge.name] = replace(joined, inverse=inverse)


def between(name: str, edge: RelationFact, far: str) -> RelationFact:
    """With a table between, or the schema of one."""
    return replace(
        edge, kind="many-to-many", through=edge.through or f"{snake(name)}_{edge.name}",
        column=edge.column or f"{snake(name)}_id", other_column=edge.other_column or far,
    )  # fmt: skip


def other_end(
    name: str, edge: RelationFact, there: Mapping[str, RelationFact]
) -> RelationFact | None:
    found = [back for back in there.values() if back.inverse == edge.name and back.target == name]
    if not found:
        found = [back for back in there.values() if back.inverse == UNKNOWN and back.target == name]
    return found[0] if len(found) == 1 else None
