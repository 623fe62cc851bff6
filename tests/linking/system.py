"""A system written in a test, read by the real extractors."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from scaleaudit.file_kinds import file_kinds
from scaleaudit.file_roles import role_of
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture


def architecture(files: dict[str, str], name: str = "") -> Architecture:
    """What all these files together say, by path; texts may be indented like the test.

    `name`: of the repository.
    """
    sources = []
    for path, text in files.items():
        kind = file_kinds()(path)
        assert kind is not None, path
        sources.append(SourceFile(path, kind, role_of(path)[0], content=dedent(text).encode()))
    return scan(sources, [], name=name).architecture
