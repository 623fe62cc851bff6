"""JPQL and HQL: queries on classes, read as SQL whose tables and columns are numbered.

Each range variable becomes a table of its own (`t0`), each path an own column (`c3`); what the
reader of SQL says of those is told of the class and the path that stood there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.sql import read_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.facts import Predicate
    from scaleaudit.source import Span

MAX_TOKENS = 4_000
MAX_TEXT = 200
START = regex(r"\s*(?:select|from|update|delete)\s", re.IGNORECASE)
TOKEN = regex(
    r"(?P<text>'(?:[^']|'')*'|\"[^\"]*\")|(?P<value>[:?]\s?\#\{[^{}]*\}|:[A-Za-z_]\w*|\?\d*)"
    r"|(?P<entity>\#\{\#entityName\})|(?P<hole>[$#]?\{[^{}]*\})"
    r"|(?P<name>[A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*)|(?P<number>\d[\w.]*)"
    r"|(?P<mark>\S)"
)
COLUMN = regex(r"c\d+")
# Words of the language that are no paths.
KEYWORDS = frozenset(
    "select from where and or not in like between is null empty member of exists all any some distinct as"
    " inner left right full outer cross join fetch on with group by having order asc desc nulls first last"
    " union intersect except case when then else end true false escape new object set update delete limit offset"
    " current_date current_time current_timestamp treat type entry key value index local datetime both leading"
    " trailing insert into values versioned unknown lateral rows row only year month day hour minute second"
    .split()
)  # fmt: skip
# Of these, those that people name variables by.
VARIABLES = frozenset({"value", "index", "type", "key", "entry", "day", "row", "object", "member"})
# `extract(year from o.created)`, `trim(both ' ' from o.name)`: no list of classes follows.
IN_FUNCTION = frozenset({"extract", "trim", "substring", "overlay"})


class Token(Gathering):
    kind: str
    text: str

    @property
    def word(self) -> str:
        return self.text.lower() if self.kind == "name" else self.text


class Source(Gathering):
    """A range variable: a class, or a path that starts at another variable."""

    table: str
    model: str
    prefix: str = ""


class Translation(Gathering):
    """What the numbers of the SQL stand for."""

    sources: list[Source] = msgspec.field(default_factory=list)
    aliases: dict[str, Source] = msgspec.field(default_factory=dict)
    paths: list[str] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    main: Source | None = None
    implied: Source | None = None  # the class without a variable, whose attributes stand bare
    lost: bool = False  # a condition that SQL has no words for

    def column(self, path: str) -> str:
        if path not in self.paths:
            self.paths.append(path)
        return f"c{self.paths.index(path)}"


def read_jpql(
    text: str,
    at: Span,
    *,
    entity: str = "",
    framework: str = "jpa",
    limited: bool = False,
    in_loop: bool = False,
    scope: str = "",
) -> OrmQuery | None:
    """The query on classes that a text is; None for what is none.

    `entity` is the class that `#{#entityName}` means.
    """
    if not START.match(text):
        return None
    tokens = [
        Token(match.lastgroup or "", re.sub(r"\s+", "", match[0]) if match["name"] else match[0])
        for match in TOKEN.finditer(text)
    ]
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
        framework,
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
        condition = Condition(
            path or "id",
            each.operator,
            each.clause,
            each.function,
            each.alternative,
            each.group,
            each.branch,
            each.constant,
            model,
        )
        found[condition] = None
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


def without_collections(tokens: list[Token]) -> bool:
    """`x member of o.tags`, `o.items is not empty`: no column is compared; whether there was one."""
    found = False
    always = [Token("number", "1"), Token("mark", "="), Token("number", "1")]
    at = 1
    while at < len(tokens):
        start, end = at, at + 1
        if tokens[at].word == "member" and tokens[at - 1].kind in ("value", "name", "text"):
            start -= 2 if tokens[at - 1].word == "not" else 1
            end += 2 if at + 1 < len(tokens) and tokens[at + 1].word == "of" else 1
        elif tokens[at].word == "empty" and tokens[at - 1].word in ("is", "not"):
            start -= 3 if tokens[at - 1].word == "not" else 2
        if end > at + 1 or start < at:
            tokens[max(0, start) : end] = always
            found = True
        at += 1
    return found


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
    bare_order = word == "order" and not ordered and said.implied is not None
    if called or (word in KEYWORDS and not rest and not bare_order):
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
    yield text if not rest else "'k'"


def declare(tokens: list[Token], said: Translation, entity: str) -> None:
    """Finds the range variables; their tokens become one, of kind `source`."""
    open_functions: list[str] = []
    at = 0
    first = tokens[0].word if tokens else ""
    if first in ("update", "delete"):
        start = 1
        while start < len(tokens) and tokens[start].word in ("from", "versioned"):
            start += 1
        if first == "delete" and (len(tokens) < 2 or tokens[1].word != "from"):
            tokens.insert(1, Token("name", "from"))
            start = 2
        at = take_source(tokens, start, said, entity, True)
    while at < len(tokens):
        token = tokens[at]
        if token.text == "(":
            open_functions.append(tokens[at - 1].word if at and tokens[at - 1].kind == "name" else "")
        elif token.text == ")":
            if open_functions:
                open_functions.pop()
        elif token.word == "from" and token.kind == "name":
            if not (open_functions and open_functions[-1] in IN_FUNCTION):
                at = take_list(tokens, at + 1, said, entity, not open_functions)
                continue
        elif token.word == "join" and token.kind == "name":
            at = take_source(tokens, at + 1, said, entity, not open_functions)
            continue
        at += 1


def may_be_variable(token: Token, follows: str) -> bool:
    if token.kind != "name" or "." in token.text:
        return False
    if token.word == "order":
        return follows != "by"
    return token.word not in KEYWORDS or token.word in VARIABLES


def take_list(
    tokens: list[Token], at: int, said: Translation, entity: str, outermost: bool
) -> int:
    """`Order o, Customer as c, in(o.items) i`: up to the next clause or join."""
    while at < len(tokens):
        at = take_source(tokens, at, said, entity, outermost)
        if at >= len(tokens) or tokens[at].text != ",":
            return at
        at += 1
    return at


def take_source(
    tokens: list[Token], at: int, said: Translation, entity: str, outermost: bool
) -> int:
    """One class or path with its variable; the place after it."""
    start = at
    while at < len(tokens) and tokens[at].word in ("fetch", "lateral"):
        at += 1
    if at + 1 < len(tokens) and tokens[at].word in ("in", "treat") and tokens[at + 1].text == "(":
        close = next((n for n in range(at, len(tokens)) if tokens[n].text == ")"), at)
        inner = tokens[at + 2] if at + 2 < len(tokens) else None
        end = close + 1
    else:
        inner = tokens[at] if at < len(tokens) else None
        end = at + 1
    if inner is None or inner.kind not in ("name", "entity"):
        return at + 1 if inner is None or inner.text != "(" else at
    text = entity if inner.kind == "entity" else inner.text
    first, _, rest = text.partition(".")
    above = said.aliases.get(first.lower())
    table = f"t{len(said.sources)}"
    if above is not None and rest:
        prefix = ".".join(part for part in (above.prefix, rest) if part)
        source = Source(table, above.model, prefix)
        if said.main is not None and above.model == said.main.model:
            said.loads.append(prefix)
    else:
        source = Source(table, text.rpartition(".")[2])
    said.sources.append(source)
    if said.main is None and outermost:
        said.main = source
    if end < len(tokens) and tokens[end].word == "as":
        end += 1
    alias = tokens[end] if end < len(tokens) else None
    follows = tokens[end + 1].word if end + 1 < len(tokens) else ""
    if alias is not None and may_be_variable(alias, follows):
        said.aliases[alias.word] = source
        end += 1
    elif said.implied is None and not source.prefix:
        said.implied = source
    tokens[start:end] = [Token("source", table)]
    return start + 1
