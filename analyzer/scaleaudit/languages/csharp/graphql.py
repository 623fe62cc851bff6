"""HotChocolate: the methods of root types, and those that answer fields of other types."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import ServiceDefined
from scaleaudit.languages.graphql_fields import functions_at, resolved
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.csharp.syntax import CSharpSyntax

# [QueryType], [ExtendObjectType(OperationTypeNames.Query)], [ExtendObjectType("Query")], class Query
ROOT = regex(
    rb"\[(?:ExtendObjectType(?:<|\(\s*(?:Name\s*=\s*)?(?:typeof\(|nameof\()?(?:OperationTypeNames\.)?\"?))?"
    rb"(Query|Mutation|Subscription)(?:Type)?\b[^\[\]\n]{0,80}\]|\bclass\s+(Query|Mutation|Subscription)\b"
)
PARENT = regex(rb"\[Parent\b[^\]\n]{0,60}\]\s*(\w+)\??\s+\w+")
NOT_OFFERED = {"GraphQLIgnore"}
MAX_CLASSES = 50
MAX_METHODS = 1_000


def root_methods(reader: CSharpSyntax) -> Iterator[Fact]:
    """Public methods and properties as the library names them: `GetProductsAsync` -> `products`."""
    content = reader.content
    if not any(word in content for word in (b"Query", b"Mutation", b"Subscription")):
        return
    seen: set[int] = set()
    for match in islice(ROOT.finditer(content), MAX_CLASSES):
        at = match.end() if match[2] is None else match.start(2)
        node = reader.root.descendant_for_byte_range(at - 1, at)
        while node is not None and node.type not in ("class_declaration", "record_declaration"):
            node = node.parent
        body = node.child_by_field_name("body") if node is not None else None
        if node is None or body is None or node.id in seen:
            continue
        seen.add(node.id)
        names = []
        for member in body.named_children[:MAX_METHODS]:
            if member.type not in ("method_declaration", "property_declaration"):
                continue
            head = reader.text(member)[:400]
            if "public" in head and not any(word in head for word in NOT_OFFERED):
                names.append(offered(reader.definition_name(member)))
        if names:
            kind = (match[1] or match[2]).decode()
            yield ServiceDefined(reader.span(node), "graphql", kind, tuple(names))


def offered(method: str) -> str:
    name = method.removesuffix("Async")
    name = name.removeprefix("Get") if len(name) > 3 else name
    return name[:1].lower() + name[1:]


def fields_resolved(reader: CSharpSyntax) -> Iterator[Fact]:
    """`GetCustomer([Parent] Order order)`."""
    for match, function in functions_at(reader, PARENT) if b"[Parent" in reader.content else ():
        name = offered(reader.definition_name(function))
        yield from resolved(reader, function, match[1].decode("utf-8", "replace"), name)
