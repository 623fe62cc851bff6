from __future__ import annotations

import json

import pytest

from scaleaudit.reports import escaping


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain/päth 中.py", "plain/päth 中.py"),
        ("\x1b]8;;evil\x07", r"\x1b]8;;evil\x07"),
        ("a\nb\rc\td\0", r"a\nb\rc\td\x00"),
        ("\x9b31m\x7f", r"\x9b31m\x7f"),
        ("a\u202eb\u2066c\u200b\ufeff\u2028", r"a\u202eb\u2066c\u200b\ufeff\u2028"),
        ("byte \udcff, half \ud800", r"byte \xff, half \ud800"),
        ("tag \U000e0041", r"tag \U000e0041"),
    ],
)
def test_what_would_act_is_seen(text: str, seen: str) -> None:
    assert escaping.visible(text) == seen


@pytest.mark.parametrize(
    ("line", "harmless"),
    [
        ("::add-mask::x", ": :add-mask::x"),
        ("   ::error::x", "   : :error::x"),
        ("a ##[error]x", "a # #[error]x"),
        ("Foo::Bar", "Foo::Bar"),
        ("", ""),
    ],
)
def test_a_log_line_is_no_workflow_command(line: str, harmless: str) -> None:
    assert escaping.no_commands(line) == harmless


def test_a_workflow_command_ends_where_we_end_it() -> None:
    assert escaping.command_data("50%\n::error::x") == r"50%25\n::error::x"
    assert escaping.command_property("a,b:c%0A") == "a%2Cb%3Ac%250A"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("<img src=x onerror=1>", "&lt;img src=x onerror=1&gt;"),
        ("**b** _i_ `c` [t](u)", r"\*\*b\*\* \_i\_ \`c\` \[t\]\(u\)"),
        ("cc @octocat", "cc @&#8203;octocat"),
        ("see #12 and GH-3", r"see \#&#8203;12 and GH-&#8203;3"),
        ("https://x.y www.x.y", "https&#8203;://x.y www&#8203;.x.y"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("a | b", r"a \| b"),
        ("# head\nmore", r"\# head\\nmore"),
        ("well-known, 3.5 times", "well-known, 3.5 times"),
    ],
)
def test_markdown_holds_no_markup(text: str, written: str) -> None:
    assert escaping.markdown(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a.py:3", "`a.py:3`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("a|b", r"`a\|b`"),
        ("@octocat <b>", "`@octocat <b>`"),
        ("", "` `"),
    ],
)
def test_a_code_span_is_not_left(text: str, written: str) -> None:
    assert escaping.markdown_code(text) == written


def test_json_keeps_its_meaning_without_characters_that_act() -> None:
    document = json.dumps({"a": "x\x9by\u202ez\U000e0041"}, ensure_ascii=False, indent=1)
    written = escaping.json_text(document)
    assert written == '{\n "a": "x\\u009by\\u202ez\\udb40\\udc41"\n}'
    assert json.loads(written) == json.loads(document)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/a b.py", "src/a%20b.py"),
        ("c:/x.py", "c%3A/x.py"),
        ("a/b:c", "a/b%3Ac"),
        ("100%/#?.py", "100%25/%23%3F.py"),
        ("\udcff.py", "%FF.py"),
        ("\ud800.py", "%3F.py"),
        ("中.py", "%E4%B8%AD.py"),
    ],
)
def test_a_path_is_a_relative_uri(path: str, uri: str) -> None:
    assert escaping.uri_path(path) == uri


def test_dot_strings_hold_quotes_and_backslashes() -> None:
    assert escaping.dot_string('a"b\\N\n') == '"a\\"b\\\\N\\\\n"'


def test_mermaid_labels_hold_no_syntax() -> None:
    assert escaping.mermaid_label('%%{init}%% "x"<b>') == (
        "#37;#37;#123;init#125;#37;#37; #34;x#34;#60;b#62;"
    )


def test_every_hostile_name_is_one_harmless_line(nasty_name: str) -> None:
    for escape in (
        escaping.visible,
        escaping.markdown,
        escaping.markdown_code,
        escaping.command_data,
        escaping.command_property,
        escaping.dot_string,
        escaping.mermaid_label,
        escaping.uri_path,
    ):
        written = escape(nasty_name)
        assert "\n" not in written
        assert "\x1b" not in written
        assert "\u202e" not in written
        written.encode()
