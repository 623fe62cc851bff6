"""The classes of a file as Django reads them: bases, attributes, inner `Meta`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.python.django.nodes import arguments_of, bare
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MANAGER_BASE = regex(r"(?:Manager|Query[sS]et(?:Mixin)?)(?:\[.*\])?$", 16)
BRANCHES = frozenset({"if_statement", "else_clause", "block", "try_statement"})
MAX_CLASSES = 800
MAX_STATEMENTS = 600
MAX_LEVELS = 10


class ClassRead(Gathering):
    """A class: what stands directly in it, and in its `Meta`."""

    name: str  # dotted, with the classes around
    node: Node
    bases: tuple[str, ...]  # as written
    attributes: dict[str, Node] = msgspec.field(default_factory=dict)  # name -> right side
    methods: dict[str, Node] = msgspec.field(default_factory=dict)
    meta: dict[str, Node] | None = None

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]


def classes_of(reader: PythonReader, nodes: Sequence[Node]) -> dict[int, ClassRead]:
    """By id of the node; inner `Meta` classes are told with the class around."""
    found: dict[int, ClassRead] = {}
    for node in sorted(nodes, key=lambda each: each.start_byte)[:MAX_CLASSES]:
        name = reader.definition_name(node)
        if not name:
            continue
        around = reader.class_around(node) if node.start_point[1] > 0 else None
        outer = found.get(around.id) if around is not None else None
        body = node.child_by_field_name("body")
        if body is None:
            continue
        if name == "Meta" and outer is not None:
            outer.meta = dict(assignments(reader, body))
            continue
        one = ClassRead(
            f"{outer.name}.{name}" if outer is not None else name,
            node,
            tuple(bases_of(reader, node)),
        )
        one.attributes.update(assignments(reader, body))
        one.methods.update(methods(reader, body))
        found[node.id] = one
    return found


def bases_of(reader: PythonReader, node: Node) -> Iterator[str]:
    """As written, with what they are generic over: `QuerySet["Order"]`.

    `Manager.from_queryset(OrderQuerySet)` counts as both.
    """
    holder = node.child_by_field_name("superclasses")
    for base in holder.named_children[:20] if holder is not None else ():
        if base.type in ("identifier", "attribute", "subscript"):
            yield reader.hint(base)
        elif base.type == "call":
            yield reader.callee(base).removesuffix(".from_queryset")
            for each in arguments_of(reader, base).given[:4]:
                if each.type in ("identifier", "attribute"):
                    yield reader.hint(each)


def assignments(reader: PythonReader, block: Node, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """`name = value` in a class, also in a branch; of several of one name the last counts."""
    for statement in block.named_children[:MAX_STATEMENTS]:
        if statement.type == "expression_statement":
            node = statement.children[0]
            left = node.child_by_field_name("left") if node.type == "assignment" else None
            right = node.child_by_field_name("right") if left is not None else None
            if left is not None and right is not None and left.type == "identifier":
                yield reader.text(left), right
        elif statement.type in BRANCHES and depth < MAX_LEVELS:
            yield from assignments(reader, statement, depth + 1)


def methods(reader: PythonReader, block: Node) -> Iterator[tuple[str, Node]]:
    for statement in block.named_children[:MAX_STATEMENTS]:
        node: Node | None = statement
        if statement.type == "decorated_definition":
            node = statement.child_by_field_name("definition")
        if node is not None and node.type == "function_definition":
            yield reader.definition_name(node), node


def is_manager(one: ClassRead, by_name: dict[str, ClassRead]) -> bool:
    """A manager or a query set, by its bases and theirs."""
    above = [
        one,
        *(
            by_name[each]
            for base in one.bases
            for each in families(base, by_name)
            if each in by_name
        ),
    ]
    return any(MANAGER_BASE.search(plain_name(base)) for each in above for base in each.bases)


def families(written: str, by_name: dict[str, ClassRead]) -> Iterator[str]:
    """A class and those of the file that it inherits from, each once."""
    left, seen = [plain_name(written)], set[str]()
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        yield name
        one = by_name.get(name)
        if one is not None:
            left += [each for base in reversed(one.bases) if (each := plain_name(base)) in by_name]


def plain_name(written: str) -> str:
    """`Manager[Order]` is a `Manager`."""
    return written.partition("[")[0]


def managers_in(
    reader: PythonReader, node: Node, by_name: dict[str, ClassRead], depth: int = 0
) -> list[str]:
    """The classes behind `objects = ...`: `M()`, `Q.as_manager()`, `M.from_queryset(Q)()`."""
    node = bare(node)
    if node.type == "identifier":
        name = reader.text(node)
        if name in by_name:
            return list(families(name, by_name))
        known = reader.module_values.get(name)
        if known is not None and known.id != node.id and depth < 4:
            return managers_in(reader, known, by_name, depth + 1) or [name]
        return [name]
    if node.type == "attribute":
        return [reader.hint(node)]
    if node.type != "call":
        return []
    function = node.child_by_field_name("function")
    if function is None or depth > 6:
        return []
    callee = reader.callee(node)
    if callee.endswith(".as_manager"):
        of = callee.removesuffix(".as_manager")
        return list(families(of, by_name))
    if callee.endswith(".from_queryset") and function.type == "attribute":
        of = callee.removesuffix(".from_queryset")
        found = [] if of.endswith(("models.Manager", "Manager")) and "." in of else [of]
        for each in arguments_of(reader, node).given[:4]:
            found += managers_in(reader, each, by_name, depth + 1)
        return [*dict.fromkeys(found)]
    return managers_in(reader, function, by_name, depth + 1)
