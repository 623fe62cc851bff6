"""Dapr's clients of several languages, and what the daemons beside programs open by themselves."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

COMPONENT = """
    apiVersion: dapr.io/v1alpha1
    kind: Component
    metadata: {{name: {name}}}
    spec:
      type: {kind}
      metadata:
      - {{name: {key}, value: "{address}"}}
    """
COMPOSE = """
    services:
      orders: {build: ./orders}
      orders-dapr: {image: "daprio/daprd", command: ["./daprd", "-app-id", "sales"]}
      stock: {build: ./stock}
      cache: {image: redis}
      mq: {image: rabbitmq}
    """
SYSTEM = {
    "compose.yaml": COMPOSE,
    "orders/Dockerfile": "FROM scratch\nCOPY . .\n",
    "stock/Dockerfile": "FROM scratch\nCOPY . .\n",
    "stock/main.py": "import flask\napp = flask.Flask('x')\n@app.route('/items')\ndef f(): pass\n",
    "dapr/bus.yaml": COMPONENT.format(
        name="bus", kind="pubsub.rabbitmq", key="host", address="amqp://mq:5672"
    ),
    "dapr/baskets.yaml": COMPONENT.format(
        name="baskets", kind="state.redis", key="redisHost", address="cache:6379"
    ),
}
GO = """
    package main
    import dapr "github.com/dapr/go-sdk/client"
    const store = "baskets"
    type Shop struct { client dapr.Client }
    func (s *Shop) Buy(ctx context.Context) {
        s.client.InvokeMethod(ctx, "stock", "items", "get")
        s.client.SaveState(ctx, store, "1", nil, nil)
        s.client.PublishEvent(ctx, "bus", "paid", nil)
    }
    """
NODE = """
    import { DaprClient, HttpMethod } from "@dapr/dapr";
    const client = new DaprClient();
    export async function buy(order) {
        await client.invoker.invoke("stock", "items", HttpMethod.GET);
        await client.state.save("baskets", [order]);
        await client.pubsub.publish("bus", "paid", order);
    }
    """
PYTHON = """
    from dapr.clients import DaprClient
    def buy(order):
        with DaprClient() as client:
            client.invoke_method("stock", "items")
            client.save_state(store_name="baskets", key="1", value="x")
            client.publish_event(pubsub_name="bus", topic_name="paid", data="x")
    """
OVER_HTTP = """
    import requests
    def buy(order):
        requests.get("http://localhost:3500/v1.0/invoke/stock/method/items")
        requests.post("http://localhost:3500/v1.0/state/baskets", json=order)
        requests.post("http://localhost:3500/v1.0/publish/bus/paid", json=order)
    """


def edges(files: dict[str, str]) -> set[tuple[str, str]]:
    found = architecture(files)
    kinds = (EdgeKind.CALLS, EdgeKind.USES, EdgeKind.PUBLISHES)
    names = {(e.source.partition(":")[2], e.target.partition(":")[2]) for e in found.edges(*kinds)}
    return {(a, b) for a, b in names if b != "paid"}


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("orders/main.go", GO),
        ("orders/index.js", NODE),
        ("orders/main.py", PYTHON),
        ("orders/client.py", OVER_HTTP),
    ],
)
def test_applications_by_id_and_stores_by_component(file: str, code: str) -> None:
    files = {**SYSTEM, file: code, "orders/go.mod": "module shop.example/orders\n"}
    assert edges(files) == {("orders", "stock"), ("orders", "cache"), ("orders", "mq")}


DEPLOYMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: shop-orders}
    spec:
      template:
        metadata:
          labels: {app: orders}
          annotations: {dapr.io/app-id: "sales", dapr.io/config: "traced"}
        spec: {containers: [{name: orders, image: "example.com/orders"}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: tracer}
    spec:
      template:
        metadata: {labels: {app: tracer}}
        spec: {containers: [{name: zipkin, image: openzipkin/zipkin}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: tracer}
    spec: {selector: {app: tracer}, ports: [{port: 9411}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: cache}
    spec:
      template:
        metadata: {labels: {app: cache}}
        spec: {containers: [{name: redis, image: redis}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: cache}
    spec: {selector: {app: cache}, ports: [{port: 6379}]}
    """
CONFIGURATION = """
    apiVersion: dapr.io/v1alpha1
    kind: Configuration
    metadata: {name: traced}
    spec:
      tracing: {zipkin: {endpointAddress: "http://tracer:9411/api/v2/spans"}}
    """


def test_daemons_open_what_is_scoped_to_their_application_and_send_traces() -> None:
    scoped = f"{SYSTEM['dapr/baskets.yaml']}scopes: [sales, unknown]\n"
    files = {
        "k8s/all.yaml": DEPLOYMENT,
        "k8s/baskets.yaml": scoped.replace("    scopes", "scopes").replace("\n    ", "\n"),
        "orders/main.py": "import flask\napp = flask.Flask('x')\n",
        "orders/Dockerfile": "FROM python\nCOPY . .\n",
    }
    assert edges(files) == {("shop-orders", "cache")}
    traced = {**files, "k8s/config.yaml": CONFIGURATION}
    assert edges(traced) == {("shop-orders", "cache"), ("shop-orders", "tracer")}
    unscoped = {**files, "k8s/baskets.yaml": SYSTEM["dapr/baskets.yaml"]}
    assert edges(unscoped) == set()


def test_a_daemon_of_compose_sends_traces_where_its_configuration_says() -> None:
    compose = COMPOSE.replace('"sales"]', '"sales", "--config", "/dapr/config.yaml"]')
    files = {
        **SYSTEM,
        "compose.yaml": f"{compose}      tracer: {{image: openzipkin/zipkin}}\n",
        "dapr/config.yaml": CONFIGURATION,
        "orders/main.py": "import flask\n",
    }
    assert edges(files) == {("orders", "tracer")}


def test_daemons_ask_who_places_actors() -> None:
    told = '"sales", "-placement-host-address", "placement:50000"]'
    compose = COMPOSE.replace('"sales"]', told)
    placed = """
      placement: {image: daprio/dapr, command: ["./placement", "-port", "50000"]}
    """
    files = {
        **SYSTEM,
        "compose.yaml": f"{compose.rstrip()}{placed}",
        "orders/main.py": "import flask\n",
    }
    assert edges(files) == {("orders", "placement")}


def test_components_of_tests_are_not_opened_and_a_daemon_does_not_place_itself() -> None:
    scoped = SYSTEM["dapr/baskets.yaml"].replace("\n    ", "\n") + "scopes: [sales]\n"
    compose = COMPOSE.replace('"sales"]', '"sales", "-placement-host-address", "orders:50000"]')
    files = {
        "compose.yaml": compose,
        "orders/Dockerfile": SYSTEM["orders/Dockerfile"],
        "orders/main.py": "import flask\n",
    }
    assert edges({**files, "dapr/baskets.yaml": scoped}) == {("orders", "cache")}
    assert edges({**files, "tests/dapr/baskets.yaml": scoped}) == set()


GO_PARTS = """
    package main
    import (
        dapr "github.com/dapr/go-sdk/client"
        "github.com/dapr/go-sdk/service/common"
    )
    func Buy(ctx context.Context, client dapr.Client) {{
        {}
    }}
    """
NODE_PARTS = """
    import {{ DaprClient, DaprServer }} from "@dapr/dapr";
    const client = new DaprClient();
    const server = new DaprServer();
    {}
    """
PYTHON_PARTS = """
    from dapr.clients import DaprClient
    from dapr.ext.fastapi import DaprApp
    from fastapi import FastAPI
    app = FastAPI()
    dapr = DaprApp(app)
    client = DaprClient()
    {}
    """


@pytest.mark.parametrize(
    ("code", "call", "store"),
    [
        (GO_PARTS, 'client.InvokeOutputBinding(ctx, &dapr.InvokeBindingRequest{Name: "bus"})', "mq"),
        (GO_PARTS, 'asked := dapr.InvokeBindingRequest{Name: "bus"}', "mq"),
        (GO_PARTS, 'heard := &common.Subscription{PubsubName: "bus", Topic: "paid"}', "mq"),
        (GO_PARTS, 'client.GetBulkState(ctx, "baskets", keys, nil, 2)', "cache"),
        (GO_PARTS, 'client.ExecuteStateTransaction(ctx, "baskets", nil, nil)', "cache"),
        (NODE_PARTS, 'client.binding.send("bus", "create", {});', "mq"),
        (NODE_PARTS, 'server.binding.receive("bus", take);', "mq"),
        (NODE_PARTS, 'server.pubsub.subscribe("bus", "paid", take);', "mq"),
        (NODE_PARTS, 'client.state.transaction("baskets", []);', "cache"),
        (PYTHON_PARTS, 'client.invoke_binding("bus", "create", data="x")', "mq"),
        (PYTHON_PARTS, 'client.query_state(store_name="baskets", query="{}")', "cache"),
        (PYTHON_PARTS, 'client.subscribe(pubsub_name="bus", topic="paid")', "mq"),
        (PYTHON_PARTS, '@dapr.subscribe(pubsub="bus", topic="paid")\n    def take(x): pass', "mq"),
        (PYTHON_PARTS, 'client.get_metadata("bus")', ""),
    ],
)  # fmt: skip
def test_stores_bindings_and_subscriptions_by_component(code: str, call: str, store: str) -> None:
    name = {GO_PARTS: "main.go", NODE_PARTS: "index.js", PYTHON_PARTS: "main.py"}[code]
    files = {**SYSTEM, f"orders/{name}": code.format(call)}
    if name == "main.go":
        files["orders/go.mod"] = "module shop.example/orders\n"
    kinds = (EdgeKind.USES, EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
    ends = {end for e in architecture(files).edges(*kinds) for end in (e.source, e.target)}
    found = {end.partition(":")[2] for end in ends} & {"cache", "mq"}
    assert found == ({store} if store else set())
