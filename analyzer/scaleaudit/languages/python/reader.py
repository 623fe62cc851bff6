"""How Python spells imports, calls, values and state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from scaleaudit.facts import ConstantDefined, ImportFound, SettingRead, StateKept
from scaleaudit.languages.python import strings
from scaleaudit.languages.reader import MAX_NESTING, Binding, Reader
from scaleaudit.values import UNKNOWN, Join, Literal, Name, Setting, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.source import Span

WORTH_KEEPING = re.compile(r"://|^[\w.-]+:\d{2,5}$")
CONSTANT = re.compile(r"^_?[A-Z][A-Z0-9_]*$")
MAX_CONSTANT = 500  # characters
MUTABLE_CALLS = {
    "dict": "dict",
    "list": "list",
    "set": "set",
    "defaultdict": "dict",
    "OrderedDict": "dict",
    "Counter": "counter",
    "deque": "list",
    "WeakValueDictionary": "dict",
}
BOUNDED_CALLS = {"LRUCache", "TTLCache", "deque"}
LITERAL_STATE = {"dictionary": "dict", "list": "list", "set": "set"}
FILLED_AT_IMPORT = {"dictionary_comprehension", "list_comprehension", "set_comprehension"}


class PythonReader(Reader):
    FUNCTIONS: ClassVar = frozenset({"function_definition", "lambda"})
    CLASSES: ClassVar = frozenset({"class_definition"})
    LOOPS: ClassVar = frozenset(
        {
            "for_statement",
            "while_statement",
            "list_comprehension",
            "set_comprehension",
            "dictionary_comprehension",
            "generator_expression",
        }
    )
    STRINGS: ClassVar = frozenset(
        {"string", "concatenated_string", "binary_operator", "parenthesized_expression"}
    )

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for node in captures.get("import", ()):
            yield from self._import(node)
        for node in captures.get("binding", ()):
            self._bind(node)
        for node in captures.get("assign", ()):
            yield from self._constant(node)
        for node in captures.get("field", ()):
            yield from self._field(node)

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for node in captures.get("environ", ()):
            key = node.child_by_field_name("subscript")
            value = self.value(key) if key is not None else UNKNOWN
            if isinstance(value, Literal):
                yield SettingRead(self.span(node), value.text, self.scope(node))
        yield from self._state(captures)

    # -- imports and bindings

    def _import(self, node: Node) -> Iterator[Fact]:
        lazy = self.function_around(node) is not None
        type_only = any(
            above.type == "if_statement"
            and (test := above.child_by_field_name("condition")) is not None
            and "TYPE_CHECKING" in self.text(test)
            for above in self.ancestors(node)
        )
        module_node = node.child_by_field_name("module_name")
        if module_node is None:
            for child in node.children_by_field_name("name"):
                module, alias = self._aliased(child)
                self.imports[alias or module.partition(".")[0]] = (
                    module if alias else module.partition(".")[0]
                )
                yield ImportFound(self.span(node), module, (), alias, lazy, type_only)
            return
        module = self.text(module_node)
        names = [self._aliased(child) for child in node.children_by_field_name("name")]
        names = [(name, alias or name) for name, alias in names]
        if any(child.type == "wildcard_import" for child in node.children):
            names.append(("*", ""))
        for name, here in names:
            if here:
                self.imports[here] = f"{module}.{name}"
        yield ImportFound(self.span(node), module, tuple(names), "", lazy, type_only)

    def _aliased(self, node: Node) -> tuple[str, str]:
        if node.type != "aliased_import":
            return self.text(node), ""
        name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
        return (self.text(name) if name else "", self.text(alias) if alias else "")

    def _bind(self, node: Node) -> None:
        if node.type == "as_pattern":
            made, alias = node.named_children[0], node.child_by_field_name("alias")
            name = self.text(alias) if alias else ""
        else:
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is None or right is None or left.type not in ("identifier", "attribute"):
                return
            made = right.named_children[0] if right.type == "await" else right
            name = self._own(self.text(left), node)
        if made.type == "call":
            site = self.site(made)
            self.bindings[name] = Binding(site.callee, site)

    def _own(self, name: str, node: Node) -> str:
        """`self.x` as `Class.x`."""
        if name.startswith("self."):
            around = self.class_around(node)
            if around is not None:
                return f"{self.definition_name(around)}.{name[5:]}"
        return name

    # -- constants and state

    def _constant(self, node: Node) -> Iterator[Fact]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        name = self.text(left)
        around = self.class_around(node)
        dotted = f"{self.definition_name(around)}.{name}" if around is not None else name
        value = self.value(right)
        if worth_keeping(name, value):
            yield ConstantDefined(self.span(node), dotted, value)

    def _field(self, node: Node) -> Iterator[Fact]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        value = self.value(right)
        if not isinstance(value, Unknown | Name) and worth_keeping("", value):
            yield ConstantDefined(self.span(node), self._own(self.text(left), node), value)

    def _state(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        kept: dict[str, tuple[Node, str, bool]] = {}
        for node in captures.get("assign", ()):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is None or right is None or self.class_around(node) is not None:
                continue
            kind, bounded = self._mutable(right)
            if kind:
                kept[self.text(left)] = (node, kind, bounded)
        if not kept:
            return
        changes: dict[str, list[tuple[Span, str]]] = {}
        for node in captures.get("changed", ()):
            name = self.text(node)
            if name not in kept or self.function_around(node) is None or self._shadowed(name, node):
                continue
            above = node.parent or node
            if above.type != "global_statement" or kept[name][1] in ("counter", "object"):
                changes.setdefault(name, []).append((self.span(node), self.scope(node)))
        for name, places in changes.items():
            node, kind, bounded = kept[name]
            yield StateKept(
                at=self.span(node),
                name=name,
                kind=kind,
                changed_at=tuple(place for place, _ in places),
                changed_in=tuple(scope for _, scope in places),
                bounded=bounded,
            )

    def _mutable(self, right: Node) -> tuple[str, bool]:
        """The kind of a mutable object that an expression makes, and whether it is bounded."""
        if right.type in LITERAL_STATE:
            return LITERAL_STATE[right.type], False
        if right.type == "call":
            name = self.callee(right).rpartition(".")[2]
            if name in BOUNDED_CALLS and len(self.arguments(right)[1]) > 0:
                return "cache", True
            if name in BOUNDED_CALLS:
                return "cache", name != "deque"
            return MUTABLE_CALLS.get(name, ""), False
        if right.type == "integer":
            return "counter", False
        return ("object", False) if right.type == "none" else ("", False)

    def _shadowed(self, name: str, node: Node) -> bool:
        """A parameter or local of the same name hides the module's, unless `global` says not."""
        around = self.function_around(node)
        if around is None:
            return False
        body = self.text(around)
        if re.search(rf"\bglobal\b[^\n]*\b{re.escape(name)}\b", body):
            return False
        parameters = around.child_by_field_name("parameters")
        if parameters and re.search(rf"\b{re.escape(name)}\b", self.text(parameters)):
            return True
        return re.search(rf"(?m)^\s*(?:for\s+)?{re.escape(name)}\s*(?::[^=\n]+)?(=(?!=)|in\b)", body) is not None

    # -- expressions

    def callee(self, node: Node) -> str:
        parts: list[str] = []
        at: Node | None = node.named_children[0] if node.type == "decorator" else node
        for _ in range(MAX_NESTING):
            if at is None:
                break
            if at.type == "call":
                at = at.child_by_field_name("function")
            elif at.type == "attribute":
                name = at.child_by_field_name("attribute")
                parts.append(self.text(name) if name else "?")
                at = at.child_by_field_name("object")
            elif at.type == "identifier":
                parts.append(self.text(at))
                break
            else:
                parts.append("?")
                break
        return ".".join(reversed(parts))

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        if node.type == "decorator":
            node = node.named_children[0]
        holder = node.child_by_field_name("arguments")
        args: list[Node] = []
        keywords: dict[str, Node] = {}
        opaque = False
        for child in holder.named_children if holder is not None else ():
            if child.type == "keyword_argument":
                name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                if name is not None and value is not None:
                    keywords[self.text(name)] = value
            elif child.type in ("list_splat", "dictionary_splat"):
                opaque = True
            elif child.type != "comment":
                args.append(child)
        return args, keywords, opaque

    def value(self, node: Node, depth: int = 0) -> Value:
        if depth > MAX_NESTING:
            return UNKNOWN
        match node.type:
            case "string":
                return strings.string_value(self, node, depth)
            case "concatenated_string":
                return join(*(self.value(child, depth + 1) for child in node.named_children))
            case "parenthesized_expression" if node.named_children:
                return self.value(node.named_children[0], depth + 1)
            case "binary_operator":
                return self._binary(node, depth)
            case "boolean_operator":
                return self._either(node, depth)
            case "identifier" | "attribute":
                return strings.name_value(self, node, depth)
            case "call":
                return strings.call_value(self, node, depth)
            case "subscript":
                return self._subscript(node, depth)
            case "integer":
                return Literal(self.text(node))
            case _:
                return Unknown(self.text(node)[:80])

    def _binary(self, node: Node, depth: int) -> Value:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if left is None or right is None or operator is None:
            return UNKNOWN
        if operator.type == "+":
            return join(self.value(left, depth + 1), self.value(right, depth + 1))
        if operator.type == "%":
            return strings.percent(self.value(left, depth + 1), right, self, depth)
        if operator.type == "/":  # pathlib
            return join(self.value(left, depth + 1), Literal("/"), self.value(right, depth + 1))
        return UNKNOWN

    def _either(self, node: Node, depth: int) -> Value:
        """`os.getenv("X") or "default"`."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return UNKNOWN
        first = self.value(left, depth + 1)
        if isinstance(first, Setting) and first.default is None:
            return Setting(first.key, strings.known(self.value(right, depth + 1)))
        return first

    def _subscript(self, node: Node, depth: int) -> Value:
        holder, key = node.child_by_field_name("value"), node.child_by_field_name("subscript")
        if holder is None or key is None:
            return UNKNOWN
        name = self.value(key, depth + 1)
        if isinstance(name, Literal):
            if self.text(holder) in ("os.environ", "environ"):
                return Setting(name.text)
            if holder.type in ("identifier", "attribute"):
                return Name(f"{self.text(holder)}.{name.text}"[:200])
        return Unknown(self.text(node)[:80])


def worth_keeping(name: str, value: Value) -> bool:
    """A constant that others may use as (part of) an address, a topic or a setting."""
    match value:
        case Setting():
            return True
        case Literal(text=text):
            return 0 < len(text) <= MAX_CONSTANT and bool(
                WORTH_KEEPING.search(text) or CONSTANT.match(name)
            )
        case Join(parts=parts):
            return any(isinstance(part, Setting | Name) for part in parts)
        case Name():
            return bool(CONSTANT.match(name))
        case Unknown():
            return False
