"""Entity Framework: tables that a rule of the program's own names, as the snapshot tells them."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture, missing

SNAPSHOT = """
partial class ShopContextModelSnapshot : ModelSnapshot {
    protected override void BuildModel(ModelBuilder modelBuilder) {
        modelBuilder.Entity("Shop.Sales.Order", b => {
            b.Property<int>("Id"); b.Property<string>("Code"); b.Property<int>("CustomerId");
            b.HasKey("Id"); b.HasIndex("CustomerId"); b.ToTable("Sales_Order");
        });
    }
}
"""
ORDER = """
namespace Shop.Sales;
public class Order {
    public int Id { get; set; }
    public string Code { get; set; }
    public int CustomerId { get; set; }
}
"""
ANSWER = """
namespace Shop.Answers;
public class Order { public string Title { get; set; } public decimal Price { get; set; } }
"""
# A set of each registered class is made at run time.
SERVICE = """
using Microsoft.EntityFrameworkCore;
public class Service {
    private readonly IRepository<Order> _orders;
    public async Task Work(int id, string code) {
        var one = await _orders.Query().FirstOrDefaultAsync(o => o.Code == code);
        var two = await _orders.Query().Where(o => o.CustomerId == id).ToListAsync();
    }
}
"""
FILES = {
    "Shop/Migrations/ShopContextModelSnapshot.cs": SNAPSHOT,
    "Shop/Sales/Order.cs": ORDER,
    "Shop/Service.cs": SERVICE,
}


@pytest.mark.parametrize("more", [{}, {"Shop/Answers/Order.cs": ANSWER}])
def test_a_class_has_the_table_of_its_snapshot(more: dict[str, str]) -> None:
    found = architecture(FILES | more)
    assert list(found.schema.tables) == ["sales_order"]
    assert missing(found) == {("sales_order", ("Code",))}


def test_two_classes_that_may_be_meant_have_tables_of_their_own() -> None:
    found = architecture(FILES | {"Shop/Copies/Order.cs": ORDER})
    assert missing(found) == set()
    other = SNAPSHOT.replace("Sales_Order", "Other_Order")
    found = architecture(FILES | {"Shop/Other/OtherContextModelSnapshot.cs": other})
    assert missing(found) == set()


def test_what_the_source_says_of_the_name_stands() -> None:
    named = ORDER.replace("public class", '[Table("orders")] public class')
    found = architecture(FILES | {"Shop/Sales/Order.cs": named})
    assert {table for table, _ in missing(found)} == {"orders"}
