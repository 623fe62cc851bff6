"""Routers of Node's frameworks: how files export, list, chain and nest them."""

from __future__ import annotations

import textwrap

import pytest
from tests.linking.system import architecture

from scaleaudit.time_limit import cpu_limit

ROUTER = """
    const { Router } = require('express')
    const router = Router()
    router.get('/all', list)
    module.exports = router
    """
TYPED = """
    import { Router } from 'express'
    const router = Router()
    router.get('/all', list)
    export default router
    """
START = "const express = require('express')\nconst app = express()\napp.listen(80)\n"
TYPED_START = "import express from 'express'\nconst app = express()\napp.listen(80)\n"


def paths(files: dict[str, str], package: str = "express") -> list[str]:
    files = {"package.json": f'{{"dependencies": {{"{package}": "4"}}}}', **files}
    texts = {name: textwrap.dedent(text) for name, text in files.items()}
    return sorted(f"{each.method} {each.path}" for each in architecture(texts).endpoints)


@pytest.mark.parametrize(
    "index",
    [
        "const users = require('./users'); const items = require('./items')\n"
        "module.exports = { users, items }",
        "module.exports = { users: require('./users'), items: require('./items') }",
        "exports.users = require('./users'); module.exports.items = require('./items')",
        "module.exports = require('./both')",
        "module.exports = { users: require('./both').users, items: require('./both').items }",
        "exports.users = require('./both').users; exports.items = require('./both').items",
    ],
)
def test_modules_that_hand_on_what_others_export(index: str) -> None:
    server = START + (
        "const routes = require('./routes')\n"
        "app.use('/u', routes.users); app.use('/i', routes.items)"
    )
    files = {
        "server.js": server,
        "routes/index.js": index,
        "routes/both.js": "module.exports = { users: require('./users'), items: require('./items') }",
        "routes/users.js": ROUTER,
        "routes/items.js": ROUTER,
    }
    assert paths(files) == ["GET /i/all", "GET /u/all"]


@pytest.mark.parametrize(
    "index",
    [
        "export { default as users } from './users'; export { default as items } from './items'",
        "import users from './users'; import items from './items'; export { users, items }",
        "export * from './named'",
    ],
)
def test_modules_that_export_from_others(index: str) -> None:
    server = TYPED_START + (
        "import { users, items } from './routes'\napp.use('/u', users); app.use('/i', items)"
    )
    named = """
        import { Router } from 'express'
        export const users = Router().get('/all', list)
        export const items = Router().get('/all', list)
        """
    files = {
        "server.ts": server,
        "routes/index.ts": index,
        **(
            {"routes/named.ts": named}
            if "named" in index
            else {"routes/users.ts": TYPED, "routes/items.ts": TYPED}
        ),
    }
    assert paths(files) == ["GET /i/all", "GET /u/all"]


def test_routers_that_are_exported_by_another_name() -> None:
    routes = """
        const { Router } = require('express')
        const apiRouter = Router()
        apiRouter.get('/orders', list)
        const webRouter = Router()
        webRouter.get('/home', show)
        module.exports = { api: apiRouter, web: webRouter }
        """
    server = START + (
        "const routes = require('./routes')\napp.use('/api', routes.api); app.use('/', routes.web)"
    )
    assert paths({"server.js": server, "routes.js": routes}) == ["GET /api/orders", "GET /home"]


def test_files_that_hand_each_other_on_end() -> None:
    files = {
        "server.js": START + "app.use('/a', require('./a').users)",
        "a.js": "module.exports = require('./b')",
        "b.js": "module.exports = require('./a'); exports.users = require('./users')",
        "users.js": ROUTER,
    }
    assert paths(files) == ["GET /a/all"]


def test_routers_that_are_made_in_a_chain() -> None:
    routes = """
        import { Router } from 'express'
        import users from './users'
        const api = Router()
          .use(users)
          .get('/open', list)
        export default Router().use('/api', api)
        """
    server = TYPED_START + "import routes from './routes'\napp.use(routes)"
    assert paths({"server.ts": server, "routes.ts": routes, "users.ts": TYPED}) == [
        "GET /api/all",
        "GET /api/open",
    ]


@pytest.mark.parametrize(
    "loop",
    [
        "const all = [{ path: '/u', route: users }, { path: '/i', route: items }]\n"
        "all.forEach((each) => { app.use(each.path, each.route) })",
        "const all = [{ path: '/u', router: users }, { path: '/i', router: items }]\n"
        "for (const { path, router } of all) app.use(path, router)",
        "[{ path: '/u', router: require('./users') }, { path: '/i', router: require('./items') }]"
        ".map(({ path, router: one }) => app.use(path, one))",
        "[{ path: '/u', users }, { path: '/none' }, { users }].forEach((each) => app.use(each.path, each.users));"
        "app.use('/i', items)",
        "[users].forEach((each) => app.use('/u', each)); ['/i'].forEach((each) => app.use(each, items))",
    ],
)
def test_routers_of_a_list(loop: str) -> None:
    imports = "const users = require('./users'); const items = require('./items');\n"
    files = {"server.js": START + imports + loop, "users.js": ROUTER, "items.js": ROUTER}
    assert paths(files) == ["GET /i/all", "GET /u/all"]


def test_a_loop_over_something_else_changes_nothing() -> None:
    loop = "const at = '/u';\n[80, 81].forEach((port) => { app.use(at, require('./users')) })"
    named = "const users = require('./users')\n" + loop.replace("require('./users')", "users")
    for more in (loop, named):
        assert paths({"server.js": START + more, "users.js": ROUTER}) == ["GET /u/all"]
    made = "const api = express.Router()\n[api].forEach((router) => { router.get('/all', list) })"
    assert paths({"server.js": START + made}) == ["GET /all"]


@pytest.mark.parametrize(
    ("listed", "taken"),
    [
        ("export const all = [{ path: '/u', route: users }, { path: '/i', route: items }] as const", "{ all }"),
        ("const all = [{ path: '/u', route: users }, { path: '/i', route: items }]\nexport default all", "all"),
        ("export default [{ path: '/u', route: users }, { path: '/i', route: items }]", "all"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "loop",
    [
        "all.forEach((each) => api.use(each.path, each.route))",
        "for (const { path, route } of all) api.use(path, route)",
    ],
)
def test_routers_of_a_list_of_another_file(listed: str, taken: str, loop: str) -> None:
    files = {
        "server.ts": TYPED_START
        + f"import {taken} from './list'\nconst api = express.Router()\napp.use('/api', api)\n{loop}",
        "list.ts": f"import users from './users'\nimport items from './items'\n{listed}",
        "users.ts": TYPED,
        "items.ts": TYPED,
    }
    assert paths(files) == ["GET /api/i/all", "GET /api/u/all"]


@pytest.mark.parametrize("exported", ["", "export "])
def test_routers_of_hono_in_a_list(exported: str) -> None:
    own = "import { Hono } from 'hono'\n"
    files = {
        "server.ts": own
        + "import users from './users'\nconst app = new Hono()\nconst api = new Hono()\n"
        + f"{exported}const all = [{{ path: '/u', route: users }}]\n"
        + "all.forEach((each) => { api.route(each.path, each.route) })\napp.route('/api', api)",
        "users.ts": own
        + "const users = new Hono()\nusers.get('/all', (c) => c.text('x'))\nexport default users",
    }
    assert paths(files) == ["GET /api/u/all"]


def test_a_list_of_another_file_mounts_nothing() -> None:
    loop = "const all = require('./all')\nall.forEach((each) => { app.use(each.path, each.route) })"
    files = {"server.js": START + loop, "all.js": "module.exports = []", "users.js": ROUTER}
    assert paths(files) == ["GET /all"]


def test_middlewares_without_a_path_mount_nothing() -> None:
    auth = """
        const router = require('express').Router()
        router.post('/login', login)
        exports.router = router
        exports.signedIn = (request, response, next) => next()
        """
    server = START + (
        "const api = express.Router()\napp.use('/api', api)\n"
        "const { signedIn } = require('./auth')\napi.use(signedIn)\napi.get('/orders', list)"
    )
    assert paths({"server.js": server, "auth.js": auth}) == ["GET /api/orders", "POST /login"]


def test_controllers_that_mount_controllers() -> None:
    base = "export default class Controller { app = Router() }"
    index = """
        import Controller from './controller'
        import Orders from './orders'
        export default class Index extends Controller {
          constructor () { super(); this.use('/api', new Orders(this.config).router) }
        }
        """
    orders = """
        import Controller from './controller'
        export default class Orders extends Controller {
          constructor () { super(); this.get('/orders', this.list) }
        }
        """
    server = TYPED_START + (
        "import Index from './index_router'\nfunction start (config) {\n"
        "const basePath = config.server.basePath || ''\n"
        "app.use(`${basePath}/`, new Index().router) }"
    )
    files = {"server.ts": server, "index_router.ts": index, "orders.ts": orders,
             "controller.ts": base}  # fmt: skip
    assert paths(files) == ["GET /api/orders"]


def test_routers_of_koa_in_routers_of_koa() -> None:
    inner = """
        const Router = require('@koa/router')
        const router = new Router()
        router.get('/all', list)
        module.exports = router
        """
    server = """
        const Koa = require('koa')
        const Router = require('@koa/router')
        const inner = require('./inner')
        const app = new Koa()
        const outer = new Router({ prefix: '/p' })
        outer.use('/c', inner.routes(), inner.allowedMethods())
        app.use(outer.routes())
        app.listen(80)
        """
    assert paths({"server.js": server, "inner.js": inner}, "koa") == ["GET /p/c/all"]


def test_plugins_in_plugins_of_fastify() -> None:
    server = """
        import Fastify from 'fastify'
        import users from './users'
        const app = Fastify()
        app.register(async (api) => {
          api.get('/open', show)
          api.register(users, { prefix: '/users' })
        }, { prefix: '/v1' })
        app.listen({ port: 80 })
        """
    users = """
        import { FastifyInstance } from 'fastify'
        export default async function routes (fastify: FastifyInstance) {
          fastify.get('/all', list)
          fastify.route({ method: 'POST', url: '/', handler: make })
        }
        """
    assert paths({"server.ts": server, "users.ts": users}, "fastify") == [
        "GET /v1/open",
        "GET /v1/users/all",
        "POST /v1/users",
    ]


def test_plugins_of_the_same_name_as_the_application() -> None:
    server = """
        const app = require('fastify')()
        app.get('/health', show)
        app.register(async (app) => { app.get('/open', show) }, { prefix: '/v1' })
        app.listen(80)
        """
    assert paths({"server.js": server}, "fastify") == ["GET /health", "GET /v1/open"]


def test_elysia() -> None:
    server = """
        import { Elysia } from 'elysia'
        import { orders } from './orders'
        new Elysia({ prefix: '/api' }).use(orders).get('/health', () => 'ok').listen(80)
        """
    orders = """
        import { Elysia } from 'elysia'
        export const orders = new Elysia({ prefix: '/orders' })
          .get('/all', list)
          .group('/open', (app) => app.post('/', make))
          .guard({ headers }, (app) => app.delete('/:id', remove))
        """
    assert paths({"server.ts": server, "orders.ts": orders}, "elysia") == [
        "DELETE /api/orders/{id}",
        "GET /api/health",
        "GET /api/orders/all",
        "POST /api/orders/open",
    ]


@pytest.mark.parametrize(
    ("server", "module"),
    [
        (
            "import { make } from './users'; app.use('/u', make(db))",
            "export function make (db) { const router = Router(); router.get('/all', list); return router }",
        ),
        (
            "import { make } from './users'; const users = make(db); app.use('/u', users)",
            "export const make = (db) => { const router = Router(); router.get('/all', list)\nreturn router }",
        ),
        (
            "import { make } from './users'; const { router } = make(db); app.use('/u', router)",
            "export function make (db) { const router = Router(); router.get('/all', list); return { router } }",
        ),
        (
            "import { make } from './users'; async function f () { app.use('/u', await make()) }",
            "export async function make () { return Router().get('/all', list) }",
        ),
        (
            "import { make } from './users'; app.use('/u', make())",
            "export const make = () => Router().get('/all', list)",
        ),
        (
            "import { Users } from './users'; const users = new Users(); app.use('/u', users.routes())",
            "export class Users { routes () { const r = Router(); r.get('/all', list); return r } }",
        ),
        (
            "import { Users } from './users'; app.use('/u', new Users(db).getRouter())",
            "export class Users { router = Router(); constructor () { this.router.get('/all', list) }\n"
            "getRouter () { return this.router } }",
        ),
        (
            "import { Users } from './users'\nclass Server { constructor (private users: Users) {}\n"
            "start () { app.use('/u', this.users.router) } }",
            "export class Users { router = Router(); constructor () { this.router.get('/all', list) } }",
        ),
    ],
)
def test_routers_that_functions_and_classes_of_other_files_make(server: str, module: str) -> None:
    files = {
        "server.ts": TYPED_START + server,
        "users.ts": "import { Router } from 'express'\n" + module,
    }
    assert paths(files) == ["GET /u/all"]


def test_the_field_of_another_object_is_not_the_classs_own() -> None:
    server = TYPED_START + (
        "import { Users } from './users'\nimport { Orders } from './orders'\n"
        "class Server { constructor (private users: Users, private shop: Orders) {}\n"
        "start (shop) { app.use('/o', shop.users.router) } }"
    )
    router = "router = Router(); constructor () { this.router.get('/all', list) }"
    files = {
        "server.ts": server,
        "users.ts": f"import {{ Router }} from 'express'\nexport class Users {{ {router} }}",
    }
    assert paths(files) == ["GET /all"]


def test_routers_of_one_name_in_several_functions() -> None:
    both = """
        import { Router } from 'express'
        export function users () { const router = Router(); router.get('/all', list); return router }
        export function items (router) { router.get('/one', show) }
        export const shops = () => {
          const router = Router(), inner = Router()
          inner.get('/open', show)
          router.use('/inner', inner)
          return router
        }
        """
    server = TYPED_START + (
        "import { users, items, shops } from './both'\nconst api = express.Router()\n"
        "app.use('/api', api); items(api); app.use('/u', users()); app.use('/s', shops())"
    )
    assert paths({"server.ts": server, "both.ts": both}) == [
        "GET /api/one",
        "GET /s/inner/open",
        "GET /u/all",
    ]


@pytest.mark.parametrize("name", ["proxyRoutes", "authRouter", "jwtrouter", "loggingRoutes"])
def test_routers_whose_names_begin_as_a_middlewares_does(name: str) -> None:
    server = START + f"const {name} = require('./users')\napp.use('/u', {name})"
    assert paths({"server.js": server, "users.js": ROUTER}) == ["GET /u/all"]


def test_a_parameter_that_ends_as_a_router_does() -> None:
    users = "module.exports = (Jwtrouter) => { Jwtrouter.get('/all', list) }"
    server = START + "const api = express.Router(); app.use('/u', api); require('./users')(api)"
    assert paths({"server.js": server, "users.js": users}) == ["GET /u/all"]


@pytest.mark.parametrize(
    "refusal",
    [
        "app.all('*', async () => { throw new NotFoundError() })",
        "app.get('/*', (request, response) => response.status(404).end())",
        "app.all('(.*)', notFound)",
    ],
)
def test_what_is_found_nowhere_is_no_endpoint(refusal: str) -> None:
    server = START + f"app.get('/all', list)\n{refusal}\n"
    assert paths({"server.js": server}) == ["GET /all"]


def test_a_page_for_all_other_paths_is_one() -> None:
    server = START + "app.get('*', (request, response) => response.sendFile('index.html'))\n"
    assert len(paths({"server.js": server})) == 1


def test_what_koa_deletes() -> None:
    server = """
        const Router = require('@koa/router')
        const router = new Router()
        router.del('/all/:id', remove)
        """
    assert paths({"server.js": server}, "koa") == ["DELETE /all/{id}"]


def test_routers_of_hono_in_a_function() -> None:
    server = """
        import { Hono } from 'hono'
        export function make () {
          const inner = new Hono()
          inner.get('/all', list)
          const app = new Hono()
          app.route('/u', inner)
          return app
        }
        """
    assert paths({"server.ts": server}, "hono") == ["GET /u/all"]


@pytest.mark.parametrize(
    "line", ["import { 'a.a' as a } from './a'", "const { 'a.a': a } = require('./a')"]
)
def test_names_that_lead_to_longer_names_end(line: str) -> None:
    own = f"{line}\n{START}app.use('/x', a.b)\napp.get('/y', list)"
    assert paths({"a.js": own}) == ["GET /y"]


NAMED = "import { Router } from 'express'\nexport const {0} = Router()\n{0}.get('/{0}', list)"


def test_all_of_a_module_but_its_default_is_handed_on() -> None:
    routes = """
        export * from './users'
        import { Router } from 'express'
        const own = Router()
        own.get('/own', list)
        export default own
        """
    server = TYPED_START + "import routes from './routes'\napp.use('/r', routes)"
    files = {"server.ts": server, "routes.ts": routes, "users.ts": TYPED}
    assert paths(files) == ["GET /all", "GET /r/own"]


def test_a_name_is_not_looked_for_in_all_routers_of_all_modules() -> None:
    server = TYPED_START + "import { router } from './routes'\napp.use('/r', router)"
    files = {
        "server.ts": server,
        "routes.ts": "export * from './first'; export * from './second'",
        "first.ts": NAMED.replace("{0}", "router"),
        "second.ts": NAMED.replace("{0}", "items"),
    }
    assert paths(files) == ["GET /items", "GET /r/router"]


def test_a_router_in_an_object_that_is_exported_by_default() -> None:
    users = """
        import { Router } from 'express'
        const apiRouter = Router()
        apiRouter.get('/all', list)
        export default { api: apiRouter, other: Router() }
        """
    routes = "import users from './users'; export { users }"
    server = TYPED_START + "import { users } from './routes'\napp.use('/u', users.api)"
    assert paths({"server.ts": server, "routes.ts": routes, "users.ts": users}) == ["GET /u/all"]


@pytest.mark.parametrize(
    "index",
    ["module.exports = require('./both').items", "exports.users = { items: require('./items') }"],
)
def test_modules_of_which_something_else_is_taken(index: str) -> None:
    server = START + "const routes = require('./routes')\napp.use('/u', routes.users)"
    files = {
        "server.js": server,
        "routes/index.js": index,
        "routes/both.js": "module.exports = { users: require('./users'), items: require('./items') }",
        "routes/users.js": ROUTER.replace("/all", "/users"),
        "routes/items.js": ROUTER.replace("/all", "/items"),
    }
    assert paths(files) == ["GET /items", "GET /users"]


def test_only_a_base_is_left_out_of_a_path() -> None:
    served = "app.get(`${config.basePath}/all`, list); app.get(`${config.shop}/all`, list)"
    server = START + f"function serve (config) {{ {served} }}"
    assert paths({"server.js": server}) == ["GET /all", "GET /{}/all"]


def test_objects_of_routes_in_plugins() -> None:
    server = """
        const app = require('fastify')()
        app.register((api) => {
          api.route({ method: 'POST', url: '/pay', handler: pay })
        }, { prefix: '/v1' })
        app.listen(80)
        """
    assert paths({"server.js": server}, "fastify") == ["POST /v1/pay"]


def test_classes_by_their_name() -> None:
    orders = """
        import { Router } from 'express'
        export class Orders {
          router = Router()
          constructor () { this.router.get('/all', this.list) }
        }
        """
    server = TYPED_START + ("import { Orders } from './orders'\napp.use('/o', new Orders().router)")
    assert paths({"server.ts": server, "orders.ts": orders}) == ["GET /o/all"]


def test_routers_that_all_hang_on_each_other() -> None:
    each = range(60)
    made = "".join(f"const r{n} = express.Router(); r{n}.get('/all{n}', list)\n" for n in each)
    mounted = "".join(f"r{n}.use('/p{m}', r{m})\n" for n in each for m in each)
    with cpu_limit(5):
        assert len(paths({"server.js": START + made + mounted + "app.use('/r', r0)"})) >= len(each)
