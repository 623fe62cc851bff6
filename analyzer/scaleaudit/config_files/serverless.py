"""The Serverless Framework: a service as one workload, its functions' events, its resources.

A service is deployed as a whole (`serverless deploy`), so it is one component; HTTP events are its
endpoints, all other events its triggers.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.config_files.cloudformation import CATCH_ALL, stores, variables
from scaleaudit.config_files.cloudformation_references import HOLE, References, with_plain_tags
from scaleaudit.config_files.reading import MAX_FACTS
from scaleaudit.config_files.serverless_variables import Variables
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import (
    YamlList,
    YamlMap,
    as_list,
    as_map,
    as_text,
    inner,
    maps_in,
)
from scaleaudit.facts import (
    EndpointServed,
    FileFacts,
    StoreDeclared,
    TriggerDeclared,
    WorkloadDeclared,
)
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.facts import Fact
    from scaleaudit.source import Span

HTTP_EVENTS = ("http", "httpApi")
# Event -> technology, the properties that name what is listened to, best first.
EVENTS = {
    "sqs": ("sqs", ("arn", "queue")),
    "sns": ("sns", ("topicName", "arn")),
    "stream": ("", ("arn",)),
    "s3": ("s3", ("bucket",)),
    "eventBridge": ("eventbridge", ("eventBus",)),
    "kafka": ("kafka", ("topic",)),
    "msk": ("kafka", ("topic",)),
    "rabbitmq": ("rabbitmq", ("queue",)),
    "activemq": ("activemq", ("queue",)),
}
_ROUTE = regex(r"^\s*(\S+)\s+(\S+)\s*$")


def extract(content: bytes) -> FileFacts:
    file = read_yaml(with_plain_tags(content))
    facts = [fact for each in file.maps for fact in islice(_service(each), MAX_FACTS)]
    return FileFacts(tuple(facts), "", file.problem, file.lines)


def _service(document: YamlMap) -> Iterator[Fact]:
    known = Variables(document)
    functions = _functions(document)
    named = document.get("service")
    name = known.text(as_text(named) or as_text(inner(named, "name")))
    if not functions and not name:
        return
    template = _resources(document, known)
    references = References(template)
    resources = as_map(template.get("Resources"))
    yield from stores(resources, references)
    provider = known.filled(inner(document, "provider", "environment"))
    environment = list(variables(provider, references))
    published = False
    for label, function in functions:
        environment += variables(known.filled(function.get("environment")), references)
        published = published or "url" in function
        for event in as_list(function.get("events")):
            for fact in _event(event, as_text(function.get("handler")) or label, function.at,
                               known, references):  # fmt: skip
                published = published or isinstance(fact, EndpointServed)
                yield fact
    yield WorkloadDeclared(
        at=document.place("service"),
        name=name if HOLE not in name and "$" not in name else "",
        source="serverless",
        build_context=".",
        environment=tuple({entry.name: entry for entry in environment}.values()),
        published=published,
    )


def _functions(document: YamlMap) -> list[tuple[str, YamlMap]]:
    """Name and description of each; `functions` is a map, or a list of maps."""
    found = document.get("functions")
    maps = [as_map(found), *maps_in(found)]
    return [
        (name, function)
        for each in maps
        for name, function in each.items()
        if isinstance(function, YamlMap)
    ]


def _resources(document: YamlMap, known: Variables) -> YamlMap:
    """The CloudFormation resources of all parts, as one template."""
    found = document.get("resources")
    parts = [as_map(found), *maps_in(found)]
    merged, template = YamlMap(), YamlMap()
    merged.line = merged.column = template.line = template.column = 1
    merged.places, template.places = {}, {}
    for part in parts:
        resources = as_map(known.filled(part.get("Resources")))
        merged.update(resources)
        merged.places.update(resources.places)
    template["Resources"] = merged
    return template


def _event(
    event: YamlValue, handler: str, at: Span, known: Variables, references: References
) -> Iterator[Fact]:
    for kind, raw in as_map(event).items():
        given = known.filled(raw)
        if kind in HTTP_EVENTS:
            yield from _http(given, handler, at)
        elif kind == "websocket":
            route = as_text(given) or as_text(inner(given, "route"))
            yield EndpointServed(at, "*", Literal(route), handler, protocol="websocket")
        elif kind in EVENTS:
            technology, keys = EVENTS[kind]
            source = given
            if isinstance(given, YamlMap):
                source = inner(given, "pattern", "detail-type") or next(
                    (given[key] for key in keys if key in given), None
                )
                if source is None and any(key.startswith("Fn::") or key == "Ref" for key in given):
                    source = given
            if kind == "eventBridge" and isinstance(source, YamlList):
                for each in source:
                    value = references.value(each)
                    yield TriggerDeclared(at, "", technology, UNKNOWN if value is None else value)
                continue
            value = references.value(source)
            technology = technology or references.technology(source) or _of_arn(literal_text(value))
            if not technology:
                continue
            if kind == "s3" and isinstance(value, Literal) and as_text(given):
                yield StoreDeclared(at, value.text, "s3", "bucket")  # made for the event
            yield TriggerDeclared(at, "", technology, UNKNOWN if value is None else value)


def _of_arn(text: str | None) -> str:
    """`arn:aws:kinesis:...`: the service is the third part."""
    parts = (text or "").split(":")
    return parts[2] if len(parts) > 4 and parts[2] in ("kinesis", "dynamodb") else ""


def _http(given: YamlValue, handler: str, at: Span) -> Iterator[EndpointServed]:
    """`GET /orders`, `*`, or a map with path and method."""
    written = _ROUTE.match(as_text(given))
    method, path = written.groups() if written else ("", as_text(inner(given, "path")))
    method = (method or as_text(inner(given, "method")) or "*").upper()
    if path and path != "*" and CATCH_ALL not in path:
        path = path if path.startswith("/") else f"/{path}"
        yield EndpointServed(at, "*" if method == "ANY" else method, Literal(path), handler)
