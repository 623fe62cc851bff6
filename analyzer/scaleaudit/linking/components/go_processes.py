"""Which process of one Go codebase runs which of its programs: `cmd/worker` and `shop-worker`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.components.roles import command_words
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import plain

if TYPE_CHECKING:
    from collections.abc import Collection

    from scaleaudit.linking.components.component import Component


def running(path: str, owners: list[Component], programs: Collection[str]) -> list[Component]:
    """Of several processes those that run a file of a main package; all for any other file.

    A command that is called as a program's folder runs that one, a process without a command the
    others.
    """
    folder = folder_of(path)
    if len(owners) < 2 or folder not in programs:
        return owners
    named = {c.id: _named(c, programs) for c in owners}
    started = [c for c in owners if named[c.id] == folder]
    return started or [c for c in owners if not named[c.id]] or owners


def _named(component: Component, programs: Collection[str]) -> str:
    """The folder of the program that its command names, by the longest name; empty for none."""
    words = [plain(word.rpartition("/")[2]) for word in command_words(component)[:1]]
    fitting = [
        folder
        for folder in programs
        if is_below(folder, component.root or "")
        and (name := plain(folder.rpartition("/")[2])) not in ("", "cmd")
        and any(word == name or word.endswith(name) for word in words)
    ]
    return max(fitting, key=lambda folder: (len(folder.rpartition("/")[2]), folder), default="")
