"""Systems with programs in Rust, from files to the graph."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

COMPOSE = """
    services:
      orders:
        build: ./orders
        ports: ["80:80"]
        environment: {STOCK_URL: "http://stock:8080", DATABASE_URL: "postgres://db/orders"}
      stock:
        build: ./stock
        env_file: ./stock/.env
      db: {image: "postgres:16"}
      log: {image: "apache/kafka"}
    """
SYSTEM = {
    "compose.yaml": COMPOSE,
    **{f"{name}/Dockerfile": "FROM rust\nCOPY . .\n" for name in ("orders", "stock")},
    "orders/src/main.rs": """
        use actix_web::{web, App, HttpServer};
        mod routes;
        #[actix_web::main]
        async fn main() -> std::io::Result<()> {
            let pool = PgPoolOptions::new().connect(&std::env::var("DATABASE_URL").unwrap()).await?;
            HttpServer::new(move || {
                App::new()
                    .service(web::scope("/v1").configure(routes::init))
                    .route("/health", web::get().to(health))
            })
            .bind("0.0.0.0:80")?.run().await
        }
        """,
    "orders/src/routes.rs": """
        use actix_web::{get, web};
        #[get("/{id}")]
        async fn one(id: web::Path<u32>) -> String {
            reqwest::get(Config::new().stock_url + "/items").await
        }
        pub fn init(config: &mut web::ServiceConfig) {
            config.service(web::scope("orders").service(one).service(other::paid));
        }
        """,
    "orders/src/other.rs": """
        use actix_web::post;
        #[post("/paid")]
        async fn paid() -> String { String::new() }
        """,
    "orders/src/config.rs": """
        #[derive(Envconfig)]
        struct Config {
            #[envconfig(from = "STOCK_URL")]
            stock_url: String,
        }
        """,
    "stock/src/main.rs": """
        use axum::{routing::get, Router};
        async fn main() {
            let app = Router::new().nest("/items", items::router()).merge(more());
            let consumer: StreamConsumer = ClientConfig::new().set("bootstrap.servers", host).create();
            axum::serve(TcpListener::bind("0.0.0.0:8080").await, app).await;
        }
        fn more() -> Router { Router::new().route("/more", get(all)) }
        """,
    "stock/src/items.rs": """
        use axum::{routing::get, Router};
        pub fn router() -> Router { Router::new().route("/", get(all).post(add)).route("/:id", get(one)) }
        """,
}


def test_routes_of_several_files_are_put_together() -> None:
    found = {(e.component.partition(":")[2], e.path) for e in architecture(SYSTEM).endpoints}
    assert found == {
        ("orders", "/health"),
        ("orders", "/v1/orders/paid"),
        ("orders", "/v1/orders/{id}"),
        ("stock", "/items"),
        ("stock", "/items/{id}"),
        ("stock", "/more"),
    }


def test_connections_of_the_code() -> None:
    found = {
        (e.source.partition(":")[2], e.target.partition(":")[2])
        for e in architecture(SYSTEM).edges()
    }
    assert {("orders", "stock"), ("orders", "db"), ("stock", "log")} <= found


def test_channels_and_pools_that_are_made_apart() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  orders: {build: orders}
                  stock: {build: stock}
                  db: {image: "postgres:16"}
                """,
            **{f"{name}/Dockerfile": "FROM rust\n" for name in ("orders", "stock")},
            "orders/src/main.rs": """
                use deadpool_postgres::{Manager, Pool};
                use lettre::SmtpTransport;
                use tonic::transport::Channel;
                async fn main() {
                    let channel = Channel::from_static("http://stock:50051").connect().await?;
                    let stock = StockClient::new(channel);
                    let pool = Pool::builder(Manager::from_config(config, NoTls, recycling)).build();
                    let mail = SmtpTransport::relay("smtp.parcel.io").unwrap().build();
                }
                """,
            "stock/src/main.rs": "fn main() { let channel = mpsc::Channel::new(8); }",
        }
    )
    assert {(e.source, e.target) for e in found.edges(EdgeKind.CALLS, EdgeKind.USES)} == {
        ("service:orders", "service:stock"),
        ("service:orders", "external:smtp.parcel.io"),
        ("service:orders", "database:db"),
    }
