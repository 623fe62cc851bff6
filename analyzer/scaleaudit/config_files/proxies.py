"""Configurations of reverse proxies: whom nginx and Caddy pass requests on to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.facts import SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal, Setting, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts
    from scaleaudit.values import Value

SOURCE = "proxy"  # of the settings
MAX_TARGETS = 500
_COMMENT = regex(r"(?:^|\s)#.*")
_UPSTREAM = regex(r"\bupstream\s+([\w.-]+)\s*\{")
_SERVER = regex(r"\bserver\s+([^\s;{]+)")
_SET = regex(r"\bset\s+\$(\w+)\s+[\"']?([^\s;\"']+)")
_PASS = regex(r"\b(?:proxy|fastcgi|uwsgi|scgi|grpc)_pass\s+[\"']?([^\s;\"']+)")
_CADDY = regex(r"^\s*(?:reverse_proxy|php_fastcgi)\s+(\S[^\n]*)")
_CADDY_TO = regex(r"^\s*to\s+(\S.*?)\s*$")
_VARIABLE = regex(
    r"\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|\{\$([A-Za-z_]\w*)(?::([^{}]*))?\}|\{env\.([A-Za-z_]\w*)\}"
)
_NAMED = regex(r"\$(?:\{(\w+)\}|(\w+))")
_SCHEME = regex(r"^\w+://")


def extract(content: bytes) -> FileFacts:
    """A setting `pass` for each server that requests are passed on to."""
    return facts_in(content, _targets)


def _targets(text: str) -> Iterator[SettingDefined]:
    lines = [_COMMENT.sub("", line)[:2_000] for line in text_lines(text)]
    upstreams = _upstreams(lines)
    variables = {name: value for line in lines for name, value in _SET.findall(line)}
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        for written in _written(line):
            for target in _servers(written, upstreams, variables):
                if target not in seen and len(seen) < MAX_TARGETS:
                    seen.add(target)
                    yield SettingDefined(Span(number), "pass", _value(target), SOURCE)


def _upstreams(lines: list[str]) -> dict[str, list[str]]:
    """The servers of nginx's `upstream` blocks, by name."""
    found: dict[str, list[str]] = {}
    inside = ""
    for line in lines:
        opened = _UPSTREAM.search(line)
        inside = opened[1] if opened is not None else inside
        if inside:
            found.setdefault(inside, []).extend(_SERVER.findall(line.partition("{")[2] or line))
            inside = "" if "}" in line.rpartition("{")[2] else inside
    return found


def _written(line: str) -> list[str]:
    """The addresses that a line of either syntax passes requests on to."""
    found = _PASS.findall(line)
    if found:
        return list(found)
    caddy = _CADDY.match(line) or _CADDY_TO.match(line)
    words = caddy[1].split() if caddy is not None else []
    return [
        word for word in words[:20] if not word.startswith(("/", "@", "*", "unix/")) and word != "{"
    ]


def _servers(
    written: str, upstreams: dict[str, list[str]], variables: dict[str, str]
) -> Iterator[str]:
    """An address with the file's own variables and groups put in; never a path of a socket."""
    written = _NAMED.sub(lambda found: variables.get(found[1] or found[2], found[0]), written)[:500]
    scheme = _SCHEME.match(written)
    rest = written[scheme.end() :] if scheme is not None else written
    host = re.split(r"[:/]", rest, maxsplit=1)[0]
    servers = upstreams.get(host)
    for each in servers if servers is not None else [rest]:
        if not each.startswith(("unix:", "/")):
            yield f"http://{each}"


def _value(text: str) -> Value:
    parts: list[Value] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        parts.append(Literal(text[position : found.start()]))
        position = found.end()
        name = found[1] or found[3] or found[5]
        default = Literal(found[4]) if found[4] is not None else None
        parts.append(Setting(name, default) if name else Unknown(f"${found[2]}"))
    return join(*parts, Literal(text[position:]))
