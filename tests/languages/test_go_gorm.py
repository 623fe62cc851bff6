"""Go: structs and queries of GORM."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.facts import ModelDefined, OrmQuery, QueryFound, ScopeDefined, TableChanged
from scaleaudit.file_roles import is_generated
from scaleaudit.languages.go import extract

HEAD = 'package shop\n\nimport "gorm.io/gorm"\n\n'


def models(source: str) -> dict[str, ModelDefined]:
    found = extract(f"{HEAD}{dedent(source)}".encode())
    assert found.problem == ""
    return {fact.name: fact for fact in found.facts if isinstance(fact, ModelDefined)}


def queries(body: str, more: str = "") -> list[OrmQuery]:
    source = f"{HEAD}{more}\nfunc work(db *gorm.DB, id uint) {{\n{dedent(body)}\n}}\n"
    found = extract(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, OrmQuery)]


def asked(body: str) -> list[tuple[str, list[str]]]:
    return [(q.model, [f"{c.path} {c.operator}" for c in q.conditions]) for q in queries(body)]


USER = """
type User struct {
    gorm.Model
    Base
    Name      string  `gorm:"size:100;index:idx_name_age,priority:2"`
    Age       int32   `gorm:"index:idx_name_age,priority:1"`
    Email     *string `gorm:"column:mail;uniqueIndex"`
    Token     string  `gorm:"unique;not null"`
    City      string  `gorm:"index:,where:active"`
    CompanyID uint    `gorm:"index"`
    Company   Company
    Orders    []Order `gorm:"foreignKey:BuyerID"`
    Languages []*Language `gorm:"many2many:user_languages"`
    Notes     []Note  `gorm:"polymorphic:Owner"`
    Profile   *Profile `gorm:"foreignKey:UserRef"`
    Secret    string  `gorm:"-"`
    Status    Status  `gorm:"type:varchar(20)"`
    hidden    int
}
func (User) TableName() string { return "app_users" }
type Request struct { Name string }
"""


def test_a_struct_with_tags() -> None:
    found = models(USER)
    assert list(found) == ["User"]
    user = found["User"]
    assert (user.table, user.bases) == ("app_users", ("Base",))
    assert [(f.name, f.column, f.type) for f in user.fields] == [
        ("ID", "id", "BIGINT"), ("CreatedAt", "created_at", "TIMESTAMP"),
        ("UpdatedAt", "updated_at", "TIMESTAMP"), ("DeletedAt", "deleted_at", "TIMESTAMP"),
        ("Name", "name", "VARCHAR"), ("Age", "age", "INT"), ("Email", "mail", "VARCHAR"),
        ("Token", "token", "VARCHAR"), ("City", "city", "VARCHAR"), ("CompanyID", "company_id", "BIGINT"),
        ("Status", "status", "VARCHAR"),
    ]  # fmt: skip
    assert [f.name for f in user.fields if f.indexed] == ["DeletedAt", "CompanyID"]
    assert [f.name for f in user.fields if f.unique] == ["Token"]
    assert [(i.columns, i.unique, i.where) for i in user.indexes] == [
        (("age", "name"), False, ""), (("mail",), True, ""), (("city",), False, "active"),
    ]  # fmt: skip


def test_relations() -> None:
    found = {
        r.name: (r.kind, r.target, r.column, r.through) for r in models(USER)["User"].relations
    }
    assert found == {
        "Company": ("belongs-to", "Company", "company_id", ""),
        "Orders": ("has-many", "Order", "buyer_id", ""),
        "Languages": ("many-to-many", "Language", "user_id", "user_languages"),
        "Notes": ("has-many", "Note", "owner_id", ""),
        "Profile": ("has-one", "Profile", "user_ref", ""),
    }


def test_what_was_deleted_is_left_out_of_every_query() -> None:
    facts = extract(f"{HEAD}{USER}".encode()).facts
    (scope,) = [fact for fact in facts if isinstance(fact, ScopeDefined)]
    assert (scope.owner, scope.always) == ("User", True)
    assert [(c.path, c.operator) for c in scope.conditions] == [("DeletedAt", "is-null")]


@pytest.mark.parametrize(
    ("body", "model", "conditions"),
    [
        ("var u User\ndb.First(&u, id)", "User", ["pk ="]),
        ('var l []*shop.User\ndb.Where("name = ? AND age > ?", n, a).Find(&l)', "shop.User", ["name =", "age >"]),
        ('u := &User{}\ndb.Where(&User{Name: n, Age: 3}).First(u)', "User", ["Name =", "Age ="]),
        ('db.Model(&User{}).Where(map[string]any{"name": n, "id": []int{1, 2}}).Count(&total)', "User", ["name =", "id in"]),
        ('l := make([]User, 0)\ndb.Find(&l, "mail = ?", m)', "User", ["mail ="]),
        ('var l []User\ndb.Not("age", 3).Where("city", c).Find(&l)', "User", ["age !=", "city ="]),
        ('var l []User\ndb.Where("name LIKE ?", n).Order("created_at desc, name").Find(&l)', "User",
         ["name search", "created_at sort", "name sort"]),
        ('db.Delete(&User{}, "mail IN ?", m)', "User", ["mail in"]),
        ('var l []User\ndb.Joins("Company").Where("Company.city = ?", c).Find(&l)', "User", ["Company.city ="]),
        ('var l []User\ndb.Joins("JOIN orders o ON o.buyer_id = app_users.id").Where("o.code = ?", c).Find(&l)', "User",
         ["orders.code =", "orders.buyer_id =", "app_users.id ="]),
    ],
)  # fmt: skip
def test_one_chain(body: str, model: str, conditions: list[str]) -> None:
    assert asked(body) == [(model, conditions)]
    assert not any(query.partial for query in queries(body))


def test_a_chain_that_is_gone_on_with() -> None:
    found = queries(
        """
        q := db.Model(&User{}).Where("company_id = ?", id)
        if city != "" {
            q = q.Where("city = ?", city)
        }
        if since != nil {
            q = q.Where("created_at > ?", since).Preload("Orders")
        }
        var l []User
        if err := q.Limit(10).Find(&l).Error; err != nil {
            return
        }
        """
    )
    assert [([c.path for c in q.conditions], q.limited) for q in found] == [
        (["company_id", "city"], True),
        (["company_id", "created_at"], True),
    ]
    assert found[1].loads == ("Orders",)


def test_alternatives() -> None:
    (query,) = queries('var l []User\ndb.Where("a = ?", 1).Or("b = ? AND c = ?", 2, 3).Find(&l)')
    assert [(c.path, c.alternative, c.branch) for c in query.conditions] == [
        ("a", True, 1), ("b", True, 2), ("c", True, 2),
    ]  # fmt: skip


def test_a_map_that_is_filled_key_by_key() -> None:
    found = asked(
        """
        filters := map[string]any{"city": city}
        filters["company_id"] = id
        if name != "" {
            filters["name"] = name
        }
        var l []User
        db.Where(filters).Order("created_at").Find(&l)
        """
    )
    assert found == [
        ("User", ["company_id =", "name =", "city =", "created_at sort"]),
    ]
    made = 'f := make(map[string]any)\nf["age"] = 1\nvar l []User\ndb.Where(f).Find(&l)'
    assert asked(made) == [("User", ["age ="])]
    (query,) = queries("f := map[string]any{}\nf[column] = 1\nvar l []User\ndb.Where(f).Find(&l)")
    assert query.partial


def test_writes() -> None:
    found = queries(
        """
        var u User
        db.Create(&u)
        db.Model(&u).Update("name", n)
        db.Model(&User{}).Where("mail = ?", m).Updates(values)
        db.Where("city = ?", c).Delete(&User{})
        """
    )
    assert [(q.inserts, q.writes, q.deletes) for q in found] == [
        (True, False, False), (False, True, False), (False, True, False), (False, False, True),
    ]  # fmt: skip
    assert [[c.path for c in q.conditions] for q in found] == [[], ["pk"], ["mail"], ["city"]]


@pytest.mark.parametrize(
    "body",
    [
        "var l []User\ndb.Where(condition).Find(&l)",
        "var l []User\ndb.Scopes(Active).Where(\"a = ?\", 1).Find(&l)",
        "var l []User\nvisible(db.Where(\"a = ?\", 1)).Find(&l)\ns.visible(db).Find(&l)",
        "var l []User\nmodels.FormatSQL(db.Model(User{}), page).Find(&l)",
    ],
)  # fmt: skip
def test_what_is_not_known(body: str) -> None:
    found = queries(body)
    assert found
    assert all(query.partial or query.scopes for query in found)


def test_a_function_that_begins_the_chain() -> None:
    more = 'func active(db *gorm.DB) *gorm.DB {\n return db.Model(&User{}).Where("active = ?", true)\n}\n'
    (query,) = queries('var l []User\nactive(db).Where("city = ?", c).Find(&l)', more)
    assert [c.path for c in query.conditions] == ["active", "city"]
    assert query.conditions[0].constant


def test_what_a_function_of_the_file_is_handed_is_asked_too() -> None:
    more = 'func open(tx *gorm.DB) *gorm.DB {\n    return tx.Where("ended_at IS NULL")\n}\n'
    (found,) = queries('var row User\nopen(db.Where("id = ?", id)).Find(&row)', more)
    assert [c.path for c in found.conditions] == ["id", "ended_at"]
    more = (
        'func (s *Rows) open(tx *gorm.DB) *gorm.DB {\n    return tx.Where("ended_at IS NULL")\n}\n'
    )
    body = 'func (s *Rows) work(id uint) {{\n    var row User\n    s.open(s.db.Where("id = ?", id)).Find(&row)\n}}\n'
    source = f"{HEAD}{more}{body.format()}"
    (found,) = [f for f in extract(source.encode()).facts if isinstance(f, OrmQuery)]
    assert [c.path for c in found.conditions] == ["id", "ended_at"]


def test_a_function_that_goes_on_with_the_chain() -> None:
    more = (
        "func ranked(q *gorm.DB, limit int) *gorm.DB {\n"
        '    q = q.Where("rank <= ?", limit)\n    return q\n}\n'
    )
    (known,) = queries(
        'var rows []User\nq := db.Where("name = ?", id)\nq = ranked(q, 3)\nq.Find(&rows)\n', more
    )
    assert [c.path for c in known.conditions] == ["name", "rank"]
    assert not known.partial
    (unknown,) = queries(
        'var rows []User\nq := db.Table("(?) as ranked", sub)\nq = ranked(q, 3)\nq.Find(&rows)\n',
        more,
    )
    assert unknown.partial


def test_a_table_by_its_name() -> None:
    source = f'{HEAD}func f(db *gorm.DB) {{ db.Table("app_users AS u").Where("u.mail = ?", m).Scan(&rows) }}'
    (query,) = [f for f in extract(source.encode()).facts if isinstance(f, QueryFound)]
    assert query.reads == ("app_users",)
    assert [(p.table, p.column) for p in query.predicates] == [("app_users", "mail")]


SCOPES = """\
package shop

import "gorm.io/gorm"

func OfShop(id int) func(*gorm.DB) *gorm.DB {
	return func(db *gorm.DB) *gorm.DB {
		return db.Where("shop_id = ?", id)
	}
}

func Open(db *gorm.DB) *gorm.DB {
	if hurried {
		db = db.Where("hurried = ?", true)
	}
	return db.Where("closed_at IS NULL")
}

func work(db *gorm.DB, id int) {
	var orders []Order
	%s
}
"""


@pytest.mark.parametrize(
    ("body", "conditions", "partial"),
    [
        ("db.Scopes(OfShop(id)).Find(&orders)", ["shop_id ="], False),
        ("db.Scopes(OfShop(id), Open).Find(&orders)", ["shop_id =", "closed_at is-null"], False),
        ("db.Scopes(elsewhere.Narrowed(id)).Find(&orders)", [], True),
        ("db.Scopes(paginate(r)).Where(\"code = ?\", id).Find(&orders)", ["code ="], False),
    ],
)  # fmt: skip
def test_functions_that_are_handed_to_a_query(
    body: str, conditions: list[str], partial: bool
) -> None:
    found = extract((SCOPES % body).encode())
    (query,) = [fact for fact in found.facts if isinstance(fact, OrmQuery)]
    assert [f"{c.path} {c.operator}" for c in query.conditions] == conditions
    assert (query.partial, query.scopes) == (False, ("Narrowed()",) if partial else ())


def test_rows_in_a_named_list() -> None:
    more = "type Users []*User\n"
    (query,) = queries('rows := Users{}\ndb.Where("city = ?", c).Find(&rows)', more)
    assert query.model == "User"


def test_a_query_inside_another() -> None:
    found = extract(
        (
            SCOPES
            % """sub := db.Model(&Item{}).Where("sku = ?", id).Select("order_id")
	db.Where("id IN (?)", sub).Find(&orders)"""
        ).encode()
    )
    queries = [fact for fact in found.facts if isinstance(fact, OrmQuery)]
    assert [(q.model, [c.path for c in q.conditions]) for q in queries] == [
        ("Order", ["id"]),
        ("Item", ["sku"]),
    ]
    assert [q.limited for q in queries] == [False, True]  # only the orders are brought here


def test_a_value_of_several_callers_between_quotes() -> None:
    found = extract(
        b"""package shop

import "gorm.io/gorm"

func stale(db *gorm.DB, status string, age int) {
    var orders []Order
    query := fmt.Sprintf("status = '%s' AND updated_at < NOW() - INTERVAL '%d hours'", status, age)
    db.Where(query).Find(&orders)
}

func ordered(db *gorm.DB, column string) {
    var orders []Order
    db.Where(fmt.Sprintf("%s = 3", column)).Find(&orders)
}

func all(db *gorm.DB) {
    stale(db, "open", 6)
    stale(db, "sent", 24)
    ordered(db, "code")
    ordered(db, "number")
}
"""
    )
    queries = [fact for fact in found.facts if isinstance(fact, OrmQuery)]
    assert [([c.path for c in q.conditions], q.partial) for q in queries] == [
        (["status", "updated_at"], False),
        ([], True),
    ]


@pytest.mark.parametrize(
    ("function", "name", "conditions", "options", "partial"),
    [
        ('func OfShop(id int) func(*gorm.DB) *gorm.DB {\n return func(db *gorm.DB) *gorm.DB {\n'
         '  return db.Where("shop_id = ?", id)\n }\n}', "OfShop()", ["shop_id ="], [], False),
        ('func (r *Repo) open(ctx context.Context) *gorm.DB {\n return r.db.WithContext(ctx).Where("open = ?", x)\n}',
         "open()", ["open ="], [], False),
        ('func (r *Repo) all(ctx context.Context) *gorm.DB {\n return r.db.WithContext(ctx)\n}', "all()", [], [], False),
        ('func by(q *gorm.DB, name string) *gorm.DB {\n if name != "" {\n  q = q.Where("name = ?", name)\n }\n'
         ' return q.Where("open = ?", x)\n}', "by()", ["open ="], [["name ="]], False),
        ('func by(q *gorm.DB, name string) *gorm.DB {\n if name == "" {\n  return q\n }\n'
         ' return q.Where("name = ?", name)\n}', "by()", [], [["name ="]], False),
        ("func by(q *gorm.DB, f Filter) *gorm.DB {\n return q.Where(f.Text())\n}", "by()", [], [], True),
        ('func load(q *gorm.DB) *gorm.DB {\n return q.Where("a = ?", 1).Find(&rows)\n}', "load()", [], [], True),
    ],
)  # fmt: skip
def test_functions_that_files_of_other_packages_call(
    function: str, name: str, conditions: list[str], options: list[list[str]], partial: bool
) -> None:
    found = extract(f"{HEAD}{function}\n".encode())
    (scope,) = [fact for fact in found.facts if isinstance(fact, ScopeDefined)]
    assert (scope.name, scope.owner, scope.implied, scope.partial) == (name, "", True, partial)
    assert [f"{c.path} {c.operator}" for c in scope.conditions] == conditions
    assert [[f"{c.path} {c.operator}" for c in o.conditions] for o in scope.options] == options


def test_a_query_that_others_name_twice_is_asked_once() -> None:
    found = asked("""
        open := db.Model(&Order{}).Where("open = ?", true)
        late := db.Model(&Item{}).Where("order_id IN (?)", open)
        db.Where("item_id IN (?) OR other_id IN (?)", late, late).Find(&[]Part{})
    """)
    assert [model for model, _ in found].count("Order") == 1


def test_a_list_with_a_name_of_its_own_is_a_relation() -> None:
    source = """
    type Cart struct {
        ID    uint   `gorm:"primaryKey"`
        Lines Lines  `gorm:"constraint:OnDelete:CASCADE"`
        Tags  Tags
        Notes Notes
    }
    type Lines []*Line
    type Tags []string
    type Notes []Note
    func (n *Notes) Scan(value any) error { return nil }
    type Line struct {
        ID     uint `gorm:"primaryKey"`
        CartID uint
    }
    type Note struct { Text string }
    """
    cart = models(source)["Cart"]
    assert [(r.name, r.target, r.kind, r.column) for r in cart.relations] == [
        ("Lines", "Line", "has-many", "cart_id")
    ]
    assert [field.name for field in cart.fields] == ["ID", "Tags", "Notes"]


def test_what_a_generator_writes_of_tables_is_read() -> None:
    head = "// Code generated by go-swagger; DO NOT EDIT.\n\npackage models\n\n"
    assert is_generated(f'{head}type Order struct {{ ID string `json:"id"` }}\n'.encode())
    tagged = 'type Order struct { ID string `json:"id" gorm:"primaryKey"` }\n'
    assert not is_generated(f"{head}{tagged}".encode())


def test_a_key_that_its_tag_calls_a_foreign_key_is_a_column() -> None:
    source = """
    type Host struct {
        ID        strfmt.UUID  `gorm:"primaryKey"`
        ClusterID *strfmt.UUID `json:"cluster_id" gorm:"foreignkey:Cluster"`
        Cluster   *Cluster     `gorm:"foreignkey:ClusterID"`
    }
    type Cluster struct { Name string }
    """
    host = models(source)["Host"]
    assert [field.column for field in host.fields] == ["id", "cluster_id"]
    assert [(r.name, r.kind, r.column) for r in host.relations] == [
        ("Cluster", "belongs-to", "cluster_id")
    ]


def test_indexes_that_the_first_gorm_makes_by_calls() -> None:
    source = """
        type Order struct { gorm.Model; Code string }
        func (Order) TableName() string { return "shop_orders" }
        func migrate(tx *gorm.DB) error {
            if err := tx.Model(&Order{}).AddIndex("by_code", "code").Error; err != nil { return err }
            tx.Table("users").AddUniqueIndex("by_mail", "mail", "org_id")
            db.Model(&shop.LineItem{}).AddIndex("by_shop", "shop_id")
            tx.Model(item).AddIndex("unknown", "a")
            tx.Model(&Order{}).AddIndex("computed", columns...)
            return tx.Model(&Order{}).RemoveIndex("by_code").Error
        }
    """
    found = extract(f"{HEAD}{dedent(source)}".encode())
    made = [f for f in found.facts if isinstance(f, TableChanged) and f.index is not None]
    assert [(f.table, f.action, f.index.columns, f.index.unique) for f in made if f.index] == [
        ("shop_orders", "add-index", ("code",), False),
        ("users", "add-index", ("mail", "org_id"), True),
        ("line_items", "add-index", ("shop_id",), False),
    ]


@pytest.mark.parametrize("last", ["Find(&orders)", "Count()", "Delete(&order)"])
def test_an_association_is_what_belongs_to_one_row(last: str) -> None:
    (query,) = queries(
        f'var user User\nvar orders []Order\ndb.Model(&user).Where("a = ?", 1).Association("Orders").{last}'
    )
    assert (query.model, query.loads, query.limited) == ("User", ("Orders",), True)
    assert [f"{c.path} {c.operator}" for c in query.conditions] == ["pk ="]
    assert not query.deletes
    assert not query.aggregate


def test_an_association_of_what_no_file_tells_is_left_alone() -> None:
    assert queries('var orders []Order\ndb.Model(given).Association("Orders").Find(&orders)') == []
    assert queries("var u User\nvar o []Order\ndb.Model(&u).Association(name).Find(&o)") == []


def test_values_without_repetition_are_few() -> None:
    (query,) = queries(
        """
        q := db.Model(&User{})
        switch db.Name() {
        case "sqlite":
            q = q.Select("DISTINCT json_extract(data, '$.name') AS name").Where("city = ?", id)
        default:
            q = q.Select("distinct data->>'name' AS name").Where("city = ?", id)
        }
        var names []string
        q.Find(&names)
        """
    )
    assert query.grouped
    (all_of_them,) = queries('var l []User\ndb.Model(&User{}).Select("distinction").Find(&l)')
    assert not all_of_them.grouped
    for said in ('Select("DISTINCT name")', 'Group("name").Select("name")'):
        (query,) = queries(f"var l []User\ndb.Model(&User{{}}).{said}.Find(&l)")
        assert query.grouped, said


@pytest.mark.parametrize(
    ("line", "limited", "partial"),
    [
        ("q.Limit(*page.Limit)", True, False),
        ('q.Where("shop_id = ?", page.Shop)', False, True),
        ('q.Order("name")', False, False),
    ],
)
def test_lines_of_their_own_on_a_query_that_is_handed_back(
    line: str, limited: bool, partial: bool
) -> None:
    function = f"func Format(q *gorm.DB, page *Page) *gorm.DB {{\n if page != nil {{\n  {line}\n }}\n return q\n}}"
    found = extract(f"{HEAD}{function}\n".encode())
    (scope,) = [fact for fact in found.facts if isinstance(fact, ScopeDefined)]
    assert (scope.limited, scope.partial) == (limited, partial)


@pytest.mark.parametrize(
    ("body", "limited"),
    [
        ("var u User\ndb.Find(&u)", True),
        ("u := &shop.User{}\ndb.Find(u)", True),
        ("u := new(User)\ndb.Model(u).Scan(u)", True),
        ("var l []User\ndb.Find(&l)", False),
        ("l := []*User{}\ndb.Find(&l)", False),
        ("var l shop.Users\ndb.Find(&l)", False),  # perhaps a list with a name
    ],
)
def test_a_struct_takes_the_first_row_alone(body: str, limited: bool) -> None:
    (query,) = queries(body)
    assert query.limited is limited


@pytest.mark.parametrize(
    ("struct", "body", "found"),
    [
        ('Name string `sql:"not null"`', "", ["Order"]),  # of the first GORM
        ("Name string", "func add(db *gorm.DB, o *Order) error { return db.Save(o).Error }", ["Order"]),
        ("Name string", "func add(db *gorm.DB) { tx := db.Begin(); tx.Create(&Order{}) }", ["Order"]),
        ("Name string", "func add(c *Client) { c.Save(&Order{}) }", []),
        ("Name string", "func add(db *gorm.DB, o []byte) error { return db.Save(o).Error }", []),
    ],
)  # fmt: skip
def test_structs_without_a_tag_of_gorm(struct: str, body: str, found: list[str]) -> None:
    assert list(models(f"type Order struct {{\n Id int64\n {struct}\n}}\n{body}\n")) == found
