"""Web frameworks of Node, each with the way that it says paths and what goes in front of them."""

from __future__ import annotations

import textwrap

import pytest
from tests.linking.system import architecture


def paths(package: str, files: dict[str, str]) -> list[str]:
    files = {"package.json": f'{{"name": "shop", "dependencies": {{"{package}": "1"}}}}', **files}
    texts = {name: textwrap.dedent(text) for name, text in files.items()}
    return sorted(f"{each.method} {each.path}" for each in architecture(texts).endpoints)


@pytest.mark.parametrize(
    ("package", "imports", "controller", "first", "second"),
    [
        ("@loopback/rest", "get, del", "", '@get("/orders/{id}")', '@del("/orders/{id}")'),
        ("@tsed/common", "Controller, Get, Delete", '@Controller("/orders")', '@Get("/:id")', '@Delete("/:id")'),
        (
            "inversify-express-utils",
            "controller, httpGet, httpDelete",
            '@controller("/orders")',
            '@httpGet("/:id")',
            '@httpDelete("/:id")',
        ),
    ],
)  # fmt: skip
def test_controllers_with_decorators(
    package: str, imports: str, controller: str, first: str, second: str
) -> None:
    source = (
        f"import {{ {imports} }} from '{package}'\n{controller}\nexport class Orders {{\n"
        f"{first}\nshow () {{}}\n{second}\nremove () {{}}\n}}\n"
    )
    assert paths(package, {"src/orders.ts": source}) == ["DELETE /orders/{id}", "GET /orders/{id}"]


ADONIS = """
    {import_}
    const Orders = () => import('#controllers/orders')
    route.get('/health', 'Health.show')
    route.group(() => {{
      route.group(() => {{ route.post('/send', [Orders, 'send']) }}).prefix('/orders')
      route.resource('shops', Orders).apiOnly().except(['destroy'])
      route.resource('pages', Orders).only(['create', 'edit'])
    }}).prefix('/api').use(auth)
    """


@pytest.mark.parametrize(
    "import_",
    [
        "import route from '@adonisjs/core/services/router'",
        "import route from '@ioc:Adonis/Core/Route'",
    ],
)
def test_groups_and_resources_of_adonis(import_: str) -> None:
    files = {"start/routes.ts": ADONIS.format(import_=import_)}
    assert paths("@adonisjs/core", files) == [
        "GET /api/pages/create",
        "GET /api/pages/{id}/edit",
        "GET /api/shops",
        "GET /api/shops/{id}",
        "GET /health",
        "PATCH /api/shops/{id}",
        "POST /api/orders/send",
        "POST /api/shops",
        "PUT /api/shops/{id}",
    ]


def test_paths_of_modules_of_nest() -> None:
    files = {
        "src/main.ts": """
            import { NestFactory } from '@nestjs/core'
            import { AppModule } from './app.module'
            async function start () {
              const app = await NestFactory.create(AppModule)
              app.setGlobalPrefix('api')
              await app.listen(3000)
            }
            """,
        "src/app.module.ts": """
            import { Module } from '@nestjs/common'
            import { RouterModule } from '@nestjs/core'
            import { AdminModule } from './admin.module'
            import { OrdersModule } from './orders.module'
            @Module({ imports: [AdminModule, RouterModule.register([
              { path: 'admin', module: AdminModule, children: [{ path: 'of', children: [OrdersModule] }] },
            ])] })
            export class AppModule {}
            """,
        "src/admin.module.ts": """
            import { Module } from '@nestjs/common'
            import { Users } from './users'
            @Module({ controllers: [Users] })
            export class AdminModule {}
            """,
        "src/orders.module.ts": """
            import { Module } from '@nestjs/common'
            import { Orders } from './orders'
            @Module({ controllers: [Orders] })
            export class OrdersModule {}
            """,
        "src/users.ts": """
            import { Controller, Get } from '@nestjs/common'
            @Controller('users')
            export class Users { @Get() all () {} }
            """,
        "src/orders.ts": """
            import { Controller, Get } from '@nestjs/common'
            @Controller('orders')
            export class Orders { @Get(':id') one () {} }
            """,
    }
    assert paths("@nestjs/core", files) == [
        "GET /api/admin/of/orders/{id}",
        "GET /api/admin/users",
    ]


def test_the_prefix_of_routing_controllers() -> None:
    files = {
        "src/server.ts": """
            import { createExpressServer } from 'routing-controllers'
            import { Orders } from './orders'
            createExpressServer({ routePrefix: '/api', controllers: [Orders] }).listen(80)
            """,
        "src/orders.ts": """
            import { JsonController, Get } from 'routing-controllers'
            @JsonController('/orders')
            export class Orders { @Get('/:id') one () {} }
            """,
    }
    assert paths("routing-controllers", files) == ["GET /api/orders/{id}"]


def test_plugins_of_hapi() -> None:
    files = {
        "server.js": """
            const Hapi = require('@hapi/hapi')
            const server = Hapi.server({ port: 80 })
            async function start () {
              await server.register(require('./users'), { routes: { prefix: '/v1' } })
              await server.register({ plugin: require('./orders'), routes: { prefix: '/v2' } })
            }
            """,
        "users.js": """
            exports.plugin = { name: 'users', register: async function (server) {
              server.route({ method: 'GET', path: '/users', handler: list })
            } }
            """,
        "orders.js": """
            module.exports = { name: 'orders', register: (server) => {
              server.route([{ method: 'POST', path: '/orders', handler: make }])
            } }
            """,
    }
    assert paths("@hapi/hapi", files) == ["GET /v1/users", "POST /v2/orders"]


def test_one_router_at_several_paths() -> None:
    files = {
        "server.js": """
            const app = require('express')()
            const orders = require('./orders')
            app.use(['/orders', '/sales'], orders)
            app.listen(80)
            """,
        "orders.js": """
            const router = require('express').Router()
            router.get('/all', list)
            module.exports = router
            """,
    }
    assert paths("express", files) == ["GET /orders/all", "GET /sales/all"]


def test_what_restify_deletes() -> None:
    source = """
        const server = require('restify').createServer()
        server.del('/orders/:id', remove)
        server.listen(80)
        """
    assert paths("restify", {"server.js": source}) == ["DELETE /orders/{id}"]


def test_files_of_the_server_of_nuxt() -> None:
    handler = "export default defineEventHandler(async (event) => find(event))\n"
    files = {
        "nuxt.config.ts": "export default defineNuxtConfig({})",
        "server/api/orders/[id].get.ts": handler,
        "server/api/orders/index.post.ts": handler,
        "server/routes/health.ts": handler,
        "server/utils/orders.ts": handler,
        "server/api/orders/types.ts": "export default { a: 1 }",
    }
    assert paths("nuxt", files) == [
        "* /health",
        "GET /api/orders/{id}",
        "POST /api/orders",
    ]


def test_the_base_path_of_next_stands_before_pages_and_routes() -> None:
    files = {
        "next.config.js": "module.exports = { basePath: '/docs' }",
        "app/api/orders/[id]/route.ts": "export async function GET () {}",
        "pages/index.tsx": "export default function Home () { return null }",
    }
    assert paths("next", files) == ["GET /docs", "GET /docs/api/orders/{id}"]
    files["next.config.js"] = "module.exports = { basePath: process.env.BASE }"
    assert paths("next", files) == ["GET /", "GET /api/orders/{id}"]
    # of another file it says nothing
    files = {**files, "next.config.js": "", "api.js": "module.exports = { basePath: '/docs' }"}
    assert paths("next", files) == ["GET /", "GET /api/orders/{id}"]


def test_core_routers_of_strapi() -> None:
    one = '{"kind": "%s", "info": {"singularName": "%s", "pluralName": "%s"}}'
    router = (
        "const { createCoreRouter } = require('@strapi/strapi').factories\n"
        "module.exports = createCoreRouter('api::%s.%s'%s)\n"
    )
    story, front = "src/api/story", "src/api/front"
    files = {
        f"{story}/content-types/story/schema.json": one % ("collectionType", "story", "stories"),
        f"{story}/routes/story.js": router
        % ("story", "story", ", { except: ['update', 'delete'] }"),
        f"{front}/content-types/front/schema.json": one % ("singleType", "front", "fronts"),
        f"{front}/routes/front.js": router % ("front", "front", ""),
    }
    assert paths("@strapi/strapi", files) == [
        "DELETE /api/front",
        "GET /api/front",
        "GET /api/stories",
        "GET /api/stories/{id}",
        "POST /api/stories",
        "PUT /api/front",
    ]


def test_services_of_feathers() -> None:
    files = {
        "src/letters.class.ts": """
            export class Letters {
              async find () { return [] }
              async create (data) { return data }
              #hidden () {}
            }
            """,
        "src/services.ts": """
            import { Letters } from './letters.class'
            import { UserService } from './users.class'
            export const setUp = (app) => {
              app.use('letters', new Letters())
              app.use('users', new UserService(app.get('model')), { events: [] })
            }
            """,
        "src/users.class.ts": """
            import { KnexService } from '@feathersjs/knex'
            export class UserService extends KnexService {}
            """,
    }
    assert paths("@feathersjs/feathers", files) == [
        "* /users",
        "* /users/{id}",
        "GET /letters",
        "POST /letters",
    ]
    assert paths("express", files) == []  # elsewhere such an object mounts nothing


def test_route_objects_that_other_files_export() -> None:
    files = {
        "src/app.js": """
            import Fastify from 'fastify'
            import { listOrders, routes } from './orders.js'
            import ping from './ping.js'
            const app = Fastify()
            app.register(async (inner) => { inner.route(listOrders) }, { prefix: '/api' })
            app.route(ping)
            routes.forEach((route) => app.route(route))
            app.listen({ port: 3000 })
            """,
        "src/orders.js": """
            export const listOrders = { method: 'GET', url: '/orders', handler: async () => [] }
            export const routes = [
              { method: ['PUT', 'PATCH'], url: '/orders/:id', handler: change },
            ]
            const own = { method: 'GET', url: '/hidden', handler: change }
            export const asked = { method: 'GET', url: '/elsewhere' }
            export const named = { method: 'GET', path: '/strapi', handler: 'order.list' }
            """,
        "src/ping.js": "export default { method: 'GET', url: '/ping', handler () {} , schema: {} }",
    }
    files["src/ping.js"] = "export default { method: 'GET', url: '/ping', handler: () => {} }"
    assert paths("fastify", files) == [
        "GET /api/orders",
        "GET /ping",
        "PATCH /orders/{id}",
        "PUT /orders/{id}",
    ]
    hapi = {
        "server.js": """
            const Hapi = require('@hapi/hapi')
            const orders = require('./orders')
            const server = Hapi.server({ port: 80 })
            server.route(orders)
            """,
        "orders.js": "module.exports = [{ method: 'GET', path: '/orders', handler: (r, h) => [] }]",
    }
    assert paths("@hapi/hapi", hapi) == ["GET /orders"]


PLAIN = """
    import {{ createServer }} from 'node:http'
    {extra}
    createServer((req, res) => {{
      const {{ pathname }} = new URL(req.url, 'http://x')
      if (req.method === 'GET' && req.url === '/health') {{ res.end() }}
      if (req.method === 'POST') {{ if (pathname === '/orders') res.end() }}
      switch (pathname) {{ case '/items': res.end() }}
    }}).listen(80)
    """


def test_servers_of_node_without_a_framework() -> None:
    files = {"index.js": PLAIN.format(extra="")}
    assert paths("ms", files) == ["* /items", "GET /health", "POST /orders"]
    files = {"index.js": PLAIN.format(extra="import express from 'express'")}
    assert paths("express", files) == []


def test_a_program_that_only_its_developers_script_starts() -> None:
    files = {
        f"{name}/package.json": f'{{"name": "{name}", "scripts": {{"dev": "{script}"}}}}'
        for name, script in (("orders", "tsx watch src/server.ts"), ("tool", "vite"))
    }
    for name in ("orders", "tool"):
        files[f"{name}/src/server.ts"] = textwrap.dedent(PLAIN.format(extra=""))
    found = architecture(files)
    assert {each.id for each in found.nodes() if str(each.kind) == "service"} == {"service:orders"}
