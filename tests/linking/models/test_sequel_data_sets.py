"""Sequel: queries that begin with a row's data set, a variable or a method, to what no index serves."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture, missing

MIGRATION = """
Sequel.migration do
  change do
    create_table(:accounts) do
      primary_key :id
      String :email
      String :region
    end
    create_table(:notes) do
      primary_key :id
      foreign_key :account_id, :accounts
      String :slug
      Time :posted
    end
    create_table(:visits) do
      primary_key :id
      foreign_key :note_id, :notes, index: true
      String :agent
    end
  end
end
"""
MODELS = """
class Account < Sequel::Model
  one_to_many :own_notes, class: :Note
  def_dataset_method(:within) { |region| where(region: region) }
end
class Note < Sequel::Model
  many_to_one :account
  dataset_module do
    def newest(count)
      reverse_order(:posted).limit(count)
    end
  end
end
"""
CODE = """
class Reads
  TABLE = :notes
  PREFIX = "no"
  TABLES = { note: :notes, visit: :visits }.freeze
  def table(which)
    DB[TABLES.fetch(which)]
  end
  NOTES = DB[:notes]
  def notes
    DB[:notes]
  end
  def read(id, x)
    %s
  end
end
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Account.within(x).all", ("accounts", ("region",))),
        (
            "account = Account[id]\n    account.own_notes_dataset.where(slug: x).all",
            ("notes", ("account_id", "slug")),
        ),
        (
            "account = Account.with_pk!(id)\n    account.own_notes_dataset.newest(5).all",
            ("notes", ("account_id", "posted")),
        ),
        ("rows = DB[:notes]\n    rows.where(slug: x).all", ("notes", ("slug",))),
        ("notes.where(slug: x).first", ("notes", ("slug",))),
        (
            "DB[:notes].join(:visits, note_id: :id).where(visits__agent: x).all",
            ("visits", ("agent",)),
        ),
        # which of the joined tables has the column
        ("Note.join(:visits, note_id: :id).where(agent: x).all", ("visits", ("agent",))),
        ("Account.association_join(:own_notes).where(slug: x).all", ("notes", ("slug",))),
        (
            "Account.association_join(:own_notes).where(Sequel[:own_notes][:slug] => x).all",
            ("notes", ("slug",)),
        ),
        # the first row of a data set
        ("Account.within(x)[email: id]", ("accounts", ("email", "region"))),
        ("Account.dataset[email:]", ("accounts", ("email",))),
        (
            "account = looked_up!(id)\n    account.own_notes_dataset[slug: x]",
            ("notes", ("account_id", "slug")),
        ),
        # data sets by other names
        ("conn[:notes].where(slug: x).all", ("notes", ("slug",))),
        ("settings.database[:notes].where(slug: x).all", ("notes", ("slug",))),
        ("rom.relations[:notes].where(slug: x).one", ("notes", ("slug",))),
        ("DB[Sequel[:public][:notes]].where(slug: x).first", ("notes", ("slug",))),
        ('DB[:"#{PREFIX}tes"].where(slug: x).first', ("notes", ("slug",))),
        ("DB[TABLES[:note]].where(slug: x).first", ("notes", ("slug",))),
        ("table(:note).where(slug: x).first", ("notes", ("slug",))),
        ("kind = :note\n    table(kind).where(slug: x).first", ("notes", ("slug",))),
        ("DB[TABLE].where(slug: x).first", ("notes", ("slug",))),
        ("NOTES.where(slug: x).first", ("notes", ("slug",))),
    ],
)
def test_what_asks_for_an_index(code: str, expected: tuple[str, tuple[str, ...]]) -> None:
    files = {"db/001.rb": MIGRATION, "models.rb": MODELS, "app.rb": CODE % code}
    assert expected in missing(architecture(files))


OF_A_RESOURCE = """
module Shop::Models
  class Note < AccountResource
    many_to_one :account
  end
end
"""


def test_what_no_method_gave_is_no_row() -> None:
    code = "held = { own_notes_dataset: {} }\n    held.own_notes_dataset[slug: x]"
    files = {"db/001.rb": MIGRATION, "models.rb": MODELS, "app.rb": CODE % code}
    assert ("notes", ("account_id", "slug")) not in missing(architecture(files))


def test_a_model_whose_base_is_called_as_if_it_were_none() -> None:
    files = {
        "db/001.rb": MIGRATION,
        "models.rb": OF_A_RESOURCE,
        "app.rb": "Shop::Models::Note.where(slug: x).all",
    }
    assert missing(architecture(files)) == {("notes", ("slug",))}
    files["models.rb"] = OF_A_RESOURCE.replace("many_to_one", "has_one")  # of a JSON API
    assert missing(architecture(files)) == set()


def test_a_row_asks_its_model() -> None:
    files = {
        "db/001.rb": MIGRATION,
        "models.rb": """
class Note < Sequel::Model
  def alike
    model.where(slug: slug).all
  end
end
""",
    }
    assert missing(architecture(files)) == {("notes", ("slug",))}


@pytest.mark.parametrize(
    "code",
    [
        "Account.join(:notes, account_id: :id).join(:visits, note_id: :id).where(code: x).all",
        "Note.join(:visits, note_id: :id).where(slug: x).all",
    ],
)
def test_columns_that_the_joined_tables_have_not_alone(code: str) -> None:
    files = {"db/001.rb": MIGRATION, "models.rb": MODELS, "app.rb": CODE % code}
    assert not {found for found in missing(architecture(files)) if found[0] == "visits"}


@pytest.mark.parametrize(
    "code",
    [
        "DB[x].where(slug: x).first",
        'DB[:"#{x}tes"].where(slug: x).first',
        "DB[TABLES[x]].where(slug: x).first",
        "table(x).where(slug: x).first",
    ],
)
def test_tables_that_are_not_named(code: str) -> None:
    without = {"db/001.rb": MIGRATION, "models.rb": MODELS, "app.rb": CODE % "x"}
    files = {**without, "app.rb": CODE % code}
    assert missing(architecture(files)) == missing(architecture(without))
