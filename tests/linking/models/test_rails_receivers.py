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


NAMESAKES = {
    "db/schema.rb": """
ActiveRecord::Schema.define do
  create_table("owners") { |t| t.string "name" }
  create_table "parcels" do |t|
    t.integer "owner_id"
    t.string "label"
  end
  create_table "depot_parcels" do |t|
    t.string "label"
  end
end
""",
    "app/models/owner.rb": "class Owner < ApplicationRecord\n  has_many :parcels\nend\n",
    "app/models/parcel.rb": "class Parcel < ApplicationRecord\n  belongs_to :owner\nend\n",
    "app/models/depot/parcel.rb": (
        "class Depot::Parcel < ApplicationRecord\n  self.table_name = 'depot_parcels'\nend\n"
    ),
}


@pytest.mark.parametrize(
    ("folder", "code", "expected"),
    [
        ("controllers", "owner.parcels.where(label: x).to_a", {("parcels", ("owner_id", "label"))}),
        ("controllers", "Parcel.where(label: x).to_a", {("parcels", ("label",))}),
        ("controllers", "Depot::Parcel.where(label: x).to_a", {("depot_parcels", ("label",))}),
        ("controllers/depot", "Parcel.where(label: x).to_a", {("depot_parcels", ("label",))}),
        ("lib/depot", "Parcel.where(label: x).to_a", {("depot_parcels", ("label",))}),
    ],
)
def test_a_class_with_a_namesake_in_a_namespace(
    folder: str, code: str, expected: set[tuple[str, tuple[str, ...]]]
) -> None:
    read = f"class Reads\n  def read(owner, x)\n    {code}\n  end\nend\n"
    known = missing(architecture(NAMESAKES))
    found = missing(architecture({**NAMESAKES, f"app/{folder}/reads.rb": read}))
    assert found - known == expected
