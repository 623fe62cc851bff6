"""How C# spells imports, constants, types of names and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined, ImportFound, SettingRead
from scaleaudit.languages.csharp import aspire, members, strings
from scaleaudit.languages.csharp.classes import made_to_be
from scaleaudit.languages.csharp.ef import mapped
from scaleaudit.languages.csharp.graphql import fields_resolved, root_methods
from scaleaudit.languages.csharp.requests import client_addresses
from scaleaudit.languages.csharp.routes import mounted
from scaleaudit.languages.csharp.settings import defaults
from scaleaudit.languages.csharp.syntax import CSharpSyntax
from scaleaudit.languages.enclosing_classes import class_path, known_around
from scaleaudit.languages.read_through import behind_cache, with_caches
from scaleaudit.languages.reader import MAX_NESTING, Binding
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, Setting, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite

FACTORIES = {
    "CreateClient": "HttpClient", "CreateHttpClient": "HttpClient",
    "CreateInvokeHttpClient": "HttpClient", "CreateModel": "IModel", "CreateChannelAsync": "IChannel",
}  # fmt: skip
BUILDERS = (("ProducerBuilder", "IProducer"), ("ConsumerBuilder", "IConsumer"),
            ("DaprClientBuilder", "DaprClient"))  # fmt: skip
ASKED = regex(r"<\s*([\w.]+)(?:<[\w.]+>)?\s*>\s*$")
MAX_PARTS = 400  # of one concatenation
MAX_CONSTANT = 500  # characters
TEXTS = {"string_literal", "verbatim_string_literal", "raw_string_literal",
         "interpolated_string_expression"}  # fmt: skip


class CSharpReader(CSharpSyntax):
    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for node in captures.get("namespace", ())[:1]:
            self.namespace = self.text(node)
        for node in captures.get("import", ()):
            yield from self._import(node)
        self._bind(captures.get("typed", ()))
        for node in captures.get("text_field", ()):
            head = self.text(node)[:200].partition("=")[0].split()
            path = self.class_path(node)
            declaration = next(c for c in node.named_children if c.type == "variable_declaration")
            for declarator in declaration.named_children:
                if declarator.type == "variable_declarator" and len(declarator.named_children) > 1:
                    name = f"{path}.{self.definition_name(declarator)}".lstrip(".")
                    if "const" in head or ("static" in head and "readonly" in head):
                        self.fields[name] = declarator, declarator.named_children[-1]

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for name, (at, made) in self.fields.items():
            value = self.value(made)
            if isinstance(value, Unknown) or len(getattr(value, "text", "")) > MAX_CONSTANT:
                continue
            if not (isinstance(value, Join) and any(isinstance(p, Unknown) for p in value.parts)):
                yield ConstantDefined(self.span(at), name, value)
        yield from defaults(self, captures.get("text_property", ()))
        yield from client_addresses(self, captures.get("client_address", ()))
        yield from mounted(self, captures.get("mapped", ()))
        for node in captures.get("setting", ()):
            value = self.value(node)
            if isinstance(value, Setting):
                yield SettingRead(self.span(node), value.key, self.scope(node))
        for node in captures.get("bases", ()):
            if node.parent is not None:
                yield from made_to_be(self, node.parent)
        yield from root_methods(self)
        yield from fields_resolved(self)
        yield from aspire.hosted(self)
        yield from with_caches(self, mapped(self))

    def is_seldom(self, node: Node) -> bool:
        return behind_cache(self, node)

    def _import(self, node: Node) -> Iterator[Fact]:
        names = [c for c in node.named_children if c.type in ("identifier", "qualified_name")]
        if not names:
            return
        module = self.text(names[-1])
        at = self.span(node)
        if len(names) > 1:
            yield ImportFound(at, module, (), self.text(names[0]))
        else:
            yield ImportFound(at, module, (("*", ""),))

    # -- names

    def _bind(self, nodes: list[Node] | tuple[()]) -> None:
        """Names of one type in the whole file; a name of two types stands for neither."""
        found: dict[str, set[str]] = {}
        for node in nodes:
            type_node = node.child_by_field_name("type")
            declarators = [c for c in node.named_children if c.type == "variable_declarator"]
            for each in declarators or [node]:
                kind = self.plain(type_node) if type_node is not None else ""
                if type_node is not None and type_node.type == "implicit_type":
                    made = each.named_children[-1].child_by_field_name("type")
                    kind = self.plain(made) if made is not None else ""
                if kind:
                    found.setdefault(self.definition_name(each), set()).add(kind)
        for name, kinds in found.items():
            if len(kinds) == 1:
                self.bindings[name] = Binding(kinds.pop())

    def qualify(self, dotted: str, node: Node) -> tuple[str, CallSite | None]:
        parts = dotted.split(".")
        if parts[0] == "this" and len(parts) > 1:
            parts = parts[1:]
        bound = self.bindings.get(parts[0]) if len(parts) > 1 else None
        if bound is not None:
            return ".".join([bound.type, *parts[1:]]), bound.made_by
        if len(parts) == 2 and parts[0][:1] not in "?ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            made = self.local(parts[0], node) or members.given(self, parts[0], node)
            kind = self._made_type(made) if made is not None else ""
            if kind:
                return f"{kind}.{parts[1]}", None
        if len(parts) > 2 and parts[-2][:1].isupper():
            parts = parts[-2:]  # System.IO.File.WriteAllText
        return ".".join(parts), None

    def _made_type(self, made: Node) -> str:
        """The type of what well-known factories make: `factory.CreateClient("x")`."""
        while made.type in ("await_expression", "parenthesized_expression") and made.named_children:
            made = made.named_children[0]
        if made.type != "invocation_expression":
            return ""
        link = self.chain(made)[-1]
        if link.name in ("GetRequiredService", "GetService"):
            match = ASKED.search(self.text(made.child_by_field_name("function") or made)[-120:])
            return match[1].rpartition(".")[2] if match is not None else ""
        if link.name == "Build":
            receiver = self.receiver(made)
            text = self.text(receiver)[:80] if receiver is not None else ""
            return next((kind for word, kind in BUILDERS if word in text), "")
        return FACTORIES.get(link.name, "")

    def receiver(self, call: Node) -> Node | None:
        """What a method is called on."""
        function = call.child_by_field_name("function")
        return function.child_by_field_name("expression") if function is not None else None

    def class_path(self, node: Node) -> str:
        return class_path(self, node)

    def field(self, written: str, node: Node) -> str | None:
        """The full name of a constant of this file: `Url` inside `Api` is `Api.Url`."""
        return known_around(self.fields, self.class_path(node), written) if self.fields else None

    def statement(self, node: Node) -> Value:
        return strings.statement(self, node)

    # -- values

    def each(self, node: Node) -> list[Node]:
        if node.type in ("collection_expression", "initializer_expression"):
            found = [c.named_children[0] if c.type == "expression_element" and c.named_children else c
                     for c in node.named_children]  # fmt: skip
            return found
        if node.type in ("implicit_array_creation_expression", "array_creation_expression"):
            inner = node.named_children[-1] if node.named_children else node
            return self.each(inner) if inner.type == "initializer_expression" else [node]
        return [node]

    def value(self, node: Node, depth: int = 0) -> Value:
        if depth > MAX_NESTING:
            return UNKNOWN
        kind = node.type
        if kind in TEXTS:
            return strings.string_value(self, node, depth)
        if kind == "binary_expression":
            return self._sum(node, depth)
        if kind in ("identifier", "member_access_expression", "conditional_access_expression"):
            return strings.name_value(self, node, depth)
        if kind == "invocation_expression":
            return strings.call_value(self, node, depth)
        if kind == "element_access_expression":
            return strings.indexed(self, node, depth)
        if kind == "integer_literal":
            return Literal(self.text(node).replace("_", ""))
        if kind in ("parenthesized_expression", "await_expression", "postfix_unary_expression"):
            return self.value(node.named_children[0], depth + 1) if node.named_children else UNKNOWN
        if kind == "cast_expression":
            inner = node.child_by_field_name("value")
            return self.value(inner, depth + 1) if inner is not None else UNKNOWN
        if kind in ("object_creation_expression", "implicit_object_creation_expression"):
            args = self.arguments_of(node)
            made = node.child_by_field_name("type")
            if made is not None and self.plain(made).endswith("ConnectionStringBuilder"):
                return strings.built(self, node, depth)
            same = made is None or self.plain(made) in strings.SAME_AS_FIRST
            return self.value(args[0], depth + 1) if same and args else UNKNOWN
        return Unknown(self.text(node)[:80])

    def _sum(self, node: Node, depth: int) -> Value:
        """`a + b + c`, and `a ?? b` for a setting with a default."""
        parts: list[Value] = []
        at: Node | None = node
        while at is not None and at.type == "binary_expression" and len(parts) < MAX_PARTS:
            left, right = at.child_by_field_name("left"), at.child_by_field_name("right")
            operator = at.child_by_field_name("operator")
            sign = self.text(operator) if operator is not None else ""
            if left is None or right is None:
                return UNKNOWN
            if sign == "??" and not parts:
                return self._either(left, right, depth)
            if sign != "+":
                return UNKNOWN
            parts.append(self.value(right, depth + 1))
            at = left
        parts.append(self.value(at, depth + 1) if at is not None else UNKNOWN)
        return join(*reversed(parts))

    def _either(self, left: Node, right: Node, depth: int) -> Value:
        first = self.value(left, depth + 1)
        if isinstance(first, Setting) and first.default is None:
            second = self.value(right, depth + 1)
            return Setting(first.key, None if isinstance(second, Unknown) else second)
        return first
