"""Keys that only the other side tells of: `Shop.hasMany(Order)`."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import QueryFound

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


@pytest.mark.parametrize(
    ("key", "column"),
    [
        ("code: { type: DataTypes.STRING, primaryKey: true }", "shopCode"),
        ("name: DataTypes.STRING", "shopId"),
    ],
)
def test_a_key_is_called_after_the_key_it_refers_to(key: str, column: str) -> None:
    found = architecture(
        {
            "package.json": '{"dependencies": {"sequelize": "6"}}',
            "models.js": f"""
const {{ DataTypes, Sequelize }} = require("sequelize");
const db = new Sequelize("postgres://db/shop");
const Shop = db.define("shop", {{ {key} }});
const Order = db.define("order", {{ state: DataTypes.STRING }});
Shop.hasMany(Order, {{ foreignKey: {{ allowNull: false }} }});
Order.belongsTo(Shop, {{ foreignKey: {{ allowNull: false }} }});
const of = (given) => Order.findAll({{ where: {{ {column}: given }} }});
""",
        }
    )
    table = found.schema.table("orders")
    assert table is not None
    assert [tuple(key.columns) for key in table.foreign_keys] == [(column,)]
    asked = [p.column for site in found.sites(QueryFound) for p in site.fact.predicates]
    assert asked == [column]


def test_columns_that_only_the_class_has_are_not_judged_where_an_index_lost_its_column() -> None:
    def known(attribute: str) -> list[str]:
        found = architecture(
            {
                "package.json": '{"dependencies": {"sequelize": "6"}}',
                "migrations/1-orders.js": """
module.exports = { up: async (queryInterface, Sequelize) => {
  await queryInterface.createTable("orders", { id: { type: Sequelize.INTEGER, primaryKey: true }, buyerGuid: Sequelize.STRING });
  await queryInterface.addIndex("orders", ["buyerGuid"]);
} };
""",
                "models.js": f"""
const {{ DataTypes, Sequelize }} = require("sequelize");
const db = new Sequelize("postgres://db/shop");
const Order = db.define("orders", {{ {attribute}: DataTypes.STRING, note: DataTypes.STRING }}, {{ timestamps: false }});
""",
            }
        )
        table = found.schema.table("orders")
        assert table is not None
        return [column.name for column in table.columns]

    assert known("buyerId") == ["id", "buyerGuid"]
    assert known("buyerGuid") == ["id", "buyerGuid", "note"]


def test_a_model_beside_a_class_of_its_name_without_the_last_word() -> None:
    found = architecture(
        {
            "package.json": '{"dependencies": {"sequelize": "6"}}',
            "data/store.ts": """
import { DataTypes, Sequelize } from "sequelize";
const db = new Sequelize("postgres://db/shop");
export class Order { code?: string }
export const OrderModel = db.define<any>("Order", { code: DataTypes.STRING });
""",
            "services/orders.ts": """
import { Order, OrderModel } from "../data/store";
export const of = (code: string) => OrderModel.findAll({ where: { code } });
""",
        }
    )
    asked = [p for site in found.sites(QueryFound) for p in site.fact.predicates]
    assert [(p.table, p.column) for p in asked] == [("orders", "code")]
