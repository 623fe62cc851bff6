"""graphql-ruby: the fields of root types, and the methods that answer those of other types."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.graphql import camel
from scaleaudit.languages.graphql_fields import functions_at, resolved
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.ruby.reader import RubyReader

ROOTS = (b"Query", b"Mutation", b"Subscription")
ROOT = regex(rb"^[ \t]*class\s+(?:\w+::)*((Query|Mutation|Subscription)(?:Type)?)\s*<", 8)
FIELD = regex(rb"^[ \t]*field[ \t(]+:(\w+)(?:\s*,\s*(?:resolver|mutation):\s*(?:::)?([\w:]+))?", 8)
MAX_FIELDS = 2_000
METHOD = regex(rb"^[ \t]*def (\w+)", 8)
OBJECTS = regex(r"(?:BaseObject|Schema::Object|Types::Base|BaseType|ObjectType)$")


def root_fields(reader: RubyReader) -> Iterator[Fact]:
    """`field :products` of a class `QueryType`: one operation each, in camel case."""
    content = reader.content
    named = reader.says(*ROOTS)
    root = ROOT.search(content) if named and b"field" in content else None
    if root is None:
        return
    kind = root[2].decode()
    for match in islice(FIELD.finditer(content, root.end()), MAX_FIELDS):
        name = camel(match[1].decode("utf-8", "replace"))
        handler = (match[2] or root[1] + b"." + match[1]).decode("utf-8", "replace")
        at = Span(content.count(b"\n", 0, match.start(1)) + 1)
        path = Literal(f"{kind}.{name}")
        yield EndpointServed(at, kind.upper(), path, handler, "", "graphql")


def fields_resolved(reader: RubyReader) -> Iterator[Fact]:
    """`def customer` of a class of objects with `field :customer`."""
    content = reader.content
    if b"field :" not in content:
        return
    fields = {match[1] for match in islice(FIELD.finditer(content), MAX_FIELDS)}
    for match, function in functions_at(reader, METHOD) if fields else ():
        owner = reader.class_around(function) if match[1] in fields else None
        above = owner.child_by_field_name("superclass") if owner is not None else None
        if owner is not None and above is not None and OBJECTS.search(reader.text(above)):
            name = reader.definition_name(owner).rpartition("::")[2]
            yield from resolved(reader, function, name, match[1].decode("utf-8", "replace"))
