"""Templates of a Helm chart: actions become values, what is left is read as manifests.

`{{ .Values.image.tag }}` is a `Setting` of the key `.Values.image.tag`; lines that only steer the
template (`{{- if }}`, `{{- end }}`, `toYaml ... | nindent`) are blank, both arms of a condition
stay. Names that facts want as plain text keep such keys as `{{.Values.name}}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from msgspec.structs import replace

from scaleaudit.config_files.compose import compose_facts, is_compose
from scaleaudit.config_files.helm_definitions import definitions
from scaleaudit.config_files.kubernetes import is_manifest, kubernetes_facts
from scaleaudit.config_files.template_tables import with_tables
from scaleaudit.config_files.template_variables import with_variables
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.facts import FileFacts, NetworkName
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.facts import Fact

# A template that is for one switch as a whole: `{{- if .Values.ingress.enabled }}` before all else.
_SWITCH = regex(
    r"(?:\s|#[^\n]*\n|\{\{-?\s*/\*[^*]{0,2000}\*/\s*-?\}\})*\{\{-?\s*if\s+(\.Values\.[\w.]+)\s*-?\}\}"
)


def extract(content: bytes) -> FileFacts:
    """The folder is called `templates`, which other tools call theirs too: no manifest and no
    compose file in it means no fact and no problem."""
    if b":=" in content:
        content = with_variables(content.decode("utf-8", "replace")).encode()
    if b".Values" in content:
        content = with_tables(content.decode("utf-8", "replace")).encode()
    file = read_yaml(content, templates=True)
    facts: list[Fact] = kubernetes_facts(file.maps, "helm")
    switch = _SWITCH.match(content.decode("utf-8", "replace"))
    if switch is not None:
        facts = [replace(each, switch=switch[1]) if _is_route(each) else each for each in facts]
    for document in file.maps:
        if is_compose(document):
            facts.extend(compose_facts(document))
    understood = facts or any(is_manifest(document) for document in file.maps)
    if b"define" in content:
        facts.extend(definitions(content.decode("utf-8", "replace")))
    return FileFacts(tuple(facts), "", file.problem if understood else "", file.lines)


def _is_route(fact: Fact) -> TypeGuard[NetworkName]:
    """What the cluster's edge leads to: a Service alone may be there without its workload."""
    return isinstance(fact, NetworkName) and fact.published and not fact.selector
