"""Entities and queries of Doctrine."""

from __future__ import annotations

import pytest

from scaleaudit.facts import (
    Condition,
    Fact,
    FieldFact,
    ModelDefined,
    OrmQuery,
    QueryFound,
    RelationFact,
    TableChanged,
    TableDefined,
)
from scaleaudit.languages.php import extract

HEAD = """<?php
namespace App\\Entity;
use Doctrine\\ORM\\Mapping as ORM;
"""
ATTRIBUTES = """
#[ORM\\Table(name: 'shop_order', indexes: [new ORM\\Index(columns: ['state', 'created_at'], name: 'by_state')])]
#[ORM\\Entity(repositoryClass: OrderRepository::class)]
#[ORM\\UniqueConstraint(fields: ['number'], name: 'numbers')]
class Order extends Base
{
    use Stamps;

    #[ORM\\Id, ORM\\GeneratedValue, ORM\\Column]
    private ?int $id = null;

    #[ORM\\Column(name: 'no', type: Types::STRING, length: 20, unique: true)]
    private string $number;

    #[ORM\\Column(nullable: true)]
    private ?\\DateTimeImmutable $paidAt = null;

    #[ORM\\ManyToOne(inversedBy: 'orders')]
    #[ORM\\JoinColumn(name: 'buyer', nullable: false)]
    private Customer $customer;

    #[ORM\\OneToMany(mappedBy: 'order', targetEntity: Line::class)]
    #[ORM\\OrderBy(['position' => 'ASC'])]
    private Collection $lines;

    #[ORM\\OneToOne(targetEntity: Invoice::class, mappedBy: 'order')]
    private ?Invoice $invoice = null;

    #[ORM\\ManyToMany(targetEntity: Tag::class, inversedBy: 'orders')]
    #[ORM\\JoinTable(name: 'order_tags')]
    private Collection $tags;

    private int $notKept = 0;
}
"""
ANNOTATIONS = """
/**
 * An order. It has a mail: a@Column.com
 *
 * @ORM\\Table(name="shop_order",
 *     indexes={@ORM\\Index(name="by_state", columns={"state", "created_at"})},
 *     uniqueConstraints={@ORM\\UniqueConstraint(name="numbers", columns={"number"})}
 * )
 * @ORM\\Entity(repositoryClass="App\\Repository\\OrderRepository")
 */
class Order extends Base
{
    use Stamps;

    /**
     * @var int
     * @ORM\\Id
     * @ORM\\GeneratedValue(strategy="AUTO")
     * @ORM\\Column(type="integer")
     */
    private $id;

    /** @ORM\\Column(name="no", type="string", length=20, unique=true) */
    private $number;

    /** @ORM\\Column(type="datetime", nullable=true) */
    private $paidAt;

    /**
     * @ORM\\ManyToOne(targetEntity="App\\Entity\\Customer", inversedBy="orders")
     * @ORM\\JoinColumn(name="buyer", nullable=false, onDelete="CASCADE")
     */
    private $customer;

    /**
     * @ORM\\OneToMany(targetEntity="Line", mappedBy="order", cascade={"persist", "remove"})
     * @ORM\\OrderBy({"position" = "ASC"})
     */
    private $lines;

    /** @ORM\\OneToOne(targetEntity=Invoice::class, mappedBy="order") */
    private $invoice;

    /**
     * @ORM\\ManyToMany(targetEntity="Tag", inversedBy="orders")
     * @ORM\\JoinTable(name="order_tags", joinColumns={@ORM\\JoinColumn(name="order_id", referencedColumnName="id")})
     */
    private $tags;

    private $notKept = 0;
}
"""


def facts(source: str) -> list[Fact]:
    found = extract((HEAD + source).encode())
    assert found.problem == ""
    return list(found.facts)


CONSTANTS = """
class Order
{
    final public const TABLE = 'shop_order';
    private const NUMBER = 'no';

"""
BY_ATTRIBUTES = f"""
#[ORM\\Table(name: Order::TABLE)]
#[ORM\\Entity]
{CONSTANTS}
    #[ORM\\Column(name: self::NUMBER, type: Types::BIGINT)]
    private $number;
}}
"""
BY_ANNOTATIONS = f"""
/**
 * @ORM\\Table(name=Order::TABLE)
 * @ORM\\Entity
 */
{CONSTANTS}
    /** @ORM\\Column(name=Order::NUMBER, type="bigint") */
    private $number;
}}
"""
ELSEWHERE = """
#[ORM\\Table(name: Tables::ORDERS)]
#[ORM\\Entity]
class Order
{
    #[ORM\\Column]
    private string $number;
}
"""


@pytest.mark.parametrize(
    ("source", "table", "column"),
    [
        (BY_ATTRIBUTES, "shop_order", ("no", "BIGINT")),
        (BY_ANNOTATIONS, "shop_order", ("no", "BIGINT")),
        (ELSEWHERE, "", ("", "VARCHAR")),
    ],
    ids=["attributes", "annotations", "elsewhere"],
)
def test_names_from_constants(source: str, table: str, column: tuple[str, str]) -> None:
    (model,) = [fact for fact in facts(source) if isinstance(fact, ModelDefined)]
    assert model.table == table
    assert [(f.column, f.type) for f in model.fields] == [column]


@pytest.mark.parametrize("source", [ATTRIBUTES, ANNOTATIONS], ids=["attributes", "annotations"])
def test_entities(source: str) -> None:
    found = facts(source)
    model = next(fact for fact in found if isinstance(fact, ModelDefined))
    assert (model.name, model.framework, model.table) == ("Order", "doctrine", "shop_order")
    assert (model.bases, model.managers, model.abstract) == (
        ("Base", "Stamps"),
        ("OrderRepository",),
        False,
    )

    def column(f: FieldFact) -> tuple[object, ...]:
        return (f.name, f.column, f.type, f.nullable, f.unique, f.primary, f.auto_increment)

    assert [column(field) for field in model.fields] == [
        ("id", "", "INT", False, False, True, True),
        ("number", "no", "VARCHAR", False, True, False, False),
        ("paidAt", "", "TIMESTAMP", True, False, False, False),
    ]

    def told(r: RelationFact) -> tuple[object, ...]:
        target = r.target.rpartition(".")[2]
        return (r.name, r.kind, target, r.column, r.inverse, r.through, r.other_column, r.indexed)

    assert [told(relation) for relation in model.relations] == [
        ("customer", "belongs-to", "Customer", "buyer", "orders", "", "", True),
        ("lines", "has-many", "Line", "", "order", "", "", False),
        ("invoice", "has-one", "Invoice", "", "order", "", "", False),
        ("tags", "many-to-many", "Tag", "order_id", "orders", "order_tags", "tag_id", False),
    ]
    assert [(i.columns, i.name, i.unique) for i in model.indexes] == [
        (("state", "created_at"), "by_state", False),
        (("number",), "numbers", True),
    ]
    order = next(fact for fact in found if isinstance(fact, OrmQuery))
    assert (order.model, order.via, [c.path for c in order.conditions]) == (
        "Order",
        ("lines",),
        ["position"],
    )


@pytest.mark.parametrize(
    ("marks", "column"),
    [
        ("#[ORM\\DiscriminatorColumn(name: 'kind', type: 'smallint')]", ("kind", "SMALLINT")),
        ("", ("dtype", "VARCHAR")),
    ],
)
def test_the_column_that_tells_classes_apart(marks: str, column: tuple[str, str]) -> None:
    found = facts(f"""
    #[ORM\\Entity]
    #[ORM\\InheritanceType('SINGLE_TABLE')]
    {marks}
    class Entry {{}}
    """)
    (model,) = [fact for fact in found if isinstance(fact, ModelDefined)]
    assert [(f.name, f.column, f.type) for f in model.fields] == [("instanceOf", *column)]


def test_bases_and_traits() -> None:
    found = facts("""
    #[ORM\\MappedSuperclass]
    abstract class Base { #[ORM\\Column] private string $name; }
    trait Stamps { #[ORM\\Column(type: 'datetime')] private $at; }
    class NoEntity { private $name; }
    """)
    models = [fact for fact in found if isinstance(fact, ModelDefined)]
    assert [(m.name, m.abstract, [f.name for f in m.fields]) for m in models] == [
        ("Base", True, ["name"]),
        ("Stamps", True, ["at"]),
    ]


def shown(condition: Condition) -> str:
    function = f"{condition.function}:" if condition.function else ""
    of = f"{condition.model}/" if condition.model else ""
    side = f" |{condition.branch}" if condition.alternative else ""
    return f"{function}{of}{condition.path} {condition.operator}{side}{' const' if condition.constant else ''}"


def queries(body: str) -> list[OrmQuery]:
    source = f"""
    use Doctrine\\Bundle\\DoctrineBundle\\Repository\\ServiceEntityRepository;
    class OrderRepository extends ServiceEntityRepository {{
        public function __construct($registry, private UserRepository $users) {{ parent::__construct($registry, Order::class); }}
        public function run($x, $y, $em, CustomerRepository $customers) {{ {body} }}
    }}"""
    return [fact for fact in facts(source) if isinstance(fact, OrmQuery)]


def only(body: str) -> OrmQuery:
    found = queries(body)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("calls", "conditions"),
    [
        ("where('o.state = :state')", ["state ="]),
        ("where('o.state = 3')->andWhere('o.paidAt IS NULL')", ["state = const", "paidAt is-null"]),
        ("where('o.a >= :x AND o.b IN (:y)')", ["a >=", "b in"]),
        ("where('o.a = :x OR o.b = :y')", ["a = |1", "b = |2"]),
        ("where('o.a = :x')->orWhere('o.b = :y')->andWhere('o.c = :z')", ["a = |1", "b = |2", "c ="]),
        ("where('LOWER(o.name) = :x')", ["lower:name ="]),
        ("where('IDENTITY(o.customer) = :x')", ["customer ="]),
        ("where(':tag MEMBER OF o.tags')", ["tags ="]),
        ("where('o.name LIKE :x')", ["name search"]),
        ("where('o.a BETWEEN :x AND :y')", ["a between"]),
        ("where($qb->expr()->eq('o.a', ':x'), $qb->expr()->isNull('o.b'))", ["a =", "b is-null"]),
        ("andWhere($qb->expr()->orX($qb->expr()->gt('o.a', ':x'), $qb->expr()->in('o.b', ':y')))", ["a > |1", "b in |2"]),
        ("andWhere($qb->expr()->eq('o.a', $qb->expr()->literal('x')))", ["a = const"]),
        ("andWhere(sprintf('o.a = %d', $x))", ["a ="]),
        ("leftJoin('o.customer', 'c')->join('c.group', 'g')->where('g.name = :x')", ["customer.group.name ="]),
        ("join(Line::class, 'l', 'WITH', 'l.order = o')->where('l.sku = :x')", ["Line/sku ="]),
        ("where('o.a = :x')->orderBy('o.b', 'DESC')->addOrderBy('o.c')", ["a =", "b sort", "c sort"]),
        ("where('o.customer = o.payer')", []),
        ("where('o INSTANCE OF '.Refund::class)->andWhere('o.a = :a')", ["instanceOf =", "a ="]),
        ("where('o NOT INSTANCE OF :kind')", ["instanceOf !="]),
        ("Where('o.a = :x')->OrWhere('o.b = :y')->andwhere('o.c = :z')", ["a = |1", "b = |2", "c ="]),
        ("where(\"o.a BETWEEN $x AND $y AND o.b = $x\")", ["a between", "b ="]),
    ],
)  # fmt: skip
def test_builders(calls: str, conditions: list[str]) -> None:
    query = only(
        f"$qb = $this->createQueryBuilder('o'); return $qb->{calls}->getQuery()->getResult();"
    )
    told = [shown(c) for c in query.conditions if c.clause.value != "join"]
    assert (query.model, query.framework, told) == ("Order", "doctrine", conditions)
    assert not query.partial


@pytest.mark.parametrize(
    ("calls", "flags"),
    [
        ("getQuery()->getResult()", set()),
        ("getQuery()->getOneOrNullResult()", {"limited"}),
        ("setMaxResults(3)->getQuery()->getResult()", {"limited"}),
        ("select('COUNT(o.id)')->getQuery()->getSingleScalarResult()", {"limited", "aggregate"}),
        ("groupBy('o.a')->getQuery()->getResult()", {"grouped"}),
        ("getQuery()->toIterable()", {"streamed"}),
        ("andWhere($x)->getQuery()->getResult()", {"partial"}),
        ("andWhere('z.a = 1')->getQuery()->getResult()", {"partial"}),
        ("andWhere('o.' . $x . ' = :x')->getQuery()->getResult()", {"partial"}),
        ('andWhere("$x = :x")->getQuery()->getResult()', {"partial"}),
        ('andWhere("o.b = :b AND ($x)")->getQuery()->getResult()', {"partial"}),
    ],
)
def test_flags(calls: str, flags: set[str]) -> None:
    query = only(f"return $this->createQueryBuilder('o')->where('o.a = :a')->{calls};")
    names = ("limited", "aggregate", "grouped", "streamed", "writes", "deletes", "partial")
    assert {name for name in names if getattr(query, name)} == flags


@pytest.mark.parametrize(
    ("expression", "model", "conditions"),
    [
        ("$this->findBy(['state' => $x], ['createdAt' => 'DESC'], 5)", "Order", ["state =", "createdAt sort"]),
        ("$this->findOneBy(['state' => 'open', 'paidAt' => null])", "Order", ["state = const", "paidAt is-null"]),
        ("$this->findOneByNumber($x)", "Order", ["number ="]),
        ("$this->users->findBy(['email' => $x])", "App.Entity.UserRepository", ["email ="]),
        ("$customers->count(['city' => $x])", "App.Entity.CustomerRepository", ["city ="]),
        ("$em->getRepository(Tag::class)->findOneBy(['label' => $x])", "Tag", ["label ="]),
        ("$em->createQueryBuilder()->select('t')->from(Tag::class, 't')->where('t.label = :x')->getQuery()->getResult()", "Tag", ["label ="]),
        ("$em->createQueryBuilder()->delete(Tag::class, 't')->where('t.label = :x')->getQuery()->execute()", "Tag", ["label ="]),
        ("$em->createQuery('SELECT t FROM App\\\\Entity\\\\Tag t JOIN t.orders o WHERE t.label = :x AND o.state = 1 ORDER BY t.id')->getResult()", "App.Entity.Tag", ["label =", "orders.state = const", "id sort"]),
        ("$em->createQuery('SELECT t FROM ' . Tag::class . ' t WHERE t.label = :x')->getResult()", "App.Entity.Tag", ["label ="]),
        ("$em->createQuery(sprintf('SELECT t FROM %s t JOIN %s o WITH t = o.tag WHERE o.code = :x', Tag::class, Order::class))->getResult()", "App.Entity.Tag", ["App.Entity.Order/code ="]),
        (
            "$em->createQuery('SELECT t FROM App\\\\Entity\\\\Tag t WHERE t.label = :x AND t.id IN (SELECT o.tag FROM App\\\\Entity\\\\Order o WHERE o.code = :y)')->getResult()",
            "App.Entity.Tag", ["label =", "id in", "App.Entity.Order/code ="],
        ),
    ],
)  # fmt: skip
def test_where_a_query_starts(expression: str, model: str, conditions: list[str]) -> None:
    query = only(f"return {expression};")
    assert (query.model, [shown(c) for c in query.conditions]) == (model, conditions)


@pytest.mark.parametrize(
    ("fields", "given", "asked", "model"),
    [
        ("$orders", "$this->orders = $em->getRepository(Order::class)", "$this->orders", "Order"),
        ("$orders", "$this->orders = $this->em->getRepository(Order::class)", "$this->orders", "Order"),
        ("$orders", "$this->orders = $registry->getRepository(Order::class)", "$this->orders", "Order"),
        ("$orders", "$this->orders = $registry->getManager()->getRepository('App\\Entity\\Order')", "$this->orders", "App.Entity.Order"),
        ("EntityRepository $orders", "$this->orders = $em->getRepository(Order::class)", "$this->orders", "Order"),
        ("$orders", "$found = $em->getRepository(Order::class); $this->orders = $found", "$this->orders", "Order"),
        ("$orders", "$this->orders = null; $this->orders = $em->getRepository(Order::class)", "$this->orders", "Order"),
        ("$orders", "$this->orders ??= $em->getRepository(Order::class)", "$this->orders", "Order"),
        ("$orders", "", "$this->handedOut()", "Tag"),
        ("OrderRepository $orders", "", "$this->orders", "App.Order.OrderRepository"),
        ("OrderRepository $orders", "$this->orders = $any", "$this->orders", "App.Order.OrderRepository"),
        ("$orders", "$this->orders = $em->getRepository($x ? Tag::class : Order::class)", "$this->orders", None),
        ("$orders", "$this->orders = $em->getRepository(Tag::class); $this->orders = $em->getRepository(Order::class)", "$this->orders", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "call",
    [
        "findOneBy(['code' => $code])",
        "findBy(['code' => $code])",
        "count(['code' => $code])",
        "createQueryBuilder('o')->where('o.code = :code')->getQuery()->getResult()",
    ],
)
@pytest.mark.parametrize(
    "by", ["return {asked}->{call};", "$held = {asked}; return $held->{call};"]
)
def test_repositories_that_fields_hold(
    fields: str, given: str, asked: str, model: str | None, call: str, by: str
) -> None:
    found = extract(
        f"""<?php
    namespace App\\Order;
    use Doctrine\\ORM\\EntityManagerInterface;
    use Doctrine\\ORM\\EntityRepository;
    use Doctrine\\Persistence\\ManagerRegistry;
    class Orders {{
        private {fields};
        private EntityManagerInterface $em;
        public function __construct(EntityManagerInterface $em, ManagerRegistry $registry, EntityRepository $any) {{
            $this->em = $em;
            {given};
        }}
        public function named($code) {{ {by.format(asked=asked, call=call)} }}
        private function handedOut() {{ return $this->em->getRepository(Tag::class); }}
    }}
    class Others {{ private $orders; }}
    """.encode()
    )
    told = [each for each in found.facts if isinstance(each, OrmQuery)]
    assert [(each.model, [c.path for c in each.conditions]) for each in told] == (
        [(model, ["code"])] if model is not None else []
    )


def test_variables_and_gathered_conditions() -> None:
    found = queries("""
        $qb = $em->createQueryBuilder();
        $qb->select('o')->from(Order::class, 'o')->leftJoin('o.customer', 'c');
        $where = $qb->expr()->andX();
        if ($x) {
            $where->add('o.visible = :visible');
        }
        $where->add($qb->expr()->isNotNull('c.name'));
        if ($y) {
            $qb->andWhere($qb->expr()->eq('c.visible', ':visible'));
        }
        $qb->andWhere($where);
        return $qb->getQuery()->getResult();
    """)
    assert [[shown(c) for c in q.conditions] for q in found] == [
        ["customer.name is-not-null"],
        ["customer.name is-not-null", "visible ="],
        ["customer.name is-not-null", "customer.visible ="],
    ]


def test_alternatives_that_may_be_missing_are_told_alone() -> None:
    found = queries("""
        $qb = $this->createQueryBuilder('o');
        $or = $qb->expr()->orX();
        if ($x) { $or->add('o.a = :a'); }
        $or->add('o.b = :b');
        $qb->andWhere($or);
        return $qb->getQuery()->getResult();
    """)
    assert [[shown(c) for c in q.conditions] for q in found] == [[], ["a ="], ["b ="]]


def test_builders_from_outside_speak_of_the_class_around() -> None:
    source = """
    use Doctrine\\ORM\\QueryBuilder;
    class OrderRepository extends ServiceEntityRepository {
        public function all() { return $this->createQueryBuilder('o')->join('o.customer', 'c')->getQuery()->getResult(); }
        private function visible(QueryBuilder $qb) { $qb->andWhere('c.visible = :x'); }
    }"""
    found = [fact for fact in facts(source) if isinstance(fact, OrmQuery)]
    assert [(q.model, [shown(c) for c in q.conditions]) for q in found] == [
        ("OrderRepository", []),
        ("OrderRepository", ["customer.visible ="]),
    ]


def test_tables_by_name() -> None:
    found = facts("""
    class Report { function run($connection) {
        return $connection->createQueryBuilder()->select('*')->from('orders', 'o')
            ->leftJoin('o', 'users', 'u', 'u.id = o.user_id')->where('o.state = :x')->andWhere('u.name = :y')
            ->executeQuery()->fetchAllAssociative();
    } }""")
    query = next(fact for fact in found if isinstance(fact, QueryFound))
    assert query.reads == ("orders", "users")
    assert [(p.table, p.column, p.clause.value) for p in query.predicates] == [
        ("orders", "state", "filter"),
        ("users", "name", "filter"),
        ("users", "id", "join"),
        ("orders", "user_id", "join"),
    ]


@pytest.mark.parametrize(
    "body",
    ["$tag = new Tag(); $em->persist($tag); $em->persist($x);", "$em->persist(new Tag('x'));"],
)
def test_rows_that_are_kept(body: str) -> None:
    assert [(q.framework, q.model, q.inserts) for q in queries(body)] == [
        ("doctrine", "App.Entity.Tag", True)
    ]


@pytest.mark.parametrize(
    "body",
    [
        "return $x->createQueryBuilder('o')->where('o.a = 1');",
        "return $this->findBy($x);",
        "$qb->andWhere(" + "(" * 200 + "'o.a = 1'" + ")" * 200 + ");",
        "return $em->createQuery($x . ' WHERE o.a = 1')->getResult();",
        "$a = $b; $b = $a; return $a->where('x.y = 1')->getQuery();",
    ],
)
def test_nothing_is_made_up(body: str) -> None:
    assert all(query.partial or not query.conditions for query in queries(body))


SELF_MAPPED = """<?php
namespace App\\Entity;
use Doctrine\\ORM\\Mapping\\Builder\\ClassMetadataBuilder;
use Doctrine\\ORM\\Mapping as ORM;
class Contact extends Base
{
    public const TABLE = 'contacts';
    private $id;

    public static function loadMetadata(ORM\\ClassMetadata $metadata)
    {
        $builder = new ClassMetadataBuilder($metadata);
        $builder->setTable(self::TABLE)
            ->setCustomRepositoryClass(ContactRepository::class)
            ->addIndex(['date_added', 'country'], 'by_date')
            ->addUniqueConstraint(['token'], 'tokens');
        $builder->createField('id', 'integer')->makePrimaryKey()->generatedValue()->build();
        $builder->createField('dateAdded', 'datetime')->columnName('date_added')->nullable()->build();
        $builder->addField('alias', 'string');
        $builder->createManyToOne('owner', 'App\\Entity\\User')
            ->addJoinColumn('owner_id', 'id', true, false, 'SET NULL')->inversedBy('contacts')->build();
        $builder->createOneToMany('notes', Note::class)->mappedBy('contact')->build();
        $builder->createManyToMany('tags', 'Tag')->setJoinTable('tagged')
            ->addJoinColumn('contact_id', 'id')->addInverseJoinColumn('tag_id', 'id')->build();
    }
}
"""


def test_entities_that_map_themselves() -> None:
    (model,) = [f for f in extract(SELF_MAPPED.encode()).facts if isinstance(f, ModelDefined)]
    assert (model.name, model.table, model.bases, model.managers) == (
        "Contact", "contacts", ("Base",), ("ContactRepository",),
    )  # fmt: skip
    assert [(f.name, f.column, f.type, f.nullable, f.primary) for f in model.fields] == [
        ("id", "", "INT", False, True),
        ("dateAdded", "date_added", "TIMESTAMP", True, False),
        ("alias", "", "VARCHAR", False, False),
    ]
    assert [
        (r.name, r.kind, r.target, r.column, r.inverse, r.through, r.other_column)
        for r in model.relations
    ] == [
        ("owner", "belongs-to", "User", "owner_id", "contacts", "", ""),
        ("notes", "has-many", "Note", "", "contact", "", ""),
        ("tags", "many-to-many", "Tag", "contact_id", "", "tagged", "tag_id"),
    ]
    assert [(i.columns, i.unique) for i in model.indexes] == [
        (("date_added", "country"), False),
        (("token",), True),
    ]


def test_tables_with_a_prefix_of_the_installation() -> None:
    found = extract(
        b"<?php\nuse Doctrine\\DBAL\\Connection;\nclass Stats { function of($x) {"
        b" return $this->db->createQueryBuilder()->select('*')->from(PREFIX . 'page_hits', 'h')"
        b"->join('h', PREFIX . 'leads', 'l', 'l.id = h.lead_id')"
        b"->where('h.url = :x')->execute(); } }\n"
    )
    (query,) = [fact for fact in found.facts if isinstance(fact, QueryFound)]
    assert query.reads == ("page_hits", "leads")
    assert ("page_hits", "url") in {(p.table, p.column) for p in query.predicates}


@pytest.mark.parametrize(
    ("declared", "model"),
    [("", "StationRepository"), ("private ObjectRepository $repository;", "StationRepository"),
     ("private SongRepository $repository;", "SongRepository")],
)  # fmt: skip
def test_a_repository_inside_a_repository(declared: str, model: str) -> None:
    found = extract(
        b"<?php\nuse Doctrine\\ORM\\EntityManager;\nclass StationRepository extends Repository {"
        + declared.encode()
        + b" function of($x) { return $this->repository->findOneBy(['code' => $x]); } }\n"
    )
    (query,) = [fact for fact in found.facts if isinstance(fact, OrmQuery)]
    assert query.model.rpartition(".")[2] == model


def test_migrations_and_mappers_of_nextcloud() -> None:
    """A variable holds one table after the other; a mapper hands its table to its base."""
    migration = """<?php
    class Version1000Date20240101 extends SimpleMigrationStep {
        public function changeSchema(IOutput $output, Closure $schemaClosure, array $options) {
            $schema = $schemaClosure();
            if (!$schema->hasTable('orders')) {
                $table = $schema->createTable('orders');
                $table->addColumn('id', 'bigint', ['autoincrement' => true]);
                $table->addColumn('buyer', 'string', ['notnull' => true]);
                $table->setPrimaryKey(['id']);
            }
            $table = $schema->getTable('lines');
            $table->addIndex(['order_id'], 'by_order');
            $table->addForeignKeyConstraint('orders', ['order_id'], ['id']);
            return $schema;
        }
    }
    """
    found = [
        f for f in extract(migration.encode()).facts if isinstance(f, TableDefined | TableChanged)
    ]
    changed, key, made = found
    assert isinstance(key, TableChanged)
    assert (key.action, key.index and key.index.columns) == ("add-foreign-key", ("order_id",))
    assert isinstance(made, TableDefined)
    assert isinstance(changed, TableChanged)
    assert (changed.table, changed.action) == ("lines", "add-index")
    assert (made.table, [c.name for c in made.columns]) == ("orders", ["id", "buyer"])
    listener = """<?php
    class Optional { public function handle($event) {
        $event->addMissingIndex('orders', 'by_buyer', ['buyer'], ['lengths' => [64]]);
    } }
    """
    (optional,) = [f for f in extract(listener.encode()).facts if isinstance(f, TableChanged)]
    assert optional.index is not None
    assert (optional.table, optional.index.columns) == ("orders", ("buyer",))
    mapper = """<?php
    class OrderMapper extends QBMapper {
        public function __construct(IDBConnection $db) { parent::__construct($db, 'orders', Order::class); }
        public function ofBuyer($buyer) {
            $qb = $this->db->getQueryBuilder();
            $qb->select('*')->from($this->getTableName())
                ->where($qb->expr()->eq('buyer', $qb->createNamedParameter($buyer)));
            return $this->findEntities($qb);
        }
        public function renamed() { $this->db->executeQuery('SELECT id FROM `*PREFIX*orders` WHERE buyer = ?'); }
    }
    """
    told = [fact for fact in extract(mapper.encode()).facts if isinstance(fact, QueryFound)]
    assert [(q.reads, [(p.column, p.operator) for p in q.predicates], q.partial) for q in told] == [
        (("orders",), [("buyer", "=")], False),
        (("orders",), [("buyer", "=")], False),
    ]


MAPPED_BY_A_FILE = """<?php
namespace Shop;
use Doctrine\\DBAL\\Types\\Types;
use Doctrine\\ORM\\Mapping\\Builder\\ClassMetadataBuilder;
use Doctrine\\ORM\\Mapping\\ClassMetadata;
return static function (ClassMetadata $metadata, array $options): void {
    $builder = new ClassMetadataBuilder($metadata);
    $builder->setTable(completeTableName('shop_order', $options))
        ->setCustomRepositoryClass(Repository\\OrderRepository::class);
    $builder->createField('id', Types::BIGINT)->makePrimaryKey()->generatedValue('IDENTITY')->build();
    utf8($builder->createField('longUrl', Types::STRING), $options)->columnName('`url`')->nullable()->build();
    $builder->createField('placedAt', Types::DATETIME_IMMUTABLE)->build();
    $builder->addIndex(['placed_at'], 'by_time');
};
"""


def test_a_file_that_maps_the_class_it_is_named_after() -> None:
    (model,) = [f for f in extract(MAPPED_BY_A_FILE.encode()).facts if isinstance(f, ModelDefined)]
    assert (model.name, model.table, model.managers) == ("", "shop_order", ("OrderRepository",))
    assert [(f.name, f.column, f.type, f.nullable) for f in model.fields] == [
        ("id", "", "BIGINT", False),
        ("longUrl", "url", "VARCHAR", True),
        ("placedAt", "", "TIMESTAMP", False),
    ]
    assert [index.columns for index in model.indexes] == [("placed_at",)]


@pytest.mark.parametrize(
    ("written", "table"),
    [("$this->getTable('orders')", "orders"), ("self::tableName('orders', true)", "orders"),
     ("$this->prefix . 'orders'", "orders"), ("$names->getTable('orders', 'x')", ""),
     ("$this->find('orders')", ""), ("prefixed($name)", "")],
)  # fmt: skip
def test_tables_that_a_function_completes(written: str, table: str) -> None:
    found = extract(
        b"<?php\nuse Doctrine\\DBAL\\Connection;\nclass Stats { function of($x) {"
        b" return $this->db->createQueryBuilder()->select('*')->from("
        + written.encode()
        + b", 'o')->where('o.state = :x')->execute(); } }\n"
    )
    reads = [fact.reads for fact in found.facts if isinstance(fact, QueryFound)]
    assert reads == ([(table,)] if table else [])
    steps = extract(
        b"<?php\nuse Doctrine\\DBAL\\Schema\\Schema;\nclass V1 extends AbstractMigration {"
        b" public function up(Schema $schema): void {"
        b" $table = $schema->getTable("
        + written.encode()
        + b"); $table->addIndex(['state'], 's'); } }\n"
    )
    changed = [fact.table for fact in steps.facts if isinstance(fact, TableChanged)]
    assert changed == ([table] if table and "prefix" not in written else [])


HANDED = """<?php
namespace App\\Repository;
use Doctrine\\ORM\\QueryBuilder;
class OrderRepository extends ServiceEntityRepository
{
    public function __construct($registry) { parent::__construct($registry, Order::class); }
    public function page($filter): array
    {
        $qb = $this->begun($filter);
        $qb->orderBy('o.placedAt', 'DESC')->setMaxResults(20);
        return $qb->getQuery()->getResult();
    }
    public function total($filter): int
    {
        return (int) $this->begun($filter)->select('COUNT(o)')->getQuery()->getSingleScalarResult();
    }
    private function begun($filter): QueryBuilder
    {
        $qb = $this->createQueryBuilder('o');
        $qb->where('o.shop = :shop');
        $this->between($qb, $filter, 'o');
        return $qb;
    }
    private function between(QueryBuilder $qb, $filter, string $alias): void
    {
        if ($filter->from !== null) {
            $qb->andWhere($qb->expr()->gte($alias . '.placedAt', ':from'));
        }
    }
}
"""


def test_builders_that_methods_of_the_class_hand_out_and_add_to() -> None:
    asked = [f for f in extract(HANDED.encode()).facts if isinstance(f, OrmQuery)]
    assert [
        ([(c.path, c.operator) for c in query.conditions], query.limited, query.aggregate)
        for query in asked
    ] == [
        ([("shop", "="), ("placedAt", "sort")], True, False),
        ([("shop", "="), ("placedAt", ">="), ("placedAt", "sort")], True, False),
        ([("shop", "=")], True, True),
        ([("shop", "="), ("placedAt", ">=")], True, True),
    ]
    assert not any(query.partial for query in asked)


@pytest.mark.parametrize(
    ("read", "limited"),
    [
        ("return new Pagerfanta(new QueryAdapter($qb));", True),
        ("return new Pagerfanta(new DoctrineORMAdapter($qb->getQuery(), false));", True),
        ("return $this->pages->paginate($qb, $x, 20);", True),
        ("return new Paginator($qb);", False),  # Doctrine's own limits nothing
        ("return $this->pages->paginate($y, $x, 20);", False),
        ("return $qb;", False),
    ],
)
def test_pages_of_a_list(read: str, limited: bool) -> None:
    body = f"$qb = $this->createQueryBuilder('o'); $qb->orderBy('o.placedAt'); {read}"
    (query,) = [each for each in queries(body) if not each.inserts]
    assert bool([each for each in query.conditions if shown(each) == "placedAt sort"]) is limited


def test_a_page_of_what_a_method_hands_out() -> None:
    source = """
    class OrderRepository extends ServiceEntityRepository {
        public function page($number) { return new Pagerfanta(new QueryAdapter($this->newest(), false)); }
        private function newest($by): QueryBuilder {
            $qb = $this->createQueryBuilder('o');
            if ($by === 'total') { $qb->orderBy('o.total'); }
            $qb->addOrderBy('o.placedAt', 'DESC');
            return $qb;
        }
    }"""
    found = [fact for fact in facts(source) if isinstance(fact, OrmQuery) and not fact.inserts]
    sorts = [[shown(each) for each in query.conditions] for query in found]
    assert sorts == [["placedAt sort"], ["placedAt sort", "total sort"]]


def test_what_adds_to_a_builder_out_of_sight_makes_it_partial() -> None:
    for call, partial, scopes in (
        ("applySpecification($qb)", False, ("applySpecification",)),  # of a base class or a trait
        ("access->restrict($qb)", True, ()),
        ("paginated($qb)", False, ()),
    ):
        body = f"$qb = $this->createQueryBuilder('o')->where('o.state = :x'); $this->{call};"
        (query,) = queries(body)
        assert (query.partial, query.scopes) == (partial, scopes)


def test_the_alias_that_a_builder_begins_with() -> None:
    for written in ("$alias = $qb->getRootAliases()[0];", "[$rootAlias] = $qb->getRootAliases();"):
        name = written.partition(" = ")[0].strip("[]")
        body = f"""$qb = $this->createQueryBuilder('o'); {written}
        $qb->andWhere({name} . '.state = :x'); return $qb->getQuery()->getResult();"""
        (query,) = queries(body)
        assert [condition.path for condition in query.conditions] == ["state"]
        assert not query.partial


def on_tables(body: str) -> list[QueryFound]:
    source = f"""<?php
    use Doctrine\\DBAL\\Connection;
    class ShareMapper extends QBMapper {{
        protected string $table = 'shares';
        public function __construct($db) {{ parent::__construct($db, $this->table, Share::class); }}
        public function run($x, $data, $conn, $item) {{ {body} }}
    }}"""
    return [f for f in extract(source.encode()).facts if isinstance(f, QueryFound)]


@pytest.mark.parametrize(
    ("written", "writes", "inserts", "asked"),
    [
        ("$this->db->delete('orders', ['state' => $x]);", ("orders",), (), ["state"]),
        ("$conn->update('orders', ['a' => 1], ['code' => $x]);", ("orders",), (), ["code"]),
        ("$this->connection->insert('orders', $data);", ("orders",), ("orders",), []),
        ("$qb = $conn->createQueryBuilder(); $qb->insert('orders')->values(['a' => 1]); $qb->execute();",
         ("orders",), ("orders",), []),
    ],
)  # fmt: skip
def test_statements_without_a_builder(
    written: str, writes: tuple[str, ...], inserts: tuple[str, ...], asked: list[str]
) -> None:
    (query,) = on_tables(written)
    assert (query.reads, query.writes, query.inserts) == ((), writes, inserts)
    assert [predicate.column for predicate in query.predicates] == asked


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        ("", [["code"]]),
        ("$qb->setMaxResults(3);", [["code"]]),
        (
            "if ($item) { $qb->andWhere($qb->expr()->eq('item', $item)); }",
            [],
        ),  # the whole is out of sight
    ],
)
def test_a_statement_on_a_builder_that_a_field_holds(later: str, asked: list[list[str]]) -> None:
    found = on_tables(
        "/* QueryBuilder */ $qb = $this->held; $qb->select('id')->from('orders')"
        f"->where($qb->expr()->eq('code', $qb->createNamedParameter($x))); {later} $qb->execute();"
    )
    assert [[predicate.column for predicate in query.predicates] for query in found] == asked


def test_a_statement_of_another_builder() -> None:
    body = "/* QueryBuilder */ $db = $this->held; $db->select('id')->from('orders')->where('code = ?', $x);"
    assert on_tables(body) == []


def test_what_is_no_connection_and_no_statement() -> None:
    assert not on_tables("$item->delete('orders', ['state' => 1]);")
    assert not on_tables("$this->db->update('orders', 'o');")
    assert not on_tables("$this->db->delete($x, ['state' => 1]);")


def test_a_table_that_a_field_names() -> None:
    (query,) = on_tables("""$qb = $this->db->getQueryBuilder();
        $qb->select('*')->from($this->table)->where($qb->expr()->eq('node_id', $x));
        return $this->findEntities($qb);""")
    assert query.reads == ("shares",)
    assert [(p.table, p.column) for p in query.predicates] == [("shares", "node_id")]


def test_a_row_that_is_made_where_none_was_found() -> None:
    found = queries("""$order = $this->one($x);
        if ($order === null) { $order = new Order(); $em->persist($order); }""")
    assert [query.inserts for query in found] == [True]


def test_a_variable_that_holds_the_name_and_then_the_table() -> None:
    found = extract(b"""<?php
    class Version1Date20240101 extends SimpleMigrationStep {
        public function changeSchema(IOutput $output, Closure $schemaClosure, array $options) {
            $schema = $schemaClosure();
            $table = 'shares';
            if (!$schema->hasTable($table)) {
                $table = $schema->createTable($table);
                $table->addColumn('id', Types::INTEGER, ['autoincrement' => true]);
                $table->setPrimaryKey(['id']);
            }
            $table = 'rows';
            if (!$schema->hasTable($table)) {
                $table = $schema->createTable($table);
                $table->addColumn('row_id', Types::INTEGER, []);
            }
            return $schema;
        }
    }
    """)
    tables = [fact for fact in found.facts if isinstance(fact, TableDefined)]
    assert [(t.table, [c.name for c in t.columns]) for t in tables] == [
        ("shares", ["id"]),
        ("rows", ["row_id"]),
    ]


def test_a_method_of_the_class_that_goes_by_the_name_of_the_librarys() -> None:
    found = extract(b"""<?php
    namespace App\\Order;
    class OrderFinder {
        public function open($code) {
            return $this->createQueryBuilder(['a'])->andWhere('o.code = :code')->getQuery()->getResult();
        }
        public function named($name) {
            $qb = $this->createQueryBuilder(['b']);
            $qb->andWhere('o.name = :name');
            return $qb->getQuery()->getResult();
        }
        private function createQueryBuilder(array $states) {
            $qb = $this->em->createQueryBuilder();
            $qb->select('o')->from(Order::class, 'o')->where('o.state IN (:states)');
            return $qb;
        }
    }
    class OrderRepository extends ServiceEntityRepository {
        public function createQueryBuilder($alias, $indexBy = null) {
            return parent::createQueryBuilder($alias, $indexBy);
        }
        public function late($x) {
            return $this->createQueryBuilder('o')->where('o.due < :x')->getQuery()->getResult();
        }
    }
    """)
    asked = [each for each in found.facts if isinstance(each, OrmQuery) and each.conditions]
    assert sorted((each.model, [c.path for c in each.conditions]) for each in asked) == [
        ("Order", ["state", "code"]),
        ("Order", ["state", "name"]),
        ("OrderRepository", ["due"]),
    ]


@pytest.mark.parametrize(
    ("built", "asked"),
    [
        ("from('parcels')->where('id = :id')->andWhere('`owner_id` = ?')", ["parcels.id =", "parcels.owner_id ="]),
        ("from('parcels', 'p')->where('owner_id = :o AND LOWER(code) = :c')", ["parcels.owner_id =", "parcels.code ="]),
        ("from('parcels p')->where('p.owner_id = :o')->orderBy('sent_at', 'DESC')",
         ["parcels.owner_id =", "parcels.sent_at sort"]),
        ("addSelect('COUNT(*) AS amount')->from('parcels')->where('weight > 5')->groupBy('size')->orderBy('amount')",
         ["parcels.weight >"]),
        ("from('parcels')->where('1 = 1')", []),
        ("from('parcels', 'p')->from('owners', 'o')->where('o.id = :o')->andWhere('code = :c')", ["owners.id =", ".code ="]),
    ],
)  # fmt: skip
def test_columns_that_stand_alone_in_a_query_of_tables(built: str, asked: list[str]) -> None:
    """They are of the one table; of several nobody here says of which."""
    found = extract(
        b"<?php\nuse Doctrine\\DBAL\\Connection;\nclass Parcels { function of(Connection $c) {"
        b" return $c->createQueryBuilder()->select('*')->"
        + built.encode()
        + b"->fetchAllAssociative(); } }\n"
    )
    (query,) = [fact for fact in found.facts if isinstance(fact, QueryFound)]
    assert [f"{p.table}.{p.column} {p.operator}" for p in query.predicates] == asked
    assert not query.partial


def test_a_number_that_stands_in_a_range_tells_a_kind() -> None:
    found = extract(
        b"<?php\nclass Parcels { function of() { return $this->c->createQueryBuilder()->select('*')->from('parcels')"
        b"->where('weight > 5')->andWhere('size > :s')->andWhere('sent_at > \"2020\"')->fetchAllAssociative(); } }\n"
    )
    (query,) = [fact for fact in found.facts if isinstance(fact, QueryFound)]
    assert {p.column: p.constant for p in query.predicates}["weight"]
    assert not {p.column: p.constant for p in query.predicates}["size"]
