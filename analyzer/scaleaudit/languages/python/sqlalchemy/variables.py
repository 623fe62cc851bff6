"""A query kept in a variable and extended: what it asks in the end, and in each branch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause
from scaleaudit.languages.python.sqlalchemy.branching import (
    branches,
    conditional,
    excludes,
    exhaustive,
)
from scaleaudit.languages.python.sqlalchemy.reach import (
    climbed,
    ends,
    followed,
    outermost,
    read_in_place,
)
from scaleaudit.languages.python.sqlalchemy.syntax import last_name
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.python.sqlalchemy.chains import Chain

MAX_USES = 400  # of one variable
MAX_DEPTH = 6  # variables made of variables


class Part(Gathering):
    """Calls added at one place of the function."""

    node: Node
    whole: Node
    branches: dict[int, int]
    scope: str = ""  # of a function that is handed the query and hands it back


class Life(Gathering):
    """What happens to a variable from its assignment on."""

    extensions: list[Part] = msgspec.field(default_factory=list)
    uses: list[Part] = msgspec.field(default_factory=list)
    derived: list[Part] = msgspec.field(default_factory=list)
    handed: bool = False  # a function of the project's own may have added to it


class Following:
    """Tells the queries that begin with one chain; `seen` are mentions that were read."""

    def __init__(self, reader: PythonReader, seen: set[int]) -> None:
        self._reader = reader
        self._seen = seen

    def told(
        self, chain: Chain, start: Node, whole: Node, executed: bool, depth: int = 0
    ) -> Iterator[tuple[Chain, Node]]:
        name, assignment = self.kept(whole)
        if not name or assignment is None or executed or chain.ended or depth > MAX_DEPTH:
            chain.loaded = chain.loaded or read_in_place(self._reader, whole)
            yield chain, whole
            return
        around = self._reader.function_around(start) or self._reader.root
        base = branches(assignment, around)
        life = self.life(name, assignment.end_byte, base, around)
        fixed = [part for part in life.extensions if not conditional(part.branches, base)]
        optional = [part for part in life.extensions if conditional(part.branches, base)]
        place = whole
        for part in fixed:
            before = chain.narrowed
            extended(chain, part)
            if chain.narrowed > before and not filters(chain, before):
                place = part.whole
        chain.partial = chain.partial or life.handed
        yield from self._ends(chain, place, life, optional, depth)

    def _ends(
        self, chain: Chain, place: Node, life: Life, optional: list[Part], depth: int
    ) -> Iterator[tuple[Chain, Node]]:
        plain: list[Chain] = []
        narrower: list[tuple[Chain, Node]] = []
        closing: list[Part] = []  # that narrow what every arm has asked before
        for use in life.uses:
            used = chain.copy()
            followed(self._reader, used, use.node)
            used.loaded = used.loaded or read_in_place(self._reader, use.whole)
            if used.narrowed > chain.narrowed:
                closing.append(use)
                narrower.append((used, use.whole))
            else:
                plain.append(used)
        whole = chain.copy()
        if plain:
            reads = [each for each in plain if not each.aggregate]
            whole.limited = all(each.limited for each in reads)
            whole.skips = any(each.skips for each in reads)
            whole.loaded = any(each.loaded for each in reads)
            whole.aggregate = all(each.aggregate for each in plain)
            whole.grouped = any(each.grouped for each in plain)
            whole.streamed = any(each.streamed for each in plain)
            whole.writes = any(each.writes for each in plain)
            whole.deletes = any(each.deletes for each in plain)
        arms: list[tuple[Chain, Node]] = []
        narrowing: list[Part] = []
        for parts in arms_of(optional):
            branch = whole.copy()
            for part in parts:
                extended(branch, part)
            if branch.narrowed > whole.narrowed or branch.scopes != whole.scopes:
                last = next(
                    (use for use in closing if use.node.start_byte > parts[-1].node.end_byte), None
                )
                if last is not None and not plain:
                    followed(self._reader, branch, last.node)
                arms.append((branch, parts[-1].whole))
                narrowing.append(parts[-1])
            else:  # `if wanted: query = query.where(*wanted)`
                whole.to.optional += branch.to.optional[len(whole.to.optional) :]
        told_alone = bool(plain) or not (life.uses or life.derived)
        if not exhaustive((part.node, part.branches) for part in narrowing):
            yield from narrower
            if told_alone:
                yield whole, place
        yield from arms
        for part in life.derived:
            branch = chain.copy()
            climbed(branch, part.node)
            yield from self.told(branch, part.node, part.whole, branch.ended, depth + 1)

    def kept(self, whole: Node) -> tuple[str, Node | None]:
        """The variable that a chain is assigned to."""
        holder = whole.parent
        if holder is None or holder.type != "assignment":
            return "", None
        left, right = holder.child_by_field_name("left"), holder.child_by_field_name("right")
        if left is None or right is None or right.id != whole.id or left.type != "identifier":
            return "", None
        return self._reader.hint(left), holder

    def life(self, name: str, begins: int, base: dict[int, int], around: Node) -> Life:
        """From a place of the function on, which stands in the branches `base`."""
        life = Life()
        pattern = re.compile(rb"(?<![\w.])" + re.escape(name.encode()) + rb"\b")
        for count, match in enumerate(
            pattern.finditer(self._reader.content, begins, around.end_byte)
        ):
            leaf = self._reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
            if count > MAX_USES or leaf is None:
                break
            if leaf.type != "identifier" or leaf.start_byte != match.start():
                continue
            here = branches(leaf, around)
            if excludes(here, base) or is_keyword(leaf):
                continue
            holder = leaf.parent
            if holder is not None and holder.type == "assignment" and is_left(holder, leaf):
                if self._begins_anew(holder, name) and not conditional(here, base):
                    break
                continue
            self._seen.add(leaf.id)
            self._take(life, leaf, name, here)
        return life

    def _begins_anew(self, assignment: Node, name: str) -> bool:
        """Assigned something that is not made of itself."""
        right = assignment.child_by_field_name("right")
        text = self._reader.text(right) if right is not None else ""
        return re.search(rf"(?<![\w.]){re.escape(name)}\b", text) is None

    def _take(self, life: Life, leaf: Node, name: str, here: dict[int, int]) -> None:
        top = outermost(leaf)
        kept, _assignment = self.kept(top)
        part = Part(leaf, top, here)
        chained = top.id != leaf.id
        if chained and kept == name:
            life.extensions.append(part)
        elif kept and not (chained and ends(self._reader, top)):
            life.derived.append(part)
        elif self._handed_back(top, name):
            function = self._narrowed_by(top, name)
            if function:
                life.extensions.append(msgspec.structs.replace(part, scope=f"{function}()"))
            else:
                life.handed = True
        else:
            life.uses.append(part)

    def _narrowed_by(self, top: Node, name: str) -> str:
        """The function of `query = narrowed(query, user)`, where the query is all that it gives."""
        call = top.parent.parent if top.parent is not None else None
        holder = call.parent if call is not None else None
        if holder is not None and holder.type == "await":
            holder = holder.parent
        if call is None or call.type != "call" or holder is None or holder.type != "assignment":
            return ""
        left = holder.child_by_field_name("left")
        if left is None or left.type != "identifier" or self._reader.hint(left) != name:
            return ""
        return last_name(self._reader, call)

    def _handed_back(self, top: Node, name: str) -> bool:
        """`query = narrowed(query, user)`."""
        holder = top.parent
        if holder is not None and holder.type == "keyword_argument":
            holder = holder.parent
        call = holder.parent if holder is not None and holder.type == "argument_list" else None
        for _ in range(4):
            if call is None:
                return False
            if call.type == "assignment":
                left = call.child_by_field_name("left")
                return left is not None and self._reader.hint(left).partition(",")[0] == name
            call = call.parent
        return False


def extended(chain: Chain, part: Part) -> None:
    """With the calls of one place, and the function that they are handed to."""
    climbed(chain, part.node)
    if part.scope:
        chain.scopes.append(part.scope)


def arms_of(optional: list[Part]) -> Iterator[list[Part]]:
    """The parts that come together: those of one arm, after those of the arms around it."""
    done: list[dict[int, int]] = []
    for part in optional:
        if part.branches not in done:
            done.append(part.branches)
            yield [each for each in optional if each.branches.items() <= part.branches.items()]


def filters(chain: Chain, before: int) -> bool:
    """Whether what was there before an extension narrows already."""
    return any(each.clause is Clause.FILTER for each in chain.to.found[:before])


def is_left(assignment: Node, leaf: Node) -> bool:
    left = assignment.child_by_field_name("left")
    return left is not None and left.id == leaf.id


def is_keyword(leaf: Node) -> bool:
    """The name of an argument or a parameter, not a use."""
    holder = leaf.parent
    if holder is None:
        return False
    if holder.type == "keyword_argument":
        name = holder.child_by_field_name("name")
        return name is not None and name.id == leaf.id
    return holder.type in ("parameters", "default_parameter", "typed_parameter", "dotted_name")
