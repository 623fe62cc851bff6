"""Routes that Fastify finds by their folders."""

from __future__ import annotations

import json

from tests.linking.system import architecture

ROUTES = """
    export default async function (fastify) {
      fastify.get('/', async () => ({ ok: true }));
      fastify.put('/:id', async () => ({}));
    }
    """
APP = """
    import AutoLoad from '@fastify/autoload';
    export default async function (fastify) {
      fastify.register(AutoLoad, { dir: 'routes' });
    }
    """


def paths(*libraries: str) -> set[str]:
    package = {
        "name": "orders",
        "scripts": {"start": "fastify start app.js"},
        "dependencies": dict.fromkeys(("fastify", *libraries), "*"),
    }
    files = {
        "orders/package.json": json.dumps(package),
        "orders/Dockerfile": "FROM node:22\nCOPY . .\nCMD npm start\n",
        "orders/app.js": APP,
        "orders/routes/root.js": ROUTES,
        "orders/routes/shops/_shop/index.js": ROUTES,
        "compose.yaml": "services: {orders: {build: ./orders, ports: ['80:3000']}}",
    }
    return {each.path for each in architecture(files).endpoints}


def test_folders_below_routes_stand_in_front() -> None:
    assert paths("@fastify/autoload") == {"/", "/{id}", "/shops/{shop}", "/shops/{shop}/{id}"}


def test_without_the_library_they_do_not() -> None:
    assert paths() == {"/", "/{id}"}
