"""Several ways to deploy one system, whose files name its parts differently."""

from __future__ import annotations

from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.architecture import EdgeKind, NodeKind

CLUSTER = """
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: shop-store}
    spec:
      template:
        metadata: {labels: {app: store}}
        spec: {containers: [{name: store, image: "mongo:7"}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: store}
    spec: {selector: {app: store}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: orders}
    spec:
      template:
        spec:
          containers:
            - {name: orders, image: acme/orders, env: [{name: MONGO_URL, value: "mongodb://store/x"}]}
    """
DESK = 'services:\n  mongodb: {image: "mongo:7", ports: ["27017:27017"]}\n'


def stores(compose: str, cluster: str = CLUSTER) -> set[str]:
    files = {"infrastructure/compose.yaml": compose, "deploy/all.yaml": cluster}
    return {n.name for n in architecture(files).nodes() if n.kind is NodeKind.DATABASE}


def test_infrastructure_for_developers_is_what_the_cluster_runs() -> None:
    assert stores(DESK) == {"shop-store"}


def test_of_two_of_one_kind_nobody_can_tell_which() -> None:
    assert stores(f'{DESK}  other: {{image: "mongo:7"}}\n') == {"shop-store", "mongodb", "other"}


def test_a_store_beside_a_program_of_the_system_is_that_programs() -> None:
    files = {
        "compose.yaml": f"{DESK}  mails:\n    build: ./mails\n",
        "mails/Dockerfile": "FROM eclipse-temurin\n",
        "mails/pom.xml": pom("mails"),
        "deploy/all.yaml": CLUSTER,
    }
    found = {n.name for n in architecture(files).nodes() if n.kind is NodeKind.DATABASE}
    assert found == {"shop-store", "mongodb"}


def test_a_folder_for_each_environment_holds_one_program() -> None:
    compose = """
        services:
          edge: {build: ./edge, environment: ["ORDERS_URL=http://orders:80"]}
          orders: {image: acme/orders}
        """
    image = "FROM eclipse-temurin\nCOPY . .\n"
    found = architecture(
        {
            "gateway/dev/compose.yaml": compose,
            "gateway/dev/edge/Dockerfile": image,
            "gateway/prod/compose.yaml": compose,
            "gateway/prod/edge/Dockerfile": image,
        }
    )
    calls = {
        (found.node(e.source).name, found.node(e.target).name) for e in found.edges(EdgeKind.CALLS)
    }
    assert calls == {("edge", "orders")}
    assert {n.name for n in found.nodes() if n.kind is NodeKind.SERVICE} == {"edge", "orders"}


def test_services_of_one_name_are_told_apart_by_their_folders() -> None:
    """Two ways to build one system, each with a compose file that calls its parts alike."""

    def compose(kind: str) -> str:
        return f"""
            services:
              orders: {{image: "acme/{kind}orders"}}
              stock: {{image: "acme/{kind}stock", environment: ["ORDERS_URL=http://orders:80"]}}
            """

    files = {"run/compose.yaml": compose(""), "run/compose-new.yaml": compose("new-")}
    for name in ("orders", "stock", "new-orders", "new-stock"):
        files[f"{name}/pom.xml"] = pom(name)
    found = architecture(files)
    assert {n.name for n in found.nodes() if n.kind is NodeKind.SERVICE} == {
        "orders", "stock", "new-orders", "new-stock",
    }  # fmt: skip


def test_what_only_the_machine_fills_in_makes_no_two_stores_one() -> None:
    compose = """
        services:
          {0}: {{build: .}}
          {0}_db:
            image: postgres
            ports: ["${{DB_PORT}}:5432"]
            environment: {{POSTGRES_DB: "${{DB_NAME}}"}}
        """
    files = {
        **{f"{name}/compose.yaml": compose.format(name) for name in ("orders", "stock")},
        **{f"{name}/Dockerfile": "FROM eclipse-temurin\n" for name in ("orders", "stock")},
        **{f"{name}/pom.xml": pom(name) for name in ("orders", "stock")},
    }
    found = {n.name for n in architecture(files).nodes() if n.kind is NodeKind.DATABASE}
    assert found == {"orders_db", "stock_db"}


def test_a_name_of_several_kinds_of_stores_is_joined_once() -> None:
    """The examples of one product: its store is of another kind in each, and called otherwise."""
    service = "  web: {image: acme/web}\n"
    kinds = (
        ("a", "shop-db", "mysql:8"),
        ("b", "shop-db", "postgres:16"),
        ("c", "db", "mysql:8"),
        ("d", "db", "postgres:16"),
        ("e", "store", "mysql:8"),
        ("f", "data", "postgres:16"),
    )
    files = {
        f"{folder}/compose.yaml": f'services:\n{service}  {name}: {{image: "{image}"}}\n'
        for folder, name, image in kinds
    }
    found = architecture(files).nodes(NodeKind.DATABASE)
    assert {n.technology for n in found} <= {"mysql", "postgresql"}
    assert len(found) < len(kinds)
