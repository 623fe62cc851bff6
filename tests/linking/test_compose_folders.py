"""Compose files in a folder of each program, and what other deployments call the same programs."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import NodeKind

FILE = """
    services:
      web:
        image: nginx:1.27
        volumes: ["./web.conf:/etc/nginx/conf.d/default.conf"]
        ports: ["80"]
      app:
        build: .
        environment: {STOCK_URL: "http://stock.service.consul:8080/"}
    """
PAGES = "server { listen 80; location ~ \\.php$ { fastcgi_pass app:9000; } }\n"
NAMES = ("orders", "bills")


def program(folder: str, deployment: str = FILE) -> dict[str, str]:
    return {
        f"{folder}/docker-compose.yml": deployment,
        f"{folder}/Dockerfile": "FROM php:8-fpm\nCOPY . /var/www\n",
        f"{folder}/composer.json": '{"name": "acme/shop"}',
        f"{folder}/index.php": "<?php file_get_contents(getenv('STOCK_URL'));\n",
        f"{folder}/web.conf": PAGES,
    }


def services(files: dict[str, str]) -> list[str]:
    return sorted(node.name for node in architecture(files).nodes(NodeKind.SERVICE))


@pytest.fixture
def folders() -> dict[str, str]:
    """Two programs of one kind, each with a file of its own, and what they share."""
    files = program("shop/programs/orders") | program("shop/programs/bills")
    shared = "services:\n  stock: {build: ./stock}\n  broker: {image: rabbitmq}\n"
    files["shop/shared/docker-compose.yml"] = shared
    files["shop/shared/stock/Dockerfile"] = "FROM node:22\nCOPY . .\nCMD node index.js\n"
    files["shop/shared/stock/package.json"] = '{"dependencies": {"express": "4"}}'
    files["shop/shared/stock/index.js"] = "require('express')().listen(8080);\n"
    return files


def test_services_of_one_name_in_folders_of_programs(folders: dict[str, str]) -> None:
    assert services(folders) == ["bills", "bills-web", "orders", "orders-web", "stock"]


def test_a_name_server_of_consul_knows_services_by_their_names(folders: dict[str, str]) -> None:
    found = architecture(folders)
    calls = {(found.node(e.source).name, found.node(e.target).name) for e in found.edges()}
    assert calls == {(f"{name}-web", name) for name in NAMES} | {(name, "stock") for name in NAMES}
    assert not found.nodes(NodeKind.EXTERNAL)


def test_what_another_deployment_calls_the_image_of_a_service() -> None:
    manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: dep-shop-pages}
        spec: {template: {spec: {containers: [{name: pages, image: "registry.example.org/shop.pages:1"}]}}}
        """
    service = "services:\n  shop.pages: {image: shoppages, build: ./Shop.Client}\n"
    files = {
        "compose.yml": service + "  stock: {build: ./stock}\n",
        "deploy/pages.yaml": manifest,
        "Shop.Client/Dockerfile": "FROM node:22\nCOPY . .\nCMD node index.js\n",
        "Shop.Client/index.js": "require('express')().listen(80);\n",
        "stock/Dockerfile": "FROM node:22\nCOPY . .\nCMD node index.js\n",
        "stock/index.js": "require('express')().listen(80);\n",
    }
    assert len(services(files)) == len(("pages", "stock"))


@pytest.mark.parametrize(
    "checks",
    ["api-tests: {build: ./checks}", "checks: {build: ./checks, image: acme/fuzz_testing}"],
)
def test_what_tries_the_product_out_is_no_part_of_it(checks: str) -> None:
    files = {
        "compose.yml": f"services:\n  stock: {{build: ./stock}}\n  {checks}\n",
        "stock/Dockerfile": "FROM node:22\nCOPY . .\nCMD node index.js\n",
        "stock/index.js": "require('express')().listen(80);\n",
        "checks/Dockerfile": "FROM python:3.12\nCOPY run.sh .\nCMD ./run.sh\n",
    }
    assert services(files) == ["stock"]
