"""The rows that an index of some rows holds, told as an object: `where: { deletedAt: null }`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.builders.values import is_null
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

NOT_NULL = regex(r"\{\s*\[?(?:[\w$]+\.)*(?:\$?(?:ne|not))\]?\s*:\s*(?:null|undefined)\s*,?\s*\}")
LITERALS = frozenset({"string", "number", "true", "false"})


def rows_told(reader: JavaScriptReader, members: Mapping[str, Node]) -> str:
    """As SQL; of a condition that is not known only that the column has a value."""
    columns = ((key.strip("'\"`"), value) for key, value in members.items())
    return " and ".join(_row(reader, key, value) for key, value in columns if key.isidentifier())


def _row(reader: JavaScriptReader, column: str, value: Node) -> str:
    given = bare(value)
    if given is None or NOT_NULL.fullmatch(reader.text(given)[:120]) is not None:
        return f"{column} is not null"
    if is_null(reader, given):
        return f"{column} is null"
    if given.type in LITERALS:
        return f"{column} = {reader.text(given)}".replace('"', "'")
    return f"{column} is not null"
