"""Searches that a base gives to all models or repositories, and calls of them in other files."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import QueryFound

MODELS = """
from sqlalchemy import Column, Integer, String
from shop.base import Base
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    code = Column(String)
    label = Column(String)
class Customer(Base):
    __tablename__ = "customers"
    id = Column(Integer, primary_key=True)
    code = Column(String)
"""
BASE = """
from sqlalchemy.orm import declarative_base
class Found:
    @classmethod
    def get_by(cls, session, **by):
        return session.query(cls).filter_by(**by).first()
    @classmethod
    def get_all(cls, session, limit=None, order_by=None, **by):
        return cls.query.filter_by(**by).limit(limit).all()
    @classmethod
    def made(cls, **values):
        return cls(**values)
Base = declarative_base(cls=Found)
"""
ACTIVE = MODELS.replace("import Base", "import Found").replace("(Base)", "(Found, Base)")
CRUD = """
from typing import Generic, TypeVar
from sqlalchemy import func, select
M = TypeVar("M")
class CrudBase(Generic[M]):
    def __init__(self, model: type[M]):
        self.model = model
    def get_by(self, db, **by):
        return db.query(self.model).filter_by(**by).first()
    def get_one(self, db, cached=False, **by):
        return self.get_by(db, **by)
    def by_column(self, db, name, value):
        return db.execute(select(self.model).where(getattr(self.model, name) == value)).all()
    def find_by(self, db, name, value):
        return db.execute(select(self.model).where(getattr(self.model, name) == value)).all()
    def filtered(self, db, *given):
        return db.execute(select(self.model).where(*given_elsewhere)).all()
    def get_multi(self, db, *, skip=0, filters=None):
        query = select(self.model)
        for key, value in (filters or {}).items():
            query = query.where(getattr(self.model, key) == value)
        return db.execute(query.offset(skip)).all()
    def listed(self, db, **by):
        query = select(self.model)
        for key, value in by.items():
            query = query.where(getattr(self.model, key) == value)
        return db.execute(query).all()
    def find(self, db, *conditions):
        return db.execute(select(self.model).where(*conditions)).all()
    def count(self, db, **by):
        return db.execute(select(func.count()).select_from(self.model).filter_by(**by)).all()
"""
OBJECTS = """
from shop.crud import CrudBase
from shop.models import Order, Customer
class CrudOrder(CrudBase[Order]):
    def labelled(self, db, label):
        return self.get_by(db, label=label)
class CustomerRepo(CrudBase):
    model = Customer
class Handed(CrudBase):
    def __init__(self):
        super().__init__(Order)
crud_order = CrudOrder(Order)
plain = CrudBase(Order)
"""


def asked(**files: str) -> set[str]:
    """`orders: code =, label =` of each query that is wholly known."""
    paths = {f"shop/{name}.py": text for name, text in files.items()}
    found = architecture({"shop/__init__.py": "", **paths}).sites(QueryFound)
    return {
        f"{fact.reads[0]}: " + ", ".join(f"{p.column} {p.operator}" for p in fact.predicates)
        for fact in (site.fact for site in found)
        if fact.predicates and fact.reads and not fact.partial
    }


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("Order.get_by(session, code=code)", {"orders: code ="}),
        ("Order.get_all(session, 10, code=code, order_by='label')", {"orders: code ="}),
        ("models.Customer.get_by(session, code=code)", {"customers: code ="}),
        ("Order.get_by(session, kind=code)", set()),  # no column
        ("Order.made(code=code)", set()),
        ("Other.get_by(session, code=code)", set()),
        ("Order.get_by(session, **given)", set()),
    ],
)
def test_a_class_method_of_a_base_searches_the_table_of_the_class_it_is_called_on(
    call: str, told: set[str]
) -> None:
    use = f"from shop import models\nfrom shop.models import Order\ndef used(session, code, given):\n    return {call}\n"
    assert asked(models=ACTIVE, base=BASE, use=use) == told


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("crud_order.get_by(db, code=code)", {"orders: code ="}),
        ("crud_order.get_one(db, cached=True, code=code)", {"orders: code ="}),
        ("crud_order.by_column(db, 'code', code)", set()),  # no verb that finds
        ("crud_order.get_multi(db, filters={'code': code})", {"orders: code ="}),
        ("crud_order.get_multi(db, skip=10)", set()),
        ("crud_order.find_by(db, 'code', code)", {"orders: code ="}),
        ("plain.find(db, Order.code == code)", {"orders: code ="}),
        ("plain.filtered(db, Order.code == code)", set()),
        ("crud_order.count(db, code=code)", {"orders: code ="}),
        ("plain.get_by(db, code=code)", {"orders: code ="}),
        ("CustomerRepo().get_by(db, code=code)", {"customers: code ="}),
        ("Handed().get_by(db, code=code)", {"orders: code ="}),
        ("unknown.get_by(db, code=code)", set()),
        ("db.get_by(db, code=code)", set()),
        ("CrudOrder(Order) \\\n        .get_by(db, code=code)", {"orders: code ="}),
        ("crud_order.target_by(db, code=code)", set()),
        ("repositories.crud_order.get_by(db, code=code)", {"orders: code ="}),
    ],
)
def test_a_repository_searches_the_table_of_its_class(call: str, told: set[str]) -> None:
    use = (
        "from shop import repositories\nfrom shop.models import Order\n"
        "from shop.repositories import crud_order, plain, CrudOrder, CustomerRepo, Handed\n"
        f"def used(db, code):\n    return {call}\n"
    )
    found = asked(models=MODELS, crud=CRUD, repositories=OBJECTS, use=use)
    assert found - {"orders: label ="} == told
    assert "orders: label =" in found  # of the heir's own method


def test_an_object_behind_an_attribute_or_a_parameter_is_known_by_its_class() -> None:
    use = (
        "from shop.repositories import CrudOrder, CustomerRepo\n"
        "class Service:\n"
        "    def __init__(self, orders: CrudOrder):\n"
        "        self.orders = CrudOrder()\n"
        "    def used(self, db, code):\n"
        "        return self.orders.get_by(db, code=code)\n"
        "def handed(db, code, customers: CustomerRepo):\n"
        "    return customers.get_by(db, code=code)\n"
    )
    found = asked(models=MODELS, crud=CRUD, repositories=OBJECTS, use=use)
    assert found == {"orders: label =", "orders: code =", "customers: code ="}


def test_keywords_that_a_branch_adds_make_a_search_each() -> None:
    use = (
        "from shop.repositories import crud_order\n"
        "def used(db, code, label):\n"
        "    by = {}\n"
        "    if code:\n"
        "        by['code'] = code\n"
        "    return crud_order.get_by(db, **by)\n"
    )
    found = asked(models=MODELS, crud=CRUD, repositories=OBJECTS, use=use)
    assert "orders: code =" in found


def test_what_a_method_of_its_own_class_finds_is_not_told_of_others() -> None:
    """A class that has no such base has a method of the same name for something else."""
    other = "class Orders:\n    def get_by(self, db, **by):\n        return db.cached(by)\norders_store = Orders()\n"
    use = "from shop.other import orders_store\ndef used(db, code):\n    return orders_store.get_by(db, code=code)\n"
    found = asked(models=MODELS, crud=CRUD, other=other, use=use)
    assert found == set()


PEEWEE = """
from peewee import CharField, Model
class Order(Model):
    code = CharField()
    class Meta:
        table_name = "orders"
"""
DAO = """
from peewee import Model
class BaseDao:
    model = Model
    @classmethod
    def get_or_none(cls, deleted=False, **by):
        return cls.model.get_or_none(deleted=deleted, **by)
"""


def test_data_access_objects_of_peewee() -> None:
    dao = "from shop.base import BaseDao\nfrom shop.models import Order\nclass OrderDao(BaseDao):\n    model = Order\n"
    use = "from shop.dao import OrderDao\ndef used(code):\n    return OrderDao.get_or_none(code=code)\n"
    assert asked(models=PEEWEE, base=DAO, dao=dao, use=use) == {"orders: code ="}


@pytest.mark.parametrize(
    "holder",
    [
        "class Work:\n    def __init__(self, session):\n        self.orders = CrudOrder(session)\n",
        "class Work:\n    @property\n    def orders(self) -> CrudOrder:\n        return self.made('orders')\n",
    ],
)
def test_an_attribute_of_an_object_that_holds_all_repositories(holder: str) -> None:
    work = f"from shop.repositories import CrudOrder\n{holder}"
    use = "def used(uow, code):\n    return uow.orders.get_by(uow.session, code=code)\n"
    found = asked(models=MODELS, crud=CRUD, repositories=OBJECTS, work=work, use=use)
    assert found == {"orders: label =", "orders: code ="}
    other = work.replace("CrudOrder", "CustomerRepo").replace("Work", "OtherWork")
    found = asked(models=MODELS, crud=CRUD, repositories=OBJECTS, work=work, other=other, use=use)
    assert found == {"orders: label ="}  # an attribute of which object is not known


@pytest.mark.parametrize(
    "search",
    [
        "select(self.model.__table__.columns).filter_by(**by)",
        "select(self.model).filter_by(**dict(by))",
        "select(self.model).filter(*[getattr(self.model, k) == v for k, v in by.items()])",
    ],
)
def test_ways_to_look_for_keywords(search: str) -> None:
    crud = f"from sqlalchemy import select\nclass Base:\n    async def find_one(self, db, **by):\n        return await db.execute({search})\n"
    kept = "from shop.crud import Base\nfrom shop.models import Order\nclass OrderRepo(Base):\n    model = Order\n"
    use = "from shop.kept import OrderRepo\nasync def used(db, code):\n    return await OrderRepo().find_one(db, code=code)\n"
    assert asked(models=MODELS, crud=crud, kept=kept, use=use) == {"orders: code ="}


FINDERS = """
from sqlalchemy import select
from shop.models import Order
from shop import models
def get_order(session, lock=False, **by):
    return session.query(Order).filter_by(**by).first()
def get_both(session, **by):
    return session.query(Order).join(models.Customer).filter_by(**by).first()
class OrderFinder:
    async def find_one(self, **by):
        return await self.session.execute(select(Order).filter_by(**by))
"""


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("get_order(session, lock=True, code=code)", {"orders: code ="}),
        ("finders.get_order(session, code=code)", {"orders: code ="}),
        ("get_both(session, code=code)", set()),
        ("OrderFinder(session).find_one(code=code)", {"orders: code ="}),
        ("get_other(session, code=code)", set()),
    ],
)
def test_functions_that_search_one_class_by_keywords(call: str, told: set[str]) -> None:
    use = (
        "from shop import repo_finders as finders\nfrom shop.other import get_other\n"
        "from shop.repo_finders import get_both, get_order, OrderFinder\n"
        f"def used(session, code):\n    return {call}\n"
    )
    assert asked(models=MODELS, repo_finders=FINDERS, use=use) == told


def test_a_function_of_django_that_filters_by_keywords() -> None:
    models = "from django.db import models\nclass Order(models.Model):\n    code = models.CharField(max_length=9)\n    class Meta:\n        db_table = 'orders'\n"
    finders = "from shop.models import Order\ndef get_orders(**by):\n    return Order.objects.filter(**by)\n"
    use = "from shop.finders import get_orders\ndef used(code):\n    return get_orders(code=code)\n"
    assert asked(models=models, finders=finders, use=use) == {"orders: code ="}


TORTOISE = """
from tortoise import fields
from tortoise.models import Model
class Base(Model):
    class Meta:
        abstract = True
    @classmethod
    async def get_by(cls, **by):
        return await cls.filter(**by).first()
class Order(Base):
    code = fields.CharField(max_length=9)
    class Meta:
        table = "orders"
"""


@pytest.mark.parametrize("call", ["Order.get_by(code=code)", "order_crud.get_one(code=code)"])
def test_a_base_that_names_no_mapper_is_of_that_of_the_model(call: str) -> None:
    crud = (
        "from shop.models import Order\nclass CrudBase:\n"
        "    def __init__(self, model):\n        self.model = model\n"
        "    async def get_one(self, **by):\n        return await self.model.get_or_none(**by)\n"
        "order_crud = CrudBase(Order)\n"
    )
    use = f"from shop.models import Order\nfrom shop.crud import order_crud\nasync def used(code):\n    return await {call}\n"
    assert asked(models=TORTOISE, crud=crud, use=use) == {"orders: code ="}


def test_repositories_that_a_function_of_the_module_makes() -> None:
    core = (
        "def setup(db):\n    global settings, order_repo\n"
        "    from shop.repositories import CrudOrder\n    order_repo = CrudOrder(db)\n"
    )
    use = (
        "from shop.core import order_repo\n"
        "class Auth:\n    def __init__(self, order_repo):\n        self.order_repo = order_repo\n"
        "    def used(self, db, code):\n        return self.order_repo.get_by(db, code=code)\n"
    )
    found = asked(models=MODELS, crud=CRUD, repositories=OBJECTS, core=core, use=use)
    assert found == {"orders: label =", "orders: code ="}
    use = "from shop.core import order_repo\ndef used(db, code):\n    return order_repo.get_by(db, code=code)\n"
    found = asked(models=MODELS, crud=CRUD, repositories=OBJECTS, core=core, use=use)
    assert found == {"orders: label =", "orders: code ="}


@pytest.mark.parametrize(
    "heirs",
    [
        "class CrudOrder(OtherCrud, CrudBase):\n    pass\nclass OtherCrud(CrudOrder):\n    pass\n",
        "from library import CrudOrder\nclass CrudOrder(CrudOrder, CrudBase):\n    pass\n",
    ],
)
def test_bases_that_lead_back_to_their_heirs_end(heirs: str) -> None:
    objects = f"from shop.crud import CrudBase\nfrom shop.models import Order\n{heirs}crud_order = CrudOrder(Order)\n"
    use = "from shop.repositories import crud_order\ndef used(db, code):\n    return crud_order.get_by(db, code=code)\n"
    assert asked(models=MODELS, crud=CRUD, repositories=objects, use=use) == {"orders: code ="}


@pytest.mark.parametrize(
    "used",
    [
        "wanted = CrudBase(Order)\ndef used(db, code):\n    return wanted.get_by(db, code=code)\n",
        "def used(db, code, wanted: Annotated[CrudOrder, Depends(made)]):\n    return wanted.get_by(db, code=code)\n",
    ],
)
def test_the_class_behind_a_name_that_says_nothing(used: str) -> None:
    use = (
        "from typing import Annotated\nfrom fastapi import Depends\nfrom shop.crud import CrudBase\n"
        f"from shop.models import Order\nfrom shop.repositories import CrudOrder, made\n{used}"
    )
    found = asked(models=MODELS, crud=CRUD, repositories=OBJECTS, use=use)
    assert found == {"orders: label =", "orders: code ="}
