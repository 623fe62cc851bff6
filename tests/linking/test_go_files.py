"""Programs of one Go module: each has what it takes off the shelves of the module."""

from __future__ import annotations

from tests.linking.system import architecture
from tests.linking.test_build_targets import served

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind

DOCKERFILE = """
    FROM golang:1.23
    ARG PROGRAM
    COPY . .
    RUN go build -o /app ./cmd/${PROGRAM}
    CMD ["/app"]
    """


def main(takes: str, *, serves: str = 'http.ListenAndServe(":80", mux)') -> str:
    return f"""
        package main
        import ("net/http"; "example.org/shop/httpapi"; "example.org/shop/events")
        func main() {{
            mux := http.NewServeMux()
            {takes}
            {serves}
        }}
        """


def handlers(kind: str, path: str, more: str = "") -> str:
    return f"""
        package httpapi
        import "net/http"
        func New{kind}() *{kind} {{ return &{kind}{{}} }}
        func (h *{kind}) RegisterRoutes(mux *http.ServeMux) {{ mux.HandleFunc("{path}", h.list) }}
        func (h *{kind}) list(w http.ResponseWriter, r *http.Request) {{ writeJSON(w) }}
        {more}
        """


SHOP = {
    "go.mod": "module example.org/shop\n",
    "Dockerfile": DOCKERFILE,
    "compose.yml": """
        services:
          orders: {build: {context: ., args: {PROGRAM: orders}}}
          bills: {build: {context: ., args: {PROGRAM: bills}}}
          queue: {image: "apache/kafka"}
        """,
    "cmd/orders/main.go": main("httpapi.NewOrderHandler().RegisterRoutes(mux)"),
    "cmd/bills/main.go": main("httpapi.NewBillHandler().RegisterRoutes(mux)"),
    "httpapi/orders.go": handlers("OrderHandler", "/orders"),
    # The others' helper stands beside the routes of this one.
    "httpapi/bills.go": handlers("BillHandler", "/bills", "func writeJSON(w http.ResponseWriter) {}"),
    "events/producer.go": """
        package events
        import "github.com/segmentio/kafka-go"
        type EventProducer struct { writer *kafka.Writer }
        func NewEventProducer() *EventProducer {
            return &EventProducer{writer: &kafka.Writer{Addr: kafka.TCP("queue:9092")}}
        }
        """,
    "events/names.go": "package events\nfunc OrderMade() string { return \"orders\" }\n",
}  # fmt: skip


def uses(found: Architecture) -> set[str]:
    return {f"{e.source} {e.target}".replace("service:", "") for e in found.edges(EdgeKind.USES)}


def test_of_a_package_a_program_has_the_files_that_it_names() -> None:
    found = architecture(SHOP)
    assert served(found) == {("orders", "/orders"), ("bills", "/bills")}
    assert uses(found) == set()
    sending = main("httpapi.NewBillHandler().RegisterRoutes(mux); events.NewEventProducer()")
    found = architecture({**SHOP, "cmd/bills/main.go": sending})
    assert uses(found) == {"bills broker:queue"}


def test_what_a_package_does_by_itself_every_program_does() -> None:
    started = handlers("BillHandler", "/bills") + "func init() { bills.registerAll() }\n"
    both = {("orders", "/orders"), ("orders", "/bills"), ("bills", "/bills")}
    assert served(architecture({**SHOP, "httpapi/bills.go": started})) == both
    effect = main("httpapi.NewOrderHandler().RegisterRoutes(mux)")
    effect = effect.replace('"example.org/shop/events"', '_ "example.org/shop/events"')
    assert uses(architecture({**SHOP, "cmd/orders/main.go": effect})) == {"orders broker:queue"}


def test_a_file_of_helpers_is_used_by_who_mentions_them() -> None:
    helpers = """
        package httpapi
        import "github.com/segmentio/kafka-go"
        func publishOrder() { send(&kafka.Writer{Addr: kafka.TCP("queue:9092")}) }
        """
    calling = handlers("OrderHandler", "/orders", "func (h *OrderHandler) add() { publishOrder() }")
    shop = {**SHOP, "httpapi/orders.go": calling, "httpapi/queue.go": helpers}
    assert uses(architecture(shop)) == {"orders broker:queue"}


def test_a_type_of_several_files_is_taken_whole() -> None:
    whole = """
        package httpapi
        import "net/http"
        func NewServer() *Server { return &Server{} }
        func (h *Server) RegisterRoutes(mux *http.ServeMux) { mux.HandleFunc("/orders", h.list) }
        """
    more = """
        package httpapi
        import "net/http"
        func (h *Server) addMore(mux *http.ServeMux) { mux.HandleFunc("/more", h.list) }
        func OrderNames() []string { return nil }
        """
    shop = {**SHOP, "httpapi/orders.go": whole, "httpapi/more.go": more}
    shop["cmd/orders/main.go"] = main("httpapi.NewServer().RegisterRoutes(mux)")
    assert {("orders", "/orders"), ("orders", "/more")} <= served(architecture(shop))


def test_programs_beside_those_that_run_are_parts_of_the_system() -> None:
    others = {
        "cmd/stock/main.go": main("httpapi.NewStockHandler().RegisterRoutes(mux)"),
        "httpapi/stock.go": handlers("StockHandler", "/stock"),
        "cmd/migrate/main.go": main(""),
        "cmd/report/main.go": main("", serves=""),
    }
    found = architecture({**SHOP, **others})
    services = {node.name for node in found.nodes(NodeKind.SERVICE)}
    assert services == {"orders", "bills", "stock"}
    assert ("stock", "/stock") in served(found)


def test_one_that_runs_says_nothing_of_the_others() -> None:
    one = SHOP["compose.yml"].replace("bills: {build: {context: ., args: {PROGRAM: bills}}}", "")
    found = architecture({**SHOP, "compose.yml": one, "cmd/stock/main.go": main("")})
    assert {node.name for node in found.nodes(NodeKind.SERVICE)} == {"orders"}


def test_an_address_that_a_function_named_for_it_is_given_is_followed() -> None:
    client = """
        package rates
        import ("net/http"; "context")
        const defaultRatesURL = "https://rates.acme-bank.com"
        type RatesClient struct { baseURL string }
        func NewRatesClient() *RatesClient {
            return NewRatesClientWithBaseURL(defaultRatesURL, 5)
        }
        func NewRatesClientWithBaseURL(baseURL string, retries int) *RatesClient {
            return &RatesClient{baseURL: baseURL}
        }
        func (c *RatesClient) Get(ctx context.Context) {
            req, _ := http.NewRequestWithContext(ctx, http.MethodGet, c.baseURL + "/rates", nil)
            http.DefaultClient.Do(req)
        }
        """
    serving = """
        package main
        import ("net/http"; "example.org/shop/rates")
        func main() { rates.NewRatesClient(); http.ListenAndServe(":80", nil) }
        """
    found = architecture({**SHOP, "rates/client.go": client, "cmd/bills/main.go": serving})
    calls = {(e.source, e.target) for e in found.edges(EdgeKind.CALLS)}
    assert calls == {("service:bills", "external:rates.acme-bank.com")}
