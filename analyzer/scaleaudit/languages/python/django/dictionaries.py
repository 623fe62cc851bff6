"""Conditions that stand in dictionaries: `filter(**filters)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.keywords import of_keyword
from scaleaudit.languages.python.django.logic import All
from scaleaudit.languages.python.django.nodes import arguments_of, bare, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known
    from scaleaudit.languages.python.django.variables import Given

MAX_DEPTH = 14  # conditions in conditions
MAX_ENTRIES = 200  # of one dictionary


def of_dictionary(known: Known, node: Node, depth: int) -> All:
    """`filter(**{"a__b": x})`, a dictionary that a local name holds, or that a function makes."""
    reader = known.reader
    node = bare(node)
    if depth > MAX_DEPTH:
        return All(partial=True)
    if node.type == "dictionary":
        return of_entries(known, node, depth)
    if node.type == "call":
        return of_call(known, node, depth)
    if node.type != "identifier":
        return All(partial=True)
    name = reader.text(node)
    function = known.function(node)
    if function is None or name not in function.given:
        above = reader.module_values.get(name)
        if above is None or (function is not None and name in function.parameters):
            return All(partial=True)
        return of_dictionary(known, above, depth + 1)
    total: All | None = None
    for change, sure in known.changes(function, name, node):
        value = of_change(known, change, depth)
        if total is None:
            # `if filters is None: filters = {}` says nothing of what a caller hands over.
            known_all = change.kind == "=" and (sure or name not in function.parameters)
            total = value if known_all else All(partial=True)
        elif change.kind == "=" and sure:
            total = value
        elif sure:
            total.add(value)
        else:
            total.extended.append((change.value, value))
    return total if total is not None else All(partial=True)


def of_entries(known: Known, node: Node, depth: int) -> All:
    """The entries of a literal, and of those that are spread into it."""
    found = All()
    for child in node.named_children[:MAX_ENTRIES]:
        if child.type == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            word = text_of(known.reader, key)
            if word and value is not None:
                found.add(of_keyword(known.reader, word, value))
            else:
                found.partial = True
        elif child.type == "dictionary_splat":
            found.add(of_dictionary(known, child.named_children[0], depth + 1))
        elif child.type != "comment":
            found.partial = True
    return found


def of_call(known: Known, call: Node, depth: int) -> All:
    """`dict(status=status)`; a function of the file, or a method of the class around, that makes one."""
    if known.reader.callee(call) == "dict":
        given = arguments_of(known.reader, call)
        found = All(partial=bool(given.starred))
        for each in (*given.given, *given.spread):
            found.add(of_dictionary(known, each, depth + 1))
        for key, value in given.named.items():
            found.add(of_keyword(known.reader, key, value))
        return found
    return known.made_by(call, lambda value: of_dictionary(known, value, depth + 1))


def of_change(known: Known, change: Given, depth: int) -> All:
    """`filters = {...}`, `filters["status"] = status`, `filters.update(status=status)`."""
    reader = known.reader
    if change.kind == "=":
        return of_dictionary(known, change.value, depth + 1)
    if change.kind == "[]" and change.left is not None:
        word = text_of(reader, change.left.child_by_field_name("subscript"))
        return of_keyword(reader, word, change.value) if word else All(partial=True)
    if change.kind != ".update":
        return All(partial=True)
    inner = arguments_of(reader, change.value)
    value = All(partial=bool(inner.starred))
    for each in (*inner.given, *inner.spread):
        value.add(of_dictionary(known, each, depth + 1))
    for key, each in inner.named.items():
        value.add(of_keyword(reader, key, each))
    return value
