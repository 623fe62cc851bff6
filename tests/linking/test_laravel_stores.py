"""Lumen and Laravel: routes that other files and functions hang up, stores beside the chosen ones."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind

COMPOSE = """
    services:
      orders: {build: ./orders}
      bills: {build: ./bills}
      orders_db: {image: "mariadb:11", ports: ["13306:3306"]}
      bills_db: {image: "mariadb:11", ports: ["13307:3306"]}
      events: {image: mongo}
      redis: {image: redis}
      queue: {image: "rabbitmq:3"}
    """
DATABASE = """
    <?php
    return [
        'default' => env('DB_CONNECTION', 'mysql'),
        'connections' => [
            'mysql' => ['driver' => 'mysql', 'host' => env('DB_HOST', '127.0.0.1')],
            'pgsql' => ['driver' => 'pgsql', 'host' => env('DB_HOST', '127.0.0.1')],
        ],
    ];
    """
EXAMPLE = "DB_CONNECTION=mysql\nDB_HOST=127.0.0.1\nQUEUE_CONNECTION=sync\n"


def application(name: str) -> dict[str, str]:
    return {
        f"{name}/composer.json": '{"require": {"laravel/lumen-framework": "^10"}}',
        f"{name}/Dockerfile": "FROM php:8-fpm\nCOPY . .\n",
        f"{name}/.env.example": EXAMPLE,
        f"{name}/config/database.php": DATABASE,
    }


SHOP = {"compose.yml": COMPOSE, **application("orders"), **application("bills")}


def stores(found: Architecture) -> set[str]:
    kinds = (EdgeKind.USES, EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
    pairs = {(e.source, e.target) for kind in kinds for e in found.edges(kind)}
    return {f"{a.partition(':')[2]} {b.partition(':')[2]}" for a, b in pairs}


def test_the_machine_of_an_example_is_nobody_in_a_container() -> None:
    assert stores(architecture(SHOP)) == {"orders orders_db", "bills bills_db"}


def test_the_one_kind_of_database_that_there_is_a_connection_to_counts() -> None:
    only = (
        "<?php return ['connections' => ['mongodb' => ['host' => env('DB_HOST', '127.0.0.1')]]];\n"
    )
    found = architecture({**SHOP, "orders/config/database.php": only})
    assert stores(found) == {"orders events", "bills bills_db"}
    both = only.replace("['mongodb'", "['sqlite' => ['url' => env('DATABASE_URL')], 'mongodb'")
    chosen = {"orders/.env.example": "DB_CONNECTION=sqlite\n", "orders/config/database.php": both}
    assert stores(architecture({**SHOP, **chosen})) == {"bills bills_db"}


def used(body: str) -> str:
    return f"""
        <?php
        namespace App\\Services;
        use Illuminate\\Support\\Facades\\Queue;
        use Illuminate\\Support\\Facades\\Redis;
        class Keeper {{ public function keep($key) {{ {body} }} }}
        """


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Redis::setex($key, 60, 1);", {"orders redis"}),
        ("Queue::connection('rabbitmq')->pushRaw($key);", {"orders redis", "orders queue"}),
        ("Queue::connection('sync')->pushRaw($key);", {"orders redis"}),
    ],
)
def test_what_code_asks_by_name_it_uses_whatever_is_chosen(body: str, found: set[str]) -> None:
    made = architecture({**SHOP, "orders/app/Services/Keeper.php": used(body)})
    assert stores(made) == found | {"orders orders_db", "bills bills_db"}


LUMEN = """
    <?php
    use App\\Http\\Middleware\\Authenticate;
    $app = new Laravel\\Lumen\\Application(dirname(__DIR__));
    $app->routeMiddleware(['auth' => Authenticate::class]);
    $app->router->group(['prefix' => 'api/v1', 'namespace' => 'App'], function ($router) {
        require __DIR__ . '/../routes/web.php';
    });
    return $app;
    """
ROUTES = """
    <?php
    $router->get('/login', 'LoginController@show');
    $router->group(['prefix' => 'orders/'], function ($router) {
        crud($router, 'OrderController', 'order');
    });
    """
HELPERS = """
    <?php
    use Laravel\\Lumen\\Routing\\Router;
    function crud(Router $router, string $action, string $name) {
        $router->get('/', ['uses' => "$action@index"]);
        $router->get('/{' . $name . '}', ['uses' => "$action@show"]);
    }
    """


def paths(files: dict[str, str]) -> set[str]:
    found = architecture({**SHOP, **files}).endpoints
    return {each.path.rstrip("/") for each in found}


def test_routes_of_a_file_that_a_group_requires_and_of_a_function_that_it_calls() -> None:
    files = {
        "orders/bootstrap/app.php": LUMEN,
        "orders/routes/web.php": ROUTES,
        "orders/app/helpers.php": HELPERS,
    }
    assert paths(files) == {"/api/v1/login", "/api/v1/orders", "/api/v1/orders/{}"}
    beside = {
        "orders/bootstrap/app.php": LUMEN,
        "orders/routes/web.php": f"{ROUTES}{HELPERS.replace('<?php', '')}",
    }
    assert paths(beside) == {"/api/v1/login", "/api/v1/orders", "/api/v1/orders/{}"}
    more = """
        $router->group(['prefix' => 'old'], function ($router) {
            // crud($router, 'OldController', 'old');
            $router->get('/list', 'OldController@list');
        });
        """
    files["orders/routes/web.php"] += more
    assert paths(files) == {*paths(beside), "/api/v1/old/list"}


def test_remarks_among_the_parameters_of_a_function_change_nothing() -> None:
    helpers = HELPERS.replace("Router $router,", "/* the group's */ Router $router,")
    files = {"orders/bootstrap/app.php": LUMEN, "orders/routes/web.php": ROUTES}
    found = paths({**files, "orders/app/helpers.php": helpers})
    assert found == {"/api/v1/login", "/api/v1/orders", "/api/v1/orders/{}"}


@pytest.mark.parametrize("name", ["defineBaseUrl", "resolveBaseUrl"])
def test_a_connector_of_saloon_asks_where_it_says(name: str) -> None:
    connector = f"""
        <?php
        namespace App;
        use Saloon\\Http\\Connector;
        class Bills extends Connector {{
            public function {name}(): string {{ return 'http://bills:81/api'; }}
        }}
        """
    found = architecture({**SHOP, "orders/app/Bills.php": connector})
    calls = {(e.source, e.target) for e in found.edges(EdgeKind.CALLS)}
    assert calls == {("service:orders", "service:bills")}
