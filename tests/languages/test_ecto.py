"""Ecto's schemas and queries: what one file says, and what a small repository comes to."""

from __future__ import annotations

import time

import pytest

from scaleaudit.facts import (
    Clause,
    Condition,
    ModelDefined,
    OrmQuery,
    QueryFound,
    ScopeDefined,
)
from scaleaudit.index_use import judge_query
from scaleaudit.languages.elixir import extract
from scaleaudit.linking import link
from scaleaudit.source import Role, SourceFile


def models(*lines: str, head: tuple[str, ...] = ()) -> list[ModelDefined]:
    source = "\n".join(["defmodule Shop.Order do", "use Shop.Schema", *head, *lines, "end"])
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, ModelDefined)]


def queries(*lines: str, name: str = "Shop.Orders", args: str = "id") -> list[OrmQuery]:
    """What a function of these lines asks; `O` is the schema of orders."""
    source = "\n".join(
        [f"defmodule {name} do", "import Ecto.Query", "alias Shop.Order, as: O",
         "alias Shop.{Repo, Line}", f"def run({args}) do", *lines, "end", "end"]
    )  # fmt: skip
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, OrmQuery)]


def one(*lines: str) -> OrmQuery:
    found = queries(*lines)
    assert len(found) == 1
    return found[0]


def asked(query: OrmQuery) -> list[tuple[str, str]]:
    return [(c.path, c.operator) for c in query.conditions]


# -- schemas


def test_a_schema() -> None:
    (model,) = models(
        '  schema "orders" do',
        "    field :state, Ecto.Enum, values: [:open, :paid]",
        "    field :total, :decimal, default: 0",
        "    field :note, :string, source: :remark",
        "    field :shown, :string, virtual: true",
        "    embeds_many :marks, Shop.Mark",
        "    belongs_to :customer, Shop.Customer",
        "    belongs_to :seller, Shop.User, foreign_key: :sold_by, references: :code, type: :string",
        "    timestamps(updated_at: false)",
        "  end",
        head=("@primary_key {:id, :binary_id, autogenerate: true}", "@foreign_key_type :binary_id"),
    )
    assert (model.name, model.framework, model.table) == ("Shop.Order", "ecto", "orders")
    assert [(f.name, f.column, f.type) for f in model.fields] == [
        ("id", "", "UUID"),
        ("state", "", "ENUM"),
        ("total", "", "DECIMAL"),
        ("note", "remark", "VARCHAR"),
        ("shown", "()", "VARCHAR"),
        ("marks", "", "JSONB"),
        ("customer_id", "", "UUID"),
        ("sold_by", "", "VARCHAR"),
        ("inserted_at", "", "TIMESTAMP"),
    ]
    assert [f.name for f in model.fields if f.primary] == ["id"]
    assert [(r.name, r.target, r.kind, r.column) for r in model.relations] == [
        ("customer", "Shop.Customer", "belongs-to", "customer_id"),
        ("seller", "Shop.User", "belongs-to", "sold_by"),
    ]


def test_relations_to_others() -> None:
    (model,) = models(
        "  alias Shop.{Line, Tag}",
        '  schema("orders") do',
        "    has_many :lines, Line",
        "    has_one :bill, Shop.Bill, foreign_key: :for_order",
        "    has_many :products, through: [:lines, :product]",
        '    many_to_many :tags, Tag, join_through: "order_tags"',
        "    many_to_many :shops, Shop.Place, join_through: Shop.Visit, join_keys: [o_id: :id, p_id: :id]",
        "  end",
    )
    assert [
        (r.name, r.target, r.kind, r.column, r.through, r.inverse, r.other_column)
        for r in model.relations
    ] == [
        ("lines", "Shop.Line", "has-many", "order_id", "", "", ""),
        ("bill", "Shop.Bill", "has-one", "for_order", "", "", ""),
        ("products", "", "has-many", "", "lines", "product", ""),
        ("tags", "Shop.Tag", "many-to-many", "order_id", "order_tags", "", "tag_id"),
        ("shops", "Shop.Place", "many-to-many", "o_id", "Shop.Visit", "", "p_id"),
    ]
    assert not any(r.indexed for r in model.relations)


def test_what_is_no_table() -> None:
    assert models("embedded_schema do", "field :a, :string", "end") == []
    assert models("schema do", "end") == []
    (model,) = models(
        "@table \"orders\"", "schema @table do", "field :a, :string", "end",
        head=("@primary_key false",),
    )  # fmt: skip
    assert (model.table, [f.name for f in model.fields]) == ("orders", ["a"])


# -- conditions


@pytest.mark.parametrize(
    ("written", "conditions", "partial"),
    [
        ("o.state == ^id", [("state", "=", False)], False),
        ('o.state == "open"', [("state", "=", True)], False),
        ("^id == o.state", [("state", "=", False)], False),
        ("^id < o.total", [("total", ">", False)], False),
        ("o.total >= ^id and o.total < 9", [("total", ">=", False), ("total", "<", True)], False),
        ("o.state in ^id", [("state", "in", False)], False),
        ("o.state in [:open, :paid]", [("state", "in", True)], False),
        ("o.state not in ^id", [("state", "not-in", False)], False),
        ("is_nil(o.paid_at)", [("paid_at", "is-null", True)], False),
        ("not is_nil(o.paid_at)", [("paid_at", "is-not-null", True)], False),
        ("not (o.a == ^id or o.b == ^id)", [("a", "!=", False), ("b", "!=", False)], False),
        ("o.open", [("open", "is-true", True)], False),
        ("not o.open", [("open", "=", True)], False),
        ('like(o.name, ^"#{id}%")', [("name", "like", False)], False),
        ('ilike(o.name, ^"%#{id}%")', [("name", "contains", False)], False),
        ("like(o.name, ^id)", [("name", "search", False)], False),
        ('field(o, :state) == ^id', [("state", "=", False)], False),
        ("field(o, ^id) == 1", [], True),
        ('fragment("? @> ?", o.tags, ^id)', [], True),
        ("^id", [], True),
        ("^dynamic([o], o.state == ^id)", [], True),
        ("true", [], False),
        ("o.a < o.b", [], False),
        ("^id in o.tags", [("tags", "search", False)], False),
        ("o.at > ago(3, \"day\")", [("at", ">", False)], False),
    ],
)  # fmt: skip
def test_conditions(written: str, conditions: list[tuple[str, str, bool]], partial: bool) -> None:
    query = one(f"Repo.all(from(o in O, where: {written}))")
    found = [(c.path, c.operator, c.constant) for c in query.conditions]
    assert (found, query.partial) == (conditions, partial)


def test_functions_around_a_column() -> None:
    query = one(
        'Repo.all(from o in O, where: fragment("lower(?)", o.email) == ^id'
        ' and fragment("?::date", o.at) == ^id and coalesce(o.a, 0) > 1 and o.meta["kind"] == ^id)'
    )
    found = [(c.path, c.function) for c in query.conditions]
    assert found == [("email", "lower"), ("at", "date"), ("a", "coalesce"), ("meta", "->kind")]


def test_alternatives() -> None:
    query = one("Repo.all(from o in O, where: o.a == 1 and (o.b == 2 or (o.c == 3 and o.d == 4)))")
    assert [(c.path, c.alternative, c.group, c.branch) for c in query.conditions] == [
        ("a", False, 0, 0),
        ("b", True, 1, 1),
        ("c", True, 1, 2),
        ("d", True, 1, 2),
    ]
    assert one("Repo.all(O |> where(a: ^id) |> or_where(b: ^id))").partial


# -- ways to ask


def test_keywords_and_pipes_say_the_same() -> None:
    written = one(
        "Repo.all(from o in O, join: c in assoc(o, :customer), left_join: l in Line, on: l.order_id == o.id,",
        "  where: o.state == ^id and c.email == ^id, where: l.sku == ^id, order_by: [desc: o.inserted_at, asc: c.name],",
        "  limit: 10, offset: ^id, preload: [:lines, customer: c])",
    )
    piped = one(
        "O",
        "|> join(:inner, [o], c in assoc(o, :customer), as: :customer)",
        "|> join(:left, [o], l in Line, on: l.order_id == o.id)",
        "|> where([o, c], o.state == ^id and c.email == ^id)",
        "|> where([..., l], l.sku == ^id)",
        "|> order_by([o, customer: c], desc: o.inserted_at, asc: c.name)",
        "|> limit(10)",
        "|> offset(^id)",
        "|> preload([o, c], [:lines, customer: c])",
        "|> Repo.all()",
    )
    assert written.conditions == piped.conditions
    assert written.conditions == (
        Condition("customer", "=", Clause.JOIN),
        Condition("order_id", "=", Clause.JOIN, model="Shop.Line"),
        Condition("id", "=", Clause.JOIN),
        Condition("state", "="),
        Condition("customer.email", "="),
        Condition("sku", "=", model="Shop.Line"),
        Condition("inserted_at", "sort", Clause.SORT),
        Condition("customer.name", "sort", Clause.SORT),
    )
    for query in (written, piped):
        assert (query.model, query.loads) == ("Shop.Order", ("lines",))
        assert (query.limited, query.skips, query.partial) == (True, True, False)


@pytest.mark.parametrize(
    ("written", "conditions", "said"),
    [
        ("Repo.get_by(O, code: id)", [("code", "=")], {"limited"}),
        ("Repo.get_by!(O, %{code: id, a: 1})", [("code", "="), ("a", "=")], {"limited"}),
        ("Repo.get_by(O, id)", [], {"limited", "partial"}),
        ("O |> Repo.get_by(code: id)", [("code", "=")], {"limited"}),
        ("Repo.get!(O, id)", [("id", "=")], {"limited"}),
        ("Repo.all(O)", [], set()),
        ("O |> where(code: ^id) |> Repo.one()", [("code", "=")], {"limited"}),
        ("O |> where([o], o.code == ^id) |> Repo.exists?()", [("code", "=")], {"limited"}),
        ("Repo.aggregate(where(O, a: ^id), :count)", [("a", "=")], {"aggregate"}),
        ("Repo.one(from o in O, where: o.a == ^id, select: count(o.id))", [("a", "=")],
         {"aggregate", "limited"}),
        ("Repo.all(from o in O, group_by: o.a, select: {o.a, count(o.id)})", [], {"grouped"}),
        ("Repo.stream(where(O, a: ^id))", [("a", "=")], {"streamed"}),
        ("Repo.update_all(where(O, a: ^id), set: [b: 1])", [("a", "=")], {"writes"}),
        ("Repo.delete_all(from(o in O, where: o.a == ^id))", [("a", "=")], {"writes", "deletes"}),
        ("Ecto.Multi.delete_all(multi, :old, where(O, a: ^id))", [("a", "=")], {"writes", "deletes"}),
        ("%O{} |> O.changeset(id) |> Repo.insert()", [], {"inserts"}),
        ("Repo.fetch_by(O, %{code: id})", [("code", "=")], {"limited", "streamed"}),
        ("Repo.fetch(O, id)", [("id", "=")], {"limited", "streamed"}),
        ("O |> first(:at) |> Repo.one()", [("at", "sort")], {"limited"}),
        ('Repo.all(from o in O, order_by: fragment("RANDOM()"))', [], {"shuffled"}),
        ("Repo.replica().all(where(O, a: ^id))", [("a", "=")], set()),
        ("MyPages.paginate(where(O, a: ^id), id)", [("a", "=")], {"streamed"}),
        ("Enum.map(id, fn x -> Repo.get_by(O, code: x) end)", [("code", "=")], {"limited", "in_loop"}),
        ("case Repo.get_by(O, code: id) do\nnil -> 1\no -> o\nend", [("code", "=")], {"limited"}),
        ("with %O{} = o <- Repo.get_by(O, code: id), do: o", [("code", "=")], {"limited"}),
        ("Repo.transaction(fn -> Repo.get_by(O, code: id) end)", [("code", "=")], {"limited"}),
    ],
)  # fmt: skip
def test_what_a_repository_is_asked(
    written: str, conditions: list[tuple[str, str]], said: set[str]
) -> None:
    query = one(written)
    flags: tuple[str, ...] = (
        "limited",
        "partial",
        "aggregate",
        "grouped",
        "streamed",
        "writes",
        "deletes",
    )
    flags += ("inserts", "in_loop", "shuffled")
    assert (query.model, asked(query)) == ("Shop.Order", conditions)
    assert {name for name in flags if getattr(query, name)} == said


def test_children_of_rows() -> None:
    found = queries(
        "order = Repo.get!(O, id)",
        "Repo.preload(order, [:lines, customer: :address])",
        "Repo.all(Ecto.assoc(order, :bills))",
        "order |> Ecto.assoc(:bills) |> where(open: true) |> Repo.all()",
    )
    assert [(q.model, q.via, asked(q)) for q in found] == [
        ("Shop.Order", (), [("id", "=")]),
        ("Shop.Order", ("lines",), []),
        ("Shop.Order", ("customer",), []),
        ("Shop.Order", ("customer", "address"), []),
        ("Shop.Order", ("bills",), []),
        ("Shop.Order", ("bills",), [("open", "=")]),
    ]


# -- composed queries


def test_kept_in_a_variable() -> None:
    query = one("query = from o in O, where: o.a == ^id", "query = where(query, [o], o.b == 1)",
                "Repo.all(query)")  # fmt: skip
    assert asked(query) == [("a", "="), ("b", "=")]


def test_each_way_through_a_branch() -> None:
    found = queries(
        "query = from(o in O, where: o.a == ^id)",
        "query = if id, do: where(query, b: 1), else: query",
        "Repo.all(query)",
    )
    assert [asked(q) for q in found] == [[("a", "="), ("b", "=")], [("a", "=")]]
    found = queries(
        "query = case id do",
        "  1 -> where(O, a: 1)",
        "  _ -> where(O, b: 1)",
        "end",
        "Repo.all(query)",
    )
    assert [asked(q) for q in found] == [[("a", "=")], [("b", "=")]]


def test_helpers_of_the_module() -> None:
    found = queries(
        "base() |> narrowed(id) |> Repo.all()",
        "end",
        "defp base, do: from(o in O, where: o.a == 1)",
        "defp narrowed(query, nil), do: query",
        "defp narrowed(query, id) do",
        "  where(query, [o], o.b == ^id)",
    )
    assert [(asked(q), q.partial, q.scope) for q in found] == [
        ([("a", "=")], False, "run"),
        ([("a", "="), ("b", "=")], False, "run"),
    ]


def test_what_others_add_is_not_known() -> None:
    for written in (
        "O |> where(a: ^id) |> Shop.Filters.applied(id) |> Repo.all()",
        "O |> where(a: ^id) |> unknown(id) |> Repo.all()",
        "Enum.reduce(id, where(O, a: 1), fn x, q -> where(q, b: ^x) end) |> Repo.all()",
        "query = O |> where(a: ^id) |> where(^id)\nRepo.all(query)",
    ):
        assert [q.partial for q in queries(written)] == [True], written
    assert queries("Repo.all(id)") == []
    assert queries("id |> where(a: 1) |> Repo.all()") == []


def test_handed_back() -> None:
    """Told where it stands, though somebody may go on; not what only the file itself goes on with."""
    query = one("from(o in O, where: o.a == ^id, order_by: o.b)")
    assert (asked(query), query.streamed) == ([("a", "="), ("b", "sort")], True)
    assert queries("where(query, [o], o.a == ^id)", args="query \\\\ O, id") == []
    assert queries("O |> order_by(:b)") == []


def test_parts_that_a_schema_names() -> None:
    source = """
defmodule Shop.Order do
  use Ecto.Schema
  import Ecto.Query

  schema "orders" do
    field :state, :string
  end

  def open(query \\\\ __MODULE__), do: where(query, [o], o.state == "open")
  def by_code(code), do: from(o in __MODULE__, where: o.code == ^code)
  def latest(query), do: query |> open() |> order_by(desc: :at)
  def changeset(order, attrs), do: cast(order, attrs, [:state]) |> unique_constraint(:code)
  def rows(code), do: Repo.all(by_code(code))
end
"""
    found = extract(source.encode()).facts
    scopes = {f.name: f.conditions for f in found if isinstance(f, ScopeDefined)}
    state = Condition("state", "=", constant=True)
    assert scopes == {
        "open": (state,),
        "by_code": (Condition("code", "="),),
        "latest": (state, Condition("at", "sort", Clause.SORT)),
    }
    (model,) = [f for f in found if isinstance(f, ModelDefined)]
    assert model.indexes == ()
    used = one("O |> O.open() |> where(a: ^id) |> Repo.all()")
    assert (used.scopes, asked(used), used.partial) == (("open",), [("a", "=")], False)
    assert one("Repo.one(O.by_code(id))").scopes == ("by_code",)


def test_tables_without_a_schema() -> None:
    source = (
        "defmodule A do\nimport Ecto.Query\ndef a(x) do\n"
        'Repo.all(from o in "orders", where: o.state == ^x and o.at > 1, select: o.id)\nend\nend\n'
    )
    (found,) = [f for f in extract(source.encode()).facts if isinstance(f, QueryFound)]
    assert (found.reads, found.library, found.partial) == (("orders",), "ecto", False)
    assert [(p.table, p.column, p.operator) for p in found.predicates] == [
        ("orders", "state", "="),
        ("orders", "at", ">"),
    ]


def test_hostile_queries() -> None:
    calls = "\n".join(
        f"def f{n}(q), do: q |> f{(n * 7) % 60}() |> f{(n * 11) % 60}() |> where(a: ^q)"
        for n in range(60)
    )
    branches = "\n".join(f"q = if x, do: where(q, a{n}: ^x), else: q" for n in range(1_000))
    deep = "(" * 500 + "u.a == 1" + ")" * 500
    either = " or ".join(f"u.a{n} == ^x" for n in range(2_000))
    owner = "repo(" * 3_000
    for body in (
        f"{calls}\ndef run(x), do: f1(where(O, b: ^x)) |> Repo.all()",
        f"def run(x) do\nq = where(O, b: ^x)\n{branches}\nRepo.all(q)\nend",
        f"def run(x), do: Repo.all(from u in O, where: {deep})",
        f"def run(x), do: Repo.all(from u in O, where: {either})",
        f"def run(x), do: {owner}.all(O)",
    ):
        begun = time.monotonic()
        extract(f"defmodule A do\n{body}\nend\n".encode())
        assert time.monotonic() - begun < 10


# -- a whole repository

MIGRATION = """
defmodule Shop.Repo.Migrations.Start do
  use Ecto.Migration

  def change do
    create table(:customers) do
      add :email, :string
    end

    create table(:orders) do
      add :phone, :string
      add :code, :string
      add :customer_id, references(:customers)
    end

    create table(:lines) do
      add :order_id, references(:orders)
    end

    create index(:orders, [:code])
    create table(:keys) do
      add :order_id, references(:orders)
      add :open, :boolean
      add :gone_at, :utc_datetime
    end
    create index(:keys, [:order_id], where: "gone_at IS NULL")
  end
end
"""
SCHEMAS = """
defmodule Shop.Customer do
  use Ecto.Schema
  schema "customers" do
    field :email, :string
    has_many :orders, Shop.Order
  end
end
defmodule Shop.Line do
  use Ecto.Schema
  schema "lines" do
    belongs_to :order, Shop.Order
  end
end
defmodule Shop.Key do
  use Ecto.Schema
  schema "keys" do
    field :open, :boolean
    field :gone_at, :utc_datetime
    belongs_to :order, Shop.Order
  end
end
defmodule Shop.Order do
  use Ecto.Schema
  import Ecto.Query
  schema "orders" do
    field :phone, :string
    field :code, :string
    belongs_to :customer, Shop.Customer
    has_many :lines, Shop.Line
    has_one :key, Shop.Key, where: [gone_at: nil, open: true]
    has_many :old_keys, Shop.Key, where: [gone_at: {:not, nil}]
  end

  def of_phone(query, phone), do: where(query, [o], o.phone == ^phone)
end
"""


@pytest.mark.parametrize(
    ("written", "missing"),
    [
        ("Repo.get_by(Order, code: x)", set()),
        ("Repo.get_by(Order, phone: x)", {("orders", ("phone",))}),
        ("Repo.all(from o in Order, join: c in assoc(o, :customer), where: c.email == ^x)",
         {("customers", ("email",)), ("orders", ("customer_id",))}),
        ("Repo.get(Order, x)", set()),
        ("Repo.preload(x, :lines)", {("lines", ("order_id",))}),
        ("Repo.all(from o in Order, where: o.code == ^x, preload: [:lines])",
         {("lines", ("order_id",))}),
        ("Repo.one(Ecto.assoc(x, :key))", set()),
        ("Repo.preload(x, :key)", set()),
        ("Repo.all(from o in Order, join: k in assoc(o, :key), where: o.code == ^x)", set()),
        ("Repo.all(Ecto.assoc(x, :old_keys))", {("keys", ("order_id",))}),
        ("Order |> Order.of_phone(x) |> Repo.all()", {("orders", ("phone",))}),
        ("Order |> Order.other(x) |> Repo.all()", set()),
    ],
)  # fmt: skip
def test_indexes_that_are_missing(written: str, missing: set[tuple[str, tuple[str, ...]]]) -> None:
    asking = (
        "defmodule Shop.Orders do\nimport Ecto.Query\nalias Shop.{Order, Repo}\n"
        f"def run(x) do\n{written}\nend\nend\n"
    )
    files = {
        "priv/repo/migrations/20240101000000_start.exs": (MIGRATION, Role.MIGRATION),
        "lib/shop/schemas.ex": (SCHEMAS, Role.SOURCE),
        "lib/shop/orders.ex": (asking, Role.SOURCE),
    }
    found = link(
        {path: extract(text.encode()) for path, (text, _) in files.items()},
        {path: SourceFile(path, "elixir", role) for path, (_, role) in files.items()},
        "shop",
    )
    result = set()
    for site in found.sites(QueryFound):
        query = site.fact
        if site.at.path != "lib/shop/orders.ex" or query.partial:
            continue
        tables = [t for t in map(found.schema.table, query.reads) if t is not None]
        for judged in judge_query(query.predicates, tables, query.limited):
            if judged.verdict.is_problem:
                result.add((judged.table.name, judged.verdict.columns))
    assert result == missing
