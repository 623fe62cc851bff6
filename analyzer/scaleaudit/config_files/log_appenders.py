"""Appenders of Logback and Log4j 2 that send a program's log over the network.

Only those that some logger refers to; a file that merely offers one sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.placeholders import spring_value
from scaleaudit.config_files.reading import NotUnderstoodError, lines_in
from scaleaudit.config_files.xml_elements import parse_xml
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.xml_elements import Element
    from scaleaudit.values import Value

SOURCE = "log"  # of the settings; the key is the technology of what takes the log, or "http"
MAX_ADDRESSES = 100
MAX_DEPTH = 5  # of properties that name properties
_ROOTS = {"configuration", "included", "Configuration"}
_PLACES = {
    "destination", "remotehost", "sysloghost", "grayloghost", "host", "url", "uri", "server",
    "servers", "brokers", "bootstrapservers", "endpoint", "connectionstring",
}  # fmt: skip
_BROKERS = (("kafka", "kafka"), ("amqp", "rabbitmq"), ("rabbit", "rabbitmq"), ("redis", "redis"),
            ("jms", "activemq"))  # fmt: skip
_LOOKUP = regex(r"\$\{(?:env|sys|spring|ctx|bundle:[^:}]*):")
_PRODUCER = regex(r"bootstrap\.servers\s*=\s*(\S+)")
_WRAPPED = regex(r"^(?:udp|tcp):(?!//)")


def extract(content: bytes) -> FileFacts:
    try:
        facts = tuple(_facts(content))
    except NotUnderstoodError as error:
        return FileFacts(problem=str(error), lines=lines_in(content))
    return FileFacts(facts, lines=lines_in(content))


def _facts(content: bytes) -> Iterator[SettingDefined]:
    root, problem = parse_xml(content)
    if root is None:
        raise NotUnderstoodError(problem or "no element")
    if root.tag not in _ROOTS:
        return
    variables = dict(_variables(root))
    used = {
        name
        for tag in ("appender-ref", "AppenderRef", "appenderRef", "Appender-Ref")
        for each in root.everywhere(tag)
        if (name := each.attributes.get("ref", ""))
    }
    count = 0
    for appender in _appenders(root):
        if appender.attributes.get("name", "") not in used:
            continue
        kind = _kind(appender)
        for text, line in _addresses(appender):
            for part in text.split(",")[:10]:
                count += 1
                if count > MAX_ADDRESSES or not part.strip():
                    return
                value = _filled(_written(part.strip()), variables, 0)
                yield SettingDefined(Span(line), kind, value, SOURCE)


def _appenders(root: Element) -> Iterator[Element]:
    yield from root.everywhere("appender")
    for tag in ("Appenders", "appenders"):
        for each in root.everywhere(tag):
            yield from each.children


def _kind(appender: Element) -> str:
    named = f"{appender.tag} {appender.attributes.get('class', '')}".lower()
    return next((technology for word, technology in _BROKERS if word in named), "http")


def _addresses(appender: Element) -> Iterator[tuple[str, int]]:
    for name, text in appender.attributes.items():
        if name.lower() in _PLACES:
            yield text, appender.line
    waiting = list(reversed(appender.children))
    while waiting:
        element = waiting.pop()
        waiting.extend(reversed(element.children))
        name = element.attributes.get("name", "").replace(".", "").lower()
        if element.tag.lower() in _PLACES and element.text:
            yield element.text, element.line
        elif element.tag.lower() == "property" and name in _PLACES:
            yield element.text or element.attributes.get("value", ""), element.line
        elif found := _PRODUCER.search(element.text):
            yield found[1], element.line


def _written(text: str) -> Value:
    """With a scheme, so that a bare name is a host; `${X:-y}` in the form that Spring has."""
    plain = _LOOKUP.sub("${", _WRAPPED.sub("", text)).replace(":-", ":")
    return spring_value(plain if "://" in plain or plain.startswith("$") else f"http://{plain}")


def _variables(root: Element) -> Iterator[tuple[str, Value]]:
    """What the file itself defines, or takes from Spring's settings."""
    for tag in ("property", "variable", "Property"):
        for each in root.everywhere(tag):
            name, value = each.attributes.get("name", ""), each.attributes.get("value", each.text)
            if name and value:
                yield name, spring_value(_LOOKUP.sub("${", value).replace(":-", ":"))
    for each in root.everywhere("springProperty"):
        name, source = each.attributes.get("name", ""), each.attributes.get("source", "")
        default = each.attributes.get("defaultValue")
        if name and source:
            yield name, Setting(source, Literal(default) if default is not None else None)


def _filled(value: Value, variables: dict[str, Value], depth: int) -> Value:
    if depth > MAX_DEPTH:
        return value
    if isinstance(value, Join):
        return join(*(_filled(part, variables, depth + 1) for part in value.parts))
    if isinstance(value, Setting) and value.key in variables:
        return _filled(variables[value.key], variables, depth + 1)
    return value
