"""Rails applications: constants by their paths, processes of one codebase, conventions."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind
from scaleaudit.facts import RemoteCall, ScheduleStarted
from scaleaudit.linking.imports.autoloading import AutoloadedConstants


def edges(found: Architecture, *kinds: EdgeKind) -> set[str]:
    return {f"{e.source} {e.kind} {e.target}" for e in found.edges(*kinds)}


ROUTES = """
    Rails.application.routes.draw do
      resources :orders, only: :create
    end
"""
APPLICATION = {
    "Gemfile": 'gem "rails"\ngem "puma"\n',
    "Procfile": """
        web: bundle exec puma -C config/puma.rb
        worker: bundle exec sidekiq
        clock: bundle exec clockwork config/clock.rb
    """,
    "config/routes.rb": ROUTES,
    "config/application.rb": """
        class Shop < Rails::Application
          config.active_job.queue_adapter = :sidekiq
        end
    """,
    "config/environments/test.rb": "config.active_job.queue_adapter = :test\n",
    "config/initializers/sidekiq.rb": """
        Sidekiq.configure_server { |config| config.redis = { url: "redis://queue:6379" } }
    """,
    "config/clock.rb": """
        module Clockwork
          every(1.day, "expire") { ExpireJob.perform_later }
        end
    """,
    "app/controllers/orders_controller.rb": """
        class OrdersController < ApplicationController
          def create
            Billing.new.charge
            ChargeJob.perform_later
          end
        end
    """,
    "app/jobs/charge_job.rb": """
        class ChargeJob < ApplicationJob
          def perform
            Billing.new.charge
          end
        end
    """,
    "app/models/billing.rb": """
        class Billing
          def charge
            HTTP.get("https://billing.acme.io/charge")
            Quote.new.ask
          end
        end
    """,
    "app/models/quote.rb": """
        class Quote
          def ask = Faraday.get("https://quotes.acme.io/")
        end
    """,
}


def test_constants_are_found_where_rails_looks_for_them() -> None:
    paths = [
        "app/models/order.rb",
        "app/models/billing/order.rb",
        "app/models/concerns/payable.rb",
        "app/services/billing/charge.rb",
        "lib/html_page.rb",
        "engines/stock/app/models/order.rb",
        "config/routes.rb",
    ]
    constants = AutoloadedConstants(paths)
    assert (
        constants.file("app/services/billing/charge.rb", "Order") == "app/models/billing/order.rb"
    )
    assert (
        constants.file("app/models/order.rb", "Billing::Charge") == "app/services/billing/charge.rb"
    )
    assert constants.file("config/routes.rb", "Payable") == "app/models/concerns/payable.rb"
    assert constants.file("config/routes.rb", "HTMLPage") == "lib/html_page.rb"
    assert constants.file("engines/stock/lib/a.rb", "Order") == "engines/stock/app/models/order.rb"
    assert constants.file("config/routes.rb", "Missing") is None
    assert constants.library("config/routes.rb", "html_page") == "lib/html_page.rb"
    assert constants.library("config/routes.rb", "order") is None


def test_what_handlers_and_jobs_share_is_called_by_both_processes() -> None:
    assert edges(architecture(APPLICATION), EdgeKind.CALLS) == {
        f"service:{process} calls external:{host}.acme.io"
        for process in ("web", "worker")
        for host in ("billing", "quotes")
    }


def test_jobs_go_over_the_queue_that_active_job_is_configured_with() -> None:
    found = edges(architecture(APPLICATION), EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
    assert {edge for edge in found if edge.endswith("queue")} == {
        "service:web publishes cache:queue",
        "service:clock publishes cache:queue",
        "service:worker consumes cache:queue",
    }


def test_without_an_adapter_jobs_run_in_the_process() -> None:
    files = {k: v for k, v in APPLICATION.items() if k != "config/application.rb"}
    assert edges(architecture(files), EdgeKind.PUBLISHES, EdgeKind.CONSUMES) == set()


def test_a_queue_in_the_database_makes_no_database_of_its_own() -> None:
    application = {"config/application.rb": "config.active_job.queue_adapter = :good_job\n"}
    files = APPLICATION | application
    assert edges(architecture(files), EdgeKind.PUBLISHES, EdgeKind.CONSUMES) == set()
    adapter = {
        "config/database.yml": "production:\n  adapter: postgresql\n  url: <%= ENV['X'] %>\n"
    }
    found = edges(architecture(files | adapter), EdgeKind.PUBLISHES)
    assert "service:web publishes database:postgresql" in found


def test_endpoints_and_rules_look_at_the_process_that_serves() -> None:
    found = architecture(APPLICATION)
    assert {each.component for each in found.endpoints} == {"service:web"}
    assert {site.component for site in found.sites(RemoteCall)} == {"service:web"}


def test_a_schedule_runs_in_the_process_that_starts_its_file() -> None:
    files = APPLICATION | {
        "Procfile": "web: bundle exec puma\nagents: bundle exec rails runner bin/agents.rb\n",
        "bin/agents.rb": "Agents.new.run\n",
        "lib/agents.rb": """
            class Agents
              def run
                Rufus::Scheduler.new.every("1m") { Agent.check }
              end
            end
        """,
    }
    sites = [s for s in architecture(files).sites(ScheduleStarted) if s.at.path == "lib/agents.rb"]
    assert [site.component for site in sites] == ["service:agents"]


@pytest.mark.parametrize(
    ("adapter", "found"),
    [
        ("postgresql", {"service:web uses database:postgresql"}),
        ("mysql2", {"service:web uses database:mysql"}),
        ("sqlite3", set()),
        ("unheard_of", set()),
    ],
)
def test_the_adapter_of_the_database(adapter: str, found: set[str]) -> None:
    files = {
        "Gemfile": 'gem "rails"\n',
        "Procfile": "web: rails server\n",
        "config/routes.rb": ROUTES,
        "config/database.yml": f"default: &a\n  adapter: {adapter}\nproduction:\n  <<: *a\n",
    }
    assert edges(architecture(files), EdgeKind.USES) == found


@pytest.mark.parametrize(
    ("adapter", "found"),
    [("postgresql", {"service:web uses database:postgresql"}), ("sqlite3", set())],
)
def test_an_address_outside_leaves_the_adapter_to_the_developers(
    adapter: str, found: set[str]
) -> None:
    files = {
        "Gemfile": 'gem "rails"\n',
        "Procfile": "web: rails server\n",
        "config/routes.rb": ROUTES,
        "config/database.yml": (
            f"development:\n  adapter: {adapter}\n  host: localhost\n  database: shop_dev\n"
            'production:\n  url: <%= ENV.fetch("DATABASE_URL", "") %>\n'
        ),
    }
    assert edges(architecture(files), EdgeKind.USES) == found


def test_an_sqlite_file_in_production_is_seen() -> None:
    files = {
        "Procfile": "web: rails server\n",
        "Gemfile": 'gem "rails"\n',
        "config/database.yml": "production:\n  adapter: sqlite3\n  database: storage/main.sqlite3\n",
    }
    reaches = architecture(files).reaches
    assert [(each.technology, each.address) for each in reaches] == [
        ("sqlite", "storage/main.sqlite3")
    ]


def test_a_mounted_api_in_another_file() -> None:
    files = {
        "Gemfile": 'gem "rails"\n',
        "config/routes.rb": "Rails.application.routes.draw do\n  mount Api::Base => '/api'\nend\n",
        "app/api/api/base.rb": "class Api::Base < Grape::API\n  mount Api::Orders\nend\n",
        "app/api/api/orders.rb": """
            class Api::Orders < Grape::API
              resource(:orders) { get(":id") { 1 } }
            end
        """,
    }
    assert [(e.method, e.path) for e in architecture(files).endpoints] == [
        ("GET", "/api/orders/{id}")
    ]


def test_sinatra_classes_that_extend_one_another() -> None:
    application = (
        "class Application < Sinatra::Base\n  before { content_type 'application/json' }\nend\n"
    )
    routes = "class OrderRoutes < Application\n  get '/' do\n  end\n  get '/:id' do\n  end\nend\n"
    other = "class Settings < Struct\n  get '/etc/x' do\n  end\nend\n"
    files = {
        "compose.yaml": "services: {orders: {build: orders}, stock: {build: stock}}\n",
        "orders/Dockerfile": "FROM ruby\nCOPY . .\n",
        "orders/Gemfile": "gem 'sinatra'\n",
        "orders/config/application.rb": application,
        "orders/app/routes/all.rb": routes,
        "orders/app/settings.rb": other,
        "orders/config.ru": "run Rack::URLMap.new(\n  '/api/v1/orders' => OrderRoutes\n)\n",
        "stock/Dockerfile": "FROM ruby\nCOPY . .\n",
        "stock/Gemfile": "gem 'sinatra'\n",
        "stock/config/application.rb": application.replace("before", "get('/items') {}\n  before"),
        "stock/config.ru": "map '/api/v1' do\n  run Application\nend\n",
    }
    found = architecture(files)
    assert {(e.component, e.path) for e in found.endpoints} == {
        ("service:orders", "/api/v1/orders/"),
        ("service:orders", "/api/v1/orders/{id}"),
        ("service:stock", "/api/v1/items"),
    }


def test_the_port_of_puma() -> None:
    def watched(puma: str) -> set[tuple[str, str]]:
        files = {
            "compose.yaml": "services: {prometheus: {image: prom/prometheus}}\n",
            "prometheus.yml": "scrape_configs: [{static_configs: [{targets: ['host.docker.internal:4000']}]}]\n",
            "orders/Gemfile": "gem 'sinatra'\ngem 'puma'\n",
            "orders/Dockerfile": "FROM ruby\nCOPY . .\n",
            "orders/config/puma.rb": puma,
        }
        return {(edge.source, edge.target) for edge in architecture(files).edges()}

    expected = {("service:prometheus", "service:orders")}
    assert watched("port ENV.fetch('PORT', 4000)\n") == expected
    assert watched("threads 1, 5\nport 4000\n") == expected
    assert watched("threads 1, 5\nport 4001\n") == set()
    assert watched("import_map :all\nport 4000\n") == set()


def test_an_application_without_pages_has_no_forms() -> None:
    routes = "Rails.application.routes.draw do\n  resources :orders\nend\n"
    pages = {**APPLICATION, "config/routes.rb": routes}
    forms = {"/orders/new", "/orders/{id}/edit"}
    paths = {each.path for each in architecture(pages).endpoints}
    assert forms < paths
    api = "class Shop < Rails::Application\n  config.api_only = true\nend\n"
    files = {**pages, "config/application.rb": api}
    assert {each.path for each in architecture(files).endpoints} == paths - forms
