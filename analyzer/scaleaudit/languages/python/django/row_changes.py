"""Functions of Django's migrations that write every row of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import TableChanged
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_FUNCTION = 20_000  # bytes
GIVEN = regex(
    r"(?<!\w)(\w++)\s*+=\s*+\w++\.get_model\(\s*[\"'](?:\w+\.|\w+[\"']\s*,\s*(?:model_name\s*=\s*)?[\"'])(\w+)[\"']\s*,?\s*\)"
)
MANAGER = r"\.(?:objects|_default_manager|_base_manager|all_objects)(?:\.using\([^()]*\))?"
UPDATED = regex(r"\b(?P<model>\w+)" + MANAGER + r"(?:\.all\(\))?\.update\(")
LOOPED = regex(
    r"\bfor\s+(\w+)\s+in\s+(?P<model>\w+)" + MANAGER + r"\.(?:all\(\)|iterator\()[^:\n]*:"
)


def whole_tables(reader: PythonReader, code: Node | None) -> Iterator[TableChanged]:
    """`Order.objects.update(...)`, and a loop over all that saves each."""
    function = named_function(reader, code)
    if function is None or function.end_byte - function.start_byte > MAX_FUNCTION:
        return
    text = reader.text(function)
    line = reader.span(function).line
    for match in GIVEN.finditer(text):
        place = written(text, match[1])
        if place >= 0:
            at = Span(line + text.count("\n", 0, place))
            yield TableChanged(at, "", "backfill", model=match[2].lower())


def named_function(reader: PythonReader, code: Node | None) -> Node | None:
    name = reader.text(code) if code is not None and code.type == "identifier" else ""
    for child in reader.root.named_children if name else ():
        if child.type == "function_definition" and reader.definition_name(child) == name:
            return child
    return None


def written(text: str, model: str) -> int:
    """Where all rows of the model are written, -1 when they are not."""
    if f"{model}." not in text:
        return -1
    for updated in UPDATED.finditer(text) if ".update(" in text else ():
        if updated["model"] == model:
            return updated.start()
    for loop in LOOPED.finditer(text) if ".save(" in text else ():
        if loop["model"] == model and f"{loop[1]}.save(" in text[loop.end() :]:
            return loop.start()
    return -1
