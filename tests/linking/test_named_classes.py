"""Who reaches a class that no import names, or that stands behind an interface."""

from __future__ import annotations

import pytest
from tests.linking.system import origins

from scaleaudit.architecture import Origin

QUERY = 'return jdbc.queryForList("SELECT id FROM orders WHERE day > ?", day);'
CONTROLLER = """
    package shop.web;
    import org.springframework.web.bind.annotation.*;
    import shop.orders.OrderLists;
    @RestController
    public class OrderController {
      private final OrderLists lists;
      @GetMapping("/orders")
      public Object list() { return lists.openOrders(1); }
    }
"""
INTERFACE = """
    package shop.orders;
    public interface OrderLists {
      Object openOrders(int day);
      Object staleOrders(int day);
      Object forgottenOrders(int day);
    }
"""
BEHIND = f"""
    package shop.orders.jdbc;
    import org.springframework.jdbc.core.JdbcTemplate;
    import shop.orders.OrderLists;
    public class StoredOrders implements OrderLists {{
      private final JdbcTemplate jdbc;
      @Override
      public Object openOrders(int day) {{ {QUERY} }}
      @Override
      public Object staleOrders(int day) {{ {QUERY.replace(">", "<")} }}
      @Override
      public Object forgottenOrders(int day) {{ {QUERY.replace(">", "=")} }}
    }}
"""
STARTING = """
    package shop.orders;
    import jakarta.annotation.PostConstruct;
    public class OrderWarmth {
      private final OrderLists lists;
      @PostConstruct
      public void warmUp() { lists.staleOrders(1); }
    }
"""
JAVA = {
    "src/main/java/shop/web/OrderController.java": CONTROLLER,
    "src/main/java/shop/orders/OrderLists.java": INTERFACE,
    "src/main/java/shop/orders/jdbc/StoredOrders.java": BEHIND,
    "src/main/java/shop/orders/OrderWarmth.java": STARTING,
}
PROJECT = '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>'
SHARP_CONTROLLER = """
    using Microsoft.AspNetCore.Mvc;
    using Shop.Orders;

    namespace Shop.Web;

    [ApiController]
    [Route("orders")]
    public class OrderController(IOrderLists lists) : ControllerBase
    {
        [HttpGet]
        public async Task<IActionResult> List() => Ok(await lists.OpenOrders(1));
    }
"""
SHARP_INTERFACE = """
    namespace Shop.Orders;

    public interface IOrderLists
    {
        Task<List<int>> OpenOrders(int day);
        Task<List<int>> ForgottenOrders(int day);
    }
"""
SHARP_BEHIND = """
    using Dapper;
    using Shop.Orders;

    namespace Shop.Storage;

    public class OrderLists(IDbConnection connection) : IOrderLists
    {
        public async Task<List<int>> OpenOrders(int day) =>
            (await connection.QueryAsync<int>("SELECT id FROM orders WHERE day > @day", new { day })).ToList();

        public async Task<List<int>> ForgottenOrders(int day) =>
            (await connection.QueryAsync<int>("SELECT id FROM orders WHERE day = @day", new { day })).ToList();
    }
"""
SHARP = {
    "Shop/Shop.csproj": PROJECT,
    "Shop/Web/OrderController.cs": SHARP_CONTROLLER,
    "Shop/Orders/IOrderLists.cs": SHARP_INTERFACE,
    "Shop/Storage/OrderLists.cs": SHARP_BEHIND,
}


def test_a_class_behind_an_interface_and_each_of_its_methods() -> None:
    """The container joins them; which methods requests wait for, the calls tell."""
    assert origins(JAVA) == {
        "openOrders": Origin.HANDLER,
        "staleOrders": Origin.JOB,  # when the program starts
        "forgottenOrders": Origin.UNKNOWN,
    }


def test_nobody_waits_where_no_request_names_the_interface() -> None:
    other = CONTROLLER.replace("OrderLists", "PriceLists")
    found = origins({**JAVA, "src/main/java/shop/web/OrderController.java": other})
    assert found["openOrders"] is Origin.UNKNOWN


def test_a_class_of_the_same_package_needs_no_import() -> None:
    store = BEHIND.replace("shop.orders.jdbc", "shop.web").replace(" implements OrderLists", "")
    files = {
        "src/main/java/shop/web/OrderController.java": CONTROLLER.replace(
            "import shop.orders.OrderLists;", ""
        ).replace("OrderLists", "StoredOrders"),
        "src/main/java/shop/web/StoredOrders.java": store,
    }
    assert origins(files)["openOrders"] is Origin.HANDLER
    apart = store.replace("package shop.web;", "package shop.old;")
    assert (
        origins({**files, "src/main/java/shop/web/StoredOrders.java": apart})["openOrders"]
        is Origin.UNKNOWN
    )


def test_what_a_generator_declares_is_served_by_the_class_that_implements_it() -> None:
    generated = CONTROLLER.replace('@GetMapping("/orders")', "@Override").replace(
        "class OrderController", "class OrderController implements OrdersApi"
    )
    found = origins({**JAVA, "src/main/java/shop/web/OrderController.java": generated})
    assert found["openOrders"] is Origin.HANDLER


def test_using_names_a_namespace_with_all_that_is_in_it() -> None:
    assert origins(SHARP) == {"OpenOrders": Origin.HANDLER, "ForgottenOrders": Origin.UNKNOWN}


@pytest.mark.parametrize(
    ("path", "using"),
    [
        ("Shop/GlobalUsings.cs", "global using Shop.Orders;\n"),
        ("Shop/Shop.cs", "namespace Shop;\npublic class Shop { }\n"),
    ],
    ids=["a using for all", "nothing that names it"],
)
def test_usings_for_a_whole_project(path: str, using: str) -> None:
    without = SHARP_CONTROLLER.replace("using Shop.Orders;\n", "")
    found = origins({**SHARP, "Shop/Web/OrderController.cs": without, path: using})
    expected = Origin.HANDLER if "Global" in path else Origin.UNKNOWN
    assert found["OpenOrders"] is expected


def test_what_answers_a_message() -> None:
    controller = SHARP_CONTROLLER.replace("IOrderLists lists", "IMediator mediator").replace(
        "lists.OpenOrders(1)", "mediator.Send(new OpenOrders(1))"
    )
    message = "namespace Shop.Orders;\n\npublic record OpenOrders(int Day) : IRequest<List<int>>;\n"
    handler = """
        using Dapper;

        namespace Shop.Orders;

        public class OpenOrdersHandler(IDbConnection connection) : IRequestHandler<OpenOrders, List<int>>
        {
            public async Task<List<int>> Handle(OpenOrders asked, CancellationToken token) =>
                (await connection.QueryAsync<int>("SELECT id FROM orders WHERE day > @Day", asked)).ToList();
        }
    """
    files = {
        "Shop/Shop.csproj": PROJECT,
        "Shop/Web/OrderController.cs": controller,
        "Shop/Orders/OpenOrders.cs": message,
        "Shop/Orders/OpenOrdersHandler.cs": handler,
    }
    assert origins(files) == {"Handle": Origin.HANDLER}
    assert origins({**files, "Shop/Web/OrderController.cs": ""}) == {"Handle": Origin.UNKNOWN}
    later = controller.replace("mediator.Send(", "_channel.Writer.WriteAsync(")
    assert later != controller
    assert origins({**files, "Shop/Web/OrderController.cs": later}) == {"Handle": Origin.UNKNOWN}


@pytest.mark.parametrize(
    ("second", "origin"), [("/admin/log.csv", Origin.ADMIN), ("/log.csv", Origin.HANDLER)]
)
def test_routes_of_the_staff_with_functions_of_one_name(second: str, origin: Origin) -> None:
    controller = f"""
        package shop.orders;
        import org.springframework.web.bind.annotation.*;
        @RestController
        public class LogController {{
          private final StoredLogs logs;
          @GetMapping("/admin/log")
          public Object showLog() {{ return logs.allLines(1); }}
          @GetMapping("{second}")
          public Object showLog(int page) {{ return logs.allLines(page); }}
        }}
    """
    store = f"""
        package shop.orders;
        import org.springframework.jdbc.core.JdbcTemplate;
        public class StoredLogs {{
          private final JdbcTemplate jdbc;
          public Object allLines(int day) {{ {QUERY} }}
        }}
    """
    files = {"src/shop/LogController.java": controller, "src/shop/StoredLogs.java": store}
    assert origins(files)["allLines"] is origin


def test_nobody_waits_for_what_a_request_hands_to_a_queue() -> None:
    """Hangfire: the expression is kept, and a worker runs it."""
    queued = "BackgroundJob.Enqueue(() => lists.ForgottenOrders(Day(2)));"
    action = (
        f"[HttpPost] public IActionResult Sum() {{ {queued} return Ok(); }}\n\n        [HttpGet]"
    )
    controller = SHARP_CONTROLLER.replace("[HttpGet]", action)
    found = origins({**SHARP, "Shop/Web/OrderController.cs": controller})
    assert found == {"OpenOrders": Origin.HANDLER, "ForgottenOrders": Origin.JOB}
    waited = controller.replace(queued, "lists.ForgottenOrders(2);")
    found = origins({**SHARP, "Shop/Web/OrderController.cs": waited})
    assert found["ForgottenOrders"] is Origin.HANDLER


def test_the_folder_of_a_program_makes_none_of_its_files_one_of_routes() -> None:
    """`Shop.Api/Storage` holds no routes, though a folder `Api` of a program would."""
    program = {path.replace("Shop/", "Shop.Api/", 1): text for path, text in SHARP.items()}
    expected = {"OpenOrders": Origin.HANDLER, "ForgottenOrders": Origin.UNKNOWN}
    assert origins(program) == expected
    moved = program.pop("Shop.Api/Storage/OrderLists.cs")
    found = origins({**program, "Shop.Api/Api/OrderLists.cs": moved})
    assert found == dict.fromkeys(expected, Origin.HANDLER)


def test_a_method_that_nobody_calls_in_a_class_that_imports_lead_to() -> None:
    behind = BEHIND.replace(" implements OrderLists", "")
    controller = CONTROLLER.replace("shop.orders.OrderLists", "shop.orders.jdbc.StoredOrders")
    found = origins(
        {
            "src/main/java/shop/web/OrderController.java": controller.replace(
                "OrderLists", "StoredOrders"
            ),
            "src/main/java/shop/orders/jdbc/StoredOrders.java": behind,
        }
    )
    assert (found["openOrders"], found["forgottenOrders"]) == (Origin.HANDLER, Origin.UNKNOWN)


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("OrderListsImpl", Origin.HANDLER),
        ("JdbcOrderLists", Origin.HANDLER),
        ("StoredOrders", Origin.UNKNOWN),  # neither its name nor its methods tell
    ],
)
def test_a_class_that_is_named_after_its_interface(name: str, origin: Origin) -> None:
    more = INTERFACE.replace(
        "Object openOrders",
        "default Object newestOrders() { return null; }\n      Object openOrders",
    )
    files = {**JAVA, "src/main/java/shop/orders/OrderLists.java": more}
    del files["src/main/java/shop/orders/jdbc/StoredOrders.java"]
    files[f"src/main/java/shop/orders/jdbc/{name}.java"] = BEHIND.replace("StoredOrders", name)
    assert origins(files)["openOrders"] is origin


@pytest.mark.parametrize(("count", "origin"), [(3, Origin.HANDLER), (13, Origin.UNKNOWN)])
def test_an_interface_with_very_many_classes_only_marks_them(count: int, origin: Origin) -> None:
    files = dict(JAVA)
    for number in range(count - 1):
        name = f"Other{number}OrderLists"
        text = BEHIND.replace("StoredOrders", name).replace("openOrders", "otherOrders")
        files[f"src/main/java/shop/orders/jdbc/{name}.java"] = text
    assert origins(files)["openOrders"] is origin


def test_what_the_program_does_when_it_is_ready() -> None:
    ready = STARTING.replace("@PostConstruct", "@EventListener(ApplicationReadyEvent.class)")
    found = origins({**JAVA, "src/main/java/shop/orders/OrderWarmth.java": ready})
    assert found["staleOrders"] is Origin.JOB


@pytest.mark.parametrize(
    ("path", "declared"),
    [
        ("Shop/Sweep/OrderSweepHostedService.cs", "OrderSweepHostedService : PeriodicWork"),
        ("Shop/Sweep/OrderSweep.cs", "OrderSweep : IStartupTask"),
    ],
)
def test_what_runs_beside_the_requests(path: str, declared: str) -> None:
    sweep = f"""
        using Shop.Orders;

        namespace Shop.Sweep;

        public class {declared}
        {{
            private readonly IOrderLists _lists;
            public Task SweepOrders() => _lists.ForgottenOrders(1);
        }}
    """
    assert origins({**SHARP, path: sweep})["ForgottenOrders"] is Origin.JOB


@pytest.mark.parametrize(
    ("name", "origin"),
    [("MigrationStartupTask", Origin.MIGRATION), ("OrderStartupTask", Origin.UNKNOWN)],
)
def test_what_changes_the_rows_when_the_server_starts(name: str, origin: Origin) -> None:
    task = SHARP_BEHIND.replace(": IOrderLists", "").replace("class OrderLists", f"class {name}")
    found = origins({"Shop/Shop.csproj": PROJECT, f"Shop/Hosting/{name}.cs": task})
    assert set(found.values()) == {origin}


def test_on_the_jvm_a_package_is_named_for_its_program_first() -> None:
    """`shop.api` holds all of the program `shop-api`; its last folder may still be that of the web."""
    inside = BEHIND.replace("shop.orders.jdbc", "shop.api.orders.jdbc")
    files = {**JAVA, "src/main/java/shop/api/orders/jdbc/StoredOrders.java": inside}
    del files["src/main/java/shop/orders/jdbc/StoredOrders.java"]
    assert origins(files)["forgottenOrders"] is Origin.UNKNOWN
    last = BEHIND.replace("shop.orders.jdbc", "shop.orders.api")
    files = {**JAVA, "src/main/java/shop/orders/api/StoredOrders.java": last}
    del files["src/main/java/shop/orders/jdbc/StoredOrders.java"]
    assert origins(files)["forgottenOrders"] is Origin.HANDLER


STORE = f"""
    package shop.store;
    import org.springframework.jdbc.core.JdbcTemplate;
    public class OrderStore {{
      private final JdbcTemplate jdbc;
      public Object openOrders(int day) {{ {QUERY} }}
      public Object staleOrders(int day) {{ {QUERY} }}
      public Object getAll(int day) {{ {QUERY} }}
      public Object search(int day) {{ {QUERY} }}
    }}
"""


def test_what_a_controller_imports_is_asked_by_calls_too() -> None:
    controller = CONTROLLER.replace("shop.orders.OrderLists", "shop.store.OrderStore").replace(
        "OrderLists", "OrderStore"
    )
    files = {
        "src/main/java/shop/web/OrderController.java": controller,
        "src/main/java/shop/store/OrderStore.java": STORE,
    }
    assert origins(files) == {
        "openOrders": Origin.HANDLER,
        "staleOrders": Origin.UNKNOWN,  # no call leads there
        "getAll": Origin.HANDLER,  # names that tell nothing: the controller is near
        "search": Origin.HANDLER,
    }
    service = """
    package shop.jobs;
    import shop.orders.OrderPrices;
    public class OrderService { OrderPrices prices; }
    """
    prices = """
    package shop.orders;
    import shop.store.OrderStore;
    public class OrderPrices { OrderStore store; }
    """
    far = {
        "src/main/java/shop/web/OrderController.java": controller.replace(
            "shop.store.OrderStore", "shop.jobs.OrderService"
        ).replace("OrderStore", "OrderService"),
        "src/main/java/shop/jobs/OrderService.java": service,
        "src/main/java/shop/orders/OrderPrices.java": prices,
        "src/main/java/shop/store/OrderStore.java": STORE,
    }
    found = origins(
        {
            path.replace("/jobs/", "/work/"): text.replace("shop.jobs", "shop.work")
            for path, text in far.items()
        }
    )
    assert found["getAll"] is Origin.UNKNOWN


def test_a_handler_of_the_same_name_elsewhere_does_not_hand_on_to_it() -> None:
    """Only one whose file uses it, itself or through another one."""
    other = """
    package shop.web;
    import org.springframework.web.bind.annotation.*;
    @RestController
    public class PriceController {
      @GetMapping("/prices")
      public Object forgottenOrders(int day) { return day; }
    }
    """
    path = "src/main/java/shop/web/PriceController.java"
    assert origins({**JAVA, path: other})["forgottenOrders"] is Origin.UNKNOWN
    using = other.replace(
        "{\n      @GetMapping", "{\n      shop.orders.OrderLists orders;\n      @GetMapping"
    )
    using = using.replace(
        "annotation.*;", "annotation.*;\n    import shop.orders.OrderLists;"
    ).replace("return day", "return orders.forgottenOrders(day)")
    assert origins({**JAVA, path: using})["forgottenOrders"] is Origin.HANDLER


def test_names_that_tell_nothing_in_a_file_of_the_web() -> None:
    store = STORE.replace("shop.store", "shop.orders.api")
    found = origins({"src/main/java/shop/orders/api/OrderStore.java": store})
    assert set(found.values()) == {Origin.HANDLER}


@pytest.mark.parametrize("name", ["handleStale", "onStale", "renderStale"])
def test_what_frameworks_may_call_is_asked_where_a_controller_is_near(name: str) -> None:
    controller = CONTROLLER.replace("shop.orders.OrderLists", "shop.store.OrderStore").replace(
        "OrderLists", "OrderStore"
    )
    files = {
        "src/main/java/shop/web/OrderController.java": controller,
        "src/main/java/shop/store/OrderStore.java": STORE.replace("staleOrders", name),
    }
    assert origins(files)[name] is Origin.HANDLER


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("GetAllAsync", Origin.HANDLER),
        ("ExecuteAsync", Origin.HANDLER),
        ("SumOrders", Origin.UNKNOWN),
    ],
)
def test_a_caller_whose_name_leads_nowhere_beside_a_controller(name: str, origin: Origin) -> None:
    service = f"""
        using Shop.Storage;

        namespace Shop.Orders;

        public class OrderSums(OrderLists lists)
        {{
            public Task<List<int>> {name}() => lists.ForgottenOrders(1);
        }}
    """
    files = {
        "Shop/Shop.csproj": PROJECT,
        "Shop/Web/OrderController.cs": SHARP_CONTROLLER.replace("IOrderLists", "OrderSums"),
        "Shop/Orders/OrderSums.cs": service,
        "Shop/Storage/OrderLists.cs": SHARP_BEHIND.replace(": IOrderLists", ""),
    }
    assert origins(files)["ForgottenOrders"] is origin


@pytest.mark.parametrize(("count", "origin"), [(3, Origin.UNKNOWN), (70, Origin.HANDLER)])
def test_a_name_that_stands_in_very_many_places_is_not_followed(count: int, origin: Origin) -> None:
    methods = "".join(f"void part{n}() {{ lists.staleOrders({n}); }}\n" for n in range(count))
    other = f"package shop.parts;\nclass Parts {{\n{methods}}}\n"
    controller = CONTROLLER.replace("shop.orders.OrderLists", "shop.store.OrderStore").replace(
        "OrderLists", "OrderStore"
    )
    files = {
        "src/main/java/shop/web/OrderController.java": controller,
        "src/main/java/shop/store/OrderStore.java": STORE,
        "src/main/java/shop/parts/Parts.java": other,
    }
    assert origins(files)["staleOrders"] is origin


def test_calls_count_though_a_handler_elsewhere_has_the_name() -> None:
    other = """
    package shop.prices;
    import org.springframework.web.bind.annotation.*;
    @RestController
    public class PriceController {
      @GetMapping("/prices")
      public Object openOrders(int day) { return day; }
    }
    """
    found = origins({**JAVA, "src/main/java/shop/prices/PriceController.java": other})
    assert found["openOrders"] is Origin.HANDLER


def test_routes_that_an_interface_declares_run_in_the_class_behind_it() -> None:
    declared = """
    package shop.web;
    import org.springframework.web.bind.annotation.*;
    public interface OrdersApi {
      @GetMapping("/orders")
      Object openOrders(int day);
    }
    """
    behind = BEHIND.replace("shop.orders.OrderLists", "shop.web.OrdersApi").replace(
        "OrderLists", "OrdersApi"
    )
    behind = behind.replace("public class", "@RestController\n    public class")
    files = {
        "src/main/java/shop/web/OrdersApi.java": declared,
        "src/main/java/shop/orders/jdbc/StoredOrders.java": behind,
    }
    found = origins(files)
    assert (found["openOrders"], found["forgottenOrders"]) == (Origin.HANDLER, Origin.UNKNOWN)
