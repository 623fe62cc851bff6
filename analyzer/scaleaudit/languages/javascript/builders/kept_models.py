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
    if around is None:
        return ""
    known = reader.kept_models.get((around.id, ""))
    if known is None:
        extends = b"extends" in reader.content[around.start_byte : around.start_byte + 400]
        known = _only(HANDED, reader, around) if extends else ""
        reader.kept_models[around.id, ""] = known
    return known


def member_model(reader: JavaScriptReader, node: Node, text: str) -> str:
    """The model behind `this.model`, by what the class gives it or hands on to its base."""
    match = OWN.fullmatch(text)
    around = reader.class_around(node) if match is not None else None
    if match is None or around is None:
        return ""
    known = reader.kept_models.get((around.id, match[1]))
    if known is None:
        given = re.compile(
            rb"(?:this\.#?|\b)"
            + match[1].encode()
            + rb"\s*(?::[^=;\n]{1,80})?=\s*"
            + _MODEL
            + _ENDS
        )
        told = given.search(reader.content, around.start_byte, around.end_byte) is not None
        known = _only(given, reader, around) if told else kept_model(reader, node)
        reader.kept_models[around.id, match[1]] = known
    return known


def _only(pattern: re.Pattern[bytes], reader: JavaScriptReader, around: Node) -> str:
    places = pattern.finditer(reader.content, around.start_byte, around.end_byte)
    found = {match[1] for match in places}
    return found.pop().decode() if len(found) == 1 else ""


def by_name(text: str) -> str:
    """`this.orderRepository` is taken for that of `Order`; whether there is such a model, the linker tells."""
    match = NAMED_REPOSITORY.fullmatch(text)
    return f"{match[1][:1].upper()}{match[1][1:]}" if match is not None else ""


def has_method(reader: JavaScriptReader, around: Node, name: str) -> bool:
    """Whether the class has a method of this name itself."""
    own = reader.methods_of.get(around.id)
    if own is None:
        body = around.child_by_field_name("body")
        methods = body.named_children if body is not None else []
        own = {reader.definition_name(each) for each in methods if each.type == "method_definition"}
        reader.methods_of[around.id] = own
    return name in own
