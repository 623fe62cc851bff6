"""Files written in a test, as a scan takes them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from scaleaudit.file_kinds import file_kinds
from scaleaudit.file_roles import role_of
from scaleaudit.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Mapping


def written(files: Mapping[str, str]) -> list[SourceFile]:
    """By path, each of the kind and role that its name tells; texts may be indented like the test."""
    return [written_file(path, text) for path, text in files.items()]


def written_file(path: str, text: str) -> SourceFile:
    kind = file_kinds()(path)
    assert kind is not None, path
    return SourceFile(path, kind, role_of(path)[0], content=dedent(text).encode())
