"""Helper functions that narrow rows by an attribute whose name they are given as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.evaluation import rows_of
from scaleaudit.languages.python.django.logic import All, Asked
from scaleaudit.languages.python.django.lookups import lookup
from scaleaudit.languages.python.django.methods import narrow
from scaleaudit.languages.python.django.nodes import arguments_of, text_of
from scaleaudit.languages.python.django.queries import told
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.python.django.known import Known

# `filter_range_field(qs, "created_at__date", value)`
NEAR = regex(rb"filter\w*\(\s*\w+\s*,\s*[\"']")  # quick: begins with letters
CALL = regex(rb"\b\w*filter\w*\(\s*\w+\s*,\s*[\"']\w+[\"']\s*,")
RANGE = regex(r"range|between", 2)


def helped_queries(known: Known) -> Iterator[OrmQuery]:
    reader = known.reader
    if NEAR.search(reader.content) is None:
        return
    for call in reader.nodes(CALL, "call", b"filter"):
        given = arguments_of(reader, call).given
        if len(given) < 3 or given[0].type != "identifier":
            continue
        text = text_of(reader, given[1])
        asked = lookup(text) if text else None
        rows = rows_of(known, given[0]) if asked is not None else None
        if asked is None or rows is None or rows.kind != "rows" or rows.ended:
            continue
        operator = asked.operator
        if operator == "=" and RANGE.search(reader.callee(call)):
            operator = "between"
        rows = rows.copy()
        narrow(rows, All([Asked(asked.path, operator, asked.function)]))
        yield from told(known, call, rows)
