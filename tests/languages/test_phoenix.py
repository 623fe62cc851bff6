"""Phoenix's routes, and what modules say of themselves: repositories, workers."""

from __future__ import annotations

from scaleaudit.facts import (
    EndpointServed,
    ImportFound,
    MessageReceived,
    MessageSent,
    StoreUsed,
    TableChanged,
)
from scaleaudit.languages.elixir import extract
from scaleaudit.source import Span
from scaleaudit.values import UNKNOWN, Literal, text_with_holes


def routes(*lines: str, head: str = "use ShopWeb, :router") -> list[tuple[str, str, str]]:
    source = "\n".join(["defmodule ShopWeb.Router do", head, *lines, "end"])
    found = extract(source.encode())
    assert found.problem == ""
    return [
        (f.method, text_with_holes(f.path), f.handler)
        for f in found.facts
        if isinstance(f, EndpointServed)
    ]


def test_scopes_and_verbs() -> None:
    assert routes(
        "pipeline :api do",
        '  plug :accepts, ["json"]',
        "end",
        'scope "/api", ShopWeb.Api, as: :api do',
        "  pipe_through [:api]",
        '  get "/orders/:id", OrderController, :show',
        '  post("/orders", OrderController, :create)',
        '  scope path: "/v2", alias: V2 do',
        '    match :*, "/any", AnyController, :any',
        '    match [:put, :patch], "/some", AnyController, :some',
        "  end",
        "end",
        'scope "/" do',
        "  if Mix.env() == :dev do",
        '    get "/", ShopWeb.PageController, :index',
        "  end",
        "end",
    ) == [
        ("GET", "/api/orders/:id", "ShopWeb.Api.OrderController.show"),
        ("POST", "/api/orders", "ShopWeb.Api.OrderController.create"),
        ("*", "/api/v2/any", "ShopWeb.Api.V2.AnyController.any"),
        ("PUT", "/api/v2/some", "ShopWeb.Api.V2.AnyController.some"),
        ("PATCH", "/api/v2/some", "ShopWeb.Api.V2.AnyController.some"),
        ("GET", "/", "ShopWeb.PageController.index"),
    ]


def test_resources() -> None:
    assert routes(
        'scope "/", ShopWeb do',
        '  resources "/orders", OrderController, only: [:index, :show] do',
        '    resources "/lines", LineController, except: [:new, :edit, :show, :update, :delete]',
        "  end",
        '  resources "/account", AccountController, singleton: true, only: [:show, :update]',
        '  resources "/shops", ShopController, param: "slug", only: [:delete]',
        "end",
    ) == [
        ("GET", "/orders", "ShopWeb.OrderController.index"),
        ("GET", "/orders/:id", "ShopWeb.OrderController.show"),
        ("GET", "/orders/:order_id/lines", "ShopWeb.LineController.index"),
        ("POST", "/orders/:order_id/lines", "ShopWeb.LineController.create"),
        ("GET", "/account", "ShopWeb.AccountController.show"),
        ("PATCH", "/account", "ShopWeb.AccountController.update"),
        ("DELETE", "/shops/:slug", "ShopWeb.ShopController.delete"),
    ]


def test_live_views_and_forwards() -> None:
    assert routes(
        'scope "/app", ShopWeb do',
        "  live_session :default, on_mount: Auth do",
        '    live "/orders", OrderLive.Index, :index',
        '    live "/now", NowLive',
        "  end",
        "end",
        'forward "/graphql", Absinthe.Plug, schema: ShopWeb.Schema',
        'forward "/mails", ShopWeb.Mails',
    ) == [
        ("GET", "/app/orders", "ShopWeb.OrderLive.Index.index"),
        ("GET", "/app/now", "ShopWeb.NowLive.call"),
        ("*", "/graphql", ""),
        ("*", "/mails/*path", "ShopWeb.Mails.call"),
    ]


def test_plugs_own_router() -> None:
    plain = ("plug :match", 'get "/up" do', '  send_resp(conn, 200, "ok")', "end")
    assert routes(*plain, head="use Plug.Router") == [("GET", "/up", "")]
    assert routes(*plain, head="import Other") == []


def test_routes_lead_to_controllers() -> None:
    source = (
        "defmodule ShopWeb.Router do\nuse ShopWeb, :router\n"
        'scope "/", ShopWeb do\n get "/", PageController, :index\nend\nend\n'
    )
    named = {f.module for f in extract(source.encode()).facts if isinstance(f, ImportFound)}
    assert "ShopWeb.PageController" in named


def test_repositories_and_workers() -> None:
    source = """
defmodule Shop.Repo do
  use Ecto.Repo, otp_app: :shop, adapter: Ecto.Adapters.Postgres
end

defmodule Shop.Expire do
  use Oban.Worker, queue: :orders

  def again(id) do
    %{id: id} |> Shop.Remind.new() |> Oban.insert()
    Oban.insert!(new(%{}))
  end
end
"""
    found = [
        f
        for f in extract(source.encode()).facts
        if isinstance(f, (StoreUsed, TableChanged, MessageReceived, MessageSent))
    ]
    store, engine = Span(3, 3, 3), Span(3, 3, 3)
    assert found[:2] == [
        StoreUsed(store, "postgresql", UNKNOWN, "ecto"),
        TableChanged(engine, "", "engine", dialect="postgres"),
    ]
    assert [type(f).__name__ for f in found[2:]] == ["MessageReceived", "MessageSent"]
    received, sent = found[2], found[3]
    assert isinstance(received, MessageReceived)
    assert isinstance(sent, MessageSent)
    assert (received.topic, received.handler) == (Literal("Shop.Expire"), "Shop.Expire.perform")
    assert (sent.topic, sent.scope) == (Literal("Shop.Remind"), "again")


def test_the_engine_in_settings() -> None:
    source = "import Config\nconfig :shop, Shop.Repo, adapter: Ecto.Adapters.MyXQL\n"
    found = [f for f in extract(source.encode()).facts if isinstance(f, TableChanged)]
    assert [(f.action, f.dialect) for f in found] == [("engine", "mysql")]
