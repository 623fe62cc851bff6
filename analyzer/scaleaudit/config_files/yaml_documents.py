"""The one door to YAML: bytes to plain maps, lists and texts that know their line.

libyaml's events are read, not its nodes: 2.5 times faster, without recursion, and reading can stop
at the first sign of a bomb. Scalars stay as written (`on` is no boolean, `1.10` no number), for
what is wanted here is text; only null becomes None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scaleaudit.config_files.go_templates import hide_templates
from scaleaudit.config_files.yaml_values import (
    Text,
    YamlFile,
    YamlList,
    YamlMap,
    YamlValue,
    maps_in,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable

    from yaml import CSafeLoader

MAX_DEPTH = 100
MAX_ALIASED = 100_000  # weight of all that aliases repeat: nodes, plus one for 32 characters
MAX_MENDS = 20  # lines left out of a broken file before the rest is given up
MAX_REREAD = 4 << 20  # bytes, over all attempts to mend one file

_NULL = {"", "~", "null", "Null", "NULL"}
_CONTROL = regex(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What stands beyond ASCII; the set of all others would take fifteen times as long to compile.
_UNPRINTABLE = regex("[\x80-\x84\x86-\x9f]|[\ufffe\uffff]")
# libyaml reports these where it gave up; the line to leave out is where the token began.
_BLAMED_ON_CONTEXT = ("simple key", "quoted scalar", "flow")


def read_yaml(content: bytes, *, templates: bool = False) -> YamlFile:
    """The documents of a file, never raises.

    `templates`: the file is a Go template. Otherwise `{{ }}` is only taken for a template where
    the file is no good YAML as it stands.
    """
    lines = line_count(content)
    clean = _clean(content)
    if not templates:
        first = _Builder()
        broken = first.read(clean)
        if b"{{" not in clean or (not broken and not first.odd_keys):
            return _mended(clean, first, broken, lines)
    if b"{{" in clean:
        clean = hide_templates(clean.decode()).encode()
    builder = _Builder()
    broken = builder.read(clean)
    return _mended(clean, builder, broken, lines)


def line_count(content: bytes) -> int:
    return content.count(b"\n") + (not content.endswith(b"\n") and bool(content))


def _clean(content: bytes) -> bytes:
    """Valid UTF-8 that libyaml takes; what it would refuse becomes a replacement character."""
    if _CONTROL.search(content):
        content = _CONTROL.sub(b" ", content)
    if content.isascii():
        return content
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("utf-8", "replace")
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.removeprefix("\ufeff")).encode()


class _Broken:
    """What libyaml did not understand: the 0-based lines to blame, best first, and its words."""

    def __init__(self, lines: list[int], words: str) -> None:
        self.lines = lines
        self.words = words


def _mended(content: bytes, builder: _Builder, broken: _Broken | None, count: int) -> YamlFile:
    """The file with the lines left out that libyaml stumbles over; they are said in `problem`."""
    if broken is None:
        return YamlFile(builder.documents, builder.problem, count)
    problem = f"line {broken.lines[0] + 1}: {broken.words}"
    lines = content.split(b"\n")
    for _ in range(min(MAX_MENDS, MAX_REREAD // (len(content) + 1))):
        at = next((at for at in broken.lines if at < len(lines) and lines[at].strip()), None)
        if at is None:
            break
        lines[at] = b""
        attempt = _Builder()
        found = attempt.read(b"\n".join(lines))
        builder = attempt
        if found is None:
            break
        broken = found
    return YamlFile(builder.documents, builder.problem or problem, count)


class _Frame:
    """A container being filled."""

    __slots__ = ("anchor", "height", "key", "merges", "value", "wants_key", "weight")

    def __init__(self, value: YamlMap | YamlList, anchor: str | None) -> None:
        self.value = value
        self.anchor = anchor
        self.key: Text | None = None  # None with a value to come: no scalar, the entry is dropped
        self.wants_key = isinstance(value, YamlMap)
        self.merges: list[YamlMap] = []
        self.weight = 1
        self.height = 1


class _Builder:
    """Builds the documents of one file from its events, with an own stack and budgets."""

    def __init__(self) -> None:
        self.documents: list[YamlValue] = []
        self.problem = ""
        self.odd_keys = False
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[YamlValue, int, int]] = {}  # value, weight, height
        self._aliased = 0

    def read(self, content: bytes) -> _Broken | None:
        """All documents up to the end, a budget, or the first error, which is returned."""
        from yaml import CSafeLoader, YAMLError
        from yaml.error import MarkedYAMLError

        loader = CSafeLoader(content)
        try:
            self._read_events(loader)
        except MarkedYAMLError as error:
            context, mark = error.context_mark, error.problem_mark
            lines = [found.line for found in (mark, context) if found is not None]
            if any(words in (error.context or "") for words in _BLAMED_ON_CONTEXT):
                lines.reverse()
            return _Broken(lines or [0], error.problem or "not understood as YAML")
        except (YAMLError, UnicodeError, ValueError) as error:
            self.problem = f"not understood as YAML: {type(error).__name__}"
        finally:
            loader.dispose()
            while self._stack:
                self._close()
        return None

    def _read_events(self, loader: CSafeLoader) -> None:
        """The hot loop: a scalar in a mapping is nearly every event, so it is handled in line."""
        import yaml.events as kinds

        scalar = kinds.ScalarEvent
        mapping, sequence = kinds.MappingStartEvent, kinds.SequenceStartEvent
        ends = (kinds.MappingEndEvent, kinds.SequenceEndEvent)
        stack = self._stack
        next_event: Callable[[], Any] = loader.get_event
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is scalar:
                written: str = event.value
                frame = stack[-1] if stack else None
                plain = not event.style
                value: Text | None = None
                if not plain or written not in _NULL or (frame is not None and frame.wants_key):
                    value = Text(written)
                    mark = event.start_mark
                    value.line, value.column = mark.line + 1, mark.column + 1
                    value.plain = plain
                weight = 1 + (len(written) >> 5)
                if event.anchor:
                    self._anchors[event.anchor] = (value, weight, 0)
                if frame is not None and frame.wants_key and value is not None:
                    frame.key = value
                    frame.wants_key = False
                    frame.weight += weight
                else:
                    self._add(value, weight, 0)
            elif kind is mapping or kind is sequence:
                mark = event.start_mark
                if len(stack) >= MAX_DEPTH:
                    self.problem = f"line {mark.line + 1}: nested deeper than {MAX_DEPTH}"
                    return
                made = YamlMap() if kind is mapping else YamlList()
                made.line, made.column = mark.line + 1, mark.column + 1
                if isinstance(made, YamlMap):
                    made.places = {}
                if event.anchor:
                    self._anchors.pop(event.anchor, None)  # an alias from inside is a cycle
                stack.append(_Frame(made, event.anchor))
            elif kind in ends:
                self._close()
            elif kind is kinds.AliasEvent:
                self._alias(event.anchor, event.start_mark.line + 1)
            elif kind is kinds.DocumentStartEvent:
                self._anchors.clear()

    def _alias(self, anchor: str, line: int) -> None:
        value, weight, height = self._anchors.get(anchor, (None, 1, 0))
        self._aliased += weight
        if self._aliased > MAX_ALIASED or len(self._stack) + height > MAX_DEPTH:
            if not self.problem:
                self.problem = f"line {line}: aliases repeat too much; they were left out"
            value, weight, height = None, 1, 0
        self._add(value, weight, height)

    def _add(self, value: YamlValue, weight: int, height: int) -> None:
        if not self._stack:
            self.documents.append(value)
            return
        frame = self._stack[-1]
        frame.weight += weight
        if height >= frame.height:
            frame.height = height + 1
        container = frame.value
        if isinstance(container, YamlList):
            container.append(value)
        elif frame.wants_key:
            frame.wants_key = False
            frame.key = value if isinstance(value, Text) else None
            self.odd_keys = self.odd_keys or frame.key is None
        else:
            frame.wants_key = True
            key = frame.key
            if key is None:
                return
            if key == "<<" and key.plain:
                frame.merges.extend(maps_in(value) if isinstance(value, YamlList) else ())
                frame.merges.extend((value,) if isinstance(value, YamlMap) else ())
            else:
                name = str(key)
                container[name] = value
                container.places[name] = key

    def _close(self) -> None:
        frame = self._stack.pop()
        value = frame.value
        if isinstance(value, YamlMap):
            if not frame.wants_key and frame.key is not None:  # the file ended after a key
                value.setdefault(str(frame.key), None)
                value.places.setdefault(str(frame.key), frame.key)
            for source in frame.merges:
                for key, merged in source.items():
                    if key not in value:
                        value[key] = merged
                        value.places[key] = source.places[key]
        if frame.anchor:
            self._anchors[frame.anchor] = (value, frame.weight, frame.height)
        self._add(value, frame.weight, frame.height)
