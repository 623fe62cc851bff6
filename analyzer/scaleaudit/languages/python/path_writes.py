"""The pattern for files that are written through a path object: the path is the receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FileWritten
from scaleaudit.languages.patterns import purpose_of
from scaleaudit.languages.python.conditions import writes_upload
from scaleaudit.record import Record
from scaleaudit.values import UNKNOWN, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader


class PathWritten(Record, frozen=True, kw_only=True):
    """`(folder / name).write_bytes(content)`."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        function = site.node.child_by_field_name("function")
        receiver = function.child_by_field_name("object") if function is not None else None
        target = reader.value(receiver) if receiver is not None else UNKNOWN
        scope = reader.scope(site.node)
        written = reader.described(receiver)[:200] if receiver is not None else ""
        words = purpose_of(f"{text_with_holes(target)} {written} {scope}")
        uploaded = words != "temp" and writes_upload(site, reader)
        purpose = "upload" if uploaded else words
        yield FileWritten(reader.span(site.node), target, "pathlib", purpose, scope)
