"""Libraries that connect by themselves: a registry, a configuration server, a collector of traces."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

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


def test_switches_of_all_spellings_and_places() -> None:
    both = "eureka.client.registerWithEureka: false\neureka.client.fetch-registry: false\n"
    for switch in ("spring.cloud.discovery.enabled: false\n", both):
        off = {"stock/src/main/resources/application.yml": switch}
        assert ("stock", "registry") not in calls(architecture(SYSTEM | off))
    one = {
        "stock/src/main/resources/application.yml": "eureka.client.register-with-eureka: false\n"
    }
    assert ("stock", "registry") in calls(architecture(SYSTEM | one))
    by_environment = {
        "stock/Dockerfile": "FROM eclipse-temurin\nENV EUREKA_CLIENT_ENABLED=false\n",
        "compose.yaml": "services:\n  stock:\n    build: ./stock\n",
    }
    assert ("stock", "registry") not in calls(architecture(SYSTEM | by_environment))


def test_a_library_of_the_repository_brings_its_own_dependencies() -> None:
    shared = {
        "common/pom.xml": pom("common", "spring-cloud-starter-netflix-eureka-client").replace(
            "spring-boot-maven-plugin", "maven-jar-plugin"
        ),
        "billing/pom.xml": pom("billing", "common"),
    }
    assert ("billing", "registry") in calls(architecture(SYSTEM | shared))


def test_aliases_of_a_version_catalogue() -> None:
    gradle = (
        'plugins { id("org.springframework.boot") }\n'
        "dependencies { implementation(libs.spring.cloud.starter.config) }\n"
    )
    found = architecture(SYSTEM | {"billing/build.gradle.kts": gradle})
    assert ("billing", "settings") in calls(found)


def test_an_annotation_where_the_library_is_not_to_be_seen() -> None:
    code = (
        "package a;\nimport org.springframework.cloud.client.discovery.EnableDiscoveryClient;\n"
        "@EnableDiscoveryClient\npublic class App { }\n"
    )
    parent = "<parent><groupId>com.acme</groupId><artifactId>services</artifactId></parent>"
    build = pom("billing").replace("<project>", f"<project>{parent}")
    files = {"billing/pom.xml": build, "billing/src/main/java/a/App.java": code}
    assert ("billing", "registry") in calls(architecture(SYSTEM | files))
    off = {"billing/src/main/resources/application.yml": "eureka.client.enabled: false\n"}
    assert ("billing", "registry") not in calls(architecture(SYSTEM | files | off))


def test_traces_that_go_over_a_broker() -> None:
    system = {
        "compose.yaml": "services:\n  mq: {image: 'rabbitmq:3'}\n  traces: {image: openzipkin/zipkin}\n",
        "orders/pom.xml": pom("orders", "spring-cloud-starter-zipkin"),
    }
    assert calls(architecture(system)) == {("orders", "traces")}
    sender = {"orders/src/main/resources/application.yml": "spring.zipkin.sender.type: rabbit\n"}
    found = architecture(system | sender)
    assert [(e.source, e.target) for e in found.edges()] == [("service:orders", "broker:mq")]


@pytest.mark.parametrize(
    ("library", "sender", "reached"),
    [
        ("spring-boot-starter-amqp", "", "mq"),
        ("spring-rabbit", "", "mq"),
        ("spring-rabbit", "spring.zipkin.sender.type: web\n", "traces"),
        ("spring-kafka", "", "traces"),  # several brokers may be there
    ],
)
def test_traces_go_where_the_broker_is(library: str, sender: str, reached: str) -> None:
    system = {
        "compose.yaml": "services:\n  mq: {image: 'rabbitmq:3'}\n  traces: {image: openzipkin/zipkin}\n",
        "orders/pom.xml": pom("orders", "spring-cloud-starter-zipkin", library),
        "orders/src/main/resources/application.yml": sender,
    }
    found = {edge.target.partition(":")[2] for edge in architecture(system).edges()}
    assert reached in found
    assert ("traces" in found) is (reached == "traces")


def test_traces_of_another_library_than_sleuth_go_to_their_server() -> None:
    system = {
        "compose.yaml": "services:\n  mq: {image: 'rabbitmq:3'}\n  traces: {image: openzipkin/zipkin}\n",
        "orders/pom.xml": pom("orders", "zipkin-reporter-brave", "spring-boot-starter-amqp"),
    }
    assert ("orders", "traces") in calls(architecture(system))


@pytest.mark.parametrize(
    ("settings", "reports"),
    [("", set()), ("spring.boot.admin.client.url: http://board:8080\n", {("orders", "board")})],
)
def test_a_dashboard_that_finds_its_programs_itself(
    settings: str, reports: set[tuple[str, str]]
) -> None:
    system = {
        "board/pom.xml": pom("board", "spring-boot-admin-starter-server"),
        "orders/pom.xml": pom("orders", "spring-boot-admin-starter-client"),
        "orders/src/main/resources/application.yml": settings,
    }
    assert calls(architecture(system)) == reports


def test_a_registry_that_nobody_builds_runs_elsewhere() -> None:
    system = {
        "orders/pom.xml": pom("orders", "spring-cloud-starter-consul-discovery"),
        "stock/pom.xml": pom("stock", "spring-cloud-starter-netflix-eureka-client"),
    }
    found = architecture(system)
    assert [(e.source, e.target) for e in found.edges()] == [("service:orders", "external:consul")]
    away = {"orders/src/main/resources/application.yml": "spring.cloud.consul.host: c.acme.org\n"}
    assert calls(architecture(system | away)) == {("orders", "c.acme.org")}


def test_of_two_servers_in_one_build_the_annotation_tells() -> None:
    both = pom("central", "spring-cloud-config-server", "spring-cloud-starter-eureka-server")
    code = (
        "package a;\nimport org.springframework.cloud.config.server.EnableConfigServer;\n"
        "@EnableConfigServer\npublic class App { }\n"
    )
    files = {"central/pom.xml": both, "central/src/main/java/a/App.java": code}
    assert architecture(files).node("service:central").technology == "config-server"


def test_what_a_parent_of_a_parent_brings() -> None:
    def child(name: str, of: str, *artifacts: str) -> str:
        parent = f"<project><parent><artifactId>{of}</artifactId></parent>"
        return pom(name, *artifacts).replace("<project>", parent)

    bases = {
        "base/pom.xml": pom("base", "spring-cloud-starter-netflix-eureka-client").replace(
            "spring-boot-maven-plugin", "maven-jar-plugin"
        ),
        "middle/pom.xml": child("middle", "base").replace(
            "spring-boot-maven-plugin", "maven-jar-plugin"
        ),
        "billing/pom.xml": child("billing", "middle"),
        "loop/pom.xml": child("loop", "loop"),
    }
    found = calls(architecture(SYSTEM | bases))
    assert ("billing", "registry") in found
    assert ("loop", "registry") not in found


def test_profiles_of_a_build_that_are_active_if_nobody_chooses() -> None:
    profile = """
        <profiles><profile><id>registered</id>
        <activation><activeByDefault>{}</activeByDefault></activation>
        <dependencies><dependency><groupId>org.springframework.cloud</groupId>
        <artifactId>spring-cloud-starter-netflix-eureka-client</artifactId></dependency>
        </dependencies></profile></profiles></project>
        """
    for active in ("true", "false"):
        billing = pom("billing").replace("</project>", profile.format(active))
        found = calls(architecture(SYSTEM | {"billing/pom.xml": billing}))
        assert (("billing", "registry") in found) is (active == "true")


def test_mails_that_the_code_sends_with_no_setting_here() -> None:
    code = """
        package shop;
        import org.springframework.mail.javamail.{};
        class Mails {{ private final {} mails; Mails({} mails) {{ this.mails = mails; }} }}
        """

    def reached(
        used: str, settings: str = "", more: str = "", place: str = "main"
    ) -> set[tuple[str, str]]:
        files = {
            "compose.yaml": f"services:\n  mails: {{image: maildev/maildev}}\n{more}",
            "orders/pom.xml": pom("orders", "spring-boot-starter-mail"),
            f"orders/src/{place}/java/shop/Mails.java": code.format(*[used] * 3),
            "orders/src/main/resources/application.properties": settings,
        }
        return calls(architecture(files))

    assert reached("JavaMailSender") == {("orders", "mails")}
    assert reached("MimeMessageHelper") == set()  # only built with the library
    assert reached("JavaMailSenderImpl") == set()  # of somebody's own making
    assert reached("JavaMailSender", place="test") == set()
    told = reached("JavaMailSender", "spring.mail.host=smtp.acme.org\n")
    assert told == {("orders", "smtp.acme.org")}
    assert reached("JavaMailSender", more="  other: {image: mailhog/mailhog}\n") == set()


def test_spans_go_to_whoever_listens_at_the_port_that_their_library_asks() -> None:
    files = {
        "compose.yaml": "services:\n  tempo: {image: grafana/tempo, ports: ['9411:9411']}\n",
        "orders/pom.xml": pom("orders", "zipkin-reporter-brave"),
    }
    assert calls(architecture(files)) == {("orders", "tempo")}
    other = {**files, "compose.yaml": files["compose.yaml"].replace("9411", "3200")}
    assert calls(architecture(other)) == {("orders", "zipkin")}


def test_a_client_that_is_switched_off_beside_its_address() -> None:
    told = "eureka.client.service-url.defaultZone: http://registry:8761/eureka\n"
    place = "orders/src/main/resources/application.yml"
    compose = {
        "compose.yaml": "services:\n  registry: {build: registry}\n  orders: {build: orders}\n"
    }
    files = {**SYSTEM, **compose, place: told}
    assert ("orders", "registry") in calls(architecture(files))
    files[place] = f"{told}eureka.client.enabled: false\n"
    assert ("orders", "registry") not in calls(architecture(files))
    assert ("stock", "registry") in calls(architecture(files))
