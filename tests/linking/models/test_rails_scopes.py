"""Rails: scopes that are written in several statements."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture, missing

SCHEMA = """
ActiveRecord::Schema.define do
  create_table "orders" do |t|
    t.string "code"
    t.string "region"
  end
end
"""
ORDER = """
class Order < ApplicationRecord
  scope :within, ->(region) { where(region: region) }
  scope :found, %s
end
"""


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (
            """lambda { |code|
    rows = all
    rows = rows.where("code = ?", code) unless code == "*"
    rows
  }""",
            ("code",),
        ),
        (
            """->(code, region) do
    rows = within(region)
    rows = rows.where(code: code) if code
    rows
  end""",
            ("code", "region"),
        ),
    ],
)
def test_what_is_added_in_a_branch(scope: str, expected: tuple[str, ...]) -> None:
    files = {"db/schema.rb": SCHEMA, "app/models/order.rb": ORDER % scope}
    assert ("orders", expected) in missing(architecture(files))


def test_variables_of_other_scopes_are_others() -> None:
    other = """->(code) do
    rows = where(code: code)
    rows = rows.where(region: code) if code
    rows
  end
  scope :other, ->(code) do
    rows = Cart.all
    rows = rows.where(region: code) if code
    rows
  end"""
    files = {"db/schema.rb": SCHEMA, "app/models/order.rb": ORDER % other}
    found = missing(architecture(files))
    assert ("orders", ("code", "region")) in found
