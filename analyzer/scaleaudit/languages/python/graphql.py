"""Graphene: the fields of the classes that are, or add to, root types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.graphql import camel
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
