"""go-pg from structs and chains to what no index serves."""

from tests.linking.system import architecture, missing

MODELS = """
package model

type Order struct {
	tableName struct{} `pg:"shop_orders"`

	ID         int64
	State      string
	CustomerID int64
	Customer   *Customer `pg:"rel:has-one"`
}

type Customer struct {
	ID    int64
	Email string `pg:",unique"`
	Phone string `pg:"mobile"`
}
"""
STORE = """
package store

import (
	"example.com/shop/model"
	"github.com/go-pg/pg/v10"
)

type Store struct{ db *pg.DB }

func (s *Store) find(states []string, text string) {
	var orders []*model.Order
	s.db.Model(&orders).Where("state in (?)", pg.In(states)).Limit(10).Select()
	customer := new(model.Customer)
	s.db.Model(customer).Where("email = ?", text).Select()
	s.db.Model(customer).Where("mobile = ?", text).First()
}
"""


def test_chains_reach_the_tables_of_the_structs() -> None:
    found = architecture({"model/model.go": MODELS, "store/store.go": STORE})
    assert sorted(found.schema.tables) == ["customers", "shop_orders"]
    assert missing(found) == {("customers", ("mobile",))}


def test_a_plain_struct_is_the_table_of_a_migration() -> None:
    plain = "package model\n\ntype Customer struct {\n\tID int64\n\tPhone string\n}\n"
    script = "CREATE TABLE customers (id bigint PRIMARY KEY, email text, mobile text);"
    found = architecture(
        {"model/model.go": plain, "store/store.go": STORE, "migrations/001_first.sql": script}
    )
    assert missing(found) == {("customers", ("mobile",)), ("customers", ("email",))}
