"""What a deployment tells programs of others in files of their own making."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

COMPOSE = """
    services:
      edge:
        image: acme/edge
        volumes: ["./edge/config.yaml:/etc/edge/config.yaml:ro"]
      orders: {image: acme/orders}
      stock: {image: acme/stock}
    """
SETTINGS = """
    apis:
      orders:
        upstream_url: http://orders:8080
        allowed_url: http://stock
    """


def calls(files: dict[str, str]) -> set[tuple[str, str]]:
    edges = architecture(files).edges(EdgeKind.CALLS)
    return {(e.source.partition(":")[2], e.target.partition(":")[2]) for e in edges}


def test_a_gateway_passes_on_to_whom_its_file_names() -> None:
    files = {"compose.yaml": COMPOSE, "edge/config.yaml": SETTINGS}
    assert calls(files) == {("edge", "orders")}


def test_a_file_that_is_not_mounted_says_nothing() -> None:
    files = {"compose.yaml": COMPOSE, "other/config.yaml": SETTINGS}
    assert calls(files) == set()


def test_a_program_of_ones_own_says_in_its_code_whom_it_calls() -> None:
    compose = COMPOSE.replace("image: acme/edge", "build: edge")
    files = {
        "compose.yaml": compose,
        "edge/config.yaml": SETTINGS,
        "edge/Dockerfile": "FROM node\nCOPY . .\n",
        "edge/package.json": '{"name": "edge", "dependencies": {"express": "4"}}',
    }
    assert calls(files) == set()


@pytest.mark.parametrize(
    ("key", "passed_on"),
    [
        ("backend", True),
        ("target", True),
        ("destination", True),
        ("forwardTo", True),
        ("proxy_to", True),
        ("proxyPass", True),
        ("allowed_url", False),
    ],
)
def test_keys_of_those_to_whom_is_passed_on(key: str, passed_on: bool) -> None:
    settings = f"apis:\n  first:\n    {key}: http://orders:8080\n"
    found = calls({"compose.yaml": COMPOSE, "edge/config.yaml": settings})
    assert found == ({("edge", "orders")} if passed_on else set())


def test_a_gateway_that_names_itself_calls_nobody() -> None:
    settings = "apis:\n  first:\n    upstream_url: http://edge:8080\n"
    assert calls({"compose.yaml": COMPOSE, "edge/config.yaml": settings}) == set()
