"""Telegraf: whom its inputs ask and its outputs feed.

The settings are those of `monitoring`: the key is the technology of the program that reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.monitoring import SOURCE, address_value
from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.facts import SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

MAX_TARGETS = 200
MAX_LINE = 2_000
_TABLE = regex(r"\s*\[{1,2}\s*(inputs|outputs)\.(\w+)[^\]]*\]{1,2}")
_OTHER = regex(r"\s*\[")
_KEY = regex(r"\s*(urls?|servers?|address|brokers?|hosts?|endpoint|nodes)\s*=\s*(.*)")
_TEXT = regex(r"\"([^\"\n]{1,500})\"|'([^'\n]{1,500})'")
# Inputs that wait for others, and what stays on the machine.
_PASSIVE = {"statsd", "socket_listener", "http_listener", "http_listener_v2", "influxdb_listener",
            "influxdb_v2_listener", "syslog", "webhooks", "file", "tail", "docker", "docker_log",
            "opentelemetry", "zipkin", "prometheus_client"}  # fmt: skip
_LOCAL = (
    "unix:",
    "/",
    "tcp://:",
    "udp://:",
    ":",
    "localhost",
    "http://localhost",
    "tcp://localhost",
)


def extract(content: bytes) -> FileFacts:
    return facts_in(content, telegraf_facts)


def telegraf_facts(text: str) -> Iterator[SettingDefined]:
    """One setting for each address, at most `MAX_TARGETS`."""
    for _, fact in zip(range(MAX_TARGETS), _found(text), strict=False):
        yield fact


def _found(text: str) -> Iterator[SettingDefined]:
    inside = listing = False
    for number, line in enumerate(text_lines(text), 1):
        line = line[:MAX_LINE].partition("#")[0]
        table = _TABLE.match(line)
        if table is not None:
            sends = table[1] == "outputs" and table[2] != "prometheus_client"
            inside, listing = sends or table[2] not in _PASSIVE, False
            continue
        if _OTHER.match(line) and not listing:
            inside = False
        key = _KEY.match(line) if inside else None
        if key is None and not listing:
            continue
        written = key[2] if key is not None else line
        listing = "[" in written and "]" not in written if key is not None else "]" not in line
        for double, single in _TEXT.findall(written):
            address = double or single
            if not address.startswith(_LOCAL):
                yield SettingDefined(Span(number), "telegraf", address_value(address), SOURCE)
