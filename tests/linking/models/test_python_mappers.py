"""peewee and SQLModel: small repositories, from their sources to what no index serves."""

from __future__ import annotations

from tests.linking.system import architecture, missing

ORDERS = """
from peewee import CharField, ForeignKeyField, Model
class Shop(Model):
    name = CharField(unique=True)
class Order(Model):
    shop = ForeignKeyField(Shop, backref="orders")
    clerk = ForeignKeyField(Shop, index=True)
    class Meta:
        table_name = "orders"
def of_shop(shop):
    return list(Order.select().where(Order.shop == shop))
def of_clerk(clerk):
    return list(Order.select().where(Order.clerk == clerk))
"""
SCHEMA = """
CREATE TABLE shop (id INT PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE orders (id INT PRIMARY KEY, shop_id INT, clerk_id INT, REF text);
"""


def test_a_reference_of_peewee_is_indexed_where_peewee_makes_the_table() -> None:
    assert missing(architecture({"orders.py": ORDERS})) == set()
    assert missing(architecture({"orders.py": ORDERS, "db/schema.sql": SCHEMA})) == {
        ("orders", ("shop_id",))
    }


def test_tables_that_a_function_of_the_base_names() -> None:
    source = """
from peewee import DateField, Model
def called(cls):
    name = cls.__name__
    return "shop_" + name.lower()
class Base(Model):
    made = DateField()
    class Meta:
        table_function = called
class Order(Base):
    paid = DateField()
"""
    assert set(architecture({"orders.py": source}).schema.tables) == {"shop_base", "shop_order"}


RUNS = """
from sqlmodel import Field, SQLModel
class Run(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    code: str
    owner: str = Field(index=True)
"""
ASKED = """
from sqlmodel import Session, select
from app.models.run import *
def one(session: Session, code: str, owner: str):
    session.exec(select(Run).where(Run.owner == owner)).all()
    return session.exec(select(Run).where(Run.code == code)).first()
"""


def test_tables_of_sqlmodel_without_further_bases() -> None:
    files = {"app/models/run.py": RUNS, "app/runs.py": ASKED}
    assert missing(architecture(files)) == {("run", ("code",))}


PLAYS = """
import sqlite3
def set_up(db):
    db.execute('CREATE TABLE IF NOT EXISTS plays (id INTEGER PRIMARY KEY, '
               'media_id INTEGER, player TEXT, owner TEXT)')
    db.execute('CREATE INDEX IF NOT EXISTS plays_player ON plays (player)')
"""
COUNTED = """
def of_media(db, media):
    return db.execute('SELECT count(*) FROM plays WHERE media_id = ?', [media]).fetchone()
def of_player(db, player):
    return db.execute('SELECT count(*) FROM plays WHERE player = ?', [player]).fetchone()
"""


def test_tables_made_by_sql_in_strings() -> None:
    files = {"app/store.py": PLAYS, "app/plays.py": COUNTED}
    assert missing(architecture(files)) == {("plays", ("media_id",))}


TICKETS = """
from peewee import CharField, DateTimeField, ForeignKeyField, Model, fn
class Guest(Model):
    mail = CharField()
class Ticket(Model):
    guest = ForeignKeyField(Guest, index=False)
    code = CharField()
    seat = CharField()
    row = CharField()
    class Meta:
        table_name = "tickets"
def look_up(guest, code, seat, row, mail):
    Guest.get(fn.Lower(Guest.mail) == mail.lower())
    Ticket.get(Ticket.guest == guest)
    Ticket.get(Ticket.code == code)
    Ticket.get(Ticket.seat == seat)
    return Ticket.get(Ticket.row == row)
"""
STEPS = """
import peewee as pw
def migrate(migrator, database, fake=False, **kwargs):
    Guest = migrator.orm["guest"]
    index = pw.Index("guest_mail_lower", "guest", [pw.fn.Lower(Guest.mail)], unique=True)
    migrator.sql("".join(database.get_sql_context().sql(index)._sql))
    migrator.add_index("tickets", "guest", "code", unique=False)
    migrator.add_index("tickets", "seat", unique=False)
    migrator.add_index("tickets", "row", unique=False)
def rollback(migrator, database, fake=False, **kwargs):
    migrator.drop_index("tickets", "guest", "code")
    migrator.drop_index("tickets", "seat")
"""
LATER = """
import peewee as pw
def migrate(migrator, database, **kwargs):
    migrator.drop_index("tickets", "row")
"""
PLAYHOUSE = """
from playhouse.migrate import PostgresqlMigrator, migrate
migrator = PostgresqlMigrator(db)
migrate(
    migrator.add_index("tickets", ("code",), True),
    migrator.drop_index("tickets", "tickets_seat"),
)
"""


def test_indexes_that_migrations_of_peewee_make() -> None:
    bare = {("tickets", (name,)) for name in ("guest_id", "code", "seat", "row")}
    assert missing(architecture({"app.py": TICKETS})) == {*bare, ("guest", ("(lower(mail))",))}
    steps = {"migrations/001_indexes.py": STEPS, "migrations/002_row.py": LATER}
    found = missing(architecture({"app.py": TICKETS, **steps}))
    assert found == {("tickets", ("code",)), ("tickets", ("row",))}
    found = missing(architecture({"app.py": TICKETS, **steps, "migrations/003_code.py": PLAYHOUSE}))
    assert found == {("tickets", ("row",))}


WANTED = """
from functools import reduce
import operator
from peewee import CharField, Model
class Note(Model):
    ref = CharField()
    slug = CharField()
    title = CharField()
    author = CharField()
    isbn = CharField()
    place = CharField()
    phone = CharField()
    email = CharField()
def listed(slug):
    wanted = []
    if slug:
        wanted.append(Note.slug == slug)
    return list(Note.select().where(*wanted))
def folded(title):
    wanted = []
    if title:
        wanted.append(Note.title == title)
    notes = Note.select()
    if wanted:
        notes = notes.where(reduce(operator.and_, wanted))
    return list(notes)
def grown(ref, isbn, author):
    wanted = Note.ref == ref
    wanted &= Note.isbn == isbn
    if author:
        wanted = wanted & (Note.author == author)
    return list(Note.select().where(wanted))
def either(email, phone):
    wanted = Note.email == email
    if phone:
        wanted |= Note.phone == phone
    return list(Note.select().where(wanted))
def by_names(email, phone):
    given = {"email": email}
    return Note.get(**given), list(Note.filter(phone__in=phone))
"""


def test_conditions_that_a_function_gathers_for_peewee() -> None:
    assert missing(architecture({"notes.py": WANTED})) == {
        ("note", ("slug",)),
        ("note", ("title",)),
        ("note", ("ref", "isbn")),
        ("note", ("ref", "isbn", "author")),
        ("note", ("email",)),
        ("note", ("phone",)),
    }


EITHER = """
from peewee import CharField, Model
class Note(Model):
    email = CharField()
    phone = CharField()
def either(email, phone):
    wanted = Note.email == email
    if phone:
        wanted |= Note.phone == phone
    return list(Note.select().where(wanted))
"""


def test_a_condition_that_later_gets_an_alternative_is_not_known() -> None:
    assert missing(architecture({"notes.py": EITHER})) == set()


def test_the_condition_of_an_index_names_columns_whatever_the_attributes_are_called() -> None:
    models = """
from sqlalchemy import Boolean, Column, Index, Integer, String, text
from sqlalchemy.orm import declarative_base
Base = declarative_base()
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    gone = Column("state", String)
    removed = Column("gone", Boolean)
    code = Column(String)
    __table_args__ = (Index("by_code", "code", postgresql_where=text("gone")),)
"""
    table = architecture({"shop/models.py": models}).schema.table("orders")
    assert table is not None
    assert {(index.columns, index.where) for index in table.indexes} == {
        (("id",), ""),
        (("code",), "gone"),
    }
