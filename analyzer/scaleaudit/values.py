"""Symbolic strings: what one file knows of a text whose parts stand elsewhere.

`requests.get(f"{settings.BILLING_URL}/pay")` is, as a value,
`Join((Name("settings.BILLING_URL"), Literal("/pay")))`. Extractors build values, the linker
resolves them through constants, settings files and the environment of the workload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable


class Literal(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="literal"):
    """A text that stands in the source."""

    text: str


class Setting(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="setting"):
    """A text read from outside the code: an environment variable, a property, a chart value.

    `key` is spelled as the source spells it (`BILLING_URL`, `billing.url`, `.Values.image.tag`).
    """

    key: str
    default: Literal | Setting | Name | Join | Parameter | OneOf | Unknown | None = None


class Name(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="name"):
    """A constant by its dotted name, as written where it is used (`Topics.PAID`, `settings.URL`).

    The file's own imports say where its first part comes from.
    """

    name: str


class Join(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="join"):
    """Several values written one after the other."""

    parts: tuple[Literal | Setting | Name | Join | Parameter | OneOf | Unknown, ...]


class Parameter(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="parameter"):
    """What the callers of a function hand to it; `ArgumentsGiven` facts say what that is.

    `function` is dotted as its own file names it, a constructor by its class; `position` is -1
    where only the name counts.
    """

    function: str
    name: str
    position: int = -1
    default: Literal | Setting | Name | Join | OneOf | Unknown | None = None


class OneOf(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="one-of"):
    """One of several texts, each of which is used: the entries of a table, the branches."""

    choices: tuple[Literal | Setting | Name | Join | Parameter | OneOf | Unknown, ...]


class Unknown(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="unknown"):
    """A text that cannot be known from the source; `hint` is the expression, for people."""

    hint: str = ""


Value: TypeAlias = Literal | Setting | Name | Join | Parameter | OneOf | Unknown

UNKNOWN = Unknown()
MAX_DEPTH = 32
MAX_CHOICES = 64


def join(*parts: Value) -> Value:
    """One value of several: flat, neighbouring literals melted together."""
    flat: list[Value] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Join) else (part,):
            last = flat[-1] if flat else None
            if isinstance(piece, Literal) and isinstance(last, Literal):
                flat[-1] = Literal(last.text + piece.text)
            elif not (isinstance(piece, Literal) and not piece.text):
                flat.append(piece)
    if not flat:
        return Literal("")
    return flat[0] if len(flat) == 1 else Join(tuple(flat))


def one_of(values: Iterable[Value]) -> Value:
    """What may be any of several: the one when there is only one, unknown when there are many."""
    found: dict[Value, None] = {}
    for value in values:
        found.update(dict.fromkeys(value.choices if isinstance(value, OneOf) else (value,)))
    if not found or len(found) > MAX_CHOICES:
        return UNKNOWN
    return next(iter(found)) if len(found) == 1 else OneOf(tuple(found))


def literal_text(value: Value | None) -> str | None:
    """The whole text when no part of it is symbolic, else None."""
    return value.text if isinstance(value, Literal) else None


def text_with_holes(value: Value, hole: str = "{}") -> str:
    """The text with `hole` where a part is not known from this file alone."""
    match value:
        case Literal(text=text):
            return text
        case Join(parts=parts):
            return "".join(text_with_holes(part, hole) for part in parts)
        case Setting() | Name() | Parameter() | OneOf() | Unknown():
            return hole
