"""Imports of Python modules, also inside of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ImportFound
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

PLAIN_IMPORT = regex(r"from ([\w.]+) import ([\w, ]+|\([\w,\s]+\))")


def imported(reader: PythonReader, node: Node) -> Iterator[ImportFound]:
    """The fact of an import, and what its names stand for from here on."""
    lazy = type_only = False
    if node.start_point[1] > 0:  # else it stands at module level
        lazy = reader.function_around(node) is not None
        type_only = any(
            above.type == "if_statement"
            and (test := above.child_by_field_name("condition")) is not None
            and "TYPE_CHECKING" in reader.hint(test)
            for above in reader.ancestors(node)
        )
    text = reader.text(node)
    plain = PLAIN_IMPORT.fullmatch(text)
    if plain is not None:  # most imports; reading their nodes one by one costs more
        module = plain[1]
        written = [name.strip() for name in plain[2].strip("()").split(",")]
        parts = [name.partition(" as ") for name in written if name]
        named = [(name, alias.strip() or name) for name, _, alias in parts]
        for name, here in named:
            reader.imports[here] = f"{module}.{name}"
        yield ImportFound(reader.span(node), module, tuple(named), "", lazy, type_only)
        return
    module_node = node.child_by_field_name("module_name")
    pairs = [_aliased(reader, child) for child in node.children_by_field_name("name")]
    if module_node is None:
        for module, alias in pairs:
            top = module.partition(".")[0]
            reader.imports[alias or top] = module if alias else top
            yield ImportFound(reader.span(node), module, (), alias, lazy, type_only)
        return
    module = reader.text(module_node)
    named = [(name, alias or name) for name, alias in pairs]
    for name, here in named:
        reader.imports[here] = f"{module}.{name}"
    if not named:
        named.append(("*", ""))
    yield ImportFound(reader.span(node), module, tuple(named), "", lazy, type_only)


def _aliased(reader: PythonReader, node: Node) -> tuple[str, str]:
    if node.type != "aliased_import":
        return reader.text(node), ""
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    return (reader.text(name) if name else "", reader.text(alias) if alias else "")
