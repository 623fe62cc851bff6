"""The paths that routers are mounted at, also those that an object of settings holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import functions, scopes
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Parameter, Setting, Unknown, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.values import Value

PATH_NAME = regex(r"(?i)(path|prefix|ur[il]|base|mount(point)?)$")
HELD = regex(r"(?:this\.)?[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*){1,6}")
# What a program calls a variable of its environment, and keeps it as in its objects of settings.
VARIABLE = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


# What settings call the path that a whole application is moved to; as a rule, none.
BASE = regex(
    r"(?i)(?:^|[._])(?:\w*(?:base|root|prefix|context|mount|sub)_?(?:ur[il]|path|route)s?(?:_?path)?|prefix)$"
)


def behind_base(path: Value) -> Value:
    """A path without the one in front that only settings know: `${config.basePath}/orders`."""
    first = path.parts[0] if isinstance(path, Join) else None
    if isinstance(path, Join) and isinstance(first, Unknown) and BASE.search(first.hint):
        return join(*path.parts[1:])
    return path


def mount_path(args: list[Node], reader: JavaScriptReader) -> Value | None:
    """The first of several arguments, when it is a path."""
    first = args[0]
    if len(args) < 2:
        return None
    if first.type in ("string", "template_string", "binary_expression"):
        return behind_base(reader.value(first))
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
