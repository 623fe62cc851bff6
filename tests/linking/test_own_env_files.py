"""Programs that load the `.env` of their own folder."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

SYSTEM = {
    "compose.yaml": """
        services:
          orders: {build: ./orders}
          stock: {build: ./stock}
          store: {image: "mongo:7"}
          bus: {image: "nats:2"}
        """,
    "orders/Dockerfile": "FROM golang\nCOPY . .\n",
    "orders/go.mod": "module example.org/orders\n",
    "orders/main.go": """
        package main
        import "example.org/kit/mongo"
        func main() { mongo.Open(config.Load(".env")) }
        """,
    "stock/Dockerfile": "FROM golang\nCOPY . .\n",
    "stock/go.mod": "module example.org/stock\n",
}


def connected(files: dict[str, str]) -> set[tuple[str, str, str]]:
    found = architecture(SYSTEM | files)
    return {
        (found.node(e.source).name, found.node(e.target).name, str(e.confidence))
        for e in found.edges()
    }


def test_what_is_deployed_beside_the_program_and_named_there_is_connected_to() -> None:
    variables = """
        DB_HOST=store
        DB_PORT=27017
        DB_NAME=orders
        BUS_URL=nats://bus:4222
        MAIL_HOST=mail.example.org
        CORS_ORIGINS=http://stock
        """
    expected = {("orders", "store", "medium"), ("orders", "bus", "medium")}
    assert connected({"orders/.env.example": variables}) == expected
    assert connected({"orders/.env": variables}) == expected


def test_a_file_of_another_folder_is_nobodys_own() -> None:
    assert connected({"deploy/.env": "DB_HOST=store\n"}) == set()
    assert connected({"orders/tools/.env": "DB_HOST=store\n"}) == set()


def test_pages_ask_the_ports_that_the_deployment_opens_on_the_machine() -> None:
    compose = """
        services:
          shown: {build: ./shown, ports: ["80:80"]}
          stock: {build: ./stock, ports: ["7005:8000"]}
        """
    files = {
        "compose.yaml": compose,
        "shown/Dockerfile": "FROM nginx\nCOPY . .\n",
        "shown/package.json": '{"name": "shown", "dependencies": {"vue": "3"}}',
        "shown/.env": "VUE_APP_API=http://localhost:7005\nOTHER_API=http://localhost:7005\n",
        "shown/src/main.js": "client.setAddress(process.env.VUE_APP_API);\n",
    }
    assert connected(files) == {("shown", "stock", "medium")}
    told = files["shown/.env"].replace("VUE_APP_API", "SOME_API")
    assert connected({**files, "shown/.env": told}) == set()
    assert connected({**files, "shown/src/main.js": "client.setAddress('/api');\n"}) == set()


def test_a_machine_of_somebodys_network_is_whom_the_variable_is_named_for() -> None:
    """A port that all kinds of programs have tells nobody, and hides nobody either."""
    program = '{{"name": "{}", "scripts": {{"start": "node index.js"}}}}'
    asked = """
        class Asks {
          constructor (data) { this.data = data }
          ask () { return this.data.client.get(this.data.urls.stock) }
        }
        new Asks({ urls: { stock: process.env.STOCK_SERVICE_URL } }).ask()
        require('http').createServer().listen(process.env.HTTP_PORT)
        """
    files = {
        "shop/package.json": program.format("shop"),
        "shop/index.js": asked,
        "shop/.env.example": "STOCK_SERVICE_URL=http://192.168.0.7:8081\nHTTP_PORT=8080\n",
        "stock/package.json": program.format("stock"),
        "stock/index.js": "require('http').createServer().listen(process.env.HTTP_PORT)\n",
        "stock/.env.example": "HTTP_PORT=8081\n",
    }

    def calls(files: dict[str, str]) -> set[tuple[str, str]]:
        found = architecture(files)
        return {(found.node(e.source).name, found.node(e.target).name) for e in found.edges()}

    assert calls(files) == {("shop", "stock")}
    other = asked.replace("STOCK_SERVICE_URL", "PRICES_URL")
    env = files["shop/.env.example"].replace("STOCK_SERVICE_URL", "PRICES_URL")
    assert ("shop", "stock") not in calls(
        {**files, "shop/index.js": other, "shop/.env.example": env}
    )


def test_where_a_program_listens_is_no_address_of_another() -> None:
    server = (
        "const app = require('express')()\napp.get('/x', (q, r) => r.end())\napp.listen(8080)\n"
    )
    files = {
        "compose.yml": "services:\n  orders: {image: acme/orders, env_file: [.env]}\n",
        ".env": "app.address=localhost:8080\n",
        "bills/package.json": '{"dependencies": {"express": "4"}, "scripts": {"start": "node i.js"}}',
        "bills/i.js": server,
    }
    assert not architecture(files).edges(EdgeKind.CALLS)
    other = {**files, ".env": "bills.address=localhost:8080\n"}
    assert [each.target for each in architecture(other).edges(EdgeKind.CALLS)] == ["service:bills"]
