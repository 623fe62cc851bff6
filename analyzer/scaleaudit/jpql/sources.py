"""The range variables of a query: the classes it reads, and the paths it joins."""

from __future__ import annotations

import msgspec

from scaleaudit.jpql.tokens import KEYWORDS, VARIABLES, Token
from scaleaudit.record import Gathering

# `extract(year from o.created)`, `trim(both ' ' from o.name)`: no list of classes follows.
IN_FUNCTION = frozenset({"extract", "trim", "substring", "overlay"})


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
            open_functions.append(
                tokens[at - 1].word if at and tokens[at - 1].kind == "name" else ""
            )
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


def take_list(tokens: list[Token], at: int, said: Translation, entity: str, outermost: bool) -> int:
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


def may_be_variable(token: Token, follows: str) -> bool:
    if token.kind != "name" or "." in token.text:
        return False
    if token.word == "order":
        return follows != "by"
    return token.word not in KEYWORDS or token.word in VARIABLES
