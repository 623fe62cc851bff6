"""Templates of a Helm chart: actions become values, what is left is read as manifests.

`{{ .Values.image.tag }}` is a `Setting` of the key `.Values.image.tag`; lines that only steer the
template (`{{- if }}`, `{{- end }}`, `toYaml ... | nindent`) are blank, both arms of a condition
stay. Names that facts want as plain text keep such keys as `{{.Values.name}}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.compose import compose_facts, is_compose
from scaleaudit.config_files.helm_definitions import definitions
from scaleaudit.config_files.kubernetes import is_manifest, kubernetes_facts
from scaleaudit.config_files.template_variables import with_variables
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.facts import FileFacts

if TYPE_CHECKING:
    from scaleaudit.facts import Fact


def extract(content: bytes) -> FileFacts:
    """The folder is called `templates`, which other tools call theirs too: no manifest and no
    compose file in it means no fact and no problem."""
    if b":=" in content:
        content = with_variables(content.decode("utf-8", "replace")).encode()
    file = read_yaml(content, templates=True)
    facts: list[Fact] = kubernetes_facts(file.maps, "helm")
    for document in file.maps:
        if is_compose(document):
            facts.extend(compose_facts(document))
    understood = facts or any(is_manifest(document) for document in file.maps)
    if b"define" in content:
        facts.extend(definitions(content.decode("utf-8", "replace")))
    return FileFacts(tuple(facts), "", file.problem if understood else "", file.lines)
