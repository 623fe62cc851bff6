"""Folders of Go programs: main packages, and what holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import folder_of
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex

COMMANDS = regex(r"(^|/)cmd(/[^/]+)?$")  # where Go modules keep their programs


def go_programs(index: FactsIndex) -> set[str]:
    """The folders of main packages: `orders/cmd`, `orders/cmd/worker`, `stock`."""
    return {
        folder_of(path)
        for path in index.files
        if path.endswith(".go")
        and index.namespaces.get(path) == "main"
        and index.role(path) is Role.SOURCE
    }


def program_folders(index: FactsIndex) -> set[str]:
    """The folders that hold such programs: `orders` of `orders/cmd/worker` and of `orders`."""
    return {COMMANDS.sub("", folder) for folder in go_programs(index)} - {""}
