"""Small readings of Python expressions: what is called, with what, on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.python.bindings import DOTTED, MAX_NAME
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_WRAPPED = 12  # parentheses and the like around one expression
MAX_ITEMS = 200  # of one list of arguments
MAX_SHOWN = 200  # characters of a query that people see
CONSTANTS = frozenset(
    {"string", "integer", "float", "true", "false", "none", "concatenated_string"}
)
IDENTIFIER = regex(r"[A-Za-z_]\w*")
WORD = regex(r"\w+")  # of a path, which is no expression


class Given(Record, frozen=True):
    """The arguments of a call as they stand there."""

    args: tuple[Node, ...] = ()
    keywords: dict[str, Node] = msgspec.field(default_factory=dict)
    splats: tuple[Node, ...] = ()  # what stands behind `*`
    more: bool = False  # `**options`
    dictionaries: tuple[Node, ...] = ()  # what stands behind `**`


def last_name(reader: PythonReader, call: Node) -> str:
    """`filter` of `session.query(X).filter(...)`; empty for what is no call of a name."""
    function = call.child_by_field_name("function") if call.type == "call" else None
    if function is not None and function.type == "attribute":
        function = function.child_by_field_name("attribute")
    if function is None or function.type != "identifier":
        return ""
    return reader.hint(function)


def receiver(call: Node) -> Node | None:
    function = call.child_by_field_name("function") if call.type == "call" else None
    if function is None or function.type != "attribute":
        return None
    return function.child_by_field_name("object")


def dotted(reader: PythonReader, node: Node | None) -> str:
    """A name or a chain of attributes as written; empty for anything else."""
    if node is None or node.type not in ("identifier", "attribute"):
        return ""
    if node.end_byte - node.start_byte > MAX_NAME:
        return ""
    text = reader.text(node)
    return text if DOTTED.fullmatch(text) else ""


def given(call: Node, reader: PythonReader) -> Given:
    holder = call.child_by_field_name("arguments")
    if holder is None:
        return Given()
    if holder.type == "generator_expression":
        return Given((), {}, (holder,))
    args: list[Node] = []
    keywords: dict[str, Node] = {}
    splats: list[Node] = []
    dictionaries: list[Node] = []
    for child in holder.named_children[:MAX_ITEMS]:
        if child.type == "keyword_argument":
            name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            if name is not None and value is not None:
                keywords[reader.hint(name)] = value
        elif child.type == "list_splat" and child.named_children:
            splats.append(child.named_children[0])
        elif child.type == "dictionary_splat":
            dictionaries += child.named_children[:1]
        elif child.type != "comment":
            args.append(child)
    more = bool(dictionaries)
    return Given(tuple(args), keywords, tuple(splats), more, tuple(dictionaries))


def bare(node: Node) -> Node:
    """Without parentheses and `await` around it."""
    for _ in range(MAX_WRAPPED):
        if node.type not in ("parenthesized_expression", "await"):
            break
        inner = next((child for child in node.named_children if child.type != "comment"), None)
        if inner is None:
            break
        node = inner
    return node


def literal(reader: PythonReader, node: Node | None) -> str:
    """The text of a string that stands there, or of a name that this file binds to one."""
    if node is None or node.end_byte - node.start_byte > 20_000:
        return ""
    value = reader.value(node)
    return value.text if isinstance(value, Literal) else ""


def is_true(reader: PythonReader, node: Node | None) -> bool:
    return node is not None and node.type == "true"


def items(node: Node | None) -> list[Node]:
    """The elements of a list or tuple that stands there, or of a sum of them."""
    if node is None:
        return []
    waiting, found = [bare(node)], []
    for _ in range(MAX_WRAPPED):
        if not waiting:
            break
        at = waiting.pop(0)
        if at.type == "binary_operator":
            sides = at.child_by_field_name("left"), at.child_by_field_name("right")
            waiting[:0] = [bare(side) for side in sides if side is not None]
        elif at.type in ("list", "tuple", "set"):
            found += [child for child in at.named_children[:MAX_ITEMS] if child.type != "comment"]
    return found


def lambda_body(node: Node) -> Node:
    """`lambda: X` as X; anything else as it is."""
    if node.type == "lambda":
        return node.child_by_field_name("body") or node
    return node


def shown(reader: PythonReader, node: Node) -> str:
    """The expression for people, on one line and shortened."""
    return excerpt(reader.content, node, MAX_SHOWN)


def statements(block: Node | None, depth: int = 0) -> Iterator[Node]:
    """The statements of a body, branches entered, functions and classes not."""
    for child in block.named_children if block is not None and depth < 20 else ():
        if child.type in ("function_definition", "class_definition", "decorated_definition"):
            continue
        if any(c.type == "block" or c.type.endswith("_clause") for c in child.named_children):
            yield from statements(child, depth + 1)
            continue
        if child.type == "block":
            yield from statements(child, depth + 1)
        else:
            yield child
