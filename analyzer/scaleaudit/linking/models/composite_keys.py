"""Relations by keys of several columns, which are looked for together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.models.columns import own_column, owns, spelled_column

if TYPE_CHECKING:
    from scaleaudit.facts import RelationFact
    from scaleaudit.linking.models.links import Link
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models

Pairs = tuple[tuple[str, str], ...]


def pairs_of(models: Models, holder: Model, target: Model, relation: RelationFact) -> Pairs:
    """The columns of the key, each with that of the target's table; none for a key of one column."""
    table = models.replayed_table(target)
    usual = table.primary_key if table is not None else ()
    found = []
    for position, (column, referred) in enumerate(relation.key):
        if not referred and len(usual) == len(relation.key):
            referred = usual[position]
        there = own_column(models, target, referred) or referred
        if not there:
            return ()
        found.append((spelled_column(models, holder, column) or column, there))
    return tuple(found)


def pairs_from_there(models: Models, model: Model, target: Model, relation: RelationFact) -> Pairs:
    """The same from the side that the key leads to: `mappedBy`, a table of values."""
    back = target.relations.get(relation.inverse) if relation.inverse else None
    if back is None or not owns(back[1]):
        return ()
    return turned(pairs_of(models, target, model, back[1]))


def turned(pairs: Pairs) -> Pairs:
    return tuple((other, own) for own, other in pairs)


def asked_key(link: Link, rest: list[str]) -> list[str]:
    """`order.customer.id`: the reference itself, which stands in this row."""
    if link.many or link.between or link.fact.kind != "belongs-to" or not link.declared:
        return []
    if len(rest) == 1 and link.key:
        return [own for own, other in link.key if other.lower() == rest[0].lower()]
    return [link.own] if rest in (["id"], ["pk"], [link.target.key]) else []
