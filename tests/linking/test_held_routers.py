"""Express: routers that objects hold, and functions that answer all that is below a path."""

from __future__ import annotations

from tests.linking.system import architecture

ROUTER = """
    const express = require('express')
    class OrdersRouter {
      constructor () {
        this.router = express.Router()
        this.router.get('/:id', this.show.bind(this))
      }
    }
    module.exports = OrdersRouter
    """


def paths(server: str, more: dict[str, str] | None = None, **others: str) -> list[str]:
    files = {
        "package.json": '{"dependencies": {"express": "4"}}',
        "server.js": server,
        "orders.js": ROUTER,
        **{f"{name}.js": text for name, text in others.items()},
        **(more or {}),
    }
    return sorted(each.path for each in architecture(files).endpoints)


def test_a_router_in_a_field_of_an_object_that_is_made_here() -> None:
    server = """
        const express = require('express')
        const OrdersRouter = require('./orders')
        class Server {
          start (options) {
            this.app = express()
            this.routers = options.routers || {}
            this.routers.orders = this.routers.orders || new OrdersRouter(options)
            this.app.use('/v1/orders', this.routers.orders.router)
            this.app.listen(80)
          }
        }
        """
    assert paths(server) == ["/v1/orders/{id}"]


def test_a_router_of_a_variable_that_is_made_here() -> None:
    server = """
        const app = require('express')()
        const OrdersRouter = require('./orders')
        const orders = new OrdersRouter()
        app.use('/v2/orders', orders.router)
        app.listen(80)
        """
    assert paths(server) == ["/v2/orders/{id}"]


def test_a_function_that_can_hand_on_to_nobody_answers() -> None:
    server = """
        const app = require('express')()
        const health = require('./health')
        app.use('/health', health)
        app.use('/ping', (req, res) => res.sendStatus(200))
        app.use('/api', (req, res) => res.sendStatus(404))
        app.use('/all', (req, res, next) => next())
        app.use('/of', (ctx, next) => next())
        app.listen(80)
        """
    health = """
        const router = require('express').Router()
        router.use('/', (req, res) => { res.sendStatus(200) })
        module.exports = router
        """
    assert paths(server, health=health) == ["/health", "/ping", "/{id}"]  # the last: nobody's


def test_a_router_that_is_taken_out_of_an_object() -> None:
    server = """
        const express = require('express')
        const OrdersRouter = require('./orders')
        class Server {
          start (options) {
            this.app = express()
            const orders = new OrdersRouter(...options).router
            this.app.use('/v1/orders', orders)
            this.app.listen(80)
          }
          old () {
            const { router } = new OrdersRouter(this.options)
            this.app.use('/v0/orders', router)
          }
        }
        """
    assert paths(server) == ["/v0/orders/{id}", "/v1/orders/{id}"]


def test_a_router_that_is_taken_out_of_an_object_by_the_module() -> None:
    server = """
        const app = require('express')()
        const OrdersRouter = require('./orders')
        const orders = new OrdersRouter().router
        const { router, jobs } = new OrdersRouter()
        app.use('/v1/orders', orders)
        app.use('/v0/orders', router)
        app.listen(80)
        """
    assert paths(server) == ["/v0/orders/{id}", "/v1/orders/{id}"]


CONFIGURED = """
    const express = require('express')
    const OrdersRouter = require('./orders')
    class App {
      constructor (data) {
        this.data = data
        this.app = express()
      }
      start () {
        const { router } = new OrdersRouter()
        this.app.use(PATH, router)
        this.app.listen(80)
      }
    }
    module.exports = App
    """


def test_a_mount_path_of_an_object_that_the_constructor_is_given() -> None:
    files = {
        "index": """
            const App = require('./app')
            new App({ base: process.env.BASE_URI, more: { path: '/more' } }).start()
            """,
    }
    env = {".env.example": "BASE_URI=/api/v1\n"}

    def mounted(path: str, index: str = files["index"], env: dict[str, str] = env) -> list[str]:
        return paths(index, env, app=CONFIGURED.replace("PATH", path))

    assert mounted("this.data.base") == ["/api/v1/{id}"]
    assert mounted("this.data.more.path") == ["/more/{id}"]
    # A name like a variable's is that variable, however the object came here.
    assert mounted("this.data.of.BASE_URI", "new (require('./app'))(settings())") == [
        "/api/v1/{id}"
    ]
    # Else the path is unknown, and those below it are not told with a wrong one.
    assert mounted("this.data.base", "new (require('./app'))(settings())") == []
    assert mounted("this.data.of.BASE_URI", env={}) == []
