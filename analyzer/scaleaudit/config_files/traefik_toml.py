"""Traefik's file provider in TOML, of its first and later versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.proxy_values import distinct, passed
from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts, SettingDefined

_TABLE = regex(r"^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}")
_SERVERS = regex(r"(^|\.)(loadBalancer\.servers|backends\.[^.]+\.servers\.[^.]+)$")
_ADDRESS = regex(r"^\s*(?:url|address)\s*=\s*[\"']([^\"']+)[\"']")


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _found)


def _found(text: str) -> Iterator[SettingDefined]:
    yield from distinct(_servers(text))


def _servers(text: str) -> Iterator[SettingDefined | None]:
    inside = False
    for number, line in enumerate(text_lines(text), 1):
        table = _TABLE.match(line[:500])
        if table is not None:
            inside = _SERVERS.search(table[1]) is not None
        address = _ADDRESS.match(line[:500]) if inside else None
        if address is not None:
            yield passed(number, "traefik", address[1])
