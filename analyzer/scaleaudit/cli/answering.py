"""What an answer depends on, gathered while it is made, so that it can be given again."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from scaleaudit import answers
from scaleaudit.code_state import installed_version
from scaleaudit.file_marks import digest_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from scaleaudit.discovery import Found
    from scaleaudit.rules import Rule
    from scaleaudit.source import SourceFile


class Gathered:
    """Made before the settings are read: one that changes during the scan is noticed later."""

    def __init__(self, question: str, root: Path, config_file: str | None) -> None:
        from scaleaudit.config import settings_files

        self._question, self._root = question, root
        files = [*map(str, settings_files(root)), *([config_file] if config_file else [])]
        self._settings = {file: digest_at(file) for file in files}
        self._basis: answers.Basis | None = None

    def notice(self, found: Found, files: Sequence[SourceFile], rules: Iterable[Rule]) -> None:
        """`found` is what there is, `files` the same with digests, before they are read."""
        names = {rule.check.__module__.partition(".")[0] for rule in rules}
        found_at = [getattr(sys.modules[name], "__path__", None) for name in names]
        if found.listing is None or None in found_at:
            return
        packages = sorted({path for paths in found_at for path in paths or ()})
        self._basis = answers.Basis(
            str(self._root),
            os.path.realpath(self._root),
            answers.listing_digest(found.listing),
            installed_version(packages),
            packages=packages,
            settings=self._settings,
            looked=found.looked,
            hashed={
                file.path: file.digest or digest_at(f"{self._root}/{file.path}")
                for listed, file in zip(found.files, files, strict=True)
                if not listed.digest
            },
        )

    def keep(self, cache_dir: str | None, code: int, text: str) -> None:
        from scaleaudit.cache import default_folder

        if self._basis is not None:
            folder = cache_dir or str(default_folder())
            answers.keep(folder, self._question, self._basis, code, text)
