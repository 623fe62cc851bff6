"""Tables between two models, as each mapper makes them where the source names none."""

from __future__ import annotations

import pytest

from scaleaudit.file_kinds import file_kinds
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

TYPEORM = """
import { Entity, PrimaryGeneratedColumn, ManyToMany, JoinTable } from 'typeorm';
@Entity('user_orders') export class Order {
  @PrimaryGeneratedColumn() id: number;
  @ManyToMany(() => Tag, (tag) => tag.orders) @JoinTable() freeTags: Tag[];
}
@Entity() export class Tag {
  @PrimaryGeneratedColumn() id: number;
  @ManyToMany(() => Order, (order) => order.freeTags) orders: Order[];
}
"""
MIKROORM = """
import { Entity, PrimaryKey, ManyToMany, Collection } from '@mikro-orm/core';
@Entity({ tableName: 'orders' }) export class Order {
  @PrimaryKey() id!: number;
  @ManyToMany(() => Tag) freeTags = new Collection<Tag>(this);
}
@Entity() export class Tag {
  @PrimaryKey() id!: number;
  @ManyToMany(() => Order, order => order.freeTags) orders = new Collection<Order>(this);
}
"""
TORTOISE = """
from tortoise import fields
from tortoise.models import Model
class Order(Model):
    free_tags = fields.ManyToManyField("models.Tag", related_name="orders")
    class Meta:
        table = "orders"
class Tag(Model):
    id = fields.IntField(pk=True)
"""
DJANGO = """
from django.db import models
class Person(models.Model):
    friends = models.ManyToManyField("self")
"""


@pytest.mark.parametrize(
    ("path", "text", "table", "indexes"),
    [
        (
            "src/a.ts",
            TYPEORM,
            "user_orders_free_tags_tag",
            [("userOrdersId", "tagId"), ("userOrdersId",), ("tagId",)],
        ),
        ("src/a.ts", MIKROORM, "orders_free_tags", [("order_id", "tag_id")]),
        ("app/models.py", TORTOISE, "orders_tag", [("order_id", "tag_id")]),
        (
            "shop/models.py",
            DJANGO,
            "shop_person_friends",
            [("id",), ("from_person_id", "to_person_id"), ("from_person_id",), ("to_person_id",)],
        ),
    ],
)
def test_tables_that_the_mapper_names(
    path: str, text: str, table: str, indexes: list[tuple[str, ...]]
) -> None:
    kinds = file_kinds()
    found = scan([SourceFile(path, kinds(path) or "", content=text.encode())], []).architecture
    made = found.schema.table(table)
    assert made is not None, list(found.schema.tables)
    assert [index.columns for index in made.indexes] == indexes
    assert sum("tags" in name or "friends" in name for name in found.schema.tables) <= 1


@pytest.mark.parametrize(
    ("path", "text", "table", "columns"),
    [
        (
            "shop/models.py",
            DJANGO.replace('"self"', '"self", db_table="acquaintances"'),
            "acquaintances",
            ["from_person_id", "to_person_id"],
        ),
        (
            "src/a.ts",
            TYPEORM.replace("@JoinTable()", "@JoinTable({ joinColumn: { name: 'order_no' } })"),
            "user_orders_free_tags_tag",
            ["order_no", "tagId"],
        ),
        (
            "src/a.ts",
            TYPEORM.replace("@JoinTable()", "@JoinTable({ name: 'marks' })"),
            "marks",
            ["userOrdersId", "tagId"],
        ),
    ],
)
def test_what_the_source_names_stays(path: str, text: str, table: str, columns: list[str]) -> None:
    kinds = file_kinds()
    found = scan([SourceFile(path, kinds(path) or "", content=text.encode())], []).architecture
    made = found.schema.table(table)
    assert made is not None, list(found.schema.tables)
    assert [column.name for column in made.columns if column.name != "id"] == columns


def test_both_sides_of_one_table_have_no_names_that_are_known() -> None:
    text = TYPEORM.replace("() => Tag, (tag)", "() => Order, (tag)")
    kinds = file_kinds()
    file = SourceFile("src/a.ts", kinds("src/a.ts") or "", content=text.encode())
    tables = scan([file], []).architecture.schema.tables
    assert [name for name in tables if "free_tags" in name] == []
