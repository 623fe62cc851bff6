"""How Java spells calls and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.java import strings
from scaleaudit.languages.java.choices import chosen_text
from scaleaudit.languages.java.declarations import JavaDeclarations
from scaleaudit.languages.java.names import Link
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.values import UNKNOWN, Literal, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

MAX_PARTS = 400  # of one concatenation


class JavaReader(JavaDeclarations):
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

    def name_node(self, call: Node) -> Node | None:
        return call.child_by_field_name("name")

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
        root = self.chain(node)[0]
        made = self.local(root.name, node) if root.node is None and root.name != "?" else None
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
            case "ternary_expression":
                arms = (node.child_by_field_name(n) for n in ("consequence", "alternative"))
                return chosen_text(self, [arm for arm in arms if arm is not None], depth)
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
