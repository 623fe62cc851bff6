"""Dockerfiles, read line by line as BuildKit does: stages, and what an image of each would run.

Own parsing, for a Dockerfile is lines: an instruction this does not know is passed over, and one
broken line spoils nothing else.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

from scaleaudit.config_files.build_commands import built, built_at_start
from scaleaudit.config_files.docker_instructions import instructions
from scaleaudit.config_files.docker_stages import Stage, image_built
from scaleaudit.config_files.interpolation import SHELL, interpolated, spelled
from scaleaudit.config_files.reading import lines_in, text_of
from scaleaudit.config_files.secret_values import masked, without_secrets
from scaleaudit.facts import FileFacts
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.docker_instructions import Instruction
    from scaleaudit.values import Value

MAX_INSTRUCTIONS = 10_000
MAX_STAGES = 200
MAX_FLAGS = 20  # of one instruction
MAX_VALUE = 16_384  # characters
_FLAG = regex(r"--([a-z][\w-]*)(?:=(\S*))?\s*")
_PAIR = regex(r"([A-Za-z_][\w.-]*)=((?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|\\.|[^\s\"'\\])*)")
_MOUNTED_FROM = regex(r"--mount=(?:\S{0,200},)?from=([^\s,]+)")


def extract(content: bytes) -> FileFacts:
    stages, problem = _stages(text_of(content))
    facts = []
    for stage in stages:
        if stage is stages[-1]:
            facts.append(image_built(stage, ""))
        if stage.name:
            facts.append(image_built(stage, stage.name))
    return FileFacts(tuple(facts), "", problem, lines_in(content))


def _stages(text: str) -> tuple[list[Stage], str]:
    stages: list[Stage] = []
    by_name: dict[str, Stage] = {}
    arguments: dict[str, Value | None] = {}  # ARGs before the first FROM
    for count, found in enumerate(instructions(text)):
        if count >= MAX_INSTRUCTIONS:
            return stages, f"more than {MAX_INSTRUCTIONS} instructions"
        if found.name == "FROM":
            if len(stages) >= MAX_STAGES:
                return stages, f"more than {MAX_STAGES} stages"
            stage = _from(found, arguments, by_name)
            by_name[str(len(stages))] = stage
            if stage.name:
                by_name[stage.name.lower()] = stage
            stages.append(stage)
        elif not stages:
            if found.name == "ARG":
                for key, value in _arguments(found.rest):
                    arguments[key] = None if value is None else _value(value, arguments)
        else:
            _apply(stages[-1], found, by_name, arguments)
    if not stages and text.strip():
        return [], "no FROM instruction"
    return stages, ""


def _from(
    found: Instruction, arguments: dict[str, Value | None], by_name: dict[str, Stage]
) -> Stage:
    _, rest = _flags(found.rest)
    parts = rest.split()
    base = masked(spelled(_value(parts[0], arguments))) if parts else ""
    name = parts[2] if len(parts) > 2 and parts[1].lower() == "as" else ""
    parent = by_name.get(base.lower()) if not base.isdigit() else None
    if parent is not None:
        return parent.child(Span(found.line), name)
    return Stage(Span(found.line), base, name)


def _apply(
    stage: Stage,
    instruction: Instruction,
    by_name: dict[str, Stage],
    arguments: dict[str, Value | None],
) -> None:
    known = stage.variables
    name, rest = instruction.name, instruction.rest
    match name:
        case "ARG":
            for key, text in _arguments(rest):
                # A name alone takes the default from before the first FROM.
                default = arguments.get(key) if text is None else _value(text, known)
                if key not in stage.environment:
                    known[key] = None if default is None else without_secrets(key, default)
                    stage.bundle(key, known[key], Span(instruction.line))
        case "ENV":
            for key, text, offset in _assigned(rest):
                stage.set_variable(key, _value(text, known), Span(instruction.line_at(offset)))
        case "EXPOSE":
            for port in rest.split():
                stage.expose(spelled(_value(port, known)).partition("/")[0])
        case "WORKDIR":
            folder = spelled(_value(rest.strip("\"'"), known))
            stage.change_folder(folder)
        case "COPY" | "ADD":
            _copy(stage, rest, by_name)
        case "RUN":
            for found in _MOUNTED_FROM.findall(rest):
                stage.take_copies(by_name.get(found.lower()))
            for tool, target in built(rest):
                stage.build(tool, _with_defaults(target, known))
        case "CMD" | "ENTRYPOINT":
            words, shell = _command(rest)
            for tool, target in built_at_start(words):
                stage.build(tool, _with_defaults(target, known))
            if name == "CMD":
                stage.set_command(words, Span(instruction.line))
            else:
                stage.set_entrypoint(words, shell, Span(instruction.line))
        case _:
            pass


def _copy(stage: Stage, rest: str, by_name: dict[str, Stage]) -> None:
    flags, rest = _flags(rest)
    if "from" in flags:
        source = spelled(_value(flags["from"], stage.variables))
        stage.take_copies(by_name.get(source.lower()))
        return
    paths = _json_words(rest)
    if paths is None:
        try:
            paths = shlex.split(rest)
        except ValueError:
            paths = rest.split()
    for path in paths[:-1]:
        if "://" not in path and not path.startswith(("<<", "git@")):
            # From the context, with or without a slash in front.
            stage.copy(spelled(_value(path, stage.variables)).lstrip("/") or ".")


def _flags(rest: str) -> tuple[dict[str, str], str]:
    """The `--name=value` options in front, and what follows them."""
    flags: dict[str, str] = {}
    while len(flags) < MAX_FLAGS and (found := _FLAG.match(rest)) is not None:
        flags[found[1]] = found[2] or ""
        rest = rest[found.end() :]
    return flags, rest


def _arguments(rest: str) -> Iterator[tuple[str, str | None]]:
    """`ARG a b=c`: names, with their defaults or None."""
    try:
        words = shlex.split(rest)
    except ValueError:
        words = rest.split()
    for word in words:
        key, equals, value = word.partition("=")
        yield key, value if equals else None


def _assigned(rest: str) -> Iterator[tuple[str, str, int]]:
    """`ENV a=b c="d e"`, or the old `ENV a b`: name, text and offset of each."""
    first = rest.split(None, 1)
    if len(first) == 2 and "=" not in first[0]:
        yield first[0], first[1].strip(), 0
        return
    for found in _PAIR.finditer(rest):
        text = found[2]
        if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
            text = text[1:-1]
        yield found[1], re.sub(r"\\([^$])", r"\1", text), found.start()


def _command(rest: str) -> tuple[tuple[str, ...], bool]:
    """Its words, and whether a shell runs it: whatever is no JSON list is shell form."""
    words = _json_words(rest)
    if words is not None:
        return tuple(words), False
    try:
        return tuple(shlex.split(rest)), True
    except ValueError:
        return tuple(rest.split()), True


def _json_words(rest: str) -> list[str] | None:
    if not rest.startswith("["):
        return None
    try:
        words = json.loads(rest)
    except (ValueError, RecursionError):
        return None
    return words if all(isinstance(word, str) for word in words) else None


def _value(text: str, known: dict[str, Value | None]) -> Value:
    """A text with what earlier ARG and ENV instructions say put in, defaults of ARGs too."""
    value = interpolated(text, SHELL)
    parts: list[Value] = []
    size = 0
    for part in value.parts if isinstance(value, Join) else (value,):
        parts.append(_known(part, known))
        size += _size(parts[-1])
        if size > MAX_VALUE:  # `ENV A=$A$A`, again and again
            return Unknown("too long")
    return join(*parts)


def _with_defaults(text: str, known: dict[str, Value | None]) -> Value:
    """A text whose variables stay, so that the build's arguments can be put in later."""
    value = interpolated(text, SHELL)
    parts = value.parts if isinstance(value, Join) else (value,)
    return join(
        *(
            Setting(part.key, part.default or known.get(part.key))
            if isinstance(part, Setting)
            else part
            for part in parts
        )
    )


def _known(part: Value, known: dict[str, Value | None]) -> Value:
    value = known.get(part.key) if isinstance(part, Setting) else None
    if value is None or not isinstance(part, Setting):
        return part
    if value == Literal("") and part.default is not None:
        return part.default
    return value


def _size(value: Value) -> int:
    """Characters, and 32 for each symbolic part."""
    parts = value.parts if isinstance(value, Join) else (value,)
    return sum(len(part.text) if isinstance(part, Literal) else 32 for part in parts)
