"""What an earlier scan of exactly the same repository found, so that nothing is linked again.

The key covers every input: the content of all files, the settings, the rules with their
options, and scaleaudit's own code. Source modules and their imports, which no report on
findings shows, are not kept.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
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
from scaleaudit.cache import code_version, folder_version
from scaleaudit.findings import Finding
from scaleaudit.source import Skipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaleaudit.rules import Options, Rule
    from scaleaudit.source import SourceFile


class Remembered(msgspec.Struct, frozen=True, array_like=True):
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    endpoints: tuple[Endpoint, ...]
    unresolved: tuple[Unresolved, ...]
    findings: tuple[Finding, ...]  # all of them, before any is hidden
    skipped: tuple[Skipped, ...]  # found out while reading
    files: int
    lines: int

    def architecture(self) -> Architecture:
        return Architecture(
            self.nodes, self.edges, endpoints=self.endpoints, unresolved=self.unresolved
        )


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Remembered)


def remember(
    architecture: Architecture,
    findings: Sequence[Finding],
    skipped: Sequence[Skipped],
    files: int,
    lines: int,
) -> bytes | None:
    """The encoded scan; None where a file name that is not UTF-8 stands in it."""
    kept = [node for node in architecture.nodes() if node.kind is not NodeKind.MODULE]
    edges = [edge for edge in architecture.edges() if edge.kind is not EdgeKind.IMPORTS]
    whole = Remembered(
        tuple(kept),
        tuple(edges),
        architecture.endpoints,
        architecture.unresolved,
        tuple(findings),
        tuple(skipped),
        files,
        lines,
    )
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


def key_of(
    files: Sequence[SourceFile],
    rules: Sequence[Rule],
    options: Mapping[str, Options] | None,
    name: str,
    max_size: int,
) -> str | None:
    """One digest of everything that a scan depends on; None when some of it is not known.

    `name`: what the repository is called where nothing in it says so. A rule stands for the
    folder of its module, so that a helper beside it counts as well.
    """
    state = hashlib.sha1(usedforsecurity=False)
    state.update(f"{code_version()} {max_size} {name}\n".encode("utf-8", "surrogateescape"))
    for rule in rules:
        module = sys.modules.get(rule.check.__module__)
        source = getattr(module, "__file__", None)
        if not source:
            return None
        try:
            version = folder_version(Path(source).parent)
        except OSError:
            return None
        chosen = (options or {}).get(rule.id)
        given = msgspec.json.encode(chosen) if chosen is not None else b""
        state.update(f"{rule.id} {version}\n{rule.page}\n".encode() + given)
    for file in files:
        if not file.digest:
            return None
        path = file.path.encode("utf-8", "surrogateescape")
        read_as = f"{file.digest} {file.kind} {file.role}".encode()
        state.update(path + b"\0" + read_as + b"\0")
    return state.hexdigest()
