"""Routes of the JVM: by annotations of methods and classes, and by calls inside calls."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.patterns import MAX_HANDLER_TEXT, Route
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

PLAIN = regex(r"(?:new )?[\w.$:]+(?:\(\w*\))?")  # not a function written in place
MAX_PREDICATES = 40  # looked at in one expression
NO_PATH = regex(r"(?:\w+\.)*(?:accept|contentType|method|headers|queryParam)\b")
FUNCTIONS_IN_PLACE = {"lambda_literal", "annotated_lambda", "lambda_expression"}


class MappedRoute(Route, frozen=True, kw_only=True):
    """A route by annotations.

    `path_beside` names the annotation on the same method that holds the path (JAX-RS), and
    `client_marks` what makes the enclosing interface a client, whose routes are another's.
    `nested_in` names calls around whose first argument is a prefix: `path("/api", () -> ...)`.
    """

    path_beside: tuple[str, ...] = ()
    client_marks: tuple[str, ...] = ()
    nested_in: tuple[str, ...] = ()
    on_class: bool = False  # the annotation stands on the class that handles the requests
    framework: str = ""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = site.target
        if target is not None and (target.type in reader.CLASSES) is not self.on_class:
            return
        around = reader.class_around(target) if target is not None else None
        above = list(reader.annotations.get(around.id, ())) if around is not None else []
        if any(each.name in self.client_marks for each in above):
            return
        paths = self.path.values(site, reader)
        if site.annotation and len(site.args) > 1:  # Kotlin's way to give several
            paths = [reader.value(arg) for arg in site.args]
        for beside in reader.annotations.get(target.id, ()) if target is not None else ():
            if beside.name in self.path_beside:
                paths = self.path.values(beside, reader)
        if (not paths and self.needs_path) or len(site.args) < self.least:
            return
        mapped = [each for each in above if each.name in self.prefix_on_class]
        prefixes = [value for each in mapped for value in self.path.values(each, reader)]
        prefixes = prefixes or self.prefixes_around(site, reader)
        verbs = self.verbs(site, reader)
        if verbs == ["*"]:
            verbs = next((found for each in mapped if (found := self.verbs(each, reader))), verbs)
        if site.annotation and target is not None:
            router = reader.scope(target)
        else:
            router = reader.callee(site.node).rpartition(".")[0]
        handler = self.handled_by(site, reader)
        for prefix, path, method in product(
            prefixes or [Literal("")], paths or [Literal("")], verbs
        ):
            yield EndpointServed(
                at=reader.span(site.node),
                method=method,
                path=slashed(prefix, path),
                handler=handler,
                router=router,
                protocol=self.protocol,
                own=path if self.framework and target is not None else None,
                framework=self.framework,
            )

    def verbs(self, site: CallSite, reader: Reader) -> list[str]:
        if site.name.endswith("Exchange"):
            return [site.name.removesuffix("Exchange").upper()]
        return Route.verbs(self, site, reader)

    def handled_by(self, site: CallSite, reader: Reader) -> str:
        handler = Route.handled_by(self, site, reader)
        if not handler and not site.annotation:
            handler = beside_predicate(reader, site.node)
        return handler if PLAIN.fullmatch(handler) else ""

    def prefixes_around(self, site: CallSite, reader: Reader) -> list[Value]:
        found: Value = Literal("")
        if not self.nested_in:
            return []
        for above in reader.ancestors(site.node):
            if above.type in reader.CALLS and not called_on(above, site.node):
                name = reader.callee(above).rpartition(".")[2]
                if name in self.nested_in:
                    outer = around_routes(reader, above)
                    if isinstance(outer, Unknown) and NO_PATH.match(outer.hint):
                        continue
                    found = slashed(outer, found)
        return [found]


def beside_predicate(reader: Reader, node: Node) -> str:
    """The handler of `route(GET("/a").and(...), orders::all)`."""
    for above in reader.ancestors(node):
        if above.type in reader.CALLS and not called_on(above, node):
            args = reader.arguments(above)[0]
            if len(args) == 2 and args[0].end_byte >= node.end_byte:
                return reader.text(args[1])[:MAX_HANDLER_TEXT]
            return ""
    return ""


def around_routes(reader: Reader, call: Node) -> Value:
    """The prefix that a call around gives: `nest(path("/a"), ...)`, Kotlin's `"/a".nest { }`."""
    args = reader.arguments(call)[0]
    if args and args[0].type not in FUNCTIONS_IN_PLACE:
        return reader.value(args[0])
    callee = call.named_children[0] if call.named_children else None
    while callee is not None and callee.type == "call_expression" and callee.named_children:
        callee = callee.named_children[0]  # the lambda stands behind the call
    if callee is not None and callee.type == "navigation_expression" and callee.named_children:
        return reader.value(path_among(reader, callee.named_children[0]))
    return UNKNOWN


def path_among(reader: Reader, node: Node) -> Node:
    """Of predicates that Kotlin joins by a word, `(accept(JSON) and "/orders")`, the one of a path."""
    waiting, seen = [node], 0
    while waiting and seen < MAX_PREDICATES:
        each, seen = waiting.pop(), seen + 1
        inner = each.named_children
        if each.type == "parenthesized_expression":
            waiting += inner[:1]
        elif each.type == "infix_expression":
            waiting += [inner[-1], inner[0]]
        elif reader.text(each)[:9].startswith(('"', "path(")):
            return each
    return node


def called_on(call: Node, node: Node) -> bool:
    """Whether a node stands in what a call is made on, not in its arguments."""
    receiver = call.child_by_field_name("object") or call.named_children[0]
    return receiver.start_byte <= node.start_byte and node.end_byte <= receiver.end_byte


def slashed(prefix: Value, path: Value) -> Value:
    """Two parts of a path with one slash between; either may be empty."""
    if path == Literal("") or prefix == Literal(""):
        return path if prefix == Literal("") else prefix
    first = prefix.parts[-1] if isinstance(prefix, Join) else prefix
    second = path.parts[0] if isinstance(path, Join) else path
    ends = isinstance(first, Literal) and first.text.endswith("/")
    starts = isinstance(second, Literal) and second.text.startswith("/")
    if ends and starts and isinstance(second, Literal):
        rest = path.parts[1:] if isinstance(path, Join) else ()
        return join(prefix, Literal(second.text[1:]), *rest)
    return join(prefix, path) if ends or starts else join(prefix, Literal("/"), path)
