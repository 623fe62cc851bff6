"""Scripts that tell a running gateway whom to pass requests on to: APISIX's and Kong's interfaces
for administrators, asked with curl."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.config_files.proxy_values import distinct, passed
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import SettingDefined

MAX_CALLS = 300
MAX_CALL = 6_000  # characters of one command with what it sends
_APISIX = regex(r"/apisix/admin/(?:routes|upstreams|services|stream_routes)\b")
_NODES = regex(r'"nodes"\s*:\s*\{([^{}]{0,2000})\}')
_NODE = regex(r'"([\w.-]+(?::\d+)?)"\s*:\s*\d')
_LISTED = regex(r'"nodes"\s*:\s*\[([^\[\]]{0,2000})\]')
_HOST = regex(r'"host"\s*:\s*"([\w.-]+)"')
_KONG = regex(r":8001/(?:services|upstreams/[\w.-]{1,100}/targets)\b")
_SENT = regex(
    r"(?:--data(?:-urlencode|-raw)?|-d|--form|-F)[ =]+[\"']?(?:url|host|target)=[\"']?([^\s\"'\\]{1,300})"
)
_SENT_JSON = regex(r'"(?:url|host|target)"\s*:\s*"([^"\s]{1,300})"')
_NEXT = "curl "


def told_to_gateways(text: str) -> Iterator[SettingDefined]:
    """A setting for each server that a script names to a gateway."""
    yield from distinct(_passed(text))


def _passed(text: str) -> Iterator[SettingDefined | None]:
    if "/apisix/admin/" in text:
        for found in islice(_APISIX.finditer(text), MAX_CALLS):
            line, call = text.count("\n", 0, found.start()) + 1, _call(text, found.start())
            for nodes in _NODES.findall(call):
                for node in _NODE.findall(nodes):
                    yield passed(line, "apisix", node)
            for nodes in _LISTED.findall(call):
                for host in _HOST.findall(nodes):
                    yield passed(line, "apisix", host)
    if ":8001/" in text:
        for found in islice(_KONG.finditer(text), MAX_CALLS):
            line, call = text.count("\n", 0, found.start()) + 1, _call(text, found.start())
            for address in (*_SENT.findall(call), *_SENT_JSON.findall(call)):
                yield passed(line, "kong", address)


def _call(text: str, start: int) -> str:
    """One command around its address: from its `curl` to the next one."""
    begin = max(text.rfind(_NEXT, max(0, start - MAX_CALL), start), start - MAX_CALL, 0)
    end = text.find(_NEXT, start, start + MAX_CALL)
    return text[begin : end if end >= 0 else start + MAX_CALL]
