"""Query sets that a manager makes: `OrderQuerySet(self.model, using=self._db)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.chains import split
from scaleaudit.languages.python.django.classes import MANAGER_BASE
from scaleaudit.languages.python.django.nodes import arguments_of, bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known

MAKERS = ("get_queryset", "get_query_set")


def of_own_model(known: Known, call: Node) -> bool:
    """All rows of the manager's own model."""
    callee = known.reader.callee(call)
    if callee not in known.managers and not MANAGER_BASE.search(callee):
        return False
    given = arguments_of(known.reader, call)
    first = given.named.get("model") or (given.given[0] if given.given else None)
    return first is not None and known.reader.hint(first) in ("self.model", "model=self.model")


def made_by(known: Known, one: ClassRead) -> Iterator[str]:
    """The classes of the query sets that a manager begins with."""
    for name in MAKERS:
        method = one.methods.get(name)
        for each in known.read(method).returns if method is not None else ():
            root, _ = split(known.reader, bare(each.value))
            if root.type == "call" and of_own_model(known, root):
                yield known.reader.callee(root)
