"""JavaScript and TypeScript: small sources and every fact they hold."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.resources import files

import pytest
import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Query

from scaleaudit.facts import (
    ConstantDefined,
    EndpointServed,
    Fact,
    FileWritten,
    ImportFound,
    MessageReceived,
    MessageSent,
    QueryFound,
    RemoteCall,
    RouterMounted,
    ScheduleStarted,
    ServerStarted,
    SessionKept,
    SettingRead,
    StateKept,
    StoreUsed,
    Timeout,
    WorkSpawned,
)
from scaleaudit.languages.engine import query_text
from scaleaudit.languages.file_text import FileText
from scaleaudit.languages.javascript import extract
from scaleaudit.languages.javascript import tsx as tsx_module
from scaleaudit.languages.javascript import typescript as typescript_module
from scaleaudit.languages.javascript.frameworks import FRAMEWORKS
from scaleaudit.languages.javascript.relevance import matters
from scaleaudit.languages.patterns import PatternTable
from scaleaudit.source import Span
from scaleaudit.values import (
    UNKNOWN,
    Join,
    Literal,
    Name,
    Parameter,
    Setting,
    Unknown,
    text_with_holes,
)

EXTRACTORS = (extract, typescript_module.extract, tsx_module.extract)


def facts(source: str) -> list[Fact]:
    """All facts but imports and settings read, the same for the three grammars."""
    found = [each(source.encode()) for each in EXTRACTORS]
    assert [each.problem for each in found] == ["", "", ""]
    assert found[0].facts == found[1].facts == found[2].facts
    return kept(found[0].facts)


def typed(source: str) -> list[Fact]:
    """The same for a source that needs TypeScript."""
    found = typescript_module.extract(source.encode())
    assert found.problem == ""
    return kept(found.facts)


def kept(found: tuple[Fact, ...]) -> list[Fact]:
    return [fact for fact in found if not isinstance(fact, ImportFound | SettingRead)]


def line(number: int, column: int = 1, end: int = 0) -> Span:
    return Span(number, column, end or number)


def call(source: str) -> RemoteCall:
    found = [fact for fact in facts(source) if isinstance(fact, RemoteCall)]
    assert len(found) == 1
    return found[0]


def routes(source: str) -> list[tuple[str, object, str, str]]:
    found = [fact for fact in typed(source) if isinstance(fact, EndpointServed)]
    return [(fact.method, fact.path, fact.handler, fact.router) for fact in found]


def state(source: str) -> list[str]:
    return [fact.name for fact in facts(source) if isinstance(fact, StateKept)]


@pytest.mark.parametrize(
    ("grammar", "own"),
    [
        (tree_sitter_javascript.language, "plain"),
        (tree_sitter_typescript.language_typescript, "typed"),
        (tree_sitter_typescript.language_tsx, "typed"),
    ],
)
def test_query_compiles_and_no_table_is_left_out(grammar: object, own: str) -> None:
    package = "scaleaudit.languages.javascript"
    text = "\n".join(
        query_text(each, PatternTable(FRAMEWORKS)) for each in (package, f"{package}.{own}")
    )
    assert re.search(r"\$[A-Z]", text) is None
    Query(Language(grammar()), text)  # type: ignore[operator]
    for each in (package, f"{package}.{own}"):
        for file in files(each).iterdir():
            if file.name.endswith(".scm"):
                assert file.read_text().splitlines()[0] in text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import { a } from './a';\nexport const b = () => a(1);", False),
        ("import React from 'react';\nexport class B { static c = 'x.y'; }", False),
        ("import axios from 'axios';", True),
        ("const s = require( 'node:fs' );", True),
        ("const s = await import('bullmq');", True),
        ("fetch ('/x')", True),
        ("export const routes = (app) => { app\n  .get('/x', y); };", True),
        ("class A extends BaseController {}", True),
    ],
)
def test_files_in_which_no_call_can_matter(source: str, expected: bool) -> None:
    assert matters(FileText(source.encode())) is expected


def test_declaration_files_say_nothing() -> None:
    module = import_module("scaleaudit.languages.javascript.declarations")
    assert module.extract(b"declare const a: Map<string, string>;").facts == ()


def test_imports() -> None:
    source = (
        "import express, { Router as R, json } from 'express';\n"
        "import * as path from 'node:path';\n"
        "import './polyfill';\n"
        "export { a, b as c } from './again';\n"
        "export * from './all';\n"
        "const { Pool, Client: C } = require('pg'), fs = require('fs');\n"
        "function f() {\n  const late = require('./late');\n  return import('./dynamic');\n}\n"
        "const text = \"require('./quoted')\"; // require('./comment')\n"
    )
    imports = [fact for fact in extract(source.encode()).facts if isinstance(fact, ImportFound)]
    assert sorted(imports, key=lambda fact: fact.at) == [
        ImportFound(
            line(1), "express", (("default", "express"), ("Router", "R"), ("json", "json"))
        ),
        ImportFound(line(2), "node:path", (), "path"),
        ImportFound(line(3), "./polyfill"),
        ImportFound(line(4), "./again", (("a", "a"), ("b", "c"))),
        ImportFound(line(5), "./all", (("*", ""),)),
        ImportFound(line(6, 29), "pg", (("Pool", "Pool"), ("Client", "C"))),
        ImportFound(line(6, 49), "fs", (), "fs"),
        ImportFound(line(8, 16), "./late", (), "late", lazy=True),
        ImportFound(line(9, 10), "./dynamic", lazy=True),
    ]


def test_imports_of_types_are_not_executed() -> None:
    source = (
        "import type { A } from './a';\nimport { type B, c } from './b';\n"
        "export type { D } from './d';\nimport e = require('./e');\n"
        "import { F } from '$app/f';\nexport interface G { f: F }\n"
    )
    found = typescript_module.extract(source.encode()).facts
    assert [(f.module, f.type_only) for f in found if isinstance(f, ImportFound)] == [
        ("./a", True),
        ("./b", False),
        ("./d", True),
        ("./e", False),
        ("$app/f", True),  # as the compiler drops what only types name
    ]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'http://a'", Literal("http://a")),
        ('"http://a\\\\b"', Literal("http://a\\b")),
        ("`http://a`", Literal("http://a")),
        ("`${HOST}/pay/${order.id}`", Join((Name("HOST"), Literal("/pay/"), Name("order.id")))),
        ("HOST + '/pay/' + 1", Join((Name("HOST"), Literal("/pay/1")))),
        ("process.env.URL", Setting("URL")),
        ("process.env['URL']", Setting("URL")),
        ("process.env.URL || 'http://a'", Setting("URL", Literal("http://a"))),
        ("process.env.URL ?? process.env.OLD ?? 'http://a'", Setting("URL", Setting("OLD", Literal("http://a")))),
        ("process.env.URL ? process.env.URL : 'http://a'", Setting("URL", Literal("http://a"))),
        ("import.meta.env.VITE_URL + '/v1'", Join((Setting("VITE_URL"), Literal("/v1")))),
        ("Bun.env.URL", Setting("URL")),
        ("new URL('/v1', process.env.URL)", Join((Setting("URL"), Literal("/v1")))),
        ("new URL('/v1', 'http://a/').toString()", Literal("http://a/v1")),
        ("String(process.env.URL).trim()", Setting("URL")),
        ("config.get('billing.url')", Setting("billing.url")),
        ("['a:9092', 'b:9092'].join(',')", Literal("a:9092,b:9092")),
    ],
)  # fmt: skip
def test_values(expression: str, value: object) -> None:
    found = facts(f"const config = load();\nconst BASE_URL = {expression};\n")
    constants = [fact for fact in found if isinstance(fact, ConstantDefined)]
    assert constants == [ConstantDefined(constants[0].at, "BASE_URL", value)]  # type: ignore[arg-type]


def test_constants_of_objects_classes_and_exports() -> None:
    source = """
const settings = { pay: { url: process.env.PAY || 'http://pay' }, retries: 3 };
class Stock { static TOPIC = 'stock.low'; constructor() { this.baseUrl = `${settings.pay.url}/v1`; } }
module.exports = { topic: 'orders.paid', settings };
exports.queue = 'mails';
let changing = 'http://x';
"""
    assert [(f.name, f.value) for f in facts(source) if isinstance(f, ConstantDefined)] == [
        ("settings.pay.url", Setting("PAY", Literal("http://pay"))),
        ("Stock.TOPIC", Literal("stock.low")),
        ("Stock.baseUrl", Join((Setting("PAY", Literal("http://pay")), Literal("/v1")))),
        ("topic", Literal("orders.paid")),
        ("default.topic", Literal("orders.paid")),
        ("queue", Literal("mails")),
    ]


def test_enums() -> None:
    assert typed("export enum Topics { Paid = 'orders.paid', Count = 3 }") == [
        ConstantDefined(line(1, 22), "Topics.Paid", Literal("orders.paid"))
    ]


def test_settings_by_schema() -> None:
    source = """
import { cleanEnv, str, url } from 'envalid';
import { z } from 'zod';
import { createEnv } from '@t3-oss/env-nextjs';
import convict from 'convict';
const env = cleanEnv(process.env, { PAY_URL: url({ default: 'http://pay' }), NAME: str() });
const Schema = z.object({ STOCK_URL: z.string().url().default('http://stock') });
const parsed = Schema.parse(process.env);
const t3 = createEnv({ server: { REDIS_URL: z.string() }, runtimeEnv: { REDIS_URL: process.env.REDIS_URL } });
const conf = convict({ db: { host: { format: String, default: 'localhost', env: 'DB_HOST' } } });
fetch(conf.get('db.host'));
"""
    found = [each for each in facts(source) if isinstance(each, ConstantDefined | RemoteCall)]
    assert [(f.name, f.value) for f in found if isinstance(f, ConstantDefined)] == [
        ("env.PAY_URL", Setting("PAY_URL", Literal("http://pay"))),
        ("env.NAME", Setting("NAME")),
        ("parsed.STOCK_URL", Setting("STOCK_URL", Literal("http://stock"))),
        ("t3.REDIS_URL", Setting("REDIS_URL")),
    ]
    assert [f.target for f in found if isinstance(f, RemoteCall)] == [
        Setting("DB_HOST", Literal("localhost"))
    ]


def test_settings_read() -> None:
    source = "const { A, B: b = 'x' } = process.env;\nfunction f() { return process.env.C; } // process.env.D\n"
    found = [fact for fact in extract(source.encode()).facts if isinstance(fact, SettingRead)]
    assert [(f.key, f.scope, f.at.line) for f in found] == [
        ("C", "f", 2),
        ("A", "", 1),
        ("B", "", 1),
    ]


EXPRESS = "import express from 'express';\nconst app = express();\n"


def test_express_routes_and_mounts() -> None:
    source = """
const router = express.Router();
app.get('/orders/:id', guard, asyncHandler(orders.show));
app.route('/books').get(list).post((req, res) => res.end());
app.get(['/a', '/b'], (req, res) => res.end());
app.get('view engine');
app.use(express.json());
app.use('/v1', guard, router);
app.use('/v2', require('./routes/v2'));
app.use('/v3', new Orders(config).router);
app.listen(process.env.PORT || 3000);
"""
    assert facts(EXPRESS + source) == [
        EndpointServed(line(5), "GET", Literal("/orders/:id"), "orders.show", "app"),
        EndpointServed(line(6), "GET", Literal("/books"), "list", "app"),
        EndpointServed(line(6), "POST", Literal("/books"), "", "app"),
        EndpointServed(line(7), "GET", Literal("/a"), "", "app"),
        EndpointServed(line(7), "GET", Literal("/b"), "", "app"),
        RouterMounted(line(10), Literal("/v1"), "router", "app"),
        RouterMounted(line(11), Literal("/v2"), "./routes/v2", "app", is_module=True),
        RouterMounted(line(12), Literal("/v3"), "Orders", "app"),
        ServerStarted(line(13), "express", Setting("PORT", Literal("3000"))),
    ]


def test_koa_hono_hapi_and_fastify() -> None:
    source = """
import Router from '@koa/router';
import { Hono } from 'hono';
import Hapi from '@hapi/hapi';
import Fastify from 'fastify';
const r = new Router({ prefix: '/v1' });
r.get('/x/:id', auth, show).post('/x', create);
const h = new Hono().basePath('/api');
h.get('/h', (c) => c.text('x'));
const server = Hapi.server({ port: 3000 });
server.route({ method: ['GET', 'POST'], path: '/hapi/{id}', handler: list });
server.route([{ method: 'DELETE', path: '/y', handler: y }]);
const fy = Fastify();
fy.get('/f', { schema }, async (req) => 1);
fy.route({ method: 'PUT', url: '/r', handler: change });
"""
    assert routes(source) == [
        ("GET", Literal("/v1/x/:id"), "show", "r"),
        ("POST", Literal("/v1/x"), "create", "r"),
        ("GET", Literal("/api//h"), "", "h"),
        ("GET", Literal("/hapi/{id}"), "list", "server"),
        ("POST", Literal("/hapi/{id}"), "list", "server"),
        ("DELETE", Literal("/y"), "y", "server"),
        ("GET", Literal("/f"), "", "fy"),
        ("PUT", Literal("/r"), "change", "fy"),
    ]


def test_plugins_of_fastify() -> None:
    source = """
import Fastify from 'fastify';
const app = Fastify();
app.register(routes, { prefix: '/p' });
app.register(async (inner) => { inner.get('/in', async () => 1); }, { prefix: '/inner' });
app.register(require('./x'), { prefix: '/x' });
"""
    inner = next(fact for fact in facts(source) if isinstance(fact, EndpointServed))
    assert (inner.path, inner.router) == (Literal("/inner/in"), "app")
    assert [fact for fact in facts(source) if isinstance(fact, RouterMounted)] == [
        RouterMounted(line(4), Literal("/p"), "routes", "app"),
        RouterMounted(line(6), Literal("/x"), "./x", "app", is_module=True),
    ]
    assert routes(source) == [("GET", Literal("/inner/in"), "", "app")]


def test_nest_controllers() -> None:
    source = """
import { Controller, Get, Post } from '@nestjs/common';
@Controller('cats')
export class Cats {
  @Get() all() {}
  @Post(':id/toys') async add() {}
}
@Controller({ path: 'dogs' })
export class Dogs { @Get(['a', 'b']) some() {} }
"""
    assert routes(source) == [
        ("GET", Literal("cats"), "Cats.all", "@nestjs"),
        ("POST", Literal("cats/:id/toys"), "Cats.add", "@nestjs"),
        ("GET", Literal("dogs/a"), "Dogs.some", "@nestjs"),
        ("GET", Literal("dogs/b"), "Dogs.some", "@nestjs"),
    ]


def test_routes_by_file() -> None:
    assert routes("export async function GET(request: Request) {}\nexport const POST = f;") == [
        ("GET", Literal(""), "GET", "next"),
        ("POST", Literal(""), "POST", "next"),
    ]
    assert routes("export default function handler(req: NextApiRequest, res) {}") == [
        ("*", Literal(""), "handler", "next")
    ]
    assert routes("export default function handler(options) {}") == []
    assert routes("export default async (req, res) => res.end();") == [
        ("*", Literal(""), "default", "next")
    ]
    source = "import { NextApiHandler } from 'next';\nconst list: NextApiHandler = f;\n"
    assert routes(f"{source}export default withAuth(list);") == [("*", Literal(""), "list", "next")]


def test_controllers_of_ones_own() -> None:
    source = """
import Controller from './controller.js';
export default class Things extends Controller {
  constructor(config) {
    super(config);
    this.route({ method: 'get', path: '/:id', handler: this.show, permission: NONE });
    this.post('/', this.create, ADMIN);
  }
}
class Cache { f() { this.get('/x', this.g); this.route({ path: '/x' }); } }
"""
    assert routes(source) == [
        ("GET", Literal("/:id"), "this.show", "this"),
        ("POST", Literal("/"), "this.create", "this"),
    ]


def test_a_router_that_comes_from_elsewhere() -> None:
    source = """
import { cache } from './cache';
export function routes(app, client) {
  app.get('/a', show);
  app.get('key', value);
  client.get('/b', show);
  cache.get('/c', () => 1);
}
"""
    assert routes(source) == [("GET", Literal("/a"), "show", "app of routes")]


IMPORTS = """
import axios from 'axios';
import got from 'got';
import ky from 'ky';
import nodeFetch from 'node-fetch';
import superagent from 'superagent';
import { request } from 'undici';
import http from 'http';
"""


@pytest.mark.parametrize(
    ("source", "library", "method", "timeout"),
    [
        ("fetch('http://a');", "fetch", "", Timeout.FINITE),
        ("fetch('http://a', { method: 'post', signal: AbortSignal.timeout(10) });", "fetch", "POST", Timeout.SET),
        ("fetch('http://a', options);", "fetch", "", Timeout.UNKNOWN),
        ("axios.get('http://a');", "axios", "GET", Timeout.NEVER),
        ("axios.post('http://a', { timeout: 1 });", "axios", "POST", Timeout.SET),
        ("axios.post('http://a', body);", "axios", "POST", Timeout.NEVER),
        ("axios.get('http://a', { timeout: 0 });", "axios", "GET", Timeout.NEVER),
        ("axios.get('http://a', options);", "axios", "GET", Timeout.UNKNOWN),
        ("axios({ url: 'http://a', method: 'put' });", "axios", "PUT", Timeout.NEVER),
        ("const o = { url: 'http://a' };\naxios(o);", "axios", "", Timeout.NEVER),
        ("const o = { url: 'http://a' };\no.timeout = 5;\naxios(o);", "axios", "", Timeout.UNKNOWN),
        ("const url = 'http://a';\ngot(url);", "got", "", Timeout.NEVER),
        ("axios.defaults.timeout = 5;\naxios.get('http://a');", "axios", "GET", Timeout.SET),
        ("const c = axios.create({ timeout: 5 });\nc.get('http://a');", "axios", "GET", Timeout.SET),
        ("got('http://a');", "got", "", Timeout.NEVER),
        ("got.post('http://a', { timeout: { request: 5 } });", "got", "POST", Timeout.SET),
        ("ky.get('http://a');", "ky", "GET", Timeout.FINITE),
        ("ky('http://a', { timeout: false });", "ky", "", Timeout.NEVER),
        ("nodeFetch('http://a');", "node-fetch", "", Timeout.NEVER),
        ("request('http://a');", "undici", "", Timeout.FINITE),
        ("superagent.get('http://a').timeout(5);", "superagent", "GET", Timeout.SET),
        ("superagent.post('http://a').send({});\nx.timeout(5);", "superagent", "POST", Timeout.NEVER),
        ("http.get('http://a');", "http", "GET", Timeout.NEVER),
        ("const call = http.get('http://a');\ncall.setTimeout(5);", "http", "GET", Timeout.SET),
    ],
)  # fmt: skip
def test_remote_calls_and_how_long_they_wait(
    source: str, library: str, method: str, timeout: Timeout
) -> None:
    found = call(IMPORTS + source)
    assert (found.library, found.method, found.timeout) == (library, method, timeout)
    assert found.target == Literal("http://a")


def test_options_that_may_hold_anything() -> None:
    for source in ("axios(this.config());", "axios.request(options);", "got(request.options);"):
        assert call(IMPORTS + source).timeout is Timeout.UNKNOWN


def test_calls_in_loops_and_asynchronous_functions() -> None:
    source = """
import axios from 'axios';
const api = axios.create({ baseURL: process.env.API, timeout: 5000 });
async function all(ids) {
  for await (const id of ids) await api.get(`/u/${id}`);
  await Promise.all(ids.map((id) => api.delete('/u')));
}
"""
    assert facts(source) == [
        RemoteCall(
            line(5, 37), "axios", Join((Setting("API"), Literal("/u/"), Unknown("id"))), "GET",
            timeout=Timeout.SET, in_loop=True, in_async=True, scope="all",
        ),
        RemoteCall(
            line(6, 37), "axios", Join((Setting("API"), Literal("/u"))), "DELETE",
            timeout=Timeout.SET, in_loop=True, in_async=False, scope="all",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "import React from 'react';\nimport axios from 'axios';\naxios.get('http://a');",
        "'use client';\nimport axios from 'axios';\naxios.get('http://a');",
        "import axios from 'axios';\nwindow.location.reload();\naxios.get('http://a');",
        "import axios from 'axios';\naxios.get('/api/me');",
    ],
)
def test_browsers_have_limits_of_their_own(source: str) -> None:
    assert call(source).timeout is Timeout.UNKNOWN


def test_what_is_not_the_library() -> None:
    source = """
import request from 'request';
function f(request, fetch2) { request('x'); got('x'); client.get('/x'); }
const fetch = (x) => x;
fetch('http://a');
"""
    assert facts(source) == []


def test_injected_clients() -> None:
    source = """
import { HttpService } from '@nestjs/axios';
import { Queue } from 'bullmq';
import { InjectQueue } from '@nestjs/bullmq';
class Billing {
  constructor(private readonly http: HttpService, @InjectQueue('mails') private mails: Queue) {}
  async pay() {
    await this.http.post(`${process.env.PAY}/pay`, {}).toPromise();
    await this.mails.add('paid', {});
  }
}
"""
    assert typed(source) == [
        RemoteCall(
            line(8, 11), "@nestjs/axios", Join((Setting("PAY"), Literal("/pay"))), "POST",
            in_async=True, scope="Billing.pay",
        ),
        MessageSent(line(9, 11), "redis", Literal("mails"), "bullmq", "Billing.pay"),
    ]  # fmt: skip


def test_messages() -> None:
    source = """
import { Kafka } from 'kafkajs';
import amqp from 'amqplib';
import { Queue, Worker } from 'bullmq';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { connect } from 'nats';
const kafka = new Kafka({ brokers: [process.env.KAFKA || 'kafka:9092'] });
const producer = kafka.producer(), consumer = kafka.consumer({ groupId: 'g' });
async function main() {
  await producer.send({ topic: 'orders.paid', messages: [] });
  await consumer.subscribe({ topics: ['a', 'b'] });
  const channel = await (await amqp.connect(process.env.AMQP_URL)).createChannel();
  channel.sendToQueue('jobs', body);
  await channel.consume('jobs', handle);
  const queue = new Queue('mail', { connection: { host: 'redis', port: 6379 } });
  await queue.add('send', {});
  new Worker('mail', work);
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL }));
  const nats = await connect({ servers: 'nats:4222' });
  nats.publish('shipped', data);
  nats.subscribe('shipping.*');
}
"""
    assert facts(source) == [
        StoreUsed(line(7, 15), "kafka", Setting("KAFKA", Literal("kafka:9092")), "kafkajs"),
        MessageSent(line(10, 9), "kafka", Literal("orders.paid"), "kafkajs", "main"),
        MessageReceived(line(11, 9), "kafka", Literal("a"), "kafkajs"),
        MessageReceived(line(11, 9), "kafka", Literal("b"), "kafkajs"),
        StoreUsed(line(12, 32), "rabbitmq", Setting("AMQP_URL"), "amqplib", scope="main"),
        MessageSent(line(13, 3), "rabbitmq", Literal("jobs"), "amqplib", "main"),
        MessageReceived(line(14, 9), "rabbitmq", Literal("jobs"), "amqplib"),
        StoreUsed(line(15, 17), "redis", Literal("redis:6379"), "bullmq", scope="main"),
        MessageSent(line(16, 9), "redis", Literal("mail"), "bullmq", "main"),
        MessageReceived(line(17, 3), "redis", Literal("mail"), "bullmq"),
        MessageSent(line(18, 18), "sqs", Setting("QUEUE_URL"), "aws-sdk", "main"),
        StoreUsed(line(19, 22), "nats", Literal("nats:4222"), "nats", scope="main"),
        MessageSent(line(20, 3), "nats", Literal("shipped"), "nats", "main"),
        MessageReceived(line(21, 3), "nats", Literal("shipping.*"), "nats"),
    ]


@pytest.mark.parametrize(
    ("source", "technology", "address", "library", "database"),
    [
        ("import { Pool } from 'pg';\nnew Pool({ host: 'db', port: 5432, database: 'shop' });", "postgresql", Literal("db:5432"), "pg", Literal("shop")),
        ("import { Pool } from 'pg';\nnew Pool();", "postgresql", Setting("PGHOST", Literal("localhost")), "pg", None),
        ("import { Pool } from 'pg';\nnew Pool(options);", "postgresql", Name("options"), "pg", None),
        ("import mysql from 'mysql2/promise';\nmysql.createPool('mysql://db/shop');", "mysql", Literal("mysql://db/shop"), "mysql", None),
        ("const db = require('knex')({ client: 'pg', connection: process.env.DB });", "postgresql", Setting("DB"), "knex", None),
        ("import knex from 'knex';\nknex({ client: 'sqlite3', connection: { filename: '/data/x.db' } });", "sqlite", Literal("/data/x.db"), "knex", None),
        ("import { Sequelize } from 'sequelize';\nnew Sequelize('shop', 'u', 'p', { host: 'my', dialect: 'mysql' });", "mysql", Literal("my"), "sequelize", None),
        ("import { DataSource } from 'typeorm';\nnew DataSource({ type: 'postgres', url: process.env.DB });", "postgresql", Setting("DB"), "typeorm", None),
        ("import { PrismaClient } from '@prisma/client';\nnew PrismaClient();", "", Setting("DATABASE_URL"), "prisma", None),
        ("import mongoose from 'mongoose';\nmongoose.connect(process.env.MONGO);", "mongodb", Setting("MONGO"), "mongoose", None),
        ("import { createClient } from 'redis';\ncreateClient({ url: 'redis://cache' });", "redis", Literal("redis://cache"), "redis", None),
        ("import Redis from 'ioredis';\nnew Redis(6380, 'cache');", "redis", Literal("cache:6380"), "ioredis", None),
        ("import Database from 'better-sqlite3';\nnew Database('/data/x.db');", "sqlite", Literal("/data/x.db"), "sqlite3", None),
        ("import { S3Client } from '@aws-sdk/client-s3';\nnew S3Client({ endpoint: process.env.S3 });", "s3", Setting("S3"), "aws-sdk", None),
    ],
)  # fmt: skip
def test_stores(
    source: str, technology: str, address: object, library: str, database: object
) -> None:
    found = [fact for fact in facts(source) if isinstance(fact, StoreUsed)]
    assert [(f.technology, f.address, f.library, f.database) for f in found] == [
        (technology, address, library, database)
    ]


def test_sql() -> None:
    source = """
await prisma.$queryRaw`SELECT id FROM users WHERE email = ${mail}`;
const rows = await sql`select id from orders where state = ${state} limit 10`;
async function f(ids) {
  for (const id of ids) await db.query('SELECT a FROM items ' + 'WHERE id = $1', [id]);
  await db.query(`DELETE FROM ${table} WHERE age > 30`);
}
const help = 'Select a file from your computer';
"""
    found = [fact for fact in facts(source) if isinstance(fact, QueryFound)]
    assert [(q.text, q.reads, q.limited, q.in_loop, q.scope) for q in found] == [
        ("SELECT id FROM users WHERE email = {}", ("users",), False, False, ""),
        ("select id from orders where state = {} limit 10", ("orders",), True, False, ""),
        ("SELECT a FROM items WHERE id = $1", ("items",), False, True, "f"),
        ("DELETE FROM {} WHERE age > 30", (), False, False, "f"),
    ]


def test_state_that_handlers_change() -> None:
    source = """
const seen = new Map();
const counts = {};
let hits = 0;
const CODES = new Map([['a', 1]]);
const lookup = {};
lookup.a = 1;
app.get('/x', (req, res) => { hits++; seen.set(req.ip, 1); counts[req.ip] = 2; });
function shadow(seen) { seen.set(1, 1); const counts = {}; counts.a = 1; }
function register(name, f) { lookup[name] = f; }
"""
    found = {fact.name: fact for fact in facts(source) if isinstance(fact, StateKept)}
    assert sorted(found) == ["counts", "hits", "seen"]
    assert found["seen"] == StateKept(line(2, 7), "seen", "dict", (line(8, 39),), ("",))
    assert found["hits"].kind == "counter"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("class A { static cache = new Map();\n static f(k) { A.cache.set(k, 1); } }", ["A.cache"]),
        ("class A { cache = new Map();\n f(k) { this.cache.set(k, 1); } }", []),
        ("const list = [];\nfunction f(x) { list.push(x); }", ["list"]),
        ("const t = {};\nfunction f(id) { t[id] = setTimeout(g, 5); }", []),
        ("const t = {};\nfunction f() { t['a'] = new A(); }", []),
        ("const list = [];\n[1].forEach((x) => list.push(x));", []),
        ("import React from 'react';\nconst m = new Map();\nfunction f(x) { m.set(x, 1); }", []),
        ("let client = null;\nfunction f() { if (!client) client = createClient(); }", []),
        ("let cache = null;\nasync function f() { cache = await load(); }", ["cache"]),
    ],
)
def test_what_is_state(source: str, names: list[str]) -> None:
    assert state(source) == names


def test_bounded_caches_and_memos() -> None:
    source = """
import { LRUCache } from 'lru-cache';
const lru = new LRUCache({ max: 100 });
const squares = new Map();
function put(k) { lru.set(k, 1); }
function square(n) { if (!squares.has(n)) squares.set(n, n * n); return squares.get(n); }
"""
    found = [fact for fact in facts(source) if isinstance(fact, StateKept)]
    assert [(f.name, f.kind, f.bounded) for f in found] == [
        ("lru", "cache", True),
        ("squares", "dict", True),
    ]


def test_a_value_that_is_read_once_is_a_memo_and_one_that_is_asked_for_is_none() -> None:
    source = """
let cachedPage = null;
let cachedRates = null;
function page() { if (cachedPage) { return cachedPage; } cachedPage = fs.readFileSync('x'); return cachedPage; }
async function rates() { if (!cachedRates) { cachedRates = await load(); } return cachedRates; }
"""
    found = [fact for fact in facts(source) if isinstance(fact, StateKept)]
    assert [(f.name, f.kind, f.bounded) for f in found] == [
        ("cachedPage", "cache", True),
        ("cachedRates", "cache", False),
    ]


def test_sessions() -> None:
    source = """
import session from 'express-session';
import RedisStore from 'connect-redis';
app.use(session({ secret: 'x' }));
const store = new RedisStore({ client });
app.use(session({ store, secret: 'x' }));
app.use(session(options));
"""
    assert facts(source) == [
        SessionKept(line(4, 9), "memory", "express-session", default=True),
        SessionKept(line(6, 9), "cache", "express-session"),
    ]


def test_files() -> None:
    source = """
import fs from 'node:fs';
import path from 'path';
import multer from 'multer';
const upload = multer({ dest: 'uploads/' });
const memory = multer();
const disk = multer.diskStorage({ destination: '/var/up' });
function save(name) { fs.writeFileSync(path.join('/var/exports', name), ''); fs.readFileSync('x'); }
"""
    assert facts(source) == [
        FileWritten(line(5, 16), Literal("uploads/"), "multer", "upload"),
        FileWritten(line(7, 14), Literal("/var/up"), "multer", "upload"),
        FileWritten(
            line(8, 23),
            Join((Literal("/var/exports/"), Parameter("save", "name", 0))),
            "fs",
            "export",
            "save",
        ),
    ]


def test_schedules_and_work() -> None:
    source = """
import cron from 'node-cron';
import { CronJob } from 'cron';
import { Worker } from 'worker_threads';
import Cron from 'croner';
cron.schedule('0 3 * * *', nightly);
new CronJob('* * * * *', tick).start();
setInterval(async () => { await sync(); }, 60_000);
setInterval(() => heartbeat(), 60 * 1000);
setInterval(() => { x = 1; }, 500);
new Cron('* * * * *', { name: 'clear' }, clear);
new Cron(pattern, () => {}).stop();
function start(socket) { setInterval(() => socket.ping(), 30000); new Worker('./w.js'); }
"""
    assert facts(source) == [
        ScheduleStarted(line(6), "node-cron", "nightly"),
        ScheduleStarted(line(7), "cron", "tick"),
        ScheduleStarted(line(8), "setInterval", "async () => { await sync(); }"),
        ScheduleStarted(line(9), "setInterval", "() => heartbeat()", refresh=True),
        ScheduleStarted(line(11), "croner", "clear"),
        ScheduleStarted(line(13, 26), "setInterval", "() => socket.ping()", refresh=True, scope="start"),
        WorkSpawned(line(13, 67), "worker_threads", "'./w.js'", scope="start"),
    ]  # fmt: skip


def test_an_interval_of_a_function_by_name() -> None:
    source = "const update = () => { shop.fetch('/prices'); };\nsetInterval(update, 300000);\n"
    assert facts(source) == [ScheduleStarted(line(2), "setInterval", "update")]
    assert facts(f"import $ from 'jquery';\n{source}") == []


def test_decorated_jobs() -> None:
    source = """
import { Cron } from '@nestjs/schedule';
import { Processor } from '@nestjs/bullmq';
import { EventPattern } from '@nestjs/microservices';
@Processor('mails') class Mails {
  @Cron('0 0 * * *') nightly() {}
  @EventPattern('orders.paid') paid() {}
}
"""
    found = typed(source)
    assert [(type(fact).__name__, fact.at.line) for fact in found] == [
        ("MessageReceived", 5),
        ("ScheduleStarted", 6),
        ("MessageReceived", 7),
    ]


def test_names_that_lead_in_circles() -> None:
    assert facts("const A_URL = B_URL + '/a';\nconst B_URL = A_URL + '/b';") == [
        ConstantDefined(line(1, 7), "A_URL", Join((Name("B_URL"), Literal("/a")))),
        ConstantDefined(
            line(2, 7), "B_URL", Join((Name("B_URL"), Literal("/a/b")))
        ),
    ]  # fmt: skip
    source = "function f() { let a = b + '/x'; let b = a + '/y'; fetch(a); }"
    assert isinstance(call(source).target, Join | Unknown) or call(source).target == UNKNOWN


@pytest.mark.parametrize("read", EXTRACTORS)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00const a = fetch(",
        b"\x00" * 1000,
        b"import { a",
        b"const app = require('express')(); app.get('/x', (req",
        b"`${" * 10_000,
        b"fetch(" * 10_000,
        b"const a = " + b"[" * 10_000,
        b"const A_URL = " + b"'a' + " * 10_000 + b"'b';",
        b"const A_URL = " + b"(" * 10_000 + b"'b'" + b")" * 10_000,
        b"const r = require('express').Router(); r" + b".get('/x', f)" * 3_000 + b";",
        b"function f() {" * 10_000 + b"fetch('http://a');",
        b"const a = {" + b"b: {" * 10_000,
        b"fetch(a" + b".b" * 10_000 + b")",
    ],
)
def test_hostile_bytes(content: bytes, read: object) -> None:
    found = read(content)  # type: ignore[operator]
    assert len(found.facts) <= 3_000


def test_libraries_for_kafka() -> None:
    source = """
const { ConsumerGroup, KafkaClient, Producer } = require('kafka-node');
const rd = require('node-rdkafka');
const client = new KafkaClient({ kafkaHost: process.env.KAFKA_HOST });
const producer = new Producer(client);
producer.send([{ topic: 'orders.sent', messages: ['x'] }], done);
new ConsumerGroup({ kafkaHost: 'kafka:9092' }, 'orders.paid');
new KafkaClient();
const sender = new rd.Producer({ 'metadata.broker.list': 'kafka:9092' });
sender.produce('stock', null, body);
const reader = new rd.KafkaConsumer({ 'bootstrap.servers': process.env.BROKERS }, {});
reader.subscribe(['stock', 'prices']);
"""
    assert facts(source) == [
        StoreUsed(line(4, 16), "kafka", Setting("KAFKA_HOST"), "kafka-node"),
        MessageSent(line(6, 1), "kafka", UNKNOWN, "kafka-node"),
        StoreUsed(line(7, 1), "kafka", Literal("kafka:9092"), "kafka-node"),
        MessageReceived(line(7, 1), "kafka", Literal("orders.paid"), "kafka-node"),
        StoreUsed(line(8, 1), "kafka", Literal("localhost:9092"), "kafka-node"),
        StoreUsed(line(9, 16), "kafka", Literal("kafka:9092"), "node-rdkafka"),
        MessageSent(line(10, 1), "kafka", Literal("stock"), "node-rdkafka"),
        StoreUsed(line(11, 16), "kafka", Setting("BROKERS"), "node-rdkafka"),
        MessageReceived(line(12, 1), "kafka", Literal("stock"), "node-rdkafka"),
        MessageReceived(line(12, 1), "kafka", Literal("prices"), "node-rdkafka"),
    ]


def test_requests_of_pages_without_a_build() -> None:
    source = """
        function load(id) {
          const request = new XMLHttpRequest();
          request.open("PUT", "http://localhost:8082/orders/" + id, true);
          request.open("GET", "/own");  // below the page's own server
        }
        """
    found = [each for each in facts(source) if isinstance(each, RemoteCall)]
    calls = [(each.library, each.method, text_with_holes(each.target)) for each in found]
    assert calls == [("XMLHttpRequest", "PUT", "http://localhost:8082/orders/{}")]
    assert not matters(FileText(b"const r = new XMLHttpRequest(); r.open('GET', '/own');"))


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("res.json(await read(req.file.path)); await fs.unlink(req.file.path);", False),
        ("try { await read(req.file) } finally { fs.unlinkSync(req.file?.path) }", False),
        ("const { file } = req; await rm(file.path, { force: true });", False),
        ("for (const file of req.files) await rm(file.path);", False),
        ("try { await read(req.file) } catch (error) { fs.unlinkSync(req.file.path) }", True),
        ("if (!good(req.file)) { fs.unlinkSync(req.file.path) }", True),
        ("await fs.unlink(req.body.path);", True),
        ("// fs.unlink(req.file.path)", True),
    ],
)
def test_uploads_that_the_same_file_removes(body: str, kept: bool) -> None:
    source = (
        "import multer from 'multer';\nconst upload = multer({ dest: 'uploads/' });\n"
        f"app.post('/a', upload.single('a'), async (req, res) => {{\n{body}\n}});\n"
    )
    found = [each for each in facts(source) if isinstance(each, FileWritten)]
    assert bool(found) is kept
