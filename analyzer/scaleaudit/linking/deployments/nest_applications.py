"""Which application of a Nest or Nx workspace a command starts, where one image holds them all.

`node dist/apps/orders/main` runs what was built of `apps/orders`; `nest start orders` builds it first,
also where a script of the workspace says so and the command puts the name behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import is_below, resolve_path
from scaleaudit.linking.names import plain
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaleaudit.facts import PackageDeclared
    from scaleaudit.linking.deployments.workload import Workload

MAX_TEXT = 500
MANY = 2  # programs in one build
MADE = regex(r"(?:^|[\s'\"/])dist/((?:[\w@.-]+/){1,4}?)(?:src/)?main(?:\.[cm]?js)?(?=$|[\s'\";&])")
STARTED = regex(r"\bnest start\b((?:\s+(?:-\S+|[\w.-]+)){0,6})")
RUN = regex(
    r"(?:^|-l?c |&&\s*)(?:pnpm|yarn|npm|bun)(?: run| run-script)? ([\w:.-]+)((?:\s+(?:-\S+|[\w.-]+)){0,4})\s*$"
)


def application_started(workload: Workload, packages: Mapping[str, PackageDeclared]) -> str | None:
    """The folder of the one application below the workload's root; else the workload's own."""
    root, image = workload.root, workload.image_fact
    if root is None:
        return None
    members = [at for at, unit in packages.items() if unit.ecosystem == "npm" and at != root]
    members = [at for at in members if is_below(at, root)]
    below = [at for at in members if is_application(packages[at])]
    if len(members) < MANY:
        return root
    words = workload.command or (image.command if image is not None else ())
    text = " ".join(words)[:MAX_TEXT]
    made = MADE.search(text)
    if made is not None:
        folder = resolve_path(root, made[1])
        return folder if folder in members else root
    run = RUN.search(text)
    if run is not None:
        scripts = dict(packages[root].scripts) if root in packages else {}
        text = f"{scripts.get(run[1], '')}{run[2]}"[:MAX_TEXT]
    started = STARTED.search(text)
    if started is None:
        return root
    named = [word for word in started[1].split() if not word.startswith("-")]
    wanted = plain(named[-1] if named else workload.name)
    # Only a name that the command says is sure enough for a member with a package file of its own.
    for among in (below, members if named else []):
        fits = [at for at in among if plain(at.rpartition("/")[2]) == wanted]
        if len(fits) == 1:
            return fits[0]
    return root


def is_application(unit: PackageDeclared) -> bool:
    """Of a workspace: it has a compiler configuration of its own and no package file."""
    return unit.ecosystem == "npm" and unit.runnable and not unit.name and not unit.dependencies
