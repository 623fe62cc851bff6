"""Lists that an owner keeps to choose from."""

from __future__ import annotations

import pytest

from scaleaudit.schema import Column, ForeignKey, Index, Table
from scaleaudit_rules.data._choices import are_choices, few_parts

LABELS = ("id", "account_id", "name", "name_translation_key", "position", "created_at")


def table(name: str, *columns: str, refers: str = "account_id") -> Table:
    return Table(
        name,
        columns=tuple(Column(column, "TEXT") for column in columns),
        indexes=(Index(("id",), primary=True),),
        foreign_keys=(ForeignKey((refers,), "others", ("id",)),),
    )


@pytest.mark.parametrize(
    ("asked", "choices"),
    [
        (table("labels", *LABELS), True),
        (table("labels", *LABELS, "body"), False),
        (table("labels", *LABELS, "shop_id"), False),
        (table("labels", *LABELS, refers="shop"), False),
        (table("labels", "id", "account_id", "kind"), False),
        (table("customers", *LABELS), False),
        (table("order_items", *LABELS), False),
        (table("call_logs", *LABELS), False),
    ],
)
def test_what_says_no_more_than_its_name(asked: Table, choices: bool) -> None:
    assert are_choices(asked, "account_id") is choices


def parts(owner: str, refers: str = "others") -> Table:
    return Table(
        "parts",
        columns=(Column(owner, "BIGINT"),),
        foreign_keys=(ForeignKey((owner,), refers, ("id",)),),
    )


FEW = """
order checkout cart basket invoice payment transaction refund fulfillment shipment booking reservation
message comment notification delivery envelope payload file upload order_line line_item
"""


def test_what_is_done_with_at_once_has_few_parts() -> None:
    assert [name for name in FEW.split() if not few_parts(parts(f"{name}_id"), f"{name}_id")] == []
    assert few_parts(parts("shopOrderId"), "shopOrderId")
    assert few_parts(parts("parent_id", "shop_orders"), "parent_id")
    assert not few_parts(parts("parent_id", "shops"), "parent_id")
    assert not few_parts(parts("customer_id"), "customer_id")
    assert not few_parts(parts("order"), "order")
    assert not few_parts(parts("orderliness_id"), "orderliness_id")
