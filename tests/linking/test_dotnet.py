""".NET systems from files to the graph."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind, NodeKind

WEB = '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>'
COMPOSE = """
    services:
      orders:
        build: ./orders
      stock:
        build: ./stock
      db:
        image: postgres:16
      cache:
        image: redis:7
      mq:
        image: rabbitmq:3
      log:
        image: apache/kafka
      documents:
        image: mongo:7
    """
SYSTEM = {
    "compose.yaml": COMPOSE,
    "orders/orders.csproj": WEB,
    "orders/Dockerfile": "FROM base\nCOPY . .\n",
    "stock/stock.csproj": WEB,
    "stock/Dockerfile": "FROM base\nCOPY . .\n",
}


def edges(files: dict[str, str]) -> list[str]:
    kinds = (EdgeKind.CALLS, EdgeKind.USES, EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
    found = architecture(files).edges(*kinds)
    return sorted(
        f"{e.source.partition(':')[2]} {e.kind} {e.target.partition(':')[2]}" for e in found
    )


def orders(text: str, **more: str) -> list[str]:
    """The edges of a system whose service `orders` has this code."""
    others = {path.replace("__", "/").replace("_cs", ".cs"): code for path, code in more.items()}
    return edges({**SYSTEM, "orders/Program.cs": text, **others})


HOST = """
    var builder = DistributedApplication.CreateBuilder(args);
    var cache = builder.AddRedis("cache");
    var server = builder.AddPostgres("server").WithPgAdmin();
    var shop = server.AddDatabase("shopdb");
    var bus = builder.ExecutionContext.IsPublishMode
        ? builder.AddAzureServiceBus("bus")
        : builder.AddAzureServiceBus("bus");
    var login = builder.AddProject<Projects.Shop_Login>("login");
    var stock = builder.AddProject<Projects.Shop_Stock>("stock-api")
        .WithReference(shop)
        .WithReplicas(3)
        .WaitFor(cache);
    var web = builder.AddProject<Projects.Shop_Web>("web")
        .WithExternalHttpEndpoints()
        .WithReference(stock)
        .WithReference(cache, "sessions").WithReference(bus)
        .WithEnvironment("Login__Url", login.GetEndpoint("https"));
    login.WithEnvironment("WebClient", web.GetEndpoint("http"));
    var seeds = builder.AddProject<Projects.Shop_Seeds>("seeds").WithReference(shop);
    builder.AddNpmApp("portal", "../portal").WithReference(stock).WaitForCompletion(seeds);
    builder.Build().Run();
    """
ASPIRE = {
    "src/Host/Program.cs": HOST,
    "src/Host/Shop.Host.csproj": """
        <Project Sdk="Microsoft.NET.Sdk">
          <Sdk Name="Aspire.AppHost.Sdk" Version="9.0.0" />
          <PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
        </Project>
        """,
    "src/Shop.Login/Shop.Login.csproj": WEB,
    "src/Shop.Stock/Shop.Stock.csproj": WEB,
    "src/Shop.Stock/Program.cs": 'builder.AddNpgsqlDbContext<Stock>("shopdb");\n',
    "src/Shop.Web/Shop.Web.csproj": WEB,
    "src/Shop.Seeds/Shop.Seeds.csproj": WEB,
    "src/portal/package.json": '{"name": "portal", "scripts": {"start": "vite"}}',
}


def test_an_aspire_host_tells_what_runs_and_who_is_handed_whose_address() -> None:
    found = architecture(ASPIRE)
    nodes = {node.name: node for node in found.nodes() if node.kind != "module"}
    assert sorted(nodes) == [
        "bus",
        "cache",
        "login",
        "portal",
        "seeds",
        "server",
        "stock-api",
        "web",
    ]
    assert nodes["stock-api"].path == "src/Shop.Stock"
    assert nodes["stock-api"].replicas == 3
    assert nodes["web"].published
    assert not nodes["login"].published
    assert (nodes["portal"].path, nodes["server"].technology) == ("src/portal", "postgresql")


def test_stores_by_the_names_of_the_first_versions_of_aspire() -> None:
    host = HOST.replace("AddRedis(", "AddRedisContainer(").replace(
        "AddPostgres(", "AddPostgresContainer("
    )
    found, now = architecture({**ASPIRE, "src/Host/Program.cs": host}), architecture(ASPIRE)
    kept = (NodeKind.CACHE, NodeKind.DATABASE, NodeKind.BROKER)
    assert [node.id for node in found.nodes(*kept)] == [node.id for node in now.nodes(*kept)]


def test_a_reference_connects_and_the_order_of_start_does_not() -> None:
    found = edges(ASPIRE)
    assert found == [
        "portal calls stock-api",
        "seeds uses server",
        "stock-api uses server",
        "web calls login",  # and not back: it sends users there
        "web calls stock-api",
        "web uses bus",
        "web uses cache",
    ]


def test_routes_of_a_proxy_in_an_aspire_host() -> None:
    host = """
        var builder = DistributedApplication.CreateBuilder(args);
        var stock = builder.AddProject<Projects.Shop_Stock>("stock");
        var web = builder.AddProject<Projects.Shop_Web>("web");
        builder.AddYarp("front").WithConfiguration(yarp => yarp.AddRoute("/stock/{**rest}", stock)).WaitFor(web);
        """
    assert edges({**ASPIRE, "src/Host/Program.cs": host}) == [
        "front calls stock",
        "stock uses postgresql",
    ]


SETTINGS = '{"Stock": {"Api": {"Url": "http://stock:8080"}}}'


def test_options_are_filled_by_the_section_that_their_class_is_bound_to() -> None:
    client = """
        public class StockClient {
            private readonly StockOptions _options;
            private readonly HttpClient _http;
            public StockClient(HttpClient http, IOptions<StockOptions> options) {
                _http = http;
                _options = options.Value;
            }
            public Task<string> Get(int id) => _http.GetStringAsync($"{_options.Url}/stock/{id}");
        }
        """
    options = """
        public class StockOptions {
            public const string Section = "Stock:Api";
            public string Url { get; set; } = "http://localhost:5001";
        }
        """
    bindings = (
        'services.Configure<StockOptions>(Configuration.GetSection("Stock:Api"));',
        "services.Configure<StockOptions>(builder.Configuration.GetSection(StockOptions.Section));",
        'services.AddOptions<StockOptions>().BindConfiguration("Stock:Api").ValidateOnStart();',
        'services.AddOptions<StockOptions>().Bind(config.GetSection("Stock").GetSection("Api"));',
    )
    for binding in bindings:
        files = {
            **SYSTEM,
            "orders/Program.cs": binding,
            "orders/StockClient.cs": client,
            "orders/StockOptions.cs": options,
            "orders/appsettings.json": SETTINGS,
        }
        assert edges(files) == ["orders calls stock"], binding
        unbound = {**files, "orders/Program.cs": "", "orders/appsettings.json": "{}"}
        assert edges(unbound) == []  # its default is the own host


def test_sections_of_the_configuration_are_keys_of_settings() -> None:
    written = (
        'Configuration.GetSection("Stock:Api")["Url"]',
        'builder.Configuration.GetSection("Stock:Api:Url").Value',
        'builder.Configuration.GetSection("Stock:Api:Url").Get<string>()!',
        'config.GetSection("Stock").GetValue<string>("Api:Url")',
        'configuration.GetRequiredSection("Stock").Get<StockSettings>().Api.Url',
        'provider.GetRequiredService<IConfiguration>()["Stock:Api:Url"]',
    )
    for expression in written:
        text = f"services.AddHttpClient<Stock>(c => c.BaseAddress = new Uri({expression}));"
        found = edges({**SYSTEM, "orders/Program.cs": text, "orders/appsettings.json": SETTINGS})
        assert found == ["orders calls stock"], expression


def test_a_field_keeps_what_the_constructor_gives_it() -> None:
    text = """
        public class Reports {
            private readonly string _address;
            public Reports(IConfiguration config) { _address = config.GetConnectionString("Shop"); }
            public void Read() { using var connection = new NpgsqlConnection(_address); }
            public void Other(string address) { new SqlConnection(address); }
        }
        """
    settings = '{"ConnectionStrings": {"Shop": "Host=db;Database=shop"}}'
    files = {**SYSTEM, "orders/Reports.cs": text, "orders/appsettings.json": settings}
    assert edges(files) == ["orders uses db", "orders uses sqlserver"]


def test_clients_and_messages_with_addresses() -> None:
    written = (
        'class A { async Task B() { using var c = new HttpClient { BaseAddress = new Uri("http://stock") };'
        ' await c.GetAsync("things"); } }',
        'class A { async Task B() { var c = new HttpClient(); c.BaseAddress = new Uri("http://stock");'
        ' await c.GetAsync("things"); } }',
        "class A { async Task B() { await client.SendAsync("
        'new HttpRequestMessage(HttpMethod.Get, "http://stock/things")); } }',
        "using Flurl.Http;\nclass A { async Task B() {"
        ' await "http://stock".AppendPathSegment("things").GetJsonAsync<int>(); } }',
        'class A { async Task B() { var c = new HubConnectionBuilder().WithUrl("http://stock/hub").Build(); } }',
        'class A { void B() { var c = new RestClient(new RestClientOptions("http://stock")); } } // RestSharp',
    )
    for text in written:
        assert orders(text) == ["orders calls stock"], text


def test_a_relative_address_alone_is_no_host() -> None:
    text = 'class A { HttpClient http; Task B() => http.GetAsync("things"); }'
    assert orders(text) == []


def test_a_named_client_and_the_calls_on_it() -> None:
    found = architecture(
        {
            **SYSTEM,
            "orders/Program.cs": 'services.AddHttpClient("goods", c => c.BaseAddress = new Uri("http://stock"));',
            "orders/Goods.cs": """
                class Goods {
                    async Task All() {
                        var client = factory.CreateClient("goods");
                        await client.GetAsync("things");
                    }
                }
                """,
        }
    )
    (edge,) = found.edges(EdgeKind.CALLS)
    assert {each.at.path for each in edge.evidence} >= {"orders/Program.cs", "orders/Goods.cs"}
    assert not found.unresolved


def test_brokers_that_clients_are_made_for() -> None:
    written = {
        'using MassTransit;\nservices.AddMassTransit(x => x.UsingRabbitMq((context, c) => c.Host("mq", "/")));': "mq",
        'using RabbitMQ.Client;\nvar f = new ConnectionFactory { HostName = "mq" };': "mq",
        'var c = new ProducerConfig { BootstrapServers = "log:9092" };': "log",
        'services.AddCap(x => { x.UseRabbitMQ("mq"); });': "mq",
        "using MassTransit;\nservices.AddMassTransit(x => x.UsingRabbitMq((context, c) => {}));": "mq",
        "using MassTransit;\nservices.AddMassTransit(x => x.UsingInMemory());": "",
    }
    for text, broker in written.items():
        assert orders(text) == ([f"orders uses {broker}"] if broker else []), text


def test_a_message_to_the_nameless_exchange_is_for_the_queue_of_its_key() -> None:
    found = orders(
        """
        using RabbitMQ.Client;
        class Sender {
            void Send() {
                using var channel = connection.CreateModel();
                channel.BasicPublish(exchange: "", routingKey: "paid", body: body);
            }
        }
        """,
        stock__Listener_cs="""
        using RabbitMQ.Client;
        class Listener { void Listen(IModel channel) => channel.BasicConsume("paid", true, consumer); }
        """,
    )
    assert found == [
        "orders publishes mq",
        "orders publishes paid",
        "stock consumes mq",
        "stock consumes paid",
    ]


def test_stores_by_the_parts_and_objects_that_name_them() -> None:
    written = {
        'var b = new NpgsqlConnectionStringBuilder { Host = "db" }; new NpgsqlConnection(b.ConnectionString);': "db",
        'var o = ConfigurationOptions.Parse("cache:6379", true); ConnectionMultiplexer.Connect(o);': "cache",
        'services.AddHangfire(c => c.UseRedisStorage("cache:6379"));': "cache",
        'services.AddSingleton(new MongoClient("mongodb://documents"));': "documents",
    }
    for text, store in written.items():
        assert orders(text) == [f"orders uses {store}"], text


def endpoints(files: dict[str, str]) -> list[str]:
    found = architecture({**SYSTEM, **files}).endpoints
    return sorted(f"{e.component.partition(':')[2]} {e.method} {e.path}" for e in found)


def test_controllers_inherit_the_template_of_their_base() -> None:
    found = endpoints(
        {
            "orders/Base.cs": """
                [ApiController]
                [Route("api/v{version:apiVersion}/[controller]")]
                public abstract class ApiBase : ControllerBase { }
                public abstract class AdminBase : ApiBase { }
                """,
            "orders/OrdersController.cs": """
                public class OrdersController : AdminBase {
                    [HttpGet] public IActionResult All() => Ok();
                    [HttpPut("{id:guid}")] public IActionResult Change(Guid id) => Ok();
                    [HttpPost("~/pay/{id}")] public IActionResult Pay(int id) => Ok();
                }
                """,
        }
    )
    assert found == [
        "orders GET /api/v{version}/Orders",
        "orders POST /pay/{id}",
        "orders PUT /api/v{version}/Orders/{id}",
    ]


def test_a_base_of_ones_own_may_be_called_as_the_framework_calls_one() -> None:
    found = endpoints(
        {
            "shared/ApiController.cs": """
                [ApiController, Route("[controller]")]
                public abstract class ApiController : ControllerBase { public const string Id = "{id}"; }
                """,
            "orders/OrdersController.cs": """
                public class OrdersController : ApiController {
                    [HttpPost] public async Task<ActionResult> Create(Order order) => Ok();
                    [HttpGet, Route(nameof(Mine))] public async Task<ActionResult> Mine() => Ok();
                    [HttpGet] [Route("{id}")] public async Task<ActionResult> Details(int id) => Ok();
                }
                """,
        }
    )
    assert found == ["orders GET /Orders/Mine", "orders GET /Orders/{id}", "orders POST /Orders"]


HOME = """
    public class HomeController : Controller {
        public IActionResult Index() => View();
        public Task<IActionResult> EditAsync(int id) => View();
        [HttpPost] public string Send(string text) => text;
        public string Helper() => "";
        private IActionResult Hidden() => View();
    }
    """
USERS = '[Area("Admin")]\npublic class UsersController : Controller { public IActionResult List() => View(); }'


def test_actions_are_where_the_conventional_routes_put_them() -> None:
    start = """
        app.MapControllerRoute(name: "areas", pattern: "{area:exists}/{controller=Home}/{action=Index}/{id?}");
        app.MapControllerRoute("default", "{controller=Home}/{action=Index}/{id?}");
        """
    files = {"orders/HomeController.cs": HOME, "orders/UsersController.cs": USERS}
    assert endpoints({**files, "orders/Program.cs": start}) == [
        "orders GET /Admin/Users/List",
        "orders GET /Home/Edit/{id}",
        "orders GET /Home/Index",
        "orders POST /Home/Send",
    ]
    assert endpoints(files) == []  # nothing routes to them


def test_classic_web_api() -> None:
    found = endpoints(
        {
            "orders/App_Start/WebApiConfig.cs": """
                config.Routes.MapHttpRoute(name: "api", routeTemplate: "api/{controller}/{id}", defaults: none);
                """,
            "orders/ProductsController.cs": """
                public class ProductsController : ApiController {
                    public IEnumerable<Product> GetAll() => all;
                    public Product Get(int id) => one;
                    public void Post(Product product) { }
                }
                [RoutePrefix("api/books")]
                public class BooksController : ApiController {
                    [Route("{id:int}")] public Book Get(int id) => one;
                }
                """,
        }
    )
    assert found == [
        "orders GET /api/Products",
        "orders GET /api/Products/{id}",
        "orders GET /api/books/{id}",
        "orders POST /api/Products",
    ]


def test_extension_methods_map_below_the_group_that_they_are_called_on() -> None:
    found = endpoints(
        {
            "orders/Program.cs": """
                app.MapGroup("/api/v1").MapOrders();
                var group = app.MapGroup("/stock");
                group.MapStock();
                app.MapHealthChecks("/health");
                """,
            "orders/Orders.cs": """
                public static class Orders {
                    public static void MapOrders(this IEndpointRouteBuilder app) {
                        var orders = app.MapGroup("/orders");
                        orders.MapGet("/{id:int}", One);
                        orders.MapLines();
                    }
                    public static void MapLines(this RouteGroupBuilder group) => group.MapPost("/lines", Add);
                }
                """,
            "orders/Stock.cs": """
                public static class Stock {
                    public static void MapStock(this RouteGroupBuilder stock) { stock.MapPut("take", Take); }
                }
                """,
        }
    )
    assert found == [
        "orders GET /api/v1/orders/{id}",
        "orders POST /api/v1/orders/lines",
        "orders PUT /stock/take",
    ]


def test_endpoints_as_classes_modules_pages_and_functions() -> None:
    found = endpoints(
        {
            "orders/Program.cs": 'app.UseFastEndpoints(c => c.Endpoints.RoutePrefix = "api");',
            "orders/Create.cs": """
                public class Create : Endpoint<Request> {
                    public override void Configure() { Verbs(Http.POST, Http.PUT); Routes("/orders"); }
                }
                public class Show : EndpointWithoutRequest { public override void Configure() => Get("/orders/{id}"); }
                """,
            "orders/Pages/Basket/Index.cshtml.cs": """
                public class IndexModel : PageModel {
                    public void OnGet() { }
                    public Task<IActionResult> OnPostAsync() => null;
                }
                """,
            "stock/Module.cs": """
                public class StockModule : CarterModule {
                    public StockModule() : base("/stock") { }
                    public override void AddRoutes(IEndpointRouteBuilder app) { app.MapGet("/{id}", One); }
                }
                """,
            "stock/Functions.cs": """
                public class Functions {
                    [Function("Count")]
                    public void Count([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) { }
                    [Function("Take")]
                    public void Take([HttpTrigger("post", Route = "take/{id:int}")] HttpRequest request) { }
                }
                """,
        }
    )
    assert found == [
        "orders GET /Basket",
        "orders GET /api/orders/{id}",
        "orders POST /Basket",
        "orders POST /api/orders",
        "orders PUT /api/orders",
        "stock GET /api/Count",
        "stock GET /stock/{id}",
        "stock POST /api/take/{id}",
    ]


def test_settings_of_libraries_that_name_a_deployed_component() -> None:
    settings = """
        {
          "Mail": {"Host": "mail", "From": "shop@example.com"},
          "Serilog": {"WriteTo": [{"Name": "Seq", "Args": {"serverUrl": "http://logs:5341"}}]},
          "AllowedOrigins": ["http://web"],
          "Login": {"CallbackUrl": "http://web/signin"},
          "Urls": {"Stock": "http://localhost:5002"}
        }
        """
    compose = """
        services:
          orders: {build: ./orders}
          mail: {image: axllent/mailpit}
          logs: {image: datalust/seq}
          web: {image: nginx}
        """
    files = {
        "compose.yaml": compose,
        "orders/orders.csproj": WEB,
        "orders/Dockerfile": "FROM base\nCOPY . .\n",
        "orders/appsettings.json": settings,
    }
    assert edges(files) == ["orders calls logs", "orders calls mail"]


def test_a_section_that_is_called_after_its_store_and_names_the_developers_machine() -> None:
    files = {
        "compose.yaml": "services:\n  mq: {image: rabbitmq:3, ports: ['5672:5672']}\n",
        "orders/orders.csproj": WEB,
        "orders/Program.cs": "WebApplication.Create(args);",
        "orders/appsettings.json": '{"rabbitMq": {"port": 5672, "hostnames": ["localhost"]}}',
    }
    assert edges(files) == ["orders uses mq"]


def test_the_settings_of_the_environment_that_is_deployed_count() -> None:
    files = {
        **SYSTEM,
        "orders/appsettings.json": '{"ConnectionStrings": {"Shop": "Host=localhost"}}',
        "orders/appsettings.Development.json": '{"ConnectionStrings": {"Shop": "Host=cache"}}',
        "orders/appsettings.Production.json": '{"ConnectionStrings": {"Shop": "Host=db"}}',
        "orders/Program.cs": 'options.UseNpgsql(config.GetConnectionString("Shop"));',
    }
    assert edges(files) == ["orders uses db"]
    compose = COMPOSE.replace(
        "build: ./orders",
        "build: ./orders\n        environment: [ASPNETCORE_ENVIRONMENT=Development]",
    )
    assert edges({**files, "compose.yaml": compose}) == ["orders uses cache"]


def test_an_event_bus_over_the_broker_that_is_connected() -> None:
    bus = 'using RabbitMQ.Client;\nvar factory = new ConnectionFactory { HostName = "mq" };\n'
    sender = "class A { IEventBus bus; Task B() => bus.PublishAsync(new OrderPaid()); }"
    receiver = "bus.Subscribe<OrderPaid, OrderPaidHandler>();"
    files = {
        **SYSTEM,
        "orders/Bus.cs": bus,
        "orders/Sender.cs": sender,
        "stock/Bus.cs": bus,
        "stock/Program.cs": receiver,
    }
    found = edges(files)
    assert {"orders publishes OrderPaid", "stock consumes OrderPaid"} <= set(found)
    quiet = {**files, "orders/Sender.cs": f"using MediatR;\n{sender}"}
    assert "orders publishes OrderPaid" not in edges(quiet)


DAPR_COMPONENT = """
    apiVersion: dapr.io/v1alpha1
    kind: Component
    metadata:
      name: {name}
    spec:
      type: {kind}
      metadata:
      - name: {key}
        value: {address}
    """


def test_dapr_reaches_stores_by_component_and_applications_by_id() -> None:
    compose = f"""{COMPOSE}
      orders-dapr:
        image: daprio/daprd:1.14
        command: ["./daprd", "--app-id", "sales", "--app-port", "80"]
    """
    client = """
        using Dapr.Client;
        class Client {
            private readonly DaprClient dapr;
            async Task All() {
                await dapr.InvokeMethodAsync<Item>(HttpMethod.Get, "stock", "items");
                await dapr.SaveStateAsync("baskets", "1", basket);
                await dapr.PublishEventAsync("bus", "paid", order);
            }
        }
        """
    listener = """
        using Dapr;
        public class Listener : ControllerBase {
            private const string Bus = "bus";
            [Topic(Bus, "paid")] [HttpPost("paid")] public void Paid() { }
        }
        """
    files = {
        **SYSTEM,
        "compose.yaml": compose,
        "dapr/bus.yaml": DAPR_COMPONENT.format(
            name="bus", kind="pubsub.rabbitmq", key="host", address="amqp://mq:5672"
        ),
        "dapr/baskets.yaml": DAPR_COMPONENT.format(
            name="baskets", kind="state.redis", key="redisHost", address="cache:6379"
        ),
        "orders/Client.cs": client,
        "stock/Listener.cs": listener,
        "stock/main.py": """
            import requests
            requests.get(f"http://localhost:{port}/v1.0/invoke/sales/method/orders")
            """,
    }
    assert edges(files) == [
        "orders calls stock",
        "orders publishes mq",
        "orders publishes paid",
        "orders uses cache",
        "stock calls orders",
        "stock consumes mq",
        "stock consumes paid",
    ]


def test_the_program_that_an_image_starts_is_the_project_that_it_holds() -> None:
    dockerfile = """
        FROM sdk AS build
        COPY . .
        RUN dotnet publish {0}/{0}.csproj -o /out
        FROM runtime
        COPY --from=build /out .
        ENTRYPOINT ["dotnet", "{0}.dll"]
        """
    compose = """
        services:
          one: {build: {context: ., dockerfile: DockerfileOne}}
          two: {build: {context: ., dockerfile: docker/two.Dockerfile}}
        """
    files = {
        "compose.yaml": compose,
        "DockerfileOne": dockerfile.format("Shop.One"),
        "docker/two.Dockerfile": dockerfile.format("Shop.Two"),
        "Shop.One/Shop.One.csproj": WEB,
        "Shop.Two/Shop.Two.csproj": WEB,
        "Shop.One/Program.cs": 'class A { Task B() => new HttpClient().GetAsync("http://two/x"); }',
    }
    nodes = architecture(files).nodes()
    assert {n.name: n.path for n in nodes if n.kind == "service"} == {
        "one": "Shop.One",
        "two": "Shop.Two",
    }


def test_easynetq_sends_and_answers_by_type() -> None:
    bus = 'using EasyNetQ;\nIBus bus = RabbitHutch.CreateBus("host=mq;username=app");\n'
    files = {
        **SYSTEM,
        "orders/Program.cs": bus + "await bus.Rpc.RequestAsync<Price, Answer>(price);",
        "stock/Program.cs": bus + "bus.Rpc.RespondAsync<Price, Answer>(price => new Answer());",
    }
    found = edges(files)
    assert {"orders publishes Price", "stock consumes Price"} <= set(found)


def test_a_library_of_several_programs_connects_those_whose_settings_tell() -> None:
    project = '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><ProjectReference Include="../shared/shared.csproj" /></ItemGroup></Project>'
    files = {
        **SYSTEM,
        "orders/orders.csproj": project,
        "stock/stock.csproj": project,
        "shared/shared.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>',
        "shared/Bus.cs": """
            using RabbitMQ.Client;
            class Bus {
                public Bus(IConfiguration configuration) {
                    var factory = new ConnectionFactory { HostName = configuration["BusName"] };
                }
            }
            """,
        "orders/appsettings.json": '{"BusName": "mq"}',
    }
    assert edges(files) == ["orders uses mq"]


def test_a_bus_that_the_code_is_told_carries_its_messages() -> None:
    code = """
        using MassTransit;
        services.AddMassTransit(x => x.UsingRabbitMq((context, c) => c.Host("mq", "/")));
        class Sender { IPublishEndpoint bus; Task Send() => bus.Publish(new OrderPaid()); }
        """
    consumer = """
        using MassTransit;
        services.AddMassTransit(x => x.UsingRabbitMq((context, c) => c.Host("rabbitmq://mq")));
        class Paid : IConsumer<OrderPaid> { }
        """
    assert edges({**SYSTEM, "orders/Program.cs": code, "stock/Program.cs": consumer}) == [
        "orders publishes OrderPaid",
        "orders publishes mq",
        "stock consumes OrderPaid",
        "stock consumes mq",
    ]


def test_settings_of_the_dotnet_framework() -> None:
    config = """
        <configuration>
          <connectionStrings><add name="Shop" connectionString="Host=db;Database=shop" /></connectionStrings>
          <appSettings><add key="StockUrl" value="http://stock/" /></appSettings>
        </configuration>
        """
    code = """
        class Old {
            void Read() {
                var address = ConfigurationManager.ConnectionStrings["Shop"].ConnectionString;
                new NpgsqlConnection(address);
                WebRequest.Create(ConfigurationManager.AppSettings["StockUrl"] + "items");
            }
        }
        """
    files = {**SYSTEM, "orders/Web.config": config, "orders/Old.cs": code}
    assert edges(files) == ["orders calls stock", "orders uses db"]
    found = architecture(files).edges(EdgeKind.USES)
    assert "orders/Old.cs" in {each.at.path for each in next(iter(found)).evidence}


def test_variables_for_connection_strings() -> None:
    compose = """
        services:
          orders:
            build: ./orders
            environment:
              SQLCONNSTR_Shop: "Server=store;Database=Shop;User Id=sa"
          store: {image: "mcr.microsoft.com/mssql/server:2022"}
        """
    files = {"compose.yaml": compose, "orders/orders.csproj": WEB}
    assert edges(files) == ["orders uses store"]
    code = 'var orders = new SqlConnection(configuration.GetConnectionString("Shop"));'
    found = architecture({**files, "orders/Program.cs": code}).edges(EdgeKind.USES)
    (edge,) = found
    assert (edge.detail, edge.confidence.value) == ("Shop", "high")


def test_a_list_of_named_addresses() -> None:
    settings = """
        {"Endpoints": "Order list|http://orders:80/health;Stock|https://stock/health"}
        """
    files = {
        **SYSTEM,
        "compose.yaml": COMPOSE + "  board:\n        build: ./board\n",
        "board/board.csproj": WEB,
        "board/appsettings.json": settings,
    }
    assert [e for e in edges(files) if e.startswith("board")] == [
        "board calls orders",
        "board calls stock",
    ]


def test_a_route_that_adds_nothing_is_the_root() -> None:
    base = "namespace Shop; public class PageController : Controller {}\n"
    pages = """
        namespace Shop;
        public class StartController : PageController {
            [HttpGet]
            [Route("")]
            [Route("start")]
            public IActionResult Index() { return View(); }
        }
        """
    found = architecture(
        {
            "shop/shop.csproj": WEB,
            "shop/PageController.cs": base,
            "shop/StartController.cs": pages,
            "shop/Program.cs": "var app = builder.Build();\napp.MapControllers();\napp.Run();\n",
        }
    )
    assert {each.path for each in found.endpoints} == {"/", "/start"}


def test_a_context_for_the_tools_of_developers_connects_to_nothing() -> None:
    factory = """
        public class Factory : IDesignTimeDbContextFactory<ShopContext>
        {
            public ShopContext CreateDbContext(string[] args) =>
                new(new DbContextOptionsBuilder<ShopContext>().UseNpgsql("Host=nowhere;Database=x").Options);
        }
        """
    assert orders(factory) == []
    assert orders(factory.replace("IDesignTimeDbContextFactory", "IFactory")) == [
        "orders uses nowhere"
    ]
