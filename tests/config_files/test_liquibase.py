"""Changelogs of Liquibase: each change as a fact, and what they make of a schema together."""

from __future__ import annotations

import pytest

from scaleaudit.config_files import liquibase, liquibase_yaml, yaml_file
from scaleaudit.facts import FileFacts, MigrationsListed, MigrationTool, TableChanged, TableDefined
from scaleaudit.file_kinds import EXTRACTORS, file_kinds
from scaleaudit.languages.mentions import has_any
from scaleaudit.schemas.listed import listed
from scaleaudit.schemas.replay import replay
from scaleaudit.source import Span
from scaleaudit.time_limit import cpu_limit

HEAD = '<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">\n'
TABLE = """
<changeSet id="1" author="a">
  <preConditions onFail="MARK_RAN"><not><tableExists tableName="other"/></not></preConditions>
  <createTable tableName="Orders">
    <column name="id" type="INT" autoIncrement="true"><constraints primaryKey="true"/></column>
    <column name="code" type="VARCHAR(20)"><constraints unique="true" nullable="false"/></column>
    <column name="shop_id" type="bigint">
      <constraints foreignKeyName="fk_shop" references="shops(id)"/>
    </column>
    <column name="note" type="${text.type}"/>
  </createTable>
  <rollback><dropTable tableName="orders"/></rollback>
</changeSet>
"""


def facts(changes: str) -> list[TableDefined | TableChanged]:
    found = liquibase.extract(f"{HEAD}{changes}</databaseChangeLog>".encode())
    assert found.problem == ""
    return [f for f in found.facts if isinstance(f, (TableDefined, TableChanged))]


def schema(changes: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    text = f'{HEAD}{TABLE}<changeSet id="2" author="a">{changes}</changeSet></databaseChangeLog>'
    tables = replay([("db/changelog/1.xml", liquibase.extract(text.encode()))]).tables
    return {name: tuple(index.columns for index in table.indexes) for name, table in tables.items()}


def test_a_table_with_its_keys_and_places() -> None:
    (table,) = facts(TABLE)
    assert isinstance(table, TableDefined)
    assert table.table == "orders"
    assert [(c.name, c.type, c.nullable, c.auto_increment) for c in table.columns] == [
        ("id", "INT", False, True),
        ("code", "VARCHAR", False, False),
        ("shop_id", "BIGINT", True, False),
        ("note", "", True, False),
    ]
    assert [(i.columns, i.primary, i.unique) for i in table.indexes] == [
        (("id",), True, True),
        (("code",), False, True),
    ]
    assert [(k.columns, k.table, k.references) for k in table.foreign_keys] == [
        (("shop_id",), "shops", ("id",))
    ]
    assert table.columns[0].at.line == 6


@pytest.mark.parametrize(
    ("change", "indexes"),
    [
        (
            '<createIndex indexName="i" tableName="orders"><column name="note"/></createIndex>',
            (("id",), ("code",), ("note",)),
        ),
        (
            '<addUniqueConstraint tableName="orders" columnNames="note, code"/>',
            (("id",), ("code",), ("note", "code")),
        ),
        ('<dropColumn tableName="orders" columnName="code"/>', (("id",),)),
        ('<dropPrimaryKey tableName="orders"/>', (("code",),)),
        (
            '<renameColumn tableName="orders" oldColumnName="code" newColumnName="number"/>',
            (("id",), ("number",)),
        ),
        ("<sql>CREATE INDEX n ON orders (note);</sql>", (("id",), ("code",), ("note",))),
        (
            '<createIndex indexName="i" tableName="orders">'
            '<column name="lower(note)" computed="true"/></createIndex>',
            (("id",), ("code",), ("(lower(note))",)),
        ),
    ],
)
def test_changes_of_a_table(change: str, indexes: tuple[tuple[str, ...], ...]) -> None:
    assert schema(change) == {"orders": indexes}


def test_tables_come_go_and_change_their_names() -> None:
    assert schema('<dropTable tableName="orders"/>') == {}
    assert set(schema('<renameTable oldTableName="orders" newTableName="sales"/>')) == {"sales"}


def test_what_only_a_rare_engine_runs_is_left_out() -> None:
    index = '<createIndex tableName="t"><column name="a"/></createIndex>'
    assert facts(f'<changeSet id="1" author="a" dbms="h2,oracle">{index}</changeSet>') == []
    assert len(facts(f'<changeSet id="1" author="a" dbms="h2,mysql">{index}</changeSet>')) == 1
    assert len(facts(f'<changeSet id="1" author="a" dbms="!h2">{index}</changeSet>')) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"<databaseChangeLog><changeSet><createTable/><addColumn/><dropColumn/><renameTable/>"
        b"<createIndex/><addForeignKeyConstraint/><modifyDataType/><sql/><insert/></changeSet>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><databaseChangeLog>&a;</databaseChangeLog>',
        b"<databaseChangeLog>" * 5_000,
    ],
)
def test_hostile_content_never_raises(content: bytes) -> None:
    assert liquibase.extract(content).problem


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("src/main/resources/db/changelog/tenant/parts/0105_indexes.xml", "liquibase"),
        ("src/main/resources/config/liquibase/master.xml", "liquibase"),
        ("api/src/main/resources/liquibase-schema-only-2.1.xml", "liquibase"),
        ("orders/src/main/resources/db/202508010700_create_outbox.xml", "xml"),
        ("src/main/resources/db/OrderMapper.xml", "mybatis"),
        ("src/main/resources/orm/Order.hbm.xml", "hibernate-mapping"),
        ("pom.xml", "maven"),
        ("src/main/resources/logback.xml", "log-appenders"),
    ],
)
def test_which_files_are_changelogs(path: str, kind: str | None) -> None:
    assert file_kinds()(path) == kind


def test_a_changelog_in_any_folder() -> None:
    text = f"{HEAD}{TABLE}</databaseChangeLog>".encode()
    (reader,) = [each for each in EXTRACTORS if each.kind == "xml"]
    assert reader.extract(text) == liquibase.extract(text)


def test_changelogs_in_yaml() -> None:
    found = liquibase_yaml.extract(
        b"databaseChangeLog:\n- changeSet:\n    id: 1\n    author: a\n    changes:\n    - createTable:\n"
        b"        tableName: orders\n        columns:\n        - column: {name: id, type: bigint, constraints: {primaryKey: true}}\n"
        b"        - column:\n            name: code\n            type: varchar(20)\n            constraints:\n              nullable: false\n"
        b"    - createIndex:\n        indexName: by_code\n        tableName: orders\n        columns:\n        - column:\n            name: code\n"
        b"    - sql:\n        sql: create index by_id on orders (id, code)\n"
        b"- changeSet:\n    id: 2\n    dbms: oracle\n    changes:\n    - dropTable: {tableName: orders}\n"
        b"- include: {file: other.yml}\n"
    )
    assert found.problem == ""
    tool, table, index, script, listed = found.facts
    assert isinstance(listed, MigrationsListed)
    assert isinstance(tool, MigrationTool)
    assert isinstance(table, TableDefined)
    assert [(c.name, c.type, c.nullable) for c in table.columns] == [
        ("id", "BIGINT", False),
        ("code", "VARCHAR", False),
    ]
    assert table.indexes[0].primary
    assert isinstance(index, TableChanged)
    assert index.index is not None
    assert (index.table, index.index.name, index.index.columns) == ("orders", "by_code", ("code",))
    assert isinstance(script, TableChanged)


@pytest.mark.parametrize(
    "path", ["orders/src/main/resources/db/changesets/0001_orders.yaml", "db/0001_orders.yml"]
)
def test_a_changelog_in_yaml_in_any_folder(path: str) -> None:
    text = b"databaseChangeLog:\n- changeSet:\n    changes:\n    - dropTable: {tableName: orders}\n"
    (reader,) = [each for each in EXTRACTORS if each.kind == file_kinds()(path)]
    assert reader.kind in ("spring", "yaml")
    assert has_any(text, reader.needs) or not reader.needs
    assert reader.extract(text) == liquibase_yaml.extract(text)


def test_a_yaml_file_that_is_no_changelog() -> None:
    text = b"apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n"
    assert liquibase_yaml.extract(text).facts == yaml_file.extract(text).facts
    assert file_kinds()("k8s/liquibase/job.yaml") == "liquibase-yaml"


def test_a_column_added_as_the_key() -> None:
    found = liquibase.extract(
        b'<databaseChangeLog><changeSet id="1"><dropPrimaryKey tableName="t"/><addColumn tableName="t">'
        b'<column name="id" type="bigint"><constraints primaryKey="true"/></column>'
        b"</addColumn></changeSet></databaseChangeLog>"
    )
    indexes = [f.index for f in found.facts if isinstance(f, TableChanged) and f.index is not None]
    assert [(each.columns, each.primary, each.unique) for each in indexes] == [
        (("id",), True, True)
    ]


def test_a_prefix_of_all_tables() -> None:
    found = schema(
        '<createIndex tableName="${table.prefix}orders" indexName="i"><column name="note"/></createIndex>'
        "<sql>CREATE TABLE `${table.prefix}readers` (id int, name text, KEY k (name));</sql>"
        "<sql>ALTER TABLE ${table.prefix}readers ADD INDEX j (id);</sql>"
    )
    assert found["orders"][-1] == ("note",)
    assert found["readers"] == (("name",), ("id",))

    found = schema("<sql>CREATE INDEX i ON ${shop.schema}.orders (note);</sql>")
    assert found["orders"][-1] == ("note",)


def changelog(*entries: str) -> bytes:
    return f"{HEAD}{''.join(entries)}</databaseChangeLog>".encode()


def made(table: str, *columns: str) -> str:
    listed = "".join(f'<column name="{each}" type="int"/>' for each in columns)
    return f'<changeSet id="{table}"><createTable tableName="{table}">{listed}</createTable></changeSet>'


def include(path: str, *, beside: bool = False) -> str:
    mark = ' relativeToChangelogFile="true"' if beside else ""
    return f'<include file="{path}"{mark}/>'


RENAMED = (
    '<changeSet id="r"><renameTable oldTableName="orders" newTableName="old_orders"/></changeSet>'
)


def test_the_order_in_which_a_master_names_changelogs() -> None:
    files = {
        "db/changelog/master.xml": changelog(
            include("classpath:/db/changelog/z-first.xml"),
            include("parts/inner.xml", beside=True),
            include("db/changelog/a-last.xml"),
        ),
        "db/changelog/z-first.xml": changelog(made("orders", "id", "code"), RENAMED),
        "db/changelog/parts/inner.xml": changelog(include("./m-orders.xml", beside=True)),
        "db/changelog/parts/m-orders.xml": changelog(made("orders", "id")),
        "db/changelog/a-last.xml": changelog(
            '<changeSet id="a"><addColumn tableName="orders"><column name="note" type="text"/></addColumn></changeSet>'
        ),
    }
    tables = replay([(path, liquibase.extract(text)) for path, text in files.items()]).tables
    assert {name: [c.name for c in table.columns] for name, table in tables.items()} == {
        "old_orders": ["id", "code"],
        "orders": ["id", "note"],
    }


def test_where_a_master_names_some_changelogs_alone_names_tell_the_order() -> None:
    files = {
        "db/changelog/master.xml": changelog(include("db/changelog/z-orders.xml")),
        "db/changelog/a-orders.xml": changelog(made("orders", "id", "code")),
        "db/changelog/z-orders.xml": changelog(RENAMED),
    }
    found = [(path, liquibase.extract(text)) for path, text in files.items()]
    assert list(replay(found).tables) == ["old_orders"]
    whole = changelog(include("db/changelog/z-orders.xml"), '<includeAll path="db/changelog"/>')
    assert [type(f).__name__ for f in liquibase.extract(whole).facts] == []


def test_few_changelogs_that_no_master_names_stand_before_the_others() -> None:
    numbers = range(5)
    dropped = '<changeSet id="d"><dropTable tableName="table3"/></changeSet>'
    names = [*(f"db/changelog/{number}.xml" for number in numbers), "db/changelog/drop.xml"]
    files = {path: changelog(made(f"table{number}", "id")) for number, path in enumerate(names[:5])}
    files["db/changelog/master.xml"] = changelog(*map(include, names))
    files["db/changelog/drop.xml"] = changelog(dropped)
    renamed = RENAMED.replace('"orders"', '"table4"')
    files["db/changelog/unused.xml"] = changelog(made("table4", "id", "code"), renamed)
    found = [(path, liquibase.extract(text)) for path, text in files.items()]
    assert sorted(replay(found).tables) == ["old_orders", "table0", "table1", "table2", "table4"]


def test_masters_that_name_each_other_end() -> None:
    one, other = include("db/changelog/b.xml"), include("db/changelog/a.xml")
    files = {
        "db/changelog/a.xml": changelog(one, made("orders", "id")),
        "db/changelog/b.xml": changelog(other, made("lines", "id")),
        "db/changelog/self.xml": changelog(include("self.xml", beside=True), include("gone.xml")),
    }
    found = [(path, liquibase.extract(text)) for path, text in files.items()]
    assert sorted(replay(found).tables) == ["lines", "orders"]


def test_masters_that_name_thousands_alike_end_soon() -> None:
    paths = tuple(f"d{n}/changes.xml" if n % 2 else "changes.xml" for n in range(2_000))
    master = FileFacts((MigrationsListed(Span(1), paths),))
    files = {f"d{n}/master.xml": master for n in range(60)}
    files |= {f"d{n}/changes.xml": FileFacts() for n in range(3_000)}
    with cpu_limit(15):  # there is no limit while files are linked
        assert len(listed(files.items())) >= 1_000


def test_a_master_in_yaml() -> None:
    found = liquibase_yaml.extract(
        b"databaseChangeLog:\n- include:\n    file: changes/b.yaml\n    relativeToChangelogFile: true\n"
        b"- include: {file: db/changelog/a.yaml}\n"
    )
    (run,) = found.facts
    assert isinstance(run, MigrationsListed)
    assert run.paths == ("./changes/b.yaml", "db/changelog/a.yaml")


def test_of_changelogs_that_end_alike_the_nearest_is_meant() -> None:
    def program(name: str) -> dict[str, bytes]:
        folder = f"{name}/src/main/resources"
        return {
            f"{folder}/master.xml": changelog(
                include("./db/z.xml", beside=True), include("db/a.xml"), made(name, "id")
            ),
            f"{folder}/db/z.xml": changelog(made(f"{name}_z", "id")),
            f"{folder}/db/a.xml": changelog(made(f"{name}_a", "id")),
            f"{folder}/old_db/a.xml": changelog(made("old", "id")),
        }

    files = program("orders") | program("stock")
    found = listed((path, liquibase.extract(text)) for path, text in files.items())
    for name in ("orders", "stock"):
        folder = f"{name}/src/main/resources"
        order = [f"{folder}/db/z.xml", f"{folder}/db/a.xml", f"{folder}/master.xml"]
        assert sorted(order, key=lambda path: found[path]) == order
        assert min(found[path] for path in order) >= 0


def test_a_master_at_the_root_whose_parts_are_named_twice() -> None:
    files = {
        "master.xml": changelog(
            include("./b.xml", beside=True), include("./a.xml", beside=True), include("b.xml")
        ),
        "a.xml": changelog(include("./b.xml", beside=True), made("a", "id")),
        "b.xml": changelog(made("b", "id")),
    }
    found = listed((path, liquibase.extract(text)) for path, text in files.items())
    assert found == {"b.xml": 0, "a.xml": 1, "master.xml": 2}
