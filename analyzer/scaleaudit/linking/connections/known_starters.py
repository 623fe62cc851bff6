"""Libraries that connect to a server by themselves, as one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re


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


def switches_of(key: str) -> set[str]:
    """The settings that switch off what a key of a library's client is for, each by itself."""
    return {
        switch
        for starter in STARTERS
        for switches in starter.switches
        for switch in switches
        if len(switches) == 1
        and switch.endswith(_ENABLED)
        and key.startswith(switch.removesuffix(_ENABLED.lstrip(".")))
    }


_ENABLED = ".enabled"
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
        regex(r"(^|:)spring-cloud-(starter-)?consul(-all|-discovery)$"),
        "consul",
        (("spring.cloud.consul.enabled",), ("spring.cloud.consul.discovery.enabled",), _DISCOVERY),
    ),
    Starter(
        regex(r"(^|:)spring-cloud-(starter-)?consul-config$"),
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
        told_by=("spring.boot.admin.client.url", "spring.boot.admin.url"),
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
    # Clients of a registry that the code itself asks and reports to.
    Starter(regex(r"^(com\.orbitz\.consul|org\.kiwiproject):consul-client$|^com\.ecwid\.consul:"), "consul"),
    Starter(regex(r"(^|:)curator-x-discovery$"), "zookeeper"),
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
