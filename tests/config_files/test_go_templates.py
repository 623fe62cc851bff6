"""Actions of Go templates as values."""

from __future__ import annotations

import pytest

from scaleaudit.config_files.go_templates import expression_value, hide_templates, templated
from scaleaudit.config_files.interpolation import KUBERNETES, spelled, text_value
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.values import Join, Literal, Setting, Unknown

VALUE = Setting(".Values.a.b")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (".Values.a.b", VALUE),
        ("$.Values.a.b", VALUE),
        (".Values.a.b | quote", VALUE),
        ("quote .Values.a.b", VALUE),
        ('.Values.a.b | default "x" | quote', Setting(".Values.a.b", Literal("x"))),
        ("default 8080 .Values.a.b", Setting(".Values.a.b", Literal("8080"))),
        (
            ".Values.a.b | default .Chart.AppVersion",
            Setting(".Values.a.b", Setting(".Chart.AppVersion")),
        ),
        ("(.Values.a).b", Unknown("(.Values.a).b")),
        ('required "say which" .Values.a.b', VALUE),
        (".Values.a.b | trunc 63 | trimSuffix `-`", VALUE),
        (
            'coalesce .Values.a.b .Values.c "x"',
            Setting(".Values.a.b", Setting(".Values.c", Literal("x"))),
        ),
        (
            'printf "%s:%d/x" .Values.a.b (.Values.port | int)',
            Join((VALUE, Literal(":"), Setting(".Values.port"), Literal("/x"))),
        ),
        ('index .Values "a" "b"', VALUE),
        ("tpl .Values.a.b .", VALUE),
        ('"a \\" b"', Literal('a " b')),
        ('include "shop.fullname" .', Setting('include "shop.fullname"', Literal("shop"))),
        ('include "shop.labels" .', Setting('include "shop.labels"')),
        (
            '.Values.db.password | default "hunter2"',
            Setting(".Values.db.password", SECRET),
        ),
        (".name", Unknown(".name")),
        ("$x := .Values.a.b", Literal("")),
        ("toYaml .Values.a | nindent 4", Unknown("toYaml .Values.a | nindent 4")),
        ("", Unknown("")),
        ("|", Unknown("|")),
    ],
)
def test_expressions(expression: str, value: object) -> None:
    assert expression_value(expression) == value


def test_deep_parentheses_are_unknown() -> None:
    text = "(" * 1_500 + ".Values.a" + ")" * 1_500
    assert expression_value(text) == Unknown(text[:80])


def test_hidden_text_keeps_lines_and_columns() -> None:
    text = "a: {{ .Values.a }}:x\n{{- if .b }}\n  b: 1\n  {{- end }} \nc: ${{ d }}\n{{/* it's\n*/}}e: 1\n"
    hidden = hide_templates(text)
    assert [len(line) for line in hidden.splitlines()] == [20, 0, 6, 0, 11, 0, 8]
    assert "{{" not in hidden.replace("${{", "")
    assert templated(hidden.splitlines()[0], Literal) == Join(
        (Literal("a: "), Setting(".Values.a"), Literal(":x"))
    )


@pytest.mark.parametrize("text", ["{{ open", "{{ 'a", '{{ "}}', "{{/* x }}", "{{ " * 50_000])
def test_actions_without_end_are_text(text: str) -> None:
    assert hide_templates(text + "\n").count("\n") == 1


def test_conditions_inside_a_text_are_unknown() -> None:
    text = "x{{ if .Values.tag }}:{{ .Values.tag }}{{ else }}{{ end }}-{{ .Values.a }}"
    value = text_value(text, KUBERNETES)
    assert value == Join(
        (Literal("x"), Unknown("if .Values.tag"), Literal("-"), Setting(".Values.a"))
    )
    assert spelled(value) == "x{}-{{.Values.a}}"
