"""What EF Core's migrations and snapshots say of tables."""

from textwrap import dedent

from scaleaudit.facts import FileFacts, TableChanged, TableDefined
from scaleaudit.languages.csharp import extract
from scaleaudit.schema import Table
from scaleaudit.schemas.replay import replay
from scaleaudit.sql import read_schema

FIRST = """
migrationBuilder.EnsureSchema(name: "shop");
migrationBuilder.CreateTable(
    name: "Customers",
    schema: "shop",
    columns: table => new
    {
        Id = table.Column<int>(type: "int", nullable: false)
            .Annotation("SqlServer:Identity", "1, 1"),
        Email = table.Column<string>(name: "mail", type: "nvarchar(200)", maxLength: 200, nullable: false),
        Since = table.Column<DateTime>(nullable: true)
    },
    constraints: table =>
    {
        table.PrimaryKey("PK_Customers", x => x.Id);
        table.UniqueConstraint("AK_Customers_mail", x => x.Email);
    });
migrationBuilder.CreateTable(
    name: "OrderLines",
    columns: table => new
    {
        OrderId = table.Column<Guid>(nullable: false),
        Line = table.Column<int>(nullable: false),
        CustomerId = table.Column<int>(nullable: false),
        Code = table.Column<string>(nullable: true),
    },
    constraints: table =>
    {
        table.PrimaryKey("PK_OrderLines", x => new { x.OrderId, x.Line });
        table.ForeignKey(
            name: "FK_OrderLines_Customers_CustomerId",
            column: x => x.CustomerId,
            principalSchema: "shop",
            principalTable: "Customers",
            principalColumn: "Id",
            onDelete: ReferentialAction.Cascade);
    });
migrationBuilder.CreateIndex(
    name: "IX_OrderLines_CustomerId", table: "OrderLines", column: "CustomerId");
migrationBuilder.CreateIndex(
    name: "IX_Code", table: "OrderLines", columns: new[] { "Code", "Line" }, unique: true,
    filter: "[Code] IS NOT NULL");
"""
SECOND = """
migrationBuilder.DropIndex(name: "IX_OrderLines_CustomerId", table: "OrderLines");
migrationBuilder.RenameColumn(name: "Code", table: "OrderLines", newName: "Label");
migrationBuilder.AddColumn<decimal>(name: "Price", table: "OrderLines", nullable: false, defaultValue: 0m);
migrationBuilder.DropColumn("Since", "Customers");
migrationBuilder.RenameTable(name: "Customers", newName: "Buyers");
migrationBuilder.Sql(@"CREATE INDEX IX_Price ON OrderLines (Price)");
"""
DOWN = """
migrationBuilder.DropTable(name: "OrderLines");
migrationBuilder.Sql("CREATE INDEX IX_Back ON OrderLines (Line)");
"""


def migration(up: str, down: str = DOWN) -> FileFacts:
    return extract(
        dedent(f"""
        using Microsoft.EntityFrameworkCore.Migrations;
        public partial class Step : Migration
        {{
            protected override void Up(MigrationBuilder migrationBuilder) {{ {up} }}
            protected override void Down(MigrationBuilder migrationBuilder) {{ {down} }}
        }}
        """).encode()
    )


def snapshot(entities: str) -> FileFacts:
    return extract(
        dedent(f"""
        partial class ShopContextModelSnapshot : ModelSnapshot {{
            protected override void BuildModel(ModelBuilder modelBuilder) {{
                SqlServerModelBuilderExtensions.UseIdentityColumns(modelBuilder);
                {entities}
            }}
        }}
        """).encode()
    )


def shape(table: Table) -> list[tuple[tuple[str, ...], bool, bool, str]]:
    return [(i.columns, i.unique, i.primary, i.where) for i in table.indexes]


def test_steps_of_the_way_up() -> None:
    files = [("Data/Migrations/20240101000000_First.cs", migration(FIRST))]
    found = replay(files).tables
    customers, lines = found["customers"], found["orderlines"]
    assert [(c.name, c.type, c.nullable, c.auto_increment) for c in customers.columns] == [
        ("Id", "INT", False, True),
        ("mail", "VARCHAR", False, False),
        ("Since", "TIMESTAMP", True, False),
    ]
    assert shape(customers) == [(("Id",), True, True, ""), (("mail",), True, False, "")]
    assert customers.dialect == "tsql"
    assert shape(lines) == [
        (("OrderId", "Line"), True, True, ""),
        (("CustomerId",), False, False, ""),
        (("Code", "Line"), True, False, "Code IS NOT NULL"),
    ]
    assert [(k.columns, k.table, k.references) for k in lines.foreign_keys] == [
        (("CustomerId",), "customers", ("Id",))
    ]


def test_later_steps_by_the_time_in_their_names() -> None:
    files = [
        ("Data/Migrations/20240301000000_Second.cs", migration(SECOND, "")),
        ("Data/Migrations/20240101000000_First.cs", migration(FIRST)),
    ]
    found = replay(files).tables
    assert sorted(found) == ["buyers", "orderlines"]
    assert [c.name for c in found["buyers"].columns] == ["Id", "mail"]
    lines = found["orderlines"]
    assert [c.name for c in lines.columns] == ["OrderId", "Line", "CustomerId", "Label", "Price"]
    assert [i.columns for i in lines.indexes] == [
        ("OrderId", "Line"), ("Label", "Line"), ("price",),
    ]  # fmt: skip
    assert [k.table for k in lines.foreign_keys] == ["buyers"]


def test_keys_and_names_set_apart() -> None:
    up = """
    migrationBuilder.CreateTable("Tags", table => new { Id = table.Column<long>(), Name = table.Column<string>() });
    migrationBuilder.AddPrimaryKey(name: "PK_Tags", table: "Tags", column: "Id");
    migrationBuilder.AddUniqueConstraint(name: "AK", table: "Tags", column: "Name");
    migrationBuilder.DropUniqueConstraint(name: "AK", table: "Tags");
    migrationBuilder.CreateIndex("IX_A", "Tags", "Name").Annotation("Npgsql:IndexMethod", "gin");
    migrationBuilder.RenameIndex(name: "IX_A", table: "Tags", newName: "IX_B");
    migrationBuilder.AddForeignKey(name: "FK", table: "Tags", column: "Id", principalTable: "Things", principalColumn: "Id");
    migrationBuilder.AlterColumn<int>(name: "Id", table: "Tags", nullable: false);
    """
    (tags,) = replay([("Migrations/20240101000000_A.cs", migration(up, ""))]).tables.values()
    assert [(i.name, i.columns, i.primary, i.method) for i in tags.indexes] == [
        ("PK_Tags", ("Id",), True, ""),
        ("IX_B", ("Name",), False, "gin"),
    ]
    assert [(k.columns, k.table) for k in tags.foreign_keys] == [(("Id",), "things")]
    assert [c.type for c in tags.columns] == ["INT", "VARCHAR"]


def test_what_steps_do_to_rows_that_are_there() -> None:
    up = """
    migrationBuilder.AddColumn<int>(name: "A", table: "T", nullable: false, defaultValue: 0);
    migrationBuilder.AddColumn<Guid>(name: "B", table: "T", nullable: false, defaultValueSql: "gen_random_uuid()");
    migrationBuilder.AddColumn<DateTime>(name: "C", table: "T", nullable: false, defaultValueSql: "now()");
    migrationBuilder.AddColumn<string>(name: "D", table: "T", nullable: true);
    migrationBuilder.AlterColumn<string>(name: "E", table: "T", type: "text", nullable: false,
        oldClrType: typeof(string), oldType: "text", oldNullable: true);
    migrationBuilder.AlterColumn<long>(name: "F", table: "T", type: "bigint", nullable: false,
        oldClrType: typeof(int), oldType: "integer");
    migrationBuilder.AlterColumn<int>(name: "G", table: "T", type: "integer", nullable: false,
        oldClrType: typeof(int), oldType: "integer").Annotation("Npgsql:ValueGenerationStrategy", 1);
    migrationBuilder.CreateIndex(name: "IX", table: "T", column: "A").Annotation("Npgsql:CreatedConcurrently", true);
    migrationBuilder.CreateIndex(name: "IY", table: "T", column: "B");
    """
    steps = [f for f in migration(up, "").facts if isinstance(f, TableChanged)]
    assert [(s.action, s.default, s.online) for s in steps] == [
        ("add-column", "constant", False),
        ("add-column", "volatile", False),
        ("add-column", "constant", False),
        ("add-column", "none", False),
        ("set-not-null", "", False),
        ("alter-type", "", False),
        ("add-index", "", True),
        ("add-index", "", False),
    ]
    assert [s.name for s in steps if s.action == "set-not-null"] == ["E"]


def test_what_is_not_known_is_left_out() -> None:
    up = """
    migrationBuilder.CreateTable(name: tableName, columns: table => new { Id = table.Column<int>() });
    migrationBuilder.CreateTable(name: "A", columns: Columns);
    migrationBuilder.CreateIndex(name: "IX", table: "B", columns: names);
    migrationBuilder.Sql(File.ReadAllText(path));
    migrationBuilder.SqlResource("a.sql");
    migrationBuilder.AddColumn<int>();
    other.DropTable("C");
    """
    assert not [f for f in migration(up).facts if isinstance(f, (TableDefined, TableChanged))]


def test_a_snapshot_stands_for_its_migrations_but_for_what_they_do_in_sql() -> None:
    entities = """
    modelBuilder.Entity("Shop.Line", b => {
        b.Property<int>("Id"); b.Property<decimal>("Price"); b.Property<string>("Label");
        b.HasKey("Id");
        b.HasAlternateKey("Label");
        b.ToTable("OrderLines", "shop");
    });
    """
    files = [
        ("Data/Migrations/ShopContextModelSnapshot.cs", snapshot(entities)),
        ("Data/Migrations/20240101000000_First.cs", migration(FIRST)),
        ("Data/Migrations/2024/20240301000000_Second.cs", migration(SECOND)),
        ("Data/Migrations/20240302000000_Third.cs",
         migration('migrationBuilder.Sql("CREATE INDEX IX_Gone ON OrderLines (Code)");')),
        ("Other/Migrations/20240101000000_First.cs", migration(
            'migrationBuilder.CreateTable("Notes", table => new { Id = table.Column<int>() });')),
    ]  # fmt: skip
    found = replay(files).tables
    assert sorted(found) == ["notes", "orderlines"]
    lines = found["orderlines"]
    assert [c.name for c in lines.columns] == ["Id", "Price", "Label"]
    assert shape(lines) == [
        (("Id",), True, True, ""), (("Label",), True, False, ""), (("price",), False, False, ""),
    ]  # fmt: skip


def test_sql_beside_a_snapshot() -> None:
    """Tables that only SQL makes are changed by it too; an index of EF's own name is made once."""
    entities = """
    modelBuilder.Entity("Shop.Line", b => {
        b.Property<int>("Id"); b.Property<string>("Label"); b.HasKey("Id");
        b.HasIndex("Label").IsUnique();
        b.ToTable("Lines");
    });
    """
    events = 'CREATE TABLE "Events" ("LineId" int, "Number" int, PRIMARY KEY ("LineId", "Number"));'
    steps = """migrationBuilder.Sql(@"
        ALTER TABLE ""Events"" DROP COLUMN ""Number"";
        CREATE INDEX ""IX_Events_LineId"" ON ""Events"" (""LineId"");
        CREATE INDEX IF NOT EXISTS ""IX_Lines_Label"" ON ""Lines"" (""Label"");
    ");"""
    files = [
        ("Data/Migrations/ShopContextModelSnapshot.cs", snapshot(entities)),
        ("Data/Scripts/000.Begin.sql", FileFacts(tuple(read_schema(events, "postgres")))),
        ("Data/Migrations/20240101000000_First.cs", migration(steps)),
    ]
    found = replay(files).tables
    assert ("LineId",) in [index.columns for index in found["events"].indexes]
    assert [column.name for column in found["events"].columns] == ["LineId"]
    assert shape(found["lines"]) == [(("Id",), True, True, ""), (("Label",), True, False, "")]


def test_what_an_entity_owns_and_inherits() -> None:
    entities = """
    modelBuilder.Entity("Shop.Order", b => {
        b.Property<int>("Id");
        b.HasKey("Id");
        b.ToTable("Orders");
        b.PrimitiveCollection<string>("Codes").HasColumnName("codes");
        b.ComplexProperty(typeof(Dictionary<string, object>), "Bill", "Shop.Order.Bill#Address", b1 => {
            b1.Property<string>("City").IsRequired();
        });
        b.HasDiscriminator().HasValue("Order");
    });
    modelBuilder.Entity("Shop.RushOrder", b => {
        b.HasBaseType("Shop.Order");
        b.Property<int>("CourierId");
        b.HasIndex("CourierId");
        b.HasDiscriminator().HasValue("RushOrder");
    });
    modelBuilder.Entity("Shop.Party", b => {
        b.Property<int>("Id"); b.Property<string>("Name"); b.HasKey("Id"); b.ToTable("Parties");
    });
    modelBuilder.Entity("Shop.Company", b => {
        b.HasBaseType("Shop.Party");
        b.Property<string>("TaxNumber");
        b.ToTable("Companies");
    });
    modelBuilder.Entity("Shop.Summary", b => { b.Property<int>("Count"); b.ToTable((string)null); b.ToView("v"); });
    modelBuilder.Entity("Shop.Order", b => {
        b.OwnsOne("Shop.Address", "ShipTo", b1 => {
            b1.Property<int>("OrderId");
            b1.Property<string>("City");
            b1.Property<string>("Zip").HasColumnName("zip_code");
            b1.HasKey("OrderId");
            b1.HasIndex("City");
            b1.ToTable("Orders");
            b1.WithOwner().HasForeignKey("OrderId");
            b1.OwnsOne("Shop.Point", "Place", b2 => {
                b2.Property<int>("AddressOrderId"); b2.Property<double>("Lat");
                b2.HasKey("AddressOrderId"); b2.ToTable("Orders");
            });
        });
        b.OwnsMany("Shop.Note", "Notes", b1 => {
            b1.Property<int>("OrderId"); b1.Property<int>("Id"); b1.Property<string>("Text");
            b1.HasKey("OrderId", "Id");
            b1.ToTable("OrderNotes");
            b1.WithOwner().HasForeignKey("OrderId");
        });
        b.OwnsOne("Shop.Extra", "Extra", b1 => {
            b1.Property<int>("OrderId"); b1.Property<string>("Any"); b1.ToTable("Orders"); b1.ToJson("extra");
        });
    });
    """
    found = replay([("Migrations/ShopContextModelSnapshot.cs", snapshot(entities))]).tables
    assert sorted(found) == ["companies", "ordernotes", "orders", "parties"]
    orders, notes = found["orders"], found["ordernotes"]
    assert [(c.name, c.nullable) for c in orders.columns] == [
        ("Id", False), ("codes", True), ("Bill_City", False), ("CourierId", True), ("ShipTo_City", True), ("zip_code", True),
        ("ShipTo_Place_Lat", False),
    ]  # fmt: skip
    assert [i.columns for i in orders.indexes] == [("Id",), ("CourierId",), ("ShipTo_City",)]
    assert [(k.columns, k.table) for k in notes.foreign_keys] == [(("OrderId",), "orders")]
    companies = found["companies"]
    assert [c.name for c in companies.columns] == ["TaxNumber", "Id"]
    assert [(i.columns, i.primary) for i in companies.indexes] == [(("Id",), True)]


def test_methods_of_indexes() -> None:
    entities = """
    modelBuilder.Entity("Shop.Order", b => {
        b.Property<int>("Id"); b.Property<string>("Tags"); b.Property<string>("Name");
        b.HasIndex("Tags");
        NpgsqlIndexBuilderExtensions.HasMethod(b.HasIndex("Tags"), "gin");
        b.HasIndex("Name").HasAnnotation("Npgsql:IndexMethod", "brin");
        b.HasIndex(new[] { "Name", "Id" }, "IX_Name").IsUnique().HasFilter("\\"Name\\" IS NOT NULL");
        b.ToTable("Orders");
    });
    """
    (orders,) = (f for f in snapshot(entities).facts if isinstance(f, TableDefined))
    assert [(i.columns, i.method, i.where) for i in orders.indexes] == [
        (("Tags",), "", ""), (("Tags",), "gin", ""), (("Name",), "brin", ""),
        (("Name", "Id"), "", "Name IS NOT NULL"),
    ]  # fmt: skip
