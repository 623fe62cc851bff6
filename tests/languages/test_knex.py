"""Queries that Knex builds."""

from __future__ import annotations

import pytest

from scaleaudit.facts import Clause, QueryFound
from scaleaudit.languages.javascript.typescript import extract


def queries(source: str) -> list[QueryFound]:
    found = extract(f"import knex from 'knex'\n{source}".encode())
    assert found.problem == ""
    return [fact for fact in found.facts if isinstance(fact, QueryFound)]


def only(source: str) -> QueryFound:
    found = queries(source)
    assert len(found) == 1
    return found[0]


def asked(query: QueryFound) -> list[tuple[str, str, str]]:
    return [(p.table, p.column, p.operator) for p in query.predicates]


def test_objects_operators_and_limits() -> None:
    query = only(
        "const row = await db('loans').where({ reader_id: id, state: 'open', due: null })"
        ".andWhere('price', '>', 5).whereIn('shelf', [1, 2]).orderBy('due', 'desc').first()"
    )
    assert query.reads == ("loans",)
    assert query.library == "knex"
    assert asked(query) == [
        ("loans", "reader_id", "="),
        ("loans", "state", "="),
        ("loans", "due", "is-null"),
        ("loans", "price", ">"),
        ("loans", "shelf", "in"),
        ("loans", "due", "sort"),
    ]
    assert [p.constant for p in query.predicates] == [False, True, False, False, True, False]
    assert query.limited
    assert not query.partial


def test_table_after_the_columns_and_as_a_constant() -> None:
    query = only(
        """
        const T = { loans: 'loans' }
        class Store {
          constructor(private db: Knex) {}
          count() { return this.db.count('*').from(`${T.loans} as l`).where('l.reader_id', 1) }
        }
        """
    )
    assert asked(query) == [("loans", "reader_id", "=")]
    assert query.aggregate
    assert query.scope == "Store.count"


def test_joins() -> None:
    query = only(
        """knex('loans as l').leftJoin('readers as r', 'r.id', '=', 'l.reader_id')
        .join('books', (j) => j.on('books.id', 'l.book_id')).where('r.city', city).select('*')"""
    )
    assert query.reads == ("loans", "readers", "books")
    joins = [(p.table, p.column) for p in query.predicates if p.clause is Clause.JOIN]
    assert joins == [
        ("readers", "id"),
        ("loans", "reader_id"),
        ("books", "id"),
        ("loans", "book_id"),
    ]
    assert ("readers", "city", "=") in asked(query)


def test_alternatives() -> None:
    query = only(
        "knex('loans').where('shelf', s).andWhere((b) => b.where('code', c).orWhere('isbn', c)).del()"
    )
    assert [(p.column, p.alternative, p.branch) for p in query.predicates] == [
        ("shelf", False, 0),
        ("code", True, 1),
        ("isbn", True, 2),
    ]
    assert query.writes == ("loans",)
    assert not query.reads


def test_a_chain_of_or() -> None:
    query = only("db('loans').where('a', a).andWhere('b', b).orWhere('c', c).select()")
    assert [(p.column, p.group, p.branch) for p in query.predicates] == [
        ("a", 1, 1),
        ("b", 1, 1),
        ("c", 1, 2),
    ]
    worded = only("db('loans').where('a', a).or.whereNotIn('c', c).del()")
    assert [(p.column, p.operator, p.branch) for p in worded.predicates] == [
        ("a", "=", 1),
        ("c", "not-in", 2),
    ]
    assert worded.writes == ("loans",)


def test_fragments_of_sql() -> None:
    query = only(
        """knex('loans as l').whereRaw('lower(l.code) = ? AND l.due IS NOT NULL', [code])
        .whereRaw("l.title ILIKE '%' || ? || '%' OR l.isbn = ?", [a, b]).first()"""
    )
    found = [(p.column, p.operator, p.function, p.alternative) for p in query.predicates]
    assert found == [
        ("code", "=", "lower", False),
        ("due", "is-not-null", "", False),
        ("title", "contains", "", True),
        ("isbn", "=", "", True),
    ]
    assert only("knex('loans').whereRaw(built).first()").partial


def test_negations_and_patterns() -> None:
    query = only(
        "knex('t').whereNot('a', 1).whereNotIn('b', x).whereNull('c').whereNotNull('d')"
        ".whereLike('e', 'x%').whereILike('f', `%${y}`).whereBetween('g', [1, 2]).first()"
    )
    assert [(p.column, p.operator) for p in query.predicates] == [
        ("a", "!="),
        ("b", "not-in"),
        ("c", "is-null"),
        ("d", "is-not-null"),
        ("e", "like"),
        ("f", "contains"),
        ("g", "between"),
    ]


def test_a_variable_that_is_extended() -> None:
    found = queries(
        """
        async function search(params) {
          let query = db('loans').where('shelf', params.shelf)
          if (params.reader) query = query.andWhere({ reader_id: params.reader })
          if (params.due) {
            query.where('due', '<', params.due)
            query.whereNull('returned')
          }
          query.orderBy('due').limit(10)
          return query
        }
        """
    )
    assert [[p.column for p in query.predicates] for query in found] == [
        ["shelf", "due"],
        ["shelf", "reader_id", "due"],
        ["shelf", "due", "returned", "due"],
    ]
    assert all(query.limited and not query.partial for query in found)


def test_one_branch_or_the_other() -> None:
    found = queries(
        """
        function find(x) {
          const q = db('loans')
          if (x.id) { q.where('code', x.id) } else { q.where('isbn', x.isbn) }
          return q.first()
        }
        """
    )
    assert [[p.column for p in query.predicates] for query in found] == [["code"], ["isbn"]]


def test_what_only_branches_run_never_runs_bare() -> None:
    found = queries(
        """
        function readersBy(look) {
          const query = knex('readers').where({ left_at: null })
          if (look.id) {
            return query.where('id', look.id)
          }
          if (look.card) {
            return query.where('card', look.card)
          }
          throw new Error('id or card')
        }
        """
    )
    assert [[column for _, column, _ in asked(query)] for query in found] == [
        ["left_at", "id"],
        ["left_at", "card"],
    ]
    bare = queries(
        """
        function readers(look) {
          const query = knex('readers').where({ left_at: null })
          if (look.id) {
            query.where('id', look.id)
          }
          return query
        }
        """
    )
    assert [[column for _, column, _ in asked(query)] for query in bare] == [
        ["left_at"],
        ["left_at", "id"],
    ]


def test_handed_to_others_it_is_partial() -> None:
    (query,) = queries(
        "async function f() { const q = db('loans').where('a', 1); paginate(q); return await q }"
    )
    assert query.partial


def test_subqueries_and_common_tables() -> None:
    found = queries(
        """
        db('loans').whereIn('reader_id', db('readers').where('city', city).select('id')).del()
        db.with('late', (qb) => qb.select('*').from('loans')).select().from('late')
        """
    )
    assert [(query.reads, query.writes, query.partial) for query in found] == [
        ((), ("loans",), False),
        (("readers",), (), False),
        (("loans",), (), True),
    ]
    assert found[1].limited  # what it leads to is no list that anybody keeps


def test_what_is_not_knex() -> None:
    assert not [
        fact
        for fact in extract(
            b"$('loans').first(); supabase.from('loans').select().eq('a', 1); list.from('x')"
        ).facts
        if isinstance(fact, QueryFound)
    ]
    assert not queries("const x = describe('db', () => {}); trx('loans'); jQuery('a').first()")


def test_what_is_added_beside_a_choice() -> None:
    found = queries(
        """
        function find(x) {
          const q = db('loans')
          if (x.id) { q.where('code', x.id) } else { q.where('isbn', x.isbn) }
          if (x.late) q.whereNull('returned')
          return q.first()
        }
        """
    )
    assert [[p.column for p in query.predicates] for query in found] == [
        ["code"],
        ["isbn"],
        ["code", "returned"],
    ]


def test_handles_of_several_servers() -> None:
    query = only("class S { f(x) { return this.knexRO('loans').where({ reader_id: x }).first() } }")
    assert asked(query) == [("loans", "reader_id", "=")]
    assert not query.partial
    assert only("dbReplica('loans').where('shelf', 1)").reads == ("loans",)
    assert queries("knexConfig('loans').where('shelf', 1)") == []


@pytest.mark.parametrize(
    "told", ["'loans'", "knex, 'loans'", "{ knex, table: 'loans' }", "db, 'loans', {}"]
)
def test_the_table_that_a_class_tells_its_base(told: str) -> None:
    source = f"class A extends B {{ constructor() {{ super({told}) }}\n f(x) {{ return db(this.table).where({{ c: x }}) }} }}"
    assert only(source).reads == ("loans",)


def test_the_table_of_a_class_of_queries() -> None:
    told = """
    class Loans extends Base {
      constructor() { super('loans') }
      open(x) { return this.knex(this.table).where({ reader_id: x }) }
      late(x) { return this.knex.select().from(this.table).where({ due: x }) }
    }
    """
    assert [asked(each) for each in queries(told)] == [
        [("loans", "reader_id", "=")],
        [("loans", "due", "=")],
    ]
    own = "class Loans { tableName = 'loans'; f(x) { return db(this.tableName).where({ a: x }) } }"
    assert only(own).reads == ("loans",)
    twice = (
        "class A { table = 'a'; f() { this.table = 'b'; return db(this.table).where({ c: 1 }) } }"
    )
    assert not any(each.reads for each in queries(twice))


def test_a_builder_under_a_second_name() -> None:
    found = queries(
        """
        function f(x) {
          const base = db('loans').where('reader_id', x.reader)
          const query = base.andWhere('shelf', x.shelf)
          if (x.due) query.where('due', x.due)
          return query
        }
        """
    )
    assert [[p.column for p in each.predicates] for each in found] == [
        ["reader_id", "shelf"],
        ["reader_id", "shelf", "due"],
    ]


def test_a_handle_on_a_line_of_its_own() -> None:
    query = only(
        """
        class S {
          async f(x) {
            return await this.connections
              .knex('loans')
              .where({ reader_id: x })
              .first()
          }
        }
        """
    )
    assert asked(query) == [("loans", "reader_id", "=")]
    assert not query.partial


def test_what_callers_do_with_a_builder() -> None:
    found = queries("""
    const tables = { loans: (db: Knex) => db<Loan>('loans') }
    export const first = (db) => async (reader) => {
      const query = tables.loans(db).where('reader_id', reader)
      if (late) query.andWhere('due', '<', now)
      return await query.first()
    }
    function open(db) { return db('readers').where('open', true) }
    export const one = (db, code) => open(db).where({ code }).first()
    """)
    assert [asked(each) for each in found] == [
        [("loans", "reader_id", "=")],
        [("loans", "reader_id", "="), ("loans", "due", "<")],
        [("readers", "open", "="), ("readers", "code", "=")],
    ]
    assert [each.limited for each in found] == [True, True, True]


def test_functions_that_a_builder_is_handed_to() -> None:
    found = queries("""
    function page(qb, filters) {
      if (filters.code) { qb.where('code', filters.code) }
      qb.where('lost', false).limit(20)
    }
    export const late = (qb, day) => qb.where('due', '<', day)
    export async function some(db, f) { const q = db('loans').where('reader', f.r); page(q, f); return await q }
    export const more = (db, f) => db('copies').where('shelf', f.s).modify(late, f.day).first()
    """)
    assert [asked(each) for each in found] == [
        [("loans", "reader", "="), ("loans", "lost", "=")],
        [("loans", "reader", "="), ("loans", "lost", "="), ("loans", "code", "=")],
        [("copies", "shelf", "="), ("copies", "due", "<")],
    ]
    assert not any(each.partial for each in found)
    elsewhere = only("import { page } from './p'; const q = db('loans').where('a', x); page(q)")
    assert elsewhere.partial


def test_functions_that_are_made_for_a_builder() -> None:
    found = queries("""
    const narrowed = (f) => (qb) => { if (f.code) { qb.where('code', f.code) } }
    function since(day) { return (qb) => { qb.where('due', '>', day) } }
    export const list = async (f) => {
      const own = (qb) => { qb.where('reader', f.reader) }
      await db('loans').where('shelf', f.shelf).modify(own).first()
      return db('copies').modify(since(f.day)).modify(narrowed(f)).first()
    }
    """)
    assert [asked(each) for each in found] == [
        [("loans", "shelf", "="), ("loans", "reader", "=")],
        [("copies", "due", ">")],
        [("copies", "due", ">"), ("copies", "code", "=")],
    ]
    assert not any(each.partial for each in found)
    elsewhere = only("import { own } from './p'; db('loans').where('a', x).modify(own(x)).first()")
    assert elsewhere.partial


def test_a_group_that_a_loop_fills_hides_its_conditions() -> None:
    found = only("""
    db('loans').where((qb) => { pairs.forEach((pair) => { qb.orWhere({ reader: pair.reader }) }) })
    """)
    assert (found.reads, found.partial) == (("loans",), True)


def test_a_group_of_conditions_each_of_which_may_be_asked() -> None:
    found = queries("""
    db('loans').where('reader', x).andWhere((qb) => {
      if (f.code) { qb.whereIn('code', f.code) }
      if (f.day) qb.where('due', f.day)
    }).first()
    """)
    assert [asked(each)[1:] for each in found] == [
        [],
        [("loans", "code", "in")],
        [("loans", "due", "=")],
    ]
    assert not any(each.partial for each in found)


def test_one_handle_or_another() -> None:
    for handle in (
        "(trx || this.db)",
        "(tx ?? this.db.replica())",
        "this.db.replica()",
        "this.knexClient",
    ):
        assert asked(only(f"{handle}('loans').where('code', x).first()")) == [
            ("loans", "code", "=")
        ]
    assert queries("(a || b)('loans').where('code', x)") == []
    assert queries("this.shop.replica()('loans').where('code', x)") == []


def test_a_filter_that_a_project_adds_to_knex_is_not_known() -> None:
    query = only(
        "import knex from 'knex'\n"
        "const one = (db, name, kind) => db('loans').whereSameWord('name', name).where('kind', kind).first()"
    )
    assert query.partial
