"""Parts of a system that know each other by the ports of a developer's machine."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind

POM = """
    <project>
      <artifactId>{}</artifactId>
      <dependencies>
        <dependency>
          <groupId>org.springframework.boot</groupId>
          <artifactId>spring-boot-starter-web</artifactId>
        </dependency>
      </dependencies>
      <build><plugins><plugin>
        <groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId>
      </plugin></plugins></build>
    </project>
    """
CLIENT = """
    import org.springframework.web.client.RestTemplate;
    class Stock {
        private final RestTemplate rest = new RestTemplate();
        String of(String id) { return rest.getForObject("http://localhost:8083/stock/" + id, String.class); }
    }
    """


def calls(found: Architecture) -> set[tuple[str, str]]:
    wanted = (EdgeKind.CALLS, EdgeKind.USES)
    return {(e.source.partition(":")[2], e.target.partition(":")[2]) for e in found.edges(*wanted)}


def test_a_port_of_the_machine_is_the_service_that_listens_there() -> None:
    files = {
        "orders/pom.xml": POM.format("orders"),
        "orders/src/main/java/Stock.java": CLIENT,
        "orders/src/main/resources/application.properties": "server.port=8081\n",
        "stock/pom.xml": POM.format("stock"),
        "stock/src/main/resources/application.yml": "server: {port: 8083}\n",
    }
    found = architecture(files)
    assert calls(found) == {("orders", "stock")}
    edge = found.edges(EdgeKind.CALLS)[0]
    assert edge.confidence == "medium"
    last = edge.evidence[-1]
    assert (last.at.path, last.note) == (
        "stock/src/main/resources/application.yml",
        "stock listens on 8083",
    )
    # Of two that listen there, nobody can tell which is meant; nor of one's own port.
    files["mail/pom.xml"] = POM.format("mail")
    files["mail/src/main/resources/application.yml"] = "server: {port: 8083}\n"
    assert calls(architecture(files)) == set()


def test_the_caller_listens_there_itself() -> None:
    found = architecture(
        {
            "orders/pom.xml": POM.format("orders"),
            "orders/src/main/java/Stock.java": CLIENT,
            "orders/src/main/resources/application.properties": "server.port=8083\n",
            "stock/pom.xml": POM.format("stock"),
            "stock/src/main/resources/application.yml": "server: {port: 8084}\n",
        }
    )
    assert calls(found) == set()


def test_published_ports_are_those_of_the_machine() -> None:
    compose = """
        services:
          orders: {build: orders, ports: ["8081:8080"]}
          stock: {build: stock, ports: [{published: 8083, target: 8080}]}
          mail: {build: mail, ports: ["127.0.0.1:8084:8083"]}
        """
    image = "FROM eclipse-temurin\nCOPY . .\n"
    found = architecture(
        {
            "compose.yaml": compose,
            **{f"{name}/Dockerfile": image for name in ("orders", "stock", "mail")},
            "orders/pom.xml": POM.format("orders"),
            "orders/src/main/java/Stock.java": CLIENT,
        }
    )
    assert calls(found) == {("orders", "stock")}


def test_the_only_store_of_its_kind() -> None:
    compose = "services: {orders: {build: orders}, db: {image: 'mysql:8'}, queue: {image: kafka}}\n"
    settings = """
        spring:
          datasource: {url: "jdbc:mysql://localhost:3307/orders"}
          kafka: {bootstrap-servers: "${KAFKA_HOST:localhost}:9092"}
        """
    files = {
        "compose.yaml": compose,
        "orders/Dockerfile": "FROM eclipse-temurin\nCOPY . .\n",
        "orders/pom.xml": POM.format("orders").replace("starter-web", "starter-kafka"),
        "orders/src/main/resources/application.yml": settings,
    }
    assert calls(architecture(files)) == {("orders", "db"), ("orders", "queue")}
    files["compose.yaml"] = compose.replace("db:", "other: {image: mysql}, db:")
    assert ("orders", "db") not in calls(architecture(files))


def test_of_several_stores_the_one_at_a_port_that_is_told_apart() -> None:
    compose = """
        services:
          sessions: {image: "redis:7", ports: ["6379:6379"]}
          prices: {image: "redis:7", ports: ["6380:6379"]}
        """

    def reached(port: str) -> set[tuple[str, str]]:
        files = {
            "compose.yaml": compose,
            "orders/Dockerfile": "FROM eclipse-temurin\nCOPY . .\n",
            "orders/pom.xml": POM.format("orders").replace("starter-web", "starter-data-redis"),
            "orders/src/main/resources/application.yml": (
                f"spring.data.redis: {{host: localhost{port}}}\n"
            ),
        }
        return calls(architecture(files))

    assert reached(", port: 6380") == {("orders", "prices")}
    assert reached("") == {("orders", "sessions")}  # where the server of that kind usually listens
    assert reached(", port: 6381") == set()


@pytest.mark.parametrize(
    ("image", "usual", "starter", "settings"),
    [
        ("rabbitmq", 5672, "amqp", "spring.rabbitmq"),
        ("mongo", 27017, "data-mongodb", "spring.data.mongodb"),
        ("redis", 6379, "data-redis", "spring.redis"),
    ],
)
def test_where_spring_takes_a_port_from(
    image: str, usual: int, starter: str, settings: str
) -> None:
    compose = f"""
        services:
          first: {{image: "{image}:3", ports: ["{usual}:{usual}"]}}
          second: {{image: "{image}:3", ports: ["5555:{usual}"]}}
        """
    for port, name in ((5555, "second"), (usual, "first")):
        files = {
            "compose.yaml": compose,
            "orders/Dockerfile": "FROM eclipse-temurin\nCOPY . .\n",
            "orders/pom.xml": POM.format("orders").replace("starter-web", f"starter-{starter}"),
            "orders/src/main/resources/application.yml": (
                f"{settings}: {{host: localhost, port: {port}}}\n"
            ),
        }
        assert calls(architecture(files)) == {("orders", name)}


def test_the_machine_itself_is_nobodys_name() -> None:
    compose = """
        services:
          queue: {image: kafka, hostname: localhost}
          web:
            build: web
            network_mode: host
            environment: {LOGIN_URL: "http://localhost:8090"}
          login: {image: acme/login, ports: ["8090:80"]}
        """
    image = "FROM nginx\nCOPY . .\n"
    found = architecture({"compose.yaml": compose, "web/Dockerfile": image})
    assert calls(found) == {("web", "login")}


def test_addresses_of_visitors_are_not_called() -> None:
    found = architecture(
        {
            "compose.yml": """
                services:
                  identity:
                    build: ./identity
                    ports: ["5105:80"]
                    environment:
                      BasketUrlExternal: http://localhost:5103
                      REDIRECTS: http://basket:80/signed-in
                  basket:
                    build: ./basket
                    ports: ["5103:80"]
                    environment: {IDENTITY_URL: "http://identity"}
                  shop-client:
                    build: ./client
                    environment: {BasketUrlExternal: "http://localhost:5103"}
                """,
            "identity/Dockerfile": "FROM scratch\nCOPY . .\n",
            "basket/Dockerfile": "FROM scratch\nCOPY . .\n",
            "client/Dockerfile": "FROM scratch\nCOPY . .\n",
        }
    )
    assert {(edge.source, edge.target) for edge in found.edges()} == {
        ("service:basket", "service:identity"),
        ("service:shop-client", "service:basket"),
    }


def test_groups_of_machines_and_what_is_to_be_filled_in_are_nobody() -> None:
    found = architecture(
        {
            "compose.yml": "services:\n  shop:\n    build: .\n",
            "Dockerfile": "FROM python:3\nCOPY . .\n",
            "app.py": """
                import requests

                requests.get("http://224.5.6.7:1234/x")
                requests.get("https://your-endpoint-here.amazonaws.com/x")
                requests.get("https://yours.org/x")
                """,
        }
    )
    assert {edge.target for edge in found.edges()} == {"external:yours.org"}


def test_what_a_program_behind_a_proxy_is_called_from_outside_is_no_call() -> None:
    compose = """
        services:
          gateway: {image: acme/gateway, ports: ['8080:8080']}
          grafana:
            image: grafana/grafana
            environment:
              GF_SERVER_ROOT_URL: http://localhost:8080/admin
              GF_AUTH_JWT_JWK_SET_URL: http://localhost:8080/keys
        """
    assert calls(architecture({"compose.yaml": compose})) == {("grafana", "gateway")}
    own = compose.replace("GF_AUTH_JWT_JWK_SET_URL", "GF_SERVER_DOMAIN")
    assert calls(architecture({"compose.yaml": own})) == set()


def test_a_broker_is_told_its_keeper_without_a_port() -> None:
    compose = """
        services:
          keeper: {image: bitnami/zookeeper}
          kafka: {image: bitnami/kafka, environment: {KAFKA_CFG_ZOOKEEPER_CONNECT: keeper}}
        """
    assert calls(architecture({"compose.yaml": compose})) == {("kafka", "keeper")}


def test_a_server_that_has_another_name_in_another_deployment() -> None:
    """The key tells its kind, and the compose file starts the only one of that kind."""
    compose = """
        services:
          keycloak: {image: "jboss/keycloak:7", ports: ["8180:8080"]}
          schemas: {image: "confluentinc/cp-schema-registry:7", ports: ["8881:8081"]}
          grid: {image: "hazelcast/hazelcast:5"}
          log: {image: "confluentinc/cp-kafka:7"}
          desk: {image: acme/desk, environment: {CLUSTER_MEMBERS: grid}}
        """
    settings = """
        quarkus.oidc.auth-server-url=${LOGIN_URL:http://localhost:8180}/auth/realms/shop
        mp.messaging.outgoing.mail.schema.registry.url=http://release-cp-schema-registry:8081
        mp.messaging.outgoing.mail.bootstrap.servers=http://release-cp-kafka:9092
        quarkus.hazelcast-client.cluster-members=${GRID:localhost}
        """
    manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: orders}
        spec:
          template:
            spec:
              containers:
                - name: orders
                  image: acme/orders
                  env:
                    - {name: LOGIN_URL, value: "http://keycloak-http"}
        """
    files = {
        "compose.yaml": compose,
        "orders.yaml": manifest,
        "orders/pom.xml": POM.format("orders"),
        "orders/src/main/resources/application.properties": settings,
    }
    expected = {("orders", name) for name in ("keycloak", "schemas", "grid", "log")}
    assert calls(architecture(files)) == {*expected, ("desk", "grid")}
    away = {"orders.yaml": manifest.replace("keycloak-http", "login.acme.io")}
    assert ("orders", "keycloak") not in calls(architecture(files | away))


def test_a_store_of_the_machine_that_settings_tell_of() -> None:
    compose = """
        services:
          keycloak:
            image: quay.io/keycloak/keycloak
            environment: {KC_DB_URL: "jdbc:mysql://host.docker.internal:3306/keycloak"}
        """
    files = {
        "compose.yaml": compose,
        "orders/pom.xml": POM.format("orders"),
        "orders/src/main/resources/application.properties": (
            "spring.datasource.url=jdbc:mysql://localhost:3306/orders\n"
        ),
    }
    assert ("keycloak", "mysql") in calls(architecture(files))
    files["orders/src/main/resources/application.properties"] = "server.port=8080\n"
    assert calls(architecture(files)) == set()


def test_a_port_that_is_also_opened_for_a_tool_leads_to_who_serves_the_path() -> None:
    """Not both are started at a time: the compose file holds what helps to develop."""
    served = """
        import org.springframework.web.bind.annotation.*;
        @RestController @RequestMapping("/stock")
        class Shelf { @GetMapping("/{id}") String of(@PathVariable String id) { return id; } }
        """
    files = {
        "orders/pom.xml": POM.format("orders"),
        "orders/src/main/java/Stock.java": CLIENT,
        "stock/pom.xml": POM.format("stock"),
        "stock/src/main/resources/application.yml": "server: {port: 8083}\n",
        "tools/compose.yaml": 'services: {pages: {image: acme/pages, ports: ["8083:80"]}}\n',
    }
    assert calls(architecture(files)) == {("orders", "pages")}
    files["stock/src/main/java/Shelf.java"] = served
    assert calls(architecture(files)) == {("orders", "stock")}
