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


def test_what_has_a_name_of_its_own_is_called_so() -> None:
    names = " ".join(kind_name(extractor.kind) for extractor in EXTRACTORS)
    for word in ("OpenAPI", "GraphQL", "MyBatis", "XML", "YAML", "TOML", ".NET", "SQL"):
        other = word.title() if word != ".NET" else "Dotnet"
        assert other not in names.split(), word
