"""HCL (Terraform) as a small tree: blocks, and expressions as far as one file tells them.

References become `Setting`s without their indexes (`aws_db_instance.main[0].address` is
`aws_db_instance.main.address`); what is computed is `Unknown`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scaleaudit.config_files.placeholders import reference, reference_value
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node, Parser

    from scaleaudit.values import Value

MAX_DEPTH = 48
MAX_HINT = 80
MAX_BYTES = 512 * 1024
_BLANKS = regex(rb"[ \t]{64,}")
# Functions whose result is, for an address or a name, their first argument.
_TRANSPARENT = {
    "tostring", "trimspace", "sensitive", "nonsensitive", "lower", "upper", "tolist", "toset",
    "jsonencode", "yamlencode", "tomap", "tonumber", "try", "coalesce", "one", "jsondecode",
}  # fmt: skip
_ESCAPES = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\", "\\r": "\r"}


class Scalar(Gathering):
    value: Value
    line: int
    heredoc: str = ""  # the raw text of a heredoc


class Items(Gathering):
    items: list[Expression]
    line: int


class Entries(Gathering):
    entries: dict[str, Expression]
    line: int


Expression: TypeAlias = Scalar | Items | Entries


class Block(Gathering):
    """`resource "aws_db_instance" "main" { ... }`: type, labels, attributes, inner blocks."""

    type: str
    labels: tuple[str, ...]
    line: int
    attributes: dict[str, Expression] = msgspec.field(default_factory=dict)
    blocks: list[Block] = msgspec.field(default_factory=list)

    def inner(self, *path: str) -> Iterator[Block]:
        """The blocks at a path of types below this one, in file order."""
        if not path:
            yield self
            return
        for block in self.blocks:
            if block.type == path[0]:
                yield from block.inner(*path[1:])

    def value(self, *path: str) -> Value | None:
        """The value at a path of blocks and maps that ends in an attribute."""
        found = self.at(*path)
        return found.value if isinstance(found, Scalar) else None

    def at(self, *path: str) -> Expression | None:
        for depth in range(len(path)):
            for block in self.inner(*path[:depth]):
                found: Expression | None = block.attributes.get(path[depth])
                for key in path[depth + 1 :]:
                    found = found.entries.get(key) if isinstance(found, Entries) else None
                if found is not None:
                    return found
        return None

    def text(self, *path: str) -> str:
        """The text at a path when it is known here, else empty."""
        value = self.value(*path)
        return value.text if isinstance(value, Literal) else ""


def read_hcl(content: bytes) -> tuple[Block, str]:
    """The file as a block without type, and what was not understood (empty: nothing)."""
    if len(content) > MAX_BYTES:
        return Block("", (), 1), f"larger than {MAX_BYTES} bytes"
    # In a line that it does not understand, the parser's time grows with the square of the blanks.
    root = _parser().parse(_BLANKS.sub(b" ", content)).root_node
    top = Block("", (), 1)
    problem = "part of the file is no valid HCL" if root.has_error else ""
    waiting: list[tuple[Node, Block, int]] = [(root, top, 0)]
    while waiting:
        node, block, depth = waiting.pop()
        for child in node.children:
            if child.type == "body" or child.type == "ERROR":
                if depth < MAX_DEPTH:
                    waiting.append((child, block, depth + 1))
            elif child.type == "attribute":
                _attribute(child, block)
            elif child.type == "block":
                made = _block(child)
                block.blocks.append(made)
                if depth < MAX_DEPTH:
                    waiting.append((child, made, depth + 1))
                else:
                    problem = "nested too deeply"
    return top, problem


@cache
def _parser() -> Parser:
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_hcl.language()))


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _line(node: Node) -> int:
    return node.start_point[0] + 1


def _block(node: Node) -> Block:
    names = [_text(c).strip('"') for c in node.children if c.type in ("identifier", "string_lit")]
    return Block(names[0] if names else "", tuple(names[1:]), _line(node))


def _attribute(node: Node, block: Block) -> None:
    name = next((c for c in node.children if c.type == "identifier"), None)
    value = next((c for c in node.children if c.type == "expression"), None)
    if name is not None and value is not None:
        block.attributes[_text(name)] = _expression(value, 0)


def _expression(node: Node, depth: int) -> Expression:
    """Unwraps, then dispatches on what is inside; too deep is unknown."""
    while node.type in _WRAPPERS and node.named_child_count == 1:
        node = node.named_children[0]
        depth += 1
        if depth > MAX_DEPTH:
            break
    children = node.named_children
    if depth > MAX_DEPTH:
        return _unknown(node)
    if node.type == "expression" and children and children[0].type == "variable_expr":
        return Scalar(reference(_text(node)), _line(node))
    reader = _READERS.get(node.type)
    return reader(node, depth + 1) if reader else _unknown(node)


def _unknown(node: Node) -> Scalar:
    hint = (node.text or b"")[: 4 * MAX_HINT].decode("utf-8", "ignore")
    return Scalar(Unknown(" ".join(hint.split())[:MAX_HINT]), _line(node))


def _literal(node: Node, depth: int) -> Expression:
    return Scalar(Literal("" if node.type == "null_lit" else _text(node)), _line(node))


def _string(node: Node, depth: int) -> Expression:
    parts: list[Value] = []
    for child in node.named_children:
        if child.type == "template_literal":
            text = _text(child).replace("$${", "${").replace("%%{", "%{")
            parts.append(Literal(re.sub(r"\\[ntr\"\\]", lambda m: _ESCAPES[m[0]], text)))
        elif child.type == "template_interpolation":
            inner = next((c for c in child.named_children if c.type == "expression"), None)
            found = _expression(inner, depth) if inner is not None else _unknown(child)
            parts.append(found.value if isinstance(found, Scalar) else Unknown(_text(child)[:80]))
        elif child.type == "template_directive":
            parts.append(Unknown(_text(child)[:MAX_HINT]))
    return Scalar(join(*parts), _line(node))


def _heredoc(node: Node, depth: int) -> Expression:
    text = _text(node).partition("\n")[2].rpartition("\n")[0]
    return Scalar(reference_value(text), _line(node) + 1, text)


def _tuple(node: Node, depth: int) -> Expression:
    found = [_expression(c, depth) for c in node.named_children if c.type == "expression"]
    return Items(found, _line(node))


def _object(node: Node, depth: int) -> Expression:
    entries: dict[str, Expression] = {}
    for child in node.named_children:
        pair = [c for c in child.named_children if c.type == "expression"]
        if child.type == "object_elem" and len(pair) == 2:
            key = re.sub(r'^[("\s]+|[)"\s]+$', "", _text(pair[0])[:400])
            entries[key] = _expression(pair[1], depth)
    return Entries(entries, _line(node))


def _call(node: Node, depth: int) -> Expression:
    name = next((_text(c) for c in node.named_children if c.type == "identifier"), "")
    holder = next((c for c in node.named_children if c.type == "function_arguments"), None)
    given = holder.named_children if holder is not None else []
    nodes = [c for c in given if c.type == "expression"]
    if name in _TRANSPARENT and nodes:
        return _expression(nodes[0], depth)
    if name not in ("concat", "merge", "format", "join"):
        return _unknown(node)
    arguments = [_expression(c, depth) for c in nodes]
    if name == "concat":
        lists = [argument for argument in arguments if isinstance(argument, Items)]
        return Items([item for each in lists for item in each.items], _line(node))
    if name == "merge":
        maps = [argument for argument in arguments if isinstance(argument, Entries)]
        merged = {key: value for each in maps for key, value in each.entries.items()}
        return Entries(merged, _line(node))
    values = [argument.value for argument in arguments if isinstance(argument, Scalar)]
    if name == "format" and len(values) == len(arguments) and values:
        return Scalar(_formatted(values[0], values[1:]), _line(node))
    return _unknown(node)


def _formatted(form: Value, values: list[Value]) -> Value:
    if not isinstance(form, Literal):
        return Unknown("format")
    pieces = re.split(r"%[sdvq]", form.text)
    if len(pieces) != len(values) + 1 or "%" in "".join(pieces):
        return Unknown(form.text[:MAX_HINT])
    parts: list[Value] = [Literal(pieces[0])]
    for value, piece in zip(values, pieces[1:], strict=True):
        parts += [value, Literal(piece)]
    return join(*parts)


_WRAPPERS = {"expression", "literal_value", "template_expr", "collection_value", "bool_lit"}
_READERS: dict[str, Callable[[Node, int], Expression]] = {
    "string_lit": _string,
    "quoted_template": _string,
    "heredoc_template": _heredoc,
    "numeric_lit": _literal,
    "bool_lit": _literal,
    "null_lit": _literal,
    "literal_value": _literal,
    "tuple": _tuple,
    "object": _object,
    "function_call": _call,
}
