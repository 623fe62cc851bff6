"""C#: entities, contexts, snapshots and LINQ of Entity Framework Core."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.facts import ModelDefined, OrmQuery, QueryFound, ScopeDefined, TableDefined
from scaleaudit.languages.csharp import extract


def models(source: str) -> list[ModelDefined]:
    found = extract(dedent(source).encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, ModelDefined)]


def queries(body: str, members: str = "") -> list[OrmQuery]:
    source = f"class Service {{\n{members}\nasync Task F(int id, string? q, List<int> ids) {{\n{dedent(body)}\n}} }}\n"
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, OrmQuery)]


ORDER = """
namespace Shop;
[Table("shop_orders")]
[Index(nameof(Code), nameof(Kind), IsUnique = true)]
public class Order : BaseEntity {
    public int Id { get; set; }
    [Required, Column("order_code")] public string Code { get; set; }
    public OrderKind Kind { get; set; }
    public int CustomerId { get; set; }
    public virtual Customer Customer { get; set; } = null!;
    public ICollection<OrderItem> Items { get; set; } = new List<OrderItem>();
    public DateTime? Paid { get; set; }
    public static string Name { get; set; }
    public bool Open => Paid == null;
    [NotMapped] public int Total { get; set; }
}
"""


def test_an_entity() -> None:
    (order,) = models(ORDER)
    assert (order.name, order.table, order.bases, order.abstract) == (
        "Order", "shop_orders", ("BaseEntity",), True,
    )  # fmt: skip
    assert [(f.name, f.column, f.type, f.nullable, f.primary) for f in order.fields] == [
        ("Id", "", "INT", False, True), ("Code", "order_code", "VARCHAR", False, False),
        ("CustomerId", "", "INT", False, False), ("Paid", "", "TIMESTAMP", True, False),
    ]  # fmt: skip
    assert [(r.name, r.kind, r.target, r.column, r.indexed) for r in order.relations] == [
        ("Kind", "belongs-to", "OrderKind", "KindId", True),
        ("Customer", "belongs-to", "Customer", "CustomerId", True),
        ("Items", "has-many", "OrderItem", "", False),
    ]
    assert [(i.columns, i.unique) for i in order.indexes] == [(("Code", "Kind"), True)]


@pytest.mark.parametrize("name", ["OrderDto", "CreateOrderCommand", "OrderViewModel"])
def test_a_class_that_carries_data_elsewhere(name: str) -> None:
    assert models(f"public class {name} {{ public int Id {{ get; set; }} }}") == []


def test_a_context() -> None:
    source = """
    public class ShopContext : DbContext {
        public DbSet<Order> Orders { get; set; }
        public DbSet<Customer> Customers => Set<Customer>();
        protected override void OnModelCreating(ModelBuilder modelBuilder) {
            modelBuilder.Entity<Order>(entity => {
                entity.ToTable("shop_orders");
                entity.HasIndex(e => new { e.Paid, e.Kind }).HasFilter("[Paid] IS NOT NULL");
                entity.HasOne(d => d.Customer).WithMany(p => p.Orders).HasForeignKey(d => d.BuyerId);
                entity.Property(e => e.Kind).HasColumnName("order_kind").IsRequired();
            });
            modelBuilder.Entity<Customer>().HasIndex(c => c.Email).IsUnique();
            var item = modelBuilder.Entity<OrderItem>();
            item.HasKey(i => new { i.OrderId, i.Line });
        }
    }
    public class CustomerConfiguration : IEntityTypeConfiguration<Customer> {
        public void Configure(EntityTypeBuilder<Customer> builder) {
            builder.HasIndex("Name", "City");
        }
    }
    """
    found = {fact.name: fact for fact in models(source)}
    order, customer, item = found["Order"], found["Customer"], found["OrderItem"]
    assert (order.table, order.default_table, order.managers) == (
        "shop_orders",
        "Orders",
        ("Orders",),
    )
    assert [(i.columns, i.where) for i in order.indexes] == [(("Paid", "Kind"), "Paid IS NOT NULL")]
    assert [(r.name, r.column, r.inverse) for r in order.relations] == [
        ("Customer", "BuyerId", "Orders")
    ]
    assert [(f.name, f.column) for f in order.fields] == [("Kind", "order_kind")]
    assert [(i.columns, i.unique) for i in customer.indexes] == [
        (("Email",), True), (("Name", "City"), False),
    ]  # fmt: skip
    assert [(i.columns, i.primary) for i in item.indexes] == [(("OrderId", "Line"), True)]


def test_the_table_between_two_entities_is_not_one_of_them() -> None:
    source = """
    public class ShopContext : DbContext {
        protected override void OnModelCreating(ModelBuilder modelBuilder) {
            modelBuilder.Entity<Order>(entity => {
                entity.HasKey(e => e.Id);
                entity.HasIndex(e => e.Code);
                entity.HasMany(d => d.Tags).WithMany(p => p.Orders)
                    .UsingEntity<Dictionary<string, object>>(
                        "OrderTag",
                        r => r.HasOne<Tag>().WithMany().HasForeignKey("TagId"),
                        l => l.HasOne<Order>().WithMany().HasForeignKey("OrderId"),
                        j => {
                            j.HasKey("OrderId", "TagId");
                            j.ToTable("order_tags");
                            j.HasIndex(new[] { "TagId" }, "IX_order_tags_tag");
                        });
            });
        }
    }
    """
    (order,) = models(source)
    assert order.table == ""
    assert [i.columns for i in order.indexes] == [("Id",), ("Code",)]
    assert [(r.name, r.kind, r.through) for r in order.relations] == [
        ("Tags", "many-to-many", "OrderTag")
    ]


def test_the_name_of_an_index_is_no_column() -> None:
    source = """
    public class OrderConfiguration : IEntityTypeConfiguration<Order> {
        public void Configure(EntityTypeBuilder<Order> builder) {
            builder.HasIndex(e => e.Code, "IX_order_code").IsUnique();
            builder.HasIndex(new[] { "Kind", "Paid" }, "IX_order_kind");
            builder.HasIndex(e => new { e.Paid, e.Kind }, "IX_order_paid");
        }
    }
    """
    (order,) = models(source)
    assert [(i.columns, i.unique) for i in order.indexes] == [
        (("Code",), True), (("Kind", "Paid"), False), (("Paid", "Kind"), False),
    ]  # fmt: skip


def test_a_snapshot() -> None:
    source = """
    partial class ShopContextModelSnapshot : ModelSnapshot {
        protected override void BuildModel(ModelBuilder modelBuilder) {
            NpgsqlModelBuilderExtensions.UseIdentityByDefaultColumns(modelBuilder);
            modelBuilder.Entity("Shop.Customer", b => {
                b.Property<int>("Id").ValueGeneratedOnAdd().HasColumnType("integer");
                b.Property<string>("Email").IsRequired().HasColumnName("mail");
                b.HasKey("Id");
                b.HasIndex("Email").IsUnique();
                b.ToTable("customers", (string)null);
            });
            modelBuilder.Entity("Shop.Order", b => {
                b.Property<int>("Id");
                b.Property<int?>("CustomerId");
                b.HasKey("Id");
                b.HasIndex("CustomerId");
                b.ToTable("Orders");
            });
            modelBuilder.Entity("Shop.Order", b => {
                b.HasOne("Shop.Customer", "Customer").WithMany("Orders").HasForeignKey("CustomerId");
            });
        }
    }
    """
    tables = [f for f in extract(dedent(source).encode()).facts if isinstance(f, TableDefined)]
    customers, orders = tables
    assert (customers.table, customers.dialect) == ("customers", "postgres")
    assert [(c.name, c.type, c.nullable) for c in customers.columns] == [
        ("Id", "INT", False), ("mail", "VARCHAR", False),
    ]  # fmt: skip
    assert [(i.columns, i.unique, i.primary) for i in customers.indexes] == [
        (("Id",), True, True), (("mail",), True, False),
    ]  # fmt: skip
    assert [i.columns for i in orders.indexes] == [("Id",), ("CustomerId",)]
    assert [(k.columns, k.table) for k in orders.foreign_keys] == [(("CustomerId",), "customers")]


@pytest.mark.parametrize(
    ("chain", "conditions"),
    [
        ("Where(o => o.CustomerId == id && o.Kind == Kind.Big).ToListAsync()", ["CustomerId =", "Kind ="]),
        ("FirstOrDefaultAsync(o => o.Customer.Email == q)", ["Customer.Email ="]),
        ("Where(o => ids.Contains(o.CustomerId)).OrderByDescending(o => o.Paid).Take(5).ToList()",
         ["CustomerId in", "Paid sort"]),
        # What is sorted after the cut is a page of rows.
        ("Where(o => ids.Contains(o.CustomerId)).Take(5).OrderBy(o => o.Paid).ToList()", ["CustomerId in"]),
        ("AnyAsync(o => o.Code.ToLower() == q)", ["Code lower ="]),
        ("Where(o => o.Code.StartsWith(q) && o.Name.Contains(q)).ToList()", ["Code like", "Name search"]),
        ("Where(o => o.Paid.HasValue && !o.Hidden && o.Closed == null).ToList()",
         ["Paid is-not-null", "Hidden is-true", "Closed is-null"]),
        ("Where(o => o.Paid.Value.Date == day && id < o.Total).ToList()", ["Paid date =", "Total >"]),
        ("Where(o => o.Items.Any(i => i.ProductId == id)).ToList()", ["Items.ProductId ="]),
        ("Where(o => !o.Items.Any(i => i.ProductId == id)).ToList()", []),
        ("Where(o => o.Kind is Kind.A or Kind.B).ToList()", ["Kind in"]),
        ("FindAsync(id)", ["pk ="]),
        ("Where(o => all || o.CustomerId == id).ToList()", ["CustomerId optional"]),
    ],
)  # fmt: skip
def test_one_chain(chain: str, conditions: list[str]) -> None:
    (query,) = queries(f"var x = await _context.Orders.{chain};")
    found = [" ".join(w for w in (c.path, c.function, c.operator) if w) for c in query.conditions]
    assert (query.model, found, query.partial) == ("Orders", conditions, False)


def test_alternatives_and_constants() -> None:
    (query,) = queries("var x = db.Set<Order>().Any(o => o.A == 1 || o.B == q && o.C == Kind.Big);")
    assert query.model == "Order"
    assert [(c.path, c.alternative, c.branch, c.constant) for c in query.conditions] == [
        ("A", True, 1, True), ("B", True, 2, False), ("C", True, 2, True),
    ]  # fmt: skip


def test_a_query_that_is_gone_on_with() -> None:
    found = queries(
        """
        var query = _context.Orders.Include(o => o.Items).ThenInclude(i => i.Product).AsQueryable();
        if (q != null) query = query.Where(o => o.Code == q);
        if (ids.Any()) {
            query = query.Where(o => ids.Contains(o.CustomerId));
        }
        query = query.OrderBy(o => o.Id);
        var n = await query.CountAsync();
        var list = await query.Skip(1).Take(20).ToListAsync();
        """
    )
    assert [([c.path for c in f.conditions], f.aggregate, f.limited) for f in found] == [
        (["Code", "Id"], True, False), (["CustomerId", "Id"], True, False),
        (["Code", "Id"], False, True), (["CustomerId", "Id"], False, True),
    ]  # fmt: skip
    assert found[0].loads == ("Items", "Items.Product")


def test_what_is_written() -> None:
    found = queries(
        """
        _context.Orders.Add(order);
        await _context.Orders.Where(o => o.Paid < day).ExecuteDeleteAsync();
        await _context.Orders.Where(o => o.Id == id).ExecuteUpdateAsync(s => s.SetProperty(o => o.A, 1));
        _context.Orders.Remove(order);
        """
    )
    assert [(q.inserts, q.deletes, q.writes) for q in found] == [
        (True, False, False), (False, True, False), (False, False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "chain",
    [
        "Where(predicate).ToList()",
        "Select(o => o.Customer).Where(c => c.Email == q).ToList()",
        "Where(o => Matches(o.Code)).ToList()",
    ],
)
def test_what_is_not_known(chain: str) -> None:
    assert [query.partial for query in queries(f"var x = _context.Orders.{chain};")] == [True]


def test_methods_that_the_project_adds_to_queries() -> None:
    (query,) = queries("var x = _context.Orders.OnlyVisible(user).ToList();")
    assert (query.scopes, query.partial) == (("OnlyVisible",), False)
    found = extract(
        b"static class Queries {\n"
        b" public static IQueryable<Order> Open(this IQueryable<Order> orders) => orders.Where(o => o.Paid == null);\n"
        b" public static IQueryable<Order> By(this IQueryable<Order> orders, string? code) {\n"
        b"  orders = orders.Where(o => o.Shown); if (code != null) { orders = orders.Where(o => o.Code == code); }\n"
        b"  return orders; }\n"
        b" public static IQueryable<Order> Of(this IQueryable<Order> orders, Role role) => role switch {\n"
        b"  Role.Buyer => orders.Where(o => o.BuyerId == 1), _ => orders.OfNobody() };\n"
        b" public static IQueryable<T> Cut<T>(this IQueryable<T> rows, int size) => rows.Take(size);\n"
        b" public static string Shown(this Order order) => order.Code; }"
    )
    told = [
        (
            each.owner, each.name, [c.path for c in each.conditions], each.partial, each.limited,
            [[c.path for c in option.conditions] for option in each.options],
        )
        for each in found.facts if isinstance(each, ScopeDefined)
    ]  # fmt: skip
    assert told == [
        ("Order", "Open", ["Paid"], False, False, []),
        ("Order", "By", ["Shown"], False, False, [["Code"]]),
        ("Order", "Of", [], True, False, [["BuyerId"]]),
        ("", "Cut", [], False, True, []),
    ]


REPOSITORIES = """
class OrderRepository : Repository<ShopContext, Order>, IOrderRepository {
  Task A(string q) => FindAsync(o => o.Code == q);
  Task B(string q) => DbSet.Where(o => o.Kind == q).ToListAsync();
  Task C(string q) => base.Remove(o => o.Name == q);
}
class Service {
  readonly IRepository<Order> _orders; readonly ICustomerRepository _customers; readonly List<Item> _items;
  Task D(string q) => _orders.GetFirst(o => o.Paid == q);
  Task E(string q) => _customers.CountBy(c => c.Email == q);
  Task F(string q) => _unit.Repository<Item>().ExistsAsync(i => i.Sku == q);
  object G(string q) => _items.FindAll(i => i.Sku == q);
}
class Plain { object H(string q) => Find(o => o.Code == q); }
"""


def test_repositories_of_the_project_that_are_asked_by_a_lambda() -> None:
    found = [f for f in extract(REPOSITORIES.encode()).facts if isinstance(f, OrmQuery)]
    told = [(q.model, [c.path for c in q.conditions], q.limited, q.aggregate) for q in found]
    assert sorted(told) == [
        ("Customer", ["Email"], False, True),
        ("Item", ["Sku"], True, False),
        ("Order", ["Code"], False, False),
        ("Order", ["Kind"], False, False),
        ("Order", ["Paid"], True, False),
    ]


def test_a_repository_of_a_class() -> None:
    (query,) = queries(
        "var x = await _orders.GetAll().Where(o => o.Code == q).ToListAsync();",
        "private readonly IRepository<Order> _orders;",
    )
    assert (query.model, [c.path for c in query.conditions]) == ("Order", ["Code"])


def test_a_list_in_memory_is_no_query() -> None:
    assert queries("var x = user.Orders.Where(o => o.Code == q).ToList();") == []


def test_query_syntax() -> None:
    found = queries(
        """
        var query = from ou in dbContext.OrganizationUsers
                    join u in dbContext.Users on ou.UserId equals u.Id into joined
                    from u in joined.DefaultIfEmpty()
                    where ou.OrgId == id && u.Email == q
                    orderby ou.Created descending
                    select ou;
        if (ids.Any()) { query = query.Where(o => ids.Contains(o.Kind)); }
        var list = await query.ToListAsync();
        var one = (from o in db.Orders where o.Code == q select o).FirstOrDefault();
        """
    )
    assert [q.model for q in found] == ["OrganizationUsers", "Orders"]
    assert [(c.model, c.path, c.clause.value) for c in found[0].conditions] == [
        ("", "UserId", "join"), ("Users", "Id", "join"), ("", "OrgId", "filter"), ("Users", "Email", "filter"),
        ("", "Kind", "filter"), ("", "Created", "sort"),
    ]  # fmt: skip
    assert (found[1].limited, [c.path for c in found[1].conditions]) == (True, ["Code"])
    assert not any(q.partial for q in found)


@pytest.mark.parametrize(
    ("source", "condition", "partial"),
    [
        ("db.Members", ("Members", "Email"), False),  # a set: each of its rows with each
        ("o.Lines", ("", "Lines.Email"), False),  # the rows that belong to one of the first
        ("Read(o)", None, True),  # who knows
    ],
)
def test_a_second_from(source: str, condition: tuple[str, str] | None, partial: bool) -> None:
    (found,) = queries(
        f"var list = (from o in db.Orders from m in {source} where m.Email == q select o).ToList();"
    )
    assert found.model == "Orders"
    assert [(c.model, c.path) for c in found.conditions] == ([condition] if condition else [])
    assert found.partial is partial


@pytest.mark.parametrize(
    ("clause", "conditions"),
    [
        ("orderby o.Created, Read(o), o.Code", ["Created"]),  # what follows is in no index
        ("let n = o.Code where n == q", []),
    ],
)
def test_clauses_that_say_less(clause: str, conditions: list[str]) -> None:
    (found,) = queries(f"var list = (from o in db.Orders {clause} select o).ToList();")
    assert [c.path for c in found.conditions] == conditions
    assert found.partial is ("let" in clause)


def test_query_syntax_that_joins_by_several_values() -> None:
    (found,) = queries(
        """
        var list = await (from o in db.Orders
            join m in db.Members on new { o.ShopId, UserId = (int?)id, Left = o.Left } equals
                new { ShopId = (int?)m.ShopId, m.UserId, Left = (DateTime?)null }
            select o).ToListAsync();
        """
    )
    assert [(c.model, c.path, c.operator, c.clause.value) for c in found.conditions] == [
        ("", "ShopId", "=", "join"), ("Members", "ShopId", "=", "join"), ("Members", "UserId", "=", "filter"),
        ("", "Left", "is-null", "filter"),
    ]  # fmt: skip
    assert not found.partial


@pytest.mark.parametrize(
    ("body", "streamed"),
    [
        ("return db.Orders.Where(o => o.ShopId == id);", True),
        ("var all = db.Shops.Join(db.Orders.Where(o => o.ShopId == id), s => s.Id, o => o.Id);", True),
        ("return await db.Orders.Where(o => o.ShopId == id).ToListAsync();", False),
        ("var all = db.Orders.Where(o => o.ShopId == id); return all.ToList();", False),
        ("foreach (var o in db.Orders.Where(o => o.ShopId == id)) { Print(o); }", False),
    ],
)  # fmt: skip
def test_a_query_that_somebody_else_goes_on_with(body: str, streamed: bool) -> None:
    assert [q.streamed for q in queries(body) if q.model == "Orders"] == [streamed]


@pytest.mark.parametrize(("over", "looped"), [("query", False), ("rows", True)])
def test_a_part_of_a_query_that_a_loop_puts_together(over: str, looped: bool) -> None:
    body = f"foreach (var k in ids) {{ {over} = {over}.Where(o => db.Lines.Any(l => l.OrderId == o.Id)); }}"
    assert [q.in_loop for q in queries(body) if q.model == "Lines"] == [looped]


def test_only_a_set_that_a_context_shows_names_a_table() -> None:
    source = """
    public static class OrderNotes {
        public static void Close(this DbSet<OrderNote> dbSet, Order order) { }
    }
    public class Batch(ShopContext db) {
        private DbSet<Slug> _slugs;
        private DbSet<Price> Prices { get { return db.Prices; } }
    }
    public class ShopContext : DbContext {
        public DbSet<Price> ListPrices
        {
            get; set;
        }
    }
    """
    found = {fact.name: fact.default_table for fact in models(source)}
    assert found == {"OrderNote": "", "Slug": "", "Price": "ListPrices"}


def test_an_abstract_class_between_hands_on_the_key() -> None:
    source = """
    public abstract class EntityWithParts : BaseEntity {
        public Parts Parts { get => Get(); }
    }
    """
    (between,) = models(source)
    assert (between.name, between.bases, between.abstract) == (
        "EntityWithParts", ("BaseEntity",), True,
    )  # fmt: skip


def test_a_statement_that_linq_goes_on_with_is_a_part_of_a_larger_one() -> None:
    source = """
    class Lists {
        object A() { return _db.Orders.FromSqlRaw("SELECT * FROM orders ORDER BY " + by); }
        object B() { return _db.Orders.FromSqlRaw("SELECT * FROM orders WHERE code = {0}", code); }
        object C() { return connection.Query("SELECT * FROM orders"); }
    }
    """
    found = [fact for fact in extract(source.encode()).facts if isinstance(fact, QueryFound)]
    assert [fact.partial for fact in found] == [True, False, False]


def test_entity_framework_6_names_the_table_between_in_another_way() -> None:
    source = """
    public class ShopContext : DbContext {
        protected override void OnModelCreating(DbModelBuilder modelBuilder) {
            modelBuilder.Entity<Order>().HasKey(o => o.Id);
            modelBuilder.Entity<Order>().HasMany<Tag>(o => o.Tags).WithMany(t => t.Orders)
                .Map(c => c.ToTable("OrderTags").MapLeftKey("OrderId").MapRightKey("TagId"));
        }
    }
    """
    assert {fact.table for fact in models(source) if fact.name == "Order"} == {""}


def test_a_branch_inside_of_another_narrows_with_it() -> None:
    found = extract(
        b"static class Queries {\n"
        b" public static IQueryable<Order> By(this IQueryable<Order> orders, string code, int shop) {\n"
        b"  if (code != null) { orders = orders.Where(o => o.Code == code);\n"
        b"   if (shop > 0) { orders = orders.Where(o => o.ShopId == shop); } }\n"
        b"  if (shop < 0) { orders = orders.Where(o => o.Kind == shop); }\n"
        b"  return orders; } }"
    )
    (scope,) = [each for each in found.facts if isinstance(each, ScopeDefined)]
    assert [[c.path for c in option.conditions] for option in scope.options] == [
        ["Code"], ["Code", "ShopId"], ["Kind"],
    ]  # fmt: skip
