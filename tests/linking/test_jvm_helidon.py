"""Helidon: routes that programs and their services are given, settings by their path, addresses."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_jvm_frameworks import PROGRAM, edges

SE = "package shop;\nimport io.helidon.config.Config;\nimport io.helidon.webserver.*;\n"
FOUR = (
    "package shop;\nimport io.helidon.config.Config;\nimport io.helidon.webserver.WebServer;\n"
    "import io.helidon.webserver.http.*;\n"
)


def served(*sources: str) -> list[tuple[str, str]]:
    files = {f"src/main/java/shop/Part{n}.java": text for n, text in enumerate(sources)}
    files["pom.xml"] = PROGRAM.format("orders")
    return sorted((each.method, each.path) for each in architecture(files).endpoints)


def test_routes_of_a_program() -> None:
    one = (
        f"{SE}class Main {{ static Routing made() {{ return Routing.builder()\n"
        '  .any("/", (req, res) -> res.send("")).get("/orders/{id}", Main::one)\n'
        '  .post("/orders", Main::add).get(Main::all).build(); } }'
    )
    assert served(one) == [("*", "/"), ("GET", "/orders/{id}"), ("POST", "/orders")]
    four = (
        f"{FOUR}class Main {{ static void routing(HttpRouting.Builder routing) {{\n"
        '  routing.get("/hello", (req, res) -> res.send("")).put("/hello", Main::set); } }'
    )
    assert served(four) == [("GET", "/hello"), ("PUT", "/hello")]


@pytest.mark.parametrize(
    ("head", "rules", "routing", "made"),
    [
        (SE, "Routing.Rules", "Routing.Builder", "new Orders()"),
        (FOUR, "HttpRules", "HttpRouting.Builder", "new Orders(config)"),
        (FOUR, "HttpRules", "HttpRouting.Builder", "Orders::new"),
        (FOUR, "HttpRules", "HttpRouting.Builder", "Orders.create(config)"),
        (FOUR, "HttpRules", "HttpRouting.Builder", "orders"),
    ],
)
def test_services_below_a_path(head: str, rules: str, routing: str, made: str) -> None:
    service = (
        f"{head}class Orders implements Service {{ public void update({rules} rules) {{\n"
        '  rules.get("/", this::all).get("/{id}", this::one).register("/lines", new Lines()); } }'
    )
    inner = (
        f"{head}class Lines implements Service {{ public void update({rules} rules) {{\n"
        '  rules.delete("/{id}", this::drop); } }'
    )
    program = (
        f"{head}class Main {{ static void routing({routing} routing, Config config) {{\n"
        f'  Orders orders = find();\n  routing.register("/orders", {made}).get("/other", Main::all); }} }}'
    )
    assert served(service, inner, program) == [
        ("DELETE", "/orders/lines/{id}"),
        ("GET", "/orders/"),
        ("GET", "/orders/{id}"),
        ("GET", "/other"),
    ]


@pytest.mark.parametrize(
    ("imported", "address"),
    [
        ("io.helidon.config.Config", 'config.get("stock.url").asString().get()'),
        ("io.helidon.config.Config", 'config.get("stock").get("url").as(String.class).get()'),
        ("io.helidon.config.Config", 'config.get("other").asString().orElse("http://stock:8080")'),
        ("org.eclipse.microprofile.config.Config", 'config.getValue("stock.url", String.class)'),
        (
            "org.eclipse.microprofile.config.Config",
            'config.getOptionalValue("stock.url", String.class).orElse("http://nobody")',
        ),
        ("io.vertx.core.AbstractVerticle", 'config().getString("other", "http://stock:8080")'),
    ],
)
def test_settings_that_code_asks_for_by_their_path(imported: str, address: str) -> None:
    code = (
        f"package shop;\nimport {imported};\nimport jakarta.ws.rs.client.*;\nclass Client {{\n"
        "  Object all(Config config) {\n"
        f"    String url = {address};\n"
        "    return ClientBuilder.newClient().target(url).request().get(); } }"
    )
    files = {
        "orders/pom.xml": PROGRAM.format("orders"),
        "orders/src/main/resources/application.yaml": 'stock: {url: "http://stock:8080"}\n',
        "orders/src/main/java/shop/Client.java": code,
        "stock/pom.xml": PROGRAM.format("stock"),
    }
    assert edges(architecture(files)) == {("orders", "stock")}


def test_what_helidon_is_told_in_its_settings() -> None:
    needs = (
        "<project><artifactId>orders</artifactId><packaging>jib</packaging><dependencies><dependency>"
        "<groupId>io.helidon.tracing</groupId><artifactId>helidon-tracing-zipkin</artifactId>"
        "</dependency></dependencies></project>"
    )
    settings = (
        "tracing: {host: traces}\ndb: {connection: {url: 'jdbc:mysql://orders-db:3306/orders'}}\n"
    )
    files = {
        "compose.yaml": """
            services:
              orders: {build: ./orders}
              traces: {image: openzipkin/zipkin}
              orders-db: {image: "mysql:8"}
            """,
        "orders/pom.xml": needs,
        "orders/src/main/resources/application.yaml": settings,
    }
    assert edges(architecture(files)) == {("orders", "traces"), ("orders", "orders-db")}
