"""How Java spells imports, calls, values and fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from scaleaudit.facts import EndpointServed, ImportFound, StoreUsed
from scaleaudit.languages.java import strings
from scaleaudit.languages.java.constants import constant_fact
from scaleaudit.languages.java.frameworks import FRAMEWORKS
from scaleaudit.languages.java.jvm import JvmReader, Known, Link, Typed
from scaleaudit.languages.java.state import state_kept
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.values import UNKNOWN, Literal, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact

QUALIFIED = re.compile(r"[\w$.]+\*?")
DECLARED_BEFORE = re.compile(
    rb"(?:^|[\s(,;{<@)])(?!(?:return|throw|case|else|new|yield|assert)\b)[A-Za-z_][\w.]*"
    rb"(?:<[^;(){}=]*>)?(?:\[\])*(?:\.\.\.)?\s+$"
)
DECLARED_AFTER = re.compile(rb"\s*[=;:,)\[]")
LAMBDA_AFTER = re.compile(rb"\s*(?:,[\w\s,]*\)|\))?\s*->")
TYPE_BEFORE = re.compile(rb"(?:^|[\s(,;{])([A-Z][\w.]*)(?:<[^;(){}=]*>)?\s+$")
MAX_PARTS = 400  # of one concatenation


class JavaReader(JvmReader):
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

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for node in captures.get("package", ()):
            self.namespace = self.text(node)[8:].strip(" ;\t\r\n")
        for node in captures.get("import", ()):
            yield from self._import(node)
        for node in sorted(captures.get("typed", ()), key=lambda n: n.start_byte):
            self._declare(node)
        for node in captures.get("made", ()):
            self._make(node)
        for node in captures.get("text_field", ()):
            path = self.class_path(node)
            for declarator in node.children_by_field_name("declarator"):
                name = self.definition_name(declarator)
                self.fields.add(f"{path}.{name}" if path else name)

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for node in captures.get("text_field", ()):
            yield from self._texts(node)
        for node in captures.get("given", ()):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                full = self.field(self.text(left), node)
                if full is not None:
                    yield from constant_fact(self.span(node), full, self.value(right), False)
        yield from self.settings.facts()
        yield from state_kept(self, list(self._state_fields(captures)))
        yield from self.kafka_addresses()
        for node in captures.get("grpc_base", ()):
            yield from self.grpc_service(node, self.text(node))

    def grpc_service(self, node: Node, base: str) -> Iterator[Fact]:
        """`extends AdServiceGrpc.AdServiceImplBase` serves `AdService`."""
        around = self.class_around(node)
        name = base.rpartition(".")[2].removesuffix("ImplBase")
        if around is not None and name:
            handler = self.definition_name(around)
            yield EndpointServed(self.span(node), "*", Literal(name), handler, "", "grpc")

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
            yield ImportFound(at, module[:-2], (("*", ""),))
            return
        owner, _, name = module.rpartition(".")
        self.imports[name] = module
        yield ImportFound(at, owner, ((name, name),)) if static else ImportFound(at, module)

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

    def _texts(self, node: Node) -> Iterator[Fact]:
        path = self.class_path(node)
        head = self.text(node)[:200]
        fixed = node.type == "constant_declaration" or ("static" in head and "final" in head)
        for declarator in node.children_by_field_name("declarator"):
            made = declarator.child_by_field_name("value")
            if made is None:
                continue
            name = self.definition_name(declarator)
            full = f"{path}.{name}" if path else name
            yield from constant_fact(self.span(declarator), full, self.value(made), fixed)

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
                given = rb"(?:this\s*\.\s*)?([A-Za-z_]\w*)\s*=\s*" + re.escape(name.encode()) + rb"\s*;"
                body = self.content[around.start_byte : around.end_byte]
                names = [match[1].decode() for match in re.finditer(given, body)]
        else:
            return []
        return [f"{path}.{name}" if path else name for name in names if name]

    def properties(self, node: Node) -> Iterator[tuple[str, str, Node | None, Node]]:
        parameters = node.child_by_field_name("parameters")
        for member in [*self.members(node), *(parameters.named_children if parameters else ())]:
            type_node = member.child_by_field_name("type")
            if type_node is None or member.type not in ("field_declaration", "formal_parameter"):
                continue
            for declarator in member.children_by_field_name("declarator") or [member]:
                made = declarator.child_by_field_name("value")
                yield self.definition_name(declarator), self.text(type_node), made, declarator

    def declares(self, before: bytes, after: bytes) -> bool:
        if LAMBDA_AFTER.match(after):
            return True
        return bool(DECLARED_AFTER.match(after) and DECLARED_BEFORE.search(before))

    def type_beside(self, before: bytes, after: bytes) -> str:
        match = TYPE_BEFORE.search(before) if DECLARED_AFTER.match(after) else None
        return match[1].decode("utf-8", "replace") if match is not None else ""

    # -- calls

    def chain(self, node: Node) -> list[Link]:
        links: list[Link] = []
        at: Node | None = node
        for _ in range(MAX_NESTING):
            if at is None:
                break
            kind = at.type
            if kind == "method_invocation":
                name = at.child_by_field_name("name")
                links.append(Link(self.text(name) if name is not None else "?", at))
                at = at.child_by_field_name("object")
            elif kind == "field_access":
                name = at.child_by_field_name("field")
                links.append(Link(self.text(name) if name is not None else "?"))
                at = at.child_by_field_name("object")
            elif kind == "object_creation_expression":
                made = at.child_by_field_name("type")
                name_of = self.type_name(made) if made is not None else "?"
                links.append(Link(name_of, at, constructor=True))
                break
            elif kind in ("identifier", "this", "type_identifier"):
                links.append(Link(self.text(at)))
                break
            elif kind == "parenthesized_expression" and at.named_children:
                at = at.named_children[0]
            elif kind == "cast_expression":
                at = at.child_by_field_name("value")
            else:
                links.append(Link("?"))
                break
        else:
            links.append(Link("?"))
        links.reverse()
        return links

    def is_call(self, node: Node) -> bool:
        return node.type in self.CALLS

    def callee(self, node: Node) -> str:
        if node.type in self.ANNOTATIONS:
            name = node.child_by_field_name("name")
            return self.text(name) if name is not None else ""
        return ".".join(link.name for link in self.chain(node))

    def arguments_of(self, node: Node) -> list[Node]:
        holder = node.child_by_field_name("arguments")
        children = holder.named_children if holder is not None else []
        return [child for child in children if not child.type.endswith("comment")]

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        """Keywords are an annotation's members, and the steps of the builder around the call."""
        args = self.arguments_of(node)
        keywords: dict[str, Node] = {}
        if node.type in self.ANNOTATIONS:
            positional = [arg for arg in args if arg.type != "element_value_pair"]
            for pair in args:
                key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
                if pair.type == "element_value_pair" and key is not None and value is not None:
                    keywords[self.text(key)] = value
            return positional, keywords, False
        self.add_steps(keywords, node)
        for arg in args[:2]:
            made = self.local(self.text(arg), arg) if arg.type == "identifier" else arg
            if made is not None and made.type in self.CALLS:
                self.add_steps(keywords, made)
        return args, keywords, False

    def calls_after(self, node: Node) -> Iterator[Node]:
        for above in self.ancestors(node):
            if above.type != "method_invocation" or above.child_by_field_name("object") != node:
                return
            yield above
            node = above

    def annotated(self, node: Node) -> Node | None:
        above = node.parent
        return above.parent if above is not None and above.type == "modifiers" else None

    def described(self, node: Node) -> str:
        made = self.local(self.text(node), node) if node.type == "identifier" else None
        return self.text(node)[:200] + (" " + self.text(made)[:200] if made is not None else "")

    def loops(self, loop: Node, node: Node) -> bool:
        if loop.type in ("for_statement", "enhanced_for_statement"):
            body = loop.child_by_field_name("body")
            return body is not None and node.start_byte >= body.start_byte
        return True

    # -- values

    def each(self, node: Node) -> list[Node]:
        if node.type in ("element_value_array_initializer", "array_initializer"):
            return [child for child in node.named_children if not child.type.endswith("comment")]
        if node.type == "array_creation_expression":
            inner = node.child_by_field_name("value")
            return self.each(inner) if inner is not None else [node]
        if node.type == "method_invocation" and self.callee(node) in strings.LISTS:
            return self.arguments_of(node)
        return [node]

    def value(self, node: Node, depth: int = 0) -> Value:
        if depth > MAX_NESTING:
            return UNKNOWN
        match node.type:
            case "string_literal":
                return strings.string_value(self, node)
            case "binary_expression":
                return self._sum(node, depth)
            case "identifier" | "field_access":
                return strings.name_value(self, node, self.text(node), depth)
            case "method_invocation":
                receiver = node.child_by_field_name("object")
                args = self.arguments_of(node)
                return strings.call_value(self, self.chain(node), receiver, args, depth)
            case "object_creation_expression":
                name = self.chain(node)[-1].name
                return strings.constructed(self, name, self.arguments_of(node), depth)
            case "parenthesized_expression" if node.named_children:
                return self.value(node.named_children[0], depth + 1)
            case "cast_expression":
                inner = node.child_by_field_name("value")
                return self.value(inner, depth + 1) if inner is not None else UNKNOWN
            case "lambda_expression":
                body = node.child_by_field_name("body")
                return self.value(body, depth + 1) if body is not None else UNKNOWN
            case "element_value_array_initializer" | "array_initializer":
                # MyBatis writes a long statement as an array of lines.
                return join(*strings.spaced([self.value(e, depth + 1) for e in self.each(node)]))
            case "decimal_integer_literal":
                return Literal(self.text(node).rstrip("lL").replace("_", ""))
            case "character_literal":
                return Literal(strings.unescape(self.text(node)[1:-1]))
            case "annotation":
                return self.annotation_value(node, depth)
            case _:
                return Unknown(self.text(node)[:80])

    def _sum(self, node: Node, depth: int) -> Value:
        """`a + b + c`; the left side is followed by a loop, it may be long."""
        parts: list[Value] = []
        at: Node | None = node
        while at is not None and at.type == "binary_expression" and len(parts) < MAX_PARTS:
            operator, right = at.child_by_field_name("operator"), at.child_by_field_name("right")
            if operator is None or operator.type != "+" or right is None:
                return UNKNOWN
            parts.append(self.value(right, depth + 1))
            at = at.child_by_field_name("left")
        parts.append(self.value(at, depth + 1) if at is not None else UNKNOWN)
        return join(*reversed(parts))
