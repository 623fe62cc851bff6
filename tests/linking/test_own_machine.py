"""Servers of the developer's machine, which several services name by the same port."""

from __future__ import annotations

from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind

MYSQL = "spring: {{datasource: {{url: 'jdbc:mysql://localhost{}/{}'}}}}\n"


def uses(found: Architecture) -> set[tuple[str, str]]:
    return {
        (found.node(edge.source).name, found.node(edge.target).name)
        for edge in found.edges(EdgeKind.USES)
    }


def system(orders: str, stock: str) -> dict[str, str]:
    return {
        "orders/pom.xml": pom("orders", "mysql-connector-java"),
        "orders/src/main/resources/application.yml": MYSQL.format(orders, "orders"),
        "stock/pom.xml": pom("stock", "mysql-connector-java"),
        "stock/src/main/resources/application.yml": MYSQL.format(stock, "stock"),
    }


def test_services_that_name_one_port_of_the_machine_use_one_server() -> None:
    found = architecture(system(":3306", ""))  # the driver's own port
    assert uses(found) == {("orders", "mysql"), ("stock", "mysql")}
    assert [node.name for node in found.nodes(NodeKind.DATABASE)] == ["mysql"]


def test_another_port_is_another_server() -> None:
    found = architecture(system(":3306", ":3307"))
    assert uses(found) == {("orders", "mysql"), ("stock", "mysql-3307")}


KEYCLOAK = """
    spring.security.oauth2.resourceserver.jwt.issuer-uri: http://localhost:8180/realms/shop
    """


def calls(files: dict[str, str]) -> set[tuple[str, str]]:
    found = architecture(files)
    return {
        (found.node(edge.source).name, found.node(edge.target).name)
        for edge in found.edges(EdgeKind.CALLS)
    }


def test_a_realm_of_the_machine_is_keycloaks() -> None:
    files = {
        "orders/pom.xml": pom("orders", "spring-boot-starter-oauth2-resource-server"),
        "orders/src/main/resources/application.yml": KEYCLOAK,
    }
    assert calls(files) == {("orders", "keycloak")}
    twice = KEYCLOAK.replace("/realms/shop", "//realms/shop")  # `${url}/realms` of `http://host/`
    assert calls(files | {"orders/src/main/resources/application.yml": twice}) == {
        ("orders", "keycloak")
    }
    files["orders/src/main/resources/application.yml"] = KEYCLOAK.replace("/realms/shop", "/tokens")
    assert calls(files) == set()


def test_a_realm_leads_to_the_keycloak_that_is_deployed() -> None:
    files = {
        "orders/pom.xml": pom("orders", "spring-boot-starter-oauth2-resource-server"),
        "orders/src/main/resources/application.yml": KEYCLOAK,
        "compose.yaml": "services: {sso: {image: 'quay.io/keycloak/keycloak:26.0'}}",
    }
    assert calls(files) == {("orders", "sso")}


def test_a_realm_is_nothing_of_whoever_else_has_the_port() -> None:
    files = {
        "orders/pom.xml": pom("orders", "spring-boot-starter-oauth2-resource-server"),
        "orders/src/main/resources/application.yml": KEYCLOAK,
    }

    def asked(image: str) -> set[tuple[str, str]]:
        compose = f"services: {{beside: {{image: '{image}', ports: ['8180:8080']}}}}"
        return calls(files | {"compose.yaml": compose})

    assert asked("gcr.io/cadvisor/cadvisor") == {("orders", "keycloak")}
    assert asked("nginx") == {("orders", "beside")}  # which may hand it on
    assert asked("acme/sso") == {("orders", "beside")}


STORE = """
    package store
    import ("database/sql"; "os")
    func Open() (*sql.DB, error) { return sql.Open("mysql", os.Getenv("DSN")) }
    """
PROGRAM = """
    package main
    import ("example.com/shared/store"; "net/http")
    func main() { store.Open(); http.ListenAndServe(":80", nil) }
    """


def go(name: str) -> dict[str, str]:
    needs = (
        "require (\n    example.com/shared v0.0.0\n    github.com/go-sql-driver/mysql v1.8.0\n)\n"
    )
    return {
        f"{name}/go.mod": f"module example.com/{name}\n{needs}",
        f"{name}/main.go": PROGRAM,
    }


def test_a_library_that_several_open_one_store_with() -> None:
    shared = {"shared/go.mod": "module example.com/shared\n", "shared/store/store.go": STORE}
    found = architecture(shared | go("orders") | go("stock"))
    assert uses(found) == {("orders", "mysql"), ("stock", "mysql")}


BIND = """
    services:
      registry:
        image: acme/registry:1
        environment: {LISTEN_URL: "http://0.0.0.0:8081", POOL_URL: "%s"}
      orders:
        build: ./orders
        ports: ["8081:80"]
    """


def test_where_a_program_listens_itself_is_nobody_else() -> None:
    files = {"orders/Dockerfile": "FROM python:3.12\nCOPY . .\n", "orders/app.py": "x = 1\n"}
    assert calls(files | {"compose.yaml": BIND % "http://0.0.0.0:9"}) == set()
    named = calls(files | {"compose.yaml": BIND % "http://host.minikube.internal:8081"})
    assert named == {("registry", "orders")}


def test_of_several_stores_the_one_with_that_port_of_the_machine() -> None:
    compose = """
        services:
          orders-db: {image: "mysql:8", ports: ["3316:3306"]}
          stock-db: {image: "mysql:8", ports: ["3317:3306"]}
        """
    found = architecture({"compose.yaml": compose} | system(":3316", ":3317"))
    assert uses(found) == {("orders", "orders-db"), ("stock", "stock-db")}
    inside = architecture({"compose.yaml": compose} | system(":3306", ":3317"))
    assert ("orders", "orders-db") not in uses(inside)
