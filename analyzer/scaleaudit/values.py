"""Symbolic strings: what one file knows of a text whose parts stand elsewhere.

`requests.get(f"{settings.BILLING_URL}/pay")` is, as a value,
`Join((Name("settings.BILLING_URL"), Literal("/pay")))`. Extractors build values, the linker
resolves them through constants, settings files and the environment of the workload.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Literal(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="literal"):
    """A text that stands in the source."""

    text: str


class Setting(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="setting"):
    """A text read from outside the code: an environment variable, a property, a chart value.

    `key` is spelled as the source spells it (`BILLING_URL`, `billing.url`, `.Values.image.tag`).
    """

    key: str
    default: Literal | Setting | Name | Join | Unknown | None = None


class Name(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="name"):
    """A constant by its dotted name, as written where it is used (`Topics.PAID`, `settings.URL`).

    The file's own imports say where its first part comes from.
    """

    name: str


class Join(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="join"):
    """Several values written one after the other."""

    parts: tuple[Literal | Setting | Name | Join | Unknown, ...]


class Unknown(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="unknown"):
    """A text that cannot be known from the source; `hint` is the expression, for people."""

    hint: str = ""


Value: TypeAlias = Literal | Setting | Name | Join | Unknown

UNKNOWN = Unknown()
MAX_DEPTH = 32


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
        case Setting() | Name() | Unknown():
            return hole
