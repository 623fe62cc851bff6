"""Columns that a migration names, also by constants of other files: `table.string(UserField.email)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import options
from scaleaudit.languages.javascript.builders.named import text_with_names
from scaleaudit.regex import regex
from scaleaudit.values import Join, Name, text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.migrations.walk import Migration
    from scaleaudit.values import Value

NAMED = frozenset({"identifier", "member_expression"})
QUOTES = '"`['
WORD = regex(r"[\s(,.]?[\s(),;.]?")  # what stands around a name that is whole


def column(m: Migration, node: Node | None) -> str:
    """The text, or `${name:of:constant}`; empty where it is neither."""
    text = m.text(node)
    if not text and node is not None and node.type in NAMED:
        text = text_with_names(m.reader.value(node))
    return text


def columns(m: Migration, node: Node | None) -> list[str]:
    """The columns of a list, or the one that stands there; none where one is not known."""
    found = m.texts(node)
    if found or node is None:
        return found
    listed = options.literal_of(m.reader, node, "array")
    nodes = [node] if listed is None else [c for c in listed.named_children if c.type != "comment"]
    names = [column(m, each) for each in nodes]
    return names if all(names) else []


def sql_with_names(value: Value, hole: str) -> str:
    """A statement whose tables other files name: `CREATE TABLE ${TASKS_TABLE} (...)`.

    Such a name becomes `"${tasks_table}"`; inside another name (`idx_${TABLE}_at`), or where it
    cannot be a table's, it is put in as it is called.
    """
    if not isinstance(value, Join):
        return text_with_holes(value, hole)
    parts: list[str] = []
    for place, part in enumerate(value.parts):
        named = text_with_names(part).lower() if isinstance(part, Name) else ""
        if not named:
            parts.append(text_with_holes(part, hole))
            continue
        before = parts[-1][-1:] if parts else ""
        behind = value.parts[place + 1] if place + 1 < len(value.parts) else None
        after = text_with_holes(behind, hole)[:1] if behind is not None else ""
        if before in QUOTES and before:
            parts.append(named)
        elif WORD.fullmatch(before + after) is not None:
            parts.append(f'"{named}"')
        else:
            parts.append(named.strip("${}").replace(":", "_"))
    return "".join(parts)
