"""Pipelines of Logstash, Fluentd, Fluent Bit and Grafana Alloy: where they take lines from and send them to.

The settings are those of `monitoring`: the key is the technology of the program that reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.monitoring import SOURCE
from scaleaudit.config_files.placeholders import spring_value
from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.facts import SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts
    from scaleaudit.values import Value

MAX_TARGETS = 200
MAX_LINE = 2_000
_COMMENT = regex(r"(?:^|\s)#(?!\{).*")
# Logstash: `hosts => ["search:9200"]`; the list may go over several lines.
_ENTRY = regex(
    r"\b(?:hosts?|bootstrap_servers|urls?|uri|servers?|jdbc_connection_string|endpoint)\s*=>\s*"
    r"(\[[^\]\[]{0,2000}\]|\"[^\"\n]{1,500}\"|'[^'\n]{1,500}'|[\w.-]{1,200})"
)
_TEXT = regex(r"[\"']([^\"'\n]{1,500})[\"']|(?<![\w.\"'-])([A-Za-z][\w.-]{0,200})(?![\w.\"'-])")
_OPENED = regex(r"\s*<(/?)(\w+)\b[^>\n]*>")
_SENDING = {"match", "store", "server"}
_SECTION = regex(r"\s*\[(\w+)\]\s*$")
_FIELD = regex(r"\s*(\w+)\s+[\"']?([^\s\"'][^\"'\n]*?)[\"']?\s*$")
_KEYS = {"host", "hosts", "brokers", "url", "endpoint_url", "endpoint", "server", "nodes"}
# `#{ENV['HOST'] || 'search'}` of Ruby inside Fluentd's files
_RUBY = regex(r"#\{\s*ENV\[[\"']?(\w+)[\"']?\](?:\s*\|\|\s*[\"']?([^\"'}\n]*?)[\"']?)?\s*\}")


# Alloy: `url = "http://loki:3100/push"`, `"__address__" = "orders:8080"`
_ALLOY = regex(r"\b(?:url|endpoint|server_address|__address__)\"?\s*=\s*\"([^\"\n]{1,500})\"")
_ALLOY_BLOCK = regex(r"(?m)^\s*[a-z]\w*(?:\.\w+)+ \"\w+\" *\{")


def extract(content: bytes) -> FileFacts:
    return facts_in(content, pipeline_facts)


def is_pipeline(name: str, content: str) -> bool:
    """By the name and the content of a file inside another one."""
    marks = ("=>", "<match", "[OUTPUT]", "[output]")
    if name.endswith((".alloy", ".river")) or "forward_to" in content:
        return _ALLOY_BLOCK.search(content) is not None
    return name.endswith((".conf", ".config")) and any(mark in content for mark in marks)


def pipeline_facts(text: str) -> Iterator[SettingDefined]:
    """One setting for each address; the forms of the three programs do not look alike."""
    lines = [_COMMENT.sub("", line[:MAX_LINE]) for line in text_lines(text)]
    if _ALLOY_BLOCK.search(text):
        found = _alloy(text_lines(text))
    else:
        found = _logstash("\n".join(lines)) if "=>" in text else _fluent(lines)
    for _, fact in zip(range(MAX_TARGETS), found, strict=False):
        yield fact


def _logstash(text: str) -> Iterator[SettingDefined]:
    for entry in _ENTRY.finditer(text):
        line = text.count("\n", 0, entry.start()) + 1
        for quoted, bare in _TEXT.findall(entry[1]):
            if quoted or bare:
                yield SettingDefined(Span(line), "logstash", _value(quoted or bare), SOURCE)


def _alloy(lines: list[str]) -> Iterator[SettingDefined]:
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("//"):
            continue
        for address in _ALLOY.findall(line[:MAX_LINE]):
            yield SettingDefined(Span(number), "alloy", _value(address), SOURCE)


def _fluent(lines: list[str]) -> Iterator[SettingDefined]:
    inside: list[str] = []
    for number, line in enumerate(lines, 1):
        opened, section = _OPENED.match(line), _SECTION.match(line)
        if opened is not None:
            if not opened[1]:
                inside.append(opened[2])
            elif inside:
                inside.pop()
            continue
        if section is not None:
            inside = ["match" if section[1].lower() == "output" else "source"]
            continue
        if _SENDING.isdisjoint(inside) or "source" in inside:
            continue
        plain = _RUBY.sub(_placeholder, line)
        field = _FIELD.match(plain)
        if field is not None and field[1].lower() in _KEYS:
            for address in field[2].split(","):
                yield SettingDefined(Span(number), "fluentd", _value(address.strip()), SOURCE)


def _placeholder(found: re.Match[str]) -> str:
    name, default = found[1], found[2]
    return f"${{{name}:{default}}}" if default is not None else f"${{{name}}}"


def _value(address: str) -> Value:
    return spring_value(address if "://" in address or "$" in address else f"http://{address}")
