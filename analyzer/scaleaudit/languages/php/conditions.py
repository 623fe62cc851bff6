"""What conditions of a query builder add up to: terms joined by AND and OR, in groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.facts import Condition

MAX_TERMS = 200  # of one query
MAX_GROUPS = 12  # groups in groups
MAX_TEXT = 200


class Term(Gathering):
    """A condition, or a group in brackets; `either`: joined to what stands before by OR."""

    either: bool
    condition: Condition | None = None
    group: list[Term] | None = None


class Built(Gathering):
    """What the calls of one builder add up to."""

    model: str = ""
    via: tuple[str, ...] = ()
    table: str = ""  # where the source names a table, not a model
    aliases: dict[str, str] = msgspec.field(default_factory=dict)  # of joined tables, to tables
    names: dict[str, str] = msgspec.field(default_factory=dict)  # parameters that hold texts
    terms: list[Term] = msgspec.field(default_factory=list)
    others: list[Condition] = msgspec.field(default_factory=list)  # sorts and joins
    results: set[str] = msgspec.field(default_factory=set)  # names of what is selected
    scopes: list[str] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    without: list[str] = msgspec.field(default_factory=list)  # as that of `OrmQuery`
    # Parts that are added under a condition, each with the place where it stands.
    options: list[tuple[Node, Built]] = msgspec.field(default_factory=list)
    stepwise: bool = False  # AND and OR apply to all that stands before, not by precedence
    known: bool = False  # a method was called that only builders have
    ended: bool = False  # its rows are read, or changed
    returned: bool = False  # whoever calls the method goes on with it
    limited: bool = False
    skips: bool = False
    aggregate: bool = False
    grouped: bool = False
    streamed: bool = False
    partial: bool = False
    writes: bool = False
    deletes: bool = False
    inserts: bool = False

    def add(self, condition: Condition, *, either: bool = False) -> None:
        self.put(Term(either, condition))

    def put(self, term: Term) -> None:
        if len(self.terms) >= MAX_TERMS:
            return
        if self.stepwise and self.terms and (term.either or any(t.either for t in self.terms)):
            self.terms = [Term(False, None, self.terms)]
        self.terms.append(term)

    def copied(self) -> Built:
        """A builder that goes its own way from here."""
        return msgspec.structs.replace(
            self,
            aliases=dict(self.aliases),
            results=set(self.results),
            terms=list(self.terms),
            others=list(self.others),
            scopes=list(self.scopes),
            loads=list(self.loads),
            without=list(self.without),
            options=list(self.options),
        )

    def with_part(self, part: Built) -> Built:
        """This builder with what another adds to it."""
        whole = self.copied()
        whole.options = []
        for term in part.terms:
            whole.put(term)
        whole.others += part.others
        whole.results |= part.results
        whole.scopes += part.scopes
        whole.loads += part.loads
        whole.without += part.without
        whole.aliases.update(part.aliases)
        whole.model = whole.model or part.model
        whole.table = whole.table or part.table
        whole.limited |= part.limited
        whole.aggregate |= part.aggregate
        whole.grouped |= part.grouped
        whole.streamed |= part.streamed
        whole.partial |= part.partial
        return whole

    @property
    def begins(self) -> bool:
        """Whether it is known whose rows are read."""
        return bool(self.model or self.via or self.table)

    @property
    def says(self) -> bool:
        """Whether it narrows or sorts at all."""
        return bool(self.terms or self.others or self.scopes)

    def conditions(self) -> tuple[Condition, ...]:
        groups = Groups()
        return (*groups.flat(self.terms, 0), *self.others)


class Groups:
    """Terms as one list, in which alternatives are told apart by numbers."""

    def __init__(self) -> None:
        self._count = 0

    def flat(self, terms: Iterable[Term], depth: int) -> list[Condition]:
        branches: list[list[Condition]] = [[]]
        for term in terms:
            if term.either and branches[-1]:
                branches.append([])
            if term.condition is not None:
                branches[-1].append(term.condition)
            elif term.group and depth < MAX_GROUPS:
                branches[-1] += self.flat(term.group, depth + 1)
        branches = [branch for branch in branches if branch]
        if len(branches) < 2:
            return branches[0] if branches else []
        flat = [condition for branch in branches for condition in branch]
        first = flat[0]
        if all(len(branch) == 1 for branch in branches) and {c.path for c in flat} == {first.path}:
            if {c.operator for c in flat} <= {"=", "in"}:
                return [msgspec.structs.replace(first, operator="in")]
            if {(c.operator, c.function) for c in flat} == {(first.operator, first.function)}:
                return [first]
        self._count += 1
        return [
            msgspec.structs.replace(condition, alternative=True, group=self._count, branch=number)
            for number, branch in enumerate(branches, 1)
            for condition in branch
        ]


def joined(main: Built, part: Built) -> Built:
    """What a later statement adds to the same builder."""
    whole = main.with_part(part)
    whole.options = [*main.options, *part.options]
    whole.known |= part.known
    whole.ended |= part.ended
    whole.writes |= part.writes
    whole.deletes |= part.deletes
    whole.inserts |= part.inserts
    return whole


def unfinished(built: Built) -> Built:
    """A builder that somebody else goes on with, who limits it or not, and sorts it or not."""
    whole = built.copied()
    if not built.limited:
        whole.others = [each for each in built.others if each.clause is not Clause.SORT]
    whole.limited = True
    return whole
