"""Loops and streams over what repositories give, and the relations that are read of each entity."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from scaleaudit.facts import RowsSource, RowsVisited, ViewRendered
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.java.jpa.getters import reads_of
from scaleaudit.languages.java.jpa.transfers import ENGINE, ITEM, maker
from scaleaudit.languages.mentions import WORD
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.java.jvm import JvmReader

FRAMEWORK = "jpa"
# What the type ends with: a search that begins with any capital letter takes several times as long.
REPOSITORY = regex(rb"(?:Repo(?:sitory)?|D(?:ao|AO))(?=\s+(\w+)\s*[;,)=])")
LOOP = regex(rb"for\s*\(\s*(?:final\s+)?[A-Z][\w<>?, ]*\s+(\w+)\s*:")
LAMBDA = regex(rb"\.\s*(?:map\w*|flatMap\w*|forEach\w*|peek|filter)\s*\(\s*\(?\s*(?:[A-Z]\w*\s+)?(\w+)\s*\)?\s*->")  # fmt: skip
# `.map(OrderDto::new)`, `.map(mapper::toDto)`, `o -> new OrderDto(o)`, `o -> OrderDto.from(o)`
HANDED = regex(
    rb"\.\s*(?:map|flatMap)\s*\(\s*(?:(?:this\.)?(\w+)::(\w+)\s*\)"
    rb"|(\w+)\s*->\s*(?:new\s+(\w+)|(?:this\.)?(\w+)\s*\.\s*(\w+))\s*\(\s*(\w+)\s*\)\s*\))"
)
REFERENCE = regex(rb"\.\s*(?:map|flatMap|forEach)\s*\(\s*this::(\w+)\s*\)")
# Steps that leave the objects of a stream as they are.
SAME = frozenset({"stream", "parallelStream", "filter", "sorted", "distinct", "peek", "getContent", "limit", "skip"})  # fmt: skip
PLAIN = regex(r"(?i)page|sort|ids?$")  # arguments that only say which part of the list
MAX_PLACES = 1_000  # of one file
MAX_BODY = 40_000  # bytes
MAX_STEPS = 12
MAX_TEXT = 200


class Visit(NamedTuple):
    """`item` stands for one of `rows` in these bytes."""

    item: str
    rows: Node
    region: tuple[int, int]


def visits(reader: JvmReader) -> Iterator[Fact]:
    repositories = repositories_held(reader)
    if not repositories:
        return
    for visit in islice(places(reader), MAX_PLACES):
        rows = source_of(reader, repositories, visit.rows)
        if rows is None:
            continue
        reads = reads_of(reader.content, visit.item, visit.region)
        if reads:
            yield RowsVisited(reader.span(visit.rows), rows, reads, reader.scope(visit.rows))
    for place, name in islice(handed(reader), MAX_PLACES):
        over = gone_over(place)
        rows = source_of(reader, repositories, over) if over is not None else None
        if rows is not None:
            scope = reader.scope(place)
            yield ViewRendered(rows.at, name, ITEM, rows, ENGINE, in_list=True, scope=scope)


def source_of(reader: JvmReader, repositories: dict[str, str], node: Node) -> RowsSource | None:
    found = asked(reader, repositories, node)
    if found is None:
        return None
    repository, call = found
    method = reader.text(call.child_by_field_name("name") or call)
    return RowsSource(
        framework=FRAMEWORK,
        model=repository,
        text=excerpt(reader.content, call, MAX_TEXT),
        scopes=(f"{repository}.{method}",),
        at=reader.span(call),
    )


def handed(reader: JvmReader) -> Iterator[tuple[Node, str]]:
    """Functions that make something of each object, and what `transfers` calls the maker."""
    for match in HANDED.finditer(reader.content):
        group = 1 if match[1] else 3
        kind = "method_reference" if match[1] else "lambda_expression"
        place = around(reader, match.end(group) - 1, kind)
        if place is None or (match[3] and match[3] != match[7]):
            continue
        if match[4]:
            yield place, match[4].decode()
            continue
        holder, method = (match[1], match[2]) if match[1] else (match[5], match[6])
        owner = class_of(reader, holder) if holder != b"this" else ""
        if owner:
            yield place, maker(owner, method.decode())


def class_of(reader: JvmReader, name: bytes) -> str:
    """A class by its own name, or the declared type of a variable of the file."""
    if name[:1].isupper():
        return name.decode()
    form = re.compile(rb"\b([A-Z]\w*)\s+" + re.escape(name) + rb"\s*[;,)=]")
    found = {match[1].decode() for match in islice(form.finditer(reader.content), 20)}
    return next(iter(found)) if len(found) == 1 else ""


def repositories_held(reader: JvmReader) -> dict[str, str]:
    """The type behind each name, of those that are repositories by it everywhere in the file."""
    found: dict[str, set[str]] = {}
    if not any(mark in reader.content for mark in (b"Repo", b"Dao", b"DAO")):
        return {}
    content = reader.content
    for match in REPOSITORY.finditer(content):
        start = word_start(content, match.start())
        if start < match.start() and content[start : start + 1].isupper():
            name = content[start : match.end()].decode()
            found.setdefault(match[1].decode(), set()).add(name)
    return {name: next(iter(types)) for name, types in found.items() if len(types) == 1}


def word_start(content: bytes, at: int) -> int:
    while at and content[at - 1] in WORD:
        at -= 1
    return at


def places(reader: JvmReader) -> Iterator[Visit]:
    content = reader.content
    for match in LOOP.finditer(content):
        loop = around(reader, match.start(), "enhanced_for_statement")
        rows = loop.child_by_field_name("value") if loop is not None else None
        body = loop.child_by_field_name("body") if loop is not None else None
        if rows is not None and body is not None:
            yield Visit(match[1].decode(), rows, region(body))
    for match in LAMBDA.finditer(content):
        function = around(reader, match.end() - 1, "lambda_expression")
        body = function.child_by_field_name("body") if function is not None else None
        rows = gone_over(function) if function is not None else None
        if rows is not None and body is not None:
            yield Visit(match[1].decode(), rows, region(body))
    for match in REFERENCE.finditer(content):
        reference = around(reader, match.end(1) - 1, "method_reference")
        rows = gone_over(reference) if reference is not None else None
        method = method_named(reader, reference, match[1].decode()) if reference else None
        if rows is not None and method is not None:
            yield Visit(method[0], rows, region(method[1]))


def around(reader: JvmReader, at: int, kind: str) -> Node | None:
    node = reader.root.descendant_for_byte_range(at, at + 1)
    for _ in range(4):
        if node is None or node.type == kind:
            return node
        node = node.parent
    return None


def region(body: Node) -> tuple[int, int]:
    return body.start_byte, min(body.end_byte, body.start_byte + MAX_BODY)


def gone_over(function: Node) -> Node | None:
    """`orders` of `orders.stream().filter(...).map(o -> ...)`."""
    arguments = function.parent
    call = arguments.parent if arguments is not None else None
    return call.child_by_field_name("object") if call is not None else None


def method_named(reader: JvmReader, node: Node, name: str) -> tuple[str, Node] | None:
    """The one parameter and the body of a method of the class around."""
    kind = reader.class_around(node)
    for member in reader.members(kind) if kind is not None else ():
        if member.type != "method_declaration" or reader.definition_name(member) != name:
            continue
        held = member.child_by_field_name("parameters")
        taken = held.named_children if held is not None else []
        body = member.child_by_field_name("body")
        if len(taken) == 1 and body is not None:
            return reader.definition_name(taken[0]), body
    return None


def asked(reader: JvmReader, repositories: dict[str, str], node: Node) -> tuple[str, Node] | None:
    """The repository and the call that gives the rows: there, or in the variable that is named."""
    for _ in range(MAX_STEPS):
        if node.type == "identifier":
            held = reader.local(reader.text(node), node)
            if held is None or held.start_byte > node.start_byte or held.type == "identifier":
                return None
            node = held
            continue
        of = node.child_by_field_name("object") if node.type == "method_invocation" else None
        if of is None:
            return None
        name = reader.text(of).removeprefix("this.")
        if name in repositories:
            return (repositories[name], node) if not specified(reader, node) else None
        method = node.child_by_field_name("name")
        if method is None or reader.text(method) not in SAME:
            return None
        node = of
    return None


def specified(reader: JvmReader, call: Node) -> bool:
    """`findAll(withLines())`: what a specification fetches is not in sight."""
    if reader.text(call.child_by_field_name("name") or call) != "findAll":
        return False
    given = [reader.text(each) for each in reader.arguments_of(call)]
    return any(PLAIN.search(each) is None and not reader.mentions(rf"(?:Pageable|Sort) {re.escape(each)}\b") for each in given)  # fmt: skip
