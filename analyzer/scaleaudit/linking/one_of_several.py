"""Of several that an address or a kind may mean, the one that a program asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.names import apart, plain
from scaleaudit.linking.technologies import store_hosts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.linking.components.component import Component

# What names of stores and programs say of what they are, and nothing of whose.
OF_KIND = store_hosts.NOBODYS_WORDS | {
    "store", "storage", "data", "sql", "mariadb", "mssql", "microservice", "api", "app", "ms",
}  # fmt: skip


def one_of_several(
    found: Sequence[Component], owner: Component, *, by_name: bool
) -> Component | None:
    """The store that the program's deployment starts first, or that stands in its folder; else the
    one that bears its name.

    `by_name`: whether names may tell it; they do not where the program names a port of the
    developer's machine, since it is none of these then.
    """
    waits = {plain(name) for w in owner.workloads for name in w.fact.depends_on}
    awaited = [c for c in found if waits & {plain(name) for name in c.names}]
    beside = [
        c for c in found if owner.root and c.at is not None and is_below(c.at.path, owner.root)
    ]
    left = awaited or beside
    if len(left) == 1:
        return left[0]
    return _named_for(left or found, owner) if by_name else None


def of_that_name(found: list[Component], name: str, near: Component | None) -> list[Component]:
    """The one that is meant, of those that go by a name: a name of its own beats another's alias.

    Then counts what is deployed beside who asks, then what its deployment starts before it; of the
    workloads of one codebase the first.
    """
    if len(found) > 1:
        found = [c for c in found if plain(c.name) == plain(name)] or found
    if len(found) > 1 and near is not None:
        files = {w.path for w in near.workloads}
        beside = [c for c in found if not files.isdisjoint(w.path for w in c.workloads)]
        found = beside or found
    if len(found) > 1 and near is not None:
        awaited = one_of_several(found, near, by_name=False)
        found = [awaited] if awaited is not None else found
    applications = {c.application or c.id for c in found}
    return found[:1] if len(applications) == 1 else []


def _named_for(found: Sequence[Component], owner: Component) -> Component | None:
    """`mongo-orders` for `consume-orders`: the name says the owner's own and nothing else; of
    `user-db` and `user-search-db` the program that searches users has the second."""
    names = {owner.name, (owner.root or "").rpartition("/")[2]}
    own = [words - OF_KIND for words in map(words_of, names)]
    best: list[tuple[int, Component]] = []
    for store in found:
        words = words_of(store.name) - OF_KIND - words_of(store.technology)
        if words and any(words <= each for each in own):
            best.append((len(words), store))
    most = max((count for count, _ in best), default=0)
    named = [store for count, store in best if count == most]
    return named[0] if len(named) == 1 else None


def words_of(name: str) -> set[str]:
    """The words of a name, `orders` and `order` alike."""
    words = re.findall(r"[a-z]+", apart(name).lower())
    return {re.sub(r"(?<=[a-rt-z])s$", "", word) for word in words}


def of_system(found: list[Component], near: Component | None) -> list[Component]:
    """Those of the same system, or of none, where there are such."""
    if near is None or not near.system:
        return found
    return [c for c in found if c.system in ("", near.system)] or found
