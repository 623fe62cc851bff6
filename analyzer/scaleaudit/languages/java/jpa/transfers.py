"""Objects made of entities for an answer: what their constructors and makers read of one."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import TemplateRead, TemplateStep
from scaleaudit.languages.java.jpa.getters import reads_of
from scaleaudit.languages.java.jpa.type_texts import last_name
from scaleaudit.languages.mentions import WORD
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

ENGINE = "serializer"
ITEM = "it"  # the entity, by whatever name
# Constructors and methods that take one object and look behind one of its getters.
MAKER = regex(rb"\(\s*(?:final\s+|@\w+\s+)*[A-Z]\w*\s+(\w+)\s*\)\s*(?:throws\s+[\w, .]+)?\{")
# One after the other: each begins with a letter or sign, for which alone a file is searched quickly.
DEEP = (
    regex(rb"\.\s*get[A-Z]\w*\(\)\s*\.\s*\w"),
    regex(rb"new\s+\w+\s*\(\s*\w+\s*\.\s*get[A-Z]"),
    regex(rb":\s*\w+\s*\.\s*get"),
)
MAKES = regex(r"(?:from|of|to|map|convert|as|valueOf|create|build|make|assemble)(?![a-z])")
MAX_MAKERS = 300  # of one file


def maker(owner: str, method: str) -> str:
    """`OrderDto` of its constructor, `OrderMapper#toDto` of a method."""
    return f"{owner}#{method}" if method and method not in ("new", owner) else owner


def makers(reader: JvmReader) -> Iterator[TemplateRead]:
    content = reader.content
    if b".get" not in content:
        return
    if b"ofNullable" not in content and all(deep.search(content) is None for deep in DEEP):
        return
    found: dict[str, list[TemplateRead]] = {}
    for match in islice(MAKER.finditer(content), MAX_MAKERS):
        start, made = name_before(content, match.start())
        if not made[:1].isupper() and MAKES.match(made) is None:
            continue
        method = declared_at(reader, start)
        body = method.child_by_field_name("body") if method is not None else None
        kind = reader.class_around(method) if method is not None else None
        if method is None or body is None or kind is None:
            continue
        reads = reads_of(content, match[1].decode(), (body.start_byte, body.end_byte))
        if reads:
            name = maker(last_name(reader.definition_name(kind)), made)
            steps = tuple(TemplateStep("read", path=f"{ITEM}.{r.path}", at=r.at) for r in reads)
            found.setdefault(name, []).append(
                TemplateRead(reader.span(method), ENGINE, steps, name=name)
            )
    for several in found.values():
        if len(several) == 1:  # which of several of one name is meant depends on types
            yield several[0]


def name_before(content: bytes, at: int) -> tuple[int, str]:
    """The word that stands before a parenthesis, and where; an empty one where there is none."""
    end = at
    while end and content[end - 1] in b" \t\r\n":
        end -= 1
    start = end
    while start and content[start - 1] in WORD:
        start -= 1
    return start, content[start:end].decode()


def declared_at(reader: JvmReader, at: int) -> Node | None:
    name = reader.root.descendant_for_byte_range(at, at + 1)
    method = name.parent if name is not None else None
    declares = method is not None and method.type in (
        "constructor_declaration",
        "method_declaration",
    )
    return method if declares else None
