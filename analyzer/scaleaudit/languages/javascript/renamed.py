"""Calls under a name of the file's own: `import session from "express-session"`.

A tree query filters calls by the last part of what the tables name. A default import has any
name: its calls are found by a byte search, in the files alone that import such a module.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.callees import CALLS, TRANSPARENT
from scaleaudit.languages.javascript.frameworks import FRAMEWORKS
from scaleaudit.languages.patterns import expand

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_CALLS = 500  # of one name in one file
BINDS = {
    "variable_declarator",
    "assignment_expression",
    "public_field_definition",
    "field_definition",
}


@cache
def _known() -> frozenset[str]:
    """All callees of the tables and their beginnings: `a`, `a.b`, `a.b.c`."""
    return frozenset(
        callee[: match.start()] if match else callee
        for pattern in FRAMEWORKS
        for written in pattern.callees
        for callee in expand(written)
        for match in (*re.finditer(r"\.", callee), None)
    )


def add_calls(reader: JavaScriptReader, captures: dict[str, list[Node]]) -> None:
    """Adds calls of renamed imports to the captures, and what they are assigned to."""
    calls = captures.setdefault("call", [])
    bindings = captures.setdefault("binding", [])
    seen_calls, seen_bindings = {node.id for node in calls}, {node.id for node in bindings}
    for name, origin in reader.imports.items():
        if origin not in _known() or origin.rpartition(".")[2] == name:
            continue
        written = re.compile(rb"(?<![\w$.])" + re.escape(name.encode()) + rb"\s*(?:<[^()]{1,80}>)?\s*\(")
        for number, match in enumerate(written.finditer(reader.content)):
            node = _call_at(reader, match.start(), match.start() + len(name.encode()))
            if node is None or number >= MAX_CALLS:
                continue
            if node.id not in seen_calls:
                seen_calls.add(node.id)
                calls.append(node)
            above = node.parent
            while above is not None and above.type in TRANSPARENT:
                above = above.parent
            if above is not None and above.type in BINDS and above.id not in seen_bindings:
                seen_bindings.add(above.id)
                bindings.append(above)


def _call_at(reader: JavaScriptReader, start: int, end: int) -> Node | None:
    node = reader.root.descendant_for_byte_range(start, end)
    above = node.parent if node is not None and node.type == "identifier" else None
    return above if above is not None and above.type in CALLS else None
