"""`devspace.yaml`: what DevSpace builds, and what it runs by a chart of its own.

Source: the reference of devspace.yaml (`images`, `deployments`, `vars`) and the values of the
component chart, devspace.sh/docs. Other charts and manifests that it deploys have files of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.image_builds import image_named
from scaleaudit.config_files.kubernetes_pods import (
    command_of,
    env_from,
    environment_of,
    image_of,
    labels_in,
    main_container,
    plain,
    ports_of,
)
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import Text, YamlMap, as_map, as_text, inner, maps_in
from scaleaudit.facts import FileFacts, WorkloadDeclared
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact, ImageNamed
    from scaleaudit.source import Span

CHART = "component-chart"
VARIABLE = regex(rb"\$\{(\w{1,80})\}")
MAX_FILLED = 500  # places, and characters of what is put in
MAX_DEPLOYMENTS = 1_000


def extract(content: bytes) -> FileFacts:
    file = read_yaml(content)
    variables = {
        name.encode(): text.encode()
        for document in file.maps
        for name, value in as_map(document.get("vars")).items()
        if (text := as_text(value if isinstance(value, Text) else as_map(value).get("value")))
        and len(text) <= MAX_FILLED
        and "\n" not in text
    }
    if variables:  # in one line each, so that all stays in its place
        content = VARIABLE.sub(lambda it: variables.get(it[1], it[0]), content, MAX_FILLED)
        file = read_yaml(content)
    facts: list[Fact] = []
    for document in file.maps:
        for name, image in as_map(document.get("images")).items():
            facts += _built(as_map(document["images"]).place(name), as_map(image))
        facts += _deployed(as_map(document.get("deployments")))
    return FileFacts(tuple(facts), "", file.problem, file.lines)


def _built(at: Span, image: YamlMap) -> Iterator[ImageNamed]:
    name, dockerfile = as_text(image.get("image")), as_text(image.get("dockerfile"))
    if name:
        context = as_text(image.get("context")) or "."
        yield from image_named(at, [name], context, dockerfile, as_text(image.get("target")))


def _deployed(deployments: YamlMap) -> Iterator[WorkloadDeclared]:
    for name, deployment in [*deployments.items()][:MAX_DEPLOYMENTS]:
        helm = as_map(as_map(deployment).get("helm"))
        if as_text(inner(helm, "chart", "name")).rpartition("/")[2] != CHART:
            continue
        values = as_map(helm.get("values"))
        container = main_container(values)
        image = image_of(container)
        if image is None or "$" in name:
            continue
        service = maps_in(inner(values, "service", "ports"))
        ports = (*ports_of(container), *(plain(port.get("port")) for port in service))
        yield WorkloadDeclared(
            deployments.place(name),
            str(name),
            "kubernetes",
            image=image,
            command=command_of(container),
            environment=environment_of(container),
            env_from=env_from(container),
            ports=tuple(dict.fromkeys(port for port in ports if port)),
            published="ingress" in values,
            labels=labels_in(values.get("labels")),
        )
