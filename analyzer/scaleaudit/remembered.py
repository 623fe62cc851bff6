"""What of a scan is kept, so that nothing is linked again.

Source modules and their imports, which no report on findings shows, are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.architecture import (
    Architecture,
    Edge,
    EdgeKind,
    Endpoint,
    Node,
    NodeKind,
    Unresolved,
)
from scaleaudit.asked_names import AskedNames
from scaleaudit.findings import Finding
from scaleaudit.source import Skipped

if TYPE_CHECKING:
    from collections.abc import Sequence


class Remembered(msgspec.Struct, frozen=True, array_like=True):
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    endpoints: tuple[Endpoint, ...]
    unresolved: tuple[Unresolved, ...]
    findings: tuple[Finding, ...]  # all of them, before any is hidden
    skipped: tuple[Skipped, ...]  # found out while reading
    files: int
    lines: int
    asked: AskedNames = AskedNames()

    def architecture(self) -> Architecture:
        return Architecture(
            self.nodes,
            self.edges,
            endpoints=self.endpoints,
            unresolved=self.unresolved,
            asked=self.asked,
        )


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Remembered)


def remembered(
    architecture: Architecture,
    findings: Sequence[Finding],
    skipped: Sequence[Skipped],
    files: int,
    lines: int,
) -> Remembered:
    """What of a scan is kept."""
    kept = [node for node in architecture.nodes() if node.kind is not NodeKind.MODULE]
    shown = {node.id for node in kept}
    edges = [
        edge
        for edge in architecture.edges()
        if edge.kind is not EdgeKind.IMPORTS or edge.source in shown
    ]
    return Remembered(
        tuple(kept),
        tuple(edges),
        architecture.endpoints,
        architecture.unresolved,
        tuple(findings),
        tuple(skipped),
        files,
        lines,
        architecture.asked,
    )


def encoded(whole: Remembered) -> bytes | None:
    """None where a file name that is not UTF-8 stands in it."""
    try:
        return _ENCODER.encode(whole)
    except (UnicodeEncodeError, OverflowError):
        return None


def recall(body: bytes | None) -> Remembered | None:
    """The remembered scan; None for nothing or for a body of another form."""
    if body is None:
        return None
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return None
