"""Which engine a script was written for, by marks that others do not have."""

from __future__ import annotations

import re

from scaleaudit.regex import regex

# Weighted by how sure a mark is; the engine with the greatest sum wins. The words are taken from
# the engines' own manuals. A mark is a pattern in upper case, after a text that it contains: most
# marks are ruled out by that text alone.
MARKS: dict[str, tuple[tuple[int, str, str], ...]] = {
    "mysql": (
        (3, "ENGINE", r"\bENGINE\s*="), (3, "AUTO_INCREMENT", ""), (3, "UNSIGNED", ""),
        (3, "DEFAULT CHARSET", ""), (3, "CHARACTER SET", ""), (3, "/*!", r"/\*!\d{5}"),
        (3, "ON UPDATE CURRENT_TIMESTAMP", ""),
        (3, "MEDIUM", r"\bMEDIUM(?:TEXT|BLOB|INT)\b"), (3, "LONG", r"\bLONG(?:TEXT|BLOB)\b"),
        (3, "TINY", r"\bTINY(?:TEXT|BLOB|INT)\b"),
        (2, "`", r"`\w+`"), (2, "DATETIME", r"\bDATETIME\s*\("), (2, "INT", r"\bINT\s*\(\d+\)"),
        (2, "MODIFY", r"\bMODIFY\s+COLUMN\b"), (2, "FULLTEXT", ""),
    ),
    "postgres": (
        (3, "SERIAL", r"\b(?:BIG|SMALL)?SERIAL\b"), (3, "TIMESTAMPTZ", ""), (3, "JSONB", ""),
        (3, "BYTEA", ""), (3, "::", r"::\w"), (3, "CHARACTER VARYING", ""),
        (3, "USING", r"\bUSING\s+(?:BTREE|GIN|GIST|BRIN|HASH)\b"), (3, "CONCURRENTLY", ""),
        (3, "$$", ""), (3, "NEXTVAL", r"\bNEXTVAL\s*\("), (3, "ALTER TABLE ONLY", ""),
        (3, "TIME ZONE", r"\bWITH(?:OUT)? TIME ZONE\b"), (3, "CREATE EXTENSION", ""), (3, "PLPGSQL", ""),
        (3, "TEXT[]", ""), (3, "PG_CATALOG", ""), (3, "CITEXT", ""), (3, "OWNER TO", ""), (3, "OWNED BY", ""),
        (1, "AS IDENTITY", ""), (1, "UUID", r"\bUUID\b"), (1, "BOOLEAN", ""), (1, "NOW()", ""),
        (1, "RETURNING", ""), (1, "ON CONFLICT", ""),
    ),
    "sqlite": (
        (50, "AUTOINCREMENT", ""), (3, "PRAGMA", r"\bPRAGMA\s+\w"), (3, "WITHOUT ROWID", ""),
        (3, "SQLITE_", r"\bSQLITE_\w+"), (3, "STRICT", r"\bSTRICT\s*;"),
        # It takes MySQL's quotes; these MySQL does not know, nor a text as a key.
        (50, "STRFTIME(", ""), (50, "UNIXEPOCH(", ""),
        (50, "PRAGMA", r"\bPRAGMA\s+(?:DEFER_)?FOREIGN_KEYS\b"),
        (50, "PRIMARY KEY", r"`\w+` (?:TEXT(?:\(\d+\))?(?: NOT NULL)?|INTEGER) PRIMARY KEY\b(?! AUTO_)"),
    ),
    "tsql": (
        (3, "[DBO]", ""), (3, "DBO.", r"\bDBO\."), (3, "IDENTITY", r"\bIDENTITY\s*\(\s*\d+\s*,"),
        (3, "NVARCHAR", ""), (3, "UNIQUEIDENTIFIER", ""), (3, "DATETIME2", ""),
        (3, "CLUSTERED", r"\b(?:NON)?CLUSTERED\b"), (3, "GO", r"^[ \t]*GO[ \t]*\r?$"),
    ),
    "oracle": (
        (3, "VARCHAR2", r"\bVARCHAR2\s*\("), (3, "NUMBER", r"\bNUMBER\s*(?:\(\d|,)"),
        (3, "ENABLE ROW MOVEMENT", ""),
    ),
    "clickhouse": (  # more than MySQL's ENGINE and its quotes, which it shares
        (8, "MERGETREE", r"\bENGINE\s*=\s*\w*MERGETREE\b"), (8, "LOWCARDINALITY(", ""),
        (5, "NULLABLE(", ""), (5, "ON CLUSTER", ""), (5, "DATETIME64", ""), (5, "CODEC(", ""),
        (5, "INDEX_GRANULARITY", ""), (5, "GRANULARITY", r"\bGRANULARITY\s+\d"),
    ),
}  # fmt: skip
_MARKS = tuple(
    (dialect, weight, text, regex(pattern, re.MULTILINE) if pattern else None)
    for dialect, marks in MARKS.items()
    for weight, text, pattern in marks
)
_COMMENT = regex(r"/\*(?!!)[^*]*\*+(?:[^/*][^*]*\*+)*/|--[^\n]*")
MAX_LOOKED_AT = 40_000  # characters; a dump shows its hand early
ENOUGH = 20  # occurrences of one mark that are counted


def guess_dialect(text: str) -> str:
    """sqlglot's name of the engine, empty when nothing tells or two are as likely.

    Comments count for nothing: what a tool writes there quotes names in its own way.
    """
    looked_at = _COMMENT.sub(" ", text[:MAX_LOOKED_AT]).upper()
    points: dict[str, int] = {}
    for dialect, weight, mark, pattern in _MARKS:
        if mark not in looked_at:
            continue
        count = looked_at.count(mark) if pattern is None else _count(pattern, looked_at)
        points[dialect] = points.get(dialect, 0) + weight * min(count, ENOUGH)
    ranked = sorted(((p, dialect) for dialect, p in points.items() if p), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return ""
    return ranked[0][1]


def _count(pattern: re.Pattern[str], text: str) -> int:
    count = 0
    for _ in pattern.finditer(text):
        count += 1
        if count == ENOUGH:
            break
    return count
