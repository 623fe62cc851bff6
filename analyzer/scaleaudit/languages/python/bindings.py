"""What the names of a Python file stand for, function by function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.reader import Binding, Reader

if TYPE_CHECKING:
    from tree_sitter import Node, Query, Tree

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.values import Value

DOTTED = re.compile(r"[A-Za-z_][\w.]*")
MAX_NAME = 200  # bytes of a dotted name; longer ones are chains of calls
MAX_HINT = 80
MAX_BODY = 50_000  # characters of a function that are searched for a local name
WRAPPERS = frozenset({"Annotated", "Optional", "Union", "typing.Annotated", "typing.Optional"})
# `session.mount("https://", TimeoutAdapter())`, `session.request = partial(..., timeout=5)`
WRAPPED_CLIENT = re.compile(rb"([A-Za-z_][\w.]*)(?:\.mount\(|\.(?:request|send)\s*=[^=])")


class NameReader(Reader):
    """The part of the reader that knows imports and bindings, and which function they hold in."""

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        self.module_values: dict[str, Node] = {}  # name -> what the module binds it to, last
        self.local_values: dict[int, Value] = {}  # by id of the node that a local is assigned
        self._scoped: dict[str, list[tuple[int, int, int, Binding]]] = {}
        self._hidden: dict[tuple[int, str], bool] = {}

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
        site = self.site(made)
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
            self.bindings[f"{self.definition_name(own)}.{last}" if own else name] = binding
        elif self._is_global(name, around):
            self.bindings[name] = binding
        else:
            entry = (around.start_byte, around.end_byte, node.start_byte, binding)
            self._scoped.setdefault(name, []).append(entry)

    def _is_global(self, name: str, function: Node) -> bool:
        if b"global " not in self.content:
            return False
        declared = re.search(rf"\bglobal\b[^\n]*\b{re.escape(name)}\b", self.text(function))
        return declared is not None

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
        known = head in self.imports or head in self.bindings
        if known and node.start_point[1] > 0 and self.hides(head, node):
            return f"?.{rest}" if rest else "?", None
        return super().qualify(dotted, node)

    def hides(self, name: str, node: Node) -> bool:
        """A parameter or a local variable of the functions around takes the module's name."""
        return any(
            self._owns(name, above)
            for above in self.ancestors(node)
            if above.type == "function_definition"
        )

    def _owns(self, name: str, function: Node) -> bool:
        key = (function.id, name)
        if key not in self._hidden:
            escaped = re.escape(name)
            parameters = function.child_by_field_name("parameters")
            header = self.text(parameters) if parameters is not None else ""
            body = self.text(function)[:MAX_BODY]
            self._hidden[key] = not self._is_global(name, function) and (
                re.search(rf"(?:[(,]\s*\**){escaped}\b", header) is not None
                or re.search(
                    rf"(?m)^\s*(?:(?:async\s+)?for\s+)?{escaped}\s*(?::[^=\n]+)?(=(?!=)|in\b)", body
                )
                is not None
                or re.search(rf"\bas\s+{escaped}\s*[:,)]", body) is not None
            )
        return self._hidden[key]

    def see_wrapped_clients(self) -> None:
        """A client with an adapter of its own may get its timeout from there."""
        for match in WRAPPED_CLIENT.finditer(self.content):
            node = self.root.descendant_for_byte_range(match.start(), match.start() + 1)
            name = match[1].decode("utf-8", "replace")
            made_by = self.qualify(f"{name}.mount", node)[1] if node is not None else None
            if made_by is not None:
                made_by.opaque = True
