"""One component for each deployable, whatever the names that deployments give it."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture, deployed

from scaleaudit.architecture import Architecture, EdgeKind, Node, NodeKind


def services(found: Architecture) -> dict[str, Node]:
    return {node.name: node for node in found.nodes(NodeKind.SERVICE)}


def stores(found: Architecture) -> dict[str, Node]:
    kinds = (NodeKind.DATABASE, NodeKind.CACHE, NodeKind.BROKER, NodeKind.STORAGE)
    return {node.name: node for node in found.nodes(*kinds)}


GEMFILE = "source 'https://rubygems.org'\ngem 'rails'\ngem 'sidekiq'\n"
PROCFILE = "release: rails db:migrate\nweb: bundle exec puma\nworker: bundle exec sidekiq\n"


def test_a_procfile_and_a_compose_file_with_the_published_image() -> None:
    found = architecture(
        {
            "Procfile": PROCFILE,
            "Gemfile": GEMFILE,
            "docker/compose.yml": """
                services:
                  travel_app: {image: someone/travel:latest, command: [bin/rails, server]}
                  travel_sidekiq: {image: someone/travel:latest, command: [sidekiq]}
                """,
        },
        "travel",
    )
    assert {(n.name, n.path, n.application) for n in services(found).values()} == {
        ("travel_app", "", "."),
        ("travel_sidekiq", "", "."),
    }
    assert "web" in services(found)["travel_app"].aliases
    assert "worker" in services(found)["travel_sidekiq"].aliases


def test_a_procfile_beside_a_build_of_the_whole_repository() -> None:
    found = architecture(
        {
            "Procfile": PROCFILE,
            "Gemfile": GEMFILE,
            "Dockerfile": "FROM ruby:3\nCMD bundle exec puma\n",
            "compose.yml": "services:\n  shop:\n    build: .\n",
        }
    )
    assert set(services(found)) == {"shop", "worker"}  # nothing else runs the worker


def test_two_lines_that_serve_are_not_guessed_apart() -> None:
    found = architecture(
        {
            "Procfile": "web: bundle exec puma\nadmin: bundle exec puma -p 4000\n",
            "Gemfile": GEMFILE,
            "Dockerfile": "FROM ruby:3\n",
            "compose.yml": "services:\n  shop:\n    build: .\n",
        }
    )
    assert set(services(found)) == {"shop", "web", "admin"}


def test_lines_that_end_in_one_command_are_one_process() -> None:
    files = {
        "Procfile": "app: cp -r /kept/* db/ && bundle exec puma\nweb: rails db:migrate && bundle exec puma\n",
        "Gemfile": GEMFILE,
        "Dockerfile": "FROM ruby:3\n",
        "compose.yml": "services:\n  web:\n    build: .\n",
    }
    (web,) = services(architecture(files)).values()
    assert (web.name, web.aliases) == ("web", ("app",))
    beside = files | {"Procfile": "app: ROLE=admin bundle exec puma\nweb: bundle exec puma\n"}
    assert set(services(architecture(beside))) == {"web", "app"}


SERVED = {
    "Procfile": "web: npm run start:prod\n",
    "package.json": '{"name": "@quay/boats", "dependencies": {"express": "4"}}',
    "index.js": "const app = require('express')();\napp.get('/up', up);\napp.listen(80);\n",
    "Dockerfile": "FROM node:20 AS base\nFROM base AS development\nCMD npm start\n"
    "FROM base AS production\nCMD npm run start:prod\n",
    "compose.yml": """
        services:
          app: {build: {context: ., target: development}, ports: ["80:80"]}
          boats-worker: {build: ., command: node worker.js}
        """,
    "cluster.yml": deployed("boats-node", "quay/boats:1"),
}


def test_what_serves_the_whole_repository_in_three_ways_is_one() -> None:
    found = services(architecture(SERVED, "boats"))
    assert set(found) == {"app", "boats-worker"}
    assert {"web", "boats-node"} <= set(found["app"].aliases)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        pytest.param(
            "compose.yml",
            "services:\n  app: {build: .}\n  panel: {build: .}\n",
            id="a second that serves in the same way",
        ),
        pytest.param(
            "compose.yml",
            "services:\n  app: {build: {context: ., dockerfile: Dockerfile.docs}}\n",
            id="built by another file",
        ),
        pytest.param(
            "compose.yml",
            "services:\n  app: {build: ., image: quay/boats-bot}\n",
            id="another image",
        ),
        pytest.param(
            "compose.yml", "services:\n  boats-admin: {build: .}\n", id="administers by its name"
        ),
    ],
)
def test_what_only_looks_like_it_stays(file: str, text: str) -> None:
    files = SERVED | {"Dockerfile.docs": "FROM node:20\n", file: text}
    del files["Procfile"]
    assert "boats-node" in services(architecture(files, "boats"))


def test_two_files_of_one_folder_that_are_started_are_two() -> None:
    files = {
        "shop/Dockerfile": "FROM python:3.12\n",
        "shop/requirements.txt": "flask\n",
        "shop/orders.py": "",
        "shop/bills.py": "",
        "compose.yml": """
            services:
              orders: {build: shop, image: acme/shop, command: uvicorn orders:app}
              shop-worker: {build: shop, image: acme/shop, command: celery worker}
            """,
        "cluster.yml": deployed("bills", "acme/shop").replace(
            '"acme/shop"', '"acme/shop", command: [uvicorn, "bills:app"]'
        ),
    }
    assert set(services(architecture(files))) == {"orders", "shop-worker", "bills"}
    alike = files | {"cluster.yml": files["cluster.yml"].replace("bills:app", "orders:app")}
    assert set(services(architecture(alike))) == {"bills", "shop-worker"}


def test_a_container_that_starts_two_programs_is_both() -> None:
    project = '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>\n'
    start = 'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/", () => 1);\napp.Run();\n'
    both = """
        FROM mcr.microsoft.com/dotnet/sdk:10.0 AS boats
        COPY . .
        RUN dotnet publish "./Quay.Boats/Quay.Boats.csproj" -o /app/boats
        FROM mcr.microsoft.com/dotnet/sdk:10.0 AS berths
        COPY . .
        RUN dotnet publish "./Quay.Berths/Quay.Berths.csproj" -o /app/berths
        FROM mcr.microsoft.com/dotnet/aspnet:10.0
        COPY --from=boats /app/boats ./boats/
        COPY --from=berths /app/berths ./berths/
        ENTRYPOINT ["/start.sh"]
        """
    files = {
        "Quay.Boats/Quay.Boats.csproj": project,
        "Quay.Boats/Program.cs": start,
        "Quay.Boats/Properties/launchSettings.json": """
            {"profiles": {"boats": {"commandName": "Project", "applicationUrl": "http://localhost:8081"}}}
            """,
        "Quay.Berths/appsettings.json": '{"BoatsUrl": "http://localhost:8081/api"}',
        "Quay.Berths/Boats.cs": """
            class Boats(HttpClient client, IConfiguration settings) {
                public Task<string> Get() => client.GetStringAsync(settings["BoatsUrl"]);
            }
            """,
        "Quay.Berths/Quay.Berths.csproj": project,
        "Quay.Berths/Program.cs": start,
        "Dockerfile": both,
        "compose.yml": 'services:\n  quay:\n    build: .\n    ports: ["80:8081", "81:8082"]\n',
    }
    found = architecture(files, "quay")
    assert {(n.name, n.path, n.published) for n in services(found).values()} == {
        ("Quay.Boats", "Quay.Boats", True),
        ("Quay.Berths", "Quay.Berths", True),
    }
    (call,) = found.edges(EdgeKind.CALLS)
    assert (call.source, call.target) == ("service:Quay.Berths", "service:Quay.Boats")


def test_an_image_of_a_dependency_runs_the_code_that_is_mounted() -> None:
    files = {
        "composer.json": '{"require": {"laravel/framework": "11"}}',
        "routes/web.php": "<?php\nRoute::get('/boats', [Boats::class, 'index']);\n",
        "docker-compose.yml": """
            services:
              quay.test:
                build: {context: ./vendor/laravel/sail/runtimes/8.3, dockerfile: Dockerfile}
                image: sail-8.3/app
                volumes: [".:/var/www/html"]
                ports: ["80:80"]
            """,
    }
    (one,) = services(architecture(files, "boats")).values()
    assert (one.name, one.path, one.technology) == ("quay.test", "", "laravel")
    (endpoint,) = architecture(files, "boats").endpoints
    assert endpoint.component == "service:quay.test"


CHART = {
    "src/orders/chart/Chart.yaml": "apiVersion: v2\nname: shop-orders-chart\n",
    "src/orders/chart/values.yaml": "image: {repository: registry.example/shop-orders}\n",
    "src/orders/chart/templates/deployment.yaml": """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop-orders-chart
        spec:
          template:
            spec:
              containers:
                - {name: orders, image: "{{ .Values.image.repository }}:1"}
        """,
    "src/orders/chart/templates/postgresql.yaml": """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: shop-orders-chart-postgresql
        spec:
          template:
            spec:
              containers:
                - {name: db, image: "postgres:16"}
        """,
}
ORDERS = {
    "src/orders/Dockerfile": "FROM python:3.12\nCMD python app.py\n",
    "src/orders/requirements.txt": "flask\n",
    "src/orders/compose.yml": """
        services:
          orders: {build: .}
          orders-db: {image: "postgres:16"}
        """,
}


def test_a_chart_beside_the_source_that_its_image_is_named_after() -> None:
    found = architecture({**ORDERS, **CHART})
    (orders,) = services(found).values()
    assert (orders.name, orders.path) == ("orders", "src/orders")
    assert "shop-orders-chart" in orders.aliases


def test_a_manifest_beside_a_source_of_another_name_is_another_program() -> None:
    chart = {
        path: text.replace("registry.example/shop-orders", "registry.example/reports")
        for path, text in CHART.items()
    }
    assert set(services(architecture({**ORDERS, **chart}))) == {"orders", "shop-orders-chart"}


def test_the_image_of_a_language_is_no_folder_of_that_name() -> None:
    manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: reports}
        spec: {template: {spec: {containers: [{name: r, image: "python:3.12"}]}}}
        """
    found = architecture(
        {**ORDERS, "build/python/Dockerfile": "FROM debian\n", "k8s/reports.yaml": manifest}
    )
    assert services(found)["reports"].path == ""


def test_stores_of_one_service_by_chart_compose_and_terraform() -> None:
    terraform = """
        resource "aws_db_instance" "orders_rds" {
          engine = "postgres"
        }
        resource "aws_db_instance" "billing_rds" {
          engine = "postgres"
        }
        """
    found = architecture({**ORDERS, **CHART, "terraform/main.tf": terraform})
    assert set(stores(found)) == {"orders-db", "billing_rds"}
    assert {"shop-orders-chart-postgresql", "orders_rds"} <= set(stores(found)["orders-db"].aliases)


def test_two_databases_of_one_service_are_two() -> None:
    compose = """
        services:
          orders: {build: .}
          orders-db: {image: "postgres:16"}
          archive-db: {image: "postgres:16"}
        """
    found = architecture({**ORDERS, **CHART, "src/orders/compose.yml": compose})
    assert set(stores(found)) == {"orders-db", "archive-db", "shop-orders-chart-postgresql"}


def test_a_managed_store_for_each_environment_is_one() -> None:
    terraform = """
        resource "aws_db_instance" "shop_staging" {
          engine = "postgres"
        }
        resource "aws_db_instance" "shop_production" {
          engine = "postgres"
        }
        resource "aws_db_instance" "audit_production" {
          engine = "postgres"
        }
        """
    assert len(stores(architecture({**ORDERS, "terraform/main.tf": terraform}))) == 3


def test_buckets_of_pipelines_are_no_stores_of_the_system() -> None:
    terraform = """
        resource "aws_s3_bucket" "tf_state" {}
        resource "aws_s3_bucket" "build_cache" {}
        resource "aws_s3_bucket" "uploads" {}
        """
    pipeline = 'resource "aws_s3_bucket" "everything" {}\n'
    found = architecture(
        {"terraform/main.tf": terraform, "terraform/ci-cd/main.tf": pipeline, **ORDERS}
    )
    assert [n.name for n in found.nodes(NodeKind.STORAGE)] == ["uploads"]


def edges(found: Architecture) -> set[tuple[str, str]]:
    kinds = [kind for kind in EdgeKind if kind not in (EdgeKind.IMPORTS, EdgeKind.CONTAINS)]
    return {(e.source.partition(":")[2], e.target.partition(":")[2]) for e in found.edges(*kinds)}


def system(folder: str, image: str, *others: str) -> dict[str, str]:
    """A compose file whose `users` has a database of that name too."""
    more = "".join(f"  {name}: {{image: '{image}-{name}'}}\n" for name in others)
    return {
        f"{folder}/docker-compose.yml": (
            "services:\n"
            f"  users: {{image: '{image}', environment: {{DB_URL: 'mongodb://users-db:27017/x'}}}}\n"
            f"  gate: {{image: '{image}-gate', environment: {{USERS_URL: 'http://users:9090'}}}}\n"
            "  users-db: {image: 'mongo:7'}\n" + more
        )
    }


def test_two_systems_with_services_of_one_name() -> None:
    found = architecture(
        {
            **system("films", "acme/films", "reviews", "casts", "plots"),
            **system("hotels", "acme/hotels", "rooms", "rates", "search"),
        }
    )
    assert {name for name in services(found) if "users" in name} == {"films-users", "hotels-users"}
    assert set(stores(found)) == {"films-users-db", "hotels-users-db"}
    assert edges(found) == {
        ("films-gate", "films-users"),
        ("films-users", "films-users-db"),
        ("hotels-gate", "hotels-users"),
        ("hotels-users", "hotels-users-db"),
    }


def test_two_ways_to_deploy_one_system_are_one() -> None:
    """Also where one builds what the other only names."""
    found = architecture(
        {
            **system("dev", "acme/films", "reviews", "casts"),
            **system("prod", "registry.example/films", "reviews", "casts", "mailer"),
        }
    )
    assert set(services(found)) == {"users", "gate", "reviews", "casts", "mailer"}
    assert set(stores(found)) == {"users-db"}


def test_a_compose_file_for_one_service_is_no_system() -> None:
    files: dict[str, str] = {}
    for name in ("orders", "stock"):
        files[f"{name}/Dockerfile"] = "FROM python:3.12\nCMD python app.py\n"
        files[f"{name}/docker-compose.yml"] = (
            f"services:\n  {name}: {{build: .}}\n  kafka: {{image: 'apache/kafka:4'}}\n"
        )
    found = architecture(files)
    assert set(services(found)) == {"orders", "stock"}
    assert set(stores(found)) == {"kafka"}


def test_a_scheduled_client_with_the_image_of_a_store_is_no_store() -> None:
    cron = """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: nightly-query}
        spec:
          schedule: "0 3 * * *"
          jobTemplate: {spec: {template: {spec: {containers: [{name: q, image: "postgres:16"}]}}}}
        """
    found = architecture({**ORDERS, "k8s/cron.yaml": cron})
    assert set(stores(found)) == {"orders-db"}
    assert set(services(found)) == {"orders"}


def test_what_developers_mount_of_a_service_is_that_service() -> None:
    files = {
        "compose.yml": "services:\n  robot: {build: ./robot}\n",
        "compose.dev.yml": (
            "services:\n  robot:\n    build: ./robot/scripts\n    command: node run.js\n"
        ),
        "robot/Dockerfile": "FROM node:22\nCMD node scripts/run.js\n",
        "robot/scripts/Dockerfile": "FROM node:22\n",
        "robot/scripts/package.json": '{"name": "scripts", "scripts": {"start": "node run.js"}}\n',
        "robot/scripts/run.js": "console.log(1)\n",
    }
    assert [(n.name, n.path) for n in services(architecture(files)).values()] == [
        ("robot", "robot")
    ]


def sample(name: str) -> dict[str, str]:
    """A small system in a folder of its own: a program, its database, a broker."""
    return {
        f"{name}/compose.yml": (
            "services:\n"
            "  backend:\n    build: ./app\n    environment: {DB_URL: 'mysql://db/x'}\n"
            "  db: {image: 'mysql:9'}\n  kafka: {image: 'apache/kafka:4'}\n"
        ),
        f"{name}/app/Dockerfile": "FROM python:3.12\nCMD python app.py\n",
        f"{name}/app/requirements.txt": "flask\n",
    }


def test_samples_side_by_side_have_databases_of_their_own() -> None:
    found = architecture({**sample("one"), **sample("two")})
    assert set(stores(found)) == {"one-db", "two-db", "kafka"}
    assert edges(found) == {("one-backend", "one-db"), ("two-backend", "two-db")}


def test_a_deployment_of_both_makes_one_system_of_them() -> None:
    both = {
        "compose.yml": (
            "services:\n  one: {build: ./one/app}\n  two: {build: ./two/app}\n"
            "  db: {image: 'mysql:9'}\n"
        )
    }
    found = architecture({**sample("one"), **sample("two"), **both})
    assert set(stores(found)) == {"db", "kafka"}


def test_the_nodes_of_a_registry_are_one() -> None:
    nodes = "".join(f"  consul_server_{n}: {{image: 'hashicorp/consul'}}\n" for n in range(3))
    found = architecture({**ORDERS, "compose.yml": f"services:\n{nodes}"})
    assert [name for name in services(found) if "consul" in name] == ["consul_server_0"]


def test_a_deployed_store_that_speaks_the_language_of_another_is_meant() -> None:
    files = {
        **ORDERS,
        "src/orders/compose.yml": (
            "services:\n  orders: {build: .}\n  shop-db: {image: 'mariadb:11'}\n"
        ),
        "src/orders/app.py": "import os, MySQLdb\n\nMySQLdb.connect(host=os.environ['X'])\n",
    }
    found = architecture(files)
    assert set(stores(found)) == {"shop-db"}
    assert edges(found) == {("orders", "shop-db")}


SPRING = """
    <project><artifactId>{}</artifactId>
    <build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>
    </project>"""


def test_images_of_one_owner_are_named_by_what_they_do_not_share() -> None:
    found = architecture(
        {
            "compose.yml": """
                services:
                  shop-stock: {image: "shop-stock:dev"}
                  shop-orders: {image: "shop-orders:dev"}
                  agent: {image: "someone/metrics-orders"}
                """,
            "docker/orders/Dockerfile": "FROM eclipse-temurin:21\nCOPY orders.jar /app.jar\n",
            "docker/stock/Dockerfile": "FROM eclipse-temurin:21\nCOPY stock.jar /app.jar\n",
            "sources/orders/pom.xml": SPRING.format("orders"),
            "sources/stock/pom.xml": SPRING.format("stock"),
        }
    )
    assert {node.name: node.path for node in services(found).values()} == {
        "shop-orders": "sources/orders",
        "shop-stock": "sources/stock",
        "agent": "",
    }


def test_images_of_one_owner_with_an_ending_in_common() -> None:
    deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: main-{0}}}
        spec:
          template:
            spec:
              containers: [{{name: main, image: shop/{0}-rpc}}]
        """
    found = architecture(
        {
            "k8s/orders.yaml": deployment.format("orders"),
            "k8s/stock.yaml": deployment.format("stock"),
            "orders/Dockerfile": "FROM golang:1\nCOPY . .\n",
            "orders/go.mod": "module shop/orders\n",
            "orders/main.go": "package main\n\nfunc main() {}\n",
            "stock/Dockerfile": "FROM golang:1\nCOPY . .\n",
            "stock/go.mod": "module shop/stock\n",
            "stock/main.go": "package main\n\nfunc main() {}\n",
        }
    )
    assert {node.name: node.path for node in services(found).values()} == {
        "main-orders": "orders",
        "main-stock": "stock",
    }


def test_a_folder_that_builds_another_image_is_not_behind_an_ending_in_common() -> None:
    deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: {0}}}
        spec: {{template: {{spec: {{containers: [{{name: main, image: shop/{0}}}]}}}}}}
        """
    compose = """
        services:
          orders-api: {build: orders, image: shop/orders}
          stock-api: {build: stock, image: shop/stock}
        """
    code = {
        f"{name}/{file}": text.replace("NAME", name)
        for name in ("orders", "stock")
        for file, text in {
            "Dockerfile": "FROM golang:1\nCOPY . .\n",
            "go.mod": "module shop/NAME\n",
            "main.go": "package main\n\nfunc main() {}\n",
        }.items()
    }
    names = ("orders", "stock", "orders-pages", "stock-pages")
    manifests = {f"k8s/{name}.yaml": deployment.format(name) for name in names}
    found = architecture({"compose.yaml": compose, **code, **manifests})
    assert {name: node.path for name, node in services(found).items() if "pages" in name} == {
        "orders-pages": "",
        "stock-pages": "",
    }


INSTANCES = """
    services:
      orders: {build: ./orders, environment: {SHARD: 0}}
      orders-i1: {build: ./orders, environment: {SHARD: 1}}
      orders-2: {build: ./orders, environment: {SHARD: 2}}
      orders-3: {build: ./orders, command: python other.py}
      orders-v2: {build: ./orders}
      stock-1: {build: ./stock}
      stock-2: {build: ./stock}
    """


def test_instances_beside_the_service_that_they_are_called_after() -> None:
    files = {
        "compose.yaml": INSTANCES,
        "orders/Dockerfile": "FROM python:3.13\nCOPY . .\nCMD python app.py\n",
        "orders/app.py": "import flask\n",
        "stock/Dockerfile": "FROM python:3.13\nCOPY . .\nCMD python app.py\n",
        "stock/app.py": "import flask\n",
    }
    found = services(architecture(files))
    assert sorted(found) == ["orders", "orders-3", "orders-v2", "stock-1", "stock-2"]
    assert {"orders-i1", "orders-2"} <= set(found["orders"].aliases)


def test_a_folder_that_only_packs_the_one_around_it() -> None:
    """`users/docker/` holds Dockerfiles; the program is `users`."""
    found = architecture(
        {
            "k8s/users.yaml": """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: users}
                spec: {template: {spec: {containers: [{name: users, image: users}]}}}
                """,
            "users/requirements.txt": "fastapi\n",
            "users/app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/x')\ndef x(): ...\n",
            "users/docker/backend.dockerfile": "FROM python\nCOPY . .\n",
        }
    )
    assert services(found)["users"].path == "users"
    assert {(e.component, e.path) for e in found.endpoints} == {("service:users", "/x")}


BLUEPRINT = """
    services:
      - type: web
        name: orders
        env: docker
        rootDir: .
        dockerfilePath: docker/Dockerfile
    """
OF_FOLDERS = """
    services:
      orders: {build: ./services/orders, image: "acme/orders:1"}
    """


def test_a_platform_that_is_given_the_whole_repository_runs_the_same_service() -> None:
    files = {
        "package.json": '{"name": "shop", "private": true, "workspaces": ["services/*"]}',
        "services/orders/package.json": '{"name": "orders", "scripts": {"start": "node ."}}',
        "services/orders/index.js": "require('express')().listen(3000);",
        "services/orders/Dockerfile": "FROM node:22\nCOPY . .\nCMD node .\n",
        "docker/Dockerfile": "FROM node:22\nCOPY . .\nCMD node services/orders\n",
        "render.yaml": BLUEPRINT,
        "compose.yaml": OF_FOLDERS,
    }
    found = architecture(files)
    assert {n.name: n.path for n in found.nodes(NodeKind.SERVICE)} == {"orders": "services/orders"}


@pytest.mark.parametrize("base", [(), ("orders",)])
def test_releases_of_one_program_in_manifests_of_their_own(base: tuple[str, ...]) -> None:
    deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: "{0}"}}
        spec: {{template: {{spec: {{containers: [{{name: x, image: "acme/{0}:1"}}]}}}}}}
    """
    releases = (*base, "orders-v1.2.0", "orders-v1.10.1-rc1", "orders-v1.3.0", "orders-v1.9.0")
    files = {f"install/{name}.yaml": deployment.format(name) for name in releases}
    both = {"k8s/all.yaml": "\n---\n".join(deployment.format(f"stock-v{n}.0") for n in (1, 2))}
    found = services(architecture({**files, **both}))
    assert sorted(found) == [*(base or ["orders-v1.10.1-rc1"]), "stock-v1.0", "stock-v2.0"]


def test_labels_that_name_nothing() -> None:
    """`main` is what the only resource of a type is called; a reference tells its type."""
    terraform = """
        resource "aws_s3_bucket" "main" { bucket = var.bucket }
        resource "aws_elasticache_replication_group" "main" { engine = "redis" }
        resource "aws_s3_bucket" "ledger" {}
        resource "aws_ecs_task_definition" "shop" {
          family = "shop"
          container_definitions = jsonencode([{
            name = "shop"
            image = "acme/shop:1"
            environment = [
              { name = "CACHE_HOSTS", value = "${aws_elasticache_replication_group.main.primary_endpoint_address}:6379" },
              { name = "UPLOADS", value = aws_s3_bucket.main.bucket },
              { name = "AUDIT_TYPE", value = "ledger" },
            ]
          }])
        }
        """
    found = architecture({"deploy/main.tf": terraform})
    assert {(e.source, e.target) for e in found.edges(EdgeKind.USES)} == {
        ("service:shop", "cache:redis"),
        ("service:shop", "storage:s3"),
    }


def test_what_serves_where_a_procfile_lists_only_what_works_beside_it() -> None:
    files = {
        "Procfile": "worker: bundle exec sidekiq\nclock: bundle exec clockwork lib/clock.rb\n",
        "Gemfile": 'gem "rails"\ngem "sidekiq"\n',
        "config.ru": 'require_relative "config/environment"\nrun Rails.application\n',
        "config/routes.rb": 'Rails.application.routes.draw do\n  get "up", to: "health#show"\nend\n',
    }
    found = architecture(files, name="boats")
    assert {n.name for n in found.nodes(NodeKind.SERVICE)} == {"web", "worker", "clock"}
    assert {e.component for e in found.endpoints} == {"service:web"}
    # What somebody lists serves, and a bot that answers nobody stays alone.
    listed = files | {"Procfile": "app: bundle exec puma\nworker: bundle exec sidekiq\n"}
    assert {n.name for n in architecture(listed).nodes(NodeKind.SERVICE)} == {"app", "worker"}
    del files["config.ru"]
    assert {n.name for n in architecture(files).nodes(NodeKind.SERVICE)} == {"worker", "clock"}
