"""`render.yaml`: what the platform Render runs, with its databases and key-value stores."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.config_files.interpolation import SHELL, words
from scaleaudit.config_files.reading import MAX_FACTS
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import as_map, as_text, inner, maps_in
from scaleaudit.facts import EnvEntry, FileFacts, StoreDeclared, WorkloadDeclared
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlMap
    from scaleaudit.facts import Fact
    from scaleaudit.values import Value

STORES = ("redis", "keyvalue")
KINDS = {"web": "service", "pserv": "service", "worker": "service", "cron": "cron"}


def extract(content: bytes) -> FileFacts:
    file = read_yaml(content)
    facts = [fact for each in file.maps for fact in islice(_blueprint(each), MAX_FACTS)]
    return FileFacts(tuple(facts), "", file.problem, file.lines)


def _blueprint(document: YamlMap) -> Iterator[Fact]:
    for database in maps_in(document.get("databases")):
        name = as_text(database.get("name"))
        if name:
            yield StoreDeclared(database.at, name, "postgresql", "database")
    groups = {
        as_text(group.get("name")): maps_in(group.get("envVars"))
        for group in maps_in(document.get("envVarGroups"))
    }
    for service in maps_in(document.get("services")):
        name, kind = as_text(service.get("name")), as_text(service.get("type"))
        if name and kind in STORES:
            yield StoreDeclared(service.at, name, "redis", "cache")
        elif name and kind in KINDS:
            variables = maps_in(service.get("envVars"))
            shared = [
                v for each in variables for v in groups.get(as_text(each.get("fromGroup")), ())
            ]
            yield WorkloadDeclared(
                at=service.at,
                name=name,
                source="render",
                kind=KINDS[kind],
                build_context=as_text(service.get("rootDir"))
                or as_text(service.get("dockerContext"))
                or ".",
                command=words(as_text(service.get("startCommand")), SHELL),
                environment=tuple(_environment([*shared, *variables])),
                published=kind == "web",
            )


def _environment(variables: list[YamlMap]) -> Iterator[EnvEntry]:
    """References to databases and services become the address that they lead to."""
    for each in variables:
        key = as_text(each.get("key"))
        if not key:
            continue
        value: Value | None = None
        database = as_text(inner(each.get("fromDatabase"), "name"))
        service = as_map(each.get("fromService"))
        if database:
            whole = as_text(inner(each.get("fromDatabase"), "property")) == "connectionString"
            value = Literal(f"postgresql://{database}/" if whole else database)
        elif as_text(service.get("property")) in ("host", "hostport", "connectionString"):
            store = as_text(service.get("type")) in STORES
            value = Literal(f"{'redis://' if store else ''}{as_text(service.get('name'))}")
        elif each.get("value") is not None:
            value = without_secrets(key, Literal(as_text(each.get("value"))))
        yield EnvEntry(key, value, each.at)
