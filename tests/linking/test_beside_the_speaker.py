"""Whom a port or a name means where several deployments have one like it."""

from __future__ import annotations

import json

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind, NodeKind

DOCKERFILE = "FROM node\nCOPY . .\n"
PACKAGE = '{"dependencies": {"express": "4"}}'
CODE = "const app = require('express')();\napp.get('/x', all);\napp.listen(process.env.PORT);\n"
ADDRESS = "const base = process.env.API_ADDRESS;\nmodule.exports = base;\n"


def test_of_two_that_open_a_port_the_one_in_the_same_file() -> None:
    files = {
        "one/compose.yaml": """
            services:
              site: {build: ../site, environment: {API_ADDRESS: "http://localhost:4000/api"}}
              api: {build: ../api, ports: ["4000:80"]}
            """,
        "two/compose.yaml": "services: {other: {build: ../other, ports: ['4000:80']}}\n",
    }
    for name in ("site", "api", "other"):
        files |= {
            f"{name}/package.json": PACKAGE,
            f"{name}/Dockerfile": DOCKERFILE,
            f"{name}/index.js": CODE + (ADDRESS if name == "site" else ""),
        }
    found = architecture(files)
    assert {(e.source, e.target) for e in found.edges(EdgeKind.CALLS)} == {
        ("service:site", "service:api")
    }


def test_an_image_called_like_the_last_word_of_a_folder() -> None:
    manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec: {template: {spec: {containers: [{name: web, image: "web:dev"}]}}}
        """
    package = {"name": "x", "dependencies": {"next": "14"}, "scripts": {"start": "next start"}}
    files = {
        "k8s/web.yaml": manifest,
        "src/Shop.Web/package.json": json.dumps(package),
        "src/Shop.Web/app/page.tsx": "export default function Page() { return null; }\n",
        "src/Shop.Web/app/api/auth/[...all]/route.ts": (
            'import { handlers } from "@/auth";\nexport const { GET, POST } = handlers;\n'
        ),
    }
    found = architecture(files)
    assert [(n.name, n.path) for n in found.nodes(NodeKind.SERVICE)] == [("web", "src/Shop.Web")]
    assert {(e.method, e.path) for e in found.endpoints} == {
        ("GET", "/"),
        ("GET", "/api/auth/{all}"),
        ("POST", "/api/auth/{all}"),
    }
    files["lib/Stock.Web/package.json"] = json.dumps({"name": "y"})
    found = architecture(files)
    assert ("web", "src/Shop.Web") not in {(n.name, n.path) for n in found.nodes(NodeKind.SERVICE)}


GO = """
    package main
    import (
        "fmt"
        "net/http"
        "github.com/go-chi/chi"
        zipkinhttp "github.com/openzipkin/zipkin-go/reporter/http"
        "go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
    )
    func main() {
        zipkinhttp.NewReporter(fmt.Sprintf("%s/api/v2/spans", "http://zipkin:9411"))
        otlptracegrpc.New(ctx, otlptracegrpc.WithEndpoint("collector:4317"))
        r := chi.NewRouter()
        r.Route("/orders", func(r chi.Router) {
            r.With(first).
                With(second).
                Get("/{id}", show)
        })
        http.ListenAndServe(":80", r)
    }
    """


def test_chains_over_several_lines_and_reporters_of_traces_in_go() -> None:
    compose = """
        services:
          orders: {build: orders}
          zipkin: {image: openzipkin/zipkin}
          collector: {image: otel/opentelemetry-collector}
        """
    found = architecture(
        {
            "compose.yaml": compose,
            "orders/go.mod": "module example.org/orders\n",
            "orders/main.go": GO,
            "orders/Dockerfile": "FROM golang\nCOPY . .\nRUN go build .\n",
        }
    )
    assert {(e.method, e.path) for e in found.endpoints} == {("GET", "/orders/{id}")}
    assert {e.target for e in found.edges(EdgeKind.CALLS)} == {
        "service:zipkin",
        "service:collector",
    }


SAMPLE = """
    services:
      gate:
        build: ./gate
        environment: {{STOCK_URL: "http://stock:8080"}}
      stock:
        build: ./stock
      notes:
        build: ./notes
    """
GATE = """
    import os, requests
    def stock():
        return requests.get(os.environ["STOCK_URL"] + "/items", timeout=3)
    """


def test_the_name_of_several_is_the_one_that_is_deployed_in_the_same_file() -> None:
    files = {"compose.one.yaml": one("one"), "compose.two.yaml": one("two")}
    for sample in ("one", "two"):
        files[f"{sample}/gate/app.py"] = GATE
        for part in ("gate", "stock", "notes"):
            files[f"{sample}/{part}/Dockerfile"] = "FROM python:3.12\nCOPY . .\nCMD python app.py\n"
    edges = architecture(files).edges(EdgeKind.CALLS)
    roots = {
        (architecture(files).node(e.source).path, architecture(files).node(e.target).path)
        for e in edges
    }
    assert roots == {("one/gate", "one/stock"), ("two/gate", "two/stock")}


def one(folder: str) -> str:
    return SAMPLE.format().replace("build: ./", f"build: ./{folder}/")
