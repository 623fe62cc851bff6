"""Other CI systems (CircleCI, Jenkins, Azure, Bitbucket, Travis, Drone ...): that there is a
pipeline, and what its command lines are for. One fact a file; triggers are not read.
"""

from __future__ import annotations

from scaleaudit.config_files.ci_purposes import ordered, purposes_of_commands
from scaleaudit.config_files.reading import lines_in, text_lines, text_of
from scaleaudit.facts import FileFacts, PipelineDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span

# What stands before a command in a list, under a key, or in a step of a Jenkinsfile.
_STEP = regex(r"\b(?:sh|bat|powershell)\s*\(?\s*(?:'([^'\n]+)'|\"([^\"\n]+)\")")
_BEFORE = regex(
    r"\s*(?:-\s+)?(?:\w+\s*:\s*(?:[|>][+-]?)?)?\s*(?:(?:sh|bat|powershell)\s*\(?\s*)?[\"']*"
)


def extract(content: bytes) -> FileFacts:
    lines = text_lines(text_of(content))
    commands = [line[found.end() :] for line in lines if (found := _BEFORE.match(line[:2_000]))]
    commands += [one or other for line in lines for one, other in _STEP.findall(line[:2_000])]
    if not any(line.strip() for line in lines):
        return FileFacts(lines=lines_in(content))
    purposes = ordered(purposes_of_commands(command.rstrip("\"') ,]") for command in commands))
    fact = PipelineDefined(Span(1), "", "other", purposes=purposes)
    return FileFacts((fact,), lines=lines_in(content))
