"""Lists of views whose rows other classes narrow: `class Orders(OwnedMixin, ListView): model = Order`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import INHERITED
from scaleaudit.languages.python.django.lists import view_rows
from scaleaudit.languages.python.django.offers import stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.python.django.known import Known


def inherited_lists(known: Known) -> Iterator[OrmQuery]:
    """One query for each class that says no more of its rows than their model."""
    for name, model in known.class_models.items():
        one = known.by_name.get(name)
        if one is None or "get_queryset" in one.methods:
            continue
        rows = view_rows(known, one, model)
        if not rows.scopes or rows.ended or not rows.model:
            continue
        at = one.attributes.get("queryset") or one.attributes.get("model") or one.node
        told = stated(known, one, rows, (), at, f"{name}: its rows")
        yield replace(told, answers=INHERITED)
