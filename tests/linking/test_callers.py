"""Whether somebody waits for a query: by the function that it stands in, and who calls that."""

from __future__ import annotations

from textwrap import dedent

import pytest
from tests.linking.system import architecture, origins

from scaleaudit.architecture import Origin
from scaleaudit.facts import QueryFound, RemoteCall

SERVICES = """
    from django.db import connection

    def stale_orders(day):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM orders WHERE day < %s", [day])
            return cursor.fetchall()

    def open_orders(day):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM orders WHERE day > %s", [day])
            return cursor.fetchall()
"""
VIEWS = """
    from shop import services

    def order_list(request):
        return services.open_orders(request.GET["day"])
"""
URLS = """
    from django.urls import path
    from shop import views

    urlpatterns = [path("orders/", views.order_list)]
"""
TASKS = """
    from celery import shared_task
    from shop import services

    @shared_task
    def remove_orders(day):
        services.stale_orders(day)
"""
DJANGO = {
    "shop/services.py": SERVICES,
    "shop/views.py": VIEWS,
    "shop/urls.py": URLS,
    "shop/tasks.py": TASKS,
}


def test_a_helper_that_only_tasks_call_runs_in_tasks() -> None:
    assert origins(DJANGO) == {"stale_orders": Origin.JOB, "open_orders": Origin.HANDLER}


def test_a_call_that_only_tasks_make() -> None:
    calling = SERVICES.replace("from django.db import connection", "import requests")
    for name in ("stale", "open"):
        calling += (
            f"\n    def {name}_prices(day):\n        return requests.get('https://acme.io')\n"
        )
    files = {
        "shop/services.py": calling,
        "shop/tasks.py": TASKS.replace("stale_orders", "stale_prices"),
        "shop/views.py": VIEWS.replace("open_orders", "open_prices"),
    }
    assert origins(DJANGO | files, RemoteCall) == {
        "stale_prices": Origin.JOB,
        "open_prices": Origin.HANDLER,
    }


@pytest.mark.parametrize(
    "also",
    [
        {
            "shop/views.py": VIEWS
            + "\n    def old(request):\n        return services.stale_orders(1)\n"
        },
        {"shop/views.py": VIEWS + "\n    ASKED = [services.stale_orders]\n"},
        {"shop/templates/orders.html": "{% for o in shop.stale_orders %}{{ o.id }}{% endfor %}"},
        {"shop/views.py": "from shop.services import stale_orders as orders\n" + dedent(VIEWS)},
    ],
    ids=["another view", "a list of functions", "a template", "another name"],
)
def test_any_other_place_of_the_name_may_be_a_call(also: dict[str, str]) -> None:
    assert origins(DJANGO | also)["stale_orders"] is Origin.HANDLER


def test_callers_of_callers_and_tests_that_say_nothing() -> None:
    found = origins(
        DJANGO
        | {
            "shop/tasks.py": "from celery import shared_task\nfrom shop.steps import remove_steps\n\n"
            "@shared_task\ndef remove_orders(day):\n    remove_steps(day)\n",
            "shop/steps.py": "from shop import services\n\n\ndef remove_steps(day):\n"
            "    services.stale_orders(day)\n    again_steps(day)\n\n\n"
            "def again_steps(day):\n    remove_steps(day)\n",
            "tests/test_services.py": "from shop import services\n\n\ndef test_stale():\n"
            "    assert services.stale_orders(1)\n",
        }
    )
    assert found["stale_orders"] is Origin.JOB


def test_a_circle_of_callers_that_a_request_enters_is_a_request() -> None:
    steps = (
        "from shop import services\n\n\ndef remove_steps(day):\n    again_steps(day)\n\n\n"
        "def again_steps(day):\n    services.stale_orders(day)\n    remove_steps(day)\n"
    )
    views = VIEWS + "\n    def old(request):\n        remove_steps(1)\n"
    found = origins(DJANGO | {"shop/steps.py": steps, "shop/views.py": views})
    assert found["stale_orders"] is Origin.HANDLER


def test_what_nobody_calls_is_no_request() -> None:
    alone = {path: text for path, text in DJANGO.items() if path != "shop/tasks.py"}
    assert origins(alone) == {"stale_orders": Origin.UNKNOWN, "open_orders": Origin.HANDLER}
    renamed = "from shop.services import stale_orders as orders\n" + dedent(VIEWS)
    found = origins(alone | {"shop/views.py": renamed + "\n\ndef old(request):\n    orders(1)\n"})
    assert found["stale_orders"] is Origin.HANDLER


STORE = """
    from shop.db import session

    class {owner}:
        def open_orders(self, day):
            return session.execute("SELECT id FROM orders WHERE day > 1")

        {marked}
        def {name}(self, day):
            return session.execute("SELECT id FROM orders WHERE day < 1")
"""
ROUTES = """
    from fastapi import FastAPI
    from {module} import {owner}

    app = FastAPI()

    @app.get("/orders")
    def order_list():
        return {owner}().open_orders(1)
"""


@pytest.mark.parametrize(
    ("path", "owner", "name", "origin"),
    [
        ("shop/repos/order.py", "Orders", "stale_orders", Origin.UNKNOWN),
        ("shop/orders.py", "OrderRepo", "stale_orders", Origin.UNKNOWN),
        ("shop/models/order.py", "Order", "stale_orders", Origin.UNKNOWN),
        ("shop/repos/order.py", "Orders", "get_by_natural_key", Origin.HANDLER),
        ("shop/orders.py", "OrderBackend", "stale_orders", Origin.HANDLER),  # a library's, maybe
    ],
)
def test_what_nobody_asks_of_a_store_in_python(
    path: str, owner: str, name: str, origin: Origin
) -> None:
    module = path.removesuffix(".py").replace("/", ".")
    files = {
        "requirements.txt": "fastapi",
        path: STORE.format(owner=owner, name=name, marked=""),
        "shop/main.py": ROUTES.format(module=module, owner=owner),
        "tests/test_store.py": f"import pytest\nfrom {module} import {owner}\n\n\ndef test_it():\n"
        f"    {owner}().{name}(1)\n",
    }
    assert origins(files) == {"open_orders": Origin.HANDLER, name: origin}
    seldom = {site.fact.scope: site.fact.seldom for site in architecture(files).sites(QueryFound)}
    assert seldom == {f"{owner}.open_orders": False, f"{owner}.{name}": origin is Origin.UNKNOWN}
    also = {"shop/more.py": f"ASKED = ['{name}']\n"}
    assert origins(files | also)[name] is Origin.HANDLER
    handed = {path: STORE.format(owner=owner, name=name, marked="@registry.hook()")}
    assert origins(files | handed)[name] is Origin.HANDLER
    static = {path: STORE.format(owner=owner, name=name, marked="@staticmethod")}
    assert origins(files | static)[name] is origin


def test_a_command_that_a_factory_declares_among_routes() -> None:
    factory = """
        from flask import Flask
        from shop.db import connection

        def create_app():
            app = Flask(__name__)

            @app.cli.command("stale")
            def stale_orders():
                connection().execute("SELECT id FROM orders WHERE day < 1")

            @app.get("/orders")
            def open_orders():
                return connection().execute("SELECT id FROM orders WHERE day > 1")

            return app
    """
    assert origins({"shop/app.py": factory}) == {
        "stale_orders": Origin.ADMIN,
        "open_orders": Origin.HANDLER,
    }


def test_a_name_of_one_word_or_of_a_framework_tells_nothing() -> None:
    services = SERVICES.replace("stale_orders", "stale")
    tasks = TASKS.replace("stale_orders", "stale")
    assert origins(DJANGO | {"shop/services.py": services, "shop/tasks.py": tasks})["stale"] is (
        Origin.HANDLER
    )
    services = SERVICES.replace("stale_orders", "get_queryset")
    tasks = TASKS.replace("stale_orders", "get_queryset")
    found = origins(DJANGO | {"shop/services.py": services, "shop/tasks.py": tasks})
    assert found["get_queryset"] is Origin.HANDLER


def test_a_decorator_may_hand_a_function_to_a_framework() -> None:
    marked = SERVICES.replace("    def stale_orders", "    @registry.route()\n    def stale_orders")
    assert origins(DJANGO | {"shop/services.py": marked})["stale_orders"] is Origin.HANDLER
    for harmless in ("@transaction.atomic", '@statsd(namespace="dao")', "@begin_session"):
        kept = SERVICES.replace("    def stale_orders", f"    {harmless}\n    def stale_orders")
        assert origins(DJANGO | {"shop/services.py": kept})["stale_orders"] is Origin.JOB


def test_a_view_that_turns_everybody_but_the_staff_away() -> None:
    views = """
        from django.db import connection

        def all_orders(request):
            if not request.user.is_staff and not request.user.is_superuser:
                return HttpResponseForbidden("Not for you.")
            with connection.cursor() as cursor:
                cursor.execute("SELECT id FROM orders WHERE day > %s", [1])

        def some_orders(request):
            if not request.user.is_staff:
                return own_orders(request)
            with connection.cursor() as cursor:
                cursor.execute("SELECT id FROM orders WHERE day > %s", [1])
    """
    assert origins({"shop/views.py": views}) == {
        "all_orders": Origin.ADMIN,
        "some_orders": Origin.HANDLER,
    }


@pytest.mark.parametrize(
    ("decorator", "origin"),
    [
        ("@manager_required", Origin.ADMIN),
        ("@moderator_only", Origin.ADMIN),
        ("@login_required", Origin.HANDLER),
    ],
)
def test_what_a_view_of_those_who_run_it_calls(decorator: str, origin: Origin) -> None:
    views = VIEWS.replace("    def order_list", f"    {decorator}\n    def order_list")
    assert origins(DJANGO | {"shop/views.py": views})["open_orders"] is origin


def test_a_task_in_a_file_of_views_is_a_task() -> None:
    views = VIEWS + (
        "\n    @shared_task\n    def sum_up(day):\n        with connection.cursor() as cursor:\n"
        '            cursor.execute("SELECT id FROM orders WHERE total > %s", [day])\n'
        "\n    @staff_member_required\n    def all_orders(request):\n"
        "        with connection.cursor() as cursor:\n"
        '            cursor.execute("SELECT id FROM orders WHERE paid > %s", [1])\n'
    )
    found = origins(DJANGO | {"shop/views.py": views})
    assert (found["sum_up"], found["all_orders"]) == (Origin.JOB, Origin.ADMIN)


def test_a_task_that_has_the_name_of_what_it_calls() -> None:
    tasks = TASKS.replace("remove_orders", "stale_orders")
    settings = 'BEAT = {"stale": {"task": "shop.tasks.stale_orders"}}\n'
    files = DJANGO | {"shop/tasks.py": tasks, "shop/settings.py": settings}
    assert origins(files)["stale_orders"] is Origin.JOB
    del files["shop/tasks.py"]
    assert origins(files)["stale_orders"] is Origin.HANDLER


def test_a_signal_that_is_sent_by_the_clock() -> None:
    receiver = SERVICES.replace(
        "    def stale_orders", "    @receiver(signal=periodic_task)\n    def stale_orders"
    )
    found = origins(DJANGO | {"shop/services.py": receiver, "shop/tasks.py": ""})
    assert found["stale_orders"] is Origin.JOB


RAILS = {
    "config/routes.rb": 'Rails.application.routes.draw do\n  get "/orders", to: "orders#index"\nend\n',
    "app/controllers/orders_controller.rb": """
        class OrdersController < ApplicationController
          def index
            render json: Order.open_rows
          end
        end
    """,
    "app/models/order.rb": """
        class Order < ApplicationRecord
          def self.open_rows
            connection.execute("SELECT id FROM orders WHERE day > 1")
          end

          def self.expire_rows!
            connection.execute("SELECT id FROM orders WHERE day < 1")
          end

          def mark_rows
            self.class.connection.execute("SELECT id FROM orders WHERE day = 1")
          end
        end
    """,
    "app/jobs/expire_job.rb": """
        class ExpireJob < ApplicationJob
          def perform
            Order.expire_rows!
            Order.first.mark_rows
          end
        end
    """,
}


def test_methods_of_a_rails_model() -> None:
    found = origins(RAILS)
    assert found == {
        "open_rows": Origin.HANDLER,
        "expire_rows!": Origin.JOB,
        "mark_rows": Origin.JOB,
    }
    callback = RAILS["app/models/order.rb"].replace(
        "  def self.open_rows", "  after_save :mark_rows\n\n          def self.open_rows", 1
    )
    found = origins(RAILS | {"app/models/order.rb": callback})
    assert found["mark_rows"] is Origin.HANDLER
    found = origins(RAILS | {"app/views/orders/show.html.haml": "%p= @order.mark_rows\n"})
    assert found["mark_rows"] is Origin.HANDLER


@pytest.mark.parametrize(
    ("folder", "origin"),
    [
        ("lib", Origin.UNKNOWN),
        ("lib/devise/strategies", Origin.HANDLER),  # called by the library that it extends
        ("app/models", Origin.HANDLER),  # or by one that looks for methods of models
    ],
)
def test_what_nobody_asks_of_a_module_in_ruby(folder: str, origin: Origin) -> None:
    module = """
        module OrderRows
          module_function

          def open_rows
            ActiveRecord::Base.connection.execute("SELECT id FROM orders WHERE day > 1")
          end

          def fill_rows
            ActiveRecord::Base.connection.execute("SELECT id FROM orders WHERE day < 1")
          end
        end
    """
    controller = f"""
        require_relative "../../{folder}/order_rows"
        class OrdersController < ApplicationController
          def index
            render json: OrderRows.open_rows
          end
        end
    """
    shop = {key: RAILS[key] for key in ("config/routes.rb", "app/models/order.rb")}
    shop |= {"app/controllers/orders_controller.rb": controller}
    found = origins({**shop, f"{folder}/order_rows.rb": module})
    assert (found["open_rows"], found["fill_rows"]) == (Origin.HANDLER, origin)


def test_a_controller_of_the_staff_says_so_at_its_top() -> None:
    controller = """
        class OrdersController < ApplicationController
          before_action :require_admin{}

          def index
            Order.connection.execute("SELECT id FROM orders WHERE day > 1")
          end
        end
    """
    path = "app/controllers/orders_controller.rb"
    found = origins({**RAILS, path: controller.format("")})
    assert found["index"] is Origin.ADMIN
    found = origins({**RAILS, path: controller.format(", only: [:destroy]")})
    assert found["index"] is Origin.HANDLER


SPRING = {
    "src/main/java/shop/OrderController.java": """
        package shop;
        import org.springframework.web.bind.annotation.*;
        @RestController
        public class OrderController {
          private final OrderStore store;
          @GetMapping("/orders")
          public Object list() { return store.openOrders(1); }
        }
    """,
    "src/main/java/shop/OrderStore.java": """
        package shop;
        import org.springframework.jdbc.core.JdbcTemplate;
        public class OrderStore {
          private final JdbcTemplate jdbc;
          public Object openOrders(int day) {
            return jdbc.queryForList("SELECT id FROM orders WHERE day > ?", day);
          }
          @Transactional
          public Object staleOrders(int day) {
            return jdbc.queryForList("SELECT id FROM orders WHERE day < ?", day);
          }
        }
    """,
    "src/main/java/shop/OrderService.java": """
        package shop;
        import org.springframework.scheduling.annotation.Scheduled;
        public class OrderService {
          private final OrderStore store;
          @Scheduled(fixedRate = 60000)
          public void sweepOrders() { store.staleOrders(1); }
        }
    """,
}
NEST = {
    "src/orders/orders.controller.ts": """
        import { Controller, Get } from '@nestjs/common';
        import { OrdersService } from './orders.service';
        @Controller('orders')
        export class OrdersController {
          constructor(private readonly orders: OrdersService) {}
          @Get()
          list() { return this.orders.openOrders(1); }
        }
    """,
    "src/orders/orders.service.ts": """
        import { Cron } from '@nestjs/schedule';
        import { DataSource } from 'typeorm';
        export class OrdersService {
          constructor(private readonly source: DataSource) {}
          async openOrders(day: number) {
            return this.source.query('SELECT id FROM orders WHERE day > $1', [day]);
          }
          async staleOrders(day: number) {
            return this.source.query('SELECT id FROM orders WHERE day < $1', [day]);
          }
          @Cron('0 * * * *')
          async sweep() { return this.staleOrders(1); }
        }
    """,
}
GO = {
    "main.go": """
        package main
        import "net/http"
        func main() {
            go sweep()
            http.HandleFunc("/orders", listOrders)
            http.ListenAndServe(":80", nil)
        }
        func sweep() {
            for range time.NewTicker(time.Hour).C {
                StaleOrders(1)
            }
        }
        func listOrders(w http.ResponseWriter, r *http.Request) { OpenOrders(1) }
    """,
    "store.go": """
        package main
        import "database/sql"
        var db *sql.DB
        func OpenOrders(day int) { db.Query("SELECT id FROM orders WHERE day > ?", day) }
        func StaleOrders(day int) { db.Query("SELECT id FROM orders WHERE day < ?", day) }
    """,
}


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (SPRING, ("openOrders", "staleOrders")),
        (NEST, ("openOrders", "staleOrders")),
        (GO, ("OpenOrders", "StaleOrders")),
    ],
    ids=["spring", "nest", "go"],
)
def test_what_a_schedule_alone_calls(files: dict[str, str], names: tuple[str, str]) -> None:
    found = origins(files)
    assert found[names[0]] in (Origin.HANDLER, Origin.UNKNOWN)
    assert found[names[1]] is Origin.JOB


@pytest.mark.parametrize("folder", ["shop-api", "api", "apps/web"])
@pytest.mark.parametrize("files", [SPRING, NEST], ids=["spring", "nest"])
def test_the_folder_of_a_program_is_none_of_its_routes(folder: str, files: dict[str, str]) -> None:
    found = origins({f"{folder}/{path}": text for path, text in files.items()})
    assert found["staleOrders"] is Origin.JOB
    assert found["openOrders"] in (Origin.HANDLER, Origin.UNKNOWN)


def test_jobs_that_a_product_offers_are_no_background_work() -> None:
    files = {
        "shop/jobs/steps.py": "from shop import services\n\n\ndef list_offers():\n"
        "    return services.stale_orders(1)\n",
    }
    assert origins({**DJANGO, **files, "shop/tasks.py": ""})["stale_orders"] is Origin.JOB
    served = 'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/offers")\ndef offers():\n    return ""\n'
    files["shop/jobs/pages.py"] = served
    assert origins({**DJANGO, **files, "shop/tasks.py": ""})["stale_orders"] is Origin.HANDLER


def test_what_phoenix_serves_and_what_nobody_calls() -> None:
    """A context holds more than its controllers ask for: of that nobody knows who waits."""
    found = origins(
        {
            "lib/shop_web/router.ex": """
                defmodule ShopWeb.Router do
                  use ShopWeb, :router
                  scope "/", ShopWeb do
                    get "/orders", OrderController, :index
                  end
                end
            """,
            "lib/shop_web/controllers/order_controller.ex": """
                defmodule ShopWeb.OrderController do
                  alias Shop.Orders
                  def index(conn, _), do: render(conn, orders: Orders.open_orders())
                end
            """,
            "lib/shop/orders.ex": """
                defmodule Shop.Orders do
                  alias Shop.Repo
                  @spec list_orders() :: [map]
                  @doc "iex> list_orders()"
                  def list_orders, do: Repo.query("SELECT id FROM orders WHERE day < 1")
                  def open_orders, do: Repo.query("SELECT id FROM orders WHERE day > 1")
                  def stale_orders, do: Repo.query("SELECT id FROM orders WHERE day = 1")
                end
            """,
            "lib/shop/workers/expire.ex": """
                defmodule Shop.Workers.Expire do
                  use Oban.Worker
                  def perform(_job), do: Shop.Orders.stale_orders()
                end
            """,
        }
    )
    assert found == {
        "list_orders": Origin.UNKNOWN,
        "open_orders": Origin.HANDLER,
        "stale_orders": Origin.JOB,
    }


GO_LAYERS = {
    "go.mod": "module shop\n",
    "api/orders.go": """
        package api
        import "net/http"
        func (a *Api) Index(w http.ResponseWriter, r *http.Request) { a.service.ListOpen(1) }
        func (a *Api) routes() { http.HandleFunc("/orders", a.Index) }
    """,
    "service/orders.go": """
        package service
        func (s *Service) ListOpen(day int) { s.store.OpenOrders(day) }
        func (s *Service) sweep() {
            for range time.NewTicker(time.Hour).C {
                s.store.StaleOrders(1)
            }
        }
    """,
    "store/orders.go": """
        package store
        import "database/sql"
        var db *sql.DB
        func (s *Store) OpenOrders(day int) { db.Query("SELECT id FROM orders WHERE day > ?", day) }
        func (s *Store) StaleOrders(day int) { db.Query("SELECT id FROM orders WHERE day < ?", day) }
        func (s *Store) LostOrders(day int) { db.Query("SELECT id FROM orders WHERE day = ?", day) }
    """,
}


def test_packages_of_go_that_only_their_program_joins() -> None:
    """Interfaces stand between them: the names of several words tell who calls whom."""
    assert origins(GO_LAYERS) == {
        "OpenOrders": Origin.HANDLER,
        "StaleOrders": Origin.JOB,
        "LostOrders": Origin.UNKNOWN,
    }
    grpc = """
        package api
        func (a *Api) Index(ctx context.Context, asked *shoppb.Day) (*shoppb.Orders, error) { a.service.ListOpen(1) }
    """
    assert origins({**GO_LAYERS, "api/orders.go": grpc})["OpenOrders"] is Origin.HANDLER
    made = """
        package api
        func (a *Api) index() http.HandlerFunc {
            return func(w http.ResponseWriter, r *http.Request) { a.service.ListOpen(1) }
        }
    """
    assert origins({**GO_LAYERS, "api/orders.go": made})["OpenOrders"] is Origin.HANDLER
    alone = "package api\nfunc (a *Api) Index() { a.service.ListOpen(1) }\n"
    assert origins({**GO_LAYERS, "api/orders.go": alone})["OpenOrders"] is Origin.UNKNOWN


def test_a_function_of_a_file_of_the_web_is_a_request_only_as_a_method() -> None:
    """A class there is a framework's to call; a function of Python beside it, whoever names it."""
    service = dedent(DJANGO["shop/services.py"])
    files = {
        **{path: text.replace("services", "helpers") for path, text in DJANGO.items()},
        "shop/helpers.py": service,
    }
    del files["shop/services.py"]
    assert origins(files)["stale_orders"] is Origin.JOB
    methods = service.replace("def stale_orders(day)", "class Parts:\n    def stale_orders(day)")
    body = 'cursor.execute("SELECT id FROM orders WHERE day < %s", [day])'
    methods = f"class Parts:\n    def stale_orders(self, day):\n        with connection.cursor() as cursor:\n            {body}\n"
    head = "from django.db import connection\n\n"
    assert origins({**files, "shop/helpers.py": head + methods})["stale_orders"] is Origin.HANDLER


def test_functions_of_kotlin_in_a_file_of_routes() -> None:
    code = (
        "package shop.{0}\n\nfun staleOrders(session: Session) =\n"
        '    session.list(queryOf("select id from orders where day < 1"))\n'
    )
    found = origins({"src/main/kotlin/shop/routes/Orders.kt": code.format("routes")})
    assert found["staleOrders"] is Origin.HANDLER
    found = origins({"src/main/kotlin/shop/store/Orders.kt": code.format("store")})
    assert found["staleOrders"] is Origin.UNKNOWN


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("OrderRepository", Origin.UNKNOWN),
        ("OrderPresenter", Origin.HANDLER),  # templates may ask it for anything
    ],
)
def test_what_nobody_asks_of_a_repository_in_php(name: str, origin: Origin) -> None:
    files = {
        "composer.json": '{"require": {"laravel/framework": "11"}}',
        "routes/web.php": "<?php Route::get('/orders', [App\\Http\\Controllers\\OrderController::class, 'index']);",
        "app/Http/Controllers/OrderController.php": "<?php namespace App\\Http\\Controllers;\n"
        f"use App\\Shop\\{name};\n"
        f"class OrderController {{ public function index({name} $orders) {{ return $orders->openOrders(); }} }}",
        f"app/Shop/{name}.php": f"<?php namespace App\\Shop;\nuse Illuminate\\Support\\Facades\\DB;\nclass {name} {{\n"
        "    public function openOrders() { return DB::select('SELECT id FROM orders WHERE day > 1'); }\n"
        "    public function oldOrders() { return DB::select('SELECT id FROM orders WHERE day < 1'); }\n}",
    }
    assert origins(files) == {"openOrders": Origin.HANDLER, "oldOrders": origin}


LOAN_STORE = """
    export class LoanStore {
        constructor(private db: Knex) {}

        async getAll(): Promise<Loan[]> {
            return this.db('loans').select();
        }

        async getOfReader(reader: string): Promise<Loan[]> {
            return this.db('loans').where({ reader });
        }
    }
"""
LOAN_SERVICE = """
    import { Router } from 'express';
    import { LoanStore } from './loan-store';
    import { readerStore } from './reader-store';

    const loanStore = new LoanStore(db);
    export const router = Router();
    router.get('/loans', async (req, res) => res.json(await loanStore.getOfReader(req.user.id)));
"""
READER_STORE = """
    export class ReaderStore {
        async getAll(): Promise<Reader[]> {
            return this.db('readers').select();
        }
    }
"""
READER_ROUTES = """
    import { Router } from 'express';
    import { ReaderStore } from './reader-store';

    export const readers = Router();
    readers.get('/readers', async (req, res) => res.json(await new ReaderStore(db).getAll()));
"""
LIBRARY = {
    "src/loan-store.ts": LOAN_STORE,
    "src/reader-store.ts": READER_STORE,
    "src/loan-routes.ts": LOAN_SERVICE,
    "src/reader-routes.ts": READER_ROUTES,
}


def library(changed: dict[str, str]) -> dict[str, Origin]:
    found = architecture(LIBRARY | changed).sites(QueryFound)
    return {site.fact.scope: site.origin for site in found}


def test_a_method_that_the_users_of_its_class_leave_alone() -> None:
    assert library({}) == {
        "LoanStore.getAll": Origin.UNKNOWN,
        "LoanStore.getOfReader": Origin.HANDLER,
        "ReaderStore.getAll": Origin.HANDLER,
    }


@pytest.mark.parametrize("name", ["onModuleInit", "onApplicationBootstrap", "toJSON"])
def test_a_method_that_frameworks_call_is_asked(name: str) -> None:
    found = library({"src/loan-store.ts": LOAN_STORE.replace("getAll", name)})
    assert found[f"LoanStore.{name}"] is Origin.HANDLER


@pytest.mark.parametrize(
    "also",
    [
        # one that gets the object by its name
        "export const all = async ({ loanStore }) => loanStore.getAll();",
        # one that keeps it in a field
        "export class All { all() { return this._loanStore.getAll(); } }",
        # one that imports the file under whatever name
        "import * as held from './loan-store';\nexport function all() { return held.it.getAll(); }",
    ],
)
@pytest.mark.parametrize("owner", ["LoanStore", "PgLoanStore"])
def test_a_method_that_one_user_of_its_class_names(owner: str, also: str) -> None:
    named = {path: text.replace("LoanStore", owner) for path, text in LIBRARY.items()}
    assert library(named)[f"{owner}.getAll"] is Origin.UNKNOWN
    found = library(named | {"src/more.ts": also})
    assert found[f"{owner}.getAll"] is Origin.HANDLER


@pytest.mark.parametrize(
    "changed",
    [
        # nobody is seen to use the class: it is asked under a name that is not known
        {"src/loan-routes.ts": LOAN_SERVICE.replace("getOfReader", "fetchThem")},
        # the class asks itself
        {
            "src/loan-store.ts": LOAN_STORE.replace(
                "return this.db('loans').where({ reader });",
                "return (await this.getAll()).concat(await this.db('loans').where({ reader }));",
            )
        },
        # its name is one word, which is not looked for
        {"src/loan-store.ts": LOAN_STORE.replace("getAll", "every")},
    ],
)
def test_a_method_of_which_too_little_is_known_is_asked(changed: dict[str, str]) -> None:
    found = library(changed)
    assert Origin.UNKNOWN not in found.values()


def test_a_list_of_what_a_module_hands_on_calls_nothing() -> None:
    listed = {"shop/__init__.py": "from shop.services import *\n\n__all__ = ['stale_orders']\n"}
    assert origins(DJANGO | listed)["stale_orders"] is Origin.JOB


SENDER = """
    import axios from "axios";

    export interface Sends {
      sendOrders(url: string): Promise<void>;
    }

    export class OrderSender implements Sends {
      async sendOrders(url: string) { await axios.post(url, {}); }
      async resendOrders(url: string) { await axios.post(url, {}); }
    }
"""


def test_a_call_that_nobody_makes_is_no_wait() -> None:
    start = """
        import { OrderSender } from "./order-sender";
        const orderSender = new OrderSender();
        export async function nightly(url: string) { await orderSender.sendOrders(url); }
    """
    found = origins({"src/order-sender.ts": SENDER, "src/nightly.ts": start}, RemoteCall)
    assert set(found) == {"sendOrders"}


@pytest.mark.parametrize(
    ("owner", "origin"), [("FilesService", Origin.JOB), ("FilesGateway", Origin.HANDLER)]
)
def test_what_a_service_handles_is_asked_by_those_who_name_it(owner: str, origin: Origin) -> None:
    service = f"""
        import {{ Injectable }} from "@nestjs/common";
        import {{ db }} from "./db";

        @Injectable()
        export class {owner} {{
          async handleLostFiles() {{ return db.query("SELECT id FROM files WHERE owner_id = 1"); }}
          async openFiles() {{ return db.query("SELECT id FROM files WHERE id = 1"); }}
        }}
    """
    worker = f"""
        import {{ Processor, WorkerHost }} from "@nestjs/bullmq";
        import {{ {owner} }} from "./files";

        @Processor("files")
        export class FilesProcessor extends WorkerHost {{
          constructor(private readonly files: {owner}) {{ super(); }}
          async process() {{ await this.files.handleLostFiles(); }}
        }}
    """
    controller = f"""
        import {{ Controller, Get }} from "@nestjs/common";
        import {{ {owner} }} from "./files";

        @Controller("files")
        export class FilesController {{
          constructor(private readonly files: {owner}) {{}}
          @Get() all() {{ return this.files.openFiles(); }}
        }}
    """
    found = origins(
        {
            "src/files.ts": service,
            "src/files.processor.ts": worker,
            "src/files.controller.ts": controller,
        }
    )
    assert found == {"handleLostFiles": origin, "openFiles": Origin.HANDLER}
