"""Profiles of Spring that a program's own settings switch on."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import EdgeKind

URL = "spring: {{datasource: {{url: 'jdbc:{}://localhost/orders'}}}}\n"


def database(plain: str, **profiles: str) -> set[str]:
    """Which engine is used with these settings files."""
    folder = "orders/src/main/resources"
    files = {
        "orders/pom.xml": pom("orders", "spring-boot-starter-data-jpa"),
        f"{folder}/application.yml": plain,
        **{f"{folder}/application-{name}.yml": text for name, text in profiles.items()},
    }
    found = architecture(files)
    return {found.node(edge.target).name for edge in found.edges(EdgeKind.USES)}


@pytest.mark.parametrize(
    "active",
    ["dev", "'${PROFILE:dev}'", "'local, dev'", "DEV"],
)
def test_the_profile_that_is_switched_on_counts(active: str) -> None:
    plain = f"spring.profiles.active: {active}\n"
    assert database(plain, dev=URL.format("mysql"), test=URL.format("h2")) == {"mysql"}


def test_a_profile_that_nothing_switches_on_is_not_active() -> None:
    assert database("spring.application.name: orders\n", dev=URL.format("mysql")) == set()
    assert database("spring.profiles.active: other\n", dev=URL.format("mysql")) == set()


def test_it_overrides_the_plain_file_and_containers_override_it() -> None:
    both = "spring: {profiles: {active: dev}, datasource: {url: 'jdbc:mysql://localhost/o'}}\n"
    assert database(both, dev=URL.format("postgresql")) == {"postgresql"}
    docker = database(both, dev=URL.format("postgresql"), docker=URL.format("mariadb"))
    assert docker == {"mariadb"}


def test_of_one_profile_alone_there_is_nothing_to_choose() -> None:
    plain = "spring:\n  profiles:\n    active: @profile@\n"
    assert database(plain, dev=URL.format("mysql")) == {"mysql"}
    assert database(plain, dev=URL.format("mysql"), stage=URL.format("mariadb")) == set()
    assert database("spring.application.name: a\n", dev=URL.format("mysql")) == set()


def engines(plain: str, compose: str, **profiles: str) -> set[str]:
    """The deployed databases that are used; the program itself is started by hand."""
    folder = "orders/src/main/resources"
    files = {
        "compose.yaml": compose,
        "orders/Dockerfile": "FROM eclipse-temurin\nCOPY . .\n",
        "orders/pom.xml": pom("orders", "spring-boot-starter-data-jpa"),
        f"{folder}/application.yml": plain,
        **{f"{folder}/application-{name}.yml": text for name, text in profiles.items()},
    }
    found = architecture(files)
    return {found.node(edge.target).name for edge in found.edges(EdgeKind.USES)}


def test_a_database_that_is_started_instead_of_the_one_inside_the_program() -> None:
    inside = "spring.datasource.url: jdbc:h2:file:./orders;AUTO_SERVER=TRUE\n"
    store = "services: {db: {image: 'mysql:8'}}\n"
    mysql = URL.format("mysql")
    assert engines(inside, store, local=mysql) == {"db"}
    assert engines(inside, store, desk=mysql, local=URL.format("h2:file")) == {"db"}
    for_tests = ("test", "tests", "it", "integration", "ci", "e2e", "IT", "mysql_test", "it_local")
    for name in for_tests:
        assert engines(inside, store, **{name: mysql}) == set(), name
    for name in ("latest", "italy", "circle"):
        assert engines(inside, store, **{name: mysql}) == {"db"}, name
    # nothing of that kind is started, or the deployment chooses itself
    assert engines(inside, store.replace("mysql", "mongo"), local=mysql) == set()
    chosen = "services:\n  db: {image: 'mysql:8'}\n  orders: {build: orders, environment: {X: y}}\n"
    assert engines(inside, chosen, local=mysql) == {"db"}
    chosen = chosen.replace("X: y", "SPRING_PROFILES_ACTIVE: desk")
    assert engines(inside, chosen, local=mysql) == set()
    server = URL.format("postgresql")
    assert engines(server, store, local=mysql) == {"postgresql"}
