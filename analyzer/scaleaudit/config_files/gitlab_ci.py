"""`.gitlab-ci.yml`: GitLab's jobs with `extends`, rules and stages of the same file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.ci_purposes import ordered, purposes_of_commands, purposes_of_words
from scaleaudit.config_files.image_builds import builds_in
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import (
    YamlList,
    YamlMap,
    as_map,
    as_text,
    inner,
    maps_in,
    texts_in,
)
from scaleaudit.facts import FileFacts, PipelineDefined
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.facts import ImageNamed

MAX_EXTENDS = 11  # levels, as GitLab allows
_NO_JOBS = {
    "after_script", "before_script", "cache", "default", "image", "include", "services", "spec",
    "stages", "variables", "workflow",
}  # fmt: skip
_MAKES_A_JOB = {"script", "run", "trigger", "extends"}
# What a pipeline's source, a variable in a condition or an old `only` entry says.
_TRIGGERS = (
    ("merge_request", regex(r"merge_request")),
    ("schedule", regex(r"\bschedules?\b")),
    ("tag", regex(r"CI_COMMIT_TAG|^tags$")),
    ("push", regex(r"CI_COMMIT_(?:BRANCH|REF)|CI_DEFAULT_BRANCH|\"push\"|^(?:push(?:es)?|branches)$")),
    ("web", regex(r"\"web\"|^web$")),
    ("api", regex(r"\"(?:api|trigger|pipeline)\"|^(?:api|triggers|pipelines)$")),
)  # fmt: skip


def extract(content: bytes) -> FileFacts:
    file = read_yaml(content)
    facts = [fact for document in file.maps for fact in _jobs(document)]
    return FileFacts(tuple(facts), problem=file.problem, lines=file.lines)


def _jobs(document: YamlMap) -> Iterator[PipelineDefined | ImageNamed]:
    for name, job in document.items():
        if name in _NO_JOBS or name.startswith(".") or not isinstance(job, YamlMap):
            continue
        if _MAKES_A_JOB.isdisjoint(job):
            continue
        script = _inherited(document, job, "script")
        stage = as_text(_inherited(document, job, "stage"))
        found = purposes_of_commands(map(str, _lines(script)))
        yield PipelineDefined(
            at=document.place(name),
            name=str(name),
            system="gitlab",
            triggers=_triggers(document, job),
            purposes=ordered(found or purposes_of_words(f"{name} {stage}")),
        )
        lines = [line for text in _lines(script) for line in str(text).split("\n")]
        yield from builds_in(lines, document.place(name))


def _inherited(document: YamlMap, job: YamlMap, key: str) -> YamlValue:
    """The job's own value, or that of the nearest template it extends; the last one wins."""
    waiting = [job]
    for _ in range(MAX_EXTENDS):
        above: list[YamlMap] = []
        for each in waiting:
            if key in each:
                return each[key]
            names = reversed(texts_in(each.get("extends"))[:MAX_EXTENDS])
            above += [as_map(document.get(name)) for name in names]
        waiting = above[:MAX_EXTENDS]
    return as_map(document.get("default")).get(key)


def _lines(script: YamlValue) -> Iterator[str]:
    """Lines of a script; lists in it come from anchors and references."""
    for item in script if isinstance(script, YamlList) else (script,):
        yield from texts_in(item)


def _triggers(document: YamlMap, job: YamlMap) -> tuple[str, ...]:
    """Without any rule a job runs at each push."""
    rules = _inherited(document, job, "rules") or inner(document, "workflow", "rules")
    only = _inherited(document, job, "only")
    said: list[str] = []
    manual = as_text(_inherited(document, job, "when")) == "manual"
    for rule in maps_in(rules):
        when = as_text(rule.get("when"))
        manual = manual or when == "manual"
        if when != "never" and (condition := as_text(rule.get("if"))):
            said.append(condition)
    refs = only.get("refs") if isinstance(only, YamlMap) else only
    for text in texts_in(refs):
        known = any(pattern.search(text) for _, pattern in _TRIGGERS)
        said.append(text if known else "branches")  # the name of a branch
    found = [name for name, pattern in _TRIGGERS if any(pattern.search(text) for text in said)]
    return (*(found or ["push"]), *(["manual"] if manual else []))
