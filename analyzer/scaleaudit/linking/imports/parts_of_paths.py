"""The part of a path that may tell how its code is reached; what stands above names the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.imports.callers_known import BEFORE_SOURCE

if TYPE_CHECKING:
    from collections.abc import Collection

JVM = (".java", ".kt")


def within_project(path: str, projects: Collection[str]) -> str:
    """Below the folder of its program: `Shop.Api/` is one of .NET, and not its routes."""
    if path.endswith(JVM):
        return innermost(path)
    folder = folder_of(path) if path.endswith(".cs") else ""
    while folder and folder not in projects:
        folder = folder_of(folder)
    return path[len(folder) + 1 :] if folder else BEFORE_SOURCE.sub("", path)


def innermost(path: str) -> str:
    """On the JVM the last folder and the file: in `com/acme/api/orders` the `api` is a program's name."""
    if not path.endswith(JVM):
        return path
    return "/".join(BEFORE_SOURCE.sub("", path).split("/")[-2:])
