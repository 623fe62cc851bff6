"""What repositories of Ecto add to the queries of all schemas."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import QueryFound

SCHEMAS = """
defmodule Shop.Order do
  use Ecto.Schema

  schema "orders" do
    field :code, :string
    belongs_to :org, Shop.Org
  end
end

defmodule Shop.Org do
  use Ecto.Schema

  schema "orgs" do
    field :name, :string
  end
end
"""
ASKED = """
defmodule Shop.Orders do
  import Ecto.Query

  def by_code(code), do: Shop.Repo.all(from o in Shop.Order, where: o.code == ^code)
  def by_name(name), do: Shop.Repo.all(from o in Shop.Org, where: o.name == ^name)
end
"""
REPO = """
defmodule Shop.Repo do
  use Ecto.Repo, otp_app: :shop, adapter: Ecto.Adapters.Postgres
  require Ecto.Query

  @impl true
  def prepare_query(_operation, query, opts) do
    cond do
      opts[:skip_org_id] || opts[:schema_migration] -> {query, opts}
      org_id = opts[:org_id] -> {NARROWED, opts}
      true -> raise "expected org_id or skip_org_id to be set"
    end
  end
end
"""


def asked(repo: str, source: str = ASKED) -> dict[str, set[str]]:
    files = {"lib/schemas.ex": SCHEMAS, "lib/orders.ex": source, "lib/repo.ex": repo}
    found: dict[str, set[str]] = {}
    for site in architecture(files).sites(QueryFound):
        found.setdefault(site.fact.reads[0], set()).update(p.column for p in site.fact.predicates)
    return found


@pytest.mark.parametrize(
    "narrowed",
    [
        "Ecto.Query.where(query, org_id: ^org_id)",
        "Ecto.Query.where(query, [q], q.org_id == ^org_id)",
        "from(q in query, where: q.org_id == ^org_id)",
    ],
)
def test_a_repository_that_keeps_tenants_apart(narrowed: str) -> None:
    assert asked(REPO.replace("NARROWED", narrowed)) == {
        "orders": {"code", "org_id"},
        "orgs": {"name"},
    }


def test_queries_that_ask_to_be_without_it() -> None:
    repo = REPO.replace("NARROWED", "Ecto.Query.where(query, org_id: ^org_id)")
    source = ASKED.replace(
        "Repo.all(from o in Shop.Order, where: o.code == ^code)",
        "Repo.all((from o in Shop.Order, where: o.code == ^code), skip_org_id: true)",
    )
    assert asked(repo, source)["orders"] == {"code"}


def test_a_repository_that_only_looks_on() -> None:
    assert asked(REPO.replace("NARROWED", "query")) == {"orders": {"code"}, "orgs": {"name"}}
