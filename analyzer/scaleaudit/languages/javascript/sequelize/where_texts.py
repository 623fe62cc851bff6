"""Conditions of Sequelize in SQL, as older versions take them: `["code = ? AND due < ?", a, b]`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.javascript import options
from scaleaudit.languages.javascript.builders.chains import arguments, called, method
from scaleaudit.languages.javascript.builders.conditions import Either
from scaleaudit.languages.javascript.builders.fragments import HOLE, read_fragment
from scaleaudit.languages.javascript.builders.lists import pushes
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.conditions import Part
    from scaleaudit.languages.javascript.reader import JavaScriptReader

TEXTS = frozenset({"string", "template_string"})
BY_AND = regex(r"(?i)[\"'`]\s*and\s*[\"'`]")
INSIDE = regex(rb"[\w.$]")  # of another name
PLACES = regex(r"%[sdj]")  # of `util.format`


def is_text(reader: JavaScriptReader, node: Node) -> bool:
    """A text, also one that is put together: `"code = '" + code + "'"`."""
    if node.type != "binary_expression":
        return node.type in TEXTS
    text = reader.text(node)
    return text[:1] in "\"'`" and "+" in text


def read_text(reader: JavaScriptReader, text: Node, own: AbstractSet[str]) -> list[Part] | None:
    """What it compares; None where that is not known. `own`: what the table may be called in it."""
    written = PLACES.sub(HOLE, text_with_holes(reader.value(text), HOLE))
    found = read_fragment(written)
    return placed(found, own) if found is not None else None


def placed(parts: list[Part], own: AbstractSet[str]) -> list[Part] | None:
    """Without the own table's name before the columns; None where they are of another."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, Either):
            sides = [placed(side, own) for side in part.sides]
            known = [side for side in sides if side is not None]
            if len(known) < len(sides):
                return None
            found.append(Either(known))
            continue
        before, _, last = part.path.rpartition(".")
        if before and before.lower() not in own:
            return None
        found.append(msgspec.structs.replace(part, path=last))
    return found


def text_behind(reader: JavaScriptReader, name: Node) -> tuple[Node | None, bool]:
    """The text, or the list that begins with one, that a name holds, and whether that is all."""
    listed = options.literal_of(reader, name, "array")
    if listed is not None and listed.id != name.id:
        return listed, not any(True for _ in pushes(reader, name))
    written = reader.text(name)
    held = bare(reader.local(written, name))
    around = reader.function_around(name)
    if held is None or around is None or not is_text(reader, held):
        return None, False
    return held, not grows(reader, written.encode(), around)


def grows(reader: JavaScriptReader, name: bytes, around: Node) -> bool:
    """Whether a function adds to the text that it keeps in a variable."""
    added = re.compile(re.escape(name) + rb"\s*\+=")  # beginning with the name, which is fast
    return any(
        INSIDE.match(reader.content, match.start() - 1) is None
        for match in added.finditer(reader.content, around.start_byte, around.end_byte)
    )


def joined_by_and(reader: JavaScriptReader, node: Node) -> tuple[list[Node], list[Node]]:
    """(texts of a list, those that are pushed to it) of `parts.join(" AND ")`."""
    if node.type != "call_expression" or method(reader, node) != "join":
        return [], []
    function, args = called(node), arguments(node)
    held = function.child_by_field_name("object") if function is not None else None
    if held is None or len(args) != 1 or not BY_AND.fullmatch(reader.text(args[0])):
        return [], []
    listed = options.literal_of(reader, held, "array")
    if listed is None:
        return [], []
    return listed.named_children, list(pushes(reader, held)) if listed.id != held.id else []
