"""Elixir: modules and the names they give each other, loops, statements, requests."""

from __future__ import annotations

import time

import pytest
import tree_sitter_elixir
from tree_sitter import Language, Query

from scaleaudit.config_files.mix import extract as package_of
from scaleaudit.extractor import kind_finder
from scaleaudit.facts import (
    Fact,
    FileFacts,
    ImportFound,
    PackageDeclared,
    QueryFound,
    RemoteCall,
    Timeout,
)
from scaleaudit.file_kinds import EXTRACTORS
from scaleaudit.file_roles import role_of
from scaleaudit.languages.elixir import extract
from scaleaudit.languages.elixir.frameworks import FRAMEWORKS
from scaleaudit.languages.engine import query_text
from scaleaudit.languages.patterns import PatternTable
from scaleaudit.linking.facts_index import FactsIndex
from scaleaudit.linking.imports.modules import Modules
from scaleaudit.source import Role, SourceFile, Span
from scaleaudit.values import Join, Literal, Unknown

kind_of = kind_finder(EXTRACTORS)


def facts(source: str) -> list[Fact]:
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if not isinstance(fact, ImportFound)]


def named(source: str) -> set[tuple[str, bool]]:
    return {
        (fact.module, fact.lazy)
        for fact in extract(source.encode()).facts
        if isinstance(fact, ImportFound)
    }


def test_query_compiles_and_no_table_is_left_out() -> None:
    text = query_text("scaleaudit.languages.elixir", PatternTable(FRAMEWORKS))
    assert "$CALL" not in text
    Query(Language(tree_sitter_elixir.language()), text)


def test_files() -> None:
    assert kind_of("lib/shop/order.ex") == "elixir"
    assert kind_of("config/runtime.exs") == "elixir"
    assert kind_of("apps/shop/mix.exs") == "mix"
    assert role_of("test/shop/order_test.exs") == (Role.TEST, "")
    assert role_of("lib/shop/order_test.exs") == (Role.TEST, "")
    assert role_of("priv/repo/migrations/20240131101500_add_orders.exs") == (Role.MIGRATION, "")
    assert role_of("priv/repo/manual/20240131101500_fill_orders.exs") == (Role.MIGRATION, "")
    assert role_of("lib/shop/order.ex") == (Role.SOURCE, "")


def test_modules_named() -> None:
    source = """
defmodule Shop.Orders do
  use Shop.Schema
  import Shop.Queries, only: [recent: 1]
  require Logger
  alias Shop.{Repo, Orders.Line}
  alias Shop.Accounts.User, as: Buyer
  alias __MODULE__.Basket

  # Shop.Commented is named in a comment alone
  def open(%Buyer{} = buyer), do: Shop.Clock.now(Line, "Shop.InText")

  defmodule Basket do
    def lines(x), do: x
  end
end
"""
    found = extract(source.encode())
    assert found.namespace == "Shop.Orders"
    assert named(source) == {
        ("Shop.Schema", False),
        ("Shop.Queries", False),
        ("Shop.Repo", True),
        ("Shop.Orders.Line", True),
        ("Shop.Accounts.User", True),
        ("Shop.Clock", True),
    }


def test_functions_and_who_runs_them() -> None:
    source = """
defmodule Shop.Workers.Expire do
  use Oban.Worker

  def perform(%Oban.Job{args: args}), do: expire_orders(args)

  def expire_orders(args) when is_map(args) do
    close_order(args)
  end

  def shown(conn, _params), do: close_order(conn)
end
"""
    found = {each.scope: each.root for each in extract(source.encode()).functions}
    assert found == {"perform": "job", "expire_orders": "", "shown": "framework"}


def test_files_of_tests_offer_no_functions() -> None:
    source = "defmodule A do\n  use ExUnit.Case\n  def make_order(a), do: close_order(a)\nend\n"
    assert extract(source.encode()).functions == ()
    assert extract(source.replace("ExUnit.Case", "Shop.Base").encode()).functions


def test_imports_lead_to_files() -> None:
    sources = {
        "lib/shop/orders.ex": "defmodule Shop.Orders do\n  alias Shop.Line\n  import Shop.Q\nend\n",
        "lib/shop/line.ex": "defmodule Shop.Line do\n  def a, do: Shop.Orders.Total.sum()\nend\n",
        "lib/shop/q.ex": "defmodule Shop.Q do\nend\n",
    }
    read = {path: extract(text.encode()) for path, text in sources.items()}
    files = {path: SourceFile(path, "elixir", Role.SOURCE) for path in sources}
    modules = Modules(FactsIndex(read, files))
    assert {pair: fact.lazy for pair, fact in modules.imports.items()} == {
        ("lib/shop/orders.ex", "lib/shop/line.ex"): True,
        ("lib/shop/orders.ex", "lib/shop/q.ex"): False,
        ("lib/shop/line.ex", "lib/shop/orders.ex"): True,
    }


def statements(source: str) -> list[QueryFound]:
    return [fact for fact in facts(source) if isinstance(fact, QueryFound)]


def test_statements_in_strings() -> None:
    source = '''
defmodule A do
  @doc """
  SELECT id FROM documented
  """
  def a(id) do
    Repo.query!("SELECT name FROM users WHERE email = $1 LIMIT 1", [id])
  end

  def b(more) do
    Repo.query("SELECT name FROM orders WHERE state = $1 " <> more, [1])
  end

  def c do
    Repo.query(~s(SELECT name FROM lines WHERE code = $1))
  end
end
'''
    found = [(q.reads, q.partial, q.scope) for q in statements(source)]
    assert found == [(("users",), False, "a"), (("orders",), True, "b"), (("lines",), False, "c")]


@pytest.mark.parametrize(
    ("code", "looped"),
    [
        ("Enum.map(ids, fn id -> $ end)", True),
        ("ids |> Enum.each(fn id -> $ end)", True),
        ("Enum.each(ids, &(&1 |> $))", True),
        ("for id <- ids, do: $", True),
        ("for id <- ids do\n $\nend", True),
        ("Enum.each(ids, fn id -> Repo.transaction(fn -> $ end) end)", True),
        ("Task.async_stream(ids, fn id -> $ end)", True),
        ("Enum.map($, fn id -> id end)", False),
        ("for id <- $, do: id", False),
        ("Repo.transaction(fn -> $ end)", False),
        ("$ |> Enum.map(& &1.id)", False),
        ("if a, do: $", False),
        ("Enum.reduce(ids, 1, fn {:state, x}, q -> $\n _, q -> q end)", False),
        ("Enum.reduce(ids, 1, fn {key, x}, q -> $ end)", True),
        # Once for hundreds of them.
        ("ids |> Enum.chunk_every(500) |> Enum.each(fn some -> $ end)", False),
        ("Enum.each(Enum.chunk_every(ids, 500), fn some -> $ end)", False),
        ("for some <- Stream.chunk_every(ids, 500), do: $", False),
        (
            "ids |> Enum.chunk_every(500) |> Enum.concat() |> load() |> Enum.each(fn id -> $ end)",
            True,
        ),
    ],
)
def test_loops(code: str, looped: bool) -> None:
    asked = 'Repo.query("SELECT name FROM users WHERE email = $1")'
    source = f"defmodule A do\n def a(ids) do\n{code.replace('$', asked)}\n end\nend\n"
    assert [q.in_loop for q in statements(source)] == [looped]


def test_requests() -> None:
    source = """
defmodule A do
  def a(id) do
    HTTPoison.get("http://stock/#{id}", [], recv_timeout: 500)
    "http://stock/all" |> Req.get()
    :httpc.request("http://stock")
  end
end
"""
    found = [fact for fact in facts(source) if isinstance(fact, RemoteCall)]
    assert [(c.library, c.target, c.timeout) for c in found] == [
        ("httpoison", Join((Literal("http://stock/"), Unknown())), Timeout.SET),
        ("req", Literal("http://stock/all"), Timeout.FINITE),
        ("httpc", Unknown(), Timeout.NEVER),
    ]


def test_mix_projects() -> None:
    source = """
defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: "0.1.0", deps: deps()]
  end

  def application do
    [mod: {Shop.Application, []}]
  end

  defp deps do
    [
      {:phoenix, "~> 1.7"},
      # {:unused, "~> 1.0"},
      {:postgrex, ">= 0.0.0"},
      {:credo, "~> 1.7", only: [:dev, :test], runtime: false},
      {:stock, in_umbrella: true},
      {:ex_machina, "~> 2.7", only: :test},
      {:oban, git: "https://example.com/oban.git"}
    ]
  end
end
"""
    assert package_of(source.encode()).facts == (
        PackageDeclared(
            Span(6),
            "shop",
            "hex",
            (("phoenix", "~> 1.7"), ("postgrex", ">= 0.0.0"), ("oban", "")),
            runnable=True,
        ),
    )
    umbrella = b'defmodule A do\n def project, do: [apps_path: "apps", deps: []]\nend\n'
    assert package_of(umbrella).facts == (PackageDeclared(Span(2), "", "hex", (), ("apps/*",)),)
    assert package_of(b"\xff\xfe junk") == FileFacts(facts=(), lines=1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00defmodule",
        b"defmodule A do\n def a(",
        b"defmodule A do alias B.{C, end",
        b"(" * 10_000,
        b"defmodule A do\n" * 2_000,
        b"a |> " * 5_000,
        b"from(u in User, where: " * 2_000,
        b"def a do\n q = where(q, [u], u.a == ^b)\n" * 1_000,
    ],
)
def test_hostile_input(content: bytes) -> None:
    begun = time.monotonic()
    extract(content)
    package_of(content)
    assert time.monotonic() - begun < 10
