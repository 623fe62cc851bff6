"""Statements of PHP that name their tables by constants of other files."""

from __future__ import annotations

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.file_kinds import file_kinds
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

DEFINED = """<?php
define('TABLE_LOANS', 'loans');
define('TABLE_READERS', DB_PREFIX . 'readers');
const TABLE_SHELVES = 'shelves';
define("TABLE_FINES", "{$settings['prefix']}fines");
define('TABLE_LATE', $name . '_late');
class Names { const BOOKS = 'books'; }
"""


def asked(code: str, defined: str = DEFINED) -> list[tuple[tuple[str, ...], list[str], bool]]:
    """(tables read or written, conditions, whether a part is not known) of each statement."""
    kinds = file_kinds()
    files = {"src/tables.php": defined, "src/pages.php": f"<?php\n{code}\n"}
    found = scan(
        [SourceFile(p, kinds(p) or "", content=text.encode()) for p, text in files.items()], []
    ).architecture
    queries = [site.fact for site in found.sites(QueryFound) if site.at.path == "src/pages.php"]
    return [
        ((*q.reads, *q.writes), [f"{p.table}.{p.column}" for p in q.predicates], q.partial)
        for q in queries
    ]


@pytest.mark.parametrize(
    ("code", "tables", "conditions"),
    [
        ('"SELECT day FROM " . TABLE_LOANS . " WHERE reader_id = " . (int)$id', "loans", ["loans.reader_id"]),
        ("'DELETE FROM ' . TABLE_READERS . ' WHERE code = 1'", "readers", ["readers.code"]),
        ('"SELECT * FROM `" . TABLE_FINES . "` WHERE day = ?"', "fines", ["fines.day"]),
        ('"UPDATE " . TABLE_SHELVES . " SET full = 1 WHERE room = ?"', "shelves", ["shelves.room"]),
        ('"SELECT title FROM " . Names::BOOKS . " WHERE code = ?"', "books", ["books.code"]),
        (
            '"SELECT l.day FROM (" . TABLE_LOANS . " l, " . TABLE_READERS . " r) WHERE l.day = 1"',
            "loans readers",
            ["loans.day"],
        ),
        (
            '"SELECT 1 FROM " . TABLE_LOANS . " l JOIN " . TABLE_READERS . " r ON (r.id = l.reader_id), "'
            ' . TABLE_SHELVES . " s WHERE s.room = 2"',
            "loans readers shelves",
            ["readers.id", "loans.reader_id", "shelves.room"],
        ),
        (
            '"SELECT day FROM " . TABLE_LOANS . " WHERE " . TABLE_LOANS . ".day = ?"',
            "loans",
            ["loans.day"],
        ),
    ],
)  # fmt: skip
def test_tables_of_constants(code: str, tables: str, conditions: list[str]) -> None:
    ((found, told, partial),) = asked(f"$db->query({code});")
    assert sorted(found) == tables.split()
    assert sorted(told) == sorted(conditions)
    assert not partial


def test_a_table_that_nothing_tells_leaves_the_others() -> None:
    ((tables, told, partial),) = asked(
        '$db->query("SELECT 1 FROM " . TABLE_LOANS . " l JOIN " . TABLE_LATE . " x ON x.id = l.late_id");'
    )
    assert (tables, told, partial) == (("loans",), ["loans.late_id"], True)


def test_two_texts_of_one_name_tell_nothing() -> None:
    twice = f"{DEFINED}\nif ($old) {{ define('TABLE_LOANS', 'old_loans'); }}"
    ((tables, _, partial),) = asked(
        '$db->query("SELECT day FROM " . TABLE_LOANS . " WHERE reader_id = 1");', twice
    )
    assert (tables, partial) == ((), True)


def test_conditions_that_branches_add() -> None:
    found = asked(
        '$sql = "SELECT day FROM " . TABLE_LOANS . " WHERE a = 1";\n'
        'if ($x) { $sql .= " AND code = 2"; }\n$db->query($sql);'
    )
    assert [(tables, told) for tables, told, _ in found] == [
        (("loans",), ["loans.a"]),
        (("loans",), ["loans.a", "loans.code"]),
    ]


@pytest.mark.parametrize(
    "code",
    [
        '"SELECT day FROM loans WHERE state = " . TABLE_LATE . " AND day = 1"',
        '"SELECT EXTRACT(DAY FROM day), " . TABLE_READERS . " FROM loans WHERE day = 1"',
        '"SELECT day FROM loans WHERE state IN (1, " . TABLE_READERS . ") AND day = 1"',
        '"SELECT day FROM" . PHP_EOL . "loans" . PHP_EOL . "WHERE day = 1"',
    ],
)
def test_other_constants_are_no_tables(code: str) -> None:
    ((tables, _, _),) = asked(f"$db->query({code});")
    assert tables == ("loans",)
