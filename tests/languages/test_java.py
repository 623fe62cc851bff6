"""Java: small sources and every fact they hold."""

from __future__ import annotations

import time

import pytest
import tree_sitter_java
from tree_sitter import Language, Query

from scaleaudit.facts import (
    AddressGiven,
    ConstantDefined,
    EndpointServed,
    Fact,
    FileWritten,
    ImportFound,
    MessageReceived,
    MessageSent,
    QueryFound,
    RemoteCall,
    ScheduleStarted,
    ServerStarted,
    SessionKept,
    SettingRead,
    StateKept,
    StoreUsed,
    Timeout,
    WorkSpawned,
)
from scaleaudit.languages.engine import CALL_QUERIES, query_text
from scaleaudit.languages.file_text import FileText
from scaleaudit.languages.java import extract
from scaleaudit.languages.java.frameworks import FRAMEWORKS
from scaleaudit.languages.java.reader import JavaReader
from scaleaudit.languages.patterns import PatternTable
from scaleaudit.source import Span
from scaleaudit.values import UNKNOWN, Join, Literal, Name, Setting, Unknown

SPRING_WEB = "import org.springframework.web.bind.annotation.*;\n"
JDK = "import java.net.*; import java.net.http.*; import java.time.*; import java.util.*; import java.util.concurrent.*;\n"


def facts(source: str) -> list[Fact]:
    """All facts but imports and texts that are addresses, which have tests of their own."""
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if not isinstance(fact, ImportFound | AddressGiven)]


def in_method(imports: str, *statements: str) -> list[Fact]:
    """The facts of statements inside `Shop.work`."""
    body = "\n".join(statements)
    return facts(f"{imports}\nclass Shop {{ void work() {{\n{body}\n}} }}")


def call(imports: str, *statements: str) -> RemoteCall:
    found = [fact for fact in in_method(imports, *statements) if isinstance(fact, RemoteCall)]
    assert len(found) == 1
    return found[0]


def line(number: int, column: int = 1, end: int = 0) -> Span:
    return Span(number, column, end or number)


def routes(source: str) -> list[tuple[str, object, str]]:
    found = [fact for fact in facts(source) if isinstance(fact, EndpointServed)]
    return [(fact.method, fact.path, fact.handler) for fact in found]


def test_query_compiles_and_no_table_is_left_out() -> None:
    for without in ((), CALL_QUERIES):
        text = query_text("scaleaudit.languages.java", PatternTable(FRAMEWORKS), without)
        assert "$" not in text.replace(')$")', "").replace('?$")', "").replace('ImplBase$")', "")
        Query(Language(tree_sitter_java.language()), text)


def test_imports_and_package() -> None:
    source = (
        "package com.shop.orders;\n"
        "import java.util.List;\n"
        "import com.shop.billing.*;\n"
        "import static com.shop.Paths.ORDERS;\n"
        "import static com.shop.Topics.*;\n"
        "import com.shop.Mail;\n"
        "@Import({Mail.class, Web.class}) class Orders { List<String> all; }\n"
    )
    found = extract(source.encode())
    imports = [fact for fact in found.facts if isinstance(fact, ImportFound)]
    assert sorted(imports, key=lambda fact: fact.at.line) == [
        ImportFound(line(2), "java.util.List"),
        ImportFound(line(3), "com.shop.billing", (("*", ""),)),
        ImportFound(line(4), "com.shop.Paths", (("ORDERS", "ORDERS"),)),
        ImportFound(line(5), "com.shop.Topics", (("*", ""),)),
        ImportFound(line(6), "com.shop.Mail"),
        ImportFound(Span(7), "com.shop.orders.Web"),  # of the same package
    ]
    assert found.namespace == "com.shop.orders"


def test_a_name_that_only_its_import_has_is_not_loaded() -> None:
    found = extract(b"import com.shop.Mail;\nimport com.shop.Stock;\nclass A { Stock stock; }")
    taken = {f.module: f.type_only for f in found.facts if isinstance(f, ImportFound)}
    assert taken == {"com.shop.Mail": True, "com.shop.Stock": False}


@pytest.mark.parametrize(
    ("source", "looked_at"),
    [
        ("import java.util.List;\nclass A {}", False),
        ("import com.shop.Order;\nclass A {}", False),
        ("import java.net.URL;\nclass A {}", True),
        ("import static org.springframework.web.bind.annotation.RequestMethod.GET;", False),
        ("import static spark.Spark.get;", True),
        ("import okhttp3.*;", True),
        ('class A { String s = System.getenv("A"); }', True),
        ("class A { java.util.Timer t; }", True),
    ],
)
def test_files_in_which_no_call_matters_are_told_by_their_bytes(
    source: str, looked_at: bool
) -> None:
    assert JavaReader.known.matters(FileText(source.encode())) is looked_at


def test_what_needs_no_call_is_read_in_every_file() -> None:
    source = (
        "class Dao {\n"
        '  static final String TABLE = "orders";\n'
        "  static Map<String, String> seen = new HashMap<>();\n"
        '  void find() { run("select id from orders"); seen.put("a", "b"); }\n'
        "  class Inner { class Deep {\n"
        '    static final String URL = "http://deep"; } }\n'
        "}\n"
    )
    assert not JavaReader.known.matters(FileText(source.encode()))
    assert [type(fact) for fact in facts(source)] == [
        ConstantDefined,
        ConstantDefined,
        StateKept,
        QueryFound,
    ]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (r'"http://a\tb\u0041"', Literal("http://a\tbA")),
        ('"""\n    a\n      b"""', Literal("a\n  b")),
        ('HOST + "/pay"', Join((Name("Shop.HOST"), Literal("/pay")))),
        ('String.format("%s/%d%%", HOST, 1)', Join((Name("Shop.HOST"), Literal("/1%")))),
        ('"%s/x".formatted(HOST)', Join((Name("Shop.HOST"), Literal("/x")))),
        ('String.join("/", HOST, "a")', Join((Name("Shop.HOST"), Literal("/a")))),
        ("Topics.PAID", Name("Topics.PAID")),
        ('System.getenv("URL")', Setting("URL")),
        ('System.getenv().getOrDefault("URL", "b")', Setting("URL", Literal("b"))),
        ('System.getProperty("url", "http://a")', Setting("url", Literal("http://a"))),
        ('Optional.ofNullable(System.getenv("A")).orElse("b")', Setting("A", Literal("b"))),
        ('new StringBuilder("a").append("b").toString()', Literal("ab")),
    ],
)
def test_values(expression: str, value: object) -> None:
    found = facts(
        'class Shop { static final String HOST = "http://h";\n'
        f"static final String URL = {expression}; }}"
    )
    constants = {fact.name: fact.value for fact in found if isinstance(fact, ConstantDefined)}
    assert constants == {"Shop.HOST": Literal("http://h"), "Shop.URL": value}


def test_settings_of_spring() -> None:
    source = (
        "import org.springframework.beans.factory.annotation.Value;\n"
        "class Shop {\n"
        '  @Value("${billing.url:http://${billing.host}}/v1") String billing;\n'
        "  Environment env;\n"
        "  Shop(@Value(\"#{'${stock.hosts}'.split(',')}\") String stock) { this.stock = stock; }\n"
        "}\n"
    )
    billing = Setting("billing.url", Join((Literal("http://"), Setting("billing.host"))))
    assert facts(source) == [
        SettingRead(line(3, 3), "billing.url", "Shop"),
        SettingRead(line(3, 3), "billing.host", "Shop"),
        ConstantDefined(line(3, 3), "Shop.billing", Join((billing, Literal("/v1")))),
        SettingRead(line(5, 8), "stock.hosts", "Shop.Shop"),
        ConstantDefined(line(5, 8), "Shop.stock", Setting("stock.hosts")),
    ]


def test_environment_of_spring() -> None:
    source = (
        "import org.springframework.core.env.Environment;\n"
        "class Shop { Environment env;\n"
        '  String url() { return env.getProperty("shop.url"); } }\n'
    )
    assert facts(source) == [SettingRead(line(3, 25), "shop.url", "Shop.url")]


def test_properties_classes_with_classes_inside() -> None:
    source = (
        "import org.springframework.boot.context.properties.ConfigurationProperties;\n"
        '@ConfigurationProperties("shop")\n'
        "record Shop(String url, Retry retry, int count) {\n"
        "  static class Retry {\n"
        '    String address = "http://retry";\n'
        "  }\n"
        "}\n"
    )
    address = Setting("shop.retry.address", Literal("http://retry"))
    assert [f for f in facts(source) if isinstance(f, SettingRead)] == [
        SettingRead(line(3, 13), "shop.url", "Shop"),
        SettingRead(line(5, 12), "shop.retry.address", "Shop.retry"),
    ]
    constants = {f.name: f.value for f in facts(source) if isinstance(f, ConstantDefined)}
    assert constants["Shop.url"] == Setting("shop.url")
    assert constants["Shop.retry.address"] == address


def test_routes_of_spring() -> None:
    source = (
        SPRING_WEB + "@RestController @RequestMapping({Api.BASE, \"/old\"})\n"
        "class Orders {\n"
        '  @GetMapping("{id}") void one() {}\n'
        '  @RequestMapping(path = "/all", method = {RequestMethod.GET, RequestMethod.HEAD}) void all() {}\n'
        "  @PostMapping void make() {}\n"
        '  @RequestMapping("any") void any() {}\n'
        "}\n"
    )  # fmt: skip
    base = Name("Api.BASE")
    assert routes(source) == [
        ("GET", Join((base, Literal("/{id}"))), "Orders.one"),
        ("GET", Literal("/old/{id}"), "Orders.one"),
        ("GET", Join((base, Literal("/all"))), "Orders.all"),
        ("HEAD", Join((base, Literal("/all"))), "Orders.all"),
        ("GET", Literal("/old/all"), "Orders.all"),
        ("HEAD", Literal("/old/all"), "Orders.all"),
        ("POST", base, "Orders.make"),
        ("POST", Literal("/old"), "Orders.make"),
        ("*", Join((base, Literal("/any"))), "Orders.any"),
        ("*", Literal("/old/any"), "Orders.any"),
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "import jakarta.ws.rs.*;\n"
            '@Path("/items") class Items { @GET @Path("{id}") void one() {} @POST void make() {} }',
            [("GET", Literal("/items/{id}"), "Items.one"), ("POST", Literal("/items"), "Items.make")],
        ),
        (
            "import static org.springframework.web.reactive.function.server.RouterFunctions.route;\n"
            "import static org.springframework.web.reactive.function.server.RequestPredicates.*;\n"
            'class A { Object r() { return route().GET("/a", h::one).path("/v1", b -> b.GET("/x", h::one)'
            '.nest(accept(JSON), c -> c.POST("/y", h::two))).build(); }\n'
            'Object s() { return nest(path("/n"), route(GET("/z"), h::one).andRoute(DELETE("/z"), h::two)); } }',
            [
                ("GET", Literal("/a"), ""),
                ("GET", Literal("/v1/x"), ""),
                ("POST", Literal("/v1/y"), ""),
                ("GET", Literal("/n/z"), ""),
                ("DELETE", Literal("/n/z"), ""),
            ],
        ),
        (
            "import org.springframework.web.reactive.function.server.*;\n"
            'class A { Object r() { return RouterFunctions.route().GET("/x", h::one).build(); } }',
            [("GET", Literal("/x"), "")],
        ),
        (
            "import io.javalin.Javalin;\n"
            'class A { void r() { Javalin app = Javalin.create(); app.get("/x", Items::one); } }',
            [("GET", Literal("/x"), "")],
        ),
        (
            "import jakarta.servlet.annotation.WebServlet;\n"
            '@WebServlet(urlPatterns = {"/a", "/b"}) class S extends HttpServlet {}',
            [("*", Literal("/a"), "S"), ("*", Literal("/b"), "S")],
        ),
        (
            "class S extends StockGrpc.StockImplBase {}",
            [("*", Literal("Stock"), "S")],
        ),
        (SPRING_WEB + 'class A { @MyMapping("/no") void a() {} }', []),
        (
            SPRING_WEB + "import org.springframework.cloud.openfeign.FeignClient;\n"
            '@FeignClient("billing") interface B { @GetMapping("/x") String x(); }',
            [],
        ),
    ],
)  # fmt: skip
def test_other_routes(source: str, found: list[tuple[str, object, str]]) -> None:
    assert [(m, p) for m, p, _ in routes(source)] == [(m, p) for m, p, _ in found]


TEMPLATE = (
    "import org.springframework.web.client.*; import org.springframework.boot.web.client.*;\n"
)


@pytest.mark.parametrize(
    ("imports", "statement", "library", "target", "timeout"),
    [
        (TEMPLATE, 'new RestTemplate().getForObject("http://a/x", String.class);',
         "resttemplate", Literal("http://a/x"), Timeout.NEVER),
        (TEMPLATE, 'new RestTemplate(factory).getForObject("http://a/x", String.class);',
         "resttemplate", Literal("http://a/x"), Timeout.UNKNOWN),
        (TEMPLATE, 'RestTemplate r = new RestTemplateBuilder().setReadTimeout(d).build();\nr.delete("http://a");',
         "resttemplate", Literal("http://a"), Timeout.SET),
        (TEMPLATE, 'RestClient c = RestClient.create("http://a");\nc.get().uri("/x/{id}", 1).retrieve();',
         "restclient", Literal("http://a/x/{id}"), Timeout.UNKNOWN),
        ("import org.springframework.web.reactive.function.client.WebClient;",
         'WebClient.create("http://a").post().uri("/x").retrieve().block(Duration.ofSeconds(1));',
         "webclient", Literal("http://a/x"), Timeout.SET),
        (JDK, 'HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://a")).build(), h);',
         "java.net.http", Literal("http://a"), Timeout.NEVER),
        (JDK, 'HttpClient c = HttpClient.newBuilder().connectTimeout(d).build();\n'
              'c.send(HttpRequest.newBuilder().uri(URI.create("http://a")).build(), h);',
         "java.net.http", Literal("http://a"), Timeout.SET),
        (JDK, 'new URL("http://a").openConnection();', "java.net", Literal("http://a"), Timeout.NEVER),
        (JDK, 'var c = new URL("http://a").openConnection();\nc.setReadTimeout(1);',
         "java.net", Literal("http://a"), Timeout.SET),
        ("import okhttp3.*;", 'new OkHttpClient().newCall(new Request.Builder().url("http://a").build());',
         "okhttp", Literal("http://a"), Timeout.FINITE),
        ("import okhttp3.*;", "OkHttpClient c = new OkHttpClient.Builder().readTimeout(0, S).build();\n"
                              'c.newCall(new Request.Builder().url("http://a").build());',
         "okhttp", Literal("http://a"), Timeout.NEVER),
        ("import feign.Feign;", 'Feign.builder().decoder(d).target(Billing.class, "http://a");',
         "feign", Literal("http://a"), Timeout.FINITE),
        ("import io.grpc.ManagedChannelBuilder;", 'ManagedChannelBuilder.forAddress("stock", 50051).build();',
         "grpc", Literal("stock"), Timeout.UNKNOWN),
    ],
)  # fmt: skip
def test_remote_calls_and_their_timeouts(
    imports: str, statement: str, library: str, target: object, timeout: Timeout
) -> None:
    found = call(imports, statement)
    assert (found.library, found.target, found.timeout) == (library, target, timeout)


def test_feign_clients() -> None:
    source = (
        "import org.springframework.cloud.openfeign.FeignClient;\n"
        '@FeignClient(name = "billing", url = "${billing.url:}") interface A {}\n'
        '@FeignClient("stock") interface B {}\n'
        '@FeignClient(name = "tax", url = "http://tax:80") interface C {}\n'
    )
    assert [(f.target, f.scope) for f in facts(source) if isinstance(f, RemoteCall)] == [
        (Setting("billing.url", Literal("billing")), "A"),
        (Literal("stock"), "B"),
        (Literal("http://tax:80"), "C"),
    ]


def test_call_in_a_stream_through_a_field() -> None:
    source = (
        TEMPLATE + "class Shop {\n"
        "  private final RestTemplate rest;\n"
        "  Shop(RestTemplate rest) { this.rest = rest; }\n"
        "  void all(List<Long> ids) {\n"
        '    ids.stream().map(id -> rest.getForObject("http://a/" + id, String.class)).toList();\n'
        "  }\n"
        "  void other(Map<String, String> rest) { rest.put(\"http://no\", \"x\"); }\n"
        "}\n"
    )  # fmt: skip
    assert facts(source) == [
        RemoteCall(
            line(6, 28),
            "resttemplate",
            Join((Literal("http://a/"), Unknown("id"))),
            "GET",
            timeout=Timeout.UNKNOWN,
            in_loop=True,
            scope="Shop.all",
        )
    ]


KAFKA = "import org.springframework.kafka.core.*; import org.springframework.kafka.annotation.*;\n"


def test_messages() -> None:
    source = (
        KAFKA + "import org.springframework.amqp.rabbit.core.*; import org.springframework.amqp.rabbit.annotation.*;\n"
        "import org.springframework.jms.core.*; import org.springframework.jms.annotation.*;\n"
        "import org.springframework.cloud.stream.function.StreamBridge;\n"
        "class Shop {\n"
        "  KafkaTemplate<String, String> kafka; RabbitTemplate rabbit; JmsTemplate jms; StreamBridge bridge;\n"
        '  void send() { kafka.send("paid", "x"); rabbit.convertAndSend("shop", "k", "x");\n'
        '    rabbit.convertAndSend("only a body"); jms.convertAndSend("mail", "x"); bridge.send("out-0", "x"); }\n'
        '  @KafkaListener(topics = {"paid", "${t:failed}"}) void paid() {}\n'
        '  @RabbitListener(queues = "mail") void mail() {}\n'
        '  @JmsListener(destination = "old") void old() {}\n'
        "}\n"
    )  # fmt: skip
    bound = Setting("spring.cloud.stream.bindings.out-0.destination", Literal("out-0"))
    found = facts(source)
    assert [(f.technology, f.topic) for f in found if isinstance(f, MessageSent)] == [
        ("kafka", Literal("paid")),
        ("rabbitmq", Literal("shop")),
        ("rabbitmq", UNKNOWN),
        ("jms", Literal("mail")),
        ("", bound),
    ]
    received = [f for f in found if isinstance(f, MessageReceived)]
    assert [(f.technology, f.topic, f.handler) for f in received] == [
        ("kafka", Literal("paid"), "paid"),
        ("kafka", Setting("t", Literal("failed")), "paid"),
        ("rabbitmq", Literal("mail"), "mail"),
        ("jms", Literal("old"), "old"),
    ]


def test_functions_that_spring_cloud_stream_binds() -> None:
    source = (
        "import org.springframework.context.annotation.Bean;\n"
        "{}class Shop {{\n"
        "  @Bean Consumer<Order> paid() {{ return o -> {{}}; }}\n"
        "  @Bean Supplier<Order> late() {{ return null; }}\n"
        "  @Bean DataSource other() {{ return null; }}\n"
        "}}\n"
    )
    bound = "spring.cloud.stream.bindings.{}.destination"
    assert facts(source.format("import org.springframework.messaging.Message; ")) == [
        MessageReceived(
            line(3, 3),
            "",
            Setting(bound.format("paid-in-0"), Literal("paid-in-0")),
            "spring-cloud-stream",
            "paid",
        ),
        MessageSent(
            line(4, 3),
            "",
            Setting(bound.format("late-out-0"), Literal("late-out-0")),
            "spring-cloud-stream",
            "late",
        ),
    ]
    # Without a word of it: only what a setting binds.
    topics = [fact.topic for fact in facts(source.format(""))]  # type: ignore[union-attr]
    assert topics == [Setting(bound.format("paid-in-0")), Setting(bound.format("late-out-0"))]


@pytest.mark.parametrize(
    ("source", "text", "partial"),
    [
        ('jdbc.query("select id from orders where id = ?", m, 1);', "select id from orders where id = ?", False),
        ('String q = "select id from orders ";\nq += "where id = 1";', "select id from orders where id = 1", True),
        ('String q = "select id from orders ";\nif (x) q += "where id = 1";', "select id from orders {}", True),
        ('jdbc.update("update orders set state = 1 " + "where id = ?");',
         "update orders set state = 1 where id = ?", False),
        ('em.createNativeQuery("select id from " + TABLE + " where id = 1 and x.id = 2");',
         "select id from {} where id = 1 and x.id = 2", True),
        ('new StringBuilder("select id from orders").append(" where id = ").append(id).toString();',
         "select id from orders where id = {}", False),
    ],
)  # fmt: skip
def test_sql_text(source: str, text: str, partial: bool) -> None:
    found = [fact for fact in in_method("", source) if isinstance(fact, QueryFound)]
    assert [(f.text.strip(), f.partial) for f in found] == ([(text, partial)] if text else [])


def test_sql_of_annotations() -> None:
    source = (
        "import org.springframework.data.jpa.repository.*; import org.apache.ibatis.annotations.*;\n"
        "interface Orders {\n"
        '  @Query("select o from Order o where o.id = ?1") Order a();\n'
        '  @Query("select o.total from Order o where o.id = ?1") Order b();\n'
        '  @Query(value = "select id from orders where id = ?1", nativeQuery = true) Order c();\n'
        '  @Select({"select id", "from orders", "where id = #{id}"}) Order d();\n'
        "}\n"
    )
    found = [fact for fact in facts(source) if isinstance(fact, QueryFound)]
    assert [(f.at.line, f.text) for f in found] == [
        (5, "select id from orders where id = ?1"),
        (6, "select id from orders where id = ?"),
    ]


@pytest.mark.parametrize(
    ("imports", "statement", "store"),
    [
        ("import java.sql.*;", 'DriverManager.getConnection("jdbc:mysql://db/shop");',
         ("", Literal("jdbc:mysql://db/shop"))),
        ("import org.springframework.boot.jdbc.DataSourceBuilder;",
         'DataSourceBuilder.create().url("jdbc:postgresql://db/shop").build();',
         ("", Literal("jdbc:postgresql://db/shop"))),
        ("import io.r2dbc.spi.ConnectionFactories;", 'ConnectionFactories.get("r2dbc:mysql://db/shop");',
         ("", Literal("r2dbc:mysql://db/shop"))),
        ("import org.mariadb.r2dbc.MariadbConnectionConfiguration;",
         'MariadbConnectionConfiguration.builder().host("db").port(3306).build();',
         ("mariadb", Literal("db"))),
        ("import org.flywaydb.core.Flyway;",
         'Flyway.configure().locations("a").dataSource("jdbc:mysql://db/shop", user, word).load();',
         ("", Literal("jdbc:mysql://db/shop"))),
        ("import org.flywaydb.core.Flyway;",
         'Flyway.configure().dataSource(System.getenv(AT), user, word).load(); } '
         'static final String AT = "DB_URL"; void other() {',
         ("", Setting("DB_URL"))),
        ("import redis.clients.jedis.*;", 'new JedisPool("redis", 6379);', ("redis", Literal("redis:6379"))),
        ("import com.mongodb.client.MongoClients;", 'MongoClients.create("mongodb://db");',
         ("mongodb", Literal("mongodb://db"))),
        ("import org.elasticsearch.client.RestClient; import org.apache.http.HttpHost;",
         'RestClient.builder(new HttpHost("es", 9200)).build();', ("elasticsearch", Literal("es:9200"))),
        ("import org.apache.kafka.clients.producer.*;",
         'p.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "kafka:9092");', ("kafka", Literal("kafka:9092"))),
    ],
)  # fmt: skip
def test_stores(imports: str, statement: str, store: tuple[str, object]) -> None:
    found = [fact for fact in in_method(imports, statement) if isinstance(fact, StoreUsed)]
    assert [(f.technology, f.address) for f in found] == [store]


SCHEDULED = "import org.springframework.scheduling.annotation.*;\n"


@pytest.mark.parametrize(
    ("source", "locked", "refresh"),
    [
        ("@Scheduled(fixedRate = 1) void bill() { orderService.chargeAll(); }", False, False),
        ("@Scheduled(fixedRate = 1) @SchedulerLock void bill() {}", True, False),
        ("@Scheduled(fixedRate = 1) void bill() { if (leader.isMe()) mail.send(); }", True, False),
        ("@Scheduled(fixedRate = 1) void work() { workQueue.poll(each -> mail.send(each)); }", False, True),
        ("@Scheduled(fixedRate = 1) void depth() { lastState.set(queue.depth()); }", False, True),
        ("@Scheduled(fixedRate = 1) void tick() { events.publishEvent(1); mailService.send(); }", False, False),
        ("@Scheduled(fixedRate = 1) void run() { if (nodes.selectMaster()) mail.send(); }", True, False),
        ("@Scheduled(fixedRate = 1) void refreshPrices() { prices = repository.save(); }", False, True),
        ("@Scheduled(fixedRate = 1) void purge() { purge(1); }"
         " void purge(int n) { if (lock.tryLock()) repository.deleteAll(); }", True, False),
        ("@Scheduled(fixedRate = 1) void load() { prices = repository.findAll(); }", False, True),
        ("@Scheduled(fixedRate = 1) void load() { one(); } void one() { repository.findAll(); two(); }"
         " void two() { repository.deleteAll(); }", False, False),
    ],
)  # fmt: skip
def test_annotated_jobs(source: str, locked: bool, refresh: bool) -> None:
    found = facts(f"{SCHEDULED}class Shop {{ {source} }}")
    assert [(f.locked, f.refresh) for f in found if isinstance(f, ScheduleStarted)] == [
        (locked, refresh)
    ]


def test_a_class_that_watches_its_own_process_keeps_it_up() -> None:
    job = "{ @Scheduled(fixedRate = 1) void write() { orderService.save(1); } }"
    for name, refresh in (("SqlHealthCheck", True), ("OrderBook", False)):
        found = facts(f"{SCHEDULED}class {name} {job}")
        assert [f.refresh for f in found if isinstance(f, ScheduleStarted)] == [refresh]


@pytest.mark.parametrize(
    ("statement", "flags"),
    [
        ("pool.scheduleAtFixedRate(() -> repository.deleteOld(), 0, 1, D);", [(False, False)]),
        ("pool.scheduleWithFixedDelay(this::sweep, 0, 1, D);", [(False, False)]),
        ("pool.scheduleAtFixedRate(() -> socket.ping(), 0, 1, D);", [(False, True)]),
        ("new Timer().schedule(new TimerTask() { public void run() { mailer.send(); } }, 0, 5);", [(False, False)]),
        ("new Timer().schedule(task, 5);", []),
        ("pool.scheduleAtFixedRate(given, 0, 1, D);", []),
        ("if (isLeader()) pool.scheduleWithFixedDelay(this::sweep, 0, 1, D);", [(True, False)]),
    ],
)  # fmt: skip
def test_timers(statement: str, flags: list[tuple[bool, bool]]) -> None:
    source = (
        f"{JDK}class Shop {{ ScheduledExecutorService pool;\n"
        f"void start(Runnable given) {{ {statement} }}\n"
        "void sweep() { orderDao.purge(); } }"
    )
    found = [fact for fact in facts(source) if isinstance(fact, ScheduleStarted)]
    assert [(f.locked, f.refresh) for f in found] == flags


def test_background_work() -> None:
    found = in_method(
        JDK,
        "new Thread(() -> run()).start();",
        "CompletableFuture.runAsync(this::run);",
        "Executors.newFixedThreadPool(2).submit(job);",
    )
    assert [(f.library, f.what) for f in found if isinstance(f, WorkSpawned)] == [
        ("thread", "() -> run()"),
        ("completable-future", "this::run"),
        ("executor", "job"),
    ]


@pytest.mark.parametrize(
    ("field", "change", "kept"),
    [
        ("static Map<String, Cart> carts = new HashMap<>();", 'carts.put("a", c);', ["dict"]),
        ("private final Map<String, Cart> carts = new ConcurrentHashMap<>();", "carts.computeIfAbsent(a, f);", ["dict"]),
        ("static int hits = 0;", "hits++;", ["counter"]),
        ("static final AtomicInteger ids = new AtomicInteger(new Random().nextInt());", "ids.incrementAndGet();", []),
        ("static final Map<String, Cart> CARTS = Map.of();", 'CARTS.get("a");', []),
        ("static final Map<Class<?>, Cart> CARTS = new HashMap<>();", "CARTS.put(a, b);", []),
        ("static Map<String, WebSocketSession> open = new HashMap<>();", "open.put(a, b);", []),
        ("static Map<String, Cart> carts = new HashMap<>();", "Map<String, Cart> carts = m(); carts.clear();", []),
        ("static Map<String, UserSession> open = new HashMap<>();", "open.put(a, b);", ["dict"]),
        ("static Map<String, Consumer<Cart>> waiting = new HashMap<>();", "waiting.put(a, b);", []),
        ("static Map<String, Handler> handlers = new HashMap<>();", "", []),
        ("static BlockingQueue<Visit> visits = new ArrayBlockingQueue<>(9);", "visits.offer(a);", ["list"]),
        ("static BlockingQueue<Visit> visits = new ArrayBlockingQueue<>(9);",
         "visits.offer(a); visits.drainTo(batch);", []),
    ],
)  # fmt: skip
def test_state(field: str, change: str, kept: list[str]) -> None:
    source = f"{JDK}@Service class Shop {{ {field}\nvoid add(String a) {{ {change} }} }}"
    assert [f.kind for f in facts(source) if isinstance(f, StateKept)] == kept


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        ("@Resource\npublic void all(Carts given)", []),
        ("@Autowired\npublic void all(Carts given)", []),
        ("@Override\npublic void afterSingletonsInstantiated()", []),
        ("@GetMapping\npublic void all(Carts given)", ["dict"]),
    ],
)
def test_what_is_handed_in_at_start_is_no_state(head: str, kept: list[str]) -> None:
    field = "private final Map<String, Cart> carts = new HashMap<>();"
    source = f"{JDK}@Service class Shop {{ {field}\n{head} {{ carts.put(a, b); }} }}"
    assert [f.kind for f in facts(source) if isinstance(f, StateKept)] == kept


def test_sessions_of_a_server_of_sockets_are_connections() -> None:
    source = (
        "@Component class Live extends TextWebSocketHandler {\n"
        "private final Map<String, Set<String>> sessionsOfUser = new ConcurrentHashMap<>();\n"
        "void opened() { sessionsOfUser.put(a, b); } }"
    )
    assert not [f for f in facts(source) if isinstance(f, StateKept)]
    assert [f for f in facts(source.replace("WebSocket", "Event")) if isinstance(f, StateKept)]


def test_fields_of_objects_that_are_made_anew_are_no_state() -> None:
    field = "private final Map<String, Cart> carts = new HashMap<>();"
    change = "void add() { carts.put(a, b); }"
    for head in ("class Shop", '@Component @Scope("prototype") class Shop'):
        assert not [f for f in facts(f"{head} {{ {field} {change} }}") if isinstance(f, StateKept)]


def test_sessions() -> None:
    source = (
        "import jakarta.servlet.http.*;\n"
        'class Login {{ void in(HttpServletRequest r) {{ r.getSession(){}.setAttribute("user", 1); }} }}\n'
    )
    assert facts(source.format("")) == [SessionKept(line(2, 47), "memory", "servlet", default=True)]
    redis = (
        "import org.springframework.session.data.redis.config.annotation.web.http.EnableRedisHttpSession;\n"
        "@EnableRedisHttpSession class Sessions {}\n"
    )
    assert facts(redis) == [SessionKept(line(2), "cache", "spring-session")]


def test_files() -> None:
    imports = (
        "import org.springframework.web.multipart.MultipartFile; import java.io.*; import java.nio.file.*;"
        "import java.util.*;"
    )
    source = (
        f"{imports}\nclass Shop {{ void up(MultipartFile part, OutputStream out) {{\n"
        'part.transferTo(new File("/data/" + part.getOriginalFilename()));\n'
        'Files.copy(part.getInputStream(), Paths.get("/var/exports", "a.csv"));\n'
        'Files.copy(Paths.get("/etc/a"), out);\n'
        'new FileOutputStream("/var/log/shop.log");\n'
        "} }"
    )
    found = [fact for fact in facts(source) if isinstance(fact, FileWritten)]
    assert [(f.at.line, f.purpose) for f in found] == [(3, "upload"), (4, "export"), (6, "log")]


def test_servers() -> None:
    source = (
        "import org.springframework.boot.SpringApplication;\n"
        "class Shop { public static void main(String[] a) { SpringApplication.run(Shop.class, a); } }"
    )
    assert facts(source) == [ServerStarted(line(2, 52), "spring-boot")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00 import java.net.URL; @Value(\"${\xc3\x28\")",
        b'import java.net.URL; class A { @Value("${a:${b:${c',
        b'import okhttp3.*; class A { void f() { new OkHttpClient().newCall(',
        b"import java.net.URL; class A { void f() { " + b"a(" * 10_000,
        b"import java.net.URL; class A { String S = " + b'"a" + ' * 10_000 + b'"b"; }',
        b"import okhttp3.*; class A { void f() { a" + b".url(x)" * 10_000 + b"; } }",
        b"import org.springframework.web.bind.annotation.*;" + b"@RequestMapping(" * 10_000,
        b"class A {" * 10_000 + b'String s = "http://a";',
        b'class A { @Value("' + b"${a:" * 10_000 + b'") String s; }',
        b"class A { static Map<String, String> m = new HashMap<>(); void f() { " + b"m.put(a, b);" * 5_000 + b"} }",
        b"import java.util.concurrent.*; class A { ScheduledExecutorService s; void f() { "
        + b"s.scheduleAtFixedRate(this::f, 0, 1, D);" * 300 + b"} }",
        b'class A { String s = "select ' + b"select " * 10_000 + b'"; }',
    ],
    ids=["empty", "no UTF-8", "cut setting", "cut call", "deep", "sum", "chain", "annotations", "classes",
         "settings", "changes", "jobs", "sql"],
)  # fmt: skip
def test_hostile_bytes(content: bytes) -> None:
    start = time.process_time()
    extract(content)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("select t.id from Task t where t.project.id = :id", False),
        ("select t.id from Task as t where t.owner.team.id in (:ids)", False),
        ("select t.id from task t where t.project_id = :id", True),
        ("select t.id from Task t where t.id = :id", True),
    ],
)
def test_a_path_through_an_object_is_no_sql(statement: str, found: bool) -> None:
    queries = [f for f in in_method("", f'run("{statement}");') if isinstance(f, QueryFound)]
    assert bool(queries) is found


def test_a_repository_that_takes_a_page_has_a_limit() -> None:
    source = """
        import org.springframework.data.domain.Pageable;
        import org.springframework.data.jpa.repository.*;
        interface Orders extends JpaRepository<Order, Long> {
            @Query(value = "select * from orders", nativeQuery = true)
            Slice<Order> some(Pageable page);
            @Query(value = "select * from orders", nativeQuery = true)
            List<Order> all();
        }
    """
    queries = [f for f in facts(source) if isinstance(f, QueryFound)]
    assert [(q.scope.rpartition(".")[2], q.limited) for q in queries] == [
        ("some", True),
        ("all", False),
    ]
