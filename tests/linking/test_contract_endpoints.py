"""Endpoints that stand in an OpenAPI document, and pages that stand in files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.linking.system import architecture

from scaleaudit.config_files import openapi
from scaleaudit.facts import ContractWritten, FileFacts
from scaleaudit.linking.endpoints import contracts
from scaleaudit.linking.endpoints.page_names import page_path, remix_page, svelte_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.architecture import Architecture

CONTRACT = """
    openapi: 3.0.3
    info:
      title: Orders
      paths: none
    servers:
      - url: https://shop.example.net/api/v1
    paths:
      /orders:
        get:
          parameters:
            - name: page
        post: {responses: {}}
        # delete:
      "/orders/{id}":
        parameters: []
        get:
          responses:
            "200":
              links:
                post: {}
    components:
      /not: {get: {}}
    """
PLUGIN = """
    <project>
      <artifactId>orders</artifactId>
      <dependencies><dependency>
        <groupId>org.springframework.boot</groupId>
        <artifactId>spring-boot-starter-web</artifactId>
      </dependency></dependencies>
      <build><plugins>
        <plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin>
        <plugin>
          <artifactId>openapi-generator-maven-plugin</artifactId>
          <executions><execution><configuration>
            <inputSpec>${project.basedir}/src/main/resources/orders.yaml</inputSpec>
            <generatorName>%s</generatorName>
          </configuration></execution></executions>
        </plugin>
      </plugins></build>
    </project>
    """
GRADLE = """
    plugins { id("org.springframework.boot") version "3" }
    openApiGenerate {
        generatorName.set("%s")
        inputSpec.set("$projectDir/src/main/resources/orders.yaml")
    }
    """
QUARKUS = """
    <project>
      <artifactId>orders</artifactId>
      <dependencies><dependency>
        <groupId>io.quarkiverse.openapi.generator</groupId>
        <artifactId>%s</artifactId>
      </dependency></dependencies>
      <build><plugins><plugin><artifactId>quarkus-maven-plugin</artifactId></plugin></plugins></build>
    </project>
    """


def served(found: Architecture) -> set[tuple[str, str, str]]:
    return {(e.component, e.method, e.path) for e in found.endpoints}


def with_base(base: str) -> set[tuple[str, str, str]]:
    return {
        ("service:orders", "GET", f"{base}/orders"),
        ("service:orders", "POST", f"{base}/orders"),
        ("service:orders", "GET", f"{base}/orders/{{id}}"),
    }


@pytest.mark.parametrize(("name", "build"), [("pom.xml", PLUGIN), ("build.gradle.kts", GRADLE)])
def test_a_server_that_a_build_generates(name: str, build: str) -> None:
    def found(generator: str) -> set[tuple[str, str, str]]:
        return served(
            architecture(
                {
                    f"orders/{name}": build % generator,
                    "orders/src/main/resources/orders.yaml": CONTRACT,
                    "orders/src/main/resources/other.yaml": CONTRACT.replace("orders", "others"),
                }
            )
        )

    assert found("spring") == with_base("/api/v1")
    assert found("jaxrs-spec") == with_base("")
    assert found("java") == set()  # a client


def test_a_server_of_the_extension_of_quarkus() -> None:
    def found(artifact: str, path: str) -> set[tuple[str, str, str]]:
        files = {"orders/pom.xml": QUARKUS % artifact, f"orders/{path}": CONTRACT}
        return served(architecture(files))

    server, folder = "quarkus-openapi-generator-server", "src/main/resources/openapi/orders.yml"
    assert found(server, folder) == with_base("")
    assert found("quarkus-openapi-generator", folder) == set()  # generates clients
    assert found(server, "docs/orders.yml") == set()


def test_a_document_in_json() -> None:
    paths = {"/orders": {"get": {}, "parameters": []}, "/orders/{id}": {"delete": {}}}
    text = json.dumps({"swagger": "2.0", "basePath": "/v1/", "paths": paths}, indent=1)
    facts = openapi.extract(text.encode()).facts
    assert [(f.operations, f.base) for f in facts if isinstance(f, ContractWritten)] == [
        ((("GET", "/orders", 6), ("DELETE", "/orders/{id}", 10)), "/v1")
    ]
    assert openapi.extract(b'{"paths": {"/orders": {"get": {}}}}').facts == ()


@pytest.mark.parametrize(
    "content", [b"", b"openapi: 3.0.0\npaths:", b"\xff" * 99, b"paths:\n" * 99]
)
def test_hostile_documents_end(content: bytes) -> None:
    read: FileFacts = openapi.yaml_facts(content)
    assert read.facts == ()


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("pages/index.tsx", "/"),
        ("pages/orders/[id].jsx", "/orders/{id}"),
        ("src/pages/docs/[[...slug]].mdx", "/docs/{slug}"),
        ("app/page.tsx", "/"),
        ("src/app/(shop)/orders/[id]/page.js", "/orders/{id}"),
        ("app/@modal/login/page.tsx", "/login"),
        ("pages/_app.tsx", None),
        ("pages/404.tsx", None),
        ("pages/api/orders.ts", None),
        ("app/_parts/page.tsx", None),
        ("app/(.)photo/page.tsx", None),
        ("app/orders/list.tsx", None),
        ("lib/pages/index.tsx", None),
    ],
)
def test_the_path_of_a_page_is_its_file(file: str, path: str | None) -> None:
    assert page_path(file) == path


@pytest.mark.parametrize(
    ("page_of", "file", "path"),
    [
        (svelte_page, "src/routes/+page.ts", "/"),
        (svelte_page, "src/routes/(shop)/orders/[id=int]/+page.server.ts", "/orders/{id}"),
        (svelte_page, "src/routes/[[lang]]/docs/[...slug]/+page.js", "/docs/{slug}"),
        (svelte_page, "src/routes/orders/+layout.ts", None),
        (remix_page, "app/routes/_index.tsx", "/"),
        (remix_page, "app/routes/orders.$id.tsx", "/orders/{id}"),
        (remix_page, "app/routes/_auth.login.tsx", "/login"),
        (remix_page, "app/routes/_auth.tsx", None),
        (remix_page, "app/routes/shop_.cart/route.tsx", "/shop/cart"),
        (remix_page, "app/routes/($lang).about.tsx", "/about"),
        (remix_page, "app/routes/files.$.ts", "/files/{rest}"),
        (remix_page, "app/routes/sitemap[.]xml.ts", "/sitemap.xml"),
        (remix_page, "app/routes/shop.cart/table.tsx", None),
    ],
)
def test_the_path_of_a_page_of_another_framework(
    page_of: Callable[[str], str | None], file: str, path: str | None
) -> None:
    assert page_of(file) == path


def test_pages_without_a_file_of_their_own_name() -> None:
    package = {
        "name": "site",
        "scripts": {"start": "go"},
        "dependencies": {"@react-router/node": "7", "@react-router/dev": "7"},
    }
    routes = """
        import { index, layout, prefix, route } from "@react-router/dev/routes"
        export default [
          index("./home.tsx"),
          layout("./frame.tsx", [route("login", "./login.tsx")]),
          ...prefix("shops", [index("./shops.tsx"), route(":city", "./shop.tsx")]),
          ...prefix(elsewhere(), [route("about", "./about.tsx")]),
        ]
        """
    files = {
        "site/package.json": json.dumps(package),
        "site/Dockerfile": "FROM node\nCOPY . .\n",
        "site/app/routes/orders.$id.tsx": "export default function Page() { return null; }\n",
        "site/app/routes/hook.ts": "export const action = () => null\n",
    }
    assert {(method, path) for _, method, path in served(architecture(files))} == {
        ("GET", "/orders/{id}"),
        ("*", "/hook"),
    }
    files["site/app/routes.ts"] = routes
    assert {(method, path) for _, method, path in served(architecture(files))} == {
        ("GET", "/"),
        ("GET", "/login"),
        ("GET", "/shops"),
        ("GET", "/shops/{city}"),
    }


def test_pages_of_a_program() -> None:
    def found(framework: str) -> set[tuple[str, str, str]]:
        package = {"name": "site", "dependencies": {framework: "1"}, "scripts": {"start": "go"}}
        return served(
            architecture(
                {
                    "site/package.json": json.dumps(package),
                    "site/Dockerfile": "FROM node\nCOPY . .\n",
                    "site/pages/orders/[id].tsx": "export default function Page() { return null; }\n",
                    "site/pages/index.test.tsx": "test('x', () => {});\n",
                }
            )
        )

    assert found("next") == {("service:site", "GET", "/orders/{id}")}
    assert found("react") == set()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"name": "orders", "dependencies": {"swagger-express-mw": "1"}}'),
        ("requirements.txt", "connexion[flask]==2.14\n"),
    ],
)
def test_a_server_that_routes_by_the_document(name: str, text: str) -> None:
    files = {
        "orders/Dockerfile": "FROM scratch\nCOPY . .\n",
        f"orders/{name}": text,
        "orders/api/openapi.yaml": CONTRACT,
    }
    assert served(architecture(files)) == with_base("/api/v1")
    # Of two documents one may be that of another service, and other libraries only check.
    assert served(architecture(files | {"orders/api/stock.yaml": CONTRACT})) == set()
    others = {f"orders/{name}": text.replace("swagger-express-mw", "ajv").replace("connexion", "x")}
    assert served(architecture(files | others)) == set()


GO_CONTRACT = """
    openapi: 3.0.3
    paths:
      /orders:
        get: {}
      /orders/{id}:
        $ref: ./order.yaml
    """
IMPORTS = 'package main\nimport ("shop/gen/orders"; "github.com/labstack/echo/v4"; "net/http")\n'


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ('e := echo.New(); g := e.Group("/api"); orders.RegisterHandlers(g, it); e.Start(":80")', "/api"),
        ('e := echo.New(); orders.RegisterHandlersWithBaseURL(e, it, "/v2"); e.Start(":80")', "/v2"),
        ('http.ListenAndServe(":80", orders.HandlerWithOptions(it, orders.Options{BaseURL: "/v3"}))', "/v3"),
        ('h, _ := orders.NewServer(it); http.ListenAndServe(":80", h)', ""),
    ],
)  # fmt: skip
def test_a_server_of_go_that_is_made_of_a_document(code: str, prefix: str) -> None:
    files = {
        "go.mod": "module shop\ngo 1.24\nrequire github.com/ogen-go/ogen v1.14.0\n",
        "main.go": f"{IMPORTS}func main() {{ {code} }}\n",
        "api/orders.openapi.yaml": GO_CONTRACT,
        "api/stock.openapi.yaml": "openapi: 3.0.3\npaths:\n  /stock:\n    get: {}\n",
    }
    found = {(e.method, e.path) for e in architecture(files).endpoints}
    assert found == {("GET", f"{prefix}/orders"), ("*", f"{prefix}/orders/{{id}}")}
    without = files | {"go.mod": "module shop\ngo 1.24\n"}
    assert architecture(without).endpoints == ()
    unclear = files | {"main.go": files["main.go"].replace("orders", "it")}
    assert architecture(unclear).endpoints == ()


def test_a_document_that_is_registered_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contracts, "MAX_REGISTERED", 50)
    paths = "".join(f"  /orders{n}:\n    get: {{}}\n" for n in range(30))
    calls = "; ".join([f'orders.RegisterHandlersWithBaseURL(e, it, "/{n}")' for n in range(9)])
    files = {
        "go.mod": "module shop\ngo 1.24\nrequire github.com/ogen-go/ogen v1.14.0\n",
        "main.go": f'{IMPORTS}func main() {{ e := echo.New(); {calls}; e.Start(":80") }}\n',
        "api/orders.openapi.yaml": f"openapi: 3.0.3\npaths:\n{paths}",
    }
    assert len(architecture(files).endpoints) == 50


def test_a_module_inside_another_has_its_own_document() -> None:
    module = "module %s\ngo 1.24\nrequire github.com/ogen-go/ogen v1.14.0\n"
    code = (
        IMPORTS
        + 'func main() { e := echo.New(); orders.RegisterHandlers(e, it); e.Start(":80") }\n'
    )
    files = {
        "go.mod": module % "shop",
        "api/orders.openapi.yaml": "openapi: 3.0.3\npaths:\n  /all:\n    get: {}\n",
        "inner/go.mod": module % "inner",
        "inner/main.go": code,
        "inner/api.yaml": "openapi: 3.0.3\npaths:\n  /own:\n    get: {}\n",
    }
    assert [e.path for e in architecture(files).endpoints] == ["/own"]


@pytest.mark.parametrize("package", ["google.golang.org/grpc", "net/rpc/gen", "shop/stock"])
def test_a_server_that_is_made_of_no_document(package: str) -> None:
    code = f'package main\nimport ("{package}"; "net/http")\nfunc main() {{ {package.rpartition("/")[2]}.NewServer(it) }}\n'
    files = {
        "go.mod": "module shop\ngo 1.24\nrequire github.com/ogen-go/ogen v1.14.0\n",
        "main.go": code,
        "api/orders.openapi.yaml": GO_CONTRACT,
    }
    assert architecture(files).endpoints == ()
