"""One deployable while the graph is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.architecture import Node, NodeKind
from scaleaudit.linking.technologies import image_name
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from scaleaudit.findings import Evidence
    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.source import Location


ENDING = ("job", "cron", "step")


class Component(Gathering):
    """One deployable under construction; `to_node` freezes it."""

    name: str
    kind: NodeKind = NodeKind.SERVICE
    technology: str = ""
    root: str | None = None
    application: str = ""
    aliases: set[str] = msgspec.field(default_factory=set)
    workloads: list[Workload] = msgspec.field(default_factory=list)
    at: Location | None = None
    system: str = ""  # of several in one repository, by its folder
    entered: list[Evidence] = msgspec.field(default_factory=list)  # why people reach it

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.name}"

    @property
    def names(self) -> set[str]:
        return {self.name, *self.aliases}

    @property
    def images(self) -> set[str]:
        """What its images are called, and it itself is not."""
        named = {self.name, *(name for w in self.workloads for name in (w.name, *w.aliases))}
        return {image_name(w.image) for w in self.workloads if w.image} - named

    @property
    def has_open_environment(self) -> bool:
        """Some of its variables come from a place that the repository does not hold."""
        return any(workload.open_environment for workload in self.workloads)

    def to_node(self) -> Node:
        replicas = [w.replicas for w in self.workloads if w.replicas is not None]
        return Node(
            id=self.id,
            kind=self.kind,
            name=self.name,
            technology=self.technology,
            path=self.root or "",
            aliases=tuple(sorted(self.aliases - {self.name})),
            application=self.application,
            first_party=self.root is not None,
            replicas=max(replicas) if replicas else None,
            published=any(w.published for w in self.workloads),
            at=self.at,
            entered=tuple(self.entered),
            ends=bool(self.workloads) and all(w.fact.kind in ENDING for w in self.workloads),
        )
