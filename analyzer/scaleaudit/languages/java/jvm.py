"""What Java and Kotlin have in common: packages, types of names, builders and Spring's settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from scaleaudit.facts import StoreUsed
from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.java.settings import Settings
from scaleaudit.languages.java.statements import statement
from scaleaudit.languages.java.words import occurrences
from scaleaudit.languages.patterns import expand
from scaleaudit.languages.reader import MAX_NESTING, Reader
from scaleaudit.values import UNKNOWN, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node, Query, Tree

    from scaleaudit.facts import Fact
    from scaleaudit.languages.patterns import Pattern

# Calls that hand out a finished client: everything between the builder and them configures it.
BUILT = re.compile(
    r"(?:\.(?:builder|newBuilder|custom|mutate|Builder)|Builder(?:\.(?:create|newBuilder|standard))?)"
    r"(?:\.\w+)*?\.build(?=\.|$)"
)
BOOTSTRAP = re.compile(rb"BOOTSTRAP_SERVERS_CONFIG|\"bootstrap\.servers\"")
STREAM_STEPS = {"map", "flatMap", "filter", "peek", "anyMatch", "allMatch", "noneMatch", "mapToObj",
                "mapToInt", "mapToLong", "takeWhile", "collect", "reduce"}  # fmt: skip
MAKERS = {"build", "create", "newHttpClient", "createDefault", "newClient", "createSystem"}
# Where a builder or an implementation lives in another package than the type that it makes.
SAME_TYPE = {
    "org.springframework.boot.web.client.RestTemplate": "org.springframework.web.client.RestTemplate",
    "org.springframework.boot.restclient.RestTemplate": "org.springframework.web.client.RestTemplate",
    "org.springframework.web.client.RestOperations": "org.springframework.web.client.RestTemplate",
    "org.springframework.kafka.core.KafkaOperations": "org.springframework.kafka.core.KafkaTemplate",
    "org.springframework.amqp.core.AmqpTemplate": "org.springframework.amqp.rabbit.core.RabbitTemplate",
    "org.springframework.amqp.rabbit.core.RabbitOperations": (
        "org.springframework.amqp.rabbit.core.RabbitTemplate"
    ),
    "org.springframework.jms.core.JmsOperations": "org.springframework.jms.core.JmsTemplate",
}


@dataclass(slots=True)
class Link:
    """One step of `a.b(x).c`: its name, and the call or constructor node when it is one."""

    name: str
    node: Node | None = None
    constructor: bool = False


@dataclass(slots=True)
class Typed:
    """A name with its declared type, known between two bytes of the file."""

    start: int
    end: int
    type: str
    made: Node | None = None  # the expression that it is given
    member: bool = False  # a field or a method of a class


class Known:
    """The callees of a table, to tell names that matter from others."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        callees = {each for p in patterns for written in p.callees for each in expand(written)}
        self.prefixes: set[str] = set()
        self.any_receiver = {c.rpartition(".")[2] for c in callees if c.startswith("*.")}
        for callee in callees:
            parts = callee.split(".")
            self.prefixes.update(".".join(parts[:n]) for n in range(1, len(parts) + 1))
        # `RouterFunctions.route.*.GET`: the calls between return the same builder.
        self.fluent = {c.partition(".*.")[0] for c in callees if ".*." in c}
        self.prefixes.update(f"{p}Builder" for p in list(self.prefixes) if p[-1:].isalpha())
        self.prefixes.update(SAME_TYPE)


class JvmReader(Reader):
    """Names of a file with a package, imports and declared types."""

    known: ClassVar[Known]
    METHODS: ClassVar[frozenset[str]]  # functions that are no constructors
    ANNOTATIONS: ClassVar[frozenset[str]]
    LAMBDAS: ClassVar[frozenset[str]]

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        self.wildcards: list[str] = []  # `com.acme` of `import com.acme.*`
        self.typed: dict[str, list[Typed]] = {}
        self.fields: set[str] = set()  # `Outer.Inner.field` of all texts that classes hold
        self.settings = Settings(self)
        self._relevant: dict[str, bool] = {}
        self._clients: dict[int, CallSite] = {}

    # -- what each of the two says

    def chain(self, node: Node) -> list[Link]:
        """The steps of a call, the outermost receiver first; `?` for what is no name."""
        raise NotImplementedError

    def is_call(self, node: Node) -> bool:
        raise NotImplementedError

    def arguments_of(self, node: Node) -> list[Node]:
        """The arguments as they stand, comments left out."""
        raise NotImplementedError

    def calls_after(self, node: Node) -> Iterator[Node]:
        """The calls made on the result of a call: `.timeout(x)` in `client.get(y).timeout(x)`."""
        raise NotImplementedError

    def declares(self, before: bytes, after: bytes) -> bool:
        """Whether a word between these texts is declared there."""
        raise NotImplementedError

    def type_beside(self, before: bytes, after: bytes) -> str:
        """The type in the declaration of a word between these texts; empty when it is none."""
        raise NotImplementedError

    def fields_given(self, target: Node) -> list[str]:
        """Full names of the fields that hold what is injected into a field or parameter."""
        raise NotImplementedError

    def properties(self, node: Node) -> Iterator[tuple[str, str, Node | None, Node]]:
        """Name, written type, initialiser and node of each property of a class."""
        raise NotImplementedError

    def loops(self, loop: Node, node: Node) -> bool:
        """Whether the loop runs the node again and again, not just once at its start."""
        return True

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
        whole = f"{found}{dot}{rest}"
        return SAME_TYPE.get(whole, whole)

    def declare(self, name: str, typed: Typed) -> None:
        self.typed.setdefault(name, []).append(typed)

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
        places = occurrences(self.content, name.encode(), around.start_byte, around.end_byte)
        return any(
            self.declares(self.content[max(0, at - 80) : at], self.content[end : end + 80])
            for at, end in places
        )

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

    def statement(self, node: Node) -> Value:
        return statement(self, node)

    def in_loop(self, node: Node) -> bool:
        """In a loop of its function, or in what a stream or a collection does for each element."""
        in_lambda = False
        for above in self.ancestors(node):
            if above.type in self.LOOPS:
                if self.loops(above, node):
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

    def kafka_addresses(self) -> Iterator[Fact]:
        """`props.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "kafka:9092")`."""
        for match in BOOTSTRAP.finditer(self.content):
            node = self.root.descendant_for_byte_range(match.start(), match.end())
            above = next((a for a in self.ancestors(node) if a.type in self.CALLS), None) if node else None
            args = self.arguments_of(above) if above is not None else []
            if above is not None and len(args) == 2 and args[0].end_byte >= match.end():
                yield StoreUsed(
                    at=self.span(above),
                    technology="kafka",
                    address=self.value(args[1]),
                    library="kafka-clients",
                    scope=self.scope(above),
                )

    # -- classes

    def class_path(self, node: Node) -> str:
        """`Outer.Inner` around a node, functions left out."""
        names = [self.definition_name(a) for a in self.ancestors(node) if a.type in self.CLASSES]
        return ".".join(reversed([name for name in names if name]))

    def field(self, written: str, node: Node) -> str | None:
        """The full name of a text field of this file: `URL` inside `Api` is `Api.URL`."""
        if written.startswith("this."):
            written = written[5:]
        if not self.fields:
            return None
        path = self.class_path(node).split(".")
        for length in range(len(path), -1, -1):
            name = ".".join([*path[:length], written])
            if name in self.fields:
                return name
        return None

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
            if child.type in ("class_body", "interface_body", "enum_class_body"):
                yield from child.named_children
