"""Services whose build context is not in the repository: its folder has another name by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.deployments.shared_parts import OF_PROGRAM, own_parts
from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.names import folder_name, relaxed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scaleaudit.facts import PackageDeclared
    from scaleaudit.linking.deployments.workload import Workload

MIN_LETTERS = 3


def assign_lost(
    workloads: Collection[Workload],
    packages: Mapping[str, PackageDeclared],
    files: Collection[str],
) -> None:
    """Sets the `root` of each by what is left of its name, where one program alone that nothing
    else builds is called so, and no other such service could mean it."""
    lost = [w for w in workloads if _is_lost(w)]
    if not lost:
        return
    taken = {w.root for w in workloads if w.root is not None}
    free = [
        folder
        for folder, unit in packages.items()
        if folder
        and (unit.runnable or f"{folder}/Dockerfile" in files)
        and not any(
            t == folder or is_below(t, folder) or (t and is_below(folder, t)) for t in taken
        )
    ]
    outer = [f for f in free if not any(g != f and is_below(f, g) for g in free)]
    called = {folder: {_rest(folder_name(folder))} for folder in outer}
    for part, folders in own_parts(outer).items():
        for folder in folders:
            called[folder].add(_rest(part))
    meant: dict[str, set[str]] = {}
    found: list[tuple[Workload, str]] = []
    for workload in lost:
        names = {_rest(workload.name), _rest(workload.fact.build_context.rstrip("/"))} - {""}
        fits = [folder for folder, own in called.items() if own & names]
        for folder in fits:
            meant.setdefault(folder, set()).add(workload.name)
        if len(fits) == 1:
            found.append((workload, fits[0]))
    for workload, folder in found:
        if len(meant[folder]) == 1:
            workload.root = folder


def _is_lost(workload: Workload) -> bool:
    fact = workload.fact
    return (
        workload.root is None
        and fact.source == "compose"
        and fact.image is None
        and bool(fact.build_context)
        and "://" not in fact.build_context
        and not fact.build_context.startswith("..")  # of another checkout
    )


def _rest(name: str) -> str:
    """`orders` of `services/order-service`: one or several, and without what every program is."""
    word = relaxed(OF_PROGRAM.sub("", name.rpartition("/")[2].lower())).removesuffix("s")
    return word if len(word) >= MIN_LETTERS else ""
