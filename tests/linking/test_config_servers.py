"""Settings that a configuration server hands out: from its own files, folders, other repositories."""

from __future__ import annotations

from textwrap import dedent

from tests.linking.system import architecture
from tests.linking.test_starters import pom
from tests.written import written

from scaleaudit.architecture import Architecture, EdgeKind
from scaleaudit.config_files.settings import SERVED_PROPERTIES, SERVED_YAML
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

COMPOSE = """
    services:
      settings: {build: ./settings}
      orders: {build: ./orders}
      stock: {build: ./stock}
      broker: {image: "rabbitmq:3"}
      login: {build: ./login}
    """
SYSTEM = {
    "compose.yaml": COMPOSE,
    "settings/Dockerfile": "FROM eclipse-temurin\n",
    "settings/pom.xml": pom("settings", "spring-cloud-config-server"),
    "orders/Dockerfile": "FROM eclipse-temurin\n",
    "orders/pom.xml": pom("orders", "spring-cloud-starter-config", "spring-cloud-starter-oauth2"),
    "orders/src/main/resources/bootstrap.yml": "spring.application.name: order-service\n",
    "stock/Dockerfile": "FROM eclipse-temurin\n",
    "stock/pom.xml": pom("stock", "spring-cloud-starter-config", "spring-boot-starter-amqp"),
    "login/Dockerfile": "FROM eclipse-temurin\n",
    "login/pom.xml": pom("login", "spring-boot-starter-amqp"),
}
LOGIN = "security.oauth2.resource.userInfoUri: http://login:9999/user\n"


def with_repository(files: dict[str, str], served: dict[str, str]) -> Architecture:
    """The system with a configuration repository given beside."""
    sources = written(files)
    for path, text in served.items():
        kind = SERVED_PROPERTIES if path.endswith(".properties") else SERVED_YAML
        content = dedent(text).encode()
        sources.append(SourceFile(f"config-repo:central/{path}", kind, content=content))
    return scan(sources, []).architecture


def to_others(found: Architecture) -> set[str]:
    """Without the edges to the configuration server itself."""
    return {
        f"{found.node(e.source).name} -> {found.node(e.target).name}"
        for e in found.edges(EdgeKind.CALLS, EdgeKind.USES)
        if found.node(e.target).name != "settings"
    }


def test_a_file_of_another_repository_is_for_the_application_of_its_name() -> None:
    found = with_repository(SYSTEM, {"order-service.yml": LOGIN})
    assert to_others(found) == {"orders -> login"}
    (edge,) = [e for e in found.edges(EdgeKind.CALLS) if e.target == "service:login"]
    assert str(edge.evidence[0].at) == "config-repo:central/order-service.yml:1"


def test_what_is_for_all_is_for_the_clients_that_need_it() -> None:
    # login is no client, and orders has no library for the broker
    found = with_repository(SYSTEM, {"application.properties": "spring.rabbitmq.host=broker\n"})
    assert to_others(found) == {"stock -> broker"}


def test_folders_and_profiles_in_the_names_of_files() -> None:
    served = {
        "order-service.yml": LOGIN.replace("login", "localhost"),
        "order-service-docker.yml": LOGIN,
        "stock/application.yml": "spring.rabbitmq.host: broker\n",
    }
    assert to_others(with_repository(SYSTEM, served)) == {"orders -> login", "stock -> broker"}


def test_the_deployed_profile_counts_before_any_other() -> None:
    system = SYSTEM | {
        "compose.yaml": COMPOSE.replace(
            "{build: ./orders}", "{build: ./orders, environment: [SPRING_PROFILES_ACTIVE=eu]}"
        )
    }
    served = {
        "order-service-docker.yml": LOGIN.replace("login", "stock"),
        "order-service-eu.yml": LOGIN,
    }
    assert to_others(with_repository(system, served)) == {"orders -> login"}
    assert to_others(with_repository(SYSTEM, served)) == {"orders -> stock"}


def test_a_file_for_nobody_here_says_nothing() -> None:
    found = with_repository(SYSTEM, {"billing.yml": LOGIN, "README-notes.yml": LOGIN})
    assert to_others(found) == set()


def test_settings_of_one_application_do_not_fill_those_of_another() -> None:
    served = {
        "order-service.yml": LOGIN.replace("login", "${login.host}"),
        "stock.yml": "login:\n  host: login\n",
    }
    assert to_others(with_repository(SYSTEM, served)) == set()
    common = {
        "order-service.yml": served["order-service.yml"],
        "application.yml": served["stock.yml"],
    }
    assert to_others(with_repository(SYSTEM, common)) == {"orders -> login"}


def test_what_a_configuration_repository_deploys_is_not_deployed() -> None:
    manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ghost}\nspec: {}\n"
    compose = "services:\n  ghost:\n    image: ghost\n"
    found = with_repository(SYSTEM, {"order-service.yml": manifest, "compose.yml": compose})
    assert not found.has("service:ghost")


def folder_served(key: str, location: str, folder: str) -> bool:
    own = f"{key}: {location}\n"
    return "orders -> login" in to_others(
        architecture(
            SYSTEM
            | {
                "settings/src/main/resources/application.yml": own,
                f"{folder}/order-service.yml": "spring.main.banner-mode: off\n" + LOGIN,
            }
        )
    )


NATIVE = "spring.cloud.config.server.native.search-locations"
GIT = "spring.cloud.config.server.git"


def test_folders_of_this_repository_that_the_server_names() -> None:
    assert folder_served(NATIVE, "classpath:/shared", "settings/src/main/resources/shared")
    assert folder_served(NATIVE, "file:../central, file:./other", "central")
    assert folder_served(f"{GIT}.uri", "file://${user.home}/projects/central", "central")
    assert folder_served(f"{GIT}.search-paths", "'{application},central/files'", "central/files")
    assert not folder_served(NATIVE, "file:../central", "elsewhere")
    assert not folder_served(f"{GIT}.uri", "https://git.example.org/central", "central")
    assert folder_served(f"{GIT}.uri", "https://git.example.org/acme/shop", "shop-config")


def test_a_mounted_folder_of_this_repository() -> None:
    compose = COMPOSE.replace(
        "{build: ./settings}", "{build: ./settings, volumes: ['./central:/conf']}"
    )
    files = {
        "compose.yaml": compose,
        "settings/src/main/resources/application.yml": f"{NATIVE}: file:/conf\n",
        "central/order-service.yml": "spring.main.banner-mode: off\n" + LOGIN,
    }
    assert to_others(architecture(SYSTEM | files)) == {"orders -> login"}


def repositories(settings: str, compose: str = COMPOSE, **files: str) -> set[str]:
    """What the server reads, of all that is outside of this repository."""
    found = architecture(
        SYSTEM
        | {"compose.yaml": compose, "settings/src/main/resources/application.yml": settings}
        | files
    )
    return {
        found.node(edge.target).name
        for edge in found.edges(EdgeKind.CALLS)
        if edge.source == "service:settings" and found.node(edge.target).technology == "git"
    }


def test_the_repository_of_a_configuration_server_is_a_system_of_its_name() -> None:
    address = "https://token:secret@github.com/acme/shop-settings.git"
    assert repositories(f"{GIT}.uri: {address}\n") == {"shop-settings"}
    assert repositories(f"{GIT}.uri: git@gitlab.acme.org:team/central\n") == {"central"}
    assert repositories(f"{GIT}.uri: ${{CONFIG_GIT:{address}}}\n") == {"shop-settings"}
    many = f"{GIT}.repos:\n  simple: {address}\n  team:\n    pattern: x*\n    uri: https://github.com/acme/t\n"
    assert repositories(many) == {"shop-settings", "t"}
    composite = f"spring.cloud.config.server.composite:\n- type: git\n  uri: {address}\n"
    assert repositories(composite) == {"shop-settings"}


def test_a_repository_named_like_a_component_is_called_by_its_site() -> None:
    assert repositories(f"{GIT}.uri: https://github.com/acme/orders\n") == {"github-repository"}
    assert repositories(f"{GIT}.uri: ${{CONFIG_GIT}}\n") == {"git-repository"}


def test_a_checkout_that_is_mounted_from_elsewhere() -> None:
    build = "{build: ./settings}"
    mount = "{build: ./settings, volumes: ['../shop-settings:/conf'], environment: [%s]}"
    key = "SPRING_CLOUD_CONFIG_SERVER_NATIVE_SEARCH_LOCATIONS"
    by_git = COMPOSE.replace(build, mount % "A=b")
    assert repositories(f"{GIT}.uri: file:///conf\n", by_git) == {"shop-settings"}
    native = COMPOSE.replace(build, mount % f"'{key}=file:/conf'")
    assert repositories("server.port: 1\n", native) == {"shop-settings"}
    assert (
        repositories("server.port: 1\n", native.replace("../shop-settings", "conf-volume")) == set()
    )


def test_an_address_that_the_profile_native_leaves_unused() -> None:
    settings = f"{GIT}.uri: https://github.com/acme/central\nspring.profiles.active: native\n"
    assert repositories(settings) == set()
    assert repositories(settings.replace("native", "'git,native'")) == {"central"}


def test_processes_of_one_code_base_share_what_is_handed_out() -> None:
    compose = COMPOSE.rstrip() + "\n      orders-eu: {build: ./orders}\n"
    found = with_repository(SYSTEM | {"compose.yaml": compose}, {"order-service.yml": LOGIN})
    assert to_others(found) == {"orders -> login", "orders-eu -> login"}


def given(compose: str, **more: str) -> set[str]:
    """Without a server of this repository: files that the deployment names."""
    system = {path: text for path, text in SYSTEM.items() if "settings" not in path}
    return to_others(
        architecture(
            system
            | {
                "compose.yaml": compose.replace("settings: {build: ./settings}", ""),
                "central/shared.yml": LOGIN + "spring.main.banner-mode: off\n",
            }
            | more
        )
    )


def test_files_that_a_deployment_tells_a_component_to_read() -> None:
    orders = "{build: ./orders}"
    by_variable = (
        "{build: ./orders, environment: ['SPRING_CONFIG_LOCATION=file:/x/central/shared.yml']}"
    )
    assert given(COMPOSE.replace(orders, by_variable)) == {"orders -> login"}
    mounted = (
        "{build: ./orders, volumes: ['./central:/etc/conf'], "
        "command: java -jar a.jar --spring.config.location=file:/etc/conf/shared.yml}"
    )
    assert given(COMPOSE.replace(orders, mounted)) == {"orders -> login"}
    assert given(COMPOSE) == set()


def test_files_kept_for_a_registry_that_stands_elsewhere() -> None:
    settings = "spring.rabbitmq.host: broker\n"
    nacos = pom("stock", "spring-cloud-starter-alibaba-nacos-config", "spring-boot-starter-amqp")
    here = {"nacos/DEFAULT_GROUP/stock-prod.yml": settings, "stock/pom.xml": nacos}
    assert given(COMPOSE, **here) == {"stock -> broker", "stock -> nacos"}
    assert given(COMPOSE, **{"nacos/login-prod.yml": settings}) == set()  # asks nobody


def test_settings_for_all_that_are_loaded_into_a_registry() -> None:
    client = pom("stock", "micronaut-discovery-client", "micronaut-tracing-zipkin")
    here = {
        "stock/pom.xml": client,
        "stock/src/main/resources/bootstrap.yml": "micronaut.config-client.enabled: true\n",
    }
    settings = "tracing.zipkin: {enabled: true, http: {url: 'http://spans:9411'}}\n"
    compose = "services: {stock: {build: ./stock}, spans: {image: openzipkin/zipkin}}\n"
    assert given(compose, **here, **{"config/application.yml": settings}) == {"stock -> spans"}
    assert given(compose, **here, **{"misc/application.yml": settings}) == set()
    nobody = {**here, "stock/src/main/resources/bootstrap.yml": "a: b\n"}
    assert given(compose, **nobody, **{"config/application.yml": settings}) == set()


def test_properties_that_the_server_keeps_among_its_resources() -> None:
    folder = "settings/src/main/resources/shared"
    files = SYSTEM | {
        "orders/pom.xml": pom("orders", "spring-cloud-starter-config", "spring-boot-starter-jdbc"),
        f"{folder}/order-service.properties": "spring.datasource.url=jdbc:mysql://sales/orders\n",
        f"{folder}/stock-docker.properties": "services.login=http://login:80\n",
        # Of a program that is not here: neither the server's own nor anybody's.
        f"{folder}/archive.properties": "spring.datasource.url=jdbc:mysql://old/archive\n",
        f"{folder}/messages.properties": "title=Orders\n",
    }
    assert to_others(architecture(files)) == {"orders -> sales"}


def test_what_is_kept_for_a_program_that_is_not_here() -> None:
    files = SYSTEM | {
        "settings/src/main/resources/application.yml": """
            spring.cloud.config.server.native.search-locations:
              "classpath:/kept/,classpath:/kept/{application}/"
            """,
        "settings/src/main/resources/kept/application.yml": "spring.rabbitmq.host: broker\n",
        "settings/src/main/resources/kept/stock/application.yml": "server.port: 8081\n",
        "settings/src/main/resources/kept/audit-service/application.yml": LOGIN,
    }
    assert to_others(architecture(files)) == {"stock -> broker"}
    files |= {"settings/src/main/resources/kept/shared/application.yml": LOGIN}
    assert to_others(architecture(files)) == {"stock -> broker", "orders -> login"}


def test_a_kept_file_that_says_no_more_than_where_a_program_listens() -> None:
    def reached(kept: str) -> set[str]:
        files = SYSTEM | {
            "settings/src/main/resources/application.yml": """
                spring.cloud.config.server.native.search-locations: "file:../central"
                """,
            "central/stock.yml": kept,
            "orders/src/main/java/shop/Client.java": """
                import org.springframework.web.client.RestTemplate;
                class Client { void a(RestTemplate http) {
                    http.getForObject("http://localhost:8081/all", String.class); } }
                """,
        }
        del files["compose.yaml"]
        return to_others(architecture(files))

    port = "server: {port: 8081, servlet: {context-path: /}}\nlogging: {level: {shop: DEBUG}}\n"
    assert reached(f"{port}springdoc: {{swagger-ui: {{path: /docs}}}}\n") == {"orders -> stock"}
    # Loki begins so too.
    assert reached(f"{port}ingester: {{lifecycler: {{address: 127.0.0.1}}}}\n") == set()
    assert reached("logging: {level: info}\nserver: {port: 8081}\n") == set()


def test_a_file_of_a_library_that_a_program_imports() -> None:
    plugin = "apply plugin: 'org.springframework.boot'\n"
    imports = "spring.config.import: ['optional:classpath:application-common.yml']\n"
    common = """
        spring:
          rabbitmq: {host: broker}
          mail: {host: mails}
        """
    shared = "common/src/main/resources/application-common.yml"
    files = {
        "compose.yaml": COMPOSE.rstrip() + "\n      mails: {image: maildev/maildev}\n",
        "common/build.gradle": "dependencies { implementation 'org.acme:words:1' }\n",
        shared: common,
        **{f"{name}/Dockerfile": "FROM eclipse-temurin\n" for name in ("orders", "stock", "login")},
        **{
            f"{name}/build.gradle": plugin + "dependencies { implementation project(':common')\n"
            f"implementation 'org.springframework.boot:{library}:3' }}\n"
            for name, library in (
                ("orders", "spring-boot-starter-amqp"),
                ("stock", "spring-boot-starter-mail"),
                ("login", "spring-boot-starter-amqp"),
            )
        },
        "orders/src/main/resources/application.yml": imports,
        "stock/src/main/resources/application.yml": imports,
    }
    # each by the library that it has itself, and who does not import it not at all
    assert to_others(architecture(files)) == {"orders -> broker", "stock -> mails"}
    named = imports.replace("application-common", "shared")
    files["orders/src/main/resources/application.yml"] = named
    files["common/src/main/resources/shared.yml"] = files.pop(shared)
    assert to_others(architecture(files)) == {"orders -> broker"}
