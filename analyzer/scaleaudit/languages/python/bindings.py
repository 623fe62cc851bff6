"""What the names of a Python file stand for, function by function."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scaleaudit.languages.reader import Binding, Reader
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node, Query, Tree

    from scaleaudit.facts import FieldFact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.python.django.chains import Step
    from scaleaudit.values import Value

DOTTED = regex(r"[A-Za-z_][\w.]*")
MAX_NAME = 200  # bytes of a dotted name; longer ones are chains of calls
MAX_HINT = 80
SELVES = frozenset({"self", "this", "@"})
DEFINITIONS = frozenset({"function_definition", "class_definition"})
MAX_CHAIN = 60  # calls and attributes of one expression
MAX_BODY = 50_000  # characters of a function that are searched for a local name
WRAPPERS = frozenset({"Annotated", "Optional", "Union", "typing.Annotated", "typing.Optional"})
# `session.mount("https://", TimeoutAdapter())`, `session.request = partial(..., timeout=5)`
WRAPPED_CLIENT = regex(rb"\.mount\(|\.(?:request|send)\s*=[^=]")
# At the start of a line: `@app.register(...)`, `load()`, `X = load()`.
CALLED_AT_IMPORT = regex(rb"(?m)^(?:@(?:[\w.]+\.)?|(?:\w+[ \t]*=[ \t]*)?)(\w+)[ \t]*(?:\(|$)")
# How a name looks where a function makes it its own.
OWNING = (b"%s =", b"%s=", b"%s:", b"%s,", b"%s)", b" as %s", b"for %s")
GLOBAL = regex(r"\bglobal\s+([\w, ]+)")
PARAMETER = regex(r"[(,]\s*\**(\w+)")
ASSIGNED = regex(
    r"\n[ \t]*+(?:(?:async[ \t]++)?for[ \t]++)?(\w++)[ \t]*+(?::[^=\n]+)?(?:=(?!=)|\bin\b)"
)
AS_NAME = regex(r"as(?<!\was)[ \t]+(\w+)[ \t]*[:,)]")
MAX_FOUND = 5_000  # places of one byte search that are looked at


class Assignment(Record, frozen=True):
    """`name = right` directly in the module, or in the class `owner`."""

    owner: str
    name: str
    right: Node
    node: Node
    conditional: bool = False  # in a branch

    @property
    def dotted(self) -> str:
        return f"{self.owner}.{self.name}" if self.owner else self.name


class FunctionNames(Record, frozen=True):
    own: frozenset[str]  # parameters and assigned names
    declared_global: frozenset[str]


class NameReader(Reader):
    """The part of the reader that knows imports and bindings, and which function they hold in."""

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        self._has_globals = b"global " in content
        self.assignments: list[Assignment] = []
        self.module_values: dict[str, Node] = {}  # name -> what the module binds it to, last
        self.standing: dict[str, str] = {}  # what names mean for a while: in one round of a loop
        self.local_values: dict[
            int, Value
        ] = {}  # by id of what a local is assigned, or of a list that is joined
        self.asked: set[str] = set()  # functions whose parameters are (part of) some address
        self.asks_nothing = False  # all that the file could tell of its rows has been told
        self.run_at_import: dict[int, bool] = {}  # by id of a function
        self._bound: set[str] = set()  # the first parts of `bindings`
        self._scoped: dict[str, list[tuple[int, int, int, Binding]]] = {}
        self._names_of: dict[int, FunctionNames] = {}
        self._scopes: dict[int, str] = {}  # by id of a definition, of what stands in it
        self.fields: dict[int, FieldFact] = {}  # by id of the call, those of a migration
        self.chains: dict[int, tuple[Node, list[Step]]] = {}  # by id, those of Django taken apart
        self._definitions: dict[int, Node | None] = {}  # by id of what stands in one, or is one

    def definition_around(self, node: Node) -> Node | None:
        """The innermost function with a name, or class."""
        return self._nearest(node, DEFINITIONS, self._definitions)

    def scope(self, node: Node) -> str:
        """As for any language; that of what stands in one definition is the same."""
        around = self.definition_around(node)
        if around is None:
            return ""
        known = self._scopes.get(around.id)
        if known is None:
            parts = (self.scope(around), self.definition_name(around))
            known = self._scopes[around.id] = ".".join(part for part in parts if part)
        return known

    def hint(self, node: Node) -> str:
        """The beginning of a node's text; the whole may be very long."""
        end = min(node.end_byte, node.start_byte + MAX_HINT)
        return self.content[node.start_byte : end].decode("utf-8", "replace")

    def bind(self, node: Node) -> None:
        """`x = made()`, `self.x = made()`, `with made() as x`, `async with closing(made()) as x`."""
        if node.type == "as_pattern":
            made, left = node.named_children[0], node.child_by_field_name("alias")
            if self.callee(made).rpartition(".")[2] in ("closing", "aclosing"):
                inner = self.arguments(made)[0]
                made = inner[0] if inner else made
        else:
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if right is None:
                return
            made = right.named_children[0] if right.type == "await" else right
        if left is None or made.type != "call" or left.end_byte - left.start_byte > MAX_NAME:
            return
        site = super().site(made)
        self._keep(self.text(left), node, Binding(site.callee, site))

    def bind_parameter(self, node: Node) -> None:
        """`client: httpx.AsyncClient`, `tasks: BackgroundTasks | None = None`."""
        name = node.child_by_field_name("name") or node.named_children[0]
        kind = node.child_by_field_name("type")
        if name.type != "identifier" or kind is None:
            return
        written = next((m[0] for m in DOTTED.finditer(self.hint(kind)) if m[0] not in WRAPPERS), "")
        if written:
            self._keep(self.text(name), node, Binding(self.qualify(written, node)[0]))

    def _keep(self, name: str, node: Node, binding: Binding) -> None:
        around = self.function_around(node) if node.start_point[1] > 0 else None
        if name.startswith(("self.", "cls.")) or around is None:
            own = self.class_around(node) if node.start_point[1] > 0 else None
            last = name.partition(".")[2] if name.startswith(("self.", "cls.")) else name
            self._bind_here(f"{self.definition_name(own)}.{last}" if own else name, binding)
        elif self._is_global(name, around):
            self._bind_here(name, binding)
        else:
            entry = (around.start_byte, around.end_byte, node.start_byte, binding)
            self._scoped.setdefault(name, []).append(entry)

    def _bind_here(self, name: str, binding: Binding) -> None:
        self.bindings[name] = binding
        self._bound.add(name.partition(".")[0])

    def scoped_to(self, types: re.Pattern[str]) -> set[str]:
        """The names that some function binds to something of these types."""
        return {
            name
            for name, entries in self._scoped.items()
            if any(types.fullmatch(each[3].type) for each in entries)
        }

    def _is_global(self, name: str, function: Node) -> bool:
        return self._has_globals and name in self._names(function).declared_global

    def _may_own(self, name: str, function: Node) -> bool:
        """A quick look at the bytes; most functions only use the module's names."""
        text = self.content[
            function.start_byte : min(function.end_byte, function.start_byte + MAX_BODY)
        ]
        return any(form % name.encode() in text for form in OWNING)

    def _names(self, function: Node) -> FunctionNames:
        """The names that a function makes its own; by text, once a function."""
        known = self._names_of.get(function.id)
        if known is None:
            parameters = function.child_by_field_name("parameters")
            header = self.text(parameters) if parameters is not None else ""
            start = parameters.end_byte if parameters is not None else function.start_byte
            body = self.content[start : min(function.end_byte, start + MAX_BODY)]
            text = body.decode("utf-8", "replace")
            globals_ = GLOBAL.findall(text) if "global" in text else ()
            declared = {name.strip() for names in globals_ for name in names.split(",")}
            own = {
                *PARAMETER.findall(header),
                *ASSIGNED.findall(f"\n{text}"),
                *AS_NAME.findall(text),
            }
            known = FunctionNames(frozenset(own - declared), frozenset(declared))
            self._names_of[function.id] = known
        return known

    def qualify(self, dotted: str, node: Node) -> tuple[str, CallSite | None]:
        """Bindings of the function around come before those of the module."""
        head, _, rest = dotted.partition(".")
        if rest and head in self._scoped:
            at = node.start_byte
            inside = [each for each in self._scoped[head] if each[0] <= at < each[1]]
            if inside:
                # The innermost function, and in it the last binding above the use.
                binding = max(inside, key=lambda each: (each[0], each[2] <= at, each[2]))[3]
                return f"{binding.type}.{rest}", binding.made_by
        if head not in self.imports and head not in self._bound and head not in SELVES:
            return dotted, None
        return super().qualify(dotted, node)

    def site(self, node: Node) -> CallSite:
        """Looks, unlike `named`, whether the receiver is the module's name at all."""
        site = super().site(node)
        if site.client is None and (made := self._made_here(node)) is not None:
            site.client = super().site(made)
        if node.start_point[1] > 0:
            head, _, rest = self.callee(node).partition(".")
            ours = head in self.imports or head in self.bindings
            if ours and head not in self._scoped and self.hides(head, node):
                site.callee, site.client = (f"?.{rest}" if rest else "?"), None
        return site

    @staticmethod
    def _made_here(node: Node) -> Node | None:
        """The call at the start of a chain: `Queue("mail")` of `Queue("mail").enqueue(send)`."""
        made: Node | None = None
        at = node.child_by_field_name("function") if node.type == "call" else None
        for _ in range(MAX_CHAIN):
            if at is None or at.type not in ("call", "attribute"):
                break
            if at.type == "call":
                made, at = at, at.child_by_field_name("function")
            else:
                at = at.child_by_field_name("object")
        return made

    def hides(self, name: str, node: Node) -> bool:
        """A parameter or a local variable of the functions around takes the module's name."""
        return any(
            self._may_own(name, above) and name in self._names(above).own
            for above in self.ancestors(node)
            if above.type == "function_definition"
        )

    @cached_property
    def called_at_import(self) -> frozenset[str]:
        """Names that the module itself calls or decorates with."""
        found = CALLED_AT_IMPORT.findall(self.content)
        return frozenset(name.decode("utf-8", "replace") for name in found)

    def nodes(self, pattern: re.Pattern[bytes], kind: str, *needs: bytes) -> Iterator[Node]:
        """Nodes of a kind that a byte search leads to: for rare things, cheaper than a query.

        The pattern is tried when one of `needs` stands in the file; those searches cost nothing.
        """
        if not self.says(*needs):
            return
        seen: set[int] = set()
        for _, match in zip(range(MAX_FOUND), pattern.finditer(self.content), strict=False):
            node = self.root.descendant_for_byte_range(match.start(), match.start() + 1)
            for _ in range(6):
                if node is None or node.type == kind:
                    break
                node = node.parent
            if node is not None and node.type == kind and node.id not in seen:
                seen.add(node.id)
                yield node

    def see_wrapped_clients(self) -> None:
        """A client with an adapter of its own may get its timeout from there."""
        for match in WRAPPED_CLIENT.finditer(self.content):
            node = self.root.descendant_for_byte_range(match.start(), match.start() + 1)
            holder = node.parent if node is not None else None
            if holder is None or holder.type != "attribute":
                continue
            made_by = self.qualify(self.hint(holder), holder)[1]
            if made_by is not None:
                made_by.opaque = True
