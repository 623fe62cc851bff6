"""Queries behind a cache in Python and JavaScript: they are asked seldom."""

from __future__ import annotations

import pytest

from scaleaudit.facts import OrmQuery
from scaleaudit.languages.javascript import extract as extract_javascript
from scaleaudit.languages.python import extract as extract_python

DJANGO = "from django.core.cache import cache\nfrom shop.models import Order\n\n\n"
PRISMA = "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\n"
ASKED = "prisma.order.findMany({ where: { code: x } })"


def seldom(extract: object, source: str) -> list[bool]:
    assert callable(extract)
    found = extract(source.encode())
    assert found.problem == ""
    return [fact.seldom for fact in found.facts if isinstance(fact, OrmQuery)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "@cache_page(60)\ndef a(request, x):\n    return list(Order.objects.filter(code=x))\n",
            True,
        ),
        (
            "@method_decorator(cache_page(60), name='get')\nclass A(View):\n    def get(self, request, x):\n"
            "        return list(Order.objects.filter(code=x))\n",
            True,
        ),
        (
            "def a(x):\n    return cache.get_or_set('k', lambda: list(Order.objects.filter(code=x)))\n",
            True,
        ),
        (
            "def a(x):\n    found = cache.get('k')\n    if found is None:\n"
            "        found = list(Order.objects.filter(code=x))\n        cache.set('k', found)\n    return found\n",
            True,
        ),
        (
            "@login_required\ndef a(request, x):\n    return list(Order.objects.filter(code=x))\n",
            False,
        ),
        (  # of one object alone
            "class A:\n    @cached_property\n    def rows(self):\n        return list(Order.objects.filter(code=1))\n",
            False,
        ),
    ],
)
def test_python(code: str, *, expected: bool) -> None:
    assert seldom(extract_python, DJANGO + code) == [expected]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f"export const a = unstable_cache(async (x) => {ASKED}, ['a']);\n", True),
        (f"export const a = (x) => cache.wrap('k', () => {ASKED});\n", True),
        (
            "export async function a(x) {\n  const known = await cache.get('k');\n  if (known) return known;\n"
            f"  const rows = await {ASKED};\n  await cache.set('k', rows);\n  return rows;\n}}\n",
            True,
        ),
        (f"export const a = cache(async (x) => {ASKED});\n", False),  # React's: for one request
        (f"export const a = (x) => {ASKED};\n", False),
    ],
)
def test_javascript(code: str, *, expected: bool) -> None:
    assert seldom(extract_javascript, PRISMA + code) == [expected]
