"""CloudFormation and AWS SAM: the functions of a template as one workload, what they use and wait for.

A template is deployed as a whole, so its functions are one component; their HTTP events are its
endpoints, their other events its triggers. Containers of ECS are workloads of their own.
"""

from __future__ import annotations

from itertools import islice
from posixpath import commonpath, normpath
from typing import TYPE_CHECKING

from scaleaudit.config_files.cloudformation_references import (
    ENGINES,
    STORES,
    References,
    with_plain_tags,
)
from scaleaudit.config_files.reading import MAX_FACTS
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import YamlMap, as_list, as_map, as_text, inner, maps_in
from scaleaudit.facts import (
    EndpointServed,
    EnvEntry,
    FileFacts,
    StoreDeclared,
    TriggerDeclared,
    WorkloadDeclared,
)
from scaleaudit.values import UNKNOWN, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.facts import Fact
    from scaleaudit.source import Span

FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")
HTTP_EVENTS = ("Api", "HttpApi")
# Type of event -> technology, the property that names what is listened to.
EVENTS = {
    "SQS": ("sqs", "Queue"),
    "SNS": ("sns", "Topic"),
    "Kinesis": ("kinesis", "Stream"),
    "DynamoDB": ("dynamodb", "Stream"),
    "S3": ("s3", "Bucket"),
    "EventBridgeRule": ("eventbridge", "EventBusName"),
    "CloudWatchEvent": ("eventbridge", "EventBusName"),
    "MSK": ("kafka", "Topics"),
    "SelfManagedKafka": ("kafka", "Topics"),
}
# Folders of code beside a template; the folder of both is the service's.
_OF_CODE = {"src", "app", "code", "lambda", "lambdas", "functions", "handlers", "dist", "build"}
CATCH_ALL = "{proxy+}"


def extract(content: bytes) -> FileFacts:
    file = read_yaml(with_plain_tags(content))
    facts = [fact for document in file.maps for fact in islice(template_facts(document), MAX_FACTS)]
    return FileFacts(tuple(facts), "", file.problem if facts else "", file.lines)


def template_facts(document: YamlMap) -> Iterator[Fact]:
    """All that a template says; nothing for any other document."""
    resources = as_map(document.get("Resources"))
    references = References(document)
    yield from stores(resources, references)
    yield from _functions(document, resources, references)
    yield from _mappings(resources, references)
    for name, resource in resources.items():
        if inner(resource, "Type") == "AWS::ECS::TaskDefinition":
            yield from _containers(name, as_map(inner(resource, "Properties")), references)


def stores(resources: YamlMap, references: References) -> Iterator[StoreDeclared]:
    """Tables, queues, buckets and databases that the template creates."""
    for name, resource in resources.items():
        known = STORES.get(as_text(inner(resource, "Type")))
        if known is None:
            continue
        kind, technology, _ = known
        engine = as_text(inner(resource, "Properties", "Engine")).lower()
        engines = [tech for start, tech in ENGINES.items() if engine.startswith(start)]
        yield StoreDeclared(
            at=resources.place(name),
            name=references.name(name),
            technology=technology or (engines[0] if engines else ""),
            kind=kind,
            address=name,
        )


def _functions(document: YamlMap, resources: YamlMap, references: References) -> Iterator[Fact]:
    shared = as_map(inner(document, "Globals", "Function"))
    found = [
        (name, as_map(inner(resource, "Properties")), resources.place(name))
        for name, resource in resources.items()
        if as_text(inner(resource, "Type")) in FUNCTIONS
    ]
    if not found:
        return
    environment = list(variables(inner(shared, "Environment", "Variables"), references))
    names: list[str] = []
    published = False
    for name, properties, at in found:
        environment += variables(inner(properties, "Environment", "Variables"), references)
        names += [name, as_text(properties.get("FunctionName"))]
        handler = as_text(properties.get("Handler"))
        published = published or "FunctionUrlConfig" in properties
        for event in as_map(properties.get("Events")).values():
            for fact in _event(as_map(event), handler or name, at, references):
                published = published or isinstance(fact, EndpointServed)
                yield fact
    yield WorkloadDeclared(
        at=found[0][2],
        name="",
        source="serverless",
        build_context=_code(shared, [properties for _, properties, _ in found]),
        environment=tuple({entry.name: entry for entry in environment}.values()),
        published=published,
        aliases=tuple(dict.fromkeys(each for each in names if each and "$" not in each)),
    )


def _code(shared: YamlMap, functions: list[YamlMap]) -> str:
    """The folder around the code of all functions, as seen from the template."""
    given = [as_text(each.get("CodeUri") or shared.get("CodeUri")) for each in functions]
    if not all(given) or any("$" in each or ":" in each or "." in each[-5:] for each in given):
        return "."  # archives, or what a build makes
    folders = [normpath(each) for each in given]
    outside = any(each.startswith("..") for each in folders)
    if any(each.startswith("/") for each in folders) or (outside and len(set(folders)) > 1):
        return "."
    common = commonpath(folders)
    return "." if not common or common.partition("/")[0] in _OF_CODE else common


def _event(event: YamlMap, handler: str, at: Span, references: References) -> Iterator[Fact]:
    kind = as_text(event.get("Type"))
    properties = as_map(event.get("Properties"))
    if kind in HTTP_EVENTS:
        path = as_text(properties.get("Path"))
        method = as_text(properties.get("Method")).upper()
        if path and CATCH_ALL not in path:
            yield EndpointServed(at, "*" if method in ("", "ANY", "X-AMAZON-APIGATEWAY-ANY-METHOD")
                                 else method, Literal(path), handler)  # fmt: skip
    elif kind in EVENTS:
        technology, key = EVENTS[kind]
        given = inner(properties, "Pattern", "detail-type") or properties.get(key)
        for each in as_list(given) or [given]:
            value = references.value(each)
            yield TriggerDeclared(at, "", technology, UNKNOWN if value is None else value)


def _mappings(resources: YamlMap, references: References) -> Iterator[TriggerDeclared]:
    """Event sources and subscriptions that are resources of their own."""
    for name, resource in resources.items():
        kind = as_text(inner(resource, "Type"))
        properties = as_map(inner(resource, "Properties"))
        at = resources.place(name)
        if kind == "AWS::Lambda::EventSourceMapping":
            source = properties.get("EventSourceArn")
            technology = references.technology(source)
            value = references.value(source)
            if technology and value is not None:
                yield TriggerDeclared(at, "", technology, value)
        elif kind == "AWS::SNS::Subscription" and as_text(properties.get("Protocol")) == "lambda":
            value = references.value(properties.get("TopicArn"))
            yield TriggerDeclared(at, "", "sns", UNKNOWN if value is None else value)


def variables(found: YamlValue, references: References) -> Iterator[EnvEntry]:
    """Environment variables, with the names of what they refer to."""
    named = as_map(found)
    for name, given in named.items():
        value = references.value(given)
        if value is not None:
            yield EnvEntry(name, without_secrets(name, value), named.place(name))


def _containers(name: str, task: YamlMap, references: References) -> Iterator[WorkloadDeclared]:
    for container in maps_in(task.get("ContainerDefinitions")):
        entries = [
            EnvEntry(key, without_secrets(key, value), each.at)
            for each in maps_in(container.get("Environment"))
            if (key := as_text(each.get("Name")))
            and (value := references.value(each.get("Value"))) is not None
        ]
        ports = [
            as_text(each.get("ContainerPort")) for each in maps_in(container.get("PortMappings"))
        ]
        called = references.text(container.get("Name")) or name
        yield WorkloadDeclared(
            at=container.at,
            name=called,
            source="cloudformation",
            image=references.value(container.get("Image")),
            environment=tuple(entries),
            ports=tuple(port for port in ports if port.isdigit()),
            aliases=(name,) if name != called else (),
        )
