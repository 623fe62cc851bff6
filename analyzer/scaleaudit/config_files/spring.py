"""Spring's `application` and `bootstrap` files in YAML; Quarkus and Micronaut alike.

Keys are as written: relaxed binding, profiles in file names and the order of files are the
linker's. `group` is the profile that a document or a `%profile.` key is for.
"""

from __future__ import annotations

from scaleaudit.config_files import openapi, yaml_file
from scaleaudit.config_files.compose import is_compose
from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.kubernetes import is_manifest
from scaleaudit.config_files.reading import MAX_FACTS
from scaleaudit.config_files.spring_documents import document_settings, readable
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import as_text
from scaleaudit.facts import FileFacts, SettingDefined

# Other YAML among a program's resources: Liquibase's, and descriptions of APIs by their version
# (a section `swagger:` holds settings of the library of that name).
_CHANGES = "databaseChangeLog"
_DESCRIPTIONS = ("openapi", "swagger", "asyncapi")


def extract(content: bytes) -> FileFacts:
    if openapi.MARK.search(content):
        return openapi.yaml_facts(content)
    file = read_yaml(readable(content))
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
