"""`mix.exs`: what an Elixir project is called, whether it runs, and what it runs with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import facts_in
from scaleaudit.facts import PackageDeclared
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

_COMMENT = regex(r"(?m)(?:^|\s)#(?!\{)[^\n]*")
_NAME = regex(r"\bapp:\s*:(\w+)")
_UMBRELLA = regex(r"\bapps_path:\s*\"([\w./-]+)\"")
_DEPENDENCY = regex(r"\{\s*:(\w+)\s*,([^{}]*)\}")
_VERSION = regex(r"\s*\"([^\"]*)\"")
_PATH = regex(r"\b(?:path|in_umbrella):")
_ONLY = regex(r"\bonly:\s*(\[[^\]]*\]|:\w+)")
_NOT_RUN = regex(r"\bruntime:\s*false")
_STARTS = regex(r"\bmod:\s*\{")
# With one of these a program that starts by itself serves or works.
SERVERS = frozenset(
    {
        "phoenix",
        "plug_cowboy",
        "cowboy",
        "bandit",
        "ecto_sql",
        "oban",
        "broadway",
        "grpc",
        "absinthe",
    }
)
_DESK = frozenset({":dev", ":test", ":docs", ":ci"})


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _package)


def _package(text: str) -> Iterator[PackageDeclared]:
    plain = _COMMENT.sub("", text)
    name, umbrella = _NAME.search(plain), _UMBRELLA.search(plain)
    first = name or umbrella
    if first is None:
        return
    found: dict[str, str] = {}
    deps = plain.find("deps do")
    for match in _DEPENDENCY.finditer(plain, deps) if deps >= 0 else ():
        rest = match[2]
        only = _ONLY.search(rest)
        if only is not None and set(only[1].strip("[]").replace(",", " ").split()) <= _DESK:
            continue
        if _PATH.search(rest) or _NOT_RUN.search(rest):
            continue
        version = _VERSION.match(rest)
        found.setdefault(match[1], version[1] if version is not None else "")
    yield PackageDeclared(
        Span(plain.count("\n", 0, first.start()) + 1),
        name[1] if name is not None else "",
        "hex",
        tuple(found.items()),
        members=(f"{umbrella[1]}/*",) if umbrella is not None else (),
        runnable=_STARTS.search(plain) is not None and not SERVERS.isdisjoint(found),
    )
