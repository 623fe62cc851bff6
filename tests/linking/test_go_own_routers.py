"""Routes on routers whose type is the repository's own, and addresses that flags choose."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

ROUTES = """
    package main
    import ("net/http"; "shop.example/traced")
    func main() {
        mux := traced.NewMux()
        mux.Handle("/orders", http.HandlerFunc(list))
        mux.Handle("/", http.FileServer(http.Dir("public")))
        mux.HandleFunc("orders:paid", paid)
        http.ListenAndServe(":80", mux)
    }
    """


def served(files: dict[str, str]) -> set[tuple[str, str]]:
    found = architecture({"go.mod": "module shop.example\n", **files})
    return {(each.method, each.path) for each in found.endpoints}


def test_paths_with_handlers_are_routes_whatever_the_router_is() -> None:
    assert served({"main.go": ROUTES}) == {("*", "/orders"), ("*", "/")}


def test_the_method_may_stand_before_the_path() -> None:
    routes = """
        package routes
        import "shop.example/rpc"
        type router interface { HandleFunc(method, path string, handler rpc.Handler) }
        func Register(r router, h handler) {
            r.HandleFunc("GET", "/orders/{id}", func(decode rpc.Decoder) error { return nil })
            r.HandleFunc("PATCH", "/orders/{id}", h.Change)
            r.HandleFunc("GET", "orders", h.Other)
        }
        """
    assert served({"routes/router.go": routes}) == {
        ("GET", "/orders/{id}"),
        ("PATCH", "/orders/{id}"),
    }


def test_an_address_that_several_flags_may_change() -> None:
    main = """
        package main
        import ("flag"; "shop.example/trace")
        func main() {
            address := flag.String("collector", "", "where to")
            older := flag.String("tracer", "", "the same")
            endpoint := "tracing:4317"
            if *address != "" {
                endpoint = *address
            } else if *older != "" {
                endpoint = *older
            }
            stop, err := trace.New("shop", endpoint)
        }
        """
    trace = """
        package trace
        import "go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
        func New(name, endpoint string) { otlptracegrpc.New(otlptracegrpc.WithEndpoint(endpoint)) }
        """
    compose = """
        services:
          shop: {build: ., ports: ["80:80"]}
          tracing: {image: jaegertracing/all-in-one}
        """
    found = architecture(
        {
            "compose.yaml": compose, "Dockerfile": "FROM golang\nCOPY . .\n",
            "go.mod": "module shop.example\n", "main.go": main, "trace/trace.go": trace,
        }
    )  # fmt: skip
    calls = {(e.source, e.target) for e in found.edges(EdgeKind.CALLS)}
    assert calls == {("service:shop", "service:tracing")}


ELSEWHERE = {
    "go.mod": "module example.org/shop\n",
    "router/router.go": """
        package router
        import "github.com/labstack/echo/v4"
        func New() *echo.Echo { return echo.New() }
        """,
    "handler/routes.go": """
        package handler
        import "github.com/labstack/echo/v4"
        type Handler struct{}
        func NewHandler() *Handler { return &Handler{} }
        func (h *Handler) Register(v1 *echo.Group) {
            users := v1.Group("/users")
            users.GET("/:id", h.Get)
            v1.GET("/tags", h.Tags)
        }
        """,
}
MAIN = """
    package main
    import ("example.org/shop/handler"; "example.org/shop/%s")
    func main() {
        r := %s.New()
        r.GET("/health", health)
        v1 := r.Group("/api")
        v1.GET("/ping", ping)
        h := handler.NewHandler()
        h.Register(v1)
        r.Start(":80")
    }
    """


def test_a_router_that_a_function_of_another_package_makes() -> None:
    found = served({**ELSEWHERE, "main.go": MAIN % ("router", "router")})
    assert {path for _, path in found} == {
        "/api/users/{id}",
        "/api/tags",
        "/api/ping",
        "/health",
    }


def test_what_another_package_makes_is_a_router_by_its_name_alone() -> None:
    """A client has `GET` too."""
    found = served({**ELSEWHERE, "main.go": MAIN % ("client", "client")})
    assert {path for _, path in found} == {"/users/{id}", "/tags"}
