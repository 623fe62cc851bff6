"""Querydsl's conditions that methods give to queries of other classes: `OrderPredicates.codeIs(code)`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.languages.java.jpa.fluent import Asked, condition
from scaleaudit.languages.java.jpa.helpers import values_of
from scaleaudit.languages.java.jpa.querydsl import Chain, attribute, of_chain, roots_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.java.jpa.fluent import Column
    from scaleaudit.languages.java.jvm import JvmReader

DEFINED = regex(rb"\b(?:BooleanExpression|BooleanBuilder|Predicate)\s+(\w+)\s*(?=\()")
MAX_METHODS = 200  # of one file


def offered_predicates(reader: JvmReader) -> Iterator[OrmQuery]:
    """Each as a query of its class that others may ask together with more."""
    if b"com.querydsl" not in reader.content:
        return
    roots = roots_of(reader)
    for match in islice(DEFINED.finditer(reader.content), MAX_METHODS):
        if reader.content.count(match[1] + b"(") > 1:
            continue  # queries of its own class tell of it
        leaf = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
        method = leaf.parent if leaf is not None else None
        while method is not None and method.type not in reader.METHODS:
            method = method.parent
        for value in values_of(reader, method) if method is not None else ():
            chain = Chain(Asked(), [], [], [])

            def resolve(node: Node, chain: Chain = chain) -> Column | None:
                return attribute(reader, node, roots, chain)

            condition(reader, value, resolve, chain.asked)
            if not chain.asked.compared or chain.asked.lost:
                continue
            chain.models.append(chain.asked.compared[0].column.owner)
            query = of_chain(reader, value, value, chain, chain.asked, True)
            yield replace(query, offered=True)
