"""Names in statements that people will run."""

from __future__ import annotations

from scaleaudit.regex import regex

PLAIN = regex(r"[a-z_][a-z0-9_]*")
# Words that PostgreSQL, MySQL or SQLite do not take as a name without quotes, and tables often bear.
RESERVED = {
    "order", "user", "group", "table", "key", "index", "check", "column", "default", "from", "to", "limit",
    "offset", "references", "select", "where", "when", "then", "end", "case", "desc", "asc", "all", "any", "and",
    "or", "not", "null", "primary", "unique", "values", "grant", "condition", "read", "write", "trigger", "usage",
    "option", "rank", "row", "rows", "groups", "system", "match", "partition", "range", "of", "on", "in", "as",
    "for", "both", "cast", "collate", "constraint", "current_user", "distinct", "do", "else", "except", "false",
    "fetch", "foreign", "having", "into", "leading", "natural", "only", "some", "true", "union", "using", "window",
    "with",
}  # fmt: skip


def quoted(name: str, dialect: str) -> str:
    """The name, in quotes where the engine would not take it plain."""
    if PLAIN.fullmatch(name) and name not in RESERVED:
        return name
    if dialect in ("mysql", "mariadb"):
        return "`" + name.replace("`", "``") + "`"
    return '"' + name.replace('"', '""') + '"'
