"""Which texts of a class are worth keeping for other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, OneOf, Parameter, Setting, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.source import Span

ADDRESS = regex(r"://|^[\w.-]+:\d{2,5}$")
SETTINGS_CLASS = regex(r"[\w.]*(?:Propert(?:y|ies)|Props|Config|Configuration|Settings)\.")
MAX_CONSTANT = 500  # characters


def constant_fact(at: Span, name: str, value: Value, fixed: bool) -> Iterator[ConstantDefined]:
    """A text that never changes (`fixed`), or one that holds an address or a setting."""
    if worth_keeping(value, fixed):
        yield ConstantDefined(at, name, value)


def worth_keeping(value: Value, fixed: bool) -> bool:
    match value:
        case Setting():
            return True
        case Literal(text=text):
            return 0 < len(text) <= MAX_CONSTANT and (fixed or bool(ADDRESS.search(text)))
        case Join(parts=parts):
            held = any(isinstance(part, Setting | Name) for part in parts)
            return held and (fixed or not any(isinstance(part, Unknown) for part in parts))
        case Name():
            return fixed or bool(SETTINGS_CLASS.match(value.name))
        case Parameter() | OneOf() | Unknown():
            return False
