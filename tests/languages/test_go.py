"""Go: small sources and every fact they hold."""

from __future__ import annotations

import time
from importlib.resources import files
from textwrap import dedent
from typing import TypeVar

import pytest
import tree_sitter_go
from tree_sitter import Language, Query

from scaleaudit.facts import (
    ConstantDefined,
    EndpointServed,
    Fact,
    FileWritten,
    ImportFound,
    MessageReceived,
    MessageSent,
    QueryFound,
    RemoteCall,
    RouterMounted,
    ScheduleStarted,
    ServerStarted,
    SessionKept,
    SettingRead,
    StateKept,
    StoreUsed,
    Timeout,
    WorkSpawned,
)
from scaleaudit.languages.engine import query_text
from scaleaudit.languages.go import extract
from scaleaudit.languages.go.frameworks import FRAMEWORKS
from scaleaudit.languages.patterns import PatternTable
from scaleaudit.source import Span
from scaleaudit.values import (
    UNKNOWN,
    Join,
    Literal,
    Name,
    Parameter,
    Setting,
    Unknown,
    literal_text,
)

Kind = TypeVar("Kind", bound=Fact)

GIN = 'import "github.com/gin-gonic/gin"\n'
CHI = 'import "github.com/go-chi/chi/v5"\n'
HTTP = 'import "net/http"\n'


def facts(source: str) -> list[Fact]:
    """All facts but imports, which have a test of their own."""
    found = extract(f"package shop\n\n{dedent(source)}".encode())
    assert found.problem == ""
    return [fact for fact in found.facts if not isinstance(fact, ImportFound)]


def of(kind: type[Kind], source: str) -> list[Kind]:
    return [fact for fact in facts(source) if isinstance(fact, kind)]


def only(kind: type[Kind], source: str) -> Kind:
    found = of(kind, source)
    assert len(found) == 1, found
    return found[0]


def routes(source: str) -> list[tuple[str, object]]:
    return [
        (fact.method, fact.path.text if isinstance(fact.path, Literal) else fact.path)
        for fact in of(EndpointServed, source)
    ]


def call(body: str, imports: str = '"net/http"') -> RemoteCall:
    return only(RemoteCall, f"import ({imports})\nfunc run() {{\n{body}\n}}\n")


def store(body: str, imports: str) -> StoreUsed:
    return only(StoreUsed, f"import ({imports})\nfunc run() {{\n{body}\n}}\n")


def constants(source: str) -> dict[str, object]:
    return {fact.name: fact.value for fact in of(ConstantDefined, source)}


def state(source: str) -> list[tuple[str, str]]:
    return [(fact.name, fact.kind) for fact in of(StateKept, source)]


def test_query_compiles_and_no_table_is_left_out() -> None:
    text = query_text("scaleaudit.languages.go", PatternTable(FRAMEWORKS))
    assert "$CALL_NAMES" not in text
    Query(Language(tree_sitter_go.language()), text)


def test_every_query_file_is_in_the_query() -> None:
    text = query_text("scaleaudit.languages.go", PatternTable(FRAMEWORKS))
    found = [f for f in files("scaleaudit.languages.go").iterdir() if f.name.endswith(".scm")]
    assert found
    for file in found:
        assert file.read_text().splitlines()[0] in text


def test_imports() -> None:
    source = b"""package shop

import "fmt"
import (
	chi "github.com/go-chi/chi/v5"
	_ "github.com/lib/pq"
	. "example.com/shop/dsl"
)
"""
    found = extract(source)
    assert found.facts == (
        ImportFound(Span(3, 8, 3), "fmt"),
        ImportFound(Span(5, 2, 5), "github.com/go-chi/chi/v5", alias="chi"),
        ImportFound(Span(6, 2, 6), "github.com/lib/pq", alias="_"),
        ImportFound(Span(7, 2, 7), "example.com/shop/dsl", names=(("*", ""),)),
    )
    assert (found.namespace, found.lines, found.problem) == ("shop", 8, "")


# -- values


def test_constants() -> None:
    source = """
    import "os"
    const Topic = "order.placed"
    const (
        base    = "http://billing"
        payURL  = base + "/pay"
        retries = 3
        title   = "two words"
    )
    var region = os.Getenv("REGION")
    var amqpURL string
    var base2 = ""
    func load() { amqpURL = os.Getenv("AMQP_URL"); base2 = os.Getenv("BASE_URL") }
    """
    assert constants(source) == {
        "Topic": Literal("order.placed"),
        "base": Literal("http://billing"),
        "payURL": Literal("http://billing/pay"),
        "region": Setting("REGION"),
        "amqpURL": Setting("AMQP_URL"),
        "base2": Setting("BASE_URL"),
    }


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"a" + "/b"', Literal("a/b")),
        ("`raw\\n`", Literal("raw\\n")),
        ('"tab\\t\\u00e9\\x41"', Literal("tab\té\x41")),
        ('os.Getenv("HOST") + ":80"', Join((Setting("HOST"), Literal(":80")))),
        (
            'fmt.Sprintf("http://%s:%d/%05.2f%%", os.Getenv("HOST"), 80, x)',
            Join(
                (
                    Literal("http://"),
                    Setting("HOST"),
                    Literal(":80/"),
                    Unknown("%05.2f"),
                    Literal("%"),
                )
            ),
        ),
        ('getEnv("PORT", "80")', Setting("PORT", Literal("80"))),
        ('envOr("HOST", os.Getenv("B"))', Setting("HOST", Setting("B"))),
        ('cmp.Or(os.Getenv("A"), "b")', Setting("A", Literal("b"))),
        ('viper.GetString("billing.url")', Setting("billing.url", Literal("http://b"))),
        ('strings.TrimSuffix(os.Getenv("URL"), "/")', Setting("URL")),
        (
            'net.JoinHostPort(os.Getenv("H"), "80")',
            Join((Setting("H"), Literal(":80"))),
        ),
        ('config.URL + "/x"', Join((Name("config.URL"), Literal("/x")))),
        ("given", Parameter("Run", "given", 0)),
        ("f(given)", Unknown("f(given)")),
    ],
)
def test_values(expression: str, expected: object) -> None:
    source = f"""
    import (
        "cmp"
        "fmt"
        "net"
        "net/http"
        "os"
        "strings"
        "github.com/spf13/viper"
        "example.com/shop/config"
    )
    func init() {{ viper.SetDefault("billing.url", "http://b") }}
    func Run(given string) {{ http.Get({expression}) }}
    """
    assert only(RemoteCall, source).target == expected


def test_default_set_after_the_read() -> None:
    source = """
    url := os.Getenv("URL")
    if url == "" {
        url = "http://local"
    }
    http.Get(url)
    """
    assert call(source, '"net/http"; "os"').target == Setting("URL", Literal("http://local"))


def test_variable_with_several_values_is_unknown() -> None:
    source = """
    url := "http://a"
    if late() { url = "http://b" }
    if later() { url = "http://c" }
    http.Get(url)
    """
    assert call(source).target == Unknown("url")


def test_struct_fields_from_environment_and_tags() -> None:
    source = """
    import ("flag"; "os")
    type Config struct {
        Billing string `env:"BILLING_URL" envDefault:"http://billing"`
        Queue   string `envconfig:"QUEUE" default:"orders"`
        Mail    struct {
            Host string `env:"MAIL_HOST,required"`
        }
        Region  string
        Ignored string `json:"ignored" env:"-"`
    }
    var addr = flag.String("addr", "http://addr:80", "help")
    func Load() Config { return Config{Region: os.Getenv("REGION")} }
    """
    assert constants(source) == {
        "Config.Billing": Setting("BILLING_URL", Literal("http://billing")),
        "Config.Queue": Setting("QUEUE", Literal("orders")),
        "Config.Mail.Host": Setting("MAIL_HOST"),
        "Config.Region": Setting("REGION"),
        "addr": Setting("addr", Literal("http://addr:80")),
    }
    assert sorted(fact.key for fact in of(SettingRead, source)) == [
        "BILLING_URL",
        "MAIL_HOST",
        "QUEUE",
        "REGION",
    ]


def test_defaults_of_fields_with_tags_stand_in_a_literal() -> None:
    source = """
    type Config struct {
        Billing string `arg:"--billing,env:BILLING_URL"`
        Mail    string `env:"MAIL_URL"`
        Broker
    }
    type Broker struct { URL string `arg:"env:BROKER_URL"` }
    func Default() *Config {
        return &Config{Billing: "http://billing", Broker: Broker{URL: "amqp://broker:5672"}}
    }
    """
    assert constants(source) == {
        "Config.Billing": Setting("BILLING_URL", Literal("http://billing")),
        "Config.Mail": Setting("MAIL_URL"),
        "Broker.URL": Setting("BROKER_URL", Literal("amqp://broker:5672")),
    }


def test_settings_given_by_pointer() -> None:
    source = """
    import ("flag"; "net/http")
    var billing string
    type server struct { cart string }
    func main() {
        s := new(server)
        var base string
        flag.StringVar(&base, "base", "http://base", "help")
        mustMapEnv(&s.cart, "CART_URL")
        mustMapEnv(&billing, "BILLING_URL")
        http.Get(base)
    }
    """
    assert constants(source) == {
        "server.cart": Setting("CART_URL"),
        "billing": Setting("BILLING_URL"),
    }
    assert only(RemoteCall, source).target == Setting("base", Literal("http://base"))


def test_field_of_a_struct_takes_the_one_value_of_its_constructor() -> None:
    source = """
    import ("net/http"; "os")
    type Client struct { base string }
    func New() *Client {
        base := os.Getenv("BASE")
        return &Client{base: base}
    }
    func (c *Client) Ping() { http.Get(c.base + "/ping") }
    """
    assert only(RemoteCall, source).target == Join((Setting("BASE"), Literal("/ping")))


def test_field_that_a_constructor_fills_is_its_parameter() -> None:
    source = """
    import "net/http"
    type Client struct { base string }
    func New(base string) *Client { return &Client{base: base} }
    func (c *Client) Ping() { http.Get(c.base) }
    """
    assert only(RemoteCall, source).target == Parameter("New", "base", 0)


# -- endpoints


def test_serve_mux_with_methods_hosts_and_wildcards() -> None:
    source = """
    import "net/http"
    func Routes() {
        mux := http.NewServeMux()
        mux.HandleFunc("GET /orders/{id}", show)
        mux.HandleFunc("POST shop.example.com/orders", create)
        mux.Handle("/static/", files)
        mux.HandleFunc("GET /{$}", home)
        http.HandleFunc("/health", health)
    }
    """
    assert [(f.method, f.path, f.handler, f.router) for f in of(EndpointServed, source)] == [
        ("GET", Literal("/orders/{id}"), "show", "Routes"),
        ("POST", Literal("/orders"), "create", "Routes"),
        ("*", Literal("/static/"), "files", "Routes"),
        ("GET", Literal("/"), "home", "Routes"),
        ("*", Literal("/health"), "health", "http"),
    ]


def test_gorilla_subrouters_and_chains() -> None:
    source = """
    import ("net/http"; "github.com/gorilla/mux")
    func Routes() http.Handler {
        r := mux.NewRouter()
        api := r.PathPrefix("/api").Subrouter()
        v1 := api.PathPrefix("/v1").Subrouter()
        v1.HandleFunc("/orders", list).Methods("GET", http.MethodHead)
        v1.Path("/orders/{id:[0-9]+}").Methods("DELETE").HandlerFunc(drop)
        r.HandleFunc("/any", any)
        return r
    }
    """
    assert routes(source) == [
        ("GET", "/api/v1/orders"),
        ("HEAD", "/api/v1/orders"),
        ("DELETE", "/api/v1/orders/{id:[0-9]+}"),
        ("*", "/any"),
    ]


def test_chi_routes_groups_and_mounts() -> None:
    source = """
    import ("github.com/go-chi/chi/v5"; "example.com/shop/admin")
    func Routes() chi.Router {
        r := chi.NewRouter()
        r.Route("/orders", func(r chi.Router) {
            r.Get("/", list)
            r.With(auth).Post("/", create)
            r.Route("/{id}", func(r chi.Router) { r.Put("/", change) })
        })
        r.Group(func(r chi.Router) { r.Delete("/all", drop) })
        r.Mount("/admin", admin.Routes())
        return r
    }
    """
    assert routes(source) == [
        ("GET", "/orders"),
        ("POST", "/orders"),
        ("PUT", "/orders/{id}"),
        ("DELETE", "/all"),
    ]
    mounted = only(RouterMounted, source)
    assert (mounted.prefix, mounted.child, mounted.parent) == (
        Literal("/admin"),
        "admin.Routes",
        "Routes",
    )


def test_router_mounted_in_the_same_function_has_its_prefix() -> None:
    source = f"""
    {CHI}
    func Routes() chi.Router {{
        root, api := chi.NewRouter(), chi.NewRouter()
        api.Get("/orders", list)
        root.Mount("/api", api)
        return root
    }}
    """
    assert routes(source) == [("GET", "/api/orders")]


def test_gin_groups_and_private_helpers() -> None:
    source = f"""
    {GIN}
    func Routes() *gin.Engine {{
        r := gin.Default()
        v1 := r.Group("/v1")
        v1.GET("/orders", auth, list)
        orders(v1.Group("/orders/:id"))
        r.Any("/any", any)
        r.Handle("PATCH", "/patch", patch)
        return r
    }}
    func orders(g *gin.RouterGroup) {{ g.DELETE("", drop) }}
    """
    assert routes(source) == [
        ("GET", "/v1/orders"),
        ("*", "/any"),
        ("PATCH", "/patch"),
        ("DELETE", "/v1/orders/:id"),
    ]


def test_group_handed_to_another_file() -> None:
    source = f"""
    {GIN}import "example.com/shop/users"
    func Routes(r *gin.Engine) {{
        g := r.Group("/users")
        users.Register(g)
    }}
    """
    mounted = only(RouterMounted, source)
    assert (mounted.prefix, mounted.child) == (Literal("/users"), "users.Register")
    there = """
    import "github.com/gin-gonic/gin"
    func Register(g *gin.RouterGroup) { g.GET("/me", me) }
    """
    served = only(EndpointServed, there)
    assert (served.path, served.router) == (Literal("/me"), "Register")


def test_echo_and_fiber() -> None:
    source = """
    import ("github.com/labstack/echo/v4"; "github.com/gofiber/fiber/v2")
    func Echo() {
        e := echo.New()
        g := e.Group("/api")
        g.GET("/orders", list, auth)
        g.Match([]string{"PUT", "PATCH"}, "/orders/:id", change)
        e.Start(":1323")
    }
    func Fiber() {
        app := fiber.New()
        api := app.Group("/api")
        api.Post("/orders", create)
        app.Route("/admin", func(r fiber.Router) { r.Get("/users", users) })
        app.Listen(":3000")
    }
    """
    assert [(f.method, f.path, f.handler) for f in of(EndpointServed, source)] == [
        ("GET", Literal("/api/orders"), "list"),
        ("PUT", Literal("/api/orders/:id"), "change"),
        ("PATCH", Literal("/api/orders/:id"), "change"),
        ("POST", Literal("/api/orders"), "create"),
        ("GET", Literal("/admin/users"), "users"),
    ]
    assert [(f.library, f.port) for f in of(ServerStarted, source)] == [
        ("echo", Literal(":1323")),
        ("fiber", Literal(":3000")),
    ]


def test_beego_routes_and_namespaces() -> None:
    source = """
    import "github.com/beego/beego/v2/server/web"
    func init() {
        web.Router("/orders", &OrderController{}, "get:List;post,put:Save")
        web.Router("/any", &AnyController{})
        web.Get("/health", func(ctx *context.Context) {})
        ns := web.NewNamespace("/v1", web.NSRouter("/users/:id", &UserController{}, "*:Show"))
        web.AddNamespace(ns)
    }
    """
    assert [(f.method, f.path, f.handler) for f in of(EndpointServed, source)] == [
        ("GET", Literal("/orders"), "OrderController.List"),
        ("POST", Literal("/orders"), "OrderController.Save"),
        ("PUT", Literal("/orders"), "OrderController.Save"),
        ("*", Literal("/any"), "AnyController"),
        ("GET", Literal("/health"), ""),
        ("*", Literal("/v1/users/:id"), "UserController.Show"),
    ]


def test_get_of_other_objects_is_no_route() -> None:
    source = """
    import ("net/http"; "github.com/go-chi/chi/v5")
    func show(w http.ResponseWriter, r *http.Request, cache Cache) {
        r.Header.Get("X-Id")
        cache.Get("/orders", nil)
        chi.URLParam(r, "id")
    }
    """
    assert facts(source) == []


def test_grpc_service() -> None:
    source = """
    import ("google.golang.org/grpc"; pb "example.com/shop/gen")
    func main() {
        server := grpc.NewServer()
        pb.RegisterCartServiceServer(server, &cart{})
        grpc_health_v1.RegisterHealthServer(server, health)
    }
    """
    served = only(EndpointServed, source)
    assert (served.path, served.protocol, served.handler) == (
        Literal("pb.CartService"),
        "grpc",
        "cart",
    )


# -- remote calls


@pytest.mark.parametrize(
    ("body", "timeout", "method"),
    [
        ('http.Get("http://x")', Timeout.NEVER, "GET"),
        ('http.PostForm("http://x", nil)', Timeout.NEVER, "POST"),
        ('http.DefaultClient.Head("http://x")', Timeout.NEVER, "HEAD"),
        ('c := &http.Client{}\nc.Get("http://x")', Timeout.NEVER, "GET"),
        ('c := http.Client{Timeout: 0}\nc.Get("http://x")', Timeout.NEVER, "GET"),
        ('c := http.Client{Timeout: time.Second}\nc.Get("http://x")', Timeout.SET, "GET"),
        ('var c http.Client\nc.Timeout = time.Second\nc.Get("http://x")', Timeout.SET, "GET"),
        ('c := &http.Client{Transport: mine}\nc.Get("http://x")', Timeout.UNKNOWN, "GET"),
        ('c := new(http.Client)\nc.Head("http://x")', Timeout.NEVER, "HEAD"),
        ('given.Get("http://y")\nhttp.Head("http://x")', Timeout.NEVER, "HEAD"),
    ],
)
def test_clients_wait_as_long_as_they_say(body: str, timeout: Timeout, method: str) -> None:
    found = call(body, '"net/http"; "time"')
    assert (found.target, found.timeout, found.method) == (Literal("http://x"), timeout, method)


@pytest.mark.parametrize(
    ("context", "timeout"),
    [
        ("ctx, cancel := context.WithTimeout(parent, time.Second)", Timeout.SET),
        ("ctx, cancel := context.WithDeadline(parent, then)", Timeout.SET),
        ("ctx := context.Background()", Timeout.NEVER),
        ("ctx, cancel := context.WithCancel(context.TODO())", Timeout.NEVER),
        ("ctx := request.Context()", Timeout.UNKNOWN),
        ("ctx := parent", Timeout.UNKNOWN),
    ],
)
def test_contexts_bound_a_request(context: str, timeout: Timeout) -> None:
    body = f"""
    {context}
    req, err := http.NewRequestWithContext(ctx, http.MethodPut, "http://x/y", nil)
    http.DefaultClient.Do(req)
    """
    found = call(body, '"context"; "net/http"; "time"')
    assert (found.target, found.method, found.timeout) == (Literal("http://x/y"), "PUT", timeout)


def test_request_without_context_waits_as_its_client() -> None:
    body = 'req, _ := http.NewRequest("POST", "http://x", nil)\nhttp.DefaultClient.Do(req)'
    assert call(body).timeout is Timeout.NEVER
    later = body.replace(
        "http.DefaultClient.Do(req)",
        "ctx, stop := context.WithTimeout(context.Background(), d)\n"
        "req = req.WithContext(ctx)\nhttp.DefaultClient.Do(req)",
    )
    assert call(later, '"context"; "net/http"').timeout is Timeout.SET


def test_client_of_another_file_is_unknown() -> None:
    source = """
    import "net/http"
    type Api struct { client *http.Client }
    func New(client *http.Client) *Api { return &Api{client: client} }
    func (a *Api) Ping() { a.client.Get("http://x") }
    """
    found = only(RemoteCall, source)
    assert (found.timeout, found.scope) == (Timeout.UNKNOWN, "Api.Ping")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("_, id := range ids", True),
        ("id := range slices.Values(ids)", True),
        ("i := 0; i < len(ids); i++", True),
        ("i := 0; i < len(ids); i += 1", True),
        ("part := range slices.Chunk(ids, 100)", False),
        ("_, part := range lo.Chunk(ids, size)", False),
        ("_, part := range idChunks", False),
        ("i := 0; i < len(ids); i += size", False),
        ("i := 0; i < len(ids); i = i + 100", False),
        ('_, name := range []string{"a", "b"}', False),
    ],
)
def test_loops_that_take_many_at_once(head: str, expected: bool) -> None:
    assert call(f'for {head} {{\nhttp.Get("http://x/")\n}}').in_loop is expected


def test_calls_in_loops() -> None:
    body = 'for _, id := range ids {\nhttp.Get("http://x/" + id)\n}'
    found = call(body)
    assert found.in_loop
    assert found.target == Join((Literal("http://x/"), Unknown("id")))


def test_private_wrapper_is_seen_from_its_callers() -> None:
    source = """
    import "net/http"
    const base = "http://billing"
    func Pay() { send("/pay") }
    func Refund() { send("/refund") }
    func send(path string) { http.Post(base+path, "", nil) }
    """
    assert [(f.target, f.scope) for f in of(RemoteCall, source)] == [
        (Literal("http://billing/pay"), "Pay"),
        (Literal("http://billing/refund"), "Refund"),
    ]


@pytest.mark.parametrize(
    ("body", "target", "timeout"),
    [
        ('resty.New().R().Get("http://x")', Literal("http://x"), Timeout.NEVER),
        (
            'c := resty.New().SetTimeout(d).SetBaseURL("http://x")\nc.R().SetBody(1).Get("/y")',
            Literal("http://x/y"),
            Timeout.SET,
        ),
        ('resty.NewWithClient(mine).R().Get("http://x")', Literal("http://x"), Timeout.UNKNOWN),
        ('resty.New().R().SetContext(ctx).Get("http://x")', Literal("http://x"), Timeout.UNKNOWN),
        (
            'resty.New().R().\n\t\tSetContext(ctx).\n\t\tGet("http://x")',
            Literal("http://x"),
            Timeout.UNKNOWN,
        ),
    ],
)
def test_resty(body: str, target: object, timeout: Timeout) -> None:
    found = call(body, '"github.com/go-resty/resty/v2"')
    assert (found.library, found.target, found.timeout) == ("resty", target, timeout)


@pytest.mark.parametrize("function", ["Dial", "DialContext", "NewClient"])
def test_grpc_dial(function: str) -> None:
    context = "ctx, " if function == "DialContext" else ""
    body = f'grpc.{function}({context}os.Getenv("CART_ADDR"), grpc.WithInsecure())'
    found = call(body, '"os"; "google.golang.org/grpc"')
    assert (found.protocol, found.target, found.timeout) == (
        "grpc",
        Setting("CART_ADDR"),
        Timeout.UNKNOWN,
    )


@pytest.mark.parametrize(
    ("body", "calls"),
    [
        ("pb.NewCartClient(conn).Get(context.Background(), r)", ["Cart/Get"]),
        ("client := pb.NewCartClient(conn)\nclient.Get(context.TODO(), r)", ["Cart/Get"]),
        (
            "ctx := context.WithValue(context.Background(), k, v)\n"
            "pb.NewCartClient(conn).Get(ctx, r)",
            ["Cart/Get"],
        ),
        (
            "ctx, stop := context.WithTimeout(context.Background(), t)\ndefer stop()\n"
            "pb.NewCartClient(conn).Get(ctx, r)",
            [],
        ),
        ("_ = context.Background()\npb.NewCartClient(conn).Get(given, r)", []),
        ("_ = context.Background()\npb.NewCartClient(conn)", []),
        ("other.NewCartClient(conn).Get(context.Background(), r)", []),
        (
            "conn, _ := grpc.NewClient(a, grpc.WithUnaryInterceptor(limit))\n"
            "pb.NewCartClient(conn).Get(context.Background(), r)",
            [],
        ),
    ],
)
def test_grpc_calls_without_a_deadline(body: str, calls: list[str]) -> None:
    code = (
        'package shop\nimport ("context"; "google.golang.org/grpc"; pb "acme.io/gen/cart"; '
        f'"acme.io/other")\nfunc show(given context.Context) {{\n{body}\n}}\n'
    )
    found = [f for f in extract(code.encode()).facts if isinstance(f, RemoteCall)]
    assert [f.method for f in found if f.timeout is Timeout.NEVER] == calls


# -- stores and messages


@pytest.mark.parametrize(
    ("body", "imports", "technology", "address"),
    [
        ('sql.Open("pgx", os.Getenv("DB"))', '"database/sql"; "os"', "postgresql", Setting("DB")),
        ('sqlx.Connect("mysql", "u@/db")', '"github.com/jmoiron/sqlx"', "mysql", Literal("u@/db")),
        (
            'sql.Open(driver, "x")',
            '"database/sql"; _ "github.com/lib/pq"',
            "postgresql",
            Literal("x"),
        ),
        (
            'sql.Open(driver, "x")',
            '"database/sql"; _ "github.com/lib/pq"; _ "modernc.org/sqlite"',
            "",
            Literal("x"),
        ),
        ('xorm.NewEngine("mysql", "d")', '"xorm.io/xorm"', "mysql", Literal("d")),
        ('pgx.Connect(ctx, "d")', '"github.com/jackc/pgx/v5"', "postgresql", Literal("d")),
        (
            'cfg, _ := pgxpool.ParseConfig("d")\npgxpool.NewWithConfig(ctx, cfg)',
            '"github.com/jackc/pgx/v5/pgxpool"',
            "postgresql",
            Literal("d"),
        ),
        (
            "gorm.Open(postgres.Open(dsn), nil)",
            '"gorm.io/gorm"; "gorm.io/driver/postgres"',
            "postgresql",
            Name("dsn"),
        ),
        (
            'gorm.Open(mysql.New(mysql.Config{DSN: "d"}), nil)',
            '"gorm.io/gorm"; "gorm.io/driver/mysql"',
            "mysql",
            Literal("d"),
        ),
        (
            'redis.NewClient(&redis.Options{Addr: "r:6379"})',
            '"github.com/redis/go-redis/v9"',
            "redis",
            Literal("r:6379"),
        ),
        (
            'o, _ := redis.ParseURL(os.Getenv("R"))\nredis.NewClient(o)',
            '"os"; "github.com/go-redis/redis/v8"',
            "redis",
            Setting("R"),
        ),
        (
            'mongo.Connect(ctx, options.Client().ApplyURI("m"))',
            '"go.mongodb.org/mongo-driver/mongo"; "go.mongodb.org/mongo-driver/mongo/options"',
            "mongodb",
            Literal("m"),
        ),
        ('amqp.Dial("a")', 'amqp "github.com/rabbitmq/amqp091-go"', "rabbitmq", Literal("a")),
        ('nats.Connect("n")', '"github.com/nats-io/nats.go"', "nats", Literal("n")),
        ('memcache.New("h:1")', '"github.com/bradfitz/gomemcache/memcache"', "memcached",
         Literal("h:1")),
        ('bolt.Open("my.db", 0600, nil)', 'bolt "go.etcd.io/bbolt"', "boltdb", Literal("my.db")),
    ],
)  # fmt: skip
def test_stores(body: str, imports: str, technology: str, address: object) -> None:
    found = store(body, imports)
    assert (found.technology, found.address, found.scope) == (technology, address, "run")


@pytest.mark.parametrize(
    ("body", "imports", "sent", "received"),
    [
        (
            'w := &kafka.Writer{Addr: kafka.TCP("k:9092"), Topic: "a"}\n'
            'kafka.NewReader(kafka.ReaderConfig{Brokers: []string{"k:9092"}, Topic: "b"})',
            '"github.com/segmentio/kafka-go"',
            [("kafka", Literal("a"))],
            [("kafka", Literal("b"))],
        ),
        (
            'p.SendMessage(&sarama.ProducerMessage{Topic: topic})\nconst topic = "a"',
            '"github.com/IBM/sarama"',
            [("kafka", Name("topic"))],
            [],
        ),
        (
            'g, _ := sarama.NewConsumerGroup(b, "g", c)\ng.Consume(ctx, []string{"a", "b"}, h)',
            '"github.com/Shopify/sarama"',
            [],
            [("kafka", Literal("a")), ("kafka", Literal("b"))],
        ),
        (
            'c, _ := kafka.NewConsumer(nil)\nc.SubscribeTopics([]string{"a"}, nil)',
            '"github.com/confluentinc/confluent-kafka-go/v2/kafka"',
            [],
            [("kafka", Literal("a"))],
        ),
        (
            'conn, _ := amqp.Dial("a")\nch, _ := conn.Channel()\n'
            'q, _ := ch.QueueDeclare("orders", true, false, false, false, nil)\n'
            'ch.PublishWithContext(ctx, "", q.Name, false, false, m)\n'
            'ch.Publish("events", "", false, false, m)\nch.Consume(q.Name, "", true)',
            'amqp "github.com/rabbitmq/amqp091-go"',
            [("rabbitmq", Literal("orders")), ("rabbitmq", Literal("events"))],
            [("rabbitmq", Literal("orders"))],
        ),
        (
            'nc, _ := nats.Connect("n")\nnc.Publish("a", nil)\nnc.QueueSubscribe("b", "q", h)',
            '"github.com/nats-io/nats.go"',
            [("nats", Literal("a"))],
            [("nats", Literal("b"))],
        ),
        (
            'c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String("a")})\n'
            "c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue})",
            '"github.com/aws/aws-sdk-go-v2/service/sqs"; "github.com/aws/aws-sdk-go-v2/aws"',
            [("sqs", Literal("a"))],
            [("sqs", Name("queue"))],
        ),
    ],
)
def test_messages(body: str, imports: str, sent: object, received: object) -> None:
    source = f"import ({imports})\nfunc run(ctx context.Context) {{\n{body}\n}}\n"
    assert [(f.technology, f.topic) for f in of(MessageSent, source)] == sent
    assert [(f.technology, f.topic) for f in of(MessageReceived, source)] == received


def test_methods_of_packages_that_are_not_imported_mean_nothing() -> None:
    source = 'func run(c Client) { c.Publish("a", nil); c.Connect("x"); sql.Open("pgx", "y") }\n'
    assert facts(source) == []


# -- SQL


def test_sql_in_raw_strings_and_sums() -> None:
    source = """
    func Find(table string) {
        for _, id := range ids {
            db.Query(`
                SELECT id, name FROM customers
                WHERE email = $1 LIMIT 1`, id)
        }
        db.Exec("UPDATE " + table + " SET paid = true WHERE id = 1")
        db.Query("SELECT id FROM orders WHERE customer_id = ?" + " ORDER BY id")
        log.Print("select a customer from the list")
    }
    """
    found = of(QueryFound, source)
    assert [(q.reads, q.writes, q.in_loop, q.limited, q.scope) for q in found if not q.partial] == [
        (("customers",), (), True, True, "Find"),
        (("orders",), (), False, False, "Find"),
    ]


def test_sql_built_at_run_time_is_partial() -> None:
    source = """
    func Find(order string) {
        query := fmt.Sprintf("SELECT id FROM orders WHERE %s", order)
        db.Query(query)
    }
    """
    assert only(QueryFound, 'import "fmt"\n' + dedent(source)).partial


# -- state, files, work


def test_state_that_handlers_change() -> None:
    source = """
    import ("sync"; "sync/atomic"; "github.com/patrickmn/go-cache")
    var (
        carts   = map[string]int{}
        made    = make(map[string]int)
        totals  map[string]int
        events  []string
        visits  int64
        hits    atomic.Int64
        seen    sync.Map
        prices  = cache.New(1, 2)
        units   = map[string]int{"a": 1}
        regexps = map[string]*regexp.Regexp{}
    )
    func Add(user string) {
        carts[user] = 1
        delete(made, user)
        totals[user]++
        events = append(events, user)
        atomic.AddInt64(&visits, 1)
        hits.Add(1)
        seen.Store(user, 1)
        prices.Set(user, 1, 0)
        regexps[user] = nil
    }
    """
    assert state(source) == [
        ("carts", "dict"),
        ("made", "dict"),
        ("totals", "dict"),
        ("events", "list"),
        ("visits", "counter"),
        ("hits", "counter"),
        ("seen", "dict"),
        ("prices", "cache"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        'var m = map[string]int{}\nfunc init() { m["a"] = 1 }',
        "var m = map[string]int{}\nfunc Register(n string) { m[n] = 1 }",
        "var m = map[string]int{}\nfunc main() { m[x] = 1 }",
        "var m = map[string]int{}\nfunc AddHandler(n string) { m[n] = 1 }",
        "var m = map[string]int{}\nfunc SaveStoreConfiguration(n string) { m[n] = 1 }",
        "var m = map[string]int{}\nfunc loadAll() { m[x] = 1 }",
        "var m = map[string]int{}\nfunc f() { m := map[string]int{}; m[x] = 1 }",
        "var m = map[string]int{}\nfunc f(s *S) { s.m[x] = 1; _ = m[x] == 1 }",
        "var generation int64\nfunc f() { generation++ }",
        'import "sync"\nvar pending sync.Map\nfunc f(tx any) { pending.Store(tx, 1) }',
        'import "go.opencensus.io/stats"\nvar open int64\nfunc f() { open++ }',
        "// m[x] = 1\nvar m = map[string]int{}\nfunc f() { /* m[x] = 1 */ }",
        "var counts int64\nfunc connectToDB() { for { counts++ } }",
        "var tries int\nfunc openPostgresDB(dsn string) { tries++ }",
    ],
)
def test_what_is_no_shared_state(source: str) -> None:
    assert state(source) == []


def test_files_written() -> None:
    source = """
    import ("io/ioutil"; "net/http"; "os"; "path/filepath")
    func Upload(w http.ResponseWriter, r *http.Request) {
        file, header, _ := r.FormFile("f")
        out, _ := os.Create(filepath.Join("/data", header.Filename))
    }
    func Export() { os.WriteFile("report.csv", data, 0o644) }
    func Scratch() { os.CreateTemp("", "x") }
    func Append() { os.OpenFile("/var/log/x.log", os.O_APPEND|os.O_WRONLY, 0o644) }
    func Read() { os.OpenFile("/etc/hosts", os.O_RDONLY, 0); os.Open("x") }
    func thumbnail() { ioutil.WriteFile(thumbnailPath, data, 0o644) }
    """
    assert [(f.scope, f.purpose) for f in of(FileWritten, source)] == [
        ("Upload", "upload"),
        ("Export", "export"),
        ("Scratch", "temp"),
        ("Append", "log"),
        ("thumbnail", "cache"),
    ]


def test_uploads_saved_by_frameworks() -> None:
    source = """
    import "github.com/gin-gonic/gin"
    func Save(c *gin.Context) {
        file, _ := c.FormFile("f")
        c.SaveUploadedFile(file, "/data/"+file.Filename)
    }
    """
    found = only(FileWritten, source)
    assert (found.purpose, found.library) == ("upload", "gin")


def test_goroutines_of_handlers() -> None:
    source = """
    import "net/http"
    func Buy(w http.ResponseWriter, r *http.Request) { go mail(r) }
    func Wait(w http.ResponseWriter, r *http.Request) { go count(done); <-done }
    func main() { go listen() }
    """
    found = only(WorkSpawned, source)
    assert (found.what, found.scope, found.in_handler) == ("mail", "Buy", True)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('c := cron.New()\nc.AddFunc("@daily", report)', ("robfig/cron", "report", False)),
        (
            'c := cron.New()\nc.AddFunc("@daily", func() {\nreport()\n})',
            ("robfig/cron", "report", False),
        ),
        (
            'c := cron.New()\nc.AddFunc("@daily", func() {\nctx := context.Background()\n'
            'fmt.Println("now")\nreports.Send(ctx)\n})',
            ("robfig/cron", "reports.Send", False),
        ),
        (
            'c := cron.New()\nc.AddFunc("@daily", rules.loadRules)',
            ("robfig/cron", "rules.loadRules", True),
        ),
        (
            'c := cron.New()\nc.AddFunc("@daily", remind)\n}\nfunc remind() {\nmail.Send(due())\n',
            ("robfig/cron", "remind", False),
        ),
        (
            'c := cron.New()\nc.AddFunc("@daily", shop.closeSessions)\n}\n'
            "func (s *shop) closeSessions() {\nfor key, each := range s.sessions {\n"
            "delete(s.sessions, key)\ndb.Save(each)\n}\n",
            ("robfig/cron", "shop.closeSessions", True),
        ),
        (
            "go func() {\nt := time.NewTicker(time.Minute)\nfor {\nselect {\ncase <-ctx.Done():\n"
            "return\ncase <-t.C:\nprocessExpired()\n}\n}\n}()\n}\n"
            "func processExpired() {\nfor key, each := range sessions {\n"
            "delete(sessions, key)\ndb.Save(each)\n}\n",
            ("time.Ticker", "Start", True),
        ),
        (
            "s, _ := gocron.NewScheduler()\ns.NewJob(daily, gocron.NewTask(report, 1))",
            ("gocron", "report", False),
        ),
        (
            "go func() {\nt := time.NewTicker(time.Hour)\nfor range t.C {\n"
            'db.Exec("DELETE FROM carts WHERE old = 1")\n}\n}()',
            ("time.Ticker", "Start", False),
        ),
        (
            "go func() {\nfor range time.Tick(5 * time.Minute) {\npurgeCarts()\n}\n}()",
            ("time.Ticker", "Start", False),
        ),
        (
            "go func() {\nt := time.NewTicker(time.Minute)\nfor range t.C {\n"
            "config.Reload()\n}\n}()",
            ("time.Ticker", "Start", True),
        ),
    ],
)
def test_schedules(body: str, expected: tuple[str, str, bool]) -> None:
    imports = '"time"; "github.com/robfig/cron/v3"; "github.com/go-co-op/gocron/v2"'
    source = f"import ({imports})\nfunc Start() {{\n{body}\n}}\n"
    found = only(ScheduleStarted, source)
    assert (found.library, found.what, found.refresh) == expected


@pytest.mark.parametrize(
    "body",
    [
        "t := time.NewTicker(time.Second)\nfor range t.C { db.Exec(x) }",  # polls
        "for {\n<-time.NewTicker(time.Hour).C\ndb.Exec(x)\n}",
        "t := time.NewTicker(time.Hour)\nfor range t.C { spin() }",
        "t := time.NewTicker(interval)\nfor range t.C { db.Exec(x) }",
    ],
)
def test_tickers_that_are_no_schedule(body: str) -> None:
    source = f'import "time"\nfunc Start() {{\ngo func() {{\n{body}\n}}()\n}}\n'
    assert of(ScheduleStarted, source) == []


def test_ticker_of_a_function_that_is_named_for_it() -> None:
    source = """
    import "time"
    func Run(every time.Duration) { go cleanupScheduler(store, every) }
    func cleanupScheduler(store *Store, every time.Duration) {
        for range time.Tick(every) {
            store.DeleteOld() // refresh nothing
        }
    }
    """
    found = only(ScheduleStarted, source)
    assert (found.what, found.locked, found.refresh) == ("cleanupScheduler", False, False)


def test_sessions() -> None:
    source = """
    import ("github.com/gorilla/sessions"; "github.com/alexedwards/scs/v2")
    var store = sessions.NewCookieStore([]byte("k"))
    func run() { manager := scs.New() }
    """
    assert [(f.store, f.library) for f in of(SessionKept, source)] == [
        ("cookie", "gorilla/sessions"),
        ("memory", "scs"),
    ]


def test_servers() -> None:
    source = """
    import ("net/http"; "os")
    func run() {
        server := &http.Server{Addr: ":" + os.Getenv("PORT")}
        server.ListenAndServe()
        http.ListenAndServeTLS(":443", "c", "k", nil)
    }
    """
    assert [fact.port for fact in of(ServerStarted, source)] == [
        Join((Literal(":"), Setting("PORT"))),
        Literal(":443"),
    ]


# -- hostile sources

HOSTILE = {
    "empty": b"",
    "zero bytes": b"\0" * 1_000,
    "invalid UTF-8": b'package a\nimport "net/http"\nvar x = "\xff\xfe"\nfunc f() { http.Get("\xc3(" + x) }\n',
    "cut off": b'package a\nimport "net/http"\nfunc f() { http.Get("http://x',
    "no package": b'http.Get("x")',
    "bad escapes": b'package a\nconst x = "\\u12 \\xZZ \\U99999999 \\400"\n',
    "self reference": (
        b'package a\nimport "net/http"\nvar a, b = b, a\n'
        b"func f(u string) { u = u + u; f(u); http.Get(u + a) }\n"
        b"type T struct { t *T; c http.Client }\nfunc (t *T) g() { t.t = t.t.t; t.t.c.Get(a) }\n"
    ),
    "nested calls": b'package a\nimport "net/http"\nfunc f() { '
    + b"http.Get(" * 10_000
    + b")" * 10_000
    + b"}",
    "nested literals": b"package a\nvar x = " + b"[]T{" * 10_000 + b"}" * 10_000,
    "nested parentheses": b'package a\nimport "net/http"\nfunc f() { http.Get('
    + b"(" * 10_000
    + b'"x"'
    + b")" * 10_000
    + b") }",
    "nested functions": b'package a\nimport "net/http"\n'
    + b"func f() { go func() { " * 10_000
    + b'http.Get("x")',
    "nested blocks": b'package a\nimport "net/http"\nfunc f() {'
    + b"{ x := 1\n" * 10_000
    + b'http.Get("x")'
    + b"}" * 10_001,
    "long sum": b'package a\nimport "net/http"\nfunc f() { http.Get("a"'
    + b'+"b"' * 10_000
    + b") }",
    "long chain": b'package a\nimport "github.com/gorilla/mux"\nfunc f() { mux.NewRouter()'
    + b'.PathPrefix("/a").Subrouter()' * 5_000
    + b'.HandleFunc("/x", h) }',
    "groups of groups": b'package a\nimport "github.com/gin-gonic/gin"\nfunc f(r *gin.Engine) {\n'
    + b"".join(b'g%d := r.Group("/%d")\nr = g%d\n' % (n, n, n) for n in range(2_000))
    + b'r.GET("/x", h)\n}\n',
    "many variables": b"package a\n"
    + b"".join(b"var v%d = map[string]int{}\n" % n for n in range(3_000))
    + b"func f(k string) {\n"
    + b"".join(b"v%d[k] = 1\n" % n for n in range(3_000))
    + b"}\n",
    "many callers": b'package a\nimport "net/http"\n'
    + b"".join(
        b"func f%d(a string) { f%d(a); f%d(a); http.Get(a) }\n" % (n, n + 1, n + 1)
        for n in range(300)
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes(name: str) -> None:
    start = time.process_time()
    found = extract(HOSTILE[name])
    assert time.process_time() - start < 10
    assert len(found.facts) <= 20_000


def test_utf8_that_is_none_is_replaced() -> None:
    found = extract(HOSTILE["invalid UTF-8"])
    calls = [fact for fact in found.facts if isinstance(fact, RemoteCall)]
    assert [fact.timeout for fact in calls] == [Timeout.NEVER]
    assert calls[0].target != UNKNOWN


def test_a_client_of_resty_that_another_file_makes() -> None:
    source = """package a

import "github.com/go-resty/resty/v2"

type prices struct { client *resty.Client }

func (p *prices) ask() { p.client.R().Get("http://x") }
"""
    (found,) = [fact for fact in extract(source.encode()).facts if isinstance(fact, RemoteCall)]
    assert found.timeout is Timeout.UNKNOWN


def test_paths_that_a_handler_compares_itself() -> None:
    source = """package main
import "net/http"
func own(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && (r.URL.Path == "/health" || r.URL.Path == "/ready") {
			w.Write([]byte("ok"))
			return
		}
		if r.URL.Path == "/public" {
			next.ServeHTTP(w, r)
			return
		}
		switch r.URL.Path {
		case "/orders", "/bills":
			list(w, r)
		case "/passed":
			next.ServeHTTP(w, r)
		}
		next.ServeHTTP(w, r)
	})
}
"""
    served = [each for each in facts(source) if isinstance(each, EndpointServed)]
    assert [f"{each.method} {literal_text(each.path)}" for each in served] == [
        "GET /health",
        "GET /ready",
        "* /orders",
        "* /bills",
    ]


def test_publishers_of_go_micro_are_no_clients_of_a_service() -> None:
    source = (
        'package main\nimport micro "github.com/micro/go-micro"\n'
        'func main() {{\n\tservice := micro.NewService()\n\tpub := {}("orders", service.Client())\n}}\n'
    )
    made = facts(source.format("pb.NewCartService"))
    assert [each.library for each in made if isinstance(each, RemoteCall)] == ["grpc"]
    made = facts(source.format("micro.NewPublisher"))
    assert not [each for each in made if isinstance(each, RemoteCall)]


def test_servers_of_go_zero() -> None:
    source = (
        'package main\nimport (\n"github.com/zeromicro/go-zero/rest"\n"github.com/zeromicro/go-zero/zrpc"\n)\n'
        "func main() {\n\tserver := rest.MustNewServer(c.RestConf)\n\tserver.Start()\n"
        "\tother := zrpc.MustNewServer(c.RpcServerConf, func(s *grpc.Server) {})\n\tother.Start()\n}\n"
    )
    found = [each for each in extract(source.encode()).facts if isinstance(each, ServerStarted)]
    assert [each.library for each in found] == ["go-zero", "grpc"]
