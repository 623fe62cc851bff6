"""Whom a library connects to by itself: registries, configuration servers, collectors of traces.

A Spring starter on the class path registers, asks or reports without a line of code, and its
address often stands in a repository of settings elsewhere. Where the system has exactly one such
server, that is whom it reaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.facts import ImportFound, PackageDeclared
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Setting

if TYPE_CHECKING:
    import re

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.source import Location


class Starter(Record, frozen=True):
    """`library`: the Maven artifact; `server`: the technology that it connects to.

    `switches`: settings that switch it off, all of them being false. `kind`: how a broker is used.
    `also`: another library that it needs for this server. `told_by`: settings, of which one must
    be there, where the library alone does nothing. `unless`: settings with an address of their own.
    `instead`: the server that does the same where there is none of the first kind.
    """

    library: re.Pattern[str]
    server: str
    switches: tuple[tuple[str, ...], ...] = ()
    kind: EdgeKind | None = None
    also: re.Pattern[str] | None = None
    told_by: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    instead: str = ""


_NETFLIX = r"(^|:)spring-cloud-(starter-)?(netflix-)?"
_RABBIT = regex(r"(^|:)spring-cloud-(starter-)?(stream|bus|stream-binder)-(rabbit|amqp)$")
_MICRONAUT = regex(r"(^|:)micronaut-discovery-client$")
_OTLP = (
    "quarkus.otel.exporter.otlp.endpoint",
    "quarkus.otel.exporter.otlp.traces.endpoint",
    "quarkus.opentelemetry.tracer.exporter.otlp.endpoint",
)
_DISCOVERY = ("spring.cloud.discovery.enabled",)
STARTERS: tuple[Starter, ...] = (
    Starter(
        regex(_NETFLIX + r"eureka(-client)?$"),
        "eureka",
        (("eureka.client.enabled",), _DISCOVERY,
         ("eureka.client.register-with-eureka", "eureka.client.fetch-registry")),
    ),
    Starter(
        regex(r"(^|:)spring-cloud-starter-consul(-all|-discovery)$"),
        "consul",
        (("spring.cloud.consul.enabled",), ("spring.cloud.consul.discovery.enabled",), _DISCOVERY),
    ),
    Starter(
        regex(r"(^|:)spring-cloud-starter-consul-config$"),
        "consul",
        (("spring.cloud.consul.enabled",), ("spring.cloud.consul.config.enabled",)),
    ),
    Starter(
        regex(r"(^|:)(spring-cloud-starter-alibaba-)?nacos-discovery(-spring-boot-starter)?$"),
        "nacos",
        (("spring.cloud.nacos.discovery.enabled",), _DISCOVERY),
    ),
    Starter(
        regex(r"(^|:)(spring-cloud-starter-alibaba-)?nacos-config(-spring-boot-starter)?$"),
        "nacos",
        (("spring.cloud.nacos.config.enabled",),),
    ),
    Starter(
        regex(r"(^|:)(spring-cloud-starter-alibaba-seata|seata-spring-boot-starter)$"),
        "seata",
        (("seata.enabled",),),
    ),
    Starter(regex(r"(^|:)dropwizard-discovery$"), "zookeeper"),
    Starter(
        regex(r"(^|:)spring-cloud-starter-zookeeper(-all|-discovery|-config)?$"),
        "zookeeper",
        (("spring.cloud.zookeeper.enabled",), _DISCOVERY),
    ),
    Starter(
        regex(r"(^|:)spring-cloud-(starter-config|config-client)$"),
        "config-server",
        (("spring.cloud.config.enabled",),),
    ),
    Starter(
        regex(r"(^|:)(spring-cloud-(starter|sleuth)-zipkin|opentelemetry-exporter-zipkin"
              r"|zipkin-reporter-brave|zipkin-sender-[\w-]+)$"),
        "zipkin",
        (("spring.zipkin.enabled",), ("management.tracing.enabled",)),
    ),
    Starter(
        regex(r"(^|:)(opentracing-spring-(jaeger-(web-|cloud-)?starter|cloud-starter-jaeger)"
              r"|jaeger-client)$"),
        "jaeger",
        (("opentracing.jaeger.enabled",),),
    ),
    Starter(
        regex(r"(^|:)spring-boot-admin-starter-client$"),
        "spring-boot-admin",
        (("spring.boot.admin.client.enabled",),),
    ),
    # Micronaut: one library for all registries.
    Starter(
        _MICRONAUT,
        "consul",
        (("consul.client.enabled",),),
        told_by=("consul.client.defaultZone", "consul.client.host", "consul.client.enabled",
                 "consul.client.registration.enabled", "consul.client.config.enabled"),
    ),
    Starter(
        _MICRONAUT,
        "eureka",
        (("eureka.client.enabled",),),
        told_by=("eureka.client.defaultZone", "eureka.client.registration.enabled"),
    ),
    Starter(
        regex(r"(^|:)(micronaut-tracing(-jaeger|-opentracing)?|jaeger-thrift)$"),
        "jaeger",
        told_by=("tracing.jaeger.enabled",),
    ),
    Starter(
        regex(r"(^|:)micronaut-tracing(-zipkin|-brave[\w-]*)?$"),
        "zipkin",
        told_by=("tracing.zipkin.enabled",),
    ),
    # Quarkus and Vert.x
    Starter(
        regex(r"(^|:)(quarkus-(consul-config|config-consul)|vertx-consul-client"
              r"|(vertx|stork|smallrye-stork)-service-(discovery-bridge|discovery)-consul)$"),
        "consul",
        (("quarkus.consul-config.enabled",),),
    ),
    Starter(
        regex(r"(^|:)quarkus-(smallrye-opentracing|jaeger)$"),
        "jaeger",
        (("quarkus.jaeger.enabled",),),
    ),
    Starter(
        regex(r"(^|:)quarkus-opentelemetry(-exporter-otlp)?$"),
        "opentelemetry",
        (("quarkus.otel.enabled",), ("quarkus.opentelemetry.enabled",),
         ("quarkus.otel.traces.enabled",), ("quarkus.opentelemetry.tracer.enabled",)),
        unless=_OTLP,
        instead="jaeger",
    ),
    # Pages whose users log in there.
    Starter(regex(r"^(keycloak-angular|keycloak-js|@react-keycloak/\w+)$"), "keycloak"),
    Starter(regex(r"(^|:)(quarkus-)?keycloak-admin-(rest-)?client(-jee|-reactive)?$"), "keycloak"),
    # Spring Cloud Sleuth's server reads what services send over the broker.
    Starter(regex(r"(^|:)spring-cloud-sleuth-zipkin-stream$"), "rabbitmq", (), EdgeKind.CONSUMES,
            _RABBIT),
)  # fmt: skip

# The annotation, where the library behind it comes from elsewhere: one of these registries.
ANNOTATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("EnableEurekaClient", ("eureka",)),
    ("EnableDiscoveryClient", ("eureka", "consul", "nacos", "zookeeper")),
)
# Servers that nobody builds, and that a program with their library asks or reports to from its start:
# they run somewhere.
ELSEWHERE = {"consul", "nacos", "zookeeper", "keycloak", "zipkin", "seata"}
_SENDER = "spring.zipkin.sender.type"


def add_starters(connections: Connections) -> None:
    """An edge from each service with such a library to the one server of its kind."""
    components = connections.components
    packages: dict[str, Location] = {}
    for path, package in connections.index.of(PackageDeclared):
        packages.setdefault(folder_of(path), package.at.in_file(path))
    for speaker in list(components.services()):
        at = packages.get(speaker.root or "")
        if speaker.root is None or at is None:
            continue
        names = components.dependencies_of(speaker)
        for starter in STARTERS:
            name = next((each for each in names if starter.library.search(each)), None)
            if name is None or (starter.also and not any(map(starter.also.search, names))):
                continue
            if any(_all_false(connections, speaker, keys, at) for keys in starter.switches):
                continue
            if starter.told_by and all(
                _text(connections, speaker, key, at) in ("", "false") for key in starter.told_by
            ):
                continue
            if any(_text(connections, speaker, key, at) for key in starter.unless):
                continue
            server = starter.server
            if server == "zipkin":
                server = _sender(connections, speaker, at) or server
            if starter.instead and not any(c.technology == server for c in components.all):
                server = starter.instead
            note = Evidence(
                at, f"{name.rpartition(':')[2]} connects {speaker.name} by itself", Step.DEPENDENCY
            )
            sure = server in ELSEWHERE or bool(starter.told_by)
            _add(connections, speaker, (server,), note, starter.kind, elsewhere=sure)
    _add_annotated(connections)


def _add_annotated(connections: Connections) -> None:
    """What the code switches on where no build file shows the library."""
    for path, found in connections.index.of(ImportFound):
        if not found.module.startswith("org.springframework.cloud."):
            continue
        if connections.index.role(path) is not Role.SOURCE:
            continue
        last = found.module.rpartition(".")[2]
        for annotation, servers in ANNOTATIONS:
            if last == annotation:
                for speaker in connections.components.owning(path):
                    at = found.at.in_file(path)
                    switches = next(s.switches for s in STARTERS if s.server == servers[0])
                    if any(_all_false(connections, speaker, keys, at) for keys in switches):
                        continue
                    note = Evidence(
                        at, f"@{annotation} makes {speaker.name} register itself", Step.DEPENDENCY
                    )
                    sure = servers[0] in ELSEWHERE
                    _add(connections, speaker, servers, note, None, elsewhere=sure)


def _add(
    connections: Connections,
    speaker: Component,
    technologies: tuple[str, ...],
    note: Evidence,
    kind: EdgeKind | None,
    *,
    elsewhere: bool,
) -> None:
    """To the one component of these technologies, unless an address told of one already.

    `elsewhere`: where none is deployed here, one runs all the same.
    """
    found = [c for c in connections.components.all if c.technology in technologies]
    if not found and len(technologies) == 1 and elsewhere:
        if not _told(connections, speaker, technologies[0]):
            outside = connections.targets.outside(NodeKind.EXTERNAL, *technologies * 2)
            connections.connect(speaker, outside, (note,), Confidence.MEDIUM)
        return
    if len(found) != 1 or found[0] is speaker:
        return
    server = found[0]
    if kind is not None:
        connections.trails.add(speaker.id, server.id, kind, (note,), Confidence.MEDIUM)
    elif server.kind is not NodeKind.SERVICE or server.id not in connections.trails.targets_of(
        speaker.id, EdgeKind.CALLS
    ):
        connections.connect(speaker, server, (note,), Confidence.MEDIUM)


def _told(connections: Connections, speaker: Component, technology: str) -> bool:
    """A setting says where the server is, and that leads to somebody."""
    return any(
        technology in step.note.lower()
        for step in connections.trails.evidence_of(speaker.id)
        if step.step is Step.SETTING
    )


def _all_false(
    connections: Connections, speaker: Component, keys: tuple[str, ...], at: Location
) -> bool:
    return all(_text(connections, speaker, key, at) == "false" for key in keys)


def _sender(connections: Connections, speaker: Component, at: Location) -> str:
    """The broker that carries traces where a setting says that one does."""
    sender = _text(connections, speaker, _SENDER, at)
    return {"rabbit": "rabbitmq", "kafka": "kafka", "activemq": "activemq"}.get(sender, "")


def _text(connections: Connections, speaker: Component, key: str, at: Location) -> str:
    found = connections.resolver.resolve(Setting(key), at.path, speaker)
    return found.text.strip().lower() if found.known else ""
