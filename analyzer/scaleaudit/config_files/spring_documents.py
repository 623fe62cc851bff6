"""The settings of one document of Spring's, whatever file it stands in."""

from __future__ import annotations

import re
from itertools import islice
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
# What a file may hold alone that a configuration server hands out. Others have sections of these
# names too: all that the file says has to be Spring's.
_ALONE = regex(
    r"server\.(?:port|address|shutdown|servlet|ssl|error|compression|forward|max-http|tomcat|netty)\b"
    r"|management\.(?:endpoints?|health|metrics|tracing|server|info|zipkin|otlp|opentelemetry)\b"
    r"|(?:logging\.level|springdoc|resilience4j|hystrix|ribbon|feign|info)\."
)
MAX_ENTRIES = 5_000  # of one document that only its content tells
_OF_A_SERVER = {"server", "management", "springdoc"}  # by which such a file is looked at
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
    names = {str(key).partition(".")[0] for key in document}
    if not names.isdisjoint(_SECTIONS) or (
        not names.isdisjoint(_OF_A_SERVER)
        and all(_ALONE.match(key) for key, _, _ in islice(flat(document), MAX_ENTRIES))
    ):
        for _, fact in zip(range(MAX_ENTRIES), document_settings(flat(document)), strict=False):
            yield fact
