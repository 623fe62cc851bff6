"""Who is asked through the edge of the system: by the paths of an Ingress, by the hosts of labels."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture, deployed

from scaleaudit.architecture import EdgeKind

INGRESS = """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: edge}
    spec:
      rules:
        - host: shop.example.io
          http:
            paths:
              - {path: "/api/orders(/|$)(.*)", backend: {service: {name: orders}}}
              - {path: /api/orders/lines, backend: {service: {name: lines}}}
              - {path: "/?(.*)", backend: {service: {name: pages}}}
    """
PAGES = {
    "pages/package.json": '{"dependencies": {"next": "14", "react": "18", "axios": "1"}}',
    "pages/Dockerfile": "FROM node:22\nCOPY . .\n",
    "pages/hooks/ask.js": "import {useState} from 'react';\n"
    "export default ({url, method, body}) => () => window.send[method](url, body);\n",
}
SERVER = {
    f"{name}/{file}": text
    for name in ("orders", "lines")
    for file, text in {
        "package.json": '{"dependencies": {"express": "4"}}',
        "Dockerfile": "FROM node:22\nCOPY . .\n",
        "index.js": "const app = require('express')();\napp.listen(80);\n",
    }.items()
}
PAGE = "import {useState} from 'react';\nimport useAsk from '../hooks/ask';\n"
CONFIGURED = PAGE + "const Page = () => useAsk({url: '/api/%s', method: 'post', body: {}});\n"
HANDED = PAGE + "Page.load = async (context, client) => client.get(`/api/%s/${context.id}`);\n"
FETCHED = PAGE + "export const load = () => fetch('/api/%s');\n"


def calls(files: dict[str, str]) -> set[tuple[str, str]]:
    found = architecture(files).edges(EdgeKind.CALLS)
    return {(e.source.partition(":")[2], e.target.partition(":")[2]) for e in found}


def system(page: str, **others: str) -> dict[str, str]:
    manifests = {f"{name}.yaml": deployed(name, f"acme/{name}") for name in ("orders", "lines")}
    manifests["pages.yaml"] = deployed("pages", "acme/pages")
    text = {"pages/pages/index.jsx": page, "edge.yaml": INGRESS, **others}
    return {**manifests, **PAGES, **SERVER, **text}


@pytest.mark.parametrize("page", [CONFIGURED, HANDED, FETCHED])
def test_pages_ask_their_own_host_for_what_the_edge_leads_elsewhere(page: str) -> None:
    assert calls(system(page % "orders")) == {("pages", "orders")}
    assert calls(system(page % "orders/lines")) == {("pages", "lines")}
    assert calls(system(page % "ordersheets")) == set()  # the pages' own
    assert calls(system(page % "orders", **{"edge.yaml": ""})) == set()


def test_only_pages_that_the_edge_leads_to_ask_through_it() -> None:
    elsewhere = INGRESS.replace("name: pages", "name: others")
    assert calls(system(FETCHED % "orders", **{"edge.yaml": elsewhere})) == set()


def test_the_edge_by_its_host_and_by_its_controller() -> None:
    ask = "const axios = require('axios');\nexports.all = () => axios.get('http://%s/api/orders/7');\n"
    for host in ("shop.example.io", "ingress-nginx-controller.ingress-nginx.svc.cluster.local"):
        files = system(PAGE, **{"lines/index.js": ask % host})
        assert calls(files) == {("lines", "orders")}, host
    assert calls(system(PAGE, **{"lines/index.js": ask % "other.example.io"})) != {
        ("lines", "orders")
    }


LABELS = """
    services:
      edge:
        image: traefik:v3
        networks: {inner: {aliases: [inside.shop.local]}}
      stock:
        build: stock
        labels: ["traefik.http.routers.stock.rule=Host(`shop.local`) && PathPrefix(`/stock`)"]
      pages: {build: pages}
    networks: {inner: {}}
    """


@pytest.mark.parametrize("host", ["shop.local", "inside.shop.local"])
def test_a_proxy_goes_by_the_hosts_of_labels_and_by_what_its_network_calls_it(host: str) -> None:
    ask = (
        f"import axios from 'axios';\nexport const all = () => axios.get('http://{host}/stock');\n"
    )
    files = {
        "compose.yaml": LABELS,
        **PAGES,
        "pages/lib/stock.js": ask,
        "stock/package.json": '{"dependencies": {"express": "4"}}',
        "stock/Dockerfile": "FROM node:22\nCOPY . .\n",
    }
    assert calls(files) == {("pages", "edge"), ("edge", "stock")}
