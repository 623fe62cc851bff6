"""Python: small sources and every fact they hold."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files

import pytest
import tree_sitter_python
from tree_sitter import Language, Query

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
    ServerStarted,
    SessionKept,
    SettingRead,
    StateKept,
    StoreUsed,
    StubMade,
    Timeout,
    WorkSpawned,
)
from scaleaudit.languages.engine import query_text
from scaleaudit.languages.patterns import PatternTable, clients
from scaleaudit.languages.python import extract
from scaleaudit.languages.python.frameworks import FRAMEWORKS
from scaleaudit.source import Span
from scaleaudit.values import UNKNOWN, Join, Literal, Name, Setting, Unknown


def facts(source: str) -> list[Fact]:
    """All facts but imports, which have a test of their own."""
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if not isinstance(fact, ImportFound)]


def line(number: int, column: int = 1, end: int = 0) -> Span:
    return Span(number, column, end or number)


def call(source: str) -> RemoteCall:
    found = [fact for fact in facts(source) if isinstance(fact, RemoteCall)]
    assert len(found) == 1
    return found[0]


def state(source: str) -> list[str]:
    return [fact.name for fact in facts(source) if isinstance(fact, StateKept)]


def test_query_compiles_and_no_table_is_left_out() -> None:
    text = query_text("scaleaudit.languages.python", PatternTable(FRAMEWORKS))
    assert "$" not in text.replace(')$")', "")
    Query(Language(tree_sitter_python.language()), text)


def test_every_query_file_is_in_the_query() -> None:
    text = query_text("scaleaudit.languages.python", PatternTable(FRAMEWORKS))
    package = files("scaleaudit.languages.python")
    for file in package.iterdir():
        if file.name.endswith(".scm"):
            assert file.read_text().splitlines()[0] in text


def test_imports() -> None:
    source = (
        "import os.path, numpy as np\n"
        "from . import tasks\n"
        "from ..billing.api import (\n    pay as charge,\n    refund,  # both\n)\n"
        "from x import *\n"
        "if TYPE_CHECKING:\n    from y import Z\n"
        "def f():\n    import late\n"
    )
    assert extract(source.encode()).facts == (
        ImportFound(line(1), "os.path"),
        ImportFound(line(1), "numpy", (), "np"),
        ImportFound(line(2), ".", (("tasks", "tasks"),)),
        ImportFound(line(3, 1, 6), "..billing.api", (("pay", "charge"), ("refund", "refund"))),
        ImportFound(line(7), "x", (("*", ""),)),
        ImportFound(line(9, 5), "y", (("Z", "Z"),), type_only=True),
        ImportFound(line(11, 5), "late", lazy=True),
    )


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('"http://a" "/b"', Literal("http://a/b")),
        ('(  # why\n    "http://a"  # host\n    "/b"\n)', Literal("http://a/b")),
        (r'"http://a\tb"', Literal("http://a\tb")),
        (r'r"http://a\tb"', Literal(r"http://a\tb")),
        ('"http://{{id}}"', Literal("http://{{id}}")),
        ('f"http://{{id}}"', Literal("http://{id}")),
        ('f"{HOST}/pay/{order.id}"', Join((Name("HOST"), Literal("/pay/"), Name("order.id")))),
        ('HOST + "/pay"', Join((Name("HOST"), Literal("/pay")))),
        ('"http://%s/%d" % (HOST, n)', Join((Literal("http://"), Name("HOST"), Literal("/"), Name("n")))),
        ('"http://{}/x".format(HOST)', Join((Literal("http://"), Name("HOST"), Literal("/x")))),
        ('"http://{host}/x".format(host=HOST)', Join((Literal("http://"), Name("HOST"), Literal("/x")))),
        ('"http://{host}/x".format(**names)', Join((Literal("http://"), Unknown("{host}"), Literal("/x")))),
        ('"http://%(host)s/x" % {"host": HOST}', Join((Literal("http://"), Name("HOST"), Literal("/x")))),
        ('os.environ["URL"]', Setting("URL")),
        ('os.environ.get("URL", "http://a")', Setting("URL", Literal("http://a"))),
        ('os.getenv("URL") or "http://a"', Setting("URL", Literal("http://a"))),
        ('os.getenv("URL", os.getenv("OLD"))', Setting("URL", Setting("OLD"))),
        ('os.environ["URL"].rstrip("/") + "/v1"', Join((Setting("URL"), Literal("/v1")))),
        ('env.str("URL", default="http://a")', Setting("URL", Literal("http://a"))),
        ('read_env("URL")', Setting("URL")),
    ],
)  # fmt: skip
def test_values(expression: str, value: object) -> None:
    found = facts(f"import os\nBASE_URL = {expression}\n")
    constants = [fact for fact in found if isinstance(fact, ConstantDefined)]
    assert constants == [ConstantDefined(constants[0].at, "BASE_URL", value)]  # type: ignore[arg-type]


def test_constants_of_classes_fields_and_instances() -> None:
    source = (
        "import os\n"
        "class Config:\n"
        '    URL = os.environ["URL"]\n'
        '    label = "no address"\n'
        "class Client:\n"
        "    def __init__(self):\n"
        '        self.base = "http://stock:80"\n'
        "config = Config()\n"
    )
    assert facts(source) == [
        ConstantDefined(line(3, 5), "Config.URL", Setting("URL")),
        ConstantDefined(line(7, 9), "Client.base", Literal("http://stock:80")),
        ConstantDefined(line(8, 10), "config.URL", Setting("URL")),
        SettingRead(line(3, 11), "URL", "Config"),
    ]


def test_settings_classes_of_pydantic() -> None:
    source = (
        "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
        "class Settings(BaseSettings):\n"
        '    model_config = SettingsConfigDict(env_prefix="SHOP_")\n'
        "    billing_url: str\n"
        '    retries: int = Field(3, validation_alias="RETRIES")\n'
        "def get_settings() -> Settings:\n"
        "    return Settings()\n"
    )
    billing, retries = Setting("SHOP_BILLING_URL"), Setting("RETRIES", Literal("3"))
    assert facts(source) == [
        SettingRead(line(4, 5), "SHOP_BILLING_URL", "Settings"),
        ConstantDefined(line(4, 5), "Settings.billing_url", billing),
        ConstantDefined(line(4, 5), "get_settings.billing_url", billing),
        SettingRead(line(5, 5), "RETRIES", "Settings"),
        ConstantDefined(line(5, 5), "Settings.retries", retries),
        ConstantDefined(line(5, 5), "get_settings.retries", retries),
    ]


@pytest.mark.parametrize(
    ("arguments", "timeout"),
    [
        ("", Timeout.NEVER),
        (", timeout=3", Timeout.SET),
        (", timeout=(2, 5)", Timeout.SET),
        (", timeout=None", Timeout.NEVER),
        (", **options", Timeout.UNKNOWN),
    ],
)
def test_timeout_of_requests(arguments: str, timeout: Timeout) -> None:
    assert call(f'import requests\nrequests.get("http://a"{arguments})\n') == RemoteCall(
        line(2), "requests", Literal("http://a"), "GET", timeout=timeout
    )


@pytest.mark.parametrize(
    ("source", "library", "timeout"),
    [
        ('import httpx\nhttpx.get("http://a")', "httpx", Timeout.FINITE),
        ('import httpx\nhttpx.get("http://a", timeout=None)', "httpx", Timeout.NEVER),
        ('import httpx\nc = httpx.Client(timeout=2)\nc.get("http://a")', "httpx", Timeout.SET),
        ('from urllib.request import urlopen\nurlopen("http://a")', "urllib", Timeout.NEVER),
        ('from urllib.request import urlopen\nurlopen("http://a", None, 3)', "urllib", Timeout.SET),
        ('import urllib3\nurllib3.PoolManager().request("GET", "http://a")', "urllib3", Timeout.NEVER),
        ('import requests\ns = requests.Session()\ns.mount("http://", A())\ns.get("http://a")',
         "requests", Timeout.UNKNOWN),
        ('import smtplib\nsmtplib.SMTP("mail")', "smtplib", Timeout.NEVER),
        ('import imaplib\nimaplib.IMAP4_SSL("mail")', "imaplib", Timeout.NEVER),
        ('import stripe\nstripe.Charge.create(amount=1)', "stripe", Timeout.FINITE),
        ('from twilio.rest import Client\ndef tell(client: Client):\n    client.messages.create(to="1")', "twilio", Timeout.NEVER),
        ('from anthropic import Anthropic\na = Anthropic()\na.messages.create(model="m")',
         "anthropic", Timeout.FINITE),
    ],
)  # fmt: skip
def test_default_timeouts(source: str, library: str, timeout: Timeout) -> None:
    found = call(source)
    assert (found.library, found.timeout) == (library, timeout)


def test_call_in_a_loop_of_a_coroutine_through_a_client() -> None:
    source = (
        "import httpx\n"
        "class Stock:\n"
        "    def __init__(self, base):\n"
        "        self.client = httpx.AsyncClient(base_url=STOCK)\n"
        "    async def all(self, ids):\n"
        "        for i in ids:\n"
        '            await self.client.get(f"/items/{i}")\n'
    )
    assert facts(source) == [
        RemoteCall(
            line(7, 19),
            "httpx",
            Join((Name("STOCK"), Literal("/items/"), Unknown("i"))),
            "GET",
            timeout=Timeout.FINITE,
            in_loop=True,
            in_async=True,
            scope="Stock.all",
        )
    ]


def test_the_binding_of_the_own_function_counts() -> None:
    source = (
        "import requests\n"
        "from sqlalchemy.orm import Session\n"
        "def a():\n"
        "    session = Session()\n"
        '    session.get("http://no")\n'
        "def b():\n"
        "    session = requests.Session()\n"
        '    session.get("http://yes", timeout=1)\n'
        "def c(requests):\n"
        '    requests.get("http://no")\n'
        "def d():\n"
        "    requests = {}\n"
        '    requests.get("http://no")\n'
    )
    assert facts(source) == [
        RemoteCall(
            line(8, 5), "requests", Literal("http://yes"), "GET", timeout=Timeout.SET, scope="b"
        )
    ]


def test_grpc_stubs_and_servicers() -> None:
    source = (
        "import grpc\n"
        "from protos import stock_pb2_grpc\n"
        "class Client:\n"
        "    def __init__(self):\n"
        '        channel = grpc.insecure_channel("stock:50051")\n'
        "        self.stub = stock_pb2_grpc.StockStub(channel)\n"
        "    def reserve(self, request):\n"
        "        return self.stub.Reserve(request, timeout=1)\n"
        "def serve(server):\n"
        "    stock_pb2_grpc.add_CartServicer_to_server(Cart(), server)\n"
    )
    address = Literal("stock:50051")
    assert facts(source) == [
        RemoteCall(line(5, 19), "grpc", address, protocol="grpc", scope="Client.__init__"),
        EndpointServed(line(10, 5), "*", Literal("Cart"), "Cart", protocol="grpc"),
        RemoteCall(
            line(8, 16),
            "grpc",
            address,
            "Stock/Reserve",
            "grpc",
            Timeout.SET,
            scope="Client.reserve",
        ),
        StubMade(Span(6), "Stock"),
    ]


@pytest.mark.parametrize(
    ("source", "store"),
    [
        (
            'import psycopg2\npsycopg2.connect(host="db", port=5432, dbname="shop")',
            StoreUsed(line(2), "postgresql", Literal("db:5432"), "psycopg", Literal("shop")),
        ),
        (
            "import asyncpg\nasyncpg.create_pool(DSN)",
            StoreUsed(line(2), "postgresql", Name("DSN"), "asyncpg"),
        ),
        (
            "from playhouse.sqliteq import SqliteQueueDatabase\nSqliteQueueDatabase(PATH)",
            StoreUsed(line(2), "sqlite", Name("PATH"), "peewee"),
        ),
        (
            'from sqlalchemy import create_engine\ncreate_engine("sqlite:///a.db")',
            StoreUsed(line(2), "", Literal("sqlite:///a.db"), "sqlalchemy"),
        ),
        (
            "import redis\nredis.Redis()",
            StoreUsed(line(2), "redis", Literal("localhost:6379"), "redis"),
        ),
        (
            "from pymongo import MongoClient\nMongoClient(URI)",
            StoreUsed(line(2), "mongodb", Name("URI"), "pymongo"),
        ),
        (
            'from elasticsearch import Elasticsearch\nElasticsearch(["a:9200", "b:9200"])',
            StoreUsed(line(2), "elasticsearch", Literal("a:9200,b:9200"), "elasticsearch"),
        ),
        (
            'from confluent_kafka import Consumer\nConsumer({"bootstrap.servers": BROKERS})',
            StoreUsed(line(2), "kafka", Name("BROKERS"), "kafka"),
        ),
        (
            'import boto3\nboto3.resource("dynamodb")',
            StoreUsed(line(2), "dynamodb", UNKNOWN, "boto3"),
        ),
    ],
)
def test_stores(source: str, store: StoreUsed) -> None:
    assert facts(source) == [store]


@pytest.mark.parametrize(
    "source",
    [
        'import sqlite3\nsqlite3.connect(":memory:")',
        "import redis\nredis.Redis(connection_pool=pool)",
        'import boto3\nboto3.client("sts")',
    ],
)
def test_what_is_no_store(source: str) -> None:
    assert facts(source) == []


def test_messages() -> None:
    source = (
        "from celery import shared_task\n"
        "from confluent_kafka import Consumer\n"
        "from multiprocessing import Pool\n"
        "from orders.tasks import expire\n"
        "from rq import Queue\n"
        '@shared_task(name="orders.pay")\n'
        "def pay(order):\n"
        "    expire.apply_async(args=[order])\n"
        '    Queue("mail").enqueue(send, order)\n'
        "def run(pool, app):\n"
        "    pool.apply_async(pay)\n"
        "    Pool().apply_async(pay)\n"
        '    app.send_task("orders.ship")\n'
        "    consumer = Consumer(CONFIG)\n"
        '    consumer.subscribe(["paid", TOPIC])\n'
    )
    assert facts(source) == [
        MessageReceived(line(6), "celery", Literal("pay"), "celery", "pay"),
        MessageReceived(line(6), "celery", Literal("orders.pay"), "celery", "pay"),
        MessageSent(line(8, 5), "celery", Literal("expire"), "celery", "pay"),
        MessageSent(line(9, 5), "rq", Literal("mail"), "rq", "pay"),
        MessageSent(line(13, 5), "celery", Literal("orders.ship"), "celery", "run"),
        StoreUsed(line(14, 16), "kafka", UNKNOWN, "kafka", scope="run"),
        MessageReceived(line(15, 5), "kafka", Literal("paid"), "kafka"),
        MessageReceived(line(15, 5), "kafka", Name("TOPIC"), "kafka"),
    ]


def test_routes_of_decorators() -> None:
    source = (
        "from flask import Blueprint, Flask\n"
        "from shop.web import api\n"
        'shop = Blueprint("shop", __name__, url_prefix="/shop")\n'
        '@shop.route("/pay", methods=["POST", "PUT"])\n'
        "def pay(): ...\n"
        '@api.get("/items")\n'
        "def items(): ...\n"
        '@cache.get("items")\n'
        "def no_route(): ...\n"
        "app = Flask(__name__)\n"
        'app.register_blueprint(shop, url_prefix="/v1")\n'
        "app.run(port=5000)\n"
    )
    path, own = Literal("/shop//pay"), Literal("/pay")
    assert facts(source) == [
        EndpointServed(line(4), "POST", path, "pay", "shop", own=own),
        EndpointServed(line(4), "PUT", path, "pay", "shop", own=own),
        EndpointServed(line(6), "GET", Literal("/items"), "items", "api"),
        RouterMounted(line(11), Literal("/v1"), "shop", "app", instead=True),
        ServerStarted(line(12), "flask", Literal("5000"), development=True),
    ]


def test_urlconf() -> None:
    source = (
        "from django.urls import include, path, re_path\n"
        "from rest_framework.routers import DefaultRouter\n"
        "router = DefaultRouter()\n"
        'router.register(r"items", ItemViewSet)\n'
        'inner = [path("a/", views.a)]\n'
        "urlpatterns = [\n"
        '    path("api/", include(router.urls)),\n'
        '    path("in/", include((inner, "inner"))),\n'
        '    re_path(r"^y/(?P<year>[0-9]{4})/?$", View.as_view()),\n'
        '    path("shop/", include("shop.urls")),\n'
        '    path("admin/", admin.site.urls),\n'
        '    path("deep/", include([path("er/", csrf_exempt(b))])),\n'
        "]\n"
    )
    assert facts(source) == [
        RouterMounted(line(10, 5), Literal("shop/"), "shop.urls", is_module=True),
        RouterMounted(line(11, 5), Literal("admin/"), "admin.site"),
        RouterMounted(line(4), Literal("api/items"), "ItemViewSet"),
        EndpointServed(
            line(4), "*", Literal("api/items/"), "ItemViewSet", framework="view set list"
        ),
        EndpointServed(
            line(4), "*", Literal("api/items/<pk>/"), "ItemViewSet", framework="view set detail"
        ),
        EndpointServed(line(5, 10), "*", Literal("in/a/"), "views.a"),
        EndpointServed(line(9, 5), "*", Literal("y/<year>/"), "View"),
        EndpointServed(line(12, 28), "*", Literal("deep/er/"), "b"),
    ]


def test_a_router_class_of_the_project() -> None:
    source = (
        "from shop.api.routers import OrderedRouter\n"
        'router = OrderedRouter(view_name="Shop")\n'
        'router.register("items", views.ItemViewSet)\n'
        "urlpatterns = router.urls\n"
    )
    assert facts(source) == [
        RouterMounted(line(3), Literal("items"), "views.ItemViewSet", "router"),
        EndpointServed(
            line(3),
            "*",
            Literal("items/"),
            "views.ItemViewSet",
            "router",
            framework="view set list",
        ),
        EndpointServed(
            line(3),
            "*",
            Literal("items/<pk>/"),
            "views.ItemViewSet",
            "router",
            framework="view set detail",
        ),
    ]


def test_starlette_routes() -> None:
    source = (
        "from starlette.routing import Mount, Route, WebSocketRoute\n"
        "routes = [\n"
        '    Mount("/v1", routes=[Route("/pay", pay, methods=["POST"])]),\n'
        '    WebSocketRoute("/live", live),\n'
        '    Mount("/admin", app=admin),\n'
        "]\n"
    )
    assert facts(source) == [
        RouterMounted(line(5, 5), Literal("/admin"), "admin", "routes"),
        EndpointServed(line(3, 26), "POST", Literal("/v1/pay"), "pay", "routes"),
        EndpointServed(line(4, 5), "*", Literal("/live"), "live", "routes", "websocket"),
    ]


def test_mail_without_timeout_stands_in_the_settings() -> None:
    host = 'EMAIL_HOST = "mail"\n'
    assert call(host).timeout is Timeout.NEVER
    assert call(f"{host}EMAIL_TIMEOUT = 5\n").timeout is Timeout.SET
    assert call(f"from .base import *\n{host}").timeout is Timeout.UNKNOWN
    console = 'EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"\n'
    assert not [fact for fact in facts(console + host) if isinstance(fact, RemoteCall)]


@pytest.mark.parametrize(
    ("source", "store", "default"),
    [
        ('INSTALLED_APPS = ["django.contrib.sessions"]\n', "database", True),
        ('SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"\n', "cookie", False),
        (
            'CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}\n'
            'SESSION_ENGINE = "django.contrib.sessions.backends.cache"\n',
            "memory",
            False,
        ),
        ('app.config["SESSION_TYPE"] = "filesystem"\n', "file", False),
        (
            'if SESSIONS:\n    SESSION_ENGINE = "django.contrib.sessions.backends.file"\n',
            "unknown",
            False,
        ),
    ],
)
def test_sessions(source: str, store: str, default: bool) -> None:
    kept = [fact for fact in facts(source) if isinstance(fact, SessionKept)]
    assert [(fact.store, fact.default) for fact in kept] == [(store, default)]


def test_flask_config_holds_the_database() -> None:
    source = 'app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DB"]\n'
    assert facts(source) == [
        ConstantDefined(line(1), "SQLALCHEMY_DATABASE_URI", Setting("DB")),
        SettingRead(line(1, 41), "DB"),
        StoreUsed(line(1), "", Setting("DB"), "flask-sqlalchemy"),
    ]


def test_state_that_requests_change() -> None:
    source = (
        "hits = 0\n"
        "carts: dict = {}\n"
        "def add(user, item):\n"
        "    global hits\n"
        "    hits += 1\n"
        "    carts[user].append(item)\n"
        "    del carts[None]\n"
        "class Room:\n"
        "    members = set()\n"
        "    def join(self, user):\n"
        "        Room.members.add(user)\n"
    )
    assert facts(source) == [
        StateKept(line(1), "hits", "counter", (line(5, 5),), ("add",)),
        StateKept(line(2), "carts", "dict", (line(6, 5), line(7, 5)), ("add", "add")),
        StateKept(line(9, 5), "Room.members", "set", (line(11, 9),), ("Room.join",)),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "X = {}\ndef f(X):\n    X[1] = 2\n",
        "X = {}\ndef f():\n    X = {}\n    X[1] = 2\n",
        "X = {}\ndef f():\n    for X in y:\n        X[1] = 2\n",
        "X = {}\ndef f():\n    return X[1]\n",
        "X = {}\nX[1] = 2\n",
        "X = []\ndef register(f):\n    X.append(f)\n",
        "X = []\ndef plugin(f):\n    X.append(f)\n    return f\n",
        "X = {}\ndef known(n):\n    def add(f):\n        X[n] = f\n    return add\n@known('a')\ndef g(): ...\n",
        "X = {}\ndef fill():\n    X[1] = 2\nfill()\n",
        "X = {}\ndef f(other):\n    other.X[1] = 2\n",
        "class A:\n    x = {}\n    def f(self, b):\n        b.x[1] = 2\n",
        "import threading\nX = threading.local()\ndef f():\n    X.user = 1\n",
        "_client = None\ndef client():\n    global _client\n    if _client is None:\n        _client = make()\n    return _client\n",
    ],
)  # fmt: skip
def test_what_is_no_state(source: str) -> None:
    assert state(source) == []


def test_bounded_caches_are_marked() -> None:
    source = "from cachetools import TTLCache\nprices = TTLCache(maxsize=10, ttl=5)\ndef f():\n    prices[1] = 2\n"
    assert facts(source) == [
        StateKept(line(2), "prices", "cache", (line(4, 5),), ("f",), bounded=True)
    ]


@pytest.mark.parametrize(
    ("more", "bounded"), [("", True), ("def g(k):\n    answers[k] = 1\n", False)]
)
def test_what_a_call_keeps_while_it_lasts_is_bounded(more: str, bounded: bool) -> None:
    source = (
        "answers = {}\nasync def wait(k):\n    try:\n        answers[k] = Queue()\n"
        f"        return await answers[k].get()\n    finally:\n        answers.pop(k, None)\n{more}"
    )
    (kept,) = [fact for fact in facts(source) if isinstance(fact, StateKept)]
    assert kept.bounded == bounded


@pytest.mark.parametrize(
    ("source", "target", "purpose"),
    [
        ('def f():\n    open("/srv/a.csv", "w")\n', Literal("/srv/a.csv"), ""),
        ('def f():\n    open("/tmp/a", mode="ab")\n', Literal("/tmp/a"), "temp"),
        (
            'def f(request):\n    a = request.FILES["a"]\n    open(P, "xb").write(a.read())\n',
            Name("P"),
            "upload",
        ),
        (
            'from pathlib import Path\ndef f():\n    (Path("/srv") / "r.txt").write_text("a")\n',
            Literal("/srv/r.txt"),
            "",
        ),
        (
            'def f():\n    a = request.files["a"]\n    a.save("/srv/a")\n',
            Literal("/srv/a"),
            "upload",
        ),
    ],
)
def test_files_written(source: str, target: object, purpose: str) -> None:
    written = [fact for fact in facts(source) if isinstance(fact, FileWritten)]
    assert [(fact.target, fact.purpose, fact.scope) for fact in written] == [(target, purpose, "f")]


@pytest.mark.parametrize(
    "source",
    [
        'open("a")\n',
        'open("a", "rb")\n',
        'open("a", mode)\n',
        'storage.open("a", "wb")\n',
        "model.save()\n",
        'image.save("a.png")\n',
    ],
)
def test_what_is_not_written(source: str) -> None:
    assert facts(source) == []


def test_schedules_and_background_work() -> None:
    source = (
        "import asyncio, threading\n"
        "import schedule\n"
        "from apscheduler.schedulers.background import BackgroundScheduler\n"
        "scheduler = BackgroundScheduler()\n"
        "def locked_job():\n"
        '    with redis.lock("job"): ...\n'
        'scheduler.add_job(sweep, "cron")\n'
        'scheduler.add_job(locked_job, "cron")\n'
        "schedule.every(5).minutes.do(sweep)\n"
        "async def f():\n"
        "    asyncio.create_task(beat())\n"
        "    task = asyncio.create_task(once())\n"
        "    await task\n"
        "def g():\n"
        "    worker = threading.Thread(target=run)\n"
        "    worker.start()\n"
        "    worker.join()\n"
    )
    assert facts(source) == [
        ScheduleStarted(line(7), "apscheduler", "sweep"),
        ScheduleStarted(line(8), "apscheduler", "locked_job", locked=True),
        ScheduleStarted(line(9), "schedule", "sweep"),
        WorkSpawned(line(11, 5), "asyncio", "beat()", scope="f"),
    ]


def test_statements_with_their_loop_and_their_unknown_parts() -> None:
    source = (
        "def f(ids, table):\n"
        "    for i in ids:\n"
        '        db.execute("SELECT name FROM users WHERE id = %s", [i])\n'
        '    sql = """\n    SELECT id\n    FROM orders"""\n'
        '    sql += " WHERE paid"\n'
        '    db.execute(f"SELECT a FROM {table} WHERE b = 1")\n'
    )
    found = [fact for fact in facts(source) if isinstance(fact, QueryFound)]
    assert [(q.at.line, q.in_loop, q.partial, q.scope) for q in found] == [
        (3, True, False, "f"),
        (4, False, True, "f"),
        (4, False, False, "f"),  # with what is added to it
        (8, False, True, "f"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00\x80 = '\xc3\x28'\n",
        b"x = " + b"(" * 100_000,
        b"x = " + b"[" * 100_000 + b"]" * 100_000,
        b"x = " + b"-" * 100_000 + b"1",
        b"x = " + b"a." * 100_000 + b"get('http://a')",
        b"x = " + b"f(" * 50_000 + b")" * 50_000,
        b"x = '" + b"a" * (1 << 20) + b"'",
        b"x = " + b"'a' + " * 100_000 + b"'b'",
        b"def f():\n    " + b"x = x + x; " * 50_000,
        b"def f():\n" + b"".join(b"    a%d = a%d + a%d\n" % (i + 1, i, i) for i in range(5_000))
        + b"    open(a5000, 'w')\n",
        b"X = {}\ndef f():\n" + b"    X[1] = 2\n" * 20_000,
        b"if a:\n" + b"".join(b" " * i + b"if a:\n" for i in range(1, 2_000)),
        b"import requests\n" + b"requests.get(" * 20_000,
        b"from django.urls import path, include\nurlpatterns = ["
        + b"path('a/', include([" * 5_000,
    ],
    ids=lambda content: repr(content[:24]),
)  # fmt: skip
def test_hostile_input_is_read_to_the_end(content: bytes) -> None:
    assert extract(content).lines == content.count(b"\n") + (
        bool(content) and not content.endswith(b"\n")
    )


def test_what_stands_beside_broken_syntax_is_found() -> None:
    source = 'import requests\ndef broken(:\n    pass\nrequests.get("http://a", timeout=1)\n'
    assert call(source).target == Literal("http://a")


def test_frameworks_name_their_callees_once() -> None:
    modules = ("http_clients", "services", "stores", "brokers", "dapr", "web", "work", "files")
    package = "scaleaudit.languages.python.frameworks"
    assert len(FRAMEWORKS) - len(clients("python")) == sum(
        len(value)
        for name in modules
        for table in [import_module(f"{package}.{name}")]
        for key, value in vars(table).items()
        if key
        in (
            "HTTP_CLIENTS",
            "SERVICES",
            "STORES",
            "BROKERS",
            "DAPR",
            "WEB",
            "WORK",
            "FILES",
            "SETTINGS_READ",
        )
    )


def test_a_part_of_a_table_that_is_named_after_the_whole() -> None:
    source = "def f(orders):\n    orders = orders['all']\n    return requests.get(orders['url'])\n"
    assert extract(source.encode()).problem == ""


def test_hosts_in_the_settings_of_flasks_extensions() -> None:
    source = (
        "from flask import Flask\napp = Flask(__name__)\n"
        'app.config["MYSQL_HOST"] = os.environ.get("DB_HOST")\n'
    )
    assert StoreUsed(line(3), "mysql", Setting("DB_HOST"), "flask-mysqldb") in facts(source)
    assert not [
        each for each in facts(source.replace("lask", "lint")) if isinstance(each, StoreUsed)
    ]
