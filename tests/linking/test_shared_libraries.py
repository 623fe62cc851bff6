"""Libraries of the repository that several deployables are built with."""

from __future__ import annotations

from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind

EVENT = "package acme;\n\npublic class Placed {\n}\n"
COMPOSE = "services:\n  orders: {build: ./orders}\n  stock: {build: ./stock}\n"
IMAGES = {f"{name}/Dockerfile": "FROM eclipse-temurin\n" for name in ("orders", "stock")}
MAVEN = {
    "compose.yml": COMPOSE,
    **IMAGES,
    "orders/pom.xml": pom("orders", "spring-boot-starter-web", "events"),
    "stock/pom.xml": pom("stock", "spring-boot-starter-web", "events"),
    "events/pom.xml": "<project><artifactId>events</artifactId></project>",
    "events/src/main/java/acme/Placed.java": EVENT,
}


def told(found: Architecture) -> set[str]:
    edges = found.edges(EdgeKind.IMPORTS)
    kinds = {node.id: node for node in found.nodes(NodeKind.LIBRARY)}
    return {
        *(f"{found.node(e.source).name} -> {kinds[e.target].name}" for e in edges
          if e.target in kinds),
        *(node.name for node in kinds.values()),
    }  # fmt: skip


def test_a_library_of_maven_that_several_are_built_with() -> None:
    assert told(architecture(MAVEN)) == {"events", "orders -> events", "stock -> events"}


def test_a_library_of_one_program_is_a_part_of_it() -> None:
    alone = {**MAVEN, "stock/pom.xml": pom("stock", "spring-boot-starter-web")}
    assert told(architecture(alone)) == set()


def test_a_unit_without_code_is_no_library() -> None:
    empty = {path: text for path, text in MAVEN.items() if not path.endswith(".java")}
    assert told(architecture(empty)) == set()


def test_a_project_of_gradle_is_a_library_where_the_build_lists_it() -> None:
    built = "plugins { id 'java' }\ndependencies { implementation DEPENDENCY }\n"
    files = {
        "compose.yml": COMPOSE,
        **IMAGES,
        "build.gradle": "plugins { id 'java' }\n",
        "settings.gradle": "include 'orders',\n        'stock',\n        'events'\n",
        "orders/build.gradle": built.replace("DEPENDENCY", "project(':events')"),
        "stock/build.gradle": built.replace("DEPENDENCY", "project(':events')"),
        "events/build.gradle": built.replace("DEPENDENCY", "'org.slf4j:slf4j-api:2'"),
        "events/src/main/java/acme/Placed.java": EVENT,
    }
    assert told(architecture(files)) == {"events", "orders -> events", "stock -> events"}
    published = {
        path: text.replace("project(':events')", "'acme:events:1'").replace(
            ",\n        'events'", ""
        )
        for path, text in files.items()
    }
    assert told(architecture(published)) == set()
