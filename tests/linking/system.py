"""A system written in a test, read by the real extractors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.written import written

from scaleaudit.facts import QueryFound
from scaleaudit.index_use import judge_query
from scaleaudit.scan import scan

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture, Origin
    from scaleaudit.facts import RemoteCall


def architecture(files: dict[str, str], name: str = "") -> Architecture:
    """What all these files together say, by path; texts may be indented like the test.

    `name`: of the repository.
    """
    return scan(written(files), [], name=name).architecture


def deployed(name: str, image: str) -> str:
    """A manifest of Kubernetes: one container, reached under its name."""
    return f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: {name}}}
        spec:
          selector: {{matchLabels: {{app: {name}}}}}
          template:
            metadata: {{labels: {{app: {name}}}}}
            spec: {{containers: [{{name: it, image: "{image}"}}]}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {{name: {name}}}
        spec: {{selector: {{app: {name}}}, ports: [{{port: 80}}]}}
        """


def origins(
    files: dict[str, str], kind: type[QueryFound | RemoteCall] = QueryFound
) -> dict[str, Origin]:
    """Of the queries, or the calls, by the function that each stands in."""
    found = architecture(files).sites(kind)
    return {site.fact.scope.rpartition(".")[2]: site.origin for site in found}


def missing(found: Architecture) -> set[tuple[str, tuple[str, ...]]]:
    """The tables, with the columns that indexes should be made of."""
    result = set()
    for site in found.sites(QueryFound):
        names = (*site.fact.reads, *site.fact.writes)
        tables = [t for t in map(found.schema.table, names) if t is not None]
        for judged in judge_query(site.fact.predicates, tables, site.fact.limited):
            if judged.verdict.is_problem:
                result.add((judged.table.name, judged.verdict.columns))
    return result
