"""From where code is reached: handlers, tasks, commands."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Origin
from scaleaudit.facts import QueryFound, RemoteCall

CALL = 'import requests\n\n\ndef ask(url):\n    return requests.get("https://a.example/x")\n'
VIEW = (
    "from flask import Flask\n{}\napp = Flask(__name__)\n\n\n"
    '@app.get("/x")\ndef x():\n    return "x"\n'
)
TASK = "from celery import shared_task\n{}\n\n\n@shared_task\ndef work():\n    pass\n"
PHP_CALL = (
    "    public function handle() {\n        $client = new \\GuzzleHttp\\Client();\n"
    '        return $client->get("https://a.example/x");\n    }\n}\n'
)


def origins(files: dict[str, str]) -> dict[str, Origin]:
    """Of the remote calls, by file."""
    found = architecture(files).sites(RemoteCall)
    return {site.at.path: site.origin for site in found}


def test_what_a_handler_hands_to_tasks_runs_in_tasks() -> None:
    found = origins(
        {
            "shop/web.py": VIEW.format("from shop.later import work\nfrom shop import near"),
            "shop/later.py": TASK.format("from shop import far"),
            "shop/near.py": CALL,
            "shop/far.py": CALL,
        }
    )
    assert found == {"shop/near.py": Origin.HANDLER, "shop/far.py": Origin.JOB}


def test_a_second_compiler_configuration_makes_no_server_of_a_page() -> None:
    found = origins(
        {
            "web/package.json": '{"name": "web", "dependencies": {"react-dom": "19", "axios": "1"}}',
            "web/tsconfig.app.json": "{}",
            "web/src/api/orders.ts": (
                'import axios from "axios";\n'
                'export const orders = () => axios.get("https://a.example/orders");\n'
            ),
        }
    )
    assert found == {"web/src/api/orders.ts": Origin.CLIENT}


@pytest.mark.parametrize(
    ("path", "expected"),
    [("src/jobs/schedule.ts", Origin.JOB), ("src/lib/schedule.ts", Origin.HANDLER)],
)
def test_what_a_plan_of_jobs_loads_though_a_page_lists_them(path: str, expected: Origin) -> None:
    call = 'import axios from "axios";\nexport const a = () => axios.get("https://a.example/x");\n'
    plan = (
        'import schedule from "node-schedule";\nimport { a } from "../tokens/renew";\n'
        'export const jobs = [schedule.scheduleJob("0 3 * * *", () => { a(); })];\n'
    )
    server = (
        f'import express from "express";\nimport {{ jobs }} from "./{path[4:-3]}";\n'
        'express().get("/jobs", (req, res) => res.json(jobs));\n'
    )
    files = {path: plan, "src/tokens/renew.ts": call, "src/app.ts": server}
    assert origins(files) == {"src/tokens/renew.ts": expected}


def test_what_a_telephone_asks_of_its_own_database() -> None:
    code = (
        "package shop;\nimport {}.Context;\nclass Store {{\n"
        '  void fill(Db db) {{ db.execSQL("UPDATE orders SET paid = 1 WHERE code = 2"); }}\n}}\n'
    )
    dao = (
        "package shop;\nimport java.sql.Connection;\nclass Orders {\n"
        '  void f(Connection c) { c.prepareStatement("SELECT id FROM orders WHERE code = 2"); }\n}\n'
    )
    path = "phone/app/src/main/java/shop/"
    for package, expected in (("android.content", Origin.CLIENT), ("java.naming", Origin.UNKNOWN)):
        files = {f"{path}Store.java": code.format(package), f"{path}Orders.java": dao}
        found = architecture(files).sites(QueryFound)
        assert {s.origin for s in found if s.at.path.endswith("Orders.java")} == {expected}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shop/backfills/prices.py", Origin.MIGRATION),
        ("shop/price_backfill.py", Origin.MIGRATION),
        ("shop/backfilled.py", Origin.HANDLER),
    ],
)
def test_what_fills_new_columns_of_old_rows(path: str, expected: Origin) -> None:
    module = path.removesuffix(".py").replace("/", ".")
    files = {"shop/web.py": VIEW.format(f"import {module}"), path: CALL}
    assert origins(files) == {path: expected}


def test_files_that_fill_the_tables_at_first() -> None:
    call = 'import axios from "axios";\nexport const a = () => axios.get("https://a.example/x");\n'
    served = (
        'import express from "express";\nimport { a } from "./goal.seed";\nexpress().get("/", a);\n'
    )
    assert origins({"src/goal.seed.ts": call, "src/app.ts": served}) == {
        "src/goal.seed.ts": Origin.ADMIN
    }


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ('app.use(express.static("dist"));', Origin.CLIENT),
        ('app.get("/orders", (req, res) => res.json([]));', Origin.UNKNOWN),
    ],
)
def test_a_page_whose_files_express_hands_out(server: str, expected: Origin) -> None:
    found = origins(
        {
            "web/package.json": '{"name": "web", "dependencies": {"vue": "3", "express": "5"}}',
            "web/server.js": f'import express from "express";\nconst app = express();\n{server}\n',
            "web/src/orders.ts": (
                'import axios from "axios";\n'
                'export const orders = () => axios.get("https://a.example/orders");\n'
            ),
        }
    )
    assert found == {"web/src/orders.ts": expected}


def test_applications_of_a_workspace_with_one_list_of_dependencies() -> None:
    call = (
        'import axios from "axios";\n'
        'export const orders = () => axios.get("https://a.example/orders");\n'
    )
    found = origins(
        {
            "package.json": '{"name": "shop", "dependencies": {"react-dom": "19", "@nestjs/core": "11"}}',
            "apps/web/tsconfig.app.json": "{}",
            "apps/web/src/main.tsx": 'import { createRoot } from "react-dom/client";\n',
            "apps/web/src/main.test.ts": 'import express from "express";\n',
            "apps/web/src/orders.ts": call,
            "apps/shop/tsconfig.app.json": "{}",
            "apps/shop/src/main.ts": 'import { NestFactory } from "@nestjs/core";\n',
            "apps/shop/src/mails.ts": 'import { render } from "react-dom/server";\n',
            "apps/shop/src/orders.ts": call,
        }
    )
    assert found == {
        "apps/web/src/orders.ts": Origin.CLIENT,
        "apps/shop/src/orders.ts": Origin.UNKNOWN,
    }


def test_a_folder_says_less_than_who_loads_it() -> None:
    found = origins(
        {
            "shop/tasks.py": TASK.format("from shop.api import prices"),
            "shop/api/prices.py": CALL,
            "shop/api/orders.py": CALL,
        }
    )
    assert found == {"shop/api/prices.py": Origin.JOB, "shop/api/orders.py": Origin.HANDLER}


def test_commands_that_the_server_offers_have_files_of_their_own() -> None:
    found = origins(
        {
            "shop/__init__.py": "from flask import Flask\nfrom shop.commands import load\n\n"
            "app = Flask(__name__)\n\n\n@app.get('/')\ndef index():\n    return ''\n",
            "shop/commands/load.py": f"import click\n{CALL}",
            "shop/pricing.py": f"import click\n{CALL}",
        }
    )
    assert found["shop/commands/load.py"] is Origin.ADMIN
    assert found.get("shop/pricing.py") is not Origin.ADMIN


@pytest.mark.parametrize(
    ("command", "expected"),
    [("python -m shop.poll", Origin.UNKNOWN), ("python -m shop.web", Origin.ADMIN)],
)
def test_a_program_with_options_is_run_by_hand_unless_deployed(
    command: str, expected: Origin
) -> None:
    compose = f"services:\n  poll:\n    build: .\n    command: {command}\n"
    found = origins({"compose.yaml": compose, "shop/poll.py": f"import argparse\n{CALL}"})
    assert found == {"shop/poll.py": expected}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shop/migration.py", Origin.MIGRATION),
        ("shop/db/fixes/names.py", Origin.MIGRATION),
        ("shop/upgrades/v3/names.py", Origin.MIGRATION),
        ("shop/updates/names.py", Origin.UNKNOWN),
        ("shop/price_migrations.py", Origin.MIGRATION),
        ("shop/immigration.py", Origin.UNKNOWN),
    ],
)
def test_files_that_migrations_are_written_in(path: str, expected: Origin) -> None:
    assert origins({path: CALL}) == {path: expected}


def test_go_code_that_starts_containers_for_tests() -> None:
    source = (
        'package x\nimport ("net/http"; "github.com/ory/dockertest/v3")\n'
        'func Up() { http.Get("https://a.example/x") }\n'
    )
    found = origins({"go.mod": "module a.example/x\n", "integration/up.go": source})
    assert found == {"integration/up.go": Origin.TEST}


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("api.py", f"import sys\nwords = sys.argv[1:]\n{CALL}", Origin.ADMIN),
        ("api.py", f"import sys\n{CALL}", Origin.HANDLER),
        ("used.py", f"import sys\nTESTING = 'test' in sys.argv\n{CALL}", Origin.UNKNOWN),
    ],
)
def test_a_script_that_reads_its_command_line(path: str, content: str, expected: Origin) -> None:
    found = origins({path: content, "pages.py": "import used\n"})
    assert found[path] == expected


def test_what_only_commands_load() -> None:
    found = origins(
        {
            "shop/management/commands/fetch.py": "from shop.fetching import ask\n",
            "shop/management/shared.py": CALL,
            "shop/fetching.py": CALL,
            "shop/used.py": CALL,
            "shop/management/commands/use.py": "from shop.used import ask\n",
            "shop/web.py": VIEW.format("from shop.used import ask"),
        }
    )
    assert found == {
        "shop/management/shared.py": Origin.ADMIN,
        "shop/fetching.py": Origin.ADMIN,
        "shop/used.py": Origin.HANDLER,
    }


def test_the_admin_of_a_django_application_in_one_or_several_files() -> None:
    files = {}
    for path, asked in (
        ("shop/admin/orders.py", "a"), ("shop/admin/views.py", "b"), ("shop/lists.py", "c"),
        ("shop/admin.py", "d"),
    ):  # fmt: skip
        text = (
            "from shop.models import Order\n\n\ndef ask(x):\n"
            f"    return Order.objects.filter({asked}=x)\n"
        )
        if path == "shop/admin.py":  # with a page of its own beside those of the framework
            text = "from flask import Flask\n" + text
            text += f"\n\napp = Flask(__name__)\n\n\n@app.get('/{asked}')\ndef page():\n    pass\n"
        files[path] = text
    fields = "".join(f"    {name} = models.TextField()\n" for name in "abcd")
    files["shop/models.py"] = (
        f"from django.db import models\n\n\nclass Order(models.Model):\n{fields}"
    )
    sites = architecture(files).sites(QueryFound)
    assert {site.at.path: site.origin for site in sites} == {
        "shop/admin.py": Origin.ADMIN,
        "shop/admin/orders.py": Origin.ADMIN,
        "shop/admin/views.py": Origin.HANDLER,
        "shop/lists.py": Origin.UNKNOWN,
    }


def test_folders_that_parts_of_a_product_are_named_for() -> None:
    found = origins(
        {
            "shop/web.py": VIEW.format("from shop.extras.rates import ask"),
            "shop/extras/rates.py": CALL,
            "shop/extras/once.py": CALL,
            "seed/load.py": CALL,
            "app/seed-orders.ts": 'export const a = () => fetch("http://stock:80/a");\n',
        }
    )
    assert found == {
        "shop/extras/rates.py": Origin.HANDLER,
        "shop/extras/once.py": Origin.ADMIN,
        "seed/load.py": Origin.ADMIN,
        "app/seed-orders.ts": Origin.ADMIN,
    }


def test_what_fills_the_tables_is_no_request_though_a_page_for_developers_calls_it() -> None:
    found = origins(
        {
            "shop/web.py": VIEW.format(
                "from database.seeds.orders import ask\nfrom seeds import fill"
            ),
            "database/seeds/orders.py": CALL,
            "seeds/fill.py": CALL,
        }
    )
    assert found == {
        "database/seeds/orders.py": Origin.ADMIN,
        "seeds/fill.py": Origin.HANDLER,
    }


def test_folders_and_queued_classes_of_php() -> None:
    head = "<?php\nnamespace App;\nuse Illuminate\\Contracts\\Queue\\ShouldQueue;\n"
    found = origins(
        {
            "app/Jobs/Fetch.php": f"{head}class Fetch {{\n{PHP_CALL}",
            "app/Console/Commands/Load.php": f"{head}class Load {{\n{PHP_CALL}",
            "app/Services/Billing.php": f"{head}class Billing implements ShouldQueue {{\n{PHP_CALL}",
            "routes/console.php": f"{head}class Clean {{\n{PHP_CALL}",
        }
    )
    assert found == {
        "routes/console.php": Origin.JOB,
        "app/Jobs/Fetch.php": Origin.JOB,
        "app/Console/Commands/Load.php": Origin.ADMIN,
        "app/Services/Billing.php": Origin.JOB,
    }


GO_CALL = (
    'package main\n\nimport (\n{}\t"net/http"\n)\n\n'
    'func main() {{\n\thttp.Get("https://tables.org/x")\n}}\n'
)


def test_programs_that_write_go_code_and_build_files_are_run_by_people() -> None:
    files = {
        "go.mod": "module shop\n",
        "Dockerfile": "FROM golang:1\nCOPY . .\nRUN go build -o shop .\n",
        "main.go": GO_CALL.format("").replace("tables.org", "served.org"),
        "parser/tables/main.go": GO_CALL.format('\t"go/format"\n'),
        "magefile.go": GO_CALL.format("").replace("tables.org", "assets.org"),
    }
    found = architecture(files)
    assert {edge.target for edge in found.edges() if edge.source.startswith("service:")} == {
        "external:served.org"
    }
    told = {site.at.path: site.origin for site in found.sites(RemoteCall)}
    assert told["parser/tables/main.go"] is told["magefile.go"] is Origin.ADMIN


GO_COMMAND = (
    'package main\n\nimport "net/http"\n\nfunc main() { http.Get("https://a.example/x")%s }\n'
)


def test_a_command_that_asks_the_database_is_no_client() -> None:
    query = '; db.Query("SELECT id FROM orders WHERE expires < ?", now)'
    found = origins(
        {
            "go.mod": "module a.example/shop\n",
            "cmd/shop-client/main.go": GO_COMMAND % "",
            "cmd/purger/main.go": GO_COMMAND % query,
        }
    )
    assert found == {
        "cmd/shop-client/main.go": Origin.CLIENT,
        "cmd/purger/main.go": Origin.ADMIN,
    }


@pytest.mark.parametrize(
    ("script", "alone"), [("electron-builder --linux", True), ("tsc -p .", False)]
)
def test_a_program_for_desktops_serves_itself_alone(script: str, *, alone: bool) -> None:
    found = origins(
        {
            "package.json": '{"name": "shop"}',
            "agent/package.json": '{"name": "agent", "scripts": {"package": "PACK"}}'.replace(
                "PACK", script
            ),
            "agent/src/main.ts": (
                "import axios from 'axios';\n\nsetInterval(() => axios.get('https://a.example/x'), 60000);\n"
            ),
        }
    )
    assert (found["agent/src/main.ts"] is Origin.CLIENT) is alone


@pytest.mark.parametrize("folder", ["app/javascript", "app/assets/javascripts", "resources/js"])
def test_what_rails_and_laravel_build_for_browsers(folder: str) -> None:
    call = (
        "import axios from 'axios';\n\nexport const ask = () => axios.get('https://a.example/x');\n"
    )
    found = origins(
        {
            "package.json": '{"name": "shop", "dependencies": {"axios": "1"}}',
            f"{folder}/ask.ts": call,
            "src/ask.ts": call,
        }
    )
    assert found[f"{folder}/ask.ts"] is Origin.CLIENT
    assert found["src/ask.ts"] is not Origin.CLIENT


def test_what_django_shows_to_administrators() -> None:
    found = origins({"shop/api/admin.py": CALL, "shop/api/orders.py": CALL})
    assert found["shop/api/admin.py"] is Origin.ADMIN
    assert found["shop/api/orders.py"] is Origin.HANDLER


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("app/controllers/admin/orders_controller.rb", Origin.ADMIN),
        ("app/controllers/shop/admin/orders_controller.rb", Origin.ADMIN),
        ("app/controllers/admin_controller.rb", Origin.ADMIN),
        ("src/AdminOrdersController.php", Origin.ADMIN),
        ("app/Http/Controllers/Admin/OrderController.php", Origin.ADMIN),
        ("app/Http/Controllers/Staff/OrderController.php", Origin.ADMIN),
        ("app/Filament/Widgets/NewOrders.php", Origin.ADMIN),
        ("src/Filament/Resources/Orders/OrderResource.php", Origin.ADMIN),
        ("app/admin/orders.rb", Origin.ADMIN),
        ("db/seeds.rb", Origin.ADMIN),
        ("app/controllers/back_office/orders_controller.rb", Origin.ADMIN),
        ("src/routes/admin/orders.js", Origin.ADMIN),
        ("src/admin/orders.controller.ts", Origin.ADMIN),
        ("src/pages/api/admin/orders.ts", Origin.ADMIN),
        ("apps/admin/src/app/orders/page.ts", Origin.ADMIN),
        ("src/routers/admin.ts", Origin.ADMIN),
        ("apps/shop-admin-web/src/routes/orders.ts", Origin.ADMIN),
        ("apps/administered/src/routes/orders.ts", Origin.HANDLER),
        ("app/controllers/orders_controller.rb", Origin.HANDLER),
        ("app/controllers/administered_orders_controller.rb", Origin.HANDLER),
        ("src/routes/orders.js", Origin.HANDLER),
    ],
)
def test_queries_of_administrators_pages(path: str, origin: Origin) -> None:
    """Only of queries: what is written to the local disk there is lost all the same."""
    sql = '"SELECT * FROM orders WHERE code = 1"'
    bodies = {
        "rb": f"class A\n  def b\n    connection.execute({sql})\n  end\nend\n",
        "php": f"<?php\nfunction a($db) {{ return $db->query({sql}); }}\n",
        "js": f"function a(db) {{ return db.query({sql}) }}\n",
    }
    text = bodies.get(path.rpartition(".")[2], bodies["js"])
    (site,) = architecture({path: text}).sites(QueryFound)
    assert site.origin is origin


def test_routes_that_a_scheduler_asks_for() -> None:
    route = (
        'import { db } from "../db";\n'
        "export async function GET() {\n"
        '  return Response.json(await db.query("SELECT id FROM orders WHERE code = 1"));\n}\n'
    )
    paths = (
        "app/(ee)/api/cron/expire/route.ts",
        "app/api/house-keeping/[...method]/route.ts",
        "app/api/orders/route.ts",
    )
    found = architecture(dict.fromkeys(paths, route)).sites(QueryFound)
    assert [(site.at.path, site.origin) for site in found] == [
        (paths[0], Origin.JOB),
        (paths[1], Origin.JOB),
        (paths[2], Origin.HANDLER),
    ]


@pytest.mark.parametrize(
    ("path", "key", "origin"),
    [
        ("src/app/api/mails/route.ts", "CRON_SECRET", Origin.JOB),
        ("src/app/api/mails/route.ts", "MAIL_SECRET", Origin.HANDLER),
        ("src/server.ts", "CRON_SECRET", Origin.HANDLER),
    ],
)
def test_a_route_that_checks_the_word_of_a_scheduler(path: str, key: str, origin: Origin) -> None:
    route = (
        'import { db } from "../db";\n'
        "export async function GET(request: Request) {\n"
        f'  if (request.headers.get("authorization") !== process.env.{key}) return;\n'
        '  return Response.json(await db.query("SELECT id FROM orders WHERE code = 1"));\n}\n'
    )
    if path == "src/server.ts":
        route += 'import express from "express";\nconst app = express();\napp.get("/mails", GET);\n'
    (site,) = architecture({path: route}).sites(QueryFound)
    assert site.origin is origin


def test_what_controllers_of_php_load_serves_requests() -> None:
    """Also where the routes name the controller in a text, and a job loads the same class."""
    model = "<?php\nnamespace App;\nclass Shop extends Model {\n" + PHP_CALL
    start = "<?php\nnamespace App\\{};\nuse App\\Shop;\nclass {} {}\n    public function {}() {{ return new Shop(); }}\n}}\n"
    files = {
        "composer.json": '{"autoload": {"psr-4": {"App\\\\": "app/"}}}',
        "app/Shop.php": model,
        "app/Http/Controllers/Shops.php": start.format("Http\\Controllers", "Shops", "{", "show"),
        "app/Jobs/Tidy.php": start.format("Jobs", "Tidy", "implements ShouldQueue {", "handle"),
    }
    assert origins(files) == {"app/Shop.php": Origin.HANDLER}
    del files["app/Http/Controllers/Shops.php"]
    assert origins(files) == {"app/Shop.php": Origin.JOB}


def test_calls_of_administrators_pages_are_a_handlers() -> None:
    assert origins({"shop/api/admin/orders.py": CALL}) == {
        "shop/api/admin/orders.py": Origin.HANDLER
    }


COMMAND = (
    "import time\n\nimport requests\nfrom django.core.management.base import BaseCommand\n\n\n"
    "class Command(BaseCommand):\n    def handle(self, *args, **options):\n"
)
ASK = 'requests.get("https://a.example/x")\n'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"        {ASK}", Origin.ADMIN),
        (f"        while True:\n            {ASK}            time.sleep(2)\n", Origin.JOB),
        (
            f"        while not self.stopped:\n            {ASK}            self.event.wait(2)\n",
            Origin.JOB,
        ),
        (
            f"        while True:\n            {ASK}            if options['once']:\n"
            "                break\n            time.sleep(2)\n",
            Origin.JOB,
        ),
        (  # ends when the work is done
            f"        while True:\n            rows = {ASK}            if not rows:\n"
            "                break\n            time.sleep(2)\n",
            Origin.ADMIN,
        ),
        (f"        while rows:\n            {ASK}            time.sleep(2)\n", Origin.ADMIN),
    ],
)
def test_a_command_without_an_end_is_a_job(body: str, expected: Origin) -> None:
    assert origins({"shop/management/commands/send.py": COMMAND + body}) == {
        "shop/management/commands/send.py": expected
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("python manage.py send --loop", Origin.JOB),
        ('sh -c "python manage.py migrate && python manage.py send"', Origin.JOB),
        ('sh -c "python manage.py send && gunicorn shop.wsgi"', Origin.ADMIN),
        ("python manage.py sendall", Origin.ADMIN),
    ],
)
def test_a_command_that_a_deployment_runs_is_a_job(words: str, expected: Origin) -> None:
    found = origins(
        {
            "docker-compose.yml": f"services:\n  send:\n    build: .\n    command: {words}\n",
            "shop/management/commands/send.py": COMMAND + "        from shop.asking import ask\n",
            "shop/asking.py": CALL,
        }
    )
    assert found == {"shop/asking.py": expected}


def test_a_file_that_stands_for_its_package_is_no_job() -> None:
    """An import of Go loads all files of a package: the first of them is asked as the others are."""
    call = 'package store\n\nimport "net/http"\n\nfunc {}() {{ http.Get("http://stock/") }}\n'
    clock = """
        package main

        import (
            "example.com/shop/store"
            "github.com/robfig/cron/v3"
        )

        func main() {
            c := cron.New()
            c.AddFunc("@daily", store.Add)
            c.Run()
        }
    """
    found = origins(
        {
            "go.mod": "module example.com/shop\n",
            "main.go": clock,
            "store/add.go": call.format("Add"),
            "store/list.go": call.format("List"),
        }
    )
    assert found == {"store/add.go": Origin.UNKNOWN, "store/list.go": Origin.UNKNOWN}


def test_an_area_of_administrators() -> None:
    controller = """
    using Microsoft.AspNetCore.Mvc;
    [Area("Admin")]
    public class OrdersController : Controller {
        public ActionResult Open() { return _connection.Query("SELECT id FROM orders WHERE day > 1"); }
    }
    """
    files = {
        "Shop/Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>',
        "Shop/Areas/Admin/Controllers/OrdersController.cs": controller,
        "Shop/Areas/Sales/Controllers/OrdersController.cs": controller.replace("Admin", "Sales"),
    }
    asked = {site.at.path: site.origin for site in architecture(files).sites(QueryFound)}
    assert asked == {
        "Shop/Areas/Admin/Controllers/OrdersController.cs": Origin.ADMIN,
        "Shop/Areas/Sales/Controllers/OrdersController.cs": Origin.HANDLER,
    }


WORK = """
namespace Shop;
public class Work {
    public void Done() { _connection.Query("SELECT id FROM orders WHERE day > 1"); }
}
"""


@pytest.mark.parametrize(
    ("package", "alone"),
    [
        ("Microsoft.AspNetCore.Components.WebAssembly", True),
        ("Microsoft.Maui.Controls", True),
        ("Microsoft.AspNetCore.Components.WebAssembly.Server", False),  # hands the pages out
    ],
)
def test_what_a_browser_or_a_device_runs_of_a_product_in_csharp(package: str, alone: bool) -> None:
    project = f'<Project><ItemGroup><PackageReference Include="{package}" /></ItemGroup></Project>'
    files = {"Shop.Client/Shop.Client.csproj": project, "Shop.Client/Data/Work.cs": WORK}
    (site,) = architecture(files).sites(QueryFound)
    assert (site.origin is Origin.CLIENT) is alone


@pytest.mark.parametrize(
    ("folder", "origin"),
    [
        ("Shop.Admin/Services", Origin.ADMIN),
        ("src/Acme.Shop.BackOffice.Web/Pages", Origin.ADMIN),
        ("Shop.Administration/Services", Origin.UNKNOWN),
    ],
)
def test_a_project_of_administrators(folder: str, origin: Origin) -> None:
    (site,) = architecture({f"{folder}/Work.cs": WORK}).sites(QueryFound)
    assert site.origin is origin


ASKS = "import axios from 'axios';\n\nexport const ask = () => axios.get('https://a.example/x');\n"
PAGE = "import {{ {} }} from '{}';\nimport {{ ask }} from './api/orders';\nimport './shared/prices';\nask();\n"
SERVER = """
import express from 'express';
import './shared/prices';
const app = express();
app.get('/orders', (req, res) => res.json([]));
"""


@pytest.mark.parametrize(
    ("page", "draws", "module", "in_page"),
    [
        ("src/index.tsx", "createRoot", "react-dom/client", True),
        ("src/main.ts", "createApp", "vue", True),
        ("src/index.tsx", "createPortal", "react-dom", False),
        ("src/shop.ts", "ref", "vue", False),
    ],
)
def test_what_the_script_of_a_page_loads_beside_a_server(
    page: str, draws: str, module: str, in_page: bool
) -> None:
    found = origins(
        {
            "package.json": '{"name": "shop", "dependencies": {"axios": "1", "express": "5", "vue": "3"}}',
            page: PAGE.format(draws, module),
            "src/api/orders.ts": ASKS,
            "src/shared/prices.ts": ASKS,
            "src/server.ts": SERVER,
        }
    )
    assert (found["src/api/orders.ts"] is Origin.CLIENT) is in_page
    assert found["src/shared/prices.ts"] is Origin.HANDLER  # the server loads it too


def test_a_page_that_a_server_draws_as_well() -> None:
    files = {
        "package.json": '{"name": "shop", "dependencies": {"axios": "1", "express": "5"}}',
        "src/index.tsx": PAGE.format("hydrateRoot", "react-dom/client"),
        "src/draw.tsx": PAGE.format("renderToString", "react-dom/server"),
        "src/api/orders.ts": ASKS,
        "src/shared/prices.ts": ASKS,
    }
    assert origins(files)["src/api/orders.ts"] is not Origin.CLIENT
    del files["src/draw.tsx"]
    assert origins(files)["src/api/orders.ts"] is Origin.CLIENT


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shop/api/store/orders.py", Origin.UNKNOWN),
        ("shop/api/persistence/sql/orders.py", Origin.UNKNOWN),
        ("shop/api/order_repository.py", Origin.UNKNOWN),
        ("shop/api/orders.py", Origin.HANDLER),
        ("shop/api/handlers/store/orders.py", Origin.HANDLER),
        ("shop/store/api/orders.py", Origin.HANDLER),
    ],
)
def test_what_keeps_data_below_a_program_called_api(path: str, expected: Origin) -> None:
    """Nobody is seen to ask it; where requests load it, it is theirs."""
    assert origins({path: CALL}) == {path: expected}
    module = path.removesuffix(".py").replace("/", ".")
    asking = {path: CALL, "shop/web.py": VIEW.format(f"import {module}")}
    assert origins(asking) == {path: Origin.HANDLER}
