"""Rails' `config/database.yml` and its like: stores by environment, ERB read as far as it goes.

Keys begin with the environment (`production.primary.url`), or in `storage.yml` with the name of
the service; that first part is the `group`.
"""

from __future__ import annotations

from scaleaudit.config_files.erb import with_values, without_tags
from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.reading import MAX_FACTS, text_of
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.facts import FileFacts, SettingDefined


def extract(content: bytes) -> FileFacts:
    text, values = without_tags(text_of(content))
    file = read_yaml(text.encode())
    facts: list[SettingDefined] = []
    for document in file.maps:
        for key, written, at in flat(document):
            if len(facts) >= MAX_FACTS:
                return FileFacts(tuple(facts), "", f"more than {MAX_FACTS} facts", file.lines)
            value = without_secrets(key, with_values(written, values))
            facts.append(SettingDefined(at, key, value, "rails", key.partition(".")[0]))
    return FileFacts(tuple(facts), problem=file.problem, lines=file.lines)
