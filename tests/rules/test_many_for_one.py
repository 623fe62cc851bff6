"""Whether rows gather without end for one other row."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from scaleaudit.schema import Growth
from scaleaudit.schemas import sql_files
from scaleaudit.schemas.replay import replay
from scaleaudit_rules.data._many_for_one import many_for_one

PARENT = "CREATE TABLE {0} (id int PRIMARY KEY, title text);"
CHILD = "CREATE TABLE {0} (id int PRIMARY KEY, {1} int, at timestamptz);"
REFERRING = CHILD.replace("int, at", "int REFERENCES {2} (id), at")


def gathers(script: str, table: str, column: str, growth: Growth | None = None) -> bool:
    schema = replay([("a.sql", sql_files.extract(script.encode()))])
    found = schema.tables[table]
    return many_for_one(schema, replace(found, growth=growth or found.growth), [column])


@pytest.mark.parametrize(
    "column",
    [
        *("user_id", "userId", "account_id", "owner_id", "author_id", "creator_id", "sender_id"),
        *("receiver_id", "person_id", "organisation_id", "org_id", "company_id", "workspace_id"),
        *("host_id", "sensor_id", "server_id", "service_id", "monitor_id", "chat_id", "feed_id"),
        *("conversation_id", "thread_id", "repository_id", "campaign_id", "bot_id", "agent_id"),
        *("contact_id", "patient_id", "student_id", "created_by_id", "first_user_id"),
    ],
)
def test_what_lasts_and_is_written_to(column: str) -> None:
    script = CHILD.format("messages", column)
    assert gathers(script, "messages", column)
    assert not gathers(script.replace("messages", "colours"), "colours", column)


@pytest.mark.parametrize("column", ["puzzle_id", "userland_id", "user_id_of", "superuserid"])
def test_what_nothing_is_known_of(column: str) -> None:
    assert not gathers(CHILD.format("messages", column), "messages", column)


@pytest.mark.parametrize(
    ("table", "growth", "expected"),
    [
        ("colours", Growth.APPEND_ONLY, True),
        ("colours", Growth.UNKNOWN, False),
        ("messages", Growth.UNKNOWN, True),
        ("audit_logs", Growth.UNKNOWN, True),
        ("votes", Growth.UNKNOWN, True),
    ],
)
def test_more_of_it_every_day(table: str, growth: Growth, expected: bool) -> None:
    assert gathers(CHILD.format(table, "user_id"), table, "user_id", growth) is expected


def test_what_it_refers_to_decides_where_its_name_does_not() -> None:
    def referring(parent: str, column: str = "puzzle_id", definition: str = PARENT) -> bool:
        script = definition.format(parent) + REFERRING.format("messages", column, parent)
        return gathers(script, "messages", column)

    assert referring("puzzles")
    assert not referring("puzzles", "puzzle_kind_id"), "of kinds nothing is gathered"
    assert not referring("puzzles", "puzzle")
    assert not referring("customers"), "people come like the rows themselves"
    filled = "CREATE TABLE {0} (id int PRIMARY KEY, user_id int, day_id int, created_at timestamp);"
    assert not referring("puzzles", definition=filled), "which come with use as well"
    other = PARENT.format("puzzles") + (
        "CREATE TABLE messages (id int PRIMARY KEY, puzzle_id int, page_id int REFERENCES puzzles (id));"
    )
    assert not gathers(other, "messages", "puzzle_id"), "another column refers to it"
