"""NestJS programs of one workspace that talk over one transport."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind, NodeKind

MAIN = """
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module";
import { natsOptions } from "@shop/transport";

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.connectMicroservice(natsOptions);
  await app.startAllMicroservices();
  await app.listen(3000);
}
bootstrap();
"""
FILES = {
    "package.json": '{"name": "shop", "dependencies": {"@nestjs/core": "10"}}',
    "tsconfig.base.json": """
        {
          // comments are allowed here
          "compilerOptions": {
            "baseUrl": ".",
            "paths": {
              "@shop/transport": ["libs/transport/src/index.ts"],
              "@shop/data/*": ["libs/data/src/*"],
            }
          }
        }
        """,
    "apps/orders/tsconfig.app.json": "{}",
    "apps/orders/src/main.ts": MAIN,
    "apps/orders/src/orders.ts": """
        import { MessagePattern } from "@nestjs/microservices";
        import { pool } from "@shop/data/pool";
        export class Orders {
          @MessagePattern({ cmd: "place" })
          place() { return pool; }
        }
        """,
    "apps/web/tsconfig.app.json": "{}",
    "apps/web/src/main.ts": MAIN,
    "apps/web/src/web.ts": """
        import { ClientProxy } from "@nestjs/microservices";
        export class Web {
          constructor(private readonly orders: ClientProxy) {}
          place() { return this.orders.send({ cmd: "place" }, {}); }
        }
        """,
    "libs/transport/src/index.ts": """
        import { ClientProxyFactory, Transport } from "@nestjs/microservices";
        export const client = ClientProxyFactory.create({
          transport: Transport.NATS,
          options: { servers: ["nats://bus:4222"] },
        });
        """,
    "libs/data/src/pool.ts": """
        import { Pool } from "pg";
        export const pool = new Pool({ host: "orders-db" });
        """,
}


def test_applications_of_a_workspace_and_what_they_load() -> None:
    found = architecture(FILES)
    kinds = (EdgeKind.USES, EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
    edges = {f"{e.source} {e.kind} {e.target}" for e in found.edges(*kinds)}
    assert edges == {
        "service:orders consumes broker:bus",
        "service:orders consumes topic:place",
        "service:orders uses database:orders-db",
        "service:web publishes broker:bus",
        "service:web publishes topic:place",
    }


def test_prefix_and_version_of_an_application_hold_for_its_libraries_too() -> None:
    start = """
        import {{ NestFactory }} from '@nestjs/core';
        import {{ INestApplication, VersioningType }} from '@nestjs/common';
        export function configure(app: INestApplication) {{
          app.setGlobalPrefix('api');
          app.enableVersioning({{ type: VersioningType.{}, defaultVersion: '1' }});
        }}
        """
    controller = """
        import { Controller, Get, Version, VERSION_NEUTRAL } from '@nestjs/common';
        @Controller('NAME')
        export class C {
          @Get('all') all() { return []; }
          @Version('2') @Get('new') fresh() { return []; }
          @Version(VERSION_NEUTRAL) @Get('any') any() { return []; }
        }
        """

    def served(kind: str) -> set[str]:
        files = {
            "compose.yaml": "services: {shop: {build: .}}\n",
            "Dockerfile": "FROM node\nCOPY . .\nCMD node dist/main.js\n",
            "package.json": '{"name": "shop", "dependencies": {"@nestjs/core": "10"}}',
            "services/shop/src/app.config.ts": start.format(kind),
            "services/shop/src/orders.controller.ts": controller.replace("NAME", "orders"),
            "libs/common/src/health.controller.ts": controller.replace("NAME", "health"),
        }
        return {each.path for each in architecture(files).endpoints}

    assert served("URI") == {
        f"/api/{path}"
        for name in ("orders", "health")
        for path in (f"v1/{name}/all", f"v2/{name}/new", f"{name}/any")
    }
    assert {path for path in served("HEADER") if "all" in path} == {
        "/api/orders/all",
        "/api/health/all",
    }


def test_what_deployed_applications_are_built_with_is_none() -> None:
    compose = """
        services:
          placed: {build: {context: ./orders, dockerfile: apps/placed/Dockerfile}}
          shown: {build: {context: ./orders, dockerfile: apps/shown/Dockerfile}}
        """
    package = '{"name": "orders", "scripts": {"start": "nest start"}, "dependencies": {"@nestjs/core": "10"}}'
    files = {
        "compose.yaml": compose,
        "orders/package.json": package,
        **{
            f"orders/apps/{name}/{file}": text
            for name in ("placed", "shown")
            for file, text in (
                ("Dockerfile", f'FROM node\nCOPY . .\nCMD ["node", "dist/apps/{name}/main"]\n'),
                ("tsconfig.app.json", "{}"),
                ("src/main.ts", MAIN),
            )
        },
    }
    assert {node.name for node in architecture(files).nodes(NodeKind.SERVICE)} == {
        "placed",
        "shown",
    }


def test_stores_that_a_shared_library_opens_by_settings_of_its_own() -> None:
    compose = """
        services:
          orders: {build: ., command: yarn nx serve orders}
          web: {build: ., command: yarn nx serve web}
          mq: {image: rabbitmq}
          documents: {image: mongo}
        """
    queue = """
        import { RabbitMQModule } from "@golevelup/nestjs-rabbitmq";
        import { ConfigService } from "@nestjs/config";
        export const queue = RabbitMQModule.forRootAsync(RabbitMQModule, {
          inject: [ConfigService],
          useFactory: (config: ConfigService) => ({ uri: config.get(keys.uri) || "" }),
        });
        """
    client = """
        import { MongoClient } from "mongodb";
        export class Documents extends MongoClient {}
        """
    files = {
        **FILES,
        "compose.yaml": compose,
        "Dockerfile": "FROM node\nCOPY . .\n",
        "libs/data/src/queue.ts": queue,
        "libs/data/src/client.ts": client,
        "apps/orders/src/store.ts": 'import "@shop/data/queue";\nimport "@shop/data/client";\n',
    }
    uses = {e.target for e in architecture(files).edges(EdgeKind.USES)}
    assert uses >= {"broker:mq", "database:documents"}


def test_the_application_that_a_command_starts_of_an_image_for_all() -> None:
    controller = """
        import { Controller, Get } from '@nestjs/common';
        @Controller('NAME')
        export class C { @Get() all() { return []; } }
        """
    scripts = '{"start:dev": "nest start --watch", "start:prod": "node dist/main"}'

    def served(orders: str, stock: str) -> set[tuple[str, str]]:
        files = {
            "compose.yaml": f"""
                services:
                  orders: {{build: ., command: {orders}}}
                  stock: {{build: ., command: {stock}}}
                """,
            "Dockerfile": "FROM node\nCOPY . .\nRUN npm run build\n",
            "package.json": f'{{"name": "shop", "scripts": {scripts}, "dependencies": {{"@nestjs/core": "10"}}}}',
        }
        for name in ("orders", "stock", "mails"):
            files[f"apps/{name}/tsconfig.app.json"] = "{}"
            files[f"apps/{name}/src/main.ts"] = MAIN
            files[f"apps/{name}/src/c.controller.ts"] = controller.replace("NAME", name)
        found = architecture(files)
        return {(each.component.partition(":")[2], each.path) for each in found.endpoints}

    own = {("orders", "/orders"), ("stock", "/stock")}
    assert served("node dist/apps/orders/main", "node dist/apps/stock/src/main.js") >= own
    assert served('sh -c "yarn start:dev"', 'sh -c "yarn start:dev stock"') >= own
    assert served("npx nest start orders --watch", "npm run start:dev -- stock") >= own
    assert ("stock", "/mails") in served("node dist/apps/orders/main", "nest start mails")


def test_a_microservice_alone_serves_no_paths() -> None:
    controller = """
        import { Controller, Get } from "@nestjs/common";
        @Controller("stock")
        export class Stock {
          @Get()
          hello() { return "hello"; }
        }
        """
    alone = """
        import { NestFactory } from "@nestjs/core";
        import { AppModule } from "./app.module";

        async function bootstrap() {
          const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {});
          await app.listen();
        }
        bootstrap();
        """

    def served(**files: str) -> set[tuple[str, str]]:
        every = {
            "stock/package.json": '{"name": "stock", "scripts": {"start": "nest start"}, "dependencies": {"@nestjs/core": "10"}}',
            "stock/src/stock.controller.ts": controller,
            "shop/package.json": '{"name": "shop", "scripts": {"start": "nest start"}, "dependencies": {"@nestjs/core": "10"}}',
            "shop/src/main.ts": MAIN,
            "shop/src/stock.controller.ts": controller,
            **{f"stock/src/{name}.ts": text for name, text in files.items()},
        }
        return {(each.component, each.path) for each in architecture(every).endpoints}

    assert served(main=alone) == {("service:shop", "/stock")}
    assert ("service:stock", "/stock") in served(main=MAIN)
    assert ("service:stock", "/stock") in served(main=alone, web=MAIN)


NEST_MAIN = """
import { NestFactory } from "@nestjs/core";
async function bootstrap() { const app = await NestFactory.create(AppModule); await app.listen(3000); }
bootstrap();
"""
CONTROLLER = """
import { Controller, Get } from "@nestjs/common";
@Controller("%s")
export class C { @Get("list") list() { return []; } }
"""
IMAGE = "FROM node:20\nWORKDIR /usr/src/app\nCOPY package.json ./\nRUN npm install\nCOPY . .\n"
WHOLE = """
    services:
      auth:
        build: {{context: ., dockerfile: {auth}}}
        {more}
        volumes: [".:/usr/src/app"]
      orders:
        build: {{context: ., dockerfile: {orders}}}
        {also}
        volumes: [".:/usr/src/app"]
    """


def whole(auth: str, orders: str, *, more: str = "", also: str = "", **files: str) -> set[object]:
    sources = {
        f"apps/{name}/{path}": text
        for name in ("auth", "orders")
        for path, text in (
            ("src/main.ts", NEST_MAIN),
            ("src/c.ts", CONTROLLER % name),
        )
    }
    found = architecture(
        {
            "package.json": '{"name": "shop", "scripts": {"start:dev": "nest start --watch"}}',
            "compose.yaml": WHOLE.format(auth=auth, orders=orders, more=more, also=also),
            **sources,
            **files,
        }
    )
    return {(each.component.partition(":")[2], each.path) for each in found.endpoints}


EACH_ITS_OWN = {("auth", "/auth/list"), ("orders", "/orders/list")}
UNITS = {
    "apps/auth/package.json": '{"name": "auth"}',
    "apps/orders/package.json": '{"name": "orders"}',
}


def test_each_dockerfile_is_one_programs_though_the_whole_is_mounted() -> None:
    files = {"apps/auth/Dockerfile": IMAGE, "apps/orders/Dockerfile": IMAGE}
    found = whole("apps/auth/Dockerfile", "apps/orders/Dockerfile", **files)
    assert found == EACH_ITS_OWN


def test_the_command_names_a_member_that_has_a_package_file_of_its_own() -> None:
    found = whole(
        "Dockerfile",
        "Dockerfile",
        more="command: npm run start:dev auth",
        also="command: npm run start:dev orders",
        **UNITS,
        Dockerfile=IMAGE,
    )
    assert found == EACH_ITS_OWN


def test_the_working_folder_is_a_program_below_the_mounted_whole() -> None:
    found = whole(
        "Dockerfile",
        "Dockerfile",
        more="working_dir: /usr/src/app/apps/auth",
        also="working_dir: /usr/src/app/apps/orders",
        **UNITS,
        Dockerfile=IMAGE,
    )
    assert found == EACH_ITS_OWN


def nest(main: str, controller: str) -> set[str]:
    files = {
        "package.json": '{"name": "shop", "dependencies": {"@nestjs/core": "10"}}',
        "src/main.ts": f"""
            import {{ NestFactory }} from "@nestjs/core";
            async function bootstrap() {{
              const app = await NestFactory.create(AppModule);
              {main}
              await app.listen(3000);
            }}
            bootstrap();
            """,
        "src/orders.ts": f"""
            import {{ Get, Controller }} from "@nestjs/common";
            import {{ ApiController, Guarded }} from "./decorators";
            {controller}
            export class Orders {{ @Get("list") list() {{ return []; }} }}
            """,
        "src/decorators.ts": """
            import { applyDecorators, Controller, UseGuards } from "@nestjs/common";
            export function ApiController(path: string) {
              return applyDecorators(Controller(path), UseGuards(Guard));
            }
            """,
    }
    return {each.path for each in architecture(files).endpoints}


def test_a_decorator_of_the_project_stands_for_the_controllers() -> None:
    assert nest("", '@ApiController("orders")') == {"/orders/list"}
    assert nest("", '@ApiController({ path: "orders" })') == {"/orders/list"}
    assert nest("", '@Guarded("admin")\n@Controller("orders")') == {"/orders/list"}
    assert nest("", '@Controller()\n@OfController("admin")') == {"/list"}


def test_a_part_of_the_prefix_with_a_default_in_the_applications_settings() -> None:
    main = """
        const settings = app.get(ConfigService);
        app.setGlobalPrefix(`/${settings.get("PREFIX", "api")}/v2`);
        """
    assert nest(main, '@Controller("orders")') == {"/api/v2/orders/list"}


def test_what_is_taken_out_of_a_library_by_name_is_all_that_is_used() -> None:
    app = "import {{ {} }} from '@shop/common'\nexport const used = [{}]\n"
    files = {
        "package.json": '{"name": "shop", "dependencies": {"@nestjs/core": "10", "ioredis": "5", "pg": "8"}}',
        "tsconfig.json": '{"compilerOptions": {"paths": {"@shop/common": ["libs/common/src"]}}}',
        "compose.yml": """
            services:
              orders: {build: ., command: node dist/apps/orders/main}
              carts: {build: ., command: node dist/apps/carts/main}
              both: {build: ., command: node dist/apps/both/main}
              whole: {build: ., command: node dist/apps/whole/main}
              pg: {image: "postgres:16"}
              redis: {image: "redis:7"}
            """,
        "Dockerfile": "FROM node:22\nCOPY . .\n",
        "libs/common/src/index.ts": "export * from './rows'\nexport * from './cache/cache.module'\n",
        "libs/common/src/rows/index.ts": "export * from './rows.module'\n",
        "libs/common/src/rows/rows.module.ts": (
            "import { Pool } from 'pg'\nexport class RowsModule {\n"
            "  pool = new Pool({ connectionString: 'postgres://pg/x' })\n}\n"
        ),
        "libs/common/src/cache/cache.module.ts": (
            "import Redis from 'ioredis'\nexport const key = 1\nexport class CacheModule {\n"
            "  redis = new Redis('redis://redis')\n}\n"
        ),
        **{f"apps/{name}/tsconfig.app.json": "{}" for name in ("orders", "carts", "both", "whole")},
        "apps/orders/src/main.ts": app.format("RowsModule", "RowsModule"),
        "apps/carts/src/main.ts": app.format("CacheModule", "CacheModule"),
        "apps/both/src/main.ts": app.format("CacheModule, key", "CacheModule, key"),
        "apps/whole/src/main.ts": "import '@shop/common'\n",
    }

    def uses(files: dict[str, str]) -> set[tuple[str, str]]:
        return {
            (e.source.partition(":")[2], e.target.partition(":")[2])
            for e in architecture(files).edges(EdgeKind.USES)
        }

    all_of_it = {(name, store) for name in ("both", "whole") for store in ("pg", "redis")}
    own = {("orders", "pg"), ("carts", "redis")}
    assert uses(files) == {*own, *all_of_it}  # where a name leads nowhere, all of it counts
    for kind in ("js", "tsx"):
        same = {path.replace("src/index.ts", f"src/index.{kind}"): files[path] for path in files}
        assert uses(same) == {*own, *all_of_it}
    shelf = {
        "apps/carts/src/main.ts": f"import {{ Rows }} from '../../../shelf/store'\n{files['apps/carts/src/main.ts']}",
        "shelf/store.ts": (
            "import { Pool } from 'pg'\nimport { Rows } from './rows'\n"
            "export const pool = new Pool({ connectionString: 'postgres://pg/x' })\nexport { Rows }\n"
        ),
        "shelf/rows.ts": "export class Rows {}\n",
    }
    assert uses({**files, **shelf}) == {*own, *all_of_it, ("carts", "pg")}
    twice = {
        "libs/common/src/index.ts": f"{files['libs/common/src/index.ts']}export * from './old/rows.module'\n",
        "libs/common/src/old/rows.module.ts": "export class OldRowsModule {}\n",
    }
    assert uses({**files, **twice}) == {*own, *all_of_it, ("orders", "redis")}
    files["libs/common/src/index.ts"] += "export function more() { return openAll() }\n"
    assert uses(files) == {*own, *all_of_it, ("orders", "redis"), ("carts", "pg")}
