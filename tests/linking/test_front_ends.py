"""Pages beside what is deployed: whose program they are, and whom they call."""

from __future__ import annotations

import json

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind
from scaleaudit.linking.imports.loading import loaded

COMPOSE = """
    services:
      gateway: {build: gateway, ports: ["8765:80"]}
      orders: {build: orders, ports: ["80"]}
    """
PAGES = json.dumps(
    {"name": "shop", "dependencies": {"react": "18", "axios": "1"}, "scripts": {"start": "vite"}}
)
CALL = "import axios from 'axios';\nconst API = '%s';\nexport const load = () => axios.get(`${API}/orders`);\n"


def files(address: str) -> dict[str, str]:
    package = '{"dependencies": {"express": "4"}}'
    server = "const app = require('express')();\napp.get('/orders', all);\napp.listen(80);\n"
    return {
        "compose.yaml": COMPOSE,
        **{f"{name}/package.json": package for name in ("gateway", "orders")},
        **{f"{name}/index.js": server for name in ("gateway", "orders")},
        **{f"{name}/Dockerfile": "FROM node\nCOPY . .\n" for name in ("gateway", "orders")},
        "site/package.json": PAGES,
        "site/src/api.js": CALL % address,
    }


def services(found: Architecture) -> set[str]:
    return {node.name for node in found.nodes(NodeKind.SERVICE)}


def calls(found: Architecture) -> set[tuple[str, str]]:
    return {
        (e.source.partition(":")[2], e.target.partition(":")[2])
        for e in found.edges(EdgeKind.CALLS)
    }


def test_pages_that_call_an_open_port_run_elsewhere() -> None:
    found = architecture(files("http://localhost:8765"))
    assert services(found) == {"gateway", "orders", "shop"}
    assert calls(found) == {("shop", "gateway")}


def test_pages_that_call_where_they_came_from_are_part_of_what_is_deployed() -> None:
    for address in ("/api", "http://localhost:80", "https://localhost:4000"):
        assert services(architecture(files(address))) == {"gateway", "orders"}


def test_pages_that_an_image_holds_are_no_program_of_their_own() -> None:
    held = files("http://localhost:8765")
    held["gateway/Dockerfile"] = "FROM node\nCOPY site/dist /pages\nCOPY . .\n"
    assert services(architecture(held)) == {"gateway", "orders"}


def test_a_port_that_is_opened_hides_the_same_port_inside_containers() -> None:
    """`orders` listens on 80 in its own container; on the machine 80 is somebody else's."""
    opened = files("http://localhost:80")
    opened["compose.yaml"] = COMPOSE.replace("8765:80", "80:3000")
    assert calls(architecture(opened)) == {("shop", "gateway")}


BUILT_PAGES = {
    "api/package.json": '{"name": "api", "dependencies": {"express": "4"}}',
    "api/index.js": "const app = require('express')();\napp.get('/orders', all);\napp.listen(80);\n",
    "api/Dockerfile": "FROM node:22\nCOPY . .\nCMD node .\n",
    "web/package.json": '{"name": "web", "dependencies": {"react": "18", "vite": "5"}}',
    "web/src/api.ts": "export const all = () => fetch(`${import.meta.env.VITE_API_URL}/orders`);\n",
}
PAGES_BUILT = """\
FROM node:22 AS build
{}
COPY . .
RUN npm run build
FROM nginx:1.27
COPY --from=build /dist /usr/share/nginx/html
"""
WITH_ARGUMENTS = """
    services:
      api: {build: ./api, ports: ["8080:80"]}
      web: {build: {context: ./web, args: {VITE_API_URL: "http://localhost:8080"}}}
    """
WITHOUT = WITH_ARGUMENTS.replace("VITE_API_URL", "STAGE")


@pytest.mark.parametrize(
    ("stage", "compose", "called"),
    [
        ("ARG VITE_API_URL\nENV VITE_API_URL=$VITE_API_URL", WITH_ARGUMENTS, True),
        ("ARG VITE_API_URL=http://localhost:9", WITH_ARGUMENTS, True),
        ("ENV VITE_API_URL=http://localhost:8080", WITHOUT, True),
        ("ARG VITE_API_URL=http://localhost:8080", WITHOUT, True),
        ("ARG VITE_API_URL", WITHOUT, False),
    ],
)
def test_an_address_that_pages_are_built_with(stage: str, compose: str, *, called: bool) -> None:
    other = {f"mails/{path[4:]}": text for path, text in BUILT_PAGES.items() if "api" in path[:3]}
    built = compose.replace("services:", "services:\n      mails: {build: ./mails}")
    files = BUILT_PAGES | other | {"web/Dockerfile": PAGES_BUILT.format(stage)}
    files["compose.yaml"] = built
    edges = {(e.source, e.target) for e in architecture(files).edges(EdgeKind.CALLS)}
    assert edges == ({("service:web", "service:api")} if called else set())


def test_an_address_of_pages_is_for_links_in_mails() -> None:
    compose = """
        services:
          api: {build: ./api, environment: {FRONTEND_URL: "http://web:80"}, ports: ["8080:80"]}
          gateway: {image: "acme/gateway:1", environment: {FRONTEND_URL: "http://web:80"}}
          web: {build: ./web}
        """
    files = BUILT_PAGES | {"web/Dockerfile": PAGES_BUILT.format(""), "compose.yaml": compose}
    edges = {(e.source, e.target) for e in architecture(files).edges(EdgeKind.CALLS)}
    # The one program that answers is what the pages ask.
    assert edges == {("service:gateway", "service:web"), ("service:web", "service:api")}


def test_modules_below_the_base_of_the_compiler() -> None:
    """Angular's own way: imports begin at the folder of `tsconfig.json`."""
    held = files("")
    held |= {
        "site/tsconfig.json": '{"compilerOptions": {"baseUrl": "./"}}',
        "site/src/settings/environment.ts": "export const environment = { ordersUrl: 'http://localhost:8765/' };\n",
        "site/src/app/orders.ts": """
            import { HttpClient } from '@angular/common/http';
            import * as signalR from '@aspnet/signalr';
            import { environment } from 'src/settings/environment';
            export class Orders {
              constructor(private http: HttpClient) {}
              load() { return this.http.get(environment.ordersUrl + 'orders'); }
            }
            """,
    }
    del held["site/src/api.js"]
    assert calls(architecture(held)) == {("shop", "gateway")}


def test_files_that_load_each_other_end() -> None:
    assert loaded({"a.ts"}, {"a.ts": ["b.ts"], "b.ts": ["a.ts"]}) == {"a.ts", "b.ts"}


@pytest.mark.parametrize(
    ("base", "technology"),
    [("python:3.12-slim", "python"), ("acme/base:1", "python"), ("node:22", "web-frontend")],
)
def test_pages_below_a_program_in_the_language_of_its_image(base: str, technology: str) -> None:
    """What the program needs may be listed by a name that is not known."""
    found = architecture(
        {
            "compose.yaml": "services:\n  shop: {build: .}\n",
            "Dockerfile": f"FROM {base}\nCOPY . .\n",
            "shop/urls.py": "from django.urls import path\nurlpatterns = [path('a/', a)]\n",
            "shop/pages/package.json": PAGES,
        }
    )
    (shop,) = [node for node in found.nodes(NodeKind.SERVICE) if node.name == "shop"]
    assert shop.technology == technology
