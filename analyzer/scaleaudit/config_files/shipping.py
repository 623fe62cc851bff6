"""YAML of programs that ship and show logs: Beats, Promtail, Vector, Fluent Bit, Kibana, Logstash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.monitoring import SOURCE
from scaleaudit.config_files.placeholders import spring_value
from scaleaudit.facts import SettingDefined
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlMap

MAX_ENTRIES = 2_000  # of one document
# The first key that fits tells the program; the second expression, which keys hold an address.
PROGRAMS = (
    ("apm-server", regex(r"apm-server\."), regex(r"output\.\w+\.hosts?")),
    ("beats", regex(r"(file|metric|heart|packet|audit|winlog|function)beat\.|output\.(elasticsearch|logstash|kafka|redis)\."),
     regex(r"(output\.\w+\.hosts?|setup\.kibana\.host|(xpack\.)?monitoring\.elasticsearch\.hosts?)")),
    ("promtail", regex(r"positions\.|clients\[0\]\.url|client\.url"), regex(r"clients?(\[\d+\])?\.url")),
    ("vector", regex(r"sinks\.[^.]+\.(type|inputs)"),
     regex(r"sinks\.[^.]+\.(endpoints?|bootstrap_servers|address|uri|url)")),
    ("fluentd", regex(r"pipeline\.outputs\["), regex(r"pipeline\.outputs\[\d+\]\.(host|brokers|url)")),
    ("logstash", regex(r"(xpack\.)?monitoring\.elasticsearch\.|pipeline\.(id|workers)|path\.config"),
     regex(r"(xpack\.)?monitoring\.elasticsearch\.(hosts?|url)")),
    ("kibana", regex(r"elasticsearch\.(hosts|url)"), regex(r"elasticsearch\.(hosts|url)")),
)  # fmt: skip


def shipping_facts(document: YamlMap) -> Iterator[SettingDefined]:
    """A setting for each address, with the program's technology as key."""
    entries = [entry for _, entry in zip(range(MAX_ENTRIES), flat(document), strict=False)]
    for technology, telling, address in PROGRAMS:
        if not any(telling.match(key) for key, _, _ in entries):
            continue
        for key, text, at in entries:
            plain = key.rpartition("[")[0] if key.endswith("]") else key
            if text.strip() and address.fullmatch(plain):
                written = text if "://" in text or "$" in text else f"http://{text}"
                yield SettingDefined(at, technology, spring_value(written), SOURCE)
        return
