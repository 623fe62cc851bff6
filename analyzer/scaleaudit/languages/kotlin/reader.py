"""How Kotlin spells calls and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.java import strings as jvm_strings
from scaleaudit.languages.java.choices import chosen_text
from scaleaudit.languages.java.names import Link
from scaleaudit.languages.kotlin import functions, routing, strings
from scaleaudit.languages.kotlin.declarations import KotlinDeclarations
from scaleaudit.languages.kotlin.set_properties import set_properties
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite

EXTENSIONS = "io.ktor.client.request"
OF_CLIENT = regex(r"(?i)client|http")
# What runs a block whose calls are made on what stands before it.
SCOPES = {"apply", "run", "with"}
MAX_BLOCKS = 3
BLOCKS = (b".apply", b".run", b"with(")
NESTED_ANNOTATIONS = {"Queue", "Exchange", "QueueBinding"}
IF_AND_ELSE = 3  # the test and both arms
MAX_PARTS = 400  # of one concatenation


class KotlinReader(KotlinDeclarations):
    blocks = 0  # inside one another, whose receivers are being worked out

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        yield from KotlinDeclarations.finished(self, captures)
        yield from functions.arguments_given(self)
        yield from set_properties(self)
        yield from routing.mounted(self)

    # -- calls

    def named(self, node: Node) -> tuple[str, CallSite | None]:
        """Of a call on something unknown: the extension of Ktor's client that its name is imported
        as, or that may be meant where all of them are."""
        qualified, client = KotlinDeclarations.named(self, node)
        if EXTENSIONS.encode() not in self.content or node.type != "call_expression":
            return qualified, client
        links = self.chain(node)
        if len(links) < 2 or qualified.startswith("io."):
            return qualified, client
        last, on = links[-1].name, links[-2].name
        alone = self.imports.get(last) == f"{EXTENSIONS}.{last}"
        if alone or (EXTENSIONS in self.wildcards and OF_CLIENT.search(on)):
            return f"io.ktor.client.HttpClient.{last}", client
        return qualified, client

    def innermost(self, node: Node) -> Node:
        """The call itself, without the lambda that may follow it: `get("/x") { ... }`."""
        for _ in range(MAX_NESTING):
            inner = node.named_children[0] if node.named_children else None
            if inner is None or inner.type != "call_expression":
                break
            node = inner
        return node

    def chain(self, node: Node) -> list[Link]:
        links: list[Link] = []
        at: Node | None = node
        call: Node | None = None
        for _ in range(MAX_NESTING):
            if at is None:
                break
            kind, children = at.type, at.named_children
            if kind == "call_expression" and children:
                call = self.innermost(at)
                at = call.named_children[0]
            elif kind == "navigation_expression" and len(children) > 1:
                links.append(Link(self.text(children[-1]), call))
                at, call = children[0], None
            elif kind == "identifier":
                name = self.text(at)
                links.append(Link(name, call, constructor=call is not None and name[:1].isupper()))
                if call is not None and self.blocks < MAX_BLOCKS:
                    given = self.receiver_of_block(at, name)
                    self.blocks += 1
                    links += reversed(self.chain(given)) if given is not None else ()
                    self.blocks -= 1
                break
            elif kind == "this_expression":
                links.append(Link("this"))
                break
            elif (
                kind in ("parenthesized_expression", "as_expression", "unary_expression")
                and children
            ):
                at = children[0]
            else:
                links.append(Link("?", call))
                break
        else:
            links.append(Link("?"))
        links.reverse()
        return links

    def receiver_of_block(self, node: Node, name: str) -> Node | None:
        """Of `router.apply { get("/x") }`: what the calls inside are made on, where no import or
        function of the file explains them."""
        if name[:1].isupper() or name in SCOPES or name in self.imports:
            return None
        if not has_any(self.content, BLOCKS) or f"fun {name}(".encode() in self.content:
            return None
        for above in self.ancestors(node):
            if above.type in self.FUNCTIONS and above.type != "lambda_literal":
                return None
            if above.type in self.CLASSES:
                return None
            if above.type != "annotated_lambda" or above.parent is None:
                continue
            links = above.parent.named_children
            callee = links[0] if links else None
            inner = callee.named_children if callee is not None else []
            if callee is None or callee.type != "navigation_expression" or len(inner) < 2:
                if callee is not None and callee.type == "call_expression":
                    within = callee.named_children[0]
                    if self.text(within) == "with" and (args := self.arguments_of(callee)):
                        return args[0]
                continue
            if self.text(inner[-1]) in SCOPES:
                return inner[0]
        return None

    def is_call(self, node: Node) -> bool:
        return node.type == "call_expression"

    def name_node(self, call: Node) -> Node | None:
        callee = self.innermost(call).named_children[:1]
        inside = callee and callee[0].type == "navigation_expression"
        return callee[0].named_children[-1] if inside else None

    def callee(self, node: Node) -> str:
        if node.type == "annotation":
            inner = next((c for c in node.named_children if c.type != "use_site_target"), None)
            if inner is not None and inner.type == "constructor_invocation":
                inner = inner.named_children[0]
            return self.text(inner) if inner is not None else ""
        return ".".join(link.name for link in self.chain(node))

    def _value_arguments(self, node: Node) -> list[Node]:
        if node.type == "call_expression":
            node = self.innermost(node)
        elif node.type == "annotation":
            node = next(
                (c for c in node.named_children if c.type == "constructor_invocation"), node
            )
        holder = next((c for c in node.named_children if c.type == "value_arguments"), None)
        children = holder.named_children if holder is not None else []
        return [c for c in children if c.type == "value_argument" and c.named_children]

    def arguments_of(self, node: Node) -> list[Node]:
        return [argument.named_children[-1] for argument in self._value_arguments(node)]

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        args: list[Node] = []
        keywords: dict[str, Node] = {}
        for argument in self._value_arguments(node):
            value = argument.named_children[-1]
            if any(child.type == "=" for child in argument.children):
                keywords[self.text(argument.named_children[0])] = value
            else:
                args.append(value)
        if node.type == "annotation":
            return args, keywords, False
        args.extend(self._lambdas(node))
        self.add_steps(keywords, node)
        for arg in args[:2]:
            made = self.local(self.text(arg), arg) if arg.type == "identifier" else arg
            if made is not None and made.type == "call_expression":
                self.add_steps(keywords, self.innermost(made))
        return args, keywords, False

    def _lambdas(self, node: Node) -> Iterator[Node]:
        """The lambda after the parentheses, or instead of them."""
        above = node.parent
        wrapped = above is not None and above.type == "call_expression"
        for holder in (node, above if wrapped else None):
            last = next(iter(holder.named_children[-1:]), None) if holder is not None else None
            if last is not None and last.type == "annotated_lambda":
                yield from last.named_children[-1:]

    def calls_after(self, node: Node) -> Iterator[Node]:
        for above in self.ancestors(node):
            if above.type not in ("call_expression", "navigation_expression"):
                return
            if above.named_children[0] != node:
                return
            if above.type == "call_expression" and node.type == "navigation_expression":
                yield above
            node = above

    def annotated(self, node: Node) -> Node | None:
        above = node.parent
        if above is None:
            return None
        if above.type == "parameter_modifiers":
            return above.next_named_sibling
        return above.parent if above.type == "modifiers" else None

    def is_async(self, function: Node) -> bool:
        first = function.children[0] if function.children else None
        return first is not None and first.type == "modifiers" and "suspend" in self.text(first)

    def loops(self, loop: Node, node: Node) -> bool:
        if loop.type == "for_statement":
            return node.start_byte >= loop.named_children[-1].start_byte
        return True

    # -- values

    def each(self, node: Node) -> list[Node]:
        if node.type == "collection_literal":
            return node.named_children
        if node.type == "call_expression" and self.callee(node) in jvm_strings.LISTS:
            return self.arguments_of(node)
        return [node]

    def value(self, node: Node, depth: int = 0) -> Value:
        if depth > MAX_NESTING:
            return UNKNOWN
        match node.type:
            case "string_literal" | "multiline_string_literal":
                return strings.string_value(self, node, depth)
            case "binary_expression":
                return self._sum(node, depth)
            case "if_expression" if len(node.named_children) == IF_AND_ELSE:
                return chosen_text(self, node.named_children[1:], depth)
            case "identifier" | "navigation_expression":
                name = self.text(node).replace("?.", ".")
                value = jvm_strings.name_value(self, node, name, depth)
                if isinstance(value, Unknown) and node.type == "identifier":
                    return functions.parameter(self, name, node) or value
                return value
            case "call_expression":
                return self._call_value(node, depth)
            case "parenthesized_expression" if node.named_children:
                return self.value(node.named_children[0], depth + 1)
            case "collection_literal" if len(node.named_children) == 1:
                return self.value(node.named_children[0], depth + 1)
            case "number_literal":
                return Literal(self.text(node).replace("_", ""))
            case "lambda_literal" if node.named_children:
                return self.value(node.named_children[-1], depth + 1)
            case "annotation":
                return self.annotation_value(node, depth)
            case _:
                return Unknown(self.text(node)[:80])

    def _call_value(self, node: Node, depth: int) -> Value:
        links = self.chain(node)
        args = self.arguments_of(node)
        if len(links) == 1 and links[0].constructor:
            if links[0].name in NESTED_ANNOTATIONS:
                return self.annotation_value(node, depth)
            return jvm_strings.constructed(self, links[0].name, args, depth)
        callee = self.innermost(node).named_children[0]
        receiver = callee.named_children[0] if callee.type == "navigation_expression" else None
        return jvm_strings.call_value(self, links, receiver, args, depth)

    def _sum(self, node: Node, depth: int) -> Value:
        """`a + b + c`, and `a ?: b` for a setting with a default."""
        parts: list[Value] = []
        at: Node | None = node
        while at is not None and at.type == "binary_expression" and len(parts) < MAX_PARTS:
            left, right = at.child_by_field_name("left"), at.child_by_field_name("right")
            operator = at.child_by_field_name("operator")
            if left is None or right is None or operator is None:
                return UNKNOWN
            lets = list(self._lambdas(left)) if operator.type == "?:" and not parts else []
            if lets:  # `code?.let { "and code = :code" } ?: ""`
                return chosen_text(self, [lets[0], right], depth)
            if operator.type == "?:" and not parts:
                return jvm_strings.either(self.value(left, depth + 1), self.value(right, depth + 1))
            if operator.type != "+":
                return UNKNOWN
            parts.append(self.value(right, depth + 1))
            at = left
        parts.append(self.value(at, depth + 1) if at is not None else UNKNOWN)
        return join(*reversed(parts))
