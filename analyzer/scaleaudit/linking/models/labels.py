"""Django's names of applications, which stand in front of the names of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.regex import regex
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from scaleaudit.facts import ModelDefined
    from scaleaudit.linking.facts_index import FactsIndex

MODELS = ("models.py", "models/__init__.py")
MARKS = ("apps.py", *MODELS, "migrations/__init__.py")
# The label of an `AppConfig`, in its usual file or where the application begins.
CONFIGURED = regex(r"(?:^|/)(?:apps\.py:\w+|__init__\.py:\w*Config)\.label$")
MIGRATIONS = frozenset({"migrations", "south_migrations"})


class Labels:
    def __init__(self, index: FactsIndex) -> None:
        self._paths = set(index.files)
        # Folders of applications beyond doubt: with a configuration, or migrations of their own.
        self._sure = {folder_of(path) for path in self._paths if path.endswith("/apps.py")}
        for folder in {folder_of(path) for path in self._paths if path.endswith(".py")}:
            above, _, last = folder.rpartition("/")
            if last in MIGRATIONS:
                self._sure.add(above)
        self._configured: dict[str, str] = {}  # folder -> label of its AppConfig
        for path, constant in index.of(ConstantDefined):
            if CONFIGURED.search(f"{path}:{constant.name}"):
                label = literal_text(constant.value)
                if label:
                    self._configured[folder_of(path)] = label
                    self._sure.add(folder_of(path))

    def of(self, path: str, model: ModelDefined) -> str:
        if model.label:
            return model.label
        folder = folder_of(path)
        if folder.rpartition("/")[2] == "models":
            folder = folder_of(folder)
        above = folder
        while above and not any(f"{above}/{mark}" in self._paths for mark in MARKS):
            above = folder_of(above)
        folder = self._around(above) or above or folder
        return self._configured.get(folder) or folder.rpartition("/")[2]

    def _around(self, folder: str) -> str:
        """The application that a folder with models and nothing else is a part of, if one is sure."""
        if not folder or folder in self._sure:
            return folder
        above = folder_of(folder)
        while above and f"{above}/__init__.py" in self._paths:
            if above in self._sure and any(f"{above}/{name}" in self._paths for name in MODELS):
                return above
            above = folder_of(above)
        return ""
