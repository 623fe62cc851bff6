"""Lists of conditions that are gathered line by line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.builders.chains import arguments, call_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_PUSHES = 20  # to one list


def pushes(reader: JavaScriptReader, name: Node) -> Iterator[Node]:
    """What the function around a name pushes to the list behind it."""
    for _, args in pushed(reader, name):
        yield from args


def pushed(reader: JavaScriptReader, name: Node) -> Iterator[tuple[Node, list[Node]]]:
    """The calls that do so, each with what it is given."""
    around = reader.function_around(name)
    if around is None or name.type not in ("identifier", "shorthand_property_identifier"):
        return
    pattern = re.compile(rb"(?<![\w.$])" + re.escape(reader.text(name)).encode() + rb"\.push(\()")
    found = pattern.finditer(reader.content, around.start_byte, name.start_byte)
    for _, match in zip(range(MAX_PUSHES), found, strict=False):
        call = call_at(reader, match.start(1))
        if call is not None:
            yield call, arguments(call)
