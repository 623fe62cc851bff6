"""What deployment files together say of workloads: through the real extractors."""

from __future__ import annotations

import time
from textwrap import dedent, indent

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind, Node, NodeKind
from scaleaudit.file_roles import role_of
from scaleaudit.source import Role


def nodes(found: Architecture) -> dict[str, Node]:
    return {node.name: node for node in found.nodes() if node.kind is not NodeKind.MODULE}


def edges(found: Architecture) -> set[tuple[str, str]]:
    wanted = (EdgeKind.CALLS, EdgeKind.USES)
    return {(e.source.partition(":")[2], e.target.partition(":")[2]) for e in found.edges(*wanted)}


CHART = """
    apiVersion: v2
    name: shop
    """
DEPLOYMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Values.orders.name }}
    spec:
      template:
        metadata: {labels: {app: "{{ .Values.orders.name }}"}}
        spec:
          containers:
            - image: "{{ .Values.repository }}/orders:{{ .Chart.AppVersion }}"
              env:
                - {name: STOCK_URL, value: "http://{{ .Values.stock.host }}:3000"}
                - {name: REDIS_HOST, value: '{{ include "shop.redis" . }}'}
    """


def test_chart_values_name_workloads_and_addresses() -> None:
    found = architecture(
        {
            "chart/Chart.yaml": CHART,
            "chart/values.yaml": """
                repository: registry.io/shop
                orders: {name: orders}
                stock: {host: stock}
                redis: {enabled: true}
                """,
            "chart/values-prod.yaml": "orders: {name: other}\n",
            "chart/templates/orders.yaml": DEPLOYMENT,
            "chart/templates/orders-service.yaml": """
                apiVersion: v1
                kind: Service
                metadata: {name: orders-api}
                spec: {type: NodePort, selector: {app: "{{ .Values.orders.name }}"}}
                """,
            "chart/templates/stock.yaml": """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: stock}
                spec: {template: {spec: {containers: [{image: acme/stock}]}}}
                """,
            "chart/templates/redis.yaml": """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: "{{ .Release.Name }}-redis"}
                spec: {template: {spec: {containers: [{image: "redis:7"}]}}}
                """,
            "chart/templates/_helpers.tpl": """
                {{- define "shop.redis" -}}
                {{- if .Values.redis.enabled }}
                {{- printf "%s-redis" .Release.Name }}
                {{- else }}
                {{- .Values.redis.host }}
                {{- end }}
                {{- end }}
                """,
        }
    )
    assert set(nodes(found)) == {"orders", "stock", "shop-redis"}
    assert "orders-api" in nodes(found)["orders"].aliases
    assert nodes(found)["orders"].published
    assert nodes(found)["shop-redis"].kind is NodeKind.CACHE
    assert edges(found) == {("orders", "stock"), ("orders", "shop-redis")}


def test_a_chart_around_overrides_the_values_of_the_chart_inside() -> None:
    found = architecture(
        {
            "chart/Chart.yaml": CHART,
            "chart/values.yaml": "web: {name: front}\nglobal: {host: api}\n",
            "chart/charts/web/Chart.yaml": "name: web\n",
            "chart/charts/web/values.yaml": "name: web\n",
            "chart/charts/web/templates/web.yaml": """
                apiVersion: v1
                kind: Pod
                metadata: {name: "{{ .Values.name }}"}
                spec:
                  containers:
                    - image: acme/web
                      env: [{name: API_URL, value: "http://{{ .Values.global.host }}"}]
                """,
            "k8s/api.yaml": """
                apiVersion: v1
                kind: Pod
                metadata: {name: api}
                spec: {containers: [{image: acme/api}]}
                """,
        }
    )
    assert set(nodes(found)) == {"front", "api"}
    assert edges(found) == {("front", "api")}


def test_names_that_no_file_tells_lose_their_unknown_ends() -> None:
    found = architecture(
        {
            "chart/Chart.yaml": CHART,
            "chart/templates/worker.yaml": """
                {{- range .Values.queues }}
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: "worker-{{ .name }}"}
                spec: {template: {spec: {containers: [{image: acme/worker}]}}}
                {{- end }}
                """,
            "chart/templates/mail/deployment.yaml": """
                apiVersion: v1
                kind: Pod
                metadata: {name: "{{ .Values.nothing }}"}
                spec: {containers: [{image: acme/x}]}
                """,
            "chart/templates/web-deployment.yaml": """
                apiVersion: v1
                kind: Pod
                metadata: {name: '{{ include "x" (dict "a" 1) }}'}
                spec: {containers: [{image: acme/y}]}
                """,
            "chart/templates/copied.yaml": """
                apiVersion: v1
                kind: Pod
                metadata: {name: '{{ include "this.fullname" . }}-copied'}
                spec: {containers: [{image: acme/z}]}
                """,
        }
    )
    assert set(nodes(found)) == {"worker", "shop-mail", "shop-web", "shop-copied"}


def test_charts_bring_stores_in() -> None:
    files = {
        "chart/Chart.yaml": """
            name: shop
            dependencies:
              - {name: postgresql, version: "1"}
              - {name: redis, version: "1"}
              - {name: common, version: "1"}
            """,
        "chart/values.yaml": "redis: {enabled: false}\n",
        "chart/templates/web.yaml": """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
                - {image: acme/web, env: [{name: DB_HOST, value: "{{ .Release.Name }}-postgresql"}]}
            """,
    }
    found = architecture(files)
    assert set(nodes(found)) == {"web", "postgresql"}
    assert edges(found) == {("web", "postgresql")}
    compose = {"compose.yaml": "services: {db: {image: 'postgres:16'}}\n"}
    beside = architecture(files | compose)
    assert set(nodes(beside)) == {"web", "db"}
    assert edges(beside) == {("web", "db")}


def test_an_overlay_adds_to_its_base_and_does_not_replace_it() -> None:
    found = architecture(
        {
            "base/web.yaml": """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  replicas: 1
                  template:
                    spec:
                      containers:
                        - {image: acme/web, env: [{name: REDIS_ADDR, value: "cache:6379"}]}
                """,
            "base/cache.yaml": """
                apiVersion: v1
                kind: Pod
                metadata: {name: cache}
                spec: {containers: [{image: redis}]}
                """,
            "overlays/cloud/kustomization.yaml": """
                resources: [../../base]
                replicas: [{name: web, count: 5}]
                patches:
                  - patch: |
                      apiVersion: apps/v1
                      kind: Deployment
                      metadata: {name: web}
                      spec:
                        template:
                          spec:
                            containers:
                              - name: w
                                env:
                                  - {name: REDIS_ADDR, value: REDIS_CONNECTION_STRING}
                                  - {name: MAIL_URL, value: "http://mail:25"}
                """,
            "base/mail.yaml": """
                apiVersion: v1
                kind: Pod
                metadata: {name: mail}
                spec: {containers: [{image: acme/mail}]}
                """,
        }
    )
    assert nodes(found)["web"].replicas == 5
    assert edges(found) == {("web", "cache"), ("web", "mail")}


def test_a_kustomize_component_that_nothing_takes_in_changes_nothing() -> None:
    files = {
        "base/web.yaml": """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: {containers: [{image: acme/web}]}
            """,
        "base/mail.yaml": """
            apiVersion: v1
            kind: Pod
            metadata: {name: mail}
            spec: {containers: [{image: acme/mail}]}
            """,
        "components/mail/kustomization.yaml": """
            apiVersion: kustomize.config.k8s.io/v1alpha1
            kind: Component
            patches:
              - patch: |
                  apiVersion: v1
                  kind: Pod
                  metadata: {name: web}
                  spec: {containers: [{name: w, env: [{name: MAIL_URL, value: "http://mail:25"}]}]}
            """,
    }
    assert edges(architecture(files)) == set()
    taken = "resources: [../base]\ncomponents: [../components/mail]\n"
    found = architecture({**files, "cloud/kustomization.yaml": taken})
    assert edges(found) == {("web", "mail")}


PACKAGE = '{"name": "NAME", "dependencies": {"express": "4"}, "scripts": {"start": "node ."}}\n'


def test_one_context_and_a_dockerfile_for_each_folder() -> None:
    found = architecture(
        {
            ".env": "CART_DOCKERFILE=./src/cart/src/Dockerfile\n",
            "compose.yaml": """
                services:
                  cart: {image: "acme/demo:cart", build: {context: ., dockerfile: "${CART_DOCKERFILE}"}}
                  mail: {image: "acme/demo:mail", build: {context: ., dockerfile: src/mail/Dockerfile}}
                  whole: {build: .}
                """,
            "src/cart/src/Dockerfile": "FROM node\nCOPY src/cart .\nCOPY proto proto\n",
            "src/cart/package.json": PACKAGE.replace("NAME", "cart"),
            "src/mail/Dockerfile": "FROM node\nCOPY ./src/mail/package.json ./\nCOPY src/mail .\n",
            "src/mail/package.json": PACKAGE.replace("NAME", "mail"),
            "Dockerfile": "FROM node\nCOPY . .\n",
        }
    )
    assert {name: node.path for name, node in nodes(found).items()} == {
        "cart": "src/cart",
        "mail": "src/mail",
        "whole": "",
    }


def test_arguments_of_a_build_tell_its_base() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  events: {build: {context: ./events, args: {BASE: "clickhouse/clickhouse-server:24"}}}
                  other: {build: {context: ./other, args: [BASE]}}
                """,
            "events/Dockerfile": "ARG BASE\nFROM ${BASE}\nCOPY my.xml /etc/\n",
            "other/Dockerfile": "ARG BASE\nFROM $BASE\n",
        }
    )
    assert nodes(found)["events"].kind is NodeKind.DATABASE
    assert nodes(found)["events"].technology == "clickhouse"
    assert nodes(found)["other"].technology == ""


POM = """
    <project><artifactId>NAME</artifactId>
    <parent><groupId>a</groupId><artifactId>parent</artifactId></parent>
    <dependencies><dependency><groupId>x</groupId><artifactId>DEPENDENCY</artifactId></dependency>
    </dependencies></project>
    """


def test_an_image_names_the_module_that_builds_it() -> None:
    found = architecture(
        {
            "docker-compose.yml": "services: {vets: {image: acme/clinic-vets}}\n",
            "clinic-vets/pom.xml": POM.replace("NAME", "clinic-vets"),
            "clinic-common/pom.xml": POM.replace("NAME", "clinic-common"),
        }
    )
    assert {name: node.path for name, node in nodes(found).items()} == {"vets": "clinic-vets"}


def test_one_folder_under_two_names_in_two_deployments_is_one() -> None:
    files = {
        "compose.yaml": "services: {cart: {build: ./src/cart}}\n",
        "chart/Chart.yaml": CHART,
        "chart/templates/carts.yaml": """
            apiVersion: v1
            kind: Pod
            metadata: {name: carts}
            spec: {containers: [{image: acme/cart}]}
            """,
        "src/cart/Dockerfile": "FROM node\nCOPY . .\n",
        "src/cart/package.json": PACKAGE.replace("NAME", "cart"),
    }
    (one,) = nodes(architecture(files)).values()
    assert {one.name, *one.aliases} >= {"cart", "carts"}
    second = "services: {cart: {build: ./src/cart}, search: {build: ./src/cart}}\n"
    several = nodes(architecture(files | {"compose.yaml": second}))
    assert set(several) == {"cart", "search", "carts"}
    worker = second.replace("search", "worker")
    apart = nodes(architecture(files | {"compose.yaml": worker}))  # which tells what it is for
    assert set(apart) == {"cart", "worker"}
    assert "carts" in apart["cart"].aliases
    job = """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: migrate}
        spec: {template: {spec: {containers: [{image: acme/cart, args: [migrate]}]}}}
        """
    beside = nodes(architecture(files | {"chart/templates/migrate.yaml": job}))
    assert set(beside) == {"cart", "migrate"}


def test_a_config_server_hands_settings_out() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  config: {build: config}
                  orders: {build: orders}
                  registry: {build: registry}
                  rabbit: {image: rabbitmq}
                  db: {image: postgres}
                """,
            "config/Dockerfile": "FROM java\n",
            "config/pom.xml": POM.replace("NAME", "config").replace(
                "DEPENDENCY", "spring-cloud-config-server"
            ),
            "config/src/main/resources/application.yml": "server.port: 8888\n",
            "config/src/main/resources/shared/application.yml": """
                spring.rabbitmq.host: rabbit
                eureka.client.serviceUrl.defaultZone: http://registry:8761/eureka/
                """,
            "config/src/main/resources/shared/orders-service.yml": """
                spring.datasource.url: jdbc:postgresql://db/orders
                """,
            "orders/Dockerfile": "FROM java\n",
            "orders/pom.xml": POM.replace("NAME", "orders").replace(
                "DEPENDENCY", "spring-cloud-starter-stream-rabbit"
            ),
            "orders/src/main/resources/bootstrap.yml": """
                spring.application.name: orders-service
                spring.cloud.config.uri: http://config:8888
                """,
            "registry/Dockerfile": "FROM java\n",
            "registry/pom.xml": POM.replace("NAME", "registry"),
        }
    )
    # The registry is named for all, but without its client library orders never calls it.
    assert edges(found) == {("orders", "config"), ("orders", "rabbit"), ("orders", "db")}


def test_a_module_of_terraform_is_no_workload_before_it_is_called() -> None:
    service = """
        resource "aws_ecs_service" "this" {
          name            = var.service_name
          task_definition = aws_ecs_task_definition.this.arn
        }
        resource "aws_ecs_task_definition" "this" {
          container_definitions = jsonencode([{ name = "a", image = "acme/a" }])
        }
        """
    assert nodes(architecture({"modules/service/main.tf": service})) == {}
    named = 'variable "service_name" { default = "orders" }\n'
    found = architecture({"infra/main.tf": service, "infra/variables.tf": named})
    assert set(nodes(found)) == {"orders"}


@pytest.mark.parametrize(
    "files",
    [
        {"a/compose.yaml": "services: {a: {image: x, extends: {service: a}}}\n"},
        {
            "compose.yaml": """
                include: [compose.yaml, b/compose.yaml]
                services: {a: {image: x, extends: {file: b/compose.yaml, service: b}}}
                """,
            "b/compose.yaml": """
                include: [../compose.yaml]
                services: {b: {image: x, extends: {file: ../compose.yaml, service: a}}}
                """,
        },
        {
            "a/kustomization.yaml": "resources: [../b]\n",
            "b/kustomization.yaml": "resources: [../a, ., ../../..]\n",
            "b/web.yaml": """
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec: {containers: [{image: x}]}
                """,
        },
        {
            "c/Chart.yaml": "name: c\n",
            "c/values.yaml": 'a: "{{ .Values.b }}"\nb: "{{ .Values.a }}"\n',
            "c/templates/a.yaml": """
                {{ define "x" }}{{ include "y" . }}{{ end }}
                {{ define "y" }}{{ include "x" . }}{{ end }}
                apiVersion: v1
                kind: Pod
                metadata: {name: 'p-{{ .Values.a }}-{{ include "x" . }}'}
                spec: {containers: [{image: '{{ .Values.a }}', env: [{name: A_URL, value: '{{ include "x" . }}'}]}]}
                """,
        },
        {
            "main.tf": """
                locals {
                  a = local.b
                  b = local.a
                }
                resource "aws_ecs_service" "this" { name = local.a }
                """,
            "app.py": "import os\n",
        },
        {
            ".env": "A=${B}\nB=${A}\n",
            "compose.yaml": "services: {a: {image: '${A}', build: {context: '${A}'}, environment: {X_URL: '${B}'}}}\n",
        },
    ],
    ids=["extends itself", "compose", "kustomize", "chart", "terraform", "dotenv"],
)
def test_cycles_end(files: dict[str, str]) -> None:
    assert len(nodes(architecture(files))) <= 3


def test_a_prefix_that_nothing_sets_is_none() -> None:
    files = {
        "main.go": """
            package main

            import (
                "net/http"
                "os"
            )

            var base = os.Getenv("BASE_URL")

            func main() {
                http.HandleFunc(base+"/cart", cart)
                http.ListenAndServe(":80", nil)
            }
            """,
        "go.mod": "module a.example/shop\n",
    }
    assert [each.path for each in architecture(files).endpoints] == ["/cart"]
    given = {**files, ".env": "BASE_URL=/shop\n"}
    assert [each.path for each in architecture(given).endpoints] == ["/shop/cart"]


def test_code_that_is_mounted_into_an_image_of_tools() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  shop: {build: test/tools, command: go run ., volumes: [".:/shop"]}
                  fuzz: {build: test/tools, volumes: [".:/data"]}
                  proxy: {build: test/proxy, volumes: ["./test/proxy/conf:/etc/proxy"]}
                """,
            "test/tools/Dockerfile": "FROM golang\nCOPY install.sh /\n",
            "test/proxy/Dockerfile": "FROM nginx\n",
            "go.mod": "module a.example/shop\n",
            "main.go": "package main\n",
        }
    )
    assert nodes(found)["shop"].first_party
    assert nodes(found)["shop"].path == ""
    assert nodes(found)["proxy"].path == "test/proxy"
    assert nodes(found)["fuzz"].path == "test/tools"


def workload(name: str, image: str, *, kind: str = "Deployment", more: str = "") -> str:
    return f"""
        apiVersion: apps/v1
        kind: {kind}
        metadata: {{name: {name}}}
        spec:
          template:
            metadata: {{labels: {{app: {name}}}}}
            spec:
              containers:
                - image: {image}
                  {more}
        """


def test_config_map_of_the_same_name_is_that_beside_the_manifest() -> None:
    settings = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: addresses}
        data: {PRICES_ADDR: "%s:80"}
        """
    reading = "envFrom: [{configMapRef: {name: addresses}}]"
    code = (
        'import os, requests\ndef run():\n    requests.get("http://" + os.environ["PRICES_ADDR"])\n'
    )
    found = architecture(
        {
            "src/shop/Dockerfile": "FROM python:3.12\nCOPY . .\n",
            "src/shop/requirements.txt": "flask\n",
            "src/shop/run.py": code,
            "src/shop/deploy/shop.yaml": workload("shop", "shop", more=reading),
            "src/whole/Dockerfile": "FROM python:3.12\n",
            "src/whole/addresses.yaml": settings % "whole",
            "deploy/shop.yaml": workload("shop", "shop", more=reading),
            "deploy/addresses.yaml": settings % "prices",
            "deploy/prices.yaml": workload("prices", "acme/prices"),
            "deploy/whole.yaml": workload("whole", "acme/whole"),
        }
    )
    assert edges(found) == {("shop", "prices")}


def test_jobs_and_stores_of_tests_are_no_components_and_consoles_are_nobodys_code() -> None:
    found = architecture(
        {
            "docker-compose.yml": """
                services:
                  web: {image: acme/web}
                  db: {image: postgres}
                  db_test: {image: postgres}
                  adminer: {image: "adminer:4"}
                  ui:
                    image: provectuslabs/kafka-ui
                    ports: ["8080:8080"]
                    environment: {KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: "kafka:9092"}
                  kafka: {image: bitnami/kafka}
                  connect: {build: kafka-connect}
                  connect-ui: {image: landoop/kafka-connect-ui}
                  web-ui: {image: acme/web-ui}
                  wait: {image: busybox, command: sh -c 'sleep 5'}
                """,
            "deploy/seed.yaml": workload("seed", "postgres", kind="Job"),
            "kafka-connect/Dockerfile": "FROM confluentinc/cp-kafka-connect\n",
        }
    )
    known = nodes(found)
    consoles = {"adminer", "ui", "connect-ui"}
    assert set(known) == {"web", "db", "kafka", "connect", "web-ui", *consoles}
    assert {name for name in known if known[name].technology == "console"} == consoles
    assert not any(known[name].first_party for name in consoles)
    assert edges(found) == {("ui", "kafka")}


def test_override_changes_a_service_and_defines_none() -> None:
    found = architecture(
        {
            "Dockerfile": "FROM php:8\nCOPY . .\n",
            "composer.json": '{"name": "acme/shop", "require": {"php": "8"}}',
            "docker-compose.yml": """
                services:
                  shop: {build: .}
                  proxy: {image: traefik}
                """,
            "docker-compose.override.yml": """
                services:
                  proxy: {command: --debug}
                """,
        }
    )
    assert nodes(found)["proxy"].technology == "traefik"
    assert not nodes(found)["proxy"].first_party


def test_one_program_of_two_deployments_is_one_and_numbered_nodes_are_a_cluster() -> None:
    found = architecture(
        {
            "compose/docker-compose.yml": """
                services:
                  shop: {image: acme/shop, environment: {CACHE_URL: "redis://shop-cache:6379"}}
                  shop-cache: {image: redis}
                  metrics: {image: prom/prometheus}
                  kafka-1: {image: apache/kafka}
                  kafka-2: {image: apache/kafka}
                  kafka-3: {image: apache/kafka}
                """,
            "k8s/shop.yaml": workload("shop", "acme/shop"),
            "k8s/cache.yaml": workload("cache", "bitnami/redis"),
            "k8s/prometheus.yaml": workload("prometheus-deployment", "prom/prometheus"),
            "elsewhere/docker-compose.yml": """
                services:
                  other: {image: acme/other}
                  other-db: {image: mysql}
                """,
            "another/docker-compose.yml": """
                services:
                  third: {image: acme/third}
                  third-db: {image: mysql}
                """,
        }
    )
    named = nodes(found)
    assert set(named) == {
        "shop", "cache", "metrics", "kafka-1", "other", "other-db", "third", "third-db",
    }  # fmt: skip
    assert "shop-cache" in named["cache"].aliases
    assert "prometheus-deployment" in named["metrics"].aliases
    assert ("shop", "cache") in edges(found)


def test_stores_filled_with_data_are_known_by_name_and_port() -> None:
    ports = "ports: [{containerPort: 3306}]"
    found = architecture(
        {
            "k8s/db.yaml": workload("stock-db", "acme/stock-db", more=ports),
            "k8s/shop.yaml": workload("shop", "acme/shop", more=ports),
        }
    )
    assert nodes(found)["stock-db"].technology == "mysql"
    assert nodes(found)["shop"].kind is NodeKind.SERVICE


def test_contexts_of_another_checkout_name_no_folder() -> None:
    found = architecture(
        {
            "deployments/cli/build.yml": """
                services:
                  api: {image: acme/shop-api, build: {context: ../../, dockerfile: apps/api/Dockerfile}}
                """,
            "deployments/cli/docker-compose.yml": "services: {api: {image: acme/shop-api}}\n",
            "docker-compose.yml": "services: {api: {build: ./apps/api}}\n",
            "apps/api/Dockerfile": "FROM python:3.12\nCOPY . .\n",
            "apps/api/requirements.txt": "flask\n",
        }
    )
    assert {name: node.path for name, node in nodes(found).items()} == {"api": "apps/api"}


def test_a_dockerfile_beside_a_package_builds_that_package_of_the_whole_context() -> None:
    project = '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>'
    dockerfile = "FROM sdk AS build\nCOPY src/{0}/{0}.csproj src/{0}/\nCOPY . .\nFROM runtime\nCOPY --from=build /out .\n"
    found = architecture(
        {
            "docker-compose.yml": """
                services:
                  orders: {build: {context: ., dockerfile: src/Orders/Dockerfile}}
                  stock: {build: {context: ., dockerfile: src/Stock/Dockerfile}}
                """,
            "src/Orders/Dockerfile": dockerfile.format("Orders"),
            "src/Orders/Orders.csproj": project,
            "src/Stock/Dockerfile": dockerfile.format("Stock"),
            "src/Stock/Stock.csproj": project,
        }
    )
    assert {name: node.path for name, node in nodes(found).items()} == {
        "orders": "src/Orders",
        "stock": "src/Stock",
    }


def test_deployment_of_other_repositories_has_no_code_of_its_own() -> None:
    found = architecture(
        {
            "docker-compose.yml": """
                services: {cart: {image: acme/cart}, users: {image: acme/users}}
                """,
            "deploy/check.py": "import requests\nrequests.get('http://cart:80')\n",
        }
    )
    assert set(nodes(found)) == {"cart", "users"}


def test_versions_behind_one_service_are_one_component() -> None:
    service = """
        apiVersion: v1
        kind: Service
        metadata: {name: reviews}
        spec: {selector: {kind: reviews}}
        """
    version = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %s}
        spec:
          template:
            metadata: {labels: {kind: reviews}}
            spec: {containers: [{image: acme/%s}]}
        """
    found = architecture(
        {
            "k8s/service.yaml": service,
            "k8s/one.yaml": version % ("reviews-v1", "reviews-v1"),
            "k8s/two.yaml": version % ("reviews-v2-dark", "reviews-v2"),
            "k8s/other.yaml": workload("prices-v2", "acme/prices"),
            "src/reviews/Dockerfile": "FROM node:22\n",
            "src/reviews/package.json": '{"name": "reviews", "dependencies": {"express": "4"}}',
        }
    )
    assert {name: node.path for name, node in nodes(found).items()} == {
        "reviews": "src/reviews",
        "prices-v2": "",
    }


def test_a_step_before_the_start_is_no_service() -> None:
    found = architecture(
        {
            "app.py": "import flask\napp = flask.Flask(__name__)\n",
            "requirements.txt": "flask\n",
            "Dockerfile": "FROM python:3.12\nCOPY . /app\nCMD flask run\n",
            "compose.yaml": """
                services:
                  web:
                    build: .
                    depends_on:
                      prepare: {condition: service_completed_successfully}
                      mailer: {condition: service_started}
                  prepare:
                    build: .
                    command: flask db upgrade
                  mailer:
                    build: .
                    command: python -m mailer
            """,
        }
    )
    services = {n for n, node in nodes(found).items() if node.kind is NodeKind.SERVICE}
    assert services == {"web", "mailer"}


@pytest.mark.parametrize(("files", "offered"), [(20, False), (3, True)])
def test_a_catalogue_of_programs_to_install_is_not_the_system(files: int, *, offered: bool) -> None:
    others = {
        f"catalogue/{n}.yaml": f"services:\n  wiki{n}:\n    image: acme/wiki{n}:1\n"
        for n in range(files)
    }
    found = architecture(
        {
            "requirements.txt": "flask\n",
            "Dockerfile": "FROM python:3.12\nCOPY . /app\nCMD flask run\n",
            "compose.yaml": "services:\n  web:\n    build: .\n",
            **others,
        }
    )
    assert "web" in nodes(found)
    assert ("wiki1" in nodes(found)) is offered


def test_tables_of_statements_lie_in_the_database_that_has_tables() -> None:
    found = architecture(
        {
            "requirements.txt": "flask\npsycopg2\npymongo\n",
            "app.py": """
                import psycopg2
                import pymongo
                shop = psycopg2.connect("postgresql://books/shop")
                notes = pymongo.MongoClient("mongodb://papers/notes")
                def orders():
                    cursor = shop.cursor()
                    cursor.execute("SELECT id FROM orders WHERE paid = 1")
            """,
        }
    )
    assert {n.path for n in found.nodes(NodeKind.TABLE)} == {
        n.id for n in found.nodes(NodeKind.DATABASE) if n.technology == "postgresql"
    }
    assert found.nodes(NodeKind.TABLE)


@pytest.mark.parametrize(
    ("command", "root"),
    [
        ("pnpm mail", "apps/mailer"),
        ("pnpm --filter @shop/mailer run start", "apps/mailer"),
        ("yarn workspace @shop/mailer start", "apps/mailer"),
        ("npm run start --workspace=apps/mailer", "apps/mailer"),
        ("sh -c 'pnpm install && pnpm run mail'", "apps/mailer"),
        ("turbo run start --filter=@shop/mailer --filter=@shop/web", ""),
        ("pnpm --filter @shop/unknown start", ""),
        ("node server.js", ""),
    ],
)
def test_a_command_starts_one_member_of_a_workspace(command: str, root: str) -> None:
    found = architecture(
        {
            "package.json": """
                {"name": "shop", "workspaces": ["apps/*"],
                 "scripts": {"mail": "pnpm --filter @shop/mailer run start"}}
            """,
            "apps/mailer/package.json": '{"name": "@shop/mailer", "scripts": {"start": "node ."}}',
            "apps/web/package.json": '{"name": "@shop/web", "scripts": {"start": "node ."}}',
            "Dockerfile": "FROM node:24\nCOPY . .\n",
            "compose.yaml": f"services:\n  post:\n    build: .\n    command: {command}\n",
        }
    )
    assert nodes(found)["post"].path == root


def test_monitoring_reaches_what_it_watches() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  orders: {build: ./orders}
                  prometheus:
                    image: prom/prometheus
                    volumes: ["./watch/prometheus.yml:/etc/prometheus/prometheus.yml"]
                  grafana: {image: grafana/grafana}
                """,
            "orders/package.json": PACKAGE.replace("NAME", "orders"),
            "watch/prometheus.yml": """
                scrape_configs:
                  - static_configs: [{targets: ["orders:3000", "localhost:9090", "gone:1"]}]
                """,
            "watch/sources.yaml": """
                apiVersion: 1
                datasources: [{name: m, url: "http://prometheus:9090"}]
                """,
        }
    )
    assert edges(found) == {("prometheus", "orders"), ("grafana", "prometheus")}


def test_names_that_lead_to_containers_of_another_project() -> None:
    files = {
        "stores/compose.yaml": """
            services:
              mysql: {image: "mysql:8", container_name: shop_mysql_1}
            """,
        "compose.yaml": """
            services:
              orders:
                image: acme/orders
                external_links: ["shop_mysql_1:db"]
                environment: ["SPRING_DATASOURCE_URL=jdbc:mysql://db:3306/x"]
            """,
    }
    assert edges(architecture(files)) == {("orders", "mysql")}


def test_a_machine_in_a_private_network_with_a_port_of_ours() -> None:
    settings = {
        "compose.yaml": """
            services:
              nacos: {image: nacos/nacos-server, ports: ["8848:8848"]}
            """,
        "orders/pom.xml": POM,
        "orders/src/main/resources/application.yml": "spring.cloud.nacos.server-addr: 192.168.3.101:8848\n",
    }
    assert edges(architecture(settings)) == {("app", "nacos")}
    elsewhere = settings["orders/src/main/resources/application.yml"].replace("8848", "8849")
    away = settings | {"orders/src/main/resources/application.yml": elsewhere}
    assert edges(architecture(away)) == {("app", "192.168.3.101")}


def test_a_name_with_its_namespace() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  shipper:
                    image: acme/shipper
                    environment: ["HOST=search.logging", "OTHER_HOST=search.shop"]
                  search: {image: acme/search}
                """
        }
    )
    assert edges(found) == {("shipper", "search")}
    assert len(found.edges(EdgeKind.CALLS)[0].evidence) == 1


def test_a_build_context_without_anything_to_build_is_told_by_the_image() -> None:
    found = architecture(
        {
            "deployment/build.compose.yaml": "services: {orders: {build: ., image: acme/orders}}\n",
            "orders/Dockerfile": "FROM openjdk\n",
            "orders/pom.xml": POM.replace("NAME", "orders"),
        }
    )
    assert {name: node.path for name, node in nodes(found).items()} == {"orders": "orders"}


def test_of_two_deployments_the_address_counts_that_leads_to_what_is_deployed() -> None:
    found = architecture(
        {
            "a.compose.yaml": """
                services:
                  orders: {build: ./orders, environment: [SPRING_PROFILES_ACTIVE=cluster]}
                """,
            "b.compose.yaml": """
                services:
                  orders: {build: ./orders, environment: [SPRING_PROFILES_ACTIVE=docker]}
                  graph: {image: "neo4j:5"}
                """,
            "orders/Dockerfile": "FROM openjdk\n",
            "orders/pom.xml": POM.replace("NAME", "orders"),
            "orders/src/main/resources/application-cluster.yml": "spring.neo4j.uri: bolt://away\n",
            "orders/src/main/resources/application-docker.yml": "spring.neo4j.uri: bolt://graph\n",
        }
    )
    assert edges(found) == {("orders", "graph")}
    assert not found.has("database:away")


def test_settings_and_pipelines_that_a_config_map_puts_into_the_file_system() -> None:
    pod = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: NAME}
        spec:
          template:
            metadata: {labels: {app: NAME}}
            spec:
              containers:
              - name: main
                image: IMAGE
                volumeMounts: [{name: conf, mountPath: /config}]
              volumes: [{name: conf, configMap: {name: NAME-files}}]
        """
    files = {
        "k8s/orders.yaml": pod.replace("NAME", "orders").replace("IMAGE", "acme/orders"),
        "k8s/shipper.yaml": pod.replace("NAME", "shipper").replace("IMAGE", "logstash:8"),
        "k8s/other.yaml": pod.replace("NAME", "other").replace("IMAGE", "acme/other"),
        "k8s/db.yaml": pod.replace("NAME", "db").replace("IMAGE", "postgres:16"),
        "k8s/search.yaml": pod.replace("NAME", "search").replace("IMAGE", "elasticsearch:8"),
        "k8s/files.yaml": """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: orders-files}
            data:
              application.yml: |
                spring:
                  datasource: {url: "jdbc:postgresql://db/x"}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: shipper-files}
            data:
              logstash.conf: |
                output {
                  elasticsearch { hosts => ["search:9200"] }
                }
            """,
    }
    assert edges(architecture(files)) == {("orders", "db"), ("shipper", "search")}


def test_an_image_that_others_start_from_is_no_component() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  base:
                    image: acme/base:latest
                    build: {context: ., dockerfile: base.Dockerfile}
                  web:
                    build: ./web
                """,
            "base.Dockerfile": "FROM golang:1.23\nCOPY go.mod .\n",
            "web/Dockerfile": "FROM acme/base:latest AS build\nCOPY . .\n",
        }
    )
    assert [node.name for node in found.nodes(NodeKind.SERVICE)] == ["web"]


def test_the_working_folder_below_a_mount_is_the_source() -> None:
    service = """
                  {name}:
                    build: {{context: docker/app}}
                    working_dir: /code/{folder}
                    volumes: ["./internal:/code", "./.cache:/cache"]
    """
    services = "".join(
        service.format(name=name, folder=name.partition("-")[0])
        for name in ("orders-http", "orders-grpc", "front")
    )
    found = architecture(
        {
            "compose.yaml": f"services:\n{services}",
            "docker/app/Dockerfile": "FROM golang\nCOPY start.sh /\n",
            "internal/orders/go.mod": "module example.org/orders\n",
            "internal/orders/main.go": """
                package main
                func main() { pb.RegisterOrdersServer(server, orders{}) }
                """,
            "internal/front/go.mod": "module example.org/front\n",
            "internal/front/main.go": """
                package main
                func main() { client := pb.NewOrdersClient(connection) }
                """,
        }
    )
    assert {name: node.path for name, node in nodes(found).items()} == {
        "orders-http": "internal/orders",
        "orders-grpc": "internal/orders",
        "front": "internal/front",
    }
    assert edges(found) == {("front", "orders-grpc")}


def test_a_deployment_of_a_cluster_is_called_what_stands_before_its_kind() -> None:
    found = architecture(
        {
            "compose.yaml": "services: {orders: {image: acme/orders}}\n",
            "k8s/orders.yaml": """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: orders-deployment}
                spec: {template: {spec: {containers: [{name: main, image: acme/orders}]}}}
                """,
        }
    )
    assert [node.name for node in found.nodes(NodeKind.SERVICE)] == ["orders"]
    assert "orders-deployment" in nodes(found)["orders"].aliases


def test_a_chart_and_a_compose_file_name_one_program_differently() -> None:
    manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: "release-registry"}
        spec:
          template:
            metadata: {labels: {app: registry}}
            spec: {containers: [{name: main, image: acme/registry}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: registry}
        spec: {selector: {app: registry}, ports: [{port: 8761}]}
        """
    compose = "services: {registry: {image: acme/registry}, other: {image: acme/other}}\n"
    found = architecture({"k8s/registry.yaml": manifest, "compose.yaml": compose})
    assert sorted(node.name for node in found.nodes(NodeKind.SERVICE)) == ["other", "registry"]


def test_images_with_the_name_of_their_owner_before_the_folder_that_builds_them() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  one: {image: acme/shop-orders}
                  two: {image: acme/shop-stock}
                  three: {image: acme/shop-mail}
                  four: {image: acme/shop-bills}
                """,
            "orders/Dockerfile": "FROM node\nCOPY . .\n",
            "stock/Dockerfile": "FROM node\nCOPY . .\n",
            "bills-service/Dockerfile": "FROM node\nCOPY . .\n",
        }
    )
    assert {n.name: n.path for n in found.nodes(NodeKind.SERVICE)} == {
        "one": "orders",
        "two": "stock",
        "three": "",
        "four": "bills-service",
    }


def test_an_image_called_after_the_repository_and_the_folder_that_builds_it() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  one: {image: acme/my-shop-order-service}
                  two: {image: acme/your-stock}
                  three: {image: other/stock-mail-service}
                """,
            "order-service/Dockerfile": "FROM node\nCOPY . .\n",
            "stock/Dockerfile": "FROM node\nCOPY . .\n",
            "a/mail-service/Dockerfile": "FROM node\nCOPY . .\n",
            "b/mail-service/Dockerfile": "FROM node\nCOPY . .\n",
        }
    )
    services = {n.name: n.path for n in found.nodes(NodeKind.SERVICE)}
    assert (services["one"], services["two"], services["three"]) == ("order-service", "", "")


def test_two_ways_to_deploy_the_same_folders_are_one_system() -> None:
    services = ("orders", "stock", "mail")
    compose = "\n".join(["services:", *(f"  {n}: {{build: ../{n}}}" for n in services)])
    other = "\n".join(["services:", *(f"  x-{n}: {{build: ../{n}}}" for n in services)])
    store = "\n  db: {image: mysql}\n"
    found = architecture(
        {
            "a/compose.yaml": compose + store,
            "b/compose.yaml": other + store,
            **{f"{name}/Dockerfile": "FROM node\nCOPY . .\n" for name in services},
        }
    )
    assert [node.name for node in found.nodes(NodeKind.DATABASE)] == ["db"]


def test_an_image_that_only_the_environment_knows_is_not_built_here() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  web: {build: ., image: "${WEB_IMAGE}"}
                  db: {image: "${DB_IMAGE:?error}", command: "${DB_COMMAND:-}"}
                """,
            "Dockerfile": "FROM node\nCOPY . .\n",
            "package.json": '{"name": "shop", "dependencies": {"express": "4"}}',
        }
    )
    assert nodes(found)["web"].application == "."
    assert nodes(found)["db"].application != "."


def test_how_a_product_is_packaged_may_stand_in_a_folder_called_build() -> None:
    assert role_of("build/docker/docker-compose.yml")[1] == ""
    assert role_of("build/package/api.Dockerfile")[1] == ""
    assert role_of("build/nomad/jobs/api.nomad.hcl")[1] == ""
    assert role_of("web/build/static/main.js")[1] == "build output"
    assert role_of("dist/build/Dockerfile")[1] == "build output"
    assert not role_of("database/build/list.go")[1]
    assert role_of("build/vendor/list.go")[1] == "vendored"
    assert role_of("dist/list.go")[1] == "build output"
    assert role_of("node_modules/x/build/Dockerfile")[1] == "vendored"


def test_sources_may_stand_in_a_folder_called_build() -> None:
    assert role_of("apps/web/src/build/queue.ts") == (Role.SOURCE, "")
    assert role_of("src/shop/build/tests/test_queue.py") == (Role.TEST, "")
    assert role_of("src/build/queue.d.ts")[1] == "build output"
    assert role_of("src/build/queue.js")[1] == "build output"
    assert role_of("build/src/queue.ts")[1] == "build output"
    assert role_of("src/dist/queue.ts")[1] == "build output"


def test_the_command_says_which_program_of_an_image_runs() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  keeper:
                    image: strimzi/kafka:2
                    command: ["sh", "-c", "bin/zookeeper-server-start.sh config/zookeeper.properties"]
                  log:
                    image: strimzi/kafka:2
                    command: ["sh", "-c", "bin/kafka-server-start.sh config/server.properties"]
                """
        }
    )
    assert {name: (n.kind, n.technology) for name, n in nodes(found).items()} == {
        "keeper": (NodeKind.SERVICE, "zookeeper"),
        "log": (NodeKind.BROKER, "kafka"),
    }


def test_a_folder_of_dockerfiles_packs_the_unit_around_it() -> None:
    pom = """
        <project>
          <parent><groupId>acme</groupId><artifactId>built-elsewhere</artifactId></parent>
          <artifactId>orders-web</artifactId>
        </project>
        """
    found = architecture(
        {
            "deploy/web.yaml": workload("orders-web", "acme/orders-web"),
            "orders-web/pom.xml": pom,
            "orders-web/src/main/docker/Dockerfile.jvm": "FROM openjdk\nCOPY target/ /\n",
        }
    )
    assert {name: n.path for name, n in nodes(found).items()} == {"orders-web": "orders-web"}


def test_a_store_that_another_deployment_has_under_the_name_of_its_kind() -> None:
    def used(url: str, more: str = "") -> set[str]:
        found = architecture(
            {
                "compose.yaml": f"services: {{documents: {{image: 'mongo:7'}}{more}}}\n",
                "deploy/web.yaml": workload(
                    "web", "acme/web", more=f"env: [{{name: MONGO_URL, value: '{url}'}}]"
                ),
                "web/Dockerfile": "FROM node\nCOPY . .\n",
                "web/package.json": PACKAGE.replace("NAME", "web"),
                "web/index.js": "const { MongoClient } = require('mongodb');\n"
                "new MongoClient(process.env.MONGO_URL);\n",
            }
        )
        return {edge.target for edge in found.edges()}

    assert used("mongodb://mongodb:27017/shop") == {"database:documents"}
    assert used("mongodb://mongodb.database:27017/shop") == {"database:documents"}
    assert used("mongodb://archive:27017/shop") == {"database:archive"}
    two = ", more: {image: 'mongo:7'}"
    assert used("mongodb://mongodb:27017/shop", two) == {"database:mongodb"}


def test_images_of_tests_are_no_components() -> None:
    """The image of a program beside that of its tests, from one folder, in a deployment of its own."""
    found = architecture(
        {
            "compose.yaml": """
                services:
                  orders-service: {image: "acme/orders-service"}
                  load-test: {image: "acme/orders-load-test"}
                """,
            "services/orders/compose.yaml": """
                services:
                  orders-service: {image: "acme/orders-service:${VERSION:-latest}"}
                  component-test: {image: orders-service-test, depends_on: [orders-service]}
                  fake: {image: orders-service-test, command: [./fake]}
                """,
            "charts/orders/Chart.yaml": "name: orders\nversion: 1.0.0\n",
            "charts/orders/templates/deployment.yaml": workload("orders", "acme/orders-service:1"),
            "services/orders/Dockerfile": "FROM golang\nCOPY . .\n",
            "services/orders/go.mod": "module acme.example/orders\n",
        }
    )
    assert {node.name for node in found.nodes(NodeKind.SERVICE)} == {"orders-service", "load-test"}


def test_a_program_with_an_image_of_its_own_that_no_deployment_names() -> None:
    found = architecture(
        {
            "compose.yaml": "services:\n  orders: {build: orders}\n",
            **{f"{name}/package.json": '{"dependencies": {"express": "4"}}' for name in ("orders", "pages")},
            **{f"{name}/Dockerfile": "FROM node\nCMD npm start\n" for name in ("orders", "pages", "orders/ci", "docs")},
            "orders/ci/package.json": '{"dependencies": {"jest": "29"}}',
            "docs/package.json": '{"dependencies": {"express": "4"}}',
        }
    )  # fmt: skip
    assert set(nodes(found)) == {"orders", "pages"}


def test_an_image_of_the_whole_repository_holds_the_folders_with_images_of_their_own() -> None:
    found = architecture(
        {
            "compose.yaml": "services:\n  api: {build: {context: ., dockerfile: dev/Dockerfile.api}}\n",
            "dev/Dockerfile.api": "FROM node\nCOPY . .\n",
            "server/package.json": '{"dependencies": {"express": "4"}}',
            "server/Dockerfile": "FROM node\nCMD npm start\n",
        }
    )
    assert set(nodes(found)) == {"api"}


def test_arguments_of_what_a_dockerfile_alone_makes() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  bus: {image: "nats:2"}
                  metrics: {build: metrics, command: ["-varz", "http://bus:8222"]}
                """,
            "metrics/Dockerfile": "FROM alpine\nRUN apk add nats-exporter\n",
        }
    )
    assert edges(found) == {("metrics", "bus")}


def test_an_address_behind_an_option_of_its_own_word() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  collector: {image: otel/opentelemetry-collector}
                  load: {image: acme/load, command: [traces, --otlp-endpoint, "collector:4317"]}
                  other: {image: acme/other, command: [--public-host, "collector:4317", --name, "collector:1"]}
                """,
        }
    )
    assert edges(found) == {("load", "collector")}


GENERATED = {
    "k8s/kustomization.yaml": """
        resources: [shop.yaml]
        configMapGenerator:
          - {name: shop-config, literals: ["STOCK_ADDR=stock:8080"], envs: [shop.env]}
        secretGenerator:
          - {name: shop-secret, literals: ["DATABASE_URL=postgres://app:w0rd@ledger:5432/shop"]}
        """,
    "k8s/shop.env": "QUEUE_URL=amqp://bus:5672\n",
    "k8s/shop.yaml": "\n---\n".join(
        dedent(f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: {name}}}
        spec:
          template:
            metadata: {{labels: {{app: {name}}}}}
            spec: {{containers: [{{name: {name}, image: "{image}"{more}}}]}}
        """)
        for name, image, more in (
            ("stock", "acme/stock:1", ""),
            ("bus", "rabbitmq:3", ""),
            ("ledger", "postgres:16", ""),
            (
                "shop",
                "acme/shop:1",
                ", envFrom: [{configMapRef: {name: shop-config}}, {secretRef: {name: shop-secret}}]",
            ),
        )
    ),
}


def reached_from(found: Architecture, name: str) -> set[str]:
    return {
        found.node(e.target).name
        for e in found.edges(EdgeKind.CALLS, EdgeKind.USES)
        if e.source == f"service:{name}"
    }


def test_what_one_workload_alone_is_handed_is_meant_for_it() -> None:
    found = architecture(GENERATED)
    assert reached_from(found, "shop") == {"stock", "bus", "ledger"}
    assert "w0rd" not in str(found.edges())


def test_a_secret_that_a_script_makes_of_a_file() -> None:
    files = {
        "Makefile": "secrets:\n"
        "\tkubectl -n shop create secret generic shop-secret --from-env-file=deploy/shop.env\n",
        "deploy/shop.env": "DATABASE_URL=postgres://app:w0rd@ledger:5432/shop\n",
        "k8s/shop.yaml": GENERATED["k8s/shop.yaml"],
    }
    assert reached_from(architecture(files), "shop") == {"ledger"}
    said = {"Makefile": f"help:\n\techo {files['Makefile'].splitlines()[1].strip()}\n"}
    assert reached_from(architecture(files | said), "shop") == set()


def test_what_several_workloads_are_handed_is_not_what_each_connects_to() -> None:
    several = GENERATED["k8s/shop.yaml"].replace(
        'image: "acme/stock:1"',
        'image: "acme/stock:1", envFrom: [{configMapRef: {name: shop-config}}]',
    )
    found = architecture(GENERATED | {"k8s/shop.yaml": several})
    assert reached_from(found, "shop") == {"ledger"}


def test_variables_that_double_each_other_end() -> None:
    lines = "\n".join(f"V{n}=${{V{n - 1}}}${{V{n - 1}}}" for n in range(1, 60))
    files = {
        "compose.yaml": """
            services:
              shop: {image: acme/shop, env_file: .env, environment: {STOCK: "http://${V59}"}}
            """,
        ".env": f"V0=stock\n{lines}\n",
    }
    began = time.monotonic()
    assert not edges(architecture(files))
    assert time.monotonic() - began < 60


OF_A_CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\n",
    "chart/values.yaml": """
        web:
          env: {Limits: {cpu: 1}, STOCK_URL: "http://stock:80", MODE: fast}
          more:
            - {name: RATES_URL, value: "http://{{ .Release.Name }}-rates:80"}
          config: {MAIL_HOST: mail}
          labels: {USERS_URL: "http://users:80"}
        """,
    "chart/templates/others.yaml": "---".join(
        f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec: {{template: {{spec: {{containers: [{{name: main, image: "acme/{name}:1"}}]}}}}}}
"""
        for name in ("stock", "shop-rates", "mail", "users")
    ),
    "chart/templates/config.yaml": """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: web}
        data:
          {{- range $key, $value := .Values.web.config }}
          {{ $key }}: {{ $value | quote }}
          {{- end }}
        """,
}
WEB = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      template:
        metadata:
          labels:
            {{- toYaml .Values.web.labels | nindent 12 }}
        spec:
          containers:
            - name: web
              image: acme/web:1
              envFrom: [{configMapRef: {name: web}}]
              env:
                - name: PASSWORD
                  valueFrom:
                    secretKeyRef: {name: web, key: password}
                - name: NODE
                  valueFrom:
                    fieldRef:
                      fieldPath: spec.nodeName
    TABLES
    """


@pytest.mark.parametrize(
    "tables",
    [
        """
                {{- range $key, $value := .Values.web.env }}
                - name: {{ $key }}
                  value: {{ $value | quote }}
                {{- end }}
                {{- toYaml .Values.web.more | nindent 16 }}
        """,
        """
                {{- with .Values.web.more }}
                {{- tpl (toYaml .) $ | nindent 16 }}
                {{- end }}
                {{- range $key, $value := $.Values.web.env }}
                - {name: "{{ $key }}", value: "{{ $value }}"}
                {{- end }}
        """,
        """
                {{- include "common.render" (dict "value" .Values.web.more "context" $) | nindent 16 }}
                {{- toYaml .Values.web.env | nindent 16 }}
        """,
    ],
)
def test_tables_of_a_chart_in_an_environment(tables: str) -> None:
    text = dedent(WEB).replace("TABLES", indent(dedent(tables).strip("\n"), " " * 12))
    found = architecture(OF_A_CHART | {"chart/templates/web.yaml": text})
    assert reached_from(found, "web") == {"stock", "shop-rates", "mail"}


def test_a_table_below_entries_that_stand_no_deeper_than_what_holds_them() -> None:
    text = dedent(WEB).partition("TABLES")[0]
    start, holder, entries = text.partition("env:\n")
    table = " " * 10 + "{{- toYaml .Values.web.env | nindent 10 }}\n"
    outdented = "".join(line[2:] for line in entries.splitlines(keepends=True)) + table
    found = architecture(OF_A_CHART | {"chart/templates/web.yaml": start + holder + outdented})
    assert reached_from(found, "web") == {"stock", "mail"}
