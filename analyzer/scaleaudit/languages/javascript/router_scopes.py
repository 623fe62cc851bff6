"""Routers of one name in several functions of a file are told apart by the function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import LOCAL_ROUTER
from scaleaudit.languages.javascript import scopes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader


def own_name(reader: JavaScriptReader, name: str, node: Node) -> str:
    """`router` of the module as it is; `router of users` for one that a function makes or takes."""
    head, dot, rest = name.partition(".")
    if head in ("this", "") or LOCAL_ROUTER in name:
        return name
    for function in scopes.functions_around(reader, node):
        if _binds(reader, function, head):
            return f"{head}{LOCAL_ROUTER}{reader.definition_name(function)}{dot}{rest}"
    return name


def _binds(reader: JavaScriptReader, function: Node, name: str) -> bool:
    bounds = function.start_byte, function.end_byte
    if any(each[:2] == bounds for each in reader.scoped.get(name, ())):
        return True
    return scopes.has_parameter(reader, function, name)
