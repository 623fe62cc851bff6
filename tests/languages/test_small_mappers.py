"""Models and queries of peewee and Tortoise as facts."""

from __future__ import annotations

import pytest

from scaleaudit.facts import Clause, ModelDefined, OrmQuery
from scaleaudit.languages.python import extract

PEEWEE = "from peewee import *\n"
TORTOISE = "from tortoise import fields\nfrom tortoise.models import Model\n"


def models(source: str) -> dict[str, ModelDefined]:
    facts = extract(source.encode()).facts
    return {fact.name: fact for fact in facts if isinstance(fact, ModelDefined)}


def queries(source: str) -> list[OrmQuery]:
    return [fact for fact in extract(source.encode()).facts if isinstance(fact, OrmQuery)]


def asked(query: OrmQuery) -> list[tuple[str, str, str]]:
    return [(c.path, c.operator, c.clause.value) for c in query.conditions]


def test_models_of_peewee() -> None:
    found = models(
        PEEWEE + "class Base(Model):\n    class Meta:\n        database = db\n"
        "class Tweet(Base):\n"
        "    user = ForeignKeyField(User, backref='tweets', null=True)\n"
        "    parent = ForeignKeyField('self', index=False, column_name='parent')\n"
        "    slug = CharField(unique=True)\n"
        "    made = DateTimeField(index=True, column_name='created')\n"
        "    class Meta:\n        table_name = 'Tweets'\n        indexes = ((('user', 'made'), True),)\n"
    )
    assert found["Base"].abstract
    tweet = found["Tweet"]
    assert (tweet.table, tweet.bases, tweet.framework) == ("tweets", ("Base",), "peewee")
    slug, made = tweet.fields
    assert (slug.unique, slug.type) == (True, "VARCHAR")
    assert (made.indexed, made.column, made.type) == (True, "created", "TIMESTAMP")
    user, parent = tweet.relations
    assert (user.target, user.inverse, user.indexed, user.nullable) == (
        "User",
        "tweets",
        True,
        True,
    )
    assert (parent.target, parent.column, parent.indexed) == ("Tweet", "parent", False)
    assert [(i.columns, i.unique) for i in tweet.indexes] == [(("user", "made"), True)]


def test_a_model_of_peewee_is_none_of_django_and_takes_indexes_behind_its_class() -> None:
    source = (
        "from peewee import CharField, DateTimeField, SQL\nfrom .base import Base\n"
        "class Note(Base):\n    kind = CharField()\n    made = DateTimeField()\n"
        "    class Meta:\n        indexes = ((('kind', 'made'), False),)\n"
        "Note.add_index(Note.made.desc(), Note.kind, unique=True)\nNote.add_index(SQL('CREATE INDEX x'))\n"
    )
    facts = extract(source.encode()).facts
    (note,) = [fact for fact in facts if isinstance(fact, ModelDefined)]
    assert note.framework == "peewee"
    assert [(i.columns, i.unique) for i in note.indexes] == [
        (("kind", "made"), False),
        (("made", "kind"), True),
    ]


def test_names_of_tables_in_small_letters_with_underscores() -> None:
    found = models(
        PEEWEE + "class Base(Model):\n    class Meta:\n        legacy_table_names = False\n"
        "class UserNote(Model):\n    text = TextField()\n"
        "    class Meta:\n        legacy_table_names = False\n"
        "class OldNote(Model):\n    text = TextField()\n"
    )
    assert [found[name].default_table for name in ("Base", "UserNote", "OldNote")] == [
        "{snake}",
        "user_note",
        "oldnote",
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    return 'shop_' + cls.__name__.lower()\n", "shop_{lower}"),
        ("    name = cls.__name__\n    return f'{name.lower()}_tbl'\n", "{lower}_tbl"),
        ("    return 'x_' + make_snake_case(cls.__name__)\n", "x_{snake}"),
        ("    return PREFIX + cls.__name__\n", "basenote"),
        ("    if cls:\n        return 'a'\n    return 'x_' + cls.__name__\n", "basenote"),
    ],
)
def test_a_function_names_the_tables(body: str, expected: str) -> None:
    source = PEEWEE + "def named(cls):\n" + body
    source += "class BaseNote(Model):\n    made = DateField()\n"
    source += "    class Meta:\n        table_function = named\n"
    assert models(source)["BaseNote"].default_table == expected


def test_a_temporary_table_is_no_model() -> None:
    found = models(
        PEEWEE + "class Doomed(Model):\n    id = CharField(primary_key=False)\n"
        "    class Meta:\n        temporary = True\n"
    )
    assert not found


def test_fields_of_classes_that_are_derived() -> None:
    found = models(
        PEEWEE + "class UserField(ForeignKeyField):\n    pass\n"
        "class CodeField(CharField):\n    pass\n"
        "class Tweet(Base):\n"
        "    robot = UserField(null=True)\n"
        "    author = UserField(User, index=False)\n"
        "    code = CodeField()\n"
    )
    tweet = found["Tweet"]
    robot, code = tweet.fields
    assert (robot.column, robot.indexed, robot.nullable) == ("robot_id", True, True)
    assert (code.type, code.indexed) == ("VARCHAR", False)
    assert [(r.name, r.target, r.indexed) for r in tweet.relations] == [("author", "User", False)]


def test_a_file_of_peewee_speaks_no_sqlalchemy() -> None:
    found = queries(
        PEEWEE + "def f(db, q):\n    db.session.add(q)\n"
        "    query = Tweet.select().where(Tweet.slug == q)\n"
        "    query = query.where(Tweet.made > q)\n    return query.order_by(Tweet.made)\n"
    )
    assert {query.framework for query in found} == {"peewee"}


def test_models_of_tortoise() -> None:
    found = models(
        TORTOISE + "class Event(Model):\n"
        "    id = fields.IntField(pk=True)\n"
        "    name = fields.CharField(max_length=50, db_index=True)\n"
        "    cup: fields.ForeignKeyRelation[Cup] = fields.ForeignKeyField('models.Cup', related_name='events')\n"
        "    teams = fields.ManyToManyField('models.Team', through='event_team')\n"
        "    class Meta:\n        table = 'events'\n        unique_together = ('name', 'cup')\n"
        "        ordering = ['-cup__made', 'name']\n"
    )["Event"]
    assert (found.table, found.framework, found.default_table) == ("events", "tortoise", "event")
    assert [(f.name, f.primary, f.indexed) for f in found.fields] == [
        ("id", True, False),
        ("name", False, True),
    ]
    told = [(r.name, r.target, r.kind, r.indexed, r.through) for r in found.relations]
    assert told == [
        ("cup", "Cup", "belongs-to", False, ""),
        ("teams", "Team", "many-to-many", False, "event_team"),
    ]
    assert [(i.columns, i.unique) for i in found.indexes] == [(("name", "cup"), True)]
    assert found.ordering == ("cup.made", "name")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("Tweet.select().where(Tweet.user == u, Tweet.made > d)",
         [("user", "=", "filter"), ("made", ">", "filter")]),
        ("Tweet.select().where((Tweet.slug << names) & ~(Tweet.made == d))",
         [("slug", "in", "filter"), ("made", "!=", "filter")]),
        ("Tweet.get(Tweet.slug == d)", [("slug", "=", "filter")]),
        ("Tweet.get_or_none(slug=d)", [("slug", "=", "filter")]),
        ("Tweet.select().where(Tweet.made.is_null(False))", [("made", "is-not-null", "filter")]),
        ("Tweet.select().where(fn.Lower(Tweet.slug) == d).order_by(-Tweet.made).limit(3)",
         [("slug", "=", "filter"), ("made", "sort", "sort")]),
        ("Tweet.delete().where(Tweet.made < d).execute()", [("made", "<", "filter")]),
    ],
)  # fmt: skip
def test_queries_of_peewee(source: str, told: list[tuple[str, str, str]]) -> None:
    (query,) = queries(f"{PEEWEE}def f(u, d, names):\n    return {source}\n")
    assert (query.framework, query.model, asked(query)) == ("peewee", "Tweet", told)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("Event.filter(name=n, cup__made__gte=d).order_by('-id').first()",
         [("name", "=", "filter"), ("cup.made", ">=", "filter"), ("id", "sort", "sort")]),
        ("Event.get_or_none(name=n)", [("name", "=", "filter")]),
        ("Event.filter(name__isnull=False).exclude(kind=n)",
         [("name", "is-not-null", "filter"), ("kind", "!=", "filter")]),
        ("Event.annotate(n=Count('id')).filter(day=d).order_by('-n')",
         [("day", "=", "filter"), ("n", "sort", "sort")]),
        ("Event.exists(name=n)", [("name", "=", "filter")]),
        ("Event.filter(name=n).latest('made')", [("name", "=", "filter"), ("made", "sort", "sort")]),
        ("Event.filter(Q(name=n) & Q(day=d)).count()", [("name", "=", "filter"), ("day", "=", "filter")]),
    ],
)  # fmt: skip
def test_queries_of_tortoise(source: str, told: list[tuple[str, str, str]]) -> None:
    (query,) = queries(f"{TORTOISE}async def f(n, d):\n    return await {source}\n")
    assert (query.framework, query.model, asked(query)) == ("tortoise", "Event", told)


def test_rows_that_refer_back_are_a_query_of_peewee() -> None:
    found = queries(
        PEEWEE + "def one(artist, name):\n"
        "    return artist.albums.where(Album.name == name).order_by(Album.year).first()\n"
        "def other(frame):\n    return frame.values.where(frame.x == 3)\n"
    )
    (told,) = found
    assert (told.framework, told.model, told.via, told.limited) == ("peewee", "", ("albums",), True)
    assert asked(told) == [("name", "=", "filter"), ("year", "sort", "sort")]


def test_alternatives_and_branches_of_tortoise() -> None:
    found = queries(
        TORTOISE + "async def f(n, d):\n"
        "    q = Event.filter(Q(name=n) | Q(day=d))\n"
        "    if d:\n        q = q.filter(made__lt=d)\n"
        "    return await q.order_by('made').limit(3)\n"
    )
    base, narrowed = found
    told = [(c.path, c.branch) for c in base.conditions if c.alternative]
    assert told == [("name", 1), ("day", 2)]
    assert base.limited
    assert ("made", "<", Clause.FILTER.value) in asked(narrowed)


def test_new_rows() -> None:
    (peewee,) = queries(PEEWEE + "def f(t):\n    Tweet.create(slug=t)\n")
    assert (peewee.framework, peewee.inserts) == ("peewee", True)
    (tortoise,) = queries(TORTOISE + "async def f(t):\n    await Event.create(name=t)\n")
    assert (tortoise.framework, tortoise.inserts) == ("tortoise", True)


@pytest.mark.parametrize(
    ("start", "made"),
    [
        ("from shop.models import Order\n", True),
        ("from shop.models import Order\nimport sqlalchemy\n", False),
        ("from shop.models import Order\nfrom django.db import transaction\n", False),
    ],
)
def test_rows_of_models_that_another_file_declares(start: str, made: bool) -> None:
    found = queries(start + "def add(kind):\n    Order.create(kind=kind)\n    Order.create(kind)\n")
    told = [each.inserts for each in found if each.framework == "peewee"]
    assert told == ([True] if made else [])


def test_what_is_not_true_is_an_equality_of_a_flag() -> None:
    (query,) = queries(PEEWEE + "Order.select().where(~Order.is_paid)\n")
    assert asked(query) == [("is_paid", "is-true", "filter")]


def test_methods_of_other_classes_are_no_queries() -> None:
    source = "def f(x):\n    Cache.get(x)\n    Registry.filter(x)\n    return Settings.get('a')\n"
    assert queries(source) == []


def test_a_query_whose_class_stands_on_a_line_of_its_own() -> None:
    (found,) = queries(
        "from shop.db import Order\n"
        "def late(day):\n    query = (Order\n             .select(Order.id)\n"
        "             .where(Order.due < day)\n             .dicts())\n    return list(query)\n"
    )
    assert (found.framework, found.model) == ("peewee", "Order")
    assert asked(found) == [("due", "<", "filter")]


@pytest.mark.parametrize(
    ("imports", "read"),
    [("from shop.models import SMS", True), ("from shop.limits import SMS", False)],
)
def test_classes_in_capitals_come_from_modules_of_models(imports: str, read: bool) -> None:
    found = queries(
        f"{imports}\nSMS.select().where((SMS.number == n) & (SMS.sent == 0)).execute()\n"
    )
    assert [(q.model, asked(q)) for q in found] == (
        [("SMS", [("number", "=", "filter"), ("sent", "=", "filter")])] if read else []
    )


@pytest.mark.parametrize(
    ("start", "framework"), [(PEEWEE + "Order", "peewee"), (TORTOISE + "await Order", "tortoise")]
)
def test_get_or_create_looks_first(start: str, framework: str) -> None:
    (found,) = queries(f"{start}.get_or_create(code=x, defaults={{'note': y}})\n")
    assert (found.framework, found.inserts) == (framework, True)
    assert asked(found) == [("code", "=", "filter")]


def test_a_reference_called_id_keeps_its_name() -> None:
    found = models(PEEWEE + "class Line(Base):\n    order_id = ForeignKeyField(Order)\n")
    assert [each.column for each in found["Line"].relations] == ["order_id"]


SAVED = """
from models import Note, Tag, Visit
def keep(text, found):
    note = Note(text=text)
    note.save()
    Tag(name=text).save(force_insert=True)
    found.save()
    seen = Visit.get_or_none(Visit.page == text)
    seen.save()
"""


def test_rows_that_are_made_and_saved() -> None:
    asked = [each for each in extract(SAVED.encode()).facts if isinstance(each, OrmQuery)]
    assert [(each.framework, each.model) for each in asked if each.inserts] == [
        ("peewee", "Note"),
        ("peewee", "Tag"),
    ]
    of_django = extract(b"from django.db import models\n" + SAVED.encode()).facts
    assert not [
        x for x in of_django if isinstance(x, OrmQuery) and x.framework == "peewee" and x.inserts
    ]


def test_indexes_behind_a_class_and_unique_constraints() -> None:
    code = (
        "class Note(Model):\n    a = CharField()\n    b = CharField()\n    class Meta:\n"
        "        constraints = [SQL('UNIQUE (a, b)'), Check('a > 1')]\n"
        "Note.add_index(Note.index(Note.b, unique=True))\nNote.add_index(Note.a, where=Note.b == 1)\n"
    )
    [note] = [f for f in extract((PEEWEE + code).encode()).facts if isinstance(f, ModelDefined)]
    assert [(i.columns, i.unique, i.where) for i in note.indexes] == [
        (("a", "b"), True, ""),
        (("b",), True, ""),
        (("a",), False, "?"),
    ]


def test_pages_of_peewee_go_on() -> None:
    found = queries(
        PEEWEE + "def f(x, y):\n    q = Order.select().where(Order.code == x)\n"
        "    if y:\n        q = q.where(Order.kind == y)\n"
        "    q = q.order_by(Order.made).paginate(2, 20).dicts()\n    return list(q)\n"
    )
    assert [[c.path for c in each.conditions] for each in found] == [
        ["code", "made"],
        ["code", "made", "kind"],
    ]
    assert all(each.limited and each.skips for each in found)
