"""How Kotlin spells imports, types and properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from scaleaudit.facts import ImportFound
from scaleaudit.languages.java.addresses import written_addresses
from scaleaudit.languages.java.constants import constant_fact
from scaleaudit.languages.java.framework_code import grpc_service, injected, kafka_addresses
from scaleaudit.languages.java.jpa.found import mapper_facts
from scaleaudit.languages.java.jvm import JvmReader
from scaleaudit.languages.java.names import Known, Typed
from scaleaudit.languages.java.served_types import served_types
from scaleaudit.languages.java.state import state_kept
from scaleaudit.languages.java.taken_in import taken_in
from scaleaudit.languages.kotlin.exposed import exposed_facts
from scaleaudit.languages.kotlin.frameworks import FRAMEWORKS
from scaleaudit.languages.read_through import behind_cache, with_caches
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact

IMPORT = regex(r"import\s+([\w$.`]+?)(\.\*)?(?:\s+as\s+(\w+))?\s*;?\s*$")
DECLARED_BEFORE = regex(rb"\b(?:val|var)\s+$")
DECLARED_AFTER = regex(rb"\s*(?::(?!:)\s*[A-Z]|->|,[\w\s,]*->)")
TYPE_AFTER = regex(rb"\s*:\s*([A-Z][\w.]*)")
# What a parameter is where nobody gives one; this says only that somebody will.
LOOPBACK = regex(r"\b(?:localhost|127\.0\.0\.1)\b")
TYPES = {"user_type", "nullable_type"}


class KotlinDeclarations(JvmReader):
    """Imports, types of names, fields; the other half is in `reader.py`."""

    known: ClassVar[Known] = Known(FRAMEWORKS)
    METHODS: ClassVar = frozenset({"function_declaration"})
    FUNCTIONS: ClassVar = frozenset({"function_declaration", "secondary_constructor"})
    CLASSES: ClassVar = frozenset({"class_declaration", "object_declaration"})
    LOOPS: ClassVar = frozenset({"for_statement", "while_statement", "do_while_statement"})
    STRINGS: ClassVar = frozenset(
        {
            "string_literal",
            "multiline_string_literal",
            "binary_expression",
            "parenthesized_expression",
        }
    )
    CALLS: ClassVar = frozenset({"call_expression"})
    ANNOTATIONS: ClassVar = frozenset({"annotation"})
    LAMBDAS: ClassVar = frozenset({"lambda_literal"})
    OPTION_OBJECTS: ClassVar = frozenset({"lambda_literal"})

    def is_seldom(self, node: Node) -> bool:
        return behind_cache(self, node)

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for node in captures.get("package", ()):
            self.namespace = self.text(node)[8:].strip(" ;\t\r\n")
        for node in captures.get("import", ()):
            yield from self._import(node)
        for node in captures.get("typed", ()):
            self._declare(node)
        for node in (*captures.get("text_field", ()), *captures.get("text_parameter", ())):
            if self.is_member(node):
                full = self.full_name(node)
                self.fields.add(full)
                made = self.initialiser(node) if node.type == "property_declaration" else None
                if made is not None and " var " not in f" {self.text(node)[:120]}":
                    self.fixed_texts[full] = made

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        named = yield from injected(self)
        for node in {node.id: node for node in captures.get("text_field", ())}.values():
            made = self.initialiser(node)
            if made is not None and self.is_member(node):
                fixed = " var " not in f" {self.text(node)[:120]}"
                value = self.value(made)
                if self.full_name(node) not in named:
                    yield from constant_fact(self.span(node), self.full_name(node), value, fixed)
        for node in {node.id: node for node in captures.get("text_parameter", ())}.values():
            made = self.initialiser(node)
            if made is not None and self.is_member(node) and self.full_name(node) not in named:
                value = self.value(made)
                if not (isinstance(value, Literal) and LOOPBACK.search(value.text)):
                    yield from constant_fact(self.span(node), self.full_name(node), value, False)
        yield from state_kept(self, list(self._state_fields(captures)))
        yield from kafka_addresses(self)
        yield from written_addresses(self)
        yield from served_types(self)
        yield from taken_in(self)
        for node in captures.get("grpc_base", ()):
            yield from grpc_service(self, node)
        yield from with_caches(self, mapper_facts(self))
        yield from with_caches(self, exposed_facts(self))

    def _import(self, node: Node) -> Iterator[Fact]:
        match = IMPORT.match(self.text(node))
        if match is None:
            return
        module, alias = match[1].replace("`", ""), match[3] or ""
        if match[2]:
            self.wildcards.append(module)
            self.inherit_any_of(module)
            yield ImportFound(self.span(node), module, (("*", ""),))
            return
        self.imports[alias or module.rpartition(".")[2]] = module
        self.inherit(module)
        yield ImportFound(self.span(node), module, (), alias)

    # -- declarations

    def definition_name(self, node: Node) -> str:
        named = node.child_by_field_name("name")
        if named is None:
            inner = next((c for c in node.named_children if c.type == "variable_declaration"), node)
            named = next((c for c in inner.named_children if c.type == "identifier"), None)
        return self.text(named) if named is not None else ""

    def is_member(self, node: Node) -> bool:
        return node.type == "class_parameter" or (
            node.parent is not None and node.parent.type in ("source_file", "class_body")
        )

    def full_name(self, node: Node) -> str:
        path, name = self.class_path(node), self.definition_name(node)
        return f"{path}.{name}" if path else name

    def initialiser(self, node: Node) -> Node | None:
        """What a property or a parameter is given at its declaration."""
        assigned = False
        for child in node.children:
            if child.type == "=":
                assigned = True
            elif assigned and child.is_named:
                return child
            elif child.type == "property_delegate":
                return self._lazily(child)
        return None

    def _lazily(self, delegate: Node) -> Node | None:
        """What `by lazy { ... }` ends with."""
        call = delegate.named_children[0] if delegate.named_children else None
        if call is None or call.type != "call_expression" or len(call.named_children) < 2:
            return None
        if self.text(call.named_children[0]) != "lazy":
            return None
        block = call.named_children[-1]
        while block.type == "annotated_lambda" and block.named_children:
            block = block.named_children[-1]
        inside = block.named_children if block.type == "lambda_literal" else []
        return inside[-1] if inside else None

    def type_name(self, node: Node) -> str:
        """The declared type without arguments; empty when it is inferred."""
        inner = next((c for c in node.named_children if c.type == "variable_declaration"), node)
        written = next((c for c in inner.named_children if c.type in TYPES), None)
        return (
            self.text(written).rstrip("?").partition("<")[0].strip() if written is not None else ""
        )

    def _declare(self, node: Node) -> None:
        holder = node.parent
        if holder is None:
            return
        member = self.is_member(node)
        if node.type == "class_parameter" or node.type == "parameter":
            holder = holder.parent if node.type == "parameter" else self.class_around(node)
        made = self.initialiser(node)
        kind = self.qualified_type(self.type_name(node))
        if not kind and made is not None and self.is_call(made):
            kind = self.named(made)[0]
        if holder is not None and kind:
            start = node.start_byte if node.type == "property_declaration" and not member else 0
            start = max(start, holder.start_byte)
            self.declare(
                self.definition_name(node), Typed(start, holder.end_byte, kind, made, member)
            )

    def _state_fields(
        self, captures: dict[str, list[Node]]
    ) -> Iterator[tuple[Node, str, str, Node | None, bool]]:
        for node in captures.get("kept", ()):
            made = self.initialiser(node)
            if made is None or not self.is_member(node):
                continue
            around = next(
                (a for a in self.ancestors(node) if a.type in (*self.CLASSES, "companion_object")),
                None,
            )
            static = around is None or around.type != "class_declaration"
            kind = self.text(made).partition("(")[0]
            yield node, self.definition_name(node), kind, made, static

    def fields_given(self, target: Node) -> list[str]:
        if target.type == "class_parameter" or self.is_member(target):
            return [self.full_name(target)]
        return []

    def properties(self, node: Node) -> Iterator[tuple[str, str, Node | None, Node]]:
        constructor = next(
            (c for c in node.named_children if c.type == "primary_constructor"), None
        )
        holders = constructor.named_children if constructor is not None else []
        parameters = [p for holder in holders for p in holder.named_children]
        for member in [*self.members(node), *parameters]:
            if member.type in ("property_declaration", "class_parameter"):
                made = self.initialiser(member)
                yield self.definition_name(member), self.type_name(member), made, member

    def bases_of(self, node: Node) -> list[str]:
        holder = next((c for c in node.named_children if c.type == "delegation_specifiers"), None)
        return [self.text(each) for each in holder.named_children] if holder is not None else []

    def kind_of_type(self, node: Node) -> str:
        if any(child.type == "interface" for child in node.children[:3]):
            return "interface"
        words = self.modifiers(node)
        if "annotation" in words:
            return "annotation"
        return "abstract" if {"abstract", "sealed"} & set(words) else "class"

    def is_public(self, node: Node) -> bool:
        return not {"private", "internal", "protected"} & set(self.modifiers(node))

    def modifiers(self, node: Node) -> list[str]:
        first = node.children[0] if node.children else None
        if first is None or first.type != "modifiers":
            return []
        return [self.text(each) for each in first.children if each.type != "annotation"]

    def declares(self, before: bytes, after: bytes) -> bool:
        return bool(DECLARED_BEFORE.search(before) or DECLARED_AFTER.match(after))

    def type_beside(self, before: bytes, after: bytes) -> str:
        match = TYPE_AFTER.match(after)
        return match[1].decode("utf-8", "replace") if match is not None else ""
