"""Programs of one Vert.x cluster, which meet at addresses of their event bus."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_jvm_frameworks import edges, services

MODULE = (
    "<project><artifactId>{}</artifactId><packaging>jib</packaging><dependencies><dependency>"
    "<groupId>io.vertx</groupId><artifactId>{}</artifactId></dependency></dependencies></project>"
)
CODE = "package shop;\nimport io.vertx.core.AbstractVerticle;\nimport io.vertx.core.eventbus.EventBus;\nimport io.vertx.serviceproxy.ProxyHelper;\nimport io.vertx.serviceproxy.ServiceBinder;\nimport io.vertx.serviceproxy.ServiceProxyBuilder;\nclass Main extends AbstractVerticle {{\n{}\n}}"
TAKES = 'void start() { vertx.eventBus().consumer("orders.add", this::add); }'
SENDS = 'void start() { vertx.eventBus().request("orders.add", body, this::done); }'
HELD = 'void start() { EventBus bus = vertx.eventBus(); bus.VERB("orders.add", body); }'


def system(sender: str, taker: str = TAKES, manager: str = "vertx-hazelcast") -> dict[str, str]:
    return {
        "shop/pom.xml": MODULE.format("shop", manager),
        "shop/src/main/java/shop/Main.java": CODE.format(sender),
        "orders/pom.xml": MODULE.format("orders", manager),
        "orders/src/main/java/shop/Main.java": CODE.format(taker),
    }


@pytest.mark.parametrize("manager", ["vertx-hazelcast", "vertx-infinispan", "vertx-ignite"])
def test_whoever_sends_reaches_whoever_takes(manager: str) -> None:
    assert edges(architecture(system(SENDS, manager=manager))) == {("shop", "orders")}


@pytest.mark.parametrize("verb", ["send", "publish", "request"])
def test_a_bus_that_is_held(verb: str) -> None:
    files = system(HELD.replace("VERB", verb))
    assert edges(architecture(files)) == {("shop", "orders")}


@pytest.mark.parametrize(
    ("sender", "taker"),
    [
        (
            'Orders a = new ServiceProxyBuilder(vertx).setAddress("orders").build(Orders.class);',
            'void start() { new ServiceBinder(vertx).setAddress("orders").register(Orders.class, impl); }',
        ),
        (
            'Orders a = ProxyHelper.createProxy(Orders.class, vertx, "orders");',
            'void start() { ProxyHelper.registerService(Orders.class, vertx, impl, "orders"); }',
        ),
    ],
)
def test_services_and_their_proxies(sender: str, taker: str) -> None:
    assert edges(architecture(system(sender, taker))) == {("shop", "orders")}


def test_all_names_of_a_package_at_once() -> None:
    files = {
        path: text.replace("core.AbstractVerticle", "core.*")
        for path, text in system(SENDS).items()
    }
    assert edges(architecture(files)) == {("shop", "orders")}


def test_what_does_not_meet() -> None:
    other = SENDS.replace("orders.add", "orders.drop")
    assert edges(architecture(system(other))) == set()
    assert edges(architecture(system(SENDS, TAKES.replace("consumer", "localConsumer")))) == set()
    unknown = SENDS.replace('"orders.add"', "address")
    assert edges(architecture(system(unknown))) == set()
    # Without a manager of the cluster each process has a bus of its own.
    assert edges(architecture(system(SENDS, manager="vertx-core"))) == set()


def test_members_of_a_cluster_are_programs() -> None:
    """Other modules are built with them, for the interfaces that they serve."""
    main = (
        "package shop\nimport io.vertx.core.Vertx\nobject App {{ @JvmStatic fun main(args: Array<String>) {{\n"
        "  Vertx.{}(options) {{ ar -> ar.result().deployVerticle(Main()) }} }} }}"
    )
    build = 'dependencies {{ compile "io.vertx:vertx-hazelcast:3"\n{} }}\n'
    files = {
        "build.gradle": 'subprojects { apply plugin: "kotlin" }\n',
        "settings.gradle": "include 'gateway'\ninclude 'orders'\ninclude 'words'\n",
        "gateway/build.gradle": build.format(
            'compile project(":orders")\ncompile project(":words")'
        ),
        "gateway/src/shop/App.kt": main.format("clusteredVertx"),
        "orders/build.gradle": build.format(""),
        "orders/src/shop/App.kt": main.format("clusteredVertx"),
        "words/build.gradle": build.format(""),
        "words/src/shop/App.kt": main.format("vertx"),
    }
    assert services(architecture(files)) == {"gateway", "orders"}


RECORDS = "package shop;\nimport io.vertx.servicediscovery.ServiceDiscovery;\nimport io.vertx.servicediscovery.types.*;\nclass Main {{ ServiceDiscovery discovery; void start() {{\n{}\n}} }}"

NAMES = 'package shop;\ninterface Names { String STOCK = "stock"; }'


@pytest.mark.parametrize(
    "asked",
    [
        'HttpEndpoint.getWebClient(discovery, new JsonObject().put("name", "stock"), this::use);',
        'HttpEndpoint.getClient(discovery, record -> record.getName().equals("stock"), this::use);',
        'EventBusService.getServiceProxy(discovery, r -> r.getName().equalsIgnoreCase("stock"), Stock.class, this::use);',
        'discovery.getRecord(r -> r.getName().equals("stock"), this::use);',
        'discovery.getRecord(new JsonObject().put("name", "stock"), this::use);',
        'discovery.rxGetRecords(r -> r.getType().equals("http-endpoint") && r.getName().equals("stock"));',
        'HttpEndpoint.getWebClient(discovery, r -> "stock".equals(r.getName()), this::use);',
        'HttpEndpoint.rxGetWebClient(discovery, new JsonObject().put("name", Names.STOCK));',
        "parent.discovery().getRecord(r -> r.getName().equals(Names.STOCK), this::use);",
    ],
)
def test_services_that_are_asked_for_by_their_name(asked: str) -> None:
    def connected(name: str, published: str = "") -> set[tuple[str, str]]:
        files = {f"{n}/pom.xml": MODULE.format(n, "vertx-web") for n in ("shop", name)}
        files["shop/src/main/java/shop/Main.java"] = RECORDS.format(asked)
        files["shop/src/main/java/shop/Names.java"] = NAMES
        if published:
            files[f"{name}/src/main/java/shop/Main.java"] = RECORDS.format(published)
        return edges(architecture(files))

    told = 'discovery.publish(HttpEndpoint.createRecord("stock", host, 8080, "/"), done);'
    assert connected("warehouse", told) == {("shop", "warehouse")}
    assert connected("stock-service") == {("shop", "stock-service")}  # called so
    assert connected("warehouse") == set()
    assert connected("warehouse", told.replace("stock", "bills")) == set()


def test_a_record_that_is_put_together() -> None:
    asked = 'discovery.getRecord(r -> r.getName().equals("stock"), this::use);'
    told = 'discovery.publish(new Record().setType(HttpEndpoint.TYPE).setName("stock"), done);'
    head = "package shop;\nimport io.vertx.servicediscovery.*;\nclass Main {{ ServiceDiscovery discovery; void start() {{\n{}\n}} }}"
    files = {f"{n}/pom.xml": MODULE.format(n, "vertx-web") for n in ("shop", "warehouse")}
    files["shop/src/main/java/shop/Main.java"] = head.format(asked)
    files["warehouse/src/main/java/shop/Main.java"] = head.format(told)
    assert edges(architecture(files)) == {("shop", "warehouse")}


@pytest.mark.parametrize(
    "asked",
    [
        'table.getRecord(r -> r.getName().equals("stock"));',  # of a file that has no discovery
        "HttpEndpoint.getWebClient(discovery, r -> r.getName().equals(name()), this::use);",
        'HttpEndpoint.getWebClient(discovery, r -> r.getType().equals("stock"), this::use);',
    ],
)
def test_what_asks_for_no_service_by_its_name(asked: str) -> None:
    source = RECORDS.format(asked)
    if asked.startswith("table"):
        source = f"import io.vertx.core.Vertx;\nclass Main {{ void start() {{ {asked} }} }}"
    files = {f"{n}/pom.xml": MODULE.format(n, "vertx-web") for n in ("shop", "stock")}
    files["shop/src/main/java/shop/Main.java"] = source
    assert edges(architecture(files)) == set()
