"""`.github/workflows/*.yml`: the jobs of GitHub Actions, and action files beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.ci_purposes import (
    ordered,
    purposes_of_action,
    purposes_of_commands,
    purposes_of_words,
)
from scaleaudit.config_files.github_images import images_built
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import YamlMap, as_map, as_text, inner, maps_in, texts_in
from scaleaudit.facts import FileFacts, PipelineDefined
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.facts import Fact

_MATRIX = regex(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}")


def extract(content: bytes) -> FileFacts:
    file = read_yaml(content)
    facts: list[Fact] = [fact for document in file.maps for fact in _jobs(document)]
    if b"docker" in content or b"podman" in content:
        facts += [fact for document in file.maps for fact in images_built(document)]
    return FileFacts(tuple(facts), problem=file.problem, lines=file.lines)


def _jobs(workflow: YamlMap) -> Iterator[PipelineDefined]:
    jobs = as_map(workflow.get("jobs"))
    triggers = tuple(dict.fromkeys(_triggers(workflow.get("on"))))
    for name, job in jobs.items():
        if isinstance(job, YamlMap):
            yield PipelineDefined(
                at=jobs.place(name),
                name=str(name),
                system="github",
                triggers=triggers,
                purposes=ordered(_purposes(name, job)),
            )


def _triggers(on: YamlValue) -> Iterator[str]:
    """Names of events; a push of tags alone is `tag`."""
    if isinstance(on, YamlMap):
        for event, filters in on.items():
            given = as_map(filters)
            only_tags = "tags" in given and "branches" not in given
            yield "tag" if event == "push" and only_tags else str(event)
    else:
        yield from map(str, texts_in(on))


def _purposes(name: str, job: YamlMap) -> set[str]:
    found: set[str] = set()
    if called := as_text(job.get("uses")):  # the steps stand in another workflow
        return purposes_of_action(called) | purposes_of_words(called.rpartition("/")[2])
    steps = maps_in(job.get("steps"))
    for step in steps:
        found |= purposes_of_commands(_commands(as_text(step.get("run")), job))
        action = as_text(step.get("uses"))
        found |= purposes_of_action(action)
        if action.startswith("./"):
            found |= purposes_of_words(action.rpartition("/")[2])
    if found:
        return found
    # Scripts of the repository's own: what people call the steps is all there is.
    names = [as_text(step.get("name")) for step in steps if as_text(step.get("run"))]
    return {purpose for text in (name, *names) for purpose in purposes_of_words(text)}


def _commands(script: str, job: YamlMap) -> Iterator[str]:
    """The script, and the values of the matrix that it runs."""
    yield script
    matrix = as_map(inner(job, "strategy", "matrix"))
    for key in dict.fromkeys(_MATRIX.findall(script)):
        yield from map(str, texts_in(matrix.get(key)))
        for combination in maps_in(matrix.get("include")):
            yield as_text(combination.get(key))
