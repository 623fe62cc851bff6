"""One program that several deployments start under different names, or one deployment as a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import image_name, of_image
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from scaleaudit.linking.deployments.workload import Workload

Groups = dict[str, list[list["Workload"]]]
NODE = regex(r"^(.*?[a-z])[-_.]?(?:(?:node|replica|shard|instance)[-_.]?)?\d+$")
INSTANCE = regex(r"^(.*[a-z])[-_.](?:(?:i|node|replica|instance)[-_.]?)?\d{1,2}$")
RELEASE = regex(
    r"^(.*[a-z])[-_.](?:v\d{1,4}(?:[-.]\d{1,4}){1,3}|\d{1,4}(?:[-.]\d{1,4}){2,3})"
    r"(?:[-.](?:snapshot|alpha|beta|rc|m)[-.]?\d{0,3})?$"
)
NUMBERS = regex(r"\d{1,4}")
ENSEMBLES = {"consul", "etcd", "eureka", "nacos", "vault", "zookeeper"}  # of several equal nodes
CLUSTER = 3  # nodes: two stores of one kind are two stores


def joined_alternatives(groups: Groups) -> list[list[list[Workload]]]:
    """The groups by name; one program under different names in different deployments is one.

    That is a source folder which each of the deployments starts exactly once; or a known program
    or kind of store, where these deployments start some service in common.
    """
    _join_clusters(groups)
    _join_releases(groups)
    _join_instances(groups)
    _join(groups, lambda workload: workload.root or None, related=False)
    _join(groups, _foreign, related=True)
    _join_by_alias(groups)
    return list(groups.values())


def _join_by_alias(groups: Groups) -> None:
    """One image that goes by the name of the other in its own deployment: `release-orders` of a
    chart, whose Service is `orders`, is the `orders` of a compose file."""
    alike: dict[Hashable, list[str]] = {}
    for name, found in groups.items():
        whats = {workload.root or _foreign(workload) for group in found for workload in group}
        if len(found) == 1 and len(whats) == 1 and None not in whats:
            alike.setdefault(whats.pop(), []).append(name)
    for names in alike.values():
        kept: list[str] = []
        for name in sorted(names, key=lambda each: (len(each), each)):
            other = next(
                (each for each in kept if _goes_by(groups[each][0], groups[name][0])), None
            )
            if other is None:
                kept.append(name)
            else:
                groups[other][0].extend(groups.pop(name)[0])


def _goes_by(one: list[Workload], other: list[Workload]) -> bool:
    """They share a name, and no file declares both."""
    if {workload.path for workload in one} & {workload.path for workload in other}:
        return False
    names = [
        {plain(name) for w in group for name in (w.name, *w.aliases)} - {""}
        for group in (one, other)
    ]
    return bool(names[0] & names[1])


def _foreign(workload: Workload) -> Hashable | None:
    """What an image that is not built here is, as far as its name tells."""
    if workload.root is not None or not workload.image:
        return None
    known = of_image(workload.image)
    if known is not None and known[0] is not NodeKind.SERVICE:
        return known
    name = image_name(workload.image)
    return (workload.image.rpartition("/")[0], name) if name else None


def _deployment(workload: Workload) -> tuple[str, str]:
    where = "" if workload.fact.source != "compose" else folder_of(workload.path)
    return workload.fact.source, where


def _join(groups: Groups, same: Callable[[Workload], Hashable | None], *, related: bool) -> None:
    starts: dict[Hashable, dict[tuple[str, str], set[str]]] = {}
    services: dict[tuple[str, str], set[str]] = {}
    for name, found in groups.items():
        for workload in (w for group in found for w in group):
            what = same(workload)
            where = _deployment(workload)
            if what is not None and len(found) == 1:
                starts.setdefault(what, {}).setdefault(where, set()).add(name)
            if of_image(workload.image) is None:
                services.setdefault(where, set()).add(name)
    for deployments in starts.values():
        for found_here in deployments.values():
            if len(found_here) > 1:  # a job beside a program that keeps running is not the program
                found_here -= {name for name in found_here if _is_job(groups[name])}
        # What is called by one name here may be another program there, and joined with its like.
        names = {name for found in deployments.values() for name in found if name in groups}
        if len(names) < 2 or any(len(found) > 1 for found in deployments.values()):
            continue
        kept, *others = sorted(names, key=lambda name: (-len(groups[name][0]), name))
        for other in others:
            if related and not _together(deployments, services, kept, other):
                continue
            groups[kept][0].extend(groups.pop(other)[0])


def _is_job(found: list[list[Workload]]) -> bool:
    return all(workload.fact.kind == "job" for group in found for workload in group)


def _together(
    deployments: dict[tuple[str, str], set[str]],
    services: dict[tuple[str, str], set[str]],
    one: str,
    other: str,
) -> bool:
    """Some deployment of the one and some of the other start a service of the same name."""
    of_one = [services.get(where, set()) for where, names in deployments.items() if one in names]
    of_other = [
        services.get(where, set()) for where, names in deployments.items() if other in names
    ]
    return any((a & b) - {one, other} for a in of_one for b in of_other)


def _join_instances(groups: Groups) -> None:
    """`orders-1` beside `orders`, built from one folder and started by one command, is a second
    instance of it."""
    for name in list(groups):
        instance = INSTANCE.match(name)
        base = groups.get(instance[1]) if instance is not None else None
        if base is None or len(base) > 1 or len(groups[name]) > 1:
            continue
        starts = {(workload.root, workload.command) for workload in base[0]}
        again = {(workload.root, workload.command) for workload in groups[name][0]}
        if again <= starts and None not in {root for root, _ in again}:
            base[0].extend(groups.pop(name)[0])


def _join_releases(groups: Groups) -> None:
    """`orders-v1.2.0` and `orders-v1.3.0`, each in a manifest of its own, are releases of one program."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, same in groups.items():
        release = RELEASE.match(name)
        if release is not None and len(same) == 1:
            found.setdefault((release[1], same[0][0].fact.source), []).append(name)
    for (base, _), names in found.items():
        names.sort(key=_release, reverse=True)
        kept, *others = [base, *names] if len(groups.get(base, ())) == 1 else names
        for other in others:
            paths = {workload.path for workload in groups[kept][0]}
            if paths.isdisjoint(workload.path for workload in groups[other][0]):
                groups[kept][0].extend(groups.pop(other)[0])


def _release(name: str) -> tuple[list[int], str]:
    """Sort key: the latest last."""
    return [int(number) for number in NUMBERS.findall(name)], name


def _join_clusters(groups: Groups) -> None:
    """`redis-1`, `redis-2` and `redis-3` of one image and one deployment are one."""
    found: dict[Hashable, list[str]] = {}
    for name, same in groups.items():
        node = NODE.match(name)
        first = same[0][0]
        known = of_image(first.image) if first.root is None else None
        if node is None or len(same) > 1 or known is None:
            continue
        if known[0] is NodeKind.SERVICE and known[1] not in ENSEMBLES:
            continue
        found.setdefault((node[1], first.image, _deployment(first)), []).append(name)
    for names in found.values():
        if len(names) < CLUSTER:
            continue
        kept, *others = names
        for other in others:
            groups[kept][0].extend(groups.pop(other)[0])
