"""Endpoints of Java and Kotlin whose parts stand in several files."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_starters import pom

from scaleaudit.linking.endpoints.data_rest import plural

WEB = "package shop;\nimport org.springframework.web.bind.annotation.*;\n"
RESOURCE = "package shop;\nimport jakarta.ws.rs.*;\n"


def routes(
    sources: dict[str, str], settings: str = "", *libraries: str, kotlin: bool = False
) -> list[tuple[str, str, str]]:
    """Method, path and handler of what a service with these sources serves, sorted."""
    ending = "kt" if kotlin else "java"
    files = {f"src/main/java/shop/{name}.{ending}": text for name, text in sources.items()}
    files["pom.xml"] = pom("app", *libraries)
    if settings:
        files["src/main/resources/application.properties"] = settings
    found = architecture(files).endpoints
    return sorted((each.method, each.path, each.handler) for each in found)


def test_a_controller_serves_what_its_interface_maps() -> None:
    api = f'{WEB}@RequestMapping("/orders") public interface Api {{ @GetMapping("/{{id}}") String get(); }}'
    controller = f"{WEB}@RestController class Orders implements Api {{ public String get() {{}} }}"
    assert routes({"Api": api}) == []
    assert routes({"Api": api, "Orders": controller}) == [("GET", "/orders/{id}", "Orders.get")]
    fallback = "package shop;\n@Component class Fallback implements Api {}"
    assert routes({"Api": api, "Fallback": fallback}) == []


def test_the_nearest_prefix_wins_and_an_own_mapping_replaces_the_inherited() -> None:
    base = (
        f'{WEB}@RequestMapping("/base") public abstract class Base<T> {{\n'
        '  @GetMapping("/{id}") public T get() {}\n  @DeleteMapping("/{id}") public void drop() {}\n}'
    )
    users = (
        f'{WEB}@RestController @RequestMapping("/users") class Users extends Base<User> {{\n'
        '  @DeleteMapping("/gone/{id}") public void drop() {}\n}'
    )
    items = f"{WEB}@RestController class Items extends Base<Item> {{}}"
    assert routes({"Base": base, "Users": users, "Items": items}) == [
        ("DELETE", "/base/{id}", "Items.drop"),
        ("DELETE", "/users/gone/{id}", "Users.drop"),
        ("GET", "/base/{id}", "Items.get"),
        ("GET", "/users/{id}", "Users.get"),
    ]


def test_an_interface_in_a_library_is_served_by_who_implements_it() -> None:
    files = {
        "api/pom.xml": "<project><artifactId>api</artifactId></project>",
        "api/src/main/java/api/StockApi.java": (
            "package api;\nimport org.springframework.web.bind.annotation.*;\n"
            'public interface StockApi { @GetMapping("/stock") String stock(); }'
        ),
        "stock/pom.xml": pom("stock", "api"),
        "stock/src/main/java/stock/Stock.java": (
            "package stock;\nimport api.StockApi;\nimport org.springframework.web.bind.annotation.*;\n"
            "@RestController class Stock implements StockApi { public String stock() {} }"
        ),
        "orders/pom.xml": pom("orders", "api"),
        "orders/src/main/java/orders/Client.java": (
            "package orders;\nimport api.StockApi;\n"
            "import org.springframework.cloud.openfeign.FeignClient;\n"
            '@FeignClient("stock") interface Client extends StockApi {}'
        ),
    }
    (endpoint,) = architecture(files).endpoints
    assert (endpoint.component, endpoint.path) == ("service:stock", "/stock")
    assert endpoint.at.path == "api/src/main/java/api/StockApi.java"


def test_interfaces_of_exchanges() -> None:
    api = (
        "package shop;\nimport org.springframework.web.service.annotation.*;\n"
        '@HttpExchange("/stock") public interface Api { @PostExchange("/{id}") String take(); }'
    )
    assert routes({"Api": api}) == []
    controller = f"{WEB}@RestController class Stock implements Api {{}}"
    assert routes({"Api": api, "Stock": controller}) == [("POST", "/stock/{id}", "Stock.take")]


@pytest.mark.parametrize(
    ("annotation", "use"),
    [
        ('@RestController @RequestMapping("/v1") public @interface Rest {}', "@Rest"),
        (
            "@RestController @RequestMapping public @interface Rest {\n"
            '  @AliasFor(annotation = RequestMapping.class, attribute = "path") String[] value(); }',
            '@Rest("/v1")',
        ),
        (
            "@RestController @RequestMapping public @interface Rest {\n"
            "  @AliasFor(annotation = RequestMapping.class) String[] value(); }",
            '@Rest("/v1")',
        ),
    ],
)
def test_annotations_made_of_others(annotation: str, use: str) -> None:
    controller = (
        "package shop;\nimport org.springframework.web.bind.annotation.GetMapping;\n"
        f'import shop.marks.Rest;\n{use} class Orders {{ @GetMapping("/orders") String all() {{}} }}'
    )
    mark = WEB.replace("package shop", "package shop.marks")
    assert routes({"marks/Rest": f"{mark}{annotation}", "Orders": controller}) == [
        ("GET", "/v1/orders", "Orders.all")
    ]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("server.servlet.contextPath=/shop", "/shop/a"),
        ("server.context-path=${CONTEXT:/shop}", "/shop/a"),
        ("spring.mvc.servlet.path=/web", "/web/a"),
        ("server.servlet.context-path=/shop\nspring.mvc.servlet.path=/web", "/shop/web/a"),
        ("server.servlet.context-path=${CONTEXT}", "/a"),
        ("spring.jersey.application-path=/api", "/a"),
    ],
)
def test_what_settings_put_in_front(setting: str, expected: str) -> None:
    source = f'{WEB}@RestController class Orders {{ @GetMapping("/a") String a() {{}} }}'
    assert routes({"Orders": source}, setting) == [("GET", expected, "Orders.a")]


def test_the_environment_of_the_deployment_counts() -> None:
    files = {
        "pom.xml": pom("app"),
        "src/main/java/A.java": f'{WEB}@RestController class A {{ @GetMapping("/a") void a() {{}} }}',
        "compose.yaml": (
            "services:\n  app:\n    build: .\n    environment:\n"
            "      SERVER_SERVLET_CONTEXT_PATH: /shop\n"
        ),
    }
    assert [each.path for each in architecture(files).endpoints] == ["/shop/a"]


def test_resources_of_jax_rs_with_their_application_and_sub_resources() -> None:
    sources = {
        "App": f'{RESOURCE}@ApplicationPath("/api") public class App extends Application {{}}',
        "Orders": (
            f'{RESOURCE}@Path("orders") public class Orders {{\n  @GET public String all() {{}}\n'
            '  @Path("{id}/lines") public Lines lines() {}\n}'
        ),
        "Lines": f'{RESOURCE}public class Lines {{ @GET @Path("{{no}}") public String one() {{}} }}',
    }
    assert routes(sources, "quarkus.http.root-path=/shop") == [
        ("GET", "/shop/api/orders", "Orders.all"),
        ("GET", "/shop/api/orders/{id}/lines/{no}", "Lines.one"),
    ]


REPOSITORY = (
    "package shop;\nimport org.springframework.data.repository.*;\n"
    "{}interface CategoryRepository extends CrudRepository<Category, Long> {{}}"
)
REST = "import org.springframework.data.rest.core.annotation.RepositoryRestResource;\n"


def test_repositories_are_endpoints_where_the_library_is_there() -> None:
    source = {"CategoryRepository": REPOSITORY.format("public ")}
    assert routes(source) == []
    assert routes(source, "spring.data.rest.base-path=/api", "spring-boot-starter-data-rest") == [
        ("*", "/api/categories", "CategoryRepository")
    ]
    inside = {"CategoryRepository": REPOSITORY.format("")}
    assert routes(inside, "", "spring-boot-starter-data-rest") == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [('(path = "kinds")', ["/kinds"]), ("", ["/categories"]), ("(exported = false)", [])],
)
def test_what_the_annotation_of_a_repository_says(arguments: str, expected: list[str]) -> None:
    source = REPOSITORY.format(f"{REST}@RepositoryRestResource{arguments} ")
    assert [path for _, path, _ in routes({"CategoryRepository": source})] == expected


def test_controllers_below_the_base_path_of_the_repositories() -> None:
    source = (
        f'{WEB}@RepositoryRestController @RequestMapping("/orders") class Orders {{\n'
        '  @GetMapping("/late") String late() {} }\n'
        '@RestController class Own { @GetMapping("/own") String own() {} }'
    )
    assert routes({"Orders": source}, "spring.data.rest.base-path=/api") == [
        ("GET", "/api/orders/late", "Orders.late"),
        ("GET", "/own", "Own.own"),
    ]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("order", "orders"), ("category", "categories"), ("box", "boxes"), ("child", "children"),
     ("day", "days"), ("shelf", "shelves"), ("salesman", "salesmen"), ("series", "series"), ("Series", "Series"), ("bookSeries", "bookSeries")],
)  # fmt: skip
def test_plurals(word: str, expected: str) -> None:
    assert plural(word) == expected


def test_routers_of_spring_functions() -> None:
    source = (
        "package shop;\nimport org.springframework.web.reactive.function.server.*;\n"
        "class Routes { Object r(H h) { return RouterFunctions.route(\n"
        '  RequestPredicates.GET("/a").and(accept(JSON)), h::a)\n'
        '  .andNest(path("/n"), RouterFunctions.route(RequestPredicates.POST("/b"), h::b)); } }'
    )
    assert routes({"Routes": source}) == [("GET", "/a", "h::a"), ("POST", "/n/b", "h::b")]


def test_routers_of_kotlin() -> None:
    source = (
        "package shop\nimport org.springframework.web.reactive.function.server.coRouter\n"
        "class Routes(val h: H) {\n  fun r() = coRouter {\n"
        '    GET("/a", h::a)\n    "/n".nest {\n      accept(JSON).nest { POST("/b", h::b) }\n'
        '      path("/p").nest { DELETE("/{id}") { h.drop(it) } }\n    }\n  }\n}'
    )
    assert routes({"Routes": source}, kotlin=True) == [
        ("DELETE", "/n/p/{id}", ""),
        ("GET", "/a", "h::a"),
        ("POST", "/n/b", "h::b"),
    ]


def test_predicates_that_kotlin_joins_by_words() -> None:
    source = (
        "package shop\nimport org.springframework.web.reactive.function.server.router\n"
        "class Routes(val h: H) {\n  fun r() = router {\n"
        '    (accept(JSON) and "/orders").nest {\n      POST("/paid", h::paid)\n'
        '      (path("/lines") and contentType(JSON)).nest { GET("/all", h::all) }\n'
        '      (accept(JSON) and contentType(JSON)).nest { PUT("/sent", h::sent) }\n    }\n  }\n}'
    )
    found = routes({"Routes": source}, kotlin=True)
    assert [(method, path) for method, path, _ in found] == [
        ("GET", "/orders/lines/all"),
        ("POST", "/orders/paid"),
        ("PUT", "/orders/sent"),
    ]


def test_resources_of_dropwizard_below_its_pattern() -> None:
    resource = f'{RESOURCE}@Path("/orders") public class Orders {{ @GET public String all() {{}} }}'
    program = (
        "package shop;\nimport io.dropwizard.setup.Environment;\n"
        "class App { void run(Settings settings, Environment environment) {\n"
        '  environment.jersey().setUrlPattern("/api/*"); } }'
    )
    found = routes({"Orders": resource, "App": program})
    assert found == [("GET", "/api/orders", "Orders.all")]


def test_kotlin_without_a_last_line_end() -> None:
    source = (
        "package shop\nimport org.springframework.web.bind.annotation.*\n"
        '@RestController\n@RequestMapping("/k")\nclass K {\n'
        '  @GetMapping("/x", "/y") fun x() = 1\n  @PutMapping(path = ["/z"]) fun z() = 2\n}'
    )
    assert routes({"K": source}, kotlin=True) == [
        ("GET", "/k/x", "K.x"),
        ("GET", "/k/y", "K.x"),
        ("PUT", "/k/z", "K.z"),
    ]


def test_routers_of_vertx_below_others() -> None:
    source = (
        "package shop;\nimport io.vertx.ext.web.*;\n"
        "class Server { void start() { Router router = Router.router(vertx);\n"
        "  Router items = Router.router(vertx);\n"
        '  items.get("/items").handler(this::items);\n'
        '  router.mountSubRouter("/v1", items);\n  router.route("/v2/*").subRouter(items);\n'
        '  router.route("/any").handler(this::any);\n'
        '  router.route("/files/*").handler(StaticHandler.create()); } }'
    )
    assert routes({"Server": source}) == [
        ("*", "/any", "this::any"),
        ("GET", "/v1/items", "this::items"),
        ("GET", "/v2/items", "this::items"),
    ]


def test_controllers_of_micronaut_and_groups_of_javalin() -> None:
    source = (
        "package shop;\nimport io.micronaut.http.annotation.*;\n"
        '@Controller("/m") class M { @Get("/{id}") String one() {} @Post String add() {} }'
    )
    assert routes({"M": source}) == [("GET", "/m/{id}", "M.one"), ("POST", "/m", "M.add")]
    source = (
        "package shop;\nimport io.micronaut.http.annotation.*;\n"
        '@Controller("/m") class M { @Get("/list{?args*}") String all() {}'
        ' @Get("/{id}{?max,offset}") String one() {} }'
    )
    assert routes({"M": source}) == [("GET", "/m/list", "M.all"), ("GET", "/m/{id}", "M.one")]
    source = (
        "package shop;\nimport static io.javalin.apibuilder.ApiBuilder.*;\n"
        'class J { void r() { path("/u", () -> { get(U::all); post("/p", U::add); }); } }'
    )
    assert routes({"J": source}) == [("GET", "/u", "U::all"), ("POST", "/u/p", "U::add")]


def test_a_controller_of_micronaut_serves_what_its_interface_maps() -> None:
    sources = {
        "Stock": "package shop.api;\nimport io.micronaut.http.annotation.*;\n"
        'public interface Stock { @Get("/{id}") String one(String id); @Post String add(); }',
        "StockController": "package shop;\nimport io.micronaut.http.annotation.Controller;\n"
        "import shop.api.Stock;\n"
        '@Controller("/stock") class StockController implements Stock {\n'
        "  public String one(String id) { return id; }\n  public String add() { return null; } }",
    }
    assert routes(sources) == [
        ("GET", "/stock/{id}", "StockController.one"),
        ("POST", "/stock", "StockController.add"),
    ]
    assert routes({"Stock": sources["Stock"]}) == []


def test_parameters_with_patterns_that_hold_braces() -> None:
    source = (
        f'{RESOURCE}@Path("a") public class A {{ static final String ID = "\\\\w{{8}}-\\\\w+";\n'
        '  @GET @Path("{id:" + ID + "}/b") public String b() {}\n'
        '  @GET @Path("{no : [0-9]{2}}") public String c() {} }'
    )
    assert routes({"A": source}) == [("GET", "/a/{id}/b", "A.b"), ("GET", "/a/{no}", "A.c")]


def test_functions_of_ktor_serve_where_they_are_called() -> None:
    sources = {
        "Main": (
            "package shop\nimport io.ktor.server.routing.*\n"
            "fun Application.module() {\n  routing {\n    health()\n"
            '    route("/v1") {\n      orders()\n      authenticate("jwt") { items() }\n    }\n  }\n}\n'
            'fun Route.health() {\n  get("/health") { }\n}\n'
            'fun Route.items() {\n  get("/items") { }\n}\n'
        ),
        "Orders": (
            "package shop\nimport io.ktor.server.routing.*\n"
            'fun Route.orders() {\n  route("/orders") {\n    get("/{id}") { }\n    put { }\n  }\n}\n'
        ),
    }
    assert routes(sources, kotlin=True) == [
        ("GET", "/health", ""),
        ("GET", "/v1/items", ""),
        ("GET", "/v1/orders/{id}", ""),
        ("PUT", "/v1/orders", ""),
    ]


@pytest.mark.parametrize(
    ("imported", "path"),
    [
        ("import static shop.Paths.*;", "/api/orders"),
        ("import static shop.Paths.ALL;", "/api/orders"),
        ("import static shop.Paths.Old.*;", "/old"),
        ("import static shop.Paths.Old.ALL;", "/old"),
        ("import static shop.Paths.*; import static shop.Texts.*;", "/api/orders"),
        ("import static shop.Unseen.*;", ""),  # which of the three is meant, nobody knows
    ],
)
def test_paths_in_constants_of_classes_that_are_imported_whole(imported: str, path: str) -> None:
    sources = {
        "Paths": (
            'package shop;\npublic class Paths {\n  static final String ALL = "/api/orders";\n'
            '  public static class Old { static final String ALL = "/old"; }\n}\n'
        ),
        "Words": 'package shop;\nclass Words { static final String ALL = "all of them"; }\n',
        "Texts": 'package shop;\nclass Texts { static final String NONE = "none of them"; }\n',
        "Orders": (
            f"{WEB}{imported}\n@RestController class Orders {{\n"
            "  @GetMapping(ALL) String all() {}\n}\n"
        ),
    }
    assert routes(sources) == ([("GET", path, "Orders.all")] if path else [])


def test_paths_that_the_constants_of_an_enum_carry() -> None:
    paths = (
        'package shop;\npublic enum Paths { ALL("/orders"), ONE("/orders/{id}"), LABEL("All orders");\n'
        "  private final String path; Paths(String path) { this.path = path; }\n"
        "  public String getPath() { return path; } }"
    )
    router = (
        "package shop;\nimport org.springframework.web.reactive.function.server.*;\n"
        "class Router { RouterFunction<ServerResponse> routes(Orders orders) {\n"
        "  return RouterFunctions.route(RequestPredicates.GET(Paths.ALL.getPath()), orders::all)\n"
        "    .andRoute(RequestPredicates.PUT(Paths.ONE.path()), orders::change); } }"
    )
    assert routes({"Paths": paths, "Router": router}) == [
        ("GET", "/orders", "orders::all"),
        ("PUT", "/orders/{id}", "orders::change"),
    ]
