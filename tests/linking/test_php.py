"""PHP systems from files to the graph."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind, NodeKind

COMPOSE = """
    services:
      shop:
        build: ./shop
      stock:
        build: ./stock
      db:
        image: mysql:8
      cache:
        image: redis:7
      mq:
        image: rabbitmq:3
      search:
        image: elasticsearch:8
    """
SYSTEM = {
    "compose.yaml": COMPOSE,
    "shop/Dockerfile": "FROM php:8-apache\nCOPY . /app\n",
    "shop/composer.json": '{"name": "acme/shop", "type": "project"}',
    "stock/Dockerfile": "FROM php:8-fpm\nCOPY . /app\n",
}


def edges(files: dict[str, str]) -> list[str]:
    kinds = (EdgeKind.CALLS, EdgeKind.USES, EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
    found = architecture(SYSTEM | files).edges(*kinds)
    said = {f"{e.source.partition(':')[2]} {e.kind} {e.target.partition(':')[2]}" for e in found}
    return sorted(said)


def endpoints(files: dict[str, str]) -> list[str]:
    found = architecture(SYSTEM | files).endpoints
    return sorted(f"{e.component.partition(':')[2]} {e.method} {e.path}" for e in found)


DATABASE = """<?php
    namespace App;
    use PDO;
    class Database {
        private $dsn;
        public function __construct(string $dsn, private string $user) { $this->dsn = $dsn; }
        public function open() { return new PDO($this->dsn, $this->user); }
    }
    """
STOCK = r"""<?php
    namespace App;
    class Stock {
        public function __construct(private string $url) {}
        public function get($id) { return curl_exec(curl_init(sprintf('%s/items/%s', $this->url, $id))); }
    }
    """


def test_a_container_wired_in_code_hands_addresses_to_constructors() -> None:
    kernel = """<?php
        namespace App;
        class Kernel {
            protected function configureContainer($c) {
                $c->setParameter('stock', getenv('STOCK_URL') ?: 'http://stock:8080');
                $c->setParameter('dsn', getenv('PDO_URL') ?: 'mysql:host=db;dbname=shop');
                $c->register(Database::class)->addArgument($c->getParameter('dsn'))->addArgument('app');
                $c->register(Stock::class)->setArgument('$url', $c->getParameter('stock'));
            }
        }
        """
    files = {"shop/src/Database.php": DATABASE, "shop/src/Stock.php": STOCK}
    assert edges({**files, "shop/src/Kernel.php": kernel}) == ["shop calls stock", "shop uses db"]
    assert "shop calls stock" not in edges(files)


def test_an_object_made_with_an_address_keeps_it() -> None:
    index = """<?php
        $stock = new App\\Stock(getenv('STOCK_URL') ?: 'http://stock');
        $database = new App\\Database("mysql:host=db;dbname=shop", "app");
        """
    files = {"shop/src/Database.php": DATABASE, "shop/src/Stock.php": STOCK}
    assert edges({**files, "shop/index.php": index}) == ["shop calls stock", "shop uses db"]


def test_a_class_that_is_its_own_handler_has_the_route_of_its_comment() -> None:
    controller = """<?php
        namespace App;
        /**
         * @Route("/_health", methods={"GET"})
         */
        class Health { public function __invoke() {} }
        """
    assert endpoints({"shop/src/Health.php": controller}) == ["shop GET /_health"]


LARAVEL = '{"name": "acme/shop", "type": "project", "require": {"laravel/framework": "^11"}}'


def test_laravel_uses_the_stores_that_its_variables_choose() -> None:
    example = """
        DB_CONNECTION=mysql
        DB_HOST=127.0.0.1
        CACHE_STORE=redis
        QUEUE_CONNECTION=rabbitmq
        SCOUT_DRIVER=null
        """
    files = {"shop/composer.json": LARAVEL, "shop/.env.example": example}
    assert edges(files) == ["shop uses cache", "shop uses db", "shop uses mq"]
    files["shop/.env.example"] = "DB_CONNECTION=sqlite\nCACHE_STORE=file\n"
    assert edges(files) == []


def test_one_applications_choice_is_not_anothers() -> None:
    files = {
        "shop/composer.json": LARAVEL,
        "stock/composer.json": LARAVEL.replace("shop", "stock"),
        "stock/.env.example": "DB_CONNECTION=mysql\nDB_HOST=db\n",
    }
    assert edges(files) == ["stock uses db"]


def test_entries_of_laravels_configuration() -> None:
    files = {
        "shop/composer.json": LARAVEL,
        "shop/config/services.php": """<?php
            return ['stock' => ['url' => env('STOCK_URL', 'http://stock'), 'key' => env('STOCK_KEY')]];
            """,
        "shop/app/Stock.php": """<?php
            namespace App;
            use Illuminate\\Support\\Facades\\Http;
            class Stock {
                public function all() { return Http::get(config('services.stock.url') . '/items'); }
            }
            """,
    }
    assert edges(files) == ["shop calls stock"]


def test_entries_of_an_array_that_another_file_returns() -> None:
    files = {
        "shop/settings.php": """<?php
            return ['db' => ['host' => getenv('DB_HOST') ?: 'db', 'dsn' => 'mysql:host=db;dbname=shop']];
            """,
        "shop/index.php": """<?php
            $settings = require __DIR__ . '/settings.php';
            $pdo = new PDO($settings['db']['dsn'], 'app', 'x');
            """,
    }
    assert edges(files) == ["shop uses db"]


SYMFONY = {
    "shop/.env": "DATABASE_URL=mysql://app@db:3306/shop\nQUEUE_DSN=amqp://mq:5672/%2f\n",
    "shop/config/packages/doctrine.yaml": """
        doctrine:
          dbal:
            url: '%env(resolve:DATABASE_URL)%'
        """,
    "shop/config/packages/messenger.yaml": """
        framework:
          messenger:
            transports:
              async:
                dsn: '%env(QUEUE_DSN)%'
                options:
                  exchange: {name: stock}
                  queues: {stock: {binding_keys: ['stock']}}
              sync: 'sync://'
        """,
}


def test_symfonys_packages_name_stores_and_queues() -> None:
    assert edges(SYMFONY) == ["shop uses db", "shop uses mq"]


def test_symfonys_services_hand_addresses_to_constructors() -> None:
    services = {
        "by name": """
            parameters:
              stock: 'http://stock'
            services:
              App\\Stock:
                arguments:
                  $url: '%stock%'
            """,
        "by position": """
            services:
              App\\Stock:
                arguments: ['http://stock']
            """,
        "for all": """
            services:
              _defaults:
                bind:
                  string $url: 'http://stock'
            """,
    }
    for written in services.values():
        files = {"shop/src/Stock.php": STOCK, "shop/config/services.yaml": written}
        assert edges(files) == ["shop calls stock"], written


def test_symfonys_routes_in_files() -> None:
    files = {
        "shop/config/routes.yaml": """
            order:
              path: /orders/{id}
              controller: App\\Controller\\Orders::show
              methods: [GET, HEAD]
            controllers:
              resource: ../src/Controller/
              type: attribute
              prefix: /api
            stock:
              resource: 'routes/stock.yaml'
              prefix: /stock
            """,
        "shop/config/routes/stock.yaml": """
            list:
              path: /
              controller: App\\Controller\\Stock
              methods: GET
            """,
        "shop/src/Controller/Items.php": """<?php
            namespace App\\Controller;
            use Symfony\\Component\\Routing\\Attribute\\Route;
            #[Route('/items')]
            class Items { #[Route('/{id}', methods: ['PUT'])] public function change() {} }
            """,
    }
    assert endpoints(files) == [
        "shop GET /orders/{id}",
        "shop GET /stock/",
        "shop HEAD /orders/{id}",
        "shop PUT /api/items/{id}",
    ]


def test_code_that_a_runtime_mounts_is_what_it_runs() -> None:
    compose = """
        services:
          web:
            image: nginx:1.27
            volumes: [./app:/var/www/html]
          php:
            image: php:8.3-fpm
            volumes: [./app:/var/www/html, ./docker/php.ini:/usr/local/etc/php/php.ini]
          worker:
            build: ./docker
            volumes: [./jobs:/jobs]
          db:
            image: mysql:8
        """
    files = {
        "compose.yaml": compose,
        "docker/Dockerfile": "FROM php:8.3-cli\nRUN docker-php-ext-install pdo\n",
        "app/index.php": "<?php\n$db = new PDO('mysql:host=db;dbname=shop', 'a', 'b');\n",
        "jobs/run.php": "<?php\nfile_get_contents('http://web/run');\n",
        "shop/Dockerfile": "FROM scratch\n",
        "stock/Dockerfile": "FROM scratch\n",
        "shop/composer.json": "{}",
    }
    paths = {
        node.name: node.path
        for node in architecture(SYSTEM | files).nodes()
        if node.kind == "service"
    }
    assert (paths["php"], paths["worker"]) == ("app", "jobs")
    assert edges(files) == ["php uses db", "worker calls web"]


def test_of_several_stores_the_one_that_is_started_before() -> None:
    compose = """
        services:
          shop:
            build: ./shop
            links: [orders]
          orders:
            image: mysql:8
          other:
            image: mysql:8
        """
    files = {
        "compose.yaml": compose,
        "shop/composer.json": LARAVEL,
        "shop/.env.example": "DB_CONNECTION=mysql\nDB_HOST=127.0.0.1\n",
    }
    assert edges(files) == ["shop uses orders"]
    assert edges({**files, "compose.yaml": compose.replace("orders]", "orders, other]")}) == []


def test_a_front_controller_serves_what_it_compares_the_request_with() -> None:
    index = r"""<?php
        $uri = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
        $method = $_SERVER['REQUEST_METHOD'];
        if ($uri === '/health' && $method === 'GET') { exit; }
        if (preg_match('#^/items/(\d+)$#', $uri, $found)) { item($found[1]); }
        switch ($uri) {
            case '/orders': orders(); break;
            case '/orders/open': open(); break;
        }
        $page = match ($uri) { '/about', '/imprint' => 1, default => 0 };
        switch ($mode) { case '/not/asked': break; }
        if ($file === '/etc/hosts') { exit; }
        """
    assert endpoints({"shop/index.php": index}) == [
        "shop * /about",
        "shop * /items/{1}",
        "shop * /orders",
        "shop * /orders/open",
        "shop GET /health",
    ]


def test_routers_of_several_libraries() -> None:
    files = {
        "shop/bootstrap/app.php": """<?php
            return Application::configure(basePath: dirname(__DIR__))
                ->withRouting(api: __DIR__.'/../routes/api.php', apiPrefix: 'v2')->create();
            """,
        "shop/routes/api.php": """<?php
            use Illuminate\\Support\\Facades\\Route;
            Route::apiResources(['tags' => TagController::class]);
            """,
        "stock/index.php": """<?php
            $d = FastRoute\\simpleDispatcher(function (FastRoute\\RouteCollector $r) {
                $r->addGroup('/stock', function (FastRoute\\RouteCollector $r) {
                    $r->addRoute(['GET', 'HEAD'], '/{id}', 'show');
                });
            });
            """,
        "stock/config/routes.php": """<?php
            use Cake\\Routing\\RouteBuilder;
            return function (RouteBuilder $routes) {
                $routes->scope('/cake', function (RouteBuilder $builder) {
                    $builder->connect('/pages', 'Pages::display');
                });
            };
            """,
    }
    assert endpoints(files) == [
        "shop DELETE /v2/tags/{tag}",
        "shop GET /v2/tags",
        "shop GET /v2/tags/{tag}",
        "shop POST /v2/tags",
        "shop PUT /v2/tags/{tag}",
        "stock * /cake/pages",
        "stock GET /stock/{id}",
        "stock HEAD /stock/{id}",
    ]


def test_clients_that_are_told_their_server_in_other_ways() -> None:
    written = {
        "$c = new SoapClient(null, ['location' => 'http://stock/soap', 'uri' => 'x']);": "calls stock",
        "$s = fopen('http://stock/all', 'r');": "calls stock",
        "$h = curl_init(); curl_setopt($h, CURLOPT_URL, 'stock:80/all/' . $id); curl_exec($h);": "calls stock",
        "$e = Elastic\\Elasticsearch\\ClientBuilder::create()->setHosts(['http://search:9200']);": "uses search",
        "$m = new PHPMailer\\PHPMailer\\PHPMailer(); $m->Host = 'stock';": "calls stock",
    }
    for text, edge in written.items():
        assert edges({"shop/index.php": f"<?php\n{text}\n"}) == [f"shop {edge}"], text
    assert edges({"shop/index.php": "<?php\n$s = fopen('data/all', 'r');\n"}) == []


JOB = r"""<?php
    namespace App\Jobs;
    use Illuminate\Contracts\Queue\ShouldQueue;
    class OrderPlaced implements ShouldQueue {
        public function handle() {}
    }
    """


def test_laravels_jobs_go_where_the_deployment_says() -> None:
    compose = """
        services:
          shop: {build: ./shop, environment: {QUEUE_CONNECTION: kafka, KAFKA_BROKERS: "log:9092"}}
          stock: {build: ./stock}
          cache: {image: redis}
          log: {image: apache/kafka}
        """
    files = {
        "compose.yaml": compose,
        "shop/composer.json": LARAVEL,
        "shop/app/Jobs/OrderPlaced.php": JOB,
        "stock/composer.json": LARAVEL.replace("shop", "stock"),
        "stock/app/Jobs/OrderPlaced.php": JOB,
    }
    found = [e for e in edges(files) if "App.Jobs" not in e]
    assert found == ["shop consumes log", "stock consumes log"]
    files["compose.yaml"] = compose.replace("kafka,", "redis,")
    assert {"shop consumes cache", "stock consumes cache"} <= set(edges(files))


def test_laravels_mail_server_of_somebody_else() -> None:
    compose = """
        services:
          shop: {build: ./shop, environment: {MAIL_HOST: smtp.mailer.example.net}}
        """
    files = {"compose.yaml": compose, "shop/composer.json": LARAVEL}
    assert edges(files) == ["shop calls smtp.mailer.example.net"]
    files["compose.yaml"] = "services: {shop: {build: ./shop}}\n"
    files["shop/.env.example"] = "MAIL_HOST=smtp.mailer.example.net\n"
    assert edges(files) == []


def test_classes_that_api_platform_serves() -> None:
    code = r"""<?php
        namespace App\Entity;
        use ApiPlatform\Metadata\ApiResource;
        use ApiPlatform\Metadata\Get;
        use ApiPlatform\Metadata\GetCollection;
        use ApiPlatform\Metadata\Post;

        #[ApiResource]
        class OrderLine {}

        #[ApiResource(operations: [new GetCollection(), new Post(uriTemplate: "/customers/invite")])]
        class Customer {}

        #[ApiResource]
        #[Get(uriTemplate: "/stock/{id}{._format}")]
        class Item {}
        """
    routes = "api_platform:\n  resource: .\n  type: api_platform\n  prefix: /api\n"
    files = {
        "shop/src/Entity/All.php": code,
        "shop/config/routes/api_platform.yaml": routes,
        "stock/src/Entity/All.php": code.partition("#[ApiResource(op")[0],
    }
    assert endpoints(files) == [
        "shop DELETE /api/order_lines/{id}",
        "shop GET /api/customers",
        "shop GET /api/order_lines",
        "shop GET /api/order_lines/{id}",
        "shop GET /api/stock/{id}",
        "shop PATCH /api/order_lines/{id}",
        "shop POST /api/customers/invite",
        "shop POST /api/order_lines",
        "stock DELETE /order_lines/{id}",
        "stock GET /order_lines",
        "stock GET /order_lines/{id}",
        "stock PATCH /order_lines/{id}",
        "stock POST /order_lines",
    ]


def test_routes_that_a_file_of_routes_requires() -> None:
    files = {
        "compose.yaml": "services: {shop: {build: ./shop}}\n",
        "shop/Dockerfile": "FROM php:8\nCOPY . .\n",
        "shop/composer.json": LARAVEL,
        "shop/routes/api.php": """<?php
            require __DIR__.'/api/orders.php';
            Route::prefix('v2')->group(function () {
                require __DIR__ . '/later.php';
            });
            """,
        "shop/routes/api/orders.php": """<?php
            Route::get('orders', [Orders::class, 'all']);
            Route::apiSingleton('profile', Profile::class)->creatable();
            """,
        "shop/routes/later.php": "<?php\nRoute::post('orders', [Orders::class, 'add']);\n",
    }
    found = {each.path for each in architecture(files).endpoints}
    assert found == {"/api/orders", "/api/profile", "/api/v2/orders"}


def test_a_database_that_laravel_is_started_after() -> None:
    files = {
        "compose.yaml": """
            services:
              shop: {build: ./shop, depends_on: [shelf]}
              shelf: {image: "postgres:17"}
            """,
        "shop/Dockerfile": "FROM php:8\nCOPY . .\n",
        "shop/composer.json": LARAVEL,
        "shop/.env.example": "DB_CONNECTION=sqlite\n",
    }
    wanted = ("service:shop", "database:shelf")
    assert wanted in {(e.source, e.target) for e in architecture(files).edges()}
    chosen = files["compose.yaml"].replace(
        "depends_on", "environment: {DB_CONNECTION: sqlite}, depends_on"
    )
    found = architecture({**files, "compose.yaml": chosen})
    assert wanted not in {(e.source, e.target) for e in found.edges()}


@pytest.mark.parametrize(
    ("package", "names"),
    [
        ("laravel/laravel", ["orders", "products"]),  # the name of the empty project
        ("symfony/website-skeleton", ["orders", "products"]),
        ("acme/%s-api", ["orders-api", "products-api"]),
    ],
)
def test_programs_named_after_the_project_that_they_began_as(
    package: str, names: list[str]
) -> None:
    files = {
        f"{folder}/{name}": text
        for folder in ("orders", "products")
        for name, text in {
            "composer.json": '{"name": "NAME", "type": "project", "require": {"laravel/framework": "^9"}}'.replace(
                "NAME", package.replace("%s", folder)
            ),
            "routes/api.php": f"<?php Route::get('/{folder}', [ListController::class, 'index']);",
        }.items()
    }
    found = architecture(files)
    assert sorted(node.name for node in found.nodes(NodeKind.SERVICE)) == names


def test_the_base_path_of_slim() -> None:
    files = {
        "composer.json": '{"require": {"slim/slim": "^4"}}',
        "public/index.php": (
            "<?php\nuse Slim\\Factory\\AppFactory;\n$app = AppFactory::create();\n"
            "$app->setBasePath('/shop');\n$app->get('/orders', Orders::class);\n$app->run();\n"
        ),
    }
    assert {each.path for each in architecture(files).endpoints} == {"/shop/orders"}


ALTO = """
    <?php
    $router = new AltoRouter();
    $router->setBasePath('/api');
    $router->map('GET|POST', '/boats/[i:id]', 'Boats#show');
    $router->addRoutes([['PATCH', '/crews/[*:name]', 'crews#rename']]);
    """
KLEIN = """
    <?php
    $klein = new \\Klein\\Klein();
    $klein->respond(['POST', 'PUT'], '/boats/[i:id]', function ($request) {});
    $klein->respond('/any', function () {});
    $klein->respond('*', function () {});
    $klein->with('/crews', function () use ($klein) {
        $klein->respond('GET', '/?', function () {});
    });
    """
BRAMUS = """
    <?php
    $router = new \\Bramus\\Router\\Router();
    $router->mount('/boats', function () use ($router) {
        $router->get('/(\\d+)', function ($id) {});
        $router->all('/', function () {});
    });
    """
MATCHED = """
    <?php
    $asked = $_SERVER['REQUEST_METHOD'] . ' ' . $_SERVER['REQUEST_URI'];
    echo match ($asked) {
        'GET /boats' => all(),
        'POST /boats', 'PUT /boats' => add(),
        default => none(),
    };
    """


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (ALTO, ["GET /api/boats/{id}", "PATCH /api/crews/{name}", "POST /api/boats/{id}"]),
        (KLEIN, ["* /any", "GET /crews", "POST /boats/{id}", "PUT /boats/{id}"]),
        (BRAMUS, ["* /boats", "GET /boats/{}"]),
        (MATCHED, ["GET /boats", "POST /boats"]),
    ],
)
def test_small_routers(source: str, expected: list[str]) -> None:
    files = {"composer.json": '{"name": "acme/boats"}', "index.php": source}
    found = architecture(files).endpoints
    assert sorted(f"{each.method} {each.path}" for each in found) == expected
