"""`values.yaml` of a Helm chart: every scalar under the key by which templates read it."""

from __future__ import annotations

from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.interpolation import KUBERNETES, text_value
from scaleaudit.config_files.reading import MAX_FACTS
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.facts import FileFacts, SettingDefined


def extract(content: bytes) -> FileFacts:
    file = read_yaml(content)
    facts: list[SettingDefined] = []
    for document in file.maps:
        for key, text, at in flat(document):
            if len(facts) >= MAX_FACTS:
                return FileFacts(tuple(facts), "", f"more than {MAX_FACTS} facts", file.lines)
            name = f".Values.{key}" if key else ".Values"
            facts.append(SettingDefined(at, name, text_value(text, KUBERNETES, key), "helm-values"))
    return FileFacts(tuple(facts), "", file.problem, file.lines)
