"""What Java and Kotlin have in common: packages, types of names, builders and Spring's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from scaleaudit.languages import remote_names
from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.enclosing_classes import class_path, known_around
from scaleaudit.languages.java.jvm_syntax import JvmSyntax
from scaleaudit.languages.java.names import (
    BUILT,
    INHERITED,
    MAKERS,
    SAME_TYPE,
    STREAM_STEPS,
    Link,
    Typed,
    same_type,
)
from scaleaudit.languages.java.settings import Settings
from scaleaudit.languages.java.statements import paged, statement, variants
from scaleaudit.languages.java.words import occurrences
from scaleaudit.languages.loops import repeats
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.source import Span
from scaleaudit.values import UNKNOWN, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Query, Tree


class JvmReader(JvmSyntax):
    """Names of a file with a package, imports and declared types."""

    REMOTE_NAMES: ClassVar = remote_names.JVM

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        self.wildcards: list[str] = []  # `com.acme` of `import com.acme.*`
        self.typed: dict[str, list[Typed]] = {}
        self.fields: set[str] = set()  # `Outer.Inner.field` of all texts that classes hold
        self.fixed_texts: dict[str, Node] = {}  # of those that never change, what they are made of
        self.settings = Settings(self)
        self._relevant: dict[str, bool] = {}
        self._declared: dict[tuple[int, str], bool] = {}
        self._clients: dict[int, CallSite] = {}
        self.given_back: dict[int, Value] = {}  # by methods of the file, as far as asked

    # -- names

    def qualified_type(self, written: str) -> str:
        """A type's name through the imports; a type of the same package stays simple."""
        first, dot, rest = written.partition(".")
        found = self.imports.get(first)
        if found is None:
            found = next(
                (f"{p}.{first}" for p in self.wildcards if f"{p}.{first}" in self.known.prefixes),
                first,
            )
        return same_type(f"{found}{dot}{rest}")

    def declare(self, name: str, typed: Typed) -> None:
        self.typed.setdefault(name, []).append(typed)

    def inherit(self, module: str) -> None:
        """What every class of the file may call a name, having imported a base that knows it."""
        known = INHERITED.get(same_type(module))
        if known is not None:
            self.declare(known[0], Typed(0, len(self.content), known[1], member=True))

    def inherit_any_of(self, package: str) -> None:
        """The same of all that is imported from a package, where the file names such a base."""
        for base in INHERITED:
            owner, _, name = base.rpartition(".")
            if owner == same_type(f"{package}.{name}").rpartition(".")[0] and self.mentions(
                rf"\b{name}\b"
            ):
                self.inherit(base)

    def typed_as(self, name: str, node: Node, member: bool = False) -> Typed | None:
        """The innermost declaration of a name that holds at a node."""
        at = node.start_byte
        found = [t for t in self.typed.get(name, ()) if t.start <= at < t.end]
        found = [t for t in found if t.member] if member else found
        best = max(found, key=lambda t: t.start, default=None)
        if best is not None and best.member and not member and self.declared_inside(name, node):
            return None
        return best

    def declared_inside(self, name: str, node: Node) -> bool:
        """Whether the function around has a parameter or local of that name, of whatever type."""
        around = self.function_around(node)
        if around is None:
            return False
        known = self._declared.get((around.id, name))
        if known is None:
            places = occurrences(self.content, name.encode(), around.start_byte, around.end_byte)
            known = self._declared[around.id, name] = any(
                self.declares(self.content[max(0, at - 80) : at], self.content[end : end + 80])
                for at, end in places
            )
        return known

    def relevant(self, root: Link) -> bool:
        """Whether a chain that starts so can lead to a callee of the tables; cheap."""
        name = root.name
        if name in ("this", "?"):
            return name == "this" and bool(self.typed)
        if name in self.typed and not root.constructor:
            return True
        known = self._relevant.get(name)
        if known is None:
            known = self._relevant[name] = self.qualified_type(name) in self.known.prefixes
        return known

    def canonical(self, qualified: str, last: str) -> str:
        """Builders left out, implementations named by what they implement."""
        if "uild" in qualified:
            qualified = BUILT.sub("", qualified)
        if qualified.startswith("org.springframework."):
            for other, same in SAME_TYPE.items():
                if qualified.startswith(f"{other}."):
                    qualified = same + qualified[len(other) :]
        for root in self.known.fluent:
            if qualified.startswith(f"{root}."):
                return f"{root}.*.{last}"
        return qualified

    def resolve(self, links: list[Link], node: Node) -> tuple[str, CallSite | None]:
        root, rest = links[0], [link.name for link in links[1:]]
        typed = None
        if root.constructor:
            start = self.qualified_type(root.name)
        elif root.name == "this" and rest:
            typed = self.typed_as(rest[0], node, member=True)
            start, rest = (typed.type, rest[1:]) if typed is not None else ("?", rest)
        else:
            typed = self.typed_as(root.name, node) if len(links) > 1 else None
            start = typed.type if typed is not None else self.qualified_type(root.name)
        return ".".join([start, *rest]), self.client(links, typed)

    def client(self, links: list[Link], typed: Typed | None) -> CallSite | None:
        """The call or constructor that made the receiver, in the chain or at its declaration."""
        made = typed.made if typed is not None else None
        for link in links[:-1]:
            if link.node is not None and (link.constructor or link.name in MAKERS):
                made = link.node
        if made is None or not self.is_call(made):
            return None
        if made.id not in self._clients:
            if len(self._clients) > MAX_NESTING:
                return None
            self._clients[made.id] = site = self.bare_site(made)
            site.args, site.keywords, site.opaque = self.arguments(made)
        return self._clients[made.id]

    def bare_site(self, node: Node) -> CallSite:
        """A call site of a client: its name as written in the chain, no client of its own."""
        links = self.chain(node)
        root = links[0]
        typed = self.typed_as(root.name, node) if len(links) > 1 and not root.constructor else None
        start = typed.type if typed is not None else self.qualified_type(root.name)
        return CallSite(".".join([start, *(link.name for link in links[1:])]), node)

    def span(self, node: Node) -> Span:
        """The place of a call in a chain over several lines is that of its own name."""
        name = self.name_node(node) if node.type in self.CALLS else None
        if name is None or name.start_point[0] == node.start_point[0]:
            return super().span(node)
        start, end = name.start_point, node.end_point
        return Span(start[0] + 1, start[1] + 1, end[0] + 1)

    def add_steps(self, keywords: dict[str, Node], node: Node) -> None:
        """The steps of a chain of calls as named arguments: `timeout(x)` is `timeout=x`."""
        links = self.chain(node)
        steps = [link.node for link in links[:-1] if link.node is not None and not link.constructor]
        for step in [*steps, *self.calls_after(node)]:
            args = self.arguments_of(step)
            if args:
                keywords.setdefault(self.chain(step)[-1].name, args[0])

    def named(self, node: Node) -> tuple[str, CallSite | None]:
        if node.type in self.ANNOTATIONS:
            return self.qualified_type(self.callee(node)), None
        links = self.chain(node)
        last = links[-1].name
        if not self.relevant(links[0]):
            return f"?.{last}", None
        qualified, client = self.resolve(links, node)
        return self.canonical(qualified, last), client

    def annotation_value(self, node: Node, depth: int) -> Value:
        """What an annotation inside another one names: `@Queue("mail")`, an exchange first."""
        args, keywords, _ = self.arguments(node)
        for name in ("exchange", "value", "name"):
            if name in keywords:
                return self.value(keywords[name], depth + 1)
        return self.value(args[0], depth + 1) if args else UNKNOWN

    def paged(self, node: Node) -> bool:
        return paged(self, node)

    def statement(self, node: Node) -> Value:
        return statement(self, node)

    def variants(self, node: Node) -> list[tuple[Node, Value]]:
        return variants(self, node)

    def in_loop(self, node: Node) -> bool:
        """In a loop of its function, or in what a stream or a collection does for each element."""
        in_lambda = False
        for above in self.ancestors(node):
            if above.type in self.LOOPS:
                if self.loops(above, node) and repeats(self, above, node):
                    return True
            elif above.type in self.FUNCTIONS:
                return False
            elif above.type in self.LAMBDAS:
                in_lambda = True
            elif in_lambda and above.type in self.CALLS:
                if self.for_each(above):
                    return True
                in_lambda = False
        return False

    def for_each(self, call: Node) -> bool:
        names = [link.name for link in self.chain(call)]
        if names[-1] in ("forEach", "forEachOrdered", "forEachIndexed", "onEach"):
            return True
        return names[-1] in STREAM_STEPS and any("tream" in name for name in names)

    # -- classes

    def class_path(self, node: Node) -> str:
        """`Outer.Inner` around a node, functions left out."""
        return class_path(self, node)

    def annotations_of(self, node: Node) -> list[CallSite]:
        """All annotations of a declaration, also those that no table knows."""
        first = node.children[0] if node.children else None
        if first is None or first.type != "modifiers":
            return []
        return [self.site(each) for each in first.named_children if each.type in self.ANNOTATIONS]

    def field(self, written: str, node: Node) -> str | None:
        """The full name of a text field of this file: `URL` inside `Api` is `Api.URL`."""
        if written.startswith("this."):
            written = written[5:]
        return known_around(self.fields, self.class_path(node), written) if self.fields else None

    def declared_type(self, name: str, node: Node) -> str:
        """The declared type of any name, by a look at the text; empty when it is not certain."""
        found = {
            self.type_beside(self.content[max(0, at - 80) : at], self.content[end : end + 80])
            for at, end in occurrences(self.content, name.encode(), 0, len(self.content))
        } - {""}
        return found.pop() if len(found) == 1 else ""

    def declared_name(self, target: Node) -> str:
        """The name of an annotated parameter or field."""
        return self.definition_name(target)

    def members(self, node: Node) -> Iterator[Node]:
        """The declarations directly inside a class."""
        for child in node.named_children:
            if child.type in ("class_body", "interface_body"):
                yield from child.named_children
