"""Services that hold up the others: what routes, registers, configures and watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Confidence, Step

if TYPE_CHECKING:
    from scaleaudit.api import Edge

# Hubs by design: they hand requests on, hold no rules of the business, and scale by copies.
GATEWAYS = {
    "nginx", "traefik", "haproxy", "envoy", "caddy", "apache", "kong", "krakend", "apisix", "tyk",
    "spring-gateway", "express-gateway", "yarp", "ocelot", "turbine", "hystrix-dashboard", "eureka",
    "config-server", "consul", "nacos", "zipkin", "jaeger", "prometheus", "grafana", "opentelemetry",
    "loki", "tempo", "kibana", "logstash", "fluentd", "graylog",
    "keycloak", "vault", "spring-boot-admin", "web-frontend",
}  # fmt: skip


def is_told(edge: Edge) -> bool:
    """More than a variable that a deployment hands over and that no code is seen to read.

    Such a variable often names who may call or where a visitor is sent back to: an identity
    server is given the addresses of the applications that sign in with it.
    """
    if edge.confidence is Confidence.HIGH or not edge.trails:
        return True
    return any(trail.steps[0].step is not Step.ENVIRONMENT for trail in edge.trails if trail.steps)
