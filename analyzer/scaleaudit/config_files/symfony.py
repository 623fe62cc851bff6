"""Symfony's configuration in YAML: services, parameters, packages, routes.

Keys are as they stand in the file, without the sections of one environment (`when@prod`), which
are the group; `%env(X)%` is a setting and `%x%` another parameter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files import yaml_file
from scaleaudit.config_files.compose import is_compose
from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.kubernetes import is_manifest
from scaleaudit.config_files.reading import MAX_FACTS
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import YamlMap
from scaleaudit.facts import EndpointServed, FileFacts, RouterMounted, SettingDefined
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Setting, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact

REFERENCE = regex(r"%env\((?:\w+:)*(\w+)\)%|%([A-Za-z_][\w.]*)%")
ENVIRONMENT = regex(r"^when@(\w+)\.")
MAX_TEXT = 2_000  # characters
HTTP_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
MAX_ROUTES = 2_000


def extract(content: bytes) -> FileFacts:
    file = read_yaml(content)
    if any(is_manifest(document) or is_compose(document) for document in file.maps):
        return yaml_file.extract(content)  # it only has the name
    facts: list[Fact] = []
    for document in file.maps:
        for fact in (*_settings(document), *_routes(document)):
            if len(facts) >= MAX_FACTS:
                return FileFacts(tuple(facts), "", f"more than {MAX_FACTS} facts", file.lines)
            facts.append(fact)
    return FileFacts(tuple(facts), problem=file.problem, lines=file.lines)


def _settings(document: YamlMap) -> Iterator[SettingDefined]:
    for key, text, at in flat(document):
        environment = ENVIRONMENT.match(key)
        name = key[environment.end() :] if environment else key
        group = environment[1] if environment else ""
        yield SettingDefined(at, name, without_secrets(name, value_of(text)), "symfony", group)


def value_of(text: str) -> Value:
    """A text with its references: `%env(resolve:DATABASE_URL)%`, `%stock_url%/items`."""
    if "%" not in text:
        return Literal(text)
    parts: list[Value] = []
    end = 0
    for match in REFERENCE.finditer(text[:MAX_TEXT]):
        parts.append(Literal(text[end : match.start()].replace("%%", "%")))
        parts.append(Setting(match[1] or f"parameters.{match[2]}"))
        end = match.end()
    return join(*parts, Literal(text[end:].replace("%%", "%")))


def _routes(document: YamlMap) -> Iterator[Fact]:
    """`orders: {path: /orders/{id}, controller: App\\Controller\\Orders::show, methods: GET}`."""
    for name, entry in list(document.items())[:MAX_ROUTES]:
        if not isinstance(entry, YamlMap):
            continue
        path, controller = entry.get("path"), entry.get("controller")
        resource, prefix = entry.get("resource"), entry.get("prefix")
        if isinstance(resource, YamlMap):
            resource = resource.get("path")
        if isinstance(resource, str) and isinstance(prefix, str) and prefix.strip("/"):
            yield RouterMounted(
                document.place(name), Literal(str(prefix)), str(resource), is_module=True
            )
        if not isinstance(path, str) or not isinstance(controller, str):
            continue
        methods = entry.get("methods")
        listed = methods if isinstance(methods, list) else str(methods or "").split("|")
        verbs = [str(each).strip().upper() for each in listed]
        handler = controller.rpartition("\\")[2].replace("::", ".")
        for verb in [verb for verb in verbs if verb in HTTP_METHODS] or ["*"]:
            yield EndpointServed(
                at=document.place(name), method=verb, path=Literal(str(path)), handler=handler
            )
