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
