"""Django: queries whose rows come from other files: managers, functions, abstract classes."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import Clause, QueryFound

SETTINGS = 'INSTALLED_APPS = ["shop", "stock"]\n'
MODELS = (
    "from django.db import models\n\n"
    "from shop.managers import OpenManager, OrderQuerySet\n\n\n"
    "class Order(models.Model):\n"
    "    token = models.CharField(max_length=40)\n"
    "    state = models.CharField(max_length=9)\n"
    "    closed_at = models.DateTimeField(null=True)\n"
    "    {}\n"
)
VIEWS = (
    "from django.http import Http404\nfrom shop.models import Order\n\n\ndef a(t):\n    return {}\n"
)


def asked(files: dict[str, str]) -> dict[str, list[QueryFound]]:
    """The queries of a project, by file."""
    result: dict[str, list[QueryFound]] = {}
    for site in architecture({"site/settings.py": SETTINGS, **files}).sites(QueryFound):
        result.setdefault(site.at.path, []).append(site.fact)
    return result


def conditions(query: QueryFound) -> list[tuple[str, str]]:
    return [(p.column, p.operator) for p in query.predicates if p.clause is Clause.FILTER]


def of_view(files: dict[str, str]) -> list[tuple[str, str]]:
    (query,) = asked(files)["shop/views.py"]
    assert not query.partial, query
    return conditions(query)


QUERY_SETS = (
    "from django.db import models\n\n\n"
    "class OrderQuerySet(models.QuerySet):\n"
    "    def open(self):\n        return self.filter(closed_at=None)\n\n\n"
)


class TestManagers:
    def files(self, managers: str, attribute: str, chain: str) -> dict[str, str]:
        return {
            "shop/managers.py": managers,
            "shop/models.py": MODELS.format(attribute),
            "shop/views.py": VIEWS.format(chain),
        }

    def test_methods_of_a_query_set_that_a_manager_is_made_from(self) -> None:
        managers = QUERY_SETS + (
            "class OpenManager(models.Manager.from_queryset(OrderQuerySet)):\n    pass\n"
        )
        chain = "Order.objects.open().filter(token=t)"
        files = self.files(managers, "objects = OpenManager()", chain)
        assert of_view(files) == [("token", "="), ("closed_at", "is-null")]

    def test_so_does_a_name_of_the_module(self) -> None:
        managers = QUERY_SETS + "OpenManager = models.Manager.from_queryset(OrderQuerySet)\n"
        chain = "Order.objects.open().filter(token=t)"
        files = self.files(managers, "objects = OpenManager()", chain)
        assert of_view(files) == [("token", "="), ("closed_at", "is-null")]

    def test_a_base_in_another_file(self) -> None:
        bases = QUERY_SETS.replace("OrderQuerySet", "CommonQuerySet")
        managers = "from shop.bases import CommonQuerySet\n\n\nclass OrderQuerySet(CommonQuerySet):\n    pass\n"
        chain = "Order.objects.open().filter(token=t)"
        files = self.files(managers, "objects = OrderQuerySet.as_manager()", chain)
        files["shop/bases.py"] = bases
        assert of_view(files) == [("token", "="), ("closed_at", "is-null")]

    def test_what_a_named_manager_leaves_out(self) -> None:
        managers = QUERY_SETS + (
            "class OpenManager(models.Manager):\n"
            "    def get_queryset(self):\n"
            "        return super().get_queryset().filter(state='open')\n"
        )
        chain = "Order.opened.filter(token=t)"
        files = self.files(
            managers, "objects = models.Manager()\n    opened = OpenManager()", chain
        )
        assert of_view(files) == [("token", "="), ("state", "=")]

    def test_what_all_queries_are_without(self) -> None:
        managers = QUERY_SETS + (
            "class OpenManager(models.Manager.from_queryset(OrderQuerySet)):\n"
            "    def get_queryset(self):\n"
            "        return super().get_queryset().filter(state='open')\n"
        )
        files = self.files(managers, "objects = OpenManager()", "Order.objects.filter(token=t)")
        assert of_view(files) == [("token", "="), ("state", "=")]

    def test_a_query_set_as_a_second_manager_leaves_nothing_out(self) -> None:
        attribute = "objects = models.Manager()\n    everything_else = OrderQuerySet.as_manager()"
        files = self.files(QUERY_SETS, attribute, "Order.everything_else.filter(token=t)")
        assert of_view(files) == [("token", "=")]

    def test_a_named_manager_of_a_package_may_leave_out_anything(self) -> None:
        managers = QUERY_SETS + "from elsewhere import OpenManager\n"
        attribute = "objects = models.Manager()\n    opened = OpenManager()"
        files = self.files(managers, attribute, "Order.opened.filter(token=t)")
        (query,) = asked(files)["shop/views.py"]
        assert query.partial

    def test_a_manager_that_hands_its_methods_to_a_query_set(self) -> None:
        managers = QUERY_SETS + (
            "class OpenManager(models.Manager):\n"
            "    def get_queryset(self):\n"
            "        return OrderQuerySet(self.model, using=self._db)\n"
            "    def open(self):\n        return self.get_queryset().open()\n"
        )
        chain = "Order.objects.open().filter(token=t)"
        files = self.files(managers, "objects = OpenManager()", chain)
        assert of_view(files) == [("token", "="), ("closed_at", "is-null")]

    def test_a_method_in_place_of_that_of_a_base(self) -> None:
        managers = QUERY_SETS + (
            "class LateQuerySet(OrderQuerySet):\n"
            "    def open(self):\n        return super().open().filter(state='late')\n\n\n"
            "class OpenManager(models.Manager.from_queryset(LateQuerySet)):\n    pass\n"
        )
        chain = "Order.objects.open().filter(token=t)"
        files = self.files(managers, "objects = OpenManager()", chain)
        found = of_view(files)
        assert found == [("token", "="), ("state", "="), ("closed_at", "is-null")]

    def test_managers_of_one_name_in_two_applications(self) -> None:
        managers = QUERY_SETS.replace("OrderQuerySet", "LogQuerySet")
        models = (
            "from django.db import models\n\nfrom {}.managers import LogQuerySet\n\n\n"
            "class Log(models.Model):\n"
            "    token = models.CharField(max_length=40)\n"
            "    {} = models.DateTimeField(null=True)\n"
            "    objects = LogQuerySet.as_manager()\n"
        )
        files = {
            "shop/managers.py": managers,
            "shop/models.py": models.format("shop", "closed_at"),
            "stock/managers.py": managers.replace("closed_at", "sold_at"),
            "stock/models.py": models.format("stock", "sold_at"),
            "shop/views.py": "from shop.models import Log\n\n\n"
            "def a(t):\n    return Log.objects.open().filter(token=t)\n",
        }
        assert of_view(files) == [("token", "="), ("closed_at", "is-null")]


LINES = (
    "from django.db import models\n\n\n"
    "class LineQuerySet(models.QuerySet):\n"
    "    def open(self):\n        return self.filter(closed_at=None)\n\n\n"
    "class Order(models.Model):\n"
    "    state = models.CharField(max_length=9)\n"
    "    @classmethod\n"
    "    def of_state(cls, state):\n        return cls.objects.filter(state=state)\n"
    "    def waiting_lines(self):\n        return self.lines.filter(closed_at=None)\n\n\n"
    "class Line(models.Model):\n"
    "    order = models.ForeignKey(Order, models.CASCADE, related_name='lines')\n"
    "    sku = models.CharField(max_length=40)\n"
    "    token = models.CharField(max_length=40)\n"
    "    closed_at = models.DateTimeField(null=True)\n"
    "    objects = LineQuerySet.as_manager()\n"
)
SELECTORS = (
    "from shop.models import Line\n\n\n"
    "def open_lines(user):\n"
    "    if user is None:\n        return Line.objects.none()\n"
    "    return Line.objects.filter(closed_at=None).order_by('token')\n\n\n"
    "def no_rows():\n    return 1\n\n\n"
    "class LineService:\n"
    "    @staticmethod\n"
    "    def listed(user):\n"
    "        rows = Line.objects.filter(closed_at=None)\n"
    "        if user.sku:\n            rows = rows.filter(sku=user.sku)\n"
    "        return rows\n"
)
START = "from django.http import Http404\n"


class TestGivenRows:
    def asked(self, body: str) -> list[QueryFound]:
        files = {
            "shop/models.py": LINES,
            "shop/selectors.py": SELECTORS,
            "shop/views.py": START + body,
        }
        return asked(files).get("shop/views.py", [])

    def of_view(self, body: str) -> list[tuple[str, str]]:
        (query,) = self.asked(body)
        assert not query.partial
        return conditions(query)

    def test_a_function_of_another_file(self) -> None:
        body = "from shop.selectors import open_lines\n\ndef a(t):\n    return open_lines(t).filter(sku=t)\n"
        assert self.of_view(body) == [("closed_at", "is-null"), ("sku", "=")]

    def test_a_function_of_a_module(self) -> None:
        body = (
            "from shop import selectors\n\ndef a(t):\n"
            "    rows = selectors.open_lines(t)\n    return rows.filter(sku=t)\n"
        )
        assert self.of_view(body) == [("closed_at", "is-null"), ("sku", "=")]

    def test_an_order_of_its_own_takes_the_place_of_the_other(self) -> None:
        body = "from shop.selectors import open_lines\n\ndef a(t):\n    return open_lines(t).order_by('sku')[:9]\n"
        (query,) = self.asked(body)
        assert [p.column for p in query.predicates if p.clause is Clause.SORT] == ["sku"]

    def test_a_method_of_a_service(self) -> None:
        body = (
            "from shop.selectors import LineService\n\ndef a(t):\n"
            "    return LineService.listed(t).filter(token=t)\n"
        )
        assert self.of_view(body) == [("closed_at", "is-null"), ("token", "=")]

    def test_a_service_just_made(self) -> None:
        body = (
            "from shop.selectors import LineService\n\ndef a(t):\n"
            "    return LineService().listed(t).filter(token=t)\n"
        )
        assert self.of_view(body) == [("closed_at", "is-null"), ("token", "=")]

    def test_a_method_of_a_model(self) -> None:
        body = "from shop.models import Order\n\ndef a(t):\n    return Order.of_state(t).filter(id=3)\n"
        assert self.of_view(body) == [("state", "="), ("id", "=")]

    def test_a_method_of_an_object(self) -> None:
        body = (
            "from shop.models import Order\n\ndef a(order: Order, t):\n"
            "    return order.waiting_lines().filter(token=t)\n"
        )
        assert self.of_view(body) == [("order_id", "="), ("closed_at", "is-null"), ("token", "=")]

    def test_what_gives_no_rows_is_not_told(self) -> None:
        body = (
            "from shop.selectors import no_rows\n\ndef a(t):\n    return no_rows().filter(sku=t)\n"
        )
        assert self.asked(body) == []
        body = "from elsewhere import rows\n\ndef a(t):\n    return rows(t).filter(sku=t)\n"
        assert self.asked(body) == []

    def test_a_method_of_the_query_set_on_a_relation(self) -> None:
        body = (
            "from shop.models import Order\n\ndef a(order: Order, t):\n"
            "    return order.lines.open().filter(sku=t)\n"
        )
        assert self.of_view(body) == [("order_id", "="), ("sku", "="), ("closed_at", "is-null")]

    def test_so_on_a_relation_of_what_has_no_type(self) -> None:
        body = "def a(order, t):\n    return order.lines.open().filter(sku=t)\n"
        assert self.of_view(body) == [("order_id", "="), ("sku", "="), ("closed_at", "is-null")]


def test_what_an_abstract_class_asks_is_asked_of_each_that_inherits() -> None:
    bases = (
        "from django.db import models\n\n\n"
        "class Stepped(models.Model):\n"
        "    step = models.CharField(max_length=9)\n\n"
        "    class Meta:\n        abstract = True\n\n"
        "    @classmethod\n"
        "    def next_ones(cls, t):\n        return list(cls.objects.filter(step=t))\n"
    )
    models = (
        "from django.db import models\nfrom shop.bases import Stepped\n\n\n"
        "class Order(Stepped):\n    token = models.CharField(max_length=40)\n\n\n"
        "class Line(Stepped):\n    sku = models.CharField(max_length=40)\n"
    )
    found = asked({"shop/bases.py": bases, "shop/models.py": models})["shop/bases.py"]
    assert sorted((p.table, p.column) for query in found for p in query.predicates) == [
        ("shop_line", "step"),
        ("shop_order", "step"),
    ]


def test_applications_in_a_folder_that_settings_put_on_the_path() -> None:
    """Some file may still name that folder by its whole way."""
    log = (
        "from django.db import models\n\n\nclass Log(models.Model):\n"
        "    action = models.CharField(max_length=9)\n    {} = models.IntegerField()\n"
    )
    files = {
        "ours/__init__.py": "",
        "ours/tasks.py": "import ours.apps.core.builds\n",
        "ours/apps/__init__.py": "",
        "ours/apps/core/__init__.py": "",
        "ours/apps/core/builds.py": "",
        "ours/apps/shop/__init__.py": "",
        "ours/apps/shop/models.py": log.format("price"),
        "ours/apps/stock/__init__.py": "",
        "ours/apps/stock/models.py": log.format("amount"),
        "ours/apps/core/views.py": "from stock.models import Log\n\n\n"
        "def a(x):\n    return Log.objects.filter(action=x)\n",
    }
    (query,) = asked(files)["ours/apps/core/views.py"]
    assert query.reads == ("stock_log",)


class TestRelations:
    MODELS = (
        "from django.db import models\n\n\n"
        "class Person(models.Model):\n"
        "    state = models.CharField(max_length=9)\n\n\n"
        "class Follow(models.Model):\n"
        "    state = models.CharField(max_length=9)\n"
        "    source = models.ForeignKey('{}', models.CASCADE, related_name='outbound')\n"
        "    target = models.ForeignKey('{}', models.CASCADE, related_name='inbound')\n"
    )
    VIEW = "from django.http import Http404\n\n\ndef a(view):\n    return view.person.inbound.filter(state='a').count()\n"

    @pytest.mark.parametrize("written", ["shop.Person", "shop.person", "Person"])
    def test_a_relation_leads_one_way(self, written: str) -> None:
        files = {"shop/models.py": self.MODELS.format(written, written), "shop/views.py": self.VIEW}
        (query,) = asked(files)["shop/views.py"]
        assert query.reads == ("shop_follow",)
        assert conditions(query) == [("target_id", "="), ("state", "=")]


class TestIndexesOfMigrations:
    MODELS = (
        "from django.db import models\n\n\n"
        "class Order(models.Model):\n    token = models.CharField(max_length=40)\n"
    )
    MIGRATION = (
        "from django.db import migrations, models\n\n\n"
        "class Migration(migrations.Migration):\n    operations = [{}]\n"
    )
    ADDED = "migrations.AddIndex(model_name='order', index=models.Index(fields=['{}'], name='by_token'))"

    def indexed(self, *operations: str, models: str = MODELS) -> list[tuple[str, ...]]:
        files = {"shop/models.py": models} | {
            f"shop/migrations/{at:04}_step.py": self.MIGRATION.format(operation)
            for at, operation in enumerate(operations, 1)
        }
        table = architecture({"site/settings.py": SETTINGS, **files}).schema.table("shop_order")
        assert table is not None
        return [each.columns for each in table.indexes if not each.primary]

    def test_what_no_model_declares_stands_in_the_table(self) -> None:
        assert self.indexed(self.ADDED.format("token")) == [("token",)]

    def test_what_was_taken_away_again_does_not(self) -> None:
        removed = "migrations.RemoveIndex(model_name='order', name='by_token')"
        assert self.indexed(self.ADDED.format("token"), removed) == []

    def test_nor_does_one_on_a_column_that_is_gone(self) -> None:
        assert self.indexed(self.ADDED.format("code")) == []

    def test_what_the_model_declares_is_its_own(self) -> None:
        removed = "migrations.RemoveIndex(model_name='order', name='by_token')"
        models = self.MODELS + (
            "    class Meta:\n        indexes = [models.Index(fields=['token'], name='by_token')]\n"
        )
        assert self.indexed(removed, models=models) == [("token",)]
