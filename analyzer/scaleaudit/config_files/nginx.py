"""nginx and OpenResty: upstreams, variables, and where requests are passed on to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.proxy_values import MAX_ADDRESS, passed
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.facts import SettingDefined

TECHNOLOGY = "nginx"
MAX_VALUES = 50  # of one variable
LEAST_NAME = 3  # of what a file says of the name of a set of servers
_UPSTREAM = regex(r"\bupstream\s+([^\s{;]+)\s*\{?")
_SERVER = regex(r"(?:^|[;{\s])server\s+((?:\$\{[^{}]*\}|[^\s;{}])+)")
_BRACED = regex(r"\$\{[^{}]*\}")
_SET = regex(r"\bset\s+\$(\w+)\s+([\"']?)([^\s;\"']+)\2")
_MAP = regex(r"\b(?:map|split_clients|geo)\b[^{}]*?\$(\w+)\s*\{")
_MAPPED = regex(r"^\s*(?:\"[^\"]*\"|'[^']*'|[^\s;{}]+)\s+[\"']?([^\s;\"'{}]+)[\"']?\s*;")
_PASS = regex(r"\b(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass\s+[\"']?([^\s;\"']+)")
_NAMED = regex(r"\$(?:\{(\w+)\}|(\w+))")
_HOST_END = regex(r"[:/]")


def nginx_targets(lines: Sequence[str]) -> Iterator[SettingDefined | None]:
    """Facts for what is passed on to; servers of an upstream that no line of the file passes on to
    stand under its name."""
    upstreams = _upstreams(lines)
    variables = _variables(lines)
    used: set[str] = set()
    for number, line in enumerate(lines, 1):
        if "_pass" not in line:
            continue
        for written in _PASS.findall(line):
            for address in _filled(written, variables):
                scheme, mark, rest = address.rpartition("://")
                host = _HOST_END.split(rest, maxsplit=1)[0]
                meant = _meant(host, upstreams)
                used.update(meant)
                for name in meant:
                    for _, server in upstreams[name]:
                        yield passed(number, TECHNOLOGY, server)
                if not meant:
                    yield passed(number, TECHNOLOGY, f"{scheme}{mark}{rest}")
    for name, servers in upstreams.items():
        for number, server in servers if name not in used else ():
            yield passed(number, TECHNOLOGY, server, name)


def _meant(host: str, upstreams: dict[str, list[tuple[int, str]]]) -> list[str]:
    """The sets of servers that a host names; all that fit `orders_$request_method`."""
    if host in upstreams:
        return [host]
    parts = [part for part in _NAMED.split(host)[::3] if part]
    if "$" not in host or max(map(len, parts), default=0) < LEAST_NAME:
        return []
    form = re.compile("[^.]*".join(re.escape(part) for part in _NAMED.split(host)[::3]))
    return [name for name in upstreams if form.fullmatch(name)][:MAX_VALUES]


def _upstreams(lines: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """The servers of `upstream` blocks with their lines, by name."""
    found: dict[str, list[tuple[int, str]]] = {}
    inside = ""
    for number, line in enumerate(lines, 1):
        opened = _UPSTREAM.search(line)
        if opened is not None:
            inside = opened[1]
            found.setdefault(inside, [])
            line = line[opened.end() :]
        if inside:
            found[inside] += [(number, server) for server in _SERVER.findall(line)]
            inside = "" if "}" in _BRACED.sub("", line) else inside
    return found


def _variables(lines: Sequence[str]) -> dict[str, list[str]]:
    """What `set` and `map` give to variables, each value that is possible."""
    found: dict[str, list[str]] = {}
    inside = ""
    for line in lines:
        for name, _, value in _SET.findall(line):
            found.setdefault(name, []).append(value)
        opened = _MAP.search(line)
        if opened is not None:
            inside = opened[1]
            line = line[opened.end() :]
        if inside:
            mapped = _MAPPED.match(line)
            if mapped is not None:
                found.setdefault(inside, []).append(mapped[1])
            inside = "" if "}" in line else inside
    return found


def _filled(written: str, variables: dict[str, list[str]]) -> list[str]:
    """The address with each value of the first variable that the file sets, of others the first."""
    name = next(
        (a or b for a, b in _NAMED.findall(written[:MAX_ADDRESS]) if (a or b) in variables), None
    )
    if name is None:
        return [written]
    first = {key: values[0] for key, values in variables.items()}
    return [
        _put_in(written, first | {name: value})
        for value in dict.fromkeys(variables[name][:MAX_VALUES])
    ]


def _put_in(written: str, known: dict[str, str]) -> str:
    return _NAMED.sub(lambda found: known.get(found[1] or found[2], found[0]), written)[
        :MAX_ADDRESS
    ]
