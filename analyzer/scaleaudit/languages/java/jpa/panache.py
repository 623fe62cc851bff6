"""Queries of Panache (Quarkus): `Order.find("customer.email = ?1", email).firstResult()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition, OrmQuery
from scaleaudit.jpql import read_jpql
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.java.jpa.flow import calls_on
from scaleaudit.languages.java.jpa.type_texts import arguments_of_type, last_name
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_QUERIES = 500  # of one file
MAX_TEXT = 200
CALL = regex(rb"\b(find|list|stream|count|delete|update)\s*\(\s*(?=\"|\w+\s*\+)")
PATH = regex(r"\s*[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\s*")
WHOLE = regex(r"\s*(?:from|select|update|delete)\s", 2)  # without regard to case
ORDERED = regex(r"\s*order\s+by\s", 2)
ONE_PAGE = frozenset({"firstResult", "firstResultOptional", "singleResult", "singleResultOptional",
                      "page", "range"})  # fmt: skip


def panache_queries(reader: JvmReader) -> Iterator[OrmQuery]:
    if b"panache" not in reader.content:
        return
    for told, match in enumerate(CALL.finditer(reader.content)):
        if told >= MAX_QUERIES:
            return
        name = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        call = name.parent if name is not None else None
        for _ in range(2):
            if call is None or reader.is_call(call):
                break
            call = call.parent
        args = reader.arguments_of(call) if call is not None and reader.is_call(call) else []
        model = model_of(reader, call) if call is not None and args else ""
        if call is None or not model:
            continue
        query = read(reader, call, args[0], model, match[1].decode())
        if query is not None:
            yield query


def model_of(reader: JvmReader, call: Node) -> str:
    """The class in front of the dot; that of the entity or the repository around."""
    links = reader.chain(call)
    owner = links[-2].name if len(links) > 1 else "this"
    if owner[:1].isupper() and links[-2].node is None:
        return owner
    around = reader.class_around(call) if owner == "this" and len(links) < 3 else None
    while around is not None:
        for written in reader.bases_of(around):
            base = last_name(written)
            if base.startswith("Panache") and base.rstrip("Base").endswith("Repository"):
                return last_name((arguments_of_type(written) or [""])[0])
            if base.startswith("PanacheEntity"):
                return reader.definition_name(around)
        around = reader.class_around(around)
    return ""


def read(reader: JvmReader, call: Node, node: Node, model: str, method: str) -> OrmQuery | None:
    text = text_with_holes(reader.value(node))
    limited = any(reader.chain(each)[-1].name in ONE_PAGE for each in calls_on(reader, call))
    place = {"in_loop": reader.in_loop(call), "scope": reader.scope(call)}
    at = reader.span(call)
    if PATH.fullmatch(text):
        return OrmQuery(
            at,
            "jpa",
            model,
            excerpt(reader.content, call, MAX_TEXT),
            conditions=(Condition(text.strip(), "="),),
            limited=limited,
            aggregate=method == "count",
            streamed=method == "stream",
            writes=method in ("update", "delete"),
            deletes=method == "delete",
            in_loop=bool(place["in_loop"]),
            scope=str(place["scope"]),
        )
    if text.startswith("#") or not text.strip():
        return None
    verb = "delete " if method == "delete" else f"update {model} " if method == "update" else ""
    if not WHOLE.match(text):
        if method == "update":
            text = text if text.lstrip().lower().startswith("set ") else f"set {text}"
            text = f"{verb}{text}"
        else:
            text = f"{verb}from {model} {'' if ORDERED.match(text) else 'where '}{text}"
    return read_jpql(
        text,
        at,
        limited=limited,
        in_loop=bool(place["in_loop"]),
        scope=str(place["scope"]),
    )
