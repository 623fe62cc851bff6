"""Searches in source code take time by the length of the text, whatever it holds."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from scaleaudit.config_files import package_json
from scaleaudit.languages import javascript, python
from scaleaudit.languages.csharp.ef import repositories
from scaleaudit.languages.csharp.ef.contexts import DECLARED, OF_A_RUN
from scaleaudit.languages.javascript.kysely.migrations import RAW
from scaleaudit.languages.javascript.objection.queries import BEGUN, START
from scaleaudit.languages.javascript.prisma.calls import GIVEN
from scaleaudit.languages.php.doctrine.pagers import HANDED
from scaleaudit.languages.python.generic_searches.calls import METHOD
from scaleaudit.languages.python.generic_searches.definitions import GAPS, SPACES
from scaleaudit.languages.python.sqlalchemy import signs
from scaleaudit.languages.read_through import FILLED, GET_OR, LOOKED_INTO

if TYPE_CHECKING:
    from collections.abc import Iterable

LENGTH = 20_000
SECONDS = 0.5  # a search that begins anew at each character takes two and more
REPEATED = (
    " ", "sql ", "sql`", "a\\", "\\", "new ", ": QueryBuilder<a ", ".query(", "A.where(", "a(A, ", "a(",
    "render", "Repo", "get", "=", "a.", "this.", "AContext ", "cache", "cache.", "get_by(", ".get", ".get_by(", "get_or_create(a, ",
)  # fmt: skip
BEFORE_SPACES = (
    "sql", "sql`", "new", "->paginate(", ": QueryBuilder<a>=", ".query(", "a(A,", "A.where(", "A.get_by(",
    "AContext", "cache.get", "cache",
)  # fmt: skip
HOSTILE = (
    *(words * (LENGTH // len(words)) for words in REPEATED),
    *(f"{word}{' ' * LENGTH}" for word in BEFORE_SPACES),
)
PATTERNS: tuple[re.Pattern[bytes] | re.Pattern[str], ...] = (
    OF_A_RUN,
    DECLARED,
    RAW,
    BEGUN,
    START,
    re.compile(HANDED),
    signs.BY_NAMES,
    signs.BY_COLUMNS,
    signs.OF_CLASS,
    signs.WITH_CONDITION,
    GET_OR,
    FILLED,
    LOOKED_INTO,
    GIVEN,
    repositories.MARK,
    repositories.CALL,
    METHOD,
    SPACES,
    GAPS,
    package_json.RUN_AT_DESK,
)


def taken(pattern: re.Pattern[bytes] | re.Pattern[str], text: str) -> float:
    start = time.process_time()
    found: Iterable[object]
    if isinstance(pattern.pattern, bytes):
        found = re.finditer(pattern.pattern, text.encode(), pattern.flags)
    else:
        found = re.finditer(pattern.pattern, text, pattern.flags)
    for _ in found:
        pass
    return time.process_time() - start


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda each: str(each.pattern)[:20])
def test_hostile_texts_cost_no_more_than_others(
    pattern: re.Pattern[bytes] | re.Pattern[str],
) -> None:
    assert max(taken(pattern, text) for text in HOSTILE) < SECONDS


@pytest.mark.parametrize(
    "each",
    [
        "const loans{0} = prisma.loan\nloans{0}.findMany({{ where: {{ a: 1 }} }})\n",
        "class A{0} extends B {{ constructor() {{ super(Order) }} all(a) {{ return this.list({{ a }}) }} }}\n",
        " all{0}(a) {{ return this.orderModel.find({{ a }}) }}\n",
        " all{0}(a) {{ return this.list({{ a }}) }}\n",
    ],
)
def test_a_file_of_many_methods_takes_time_by_its_length(each: str) -> None:
    inside = each.startswith(" ")
    many = "".join(each.format(number) for number in range(4_000))
    start = "class Orders extends Base { constructor() { super(Order) }\n" if inside else ""
    source = f"const mongoose = require('mongoose')\n{start}{many}{'}' if inside else ''}"
    begun = time.process_time()
    javascript.extract(source.encode())
    assert time.process_time() - begun < 2.5


def test_orders_by_names_of_many_values_take_time_by_their_length() -> None:
    names = "".join(f"    s{at} = s{at + 1}\n" * 12 for at in range(12))
    chain = "a or (" * 400 + "b" + ")" * 400
    asked = "".join(
        f"    session.query(Order).order_by(getattr(Order, {each})).all()\n"
        for each in ("s0", chain.replace(" (", "\n        ("))
    )
    table = "class Order(Base):\n    __tablename__ = 'orders'\n    id = Column(Integer)\n\n"
    source = f"from sqlalchemy import Column, Integer\n{table}def f(session):\n{names}{asked * 20}"
    begun = time.process_time()
    found = python.extract(source.encode())
    assert time.process_time() - begun < 2.5
    assert not found.problem
