"""go-zero: routes in lists of structures, as its generator writes them from a description."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.go.router_prefixes import tidy
from scaleaudit.languages.go.routing import handler_name, verbs_in
from scaleaudit.languages.patterns import Pattern, Serve
from scaleaudit.record import Record
from scaleaudit.values import Literal, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

MODULES = "{github.com/zeromicro/go-zero,github.com/tal-tech/go-zero}"
REST, RPC = f"{MODULES}/rest", f"{MODULES}/zrpc"
MAX_NODES = 20_000  # of one list
MAX_DEPTH = 8  # of calls and lists around a route


class ListedRoutes(Record, frozen=True, kw_only=True):
    """`server.AddRoutes([]rest.Route{{Method: ..., Path: ...}}, rest.WithPrefix("/v1"))`."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        own = cast("GoReader", reader)
        prefix: Value = Literal("")
        for each in site.args[1:]:
            if each.type == "call_expression" and own.callee(each).endswith("WithPrefix"):
                given = own.arguments(each)[0]
                prefix = own.value(given[0]) if given else prefix
        for literal, fields in written(own, site.args[0]) if site.args else ():
            path = own.value(fields["Path"])
            if isinstance(path, Unknown):
                continue
            yield EndpointServed(
                at=own.span(literal),
                method=verbs_in(own.text(fields["Method"]))[0] if "Method" in fields else "*",
                path=tidy(join(prefix, Literal("/"), path)) if prefix != Literal("") else path,
                handler=handler_name(own, fields["Handler"]) if "Handler" in fields else "",
            )


def written(reader: GoReader, given: Node) -> Iterator[tuple[Node, dict[str, Node]]]:
    """The structures with a path, in order, also inside the call that hangs filters on them."""
    todo = [(given, 0)]
    for _ in range(MAX_NODES):
        if not todo:
            return
        node, depth = todo.pop()
        fields = members(reader, node) if node.type == "literal_value" else {}
        if "Path" in fields:
            yield node, fields
        elif depth <= MAX_DEPTH and node.type != "func_literal":
            todo += [(each, depth + 1) for each in reversed(node.named_children)]


def members(reader: GoReader, literal: Node) -> dict[str, Node]:
    """The fields that a structure names, with what they are set to."""
    found: dict[str, Node] = {}
    for element in literal.named_children:
        parts = element.named_children if element.type == "keyed_element" else []
        if len(parts) == 2 and parts[1].named_children:
            found[reader.text(parts[0])] = parts[1].named_children[0]
    return found


GO_ZERO: tuple[Pattern, ...] = (
    ListedRoutes(callees=(f"{REST}.Server.{{AddRoutes,AddRoute}}",)),
    Serve(callees=(f"{REST}.{{MustNewServer,NewServer}}",), library="go-zero"),
    Serve(callees=(f"{RPC}.{{MustNewServer,NewServer}}",), library="grpc"),
)
