"""Programs of one Go module, each in an image that bears its folder's name."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind, NodeKind

SERVER = """
    package main
    import ("net/http"; "os"; "google.golang.org/grpc")
    func main() {
        conn, _ := grpc.Dial(os.Getenv("STOCK_HOST"))
        _ = conn
        http.HandleFunc("/orders", nil)
        http.ListenAndServe(":8080", nil)
    }
    """
STOCK = """
    package main
    import "net/http"
    func main() {
        http.HandleFunc("/stock", nil)
        http.ListenAndServe(":8080", nil)
    }
    """
PROBE = """
    package main
    import ("net/http"; "os")
    func main() { http.Get("http://" + os.Getenv("WEB_HOST") + "/orders") }
    """
COMPOSE = """
    services:
      web:
        image: acme/shop-web:1
        environment: {STOCK_HOST: "stock:8080"}
        ports: ["8080:8080"]
      probe:
        image: acme/shop-web:1
        entrypoint: shop-probe
        environment: {WEB_HOST: "web:8080"}
      stock:
        image: acme/shop-stock:1
    """
FILES = {
    "go.mod": "module example.com/shop\n",
    "shop-web/cmd/server.go": SERVER,
    "shop-web/cmd/probe/main.go": PROBE,
    "shop-stock/cmd/server.go": STOCK,
    "compose.yaml": COMPOSE,
}


def test_programs_are_built_of_the_folders_that_their_images_are_called_after() -> None:
    found = architecture(FILES)
    assert {node.name: node.path for node in found.nodes(NodeKind.SERVICE)} == {
        "web": "shop-web",
        "probe": "shop-web",
        "stock": "shop-stock",
    }
    assert {(each.component, each.path) for each in found.endpoints} == {
        ("service:web", "/orders"),
        ("service:stock", "/stock"),
    }


def test_a_process_that_is_called_as_a_program_runs_that_one() -> None:
    edges = architecture(FILES).edges(EdgeKind.CALLS)
    assert {(edge.source, edge.target) for edge in edges} == {
        ("service:web", "service:stock"),
        ("service:probe", "service:web"),
    }
