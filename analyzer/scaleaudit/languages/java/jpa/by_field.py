"""Methods of a generic base class that are told the attribute: `findByField("code", code)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.java.jpa.built import Built, told_queries
from scaleaudit.languages.java.jpa.criteria import entity_around
from scaleaudit.languages.java.jpa.restrictions import is_constant
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.java.jvm import JvmReader

MAX_CALLS = 300  # of one file
# What each call ends with: hardly any file has it, and it is found twenty times faster than the name.
GIVEN = regex(rb"\(\s*\"([a-z]\w{0,60})\"\s*,")
CALLED = regex(
    rb"(?<![\w.])(?:(?:this|super)\s*\.\s*)?"
    rb"((?:find|get|list|query|count|exists?|load|search|fetch)\w*(?:By|Prop|Field|Attribute|Column)\w*)\s*\Z"
)
MAX_NAME = 120  # bytes before the parenthesis
ONE = regex(r"One|First|Single|Unique|^(?:get|load|exist)")


def queries_by_field(reader: JvmReader) -> Iterator[OrmQuery]:
    told = 0
    for match in GIVEN.finditer(reader.content):
        begin = max(0, match.start() - MAX_NAME)
        called = CALLED.search(reader.content[begin : match.start()])
        if called is None:
            continue
        told += 1
        if told > MAX_CALLS:
            return
        start = begin + called.start()
        named = reader.root.descendant_for_byte_range(
            begin + called.start(1), begin + called.end(1)
        )
        call = named.parent if named is not None else None
        while call is not None and not reader.is_call(call) and call.start_byte >= start:
            call = call.parent
        if call is None or not reader.is_call(call):
            continue
        name, args = called[1].decode(), reader.arguments_of(call)
        model = entity_around(reader, call) if len(args) == 2 else ""
        if not model:
            continue
        built = Built(model, call, limited=ONE.search(name) is not None)
        built.aggregate = name.startswith("count")
        constant = is_constant(reader, args[1])
        built.always.conditions.append(Condition(match[1].decode(), "=", constant=constant))
        yield from told_queries(reader, built)
