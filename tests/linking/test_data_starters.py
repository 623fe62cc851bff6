"""Stores that a Spring application is built to use, without an address in the repository."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import Architecture, EdgeKind


def uses(found: Architecture) -> set[tuple[str, str]]:
    return {
        (found.node(edge.source).name, found.node(edge.target).name)
        for edge in found.edges(EdgeKind.USES)
    }


@pytest.mark.parametrize(
    ("artifacts", "store"),
    [
        (("spring-boot-starter-data-mongodb",), "mongodb"),
        (("spring-boot-starter-data-neo4j",), "neo4j"),
        (("spring-boot-starter-data-jpa", "mysql-connector-java"), "mysql"),
        (("spring-boot-starter-jdbc", "mariadb-java-client"), "mariadb"),
        (("spring-boot-starter-data-r2dbc", "r2dbc-mysql"), "mysql"),
        (("quarkus-hibernate-orm-panache", "quarkus-jdbc-postgresql"), "postgresql"),
        (("quarkus-reactive-pg-client",), "postgresql"),
        (("quarkus-mongodb-panache",), "mongodb"),
        (("quarkus-redis-client",), "redis"),
    ],
)
def test_a_starter_for_data_has_a_store(artifacts: tuple[str, ...], store: str) -> None:
    found = architecture({"orders/pom.xml": pom("orders", *artifacts), "web/pom.xml": pom("web")})
    assert uses(found) == {("orders", store)}


def test_the_one_that_is_deployed_is_meant() -> None:
    files = {
        "orders/pom.xml": pom("orders", "spring-boot-starter-data-neo4j"),
        "compose.yaml": "services: {graph: {image: neo4j}}\n",
    }
    assert uses(architecture(files)) == {("orders", "graph")}


@pytest.mark.parametrize(
    "artifacts",
    [
        ("mysql-connector-java",),  # a driver alone
        ("spring-boot-starter-data-jpa",),
        ("spring-boot-starter-data-jpa", "mysql-connector-java", "h2"),
        ("spring-boot-starter-data-jpa", "mysql-connector-java", "mssql-jdbc"),
        ("quarkus-hibernate-orm-panache",),
        ("quarkus-jdbc-postgresql", "quarkus-jdbc-h2"),
    ],
)
def test_what_does_not_tell_one_kind_of_database(artifacts: tuple[str, ...]) -> None:
    assert uses(architecture({"orders/pom.xml": pom("orders", *artifacts)})) == set()


def test_two_applications_of_one_kind_of_store_are_shown_with_one() -> None:
    mongo = "spring-boot-starter-data-mongodb"
    found = architecture({f"{n}/pom.xml": pom(n, mongo) for n in ("orders", "stock")})
    assert uses(found) == {("orders", "mongodb"), ("stock", "mongodb")}


def test_springs_own_address_is_the_one_that_another_names() -> None:
    mongo = "spring-boot-starter-data-mongodb"
    names = "spring.data.mongodb.uri=mongodb://localhost:27017/stock\n"
    files = {
        "orders/pom.xml": pom("orders", mongo),
        "stock/pom.xml": pom("stock", mongo),
        "stock/src/main/resources/application.properties": names,
    }
    assert uses(architecture(files)) == {("orders", "mongodb"), ("stock", "mongodb")}
    hidden = {"orders/src/main/resources/application.properties": "spring.data.mongodb.uri=${AT}\n"}
    assert uses(architecture(files | hidden)) == {("orders", "mongodb"), ("stock", "mongodb")}


def test_a_database_on_the_developers_machine_is_one() -> None:
    jpa = pom("orders", "spring-boot-starter-data-jpa", "h2", "mysql-connector-java")
    url = "spring.datasource.url=jdbc:mysql://localhost:3306/orders\n"
    folder = "orders/src/main/resources"
    plain = {"orders/pom.xml": jpa, f"{folder}/application.properties": url}
    assert uses(architecture(plain)) == {("orders", "mysql")}
    profile = {"orders/pom.xml": jpa, f"{folder}/application-mysql.properties": url}
    assert uses(architecture(profile)) == set()


def test_a_cache_that_the_code_asks_for_is_at_its_usual_address() -> None:
    redis = "spring-boot-starter-data-redis"
    asks = (
        "import org.springframework.cache.annotation.EnableCaching;\n@EnableCaching class App {}\n"
    )
    files = {
        "orders/pom.xml": pom("orders", redis),
        "orders/src/main/java/App.java": asks,
        "stock/pom.xml": pom("stock", redis),
        "stock/src/main/java/App.java": asks,
        "mails/pom.xml": pom("mails", redis),  # on the class path, and nobody asks for it
    }
    assert uses(architecture(files)) == {("orders", "redis"), ("stock", "redis")}
    away = {
        f"{n}/pom.xml": pom(n, redis, "spring-cloud-starter-config") for n in ("orders", "stock")
    }
    assert uses(architecture(files | away)) == {
        ("orders", "redis"),
        ("stock", "redis"),
    }


def test_what_a_library_of_the_repository_does_not_bring_along() -> None:
    """The gateway takes words from the common library, and leaves its databases out."""
    needs = (
        "<dependency><groupId>shop</groupId><artifactId>common</artifactId>{}</dependency>"
        "</dependencies>"
    )
    without = (
        "<exclusions><exclusion><groupId>org.springframework.cloud</groupId>"
        "<artifactId>{}</artifactId></exclusion></exclusions>"
    )
    common = pom("common", "spring-boot-starter-data-jpa", "mysql-connector-java")
    files = {
        "common/pom.xml": common.replace("spring-boot-maven-plugin", "maven-jar-plugin"),
        "orders/pom.xml": pom("orders").replace("</dependencies>", needs.format("")),
        "edge/pom.xml": pom("edge").replace(
            "</dependencies>", needs.format(without.format("spring-boot-starter-data-jpa"))
        ),
    }
    assert uses(architecture(files)) == {("orders", "mysql")}
    files["edge/pom.xml"] = files["edge/pom.xml"].replace("starter-data-jpa", "starter-tomcat")
    assert {source for source, _ in uses(architecture(files))} == {"orders", "edge"}


@pytest.mark.parametrize(
    ("library", "group", "artifact", "brought"),
    [
        ("common", "org.springframework.cloud", "spring-boot-starter-data-jpa", False),
        ("common", "org.springframework.cloud", "*", False),
        ("common", "*", "spring-boot-starter-data-jpa", False),
        ("common", "org.hibernate", "spring-boot-starter-data-jpa", True),
        ("words", "org.springframework.cloud", "spring-boot-starter-data-jpa", True),
    ],
)
def test_what_is_left_out_of_a_library_by_its_names(
    library: str, group: str, artifact: str, *, brought: bool
) -> None:
    without = (
        f"<exclusion><groupId>{group}</groupId><artifactId>{artifact}</artifactId></exclusion>"
    )
    needs = "".join(
        f"<dependency><groupId>shop</groupId><artifactId>{name}</artifactId>"
        f"<exclusions>{without if name == library else ''}</exclusions></dependency>"
        for name in ("common", "words")
    )
    common = pom("common", "spring-boot-starter-data-jpa", "mysql-connector-java")
    files = {
        "common/pom.xml": common.replace("spring-boot-maven-plugin", "maven-jar-plugin"),
        "edge/pom.xml": pom("edge").replace("</dependencies>", f"{needs}</dependencies>"),
    }
    assert (uses(architecture(files)) != set()) is brought


def test_a_session_of_cassandra_that_the_code_sets_up_itself() -> None:
    files = {"orders/pom.xml": pom("orders", "spring-data-cassandra")}
    config = "import org.springframework.data.cassandra.config.CqlSessionFactoryBean;\nclass C {}\n"
    rows = "import org.springframework.data.cassandra.core.mapping.Table;\nclass Row {}\n"
    assert uses(architecture(files | {"orders/src/main/java/Row.java": rows})) == set()
    with_session = files | {"orders/src/main/java/C.java": config}
    assert uses(architecture(with_session)) == {("orders", "cassandra")}


@pytest.mark.parametrize(
    ("artifact", "bean", "store"),
    [
        ("spring-cloud-gcp-starter-storage", "com.google.cloud.storage.Storage", "gcs"),
        ("spring-cloud-aws-starter-s3", "io.awspring.cloud.s3.S3Template", "s3"),
    ],
)
def test_buckets_by_a_bean_of_the_cloud(artifact: str, bean: str, store: str) -> None:
    files = {"orders/pom.xml": pom("orders", artifact)}
    assert uses(architecture(files)) == set()
    asked = {"orders/src/main/java/A.java": f"import {bean};\nclass A {{}}\n"}
    assert uses(architecture(files | asked)) == {("orders", store)}
