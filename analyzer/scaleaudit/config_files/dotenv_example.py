"""`.env.example` and its like: which variables there are, with values that nobody runs with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.dotenv_file import settings
from scaleaudit.config_files.reading import facts_in

if TYPE_CHECKING:
    from scaleaudit.facts import FileFacts


def extract(content: bytes) -> FileFacts:
    return facts_in(content, lambda text: settings(text, "example"))
