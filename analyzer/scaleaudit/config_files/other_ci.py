"""Other CI systems (CircleCI, Jenkins, Azure, Bitbucket, Travis, Drone ...): that there is a
pipeline, and what its command lines are for. One fact a file; triggers are not read.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.config_files.ci_purposes import ordered, purposes_of_commands
from scaleaudit.config_files.cloud_build import cloud_builds
from scaleaudit.config_files.image_builds import MAX_BUILDS, builds_in, named
from scaleaudit.config_files.reading import lines_in, text_lines, text_of
from scaleaudit.facts import FileFacts, PipelineDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact, ImageNamed

# What stands before a command in a list, under a key, or in a step of a Jenkinsfile.
_STEP = regex(r"\b(?:sh|bat|powershell)\s{0,20}\(?\s{0,20}(?:'([^'\n]+)'|\"([^\"\n]+)\")")
_BEFORE = regex(
    r"\s*(?:-\s+)?(?:\w+\s*:\s*(?:[|>][+-]?)?)?\s*(?:(?:sh|bat|powershell)\s*\(?\s*)?[\"']*"
)

_DOCKER_BUILD = regex(
    r"\bdocker\.build\(\s*[\"']([^\"'\n]{1,300})[\"']\s*,\s*[\"']([^\"'\n]{1,300})[\"']"
)


def extract(content: bytes) -> FileFacts:
    text = text_of(content)
    lines = text_lines(text)
    commands = [line[found.end() :] for line in lines if (found := _BEFORE.match(line[:2_000]))]
    commands += [one or other for line in lines for one, other in _STEP.findall(line[:2_000])]
    if not any(line.strip() for line in lines):
        return FileFacts(lines=lines_in(content))
    purposes = ordered(purposes_of_commands(command.rstrip("\"') ,]") for command in commands))
    fact = PipelineDefined(Span(1), "", "other", purposes=purposes)
    facts: list[Fact] = [fact]
    if b" build" in content or b".build" in content or b"cloud-builders" in content:
        facts += builds_in([command.rstrip("\"') ,]") for command in commands])
        facts += _of_jenkins(text)
        facts += cloud_builds(content)
    return FileFacts(tuple(facts), lines=lines_in(content))


def _of_jenkins(text: str) -> Iterator[ImageNamed]:
    """`docker.build("acme/orders:1", "-f orders/Dockerfile ./orders")`."""
    line, counted = 1, 0
    for match in islice(_DOCKER_BUILD.finditer(text), MAX_BUILDS):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        yield from named(f"-t {match[1]} {match[2]}", "", Span(line))
