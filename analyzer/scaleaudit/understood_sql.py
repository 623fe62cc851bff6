"""What was understood of statements, kept so that a file that is read again needs no parser.

Importing the parser takes as long as reading ten files, and an edit leaves most statements of its
file as they were. What is said of a statement depends on its text alone.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Predicate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    LookUp = Callable[[str], bytes | None]

_earlier: list[LookUp] = []
_fresh: dict[str, bytes] = {}


class Understood(msgspec.Struct):
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    inserts: tuple[str, ...]
    predicates: tuple[Predicate, ...]
    limited: bool
    aggregate: bool
    grouped: bool
    hidden: bool
    shuffled: bool
    skips: bool


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """`parsed`: some dialect knew the text; `shortened`: parts of it had to be left out."""

    parsed: bool
    understood: Understood | None = None  # None: it touches no table
    shortened: bool = False


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Outcome)


def key_of(text: str, dialect: str, holes: bool) -> str:
    """What an outcome is stored under."""
    asked = f"{dialect} {holes} {text}".encode("utf-8", "surrogatepass")
    return f"sql:{hashlib.sha1(asked, usedforsecurity=False).hexdigest()}"


def known(key: str) -> Outcome | None:
    """What an earlier scan stored; None for nothing, and for a body of another form."""
    body = _earlier[-1](key) if _earlier else None
    try:
        return _DECODER.decode(body) if body is not None else None
    except (msgspec.MsgspecError, RecursionError):
        return None


def note(key: str, outcome: Outcome) -> None:
    """For later scans."""
    try:
        _fresh[key] = _ENCODER.encode(outcome)
    except UnicodeEncodeError:
        return


def taken() -> dict[str, bytes]:
    """All that was noted since the last time."""
    found = dict(_fresh)
    _fresh.clear()
    return found


@contextmanager
def earlier(look_up: LookUp) -> Iterator[None]:
    """While the block runs, what was stored is asked first."""
    _earlier.append(look_up)
    try:
        yield
    finally:
        _earlier.pop()
