"""ROM and Hanami: repositories and relations that ask tables by the names of their relations."""

from __future__ import annotations

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.languages.ruby import extract

REPOSITORY = """
module Shop
  class NoteRepo < Shop::DB::Repo[:notes]
    commands :create, update: :by_pk
    include Deps["page_repo"]
    def asked(x, key)
      %s
    end
    private
    def visible = notes.where(state: "open")
  end
end
"""
HANAMI = """
class NoteRepository < Hanami::Repository
  associations do
    has_many :visits
  end
  def asked(x, key)
    %s
  end
end
"""
RELATION = """
class Notes < Shop::DB::Relation
  schema :note, infer: true
  def asked(x, key)
    %s
  end
end
"""
Asked = list[tuple[str, str, str]]


def found(text: str) -> list[QueryFound]:
    return [fact for fact in extract(text.encode()).facts if isinstance(fact, QueryFound)]


def asked(text: str) -> list[Asked]:
    """What is compared, of the queries that are known whole."""
    return [
        [(each.table, each.column, each.operator) for each in query.predicates]
        for query in found(text)
        if query.predicates and not query.partial
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("notes.where(slug: x).one", [("notes", "slug", "=")]),
        ("root.where(slug: x).map_to(Note).to_a", [("notes", "slug", "=")]),
        ("aggregate(:visits).where(slug: x).to_a", [("notes", "slug", "=")]),
        ("visits.combine(:note).where(agent: x).one!", [("visits", "agent", "=")]),
        ("notes.where(slug: x).call.collection", [("notes", "slug", "=")]),
        ("notes.where(slug: key).by_pk(x).one", [("notes", "slug", "="), ("notes", "id", "=")]),
        ("notes.where(notes[:slug].is(x)).to_a", [("notes", "slug", "=")]),
        ("notes.where(notes[:slug].qualified.in(x)).to_a", [("notes", "slug", "in")]),
        ("notes.where(notes[:slug].not(nil)).to_a", [("notes", "slug", "is-not-null")]),
        ("notes.order(notes[:at].qualified.desc).limit(3)", [("notes", "at", "sort")]),
        ("notes.where { at > x }.order { at.desc }.limit(3)",
         [("notes", "at", ">"), ("notes", "at", "sort")]),
        ("notes.where(Sequel.ilike(:slug, x)).to_a", [("notes", "slug", "search")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", [REPOSITORY, HANAMI])
def test_relations_of_a_repository(around: str, code: str, expected: Asked) -> None:
    assert expected in asked(around % code)


@pytest.mark.parametrize(
    "code",
    [
        "notes = Remote.notes\n      notes.where(slug: x).one",  # a variable
        "key.where(slug: x).to_a",  # what is handed
        "page_repo.where(slug: x)",
        "notes.where(Sequel.ilike(key, x)).to_a",  # which column is not told
        "notes.order(Sequel.desc(key)).limit(3)",
        "notes.join(visits).where(agent: x).to_a",  # of either table
        "notes.recent.where(slug: x).to_a",
    ],
)
def test_what_is_not_known_of_a_repository(code: str) -> None:
    own = [("notes", "state", "=")]
    assert [each for each in asked(REPOSITORY % code) if each != own] == []


def test_a_repository_goes_on_from_its_own_methods() -> None:
    assert asked(REPOSITORY % "visible.where(slug: x).to_a") == [
        [("notes", "state", "="), ("notes", "slug", "=")]
    ]


def test_a_relation_asks_its_own_table() -> None:
    assert asked(RELATION % "where(slug: x)") == [[("note", "slug", "=")]]
    assert asked(RELATION % "combine(:visits).where(slug: x)") == [[("note", "slug", "=")]]
    assert asked(RELATION % "where(slug: x)" + "class Other\n  def a = where(slug: 1)\nend") == [
        [("note", "slug", "=")]
    ]


def test_rows_that_are_wanted_are_loaded_at_once() -> None:
    for code, later in (("notes.where(slug: x).call", False), ("notes.where(slug: x)", True)):
        (query,) = (each for each in found(REPOSITORY % code) if each.text == code)
        assert query.streamed is later
    assert asked(REPOSITORY % "notes.join.where(slug: x).to_a") == [[("notes", "state", "=")]]


def test_other_classes_have_no_relations() -> None:
    for above in ("Hanami::Action", "Struct", "RepoClient"):
        text = f"class Reads < {above}\n  def a(x)\n    notes.where(slug: x).one\n  end\nend\n"
        assert asked(text) == []


def test_the_relation_that_a_repository_names() -> None:
    named = HANAMI.replace("associations do", "self.relation = :memos\n  associations do")
    assert asked(named % "root.where(slug: x).one") == [[("memos", "slug", "=")]]


def test_rows_that_repositories_make() -> None:
    assert [query.inserts for query in found(REPOSITORY % "x")] == [("notes",), ()]
    made = """
note_repo.create(slug: 1)
@page_repository.create(slug: 1)
NoteRepository.new.create(slug: 1)
a.note_repo.create(slug: 1)
"""
    assert [query.inserts for query in found(made)] == [("notes",), ("pages",), ("notes",)]
