"""Pages that sites begin with: that they are there is all they say."""

from __future__ import annotations

from scaleaudit.config_files.reading import lines_in
from scaleaudit.facts import FileFacts


def extract(content: bytes) -> FileFacts:
    return FileFacts(lines=lines_in(content))
