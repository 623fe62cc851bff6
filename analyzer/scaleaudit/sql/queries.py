"""One statement of SQL text from code, as the fact that rules understand."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.facts import QueryFound
from scaleaudit.regex import regex
from scaleaudit.sql.candidates import looks_like_sql
from scaleaudit.sql.parsing import MAX_CHARACTERS, parse
from scaleaudit.sql.placeholders import HOLE, parseable
from scaleaudit.understood_sql import Outcome, key_of, known, note

if TYPE_CHECKING:
    from scaleaudit.source import Span

MAX_SHOWN = 200  # characters of the statement that people see
MAX_TABLES = 50

_READ = regex(r"\b(?:from|join)\s+(?:only\s+)?(?P<name>[\w.`\"\[\]]+)(?!\s*\(|\w)", re.IGNORECASE)
_WRITTEN = regex(
    r"\b(?P<verb>insert\s+(?:\w+\s+){0,2}?into|replace\s+into|merge\s+into"
    r"|update(?=\s+[\w.`\"\[\]]+\s+(?:as\s+)?(?:\w+\s+)?set\b)|delete\s+from)"
    r"\s+(?P<name>[\w.`\"\[\]]+)",
    re.IGNORECASE,
)
_NO_TABLE = regex(r"(?:\bdistinct\s+|\(\s*\w+\s+)$", re.IGNORECASE)  # EXTRACT(year FROM x)
_NAMELESS = regex(rf"\b(?:from|join|into|update)\s+[\w.]*{HOLE}", re.IGNORECASE)
_CTE = regex(
    r"(?:\bwith(?:\s+recursive)?|,)\s+(\w+)\s*(?:\([^()]*\)\s*)?as\s*(?:\w+\s*)?\(", re.IGNORECASE
)

# What ends in the middle of a word goes on with more than the rest of that word.
_GOES_ON = regex(r"[\w)]\{\}\s*\Z")

_PASSWORD = regex(
    r"(://[^\s/:@'\"]{0,100}):[^\s/@'\"]{1,200}@"
)  # in an address that a statement holds


def read_query(
    text: str,
    at: Span,
    *,
    dialect: str = "",
    partial: bool = False,
    in_loop: bool = False,
    scope: str = "",
    library: str = "sql",
) -> QueryFound | None:
    """The fact of a statement; None for prose, definitions, and what touches no table.

    `dialect` (sqlglot's name) is tried first. `partial` says that the caller lost a part of the
    text; where the lost parts are marked as holes (`{}`, `${...}`, `#{...}`), the fact is partial
    only if a hole may hide a table or a condition. A statement that no dialect can parse still
    names its tables, as a partial fact.
    """
    if not looks_like_sql(text):
        return None
    shown = _PASSWORD.sub(r"\1:***@", " ".join(text[: MAX_SHOWN * 20].split()))
    if len(shown) > MAX_SHOWN:
        shown = shown[: MAX_SHOWN - 1] + "…"
    if len(text) > MAX_CHARACTERS:
        return _by_names(text[:MAX_CHARACTERS], shown, at, in_loop, scope, library)
    ready, holes = parseable(text)
    outcome = understood_of(ready, dialect, holes)
    if not outcome.parsed:
        return _by_names(ready, shown, at, in_loop, scope, library)
    understood = outcome.understood
    if understood is None:
        return None
    return QueryFound(
        at=at,
        text=shown,
        reads=understood.reads[:MAX_TABLES],
        writes=understood.writes[:MAX_TABLES],
        predicates=understood.predicates,
        limited=understood.limited,
        aggregate=understood.aggregate,
        partial=outcome.shortened
        or understood.hidden
        or (partial and (not holes or _GOES_ON.search(text) is not None)),
        in_loop=in_loop,
        library=library,
        scope=scope,
        inserts=understood.inserts[:MAX_TABLES],
        grouped=understood.grouped,
        shuffled=understood.shuffled,
        skips=understood.skips,
    )


@lru_cache(maxsize=512)
def understood_of(text: str, dialect: str, holes: bool) -> Outcome:
    """What `understand` says; each text is parsed once, however many files and scans hold it."""
    key = key_of(text, dialect, holes)
    outcome = known(key)
    if outcome is None:
        outcome = _parsed(text, dialect, holes)
        note(key, outcome)
    return outcome


def _parsed(text: str, dialect: str, holes: bool) -> Outcome:
    parsed = parse(text, dialect, holes=holes)
    if parsed is None:
        return Outcome(parsed=False)

    from scaleaudit.sql.trees import understand

    return Outcome(True, understand(parsed[0]), parsed[1])


def _by_names(
    text: str, shown: str, at: Span, in_loop: bool, scope: str, library: str
) -> QueryFound | None:
    """Tables by the words before them, for a statement that does not parse."""
    named = {name.lower() for name in _CTE.findall(text)}
    writes: dict[str, None] = {}
    inserts: dict[str, None] = {}
    for match in _WRITTEN.finditer(text):
        name = _table(match["name"])
        if name and name not in named:
            writes[name] = None
            if match["verb"][:3].lower() in ("ins", "rep", "mer"):
                inserts[name] = None
    reads: dict[str, None] = {}
    for match in _READ.finditer(text):
        name = _table(match["name"])
        before = text[max(0, match.start() - 40) : match.start()]
        deletes = re.search(r"\bdelete\s+$", before, re.IGNORECASE)
        if name and name not in named and not deletes and not _NO_TABLE.search(before):
            reads[name] = None
    if not reads and not writes and not _NAMELESS.search(text):
        return None
    return QueryFound(
        at=at,
        text=shown,
        reads=tuple(reads)[:MAX_TABLES],
        writes=tuple(writes)[:MAX_TABLES],
        partial=True,
        in_loop=in_loop,
        library=library,
        scope=scope,
        inserts=tuple(inserts)[:MAX_TABLES],
    )


def _table(written: str) -> str:
    """A table's bare name, empty when it is not known or no name at all."""
    name = written.rpartition(".")[2].strip('`"[]').lower()
    if HOLE in written or not re.match(r"[a-z_]", name) or name in _NO_NAMES:
        return ""
    return name


_NO_NAMES = {"select", "lateral", "unnest", "values", "set", "dual", "table"}
