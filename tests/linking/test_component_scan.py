"""Classes of a shared library that Spring finds by itself."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

UNIT = (
    "<project><groupId>shop</groupId><artifactId>{}</artifactId><dependencies>{}</dependencies>"
    "</project>"
)
USES = "<dependency><groupId>shop</groupId><artifactId>shared</artifactId></dependency>"
CONFIG = """
    package {};
    import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
    import org.springframework.beans.factory.annotation.Value;
    {}
    class Database {{
      @Value("${{shop.store}}") String host;
      Object open() {{
        return PostgresqlConnectionConfiguration.builder().host(host).port(5432).build();
      }}
    }}
    """
STARTED = """
    package com.shop.{0};
    import org.springframework.boot.autoconfigure.SpringBootApplication;
    {1}
    @SpringBootApplication class Application {{}}
    """
BEAN = "import org.springframework.context.annotation.Configuration;\n    @Configuration"
SCAN = "import org.springframework.context.annotation.ComponentScan;"


def uses(package: str, mark: str = BEAN, scan: str = "") -> set[tuple[str, str]]:
    """Two applications, and a third that does without the library."""
    folder = package.replace(".", "/")
    files = {
        "compose.yaml": "services: {db: {image: 'postgres:16'}, "
        + ", ".join(f"{name}: {{build: ./{name}}}" for name in ("orders", "stock", "mail"))
        + "}\n",
        "shared/pom.xml": UNIT.format("shared", ""),
        f"shared/src/main/java/{folder}/Database.java": CONFIG.format(package, mark),
    }
    for name in ("orders", "stock", "mail"):
        files[f"{name}/Dockerfile"] = "FROM eclipse-temurin:21\n"
        files[f"{name}/src/main/resources/application.properties"] = "shop.store=db\n"
        files[f"{name}/pom.xml"] = UNIT.format(name, USES if name != "mail" else "")
        files[f"{name}/src/main/java/com/shop/{name}/Application.java"] = STARTED.format(name, scan)
    found = architecture(files)
    return {
        (found.node(edge.source).name, found.node(edge.target).name)
        for edge in found.edges(EdgeKind.USES)
    }


def test_the_package_of_an_application_and_those_below() -> None:
    assert uses("com.shop.orders.data") == {("orders", "db")}
    assert uses("com.shop.data") == set()


def test_other_packages_where_it_is_told_to() -> None:
    both = {("orders", "db"), ("stock", "db")}
    assert uses("com.shop.data", scan=SCAN) == both
    assert uses("org.other.data", scan=SCAN) == set()


@pytest.mark.parametrize("mark", ["", "import org.springframework.context.ApplicationContext;"])
def test_a_class_that_spring_does_not_look_for(mark: str) -> None:
    assert uses("com.shop.orders.data", mark) == set()
