"""Stores that operators of a cluster run, brokers in images of any name, connectors."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, NodeKind


def ends(found: Architecture) -> set[tuple[str, str]]:
    return {(e.source, e.target) for e in found.edges() if not e.source.startswith("module:")}


CLUSTER = """
    apiVersion: postgresql.cnpg.io/v1
    kind: Cluster
    metadata: {name: orders-db}
    """
DEPLOYMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: orders}
    spec:
      template:
        spec:
          containers:
            - name: orders
              image: shop/orders
              env: [{name: DB_URL, value: "jdbc:postgresql://orders-db-rw:5432/orders"}]
    """


def test_the_services_of_an_operator_lead_to_its_store() -> None:
    found = architecture({"k8s/db.yaml": CLUSTER, "k8s/orders.yaml": DEPLOYMENT})
    assert ends(found) == {("service:orders", "database:orders-db")}


def test_it_is_the_store_of_that_name_in_a_compose_file() -> None:
    compose = "services: {orders-db: {image: postgres}, stock-db: {image: postgres}}\n"
    stock = CLUSTER.replace("orders-db", "stock-db")
    found = architecture(
        {
            "compose.yaml": compose,
            "k8s/db.yaml": CLUSTER,
            "k8s/stock.yaml": stock,
            "k8s/orders.yaml": DEPLOYMENT,
        }
    )
    stores = {n.name for n in found.nodes(NodeKind.DATABASE)}
    assert stores == {"orders-db", "stock-db"}
    assert ends(found) == {("service:orders", "database:orders-db")}


def test_other_resources_of_such_a_kind_are_none() -> None:
    other = CLUSTER.replace("postgresql.cnpg.io", "cluster.x-k8s.io")
    found = architecture({"k8s/db.yaml": other, "k8s/orders.yaml": DEPLOYMENT})
    assert not [n for n in found.nodes(NodeKind.DATABASE) if n.name == "orders-db"]


def test_a_broker_is_told_how_to_be_found_whoever_packed_it() -> None:
    compose = """
        services:
          queue:
            image: someone/kraft:latest
            environment: {KAFKA_ADVERTISED_LISTENERS: "PLAINTEXT://queue:9092"}
          tool:
            image: someone/kraft-tool
            environment: {KAFKA_BROKER: "queue:9092"}
        """
    found = architecture({"compose.yaml": compose})
    assert [(n.name, n.technology) for n in found.nodes(NodeKind.BROKER)] == [("queue", "kafka")]


def test_a_connector_reads_from_its_store() -> None:
    compose = """
        services:
          connect: {image: "debezium/connect:2.7"}
          orders-db: {image: postgres}
        """
    connector = '{"connector.class": "PostgresConnector", "database.hostname": "orders-db"}'
    found = architecture({"compose.yaml": compose, "deploy/orders-connector.json": connector})
    assert ends(found) == {("service:connect", "database:orders-db")}


def test_it_is_what_developers_start_in_the_folder_of_the_same_service() -> None:
    """Whatever either is called: each is the only one of its kind there."""
    compose = """
        services:
          {0}: {{build: .}}
          the_{0}_db: {{image: postgres}}
        """
    files = {
        **{f"{name}/Dockerfile": "FROM eclipse-temurin\n" for name in ("orders", "stock")},
        **{f"{name}/compose.yaml": compose.format(name) for name in ("orders", "stock")},
        "orders/k8s/db.yaml": CLUSTER.replace("orders-db", "sales"),
        "stock/k8s/db.yaml": CLUSTER.replace("orders-db", "shelf"),
    }

    def stores() -> set[str]:
        return {n.name for n in architecture(files).nodes(NodeKind.DATABASE)}

    assert stores() == {"the_orders_db", "the_stock_db"}
    two = compose.format("stock").rstrip() + "\n          other_db: {image: postgres}\n"
    files["stock/compose.yaml"] = two
    assert "shelf" in stores()
    files["k8s/sales.yaml"] = files.pop("orders/k8s/db.yaml")
    assert "sales" in stores()


def test_one_pod_of_several_is_the_store() -> None:
    def reached(host: str) -> set[tuple[str, str]]:
        compose = f"""
            services:
              queue: {{image: apache/kafka}}
              orders: {{image: shop/orders, environment: {{KAFKA_BROKERS: "{host}:9092"}}}}
            """
        return ends(architecture({"compose.yaml": compose}))

    expected = {("service:orders", "broker:queue")}
    assert reached("queue-0.queue-headless.shop.svc.cluster.local") == expected
    assert reached("queue-1.queue-headless") == expected
    assert reached("queue-0.logs-headless.shop.svc.cluster.local") != expected
    assert reached("shelf-0.shelf-headless.shop.svc.cluster.local") != expected
