"""Relations whose direction the foreign keys of both classes decide, in whole repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, QueryFound
from scaleaudit.languages.python import extract
from scaleaudit.linking import link
from scaleaudit.source import Role, SourceFile

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture

HEAD = "from sqlalchemy import Column, ForeignKey, Integer, Text, Table\nfrom sqlalchemy.orm import relationship\n"
BASE = HEAD + (
    "class Base(DeclarativeBase):\n"
    "    @declared_attr\n"
    "    def __tablename__(cls):\n        return cls.__name__.lower()\n"
    "    id = Column(Integer, primary_key=True)\n"
)
USERS = HEAD + (
    "class User(Base):\n    __tablename__ = 'users'\n    name = Column(Text, unique=True)\n"
    "    orders = relationship('Order')\n    profile = relationship('Profile', backref='user')\n"
)
ORDERS = HEAD + (
    "class Order(Base):\n    __tablename__ = 'orders'\n"
    "    bought_by = Column(ForeignKey('users.id'))\n    kind = Column(ForeignKey('kinds.code'))\n"
    "    day = Column(Text)\n    tags = relationship('Tag', secondary='order_tags')\n"
    "class Kind(Base):\n    __tablename__ = 'kinds'\n    code = Column(Text, unique=True)\n"
    "class Tag(Base):\n    label = Column(Text)\n"
    "order_tags = Table('order_tags', metadata,\n"
    "    Column('order_id', ForeignKey('orders.id')), Column('tag_id', ForeignKey('tag.id')))\n"
)
PROFILES = HEAD + (
    "class Profile(Base):\n    __tablename__ = 'profiles'\n"
    "    user_id = Column(ForeignKey('users.id'), index=True)\n"
)


def linked(**more: str) -> Architecture:
    sources = {"base": BASE, "users": USERS, "orders": ORDERS, "profiles": PROFILES, **more}
    files = {f"shop/{name}.py": text for name, text in sources.items()}
    return link(
        {path: extract(text.encode()) for path, text in files.items()},
        {path: SourceFile(path, "python", Role.SOURCE) for path in files},
        "shop",
    )


def asked(found: Architecture, text: str) -> set[tuple[str, str, str]]:
    return {
        (p.table, p.column, p.clause.value)
        for site in found.sites(QueryFound)
        if text in site.fact.text
        for p in site.fact.predicates
    }


def test_children_are_found_by_the_column_that_refers_back() -> None:
    found = linked()
    assert asked(found, "User.orders") == {("orders", "bought_by", Clause.FILTER)}
    assert asked(found, "User.profile") == {("profiles", "user_id", Clause.FILTER)}
    assert asked(found, "Order.tags") >= {("order_tags", "order_id", Clause.FILTER)}


def test_foreign_keys_and_names_of_tables_reach_the_schema() -> None:
    schema = linked().schema
    orders, tag = schema.table("orders"), schema.table("tag")
    assert orders is not None
    assert tag is not None
    assert {(key.columns, key.table, key.references) for key in orders.foreign_keys} == {
        (("bought_by",), "users", ("id",)),
        (("kind",), "kinds", ("code",)),
    }
    assert not [index for index in orders.indexes if "bought_by" in index.columns]


def test_the_side_with_the_column_is_found_whatever_the_relation_says() -> None:
    found = linked(
        views="from shop.profiles import Profile\nfrom shop.users import User\n"
        "def show(session, user):\n    return session.query(Profile).filter(Profile.user == user).one()\n"
    )
    assert asked(found, "session.query(Profile)") == {("profiles", "user_id", Clause.FILTER)}


def test_a_join_without_condition_goes_over_the_foreign_key() -> None:
    found = linked(
        views="from shop.orders import Order\nfrom shop.users import User\n"
        "def show(session, name):\n"
        "    return session.query(Order).join(User).filter(User.name == name).all()\n"
    )
    assert asked(found, "session.query(Order)") == {
        ("orders", "bought_by", Clause.JOIN),
        ("users", "id", Clause.JOIN),
        ("users", "name", Clause.FILTER),
    }


def test_a_join_with_its_condition_is_no_other() -> None:
    found = linked(
        views="from shop.orders import Order\nfrom shop.users import User\n"
        "def show(session, name):\n"
        "    return session.query(Order).join(User, User.name == Order.day).all()\n"
    )
    assert asked(found, "session.query(Order)") == {
        ("orders", "day", Clause.JOIN),
        ("users", "name", Clause.JOIN),
    }


def test_a_migration_may_index_a_table_that_only_a_model_describes() -> None:
    files = {
        "shop/models.py": HEAD
        + "class Order(Base):\n    __tablename__ = 'orders'\n    code = Column(Text)\n",
        "alembic/versions/1_a.py": "revision = '1'\ndown_revision = None\ndef upgrade():\n"
        "    op.create_index('a', 'orders', ['code'])\n    op.create_index('b', 'unknown', ['x'])\n",
    }
    schema = link(
        {path: extract(text.encode()) for path, text in files.items()},
        {
            path: SourceFile(path, "python", Role.MIGRATION if "alembic" in path else Role.SOURCE)
            for path in files
        },
        "shop",
    ).schema
    orders = schema.table("orders")
    assert orders is not None
    assert ("code",) in [index.columns for index in orders.indexes]
    assert schema.table("unknown") is None


def test_tables_older_than_the_first_migration_stand_by_their_models() -> None:
    later = "\n".join(
        f"    op.create_table('t{n}', sa.Column('id', sa.Integer(), primary_key=True))"
        for n in range(9)
    )
    classes = "".join(
        f"class T{n}(Base):\n    __tablename__ = 't{n}'\n    x = Column(Text)\n" for n in range(9)
    )
    found = linked(
        more=HEAD + classes,
        step=f"import sqlalchemy as sa\nrevision = '1'\ndown_revision = None\ndef upgrade():\n{later}\n",
    )
    assert found.schema.table("t8") is not None
    assert found.schema.table("profiles") is not None
