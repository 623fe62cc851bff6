"""Repositories of a project's own that are made with a model: `super(Order)`, `this.model = Order`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

_MODEL = rb"((?:\w+\.)*(?:[mM]odels|db)\.\w+|[A-Z]\w*)"
_ENDS = rb"\s*(?=[,;)}\n]|$)"
HANDED = regex(rb"\bsuper\s*\(\s*(?:\{[^{}]{0,200}?\bmodel\s*:\s*)?" + _MODEL + _ENDS)
OWN = regex(r"this\.#?(\w*(?:[mM]odel|[eE]ntity|[cC]ollection|[rR]epository|[rR]epo))")
# What a generic class is asked, by an object alone.
OWN_CALL = regex(
    rb"\b(this|super)\s*\.\s*((?:find|get|list|count|exists?|search|fetch|load|first|one)\w*)\s*(\()\s*\{"
)
# A function of the project that is handed the model: `findOne(Order, { code })`.
HELPER_CALL = regex(
    rb"\b((?:find|get|list|count|exists?|search|fetch|load)\w*)\s*(\()\s*" + _MODEL + rb"\s*,\s*\{"
)
NAMED_REPOSITORY = regex(r"this\.[#_]?([a-z]\w*)(?:Repository|Repo|Dao|DAO)")
SINGLE = regex(r"One|First|^(?:one|first|exists?)(?![a-z])")


def kept_model(reader: JavaScriptReader, node: Node | None) -> str:
    """The model that the class around keeps, as written; empty where none or several are told."""
    around = reader.class_around(node) if node is not None else None
    if (
        around is None
        or b"extends" not in reader.content[around.start_byte : around.start_byte + 400]
    ):
        return ""
    found = {
        match[1] for match in HANDED.finditer(reader.content, around.start_byte, around.end_byte)
    }
    return found.pop().decode() if len(found) == 1 else ""


def member_model(reader: JavaScriptReader, node: Node, text: str) -> str:
    """The model behind `this.model`, by what the class gives it or hands on to its base."""
    match = OWN.fullmatch(text)
    around = reader.class_around(node) if match is not None else None
    if match is None or around is None:
        return ""
    given = re.compile(
        rb"(?:this\.#?|\b)" + match[1].encode() + rb"\s*(?::[^=;\n]{1,80})?=\s*" + _MODEL + _ENDS
    )
    found = {each[1] for each in given.finditer(reader.content, around.start_byte, around.end_byte)}
    if found:
        return found.pop().decode() if len(found) == 1 else ""
    return kept_model(reader, node)


def by_name(text: str) -> str:
    """`this.orderRepository` is taken for that of `Order`; whether there is such a model, the linker tells."""
    match = NAMED_REPOSITORY.fullmatch(text)
    return f"{match[1][:1].upper()}{match[1][1:]}" if match is not None else ""


def has_method(reader: JavaScriptReader, around: Node, name: str) -> bool:
    """Whether the class has a method of this name itself."""
    body = around.child_by_field_name("body")
    return body is not None and any(
        reader.definition_name(each) == name
        for each in body.named_children
        if each.type == "method_definition"
    )
