"""Ruby: small sources and every fact they hold."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from scaleaudit.extractor import kind_finder
from scaleaudit.facts import (
    ConstantDefined,
    EndpointServed,
    Fact,
    FileWritten,
    ImportFound,
    MessageReceived,
    MessageSent,
    QueryFound,
    RemoteCall,
    RouterMounted,
    ScheduleStarted,
    SessionKept,
    SettingDefined,
    SettingRead,
    StateKept,
    StoreUsed,
    TableDefined,
    Timeout,
    WorkSpawned,
)
from scaleaudit.inflection import camelized, plural, singular, underscored
from scaleaudit.languages import LANGUAGES
from scaleaudit.languages.ruby import extract
from scaleaudit.languages.ruby.names import NameReader
from scaleaudit.source import Span
from scaleaudit.values import (
    UNKNOWN,
    Join,
    Literal,
    Name,
    Parameter,
    Setting,
    Unknown,
    text_with_holes,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def facts(source: str) -> list[Fact]:
    """All facts but imports, which have a test of their own."""
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if not isinstance(fact, ImportFound)]


def only(source: str, kind: type[Fact]) -> list[Fact]:
    return [fact for fact in facts(source) if isinstance(fact, kind)]


def call(source: str) -> RemoteCall:
    found = [fact for fact in facts(source) if isinstance(fact, RemoteCall)]
    assert len(found) == 1
    return found[0]


def stores(source: str) -> list[tuple[str, object]]:
    return [(f.technology, f.address) for f in facts(source) if isinstance(f, StoreUsed)]


def routes(body: str) -> list[str]:
    """`GET /path -> handler`, one for each endpoint of a `routes.draw` block."""
    found = facts(f"Rails.application.routes.draw do\n{body}\nend\n")
    return [
        f"{f.method} {text_with_holes(f.path)} -> {f.handler}"
        for f in found
        if isinstance(f, EndpointServed)
    ]


def paths(source: str) -> list[tuple[str, str]]:
    found = [fact for fact in facts(source) if isinstance(fact, EndpointServed)]
    return [(fact.method, text_with_holes(fact.path)) for fact in found]


# -- structure


def test_files_that_are_ruby() -> None:
    kind_of = kind_finder(LANGUAGES)
    named = ("app/models/user.rb", "lib/tasks/a.rake", "config.ru", "Rakefile", "Guardfile")
    assert [kind_of(path) for path in named] == ["ruby"] * 5
    assert kind_of("Gemfile") is None


def test_imports_by_path_and_by_constant() -> None:
    source = (
        'require "json"\n'
        'require_relative "../billing/api"\n'
        "# Commented::Out\n"
        "class Orders < ApplicationRecord\n"
        "  def charge\n"
        '    require "stripe"\n'
        "    Billing::Invoice.charge(self, 'Not::Code', Time.now, LIMIT)\n"
        "  end\n"
        "end\n"
    )
    found = [fact for fact in extract(source.encode()).facts if isinstance(fact, ImportFound)]
    assert [(fact.module, fact.lazy, fact.at.line) for fact in found] == [
        ("json", False, 1),
        ("../billing/api", False, 2),
        ("stripe", True, 6),
        ("ApplicationRecord", True, 4),
        ("Billing::Invoice", True, 7),
    ]


def looked_up(monkeypatch: pytest.MonkeyPatch, source: str) -> list[int]:
    """The offsets that the tree is asked for while the source is read."""
    found: list[int] = []
    leaf_at = NameReader.leaf_at

    def counted(reader: NameReader, offset: int) -> Node | None:
        found.append(offset)
        return leaf_at(reader, offset)

    monkeypatch.setattr(NameReader, "leaf_at", counted)
    extract(source.encode())
    return found


def test_constants_in_comments_are_not_looked_up_in_the_tree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    header = "# frozen_string_literal: true\n" + "# Copyright of Ada and Bob\n" * 5
    assert all(at >= len(header) for at in looked_up(monkeypatch, f"{header}Ada.new\n"))


def test_code_in_a_text_that_looks_like_a_comment() -> None:
    source = "TEXT = <<~END\n  # of #{Basket.name} and Cart\nEND\n"
    found = extract(source.encode()).facts
    assert [fact.module for fact in found if isinstance(fact, ImportFound)] == ["Basket"]


def test_what_an_instance_variable_holds_is_found_out_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    uses = "".join(f"  def a{at}\n    @orders.where(a: {at})\n  end\n" for at in range(40))
    source = f"class ShopController\n  def set\n    @orders = Order.all\n  end\n{uses}end\n"
    asked = looked_up(monkeypatch, source)
    assert len(asked) < 5 * 40  # not once for each pair of uses


def test_constants_and_settings() -> None:
    source = (
        "module Billing\n"
        "  class Client\n"
        '    URL = ENV.fetch("BILLING_URL", "http://billing:8080").freeze\n'
        '    PATH = "#{URL}/v1" + "/pay"\n'
        "    LIMIT = 20\n"
        "  end\n"
        "end\n"
        'Rails.application.config.x.mail_url = ENV["MAIL_URL"] || "http://mail"\n'
    )
    found = facts(source)
    assert [(f.name, f.value) for f in found if isinstance(f, ConstantDefined)] == [
        ("Billing.Client.URL", Setting("BILLING_URL", Literal("http://billing:8080"))),
        ("Billing.Client.PATH", Join((Name("Billing.Client.URL"), Literal("/v1/pay")))),
        ("config.x.mail_url", Setting("MAIL_URL", Literal("http://mail"))),
    ]
    assert [f for f in found if isinstance(f, SettingRead)] == [
        SettingRead(Span(3, 11, 3), "BILLING_URL", "Billing.Client"),
        SettingRead(Span(8, 39, 8), "MAIL_URL", ""),
    ]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (
            '"http://a/#{id}/b"',
            Join((Literal("http://a/"), Parameter("A.b", "id", 0), Literal("/b"))),
        ),
        ("'http://a/\\n'", Literal("http://a/\\n")),
        ('ENV["A"]', Setting("A")),
        ('ENV["A"] || ENV["B"] || "http://c"', Setting("A", Setting("B", Literal("http://c")))),
        ('ENV.fetch("A") { "http://b" }', Setting("A", Literal("http://b"))),
        ('URI.parse(ENV.fetch("A").chomp("/"))', Setting("A")),
        ('File.join("http://a", "b")', Literal("http://a/b")),
        ('format("http://%s/v%d", "a", 2)', Literal("http://a/v2")),
        ('"http://%s" % host', Join((Literal("http://"), Parameter("A.b", "host", 1)))),
        ("Clients::API_URL", Name("Clients.API_URL")),
        ("Rails.configuration.x.mail_url", Name("config.x.mail_url")),
        (
            "Rails.application.credentials.mail_url",
            Unknown("Rails.application.credentials.mail_url"),
        ),
    ],
)
def test_values(expression: str, value: object) -> None:
    assert (
        call(f"class A\n  def b(id, host)\n    Faraday.get({expression})\n  end\nend\n").target
        == value
    )


def test_values_through_locals_parameters_and_methods() -> None:
    source = (
        "class Crm\n"
        '  def initialize(url: ENV.fetch("CRM_URL"))\n'
        "    @http = Faraday.new(url: url)\n"
        "  end\n"
        "  def base_url = ENV['BASE_URL']\n"
        "  def a\n"
        '    path = "/a"\n'
        "    @http.get(path)\n"
        "  end\n"
        "  def b\n"
        '    connection.post("b")\n'
        "  end\n"
        "  def connection\n"
        "    @connection ||= Faraday.new(base_url) { |f| f.options.timeout = 3 }\n"
        "  end\n"
        "end\n"
    )
    found = [fact for fact in facts(source) if isinstance(fact, RemoteCall)]
    assert [(f.target, f.timeout, f.scope) for f in found] == [
        (Join((Setting("CRM_URL"), Literal("/a"))), Timeout.FINITE, "Crm.a"),
        (Join((Setting("BASE_URL"), Literal("/b"))), Timeout.SET, "Crm.b"),
    ]


# -- Rails' routes


def test_resources_and_their_actions() -> None:
    assert routes("resources :tickets, only: %i[index show update]") == [
        "GET /tickets -> tickets#index",
        "GET /tickets/:id -> tickets#show",
        "PATCH /tickets/:id -> tickets#update",
        "PUT /tickets/:id -> tickets#update",
    ]
    assert routes("resource :session, except: %w[edit update new]") == [
        "POST /session -> sessions#create",
        "GET /session -> sessions#show",
        "DELETE /session -> sessions#destroy",
    ]
    assert routes("resources :photos, path: 'pictures', controller: 'images', only: :new") == [
        "GET /pictures/new -> images#new"
    ]


def test_nested_members_and_collections() -> None:
    body = (
        "resources :companies, only: [] do\n"
        "  get :archive, on: :collection\n"
        "  post :close, on: :member\n"
        "  get :peek\n"
        "  collection { get :search }\n"
        "  resources :people, only: :show, param: :slug do\n"
        "    member do\n"
        "      delete 'photo', action: :remove_photo\n"
        "    end\n"
        "  end\n"
        "end\n"
    )
    assert routes(body) == [
        "GET /companies/archive -> companies#archive",
        "POST /companies/:id/close -> companies#close",
        "GET /companies/:company_id/peek -> companies#peek",
        "GET /companies/search -> companies#search",
        "GET /companies/:company_id/people/:slug -> people#show",
        "DELETE /companies/:company_id/people/:slug/photo -> people#remove_photo",
    ]


def test_namespaces_and_scopes() -> None:
    body = (
        "namespace :api, defaults: { format: :json } do\n"
        "  namespace :v1, path: 'version1' do\n"
        "    resources :tickets, only: :index\n"
        "    root to: 'home#show'\n"
        "  end\n"
        "end\n"
        "scope '/:account', module: 'accounts', as: :account do\n"
        "  get 'usage(.:format)', to: 'usage#show'\n"
        "end\n"
        "scope(module: :inner) { get '/plain' => 'plain#show' }\n"
        "scope '(:locale)' do\n"
        "  get 'about', to: redirect('/about-us')\n"
        "end\n"
    )
    assert routes(body) == [
        "GET /api/version1/tickets -> api/v1/tickets#index",
        "GET /api/version1 -> api/v1/home#show",
        "GET /:account/usage -> accounts/usage#show",
        "GET /plain -> inner/plain#show",
        "GET /about -> redirect",
    ]


def test_shallow_resources_and_concerns() -> None:
    body = (
        "concern(:commentable) { resources :comments, only: :create }\n"
        "resources :posts, only: [], concerns: :commentable, shallow: true do\n"
        "  resources :images, only: %i[index show] do\n"
        "    concerns :commentable\n"
        "  end\n"
        "end\n"
    )
    assert routes(body) == [
        "POST /posts/:post_id/comments -> comments#create",
        "GET /posts/:post_id/images -> images#index",
        "GET /images/:id -> images#show",
        "POST /images/:image_id/comments -> comments#create",
    ]


def test_matches_conditions_and_mounts() -> None:
    body = (
        "match '/both', to: 'a#b', via: [:get, :post]\n"
        "match '/any', to: 'a#c', via: :all\n"
        "constraints subdomain: 'api' do\n"
        "  get '/inner', controller: 'x', action: 'y'\n"
        "end\n"
        "if Rails.env.development?\n"
        "  get 'letters', to: 'dev#letters'\n"
        "end\n"
        "%w[404 500].each { |code| get code, to: 'errors#show' }\n"
        "mount Api::Base, at: '/grape'\n"
    )
    assert routes(body) == [
        "GET /both -> a#b",
        "POST /both -> a#b",
        "* /any -> a#c",
        "GET /inner -> x#y",
        "GET /letters -> dev#letters",
    ]
    mounted = only(f"Rails.application.routes.draw do\n{body}end\n", RouterMounted)
    assert mounted == [RouterMounted(Span(11, 1, 11), Literal("/grape"), "Api.Base")]


def test_controllers_are_what_routes_import() -> None:
    source = b"Rails.application.routes.draw do\n  get 'a', to: 'api/v1/order_items#show'\nend\n"
    assert (
        ImportFound(Span(2, 3, 2), "Api::V1::OrderItemsController", lazy=True)
        in extract(source).facts
    )


def test_a_part_of_the_routes_in_its_own_file() -> None:
    assert paths("namespace :admin do\n  resources :users, only: :index\nend\n") == [
        ("GET", "/admin/users")
    ]
    assert paths("namespace :db do\n  task(:seed) { get 'x' }\nend\n") == []


def test_other_web_frameworks() -> None:
    classic = "require 'sinatra'\nget('/hello/:name') { 'x' }\npost '/form' do\nend\n"
    assert paths(classic) == [("GET", "/hello/:name"), ("POST", "/form")]
    grape = (
        "class API < Grape::API\n  version 'v1', using: :header\n  prefix 'api'\n"
        "  namespace :orders do\n    desc 'One'\n    get(':id') { 1 }\n    mount Items\n  end\nend\n"
    )
    assert paths(grape) == [("GET", "/api/orders/:id")]
    roda = "class App < Roda\n  route do |r|\n    r.on 'a' do\n      r.is(String) { |b| r.post { b } }\n    end\n  end\nend\n"
    assert paths(roda) == [("POST", "/a/:b")]
    rack = "require './app'\nmap '/v1' do\n  run Api.new\nend\nrun App\n"
    assert only(rack, RouterMounted) == [RouterMounted(Span(3, 3, 3), Literal("/v1"), "Api")]


# -- remote calls


@pytest.mark.parametrize(
    ("source", "library", "timeout"),
    [
        ("Net::HTTP.get(URI('http://a'))", "net/http", Timeout.FINITE),
        (
            "http = Net::HTTP.new('a', 80)\nhttp.read_timeout = nil\nhttp.get('/')",
            "net/http",
            Timeout.NEVER,
        ),
        (
            "http = Net::HTTP.new('a', 80)\nhttp.open_timeout = 2\nhttp.get('/')",
            "net/http",
            Timeout.SET,
        ),
        ("Net::HTTP.start('a', 80, read_timeout: 5) { |h| h.request(x) }", "net/http", Timeout.SET),
        ("HTTParty.get('http://a')", "httparty", Timeout.FINITE),
        ("HTTParty.get('http://a', **options)", "httparty", Timeout.UNKNOWN),
        ("Faraday.new('http://a', request: { timeout: 2 }).get('/')", "faraday", Timeout.SET),
        (
            "RestClient::Request.execute(method: :get, url: 'http://a', timeout: 4)",
            "rest-client",
            Timeout.SET,
        ),
        ("HTTP.get('http://a')", "http.rb", Timeout.NEVER),
        ("HTTP.timeout(3).headers(a: 1).get('http://a')", "http.rb", Timeout.SET),
        ("Excon.get('http://a')", "excon", Timeout.FINITE),
        ("Typhoeus.get('http://a', connecttimeout: 2)", "typhoeus", Timeout.NEVER),
        ("Typhoeus.get('http://a', timeout: 2)", "typhoeus", Timeout.SET),
        ("URI.open('http://a', read_timeout: 2)", "open-uri", Timeout.SET),
        ("open('http://a').read", "open-uri", Timeout.FINITE),
    ],
)
def test_what_each_client_waits_for(source: str, library: str, timeout: Timeout) -> None:
    found = call(f"class A\n  def b\n    {source}\n  end\nend\n")
    assert (found.library, found.timeout) == (library, timeout)


def test_a_class_that_includes_httparty() -> None:
    source = (
        "class Rates\n  include HTTParty\n  base_uri 'https://rates.acme.io'\n  default_timeout 4\n"
        "  def today\n    self.class.get('/today')\n  end\nend\n"
    )
    found = call(source)
    assert (found.target, found.timeout) == (Literal("https://rates.acme.io/today"), Timeout.SET)


def test_calls_in_loops() -> None:
    assert call("ids.each { |id| HTTP.get('http://a') }\n").in_loop
    assert call("Order.find_each do |order|\n  HTTP.get('http://a')\nend\n").in_loop
    assert call("while ids.any?\n  HTTP.get('http://a')\nend\n").in_loop
    assert not call("while true\n  HTTP.get('http://a')\nend\n").in_loop
    assert not call("open { HTTP.get('http://a') }\n").in_loop


def test_names_that_only_look_like_clients() -> None:
    source = (
        "class A\n  def b(http, params)\n    http.get('/x')\n    params.delete(:a)\n"
        "    File.open('a')\n    cache.get('x')\n    client.post('y')\n  end\nend\n"
    )
    assert facts(source) == []


# -- stores


def test_stores() -> None:
    assert stores("Redis.new(host: 'cache', port: 6380)") == [("redis", Literal("cache:6380"))]
    assert stores("Redis.new") == [
        ("redis", Setting("REDIS_URL", Literal("redis://localhost:6379")))
    ]
    assert stores("Redis.new(**options)") == [("redis", UNKNOWN)]
    assert stores("PG.connect(host: ENV['DB_HOST'], dbname: 'a')") == [
        ("postgresql", Setting("DB_HOST"))
    ]
    assert stores("Mongo::Client.new(['a:27017', 'b:27017'])") == [
        ("mongodb", Literal("a:27017,b:27017"))
    ]
    assert stores("ActiveRecord::Base.establish_connection(adapter: 'mysql2', host: 'db')") == [
        ("mysql", Literal("db"))
    ]
    assert stores("ActiveRecord::Base.establish_connection(:production)") == []
    assert stores("Elasticsearch::Client.new(url: 'http://es:9200')") == [
        ("elasticsearch", Literal("http://es:9200"))
    ]
    assert stores("Bunny.new('amqp://mq')") == [("rabbitmq", Literal("amqp://mq"))]


def test_stores_that_rails_is_configured_with() -> None:
    source = (
        "Rails.application.configure do\n"
        "  config.cache_store = :redis_cache_store, { url: ENV.fetch('REDIS_URL') }\n"
        "end\n"
    )
    assert stores(source) == [("redis", Setting("REDIS_URL"))]
    sidekiq = (
        "redis = { url: ENV['QUEUE_URL'], timeout: 2 }\n"
        "Sidekiq.configure_server { |config| config.redis = redis }\n"
    )
    assert facts(sidekiq)[1:] == [
        StoreUsed(Span(2, 37, 2), "redis", Setting("QUEUE_URL"), "sidekiq")
    ]


# -- jobs and messages


def test_jobs_by_the_class_that_runs_them() -> None:
    source = (
        "module Mail\n"
        "  class SendJob < ApplicationJob\n"
        "    queue_as :mail\n"
        "    def perform(id); end\n"
        "  end\n"
        "  class OldJob\n"
        "    @queue = :old\n"
        "    def self.perform(id); end\n"
        "  end\n"
        "  class Form\n"
        "    def perform(id); end\n"
        "  end\n"
        "end\n"
    )
    found = [f for f in facts(source) if isinstance(f, MessageReceived)]
    assert [(f.technology, f.topic, f.handler) for f in found] == [
        ("active_job", Literal("Mail.SendJob"), "Mail.SendJob"),
        ("resque", Literal("Mail.OldJob"), "Mail.OldJob"),
    ]


def test_jobs_handed_out() -> None:
    source = (
        "class Orders\n"
        "  def pay(job)\n"
        "    SendJob.perform_later(1)\n"
        "    Hard::Worker.set(queue: :low).perform_async(2)\n"
        "    Resque.enqueue(OldJob, 3)\n"
        "    job.perform_later\n"
        "    ReceiptMailer.with(a: 1).paid.deliver_later\n"
        "  end\n"
        "end\n"
    )
    found = [f for f in facts(source) if isinstance(f, MessageSent)]
    assert [(f.technology, f.topic) for f in found] == [
        ("active_job", Literal("SendJob")),
        ("sidekiq", Literal("Hard.Worker")),
        ("resque", Literal("OldJob")),
        ("active_job", Literal("ActionMailer.MailDeliveryJob")),
    ]


def test_the_queue_behind_active_job() -> None:
    assert facts("class A\n  config.active_job.queue_adapter = :good_job\nend\n") == [
        SettingDefined(Span(2, 3, 2), "active_job.queue_adapter", Literal("good_job"), "rails")
    ]


def test_brokers() -> None:
    source = (
        "class Bus\n"
        "  def send(event)\n"
        "    connection = Bunny.new('amqp://mq')\n"
        "    channel = connection.start.create_channel\n"
        "    channel.default_exchange.publish(event, routing_key: 'orders')\n"
        "    channel.queue('paid').subscribe { |a| a }\n"
        "    Karafka.producer.produce_async(topic: 'shipped', payload: event)\n"
        "  end\n"
        "end\n"
        "class Shipped < Racecar::Consumer\n"
        "  subscribes_to 'shipped'\n"
        "  def process(message); end\n"
        "end\n"
    )
    found = facts(source)
    assert [f.topic for f in found if isinstance(f, MessageSent)] == [
        Literal("orders"),
        Literal("shipped"),
    ]
    assert [(f.technology, f.topic) for f in found if isinstance(f, MessageReceived)] == [
        ("rabbitmq", Literal("paid")),
        ("kafka", Literal("shipped")),
    ]


# -- SQL


def test_sql_in_heredocs_and_texts() -> None:
    source = (
        "class A\n"
        "  def b(ids)\n"
        '    ids.map { |id| connection.execute("SELECT name FROM users WHERE id = #{id}") }\n'
        "    select_all(<<~SQL).to_a\n"
        "      SELECT id FROM orders\n"
        "      WHERE paid_at IS NULL\n"
        "    SQL\n"
        "    where('created_at > ?', 1)\n"
        "    sql = +'SELECT id FROM carts '\n"
        "    sql << 'WHERE old' if ids\n"
        "  end\n"
        "end\n"
    )
    found = [f for f in facts(source) if isinstance(f, QueryFound)]
    assert [(f.text, f.reads, f.partial, f.in_loop, f.scope) for f in found[:2]] == [
        ("SELECT name FROM users WHERE id = {}", ("users",), False, True, "A.b"),
        ("SELECT id FROM orders WHERE paid_at IS NULL", ("orders",), False, False, "A.b"),
    ]
    assert [(f.reads, f.partial) for f in found[2:]] == [(("carts",), True)]


# -- state, sessions, files, background


def test_state_of_a_class() -> None:
    source = (
        "class Rates\n"
        "  CACHE = {}\n"
        "  NAMES = %w[a b]\n"
        "  @@hits = 0\n"
        "  @rates = {}\n"
        "  class << self\n"
        "    def for(plan)\n"
        "      @rates[plan] ||= load(plan)\n"
        "    end\n"
        "  end\n"
        "  def self.seen = @seen ||= []\n"
        "  def self.see(x)\n"
        "    @seen << x\n"
        "  end\n"
        "  def hit(plan)\n"
        "    @@hits += 1\n"
        "    @rates[plan] = 1\n"
        "    CACHE[plan] = 2\n"
        "    $online.delete(plan)\n"
        "  end\n"
        "end\n"
        "$online = Set.new\n"
    )
    found = [f for f in facts(source) if isinstance(f, StateKept)]
    assert sorted((f.name, f.kind, f.changed_in) for f in found) == [
        ("$online", "set", ("Rates.hit",)),
        ("Rates.@@hits", "counter", ("Rates.hit",)),
        ("Rates.@rates", "dict", ("Rates.for",)),
        ("Rates.@seen", "list", ("Rates.see",)),
        ("Rates.CACHE", "cache", ("Rates.hit",)),
    ]


def test_what_is_made_of_its_key_is_remembered() -> None:
    source = (
        "class Queues\n  @@queues = {}\n  def self.of(id)\n    @@queues[id] ||= %s\n  end\nend\n"
    )
    kinds = {}
    for each in ('["a#{id}", 1]', "[]", "f"):
        (kept,) = only(source % each, StateKept)
        assert isinstance(kept, StateKept)
        kinds[each] = kept.kind
    assert kinds == {'["a#{id}", 1]': "cache", "[]": "dict", "f": "dict"}


def test_state_that_is_none() -> None:
    source = (
        "class Plugins\n"
        "  TYPES = {}\n"
        "  OPTIONS = { a: 1 }.freeze\n"
        "  @list = []\n"
        "  def self.register(x)\n"
        "    @list << x\n"
        "    TYPES[x] = 1\n"
        "  end\n"
        "  def add(x)\n"
        "    @items ||= {}\n"
        "    @items[x] = 1\n"
        "  end\n"
        "  TYPES[:a] = 1\n"
        "  def self.config\n"
        "    @config ||= Config.new\n"
        "  end\n"
        "end\n"
    )
    assert only(source, StateKept) == []


@pytest.mark.parametrize(
    ("source", "store"),
    [
        ("Rails.application.config.session_store :cookie_store, key: '_a'", "cookie"),
        ("Rails.application.config.session_store :active_record_store", "database"),
        ("config.session_store = :redis_store", "cache"),
        ("use Rack::Session::Pool, expire_after: 3600", "memory"),
        ("config.middleware.use Rack::Session::Cookie", "cookie"),
    ],
)
def test_sessions(source: str, store: str) -> None:
    assert [f.store for f in facts(source) if isinstance(f, SessionKept)] == [store]


def test_uploads_on_the_local_disk() -> None:
    source = (
        "class PhotosController\n"
        "  def create\n"
        "    photo = params[:photo]\n"
        "    File.open(\"public/#{photo.original_filename}\", 'wb') { |f| f << photo.read }\n"
        "    File.open('x')\n"
        "    FileUtils.cp('a', '/tmp/b')\n"
        "  end\n"
        "  def report\n"
        "    File.write('a.csv', rows)\n"
        "  end\n"
        "end\n"
    )
    found = [f for f in facts(source) if isinstance(f, FileWritten)]
    assert [(text_with_holes(f.target), f.purpose, f.scope) for f in found] == [
        ("public/{}", "upload", "PhotosController.create"),
        ("/tmp/b", "upload", "PhotosController.create"),
        ("a.csv", "export", "PhotosController.report"),
    ]


def test_active_storage_on_the_local_disk_in_production_only() -> None:
    local = "Rails.application.configure do\n  config.active_storage.service = :local\n"
    production = f"{local}  config.consider_all_requests_local = false\nend\n"
    assert [f.library for f in facts(production) if isinstance(f, FileWritten)] == [
        "active_storage"
    ]
    development = f"{local}  config.consider_all_requests_local = true\nend\n"
    assert only(development, FileWritten) == []


def test_background_work() -> None:
    source = (
        "scheduler = Rufus::Scheduler.singleton\n"
        "scheduler.every('5m') { Report.refresh }\n"
        "Thread.new do\n  loop do\n    Job.perform_later\n    sleep 5\n  end\nend\n"
        "Thread.new { work }\n"
    )
    found = facts(source)
    schedules = [f for f in found if isinstance(f, ScheduleStarted)]
    assert [(f.library, f.locked) for f in schedules] == [
        ("rufus-scheduler", False),
        ("thread", False),
    ]
    assert [f.library for f in found if isinstance(f, WorkSpawned)] == ["thread"]
    clock = "module Clockwork\n  every(1.day, 'mail') { MailJob.perform_later }\nend\n"
    assert [(f.library, f.locked) for f in facts(clock) if isinstance(f, ScheduleStarted)] == [
        ("clockwork", True)
    ]
    waited = "def all\n  a.map { |x| Thread.new { x } }.each(&:join)\nend\n"
    assert only(waited, WorkSpawned) == []


# -- words


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("ticket", "tickets"),
        ("category", "categories"),
        ("address", "addresses"),
        ("status", "statuses"),
        ("box", "boxes"),
        ("person", "people"),
        ("sales_person", "sales_people"),
        ("news", "news"),
        ("day", "days"),
        ("movie", "movies"),
        ("branch", "branches"),
        ("response", "responses"),
        ("sample_metadatum", "sample_metadata"),
    ],
)
def test_singulars_and_plurals(one: str, many: str) -> None:
    assert (singular(many), plural(one)) == (one, many)
    assert plural("metadata") == "metadata"


def test_names_of_files_and_constants() -> None:
    assert underscored("Api::V1::HTMLPage") == "api/v1/html_page"
    assert camelized("api/v1/html_pages_controller") == "Api::V1::HtmlPagesController"


# -- hostile input

DEEP = 10_000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\xff\xfe\x00ENV['A'] \xc3",
        b"Rails.application.routes.draw do\n  resources :a do\n",
        b"x = <<~SQL\n  SELECT 1 FROM a",
        b"foo(<<A, <<B, <<C)\nA\nB\n",
        b"Rails.application.routes.draw do\n" + b"resources :a do\n" * DEEP,
        b"class A\n" * DEEP,
        b"Faraday.get(" + b"[" * DEEP,
        b"a" + b".get" * DEEP + b"('x')",
        b"a = Faraday.get('x' " + b"+ 'y'" * DEEP + b")",
        b"a = b\nb = a\na.get('/')\ndef c = c.get(c)\n@d = @d\n@d.post(@d)\n",
        b"Faraday.get(" + b"URI(" * DEEP + b"'x'" + b")" * DEEP + b")",
        b'Faraday.get("#{' * 2_000,
        b"@@a = {}\n" * 3_000,
        b"concern(:a) { concerns :a }\nconcerns :a\nresources :x\n",
        b"Rails.application.routes.draw do\nconcern(:a) { concerns :a\n concerns :a }\nconcerns :a\nend\n",
    ],
)
def test_hostile_input_is_read_to_the_end(content: bytes) -> None:
    start = time.process_time()
    found = extract(content)
    assert found.lines == content.count(b"\n") + (bool(content) and not content.endswith(b"\n"))
    assert time.process_time() - start < 5


def test_what_stands_beside_broken_syntax_is_found() -> None:
    source = b"def broken(\nend end\nHTTP.get('http://a')\n"
    assert [f.library for f in extract(source).facts if isinstance(f, RemoteCall)] == ["http.rb"]


SCHEMA = """
ActiveRecord::Schema[7.1].define(version: 2024_05_01_120000) do
  enable_extension "plpgsql"

  create_table "loans", force: :cascade do |t|
    t.bigint "reader_id", null: false
    t.integer "copy_id"
    t.integer "pages", limit: 2
    t.string "code"
    t.datetime "created_at", null: false
    t.index "lower((code)::text)", name: "loans_on_code", unique: true
    t.index ["reader_id", "created_at"], name: "open_loans", where: "(returned_at IS NULL)"
    t.index "(ifnull(`copy_id`,0)), `code`", name: "loans_by_copy"
    t.index ["code"], name: "loans_by_code", opclass: :gin_trgm_ops, using: :gin
  end

  create_table "readers", id: :serial, force: :cascade do |t|
    t.string "email"
  end

  create_table "shelves", id: { type: :string, limit: 36 }, force: :cascade do |t|
    t.column "kind", "shelf_kind"
  end

  create_table "loans_readers", id: false, force: :cascade do |t|
    t.bigint "loan_id"
  end

  add_foreign_key "loans", "readers"
  add_foreign_key "loans", "copies", column: "copy_id", primary_key: "number"
  add_foreign_key "loans", "branches"
end
"""


def schema(source: str) -> dict[str, TableDefined]:
    return {f.table: f for f in extract(source.encode()).facts if isinstance(f, TableDefined)}


def test_a_dump_of_clickhouse() -> None:
    found = schema(
        "ActiveRecord::Schema[8.0].define(version: 1) do\n"
        '  create_table "visits", id: :uuid, options: "MergeTree ORDER BY at" do |t|\n'
        '    t.index "code", name: "i", type: "bloom_filter", granularity: 4\n  end\nend\n'
    )
    assert [each.dialect for each in found.values()] == ["clickhouse"]


def test_a_dump_that_writes_indexes_beside_the_columns() -> None:
    """As the library schema_plus does."""
    (found,) = schema(
        "ActiveRecord::Schema.define(version: 1) do\n"
        '  create_table "loans" do |t|\n'
        '    t.string "code", :index=>{:name=>"i", :with=>["shelf_id"], :unique=>true}\n'
        '    t.integer "shelf_id", :foreign_key=>{:references=>"shelves", :name=>"f"}, :index=>{:name=>"j"}\n'
        '    t.string "mail", index: {name: "k", case_sensitive: false}\n'
        '    t.integer "pages", index: true\n    t.integer "note", index: false\n  end\nend\n'
    ).values()
    assert [(i.columns, i.name, i.unique) for i in found.indexes[1:]] == [
        (("code", "shelf_id"), "i", True),
        (("shelf_id",), "j", False),
        (("(lower(mail))",), "k", False),
        (("pages",), "", False),
    ]
    assert [(k.columns, k.table) for k in found.foreign_keys] == [(("shelf_id",), "shelves")]


def test_schema_dump() -> None:
    found = schema(SCHEMA)
    loans = found["loans"]
    assert list(found) == ["loans", "readers", "shelves", "loans_readers"]
    assert {each.dialect for each in found.values()} == {"postgres"}
    assert [(c.name, c.type, c.nullable, c.auto_increment) for c in loans.columns] == [
        ("id", "BIGINT", False, True),
        ("reader_id", "BIGINT", False, False),
        ("copy_id", "INT", True, False),
        ("pages", "SMALLINT", True, False),
        ("code", "VARCHAR", True, False),
        ("created_at", "TIMESTAMP", False, False),
    ]
    assert [(i.columns, i.unique, i.primary, i.where, i.method) for i in loans.indexes] == [
        (("id",), True, True, "", ""),
        (("(lower((code)::text))",), True, False, "", ""),
        (("reader_id", "created_at"), False, False, "(returned_at IS NULL)", ""),
        (("((ifnull(`copy_id`,0)))", "code"), False, False, "", ""),
        (("code",), False, False, "", "gin"),
    ]
    # the column of a key is the usual one, or the one that is named; one that is not there is none
    assert [(k.columns, k.table, k.references) for k in loans.foreign_keys] == [
        (("reader_id",), "readers", ()),
        (("copy_id",), "copies", ("number",)),
    ]
    assert loans.columns[1].at == Span(6, 5, 6)


@pytest.mark.parametrize(
    ("opening", "options", "expected"),
    [
        ("[7.0].define(version: 1)", "", ("BIGINT", True)),
        (".define(version: 1)", "", ("", True)),  # before Rails 5.1 keys had 32 bits
        ("[7.0].define(version: 1)", ', id: :integer, charset: "utf8mb4"', ("INT", True)),
        ("[7.0].define(version: 1)", ", id: :integer", ("", True)),  # perhaps SQLite's, of 64 bits
        ("[7.0].define(version: 1)", ", id: :uuid", ("UUID", False)),
        ("[7.0].define(version: 1)", ", id: :serial, default: nil", ("SERIAL", False)),
    ],
)
def test_primary_keys_of_a_schema_dump(
    opening: str, options: str, expected: tuple[str, bool]
) -> None:
    found = schema(
        f'ActiveRecord::Schema{opening} do\n  create_table "t"{options} do |t|\n  end\nend\n'
    )
    key = found["t"].columns[0]
    assert (key.type, key.auto_increment) == expected
    assert found["t"].indexes[0].columns == ("id",)


def test_old_and_broken_schema_dumps() -> None:
    old = schema(
        "ActiveRecord::Schema.define(:version => 2012) do\n"
        '  create_table "posts", :force => true do |t|\n    t.integer "user_id"\n  end\n'
        '  add_index "posts", ["user_id"], :name => "by_user"\nend\n'
    )
    assert old["posts"].indexes[1].columns == ("user_id",)
    assert schema("class Helper\n  ActiveRecord::Schema.define\nend\n") == {}
    assert schema("# ActiveRecord::Schema.define do\ncreate_table 'x' do |t|\nend\n") == {}
    assert schema("ActiveRecord::Schema[7.0].define do\n create_table name do |t|") == {}
