"""Routes of AdonisJS: groups are closures without a router, whose prefix is said behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.javascript.callees import CALLS
from scaleaudit.languages.patterns import Route
from scaleaudit.values import Literal, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

MAX_CHAIN = 12  # calls behind a route or a group
# The actions of a resource: method, what stands behind its path, whether a page for people.
ACTIONS = {
    "index": ("GET", "", False),
    "create": ("GET", "/create", True),
    "store": ("POST", "", False),
    "show": ("GET", "/:id", False),
    "edit": ("GET", "/:id/edit", True),
    "update": ("PUT PATCH", "/:id", False),
    "destroy": ("DELETE", "/:id", False),
}


class GroupedRoute(Route, frozen=True, kw_only=True):
    """`router.group(() => { router.get("/x", ...) }).prefix("/api")`."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        before = _groups(site.node, reader)
        for fact in self.own(site, reader):
            if not isinstance(fact, EndpointServed) or isinstance(fact.path, Unknown):
                continue
            for prefix in before:
                fact = replace(fact, path=join(prefix, Literal("/"), fact.path))
            yield replace(fact, router="", handler=_handler(fact.handler))

    def own(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        return Route.facts(self, site, reader)


class ResourceRoutes(GroupedRoute, frozen=True, kw_only=True):
    """`router.resource("posts", PostsController).apiOnly()`."""

    def own(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        path = self.path.value(site, reader)
        if path is None:
            return
        chain = dict(_behind(site.node, reader))
        only, left_out = _words(chain.get("only")), _words(chain.get("except"))
        for action, (methods, end, page) in ACTIONS.items():
            if (page and "apiOnly" in chain) or (only and action not in only) or action in left_out:
                continue
            for method in methods.split():
                yield EndpointServed(
                    reader.span(site.node), method, join(path, Literal(end)), "", ""
                )


def _handler(text: str) -> str:
    """`[PostsController, "index"]` as `PostsController.index`."""
    found = re.fullmatch(r"\[\s*([\w$.]+)\s*,\s*['\"](\w+)['\"]\s*\]|['\"]([\w/.]+)['\"]", text)
    if found is None:
        return text
    return found[3] or f"{found[1]}.{found[2]}"


def _groups(node: Node, reader: Reader) -> list[Value]:
    """The prefixes of the groups around, the innermost first."""
    found: list[Value] = []
    for above in reader.ancestors(node):
        holder = above.parent if above.type in reader.FUNCTIONS else None
        call = holder.parent if holder is not None and holder.type == "arguments" else None
        if call is None or reader.callee(call).rpartition(".")[2] != "group":
            continue
        prefix = dict(_behind(call, reader)).get("prefix")
        given = prefix.named_children if prefix is not None else []
        if given:
            found.append(reader.value(given[0]))
    return found


def _behind(call: Node, reader: Reader) -> Iterator[tuple[str, Node | None]]:
    """The methods of the chain behind a call, and their arguments."""
    at = call
    for _ in range(MAX_CHAIN):
        member = at.parent
        above = member.parent if member is not None else None
        if member is None or above is None or member.type != "member_expression":
            return
        name = member.child_by_field_name("property")
        if name is None or above.type not in CALLS:
            return
        yield reader.text(name), above.child_by_field_name("arguments")
        at = above


def _words(holder: Node | None) -> list[str]:
    text = (holder.text or b"").decode("utf-8", "replace")[:1_000] if holder is not None else ""
    return re.findall(r"['\"](\w+)['\"]", text)
