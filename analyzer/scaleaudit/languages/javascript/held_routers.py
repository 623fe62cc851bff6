"""Routers that an object holds: `this.routers.orders = new OrdersRouter()`, mounted as its `router`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import imports, scopes
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.reader import Reader

HOLDER = regex(r"[\w$]+(?:\.[\w$]+){0,3}")
OF_ROUTES = regex(r"(?i)rout(?:er|es?|ing)$")
MADE = rb"new\s+([\w$.]{1,80})\s*\("
CALLED = rb"(?:await\s+)?(new\s+)?([\w$.]{1,80})\s*\("
MAX_CLASS = 20_000  # characters of a class that are searched for the type of a field
NAMED = rb"([A-Za-z_$][\w$]{0,80})\s*[;\n]"


def held_router(node: Node, reader: Reader, *, sure: bool) -> str:
    """The class or the router that a member expression stands for; empty when the file does not
    say so, or says more than one. `sure`: it must be a router by its name."""
    name = reader.text(node)
    if not HOLDER.fullmatch(name) or (sure and not OF_ROUTES.search(name)):
        return ""
    holder = name.rpartition(".")[0]
    made = _assigned(holder, MADE, reader) if holder != "this" else ""
    if not made and name.startswith("this."):
        made = _assigned(name, NAMED, reader)
    return made


def _assigned(name: str, what: bytes, reader: Reader) -> str:
    """What the file assigns to a name, if only where it is still empty: `x = x || new Orders()`."""
    own = re.escape(name).encode()
    pattern = (
        rb"(?<![\w$.])" + own + rb"(?:\s*:\s*[\w$.]{1,80})?\s*=\s*"
        rb"(?:" + own + rb"\s*(?:\|\||\?\?)\s*|options\.[\w$.]{1,80}\s*(?:\|\||\?\?)\s*)?" + what
    )
    found = {match[1].decode(errors="replace") for match in re.finditer(pattern, reader.content)}
    return found.pop() if len(found) == 1 else ""


def taken_router(node: Node, reader: JavaScriptReader) -> str:
    """The class of the object that a variable's router is taken out of, empty for any other:
    `const orders = new Orders().router`, `const { router } = new Orders()`."""
    name = reader.text(node)
    given = scopes.local(reader, name, node) or reader.declared.get(name)
    if given is not None:
        member = bare(given)
        holder = member.child_by_field_name("object") if member is not None else None
        return _class_made(holder, reader)
    taken = scopes.taken_from(reader, name, node)
    if taken is not None:
        return _class_made(taken[1], reader)
    unpacked = (
        rb"\{[^{}=]{0,80}(?<![\w$])" + re.escape(name).encode() + rb"\s*(?:,[^{}=]{0,80})?\}\s*=\s*"
    )
    found = {
        match[2].decode(errors="replace")
        for match in re.finditer(unpacked + CALLED, reader.content)
        if match[1] or _is_ours(match[2].decode(errors="replace"), reader)
    }
    return found.pop() if len(found) == 1 else ""


def made_elsewhere(name: str, node: Node, reader: JavaScriptReader) -> str:
    """The function or class of another file that a variable is made by: `const users = make(db)`."""
    given = bare(scopes.local(reader, name, node) or reader.declared.get(name))
    if given is None:
        return ""
    made = given.child_by_field_name("function") or given.child_by_field_name("constructor")
    text = reader.text(made) if made is not None and made.type == "identifier" else ""
    return text if _is_ours(text, reader) else ""


def _is_ours(name: str, reader: JavaScriptReader) -> bool:
    """Whether a name comes from another module of the repository."""
    return reader.imports.get(name, "").startswith(imports.OWN_PREFIXES)


def typed_router(node: Node, reader: JavaScriptReader) -> str:
    """The imported class of the field that holds a router: `this.users.router`."""
    words = reader.text(node).split(".") if node.type == "member_expression" else []
    own = reader.class_around(node) if len(words) == 3 and words[0] == "this" else None
    if own is None:
        return ""
    written = rf"\b{re.escape(words[1])}[!?]?\s*:\s*([A-Z]\w{{0,80}})"
    found = set(re.findall(written, reader.text(own)[:MAX_CLASS]))
    name = found.pop() if len(found) == 1 else ""
    return name if _is_ours(name, reader) else ""


def _class_made(node: Node | None, reader: JavaScriptReader) -> str:
    made = bare(node)
    if made is None:
        return ""
    maker = made.child_by_field_name("constructor") or made.child_by_field_name("function")
    if maker is None or maker.type != "identifier":
        return reader.text(maker) if maker is not None and made.type == "new_expression" else ""
    text = reader.text(maker)
    return text if made.type == "new_expression" or _is_ours(text, reader) else ""
