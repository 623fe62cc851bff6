"""Calls on classes are told by their receivers, each name once."""

from __future__ import annotations

import pytest

from scaleaudit.languages.class_calls import calls_on_classes, within
from scaleaudit.languages.ruby.function_shape import RUBY


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Order.late_ones", [".late_ones"]),
        ("Shop::Order.late_ones(1)", [".late_ones"]),
        ("self.class.late_ones", [".late_ones"]),
        ("order_klass.late_ones", [".late_ones"]),
        ("name.constantize.late_ones", [".late_ones"]),
        ("order.late_ones", []),
        ("Order.late", []),  # one word may be anything
        ("a_Order.late_ones", []),
        # What is called here is no class: its name only ends like that of a variable which holds one.
        ("Order.default_model.late_ones", [".default_model"]),
        ("Order.of_day.best_model.late_ones", [".of_day", ".late_ones"]),
    ],
)
def test_the_receiver_tells(written: str, names: list[str]) -> None:
    assert RUBY.on_class is not None
    found = calls_on_classes(written.encode(), RUBY.on_class)
    assert [name.decode() for _, _, name in found] == names


def test_each_function_has_its_own() -> None:
    assert RUBY.on_class is not None
    text = b"def a; Order.late_ones; end; def b; Order.open_ones; Order.late_ones; end"
    calls = calls_on_classes(text, RUBY.on_class)
    middle = text.index(b"; def b")
    assert list(within(calls, [(0, middle)])) == [b".late_ones"]
    assert list(within(calls, [(middle, len(text))])) == [b".open_ones", b".late_ones"]
    assert list(within(calls, [])) == []
