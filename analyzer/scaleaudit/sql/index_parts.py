"""What an index is made of: columns and expressions, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import IndexFact
from scaleaudit.sql.tokens import Kind, Reader, joined, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.source import Span
    from scaleaudit.sql.tokens import Token

MAX_PARENTHESES = 5  # around an expression, all of them needless
ORDER_WORDS = {"ASC", "DESC", "NULLS", "FIRST", "LAST", "COLLATE"}


def index_columns(inside: Sequence[Token]) -> tuple[str, ...]:
    """Columns in order; an expression as its text in parentheses, without order or length."""
    found: list[str] = []
    for part in split(inside):
        first = part[0] if part else None
        if first is None:
            continue
        second = part[1] if len(part) > 1 else None
        called = (
            second is not None
            and second.text == "("
            and not (len(part) > 2 and part[2].kind is Kind.NUMBER)
        )
        operated = second is not None and second.kind is Kind.MARK and second.text not in ("(", "")
        if first.is_name and not called and not operated:
            found.append(first.name)
            continue
        kept: list[Token] = []
        depth = 0
        for token in part:
            if token.kind is Kind.MARK:
                depth += {"(": 1, ")": -1}.get(token.text, 0)
            word = depth == 0 and token.kind is Kind.WORD and kept
            # A class of operators ends the expression too: `lower(name) text_pattern_ops`.
            if word and (token.text in ORDER_WORDS or token.text.endswith("_OPS")):
                break
            kept.append(token)
        text = joined(kept)
        for _ in range(MAX_PARENTHESES):
            if not (text.startswith("(") and _closes_at_end(text)):
                break
            text = text[1:-1].strip()
        if text.isidentifier() and any(token.text == "::" for token in kept):
            text = f"cast({text})"
        found.append(text if text.isidentifier() else f"({text})")
    return tuple(found)


def _closes_at_end(text: str) -> bool:
    depth = 0
    for position, char in enumerate(text):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth == 0:
            return position == len(text) - 1
    return False


def exclusion(reader: Reader, at: Span, name: str) -> IndexFact | None:
    """`EXCLUDE USING gist (room_id WITH =, during WITH &&)`: PostgreSQL keeps it as an index."""
    reader.words("EXCLUDE")
    method = reader.take().name.lower() if reader.words("USING") else "gist"
    kept: list[Token] = []
    depth, compared = 0, False
    for token in reader.group():
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        compared = (compared or token.text == "WITH") and not (depth == 0 and token.text == ",")
        if not compared:
            kept.append(token)
    columns = index_columns(kept)
    where = joined(reader.group()) if reader.words("WHERE") else ""
    return IndexFact(columns, name, where=where, method=method, at=at) if columns else None
