"""Relations that are loaded row by row, in whole small repositories."""

from __future__ import annotations

from tests.rules.findings import find

from scaleaudit.findings import Confidence, Severity

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


def subjects(files: dict[str, str]) -> list[str]:
    """Each relation that is told, behind the table of its list."""
    told = []
    for finding in find("n-plus-one", files):
        relations = finding.data["relations"]
        assert isinstance(relations, list)
        told += [f"{finding.subject.removeprefix('lists of ')}.{each}" for each in relations]
    return sorted(told)


def django(body: str) -> list[str]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return subjects(DJANGO | {"shop/views.py": f"{VIEWS}def show(request):\n{lines}"})


class TestDjango:
    def test_each_relation_on_the_way_is_loaded(self) -> None:
        body = "return [o.customer.seller.name for o in Order.objects.all()]"
        assert django(body) == ["shop_order.customer", "shop_order.customer.seller"]

    def test_what_is_loaded_along_ends_where_it_ends(self) -> None:
        body = 'return [o.customer.seller.name for o in Order.objects.select_related("customer")]'
        assert django(body) == ["shop_order.customer.seller"]
        body = 'return [o.customer.seller.name for o in Order.objects.select_related("customer__seller")]'
        assert django(body) == []

    def test_the_other_end_of_one_to_one_is_loaded_too(self) -> None:
        assert django("return [c.profile for c in Customer.objects.all()]") == [
            "shop_customer.profile"
        ]

    def test_a_few_rows_by_a_constant_of_the_file(self) -> None:
        views = (
            f"{VIEWS}FEW = 3\nMANY = 300\n\n\ndef show(request):\n"
            "    orders = Order.objects.filter(id__gt=1, id__lt=9).order_by('id')[:FEW]\n"
            "    return [o.customer.name for o in orders]\n"
        )
        files = DJANGO | {"shop/views.py": views}
        assert subjects(files) == []
        files["shop/views.py"] = views.replace("[:FEW]", "[:MANY]")
        assert subjects(files) == ["shop_order.customer"]

    def test_the_place_of_a_list_is_not_where_there_is_none(self) -> None:
        serializers = (
            "from rest_framework import serializers\n\nfrom shop.models import Order\n\n\n"
            "class OrderSerializer(serializers.ModelSerializer):\n"
            "    buyer = serializers.SerializerMethodField()\n\n    class Meta:\n"
            "        model = Order\n        fields = ['id', 'buyer']\n\n"
            "    def get_buyer(self, obj):\n        return obj.customer.name\n"
        )
        views = (
            "from rest_framework import viewsets\n\nfrom shop.models import Order\n"
            "from shop.serializers import OrderSerializer\n\n\n"
            "class Orders(viewsets.ModelViewSet):\n    serializer_class = OrderSerializer\n\n"
            "    def get_queryset(self):\n        if not self.request.user:\n"
            "            return Order.objects.none()\n        return Order.objects.filter(id__gt=3)\n"
        )
        files = DJANGO | {"shop/serializers.py": serializers, "shop/views.py": views}
        (found,) = find("n-plus-one", files)
        assert found.location.line == 13

    def test_keys_and_plain_attributes_load_nothing(self) -> None:
        assert django("return [(o.customer_id, o.id) for o in Order.objects.all()]") == []

    def test_the_parent_of_children_is_known(self) -> None:
        body = "order = Order.objects.get(id=1)\nfor line in order.lines.all():\n    print(line.order.id)"
        assert django(body) == []
        assert django(body.replace("line.order.id", "line.product.name")) == ["shop_line.product"]
        assert django(body.replace("line.order.id", "line.order.customer.name")) == []

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
        (found,) = find("n-plus-one", DJANGO | {"shop/views.py": views})
        assert (found.subject, found.data["places"]) == ("lists of shop_order", 2)
        assert found.location.line == 5
        assert [each.at.line for each in found.related] == [9]
        assert "select_related" in found.message
        assert found.confidence is Confidence.MEDIUM

    def test_jobs_and_ignored_tables_are_not_told(self) -> None:
        code = f"{VIEWS}def show(request):\n    return [o.customer.name for o in Order.objects.all()]\n"
        assert find("n-plus-one", DJANGO | {"shop/tasks.py": code}) == []
        assert (
            find("n-plus-one", DJANGO | {"shop/views.py": code}, ignore_tables=["shop_order"]) == []
        )

    def test_lists_of_one_file_that_lack_the_same_table_are_one_finding(self) -> None:
        names = [f"Kind{number}" for number in range(4)]
        models = DJANGO["shop/models.py"] + "".join(
            f"\n\nclass {name}(models.Model):\n"
            "    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)\n"
            for name in names
        )
        start = "from shop.models import *\n\n\ndef show(request):\n"
        lists = [f"    yield [one.customer.name for one in {n}.objects.all()]\n" for n in names]
        files = DJANGO | {"shop/models.py": models}
        (found,) = find("n-plus-one", {**files, "shop/views.py": start + "".join(lists)})
        assert found.message.startswith(
            "4 lists, of shop_kind0, shop_kind1, shop_kind2 and shop_kind3"
        )
        assert found.location.line == 5
        assert len(find("n-plus-one", {**files, "shop/views.py": start + "".join(lists[:3])})) == 3

    def test_many_tables_are_a_habit(self) -> None:
        names = [f"Kind{number}" for number in range(12)]
        models = DJANGO["shop/models.py"] + "".join(
            f"\n\nclass {name}(models.Model):\n"
            "    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)\n"
            for name in names
        )
        start = "from shop.models import *\n\n\ndef show(request):\n"
        lists = [f"    yield [one.customer.name for one in {n}.objects.all()]\n" for n in names]
        views = {f"shop/views_{at}.py": start + each for at, each in enumerate(lists)}
        urls = "from django.urls import path\n\nfrom shop import {}\n\nurlpatterns = [{}]\n".format(
            ", ".join(f"views_{at}" for at in range(12)),
            ", ".join(f'path("{at}/", views_{at}.show)' for at in range(12)),
        )
        found = find(
            "n-plus-one", DJANGO | {"shop/models.py": models, "shop/urls.py": urls, **views}
        )
        assert len(found) == 9
        (rest,) = [each for each in found if each.subject.startswith("other lists")]
        assert rest.data["places"] == 4

    def test_templates_of_views(self) -> None:
        row = "{{ order.customer.name }}{% for line in order.lines.all %}{{ line.product }}{% endfor %}"
        shown = {
            "shop/templates/shop/list.html": (
                '{% for order in orders %}{% include "shop/row.html" %}{% endfor %}'
            ),
            "shop/templates/shop/row.html": row,
        }
        code = (
            "from django.core.paginator import Paginator\nfrom django.shortcuts import render\n\n"
            f"{VIEWS}def show(request):\n    found = Order.objects.all()\n"
            '    page = Paginator(found, 25).get_page(1)\n    context = {"orders": page}\n'
            '    return render(request, "shop/list.html", context)\n'
        )
        assert subjects(DJANGO | shown | {"shop/views.py": code}) == [
            "shop_order.customer",
            "shop_order.lines",
            "shop_order.lines.product",
        ]
        loaded = 'objects.select_related("customer").prefetch_related("lines__product")'
        code = code.replace("objects.all()", loaded)
        assert subjects(DJANGO | shown | {"shop/views.py": code}) == []

    def test_generic_views(self) -> None:
        code = (
            "from django.views.generic import DetailView, ListView\n\n"
            f"{VIEWS}class Orders(ListView):\n    model = Order\n\n\n"
            'class Show(DetailView):\n    queryset = Order.objects.all()\n    template_name = "shop/one.html"\n'
        )
        shown = {
            "shop/templates/shop/order_list.html": (
                "{% for order in page_obj %}{{ order.customer.name }}{% endfor %}"
            ),
            "shop/templates/shop/one.html": (
                "{{ order.customer }}{% for line in object.lines.all %}{{ line.product }}{% endfor %}"
            ),
        }
        assert subjects(DJANGO | shown | {"shop/views.py": code}) == [
            "shop_line.product",
            "shop_order.customer",
        ]

    def serialized(self, view: str) -> list[str]:
        files = {
            "shop/serializers.py": """\
from rest_framework import serializers

from shop.models import Customer, Order


class CustomerSerializer(serializers.ModelSerializer):
    seller_name = serializers.CharField(source="seller.name")

    class Meta:
        model = Customer
        fields = ["id", "seller_name"]


class OrderSerializer(serializers.ModelSerializer):
    customer = CustomerSerializer()
    total = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = ["id", "customer", "total", "lines"]

    def get_total(self, order):
        return order.lines.count() + order.pk
""",
            "shop/views.py": (
                "from rest_framework import viewsets\n"
                "from rest_framework.response import Response\n"
                "from shop.serializers import OrderSerializer\n"
                f"{VIEWS}{view}"
            ),
        }
        return subjects(DJANGO | files)

    def test_serializers(self) -> None:
        view = (
            "class OrderViewSet(viewsets.ModelViewSet):\n    serializer_class = OrderSerializer\n"
            "    queryset = Order.objects.all()\n"
        )
        told = ["shop_order.customer", "shop_order.customer.seller", "shop_order.lines"]
        assert self.serialized(view) == told
        loaded = view.replace(
            "all()", 'select_related("customer__seller").prefetch_related("lines")'
        )
        assert self.serialized(loaded) == []
        generic = view.replace("ModelViewSet", "GenericViewSet")
        assert self.serialized(generic) == []
        writing = generic.replace("(viewsets", "(mixins.CreateModelMixin, viewsets")
        assert self.serialized(writing) == []
        mixed = "(shared.{}, mixins.RetrieveModelMixin, viewsets"
        assert self.serialized(generic.replace("(viewsets", mixed.format("QuotaMixin"))) == []
        assert self.serialized(generic.replace("(viewsets", mixed.format("PagedListMixin"))) == told
        assert self.serialized(generic.replace("(viewsets", "(shared.AllMixin, viewsets")) == told
        own = f"{generic}\n    def list(self, request):\n        return self.all()\n"
        assert self.serialized(own) == told
        assert (
            self.serialized(generic.replace("(viewsets", "(mixins.ListModelMixin, viewsets"))
            == told
        )
        called = (
            "def show(request):\n"
            "    return Response(OrderSerializer(Order.objects.all(), many=True).data)\n"
        )
        assert self.serialized(called) == told
        assert self.serialized(called.replace("Order.objects.all(), many=True", "Order()")) == []

    def test_fields_of_a_serializer_that_a_call_makes_are_not_known(self) -> None:
        files = {
            "shop/customers.py": (
                "from rest_framework import serializers\n\nfrom shop.models import Customer\n\n\n"
                "class CustomerSerializer(serializers.ModelSerializer):\n"
                '    seller_name = serializers.CharField(source="seller.name")\n\n'
                "    class Meta:\n        model = Customer\n"
            ),
            "shop/serializers.py": (
                "from rest_framework import serializers\n\n"
                "from shop.customers import CustomerSerializer as Whole\n"
                "from shop.models import Order\n\n"
                'CustomerSerializer = Whole.only("id")\n\n\n'
                "class OrderSerializer(serializers.ModelSerializer):\n"
                "    customer = CustomerSerializer()\n\n    class Meta:\n        model = Order\n"
            ),
            "shop/views.py": (
                "from rest_framework import viewsets\n\nfrom shop.serializers import OrderSerializer\n"
                f"{VIEWS}class OrderViewSet(viewsets.ModelViewSet):\n"
                "    serializer_class = OrderSerializer\n"
                '    queryset = Order.objects.select_related("customer")\n'
            ),
        }
        assert subjects(DJANGO | files) == []
        whole = files["shop/serializers.py"].replace('Whole.only("id")', "Whole")
        whole = whole.replace("CustomerSerializer as Whole", "CustomerSerializer").replace(
            "CustomerSerializer = Whole\n", ""
        )
        assert subjects(DJANGO | files | {"shop/serializers.py": whole}) == [
            "shop_order.customer.seller"
        ]

    def test_a_base_that_is_not_in_sight_may_load_anything(self) -> None:
        view = (
            "from shop.base import OurViewSet\n\n\nclass OrderViewSet(OurViewSet):\n"
            "    serializer_class = OrderSerializer\n    queryset = Order.objects.all()\n"
        )
        assert self.serialized(view) == []


RAILS = {
    "app/models/order.rb": """\
class Order < ApplicationRecord
  belongs_to :customer
  has_many :lines
  scope :recent, -> { order(created_at: :desc) }
  scope :listed, -> { includes(:customer) }
end
""",
    "app/models/customer.rb": "class Customer < ApplicationRecord\n  has_many :orders\nend\n",
    "app/models/line.rb": (
        "class Line < ApplicationRecord\n  belongs_to :order\n  belongs_to :product\nend\n"
    ),
    "app/models/product.rb": "class Product < ApplicationRecord\nend\n",
    "config/routes.rb": "Rails.application.routes.draw do\n  resources :orders\nend\n",
}


def rails(body: str, **views: str) -> list[str]:
    """The relations told of a controller with one action, and of views by name with `__` for `/`."""
    code = f"class OrdersController < ApplicationController\n  def index\n    {body}\n  end\nend\n"
    files = {f"app/views/{name.replace('__', '/')}.html.erb": text for name, text in views.items()}
    return subjects(RAILS | {"app/controllers/orders_controller.rb": code} | files)


class TestRails:
    def test_blocks_in_code(self) -> None:
        assert rails("Order.where(a: 1).map { |o| o.customer.name }") == ["orders.customer"]
        assert rails("Order.includes(:customer).map { |o| o.customer.name }") == []
        assert rails("Order.where(a: 1).map { |o| o.customer_id }") == []

    def test_scopes_in_sight_may_load_along(self) -> None:
        assert rails("Order.recent.map { |o| o.customer.name }") == ["orders.customer"]
        assert rails("Order.where(a: 1).recent.map { |o| o.customer.name }") == ["orders.customer"]
        assert rails("Order.where(a: 1).listed.map { |o| o.customer.name }") == []
        assert rails("Order.where(a: 1).unheard_of.map { |o| o.customer.name }") == []

    def test_children_are_loaded_when_they_are_gone_over(self) -> None:
        assert rails("Order.where(a: 1).map { |o| o.lines.size }") == ["orders.lines"]
        assert rails("Order.where(a: 1).map { |o| o.lines }") == []

    def test_a_counter_counts_without_asking(self) -> None:
        schema = """\
ActiveRecord::Schema.define(version: 1) do
  create_table "orders" do |t|
    t.bigint "customer_id"
    t.integer "lines_count"
  end
end
"""
        code = (
            "class OrdersController < ApplicationController\n  def index\n"
            "    Order.where(a: 1).map { |o| o.lines.size }\n  end\nend\n"
        )
        files = RAILS | {"app/controllers/orders_controller.rb": code}
        assert subjects(files) == ["orders.lines"]
        assert subjects(files | {"db/schema.rb": schema}) == []

    def test_views_of_an_action(self) -> None:
        view = "<% @orders.each do |order| %><%= order.customer.name %><% end %>"
        assert rails("@orders = Order.where(a: 1)", orders__index=view) == ["orders.customer"]
        assert rails("@orders = Order.includes(:customer)", orders__index=view) == []
        assert rails("@orders = Order.where(a: 1)", orders__show=view) == []
        assert rails("@orders = Order.where(a: 1)\n render :show", orders__show=view) == [
            "orders.customer"
        ]

    def test_partials_of_a_view(self) -> None:
        row = "<td><%= order.customer.name %></td>"
        asked = "@orders = Order.where(a: 1)"
        assert rails(asked, orders__index="<%= render @orders %>", orders___order=row) == [
            "orders.customer"
        ]
        shown = '<%= render partial: "orders/row", collection: @orders, as: :order %>'
        assert rails(asked, orders__index=shown, orders___row=row) == ["orders.customer"]
        shown = '<% @orders.each do |o| %><%= render "row", order: o %><% end %>'
        assert rails(asked, orders__index=shown, orders___row=row) == ["orders.customer"]

    def test_children_of_the_one_record_that_a_view_shows(self) -> None:
        view = "<% @order.lines.each do |line| %><%= line.product.name %> <%= line.order.id %><% end %>"
        assert rails("@order = Order.find(params[:id])", orders__index=view) == ["lines.product"]
        asked = "@order = Order.includes(lines: :product).find(params[:id])"
        assert rails(asked, orders__index=view) == []

    def test_the_finding_names_both_places(self) -> None:
        code = "class OrdersController < ApplicationController\n  def index\n    @orders = Order.where(a: 1)\n  end\nend\n"
        view = "<h1>\n<% @orders.each do |order| %>\n<%= order.customer.name %>\n<% end %>"
        (found,) = find(
            "n-plus-one",
            RAILS
            | {
                "app/controllers/orders_controller.rb": code,
                "app/views/orders/index.html.erb": view,
            },
        )
        assert str(found.location) == "app/controllers/orders_controller.rb:3"
        assert [str(each.at) for each in found.related] == ["app/views/orders/index.html.erb:3"]
        assert "includes" in found.message


LARAVEL = {
    "app/Models/Order.php": """\
<?php
namespace App\\Models;
use Illuminate\\Database\\Eloquent\\Model;
class Order extends Model {
    public function customer() { return $this->belongsTo(Customer::class); }
    public function lines() { return $this->hasMany(Line::class); }
}
""",
    "app/Models/Customer.php": (
        "<?php\nnamespace App\\Models;\nuse Illuminate\\Database\\Eloquent\\Model;\n"
        "class Customer extends Model {}\n"
    ),
    "app/Models/Line.php": (
        "<?php\nnamespace App\\Models;\nuse Illuminate\\Database\\Eloquent\\Model;\nclass Line extends Model {\n"
        "    public function order() { return $this->belongsTo(Order::class); }\n}\n"
    ),
}


def laravel(body: str, view: str = "") -> list[str]:
    code = (
        "<?php\nnamespace App\\Http\\Controllers;\nuse App\\Models\\Order;\n"
        f"class OrderController extends Controller {{\n  public function index() {{\n{body}\n  }}\n}}\n"
    )
    files = {"app/Http/Controllers/OrderController.php": code}
    shown = {"resources/views/orders/index.blade.php": view} if view else {}
    return subjects(LARAVEL | files | shown)


class TestLaravel:
    def test_loops_in_code(self) -> None:
        loop = "foreach (Order::where('a', 1){}->get() as $o) {{ echo $o->customer->name, $o->lines->count(); }}"
        assert laravel(loop.format("")) == ["orders.customer", "orders.lines"]
        assert laravel(loop.format("->with('customer', 'lines')")) == []

    def test_blade(self) -> None:
        view = "@foreach ($orders as $order) {{ $order->customer->name }} {{ $order->customer_id }} @endforeach"
        asked = "$orders = Order::where('a', 1){}->paginate(50);\nreturn view('orders.index', compact('orders'));"
        assert laravel(asked.format(""), view) == ["orders.customer"]
        assert laravel(asked.format("->with('customer')"), view) == []

    def test_the_parent_of_children_is_known(self) -> None:
        view = "@foreach ($order->lines as $line) {{ $line->order->id }} @endforeach"
        asked = "$order = Order::findOrFail(1);\nreturn view('orders.index', ['order' => $order]);"
        assert laravel(asked, view) == []


def test_pages_of_the_staff_are_seldom_looked_at() -> None:
    body = (
        "def add(request):\n"
        "    Order.objects.create(customer_id=request.GET['c'])\n\n\n"
        "def show(request):\n"
        "    return [order.customer.name for order in Order.objects.all()[:50]]\n"
    )
    severities = {}
    for module in ("views", "admin_views"):
        files = {
            "shop/models.py": DJANGO["shop/models.py"],
            "shop/urls.py": DJANGO["shop/urls.py"]
            .replace("views", module)
            .replace("]", f', path("add/", {module}.add)]'),
            f"shop/{module}.py": VIEWS + body,
        }
        severities[module] = [each.severity for each in find("n-plus-one", files)]
    assert severities == {"views": [Severity.MEDIUM], "admin_views": [Severity.LOW]}
