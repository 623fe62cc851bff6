"""How mappers call the table between two models, and its columns, where the source names none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.linking.models.conventions import snake

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.linking.models.model import Model

    Names = tuple[str, str, str]  # the table, its column for the model, its column for the target

UNDERSCORED = re.compile(r"_+([A-Za-z0-9])")


def between_names(model: Model, target: Model, attribute: str, key: str, far: str) -> Names:
    """By the mapper's convention; empty where it is not known. `key`, `far`: the columns referred to."""
    named = NAMES.get(model.framework)
    if named is None or (model is target and model.framework != "django"):
        return "", "", ""
    return named(model, target, attribute, key, far)


def _last(model: Model) -> str:
    return model.name.rpartition(".")[2]


def _django(model: Model, target: Model, attribute: str, _key: str, _far: str) -> Names:
    own, other = f"{_last(model).lower()}_id", f"{_last(target).lower()}_id"
    if model is target:
        own, other = f"from_{own}", f"to_{other}"
    return f"{model.table}_{attribute}", own, other


def _typeorm(model: Model, target: Model, attribute: str, key: str, far: str) -> Names:
    table = f"{snake(model.table)}_{snake(attribute)}_{snake(target.table)}"
    return table, _camel(f"{model.table}_{key}"), _camel(f"{target.table}_{far}")


def _mikroorm(model: Model, target: Model, attribute: str, key: str, far: str) -> Names:
    return (
        f"{model.table}_{snake(attribute)}",
        f"{snake(_last(model))}_{key}",
        f"{snake(_last(target))}_{far}",
    )


def _tortoise(model: Model, target: Model, _attribute: str, _key: str, _far: str) -> Names:
    return (
        f"{model.table}_{target.table}",
        f"{_last(model).lower()}_id",
        f"{_last(target).lower()}_id",
    )


def _camel(text: str) -> str:
    return UNDERSCORED.sub(lambda match: match[1].upper(), text)


NAMES: dict[str, Callable[[Model, Model, str, str, str], Names]] = {
    "django": _django,
    "typeorm": _typeorm,
    "mikroorm": _mikroorm,
    "tortoise": _tortoise,
}
