"""Changelogs of Liquibase: each change as a fact, and what they make of a schema together."""

from __future__ import annotations

import pytest

from scaleaudit.config_files import liquibase, liquibase_yaml, yaml_file
from scaleaudit.facts import MigrationTool, TableChanged, TableDefined
from scaleaudit.file_kinds import file_kinds
from scaleaudit.schemas.replay import replay

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
        ("pom.xml", "maven"),
        ("src/main/resources/logback.xml", "log-appenders"),
    ],
)
def test_which_files_are_changelogs(path: str, kind: str | None) -> None:
    assert file_kinds()(path) == kind


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
    tool, table, index, script = found.facts
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
