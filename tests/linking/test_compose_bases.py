"""Services of compose files that are there only to be extended."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import NodeKind

HEIR = """
    services:
      orders:
        image: acme/orders
        extends: {{{}service: common}}
      db: {{image: "postgres:16"}}
    """
BASE = """
      common:
        environment: {STOCK_URL: "http://elsewhere:8080", DATABASE_URL: "postgres://db/x"}
        depends_on: [db]
    """


def services(files: dict[str, str]) -> list[str]:
    found = architecture(files)
    assert not found.nodes(NodeKind.EXTERNAL)
    return sorted(node.name for node in found.nodes(NodeKind.SERVICE))


@pytest.mark.parametrize(
    "files",
    [
        {"compose.yaml": HEIR.format("").rstrip() + BASE},
        {"compose.yaml": HEIR.format("file: base-compose.yaml, "), "base-compose.yaml": f"services:\n{BASE}"},
        {
            "compose.yaml": HEIR.format("").rstrip()
            + BASE.rstrip()
            + "\n        extends: {service: first}\n      first: {restart: always}\n"
        },
    ],
    ids=["beside", "in a file of its own", "of a base of its own"],
)  # fmt: skip
def test_a_base_without_an_image_is_nothing_that_runs(files: dict[str, str]) -> None:
    assert services({**files, "orders/pom.xml": pom("orders")}) == ["orders"]


def test_a_base_with_an_image_runs_as_well() -> None:
    files = {
        "compose.yaml": HEIR.format("").rstrip() + BASE.rstrip() + "\n        image: acme/common\n"
    }
    assert services(files) == ["common", "orders"]


def test_a_service_whose_image_another_file_tells_is_one() -> None:
    files = {
        "compose.yaml": "services: {orders: {image: acme/orders}, stock: {image: acme/stock}}\n",
        "compose.override.yaml": "services: {orders: {extends: {service: stock}}, stock: {ports: ['80:80']}}\n",
    }
    assert services(files) == ["orders", "stock"]


@pytest.mark.parametrize("extends", [True, False])
def test_a_base_in_a_file_of_any_name(extends: bool) -> None:
    """Its name tells nothing: what it says tells that it is one, and who extends it."""
    heir = "      extends: {file: common.yml, service: common}\n" if extends else ""
    found = architecture(
        {
            "compose.yaml": f"""
    services:
      orders:
        image: acme/orders
{heir.replace("      ", "        ", 1)}
      stock: {{image: acme/stock}}
    """,
            "common.yml": """
    services:
      common:
        environment: [STOCK_HOST=stock]
        healthcheck: {test: [CMD, true]}
    """,
            "services.yml": "services: {mailer: {class: Mailer, arguments: [x]}}\n",
        }
    )
    assert sorted(node.name for node in found.nodes(NodeKind.SERVICE)) == ["orders", "stock"]
    calls = [(found.node(e.source).name, found.node(e.target).name) for e in found.edges()]
    assert calls == ([("orders", "stock")] if extends else [])


def test_what_is_started_for_one_piece_of_work_is_known_as_such() -> None:
    pod = "template: {spec: {containers: [{name: a, image: acme/orders}]}}"
    kinds = {"nightly": "CronJob", "web": "Deployment"}
    files = {}
    for name, kind in kinds.items():
        spec = f"{{jobTemplate: {{spec: {{{pod}}}}}}}" if kind == "CronJob" else f"{{{pod}}}"
        files[f"k8s/{name}.yaml"] = (
            f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"
        )
    nodes = architecture(files).nodes(NodeKind.SERVICE)
    assert {node.name: node.ends for node in nodes} == {
        "nightly": True,
        "web": False,
    }


def test_an_override_builds_of_what_the_file_below_says() -> None:
    """Each service has a Dockerfile of its own, and the whole repository for context."""
    image = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN cd {0} && npm ci\nCMD cd {0} && npm start\n"
    names = ("orders", "stock")
    build = "{{build: {{context: ./, dockerfile: ./{0}/Dockerfile, target: production}}}}"
    over = {"a.override": "platform: linux/amd64", "override": "build: {target: development}"}
    files = {
        f"docker-compose.{file}.yml": "services:\n"
        + "".join(f"  {n}:\n    {says}\n" for n in names)
        for file, says in over.items()
    }
    files["docker-compose.yml"] = "services:\n" + "".join(
        f"  {n}: {build.format(n)}\n" for n in names
    )
    files["package.json"] = '{"name": "shop", "workspaces": ["orders", "stock"]}'
    for name in names:
        files[f"{name}/Dockerfile"] = image.format(name)
        files[f"{name}/package.json"] = (
            f'{{"name": "{name}", "scripts": {{"start": "node index.js"}}}}'
        )
        files[f"{name}/index.js"] = "const e = require('express'); e().listen(80);\n"
    assert services(files) == ["orders", "stock"]


@pytest.mark.parametrize(("library", "technology"), [("less", "django"), ("express", "express")])
def test_what_builds_styles_is_not_what_an_application_is_made_with(
    library: str, technology: str
) -> None:
    files = {
        "package.json": f'{{"name": "shop", "dependencies": {{"{library}": "4"}}}}',
        "requirements.txt": "django==5\n",
        "shop/urls.py": "from django.urls import path\n\nurlpatterns = [path('o/', print)]\n",
    }
    (node,) = architecture(files).nodes(NodeKind.SERVICE)
    assert node.technology == technology


def test_an_override_builds_the_program_that_the_file_below_chooses() -> None:
    """One Dockerfile makes any of the programs: an argument says which."""
    names = ("orders", "stock", "bills")
    build = "{{build: {{context: ./engine, args: {{PROGRAM: {0}}}}}}}"
    files = {
        "docker-compose.yml": "services:\n" + "".join(f"  {n}: {build.format(n)}\n" for n in names),
        "docker-compose.override.yml": "services:\n"
        + "".join(f"  {n}: {{environment: {{LOG_LEVEL: debug}}}}\n" for n in names),
        "engine/Dockerfile": "FROM golang:1.24 AS build\nARG PROGRAM=orders\nWORKDIR /app\nCOPY . .\n"
        "RUN go build -o /app/bin/program ./cmd/${PROGRAM}\n"
        'FROM alpine\nCOPY --from=build /app/bin/program /app/program\nENTRYPOINT ["/app/program"]\n',
        "engine/go.mod": "module acme/engine\n",
    }
    for name in names:
        files[f"engine/cmd/{name}/main.go"] = (
            'package main\nimport "net/http"\nfunc main() { http.HandleFunc("/health", health)\n'
            'http.ListenAndServe(":80", nil) }\n'
        )
    assert services(files) == sorted(names)


def test_what_is_laid_over_a_file_that_is_not_there() -> None:
    files = {
        "compose.yaml": "services: {orders: {build: ./orders}, db: {image: 'mysql:8'}}\n",
        "orders/Dockerfile": "FROM php:8\nCOPY . .\n",
        "orders/composer.json": '{"name": "acme/orders"}',
        "orders/compose.override.yaml": "services: {mails: {image: axllent/mailpit}}\n",
    }
    assert {node.name for node in architecture(files).nodes()} == {"orders", "db"}
    beside = files | {"orders/compose.yaml": "services: {cache: {image: 'redis:7'}}\n"}
    assert {node.name for node in architecture(beside).nodes()} >= {"mails", "cache"}
    del files["compose.yaml"]
    assert "mails" in {node.name for node in architecture(files).nodes()}


def test_an_override_of_a_named_file_belongs_to_the_file_of_that_name() -> None:
    files = {
        "compose-orders.yml": "services: {orders: {image: acme/orders, build: orders}}\n",
        "compose-orders.override.yml": "services:\n"
        "  orders: {ports: ['8080:80'], environment: ['Search__Uri=http://search:9200']}\n",
        "compose-tools.yml": "services: {search: {image: elasticsearch}}\n",
        "compose-lost.override.yml": "services: {lost: {image: acme/lost}}\n",
        "orders/Dockerfile": "FROM acme/runtime\nCOPY . .\n",
    }
    found = architecture(files)
    assert services(files) == ["orders"]
    assert [(e.source, e.target) for e in found.edges()] == [("service:orders", "database:search")]
