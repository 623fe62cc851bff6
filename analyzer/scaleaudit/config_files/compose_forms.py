"""Values that compose takes in several forms: as a text, a list or a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.interpolation import COMPOSE, plain_text, spelled, text_value, words
from scaleaudit.config_files.program_arguments import settings_in
from scaleaudit.config_files.yaml_values import (
    Text,
    YamlMap,
    as_map,
    as_text,
    maps_in,
    texts_in,
)
from scaleaudit.facts import EnvEntry
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.values import Value

_PWD = regex(r"^\$(?:PWD\b|\{PWD\})")  # the folder of the file, as nearly everybody starts it


def plain(text: str) -> str:
    return plain_text(text, COMPOSE)


def unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def build_of(service: YamlMap) -> tuple[str, str, str]:
    """The context, the Dockerfile and the stage; all empty when nothing is built."""
    if "build" not in service:
        return "", "", ""
    build = service["build"]
    if isinstance(build, Text):  # `dockerfile:` stood beside it in the first format
        return plain(build), plain(as_text(service.get("dockerfile"))), ""
    if not isinstance(build, YamlMap):
        return "", "", ""
    return (
        plain(as_text(build.get("context"))) or ".",
        plain(as_text(build.get("dockerfile"))),
        plain(as_text(build.get("target"))),
    )


def command_of(value: YamlValue) -> tuple[Value, ...]:
    if isinstance(value, Text):
        return words(value, COMPOSE)
    return words(texts_in(value), COMPOSE)


def environment_of(value: YamlValue) -> tuple[EnvEntry, ...]:
    entries: dict[str, EnvEntry] = {}
    if isinstance(value, YamlMap):
        for written, given in value.items():
            key = plain(written)
            known = text_value(given, COMPOSE, key) if isinstance(given, Text) else None
            entries[key] = EnvEntry(key, known, value.place(written))
            for name, part in settings_in(str(given) if isinstance(given, Text) else ""):
                entries.setdefault(
                    name, EnvEntry(name, text_value(part, COMPOSE, name), value.place(written))
                )
    for item in texts_in(value):
        key, equals, text = str(item).partition("=")
        known = text_value(text, COMPOSE, key) if equals else None
        entries[key] = EnvEntry(key, known, item.at)
        for name, part in settings_in(text):
            entries.setdefault(name, EnvEntry(name, text_value(part, COMPOSE, name), item.at))
    for pairs in maps_in(value):  # `- NAME: value`, a slip that old versions took
        for entry in environment_of(pairs):
            entries[entry.name] = entry
    return tuple(entries.values())


def env_files_of(value: YamlValue) -> tuple[str, ...]:
    paths = [plain(text) for text in texts_in(value)]
    paths += [plain(as_text(entry.get("path"))) for entry in maps_in(value)]
    return unique(paths)


def extends_of(value: YamlValue) -> tuple[str, str]:
    if isinstance(value, Text):
        return "", str(value)
    extended = as_map(value)
    return plain(as_text(extended.get("file"))), as_text(extended.get("service"))


def names_in(value: YamlValue) -> list[str]:
    """A list of names, or a map by name."""
    return list(value) if isinstance(value, YamlMap) else [str(text) for text in texts_in(value)]


def port_of(value: YamlValue) -> str:
    """The container's port: `8000` of `127.0.0.1:${PORT:-80}:8000/tcp`."""
    if isinstance(value, YamlMap):
        return plain(as_text(value.get("target")))
    return plain(as_text(value)).partition("/")[0].rpartition(":")[2]


def host_port_of(value: YamlValue) -> str:
    """The machine's port of the same; empty where any free one is taken."""
    if isinstance(value, YamlMap):
        return plain(as_text(value.get("published")))
    return plain(as_text(value)).partition("/")[0].rpartition(":")[0].rpartition(":")[2]


def volume_of(value: YamlValue) -> str:
    """`source:target`, or `target` alone."""
    if isinstance(value, YamlMap):
        source, target = as_text(value.get("source")), as_text(value.get("target"))
        return plain(f"{source}:{target}" if source else target)
    source, _, rest = plain(_PWD.sub(".", as_text(value))).partition(":")
    target = rest.partition(":")[0]
    return f"{source}:{target}" if target.startswith(("/", "$", "~", ".")) else source


def pairs_in(value: YamlValue) -> Iterator[tuple[str, str]]:
    if isinstance(value, YamlMap):
        for key, text in value.items():
            yield key, _label(key, as_text(text))
    for text in texts_in(value):
        key, _, rest = str(text).partition("=")
        yield key, _label(key, rest)


def _label(key: str, text: str) -> str:
    return spelled(text_value(text, COMPOSE, key))
