"""Queries on classes in the strings of a file: of annotations, of calls, of constants."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause
from scaleaudit.jpql import read_jpql
from scaleaudit.languages.java.jpa.pages import by_number
from scaleaudit.languages.java.jpa.repositories import repository_entity
from scaleaudit.languages.java.statements import OBJECT_FORM, completed, is_sql, paged, variants
from scaleaudit.languages.string_nodes import string_around
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.java.jvm import JvmReader

MAX_TEXTS = 400  # of one file
MARKS = (b"createQuery", b"createSelectionQuery", b"createMutationQuery", b"@Query", b"NamedQuer",
         b".Query(", b"setParameter")  # fmt: skip
START = regex(rb"\"\s*(?:select|from|update|delete)\s", re.IGNORECASE)
STREAMS = regex(r"\.\s*(?:getResultStream|stream|scroll|iterate)\s*\(")
LIMITS = regex(
    r"\.\s*(?:setMaxResults|getSingleResult|uniqueResult|getSingleResultOrNull|uniqueResultOptional)\b"
    r"|\.\s*(?:singleResult|maxResults)\b"
)
MAX_AFTER = 1_500  # characters after a query in which its limit is looked for


def text_queries(reader: JvmReader) -> Iterator[OrmQuery]:
    if not reader.says(*MARKS):
        return
    seen: set[int] = set()
    end = 0
    for match in START.finditer(reader.content):
        if match.start() < end or len(seen) >= MAX_TEXTS:
            continue
        node = string_around(reader, match.start())
        if node is None or node.id in seen:
            continue
        seen.add(node.id)
        end = node.end_byte
        value, whole = completed(reader, node)
        text = text_with_holes(value)
        if is_sql(reader, node) and not OBJECT_FORM.search(text):
            continue
        entity = repository_entity(reader, node)
        query = read_jpql(
            text,
            reader.span(node),
            entity=entity,
            limited=paged(reader, node) or limited(reader, whole),
            in_loop=reader.in_loop(node),
            scope=scope_of(reader, node),
        )
        if query is None:
            continue
        yield replace(query, skips=by_number(reader, node))
        if query.partial:
            yield from with_branches(reader, node, query, entity)


def with_branches(reader: JvmReader, node: Node, base: OrmQuery, entity: str) -> Iterator[OrmQuery]:
    """The query with each condition that a branch adds to its text."""
    for place, value in variants(reader, node):
        query = read_jpql(
            text_with_holes(value),
            reader.span(place),
            entity=entity,
            limited=base.limited,
            in_loop=base.in_loop,
            scope=base.scope,
        )
        known = {each for each in base.conditions if each.clause is not Clause.SORT}
        if (
            query is not None
            and {c for c in query.conditions if c.clause is not Clause.SORT} - known
        ):
            yield query


def limited(reader: JvmReader, node: Node) -> bool:
    """Whether the statement around, or the rest of the function, asks for one page or one row."""
    around = reader.function_around(node)
    if around is None:
        return False
    end = min(around.end_byte, node.end_byte + MAX_AFTER)
    after = reader.content[node.end_byte : end].decode("utf-8", "replace")
    following = START.search(after.encode())
    if following is not None:
        after = after[: following.start()]
    return LIMITS.search(after) is not None


def scope_of(reader: JvmReader, node: Node) -> str:
    """The method around, or the one that an annotation stands on."""
    for above in reader.ancestors(node):
        if above.type in reader.ANNOTATIONS:
            target = reader.annotated(above)
            if target is not None:
                name = reader.definition_name(target)
                return f"{reader.class_path(target)}.{name}".lstrip(".")
        if above.type in reader.FUNCTIONS or above.type in reader.CLASSES:
            break
    return reader.scope(node)
