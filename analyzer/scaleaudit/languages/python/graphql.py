"""Graphene and Ariadne: the fields of root types, and who answers those of other types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.graphql import camel
from scaleaudit.languages.graphql_fields import functions_at, resolved
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader

# `Query`, `Mutations`, and what these inherit: `AccountQueries`
ROOT = regex(r"\w*(Quer(?:y|ies)|Mutations?|Subscriptions?)")
KINDS = {"Q": "Query", "M": "Mutation", "S": "Subscription"}
MAX_FIELDS = 2_000
RESOLVES = regex(rb"\bdef resolve_(\w+)\s*\(")
BOUND = regex(
    rb"^@(\w+)\.field\(\s*[\"'](\w+)[\"'][^\n]*\n(?:@[^\n]*\n)*(?:async )?def ", re.MULTILINE
)
OBJECTS = regex(rb"^(\w+)\s*=\s*ObjectType\(\s*[\"'](\w+)[\"']", re.MULTILINE)


def root_fields(reader: PythonReader, classes: Sequence[Node]) -> Iterator[Fact]:
    """`products = graphene.List(Product)` of a class `Query(graphene.ObjectType)`."""
    if b"graphene" not in reader.content and b"graphql" not in reader.content:
        return
    for node in classes:
        owner = reader.definition_name(node)
        root = ROOT.fullmatch(owner)
        bases, body = node.child_by_field_name("superclasses"), node.child_by_field_name("body")
        if root is None or bases is None or body is None:
            continue
        if "ObjectType" not in reader.text(bases):
            continue
        kind = KINDS[root[1][0]]
        for statement in body.named_children[:MAX_FIELDS]:
            field = statement.named_children[0] if statement.named_children else None
            if statement.type != "expression_statement" or field is None:
                continue
            left, right = field.child_by_field_name("left"), field.child_by_field_name("right")
            if left is None or right is None or left.type != "identifier" or right.type != "call":
                continue
            name = reader.text(left)
            path = Literal(f"{kind}.{camel(name)}")
            handler = f"{owner}.{name}" if kind == "Mutation" else f"{owner}.resolve_{name}"
            yield EndpointServed(reader.span(field), kind.upper(), path, handler, "", "graphql")


def fields_resolved(reader: PythonReader) -> Iterator[Fact]:
    """`def resolve_customer` of a class `OrderType`, `@order.field("customer")` of an ObjectType."""
    content = reader.content
    for match, function in functions_at(reader, RESOLVES) if b"def resolve_" in content else ():
        owner = reader.class_around(function)
        bases = owner.child_by_field_name("superclasses") if owner is not None else None
        if owner is not None and bases is not None and "Type" in reader.text(bases):
            yield from resolved(reader, function, reader.definition_name(owner), name_of(match[1]))
    if b"ObjectType(" in content:
        objects = {match[1]: name_of(match[2]) for match in OBJECTS.finditer(content)}
        for match, function in functions_at(reader, BOUND) if objects else ():
            parent = objects.get(match[1], "")
            yield from resolved(reader, function, parent, name_of(match[2]))


def name_of(found: bytes) -> str:
    return found.decode("utf-8", "replace")
