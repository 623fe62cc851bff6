"""Django: attributes of models that only the project's migrations tell."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tests.linking.system import architecture

from scaleaudit.facts import Clause, QueryFound

if TYPE_CHECKING:
    from collections.abc import Mapping

MODELS = (
    "from django.db import models\nfrom boutique.models import AbstractOrder\n\n\n"
    "class Order(AbstractOrder):\n    token = models.CharField(max_length=40)\n"
)
CREATE = (
    "migrations.CreateModel(name='{}', fields=[\n"
    "    ('id', models.AutoField(primary_key=True)),\n"
    "    ('number', models.CharField(max_length=9, {})),\n"
    "    ('token', models.CharField(max_length=40)),\n"
    "    ('parent', models.ForeignKey('shop.Order', models.CASCADE, related_name='parts')),\n"
    "], options={})"
)
VIEWS = "from shop.models import Order\n\n\ndef a(t):\n    return {}\n"


def asked(
    chain: str,
    *operations: str,
    models: str = MODELS,
    others: Mapping[str, str] = MappingProxyType({}),
) -> QueryFound:
    files = {
        **others,
        "site/settings.py": 'INSTALLED_APPS = ["shop"]\n',
        "shop/models.py": models,
        "shop/views.py": VIEWS.format(chain),
    } | {
        f"shop/migrations/{at:04}_step.py": "from django.db import migrations, models\n\n\n"
        f"class Migration(migrations.Migration):\n    operations = [{operation}]\n"
        for at, operation in enumerate(operations, 1)
    }
    (site,) = [
        each for each in architecture(files).sites(QueryFound) if each.at.path == "shop/views.py"
    ]
    return site.fact


def conditions(query: QueryFound) -> list[tuple[str, str, str]]:
    return [(p.table, p.column, p.operator) for p in query.predicates if p.clause is Clause.FILTER]


ORDER = CREATE.format("Order", "", "{}")


def test_columns_that_a_class_of_a_package_brings() -> None:
    query = asked("Order.objects.filter(number=t, token=t).first()", ORDER)
    assert not query.partial
    assert conditions(query) == [("shop_order", "number", "="), ("shop_order", "token", "=")]


def test_without_migrations_they_are_not_known() -> None:
    assert asked("Order.objects.filter(number=t, token=t).first()").partial


def test_relations_and_their_other_ends() -> None:
    query = asked("Order.objects.filter(parts__token=t).first()", ORDER)
    assert not query.partial
    assert ("shop_order", "token", "=") in conditions(query)


def test_what_later_migrations_did() -> None:
    chain = "Order.objects.filter({}=t).first()"
    added = "migrations.AddField('order', 'code', models.CharField(max_length=9))"
    assert not asked(chain.format("code"), ORDER, added).partial
    removed = "migrations.RemoveField('order', 'number')"
    assert asked(chain.format("number"), ORDER, removed).partial
    renamed = "migrations.RenameField('order', 'number', 'mark')"
    assert not asked(chain.format("mark"), ORDER, renamed).partial


def test_a_model_of_which_no_file_has_the_class() -> None:
    models = MODELS.replace("Order", "Line")
    line = CREATE.format("Line", "", "{}")
    query = asked("Order.objects.filter(number=t).first()", ORDER, line, models=models)
    assert conditions(query) == [("shop_order", "number", "=")]


def test_a_class_all_of_whose_bases_are_in_sight_says_it_itself() -> None:
    models = MODELS.replace("from boutique.models import AbstractOrder\n", "").replace(
        "AbstractOrder", "models.Model"
    )
    assert asked("Order.objects.filter(number=t, token=t).first()", ORDER, models=models).partial


def test_a_field_of_the_projects_own_class_may_be_anything() -> None:
    added = "migrations.AddField('order', 'number', own.ForeignKeyWithName(to='shop.Order'))"
    create = ORDER.replace("('number', models.CharField(max_length=9, )),", "")
    assert asked("Order.objects.filter(number=t).first()", create, added).partial


def test_classes_that_share_many_bases_are_looked_at_once() -> None:
    """Through twelve bases on each of ten levels there are more ways than anybody could go."""
    files = {
        f"shop/base{n}.py": "from django.db import models\n"
        + (f"from shop.base{n + 1} import *\n" if n < 9 else "")
        + "".join(
            f"\n\nclass A{n}_{m}({above(n)}):\n    class Meta:\n        abstract = True\n"
            for m in range(12)
        )
        for n in range(10)
    }
    model = (
        "from boutique.models import AbstractOrder\nfrom django.db import models\n"
        "from shop.base0 import A0_0\n\n\n"
        "class Order(AbstractOrder, A0_0):\n    pass\n"
    )
    query = asked("Order.objects.filter(number=t).first()", ORDER, models=model, others=files)
    assert conditions(query) == [("shop_order", "number", "=")]


def above(level: int) -> str:
    return ", ".join(f"A{level + 1}_{n}" for n in range(12)) if level < 9 else "models.Model"


def test_what_migrations_tell_has_the_place_of_the_class() -> None:
    files = {
        "site/settings.py": 'INSTALLED_APPS = ["shop"]\n',
        "shop/models.py": MODELS,
        "shop/migrations/0001_step.py": "from django.db import migrations, models\n\n\n\n\n\n\n\n"
        "class Migration(migrations.Migration):\n"
        f"    operations = [{CREATE.format('Order', 'db_index=True', '{}')}]\n",
    }
    table = architecture(files).schema.tables["shop_order"]
    number = table.column("number")
    assert number is not None
    assert number.at is not None
    assert (number.at.path, number.at.line) == ("shop/models.py", 5)
