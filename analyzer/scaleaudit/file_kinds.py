"""Every extractor, and which of them reads a path."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from scaleaudit.config_files import CONFIG_FILES
from scaleaudit.extractor import Extractor, kind_finder
from scaleaudit.languages import LANGUAGES, TEMPLATES
from scaleaudit.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable

EXTRACTORS: tuple[Extractor, ...] = (*TEMPLATES, *CONFIG_FILES, *LANGUAGES, *SCHEMAS)


@cache
def file_kinds() -> Callable[[str], str | None]:
    """From a path to the kind of its extractor, None when no extractor reads it."""
    return kind_finder(EXTRACTORS)
