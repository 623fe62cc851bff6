"""A call, a constructor or an annotation, in the same form for every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from tree_sitter import Node

LAST_ARGUMENT = -2  # a position: the last one, wherever it stands (-1: none)


class CallSite(Gathering):
    """`callee` is dotted and qualified by the file's imports and bindings.

    `requests.get(...)`, `s.get(...)` with `s = requests.Session()` and
    `WebClient.builder().build()` read `requests.get`, `requests.Session.get` and
    `org.springframework...WebClient.builder.build`. What cannot be told is `?`.

    `keywords` holds named arguments, and the members of literal option objects, hashes, struct
    and object initialisers. `opaque`: there are arguments that the file does not spell out (a
    splat, an options variable), so a missing keyword proves nothing.
    """

    callee: str
    node: Node
    args: list[Node] = msgspec.field(default_factory=list)
    keywords: dict[str, Node] = msgspec.field(default_factory=dict)
    opaque: bool = False
    annotation: bool = False
    target: Node | None = None  # what an annotation stands on: a class, function, parameter
    client: CallSite | None = None  # the call that made the receiver, when the file shows it

    @property
    def name(self) -> str:
        return self.callee.rpartition(".")[2]

    def argument(self, position: int, *names: str) -> Node | None:
        """The named argument, else the positional one; None when neither is there."""
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        if position == LAST_ARGUMENT and self.args:
            return self.args[-1]
        return self.args[position] if 0 <= position < len(self.args) else None
