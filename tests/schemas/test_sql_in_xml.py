"""Statements in XML: read where they are whole, partial where they are put together later."""

from __future__ import annotations

from scaleaudit.facts import QueryFound
from scaleaudit.file_kinds import file_kinds
from scaleaudit.schemas.sql_in_xml import extract


def queries(text: str) -> list[QueryFound]:
    return [fact for fact in extract(text.encode()).facts if isinstance(fact, QueryFound)]


def test_entries_beans_and_reports() -> None:
    first, second, third = queries(
        "<?xml version='1.0'?>\n<!DOCTYPE properties SYSTEM 'x.dtd'>\n<properties>\n"
        '<entry key="orders.byDay">\n  SELECT * FROM orders WHERE shopId = :shopId AND day &lt; :day\n</entry>\n'
        "<queryString><![CDATA[select o.code from orders o where o.code = $P{code} and $P!{more}]]></queryString>\n"
        '<bean id="x"><value>delete from orders where code = ?</value></bean>\n</properties>'
    )
    assert (first.scope, first.at.line, first.reads) == ("orders.byDay", 5, ("orders",))
    assert [(p.column, p.operator) for p in first.predicates] == [("shopid", "="), ("day", "<")]
    assert ([p.column for p in second.predicates], second.partial) == (["code"], True)
    assert third.writes == ("orders",)


def test_files_of_others_and_prose() -> None:
    assert (
        queries("<databaseChangeLog><sql>delete from orders where id = 1</sql></databaseChangeLog>")
        == []
    )
    assert queries("<p>select one of these</p><p>update your profile</p>") == []
    assert queries("<a>select * from orders") == []


def test_which_files_may_hold_statements() -> None:
    kind_of = file_kinds()
    assert kind_of("app/setup/default.xml") == "sql-in-xml"
    assert kind_of("src/main/resources/order-queries.xml") == "sql-in-xml"
    assert kind_of("src/main/resources/mapper/OrderMapper.xml") == "mybatis"
    assert kind_of("src/main/resources/Order.hbm.xml") == "hibernate-mapping"
    assert kind_of("res/layout/main.xml") == "xml"  # read for other things
