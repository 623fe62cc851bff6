"""Small repositories of Prisma, Kysely, Drizzle and Mongoose from their files to missing indexes."""

from __future__ import annotations

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.file_kinds import file_kinds
from scaleaudit.index_use import judge_query
from scaleaudit.index_use.statements import add_indexes
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

PRISMA = """
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
model User {
  id     Int     @id
  email  String  @unique
  orders Order[]
}
model Order {
  id        Int      @id
  userId    Int      @map("user_id")
  user      User     @relation(fields: [userId], references: [id])
  code      String
  createdAt DateTime
  lines     Line[]
  @@index([createdAt])
  @@map("orders")
}
model Line {
  orderId Int
  number  Int
  sku     String
  order   Order @relation(fields: [orderId], references: [id])
  @@id([orderId, number])
}
"""


def missing(files: dict[str, str]) -> set[tuple[str, str, tuple[str, ...]]]:
    """(file, table, columns that an index should be made of) of all queries."""
    kinds = file_kinds()
    found = scan(
        [SourceFile(p, kinds(p) or "", content=text.encode()) for p, text in files.items()], []
    ).architecture
    result = set()
    for site in found.sites(QueryFound):
        query = site.fact
        names = (*query.reads, *query.writes)
        tables = [t for t in map(found.schema.table, names) if t is not None]
        for judged in judge_query(query.predicates, tables, query.limited):
            if judged.verdict.is_problem and not query.partial:
                result.add((site.at.path, judged.table.name, judged.verdict.columns))
    return result


def prisma(code: str, schema: str = PRISMA, **more: str) -> set[tuple[str, tuple[str, ...]]]:
    files = {
        "prisma/schema.prisma": schema,
        "src/a.ts": f'import {{ prisma }} from "./db";\n{code}',
    }
    return {(table, columns) for _, table, columns in missing({**files, **more})}


def test_prisma_finds_what_no_index_leads_with() -> None:
    assert prisma("prisma.order.findMany({ where: { code } });") == {("orders", ("code",))}
    assert prisma("prisma.user.findFirst({ where: { email } });") == set()
    assert prisma("prisma.order.findFirst({ orderBy: { createdAt: 'desc' } });") == set()
    assert prisma("prisma.line.findMany({ where: { orderId } });") == set()
    assert prisma("prisma.line.findMany({ where: { sku } });") == {("line", ("sku",))}


def test_prisma_loads_relations_by_their_key() -> None:
    wanted = {("orders", ("user_id",))}
    assert prisma("prisma.user.findMany({ take: 9, include: { orders: true } });") == wanted
    assert prisma("prisma.order.findMany({ where: { userId } });") == wanted
    assert prisma("prisma.order.findMany({ where: { user: { email } } });") == wanted
    assert prisma("prisma.order.findMany({ take: 9, include: { lines: true } });") == set()
    # That a relation stands in the schema, on both sides as it must, is no query.
    assert prisma("prisma.user.findMany({ take: 9 });") == set()


def test_mysql_makes_indexes_for_foreign_keys_unless_relations_are_prismas_own() -> None:
    code = "prisma.order.findMany({ where: { userId } });"
    mysql = PRISMA.replace("postgresql", "mysql")
    assert prisma(code, mysql) == set()
    own = mysql.replace('"mysql"', '"mysql"\n  relationMode = "prisma"')
    assert prisma(code, own) == {("orders", ("user_id",))}


def test_indexes_of_raw_migrations_count() -> None:
    migration = 'CREATE TABLE "orders" ("id" INT PRIMARY KEY, "code" TEXT);\nCREATE INDEX "c" ON "orders" ("code");'
    path = "prisma/migrations/20240101000000_init/migration.sql"
    assert prisma("prisma.order.findMany({ where: { code } });", **{path: migration}) == set()


def test_a_schema_in_several_files() -> None:
    head, _, rest = PRISMA.partition("model User")
    users, _, others = ("model User" + rest).partition("model Order")
    code = 'import { prisma } from "./db";\nprisma.user.findMany({ include: { orders: true } });'
    files = {
        "prisma/schema/schema.prisma": head,
        "prisma/schema/user.prisma": users,
        "prisma/schema/order.prisma": "model Order" + others,
        "src/a.ts": code,
    }
    assert missing(files) == {("src/a.ts", "orders", ("user_id",))}


def test_kysely_on_the_schema_of_prisma() -> None:
    assert (
        prisma(
            'await db.selectFrom("orders as o").innerJoin("User as u", "u.id", "o.user_id")'
            '.where("o.code", "=", code).where("o.createdAt", ">", day).execute();'
        )
        == set()
    )
    assert prisma('await db.selectFrom("orders").where("code", "=", code).execute();') == {
        ("orders", ("code",))
    }


def test_drizzle() -> None:
    schema = """
import { relations } from "drizzle-orm";
import { index, integer, pgTable, text } from "drizzle-orm/pg-core";
export const users = pgTable("users", { id: integer("id").primaryKey(), mail: text("email").unique() });
export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  userId: integer("user_id").references(() => users.id),
  code: text("code"),
  at: text("at"),
}, (t) => [index("by_at").on(t.at)]);
export const usersRelations = relations(users, ({ many }) => ({ orders: many(orders) }));
"""
    code = """
import { orders, users } from "./schema";
db.select().from(orders).where(eq(orders.at, day));
db.select().from(users).where(eq(users.mail, mail));
db.select().from(orders).where(eq(orders.code, code));
db.query.users.findMany({ with: { orders: true } });
"""
    assert missing({"src/schema.ts": schema, "src/a.ts": code}) == {
        ("src/a.ts", "orders", ("code",)),
        ("src/a.ts", "orders", ("user_id",)),
    }


CASED = """
import { relations } from "drizzle-orm";
import { pgTable, text, timestamp, varchar } from "drizzle-orm/pg-core";
import { owned } from "./owned";
export const threads = pgTable("thread", { id: varchar({ length: 64 }).primaryKey() });
export const notes = pgTable("note", {
  id: varchar({ length: 64 }).primaryKey(),
  threadId: varchar({ length: 64 }).notNull().references(() => threads.id),
  sentAt: timestamp().notNull(),
  ...owned,
});
export const noteRelations = relations(notes, ({ one }) => ({
  thread: one(threads, { fields: [notes.threadId], references: [threads.id] }),
  owner: one(threads, { fields: [notes.ownerId], references: [threads.id] }),
}));
"""
CASED_SQL = """
CREATE TABLE "thread" ("id" varchar(64) PRIMARY KEY NOT NULL);
CREATE TABLE "note" (
  "id" varchar(64) PRIMARY KEY NOT NULL, "thread_id" varchar(64) NOT NULL,
  "sent_at" timestamp NOT NULL, "owner_id" varchar(64), "made_at" timestamp
);
"""


def test_drizzle_names_columns_in_snake_case() -> None:
    """`drizzle(url, { casing: "snake_case" })`: the migrations say how columns are spelled."""
    code = """
import { notes } from "./schema";
db.select().from(notes).where(eq(notes.threadId, id));
db.query.notes.findMany({ orderBy: [desc(notes.sentAt)], limit: 9 });
"""
    files = {"src/schema.ts": CASED, "drizzle/0000_init.sql": CASED_SQL, "src/a.ts": code}
    assert missing(files) == {
        ("src/a.ts", "note", ("thread_id",)),
        ("src/a.ts", "note", ("sent_at",)),
    }


@pytest.mark.parametrize(
    ("column", "line"),
    [
        ("thread_id", "index('note_thread_id_idx').on(table.threadId)  // in the table note"),
        ("owner_id", "index('note_owner_id_idx').on(table.ownerId)  // in the table note"),
        # Which property declares it, stands in another file.
        ("made_at", "CREATE INDEX note_made_at_idx ON note (made_at);"),
    ],
)
def test_drizzle_indexes_the_property_that_declares_a_column(column: str, line: str) -> None:
    kinds = file_kinds()
    files = {"src/schema.ts": CASED, "drizzle/0000_init.sql": CASED_SQL}
    found = scan(
        [SourceFile(p, kinds(p) or "", content=text.encode()) for p, text in files.items()], []
    ).architecture
    assert add_indexes([(found.schema.tables["note"], (column,))]) == (line,)


def test_drizzle_invents_no_key() -> None:
    schema = """
import { int, mysqlTable, text } from "drizzle-orm/mysql-core";
export const visits = mysqlTable("visits", { no: int("no").autoincrement(), at: text("at") });
export const marks = mysqlTable("marks", { at: text("at").unique(), note: text("note") });
"""
    path = "src/schema.ts"
    files = [SourceFile(path, file_kinds()(path) or "", content=schema.encode())]
    tables = scan(files, []).architecture.schema.tables
    told = {
        name: [(index.columns, index.primary) for index in tables[name].indexes]
        for name in ("visits", "marks")
    }
    assert told == {"visits": [(("no",), True)], "marks": [(("at",), False)]}
    assert tables["marks"].column("id") is None


def test_mongoose_through_a_default_export() -> None:
    schema = """
import mongoose from "mongoose";
const orderSchema = new mongoose.Schema({ code: String, owner: { type: String, index: true } });
export default mongoose.model("Order", orderSchema);
"""
    code = """
import PlacedOrder from "./order";
export const byCode = (code) => PlacedOrder.findOne({ code });
export const byOwner = (owner) => PlacedOrder.find({ owner });
export const byId = (id) => PlacedOrder.find({ _id: id });
"""
    assert missing({"src/order.js": schema, "src/a.js": code}) == {
        ("src/a.js", "orders", ("code",))
    }


SEQUELIZE = {
    "models/product.js": (
        "module.exports = (sequelize, DataTypes) => sequelize.define('product', "
        "{ sku: DataTypes.STRING, title: DataTypes.STRING, shelf: DataTypes.STRING }, "
        "{ paranoid: true, scopes: { on(shelf) { return { where: { shelf } }; } } });"
    ),
    "routes.js": (
        "const db = require('./models'); const { Product } = db;\n"
        "exports.one = (sku) => db.Product.findOne({ where: { sku } });\n"
        "exports.on = (shelf) => Product.scope({ method: ['on', shelf] }).findAll();\n"
        "exports.add = (row) => Product.create(row);\n"
    ),
}


def test_sequelize_finds_a_model_by_any_spelling_and_its_scopes() -> None:
    assert missing(SEQUELIZE) == {
        ("routes.js", "products", ("sku",)),
        ("routes.js", "products", ("shelf",)),
    }
    kinds = file_kinds()
    found = scan(
        [SourceFile(p, kinds(p) or "", content=t.encode()) for p, t in SEQUELIZE.items()], []
    ).architecture
    (new,) = [site.fact for site in found.sites(QueryFound) if site.fact.inserts]
    assert not new.predicates  # a default scope narrows what is read


def test_rows_read_along_are_without_those_that_every_query_leaves_out() -> None:
    product = (
        "module.exports = (sequelize, DataTypes) => sequelize.define('Product', "
        "{ shelfId: DataTypes.INTEGER, clerkId: DataTypes.INTEGER }, "
        "{ paranoid: true, indexes: [{ fields: ['shelfId'], where: { deletedAt: null } }] });"
    )
    other = "module.exports = (sequelize, T) => sequelize.define('{}', {{ code: T.STRING }});"
    files = {
        "models/product.js": product,
        "models/shelf.js": other.format("Shelf"),
        "models/clerk.js": other.format("Clerk"),
        "models/index.js": "const db = load();\n"
        "db.Shelf.hasMany(db.Product, { foreignKey: 'shelfId', as: 'products' });\n"
        "db.Clerk.hasMany(db.Product, { foreignKey: 'clerkId', as: 'products' });\n",
        "routes.js": "exports.all = (id) => db.Shelf.findByPk(id, { include: [{ association: 'products' }] });",
    }
    assert {columns for _, table, columns in missing(files) if table == "products"} == {
        ("clerkId",)
    }


def test_joined_rows_are_without_them_too() -> None:
    """An index of what is not deleted finds the rows that a query joins."""
    product = (
        "module.exports = (sequelize, DataTypes) => sequelize.define('Product', "
        "{ shelfId: DataTypes.INTEGER, stars: DataTypes.INTEGER }, "
        "{ paranoid: true, indexes: [{ fields: ['shelfId'], where: { deletedAt: null } }] });"
    )
    files = {
        "models/product.js": product,
        "models/shelf.js": "module.exports = (sequelize, T) => sequelize.define('Shelf', { code: T.STRING });",
        "models/index.js": "const db = load();\n"
        "db.Shelf.hasMany(db.Product, { foreignKey: 'shelfId', as: 'products' });\n",
        "routes.js": "exports.all = (code) => db.Shelf.findAll({ where: { id: code }, include: [{ model: db.Product, as: 'products', "
        "required: true, where: { stars: 3 } }] });",
    }
    assert not [columns for _, table, columns in missing(files) if table == "products"]


def test_structs_of_go_that_nothing_marks() -> None:
    files = {
        "schema.sql": "CREATE TABLE balances (id bigserial PRIMARY KEY, account_id text, deleted_at text);",
        "store/balances.go": """package store
import ("github.com/uptrace/bun"; "shop/models")
func of(db *bun.DB, account string) {
	var last models.Balance
	db.NewSelect().Model(&last).Where("account_id = ?", account).Limit(1).Scan(ctx)
	var total models.Total
	db.NewSelect().Model(&total).Where("account_id = ?", account).Limit(1).Scan(ctx)
}
""",
        "orders/balances.go": """package orders
import ("gorm.io/gorm"; "shop/models")
func of(db *gorm.DB, account string) {
	var last models.Balance
	db.Where("account_id = ?", account).First(&last)
}
""",
    }
    assert missing(files) == {("store/balances.go", "balances", ("account_id",))}


def test_a_key_is_in_the_order_of_the_table() -> None:
    files = {
        "schema.sql": "CREATE TABLE order_tags (shop_id bigint, tag_id bigint, PRIMARY KEY (shop_id, tag_id));",
        "shop/tags.go": """package shop
import "gorm.io/gorm"
type OrderTag struct {
	TagID  uint `gorm:"primaryKey"`
	ShopID uint `gorm:"primaryKey"`
}
func of(db *gorm.DB, tag uint) { var found []OrderTag; db.Where("tag_id = ?", tag).Find(&found) }
""",
    }
    assert missing(files) == {("shop/tags.go", "order_tags", ("tag_id",))}


def test_a_struct_for_the_table_between_has_its_foreign_keys() -> None:
    files = {
        "shop/models.go": """package shop
import "gorm.io/gorm"
type Run struct {
	gorm.Model
	Pulls []Pull `gorm:"many2many:run_pulls"`
}
type Pull struct { gorm.Model }
type RunPull struct {
	RunID  uint `gorm:"primaryKey"`
	PullID uint `gorm:"primaryKey"`
	Note   string
}
""",
    }
    kinds = file_kinds()
    found = scan(
        [SourceFile(p, kinds(p) or "", content=text.encode()) for p, text in files.items()], []
    ).architecture
    table = found.schema.table("run_pulls")
    assert table is not None
    assert {(key.columns, key.table) for key in table.foreign_keys} == {
        (("run_id",), "runs"),
        (("pull_id",), "pulls"),
    }


def test_what_a_struct_has_many_of_refers_to_it() -> None:
    files = {
        "go.mod": "module shop\n\nrequire gorm.io/driver/mysql v1.5.2\n",
        "shop/models.go": """package shop
import "gorm.io/gorm"
type User struct {
	gorm.Model
	Settings []Setting `gorm:"foreignKey:UserID"`
	Drafts   []Draft   `gorm:"foreignKey:UserID;constraint:-"`
	Card     *Card     `gorm:"foreignKey:HolderID"`
}
type Setting struct { gorm.Model; UserID uint; Name string }
type Draft struct { gorm.Model; UserID uint; Name string }
type Card struct { gorm.Model; HolderID uint; IssuerID uint; Issuer User `gorm:"foreignKey:issuer_id"` }
""",
        "shop/work.go": """package shop
import "gorm.io/gorm"
func of(db *gorm.DB, user uint) {
	var settings []Setting
	db.Where("user_id = ?", user).Find(&settings)
	var drafts []Draft
	db.Where("user_id = ?", user).Find(&drafts)
	var cards []Card
	db.Where("holder_id = ?", user).Find(&cards)
	db.Where("issuer_id = ?", user).Find(&cards)
}
""",
    }
    kinds = file_kinds()
    schema = scan(
        [SourceFile(p, kinds(p) or "", content=text.encode()) for p, text in files.items()], []
    ).architecture.schema
    keys = {
        (name, key.columns, key.table)
        for name, table in schema.tables.items()
        for key in table.foreign_keys
    }
    assert keys == {
        ("settings", ("user_id",), "users"),
        ("cards", ("holder_id",), "users"),
        ("cards", ("issuer_id",), "users"),
    }
    # MySQL has an index for each foreign key.
    assert {table for _, table, _ in missing(files)} == {"drafts"}
