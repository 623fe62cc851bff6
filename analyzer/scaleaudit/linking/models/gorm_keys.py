"""Foreign keys that GORM makes in a table for a relation that only the other struct declares.

`User.Settings []UserSetting` makes `user_settings.user_id` refer to `users` when the tables are
made from the structs; the struct that holds the column need not name the user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.schema import ForeignKey

if TYPE_CHECKING:
    from scaleaudit.linking.models.links import Links
    from scaleaudit.linking.models.models import Models

FRAMEWORK = "gorm"


def keys_for_others(models: Models, links: Links) -> dict[str, tuple[ForeignKey, ...]]:
    """By table, the keys of what others say they have one or many of."""
    found: dict[str, dict[str, ForeignKey]] = {}
    for model in models.all:
        if model.framework != FRAMEWORK:
            continue
        for link in links.of(model).values():
            had = link.declared and link.fact.kind in ("has-many", "has-one")
            if not had or link.between or link.kind_column or not link.fact.constrained:
                continue
            key = ForeignKey(
                (link.other,), model.table, (link.own,), link.fact.at.in_file(link.path)
            )
            found.setdefault(link.target.table, {}).setdefault(link.other.lower(), key)
    return {table: tuple(keys.values()) for table, keys in found.items()}
