"""Chains of calls on query builders, and builders that variables hold, whatever the mapper."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeAlias

from msgspec.structs import replace

from scaleaudit.facts import OrmQuery, QueryFound
from scaleaudit.languages.php.branches import is_certain, way_to
from scaleaudit.languages.php.builder_uses import MAX_USES, Uses
from scaleaudit.languages.php.conditions import Built, joined
from scaleaudit.languages.php.optional_parts import by_arm, has_choice
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator
    from re import Pattern

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.php.builder_uses import Use
    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

MAX_CHAINS = 1_500  # of one file
MAX_LEVELS = 6  # variables made of variables
MAX_KEPT = 2_000  # variables of one file that are followed


class Start(Gathering):
    """A builder at its beginning, and the links that have not been followed yet."""

    built: Built
    links: list[Link]
    kept: str = ""  # the variable that holds the builder, when the function must tell


# A variable that goes on from a builder: its name, the assignment, the chain, what that adds.
Fork: TypeAlias = "tuple[str, Node, Node, Built]"


class Kept(Uses):
    """The queries of one file. A mapper says what starts one, what calls add, and what is told."""

    mark: ClassVar[Pattern[bytes]]  # ends with the bracket of a call
    steps: ClassVar[bool] = False  # as `Built.stepwise`

    def __init__(self, reader: PhpReader) -> None:
        super().__init__(reader)
        self.left = MAX_KEPT

    def start(self, top: Node) -> Start | None:
        raise NotImplementedError

    def follow(self, built: Built, links: Iterable[Link]) -> None:
        raise NotImplementedError

    def query(self, node: Node, built: Built) -> Iterator[Fact]:
        raise NotImplementedError

    def found(self) -> Iterator[Fact]:
        late: list[Node] = []
        for _, match in zip(range(MAX_CHAINS), self.marks(), strict=False):
            node = self.reader.root.descendant_for_byte_range(match.end() - 2, match.end() - 1)
            top = self.top_of(node)
            if top is None or top.id in self.seen:
                continue
            if self.waits(top):
                late.append(top)
            else:
                yield from self.chain(top)
        for top in late:
            if top.id not in self.seen:
                yield from self.chain(top)

    def marks(self) -> Iterator[re.Match[bytes]]:
        """Where chains may be."""
        return self.mark.finditer(self.reader.content)

    def waits(self, top: Node) -> bool:
        """Whether a chain may be told by others before it is told for itself."""
        return False

    def part_of(self, use: Use, names: dict[str, str]) -> Built:
        """What one use adds to the builder."""
        part = Built(names=names)
        self.follow(part, use.links)
        return part

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

    # -- builders in variables

    def kept(self, name: str, holder: Node, top: Node, base: Built, level: int) -> Iterator[Fact]:
        """What becomes of a builder that a variable holds from `holder` on."""
        main, forks = self.gathered(name, holder, base, level)
        if main.ended or not forks:
            yield from self.tell(top, main.copied())
            main.options = []
        for target, fork, node, part in forks:
            own = joined(main, part)
            main.options = []
            yield from self.kept(target, fork, node, own, level + 1)

    def gathered(
        self, name: str, holder: Node, base: Built, level: int
    ) -> tuple[Built, list[Fork]]:
        """All that the uses of a builder add to it, and the variables that go on from it."""
        self.left -= 1
        if self.left < 0:
            return base.copied(), []
        home = way_to(self.reader, holder)
        main = base.copied()
        main.options = [*base.options]
        main.returned = self.is_returned(name, holder, home)
        parts: list[tuple[Node, Built]] = []
        forks: list[Fork] = []
        for use in self.uses(name, holder, home):
            part = self.part_of(use, base.names)
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
        return main, forks

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
