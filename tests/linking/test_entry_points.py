"""Which components people reach from outside, and what says so."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom


def entries(files: dict[str, str]) -> dict[str, list[str]]:
    """The entry points by name, each with the places of its reasons."""
    return {
        node.name: [str(each.at) for each in node.entered]
        for node in architecture(files).entry_points()
    }


PROXIED = {
    "compose.yaml": """
        services:
          web:
            image: nginx:1.27
            ports: ["80:80"]
            volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]
          orders:
            build: ./orders
            ports: ["8000:8000"]
          grafana:
            image: grafana/grafana
            ports: ["3000:3000"]
          db:
            image: postgres:16
            ports: ["5432:5432"]
        """,
    "nginx.conf": "server { location / { proxy_pass http://orders:8000; } }\n",
    "orders/Dockerfile": "FROM python:3.13\nCOPY . .\n",
    "orders/requirements.txt": "flask\n",
    "orders/app.py": """
        from flask import Flask, render_template

        app = Flask(__name__)

        @app.get("/orders")
        def orders():
            return render_template("orders.html")
        """,
}


def test_a_proxy_is_the_door_and_what_is_behind_it_is_none() -> None:
    assert entries(PROXIED) == {"web": ["compose.yaml:3", "compose.yaml:3"]}


def test_a_service_with_pages_is_entered_where_nothing_stands_before_it() -> None:
    alone = {path: text for path, text in PROXIED.items() if path != "nginx.conf"}
    alone["compose.yaml"] = alone["compose.yaml"].replace("nginx:1.27", "acme/cron:1")
    assert entries(alone) == {"orders": ["orders/app.py:2", "compose.yaml:7"]}


def test_what_is_open_and_answers_is_an_entry_where_there_is_no_door() -> None:
    api = {path: text.replace("render_template", "jsonify") for path, text in PROXIED.items()}
    api["compose.yaml"] = """
        services:
          orders:
            build: ./orders
            ports: ["8000:8000"]
          stock:
            build: ./stock
            ports: ["8001:8000"]
        """
    del api["nginx.conf"]
    api |= {
        path.replace("orders/", "stock/"): text.replace("orders", "stock")
        for path, text in api.items()
        if path.startswith("orders/")
    }
    assert set(entries(api)) == {"orders", "stock"}
    asking = """
        import requests
        def count():
            return requests.get("http://stock:8000/stock", timeout=2).json()
        """
    assert set(entries(api | {"orders/stock.py": asking})) == {"orders"}, "stock is asked by orders"
    queue = api["compose.yaml"].replace("          stock:", "          queue:")
    assert set(entries(api | {"compose.yaml": queue})) == {"orders", "queue"}
    del api["stock/app.py"]
    api["compose.yaml"] = api["compose.yaml"].replace('["8001:8000"]', "[]")
    assert list(entries(api)) == ["orders"], "the only part that is open and serves"


SITE = {
    "shop/Dockerfile": "FROM node:22\nCOPY . .\n",
    "shop/package.json": '{"name": "shop", "dependencies": {"express": "5"}}',
    "shop/server.js": """
        const express = require("express");
        const app = express();
        app.get("/", (req, res) => res.sendFile("views/index.html"));
        app.listen(80);
        """,
    "shop/views/index.html": "<html></html>",
}


def test_watchers_and_load_generators_do_not_stand_before_a_site() -> None:
    files = SITE | {
        "compose.yaml": """
            services:
              shop:
                build: shop
                ports: ["80:80"]
              loadgenerator:
                image: acme/load
                environment: {SHOP_URL: "http://shop:80"}
                ports: ["8089:8089"]
            """,
    }
    assert entries(files) == {"shop": ["shop/views/index.html:1", "compose.yaml:3"]}


def test_a_site_that_is_called_back_stays_the_entry() -> None:
    files = SITE | {
        "compose.yaml": """
            services:
              shop:
                build: shop
                ports: ["80:80"]
                environment: {BILLING_URL: "http://billing:80"}
              billing:
                image: acme/billing
                ports: ["81:80"]
                environment: {SHOP_URL: "http://shop:80"}
            """,
    }
    assert list(entries(files)) == ["shop"]


def test_routes_and_balancers_of_a_cluster() -> None:
    deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: NAME}
        spec:
          template:
            metadata: {labels: {app: NAME}}
            spec: {containers: [{name: main, image: acme/NAME}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: NAME}
        spec:
          type: TYPE
          selector: {app: NAME}
          ports: [{port: 80}]
        """
    files = {
        f"{name}.yaml": deployment.replace("NAME", name).replace("TYPE", kind)
        for name, kind in (("shop", "LoadBalancer"), ("stock", "ClusterIP"))
    }
    assert entries(files) == {"shop": ["shop.yaml:12"]}
    ingress = """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: edge}
        spec:
          rules:
          - http:
              paths:
              - backend: {service: {name: stock, port: {number: 80}}}
        """
    assert entries(files | {"edge.yaml": ingress}) == {"stock": ["edge.yaml:9"]}


def test_a_gateway_that_nothing_deploys() -> None:
    files = {
        "gateway/pom.xml": pom("gateway", "spring-cloud-starter-gateway"),
        "registry/pom.xml": pom("registry", "spring-cloud-starter-netflix-eureka-server"),
        "orders/pom.xml": pom("orders"),
        "watch/pom.xml": pom("watch", "spring-cloud-starter-netflix-hystrix-dashboard"),
    }
    assert list(entries(files)) == ["gateway"]
    assert entries({"orders/pom.xml": pom("orders"), "stock/pom.xml": pom("stock")}) == {}


def test_the_one_program_of_others_that_is_open() -> None:
    blog = {
        "compose.yaml": """
            services:
              blog: {image: wordpress, ports: ["80:80"], environment: {DB_HOST: "db:3306"}}
              db: {image: mysql:9, ports: ["3306:3306"]}
              cron: {image: acme/cron}
            """,
    }
    assert entries(blog) == {"blog": ["compose.yaml:3"]}
    blog["compose.yaml"] = blog["compose.yaml"].replace(
        "image: acme/cron", "image: acme/cron, ports: ['81:80']"
    )
    assert entries(blog) == {}


def test_what_a_provider_routes_to() -> None:
    service = """
        resource "google_cloud_run_v2_service" "NAME" {
          name    = "NAME"
          ingress = "INGRESS"
          template { containers { image = "gcr.io/acme/NAME" } }
        }
        """
    files = {
        f"{name}.tf": service.replace("NAME", name).replace("INGRESS", ingress)
        for name, ingress in (
            ("shop", "INGRESS_TRAFFIC_ALL"),
            ("stock", "INGRESS_TRAFFIC_INTERNAL_ONLY"),
            ("users", "INGRESS_TRAFFIC_ALL"),
        )
    }
    found = architecture(files)
    published = sorted(node.name for node in found.nodes() if node.published)
    assert [node.name for node in found.entry_points()] == published
    assert "shop" in published


def test_a_gateway_to_somebody_else_is_no_door() -> None:
    service = "NAME: {image: acme/NAME, ports: ['8000'], environment: {A_URL: 'http://A', B_URL: 'http://B'}}"

    def system(name: str, first: str, second: str) -> dict[str, str]:
        door = (
            service.replace("NAME", name).replace("//A", f"//{first}").replace("//B", f"//{second}")
        )
        rest = "a: {image: acme/a, ports: ['1']}, b: {image: acme/b, ports: ['2']}"
        return {"compose.yaml": f"services: {{{door}, {rest}}}"}

    assert list(entries(system("shop-gateway", "a", "b"))) == ["shop-gateway"]
    assert entries(system("payment-gateway", "bank.example.org", "card.example.org")) == {}
    assert list(entries(system("shop-api-gateway", "x.example.org", "y.example.org"))) == [
        "shop-api-gateway"
    ]


def test_a_site_of_which_another_service_reads_something() -> None:
    compose = """
        services:
          site: {build: ./site, ports: ["8000:8000"]}
          reader: {build: ./reader, ports: ["8001:8000"]}
        """
    site = """
        from flask import Flask, render_template

        app = Flask(__name__)

        @app.get("/")
        def start():
            return render_template("start.html")
        """
    reader = 'import requests\n\n\ndef read():\n    return requests.get("http://site:8000/feed")\n'
    files = {
        "compose.yaml": compose,
        "site/requirements.txt": "flask\n",
        "site/app.py": site,
        "reader/requirements.txt": "flask\nrequests\n",
        "reader/read.py": reader,
        "reader/app.py": site,
    }
    assert set(entries(files)) == {"reader", "site"}
    files["site/app.py"] = site.replace("render_template", "jsonify")
    assert set(entries(files)) == {"reader"}


MANIFEST = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {{name: {0}}}
    spec:
      selector: {{matchLabels: {{app: {0}}}}}
      template:
        metadata: {{labels: {{app: {0}}}}}
        spec: {{containers: [{{name: {0}, image: "acme/{0}:1"}}]}}
    ---
    apiVersion: v1
    kind: Service
    metadata: {{name: {0}}}
    spec: {{selector: {{app: {0}}}, ports: [{{port: 80}}]}}
    """


def test_pages_that_nobody_of_the_system_asks_for_are_for_people() -> None:
    files = {
        "k8s/pages.yaml": MANIFEST.format("pages"),
        "k8s/gateway.yaml": MANIFEST.format("gateway"),
        "pages/package.json": '{"name": "pages", "dependencies": {"react": "18", "axios": "1"}}',
        "pages/Dockerfile": "FROM nginx:1.27\nCOPY dist /usr/share/nginx/html\n",
        "pages/src/api.js": "import axios from 'axios';\naxios.get('http://gateway/orders');\n",
    }
    found = architecture(files)
    assert found.node("service:pages").entered
    files["pages/src/api.js"] = "export const none = 1;\n"
    assert not architecture(files).node("service:pages").entered


def test_an_edge_that_the_values_of_a_chart_switch_off() -> None:
    def entered(values: str) -> bool:
        files = {
            "chart/Chart.yaml": "name: orders\n",
            "chart/values.yaml": values,
            "chart/templates/service.yaml": """
                apiVersion: v1
                kind: Service
                metadata: {name: orders}
                spec: {selector: {app: orders}, ports: [{port: 80}]}
                """,
            "chart/templates/deployment.yaml": """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: orders}
                spec:
                  template:
                    metadata: {labels: {app: orders}}
                    spec: {containers: [{name: orders, image: acme/orders}]}
                """,
            "chart/templates/ingress.yaml": """
                {{- if .Values.ingress.enabled -}}
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: orders}
                spec:
                  rules: [{http: {paths: [{path: /, backend: {service: {name: orders}}}]}}]
                {{- end }}
                """,
        }
        found = architecture(files).entry_points()
        return any("edge" in reason.note for node in found for reason in node.entered)

    assert entered("ingress: {enabled: true}\n")
    assert not entered("ingress: {enabled: false}\n")
    assert entered("image: x\n")


def test_a_route_of_the_edge_to_what_its_build_writes_manifests_for() -> None:
    ingress = """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: edge}
        spec:
          rules:
            - http:
                paths:
                  - {path: /orders, pathType: Prefix, backend: {service: {name: orders}}}
        """
    files = {
        "ingress.yaml": ingress,
        "orders/pom.xml": pom("orders", "quarkus-kubernetes"),
        "stock/pom.xml": pom("stock", "quarkus-kubernetes"),
    }
    assert entries(files) == {"orders": ["ingress.yaml:9"]}


def test_the_only_part_that_answers_requests_where_nothing_is_open() -> None:
    web = "import org.springframework.web.bind.annotation.*;\n"
    serves = (
        f'{web}@RestController class {{0}} {{{{ @PostMapping("/{{0}}") void add() {{{{}}}} }}}}'
    )
    takes = (
        "import org.springframework.kafka.annotation.KafkaListener;\n"
        'class Taker { @KafkaListener(topics = "orders") void take(String text) {} }'
    )
    files = {
        "orders/pom.xml": pom("orders", "spring-kafka"),
        "orders/src/main/java/Orders.java": serves.format("Orders"),
        "trips/pom.xml": pom("trips", "spring-kafka"),
        "trips/src/main/java/Taker.java": takes,
    }
    assert list(entries(files)) == ["orders"]
    both = files | {"trips/src/main/java/Trips.java": serves.format("Trips")}
    assert entries(both) == {}


def test_a_proxy_that_is_built_here_is_known_by_its_name() -> None:
    built = {path: text for path, text in PROXIED.items() if path != "nginx.conf"}
    built["compose.yaml"] = built["compose.yaml"].replace(
        "web:\n            image: nginx:1.27", "caddy:\n            build: ./caddy"
    )
    built["caddy/Dockerfile"] = "FROM golang\nRUN go build\nCMD ./caddy\n"
    assert set(entries(built)) == {"caddy", "orders"}


def test_pages_in_an_image_that_is_built_elsewhere() -> None:
    compose = """
        services:
          NAME: {image: acme/shop-pages, ports: ["3000:80"]}
          orders: {build: ./orders, ports: ["8000:8000"]}
        """
    code = {path: text for path, text in PROXIED.items() if path.startswith("orders/")}
    code["orders/app.py"] = (
        "from flask import Flask\napp = Flask(__name__)\n@app.get('/orders')\ndef orders(): return []\n"
    )
    for name in ("ui", "web-ui", "frontend", "front-end", "client", "website", "webapp"):
        files = code | {"compose.yaml": compose.replace("NAME", name)}
        assert name in entries(files), name
    for name in ("kafka-ui", "clients", "uid", "queue"):
        files = code | {"compose.yaml": compose.replace("NAME", name)}
        assert name not in entries(files), name


def test_a_login_that_is_open_is_no_entry_beside_programs_that_nothing_deploys() -> None:
    program = (
        "import express from 'express'\nconst app = express()\n"
        "app.get('/x', (q, r) => r.end())\napp.listen(80)\n"
    )
    files = {
        "compose.yaml": "services:\n  login: {image: quay.io/keycloak/keycloak, ports: ['80:80']}\n",
        **{
            f"{name}/package.json": f'{{"name": "{name}", "dependencies": {{"express": "4"}},'
            ' "scripts": {"start": "node i.js"}}'
            for name in ("orders", "bills")
        },
        **{f"{name}/i.js": program for name in ("orders", "bills")},
    }
    assert entries(files) == {}


GO_MAIN = """
    package main
    import "net/http"
    func main() {{ http.HandleFunc("{}", nil); http.ListenAndServe(":80", nil) }}
    """
UNFINISHED = {
    "compose.yaml": """
        services:
          api-gateway: {build: ./gateway, ports: ["80:80"]}
          orders: {build: ./orders, ports: ["81:80"]}
        """,
    **{
        f"{name}/{file}": text
        for name in ("gateway", "orders")
        for file, text in {
            "Dockerfile": "FROM golang:1.23\nCOPY . .\n",
            "go.mod": f"module example.org/{name}\n",
            "main.go": GO_MAIN.format(f"/{name}"),
        }.items()
    },
}


def test_a_gateway_that_passes_nothing_on_is_no_door() -> None:
    assert set(entries(UNFINISHED)) == {"api-gateway", "orders"}
    passing = UNFINISHED["gateway/main.go"].replace(
        "func main() {", 'func main() { http.Get("http://orders/orders"); '
    )
    assert set(entries({**UNFINISHED, "gateway/main.go": passing})) == {"api-gateway"}
    sent = (
        UNFINISHED["gateway/main.go"]
        .replace('import "net/http"', 'import ("net/http"; "github.com/segmentio/kafka-go")')
        .replace(
            "func main() {",
            'func main() { w := kafka.Writer{Topic: "orders"}; w.WriteMessages(nil, kafka.Message{}); ',
        )
    )
    assert set(entries({**UNFINISHED, "gateway/main.go": sent})) == {"api-gateway"}
    # What its settings say to whom, nobody has read.
    library = "module example.org/gateway\nrequire github.com/vulcand/oxy v1.4.0\n"
    assert set(entries({**UNFINISHED, "gateway/go.mod": library})) == {"api-gateway"}


def test_a_graphql_server_before_several_is_a_door_beside_the_pages() -> None:
    files = {
        "compose.yaml": """
            services:
              pages: {build: ./pages, ports: ["80:3000"]}
              graph: {build: ./graph, ports: ["4000:4000"]}
              orders: {build: ./orders}
              bills: {build: ./bills}
            """,
        "pages/package.json": '{"name": "pages", "dependencies": {"react": "18"}}',
        "pages/public/index.html": "<html></html>",
        "graph/package.json": '{"name": "graph", "dependencies": {"apollo-server": "3"}}',
        "graph/index.js": """
            const { ApolloServer, gql } = require('apollo-server')
            const typeDefs = gql`type Query { orders: [String] }`
            const resolvers = { Query: { orders: () => {
              fetch('http://orders:80/orders'); return fetch('http://bills:80/bills') } } }
            new ApolloServer({ typeDefs, resolvers }).listen(4000)
            """,
        **{f"{name}/Dockerfile": "FROM node:22\nCOPY . .\n" for name in ("pages", "graph")},
        **{
            f"{name}/{file}": text
            for name in ("orders", "bills")
            for file, text in {
                "Dockerfile": "FROM golang:1.23\nCOPY . .\n",
                "go.mod": f"module example.org/{name}\n",
                "main.go": GO_MAIN.format(f"/{name}"),
            }.items()
        },
    }
    assert set(entries(files)) == {"pages", "graph"}
    one = files["graph/index.js"].replace("fetch('http://bills:80/bills')", "[]")
    assert set(entries({**files, "graph/index.js": one})) == {"pages"}


@pytest.mark.parametrize(
    ("ports", "open_"), [('ports: ["3333:3333"]', True), ("restart: always", False)]
)
def test_what_shares_the_network_of_another_is_open_by_the_ports_of_that(
    ports: str, *, open_: bool
) -> None:
    compose = f"""
        services:
          vpn: {{image: acme/tunnel, {ports}}}
          shop: {{build: shop, network_mode: "service:vpn"}}
        """
    files = {
        "compose.yaml": compose,
        "shop/Dockerfile": "FROM node:22\nCOPY . .\n",
        "shop/package.json": '{"dependencies": {"express": "4"}}',
        "shop/index.js": "const app = require('express')();\napp.get('/orders', all);\napp.listen(3333);\n",
    }
    published = [n.published for n in architecture(files).nodes() if n.name == "shop"]
    assert published == [open_]
