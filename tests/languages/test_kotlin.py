"""Kotlin: small sources and every fact they hold; the libraries are those of Java's tables."""

from __future__ import annotations

import time

import pytest
import tree_sitter_kotlin
from tree_sitter import Language, Query

from scaleaudit.facts import (
    AddressGiven,
    ConstantDefined,
    EndpointServed,
    Fact,
    ImportFound,
    MessageReceived,
    MessageSent,
    QueryFound,
    RemoteCall,
    ScheduleStarted,
    ServerStarted,
    SettingRead,
    StateKept,
    StoreUsed,
    Timeout,
    WorkSpawned,
)
from scaleaudit.languages.engine import CALL_QUERIES, query_text
from scaleaudit.languages.file_text import FileText
from scaleaudit.languages.kotlin import extract
from scaleaudit.languages.kotlin.frameworks import FRAMEWORKS
from scaleaudit.languages.kotlin.reader import KotlinReader
from scaleaudit.languages.patterns import PatternTable
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Name, Setting, Unknown

SPRING_WEB = "import org.springframework.web.bind.annotation.*\n"


def facts(source: str) -> list[Fact]:
    """All facts but imports and texts that are addresses, which have tests of their own."""
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if not isinstance(fact, ImportFound | AddressGiven)]


def line(number: int, column: int = 1, end: int = 0) -> Span:
    return Span(number, column, end or number)


def routes(source: str) -> list[tuple[str, object]]:
    return [(f.method, f.path) for f in facts(source) if isinstance(f, EndpointServed)]


def test_query_compiles_and_no_table_is_left_out() -> None:
    for without in ((), CALL_QUERIES):
        text = query_text("scaleaudit.languages.kotlin", PatternTable(FRAMEWORKS), without)
        assert "$" not in text.replace(')$")', "").replace('?$")', "").replace('ImplBase$")', "")
        Query(Language(tree_sitter_kotlin.language()), text)


def test_imports_and_package() -> None:
    source = (
        "package com.shop.orders\n"
        "import java.util.UUID\n"
        "import com.shop.billing.*\n"
        "import com.shop.Order as Old\n"
    )
    found = extract(source.encode())
    assert sorted(found.facts, key=lambda fact: fact.at.line) == [
        ImportFound(line(2), "java.util.UUID"),
        ImportFound(line(3), "com.shop.billing", (("*", ""),)),
        ImportFound(line(4), "com.shop.Order", (), "Old"),
    ]
    assert found.namespace == "com.shop.orders"


@pytest.mark.parametrize(
    ("source", "looked_at"),
    [
        ("import com.shop.Order\nclass A", False),
        ("import io.ktor.server.routing.get\n", True),
        ("import io.ktor.server.routing.*\n", True),
        ('val url = System.getenv("URL")', True),
    ],
)
def test_files_in_which_no_call_matters_are_told_by_their_bytes(
    source: str, looked_at: bool
) -> None:
    assert KotlinReader.known.matters(FileText(source.encode())) is looked_at


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (r'"http://a\tb"', Literal("http://a\tb")),
        ('"$HOST/pay"', Join((Name("Shop.HOST"), Literal("/pay")))),
        ('"${HOST}/pay"', Join((Name("Shop.HOST"), Literal("/pay")))),
        ('HOST + "/pay"', Join((Name("Shop.HOST"), Literal("/pay")))),
        ('"""http://a"""', Literal("http://a")),
        ('System.getenv("URL") ?: "http://a"', Setting("URL", Literal("http://a"))),
    ],
)
def test_values(expression: str, value: object) -> None:
    found = facts(
        f'object Shop {{\nconst val HOST = "http://h"\nval url: String = {expression}\n}}'
    )
    constants = {fact.name: fact.value for fact in found if isinstance(fact, ConstantDefined)}
    assert constants == {"Shop.HOST": Literal("http://h"), "Shop.url": value}


def test_settings_that_spring_injects() -> None:
    source = (
        "import org.springframework.beans.factory.annotation.Value\n"
        "import org.springframework.boot.context.properties.ConfigurationProperties\n"
        'class Billing(@Value("\\${billing.url:http://b}") private val url: String)\n'
        '@ConfigurationProperties("shop")\n'
        "data class Shop(val url: String, val count: Int)\n"
    )
    assert facts(source) == [
        SettingRead(line(3, 15), "billing.url", "Billing"),
        ConstantDefined(line(3, 15), "Billing.url", Setting("billing.url", Literal("http://b"))),
        ConstantDefined(line(5, 17), "Shop.url", Setting("shop.url")),
        SettingRead(line(5, 17), "shop.url", "Shop"),
    ]


def test_routes_of_spring() -> None:
    source = (
        SPRING_WEB + '@RestController\n@RequestMapping("/orders")\nclass Orders {\n'
        '  @GetMapping("/{id}", "/by/{id}") fun one() {}\n'
        '  @RequestMapping(value = ["/all"], method = [RequestMethod.PUT]) fun all() {}\n'
        "  @PostMapping fun make() {}\n"
        "}\n"
    )
    assert routes(source) == [
        ("GET", Literal("/orders/{id}")),
        ("GET", Literal("/orders/by/{id}")),
        ("PUT", Literal("/orders/all")),
        ("POST", Literal("/orders")),
    ]


def test_routes_of_ktor() -> None:
    source = (
        "import io.ktor.server.routing.*\n"
        "fun Application.module() { routing {\n"
        '  route("/v1") { route("items") { get("/{id}") { call.respond(1) }\n post { } } }\n'
        '  delete("/all") { cache.get("/no") }\n'
        "} }\n"
    )
    assert routes(source) == [
        ("GET", Literal("/v1/items/{id}")),
        ("POST", Literal("/v1/items")),
        ("DELETE", Literal("/all")),
    ]


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ('jdbc.query("select id from orders where id = ?", 1)', "select id from orders where id = ?"),
        ('jdbc.update("""\n  update orders\n  set state = 1\n""".trimIndent())', "update orders set state = 1"),
        ('jdbc.query("select id from orders where id = $id")', "select id from orders where id = {}"),
        ('println("select a shirt from the shelf")', ""),
        ('em.createQuery("select o from Order o where o.id = 1")', ""),
    ],
)  # fmt: skip
def test_sql_text(statement: str, text: str) -> None:
    found = facts(f"class Shop {{ fun work() {{\n{statement}\n}} }}")
    assert [(f.text, f.scope) for f in found if isinstance(f, QueryFound)] == (
        [(text, "Shop.work")] if text else []
    )


def test_remote_calls() -> None:
    source = (
        "import io.ktor.client.HttpClient\n"
        "import io.ktor.client.request.get\n"
        "import org.springframework.web.client.RestTemplate\n"
        "class Stock(private val rest: RestTemplate) {\n"
        "  suspend fun all(ids: List<Long>) {\n"
        '    for (id in ids) { rest.getForObject("http://stock/$id", Item::class.java) }\n'
        "  }\n"
        '  fun own() = RestTemplate().delete("http://stock/1")\n'
        "}\n"
    )
    assert facts(source) == [
        RemoteCall(
            line(6, 23),
            "resttemplate",
            Join((Literal("http://stock/"), Unknown("id"))),
            "GET",
            timeout=Timeout.UNKNOWN,
            in_loop=True,
            in_async=True,
            scope="Stock.all",
        ),
        RemoteCall(
            line(8, 15),
            "resttemplate",
            Literal("http://stock/1"),
            "DELETE",
            timeout=Timeout.NEVER,
            scope="Stock.own",
        ),
    ]


def test_messages_stores_jobs_and_state() -> None:
    source = (
        "import java.util.concurrent.ConcurrentHashMap\n"
        "import kotlinx.coroutines.GlobalScope\n"
        "import kotlinx.coroutines.launch\n"
        "import org.springframework.kafka.annotation.KafkaListener\n"
        "import org.springframework.kafka.core.KafkaTemplate\n"
        "import org.springframework.scheduling.annotation.Scheduled\n"
        "import redis.clients.jedis.Jedis\n"
        "@Service\n"
        "class Shop(private val kafka: KafkaTemplate<String, String>) {\n"
        "  private val carts = ConcurrentHashMap<String, Cart>()\n"
        '  fun add(id: String) { carts[id] = Cart(); kafka.send("paid", id); GlobalScope.launch { x() } }\n'
        '  @KafkaListener(topics = ["paid"]) fun paid() {}\n'
        '  @Scheduled(cron = "0 0 * * * *") fun bill() { orderService.chargeAll() }\n'
        '  val redis = Jedis("redis", 6379)\n'
        "}\n"
    )
    found = facts(source)
    assert [type(fact) for fact in found] == [
        MessageSent,
        WorkSpawned,
        MessageReceived,
        ScheduleStarted,
        StoreUsed,
        StateKept,
    ]
    assert found[0] == MessageSent(
        line(11, 45), "kafka", Literal("paid"), "spring-kafka", "Shop.add"
    )
    schedule, state = found[3], found[5]
    assert isinstance(schedule, ScheduleStarted)
    assert (schedule.what, schedule.locked, schedule.refresh) == ("bill", False, False)
    assert isinstance(state, StateKept)
    assert (state.name, state.kind, state.changed_in) == ("Shop.carts", "dict", ("Shop.add",))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00 import io.ktor.server.routing.get \xc3\x28",
        b'import io.ktor.server.routing.get\nfun a() { get("/x',
        b'val s = "select ${',
        b"fun a() { " + b"a(" * 10_000,
        b"val s = " + b'"a" + ' * 10_000 + b'"b"',
        b"import io.ktor.server.routing.*\nfun a() { a" + b".get(x)" * 10_000 + b" }",
        b"import io.ktor.server.routing.*\nfun a() { "
        + b'route("/a") { ' * 2_000
        + b'get("/x") {}',
        b"class A {" * 10_000 + b'val s = "http://a"',
    ],
    ids=[
        "empty",
        "no UTF-8",
        "cut call",
        "cut string",
        "deep",
        "sum",
        "chain",
        "routes",
        "classes",
    ],
)
def test_hostile_bytes(content: bytes) -> None:
    start = time.process_time()
    extract(content)
    assert time.process_time() - start < 5


def test_calls_with_one_type_argument() -> None:
    source = (
        "import org.springframework.boot.runApplication\n"
        "import org.springframework.web.client.RestTemplate\n"
        "import org.springframework.web.client.getForObject\n"
        "class Client(val http: RestTemplate) {\n"
        '  fun a() = http.getForObject<Order>("http://stock/a")\n'
        "}\n"
        "fun main(args: Array<String>) {\n  runApplication<App>(*args)\n}\n"
    )
    call, server = (f for f in facts(source) if isinstance(f, RemoteCall | ServerStarted))
    assert isinstance(call, RemoteCall)
    assert (call.target, call.at) == (Literal("http://stock/a"), line(5, 13))
    assert isinstance(server, ServerStarted)
    assert server.at.line == 8


def test_routes_with_documentation_beside_the_path() -> None:
    source = """\
package shop
import io.github.smiley4.ktoropenapi.get
import io.github.smiley4.ktoropenapi.post
import io.ktor.server.routing.route

fun Route.lists() {
    route("/lists") {
        get("mine/{kind}", { tags = setOf("a") }) { call.respond(kept.mine()) }
        post({ description = "new" }) { call.respond(kept.made()) }
    }
}
"""
    served = [fact for fact in extract(source.encode()).facts if isinstance(fact, EndpointServed)]
    assert [(fact.method, fact.path) for fact in served] == [
        ("GET", Literal("/lists/mine/{kind}")),
        ("POST", Literal("/lists")),
    ]


def test_a_name_alone_before_the_operator_of_absence() -> None:
    source = 'class Page(val title: String? = null) {\n    val name = title ?: "Orders"\n}\n'
    assert extract(source.encode()).problem == ""
