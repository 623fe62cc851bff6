"""Containers that a script or a Makefile starts and leaves running: `docker run -d --name db ...`;
the images that it builds, the program that it becomes in the end, the files of variables that it
makes ConfigMaps and Secrets of, and whom it tells gateways of."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.config_files.admin_scripts import told_to_gateways
from scaleaudit.config_files.image_builds import builds_in, joined
from scaleaudit.config_files.interpolation import SHELL, spelled, words
from scaleaudit.config_files.reading import text_lines, text_of
from scaleaudit.config_files.secret_values import is_secret_key, masked, without_secrets
from scaleaudit.facts import (
    GENERATED,
    EnvEntry,
    FileFacts,
    FilesIncluded,
    ProgramStarted,
    WorkloadDeclared,
)
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact, ImageNamed
    from scaleaudit.values import Value

    Option = tuple[str, Value]

MAX_CONTAINERS = 500
MAX_LINES = 20_000
MAX_COMMAND = 8_000  # characters
RUN = regex(r"\b(?:docker|podman)\s+(?:container\s+)?run\s+(?=\S)(.*)")
BECOMES = regex(r"\s*exec\s+(?!\"?\$[@*{(])([\w./-][^;|&]*)")
COMMENT = regex(r"\s*(?:#|::|REM\b|echo\b)")
ASSIGNED = regex(
    r"""(?:export\s+|local\s+)?(\w+)="""
    r"""(?:(?:"([\w.:/@-]{1,200})"|'([\w.:/@-]{1,200})'|([\w.:/@-]{1,200}))\s*(?:#.*|;)?$)?"""
)
VARIABLE = regex(r"\$(?:\{(\w+)\}|(\w+))")
FROM_FILE = "--from-env-file"
CREATED = regex(
    r"\bkubectl\s(?:[^\n;&|]{0,200}?\s)?create\s+(?:secret\s+generic|configmap|cm)\s+([\w.-]+)"
)
FILE_GIVEN = regex(r"--from-env-file[=\s]+['\"]?([\w./-]+)")
CONTINUED = regex(r"(?:\\|`|\^)\s*$")
# Options of `docker run` that take no value, as its reference lists them.
SWITCHES = {
    "--detach", "--init", "--interactive", "--no-healthcheck", "--oom-kill-disable",
    "--privileged", "--publish-all", "--quiet", "--read-only", "--rm", "--sig-proxy", "--tty",
    "--disable-content-trust", "--help", "--replace",
}  # fmt: skip
SHORT_SWITCHES = frozenset("diPtq")
NAMES = ("--name", "--hostname", "-h", "--network-alias", "--net-alias")
ENDS = {";", "&&", "||", "|", ">", ">>", "2>", "2>&1", "&"}


def extract(content: bytes) -> FileFacts:
    whole = text_of(content)
    lines = text_lines(whole)
    known: dict[str, str] = {}
    read = 0
    facts = []
    for number, text in _commands(lines):
        _learn(known, lines[read : number - 1])
        read = number - 1
        made = _container(number, _filled(text, known))
        if made is not None:
            facts.append(made)
    found: list[Fact] = [*facts[:MAX_CONTAINERS]]
    if any(" build" in line for line in lines):
        found += _builds(lines)
    found += _becoming(lines)
    found += _handed_out(lines)
    found += told_to_gateways(whole)
    return FileFacts(tuple(found), "", "", len(lines))


def _handed_out(lines: list[str]) -> Iterator[FilesIncluded]:
    """`kubectl create secret generic orders --from-env-file=orders.env`"""
    if not any(FROM_FILE in line for line in lines):
        return
    for number, line in islice(joined(lines), MAX_LINES):
        created = CREATED.search(line[:MAX_COMMAND])
        files = FILE_GIVEN.findall(line[:MAX_COMMAND]) if created is not None else []
        if created is not None and files and not COMMENT.match(line):
            yield FilesIncluded(Span(number), tuple(files), f"{GENERATED}{created[1]}")


def _builds(lines: list[str]) -> Iterator[ImageNamed]:
    """The images that it builds, with the variables that the whole script sets once."""
    known: dict[str, str] = {}
    _learn(known, lines)
    yield from builds_in([_filled(line, known) for line in lines])


def _becoming(lines: list[str]) -> Iterator[ProgramStarted]:
    """The program that takes the script's place, where it is always the same."""
    known: dict[str, str] = {}
    _learn(known, lines)
    started = [
        (number, found[1].strip())
        for number, line in enumerate(lines, 1)
        if (found := BECOMES.match(line)) is not None
    ]
    if len({text for _, text in started}) == 1:
        number, text = started[0]
        yield ProgramStarted(Span(number), masked(_filled(text, known)[:MAX_COMMAND]))


def _commands(lines: list[str]) -> Iterator[tuple[int, str]]:
    """What stands behind `docker run`, lines that go on joined."""
    number = 0
    while number < len(lines):
        start, line = number, lines[number]
        number += 1
        found = None if COMMENT.match(line) else RUN.search(f"{CONTINUED.sub(' ', line)} ")
        while number < len(lines) and CONTINUED.search(lines[number - 1]):
            if found is None or len(line) > MAX_COMMAND:
                break
            line = f"{CONTINUED.sub(' ', line)} {lines[number]}"
            number += 1
        if found is not None:
            whole = RUN.search(f"{line} ")
            if whole is not None:
                yield start + 1, whole[1]


def _learn(known: dict[str, str], lines: list[str]) -> None:
    """The variables that lines set to a plain text: `NAME="orders-db"`; others are forgotten, and
    secrets are not learned."""
    for line in lines:
        found = ASSIGNED.match(line)
        text = (found[2] or found[3] or found[4]) if found is not None else None
        if found is not None and text is not None and not is_secret_key(found[1]):
            known[found[1]] = text
        elif found is not None:
            known.pop(found[1], None)


def _filled(text: str, known: dict[str, str]) -> str:
    """A command with the variables that lines above it set."""
    if "$" not in text or not known:
        return text
    filled = VARIABLE.sub(lambda used: known.get(used[1] or used[2], used[0]), text)
    return filled if len(filled) <= MAX_COMMAND else text


def _container(number: int, text: str) -> WorkloadDeclared | None:
    """The container of one command; none for what ends with it, and for an image nobody knows."""
    at = Span(number)
    given, left = _options(words(text, SHELL))
    image = spelled(left[0]) if left else ""
    if not any(key in ("-d", "--detach") for key, _ in given) or not image:
        return None
    if "$" in image or "{" in image:
        return None
    names = [spelled(value) for key, value in given if key in NAMES]
    own = next((spelled(value) for key, value in given if key == "--name"), "")
    ports = [spelled(value) for key, value in given if key in ("-p", "--publish")]
    return WorkloadDeclared(
        at,
        own if own and "$" not in own else image.rpartition("/")[2].partition(":")[0],
        "script",
        image=left[0],
        command=left[1:],
        environment=tuple(
            entry for key, value in given if key in ("-e", "--env") for entry in _entry(value, at)
        ),
        ports=tuple(port.partition("/")[0].rpartition(":")[2] for port in ports),
        host_ports=tuple(
            host for port in ports if (host := port.rpartition(":")[0].rpartition(":")[2])
        ),
        published=bool(ports),
        aliases=tuple(dict.fromkeys(name for name in names if name and "$" not in name)),
    )


def _options(given: tuple[Value, ...]) -> tuple[list[Option], tuple[Value, ...]]:
    """The options with their values, and what follows them: the image and its arguments."""
    found: list[Option] = []
    position = 0
    while position < len(given):
        text = spelled(given[position])
        if text in ENDS or not text.startswith("-"):
            break
        read = _long if text.startswith("--") else _short
        options, taken = read(given[position], given[position + 1 : position + 2])
        found += options
        position += taken
    return found, tuple(_arguments(given[position:]))


def _long(word: Value, after: tuple[Value, ...]) -> tuple[list[Option], int]:
    """`--name=db`, `--name db`, `--detach`; and how many words they are."""
    key, equals, _ = spelled(word).partition("=")
    if equals:
        return [(key, _after(word, len(key) + 1))], 1
    if key in SWITCHES:
        return [(key, Literal(""))], 1
    return [(key, value) for value in after], 1 + len(after)


def _short(word: Value, after: tuple[Value, ...]) -> tuple[list[Option], int]:
    """`-d`, `-itd`, `-p8080:80`, `-dp 8080:80`; and how many words they are."""
    text = spelled(word)
    found: list[Option] = []
    for place, letter in enumerate(text[1:], 1):
        if letter in SHORT_SWITCHES:
            found.append((f"-{letter}", Literal("")))
        elif place + 1 < len(text):
            return [*found, (f"-{letter}", _after(word, place + 1))], 1
        else:
            return [*found, *((f"-{letter}", value) for value in after)], 1 + len(after)
    return found, 1


def _arguments(given: tuple[Value, ...]) -> Iterator[Value]:
    """The words up to the end of the command."""
    for word in given:
        text = spelled(word)
        if text in ENDS:
            return
        if text.endswith(";"):
            yield Literal(text.removesuffix(";"))
            return
        yield word


def _after(word: Value, length: int) -> Value:
    """A word without its first characters."""
    parts = getattr(word, "parts", (word,))
    first = parts[0]
    if not isinstance(first, Literal):
        return word
    return join(Literal(first.text[length:]), *parts[1:])


def _entry(value: Value, at: Span) -> Iterator[EnvEntry]:
    parts = getattr(value, "parts", (value,))
    first = parts[0]
    if isinstance(first, Literal):
        name, equals, text = first.text.partition("=")
        known = without_secrets(name, join(Literal(text), *parts[1:])) if equals else None
        yield EnvEntry(name, known, at)
