"""Scripts that define tables, in the words of each engine."""

from __future__ import annotations

import pytest

from scaleaudit.facts import ForeignKeyFact, IndexFact, TableChanged, TableDefined
from scaleaudit.source import Span
from scaleaudit.sql import guess_dialect, read_schema


def table(script: str, dialect: str = "") -> TableDefined:
    (found,) = [fact for fact in read_schema(script, dialect) if isinstance(fact, TableDefined)]
    return found


def changes(script: str, dialect: str = "") -> list[TableChanged]:
    return [fact for fact in read_schema(script, dialect) if isinstance(fact, TableChanged)]


def shape(index: IndexFact) -> tuple[tuple[str, ...], str, bool, bool, str, str]:
    return index.columns, index.name, index.unique, index.primary, index.where, index.method


def key(foreign: ForeignKeyFact) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    return foreign.columns, foreign.table, foreign.references


def test_postgres_table() -> None:
    found = table(
        """
        CREATE TABLE IF NOT EXISTS shop.orders (
            id          bigserial PRIMARY KEY,
            customer_id bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
            code        character varying(40) COLLATE "C" NOT NULL UNIQUE,
            amount      numeric(12, 2) DEFAULT 0.00 CHECK (amount >= 0),
            tags        text[] NOT NULL DEFAULT '{}',
            at          timestamp(6) with time zone DEFAULT now(),
            "Mixed"     jsonb,
            CONSTRAINT fair CHECK (amount > 0 AND code <> 'x, y'),
            EXCLUDE USING gist (code WITH =, range(at, at) WITH &&) WHERE (amount > 0),
            UNIQUE (customer_id, code)
        ) PARTITION BY RANGE (at);
        """,
        "postgres",
    )
    assert found.table == "orders"
    assert [(c.name, c.type, c.nullable, c.auto_increment) for c in found.columns] == [
        ("id", "BIGSERIAL", False, True),
        ("customer_id", "BIGINT", False, False),
        ("code", "CHARACTER VARYING", False, False),
        ("amount", "NUMERIC", True, False),
        ("tags", "TEXT[]", False, False),
        ("at", "TIMESTAMP WITH TIME ZONE", True, False),
        ("Mixed", "JSONB", True, False),
    ]
    assert [shape(index) for index in found.indexes] == [
        (("id",), "", True, True, "", ""),
        (("code",), "", True, False, "", ""),
        (("code", "(range(at,at))"), "", False, False, "amount > 0", "gist"),
        (("customer_id", "code"), "", True, False, "", ""),
    ]
    assert [key(each) for each in found.foreign_keys] == [(("customer_id",), "customers", ("id",))]
    assert found.columns[1].at.line == 4


def test_mysql_table() -> None:
    found = table(
        """
        CREATE TABLE `orders` (
          `id` int(11) unsigned NOT NULL AUTO_INCREMENT COMMENT 'the key, of course',
          `kind` enum('a','b;c') CHARACTER SET utf8 NOT NULL DEFAULT 'a',
          `key` varchar(255) NOT NULL,
          `seen` tinyint(1) NOT NULL DEFAULT '0',
          `at` datetime(6) DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
          `day` date GENERATED ALWAYS AS (cast(`at` as date)) STORED,
          PRIMARY KEY (`id`) USING BTREE,
          UNIQUE KEY `by_key` (`key`(20)),
          KEY `by_kind` (`kind`,`at` DESC),
          FULLTEXT KEY `words` (`key`),
          CONSTRAINT `fk_k` FOREIGN KEY (`kind`) REFERENCES `kinds` (`name`) ON DELETE SET NULL
        ) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COMMENT='it''s';
        """,
        "mysql",
    )
    assert [(c.name, c.type, c.auto_increment) for c in found.columns] == [
        ("id", "INT UNSIGNED", True),
        ("kind", "ENUM", False),
        ("key", "VARCHAR", False),
        ("seen", "TINYINT", False),
        ("at", "DATETIME", False),
        ("day", "DATE", False),
    ]
    assert [shape(index) for index in found.indexes] == [
        (("id",), "", True, True, "", ""),
        (("key",), "by_key", True, False, "", ""),
        (("kind", "at"), "by_kind", False, False, "", ""),
        (("key",), "words", False, False, "", "fulltext"),
    ]
    assert [(k.columns, k.table, k.name) for k in found.foreign_keys] == [
        (("kind",), "kinds", "fk_k")
    ]


def test_sqlite_table() -> None:
    found = table(
        """
        CREATE TABLE [notes] (
            id INTEGER PRIMARY KEY,
            owner REFERENCES people(id),
            body,
            other INTEGER NOT NULL,
            FOREIGN KEY(other) REFERENCES others
        ) WITHOUT ROWID, STRICT;
        """,
        "sqlite",
    )
    assert [(c.name, c.type, c.auto_increment) for c in found.columns] == [
        ("id", "INTEGER", True),
        ("owner", "", False),
        ("body", "", False),
        ("other", "INTEGER", False),
    ]
    assert [key(each) for each in found.foreign_keys] == [
        (("owner",), "people", ("id",)),
        (("other",), "others", ()),
    ]


def test_tsql_table() -> None:
    script = """
        CREATE TABLE [dbo].[Orders](
            [Id] [int] IDENTITY(1,1) NOT NULL,
            [CustomerId] [int] NOT NULL CONSTRAINT [FK_C] FOREIGN KEY REFERENCES [dbo].[Customers]([Id]),
            [Code] [nvarchar](40) NULL,
         CONSTRAINT [PK_Orders] PRIMARY KEY CLUSTERED ([Id] ASC) WITH (PAD_INDEX = OFF) ON [PRIMARY]
        ) ON [PRIMARY]
        GO
        CREATE NONCLUSTERED INDEX [IX_Code] ON [dbo].[Orders]([Code] ASC) INCLUDE ([CustomerId])
        GO
        """
    assert guess_dialect(script) == "tsql"
    found = table(script, "tsql")
    assert found.table == "orders"
    assert [(c.name, c.type, c.auto_increment) for c in found.columns] == [
        ("Id", "INT", True),
        ("CustomerId", "INT", False),
        ("Code", "NVARCHAR", False),
    ]
    assert [shape(index)[:4] for index in found.indexes] == [(("Id",), "pk_orders", True, True)]
    (index,) = changes(script, "tsql")
    assert index.index is not None
    assert (index.table, index.index.columns) == ("orders", ("Code",))


@pytest.mark.parametrize(
    ("column", "auto"),
    [
        ("id serial PRIMARY KEY", True),
        ("id int AUTO_INCREMENT", True),
        ("id int IDENTITY(1,1)", True),
        ("id integer PRIMARY KEY AUTOINCREMENT", True),
        ("id int GENERATED BY DEFAULT AS IDENTITY", True),
        ("id bigint DEFAULT nextval('t_id_seq'::regclass) NOT NULL", True),
        ("id bigint DEFAULT (nextval('t_id_seq'))", True),
        ("id bigint DEFAULT NEXT VALUE FOR s", True),
        ("id int PRIMARY KEY", False),
        ("id int DEFAULT 0", False),
        ("total int GENERATED ALWAYS AS (a + b) STORED", False),
    ],
)
def test_columns_that_count_by_themselves(column: str, auto: bool) -> None:
    assert table(f"CREATE TABLE t ({column})").columns[0].auto_increment is auto


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("CREATE INDEX i ON t (a)", (("a",), "i", False, False, "", "")),
        ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING btree (a, b DESC NULLS LAST)",
         (("a", "b"), "i", True, False, "", "")),
        ("CREATE INDEX ON t (a)", (("a",), "", False, False, "", "")),
        (
            "CREATE INDEX i ON t (lower(a) text_pattern_ops, (b || c) text_ops)",
            (("(lower(a))", "(b | | c)"), "i", False, False, "", ""),
        ),
        ("CREATE INDEX i ON t USING gin (a gin_trgm_ops)", (("a",), "i", False, False, "", "gin")),
        ("CREATE INDEX i ON t USING hash (a)", (("a",), "i", False, False, "", "hash")),
        ("CREATE INDEX i ON t (lower(a))", (("(lower(a))",), "i", False, False, "", "")),
        ("CREATE INDEX i ON t (((a)::date), b)", (("(cast(a))", "b"), "i", False, False, "", "")),
        ("CREATE INDEX i ON t ((a::text))", (("(cast(a))",), "i", False, False, "", "")),
        ("CREATE INDEX i ON t (lower((a)::text))", (("(lower(a))",), "i", False, False, "", "")),
        ("CREATE INDEX i ON t ((data ->> 'k'))", (("(data->>'k')",), "i", False, False, "", "")),
        ("CREATE INDEX i ON t (a) WHERE deleted_at IS NULL",
         (("a",), "i", False, False, "deleted_at is null", "")),
        ("CREATE INDEX i ON t (a) INCLUDE (b) WHERE (b > 1)", (("a",), "i", False, False, "(b > 1)", "")),
        ("CREATE INDEX `i` ON `t` (`a`(10), `b`)", (("a", "b"), "i", False, False, "", "")),
        ("CREATE FULLTEXT INDEX i ON t (a)", (("a",), "i", False, False, "", "fulltext")),
        ("CREATE INDEX i USING BTREE ON t (a)", (("a",), "i", False, False, "", "")),
    ],
)  # fmt: skip
def test_create_index(
    statement: str, expected: tuple[tuple[str, ...], str, bool, bool, str, str]
) -> None:
    (fact,) = changes(statement)
    assert fact.table == "t"
    assert fact.action == "add-index"
    assert fact.index is not None
    assert shape(fact.index) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("ADD COLUMN c bigint NOT NULL", [("add-column", "c")]),
        ("ADD c bigint", [("add-column", "c")]),
        ("ADD COLUMN IF NOT EXISTS c bigint, ADD COLUMN d text",
         [("add-column", "c"), ("add-column", "d")]),
        ("ADD (c int, d int)", [("add-column", "c"), ("add-column", "d")]),
        ("ADD COLUMN c bigint REFERENCES u (id) UNIQUE",
         [("add-column", "c"), ("add-index", "c"), ("add-foreign-key", "c")]),
        ("ADD PRIMARY KEY (c)", [("add-index", "c")]),
        ("ADD CONSTRAINT k UNIQUE (c)", [("add-index", "c")]),
        ("ADD CONSTRAINT k FOREIGN KEY (c) REFERENCES u (id) NOT VALID", [("add-foreign-key", "c")]),
        ("ADD INDEX k (c)", [("add-index", "c")]),
        ("ADD UNIQUE KEY `k` (`c`)", [("add-index", "c")]),
        ("ADD CONSTRAINT k CHECK (c > 0)", [("add-check", "(c > 0)")]),
        ("WITH CHECK ADD CONSTRAINT [k] FOREIGN KEY([c]) REFERENCES [u] ([id])",
         [("add-foreign-key", "c")]),
        ("DROP COLUMN IF EXISTS c CASCADE", [("drop-column", "c")]),
        ("DROP c", [("drop-column", "c")]),
        ("DROP CONSTRAINT c", [("drop-index", "c")]),
        ("DROP FOREIGN KEY c", [("drop-index", "c")]),
        ("DROP INDEX c", [("drop-index", "c")]),
        ("DROP PRIMARY KEY", [("drop-primary-key", "")]),
        ("RENAME TO c", [("rename", "c")]),
        ("RENAME COLUMN b TO c", [("rename-column", "c")]),
        ("RENAME b TO c", [("rename-column", "c")]),
        ("RENAME CONSTRAINT b TO c", [("rename-index", "c")]),
        ("RENAME INDEX b TO c", [("rename-index", "c")]),
        ("ALTER COLUMN c TYPE bigint USING c::bigint", [("alter-type", "c")]),
        ("ALTER COLUMN c SET DATA TYPE bigint", [("alter-type", "c")]),
        ("ALTER COLUMN c bigint NOT NULL", [("alter-type", "c")]),
        ("MODIFY COLUMN `c` bigint unsigned", [("alter-type", "c")]),
        ("MODIFY c bigint", [("alter-type", "c")]),
        ("MODIFY IF EXISTS c bigint", [("alter-type", "c")]),
        ("ADD INDEX IF NOT EXISTS k (c)", [("add-index", "c")]),
        ("RENAME COLUMN IF EXISTS b TO c", [("rename-column", "c")]),
        ("CHANGE COLUMN IF EXISTS b c bigint", [("rename-column", "c"), ("alter-type", "c")]),
        ("CHANGE b c bigint", [("rename-column", "c"), ("alter-type", "c")]),
        ("CHANGE COLUMN c c bigint", [("alter-type", "c")]),
        ("ALTER COLUMN c SET DEFAULT nextval('s'::regclass)", [("alter-type", "c")]),
        ("ALTER COLUMN c ADD GENERATED ALWAYS AS IDENTITY", [("alter-type", "c")]),
        ("ALTER COLUMN c SET NOT NULL", [("set-not-null", "c")]),
        ("OWNER TO c", []),
        ("ENABLE ROW LEVEL SECURITY", []),
    ],
)  # fmt: skip
def test_alter_table(action: str, expected: list[tuple[str, str]]) -> None:
    found = changes(f"ALTER TABLE IF EXISTS ONLY s.t {action};")
    assert {fact.table for fact in found} <= {"t"}
    assert [(fact.action, _subject(fact)) for fact in found] == expected


def _subject(fact: TableChanged) -> str:
    if fact.name:
        return fact.name
    if fact.index is not None:
        return ",".join(fact.index.columns)
    if fact.foreign_key is not None:
        return ",".join(fact.foreign_key.columns)
    return fact.column.name if fact.column is not None else ""


def test_a_quoted_name_of_an_index_keeps_its_dots() -> None:
    found = changes(
        "ALTER TABLE t ADD UNIQUE `uniq.t.c` (`c`); CREATE INDEX `idx.t.c` ON t (c);"
        "ALTER TABLE t RENAME INDEX `idx.t.c` TO `idx.t.d`; DROP INDEX `idx.t.d` ON t; DROP INDEX s.k"
    )
    names = [fact.name or (fact.index.name if fact.index else "") for fact in found]
    assert names == ["uniq.t.c", "idx.t.c", "idx.t.d", "idx.t.d", "k"]


def test_drops_and_renames_of_whole_tables() -> None:
    found = changes(
        "DROP TABLE IF EXISTS a, s.b CASCADE; DROP INDEX CONCURRENTLY i; DROP INDEX j ON c;"
        "RENAME TABLE d TO e, f TO g;"
    )
    assert [(fact.action, fact.table, fact.name) for fact in found] == [
        ("drop", "a", ""),
        ("drop", "b", ""),
        ("drop-index", "", "i"),
        ("drop-index", "c", "j"),
        ("rename", "d", "e"),
        ("rename", "f", "g"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMPORARY TABLE t (id int)",
        "CREATE TABLE t AS SELECT 1",
        "CREATE TABLE t PARTITION OF u FOR VALUES IN (1)",
        "CREATE FOREIGN TABLE t (id int) SERVER s",
        "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN CREATE TABLE t (id int); END $$ LANGUAGE plpgsql",
        "-- CREATE TABLE t (id int);",
        "/* CREATE TABLE t (id int); */",
        "SELECT 'CREATE TABLE t (id int);'",
    ],
)
def test_what_defines_no_table_of_its_own(statement: str) -> None:
    assert read_schema(statement) == []


def test_an_enumeration_type_is_known_by_its_name() -> None:
    script = "CREATE TYPE s.mood AS ENUM ('a', 'b'); CREATE TABLE t (m s.mood NOT NULL)"
    assert table(script).columns[0].type == "ENUM"


def test_rows_in_the_script_seed_their_table() -> None:
    script = "CREATE TABLE t (id int); INSERT INTO t VALUES (1); INSERT INTO u (a) VALUES (2);"
    assert table(script).seeded
    assert [(fact.action, fact.table) for fact in changes(script)] == [("seed", "u")]
    copied = "CREATE TABLE public.t (id int);\nCOPY public.t (id) FROM stdin;\n1\n2;3\n\\.\n"
    assert table(copied).seeded
    assert not table("CREATE TABLE t (id int); INSERT INTO t SELECT 1 FROM u").seeded


def test_what_a_block_adds_on_a_condition_counts() -> None:
    found = changes(
        """
        DO $$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'x') THEN
                ALTER TABLE t ADD UNIQUE (a, b);
                ALTER TABLE t DROP COLUMN c;
                CREATE INDEX i ON t (c);
            END IF;
        END $$;
        """
    )
    assert [(fact.action, fact.at.line) for fact in found] == [("add-index", 5), ("add-index", 7)]


def test_what_a_block_creates_and_names_anew_is_there() -> None:
    script = """
        DO $$
        BEGIN
            IF begun('0042', 'loans') THEN
            BEGIN
                CREATE TABLE loans (loan_id serial PRIMARY KEY, reader int REFERENCES readers (id));
                ALTER TABLE shelf_marks RENAME TO shelves;
                ALTER TABLE readers RENAME COLUMN mail TO email;
                EXECUTE 'CREATE TABLE parts (id int);';
            END;
            END IF;
        END;
        $$ LANGUAGE plpgsql;
        """
    assert [each.name for each in table(script).columns] == ["loan_id", "reader"]
    assert [(f.action, f.table, f.name) for f in changes(script)] == [
        ("rename", "shelf_marks", "shelves"),
        ("rename-column", "readers", "email"),
    ]


def test_lines_count_through_the_script() -> None:
    script = "-- one\n\nCREATE TABLE a (\n  id int\n);\n\nALTER TABLE a\n  ADD COLUMN b int;\n"
    first, second = read_schema(script)
    assert first.at.line == 3
    assert isinstance(first, TableDefined)
    assert first.columns[0].at == Span(4, 3)
    assert second.at.line == 8
    shifted = read_schema(script, first_line=101)[0]
    assert shifted.at.line == 103


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("CREATE TABLE t (id INT AUTO_INCREMENT) ENGINE=InnoDB", "mysql"),
        ("CREATE TABLE t (id bigserial, at timestamptz)", "postgres"),
        ("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", "sqlite"),
        (
            f"CREATE TABLE `t` (`id` INTEGER PRIMARY KEY AUTOINCREMENT, {'`n` int, ' * 30})",
            "sqlite",
        ),
        ("CREATE TABLE `t` (`id` text(36) PRIMARY KEY NOT NULL, `n` text)", "sqlite"),
        ("CREATE TABLE `t` (`at` integer DEFAULT (unixepoch()), `n` text)", "sqlite"),
        ("CREATE TABLE `t` (`id` INTEGER PRIMARY KEY AUTO_INCREMENT, `n` text)", "mysql"),
        ("CREATE TABLE [dbo].[t] ([id] INT IDENTITY(1,1))", "tsql"),
        ("CREATE TABLE t (id NUMBER(19), name VARCHAR2(20))", "oracle"),
        ("CREATE TABLE t (id bigint, name varchar(20))", ""),
        ("CREATE TABLE t (id UInt64) ENGINE = ReplacingMergeTree(at) ORDER BY `id`", "clickhouse"),
        ("-- drops `name` and `age` of `t`\n/* and `b` */ CREATE TABLE t (id serial)", "postgres"),
        ("/*!40101 SET NAMES utf8 */; CREATE TABLE t (id int)", "mysql"),
        ("", ""),
    ],
)
def test_the_engine_shows_in_its_words(text: str, dialect: str) -> None:
    assert guess_dialect(text) == dialect


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE", "CREATE TABLE t", "CREATE TABLE t (", "CREATE TABLE t (id", "CREATE TABLE t ()",
        "CREATE TABLE (id int)", "CREATE TABLE t (,,,)", "CREATE INDEX", "CREATE INDEX i ON", "CREATE INDEX i ON t",
        "CREATE INDEX i ON t (", "CREATE UNIQUE", "ALTER TABLE", "ALTER TABLE t", "ALTER TABLE t ADD",
        "ALTER TABLE t DROP", "ALTER TABLE t RENAME", "ALTER TABLE t ALTER", "ALTER TABLE t CHANGE a",
        "ALTER TABLE t ADD CONSTRAINT", "ALTER TABLE t ADD FOREIGN KEY (a)", "DROP TABLE", "DROP INDEX ON t",
        "RENAME TABLE t", "INSERT INTO", "COPY", "CREATE TABLE t (id int[", "CREATE TABLE t (id int DEFAULT",
        "CREATE TABLE t (id int DEFAULT (", "CREATE TABLE t (PRIMARY KEY)", "CREATE TABLE t (FOREIGN KEY (a))",
        "CREATE TABLE 'x", "\0\0", "ALTER TABLE t ADD COLUMN IF NOT EXISTS", ";;;",
    ],
)  # fmt: skip
def test_broken_definitions_are_silent(script: str) -> None:
    for fact in read_schema(script):
        assert not isinstance(fact, TableDefined) or fact.columns


def test_a_column_that_is_not_understood_costs_itself_alone() -> None:
    found = table("CREATE TABLE t (a int, 5 + ??, b GEOMETRY(Point, 4326) NOT NULL, c text)")
    assert [c.name for c in found.columns] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "before",
    [
        "/* by hand */",
        "/* a * b ** c */ /**/",
        "/***** a\n * b\n *****/\n-- c\n",
        "-- a\n# b\n/* 'c' */",
    ],
)
def test_comments_before_a_statement(before: str) -> None:
    """Python's own `re` forgets what a possessive group matched, up to 3.11.4."""
    found = table(f"{before}\nCREATE TABLE orders (id bigint /* * */ PRIMARY KEY);")
    assert [column.name for column in found.columns] == ["id"]


@pytest.mark.parametrize(
    ("statement", "action"),
    [
        ("CREATE TABLE drafts AS SELECT * FROM shop.orders WHERE open", "copy-columns"),
        ("CREATE TABLE IF NOT EXISTS drafts (LIKE orders INCLUDING DEFAULTS)", "copy-columns"),
        ("CREATE TABLE drafts (LIKE orders INCLUDING ALL)", "copy"),
        ("CREATE TABLE drafts LIKE orders", "copy"),
    ],
)
def test_a_table_made_like_another(statement: str, action: str) -> None:
    (step,) = changes(statement)
    assert (step.table, step.action, step.name) == ("drafts", action, "orders")


@pytest.mark.parametrize(
    "schema",
    ['{{ index .Options "Namespace" }}', "${schema}", '"${schema}"', "{{ .S }}", "#{schema}"],
)
def test_a_schema_that_is_chosen_at_run_time(schema: str) -> None:
    script = (
        f"CREATE TABLE IF NOT EXISTS {schema}.orders (\n  id bigint PRIMARY KEY,\n"
        f"  buyer_id bigint REFERENCES {schema}.buyers (id)\n);\n"
        f"CREATE INDEX orders_buyer ON {schema}.orders (buyer_id);\n"
    )
    table, index = read_schema(script)
    assert isinstance(table, TableDefined)
    assert isinstance(index, TableChanged)
    assert (table.table, table.foreign_keys[0].table) == ("orders", "buyers")
    assert (index.table, index.at.line) == ("orders", 5)


def test_a_name_that_is_chosen_at_run_time_stays_unknown() -> None:
    assert [f.table for f in read_schema("CREATE TABLE {{ .Table }} (id int);")] != ["orders"]
    (table,) = read_schema(
        "CREATE TABLE orders (code text DEFAULT '{{ a }}.b', id int PRIMARY KEY);"
    )
    assert isinstance(table, TableDefined)
    assert [column.name for column in table.columns] == ["code", "id"]
