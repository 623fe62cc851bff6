"""The routes that `devise_for :users` draws, for the modules that the model names.

Which modules these are stands in the model: the linker knows whether to keep a route, by its
framework `devise <module> <class>`. Source: `ActionDispatch::Routing::Mapper#devise_for`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import DEVISE, EndpointServed, SettingDefined
from scaleaudit.inflection import camelized, singular
from scaleaudit.languages.ruby.blocks import path_value, words
from scaleaudit.languages.ruby.route_options import path_option, text_option
from scaleaudit.languages.ruby.route_scopes import below, inner_path
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader
    from scaleaudit.languages.ruby.route_scopes import Scope

# controller -> (module that brings it, (methods, parts of the path by their own names, action))
ROUTES = {
    "sessions": (
        "database_authenticatable",
        (("GET", "sign_in", "new"), ("POST", "sign_in", "create"), ("DELETE", "sign_out", "destroy")),
    ),
    "passwords": (
        "recoverable",
        (
            ("GET", "password new", "new"),
            ("GET", "password edit", "edit"),
            ("PATCH PUT", "password", "update"),
            ("POST", "password", "create"),
        ),
    ),
    "registrations": (
        "registerable",
        (
            ("GET", "registration cancel", "cancel"),
            ("GET", "registration sign_up", "new"),
            ("GET", "registration edit", "edit"),
            ("PATCH PUT", "registration", "update"),
            ("DELETE", "registration", "destroy"),
            ("POST", "registration", "create"),
        ),
    ),
    "confirmations": (
        "confirmable",
        (
            ("GET", "confirmation new", "new"),
            ("GET", "confirmation", "show"),
            ("POST", "confirmation", "create"),
        ),
    ),
    "unlocks": (
        "lockable",
        (("GET", "unlock new", "new"), ("GET", "unlock", "show"), ("POST", "unlock", "create")),
    ),
}  # fmt: skip
UNNAMED = {"registration": ""}  # parts of the path that are nothing unless they are named
MODEL = regex(rb"(?m)^[ \t]*class[ ]+(?:\w+::)*(\w{1,60})")
MODULES = regex(rb"(?m)^[ \t]*devise[ (]\s{0,40}(:\w{1,40}(?:,\s{0,80}:\w{1,40}){0,20})")


def drawn_by_devise(
    reader: RubyReader, call: Node, args: list[Node], options: dict[str, Node], scope: Scope
) -> Iterator[EndpointServed]:
    only, left_out = options.get("only"), words(reader, options.get("skip"))
    for written in [word for each in args for word in words(reader, each)]:
        model = text_option(reader, options, "class_name", "") or camelized(singular(written))
        start = (*inner_path(scope), *path_option(reader, options, written))
        for controller, (module, routes) in ROUTES.items():
            kept = only is None or controller in words(reader, only)
            if not kept or controller in left_out or left_out == ["all"]:
                continue
            holder = named(reader, options, "controllers", controller)
            handler = holder or below(scope, f"devise/{controller}")
            for methods, parts, action in routes:
                ends = (named(reader, options, "path_names", part) or UNNAMED.get(part, part)
                        for part in parts.split())  # fmt: skip
                path = path_value(*start, *(end for end in ends if end))
                for method in methods.split():
                    yield EndpointServed(
                        reader.span(call), method, path, f"{handler}#{action}",
                        framework=f"{DEVISE}{module} {model}",
                    )  # fmt: skip


def named(reader: RubyReader, options: dict[str, Node], table: str, key: str) -> str:
    """`path_names: { sign_in: "login" }`."""
    node = options.get(table)
    for pair in node.named_children if node is not None and node.type == "hash" else ():
        name, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if name is None or value is None or reader.text(name).strip(":'\"") != key:
            continue
        return next(iter(words(reader, value)), "")
    return ""


def devise_modules(reader: RubyReader) -> Iterator[SettingDefined]:
    """`devise :database_authenticatable, :registerable` of a model."""
    model = MODEL.search(reader.content)
    found = MODULES.search(reader.content) if model is not None else None
    if model is None or found is None:
        return
    node = reader.root.descendant_for_byte_range(found.start(1), found.end(1))
    if node is not None:
        modules = re.findall(r":(\w+)", found[1].decode())
        value = Literal(" ".join(modules))
        yield SettingDefined(reader.span(node), model[1].decode(), value, DEVISE.strip())
