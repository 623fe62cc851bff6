"""Entities of Doctrine in mapping files."""

from __future__ import annotations

import pytest

from scaleaudit.config_files.doctrine_mapping import extract
from scaleaudit.facts import FieldFact, ModelDefined, OrmQuery, RelationFact
from scaleaudit.file_kinds import file_kinds

XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<doctrine-mapping xmlns="http://doctrine-project.org/schemas/orm/doctrine-mapping">
  <entity name="App\\Shop\\Order" table="shop_order" repository-class="App\\Shop\\OrderStore">
    <indexes><index name="byState" columns="state,placed_at"/></indexes>
    <unique-constraints><unique-constraint columns="number"/></unique-constraints>
    <id name="id" type="integer"><generator strategy="AUTO"/></id>
    <field name="placedAt" column="placed_at" type="datetime" nullable="true"/>
    <field name="token" unique="true"/>
    <embedded name="address" class="App\\Shop\\Address"/>
    <many-to-one field="customer" target-entity="CustomerInterface" inversed-by="orders">
      <join-column name="buyer_id" nullable="false"/>
    </many-to-one>
    <one-to-many field="lines" target-entity="App\\Shop\\Line" mapped-by="order">
      <order-by><order-by-field name="position" direction="ASC"/></order-by>
    </one-to-many>
    <many-to-many field="tags" target-entity="Tag">
      <join-table name="tagged">
        <join-columns><join-column name="o_id"/></join-columns>
        <inverse-join-columns><join-column name="t_id"/></inverse-join-columns>
      </join-table>
    </many-to-many>
    <many-to-many field="shops" target-entity="Shop" mapped-by="orders"/>
  </entity>
</doctrine-mapping>
"""
YAML = b"""App\\Shop\\Order:
  type: entity
  table: shop_order
  repositoryClass: App\\Shop\\OrderStore
  indexes:
    byState: {columns: [state, placed_at]}
  uniqueConstraints:
    "": {columns: [number]}
  id:
    id: {type: integer, generator: {strategy: AUTO}}
  fields:
    placedAt: {type: datetime, column: placed_at, nullable: true}
    token: {unique: true}
  embedded:
    address: {class: App\\Shop\\Address}
  manyToOne:
    customer:
      targetEntity: CustomerInterface
      inversedBy: orders
      joinColumn: {name: buyer_id, nullable: false}
  oneToMany:
    lines: {targetEntity: App\\Shop\\Line, mappedBy: order, orderBy: {position: ASC}}
  manyToMany:
    tags:
      targetEntity: Tag
      joinTable:
        name: tagged
        joinColumns: {o_id: {referencedColumnName: id}}
        inverseJoinColumns: {t_id: {referencedColumnName: id}}
    shops: {targetEntity: Shop, mappedBy: orders}
"""


@pytest.mark.parametrize("written", [XML, YAML])
def test_an_entity(written: bytes) -> None:
    file = extract(written)
    assert (file.namespace, file.problem) == ("App.Shop", "")
    model, order = file.facts
    assert isinstance(model, ModelDefined)
    assert isinstance(order, OrmQuery)
    assert (model.name, model.framework, model.table) == ("Order", "doctrine", "shop_order")
    assert (model.abstract, model.managers) == (False, ("OrderStore",))

    def column(f: FieldFact) -> tuple[object, ...]:
        return (f.name, f.column, f.type, f.nullable, f.unique, f.primary, f.auto_increment)

    assert [column(field) for field in model.fields] == [
        ("id", "", "INT", False, False, True, True),
        ("placedAt", "placed_at", "TIMESTAMP", True, False, False, False),
        ("token", "", "VARCHAR", False, True, False, False),
    ]

    def told(r: RelationFact) -> tuple[object, ...]:
        return (r.name, r.kind, r.target, r.column, r.inverse, r.through, r.other_column)

    assert [told(relation) for relation in model.relations] == [
        ("address", "embedded", "Address", "address_", "", "", ""),
        ("customer", "belongs-to", "Customer", "buyer_id", "orders", "", ""),
        ("lines", "has-many", "Line", "", "order", "", ""),
        ("tags", "many-to-many", "Tag", "o_id", "", "tagged", "t_id"),
    ]
    assert [(i.columns, i.name, i.unique) for i in model.indexes] == [
        (("state", "placed_at"), "byState", False),
        (("number",), "", True),
    ]
    assert (order.model, order.via, [c.path for c in order.conditions]) == (
        "Order",
        ("lines",),
        ["position"],
    )


def test_a_class_to_build_on_is_a_table_where_it_names_one() -> None:
    file = extract(
        b"<doctrine-mapping>"
        b'<mapped-superclass name="A\\Base"><field name="at" type="date"/></mapped-superclass>'
        b'<mapped-superclass name="A\\Cart" table="cart"><field name="at"/></mapped-superclass>'
        b'<embeddable name="A\\Money"/>'
        b'<entity name="A\\Pair"><id name="left" association-key="true"/>'
        b'<many-to-one field="left" target-entity="Side"/></entity></doctrine-mapping>'
    )
    models = [fact for fact in file.facts if isinstance(fact, ModelDefined)]
    assert [(m.name, m.abstract) for m in models] == [
        ("Base", True), ("Cart", False), ("Money", True), ("Pair", False),
    ]  # fmt: skip
    assert models[3].fields == ()
    assert models[3].relations[0].primary


@pytest.mark.parametrize(
    "written",
    [b"", b"<", b"<project/>", b"a: [", b"- a", b"a: {type: entity, fields: [1]}", b"\xff\xfe<a>",
     b"<entity-mappings><entity name='A'/></entity-mappings>"],
)  # fmt: skip
def test_other_files_say_nothing_of_columns(written: bytes) -> None:
    facts = extract(written).facts
    assert not [fact for fact in facts if isinstance(fact, ModelDefined) and fact.fields]


def test_which_files_are_read() -> None:
    kind_of = file_kinds()
    for path in ("config/doctrine/Order.orm.xml", "src/A/Order.dcm.yml", "x/Order.orm.yaml"):
        assert kind_of(path) == "doctrine-mapping", path
    assert kind_of("META-INF/orm.xml") != "doctrine-mapping"
