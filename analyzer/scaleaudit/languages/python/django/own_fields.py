"""Classes of fields that a project derives from Django's, and what they set by themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import OF_FIELD, ConstantDefined
from scaleaudit.languages.python.django import fields as known_fields
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.reader import PythonReader

MAX_TEXT = 4_000  # of a constructor


def is_known(kind: str) -> bool:
    return kind.removesuffix("Field") in known_fields.TYPES


def own_fields(reader: PythonReader, classes: Iterable[ClassRead]) -> Iterator[ConstantDefined]:
    """Those that are unique or indexed, told for the models of other files."""
    for one in classes:
        if any(base.endswith("Field") for base in one.bases):
            told = own_options(reader, one)
            option = next((each for each in ("unique", "db_index") if each in told), "")
            if option:
                name = f"{one.last}{OF_FIELD}"
                yield ConstantDefined(reader.span(one.node), name, Literal(option))


def own_options(reader: PythonReader, one: ClassRead | None) -> dict[str, bool]:
    """What a field class of the file sets in its constructor: `kwargs["unique"] = True`."""
    made = one.methods.get("__init__") if one is not None else None
    if made is None:
        return {}
    text = reader.text(made)[:MAX_TEXT]
    return {
        option: True
        for option in ("unique", "db_index", "null", "primary_key")
        if re.search(rf"""["']{option}["']\s*(?:\]\s*=|,|:)\s*True|\b{option}\s*=\s*True""", text)
    }
