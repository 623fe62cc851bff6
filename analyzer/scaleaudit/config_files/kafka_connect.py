"""Connectors of Kafka Connect and Debezium: the stores that they read from and write to.

The settings are those of `monitoring`: the key is the technology of the program that reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.json_entries import read_json
from scaleaudit.config_files.monitoring import SOURCE
from scaleaudit.config_files.placeholders import spring_value
from scaleaudit.config_files.reading import facts_in
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.facts import SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.facts import FileFacts

TECHNOLOGY = "kafka-connect"
MAX_TARGETS = 100
ADDRESS = regex(
    r"database\.hostname|connection\.ur[il]|mongodb\.(hosts|connection\.string)|connection\.hosts"
    r"|opensearch\.url|neo4j\.(server\.)?uri|redis\.(address|uri|hosts)|cassandra\.contact\.points"
    r"|http(\.api)?\.url|schema\.history\.internal\.kafka\.bootstrap\.servers"
)
HOST = regex(r"[A-Za-z][\w.-]{0,120}(:\d{2,5})?")


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _of_json)


def _of_json(text: str) -> Iterator[SettingDefined]:
    entries, _ = read_json(text)
    told = [(entry.path[-1], entry.value, Span(entry.line)) for entry in entries
            if entry.path and entry.value]  # fmt: skip
    yield from connector_facts(told)


def connector_facts(entries: Iterable[tuple[str, str, Span]]) -> Iterator[SettingDefined]:
    """(key, text, place) of one connector's settings; none of other settings."""
    listed = list(entries)
    if not any(key == "connector.class" for key, _, _ in listed):
        return
    addresses = (each for each in listed if ADDRESS.fullmatch(each[0]))
    for _, (key, text, at) in zip(range(MAX_TARGETS), addresses, strict=False):
        for part in text.split(",") if "://" not in text else (text,):
            written = part.strip()
            if key == "mongodb.hosts":  # the name of the replica set stands before
                written = written.rpartition("/")[2]
            if HOST.fullmatch(written):
                written = f"http://{written}"
            yield SettingDefined(
                at, TECHNOLOGY, without_secrets(key, spring_value(written)), SOURCE
            )
