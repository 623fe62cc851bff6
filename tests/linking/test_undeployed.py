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


READS = """
    const at = { orders: process.env.ORDERS_URL, stocks: process.env.STOCKS_SERVICE_BASE_URL };
    module.exports = { at, store: process.env.HISTORY };
    """


def read(variables: str, code: str = READS, place: str = "gateway/.env.example") -> set[str]:
    """Whom the gateway reaches, whose code reads its variables in a way that no call tells."""
    files = system() | {"gateway/config.js": code, place: variables}
    return {target for source, target in connected(architecture(files)) if source == "gateway"}


def test_variables_that_the_code_reads_lead_to_who_listens_there() -> None:
    assert read("ORDERS_URL=http://localhost:4001\n") == {"order-service"}
    assert read("ORDERS_URL=http://localhost:4001\n", place=".env") == {"order-service"}
    # Not one that nothing reads, nor one for who may ask.
    assert read("OTHER_URL=http://localhost:4001\n") == set()
    assert read("CORS_ORIGIN=http://localhost:4001\n", "x = process.env.CORS_ORIGIN;\n") == set()


def test_a_port_where_nobody_listens_is_whose_name_the_variable_has() -> None:
    """One stock is as good as many."""
    assert read("STOCKS_SERVICE_BASE_URL=localhost:8002\n") == {"stock-service"}
    assert read("HISTORY=http://localhost:8002\n") == set()


def test_a_store_that_a_variable_holds_the_address_of() -> None:
    assert read("HISTORY=mongodb://127.0.0.1:27017/history\n") == {"mongodb"}


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
