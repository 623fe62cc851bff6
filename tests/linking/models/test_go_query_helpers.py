"""Go: queries of GORM that functions of other files begin or narrow."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.facts import QueryFound

FILES = {
    "go.mod": "module example.com/shop\n",
    "model/order.go": """\
        package model

        import "gorm.io/gorm"

        type Order struct {
            gorm.Model
            ShopID uint
            Code   string
            Kind   string
        }
        """,
    "query/scopes.go": """\
        package query

        import "gorm.io/gorm"

        func OfShop(id uint) func(*gorm.DB) *gorm.DB {
            return func(db *gorm.DB) *gorm.DB {
                return db.Where("shop_id = ?", id)
            }
        }

        func ByKind(q *gorm.DB, kind string) *gorm.DB {
            if kind != "" {
                q = q.Where("kind = ?", kind)
            }
            return q
        }
        """,
    "store/base.go": """\
        package store

        import "gorm.io/gorm"

        func (s *Store) fresh(ctx context.Context) *gorm.DB {
            return s.db.WithContext(ctx)
        }
        """,
}


def asked(body: str) -> list[tuple[list[str], bool]]:
    source = (
        'package store\n\nimport (\n\t"example.com/shop/model"\n\t"example.com/shop/query"\n\t"gorm.io/gorm"\n)\n\n'
        f"func (s *Store) list(ctx context.Context, id uint) {{\n\tvar rows []model.Order\n\t{body}\n}}\n"
    )
    found = architecture({**FILES, "store/orders.go": source})
    return [
        ([p.column for p in site.fact.predicates if p.column != "deleted_at"], site.fact.partial)
        for site in found.sites(QueryFound)
        if site.at.path == "store/orders.go" or site.fact.library == "gorm"
    ]


def test_a_scope_of_another_package() -> None:
    assert asked("s.db.Scopes(query.OfShop(id)).Find(&rows)") == [(["shop_id"], False)]


def test_a_function_that_narrows_in_a_branch() -> None:
    body = 'q := s.db.Where("code = ?", id)\n\tq = query.ByKind(q, kind)\n\tq.Find(&rows)'
    assert sorted(asked(body)) == [(["code"], False), (["code", "kind"], False)]


def test_a_method_that_only_begins_a_query() -> None:
    assert asked('s.fresh(ctx).Where("code = ?", id).Find(&rows)') == [(["code"], False)]


def test_what_nobody_defines_leaves_a_query_unknown() -> None:
    assert asked('s.other(ctx).Where("code = ?", id).Find(&rows)') == [(["code"], True)]
