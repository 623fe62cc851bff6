"""Models and queries of SQLAlchemy, Flask-SQLAlchemy and SQLModel as facts."""

from __future__ import annotations

import time

import pytest

from scaleaudit.facts import Clause, FieldFact, ModelDefined, OrmQuery, RelationFact
from scaleaudit.languages.python import extract

IMPORTS = (
    "import sqlalchemy as sa\nfrom sqlalchemy import Column, ForeignKey, Index, and_, func, or_, select\n"
    "from sqlalchemy.orm import Mapped, mapped_column, relationship\n"
)


def models(source: str) -> dict[str, ModelDefined]:
    facts = extract((IMPORTS + source).encode()).facts
    return {fact.name: fact for fact in facts if isinstance(fact, ModelDefined)}


def queries(source: str, *, given: str = IMPORTS) -> list[OrmQuery]:
    return [fact for fact in extract((given + source).encode()).facts if isinstance(fact, OrmQuery)]


def inside(*lines: str) -> list[OrmQuery]:
    body = "\n".join(f"    {line}" for line in lines)
    return queries(f"def handler(session, user, day, flag):\n{body}\n")


def asked(query: OrmQuery) -> list[tuple[str, str, str]]:
    """(class where it is another, attribute, operator) of filters."""
    return [(c.model, c.path, c.operator) for c in query.conditions if c.clause is Clause.FILTER]


def joined(query: OrmQuery) -> list[tuple[str, str]]:
    return [(c.model, c.path) for c in query.conditions if c.clause is Clause.JOIN]


def sorts(query: OrmQuery) -> list[str]:
    return [c.path for c in query.conditions if c.clause is Clause.SORT]


def field(model: ModelDefined, name: str) -> FieldFact:
    return next(each for each in model.fields if each.name == name)


def relation(model: ModelDefined, name: str) -> RelationFact:
    return next(each for each in model.relations if each.name == name)


def only(source: str) -> OrmQuery:
    (query,) = inside(source)
    return query


# -- models


def test_columns_of_both_styles() -> None:
    found = models(
        "class Order(Base):\n"
        "    __tablename__ = 'shop.orders'\n"
        "    id = Column(sa.Integer, primary_key=True)\n"
        "    _note = Column('note', sa.UnicodeText)\n"
        "    email = sa.Column(sa.String(80), nullable=False, index=True)\n"
        "    code: Mapped[str] = mapped_column(unique=True)\n"
        "    paid_at: Mapped[datetime | None]\n"
        "    customer_id = Column(ForeignKey('customers.id'))\n"
    )["Order"]
    assert found.table == "orders"
    key, note, email = field(found, "id"), field(found, "_note"), field(found, "email")
    assert key.primary
    assert key.type == "INTEGER"
    assert (note.column, note.type, note.nullable) == ("note", "TEXT", True)
    assert (email.indexed, email.nullable, email.type) == (True, False, "VARCHAR")
    other = models(
        "class Tag(Base):\n    __tablename__ = 'tags'\n    id: Mapped[intpk]\n    open: Mapped[bool_true]\n"
    )["Tag"]
    assert [(f.name, f.type, f.primary) for f in other.fields] == [
        ("id", "INTEGER", True),
        ("open", "BOOLEAN", False),
    ]
    code, paid = field(found, "code"), field(found, "paid_at")
    assert code.unique
    assert not code.nullable
    assert (paid.type, paid.nullable) == ("TIMESTAMP", True)
    customer = field(found, "customer_id")
    assert customer.references == "customers.id"
    assert not customer.indexed


def test_indexes_of_a_table() -> None:
    found = models(
        "class Order(Base):\n"
        "    __tablename__ = 'orders'\n"
        "    __table_args__ = (\n"
        "        Index('a', 'customer_id', sa.text('created desc')),\n"
        "        sa.UniqueConstraint('shop_id', 'number', name='b'),\n"
        "        Index('c', func.lower(sa.Column('email')), unique=True),\n"
        "        Index('d', 'paid', postgresql_where=sa.text('paid IS NULL'), postgresql_using='gin'),\n"
        "        {'schema': 'shop'},\n"
        "    )\n"
        "    id = Column(sa.Integer, primary_key=True)\n"
        "    email = Column(sa.Text)\n"
        "\n"
        "Index('e', Order.email, Order.id.desc())\n"
    )["Order"]
    told = [(i.columns, i.unique, i.where, i.method) for i in found.indexes]
    assert told == [
        (("customer_id", "created"), False, "", ""),
        (("shop_id", "number"), True, "", ""),
        (("(lower(email))",), True, "", ""),
        (("paid",), False, "paid IS NULL", "gin"),
        (("email", "id"), False, "", ""),
    ]


def test_relations_in_each_direction() -> None:
    found = models(
        "class Order(Base):\n"
        "    __tablename__ = 'orders'\n"
        "    id = Column(sa.Integer, primary_key=True)\n"
        "    buyer_id = Column(ForeignKey('users.id'))\n"
        "    seller_id = Column(ForeignKey('users.id'))\n"
        "    buyer = relationship('User', foreign_keys=[buyer_id], backref='orders')\n"
        "    seller = relationship('User', foreign_keys='Order.seller_id')\n"
        "    lines = relationship('Line', back_populates='order', order_by='Line.position')\n"
        "    tags = relationship('Tag', secondary=order_tags)\n"
        "    receipt: Mapped['Receipt'] = relationship()\n"
        "    parent_id = Column(ForeignKey('orders.id'))\n"
        "    parent = relationship('Order', remote_side=[id])\n"
        "    children = relationship('Order', remote_side=[parent_id])\n"
    )["Order"]
    told = {r.name: (r.target, r.kind, r.column, r.inverse) for r in found.relations}
    assert told == {
        "buyer": ("User", "belongs-to", "buyer_id", "orders"),
        "seller": ("User", "belongs-to", "seller_id", ""),
        "lines": ("Line", "has-many", "", "order"),
        "tags": ("Tag", "many-to-many", "", ""),
        "receipt": ("Receipt", "has-one", "", ""),
        "parent": ("Order", "belongs-to", "parent_id", ""),
        "children": ("Order", "has-many", "parent_id", ""),
    }
    assert relation(found, "tags").through == "order_tags"


def test_what_a_helper_is_given_is_the_column_or_the_relation() -> None:
    found = models(
        "class Order(Base):\n"
        "    __tablename__ = 'orders'\n"
        "    id: Mapped[int] = kept(mapped_column(primary_key=True))\n"
        "    buyer_id: Mapped[int] = mapped_column(ForeignKey('users.id'))\n"
        "    buyer: Mapped[User] = readable(\n"
        "        relationship(foreign_keys=[buyer_id], back_populates='orders'), read={'all'}\n"
        "    )\n"
        "    code: Mapped[str | None] = readable(kept(mapped_column(sa.Unicode(9), index=True)))\n"
        "    place: Mapped[Point] = composite(mapped_column('x'), mapped_column('y'))\n"
    )["Order"]
    assert [each.name for each in found.fields] == ["id", "buyer_id", "code", "place"]
    assert field(found, "id").primary
    assert field(found, "code").indexed
    assert [(r.name, r.kind, r.column) for r in found.relations] == [
        ("buyer", "belongs-to", "buyer_id")
    ]


def test_a_part_of_a_query_that_the_database_sums_is_not_read_by_itself() -> None:
    part, whole = inside(
        "part = Order.query.subquery()",
        "found = session.query(User.id, func.sum(part.c.amount)).outerjoin(part).all()",
    )
    assert (part.model, part.streamed) == ("Order", True)
    assert (whole.model, whole.streamed) == ("User", False)
    (read,) = inside("found = Order.query.filter(Order.day == day)", "return sum(found)")
    assert not read.streamed


def test_a_query_that_begins_with_nothing_but_its_class() -> None:
    (told,) = inside("q = Order.query", "q = q.filter(Order.day == day)", "return q.all()")
    assert (told.model, asked(told), told.partial) == ("Order", [("", "day", "=")], False)
    branches = inside(
        "q = Order.query  # of all shops",
        "if day:",
        "    q = q.filter(Order.day == day)",
        "return q.all()",
    )
    assert [(each.model, asked(each)) for each in branches] == [
        ("Order", []),
        ("Order", [("", "day", "=")]),
    ]
    (read,) = inside("for order in Order.query:", "    show(order)")
    assert (read.model, read.streamed) == ("Order", False)
    assert inside("Order.query = day", "Order.query_class(day)", "Order.query == day") == []


def test_lines_that_go_on_behind_a_backslash() -> None:
    (told,) = inside(
        "found = models.Order.query \\",
        "    .join(models.Line).filter(models.Line.sku == day) \\",
        "    .order_by(models.Order.day)",
        "return found.all()",
    )
    assert (told.model, asked(told)) == ("models.Order", [("models.Line", "sku", "=")])


def test_a_relation_may_ask_more_of_its_rows() -> None:
    found = models(
        "class Shop(Base):\n"
        "    __tablename__ = 'shops'\n"
        "    id = Column(Integer, primary_key=True)\n"
        "    open_orders = relationship('Order', primaryjoin='and_(Order.shop_id == Shop.id, '\n"
        "        'Order.closed_at.is_(None), Order.is_paid)', viewonly=True)\n"
        "    place = relationship(uselist=False, argument='Place',\n"
        "        primaryjoin=lambda: Shop.id == orm.foreign(Place.shop_key))\n"
    )["Shop"]
    orders, place = found.relations
    assert (orders.kind, orders.column) == ("has-many", "shop_id")
    told = [(each.path, each.operator) for each in orders.conditions]
    assert told == [("closed_at", "is-null"), ("is_paid", "is-true")]
    assert (place.kind, place.column, place.conditions) == ("has-one", "shop_key", ())


def test_a_relation_that_is_sorted_sorts_when_it_is_loaded() -> None:
    (query,) = queries(
        "class Order(Base):\n    __tablename__ = 'orders'\n"
        "    lines = relationship('Line', order_by='Line.position.desc()')\n"
    )
    assert (query.model, query.via, sorts(query)) == ("Order", ("lines",), ["position"])


def test_mixins_bases_and_classes_in_one_table() -> None:
    found = models(
        "class Base(DeclarativeBase):\n"
        "    @declared_attr\n"
        "    def __tablename__(cls):\n"
        "        return cls.__name__.lower() + 's'\n"
        "class OwnedMixin:\n"
        "    @declared_attr\n"
        "    def owner_id(cls):\n"
        "        return Column(ForeignKey('user.id'), index=True)\n"
        "class Pet(OwnedMixin, Base):\n"
        "    id = Column(sa.Integer, primary_key=True)\n"
        "class Dog(Pet):\n"
        "    __mapper_args__ = {'polymorphic_identity': 'dog'}\n"
    )
    assert found["Base"].abstract
    assert found["Base"].default_table == "{lower}s"
    assert found["OwnedMixin"].abstract
    assert field(found["OwnedMixin"], "owner_id").indexed
    assert not found["Pet"].abstract
    assert found["Pet"].bases == ("OwnedMixin", "Base")
    assert found["Dog"].same_table


def test_a_relation_by_a_column_of_the_class_that_inherits_belongs_to_the_other() -> None:
    """The column may come from a function of the project, or from another base."""
    found = models(
        "class LoadedMixin:\n"
        "    upload_id = foreign_key('uploads.id')\n"
        "    @declared_attr\n"
        "    def upload(cls):\n"
        "        return relationship('Upload', foreign_keys=[cls.upload_id])\n"
    )
    (relation,) = found["LoadedMixin"].relations
    assert (relation.kind, relation.column) == ("belongs-to", "upload_id")


def test_tables_by_default_name() -> None:
    flask = models("class OrderItem(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n")
    assert flask["OrderItem"].default_table == "order_item"
    sqlmodel = models(
        "class HeroBase(SQLModel):\n    name: str = Field(index=True)\n"
        "class Hero(HeroBase, table=True):\n"
        "    id: int | None = Field(default=None, primary_key=True)\n"
        "    team_id: int | None = Field(default=None, foreign_key='team.id')\n"
        "    age: int | None = None\n"
    )
    hero = sqlmodel["Hero"]
    assert sqlmodel["HeroBase"].abstract
    assert field(sqlmodel["HeroBase"], "name").indexed
    assert hero.default_table == "hero"
    assert field(hero, "team_id").references == "team.id"
    assert field(hero, "age").nullable
    assert field(hero, "id").primary


def test_a_relation_by_several_columns_is_not_one_by_the_first() -> None:
    found = models(
        "class Source(Base):\n    __tablename__ = 'sources'\n"
        "    id = Column(Integer, primary_key=True)\n"
        "    shop_id = Column(Integer, ForeignKey('shops.id'))\n    sha = Column(String)\n"
        "    shop = relationship('Shop', primaryjoin='and_(Shop.id == Source.shop_id, Shop.open == 1)')\n"
        "    revision = relationship('Revision', primaryjoin='and_(Revision.sha == foreign(Source.sha), '\n"
        "                            'Revision.shop_id == Source.shop_id)')\n"
    )
    (shop,) = found["Source"].relations
    assert (shop.name, shop.kind, shop.column) == ("shop", "belongs-to", "shop_id")


def test_only_classes_of_sqlmodel_that_say_so_are_tables() -> None:
    found = models(
        "from sqlmodel import Field, SQLModel\n"
        "class TeamRun(SQLModel, table=True):\n"
        "    id: int = Field(primary_key=True)\n    status: str = Field(index=True)\n"
        "class Part(SQLModel):\n    name: str = Field(max_length=9)\n"
        "class Update(Part):\n    name: str = Field(max_length=20)\n"
    )
    run = found["TeamRun"]
    assert (run.abstract, run.default_table, run.table) == (False, "teamrun", "")
    assert found["Part"].abstract
    assert "Update" not in found or found["Update"].abstract


def test_tables_of_core() -> None:
    found = models(
        "order_tags = sa.Table('order_tags', metadata,\n"
        "    Column('order_id', ForeignKey('orders.id'), primary_key=True),\n"
        "    Column('tag_id', sa.Integer, index=True),\n"
        "    sa.ForeignKeyConstraint(['tag_id'], ['tags.id']))\n"
    )["order_tags"]
    assert found.table == "order_tags"
    assert field(found, "order_id").references == "orders.id"
    assert field(found, "tag_id").references == "tags.id"
    assert field(found, "tag_id").indexed


def test_tables_of_engines_that_keep_columns_are_others() -> None:
    made = "events = Table('events', metadata, Column('name', String))\n"
    assert models(made)
    assert not models("from clickhouse_connect.cc_sqlalchemy.dialect import Dialect\n" + made)


def test_classes_tied_to_a_table_by_a_call() -> None:
    found = models(
        "orders = sa.Table('orders', metadata, Column('id', sa.Integer, primary_key=True),\n"
        "    Column('user_id', ForeignKey('users.id')))\n"
        "class Order:\n    id: Mapped[int]\n    user: Mapped['User']\n"
        "registry.map_imperatively(Order, orders, properties={'user': relationship(User)})\n"
        "registry.map_imperatively(shop.Tag, shop.tags)\n"
    )
    assert (found["Order"].same_table, found["Order"].bases) == (True, ("orders",))
    assert not found["Order"].fields
    assert relation(found["Order"], "user").column == "user_id"
    assert found["Tag"].bases == ("shop.tags",)


def test_classes_that_name_a_table_of_core() -> None:
    found = models(
        "from shop import tables\n"
        "class Order(Base):\n"
        "    __table__ = tables.Orders\n    __tablename__ = __table__.name\n"
        "    buyer = relationship(User, foreign_keys=[__table__.c.BuyerID])\n"
        "    unsure = relationship(Shop)\n"
        "orders_of = sa.Table('tags', metadata, Column('id', sa.Integer, primary_key=True))\n"
        "class Tag(Base):\n    __table__ = orders_of\n"
    )
    order = found["Order"]
    assert (order.same_table, order.bases) == (True, ("tables.Orders", "Base"))
    (buyer,) = order.relations
    assert (buyer.name, buyer.kind, buyer.column) == ("buyer", "belongs-to", "BuyerID")
    assert (found["Tag"].same_table, found["Tag"].bases) == (True, ("orders_of", "Base"))


def test_attributes_that_are_worked_out_have_no_column() -> None:
    found = models(
        "class User(Base):\n"
        "    __tablename__ = 'users'\n"
        "    _name = Column('name', sa.Text)\n"
        "    _mail = Column('mail', sa.Text)\n"
        "    @hybrid_property\n"
        "    def mail(self):\n        return self._mail\n"
        "    @hybrid_property\n"
        "    def name(self):\n        return self._name\n"
        "    @name.comparator\n"
        "    def name(cls):\n        return Normalised(cls._name)\n"
    )["User"]
    assert field(found, "mail").column == "mail"
    assert field(found, "name").column == "()"


@pytest.mark.parametrize(
    "source",
    [
        "class Form(BaseModel):\n    name: str = Field(max_length=3)\n",
        "class Table(tables.Table):\n    name = tables.Column()\n",
    ],
)
def test_classes_of_other_libraries_are_no_models(source: str) -> None:
    facts = extract(source.encode()).facts
    assert not [fact for fact in facts if isinstance(fact, (ModelDefined, OrmQuery))]


# -- queries


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("session.query(Order).filter_by(code=day).first()", [("", "code", "=")]),
        ("session.query(Order).filter(Order.code == day, Order.total > 5).all()",
         [("", "code", "="), ("", "total", ">")]),
        ("session.scalars(select(Order).where(Order.code.in_(day))).all()", [("", "code", "in")]),
        ("Order.query.filter(Order.paid_at.is_(None)).all()", [("", "paid_at", "is-null")]),
        ("session.query(models.Order).filter(models.Order.code != None).all()",
         [("", "code", "is-not-null")]),
        ("session.query(Order).filter(~Order.code.in_(day)).all()", [("", "code", "not-in")]),
        ("session.query(Order).filter(Order.code.like('a%')).all()", [("", "code", "like")]),
        ("session.query(Order).filter(Order.code.like('%a')).all()", [("", "code", "contains")]),
        ("session.query(Order).filter(Order.code.ilike(f'%{day}%')).all()", [("", "code", "contains")]),
        ("session.query(Order).filter(Order.code.like(day + '%')).all()", [("", "code", "like")]),
        ("session.query(Order).filter(Order.code.contains(day)).all()", [("", "code", "contains")]),
        ("session.query(Order).filter(~Order.code.endswith(day)).all()", [("", "code", "!=")]),
        ("session.query(Order).filter(Order.code.ilike(day)).all()", [("", "code", "search")]),
        ("session.exec(select(Order).where(col(Order.code) == day)).all()", [("", "code", "=")]),
        ("session.query(Order).filter(Order.day.between(day, day)).all()", [("", "day", "between")]),
        ("session.query(Order).filter(day == Order.code).all()", [("", "code", "=")]),
        ("session.query(Order).filter(day < Order.total).all()", [("", "total", ">")]),
        ("session.query(Order).filter(Order.customer.has(Customer.name == day)).all()",
         [("", "customer.name", "=")]),
        ("session.query(Order).filter(Order.lines.any(sku=day)).all()", [("", "lines.sku", "=")]),
        ("session.query(Order).filter(Order.customer == user).all()", [("", "customer", "=")]),
        ("session.query(Order).join(Customer).filter_by(email=day).all()",
         [("Customer", "email", "=")]),
        ("session.query(Order).filter(sa.text('total > :t')).all()", [("", "total", ">")]),
        ("session.execute(select(orders.c.id).where(orders.c.code == day))", [("", "code", "=")]),
        ("session.query(func.count(Order.id)).filter(Order.code == day).scalar()",
         [("", "code", "=")]),
        ("session.query(func.count()).select_from(Order).filter(Order.code == day).scalar()",
         [("", "code", "=")]),
        ("session.execute(select(orders.c['id']).where(orders.c['code'] == day))",
         [("", "code", "=")]),
        ("session.execute(sa.delete(Order).where(Order.day < day))", [("", "day", "<")]),
        ("session.query(Order).filter(or_(*[Order.code == c for c in day])).all()",
         [("", "code", "in")]),
        ("session.query(Order).filter(Order.data['kind'].astext == day).all()",
         [("", "data", "=")]),
    ],
)  # fmt: skip
def test_conditions(source: str, told: list[tuple[str, str, str]]) -> None:
    found = inside(source)
    assert [asked(query) for query in found] == [told]


def test_keywords_that_a_filter_is_given_are_conditions() -> None:
    assert asked(only("Order.query.filter(code=day).all()")) == [("", "code", "=")]


def test_functions_around_columns() -> None:
    (query,) = inside("session.query(User).filter(func.lower(User.email) == day.lower()).first()")
    (condition,) = query.conditions
    assert (condition.path, condition.function, condition.operator) == ("email", "lower", "=")
    assert query.limited


def test_alternatives_keep_their_sides() -> None:
    query = only("session.query(A).filter(or_(A.x == day, and_(A.y == 1, A.z == user))).all()")
    told = [(c.path, c.alternative, c.branch, c.constant) for c in query.conditions]
    assert told == [("x", True, 1, False), ("y", True, 2, True), ("z", True, 2, False)]
    assert {c.group for c in query.conditions} == {1}


def test_joins_name_both_sides() -> None:
    query = only(
        "session.query(Order).join(Customer, Customer.id == Order.customer_id)"
        ".filter(Customer.email == day).all()"
    )
    assert joined(query) == [("Customer", "id"), ("", "customer_id")]
    assert asked(query) == [("Customer", "email", "=")]
    by_relation = only("session.query(Order).join(Order.lines).all()")
    assert joined(by_relation) == [("", "lines")]
    bare = only("session.query(Order).outerjoin(Customer).all()")
    assert joined(bare) == [("Customer", "")]


@pytest.mark.parametrize("end", ["scalar_subquery()", "exists()", "lateral()"])
def test_a_query_inside_another_is_given_what_its_row_has(end: str) -> None:
    inner = only(f"select(Order.id).where(Order.shop_id == Shop.id, Order.day == day).{end}")
    assert asked(inner) == [("", "shop_id", "="), ("", "day", "=")]
    both = only(
        f"select(Order.id).join(Shop, Order.shop_id == Shop.id).where(Order.day == day).{end}"
    )
    assert asked(both) == [("", "day", "=")]


def test_members_of_enumerations_are_values_and_not_columns() -> None:
    query = only("session.query(Order).filter(Order.state == OrderState.open).all()")
    (condition,) = query.conditions
    assert (condition.clause, condition.path, condition.constant) == (Clause.FILTER, "state", True)


def test_the_end_of_a_chain_says_how_much_is_read() -> None:
    assert only("session.query(Order).order_by(Order.day.desc()).limit(5).all()").limited
    counted = only("session.query(Order).filter(Order.code == day).count()")
    assert counted.aggregate
    assert not sorts(counted)
    deleted = only("session.query(Order).filter(Order.code == day).delete()")
    assert deleted.writes
    assert deleted.deletes
    assert only(
        "session.query(Order).options(joinedload(Order.lines).joinedload(Line.sku)).all()"
    ).loads == ("lines.sku",)


def test_the_class_around_is_meant_by_cls() -> None:
    (query,) = queries(
        "class User(Base):\n    @classmethod\n    def named(cls, session, name):\n"
        "        return session.query(cls).filter(cls.name == name).first()\n"
    )
    assert (query.model, asked(query), query.scope) == ("User", [("", "name", "=")], "User.named")


def test_an_alias_is_its_class() -> None:
    (query,) = inside(
        "author = aliased(User)",
        "return session.query(Post).join(author, author.id == Post.author_id).filter(author.name == day)",
    )
    assert joined(query) == [("User", "id"), ("", "author_id")]
    assert asked(query) == [("User", "name", "=")]


def test_an_alias_of_another_query_is_not_its_class() -> None:
    part = "part = aliased(Order, session.query(Order).filter_by(day=day).subquery())"
    found = inside(part, "session.query(part).all()")
    assert [asked(query) for query in found if not query.partial] == [[("", "day", "=")]]


def test_another_mention_of_the_own_table_says_nothing_of_its_rows() -> None:
    (query,) = inside(
        "parent = aliased(Node)",
        "return session.query(Node).join(parent, parent.id == Node.parent_id).filter(parent.code == day)",
    )
    assert asked(query) == []


def test_what_a_function_of_the_project_adds_is_unknown() -> None:
    assert only("session.query(Order).filter(visible(user)).all()").partial
    assert only("session.query(Order).filter_by(**day).all()").partial
    given = inside(
        "if day is None:",
        "    day = {}",
        "return session.query(Order).filter_by(**day).all()",
    )
    assert [query.partial for query in given] == [True]
    about_another = only(
        "session.query(Order).join(Customer).filter(old(Customer.day), Order.code == day).all()"
    )
    assert not about_another.partial


def test_new_rows() -> None:
    found = inside(
        "session.add(Order(code=day))",
        "line = Line(day)",
        "session.add(line)",
        "names.add(Order(day))",
        "user.orders.append(Order(code=day))",
        "found.append(Order(code=day))",
        "Tag.create(name=day)",
    )
    assert [query.model for query in found if query.inserts] == ["Order", "Line", "Order", "Tag"]


# -- variables


def test_a_variable_is_followed_to_its_end() -> None:
    (query,) = inside(
        "q = session.query(Order).filter(Order.code == day)",
        "q = q.order_by(Order.day)",
        "return q.limit(10).all()",
    )
    assert (asked(query), sorts(query), query.limited) == ([("", "code", "=")], ["day"], True)


def test_each_branch_is_a_query_of_its_own() -> None:
    found = inside(
        "q = session.query(Order)",
        "if day:",
        "    q = q.join(Order.lines)",
        "    q = q.filter(Line.sku == day)",
        "if user is not None:",
        "    q = q.filter(Order.user == user)",
        "q = q.order_by(Order.created)",
        "return q.limit(5).all()",
    )
    assert [asked(query) for query in found] == [
        [],
        [("Line", "sku", "=")],
        [("", "user", "=")],
    ]
    assert all(sorts(query) == ["created"] and query.limited for query in found)
    first = found[0].at.line
    assert [query.at.line - first for query in found] == [0, -3, -1]


def test_the_beginning_is_not_told_where_a_branch_always_narrows() -> None:
    found = inside(
        "q = session.query(Order)",
        "if flag:",
        "    q = q.filter(Order.code == day)",
        "else:",
        "    q = q.filter(Order.user == user)",
        "return q.all()",
    )
    assert [asked(query) for query in found] == [[("", "code", "=")], [("", "user", "=")]]


def test_an_arm_that_narrows_only_sometimes_leaves_the_beginning() -> None:
    found = inside(
        "q = session.query(Order).filter(Order.shop == day)",
        "if flag:",
        "    if user:",
        "        q = q.filter(Order.code == day)",
        "else:",
        "    q = q.filter(Order.user == user)",
        "return q.all()",
    )
    assert [[path for _, path, _ in asked(query)] for query in found] == [
        ["shop"],
        ["shop", "code"],
        ["shop", "user"],
    ]


def test_an_order_after_branches_that_always_narrow_is_none_of_all_rows() -> None:
    found = inside(
        "q = session.query(Order)",
        "if flag:",
        "    if user:",
        "        q = q.filter(Order.code == day)",
        "    else:",
        "        q = q.filter(Order.shop == day)",
        "else:",
        "    q = q.filter(Order.user == user)",
        "return q.order_by(Order.made).limit(5).all()",
    )
    assert [([path for _, path, _ in asked(query)], sorts(query)) for query in found] == [
        (["code"], ["made"]),
        (["shop"], ["made"]),
        (["user"], ["made"]),
    ]


def test_branches_that_add_nothing_known_do_not_hide_the_query() -> None:
    found = inside(
        "q = session.query(Order)",
        "q = q.filter(Order.code == code)",
        "if desc:",
        "    q = q.order_by(getattr(Order, day).desc())",
        "else:",
        "    q = q.order_by(getattr(Order, day).asc())",
        "return q.all()",
    )
    assert [asked(query) for query in found] == [[("", "code", "=")]]


def test_beginnings_of_two_branches_are_kept_apart() -> None:
    found = inside(
        "if flag:",
        "    q = session.query(Order).filter(Order.code == day)",
        "else:",
        "    q = session.query(Order).filter(Order.user == user)",
        "return q.order_by(Order.created).first()",
    )
    told = [(asked(query), sorts(query), query.limited) for query in found]
    assert told == [
        ([("", "code", "=")], ["created"], True),
        ([("", "user", "=")], ["created"], True),
    ]


def test_uses_with_more_conditions_are_told_apart() -> None:
    found = inside(
        "q = session.query(Order).filter(Order.user == user)",
        "old = q.filter(Order.day < day).count()",
        "new = q.filter(Order.code == day).all()",
    )
    assert [asked(query)[1:] for query in found] == [[("", "day", "<")], [("", "code", "=")]]


def test_what_each_branch_goes_on_to_is_asked_with_it() -> None:
    found = queries(
        "def order(session, code, number):\n    query = session.query(Order)\n"
        "    if code:\n        query = query.filter(Order.code == code)\n"
        "    return query.filter(Order.id == number).one_or_none()\n"
    )
    assert sorted(sorted(each.path for each in query.conditions) for query in found) == [
        ["code", "id"],
        ["id"],
    ]


def test_conditions_in_a_list() -> None:
    found = inside(
        "filters = [Order.user == user]",
        "if day:",
        "    filters.append(Order.day > day)",
        "return session.query(Order).filter(*filters).all()",
    )
    told = [asked(query) for query in found]
    assert [("", "user", "=")] in told
    assert [("", "user", "="), ("", "day", ">")] in told


@pytest.mark.parametrize(
    "folded",
    [
        "[reduce(and_, filters)]",
        "[and_(*filters)]",
        "list(filters)",
        "[reduce(operator.and_, filters)]",
    ],
)
def test_a_list_that_is_assigned_its_own_conditions_again(folded: str) -> None:
    found = inside(
        "filters = []",
        "if day:",
        "    filters.append(Order.day > day)",
        "if len(filters) > 1:",
        f"    filters = {folded}",
        "return session.query(Order).filter(*filters).all()",
    )
    assert [("", "day", ">")] in [asked(query) for query in found]


@pytest.mark.parametrize("by", ["and_", "operator.and_", "lambda a, b: a & b"])
def test_conditions_that_reduce_puts_together(by: str) -> None:
    (query,) = inside(
        "parts = [Order.user == user, Order.day < day]",
        f"return session.query(Order).filter(reduce({by}, parts)).all()",
    )
    assert (asked(query), query.partial) == ([("", "user", "="), ("", "day", "<")], False)


def test_alternatives_that_reduce_puts_together() -> None:
    (query,) = inside(
        "parts = [Order.user == user, Order.day < day]",
        "return session.query(Order).filter(reduce(operator.or_, parts)).all()",
    )
    assert [each.alternative for each in query.conditions] == [True, True]
    (other,) = inside(
        "return session.query(Order).filter(reduce(join, [Order.user == user])).all()"
    )
    assert (asked(other), other.partial) == ([], True)


def test_a_variable_that_a_function_returns_anew_is_partly_known() -> None:
    found = inside(
        "q = session.query(Order).filter(Order.user == user)",
        "q = paged(q, flag)",
        "return q.all()",
    )
    assert [(query.scopes, query.partial) for query in found] == [(("paged()",), False)]
    found = inside(
        "q = session.query(Order).filter(Order.user == user)",
        "q, total = paged(q, flag)",
        "return q.all()",
    )
    assert all(query.partial for query in found)


def test_a_query_that_somebody_else_began_is_partly_known() -> None:
    (query,) = queries("def old(query, day):\n    return query.filter(Order.day < day)\n")
    assert (query.model, query.partial, asked(query)) == ("Order", True, [("Order", "day", "<")])


@pytest.mark.parametrize(
    "source",
    [
        "q = session.query(" * 3000,
        "q = session.query(A)" + ".filter(A.x == 1)" * 3000,
        "def f(s):\n    q = s.query(A)\n" + "    q = q.filter(A.x == 1)\n" * 3000,
        "def f(s):\n    q = s.query(A)\n" + "".join(f"    if {i}:\n        q = q.filter(A.x == {i})\n" for i in range(800)),
        "s.query(A).filter(" + "or_(A.x == 1, " * 2000 + ")" * 2001,
        "s.query(A).filter(" + "A.x == 1 | " * 3000 + "A.y)",
        "class A(Base):\n    __tablename__ = " + "(" * 5000,
    ],
    ids=["open", "long", "grows", "branches", "nested", "sum", "brackets"],
)  # fmt: skip
def test_hostile_sources_end_soon(source: str) -> None:
    start = time.monotonic()
    extract((IMPORTS + source).encode())
    assert time.monotonic() - start < 20


def test_the_model_of_a_repository() -> None:
    own, generic = queries(
        "class Orders(Repository):\n    model = Order\n    def old(self, day):\n"
        "        return self.session.query(self.model).filter(self.model.day < day).all()\n"
        "class Users(Repository[User]):\n    def named(self, name):\n"
        "        return self.session.scalars(select(self.model).where(self.model.name == name))\n"
    )
    assert (own.model, asked(own)) == ("Order", [("", "day", "<")])
    assert (generic.model, asked(generic)) == ("User", [("", "name", "=")])


def test_names_that_stand_for_each_other_end() -> None:
    found = inside(
        "a = b", "b = a", "return session.query(a).filter(a.x == day, Order.y == 1).all()"
    )
    assert [query.model for query in found] in ([], ["Order"])


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (["session.query(Order).all()"], True),
        (["for order in session.query(Order):", "    pass"], True),
        (["rows = session.scalars(select(Order)).all()"], True),
        (["stmt = select(Order)", "return session.execute(stmt)"], True),
        (["q = session.query(Order)", "return [o.id for o in q]"], True),
        (["q = session.query(Order)", "return list(q.order_by(Order.day))"], True),
        (["return session.query(Order)"], False),
        (["q = session.query(Order)", "return shown(q, page=day)"], False),
        (["return select(Order.id).scalar_subquery()"], False),
    ],
)
def test_only_what_is_fetched_here_counts_as_read(lines: list[str], *, read: bool) -> None:
    found = inside(*lines)
    assert found
    assert all(query.streamed != read for query in found)


@pytest.mark.parametrize(
    ("lines", "limited"),
    [
        (["found = session.execute(stmt)", "return found.scalars().one_or_none()"], True),
        (["found = session.execute(stmt)", "found = found.unique().first()", "use(found)"], True),
        (["found = session.execute(stmt)", "return found.scalars().all()"], False),
        (["found = session.execute(stmt)", "found.first()", "return list(found)"], False),
    ],
)
def test_the_one_row_that_is_taken_of_a_result(lines: list[str], *, limited: bool) -> None:
    (query,) = inside("stmt = select(Order).where(Order.day == day)", *lines)
    assert query.limited == limited


@pytest.mark.parametrize(
    ("lines", "repeated"),
    [
        (["for day in days:", "    session.query(Order).filter_by(day=day).all()"], True),
        (["return [session.query(Order).filter_by(day=d).first() for d in day]"], True),
        (["for order in session.query(Order).all():", "    pass"], False),
        (["for d in day:", "    return session.query(Order).filter_by(day=d).one()"], False),
        (["return [o.id for o in session.query(Order).all()]"], False),
    ],
)
def test_what_a_loop_runs_over_is_asked_once(lines: list[str], *, repeated: bool) -> None:
    assert [query.in_loop for query in inside(*lines)] == [repeated]


@pytest.mark.parametrize(
    "source",
    [
        "paginate(session, select(Order))",
        "db.paginate(select(Order))",
        "Page(session.query(Order), 3)",
    ],
)
def test_one_page_is_not_all(source: str) -> None:
    assert only(f"return {source}").limited


def test_the_rows_of_a_relation_that_is_a_query() -> None:
    query = only("return user.orders.filter(Order.day < day).order_by(Order.day).limit(3).all()")
    assert (query.model, query.via, asked(query)) == ("", ("orders",), [("", "day", "<")])
    assert sorts(query) == ["day"]
    assert inside("return user.names.filter(day)", "x.where(1)") == []


# -- classes that search their own table


SEARCHES = """
def handler(code, day, mail):
    Order.filter_by(code=code).filter(Order.sold_at > day).count()
    shop.Order.get_by(token=code, session=mail)
    Order.filter(
        Order.mail == mail
    ).delete()
    Order.filter(or_(Order.phone == mail, Order.fax == mail)).all()
    Order.get_by_code(code)
    Order.order_by(code=code)
    Order.filter(Line.sku == code)
    Order.find_by(code)
    get_one(session, shop.Order, fax=code)
    order, is_new = get_or_create(Order, tax=code, defaults={"code": code})
    get_one(session, shop.Order, code)
    get_form(session, Order, code=code)
"""


def test_queries_of_a_class_that_a_function_begins() -> None:
    """What the function adds is not known."""
    body = """
    model_query(context, shop.Order, read_deleted="no").filter_by(code=code).all()
    found = base_query(context, Order).filter(Order.mail == mail)
    if code:
        found = found.filter(Order.fax == code)
    found.all()
    form_query(context, code).filter_by(code=code)
    query_form(context, Order).filter_by(code=code)
"""
    found = queries(body, given="import shop\nfrom shop import Order, Line\n")
    assert [(q.model, asked(q), q.partial) for q in found if q.model.endswith("Order")] == [
        ("shop.Order", [("", "code", "=")], True),
        ("Order", [("", "mail", "=")], True),
        ("Order", [("", "mail", "="), ("", "fax", "=")], True),
    ]


def test_queries_of_a_model_and_of_nobody() -> None:
    """oslo.db's function chooses by what it is given beside the class and the session."""
    body = """
    found = db.model_query(shop.Order, session=session)
    found = found.filter_by(code=code)
    found.all()
    model_query(Order, session).filter_by(mail=mail).first()
    model_query(Order, session=session, project_id=code).filter_by(fax=code).all()
"""
    imports = "import shop, db\nfrom shop import Order\n"
    asked_of = [("shop.Order", "code", False), ("Order", "mail", False), ("Order", "fax", True)]
    found = queries(body, given=imports)
    assert [(q.model, q.conditions[0].path, q.partial) for q in found] == asked_of
    narrowed = "def model_query(model):\n    return query(model).filter(model.owner == me())\n"
    (only,) = queries(
        "    model_query(Order).filter_by(code=code).all()\n", given=imports + narrowed
    )
    assert only.partial


def test_classes_that_search_their_own_table() -> None:
    found = queries(SEARCHES, given="import shop\nfrom shop import Order, Line\n")
    assert [(q.model, asked(q)) for q in found] == [
        ("Order", [("", "code", "="), ("", "sold_at", ">")]),
        ("shop.Order", [("", "token", "=")]),
        ("Order", [("", "mail", "=")]),
        ("Order", [("", "phone", "="), ("", "fax", "=")]),
        ("shop.Order", [("", "fax", "=")]),
        ("Order", [("", "tax", "=")]),
    ]
    assert [q.limited for q in found] == [False, True, False, False, True, True]
    assert [q.aggregate for q in found] == [True, False, False, False, False, False]
    assert [q.deletes for q in found] == [False, False, True, False, False, False]
    assert not any(q.partial for q in found)


@pytest.mark.parametrize(
    "verb", ["get_one", "find_first", "fetch_row", "get_instance", "find_or_create"]
)
def test_functions_that_are_given_a_class_and_columns(verb: str) -> None:
    found = queries(f"def handler(code):\n    return {verb}(session, Order, fax=code)\n")
    known = verb != "find_or_create"
    assert [asked(query) for query in found] == ([[("", "fax", "=")]] if known else [])


def test_what_a_class_searches_by_itself_is_told_once() -> None:
    (query,) = queries(
        "from shop import Order\ndef open_orders(code):\n"
        "    return Order.filter_by(code=code).order_by(Order.id).all()\n"
    )
    assert (asked(query), sorts(query)) == ([("", "code", "=")], ["id"])


def test_a_class_with_a_condition_on_it_is_asked_by_that() -> None:
    found = queries(
        """
async def clean(db, day, keys):
    await purge(db, db.Order, db.Order.sold_at < day, 100)
    await purge(db, db.Line, sa.and_(db.Line.order_id.in_(keys), db.Line.kind == "gift"))
    Order.query_by(day).join(Line, Line.sku == day)
    options(with_loader_criteria(Order, Order.gone == False))
    await purge(db, db.Fee, (db.Fee.day == day) & (db.Fee.kind == "late"))
    relate(Line, Line.order_id == Order.id)
    rank(Order, Order.code)
"""
    )
    assert [(q.model, asked(q)) for q in found] == [
        ("db.Order", [("", "sold_at", "<")]),
        ("db.Line", [("", "order_id", "in"), ("", "kind", "=")]),
        ("db.Fee", [("", "day", "="), ("", "kind", "=")]),
    ]


def test_the_type_of_a_parameter_says_which_class_it_is() -> None:
    (query,) = queries(
        """
def sold(session, kind: type[Order], other: Type["shop.Line"], *, day: date):
    found = [kind.sold_at < day]
    return session.execute(select(kind).where(*found, kind.code == day)).all()
"""
    )
    assert (query.model, asked(query)) == ("Order", [("", "code", "="), ("", "sold_at", "<")])
    (query,) = queries(
        "def of(session, k: Type['shop.Line'] = None):\n    session.query(k).filter(k.a == 1)"
    )
    assert (query.model, asked(query)) == ("shop.Line", [("", "a", "=")])


def test_a_column_that_a_local_name_holds() -> None:
    (query,) = inside(
        "column = Order.due_at",
        "return session.query(Order).filter(column < day).order_by(column).all()",
    )
    assert [(each.path, each.operator) for each in query.conditions] == [
        ("due_at", "<"),
        ("due_at", "sort"),
    ]


def test_a_name_of_two_columns_is_not_told() -> None:
    found = inside(
        "column = Order.due_at",
        "if flag:",
        "    column = Order.made_at",
        "return session.query(Order).filter(column < day).all()",
    )
    assert all(not each.conditions for each in found)


@pytest.mark.parametrize(
    ("given", "order", "path"),
    [
        (", sort='day'", "getattr(Order, sort)", "day"),
        (", sort: str = Query('day')", "getattr(Order, sort).desc()", "day"),
        (", sort: str = Query(default='day')", "desc(getattr(Order, sort))", "day"),
        (", sort: str = Query(...)", "getattr(Order, sort)", ""),
        (", sort=None", "getattr(Order, sort or 'day')", "day"),
        (", sort=None", "getattr(Order, sort)", ""),
        ("", "getattr(Order, request.args.get('sort', 'day'))", "day"),
        ("", "SORTS.get(request.sort, Order.day)", "day"),
        (", way='asc'", "desc(Order.day) if way == 'desc' else asc(Order.day)", "day"),
        (
            ", way='asc'",
            "getattr(Order, 'day').desc() if way else getattr(Order, 'day').asc()",
            "day",
        ),
        (
            ", way='asc'",
            "getattr(Order, 'day') if way else getattr(Order, 'code')",
            "",
        ),
        (", of=None", "getattr(of, 'day')", ""),
    ],
)
def test_the_order_where_none_is_asked_for(given: str, order: str, path: str) -> None:
    found = queries(
        f"def listed(session{given}):\n    return session.query(Order).order_by({order}).limit(9).all()\n"
    )
    assert [each for query in found for each in sorts(query)] == ([path] if path else [])


def test_the_order_where_none_is_asked_for_behind_a_name() -> None:
    (query,) = queries(
        "def listed(session):\n    by = request.args.get('sort', 'day')\n    column = getattr(Order, by)\n"
        "    return session.query(Order).order_by(column.desc()).limit(9).all()\n"
    )
    assert sorts(query) == ["day"]
    (query,) = queries(
        "def listed(session):\n    by = 'day'\n    if session.all:\n        by = 'code'\n"
        "    return session.query(Order).order_by(getattr(Order, by)).limit(9).all()\n"
    )
    assert sorts(query) == []


def test_functions_around_each_other_are_told_together() -> None:
    (query,) = inside(
        "session.query(User).filter(func.upper(func.trim(User.email)) == day).first()"
    )
    assert [(c.path, c.function) for c in query.conditions] == [("email", "upper(trim")]
    (query,) = inside("session.query(User).filter(func.abs(func.trim(User.email)) == day).first()")
    assert [(c.path, c.function) for c in query.conditions] == [("email", "trim")]
