"""Express: routers that are handed to functions, here and in other files."""

from __future__ import annotations

import textwrap

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import RouterMounted
from scaleaudit.languages.javascript import extract

START = """
    const express = require('express')
    const app = express()
    const api = express.Router()
    app.use('/v1', api)
    app.listen(80)
    """


def paths(more: str, **others: str) -> list[str]:
    files = {
        "package.json": '{"dependencies": {"express": "4"}}',
        "server.js": textwrap.dedent(START) + textwrap.dedent(more),
        **{f"{name}.{kind}": text for name, text in others.items() for kind in [kind_of(text)]},
    }
    return sorted(each.path for each in architecture(files).endpoints)


def kind_of(text: str) -> str:
    return "ts" if ": Router" in text else "js"


@pytest.mark.parametrize(
    ("call", "file"),
    [
        (
            "require('./orders')(api)",
            "module.exports = (router) => { router.get('/orders', list) }",
        ),
        (
            "require('./orders').add(api)",
            "exports.add = function (app) { app.get('/orders', list) }",
        ),
        (
            "const add = require('./orders'); add(options, api)",
            "module.exports = add\nfunction add (options, app) { app.get('/orders', list) }",
        ),
        (
            "const { add } = require('./orders'); add({ app: api })",
            "exports.add = async ({ app }) => { app.get('/orders', list) }",
        ),
        (
            "const { add } = require('./orders'); add({ server: api })",
            "exports.add = ({ server: app }) => { app.get('/orders', list) }",
        ),
        (
            "import add from './orders'; add(api)",
            "import { Router } from 'express'\n"
            "export default function (target: Router) { target.get('/orders', list) }",
        ),
        (
            "const Orders = require('./orders'); new Orders(api)",
            "class Orders { constructor (app) { this.app = app; this.add() }\n"
            "add () { this.app.get('/orders', list) } }\nmodule.exports = Orders",
        ),
        (
            "const Orders = require('./orders'); Orders.add(api)",
            "module.exports = class Orders { static add (app) { app.get('/orders', list) } }",
        ),
    ],
)
def test_a_router_that_another_file_is_given(call: str, file: str) -> None:
    assert paths(call, orders=file) == ["/v1/orders"]


def test_a_function_that_makes_a_router_and_hands_it_on() -> None:
    routes = """
        const { Router } = require('express')
        const orders = require('./orders')
        module.exports = () => { const app = Router(); orders(app); return app }
        """
    orders = """
        const { Router } = require('express')
        const route = Router()
        module.exports = (app) => { app.use('/orders', route); route.get('/open', list) }
        """
    found = paths("const routes = require('./routes'); app.use('/v2', routes())",
                  routes=routes, orders=orders)  # fmt: skip
    assert found == ["/v2/orders/open"]


def test_modules_by_their_alias() -> None:
    files = {
        "package.json": '{"dependencies": {"express": "4"}}',
        "tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["src/*"]}}}',
        "src/server.ts": """
            import express from 'express'
            import make from '@/make'
            const app = express()
            app.use('/v3', make())
            app.listen(80)
            """,
        "src/make.ts": """
            import { Router } from 'express'
            import orders from '@/orders'
            export default () => { const app = Router(); orders(app); return app }
            """,
        "src/orders.ts": "export default (app) => { app.get('/orders', list) }",
    }
    assert [each.path for each in architecture(files).endpoints] == ["/v3/orders"]


def test_each_parameter_hangs_where_its_argument_does() -> None:
    both = """
        module.exports = (app, router) => {
          app.get('/health', show)
          router.get('/orders', list)
        }
        """
    assert paths("require('./both')(app, api)", both=both) == ["/health", "/v1/orders"]


def test_functions_of_one_file_are_told_apart() -> None:
    both = """
        exports.open = (router) => { router.get('/health', show) }
        exports.inner = (routes) => { routes.get('/orders', list) }
        """
    calls = "const both = require('./both'); both.open(app); both.inner(api)"
    assert paths(calls, both=both) == ["/health", "/v1/orders"]


def test_a_function_of_the_same_file() -> None:
    assert paths("add(api); function add (router) { router.get('/orders', list) }") == [
        "/v1/orders"
    ]


def test_what_packages_are_given_mounts_nothing() -> None:
    more = "const docs = require('swagger-setup'); docs(api)"
    routes = "module.exports = (app) => { app.get('/orders', list) }"
    assert paths(more + "; require('./routes')(app)", routes=routes) == ["/orders"]


def test_functions_that_call_themselves_and_each_other() -> None:
    turns = """
        function one (router) { router.get('/orders', list); one(router); two(router) }
        function two (router) { one(router) }
        module.exports = one
        """
    assert paths("require('./turns')(api)", turns=turns) == ["/v1/orders"]


def test_many_ways_through_many_functions_are_not_all_walked() -> None:
    files = {
        f"step{at}": f"module.exports = (app) => {{ {f'step{at + 1}(app); ' * 12} }}\n"
        f"const step{at + 1} = require('./step{at + 1}')"
        for at in range(20)
    }
    last = "module.exports = (app) => { app.get('/orders', list) }"
    assert paths("require('./step0')(api)", **files, step20=last)[-1].endswith("/orders")


def test_what_a_parameter_stands_for_where_it_is_not_given() -> None:
    more = "app.get('/health', show); function add (target = app) { }; add(api)"
    assert paths(more) == ["/health"]


def test_an_object_that_nobody_exports_gives_no_other_name() -> None:
    more = """
        const orders = express.Router()
        orders.get('/orders', list)
        app.use('/x', orders)
        const parts = { api: orders }
        """
    assert paths(more) == ["/x/orders"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("f(app)", ["f(0)"]),
        ("const app = express(); f(app)", ["f(0)"]),
        ("const r = Router(); f(r)", ["f(0)"]),
        ("import React from 'react'; f(app)", []),
        ("const app = express(); module.exports = { app }", []),
        ("import f from 'docs'; f(app)", []),
        ("import f from './docs'; f(app)", ["f(0)"]),
        ("require('docs')(app)", []),
        ("String(app)", []),
    ],
)
def test_each_is_told_once_and_none_of_packages_or_pages(text: str, said: list[str]) -> None:
    source = f"import express, {{ Router }} from 'express'\n{text}\n"
    found = [fact for fact in extract(source.encode()).facts if isinstance(fact, RouterMounted)]
    assert [f"{each.child}({each.given})" for each in found] == said


def test_the_default_of_what_a_module_hands_on_is_not_its_own() -> None:
    add = "export default function (app: Router) {{ app.get('/{0}', list) }}"
    routes = "export * from './orders'\n" + add.format("own")
    found = paths(
        "import add from './routes'; add(api)", routes=routes, orders=add.format("orders")
    )
    assert found == ["/orders", "/v1/own"]
