"""What names of files told the last time, for a folder in which the same files stand.

Between two scans of a repository contents change more often than names, and looking at each of
thousands of names takes longer than looking at the files.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.code_state import code_version
from scaleaudit.file_kinds import EXTRACTORS, file_kinds
from scaleaudit.told_by_names import Told, told_by_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.cache import FactCache
    from scaleaudit.config import Config

MIN_FILES = 200  # fewer are looked at as quickly
MAX_BODY = 1 << 20  # bytes


class Names(msgspec.Struct, frozen=True, array_like=True):
    """All that is told of any name, once, and which of it of each name."""

    told: list[Told]
    which: list[int]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Names)


def remembered_names(cache: FactCache, paths: Sequence[str], *, config: Config) -> Sequence[Told]:
    """The same as `told_by_names`, remembered under the names and all that it depends on besides."""
    if len(paths) < MIN_FILES:
        return told_by_names(paths, config, file_kinds())
    by = msgspec.json.encode((code_version(), config.include, config.exclude, config.include_tests))
    state = hashlib.sha1(by, usedforsecurity=False)
    state.update("\0".join(("", *paths)).encode("utf-8", "surrogateescape"))
    key = f"names:{state.hexdigest()}"
    known = _decoded(cache.result(key), len(paths))
    if known is None:
        known = told_by_names(paths, config, file_kinds())
        body = _encoded(known)
        if len(body) <= MAX_BODY:
            cache.keep_result(key, body)
    return known


def _encoded(told: Sequence[Told]) -> bytes:
    numbers: dict[Told, int] = {}
    which = [numbers.setdefault(each, len(numbers)) for each in told]
    return _ENCODER.encode(Names(list(numbers), which))


def _decoded(body: bytes | None, count: int) -> list[Told] | None:
    """None for nothing, and for a body of another form."""
    if body is None:
        return None
    try:
        known = _DECODER.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return None
    kinds = {"", *(extractor.kind for extractor in EXTRACTORS)}
    numbers = range(len(known.told))
    if (
        len(known.which) != count
        or not all(each in numbers for each in known.which)
        or not all(each.kind in kinds for each in known.told)
    ):
        return None
    return [known.told[each] for each in known.which]
