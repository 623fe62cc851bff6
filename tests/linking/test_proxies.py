"""Proxies' configurations joined with the programs that read them."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
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


LABELS = """
    services:
      edge: {image: "traefik:v3", labels: ["traefik.http.routers.api.service=api@internal"]}
      shop:
        image: acme/shop
        labels:
          traefik.enable: "true"
          traefik.http.routers.shop.rule: Host(`shop.example.org`)
      stock:
        image: acme/stock
        deploy: {labels: ["traefik.http.services.stock.loadbalancer.server.port=80"]}
      hidden:
        image: acme/hidden
        labels: ["traefik.enable=false", "traefik.http.routers.hidden.rule=Path(`/`)"]
      plain: {image: acme/plain}
    """


def test_labels_lead_from_the_proxy_to_what_asks_for_requests() -> None:
    found = architecture({"compose.yaml": LABELS})
    assert calls(found) == {("edge", "shop"), ("edge", "stock")}
    second = {"second.compose.yaml": "services: {spare: {image: 'traefik:v3'}}\n"}
    elsewhere = {"apps.compose.yaml": LABELS.replace("edge: {image", "other: {image")}
    elsewhere["apps.compose.yaml"] = elsewhere["apps.compose.yaml"].replace("traefik:v3", "x:1")
    third = {"third.compose.yaml": "services: {main: {image: 'traefik:v3'}}\n"}
    reached = calls(architecture(elsewhere | second | third))
    assert {("main", "shop"), ("spare", "shop")} <= reached
    alone = LABELS.replace('edge: {image: "traefik:v3"', 'edge: {image: "acme/other:v3"')
    entered = architecture({"compose.yaml": alone})
    assert calls(entered) == set()
    assert {node.name for node in entered.entry_points()} == {"edge", "shop", "stock"}


def test_virtual_hosts_of_nginx_proxy() -> None:
    files = {
        "compose.yaml": """
            services:
              proxy: {image: nginxproxy/nginx-proxy, ports: ["80:80"]}
              shop: {image: acme/shop, environment: {VIRTUAL_HOST: shop.example.org}}
              stock: {image: acme/stock}
            """,
    }
    found = architecture(files)
    assert calls(found) == {("proxy", "shop")}
    assert [node.name for node in found.entry_points()] == ["proxy"]


def test_a_controller_in_the_cluster_reads_the_routes() -> None:
    workload = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: NAME}
        spec: {template: {spec: {containers: [{name: main, image: IMAGE}]}}}
        """
    files = {
        "shop.yaml": workload.replace("NAME", "shop").replace("IMAGE", "acme/shop"),
        "edge.yaml": workload.replace("NAME", "edge").replace("IMAGE", "traefik:3"),
        "route.yaml": """
            apiVersion: traefik.io/v1alpha1
            kind: IngressRoute
            metadata: {name: shop}
            spec: {routes: [{match: "PathPrefix(`/`)", services: [{name: shop, port: 80}]}]}
            """,
    }
    found = architecture(files)
    assert calls(found) == {("edge", "shop")}
    assert [node.name for node in found.entry_points()] == ["edge"]
    del files["edge.yaml"]
    assert [node.name for node in architecture(files).entry_points()] == ["shop"]


def test_gateways_of_dotnet() -> None:
    project = '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup>%s</ItemGroup></Project>'
    files = {
        "compose.yaml": """
            services:
              door: {build: door}
              old: {build: old}
              orders: {image: acme/orders}
              stock: {image: acme/stock}
            """,
        "door/Dockerfile": "FROM mcr.microsoft.com/dotnet/aspnet:9.0\n",
        "door/Door.csproj": project % '<PackageReference Include="Yarp.ReverseProxy" Version="2"/>',
        "door/appsettings.json": """
            {"Proxy": {"Clusters": {"orders": {"Destinations": {"d1": {"Address": "http://orders/"}}}}}}
            """,
        "old/Dockerfile": "FROM mcr.microsoft.com/dotnet/aspnet:9.0\n",
        "old/Old.csproj": project % '<PackageReference Include="Ocelot" Version="2"/>',
        "old/ocelot.json": """
            {"Routes": [{"DownstreamHostAndPorts": [{"Host": "stock", "Port": 80}]},
                        {"ServiceName": "orders"}]}
            """,
    }
    found = architecture(files)
    assert calls(found) == {("door", "orders"), ("old", "stock"), ("old", "orders")}
    assert {n.name: n.technology for n in found.nodes() if n.first_party} == {
        "door": "yarp",
        "old": "ocelot",
    }


def test_the_proxy_of_a_development_server_is_not_deployed() -> None:
    call = 'export const found = async () => fetch("http://orders:80/health");\n'
    files = {
        "compose.yaml": "services: {web: {build: web}, orders: {image: acme/orders}}\n",
        "web/Dockerfile": "FROM node:22\nCOPY . .\n",
        "web/package.json": '{"name": "web", "dependencies": {"express": "5"}}',
        "web/vite.config.ts": call,
        "web/src/setupProxy.js": call,
    }
    assert calls(architecture(files)) == set()
    assert calls(architecture(files | {"web/src/health.ts": call})) == {("web", "orders")}


PASSED_ON = """
    import { defineConfig } from "vite"
    export default defineConfig({
      server: { proxy: { "/orders": { target: "http://orders:80", ws: true }, "/stock": STOCK } },
    })
    const STOCK = "http://stock:80"
    """


@pytest.mark.parametrize(
    ("command", "script", "called"),
    [
        ('["npm", "run", "dev"]', "vite --host", {("web", "orders"), ("web", "stock")}),
        ('["npm", "run", "dev"]', "vite dev", {("web", "orders"), ("web", "stock")}),
        ('["npm", "run", "dev"]', "webpack serve --open", {("web", "orders"), ("web", "stock")}),
        ('["npm", "run", "dev"]', "rsbuild dev", {("web", "orders"), ("web", "stock")}),
        ('["npx", "vite"]', "", {("web", "orders"), ("web", "stock")}),
        ('["npm", "start"]', "", set()),
        ('["npm", "run", "dev"]', "vite build && node server.js", set()),
    ],
)
def test_the_proxy_of_a_development_server_that_is_deployed(
    command: str, script: str, called: set[tuple[str, str]]
) -> None:
    package = (
        f'{{"name": "web", "scripts": {{"dev": "{script}"}}, "dependencies": {{"react": "18"}}}}'
    )
    files = {
        "compose.yaml": """
            services: {web: {build: web}, orders: {image: acme/orders}, stock: {image: acme/stock}}
            """,
        "web/Dockerfile": f"FROM node:22\nCOPY . .\nCMD {command}\n",
        "web/package.json": package,
        "web/vite.config.ts": PASSED_ON,
    }
    assert calls(architecture(files)) == called
    webpack = PASSED_ON.replace('import { defineConfig } from "vite"', "").replace(
        "defineConfig({\n      server:", "({\n      devServer:"
    )
    del files["web/vite.config.ts"]
    assert calls(architecture(files | {"web/webpack.dev.js": webpack})) == called
    files["compose.yaml"] = files["compose.yaml"].replace(
        "{build: web}", f"{{build: web, command: {command}}}"
    )
    files["web/Dockerfile"] = "FROM node:22\nCOPY . .\nCMD node .\n"
    assert calls(architecture(files | {"web/webpack.dev.js": webpack})) == called


def test_a_program_called_after_a_controller_is_none() -> None:
    workload = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: NAME}
        spec: {template: {spec: {containers: [{name: main, image: acme/NAME}]}}}
        """
    files = {
        "shop.yaml": workload.replace("NAME", "shop"),
        "pages.yaml": workload.replace("NAME", "ambassador-pages"),
        "route.yaml": """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: edge}
            spec: {rules: [{http: {paths: [{path: /, backend: {service: {name: shop}}}]}}]}
            """,
    }
    assert calls(architecture(files)) == set()
    controller = workload.replace("NAME", "nginx-ingress-controller")
    found = architecture({**files, "controller.yaml": controller})
    assert calls(found) == {("nginx-ingress-controller", "shop")}


def test_a_proxy_in_an_image_of_ones_own_is_told_by_its_name() -> None:
    files = {
        "Caddyfile": "shop.example.org {\n  reverse_proxy orders:80\n}\n",
        "stack.compose.yaml": """
            services:
              caddy: {image: "acme/shop-caddy:1", ports: ["80:80"]}
              orders: {image: "acme/orders:1"}
            """,
    }
    found = architecture(files)
    assert found.node("service:caddy").technology == "caddy"
    assert calls(found) == {("caddy", "orders")}


def test_krakend_in_yaml() -> None:
    files = compose("./edge/krakend.yaml:/etc/krakend/krakend.yaml")
    files["compose.yaml"] = files["compose.yaml"].replace("nginx:1.27", "krakend:2.7")
    files["edge/krakend.yaml"] = """
        version: 3
        endpoints:
          - endpoint: /orders
            backend:
              - url_pattern: /orders
                host: ["http://orders:80"]
        """
    assert calls(architecture(files)) == {("door", "orders")}


def test_containers_by_the_names_that_compose_gives_them() -> None:
    def passed(host: str) -> set[tuple[str, str]]:
        return calls(architecture({"n/site.conf": PASS % host} | compose("./n:/etc/nginx/conf.d")))

    assert passed("my_shop_orders_1") == {("door", "orders")}
    assert passed("my-shop-orders-2") == {("door", "orders")}
    # A pod of a cluster counts from zero; a project has a name.
    assert ("door", "orders") not in passed("my-shop-orders-0")
    assert ("door", "orders") not in passed("orders-1")
