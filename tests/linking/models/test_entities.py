"""Go and C#: whole small repositories, from their sources to what no index serves."""

from __future__ import annotations

from tests.linking.system import architecture, missing

from scaleaudit.facts import QueryFound

ENTITIES = """
namespace Shop.Entities;
public class Order {
    public int Id { get; set; }
    public string Code { get; set; }
    public OrderKind Kind { get; set; }
    public int CustomerId { get; set; }
    public Customer Customer { get; set; }
    public Invoice Invoice { get; set; }
}
public class Customer { public int Id { get; set; } public string Email { get; set; } public string Phone { get; set; } }
public class Invoice { public int Id { get; set; } public int OrderId { get; set; } public Order Order { get; set; } }
public class Basket { public int Id { get; set; } }
"""
CONTEXT = """
using Microsoft.EntityFrameworkCore;
public class ShopContext : DbContext {
    public DbSet<Order> Orders { get; set; }
    public DbSet<Customer> Customers { get; set; }
    protected override void OnModelCreating(ModelBuilder modelBuilder) {
        modelBuilder.Entity<Customer>(c => { c.ToTable("clients"); c.HasIndex(x => x.Email).IsUnique(); });
    }
}
"""
SERVICE = """
public class Service {
    private readonly ShopContext _context;
    public async Task Work(int id, string code) {
        var one = await _context.Orders.FirstAsync(o => o.Code == code);
        var two = await _context.Orders.Where(o => o.CustomerId == id).ToListAsync();
        var three = await _context.Customers.FirstAsync(c => c.Email == code);
        var four = await _context.Customers.FirstAsync(c => c.Phone == code);
        var five = await _context.Orders.Where(o => o.Kind == OrderKind.Big).ToListAsync();
    }
}
"""


def test_entities_of_a_context() -> None:
    found = architecture(
        {
            "Shop/Entities/Order.cs": ENTITIES,
            "Shop/Data/ShopContext.cs": CONTEXT,
            "Shop/Services/Service.cs": SERVICE,
        }
    )
    assert sorted(found.schema.tables) == ["clients", "invoice", "orders"]
    orders = found.schema.tables["orders"]
    assert {c.name: c.type for c in orders.columns}["Kind"] == "ENUM"
    assert [i.columns for i in orders.indexes] == [("Id",), ("CustomerId",)]
    assert missing(found) == {("orders", ("Code",)), ("clients", ("Phone",))}


def test_queries_that_methods_of_other_files_narrow() -> None:
    narrowing = """
    public static class OrderQueries {
        public static IQueryable<Order> Coded(this IQueryable<Order> orders, string code) {
            return orders.Where(o => o.Code == code);
        }
    }
    """
    service = """
    public class Service { private readonly ShopContext _context; private readonly IRepository<Customer> _clients;
        public async Task Work(string code) {
            var one = await _context.Orders.Coded(code).ToListAsync();
            var two = await _context.Customers.Hidden(code).Where(c => c.Email == code).ToListAsync();
            var three = await _clients.FindAsync(c => c.Phone == code);
        } }
    """
    files = {
        "Shop/Entities/Order.cs": ENTITIES,
        "Shop/Data/ShopContext.cs": CONTEXT,
        "Shop/Data/OrderQueries.cs": narrowing,
        "Shop/Services/Service.cs": service,
    }
    found = architecture(files)
    assert missing(found) == {("orders", ("Code",)), ("clients", ("Phone",))}
    assert [s.fact.partial for s in found.sites(QueryFound) if "Hidden" in s.fact.text] == [True]


def test_migrations_of_entity_framework_6_are_not_read_and_so_no_table_is_known() -> None:
    migration = """
    using System.Data.Entity.Migrations;
    public partial class AddCode : DbMigration {
        public override void Up() { CreateIndex("dbo.Orders", "Code"); }
    }
    """
    files = {
        "Shop/Entities/Order.cs": ENTITIES,
        "Shop/Data/ShopContext.cs": CONTEXT,
        "Shop/Services/Service.cs": SERVICE,
        "Shop/Migrations/201601010101_AddCode.cs": migration,
    }
    assert missing(architecture(files)) == set()


def test_a_view_is_no_table_that_lacks_an_index() -> None:
    context = CONTEXT.replace(
        'c.ToTable("clients"); c.HasIndex(x => x.Email).IsUnique();',
        'c.HasNoKey().ToView("clients");',
    )
    files = {
        "Shop/Entities/Order.cs": ENTITIES,
        "Shop/Data/ShopContext.cs": context,
        "Shop/Services/Service.cs": SERVICE,
    }
    assert missing(architecture(files)) == {("orders", ("Code",))}


MODELS = """
package models

import "gorm.io/gorm"

type Base struct {
	ID        uint `gorm:"primaryKey"`
	TenantID  uint `gorm:"index"`
}

type Order struct {
	Base
	Code      string
	BuyerID   uint
	Buyer     User
	Lines     []Line
}

type Line struct {
	gorm.Model
	OrderID uint
	Sku     string `gorm:"uniqueIndex"`
}

type User struct {
	gorm.Model
	Mail string `gorm:"column:email;index"`
}
"""
STORE = """
package store

func (s *Store) Orders(code string, tenant uint) {
	var orders []models.Order
	s.db.Where("code = ?", code).Find(&orders)
	s.db.Where("tenant_id = ?", tenant).Preload("Lines").Find(&orders)
	var user models.User
	s.db.Where(&models.User{Mail: code}).First(&user)
	var line models.Line
	s.db.First(&line, "sku = ?", code)
}
"""


def test_scripts_of_an_engine_of_columns_say_nothing_of_the_models() -> None:
    found = architecture(
        {
            "go.mod": "module a.example/shop\n",
            "models/order.go": MODELS,
            "clickhouse/01_hits.sql": "CREATE TABLE hits (site UUID) ENGINE = MergeTree ORDER BY site;",
        }
    )
    dialects = {name: table.dialect for name, table in found.schema.tables.items()}
    assert [name for name, dialect in dialects.items() if dialect] == ["hits"]
    assert len(dialects) > 3


def test_structs_of_gorm() -> None:
    found = architecture(
        {"go.mod": "module a.example/shop\n", "models/order.go": MODELS, "store/store.go": STORE}
    )
    assert [c.name for c in found.schema.tables["orders"].columns] == [
        "code", "buyer_id", "id", "tenant_id",
    ]  # fmt: skip
    assert missing(found) == {("orders", ("code",)), ("lines", ("order_id",))}


MIGRATIONS = """
package database

var migrations = []func(tx *sql.Tx) error{
	func(tx *sql.Tx) error {
		_, err := tx.Exec(`
			CREATE TABLE entries (id bigserial primary key, feed_id bigint not null, hash text not null, changed_at timestamptz);
			CREATE INDEX entries_feed_idx ON entries(feed_id);
		`)
		return err
	},
	func(tx *sql.Tx) error {
		_, err := tx.Exec(`CREATE INDEX entries_changed_idx ON entries(changed_at)`)
		return err
	},
	func(tx *sql.Tx) error {
		_, err := tx.Exec(`DROP INDEX entries_feed_idx`)
		return err
	},
}
"""
STORAGE = """
package storage

func (s *Storage) Entries(feed int64, since time.Time) {
	query := `SELECT id FROM entries `
	s.db.Query(query+`WHERE feed_id=$1`, feed)
	s.db.Query(`SELECT id FROM entries WHERE changed_at < $1`, since)
}
"""


def test_tables_that_go_migrates_by_itself() -> None:
    found = architecture(
        {
            "go.mod": "module a.example/feeds\n",
            "database/migrations.go": MIGRATIONS,
            "storage/entry.go": STORAGE,
        }
    )
    assert [i.columns for i in found.schema.tables["entries"].indexes] == [("id",), ("changed_at",)]
    assert missing(found) == {("entries", ("feed_id",))}


FILTERED = """
using Microsoft.EntityFrameworkCore;
public interface IKept { bool Gone { get; } }
public abstract class Base { public int Id { get; set; } }
public class Brand : Base, IKept { public string Slug { get; set; } public bool Gone { get; set; } }
public class Label : Base { public string Slug { get; set; } public bool Hidden { get; set; } }
public class Stamp : Base { public string Slug { get; set; } public bool Gone { get; set; } }
public class ShopContext : DbContext {
    public DbSet<Brand> Brands { get; set; }
    public DbSet<Label> Labels { get; set; }
    public DbSet<Stamp> Stamps { get; set; }
    protected override void OnModelCreating(ModelBuilder modelBuilder) {
        modelBuilder.AddGlobalQueryFilter<IKept>("kept", b => !b.Gone);
        modelBuilder.Entity<Brand>().HasIndex(x => x.Slug).IsUnique().HasFilter("Gone = FALSE");
        modelBuilder.Entity<Label>().HasIndex(x => x.Slug).IsUnique().HasFilter("Hidden = FALSE");
        modelBuilder.Entity<Label>().HasQueryFilter(x => !x.Hidden);
        modelBuilder.Entity<Stamp>().HasIndex(x => x.Slug).IsUnique().HasFilter("Gone = FALSE");
    }
}
"""


def test_filters_that_all_queries_of_a_model_have() -> None:
    service = """
public class Service {
    private readonly ShopContext _context;
    public async Task Work(string slug) {
        var one = await _context.Brands.FirstAsync(b => b.Slug == slug);
        var two = await _context.Labels.FirstAsync(l => l.Slug == slug);
        var three = await _context.Stamps.FirstAsync(s => s.Slug == slug);
    }
}
"""
    found = architecture({"Shop/Context.cs": FILTERED, "Shop/Service.cs": service})
    assert missing(found) == {("stamps", ("Slug",))}
    service = service.replace("Brands.First", "Brands.IgnoreQueryFilters().First")
    found = architecture({"Shop/Context.cs": FILTERED, "Shop/Service.cs": service})
    assert missing(found) == {("brands", ("Slug",)), ("stamps", ("Slug",))}


REFERRED = """
using Microsoft.EntityFrameworkCore;
public abstract class Base { public int Id { get; set; } }
public abstract class Noted : Base { }
[Index(nameof(ClientId), Name = "IX_Order_Client")]
public class Order : Noted {
    public int ClientId { get; set; }
    public int BillId { get; set; }
    public int PlaceId { get; set; }
    private Client _client;
    /// <summary>Whose order it is.</summary>
    public Client Client { get => _client ?? Load(ref _client); set => _client = value; }
    public Bill Bill { get; set; }
    public PlaceAttribute PlaceAttribute { get; set; }
}
public class Client : Noted { public string Name { get; set; } }
public class Bill : Noted { public string Name { get; set; } }
public class PlaceAttribute : Noted { public string Name { get; set; } }
public class PlainAttribute : Attribute { public string Name { get; set; } }
public class ShopContext : DbContext {
    public DbSet<Order> Orders { get; set; }
    protected override void OnModelCreating(ModelBuilder modelBuilder) {
        modelBuilder.Entity<Order>().Property(x => x.BillId).HasColumnName("bill");
        modelBuilder.Entity<Order>().HasOne(x => x.Client).WithMany().HasForeignKey(x => x.ClientId);
        modelBuilder.Entity<Order>().HasOne(x => x.Bill).WithMany().HasForeignKey(x => x.BillId);
        modelBuilder.Entity<Order>().HasOne(x => x.PlaceAttribute).WithMany().HasForeignKey(x => x.PlaceId);
    }
}
"""


def test_references_of_entity_framework() -> None:
    """Each has one index, and the column that its property has; keys come from far above."""
    tables = architecture({"Shop/Context.cs": REFERRED}).schema.tables
    order = tables["orders"]
    types = {column.name: column.type for column in order.columns}
    assert types == {"ClientId": "INT", "bill": "INT", "PlaceId": "INT", "Id": "INT"}
    keys = [i.columns for i in order.indexes if not i.primary]
    assert sorted(keys) == [("ClientId",), ("PlaceId",), ("bill",)]
    assert {key.table for key in order.foreign_keys} == {"client", "bill", "placeattribute"}
    assert "plainattribute" not in tables


def test_a_key_out_of_sight_has_no_type_that_anybody_knows() -> None:
    source = "using Library;\npublic class Order : Entity { public string Code { get; set; } }\n"
    context = "public class C : DbContext { public DbSet<Order> Orders { get; set; } }"
    order = architecture({"Order.cs": source, "C.cs": context}).schema.tables["orders"]
    assert [(c.name, c.type) for c in order.columns] == [("Id", ""), ("Code", "VARCHAR")]


def test_what_another_file_says_has_the_place_of_the_class() -> None:
    configuration = (
        "using Microsoft.EntityFrameworkCore;\n\n\n\n\n\n"
        "public class ByOrder : IEntityTypeConfiguration<Order> {\n"
        "    public void Configure(EntityTypeBuilder<Order> builder) {\n"
        "        builder.HasIndex(o => o.Code);\n    }\n}\n"
    )
    files = {
        "Shop/Order.cs": ENTITIES,
        "Shop/Context.cs": CONTEXT,
        "Shop/ByOrder.cs": configuration,
    }
    table = architecture(files).schema.tables["orders"]
    found = next(index for index in table.indexes if index.columns == ("Code",))
    assert table.at is not None
    assert found.at is not None
    assert (found.at.path, found.at.line) == ("Shop/Order.cs", table.at.line)
