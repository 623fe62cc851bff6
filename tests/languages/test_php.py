"""PHP: small sources and every fact they hold."""

from __future__ import annotations

import pytest

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
    SessionKept,
    SettingRead,
    StoreUsed,
    Timeout,
)
from scaleaudit.languages.php import extract
from scaleaudit.source import Span
from scaleaudit.values import UNKNOWN, Join, Literal, Name, Setting, Unknown


def facts(source: str) -> list[Fact]:
    """All facts but imports, which have a test of their own."""
    found = extract(f"<?php\n{source}".encode())
    assert found.problem == ""
    return [fact for fact in found.facts if not isinstance(fact, ImportFound)]


def routes(source: str) -> list[tuple[str, object, str]]:
    found = facts(source)
    assert all(isinstance(fact, EndpointServed) for fact in found)
    return [(f.method, f.path, f.handler) for f in found if isinstance(f, EndpointServed)]


def call(source: str) -> RemoteCall:
    found = [fact for fact in facts(source) if isinstance(fact, RemoteCall)]
    assert len(found) == 1
    return found[0]


def test_imports() -> None:
    source = (
        "<?php\nnamespace App\\Http;\n"
        "use App\\Models\\{User, Order as O};\n"
        "use \\PDO, Billing\\Api as Billing;\n"
        "use function App\\money;\n"
        "require_once __DIR__ . '/routes.php';\n"
        "function late() { include('./late.php'); }\n"
        "require $unknown;\n"
    )
    found = extract(source.encode())
    assert found.namespace == "App\\Http"
    assert [(f.module, f.alias, f.lazy) for f in found.facts if isinstance(f, ImportFound)] == [
        ("App\\Models\\User", "", False),
        ("App\\Models\\Order", "O", False),
        ("PDO", "", False),
        ("Billing\\Api", "Billing", False),
        ("App\\money", "", False),
        ("./routes.php", "", False),
        ("./late.php", "", True),
    ]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'http://a'", Literal("http://a")),
        ('"a\\n\\"b"', Literal('a\n"b')),
        ("'http://' . HOST . \"/pay/{$order->id}\"", Join((Literal("http://"), Name("HOST"), Literal("/pay/"), Unknown("$order->id")))),
        ("sprintf('http://%s:%d/x', Hosts::PAY, 80)", Join((Literal("http://"), Name("Hosts.PAY"), Literal(":80/x")))),
        ("env('URL', 'http://a')", Setting("URL", Literal("http://a"))),
        ("getenv('URL') ?: 'http://a'", Setting("URL", Literal("http://a"))),
        ("$_ENV['URL'] ?? getenv('OLD')", Setting("URL", Setting("OLD"))),
        ("$_SERVER['DB_URL'] . '/x'", Join((Setting("DB_URL"), Literal("/x")))),
        ("rtrim(config('billing.url'), '/')", Setting("billing.url")),
    ],
)  # fmt: skip
def test_values(expression: str, value: object) -> None:
    found = [f for f in facts(f"define('BASE', {expression});") if isinstance(f, ConstantDefined)]
    assert [(f.name, f.value) for f in found] == [("BASE", value)]


def test_what_the_web_server_says_is_no_setting() -> None:
    assert facts("$host = $_SERVER['HTTP_HOST'];") == []
    assert call("$x = file_get_contents('http://a/' . $_SERVER['HTTP_HOST']);").target == Join(
        (Literal("http://a/"), Unknown("$_SERVER['HTTP_HOST']"))
    )


def test_settings_read() -> None:
    source = "function f() { return env('A') . getenv(\"B\") . $_ENV['C']; } // env('D')"
    assert facts(source) == [
        SettingRead(Span(2, 23, 2), "A", "f"),
        SettingRead(Span(2, 34, 2), "B", "f"),
        SettingRead(Span(2, 48, 2), "C", "f"),
    ]


def test_laravel_routes_and_groups() -> None:
    source = """
use Illuminate\\Support\\Facades\\Route;
Route::prefix('v1')->middleware('auth')->group(function () {
    Route::group(['prefix' => 'orders'], function () {
        Route::get('{order}', [OrderController::class, 'show'])->name('show');
    });
    Route::any('ping', fn () => 'pong');
});
Route::match(['put', 'patch'], '/x', 'XController@change');
Route::get('/old', ['uses' => 'OldController@show', 'as' => 'old']);
Route::redirect('/here', '/there');
Route::model('order', Order::class);
"""
    assert routes(source) == [
        ("GET", Literal("v1/orders/{order}"), "OrderController.show"),
        ("*", Literal("v1/ping"), ""),
        ("PUT", Literal("/x"), "XController.change"),
        ("PATCH", Literal("/x"), "XController.change"),
        ("GET", Literal("/old"), "OldController.show"),
        ("GET", Literal("/here"), ""),
    ]


def test_resources() -> None:
    assert [(m, p) for m, p, _ in routes("Route::resource('companies.photos', P::class)->except(['destroy', 'edit']);")] == [
        ("GET", Literal("/companies/{company}/photos")),
        ("GET", Literal("/companies/{company}/photos/create")),
        ("POST", Literal("/companies/{company}/photos")),
        ("GET", Literal("/companies/{company}/photos/{photo}")),
        ("PUT", Literal("/companies/{company}/photos/{photo}")),
    ]  # fmt: skip
    assert routes("Route::apiResource('tags', TagController::class, ['only' => ['index']]);") == [
        ("GET", Literal("/tags"), "TagController.index")
    ]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ("['except' => ['create', 'edit', 'store', 'show', 'update', 'destroy']]", ["GET"]),
        ('["only" => ["store", "destroy"], "parameters" => ["tag" => "id"]]', ["POST", "DELETE"]),
        ("['only' => 'index']", ["GET"]),
    ],
)
def test_options_of_resources_in_a_variable(options: str, left: list[str]) -> None:
    source = f"$taken = {options};\nRoute::resource('tags', TagController::class, $taken);"
    assert [method for method, _, _ in routes(source)] == left
    later = f"Route::apiResource('tags', TagController::class, $taken);\n$taken = {options};"
    assert len(routes(later)) == 5


def test_route_files() -> None:
    assert facts("Route::prefix('api/v1')->group(base_path('routes/api.php'));") == [
        RouterMounted(Span(2, 1, 2), Literal("api/v1"), "routes/api.php", "laravel", is_module=True)
    ]


def test_slim_and_lumen_routers() -> None:
    source = """
$app->group('/users', function ($group) {
    $group->get('/{id}', UserShow::class);
    $group->map(['PUT'], '', UserChange::class . ':run');
});
$router->post('orders', 'OrderController@create');
$app->get('settings');
$app->get('logger', 'info');
$cart->get('/x', [Cart::class, 'x']);
"""
    assert routes(source) == [
        ("GET", Literal("/users/{id}"), "UserShow"),
        ("PUT", Literal("/users"), ""),
        ("POST", Literal("orders"), "OrderController.create"),
    ]


def test_symfony_attributes() -> None:
    source = """
use Symfony\\Component\\Routing\\Attribute\\Route;
#[Route('/blog')]
class Blog {
    #[Route('/{slug}', name: 'show', methods: ['GET', 'HEAD'])]
    public function show() {}
    #[Route(path: '/any')]
    public function any() {}
}
#[Route('/alone', methods: 'POST')]
class Alone { public function __invoke() {} }
"""
    assert routes(source) == [
        ("GET", Literal("/blog//{slug}"), "Blog.show"),
        ("HEAD", Literal("/blog//{slug}"), "Blog.show"),
        ("*", Literal("/blog//any"), "Blog.any"),
        ("POST", Literal("/alone"), "Alone"),
    ]
    assert routes("#[Route('/x')]\nclass Other { #[Route('/y')] function y() {} }") == []


def test_documented_routes() -> None:
    source = """
/** @Route("/shop") */
class Shop {
    /**
     * @Route("/{id}", methods={"GET","POST"})
     */
    public function show() {}
}
"""
    assert routes(source) == [
        ("GET", Literal("/shop//{id}"), "Shop.show"),
        ("POST", Literal("/shop//{id}"), "Shop.show"),
    ]


GUZZLE = "use GuzzleHttp\\Client;\n"


@pytest.mark.parametrize(
    ("source", "library", "method", "timeout"),
    [
        (GUZZLE + "$c = new Client(); $c->get('http://a');", "guzzle", "GET", Timeout.NEVER),
        (GUZZLE + "$c = new Client(['timeout' => 2]); $c->get('http://a');", "guzzle", "GET", Timeout.SET),
        (GUZZLE + "$c = new Client($options); $c->get('http://a');", "guzzle", "GET", Timeout.UNKNOWN),
        (GUZZLE + "$c = new Client(); $c->request('PUT', 'http://a', ['timeout' => 0]);", "guzzle", "PUT", Timeout.NEVER),
        (GUZZLE + "$c = new Client(); $c->post('http://a', $options);", "guzzle", "POST", Timeout.UNKNOWN),
        ("Http::get('http://a');", "laravel-http", "GET", Timeout.FINITE),
        ("Http::withToken($t)->timeout(2)->post('http://a');", "laravel-http", "POST", Timeout.SET),
        ("Http::github()->get('http://a');", "laravel-http", "GET", Timeout.UNKNOWN),
        ("$h = curl_init('http://a'); curl_exec($h);", "curl", "", Timeout.NEVER),
        ("$h = curl_init('http://a'); curl_setopt($h, CURLOPT_TIMEOUT, 2); curl_exec($h);", "curl", "", Timeout.SET),
        ("$h = curl_init('http://a'); curl_setopt_array($h, $o); curl_exec($h);", "curl", "", Timeout.UNKNOWN),
        ("$h = curl_init(); curl_setopt($h, CURLOPT_URL, 'http://a'); curl_exec($h);", "curl", "", Timeout.NEVER),
        ("file_get_contents('http://a');", "php-streams", "GET", Timeout.FINITE),
    ],
)  # fmt: skip
def test_remote_calls(source: str, library: str, method: str, timeout: Timeout) -> None:
    found = call(source)
    assert (found.library, found.method, found.timeout) == (library, method, timeout)
    assert found.target == Literal("http://a")


@pytest.mark.parametrize(
    ("body", "timeout"),
    [
        ("function a(Client $c) { $c->get('http://a'); }", Timeout.UNKNOWN),
        ("function a(?Client $c) { $c ??= $this->made(); $c->get('http://a'); }", Timeout.UNKNOWN),
        ("function a(Client $c) { $c->get('http://a', ['timeout' => 0]); }", Timeout.NEVER),
        ("function __construct(private Client $c) {} function a() { $this->c->get('http://a'); }",
         Timeout.NEVER),
    ],
)  # fmt: skip
def test_a_client_that_is_handed_over_may_have_limits(body: str, timeout: Timeout) -> None:
    assert call(GUZZLE + f"class A {{ {body} }}").timeout == timeout


def test_a_clients_base_and_loops() -> None:
    source = (
        "class A {\n"
        "  public function __construct(private \\GuzzleHttp\\ClientInterface $plain) {\n"
        "    $this->client = new \\GuzzleHttp\\Client(['base_uri' => env('PAY')]);\n"
        "  }\n"
        '  function all($ids) { foreach ($ids as $id) { $this->client->get("/pay/$id"); } }\n'
        "}"
    )
    assert [fact for fact in facts(source) if isinstance(fact, RemoteCall)] == [
        RemoteCall(
            Span(6, 48, 6),
            "guzzle",
            Join((Setting("PAY"), Literal("/pay/"), Unknown("$id"))),
            "GET",
            timeout=Timeout.NEVER,
            in_loop=True,
            scope="A.all",
        )
    ]


def test_files_are_not_remote() -> None:
    assert (
        facts("file_get_contents('/etc/hosts'); file_get_contents($path); fopen('x', 'r');") == []
    )


def test_routes_of_spiral() -> None:
    source = """
use Spiral\\Router\\Annotation\\Route;
class Orders {
  #[Route(route: 'orders/<id:\\d+>', name: 'order', methods: ['GET'])]
  public function show(int $id): array {}
}
"""
    assert routes(source) == [("GET", Literal("orders/<id:\\d+>"), "Orders.show")]


def test_connections_of_cycle() -> None:
    source = """
use Cycle\\Database\\Config;
return ['drivers' => [
  'a' => new Config\\PostgresDriverConfig(connection: new Config\\Postgres\\DsnConnectionConfig(
    dsn: 'pgsql:host=db;port=5432;dbname=shop')),
  'b' => new Config\\Postgres\\DsnConnectionConfig(env('DB')),
  'c' => new Config\\MySQL\\TcpConnectionConfig(database: 'shop', host: 'other', port: 3306),
]];
"""
    found = [
        (f.technology, f.address, f.database) for f in facts(source) if isinstance(f, StoreUsed)
    ]
    assert found == [
        ("postgresql", Literal("db:5432"), Literal("shop")),
        ("postgresql", Setting("DB", None), None),
        ("mysql", Literal("other:3306"), Literal("shop")),
    ]


def test_stores() -> None:
    source = """
$a = new PDO('mysql:host=db;dbname=shop', $user);
$b = new mysqli('db', 'user', 'secret', 'shop');
$c = new Redis();
$c->connect('cache', 6379);
$d = new PDO($dsn);
"""
    assert facts(source) == [
        StoreUsed(Span(3, 6, 3), "mysql", Literal("db"), "pdo", Literal("shop")),
        StoreUsed(Span(4, 6, 4), "mysql", Literal("db"), "mysqli", Literal("shop")),
        StoreUsed(Span(6, 1, 6), "redis", Literal("cache:6379"), "phpredis"),
        StoreUsed(Span(7, 6, 7), "", Unknown("$dsn"), "pdo"),
    ]
    source = "$a = new PDO('pgsql:host=' . getenv('H') . \";port=5432;dbname={$name}\");"
    assert facts(source)[0] == StoreUsed(
        Span(2, 6, 2),
        "postgresql",
        Join((Setting("H"), Literal(":5432"))),
        "pdo",
        Unknown("$name"),
    )


def test_jobs_and_messages() -> None:
    source = """
namespace App\\Jobs;
use Illuminate\\Contracts\\Queue\\ShouldQueue;
class ShipOrder implements ShouldQueue { public function handle() { PayOrder::dispatch(1)->onQueue('x'); } }
"""
    assert facts(source) == [
        MessageSent(
            Span(5, 69, 5), "laravel-queue", Literal("App.Jobs.PayOrder"), "laravel", "ShipOrder.handle"
        ),
        MessageReceived(
            Span(5, 1, 5), "laravel-queue", Literal("App.Jobs.ShipOrder"), "laravel", "handle"
        ),
    ]  # fmt: skip


def test_events_and_queued_listeners_are_not_messages() -> None:
    source = """
namespace App\\Listeners;
class Tell implements ShouldQueue { public function handle() { OrderPlaced::dispatch(); event(new X()); } }
"""
    assert facts(source) == []


def test_sql() -> None:
    source = """
function f($db, $id) {
    $db->query("SELECT id FROM orders WHERE state = '$id'");
    $db->prepare(<<<SQL
        DELETE FROM carts WHERE age > 30
    SQL);
    foreach ($id as $one) { $db->query('SELECT a FROM ' . 'items WHERE id = ' . $one); }
    return 'Select one of the items';
}
"""
    found = [fact for fact in facts(source) if isinstance(fact, QueryFound)]
    assert [(q.text, q.reads, q.writes, q.partial, q.in_loop, q.scope) for q in found] == [
        ("SELECT id FROM orders WHERE state = '{}'", ("orders",), (), False, False, "f"),
        ("DELETE FROM carts WHERE age > 30", (), ("carts",), False, False, "f"),
        ("SELECT a FROM items WHERE id = {}", ("items",), (), False, True, "f"),
    ]
    assert len(found) == len(facts(source))


def test_files_and_sessions() -> None:
    source = "session_start(); file_put_contents('/data/x.csv', $a); fopen('php://memory', 'w');"
    assert facts(source) == [
        SessionKept(Span(2, 1, 2), "file", "php", default=True),
        FileWritten(Span(2, 18, 2), Literal("/data/x.csv"), "php"),
    ]
    handled = facts("session_set_save_handler($h); session_start();")
    assert handled == [SessionKept(Span(2, 1, 2), "unknown", "php")]


@pytest.mark.parametrize(
    ("source", "stores"),
    [
        ("ini_set('session.save_handler', 'redis');", ["cache"]),
        ("ini_set(option: 'session.save_path', value: '/tmp');", []),
        ("ini_set('session.save_handler', value: 'memcached');", ["cache"]),
        ("ini_set('session.save_handler', 'files');", []),
        ("ini_set('memory_limit', '1G');", []),
        ("session_set_save_handler(new RedisSessionHandler($redis), true);", ["cache"]),
    ],
)
def test_sessions_that_a_handler_keeps(source: str, stores: list[str]) -> None:
    assert [fact.store for fact in facts(source) if isinstance(fact, SessionKept)] == stores


def test_variables_that_lead_in_circles() -> None:
    source = "function f() { $a = $b->x(); $b = $a->y(); $a->get('/x', [A::class, 'b']); }"
    assert facts(source) == []
    assert facts("define('A', $x . 'b'); $x = $y; $y = $x;") == [
        ConstantDefined(Span(2, 1, 2), "A", Join((UNKNOWN, Literal("b"))))
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<?php",
        b"no php at all <b>",
        b"\xff\xfe<?php \x00 Route::get(\xff",
        b"<?php Route::get('/x', [A::class, 'b'",
        b"<?php " + b"f(" * 10_000,
        b"<?php $a = " + b"[" * 10_000,
        b"<?php define('A', " + b"'a' . " * 10_000 + b"'b');",
        b"<?php define('A', " + b"(" * 10_000 + b"'b'" + b")" * 10_000 + b");",
        b"<?php $a" + b"->get('/x', 'C@d')" * 5_000 + b";",
        b"<?php " + b"Route::group(['prefix' => 'a'], function () {" * 3_000 + b"Route::get('/x', 'C@d');",
        b"<?php " + b"if (1) {" * 10_000 + b"curl_init('http://a');",
    ],
)  # fmt: skip
def test_hostile_bytes(content: bytes) -> None:
    found = extract(content)
    assert len(found.facts) < 6_000
