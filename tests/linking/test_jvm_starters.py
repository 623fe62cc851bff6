"""What libraries of Micronaut, Quarkus and Vert.x connect to by themselves."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import EdgeKind, NodeKind

TRACES = """
    services:
      collector: {image: "otel/opentelemetry-collector"}
      jaeger: {image: "jaegertracing/all-in-one"}
      zipkin: {image: "openzipkin/zipkin"}
      registry: {image: "steeltoeoss/eureka-server"}
    """


def reached(library: str, settings: str = "", compose: str = TRACES) -> set[str]:
    """Whom a service with one library connects to."""
    files = {
        "compose.yaml": compose,
        "orders/pom.xml": pom("orders", library),
        "orders/src/main/resources/application.properties": settings,
    }
    found = architecture(files)
    edges = found.edges(EdgeKind.CALLS, EdgeKind.USES)
    return {found.node(e.target).name for e in edges if e.source == "service:orders"}


def test_micronaut_registers_where_settings_say() -> None:
    library = "micronaut-discovery-client"
    assert reached(library) == set()  # it brings clients of all registries, and starts none
    where = "consul.client.defaultZone=${CONSUL_HOST:localhost}:${CONSUL_PORT:8500}\n"
    assert reached(library, where) == {"consul"}
    assert reached(library, f"{where}consul.client.enabled=false\n") == set()
    assert reached(library, "consul.client.registration.enabled=true\n") == {"consul"}
    assert reached(library, "consul.client.registration.enabled=false\n") == set()
    assert reached(library, "eureka.client.registration.enabled=true\n") == {"registry"}


def test_micronaut_reports_traces_where_settings_say() -> None:
    assert reached("micronaut-tracing") == set()
    assert reached("micronaut-tracing", "tracing.zipkin.enabled=true\n") == {"zipkin"}
    assert reached("micronaut-tracing-brave-http", "tracing.zipkin.enabled=true\n") == {"zipkin"}
    assert reached("micronaut-tracing-jaeger", "tracing.jaeger.enabled=true\n") == {"jaeger"}


def test_quarkus_reports_traces_unless_switched_off() -> None:
    assert reached("quarkus-smallrye-opentracing") == {"jaeger"}
    assert reached("quarkus-smallrye-opentracing", "quarkus.jaeger.enabled=false\n") == set()
    assert reached("quarkus-opentelemetry") == {"collector"}
    without = TRACES.replace('collector: {image: "otel/opentelemetry-collector"}', "")
    assert reached("quarkus-opentelemetry", compose=without) == {"jaeger"}
    assert reached("quarkus-opentelemetry", "quarkus.otel.enabled=false\n") == set()
    told = "quarkus.otel.exporter.otlp.endpoint=http://jaeger:4317\n"
    assert reached("quarkus-opentelemetry", told) == {"jaeger"}


def test_libraries_of_registries() -> None:
    assert reached("vertx-service-discovery-bridge-consul") == {"consul"}
    assert reached("quarkus-consul-config") == {"consul"}
    assert reached("dropwizard-discovery") == {"zookeeper"}
    assert reached("vertx-service-discovery") == set()


def test_modules_of_a_build_whose_verticles_start_servers() -> None:
    """`vertx` is a field of the base class; each style of Vert.x has classes of its own."""
    start = (
        "package shop;\nimport {base};\nimport {package}.web.Router;\n"
        "class Server extends AbstractVerticle {{ void start() {{\n"
        '  Router router = Router.router(vertx);\n  router.get("/{name}").handler(this::all);\n'
        "  vertx.createHttpServer().requestHandler(router).listen(8080); }} }}"
    )
    plain = "<project><artifactId>{}</artifactId></project>"
    files = {
        "pom.xml": "<project><artifactId>shop</artifactId><packaging>pom</packaging>"
        "<modules><module>orders</module><module>stock</module><module>words</module></modules></project>",
        "orders/pom.xml": plain.format("orders"),
        "orders/src/main/java/shop/Server.java": start.format(
            base="io.vertx.core.AbstractVerticle", package="io.vertx.ext", name="orders"
        ),
        "stock/pom.xml": plain.format("stock"),
        "stock/src/main/java/shop/Server.java": start.format(
            base="io.vertx.reactivex.core.AbstractVerticle",
            package="io.vertx.reactivex.ext",
            name="stock",
        ),
        "words/pom.xml": plain.format("words"),
        "words/src/main/java/shop/Words.java": "package shop;\nclass Words { String a; }",
    }
    found = architecture(files)
    served = {(found.node(e.component).name, e.path) for e in found.endpoints}
    assert served == {("orders", "/orders"), ("stock", "/stock")}


def test_a_parameter_hides_what_the_base_class_calls_so() -> None:
    source = (
        "package shop;\nimport io.vertx.core.AbstractVerticle;\n"
        "class Server extends AbstractVerticle {\n"
        "  void start(Maker vertx) { vertx.createHttpServer().listen(8080); } }"
    )
    plain = "<project><artifactId>{}</artifactId></project>"
    files = {
        "orders/pom.xml": plain.format("orders"),
        "orders/src/main/java/shop/Server.java": source,
        "stock/pom.xml": pom("stock"),
    }
    assert [n.name for n in architecture(files).nodes() if n.kind is NodeKind.SERVICE] == ["stock"]


def test_pages_whose_users_log_in_at_keycloak() -> None:
    compose = """
        services:
          pages: {build: ./pages}
          keycloak: {image: "quay.io/keycloak/keycloak"}
        """
    files = {
        "compose.yaml": compose,
        "pages/Dockerfile": "FROM nginx\nCOPY dist /usr/share/nginx/html\n",
        "pages/package.json": '{"name": "pages", "dependencies": {"keycloak-angular": "1"}}',
        "pages/src/main.ts": "import { KeycloakService } from 'keycloak-angular';\nnew KeycloakService();\n",
    }
    edges = architecture(files).edges(EdgeKind.CALLS)
    assert {(e.source, e.target) for e in edges} == {("service:pages", "service:keycloak")}


def test_whom_only_settings_and_libraries_tell_of() -> None:
    """Nothing deploys them: they run somewhere."""
    nothing = "services: {other: {image: acme/other}}\n"
    assert reached("keycloak-admin-client", compose=nothing) == {"keycloak"}
    enabled = "tracing.jaeger.enabled=true\n"
    assert reached("micronaut-tracing-jaeger", enabled, nothing) == {"jaeger"}
    assert reached("quarkus-smallrye-opentracing", compose=nothing) == set()


def test_what_a_build_gives_all_its_modules() -> None:
    files = {
        "build.gradle": """
            subprojects { p ->
                if (p.path.contains('-host')) {
                    dependencies { compile "io.micronaut:micronaut-discovery-client" }
                }
            }
            """,
        "settings.gradle": "include ':orders:orders-host', ':stock:stock-host'\n",
    }
    for name in ("orders", "stock"):
        host = f"{name}/{name}-host"
        files[f"{host}/build.gradle"] = (
            "dependencies { compile 'io.micronaut:micronaut-runtime' }\n"
        )
        files[f"{host}/src/main/java/shop/App.java"] = (
            "package shop;\nimport io.micronaut.runtime.Micronaut;\n"
            "class App { public static void main(String[] a) { Micronaut.run(App.class); } }"
        )
        files[f"{host}/src/main/resources/application.yml"] = (
            f"micronaut.application.name: {name}-service\nconsul.client.registration.enabled: true\n"
        )
    files["orders/orders-host/src/main/java/shop/Stock.java"] = (
        "package shop;\nimport io.micronaut.http.annotation.Get;\n"
        "import io.micronaut.http.client.annotation.Client;\n"
        '@Client(id = "stock-service") interface Stock { @Get("/stock") String all(); }'
    )
    found = architecture(files)
    edges = {
        (found.node(e.source).name, found.node(e.target).name) for e in found.edges(EdgeKind.CALLS)
    }
    assert edges == {
        ("orders-host", "stock-host"),  # by the name that its settings give it
        ("orders-host", "consul"),
        ("stock-host", "consul"),
    }


def test_spans_go_to_a_zipkin_that_stands_elsewhere() -> None:
    alone = "services: {}\n"
    assert reached("zipkin-reporter-brave", compose=alone) == {"zipkin"}
    assert reached("zipkin-reporter-brave", "management.tracing.enabled=false\n", alone) == set()
    told = "management.zipkin.tracing.endpoint=http://traces.acme.io:9411/api/v2/spans\n"
    assert reached("zipkin-reporter-brave", told, alone) == {"traces.acme.io"}


def test_seata_unless_switched_off() -> None:
    alone = "services: {}\n"
    assert reached("seata-spring-boot-starter", compose=alone) == {"seata"}
    assert reached("seata-spring-boot-starter", "seata.enabled=false\n", alone) == set()
    deployed = "services: {coordinator: {image: seataio/seata-server}}\n"
    assert reached("spring-cloud-starter-alibaba-seata", compose=deployed) == {"coordinator"}


def test_quarkus_logs_to_the_host_of_a_library_that_a_program_has() -> None:
    logs = """
    services:
      orders:
        build: ./orders
        environment: {QUARKUS_LOG_HANDLER_GELF_HOST: logs}
      logs: {image: "graylog/graylog:5"}
    """
    assert reached("quarkus-logging-gelf", compose=logs) == {"logs"}
    told = "quarkus.log.handler.gelf.host=logs\n"
    nothing = "services: {logs: {image: 'graylog/graylog:5'}}\n"
    assert reached("quarkus-logging-gelf", told, nothing) == {"logs"}
    assert reached("quarkus-arc", told, nothing) == set()


@pytest.mark.parametrize(
    ("below", "found"),
    [
        ("application.properties", ["mailer"]),
        ("messages.properties", []),
    ],
)
def test_modules_with_settings_for_which_the_build_above_asks_the_plugin_that_makes_programs(
    below: str, found: list[str]
) -> None:
    """They need answer nobody: one sends mails by what it reads, the other is built with."""
    files = {
        "settings.gradle.kts": 'rootProject.name = "shop"\ninclude(":mailer", ":texts")\n',
        "build.gradle.kts": 'subprojects { apply(plugin = "io.quarkus") }\n',
        "mailer/build.gradle.kts": 'dependencies { implementation(project(":texts")) }\n',
        f"mailer/src/main/resources/{below}": "quarkus.mailer.from=shop@acme.io\n",
        "mailer/src/main/kotlin/Mailer.kt": "class Mailer\n",
        "texts/build.gradle.kts": "dependencies { }\n",
        "texts/src/main/resources/application.properties": "greeting=hello\n",
        "texts/src/main/kotlin/Texts.kt": "class Texts\n",
    }
    services = architecture(files).nodes(NodeKind.SERVICE)
    assert [node.name for node in services if node.path] == found


@pytest.mark.parametrize(("active", "others"), [("prod", {"config"}), ("dev", set()), ("", set())])
def test_what_a_profile_switches_off_that_is_not_deployed(active: str, others: set[str]) -> None:
    resources = "orders/src/main/resources"
    switched = f"spring.profiles.active={active}\n" if active else ""
    files = {
        "compose.yaml": "services: {config: {build: config}, orders: {build: orders}}\n",
        "config/pom.xml": pom("config", "spring-cloud-config-server"),
        "orders/pom.xml": pom("orders", "spring-cloud-starter-config"),
        f"{resources}/bootstrap.properties": f"spring.application.name=orders\n{switched}",
        f"{resources}/bootstrap-dev.properties": "spring.cloud.config.enabled=false\n",
        f"{resources}/bootstrap-prod.properties": "spring.cloud.config.uri=http://config:8888\n",
    }
    found = architecture(files)
    edges = found.edges(EdgeKind.CALLS)
    assert {found.node(e.target).name for e in edges if e.source == "service:orders"} == others
