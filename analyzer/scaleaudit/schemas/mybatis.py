"""Mapper files of MyBatis: statements in XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import FileFacts
from scaleaudit.mybatis import HOLE, MAX_STATEMENT, statements
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import QueryFound

MAX_STATEMENTS = 2_000  # of one file
MAX_INCLUDED = 3  # fragments inside fragments
MAX_HEAD = 2_000  # characters of an opening tag
STATEMENTS = ("select", "insert", "update", "delete")

_MAPPER = regex(r"<mapper\s[^<>]{0,500}?namespace\s*=\s*[\"']([\w.$]{1,300})[\"']")
_ID = regex(r"\bid\s*=\s*[\"']([^\"']{1,200})[\"']")
_INCLUDE = regex(r"<include\s{1,20}refid\s{0,5}=\s{0,5}[\"']([^\"']{1,200})[\"']\s{0,20}/>")


def extract(content: bytes) -> FileFacts:
    """Queries of library `mybatis`; the scope is the mapper's method: `OrderMapper.byCode`."""
    text = content.decode("utf-8", "replace")
    lines = text.count("\n") + 1
    mapper = _MAPPER.search(text)
    if mapper is None:
        return FileFacts(lines=lines)
    text = without_comments(text)
    name = mapper[1].rpartition(".")[2]
    return FileFacts(tuple(_queries(text, name)), lines=lines)


def _queries(text: str, mapper: str) -> Iterator[QueryFound]:
    fragments = {each: body for each, body, _ in elements(text, "sql")}
    found = sorted((at, name, body) for tag in STATEMENTS for name, body, at in elements(text, tag))
    for at, name, body in found[:MAX_STATEMENTS]:
        whole = included(body, fragments)
        line = text.count("\n", 0, at + len(body) - len(body.lstrip())) + 1
        apart = whole.count("\n") != body.count("\n")  # what was included has lines of its own
        yield from statements(whole, line, f"{mapper}.{name}" if name else mapper, apart=apart)


def included(body: str, fragments: dict[str, str]) -> str:
    """The body with the fragments that it names, and those that they name."""
    whole = body[:MAX_STATEMENT]
    for _ in range(MAX_INCLUDED):
        before = whole
        whole = _INCLUDE.sub(lambda found: fragments.get(found[1].rpartition(".")[2], HOLE), whole)[
            : 2 * MAX_STATEMENT
        ]
        if whole == before:
            break
    return _INCLUDE.sub(HOLE, whole).replace("<![CDATA[", " ").replace("]]>", " ")


def elements(text: str, tag: str) -> Iterator[tuple[str, str, int]]:
    """Id, content and the content's offset of each `<tag>`; they do not nest."""
    at = 0
    for _ in range(MAX_STATEMENTS):
        at = text.find(f"<{tag}", at)
        if at < 0:
            return
        head = text.find(">", at, at + MAX_HEAD)
        begins = text[at + len(tag) + 1 : at + len(tag) + 2].isspace()
        end = text.find(f"</{tag}>", head) if head >= 0 else -1
        if end < 0:
            return
        if begins and text[head - 1] != "/":
            named = _ID.search(text, at, head)
            yield named[1] if named is not None else "", text[head + 1 : end], head + 1
            at = end
        else:
            at = head


def without_comments(text: str) -> str:
    """Comments become blank, line for line, so that places stay."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        parts.extend((text[at:start], re.sub(r"[^\n]", " ", text[start : end + 3])))
        at = end + 3
    return "".join((*parts, text[at:]))
