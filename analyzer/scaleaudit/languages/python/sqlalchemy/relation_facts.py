"""What a `relationship(...)` says of the tables, once the columns of its class are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, FieldFact, RelationFact
from scaleaudit.languages.python.sqlalchemy.relations import Relationship, without_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def resolved(
    relation: Relationship, own: str, fields: Sequence[FieldFact], tables: Mapping[str, str]
) -> RelationFact | None:
    """What it says of the tables; None when the class that it leads to is not known.

    `tables` are those of the classes in this file.
    """
    if not relation.target:
        return None
    if relation.secondary:
        return between(relation, own)
    if by_several(relation, own):
        return None
    kind, column = "", ""
    names = {each.name: each for each in fields}
    mine = [
        key
        for key in relation.own_keys
        if key in names
        or (key.partition(".")[0] == own and key.rpartition(".")[2] in names)
        or key.startswith("cls.")
    ]
    itself = relation.target.rpartition(".")[2] == own
    if mine and not (itself and relation.many):
        kind, column = "belongs-to", mine[0].rpartition(".")[2]
    elif relation.own_keys:
        kind, column = "has-many", relation.own_keys[0].rpartition(".")[2]
    elif relation.equal:
        kind, column = by_condition(relation, own, names)
    if itself and not relation.own_keys and relation.remote:
        remote = relation.remote[0].rpartition(".")[2]
        held = names.get(remote)
        key = key_to(relation, fields, tables)
        if held is not None and held.references:
            kind, column = "has-many", remote
        elif key is not None:
            kind, column = "belongs-to", key.name
    if not kind:
        key = None if relation.many or itself else key_to(relation, fields, tables)
        kind, column = ("belongs-to", key.name) if key is not None else ("has-many", "")
    if kind == "has-many" and relation.single and not relation.many:
        kind = "has-one"
    held = names.get(column) if kind == "belongs-to" else None
    return RelationFact(
        relation.name,
        relation.target,
        kind,
        column=column,
        inverse=relation.inverse,
        nullable=held is None or held.nullable,
        indexed=False,
        at=relation.at,
        constrained=held is None or bool(held.references),
        eager=relation.eager,
        conditions=tuple(tests_of(relation)) if kind != "belongs-to" else (),
    )


def tests_of(relation: Relationship) -> Iterator[Condition]:
    """What else `primaryjoin` asks of the rows that the relation leads to."""
    compared = {without_table(side) for pair in relation.equal for side in pair}
    target = relation.target.rpartition(".")[2]
    for holder, column, how in relation.tests:
        if holder == target and f"{holder}.{column}" not in compared:
            kind = (
                "is-true" if "None" not in how else "is-null" if "not" not in how else "is-not-null"
            )
            yield Condition(column, kind, constant=True)


def between(relation: Relationship, own: str) -> RelationFact:
    """Through a table between; its columns where a condition names them."""
    through = relation.secondary.rpartition(".")[2]
    target = relation.target.rpartition(".")[2]
    here = there = ""
    for one, other in relation.equal:
        for side, far in ((one, other), (other, one)):
            side, far = without_table(side), without_table(far)
            holder, _, column = side.rpartition(".")
            if holder.rpartition(".")[2] != through:
                continue
            if far.partition(".")[0] == own or "." not in far:
                here = here or column
            elif far.rpartition(".")[0].rpartition(".")[2] == target:
                there = there or column
    return RelationFact(
        relation.name,
        relation.target,
        "many-to-many",
        column=here,
        inverse=relation.inverse,
        through=relation.secondary,
        other_column=there,
        at=relation.at,
        eager=relation.eager,
    )


def by_condition(
    relation: Relationship, own: str, names: Mapping[str, FieldFact]
) -> tuple[str, str]:
    """Of `primaryjoin`: the side that holds a foreign key, or the other side's column."""
    for one, other in relation.equal:
        for side, far in ((one, other), (other, one)):
            holder, _, column = without_table(side).rpartition(".")
            field = names.get(column) if holder in ("", own) else None
            if field is not None and field.references and not relation.many:
                return "belongs-to", column
            if field is not None and holder != without_table(far).rpartition(".")[0]:
                return "has-many", without_table(far).rpartition(".")[2]
    return "", ""


def by_several(relation: Relationship, own: str) -> bool:
    """Whether several columns of both sides must agree, of which a relation here has but one."""
    target = relation.target.rpartition(".")[2]
    found: set[tuple[str, str]] = set()
    for one, other in relation.equal:
        for side, far in ((one, other), (other, one)):
            holder, _, column = without_table(side).rpartition(".")
            their, _, column_there = without_table(far).rpartition(".")
            if holder in ("", own) and their.rpartition(".")[2] == target != own:
                found.add((column, column_there))
    return len({column for column, _ in found}) > 1 and len({there for _, there in found}) > 1


def key_to(
    relation: Relationship, fields: Sequence[FieldFact], tables: Mapping[str, str]
) -> FieldFact | None:
    """The own foreign key that leads to the class, as far as this file can tell."""
    target = relation.target.rpartition(".")[2]
    table = tables.get(target, "")
    keys = [each for each in fields if each.references]
    fitting = [
        each
        for each in keys
        if (holder := each.references.partition(".")[0]) == target
        or (holder == table if table else alike(holder, target))
        or (not table and each.name in (f"{relation.name}_id", f"{relation.name}id"))
    ]
    if len(fitting) > 1:
        named = [each for each in fitting if each.name.startswith(relation.name.strip("_"))]
        fitting = named or fitting
    return fitting[0] if fitting else None


def alike(table: str, target: str) -> bool:
    """Whether a table may be that of a class by their names: `order_items` and `OrderItem`."""
    one, other = table.replace("_", "").lower(), target.replace("_", "").lower()
    other = other.removesuffix("model")
    return any(one.endswith(other + ending) for ending in ("", "s", "es")) or (
        other.endswith("y") and one.endswith(other[:-1] + "ies")
    )


def sort_conditions(names: Sequence[str], target: str) -> Iterator[Condition]:
    """What loading a sorted relation sorts by."""
    for name in names:
        holder, _, column = name.rpartition(".")
        if holder.rpartition(".")[2] in ("", target.rpartition(".")[2]):
            yield Condition(column, "sort", Clause.SORT)
        else:
            yield Condition(column, "sort", Clause.SORT, model=holder)
