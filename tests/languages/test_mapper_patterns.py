"""Patterns that begin with a wildcard and sorting by chance, as each mapper says them."""

from __future__ import annotations

import pytest

from scaleaudit.facts import OrmQuery, QueryFound
from scaleaudit.languages.javascript import typescript
from scaleaudit.languages.python import extract

SQLALCHEMY = "from sqlalchemy import func, select\nfrom app.models import User\ndef f(db, q):\n"
PEEWEE = "from peewee import *\ndef f(q):\n"
TYPEORM = (
    'import { Repository } from "typeorm";\n'
    "class S { constructor(@InjectRepository(User) private users: Repository<User>) {}\n"
    "  async f(q) { return this.users."
)
SEQUELIZE = 'import { Op, Sequelize } from "sequelize";\nasync function f(q) {\n'
KNEX = 'import knex from "knex"; const db = knex({});\nasync function f(q) {\n  await db("users").'
DRIZZLE = 'import { sql } from "drizzle-orm"; import { users } from "./schema";\n'


def python(source: str) -> list[OrmQuery]:
    return [fact for fact in extract(source.encode()).facts if isinstance(fact, OrmQuery)]


def javascript(source: str) -> list[OrmQuery | QueryFound]:
    facts = typescript.extract(source.encode()).facts
    return [fact for fact in facts if isinstance(fact, OrmQuery | QueryFound)]


def operators(query: OrmQuery | QueryFound) -> list[str]:
    told = query.conditions if isinstance(query, OrmQuery) else query.predicates
    return [each.operator for each in told]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"{SQLALCHEMY}    return db.query(User).filter(User.name.ilike(f'%{{q}}%')).all()\n", ["contains"]),
        (f"{SQLALCHEMY}    p = '%' + q\n    return db.query(User).filter(User.name.like(p)).all()\n", ["contains"]),
        (f"{SQLALCHEMY}    return db.query(User).filter(User.name.ilike(q)).all()\n", ["search"]),
        (f"{SQLALCHEMY}    return db.query(User).filter(~User.name.contains(q)).all()\n", ["!="]),
        (f"{PEEWEE}    return User.select().where(User.name ** f'%{{q}}%').get()\n", ["contains"]),
        (f"{PEEWEE}    return User.select().where(User.name % 'a%').get()\n", ["like"]),
        (f"{PEEWEE}    return User.select().where(User.name.contains(q)).get()\n", ["contains"]),
    ],
)  # fmt: skip
def test_patterns_of_python(source: str, expected: list[str]) -> None:
    assert [operators(query) for query in python(source)] == [expected]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (TYPEORM + 'createQueryBuilder("u").where("u.name ILIKE :q", { q: `%${q}%` }).getMany(); } }',
         ["contains"]),
        (TYPEORM + 'createQueryBuilder("u").where("u.a = :a AND u.name LIKE :q", { a, q: q + "%" }).getMany(); } }',
         ["=", "search"]),
        (SEQUELIZE + "const p = `%${q}%`; await User.findAll({ where: { name: { [Op.iLike]: p } } }); }",
         ["contains"]),
        (SEQUELIZE + "await User.findAll({ where: { name: { [Op.like]: `${q}%` } } }); }", ["like"]),
        (KNEX + 'whereRaw("a = ? and name like ?", [1, `%${q}%`]); }', ["=", "contains"]),
        (KNEX + 'whereRaw("name like ? and a = ?", [q, `%${q}%`]); }', ["search", "="]),
    ],
)  # fmt: skip
def test_patterns_of_javascript(source: str, expected: list[str]) -> None:
    assert [operators(query) for query in javascript(source)] == [expected]


@pytest.mark.parametrize(
    ("source", "by_chance"),
    [
        (f"{SQLALCHEMY}    return db.query(User).order_by(func.random()).first()\n", True),
        (f"{SQLALCHEMY}    return db.scalars(select(User).order_by(func.rand()).limit(1)).all()\n", True),
        (f"{SQLALCHEMY}    return db.query(User).order_by(User.name, func.random()).first()\n", False),
        (f"{SQLALCHEMY}    return db.query(User).order_by(User.name).order_by(func.random()).first()\n", False),
        (f"{SQLALCHEMY}    return db.query(User).filter(User.at > random.random()).first()\n", False),
        (f"{PEEWEE}    return User.select().order_by(fn.Random()).limit(3)\n", True),
    ],
)  # fmt: skip
def test_sorted_by_chance_in_python(source: str, by_chance: bool) -> None:
    assert [query.shuffled for query in python(source)] == [by_chance]


@pytest.mark.parametrize(
    ("source", "by_chance"),
    [
        (TYPEORM + 'createQueryBuilder("u").orderBy("RANDOM()").limit(3).getMany(); } }', True),
        (TYPEORM + 'createQueryBuilder("u").orderBy("u.name").addOrderBy("RANDOM()").getMany(); } }', False),
        (SEQUELIZE + 'await User.findAll({ order: Sequelize.literal("RANDOM()"), limit: 3 }); }', True),
        (SEQUELIZE + 'await User.findAll({ order: [[Sequelize.fn("RAND")]] }); }', True),
        (SEQUELIZE + 'await User.findAll({ order: [["name", "ASC"], Sequelize.literal("RANDOM()")] }); }', False),
        (SEQUELIZE + "await User.findAll({ offset: Math.floor(Math.random() * 9) }); }", False),
        (KNEX + 'where("a", 1).orderByRaw("RANDOM()").limit(1); }', True),
        (KNEX + 'where("a", 1).orderBy("b").orderByRaw("RANDOM()"); }', False),
        ('import { Model } from "objection"; class User extends Model {}\n'
         'User.query().where("a", 1).orderByRaw("RANDOM()").limit(1);', True),
        (DRIZZLE + "db.select().from(users).orderBy(sql`RANDOM()`).limit(1);", True),
        (DRIZZLE + "db.select().from(users).orderBy(users.name, sql`RANDOM()`).limit(1);", False),
        (DRIZZLE + "db.query.users.findMany({ orderBy: sql`random()`, limit: 2 });", True),
    ],
)  # fmt: skip
def test_sorted_by_chance_in_javascript(source: str, by_chance: bool) -> None:
    assert [query.shuffled for query in javascript(source)] == [by_chance]
