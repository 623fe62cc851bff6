"""The settings of one document of Spring's, whatever file it stands in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.placeholders import spring_value
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.facts import SettingDefined
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.config_files.yaml_values import YamlMap
    from scaleaudit.source import Span

PROFILE_KEYS = ("spring.config.activate.on-profile", "spring.profiles")
# Sections that no other program's YAML begins with.
_SECTIONS = ("spring", "eureka", "zuul")
MAX_ENTRIES = 5_000  # of one document that only its content tells
# A text that the build fills in may stand bare (`name: @project.name@`), which YAML forbids.
_FILTERED = regex(rb"(?m)^([^\n#'\"]*?[:-][ \t]+)(@[\w.\-]+@)([ \t]*(?:#.*)?)$")
_PROFILED_KEY = regex(r"%([\w,\-]+)\.(.+)", re.DOTALL)

Entry: TypeAlias = "tuple[str, str, Span]"


def readable(content: bytes) -> bytes:
    """Valid YAML of a file whose bare texts the build fills in."""
    return _FILTERED.sub(rb"\1'\2'\3", content)


def document_settings(entries: Iterable[Entry]) -> Iterator[SettingDefined]:
    """The entries of one document, which is for one profile as a whole."""
    listed = list(entries)
    profile = ",".join(text for key, text, _ in listed if key.partition("[")[0] in PROFILE_KEYS)
    for key, text, at in listed:
        profiled = _PROFILED_KEY.match(key)
        group, name = profiled.groups() if profiled else (profile, key)
        yield SettingDefined(at, name, without_secrets(name, spring_value(text)), "spring", group)


def served_facts(document: YamlMap) -> Iterator[SettingDefined]:
    """The settings in a file of any name, as configuration servers hand them out."""
    if any(str(key).partition(".")[0] in _SECTIONS for key in document):
        for _, fact in zip(range(MAX_ENTRIES), document_settings(flat(document)), strict=False):
            yield fact
