"""Classes and functions by their full names, and the links of a chain of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.php import scopes
from scaleaudit.languages.php.class_names import (
    CLASS_NAMES,
    FACADES,
    MEMBER_CALLS,
    class_name,
    created,
)
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.php.reader import PhpReader

MEMBERS = {"member_access_expression", "nullsafe_member_access_expression"}
OWN = {"self", "static", "parent"}
# Applications and routers that a file is handed: known by their name alone.
ROUTER = regex(r"^\$(app|router|routes?|group|api|r)$")
# Objects whose methods return themselves until the last one acts: what stands between is dropped.
FLUENT = {f"{FACADES}{name}" for name in ("Route", "Http", "Storage", "Queue", "Bus")} | {"router?"}


class Link(Gathering):
    """One step of `Http::timeout(3)->post($url)`: its name, and its call when it is one."""

    name: str
    call: Node | None


def chain(reader: PhpReader, node: Node) -> tuple[Node, list[Link]]:
    """The node a chain of members starts with, and its links from left to right."""
    links: list[Link] = []
    at = node
    for _ in range(MAX_NESTING):
        if at.type == "parenthesized_expression" and at.named_children:
            at = at.named_children[0]
            continue
        name = at.child_by_field_name("name")
        word = reader.text(name) if name is not None and name.type == "name" else "?"
        if at.type in MEMBER_CALLS or at.type in MEMBERS:
            links.append(Link(word, at if at.type in MEMBER_CALLS else None))
            inner = at.child_by_field_name("object")
        elif at.type == "scoped_call_expression":
            links.append(Link(word, at))
            inner = at.child_by_field_name("scope")
        else:
            break
        if inner is None:
            break
        at = inner
    links.reverse()
    return at, links


def links_of(reader: PhpReader, node: Node) -> dict[str, Node]:
    """The calls of a chain that ends with this call, by name."""
    return {link.name: link.call for link in chain(reader, node)[1] if link.call is not None}


def qualified(reader: PhpReader, node: Node) -> tuple[str, CallSite | None]:
    """The full name of what a call calls, and the call that made the object it starts with.

    What is not known starts with `?`, a router known by its name alone with `router?`.
    """
    start, links = chain(reader, node)
    words = [link.name for link in links]
    if start.type == "function_call_expression":
        function = start.child_by_field_name("function")
        name = reader.text(function) if function is not None else "?"
        if not words and not name.startswith("$"):
            return reader.functions.get(name, name.rpartition("\\")[2]), None
        return ".".join([name, *words]), None
    if start.type in CLASS_NAMES:
        base = class_name(reader, reader.text(start))
        made: CallSite | None = None
    elif start.type == "object_creation_expression":
        base = created(reader, start)
        made = reader.site(start) if words else None
    elif start.type == "relative_scope":
        base, made = "self", None
    elif start.type == "variable_name":
        base, made, words = _of_variable(reader, start, words)
    else:
        base, made = "?", None
    if base in FLUENT and len(words) > 1:
        words = words[-1:]
    return ".".join([base, *words]), made


def _of_variable(
    reader: PhpReader, variable: Node, words: list[str]
) -> tuple[str, CallSite | None, list[str]]:
    name = reader.text(variable)
    if name == "$this" and len(words) > 1:
        bound = scopes.field(reader, words[0], variable)
        rest = words[1:]
    else:
        bound, rest = scopes.variable(reader, name, variable), words
    if bound is not None:
        return bound.type, bound.made_by, rest
    if name != "$this" and ROUTER.match(name):
        return "router?", None, words
    return ("this" if name == "$this" else "?"), None, words
