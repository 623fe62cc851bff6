"""One PHP file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from scaleaudit.facts import ConstantDefined, MessageReceived
from scaleaudit.languages import remote_names, table_strings
from scaleaudit.languages.loops import repeats
from scaleaudit.languages.php import (
    class_names,
    documented,
    front_controllers,
    growing_text,
    handed_routers,
    imports,
    injection,
    names,
    object_mappers,
    returned,
    saloon,
    settings_read,
    strings,
)
from scaleaudit.languages.php.requests import mail_hosts
from scaleaudit.languages.php.routes import of_required
from scaleaudit.languages.php.seldom import ASIDE, is_aside, is_seldom
from scaleaudit.languages.reader import MAX_NESTING, Reader
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Query, Tree

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.php.growing_text import Grown
    from scaleaudit.values import Value

MAX_MEMBERS = 200  # of one array
MAX_DEPTH = 3  # of arrays in arrays
# Laravel queues these by itself, when an event or a mail is sent.
NO_JOB = regex(r"(^|\.)(Listeners?|Notifications?|Mail)\.|(Listener|Notification|Mail)$")
BETWEEN = regex(r"@|::?")  # a controller and its method
CALLED_FOR_EACH = {"array_map", "array_walk", "array_filter", "each", "map", "chunk", "chunkById"}


class PhpReader(Reader):
    REMOTE_NAMES: ClassVar = remote_names.PHP
    SIGILS: ClassVar = b"$"
    FUNCTIONS: ClassVar = frozenset(
        {"function_definition", "method_declaration", "anonymous_function", "arrow_function"}
    )
    CLASSES: ClassVar = frozenset({"class_declaration", "trait_declaration", "enum_declaration"})
    LOOPS: ClassVar = frozenset(
        {"for_statement", "foreach_statement", "while_statement", "do_statement"}
    )
    STRINGS: ClassVar = frozenset(
        {*strings.STRINGS, "binary_expression", "parenthesized_expression"}
    )
    OPTION_OBJECTS: ClassVar = frozenset({"array_creation_expression"})
    CALLS: ClassVar = frozenset(class_names.CALLS)
    SHARES_CONSTANTS: ClassVar = True

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        self.on_demand = local_query
        self.functions: dict[str, str] = {}  # imported functions
        self.constants: dict[str, Value] = {}
        self.assignments: dict[tuple[int, str], list[Node]] | None = None  # filled when asked for
        self.typed_fields: dict[int, dict[str, Node]] = {}
        self._texts: dict[int, Grown | None] = {}  # of statements that later lines add to
        self.hops = 0  # variables followed for the type that is being worked out

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for node in captures.get("namespace", ())[:1]:
            self.namespace = self.text(node)
        for node in captures.get("use", ()):
            yield from imports.used(self, node)
        for node in captures.get("require", ()):
            for file in imports.required(self, node):
                yield file
                yield from of_required(self, node, file.module)
        for kind in ("constant", "property", "define"):
            for node in captures.get(kind, ()):
                yield from self._constant(node, kind)

    def _constant(self, node: Node, kind: str) -> Iterator[Fact]:
        if kind == "define":
            args = self.arguments(node)[0]
            name = self.text(args[0])[1:-1] if args and args[0].type in strings.STRINGS else ""
            given = args[1] if len(args) > 1 else None
        else:
            own = self.class_around(node)
            start = f"{self.definition_name(own)}." if own is not None else ""
            name = start + self.text(node.named_children[0]).lstrip("$")
            given = node.named_children[-1]
        if not name or given is None:
            return
        found = self.value(given)
        if isinstance(found, Literal | Setting | Join) and given.type not in ("integer", "float"):
            self.constants[name] = found
            if kind != "property" and len(self.text(given)) <= 500:
                yield ConstantDefined(self.span(node), name, found)

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        yield from settings_read.found(self)
        yield from injection.found(self)
        yield from returned.entries(self)
        if b"$_SERVER" in self.content:
            yield from front_controllers.routes(self)
        if b"PHPMailer" in self.content:
            yield from mail_hosts(self)
        yield from documented.routes(self)
        yield from handed_routers.mounts(self)
        yield from saloon.calls(self)
        yield from object_mappers.facts(self)
        if not self.schema_told:
            yield from table_strings.definitions(self, table_strings.IN_PHP)
        for node in captures.get("queued", ()):
            name = self.definition_name(node)
            full = class_names.class_name(self, name)
            topic = Literal(full)
            if not NO_JOB.search(full) and re.search(r"\bfunction\s+handle\b", self.text(node)):
                yield MessageReceived(self.span(node), "laravel-queue", topic, "laravel", "handle")

    # -- calls

    def callee(self, node: Node) -> str:
        """As written: `$router.get`, `Route.get`, `curl_init`."""
        if node.type == "attribute":
            return self.text(node.named_children[0]) if node.named_children else ""
        if node.type == "object_creation_expression":
            return class_names.created(self, node).rpartition(".")[2]
        start, links = names.chain(self, node)
        if start.type == "function_call_expression":
            start = start.child_by_field_name("function") or start
        short = start.end_byte - start.start_byte < 200
        return ".".join([self.text(start) if short else "?", *(link.name for link in links)])

    def named(self, node: Node) -> tuple[str, CallSite | None]:
        if node.type == "attribute":
            return class_names.class_name(self, self.callee(node)), None
        if node.type == "object_creation_expression":
            return class_names.created(self, node), None
        return names.qualified(self, node)

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        holder = node.child_by_field_name("arguments") or node.child_by_field_name("parameters")
        holder = holder or next((c for c in node.named_children if c.type == "arguments"), None)
        args: list[Node] = []
        keywords: dict[str, Node] = {}
        opaque = False
        for child in holder.named_children if holder is not None else ():
            if child.type != "argument" or not child.named_children:
                continue
            inner = child.named_children[-1]
            name = child.child_by_field_name("name")
            if inner.type == "variadic_unpacking":
                opaque = True
                continue
            if name is not None:
                keywords[self.text(name)] = inner
                continue
            if inner.type == "array_creation_expression":
                opaque = self._members(inner, "", keywords, 0) or opaque
            args.append(inner)
        return args, keywords, opaque

    def _members(self, node: Node, prefix: str, into: dict[str, Node], depth: int) -> bool:
        """Adds the entries of a literal array; True when some are not spelled out."""
        opaque = False
        for child in node.named_children[:MAX_MEMBERS]:
            if child.type != "array_element_initializer":
                continue
            if len(child.named_children) < 2:
                opaque = opaque or any(c.type == "variadic_unpacking" for c in child.named_children)
                continue
            key, given = child.named_children[0], child.named_children[-1]
            name = prefix + self._key(key)
            into[name] = given
            if given.type == "array_creation_expression" and depth < MAX_DEPTH:
                opaque = self._members(given, f"{name}.", into, depth + 1) or opaque
        return opaque

    def members(self, array: Node, into: dict[str, Node]) -> None:
        """The entries of a literal array and of those in it, by dotted keys."""
        self._members(array, "", into, 0)

    def _key(self, node: Node) -> str:
        """`'timeout'`, and `RequestOptions::TIMEOUT` as `timeout`."""
        if node.type == "class_constant_access_expression":
            return self.text(node).rpartition("::")[2].lower()
        return self.text(node).strip("'\"")

    def each(self, node: Node) -> list[Node]:
        if node.type != "array_creation_expression":
            return [node]
        elements = [c for c in node.named_children if c.type == "array_element_initializer"]
        return [e.named_children[-1] for e in elements[:MAX_MEMBERS] if e.named_children]

    def annotated(self, node: Node) -> Node | None:
        above = node.parent
        for _ in range(3):
            if above is None or above.type in self.FUNCTIONS or above.type in self.CLASSES:
                return above
            above = above.parent
        return above if above is not None and above.type in self.FUNCTIONS else None

    # -- places and values

    def in_loop(self, node: Node) -> bool:
        """Also in a closure that is called for each element."""
        at = node
        for above in self.ancestors(node):
            if above.type in ASIDE and is_aside(self, above):
                return False
            if above.type in self.LOOPS and repeats(self, above, node):
                # What a `foreach` goes over is worked out once.
                body = above.child_by_field_name("body")
                return above.type != "foreach_statement" or body is None or at.id == body.id
            if above.type in self.FUNCTIONS:
                given = above.parent.parent if above.parent is not None else None
                call = given.parent if given is not None and given.type == "arguments" else None
                if call is None:
                    return False
                return self.callee(call).rpartition(".")[2] in CALLED_FOR_EACH
            at = above
        return False

    def is_seldom(self, node: Node) -> bool:
        return is_seldom(self, node)

    def is_async(self, function: Node) -> bool:
        return False

    def value(self, node: Node, depth: int = 0) -> Value:
        if depth == 0:
            self.budget = strings.MAX_STEPS
        return strings.value(self, node, min(depth, MAX_NESTING))

    def statement(self, node: Node) -> Value:
        """Not of DQL, which names classes where SQL names tables."""
        above = node.parent.parent if node.parent is not None else None
        call = above.parent if above is not None and above.type == "arguments" else None
        named = call.child_by_field_name("name") if call is not None else None
        if named is not None and self.text(named) == "createQuery":
            return UNKNOWN
        grown = self._grown(node)
        return grown.always if grown is not None else self.value(node)

    def variants(self, node: Node) -> list[tuple[Node, Value]]:
        grown = self._grown(node)
        return grown.optional if grown is not None else []

    def has_options(self, node: Node) -> bool:
        return bool(self.variants(node))

    def follows(self, node: Node) -> bool:
        return self._grown(node) is not None

    def _grown(self, node: Node) -> Grown | None:
        if node.id not in self._texts:
            self._texts[node.id] = growing_text.grown(self, node)
        return self._texts[node.id]

    def handler_name(self, node: Node | None) -> str:
        """`[Orders::class, 'show']`, `'Orders@show'`, `Orders::class` as `Orders.show`."""
        if node is None:
            return ""
        if node.type == "array_creation_expression":
            keyed: dict[str, Node] = {}
            self._members(node, "", keyed, 0)
            if "uses" in keyed:
                return self.handler_name(keyed["uses"])
            words = [] if keyed else [self.handler_name(each) for each in self.each(node)[:2]]
            return ".".join(word for word in words if word)
        if node.type in strings.STRINGS:
            return BETWEEN.sub(".", self.text(node)[1:-1]).rpartition("\\")[2][:120]
        if node.type == "class_constant_access_expression":
            return self.text(node).removesuffix("::class").rpartition("\\")[2][:120]
        return ""
