"""Components that are deployed with the server that pages are tried out with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import PackageDeclared
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.linking.facts_index import FactsIndex

SERVES = regex(
    r"(?:^|[\s/])(?:vite(?:\s+(?:dev|serve))?(?=\s*$|\s+-)|ng serve|react-scripts start|craco start"
    r"|vue-cli-service serve|webpack serve|webpack-dev-server|rsbuild dev|nuxi? dev)"
)
SCRIPT = regex(r"(?:^|[\s/])(?:npm|pnpm|yarn|bun)\s+(?:run\s+|run-script\s+)?([\w:.-]+)")


def serves_for_development(component: Component, index: FactsIndex) -> bool:
    """Its command starts such a server, itself or by a script of the package."""
    command = " ".join(" ".join(_words(each)) for each in component.workloads)
    if SERVES.search(command):
        return True
    named = set(SCRIPT.findall(command))
    path = f"{component.root or ''}/package.json".lstrip("/")
    return any(
        name in named and SERVES.search(script) is not None
        for package in index.facts_of(path, PackageDeclared)
        for name, script in package.scripts
    )


def _words(workload: Workload) -> tuple[str, ...]:
    """What the deployment says to start, else what the image does."""
    image = workload.image_fact
    return workload.command or (image.command if image is not None else ())
