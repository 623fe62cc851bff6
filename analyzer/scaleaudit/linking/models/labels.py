"""Django's names of applications, which stand in front of the names of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from scaleaudit.facts import ModelDefined
    from scaleaudit.linking.facts_index import FactsIndex

MARKS = ("apps.py", "models.py", "models/__init__.py", "migrations/__init__.py")


class Labels:
    def __init__(self, index: FactsIndex) -> None:
        self._paths = set(index.files)
        self._configured: dict[str, str] = {}  # folder -> label of its AppConfig
        for path, constant in index.of(ConstantDefined):
            if path.endswith("apps.py") and constant.name.endswith(".label"):
                label = literal_text(constant.value)
                if label:
                    self._configured[folder_of(path)] = label

    def of(self, path: str, model: ModelDefined) -> str:
        if model.label:
            return model.label
        folder = folder_of(path)
        if folder.rpartition("/")[2] == "models":
            folder = folder_of(folder)
        above = folder
        while above and not any(f"{above}/{mark}" in self._paths for mark in MARKS):
            above = folder_of(above)
        folder = above or folder
        return self._configured.get(folder) or folder.rpartition("/")[2]
