"""Which nodes of a picture stand together: of one application, of one folder, without a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.reports.collapsing import display, folder_key, folder_of_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scaleaudit.architecture import Node

MIN_FOLDER = 3  # services in a folder that is drawn as a group
MIN_FOLDERS, MAX_FOLDERS = 2, 12
COVERED = 0.6  # of the services that must be in such folders
# Folders that say how something is deployed, not which system it is.
DEPLOYING = regex(
    r"(^|[-_.])(deploy(ments?|ing)?|docker([-_]?compose)?|compose|swarm|kubernetes|k8s|kube|helm"
    r"|charts?|kustomiz\w+|manifests?|openshift|nomad|terraform|infra(structure)?|iac|monitoring"
    r"|logging|istio|environments?|overlays?|examples?|extras?)([-_.]|$)",
    re.IGNORECASE,
)
ALONE = "no connection known"
LEFT_OUT = "connected with nearly all: lines not drawn"


class Cluster(Record, frozen=True):
    """A frame around nodes; `inner` are frames in it, whose nodes are not among its own."""

    label: str
    nodes: tuple[Node, ...]
    inner: tuple[Cluster, ...] = ()
    aside: bool = False  # around what has no lines


def clusters(nodes: Sequence[Node], linked: set[str], left_out: Iterable[str]) -> list[Cluster]:
    """`linked` are the ids of the nodes that lines end at, `left_out` of those whose lines are
    not drawn; frames are sorted by label, those around what has no lines come last."""
    hidden = [node for node in nodes if node.id in left_out]
    rest = [node for node in nodes if node.id not in left_out]
    frames = _by_folder(rest)
    if not frames:
        bound = [node for node in rest if node.id in linked or not linked]
        frames = _by_application(bound)
    framed = {node.id for frame in frames for node in _all(frame)}
    alone = [node for node in rest if node.id not in linked and node.id not in framed]
    if len(alone) > 1:
        frames.append(Cluster(ALONE, tuple(alone), aside=True))
    if hidden:
        frames.append(Cluster(LEFT_OUT, tuple(hidden), aside=True))
    return frames


def _all(frame: Cluster) -> list[Node]:
    return [*frame.nodes, *(node for inner in frame.inner for node in inner.nodes)]


def _by_application(nodes: Iterable[Node]) -> list[Cluster]:
    members: dict[str, list[Node]] = {}
    for node in nodes:
        if node.application and node.kind in (NodeKind.SERVICE, NodeKind.MODULE):
            members.setdefault(node.application, []).append(node)
    return [
        Cluster(display(name), tuple(found))
        for name, found in sorted(members.items())
        if len(found) > 1
    ]


def _by_folder(nodes: Sequence[Node]) -> list[Cluster]:
    """Systems side by side in one repository; empty where folders tell nothing."""
    services = [node for node in nodes if node.kind is NodeKind.SERVICE]
    key = folder_key(services)
    members: dict[str, list[Node]] = {}
    for node in services:
        members.setdefault(key(node), []).append(node)
    large = {
        folder: found
        for folder, found in members.items()
        if len(found) >= MIN_FOLDER
        and folder
        and not any(DEPLOYING.search(part) for part in folder.split("/"))
    }
    covered = sum(len(found) for found in large.values())
    if not MIN_FOLDERS <= len(large) <= MAX_FOLDERS or covered < COVERED * len(services):
        return []
    for node in nodes:
        if node.kind not in (NodeKind.SERVICE, NodeKind.EXTERNAL) and node.at is not None:
            folder = next((f for f in large if f"{folder_of_node(node)}/".startswith(f"{f}/")), "")
            if folder:
                large[folder].append(node)
    made = []
    for folder, found in sorted(large.items()):
        inner = tuple(_by_application(found)) if len({n.application for n in found}) > 1 else ()
        inside = {node.id for each in inner for node in each.nodes}
        rest = tuple(node for node in found if node.id not in inside)
        made.append(Cluster(f"{folder}/", rest, inner))
    return made
