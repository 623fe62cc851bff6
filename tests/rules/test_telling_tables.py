"""How searches of several tables are named in one message."""

from __future__ import annotations

from tests.rules.findings import find

SCHEMA = """
ActiveRecord::Schema[7.1].define(version: 2026_02_01_090000) do
  enable_extension "plpgsql"
  create_table "letters" do |t|
    t.bigint "written_by"
  end
  create_table "notes" do |t|
    t.bigint "written_by"
  end
end
"""
WRITTEN = """
module Written
  extend ActiveSupport::Concern
  included do
    scope :of_author, ->(user) { where(written_by: user) }
  end
end
"""


def test_tables_that_one_place_searches_are_told_with_their_columns() -> None:
    """Whether their classes inherit the query, or one query loads them all, is not said."""
    called = (
        "class NotesController < ApplicationController\n  def index\n"
        "    Letter.create!(written_by: 1)\n    Note.create!(written_by: 1)\n"
        "    @lists = kinds.map { |kind| kind.of_author(current_user) }\n  end\nend\n"
    )
    files = {
        "db/schema.rb": SCHEMA,
        "app/models/concerns/written.rb": WRITTEN,
        "app/models/letter.rb": "class Letter < ApplicationRecord\n  include Written\nend\n",
        "app/models/note.rb": "class Note < ApplicationRecord\n  include Written\nend\n",
        "app/controllers/notes_controller.rb": called,
    }
    (found,) = find("unindexed-query", files)
    assert found.message.startswith("2 tables are searched from one place of the code, by ")
    assert "letters.written_by and notes.written_by, and no index" in found.message
