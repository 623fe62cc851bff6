"""Statements of MyBatis that a provider builds: `new SQL().SELECT("*").FROM("orders").WHERE("code = #{code}")`.

Written anew as a mapper file writes them: what stands in a branch becomes an `<if>`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.languages.java.jpa.flow import arms, call_named
from scaleaudit.mybatis import statements
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import QueryFound
    from scaleaudit.languages.java.jvm import JvmReader

MARK = b"org.apache.ibatis.jdbc.SQL"
BEGUN = regex(rb"\bnew\s+SQL\s*\(")
CALLED = regex(
    rb"\b(SELECT|SELECT_DISTINCT|FROM|UPDATE|DELETE_FROM|SET|WHERE|AND|OR|GROUP_BY|ORDER_BY|LIMIT"
    rb"|(?:INNER_|LEFT_OUTER_|RIGHT_OUTER_|OUTER_)?JOIN)\s*(?=\()"
)
FIRST = {"SELECT": "SELECT", "SELECT_DISTINCT": "SELECT DISTINCT", "UPDATE": "UPDATE", "DELETE_FROM": "DELETE FROM"}  # fmt: skip
LAST = {"GROUP_BY": "GROUP BY", "ORDER_BY": "ORDER BY", "LIMIT": "LIMIT"}
MAX_PROVIDERS = 200  # of one file
MAX_CALLS = 60  # of one statement


def provided_queries(reader: JvmReader) -> Iterator[QueryFound]:
    if MARK not in reader.content:
        return
    told: set[int] = set()
    for match in islice(BEGUN.finditer(reader.content), MAX_PROVIDERS):
        node = reader.root.descendant_for_byte_range(match.start(), match.end())
        method = reader.function_around(node) if node is not None else None
        if method is None or method.id in told:
            continue
        told.add(method.id)
        whole = reader.content[method.start_byte : method.end_byte]
        if len(BEGUN.findall(whole)) == 1:  # of several, nobody knows whose a call is
            body = written(reader, method)
            line = reader.span(node).line if node is not None else 1
            yield from statements(body, line, reader.scope(method), apart=True)


def written(reader: JvmReader, method: Node) -> str:
    """The statement as the text of a mapper file."""
    first: list[str] = []
    parts: dict[str, list[str]] = {
        "FROM": [],
        "JOIN": [],
        "SET": [],
        "WHERE": [],
        **{k: [] for k in LAST},
    }
    joiner = "AND"
    found = CALLED.finditer(reader.content, method.start_byte, method.end_byte)
    for match in islice(found, MAX_CALLS):
        call = call_named(reader, match)
        if call is None:
            continue
        name = match[1].decode()
        given = [text_of(reader, each) for each in reader.arguments_of(call)]
        if name in ("AND", "OR"):
            joiner = name
        elif name in FIRST:
            first = [f"{FIRST[name]} {', '.join(given) or '*'}"]
        elif name == "WHERE":
            for each in given:
                text = f" {joiner if parts['WHERE'] else ''} {each} "
                parts["WHERE"].append(f"<if>{text}</if>" if chosen(reader, call, method) else text)
            joiner = "AND"
        elif name.endswith("JOIN"):
            kind = name.replace("_", " ")
            parts["JOIN"].extend(f"{kind} {each}" for each in given)
        else:
            parts[name].extend(given)
    return " ".join([*first, *clauses(parts)])


def clauses(parts: dict[str, list[str]]) -> Iterator[str]:
    for name, begun in (("SET", "SET"), ("FROM", "FROM")):
        if parts[name]:
            yield f"{begun} {', '.join(parts[name])}"
    yield from parts["JOIN"]
    if parts["WHERE"]:
        yield f"<where>{''.join(parts['WHERE'])}</where>"
    for name, begun in LAST.items():
        if parts[name]:
            yield f"{begun} {', '.join(parts[name])}"


def chosen(reader: JvmReader, call: Node, method: Node) -> bool:
    return next(arms(reader, call, method), None) is not None


def text_of(reader: JvmReader, node: Node) -> str:
    return text_with_holes(reader.value(node)).replace("<", "&lt;")
