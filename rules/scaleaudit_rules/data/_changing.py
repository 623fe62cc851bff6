"""Functions that change rows: the lists that they go over are as long as what somebody changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.api import QueryFound, regex

if TYPE_CHECKING:
    from scaleaudit.api import Architecture

# How such functions are called, where a mapper saves its objects out of sight.
CHANGES = regex(
    r"^_*(?:(?:do|bulk|batch|mass|handle|process|perform)_?)*"
    r"(?i:create|update|upsert|delete|destroy|remove|purge|save|store|insert|add|set|move|merge|import|sync"
    r"|accept|decline|reject|approve|cancel|assign|invite|clone|copy|duplicate|migrate|archive|restore"
    r"|attach|detach|subscribe|unsubscribe|reset|recalculate|rebuild|upload|edit|post|put|patch)"
    r"(?=_|[A-Z]|[!?]?$)"
)


def changes_rows(architecture: Architecture, path: str, scope: str) -> bool:
    """By what the function is seen to write, or by its name."""
    name = scope.rpartition(".")[2]
    return (path, scope) in writers(architecture) or CHANGES.match(name) is not None


@lru_cache(maxsize=1)  # asked for each loop of one graph
def writers(architecture: Architecture) -> frozenset[tuple[str, str]]:
    """File and name of the functions that are seen to write."""
    return frozenset(
        (site.at.path, site.fact.scope)
        for site in architecture.sites(QueryFound)
        if site.fact.writes
    )
