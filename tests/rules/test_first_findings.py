"""What stands first in a report: how grave, how sure and how soon a finding is for its reader."""

from __future__ import annotations

import pytest
from tests.rules.findings import find

from scaleaudit.findings import Confidence, Phase, Severity


def keys(*names: str) -> dict[str, str]:
    return {
        "db/schema.sql": "".join(
            f"CREATE TABLE {name} (id serial PRIMARY KEY, t text, made_at timestamptz);\n"
            for name in names
        ),
        "shop/add.py": "".join(
            f'def add_{name}(c):\n    c.execute("INSERT INTO {name} (t) VALUES (%s)")\n'
            for name in names
        ),
    }


@pytest.mark.parametrize(
    ("table", "severity", "phase"),
    [
        ("click_events", Severity.HIGH, Phase.NOW),
        ("papers", Severity.MEDIUM, Phase.TO_100K),
        ("teams", Severity.LOW, Phase.DEFER),
        ("admins", Severity.LOW, Phase.DEFER),
    ],
)
def test_a_key_that_lasts_for_years_is_not_due_now(
    table: str, severity: Severity, phase: Phase
) -> None:
    (found,) = find("int32-key", keys(table))
    assert (found.severity, found.phase) == (severity, phase)


def test_the_most_urgent_key_says_when_all_are_due() -> None:
    (found,) = find("int32-key", keys("teams", "click_events"))
    assert found.phase is Phase.NOW
    (found,) = find("int32-key", keys("teams", "groups"))
    assert found.phase is Phase.DEFER


def test_what_several_tables_refer_to_is_no_trace_of_something() -> None:
    files = keys("events")
    refer = "".join(
        f"CREATE TABLE t{n} (id bigserial PRIMARY KEY, event_id bigint REFERENCES events (id));\n"
        for n in range(3)
    )
    (found,) = find("int32-key", files)
    assert found.severity is Severity.HIGH
    (found,) = find("int32-key", {**files, "db/schema.sql": files["db/schema.sql"] + refer})
    assert (found.severity, found.phase) == (Severity.MEDIUM, Phase.TO_100K)


RAILS = {
    "Gemfile": 'gem "rails"\ngem "pg"\n',
    "config/routes.rb": "Rails.application.routes.draw do\n  resources :shops\nend\n",
}


def dump(*tables: str) -> dict[str, str]:
    body = "".join(tables)
    return {
        "db/schema.rb": f"ActiveRecord::Schema[7.1].define(version: 1) do\n{body}end\n",
    }


def rails_table(name: str, *columns: str) -> str:
    lines = "".join(f"    t.{column}\n" for column in (*columns, "datetime :created_at"))
    return f'  create_table "{name}", force: :cascade do |t|\n{lines}  end\n'


def test_references_that_no_key_declares_are_a_habit_too() -> None:
    parts = [*(f"part{n}s" for n in range(9)), "settings"]  # the last is kept by hand
    shop = "".join(f"  has_many :{part}\n" for part in parts)
    files = {
        **RAILS,
        **dump(
            rails_table("shops", "string :title"),
            *(rails_table(part, "bigint :shop_id") for part in parts),
        ),
        "app/models/shop.rb": f"class Shop < ApplicationRecord\n{shop}end\n",
        **{
            f"app/models/{part[:-1]}.rb": (
                f"class {part[:-1].capitalize()} < ApplicationRecord\n  belongs_to :shop\nend\n"
            )
            for part in parts
        },
        "app/jobs/setting_job.rb": (
            "class SettingJob < ApplicationJob\n  def perform(x)\n    Setting.where(shop_id: x).to_a\n"
            "    Setting.where(shop_id: x).count\n  end\nend\n"
        ),
    }
    (found,) = find("unindexed-query", files)
    assert found.message.startswith("10 references to other tables are searched and have no index")
    assert found.confidence is Confidence.HIGH
    assert (
        found.severity is Severity.MEDIUM
    )  # as that of the gravest, wherever it stands among them


COMPOSE = {"compose.yaml": "services:\n  db:\n    image: postgres:16\n"}
LOGS = """
CREATE TABLE audit_entries (
    id bigserial PRIMARY KEY, action text, status text, person_id bigint, made_at timestamptz
);
CREATE INDEX newest ON audit_entries (made_at);
"""
ADD = 'def add(c):\n    c.execute("INSERT INTO audit_entries (action) VALUES (%s)")\n'


def asked(text: str) -> dict[str, str]:
    code = (
        "from flask import Flask\n\nfrom shop.db import connection\n\napp = Flask(__name__)\n\n\n"
        f'@app.get("/x")\ndef show(x):\n    return connection().execute("{text}", (x,)).fetchall()\n'
    )
    return {**COMPOSE, "db/schema.sql": LOGS, "shop/add.py": ADD, "shop/views.py": code}


def test_the_newest_of_a_kind_are_found_in_the_order_that_an_index_keeps() -> None:
    newest = "SELECT id FROM audit_entries WHERE {} = %s ORDER BY made_at DESC LIMIT 50"
    (found,) = find("unindexed-query", asked(newest.format("action")))
    assert found.severity is Severity.LOW
    assert found.message.endswith(
        "each call goes through the rows in the order that it asks for, until enough of them fit."
    )
    (found,) = find("unindexed-query", asked(newest.format("person_id")))
    assert found.severity is Severity.HIGH  # few rows are one person's
    whole = "SELECT id FROM audit_entries WHERE action = %s ORDER BY made_at DESC"
    (found,) = find("unindexed-query", asked(whole))
    assert found.severity is Severity.HIGH


def entities(name: str) -> dict[str, str]:
    return {
        "Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup>'
        '<PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="8.0.0" />'
        "</ItemGroup></Project>\n",
        "Data/ShopContext.cs": "using Microsoft.EntityFrameworkCore;\nnamespace Shop.Data;\n"
        "public class ShopContext : DbContext {\n"
        f"    public DbSet<{name}> {name} {{ get; set; }}\n}}\n"
        f"public class {name} {{\n    public int Id {{ get; set; }}\n"
        "    public string Title { get; set; }\n    public DateTime CreatedAt { get; set; }\n}\n",
        "Data/Reader.cs": "using Microsoft.EntityFrameworkCore;\nnamespace Shop.Data;\n"
        "public class Reader {\n    private readonly ShopContext _context;\n"
        f"    public Task<{name}> Named(string title) {{\n"
        f"        return _context.{name}.SingleOrDefaultAsync(row => row.Title == title);\n    }}\n}}\n",
    }


def test_capitals_part_the_words_of_a_table() -> None:
    (found,) = find("unindexed-query", entities("SiteTheme"))
    assert (found.data["table"], found.severity) == ("sitetheme", Severity.LOW)
    (found,) = find("unindexed-query", entities("SiteMessage"))
    assert found.severity is Severity.MEDIUM


def test_what_the_suggested_index_begins_with_is_what_the_message_says() -> None:
    schema = "CREATE TABLE seats (id bigserial PRIMARY KEY, hall text, chair text, week int, made_at date);"
    code = (
        'def add(c):\n    c.execute("INSERT INTO seats (hall) VALUES (%s)")\n'
        'def one(c, x):\n    c.execute("SELECT id FROM seats WHERE hall = %s AND chair = %s", x)\n'
        'def two(c, x):\n    c.execute("SELECT id FROM seats WHERE hall = %s AND week > %s", x)\n'
    )
    (found,) = find("unindexed-query", {**COMPOSE, "db/schema.sql": schema, "a.py": code})
    assert found.message.startswith("seats is searched by hall and chair, and no index")
    assert found.data["columns"] == ["hall", "chair"]


def migrated(*steps: str) -> dict[str, str]:
    table = "CREATE TABLE clicks (id bigserial PRIMARY KEY, page text, at timestamptz);"
    return {
        **COMPOSE,
        "migrations/20240110090000_one.sql": f"{table}\n",
        "add.py": 'def add(c):\n    c.execute("INSERT INTO clicks (page) VALUES (%s)")\n',
        **{f"migrations/2026020{n + 1}090000_next.sql": step for n, step in enumerate(steps)},
    }


def test_a_migration_that_others_followed_has_run() -> None:
    locking = "CREATE INDEX pages ON clicks (page);"
    (found,) = find("unsafe-migration", migrated(locking))
    assert found.severity is Severity.HIGH
    (found,) = find("unsafe-migration", migrated(locking, "ALTER TABLE clicks ADD COLUMN x text;"))
    assert found.severity is Severity.MEDIUM


def looped(*lines: str, name: str = "choose") -> dict[str, str]:
    body = "".join(f"        {line}\n" for line in lines)
    code = (
        "from flask import Flask, request\n\nfrom shop.db import connection\n\napp = Flask(__name__)\n"
        '\n\n@app.get("/options")\n'
        f"def {name}():\n    c = connection()\n"
        f"    for key in request.json:\n{body}"
    )
    schema = "CREATE TABLE choices (id bigserial PRIMARY KEY, title text UNIQUE, chosen int);"
    return {**COMPOSE, "db/schema.sql": schema, "shop/views.py": code}


def test_what_is_looked_up_to_be_saved_weighs_less_than_a_list() -> None:
    look = 'c.execute("SELECT id FROM choices WHERE title = %s", (key,))'
    save = 'c.execute("UPDATE choices SET chosen = 1 WHERE title = %s", (key,))'
    (found,) = find("n-plus-one", looped(look))
    assert found.severity is Severity.MEDIUM
    (found,) = find("n-plus-one", looped(look, save))
    assert found.severity is Severity.LOW
    assert found.message.endswith("by a list of keys, and save them together.")
    (found,) = find("n-plus-one", looped(look, name="update_options"))
    assert found.severity is Severity.LOW


@pytest.mark.parametrize(
    ("kind", "condition", "suggested"),
    [
        ("jsonb", "extra @> %s", True),
        ("json", "extra::jsonb @> %s", False),
        ("jsonb", "extra #>> '{buyer,code}' = %s", False),
    ],
)
def test_an_index_of_a_whole_document_is_for_what_it_contains(
    kind: str, condition: str, *, suggested: bool
) -> None:
    files = asked(f"SELECT id FROM audit_entries WHERE {condition}")
    files["db/schema.sql"] = LOGS.replace("status text", f"extra {kind}")
    for found in find("json-blob-filter", files):
        assert ("gin" in str(found.data["suggested_index"])) is suggested
    assert find("json-blob-filter", files) or kind == "json"


def test_references_that_few_searches_need_are_not_said_to_be_unasked() -> None:
    schema = (
        "CREATE TABLE halls (id bigserial PRIMARY KEY, title text);\n"
        "CREATE TABLE seats (id bigserial PRIMARY KEY, a bigint REFERENCES halls (id),"
        " b bigint REFERENCES halls (id));\n"
    )
    (found,) = find("unindexed-foreign-key", {**COMPOSE, "db/schema.sql": schema})
    assert "no search that was seen here would gain much by one" in found.message


@pytest.mark.parametrize(
    ("table", "severity"), [("hits", Severity.HIGH), ("comments", Severity.MEDIUM)]
)
def test_what_people_say_fills_a_key_in_decades(table: str, severity: Severity) -> None:
    (found,) = find("int32-key", keys(table))
    assert found.severity is severity


def test_of_tables_read_whole_what_use_fills_comes_first() -> None:
    reads = "".join(
        f'@app.get("/{name}")\ndef all_{name}(c):\n    return c.execute("SELECT * FROM {name}").fetchall()\n'
        for name in ("banners", "orders")
    )
    web = {"shop/web.py": "from flask import Flask\napp = Flask(__name__)\n" + reads}
    code = keys("numbers", "orders")
    numbers = web["shop/web.py"].replace("banners", "numbers")
    found = find("unbounded-query", {**code, "shop/web.py": numbers})
    weights = {each.subject.partition(" ")[0]: each.weight for each in found}
    assert weights["orders"] > weights["numbers"]


SHOP = """
using Microsoft.EntityFrameworkCore;

namespace Shop;

[Index(nameof(BuyerId))]
public class Payment {
    public int Id { get; set; }
    public int BuyerId { get; set; }
    public int BranchNo { get; set; }
    public DateTime MadeAt { get; set; }
}

public class ShopContext : DbContext {
    public DbSet<Payment> Payments { get; set; }
}

"""
NARROWING = """
using Shop;

public static class PaymentQueries {
    public static IQueryable<Payment> Of(this IQueryable<Payment> query, int? buyer, int? branch) {
        if (buyer > 0) { query = query.Where(x => x.BuyerId == buyer.Value); }
        if (branch > 0) { query = query.Where(x => x.BranchNo == branch.Value); }
        return query.OrderByDescending(x => x.MadeAt);
    }
}
"""
PAYMENTS = """
using Shop;

[ApiController]
public class PaymentsController : ControllerBase {
    private readonly ShopContext _db;

    [HttpGet("payments/last")]
    public async Task<Payment> Last(int buyer, int branch) =>
        await _db.Payments.Of(buyer, branch).FirstOrDefaultAsync();

    [HttpPost("payments")]
    public async Task Add(Payment payment) {
        _db.Payments.Add(payment);
        await _db.SaveChangesAsync();
    }
}
"""


def test_a_filter_beside_one_that_an_index_serves_is_less_grave() -> None:
    """Nor is the order of all rows told, which the method narrows by what it is given."""
    files = {"Shop.cs": SHOP, "Narrowing.cs": NARROWING, "Payments.cs": PAYMENTS}
    told = {each.subject: each.severity for each in find("unindexed-query", files)}
    assert told == {"payments.BranchNo": Severity.MEDIUM}
    files["Shop.cs"] = SHOP.replace("[Index(nameof(BuyerId))]", "")
    told = {each.subject: each.severity for each in find("unindexed-query", files)}
    assert told == {"payments.BranchNo": Severity.HIGH, "payments.BuyerId": Severity.HIGH}


def test_a_proxy_declares_no_index_for_the_class_of_a_library() -> None:
    files = {
        "shop/models.py": """
            from django.contrib.auth.models import User

            class Buyer(User):
                class Meta:
                    proxy = True
        """,
        "shop/views.py": """
            from django.contrib.auth.models import User

            def show(request):
                User.objects.create(email="x")
                return User.objects.filter(email=request.GET["mail"]).first()
        """,
        "shop/urls.py": """
            from django.urls import path
            from shop import views

            urlpatterns = [path("show/", views.show)]
        """,
    }
    (found,) = find("unindexed-query", files)
    assert found.statements == ("CREATE INDEX auth_user_email_idx ON auth_user (email);",)
