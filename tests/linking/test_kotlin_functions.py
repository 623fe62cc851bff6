"""Addresses that Kotlin hands to functions of other files."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import EdgeKind
from scaleaudit.facts import RemoteCall

FETCH = """
    package shop.net
    import okhttp3.OkHttpClient
    import okhttp3.Request
    suspend fun fetch(url: String, client: OkHttpClient): String {
        val request = Request.Builder().url(url).build()
        return client.newCall(request).execute().body!!.string()
    }
    """
MAIN = """
    package %s
    %s
    const val BASE_URL = "https://api.openweathermap.org/v1"
    fun main() { val city = readLine(); println(fetch("$BASE_URL/now?city=$city", client)) }
    """


def called(main: str, fetch: str = FETCH) -> set[str]:
    files = {
        "build.gradle.kts": 'plugins { kotlin("jvm") }\napplication { mainClass.set("shop.MainKt") }',
        "src/main/kotlin/shop/net/Fetch.kt": fetch,
        "src/main/kotlin/shop/Main.kt": main,
    }
    return {edge.target for edge in architecture(files).edges(EdgeKind.CALLS)}


def test_a_function_outside_classes_calls_what_it_is_given() -> None:
    there = {"external:api.openweathermap.org"}
    assert called(MAIN % ("shop", "import shop.net.fetch")) == there
    assert called(MAIN % ("shop.net", "")) == there
    of_class = FETCH.replace("suspend fun", "class Net { suspend fun") + "}"
    assert called(MAIN % ("shop.net", ""), of_class) == set()


def test_a_function_of_that_name_in_another_package_is_another() -> None:
    assert called(MAIN % ("shop", "import shop.files.fetch")) == set()


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ('fun add(router: Router) = router.run { get("/orders").handler(all)\n post("/orders").handler(add) }', {"/orders"}),
        ('fun made() = Router.router(vertx).apply { route().handler(BodyHandler.create())\n get("/orders").handler(all) }', {"/orders"}),
        ('fun add(router: Router) { with(router) { get("/orders").handler(all) } }', {"/orders"}),
        ('fun add(router: Router) { router.apply { launch { get("/orders").handler(all) } } }', {"/orders"}),
        # of the file itself, of what is not known, and of another block
        ('fun get(path: String) = Step(path)\nfun add(router: Router) { router.apply { get("/orders").handler(all) } }', set()),
        ('fun add(router: Router) { router.apply { fetch("/orders").handler(all) } }', set()),
        ('fun add(words: Words) { words.apply { get("/orders").handler(all) } }', set()),
        ('fun add(router: Router) { router.also { get("/orders").handler(all) } }', set()),
    ],
)  # fmt: skip
def test_calls_of_a_block_that_is_run_on_a_router(body: str, paths: set[str]) -> None:
    source = f"package shop\nimport io.vertx.ext.web.Router\nobject Orders {{\n{body}\n}}\n"
    files = {"pom.xml": pom("app"), "src/main/kotlin/shop/Orders.kt": source}
    assert {each.path for each in architecture(files).endpoints} == paths


def test_blocks_inside_one_another_end() -> None:
    nested = "a.apply { " * 3_000 + 'get("/orders")' + " }" * 3_000
    source = f"package shop\nimport io.vertx.ext.web.Router\nfun add(a: Router) {{ {nested} }}\n"
    files = {"pom.xml": pom("app"), "src/main/kotlin/shop/Orders.kt": source}
    assert architecture(files).endpoints is not None


@pytest.mark.parametrize(
    ("imported", "call"),
    [
        ("io.ktor.client.request.get", "http.get<List<Item>>(url)"),
        ("io.ktor.client.request.get", "elsewhere.held.get(url)"),
        ("io.ktor.client.request.*", "httpClient.get(url)"),
        ("io.ktor.client.request.*", "api.client.post(url)"),
    ],
)
@pytest.mark.parametrize(
    "address",
    [
        'val url by lazy { application.environment.config.property("stock.url").getString() }',
        'val url = application.environment.config.property("stock.url").getString()',
        'val url: String by lazy { "http://stock:8080/items" }',
    ],
)
def test_the_client_of_ktor_in_another_file(imported: str, call: str, address: str) -> None:
    source = (
        f"package shop\nimport io.ktor.application.Application\nimport {imported}\n"
        f"class Stock(application: Application) {{\n  private {address}\n"
        f"  suspend fun all() = {call}\n}}\n"
    )
    files = {
        "orders/pom.xml": pom("orders"),
        "orders/src/main/kotlin/shop/Stock.kt": source,
        "orders/src/main/resources/application.conf": 'stock { url = "http://stock:8080/items" }\n',
        "stock/pom.xml": pom("stock"),
    }
    found = architecture(files).edges(EdgeKind.CALLS)
    assert [(e.source, e.target) for e in found] == [("service:orders", "service:stock")]


def test_a_map_beside_the_functions_of_ktors_client() -> None:
    source = (
        "package shop\nimport io.ktor.client.request.*\nclass Stock {\n"
        '  fun one() = words.get("http://stock:8080/items")\n  val word by lazy { words.get("a") }\n}\n'
    )
    files = {
        "orders/pom.xml": pom("orders"),
        "orders/src/main/kotlin/shop/Stock.kt": source,
        "stock/pom.xml": pom("stock"),
    }
    assert list(architecture(files).sites(RemoteCall)) == []


def test_routes_beside_all_functions_of_ktors_client() -> None:
    source = (
        "package shop\nimport io.ktor.client.request.*\nimport io.ktor.server.routing.*\n"
        'fun Application.module() { routing { get("/orders") { client.get("http://stock/items") } } }\n'
    )
    files = {"pom.xml": pom("app"), "src/main/kotlin/shop/App.kt": source}
    found = architecture(files)
    assert [each.path for each in found.endpoints] == ["/orders"]
    assert [site.fact.library for site in found.sites(RemoteCall)] == ["ktor-client"]


def test_a_function_that_is_imported_is_not_that_of_the_router() -> None:
    source = (
        "package shop\nimport io.vertx.ext.web.Router\nimport shop.steps.get\n"
        'fun add(router: Router) { router.apply { get("/orders").handler(all) } }\n'
    )
    files = {"pom.xml": pom("app"), "src/main/kotlin/shop/Orders.kt": source}
    assert list(architecture(files).endpoints) == []
