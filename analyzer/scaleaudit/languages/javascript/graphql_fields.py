"""Resolver maps and graphql-js: the functions that answer a field of each object."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.languages.graphql_fields import MAX_RESOLVERS, functions_at, resolved
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

MARKS = (b"esolvers", b"Query: {", b"Query:{", b"Mutation: {", b"Mutation:{")
TYPE_KEY = regex(rb"\b([A-Z]\w*)[\"']?\s*:\s*\{")
TYPED = regex(rb"\b([A-Z]\w*)\s*:\s*[\w.]*Resolvers\b[^=\n]{0,80}=\s*\{")
RESOLVE = regex(rb"\bresolve\s*(?::\s*(?:async\s*)?(?:function\b|\w+\s*=>|\()|\()")
TYPE_NAME = regex(r"\bname\s*:\s*['\"](\w+)['\"]")
HEAD = 500  # characters of a type in which its name stands
FUNCTIONS = {"arrow_function", "function_expression", "function", "generator_function"}


def fields_resolved(reader: JavaScriptReader) -> Iterator[Fact]:
    content = reader.content
    if any(mark in content for mark in MARKS):
        for places in (TYPE_KEY, TYPED):
            for match in islice(places.finditer(content), MAX_RESOLVERS):
                at = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
                held = at.parent if at is not None and at.type == "{" else None
                if held is not None and held.type == "object":
                    yield from resolver_map(reader, match[1].decode(), held)
    if b"GraphQLObjectType" in content:
        for _, function in functions_at(reader, RESOLVE):
            yield from graphql_js(reader, function)


def resolver_map(reader: JavaScriptReader, parent: str, held: Node) -> Iterator[Fact]:
    """`Order: { customer: (order) => ... }` and `const Order: OrderResolvers = { ... }`."""
    for member in held.named_children[:MAX_RESOLVERS]:
        key = member.child_by_field_name("key") or member.child_by_field_name("name")
        value = member.child_by_field_name("value")
        function = member if member.type == "method_definition" else value
        if key is None or function is None or not (function is member or value_is_function(value)):
            continue
        name = reader.text(key).strip("\"'")
        taken = function.child_by_field_name("parameters")
        nothing = taken is not None and not taken.named_child_count
        if not nothing and name.isidentifier() and not name.startswith("__"):
            yield from resolved(reader, function, parent, name)


def value_is_function(value: Node | None) -> bool:
    return value is not None and value.type in FUNCTIONS


def graphql_js(reader: JavaScriptReader, function: Node) -> Iterator[Fact]:
    """`customer: { resolve(order) { ... } }` inside `new GraphQLObjectType({ name: 'Order' })`."""
    made = next((a for a in reader.ancestors(function) if a.type == "new_expression"), None)
    called = made.child_by_field_name("constructor") if made is not None else None
    if made is None or called is None or reader.text(called) != "GraphQLObjectType":
        return
    described = function if function.type == "method_definition" else function.parent
    holder = described.parent if described is not None else None
    pair = holder.parent if holder is not None else None
    key = pair.child_by_field_name("key") if pair is not None and pair.type == "pair" else None
    name = TYPE_NAME.search(reader.text(made)[:HEAD])
    if name is not None and key is not None:
        yield from resolved(reader, function, name[1], reader.text(key))
