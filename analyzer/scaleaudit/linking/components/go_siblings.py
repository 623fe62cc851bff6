"""Programs of a Go module that nothing deploys, beside those of the same folder that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import EndpointServed, MessageReceived, ServerStarted
from scaleaudit.linking.components.component import Component
from scaleaudit.linking.components.programs import FOR_DESK
from scaleaudit.linking.components.roles import MIGRATION_WORDS
from scaleaudit.linking.deployments.build_targets import BuildTargets
from scaleaudit.linking.deployments.go_programs import go_programs
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.names import folder_name, relaxed

if TYPE_CHECKING:
    from scaleaudit.linking.components.source_code import SourceCode

MANY = 2


def add_go_siblings(found: list[Component], code: SourceCode) -> None:
    """`cmd/bills` beside `cmd/orders` and `cmd/stock`, which run: a part of the same system, whose
    deployment is still to be written. Only what serves or takes messages, and not for the desk."""
    programs = go_programs(code.index)
    beside: dict[str, set[str]] = {}  # the roots of what runs, by the folder around
    for component in found:
        if component.workloads and component.root in programs and component.root:
            beside.setdefault(folder_of(component.root), set()).add(component.root)
    if not any(len(roots) >= MANY for roots in beside.values()):
        return
    serving = {
        folder_of(path): each.at.in_file(path)
        for kind in (MessageReceived, EndpointServed, ServerStarted)
        for path, each in code.index.of(kind)
    }
    known = {component.root for component in found}
    named = {relaxed(name) for component in found for name in component.names}
    targets = BuildTargets(code.index, code.packages)
    for folder in sorted(programs - known):
        name = folder_name(folder)
        if len(beside.get(folder_of(folder), ())) < MANY or folder not in serving:
            continue
        if FOR_DESK.fullmatch(name) or MIGRATION_WORDS.search(name) or relaxed(name) in named:
            continue
        if targets.declare(folder):
            technology = code.technology(folder, "")
            at = serving[folder]
            found.append(Component(name, NodeKind.SERVICE, technology, folder, at=at))
