"""A request handler leaves files on the disk of one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    FileWritten,
    Layer,
    Origin,
    Phase,
    Problem,
    Severity,
    WorkloadDeclared,
    regex,
    rule,
    text_with_holes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site

NOT_KEPT = {"temp", "log", "cache"}
TEMPORARY = regex(
    r"(^|/)(tmp|temp|var/tmp|dev/(null|shm)|proc)(/|$)|tempfile|tmpdir|mkstemp|NamedTemporary"
)
# Functions that run once, when the process starts, though they stand beside the routes.
STARTS = regex(
    r"^(__init__|constructor|setup|set_up|init(ialize)?|register|configure|bootstrap|start|boot)([A-Z_].*)?$|[a-z](Init|Setup)$"
)
WORDS = {"upload": "uploads", "export": "exports", "": "files"}


@rule(
    dimensions=(Dimension.TRAFFIC, Dimension.RELIABILITY),
    layer=Layer.ARCHITECTURE,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_1K,
    fixes=("object-store",),
)
def local_disk_write(architecture: Architecture, _options: object) -> Iterator[Problem]:
    shared = {
        site.component for site in architecture.sites(WorkloadDeclared) if site.fact.shared_volumes
    }
    shared |= {
        node.id
        for node in architecture.nodes()
        for site in architecture.sites(WorkloadDeclared)
        if site.fact.shared_volumes and site.fact.name in (node.name, *node.aliases)
    }
    attaching = {
        site.application
        for site in architecture.sites(FileWritten)
        if site.fact.library == "active_storage" and site.fact.scope
    }
    serving = {endpoint.at.path for endpoint in architecture.endpoints}
    places: dict[tuple[str, str, str], list[Site[FileWritten]]] = {}
    for site in architecture.sites(FileWritten):
        if site.component in shared or not is_kept(site):
            continue
        if site.fact.library == "active_storage" and site.application not in attaching:
            continue  # Rails' own template, for an application without attachments
        # An upload is one wherever it is written; a plain write counts where requests are handled.
        handled = site.origin is Origin.HANDLER and (site.fact.scope or site.at.path in serving)
        if STARTS.search(site.fact.scope.rpartition(".")[2]):
            continue
        if site.fact.purpose == "upload" and site.origin in (Origin.HANDLER, Origin.UNKNOWN):
            pass
        elif not (handled and site.fact.scope and site.at.path in serving):
            continue
        places.setdefault((site.at.path, site.fact.scope, site.fact.purpose), []).append(site)
    for (path, scope, purpose), sites in places.items():
        what = WORDS.get(purpose, "files")
        where = f"{scope} in {path}" if scope else path
        yield Problem(
            subject=f"{path} {scope}".strip(),
            message=(
                f"{where} writes {what} to the local disk while it serves a request: the next "
                "request may reach another copy, which does not have them."
            ),
            evidence=tuple(Evidence(s.at, f"written through {s.fact.library}") for s in sites),
            data={"purpose": purpose},
            confidence=Confidence.HIGH if purpose == "upload" else Confidence.MEDIUM,
        )


def is_kept(site: Site[FileWritten]) -> bool:
    """Meant to be read later: no temporary file, no log."""
    if site.fact.purpose in NOT_KEPT or site.origin in (
        Origin.TEST,
        Origin.MIGRATION,
        Origin.ADMIN,
    ):
        return False
    return TEMPORARY.search(text_with_holes(site.fact.target)) is None
