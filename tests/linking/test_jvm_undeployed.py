"""Programs of the JVM without Spring, as their builds, settings and code tell of them."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_jvm_frameworks import PROGRAM, edges, services

from scaleaudit.config_files import liberty
from scaleaudit.facts import SettingDefined

RESOURCE = (
    "package shop;\nimport jakarta.ws.rs.*;\n"
    '@Path("/orders") public class Orders {{ @GET public String all() {{ {} }} }}'
)


def paths(files: dict[str, str]) -> set[str]:
    return {each.path for each in architecture(files).endpoints}


def test_where_liberty_puts_its_one_application() -> None:
    files = {
        "orders/pom.xml": PROGRAM.format("orders"),
        "orders/src/main/java/shop/Orders.java": RESOURCE.format(""),
    }
    server = "<server><featureManager/>{}</server>"
    one = '<webApplication location="orders.war" contextRoot="/shop"/>'
    place = "orders/src/main/liberty/config/server.xml"
    assert paths(files | {place: server.format(one)}) == {"/shop/orders"}
    named = '<variable name="at" defaultValue="/shop"/><application context-root="${at}" />'
    assert paths(files | {place: server.format(named)}) == {"/shop/orders"}
    assert paths(files | {place: server.format(one + named)}) == {"/orders"}
    assert paths(files | {place: server.format("")}) == {"/orders"}


@pytest.mark.parametrize(
    "properties",
    [
        '<properties.postgresql serverName="store" portNumber="5432" databaseName="orders"/>',
        '<properties.postgresql serverName="${env.STORE}" databaseName="orders"/>',
        '<properties URL="jdbc:postgresql://store:5432/orders"/>',
    ],
)
def test_data_sources_of_liberty(properties: str) -> None:
    source = f'<dataSource id="orders" jndiName="jdbc/orders">{properties}</dataSource>'
    files = {
        "compose.yaml": """
            services:
              orders: {build: ./orders, environment: {STORE: store}}
              store: {image: "postgres:17"}
            """,
        "orders/Dockerfile": "FROM open-liberty\nCOPY target/orders.war /config/apps/\n",
        "orders/pom.xml": PROGRAM.format("orders"),
        "orders/src/main/liberty/config/server.xml": f"<server>{source}</server>",
    }
    assert edges(architecture(files)) == {("orders", "store")}


def test_data_sources_of_liberty_go_by_their_names() -> None:
    source = '<dataSource {}><properties URL="jdbc:postgresql://store/orders"/></dataSource>'
    sources = (source.format(name) for name in ('id="stock"', 'jndiName="jdbc/orders"'))
    found = liberty.extract(f"<server>{''.join(sources)}</server>".encode()).facts
    keys = [each.key for each in found if isinstance(each, SettingDefined)]
    assert keys == ["liberty.dataSource.stock.url", "liberty.dataSource.jdbc/orders.url"]


def test_the_port_of_liberty() -> None:
    client = (
        "package shop;\nimport jakarta.ws.rs.client.*;\nclass Client { void all() {\n"
        '  ClientBuilder.newClient().target("http://localhost:9085/orders").request().get(); } }'
    )
    files = {
        "orders/pom.xml": PROGRAM.format("orders"),
        "orders/src/main/liberty/config/server.xml": '<server><variable name="http.port" value="9085"/>'
        '<httpEndpoint httpPort="${http.port}" httpsPort="9443"/></server>',
        "stock/pom.xml": PROGRAM.format("stock"),
        "stock/src/main/java/shop/Client.java": client,
    }
    assert edges(architecture(files)) == {("stock", "orders")}


def test_settings_whose_names_tell_a_program_and_whose_values_nobody_has() -> None:
    def asked(key: str) -> set[tuple[str, str]]:
        code = (
            "package shop;\nimport org.eclipse.microprofile.config.inject.ConfigProperty;\n"
            f'class Client {{ @ConfigProperty(name = "{key}") String given; }}'
        )
        files = {f"{n}/pom.xml": PROGRAM.format(n) for n in ("orders", "stock-service")}
        return edges(architecture(files | {"orders/src/main/java/shop/Client.java": code}))

    for key in ("stock.service.hostname", "stock.service.url", "stock-service.host", "stock.url"):
        assert asked(key) == {("orders", "stock-service")}, key
    for key in ("stock.service.name", "stock.redirect.url", "orders.url", "paid.url", "stock"):
        assert asked(key) == set(), key


def test_a_setting_named_for_a_service_and_its_part() -> None:
    code = (
        "package shop;\nimport jakarta.ws.rs.client.*;\n"
        "import org.eclipse.microprofile.config.inject.ConfigProperty;\nclass Client {\n"
        '  @ConfigProperty(name = "{}") String url;\n'
        "  void all() {{ ClientBuilder.newClient().target(url).request().get(); }} }}"
    )
    for key in ("stock.service.lists.url", "stock.service.url", "app.stock.url"):
        files = {
            "orders/pom.xml": PROGRAM.format("orders"),
            "orders/src/main/java/shop/Client.java": code.replace("{}", key, 1)
            .replace("{{", "{")
            .replace("}}", "}"),
        }
        assert edges(architecture(files)) == {("orders", "stock")}, key


def test_paths_of_dropwizard_below_what_its_file_says() -> None:
    program = (
        "package shop;\nimport io.dropwizard.setup.Environment;\n"
        "class App { void run(Settings settings, Environment environment) {\n"
        '  environment.jersey().setUrlPattern("/other/*"); } }'
    )
    files = {
        "orders/pom.xml": PROGRAM.format("orders"),
        "orders/src/main/java/shop/Orders.java": RESOURCE.format(""),
    }
    told = "server: {rootPath: /api/*, applicationConnectors: [{type: http, port: 8080}]}\n"
    assert paths(files | {"orders/orders.yml": told}) == {"/api/orders"}
    both = files | {"orders/orders.yml": told, "orders/src/main/java/shop/App.java": program}
    assert paths(both) == {"/api/orders"}
    whole = "server: {type: simple, applicationContextPath: /shop, connector: {type: http}}\n"
    assert paths(files | {"orders/orders.yml": whole}) == {"/shop/orders"}


@pytest.mark.parametrize(
    ("imported", "looked_up"),
    [
        ("io.dropwizard.discovery.DiscoveryBundle", 'DiscoveryBundle<C> d; Object a() { return d.newDiscoveryClient("stock"); }'),
        ("org.apache.curator.x.discovery.ServiceDiscovery", 'ServiceDiscovery<C> d; Object a() { return d.queryForInstances("stock"); }'),
        ("org.apache.curator.x.discovery.ServiceDiscovery",
         'ServiceDiscovery<C> d; Object a() { return d.serviceProviderBuilder().serviceName("stock").build(); }'),
        ("com.orbitz.consul.*", 'HealthClient d; Object a() { return d.getHealthyServiceInstances("stock"); }'),
        ("org.kiwiproject.consul.Consul", 'Consul d; Object a() { return d.healthClient().getHealthyServiceInstances("stock"); }'),
        ("com.ecwid.consul.v1.ConsulClient", 'ConsulClient d; Object a() { return d.getHealthServices("stock", null); }'),
        ("com.netflix.discovery.EurekaClient", 'EurekaClient d; Object a() { return d.getApplication("stock"); }'),
    ],
)  # fmt: skip
def test_a_service_that_code_looks_up_in_a_registry(imported: str, looked_up: str) -> None:
    code = f"package shop;\nimport {imported};\nclass Finder {{ {looked_up} }}"
    files = {f"{name}/pom.xml": PROGRAM.format(name) for name in ("orders", "stock")}
    files["orders/src/main/java/shop/Finder.java"] = code
    assert edges(architecture(files)) == {("orders", "stock")}


def test_clients_of_registries_without_a_framework() -> None:
    needs = (
        "<project><artifactId>orders</artifactId><packaging>jib</packaging><dependencies><dependency>"
        "<groupId>{}</groupId><artifactId>{}</artifactId></dependency></dependencies></project>"
    )
    for group, artifact, registry in (
        ("com.orbitz.consul", "consul-client", "consul"),
        ("org.kiwiproject", "consul-client", "consul"),
        ("com.ecwid.consul", "consul-api", "consul"),
        ("org.apache.curator", "curator-x-discovery", "zookeeper"),
    ):
        found = architecture({"orders/pom.xml": needs.format(group, artifact)})
        assert edges(found) == {("orders", registry)}, group
    assert edges(architecture({"orders/pom.xml": needs.format("acme", "consul-client")})) == set()


def test_modules_that_tell_their_parent_which_verticle_to_start() -> None:
    parent = (
        "<project><artifactId>shop</artifactId><packaging>pom</packaging><modules>"
        "<module>orders</module><module>stock</module><module>words</module></modules>"
        "<properties><main.verticle/></properties></project>"
    )
    told = "<project><artifactId>{}</artifactId>{}</project>"
    shaded = (
        "<build><plugins><plugin><artifactId>maven-shade-plugin</artifactId><configuration>"
        "<manifestEntries><Main-Verticle>shop.Stock</Main-Verticle></manifestEntries>"
        "</configuration></plugin></plugins></build>"
    )
    server = "package shop;\npublic class {} extends Base {{ }}"
    files = {
        "pom.xml": parent,
        "orders/pom.xml": told.format(
            "orders", "<properties><main.verticle>shop.Orders</main.verticle></properties>"
        ),
        "orders/src/main/java/shop/Orders.java": server.format("Orders"),
        "stock/pom.xml": told.format("stock", shaded),
        "stock/src/main/java/shop/Stock.java": server.format("Stock"),
        "words/pom.xml": told.format("words", ""),
        "words/src/main/java/shop/Base.java": server.format("Base"),
    }
    assert services(architecture(files)) == {"orders", "stock"}


def test_a_data_source_of_the_machine_is_of_the_kind_that_its_address_says() -> None:
    code = (
        "package shop;\nimport org.springframework.core.env.Environment;\n"
        "import org.springframework.jdbc.datasource.DriverManagerDataSource;\nclass Stores {\n"
        "  Environment env;\n  Object orders() {\n"
        "    DriverManagerDataSource made = new DriverManagerDataSource();\n"
        '    made.setUrl(env.getProperty("jdbc.url"));\n    return made; } }'
    )
    files = {
        "orders/pom.xml": PROGRAM.format("orders"),
        "orders/src/main/java/shop/Stores.java": code,
        "orders/src/main/resources/application.properties": "jdbc.url=${db.url}\n"
        "db.url=jdbc:postgresql://localhost:5432/orders\n",
    }
    assert edges(architecture(files)) == {("orders", "postgresql")}


def test_where_a_framework_listens_unless_told_otherwise() -> None:
    client = (
        "package shop\nimport io.micronaut.http.client.annotation.Client\n"
        '@Client(id = "http://localhost:8080") interface Stock { }'
    )
    needs = (
        "<project><artifactId>{}</artifactId><packaging>jib</packaging><dependencies><dependency>"
        "<groupId>io.micronaut</groupId><artifactId>micronaut-runtime</artifactId></dependency>"
        "</dependencies></project>"
    )
    files = {
        "orders/pom.xml": needs.format("orders"),
        "orders/src/main/resources/application.yml": "micronaut: {server: {port: 8081}}\n",
        "orders/src/main/kotlin/shop/Stock.kt": client,
        "stock/pom.xml": needs.format("stock"),
    }
    assert edges(architecture(files)) == {("orders", "stock")}
    told = {"stock/src/main/resources/application.yml": "micronaut: {server: {port: 9090}}\n"}
    assert edges(architecture(files | told)) == set()
    assert edges(architecture(files | {"bills/pom.xml": needs.format("bills")})) == set()
