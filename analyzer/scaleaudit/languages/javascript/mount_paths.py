"""The paths that routers are mounted at, also those that an object of settings holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import functions, scopes
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Parameter, Setting

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.values import Value

PATH_NAME = regex(r"(?i)(path|prefix|ur[il]|base|mount(point)?)$")
HELD = regex(r"(?:this\.)?[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*){1,6}")
# What a program calls a variable of its environment, and keeps it as in its objects of settings.
VARIABLE = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


def mount_path(site: CallSite, reader: JavaScriptReader) -> Value | None:
    """The first of several arguments, when it is a path."""
    first = site.args[0]
    if len(site.args) < 2:
        return None
    if first.type in ("string", "template_string", "binary_expression"):
        return reader.value(first)
    if first.type in ("identifier", "member_expression"):
        value = reader.value(first)
        if isinstance(value, Literal | Setting | Join):
            return value
        if PATH_NAME.search(reader.text(first)) is not None:
            return _held(first, reader) or value
    return None


def _held(node: Node, reader: JavaScriptReader) -> Value | None:
    """What an object holds that somebody handed in: `this.data.base` of `new App({ base: "/v1" })`;
    else the variable that it is called like: `this.config.BASE_PATH`."""
    text = reader.text(node).replace("?.", ".")
    if not HELD.fullmatch(text):
        return None
    last = text.rpartition(".")[2]
    name = Setting(last) if VARIABLE.fullmatch(last) else None
    own, words = reader.class_around(node), text.split(".")
    if words[0] != "this":
        holder, rest = words[0], words[1:]
        if not scopes.is_parameter(reader, holder, node):
            return None
        asked = functions.parameter(reader, holder, node)
    elif own is not None and len(words) > 2:
        rest = words[2:]
        asked = _given_field(own, words[1], reader)
    else:
        return name
    if asked is None:
        return name
    return Parameter(asked.function, ".".join(rest), default=name)


def _given_field(own: Node, field: str, reader: JavaScriptReader) -> Parameter | None:
    """The parameter of the constructor that a field is given as it is."""
    found = re.findall(rf"this\.{re.escape(field)}\s*=\s*([\w$]+)\s*[;\n]", reader.text(own))
    body = own.child_by_field_name("body")
    for method in body.named_children if body is not None and len(set(found)) == 1 else ():
        called = method.child_by_field_name("name")
        inside = method.child_by_field_name("body")
        if called is not None and inside is not None and reader.text(called) == "constructor":
            return functions.parameter(reader, found[0], inside)
    return None
