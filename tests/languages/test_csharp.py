"""C#: small sources and every fact they hold."""

from __future__ import annotations

import time

import pytest
import tree_sitter_c_sharp
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
    ScheduleStarted,
    SessionKept,
    SettingRead,
    StoreUsed,
    StubMade,
    Timeout,
)
from scaleaudit.languages.csharp import extract
from scaleaudit.languages.csharp.frameworks import FRAMEWORKS
from scaleaudit.languages.engine import query_text
from scaleaudit.languages.patterns import PatternTable
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Name, Setting, Unknown


def facts(source: str) -> list[Fact]:
    """All facts but imports, which have a test of their own."""
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if not isinstance(fact, ImportFound)]


def of_body(*lines: str) -> list[Fact]:
    """The facts of statements inside a method."""
    body = "\n".join(lines)
    return facts(f"class Shop {{ void Work() {{\n{body}\n}} }}")


def line(number: int, column: int = 1, end: int = 0) -> Span:
    return Span(number, column, end or number)


def routes(source: str) -> list[tuple[str, object, str]]:
    found = [fact for fact in facts(source) if isinstance(fact, EndpointServed)]
    return [(fact.method, fact.path, fact.handler) for fact in found]


def test_query_compiles_and_no_table_is_left_out() -> None:
    text = query_text("scaleaudit.languages.csharp", PatternTable(FRAMEWORKS))
    assert "$" not in text.replace(')$")', "").replace('?$")', "")
    Query(Language(tree_sitter_c_sharp.language()), text)


def test_imports_and_namespace() -> None:
    source = (
        "global using System;\n"
        "using static Shop.Paths;\n"
        "using Old = Shop.Legacy.Orders;\n"
        "namespace Shop.Api;\n"
    )
    found = extract(source.encode())
    assert sorted(found.facts, key=lambda fact: fact.at.line) == [
        ImportFound(line(1), "System", (("*", ""),)),
        ImportFound(line(2), "Shop.Paths", (("*", ""),)),
        ImportFound(line(3), "Shop.Legacy.Orders", (), "Old"),
    ]
    assert found.namespace == "Shop.Api"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (r'"http://a\tb"', Literal("http://a\tb")),
        (r'"\u0041\x42"', Literal("AB")),
        ('@"c:\\a ""b"""', Literal('c:\\a "b"')),
        ('$"{Host}/pay/{{id}}"', Join((Name("Shop.Host"), Literal("/pay/{id}")))),
        ('$@"{Host}\\pay"', Join((Name("Shop.Host"), Literal("\\pay")))),
        ('"""\n  a\n    b\n  """', Literal("a\n  b")),
        ('Host + "/pay"', Join((Name("Shop.Host"), Literal("/pay")))),
        ("Topics.Paid", Name("Topics.Paid")),
        ('string.Format("{0}/{1:x}", Host, 3)', Join((Name("Shop.Host"), Literal("/3")))),
        ('Path.Combine("a", "b")', Literal("a/b")),
        ('new Uri("http://a")', Literal("http://a")),
        ("nameof(Shop.Host)", Literal("Host")),
        ('Environment.GetEnvironmentVariable("URL") ?? "http://a"', Setting("URL", Literal("http://a"))),
        ('configuration["Billing:Url"]', Setting("Billing:Url")),
        ('_configuration.GetValue<string>("Url", "b")', Setting("Url", Literal("b"))),
        ('Configuration.GetConnectionString("Db")', Setting("ConnectionStrings:Db")),
    ],
)  # fmt: skip
def test_values(expression: str, value: object) -> None:
    found = facts(
        'class Shop { const string Host = "http://h";\n'
        f"static readonly string Url = {expression}; }}"
    )
    constants = {fact.name: fact.value for fact in found if isinstance(fact, ConstantDefined)}
    assert constants == {"Shop.Host": Literal("http://h"), "Shop.Url": value}


def test_controllers_with_tokens_verbs_and_absolute_paths() -> None:
    source = (
        '[Area("shop")]\n'
        '[Route("[area]/[controller]")]\n'
        "public class OrdersController : Controller {\n"
        "  [HttpGet] public void All() {}\n"
        '  [HttpGet("{id:int}"), HttpHead("{id:int}")] public void One(int id) {}\n'
        '  [HttpPost("~/raw/{*rest}")] public void Raw() {}\n'
        '  [HttpPut][Route("[action]")] public void MarkAsync() {}\n'
        '  [Route("any")] public void Any() {}\n'
        '  [AcceptVerbs("GET", "POST")] public void Both() {}\n'
        '  [HttpGet("no"), NonAction] public void No() {}\n'
        "}\n"
    )
    assert routes(source) == [
        ("GET", Literal("shop/Orders"), "OrdersController.All"),
        ("GET", Literal("shop/Orders/{id}"), "OrdersController.One"),
        ("HEAD", Literal("shop/Orders/{id}"), "OrdersController.One"),
        ("POST", Literal("/raw/{rest}"), "OrdersController.Raw"),
        ("PUT", Literal("shop/Orders/Mark"), "OrdersController.MarkAsync"),
        ("*", Literal("shop/Orders/any"), "OrdersController.Any"),
        ("GET", Literal("shop/Orders"), "OrdersController.Both"),
        ("POST", Literal("shop/Orders"), "OrdersController.Both"),
    ]


def test_actions_without_a_path_leave_it_to_the_conventions() -> None:
    source = "class HomeController : Controller { [HttpGet] public void Index(int id) {} public int No() => 1; }"
    (served,) = extract(source.encode()).facts
    assert isinstance(served, EndpointServed)
    assert (served.router, served.path) == ("mvc", Literal("Home/Index/{id}"))


def test_routes_of_clients_are_not_served() -> None:
    assert routes('interface IBilling { [HttpGet("/x")] Task One(); }') == []


def test_minimal_apis_in_groups() -> None:
    source = (
        "public static class Api { public static void Map(this WebApplication app) {\n"
        '  var v1 = app.NewVersionedApi("Shop").MapGroup("/api").HasApiVersion(1.0);\n'
        '  var items = v1.MapGroup("items/");\n'
        '  items.MapGet("/{id:int}", Items.One);\n'
        '  app.MapGroup("/admin").RequireAuthorization().MapDelete("/x", () => 1);\n'
        '  app.MapMethods("/m", new[] { "PUT", "PATCH" }, Handle);\n'
        "  app.MapGet(path, Handle);\n"
        '  app.MapHub<Live>("/live");\n'
        "} }\n"
    )
    assert routes(source) == [
        ("GET", Literal("/api/items/{id}"), "Items.One"),
        ("DELETE", Literal("/admin/x"), ""),
        ("PUT", Literal("/m"), "Handle"),
        ("PATCH", Literal("/m"), "Handle"),
        ("*", Literal("/live"), ""),
    ]


@pytest.mark.parametrize(
    ("statement", "text", "partial"),
    [
        ('db.Query<Order>("select id from orders where id = @id", p);', "select id from orders where id = @id", False),
        ('new SqlCommand(@"select ""id""\n from orders", c);', 'select "id" from orders', False),
        ('db.Orders.FromSqlRaw("select * from orders where id = {0}", id);', "select * from orders where id = ?", False),
        ('db.Orders.FromSql($"select * from orders where id = {id}");', "select * from orders where id = ?", False),
        ('c.Query($"select id from orders where {filter}");', "select id from orders where {}", True),
        ('c.Execute("update orders " + "set state = 1");', "update orders set state = 1", False),
        ('var q = """\n  select id\n  from orders\n  """;', "select id from orders", False),
    ],
)  # fmt: skip
def test_sql_text(statement: str, text: str, partial: bool) -> None:
    found = [fact for fact in of_body(statement) if isinstance(fact, QueryFound)]
    assert [(fact.text, fact.partial, fact.scope) for fact in found] == [
        (text, partial, "Shop.Work")
    ]


def test_no_sql() -> None:
    assert of_body(
        'var a = "select a shirt from the shelf";',
        'container.GetItemQueryIterator<X>(new QueryDefinition("select * from c where c.id = 1"));',
        'session.CreateQuery("select o from Order o where o.id = 1");',
    ) == []  # fmt: skip


def test_what_a_helper_of_migrations_runs_is_no_query() -> None:
    source = (
        "using Microsoft.EntityFrameworkCore.Migrations;\n"
        "static class Helper {\n"
        "  public static void Add(this MigrationBuilder mb, string role) {\n"
        '    mb.Sql("INSERT INTO roles (name) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM roles WHERE name = 1)");\n'
        "  }\n"
        '  public static void Ask(Database db) { db.Sql("SELECT id FROM roles WHERE name = 1"); }\n'
        "}\n"
    )
    found = [f for f in extract(source.encode()).facts if isinstance(f, QueryFound)]
    assert [fact.scope for fact in found] == ["Helper.Ask"]


def test_statement_in_a_loop_that_grows() -> None:
    found = of_body(
        "foreach (var id in ids) {",
        'var sql = "select id from orders where id = 1";',
        'if (all) sql += " or 1 = 1";',
        "}",
    )
    assert [(f.in_loop, f.partial) for f in found if isinstance(f, QueryFound)] == [(True, True)]


def test_remote_calls() -> None:
    source = (
        "class Billing(HttpClient http) {\n"
        "  async Task Pay(int id) {\n"
        '    await http.PostAsJsonAsync($"http://billing/{id}", id);\n'
        "  }\n"
        "  void Register(IServiceCollection services) {\n"
        '    services.AddHttpClient<Billing>(c => c.BaseAddress = new Uri("http://billing:80"));\n'
        "    services.AddHttpClient<Billing>();\n"
        '    services.AddGrpcClient<Stock.StockClient>(o => { o.Address = new("http://stock"); });\n'
        "  }\n"
        "}\n"
    )
    assert facts(source) == [
        RemoteCall(
            line(3, 11),
            "httpclient",
            Join((Literal("http://billing/"), Unknown("id"))),
            "POST",
            timeout=Timeout.FINITE,
            in_async=True,
            scope="Billing.Pay",
        ),
        RemoteCall(
            line(6, 5),
            "httpclient",
            Literal("http://billing:80"),
            timeout=Timeout.FINITE,
            scope="Billing.Register",
        ),
        ConstantDefined(line(6, 5), "Billing.BaseAddress", Literal("http://billing:80")),
        RemoteCall(
            line(8, 5), "grpc", Literal("http://stock"), protocol="grpc", scope="Billing.Register"
        ),
        StubMade(Span(8), "Stock"),
    ]


def test_with_service_discovery_an_address_is_a_name() -> None:
    found = of_body(
        "builder.AddServiceDefaults();",
        'services.AddHttpClient<A>(c => c.BaseAddress = new("https+http://billing"));',
        'services.AddHttpClient<B>(c => c.BaseAddress = new("http://10.0.0.7:80"));',
    )
    assert [f.target for f in found if isinstance(f, RemoteCall)] == [
        Literal("billing"),
        Literal("http://10.0.0.7:80"),
    ]


@pytest.mark.parametrize(
    ("statement", "store"),
    [
        ('new NpgsqlConnection("Host=db;Database=shop");', ("postgresql", Literal("Host=db;Database=shop"))),
        ('o.UseSqlServer(configuration.GetConnectionString("Shop"));', ("sqlserver", Setting("ConnectionStrings:Shop"))),
        ('ConnectionMultiplexer.Connect("redis:6379");', ("redis", Literal("redis:6379"))),
        ('s.AddStackExchangeRedisCache(o => o.Configuration = "redis");', ("redis", Literal("redis"))),
        ('new MongoClient("mongodb://db");', ("mongodb", Literal("mongodb://db"))),
        ('builder.AddNpgsqlDbContext<Shop>("shopdb");', ("postgresql", Setting("ConnectionStrings:shopdb"))),
    ],
)  # fmt: skip
def test_stores(statement: str, store: tuple[str, object]) -> None:
    found = [fact for fact in of_body(statement) if isinstance(fact, StoreUsed)]
    assert [(fact.technology, fact.address) for fact in found] == [store]


@pytest.mark.parametrize(
    ("cache", "store"),
    [
        ("services.AddDistributedMemoryCache();", ["memory"]),
        ('services.AddStackExchangeRedisCache(o => o.Configuration = "r");', ["cache"]),
        ("services.AddDistributedSqlServerCache(o => {});", ["database"]),
        ("", []),
    ],
)
def test_sessions(cache: str, store: list[str]) -> None:
    found = of_body(cache, "services.AddSession();")
    assert [fact.store for fact in found if isinstance(fact, SessionKept)] == store


def test_messages() -> None:
    source = (
        "using MassTransit;\n"
        "class Paid : IConsumer<Orders.OrderPaid> {\n"
        "  IBus bus; IProducer<string, string> producer; IModel channel;\n"
        "  void Work() {\n"
        "    bus.Publish(new OrderShipped());\n"
        '    producer.ProduceAsync("orders", m);\n'
        '    channel.BasicPublish(exchange: "mail", routingKey: "k");\n'
        '    mediator.Publish(new Local());\n'
        "  }\n"
        "}\n"
    )  # fmt: skip
    assert [(type(f), f.technology, f.topic) for f in facts(source)
            if isinstance(f, MessageSent | MessageReceived)] == [
        (MessageSent, "", Literal("OrderShipped")),
        (MessageSent, "kafka", Literal("orders")),
        (MessageSent, "rabbitmq", Literal("mail")),
        (MessageReceived, "", Literal("OrderPaid")),
    ]  # fmt: skip


LOOP = "while (!stop.IsCancellationRequested) {{ {} await Task.Delay(1000); }}"


@pytest.mark.parametrize(
    ("name", "body", "schedule"),
    [
        ("Reminders", LOOP.format("await Send();"), [(False, False)]),
        ("Reminders", LOOP.format("await using var l = await locks.TryAcquireLockAsync();"), [(True, False)]),
        ("CacheRefresher", LOOP.format(""), [(False, True)]),
        ("Reader", LOOP.format("var m = consumer.Consume(stop);"), []),
        ("Once", "await Migrate();", []),
        ("Retries", "while (true) { try { await Open(); } catch { await Task.Delay(1000); } }", []),
        ("Both", LOOP.format("try { } catch (Boom) { await Task.Delay(9); }"), [(False, False)]),
    ],
)  # fmt: skip
def test_hosted_services(name: str, body: str, schedule: list[tuple[bool, bool]]) -> None:
    source = (
        f"class {name} : BackgroundService {{ protected async Task ExecuteAsync() {{ {body} }} }}"
    )
    found = [fact for fact in facts(source) if isinstance(fact, ScheduleStarted)]
    assert [(fact.locked, fact.refresh) for fact in found] == schedule


def test_files_and_settings() -> None:
    found = of_body(
        'System.IO.File.WriteAllText("/var/exports/a.csv", text);',
        'new FileStream("/etc/shop.json", FileMode.Open);',
        'Environment.GetEnvironmentVariable("SHOP_URL");',
    )
    assert found == [
        FileWritten(line(2), Literal("/var/exports/a.csv"), "system.io", "export", "Shop.Work"),
        SettingRead(line(4), "SHOP_URL", "Shop.Work"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00[HttpGet(\"\xc3\x28\")]",
        b'class A { [Route("x")] void F() { app.MapGet("/x", ',
        b'class A { string s = $"select {',
        b'var x = """select 1 from t',
        b"class A { void F() { " + b"a(" * 10_000,
        b"class A { string S = " + b'"a" + ' * 10_000 + b'"b"; }',
        b"x = " + b"a?.b" * 10_000,
        b"app" + b'.MapGroup("/a")' * 10_000 + b'.MapGet("/x", y);',
        b"new A { B = " * 10_000,
    ],
    ids=["empty", "no UTF-8", "cut off", "cut string", "cut raw", "deep", "sum", "chain", "groups", "made"],
)  # fmt: skip
def test_hostile_bytes(content: bytes) -> None:
    start = time.process_time()
    extract(content)
    assert time.process_time() - start < 5
