"""What stands directly in a Ruby file and in its modules and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.names import NameReader

MAX_DEPTH = 40
BODIES = frozenset({"class", "module", "singleton_class"})
# `if ENV["X"] ... end` around assignments and calls
BRANCHES = frozenset({"if", "unless", "else", "then", "begin", "elsif", "rescue", "ensure"})
ASSIGNMENTS = frozenset({"assignment", "operator_assignment"})
METHODS = frozenset({"method", "singleton_method"})


class Assigned(Gathering):
    """`left = right`, directly in the file or in the class `owner` (dotted, empty for none)."""

    owner: str
    left: Node
    right: Node
    node: Node
    conditional: bool = False  # `||=`, or in a branch


class Holder(Gathering):
    """A class or module: its dotted name, its superclass as written, and what it calls."""

    name: str
    node: Node
    superclass: str = ""
    calls: list[Node] = msgspec.field(default_factory=list)  # `include X`, `queue_as :y`
    methods: list[Node] = msgspec.field(default_factory=list)
    included: set[str] = msgspec.field(default_factory=set)  # of `include` and `extend`, dotted


class Declarations:
    """One walk over the tops of a file, made once."""

    def __init__(self, reader: NameReader) -> None:
        self._reader = reader
        self.assigned: list[Assigned] = []
        self.top = Holder("", reader.root)
        self.holders: list[Holder] = []
        self._walk(reader.root, self.top, 0, in_branch=False)

    def all(self) -> Iterator[Holder]:
        yield self.top
        yield from self.holders

    def _walk(self, block: Node, holder: Holder, depth: int, *, in_branch: bool) -> None:
        if depth > MAX_DEPTH:
            return
        for node in block.named_children:
            kind = node.type
            if kind == "call":
                holder.calls.append(node)
                self._include(node, holder)
            elif kind in METHODS:
                holder.methods.append(node)
            elif kind in ASSIGNMENTS:
                self._assignment(node, holder, in_branch=in_branch)
            elif kind in BODIES:
                self._enter(node, holder, depth)
            elif kind in BRANCHES:
                self._walk(node, holder, depth + 1, in_branch=True)
            elif kind == "body_statement":
                self._walk(node, holder, depth + 1, in_branch=in_branch)

    def _enter(self, node: Node, outer: Holder, depth: int) -> None:
        body = node.child_by_field_name("body")
        if node.type == "singleton_class":
            if body is not None:
                self._walk(body, outer, depth + 1, in_branch=False)
            return
        named = node.child_by_field_name("name")
        name = self._reader.constant_name(named) if named is not None else ""
        above = node.child_by_field_name("superclass")
        superclass = ""
        if above is not None and above.named_children:
            superclass = self._reader.constant_name(above.named_children[0])
        full = ".".join(part for part in (outer.name, name) if part)
        holder = Holder(full, node, superclass)
        self.holders.append(holder)
        if body is not None:
            self._walk(body, holder, depth + 1, in_branch=False)

    def _assignment(self, node: Node, holder: Holder, *, in_branch: bool) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None:
            conditional = in_branch or node.type == "operator_assignment"
            self.assigned.append(Assigned(holder.name, left, right, node, conditional))

    def _include(self, node: Node, holder: Holder) -> None:
        method = node.child_by_field_name("method")
        if method is None or node.child_by_field_name("receiver") is not None:
            return
        if self._reader.text(method) in ("include", "extend", "prepend"):
            arguments = node.child_by_field_name("arguments")
            for each in arguments.named_children if arguments is not None else ():
                holder.included.add(self._reader.constant_name(each))
