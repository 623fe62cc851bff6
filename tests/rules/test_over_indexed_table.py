"""Which of two indexes is needless, and when two are one."""

from __future__ import annotations

import pytest

from scaleaudit.schema import ForeignKey, Index, Table
from scaleaudit.source import Location
from scaleaudit_rules.data.over_indexed_table import covered


@pytest.mark.parametrize(
    ("first", "second", "needless"),
    [
        ("db/2024_notes.sql", "db/2025_notes.sql", 1),
        # The schema as it is now, and how older databases came to it.
        ("schema.sql", "migrations/2025_notes.sql", 0),
    ],
)
def test_the_same_index_told_twice(first: str, second: str, needless: int) -> None:
    indexes = tuple(
        Index(("owner_id", "id"), name=path, at=Location(path, 3)) for path in (first, second)
    )
    assert len(list(covered(Table("notes", indexes=indexes)))) == needless


def test_the_beginning_of_a_wider_one_is_needless_wherever_it_stands() -> None:
    narrow = Index(("owner_id",), at=Location("schema.sql", 3))
    wide = Index(("owner_id", "id"), at=Location("migrations/2025_notes.sql", 1))
    assert list(covered(Table("notes", indexes=(narrow, wide)))) == [(narrow, wide)]


@pytest.mark.parametrize(("path", "needless"), [("src/Note.java", 0), ("db/V2__notes.sql", 1)])
def test_what_a_class_says_beside_the_sql_does_not_stand_for_it(path: str, needless: int) -> None:
    """The database has what SQL made: a `unique` of a class may be a wish."""
    plain = Index(("owner_id",), at=Location("db/V1__notes.sql", 3))
    unique = Index(("owner_id",), unique=True, at=Location(path, 9))
    assert len(list(covered(Table("notes", indexes=(plain, unique))))) == needless


@pytest.mark.parametrize(
    ("engine", "name", "line", "needless"),
    [
        ("postgres", "", 3, 1),
        ("mysql", "", 3, 0),  # the mapper leaves it to the engine, which makes none here
        ("mysql", "notes_owner_idx", 3, 1),
        ("mysql", "", 4, 1),  # beside the reference
    ],
)
def test_the_index_of_a_reference(engine: str, name: str, line: int, needless: int) -> None:
    narrow = Index(("owner_id",), name, at=Location("notes.py", line))
    wide = Index(("owner_id", "id"), unique=True, at=Location("notes.py", 9))
    reference = ForeignKey(("owner_id",), "owners", at=Location("notes.py", 3))
    table = Table("notes", (), (narrow, wide), (reference,), engine)
    assert len(list(covered(table))) == needless


@pytest.mark.parametrize(
    ("table", "index", "model", "needless"),
    [
        ("src/order.ts", 3, "", 0),
        ("src/order.ts", 4, "", 1),  # somebody wrote it
        ("src/order.ts", 3, "OrderTag", 1),
        ("db/schema.sql", 3, "", 1),
    ],
)
def test_what_a_mapper_makes_between_two_models(
    table: str, index: int, model: str, needless: int
) -> None:
    wide = Index(("order_id", "tag_id"), primary=True, at=Location(table, 3))
    narrow = Index(("order_id",), at=Location(table, index))
    made = Table("order_tags", indexes=(wide, narrow), model=model, at=Location(table, 3))
    assert len(list(covered(made))) == needless
