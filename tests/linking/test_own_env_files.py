"""Programs that load the `.env` of their own folder."""

from __future__ import annotations

from tests.linking.system import architecture

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
