"""One program that several deployments start under different names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import folder_of

if TYPE_CHECKING:
    from scaleaudit.linking.workloads import Workload


def joined_alternatives(groups: dict[str, list[list[Workload]]]) -> list[list[list[Workload]]]:
    """The groups by name; one program under different names in different deployments is one.

    That is a source folder which each of the deployments starts exactly once.
    """
    starts: dict[str, dict[tuple[str, str], set[str]]] = {}
    for name, same in groups.items():
        for workload in (w for group in same for w in group):
            if workload.root and len(same) == 1:
                where = "" if workload.fact.source != "compose" else folder_of(workload.path)
                deployment = (workload.fact.source, where)
                starts.setdefault(workload.root, {}).setdefault(deployment, set()).add(name)
    for deployments in starts.values():
        names = {name for found in deployments.values() for name in found}
        if len(names) < 2 or any(len(found) > 1 for found in deployments.values()):
            continue
        kept, *others = sorted(names, key=lambda name: -len(groups[name][0]))
        for other in others:
            groups[kept][0].extend(groups.pop(other)[0])
    return list(groups.values())
