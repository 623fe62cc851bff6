"""Libraries of a JVM build: what a service loads of them, and what it only could."""

from __future__ import annotations

from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import Architecture, EdgeKind

CLIENT = """
    package shop.clients;
    import org.springframework.cloud.openfeign.FeignClient;
    @FeignClient(name = "{0}", url = "http://{0}:8080")
    public interface {1} {{ }}
    """
SERVICE = """
    package shop.orders;
    import shop.clients.StockClient;
    import shop.clients.MailClient;
    class Orders {
        private final StockClient stock;
    }
    """


def shop(*, service: str) -> dict[str, str]:
    library = "<dependency><groupId>shop</groupId><artifactId>clients</artifactId></dependency>"
    return {
        "clients/pom.xml": "<project><groupId>shop</groupId><artifactId>clients</artifactId></project>",
        "clients/src/main/java/shop/clients/StockClient.java": CLIENT.format(
            "stock", "StockClient"
        ),
        "clients/src/main/java/shop/clients/MailClient.java": CLIENT.format("mail", "MailClient"),
        "orders/pom.xml": pom("orders").replace("</dependencies>", f"{library}</dependencies>"),
        "orders/src/main/java/shop/orders/Orders.java": service,
        "stock/pom.xml": pom("stock").replace("</dependencies>", f"{library}</dependencies>"),
        "mail/pom.xml": pom("mail"),
    }


def calls(found: Architecture) -> set[tuple[str, str]]:
    return {
        (found.node(edge.source).name, found.node(edge.target).name)
        for edge in found.edges(EdgeKind.CALLS)
    }


def test_a_client_that_is_imported_and_not_used_calls_nobody() -> None:
    assert calls(architecture(shop(service=SERVICE))) == {("orders", "stock")}
    used = SERVICE.replace("stock;", "stock; private final MailClient mail;")
    assert calls(architecture(shop(service=used))) == {("orders", "stock"), ("orders", "mail")}


TRACKED = """
    package shop.clients;
    import io.sentry.Sentry;
    class Errors { Errors() { Sentry.init("dsn"); } }
    """
CONFIGURED = """
    package shop.clients;
    import org.springframework.context.annotation.Import;
    @Import(value = {Errors.class})
    public class Common { }
    """
IMPORTING = """
    package shop.orders;
    import org.springframework.context.annotation.Import;
    import shop.clients.Common;
    @Import(Common.class)
    class Orders { }
    """


def test_a_class_of_the_same_package_that_a_configuration_takes_in() -> None:
    files = shop(service=IMPORTING) | {
        "clients/src/main/java/shop/clients/Errors.java": TRACKED,
        "clients/src/main/java/shop/clients/Common.java": CONFIGURED,
    }
    assert calls(architecture(files)) == {("orders", "sentry")}
    files["clients/src/main/java/shop/clients/Common.java"] = CONFIGURED.replace("@Import", "//")
    assert calls(architecture(files)) == set()
