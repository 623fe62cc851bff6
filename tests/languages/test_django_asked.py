"""Django: queries that chains go on from, that functions are handed, that classes declare."""

from __future__ import annotations

import pytest

from scaleaudit.facts import Clause, OrmQuery
from scaleaudit.languages.python import extract

HEAD = (
    "import django_filters\n"
    "from django.db.models import Max, Q\n"
    "from rest_framework import generics, serializers, viewsets\n"
    "from django.views.generic import DetailView\n"
    "from shop.models import Order\n"
)


def asked(source: str) -> list[OrmQuery]:
    facts = extract((HEAD + source).encode())
    assert facts.problem == ""
    found = [fact for fact in facts.facts if isinstance(fact, OrmQuery)]
    return [each for each in found if each.conditions and not each.partial]


def filters(source: str) -> list[list[tuple[str, str]]]:
    return [
        [(c.path, c.operator) for c in each.conditions if c.clause is not Clause.SORT]
        for each in asked(source)
    ]


@pytest.mark.parametrize(
    "chain",
    [
        "Order.objects.get(code=code).buyer.name",
        "Order.objects.filter(code=code).first().cancel()",
        "Order.objects.filter(code=code)[0].name",
        'Order.objects.filter(code=code).aggregate(Max("number"))["number__max"]',
        "Order.objects.get_or_create(code=code)[0]",
        "(await Order.objects.aget(code=code)).name",
    ],
)
def test_a_chain_goes_on_from_a_query(chain: str) -> None:
    assert filters(f"async def f(code):\n    return {chain}\n") == [[("code", "=")]]


def test_what_a_row_leads_to_is_a_query_besides() -> None:
    source = "def f(code):\n    return Order.objects.get(code=code).lines.filter(sku=1).count()\n"
    first, second = asked(source)
    assert first.conditions[0].path == "code"
    assert (second.via, [c.path for c in second.conditions]) == (("lines",), ["sku"])


class TestHandedRows:
    NARROWED = (
        "def narrowed(rows, params):\n"
        "    if params.a:\n"
        "        rows = rows.filter(a=params.a)\n"
        "    if params.b:\n"
        "        rows = rows.filter(b__gte=params.b)\n"
        "    return rows\n"
    )

    def test_a_function_is_read_with_the_rows_of_its_call(self) -> None:
        source = self.NARROWED + "def f(p):\n    return narrowed(Order.objects.all(), p)\n"
        assert filters(source) == [[("a", "=")], [("b", ">=")]]

    def test_what_the_call_asked_before_holds(self) -> None:
        source = self.NARROWED + "def f(p):\n    return narrowed(Order.objects.filter(c=1), p)\n"
        assert filters(source)[0] == [("c", "="), ("a", "=")]

    def test_of_several_calls_that_which_asks_for_least_counts(self) -> None:
        source = (
            self.NARROWED
            + "def f(p):\n    return narrowed(Order.objects.filter(c=1), p)\n"
            + "def g(p):\n    return narrowed(Order.objects.all(), p)\n"
        )
        assert [("a", "=")] in filters(source)

    @pytest.mark.parametrize(
        "calls",
        [
            "",
            "def f(p):\n    return narrowed(p.rows, p)\n",
            "def f(p):\n    narrowed(Order.objects.all(), p)\n    narrowed(Line.objects.all(), p)\n",
        ],
    )
    def test_rows_of_no_one_model_are_not_told(self, calls: str) -> None:
        assert not [each for each in filters(self.NARROWED + calls) if ("a", "=") in each]

    def test_rows_that_a_parameter_holds_by_default(self) -> None:
        source = (
            "class Search(forms.Form):\n"
            "    def found(self, rows=None):\n"
            "        if rows is None:\n"
            "            rows = Order.objects.all()\n"
            "        if self.a:\n"
            "            rows = rows.filter(a=self.a)\n"
            "        return rows\n"
        )
        assert filters(source) == [[("a", "=")]]
        assert filters(source.replace("rows is None", "self.b")) == []

    def test_filters_that_may_be_left_out_stand_alone(self) -> None:
        source = (
            "class Orders(viewsets.ModelViewSet):\n"
            "    queryset = Order.objects.all()\n"
            "    def filter_queryset(self, queryset):\n"
            "        queryset = super().filter_queryset(queryset)\n"
            "        if self.a:\n"
            "            queryset = queryset.filter(a=self.a)\n"
            "        if self.b:\n"
            "            queryset = queryset.filter(b=self.b)\n"
            "        return queryset\n"
        )
        assert filters(source) == [[("a", "=")], [("b", "=")]]

    BY_WORDS = (
        "class Orders(viewsets.ModelViewSet):\n"
        "    queryset = Order.objects.all()\n"
        "    def by_words(self, queryset):\n"
        "        if self.a:\n"
        "            queryset = queryset.filter(a=self.a)\n"
    )

    def test_so_do_those_on_a_parameter(self) -> None:
        source = self.BY_WORDS + (
            "        if self.b:\n"
            "            queryset = queryset.filter(b=self.b)\n"
            "        return queryset\n"
        )
        assert filters(source) == [[("a", "=")], [("b", "=")]]

    def test_what_both_sides_of_an_if_give_replaces_the_parameter(self) -> None:
        source = self.BY_WORDS + (
            "        else:\n"
            "            queryset = queryset.filter(c=self.c)\n"
            "        return queryset.filter(b=self.b)\n"
        )
        assert filters(source) == [[("a", "="), ("b", "=")], [("c", "="), ("b", "=")]]


class TestAlternatives:
    @pytest.mark.parametrize("nothing", ["Q(pk=None)", "Q(pk__in=[])", "Q(id__isnull=True)"])
    def test_a_side_that_no_row_passes_is_left_out(self, nothing: str) -> None:
        source = (
            f"def f(user):\n    q = {nothing}\n"
            "    if user.code:\n        q |= Q(code=user.code)\n"
            "    return Order.objects.filter(q)\n"
        )
        assert filters(source) == [[("code", "=")]]

    def test_a_condition_that_a_class_holds_is_read(self) -> None:
        source = (
            "class Orders:\n    OPEN = Q(state='open')\n"
            "def f(code):\n    return Order.objects.filter(Orders.OPEN, code=code)\n"
        )
        assert filters(source) == [[("state", "="), ("code", "=")]]


class TestFilterSets:
    def test_a_range_compares_with_its_ends(self) -> None:
        source = (
            "class OrderFilter(django_filters.FilterSet):\n"
            "    day = django_filters.DateFromToRangeFilter(lookup_expr='contains')\n"
            "    class Meta:\n        model = Order\n"
        )
        assert filters(source) == [[("day", "between")]]

    def test_a_filter_set_has_the_model_of_its_view(self) -> None:
        source = (
            "class OrderFilter(django_filters.FilterSet):\n"
            "    state = django_filters.CharFilter(method='by_state')\n"
            "    def by_state(self, queryset, name, value):\n"
            "        return queryset.filter(state=value)\n"
            "class Orders(viewsets.ModelViewSet):\n"
            "    queryset = Order.objects.all()\n"
            "    filterset_class = OrderFilter\n"
        )
        assert filters(source) == [[("state", "=")]]

    def test_views_of_two_models_leave_it_open(self) -> None:
        source = (
            "class DayFilter(django_filters.FilterSet):\n    day = django_filters.DateFilter()\n"
        )
        for model in ("Order", "Line"):
            source += (
                f"class {model}s(viewsets.ModelViewSet):\n"
                f"    queryset = {model}.objects.all()\n    filterset_class = DayFilter\n"
            )
        assert filters(source) == []

    def test_filters_of_a_base_are_filters(self) -> None:
        source = (
            "class Base(django_filters.FilterSet):\n"
            "    state = django_filters.CharFilter()\n"
            "    day = django_filters.DateFilter()\n"
            "class OrderFilter(Base):\n"
            "    day = django_filters.DateFilter(lookup_expr='gte')\n"
            "    class Meta:\n        model = Order\n"
        )
        assert filters(source) == [[("state", "=")], [("day", ">=")]]


class TestNamedLookups:
    @pytest.mark.parametrize(
        "head",
        [
            "class One(viewsets.ModelViewSet):\n    queryset = Order.objects.all()\n    lookup_field",
            "class One(generics.RetrieveAPIView):\n    queryset = Order.objects.all()\n    lookup_field",
            "class One(DetailView):\n    model = Order\n    slug_field",
        ],
    )
    def test_a_view_looks_for_one_row_by_a_field(self, head: str) -> None:
        found = [each for each in asked(f"{head} = 'code'\n") if each.limited]
        assert [[(c.path, c.operator) for c in each.conditions] for each in found] == [
            [("code", "=")]
        ]

    def test_a_field_of_a_serializer_looks_for_each_value(self) -> None:
        source = (
            "class Lines(serializers.Serializer):\n"
            "    order = serializers.SlugRelatedField(slug_field='code', queryset=Order.objects.all())\n"
        )
        assert filters(source) == [[("code", "=")]]

    @pytest.mark.parametrize(
        "body",
        [
            "    lookup_field = 'pk'\n",
            "    lookup_field = 'code'\n    def get_object(self):\n        return None\n",
        ],
    )
    def test_a_key_and_a_way_of_its_own_are_left_out(self, body: str) -> None:
        head = "class One(viewsets.ModelViewSet):\n    queryset = Order.objects.all()\n"
        assert filters(head + body) == []

    def test_a_parent_in_the_address_may_narrow(self) -> None:
        head = "class One(NestedViewSetMixin, viewsets.ModelViewSet):\n    queryset = Order.objects.all()\n"
        assert filters(f"{head}    lookup_field = 'code'\n") == []


class TestRowsOfFilterSets:
    FILTERS = (
        "class OrderFilter(django_filters.FilterSet):\n"
        "    day = django_filters.DateFilter()\n"
        "    state = django_filters.ChoiceFilter(choices=Order.STATES)\n"
        "    court = django_filters.ChoiceFilter(choices=courts)\n"
    )

    def test_a_view_narrows_its_rows_first(self) -> None:
        source = (
            f"{self.FILTERS}"
            "class Orders(viewsets.GenericViewSet):\n"
            "    queryset = Order.objects.all()\n"
            "    filterset_class = OrderFilter\n"
            "    def get_queryset(self):\n"
            "        return Order.objects.filter(shop=self.shop)\n"
        )
        assert [("shop", "="), ("day", "=")] in filters(source)

    def test_what_a_class_lists_are_few(self) -> None:
        source = f"{self.FILTERS}    class Meta:\n        model = Order\n"
        constant = {c.path: c.constant for each in asked(source) for c in each.conditions}
        assert constant == {"day": False, "state": True, "court": False}


@pytest.mark.parametrize(
    ("source", "model"),
    [
        ("def f(rows: OrderQuerySet, x):\n    return rows.filter(a=x)\n", "OrderQuerySet"),
        (
            "def f(rows: 'managers.OrderManager', x):\n    return rows.get(a=x)\n",
            "managers.OrderManager",
        ),
        (
            "def f(r, x):\n    return OrderFilter(r.GET, queryset=Order.objects.all()).qs.filter(a=x)\n",
            "Order",
        ),
        (
            "def f(r, x):\n    found = OrderFilter(r.GET, queryset=Order.objects.all())\n    return found.qs.filter(a=x)\n",
            "Order",
        ),
        (
            "from django.contrib.auth.backends import UserModel\n"
            "def f(x):\n    return UserModel.objects.get(a=x)\n",
            "AUTH_USER_MODEL",
        ),
    ],
)
def test_whose_rows_they_are(source: str, model: str) -> None:
    (query,) = asked(source)
    assert (query.model, [c.path for c in query.conditions if c.path]) == (model, ["a"])


class TestKeptRows:
    KEPT = (
        "class Report:\n"
        "    def __init__(self, shop):\n"
        "        self.orders = Order.objects.filter(b=shop)\n"
        "        {}\n"
        "    def total(self, x):\n"
        "        return self.orders.filter(a=x).count()\n"
    )

    def test_an_attribute_holds_rows(self) -> None:
        assert [("b", "="), ("a", "=")] in filters(self.KEPT.format("self.shop = shop"))

    def test_of_several_values_the_conditions_are_not_known(self) -> None:
        source = self.KEPT.format("if shop is None:\n            self.orders = Order.objects.all()")
        assert [("b", "=")] in filters(source)
        assert not [each for each in filters(source) if ("a", "=") in each]

    def test_something_else_may_be_anything(self) -> None:
        facts = extract((HEAD + self.KEPT.format("self.orders = shop")).encode()).facts
        models = [each.model for each in facts if isinstance(each, OrmQuery) and each.aggregate]
        assert models == [""]


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        ("several = [Q(a=x)]\n    several.append(Q(b=x))\n    Order.objects.filter(*several).get()",
         [[("a", "="), ("b", "=")]]),
        ("several = []\n    if x:\n        several.append(Q(b=x))\n    Order.objects.filter(*several).get()",
         [[("b", "=")]]),
        ("Order.objects.filter(*[Q(a=x), Q(b=x)]).get()", [[("a", "="), ("b", "=")]]),
        ("several = [Q(a=x), Q(b=x)]\n    Order.objects.filter(reduce(operator.and_, several)).get()",
         [[("a", "="), ("b", "=")]]),
        ("Order.objects.filter(Q(a=x) if x else Q()).get()", [[("a", "=")]]),
        ("Order.objects.filter(c=x, **{**{'a': x}, 'b': x}).get()",
         [[("c", "="), ("a", "="), ("b", "=")]]),
        ("found = dict(a=x)\n    found = {**found, 'b': x}\n    Order.objects.filter(**found).get()",
         [[("a", "="), ("b", "=")]]),
        ("Order.objects.filter(**made(x)).get()", [[("m", "=")]]),
        ("Order.objects.filter(**FIXED).get()", [[("f", "=")]]),
        ("get_object_or_404(klass=Order, a=x)", [[("a", "=")]]),
        ("get_or_none(Order, a=x)", [[("a", "=")]]),
        ("get_object_or_raise(Order, a=x)", [[("a", "=")]]),
        ("first_or_none(Order, a=x)", [[("a", "=")]]),
        ("shop.stock.models.Order.objects.get(a=x)", [[("a", "=")]]),
        ("return {*Order.objects.filter(a=x)}", [[("a", "=")]]),
        ("return [*Order.objects.filter(a=x).values_list('b', flat=True)]", [[("a", "=")]]),
    ],
)  # fmt: skip
def test_conditions_by_where_they_are_kept(body: str, asks: list[list[tuple[str, str]]]) -> None:
    head = "import shop.stock.models\nFIXED = {'f': 1}\n\ndef made(x):\n    return {'m': x}\n\n"
    found = filters(f"{head}def run(x):\n    {body}\n")
    assert [each for each in found if each] == asks


@pytest.mark.parametrize(
    "body",
    [
        "Order.objects.filter(*several).get(a=x)",
        "several = made()\n    Order.objects.filter(*several).get(a=x)",
        "found = {name: x}\n    Order.objects.filter(a=x, **found).get()",
        "found = {'a': x}\n    found.pop(x)\n    Order.objects.filter(**found).get()",
    ],
)
def test_of_what_is_not_read_nothing_is_told(body: str) -> None:
    assert asked(f"def run(x, name, several):\n    {body}\n") == []


@pytest.mark.parametrize(
    ("sort", "path"),
    [
        ("    by = r.GET.get('sort', '-day')\n", "day"),
        ("    by = r.GET.get('sort') or 'day'\n", "day"),
        ("    by = SORTS.get(r.GET.get('sort'), 'day')\n", "day"),
        (
            "    by = r.GET.get('sort', 'day')\n    if by not in SORTS:\n        by = 'day'\n",
            "day",
        ),
        ("    by = r.GET.get('sort', 'day')\n    if r.all:\n        by = 'code'\n", ""),
        ("    by = r.GET.get('sort', 'day')\n    if r.all:\n        by = r.by\n", ""),
        ("    by = r.GET.get('sort')\n", ""),
        ("    by = r.GET['sort']\n", ""),
    ],
)
def test_the_order_where_none_is_asked_for(sort: str, path: str) -> None:
    found = asked(f"def f(r):\n{sort}    return list(Order.objects.order_by(by)[:20])\n")
    assert [c.path for query in found for c in query.conditions] == ([path] if path else [])


@pytest.mark.parametrize(
    ("pages", "limited"),
    [
        ("    found = OrderFilter(r.GET, queryset={})\n    return Paginator(found.qs, 25)\n", True),
        ("    return Paginator(OrderFilter(r.GET, queryset={}).qs, 25)\n", True),
        ("    found = OrderFilter(r.GET, queryset={})\n    return Paginator(r.qs, 25)\n", False),
        ("    return shown(OrderFilter(r.GET, queryset={}).qs, 25)\n", False),
    ],
)
def test_pages_of_what_a_filter_set_leaves(pages: str, limited: bool) -> None:
    source = pages.format("Order.objects.order_by('day')")
    found = [q for q in asked(f"def f(r):\n{source}") if q.conditions]
    assert [q.limited for q in found] == [limited]


@pytest.mark.parametrize(
    ("kind", "streamed"), [("QuerySet[Order]", True), ("Manager[Order]", False)]
)
def test_a_query_set_that_a_function_is_given_may_be_narrowed(kind: str, *, streamed: bool) -> None:
    source = (
        f"def newest(orders: {kind}):\n    return [o.code for o in orders.order_by('-placed')]\n"
    )
    (query,) = asked(source)
    assert query.streamed is streamed
    source = (
        f"def of_code(orders: {kind}, code):\n    return [o.id for o in orders.filter(code=code)]\n"
    )
    (query,) = asked(source)
    assert not query.streamed
