"""Models of Prisma schemas."""

from __future__ import annotations

import pytest

from scaleaudit.facts import ModelDefined, RelationFact, SettingDefined, TableDefined
from scaleaudit.schemas import prisma
from scaleaudit.values import literal_text

SCHEMA = """
datasource db {
  provider = "postgresql" // the engine
  url      = env("DATABASE_URL")
}

/// A person
model User {
  id        Int      @id @default(autoincrement()) @map("user_id")
  email     String   @unique @db.VarChar(255)
  role      Role     @default(ADMIN)
  tags      String[]
  homepage  String   @default("https://example.com") // a slash in quotes
  orders    Order[]  @relation("placed")
  checked   Order[]  @relation("checked")
  badges    Badge[]
  mentorId  Int?
  mentor    User?    @relation("mentors", fields: [mentorId], references: [id])
  mentored  User[]   @relation("mentors")
  settings  Settings?
  @@map("users")
}

model Order {
  id         String   @id @default(uuid())
  customerId Int      @map("customer_id")
  customer   User     @relation("placed", fields: [customerId], references: [id], onDelete: Cascade)
  checkerId  Int?
  checker    User?    @relation("checked", fields: [checkerId], references: [id])
  placedAt   DateTime @default(now())
  note       Json?

  @@unique([customerId, placedAt], map: "one_at_a_time")
  @@index([placedAt(sort: Desc), customerId])
  @@index(fields: [note], type: Gin)
  @@index([
    checkerId,
    placedAt
  ])
}

model Badge {
  userId Int
  kind   String
  owners User[]
  @@id([userId, kind])
}

model Settings {
  userId Int  @unique
  user   User @relation(fields: [userId], references: [id])
}

enum Role {
  ADMIN
  USER
}
"""


def models(text: str) -> dict[str, ModelDefined]:
    facts = prisma.extract(text.encode()).facts
    return {fact.name: fact for fact in facts if isinstance(fact, ModelDefined)}


def relation(model: ModelDefined, name: str) -> RelationFact:
    return next(each for each in model.relations if each.name == name)


def test_fields() -> None:
    user = models(SCHEMA)["User"]
    assert (user.table, user.framework, user.dialect) == ("users", "prisma", "postgres")
    fields = {field.name: field for field in user.fields}
    assert list(fields) == ["id", "email", "role", "tags", "homepage", "mentorId"]
    assert (fields["id"].column, fields["id"].primary, fields["id"].auto_increment) == (
        "user_id", True, True,
    )  # fmt: skip
    assert (fields["email"].type, fields["email"].unique, fields["email"].nullable) == (
        "VARCHAR", True, False,
    )  # fmt: skip
    assert fields["role"].type == "ENUM"
    assert fields["tags"].type == "TEXT[]"
    assert fields["mentorId"].nullable
    assert fields["id"].at.line == 9


def test_indexes() -> None:
    found = [
        (i.columns, i.unique, i.primary, i.name, i.method) for i in models(SCHEMA)["Order"].indexes
    ]
    assert found == [
        (("customerId", "placedAt"), True, False, "one_at_a_time", ""),
        (("placedAt", "customerId"), False, False, "", ""),
        (("note",), False, False, "", "gin"),
        (("checkerId", "placedAt"), False, False, "", ""),
    ]
    assert models(SCHEMA)["Badge"].indexes[0].primary


def test_relations_are_told_by_name_and_side() -> None:
    found = models(SCHEMA)
    customer = relation(found["Order"], "customer")
    assert (customer.kind, customer.column, customer.inverse) == (
        "belongs-to", "customer_id", "orders",
    )  # fmt: skip
    orders = relation(found["User"], "orders")
    assert (orders.kind, orders.target, orders.column) == ("has-many", "Order", "customer_id")
    assert relation(found["User"], "checked").column == "checkerId"
    assert relation(found["User"], "settings").kind == "has-one"
    assert relation(found["Settings"], "user").unique
    mentor, mentored = relation(found["User"], "mentor"), relation(found["User"], "mentored")
    assert (mentor.kind, mentored.kind, mentored.column) == ("belongs-to", "has-many", "mentorId")


def test_many_to_many_has_a_table_between_with_both_sides_indexed() -> None:
    badges = relation(models(SCHEMA)["User"], "badges")
    assert (badges.kind, badges.through, badges.column, badges.other_column) == (
        "many-to-many", "_BadgeToUser", "B", "A",
    )  # fmt: skip
    tables = [f for f in prisma.extract(SCHEMA.encode()).facts if isinstance(f, TableDefined)]
    assert [(t.table, [i.columns for i in t.indexes]) for t in tables] == [
        ("_badgetouser", [("A", "B"), ("B",)])
    ]


def test_relations_that_are_no_foreign_keys() -> None:
    text = SCHEMA.replace("env(", "env(").replace("// the engine", '\n  relationMode = "prisma"')
    assert not relation(models(text)["Order"], "customer").constrained
    assert relation(models(SCHEMA)["Order"], "customer").constrained
    settings = {
        fact.key: literal_text(fact.value)
        for fact in prisma.extract(text.encode()).facts
        if isinstance(fact, SettingDefined)
    }
    assert settings["relationMode"] == "prisma"


def test_types_of_other_files_of_a_schema_folder() -> None:
    found = models(
        "model Line {\n id Int @id\n state State\n kind Kind @default(A)\n parts Part[]\n"
        " bill Bill?\n order Order @relation(fields: [orderId], references: [id])\n orderId Int\n}"
    )["Line"]
    assert [field.name for field in found.fields] == ["id", "state", "kind", "bill", "orderId"]
    assert [(r.name, r.kind) for r in found.relations] == [
        ("parts", "has-many"),
        ("bill", "has-one"),
        ("order", "belongs-to"),
    ]


def test_a_key_of_several_columns_is_told_by_the_one_that_an_index_leads_with() -> None:
    found = models(
        "model Run {\n id String\n tenant String\n job Job @relation(fields: [tenant, jobId],"
        " references: [tenant, id])\n jobId String\n @@index([jobId])\n}\nmodel Job {\n id String"
        "\n tenant String\n runs Run[]\n @@id([tenant, id])\n}"
    )
    assert relation(found["Run"], "job").column == "jobId"
    assert relation(found["Job"], "runs").column == "jobId"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "model {",
        "model A {",
        "model A {\n b B @relation(fields: [",
        "model A {\n @@index([)\n @@id(\n}",
        "model A {\n x A[] @relation(\"\n y A[] @relation(\")\n}",
        "model A {\n" + "x Int @default(" * 2000,
        "\x00\xff model A {\n id Int @id\n}",
    ],
)  # fmt: skip
def test_broken_schemas(text: str) -> None:
    assert prisma.extract(text.encode("utf-8", "replace")).problem == ""
