"""Relations that are loaded row by row, in whole small repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.file_kinds import file_kinds
from scaleaudit.file_roles import role_of
from scaleaudit.findings import Confidence
from scaleaudit.rules import load_rules
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

if TYPE_CHECKING:
    from scaleaudit.findings import Finding

RULES = {rule.id: rule for rule in load_rules()}

DJANGO = {
    "shop/models.py": """\
from django.db import models


class Customer(models.Model):
    name = models.TextField()
    seller = models.ForeignKey("Seller", on_delete=models.PROTECT)


class Seller(models.Model):
    name = models.TextField()


class Profile(models.Model):
    customer = models.OneToOneField(Customer, on_delete=models.CASCADE)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)


class Line(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey("Product", on_delete=models.CASCADE)


class Product(models.Model):
    name = models.TextField()
""",
    "shop/urls.py": """\
from django.urls import path

from shop import views

urlpatterns = [path("orders/", views.show)]
""",
}
VIEWS = "from shop.models import Customer, Line, Order\n\n\n"


def find(files: dict[str, str], **options: object) -> list[Finding]:
    sources: list[SourceFile] = []
    for path, text in files.items():
        kind = file_kinds()(path)
        assert kind is not None, path
        sources.append(SourceFile(path, kind, role_of(path)[0], "", text.encode()))
    rule = RULES["n-plus-one"]
    return list(scan(sources, [rule], options={rule.id: rule.options(**options)}).findings)


def subjects(files: dict[str, str]) -> list[str]:
    return sorted(finding.subject for finding in find(files))


def django(body: str) -> list[str]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return subjects(DJANGO | {"shop/views.py": f"{VIEWS}def show(request):\n{lines}"})


class TestDjango:
    def test_each_relation_on_the_way_is_loaded(self) -> None:
        body = "return [o.customer.seller.name for o in Order.objects.all()]"
        assert django(body) == ["shop_customer.seller", "shop_order.customer"]

    def test_what_is_loaded_along_ends_where_it_ends(self) -> None:
        body = 'return [o.customer.seller.name for o in Order.objects.select_related("customer")]'
        assert django(body) == ["shop_customer.seller"]
        body = 'return [o.customer.seller.name for o in Order.objects.select_related("customer__seller")]'
        assert django(body) == []

    def test_the_other_end_of_one_to_one_is_loaded_too(self) -> None:
        assert django("return [c.profile for c in Customer.objects.all()]") == [
            "shop_customer.profile"
        ]

    def test_keys_and_plain_attributes_load_nothing(self) -> None:
        assert django("return [(o.customer_id, o.id) for o in Order.objects.all()]") == []

    def test_the_parent_of_children_is_known(self) -> None:
        body = "order = Order.objects.get(id=1)\nfor line in order.lines.all():\n    print(line.order.id)"
        assert django(body) == []
        assert django(body.replace("line.order.id", "line.product.name")) == ["shop_line.product"]

    def test_a_method_of_an_unknown_manager_may_load_anything(self) -> None:
        assert django("return [o.customer.name for o in Order.objects.listed()]") == []

    def test_a_default_manager_that_loads_along(self) -> None:
        manager = (
            "class OrderManager(models.Manager):\n    def get_queryset(self):\n"
            '        return super().get_queryset().select_related("customer")\n\n\n'
        )
        models = DJANGO["shop/models.py"].replace("class Order(", f"{manager}class Order(")
        models = models.replace(
            "    customer = models.ForeignKey(Customer, on",
            "    objects = OrderManager()\n    customer = models.ForeignKey(Customer, on",
        )
        views = f"{VIEWS}def show(request):\n    return [o.customer.name for o in Order.objects.all()]\n"
        assert subjects(DJANGO | {"shop/models.py": models, "shop/views.py": views}) == []

    def test_one_finding_for_all_places_of_a_relation(self) -> None:
        views = VIEWS + "".join(
            f"def {name}(request):\n    return [o.customer.name for o in Order.objects.all()]\n\n\n"
            for name in ("show", "export")
        )
        (found,) = find(DJANGO | {"shop/views.py": views})
        assert found.data["places"] == 2
        assert found.location.line == 5
        assert [each.at.line for each in found.related] == [9]
        assert "select_related" in found.message
        assert found.confidence is Confidence.MEDIUM

    def test_jobs_and_ignored_tables_are_not_told(self) -> None:
        code = f"{VIEWS}def show(request):\n    return [o.customer.name for o in Order.objects.all()]\n"
        assert find(DJANGO | {"shop/tasks.py": code}) == []
        assert find(DJANGO | {"shop/views.py": code}, ignore_tables=["shop_order"]) == []
