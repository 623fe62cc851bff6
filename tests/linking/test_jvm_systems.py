"""Spring systems as people publish them: one parent for all, settings left over, servers of several kinds."""

from __future__ import annotations

from textwrap import dedent

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import calls, pom

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind

EUREKA = "spring-cloud-starter-netflix-eureka-client"
SERVER = "spring-cloud-starter-netflix-eureka-server"
CONTROLLER = """
    import org.springframework.web.bind.annotation.*;

    @RestController
    class C {
        @GetMapping("/all")
        String all() { return ""; }
    }
    """
REPOSITORY = """
    import org.springframework.data.repository.CrudRepository;

    interface Items extends CrudRepository<Item, Long> {}
    """
CONFIGURED = "spring-cloud-starter-config"


def edges(found: Architecture) -> set[tuple[str, str]]:
    kinds = (EdgeKind.CALLS, EdgeKind.USES, EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
    return {
        (e.source.partition(":")[2], e.target.partition(":")[2])
        for e in found.edges(*kinds)
        if not e.target.startswith("topic:")
    }


def services(found: Architecture) -> set[str]:
    return {node.name for node in found.nodes(NodeKind.SERVICE)}


def test_stores_at_bare_numbers_are_called_what_they_are() -> None:
    settings = """
        spring:
          datasource: {url: "jdbc:mysql://10.0.0.%s:3306/shop"}
          data: {redis: {host: 10.0.0.7}}
        """
    libraries = (
        "spring-boot-starter-data-jpa",
        "spring-boot-starter-data-redis",
        "mysql-connector-j",
    )
    files = {
        "orders/pom.xml": pom("orders", *libraries),
        "orders/src/main/resources/application.yml": settings % 7,
        "stock/pom.xml": pom("stock", *libraries),
        "stock/src/main/resources/application.yml": settings % 8,
    }
    assert edges(architecture(files)) == {
        ("orders", "mysql"), ("orders", "redis"), ("stock", "10.0.0.8"), ("stock", "redis"),
    }  # fmt: skip


def with_parent(name: str, parent: str, *artifacts: str) -> str:
    above = f"<parent><groupId>com.acme</groupId><artifactId>{parent}</artifactId></parent>"
    return pom(name, *artifacts).replace("<project>", f"<project>{above}", 1)


def test_clients_of_a_library_that_the_parent_brings_to_all_modules() -> None:
    client = """
        package com.acme.shared;
        import org.springframework.cloud.openfeign.FeignClient;
        import org.springframework.web.bind.annotation.GetMapping;

        @FeignClient("stock")
        public interface StockClient {
            @GetMapping("/all")
            String all();
        }
        """
    use = """
        package com.acme.orders;
        import com.acme.shared.StockClient;

        class Orders { Orders(StockClient stock) { } }
        """
    library = (
        "<project><groupId>com.acme</groupId><artifactId>shared</artifactId><dependencies>"
        "</dependencies></project>"
    )
    parent = (
        "<project><groupId>com.acme</groupId><artifactId>shop</artifactId><modules><module>orders"
        "</module><module>stock</module></modules><dependencies><dependency><groupId>com.acme"
        "</groupId><artifactId>shared</artifactId></dependency></dependencies></project>"
    )
    files = {
        "shared/pom.xml": library,
        "shared/src/main/java/com/acme/shared/StockClient.java": client,
        "shop/pom.xml": parent,
        "shop/orders/pom.xml": with_parent("orders", "shop"),
        "shop/orders/src/main/java/com/acme/orders/Orders.java": use,
        "shop/stock/pom.xml": with_parent("stock", "shop"),
        "shop/stock/src/main/java/C.java": CONTROLLER,
    }
    assert calls(architecture(files)) == {("orders", "stock")}


def test_turbine_that_is_sent_its_metrics_asks_nobody() -> None:
    files = {
        "orders/pom.xml": pom("orders"),
        "watch/pom.xml": pom("watch", "spring-cloud-starter-netflix-turbine"),
        "watch/src/main/resources/application.yml": "turbine.appConfig: orders\n",
    }
    assert calls(architecture(files)) == {("watch", "orders")}
    streamed = pom("watch", "spring-cloud-starter-netflix-turbine-stream")
    assert calls(architecture(files | {"watch/pom.xml": streamed})) == set()


def test_programs_that_could_route_and_serve_data_are_what_the_gateway_routes_to() -> None:
    data = (EUREKA, "spring-cloud-starter-netflix-zuul", "spring-boot-starter-data-rest")
    enabled = "import org.springframework.cloud.netflix.zuul.EnableZuulProxy;\nclass App { }\n"
    sidecar = "import org.springframework.cloud.netflix.sidecar.EnableSidecar;\nclass App { }\n"
    files = {
        "registry/pom.xml": pom("registry", SERVER),
        "edge/pom.xml": pom("edge", EUREKA, "spring-cloud-netflix-sidecar"),
        "edge/src/main/java/App.java": sidecar,
        "stock/pom.xml": pom("stock", *data),
        "stock/src/main/java/App.java": enabled,
        "stock/src/main/java/Items.java": REPOSITORY,
        "users/pom.xml": pom("users", *data),
        "users/src/main/java/App.java": enabled,
        "users/src/main/java/Items.java": REPOSITORY,
    }
    found = {pair for pair in calls(architecture(files)) if pair[1] != "registry"}
    assert found == {("edge", "stock"), ("edge", "users")}


def test_written_routes_are_the_routes() -> None:
    files = {
        "registry/pom.xml": pom("registry", SERVER),
        "edge/pom.xml": pom("edge", EUREKA, "spring-cloud-starter-netflix-zuul"),
        "edge/src/main/resources/application.yml": "zuul: {routes: {stock: /s/**}}\n",
        "stock/pom.xml": pom("stock", EUREKA),
        "stock/src/main/java/C.java": CONTROLLER,
        "users/pom.xml": pom("users", EUREKA),
        "users/src/main/java/C.java": CONTROLLER,
    }
    found = {pair for pair in calls(architecture(files)) if pair[1] != "registry"}
    assert found == {("edge", "stock")}


LEFT = "eureka.client.service-url.defaultZone: http://localhost:8761/eureka\n"
IMPORTED = (
    "import org.springframework.cloud.client.discovery.EnableDiscoveryClient;\nclass App { }\n"
)


def test_settings_and_imports_of_a_library_that_is_not_there_are_left_over() -> None:
    files = {
        "registry/pom.xml": pom("registry", SERVER),
        "registry/src/main/resources/application.yml": "server.port: 8761\n",
        "orders/pom.xml": pom("orders", EUREKA),
        "orders/src/main/resources/application.yml": LEFT,
        "mails/pom.xml": pom("mails"),
        "mails/src/main/resources/application.yml": LEFT,
        "bills/pom.xml": pom("bills"),
        "bills/src/main/java/App.java": IMPORTED,
        "desk/pom.xml": pom("desk", "spring-cloud-starter-consul-discovery"),
        "desk/src/main/java/App.java": IMPORTED,
    }
    found = architecture(files)
    assert {pair for pair in calls(found) if pair[1] == "registry"} == {("orders", "registry")}
    # What comes from a parent or a library of its own maker is not to be seen.
    unseen = files | {
        "mails/pom.xml": with_parent("mails", "acme-services"),
        "bills/pom.xml": pom("bills").replace(
            "<dependencies>",
            "<dependencies><dependency><groupId>com.acme</groupId><artifactId>starter</artifactId>"
            "</dependency>",
        ),
    }
    assert {s for s, t in calls(architecture(unseen)) if t == "registry"} == {
        "orders", "mails", "bills",
    }  # fmt: skip


BROKER = "spring.rabbitmq.host: broker.example.internal\n"


def test_files_of_another_name_that_programs_ask_for() -> None:
    named = "spring.cloud.config: {uri: 'http://localhost:8888', name: 'shared-things'}\n"
    files = {
        "settings/pom.xml": pom("settings", "spring-cloud-config-server"),
        "settings/src/main/resources/application.yml": """
            spring.cloud.config.server.git: {uri: 'https://git.example/acme/shop', search-paths: kept}
            """,
        "kept/shared-things-dev.yml": BROKER,
        "orders/pom.xml": pom("orders", CONFIGURED, "spring-boot-starter-amqp"),
        "orders/src/main/resources/bootstrap.yml": named,
        "stock/pom.xml": pom("stock", CONFIGURED, "spring-boot-starter-amqp"),
    }
    found = {pair for pair in edges(architecture(files)) if "broker" in pair[1]}
    assert found == {("orders", "broker.example.internal")}


def test_a_servers_own_folder_is_handed_out_where_its_settings_name_it() -> None:
    files = {
        "settings/pom.xml": pom("settings", "spring-cloud-config-server"),
        "settings/src/main/resources/application.yml": """
            spring:
              profiles.active: native
              cloud.config.server.native.search-locations: classpath:/config
            """,
        "settings/src/main/resources/config/application.yml": BROKER,
        "orders/pom.xml": pom("orders", CONFIGURED, "spring-boot-starter-amqp"),
    }
    assert ("orders", "broker.example.internal") in edges(architecture(files))


def test_what_a_configuration_server_hands_on_is_not_its_own() -> None:
    files = {
        "compose.yaml": """
            services:
              settings:
                build: settings
                environment: {REGISTRY_URL: "http://registry:8761/eureka/"}
              registry: {build: registry}
            """,
        "settings/Dockerfile": "FROM eclipse-temurin\n",
        "settings/pom.xml": pom("settings", "spring-cloud-config-server"),
        "settings/src/main/resources/application.yml": """
            spring.cloud.config.server.overrides:
              registry-url: ${REGISTRY_URL}
            """,
        "registry/Dockerfile": "FROM eclipse-temurin\n",
        "registry/pom.xml": pom("registry", SERVER),
    }
    assert calls(architecture(files)) == set()


def test_a_pool_made_of_the_frameworks_settings_leads_where_they_say() -> None:
    files = {
        "orders/pom.xml": pom("orders", "jedis"),
        "orders/src/main/resources/application.yml": "spring.redis.host: cache.example.internal\n",
        "orders/src/main/java/Pools.java": """
            import org.springframework.boot.autoconfigure.data.redis.RedisProperties;
            import redis.clients.jedis.*;

            class Pools {
                JedisPool pool(JedisPoolConfig of, RedisProperties redis) {
                    return new JedisPool(of, redis.getHost(), redis.getPort());
                }
            }
            """,
        "stock/pom.xml": pom("stock"),
    }
    assert edges(architecture(files)) == {("orders", "cache.example.internal")}


def test_a_program_under_the_name_of_another_is_the_one_that_its_folder_tells() -> None:
    manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: {0}}}
        spec:
          template:
            spec: {{containers: [{{name: {0}, image: "acme/{0}"}}]}}
        """
    files = {
        "compose.yaml": "services:\n  edge: {image: acme/new-edge}\n",
        "k8s/edge.yaml": manifest.format("edge"),
        "k8s/new-edge.yaml": manifest.format("new-edge"),
        "edge/pom.xml": pom("edge"),
        "edge/Dockerfile": "FROM eclipse-temurin\n",
        "new-edge/pom.xml": pom("new-edge"),
        "new-edge/Dockerfile": "FROM eclipse-temurin\n",
    }
    assert services(architecture(files)) == {"edge", "new-edge"}


def test_a_program_is_called_what_its_folder_and_its_settings_call_it() -> None:
    files = {
        "Order-Service/pom.xml": pom("orders"),
        "Order-Service/src/main/resources/application.yml": "spring.application.name: order-service\n",
        "stock/pom.xml": pom("stock-api"),
        "stock/src/main/resources/application.yml": "spring.application.name: shelf\n",
    }
    assert services(architecture(files)) == {"order-service", "stock-api"}


def test_the_broker_that_a_server_of_traces_reads_is_there_though_nothing_deploys_it() -> None:
    artifacts = ("spring-cloud-sleuth-zipkin-stream", "spring-cloud-stream-binder-rabbit")
    files = {"orders/pom.xml": pom("orders"), "traces/pom.xml": pom("traces", *artifacts)}
    assert edges(architecture(files)) == {("traces", "rabbitmq")}
    told = {
        "traces/src/main/resources/application.yml": BROKER,
    }
    assert edges(architecture(files | told)) == {("traces", "broker.example.internal")}


def test_pages_of_a_framework_beside_programs_of_which_only_stores_are_deployed() -> None:
    files = {
        "compose.yaml": "services:\n  shelf: {image: 'postgres:16'}\n  desk: {image: dpage/pgadmin4}\n",
        "orders/pom.xml": pom("orders"),
        "stock/pom.xml": pom("stock"),
        "site/package.json": '{"name": "site", "dependencies": {"next": "14", "react": "18"}, '
        '"scripts": {"start": "next start"}}',
    }
    assert {"orders", "stock", "site"} <= services(architecture(files))


def test_libraries_of_a_server_that_only_one_program_switches_on() -> None:
    enabled = "import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;\nclass App { }\n"
    files = {
        "registry/pom.xml": pom("registry", SERVER),
        "registry/src/main/java/App.java": enabled,
        "orders/pom.xml": pom("orders", SERVER),
        "orders/src/main/resources/application.yml": LEFT.replace("localhost", "192.168.7.1"),
    }
    found = architecture(files)
    assert calls(found) == {("orders", "registry")}
    assert not found.nodes(NodeKind.EXTERNAL)


def test_addresses_of_machines_in_a_network_lead_to_who_listens_there() -> None:
    client = """
        @FeignClient(name = "stock", url = "http://192.168.7.1:8112")
        interface Stock { @GetMapping("/all") String all(); }
        """
    code = "import org.springframework.cloud.openfeign.FeignClient;\n" + dedent(client)
    files = {
        "orders/pom.xml": pom("orders"),
        "orders/src/main/java/Stock.java": code,
        "stock/pom.xml": pom("stock"),
        "stock/src/main/resources/application.yml": "server.port: 8112\n",
    }
    assert calls(architecture(files)) == {("orders", "stock")}
    usual = {
        "orders/src/main/java/Stock.java": code.replace("8112", "8080"),
        "stock/src/main/resources/application.yml": "server.port: 8080\n",
    }
    assert calls(architecture(files | usual)) == {("orders", "192.168.7.1")}


def test_axons_server_by_its_setting() -> None:
    files = {
        "compose.yaml": """
            services:
              events: {image: axoniq/axonserver}
              orders: {build: orders}
            """,
        "orders/Dockerfile": "FROM eclipse-temurin\n",
        "orders/pom.xml": pom("orders", "axon-spring-boot-starter"),
        "orders/src/main/resources/application.yml": "axon.axonserver.servers: events:8124\n",
    }
    assert calls(architecture(files)) == {("orders", "events")}


def test_files_that_a_server_keeps_say_what_others_are_called() -> None:
    server = "settings/src/main/resources"
    files = {
        "settings/pom.xml": pom("settings", "spring-cloud-config-server"),
        f"{server}/application.yml": """
            spring:
              profiles.active: native
              cloud.config.server.native.search-locations: classpath:/kept
            """,
        f"{server}/kept/orders.yml": "spring.application.name: orders\nserver.port: 8061\n",
        "orders/pom.xml": pom("orders", CONFIGURED),
        "stock/pom.xml": pom("stock", CONFIGURED),
        "stock/src/main/resources/application.yml": "shop.url: http://localhost:8061\n",
        "stock/src/main/java/Shop.java": """
            import org.springframework.beans.factory.annotation.Value;
            import org.springframework.web.client.RestTemplate;

            class Shop {
                @Value("${shop.url}")
                String url;
                String all() { return new RestTemplate().getForObject(url + "/all", String.class); }
            }
            """,
    }
    assert ("stock", "orders") in calls(architecture(files))


def test_settings_that_a_profile_of_the_build_fills_in() -> None:
    profiles = """
        <profiles>
          <profile><id>dev</id><properties>
            <spring.datasource.url>jdbc:postgresql://localhost:5432/shop</spring.datasource.url>
          </properties></profile>
          <profile><id>docker</id><properties>
            <spring.datasource.url>jdbc:postgresql://shelf:5432/shop</spring.datasource.url>
            <spring.cloud.version>2024.0.0</spring.cloud.version>
          </properties></profile>
        </profiles></project>
        """
    build = pom("orders", "spring-boot-starter-data-jpa").replace("</project>", profiles)
    files = {
        "orders/pom.xml": build,
        "orders/src/main/resources/application.yml": "spring.datasource.url: '@spring.datasource.url@'\n",
        "stock/pom.xml": pom("stock"),
    }
    assert edges(architecture(files)) == {("orders", "shelf")}


@pytest.mark.parametrize(
    ("host", "reached"),
    [('"smtp.acme-mail.com"', "smtp.acme-mail.com"), ('of.getProperty("mail.host")', "mail")],
)
def test_the_server_of_mails_that_code_sets(host: str, reached: str) -> None:
    code = """
        import org.springframework.core.env.Environment;
        import org.springframework.mail.javamail.JavaMailSenderImpl;

        class Mails {
            JavaMailSenderImpl sender(Environment of) {
                JavaMailSenderImpl sender = new JavaMailSenderImpl();
                sender.setHost(%s);
                return sender;
            }
        }
        """
    files = {"mails/pom.xml": pom("mails"), "mails/src/main/java/Mails.java": code % host}
    assert edges(architecture(files | {"orders/pom.xml": pom("orders")})) == {("mails", reached)}


def test_a_store_that_two_files_start_at_one_port() -> None:
    store = """
        services:
          {name}:
            image: postgres:16
            environment: [POSTGRES_DB={name_of}]
            ports: ["5433:5432"]
        """
    files = {
        "compose.yaml": store.format(name="ordersStore", name_of="orders"),
        "orders/compose.yaml": store.format(name="postgres", name_of="orders"),
        "orders/pom.xml": pom("orders", "spring-boot-starter-data-jpa"),
        "orders/src/main/resources/application.yml": (
            "spring.datasource.url: jdbc:postgresql://localhost:5433/orders\n"
        ),
        "stock/pom.xml": pom("stock"),
    }
    found = architecture(files)
    assert edges(found) == {("orders", "ordersStore")}
    assert len(found.nodes(NodeKind.DATABASE)) == 1
    other = {"orders/compose.yaml": store.format(name="postgres", name_of="others")}
    assert len(architecture(files | other).nodes(NodeKind.DATABASE)) == 2
    ports = '    ports: ["5433:5432"]\n'
    bare = {path: text.replace(ports, "") for path, text in files.items()}
    assert ports in files["compose.yaml"]
    assert len(architecture(bare).nodes(NodeKind.DATABASE)) == 2


def test_a_program_that_shows_its_circuits_is_still_what_it_is() -> None:
    files = {
        "pages/pom.xml": pom("pages", "spring-cloud-starter-netflix-hystrix-dashboard"),
        "hystrix-view/pom.xml": pom(
            "hystrix-view", "spring-cloud-starter-netflix-hystrix-dashboard"
        ),
    }
    found = {n.name: n.technology for n in architecture(files).nodes(NodeKind.SERVICE)}
    assert found == {"pages": "spring-boot", "hystrix-view": "hystrix-dashboard"}
