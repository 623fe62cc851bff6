"""Dropwizard's files, programs around a base class of the repository, exporters made by hand."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind


def edges(found: Architecture) -> set[tuple[str, str]]:
    return {
        (found.node(edge.source).name, found.node(edge.target).name)
        for edge in found.edges(EdgeKind.CALLS, EdgeKind.USES)
    }


def services(found: Architecture) -> set[str]:
    return {node.name for node in found.nodes(NodeKind.SERVICE)}


PROGRAM = "<project><artifactId>{}</artifactId><packaging>jib</packaging></project>"
STORES = """
    services:
      orders-db: {image: "mysql:8"}
      bus: {image: "rabbitmq:3"}
    """
SECTIONS = """
    {store}:
      driverClass: com.mysql.cj.jdbc.Driver
      url: jdbc:mysql://orders-db:${{DB_PORT:-3306}}/${{DB_NAME:-orders}}
    rabbitMqConf: {{host: bus, port: 5672}}
    """


@pytest.mark.parametrize("file", ["orders.yml", "config.yml"])
@pytest.mark.parametrize("store", ["database", "dataSourceFactory"])
def test_stores_of_dropwizards_file_whatever_it_is_called(file: str, store: str) -> None:
    files = {
        "compose.yaml": STORES,
        "orders/pom.xml": PROGRAM.format("orders"),
        f"orders/{file}": SECTIONS.format(store=store),
    }
    assert edges(architecture(files)) == {("orders", "orders-db"), ("orders", "bus")}


def test_a_broker_beside_dropwizards_own_sections() -> None:
    files = {"compose.yaml": STORES, "orders/pom.xml": PROGRAM.format("orders")}
    logs = "rabbitMqConf: {host: bus}\nlogging: {appenders: [{type: console}]}\n"
    assert edges(architecture(files | {"orders/orders.yml": logs})) == {("orders", "bus")}
    ports = "rabbitMqConf: {host: bus}\nserver: {adminConnectors: [{type: http, port: 8086}]}\n"
    assert edges(architecture(files | {"orders/orders.yml": ports})) == {("orders", "bus")}
    others = "rabbitMqConf: {host: bus}\nlogging: {level: INFO, appenders_off: [appenders:]}\n"
    assert edges(architecture(files | {"orders/orders.yml": others})) == set()


def test_where_dropwizard_listens() -> None:
    call = (
        "package shop; import java.net.URI; import java.net.http.*;\n"
        "class Client { Object all(HttpClient client) throws Exception { return client.send(\n"
        '  HttpRequest.newBuilder(URI.create("http://localhost:9085/orders")).build(), null); } }'
    )
    files = {
        "orders/pom.xml": PROGRAM.format("orders"),
        "orders/orders.yml": "server:\n  applicationConnectors: [{type: http, port: 9085}]\n",
        "stock/pom.xml": PROGRAM.format("stock"),
        "stock/src/main/java/shop/Client.java": call,
    }
    assert edges(architecture(files)) == {("stock", "orders")}


BASE = """
    package shop;
    import io.vertx.core.AbstractVerticle;
    import io.vertx.ext.web.Router;
    public abstract class Base extends AbstractVerticle {
      abstract Router routes();
      void start() { vertx.createHttpServer().requestHandler(routes()).listen(8080); }
    }
    """
HEIR = """
    package shop;
    import io.vertx.ext.web.Router;
    public class {name} extends Base {{
      Router routes() {{
        Router router = Router.router(vertx);
        router.get("/{path}").handler(this::all);
        return router;
      }}
    }}
    """
BUILT_WITH = (
    "<project><artifactId>{}</artifactId><dependencies><dependency><groupId>shop</groupId>"
    "<artifactId>{}</artifactId></dependency></dependencies></project>"
)


def test_modules_with_routes_around_a_library_that_starts_the_server() -> None:
    files = {
        "base/pom.xml": "<project><artifactId>base</artifactId></project>",
        "base/src/main/java/shop/Base.java": BASE,
        "orders/pom.xml": BUILT_WITH.format("orders", "base"),
        "orders/src/main/java/shop/Orders.java": HEIR.format(name="Orders", path="orders"),
        "stock/pom.xml": BUILT_WITH.format("stock", "base"),
        "stock/src/main/java/shop/Stock.java": HEIR.format(name="Stock", path="stock"),
        # needed by another, and without routes: parts of what is built with them
        "pages/pom.xml": BUILT_WITH.format("pages", "base"),
        "pages/src/main/java/shop/Pages.java": HEIR.format(name="Pages", path="pages"),
        "words/pom.xml": BUILT_WITH.format("words", "pages"),
        "words/src/main/java/shop/Words.java": "package shop;\nclass Words { String a; }",
    }
    found = architecture(files)
    assert services(found) == {"orders", "stock"}
    served = {(found.node(e.component).name, e.path) for e in found.endpoints if e.component}
    assert {("orders", "/orders"), ("stock", "/stock")} <= served


EXPORTER = """
    package shop;
    import io.opentelemetry.exporter.otlp.{kind};
    class Traces {{
      Object exporter(Settings settings) {{
        return {maker}.builder().setEndpoint("http://collector:4317").build();
      }}
    }}
    """


@pytest.mark.parametrize(
    ("kind", "maker"),
    [
        ("trace.OtlpGrpcSpanExporter", "OtlpGrpcSpanExporter"),
        ("metrics.OtlpGrpcMetricExporter", "OtlpGrpcMetricExporter"),
        ("logs.OtlpGrpcLogRecordExporter", "OtlpGrpcLogRecordExporter"),
        ("http.trace.OtlpHttpSpanExporter", "OtlpHttpSpanExporter"),
    ],
)
def test_exporters_of_traces_that_code_makes(kind: str, maker: str) -> None:
    files = {
        "compose.yaml": 'services: {collector: {image: "otel/opentelemetry-collector"}}',
        "orders/pom.xml": pom("orders"),
        "orders/src/main/java/shop/Traces.java": EXPORTER.format(kind=kind, maker=maker),
    }
    assert edges(architecture(files)) == {("orders", "collector")}


FEIGN = """
    package shop;
    import org.springframework.cloud.openfeign.FeignClient;
    import org.springframework.web.bind.annotation.GetMapping;
    @FeignClient(name = "{name}")
    interface Client {{ @GetMapping("/all") String all(); }}
    """


def test_a_client_whose_settings_lead_to_this_machine_asks_who_bears_its_name() -> None:
    def asked(name: str) -> set[tuple[str, str]]:
        url = f"spring.cloud.openfeign.client.config.{name}.url=http://localhost/api/all\n"
        files = {
            "orders/pom.xml": pom("orders", "spring-cloud-starter-openfeign"),
            "orders/src/main/java/shop/Client.java": FEIGN.format(name=name),
            "orders/src/main/resources/application.properties": url,
            "stock/pom.xml": pom("stock"),
        }
        return edges(architecture(files))

    assert asked("stock") == {("orders", "stock")}
    assert asked("elsewhere") == set()


def test_a_key_of_the_framework_names_no_system() -> None:
    decoder = (
        "package shop; import org.springframework.beans.factory.annotation.Value;\n"
        "import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;\n"
        "class Security {\n"
        '  @Value("${spring.security.oauth2.resourceserver.jwt.jwk-set-uri}") String keys;\n'
        "  Object decoder() { return NimbusJwtDecoder.withJwkSetUri(keys).build(); } }"
    )
    uri = "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=http://localhost:8180/keys\n"
    files = {
        "orders/pom.xml": pom("orders", "spring-boot-starter-oauth2-resource-server"),
        "orders/src/main/java/shop/Security.java": decoder,
        "orders/src/main/resources/application.properties": uri,
    }
    assert edges(architecture(files)) == set()


def gradle(plugin: str, *needs: str) -> str:
    lines = "".join(f'    implementation(project(":{name}"))\n' for name in needs)
    return f'plugins {{ id("{plugin}") version "4" }}\ndependencies {{\n{lines}}}\n'


def test_modules_of_one_name_around_what_is_deployed_are_builds_of_it() -> None:
    run = "io.micronaut.application"
    files = {"compose.yaml": "services:\n  orders: {image: acme/orders-app}\n"}
    for name in ("orders", "stock"):
        files |= {
            f"{name}/settings.gradle": f'rootProject.name="{name}"\ninclude "app"\ninclude "cloud"\n',
            f"{name}/app/build.gradle": gradle(run),
            f"{name}/cloud/build.gradle": gradle(run, "app"),
        }
    found = services(architecture(files))
    assert found == {"orders", "stock", "stock-cloud"}


CORS = """
    package shop;
    import org.springframework.beans.factory.annotation.Value;
    import org.springframework.web.cors.CorsConfiguration;
    class Pages {
      @Value("${services.billing.url}") String pages;
      CorsConfiguration allowed() {
        CorsConfiguration all = new CorsConfiguration();
        all.addAllowedOrigin(pages);
        return all;
      }
    }
    """
READS = """
    package shop;
    import org.springframework.beans.factory.annotation.Value;
    class Client { @Value("${services.billing.url}") String url; }
    """


def test_an_address_that_only_says_whose_pages_may_call() -> None:
    compose = """
        services:
          orders: {build: ./orders, environment: {BILLING_URL: "http://billing:8080"}}
          billing: {build: ./billing}
        """
    files = {"compose.yaml": compose}
    for name in ("orders", "billing"):
        files |= {f"{name}/Dockerfile": "FROM openjdk\nCOPY . .\n", f"{name}/pom.xml": pom(name)}
    settings = "services.billing.url=${BILLING_URL:http://localhost:8081}\n"
    files["orders/src/main/resources/application.properties"] = settings
    assert edges(architecture(files)) == {("orders", "billing")}  # nobody says what for
    files["orders/src/main/java/shop/Pages.java"] = CORS
    assert edges(architecture(files)) == set()
    files["orders/src/main/java/shop/Client.java"] = READS
    assert edges(architecture(files)) == {("orders", "billing")}


KTOR = """
    package shop
    import io.ktor.client.HttpClient
    import io.ktor.client.request.get
    import io.ktor.server.config.ApplicationConfig
    class Stock(private val client: HttpClient, config: ApplicationConfig) {{
        private val url: String = config.{asked}
        suspend fun all() = client.get("$url/all")
    }}
    """


@pytest.mark.parametrize(
    "asked",
    ['property("shop.stock.url").getString()', 'propertyOrNull("shop.stock.url").getString()'],
)
def test_settings_that_ktor_is_asked_for_by_their_path(asked: str) -> None:
    files = {
        "orders/build.gradle.kts": 'plugins { id("io.ktor.plugin") version "3" }\n',
        "orders/src/main/kotlin/Stock.kt": KTOR.format(asked=asked),
        "orders/src/main/resources/application.conf": 'shop { stock.url = "http://localhost:8085" }\n',
        "stock/build.gradle.kts": 'plugins { id("io.ktor.plugin") version "3" }\n',
        "stock/src/main/resources/application.conf": "ktor { deployment { port = 8085 } }\n",
    }
    assert edges(architecture(files)) == {("orders", "stock")}


def asked_by_path(holder: str, key: str) -> set[tuple[str, str]]:
    source = (
        f"package shop; import {holder}; import java.net.URI;\nimport java.net.http.*;\n"
        f"class Client {{ Object all(HttpClient client, {holder.rpartition('.')[2]} config)"
        " throws Exception {\n"
        f'  return client.send(HttpRequest.newBuilder(URI.create(config.getString("{key}")))\n'
        "    .build(), null); } }"
    )
    files = {
        "compose.yaml": "services: {stock: {image: acme/stock}}",
        "orders/pom.xml": PROGRAM.format("orders"),
        "orders/src/main/java/shop/Client.java": source,
        "orders/conf/application.conf": f'{key} = "http://stock:8085/all"\n',
    }
    return edges(architecture(files))


def test_settings_of_typesafes_library_by_their_path() -> None:
    assert asked_by_path("com.typesafe.config.Config", "shop.stock.url") == {("orders", "stock")}


def test_texts_that_others_are_asked_for_by_a_name() -> None:
    assert asked_by_path("java.util.ResourceBundle", "shop.stock.url") == set()


MODULES = """
    plugins {{ alias(libs.plugins.ktor) apply false }}
    subprojects {{
        dependencies {{
            if (project.path != ":common") {{
                {given}
            }}
        }}
    }}
    """
STARTED = 'plugins { id("io.ktor.plugin") version "3" }\n'


@pytest.mark.parametrize(
    "given",
    ['add("implementation", project(":common"))', 'implementation(project(":common"))'],
)
def test_a_module_that_a_build_of_gradle_gives_to_all_others_is_their_library(given: str) -> None:
    source = """
        package shop
        import io.ktor.client.HttpClient
        import io.ktor.client.request.get
        import io.ktor.server.config.ApplicationConfig
        class Stock(private val client: HttpClient, config: ApplicationConfig) {
            private val url: String = config.property("shop.stock.url").getString()
            suspend fun all() = client.get("$url/all")
        }
        """
    asking = """
        package orders
        import shop.Stock
        import org.koin.ktor.ext.inject
        import io.ktor.server.application.Application
        fun Application.routes() {
            val stock by inject<Stock>()
            work { stock.all() }
        }
        """
    files = {
        "build.gradle.kts": MODULES.format(given=given),
        "settings.gradle.kts": 'include(":common", ":orders", ":stock")\n',
        "common/build.gradle.kts": STARTED,
        "common/src/main/kotlin/shop/Stock.kt": source,
        "common/src/main/resources/shared.conf": 'shop { stock.url = "http://localhost:8085" }\n',
        "orders/build.gradle.kts": STARTED,
        "orders/src/main/kotlin/orders/Routes.kt": asking,
        "stock/build.gradle.kts": STARTED,
        "stock/src/main/resources/application.conf": "ktor { deployment { port = 8085 } }\n",
    }
    found = architecture(files)
    assert services(found) == {"orders", "stock"}
    assert edges(found) == {("orders", "stock")}


def test_one_dockerfile_for_the_images_of_several_is_no_program_of_its_own() -> None:
    image = """
        FROM gradle:8 AS build
        ARG SERVICE
        COPY ${SERVICE}/build.gradle.kts .
        FROM eclipse-temurin:21
        COPY --from=build /app.jar /app.jar
        ENTRYPOINT ["java", "-jar", "/app.jar"]
        """
    files = {
        "docker/Dockerfile": image,
        "orders/build.gradle.kts": STARTED,
        "stock/build.gradle.kts": STARTED,
    }
    assert services(architecture(files)) == {"orders", "stock"}


@pytest.mark.parametrize(
    ("class_", "made", "system"),
    [
        ("net.dv8tion.jda.api.JDABuilder", "JDABuilder.createDefault(token).build()", "discord"),
        ("net.dv8tion.jda.api.JDABuilder", "JDABuilder.createLight(token).build()", "discord"),
        ("discord4j.core.DiscordClient", "DiscordClient.create(token)", "discord"),
        ("org.javacord.api.DiscordApiBuilder", "new DiscordApiBuilder()", "discord"),
        ("com.pengrad.telegrambot.TelegramBot", "new TelegramBot(token)", "telegram"),
    ],
)
def test_libraries_of_chats_say_which_they_reach(class_: str, made: str, system: str) -> None:
    source = (
        f"package shop;\nimport {class_};\n"
        f"class Bot {{ void run(String token) {{ var bot = {made}; }} }}"
    )
    files = {
        "bots/pom.xml": PROGRAM.format("bots"),
        "bots/src/main/java/shop/Bot.java": source,
    }
    assert edges(architecture(files)) == {("bots", system)}
