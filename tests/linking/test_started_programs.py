"""Several programs of one image: each command names the file that its process begins in."""

from __future__ import annotations

import textwrap

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

PYTHON = {
    "requirements.txt": "fastapi\nuvicorn\nrequests\n",
    "Dockerfile": "FROM python:3.12\nCOPY . .\n",
    "shop/__init__.py": "",
    "shop/orders/__init__.py": "",
    "shop/orders/main.py": """
        import requests
        from fastapi import FastAPI
        from shop.orders.routes import router
        app = FastAPI()
        app.include_router(router)
        @app.get("/orders")
        def orders(): return requests.get("http://bills:8000/bills").json()
        """,
    "shop/orders/routes.py": """
        from fastapi import APIRouter
        router = APIRouter()
        @router.get("/lines")
        def lines(): ...
        """,
    "shop/bills/__init__.py": "",
    "shop/bills/main.py": """
        from fastapi import FastAPI
        app = FastAPI()
        @app.get("/bills")
        def bills(): ...
        """,
}
NODE = {
    "package.json": (
        '{"name": "shop", "dependencies": {"express": "4"},'
        ' "scripts": {"start:bills": "node dist/apps/bills/main.js"}}'
    ),
    "Dockerfile": "FROM node:22\nARG APP\nCOPY . .\nCMD node dist/apps/${APP}/main.js\n",
    "apps/orders/src/main.ts": """
        import express from 'express'
        import { lines } from './routes'
        const app = express()
        app.get('/orders', () => fetch('http://bills/bills'))
        app.use(lines)
        app.listen(80)
        """,
    "apps/orders/src/routes.ts": """
        import { Router } from 'express'
        export const lines = Router()
        lines.get('/lines', (q, r) => r.end())
        """,
    "apps/bills/src/main.ts": """
        import express from 'express'
        const app = express()
        app.get('/bills', (q, r) => r.end())
        app.listen(80)
        """,
}


def found(files: dict[str, str], orders: str, bills: str) -> tuple[set[str], set[str]]:
    whole = "" if "build:" in orders else "build: ., "
    compose = f"services:\n  orders: {{{whole}{orders}}}\n  bills: {{{whole}{bills}}}\n"
    texts = {path: textwrap.dedent(text) for path, text in files.items()}
    made = architecture({**texts, "compose.yml": compose})
    calls = {f"{e.source} {e.target}".replace("service:", "") for e in made.edges(EdgeKind.CALLS)}
    return calls, {f"{e.component} {e.path}".replace("service:", "") for e in made.endpoints}


@pytest.mark.parametrize(
    ("files", "orders", "bills"),
    [
        (PYTHON, "command: uvicorn --port 80 shop.orders.main:app", "command: python -m shop.bills.main"),
        (
            PYTHON,
            "command: [gunicorn, 'shop.orders.main:app', -w, '4']",
            "command: sh -c 'python -u shop/bills/main.py'",
        ),
        (NODE, "command: node dist/apps/orders/main", "command: npm run start:bills"),
        (NODE, "command: tsx apps/orders/src/main.ts", "command: npx ts-node ./apps/bills/src/main"),
        (NODE, "build: {context: ., args: {APP: orders}}", "build: {context: ., args: {APP: bills}}"),
    ],
)  # fmt: skip
def test_each_program_serves_and_calls_what_its_own_files_do(
    files: dict[str, str], orders: str, bills: str
) -> None:
    assert found(files, orders, bills) == (
        {"orders bills"},
        {"orders /orders", "orders /lines", "bills /bills"},
    )


def test_where_one_begins_nobody_knows_where_all_stays_together() -> None:
    whole = {"orders /orders", "orders /lines", "orders /bills"}
    main = "command: uvicorn shop.orders.main:app, ports: ['80:80']"
    assert found(PYTHON, main, "command: ./start.sh")[1] == whole
    # Django finds what it loads by its settings
    django = {**PYTHON, "shop/wsgi.py": "application = None\n"}
    assert found(django, main, "command: gunicorn shop.wsgi:application")[1] == whole
    django["manage.py"] = "import sys\n"
    assert found(django, main, "command: python manage.py runserver 80") == (set(), whole)


PROFILES = """
    services:
      orders: {{build: ., profiles: [all, new], ports: ["{0}:80"], command: node start.mjs}}
      orders-old: {{build: ., profiles: [old], ports: ["3170:3000"], command: node src/index.js}}
      cache: {{image: redis}}
    """


@pytest.mark.parametrize(("port", "both"), [("3170", True), ("3171", False)])
def test_what_takes_the_place_of_another_by_its_profile_runs_the_same(
    port: str, *, both: bool
) -> None:
    """Its command begins in a script that starts the program; both would have the same port."""
    files = {
        "compose.yaml": PROFILES.format(port),
        "Dockerfile": "FROM node:22\nCOPY . .\n",
        "package.json": '{"name": "orders", "dependencies": {"ioredis": "5", "express": "4"}}',
        "start.mjs": "import { spawn } from 'child_process';\nspawn('node', ['src/index.js']);\n",
        "src/index.js": "require('express')().listen(3000);\nrequire('./cache');\n",
        "src/cache.js": "const Redis = require('ioredis');\nnew Redis('redis://cache:6379');\n",
    }
    found = architecture(files).edges(EdgeKind.USES)
    assert ("service:orders" in {e.source for e in found}) == both
    assert "service:orders-old" in {e.source for e in found}


def test_what_migrates_beside_programs_that_are_told_apart() -> None:
    files = {
        "compose.yaml": """
            services:
              orders: {build: ., command: node src/orders.js}
              bills: {build: ., command: node src/bills.js}
              migrate: {build: ., command: npx prisma migrate deploy}
              db: {image: postgres}
            """,
        "Dockerfile": "FROM node:22\nENV DATABASE_URL=postgres://db/shop\nCOPY . .\nCMD node start.mjs\n",
        "start.mjs": "console.log(process.argv);\n",
        "package.json": '{"name": "shop", "dependencies": {"@prisma/client": "5"}}',
        "prisma/schema.prisma": 'datasource db {\n provider = "postgresql"\n url = env("DATABASE_URL")\n}\n'
        "model Order {\n id Int @id\n}\n",
        "src/orders.js": "const { PrismaClient } = require('@prisma/client');\n"
        "const db = new PrismaClient();\ndb.order.findMany();\n",
        "src/bills.js": "setInterval(() => {}, 1000);\n",
    }
    found = architecture(files).edges(EdgeKind.USES)
    assert ("service:migrate", "database:db") in {(e.source, e.target) for e in found}
