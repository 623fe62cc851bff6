"""Definitions of tables in Go strings: migrations that a program carries in its own code.

They are replayed in the order of the file, keyed ones (`"schema_version_10": ...`) by their
numbers. What takes a migration back is left out.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import TableChanged, TableDefined
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.string_nodes import string_around
from scaleaudit.regex import regex
from scaleaudit.sql import ADDITIONS, guess_dialect, read_schema, without_existence
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

WORDS = (b"create", b"alter", b"drop", b"rename")
DEFINES = regex(
    rb"\b(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s|CREATE\s+TABLE\s|ALTER\s+TABLE\s|DROP\s+(?:TABLE|INDEX)\s"
    rb"|RENAME\s+TABLE\s)",
    re.IGNORECASE,
)
# Code that changes a schema step by step; elsewhere a DROP may be anything.
STEPS = (b"migrat", b"schema", b"upgrade", b"goose")
# `createIndexIfNotExists("orders_code", "orders", "code, kind")`: a function that puts the statement together
HELPED = regex(
    rb'create(unique)?\w{0,30}index\w{0,30}\((?:\s*[\w.]+,){0,3}\s*"(\w+)",\s*"([\w.]+)",\s*"(\w+(?:, ?\w+)*)",?\s*\)',
    re.IGNORECASE,
)
# `addPrimaryKey(tx, "order_lines", "(order_id, line)")`: and of a key
KEYED = regex(
    rb"(?:add|create|set)\w{0,20}(?:primary_?key|(unique)_?(?:constraint|key)|pk)\w{0,20}"
    rb'\((?:\s*[\w.]+,){0,3}\s*"([\w.]+)",\s*"\(?(\w+(?:, ?\w+)*)\)?",?\s*\)',
    re.IGNORECASE,
)
UNDOES = regex(r"(?i)down(?!load)|rollback|revert|undo|teardown|wipe|reset|cleanup|uninstall|_test")
TEMPLATE = regex(r"\{\{-?\s*\.?(\w+)\s*-?\}\}")
NUMBERS = regex(r"\d+")
QUOTED = regex(r"'[^'\n]{0,200}'")  # braces in there are of values: `DEFAULT '{}'`
MAX_STRINGS = 2_000  # of one file
MAX_ABOVE = 30  # nodes around a string that may say that it undoes something
MAX_KEY = 80

Step = tuple[tuple[int, tuple[int, ...], int], list[TableDefined | TableChanged]]


def _starts(content: bytes) -> Iterator[int]:
    """Where statements about tables may begin; plain searches first, since every file is looked at."""
    lowered = content.lower()
    for word in WORDS:
        at = lowered.find(word)
        while at >= 0:
            if DEFINES.match(content, at):
                yield at
            at = lowered.find(word, at + len(word))


def definitions(reader: GoReader) -> Iterator[TableDefined | TableChanged]:
    content = reader.content
    starts = list(_starts(content))
    additions_only = not has_any(content.lower(), STEPS)
    steps: list[Step] = [] if additions_only else list(_helped(reader))
    if not starts and not steps:
        return
    end = 0
    for start in sorted(starts):
        if start < end or len(steps) >= MAX_STRINGS:
            continue
        node = string_around(reader, start)
        if node is None:
            continue
        end = node.end_byte
        around = surroundings(reader, node)
        if around is None:
            continue
        text = without_existence(TEMPLATE.sub(r"\1", text_with_holes(reader.value(node))))
        if "{" in QUOTED.sub("", text):
            continue
        facts = read_schema(text, guess_dialect(text), first_line=reader.span(node).line)
        steps.append((around, facts))
    steps.sort(key=lambda step: step[0])
    for _, facts in steps:
        for fact in facts:
            if additions_only and isinstance(fact, TableChanged) and fact.action not in ADDITIONS:
                continue
            yield fact


def _helped(reader: GoReader) -> Iterator[Step]:
    made = [
        (match, f"CREATE {'UNIQUE INDEX' if match[1] else 'INDEX'} {name} ON {table} ({columns})")
        for match in islice(HELPED.finditer(reader.content), MAX_STRINGS)
        for name, table, columns in [(match[n].decode() for n in (2, 3, 4))]
    ]
    made += [
        (match, f"ALTER TABLE {table} ADD {'UNIQUE' if match[1] else 'PRIMARY KEY'} ({columns})")
        for match in islice(KEYED.finditer(reader.content), MAX_STRINGS)
        for table, columns in [(match[n].decode() for n in (2, 3))]
    ]
    for match, text in made:
        node = string_around(reader, match.start(2))
        around = surroundings(reader, node) if node is not None else None
        if node is not None and around is not None:
            yield around, read_schema(text, guess_dialect(text), first_line=reader.span(node).line)


def surroundings(reader: GoReader, node: Node) -> tuple[int, tuple[int, ...], int] | None:
    """Where a string comes in the order of steps; None when it takes a step back."""
    place = node.start_byte
    numbers: tuple[int, ...] = ()
    below = node
    for count, above in enumerate(reader.ancestors(node)):
        if count > MAX_ABOVE:
            break
        name = ""
        if above.type == "keyed_element":
            key = above.child_by_field_name("key")
            name = reader.text(key)[:MAX_KEY] if key is not None and key != below else ""
            holder = above.parent
            if not numbers and holder is not None and (found := NUMBERS.findall(name)):
                numbers = tuple(int(number[:18]) for number in found[:4])
                place = holder.start_byte
        elif above.type in reader.FUNCTIONS:
            name = reader.definition_name(above).rpartition(".")[2]
        elif above.type in ("const_spec", "var_spec", "short_var_declaration"):
            name = reader.text(above)[:MAX_KEY].partition("=")[0]
        if name and UNDOES.search(name):
            return None
        below = above
    return place, numbers, node.start_byte
