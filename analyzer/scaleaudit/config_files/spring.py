"""Spring's `application` and `bootstrap` files in YAML; Quarkus and Micronaut alike.

Keys are as written: relaxed binding, profiles in file names and the order of files are the
linker's. `group` is the profile that a document or a `%profile.` key is for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from scaleaudit.config_files import yaml_file
from scaleaudit.config_files.compose import is_compose
from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.kubernetes import is_manifest
from scaleaudit.config_files.placeholders import spring_value
from scaleaudit.config_files.reading import MAX_FACTS
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import as_text
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.source import Span

PROFILE_KEYS = ("spring.config.activate.on-profile", "spring.profiles")
# A text that the build fills in may stand bare (`name: @project.name@`), which YAML forbids.
_FILTERED = regex(rb"(?m)^([^\n#'\"]*?[:-][ \t]+)(@[\w.\-]+@)([ \t]*(?:#.*)?)$")
# Other YAML among a program's resources: Liquibase's, and descriptions of APIs by their version
# (a section `swagger:` holds settings of the library of that name).
_CHANGES = "databaseChangeLog"
_DESCRIPTIONS = ("openapi", "swagger", "asyncapi")
_PROFILED_KEY = regex(r"%([\w,\-]+)\.(.+)", re.DOTALL)

Entry: TypeAlias = "tuple[str, str, Span]"


def extract(content: bytes) -> FileFacts:
    file = read_yaml(_FILTERED.sub(rb"\1'\2'\3", content))
    if any(is_manifest(document) or is_compose(document) for document in file.maps):
        return yaml_file.extract(content)  # it only has the name
    facts: list[SettingDefined] = []
    for document in file.maps:
        if _CHANGES in document or any(as_text(document.get(key)) for key in _DESCRIPTIONS):
            continue
        for fact in document_settings(flat(document)):
            facts.append(fact)
            if len(facts) >= MAX_FACTS:
                return FileFacts(tuple(facts), "", f"more than {MAX_FACTS} facts", file.lines)
    return FileFacts(tuple(facts), problem=file.problem, lines=file.lines)


def document_settings(entries: Iterable[Entry]) -> Iterator[SettingDefined]:
    """The entries of one document, which is for one profile as a whole."""
    listed = list(entries)
    profile = ",".join(text for key, text, _ in listed if key.partition("[")[0] in PROFILE_KEYS)
    for key, text, at in listed:
        profiled = _PROFILED_KEY.match(key)
        group, name = profiled.groups() if profiled else (profile, key)
        yield SettingDefined(at, name, without_secrets(name, spring_value(text)), "spring", group)
