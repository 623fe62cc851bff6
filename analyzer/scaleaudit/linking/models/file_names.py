"""Models that are named after their files, where what loads the files names them so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.names import relaxed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.linking.models.model import Model

UNNAMED = frozenset({"index", "model", "models", "schema"})  # files that are called after no model


def files_of_one(models: Iterable[Model]) -> dict[tuple[str, str], list[Model]]:
    """Models whose files hold no other, by the file: what loads `models/order_line.js` names it so."""
    by_path: dict[str, list[Model]] = {}
    for model in models:
        if convention_of(model.framework).any_case:
            by_path.setdefault(model.path, []).append(model)
    found: dict[tuple[str, str], list[Model]] = {}
    for path, several in by_path.items():
        stem = path.rpartition("/")[2].partition(".")[0]
        if len(several) == 1 and stem.lower() not in UNNAMED:
            found.setdefault((several[0].framework, relaxed(stem)), []).extend(several)
    return found
