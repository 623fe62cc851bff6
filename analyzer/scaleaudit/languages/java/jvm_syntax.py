"""What Java and Kotlin each say in a way of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from scaleaudit.languages.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.names import Known, Link


class JvmSyntax(Reader):
    """Each of the two languages fills these in; `JvmReader` stands on them."""

    known: ClassVar[Known]
    METHODS: ClassVar[frozenset[str]]  # functions that are no constructors
    ANNOTATIONS: ClassVar[frozenset[str]]
    LAMBDAS: ClassVar[frozenset[str]]

    def chain(self, node: Node) -> list[Link]:
        """The steps of a call, the outermost receiver first; `?` for what is no name."""
        raise NotImplementedError

    def is_call(self, node: Node) -> bool:
        raise NotImplementedError

    def arguments_of(self, node: Node) -> list[Node]:
        """The arguments as they stand, comments left out."""
        raise NotImplementedError

    def calls_after(self, node: Node) -> Iterator[Node]:
        """The calls made on the result of a call: `.timeout(x)` in `client.get(y).timeout(x)`."""
        raise NotImplementedError

    def declares(self, before: bytes, after: bytes) -> bool:
        """Whether a word between these texts is declared there."""
        raise NotImplementedError

    def type_beside(self, before: bytes, after: bytes) -> str:
        """The type in the declaration of a word between these texts; empty when it is none."""
        raise NotImplementedError

    def fields_given(self, target: Node) -> list[str]:
        """Full names of the fields that hold what is injected into a field or parameter."""
        raise NotImplementedError

    def properties(self, node: Node) -> Iterator[tuple[str, str, Node | None, Node]]:
        """Name, written type, initialiser and node of each property of a class."""
        raise NotImplementedError

    def bases_of(self, node: Node) -> list[str]:
        """The types that a type extends or implements, as written, with their arguments."""
        raise NotImplementedError

    def kind_of_type(self, node: Node) -> str:
        """`class`, `abstract`, `interface` or `annotation`."""
        raise NotImplementedError

    def is_public(self, node: Node) -> bool:
        raise NotImplementedError

    def loops(self, loop: Node, node: Node) -> bool:
        """Whether the loop runs the node again and again, not just once at its start."""
        return True

    def name_node(self, call: Node) -> Node | None:
        raise NotImplementedError
