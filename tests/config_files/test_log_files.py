"""Files that say where logs go: what is an address in them, and what is not."""

from __future__ import annotations

import pytest

from scaleaudit.config_files import log_appenders, log_shippers
from scaleaudit.facts import SettingDefined
from scaleaudit.values import text_with_holes


def told(module: object, text: str) -> list[tuple[str, int, str]]:
    facts = module.extract(text.encode()).facts  # type: ignore[attr-defined]
    return [
        (fact.key, fact.at.line, text_with_holes(fact.value))
        for fact in facts
        if isinstance(fact, SettingDefined)
    ]


def test_addresses_of_a_logstash_pipeline_with_their_lines() -> None:
    text = """input {
  rabbitmq { host => "mq" }   # host => "old"
  http { host => "0.0.0.0" }
}
filter { grok { match => { "message" => "%{URL:url}" } } }
output {
  if [x] == "y" { elasticsearch { hosts => ["http://a:9200", "${ES:b}:9200"] } }
}
"""
    assert told(log_shippers, text) == [
        ("logstash", 2, "http://mq"),
        ("logstash", 3, "http://0.0.0.0"),
        ("logstash", 7, "http://a:9200"),
        ("logstash", 7, "{}:9200"),
    ]


def test_places_of_a_log_are_no_secrets_and_no_files() -> None:
    text = """<configuration>
<appender name="F" class="ch.qos.logback.core.rolling.RollingFileAppender"><file>/var/x</file></appender>
<appender name="G" class="biz.paluch.logging.gelf.logback.GelfLogbackAppender">
  <host>udp:graylog</host><port>12201</port></appender>
<root><appender-ref ref="F"/><appender-ref ref="G"/></root>
</configuration>"""
    assert told(log_appenders, text) == [("http", 4, "http://graylog")]


@pytest.mark.parametrize(
    "text",
    [
        "hosts => [" + '"a",' * 5000,
        "<match **>\n" * 3000 + "host x\n",
        "[OUTPUT]\nhost " + "a" * 5000,
        "#{ENV['" * 3000,
        "<configuration>" + "<a>" * 500,
        "\x00=>\xff",
    ],
)
def test_hostile_files_are_read_in_bounds(text: str) -> None:
    assert len(told(log_shippers, text)) <= log_shippers.MAX_TARGETS
    assert told(log_appenders, text) == []
