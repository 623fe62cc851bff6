"""Which folders the jobs of GitHub Actions make images of, and what these are called."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from scaleaudit.config_files.image_builds import below, builds_in, filled, image_named
from scaleaudit.config_files.yaml_values import (
    YamlList,
    YamlMap,
    as_list,
    as_map,
    as_text,
    inner,
    maps_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.facts import ImageNamed

ACTION = "docker/build-push-action@"
MAX_RUNS = 60  # of one job, by its matrix


def images_built(workflow: YamlMap) -> Iterator[ImageNamed]:
    for job in as_map(workflow.get("jobs")).values():
        if not isinstance(job, YamlMap):
            continue
        steps = [step for step in maps_in(job.get("steps")) if _may_build(step)]
        for given in _runs(workflow, job) if steps else ():
            for step in steps:
                yield from _step(step, given, job)


def _may_build(step: YamlMap) -> bool:
    return as_text(step.get("uses")).startswith(ACTION) or " build" in as_text(step.get("run"))


def _step(step: YamlMap, given: dict[str, str], job: YamlMap) -> Iterator[ImageNamed]:
    if "run" in step:
        at = step.place("run")
        folder = as_text(step.get("working-directory")) or as_text(
            inner(job, "defaults", "run", "working-directory")
        )
        lines = [filled(line, given) for line in as_text(step.get("run")).split("\n")]
        start = [f"cd {filled(folder, given)}"] if folder else []
        yield from builds_in([*start, *lines], at)
        return
    asked = as_map(step.get("with"))
    context = filled(as_text(asked.get("context")) or ".", given)
    dockerfile = filled(as_text(asked.get("file")), given)
    tags = filled(as_text(asked.get("tags")), given).replace(",", "\n").split("\n")
    stage = filled(as_text(asked.get("target")), given)
    dockerfile = below("", dockerfile, "")
    yield from image_named(step.place("uses"), tags, below("", context), dockerfile, stage)


def _runs(workflow: YamlMap, job: YamlMap) -> Iterator[dict[str, str]]:
    """What expressions stand for, once for each run of the job that its matrix makes."""
    known: dict[str, str] = {}
    for holder in (workflow, job):
        for name, value in as_map(holder.get("env")).items():
            known[f"env.{name}"] = filled(as_text(value), known)
    matrix = as_map(inner(job, "strategy", "matrix"))
    lists = [
        [dict(_entry(f"matrix.{name}", each)) for each in as_list(values)]
        for name, values in matrix.items()
        if isinstance(values, YamlList) and name not in ("include", "exclude")
    ]
    for combination in islice(product(*lists), MAX_RUNS):
        chosen = dict(known)
        for each in combination:
            chosen |= each
        if lists or "include" not in matrix:
            yield chosen | _included(matrix, chosen)
    for entry in maps_in(matrix.get("include"))[:MAX_RUNS]:
        yield known | dict(_entry("matrix", entry))


def _included(matrix: YamlMap, chosen: dict[str, str]) -> dict[str, str]:
    """What an entry of `include` adds to a combination that it fits."""
    found: dict[str, str] = {}
    for each in maps_in(matrix.get("include")):
        entries = dict(_entry("matrix", each))
        if all(chosen[key] == value for key, value in entries.items() if key in chosen):
            found |= entries
    return found


def _entry(name: str, value: YamlValue) -> Iterator[tuple[str, str]]:
    if isinstance(value, YamlMap):
        for key, inside in value.items():
            yield f"{name}.{key}", as_text(inside)
    else:
        yield name, as_text(value)
