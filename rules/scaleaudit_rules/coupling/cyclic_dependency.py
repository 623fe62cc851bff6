"""Services that call each other in a circle, modules that import each other in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Count,
    Dimension,
    EdgeKind,
    Evidence,
    Layer,
    NodeKind,
    Options,
    Phase,
    Problem,
    Severity,
    rule,
)
from scaleaudit_rules.coupling._bundles import bundles, in_bundle
from scaleaudit_rules.coupling._supporting import GATEWAYS, is_told

if TYPE_CHECKING:
    from collections.abc import Iterator


# Of these, a file is what is loaded and can fail half-loaded. JVM classes of one package refer
# to each other freely, as do PHP's, each of which is loaded when first used, and Go refuses cycles.
LOADED_BY_FILE = {"python", "javascript", "ruby"}
# Neighbours in one folder that know each other are one part in several files; from this many on,
# the part is no longer one that a person holds in mind.
MANY = 10
# Parts of a page, which name each other inside functions that run when it is drawn.
DRAWN = (".tsx", ".jsx", ".vue", ".svelte", ".component.ts")
# TypeScript drops imports that are used as types only; a compiler's options may say more.
MAYBE_TYPES = {"typescript", "tsx"}


class CyclicDependencyOptions(Options, frozen=True):
    """How many module cycles are worth a finding."""

    max_module_cycles: Count = 5
    """The largest ones are reported; past the first few, a list helps nobody."""


@rule(
    dimensions=(Dimension.TEAM,),
    layer=Layer.ARCHITECTURE,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    phase=Phase.TO_1K,
    fixes=("break-cycles",),
    options=CyclicDependencyOptions,
    later=(Phase.TO_10K,),
)
def cyclic_dependency(
    architecture: Architecture, options: CyclicDependencyOptions
) -> Iterator[Problem]:
    for group in architecture.cycles(NodeKind.SERVICE, EdgeKind.CALLS, where=is_told):
        way = architecture.shortest_cycle(group, EdgeKind.CALLS, where=is_told)
        members = [architecture.node(each) for each in way]
        ours = any(architecture.node(each).first_party for each in group)
        if ours and not any(each.technology in GATEWAYS for each in members):
            yield of_services(architecture, group, way)
    reported, folders = 0, bundles(architecture)
    for group in architecture.cycles(NodeKind.MODULE, EdgeKind.IMPORTS):
        languages = {architecture.node(each).technology for each in group}
        if languages & LOADED_BY_FILE or languages & MAYBE_TYPES:
            way = architecture.shortest_cycle(group, EdgeKind.IMPORTS)
            within = in_one_part(architecture, way) or drawn(architecture, way)
            many = len(group) >= MANY and not in_one_folder(architecture, group)
            if package_and_part(architecture, way) or (within and not many):
                continue
            if all(in_bundle(folders, architecture.node(each).name) for each in way):
                continue  # loaded and deployed as one, by nobody's server
            yield of_modules(architecture, group, way, certain=not languages & MAYBE_TYPES)
            reported += 1
            if reported == options.max_module_cycles:
                return


def of_services(architecture: Architecture, group: list[str], way: list[str]) -> Problem:
    names = [architecture.node(each).name for each in way]
    evidence = steps(architecture, way, EdgeKind.CALLS)
    circle = " -> ".join([*names, names[0]])
    return Problem(
        subject=f"services {' '.join(sorted(architecture.node(each).name for each in group))}",
        message=(
            f"{circle}: these services call each other in a circle, so none of them can be "
            "deployed, scaled or fail alone."
        ),
        evidence=evidence,
        data={"level": "service", "members": [architecture.node(each).name for each in group]},
        confidence=Confidence.MEDIUM,
    )


def of_modules(
    architecture: Architecture, group: list[str], way: list[str], *, certain: bool
) -> Problem:
    names = [architecture.node(each).name for each in way]
    circle = " -> ".join([*names, names[0]])
    more = f" ({len(group)} modules hang together in cycles)" if len(group) > len(way) else ""
    return Problem(
        subject=f"modules {' '.join(sorted(names))}",
        message=(
            f"{circle}: these modules import each other in a circle{more}. Whichever is loaded first "
            "sees another half-loaded, and none can be tested or moved out alone."
        ),
        evidence=steps(architecture, way, EdgeKind.IMPORTS),
        data={"level": "module", "members": names, "size": len(group)},
        # A few files that know each other hold nobody up; a knot of many does, once there are teams.
        # One that parts of a page belong to ends in the browser, with what else is bundled.
        severity=Severity.LOW
        if in_one_part(architecture, way) or len(group) < MANY or drawn(architecture, group)
        else Severity.MEDIUM,
        phase=Phase.TO_10K,
        confidence=Confidence.HIGH if certain else Confidence.MEDIUM,
    )


def in_one_part(architecture: Architecture, way: list[str]) -> bool:
    """All in one folder or in folders inside it: no seam between two parts is crossed."""
    folders = {architecture.node(each).name.rpartition("/")[0] for each in way}
    return any(all(is_below(each, top) for each in folders) for top in folders)


def in_one_folder(architecture: Architecture, group: list[str]) -> bool:
    """Such as the models of one application, each of which names those that it refers to."""
    return len({architecture.node(each).name.rpartition("/")[0] for each in group}) == 1


def drawn(architecture: Architecture, modules: list[str]) -> bool:
    return any(architecture.node(each).name.endswith(DRAWN) for each in modules)


def package_and_part(architecture: Architecture, way: list[str]) -> bool:
    """A package's own index file and a part of the package: a re-export, not a seam.

    A Ruby library's file stands beside the folder of its parts: `shop.rb` and `shop/engine.rb`.
    """
    names = [architecture.node(each).name for each in way]
    return any(
        package is not None and all(n == i or is_below(n, package) for n in names)
        for i in names
        for package in [package_of(i)]
    )


def package_of(path: str) -> str | None:
    """The folder whose index file this is; None for any other file."""
    folder, _, name = path.rpartition("/")
    if name.partition(".")[0] in ("__init__", "index"):
        return folder
    return path.removesuffix(".rb") if name.endswith(".rb") else None


def is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def steps(architecture: Architecture, way: list[str], kind: EdgeKind) -> tuple[Evidence, ...]:
    """One place for each step of the way round, the last step closing the circle."""
    found = []
    for source, target in zip(way, [*way[1:], way[0]], strict=True):
        for edge in architecture.edges_out_of(source, kind):
            if edge.target == target and edge.evidence:
                note = f"{architecture.node(source).name} -> {architecture.node(target).name}"
                found.append(Evidence(edge.evidence[0].at, note))
                break
    return tuple(found)
