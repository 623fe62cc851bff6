"""What the methods of repositories load along with their rows: entity graphs, `JOIN FETCH`."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION, ScopeDefined
from scaleaudit.languages.java.jpa.derived import derived
from scaleaudit.languages.java.jpa.members import has_body, returned_type
from scaleaudit.languages.java.jpa.repositories import (
    MANY,
    MARKS,
    MAX_METHODS,
    OWN_QUERY,
    repositories,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

FRAMEWORK = "jpa"
BUILT_IN = ("findAll", "findAllById")  # of every repository
FETCHED = regex(r"\bjoin\s+fetch\s+(\w+)\.(\w+)(?:\s+(?:as\s+)?(?!join\b|where\b|left\b|order\b|inner\b|on\b)(\w+))?", re.IGNORECASE)  # fmt: skip
FETCH = regex(r"\bfetch\b", re.IGNORECASE)
TEXT = regex(r"\"([\w.]+)\"")
FEW = regex(r"(?:First|Top)(?:10|[1-9])?By")
MAX_TEXT = 6_000


def loads_along(reader: JvmReader) -> Iterator[ScopeDefined]:
    """A named part of queries for each method that gives many rows: `OrderRepository.findByState`."""
    if not reader.says(*MARKS):
        return
    for kind, entity in repositories(reader):
        owner = reader.definition_name(kind)
        declared: set[str] = set()
        for method in islice(reader.members(kind), MAX_METHODS):
            if method.type not in reader.METHODS:
                continue
            name = reader.definition_name(method)
            declared.add(name)
            if gives_rows(reader, method, name):
                eager = tuple(dict.fromkeys((*eager_of(reader, method), *shared_by_all(name))))
                yield part(reader, method, entity, f"{owner}.{name}", eager)
        for name in BUILT_IN:
            if name not in declared:
                yield part(reader, kind, entity, f"{owner}.{name}", ())


def part(
    reader: JvmReader, node: Node, entity: str, name: str, eager: tuple[str, ...]
) -> ScopeDefined:
    at = reader.span(node)
    return ScopeDefined(at, FRAMEWORK, entity, name, eager=eager, implied=True)


def gives_rows(reader: JvmReader, method: Node, name: str) -> bool:
    """Objects of the repository's class, many of them, by a query that is in sight."""
    returned = returned_type(reader, method)
    if has_body(method) or MANY.match(returned) is None or FEW.search(name) is not None:
        return False
    annotated = any(site.name in OWN_QUERY for site in reader.annotations_of(method))
    return annotated or name in BUILT_IN or derived(name) is not None


def shared_by_all(name: str) -> Iterator[str]:
    """The objects that all rows refer to: `findByOrderId` finds rows of one order, loaded once."""
    asked = derived(name)
    for condition in asked.conditions if asked is not None else ():
        if condition.operator == "=" and not (condition.alternative or condition.function):
            whole = condition.path.removesuffix(".id")
            yield whole.removesuffix("Id") or whole


def eager_of(reader: JvmReader, method: Node) -> Iterator[str]:
    for site in reader.annotations_of(method):
        text = reader.text(site.node)[:MAX_TEXT]
        if site.name == "EntityGraph":
            paths = site.keywords.get("attributePaths")
            given = TEXT.findall(reader.text(paths)) if paths is not None else []
            yield from given or [ANY_RELATION]
        elif site.name in OWN_QUERY and FETCH.search(text) is not None:
            aliases: dict[str, str] = {}
            for match in FETCHED.finditer(text):
                path = f"{aliases[match[1]]}.{match[2]}" if match[1] in aliases else match[2]
                if match[3]:
                    aliases[match[3]] = path
                yield path
            if not FETCHED.search(text):
                yield ANY_RELATION
