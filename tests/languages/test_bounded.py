"""Files in which names lead to names, or words never end: each is read in bounded time."""

from __future__ import annotations

import pytest

from scaleaudit.file_kinds import EXTRACTORS
from scaleaudit.time_limit import cpu_limit

SECONDS = 15  # the slowest needs half of one
LEVELS = 40
LONG = 200_000
KINDS = {each.kind: each for each in EXTRACTORS}


def levels(form: str, most: int = LEVELS) -> str:
    """`form` for each level: `{n}` is its number, `{before}` that of the one before."""
    return "\n".join(form.format(n=n, before=n - 1) for n in range(1, most))


def six(form: str) -> str:
    return ", ".join([form] * 6)


SQUIRREL = 'package a\nimport sq "github.com/Masterminds/squirrel"\n'
DRIZZLE = """import { and, eq } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
const loans = pgTable('loans', { code: text('code') });
"""
CASES = {
    "rust, sums": (
        "rust",
        'use reqwest;\nfn f() {\nlet a0 = "x";\n' + levels("let a{n} = a{before} + a{before};")
        + f"\nreqwest::get(a{LEVELS - 1});\n}}",
    ),
    "rust, templates": (
        "rust",
        'use reqwest;\nfn f() {\nlet a0 = "x";\n'
        + levels('let a{n} = format!("{{}}{{}}", a{before}, a{before});')
        + f"\nreqwest::get(a{LEVELS - 1});\n}}",
    ),
    "rust, commas": ("rust", 'fn f() { env::var(format!("{}"' + "," * LONG + ")) }"),
    "rust, a word": ("rust", 'fn f() { env::var(format!("{}", ' + "a" * LONG + ")) }"),
    "rust, signs": ("rust", "fn f() { env::var(format!(" + "#" * LONG + ")) }"),
    "rust, attributes": ("rust", "use rocket;\n" + '#[get("/a")]\n' * 20_000 + "fn f() {}"),
    "go, conditions": (
        "go",
        SQUIRREL + 'func f() {\na0 := sq.Eq{"code": 1}\n'
        + levels("a{n} := sq.And{{" + six("a{before}") + "}}", 13)
        + '\nsq.Select("id").From("loans").Where(a12).ToSql()\n}',
    ),
    "drizzle, functions": (
        "typescript",
        DRIZZLE + "function f0() { return eq(loans.code, 1) }\n"
        + levels("function f{n}() {{ return and(" + ", ".join(["f{before}()"] * 40) + ") }}", 13)
        + "\nfunction g(db) { return db.select().from(loans).where(f12()) }",
    ),
    "drizzle, objects": (
        "typescript",
        DRIZZLE + "const a0 = { code: 1 };\n"
        + levels("const a{n} = {{ AND: [" + ", ".join(["a{before}"] * 40) + "] }};", 7)
        + "\nfunction g(db) { return db.query.loans.findMany({ where: { AND: [a6] } }) }",
    ),
    "a client's name": ("typescript", "import a from './x';\n" + "api" * (LONG // 3)),
    "a parameter": (
        "typescript",
        "import { SelectQueryBuilder } from 'typeorm';\ngetRepository(Loan);\nf(a" + " " * LONG + ")",
    ),
    "querydsl, methods": (
        "java",
        "import com.querydsl.core.types.Predicate;\nclass A {\n"
        + "\n".join(f"Predicate f{n}() {{ return a; }}" for n in range(30_000)) + "}",
    ),
    "python, joined lists": (
        "python",
        "def f(db):\n    a0 = ['b = 1']\n"
        + levels("    a{n} = [" + ", ".join(["' AND '.join(a{before})"] * 6) + "]")
        + f"\n    db.execute('SELECT a FROM loans WHERE ' + ' AND '.join(a{LEVELS - 1}))",
    ),
    "python, choices": (
        "python",
        "def f(db, b):\n    a0 = 'b = 1'\n"
        + levels("    a{n} = " + " + ".join(["(a{before} if b else 'b = {n}')"] * 3))
        + f"\n    db.execute('SELECT a FROM loans WHERE ' + a{LEVELS - 1})",
    ),
    "python, more of a statement": (
        "python",
        "def f(db):\n    sql = 'SELECT a FROM loans WHERE b = 1'\n    sql =" + " " * LONG + "x\n",
    ),
    "python, lines of a statement": (
        "python",
        "def f(db):\n    lines = [\n" + "'SELECT a FROM loans WHERE b = 1',\n" * 2_000
        + "    ]\n    db.execute(' '.join(lines))\n",
    ),
    "peewee, indexes": (
        "python",
        "from peewee import *\n" + "class Loan(Model):\n    a = CharField()\n" * 2_000
        + "Loan.add_index(Loan.a)\n" * 4_000,
    ),
    "mongoose, a model": (
        "javascript",
        "const mongoose = require('mongoose');\nconst s = new mongoose.Schema({ a: String });\n"
        "s.statics.byA = function (a) { return this.findOne({ a }); };\nmodel" + " " * LONG + "x",
    ),
    "mongoose, statics": (
        "javascript",
        "const mongoose = require('mongoose');\nconst s = new mongoose.Schema({ a: String });\n"
        + "s.statics.byA = function (a) { return this.findOne({ a }); };\n" * 3_000,
    ),
    "gradle, a project": (
        "gradle",
        "dependencies {\nimplementation(project(':a')" + " " * LONG + "x\n}\n",
    ),
    "javascript, routers": (
        "javascript",
        "const express = require('express');\n"
        + levels("const r{n} = express.Router();\nf(r{n});", 20_000),
    ),
    "javascript, requests": (
        "javascript",
        levels("const x{n} = new XMLHttpRequest();\nx{n}.open('GET', 'http://a/b');", 9_000),
    ),
    "python, routers": (
        "python", "from fastapi import APIRouter\n" + levels("r{n} = APIRouter()\nf(r{n})", 20_000)
    ),
    "python, lists of routes": (
        "python",
        "from starlette.routing import Mount, Route\nl8 = [\n" + "    Route('/a', a),\n" * 3_000 + "]\n"
        + "\n".join(f"l{n} = [\n" + f"    Mount('/a', routes=l{n + 1}),\n" * 8 + "]" for n in range(8)),
    ),
    "containers, variables": ("container-script", "A=b\n" + "docker run -p $A:$B x\n" * 20_000),
    "liquibase, engines": (
        "sql",
        "--liquibase formatted sql\n--changeset a:1 dbms:a" + " " * LONG + ";\nCREATE TABLE a (b int);",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_read_in_bounded_time(name: str) -> None:
    kind, source = CASES[name]
    with cpu_limit(SECONDS):
        KINDS[kind].extract(source.encode())
