"""SQL statements in the string literals of any language.

A byte search finds candidates, the tree tells which string they stand in, and only those are
parsed as SQL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, TableChanged
from scaleaudit.languages.constant_tables import with_constants, with_marks
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.sql_on_names import completed, held_by
from scaleaudit.languages.string_nodes import string_around
from scaleaudit.languages.view_texts import makes_view
from scaleaudit.regex import regex
from scaleaudit.sql import (
    ADDITIONS,
    looks_like_sql,
    read_query,
    read_schema,
    schema_starts,
    sql_starts,
    without_existence,
)
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import QueryFound
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

MAX_STATEMENTS = 2_000  # of one file
MAX_BETWEEN = 60_000  # bytes after a statement in which its variable is looked for

# A function that takes back what a migration did: `down`, `beforeDown`, `rollback`.
WAY_BACK = regex(r"(?:\w*[a-z_]D|d)own|(?:roll_?[bB]ack|revert|undo)\w*")
LISTS = {"array", "list"}  # lines of a statement that a `join` puts together
KEPT = regex(r"\.(?:put|putIfAbsent|setProperty|set)\s*$")
# Rows of a statement with which LINQ goes on: Entity Framework makes it a part of a larger one.
COMPOSED = regex(rb"\.\s*FromSql(?:Raw|Interpolated)?\s*(?:<[\w.]+>)?\s*\(\s*$")
# A variable, key or argument that says of its statement that others build on it.
BUILT_UPON = regex(
    rb"(?i)(?<![A-Za-z])[\w$]*(?<!data)base(?![a-z]*url)[\w$]*[\"']?\s*(?::\s*[\w<>\[\].]+\s*)?(?::=|=>|[:=])\s*\(?\s*$"
    rb"|(?<![a-z])with_?ctes?\s*\([^()]*(?:<<[~-]?\w+\)\s*)?$"  # what it reads is made by the other argument
)
# What a text is searched for, or freed of: no statement that anybody sends.
LOOKED_FOR = regex(
    rb"(?:\.(?:delete_prefix|delete_suffix|removeprefix|start_with\?|starts_?[wW]ith|StartsWith|g?sub!?"
    rb"|replace(?:All|First)?|includes?\??|[cC]ontains|[iI]ndexOf)|\b(?:HasPrefix|TrimPrefix|str_starts_with)\([^()]*,|\bstr_replace)"
    rb"\s*\(?\s*$"
)


def queries_in_strings(reader: Reader) -> Iterator[QueryFound]:
    """Every statement that stands in a string literal (or a sum of them) of the file."""
    if reader.READS_SQL:
        return
    seen: set[int] = set()
    end = 0
    annotated = b"org.apache.ibatis" in reader.content
    for start in sql_starts(reader.content, reader.words_in_small_letters):
        if start < end or len(seen) >= MAX_STATEMENTS:
            continue
        node = string_around(reader, start)
        if node is None or node.id in seen:
            continue
        seen.add(node.id)
        end = node.end_byte
        text, marks = spoken(reader, reader.statement(node))
        before = reader.content[max(0, node.start_byte - 120) : node.start_byte]
        if annotated and text.lstrip().startswith("<script"):
            from scaleaudit.mybatis import statements_of_script

            told = statements_of_script(text, reader.span(node).line, reader.scope(node))
            if told is not None:
                yield from told
                continue
        if not looks_like_sql(text) or LOOKED_FOR.search(before) is not None:
            continue
        if makes_view(reader, node):
            continue
        query = read_query(
            text,
            reader.span(node),
            partial="{}" in text,
            in_loop=reader.in_loop(node),
            scope=reader.scope(node),
        )
        if query is not None:
            if not query.limited and reader.paged(node):
                query = replace(query, limited=True)
            if reader.is_seldom(node):
                query = replace(query, seldom=True)
            query = with_marks(query, marks)
            if not query.aggregate and before.rstrip().endswith(b"return"):
                # How its rows are read is up to whoever sends the text that a function answers with.
                query = replace(query, streamed=True)
            grows = reader.has_options(node) or goes_on(reader, node, query)
            yield replace(query, partial=True) if grows else query
            yield from with_branches(reader, node, query)
            for more in with_more(reader, node, text, query):
                yield with_marks(more, marks)


def spoken(reader: Reader, value: Value) -> tuple[str, dict[str, str]]:
    """The text of a statement with holes, and the tables that constants of other files name in it."""
    known = reader.with_own_texts(value)
    marked, marks = with_constants(known) if reader.SHARES_CONSTANTS else (known, {})
    return text_with_holes(marked), marks


def with_branches(reader: Reader, node: Node, base: QueryFound) -> Iterator[QueryFound]:
    """The statement with each condition that a branch adds to its text."""
    known = {each for each in base.predicates if each.clause is not Clause.SORT}
    for place, value in reader.variants(node):
        text, marks = spoken(reader, value)
        query = read_query(
            text, reader.span(place), partial="{}" in text, in_loop=base.in_loop, scope=base.scope
        )
        query = with_marks(query, marks) if query is not None else None
        if (
            query is not None
            and {each for each in query.predicates if each.clause is not Clause.SORT} - known
        ):
            yield replace(query, limited=query.limited or base.limited)


def with_more(reader: Reader, node: Node, text: str, base: QueryFound) -> Iterator[QueryFound]:
    """The statements that begin with the name of this one, with what they add to it."""
    for place, whole in completed(reader, node, text):
        query = read_query(
            whole,
            reader.span(place),
            partial="{}" in whole or goes_on(reader, place),
            in_loop=reader.in_loop(place),
            scope=reader.scope(place),
        )
        if query is not None:
            limited = query.limited or base.limited or reader.paged(place)
            yield replace(query, limited=limited)


def with_conditions(name: bytes) -> bytes:
    """A pattern: the variable is given away together with conditions that another function adds."""
    told = rb"(?:[\w$]*(?:[wW]heres?|[cC]lauses?|[cC]onditions)|conds)"
    return rb"\([^()]{0,200}(?<![\w$.])" + name + rb"\s*,\s*" + told + rb"\s*[,)]"


def goes_on(reader: Reader, node: Node, query: QueryFound | None = None) -> bool:
    """Whether more text joins the statement: by the variable that holds it, or in its list."""
    holder = node.parent
    if holder is not None and (put_away(reader, holder) or in_lines(reader, node, holder)):
        return True
    before = reader.content[max(0, node.start_byte - 120) : node.start_byte]
    whole = query is not None and not any(each.clause is Clause.FILTER for each in query.predicates)
    followed = reader.follows(node)
    if not followed and built_upon(before):
        return True
    if whole and COMPOSED.search(before) is not None:
        return True
    held = held_by(before)
    if held is None:
        return False
    name = re.escape(held[1])
    added = rb"\+(?![+=])" if followed else rb"\+=|\.=|\+(?![+])"
    more = re.compile(
        rb"(?<![\w$.])"
        + name
        + rb"\s*(?:"
        + added
        + rb"|<<|\|\|=|\.\s*(?:concat|append|format|Append)\b)"
        rb"|\+\s*" + name + rb"\b(?![(.])"
        rb"|[$#]?\{\s*" + name + rb"\s*\}"
        rb"|" + with_conditions(name)
    )
    return more.search(reader.content, node.end_byte, node.end_byte + MAX_BETWEEN) is not None


def built_upon(before: bytes) -> bool:
    """Whether what stands before a statement says that others build on it."""
    return has_any(before.lower(), (b"base", b"cte")) and BUILT_UPON.search(before) is not None


def in_lines(reader: Reader, node: Node, holder: Node) -> bool:
    """One line of several; not `find_by_sql(["SELECT ... = ?", value])`, a statement and its values."""
    if holder.type not in LISTS:
        return False
    lines = holder.named_children
    given = holder.parent is not None and "argument" in holder.parent.type
    if not given or not lines or lines[0].id != node.id:
        return True
    return any(each.type in reader.STRINGS for each in lines[1:])


def put_away(reader: Reader, holder: Node) -> bool:
    """Kept in a map for whoever looks it up, who may add to it."""
    call = holder.parent
    if call is None or "argument" not in holder.type:
        return False
    return KEPT.search(reader.text(call)[: max(0, holder.start_byte - call.start_byte)]) is not None


def additions_in_strings(reader: Reader) -> Iterator[TableChanged]:
    """Indexes, columns and keys that statements in string literals add to tables.

    Code may hold both directions of a migration, so nothing else counts, and nothing that a function
    named for the way back does; unless the language's reader can tell them apart, and has replayed
    the whole of them.
    """
    if reader.READS_SQL:
        return
    seen: set[int] = set()
    for start in schema_starts(reader.content, reader.words_in_small_letters):
        if len(seen) >= MAX_STATEMENTS:
            return
        node = string_around(reader, start)
        if node is None or node.id in seen:
            continue
        seen.add(node.id)
        text = without_existence(text_with_holes(reader.value(node)))
        if "{" in text or any(WAY_BACK.fullmatch(name) for name in reader.scope(node).split(".")):
            continue
        for fact in read_schema(text, first_line=reader.span(node).line):
            if isinstance(fact, TableChanged) and fact.action in ADDITIONS:
                yield replace(fact, online=True)  # when it runs is not known
