"""Of several stores of one kind, the one that a program opens whose address nothing tells."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

OPENS = """
    const mongoose = require('mongoose');
    mongoose.connect(process.env.STORE);
    require('express')().listen(80);
    """
PACKAGE = '{"dependencies": {"express": "4", "mongoose": "8"}}'


def used(compose: str, *folders: str) -> set[tuple[str, str]]:
    files = {"compose.yaml": compose}
    for folder in folders:
        files |= {
            f"{folder}/package.json": PACKAGE,
            f"{folder}/index.js": OPENS,
            f"{folder}/Dockerfile": "FROM node\nCOPY . .\n",
        }
    return {
        (e.source.partition(":")[2], e.target.partition(":")[2])
        for e in architecture(files).edges(EdgeKind.USES)
    }


def test_a_store_that_bears_the_name_of_a_program_is_its_own() -> None:
    compose = """
        services:
          search-users: {build: search-users}
          orders-service: {build: orders-service}
          reports: {build: reports}
          mongo-user: {image: "mongo:7"}
          mongo-user-search: {image: "mongo:7"}
          order-db: {image: "mongo:7"}
        """
    assert used(compose, "search-users", "orders-service", "reports") == {
        ("search-users", "mongo-user-search"),
        ("orders-service", "order-db"),
    }


def test_what_its_deployment_starts_it_after_counts_before_names() -> None:
    compose = """
        services:
          orders: {build: orders, depends_on: [mongo-audit]}
          mongo-orders: {image: "mongo:7"}
          mongo-audit: {image: "mongo:7"}
        """
    assert used(compose, "orders") == {("orders", "mongo-audit")}


def test_a_default_on_the_machine_itself_is_none_of_several_stores() -> None:
    """Inside a container loopback is not the machine whose port one of the stores has."""
    compose = """
        services:
          news: {build: news}
          tags: {build: tags, links: [tags-db]}
          front-db: {image: "mysql:8", ports: ["3306:3306"]}
          tags-db: {image: "mysql:8", ports: ["3307:3306"]}
        """
    files = {"compose.yaml": compose}
    for name in ("news", "tags"):
        files |= {
            f"{name}/composer.json": '{"require": {"laravel/framework": "^11"}}',
            f"{name}/.env.example": "DB_CONNECTION=mysql\nDB_HOST=127.0.0.1\nDB_PORT=3306\n",
            f"{name}/Dockerfile": "FROM php:8\nCOPY . .\n",
        }
    edges = architecture(files).edges(EdgeKind.USES)
    assert {(e.source, e.target) for e in edges} == {("service:tags", "database:tags-db")}
    # A program that runs on the machine reaches what is open there.
    beside = {
        **files,
        "compose.yaml": compose.replace("news: {build: news}", "").replace(
            "tags: {build: tags, links: [tags-db]}", ""
        ),
        "news/Procfile": "web: php artisan serve\n",
    }
    del beside["news/Dockerfile"]
    edges = architecture(beside).edges(EdgeKind.USES)
    assert ("service:web", "database:front-db") in {(e.source, e.target) for e in edges}
    host = compose.replace("news: {build: news}", "news: {build: news, network_mode: host}")
    edges = architecture(files | {"compose.yaml": host}).edges(EdgeKind.USES)
    assert ("service:news", "database:front-db") in {(e.source, e.target) for e in edges}


def test_a_name_that_several_images_have_is_the_one_that_is_started_first() -> None:
    compose = """
        services:
          orders: {image: acme/orders, depends_on: [orders-db], environment: {DB_ADDR: mysql}}
          alone: {image: acme/alone, environment: {DB_ADDR: mysql}}
          first-db: {image: 'mysql:8.3'}
          orders-db: {image: 'mysql:8.4'}
        """
    assert used(compose) == {("orders", "orders-db")}
