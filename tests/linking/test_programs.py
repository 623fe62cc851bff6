"""Monorepos: libraries, programs, tools for the desk; what a shared library's users run of it."""

from __future__ import annotations

import json

from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind

REDIS = "import Redis from 'ioredis';\nexport const cache = new Redis(process.env.CACHE_URL);\n"
ROUTE = "export async function GET() { return Response.json({}); }\n"
SERVER = "import express from 'express';\nconst app = express();\napp.get('/x', (q, s) => s.end());\napp.listen(80);\n"


def package(name: str, *dependencies: str, **scripts: str) -> str:
    declared = {"name": name, "dependencies": dict.fromkeys(dependencies, "*"), "scripts": scripts}
    return json.dumps(declared)


def services(found: Architecture) -> dict[str, str]:
    return {n.name: n.path for n in found.nodes() if n.kind is NodeKind.SERVICE}


def uses(found: Architecture) -> set[tuple[str, str]]:
    return {
        (e.source.partition(":")[2], e.target.partition(":")[2]) for e in found.edges(EdgeKind.USES)
    }


def test_programs_of_a_workspace_and_what_is_none() -> None:
    found = architecture(
        {
            "package.json": json.dumps({"name": "root", "workspaces": ["apps/*", "packages/*"]}),
            "apps/web/package.json": package("web", "next", start="next start"),
            "apps/web/app/api/items/route.ts": ROUTE,
            "apps/docs/package.json": package("docs", "next", start="next start"),
            "apps/docs/app/api/og/route.ts": ROUTE,
            "packages/cli/package.json": package("shop-cli", "commander", start="node dist"),
            "packages/cli/src/login.ts": "import http from 'http';\nhttp.createServer().listen(9);\n",
            "packages/dev-env/package.json": package("dev-env", "express", start="node ."),
            "packages/dev-env/src/index.ts": SERVER,
            "packages/api/package.json": package("api", "express", start="node ."),
            "packages/api/src/index.ts": SERVER,
        }
    )
    assert services(found) == {"web": "apps/web", "api": "packages/api"}


def test_a_library_runs_in_the_programs_that_load_its_file() -> None:
    found = architecture(
        {
            "apps/web/package.json": package("web", "express", "@shop/lib", start="node ."),
            "apps/web/index.ts": f"import '@shop/lib/words';\n{SERVER}",
            "apps/jobs/package.json": package("jobs", "express", "@shop/lib", start="node ."),
            "apps/jobs/index.ts": f"import {{ cache }} from '@shop/lib/cache';\n{SERVER}",
            "packages/lib/package.json": package("@shop/lib", "ioredis"),
            "packages/lib/cache.ts": REDIS,
            "packages/lib/words.ts": "export const words = ['a'];\n",
        }
    )
    assert uses(found) == {("jobs", "redis")}


def test_scripts_beside_a_program_open_no_connection_of_it() -> None:
    found = architecture(
        {
            "package.json": package("shop", "express", "ioredis", start="node ."),
            "index.ts": SERVER,
            "scripts/fill.ts": REDIS,
            ".agents/skills/look.ts": REDIS,
        }
    )
    assert uses(found) == set()


def test_the_image_of_the_repository_holds_its_one_program() -> None:
    found = architecture(
        {
            "package.json": json.dumps({"name": "@shop/root", "workspaces": ["apps/*"]}),
            "apps/remix/package.json": package("@shop/remix", "hono", start="node ."),
            "apps/remix/index.ts": SERVER,
            "deploy/compose.yml": "services: {app: {image: 'acme/shop:2'}, db: {image: postgres}}\n",
        }
    )
    assert services(found) == {"app": "apps/remix"}


def test_a_public_domain_is_no_image() -> None:
    found = architecture(
        {
            "compose.yml": "services: {web: {image: acme/shop.dev}, api: {build: ./api}}\n",
            "api/Dockerfile": "FROM node:22\n",
            "api/package.json": package("api", "express", start="node ."),
            "api/index.ts": f"{SERVER}fetch('https://shop.dev/docs');\n",
        }
    )
    called = {edge.target for edge in found.edges(EdgeKind.CALLS)}
    assert called == {"external:shop.dev"}


def test_the_schema_of_prisma_tells_the_engine() -> None:
    schema = """
        generator client { provider = "prisma-client-js" }
        datasource db {
          provider = "postgresql"
          url      = env("SHOP_DATABASE_URL")
        }
        """
    client = "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient({ datasourceUrl: url() });\n"
    found = architecture(
        {
            "compose.yml": "services: {shop-db: {image: postgres}, cache: {image: redis}}\n",
            "apps/web/package.json": package("web", "express", "@shop/db", start="node ."),
            "apps/web/index.ts": f"import '@shop/db';\n{SERVER}",
            "packages/db/package.json": package("@shop/db", "@prisma/client"),
            "packages/db/index.ts": client,
            "packages/db/prisma/schema.prisma": schema,
        }
    )
    assert uses(found) == {("web", "shop-db")}


MAIN = (
    "import org.springframework.boot.SpringApplication;\n"
    "class App { public static void main(String[] a) { SpringApplication.run(App.class, a); } }\n"
)
MAPPED = (
    "import org.springframework.web.bind.annotation.*;\n"
    '@RestController class Products { @GetMapping("/products") String all() { return ""; } }\n'
)
BOOT = "<plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins>"


def maven(name: str, parent: str = "", build: str = "", *modules: str) -> str:
    above = f"<parent><groupId>shop</groupId><artifactId>{parent}</artifactId></parent>"
    listed = "".join(f"<module>{each}</module>" for each in modules)
    pom = f"<packaging>pom</packaging><modules>{listed}</modules>" if modules else ""
    return (
        f"<project><artifactId>{name}</artifactId>{above if parent else ''}{pom}"
        f"<build>{build}</build></project>"
    )


def test_modules_of_a_parent_that_makes_programs_run_where_they_start_one() -> None:
    user = maven("user").replace(
        "<build>",
        "<dependencies><dependency><groupId>shop</groupId><artifactId>orders</artifactId>"
        "</dependency></dependencies><build>",
    )
    files = {
        "pom.xml": maven("shop", "", "", "apps", "user"),
        "apps/pom.xml": maven("apps", "shop", BOOT, "orders", "common"),
        "apps/orders/pom.xml": maven("orders", "apps"),
        "apps/orders/src/main/java/App.java": MAIN,
        "apps/common/pom.xml": maven("common", "apps"),
        "apps/common/src/main/java/Text.java": "class Text {}\n",
        "user/pom.xml": user,
    }
    assert services(architecture(files)) == {"orders": "apps/orders"}
    managed = maven("apps", "shop", f"<pluginManagement>{BOOT}</pluginManagement>", "orders")
    assert services(architecture(files | {"apps/pom.xml": managed})) == {"shop": ""}


def test_a_module_that_starts_a_server_runs_where_no_other_is_built_with_it() -> None:
    files = {
        "pom.xml": maven("shop", "", "", "orders", "common"),
        "orders/pom.xml": maven("orders", "shop"),
        "orders/src/main/java/App.java": MAIN,
        "common/pom.xml": maven("common", "shop"),
        "common/src/test/java/App.java": MAIN,
    }
    assert services(architecture(files)) == {"orders": "orders"}


def test_a_module_that_runs_by_itself_is_no_library_of_those_that_are_built_with_it() -> None:
    needing = maven("orders", "shop").replace(
        "<build>",
        "<dependencies><dependency><groupId>shop</groupId><artifactId>products</artifactId>"
        "</dependency></dependencies><build>",
    )
    products = "products/src/main"
    files = {
        "pom.xml": maven("shop", "", "", "orders", "products"),
        "orders/pom.xml": needing,
        "orders/src/main/java/App.java": MAIN,
        "products/pom.xml": maven("products", "shop"),
        f"{products}/java/App.java": MAIN,
        f"{products}/java/Products.java": MAPPED,
        f"{products}/resources/application.yml": "spring: {application: {name: products}}\n",
    }
    found = architecture(files)
    assert services(found) == {"orders": "orders", "products": "products"}
    assert {each.component for each in found.endpoints} == {"service:products"}
    # Without settings of its own, without anybody whom it answers, and without a start, it is a
    # library. The settings of a test are no program's.
    for left_out in ("resources/application.yml", "java/Products.java", "java/App.java"):
        rest = {path: text for path, text in files.items() if path != f"{products}/{left_out}"}
        assert services(architecture(rest)) == {"orders": "orders"}, left_out
    tried = {path.replace("main/resources", "test/resources"): text for path, text in files.items()}
    assert services(architecture(tried)) == {"orders": "orders"}


def test_modules_of_quarkus_run_where_their_parent_has_its_plugin() -> None:
    plugin = "<plugins><plugin><artifactId>quarkus-maven-plugin</artifactId></plugin></plugins>"
    files = {"pom.xml": maven("shop", "", plugin, "orders", "products")}
    for name in ("orders", "products"):
        files[f"{name}/pom.xml"] = maven(name, "shop")
        files[f"{name}/src/main/java/All.java"] = (
            "import jakarta.ws.rs.*;\n"
            f'@Path("/{name}") class All {{ @GET String all() {{ return ""; }} }}\n'
        )
        settings = f"{name}/src/main/resources/application.properties"
        files[settings] = "quarkus.http.port=8081\n"
    assert services(architecture(files)) == {"orders": "orders", "products": "products"}
    del files[settings]
    assert services(architecture(files)) == {"orders": "orders"}


def test_a_group_given_to_another_file_of_a_go_package() -> None:
    found = architecture(
        {
            "go.mod": "module example.org/shop\n",
            "main.go": """
                package main
                import ("github.com/gin-gonic/gin"; "example.org/shop/orders")
                func main() {
                    r := gin.Default()
                    orders.Register(r.Group("/orders"))
                    r.Run(":80")
                }
                """,
            "orders/names.go": "package orders\nconst Home = 1\n",
            "orders/routes.go": """
                package orders
                import "github.com/gin-gonic/gin"
                func Register(g *gin.RouterGroup) { g.GET("/:id", read) }
                """,
        }
    )
    assert {each.path for each in found.endpoints} == {"/orders/{id}"}


def test_a_path_that_only_settings_know_is_not_told() -> None:
    code = """
        package main
        import "github.com/gin-gonic/gin"
        func main() {
            r := gin.Default()
            r.GET(settings.MetricsPath, metrics)
            r.GET("/orders", orders)
            r.Run(":80")
        }
        """
    found = architecture({"go.mod": "module example.org/shop\n", "main.go": code})
    assert {each.path for each in found.endpoints} == {"/orders"}


PAGES = """
    {"name": "pages", "scripts": {"start": "ng serve", "build": "ng build"},
     "dependencies": {"@angular/core": "17"}}
    """


def test_a_front_end_beside_programs_that_nothing_deploys() -> None:
    server = '{"name": "%s", "scripts": {"start": "node ."}, "dependencies": {"express": "4"}}'
    code = "const app = require('express')()\napp.get('/%s', f)\napp.listen(8081)\n"
    files = {
        "orders/package.json": server % "orders",
        "orders/index.js": code % "orders",
        "stock/package.json": server % "stock",
        "stock/index.js": code % "stock",
        "pages/package.json": PAGES,
        "pages/src/main.ts": "import { bootstrapApplication } from '@angular/platform-browser'\n",
        "docs/package.json": PAGES.replace("pages", "docs"),
    }

    def names() -> set[str]:
        return {node.name for node in architecture(files).nodes(NodeKind.SERVICE)}

    assert names() == {"orders", "stock", "pages"}
    files["compose.yaml"] = "services: {orders: {build: orders}, stock: {build: stock}}\n"
    assert names() == {"orders", "stock"}
    del files["stock/package.json"], files["stock/index.js"]
    assert names() == {"orders", "stock"}
    del files["compose.yaml"]
    assert names() == {"orders", "pages"}


def test_a_python_folder_whose_own_file_starts_a_server() -> None:
    run = """
        from app import create_app
        app = create_app()
        if __name__ == "__main__":
            app.run(host="0.0.0.0", port=5001)
        """
    job = "job = make_job()\njob.run(port=1)\napp = create_app()\napp.run(steps=3)\n"
    found = architecture(
        {
            "compose.yaml": "services: {db: {image: 'mongo:7'}}",
            **{
                f"{name}/requirements.txt": "flask\n"
                for name in ("orders", "stock", "train", "docs")
            },
            **{f"{name}/run.py": run for name in ("orders", "stock", "docs")},
            "train/run.py": job,
            "orders/app/config.py": "def add(app):\n    app.config['MONGODB_HOST'] = 'mongodb://db/orders'\n",
        }
    )
    assert {node.name for node in found.nodes(NodeKind.SERVICE)} == {"orders", "stock"}
    assert [(e.source, e.target) for e in found.edges(EdgeKind.USES)] == [
        ("service:orders", "database:db")
    ]
