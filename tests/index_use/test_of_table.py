"""What is asked of one table again and again is worked out once."""

from msgspec.structs import replace

from scaleaudit.index_use import few_values
from scaleaudit.schema import Column, Index, Table, of_table

ORDERS = Table("orders", (Column("id", "INT"), Column("Status", "TEXT"), Column("status", "INT")))


def test_answers_stay_with_the_table() -> None:
    asked: list[tuple[str, str]] = []

    @of_table
    def known(table: Table, name: str) -> bool:
        asked.append((table.name, name))
        return table.column(name) is not None

    again = replace(ORDERS, columns=())
    for _ in range(2):
        assert known(ORDERS, "id")
        assert not known(ORDERS, "total")
        assert not known(again, "id")  # a changed table is asked anew
    assert asked == [("orders", "id"), ("orders", "total"), ("orders", "id")]


def test_tables_are_equal_whatever_they_were_asked() -> None:
    other = replace(ORDERS)
    assert few_values(ORDERS, "status")
    assert other == ORDERS
    assert hash(ORDERS) == hash(other)


def test_of_two_columns_that_differ_in_case_the_first_is_meant() -> None:
    found = ORDERS.column("STATUS")
    assert found is not None
    assert found.name == "Status"


def test_a_key_of_its_own_tells_the_values_apart() -> None:
    keyed = replace(
        ORDERS, indexes=(Index(("STATUS",), unique=True), Index(("id", "status"), unique=True))
    )
    assert keyed.told_apart_by == {"status"}
    assert not few_values(keyed, "status")


def test_names_that_say_that_a_column_has_few_values() -> None:
    table = Table("notices", (Column("mailEnabled", "TEXT"), Column("enabled_by", "TEXT")))
    assert few_values(table, "mailEnabled")
    assert not few_values(table, "enabled_by")
