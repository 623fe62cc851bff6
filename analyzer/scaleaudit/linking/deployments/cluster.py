"""What other manifests say of the workloads of a cluster: patches, autoscalers, Services.

Each chart is a world of its own: what its files say holds for the workloads of that chart, and what
stands in no chart for the workloads of none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.kubernetes_gateways import LABEL
from scaleaudit.facts import FilesIncluded, NetworkName, WorkloadPatched
from scaleaudit.findings import Evidence
from scaleaudit.linking.facts_index import folder_of, resolve_path
from scaleaudit.linking.technologies import image_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scaleaudit.facts import EnvEntry
    from scaleaudit.linking.deployments.charts import Charts
    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.linking.facts_index import FactsIndex

VERSION = regex(r"(.+?)[-.]v\d+(?:[-.].*)?")
IN_CLUSTER = ("kubernetes", "helm", "terraform")  # the sources of such workloads


def patch_workloads(
    index: FactsIndex,
    charts: Charts,
    workloads: Iterable[Workload],
    add: Callable[[Workload, str, tuple[EnvEntry, ...]], None],
) -> None:
    """`add` gives a workload the variables that a file sets."""
    named: dict[tuple[str | None, str], list[Workload]] = {}
    for each in workloads:
        chart = charts.chart_of(each.path)
        for name in {
            each.name,
            each.fact.name,
            f"image {image_name(each.image)}" if each.image else "",
        }:
            named.setdefault((chart, name), []).append(each)
    unused = unused_components(index)
    for path, patch in index.of(WorkloadPatched):
        if path in unused:
            continue
        chart, called = charts.chart_of(path), charts.name(patch.name, path)
        if not called:
            continue
        image = f"image {image_name(called)}"
        found = named.get((chart, called)) or named.get((chart, image)) or []
        for each in found:
            if patch.replicas is not None:
                each.replicas = max(each.replicas or 0, patch.replicas)
            # An overlay is one way to deploy among several: it adds, the base stands.
            known = {n for n, (value, _) in each.environment.items() if value is not None}
            add(each, path, tuple(e for e in patch.environment if e.name not in known))


def unused_components(index: FactsIndex) -> set[str]:
    """Files of kustomize components that nothing takes in: offers, not what is deployed."""
    offered: set[str] = set()
    taken: set[str | None] = set()
    for path, included in index.of(FilesIncluded):
        if included.kind == "kustomize-optional":
            offered.add(path)
        elif included.kind == "kustomize-component":
            taken |= {resolve_path(folder_of(path), each) for each in included.paths}
    return {path for path in offered if folder_of(path) not in taken}


def name_by_services(index: FactsIndex, charts: Charts, workloads: Iterable[Workload]) -> None:
    """A Kubernetes Service's name leads to the workloads that its selector fits."""
    labelled: dict[tuple[str | None, str, str], list[Workload]] = {}
    named: dict[tuple[str | None, str], list[Workload]] = {}
    for each in workloads:
        chart = charts.chart_of(each.path)
        for key, text in dict(each.fact.labels).items():
            labelled.setdefault((chart, key, text), []).append(each)
        for name in {each.name, *each.aliases}:
            named.setdefault((chart, name), []).append(each)
    published: list[tuple[tuple[str | None, str], str, NetworkName]] = []
    for path, service in index.of(NetworkName):
        chart, called = charts.chart_of(path), charts.name(service.name, path)
        if not called or charts.is_off(service.switch, path):
            continue
        selector = [
            (charts.filled(key, path), charts.filled(text, path)) for key, text in service.selector
        ]
        if any("{}" not in text for _, text in selector):
            groups = [labelled.get((chart, key, text), []) for key, text in selector]
            others = [{id(each) for each in group} for group in groups]
            for each in min(groups, key=len):
                if all(id(each) in group for group in others):
                    each.aliases.add(called)
                    named.setdefault((chart, called), []).append(each)
        if service.published:
            published.append(((chart, called), path, service))
    gateways: dict[str, list[Workload]] = {}
    for each in workloads:
        gateways.setdefault(gateway_name(each, charts), []).append(each)
    for key_of_name, path, service in published:
        through = (charts.name(name, path) for name in service.through)
        first = [each for name in through if name for each in gateways.get(name, [])]
        for each in first or named.get(key_of_name, []):
            each.published = True
            at = service.at.in_file(path)
            if service.selector:
                note = Evidence(at, f"the Service {key_of_name[1]} is open to outside")
                notes = each.balanced
            else:
                note = Evidence(at, f"the cluster's edge leads to {key_of_name[1]}")
                notes = each.routes
            if note not in notes:
                notes.append(note)


def gateway_name(workload: Workload, charts: Charts) -> str:
    """What a gateway is called whose proxy the cluster runs; empty for any other workload."""
    return charts.name(dict(workload.fact.labels).get(LABEL, ""), workload.path)


def join_versions(workloads: Iterable[Workload]) -> None:
    """Versions of one program behind one Service (`reviews-v1`, `reviews-v2`) get its name."""
    for each in workloads:
        found = VERSION.fullmatch(each.name)
        if found is not None and found[1] in each.aliases:
            each.aliases.add(each.name)
            each.name = found[1]
