"""Kinds of files as reports name them."""

from __future__ import annotations

from scaleaudit.file_kinds import EXTRACTORS
from scaleaudit.reports.overview import kind_name


def test_a_language_is_written_as_it_writes_itself() -> None:
    names = [kind_name(extractor.kind) for extractor in EXTRACTORS]
    wrong = [
        name for name in names if name.lower().startswith("typescript") and "TypeScript" not in name
    ]
    assert not wrong
