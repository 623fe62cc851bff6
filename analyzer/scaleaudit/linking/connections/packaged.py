"""Services with the place of what declares their libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import PackageDeclared
from scaleaudit.linking.facts_index import folder_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.source import Location


def packaged(
    connections: Connections, ecosystems: Collection[str] = ()
) -> Iterator[tuple[Component, Location]]:
    """Those whose own folder declares a package, of these ecosystems where some are named."""
    packages: dict[str, Location] = {}
    for path, package in connections.index.of(PackageDeclared):
        if not ecosystems or package.ecosystem in ecosystems:
            packages.setdefault(folder_of(path), package.at.in_file(path))
    for speaker in list(connections.components.services()):
        at = packages.get(speaker.root or "")
        if speaker.root is not None and at is not None:
            yield speaker, at
