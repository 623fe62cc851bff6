"""Addresses of a cluster's own services."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import calls, pom

from scaleaudit.architecture import EdgeKind, NodeKind

CODE = """
    import org.springframework.web.client.RestTemplate;
    class Client { void a(RestTemplate http) { http.getForObject("http://HOST/all", String.class); } }
    """
STOCK = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: stock, namespace: goods}
    spec:
      template: {spec: {containers: [{name: main, image: "acme/stock:1"}]}}
    """


@pytest.mark.parametrize(
    "host",
    [
        "warehouse.goods.svc.cluster.local:8080",
        "warehouse.elsewhere.svc",
        "warehouse.goods",
        "pods.cluster.local",
    ],
)
def test_an_address_of_a_cluster_that_is_nobodys_here_is_not_known(host: str) -> None:
    code = {
        "orders/pom.xml": pom("orders"),
        "orders/src/main/java/shop/Client.java": CODE.replace("HOST", host),
        "stock.yaml": STOCK,
    }
    setting = {
        "orders/pom.xml": pom("orders", "spring-boot-starter-oauth2-resource-server"),
        "orders/src/main/resources/application.properties": (
            f"spring.security.oauth2.resourceserver.jwt.issuer-uri=http://{host}/all"
        ),
        "stock.yaml": STOCK,
    }
    for files in (code, setting):
        found = architecture(files)
        assert not found.nodes(NodeKind.EXTERNAL)
        assert not found.edges(EdgeKind.CALLS)
    (open_call,) = architecture(code).unresolved
    assert open_call.reason == f"no component is called {host.partition(':')[0]}"


def test_an_address_of_a_cluster_leads_to_its_service() -> None:
    files = {
        "orders/pom.xml": pom("orders"),
        "orders/src/main/java/shop/Client.java": CODE.replace("HOST", "stock.goods.svc"),
        "stock.yaml": STOCK,
    }
    assert calls(architecture(files)) == {("orders", "stock")}
