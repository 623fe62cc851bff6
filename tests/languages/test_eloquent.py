"""Models and queries of Eloquent, and of Laravel's query builder."""

from __future__ import annotations

import pytest

from scaleaudit.facts import (
    Condition,
    Fact,
    ModelDefined,
    OrmQuery,
    QueryFound,
    RelationFact,
    ScopeDefined,
)
from scaleaudit.languages.php import extract

HEAD = """<?php
namespace App\\Models;
use Illuminate\\Database\\Eloquent\\Model;
use Illuminate\\Support\\Facades\\{Auth, Cache, DB, Http};
"""


def facts(source: str) -> list[Fact]:
    found = extract((HEAD + source).encode())
    assert found.problem == ""
    return list(found.facts)


def shown(condition: Condition) -> str:
    function = f"{condition.function}:" if condition.function else ""
    side = f" |{condition.branch}" if condition.alternative else ""
    same = " const" if condition.constant else ""
    return f"{function}{condition.path} {condition.operator}{side}{same}"


def queries(body: str, own: str = "") -> list[OrmQuery]:
    source = f"class Desk {{ {own} public function run($x, $y, Order $order) {{ {body} }} }}"
    return [fact for fact in facts(source) if isinstance(fact, OrmQuery)]


def only(body: str, own: str = "") -> OrmQuery:
    found = queries(body, own)
    assert len(found) == 1, found
    return found[0]


MODEL = """
class Order extends Model
{
    use HasFactory, SoftDeletes, Concerns\\HasNotes;

    protected $table = 'shop_orders';
    protected $primaryKey = 'number';

    public function lines() { return $this->hasMany(Line::class)->orderBy('position'); }
    public function customer() { return $this->belongsTo(Customer::class); }
    public function seller() { return $this->belongsTo('App\\\\Models\\\\User', 'seller_code'); }
    public function owner() { return $this->morphTo(); }
    public function notes() { return $this->morphMany(Note::class, 'noteable'); }
    public function invoice() { return $this->hasOne(Invoice::class, 'order_number'); }
    public function coupons() { return $this->belongsToMany(Coupon::class)->withPivot('used_at'); }
    public function buyers() { return $this->belongsToMany(User::class, 'purchases', 'oid', 'uid'); }
    public function tags() { return $this->morphToMany(Tag::class, 'taggable'); }

    public function scopeOpen($query) { return $query->where('state', 'open')->whereNull('closed_at'); }
    public function scopeOf(Builder $query, $user) {
        $query->when($user, fn ($q) => $q->where('user_id', $user));
    }
}
"""


@pytest.mark.parametrize(
    ("chain", "condition"),
    [
        ("Order::where('a', 1)->find($x)", "pk ="),
        ("Order::where('a', 1)->find([$x, $y])", "pk in"),
        ("Order::where('a', 1)->findMany($x)", "pk in"),
    ],
)
def test_rows_by_their_key(chain: str, condition: str) -> None:
    assert shown(only(f"return {chain};").conditions[-1]) == condition


def test_models() -> None:
    found = facts(MODEL)
    model = next(fact for fact in found if isinstance(fact, ModelDefined))
    assert (model.name, model.framework, model.table) == ("Order", "eloquent", "shop_orders")
    assert model.bases == ("Model", "Concerns.HasNotes")
    assert [(f.name, f.primary) for f in model.fields] == [("number", True)]

    def told(r: RelationFact) -> tuple[str, ...]:
        return (r.name, r.kind, r.target, r.column, r.through, r.other_column, r.discriminator)

    assert [told(relation) for relation in model.relations] == [
        ("lines", "has-many", "Line", "order_id", "", "", ""),
        ("customer", "belongs-to", "Customer", "customer_id", "", "", ""),
        ("seller", "belongs-to", "App.Models.User", "seller_code", "", "", ""),
        ("owner", "belongs-to", "", "owner_id", "", "", "owner_type"),
        ("notes", "has-many", "Note", "noteable_id", "", "", "noteable_type"),
        ("invoice", "has-one", "Invoice", "order_number", "", "", ""),
        ("coupons", "many-to-many", "Coupon", "order_id", "coupon_order", "coupon_id", ""),
        ("buyers", "many-to-many", "User", "oid", "purchases", "uid", ""),
        ("tags", "many-to-many", "Tag", "taggable_id", "taggables", "tag_id", "taggable_type"),
    ]
    scopes = [fact for fact in found if isinstance(fact, ScopeDefined)]
    assert [(s.owner, s.name, s.always, [shown(c) for c in s.conditions]) for s in scopes] == [
        ("Order", "softDeletes", True, ["deleted_at is-null"]),
        ("Order", "open", False, ["state = const", "closed_at is-null"]),
        ("Order", "of", False, []),
    ]
    assert [[[shown(c) for c in o.conditions] for o in s.options] for s in scopes] == [
        [],
        [],
        [["user_id ="]],
    ]
    assert not any(isinstance(fact, OrmQuery) for fact in found)


def test_traits_and_heirs() -> None:
    found = facts("""
    trait Noted { public function notes() { return $this->hasMany(Note::class); } }
    abstract class Base extends Model { public function maker() { return $this->belongsTo(User::class); } }
    class Plain extends Base {}
    class Other { public function run() { return $this->hasMany; } }
    """)
    models = [fact for fact in found if isinstance(fact, ModelDefined)]
    assert [(m.name, m.abstract, m.bases, [r.column for r in m.relations]) for m in models] == [
        ("Noted", True, (), [""]),
        ("Base", True, ("Model",), ["maker_id"]),
        ("Plain", False, ("Base",), []),
    ]


@pytest.mark.parametrize(
    ("chain", "conditions"),
    [
        ("where('a', $x)->first()", ["a ="]),
        ("where('a', '=', 'b')->get()", ["a = const"]),
        ("where('a', State::Open)->get()", ["a = const"]),
        ("where('a', '>=', $x)->where('b', '<>', $y)->get()", ["a >=", "b !="]),
        ("where('a', null)->where('b', '!=', null)->get()", ["a is-null", "b is-not-null"]),
        ("where(['a' => $x, ['b', '<', $y]])->get()", ["a =", "b <"]),
        ("where('a', 'like', '%' . $x . '%')->get()", ["a search"]),
        ("where('a', 'like', $x)->get()", ["a search"]),
        ("where('a', 'like', \"{$x}%\")->get()", ["a like"]),
        ("where('a', 'like', 'x%')->get()", ["a like"]),
        ("where('meta->state', $x)->get()", ["meta.state ="]),
        ("where('orders.a', $x)->get()", ["orders.a ="]),
        ("whereEmail($x)->get()", ["email ="]),
        ("whereFirstNameOrEmail($x, $y)->get()", ["first_name = |1", "email = |2"]),
        ("firstWhere('a', $x)", ["a ="]),
        ("whereIn('a', $x)->whereNotIn('b', [1])->get()", ["a in", "b not-in"]),
        ("whereIn('a', ['x', 'y'])->get()", ["a in const"]),
        ("whereBetween('a', [$x, $y])->whereNotNull('b')->get()", ["a between", "b is-not-null"]),
        ("whereDate('a', $x)->whereYear('b', '>', 2000)->get()", ["date:a =", "year:b >"]),
        ("whereBelongsTo($user)->get()", ["user ="]),
        ("where('a', $x)->orWhere('b', $y)->get()", ["a = |1", "b = |2"]),
        ("where('a', $x)->orWhere('a', $y)->get()", ["a in"]),
        ("where(function ($q) use ($x) { $q->where('a', $x)->orWhere('b', $x); })->where('c', 1)->get()", ["a = |1", "b = |2", "c = const"]),
        ("where(fn ($q) => $q->where('a', $x))->get()", ["a ="]),
        ("whereAny(['a', 'b'], $x)->get()", ["a = |1", "b = |2"]),
        ("whereHas('lines.part', fn ($q) => $q->where('sku', $x))->get()", ["lines.part.sku ="]),
        ("whereHas('lines', fn ($q) => $q->where('lines.sku', $x))->get()", ["lines.sku ="]),
        ("whereRelation('lines', 'sku', '>', $x)->get()", ["lines.sku >"]),
        ("whereDoesntHave('lines', fn ($q) => $q->where('sku', $x))->get()", []),
        ("whereRaw('lower(a) = ? AND b > 3', [$x])->get()", ["lower:a =", "b > const"]),
        ("whereRaw('orders.a = ? OR orders.b = ?', [$x])->get()", ["orders.a = |1", "orders.b = |2"]),
        ("orderBy('a')->orderByDesc('b')->get()", ["a sort", "b sort"]),
        ("latest()->take(3)->get()", ["created_at sort"]),
        ("oldest('a')->first()", ["a sort"]),
        ("orderBy('a')->reorder('b')->get()", ["b sort"]),
        ("join('users as u', 'u.id', '=', 'orders.user_id')->where('u.name', $x)->get()", ["users.name =", "users.id =", "orders.user_id ="]),
        ("firstOrCreate(['a' => $x], ['b' => $y])", ["a ="]),
    ],
)  # fmt: skip
def test_conditions(chain: str, conditions: list[str]) -> None:
    query = only(f"return Order::{chain};")
    assert (query.model, [shown(c) for c in query.conditions]) == ("Order", conditions)
    assert not query.partial


@pytest.mark.parametrize(
    ("chain", "flags"),
    [
        ("where('a', 1)->first()", {"limited"}),
        ("where('a', 1)->get()", set()),
        ("where('a', 1)->paginate(20)", {"limited"}),
        ("where('a', 1)->limit(5)->get()", {"limited"}),
        ("where('a', 1)->exists()", {"limited"}),
        ("where('a', 1)->count()", {"aggregate"}),
        ("all()", set()),
        ("where('a', 1)->groupBy('b')->get()", {"grouped"}),
        ("where('a', 1)->groupByRaw('CONCAT(b, c)')->get()", {"grouped"}),
        ("where('a', 1)->chunkById(100, fn ($rows) => 1)", {"streamed"}),
        ("where('a', 1)->cursor()", {"streamed"}),
        ("where('a', 1)->update(['b' => 2])", {"writes"}),
        ("where('a', 1)->delete()", {"writes", "deletes"}),
        ("create(['a' => 1])", {"inserts"}),
        ("where($x, 1)->get()", {"partial"}),
        ("whereRaw($x)->get()", {"partial"}),
        ("where('a', $y, $x)->get()", {"partial"}),
    ],
)
def test_flags(chain: str, flags: set[str]) -> None:
    query = only(f"return Order::{chain};")
    names = (
        "limited",
        "aggregate",
        "grouped",
        "streamed",
        "writes",
        "deletes",
        "inserts",
        "partial",
    )
    assert {name for name in names if getattr(query, name)} == flags


@pytest.mark.parametrize(
    ("expression", "model", "via"),
    [
        ("Order::query()->where('a', 1)->get()", "Order", ()),
        ("\\App\\Shop\\Order::where('a', 1)->get()", "App.Shop.Order", ()),
        ("(new Order)->where('a', 1)->get()", "Order", ()),
        ("$order->lines()->where('a', 1)->get()", "App.Models.Order", ("lines",)),
        ("$order->shop->staff()->where('a', 1)->get()", "App.Models.Order", ("shop", "staff")),
        ("$x->lines()->where('a', 1)->get()", "", ("lines",)),
        ("auth()->user()->orders()->where('a', 1)->get()", "User", ("orders",)),
        ("Auth::user()->orders()->where('a', 1)->get()", "User", ("orders",)),
        ("$request->user()->orders()->where('a', 1)->get()", "User", ("orders",)),
        ("$this->orders->where('a', 1)->get()", "App.Models.Order", ()),
        ("$this->books->where('a', 1)->get()", "App.Models.Book", ()),
        ("$this->open()->where('a', 1)->get()", "Order", ()),
        ("$this->rights->restrict(Order::query(), $x)->where('a', 1)->get()", "Order", ()),
        ("limited(Order::where('b', 2))->where('a', 1)->get()", "Order", ()),
        ("app(Order::class)->where('a', 1)->get()", "Order", ()),
        ("QueryBuilder::for(Order::class)->where('a', 1)->get()", "Order", ()),
        ("swapped(Order::class, 'query')->where('a', 1)->get()", "Order", ()),
    ],
)
def test_where_a_query_starts(expression: str, model: str, via: tuple[str, ...]) -> None:
    own = """
        private $books;
        public function __construct(private Order $orders, Book $books) { $this->books = $books; }
        private function open() { return Order::where('open', true); }
    """
    found = [q for q in queries(f"return {expression};", own) if q.scope.endswith("run")]
    assert [(q.model, q.via) for q in found] == [(model, via)]
    assert found[0].conditions[-1].path == "a"


@pytest.mark.parametrize(
    "expression",
    [
        "$x->where('a', 1)->get()",  # a list, or who knows what
        "$order->lines->where('a', 1)->first()",
        "Cache::get('a')",
        "Order::search('a')->where('b', 1)->get()",  # an index of its own
        "Http::get('a')",
        "collect($x)->where('a', 1)->first()",
        "$x->get()->where('a', 1)",
        "config('a')->where('a', 1)->get()",
    ],
)
def test_what_is_no_query(expression: str) -> None:
    assert queries(f"return {expression};") == []


def test_variables() -> None:
    """What is added in any case belongs to each query; a branch makes one of its own."""
    found = queries("""
        $query = Order::where('shop_id', $x);
        if ($y) {
            $query->where('state', $y);
        } elseif ($z) {
            $query = $query->orWhere('rush', true);
        }
        $query->whereNull('closed_at');
        return $query->orderBy('created_at')->paginate();
    """)
    base = ["shop_id =", "closed_at is-null"]
    assert [[shown(c) for c in q.conditions] for q in found] == [
        [*base, "created_at sort"],
        [*base, "state =", "created_at sort"],
        ["shop_id = |1", "closed_at is-null |1", "rush = |2 const", "created_at sort"],
    ]
    assert all(query.limited for query in found)
    assert [query.at.line for query in found] == [6, 8, 10]


def test_copies_and_other_variables() -> None:
    found = queries("""
        $open = Order::query()->where('open', 1);
        $late = (clone $open)->where('due', '<', $x);
        $number = $late->count();
        $all = Order::where('a', 1)->get();
        $all->where('b', 2)->first();
        $rows->each(function ($open) { $open->where('c', 3)->get(); });
    """)
    told = [([shown(c) for c in q.conditions], q.aggregate) for q in found]
    assert told == [(["open = const", "due <"], True), (["a = const"], False)]


def test_options() -> None:
    found = queries("""
        return Order::query()
            ->when($x, fn ($q) => $q->where('a', $x))
            ->when($y, function ($q) use ($y) { $q->where('b', $y); })
            ->paginate();
    """)
    assert [[shown(c) for c in q.conditions] for q in found] == [[], ["a ="], ["b ="]]


@pytest.mark.parametrize(
    ("body", "repeated"),
    [
        ("$q = Order::where('a', 1); foreach ($x as $y) { $q->where('b', $y); } $q->get();", set()),
        (
            "$q = Order::where('a', 1); foreach ($x as $y) { if ($y) { $q->where('b', $y); } } $q->get();",
            set(),
        ),
        (
            "foreach ($x as $y) { $q = Order::where('a', 1); if ($y) { $q->where('b', $y); } $q->get(); }",
            {True},
        ),
    ],
)
def test_a_loop_that_adds_conditions_asks_nothing(body: str, repeated: set[bool]) -> None:
    assert {query.in_loop for query in queries(body)} - {False} == repeated


@pytest.mark.parametrize(
    ("other", "partial"),
    [("when(! $this->all", True), ("unless($this->all", True), ("when($this->some", False)],
)
def test_one_of_two_parts_is_always_asked_for(other: str, partial: bool) -> None:
    found = queries(f"""
        return Order::where('open', 1)
            ->when($this->all, fn ($q) => $q->where('a', 1))
            ->{other}, fn ($q) => $q->where('b', 2))->get();
    """)
    assert [([shown(c) for c in q.conditions], q.partial) for q in found] == [
        (["open = const"], partial),
        (["open = const", "a = const"], False),
        (["open = const", "b = const"], False),
    ]


def test_what_a_request_may_ask_for() -> None:
    found = queries("""
        return QueryBuilder::for(Order::class)
            ->allowedFilters(['name', AllowedFilter::exact('state'), AllowedFilter::scope('open')])
            ->allowedSorts('created_at')->paginate();
    """)
    assert [[shown(c) for c in q.conditions] for q in found] == [
        [], ["name search"], ["state ="], ["created_at sort"],
    ]  # fmt: skip


def test_an_unfinished_builder_reads_nothing_yet() -> None:
    query = only("hand_over(Order::where('a', $x)->orderBy('b'));")
    assert ([shown(c) for c in query.conditions], query.limited) == (["a ="], True)


def test_classes_that_answer_for_a_model() -> None:
    found = facts("""
    class OrderQueries {
        public function all() { return Order::query(); }
        public function open() { return $this->all()->where('state', 'open'); }
        public function of($x) { $query = Order::where('user_id', $x); return $query; }
    }
    class Desk {
        public function __construct(private OrderQueries $orders) {}
        public function run() { return $this->orders->open()->latest()->paginate(); }
    }
    class Mixed {
        public function one($x) { return Order::where('a', $x); }
        public function two($x) { return Line::where('b', $x); }
    }
    """)
    scopes = [fact for fact in found if isinstance(fact, ScopeDefined)]
    assert [(s.owner, s.name, [shown(c) for c in s.conditions]) for s in scopes] == [
        ("OrderQueries", "all", []),
        ("OrderQueries", "open", ["state = const"]),
        ("OrderQueries", "of", ["user_id ="]),
    ]
    proxies = [fact for fact in found if isinstance(fact, ModelDefined)]
    assert [(m.name, m.bases, m.same_table) for m in proxies] == [
        ("OrderQueries", ("Order",), True)
    ]
    told = [fact for fact in found if isinstance(fact, OrmQuery)]
    assert [(q.model, q.via, [shown(c) for c in q.conditions]) for q in told] == [
        ("App.Models.OrderQueries", ("open",), ["created_at sort"]),
        ("Order", (), ["a ="]),
        ("Line", (), ["b ="]),
    ]


def test_repositories_that_name_their_model() -> None:
    found = facts("""
    class OrderRepository implements OrderRepositoryInterface {
        protected function getModel(): string { return Order::class; }
        public function byCode($code) { return $this->findFirstByField('code', $code); }
        public function open($state) { return $this->model->where('state', $state)->get(); }
        public function ofBuyer($buyer) { return $this->findWhere(['buyer' => $buyer, ['total', '>', 3]]); }
    }
    class Desk {
        public function __construct(private OrderRepositoryInterface $orders) {}
        public function run($x) {
            $a = $this->orders->findWhereIn(field: 'code', values: $x, additionalWhere: ['buyer' => 1]);
            $b = $this->orders->findOneBy(['code' => $x]);
            return $this->orders->findWhere($x);
        }
    }
    """)
    proxies = [
        fact for fact in found if isinstance(fact, ModelDefined) and fact.bases == ("Order",)
    ]
    assert [m.name for m in proxies] == ["OrderRepository", "OrderRepositoryInterface"]
    told = [fact for fact in found if isinstance(fact, OrmQuery) and fact.framework == "eloquent"]
    assert [
        (q.model.rpartition(".")[2], [shown(c) for c in q.conditions], q.limited, q.partial)
        for q in told
    ] == [
        ("OrderRepository", ["code ="], True, False),
        ("Order", ["state ="], False, False),
        ("OrderRepository", ["buyer =", "total > const"], False, False),
        ("OrderRepositoryInterface", ["code in", "buyer = const"], False, False),
        ("OrderRepositoryInterface", ["code ="], True, False),
        ("OrderRepositoryInterface", [], False, True),
    ]


def test_names_of_parts_and_relations_read_along() -> None:
    query = only(
        "return Order::open()->forUser($x)->with(['lines.part', 'notes' => fn ($q) => $q->latest()])->where('a', 1)->get();"
    )
    assert query.scopes == ("open", "forUser")
    assert query.loads == ("lines.part", "notes")


def test_classes_of_builders() -> None:
    found = facts("""
    class OrderBuilder extends Builder {
        public function open(): self { return $this->where('state', 'open'); }
    }
    class Order extends Model { public function newEloquentBuilder($query) { return new OrderBuilder($query); } }
    """)
    scope = next(fact for fact in found if isinstance(fact, ScopeDefined))
    assert (scope.owner, scope.name, [shown(c) for c in scope.conditions]) == (
        "OrderBuilder", "open", ["state = const"],
    )  # fmt: skip
    model = next(fact for fact in found if isinstance(fact, ModelDefined) and fact.managers)
    assert (model.name, model.managers) == ("Order", ("OrderBuilder",))


def test_tables_by_name() -> None:
    found = facts("""class A { function run($x) {
        DB::table('orders as o')->join('users', 'users.id', '=', 'o.user_id')
            ->where('o.state', $x)->where('users.name', 'like', '%a')->orderBy('o.id')->limit(3)->get();
        DB::table('orders')->where('state', 'x')->delete();
        DB::table('orders')->where('state', 'x')->find($x);
    } }""")
    read, gone, one = [fact for fact in found if isinstance(fact, QueryFound)]
    assert (read.reads, read.limited) == (("orders", "users"), True)
    assert [(p.table, p.column, p.operator, p.clause.value) for p in read.predicates] == [
        ("orders", "state", "=", "filter"),
        ("users", "name", "search", "filter"),
        ("users", "id", "=", "join"),
        ("orders", "user_id", "=", "join"),
        ("orders", "id", "sort", "sort"),
    ]
    assert (gone.reads, gone.writes, gone.predicates[0].constant) == ((), ("orders",), True)
    assert (one.predicates[-1].column, one.predicates[-1].operator) == ("id", "=")


def test_variables_made_of_variables_are_followed_within_bounds() -> None:
    body = "$q0 = Order::where('a', 1);"
    for level in range(6):
        body += f"$q{level + 1} = $q{level}->where('b', 2);" * 12
    assert len(queries(body)) < 3_000


@pytest.mark.parametrize(
    ("body", "inserts"),
    [
        ("$this->orders->place(new Order(['a' => 1]));", ["Order"]),
        (
            "$order = (new Order())->forceFill(['a' => 1]); $order->save(); $x = new Order();",
            ["Order"],
        ),
        ("return (new Order())->getTable();", []),
        ("return (new Order())->setCode($code);", ["Order"]),
        ("return (new Order())->withLines($lines);", ["Order"]),
        ("return (new Order())->settings();", []),
        ("/* a new Order */ $this->place($order);", []),
        # what asks for rows by way of a new object
        ("return (new Order())->with('lines')->get();", []),
        ("return (new Order())->withTrashed()->find($id);", []),
        ("return (new Order())->withCount('lines')->get();", []),
        ("return (new Order())->setConnection('old')->where('a', $a)->get();", []),
        ("return (new Order())->addSelect('a')->get();", []),
        ("return new \\Carbon\\Invoice();", []),
        ("Order::updateOrCreate(['code' => $code], ['a' => 1]);", ["Order"]),
        ("Order::firstOrCreate($keys);", ["Order"]),
        ("Order::firstOrCreate(['code' => 'first']);", []),  # the same row each time
        ("Order::firstOrNew(['code' => $code]);", []),
    ],
)
def test_rows_that_new_objects_become(body: str, inserts: list[str]) -> None:
    made = [query.model.rpartition(".")[2] for query in queries(body) if query.inserts]
    assert made == inserts


@pytest.mark.parametrize(
    ("name", "framework"),
    [
        ("App\\Entities\\Invoice", "doctrine"),
        ("App\\Entity\\Invoice", "doctrine"),
        ("Shop\\Models\\Invoice", "eloquent"),
        ("App\\Entity\\Models\\Invoice", "eloquent"),
        ("App\\Services\\Invoice", ""),
    ],
)
def test_where_classes_of_rows_live(name: str, framework: str) -> None:
    code = f"<?php\nuse {name};\nclass Desk {{ function open() {{ return [new Invoice()]; }} }}\n"
    found = [fact for fact in extract(code.encode()).facts if isinstance(fact, OrmQuery)]
    assert [(each.framework, each.inserts) for each in found] == (
        [(framework, True)] if framework else []
    )


def test_rows_that_are_saved() -> None:
    found = queries("$new = new Order(); $new->save(); $order->save(); $x->lines()->create([]);")
    assert [(q.model, q.via, q.inserts) for q in found] == [
        ("", ("lines",), True),
        ("App.Models.Order", (), True),
    ]


@pytest.mark.parametrize(
    ("around", "seldom"),
    [
        ("return Cache::remember('k' . $x, 60, function () use ($x) { return %s; });", True),
        ("return cache()->tags(['a'])->rememberForever('k', fn () => %s);", True),
        ("return $this->cache->get('k', function (ItemInterface $item) use ($x) { return %s; });", True),
        ("try { $this->ask(); } catch (QueryException $e) { return %s; }", True),
        ("return DB::transaction(fn () => %s);", False),
        ("Cache::put('k', %s, 60);", False),
        ("try { return %s; } finally { $this->end(); }", False),
    ],
)  # fmt: skip
def test_what_is_asked_again_only_now_and_then(around: str, seldom: bool) -> None:
    asked = "Order::where('state', $x)->get()"
    (query,) = [
        fact
        for fact in facts(f"class C {{ function f($x) {{ {around % asked} }} }}")
        if isinstance(fact, OrmQuery)
    ]
    assert query.seldom is seldom


def test_what_a_cache_answers_is_not_asked_for_each_item() -> None:
    asked = "Order::where('state', $x)->get()"
    for around, repeated in (("f(%s);", True), ("Cache::remember('k', 60, fn () => %s);", False)):
        loop = f"class C {{ function f($all) {{ foreach ($all as $x) {{ {around % asked} }} }} }}"
        (query,) = [fact for fact in facts(loop) if isinstance(fact, OrmQuery)]
        assert query.in_loop is repeated


def test_queries_that_go_through_methods_of_the_class() -> None:
    found = facts("""
    class OrderSearch {
        public function run($request) {
            $query = Order::query()->where('shop_id', $request->shop);
            $this->applyFilters($query, $request);
            return $query->paginate(20);
        }
        public function more($x) { return $this->begun($x)->where('b', 1)->get(); }
        private function applyFilters(Builder $query, $request): void {
            if ($request->state) { $query->where('state', $request->state); }
        }
        private function begun($x) { $query = Order::query(); $query->where('a', $x); return $query; }
    }
    """)
    asked = [fact for fact in found if isinstance(fact, OrmQuery)]
    assert [[shown(c) for c in query.conditions] for query in asked] == [
        ["shop_id ="],
        ["shop_id =", "state ="],
        ["a =", "b = const"],
    ]


def test_a_repository_that_says_nothing_but_its_model() -> None:
    """By the interface of the model; the rest of its file asks nothing."""
    source = """<?php
    namespace Shop\\Repositories;
    use Core\\Eloquent\\Repository;
    class UrlRepository extends Repository {
        public function model(): string { return 'Shop\\Contracts\\Url'; }
    }
    """
    (proxy,) = [fact for fact in extract(source.encode()).facts if isinstance(fact, ModelDefined)]
    assert (proxy.name, proxy.bases) == ("UrlRepository", ("Shop.Contracts.Url",))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("$where = ['state' => 1]; if ($x) { $where['buyer'] = $x; } return Order::where($where)->get();",
         [["state = const"], ["state = const", "buyer ="]]),
        ("$where = [['state', '=', 1]]; $where[] = ['placed', '>', $x]; return Order::where($where)->get();",
         [["state = const", "placed >"]]),
        ("return Order::query()->tap(fn ($q) => $q->where('code', $x))->get();", [["code ="]]),
        ("return Order::where('kind', $x)->whereColumn('user_id', 'users.id')->get();", [["kind =", "user_id ="]]),
        ("return Order::where('kind', $x)->whereColumn('orders.user_id', 'users.id')->get();",
         [["kind =", "user_id ="]]),
        ("return Order::where('kind', $x)->whereColumn('a', 'b')->get();", [["kind ="]]),
        ("return Order::where('kind', $x)->whereColumn('a', '>', 'users.b')->get();", [["kind ="]]),
    ],
)  # fmt: skip
def test_conditions_that_stand_elsewhere(body: str, told: list[list[str]]) -> None:
    found = facts(f"class C {{ function f($x) {{ {body} }} }}")
    asked = [fact for fact in found if isinstance(fact, OrmQuery)]
    assert [[shown(c) for c in query.conditions] for query in asked] == told
    assert not any(query.partial for query in asked)


def test_a_class_asks_its_own_method_and_no_model() -> None:
    kept = "public static function get() { return Order::find(1); }"
    assert [query.model for query in queries("return self::get();", kept)] == ["Order"]
    assert only("return self::get();").model == "Desk"


@pytest.mark.parametrize(
    ("more", "kind"), [("->where('part_type', self::class)", "part_type"), ("", "")]
)
def test_rows_of_one_class_over_another_table(more: str, kind: str) -> None:
    found = facts(
        "class Desk extends Model { public function bills() "
        "{ return $this->hasManyThrough(Bill::class, Line::class, 'part_id', 'id', 'id', 'bill_id')"
        + more
        + "; } }"
    )
    (model,) = [fact for fact in found if isinstance(fact, ModelDefined)]
    assert [(r.column, r.discriminator) for r in model.relations] == [("part_id", kind), ("id", "")]


@pytest.mark.parametrize("given", ["Order::class, 'label'", "'Order', 'query'", "$x, 'query'"])
def test_what_a_method_called_by_its_name_answers_is_not_known(given: str) -> None:
    assert queries(f"return swapped({given})->where('a', 1)->get();") == []


@pytest.mark.parametrize(
    ("kept", "asks"),
    [
        (
            "public function __construct(Order $order) { parent::__construct($order); }",
            "$this->model",
        ),
        ("public function __construct() { parent::__construct(new Order()); }", "$this->model"),
        ("protected $model = Order::class;", "$this->model::query()"),
        ("protected string $model = Order::class;", "(new $this->model)"),
        ("protected $model = Order::class;", "app($this->model)"),
    ],
)
def test_the_model_that_a_class_keeps_or_hands_to_its_base(kept: str, asks: str) -> None:
    source = f"""<?php
    namespace Shop\\Repositories;
    use Shop\\Models\\Order;
    class OrderRepository extends BaseRepository {{
        {kept}
        public function one($x) {{ return {asks}->where('code', $x)->first(); }}
    }}
    """
    facts = extract(source.encode()).facts
    asked = [f for f in facts if isinstance(f, OrmQuery) and f.conditions]
    assert [(f.model, [c.path for c in f.conditions]) for f in asked] == [("Order", ["code"])]
    (proxy,) = [f for f in facts if isinstance(f, ModelDefined)]
    assert (proxy.name, proxy.bases, proxy.same_table) == ("OrderRepository", ("Order",), True)


def test_factories_and_resources_name_a_model_and_stand_for_none() -> None:
    source = """<?php
    class OrderFactory extends Factory { protected $model = Order::class; }
    class OrderResource extends Resource { protected static ?string $model = Order::class; }
    class Report extends Base { public function __construct(Model $model) { parent::__construct($model); } }
    """
    assert [f for f in extract(source.encode()).facts if isinstance(f, ModelDefined)] == []
