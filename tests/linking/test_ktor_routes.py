"""Routes of Ktor in functions on `Route`, wherever these are called."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom

KTOR = "import io.ktor.server.routing.*\n"
VERBS = """
fun Route.delete() {
    delete("{id}") { call.respond(1) }
}
fun Route.get() {
    get { call.respond(all) }
    get("{id}") { call.respond(one) }
}
"""
SERVED = {("DELETE", "/orders/{id}"), ("GET", "/orders"), ("GET", "/orders/{id}")}


def calling(calls: str, imports: str = KTOR) -> str:
    return (
        f"package shop\n{imports}fun Application.module() {{\n  routing {{\n"
        f'    route("/orders") {{\n      {calls}\n    }}\n  }}\n}}\n'
    )


def routes(sources: dict[str, str]) -> set[tuple[str, str]]:
    files = {f"src/main/kotlin/shop/{name}.kt": text for name, text in sources.items()}
    found = architecture({"pom.xml": pom("app"), **files}).endpoints
    assert len(found) == len({(each.method, each.path) for each in found})
    return {(each.method, each.path) for each in found}


def test_a_verb_without_path_and_block_is_a_function_of_that_name() -> None:
    calls = "get()\n      delete()"
    assert routes({"Main": calling(calls) + VERBS}) == SERVED
    assert routes({"Main": calling(calls), "Orders": f"package shop\n{KTOR}{VERBS}"}) == SERVED
    by_name = (
        "import io.ktor.server.routing.route\nimport shop.orders.get\nimport shop.orders.delete\n"
    )
    orders = f"package shop.orders\n{KTOR}{VERBS}"
    assert routes({"Main": calling(calls, by_name), "orders/Orders": orders}) == SERVED
    assert routes({"Main": calling("get()")}) == set()


def test_such_a_function_may_be_handed_something() -> None:
    functions = VERBS.replace("delete() {", "delete(orders: Orders) {")
    assert routes({"Main": calling("get()\n delete(Orders())") + functions}) == SERVED
    # With a path or a block it is the verb.
    functions = functions.replace("get() {", "list() {")
    assert routes({"Main": calling('list()\n delete("old") { }\n delete { }') + functions}) == {
        ("DELETE", "/{id}"),
        ("DELETE", "/orders/old"),
        ("DELETE", "/orders"),
        ("GET", "/orders"),
        ("GET", "/orders/{id}"),
    }


@pytest.mark.parametrize(
    "body",
    [
        "{\n  items()\n}",
        "= items()",
        '{\n  authenticate("jwt") {\n    items()\n  }\n}',
        "{\n  later()\n}\nfun Route.later() {\n  items()\n}",
    ],
)
def test_functions_that_call_others_without_a_path_of_their_own(body: str) -> None:
    sources = {
        "Main": calling("api()"),
        "Api": f"package shop\nimport io.ktor.server.routing.Route\nfun Route.api() {body}\n",
        "Items": f'package shop\n{KTOR}fun Route.items() {{\n  get("/items") {{ }}\n}}\n',
    }
    assert routes(sources) == {("GET", "/orders/items")}


@pytest.mark.parametrize(
    ("imported", "path"),
    [
        ("import shop.old.items\n", "/orders/old"),
        ("import shop.fresh.*\n", "/orders/fresh"),
        ("", "/orders/own"),
        ("import shop.none.*\n", "/orders/own"),
    ],
)
def test_of_functions_of_one_name_the_imported_one(imported: str, path: str) -> None:
    packages = {"old": "shop.old", "fresh": "shop.fresh"} | (
        {} if "fresh" in path else {"own": "shop"}
    )
    sources = {
        f"{name}/Items": f'package {package}\n{KTOR}fun Route.items() {{\n  get("/{name}") {{ }}\n}}\n'
        for name, package in packages.items()
    }
    sources["Main"] = calling("items()", KTOR + imported)
    others = {("GET", f"/{name}") for name in packages if f"/{name}" not in path}
    assert routes(sources) == {("GET", path), *others}
