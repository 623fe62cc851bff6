"""What a Prisma client speaks to: its schema tells, not the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.schemas.prisma import SOURCE
from scaleaudit.source import Role
from scaleaudit.values import UNKNOWN, literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.values import Value


class PrismaSchemas:
    """`of(path)`: engine and address of the schema that stands nearest to a file."""

    def __init__(self, index: FactsIndex) -> None:
        self._found: dict[str, dict[str, Value]] = {}
        for path, setting in index.of(SettingDefined):
            if setting.source == SOURCE and index.role(path) is Role.SOURCE:
                self._found.setdefault(path, {})[setting.key] = setting.value

    def of(self, path: str) -> tuple[str, Value]:
        """("", unknown) where there is no schema, or several of one distance that differ."""
        ranked: dict[int, list[dict[str, Value]]] = {}
        for where, told in self._found.items():
            ranked.setdefault(_shared(where, path), []).append(told)
        nearest = ranked[max(ranked)] if ranked else []
        engines = {literal_text(told.get("provider", UNKNOWN)) or "" for told in nearest}
        if len(engines) != 1:
            return "", UNKNOWN
        return engines.pop(), nearest[0].get("url", UNKNOWN)


def _shared(one: str, other: str) -> int:
    """How many folders two files are in together."""
    count = 0
    for a, b in zip(folder_of(one).split("/"), folder_of(other).split("/"), strict=False):
        if a != b:
            break
        count += 1
    return count
