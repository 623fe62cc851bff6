"""How regular expressions were compiled, so that the next scan need not.

Python compiles them in Python: the few hundred that a scan needs take a tenth of a second, which is
more than parsing ten files. What its compiler came to is a list of numbers for the machine behind
`re`, which looks through them before it runs any: of a damaged list it makes nothing.
"""

from __future__ import annotations

import re
import sys
from array import array
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from scaleaudit.code_state import code_version
from scaleaudit.regex import compiled_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.cache import FactCache

MAX_BODY = 8 << 20  # bytes; all patterns that there are take three


class Compiled(msgspec.Struct, frozen=True, array_like=True):
    flags: int
    code: bytes
    groups: int
    names: dict[str, int]  # of groups


class _Machine:
    """The parts of Python's `re` that have no name outside; `AttributeError` where they are others."""

    def __init__(self) -> None:
        parser: Any = import_module("re._parser")
        compiler: Any = import_module("re._compiler")
        machine: Any = import_module("_sre")
        self.parse, self.code_of, self.make = parser.parse, compiler._code, machine.compile
        self.state = f"{sys.version} {machine.MAGIC} {machine.CODESIZE}"
        self.unit = {2: "H", 4: "I"}[machine.CODESIZE]


_ENCODER = msgspec.msgpack.Encoder()
_BODY = msgspec.msgpack.Decoder(dict[bytes, bytes])
_ONE = msgspec.msgpack.Decoder(Compiled)


class Patterns:
    """Compiles as `re.compile` does, what is known without compiling."""

    def __init__(self, machine: _Machine, body: bytes | None) -> None:
        self._machine = machine
        self._known = _decoded(body)
        self.fresh = False

    def compile(self, pattern: str | bytes, flags: int) -> re.Pattern[Any]:
        flags = int(flags)
        key = _key(pattern, flags)
        body = self._known.get(key)
        found = self._made(pattern, body) if body is not None else None
        if found is None:
            self._known[key] = body = self._taken_apart(pattern, flags)
            self.fresh = True
            found = self._made(pattern, body)
        return found if found is not None else re.compile(pattern, flags)

    def encoded(self) -> bytes:
        return _ENCODER.encode(self._known)

    def _taken_apart(self, pattern: str | bytes, flags: int) -> bytes:
        """The first half of what `re.compile` does."""
        parsed = self._machine.parse(pattern, flags)
        code = array(self._machine.unit, self._machine.code_of(parsed, flags))
        state = parsed.state
        made = Compiled(flags | state.flags, code.tobytes(), state.groups - 1, state.groupdict)
        return _ENCODER.encode(made)

    def _made(self, pattern: str | bytes, body: bytes) -> re.Pattern[Any] | None:
        """The second half; None for a body of another form."""
        try:
            known = _ONE.decode(body)
            code = array(self._machine.unit, known.code)
            if not 0 <= known.groups <= len(code) or min(known.names.values(), default=1) < 1:
                return None
            names: list[str | None] = [None] * (known.groups + 1)
            for name, number in known.names.items():
                names[number] = name
            made: re.Pattern[Any] = self._machine.make(
                pattern, known.flags, code.tolist(), known.groups, known.names, tuple(names)
            )
        except (msgspec.MsgspecError, ValueError, IndexError, OverflowError, RuntimeError):
            return None
        return made


@contextmanager
def remembered_patterns(cache: FactCache | None) -> Iterator[None]:
    """While the block runs, patterns are compiled as earlier scans did; new ones are kept."""
    machine = _machine()
    if cache is None or machine is None:
        yield
        return
    key = f"patterns:{code_version()} {machine.state}"
    patterns = Patterns(machine, cache.result(key))
    with compiled_by(patterns.compile):
        yield
    if patterns.fresh and len(body := patterns.encoded()) <= MAX_BODY:
        cache.keep_result(key, body)


def _machine() -> _Machine | None:
    """None for another Python than the ones we know."""
    try:
        return _Machine() if sys.implementation.name == "cpython" else None
    except (ImportError, AttributeError, KeyError):
        return None


def _key(pattern: str | bytes, flags: int) -> bytes:
    if isinstance(pattern, bytes):
        return b"%d bytes " % flags + pattern
    return b"%d text " % flags + pattern.encode("utf-8", "surrogatepass")


def _decoded(body: bytes | None) -> dict[bytes, bytes]:
    try:
        return _BODY.decode(body) if body is not None else {}
    except (msgspec.MsgspecError, RecursionError):
        return {}
