"""YAML of a configuration repository: settings that a server hands out, whatever the file's name.

Nothing that such a repository holds runs by itself: manifests and compose files in it say nothing.
"""

from __future__ import annotations

from scaleaudit.config_files.compose import is_compose
from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.kubernetes import is_manifest
from scaleaudit.config_files.reading import MAX_FACTS
from scaleaudit.config_files.spring_documents import document_settings, readable
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.facts import FileFacts, SettingDefined


def extract(content: bytes) -> FileFacts:
    file = read_yaml(readable(content))
    facts: list[SettingDefined] = []
    for document in file.maps:
        if is_manifest(document) or is_compose(document):
            continue
        for fact in document_settings(flat(document)):
            facts.append(fact)
            if len(facts) >= MAX_FACTS:
                return FileFacts(tuple(facts), "", f"more than {MAX_FACTS} facts", file.lines)
    return FileFacts(tuple(facts), problem=file.problem, lines=file.lines)
