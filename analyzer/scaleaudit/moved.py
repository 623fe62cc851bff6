"""A scan after changes that only moved what some files say.

A comment, a blank line or a reworded body leaves a file's facts as they were but for their places,
and a call of something that nobody asked for leaves all answers as they were. Then the system is the
one that the last scan of the folder found, and only the places in it are put where they are now.
Everything that is not surely the same is linked again.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import msgspec

from scaleaudit.asked_facts import what_matters
from scaleaudit.asked_names import same_answers
from scaleaudit.facts import FileFacts
from scaleaudit.source import Location, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaleaudit.remembered import Remembered

Place = tuple[int, int, int]  # line, column, last line
Moves = dict[Place, Place]

_FACTS = msgspec.msgpack.Decoder(FileFacts)
_ENCODER = msgspec.msgpack.Encoder()


def moved(
    before: Remembered, changed: Sequence[tuple[str, str, bytes, FileFacts | None]]
) -> Remembered | None:
    """The scan with the places in changed files put right; None where it may come out otherwise.

    `changed`: path, kind of file, old encoded facts, new facts.
    """
    moves: dict[str, Moves] = {}
    lines = before.lines
    asked = before.asked
    for path, kind, body, new in changed:
        old = _decoded(body)
        if old is None or new is None:
            return None
        found = moves_between(*what_matters(asked.facts, asked.signs, kind, old, new))
        if found is None or not same_answers(asked, path, old.functions, new.functions):
            return None
        moves[path] = found
        lines += new.lines - old.lines
    names = [path.encode("utf-8", "surrogateescape") for path in moves]

    def placed(each: Any) -> Any:
        """Most say nothing of the changed files, which is seen sooner than by taking them apart."""
        body = _ENCODER.encode(each)
        return _placed(each, moves) if any(name in body for name in names) else each

    try:
        parts = {
            field: tuple(map(placed, value))
            for field in before.__struct_fields__
            if isinstance(value := getattr(before, field), tuple)
        }
    except LookupError:
        return None
    return msgspec.structs.replace(before, lines=lines, **parts)


def moves_between(old: FileFacts, new: FileFacts) -> Moves | None:
    """From each place in the old facts to its new one; None where they say different things.

    What functions mention is not compared here.

    Lines keep their order, and what shares one line goes on sharing one.
    """
    found: Moves = {}
    if _but_facts(old) != _but_facts(new):
        return None
    if not _same(old.facts, new.facts, found):
        return None
    lines: dict[int, int] = {}
    for (line, column, end), (to, to_column, to_end) in found.items():
        if column != to_column or lines.setdefault(line, to) != to:
            return None
        if lines.setdefault(end, to_end) != to_end:
            return None
    ordered = [lines[line] for line in sorted(lines)]
    rising = all(one < other for one, other in itertools.pairwise(ordered))
    return found if rising else None


def _but_facts(file: FileFacts) -> FileFacts:
    """What is said of the file as a whole, apart from what its functions mention."""
    return msgspec.structs.replace(file, facts=(), lines=0, functions=())


def _same(old: Any, new: Any, moves: Moves) -> bool:
    """Whether two parts of facts are equal but for their places, which are noted."""
    if type(old) is not type(new):
        return False
    if isinstance(old, Span):
        place = _place(new)
        return moves.setdefault(_place(old), place) == place
    if isinstance(old, (tuple, list)):
        return len(old) == len(new) and all(
            _same(one, other, moves) for one, other in zip(old, new, strict=True)
        )
    if isinstance(old, msgspec.Struct):
        return all(
            _same(getattr(old, field), getattr(new, field), moves)
            for field in old.__struct_fields__
        )
    return bool(old == new)


def _place(at: Span | Location) -> Place:
    return at.line, at.column, at.end_line or at.line


def _placed(value: Any, moves: Mapping[str, Moves]) -> Any:
    """The value with all places in moved files put right; raises `LookupError` for one not known."""
    if isinstance(value, Location):
        of_file = moves.get(value.path)
        if of_file is None:
            return value
        place = _place(value)
        # The file as a whole stands at its beginning.
        line, column, end = place if place == (1, 1, 1) and place not in of_file else of_file[place]
        return Location(value.path, line, column, end if value.end_line else 0)
    if isinstance(value, (tuple, list)):
        placed = [_placed(each, moves) for each in value]
        if all(one is other for one, other in zip(placed, value, strict=True)):
            return value
        return type(value)(placed)
    if isinstance(value, msgspec.Struct):
        changed = {
            field: new
            for field in value.__struct_fields__
            if (new := _placed(old := getattr(value, field), moves)) is not old
        }
        return msgspec.structs.replace(value, **changed) if changed else value
    return value


def _decoded(body: bytes) -> FileFacts | None:
    try:
        return _FACTS.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return None
