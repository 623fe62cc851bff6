"""The class of the object behind a local name, a parameter or an attribute, where its file tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.syntax import bare, dotted
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

CLASS = regex(r"[A-Z]\w*[a-z]\w*")
WORD = regex(r"\w+")
# What stands around the class in an annotation.
AROUND = frozenset({"Annotated", "Optional", "Union", "Depends", "Type", "None", "Provide"})
MAX_HEAD = 3_000  # bytes of parameters
MAX_CLASS = 30_000  # bytes of a class that are searched for an attribute


def is_class(written: str) -> bool:
    return CLASS.fullmatch(written.rpartition(".")[2]) is not None


def class_behind(reader: PythonReader, written: str, node: Node) -> str:
    """`Orders` for `orders` of `orders = Orders(session)`, for `self.orders` of `orders: Orders`."""
    owner, _, name = written.rpartition(".")
    if not owner:
        value = reader.local(name, node)
        made = bare(value) if value is not None else None
        if made is not None and made.type == "call":
            called = dotted(reader, made.child_by_field_name("function"))
            return called if is_class(called) else ""
        return of_parameter(reader, reader.function_around(node), name) if made is None else ""
    around = reader.class_around(node) if owner in ("self", "cls") else None
    return of_attribute(reader, around, name) if around is not None else ""


def of_parameter(reader: PythonReader, function: Node | None, name: str) -> str:
    holder = function.child_by_field_name("parameters") if function is not None else None
    if holder is None or holder.end_byte - holder.start_byte > MAX_HEAD:
        return ""
    for each in holder.named_children:
        kind = each.child_by_field_name("type")
        named = each.child_by_field_name("name") or next(iter(each.named_children), each)
        if kind is not None and reader.hint(named) == name:
            return first_class(reader.text(kind))
    return ""


def of_attribute(reader: PythonReader, around: Node, name: str) -> str:
    """By what the class gives it: an object, a parameter of a known class, an annotation."""
    text = reader.text(around)[:MAX_CLASS]
    word = re.escape(name)
    made = re.search(
        rf"(?:self\.|cls\.|\n\s+){word}\s*(?::([^=\n]+))?=\s*((?:\w+\.)*\w+)(\()?", text
    )
    if made is None:
        told = re.search(rf"\n\s+{word}\s*:([^=\n]+)\n", text)
        return first_class(told[1]) if told is not None else ""
    if made[1]:
        return first_class(made[1])
    if made[3]:
        return made[2] if is_class(made[2]) else ""
    handed = re.search(rf"[(,]\s*{re.escape(made[2])}\s*:([^=,)\n]+)", text)
    return first_class(handed[1]) if handed is not None else ""


def first_class(annotation: str) -> str:
    names = (word[0] for word in WORD.finditer(annotation))
    return next((each for each in names if is_class(each) and each not in AROUND), "")
