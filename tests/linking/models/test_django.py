"""A small Django project, from its files to tables, queries and indexes."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import QueryFound
from scaleaudit.index_use import Why, judge_query

SETTINGS = 'import os\n\nINSTALLED_APPS = ["shop", "people"]\nAUTH_USER_MODEL = "people.Person"\n'
PEOPLE = (
    "from django.contrib.auth.models import AbstractUser\n"
    "from django.db import models\n\n\n"
    "class Person(AbstractUser):\n"
    "    nickname = models.CharField(max_length=50)\n"
)
MODELS = (
    "from django.conf import settings\nfrom django.db import models\nfrom django.db.models import Q\n\n\n"
    "class Stamped(models.Model):\n"
    "    created = models.DateTimeField()\n\n"
    "    class Meta:\n        abstract = True\n\n\n"
    "class OrderQuerySet(models.QuerySet):\n"
    "    def open(self):\n        return self.filter(closed_at=None)\n\n\n"
    "class Order(Stamped):\n"
    "    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name='orders')\n"
    "    token = models.CharField(max_length=40)\n"
    "    legacy_no = models.CharField(max_length=40)\n"
    "    number = models.IntegerField(unique=True)\n"
    "    closed_at = models.DateTimeField(null=True)\n"
    "    objects = OrderQuerySet.as_manager()\n\n"
    "    class Meta:\n"
    "        indexes = [models.Index(fields=['created'], condition=Q(closed_at=None))]\n"
    "        constraints = [models.UniqueConstraint(fields=['legacy_no'], name='guests', condition=Q(owner__isnull=True))]\n\n\n"
    "class Line(models.Model):\n"
    "    order = models.ForeignKey(Order, models.CASCADE)\n"
    "    sku = models.CharField(max_length=40)\n\n\n"
    "class Note(models.Model):\n"
    "    content_type = models.ForeignKey('contenttypes.ContentType', models.CASCADE)\n"
    "    object_id = models.PositiveIntegerField()\n\n\n"
    "class Tag(models.Model):\n"
    "    of_type = models.ForeignKey('contenttypes.ContentType', models.CASCADE)\n"
    "    of_id = models.PositiveIntegerField()\n"
)
HEAD = "from shop.models import Line, Note, Order, Tag\nfrom people.models import Person\n\n\n"


def missing(body: str) -> set[tuple[str, tuple[str, ...]]]:
    """(table, columns) that an index should be made of for what a view asks."""
    files = {
        "site/settings.py": SETTINGS,
        "people/models.py": PEOPLE,
        "shop/models.py": MODELS,
        "shop/views.py": HEAD + body,
    }
    found = architecture(files)
    result = set()
    for site in found.sites(QueryFound):
        query = site.fact
        if site.at.path != "shop/views.py" or query.partial:
            continue
        tables = [t for t in map(found.schema.table, query.reads) if t is not None]
        assert tables, query
        for judged in judge_query(query.predicates, tables, query.limited):
            if judged.verdict.is_problem:
                result.add((judged.table.name, judged.verdict.columns))
    return result


def test_columns_without_an_index() -> None:
    assert missing("def a(t):\n    return Order.objects.get(token=t)\n") == {
        ("shop_order", ("token",))
    }
    assert missing("def a(t):\n    return Line.objects.filter(order__token=t)\n") == {
        ("shop_order", ("token",))
    }
    assert missing("def a(x):\n    return Person.objects.get(email=x)\n") == {
        ("people_person", ("email",))
    }


def test_a_model_by_another_name() -> None:
    body = "from shop.models import Order as ShopOrder\n\ndef a(t):\n    return ShopOrder.objects.get(token=t)\n"
    assert missing(body) == {("shop_order", ("token",))}


def test_columns_with_one() -> None:
    assert missing("def a(n):\n    return Order.objects.get(number=n)\n") == set()
    assert missing("def a(p):\n    return Order.objects.filter(owner=p, token='x')\n") == set()
    assert missing("def a(request):\n    return request.user.orders.filter(token=1)\n") == set()
    assert missing("def a(o: Order):\n    return o.line_set.filter(sku='x')\n") == set()
    assert missing("def a(x):\n    return Person.objects.get(username=x)\n") == set()
    assert missing("def a(x):\n    return Order.objects.filter(owner__username=x)\n") == set()


def test_what_a_scope_adds_meets_the_condition_of_an_index() -> None:
    body = "def a(t):\n    return Order.objects.open().filter(created__gt=t)\n"
    assert missing(body) == set()
    assert missing("def a(t):\n    return Order.objects.filter(created__gt=t)\n") == {
        ("shop_order", ("created",))
    }


def test_the_condition_of_an_index_may_name_a_relation() -> None:
    body = "def a(t):\n    return Order.objects.filter({}legacy_no=t)\n"
    assert missing(body.format("owner=None, ")) == set()
    assert missing(body.format("")) == {("shop_order", ("legacy_no",))}


def test_a_join_to_people_by_the_class_of_the_settings() -> None:
    assert missing("def a(x):\n    return Order.objects.filter(owner__nickname=x)\n") == {
        ("people_person", ("nickname",))
    }


def asked(files: dict[str, str]) -> dict[str, list[QueryFound]]:
    """The queries of a project, by file."""
    result: dict[str, list[QueryFound]] = {}
    for site in architecture({"site/settings.py": SETTINGS, **files}).sites(QueryFound):
        result.setdefault(site.at.path, []).append(site.fact)
    return result


def test_columns_of_a_base_from_a_package() -> None:
    models = (
        "from django_extensions.db.models import TimeStampedModel\nfrom django.db import models\n\n\n"
        "class Visit(TimeStampedModel):\n    page = models.CharField(max_length=9)\n"
    )
    views = "from shop.models import Visit\n\n\ndef a(t):\n    return Visit.objects.filter({})\n"
    files = {"shop/models.py": models, "shop/views.py": views.format("modified__lt=t")}
    (query,) = asked(files)["shop/views.py"]
    assert [(p.column, p.operator) for p in query.predicates] == [("modified", "<")]
    assert not query.partial
    # A base of that name that comes from anywhere else may hold anything.
    files["shop/models.py"] = models.replace("django_extensions.db.models", "ours.bases")
    assert asked(files)["shop/views.py"][0].partial


def test_a_part_of_a_text_is_no_member_of_a_list() -> None:
    models = (
        "from django.db import models\nfrom django.contrib.postgres.fields import ArrayField\n\n\n"
        "class Page(models.Model):\n"
        "    title = models.TextField()\n"
        "    labels = ArrayField(models.CharField())\n"
        "    data = models.JSONField()\n"
    )
    views = (
        "from shop.models import Page\n\n\ndef a(t):\n"
        "    return Page.objects.filter(title__icontains=t, labels__contains=t, data__contains=t)\n"
    )
    (query,) = asked({"shop/models.py": models, "shop/views.py": views})["shop/views.py"]
    assert [(p.column, p.operator) for p in query.predicates] == [
        ("title", "contains"), ("labels", "search"), ("data", "search"),
    ]  # fmt: skip


def test_the_order_of_a_model_is_none_where_chance_or_nothing_decides() -> None:
    models = (
        "from django.db import models\n\n\nclass Page(models.Model):\n"
        "    title = models.TextField()\n    dirty = models.BooleanField()\n\n"
        "    class Meta:\n        ordering = ['title']\n"
    )
    views = (
        "from shop.models import Page\n\n\ndef a():\n"
        "    b = Page.objects.filter(dirty=True).order_by()[:10]\n"
        "    c = Page.objects.filter(dirty=True).order_by('?')[:10]\n"
        "    d = Page.objects.filter(dirty=True).values('id').annotate(n=Count('id'))[:10]\n"
        "    return b, c, d, Page.objects.filter(dirty=True)[:10]\n"
    )
    found = asked({"shop/models.py": models, "shop/views.py": views})["shop/views.py"]
    assert [([p.column for p in q.predicates], q.shuffled) for q in found] == [
        (["dirty"], False), (["dirty"], True), (["dirty"], False), (["dirty", "title"], False),
    ]  # fmt: skip


def test_a_generic_key_without_an_index_on_its_number() -> None:
    assert missing(
        "def a(t, n):\n    return Note.objects.filter(content_type=t, object_id=n)\n"
    ) == {("shop_note", ("object_id", "content_type_id"))}


def test_a_generic_key_of_one_kind_alone() -> None:
    models = f"{MODELS}\n    created = models.DateTimeField()\n"
    views = f"{HEAD}def a(t):\n    return Note.objects.filter(content_type=t)\n"
    files = {"people/models.py": PEOPLE, "shop/models.py": models, "shop/views.py": views}
    verdicts = [
        judged.verdict
        for site, several in architecture({"site/settings.py": SETTINGS, **files}).judged_queries
        for judged in several
        if site.at.path == "shop/views.py"
    ]
    assert [(each.served, each.why) for each in verdicts] == [(True, Why.INDEX)]


def test_the_kind_of_a_generic_key_by_what_it_refers_to() -> None:
    assert missing("def a(x, k):\n    return Tag.objects.get(of_type=k, of_id=x)\n") == {
        ("shop_tag", ("of_id",))
    }


PAGES = "rest_framework.pagination.PageNumberPagination"


@pytest.mark.parametrize(
    ("settings", "paged"),
    [
        ("", False),
        (f"REST_FRAMEWORK = {{'DEFAULT_PAGINATION_CLASS': '{PAGES}', 'PAGE_SIZE': 20}}\n", True),
        (f"REST_FRAMEWORK = {{'DEFAULT_PAGINATION_CLASS': '{PAGES}'}}\n", False),
        ("REST_FRAMEWORK = {'DEFAULT_PAGINATION_CLASS': None, 'PAGE_SIZE': 20}\n", False),
        ("REST_FRAMEWORK = dict(DEFAULT_PAGINATION_CLASS='shop.pages.Pages')\n", True),
        ("REST_FRAMEWORK['DEFAULT_PAGINATION_CLASS'] = 'shop.pages.Pages'\n", True),
    ],
)
def test_pages_by_the_settings_of_the_rest_framework(settings: str, *, paged: bool) -> None:
    views = (
        "from rest_framework import generics\nfrom shop.models import Order\n\n\n"
        "class Orders(generics.ListAPIView):\n    queryset = Order.objects.all()\n"
    )
    found = asked(
        {
            "site/settings.py": f"{SETTINGS}{settings}",
            "people/models.py": PEOPLE,
            "shop/models.py": MODELS,
            "shop/views.py": views,
        }
    )
    assert any(query.answered for query in found["shop/views.py"]) is not paged


@pytest.mark.parametrize("paged", [True, False])
def test_a_list_in_pages_is_cut_off_after_its_order(*, paged: bool) -> None:
    rest = f"REST_FRAMEWORK = {{'DEFAULT_PAGINATION_CLASS': '{PAGES}', 'PAGE_SIZE': 20}}\n"
    views = (
        "from rest_framework import generics\nfrom shop.models import Order\n\n\n"
        "class Orders(generics.ListAPIView):\n"
        "    def get_queryset(self):\n        return Order.objects.order_by('token')\n"
    )
    found = asked(
        {
            "site/settings.py": f"{SETTINGS}{rest if paged else ''}",
            "people/models.py": PEOPLE,
            "shop/models.py": MODELS,
            "shop/views.py": views,
        }
    )
    sorted_by = [
        [p.column for p in query.predicates] for query in found["shop/views.py"] if query.limited
    ]
    assert sorted_by == ([["token"]] if paged else [])


CURSOR = (
    "from rest_framework.pagination import CursorPagination\n\n\n"
    "class Newest(CursorPagination):\n    ordering = ('-token', 'id')\n"
)


@pytest.mark.parametrize(
    ("settings", "view", "expected"),
    [
        ("", "    pagination_class = Newest\n", [["token", "id"]]),
        ("", "", []),
        ("shop.pages.Newest", "", [["token", "id"]]),
        ("rest_framework.pagination.CursorPagination", "", [["created"]]),
        ("rest_framework.pagination.PageNumberPagination", "", []),
        ("shop.pages.Newest", "    ordering = 'number'\n", [["number"], ["number"]]),
    ],
)
def test_pages_that_begin_where_the_last_one_ended(
    settings: str, view: str, expected: list[list[str]]
) -> None:
    chosen = f"REST_FRAMEWORK = {{'DEFAULT_PAGINATION_CLASS': '{settings}', 'PAGE_SIZE': 20}}\n"
    views = (
        "from rest_framework import generics\nfrom shop.models import Order\n"
        "from shop.pages import Newest\n\n\n"
        f"class Orders(generics.ListAPIView):\n    queryset = Order.objects.all()\n{view}"
    )
    found = asked(
        {
            "site/settings.py": f"{SETTINGS}{chosen if settings else ''}",
            "people/models.py": PEOPLE,
            "shop/models.py": MODELS,
            "shop/pages.py": CURSOR,
            "shop/views.py": views,
        }
    )
    sorted_by = [
        columns
        for query in found["shop/views.py"]
        if query.limited and (columns := [p.column for p in query.predicates])
    ]
    assert sorted_by == expected


def test_the_label_of_an_application_where_it_begins() -> None:
    note = "from django.db import models\n\n\nclass Note(models.Model):\n    text = models.TextField()\n"
    config = "from shop.base import PluginConfig\n\n\nclass NotesPluginConfig(PluginConfig):\n    label = 'memos'\n"
    views = (
        "from notes.app.models import Note\n\n\ndef a(t):\n    return Note.objects.get(text=t)\n"
    )
    files = {
        "notes/__init__.py": "",
        "notes/app/__init__.py": config,
        "notes/app/models.py": note,
        "notes/app/views.py": views,
    }
    (query,) = asked(files)["notes/app/views.py"]
    assert query.reads == ("memos_note",)


def test_models_in_a_folder_of_their_application() -> None:
    note = "from django.db import models\n\n\nclass Note(models.Model):\n    text = models.TextField()\n"
    views = (
        "from shop.notes.models import Note\n\n\ndef a(t):\n    return Note.objects.get(text=t)\n"
    )
    files = {
        "shop/__init__.py": "",
        "shop/models.py": "from shop.notes.models import Note\n",
        "shop/apps.py": "from django.apps import AppConfig\n\n\nclass Shop(AppConfig):\n    name = 'shop'\n",
        "shop/notes/__init__.py": "",
        "shop/notes/models.py": note,
        "shop/views.py": views,
    }
    (query,) = asked(files)["shop/views.py"]
    assert query.reads == ("shop_note",)
    # With migrations of its own the folder is an application.
    files["shop/notes/migrations/0001_initial.py"] = "from django.db import migrations\n"
    assert asked(files)["shop/views.py"][0].reads == ("notes_note",)


FIELDS = """
from django.db import models


class CodeField(models.CharField):
    def __init__(self, start, **kwargs):
        super().__init__(max_length=20, {})
"""
TICKETS = """
from django.db import models

from shop.fields import CodeField


class Ticket(models.Model):
    code = CodeField("t")
"""


@pytest.mark.parametrize(
    ("options", "unique", "indexed"),
    [("unique=True", True, True), ("db_index=True", False, True), ("null=True", False, False)],
)
def test_fields_of_a_class_of_another_file(options: str, unique: bool, indexed: bool) -> None:
    files = {"shop/fields.py": FIELDS.format(options), "shop/models.py": TICKETS}
    table = architecture({"site/settings.py": SETTINGS, **files}).schema.tables["shop_ticket"]
    told = [index.unique for index in table.indexes if index.columns == ("code",)]
    assert told == ([unique] if indexed else [])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return self.filter(token='x')", [["token"]]),
        ("return self.order_by('-number')[:1].get()", []),
        ("return super().latest('closed_at')", []),
    ],
)
def test_a_method_of_the_project_is_not_djangos(body: str, expected: list[list[str]]) -> None:
    begins = "class OrderQuerySet(models.QuerySet):\n"
    own = f"{begins}    def latest(self, *names):\n        {body}\n\n"
    view = HEAD + "def a():\n    return Order.objects.latest('created')\n"
    files = {"site/settings.py": SETTINGS, "people/models.py": PEOPLE, "shop/views.py": view}

    def columns(models: str) -> list[list[str]]:
        found = asked({**files, "shop/models.py": models}).get("shop/views.py", [])
        return [[each.column for each in query.predicates] for query in found]

    assert columns(MODELS.replace(begins, own)) == expected
    assert columns(MODELS) == [["created"]]


@pytest.mark.parametrize(
    ("begin", "partial"),
    [("if filters is None:\n        filters = {}", True), ("filters = {}", False)],
)
def test_conditions_that_a_caller_may_hand_over(begin: str, *, partial: bool) -> None:
    body = (
        "from shop.models import Order\n\n\ndef show(filters=None):\n    " + begin + "\n"
        "    return list(Order.objects.filter(**filters))\n"
    )
    files = {"people/models.py": PEOPLE, "shop/models.py": MODELS, "shop/views.py": body}
    (query,) = asked(files)["shop/views.py"]
    assert query.partial is partial


@pytest.mark.parametrize(
    ("field", "columns"),
    [
        ("    date = models.DateField()\n", [("shop_slot", "date", "")]),
        ("    at = models.DateTimeField()\n", [("shop_visit", "slot_id", "date")]),
    ],
)
def test_an_attribute_that_is_called_as_a_part_of_a_moment(
    field: str, columns: list[tuple[str, str, str]]
) -> None:
    models = (
        "from django.db import models\n\n\n"
        f"class Slot(models.Model):\n{field}\n\n"
        "class Visit(models.Model):\n    slot = models.ForeignKey(Slot, models.CASCADE)\n"
    )
    views = (
        "from shop.models import Visit\n\n\n"
        "def a(x):\n    return list(Visit.objects.filter(slot__date=x))\n"
    )
    (query,) = asked({"shop/models.py": models, "shop/views.py": views})["shop/views.py"]
    found = [
        (p.table, p.column, p.function) for p in query.predicates if p.clause.value == "filter"
    ]
    assert found == columns
