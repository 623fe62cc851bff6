"""Programs that only their folders tell of: no deployment, settings in `.env` files of their own."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind

SERVER = """
    const express = require('express');
    const app = express();
    app.get('/NAME', (req, res) => res.json([]));
    app.listen(PORT);
    """


def package(name: str) -> str:
    return f'{{"name": "{name}", "scripts": {{"start": "node ."}}, "dependencies": {{"express": "5"}}}}'


def system(**more: str) -> dict[str, str]:
    files: dict[str, str] = {}
    for name, port in (("gateway", "4000"), ("order-service", "4001"), ("stock-service", "4002")):
        files[f"{name}/package.json"] = package(name)
        files[f"{name}/index.js"] = SERVER.replace("NAME", name).replace("PORT", port)
    return files | {path.replace("__", "/"): text for path, text in more.items()}


def connected(found: Architecture) -> set[tuple[str, str]]:
    wanted = (EdgeKind.CALLS, EdgeKind.USES)
    return {(found.node(e.source).name, found.node(e.target).name) for e in found.edges(*wanted)}


def read(variables: str, name: str, place: str = "gateway/.env.example") -> set[str]:
    """Whom the gateway reaches, whose code reads the variable in a way that no call tells."""
    code = f"module.exports = {{ at: process.env.{name} }};\n"
    files = system() | {"gateway/config.js": code, place: variables}
    return {target for source, target in connected(architecture(files)) if source == "gateway"}


def test_variables_that_the_code_reads_lead_to_who_listens_there() -> None:
    assert read("BUYING=http://localhost:4001\n", "BUYING") == {"order-service"}
    assert read("BUYING=http://localhost:4001\n", "BUYING", ".env") == {"order-service"}
    assert read("BUYING=http://localhost:4001\n", "BUYING", ".env.example") == {"order-service"}
    # Not one in another program's folder, one that nothing reads, nor one for who may ask.
    for place in ("stock-service/.env", "test/.env", "gateway/application.properties"):
        assert read("BUYING=http://localhost:4001\n", "BUYING", place) == set(), place
    assert read("OTHER_URL=http://localhost:4001\n", "BUYING") == set()
    assert read("CORS_ORIGIN=http://localhost:4001\n", "CORS_ORIGIN") == set()


def test_a_port_where_nobody_listens_is_whose_name_the_variable_has() -> None:
    """One stock is as good as many."""
    told = "STOCKS_SERVICE_BASE_URL=localhost:8002\n"
    assert read(told, "STOCKS_SERVICE_BASE_URL") == {"stock-service"}
    assert read("HISTORY=http://localhost:8002\n", "HISTORY") == set()
    # Pages for people answer no program.
    files = {path: text for path, text in system().items() if "stock-service" not in path}
    files["stock/package.json"] = FRONT_END.replace("NAME", "stock")
    files["gateway/config.js"] = "module.exports = [process.env.STOCK_BASE_URL];\n"
    files["gateway/.env"] = "STOCK_BASE_URL=http://localhost:8002\n"
    assert connected(architecture(files)) == set()


def test_a_store_that_a_variable_holds_the_address_of() -> None:
    assert read("HISTORY=mongodb://127.0.0.1:27017/history\n", "HISTORY") == {"mongodb"}


def test_packages_copied_with_their_name_go_by_their_folders() -> None:
    files = system()
    files["stock-service/package.json"] = package("order-service")
    found = architecture(files)
    services = {n.name: n.path for n in found.nodes() if n.kind is NodeKind.SERVICE}
    assert services == {
        "gateway": "gateway",
        "order-service": "order-service",
        "stock-service": "stock-service",
    }


def test_a_variable_that_is_given_at_run_time_tells_by_its_name() -> None:
    def asked(code: str) -> set[str]:
        files = system() | {"gateway/config.js": code}
        return {target for source, target in connected(architecture(files)) if source == "gateway"}

    ends = (
        "SERVICE",
        "URL",
        "URI",
        "HOST",
        "HOSTNAME",
        "ADDR",
        "ADDRESS",
        "ENDPOINT",
        "GRPC",
        "SVC",
    )
    for name in (f"STOCK_{end}" for end in ends):
        assert asked(f"module.exports = [process.env.{name}];\n") == {"stock-service"}, name
    nobody = ("STOCK", "STOCK_TOKEN", "STOCK_REDIRECT_URL", "GATEWAY_URL", "stockService")
    for name in (*nobody, "STOCK_HOSTNAMES", "STOCK_SERVICES", "xSTOCK_URL", "STOCK_URLs"):
        assert asked(f"module.exports = [process.env.{name}];\n") == set(), name
    # Mails and pages lead people to these.
    for name in ("admin", "docs", "portal", "console", "dashboard", "shop-web"):
        people = {path.replace("stock-service", name): text for path, text in system().items()}
        people[f"{name}/package.json"] = package(name)
        variable = name.upper().replace("-", "_")
        people["gateway/config.js"] = f"module.exports = [process.env.{variable}_URL];\n"
        assert connected(architecture(people)) == set(), name
    pages = {path: text for path, text in system().items() if "stock-service" not in path}
    pages["stock/package.json"] = FRONT_END.replace("NAME", "stock")
    pages["gateway/config.js"] = "module.exports = [process.env.STOCK_URL];\n"
    assert connected(architecture(pages)) == set(), "pages for people answer no program"
    files = system() | {
        "gateway/config.js": "module.exports = [process.env.STOCK_URL];\n",
        "gateway/.env": "STOCK_URL=https://stock.example.dev/v1\n",
    }
    assert connected(architecture(files)) == set(), "it is somebody else's"


FRONT_END = (
    '{"name": "NAME", "scripts": {"dev": "vite"}, "dependencies": {"react": "19", "vite": "7"}}'
)
ASKS = """
    import axios from 'axios';
    export const client = axios.create({ baseURL: import.meta.env.VITE_API_URL });
    """


def test_pages_beside_the_one_program_that_they_ask() -> None:
    alone = {
        "backend/package.json": package("backend"),
        "backend/index.js": SERVER.replace("NAME", "x").replace("PORT", "5000"),
        "frontend/package.json": FRONT_END.replace("NAME", "frontend"),
        "frontend/src/client.js": ASKS,
    }
    found = architecture(alone)
    assert connected(found) == {("frontend", "backend")}
    assert [node.name for node in found.entry_points()] == ["frontend"]
    other = alone["frontend/src/client.js"].replace("VITE_API_URL", "VITE_MAPS_URL")
    maps = architecture(alone | {"frontend/src/client.js": other})
    assert connected(maps) & {("frontend", "backend")} == set()
    # Of two that answer nobody can tell which is meant.
    two = {f"second/{path[8:]}": text for path, text in alone.items() if "backend" in path}
    two["second/package.json"] = package("second")
    assert connected(architecture(alone | two)) == set()
    # Where the program is deployed, what is not named there is a part of it.
    deployed = {
        "compose.yaml": "services: {backend: {build: ./backend}}\n",
        "backend/Dockerfile": "FROM node\nCOPY . .\n",
    }
    assert {n.name for n in architecture(alone | deployed).nodes(NodeKind.SERVICE)} == {"backend"}


def test_words_that_pages_have_for_the_program_behind_them() -> None:
    def asked(variable: str) -> set[tuple[str, str]]:
        files = {
            "shop/package.json": package("shop"),
            "shop/index.js": SERVER.replace("NAME", "x").replace("PORT", "5000"),
            "pages/package.json": FRONT_END.replace("NAME", "pages"),
            "pages/src/client.js": ASKS.replace("VITE_API_URL", variable),
        }
        return connected(architecture(files))

    for name in ("API_URL", "VITE_API", "VITE_BACKEND_URL", "VITE_SERVER", "VITE_GATEWAY_URL"):
        assert asked(name) == {("pages", "shop")}, name
    assert asked("VITE_BASE_URL") == set(), "it may be that of the pages themselves"


def test_other_pages_that_answer_requests_are_not_the_program_behind_them() -> None:
    files = {
        "shop/package.json": package("shop"),
        "shop/index.js": SERVER.replace("NAME", "x").replace("PORT", "5000"),
        "pages/package.json": FRONT_END.replace("NAME", "pages"),
        "pages/src/client.js": ASKS,
        "help/package.json": '{"name": "help", "scripts": {"start": "next start"}, "dependencies": {"next": "15"}}',
        "help/pages/api/words.js": "export default function handler(req, res) { res.json([]); }\n",
    }
    found = architecture(files)
    assert {each.component for each in found.endpoints} == {"service:shop", "service:help"}
    assert connected(found) == {("pages", "shop")}


SCRIPT = """
    from flask import Flask
    import requests
    app = Flask(__name__)

    @app.route("/NAME")
    def all():
        return requests.get("http://localhost:5001/users", timeout=2).json() if PORT > 5001 else []

    if __name__ == "__main__":
        app.run(port=PORT)
    """


def test_files_of_one_folder_that_start_servers_of_their_own() -> None:
    def script(name: str, port: int) -> str:
        text = SCRIPT.replace("NAME", name).replace("PORT", str(port))
        return text if port > 5001 else text.replace("requests.get(", "str(")

    files = {
        "requirements.txt": "flask\nrequests\n",
        "services/users.py": script("users", 5001),
        "services/orders.py": script("orders", 5002),
        "services/shared.py": "words = ['a']\n",
    }
    found = architecture(files, name="shop")
    services = {n.name: (n.path, n.technology) for n in found.nodes(NodeKind.SERVICE)}
    assert services == {
        "users": ("services/users.py", "flask"),
        "orders": ("services/orders.py", "flask"),
    }
    assert connected(found) == {("orders", "users")}
    assert {(each.component, each.path) for each in found.endpoints} == {
        ("service:users", "/users"),
        ("service:orders", "/orders"),
    }
    # Two ways to start one program, or one beside what stands in for others, are no two programs.
    same = files | {"services/orders.py": script("orders", 5001)}
    stands_in = files | {"services/mock_orders.py": files["services/orders.py"]}
    del stands_in["services/orders.py"]
    for other in (same, stands_in):
        names = [n.name for n in architecture(other, name="shop").nodes(NodeKind.SERVICE)]
        assert names == ["shop"]


def test_a_go_program_begins_in_whatever_file_its_main_package_has() -> None:
    program = """
        package main
        import "google.golang.org/grpc"
        func main() { s := grpc.NewServer(); pb.RegisterStockServer(s, &server{}); s.Serve(at()) }
        """
    files = {"stock/go.mod": "module example.org/stock\n", "stock/server.go": program}
    files |= {path.replace("stock", "mails"): text for path, text in files.items()}
    names = {node.name for node in architecture(files).nodes(NodeKind.SERVICE)}
    assert names == {"stock", "mails"}
    library = program.replace("package main", "package server")
    files["mails/server.go"] = library
    assert {node.name for node in architecture(files).nodes(NodeKind.SERVICE)} == {"stock"}


WEB = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/NAME')\ndef all():\n    return []\n"
STARTED = f"{WEB}import uvicorn\nif __name__ == '__main__':\n    uvicorn.run(app, port=8001)\n"


def names(files: dict[str, str]) -> dict[str, str]:
    found = architecture(files, name="shop")
    return {n.name: n.path for n in found.nodes(NodeKind.SERVICE) if n.first_party}


def test_a_python_folder_in_which_a_program_begins() -> None:
    """What starts it stands in no file; its first file serves, or waits for messages."""
    takes = """
        import pika
        channel = pika.BlockingConnection(pika.ConnectionParameters("localhost")).channel()
        channel.basic_consume(queue="orders", on_message_callback=take)
        """
    files = {
        "orders/requirements.txt": "fastapi\n",
        "orders/app/main.py": WEB.replace("NAME", "orders"),
        "stock/requirements.txt": "fastapi\n",
        "stock/main.py": WEB.replace("NAME", "stock"),
        "mails/requirements.txt": "pika\n",
        "mails/worker.py": takes,
        "shop_admin/requirements.txt": "django\n",
        "shop_admin/manage.py": "import django\n",
        "words/requirements.txt": "pydantic\n",
        "words/lists.py": "words = []\n",
        "docs/requirements.txt": "fastapi\n",
        "docs/main.py": WEB,
    }
    assert set(names(files)) == {"orders", "stock", "mails", "shop_admin"}


def test_folders_that_start_servers_below_one_list_of_requirements() -> None:
    files = {
        "requirements.txt": "fastapi\nuvicorn\n",
        "services/orders/main.py": STARTED,
        "services/stock/app/main.py": STARTED,
    }
    assert names(files) == {"orders": "services/orders", "stock": "services/stock"}
    routes = {path: text.replace(STARTED, WEB) for path, text in files.items()}
    assert names(routes) == {"shop": ""}, "parts of one program"
    deployed = {
        "compose.yaml": "services: {shop: {build: .}}\n",
        "Dockerfile": "FROM python\nCOPY . .\n",
    }
    assert names(files | deployed) == {"shop": ""}


def test_a_node_package_without_scripts_whose_own_file_serves() -> None:
    bare = '{"dependencies": {"express": "5"}, "scripts": {"test": "exit 1"}}'
    files = system() | {"mails/package.json": bare}
    files["mails/index.js"] = SERVER.replace("NAME", "mails").replace("PORT", "4003")
    assert set(names(files)) == {"gateway", "order-service", "stock-service", "mails"}
    built = bare.replace('"test"', '"build"')
    assert "mails" not in names(files | {"mails/package.json": built})


def test_node_programs_that_are_only_run_at_the_desk() -> None:
    """What stands there is the program's own file; workers answer nobody and take messages."""
    told = '{"scripts": {"dev": "SCRIPT"}, "dependencies": {"express": "4", "amqplib": "0.10"}}'
    takes = (
        "const amqp = require('amqplib');\nasync function init() {\n"
        "  const channel = await (await amqp.connect(process.env.BUS)).createChannel();\n"
        "  channel.consume('orders', (message) => message);\n}\ninit();\n"
    )

    def programs(script: str, code: str = takes) -> set[str]:
        files = {
            "api/package.json": told.replace("SCRIPT", "nodemon src/main.ts"),
            "api/src/main.ts": SERVER.replace("NAME", "orders").replace("PORT", "4001"),
            "worker/package.json": told.replace("SCRIPT", script),
            "worker/src/main.ts": code,
        }
        return {n.name for n in architecture(files).nodes() if n.kind is NodeKind.SERVICE}

    both = {"api", "worker"}
    for script in (
        "nodemon src/main.ts", "ts-node-dev --respawn src/main.ts", "npx tsx watch src/main.ts",
        "NODE_ENV=dev node --watch src/main.js", "bun run src/main.ts",
    ):  # fmt: skip
        assert programs(script) == both, script
    for script in ("vite", "tsc --watch", "nodemon --exec jest", "tsx watch a.ts && next dev"):
        assert programs(script) == {"api"}, script
    assert programs("nodemon src/main.ts", "export const words = [];\n") == {"api"}


def test_a_proxy_with_an_image_of_its_own_beside_programs_that_nothing_deploys() -> None:
    settings = "http {{ server {{ location / {{ {} }} }} }}\n"
    files = {
        "nginx/Dockerfile": "FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\n",
        "nginx/nginx.conf": settings.format("proxy_pass http://api:3000;"),
        "api/Dockerfile": "FROM node:22\nCMD node i.js\n",
        "api/package.json": '{"name": "api", "dependencies": {"express": "4"}}',
        "api/i.js": "const app = require('express')()\napp.get('/x', (q, r) => r.end())\n",
    }
    found = architecture(files)
    assert [(e.source, e.target) for e in found.edges(EdgeKind.CALLS)] == [
        ("service:nginx", "service:api")
    ]
    assert [node.id for node in found.nodes() if node.entered] == ["service:nginx"]
    # one that only hands out files is no part of its own
    alone = {**files, "nginx/nginx.conf": settings.format("root /srv;")}
    assert "service:nginx" not in {node.id for node in architecture(alone).nodes()}
    # nor one beside what is deployed without it
    deployed = {**files, "compose.yml": "services: {api: {build: api, ports: ['80:3000']}}\n"}
    assert "service:nginx" not in {node.id for node in architecture(deployed).nodes()}


def test_what_the_workspace_around_declares_tells_what_a_program_is_made_with() -> None:
    found = architecture(
        {
            "package.json": '{"name": "shop", "workspaces": ["apps/*"], "dependencies": {"@nestjs/core": "10", "react": "18"}}',
            "apps/orders/package.json": '{"name": "orders", "scripts": {"start": "nest start"}, "dependencies": {"pg": "8"}}',
            "apps/orders/src/main.ts": """
                import { NestFactory } from '@nestjs/core';
                import { Orders } from './orders';
                NestFactory.create(Orders).then(app => app.listen(3000));
                """,
            "apps/orders/Dockerfile": "FROM node\nCOPY . .\n",
            "apps/mails/package.json": '{"name": "mails", "scripts": {"start": "node ."}}',
            "apps/mails/index.js": "require('http').createServer().listen(80);\n",
            "apps/mails/Dockerfile": "FROM node\nCOPY . .\n",
        }
    )
    told = {node.name: node.technology for node in found.nodes(NodeKind.SERVICE)}
    assert told == {"orders": "nestjs", "mails": "node"}
