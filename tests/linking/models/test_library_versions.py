"""Steps of migrations that only later versions of a library make."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.linking.library_versions import ends_before

CREATES = """
Sequel.migration do
  change do
    create_table(:visits) do
      primary_key :id
      Integer :page_id, index: true
    end
  end
end
"""
ADDS = """
Sequel.migration do
  change do
    add_column :visits, :site_id, Integer, index: true
    alter_table(:visits) do
      add_column :code, String, unique: true
      add_foreign_key :user_id, :users, index: true
      add_index :page_id
    end
  end
end
"""


@pytest.mark.parametrize(
    ("gem", "expected"),
    [
        ("'sequel', '4.8.0'", {"id", "page_id", "code"}),
        ("'sequel', '~> 5.5.0'", {"id", "page_id", "code"}),
        ("'sequel', '~> 5.50'", {"id", "page_id", "code", "site_id", "user_id"}),
        ("'sequel', '5.56.0'", {"id", "page_id", "code", "site_id", "user_id"}),
        ("'sequel'", {"id", "page_id", "code", "site_id", "user_id"}),
        ("'puma', '4.0.0'", {"id", "page_id", "code", "site_id", "user_id"}),
    ],
)
def test_a_new_column_has_an_index_since(gem: str, expected: set[str]) -> None:
    assert leading(gem) == expected


def leading(gem: str, lock: str = "") -> set[str]:
    """The columns that lead an index of the table, or are its key."""
    files = {
        "shop/Gemfile": f"gem {gem}\n",
        "shop/Gemfile.lock": lock,
        "shop/db/migrations/001_visits.rb": CREATES,
        "shop/db/migrations/002_sites.rb": ADDS,
    }
    schema = architecture(files).schema
    return {index.columns[0] for index in schema.tables["visits"].indexes} | {"id"}


LOCK = """GEM
  remote: https://rubygems.org/
  specs:
    rack (2.2.3)
    sequel (5.16.0)
    sequel_pg (1.14.0)
      sequel (>= 4.38.0)

DEPENDENCIES
  sequel
"""


def test_what_is_locked_is_what_runs() -> None:
    assert leading("'sequel'", LOCK) == {"id", "page_id", "code"}
    assert leading("'sequel'", LOCK.replace("5.16.0", "5.80.0")) >= {"site_id", "user_id"}
    assert leading("'sequel', '~> 5.0'", LOCK) == {"id", "page_id", "code"}


@pytest.mark.parametrize(
    ("constraint", "before"),
    [
        ("4.44", True),
        ("= 5.55.0", True),
        ("~> 4.44", True),
        ("~> 5.55.1", True),
        ("~> 5", False),
        ("~> 5.56.0", False),
        (">= 4.0", False),
        ("< 6", False),
        ("", False),
    ],
)
def test_constraints(constraint: str, before: bool) -> None:
    assert ends_before(constraint, (5, 56)) is before
