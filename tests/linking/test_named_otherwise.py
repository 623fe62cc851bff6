"""Parts of a system that its files call by several names, and names that are nobody's."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind

MANIFEST = """
    apiVersion: apps/v1
    kind: {kind}
    metadata: {{name: {name}}}
    spec:
      selector: {{matchLabels: {{app: {name}}}}}
      template:
        metadata: {{labels: {{app: {name}}}}}
        spec: {{containers: [{{name: main, image: "{image}"}}]}}
    """
PACKAGE = '{"dependencies": {"express": "4"}, "scripts": {"start": "node ."}}'
SERVER = "const app = require('express')();\napp.get('/all', all);\napp.listen(80);\n"


def edges(found: Architecture) -> set[tuple[str, str]]:
    wanted = (EdgeKind.CALLS, EdgeKind.USES)
    return {(e.source.partition(":")[2], e.target.partition(":")[2]) for e in found.edges(*wanted)}


def names(found: Architecture) -> set[str]:
    return {node.name for node in found.nodes() if node.kind not in ("table", "module")}


@pytest.mark.parametrize("ending", ["depl", "dep", "deployment"])
def test_the_kind_of_a_manifest_is_no_part_of_the_name(ending: str) -> None:
    files = {
        "compose.yaml": "services:\n  orders: {image: acme/orders}\n  shelf: {image: mongo:7}\n",
        "k8s/orders.yaml": MANIFEST.format(
            kind="Deployment", name=f"orders-{ending}", image="acme/orders"
        ),
        "k8s/shelf.yaml": MANIFEST.format(
            kind="StatefulSet", name=f"shelf-{ending}", image="acme/shelf"
        ),
    }
    assert names(architecture(files)) == {"orders", "shelf"}


def test_what_sets_folders_apart_names_their_images() -> None:
    files = {
        **{
            f"{name}-acme-microservice/{file}": text
            for name in ("cart", "stock")
            for file, text in (("Dockerfile", "FROM python:3.13\nCOPY . .\nCMD python app.py\n"),)
        },
        "cart-acme-microservice/app.py": """
            from flask import Flask
            app = Flask(__name__)
            @app.get("/cart")
            def cart(): return {}
            """,
        "stock-acme-microservice/app.py": "import flask\n",
        **{
            f"k8s/{name}.yaml": MANIFEST.format(
                kind="Deployment", name=name, image=f"{name}:latest"
            )
            for name in ("cart", "stock")
        },
    }
    found = architecture(files)
    assert names(found) == {"cart", "stock"}
    assert [e.component for e in found.endpoints] == ["service:cart"]


def test_what_compose_calls_the_container_of_another_project() -> None:
    shelf = "services:\n  db: {image: 'postgres:16'}\n"
    files = {
        "orders/compose.yml": shelf.replace("services:", "services:\n  orders: {build: .}"),
        "orders/Dockerfile": "FROM node\nCOPY . .\n",
        "stock/compose.yml": """
            services:
              stock:
                build: .
                environment: {DB_HOST: stock_db_1, OLD_DB_HOST: orders-db-1}
              db: {image: "postgres:16"}
            """,
        "stock/Dockerfile": "FROM node\nCOPY . .\n",
    }
    assert edges(architecture(files)) == {("stock", "stock-db"), ("stock", "orders-db")}


@pytest.mark.parametrize(
    ("variable", "target"),
    [
        ("ACCOUNT_URL", {"account"}),
        ("CREATE_ACCOUNT_URL", {"account"}),
        ("ACCOUNT_URL_BASE", {"account"}),
        ("GET_WEATHER_URL", set()),
        ("WEATHER_URL", {"weather"}),
        ("WEBSITE_HOSTNAME", set()),  # where the platform tells a program its own
        ("VERCEL_URL", set()),
        ("ORDERS_DB_CONNECTION_STRING_URL", set()),
    ],
)
def test_whom_the_name_of_a_variable_means(variable: str, target: set[str]) -> None:
    files = {
        "compose.yaml": """
            services:
              gateway: {build: ./gateway, env_file: ./gateway/.env}
              account: {build: ./account}
            """,
        **{f"{name}/Dockerfile": "FROM node\nCOPY . .\n" for name in ("gateway", "account")},
        **{f"{name}/package.json": PACKAGE for name in ("gateway", "account")},
        "account/index.js": SERVER,
        "gateway/index.js": f"const axios = require('axios');\naxios.get(process.env.{variable});\n",
    }
    assert edges(architecture(files)) == {("gateway", each) for each in target}


def test_a_client_of_another_file_is_known_by_its_name_and_what_it_is_given() -> None:
    files = {
        "compose.yaml": """
            services:
              site: {build: ./site}
              account: {build: ./account}
            """,
        **{f"{name}/Dockerfile": "FROM node\nCOPY . .\n" for name in ("site", "account")},
        **{f"{name}/package.json": PACKAGE for name in ("site", "account")},
        "account/index.js": SERVER,
        "site/client.js": """
            import axios from 'axios';
            export const accountUrl = process.env.ACCOUNT_URL;
            const client = axios.create();
            export default client;
            """,
        "site/pages.js": """
            import apiClient, { accountUrl } from './client';
            import router from './router';
            export const all = () => apiClient.get(accountUrl + '/all');
            router.get('http://nowhere.acme.com');
            apiClient.get('/here');
            """,
    }
    assert edges(architecture(files)) == {("site", "account")}


def test_the_page_of_a_front_end_asks_the_machine_at_its_usual_port() -> None:
    page = '{"name": "site", "dependencies": {"react": "18", "axios": "1"}, "scripts": {"dev": "vite"}}'
    files = {
        "compose.yaml": """
            services:
              door: {image: "nginx:1.27", ports: ["80:80"], volumes: ["./nginx.conf:/etc/nginx/nginx.conf"]}
              site: {build: ./site}
              account: {build: ./account}
            """,
        "nginx.conf": "server { location /api { proxy_pass http://account; } }\n",
        **{f"{name}/Dockerfile": "FROM node\nCOPY . .\n" for name in ("site", "account")},
        "site/package.json": page,
        "site/src/api.js": "import axios from 'axios';\naxios.get('http://localhost/api/all');\n",
        "account/package.json": PACKAGE,
        "account/index.js": f"{SERVER}require('axios').get('http://localhost/x');\n",
    }
    assert edges(architecture(files)) == {("door", "account"), ("site", "door")}


def test_a_broker_is_started_after_what_it_keeps_its_state_in() -> None:
    files = {
        "compose.yaml": """
            services:
              zookeeper: {image: confluentinc/cp-zookeeper}
              log: {image: confluentinc/cp-kafka, env_file: ./.env, depends_on: [zookeeper]}
              orders: {image: acme/orders, depends_on: [zookeeper, log]}
            """,
    }
    assert edges(architecture(files)) == {("log", "zookeeper")}


def test_a_connection_string_that_nothing_of_a_program_opens() -> None:
    project = '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup>{}</ItemGroup></Project>'
    package = '<PackageReference Include="{}" Version="9.0.0" />'
    settings = '{"ConnectionStrings": {"Shelf": "Server=shelf;Port=5432;Database=Shelf"}}'
    files = {
        "compose.yaml": """
            services:
              orders: {build: ./orders}
              basket: {build: ./basket}
              stock: {build: ./stock}
              mail: {build: ./mail}
              prices: {build: ./prices}
              shelf: {image: "postgres:16"}
            """,
        **{
            f"{name}/Dockerfile": "FROM sdk\nCOPY . .\n"
            for name in ("orders", "basket", "mail", "prices", "stock")
        },
        **{
            f"{name}/appsettings.json": settings
            for name in ("orders", "basket", "mail", "prices", "stock")
        },
        "orders/orders.csproj": project.format(package.format("Npgsql")),
        "basket/basket.csproj": project.format(package.format("StackExchange.Redis")),
        "mail/mail.csproj": project.format(package.format("Microsoft.AspNetCore.DataProtection")),
        "prices/prices.csproj": project.format(package.format("Acme.Data")),
        "stock/stock.csproj": project.format(package.format("Acme.Kernel")),
        "stock/Program.cs": """
            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddKernel(builder.Configuration.GetConnectionString("Shelf"));
            """,
    }
    assert edges(architecture(files)) == {
        ("orders", "shelf"),
        ("prices", "shelf"),
        ("stock", "shelf"),
    }


def test_an_address_of_a_machine_is_whom_its_variable_names() -> None:
    files = {
        "compose.yaml": """
            services:
              site: {build: ./site, environment: {ACCOUNT_SERVICE_URL: "http://203.0.113.9:8000/all",
                                                  WEATHER_URL: "http://203.0.113.7:8000"}}
              account: {build: ./account}
            """,
        **{f"{name}/Dockerfile": "FROM node\nCOPY . .\n" for name in ("site", "account")},
        **{f"{name}/package.json": PACKAGE for name in ("site", "account")},
        "account/index.js": SERVER,
        "site/index.js": """
            const axios = require('axios');
            axios.get(process.env.ACCOUNT_SERVICE_URL);
            axios.get(process.env.WEATHER_URL);
            """,
    }
    assert edges(architecture(files)) == {("site", "account"), ("site", "203.0.113.7")}


def test_a_folder_that_says_more_than_the_name_of_its_program() -> None:
    files = {
        "compose.yaml": """
            services:
              order-service: {image: acme/orderservice}
              mail-service: {image: acme/mailservice}
            """,
        "backend/order-processing/Dockerfile": "FROM node\nCOPY . .\n",
        "backend/order-processing/package.json": PACKAGE,
        "backend/order-processing/index.js": SERVER,
        "backend/mail/Dockerfile": "FROM node\nCOPY . .\n",
        "backend/mail-templates/Dockerfile": "FROM node\nCOPY . .\n",
        "backend/mail-templates/package.json": PACKAGE,
        "backend/mail/package.json": PACKAGE,
        "backend/mail/index.js": SERVER.replace("all", "mails"),
    }
    found = {(e.component.partition(":")[2], e.path) for e in architecture(files).endpoints}
    assert found == {("order-service", "/all"), ("mail-service", "/mails")}


def test_a_template_for_every_entry_of_the_values_is_no_program() -> None:
    chart = """
        {{- range $name, $entry := .Values }}
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ lower $name }}
        spec:
          selector: {matchLabels: {app: "{{ $name }}"}}
          template:
            metadata: {labels: {app: "{{ $name }}"}}
            spec:
              containers:
                - name: "{{ $entry.name }}"
                  image: "{{ $entry.image }}"
        {{- end }}
        """
    files = {
        "chart/Chart.yaml": "name: shop-chart\n",
        "chart/values.yaml": "orders: {name: orders, image: acme/orders}\n",
        "chart/templates/deployment.yaml": chart,
        "compose.yaml": "services: {orders: {image: acme/orders}}\n",
    }
    assert names(architecture(files)) == {"orders"}


HEIR = """
    import {{ PrismaClient }} from '@prisma/client';
    export class Shelf extends PrismaClient {{ {} }}
    """


def test_stores_of_one_name_beside_two_programs_are_two() -> None:
    schema = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
    shelf = """
        services:
          shelf: {{image: "postgres:16", ports: ["{}:5432"]}}
        """
    files = {
        **{f"{name}/package.json": PACKAGE for name in ("orders", "stock", "mail")},
        **{f"{name}/index.js": SERVER for name in ("orders", "stock", "mail")},
        **{f"{name}/prisma/schema.prisma": schema for name in ("orders", "stock")},
        "orders/shelf.ts": HEIR.format(""),
        "stock/shelf.ts": HEIR.format(
            "constructor() { super({ datasources: { db: { url: process.env.STOCK_URL } } }); }"
        ),
        "orders/compose.yml": shelf.format(5432),
        "stock/compose.yml": shelf.format(5433),
    }
    assert edges(architecture(files)) == {("orders", "orders-shelf"), ("stock", "stock-shelf")}


def test_what_programs_speak_through_is_one_for_all() -> None:
    bus = """
        import { ClientsModule, Transport } from '@nestjs/microservices';
        const bus = ClientsModule.register([
          { name: 'BUS', transport: Transport.REDIS, options: { host: process.env.REDIS_HOST } },
        ]);
        """
    files = {
        **{f"{name}/package.json": PACKAGE for name in ("orders", "stock")},
        **{f"{name}/index.js": SERVER for name in ("orders", "stock")},
        **{f"{name}/bus.ts": bus for name in ("orders", "stock")},
    }
    assert edges(architecture(files)) == {("orders", "redis"), ("stock", "redis")}


def test_pages_made_with_what_stands_among_the_tools_are_for_people() -> None:
    page = '{"name": "site", "devDependencies": {"@sveltejs/kit": "2", "vite": "7"}, "scripts": {"dev": "vite"}}'
    files = {
        "compose.yaml": """
            services:
              gateway: {build: ./gateway, ports: ["8080:80"]}
              site: {build: ./site, ports: ["3000:3000"], environment: {VITE_API: "http://gateway"}}
            """,
        **{f"{name}/Dockerfile": "FROM node\nCOPY . .\n" for name in ("site", "gateway")},
        "gateway/package.json": PACKAGE,
        "gateway/index.js": SERVER,
        "site/package.json": page,
        "site/src/lib/api.ts": "export const all = () => fetch(`${import.meta.env.VITE_API}/all`);\n",
    }
    found = architecture(files)
    assert {n.technology for n in found.nodes() if n.name == "site"} == {"sveltekit"}
    assert {n.name for n in found.entry_points()} == {"gateway", "site"}
    library = {**files, "site/package.json": page.replace('"name"', '"exports": {}, "name"')}
    assert {n.technology for n in architecture(library).nodes() if n.name == "site"} == {"node"}


@pytest.mark.parametrize("said", ["Dockerfile", "dockerfile"])
def test_the_case_of_a_dockerfile_does_not_count(said: str) -> None:
    files = {
        "compose.yaml": f"""
            services:
              door: {{build: {{context: ./door, dockerfile: {said}}}, ports: ["80:80"]}}
              orders: {{image: acme/orders}}
            """,
        "door/dockerfile": "FROM nginx:1.27\nCOPY ./nginx.conf /etc/nginx/conf.d/default.conf\n",
        "door/nginx.conf": "server { location / { proxy_pass http://orders; } }\n",
    }
    assert edges(architecture(files)) == {("door", "orders")}


def test_stores_beside_programs_are_one_where_the_whole_is_deployed_with_one() -> None:
    schema = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
    shelf = """
        services:
          {}: {{build: ., environment: {{DATABASE_URL: "postgres://shelf/x"}}}}
          shelf: {{image: "postgres:16", ports: ["{}:5432"]}}
        """
    files = {
        **{f"{name}/package.json": PACKAGE for name in ("orders", "stock")},
        **{f"{name}/index.js": SERVER for name in ("orders", "stock")},
        **{f"{name}/Dockerfile": "FROM node\n" for name in ("orders", "stock")},
        **{f"{name}/prisma/schema.prisma": schema for name in ("orders", "stock")},
        "compose.yml": """
            services:
              orders: {build: orders, environment: {DATABASE_URL: "postgres://shelf/x"}}
              stock: {build: stock, environment: {DATABASE_URL: "postgres://shelf/y"}}
              shelf: {image: "postgres:16"}
            """,
        "orders/compose.yml": shelf.format("orders", 5432),
        "stock/compose.yml": shelf.format("stock", 5433),
    }
    assert edges(architecture(files)) == {("orders", "shelf"), ("stock", "shelf")}


def test_parts_of_a_chart_go_by_its_releases_name_too() -> None:
    deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: '{{{{ include "{name}.fullname" . }}}}'}}
        spec: {{template: {{spec: {{containers: [{{name: x, image: acme/{name}{env}}}]}}}}}}
        """
    env = ", env: [{name: STOCK_URL, value: 'http://shop-stock:8080'}]"
    files = {"chart/Chart.yaml": "name: shop\nversion: 1.0.0\n"}
    for name, given in (("stock", ""), ("orders", env)):
        files |= {
            f"chart/charts/{name}/Chart.yaml": f"name: {name}\nversion: 1.0.0\n",
            f"chart/charts/{name}/templates/deployment.yaml": deployment.format(
                name=name, env=given
            ),
        }
    assert edges(architecture(files)) == {("orders", "stock")}


def test_where_people_have_the_pages_open_is_nobody_who_is_asked() -> None:
    def asked(service: str, variable: str) -> set[tuple[str, str]]:
        compose = f"""
            services:
              {service}: {{build: ./orders, environment: {{{variable}: "http://localhost:8080"}}}}
              door: {{image: "acme/door", ports: ["8080:80"]}}
            """
        files = {
            "compose.yaml": compose,
            "orders/Dockerfile": "FROM node\nCOPY . .\n",
            "orders/package.json": PACKAGE,
            "orders/index.js": SERVER,
        }
        return edges(architecture(files))

    assert asked("orders", "FRONTEND_BASE_URL") == set()
    assert asked("orders", "APP_URL") == set()  # its own
    assert asked("orders", "BILLING_BASE_URL") == {("orders", "door")}
    assert asked("gateway", "FRONTEND_URL") == {("gateway", "door")}


def test_a_word_that_is_cut_short_in_one_of_two_names() -> None:
    folders = {
        f"{name}/{file}": text
        for name in ("shop-auth-service", "shop-cart-service")
        for file, text in (
            ("package.json", PACKAGE.replace("{", f'{{"name": "{name}", ', 1)),
            ("index.js", SERVER),
        )
    }
    compose = "services:\n  shop-authentication-service: {image: 'reg.io/acme/own:1'}\n"
    found = architecture({**folders, "compose.yaml": compose})
    assert names(found) == {"shop-authentication-service", "shop-cart-service"}
    assert {e.component for e in found.endpoints} == {
        "service:shop-authentication-service",
        "service:shop-cart-service",
    }
    more = {"shop-authent-service/package.json": PACKAGE, "shop-authent-service/index.js": SERVER}
    assert len(names(architecture({**folders, **more, "compose.yaml": compose}))) == 4
