"""The door to YAML: places, merges, budgets, and files that are no good YAML."""

from __future__ import annotations

import pytest

from scaleaudit.config_files.yaml_documents import MAX_DEPTH, read_yaml
from scaleaudit.config_files.yaml_values import (
    Text,
    YamlMap,
    as_int,
    as_map,
    inner,
    maps_in,
    texts_in,
)
from scaleaudit.source import Span

LAUGHS = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_scalars_stay_as_written_and_know_their_place() -> None:
    file = read_yaml(b"on: yes\nversion: 1.10\nnothing: ~\ntext: 'null'\nitems:\n  - 08\n  -\n")
    (document,) = file.maps
    assert document == {
        "on": "yes",
        "version": "1.10",
        "nothing": None,
        "text": "null",
        "items": ["08", None],
    }
    assert document.place("nothing") == Span(3, 1)
    assert document.place("absent") == document.at == Span(1, 1)
    (item,) = texts_in(document["items"])
    assert (item.at, item.plain) == (Span(6, 5), True)
    assert (file.problem, file.lines) == ("", 7)
    assert {type(key) for key in document} == {str}


def test_merge_keys_own_entries_hold_and_the_first_source_wins() -> None:
    (document,) = read_yaml(
        b"one: &one {a: 1, b: 1}\n"
        b"two: &two {b: 2, c: 2}\n"
        b"all:\n"
        b"  <<: [*one, *two]\n"
        b"  a: own\n"
        b"  '<<': text\n"
    ).maps
    merged = as_map(document["all"])
    assert merged == {"a": "own", "<<": "text", "b": "1", "c": "2"}
    assert merged.place("c") == Span(2, 18)


def test_documents_anchors_and_duplicate_keys() -> None:
    file = read_yaml(b"a: &x 1\nb: *x\n---\nb: *x\nc: 1\nc: 2\n--- [1]\n---\n")
    assert file.documents == [{"a": "1", "b": "1"}, {"b": None, "c": "2"}, ["1"], None]
    assert file.maps[1].place("c") == Span(6, 1)


@pytest.mark.parametrize("text", [b"a: &a [*a]\n", b"a: &a\n  b: *a\n", b"&a [*a, &b {c: *b}]\n"])
def test_cycles_end(text: bytes) -> None:
    assert read_yaml(text).documents in (
        [{"a": [None]}],
        [{"a": {"b": None}}],
        [[None, {"c": None}]],
    )


def test_alias_bomb_is_cut_and_said() -> None:
    file = read_yaml(LAUGHS.encode())
    assert file.problem == "line 6: aliases repeat too much; they were left out"
    count, waiting = 0, list(file.documents)
    while waiting:
        value = waiting.pop()
        count += 1
        if isinstance(value, YamlMap):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    assert 1_000 < count < 200_000


def test_depth_through_aliases_is_bounded() -> None:
    deep = "[" * 40 + "{}" + "]" * 40
    text = f"a: &a {deep}\nb: &b {deep.replace('{}', '*a')}\nc: {deep.replace('{}', '*b')}\n"
    file = read_yaml(text.encode())
    assert file.problem == "line 3: aliases repeat too much; they were left out"
    assert inner(file.maps[0], "b") is not None


@pytest.mark.parametrize("opening", ["[", "{", "{a: ", "[a, {b: "])
def test_deep_nesting_stops_the_reading(opening: str) -> None:
    file = read_yaml(f"first: kept\nsecond: {opening * 100_000}".encode())
    assert file.maps[0]["first"] == "kept"
    assert file.problem == f"line 2: nested deeper than {MAX_DEPTH}"


@pytest.mark.parametrize("opening", ["- ", "? "])
def test_deep_nesting_on_one_line(opening: str) -> None:
    file = read_yaml((opening * 100_000).encode())
    assert file.problem == f"line 1: nested deeper than {MAX_DEPTH}"


def test_deep_indentation() -> None:
    text = "".join(f"{' ' * depth}a:\n" for depth in range(1_400))
    file = read_yaml(text.encode())
    assert file.problem == f"line {MAX_DEPTH + 1}: nested deeper than {MAX_DEPTH}"
    depth, value = 0, file.documents[0]
    while isinstance(value, YamlMap):
        depth, value = depth + 1, value.get("a")
    assert depth == MAX_DEPTH


def test_bytes_that_are_no_text() -> None:
    file = read_yaml(b"\xef\xbb\xbfa: \xff\xfe\nb: x\x00y\nc: \xc2\x80\n")
    assert file.documents == [{"a": "��", "b": "x y", "c": "�"}]
    assert file.problem == ""


def test_a_large_scalar() -> None:
    (document,) = read_yaml(b"a: " + b"x" * (1 << 20)).maps
    assert len(str(document["a"])) == 1 << 20


@pytest.mark.parametrize(
    ("text", "expected", "problem"),
    [
        (
            "a:\n  x: 1\n\tbad: 1\nb: 2\n",
            {"a": {"x": "1"}, "b": "2"},
            "line 3: found a tab character that violates indentation",
        ),
        (
            'a: 1\nb: "open\nc: 3\n',
            {"a": "1", "c": "3"},
            "line 2: found unexpected end of stream",
        ),
        (
            "a: 1\nb: [x, 'y'\nc:\n  d: 3\n",
            {"a": "1", "c": {"d": "3"}},
            "line 2: did not find expected ',' or ']'",
        ),
        (
            "a: 1\nb: c: d\ne: @x\nf: 2\n",
            {"a": "1", "f": "2"},
            "line 2: mapping values are not allowed in this context",
        ),
        (
            "a:\n  b: 1\n  no colon\n  c: 2\n",
            {"a": {"b": "1", "c": "2"}},
            "line 3: could not find expected ':'",
        ),
    ],
)
def test_broken_lines_are_left_out(text: str, expected: object, problem: str) -> None:
    file = read_yaml(text.encode())
    assert file.documents == [expected]
    assert file.problem == problem


def test_what_cannot_be_mended_keeps_its_beginning() -> None:
    file = read_yaml(b"a: 1\n" + b"b: c: d: e\n" * 1_000)
    assert file.documents == [{"a": "1", "b": "c"}]
    assert file.problem == "line 2: mapping values are not allowed in this context"


def test_templates_are_tried_when_the_file_is_no_yaml() -> None:
    (document,) = read_yaml(b"a: {{ x }}\nb: 'quoted {{ y }}'\n").maps
    assert isinstance(document["a"], Text)
    (plain,) = read_yaml(b"b: 'quoted {{ y }}'\nc: ${{ z }}\n").maps
    assert plain == {"b": "quoted {{ y }}", "c": "${{ z }}"}


def test_access() -> None:
    (document,) = read_yaml(b"a: {b: [{c: 3}, x, [y]]}\nn: -1\nm: '12'\nl: 12345678901\n").maps
    assert maps_in(inner(document, "a", "b")) == [{"c": "3"}]
    assert texts_in(inner(document, "a", "b")) == ["x"]
    assert inner(document, "a", "b", "c") is None
    assert [as_int(document[key]) for key in ("n", "m", "l")] == [None, 12, None]
    assert as_map(None) == {}


def test_takes_every_character_that_yaml_allows_and_no_other() -> None:
    """The set of `c-printable`, YAML 1.2, 5.1; what is none of it becomes a replacement character."""
    there = [chr(code) for code in range(0x80, 0x10000) if not 0xD800 <= code < 0xE000]
    kept = [each for each in there if each == "\x85" or "\xa0" <= each <= "\ufffd"]
    for characters in (there[:0x100], there[0x1FF0:0x2010], there[-0x100:], ["\U0001f600"]):
        allowed = [
            c if c in kept or c > "\uffff" else "\N{REPLACEMENT CHARACTER}" for c in characters
        ]
        text = "".join(f"x{character}" for character in characters if character != "\ufeff")
        wanted = "".join(
            f"x{c}" for c, was in zip(allowed, characters, strict=True) if was != "\ufeff"
        )
        (document,) = read_yaml(f'a: "{text}"\n'.encode()).documents
        assert isinstance(document, dict)
        said = str(document["a"])
        breaks = ("\x85", "\u2028", "\u2029")  # lines end at these, and quoted ones are folded
        assert [c for c in said if c not in (*breaks, " ")] == [
            c for c in wanted if c not in breaks
        ]
