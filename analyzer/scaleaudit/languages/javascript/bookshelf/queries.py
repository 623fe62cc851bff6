"""What Bookshelf's models are asked: `User.where({email}).fetch()`, `User.query((qb) => ...)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.languages.javascript import options
from scaleaudit.languages.javascript.bookshelf.models import FRAMEWORK
from scaleaudit.languages.javascript.builders.chains import (
    Call,
    call_at,
    chain,
    shortened,
)
from scaleaudit.languages.javascript.builders.conditions import Filters, flat
from scaleaudit.languages.javascript.builders.decorated import settings, text_of
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.knex.filters import Asked
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.chains import Chain
    from scaleaudit.languages.javascript.reader import JavaScriptReader

# What runs a query, and nothing else is called so beside `window.fetch(url)`.
END = regex(rb"\.\s*(fetch|fetchAll|fetchPage|fetchOne)(\()")
MODEL = regex(r"(?:[\w$]+\.)*([A-Z]\w*)")
WHERES = frozenset({"where", "andWhere", "orWhere", "query"})
FUNCTIONS = frozenset({"arrow_function", "function_expression", "function"})
MAX_CHAINS = 300


def queries(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    content = reader.content
    if b".fetch" not in content:
        return
    for _, match in zip(range(MAX_CHAINS), END.finditer(content), strict=False):
        call = call_at(reader, match.start(2))
        if call is not None:
            yield from _told(reader, chain(reader, call), match[1].decode())


def _told(reader: JavaScriptReader, found: Chain, end: str) -> Iterator[OrmQuery]:
    base, filters, asked = found.base, Filters(), Asked(reader)
    written = reader.text(base)[:80]
    if base.type == "new_expression":  # new User({ email }).fetch()
        made = base.child_by_field_name("constructor")
        holder = base.child_by_field_name("arguments")
        written = reader.text(made)[:80] if made is not None else ""
        if holder is not None:
            asked.take(Call("where", list(holder.named_children), base), filters)
    match = MODEL.fullmatch(written)
    if match is None or not found.calls:
        return
    more: list[Condition] = []
    loads: list[str] = []
    for call in found.calls:
        if call.name in WHERES and call.args:
            _narrow(reader, call, filters, asked)
        elif call.name == "forge" and call.args:
            asked.take(call._replace(name="where"), filters)
        elif call.name == "orderBy" and call.args:
            name = text_of(reader, call.args[0]).lstrip("-")
            if name:
                more.append(Condition(name, "sort", Clause.SORT))
        elif call.name == end and call.args:
            loads += _related(reader, call.args[0])
    yield OrmQuery(
        reader.span(found.whole),
        FRAMEWORK,
        match[1],
        shortened(reader, found.whole),
        conditions=(*flat(filters.parts), *more),
        loads=tuple(loads),
        limited=end != "fetchAll",
        skips=end == "fetchPage",
        partial=asked.unknown,
        in_loop=reader.in_loop(found.whole),
        scope=reader.scope(found.whole),
    )


def _narrow(reader: JavaScriptReader, call: Call, filters: Filters, asked: Asked) -> None:
    """`where(...)`, `query("where", "age", ">", 5)`, `query({where: {...}})`, `query((qb) => ...)`."""
    first = bare(call.args[0])
    if call.name != "query" or first is None:
        asked.take(call, filters)
        return
    if first.type in FUNCTIONS:
        asked.take(Call("where", [first], call.node), filters)
        return
    word = text_of(reader, first)
    if word:
        asked.take(Call(word, call.args[1:], call.node), filters)
        return
    literal = options.literal_of(reader, first, "object")
    for key, value in settings(reader, [literal]).items() if literal is not None else ():
        given = bare(value)
        listed = given is not None and given.type == "array"
        args = given.named_children if listed and given is not None else [value]
        asked.take(Call(key, list(args), call.node), filters)


def _related(reader: JavaScriptReader, node: Node) -> list[str]:
    given = settings(reader, [node]).get("withRelated")
    given = bare(given) if given is not None else None
    if given is None:
        return []
    texts = given.named_children if given.type == "array" else [given]
    return [name for name in (text_of(reader, each) for each in texts) if name]
