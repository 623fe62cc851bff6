"""Where a builder that a variable holds is used: chains on it, and calls that are handed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from scaleaudit.languages.php.branches import excludes, is_certain, way_to
from scaleaudit.languages.php.class_names import CALLS
from scaleaudit.languages.php.names import chain
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.branches import Way
    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

MAX_USES = 200  # of one variable


class Use(Gathering):
    """One place where a builder that is kept in a variable is used."""

    node: Node
    links: list[Link]
    way: Way
    given: Node | None = None  # the call that is handed the builder
    argument: Node | None = None  # as which it is


class Uses:
    """Of the builders that variables of one file hold; each mapper says which methods are theirs."""

    certain: ClassVar[frozenset[str]]  # methods that only builders have
    aside: ClassVar[frozenset[str]]  # methods whose answers are no builders and read nothing

    def __init__(self, reader: PhpReader) -> None:
        self.reader = reader
        self.seen: set[int] = set()

    def top_of(self, node: Node | None) -> Node | None:
        """The outermost call of the chain that a node is a part of."""
        at = node
        for _ in range(4):
            if at is None or at.type in CALLS:
                break
            at = at.parent
        if at is None or at.type not in CALLS:
            return None
        for above in self.reader.ancestors(at):
            inner = above.child_by_field_name("object")
            if inner is None or inner.start_byte > at.start_byte or inner.end_byte < at.end_byte:
                break
            if above.type in CALLS:
                at = above
        return at

    def assigned_to(self, top: Node) -> tuple[str, Node | None]:
        """The variable that is given the chain, and the assignment."""
        above = top.parent
        if above is None or above.type != "assignment_expression":
            return "", None
        left = above.child_by_field_name("left")
        plain = left is not None and left.type == "variable_name"
        return (self.reader.text(left), above) if left is not None and plain else ("", None)

    def uses(self, name: str, holder: Node, home: Way) -> Iterator[Use]:
        function = self.reader.function_around(holder)
        end = function.end_byte if function is not None else len(self.reader.content)
        told: set[int] = set()
        for count, match in enumerate(occurrences(self.reader.content, name, holder.end_byte, end)):
            node = self.reader.root.descendant_for_byte_range(match, match + 1)
            node = node.parent if node is not None and node.type != "variable_name" else node
            if count >= MAX_USES:
                return
            if node is None or node.type != "variable_name" or self.hidden(node, name, function):
                continue
            above = node.parent
            if above is not None and above.type == "clone_expression":
                node, above = above, above.parent
            if above is not None and above.type == "assignment_expression":
                if above.child_by_field_name("left") == node:
                    right = above.child_by_field_name("right")
                    own = right is not None and (
                        self.reader.text(chain(self.reader, right)[0]) == name
                        or self.is_handed(right, name)
                    )
                    way = way_to(self.reader, above)
                    if not own and not excludes(home, way) and is_certain(home, way):
                        return
                    continue
                if node.type == "clone_expression" or above.child_by_field_name("right") == node:
                    yield Use(node, [], way_to(self.reader, node))
                    continue
            top = self.whole(node)
            rest: list[Link] | None = None
            given = self.call_given(node) if top is None else None
            if top is None:
                top, rest = self.handed(node)
            if top is None and given is not None:
                top, rest = given, []
            if top is None or top.id in told:
                continue
            way = way_to(self.reader, top)
            if excludes(home, way):
                continue
            told.add(top.id)
            self.seen.add(top.id)
            links = chain(self.reader, top)[1] if rest is None else rest
            if not links or links[0].name not in self.aside:
                yield Use(top, links, way, given, node)

    def is_returned(self, name: str, holder: Node, home: Way) -> bool:
        """Whether the function ends with `return $query;`."""
        function = self.reader.function_around(holder)
        body = function.child_by_field_name("body") if function is not None else None
        last = body.named_children[-1] if body is not None and body.named_children else None
        if last is None or last.type != "return_statement" or not last.named_children:
            return False
        return self.reader.text(last.named_children[0]) == name and is_certain(
            home, way_to(self.reader, last)
        )

    def hidden(self, node: Node, name: str, home: Node | None) -> bool:
        """Whether a closure between a mention and the function has a variable of its own by the name."""
        for above in self.reader.ancestors(node):
            if above == home:
                return False
            if above.type not in self.reader.FUNCTIONS:
                continue
            own = above.child_by_field_name("parameters")
            given = [self.reader.text(c) for c in own.named_children] if own is not None else []
            if any(word.endswith(name) for word in given):
                return True
            if above.type == "anonymous_function":
                uses = [c for c in above.named_children if "use_clause" in c.type]
                if not any(name in self.reader.text(c) for c in uses):
                    return True
        return False

    def call_given(self, node: Node) -> Node | None:
        """The call that a variable is an argument of."""
        holder = node.parent.parent if node.parent is not None else None
        if holder is None or holder.type != "arguments" or holder.parent is None:
            return None
        return holder.parent if holder.parent.type in CALLS else None

    def is_handed(self, value: Node, name: str) -> bool:
        """`$query = $this->narrow($query)`."""
        calls = [link.call for link in chain(self.reader, value)[1] if link.call is not None]
        return any(
            self.reader.text(given) == name
            for call in calls[:1]
            for given in self.reader.arguments(call)[0][:3]
        )

    def handed(self, node: Node) -> tuple[Node | None, list[Link]]:
        """`$this->access->restrict($query)->latest()`: the builder comes back from a call."""
        argument = node.parent
        if argument is None or argument.type != "argument" or argument.parent is None:
            return None, []
        call = argument.parent.parent
        top = self.top_of(call)
        if call is None or top is None:
            return None, []
        links = chain(self.reader, top)[1]
        position = next((i for i, link in enumerate(links) if link.call == call), -1)
        rest = links[position + 1 :]
        function = call.type == "function_call_expression"
        if (position < 0 and not function) or not rest or rest[0].name not in self.certain:
            return None, []
        return top, rest

    def whole(self, node: Node) -> Node | None:
        """The chain that starts with a variable; None when the variable is no start of one."""
        at = node
        for above in self.reader.ancestors(node):
            if above.type == "parenthesized_expression":
                at = above if at.type == "clone_expression" else at
                continue
            if above.child_by_field_name("object") != at or above.type not in CALLS:
                break
            at = above
        return at if at.type in CALLS else None


def occurrences(content: bytes, name: str, start: int, end: int) -> Iterator[int]:
    """Where a variable is mentioned between two places."""
    word = name.encode()
    at = content.find(word, start, end)
    while at >= 0:
        after = content[at + len(word) : at + len(word) + 1]
        if not (after.isalnum() or after == b"_"):
            yield at
        at = content.find(word, at + len(word), end)
