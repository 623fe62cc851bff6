"""Keys that only the other side tells of: `Shop.hasMany(Order)`."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

MODELS = """
const { DataTypes, Sequelize } = require("sequelize");
const db = new Sequelize("postgres://db/shop");
const Shop = db.define("Shop", { name: DataTypes.STRING });
const Order = db.define("Order", { code: DataTypes.STRING, shopRef: DataTypes.INTEGER });
"""


def keys(associations: str) -> list[tuple[tuple[str, ...], str]]:
    found = architecture(
        {"package.json": '{"dependencies": {"sequelize": "6"}}', "models.js": MODELS + associations}
    )
    table = found.schema.table("orders")
    assert table is not None
    return [(tuple(key.columns), key.table) for key in table.foreign_keys]


@pytest.mark.parametrize(
    ("associations", "expected"),
    [
        ("Shop.hasMany(Order);", [(("ShopId",), "shops")]),
        ("Shop.hasOne(Order, { foreignKey: 'shopNumber' });", [(("shopNumber",), "shops")]),
        ("Shop.hasMany(Order, { foreignKey: 'shopRef' });", [(("shopRef",), "shops")]),
        ("Order.belongsTo(Shop); Shop.hasMany(Order);", [(("shopId",), "shops")]),
        ("Shop.hasMany(Order, { foreignKey: 'subject', constraints: false });", []),
        ("Shop.belongsToMany(Order, { through: 'ShopOrder' });", []),
    ],
)
def test_the_key_of_the_other_side(
    associations: str, expected: list[tuple[tuple[str, ...], str]]
) -> None:
    assert keys(associations) == expected
