"""Small applications of Laravel and Symfony, from their files to what lacks an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import QueryFound
from scaleaudit.index_use import judge_query
from scaleaudit_rules.data.int32_key import Int32KeyOptions, int32_key

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture

LARAVEL = {
    "composer.json": '{"require": {"laravel/framework": "^11"}}',
    "config/database.php": "<?php return ['default' => env('DB_CONNECTION', 'pgsql'), 'connections' => []];",
    "database/migrations/2024_01_01_000000_create.php": """<?php
        return new class extends Migration {
            public function up(): void {
                Schema::create('orders', function (Blueprint $table) {
                    $table->id();
                    $table->string('number')->unique();
                    $table->string('reference');
                    $table->foreignId('customer_id')->constrained();
                    $table->softDeletes();
                    $table->timestamps();
                });
                Schema::create('customers', function (Blueprint $table) {
                    $table->id(); $table->string('email')->index(); $table->string('phone');
                });
                Schema::create('order_tag', function (Blueprint $table) {
                    $table->foreignId('order_id'); $table->foreignId('tag_id');
                    $table->primary(['order_id', 'tag_id']);
                });
                Schema::create('tags', function (Blueprint $table) { $table->id(); $table->string('label'); });
                Schema::create('notes', function (Blueprint $table) { $table->id(); $table->morphs('noteable'); });
            }
        };
        """,
    "app/Models/Record.php": """<?php
        namespace App\\Models;
        abstract class Record extends Model {
            use SoftDeletes;
            public function notes() { return $this->morphMany(Note::class, 'noteable'); }
        }
        """,
    "app/Models/Order.php": """<?php
        namespace App\\Models;
        class Order extends Record {
            public function customer() { return $this->belongsTo(Customer::class); }
            public function tags() { return $this->belongsToMany(Tag::class); }
            public function scopeRecent($query) { return $query->where('created_at', '>', now()->subDay()); }
        }
        """,
    "app/Models/Customer.php": """<?php
        namespace App\\Models;
        class Customer extends Model {
            public function orders() { return $this->hasMany(Order::class); }
        }
        """,
    "app/Models/Tag.php": "<?php namespace App\\Models; class Tag extends Model { public function orders() { return $this->belongsToMany(Order::class); } }",
    "app/Models/Note.php": "<?php namespace App\\Models; class Note extends Model { public function noteable() { return $this->morphTo(); } }",
    "app/Http/Controllers/OrderController.php": """<?php
        namespace App\\Http\\Controllers;
        use App\\Models\\Order;
        use App\\Models\\Customer;
        class OrderController {
            public function __construct(private Customer $customers) {}
            public function run($x) {
                Order::where('number', $x)->first();
                Order::where('reference', $x)->first();
                Order::recent()->get();
                $this->customers->where('email', $x)->orWhere('phone', $x)->first();
                Order::whereHas('customer', fn ($q) => $q->where('phone', $x))->get();
            }
        }
        """,
}


def missing(found: Architecture) -> set[tuple[str, tuple[str, ...]]]:
    result = set()
    for site in found.sites(QueryFound):
        query = site.fact
        tables = [t for t in map(found.schema.table, query.reads) if t is not None]
        for judged in judge_query(query.predicates, tables, query.limited):
            if judged.verdict.is_problem and not query.partial:
                result.add((judged.table.name, judged.verdict.columns))
    return result


def test_laravel() -> None:
    found = architecture(LARAVEL)
    assert set(found.schema.tables) == {"orders", "customers", "order_tag", "tags", "notes"}
    assert missing(found) == {
        ("orders", ("reference",)),
        ("orders", ("created_at",)),
        ("orders", ("customer_id",)),  # the orders of a customer, by the relation
        ("order_tag", ("tag_id",)),
        ("customers", ("phone",)),
    }


def test_classes_alone_are_no_schema() -> None:
    """An Eloquent class names no index: what no migration defines may well have the right ones."""
    files = {path: text for path, text in LARAVEL.items() if not path.startswith("database/")}
    found = architecture(files)
    assert any(site.fact.predicates for site in found.sites(QueryFound))
    assert found.schema.tables == {}
    assert missing(found) == set()


def test_classes_that_answer_for_a_model() -> None:
    found = architecture(
        {
            **LARAVEL,
            "app/Queries/OrderQueries.php": """<?php
            namespace App\\Queries;
            use App\\Models\\Order;
            class OrderQueries {
                public function recent() { return Order::where('created_at', '>', now()); }
            }
            """,
            "app/Http/Controllers/OrderController.php": """<?php
            namespace App\\Http\\Controllers;
            use App\\Queries\\OrderQueries;
            class OrderController {
                public function __construct(private OrderQueries $orders) {}
                public function run($x) { return $this->orders->recent()->where('reference', $x)->first(); }
            }
            """,
        }
    )
    asked = {
        tuple((p.table, p.column) for p in site.fact.predicates)
        for site in found.sites(QueryFound)
        if site.at.path.endswith("OrderController.php")
    }
    assert asked == {(("orders", "reference"), ("orders", "created_at"), ("orders", "deleted_at"))}
    assert "order_queries" not in found.schema.tables


@pytest.mark.parametrize(
    ("body", "served"),
    [
        ("Order::where('reference', $x)->find($id)", True),
        ("Order::where('reference', $x)->findOrFail($id)", True),
        ("Order::where('reference', $x)->findMany($ids)", True),
        ("Order::where('reference', $x)->findOr($id, fn () => 0)", True),
        ("Order::where('reference', $x)->findOrNew([1, $id])", True),
        ("DB::table('orders')->where('reference', $x)->find($id)", True),
        ("Order::where('reference', $x)->find()", False),  # no key: not of this framework
        ("Order::where('reference', $x)->first()", False),
    ],
)
def test_a_row_found_by_its_key_needs_no_other_index(body: str, served: bool) -> None:
    file = f"<?php\nuse App\\Models\\Order;\nfunction f($x, $id, $ids) {{ return {body}; }}\n"
    files = {**LARAVEL, "app/Shop.php": file}
    del files["app/Http/Controllers/OrderController.php"]
    assert (("orders", ("reference",)) not in missing(architecture(files))) is served


def asked_of(found: Architecture, text: str) -> list[QueryFound]:
    return [site.fact for site in found.sites(QueryFound) if text in site.fact.text]


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        ("updateOrCreate(['number' => $x], ['reference' => $x])", ["number", "customer_id"]),
        ("firstOrCreate(['number' => $x])", ["number", "customer_id"]),
        ("create(['number' => $x])", []),
    ],
)
def test_a_row_that_is_looked_for_before_it_is_made(call: str, asked: list[str]) -> None:
    """Among those of the one that asks: the relation's key is asked for too."""
    customer = LARAVEL["app/Models/Customer.php"].replace(
        "public function orders()",
        f"public function fill($x) {{ $this->orders()->{call}; }}\n public function orders()",
    )
    found = architecture({**LARAVEL, "app/Models/Customer.php": customer})
    (query,) = asked_of(found, call.partition("(")[0])
    assert sorted(p.column for p in query.predicates) == sorted(asked)


def test_what_every_query_of_a_model_asks() -> None:
    """Scopes in closures and classes are known; one out of sight may bring the indexed condition."""
    shop = "<?php\nuse App\\Models\\Note;\nfunction f($x) { return Note::where('noteable_id', $x)->get(); }\n"
    note = (
        "<?php\nnamespace App\\Models;\nclass Note extends Model { protected $fillable = ['state'];%s\n"
        " public function noteable() { return $this->morphTo(); } }\n"
    )
    table = """<?php return new class extends Migration { public function up(): void {
        Schema::create('notes', function (Blueprint $t) {
            $t->id(); $t->morphs('noteable'); $t->string('state'); $t->timestamps(); }); } };"""
    open_only = """<?php
        namespace App\\Scopes;
        use Illuminate\\Database\\Eloquent\\Scope;
        class OpenOnly implements Scope {
            public function apply(Builder $builder, Model $model): void { $builder->where('state', 'open'); }
        }
        class OfMine implements Scope {
            public function apply(Builder $builder, Model $model): void {
                if (auth()->check()) { $builder->where('state', 'mine'); }
            }
        }"""
    begun = " protected static function booted() { static::addGlobalScope(%s); }"
    scopes = {
        "": (False, {"noteable_id"}),
        begun % "new Tenant": (True, {"noteable_id"}),
        begun % "new OfMine": (True, {"noteable_id"}),
        begun % "'new', fn ($q) => $q->where('state', 1)": (False, {"noteable_id", "state"}),
        begun % "new OpenOnly()": (False, {"noteable_id", "state"}),
        begun % "'new', fn ($q) => $q->latest()": (False, {"noteable_id"}),
    }
    for body, (partial, columns) in scopes.items():
        files = {
            **LARAVEL,
            "app/Models/Note.php": note % body,
            "app/Shop.php": shop,
            "app/Scopes/Scopes.php": open_only,
            "database/migrations/2024_09_01_000000_notes.php": table,
        }
        (query,) = asked_of(architecture(files), "Note::where")
        assert query.partial is partial, body
        assert {p.column for p in query.predicates} == columns, body


def test_what_a_query_goes_without() -> None:
    shop = """<?php
        use App\\Models\\Order;
        function f($x) {
            Order::onlyTrashed()->where('reference', $x)->get();
            Order::withTrashed()->where('reference', $x)->count();
            Order::where('reference', $x)->first();
        }"""
    files = {**LARAVEL, "app/Purge.php": shop}
    found = architecture(files)
    asked = {
        tuple(p.operator for p in query.predicates if p.column == "deleted_at")
        for query in asked_of(found, "Order::")
        if "reference" in query.text
    }
    assert asked == {("is-not-null",), (), ("is-null",)}


def test_laravel_on_an_engine_that_indexes_keys() -> None:
    mysql = LARAVEL["config/database.php"].replace("pgsql", "mysql")
    found = architecture({**LARAVEL, "config/database.php": mysql})
    assert ("orders", ("customer_id",)) not in missing(found)
    assert ("order_tag", ("tag_id",)) in missing(found)  # no key of the database


def test_tables_of_heirs() -> None:
    """A class that inherits has the attributes of its base, and a table of its own or the named one."""
    found = architecture(
        {
            "database/migrations/2024_01_01_000000_create.php": """<?php
            return new class extends Migration { public function up(): void {
                foreach (['books', 'shelves', 'papers'] as $name) {
                    Schema::create($name, function (Blueprint $t) { $t->id(); $t->string('slug'); });
                }
            } };
            """,
            "app/Shelf.php": "<?php class Shelf extends Entity { protected $fillable = []; }",
            "app/Entity.php": "<?php class Entity extends Model { public function find($x) { return static::where('slug', $x)->first(); } }",
            "app/Book.php": "<?php class Book extends Entity { protected $fillable = []; }",
            "app/Paper.php": "<?php class Leaf extends Entity { protected $table = 'papers'; } class Sheet extends Leaf { protected $fillable = []; }",
            "app/Run.php": """<?php class Run { function run($x) {
                Shelf::where('slug', $x)->first(); Book::where('slug', $x)->first(); Sheet::where('slug', $x)->first();
            } }""",
        }
    )
    assert missing(found) == {("books", ("slug",)), ("shelves", ("slug",)), ("papers", ("slug",))}


SYMFONY = {
    "src/Entity/Booking.php": """<?php
        namespace App\\Entity;
        use App\\Repository\\BookingRepository;
        use Doctrine\\ORM\\Mapping as ORM;
        #[ORM\\Entity(repositoryClass: BookingRepository::class)]
        #[ORM\\Table(name: 'app_booking')]
        #[ORM\\Index(columns: ['room_id', 'begins'])]
        class Booking {
            #[ORM\\Id, ORM\\GeneratedValue, ORM\\Column] private ?int $id = null;
            #[ORM\\ManyToOne(inversedBy: 'bookings')] private ?Room $room = null;
            #[ORM\\ManyToOne] private ?Guest $guest = null;
            #[ORM\\Column(name: 'begins')] private \\DateTimeImmutable $startsAt;
            #[ORM\\Column] private \\DateTimeImmutable $endsAt;
            #[ORM\\ManyToMany(targetEntity: Extra::class)] private Collection $extras;
        }
        """,
    "src/Entity/Room.php": """<?php
        namespace App\\Entity;
        use Doctrine\\ORM\\Mapping as ORM;
        #[ORM\\Entity]
        class Room {
            #[ORM\\Id, ORM\\GeneratedValue, ORM\\Column] private ?int $id = null;
            #[ORM\\Column(length: 20)] private string $doorCode;
            #[ORM\\OneToMany(targetEntity: Booking::class, mappedBy: 'room')] private Collection $bookings;
        }
        """,
    "src/Entity/Guest.php": """<?php
        namespace App\\Entity;
        use Doctrine\\ORM\\Mapping as ORM;
        #[ORM\\Entity]
        class Guest { #[ORM\\Id, ORM\\GeneratedValue, ORM\\Column] private ?int $id = null; }
        """,
    "src/Entity/Extra.php": """<?php
        namespace App\\Entity;
        use Doctrine\\ORM\\Mapping as ORM;
        #[ORM\\Entity]
        class Extra { #[ORM\\Id, ORM\\GeneratedValue, ORM\\Column] private ?int $id = null; }
        """,
    "src/Repository/BookingRepository.php": """<?php
        namespace App\\Repository;
        use App\\Entity\\Booking;
        use Doctrine\\Bundle\\DoctrineBundle\\Repository\\ServiceEntityRepository;
        class BookingRepository extends ServiceEntityRepository {
            public function __construct($registry) { parent::__construct($registry, Booking::class); }
            public function of($room) { return $this->findBy(['room' => $room]); }
            public function by($guest) { return $this->findBy(['guest' => $guest]); }
            public function from($x) {
                return $this->createQueryBuilder('b')->where('b.startsAt > :x')->getQuery()->getResult();
            }
            public function behind($code) {
                return $this->createQueryBuilder('b')->join('b.room', 'r')->where('r.doorCode = :code')
                    ->getQuery()->getResult();
            }
        }
        """,
    "src/Service/Desk.php": """<?php
        namespace App\\Service;
        use App\\Repository\\BookingRepository;
        class Desk {
            public function __construct(private BookingRepository $bookings) {}
            public function ends($x) { return $this->bookings->findOneBy(['endsAt' => $x]); }
        }
        """,
}


def test_doctrine() -> None:
    found = architecture(SYMFONY)
    assert set(found.schema.tables) == {"app_booking", "room", "guest", "extra", "booking_extra"}
    assert missing(found) == {
        ("app_booking", ("begins",)),
        ("app_booking", ("ends_at",)),
        ("room", ("door_code",)),
    }
    between = found.schema.tables["booking_extra"]
    assert [(i.columns, i.primary) for i in between.indexes] == [
        (("booking_id", "extra_id"), True),
        (("extra_id",), False),
    ]
    booking = found.schema.tables["app_booking"]
    assert [(i.columns, i.primary) for i in booking.indexes] == [
        (("id",), True),
        (("guest_id",), False),
        (("room_id", "begins"), False),
    ]


@pytest.mark.parametrize("reference_first", [True, False])
def test_a_key_of_doctrine_has_the_order_of_the_class(reference_first: bool) -> None:
    parts = [
        "#[ORM\\Id] #[ORM\\ManyToOne(targetEntity: Room::class)] private Room $room;",
        '#[ORM\\Id] #[ORM\\Column(type: "integer")] private int $night;',
    ]
    body = "\n".join(parts if reference_first else reversed(parts))
    stay = (
        "<?php\nnamespace App\\Entity;\nuse Doctrine\\ORM\\Mapping as ORM;\n"
        f"#[ORM\\Entity]\nclass Stay {{\n{body}\n}}\n"
    )
    found = architecture(SYMFONY | {"src/Entity/Stay.php": stay})
    key = ("room_id", "night") if reference_first else ("night", "room_id")
    assert found.schema.tables["stay"].primary_key == key


@pytest.mark.parametrize(("heirs", "told"), [(3, 3), (4, 0)])
def test_an_unused_scope_of_a_base_is_not_told_of_each_of_many_heirs(heirs: int, told: int) -> None:
    base = (
        "<?php\nnamespace App\\Models;\nabstract class Record extends Model {\n"
        " public function scopeBySource($query, $x) { return $query->where('source', $x); } }\n"
    )
    made = "".join(
        f"Schema::create('heir{n}s', function ($t) {{ $t->id(); $t->string('source'); }});\n"
        for n in range(heirs)
    )
    found = architecture(
        {
            "composer.json": LARAVEL["composer.json"],
            "app/Models/Record.php": base,
            "database/migrations/2024_01_01_000000_create.php": (
                "<?php\nreturn new class extends Migration { public function up(): void {\n"
                f"{made}}} }};\n"
            ),
            **{
                f"app/Models/Heir{n}.php": (
                    f"<?php\nnamespace App\\Models;\nclass Heir{n} extends Record {{\n"
                    " protected $fillable = ['source']; }\n"
                )
                for n in range(heirs)
            },
        }
    )
    assert len(asked_of(found, "Record.bySource")) == told


def test_a_table_between_any_classes_is_asked_for_the_class_too() -> None:
    found = architecture(
        {
            "composer.json": LARAVEL["composer.json"],
            "database/migrations/2024_01_01_000000_create.php": (
                "<?php\nreturn new class extends Migration { public function up(): void {\n"
                "Schema::create('posts', function ($t) { $t->id(); });\n"
                "Schema::create('tags', function ($t) { $t->id(); });\n"
                "Schema::create('taggables', function ($t) {\n"
                " $t->foreignId('tag_id'); $t->morphs('taggable'); });\n} };\n"
            ),
            "app/Models/Post.php": (
                "<?php\nnamespace App\\Models;\nclass Post extends Model {\n"
                " public function tags() { return $this->morphToMany(Tag::class, 'taggable'); } }\n"
            ),
            "app/Models/Tag.php": (
                "<?php\nnamespace App\\Models;\nclass Tag extends Model {\n"
                " public function posts() { return $this->morphedByMany(Post::class, 'taggable'); } }\n"
            ),
        }
    )
    (query,) = asked_of(found, "Post.tags")
    asked = {(p.table, p.column) for p in query.predicates if p.clause.value == "filter"}
    assert asked == {("taggables", "taggable_id"), ("taggables", "taggable_type")}
    # Those of a tag: the index of the class and its key leads to all posts that have any.
    assert missing(found) == {("taggables", ("tag_id",))}


def test_an_order_by_what_select_computes_chooses_no_rows() -> None:
    controller = """<?php
        namespace App\\Http\\Controllers;
        use App\\Models\\Order;
        class TotalController {
            public function run($x) {
                Order::where('reference', $x)->withCount('notes')->orderBy('notes_count')->orderBy('created_at')->get();
                DB::table('customers')->where('phone', $x)->select(DB::raw('COUNT(*) AS total'))->orderBy('total')->get();
            }
        }
        """
    found = architecture({**LARAVEL, "app/Http/Controllers/OrderController.php": controller})
    asked = {("orders", ("reference",)), ("customers", ("phone",))}
    assert asked <= missing(found)


def test_entities_in_mapping_files() -> None:
    """Two packages map one class; the repository says nowhere what it keeps."""
    found = architecture(
        {
            "src/Cart/config/doctrine/Order.orm.xml": (
                '<doctrine-mapping><mapped-superclass name="Cart\\Order" table="cart_order">'
                '<id name="id" type="integer"/><field name="number"/>'
                '<field name="updatedAt" column="updated_at" type="datetime"/>'
                "</mapped-superclass></doctrine-mapping>"
            ),
            "src/Core/config/doctrine/Order.orm.xml": (
                '<doctrine-mapping><mapped-superclass name="Core\\Order" table="cart_order">'
                '<field name="token"/><embedded name="home" class="Core\\Address"/>'
                '<indexes><index columns="updated_at"/></indexes>'
                "</mapped-superclass></doctrine-mapping>"
            ),
            "src/Core/config/doctrine/Address.orm.yml": (
                "Core\\Address:\n  type: embeddable\n  fields:\n    town: {type: string}\n"
            ),
            "src/Shop/OrderRepository.php": """<?php
                namespace Shop;
                use Doctrine\\ORM\\EntityRepository;
                class OrderRepository extends EntityRepository {
                    public function byNumber($x) {
                        return $this->createQueryBuilder('o')->where('o.number = :x')
                            ->getQuery()->getResult();
                    }
                    public function byToken($x) { return $this->findOneBy(['token' => $x]); }
                    public function fresh($x) {
                        return $this->createQueryBuilder('o')->where('o.updatedAt > :x')
                            ->getQuery()->getResult();
                    }
                    public function of($x) {
                        return $this->createQueryBuilder('o')->where('o.home.town = :x')
                            ->getQuery()->getResult();
                    }
                }
                """,
        }
    )
    assert list(found.schema.tables) == ["cart_order"]
    assert missing(found) == {
        ("cart_order", ("number",)),
        ("cart_order", ("token",)),
        ("cart_order", ("home_town",)),
    }


def test_entities_that_files_are_named_after() -> None:
    mapping = """<?php
        use Doctrine\\DBAL\\Types\\Types;
        use Doctrine\\ORM\\Mapping\\Builder\\ClassMetadataBuilder;
        return static function (ClassMetadata $metadata, array $options): void {
            $builder = new ClassMetadataBuilder($metadata);
            $builder->setTable(tableName('shop_order', $options));
            $builder->createField('id', Types::BIGINT)->makePrimaryKey()->generatedValue()->build();
            $builder->createField('number', Types::STRING)->build();
            $builder->createField('token', Types::STRING)->columnName('secret')->unique()->build();
        };
        """
    found = architecture(
        {
            "module/Core/config/entities-mappings/Shop.Core.Order.php": mapping,
            "module/Core/src/OrderRepository.php": """<?php
                namespace Shop\\Core;
                use Doctrine\\ORM\\EntityManager;
                class OrderRepository extends EntityRepository {
                    public function of($x) { return $this->em->getRepository(Order::class)->findBy(['number' => $x]); }
                    public function one($x) { return $this->em->getRepository(Order::class)->findOneBy(['token' => $x]); }
                }
                """,
        }
    )
    assert list(found.schema.tables) == ["shop_order"]
    assert missing(found) == {("shop_order", ("number",))}


def test_a_table_with_a_column_of_its_own_name() -> None:
    """`notes.author` is a column of the table, no key in the document of the column `notes`."""
    files = {
        "composer.json": LARAVEL["composer.json"],
        "database/migrations/2024_01_01_000000_create.php": (
            "<?php\nreturn new class extends Migration { public function up(): void {\n"
            "Schema::create('notes', function ($t) { $t->id(); $t->json('notes'); $t->string('author'); });\n"
            "} };\n"
        ),
        "app/Models/Note.php": "<?php namespace App\\Models; class Note extends Model { protected $casts = ['notes' => 'array']; }",
        "app/Http/Controllers/NoteController.php": (
            "<?php\nuse App\\Models\\Note;\nclass NoteController { public function run($x) {\n"
            "Note::where('notes.author', $x)->get(); } }\n"
        ),
    }
    assert missing(architecture(files)) == {("notes", ("author",))}


def test_the_dump_that_laravel_keeps_of_migrations_that_are_gone() -> None:
    files = {
        "composer.json": LARAVEL["composer.json"],
        "database/schema/mysql-schema.dump": (
            "CREATE TABLE `notes` (`id` bigint NOT NULL AUTO_INCREMENT, `code` varchar(9), `author` varchar(9),"
            " PRIMARY KEY (`id`), KEY `notes_code` (`code`)) ENGINE=InnoDB;\n"
        ),
        "database/migrations/2024_01_01_000000_more.php": (
            "<?php\nreturn new class extends Migration { public function up(): void {\n"
            "Schema::table('notes', function ($t) { $t->string('mood'); }); } };\n"
        ),
        "app/Models/Note.php": "<?php namespace App\\Models; class Note extends Model { }",
        "app/Http/Controllers/NoteController.php": (
            "<?php\nuse App\\Models\\Note;\nclass NoteController { public function run($x) {\n"
            "Note::where('code', $x)->get(); Note::where('author', $x)->get(); Note::where('mood', $x)->get(); } }\n"
        ),
    }
    found = architecture(files)
    assert missing(found) == {("notes", ("author",)), ("notes", ("mood",))}
    assert found.schema.tables["notes"].dialect == "mysql"


def test_the_dump_of_the_tests_is_not_the_database() -> None:
    """MySQL makes an index for each foreign key, SQLite does not."""
    files = {
        "composer.json": LARAVEL["composer.json"],
        "config/database.php": "<?php return ['default' => 'mysql', 'connections' => ['mysql' => ['driver' => 'mysql']]];",
        "database/schema/sqlite-schema.sql": (
            'CREATE TABLE IF NOT EXISTS "notes" ("id" integer primary key autoincrement not null);\n'
            'CREATE TABLE IF NOT EXISTS "likes" ("id" integer primary key autoincrement not null,'
            ' "note_id" integer not null, foreign key("note_id") references "notes"("id"));\n'
        ),
        "database/migrations/2024_01_01_000000_create.php": (
            "<?php\nreturn new class extends Migration { public function up(): void {\n"
            "Schema::create('notes', function ($t) { $t->id(); });\n"
            "Schema::create('likes', function ($t) { $t->id(); $t->foreignId('note_id')->constrained(); });\n"
            "} };\n"
        ),
        "app/Models/Like.php": "<?php namespace App\\Models; class Like extends Model { }",
        "app/Http/Controllers/LikeController.php": (
            "<?php\nuse App\\Models\\Like;\nclass LikeController { public function run($x) {\n"
            "Like::where('note_id', $x)->get(); } }\n"
        ),
    }
    found = architecture(files)
    assert missing(found) == set()
    assert found.schema.tables["likes"].dialect == "mysql"


@pytest.mark.parametrize(("engine", "largest"), [("mysql", 2**32 - 1), ("pgsql", 2**31 - 1)])
def test_counters_of_laravel_have_no_sign_where_the_engine_knows_it(
    engine: str, largest: int
) -> None:
    files = {
        **LARAVEL,
        "config/database.php": f"<?php return ['default' => '{engine}', 'connections' => ['{engine}' => ['driver' => '{engine}']]];",
        "database/migrations/2024_02_01_000000_visits.php": """<?php
            return new class extends Migration {
                public function up(): void {
                    Schema::create('visits', function (Blueprint $table) { $table->increments('id'); $table->string('page'); });
                }
            };
            """,
        "app/Http/Controllers/VisitController.php": """<?php
            class VisitController { public function store($r) { return Visit::create(['page' => $r->page]); } }
            """,
        "app/Models/Visit.php": "<?php class Visit extends Model {}",
    }
    (problem,) = int32_key.check(architecture(files), Int32KeyOptions())
    assert problem.data["largest"] == largest
    assert problem.data["type"] == ("INT UNSIGNED" if engine == "mysql" else "INT")


def test_conditions_that_a_trait_adds_to_a_builder() -> None:
    entity = """<?php
        use Doctrine\\ORM\\Mapping as ORM;
        #[ORM\\Entity] #[ORM\\Table(name: 'shop_order', indexes: [new ORM\\Index(columns: ['shop'])])]
        class Order {
            #[ORM\\Id, ORM\\GeneratedValue, ORM\\Column] private ?int $id = null;
            #[ORM\\Column] private string $shop;
            #[ORM\\Column] private string $code;
            #[ORM\\Column] private string $reference;
        }
        """
    trait = """<?php
        use Doctrine\\ORM\\QueryBuilder;
        trait Narrowing {
            protected function addShop(QueryBuilder $qb, string $alias = 'o'): void {
                $qb->andWhere($alias . '.shop = :shop');
            }
            protected function addReference(QueryBuilder $qb, $filter): void {
                $root = $qb->getRootAliases()[0];
                if ($filter) { $qb->andWhere($root . '.reference = :reference'); }
            }
        }
        """
    repository = """<?php
        use Doctrine\\Bundle\\DoctrineBundle\\Repository\\ServiceEntityRepository;
        class OrderRepository extends ServiceEntityRepository {
            use Narrowing;
            public function __construct($registry) { parent::__construct($registry, Order::class); }
            public function ofShop($x) {
                $qb = $this->createQueryBuilder('o')->andWhere('o.code = :code');
                $this->addShop($qb, 'o');
                return $qb->getQuery()->getResult();
            }
            public function listed($filter) {
                $qb = $this->createQueryBuilder('o')->setMaxResults(20);
                $this->addReference($qb, $filter);
                return $qb->getQuery()->getResult();
            }
        }
        """
    found = architecture(
        {"src/Order.php": entity, "src/Narrowing.php": trait, "src/OrderRepository.php": repository}
    )
    assert missing(found) == {("shop_order", ("reference",))}


def test_classes_of_one_short_name_stand_in_the_folders_of_their_namespaces() -> None:
    kept = {
        path: text for path, text in LARAVEL.items() if path.endswith((".json", "database.php"))
    }
    thread = (
        "<?php\nnamespace App\\Models\\{0};\nuse Illuminate\\Database\\Eloquent\\Model;\n"
        "class Thread extends Model {{ protected $table = '{1}_threads'; }}"
    )
    found = architecture(
        {
            **kept,
            "database/migrations/2024_01_01_000000_create.php": """<?php
            return new class extends Migration { public function up(): void {
                foreach (['forum_threads', 'council_threads'] as $name) {
                    Schema::create($name, function (Blueprint $table) {
                        $table->id(); $table->integer('realm_id'); $table->dateTime('last_activity');
                    });
                }
            } };""",
            "app/Models/Forum/Thread.php": thread.format("Forum", "forum"),
            "app/Models/Council/Thread.php": thread.format("Council", "council"),
            "app/Models/Realm.php": """<?php
            namespace App\\Models;
            class Realm extends Model {
                public function threads() { return $this->hasMany(Council\\Thread::class); }
            }""".replace("\\\\", "\\"),
            "app/Http/Controllers/ForumController.php": """<?php
            namespace App\\Http\\Controllers;
            use App\\Models\\Forum;
            class ForumController {
                public function index($since) { return Forum\\Thread::where('last_activity', '>', $since)->exists(); }
            }""".replace("\\\\", "\\"),
        }
    )
    assert missing(found) == {
        ("forum_threads", ("last_activity",)),
        ("council_threads", ("realm_id",)),
    }
