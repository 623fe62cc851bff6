"""Django: models, the queries of its query sets, and what classes declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest

from scaleaudit.facts import (
    Clause,
    Condition,
    ConstantDefined,
    FieldFact,
    IndexFact,
    ModelDefined,
    OrmQuery,
    RelationFact,
    ScopeDefined,
)
from scaleaudit.languages.python import extract
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from scaleaudit.facts import Fact

T = TypeVar("T", bound="Fact")

MODELS = "from django.db import models\n"
SHOP = "from django.db.models import Q, F\nfrom shop.models import Line, Order\n"


def found(kind: type[T], source: str) -> list[T]:
    facts = extract(source.encode())
    assert facts.problem == ""
    return [fact for fact in facts.facts if isinstance(fact, kind)]


def model(body: str, head: str = "class Order(models.Model):") -> ModelDefined:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    models = found(ModelDefined, f"{MODELS}{head}\n{lines}\n")
    assert len(models) == 1
    return models[0]


def field(body: str) -> FieldFact:
    fields = model(body).fields
    assert len(fields) == 1
    return fields[0]


def relation(body: str) -> RelationFact:
    relations = model(body).relations
    assert len(relations) == 1
    return relations[0]


def queries(source: str) -> list[OrmQuery]:
    return [each for each in found(OrmQuery, SHOP + source) if each.framework == "django"]


def query(source: str) -> OrmQuery:
    several = queries(source)
    assert len(several) == 1, [each.text for each in several]
    return several[0]


def asked(source: str) -> list[tuple[str, str]]:
    return [(each.path, each.operator) for each in query(source).conditions]


class TestFields:
    def test_type_and_nullability(self) -> None:
        made = field("name = models.CharField(max_length=10, null=True)")
        assert (made.name, made.type, made.nullable) == ("name", "VARCHAR", True)
        assert not made.indexed
        assert not made.unique

    def test_index_unique_and_primary_key(self) -> None:
        assert field("a = models.IntegerField(db_index=True)").indexed
        assert field("a = models.IntegerField(unique=True)").unique
        assert field("a = models.UUIDField(primary_key=True)").primary

    def test_slugs_are_indexed_unless_told_otherwise(self) -> None:
        assert field("slug = models.SlugField()").indexed
        assert not field("slug = models.SlugField(db_index=False)").indexed

    def test_column_by_name(self) -> None:
        assert field('a = models.TextField(db_column="Alpha")').column == "Alpha"

    def test_automatic_key(self) -> None:
        made = field("id = models.BigAutoField(primary_key=True)")
        assert (made.type, made.auto_increment) == ("BIGINT", True)

    def test_field_class_of_the_file(self) -> None:
        source = (
            f"{MODELS}class TokenField(models.CharField):\n"
            "    def __init__(self, *args, **kwargs):\n"
            "        kwargs['unique'] = True\n"
            "        super().__init__(*args, **kwargs)\n"
            "class Device(models.Model):\n"
            "    token = TokenField(max_length=32)\n"
        )
        (made,) = found(ModelDefined, source)
        assert made.fields[0].type == "VARCHAR"
        assert made.fields[0].unique

    def test_field_class_from_elsewhere_has_no_type(self) -> None:
        source = (
            f"{MODELS}from lib.fields import MagicField\n"
            "class Device(models.Model):\n    token = MagicField()\n"
        )
        (made,) = found(ModelDefined, source)
        assert made.fields[0].type == ""


class TestRelations:
    def test_foreign_keys_are_indexed(self) -> None:
        made = relation('owner = models.ForeignKey("auth.User", related_name="orders")')
        assert made == RelationFact(
            "owner", "auth.User", "belongs-to", "owner_id", "orders", nullable=False,
            indexed=True, at=made.at,
        )  # fmt: skip

    def test_foreign_keys_without_index(self) -> None:
        assert not relation("owner = models.ForeignKey(User, db_index=False)").indexed

    def test_one_to_one_is_unique(self) -> None:
        assert relation("owner = models.OneToOneField(User)").unique

    def test_self_and_the_user_of_the_settings(self) -> None:
        assert relation('parent = models.ForeignKey("self")').target == "Order"
        user = relation("owner = models.ForeignKey(settings.AUTH_USER_MODEL)")
        assert user.target == "AUTH_USER_MODEL"

    def test_many_to_many(self) -> None:
        made = relation('tags = models.ManyToManyField("Tag", through="OrderTag")')
        assert (made.kind, made.target, made.through) == ("many-to-many", "Tag", "OrderTag")

    def test_generic_relations_both_ways(self) -> None:
        made = relation('target = GenericForeignKey("kind", "row")')
        assert (made.column, made.discriminator, made.target) == ("row", "kind_id", "")
        assert not made.constrained
        back = relation('notes = GenericRelation("Note")')
        assert (back.kind, back.column, back.discriminator) == (
            "has-many", "object_id", "content_type_id",
        )  # fmt: skip


class TestModels:
    def test_abstract_proxy_and_table(self) -> None:
        assert model("class Meta:\n    abstract = True").abstract
        assert model("class Meta:\n    proxy = True").same_table
        made = model('class Meta:\n    db_table = "orders"\n    app_label = "shop"')
        assert (made.table, made.label) == ("orders", "shop")

    def test_bases_from_elsewhere(self) -> None:
        made = model("name = models.TextField()", "class Order(Stamped, Owned):")
        assert made.bases == ("Stamped", "Owned")

    def test_names_say_less_than_fields(self) -> None:
        made = model("name = models.TextField()", "class Document(ProjectBaseModel):")
        assert made.name == "Document"

    def test_forms_and_serializers_are_no_models(self) -> None:
        source = (
            "from django import forms\nfrom rest_framework import serializers\n"
            "class A(forms.ModelForm):\n    name = forms.CharField()\n"
            "    class Meta:\n        model = Order\n        fields = ['a']\n"
            "class B(serializers.ModelSerializer):\n    name = serializers.CharField()\n"
        )
        assert found(ModelDefined, source) == []

    def test_indexes(self) -> None:
        made = model(
            "class Meta:\n"
            '    unique_together = ("a", "b")\n'
            '    index_together = [["c", "d"]]\n'
            "    indexes = [\n"
            '        models.Index(fields=["-created", "kind"], name="by_date"),\n'
            '        GinIndex(fields=["words"]),\n'
            '        models.Index(Lower("email").desc(), F("more__shop"), name="low"),\n'
            '        models.Index(fields=["due"], condition=Q(done=False) & ~Q(kind="x")),\n'
            "    ]\n"
            '    constraints = [models.UniqueConstraint(fields=["a"], condition=Q(b=None))]\n'
        )
        told = [(i.columns, i.unique, i.method, i.where) for i in made.indexes]
        assert told == [
            (("a", "b"), True, "", ""),
            (("c", "d"), False, "", ""),
            (("created", "kind"), False, "", ""),
            (("words",), False, "gin", ""),
            (("(lower(email))", "(more -> shop)"), False, "", ""),
            (("due",), False, "", "done = FALSE AND NOT (kind = 'x')"),
            (("a",), True, "", "b IS NULL"),
        ]
        assert isinstance(made.indexes[2], IndexFact)
        assert made.indexes[2].name == "by_date"

    def test_ordering(self) -> None:
        made = model('class Meta:\n    ordering = ["-created", F("customer__name").asc()]')
        assert made.ordering == ("created", "customer.name")

    def test_managers(self) -> None:
        source = (
            f"{MODELS}class OrderQuerySet(models.QuerySet):\n    pass\n"
            "Manager = models.Manager.from_queryset(OrderQuerySet)\n"
            "class A(models.Model):\n    objects = Manager()\n"
            "class B(models.Model):\n    objects = OrderQuerySet.as_manager()\n"
        )
        assert [each.managers for each in found(ModelDefined, source)] == [
            ("OrderQuerySet",), ("OrderQuerySet",),
        ]  # fmt: skip


class TestConditions:
    def test_lookups(self) -> None:
        told = query(
            "Order.objects.filter(a=x, b__gt=1, c__in=xs, d__isnull=True, e=None, f__range=r,\n"
            "  g__icontains=x, h__startswith=x, i__iexact=x, j__date=x, k__year=x, l__customer__m=x)"
        )
        assert [(c.path, c.operator, c.function) for c in told.conditions] == [
            ("a", "=", ""),
            ("b", ">", ""),
            ("c", "in", ""),
            ("d", "is-null", ""),
            ("e", "is-null", ""),
            ("f", "between", ""),
            ("g", "contains", ""),
            ("h", "like", ""),
            ("i", "=", "any-case:upper"),
            ("j", "=", "date"),
            ("k", "between", ""),
            ("l.customer.m", "=", ""),
        ]

    @pytest.mark.parametrize(
        ("made", "expected"),
        [
            ("found()", ["a", "b"]),
            ("reduce(operator.or_, (Q(a__icontains=w) for w in ws), Q())", ["a"]),
            ("functools.reduce(operator.and_, [Q(a=x), Q(b=x)])", ["a", "b"]),
            ("reduce(lambda x, y: x | y, [Q(a=x), Q(b=x)])", ["a", "b"]),
        ],
    )
    def test_conditions_that_functions_make(self, made: str, expected: list[str]) -> None:
        told = query(
            f"def found():\n    return Q(a=1) | Q(b=2)\n\n\n"
            f"def f(ws, x):\n    return Order.objects.filter({made})\n"
        )
        assert [c.path for c in told.conditions] == expected
        assert not told.partial

    def test_conditions_that_nobody_knows(self) -> None:
        for made in ("unknown()", "reduce(join, [Q(a=x)])", "reduce(operator.or_, several)"):
            assert query(f"def f(x):\n    return Order.objects.filter({made})\n").partial
        choice = "def found(x):\n    if x:\n        return Q(a=1)\n    return Q(b=2)\n"
        assert query(f"{choice}\n\ndef f(x):\n    Order.objects.filter(found(x))\n").partial

    def test_a_pattern_that_stands_in_the_code_is_no_search_by_words(self) -> None:
        assert asked("Order.objects.filter(a__endswith='.html', b__endswith=x)") == [
            ("a", "search"), ("b", "contains"),
        ]  # fmt: skip

    def test_exclude_negates(self) -> None:
        assert asked("Order.objects.exclude(a=x).exclude(b=None).exclude(c__gt=x)") == [
            ("a", "!="), ("b", "is-not-null"), ("c", "<="),
        ]  # fmt: skip

    def test_constants(self) -> None:
        told = query(
            'Order.objects.filter(a="x", b=Status.OPEN, c=x, d__in=[1, 2], e__gt=3, f=settings.SITE)'
        )
        constant = [each.path for each in told.conditions if each.constant]
        assert constant == ["a", "b", "d"]

    def test_alternatives(self) -> None:
        told = query("Order.objects.filter(Q(a=x) | Q(b=x, c=x) | ~Q(d=x), e=x)")
        assert [(c.path, c.operator, c.alternative, c.branch) for c in told.conditions] == [
            ("a", "=", True, 0),
            ("b", "=", True, 1),
            ("c", "=", True, 1),
            ("d", "!=", True, 2),
            ("e", "=", False, 0),
        ]

    def test_combined_in_a_variable(self) -> None:
        first, second = queries(
            "def f(x):\n"
            "    q = Q(a=x)\n"
            "    q &= Q(b=x)\n"
            "    if x:\n"
            "        q &= Q(c=x)\n"
            "    return Order.objects.filter(q)\n"
        )
        assert [c.path for c in first.conditions] == ["a", "b"]
        assert [c.path for c in second.conditions] == ["a", "b", "c"]
        assert not first.partial

    def test_of_the_module(self) -> None:
        source = "OPEN = Q(a=1)\ndef f():\n    return Order.objects.filter(OPEN)\n"
        assert asked(source) == [("a", "=")]

    def test_dictionaries(self) -> None:
        first, second = queries(
            "def f(x):\n"
            "    given = {'a': x}\n"
            "    if x:\n"
            "        given['b__gte'] = x\n"
            "    return Order.objects.filter(**given)\n"
        )
        assert [(c.path, c.operator) for c in first.conditions] == [("a", "=")]
        assert [(c.path, c.operator) for c in second.conditions] == [("a", "="), ("b", ">=")]

    def test_unknown_conditions_are_partial(self) -> None:
        assert query("Order.objects.filter(**given)").partial
        assert query('Order.objects.filter(**{f"{name}__in": x})').partial
        assert query("Order.objects.filter(build(x))").partial
        assert not query("Order.objects.filter(a=x)").partial

    def test_another_column_is_no_condition(self) -> None:
        told = query("Order.objects.filter(a__gt=F('b'), c=x)")
        assert [c.path for c in told.conditions] == ["c"]
        assert not told.partial

    def test_annotations_are_no_columns(self) -> None:
        told = query("Order.objects.annotate(n=Count('lines')).filter(n__gt=3, a=x)")
        assert [c.path for c in told.conditions if c.clause is Clause.FILTER] == ["a"]
        assert told.grouped
        other = query("Order.objects.annotate(email=F('user__email')).filter(email=x)")
        assert [c.path for c in other.conditions] == ["user.email"]


class TestChains:
    def test_sorts(self) -> None:
        told = query('Order.objects.order_by("-a", F("b__c").desc(), Lower("d"))[:10]')
        assert told.conditions == (
            Condition("a", "sort", Clause.SORT),
            Condition("b.c", "sort", Clause.SORT),
            Condition("d", "sort", Clause.SORT, "lower"),
        )
        assert told.limited

    @pytest.mark.parametrize(
        "written",
        [
            '"%smade" % ("" if up else "-")',
            "f\"{'-' if down else ''}made\"",
            'sign + "made"',
            '"{}made".format(sign)',
            '"-made" if down else "made"',
        ],
    )
    def test_sorts_whose_direction_is_worked_out(self, written: str) -> None:
        told = query(f"Order.objects.order_by({written})[:10]")
        assert told.conditions == (Condition("made", "sort", Clause.SORT),)

    @pytest.mark.parametrize(
        "written", ['f"{relation}__name"', 'f"{word}made{word}"', '"-a" if down else "b"', "word"]
    )
    def test_sorts_by_columns_that_are_worked_out(self, written: str) -> None:
        assert query(f"Order.objects.filter(a=x).order_by({written})[:10]").conditions == (
            Condition("a", "="),
        )

    def test_latest(self) -> None:
        told = query('Order.objects.filter(a=x).latest("created")')
        assert [(c.path, c.operator) for c in told.conditions] == [("a", "="), ("created", "sort")]
        assert told.limited

    def test_by_chance(self) -> None:
        assert query('Order.objects.order_by("?").first()').shuffled

    def test_ends(self) -> None:
        assert query("Order.objects.filter(a=x).exists()").limited
        assert query("Order.objects.filter(a=x).count()").aggregate
        assert query("Order.objects.filter(a=x).update(b=1)").writes
        assert query("Order.objects.filter(a=x).delete()").deletes
        assert query("Order.objects.create(a=x)").inserts
        assert query("for o in Order.objects.filter(a=x).iterator():\n    o").streamed
        assert query("Order.objects.filter(a=x).values('b').distinct()").grouped
        assert query("async def f():\n    await Order.objects.aget(a=x)").limited

    def test_scopes_of_the_model(self) -> None:
        told = query("Order.objects.confirmed().filter(a=x)")
        assert told.scopes == ("confirmed",)
        assert query("Order.published.filter(a=x)").scopes == ("published",)

    def test_relations(self) -> None:
        told = query("def f(order: Order):\n    return order.lines.filter(a=x)")
        assert (told.model, told.via) == ("Order", ("lines",))
        unknown = query("def f(order):\n    return order.lines.filter(a=x)")
        assert (unknown.model, unknown.via) == ("", ("lines",))
        mine = query("def f(request):\n    return request.user.order_set.filter(a=x)")
        assert (mine.model, mine.via) == ("AUTH_USER_MODEL", ("order_set",))

    def test_objects_of_an_earlier_query(self) -> None:
        first, second = queries(
            "def f(pk):\n    order = get_object_or_404(Order, pk=pk)\n    return order.lines.filter(a=1)"
        )
        assert (first.model, first.limited) == ("Order", True)
        assert (second.model, second.via) == ("Order", ("lines",))

    def test_related_names_of_other_things_are_left_alone(self) -> None:
        assert (
            queries(
                "x = data.get('a')\ny = list.filter(lambda a: a)\nz = s.query(A).filter(A.b == 1)"
            )
            == []
        )

    def test_read_along(self) -> None:
        told = queries(
            "def f():\n"
            "    for o in Order.objects.prefetch_related('lines', 'lines__product'):\n"
            "        for line in o.lines.all():\n"
            "            o.events.filter(a=line)\n"
        )
        assert [(each.via, each.loads) for each in told] == [
            ((), ("lines", "lines.product")), (("events",), ()),
        ]  # fmt: skip
        assert told[1].in_loop

    def test_prefetch_with_rows_of_its_own(self) -> None:
        inner = next(
            each
            for each in queries(
                "Order.objects.prefetch_related(\n"
                "    Prefetch('lines', queryset=Line.objects.filter(a=1)))"
            )
            if each.conditions
        )
        assert (inner.model, inner.via) == ("Order", ("lines",))

    def test_what_is_prefetched_in_order_is_read_whole(self) -> None:
        found = queries(
            "Order.objects.prefetch_related(\n"
            "    Prefetch('lines', queryset=Line.objects.filter(a=1).order_by('made')))"
        )
        # Nor does the order of the model count: the empty path says that there is none.
        assert [c.path for each in found for c in each.conditions] == ["a", ""]

    def test_historical_models(self) -> None:
        source = "def f(apps):\n    Order = apps.get_model('shop', 'Order')\n    Order.objects.filter(a=1).delete()"
        assert query(source).model == "shop.Order"

    def test_a_class_named_by_keywords(self) -> None:
        named = "app_label='shop', model_name=kwargs.get('model_name', 'Order')"
        source = f"def f(**kwargs):\n    Sold = apps.get_model({named})\n    return Sold.objects.filter(a=1)"
        assert query(source).model == "shop.Order"


class TestVariables:
    def test_extended(self) -> None:
        told = query(
            "def f(x):\n    q = Order.objects.filter(a=x)\n    q = q.filter(b=x)\n    return q"
        )
        assert [c.path for c in told.conditions] == ["a", "b"]

    def test_branches_are_queries_of_their_own(self) -> None:
        told = queries(
            "def f(x):\n"
            "    q = Order.objects.filter(a=x)\n"
            "    if x:\n"
            "        q = q.filter(b=x)\n"
            "    return q[:10]\n"
        )
        assert sorted([c.path for c in each.conditions] for each in told) == [["a"], ["a", "b"]]
        assert all(each.limited for each in told)

    def test_both_sides_of_a_choice(self) -> None:
        told = queries(
            "def f(x):\n"
            "    if x:\n"
            "        q = Order.objects.filter(a=x)\n"
            "    else:\n"
            "        q = Order.objects.filter(b=x)\n"
            "    return q.order_by('c')[:10]\n"
        )
        assert sorted([c.path for c in each.conditions] for each in told) == [
            ["a", "c"],
            ["b", "c"],
        ]

    def test_what_comes_after_a_branch_holds_there_too(self) -> None:
        told = queries(
            "def f(x):\n"
            "    q = Order.objects.all()\n"
            "    if x:\n"
            "        q = q.filter(a=x)\n"
            "    return q.filter(user=x)\n"
        )
        assert sorted([c.path for c in each.conditions] for each in told) == [
            ["a", "user"],
            ["user"],
        ]

    def test_rows_that_are_only_built(self) -> None:
        assert query("def f(x):\n    return Order.objects.filter(a=x)").streamed
        assert not query("def f(x):\n    return list(Order.objects.filter(a=x))").streamed
        assert query('KINDS = {"open": {"rows": Order.objects.filter(a=1)}}').streamed
        assert not query(
            'def f(x):\n    return show(x, {"rows": Order.objects.filter(a=1)})'
        ).streamed

    def test_functions_of_the_file(self) -> None:
        told = queries(
            "def due():\n    return Order.objects.filter(a=1)\n"
            "def f():\n    return due().order_by('b')[:3]\n"
        )
        assert [c.path for c in told[1].conditions] == ["a", "b"]


class TestManagers:
    def test_methods_are_scopes(self) -> None:
        source = (
            f"{MODELS}class OrderQuerySet(models.QuerySet):\n"
            "    def open(self):\n        return self.filter(status='open')\n"
            "    def late(self):\n        return self.open().filter(due__lt=now())\n"
            "    def by_token(self, token):\n        return self.open().get(token=token)\n"
        )
        first, second = found(ScopeDefined, source)
        assert (first.owner, first.name) == ("OrderQuerySet", "open")
        assert first.conditions == (Condition("status", "=", constant=True),)
        assert second.scopes == ("open",)
        assert second.conditions[0].path == "due"
        (lookup,) = found(OrmQuery, source)
        assert (lookup.model, lookup.scopes) == ("OrderQuerySet", ("open",))

    def test_several_returns_are_partial(self) -> None:
        source = (
            f"{MODELS}class Orders(models.Manager):\n"
            "    def seen_by(self, user):\n"
            "        if user.is_staff:\n            return self.all()\n"
            "        return self.filter(owner=user)\n"
        )
        (scope,) = found(ScopeDefined, source)
        assert scope.partial
        assert [each.conditions[0].path for each in found(OrmQuery, source)] == ["owner"]

    def test_managers_leave_rows_out(self) -> None:
        source = (
            f"{MODELS}class Published(models.Manager):\n"
            "    def get_queryset(self):\n"
            "        return super().get_queryset().filter(deleted_at=None)\n"
            "class Order(models.Model):\n"
            "    objects = Published()\n"
            "    everything_else = models.Manager()\n"
        )
        told = {(each.owner, each.name): each for each in found(ScopeDefined, source)}
        assert told["Order", "objects"].always
        assert told["Order", "objects"].conditions[0].operator == "is-null"
        assert told["Order", "everything_else"].conditions == ()


class TestClasses:
    def test_view(self) -> None:
        told = queries(
            "class Orders(ListView):\n"
            "    model = Order\n"
            "    ordering = ['-created']\n"
            "    def get_queryset(self):\n"
            "        return super().get_queryset().filter(user=self.request.user)\n"
        )
        assert [(each.model, [c.path for c in each.conditions]) for each in told] == [
            ("Order", ["user"]),
            ("Order", ["user", "created"]),
        ]

    def test_api(self) -> None:
        told = queries(
            "class Orders(ModelViewSet):\n"
            "    queryset = Order.objects.filter(a=1)\n"
            "    filterset_fields = ['b', 'c__d']\n"
            "    ordering_fields = ['e']\n"
            "    search_fields = ['^f', 'g']\n"
        )
        paths = [[c.path for c in each.conditions] for each in told if each.conditions]
        assert paths == [["a"], ["a", "b"], ["a", "c.d"], ["a", "e"], ["a", "f", "g"]]
        assert [c.operator for c in told[-1].conditions] == ["=", "like", "contains"]
        assert any(each.inserts for each in told)
        # Whether anybody ever chooses one of them is not known.
        assert [each.conditions[1].path for each in told if each.offered] == ["b", "c.d", "e"]
        assert all(each.partial for each in told if each.offered)

    @pytest.mark.parametrize(
        ("written", "sorts"),
        [
            ('Max("sent_at")', ["sent_at"]),
            ('first=models.Min("line__sent_at")', ["line.sent_at"]),
            ('Max("sent_at"), Min("sent_at")', []),
            ('Max("sent_at", filter=Q(a=1))', []),
            ('Sum("total")', []),
            ('Max(F("a") + F("b"))', []),
        ],
    )
    def test_the_end_of_an_order(self, written: str, sorts: list[str]) -> None:
        (told,) = queries(f"def f():\n    return Order.objects.aggregate({written})\n")
        assert told.aggregate
        assert told.limited is bool(sorts)
        assert [each.path for each in told.conditions] == sorts

    def test_a_model_in_capitals(self) -> None:
        told = queries(
            "from shop.models import FAQ\nfrom shop.settings import ALL\n\n"
            "def f(x):\n    ALL.filter(a=x).first()\n    return FAQ.objects.filter(b=x).first()\n"
        )
        assert [(each.model, each.conditions[0].path) for each in told] == [("FAQ", "b")]

    def test_rows_made_through_a_relation(self) -> None:
        told = queries(
            "def f(user, parts):\n"
            "    order = Order.objects.create(user=user)\n"
            "    for part in parts:\n        order.lines.create(part=part)\n"
            "    gateway.Charge.create(order=order)\n"
        )
        assert [(each.model, each.via) for each in told if each.inserts] == [
            ("Order", ()),
            ("Order", ("lines",)),
        ]

    def test_rows_made_by_a_form(self) -> None:
        form = "class OrderForm(forms.ModelForm):\n    class Meta:\n        model = Order\n"
        assert [(each.model, each.inserts) for each in queries(form)] == [("Order", True)]

    def test_a_field_with_choices_is_an_enumeration(self) -> None:
        (model,) = found(
            ModelDefined,
            f"{MODELS}class Order(models.Model):\n"
            "    stage = models.CharField(choices=STAGES, max_length=9)\n"
            "    level = models.IntegerField(choices=((1, 'a'), (2, 'b')))\n"
            "    paid_at = models.DateTimeField(choices=DAYS)\n"
            "    name = models.CharField(max_length=9)\n",
        )
        assert [field.type for field in model.fields] == ["ENUM", "ENUM", "TIMESTAMP", "VARCHAR"]

    def test_an_offer_beside_what_is_not_known_is_none(self) -> None:
        told = queries(
            "class Orders(ModelViewSet):\n"
            "    queryset = Order.objects.all()\n"
            "    ordering_fields = ['e']\n"
            "    def get_queryset(self):\n        return narrowed(self.request)\n"
        )
        assert told
        assert not any(each.offered for each in told)

    @pytest.mark.parametrize(
        ("bases", "known"),
        [
            ("ModelViewSet", True),
            ("AuditMixin, ModelViewSet", True),
            ("TenantMixin, ModelViewSet", False),
            ("Mine, ModelViewSet", False),
        ],
    )
    def test_views_whose_bases_narrow_their_rows(self, bases: str, *, known: bool) -> None:
        told = queries(
            "class Mine(Base):\n"
            "    def get_queryset(self):\n        return narrowed(self.request)\n"
            f"class Orders({bases}):\n"
            "    queryset = Order.objects.all()\n    ordering = ['placed']\n"
        )
        (order,) = [each for each in told if any(c.path == "placed" for c in each.conditions)]
        # A part that nothing defines leaves the query partial, unless it begins with a question mark.
        assert all(scope.startswith("?") for scope in order.scopes) is known

    def test_tables_and_types_of_graphql(self) -> None:
        told = queries(
            "class Orders(tables.Table):\n"
            "    class Meta:\n        model = Order\n        order_by = ('-placed',)\n"
            "class OrderNode(DjangoObjectType):\n"
            "    class Meta:\n        model = Order\n        filter_fields = {'code': ['exact']}\n"
        )
        assert [(each.conditions[0].path, each.limited, each.offered) for each in told] == [
            ("placed", True, False),
            ("code", False, True),
        ]

    def test_pages_of_another_file(self) -> None:
        told = queries(
            "from rest_framework import viewsets\nfrom shop.pages import Newest\n"
            "class Orders(viewsets.ModelViewSet):\n"
            "    pagination_class = Newest\n    queryset = Order.objects.filter(a=x)\n"
            "class Lines(PermissionMixin, viewsets.ModelViewSet):\n"
            "    queryset = Line.objects.all()\n"
            "class Own(OwnedMixin, viewsets.ModelViewSet):\n"
            "    queryset = Line.objects.all()\n"
        )
        pages = [(e.model, e.answers) for e in told if e.answers.startswith("pages:")]
        assert pages == [("Order", "pages:shop.pages.Newest"), ("Line", "pages:")]

    def test_orders_of_pages(self) -> None:
        constants = found(
            ConstantDefined,
            "from rest_framework.pagination import CursorPagination\n"
            "class Newest(CursorPagination):\n    ordering = ('-sent', 'id')\n"
            "class Usual(CursorPagination):\n    page_size = 5\n"
            "class Asked(CursorPagination):\n    def get_ordering(self, *a):\n        return a\n",
        )
        assert [(each.name, each.value) for each in constants] == [
            ("Newest.ordering", Literal("-sent id")),
            ("Usual.ordering", Literal("-created")),
        ]

    def test_order_of_a_cursor(self) -> None:
        told = queries(
            "class Newest(CursorPagination):\n    ordering = '-placed'\n"
            "class Orders(ModelViewSet):\n"
            "    pagination_class = Newest\n"
            "    queryset = Order.objects.filter(a=x)\n"
        )
        sorted_by = [c.path for each in told for c in each.conditions if c.clause is Clause.SORT]
        assert sorted_by == ["placed"]

    @pytest.mark.parametrize(
        ("body", "answers"),
        [
            ("queryset = Order.objects.all()", ["by-default"]),
            ("pagination_class = None\n    queryset = Order.objects.all()", ["always"]),
            ("pagination_class = Pages\n    queryset = Order.objects.all()", ["pages:Pages"]),
            ("permission_classes = [IsAdminUser]\n    queryset = Order.objects.all()", []),
            ("http_method_names = ['post']\n    queryset = Order.objects.all()", []),
            ("queryset = Order.objects.all()\n    def list(self, request): pass", []),
            ("def get_queryset(self):\n        return Order.objects.filter(a=x)", ["by-default"]),
            ("def get_queryset(self):\n        return Order.objects.all()[:9]", []),
        ],
    )
    def test_lists_that_the_framework_answers(self, body: str, answers: list[str]) -> None:
        told = queries(
            "from rest_framework import viewsets\n"
            f"class Orders(viewsets.ModelViewSet):\n    {body}\n"
        )
        assert [each.answers for each in told if each.answers] == answers

    def test_a_list_below_a_class_of_another_file_may_have_pages(self) -> None:
        told = queries(
            "from rest_framework import viewsets\nfrom shop.views import Paged\n"
            "class Orders(Paged, viewsets.ModelViewSet):\n    queryset = Order.objects.all()\n"
        )
        assert {each.answers for each in told} <= {"", "inherited"}
        assert told

    def test_a_list_that_a_class_of_the_file_narrows(self) -> None:
        told = queries(
            "from rest_framework import viewsets\n"
            "class Own(viewsets.ModelViewSet):\n"
            "    def get_queryset(self): return super().get_queryset().filter(a=self.request.user)\n"
            "class Orders(Own):\n    queryset = Order.objects.all()\n"
        )
        assert {each.answers for each in told} <= {"", "inherited"}
        assert told

    def test_admin(self) -> None:
        told = queries(
            "@admin.register(Order)\n"
            "class OrderAdmin(admin.ModelAdmin):\n"
            "    list_filter = ('a', 'b__c')\n"
            "    date_hierarchy = 'created'\n"
            "    search_fields = ('name',)\n"
        )
        assert [[(c.path, c.operator) for c in each.conditions] for each in told] == [
            [("a", "=")], [("b.c", "=")], [("created", "between")], [("name", "search")],
        ]  # fmt: skip

    def test_filter_set(self) -> None:
        told = queries(
            "def by_day(qs, _, value):\n    return filter_range(qs, 'day__date', value)\n"
            "class OrderFilter(django_filters.FilterSet):\n"
            "    since = django_filters.DateFilter(field_name='created', lookup_expr='gte')\n"
            "    day = django_filters.Filter(method=by_day)\n"
            "    def filter_name(self, queryset, name, value):\n"
            "        return queryset.filter(name__startswith=value)\n"
            "    class Meta:\n"
            "        model = Order\n"
            "        fields = {'kind': ['exact', 'in']}\n"
        )
        assert {each.model for each in told} == {"Order"}
        assert sorted(
            (c.path, c.operator, c.function) for each in told for c in each.conditions
        ) == [
            ("created", ">=", ""),
            ("day", "between", "date"),
            ("kind", "=", ""),
            ("name", "like", ""),
        ]

    @pytest.mark.parametrize(
        ("body", "models"),
        [
            ("Order(a=1).save()", ["Order"]),
            ("photo = Order(a=1)\n    photo.file.save('x', data)", ["Order"]),
            ("photo = Order(a=1)\n    photo.file.save()", []),
            ("order(a=1).save()", []),
        ],
    )
    def test_objects_that_are_saved_elsewhere(self, body: str, models: list[str]) -> None:
        assert [q.model for q in queries(f"def f(data):\n    {body}\n") if q.inserts] == models

    def test_saved_objects_are_rows(self) -> None:
        told = query("def f():\n    order = Order(a=1)\n    order.b = 2\n    order.save()\n")
        assert (told.model, told.inserts) == ("Order", True)

    def test_a_filter_over_a_relation_is_one_of_several_conditions(self) -> None:
        told = queries(
            "class LineFilter(django_filters.FilterSet):\n"
            "    number = django_filters.CharFilter(field_name='order__number')\n"
            "    sku = django_filters.CharFilter(lookup_expr='iexact')\n"
            "    class Meta:\n        model = Line\n"
        )
        assert [([c.path for c in each.conditions], each.partial) for each in told] == [
            (["order.number"], True), (["sku"], False),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("made", "partial"),
        [
            ("    def get_queryset(self):\n        return shared(self.request)\n", True),
            ("    def get_queryset(self):\n        return self.filter_queryset(shared())\n", True),
            ("    def get_queryset(self):\n        return Order.objects.all()\n", False),
            ("    queryset = Order.objects.all()\n", False),
        ],
    )
    def test_rows_that_a_base_narrows(self, made: str, partial: bool) -> None:
        told = queries(
            f"from shop.rows import shared\nclass Orders(ListView):\n    model = Order\n{made}"
            "class Sent(Orders):\n    def post(self):\n        return self.get_queryset().count()\n"
        )
        assert [each.partial for each in told if each.aggregate] == [partial]

    @pytest.mark.parametrize(
        ("given", "partial"),
        [("shared(self)", True), ("Order.objects.filter(a=1)", False)],
    )
    def test_a_query_set_that_a_property_makes(self, given: str, partial: bool) -> None:
        told = queries(
            "from shop.rows import shared\nclass Orders(ListView):\n    model = Order\n"
            f"    @property\n    def queryset(self):\n        return {given}\n"
            "    def post(self):\n        return self.queryset.count()\n"
        )
        counted = next(each for each in told if each.aggregate)
        assert counted.partial is partial
        assert [c.path for c in counted.conditions] == ([] if partial else ["a"])

    @pytest.mark.parametrize(
        ("body", "repeated"),
        [
            ("for x in xs:\n        return Order.objects.get(a=x)", False),
            ("for x in xs:\n        one = Order.objects.get(a=x)", True),
            ("return [Order.objects.get(a=x) for x in xs]", True),
            ("for x in (\n        Order.objects.filter(a=1)\n    ):\n        print(x)", False),
            ("for x in list(Order.objects.filter(a=1)):\n        print(x)", False),
            ("for y in ys:\n        for x in list(Order.objects.filter(a=y)):\n            p(x)", True),
        ],
    )  # fmt: skip
    def test_what_a_loop_asks_for_once(self, body: str, repeated: bool) -> None:
        assert query(f"def f(xs, ys):\n    {body}\n").in_loop is repeated


class TestHostile:
    def test_long_chains_and_deep_conditions_end(self) -> None:
        chain = "Order.objects" + ".filter(a=1)" * 400
        deep = "Order.objects.filter(" + "~(" * 300 + "Q(a=1)" + ")" * 300 + ")"
        own = "def f():\n    q = q.filter(a=1)\n    return q\n"
        for source in (chain, deep, own, "Order.objects.filter(", "class A(models.Model:\n  x ="):
            extract(f"import django\n{SHOP}{source}".encode())

    def test_a_variable_that_is_given_over_and_over(self) -> None:
        lines = "    if x:\n        q = q.filter(a=1)\n" * 400
        source = f"{SHOP}def f(x):\n    q = Order.objects.all()\n{lines}    return q\n"
        told = [fact for fact in extract(source.encode()).facts if isinstance(fact, OrmQuery)]
        assert 0 < len(told) < 500

    def test_a_file_of_which_only_a_part_is_read_says_so(self) -> None:
        lines = "".join(
            f"    held_by_number_{n} = Order.objects.filter(token=key)\n"
            f"    if key:\n        send(held_by_number_{n}.all())\n"
            for n in range(900)
        )
        assert "Django" in extract(f"{SHOP}def f(key):\n{lines}".encode()).problem
        assert extract(f"{SHOP}def f(key):\n{lines[:900]}\n".encode()).problem == ""

    def test_no_sign_of_django_no_facts(self) -> None:
        assert found(OrmQuery, "x = rows.filter(a=1)\n") == []


@pytest.mark.parametrize(
    ("source", "limited"),
    [
        ("def f(r):\n    return Paginator(Order.objects.order_by('a'), 25)\n", True),
        ("def f(self):\n    q = Order.objects.order_by('a')\n    return self.paginate_queryset(q)\n", True),
        ("def f(r):\n    q = Order.objects.order_by('a')\n    return paginate(r, q)\n", True),
        ("def f(r):\n    return export(Order.objects.order_by('a'), Paginator)\n", False),
        (
            "class List(ListView):\n    paginate_by = 20\n    def get_queryset(self):\n"
            "        return Order.objects.order_by('a')\n",
            True,
        ),
        (
            "class List(ListView):\n    paginate_by = None\n    def get_queryset(self):\n"
            "        return Order.objects.order_by('a')\n",
            False,
        ),
        (
            "class List(ListView):\n    paginate_by = 20\n    def numbers(self):\n"
            "        return Order.objects.order_by('a')\n",
            False,
        ),
    ],
)  # fmt: skip
def test_pages_are_cut_off(source: str, limited: bool) -> None:
    told = query(source)
    assert [c.path for c in told.conditions] == ["a"]
    assert told.limited is limited


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("from shop.order.abstract_models import *\n", ["Order"]),
        ("from shop.models import AbstractOrder\n", ["Order"]),
        ("from shop.base import AbstractOrder\n", []),
    ],
)
def test_a_class_over_an_abstract_one_of_other_models(head: str, names: list[str]) -> None:
    source = f"{head}if True:\n    class Order(AbstractOrder):\n        pass\n"
    assert [each.name for each in found(ModelDefined, source)] == names


def test_a_model_of_bases_alone() -> None:
    source = (
        "from shop.models.change_log import Logged\nfrom shop.models.base import BaseModel\n"
        "class PrimaryModel(BaseModel, Logged):\n    class Meta:\n        abstract = True\n"
    )
    (told,) = found(ModelDefined, source)
    assert told.name == "PrimaryModel"
    assert told.abstract
    assert told.bases == ("BaseModel", "Logged")


def test_a_manager_that_creates() -> None:
    source = (
        "from django.db import models\nclass ProfileManager(models.Manager):\n"
        "    def keep(self, digest):\n        return self.create(digest=digest)\n"
    )
    assert [(each.model, each.inserts) for each in found(OrmQuery, source)] == [
        ("ProfileManager", True)
    ]


@pytest.mark.parametrize(
    ("loaded", "repeated"), [("lines__product", False), ("buyer", True)], ids=["along", "not"]
)
def test_what_a_list_reads_along_is_not_asked_in_its_loop(loaded: str, repeated: bool) -> None:
    found = queries(
        f"def names(day):\n    orders = Order.objects.prefetch_related('{loaded}').filter(day=day)\n"
        "    return [[line.name for line in order.lines.all()] for order in orders]\n"
    )
    (lines,) = [each for each in found if each.via]
    assert (lines.via, lines.in_loop) == (("lines",), repeated)


@pytest.mark.parametrize(
    ("base", "more", "told"),
    [
        ("GenericAPIView", "def post(self, request): return self.get_object()", False),
        ("generics.RetrieveAPIView", "lookup_field = 'code'", True),
        ("GenericAPIView", "def get(self, request): return self.get_queryset()", True),
        ("ListAPIView", "pass", True),
    ],
)
def test_a_view_of_single_rows_reads_no_list(base: str, more: str, told: bool) -> None:
    found = queries(
        f"class Shown({base}):\n    queryset = Order.objects.filter(day=3)\n    {more}\n"
    )
    assert bool(found) == told
    assert all([c.path for c in each.conditions][:1] == ["day"] for each in found)


@pytest.mark.parametrize(
    ("more", "partial"), [("queryset = Order.objects.all()", False), ("", True)]
)
def test_what_a_view_is_handed_may_be_narrowed_already(more: str, partial: bool) -> None:
    found = queries(
        f"class Orders(Listed):\n    model = Order\n    {more}\n"
        "    def filter_queryset(self, queryset):\n"
        "        return queryset.filter(key=self.request.GET['key'])\n"
    )
    assert [q.partial for q in found if any(c.path == "key" for c in q.conditions)] == [partial]


@pytest.mark.parametrize(
    ("source", "streamed"),
    [
        ("class OrderQuerySet(models.QuerySet):\n    def close(self):\n", True),
        ("class OrderManager(models.Manager):\n    def close(self):\n", False),
    ],
)
def test_which_rows_a_query_set_has_its_caller_says(source: str, streamed: bool) -> None:
    found = queries(
        f"{source}        for order in self.exclude(open=False):\n            order.close()\n"
    )
    assert [each.streamed for each in found] == [streamed]


def test_which_rows_a_function_is_given() -> None:
    (read,) = queries(
        "def close(orders: OrderQuerySet):\n    return list(orders.filter(open=True))\n"
    )
    assert read.streamed


@pytest.mark.parametrize(
    ("more", "found"), [("", True), ("class LoanTest(TestCase):\n    pass\n", False)]
)
def test_models_with_doctests(more: str, found: bool) -> None:
    """What `pytest` gives to their doctests makes no test of them."""
    source = (
        "from django.db import models\nfrom pytest import raises\n"
        f"class Loan(models.Model):\n    code = models.CharField()\n{more}"
    )
    assert any(isinstance(each, ModelDefined) for each in extract(source.encode()).facts) is found
