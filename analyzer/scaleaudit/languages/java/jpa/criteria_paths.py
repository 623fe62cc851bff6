"""Attributes of entities as the Criteria API names them: `root.get("shop").get("name")`, `cb.lower(...)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.record import Gathering
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jpa.criteria_roots import Root
    from scaleaudit.languages.java.jvm import JvmReader

MAX_LEVELS = 40
# Comparisons by the builder's method, and by that of the path itself.
OPERATORS = {
    "equal": "=", "equalTo": "=", "notEqual": "!=", "notEqualTo": "!=", "like": "like", "notLike": "!=",
    "greaterThan": ">", "gt": ">", "greaterThanOrEqualTo": ">=", "ge": ">=",
    "lessThan": "<", "lt": "<", "lessThanOrEqualTo": "<=", "le": "<=", "between": "between",
    "isNull": "is-null", "isNotNull": "is-not-null", "isTrue": "is-true", "isFalse": "is-true",
    "in": "in", "`in`": "in", "asc": "sort", "desc": "sort",
}  # fmt: skip
STEPS = frozenset(
    {"get", "join", "fetch", "joinList", "joinSet", "joinCollection", "joinMap", "getList", "value"}
)
SAME = frozenset({"as", "treat", "coalesce", "literal", "nullif"})
CASTS = frozenset({"toString", "asString", "toLong", "toInteger", "cast"})


class Path(Gathering):
    root: Root
    steps: list[str]
    function: str = ""


class Known(Gathering):
    """The roots of a file, and what expressions stand for."""

    roots: list[Root]
    paths: dict[int, Path | None] = msgspec.field(default_factory=dict)  # by id of the node


def receiver_of(call: Node) -> Node | None:
    found = call.child_by_field_name("object")
    if found is not None or not call.named_children:
        return found
    callee = call.named_children[0]
    return callee.named_children[0] if callee.type == "navigation_expression" else None


def path_of(reader: JvmReader, node: Node, known: Known, depth: int) -> Path | None:
    """The attribute that an expression stands for: `root.get("a").get(B_.c)`, `cb.lower(...)`."""
    if depth > MAX_LEVELS:
        return None
    if node.id not in known.paths:
        known.paths[node.id] = None  # for what is made of itself
        known.paths[node.id] = _path_of(reader, node, known, depth)
    return known.paths[node.id]


def _path_of(reader: JvmReader, node: Node, known: Known, depth: int) -> Path | None:
    if node.type in ("identifier", "simple_identifier"):
        name = reader.text(node)
        root = root_at(known, name, node)
        if root is not None:
            return Path(root, [])
        made = reader.local(name, node)
        return path_of(reader, made, known, depth + 1) if made is not None else None
    if node.type in ("parenthesized_expression", "cast_expression", "as_expression"):
        inner = node.named_children
        which = -1 if node.type == "cast_expression" else 0
        return path_of(reader, inner[which], known, depth + 1) if inner else None
    if not reader.is_call(node):
        return None
    name, args = reader.chain(node)[-1].name, reader.arguments_of(node)
    receiver = receiver_of(node)
    if name in STEPS and receiver is not None and args:
        path = path_of(reader, receiver, known, depth + 1)
        step = attribute(reader, args[0])
        return (
            Path(path.root, [*path.steps, *step.split(".")], path.function)
            if path is not None and step
            else None
        )
    if name in SAME and receiver is not None:
        return path_of(reader, receiver, known, depth + 1) or (
            path_of(reader, args[0], known, depth + 1) if args else None
        )
    if name == "function" and len(args) > 2:
        inside = next((p for a in args[2:] if (p := path_of(reader, a, known, depth + 1))), None)
        called = reader.value(args[0])
        function = called.text.lower() if isinstance(called, Literal) else "function"
        return Path(inside.root, inside.steps, function) if inside is not None else None
    if args and receiver is not None and name not in OPERATORS:
        inside = path_of(reader, args[0], known, depth + 1)
        if inside is not None and inside.steps:
            return Path(inside.root, inside.steps, "cast" if name in CASTS else name.lower())
    return None


def root_at(known: Known, name: str, node: Node) -> Root | None:
    """The root of that name in the innermost function around."""
    fitting = [
        root
        for root in known.roots
        if root.name == name and root.scope.start_byte <= node.start_byte < root.scope.end_byte
    ]
    return max(fitting, key=lambda root: root.scope.start_byte, default=None)


def attribute(reader: JvmReader, node: Node) -> str:
    """`"name"`, `Order_.name`, `Order_.CREATED_AT`, `Order::name`, a constant of the file."""
    value = reader.value(node)
    if isinstance(value, Literal):
        return value.text
    written = reader.text(node).replace("::", ".")
    owner, _, last = written.rpartition(".")
    if not last.isidentifier() or not (owner.rpartition(".")[2][:1].isupper() or last.isupper()):
        return ""
    if last.isupper():
        constant = re.search(rb"\bString\s+%s\s*=\s*\"(\w+)\"" % last.encode(), reader.content)
        if constant is not None and not owner.endswith("_"):
            return constant[1].decode()
        first, *rest = last.lower().split("_")
        return first + "".join(word.capitalize() for word in rest)
    return last
