"""How Java spells imports, types and fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from scaleaudit.facts import ImportFound
from scaleaudit.languages.java.addresses import written_addresses
from scaleaudit.languages.java.constants import constant_fact
from scaleaudit.languages.java.enums import enum_text
from scaleaudit.languages.java.framework_code import grpc_service, injected, kafka_addresses
from scaleaudit.languages.java.frameworks import FRAMEWORKS
from scaleaudit.languages.java.jpa.found import mapper_facts
from scaleaudit.languages.java.jpa.transfers import makers
from scaleaudit.languages.java.jpa.visits import visits
from scaleaudit.languages.java.jvm import JvmReader
from scaleaudit.languages.java.names import Known, Typed
from scaleaudit.languages.java.served_types import served_types
from scaleaudit.languages.java.state import state_kept
from scaleaudit.languages.java.taken_in import taken_in
from scaleaudit.languages.read_through import behind_cache, with_caches
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import ConstantDefined, Fact

QUALIFIED = regex(r"[\w$.]+\*?")
DECLARED_BEFORE = regex(
    rb"(?:^|[\s(,;{<@)])(?!(?:return|throw|case|else|new|yield|assert)\b)[A-Za-z_][\w.]*"
    rb"(?:<[^;(){}=]*>)?(?:\[\])*(?:\.\.\.)?\s+$"
)
DECLARED_AFTER = regex(rb"\s*[=;:,)\[]")
LAMBDA_AFTER = regex(rb"\s*(?:,[\w\s,]*\)|\))?\s*->")
TYPE_BEFORE = regex(rb"(?:^|[\s(,;{])([A-Z][\w.]*)(?:<[^;(){}=]*>)?\s+$")


class JavaDeclarations(JvmReader):
    """Imports, types of names, fields; the other half is in `reader.py`."""

    known: ClassVar[Known] = Known(FRAMEWORKS)
    METHODS: ClassVar = frozenset({"method_declaration"})
    FUNCTIONS: ClassVar = frozenset(
        {"method_declaration", "constructor_declaration", "compact_constructor_declaration"}
    )
    CLASSES: ClassVar = frozenset(
        {
            "class_declaration",
            "interface_declaration",
            "enum_declaration",
            "record_declaration",
            "annotation_type_declaration",
        }
    )
    LOOPS: ClassVar = frozenset(
        {"for_statement", "enhanced_for_statement", "while_statement", "do_statement"}
    )
    STRINGS: ClassVar = frozenset(
        {
            "string_literal",
            "binary_expression",
            "parenthesized_expression",
            "element_value_array_initializer",
        }
    )
    CALLS: ClassVar = frozenset({"method_invocation", "object_creation_expression"})
    ANNOTATIONS: ClassVar = frozenset({"annotation", "marker_annotation"})
    LAMBDAS: ClassVar = frozenset({"lambda_expression", "method_reference"})

    def is_seldom(self, node: Node) -> bool:
        return behind_cache(self, node)

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for node in captures.get("package", ()):
            self.namespace = self.text(node)[8:].strip(" ;\t\r\n")
        for node in captures.get("import", ()):
            yield from self._import(node)
        for node in captures.get("typed", ()):
            self._declare(node)
        for node in captures.get("made", ()):
            self._make(node)
        for node in captures.get("text_field", ()):
            path = self.class_path(node)
            for declarator in node.children_by_field_name("declarator"):
                name = self.definition_name(declarator)
                full = f"{path}.{name}" if path else name
                self.fields.add(full)
                made = declarator.child_by_field_name("value")
                if made is not None and self._is_fixed(node):
                    self.fixed_texts[full] = made

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        named = yield from injected(self)
        for node in captures.get("text_field", ()):
            yield from (fact for fact in self._texts(node) if fact.name not in named)
        for node in captures.get("given", ()):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                full = self.field(self.text(left), node)
                if full is not None:
                    yield from constant_fact(self.span(node), full, self.value(right), False)
        for node in captures.get("text_of_enum", ()):
            yield from enum_text(self, node)
        yield from state_kept(self, list(self._state_fields(captures)))
        yield from kafka_addresses(self)
        yield from written_addresses(self)
        yield from served_types(self)
        yield from taken_in(self)
        for node in captures.get("grpc_base", ()):
            yield from grpc_service(self, node)
        yield from with_caches(self, mapper_facts(self))
        yield from visits(self)
        yield from makers(self)

    # -- imports and types

    def _import(self, node: Node) -> Iterator[Fact]:
        words = self.text(node).rstrip("; \t\r\n").split(None, 2)
        static = len(words) == 3 and words[1] == "static"
        module = "".join(words[2:] if static else words[1:])
        at = self.span(node)
        if not QUALIFIED.fullmatch(module):
            return
        if module.endswith(".*"):
            self.wildcards.append(module[:-2])
            self.inherit_any_of(module[:-2])
            yield ImportFound(at, module[:-2], (("*", ""),))
            return
        owner, _, name = module.rpartition(".")
        self.imports[name] = module
        self.inherit(module)
        if static:
            yield ImportFound(at, owner, ((name, name),))
        else:  # what only its import names is never loaded
            yield ImportFound(at, module, type_only=not self._used_beside(node, name))

    def _used_beside(self, node: Node, name: str) -> bool:
        """Whether a name stands anywhere but at the end of its import; mostly soon behind it."""
        word = name.encode("utf-8", "replace")
        at = self.content.rfind(word, node.start_byte, node.end_byte)
        return self.content.find(word, at + len(word)) >= 0 or self.content.find(word, 0, at) >= 0

    def _declare(self, node: Node) -> None:
        type_node = node.child_by_field_name("type")
        above = node.parent
        if type_node is None or above is None:
            return
        written = self.type_name(type_node)
        member = node.type in ("field_declaration", "method_declaration")
        holder = above
        if node.type in ("formal_parameter", "resource") and above.parent is not None:
            holder = above.parent
            member = holder.type == "record_declaration"
        start = holder.start_byte if member or node.type == "formal_parameter" else node.start_byte
        for declarator in node.children_by_field_name("declarator") or [node]:
            made = declarator.child_by_field_name("value")
            name = self.definition_name(declarator)
            if written == "var":
                kind = self.named(made)[0] if made is not None and self.is_call(made) else ""
            else:
                kind = self.qualified_type(written)
            if name and kind:
                self.declare(name, Typed(start, holder.end_byte, kind, made, member))

    def _make(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        name = self.text(left)
        own = name.startswith("this.")
        typed = self.typed_as(name.removeprefix("this."), node, member=own)
        if typed is not None and typed.made is None:
            typed.made = right

    def type_name(self, node: Node) -> str:
        """A type without its arguments: `Map.Entry<K, V>` is `Map.Entry`."""
        return self.text(node.named_children[0] if node.type == "generic_type" else node)

    # -- fields

    def _texts(self, node: Node) -> Iterator[ConstantDefined]:
        path, fixed = self.class_path(node), self._is_fixed(node)
        for declarator in node.children_by_field_name("declarator"):
            made = declarator.child_by_field_name("value")
            if made is None:
                continue
            name = self.definition_name(declarator)
            full = f"{path}.{name}" if path else name
            yield from constant_fact(self.span(declarator), full, self.value(made), fixed)

    def _is_fixed(self, node: Node) -> bool:
        head = self.text(node)[:200]
        return node.type == "constant_declaration" or ("static" in head and "final" in head)

    def _state_fields(
        self, captures: dict[str, list[Node]]
    ) -> Iterator[tuple[Node, str, str, Node | None, bool]]:
        for node in (*captures.get("kept", ()), *captures.get("kept_number", ())):
            type_node = node.child_by_field_name("type")
            first = node.children[0]
            words = self.text(first).split() if first.type == "modifiers" else []
            static = "static" in words
            if "final" in words and type_node is not None and type_node.type == "integral_type":
                continue
            for declarator in node.children_by_field_name("declarator"):
                if type_node is not None:
                    made = declarator.child_by_field_name("value")
                    name, kind = self.definition_name(declarator), self.text(type_node)
                    yield node, name, kind, made, static

    def fields_given(self, target: Node) -> list[str]:
        path = self.class_path(target)
        if target.type == "field_declaration":
            names = [self.definition_name(d) for d in target.children_by_field_name("declarator")]
        elif target.type == "formal_parameter":
            around = self.function_around(target)
            name = self.definition_name(target)
            if around is None:
                names = [name]  # of a record
            else:
                given = (
                    rb"(?:this\s*\.\s*)?([A-Za-z_]\w*)\s*=\s*" + re.escape(name.encode()) + rb"\s*;"
                )
                body = self.content[around.start_byte : around.end_byte]
                names = [match[1].decode() for match in re.finditer(given, body)]
                names = [name] if name in names else names
        else:
            return []
        return [f"{path}.{name}" if path else name for name in names if name]

    def properties(self, node: Node) -> Iterator[tuple[str, str, Node | None, Node]]:
        parameters = node.child_by_field_name("parameters")
        for member in [*self.members(node), *(parameters.named_children if parameters else ())]:
            type_node = member.child_by_field_name("type")
            if type_node is None or member.type not in ("field_declaration", "formal_parameter"):
                continue
            if "static" in self.text(member.children[0]).split():
                continue
            for declarator in member.children_by_field_name("declarator") or [member]:
                made = declarator.child_by_field_name("value")
                yield self.definition_name(declarator), self.text(type_node), made, declarator

    def bases_of(self, node: Node) -> list[str]:
        found: list[str] = []
        for child in node.named_children:
            if child.type in ("superclass", "super_interfaces", "extends_interfaces"):
                inner = child.named_children
                if len(inner) == 1 and inner[0].type == "type_list":
                    inner = inner[0].named_children
                found += [self.text(each) for each in inner]
        return found

    def kind_of_type(self, node: Node) -> str:
        if node.type == "annotation_type_declaration":
            return "annotation"
        if node.type == "interface_declaration":
            return "interface"
        return "abstract" if "abstract" in self.modifiers(node) else "class"

    def is_public(self, node: Node) -> bool:
        return "public" in self.modifiers(node)

    def modifiers(self, node: Node) -> list[str]:
        first = node.children[0] if node.children else None
        words = first.children if first is not None and first.type == "modifiers" else []
        return [each.type for each in words]

    def declares(self, before: bytes, after: bytes) -> bool:
        if LAMBDA_AFTER.match(after):
            return True
        return bool(DECLARED_AFTER.match(after) and DECLARED_BEFORE.search(before))

    def type_beside(self, before: bytes, after: bytes) -> str:
        match = TYPE_BEFORE.search(before) if DECLARED_AFTER.match(after) else None
        return match[1].decode("utf-8", "replace") if match is not None else ""
