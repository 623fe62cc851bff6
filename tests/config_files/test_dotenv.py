"""`.env` files: entries with lines, references, nothing read from this process, no secrets."""

import pytest

from scaleaudit.config_files import dotenv_example, dotenv_file
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting, Unknown, Value


def defined(line: int, key: str, value: Value, group: str = "") -> SettingDefined:
    return SettingDefined(Span(line), key, value, "dotenv", group)


TEXT = b"""\
# the shop

PORT=8000
export BILLING_URL="http://billing:${BILLING_PORT:-8080}"
CONTINUED="one
two"
LITERAL='${NOT_READ}'
DB_PASSWORD=hunter2
PASSWORD_REFERENCE=$DB_PASSWORD
DATABASE_URL=postgres://app:hunter2@db:5432/shop
EMPTY=
BARE
"""


def test_every_entry_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLING_PORT", "from this process")
    port = Setting("BILLING_PORT", Literal("8080"))
    assert dotenv_file.extract(TEXT) == FileFacts(
        (
            defined(3, "PORT", Literal("8000")),
            defined(4, "BILLING_URL", Join((Literal("http://billing:"), port))),
            defined(5, "CONTINUED", Literal("one\ntwo")),
            defined(7, "LITERAL", Literal("${NOT_READ}")),
            defined(8, "DB_PASSWORD", Unknown("secret")),
            defined(9, "PASSWORD_REFERENCE", Setting("DB_PASSWORD")),
            defined(10, "DATABASE_URL", Literal("postgres://app:***@db:5432/shop")),
            defined(11, "EMPTY", Literal("")),
            defined(12, "BARE", Literal("")),
        ),
        lines=12,
    )


def test_an_example_file_says_so() -> None:
    assert dotenv_example.extract(b"REDIS_URL=redis://localhost:6379\n") == FileFacts(
        (defined(1, "REDIS_URL", Literal("redis://localhost:6379"), "example"),), lines=1
    )


def test_bad_lines_are_said_and_the_rest_is_read() -> None:
    assert dotenv_file.extract(b"A=1\nthis is no entry\nB=2") == FileFacts(
        (defined(1, "A", Literal("1")), defined(3, "B", Literal("2"))),
        problem="line 2 is no KEY=value",
        lines=3,
    )


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'A="' * 5_000, b"\0=\0", b"=\n" * 100])
def test_hostile_bytes_never_raise(content: bytes) -> None:
    assert isinstance(dotenv_file.extract(content), FileFacts)


def test_sizes_are_bounded() -> None:
    many = dotenv_file.extract(b"A=1\n" * 20_001)
    assert len(many.facts) == 20_000
    assert many.problem == "more than 20000 facts in one file"
    assert dotenv_file.extract(b"#" * 600_000).problem == "longer than 524288 characters"
