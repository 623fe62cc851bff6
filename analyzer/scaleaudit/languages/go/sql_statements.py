"""Statements of SQL that Go code puts together: read with what is added to them later.

What stands in a branch is told as a statement of its own, with all that is always there; a
beginning that is always gone on with is not told by itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.languages.go.following import ALWAYS, mentions, ways
from scaleaudit.languages.go.sql_pieces import LITERALS, Piece, Pieces
from scaleaudit.languages.sql_strings import built_upon, with_conditions
from scaleaudit.languages.string_nodes import string_around
from scaleaudit.regex import regex
from scaleaudit.sql import looks_like_sql, read_query, sql_starts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import QueryFound
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.go.scopes import Definition

MAX_STATEMENTS = 2_000  # of one file
MAX_TEXT = 40_000  # characters of one variant
MAX_LEVELS = 40  # from a statement up to the step it stands in
STEPS = {"Migrate", "Rollback"}  # of gormigrate and xormigrate
STEP = regex(rb"Migrate(?<!\wMigrate):\s*func\b")
WHERE = regex(rb"where(?<![\w.]where)\s")  # of a text in small letters
CUT = regex(r"(?i)^\s*(?:limit|offset|fetch|for\s+update|returning)\b")
# What a comparison ends with is a value: text for a placeholder that a function makes.
COMPARED = regex(r"(?i)((?:[=<>]|\blike|\bin\s*\()\s*)\{\}(?![\w.{\"`])")
PASSED = {"strings.TrimSpace", "string", "fmt.Sprintf"}


def statements(reader: GoReader) -> Iterator[QueryFound]:
    """Every statement that stands in strings of the file, in each of its variants."""
    pieces = Pieces(reader)
    stepped = STEP.search(reader.content) is not None
    seen: set[int] = set()
    end = 0
    for start in sql_starts(reader.content, reader.words_in_small_letters):
        if start < end or len(seen) >= MAX_STATEMENTS:
            continue
        node = string_around(reader, start)
        if node is None or node.start_byte in seen:
            continue
        seen.add(node.start_byte)
        end = node.end_byte
        if not (stepped and in_step(reader, node)):
            yield from told(reader, pieces, node)
    # What begins with a name that stands for the first part: `base + " WHERE id = ?"`.
    for match in WHERE.finditer(reader.content.lower()) if seen else ():
        node = string_around(reader, match.start())
        if node is None or node.start_byte in seen or len(seen) >= MAX_STATEMENTS:
            continue
        seen.add(node.start_byte)
        if match.start() not in _used_ranges(pieces, node):
            yield from told(reader, pieces, node)


def in_step(reader: GoReader, node: Node) -> bool:
    """In a step of a migration that is written as a value: `{ID: "1", Migrate: func(tx) error {...}}`."""
    at: Node | None = node
    for _ in range(MAX_LEVELS):
        above = at.parent if at is not None else None
        if at is None or above is None:
            return False
        if above.type == "keyed_element" and reader.text(above.named_children[0]) in STEPS:
            return True
        at = above
    return False


def _used_ranges(pieces: Pieces, node: Node) -> range:
    """The bytes of a literal that some statement has taken up; empty when none has."""
    return range(node.start_byte, node.end_byte) if node.start_byte in pieces.used else range(0)


def told(reader: GoReader, pieces: Pieces, node: Node) -> Iterator[QueryFound]:
    whole = widened(reader, node)
    holder = holding(whole)
    found: list[Piece] = []
    goes_on = False
    definition = held(reader, whole, holder) if holder is not None else None
    if holder is not None and definition is None and holder.type == "assignment_statement":
        operator = holder.child_by_field_name("operator")
        if operator is None or operator.type != "=":
            return  # an addition, told with what it is added to
    if definition is not None:
        if definition.adds or (
            not definition.declares and mentions(reader, whole, definition.name)
        ):
            return
        found = pieces.followed(definition, None, ALWAYS, 0)
        goes_on = taken_up(reader, definition.name, definition.node.end_byte, definition.end)
    else:
        found = pieces.of(whole)
        if holder is not None:
            goes_on = part_of_others(reader, holder)
    before = reader.content[max(0, whole.start_byte - 120) : whole.start_byte]
    goes_on = goes_on or built_upon(before)
    done: set[str] = set()
    in_loop, scope = reader.in_loop(node), reader.scope(node)
    for text, at in variants(found):
        if text in done or not looks_like_sql(text):
            continue
        done.add(text)
        query = read_query(
            COMPARED.sub(r"\1?", text), reader.span(at or node), in_loop=in_loop, scope=scope
        )
        if query is not None:
            yield replace(query, partial=True) if goes_on else query


def widened(reader: GoReader, node: Node) -> Node:
    """The whole expression that a literal begins: its sum, the call that formats it."""
    whole = node
    for _ in range(10):
        above = whole.parent
        if above is None:
            break
        if above.type in ("parenthesized_expression", "binary_expression"):
            operator = above.child_by_field_name("operator")
            if operator is not None and operator.type != "+":
                break
            whole = above
            continue
        call = above.parent if above.type == "argument_list" else None
        function = call.child_by_field_name("function") if call is not None else None
        if call is None or function is None or above.named_children[0] != whole:
            break
        if reader.text(function)[:40] not in PASSED:
            break
        whole = call
    return whole


def holding(whole: Node) -> Node | None:
    """The assignment or declaration that gives the expression a name."""
    above = whole.parent
    if above is not None and above.type == "expression_list":
        above = above.parent
    kinds = ("short_var_declaration", "assignment_statement", "var_spec", "const_spec")
    return above if above is not None and above.type in kinds else None


def held(reader: GoReader, whole: Node, holder: Node) -> Definition | None:
    """The local variable that the expression is given to."""
    function = reader.scopes.function(whole.start_byte)
    if function is None:
        return None
    for found in reader.scopes.definitions(function).values():
        for each in found:
            if each.node == holder and each.value == whole:
                return each
    return None


def taken_up(reader: GoReader, name: str, start: int, end: int) -> bool:
    """Whether a sum holds the variable, so that another statement has the rest."""
    word = re.escape(name.encode())
    if re.compile(with_conditions(word)).search(reader.content, start, end) is not None:
        return True
    for match in re.finditer(
        rb"(?<![\w.])"
        + word
        + rb"\s*\+(?![+=])|[\w)\]]\s*\+\s*"
        + word
        + rb"\b(?![(.])|Sprintf\(\s*[\"`]%s[^\"`]+[\"`],\s*"
        + word
        + rb"\b",
        reader.content[:end],
    ):
        if match.start() < start:
            continue
        line = reader.content.rfind(b"\n", 0, match.start()) + 1
        if not re.search(
            rb"(?<![\w.])" + word + rb"\s*=\s*(?:fmt\.)?$", reader.content[line : match.start()]
        ):
            return True
    return False


def part_of_others(reader: GoReader, holder: Node) -> bool:
    """A constant or variable of the package that this or another file builds on."""
    named = holder.child_by_field_name("name")
    if named is None:
        return False
    name = reader.text(named)
    if taken_up(reader, name, 0, len(reader.content)):
        return True
    uses = re.findall(rb"(?<![\w.])" + re.escape(name.encode()) + rb"(?!\w)", reader.content)
    return len(uses) < 2 and WHERE.search(reader.text(holder).lower().encode()) is None


def variants(pieces: list[Piece]) -> Iterator[tuple[str, Node | None]]:
    """Each text that the choices allow, at most one of them made; where it differs from the rest."""
    known = [
        replace(piece, choices=ALWAYS) if CUT.match(piece.text) else piece
        for piece in merged(pieces)
    ]
    for made in ways(p.choices for p in known if p.text.strip()):
        parts: list[str] = []
        listed: set[int] = set()
        at: Node | None = None
        empty = {p.group for p in known if p.group} - {p.group for p in known if p.choices <= made}
        for piece in known:
            if piece.choices <= made:
                if piece.choices and piece.choices == made and at is None:
                    at = piece.at
                parts.append(f" AND {piece.text}" if piece.group in listed else piece.text)
            elif piece.group in empty and piece.group not in listed:
                parts.append("TRUE")  # none of the conditions of a list
            if piece.group and (piece.choices <= made or piece.group in empty):
                listed.add(piece.group)
        text = "".join(parts)
        if len(text) <= MAX_TEXT:
            yield text, at if at is not None and at.type in LITERALS else None


def merged(pieces: list[Piece]) -> Iterator[Piece]:
    """Neighbours of the same choices as one."""
    last: Piece | None = None
    for piece in pieces:
        if (
            last is not None
            and not last.group
            and not piece.group
            and last.choices == piece.choices
        ):
            last = replace(last, text=last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
