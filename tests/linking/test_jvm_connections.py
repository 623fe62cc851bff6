"""Connections in Java and Kotlin code: how its addresses are told, and where they lead."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import calls, pom

from scaleaudit.architecture import EdgeKind
from scaleaudit.findings import Confidence

STOCK = {
    "stock/pom.xml": pom("stock"),
    "stock/src/main/resources/application.yml": "spring:\n  application:\n    name: stock-service\n",
    "orders/pom.xml": pom("orders"),
}
TEMPLATE = "import org.springframework.web.client.RestTemplate;\n"
REACTIVE = "import org.springframework.web.reactive.function.client.WebClient;\n"
TO_STOCK = ("orders", "stock")


def system(source: str, settings: str = "", kotlin: bool = False) -> dict[str, str]:
    """`orders` with one source file beside `stock`, which is called `stock-service`."""
    folder = "kotlin" if kotlin else "java"
    files = {f"orders/src/main/{folder}/shop/Client.{'kt' if kotlin else 'java'}": source}
    if settings:
        files["orders/src/main/resources/application.properties"] = settings
    return STOCK | files


@pytest.mark.parametrize(
    "body",
    [
        # a method that returns the base, one that is handed the address, a field of an enum
        'String base() { return "http://stock-service/"; } void a() { http.getForObject(base(), X.class); }',
        'void get(String u) { http.getForObject(u, X.class); } void a() { get("http://stock-service/a"); }',
        'enum Host { STOCK("http://stock-service"); final String url; Host(String url) { this.url = url; } }',
        # a builder of addresses, and a name whose address is looked up
        'URI u = UriComponentsBuilder.newInstance().scheme("http").host("stock-service").build().toUri();'
        " void a() { http.getForObject(u, X.class); }",
        'void a() { URI u = discovery.getServiceUrl("stock-service", null); }',
    ],
)
def test_an_address_in_a_text_that_names_a_component_leads_there(body: str) -> None:
    found = architecture(system(f"{TEMPLATE}class Client {{ RestTemplate http; {body} }}"))
    assert calls(found) == {TO_STOCK}


@pytest.mark.parametrize(
    "body",
    [
        '// http://stock-service\n String a = "stock-service";',
        'boolean own(String u) { return u.startsWith("http://stock-service"); }',
        'void cors(Registry r) { r.addMapping("/**").allowedOrigins("http://stock-service"); }',
        '@CrossOrigin("http://stock-service") void a() {}',
        'String picture = "http://stock-service/logo.png";',
        'void a() { setHost("stock-service"); }',
        'void a() { request().named("warehouse").url("stock-service").send(); }',
        'String elsewhere = "http://warehouse";',
    ],
)
def test_a_text_that_is_only_compared_shown_or_allowed_is_no_connection(body: str) -> None:
    assert calls(architecture(system(f"{TEMPLATE}class Client {{ {body} }}"))) == set()


def test_a_text_is_less_sure_than_a_request() -> None:
    found = architecture(system('class Client { String u = "http://stock-service"; }'))
    (edge,) = found.edges(EdgeKind.CALLS)
    assert edge.confidence is Confidence.MEDIUM
    assert str(edge.evidence[0].at).startswith("orders/src/main/java/shop/Client.java:1")


def test_the_base_of_a_client_that_is_made_in_one_file_and_used_in_another() -> None:
    source = (
        f"{REACTIVE}import org.springframework.beans.factory.annotation.Value;\n"
        'class Config { @Value("${stock.url}") String url;\n'
        "  WebClient stock(WebClient.Builder b) { return b.filter(f).baseUrl(url).build(); } }"
    )
    found = architecture(system(source, "stock.url=http://stock-service:8080\n"))
    assert calls(found) == {TO_STOCK}
    source = 'class Config { RestClient pay = RestClient.create("https://api.pay.test.com"); }'
    found = architecture(system(f"import org.springframework.web.client.RestClient;\n{source}"))
    assert calls(found) == {("orders", "api.pay.test.com")}


@pytest.mark.parametrize(
    "settings",
    [
        "store.ribbon.listOfServers=stock-service:8080\n",
        "spring.cloud.discovery.client.simple.instances.store[0].uri=http://stock-service:80\n",
        "spring.cloud.openfeign.client.config.store.url=http://stock-service\n",
    ],
)
def test_a_name_that_the_load_balancer_is_told_the_address_of(settings: str) -> None:
    source = (
        "import org.springframework.cloud.openfeign.FeignClient;\n"
        '@FeignClient("store") interface Client {}'
    )
    assert calls(architecture(system(source, settings))) == {TO_STOCK}
    assert calls(architecture(system(source))) == {("orders", "store")}


@pytest.mark.parametrize(
    ("annotation", "settings"),
    [
        ('(configKey = "st")', "st/mp-rest/url=http://stock-service\n"),
        ('(configKey = "st")', "quarkus.rest-client.st.url=http://stock-service\n"),
        ("", 'quarkus.rest-client."shop.Client".url=http://stock-service\n'),
        ("", "shop.Client/mp-rest/uri=http://stock-service\n"),
        ('(baseUri = "http://stock-service")', ""),
    ],
)
def test_where_a_microprofile_client_finds_its_address(annotation: str, settings: str) -> None:
    source = (
        "package shop;\nimport org.eclipse.microprofile.rest.client.inject.RegisterRestClient;\n"
        f"@RegisterRestClient{annotation} public interface Client {{}}"
    )
    assert calls(architecture(system(source, settings))) == {TO_STOCK}


@pytest.mark.parametrize(
    ("declared", "settings"),
    [
        ('class Client { @GraphQLClient("st") DynamicGraphQLClient stock; }',
         "st/mp-graphql/url=http://stock-service/graphql\n"),
        ('@GraphQLClientApi(configKey = "st") interface Client {}',
         "quarkus.smallrye-graphql-client.st.url=http://stock-service/graphql\n"),
        ('@GraphQLClientApi(endpoint = "http://stock-service/graphql") interface Client {}', ""),
    ],
)  # fmt: skip
def test_where_a_client_of_graphql_finds_its_address(declared: str, settings: str) -> None:
    source = (
        "package shop;\nimport io.smallrye.graphql.client.GraphQLClient;\n"
        "import io.smallrye.graphql.client.dynamic.api.DynamicGraphQLClient;\n"
        f"import io.smallrye.graphql.client.typesafe.api.GraphQLClientApi;\n{declared}"
    )
    assert calls(architecture(system(source, settings))) == {TO_STOCK}


@pytest.mark.parametrize(
    "code",
    [
        "NimbusJwtDecoder.withJwkSetUri(keys).build()",
        "JwtDecoders.fromIssuerLocation(keys)",
        "http.oauth2ResourceServer(s -> s.jwt(jwt -> jwt.jwkSetUri(keys)))",
    ],
)
def test_a_resource_server_asks_for_keys(code: str) -> None:
    source = (
        "package shop;\nimport org.springframework.beans.factory.annotation.Value;\n"
        "import org.springframework.security.oauth2.jwt.*;\n"
        f'class Security {{ @Value("${{jwks.uri}}") String keys; Object a() {{ return {code}; }} }}'
    )
    found = architecture(system(source, "jwks.uri=http://stock-service/oauth2/jwks\n"))
    assert calls(found) == {TO_STOCK}


def test_a_client_of_nobody_knows_where_is_not_invented() -> None:
    source = (
        "package shop;\nimport org.eclipse.microprofile.rest.client.inject.RegisterRestClient;\n"
        "@RegisterRestClient public interface Client {}"
    )
    found = architecture(system(source))
    assert calls(found) == set()
    assert len(found.unresolved) == 1


def test_a_section_of_the_settings_held_by_a_class_of_another_file() -> None:
    files = system(
        f"{TEMPLATE}class Client {{ Shop shop; RestTemplate http;\n"
        '  void a() { http.getForObject(shop.getStock().getUrl() + "/a", X.class); } }',
        "shop.stock.url=http://stock-service\n",
    ) | {
        "orders/src/main/java/shop/Shop.java": (
            "import org.springframework.boot.context.properties.*;\n"
            '@ConfigurationProperties("shop") class Shop { private Remote stock; }'
        ),
        "orders/src/main/java/shop/Remote.java": "class Remote { private String url; }",
    }
    assert calls(architecture(files)) == {TO_STOCK}


def test_a_constant_of_another_module_imported_by_its_name() -> None:
    files = system(
        f"import static common.Urls.STOCK;\n{TEMPLATE}class Client {{ RestTemplate http;\n"
        '  void a() { http.getForObject(STOCK + "/a", X.class); } }'
    ) | {
        "common/pom.xml": "<project><artifactId>common</artifactId></project>",
        "common/src/main/java/common/Urls.java": (
            "package common;\npublic class Urls {\n"
            '  public static final String STOCK = "http://stock-service";\n}'
        ),
    }
    assert calls(architecture(files)) == {TO_STOCK}


def test_vertx_takes_port_and_host_apart() -> None:
    source = (
        "import io.vertx.ext.web.client.WebClient;\n"
        'class Client { void a(WebClient c) { c.get(8080, "stock-service", "/a").send(); c.get("/b"); } }'
    )
    assert calls(architecture(system(source))) == {TO_STOCK}


def test_a_relative_path_is_no_host() -> None:
    source = (
        "import io.ktor.client.HttpClient\nimport io.ktor.client.request.get\n"
        'class Client(val http: HttpClient) {\n  suspend fun a() = http.get("items")\n}\n'
    )
    assert calls(architecture(system(source, kotlin=True))) == set()


def test_routes_of_a_gateway_written_in_code() -> None:
    source = (
        "import org.springframework.beans.factory.annotation.Value;\n"
        "import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;\n"
        'class Routes { @Value("${stock.url}") String stock;\n'
        "  Object routes(RouteLocatorBuilder b) { return b.routes()\n"
        '    .route("stock", r -> r.path("/stock/**").uri(stock)).build(); } }'
    )
    assert calls(architecture(system(source, "stock.url=http://stock-service:80\n"))) == {TO_STOCK}


def test_of_a_list_of_addresses_those_that_are_called() -> None:
    addresses = """package shop;
class Addresses {
  static final String STOCK = "http://stock-service/items";
  static final String MAIL = "http://mail/send";
}
"""
    caller = f"""package shop;
{TEMPLATE}class Client {{
  RestTemplate http;
  void a() {{ http.getForObject(Addresses
      .STOCK + "/1", X.class); }}
}}
"""
    files = system(caller) | {
        "orders/src/main/java/shop/Addresses.java": addresses,
        "mail/pom.xml": pom("mail"),
    }
    assert calls(architecture(files)) == {TO_STOCK}


def test_an_address_that_a_constructor_puts_together() -> None:
    source = f"""
        {TEMPLATE}
        class Client {{
            private final RestTemplate http = new RestTemplate();
            private final String base;
            Client(@Value("${{stock.host}}") String host) {{
                var scheme = "http://";
                base = scheme.concat(host);
            }}
            Object get() {{ return http.getForObject(base.concat("/items"), Object.class); }}
        }}
        """
    found = architecture(system(source, "stock.host=stock-service\n"))
    (edge,) = found.edges(EdgeKind.CALLS)
    assert (calls(found), edge.confidence) == ({TO_STOCK}, Confidence.HIGH)


def test_a_variable_that_only_says_who_may_come() -> None:
    compose = """
        services:
          gateway: {image: acme/gateway}
          orders: {build: ./orders, environment: [GATEWAY_HOST=gateway, GATEWAY_PORT=80]}
        """
    settings = "allowed.origins=http://${GATEWAY_HOST}:${GATEWAY_PORT}\n"
    files = {
        "compose.yaml": compose,
        "orders/Dockerfile": "FROM eclipse-temurin\n",
        "orders/pom.xml": pom("orders"),
        "orders/src/main/resources/application.properties": settings,
    }
    assert not architecture(files).edges(EdgeKind.CALLS)
    asks = f"{settings}gateway.url=http://${{GATEWAY_HOST}}:${{GATEWAY_PORT}}\n"
    files["orders/src/main/resources/application.properties"] = asks
    assert len(architecture(files).edges(EdgeKind.CALLS)) == 1


def test_a_declared_client_that_nothing_takes() -> None:
    """It is imported by nobody, and beside it stand only data and other clients."""
    client = (
        "package shop.{0};\nimport org.springframework.cloud.openfeign.FeignClient;\n"
        '@FeignClient("stock-service")\npublic interface {1} {{ String all(); }}\n'
    )
    data = "package shop.clients;\nimport java.util.List;\nimport lombok.AllArgsConstructor;\n@AllArgsConstructor class Item { List<String> names; }\n"
    setup = (
        "package shop.clients;\nimport feign.RequestInterceptor;\n"
        "import org.springframework.context.annotation.Bean;\n"
        "class Setup { @Bean RequestInterceptor token() { return null; } }\n"
    )
    uses = (
        "package shop.web;\nimport shop.{0}.{1};\nimport org.springframework.stereotype.Service;\n"
        "@Service class Orders {{ {1} client; void all() {{ client.all(); }} }}\n"
    )
    folder = "orders/src/main/java/shop"
    files = STOCK | {
        f"{folder}/clients/Stock.java": client.format("clients", "Stock"),
        f"{folder}/clients/Item.java": data,
        f"{folder}/clients/Setup.java": setup,
        f"{folder}/web/Words.java": "package shop.web;\npublic class Words { String a; }\n",
    }
    assert calls(architecture(files)) == {TO_STOCK}  # of files that know each other nothing is told
    files[f"{folder}/web/Orders.java"] = uses.format("web", "Words")
    assert calls(architecture(files)) == set()
    beside = uses.format("web", "Words").replace("package shop.web", "package shop.clients")
    assert calls(architecture(files | {f"{folder}/clients/Asks.java": beside})) == {TO_STOCK}
    files[f"{folder}/web/Orders.java"] = uses.format("clients", "Stock")
    assert calls(architecture(files)) == {TO_STOCK}


ADDRESS = (
    f"{TEMPLATE}class Client {{ RestTemplate http; private String host;\n"
    '  Client(@Value("${peer.host:stock-service}") String host) { this.host = host; }\n'
    "  Object one(int id) { return http.getForObject(stockUrl() + id, X.class); }\n"
)


@pytest.mark.parametrize(
    "method",
    [
        'private String stockUrl() { String url = String.format("http://%s:80/", host); return url; }',
        'private String stockUrl() { log.debug("asked"); return "http://" + host + "/"; }',
        'String stockUrl() { return base(); } String base() { return "http://" + host; }',
    ],
)
def test_an_address_that_a_method_of_the_class_gives(method: str) -> None:
    assert calls(architecture(system(f"{ADDRESS}{method} }}"))) == {TO_STOCK}


@pytest.mark.parametrize(
    "method",
    [
        'String stockUrl() { if (a) { return "http://" + host; } return other; }',
        "String stockUrl() { return stockUrl(); }",
        'String stockUrl() { list.map(x -> { return "http://" + host; }); return given; }',
    ],
)
def test_a_method_that_may_give_more_than_one_address(method: str) -> None:
    assert calls(architecture(system(f"{ADDRESS}{method} }}"))) == set()


def test_a_declared_client_whose_name_goes_on_with_a_path() -> None:
    source = (
        "import org.springframework.cloud.openfeign.FeignClient;\n"
        '@FeignClient("${stock.at}") interface Client {}'
    )
    at = "stock.at=STOCK-SERVICE/stock/api\n"
    assert calls(architecture(system(source, at))) == {TO_STOCK}


def test_arguments_of_a_program_that_serves_are_no_tool_for_migrations() -> None:
    """The image starts the program, whatever its deployment puts behind; a job has no port."""
    client = """
        package shop;
        import org.springframework.cloud.openfeign.FeignClient;
        import org.springframework.web.bind.annotation.GetMapping;
        @FeignClient(name = "stock") interface Stock { @GetMapping("/all") String all(); }
        """
    compose = """
        services:
          orders:
            build: ./orders
            command: liquibase --url=jdbc:postgresql://db/orders update
            {}
          stock: {{build: ./stock}}
          db: {{image: postgres}}
        """
    files = {
        **{
            f"{name}/Dockerfile": 'FROM eclipse-temurin\nENTRYPOINT ["java", "-jar", "a.jar"]\n'
            for name in ("orders", "stock")
        },
        **{f"{name}/pom.xml": pom(name) for name in ("orders", "stock")},
        "orders/src/main/java/shop/Stock.java": client,
    }

    def reached(ports: str) -> set[str]:
        found = architecture(files | {"compose.yaml": compose.format(ports)})
        return {edge.target for edge in found.edges(EdgeKind.CALLS)}

    assert reached('ports: ["8080:8080"]') == {"service:stock"}
    assert reached("restart: always") == set()
