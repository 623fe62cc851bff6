"""Django: what functions, base classes and filters of other files ask of rows that they are handed."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import Clause, QueryFound

MODELS = (
    "from django.db import models\n\n\n"
    "class Order(models.Model):\n"
    "    token = models.CharField(max_length=40)\n"
    "    state = models.CharField(max_length=9)\n"
    "    owner = models.IntegerField()\n"
)
HEAD = "from django.db.models import Q\nfrom shop.models import Order\n"


def asked(files: dict[str, str]) -> list[QueryFound]:
    """The queries of the file that asks."""
    everything = {"site/settings.py": 'INSTALLED_APPS = ["shop"]\n', "shop/models.py": MODELS}
    return [site.fact for site in architecture(everything | files).sites(QueryFound)]


def conditions(query: QueryFound) -> list[tuple[str, str]]:
    return [(p.column, p.operator) for p in query.predicates if p.clause is Clause.FILTER]


def whole(files: dict[str, str]) -> list[list[tuple[str, str]]]:
    """What each query asks that is known whole and asks anything."""
    return [conditions(each) for each in asked(files) if each.predicates and not each.partial]


def of_helper(helper: str, body: str) -> list[list[tuple[str, str]]]:
    return whole(
        {
            "shop/helpers.py": "from django.db.models import Q\n\n\n" + helper,
            "shop/views.py": HEAD
            + "from shop import helpers\nfrom shop.helpers import narrowed\n\n\n"
            + f"def a(t, user, params):\n    {body}\n",
        }
    )


class TestHandedRows:
    NARROWED = "def narrowed(rows, user):\n    return rows.filter(owner=user.pk)\n"

    @pytest.mark.parametrize(
        "body",
        [
            "return narrowed(Order.objects.all(), user).filter(token=t).first()",
            "return helpers.narrowed(Order.objects.all(), user).filter(token=t).first()",
            "return narrowed(rows=Order.objects.all(), user=user).filter(token=t).first()",
            "rows = Order.objects.all()\n    rows = narrowed(rows, user)\n    return rows.filter(token=t).first()",
        ],
    )
    def test_a_chain_goes_on_from_what_a_function_narrows(self, body: str) -> None:
        assert of_helper(self.NARROWED, body) == [[("token", "="), ("owner", "=")]]

    @pytest.mark.parametrize(
        "body",
        [
            "return list(narrowed(Order.objects.all(), user))",
            "rows = Order.objects.all()\n    return narrowed(rows, user)",
            "rows = Order.objects.all()\n    rows = narrowed(rows, user)\n    return list(rows[:9])",
            "for each in narrowed(Order.objects.all(), user):\n        print(each)",
        ],
    )
    def test_nothing_goes_on(self, body: str) -> None:
        assert of_helper(self.NARROWED, body) == [[("owner", "=")]]

    def test_a_function_of_the_file(self) -> None:
        views = HEAD + (
            "def narrowed(rows, user):\n    return rows.filter(owner=user.pk)\n\n\n"
            "def a(t, user):\n    return narrowed(Order.objects.all(), user).filter(token=t).first()\n"
        )
        assert [("token", "="), ("owner", "=")] in whole({"shop/views.py": views})

    def test_what_a_function_adds_in_some_runs_is_an_option(self) -> None:
        helper = (
            "def narrowed(rows, params):\n"
            "    if params.get('state'):\n        rows = rows.filter(state=params['state'])\n"
            "    return rows\n"
        )
        body = "return narrowed(Order.objects.filter(token=t), params)"
        found = of_helper(helper, body)
        assert [("token", "="), ("state", "=")] in found
        assert [("token", "=")] in found

    def test_a_function_that_narrows_by_what_is_not_read(self) -> None:
        helper = "def narrowed(rows, user):\n    return rows.filter(visible_to(user))\n"
        body = "return narrowed(Order.objects.all(), user).filter(token=t).first()"
        assert of_helper(helper, body) == []

    def test_a_function_that_is_handed_rows_and_gives_none(self) -> None:
        helper = (
            "def narrowed(rows, user):\n    return [row.token for row in rows.filter(owner=1)]\n"
        )
        body = "return narrowed(Order.objects.filter(token=t), user)"
        assert of_helper(helper, body) == [[("token", "=")]]

    def test_of_two_functions_of_one_name_the_import_tells(self) -> None:
        other = "def narrowed(rows, user):\n    return rows.filter(state='open')\n"
        views = HEAD + (
            "from shop.helpers import narrowed\n\n\n"
            "def a(user):\n    return narrowed(Order.objects.all(), user).first()\n"
        )
        files = {"shop/helpers.py": self.NARROWED, "shop/other.py": other, "shop/views.py": views}
        assert whole(files) == [[("owner", "=")]]


class TestMadeConditions:
    @pytest.mark.parametrize(
        ("helper", "body"),
        [
            (
                "def narrowed(t):\n    return Q(token=t)\n",
                "Order.objects.filter(narrowed(t)).first()",
            ),
            (
                "def narrowed(t):\n    q = Q()\n    q &= Q(token=t)\n    return q\n",
                "Order.objects.filter(helpers.narrowed(t)).first()",
            ),
            (
                "def order_filters(t):\n    found = {}\n    found['token'] = t\n    return found\n",
                "Order.objects.filter(**helpers.order_filters(t)).first()",
            ),
        ],
    )
    def test_by_a_function_of_another_file(self, helper: str, body: str) -> None:
        assert of_helper(helper, body) == [[("token", "=")]]

    @pytest.mark.parametrize(
        "body",
        [
            "Order.objects.exclude(narrowed(t)).first()",
            "Order.objects.filter(narrowed(t) | Q(state='open')).first()",
            "Order.objects.filter(~narrowed(t), state=params['state']).first()",
        ],
    )
    def test_inside_of_others_it_is_not_followed(self, body: str) -> None:
        assert of_helper("def narrowed(t):\n    return Q(token=t)\n", body) == []


VIEW_HEAD = (
    "from django.views.generic import ListView\n"
    "from shop.mixins import OwnedMixin, Backend\nfrom shop.models import Order\n\n\n"
)
MIXINS = (
    "import django_filters\n\n\n"
    "class OwnedMixin:\n    def get_queryset(self):\n"
    "        return super().get_queryset().filter(owner=self.request.user.pk)\n\n\n"
    "class Between(OwnedMixin):\n    pass\n\n\n"
    "class Backend(BaseFilterBackend):\n    def filter_queryset(self, request, queryset, view):\n"
    "        return queryset.filter(state=request.GET['state'])\n"
)


def of_view(view: str, mixins: str = MIXINS) -> list[list[tuple[str, str]]]:
    return whole({"shop/mixins.py": mixins, "shop/views.py": VIEW_HEAD + view})


class TestViews:
    @pytest.mark.parametrize(
        "view",
        [
            "class Orders(OwnedMixin, ListView):\n    model = Order\n",
            "from shop.mixins import Between\n\n\nclass Orders(Between, ListView):\n    model = Order\n",
            "class Mine:\n    def get_queryset(self):\n"
            "        return super().get_queryset().filter(owner=self.request.user.pk)\n\n\n"
            "class Orders(Mine, ListView):\n    model = Order\n",
        ],
    )
    def test_a_class_above_narrows_the_rows(self, view: str) -> None:
        assert of_view(view) == [[("owner", "=")]]

    def test_a_view_goes_on_from_there(self) -> None:
        view = (
            "class Orders(OwnedMixin, ListView):\n    model = Order\n\n"
            "    def get_queryset(self):\n"
            "        return super().get_queryset().filter(token=self.kwargs['token'])\n"
        )
        assert of_view(view) == [[("token", "="), ("owner", "=")]]

    def test_a_mixin_that_begins_with_the_model_of_the_view(self) -> None:
        mixins = (
            "from django.db.models import Q\n\n\nclass OwnedMixin:\n    def get_queryset(self):\n"
            "        return self.model.objects.filter(owner=self.request.user.pk)\n"
        )
        view = "class Orders(OwnedMixin, ListView):\n    model = Order\n"
        assert of_view(view, mixins) == [[("owner", "=")]]

    def test_the_projects_own_filters_of_an_interface(self) -> None:
        view = (
            "class Orders(ListView):\n    queryset = Order.objects.all()\n"
            "    filter_backends = [Backend]\n"
        )
        assert of_view(view) == [[("state", "=")]]

    def test_a_class_that_does_nothing_to_the_rows(self) -> None:
        mixins = "from django import forms\n\n\nclass OwnedMixin:\n    title = 'Orders'\n"
        assert of_view("class Orders(OwnedMixin, ListView):\n    model = Order\n", mixins) == []

    def test_a_class_that_does_what_is_not_read(self) -> None:
        view = (
            "class Mine:\n    def get_queryset(self):\n        return narrowed(self.request)\n\n\n"
            "class Orders(Mine, ListView):\n    queryset = Order.objects.all()\n"
            "    ordering_fields = ['token']\n    search_fields = ['=token']\n"
        )
        assert of_view(view) == []
