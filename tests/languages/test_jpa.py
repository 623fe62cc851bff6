"""Entities, repositories and queries of JPA, Hibernate and Spring Data: sources in, facts out."""

from __future__ import annotations

from time import perf_counter

import pytest

from scaleaudit.config_files.hibernate_mapping import extract as extract_mapping
from scaleaudit.facts import (
    Clause,
    Condition,
    FieldFact,
    ModelDefined,
    OrmQuery,
    QueryFound,
    ScopeDefined,
)
from scaleaudit.jpql import read_jpql
from scaleaudit.languages.java import extract as extract_java
from scaleaudit.languages.kotlin import extract as extract_kotlin
from scaleaudit.source import Span

JPA = "package shop;\nimport jakarta.persistence.*;\n"
SPRING = (
    "import org.springframework.data.jpa.repository.*;\nimport org.springframework.data.domain.*;\n"
)
CRITERIA = "import jakarta.persistence.criteria.*;\nimport org.springframework.data.jpa.domain.Specification;\n"


def models(source: str) -> dict[str, ModelDefined]:
    found = extract_java(source.encode())
    assert found.problem == ""
    return {fact.name: fact for fact in found.facts if isinstance(fact, ModelDefined)}


def queries(source: str, *, kotlin: bool = False) -> list[OrmQuery]:
    found = (extract_kotlin if kotlin else extract_java)(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, OrmQuery)]


def in_method(imports: str, *statements: str) -> list[OrmQuery]:
    body = "\n".join(statements)
    return queries(f"{imports}\nclass Shop {{ Object work() {{\n{body}\n}} }}")


def asked(query: OrmQuery) -> list[str]:
    return [told(each) for each in query.conditions]


def told(each: Condition) -> str:
    words = [
        f"{each.model}:" if each.model else "",
        each.path,
        each.operator,
        f"by {each.function}" if each.function else "",
        f"or {each.branch}" if each.alternative else "",
        "join" if each.clause is Clause.JOIN else "",
        "constant" if each.constant else "",
    ]
    return " ".join(word for word in words if word)


# -- entities


ORDER = (
    JPA
    + """
@Entity
@Table(name = "orders", indexes = {@Index(name = "by_day", columnList = "created_at DESC, status"),
                                   @Index(columnList = "code", unique = true)},
       uniqueConstraints = @UniqueConstraint(columnNames = {"shop_id", "number"}))
class Order extends Base implements Sellable {
    private static final String PREFIX = "o";
    @Id @GeneratedValue private Long id;
    @Column(name = "order_code", nullable = false, unique = true) private String code;
    private Instant createdAt;
    @Enumerated(EnumType.STRING) private Status status;
    @Transient private int cached;
    @ManyToOne(optional = false) @JoinColumn(name = "buyer_id") private Customer customer;
    @OneToOne(mappedBy = "order") private Invoice invoice;
    @OneToMany(mappedBy = "order") private List<Item> items = new ArrayList<>();
    @ManyToMany
    @JoinTable(name = "order_tag", joinColumns = @JoinColumn(name = "o_id"),
               inverseJoinColumns = @JoinColumn(name = "t_id"))
    private Set<Tag> tags;
    @ElementCollection @CollectionTable(name = "order_note", joinColumns = @JoinColumn(name = "o_id"))
    @Column(name = "note") private List<String> notes;
    @Embedded private Address address;
    boolean paid;
}
"""
)


def test_an_entity_with_all_kinds_of_attributes() -> None:
    found = models(ORDER)
    order = found["Order"]
    assert (order.table, order.bases, order.abstract) == ("orders", ("Base", "Sellable"), False)
    fields = {each.name: each for each in order.fields}
    assert list(fields) == ["id", "code", "createdAt", "status", "paid"]
    assert fields["id"].primary
    assert fields["id"].auto_increment
    assert (fields["code"].column, fields["code"].unique, fields["code"].nullable) == (
        "order_code",
        True,
        False,
    )
    assert [each.type for each in order.fields] == [
        "BIGINT",
        "VARCHAR",
        "TIMESTAMP",
        "ENUM",
        "BOOLEAN",
    ]
    assert not fields["paid"].nullable
    relations = {
        r.name: (r.target, r.kind, r.column, r.inverse, r.through) for r in order.relations
    }
    assert relations == {
        "customer": ("Customer", "belongs-to", "buyer_id", "", ""),
        "invoice": ("Invoice", "has-one", "", "order", ""),
        "items": ("Item", "has-many", "", "order", ""),
        "tags": ("Tag", "many-to-many", "o_id", "", "order_tag"),
        "notes": ("Order.notes", "has-many", "o_id", "owner", ""),
        "address": ("Address", "embedded", "", "", ""),
    }
    assert [(i.columns, i.unique) for i in order.indexes] == [
        (("created_at", "status"), False),
        (("code",), True),
        (("shop_id", "number"), True),
    ]
    notes = found["Order.notes"]
    assert notes.table == "order_note"
    assert notes.fields[0].column == "note"
    assert notes.relations[0].column == "o_id"


def test_annotations_on_getters() -> None:
    found = models(
        JPA
        + "@Entity class Item { private Long id; private Order order;"
        + ' @Id public Long getId() { return id; } @Column(name = "n") public int getAmount() { return 1; }'
        + " @ManyToOne public Order getOrder() { return order; }"
        + " @Transient public String getShown() { return null; } @Override public String getName() { return null; } }"
    )["Item"]
    assert [(f.name, f.column, f.primary) for f in found.fields] == [
        ("id", "", True),
        ("amount", "n", False),
    ]
    assert [(r.name, r.kind) for r in found.relations] == [("order", "belongs-to")]


def test_superclasses_embeddables_and_subclasses() -> None:
    found = models(
        JPA
        + "@MappedSuperclass abstract class Base { @Id Long id; }\n"
        + "@Embeddable class Address { String street; }\n"
        + '@Entity @DiscriminatorValue("X") class Express extends Order { String courier; }\n'
        + '@Entity(name = "Purchase") class Order extends Base { @NaturalId String code; }'
    )
    assert found["Base"].abstract
    assert found["Address"].abstract
    assert found["Express"].same_table
    assert found["Order"].managers == ("Purchase",)
    assert (found["Order"].table, found["Order"].default_table) == ("", "purchase")
    assert found["Order"].indexes[0].columns == ("code",)
    assert found["Order"].indexes[0].unique


def test_the_class_of_a_key_needs_no_mark() -> None:
    found = models(
        JPA
        + "@Entity class Seat {\n"
        + '  static class Key implements Serializable { @Column(name = "hall_id") Long hall; }\n'
        + "  @EmbeddedId Key key;\n}\n"
        + "class Ticket implements Serializable { String code; }"
    )
    assert list(found) == ["Seat", "Seat.Key"]
    assert found["Seat.Key"].abstract
    assert found["Seat.Key"].fields[0].column == "hall_id"


def test_a_table_without_a_name_is_called_after_the_entity() -> None:
    found = models(
        JPA
        + '@Entity(name = "orderLine") class OrderLineEntity { @Id Long id; }\n'
        + '@Entity(name = "Order") @Table(name = "orders") class OrderEntity { @Id Long id; }\n'
        + "@Entity(name = Names.CART) class CartEntity { @Id Long id; }"
    )
    assert [(m.table, m.default_table) for m in found.values()] == [
        ("", "order_line"),
        ("orders", ""),
        ("", ""),
    ]


def test_names_in_constants_stay_for_the_linker() -> None:
    found = models(
        JPA
        + "@Entity @Table(name = Names.ORDERS) class Order { @Id Long id;"
        + ' @Column(name = Order.CODE) String code; static final String CODE = "c"; }'
    )["Order"]
    assert found.table == "${Names.ORDERS}"
    assert found.fields[1].column == "${Order.CODE}"


def test_documents_are_no_entities() -> None:
    source = "import org.springframework.data.mongodb.core.mapping.*;\nimport org.springframework.data.annotation.Id;\n"
    assert models(source + "@Document @Entity class Order { @Id String id; }") == {}
    assert models("import shop.Table;\n@Table class Order { String id; }") == {}


def test_what_a_query_gives_is_no_table() -> None:
    """Hibernate's `@Subselect`: the rows are those of another table, in whoever's database."""
    entity = "@Entity {}class Person {{ @Id long id; String name; }}"
    assert list(models(JPA + entity.format(""))) == ["Person"]
    subselect = '@org.hibernate.annotations.Subselect("select * from people") '
    assert models(JPA + entity.format(subselect)) == {}


def test_kotlin_entity() -> None:
    found = extract_kotlin(
        b'package shop\nimport jakarta.persistence.*\n@Entity\n@Table(name = "orders", indexes = [Index(columnList = "code")])\n'
        b'class Order(@Id @GeneratedValue val id: Long? = null, @field:Column(name = "c") var code: String,\n'
        b"  @ManyToOne(fetch = FetchType.LAZY) var customer: Customer, plain: Int) : Base() {\n"
        b'  @OneToMany(mappedBy = "order") var items: MutableList<Item> = mutableListOf()\n'
        b"  val size get() = items.size\n  @Transient var open = true\n}\n"
    )
    (order,) = [fact for fact in found.facts if isinstance(fact, ModelDefined)]
    assert (order.table, order.bases) == ("orders", ("Base",))
    assert [(f.name, f.column, f.type, f.nullable) for f in order.fields] == [
        ("id", "", "BIGINT", False),
        ("code", "c", "VARCHAR", False),
    ]
    assert [(r.name, r.target, r.kind) for r in order.relations] == [
        ("items", "Item", "has-many"),
        ("customer", "Customer", "belongs-to"),
    ]
    assert order.indexes[0].columns == ("code",)


# -- repositories


@pytest.mark.parametrize(
    ("method", "conditions"),
    [
        ("List<Order> findByStatus(Status s);", ["status ="]),
        ("List<Order> findAllByStatusInAndCreatedAtBefore(List<S> s, Instant i);", ["status in", "createdAt <"]),
        ("List<Order> findByCustomerEmailIgnoreCase(String e);", ["customerEmail = by upper"]),
        ("List<Order> findByCodeIgnoreCaseIn(List<String> c);", ["code in by upper"]),
        ("List<Order> findByCustomer_Email(String e);", ["customer.email ="]),
        ("List<Order> findByCodeOrNumberAndPaidTrue(String c);",
         ["code = or 1", "number = or 2", "paid is-true or 2 constant"]),
        ("List<Order> findByNoteContainingOrderByCreatedAtDesc(String n);", ["note search", "createdAt sort"]),
        ("List<Order> findByDeletedAtIsNullAndCodeStartingWith(String n);", ["deletedAt is-null", "code like"]),
        ("List<Order> findByRolloutOrderByIdAsc(Long r);", ["rollout =", "id sort"]),
        ("List<Order> findByStateNotInAndTotalBetween(List<S> s);", ["state not-in", "total between"]),
    ],
)  # fmt: skip
def test_names_of_methods_are_queries(method: str, conditions: list[str]) -> None:
    (query,) = queries(
        SPRING + f"interface Orders extends JpaRepository<Order, Long> {{ {method} }}"
    )
    assert query.model == "Order"
    assert asked(query) == conditions
    assert not query.limited


def test_what_a_derived_query_returns() -> None:
    source = (
        SPRING
        + "interface Orders extends AcmeRepository<Order>, JpaSpecificationExecutor<Order> {\n"
        + "Optional<Order> findByCode(String c);\nlong countByStatus(S s);\nboolean existsByCode(String c);\n"
        + "Page<Order> findByStatus(S s, Pageable p);\nList<Order> findTop5ByStatus(S s);\n"
        + "void deleteByStatus(S s);\nStream<Order> streamByStatus(S s);\n"
        + '@Query("select o from Order o where o.x = 1") List<Order> findByNothing();\n'
        + "default Order findByDefault() { return null; }\nList<Order> findAll();\n}"
    )
    found = {query.text.rpartition(".")[2]: query for query in queries(source)}
    assert set(found) == {
        "findByCode", "countByStatus", "existsByCode", "findByStatus", "findTop5ByStatus", "deleteByStatus",
        "streamByStatus", "x = 1",
    }  # fmt: skip
    assert all(
        found[name].limited
        for name in ("findByCode", "existsByCode", "findByStatus", "findTop5ByStatus")
    )
    assert found["countByStatus"].aggregate
    assert found["deleteByStatus"].deletes
    assert found["streamByStatus"].streamed


def test_repositories_of_any_class() -> None:
    base = extract_java(
        f"{SPRING}interface Coded<T> extends JpaRepository<T, Long> {{ T findByCode(String code); }}".encode()
    )
    (shared,) = [f for f in base.facts if isinstance(f, ScopeDefined)]
    assert (shared.owner, shared.name, shared.limited) == ("Coded", "findByCode", True)
    assert [told(each) for each in shared.conditions] == ["code ="]
    assert not [f for f in base.facts if isinstance(f, OrmQuery)]
    heirs = models(
        f"{SPRING}interface Orders extends CodedRepository<Order> {{}}\n"
        "interface Items extends JpaRepository<Item, Long> {}"
    )
    assert {name: heir.bases for name, heir in heirs.items()} == {
        "Orders": ("Order", "CodedRepository")
    }
    assert heirs["Orders"].same_table


def test_classes_that_only_a_key_makes_entities() -> None:
    data = "import org.springframework.data.annotation.Id;\n"
    found = models(data + "record Ticket(@Id Long id, String ownerName) {}")
    assert [each.name for each in found["Ticket"].fields] == ["id", "ownerName"]
    assert not found["Ticket"].managed
    assert not models(data + "@RedisHash record Ticket(@Id Long id) {}")
    assert not models("import shop.Id;\nrecord Ticket(@Id Long id) {}")


@pytest.mark.parametrize(
    "annotation", ["Where(clause = ", "SQLRestriction(", "SQLRestriction(value = "]
)
def test_conditions_of_every_query(annotation: str) -> None:
    source = (
        "import jakarta.persistence.*;\n"
        f'@Entity @{annotation}"deleted = false and shop_id is not null")\n'
        "class Order { @Id Long id; }"
    )
    (scope,) = [f for f in extract_java(source.encode()).facts if isinstance(f, ScopeDefined)]
    assert (scope.owner, scope.always) == ("Order", True)
    assert [told(each) for each in scope.conditions] == [
        "deleted = constant",
        "shop_id is-not-null constant",
    ]


def test_repositories_of_other_stores_and_of_parameters() -> None:
    method = "{ List<Order> findByStatus(String s); }"
    assert queries(f"interface Orders extends MongoRepository<Order, String> {method}") == []
    assert queries(f"interface Base<T> extends JpaRepository<T, Long> {method}") == []
    assert queries(f"interface Orders extends Comparable<Order> {method}") == []


def test_kotlin_repository() -> None:
    (first, second) = queries(
        "interface Orders : JpaRepository<Order, Long> {\n  fun findByCode(code: String): Order?\n"
        '  @Query("select o from Order o where o.customer.email = :email")\n  fun mine(email: String): List<Order>\n}\n',
        kotlin=True,
    )
    assert (asked(first), first.limited) == (["code ="], True)
    assert (asked(second), second.limited) == (["customer.email ="], False)


# -- JPQL


@pytest.mark.parametrize(
    ("text", "model", "conditions"),
    [
        ("select o from Order o join o.customer c where c.email = :x and lower(o.note) like 'a%'", "Order",
         ["customer.email =", "note like by lower"]),
        ("from Order where orderNumber = ? and order = 1", "Order", ["orderNumber =", "order = constant"]),
        ("delete Item where order = :order", "Item", ["order ="]),
        ("select o from Order o where o.at <= :a and o.at>=:b and o.code <> :c and o.x != 'y'", "Order",
         ["at <=", "at >=", "code !=", "x !="]),
        ("select o.a || 'x' from Order o where o.at < :a", "Order", ["at <"]),
        ("update Order o set o.a = 1 where o.shop.id in (?1)", "Order", ["shop.id in"]),
        ("select o from Order o where customer.email = :e", "Order", ["customer.email ="]),
        ("select o from Order o where o.status in (shop.Status.OPEN, Status.NEW)", "Order", ["status in constant"]),
        ("select o from Order o where (:s is null or o.status = :s)", "Order", ["status optional or 0"]),
        ("select o from Order o where exists (select 1 from Item i where i.order = o and i.sku = :x)", "Order",
         ["id search", "Item: order = join", "Item: sku ="]),
        ("select o from com.acme.Order as o where o = :o order by o.createdAt desc", "Order",
         ["id =", "createdAt sort"]),
        ("select e from #{#entityName} e where e.owner.id = :#{#p.id}", "Entity", ["owner.id ="]),
        ("select order from Order order where order.code = :c order by order.id", "Order", ["code =", "id sort"]),
        ("select new com.acme.Row(o.id, count(i)) from Order o, Item i where i.order.id = o.id", "Order",
         ["Item: order.id = join", "id = join"]),
    ],
)  # fmt: skip
def test_queries_on_classes(text: str, model: str, conditions: list[str]) -> None:
    query = read_jpql(text, Span(1), entity="Entity")
    assert query is not None
    assert query.model == model
    assert sorted(asked(query)) == sorted(conditions)
    assert not query.partial


@pytest.mark.parametrize(
    "text",
    [
        "select o from Order o where :t member of o.tags",
        "select o from Order o where o.items is not empty",
        "from Order where :x in elements(parts)",
        "select o from Order o where o.a = 1 {}",
    ],
)
def test_what_cannot_be_told_of_a_query_on_classes(text: str) -> None:
    query = read_jpql(text, Span(1))
    assert query is not None
    assert query.partial


@pytest.mark.parametrize(
    "text",
    [
        "select * from orders where code = :c for update",
        "select * from orders where code = :c for no key update skip locked",
        "update orders set day = :d::date where code = :c::text",
    ],
)
def test_sql_of_libraries_that_are_not_known(text: str) -> None:
    query = read_jpql(text, Span(1))
    assert query is not None
    assert (query.model, asked(query), query.partial) == ("orders", ["code ="], False)


def test_no_queries_on_classes() -> None:
    assert read_jpql("select me", Span(1)) is None
    assert read_jpql("selected from a list", Span(1)) is None
    assert read_jpql("", Span(1)) is None


def test_joins_are_read_along() -> None:
    query = read_jpql(
        "select distinct o from Order o left join fetch o.items i where o.id = 1", Span(1)
    )
    assert query is not None
    assert query.loads == ("items",)
    assert query.grouped


def test_texts_in_code() -> None:
    found = in_method(
        "import jakarta.persistence.*;",
        'em.createQuery("select o from Order o where o.code = :c").setMaxResults(1);',
        'String q = "from Order o where o.shop = :s";',
        'if (x) { q += " and o.day = :d"; }',
        "em.createQuery(q).getResultList();",
        'log.info("select o from the list");',
    )
    assert [(asked(q), q.limited, q.partial) for q in found] == [
        (["code ="], True, False),
        (["shop ="], False, True),
        (["shop =", "day ="], False, False),  # with what the branch adds
    ]


@pytest.mark.parametrize(
    ("package", "indexed"),
    [
        ("org.hibernate.annotations", True),
        ("com.googlecode.objectify.annotation", False),
        ("io.realm.annotations", False),
    ],
)
def test_an_index_of_a_store_without_tables(package: str, indexed: bool) -> None:
    (model,) = models(
        f"{JPA}import {package}.Index;\n@Entity class Order {{ @Id Long id; @Index String code; }}"
    ).values()
    assert [field.indexed for field in model.fields] == [False, indexed]


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ('manager().query("DELETE FROM Order WHERE code IN :codes").setParameter("codes", c)', [["code in"]]),
        ('manager().query("FROM Order WHERE code = :code", Order.class).setParameter("code", c)', [["code ="]]),
        ('template.query("DELETE FROM Order WHERE code = ?", c)', []),
        ('manager().createNativeQuery("DELETE FROM Order WHERE code = :code").setParameter("code", c)', []),
    ],
)  # fmt: skip
def test_texts_given_to_a_class_of_ones_own(call: str, found: list[list[str]]) -> None:
    assert [asked(q) for q in in_method("", f"{call};")] == found


def test_named_and_native_queries() -> None:
    found = queries(
        JPA
        + '@Entity @NamedQueries({@NamedQuery(name = "a", query = "select o from Order o where o.code = :c")})\n'
        + "class Order { @Id Long id; }\n"
    )
    assert [asked(q) for q in found] == [["code ="]]
    assert (
        queries(
            SPRING
            + "interface Orders extends JpaRepository<Order, Long> {\n"
            + '@Query(value = "select * from orders o where o.code = ?1", nativeQuery = true) List<Order> a(String c);\n}'
        )
        == []
    )


# -- Criteria


def test_old_criteria() -> None:
    first, second, third = in_method(
        "import org.hibernate.criterion.*;",
        'Criteria c = session.createCriteria(Order.class, "order");',
        'c.createAlias("customer", "buyer").add(Restrictions.eq("buyer.email", email));',
        'if (status != null) { c.add(Restrictions.in("order.status", status)); }',
        'if (text != null) c.add(Restrictions.or(Restrictions.ilike("note", text, MatchMode.START),'
        ' Restrictions.or(Restrictions.like("code", "%" + text), Restrictions.not(Restrictions.isNull("day")))));',
        'c.addOrder(org.hibernate.criterion.Order.desc("createdAt"));',
        "return c.list();",
    )
    base = ["customer.email =", "createdAt sort"]
    assert first.model == "Order"
    assert asked(first) == base
    assert asked(second) == [*base, "status in"]
    assert [each.rpartition(" or ")[0] or each for each in asked(third)] == [
        *base,
        "note like by lower",
        "code search",
        "day is-not-null",
    ]
    assert len({each.branch for each in third.conditions if each.alternative}) == 3
    assert len({each.group for each in third.conditions if each.alternative}) == 1


def test_old_criteria_that_others_go_on_with() -> None:
    (query,) = in_method(
        "import org.hibernate.criterion.*;",
        'Criteria c = session.createCriteria(Order.class).add(Restrictions.eq("code", x)).setMaxResults(5);',
        'Criteria items = c.createCriteria("items");',
        'items.add(Restrictions.eq("sku", sku));',
        "narrow(c);",
        "return c.list();",
    )
    assert asked(query) == ["code =", "items.sku ="]
    assert query.limited
    assert query.partial


@pytest.mark.parametrize(
    ("base", "models"),
    [("AbstractDAO<Order>", ["Order"]), ("AbstractDAO<T>", []), ("Store", []),
     ("Store<Order> implements Maps<Line>", [])],
)  # fmt: skip
def test_criteria_of_a_base_class(base: str, models: list[str]) -> None:
    source = (
        "import org.hibernate.criterion.Restrictions;\n"
        f"class OrderStore<T> extends {base} {{\n"
        '  List<Order> of(String code) { return criteria().add(Restrictions.eq("code", code)).list(); }\n'
        "  Criteria all() { return criteria(); }\n"
        "}\n"
    )
    found = queries(source)
    assert [query.model for query in found] == models
    assert [asked(query) for query in found] == [["code ="] for _ in models]


@pytest.mark.parametrize(
    ("statements", "columns", "partial"),
    [
        (['b.append("where o.code = :a ");', 'b.append("and o.state ").append("= 1");'], ["code", "state"], False),
        (['b.append("where o.code = :a ");', 'if (x) { narrow(b); }'], [], True),
        (['b.append("where o.code = :a ");', 'if (b.length() > 9) { b.append("and o.a = 1"); }'], [], True),
        (['b.append("where o.code = :a ");', "narrow(b, x);"], [], True),
        (['for (String each : all) { b.append("or o.code = 1"); }'], [], True),
    ],
)  # fmt: skip
def test_texts_that_statements_put_together(
    statements: list[str], columns: list[str], partial: bool
) -> None:
    (query,) = in_method(
        JPA,
        "StringBuilder b = new StringBuilder();",
        'b.append("select o from Order o ");',
        *statements,
        "return em.createQuery(b.toString()).getResultList();",
    )
    assert ([c.path for c in query.conditions], query.partial) == (columns, partial)


def test_texts_that_branches_add_to() -> None:
    first, *branches = in_method(
        JPA,
        'StringBuilder b = new StringBuilder("select o from Order o where o.shop = :s");',
        'if (x) { b.append(" and o.code = :c"); given.add(c); }',
        'else if (y) b.append(" and o.day = :d");',
        'if (z) { b.append(" order by o.day"); }',
        'b.append(" and o.state = :t");',
        "return em.createQuery(b.toString()).getResultList();",
    )
    assert first.partial
    assert [(asked(each), each.partial, each.at.line) for each in branches] == [
        (["shop =", "code =", "state ="], False, 6),
        (["shop =", "day =", "state ="], False, 7),
    ]


def test_sql_that_branches_add_to() -> None:
    source = """class Orders {
    private static final String COLUMNS = "id, code";
    private static final String SHOP = "shop_id = ?";
    List<Row> find(String code) {
        String sql = "SELECT " + COLUMNS + " FROM orders WHERE " + SHOP;
        if (code != null) {
            sql += " AND code = ?";
        }
        return jdbc.query(sql, mapper);
    }
    List<Row> counted(String code) {
        StringBuilder sql = new StringBuilder("SELECT id FROM orders WHERE " + SHOP);
        for (String each : codes) { sql.append(" OR code = ?"); }
        return jdbc.query(sql.toString(), mapper);
    }
    List<Row> helped(String code) {
        StringBuilder sql = new StringBuilder("SELECT id FROM orders WHERE " + SHOP);
        helper.addWheres(sql, code);
        return jdbc.query(sql.toString(), mapper);
    }
}"""
    found = [f for f in extract_java(source.encode()).facts if isinstance(f, QueryFound)]
    assert [([p.column for p in q.predicates], q.partial) for q in found] == [
        (["shop_id"], True),
        (["shop_id", "code"], False),
        (["shop_id"], True),
        (["shop_id"], True),
    ]


@pytest.mark.parametrize(
    ("statement", "kotlin"),
    [
        (
            'jdbc.query("select id from orders o where o.shop_id = ? " '
            '+ (x != null ? "and o.code = ? " : "") + "order by o.id", m);',
            False,
        ),
        (
            'jdbc.query("select id from orders o where o.shop_id = ? '
            '${if (x != null) "and o.code = ?" else ""} order by o.id", m)',
            True,
        ),
        (
            'jdbc.query("select id from orders o where o.shop_id = ? '
            '${x?.let { "and o.code = ?" } ?: ""} order by o.id", m)',
            True,
        ),
    ],
)
def test_pieces_of_a_text_that_are_chosen(statement: str, kotlin: bool) -> None:
    work = (
        f"fun work(x: String?) {{ {statement} }}"
        if kotlin
        else f"void work(String x) {{ {statement} }}"
    )
    found = (extract_kotlin if kotlin else extract_java)(f"class Orders {{ {work} }}".encode())
    first, *told = [f for f in found.facts if isinstance(f, QueryFound)]
    assert first.partial
    assert [p.column for p in told[0].predicates] == ["shop_id", "code", "id"]
    assert not any(query.partial for query in told)


def test_texts_of_constants_in_the_same_class() -> None:
    source = """package shop
import org.springframework.data.jpa.repository.*
interface OrderRepository : JpaRepository<Order, Long> {
    @Query(value = "select * from orders o $OF_SHOP", nativeQuery = true)
    fun ofShop(shop: Long): List<Order>
    companion object {
        private const val OPEN = "o.closed_at is null"
        const val OF_SHOP = QUOTES
            where $OPEN and o.shop_id = :shop
        QUOTES
    }
}""".replace("QUOTES", '"' * 3)
    (query,) = [f for f in extract_kotlin(source.encode()).facts if isinstance(f, QueryFound)]
    assert [p.column for p in query.predicates] == ["closed_at", "shop_id"]
    assert not query.partial


def test_criteria_api() -> None:
    found = in_method(
        CRITERIA,
        "CriteriaQuery<Order> cq = cb.createQuery(Order.class);",
        "Root<Order> root = cq.from(Order.class);",
        'Join<Order, Customer> buyer = root.join("customer");',
        "List<Predicate> all = new ArrayList<>();",
        "all.add(cb.equal(buyer.get(Customer_.email), email));",
        'if (day != null) { all.add(cb.greaterThanOrEqualTo(root.get("day"), day)); }',
        "Predicate open = cb.equal(root.get(Order_.STATUS_CODE), Status.OPEN);",
        'all.add(cb.or(open, cb.like(cb.lower(root.<String>get("note")), text + "%")));',
        'cq.orderBy(cb.desc(root.get("createdAt")));',
    )
    base = [
        "customer.email =",
        "statusCode = or 1 constant",
        "note like by lower or 2",
        "createdAt sort",
    ]
    assert [asked(query) for query in found] == [base, [*base, "day >="]]
    assert {query.model for query in found} == {"Order"}


def test_criteria_by_a_constant_of_the_file() -> None:
    (query,) = in_method(
        CRITERIA,
        'final String STATE_COLUMN = "state";',
        "CriteriaQuery<Order> cq = cb.createQuery(Order.class);",
        "Root<Order> root = cq.from(Order.class);",
        "cq.where(cb.equal(root.get(STATE_COLUMN), state), cb.equal(root.get(Order_.STATE_COLUMN), state));",
    )
    assert asked(query) == ["state =", "stateColumn ="]  # the second: an attribute of the metamodel


def test_criteria_in_a_list_that_a_branch_adds_to() -> None:
    found = in_method(
        CRITERIA,
        "Root<Order> root = cq.from(Order.class);",
        'List<Predicate> all = new ArrayList<>(List.of(cb.equal(root.get("shop"), shop)));',
        'if (day != null) { all.add(cb.equal(root.get("day"), day)); }',
        'all.add(cb.equal(root.get("stale"), false));',
    )
    assert [asked(query) for query in found] == [
        ["shop =", "stale = constant"],
        ["shop =", "stale = constant", "day ="],
    ]


@pytest.mark.parametrize(
    ("made", "partial"),
    [
        ('Filters.anyOf(codes, cb, root.get("shop").get("code"))', True),
        ('cb.equal(cb.lower(root.get("shop").get("code")), code)', False),
        ('Collections.singleton(root.get("shop"))', False),
        ('Sorting.orderBy(root.get("shop"))', False),
    ],
)
def test_a_helper_that_is_given_a_column(made: str, partial: bool) -> None:
    query = in_method(
        CRITERIA,
        "Root<Order> root = cq.from(Order.class);",
        f"Object more = {made};",
        'cq.where(cb.isFalse(root.get("stale")), more);',
    )[0]
    assert query.partial is partial


def test_specifications() -> None:
    source = (
        CRITERIA
        + "class Specs { static Specification<Order> mine(Long id) {\n"
        + "return (root, query, cb) -> cb.equal(root.get(Order_.customer).get(Customer_.id), id); }\n"
        + "static Specification<Order> others() { return (root, query, cb) -> {\n"
        + "Predicate p = helper(root, cb); return cb.and(p, root.get(Order_.code).in(codes)); }; } }"
    )
    first, second = queries(source)
    assert (first.model, asked(first), first.partial) == ("Order", ["customer.id ="], True)
    assert (asked(second), second.partial) == (["code in"], True)
    assert first.streamed  # whoever has it asks, for a page of the rows or all


def test_specifications_by_an_interface_of_the_project() -> None:
    source = (
        "class OrderPredicates { static Predicate<Order> withCode(Optional<String> code) {\n"
        "return ((root, query, cb) -> code.isPresent() ? cb.equal(root.get(Order_.code), code.get()) : cb.and()); }\n"
        "static Predicate<Order> isNew() { return order -> order.isNew(); }\n"
        "static Predicate<Order> other() { return (a, b, c) -> a.get(b); } }"
    )
    (found,) = queries(source)
    assert (found.model, asked(found), found.partial) == ("Order", ["code ="], True)


def test_a_specification_that_a_repository_is_handed_at_once() -> None:
    source = (
        CRITERIA
        + "class Orders { OrderRepository orders; Page<Order> list(String code, Pageable page) {\n"
        + "return orders.findAll((root, query, cb) -> { List<Predicate> all = new ArrayList<>();\n"
        + 'if (code != null) { all.add(cb.equal(root.get("code"), code)); }\n'
        + 'all.add(root.get("shop").in(shops)); return cb.and(all.toArray(new Predicate[0])); }, page); }\n'
        + "int other() { return lines.findAll((root, query, cb) -> cb.isNull(root.get(Line_.sku))); } }"
    )
    assert [(q.model, sorted(asked(q)), q.partial) for q in queries(source)] == [
        ("Order", ["shop in"], False),
        ("Order", ["code =", "shop in"], False),
    ]


def test_data_access_objects_over_a_generic_base() -> None:
    source = (
        "import org.hibernate.criterion.*;\n"
        "public class OrderDao extends BaseDao<Order> {\n"
        ' List<Order> a(String x) { return findByField("code", x); }\n'
        ' Order b(String x) { return super.getByProperty("number", x); }\n'
        ' List<Order> c(String x) { return em.createQuery("from " + Order.class.getName() + " where shop = :x"); }\n'
        " List<Order> d(String x) { DetachedCriteria found = DetachedCriteria.forClass(Order.class);\n"
        '  found.add(Restrictions.eq("buyer", x)); return getHibernateTemplate().findByCriteria(found); }\n'
        ' Object e(String x) { return settings.getByKey("theme", x); }\n'
        ' Object f(String x) { return findByNamedQuery("byCode", x, x); } }\n'
        'class Plain { Object g(String x) { return findByField("code", x); } }'
    )
    found = [(asked(q), q.model, q.limited, q.partial) for q in queries(source)]
    assert sorted(found) == [
        (["buyer ="], "Order", False, False),
        (["code ="], "Order", False, False),
        (["number ="], "Order", True, False),
        (["shop ="], "Order", False, False),
    ]


def test_a_specification_that_is_joined_to_another() -> None:
    source = (
        CRITERIA
        + "class Orders { List<Order> list(String code) {\n"
        + "Specification<Order> wanted = Specification.where(mine());\n"
        + 'if (code != null) wanted = wanted.and((root, query, cb) -> cb.equal(root.get("code"), code));\n'
        + "return orders.findAll(wanted); }\n"
        + 'void none() { found.and((root, query, cb) -> cb.equal(root.get("sku"), 1)); } }'
    )
    (found,) = queries(source)
    assert (found.model, asked(found), found.partial) == ("Order", ["code ="], True)


def test_conditions_of_a_path_that_a_method_is_handed() -> None:
    source = (
        CRITERIA
        + "class Parts { Predicate ofShop(Path<Order> order, CriteriaBuilder cb) {\n"
        + '  return cb.equal(order.get("shop"), shop); }\n'
        + "Predicate named(From<?, Customer> buyer, Path<String> other, CriteriaBuilder cb) {\n"
        + '  return cb.equal(buyer.get("name"), name); } }'
    )
    found = queries(source)
    assert [(q.model, asked(q), q.partial) for q in found] == [
        ("Order", ["shop ="], True),
        ("Customer", ["name ="], True),
    ]


def test_kotlin_specification() -> None:
    (query,) = queries(
        "import jakarta.persistence.criteria.*\n"
        "fun mine(code: String): Specification<Order> = Specification { root, _, cb ->\n"
        "  cb.and(cb.equal(root.get<String>(Order_.code), code), cb.isNull(root.get(Order::deletedAt)))\n}\n",
        kotlin=True,
    )
    assert query.model == "Order"
    assert asked(query) == ["code =", "deletedAt is-null"]
    (query,) = queries(
        "import jakarta.persistence.criteria.*\n"
        "fun mine(code: String) = orders.findAll(Specification<Order> { root, _, cb ->\n"
        "  cb.equal(root.get<String>(Order_.code), code)\n})\n",
        kotlin=True,
    )
    assert (query.model, asked(query)) == ("Order", ["code ="])


# -- mapping files


def test_mapping_files() -> None:
    found = extract_mapping(
        b'<?xml version="1.0"?>\n<!DOCTYPE hibernate-mapping PUBLIC "-//Hibernate" "http://www.hibernate.org/m.dtd">\n'
        b'<hibernate-mapping package="shop"><class name="shop.Order" table="orders">\n'
        b'<id name="orderId" column="order_id" type="int"><generator class="native"/></id>\n'
        b'<property name="code" type="string" unique="true" not-null="true"><column name="order_code" index="by_code"/></property>\n'
        b'<property name="shown" formula="1"/>\n'
        b'<many-to-one name="customer" class="shop.Customer" column="customer_id" index="by_customer"/>\n'
        b'<set name="items"><key column="order_id"/><one-to-many class="Item"/></set>\n'
        b'<set name="tags" table="order_tag"><key column="o_id"/><many-to-many class="Tag" column="t_id"/></set>\n'
        b'<component name="address"><property name="street" column="street"/></component>\n'
        b'<joined-subclass name="shop.Express" table="express"><key column="order_id"/><property name="courier"/></joined-subclass>\n'
        b'</class><query name="a">from Order o where o.code = :c</query></hibernate-mapping>'
    )
    assert (found.problem, found.namespace) == ("", "shop")
    order, express, query = found.facts
    assert isinstance(order, ModelDefined)
    assert (order.name, order.table) == ("Order", "orders")
    assert [(f.name, f.column, f.primary, f.unique) for f in order.fields] == [
        ("orderId", "order_id", True, False),
        ("code", "order_code", False, True),
        ("address.street", "street", False, False),
    ]
    assert [(r.name, r.kind, r.column, r.through) for r in order.relations] == [
        ("customer", "belongs-to", "customer_id", ""),
        ("items", "has-many", "order_id", ""),
        ("tags", "many-to-many", "o_id", "order_tag"),
    ]
    assert [i.columns for i in order.indexes] == [("order_code",), ("customer_id",)]
    assert isinstance(express, ModelDefined)
    assert (express.bases, express.fields[0]) == (
        ("Order",),
        FieldFact("courier", "courier", at=Span(11)),
    )
    assert isinstance(query, OrmQuery)
    assert asked(query) == ["code ="]


# -- MyBatis-Plus and MyBatis Generator

PLUS = "import com.baomidou.mybatisplus.core.conditions.query.*;\n"


def test_wrappers() -> None:
    found = in_method(
        PLUS,
        "this.lambdaQuery().eq(Order::getCode, code).orderByDesc(Order::getCreateTime).list();",
        "LambdaQueryWrapper<Item> w = new LambdaQueryWrapper<>();",
        'w.eq(Item::isSold, true).likeRight("item_name", name);',
        "if (day != null) { w.ge(Item::getDay, day); }",
        "w.in(shops != null, Item::getShopId, shops);",
        "itemMapper.selectOne(w);",
        "this.lambdaQuery().eq(Order::getCode, code).exists();",
        'orders.list(new QueryWrapper<Order>().apply("x = 1").eq("code", code));',
    )
    assert [(q.model, asked(q), q.limited, q.partial) for q in found] == [
        ("Order", ["code =", "createTime sort"], False, False),
        ("Item", ["sold = constant", "item_name like"], True, False),
        ("Item", ["sold = constant", "item_name like", "day >="], True, False),
        ("Item", ["sold = constant", "item_name like", "shopId in"], True, False),
        ("Order", ["code ="], True, False),
        ("Order", ["code ="], False, True),
    ]


def test_wrappers_name_their_tables() -> None:
    found = models(
        'import com.baomidou.mybatisplus.annotation.*;\n@TableName("t_order") class Order {'
        ' @TableId private Long id; @TableField("order_code") private String code;'
        " @TableField(exist = false) private String shown; }"
    )["Order"]
    assert found.table == "t_order"
    assert [(f.name, f.column, f.primary) for f in found.fields] == [
        ("id", "", True),
        ("code", "order_code", False),
    ]


@pytest.mark.parametrize(
    ("library", "notes", "managed"),
    [
        ("jakarta.persistence", '@Entity @Table(name = "orders")', True),
        ("io.micronaut.data.annotation", "@MappedEntity", True),
        ("org.springframework.data.relational.core.mapping", '@Table("orders")', False),
        ("com.baomidou.mybatisplus.annotation", '@TableName("orders")', False),
    ],
)
def test_annotations_that_can_name_indexes_make_the_table(
    library: str, notes: str, managed: bool
) -> None:
    found = models(f"import {library}.*;\n{notes} class Order {{ @Id private Long id; }}")["Order"]
    assert found.managed is managed


def test_generated_examples() -> None:
    found = extract_java(
        b"class Shop { Object work() { ShopOrderExample e = new ShopOrderExample();\n"
        b"ShopOrderExample.Criteria c = e.createCriteria();\nc.andUserIdEqualTo(u);\n"
        b"if (x) { c.andPaidAtGreaterThan(t); }\nreturn mapper.selectByExample(e); } }"
    )
    told_queries = [fact for fact in found.facts if isinstance(fact, QueryFound)]
    assert [(q.reads, [(p.column, p.operator) for p in q.predicates]) for q in told_queries] == [
        (("shop_order",), [("user_id", "=")]),
        (("shop_order",), [("user_id", "="), ("paid_at", ">")]),
    ]


@pytest.mark.parametrize(
    ("lines", "limited"),
    [
        ("return mapper.selectByExample(e);", False),
        ("PageHelper.startPage(page, size);\nreturn mapper.selectByExample(e);", True),
        ("return mapper.selectByExampleWithRowbounds(e, new RowBounds(0, 20));", True),
        ("return mapper.selectOneByExample(e);", True),
    ],
)
def test_a_generated_example_may_be_cut_off(lines: str, limited: bool) -> None:
    source = (
        "class Shop { Object work() { ShopOrderExample e = new ShopOrderExample();\n"
        f"e.or().andDeletedEqualTo(false);\n{lines} }} }}"
    )
    (query,) = [f for f in extract_java(source.encode()).facts if isinstance(f, QueryFound)]
    assert query.limited is limited


def test_rows_that_are_added() -> None:
    found = in_method(
        "import org.springframework.stereotype.*;",
        "orders.save(new Order(code));",
        "Item item = Item.builder().sku(sku).build();",
        "entityManager.persist(item);",
        "orders.save(given);",
        "file.save(path);",
    )
    assert [(q.model, q.inserts) for q in found] == [("Order", True), ("Item", True)]


@pytest.mark.parametrize(
    ("given", "kotlin", "models"),
    [
        ("orders.saveAll(List.of(new Order(a), new Order(b)));", False, ["Order"]),
        ("orders.saveAll(codes.stream().map(c -> new Order(c)).toList());", False, ["Order"]),
        ("List<Order> made = codes.stream().map(c -> new Order(c)).toList();\norders.saveAll(made);", False,
         ["Order"]),
        ("orders.saveAll(codes.map { Order(it) })", True, ["Order"]),
        ("orders.saveAll(codes.map { code ->\n Order(code) })", True, ["Order"]),
        ("orders.saveAll(listOf(Order(a)))", True, ["Order"]),
        ("orders.saveAll(loaded)", True, []),
        ("orders.saveAll(loaded.map { it.closed() })", True, []),
    ],
)  # fmt: skip
def test_lists_of_rows_that_are_added(given: str, kotlin: bool, models: list[str]) -> None:
    method = f"fun work() {{ {given}\n }}" if kotlin else f"void work() {{ {given} }}"
    found = queries(
        f"import org.springframework.stereotype.*;\nclass A {{ {method} }}\n", kotlin=kotlin
    )
    assert [q.model for q in found if q.inserts] == models


# -- typed queries


def statements(source: str, *, kotlin: bool = False) -> list[QueryFound]:
    found = (extract_kotlin if kotlin else extract_java)(source.encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, QueryFound)]


def test_jooq() -> None:
    (query,) = statements(
        "import org.jooq.*; import static shop.Tables.ORDERS;\nclass Shop { Object work() {\n"
        'Customers c = Tables.CUSTOMERS.as("c");\n'
        "return dsl.select(ORDERS.ID).from(ORDERS).join(c).on(c.ID.eq(ORDERS.CUSTOMER_ID))\n"
        '.where(c.EMAIL.lower().eq(email).and(ORDERS.STATUS.eq("open").or(ORDERS.PAID_AT.isNull())))\n'
        ".orderBy(ORDERS.CREATED_AT.desc()).limit(10).fetch(); } }"
    )
    assert (query.reads, query.limited, query.partial) == (("orders", "customers"), True, False)
    assert [
        (p.table, p.column, p.operator, p.function, p.branch, str(p.clause))
        for p in query.predicates
    ] == [
        ("customers", "id", "=", "", 0, "join"),
        ("orders", "customer_id", "=", "", 0, "join"),
        ("customers", "email", "=", "lower", 0, "filter"),
        ("orders", "status", "=", "", 1, "filter"),
        ("orders", "paid_at", "is-null", "", 2, "filter"),
        ("orders", "created_at", "sort", "", 0, "sort"),
    ]


def test_jooq_in_kotlin() -> None:
    first, second = statements(
        "import org.jooq.DSLContext\nclass Dao(private val dsl: DSLContext) {\n  private val o = Tables.ORDERS\n"
        "  fun a() = dsl.selectFrom(o).where(o.SHOP_ID.eq(1)).and(o.DELETED_AT.isNull).fetch()\n"
        "  fun b(c: Condition) = dsl.deleteFrom(o).where(c).execute()\n}\n",
        kotlin=True,
    )
    assert [(p.column, p.operator, p.constant) for p in first.predicates] == [
        ("shop_id", "=", True),
        ("deleted_at", "is-null", False),
    ]
    assert (first.reads, first.partial) == (("orders",), False)
    assert (second.writes, second.partial) == (("orders",), True)


def test_conditions_of_jooq_that_stand_for_each_other_without_end() -> None:
    names = "".join(f"Condition a{n + 1} = a{n};\n" for n in range(2_000))
    found = statements(
        "import org.jooq.*;\nclass A { DSLContext dsl;\nvoid work() { Condition a0 = ORDERS.CODE.eq(1);\n"
        f"{names}dsl.selectFrom(ORDERS).where(a2000).fetch(); }} }}\n"
    )
    assert [each.reads for each in found] == [("orders",)]


def test_lists_of_jooq_that_are_mentioned_without_end() -> None:
    started = perf_counter()
    lines = "c.add(ORDERS.CODE.eq(1)); dsl.selectFrom(ORDERS).where(c).fetch()\n" * 2_500
    found = statements(
        f"import org.jooq.*\nfun f(dsl: DSLContext) {{\nval c = mutableListOf<Condition>()\n{lines}}}\n",
        kotlin=True,
    )
    assert found
    assert perf_counter() - started < 10


IN_KOTLIN = """
import org.jooq.DSLContext
class Dao(private val dsl: DSLContext) {
  fun a(x: String?): Any {
    %s
    return dsl.selectFrom(ORDERS).where(%s).fetch()
  }
  private fun ofShop(shop: Long) = ORDERS.SHOP.eq(shop)
}
"""
LISTED = "val all = mutableListOf(ORDERS.SHOP.eq(x))\n if (x != null) all.add(ORDERS.CODE.eq(x))\n x?.let { all += ORDERS.KIND.eq(it) }"
LATER = "var it = DSL.noCondition()\n if (x != null) it = it.and(ORDERS.CODE.eq(x))"


@pytest.mark.parametrize(
    ("before", "given", "expected"),
    [
        ("val all = listOfNotNull(x?.let { ORDERS.CODE.eq(it) }, ORDERS.SHOP.eq(x))", "all", [["shop"], ["shop", "code"]]),
        ("", "listOfNotNull(ORDERS.SHOP.eq(x), if (x != null) ORDERS.CODE.eq(x) else null)", [["shop"], ["shop", "code"]]),
        (LISTED, "DSL.and(all)", [["shop"], ["shop", "code"], ["shop", "kind"]]),
        (LATER, "it", [[], ["code"]]),
        ("", "ofShop(3)", [["shop"]]),
        (f"{LISTED}\n if (all.isNotEmpty()) log(all.size)", "all", [["shop"], ["shop", "code"], ["shop", "kind"]]),
        ("var it = DSL.trueCondition()", "it", [[]]),
    ],
)  # fmt: skip
def test_conditions_that_jooq_is_given_in_lists_and_variables(
    before: str, given: str, expected: list[list[str]]
) -> None:
    found = statements(IN_KOTLIN % (before, given), kotlin=True)
    assert [[p.column for p in each.predicates] for each in found] == expected
    assert not any(each.partial for each in found[:1] if each.predicates)


def test_conditions_of_jooq_in_java() -> None:
    found = statements(
        "import org.jooq.*; import static shop.Tables.ORDERS;\nclass Dao { Object work() {\n"
        "List<Condition> all = new ArrayList<>();\nall.add(ORDERS.SHOP.eq(shop));\n"
        "if (code != null) { all.add(ORDERS.CODE.eq(code)); }\n"
        "return dsl.selectFrom(ORDERS).where(all).and(open(kind)).fetch(); }\n"
        "private Condition open(String kind) { return ORDERS.KIND.eq(kind); } }"
    )
    assert [[p.column for p in each.predicates] for each in found] == [
        ["shop", "kind"],
        ["shop", "kind", "code"],
    ]
    unknown = statements(
        "import org.jooq.*; import static shop.Tables.ORDERS;\nclass Dao { Object work() {\n"
        "List<Condition> all = new ArrayList<>();\nfill(all);\n"
        "return dsl.selectFrom(ORDERS).where(all).fetch(); } }"
    )
    assert [each.partial for each in unknown] == [True]


def test_jooq_query_that_nothing_fetches_reads_no_rows_by_itself() -> None:
    found = statements(
        "import org.jooq.*; import static shop.Tables.ORDERS;\nclass Dao {\n"
        "Select<?> open() { return DSL.select(ORDERS.ID).from(ORDERS).where(ORDERS.STATUS.ne(gone)); }\n"
        "List<?> all() { return dsl.selectFrom(ORDERS).fetch(MAPPER); }\n"
        "List<?> handed() { return dsl.fetch(DSL.select(ORDERS.ID).from(ORDERS)); }\n"
        "void each() { for (Record r : dsl.selectFrom(ORDERS)) { work(r); } }\n"
        "Select<?> counts() { return DSL.select(ORDERS.SHOP_ID, DSL.count()).from(ORDERS).groupBy(ORDERS.SHOP_ID); }\n"
        "void inner() { dsl.select(c).from(c).where(c.in(DSL.select(ORDERS.ID).from(ORDERS))).fetch(); }\n"
        "}"
    )
    orders = [each.streamed for each in found if each.reads == ("orders",)]
    assert orders == [True, False, False, False, False, True]


def test_jooq_query_that_a_loop_only_makes() -> None:
    """The parts of a union are built one by one, and asked for at once."""
    made = "dsl.select(ORDERS.ID, DSL.count()).from(ORDERS).where(ORDERS.SHOP_ID.eq(shop))"
    found = statements(
        "import org.jooq.*; import static shop.Tables.ORDERS;\nclass Dao { void work() {\n"
        f"for (long shop : shops) {{ parts.add({made}); }}\n"
        f"for (long shop : shops) {{ rows.addAll({made}.fetch()); }}\n"
        f"for (long shop : shops) {{ rows.addAll(dsl.fetch({made})); }}\n"
        "} }"
    )
    assert [each.in_loop for each in found] == [False, True, True]


def test_querydsl() -> None:
    found = in_method(
        "import com.querydsl.jpa.impl.*; import static shop.QOrder.order; import shop.QItem;",
        "QItem item = QItem.item;",
        "queryFactory.selectFrom(order).join(order.items, item)",
        '  .where(order.customer.email.equalsIgnoreCase(email), item.sku.startsWith("a"), isOpen())',
        "  .orderBy(order.createdAt.desc()).fetchFirst();",
        "queryFactory.delete(item).where(item.order.id.eq(id)).execute();",
    )
    first, second = found
    assert first.model == "Order"
    assert asked(first) == [
        "customer.email = by lower",
        "items.sku like constant",
        "createdAt sort",
    ]
    assert (first.limited, first.partial, first.loads) == (True, True, ("items",))
    assert (second.model, asked(second), second.deletes) == ("Item", ["order.id ="], True)


def test_conditions_that_methods_of_the_class_may_give() -> None:
    source = """import com.querydsl.core.types.dsl.BooleanExpression;
import com.querydsl.jpa.impl.JPAQueryFactory;
class OrderSearch {
    List<Order> find(String code, Long shop) {
        return factory.selectFrom(QOrder.order).where(codeIs(code), shopIs(shop), QOrder.order.open.eq(x)).fetch();
    }
    private BooleanExpression codeIs(String code) {
        return code == null ? null : QOrder.order.code.eq(code);
    }
    private BooleanExpression shopIs(Long shop) {
        if (shop == null) { return null; }
        return QOrder.order.shop.id.eq(shop);
    }
}"""
    assert [(asked(q), q.partial, q.at.line) for q in queries(source)] == [
        (["open ="], True, 5),
        (["open =", "code ="], False, 8),
        (["open =", "shop.id ="], False, 12),
    ]


QUERYDSL = "import com.querydsl.core.BooleanBuilder;\nimport com.querydsl.core.types.Predicate;\n"


def test_conditions_that_a_builder_gathers() -> None:
    found = in_method(
        QUERYDSL,
        "BooleanBuilder all = new BooleanBuilder(QOrder.order.kind.eq(kind));",
        "if (code != null) { all.and(QOrder.order.code.eq(code)); }",
        "factory.selectFrom(QOrder.order).where(all).fetch();",
    )
    assert [(asked(q), q.partial) for q in found] == [
        (["kind ="], True),
        (["kind =", "code ="], False),
    ]
    (either,) = in_method(
        QUERYDSL,
        "BooleanBuilder any = new BooleanBuilder(QOrder.order.kind.eq(kind));",
        "any.or(QOrder.order.code.eq(code));",
        "factory.selectFrom(QOrder.order).where(any).fetch();",
    )
    assert either.partial


def test_conditions_that_a_repository_is_handed() -> None:
    found = in_method(
        QUERYDSL,
        "orders.findAll(QOrder.order.code.eq(code));",
        "orders.findAll(QOrder.order.shop.id.eq(shop), pageable);",
        "orders.count(open());",
        "BooleanBuilder all = new BooleanBuilder();",
        "if (day != null) { all.and(QOrder.order.day.eq(day)); }",
        "orders.findAll(all);",
        "others.findAll(names);",
    )
    assert [(q.model, asked(q), q.limited, q.partial) for q in found] == [
        ("Order", ["code ="], False, False),
        ("Order", ["shop.id ="], True, False),
        ("Order", [], False, True),
        ("Order", ["day ="], False, False),
    ]


def test_conditions_that_methods_give_to_other_classes() -> None:
    (query,) = queries(
        f"package shop;\n{QUERYDSL}class OrderPredicates {{\n"
        "  public static BooleanExpression codeIs(String c) {\n"
        "    return c != null ? QOrder.order.code.eq(c) : null;\n  }\n}\n"
    )
    assert (query.model, asked(query), query.partial, query.offered) == (
        "Order", ["code ="], True, True,
    )  # fmt: skip


def test_a_method_that_gathers_conditions() -> None:
    first, second = queries(
        f"package shop;\n{QUERYDSL}class Search {{\n"
        "  List<Order> find(Filter f) {\n"
        "    return factory.selectFrom(QOrder.order).where(built(f), OrderPredicates.open()).fetch();\n  }\n"
        "  private BooleanBuilder built(Filter f) {\n    BooleanBuilder b = new BooleanBuilder();\n"
        "    if (f.code != null) { b.and(QOrder.order.code.eq(f.code)); }\n    return b;\n  }\n}\n"
    )
    assert (asked(first), first.partial) == ([], True)
    assert (asked(second), second.partial) == (["code ="], True)


def test_a_query_of_querydsl_that_a_variable_holds() -> None:
    found = in_method(
        "import com.querydsl.jpa.impl.*; import static shop.QOrder.order;",
        "JPAQuery<Order> query = queryFactory.selectFrom(order);",
        "query.where(order.customer.id.eq(id));",
        "if (late) { query.where(order.due.lt(day)).limit(9); }",
        "return query.fetch();",
    )
    assert [(asked(each), each.limited, each.partial) for each in found] == [
        (["customer.id ="], False, False),
        (["customer.id =", "due <"], True, False),
    ]
    (handed_on,) = in_method(
        "import com.querydsl.jpa.impl.*; import static shop.QOrder.order;",
        "JPAQuery<Order> query = queryFactory.selectFrom(order);",
        "narrow(query);",
    )
    assert handed_on.partial


def test_panache() -> None:
    found = queries(
        "import io.quarkus.hibernate.orm.panache.*;\n"
        "class Orders implements PanacheRepository<Order> {\n"
        'Order byCode(String c) { return find("code", c).firstResult(); }\n'
        'List<Order> open() { return list("status = ?1 and customer.email = ?2 order by day", s, e); }\n'
        'void drop() { delete("day < ?1", d); Item.update("sold = true where sku = ?1", x); }\n'
        'long all() { return Item.count("from Item where sku like ?1", x); }\n'
        'Object other() { return map.find("code"); } }'
    )
    assert [(q.model, asked(q), q.limited, q.deletes, q.writes) for q in found] == [
        ("Order", ["code ="], True, False, False),
        ("Order", ["status =", "customer.email =", "day sort"], False, False, False),
        ("Order", ["day <"], False, True, True),
        ("Item", ["sku ="], False, False, True),
        ("Item", ["sku search"], False, False, False),
    ]


@pytest.mark.parametrize(
    ("specification", "partial"),
    [
        ('static Specification<Order> of(String c) { return (root, query, cb) -> cb.equal(root.get("code"), c); }', True),
        ('static Specification<Order> of(String c) { return (root, query, cb) ->'
         ' cb.and(cb.equal(root.get("code"), c), cb.equal(root.get("shop"), c)); }', False),
        ('List<Order> of(String c) { Specification<Order> wanted = (root, query, cb) -> cb.equal(root.get("code"), c);'
         " return orders.findAll(wanted); }", False),
    ],
)  # fmt: skip
def test_a_specification_of_one_column_is_a_part_of_what_is_asked(
    specification: str, partial: bool
) -> None:
    (query,) = queries(
        JPA + CRITERIA + f"class Orders {{ OrderRepository orders; {specification} }}"
    )
    assert query.partial is partial
