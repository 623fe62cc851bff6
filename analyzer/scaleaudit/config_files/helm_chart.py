"""`Chart.yaml`: the chart as a unit, and the charts it is made of."""

from __future__ import annotations

from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import as_text, maps_in
from scaleaudit.facts import Fact, FileFacts, FilesIncluded, PackageDeclared

_LOCAL = "file://"


def extract(content: bytes) -> FileFacts:
    file = read_yaml(content)
    facts: list[Fact] = []
    for chart in file.maps[:1]:
        if "name" not in chart:
            continue
        dependencies = maps_in(chart.get("dependencies"))
        facts.append(
            PackageDeclared(
                chart.place("name"),
                as_text(chart["name"]),
                "helm",
                dependencies=tuple(
                    (as_text(entry.get("name")), as_text(entry.get("version")))
                    for entry in dependencies
                    if entry.get("name")
                ),
            )
        )
        for entry in dependencies:
            repository = as_text(entry.get("repository"))
            if repository.startswith(_LOCAL):
                path = repository.removeprefix(_LOCAL)
                facts.append(FilesIncluded(entry.place("repository"), (path,), "helm-dependency"))
    return FileFacts(tuple(facts), "", file.problem, file.lines)
