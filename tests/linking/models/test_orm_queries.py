"""Models and queries on them, as an extractor of any language tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.facts import (
    Clause,
    ColumnFact,
    Condition,
    Fact,
    FieldFact,
    FileFacts,
    ImportFound,
    IndexFact,
    ModelDefined,
    OrmQuery,
    QueryFound,
    RelationFact,
    ScopeDefined,
    TableChanged,
    TableDefined,
)
from scaleaudit.index_use import judge_query
from scaleaudit.linking import link
from scaleaudit.source import Role, SourceFile, Span

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture

AT = Span(1)


def linked(files: dict[str, tuple[Fact, ...]], kind: str = "python") -> Architecture:
    return link(
        {path: FileFacts(facts) for path, facts in files.items()},
        {path: SourceFile(path, kind, Role.SOURCE) for path in files},
        "shop",
    )


def queries(found: Architecture, text: str) -> list[QueryFound]:
    return [site.fact for site in found.sites(QueryFound) if site.fact.text == text]


def asked(query: QueryFound, clause: Clause = Clause.FILTER) -> set[tuple[str, str, str]]:
    return {(p.table, p.column, p.operator) for p in query.predicates if p.clause is clause}


def missing(found: Architecture, text: str) -> set[tuple[str, tuple[str, ...]]]:
    """(table, columns) that an index should be made of, for the queries of a text."""
    result = set()
    for query in queries(found, text):
        tables = [t for t in map(found.schema.table, query.reads) if t is not None]
        for judged in judge_query(query.predicates, tables, query.limited):
            if judged.verdict.is_problem:
                result.add((judged.table.name, judged.verdict.columns))
    return result


def field(name: str, type_: str = "VARCHAR", **more: object) -> FieldFact:
    return FieldFact(name, type=type_, **more)  # type: ignore[arg-type]


CUSTOMER = ModelDefined(
    AT, "Customer", "django", fields=(field("email"), field("joined", "TIMESTAMP"))
)
ORDER = ModelDefined(
    AT,
    "Order",
    "django",
    fields=(field("code"), field("placed", "TIMESTAMP")),
    relations=(
        RelationFact("customer", "Customer", "belongs-to", "customer_id", "orders", indexed=True),
        RelationFact("tags", "Tag", "many-to-many"),
    ),
    indexes=(IndexFact(("customer", "placed"), "by_customer"),),
)
TAG = ModelDefined(AT, "Tag", "django", fields=(field("word", unique=True),))
MODELS = {
    "shop/customers/models.py": (CUSTOMER,),
    "shop/orders/models.py": (
        ImportFound(AT, "shop.customers.models", (("Customer", "Customer"),)),
        ORDER,
        TAG,
    ),
}


def asking(query: OrmQuery, *more: Fact, **files: tuple[Fact, ...]) -> Architecture:
    imports = ImportFound(AT, "shop.orders.models", (("Order", "Order"), ("Tag", "Tag")))
    return linked({**MODELS, "shop/orders/views.py": (imports, *more, query), **files})


def order_query(*conditions: Condition, **more: object) -> OrmQuery:
    return OrmQuery(AT, "django", "Order", "q", conditions=conditions, **more)  # type: ignore[arg-type]


def test_tables_and_columns_follow_djangos_names() -> None:
    found = asking(order_query())
    table = found.schema.table("orders_order")
    assert table is not None
    assert [c.name for c in table.columns] == ["id", "code", "placed", "customer_id"]
    assert {i.columns for i in table.indexes} == {
        ("id",), ("customer_id",), ("customer_id", "placed"),
    }  # fmt: skip
    assert [(k.columns, k.table) for k in table.foreign_keys] == [
        (("customer_id",), "customers_customer")
    ]
    between = found.schema.table("orders_order_tags")
    assert between is not None
    assert [c.name for c in between.columns] == ["id", "order_id", "tag_id"]


def test_a_filter_on_a_field_without_index() -> None:
    found = asking(order_query(Condition("code", "=")))
    (query,) = queries(found, "q")
    assert query.reads == ("orders_order",)
    assert asked(query) == {("orders_order", "code", "=")}
    assert missing(found, "q") == {("orders_order", ("code",))}


def test_a_reference_and_its_key_are_one_column() -> None:
    for path in ("customer", "customer_id", "customer.id", "customer.pk"):
        found = asking(order_query(Condition(path, "=")))
        assert asked(queries(found, "q")[0]) == {("orders_order", "customer_id", "=")}
        assert missing(found, "q") == set()


def test_relations_are_followed_to_other_tables() -> None:
    found = asking(order_query(Condition("customer.email", "=")))
    (query,) = queries(found, "q")
    assert query.reads == ("orders_order", "customers_customer")
    assert asked(query) == {("customers_customer", "email", "=")}
    assert asked(query, Clause.JOIN) == {
        ("orders_order", "customer_id", "="),
        ("customers_customer", "id", "="),
    }
    assert missing(found, "q") == {("customers_customer", ("email",))}


def test_tables_between_are_crossed() -> None:
    found = asking(order_query(Condition("tags.word", "=")))
    (query,) = queries(found, "q")
    assert query.reads == ("orders_order", "orders_order_tags", "orders_tag")
    assert missing(found, "q") == set()


def test_relations_are_known_from_the_other_end() -> None:
    query = OrmQuery(AT, "django", "", "q", ("orders",), (Condition("code", "="),))
    found = asking(query)
    (seen,) = queries(found, "q")
    assert asked(seen) == {("orders_order", "customer_id", "="), ("orders_order", "code", "=")}
    assert missing(found, "q") == set()  # the reference is indexed


def test_a_relation_that_several_have_is_no_answer() -> None:
    other = ModelDefined(
        AT, "Visit", "django", fields=(field("code"),),
        relations=(RelationFact("tag", "Tag", "belongs-to", "tag_id", "orders"),),
    )  # fmt: skip
    query = OrmQuery(AT, "django", "", "q", ("orders",), (Condition("code", "="),))
    assert queries(asking(query, other), "q") == []


def test_unknown_names_make_a_query_partial() -> None:
    (query,) = queries(asking(order_query(Condition("nonsense", "="))), "q")
    assert query.partial
    assert query.predicates == ()


def test_scopes_add_their_conditions_where_they_are_used() -> None:
    model = ModelDefined(
        AT, "Order", "django", fields=ORDER.fields, relations=ORDER.relations,
        managers=("OrderQuerySet",),
    )  # fmt: skip
    recent = ScopeDefined(
        AT, "django", "OrderQuerySet", "recent", (Condition("placed", ">"),), text="recent"
    )
    found = linked(
        {
            "shop/customers/models.py": (CUSTOMER,),
            "shop/orders/models.py": (model, TAG, recent),
            "shop/orders/views.py": (order_query(scopes=("recent",)),),
        }
    )
    assert asked(queries(found, "q")[0]) == {("orders_order", "placed", ">")}
    assert queries(found, "recent") == []  # told where it is used


def test_a_scope_that_nobody_uses_is_told_where_it_stands() -> None:
    recent = ScopeDefined(AT, "django", "Order", "recent", (Condition("placed", ">"),), text="r")
    found = asking(order_query(Condition("code", "=")), recent)
    assert asked(queries(found, "r")[0]) == {("orders_order", "placed", ">")}


def test_unknown_methods_of_a_model_may_narrow() -> None:
    (query,) = queries(asking(order_query(Condition("code", "="), scopes=("of_mine",))), "q")
    assert query.partial


def test_a_default_scope_is_part_of_every_query() -> None:
    alive = ScopeDefined(
        AT, "django", "Order", "alive", (Condition("placed", "is-null"),), always=True
    )
    (query,) = queries(asking(order_query(Condition("code", "=")), alive), "q")
    assert asked(query) == {("orders_order", "code", "="), ("orders_order", "placed", "is-null")}


def test_fields_of_abstract_bases_are_inherited() -> None:
    base = ModelDefined(
        AT, "Stamped", "django", abstract=True, fields=(field("made", "TIMESTAMP"),)
    )
    child = ModelDefined(AT, "Event", "django", bases=("Stamped",), fields=(field("name"),))
    query = OrmQuery(AT, "django", "Event", "q", conditions=(Condition("made", ">"),))
    found = linked({"shop/log/models.py": (base, child), "shop/log/views.py": (query,)})
    table = found.schema.table("log_event")
    assert table is not None
    assert {c.name for c in table.columns} == {"id", "name", "made"}
    assert found.schema.table("log_stamped") is None
    assert missing(found, "q") == {("log_event", ("made",))}


def test_a_subclass_shares_the_table_of_its_base_in_active_record() -> None:
    files: dict[str, tuple[Fact, ...]] = {
        "db/schema.rb": (
            TableDefined(
                AT, "vehicles",
                (ColumnFact("id", "BIGINT"), ColumnFact("type", "VARCHAR"), ColumnFact("plate", "VARCHAR")),
            ),
        ),
        "app/models/vehicle.rb": (
            ModelDefined(AT, "Vehicle", "activerecord"),
            ModelDefined(AT, "Truck", "activerecord", bases=("Vehicle",)),
        ),
        "app/models/depot.rb": (
            OrmQuery(AT, "activerecord", "Truck", "q", conditions=(Condition("plate", "="),)),
        ),
    }  # fmt: skip
    assert missing(linked(files, "ruby"), "q") == {("vehicles", ("plate",))}


def test_what_migrations_say_of_a_table_stands() -> None:
    table = TableDefined(
        AT, "order_line",
        (ColumnFact("id", "BIGINT"), ColumnFact("order_number", "VARCHAR"), ColumnFact("made_at", "TIMESTAMP")),
        (IndexFact(("order_number",)),),
    )  # fmt: skip
    model = ModelDefined(
        AT, "OrderLine", "jpa", fields=(field("orderNumber"), field("madeAt", "TIMESTAMP"))
    )
    query = OrmQuery(AT, "jpa", "OrderLine", "q", conditions=(Condition("orderNumber", "="),))
    later = OrmQuery(AT, "jpa", "OrderLine", "later", conditions=(Condition("madeAt", ">"),))
    found = linked(
        {"db/V1__init.sql": (table,), "src/OrderLine.java": (model, query, later)}, "java"
    )
    known = found.schema.table("order_line")
    assert known is not None
    assert [c.name for c in known.columns] == ["id", "order_number", "made_at"]
    assert missing(found, "q") == set()
    assert missing(found, "later") == {("order_line", ("made_at",))}


@pytest.mark.parametrize(
    ("known", "asked"), [("order_number", "order_number"), ("ordernumber", "ordernumber")]
)
def test_a_written_name_that_a_naming_strategy_changes(known: str, asked: str) -> None:
    table = TableDefined(AT, "line", (ColumnFact("id", "BIGINT"), ColumnFact(known, "VARCHAR")))
    model = ModelDefined(AT, "Line", "jpa", fields=(field("number", column="orderNumber"),))
    query = OrmQuery(AT, "jpa", "Line", "q", conditions=(Condition("number", "="),))
    found = linked({"db/V1__init.sql": (table,), "src/Line.java": (model, query)}, "java")
    assert missing(found, "q") == {("line", (asked,))}


@pytest.mark.parametrize(
    ("column", "implied", "unique"),
    [("invoice_id", True, False), ("invoice_id", False, True), ("other_id", True, True)],
)
def test_a_key_that_only_the_mapper_would_make(column: str, implied: bool, unique: bool) -> None:
    """A migration that makes the column says what keys it has."""
    table = TableDefined(
        AT, "order_line", (ColumnFact("id", "BIGINT"), ColumnFact(column, "BIGINT"))
    )
    relation = RelationFact(
        "invoice", "Invoice", "belongs-to", "invoice_id", unique=True, implied=implied
    )
    model = ModelDefined(AT, "OrderLine", "jpa", relations=(relation,))
    other = ModelDefined(AT, "Invoice", "jpa", fields=(field("id", primary=True),))
    found = linked(
        {"db/V1__init.sql": (table,), "src/A.java": (model,), "src/B.java": (other,)}, "java"
    )
    known = found.schema.table("order_line")
    assert known is not None
    assert any(i.columns == ("invoice_id",) and i.unique for i in known.indexes) is unique


@pytest.mark.parametrize(
    ("framework", "written", "found"),
    [
        ("gorm", "Ref", {("refs", ("code",))}),
        ("gorm", "tool.Ref", set()),
        ("eloquent", "Ref", set()),
    ],
)
def test_a_class_of_the_files_own_package(
    framework: str, written: str, found: set[tuple[str, tuple[str, ...]]]
) -> None:
    """Of two classes as near as each other, that of the folder, where a folder is a package."""
    here = ModelDefined(AT, "Ref", framework, table="refs", fields=(field("code"),))
    there = ModelDefined(AT, "Ref", framework, table="others", fields=(field("code"),))
    query = OrmQuery(AT, framework, written, "q", conditions=(Condition("code", "="),))
    linked_ = linked({"main.go": (here,), "a/tool/x.go": (there,), "gc.go": (query,)}, "go")
    assert missing(linked_, "q") == found


def test_children_are_looked_up_by_their_reference() -> None:
    user = ModelDefined(
        AT, "User", "typeorm", default_table="user",
        relations=(RelationFact("posts", "Post", "has-many", inverse="author", eager=True),),
    )  # fmt: skip
    post = ModelDefined(
        AT, "Post", "typeorm", default_table="post",
        relations=(RelationFact("author", "User", "belongs-to", "authorId", "posts"),),
    )  # fmt: skip
    found = linked({"src/user.ts": (user,), "src/post.ts": (post,)}, "typescript")
    assert missing(found, "User.posts") == {("post", ("authorId",))}


def test_the_order_of_all_lists_is_a_query() -> None:
    model = ModelDefined(
        AT, "Note", "django", fields=(field("made", "TIMESTAMP"),), ordering=("made",)
    )
    told = "Note is listed by made"
    assert missing(linked({"shop/notes/models.py": (model,)}), told) == set()
    whole = OrmQuery(AT, "django", "Note", "Note.objects.all()")
    found = linked({"shop/notes/models.py": (model,), "shop/notes/views.py": (whole,)})
    assert missing(found, told) == set()  # all are sorted, with an index or without
    page = OrmQuery(AT, "django", "Note", "Note.objects.all()[:9]", limited=True)
    found = linked({"shop/notes/models.py": (model,), "shop/notes/views.py": (page,)})
    assert missing(found, told) == {("notes_note", ("made",))}
    place = next(site.at.path for site in found.sites(QueryFound) if site.fact.text == told)
    assert place == "shop/notes/views.py"


def test_of_two_classes_of_one_name_the_imported_one_is_meant() -> None:
    def tagged(app: str) -> tuple[Fact, ...]:
        return (ModelDefined(AT, "Item", "django", fields=(field(f"{app}_code"),)),)

    query = OrmQuery(AT, "django", "Item", "q", conditions=(Condition("stock_code", "="),))
    files = {
        "shop/stock/models.py": tagged("stock"),
        "shop/cart/models.py": tagged("cart"),
        "shop/api/views.py": (
            ImportFound(AT, "shop.stock.models", (("Item", "Item"),)),
            query,
        ),
    }
    assert missing(linked(files), "q") == {("stock_item", ("stock_code",))}
    files["shop/api/views.py"] = (query,)
    assert queries(linked(files), "q") == []  # which one, nobody knows


def test_statements_in_migrations_index_tables_of_models() -> None:
    def indexes(*steps: tuple[str, Fact]) -> set[tuple[str, ...]]:
        files: dict[str, tuple[Fact, ...]] = dict(MODELS)
        for path, step in steps:
            files[path] = (step,)
        table = linked(files).schema.table("orders_tag")
        assert table is not None
        return {each.columns for each in table.indexes if not each.primary and not each.unique}

    made = TableChanged(AT, "orders_tag", "add-index", index=IndexFact(("id", "word"), "wide"))
    gone = TableChanged(AT, "orders_tag", "drop-index", name="wide")
    first, second = "shop/orders/migrations/0002_a.py", "shop/orders/migrations/0003_b.py"
    assert indexes() == set()
    assert indexes((first, made)) == {("id", "word")}
    assert indexes((first, made), (second, gone)) == set()
    assert indexes((first, gone), (second, made)) == {("id", "word")}


def test_what_the_mapper_does_not_manage_has_no_index_by_it() -> None:
    table = TableDefined(
        AT, "returns", (ColumnFact("id", "BIGINT"), ColumnFact("order_id", "BIGINT"))
    )
    model = ModelDefined(
        AT, "Return", "django", "returns", managed=False,
        relations=(RelationFact("order", "Order", "belongs-to", "order_id", "+", indexed=True),),
    )  # fmt: skip
    query = OrmQuery(AT, "django", "Return", "q", conditions=(Condition("order", "="),))
    found = linked({**MODELS, "db/returns.sql": (table,), "shop/returns/models.py": (model, query)})
    assert missing(found, "q") == {("returns", ("order_id",))}


def test_the_other_end_of_one_to_one_has_the_column() -> None:
    limit = ModelDefined(
        AT,
        "Limit",
        "django",
        relations=(
            RelationFact(
                "order", "Order", "belongs-to", "order_id", "limit", indexed=True, unique=True
            ),
        ),
    )
    asks = OrmQuery(AT, "django", "Order", "without", conditions=(Condition("limit", "is-null"),))
    found = linked({"shop/orders/models.py": (ORDER, CUSTOMER, limit), "shop/a.py": (asks,)})
    (query,) = queries(found, "without")
    assert asked(query) == {("orders_limit", "id", "is-null")}


def test_an_index_may_name_columns_with_the_prefix_of_a_naming_strategy() -> None:
    model = ModelDefined(
        AT, "Build", "jpa", fields=(field("id", "BIGINT", primary=True), field("number", "INT")),
        relations=(RelationFact("project", "Project", "belongs-to"),),
        indexes=(IndexFact(("o_project_id", "o_number")), IndexFact(("o_other",))),
    )  # fmt: skip
    project = ModelDefined(AT, "Project", "jpa", fields=(field("id", "BIGINT", primary=True),))
    found = linked({"src/Build.java": (model,), "src/Project.java": (project,)}, "java")
    table = found.schema.table("build")
    assert table is not None
    assert {i.columns for i in table.indexes if not i.primary} == {
        ("project_id", "number"), ("o_other",),
    }  # fmt: skip


def test_a_key_declared_out_of_sight_has_no_known_type() -> None:
    def key(framework: str) -> str:
        model = ModelDefined(AT, "Loan", framework, fields=(field("code"),))
        (table,) = linked({"a.py": (model,)}).schema.tables.values()
        (column,) = (table.column(name) for name in table.primary_key)
        return column.type if column is not None else "none"

    assert {each: key(each) for each in ("sqlalchemy", "typeorm", "peewee", "django")} == {
        "sqlalchemy": "",
        "typeorm": "",
        "peewee": "INT",
        "django": "BIGINT",
    }


def test_a_row_that_a_relation_contains_is_no_pattern() -> None:
    found = linked(
        {
            "models.py": (CUSTOMER, ORDER, TAG),
            "views.py": (
                OrmQuery(AT, "django", "Order", "tagged", conditions=(Condition("tags", "contains"),)),
                OrmQuery(AT, "django", "Order", "coded", conditions=(Condition("code", "contains"),)),
            ),
        }
    )  # fmt: skip
    (tagged,) = queries(found, "tagged")
    (coded,) = queries(found, "coded")
    assert "contains" not in {p.operator for p in tagged.predicates}
    assert {p.operator for p in coded.predicates} == {"contains"}
