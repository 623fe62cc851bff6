"""A remote call may wait for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Layer,
    Origin,
    Phase,
    Problem,
    RemoteCall,
    Severity,
    Timeout,
    regex,
    rule,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site

# One step lower where nobody waits for the answer.
SEVERITY = {
    Origin.HANDLER: Severity.HIGH,
    Origin.JOB: Severity.MEDIUM,
    Origin.UNKNOWN: Severity.MEDIUM,
}
# What waits with the call.
HARM = {
    Origin.HANDLER: "each request that needs it waits for ever, until none is served",
    Origin.JOB: "the job never ends, and what waits behind it never starts",
    Origin.UNKNOWN: "the call never returns, and whatever made it stands still",
}

LOOPBACK = regex(r"(?:https?://)?(?:localhost|127\.\d|\[::1\])")


@rule(
    dimensions=(Dimension.RELIABILITY,),
    layer=Layer.ENGINEERING,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    phase=Phase.NOW,
    fixes=("timeouts",),
)
def no_timeout(architecture: Architecture, _options: object) -> Iterator[Problem]:
    places: dict[tuple[str, str], list[Site[RemoteCall]]] = {}
    near = {reach.at for reach in architecture.reaches if LOOPBACK.match(reach.address)}
    for site in architecture.sites(RemoteCall):
        if site.origin is Origin.UNKNOWN and site.at in near:
            continue  # a probe or a script on the machine that answers it
        if site.fact.timeout is Timeout.NEVER and site.origin in SEVERITY:
            places.setdefault((site.at.path, site.fact.library), []).append(site)
    for (path, library), sites in places.items():
        worst = min(sites, key=lambda site: list(SEVERITY).index(site.origin))
        calls = "a call" if len(sites) == 1 else f"{len(sites)} calls"
        looped = " In a loop, the waits add up." if any(s.fact.in_loop for s in sites) else ""
        yield Problem(
            subject=f"{path} {library}",
            message=(
                f"{calls[0].upper()}{calls[1:]} through {library} without a timeout: when the "
                f"other side hangs, {HARM[worst.origin]}.{looped}"
            ),
            evidence=tuple(
                Evidence(s.at, f"{s.fact.method or s.fact.protocol} without a timeout".strip())
                for s in sites
            ),
            data={"library": library, "origin": worst.origin, "calls": len(sites)},
            severity=SEVERITY[worst.origin],
        )
