"""HAProxy: the servers of its back ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.proxy_values import passed
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.facts import SettingDefined

TECHNOLOGY = "haproxy"
_SECTION = regex(r"^(\w[\w-]*)(?:\s|$)")
_SERVER = regex(
    r"^\s+(?:server\s+\S+|server-template\s+\S+\s+\S+)\s+[\"']?([^\s\"']+)[\"']?(:\d+)?"
)
_WITH_SERVERS = {"backend", "listen"}


def haproxy_targets(lines: Sequence[str]) -> Iterator[SettingDefined | None]:
    inside = ""
    for number, line in enumerate(lines, 1):
        section = _SECTION.match(line)
        if section is not None:
            inside = section[1]
        server = _SERVER.match(line) if inside in _WITH_SERVERS else None
        if server is not None:
            yield passed(number, TECHNOLOGY, server[1].rpartition("@")[2] + (server[2] or ""))
