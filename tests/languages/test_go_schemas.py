"""Go: tables that a program defines in its own strings."""

from __future__ import annotations

from textwrap import dedent

from scaleaudit.facts import TableChanged, TableDefined
from scaleaudit.languages.go import extract


def steps(source: str) -> list[tuple[str, str]]:
    """(table, what is done to it), in the order of replay."""
    found = extract(f"package store\n\n{dedent(source)}".encode())
    assert found.problem == ""
    return [
        (fact.table, fact.action if isinstance(fact, TableChanged) else "create")
        for fact in found.facts
        if isinstance(fact, TableDefined | TableChanged)
    ]


def test_migrations_in_functions() -> None:
    source = """
    var migrations = []func(tx *sql.Tx) error{
        func(tx *sql.Tx) (err error) {
            sql := `
                CREATE TABLE entries (id bigserial primary key, feed_id bigint not null, hash text, unique (feed_id, hash));
                CREATE INDEX entries_feed_idx ON entries USING btree(feed_id);
            `
            _, err = tx.Exec(sql)
            return err
        },
        func(tx *sql.Tx) (err error) {
            _, err = tx.Exec("DROP INDEX entries_feed_idx")
            return err
        },
        func(tx *sql.Tx) error {
            _, err := tx.Exec("ALTER TABLE entries " + "ADD COLUMN status text")
            return err
        },
    }
    """
    assert steps(source) == [
        ("entries", "create"), ("entries", "add-index"), ("", "drop-index"), ("entries", "add-column"),
    ]  # fmt: skip
    found = extract(f"package migrations\n{dedent(source)}".encode())
    table = next(fact for fact in found.facts if isinstance(fact, TableDefined))
    assert [index.columns for index in table.indexes] == [("id",), ("feed_id", "hash")]
    assert table.dialect == "postgres"


def test_keyed_steps_run_by_their_numbers() -> None:
    source = """
    var SqlMap = map[string]string{
        "schema_version_1": `create table tokens (id text primary key);`,
        "schema_version_10": `drop table tokens;`,
        "schema_version_2": `alter table tokens add column value text;`,
    }
    """
    assert steps(source) == [("tokens", "create"), ("tokens", "add-column"), ("tokens", "drop")]


def test_what_takes_a_migration_back_is_left_out() -> None:
    source = """
    func init() { goose.AddMigration(upUsers, downUsers) }
    func upUsers(tx *sql.Tx) error {
        _, err := tx.Exec("CREATE TABLE users (id INT PRIMARY KEY, email TEXT)")
        return err
    }
    func downUsers(tx *sql.Tx) error {
        _, err := tx.Exec("DROP TABLE users")
        return err
    }
    var memory = []*migrate.Migration{
        {Id: "1", Up: []string{"CREATE INDEX email_idx ON users (email)"}, Down: []string{"DROP INDEX email_idx"}},
    }
    const downSQL = `ALTER TABLE users DROP COLUMN email`
    """
    assert steps(source) == [("users", "create"), ("users", "add-index")]


def test_a_drop_in_code_that_migrates_nothing_is_no_step() -> None:
    source = """
    func import_(db *sql.DB) {
        db.Exec("DROP INDEX email_idx ON users")
        db.Exec(fmt.Sprintf("CREATE TABLE %s (id INT)", name))
        db.Exec("CREATE INDEX email_idx ON users (email)")
    }
    """
    assert steps(source) == [("users", "add-index")]


def test_braces_in_values_are_no_gaps() -> None:
    source = """
    const migration1 = `CREATE TABLE jobs (id bigserial primary key, state jsonb NOT NULL DEFAULT '{}');`
    """
    assert steps(source) == [("jobs", "create")]
    assert steps("const q = `CREATE TABLE {name} (id int);`") == []


def test_indexes_that_a_function_of_the_project_makes() -> None:
    source = """
    func migrate(e Execer) error {
        e.Exec("CREATE TABLE Orders (ID TEXT PRIMARY KEY, Code TEXT, Kind TEXT)")
        e.Exec(createPGIndex("Orders_Code", "Orders", "Code, Kind"))
        store.CreateUniqueIndexIfNotExists("orders_kind", "Orders", "Kind")
        return nil
    }
    func rollback(e Execer) { e.Exec(createIndex("old", "Orders", "ID")) }
    """
    found = extract(f"package store\n\n{dedent(source)}".encode())
    indexes = [f.index for f in found.facts if isinstance(f, TableChanged) and f.index is not None]
    assert [(each.columns, each.unique) for each in indexes] == [
        (("code", "kind"), False),
        (("kind",), True),
    ]
    assert steps('var wanted = createIndex("a", "Orders", "Code")') == []


def test_keys_that_a_function_of_the_project_makes() -> None:
    source = """
    func migrate(e Execer, store *Store) error {
        e.Exec("CREATE TABLE Lines (OrderID TEXT NOT NULL, Line INT NOT NULL, Code TEXT)")
        if err := addPrimaryKey(e, store, "lines", "(OrderID, Line)"); err != nil {
            return err
        }
        addUniqueConstraint(e, "lines", "Code")
        return createIndexIfMissing(e, store.db, "lines_line", "lines", "Line")
    }
    func rollback(e Execer) { addPrimaryKey(e, store, "lines", "(Code)") }
    """
    found = extract(f"package store\n\n{dedent(source)}".encode())
    changed = [f for f in found.facts if isinstance(f, TableChanged)]
    assert [(f.action, f.index.columns, f.index.unique) for f in changed if f.index] == [
        ("add-index", ("orderid", "line"), True),
        ("add-index", ("code",), True),
        ("add-index", ("line",), False),
    ]
    assert steps('var wanted = addPrimaryKey(e, "lines", "(Code)")') == []
