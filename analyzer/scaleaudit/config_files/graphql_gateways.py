"""Gateways of GraphQL: the subgraphs of a supergraph or a mesh, Hasura's remote schemas and actions."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import (
    Text,
    YamlMap,
    as_list,
    as_map,
    as_text,
    inner,
    maps_in,
)
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.graphql_types import GATEWAY
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Setting, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.values import Value

MAX_TARGETS = 500
# Hasura's {{NAME}}; the router's ${env.NAME}; the mesh's {env.NAME:default}
VARIABLE = regex(
    r"\{\{\s*(\w+)\s*\}\}|\$\{(?:env\.)?(\w+)(?::-?([^{}]*))?\}|\{env\.(\w+)(?::([^{}]*))?\}"
)


def extract(content: bytes) -> FileFacts:
    """Hasura's metadata: whom remote schemas and actions are asked of."""
    file = read_yaml(content)
    facts = [fact for document in file.documents for fact in islice(hasura(document), MAX_TARGETS)]
    return FileFacts(tuple(facts), "", file.problem, file.lines)


def hasura(document: YamlValue) -> Iterator[SettingDefined]:
    """A remote schema's URL, an action's handler, an event trigger's webhook."""
    listed = as_list(as_map(document).get("actions")) or as_list(document)
    for entry in listed or [document]:
        each = as_map(entry)
        definition = as_map(each.get("definition"))
        for key in ("url", "handler"):
            yield from address(definition.get(key))
        yield from from_environment(definition.get("url_from_env"))
        for trigger in maps_in(each.get("event_triggers")):
            yield from address(trigger.get("webhook"))
            yield from from_environment(trigger.get("webhook_from_env"))


def subgraph_facts(document: YamlMap) -> Iterator[SettingDefined]:
    """One setting `subgraph:NAME` for each address that a gateway's own configuration names."""
    yield from islice(_subgraphs(document), MAX_TARGETS)


def _subgraphs(document: YamlMap) -> Iterator[SettingDefined]:
    subgraphs = document.get("subgraphs")
    listed = ((as_text(each.get("name")), each) for each in maps_in(subgraphs))
    for name, each in (*as_map(subgraphs).items(), *listed):
        part = as_map(each)
        found = (part.get("routing_url"), part.get("url"), inner(part, "schema", "subgraph_url"))
        yield from address(next((value for value in found if value), None), name)
    for name, url in as_map(document.get("override_subgraph_url")).items():
        yield from address(url, name)
    for source in maps_in(document.get("sources")):
        for handler in as_map(source.get("handler")).values():
            part = as_map(handler)
            name = as_text(source.get("name"))
            yield from address(part.get("endpoint") or part.get("source"), name)


def address(text: YamlValue, name: str = "") -> Iterator[SettingDefined]:
    """`name`: what the gateway calls the part, which may be a component's own name."""
    if not isinstance(text, Text) or not ("://" in text or VARIABLE.search(text)):
        return
    parts: list[Value] = []
    position = 0
    for match in VARIABLE.finditer(text):
        given = next((each for each in (match[3], match[5]) if each is not None), None)
        default = Literal(given) if given is not None else None
        key = match[1] or match[2] or match[4]
        parts += [Literal(text[position : match.start()]), Setting(key, default)]
        position = match.end()
    yield SettingDefined(
        text.at, f"subgraph:{name}", join(*parts, Literal(text[position:])), GATEWAY
    )


def from_environment(name: YamlValue) -> Iterator[SettingDefined]:
    if isinstance(name, Text) and name.strip():
        yield SettingDefined(name.at, "subgraph:", Setting(str(name)), GATEWAY)
