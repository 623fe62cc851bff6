"""How what findings are about is named in a sentence."""

from __future__ import annotations

from scaleaudit_rules._telling import named_columns


def test_several_columns_stand_in_brackets_after_their_table() -> None:
    assert named_columns(["orders.state"]) == "orders.state"
    assert (
        named_columns(["orders.state,day", "parcels.state"])
        == "orders (state, day) and parcels.state"
    )
    assert named_columns(["a.b,c", "d.e", "f.g", "h.i", "j.k"]) == "a (b, c), d.e, f.g and 2 more"
