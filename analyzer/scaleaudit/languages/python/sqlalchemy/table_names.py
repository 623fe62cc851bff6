"""Names of tables that are made of the names of their classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.syntax import literal
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

WORDS = regex(r"[A-Z]+(?=[A-Z][a-z]|\d|$)|[A-Z]?[a-z]+|[A-Z]|\d+")
NAMED = regex(r"__name__\s*\.lower\(\)|\blower\(\s*\w+\.__name__")


def template(reader: PythonReader, value: Node) -> str:
    """How a table's name is made of the class's: `{lower}`, `{snake}`, with what is added."""
    text = reader.text(value)[:300]
    if "__name__" not in text and "name" not in text:
        return ""
    ending = ""
    if value.type == "binary_operator":
        right = value.child_by_field_name("right")
        ending = literal(reader, right) if right is not None else ""
    elif value.type == "string":
        ending = text.rpartition("}")[2].strip("\"'")
    form = "{lower}" if NAMED.search(text) and "re." not in text else "{snake}"
    return form + ending


def default_name(name: str, form: str) -> str:
    """The table of a class by a template: `{snake}s` of `OrderItem` is `order_items`."""
    last = name.rpartition(".")[2]
    snake = "_".join(word.lower() for word in WORDS.findall(last))
    return form.replace("{lower}", last.lower()).replace("{snake}", snake)
