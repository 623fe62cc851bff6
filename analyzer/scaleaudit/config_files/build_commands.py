"""Commands that build one program of a repository that holds several, as Dockerfiles run them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MAX_COMMANDS = 50  # of one instruction
MAX_COMMAND = 2_000  # characters
_SEPARATOR = regex(r"&&|\|\||[;|]")
_PREFIX = regex(
    r"^(?:\(|\s|[A-Z_][A-Z0-9_]*=(?:\"[^\"]*\"|\S*)|--\w+=\S+|exec\b|time\b|\[[^]]*\])+"
)
GO_VALUES = frozenset({
    "-o", "-ldflags", "-tags", "-mod", "-gcflags", "-asmflags", "-p", "-buildmode", "-installsuffix",
    "-pkgdir", "-toolexec", "-C",
})  # fmt: skip
# Source: the documentation of `dotnet publish`.
DOTNET_VALUES = frozenset({
    "-a", "--arch", "--artifacts-path", "-c", "--configuration", "-f", "--framework", "--manifest", "-o",
    "--output", "--os", "-r", "--runtime", "--source", "-s", "-v", "--verbosity", "--version-suffix",
})  # fmt: skip
_MEMBER = regex(r"(?:^|\s)(?:--filter|-F|--workspace|-w|--scope|workspace)[ =]['\"]?([@\w./${}-]+)")
_PROJECTS = regex(r"(?:^|\s)(?:-pl|--projects)[ =]['\"]?([\w./:,!${}-]+)")
_TASK = regex(
    r"^:?((?:[\w.${}-]+:)+)(?:boot|shadow|fat)?(?:assemble|build|jar|Jar|distTar|installDist)$"
)
_CARGO_BUILD = regex(r"cargo (?:\+\S+ )?(?:build|install|rustc|zigbuild)\b")
_BINARY = regex(r"\s--bin[ =]['\"]?([\w./${}-]+)")
_CRATE = regex(r"\s(?:-p|--package|--path)[ =]['\"]?([\w./${}-]+)")
_GO_AT_START = regex(r"\bgo (build|install|run)((?:\s+[^\s;&|\"']+)*)")
_NX = regex(r"\bnx\b.{0,80}?\b(?:build\s+([\w${}-]+)|run\s+([\w${}-]+):build)")


def built(run: str) -> Iterator[tuple[str, str]]:
    """(tool, target) of each program that a RUN instruction builds, as the command names it.

    Tools: `go`, `dotnet`, `maven`, `gradle`, `cargo`, `npm` (with yarn, pnpm, turbo, lerna and nx). Targets
    are folders or files from where the command runs, or names of units; a `cd` before counts.
    """
    folder = ""
    for count, text in enumerate(_SEPARATOR.split(run)):
        if count >= MAX_COMMANDS:
            return
        text = _PREFIX.sub("", text).strip()[:MAX_COMMAND]
        if text.startswith("cd "):
            folder = _under(folder, text[3:].strip().strip("\"'"))
            continue
        for tool, of in _TOOLS:
            if text.startswith(tool):
                for kind, target in of(text):
                    yield kind, _under(folder, target) if kind in ("go", "dotnet") else target
                break


def built_at_start(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(tool, target) of the Go program that an image compiles whenever it starts, by itself
    (`go run ./cmd/api`) or by what watches its sources."""
    found = _GO_AT_START.search(" ".join(words)[:MAX_COMMAND])
    if found is None:
        return
    programs = list(_go(f"go build{found[2]}"))
    yield from programs[:1] if found[1] == "run" else programs


def _under(folder: str, path: str) -> str:
    return path if not folder or path.startswith("/") else f"{folder.rstrip('/')}/{path}"


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _operands(words: Sequence[str], valued: frozenset[str]) -> list[str]:
    """The words that are neither options nor values of those in `valued`."""
    found = []
    skip = False
    for word in words:
        if skip or word.startswith("-"):
            skip = not skip and word in valued
        else:
            found.append(word)
    return found


def _go(text: str) -> Iterator[tuple[str, str]]:
    words = _words(text)
    if words[1:2] not in (["build"], ["install"]):
        return
    for target in _operands(words[2:], GO_VALUES) or ["."]:
        if "..." in target or "@" in target:
            continue  # all of them, or a tool from elsewhere
        yield "go", target.rpartition("/")[0] or "." if target.endswith(".go") else target


def _dotnet(text: str) -> Iterator[tuple[str, str]]:
    words = _words(text)
    if words[1:2] != ["publish"]:
        return
    targets = _operands(words[2:], DOTNET_VALUES)
    if not targets or "/" in targets[0] or targets[0].endswith("proj"):
        yield "dotnet", targets[0] if targets else "."


def _maven(text: str) -> Iterator[tuple[str, str]]:
    for found in _PROJECTS.finditer(text):
        for unit in found[1].split(","):
            if not unit.startswith("!"):
                yield "maven", unit.lstrip(":")


def _gradle(text: str) -> Iterator[tuple[str, str]]:
    for word in text.split():
        task = _TASK.match(word)
        if task is not None:
            yield "gradle", task[1].strip(":").replace(":", "/")


def _cargo(text: str) -> Iterator[tuple[str, str]]:
    """Of several options, the program counts before its package."""
    if _CARGO_BUILD.match(text):
        found = _BINARY.findall(text) or _CRATE.findall(text)
        for target in found:
            yield "cargo", target


def _npm(text: str) -> Iterator[tuple[str, str]]:
    if "build" not in text and "deploy" not in text and "prune" not in text:
        return
    for found in _MEMBER.finditer(text):
        yield "npm", found[1].rstrip(".").rstrip("^")
    nx = _NX.search(text)
    if nx is not None:
        yield "npm", nx[1] or nx[2]


_TOOLS: tuple[tuple[tuple[str, ...], Callable[[str], Iterator[tuple[str, str]]]], ...] = (
    (("go ",), _go),
    (("dotnet ",), _dotnet),
    (("mvn ", "./mvnw ", "mvnw "), _maven),
    (("gradle ", "./gradlew ", "gradlew "), _gradle),
    (("cargo ",), _cargo),
    (("npm ", "pnpm ", "yarn ", "turbo ", "npx ", "lerna ", "nx "), _npm),
)
