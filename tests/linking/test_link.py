"""From files to the graph, through the real extractors."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind, Origin
from scaleaudit.facts import QueryFound, RemoteCall
from scaleaudit.findings import Confidence
from scaleaudit.linking.addresses import Address, parse_addresses
from scaleaudit.linking.components.roles import main_process

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component

link_module = importlib.import_module("scaleaudit.linking.link")  # `link` is its function's name


def edges(found: Architecture, *kinds: EdgeKind) -> list[str]:
    wanted = kinds or (
        EdgeKind.CALLS, EdgeKind.USES, EdgeKind.PUBLISHES, EdgeKind.CONSUMES, EdgeKind.READS,
        EdgeKind.WRITES,
    )  # fmt: skip
    return [f"{e.source} {e.kind} {e.target}" for e in found.edges(*wanted)]


COMPOSE = """
    services:
      orders:
        build: ./orders
        environment:
          STOCK_URL: http://stock:3000
          DATABASE_URL: postgres://app@db:5432/orders
      stock:
        image: acme/stock:1.2
      db:
        image: postgres:16
    """


def test_a_call_through_constant_setting_and_environment_leaves_its_trail() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "orders/settings.py": """
                import os

                STOCK = os.environ.get("STOCK_URL", "http://localhost:3000")
                """,
            "orders/views.py": """
                import requests
                from settings import STOCK


                def stock(item):
                    return requests.get(f"{STOCK}/items/{item}", timeout=3)
                """,
        }
    )
    assert edges(found, EdgeKind.CALLS) == ["service:orders calls service:stock"]
    (edge,) = found.edges(EdgeKind.CALLS)
    assert edge.confidence is Confidence.HIGH
    assert [(e.at.path, e.at.line, e.note) for e in edge.evidence] == [
        ("orders/views.py", 7, "orders calls through requests"),
        ("orders/settings.py", 4, "STOCK is defined here"),
        ("compose.yaml", 6, "STOCK_URL is set in the deployment"),
    ]


def test_third_party_images_are_stores_and_services() -> None:
    found = architecture({"compose.yaml": COMPOSE, "orders/app.py": "x = 1\n"})
    assert [(n.id, n.technology, n.first_party) for n in found.nodes()] == [
        ("database:db", "postgresql", False),
        ("service:orders", "", True),
        ("service:stock", "stock", False),
    ]


def test_web_and_worker_of_one_codebase_are_one_application() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  web:
                    build: .
                    command: gunicorn shop.wsgi
                    environment: {REDIS_URL: "redis://redis:6379/0"}
                  worker:
                    build: .
                    command: celery -A shop worker
                    environment: {REDIS_URL: "redis://redis:6379/0"}
                  redis:
                    image: redis:7
                """,
            "shop/celery.py": """
                import os
                from celery import Celery

                app = Celery("shop", broker=os.environ["REDIS_URL"])
                """,
            "shop/tasks.py": """
                from celery import shared_task


                @shared_task
                def mail(order):
                    pass
                """,
            "shop/views.py": """
                from shop.tasks import mail


                def place(order):
                    mail.delay(order)
                """,
        }
    )
    services = found.nodes(NodeKind.SERVICE)
    assert [(n.name, n.application) for n in services] == [("web", "."), ("worker", ".")]
    assert "service:worker consumes cache:redis" in edges(found)
    assert "service:web publishes cache:redis" in edges(found)
    assert "service:web consumes cache:redis" not in edges(found)


def test_a_variable_in_a_shared_file_is_no_connection_unless_it_is_read() -> None:
    files = {
        "compose.yaml": """
            services:
              orders:
                build: ./orders
                env_file: common.env
              stock:
                build: ./stock
                env_file: common.env
            """,
        "common.env": "STOCK_URL=http://stock:3000\n",
        "orders/app.py": "import os\nx = os.environ['STOCK_URL']\n",
        "stock/app.py": "x = 1\n",
    }
    assert edges(architecture(files)) == ["service:orders calls service:stock"]
    assert edges(architecture(files | {"orders/app.py": "x = 1\n"})) == []


def test_depends_on_alone_is_no_connection() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  a: {build: ./a, depends_on: [b]}
                  b: {build: ./b}
                """,
            "a/app.py": "x = 1\n",
            "b/app.py": "x = 1\n",
        }
    )
    assert edges(found) == []


def test_calls_that_lead_nowhere_are_kept_with_the_reason() -> None:
    found = architecture(
        {
            "compose.yaml": "services: {a: {build: ./a}}\n",
            "a/app.py": """
                import os
                import requests

                def one(url):
                    requests.get(url, timeout=1)

                def two():
                    requests.get(os.environ["NOWHERE"], timeout=1)

                def three():
                    requests.get("http://localhost:80", timeout=1)
                """,
        }
    )
    assert edges(found) == []
    assert [(u.at.line, u.reason) for u in found.unresolved] == [
        (6, "`url`, which no caller of `one` tells, is known at run time only"),
        (9, "NOWHERE is not set in the repository"),
        (12, "it leads to the caller's own host"),
    ]


def test_kubernetes_service_names_config_maps_and_overlays() -> None:
    found = architecture(
        {
            "k8s/orders.yaml": """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: orders-deployment}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: orders}}
                  template:
                    metadata: {labels: {app: orders}}
                    spec:
                      containers:
                        - name: orders
                          image: acme/orders:1
                          env:
                            - name: STOCK_URL
                              valueFrom: {configMapKeyRef: {name: addresses, key: stock}}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: addresses}
                data: {stock: "http://stock.shop.svc.cluster.local:80"}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: stock-v2}
                spec:
                  template:
                    metadata: {labels: {app: stock}}
                    spec: {containers: [{name: main, image: "acme/stock:2"}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: stock}
                spec: {selector: {app: stock}, ports: [{port: 80}]}
                """,
            "k8s/production/kustomization.yaml": """
                resources: [..]
                replicas: [{name: orders-deployment, count: 5}]
                """,
        }
    )
    orders = found.node("service:orders")
    assert orders.replicas == 5
    assert "stock-v2" in found.node("service:stock").aliases
    assert edges(found) == ["service:orders calls service:stock"]


def test_tables_belong_to_the_database_of_their_application() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "orders/app.py": """
                import os
                import psycopg2

                connection = psycopg2.connect(os.environ["DATABASE_URL"])

                def all_orders():
                    cursor = connection.cursor()
                    cursor.execute("SELECT id FROM orders WHERE open LIMIT 5")
                    cursor.execute("INSERT INTO audit (what) VALUES ('read')")
                """,
        }
    )
    assert edges(found, EdgeKind.READS, EdgeKind.WRITES) == [
        "service:orders writes table:db/orders/audit",
        "service:orders reads table:db/orders/orders",
    ]


def test_two_services_of_one_name_in_two_folders_stay_apart() -> None:
    found = architecture(
        {
            "a/compose.yaml": "services: {web: {build: ./web}}\n",
            "b/compose.yaml": "services: {web: {build: ./web}}\n",
            "a/web/app.py": "x = 1\n",
            "b/web/app.py": "x = 1\n",
        }
    )
    assert sorted(n.path for n in found.nodes(NodeKind.SERVICE)) == ["a/web", "b/web"]
    assert len({n.id for n in found.nodes(NodeKind.SERVICE)}) == 2


def test_a_repository_without_deployment_is_one_application() -> None:
    found = architecture({"pyproject.toml": '[project]\nname = "shop"\n', "shop/app.py": "x = 1\n"})
    assert [(n.id, n.path, n.application) for n in found.nodes(NodeKind.SERVICE)] == [
        ("service:shop", "", ".")
    ]


def test_routers_and_mounts_give_full_paths() -> None:
    found = architecture(
        {
            "compose.yaml": "services: {api: {build: .}}\n",
            "main.py": """
                from fastapi import FastAPI
                from orders import router as orders_router

                app = FastAPI()
                app.include_router(orders_router, prefix="/v1")
                """,
            "orders.py": """
                from fastapi import APIRouter

                router = APIRouter(prefix="/orders")


                @router.get("/{number}")
                def one(number: int):
                    return number
                """,
        }
    )
    assert [(e.method, e.path, e.handler) for e in found.endpoints] == [
        ("GET", "/v1/orders/{number}", "one")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://stock:3000/items", [Address("http", "stock", 3000, "/items")]),
        ("postgresql+psycopg://u:***@db/shop?x=1", [Address("postgresql", "db", None, "shop")]),
        ("jdbc:mysql://db:3306/shop", [Address("mysql", "db", 3306, "shop")]),
        ("jdbc:h2:mem:test", [Address("h2", "", None, "mem:test")]),
        ("host=db port=5432 dbname=shop", [Address("", "db", None, "shop")]),
        ("u:***@tcp(db:3306)/shop", [Address("mysql", "db", 3306, "shop")]),
        ("k1:9092,k2:9092", [Address("", "k1", 9092), Address("", "k2", 9092)]),
        (
            "orders=http://orders:80;Web pages|https://web/a",
            [Address("http", "orders", 80), Address("https", "web", None, "/a")],
        ),
        ("q=http://a", []),
        ("//maps.example.org/x", [Address("https", "maps.example.org", None, "/x")]),
        ("//x/y", []),
        ("http://{}:80/x", [Address("http", "", 80, "/x")]),
        ("http://stock:8082{}", [Address("http", "stock", 8082)]),
        ("http://stock:80{}", [Address("http", "stock", None)]),
        ("http://{stock}/x", [Address("http", "", None, "/x")]),
        ("redis://[::1]:6379/0", [Address("redis", "::1", 6379, "0")]),
        ("/var/run/x.sock", []),
        ("just some words", []),
        ("", []),
    ],
)
def test_addresses(text: str, expected: list[Address]) -> None:
    assert parse_addresses(text) == expected


def test_the_standard_library_is_no_module_of_the_package() -> None:
    found = architecture(
        {
            "shop/__init__.py": "",
            "shop/config.py": "import logging\nLEVEL = logging.INFO\n",
            "shop/logging.py": "from shop.config import LEVEL\n",
            "jobs/run.py": "import queue_names\n",
            "jobs/queue_names.py": "MAIL = 'mail'\n",
        }
    )
    imports = {(e.source, e.target) for e in found.edges(EdgeKind.IMPORTS)}
    assert ("module:shop/config.py", "module:shop/logging.py") not in imports
    assert ("module:shop/logging.py", "module:shop/config.py") in imports
    assert ("module:jobs/run.py", "module:jobs/queue_names.py") in imports


def test_sources_mounted_over_the_image_are_for_developers() -> None:
    compose = """
        services:
          web:
            build: ./web
            command: flask run
          mounted:
            build: ./mounted
            command: flask run
            volumes: ["./mounted:/app"]
        """
    code = "from flask import Flask\napp = Flask(__name__)\n"
    found = architecture({"compose.yaml": compose, "web/app.py": code, "mounted/app.py": code})
    commands = {command.component: command.development for command in found.commands}
    assert commands == {"service:web": False, "service:mounted": True}


def test_the_base_image_tells_the_language_beside_a_front_end() -> None:
    found = architecture(
        {
            "compose.yaml": "services:\n  web:\n    build: .\n",
            "Dockerfile": "FROM python:3.12\nCMD gunicorn shop.wsgi\n",
            "package.json": '{"name": "shop", "dependencies": {"sass": "1"}}',
            "pyproject.toml": '[dependency-groups]\nmain = ["Django==5.2"]\n',
            "shop/views.py": "import django\n",
        }
    )
    (web,) = [node for node in found.nodes() if node.kind is NodeKind.SERVICE]
    assert web.technology == "django"


def services(found: Architecture) -> list[str]:
    return [node.name for node in found.nodes(NodeKind.SERVICE)]


def test_a_major_version_is_no_name() -> None:
    found = architecture(
        {"go.mod": "module github.com/acme/shop/v4\n", "main.go": "package main\nfunc main() {}\n"}
    )
    assert services(found) == ["shop"]


def test_what_a_developer_starts_is_not_deployed_when_something_is() -> None:
    files = {
        "Procfile.dev": "JS: npm start\nGO: air\n",
        "go.mod": "module github.com/acme/shop\n",
        "main.go": "package main\nfunc main() {}\n",
    }
    assert services(architecture(files)) == ["GO", "JS"]
    compose = "services:\n  shop:\n    build: .\n"
    assert services(architecture(files | {"compose.yaml": compose})) == ["shop"]


def test_a_published_image_of_the_repository_is_its_code() -> None:
    found = architecture(
        {
            "go.mod": "module github.com/acme/gate\n",
            "main.go": "package main\nfunc main() {}\n",
            "quickstart.yml": """
                services:
                  gate:
                    image: acme/gate:v26
                  gate-migrate:
                    image: acme/gate:v26
                    command: migrate
                  ui:
                    image: acme/gate-ui:v26
                """,
        }
    )
    assert services(found) == ["gate", "gate-migrate", "ui"]
    applications = {n.name: n.application for n in found.nodes(NodeKind.SERVICE)}
    assert applications["gate"] == applications["gate-migrate"] == "."
    assert applications["ui"] != "."


def test_mavens_folder_of_resources_is_no_handler() -> None:
    found = architecture(
        {
            "src/main/resources/mapper/OrderMapper.xml": """
                <mapper namespace="shop.OrderMapper">
                  <select id="all">select id from orders</select>
                </mapper>
                """,
            "api/resources/orders.py": 'def all(c):\n    c.execute("SELECT id FROM orders")\n',
        }
    )
    origins = {site.at.path: site.origin for site in found.sites(QueryFound)}
    assert origins == {
        "src/main/resources/mapper/OrderMapper.xml": Origin.UNKNOWN,
        "api/resources/orders.py": Origin.HANDLER,
    }


def test_a_go_program_that_ends_is_its_users() -> None:
    call = 'package main\nimport ("net/http"; "{}")\nfunc main() {{ http.Get("http://a.io") }}\n'
    found = architecture(
        {
            "go.mod": "module acme.io/shop\n",
            "cmd/fetch/main.go": call.format("acme.io/shop/text"),
            "cmd/shop/main.go": call.format("acme.io/shop/web"),
            "text/text.go": "package text\n",
            "web/other.go": 'package web\nimport "acme.io/shop/text"\n',
            "web/routes.go": 'package web\nimport "net/http"\n'
            'func Serve() { http.HandleFunc("/orders", orders) }\n',
        }
    )
    origins = {site.at.path: site.origin for site in found.sites(RemoteCall)}
    assert origins["cmd/fetch/main.go"] is Origin.CLIENT
    assert origins["cmd/shop/main.go"] is not Origin.CLIENT


def test_names_from_parts_of_statements_are_no_tables_beside_a_schema() -> None:
    part = 'var part = "SELECT id FROM {} INNER JOIN items ON {}.id = items.id"\n'
    found = architecture(
        {
            "go.mod": "module shop\n",
            "schema.sql": "CREATE TABLE scenes (id int PRIMARY KEY);",
            "main.go": f'package main\n\n{part}var all = "SELECT id FROM scenes WHERE id = ?"\n',
        }
    )
    assert [node.name for node in found.nodes(NodeKind.TABLE)] == ["scenes"]


def test_the_process_of_a_file_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(owners: list[Component]) -> Component | None:
        asked.append("")
        return main_process(owners)

    monkeypatch.setattr(link_module, "main_process", counted)
    reads = "\n".join(f"requests.get('http://stock:3000/{at}')" for at in range(30))
    found = architecture({"compose.yaml": COMPOSE, "orders/app.py": f"import requests\n{reads}\n"})
    assert len(found.sites(RemoteCall)) == 30
    assert len(asked) < 10


def test_copies_of_one_go_module_keep_to_themselves() -> None:
    def copy(name: str) -> dict[str, str]:
        return {
            f"{name}/go.mod": "module example.org/shop\n",
            f"{name}/Dockerfile": "FROM golang\nCOPY . .\n",
            f"{name}/main.go": """
                package main
                import ("net/http"; "example.org/shop/pages")
                func main() {
                    http.HandleFunc(pages.Health, ok)
                    http.HandleFunc(pages.Path, ok)
                    http.ListenAndServe(":80", nil)
                }
                """,
            f"{name}/pages/health.go": 'package pages\nconst Health = "/health"\n',
            f"{name}/pages/path.go": f'package pages\nconst Path = "/{name}"\n',
        }

    found = architecture(copy("orders") | copy("stock"))
    assert {(e.component, e.path) for e in found.endpoints} == {
        ("service:orders", "/health"),
        ("service:orders", "/orders"),
        ("service:stock", "/health"),
        ("service:stock", "/stock"),
    }


def test_the_keywords_of_a_variable_tell_a_store() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  shop:
                    build: .
                    environment: {DB_CONNECTION: "host=store port=5432 user=shop", NAME: store}
                  store: {image: "postgres:16"}
                """,
            "Dockerfile": "FROM golang\nCOPY . .\n",
            "go.mod": "module example.org/shop\n",
        }
    )
    assert [(e.source, e.target) for e in found.edges()] == [("service:shop", "database:store")]


def test_a_path_that_a_router_keeps_in_a_field() -> None:
    found = architecture(
        {
            "package.json": '{"name": "shop", "dependencies": {"express": "4"}}',
            "src/OrderRoute.ts": """
                import { Router } from 'express';
                export class OrderRoute {
                  public path = 'orders';
                  public router = Router();
                  constructor() {
                    this.router.get(`/:user/${this.path}`, handle);
                    this.router.get(`/:user/${this.path}/:id`, handle);
                  }
                }
                """,
        }
    )
    assert {e.path for e in found.endpoints} == {"/{user}/orders", "/{user}/orders/{id}"}
