"""Whose code answers requests, and whose passes them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import AddressGiven, EndpointServed, MessageSent, RemoteCall, StubMade
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.reachability import Reachability

# Libraries that pass requests on by what settings say.
PASSING_ON = regex(r"(?i)gateway|proxy|zuul|yarp|ocelot|krakend|oxy$|federation|stitching")


class Answers:
    """A program of Go also runs what it takes out of the libraries of its module."""

    def __init__(
        self, index: FactsIndex, components: Components, reachability: Reachability
    ) -> None:
        self._index, self._components = index, components
        self._reachability = reachability
        self._calling: set[str] | None = None

    def ids(self, protocol: str = "") -> set[str]:
        """Of those that answer; `protocol`: in that one."""
        served = self._index.of(EndpointServed)
        return self._running(path for path, each in served if protocol in ("", each.protocol))

    def passes_none_on(self, component: Component) -> bool:
        """No call or message is seen in its code, and nothing that it is built with makes any by itself."""
        if component.root is None or component.id not in self.ids():
            return False
        if any(PASSING_ON.search(name) for name in self._components.dependencies_of(component)):
            return False
        if self._calling is None:
            kinds = (RemoteCall, StubMade, AddressGiven, MessageSent)
            self._calling = self._running(
                path for kind in kinds for path, _ in self._index.of(kind)
            )
        return component.id not in self._calling

    def _running(self, paths: Iterable[str]) -> set[str]:
        """The ids of those that run some of the files."""
        found: set[str] = set()
        for path in dict.fromkeys(paths):
            groups = [self._components.owning(path)]
            if self._index.kind(path) == "go":
                groups = self._reachability.owners(path)
            found |= {c.id for each in groups for c in each if c.kind is NodeKind.SERVICE}
        return found
