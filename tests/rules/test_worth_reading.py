"""What weighs less, or is told together, because few people would put it on a list of work."""

from __future__ import annotations

import pytest
from tests.rules.findings import find

from scaleaudit.findings import Severity
from scaleaudit_rules.data._unindexed import PASSING

COMPOSE = {"compose.yaml": "services:\n  db:\n    image: postgres:16\n"}


def flask(body: str, *, path: str = "/x", name: str = "show") -> str:
    return (
        "from flask import Flask\n\nfrom shop.db import connection\n\napp = Flask(__name__)\n\n\n"
        f'@app.get("{path}")\ndef {name}(x):\n    c = connection()\n    {body}\n'
    )


def shop(schema: str, body: str, *, file: str = "shop/views.py", **more: str) -> dict[str, str]:
    return {**COMPOSE, "db/schema.sql": schema, file: flask(body, **more)}


VISITS = "CREATE TABLE visits (id bigserial PRIMARY KEY, person_id bigint, page text, made_at timestamptz);\n"
ADD = {"shop/add.py": 'def add(c):\n    c.execute("INSERT INTO visits (page) VALUES (%s)")\n'}


@pytest.mark.parametrize(
    ("body", "file", "severity"),
    [
        ("SELECT id FROM visits WHERE page = %s", "shop/views.py", Severity.HIGH),
        ("UPDATE visits SET page = '' WHERE page = %s", "shop/views.py", Severity.HIGH),
        ("UPDATE visits SET person_id = 5 WHERE person_id = %s", "shop/views.py", Severity.MEDIUM),
        ("DELETE FROM visits WHERE page = %s", "shop/views.py", Severity.MEDIUM),
        ("SELECT id FROM visits WHERE page = %s", "shop/backoffice/views.py", Severity.MEDIUM),
        ("SELECT id FROM visits WHERE page = %s", "shop/tasks.py", Severity.LOW),
    ],
)
def test_what_is_asked_seldom_weighs_less(body: str, file: str, severity: Severity) -> None:
    code = f'return c.execute("{body}", (x,)).fetchall()'
    files = {**shop(VISITS, code, file=file), **ADD}
    if file.endswith("tasks.py"):
        files[file] = (
            f"from celery import shared_task\n\n\n@shared_task\ndef show(c, x):\n    {code}\n"
        )
    (found,) = find("unindexed-query", files)
    assert found.severity is severity


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("jobs", Severity.MEDIUM),
        ("failed_jobs", Severity.MEDIUM),
        ("delayed_jobs", Severity.MEDIUM),
        ("job_batches", Severity.MEDIUM),
        ("good_job_executions", Severity.MEDIUM),
        ("solid_queue_claims", Severity.MEDIUM),
        ("job_visits", Severity.HIGH),
    ],
)
def test_jobs_inside_the_database_are_emptied(name: str, severity: Severity) -> None:
    jobs = VISITS.replace("visits", name)
    add = {"shop/add.py": ADD["shop/add.py"].replace("visits", name)}
    code = f'return c.execute("SELECT id FROM {name} WHERE page = %s", (x,)).fetchall()'
    (found,) = find("unindexed-query", {**shop(jobs, code), **add})
    assert found.severity is severity


@pytest.mark.parametrize(
    ("made", "told"), [("[x.owner]", 0), ("[x.owner]\n    pages.append(x)", 1), ("x.pages()", 1)]
)
def test_a_loop_over_a_list_that_the_function_writes_down(made: str, told: int) -> None:
    code = (
        f"pages = {made}\n    for page in pages:\n"
        '        c.execute("SELECT id FROM visits WHERE id = %s", (page,)).fetchone()\n    return {}'
    )
    assert len(find("n-plus-one", {**shop(VISITS, code), **ADD})) == told


def test_what_requests_read_comes_before_what_only_changes() -> None:
    code = (
        'c.execute("UPDATE visits SET person_id = 1 WHERE person_id = %s", (x,))\n'
        '    return c.execute("SELECT id FROM visits WHERE page = %s", (x,)).fetchall()'
    )
    found = find("unindexed-query", {**shop(VISITS, code), **ADD})
    assert [each.subject for each in found] == ["visits.page", "visits.person_id"]


def test_an_index_of_many_columns_is_cut_short() -> None:
    names = "abcdef"
    schema = f"CREATE TABLE plots (id bigserial PRIMARY KEY, made_at date, {', '.join(f'{n} text' for n in names)});"
    tests = " AND ".join(f"{n} = %s" for n in names)
    code = f'return c.execute("SELECT id FROM plots WHERE {tests}", x).fetchall()'
    (found,) = find("unindexed-query", shop(schema, code))
    assert found.data["columns"] == ["a", "b", "c", "d"]


def named(*tables: str) -> dict[str, str]:
    schema = "".join(
        f"CREATE TABLE {each} (id bigserial PRIMARY KEY, name text, owner_id bigint, made_at date);\n"
        for each in tables
    )
    body = "\n    ".join(
        f'c.execute("SELECT id FROM {each} WHERE name = %s", (x,)).fetchall()' for each in tables
    )
    return shop(schema, body)


def test_one_name_in_many_tables_is_one_finding() -> None:
    assert len(find("unindexed-query", named("maps", "songs", "pieces"))) == 3
    (found,) = find("unindexed-query", named("maps", "songs", "pieces", "plays"))
    assert found.message.startswith("4 tables are searched by ")
    asked = found.message.partition(" by ")[2].partition(", and none")[0]
    assert ".name, " in asked
    assert asked.endswith(".name")
    assert len(found.statements) == 4


def test_a_search_for_another_row_that_says_the_same_is_a_check() -> None:
    code = (
        'return c.execute("SELECT count(*) FROM maps WHERE name = %s AND id <> %s", x).fetchall()'
    )
    schema = (
        "CREATE TABLE maps (id bigserial PRIMARY KEY, name text, owner_id bigint, made_at date);"
    )
    (found,) = find("unindexed-query", shop(schema, code))
    assert found.message.startswith("Each save of maps asks whether maps.name is taken")


def test_of_tables_of_which_nothing_is_known_less_is_said() -> None:
    schema = "CREATE TABLE pieces (id bigserial PRIMARY KEY, name text{});"
    code = 'return c.execute("SELECT * FROM pieces").fetchall()'
    (found,) = find("unbounded-query", shop(schema.format(""), code))
    assert found.severity is Severity.LOW
    owned = schema.format(", owner_id bigint, created_at timestamptz")
    (found,) = find("unbounded-query", shop(owned, code))
    assert found.severity is Severity.MEDIUM


def test_what_the_staff_and_administrators_are_is_no_list_of_all() -> None:
    code = 'return c.execute("SELECT * FROM visits").fetchall()'
    assert find("unbounded-query", {**shop(VISITS, code), **ADD})
    assert find("unbounded-query", {**shop(VISITS, code, name="for_admins"), **ADD}) == []


ROUTES = {
    "Gemfile": 'gem "rails"\ngem "pg"\n',
    "config/routes.rb": "Rails.application.routes.draw do\n  resources :notifications\nend\n",
    "db/schema.rb": (
        "ActiveRecord::Schema[7.1].define(version: 1) do\n"
        '  create_table "notifications" do |t|\n    t.bigint "user_id"\n    t.boolean "read"\n'
        '    t.text "body"\n    t.datetime "ended_at"\n    t.datetime "deleted_at"\n'
        '    t.datetime "created_at"\n    t.index ["user_id"]\n  end\nend\n'
    ),
    "app/models/notification.rb": "class Notification < ApplicationRecord\n  belongs_to :user\nend\n",
    "app/models/user.rb": "class User < ApplicationRecord\n  has_many :notifications\nend\n",
}


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("", True),
        (", deleted_at: nil", True),
        (", read: false", False),
        (", ended_at: nil", False),
    ],
)
def test_what_is_not_over_yet_stays_short(condition: str, told: bool) -> None:
    controller = (
        "class NotificationsController < ApplicationController\n  def index\n"
        f"    @all = Notification.where(user_id: current_user.id{condition}).to_a\n  end\nend\n"
    )
    files = {**ROUTES, "app/controllers/notifications_controller.rb": controller}
    assert bool(find("list-without-pagination", files)) is told


def test_a_loop_that_is_left_with_the_first_free_name_is_no_list() -> None:
    model = (
        "class Notification < ApplicationRecord\n  def self.free(name)\n"
        "    {}.each_with_index do |_, i|\n      return i unless where(body: name).exists?\n"
        "    end\n  end\nend\n"
    )
    controller = (
        "class NotificationsController < ApplicationController\n  def index\n"
        "    Notification.free(params[:name])\n  end\nend\n"
    )
    files = {**ROUTES, "app/controllers/notifications_controller.rb": controller}
    listed = {**files, "app/models/notification.rb": model.format("names")}
    assert [each.subject for each in find("n-plus-one", listed)]
    for over in ("loop", "(1..3)", "(0...10)", "names.each_slice(50)"):
        few = {**files, "app/models/notification.rb": model.format(over)}
        assert find("n-plus-one", few) == [], over
    many = {**files, "app/models/notification.rb": model.format("(1..names.size)")}
    assert [each.subject for each in find("n-plus-one", many)]


LARAVEL = {
    "composer.json": '{"require": {"laravel/framework": "^11.0"}}',
    "database/migrations/2024_01_01_000000_create_visits_table.php": (
        "<?php\nuse Illuminate\\Support\\Facades\\Schema;\n"
        "return new class extends Migration {\n    public function up(): void {\n"
        "        Schema::create('visits', function ($table) {\n            $table->id();\n"
        "            $table->foreignId('user_id')->constrained();\n            $table->timestamps();\n"
        "        });\n        Schema::create('users', function ($table) {\n            $table->id();\n"
        "            $table->timestamps();\n        });\n    }\n};\n"
    ),
}


@pytest.mark.parametrize(
    ("images", "known"),
    [(["postgres:16"], True), (["mysql:8"], False), (["postgres:16", "mysql:8"], False)],
)
def test_the_only_database_in_sight_is_the_one_that_migrations_run_on(
    images: list[str], known: bool
) -> None:
    services = "".join(f"  db{n}:\n    image: {image}\n" for n, image in enumerate(images))
    files = {**LARAVEL, "compose.yaml": f"services:\n{services}"}
    found = find("unindexed-foreign-key", files)
    assert bool(found) is known
    assert all(each.data["engine"] == "postgres" for each in found)


def test_the_context_of_a_run_holds_lists_in_memory() -> None:
    code = (
        "using Microsoft.EntityFrameworkCore;\nnamespace Shop;\n"
        "public class ShopContext : DbContext {{\n    public DbSet<Visit> Visits {{ get; set; }}\n}}\n"
        "public class Visit {{\n    public long Id {{ get; set; }}\n    public string Page {{ get; set; }}\n"
        "    public long UserId {{ get; set; }}\n    public DateTime CreatedAt {{ get; set; }}\n}}\n"
        '[ApiController]\n[Route("visits")]\npublic class VisitsController : ControllerBase {{\n'
        "    [HttpGet]\n    public object List(string x, [FromServices] {kind} context) {{\n"
        "        return context.Visits.Where(v => v.Page == x).ToList();\n    }}\n}}\n"
    )
    project = (
        '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference '
        'Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="8.0.0" /></ItemGroup></Project>\n'
    )
    files = {"Shop.csproj": project, "Shop.cs": code.format(kind="ShopContext")}
    assert find("unindexed-query", files)
    files["Shop.cs"] = code.format(kind="ActivityExecutionContext")
    assert find("unindexed-query", files) == []


def test_three_searches_of_one_table_are_one_finding() -> None:
    body = "\n    ".join(
        f'c.execute("SELECT id FROM visits WHERE {column} = %s", (x,)).fetchall()'
        for column in ("page", "person_id", "browser")
    )
    other = 'def by_person(c, x):\n    c.execute("SELECT 1 FROM visits WHERE person_id = %s", x)\n'
    third = 'def by_page(c, x):\n    c.execute("SELECT 2 FROM visits WHERE page = %s", x)\n'
    fourth = 'def by_browser(c, x):\n    c.execute("SELECT 3 FROM visits WHERE browser = %s", x)\n'
    schema = VISITS.replace("page text", "page text, browser text")
    more = {"shop/a.py": other, "shop/b.py": third, "shop/c.py": fourth}
    (found,) = find("unindexed-query", {**shop(schema, body), **ADD, **more})
    assert found.severity is Severity.HIGH
    assert len(found.statements) == 3


def test_two_searches_of_one_table_are_told_one_by_one() -> None:
    body = "\n    ".join(
        f'c.execute("SELECT id FROM visits WHERE {column} = %s", (x,)).fetchall()'
        for column in ("page", "person_id")
    )
    found = find("unindexed-query", {**shop(VISITS, body), **ADD})
    assert [len(each.statements) for each in found] == [1, 1]


def test_where_nothing_says_that_a_table_fills_a_name_finds_little() -> None:
    schema = "CREATE TABLE shelves (id bigserial PRIMARY KEY, title text, room_id bigint, token text, put_at date);"
    found = {}
    for column in ("title", "room_id", "token"):
        code = f'return c.execute("SELECT id FROM shelves WHERE {column} = %s", (x,)).fetchall()'
        (each,) = find("unindexed-query", shop(schema, code))
        found[column] = each.severity
    assert found == {
        "title": Severity.LOW,
        "room_id": Severity.MEDIUM,
        "token": Severity.MEDIUM,
    }


def test_a_reference_to_what_somebody_keeps_is_hardly_ever_searched() -> None:
    schema = (
        "CREATE TABLE {parent} (id bigserial PRIMARY KEY, name text, made_at date);\nCREATE TABLE visits"
        " (id bigserial PRIMARY KEY, gate_id bigint REFERENCES {parent} (id), made_at date);\n"
    )
    for parent, severity in (("gates", Severity.MEDIUM), ("templates", Severity.LOW)):
        body = f'c.execute("DELETE FROM {parent} WHERE id = %s", (x,))'
        add = {
            "shop/add.py": 'def add(c):\n    c.execute("INSERT INTO visits (gate_id) VALUES (1)")\n'
        }
        files = {**shop(schema.format(parent=parent), body), **add}
        files["shop/new.py"] = (
            f'def new(c):\n    c.execute("INSERT INTO {parent} (name) VALUES (1)")\n'
        )
        (found,) = find("unindexed-foreign-key", files)
        assert found.severity is severity


@pytest.mark.parametrize(
    ("table", "passing"),
    [
        ("jobs", True),
        ("delayed_jobs", True),
        ("good_jobs", True),
        ("good_job_batches", True),
        ("solid_queue_ready_executions", True),
        ("good_categories", False),
        ("print_jobs", False),
    ],
)
def test_queues_inside_the_database_are_known_by_their_tables(table: str, *, passing: bool) -> None:
    assert (PASSING.match(table) is not None) == passing


@pytest.mark.parametrize(
    ("columns", "file", "told"),
    [
        ("title text", "shop/views.py", True),
        ("title text", "shop/setup/views.py", False),
        ("base_url text, api_password text", "shop/views.py", False),
        ("base_url text", "shop/views.py", True),
        ("command text UNIQUE, title text", "shop/views.py", False),
        ("command text, title text", "shop/views.py", True),
    ],
)
def test_what_reaches_other_systems_and_what_sets_one_up(
    columns: str, file: str, *, told: bool
) -> None:
    schema = f"CREATE TABLE trackers (id bigserial PRIMARY KEY, {columns}, at timestamptz);\n"
    add = ADD["shop/add.py"].replace("visits (page)", "trackers (title)")
    body = 'return c.execute("SELECT * FROM trackers").fetchall()'
    files = {**shop(schema, body, file=file), "shop/add.py": add}
    assert bool(find("unbounded-query", files)) is told


@pytest.mark.parametrize(("name", "severity"), [("orders", "high"), ("projects", "medium")])
def test_all_of_what_groups_share_weighs_less(name: str, severity: str) -> None:
    schema = f"CREATE TABLE {name} (id bigserial PRIMARY KEY, title text, at timestamptz);\n"
    add = ADD["shop/add.py"].replace("visits (page)", f"{name} (title)")
    body = f'return c.execute("SELECT * FROM {name}").fetchall()'
    (found,) = find("unbounded-query", {**shop(schema, body), "shop/add.py": add})
    assert found.severity.value == severity


def test_totals_say_which_test_the_rows_pass() -> None:
    code = 'return c.execute("SELECT count(*) FROM visits WHERE state = %s", ("new",)).fetchone()'
    schema = VISITS.replace("page text", "page text, state text")
    (found,) = find("full-aggregate-on-read", {**shop(schema, code), **ADD})
    assert found.message.startswith(
        "A request counts or sums all rows of visits that pass a test of state: "
    )


def test_a_method_of_a_query_set_that_is_called_on_unknown_rows_is_of_low_severity() -> None:
    models = (
        "from django.db import models\n\n\nclass OrderQuerySet(models.QuerySet):\n"
        "    def named(self, name):\n        return self.filter(code__iexact=name)\n\n\n"
        "class Order(models.Model):\n    code = models.CharField(max_length=9, db_index=True)\n"
        "    made_at = models.DateTimeField(auto_now_add=True)\n"
        "    objects = OrderQuerySet.as_manager()\n"
    )
    views = (
        "from shop.models import Order\n\n\ndef show(request, rows):\n    Order.objects.create(code='x')\n"
        "    return {0}.named(request.GET['name'])\n"
    )
    urls = "from django.urls import path\nfrom shop import views\n\nurlpatterns = [path('o/', views.show)]\n"
    files = {"shop/models.py": models, "shop/urls.py": urls}
    (found,) = find(
        "non-sargable-predicate", {**files, "shop/views.py": views.format("rows.all()")}
    )
    assert found.severity is Severity.LOW
    (found,) = find(
        "non-sargable-predicate", {**files, "shop/views.py": views.format("Order.objects")}
    )
    assert found.severity is Severity.MEDIUM


def test_a_cast_of_a_text_to_text_hides_nothing() -> None:
    code = 'return c.execute("SELECT id FROM visits WHERE page::text = %s", (x,)).fetchall()'
    schema = VISITS + "CREATE INDEX i ON visits (page);\n"
    assert find("non-sargable-predicate", {**shop(schema, code), **ADD}) == []
    number = VISITS + "CREATE INDEX i ON visits (person_id);\n"
    cast = code.replace("page::text", "person_id::text")
    (found,) = find("non-sargable-predicate", {**shop(number, cast), **ADD})
    assert found.statements == ()


def test_totals_of_rows_in_an_order_pass_no_test() -> None:
    code = 'return c.execute("SELECT count(*) FROM visits ORDER BY page").fetchone()'
    (found,) = find("full-aggregate-on-read", {**shop(VISITS, code), **ADD})
    assert found.message.startswith("A request counts or sums all rows of visits: ")


def test_what_another_column_finds_is_no_state() -> None:
    schema = VISITS.replace("page text", "page text, state text")
    for told, text in ((1, "state = 'new'"), (0, "page = %s"), (0, "state = 'new' AND page = %s")):
        code = f'return c.execute("SELECT id FROM visits WHERE {text}", (x,)).fetchall()'
        assert len(find("unindexed-state", {**shop(schema, code), **ADD})) == told
