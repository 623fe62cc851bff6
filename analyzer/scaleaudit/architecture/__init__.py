"""The audited system as a graph, and the questions that rules ask of it.

The only package that knows networkx. Built once by the linker, frozen, never copied.
"""

from scaleaudit.architecture.graph import Architecture
from scaleaudit.architecture.parts import (
    Cause,
    Edge,
    EdgeKind,
    Endpoint,
    Migration,
    Node,
    NodeKind,
    Origin,
    Reach,
    Site,
    StartCommand,
    Unresolved,
)

__all__ = [
    "Architecture",
    "Cause",
    "Edge",
    "EdgeKind",
    "Endpoint",
    "Migration",
    "Node",
    "NodeKind",
    "Origin",
    "Reach",
    "Site",
    "StartCommand",
    "Unresolved",
]
