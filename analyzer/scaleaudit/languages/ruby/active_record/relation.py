"""A query while the calls of its chain are read, and the fact that it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition, OrmQuery, QueryFound
from scaleaudit.languages.excerpts import between
from scaleaudit.languages.ruby.active_record.correlated import correlated
from scaleaudit.languages.ruby.active_record.taken import taken
from scaleaudit.languages.ruby.active_record.words import FRAMEWORK
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

MAX_TEXT = 200
MAX_CONDITIONS = 40


class Relation(Gathering):
    """What the calls of one chain add up to.

    `state`: `class` (nothing asked yet), `relation`, `instance` (one record), `ended` (rows are
    loaded, counted or changed), `unknown` (an object that no class is known of).
    """

    model: str = ""
    via: list[str] = msgspec.field(default_factory=list)
    state: str = "class"
    conditions: list[Condition] = msgspec.field(default_factory=list)
    scopes: list[str] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    limited: bool = False
    skips: bool = False
    aggregate: bool = False
    grouped: bool = False
    streamed: bool = False
    loaded: bool = False
    partial: bool = False
    writes: bool = False
    deletes: bool = False
    inserts: bool = False
    certain: bool = False  # a method that only Active Record has
    asked: bool = False  # something of this chain's own
    shuffled: bool = False  # sorted by chance
    sorted_oddly: bool = (
        False  # by something that no column stands for; what follows only breaks ties
    )
    makes: bool = False  # a row where none is found
    groups: int = 0  # ORs so far
    last: Node | None = None  # the last call that belongs to it
    beginnings: tuple[int, ...] = ()  # ids of the chains that it goes on with
    table: str = ""  # where the source names one in place of a model
    # Relations that come with the rows, dotted; `ANY_RELATION`: somebody else decides.
    eager: list[str] = msgspec.field(default_factory=list)
    absorbed: tuple[int, ...] = ()  # ids of chains among its arguments that are a part of it
    joined: bool = False  # other tables are named by a text
    # Comparisons with columns of tables that their fragment does not read.
    outer: tuple[Condition, ...] = ()
    beside: tuple[str, ...] = ()  # scopes of queries that are a part of this one, with their class
    handed: bool = False  # begins on the class, or on whatever rows its method is called on
    receiver: str = ""  # what an object of no known class is called
    unscoped: bool = False  # without the scopes of every query
    one_row: bool = False  # the call at hand looks one row up
    # Conditions that are there when something is given, each asked for with all the others.
    options: list[tuple[Condition, ...]] = msgspec.field(default_factory=list)
    # Orders that whoever asks may choose in place of the one among the conditions.
    orders: list[tuple[Condition, ...]] = msgspec.field(default_factory=list)
    offered: bool = False  # one of those

    def copy(self) -> Relation:
        found = msgspec.structs.replace(self)
        found.via, found.conditions = [*self.via], [*self.conditions]
        found.scopes, found.loads = [*self.scopes], [*self.loads]
        found.eager, found.options = [*self.eager], [*self.options]
        found.orders = [*self.orders]
        return found

    def variants(self) -> list[Relation]:
        """The query as it stands, and with each condition or order that may be given."""
        if not self.options:
            return [self, *self.sorted_otherwise()]
        base = self.copy()
        # Nobody asks for all rows who may narrow them in several ways.
        base.partial |= all(each.clause is Clause.SORT for each in self.conditions)
        several = [base]
        for option in self.options:
            variant = self.copy()
            variant.add(option)
            several.append(variant)
        return several

    def sorted_otherwise(self) -> list[Relation]:
        several = []
        for order in self.orders:
            variant = self.copy()
            variant.conditions = [c for c in self.conditions if c.clause is not Clause.SORT]
            variant.add(order)
            variant.partial = variant.offered = True
            several.append(variant)
        return several

    def add(self, conditions: Iterable[Condition]) -> None:
        """Conditions of one call; their ORs get numbers of their own."""
        highest = self.groups
        for each in conditions:
            if len(self.conditions) >= MAX_CONDITIONS:
                self.partial = True
                break
            if each.group:
                highest = max(highest, self.groups + each.group)
                each = msgspec.structs.replace(each, group=each.group + self.groups)
            if each not in self.conditions:
                self.conditions.append(each)
        self.groups = highest

    def mention(self, other: Relation) -> None:
        """What the other query is narrowed by is used, though not told of here."""
        if not other.via:
            self.beside += tuple(f"{other.model}.{name}" for name in other.scopes)

    def either(self, other: Relation | None) -> None:
        """`a.or(b)`: what both demand stays; the rest are the branches of an OR."""
        if other is None or other.partial or other.scopes:
            self.partial = True
        if other is not None:
            self.mention(other)
        others = other.conditions if other is not None else []
        plain = [c for c in others if not c.alternative and c.clause is not Clause.SORT]
        self.groups += 1
        kept: list[Condition] = []
        for each in self.conditions:
            if each in others or each.alternative or each.clause is Clause.SORT:
                kept.append(each)
            else:
                kept.append(as_branch(each, self.groups, 1))
        kept += [as_branch(c, self.groups, 2) for c in plain if c not in self.conditions]
        self.conditions = kept


def as_branch(condition: Condition, group: int, branch: int) -> Condition:
    return msgspec.structs.replace(condition, alternative=True, group=group, branch=branch)


def on_table(reader: RubyReader, found: Relation, whole: Node) -> QueryFound:
    """The query of a chain on a table by its name: `DB[:orders].where(...)`."""
    changes = found.writes or found.inserts
    ended = found.limited or found.aggregate or found.loaded or changes
    predicates = tuple(
        c.on(c.model or found.table, c.path) for c in found.conditions if "." not in c.path
    )
    tables = tuple(dict.fromkeys([found.table, *(c.model for c in found.conditions if c.model)]))
    return QueryFound(
        at=reader.span(whole),
        text=shown(reader, whole),
        reads=() if changes else tables,
        writes=(found.table,) if changes else (),
        predicates=predicates,
        limited=found.limited,
        aggregate=found.aggregate,
        partial=found.partial or bool(found.scopes),
        in_loop=reader.in_loop(whole),
        streamed=found.streamed or not (ended or rendered(reader, whole)),
        library="sequel",
        scope=reader.scope(whole),
        inserts=(found.table,) if found.inserts else (),
        grouped=found.grouped,
        skips=found.skips,
        shuffled=found.shuffled,
        seldom=reader.is_seldom(whole),
    )


def fact(reader: RubyReader, found: Relation, whole: Node) -> OrmQuery:
    """The query that stands at a chain."""
    ended = found.limited or found.aggregate or found.loaded or found.writes
    return OrmQuery(
        at=reader.span(whole),
        framework=FRAMEWORK,
        model=found.model,
        text=shown(reader, whole),
        via=tuple(found.via),
        conditions=tuple(correlated(found)),
        scopes=tuple(found.scopes),
        loads=tuple(found.loads),
        limited=found.limited,
        aggregate=found.aggregate,
        grouped=found.grouped,
        # Who goes on with a relation that is not loaded here may ask for fewer rows.
        streamed=found.streamed or not (ended or rendered(reader, whole)),
        partial=found.partial,
        in_loop=reader.in_loop(whole),
        writes=found.writes,
        inserts=found.inserts,
        skips=found.skips,
        taken=taken(reader, whole) if found.loaded else (),
        scope=reader.scope(whole),
        deletes=found.deletes,
        shuffled=found.shuffled,
        beside=found.beside,
        seldom=reader.is_seldom(whole),
        handed=found.handed,
        receiver=found.receiver if not found.model else "",
        without=("*",) if found.unscoped else (),
        offered=found.offered and not found.scopes,
    )


def made(reader: RubyReader, found: Relation, whole: Node) -> OrmQuery:
    """The row that a look-up makes where it finds none."""
    return fact(reader, Relation(found.model, [*found.via], inserts=True, writes=True), whole)


def shown(reader: RubyReader, whole: Node) -> str:
    block = whole.child_by_field_name("block")
    end = block.start_byte if block is not None else whole.end_byte
    return between(reader.content, whole.start_byte, end, MAX_TEXT)


def rendered(reader: RubyReader, whole: Node) -> bool:
    """`render json: Ticket.where(...)` loads all of them."""
    pair = whole.parent
    key = pair.child_by_field_name("key") if pair is not None and pair.type == "pair" else None
    holder = pair.parent if pair is not None else None
    call = holder.parent if holder is not None and holder.type == "argument_list" else None
    return (
        key is not None
        and reader.hint(key) in ("json", "xml")
        and call is not None
        and call.type == "call"
        and reader.method_name(call) == "render"
    )
