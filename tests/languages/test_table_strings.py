"""Tables that programs make by SQL in their own strings."""

from __future__ import annotations

import pytest

from scaleaudit.facts import TableChanged, TableDefined
from scaleaudit.languages.javascript import typescript
from scaleaudit.languages.php import extract as php
from scaleaudit.languages.python import extract

HEAD = "import sqlite3\n"
PLAYS = (
    "def set_up(db):\n"
    "    db.execute(\n"
    "        'CREATE TABLE IF NOT EXISTS plays (id INTEGER PRIMARY KEY AUTOINCREMENT, '\n"
    "        'media_id INTEGER, player TEXT UNIQUE)'\n"
    "    )\n"
    "    db.execute('CREATE INDEX IF NOT EXISTS plays_media ON plays (media_id)')\n"
    '    db.execute("""ALTER TABLE plays ADD COLUMN owner TEXT""")\n'
)


def steps(source: str) -> list[tuple[str, str]]:
    """(table, what is done with it) in the order of the file."""
    return [
        (fact.table, "create" if isinstance(fact, TableDefined) else fact.action)
        for fact in extract(source.encode()).facts
        if isinstance(fact, TableDefined | TableChanged)
    ]


def test_tables_with_what_is_added_to_them() -> None:
    assert steps(HEAD + PLAYS) == [
        ("plays", "create"),
        ("plays", "add-index"),
        ("plays", "add-column"),
    ]
    (table,) = [f for f in extract((HEAD + PLAYS).encode()).facts if isinstance(f, TableDefined)]
    assert [column.name for column in table.columns] == ["id", "media_id", "player"]
    assert {index.columns for index in table.indexes if index.unique} == {("id",), ("player",)}
    assert table.dialect == "sqlite"


def test_holes_that_are_no_names_hide_no_table() -> None:
    made = (
        "def upgrade(db):\n"
        "    db.execute(f'CREATE TABLE plays (id {db.counted}, media TEXT NOT NULL, paid {db.money} NOT NULL,"
        " made_at TIMESTAMP DEFAULT {db.now}, owner {db.text} REFERENCES {db.schema}.owners (id),"
        " UNIQUE (media, owner), CONSTRAINT plays_paid CHECK (paid > 0))')\n"
        "    db.execute(f'CREATE TABLE {db.schema}notes (id INTEGER)')\n"
    )
    (table,) = [f for f in extract((HEAD + made).encode()).facts if isinstance(f, TableDefined)]
    assert [(column.name, column.type) for column in table.columns] == [
        ("id", "BIGINT"),
        ("media", "TEXT"),
        ("paid", ""),
        ("made_at", "TIMESTAMP"),
        ("owner", ""),
    ]
    assert {index.columns for index in table.indexes if index.unique} == {
        ("id",),
        ("media", "owner"),
    }


def test_a_table_that_is_made_anew() -> None:
    anew = (
        "def upgrade_plays(db):\n"
        "    db.execute('CREATE TABLE plays_new (id INTEGER PRIMARY KEY, media_id INTEGER)')\n"
        "    db.execute('DROP TABLE plays')\n"
        "    db.execute('ALTER TABLE plays_new RENAME TO plays')\n"
    )
    assert steps(HEAD + anew) == [
        ("plays_new", "create"),
        ("plays", "drop"),
        ("plays_new", "rename"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        # An example in a text that explains, a part that is not known, a step back, rows of no engine.
        '"""Say `CREATE TABLE plays (id INTEGER PRIMARY KEY)` first."""\n',
        "db.execute(f'CREATE TABLE {name} (id INTEGER PRIMARY KEY)')\n",
        "def downgrade(db):\n    db.execute('CREATE TABLE old (id INTEGER PRIMARY KEY)')\n",
        "spark.sql('CREATE TABLE plays (id INTEGER, media_id INTEGER)')\n",
        "db.execute('CREATE TEMP TABLE plays (id INTEGER PRIMARY KEY)')\n",
    ],
)
def test_what_makes_no_table_that_stays(source: str) -> None:
    assert [step for step in steps(source) if step[1] == "create"] == []


@pytest.mark.parametrize(
    ("index", "known"),
    [
        ("f'CREATE INDEX plays_{column} ON plays ({column})'", ["others"]),
        ("f'CREATE INDEX IF NOT EXISTS {name} ON {table} (media_id)'", []),
        ("'CREATE INDEX plays_owner ON plays (owner)'", ["others", "plays"]),
    ],
)
def test_tables_whose_indexes_are_worked_out(index: str, known: list[str]) -> None:
    more = "    db.execute('CREATE TABLE others (id INTEGER PRIMARY KEY)')\n"
    found = steps(f"{HEAD}{PLAYS}{more}    db.execute({index})\n")
    assert sorted(table for table, step in found if step == "create") == known


def test_an_index_that_is_dropped_may_come_back() -> None:
    load = "def load(db):\n    db.execute('DROP INDEX plays_media')\n"
    assert ("plays", "drop-index") not in steps(HEAD + PLAYS + load)


def script_steps(source: str) -> list[tuple[str, str]]:
    return [
        (fact.table, "create" if isinstance(fact, TableDefined) else fact.action)
        for fact in typescript.extract(source.encode()).facts
        if isinstance(fact, TableDefined | TableChanged)
    ]


def test_tables_that_scripts_make() -> None:
    source = """
    import Database from "better-sqlite3";
    const db = new Database("shop.db");
    db.exec(`CREATE TABLE IF NOT EXISTS plays (id INTEGER PRIMARY KEY, media_id INTEGER)`);
    db.exec("CREATE INDEX plays_media ON plays (media_id)");
    """
    assert script_steps(source) == [("plays", "create"), ("plays", "add-index")]


def test_what_a_function_returns_is_made_before_it_is_changed() -> None:
    source = """
    class Schema {
      async run() {
        await this.query("DROP TABLE IF EXISTS plays");
        await this.query(this.plays());
        await this.query("ALTER TABLE plays ADD INDEX media (media_id)");
        await this.query("DROP TABLE leftovers");
      }
      plays() {
        return `CREATE TABLE plays (id int NOT NULL, media_id int, PRIMARY KEY (id)) ENGINE=InnoDB`;
      }
    }
    """
    assert script_steps(source) == [
        ("plays", "create"),
        ("plays", "add-index"),
        ("leftovers", "drop"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        'import { openDatabaseSync } from "expo-sqlite";\ndb.execSync("CREATE TABLE plays (id INTEGER)");',
        "db.exec(`CREATE TABLE ${name} (id INTEGER)`);",
        'function dropAll() { db.exec("CREATE TABLE plays (id INTEGER)"); }',
    ],
)
def test_what_scripts_make_that_is_no_table_of_the_server(source: str) -> None:
    assert script_steps(source) == []


def test_what_wordpress_brings_up_to_date() -> None:
    source = """<?php
    function set_up($wpdb) {
        dbDelta("CREATE TABLE {$wpdb->prefix}plays (id bigint NOT NULL, tune_id int, PRIMARY KEY  (id), KEY tune (tune_id)) $charset;");
    }
    function uninstall($wpdb) {
        dbDelta("CREATE TABLE {$wpdb->prefix}gone (id bigint NOT NULL)");
    }
    """
    told = [f for f in php(source.encode()).facts if isinstance(f, TableDefined | TableChanged)]
    assert {fact.table for fact in told} == {"plays"}
    assert isinstance(told[0], TableDefined)
    assert [fact.action for fact in told if isinstance(fact, TableChanged)] == [
        "add-column",
        "alter-type",
        "add-column",
        "add-index",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("$wpdb->prefix . 'plays'", ["plays"]),
        ("$wpdb->plays", ["plays"]),
        ("$this->db->prefix . 'plays'", ["plays"]),
        ("_DB_PREFIX_ . 'plays'", ["plays"]),
        ("MAIN_DB_PREFIX . 'plays'", ["plays"]),
        ("$wpdb->last_query", []),
        ("$plays", []),
    ],
)
def test_names_of_tables_in_php(name: str, expected: list[str]) -> None:
    source = f"<?php $db->query('CREATE TABLE ' . {name} . ' (id bigint NOT NULL)');"
    told = php(source.encode()).facts
    assert [fact.table for fact in told if isinstance(fact, TableDefined)] == expected


def test_php_whose_migrations_are_read_elsewhere_makes_no_tables_in_strings() -> None:
    source = (
        "<?php use Phinx\\Migration\\AbstractMigration; $db->query('CREATE TABLE plays (id int)');"
    )
    told = php(source.encode()).facts
    assert not [fact for fact in told if isinstance(fact, TableDefined)]
