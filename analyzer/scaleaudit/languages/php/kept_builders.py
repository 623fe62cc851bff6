"""Chains of calls on query builders, and builders that variables hold, whatever the mapper."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace

from scaleaudit.facts import OrmQuery, QueryFound
from scaleaudit.languages.php.branches import excludes, is_certain, way_to
from scaleaudit.languages.php.class_names import CALLS
from scaleaudit.languages.php.conditions import Built, joined
from scaleaudit.languages.php.names import chain
from scaleaudit.languages.php.optional_parts import by_arm, has_choice
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from re import Pattern

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.php.branches import Way
    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

MAX_CHAINS = 1_500  # of one file
MAX_USES = 200  # of one variable
MAX_LEVELS = 6  # variables made of variables
MAX_KEPT = 2_000  # variables of one file that are followed


class Start(Gathering):
    """A builder at its beginning, and the links that have not been followed yet."""

    built: Built
    links: list[Link]
    kept: str = ""  # the variable that holds the builder, when the function must tell


class Use(Gathering):
    """One place where a builder that is kept in a variable is used."""

    node: Node
    links: list[Link]
    way: Way


class Kept:
    """The queries of one file. A mapper says what starts one, what calls add, and what is told."""

    mark: ClassVar[Pattern[bytes]]  # ends with the bracket of a call
    certain: ClassVar[frozenset[str]]  # methods that only builders have
    aside: ClassVar[frozenset[str]]  # methods whose answers are no builders and read nothing

    def __init__(self, reader: PhpReader) -> None:
        self.reader = reader
        self.seen: set[int] = set()
        self.left = MAX_KEPT

    def start(self, top: Node) -> Start | None:
        raise NotImplementedError

    def follow(self, built: Built, links: Iterable[Link]) -> None:
        raise NotImplementedError

    def query(self, node: Node, built: Built) -> Iterator[Fact]:
        raise NotImplementedError

    def found(self) -> Iterator[Fact]:
        content = self.reader.content
        for _, match in zip(range(MAX_CHAINS), self.mark.finditer(content), strict=False):
            node = self.reader.root.descendant_for_byte_range(match.end() - 2, match.end() - 1)
            top = self.top_of(node)
            if top is not None and top.id not in self.seen:
                yield from self.chain(top)

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

    def chain(self, top: Node) -> Iterator[Fact]:
        self.seen.add(top.id)
        start = self.start(top)
        if start is None or start.kept:
            return
        built = start.built
        self.follow(built, start.links)
        if not built.ended and self.handed(top)[0] is not None:
            return  # what comes back from the call goes on
        name, holder = self.assigned_to(top)
        built.returned = top.parent is not None and top.parent.type == "return_statement"
        if built.ended or not name or holder is None:
            yield from self.tell(top, built)
        else:
            yield from self.kept(name, holder, top, built, 0)

    def assigned_to(self, top: Node) -> tuple[str, Node | None]:
        """The variable that is given the chain, and the assignment."""
        above = top.parent
        if above is None or above.type != "assignment_expression":
            return "", None
        left = above.child_by_field_name("left")
        plain = left is not None and left.type == "variable_name"
        return (self.reader.text(left), above) if left is not None and plain else ("", None)

    # -- builders in variables

    def kept(self, name: str, holder: Node, top: Node, base: Built, level: int) -> Iterator[Fact]:
        """What becomes of a builder that a variable holds from `holder` on."""
        self.left -= 1
        if self.left < 0:
            return
        home = way_to(self.reader, holder)
        main = base.copied()
        main.options = [*base.options]
        main.returned = self.is_returned(name, holder, home)
        parts: list[tuple[Node, Built]] = []
        forks: list[tuple[str, Node, Node, Built]] = []
        for use in self.uses(name, holder, home):
            part = Built()
            self.follow(part, use.links)
            target, fork = self.assigned_to(use.node)
            if fork is not None and target != name and not part.ended and level < MAX_LEVELS:
                forks.append((target, fork, use.node, part))
            elif is_certain(home, use.way) or not part.says:
                main = joined(main, part)
            else:
                parts.append((use.node, part))
                parts += [(node, part.with_part(more)) for node, more in part.options]
        # A part that is conditional stands on all that is not.
        main.options += parts
        if main.ended or not forks:
            yield from self.tell(top, main.copied())
            main.options = []
        for target, fork, node, part in forks:
            own = joined(main, part)
            main.options = []
            yield from self.kept(target, fork, node, own, level + 1)

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
                    own = (
                        right is not None and self.reader.text(chain(self.reader, right)[0]) == name
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
            if top is None:
                top, rest = self.handed(node)
            if top is None or top.id in told:
                continue
            way = way_to(self.reader, top)
            if excludes(home, way):
                continue
            told.add(top.id)
            self.seen.add(top.id)
            links = chain(self.reader, top)[1] if rest is None else rest
            if not links or links[0].name not in self.aside:
                yield Use(top, links, way)

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

    def tell(self, top: Node, built: Built) -> Iterator[Fact]:
        options, built.options = by_arm(self.reader, built.options), []
        base = built.copied()
        if not built.terms and not built.limited and any(part.terms for _, part in options):
            built.partial = True  # hardly ever asked without one of them
        built.partial |= has_choice(self.reader, options)
        shown = (built.known and built.says) or built.ended or built.returned
        if shown and built.begins:
            yield from self.query(top, built)
        if not built.begins:
            return
        again = bool(options) and self.reader.in_loop(top)
        for node, part in options[:MAX_USES]:
            if part.says:
                told = self.query(node, base.with_part(part))
                yield from told if again or part.ended else map(once, told)


def once(fact: Fact) -> Fact:
    """A loop adds a condition; whoever asks stands outside of it."""
    return replace(fact, in_loop=False) if isinstance(fact, (OrmQuery, QueryFound)) else fact


def occurrences(content: bytes, name: str, start: int, end: int) -> Iterator[int]:
    """Where a variable is mentioned between two places."""
    word = name.encode()
    at = content.find(word, start, end)
    while at >= 0:
        after = content[at + len(word) : at + len(word) + 1]
        if not (after.isalnum() or after == b"_"):
            yield at
        at = content.find(word, at + len(word), end)
