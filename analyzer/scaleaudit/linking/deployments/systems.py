"""Several systems side by side in one repository: which folder holds which.

Each has services of its own, and the `user-service` of one is not that of the other. Folders that
deploy the same services in other ways (compose files, manifests, charts) are one system.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import image_name, of_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scaleaudit.linking.deployments.workload import Workload

MIN_SERVICES = 3  # of its own, that make a folder's deployment a system
SAME_NAMES = 2  # services, that tell programs of one kind from deployments of one system
SHARED = 0.5  # of the smaller one's services that two deployments of one system have in common


class Systems:
    """`of(path)`: the folder of the system that a file belongs to, empty for none or for all."""

    def __init__(self, workloads: Sequence[Workload]) -> None:
        self._above = _shared_folders([folder_of(w.path) for w in workloads])
        self._parted = self._holding_several(workloads)
        own: dict[str, tuple[set[str], set[str], set[str]]] = {}
        for workload in workloads:
            if workload.root is not None or (workload.image and of_image(workload.image) is None):
                names, images, roots = own.setdefault(
                    self._top(workload.path), (set(), set(), set())
                )
                names.add(plain(workload.name))
                images.add(plain(image_name(workload.image)))
                roots.add(workload.root or "")
        for _, images, roots in own.values():
            images.discard("")
            roots.discard("")
        large = {top: sets for top, sets in sorted(own.items()) if len(sets[0]) >= MIN_SERVICES}
        self._system: dict[str, str] = {}
        for top, sets in large.items():
            same = [other for other in self._system if _alike(sets, large[other])]
            joined = {self._system[other] for other in same}
            first = min(joined, default=top)
            self._system[top] = first
            for other, system in self._system.items():
                if system in joined:
                    self._system[other] = first
        self._small = self._apart(workloads) - set(large)
        self._system |= {top: top for top in self._small}
        if len(set(self._system.values())) < 2:
            self._system = {}

    def _apart(self, workloads: Sequence[Workload]) -> frozenset[str]:
        """Folders whose compose files build what is in them alone, and that no other builds from."""
        roots: dict[str, set[str]] = {}
        if any(w.fact.source not in ("compose", "procfile") for w in workloads):
            return frozenset()  # what a cluster runs may be any of them
        composed = {self._top(w.path) for w in workloads if w.fact.source == "compose"}
        for workload in workloads:
            if workload.root is not None:
                roots.setdefault(self._top(workload.path), set()).add(workload.root)
        found = {
            top
            for top, built in roots.items()
            if top in composed and top and all(is_below(root, top) for root in built)
        }
        covered = {
            top
            for top in found
            for other, built in roots.items()
            if other != top and any(is_below(root, top) for root in built)
        }
        return frozenset(found - covered)

    def _holding_several(self, workloads: Sequence[Workload]) -> frozenset[str]:
        """Folders of programs that each have a compose file, all with services of the same names:
        `services/orders` and `services/stock` start an `app` and a `web` each."""
        below: dict[str, dict[str, set[str]]] = {}  # folder of the files, their services
        built: dict[str, set[str]] = {}
        for workload in workloads:
            folder = folder_of(workload.path)
            names = below.setdefault(self._first(folder), {}).setdefault(folder, set())
            names.add(plain(workload.name))
            if workload.fact.source != "compose":
                names.add("")  # a cluster's are not told apart by their files
            elif workload.root is not None:
                built.setdefault(folder, set()).add(workload.root)
        return frozenset(
            top
            for top, folders in below.items()
            if len(folders) > 1
            and top not in folders
            and len(set.intersection(*folders.values()) - {""}) >= SAME_NAMES
            and not any("" in names for names in folders.values())
            and all(
                folder in built and all(is_below(root, folder) for root in built[folder])
                for folder in folders
            )
        )

    def may_share(self, path: str, kind: NodeKind | None) -> bool:
        """Whether a workload may be one that other systems have too: a small one's broker may."""
        own = kind in (NodeKind.DATABASE, NodeKind.CACHE, NodeKind.STORAGE)
        return self._top(path) in self._small and not own

    def of(self, path: str) -> str:
        return self._system.get(self._top(path), "") if self._system else ""

    def of_all(self, paths: Iterable[str]) -> str:
        """The one system of several files; empty when they are of none or of many."""
        found = {self.of(path) for path in paths} - {""}
        return found.pop() if len(found) == 1 else ""

    def _top(self, path: str) -> str:
        """The first folder in which deployments differ; empty for a file above it. One below, where
        that holds several programs."""
        folder = folder_of(path)
        first = self._first(folder)
        if first in self._parted and folder != first:
            return "/".join(folder.split("/")[: self._above + 2])
        return first

    def _first(self, folder: str) -> str:
        return "/".join(folder.split("/")[: self._above + 1])


def _alike(one: tuple[set[str], ...], other: tuple[set[str], ...]) -> bool:
    """Their services have names, images or source folders in common."""
    return any(
        a and b and len(a & b) / min(len(a), len(b)) >= SHARED
        for a, b in zip(one, other, strict=True)
    )


def _shared_folders(folders: list[str]) -> int:
    """How many folders around them all files share."""
    parts = [folder.split("/") for folder in folders if folder]
    if not parts or len(parts) < len(folders):
        return 0
    shared = 0
    while all(len(p) > shared + 1 and p[shared] == parts[0][shared] for p in parts):
        shared += 1
    return shared
