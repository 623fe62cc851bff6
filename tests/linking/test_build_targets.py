"""Several programs of one build, each in an image of its own."""

from __future__ import annotations

import json

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind


def folders(found: Architecture) -> dict[str, str]:
    return {node.name: node.path for node in found.nodes(NodeKind.SERVICE)}


def served(found: Architecture) -> set[tuple[str, str]]:
    return {(each.component.partition(":")[2], each.path) for each in found.endpoints}


DOCKERFILE = """
    FROM golang:1.23 AS build
    ARG PROGRAM
    WORKDIR /src
    COPY . .
    RUN go build -o /out ./cmd/{}
    FROM scratch
    COPY --from=build /out /app
    CMD ["/app"]
    """
SHOP = {
    "go.mod": "module example.org/shop\n",
    "cmd/web/main.go": """
        package main
        import ("net/http"; "example.org/shop/pages")
        func main() { pages.Add(); http.ListenAndServe(":80", nil) }
        """,
    "cmd/mailer/main.go": """
        package main
        import "example.org/shop/queue"
        func main() { queue.Listen() }
        """,
    "pages/names.go": "package pages\nconst Home = 1\n",
    "pages/routes.go": """
        package pages
        import "net/http"
        func Add() { http.HandleFunc("/orders", orders) }
        """,
    "queue/redis.go": """
        package queue
        import "github.com/redis/go-redis/v9"
        func Listen() { redis.NewClient(&redis.Options{Addr: "cache:6379"}) }
        """,
}
COMPOSE = """
    services:
      web: {build: {context: ., dockerfile: docker/web}}
      mailer: {build: {context: ., dockerfile: docker/mailer}}
      cache: {image: redis}
    """


def test_a_go_program_is_what_its_image_builds_with_the_packages_it_imports() -> None:
    found = architecture(
        {
            **SHOP,
            "docker/web.Dockerfile": DOCKERFILE.format("web"),
            "docker/mailer.Dockerfile": DOCKERFILE.format("mailer"),
            "compose.yaml": COMPOSE.replace("docker/web", "docker/web.Dockerfile").replace(
                "docker/mailer", "docker/mailer.Dockerfile"
            ),
        }
    )
    assert folders(found) == {"web": "cmd/web", "mailer": "cmd/mailer"}
    assert served(found) == {("web", "/orders")}
    uses = {(e.source, e.target) for e in found.edges(EdgeKind.USES)}
    assert uses == {("service:mailer", "cache:cache")}


def test_the_arguments_of_a_build_name_the_program() -> None:
    compose = """
        services:
          web: {build: {context: ., args: {PROGRAM: web}}}
          mailer: {build: {context: ., args: [PROGRAM=mailer]}}
        """
    found = architecture(
        {**SHOP, "Dockerfile": DOCKERFILE.format("${PROGRAM}"), "compose.yaml": compose}
    )
    assert folders(found) == {"web": "cmd/web", "mailer": "cmd/mailer"}


def test_a_lone_program_is_its_whole_module() -> None:
    compose = "services: {web: {build: .}}\n"
    found = architecture({**SHOP, "Dockerfile": DOCKERFILE.format("web"), "compose.yaml": compose})
    assert folders(found) == {"web": ""}
    assert served(found) == {("web", "/orders")}


def test_an_image_of_several_programs_is_the_one_it_is_called_after() -> None:
    both = DOCKERFILE.format("web").replace("./cmd/web", "./cmd/web && go build ./cmd/mailer")
    compose = "services: {web: {build: .}, mailer: {build: .}, admin: {build: .}}\n"
    found = architecture({**SHOP, "Dockerfile": both, "compose.yaml": compose})
    assert folders(found) == {"web": "cmd/web", "mailer": "cmd/mailer", "admin": ""}


def test_a_module_of_a_java_build() -> None:
    pom = "<project><artifactId>{}</artifactId>{}</project>"
    found = architecture(
        {
            "pom.xml": pom.format("shop", "<modules><module>orders</module></modules>"),
            "orders/pom.xml": pom.format("orders-app", ""),
            "stock/pom.xml": pom.format("stock-app", ""),
            "orders.Dockerfile": "FROM maven\nCOPY . .\nRUN mvn package -pl :orders-app -am\n",
            "compose.yaml": "services: {shop: {build: {context: ., dockerfile: orders.Dockerfile}}}",
        }
    )
    assert folders(found)["shop"] == "orders"


def test_a_go_program_that_is_compiled_whenever_its_image_starts() -> None:
    watched = """
        FROM golang:1.23
        WORKDIR /src
        COPY . .
        ENTRYPOINT watcher --build="go build -o main ./cmd/web/main.go" --command=./main
        """
    started = 'FROM golang:1.23\nWORKDIR /src\nCOPY . .\nCMD ["go", "run", "./cmd/mailer", "all"]\n'
    found = architecture(
        {
            **SHOP,
            "docker/web.Dockerfile": watched,
            "docker/mailer.Dockerfile": started,
            "compose.yaml": COMPOSE.replace("docker/web", "docker/web.Dockerfile").replace(
                "docker/mailer", "docker/mailer.Dockerfile"
            ),
        }
    )
    assert folders(found) == {"web": "cmd/web", "mailer": "cmd/mailer"}
    assert served(found) == {("web", "/orders")}


SERVICES = {
    "go.mod": "module example.org/shop\n",
    "orders/cmd/main.go": """
        package main
        import "example.org/shop/orders/server"
        func main() { server.Run() }
        """,
    "orders/config/config.yaml": "http:\n  ordersPath: /api/v1/orders\n",
    "orders/config/config.go": "package config\ntype Config struct { Http Http }\n",
    "orders/server/server.go": """
        package server
        import ("github.com/labstack/echo/v4"; "example.org/shop/orders/config"
                "example.org/shop/orders/handlers")
        func Run() {
            e := echo.New()
            start(e, &config.Config{})
            e.Start(":80")
        }
        func start(e *echo.Echo, cfg *config.Config) {
            h := handlers.NewOrderHandlers(e.Group(cfg.Http.OrdersPath))
            h.MapRoutes()
        }
        """,
    "orders/handlers/handlers.go": """
        package handlers
        import "github.com/labstack/echo/v4"
        type orderHandlers struct { group *echo.Group }
        func NewOrderHandlers(group *echo.Group) *orderHandlers {
            return &orderHandlers{group: group}
        }
        """,
    "orders/handlers/routes.go": """
        package handlers
        import "github.com/labstack/echo/v4"
        func (h *orderHandlers) MapRoutes() {
            h.group.POST("", h.Create())
            h.group.GET("/:id", h.Read())
            h.cache.GET("/not/a/route", 1)
        }
        func (h *orderHandlers) Read() echo.HandlerFunc { return nil }
        """,
    "stock/cmd/main.go": "package main\nfunc main() {}\n",
}


def test_routes_of_a_field_below_a_path_out_of_the_settings() -> None:
    dockerfile = "FROM golang:1.23\nWORKDIR /src\nCOPY . .\nCMD go run {}/cmd/main.go\n"
    compose = """
        services:
          orders: {build: {context: ., dockerfile: orders.Dockerfile}}
          stock: {build: {context: ., dockerfile: stock.Dockerfile}}
        """
    found = architecture(
        {
            **SERVICES,
            "orders.Dockerfile": dockerfile.format("orders"),
            "stock.Dockerfile": dockerfile.format("stock"),
            "compose.yaml": compose,
        }
    )
    assert folders(found) == {"orders": "orders", "stock": "stock"}
    assert served(found) == {("orders", "/api/v1/orders"), ("orders", "/api/v1/orders/{id}")}


def test_a_go_program_that_its_container_starts_by_name() -> None:
    """`go install ./...` makes all programs of the module, each called like its folder."""
    dockerfile = """
        FROM golang:1.23 AS build
        COPY . .
        RUN go install ./...
        FROM alpine
        COPY --from=build /go/bin /usr/bin
        """
    compose = """
        services:
          site: {build: ., command: web}
          mails: {build: ., command: [/usr/bin/mailer, --slow]}
        """
    found = architecture({**SHOP, "Dockerfile": dockerfile, "compose.yaml": compose})
    assert folders(found) == {"site": "cmd/web", "mails": "cmd/mailer"}
    assert served(found) == {("site", "/orders")}
    shell = f"{compose}  shell: {{build: ., command: sh}}\n".replace(
        "\n  shell", "\n          shell"
    )
    found = architecture({**SHOP, "Dockerfile": dockerfile, "compose.yaml": shell})
    assert folders(found) == {"site": "cmd/web", "mails": "cmd/mailer", "shell": ""}


def test_an_image_of_the_whole_repository_that_nothing_runs_is_its_one_program() -> None:
    """With the libraries that it is built with: their tables and calls are its own."""
    project = '<Project Sdk="Microsoft.NET.Sdk{}"><ItemGroup>{}</ItemGroup></Project>'
    found = architecture(
        {
            "Dockerfile": """
                FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
                WORKDIR /source
                COPY . .
                RUN cd Shop && dotnet publish --output /app/ --configuration Release
                FROM mcr.microsoft.com/dotnet/aspnet:8.0
                COPY --from=build /app .
                ENTRYPOINT ["/start.sh"]
                """,
            "Shop/Shop.csproj": project.format(
                ".Web", '<ProjectReference Include="..\\Shop.Data\\Shop.Data.csproj" />'
            ),
            "Shop/Program.cs": 'var app = WebApplication.Create(args); app.MapGet("/orders", () => 1);',
            "Shop.Data/Shop.Data.csproj": project.format("", ""),
            "Shop.Data/Orders.cs": "public class Orders { public int Count() { return 1; } }",
        }
    )
    assert folders(found) == {"Shop": "Shop"}
    assert served(found) == {("Shop", "/orders")}


def test_a_folder_that_the_dockerfile_takes_from_the_root_of_its_context() -> None:
    compose = """
        services:
          cart: {build: {context: ./back, dockerfile: ./services/cart/Dockerfile.dev}}
          stock: {build: {context: ./back, dockerfile: ./services/stock/Dockerfile.dev}}
        """
    image = 'FROM golang:1.23\nCOPY /pkg pkg\nCOPY /services/{} .\nCMD ["air"]\n'
    files = {"compose.yaml": compose, "back/pkg/log.go": "package pkg\n"}
    for name in ("cart", "stock"):
        folder = f"back/services/{name}"
        files[f"{folder}/Dockerfile.dev"] = image.format(name)
        files[f"{folder}/go.mod"] = f"module example.org/{name}\n"
        files[f"{folder}/main.go"] = (
            'package main\nimport "net/http"\n'
            f'func main() {{ http.HandleFunc("/{name}", f); http.ListenAndServe(":80", nil) }}\n'
        )
    found = architecture(files)
    assert folders(found) == {"cart": "back/services/cart", "stock": "back/services/stock"}
    assert served(found) == {("cart", "/cart"), ("stock", "/stock")}


GRADLE = """
    plugins { id 'org.springframework.boot' version '3.3.0'; id 'com.google.cloud.tools.jib' version '3.4.0' }
    dependencies { implementation 'org.springframework.boot:spring-boot-starter-web' }
    jib {
        from { image = 'eclipse-temurin:21-jre' }
        to { image = 'acme/sales:1.0.0' }
    }
    """
MAVEN = """
    <project><artifactId>orders-app</artifactId><properties><tag>1.0.0</tag></properties>
      <dependencies><dependency><groupId>org.springframework.boot</groupId>
        <artifactId>spring-boot-starter-web</artifactId></dependency></dependencies>
      <build><plugins><plugin><artifactId>PLUGIN</artifactId><configuration>IMAGE</configuration></plugin></plugins></build>
    </project>
    """


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("build.gradle", GRADLE),
        (
            "pom.xml",
            MAVEN.replace("PLUGIN", "jib-maven-plugin").replace(
                "IMAGE", "<to><image>acme/sales:${tag}</image></to>"
            ),
        ),
        (
            "pom.xml",
            MAVEN.replace("PLUGIN", "spring-boot-maven-plugin").replace(
                "IMAGE", "<image><name>acme/sales</name></image>"
            ),
        ),
    ],
)
def test_an_image_that_the_build_itself_makes_and_names(name: str, text: str) -> None:
    files = {
        "compose.yaml": "services:\n  shop: {image: 'acme/sales:1.0.0'}\n",
        f"orders-app/{name}": text,
        "orders-app/src/main/java/shop/Orders.java": """
            package shop;
            import org.springframework.web.bind.annotation.*;
            @RestController class Orders { @GetMapping("/orders") String all() { return ""; } }
            """,
    }
    found = architecture(files)
    assert folders(found) == {"shop": "orders-app"}
    assert served(found) == {("shop", "/orders")}


def of_whole_repository(*copies: str) -> Architecture:
    """Two modules of Gradle, whose images are built with the whole repository for context."""
    unit = "apply plugin: 'org.springframework.boot'\ndependencies { implementation 'a:web:1' }\n"
    route = (
        "package shop;\nimport org.springframework.web.bind.annotation.*;\n"
        '@RestController class {0} {{ @GetMapping("/{1}") String all() {{ return ""; }} }}'
    )
    image = "FROM eclipse-temurin\n{}\nRUN ./gradlew build\nCMD java -jar app.jar\n"
    taken = "\n".join(f"COPY {copy} /code/" for copy in copies)
    services = {
        name: {"build": {"context": ".", "dockerfile": f"dockerfile.{name}"}}
        for name in ("orders", "stock")
    }
    return architecture(
        {
            "compose.yaml": json.dumps({"services": services}),
            "settings.gradle": "include 'Common', 'OrderService', 'StockService'\n",
            "Common/build.gradle": "dependencies { implementation 'a:words:1' }\n",
            "OrderService/build.gradle": unit,
            "OrderService/src/main/java/shop/Orders.java": route.format("Orders", "orders"),
            "StockService/build.gradle": unit,
            "StockService/src/main/java/shop/Stock.java": route.format("Stock", "stock"),
            "dockerfile.orders": image.format(taken.format("OrderService")),
            "dockerfile.stock": image.format(taken.format("StockService")),
        }
    )


def test_the_module_that_an_image_takes_out_of_the_whole_repository() -> None:
    found = of_whole_repository("./{0}", "./Common", "./settings.gradle")
    assert folders(found) == {"orders": "OrderService", "stock": "StockService"}
    assert served(found) == {("orders", "/orders"), ("stock", "/stock")}
    jar = of_whole_repository("{0}/build/libs/*.jar")
    assert folders(jar) == {"orders": "OrderService", "stock": "StockService"}


def test_an_image_that_takes_several_modules_or_all_is_none_of_them() -> None:
    for copies in (("./{0}", "OrderService", "StockService"), ("./{0}", ".")):
        found = folders(of_whole_repository(*copies))
        assert (found["orders"], found["stock"]) == ("", "")


def test_the_module_whose_program_an_image_takes_with_files_of_others() -> None:
    """Whoever makes it run: the plugin stands with the parent, which configures all modules."""
    taken = "{0}/build/libs/*.jar", "Common/build/resources/main/common.yml"
    assert folders(of_whole_repository(*taken)) == {
        "orders": "OrderService",
        "stock": "StockService",
    }
    files = {
        "build.gradle": "subprojects { apply plugin: 'org.springframework.boot' }\n",
        "settings.gradle": "include 'orders', 'stock', 'common'\n",
        **{
            f"{name}/build.gradle": "dependencies { implementation 'a:web:1' }\n"
            for name in ("orders", "stock", "common")
        },
        **{
            f"{name}.dockerfile": f"FROM eclipse-temurin\nCOPY {name}/build/libs/a.jar /a.jar\n"
            "COPY common/build/resources/main/common.yml /common.yml\n"
            for name in ("orders", "stock")
        },
        "compose.yaml": json.dumps(
            {
                "services": {
                    name: {"build": {"context": ".", "dockerfile": f"{name}.dockerfile"}}
                    for name in ("orders", "stock")
                }
            }
        ),
    }
    assert folders(architecture(files)) == {"orders": "orders", "stock": "stock"}


def test_what_a_build_leaves_behind_is_no_source() -> None:
    """Images of Quarkus take several folders of it; programs of one name are called like theirs."""
    compose = """
        services:
          app:
            image: shop-{0}
            build: {{context: ., dockerfile: src/main/docker/Dockerfile.jvm}}
        """
    image = """
        FROM registry.access.redhat.com/ubi8/openjdk-21
        COPY target/quarkus-app/lib/ /deployments/lib/
        COPY target/quarkus-app/*.jar /deployments/
        COPY target/quarkus-app/app/ /deployments/app/
        """
    pom = (
        "<project><artifactId>{0}</artifactId><build><plugins><plugin>"
        "<artifactId>quarkus-maven-plugin</artifactId></plugin></plugins></build></project>"
    )
    names = ("orders", "stock")
    files = {f"{name}/compose.yaml": compose.format(name) for name in names}
    files |= {f"{name}/src/main/docker/Dockerfile.jvm": image for name in names}
    files |= {f"{name}/pom.xml": pom.format(name) for name in names}
    assert folders(architecture(files)) == {"orders": "orders", "stock": "stock"}
    # two programs of one folder keep what tells them apart
    more = "\n          work: {image: shop-work, build: .}\n"
    files["orders/compose.yaml"] = compose.format("orders").rstrip() + more
    assert "orders-app" in folders(architecture(files))


def with_one_image(orders: str, stock: str, place: str = "environment") -> dict[str, str]:
    """Folders of two modules whose containers run one image, and what chooses between them."""
    unit = (
        "<project><artifactId>{}</artifactId><build><plugins><plugin>"
        "<artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>"
    )
    build = {"context": "."}
    services = {
        name: {"build": build | {"args": {"MODULE": text}}}
        if place == "args"
        else {"build": build, "environment": {"DIR": text, "PORT": "80"}}
        for name, text in (("sales", orders), ("store", stock))
    }
    found = architecture(
        {
            "compose.yaml": json.dumps({"services": services}),
            "Dockerfile": "FROM maven:3\nARG MODULE\nCOPY . .\nENTRYPOINT /run.sh\n",
            "pom.xml": "<project><artifactId>shop</artifactId><packaging>pom</packaging></project>",
            "orders/pom.xml": unit.format("orders"),
            "stock/pom.xml": unit.format("stock"),
        }
    )
    return {name: folder for name, folder in folders(found).items() if name in services}


def test_one_image_that_is_told_which_module_to_run() -> None:
    chosen = {"sales": "orders", "store": "stock"}
    assert with_one_image("orders", "stock") == chosen
    assert with_one_image("./orders/target/app.jar", "stock", "args") == chosen
    whole = {"sales": "", "store": ""}
    assert with_one_image("orders", "orders") == whole  # it says something else
    assert with_one_image("orders", "mails") == whole


def test_an_image_that_is_only_extended_with_a_program_is_none() -> None:
    """What watches the sources builds the program that an argument of the build names."""
    compose = """
        services:
          any: {build: {context: .}}
          web: {extends: {service: any}, build: {args: {PROGRAM: web}}, ports: ["80:80"]}
          mailer: {extends: {service: any}, build: {args: {PROGRAM: mailer}}}
        """
    watching = """
        FROM golang
        COPY . .
        ARG PROGRAM
        ENV RUN ${PROGRAM}
        CMD ["sh", "-c", "watch -build=\\"go install ./cmd/${RUN}\\" -command=/go/bin/${RUN}"]
        """
    found = architecture({**SHOP, "Dockerfile": watching, "compose.yaml": compose})
    assert folders(found) == {"web": "cmd/web", "mailer": "cmd/mailer"}
    lone = compose.replace("args: {PROGRAM: mailer}", "context: .")
    with_base = architecture({**SHOP, "Dockerfile": watching, "compose.yaml": lone})
    assert "any" in folders(with_base)


def test_what_lies_in_a_go_module_in_another_language_is_no_part_of_its_programs() -> None:
    compose = """
        services:
          web: {build: {context: ., args: {PROGRAM: web}}}
          mailer: {build: {context: ., args: {PROGRAM: mailer}}}
        """
    files = {
        **SHOP,
        "Dockerfile": DOCKERFILE.format("${PROGRAM}"),
        "compose.yaml": compose,
        "tools/show.py": """
            import flask
            app = flask.Flask("show")
            @app.route("/show")
            def show(): pass
            """,
    }
    assert served(architecture(files)) == {("web", "/orders"), ("", "/show")}
