"""Keys of frameworks that hold an address."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.findings import Confidence

COMPOSE = """
    services:
      other: {image: acme/other}
      db: {image: "postgres:16"}
      mongo: {image: "mongo:7"}
      cache: {image: "redis:7"}
      broker: {image: "rabbitmq:3"}
      log: {image: "apache/kafka:3"}
      search: {image: "elasticsearch:8"}
      graph: {image: "neo4j:5"}
      wide: {image: "cassandra:5"}
    """

# Without which the keys of Spring mean nothing.
CLIENTS = ("jedis", "mongo-java-driver", "kafka-clients", "elasticsearch-java", "jakarta.mail")


@pytest.mark.parametrize(
    ("settings", "target"),
    [
        ("spring.mail.host: other", "other"),
        ("spring.ldap.urls: ldap://other:389", "other"),
        ("spring.r2dbc.url: r2dbc:pool:postgresql://db:5432/x", "db"),
        ("spring.datasource.url: jdbc:postgresql://db/x", "db"),
        ("spring.data.mongodb.uri: mongodb://u:p@mongo/x", "mongo"),
        ("spring.data.redis.sentinel.nodes: [cache:26379]", "cache"),
        ("spring.elasticsearch.uris: http://search:9200,http://search2:9200", "search"),
        ("spring.neo4j.uri: bolt://graph:7687", "graph"),
        ("spring.cassandra.contact-points: wide:9042", "wide"),
        ("spring.cloud.stream.binders.x.environment.spring.rabbitmq.host: broker", "broker"),
        ("spring.security.oauth2.resourceserver.jwt.issuer-uri: http://other/realm", "other"),
        ("spring.security.oauth2.client.provider.x.token-uri: http://other/token", "other"),
        ("security.oauth2.resource.tokenInfoUri: http://other/check_token", "other"),
        ("security.oauth2.client.accessTokenUri: http://other/token", "other"),
        ("spring.cloud.nacos.discovery.server-addr: other:8848", "other"),
        ("spring.cloud.zookeeper.connect-string: other:2181", "other"),
        ("spring.cloud.vault.uri: http://other:8200", "other"),
        ("dubbo.registry.address: zookeeper://other:2181", "other"),
        ("management.otlp.tracing.endpoint: http://other:4318/v1/traces", "other"),
        (
            "management.opentelemetry.tracing.export.otlp.endpoint: http://other:4318/v1/traces",
            "other",
        ),
        (
            "management.opentelemetry.logging.export.otlp.endpoint: http://other:4318/v1/logs",
            "other",
        ),
        ("spring.http.serviceclient.stock.base-url: http://other:8080", "other"),
        ("management.zipkin.tracing.endpoint: http://other:9411/api/v2/spans", "other"),
        ("management.tracing.export.zipkin.endpoint: http://other:9411/api/v2/spans", "other"),
        ("spring.cloud.schema-registry-client.endpoint: http://other:8081", "other"),
        ("spring.kafka.properties.schema.registry.url: http://other:8081", "other"),
        ("mp.messaging.connector.smallrye-kafka.apicurio.registry.url: http://other", "other"),
        ("orders.ribbon.listOfServers: other:8080", "other"),
        ("quarkus.datasource.users.reactive.url: vertx-reactive:postgresql://db:5432/x", "db"),
        ("quarkus.redis.hosts: redis://cache:6379", "cache"),
        ("quarkus.mongodb.connection-string: mongodb://mongo:27017", "mongo"),
        ("quarkus.rest-client.\"org.acme.Client\".url: http://other", "other"),
        ("org.acme.Client/mp-rest/url: http://other", "other"),
        ("stock/mp-graphql/url: http://other/graphql", "other"),
        ("quarkus.smallrye-graphql-client.stock.url: http://other/graphql", "other"),
        ("quarkus.oidc.auth-server-url: http://other/realms/x", "other"),
        ("quarkus.mongodb.hosts: mongo:27017", "mongo"),
        ("amqp-host: broker", "broker"),
        ("mp.messaging.connector.smallrye-kafka.bootstrap.servers: log:9092", "log"),
        ("rabbitmq-host: broker", "broker"),
        ("micronaut.http.services.stock.urls: [http://other:8080]", "other"),
        ("datasources.default.url: jdbc:postgresql://db/x", "db"),
        ("consul.client.defaultZone: other:8500", "other"),
        ("rabbitmq.uri: amqp://broker", "broker"),
    ],
)  # fmt: skip
def test_the_key_tells_what_is_connected_to(settings: str, target: str) -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "shop/pom.xml": pom("shop", *CLIENTS),
            "shop/src/main/resources/application.yml": f"{settings}\n",
        }
    )
    edges = found.edges(EdgeKind.CALLS, EdgeKind.USES)
    assert [found.node(edge.target).name for edge in edges] == [target]


@pytest.mark.parametrize(
    "settings",
    [
        "spring.security.oauth2.client.provider.x.authorization-uri: http://other/login",
        "security.oauth2.client.userAuthorizationUri: http://other/login",
        "spring.mail.host: localhost",
        "spring.mail.properties.mail.smtp.from: other",
        "management.otlp.tracing.endpoint: ${OTLP}",
    ],
)
def test_keys_that_only_look_like_it(settings: str) -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "shop/pom.xml": pom("shop"),
            "shop/src/main/resources/application.yml": f"{settings}\n",
        }
    )
    assert found.edges(EdgeKind.CALLS, EdgeKind.USES) == []


def test_a_server_beside_a_program_that_is_started_by_hand() -> None:
    files = {
        "compose.yaml": 'services: {mails: {image: "maildev/maildev"}, db: {image: "postgres:16"}}\n',
        "shop/pom.xml": pom("shop", "jakarta.mail"),
        "shop/src/main/resources/application.yml": "spring.mail: {host: localhost, port: 1025}\n",
    }
    edges = architecture(files).edges(EdgeKind.CALLS, EdgeKind.USES)
    assert [(edge.target, edge.confidence) for edge in edges] == [
        ("service:mails", Confidence.MEDIUM)
    ]


def test_mails_go_to_a_server_that_only_the_deployment_names() -> None:
    def reached(settings: str) -> list[str]:
        files = {
            "shop/pom.xml": pom("shop", "spring-boot-starter-mail"),
            "shop/src/main/resources/application.yml": f"{settings}\n",
        }
        return [edge.target for edge in architecture(files).edges(EdgeKind.CALLS)]

    assert reached("spring.mail.host: ${SMTP_HOST}") == ["external:mail"]
    assert reached("quarkus.mailer.host: ${SMTP_HOST}") == ["external:mail"]
    assert reached("spring.mail.port: ${SMTP_PORT}") == []
    # Quarkus only pretends to send, unless told otherwise.
    assert reached("quarkus.mailer: {host: localhost}") == []
    assert reached("quarkus.mailer: {host: localhost, mock: true}") == []
    assert reached("quarkus.mailer: {host: localhost, mock: false}") == ["external:mail"]


def test_servers_that_a_key_alone_is_enough_to_tell_of() -> None:
    def reached(settings: str) -> list[str]:
        files = {
            "shop/pom.xml": pom("shop", "rocketmq-spring-boot-starter"),
            "shop/src/main/resources/application.yml": f"{settings}\n",
        }
        return [edge.target for edge in architecture(files).edges(EdgeKind.CALLS, EdgeKind.USES)]

    dashboard = "spring.cloud.sentinel.transport.dashboard: localhost:8858"
    assert reached(dashboard) == ["external:sentinel"]
    assert reached("spring.cloud.vault.uri: http://localhost:8200") == ["external:vault"]
    assert reached("rocketmq.name-server: localhost:9876") == ["broker:rocketmq"]
    assert reached("management.zipkin.tracing.endpoint: http://localhost:9411") == []


@pytest.mark.parametrize(
    ("settings", "library", "target"),
    [
        ("spring.rabbitmq.addresses: broker:5672", "spring-rabbit", "broker:broker"),
        ("spring.kafka.bootstrap-servers: log:9092", "spring-kafka", "broker:log"),
        ("spring.mail.host: other", "spring-boot-starter-mail", "service:other"),
        ("spring.redis.host: cache", "jedis", "cache:cache"),
        ("spring.data.mongodb.host: mongo", "mongo-java-driver", "database:mongo"),
        ("spring.elasticsearch.uris: http://search:9200", "elasticsearch-java", "database:search"),
    ],
)
def test_a_key_of_a_library_that_the_program_is_not_built_with(
    settings: str, library: str, target: str
) -> None:
    def reached(*libraries: str) -> list[str]:
        files = {
            "compose.yaml": COMPOSE,
            "shop/pom.xml": pom("shop", *libraries),
            "shop/src/main/resources/application.yml": f"{settings}\n",
        }
        return [edge.target for edge in architecture(files).edges(EdgeKind.CALLS, EdgeKind.USES)]

    assert reached() == []
    assert reached(library) == [target]


def test_keycloak_on_the_machine_of_a_developer() -> None:
    def reached(key: str, file: str = "application.yml") -> list[str]:
        files = {
            "shop/pom.xml": pom("shop"),
            "shop/src/main/resources/application.yml": "spring.application.name: shop\n",
            f"shop/src/main/resources/{file}": f"{key}: http://localhost:8090\n",
        }
        return [edge.target for edge in architecture(files).edges(EdgeKind.CALLS)]

    assert reached("keycloak.auth-server-url") == ["external:keycloak"]
    assert reached("keycloak.authServerUrl") == ["external:keycloak"]
    assert reached("keycloak.auth-server-url", "application-desk.yml") == []


def test_a_default_that_says_nothing_is_no_host() -> None:
    files = {
        "compose.yaml": COMPOSE,
        "shop/pom.xml": pom("shop", "jedis"),
        "shop/src/main/resources/application.yml": "spring.data.redis.host: ${CACHE:default}\n",
    }
    found = architecture(files)
    assert [n.name for n in found.nodes(NodeKind.CACHE)] == ["cache"]


@pytest.mark.parametrize(
    ("library", "settings", "expected"),
    [
        ("spring-boot-starter-oauth2-client", "{}.registration.google.client-id: x", ["google"]),
        ("spring-boot-starter-oauth2-client", "{}.registration.github.clientId: x", ["github"]),
        (
            "spring-boot-starter-oauth2-client",
            "{}.registration.facebook.client-id: x",
            ["facebook"],
        ),
        ("spring-boot-starter-oauth2-client", "{}.registration.google.client-id-of: x", []),
        ("spring-boot-starter-oauth2-client", "{}.registration.shop.client-id: x", []),
        ("spring-boot-starter-web", "{}.registration.google.client-id: x", []),
        (
            "spring-boot-starter-oauth2-client",
            "{0}.registration.google.client-id: x\n{0}.provider.google.token-uri: http://other/token",
            ["other"],
        ),
        ("quarkus-oidc", "quarkus.oidc.provider: google", ["google"]),
        ("quarkus-oidc", "quarkus.oidc.provider: GitHub", ["github"]),
    ],
)
def test_whose_accounts_people_sign_in_with(
    library: str, settings: str, expected: list[str]
) -> None:
    files = {
        "compose.yaml": COMPOSE,
        "shop/pom.xml": pom("shop", library),
        "shop/src/main/resources/application.yml": settings.format("spring.security.oauth2.client"),
    }
    found = architecture(files)
    assert [found.node(edge.target).name for edge in found.edges(EdgeKind.CALLS)] == expected


def test_the_addresses_of_one_company_are_one_system() -> None:
    provider = "spring.security.oauth2.client.provider.google"
    settings = f"""
        spring.security.oauth2.client.registration.google.client-id: x
        {provider}.token-uri: https://www.googleapis.com/oauth2/v4/token
        {provider}.jwk-set-uri: https://www.googleapis.com/oauth2/v3/certs
        {provider}.user-info-uri: https://openidconnect.googleapis.com/v1/userinfo
        {provider}.issuer-uri: https://accounts.google.com
        """
    files = {
        "shop/pom.xml": pom("shop", "spring-boot-starter-oauth2-client"),
        "shop/src/main/resources/application.yml": settings,
    }
    found = architecture(files)
    assert [found.node(edge.target).name for edge in found.edges(EdgeKind.CALLS)] == ["google"]
    assert [node.name for node in found.nodes(NodeKind.EXTERNAL)] == ["google"]


def test_whose_accounts_tests_and_unused_profiles_sign_in_with() -> None:
    def reached(path: str) -> list[str]:
        settings = "spring.security.oauth2.client.registration.google.client-id: x\n"
        files = {
            "shop/pom.xml": pom("shop", "spring-boot-starter-oauth2-client"),
            "shop/src/main/resources/application.yml": "spring.application.name: shop\n",
            f"shop/src/{path}": settings,
        }
        return [edge.target for edge in architecture(files).edges(EdgeKind.CALLS)]

    assert reached("main/resources/application.yml") == ["external:google"]
    assert reached("test/resources/application.yml") == []
    assert reached("main/resources/application-desk.yml") == []
