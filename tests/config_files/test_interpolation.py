"""`${...}`, `$(...)` and words of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.config_files.interpolation import (
    COMPOSE,
    KUBERNETES,
    MAX_TEXT,
    SHELL,
    plain_text,
    text_value,
    words,
)
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.values import Join, Literal, Setting, Unknown

if TYPE_CHECKING:
    import re


@pytest.mark.parametrize(
    ("syntax", "text", "value"),
    [
        (COMPOSE, "plain", Literal("plain")),
        (COMPOSE, "${A}", Setting("A")),
        (COMPOSE, "$A-x", Join((Setting("A"), Literal("-x")))),
        (COMPOSE, "${A:-b}", Setting("A", Literal("b"))),
        (COMPOSE, "${A-}", Setting("A", Literal(""))),
        (COMPOSE, "${A:?say}", Setting("A")),
        (COMPOSE, "${A:+b}", Unknown("${A:+...}")),
        (
            COMPOSE,
            "${A:-${B:-c}/d}",
            Setting("A", Join((Setting("B", Literal("c")), Literal("/d")))),
        ),
        (COMPOSE, "a$$b$${C}", Literal("a$b${C}")),
        (COMPOSE, "100$", Literal("100$")),
        (COMPOSE, "redis://:hunter2@h/${A", Unknown("redis://:***@h/${A")),
        (COMPOSE, "${A^^}", Unknown("${A...}")),
        (KUBERNETES, "$(A):80", Join((Setting("A"), Literal(":80")))),
        (KUBERNETES, "$$(A) $HOME ${B}", Join((Literal("$(A) $HOME "), Setting("B")))),
        (SHELL, r"\$A $B", Join((Literal("$A "), Setting("B")))),
        (COMPOSE, "${DB_PASSWORD:-hunter2}", Setting("DB_PASSWORD", SECRET)),
        (
            COMPOSE,
            "postgres://u:hunter2@db:5432/x",
            Literal("postgres://u:***@db:5432/x"),
        ),
    ],
)
def test_values(syntax: re.Pattern[str], text: str, value: object) -> None:
    assert text_value(text, syntax) == value


def test_bounds() -> None:
    assert text_value("x" * (MAX_TEXT + 1), COMPOSE) == Unknown(
        f"a text of {MAX_TEXT + 1} characters"
    )
    nested = "${A:-" * 500 + "}" * 500
    assert "Unknown" in repr(text_value(nested, COMPOSE))
    assert isinstance(text_value("${A:-" * 3_000, COMPOSE), Unknown)


def test_words() -> None:
    assert words("sh -c \"a ${B} 'c'\" x", COMPOSE) == (
        Literal("sh"),
        Literal("-c"),
        Join((Literal("a "), Setting("B"), Literal(" 'c'"))),
        Literal("x"),
    )
    assert words("don't ${A b} stop", COMPOSE) == (
        Literal("don't"),
        Unknown("${A...}"),
        Literal("stop"),
    )
    assert words("it's broken", COMPOSE) == (Literal("it's"), Literal("broken"))
    assert words(["a b", "${C:-d}"], COMPOSE) == (Literal("a b"), Setting("C", Literal("d")))
    assert words("", COMPOSE) == ()
    assert words("x " * MAX_TEXT, COMPOSE) == (Unknown(f"a command of {2 * MAX_TEXT} characters"),)


def test_secrets_of_commands_are_not_kept() -> None:
    command = "redis-server --requirepass hunter2 --token=hunter3 --port 6379 --password $P -v"
    assert words(command, COMPOSE) == (
        Literal("redis-server"),
        Literal("--requirepass"),
        SECRET,
        Join((Literal("--token="), SECRET)),
        Literal("--port"),
        Literal("6379"),
        Literal("--password"),
        Setting("P"),
        Literal("-v"),
    )


def test_plain_text() -> None:
    assert plain_text("${A:-x}/$B", COMPOSE) == "x/${B}"
    assert plain_text("{{ .Values.name }}-web", KUBERNETES) == "{{.Values.name}}-web"
    assert plain_text('{{ include "shop.fullname" . }}-web', KUBERNETES) == (
        '{{include "shop.fullname"|shop}}-web'
    )
    assert plain_text("{{ .name }}", KUBERNETES) == "{}"
