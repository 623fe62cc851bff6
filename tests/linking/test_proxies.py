"""Proxies' configurations joined with the programs that read them."""

from __future__ import annotations

from tests.linking.test_link import architecture
from tests.linking.test_starters import calls

SERVICES = """
    services:
      door:
        image: nginx:1.27
        volumes: [VOLUME]
      orders: {image: acme/orders}
      stock: {image: acme/stock}
      users: {image: acme/users}
    """
PASS = "server { location / { proxy_pass http://%s:80; } }\n"


def compose(volume: str) -> dict[str, str]:
    return {"compose.yaml": SERVICES.replace("VOLUME", f"'{volume}'")}


def test_a_file_that_is_mounted_by_name_or_by_folder() -> None:
    files = {"edge/site.conf": PASS % "orders"}
    by_name = compose("./edge/site.conf:/etc/nginx/conf.d/default.conf:ro")
    assert calls(architecture(files | by_name)) == {("door", "orders")}
    by_folder = compose("./edge:/etc/nginx/conf.d")
    assert calls(architecture(files | by_folder)) == {("door", "orders")}
    with_default = compose("./edge/${SITE:-site}.conf:/etc/nginx/templates/x.template")
    assert calls(architecture(files | with_default)) == {("door", "orders")}


def test_servers_of_another_file_and_variables_of_the_workload() -> None:
    files = {
        "nginx/locations": """
            location /shop { proxy_pass http://shop; }
            location /users { proxy_pass http://${USERS_HOST}:80; }
            """,
        "nginx/upstreams": "upstream shop { server orders:80; server stock:80; }\n",
    }
    given = compose("./nginx:/etc/nginx/templates")
    given["compose.yaml"] = given["compose.yaml"].replace(
        "image: nginx:1.27", "image: nginx:1.27\n        environment: {USERS_HOST: users}"
    )
    found = architecture(files | given)
    assert calls(found) == {("door", "orders"), ("door", "stock"), ("door", "users")}
    told = {found.node(e.target).name: [str(each.at) for each in e.evidence] for e in found.edges()}
    assert told["stock"] == ["nginx/locations:2", "nginx/upstreams:1"]
    assert set(told["users"]) == {"compose.yaml:5", "nginx/locations:3"}


def test_servers_that_nothing_passes_on_to_are_no_connection() -> None:
    files = {
        "nginx/site.conf": PASS % "orders",
        "nginx/upstreams": "upstream idle { server stock:80; }\n",
    }
    found = architecture(files | compose("./nginx:/etc/nginx/conf.d"))
    assert calls(found) == {("door", "orders")}


def test_a_file_that_an_image_copies() -> None:
    files = {
        "compose.yaml": """
            services:
              door: {build: {context: ., dockerfile: edge/Dockerfile}}
              orders: {image: acme/orders}
              stock: {build: stock}
            """,
        "edge/Dockerfile": "FROM ubuntu:24.04\nRUN apt-get install apache2\nCOPY edge/000.conf /etc/apache2/\n",
        "edge/000.conf": "ProxyPass /o http://orders:80/\n",
        "stock/Dockerfile": "FROM python:3.13\nCOPY app.conf /app/\n",
        "stock/requirements.txt": "flask\n",
        "stock/app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    }
    assert calls(architecture(files)) == {("door", "orders")}


def test_the_one_program_of_the_kind_else_none() -> None:
    files = {"deploy/site.conf": PASS % "orders"}
    assert calls(architecture(files | compose("data:/data"))) == {("door", "orders")}
    second = {"other.compose.yaml": "services: {second: {image: nginx}}\n"}
    assert calls(architecture(files | compose("data:/data") | second)) == set()
    haproxy = {"deploy/haproxy.cfg": "backend b\n  server s orders:80\n"}
    assert calls(architecture(haproxy | compose("data:/data"))) == set()


def test_a_config_map() -> None:
    files = {
        "edge.yaml": """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: edge-conf}
            data:
              default.conf: |
                server {
                  location / { proxy_pass http://orders.shop.svc.cluster.local:80; }
                }
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: edge}
            spec:
              template:
                spec:
                  containers: [{name: edge, image: acme/edge}]
                  volumes: [{name: conf, configMap: {name: edge-conf}}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: orders}
            spec: {template: {spec: {containers: [{name: orders, image: acme/orders}]}}}
            """,
    }
    found = architecture(files)
    assert calls(found) == {("edge", "orders")}
    (edge,) = found.edges()
    assert str(edge.evidence[0].at) == "edge.yaml:8"
