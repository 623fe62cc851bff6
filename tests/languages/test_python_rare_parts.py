"""Quick looks before an expression is tried on a file: they may not lose what it would find."""

from __future__ import annotations

import pytest

from scaleaudit.facts import FileFacts, MigrationStep, OrmQuery
from scaleaudit.languages import python
from scaleaudit.languages.python.django import marks
from scaleaudit.languages.python.sqlalchemy import signs
from scaleaudit.languages.read_through import may_cache

STEPS = """from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [%s]
"""
FILLING = """from django.db import migrations

def fill(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.filter(code="a").update(paid=True)

class Migration(migrations.Migration):
    operations = [migrations.RunPython(fill)]
"""


@pytest.mark.parametrize(
    ("written", "begins"),
    [
        ("x = get_or_404(Order)", [4]),
        ("x = aget_object_or_404(Order)", [4]),
        ("x = find_order_or_none_or_raise_here(Order)", [4]),
        ("x = budget_or_404(Order)", []),
        ("x = get_or_404", []),
        ("x = get_or_create(Order)", []),
        ("get_or_none(A) or first_or_error(B)", [0, 18]),
    ],
)
def test_helpers_are_found_from_their_end(written: str, begins: list[int]) -> None:
    assert list(marks.helpers(written.encode())) == begins


@pytest.mark.parametrize(
    "written",
    [
        "purge(session, Order, Order.sold_at < day)",
        "purge(Order, Order.code == code)",
        "purge(Order,\n    and_(Order.code != code))",
        "purge(models.Order, models.Order.code.in_(codes))",
        "purge(Order, (Order.code.between(a, b)))",
        "purge(Order, Order.code.like(code))",
    ],
)
def test_conditions_on_a_class_are_found_from_their_operator(written: str) -> None:
    assert signs.WITH_CONDITION.search(written.encode()) is not None
    assert signs.compares_columns(written.encode())


@pytest.mark.parametrize(
    "written", ["def a() -> Order:", "x = (a, b == c)", "a(Order, order.x < y)"]
)
def test_comparisons_of_no_class_are_none(written: str) -> None:
    assert not signs.compares_columns(written.encode())


@pytest.mark.parametrize(
    ("written", "may"),
    [
        ("MemoryCache()", True),
        ("@memoised", True),
        ("GetOrCreate(key)", True),
        ("get_or_load(key)", True),
        ("getorset(key)", True),
        ("get_or_404(key)", False),
        ("memory", False),
    ],
)
def test_whether_a_file_speaks_of_a_cache(written: str, may: bool) -> None:
    assert may_cache(written.encode()) is may


def test_a_migration_without_functions_is_read_for_its_steps_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unwanted(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("scaleaudit.languages.python.reader.mapped", unwanted)
    monkeypatch.setattr("scaleaudit.languages.python.reader.asked_models", unwanted)
    monkeypatch.setattr("scaleaudit.languages.python.django.told.chains_of", unwanted)
    found = extracted(STEPS % 'migrations.RemoveField("Order", "code")')
    assert [each for each in found.facts if isinstance(each, MigrationStep)]


@pytest.mark.parametrize(
    "source",
    [
        FILLING,
        STEPS % 'migrations.RunPython(lambda apps, _: apps.get_model("shop", "Order")'
        '.objects.filter(code="a").delete())',
    ],
)
def test_a_migration_that_fills_rows_tells_its_queries(source: str) -> None:
    assert any(isinstance(each, OrmQuery) for each in extracted(source).facts)


def extracted(source: str) -> FileFacts:
    return python.extract(source.encode())
