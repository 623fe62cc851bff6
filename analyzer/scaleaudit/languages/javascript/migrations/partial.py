"""The condition of a partial index that Sequelize makes, as SQL says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.builders.values import is_null
from scaleaudit.languages.javascript.callees import bare

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

PLAIN = frozenset({"string", "number", "true", "false"})


def condition_text(reader: JavaScriptReader, node: Node | None) -> str:
    """`{deletedAt: null, state: {[Op.ne]: null}}` is `deletedAt is null and state is not null`."""
    given = assembled(reader, node) if node is not None else None
    members = given.always if given is not None else []
    return " and ".join(
        part for key, value in members if key.isidentifier() for part in _of(reader, key, value)
    )


def _of(reader: JavaScriptReader, column: str, value: Node) -> list[str]:
    given = bare(value)
    if given is None:
        return []
    if given.type == "object":
        inner = assembled(reader, given)
        pairs = inner.always if inner is not None else []
        return [_compared(reader, column, spelled(name), operand) for name, operand in pairs]
    return [_compared(reader, column, "Op.in" if given.type == "array" else "Op.eq", given)]


def _compared(reader: JavaScriptReader, column: str, operator: str, operand: Node) -> str:
    given = bare(operand)
    if operator in ("Op.eq", "Op.is") and is_null(reader, given):
        return f"{column} is null"
    values = given.named_children if given is not None and given.type == "array" else [given]
    texts = [_literal(reader, each) for each in values]
    if not texts or not all(texts):
        return f"{column} is not null"  # true of whatever a value is compared with
    if operator in ("Op.eq", "Op.is"):
        return f"{column} = {texts[0]}"
    if operator in ("Op.in", "Op.or"):
        return f"{column} in ({', '.join(texts)})"
    return f"{column} is not null"


def spelled(name: str) -> str:
    """`$ne`, as operators were written before they were symbols."""
    return f"Op.{name[1:]}" if name.startswith("$") else name


def _literal(reader: JavaScriptReader, node: Node | None) -> str:
    if node is None or node.type not in PLAIN:
        return ""
    text = reader.text(node)
    return f"'{text[1:-1]}'" if node.type == "string" else text
