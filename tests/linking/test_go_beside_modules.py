"""Go modules of one repository, and packages beside them that are known by the repository's name."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind, NodeKind

COMPOSE = """
    services:
      cache: {image: "example/alpine-redis", ports: ["6379:6379"]}
      queue: {image: "rabbitmq", ports: ["5672:5672"]}
    """
MODULE = "module shop/{0}\nrequire github.com/{1} v1.0.0\n"
FILES = {
    "compose.yaml": COMPOSE,
    "_cache/cache.go": """
        package _cache
        import ("os"; "github.com/redis/go-redis/v9")
        func Open() { redis.NewClient(&redis.Options{Addr: os.Getenv("CACHE")}) }
        """,
    "web/go.mod": MODULE.format("web", "gin-gonic/gin"),
    "web/.env": "CACHE=localhost:6379\n",
    "web/main.go": """
        package main
        import ("net/http"; "github.com/acme/shop/_cache")
        func main() { _cache.Open(); http.ListenAndServe(":80", nil) }
        """,
    "mover/go.mod": MODULE.format("mover", "streadway/amqp"),
    "mover/main.go": """
        package main
        import "github.com/acme/shop/_queue"
        func main() { _queue.Listen() }
        """,
    "_queue/queue.go": """
        package _queue
        import "github.com/streadway/amqp"
        func Listen() { amqp.Dial("amqp://localhost:5672") }
        """,
    "tool/go.mod": MODULE.format("tool", "spf13/cobra") + "require github.com/streadway/amqp v1.0.0\n",
    "tool/main.go": "package main\nfunc main() {}\n",
    "model/go.mod": MODULE.format("model", "google/uuid"),
    "model/main.go": "package main\nfunc main() {}\n",
}  # fmt: skip


def test_who_loads_a_package_of_no_module_runs_it() -> None:
    found = architecture(FILES)
    assert {node.name for node in found.nodes(NodeKind.SERVICE)} == {"web", "mover"}
    uses = {(e.source, e.target) for e in found.edges(EdgeKind.USES)}
    assert uses == {("service:web", "cache:cache"), ("service:mover", "broker:queue")}
