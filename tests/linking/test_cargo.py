"""Workspaces of Cargo: which members are programs, and what runs in which of them."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind

SERVER = """
    use axum::{{routing::get, Router}};
    #[tokio::main]
    async fn main() {{
        let app = Router::new().route("/{0}", get({0}));
        axum::serve(listener, app).await;
    }}
    """
CRATE = """
    [package]
    name = "{0}"
    [dependencies]
    {1}
    """
WORKSPACE = {
    "Cargo.toml": '[workspace]\nmembers = ["orders", "stock", "mover", "tool", "store"]\n',
    "orders/Cargo.toml": CRATE.format("orders", 'store = { path = "../store" }'),
    "orders/src/main.rs": SERVER.format("orders"),
    "stock/Cargo.toml": CRATE.format("stock", 'axum = "0.7"'),
    "stock/src/main.rs": SERVER.format("items"),
    "mover/Cargo.toml": CRATE.format("mover", 'lapin = "2"'),
    "mover/src/main.rs": """
        async fn main() { lapin::Connection::connect("amqp://mq:5672", options).await; }
        """,
    "tool/Cargo.toml": CRATE.format("tool", 'clap = "4"\n    redis = "0.25"'),
    "tool/src/main.rs": 'fn main() { redis::Client::open("redis://cache"); }\n',
    "store/Cargo.toml": CRATE.format("store", 'sea-orm = {features = ["sqlx-postgres"]}'),
    "store/src/lib.rs": """
        use sqlx::postgres::PgPoolOptions;
        pub async fn open(url: &str) { PgPoolOptions::new().connect(url).await; }
        """,
}


def services(found: Architecture) -> dict[str, str]:
    return {node.name: node.path for node in found.nodes(NodeKind.SERVICE)}


def uses(found: Architecture) -> set[tuple[str, str]]:
    edges = found.edges(EdgeKind.USES, EdgeKind.CALLS)
    return {(e.source.partition(":")[2], e.target.partition(":")[2]) for e in edges}


def test_members_that_serve_or_work_are_programs() -> None:
    found = architecture(WORKSPACE)
    assert services(found) == {"orders": "orders", "stock": "stock", "mover": "mover"}
    assert {(e.component, e.path) for e in found.endpoints} == {
        ("service:orders", "/orders"),
        ("service:stock", "/items"),
    }
    assert {source for source, target in uses(found)} == {"orders", "mover"}


DOCKERFILE = """
    FROM rust AS build
    ARG CRATE
    COPY . .
    RUN cargo build --release {}
    FROM debian
    COPY --from=build /app/target/release/{} /usr/bin/
    CMD {}
    """


def test_the_program_of_an_image_is_the_crate_that_it_builds_or_starts() -> None:
    compose = """
        services:
          one: {build: {context: ., dockerfile: one.Dockerfile, args: {CRATE: orders}}}
          two: {build: {context: ., dockerfile: two.Dockerfile}}
        """
    found = architecture(
        {
            **WORKSPACE,
            "compose.yaml": compose,
            "one.Dockerfile": DOCKERFILE.format("-p ${CRATE}", "*", '["run"]'),
            "two.Dockerfile": DOCKERFILE.format("", "stock", '["/usr/bin/stock"]'),
        }
    )
    assert services(found) == {"one": "orders", "two": "stock", "mover": "mover"}


def test_traces_of_a_crate_that_several_programs_are_built_with() -> None:
    compose = """
        services:
          tracer: {image: jaegertracing/all-in-one, ports: ["6831:6831/udp"]}
          collector: {image: otel/opentelemetry-collector}
        """
    traces = """
        pub fn init() {{
            opentelemetry_jaeger::new_agent_pipeline().with_service_name("x"){}.install_batch();
        }}
        """
    needed = 'traces = { path = "../traces" }'
    files = {
        **WORKSPACE,
        "compose.yaml": compose,
        "orders/Cargo.toml": CRATE.format("orders", needed),
        "stock/Cargo.toml": CRATE.format("stock", needed),
        "traces/Cargo.toml": CRATE.format("traces", 'opentelemetry-jaeger = "0.17"'),
        "traces/src/lib.rs": traces.format(""),
    }
    to_agent = {pair for pair in uses(architecture(files)) if pair[0] != "mover"}
    assert to_agent == {("orders", "tracer"), ("stock", "tracer")}
    told = traces.format('.with_endpoint("http://collector:4317")')
    elsewhere = uses(architecture({**files, "traces/src/lib.rs": told}))
    assert {pair for pair in elsewhere if pair[0] != "mover"} == {
        ("orders", "collector"),
        ("stock", "collector"),
    }


def test_a_library_with_a_main_for_who_works_on_it_is_no_program() -> None:
    opening = 'async fn open() { tokio_postgres::connect("postgres://db/shop", NoTls).await; }\n'
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["orders", "store"]\n',
        "orders/Cargo.toml": CRATE.format("orders", 'store = { path = "../store" }'),
        "orders/src/main.rs": SERVER.format("orders"),
        "store/Cargo.toml": CRATE.format("store", 'tokio-postgres = "0.7"'),
        "store/src/lib.rs": opening,
        "store/src/main.rs": "fn main() { store::migrate(); }\n",
    }
    found = architecture(files)
    assert set(services(found)) == {"orders"}
    assert ("orders", "db") in uses(found)
    alone = files | {"orders/Cargo.toml": CRATE.format("orders", 'axum = "0.7"')}
    assert set(services(architecture(alone))) == {"orders", "store"}
