"""Models that are named after their files, where what loads the files names them so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.names import relaxed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.facts import ModelDefined
    from scaleaudit.linking.models.model import Model

UNNAMED = frozenset({"index", "model", "models", "schema"})  # files that are called after no model


def with_file_names(
    models: Iterable[tuple[str, ModelDefined]],
) -> list[tuple[str, ModelDefined]]:
    """Mappings that do not say of which class they are: `Shop.Entity.Order.php`, `Order.orm.php`."""
    return [
        (path, fact if fact.name else replace(fact, name=called_after(path)))
        for path, fact in models
    ]


def called_after(path: str) -> str:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return stem.removesuffix(".orm").removesuffix(".dcm").rpartition(".")[2]


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


def of_own_file(path: str, framework: str, models: Iterable[Model]) -> list[Model]:
    """The model that a file is called after where it is handed one as `Model`: `orderMethods.js`, `TableOrder.js`.

    Of several whose names the file's ends or begins with, the longest.
    """
    stem = path.rpartition("/")[2].partition(".")[0]
    name = relaxed(stem)
    fitting = [
        (len(own), model)
        for model in models
        if model.framework == framework
        and (own := relaxed(model.name))
        and (name == own or _word_of(stem, own))
    ]
    longest = max((length for length, _ in fitting), default=0)
    return [model for length, model in fitting if length == longest]


def _word_of(stem: str, name: str) -> bool:
    """Whether a file's name ends or begins with another, at the bounds of a word."""
    before, after = stem[: -len(name)], stem[len(name) :]
    ends = stem.lower().endswith(name) and (before[-1:] in "-_" or stem[len(before)].isupper())
    begins = stem.lower().startswith(name) and (after[:1] in "-_" or after[:1].isupper())
    return (bool(before) and ends) or (bool(after) and begins)
