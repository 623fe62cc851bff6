"""What reads a mapper is imported for the first file that may speak to it."""

from __future__ import annotations

import subprocess
import sys

import pytest

READ = """
import sys
from importlib import import_module
language = import_module("scaleaudit.languages.{language}")
for content in {contents!r}:
    assert not language.extract(content).problem
    print(*sorted(sys.modules))
"""
PLAIN = {
    "python": b"import os\n\ndef total(prices):\n    return sum(prices)\n",
    "javascript": b"const total = (prices) => prices.reduce((a, b) => a + b, 0);\n",
}


# By the module that reads them.
CONTENTS = {
    "python": {
        "django.queries": b"from shop.models import Order\n\nOrder.objects.filter(paid=True)\n# django\n",
        "django.migrations": b"class Migration(migrations.Migration):\n    operations = []\n",
        "sqlalchemy.models": b"from sqlalchemy import Column\n\nclass Order(Base):\n    code = Column(String)\n",
        "sqlalchemy.queries": b"def late(session):\n    return session.query(Order).all()\n",
        "sqlalchemy.migrations": b"revision = 'a'\ndown_revision = None\n",
        "sqlalchemy.narrowing": b"def late(query):\n    return query.where(Order.paid == 1)\n",
        "small_mappers.models": b"from peewee import Model\n\nclass Order(Model):\n    pass\n",
        "small_mappers.inserts": b"def keep(note):\n    note.save()\n",
        "small_mappers.queries": b"Order.select().where(Order.paid == 1)\n",
    },
    "javascript": {
        "typeorm.finds": b"await this.orderRepository.findOneBy({ code });\n",
        "mikroorm.entities": b"import { Entity } from '@mikro-orm/core';\n",
        "objection.queries": b"await Order.query().where('code', code);\n",
        "bookshelf.queries": b"await Order.where({ code }).fetch();\n",
        "sequelize.defined": b"Order.belongsTo(Person);\nPerson.hasMany(Order);\n",
        "sequelize.finds": b"await Order.findAll({ where: { code } });\n",
        "drizzle.tables": b"import { pgTable } from 'drizzle-orm/pg-core';\n",
        "drizzle.finders": b"await db.query.orders.findMany({});\n",
        "kysely.statements": b"await db.selectFrom('orders').execute();\n",
        "kysely.migrations": b"await db.schema.createTable('orders').execute();\n",
        "mongoose.models": b"const mongoose = require('mongoose');\n",
        "prisma.calls": b"await prisma.order.findMany({});\n",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(CONTENTS))
def test_readers_of_mappers_come_with_their_files(language: str) -> None:
    contents = [PLAIN[language], *CONTENTS[language].values()]
    command = [sys.executable, "-c", READ.format(language=language, contents=contents)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    plain, *others = (set(line.split()) for line in done.stdout.splitlines())
    names = [f"scaleaudit.languages.{language}.{module}" for module in CONTENTS[language]]
    assert not plain & set(names)
    assert [name for name, loaded in zip(names, others, strict=True) if name not in loaded] == []
