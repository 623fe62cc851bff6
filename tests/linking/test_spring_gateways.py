"""Zuul, Spring Cloud Gateway, Turbine: whom their settings and their nature make them call."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_link import edges
from tests.linking.test_starters import calls, pom

from scaleaudit.architecture import NodeKind

EUREKA = "spring-cloud-starter-netflix-eureka-client"
CONTROLLER = """
    import org.springframework.web.bind.annotation.*;

    @RestController
    class C {
        @GetMapping("/all")
        String all() { return ""; }
    }
    """
SYSTEM = {
    "registry/pom.xml": pom("registry", "spring-cloud-starter-netflix-eureka-server"),
    "edge/pom.xml": pom("edge", EUREKA, "spring-cloud-starter-netflix-zuul"),
    "orders/pom.xml": pom("orders", EUREKA),
    "orders/src/main/java/C.java": CONTROLLER,
    "stock/pom.xml": pom("stock", EUREKA, "spring-boot-starter-data-rest"),
    "stock/src/main/java/Items.java": """
        import org.springframework.data.repository.CrudRepository;

        interface Items extends CrudRepository<Item, Long> {}
        """,
    "desk/pom.xml": pom("desk", EUREKA, "spring-boot-starter-data-rest"),  # and no repository
    "mails/pom.xml": pom("mails", EUREKA),
    "away/pom.xml": pom("away"),
    "away/src/main/java/C.java": CONTROLLER,
    "watch/pom.xml": pom("watch", EUREKA, "spring-cloud-starter-netflix-turbine"),
    "watch/src/main/java/C.java": CONTROLLER,
}
EDGE = "edge/src/main/resources/application.yml"


def of_edge(files: dict[str, str]) -> set[str]:
    return {target for source, target in calls(architecture(files)) if source == "edge"}


def test_zuul_routes_what_is_registered_and_answers() -> None:
    assert of_edge(SYSTEM) == {"registry", "orders", "stock"}


def test_zuul_routes_only_what_its_settings_leave() -> None:
    routes = """
        zuul:
          ignoredServices: '*'
          routes:
            stock: /stock/**
        """
    assert of_edge(SYSTEM | {EDGE: routes}) == {"registry", "stock"}
    some = "zuul:\n  ignored-services: sto*\n  routes:\n    away:\n      path: /a/**\n"
    assert of_edge(SYSTEM | {EDGE: some}) == {"registry", "orders", "away"}


def test_settings_that_another_repository_keeps_are_not_guessed() -> None:
    client = pom("edge", EUREKA, "spring-cloud-starter-netflix-zuul", "spring-cloud-starter-config")
    server = {"settings/pom.xml": pom("settings", "spring-cloud-config-server")}
    files = SYSTEM | server | {"edge/pom.xml": client}
    found = architecture(files)
    assert of_edge(files) == {"registry", "settings"}
    assert [(u.component, u.what) for u in found.unresolved] == [("service:edge", "zuul routes")]
    kept = {
        "settings/src/main/resources/application.yml": """
            spring:
              profiles: {active: native}
              cloud: {config: {server: {native: {search-locations: "classpath:/shared"}}}}
            """,
        "settings/src/main/resources/shared/edge.yml": "zuul: {routes: {orders: /o/**}}\n",
    }
    assert of_edge(files | kept) == {"registry", "settings", "orders"}
    kept["settings/src/main/resources/shared/edge.yml"] = "zuul: {prefix: /api}\n"
    assert of_edge(files | kept) == {"registry", "settings", "orders", "stock"}


def test_the_locator_of_spring_cloud_gateway() -> None:
    gateway = SYSTEM | {"edge/pom.xml": pom("edge", EUREKA, "spring-cloud-starter-gateway")}
    assert of_edge(gateway) == {"registry"}
    on = "spring: {cloud: {gateway: {discovery: {locator: {enabled: true}}}}}\n"
    assert of_edge(gateway | {EDGE: on}) == {"registry", "orders", "stock"}


def test_turbine_gathers_and_the_dashboard_shows() -> None:
    files = SYSTEM | {
        "watch/src/main/resources/application.yml": "turbine:\n  appConfig: orders, stock\n",
        "board/pom.xml": pom("board", "spring-cloud-starter-netflix-hystrix-dashboard"),
    }
    found = calls(architecture(files))
    assert {t for s, t in found if s == "watch"} == {"registry", "orders", "stock"}
    assert {t for s, t in found if s == "board"} == {"watch"}


def test_metrics_over_rabbitmq() -> None:
    files = {
        "watch/pom.xml": pom("watch", "spring-cloud-starter-turbine-amqp"),
        "compose.yaml": "services: {rabbit: {image: rabbitmq}, watch: {build: watch}}\n",
        "watch/Dockerfile": "FROM eclipse-temurin:21\n",
    }
    assert edges(architecture(files)) == ["service:watch uses broker:rabbit"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("application.yml", "spring: {cloud: {gateway: {routes: [{id: a, uri: 'lb://ORDERS'}]}}}"),
        ("application.yml", "spring.cloud.gateway.routes:\n- id: a\n  uri: lb://orders\n"),
        (
            "application.yml",
            "spring: {cloud: {gateway: {server: {webflux: {routes: [{id: a, uri: 'lb://orders'}]}}}}}",
        ),
        (
            "application.yml",
            "spring: {cloud: {gateway: {mvc: {routes: [{id: a, uri: 'http://orders:8080'}]}}}}",
        ),
        ("application.properties", "spring.cloud.gateway.routes[0].uri=lb:ws://orders\n"),
        ("application.properties", "spring.cloud.gateway.routes[0].uri=${ORDERS:http://orders}\n"),
        (
            "application.yml",
            "spring: {cloud: {gateway: {mvc: {routesMap: {a: {uri: 'lb://orders'}}}}}}",
        ),
    ],
)
def test_routes_of_spring_cloud_gateway(path: str, text: str) -> None:
    files = SYSTEM | {
        "edge/pom.xml": pom("edge", EUREKA, "spring-cloud-starter-gateway"),
        f"edge/src/main/resources/{path}": f"{text}\n",
    }
    assert of_edge(files) == {"registry", "orders"}


def test_a_route_that_a_filter_answers_leads_nowhere() -> None:
    files = SYSTEM | {
        "edge/pom.xml": pom("edge", EUREKA, "spring-cloud-starter-gateway"),
        "edge/src/main/resources/application.yml": (
            "spring.cloud.gateway.routes:\n- {id: a, uri: 'no://op'}\n- {id: b, uri: 'no://op.acme.dev'}\n"
        ),
    }
    assert of_edge(files) == {"registry"}
    assert not architecture(files).nodes(NodeKind.EXTERNAL)


def test_routes_that_code_builds() -> None:
    code = """
        import org.springframework.cloud.gateway.route.RouteLocator;
        import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
        import org.springframework.context.annotation.Bean;

        class Routes {
            @Bean
            RouteLocator routes(RouteLocatorBuilder builder) {
                return builder.routes()
                    .route("orders", r -> r.path("/o/**").filters(f -> f.stripPrefix(1)).uri("lb://ORDERS"))
                    .route(r -> r.path("/s/**").uri("http://stock:8080"))
                    .build();
            }
        }
        """
    files = SYSTEM | {
        "edge/pom.xml": pom("edge", EUREKA, "spring-cloud-starter-gateway"),
        "edge/src/main/java/Routes.java": code,
    }
    assert of_edge(files) == {"registry", "orders", "stock"}


def test_routes_of_the_servlet_gateway_that_code_builds() -> None:
    code = """
        import static org.springframework.cloud.gateway.server.mvc.filter.LoadBalancerFilterFunctions.lb;
        import org.springframework.beans.factory.annotation.Value;
        import org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions;
        import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions;
        import org.springframework.web.servlet.function.*;

        class Routes {
            @Value("${orders.url}")
            private String orders;

            RouterFunction<ServerResponse> orders() {
                return GatewayRouterFunctions.route("orders")
                    .route(RequestPredicates.path("/o"), HandlerFunctions.http(orders)).build();
            }

            RouterFunction<ServerResponse> stock() {
                return GatewayRouterFunctions.route("stock")
                    .route(RequestPredicates.path("/s"), HandlerFunctions.http()).filter(lb("stock"))
                    .build();
            }
        }
        """
    files = SYSTEM | {
        "edge/pom.xml": pom("edge", EUREKA, "spring-cloud-starter-gateway-mvc"),
        "edge/src/main/java/Routes.java": code,
        "edge/src/main/resources/application.properties": "orders.url=http://localhost:8081\n",
        "orders/src/main/resources/application.properties": "server.port=8081\n",
    }
    assert of_edge(files) == {"registry", "orders", "stock"}


def test_a_gateway_of_ones_own_lists_whom_it_looks_up() -> None:
    def routed(settings: str, library: str = EUREKA) -> set[str]:
        files = {
            "registry/pom.xml": pom("registry", "spring-cloud-starter-netflix-eureka-server"),
            "edge/pom.xml": pom("edge", library),
            "orders/pom.xml": pom("orders", EUREKA),
            "stock/pom.xml": pom("stock", EUREKA),
        }
        return of_edge(files | {EDGE: settings}) - {"registry"}

    listed = "gateway:\n  services: [orders, stock]\n"
    assert routed(listed) == {"orders", "stock"}
    assert routed(listed, "spring-boot-starter-web") == set()  # it looks nothing up
    assert routed("gateway:\n  services: [orders, elsewhere]\n") == set()
    assert routed("gateway:\n  ignored-services: [orders, stock]\n") == set()
    assert routed("gateway:\n  services: [orders]\n") == set()


JHIPSTER = """
    services:
      gate-app: {image: gate, ports: ["8080:8080"], environment: ENV}
      boats-app: {image: boats, environment: ENV}
      registry:
        image: jhipster/jhipster-registry:v6.8.0
        volumes: ["./central-server-config:/central-config"]
      logs: {image: "jhipster/jhipster-logstash:v4.1.0"}
    """
TOLD = "{EUREKA_CLIENT_SERVICEURL_DEFAULTZONE: 'http://admin@registry:8761/eureka', SPRING_CLOUD_CONFIG_URI: 'http://admin@registry:8761/config'}"
CENTRAL = """
    jhipster:
      logging:
        logstash: {enabled: true, host: logs}
    """
ORDERS = """
    package shop;
    import org.springframework.web.bind.annotation.*;
    @RestController
    class Boats { @GetMapping("/api/boats") Object all() { return null; } }
    """


def generated(*more: str) -> str:
    cloud = "<groupId>org.springframework.cloud</groupId><artifactId>spring-cloud-starter-"
    needs = "".join(
        f"<dependency>{cloud}{each}</artifactId></dependency>"
        for each in ("netflix-eureka-client", "config", *more)
    )
    plugin = "<build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>"
    return (
        f"<project><artifactId>x</artifactId><dependencies>{needs}</dependencies>{plugin}</project>"
    )


def test_a_gateway_of_jhipster_with_pages_in_the_same_folder() -> None:
    """Its `package.json` builds what the program sends; all ask the registry for settings."""
    pages = '{"name": "x", "dependencies": {"react": "18"}, "scripts": {"start": "webpack"}}'
    found = architecture(
        {
            "deploy/compose.yml": JHIPSTER.replace("ENV", TOLD),
            "deploy/central-server-config/application.yml": CENTRAL,
            "gate/pom.xml": generated("netflix-zuul"),
            "gate/package.json": pages,
            "boats/pom.xml": generated(),
            "boats/package.json": '{"name": "y", "devDependencies": {"generator-jhipster": "6"}}',
            "boats/src/main/java/shop/Boats.java": ORDERS,
        }
    )
    assert calls(found) == {
        ("gate-app", "boats-app"), ("gate-app", "registry"), ("gate-app", "logs"),
        ("boats-app", "registry"), ("boats-app", "logs"),
    }  # fmt: skip
    told = {node.name: node.technology for node in found.nodes(NodeKind.SERVICE)}
    assert told == {
        "gate-app": "spring-gateway", "boats-app": "spring-boot", "registry": "eureka", "logs": "logstash",
    }  # fmt: skip
