"""Requests share data through a variable of one process."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
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
    Severity,
    StateKept,
    regex,
    rule,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site

# Names that say what the variable is for: shared by intention, so wrong from two copies on.
SHARED_WORDS = ("session", "cart", "limit", "throttle", "rate", "lock", "online", "presence",
                "counter", "count", "token", "queue", "pending", "attempt", "quota")  # fmt: skip
# Filled once for each process, and right in each.
OWN_WORDS = ("registry", "handlers", "plugins", "hooks", "listeners", "loggers", "instance",
             "client", "pool", "engine", "connection", "config", "settings", "translations",
             "schema", "compiled", "template", "metrics", "callbacks", "subscribers")  # fmt: skip

# What is taken out again while the process runs was not filled once for good.
TAKEN_OUT = regex(r"^_*(forget|evict|invalidate|expire|purge|drop)", re.IGNORECASE)

# The last word says what it is: a `lockConfiguration` is a configuration.
NAMED_FOR_ITSELF = regex(r"(registry|config|configuration|settings|factory|factories|instance)s?$")
# What can be worked out again, of how many there are as well: `pending_count_cache`.
# And what keeps this process from working it out twice at once: `cache_locks`.
CACHE = regex(r"cache[sd]?(?:_?locks?)?$")
OF_CACHE = regex(r"cache[sd]?_?locks?$")
COUNTED = ("counter", "count", "rate", "queue", "pending", "online")
# Kept so that they are not thrown away before they are done, as the manual of asyncio asks.
UNDERWAY = regex(r"(?:^|_)(?:background|bg)_?(?:tasks?|jobs?|coroutines?)$")
# Parts of ids that are made of the time: each process has a number of its own in them.
CLOCK = regex(r"_*(last_?)?(timestamp|clock|tick)")
# How often this process itself failed in a row, or tried to connect again.
TRIES = regex(r"consecutive|re_?conn|re_?tr(y|ies)|back_?off")
# A token that somebody else gave out and gives out again: each process may hold one of its own.
GIVEN_OUT = regex(r"cached?_?\w*token|tokens?_?cached?$|jwks")
# What one process does at this moment, so that it does not begin it twice.
AT_WORK = regex(r"in_?(?:flight|progress)")
# What is the same in each copy of one release, or meant to tell the copies apart.
SAME_IN_EACH = regex(
    r"(?:^|[._])(?:(?:cached|app|application|own|server|build|git|release|program|package|current)_?)?"
    r"(?:version|release|revision|commit|git_?sha|build_?info|host_?name|(?:boot|start)_?time|started_?at)"
    r"_?(?:info|caches?|cached|memo)?$"
)
# In the place of a shared store, where there is none.
STAND_IN = regex(r"^_*(?:in_?)?(?:memory|fallback)")
SHARED_STORES = ("redis", "memcached")
ENTERS = regex(
    r"(?i)^_*(?:un|de)?(?:register|track)"
    r"|^_*add_\w*(?:route|hook|handler|middleware|plugin|provider|listener|check|extension|factory|filter)s?$"
)
# A file about a pool of workers or connections: the books of what this process runs itself.
OF_PROCESS = regex(r"(?i)(^|[-_./]|[a-z])pool\.\w+$")

# What a table in memory is called where it is not a map.
OWN_WORD = {".py": "dict", ".rb": "hash", ".php": "array"}


@rule(
    dimensions=(Dimension.TRAFFIC, Dimension.RELIABILITY),
    layer=Layer.ARCHITECTURE,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_1K,
    fixes=("ext-state",),
)
def module_level_mutable_state(architecture: Architecture, _options: object) -> Iterator[Problem]:
    sharing = {
        architecture.node(edge.source).application
        for edge in architecture.edges()
        if architecture.node(edge.target).technology in SHARED_STORES
    }
    serving = {endpoint.at.path for endpoint in architecture.endpoints}
    by_owner: dict[tuple[str, str], list[tuple[Site[StateKept], bool]]] = {}
    for site in architecture.sites(StateKept):
        if site.fact.bounded or site.origin is not Origin.HANDLER or not site.fact.changed_at:
            continue
        name = site.fact.name.lower()
        words = [word for word in SHARED_WORDS if word in name]
        cached = CACHE.search(name) or site.fact.kind == "cache"
        shared = bool(set(words) - set(COUNTED) if cached else words) and not OF_CACHE.search(name)
        own = any(word in name for word in OWN_WORDS)
        if OF_PROCESS.search(site.at.path) or CLOCK.match(name) or UNDERWAY.search(name):
            continue
        if GIVEN_OUT.search(name) or is_of_one_process(site):
            continue
        if site.fact.kind != "counter" and SAME_IN_EACH.search(name):
            continue
        if STAND_IN.match(name) and site.application in sharing:
            continue
        if site.fact.kind == "counter" and TRIES.search(name):
            continue
        if (own and not shared) or NAMED_FOR_ITSELF.search(name):
            continue
        invalidated = any(TAKEN_OUT.match(each.rpartition(".")[2]) for each in site.fact.changed_in)
        if not shared and not invalidated and site.at.path not in serving:
            continue  # far from the requests, it may as well be filled once
        owner = site.fact.name.rpartition(".")[0]
        by_owner.setdefault((site.at.path, owner or site.fact.name), []).append((site, shared))
    for (_, owner), kept in by_owner.items():
        if len(kept) == 1:
            yield problem(kept[0][0], shared=kept[0][1])
        else:
            yield one_holder(owner, kept)


def is_of_one_process(site: Site[StateKept]) -> bool:
    """What it does at this moment, in one function; or what its parts enter themselves into."""
    functions = {scope.rpartition(".")[2] for scope in site.fact.changed_in}
    if AT_WORK.search(site.fact.name.lower()) and len(functions) == 1 < len(site.fact.changed_in):
        return True
    return all(map(ENTERS.match, functions))


def one_holder(owner: str, kept: list[tuple[Site[StateKept], bool]]) -> Problem:
    """The variables of one class are parts of one thing."""
    first = kept[0][0]
    names = [site.fact.name.rpartition(".")[2] for site, _ in kept]
    return Problem(
        subject=f"{first.at.path} {owner}",
        message=(
            f"{owner} keeps {', '.join(names[:-1])} and {names[-1]} once for each process, and "
            "requests change them: two copies hold two truths, and a restart forgets."
        ),
        evidence=tuple(
            each for site, shared in kept for each in problem(site, shared=shared).evidence
        ),
        data={"names": names, "kinds": [site.fact.kind for site, _ in kept]},
        severity=Severity.HIGH if any(shared for _, shared in kept) else Severity.MEDIUM,
    )


def problem(site: Site[StateKept], *, shared: bool) -> Problem:
    changes = tuple(
        Evidence(at.in_file(site.at.path), f"changed in {scope}" if scope else "changed here")
        for at, scope in zip(site.fact.changed_at, site.fact.changed_in, strict=True)
    )
    return Problem(
        subject=f"{site.at.path} {site.fact.name}",
        message=(
            f"{site.fact.name} is one {word_for(site)} for each process, and requests change it: "
            "two copies hold two truths, and a restart forgets."
        ),
        evidence=(Evidence(site.at, f"{site.fact.name} is made here"), *changes),
        data={"name": site.fact.name, "kind": site.fact.kind},
        severity=Severity.HIGH if shared else Severity.MEDIUM,
    )


def word_for(site: Site[StateKept]) -> str:
    if site.fact.kind != "dict":
        return site.fact.kind
    return OWN_WORD.get(PurePosixPath(site.at.path).suffix, "map")
