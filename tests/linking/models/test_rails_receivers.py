"""Rails: relations of rows of no known class, by what the rows are called; `unscoped`; bare columns."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture, missing

SCHEMA = """
ActiveRecord::Schema.define do
  create_table "orders" do |t|
    t.string "code"
    t.string "region"
  end
  create_table "lines" do |t|
    t.integer "order_id"
    t.string "label"
    t.string "sku"
  end
  create_table "cart_lines" do |t|
    t.integer "cart_id"
    t.string "label"
  end
  create_table "carts" do |t|
    t.string "code"
  end
end
"""
MODELS = """
class Order < ApplicationRecord
  has_many :lines
  default_scope { where(region: Current.region) }
end
class Line < ApplicationRecord
  belongs_to :order
end
class Cart < ApplicationRecord
  has_many :lines, class_name: "CartLine"
end
class CartLine < ApplicationRecord
  belongs_to :cart
end
"""


def asked(code: str) -> set[tuple[str, tuple[str, ...]]]:
    files = {"db/schema.rb": SCHEMA, "app/models/all.rb": MODELS}
    known = missing(architecture(files))
    files["app/reads.rb"] = f"class Reads\n  def read(x)\n    {code}\n  end\nend\n"
    return missing(architecture(files)) - known


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("@cart.lines.where(label: x).to_a", {("cart_lines", ("cart_id", "label"))}),
        ("current_cart.lines.where(label: x).to_a", {("cart_lines", ("cart_id", "label"))}),
        ("x.last_order.lines.where(label: x).to_a", {("lines", ("order_id", "label"))}),
        ("@basket.lines.where(label: x).to_a", set()),  # of either
        ("@basket.lines.where(sku: x).to_a", {("lines", ("order_id", "sku"))}),  # one has it
        ("Order.where(code: x).first", {("orders", ("code", "region"))}),
        ("Order.unscoped.where(code: x).first", {("orders", ("code",))}),
        ('Order.joins(:lines).where("sku = ?", x).to_a', {("lines", ("order_id", "sku"))}),
    ],
)
def test_what_is_asked(code: str, expected: set[tuple[str, tuple[str, ...]]]) -> None:
    assert asked(code) == expected
