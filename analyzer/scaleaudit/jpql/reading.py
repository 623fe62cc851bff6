"""JPQL and HQL: queries on classes, read as SQL whose tables and columns are numbered.

Each range variable becomes a table of its own (`t0`), each path an own column (`c3`); what the
reader of SQL says of those is told of the class and the path that stood there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.jpql.sources import Translation, declare
from scaleaudit.jpql.tokens import ATTRIBUTES, KEYWORDS, tokens_of, without_collections
from scaleaudit.regex import regex
from scaleaudit.sql import read_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.facts import Predicate
    from scaleaudit.jpql.tokens import Token
    from scaleaudit.source import Span

MAX_TOKENS = 4_000
MAX_TEXT = 200
COLUMN = regex(r"c\d+")
# Of SQL, in annotations of libraries that are not known: `for update`, `:day::date`.
LOCK = regex(
    r"\s+for\s+(?:no\s+key\s+)?update(?:\s+(?:skip\s+locked|nowait))?\s*;?\s*$", re.IGNORECASE
)
CAST = regex(r"(?<=[\w)'])::\s*[A-Za-z_]\w*(?:\[\])?")
START = regex(r"\s*(?:select|from|update|delete)\s", re.IGNORECASE)


def read_jpql(
    text: str,
    at: Span,
    *,
    entity: str = "",
    limited: bool = False,
    in_loop: bool = False,
    scope: str = "",
) -> OrmQuery | None:
    """The query on classes that a text is; None for what is none.

    `entity` is the class that `#{#entityName}` means.
    """
    if not START.match(text):
        return None
    tokens = tokens_of(CAST.sub("", LOCK.sub("", text)))
    if len(tokens) > MAX_TOKENS:
        return None
    said = Translation()
    sql = " ".join(translated(tokens, said, entity))
    main = said.main
    if main is None or not main.model:
        return None
    query = read_query(sql, at, partial="{}" in sql)
    if query is None:
        return None
    shown = " ".join(text.split())
    conditions, lost = conditions_of(query.predicates, said)
    first = tokens[0].word
    return OrmQuery(
        at,
        "jpa",
        main.model,
        shown if len(shown) <= MAX_TEXT else shown[: MAX_TEXT - 1] + "…",
        conditions=tuple(conditions),
        loads=tuple(dict.fromkeys(said.loads)),
        limited=limited or query.limited,
        aggregate=query.aggregate,
        grouped=query.grouped,
        partial=query.partial or said.lost or lost,
        in_loop=in_loop,
        writes=first in ("update", "delete"),
        deletes=first == "delete",
        scope=scope,
    )


def conditions_of(
    predicates: Sequence[Predicate], said: Translation
) -> tuple[list[Condition], bool]:
    """The predicates with their classes and paths, and whether one is of nobody known."""
    sources = {source.table: source for source in said.sources}
    found: dict[Condition, None] = {}
    lost = False
    for each in predicates:
        source = sources.get(each.table)
        if source is None or not COLUMN.fullmatch(each.column) or each.function == "size":
            lost = lost or each.clause is not Clause.SORT
            continue
        path = ".".join(part for part in (source.prefix, said.paths[int(each.column[1:])]) if part)
        model = source.model if said.main and source.model != said.main.model else ""
        found[Condition.of(each, path or "id", model=model)] = None
    return list(found), lost


def translated(tokens: list[Token], said: Translation, entity: str) -> Iterator[str]:
    """The SQL, word by word."""
    said.lost = without_collections(tokens)
    declare(tokens, said, entity)
    if tokens and tokens[0].word == "from":
        yield "SELECT *"
    waiting = iter(said.sources)
    for at, token in enumerate(tokens):
        word = token.word
        here = tokens[at + 1].word if at + 1 < len(tokens) else ""
        if token.kind == "source":
            source = next(waiting)
            yield source.table
            if at and tokens[at - 1].word == "join" and here not in ("on", "with"):
                yield "ON 1 = 1"
        elif word == "with" and at and tokens[at - 1].kind == "source":
            yield "ON"
        elif token.kind == "name":
            yield from name(tokens, at, said)
        elif token.kind == "value":
            yield "?"
        elif token.kind == "text":
            yield token.text if token.text[0] == "'" else "'x'"
        else:
            yield token.text


def name(tokens: list[Token], at: int, said: Translation) -> Iterator[str]:
    """A keyword, a function, a constant or a path."""
    token = tokens[at]
    text, word = token.text, token.word
    called = at + 1 < len(tokens) and tokens[at + 1].text == "("
    first, _, rest = text.partition(".")
    source = said.aliases.get(first.lower())
    ordered = word == "order" and at + 1 < len(tokens) and tokens[at + 1].word == "by"
    if source is not None and not (called and not rest) and not ordered:
        yield f"{source.table}.{said.column(rest)}"
        return
    if word == "new":
        return
    bare = word in ATTRIBUTES and not ordered and said.implied is not None
    if called or (word in KEYWORDS and not rest and not bare):
        yield f"f_{text.replace('.', '_')}" if "." in text else text
        return
    if at and tokens[at - 1].word == "as":
        yield text
        return
    parts = text.split(".")
    if len(parts) > 1 and any(part[:1].isupper() for part in parts[:-1]):
        yield "'k'"  # a constant of an enumeration or a class
        return
    if said.implied is not None:
        yield f"{said.implied.table}.{said.column(text)}"
        return
    if rest and said.main is not None and len(said.sources) == 1:
        yield f"{said.main.table}.{said.column(text)}"  # Hibernate lets the alias be left away
        return
    yield text if not rest else "'k'"
