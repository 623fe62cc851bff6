"""What the migrations of a database are written with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MigrationTool
from scaleaudit.schemas.ordering import home, running_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaleaudit.facts import FileFacts

SQL = "sql"


def told_tools(files: Iterable[tuple[str, FileFacts]], depths: Mapping[str, int]) -> dict[str, str]:
    """By the folder of each database what its newest migration is written with; `sql` where there are
    only scripts.
    """
    told: dict[str, str] = {}
    for path, each in sorted(files, key=lambda file: running_order(file[0], depths.get(file[0]))):
        tool = next((fact.tool for fact in each.facts if isinstance(fact, MigrationTool)), "")
        if tool:
            told[home(path)] = tool
        elif path.endswith(".sql"):
            told.setdefault(home(path), SQL)
    return told
