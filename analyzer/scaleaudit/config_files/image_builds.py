"""Commands that build an image: `docker build -t acme/orders:1 -f orders/Dockerfile ./orders`.

They tell which folder an image comes from that is called otherwise than the folder.
"""

from __future__ import annotations

import shlex
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import ImageNamed
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MAX_LINE = 4_000  # characters
MAX_FILLED = 300  # characters of what an expression stands for
MAX_BUILDS = 200  # of one script
MAX_JOINED = 40  # lines of one command
BUILD = regex(
    r"^(?:sudo\s+)?(?:docker|podman|nerdctl|buildah)\s+(?:buildx\s+|image\s+)?(?:build|bud)\s(.*)"
)
_SEPARATOR = regex(r"&&|\|\||;")
_BEFORE = regex(r"^(?:[@\-+({\s]|[A-Z_][A-Z0-9_]*=\S*\s|if\s|then\s|do\s|\$\s)+")
_CONTINUED = regex(r"\s\\\s*$|\\$")
# What a pipeline or make puts in; of a folder's or an image's name then nothing is known.
_HOLE = regex(r"\$\{\{[^{}]{0,200}\}\}|\$\([^()]{0,100}\)|<<[^<>]{0,100}>>")
_EXPRESSION = regex(r"\$\{\{\s*([\w.-]+)\s*\}\}")
_HERE = regex(r"\$\((?:pwd|PWD|CURDIR)\)|\$\{?PWD\}?|\.")
_VALUED = frozenset({
    "-t", "--tag", "-f", "--file", "--build-arg", "--target", "--platform", "--cache-from", "--cache-to",
    "--label", "--network", "--secret", "--ssh", "-o", "--output", "--progress", "--iidfile", "--add-host",
    "-m", "--memory", "--shm-size", "--builder", "--build-context", "--attest", "--allow", "--isolation",
    "--cpu-shares", "--metadata-file", "--annotation", "--format", "-v", "--volume", "--ulimit",
})  # fmt: skip
_UNKNOWN = ("$", "{", "%")


def builds_in(lines: Sequence[str], at: Span | None = None) -> Iterator[ImageNamed]:
    """The images that a script builds. `at`: where the script stands, else each by its line.

    A `cd` counts for what follows it; for recipes of make, whose lines begin with a tab, only in
    its own line.
    """
    folder = ""
    found = 0
    for number, line in joined(lines):
        start = "" if line.startswith("\t") else folder
        inside = start
        for written in _SEPARATOR.split(line[:MAX_LINE]):
            command = _BEFORE.sub("", written).strip()
            if command.startswith("cd "):
                inside = below(inside, command[3:].strip().strip("\"'"))
                continue
            match = BUILD.match(f"{command} ")
            for made in named(match[1], inside, at or Span(number)) if match is not None else ():
                yield made
                found += 1
                if found >= MAX_BUILDS:
                    return
        folder = inside if not line.startswith("\t") else folder


def joined(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Lines with those that they go on in, and their number."""
    number = 0
    while number < len(lines):
        start, line = number, lines[number]
        number += 1
        while _CONTINUED.search(line) and number < min(len(lines), start + MAX_JOINED):
            line = f"{_CONTINUED.sub('', line)} {lines[number].strip()}"
            number += 1
        yield start + 1, line


def named(text: str, folder: str, at: Span) -> Iterator[ImageNamed]:
    """The images of one command, by the words behind `docker build`."""
    text = _HOLE.sub(lambda hole: hole[0] if _HERE.fullmatch(hole[0]) else "{}", text)
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    tags: list[str] = []
    dockerfile = context = target = ""
    given = iter(words)
    for word in given:
        key, equals, value = word.partition("=")
        if word.startswith("-") and key in _VALUED:
            value = value if equals else next(given, "")
            if key in ("-t", "--tag"):
                tags.append(value)
            elif key in ("-f", "--file"):
                dockerfile = value
            elif key == "--target":
                target = value
        elif not word.startswith("-"):
            context = context or word
            if word in ("|", ">", "<", "#"):
                break
    if context:
        dockerfile = below(folder, dockerfile, "")
        yield from image_named(at, tags, below(folder, context), dockerfile, target)


def image_named(
    at: Span, tags: Iterable[str], context: str, dockerfile: str = "", target: str = ""
) -> Iterator[ImageNamed]:
    """The facts of one build, where name and folder are known."""
    if any(sign in f"{context}{dockerfile}{target}" for sign in _UNKNOWN) or "://" in context:
        return
    names: dict[str, None] = {}
    for tag in islice(tags, MAX_BUILDS):
        last = tag.strip().partition("@")[0].rpartition("/")[2].partition(":")[0].lower()
        if last and not any(sign in last for sign in _UNKNOWN):
            names[last] = None
    for name in names:
        yield ImageNamed(at, name, context or ".", dockerfile, target)


def below(folder: str, path: str, empty: str = ".") -> str:
    """A path from a folder; the folder itself for `.` and what the shell calls it."""
    path = path.rstrip("/") if len(path) > 1 else path
    if _HERE.fullmatch(path) or not path:
        return folder if path else empty
    path = path.removeprefix("./").removeprefix("$(pwd)/").removeprefix("$PWD/")
    return f"{folder}/{path}" if folder and not path.startswith("/") else path


def filled(text: str, given: Mapping[str, str]) -> str:
    """A text of a pipeline with what its matrix and its variables say: `${{ matrix.service }}`.

    Names are short: nothing is put in for a long text, and nothing into one.
    """
    if len(text) > MAX_LINE:
        return text
    known = (found for found in _EXPRESSION.findall(text) if len(given.get(found, "")) > MAX_FILLED)
    if any(known):
        return text
    return _EXPRESSION.sub(lambda found: given.get(found[1], found[0]), text)
