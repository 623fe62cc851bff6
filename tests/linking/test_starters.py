"""Libraries that connect by themselves: a registry, a configuration server, a collector of traces."""

from __future__ import annotations

from tests.linking.test_link import architecture

from scaleaudit.architecture import Architecture, EdgeKind
from scaleaudit.findings import Confidence


def pom(name: str, *artifacts: str) -> str:
    listed = "".join(
        f"<dependency><groupId>org.springframework.cloud</groupId><artifactId>{each}</artifactId>"
        "</dependency>"
        for each in ("spring-boot-starter-web", *artifacts)
    )
    return (
        f"<project><artifactId>{name}</artifactId><dependencies>{listed}</dependencies><build>"
        "<plugins><plugin><groupId>org.springframework.boot</groupId>"
        "<artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>"
    )


SYSTEM = {
    "registry/pom.xml": pom("registry", "spring-cloud-starter-netflix-eureka-server"),
    "settings/pom.xml": pom("settings", "spring-cloud-config-server"),
    "orders/pom.xml": pom(
        "orders", "spring-cloud-starter-netflix-eureka-client", "spring-cloud-starter-config"
    ),
    "stock/pom.xml": pom("stock", "spring-cloud-starter-netflix-eureka-client"),
}


def calls(found: Architecture) -> set[tuple[str, str]]:
    return {
        (found.node(edge.source).name, found.node(edge.target).name)
        for edge in found.edges(EdgeKind.CALLS)
    }


def test_clients_reach_the_one_server_of_their_kind() -> None:
    found = architecture(SYSTEM)
    assert calls(found) == {("orders", "registry"), ("orders", "settings"), ("stock", "registry")}
    (edge,) = [e for e in found.edges(EdgeKind.CALLS) if found.node(e.source).name == "stock"]
    assert edge.confidence is Confidence.MEDIUM
    assert str(edge.evidence[0].at).startswith("stock/pom.xml")


def test_a_client_that_is_switched_off_reaches_nobody() -> None:
    off = {"stock/src/main/resources/application.yml": "eureka:\n  client:\n    enabled: false\n"}
    assert ("stock", "registry") not in calls(architecture(SYSTEM | off))


def test_of_two_servers_none_is_guessed() -> None:
    second = {"registry2/pom.xml": pom("registry2", "spring-cloud-starter-netflix-eureka-server")}
    assert calls(architecture(SYSTEM | second)) == {("orders", "settings")}
