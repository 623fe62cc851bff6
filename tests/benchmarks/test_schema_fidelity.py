"""The replay of MySQL's statements, against a real MariaDB where one is installed."""

import json
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from catalogues import MARIADB
from mariadb_server import server
from schema_fidelity import parts

from scaleaudit.facts import FileFacts
from scaleaudit.schemas.replay import replay
from scaleaudit.sql import read_schema

STATEMENTS = """\
CREATE TABLE members (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, email VARCHAR(190) NOT NULL UNIQUE)
    ENGINE=InnoDB;
CREATE TABLE loans (
    id BIGINT NOT NULL AUTO_INCREMENT,
    member_id BIGINT UNSIGNED NOT NULL,
    lender_id BIGINT UNSIGNED,
    code VARCHAR(20) NOT NULL,
    due_at DATETIME,
    PRIMARY KEY (id),
    KEY loans_code (code, due_at),
    CONSTRAINT loans_member FOREIGN KEY (member_id) REFERENCES members (id),
    CONSTRAINT loans_lender FOREIGN KEY (lender_id) REFERENCES members (id)
) ENGINE=InnoDB;
ALTER TABLE loans ADD INDEX loans_of_member (member_id, due_at);
ALTER TABLE loans DROP COLUMN code;
CREATE UNIQUE INDEX loans_twice ON loans (lender_id, due_at);
ALTER TABLE loans RENAME COLUMN due_at TO ends_at;
"""


@pytest.mark.skipif(
    shutil.which("mariadbd", path="/usr/sbin:/usr/bin") is None, reason="needs a MariaDB server"
)
def test_indexes_are_those_of_the_server() -> None:
    try:
        with server() as running:
            running.create("shop")
            running.run(STATEMENTS, "shop")
            there = json.loads(running.run(MARIADB, "shop"))
    except RuntimeError as error:  # a sandbox that lets no server start
        pytest.skip(str(error))
    real = parts(
        [(table, column, null) for table, column, null in there["columns"]],
        there["indexes"],
        [(table, parent, columns) for table, parent, columns in there["foreign"]],
    )
    facts = FileFacts(tuple(read_schema(STATEMENTS, dialect="mysql")))
    tables = replay([("db/mysql/schema.sql", facts)]).tables.values()
    mine = parts(
        [(t.name, c.name, c.nullable) for t in tables for c in t.columns],
        [
            {
                "table": t.name, "columns": list(i.columns), "unique": i.unique,
                "primary": i.primary, "where": i.where,
            }
            for t in tables
            for i in t.indexes
        ],
        [(t.name, k.table, ",".join(k.columns)) for t in tables for k in t.foreign_keys],
    )  # fmt: skip
    assert mine == real
