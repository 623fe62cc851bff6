"""What the calls of one chain add up to: `session.query(Order).filter(...).order_by(...).first()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause
from scaleaudit.languages.python.sqlalchemy.expressions import read
from scaleaudit.languages.python.sqlalchemy.gathering import Conditions, Place
from scaleaudit.languages.python.sqlalchemy.joining import from_, joins
from scaleaudit.languages.python.sqlalchemy.keywords import by_keywords
from scaleaudit.languages.python.sqlalchemy.lists import behind, element_of, gathered
from scaleaudit.languages.python.sqlalchemy.meant import class_of
from scaleaudit.languages.python.sqlalchemy.operands import operand
from scaleaudit.languages.python.sqlalchemy.sorting import sorts
from scaleaudit.languages.python.sqlalchemy.syntax import (
    WORD,
    bare,
    dotted,
    given,
    items,
    last_name,
    literal,
    receiver,
)
from scaleaudit.languages.python.sqlalchemy.vocabulary import (
    AGGREGATES,
    COUNTS,
    ENDS,
    FILTERS,
    GROUPS,
    HARMLESS,
    INSIDE,
    JOINS,
    LIMITS,
    LOADS,
    READ_ALONG,
    SKIPS,
    STREAMS,
)
from scaleaudit.languages.sorted_by_chance import drawn
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.python.sqlalchemy.syntax import Given


class Chain(Gathering):
    """A query while it is read."""

    to: Conditions
    model: str
    via: tuple[str, ...] = ()  # the relation whose rows are asked, where no class is known
    joined: str = ""  # the class that was joined last
    alone: bool = True  # no second class is selected from
    scopes: list[str] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    limited: bool = False
    skips: bool = False
    aggregate: bool = False
    grouped: bool = False
    streamed: bool = False
    partial: bool = False
    writes: bool = False
    deletes: bool = False
    inserts: bool = False
    ended: bool = False
    loaded: bool = False  # its rows are fetched here
    shuffled: bool = False  # sorted by chance
    framework: str = "sqlalchemy"
    reading: Callable[[Chain, Node], None] | None = None  # what a call adds, in other mappers

    def copy(self) -> Chain:
        to = msgspec.structs.replace(
            self.to,
            found=list(self.to.found),
            entities=set(self.to.entities),
            optional=list(self.to.optional),
            parts=list(self.to.parts),
        )
        return msgspec.structs.replace(
            self, to=to, scopes=list(self.scopes), loads=list(self.loads)
        )

    @property
    def narrowed(self) -> int:
        return len(self.to.found)


def started(reader: PythonReader, model: str, framework: str = "sqlalchemy") -> Chain:
    known = {model} if model else set()
    return Chain(Conditions(reader, model, entities=known), model, framework=framework)


def selecting(reader: PythonReader, args: Iterable[Node]) -> Chain:
    """`query(Order)`, `select(Order.id, Customer)`, `select([orders.c.id])`."""
    chain = started(reader, "")
    functions = plain = 0
    unknown = False  # a table that this file cannot name, narrowed or not
    for arg in args:
        for each in items(arg) if arg.type == "list" else [arg]:
            each = bare(each)
            written = dotted(reader, each)
            model = class_of(reader, each) if written else ""
            column = operand(reader, each)
            if column is not None and column.path.startswith("__"):
                functions += 1
                model = ""
            elif column is not None and (not model or written.count(".")):
                if column.function in AGGREGATES:
                    functions += 1
                    model = "" if column.model in chain.to.entities else column.model
                else:
                    plain += 1
                    is_class = model and model == written
                    model = model if is_class else column.model
            elif each.type == "call":
                functions += last_name(reader, each) in AGGREGATES or is_count(reader, each)
            else:
                plain += 1
                unknown = unknown or each.type in ("identifier", "attribute")
            if model:
                chain.to.entities.add(model)
                if not chain.model:
                    chain.model = chain.to.model = model
    chain.alone = len(chain.to.entities) < 2
    chain.aggregate = functions > 0 and plain == 0
    chain.partial = unknown and not chain.model
    return chain


def is_count(reader: PythonReader, call: Node) -> bool:
    """`func.count().label("n")`, `exists()`."""
    of = receiver(call)
    for _ in range(4):
        if of is None or of.type != "call":
            break
        call, of = of, receiver(of)
    return last_name(reader, call) in AGGREGATES or last_name(reader, call) == "exists"


def take(chain: Chain, call: Node) -> None:
    """One call of the chain."""
    reader = chain.to.reader
    name = last_name(reader, call)
    given_ = given(call, reader)
    if name in FILTERS:
        filtered(chain, given_, having=name == "having")
        by_keywords(chain, given_)
    elif name == "filter_by":
        by_keywords(chain, given_)
    elif name in JOINS:
        chain.alone = False
        joins(chain, name, given_)
    elif name == "order_by":
        ordered(chain, given_)
    elif name in GROUPS:
        chain.grouped = True
        chain.aggregate = chain.aggregate and name != "group_by"
    elif name in COUNTS:
        chain.aggregate = True
    elif name in STREAMS:
        chain.streamed = True
    elif name == "options":
        for arg in given_.args:
            chain.loads.extend(loaded(reader, arg))
    elif name in ("with_entities", "with_only_columns"):
        chosen = selecting(reader, given_.args)
        chain.aggregate = chosen.aggregate
    elif name in INSIDE:
        correlated(chain)
    elif name == "select_from" and given_.args:
        from_(chain, given_.args[0])
    elif name == "delete":
        chain.writes = chain.deletes = True
    elif name == "update":
        chain.writes = True
    elif name == "from_statement":
        chain.partial = True
    elif name not in HARMLESS and name not in LIMITS:
        chain.scopes.append(name)
    if name in LIMITS:
        chain.limited = True
    if name in SKIPS:
        chain.skips = not (given_.args and given_.args[0].type == "integer")
    if name == "get":
        chain.to.found.clear()
    chain.ended = chain.ended or name in ENDS
    chain.loaded = chain.loaded or name in LOADS
    chain.scopes += chain.to.parts
    chain.to.parts = []
    chain.partial = chain.partial or chain.to.lost


def correlated(chain: Chain) -> None:
    """Inside another query, of whose row `Line.order_id == Order.id` gives the order."""
    if chain.alone:
        chain.to.found = [
            msgspec.structs.replace(each, clause=Clause.FILTER)
            if each.clause is Clause.JOIN
            else each
            for each in chain.to.found
            if each.clause is not Clause.JOIN or (each.path and not each.model)
        ]


def ordered(chain: Chain, given_: Given) -> None:
    found = sorts(chain.to, [*given_.args])
    if found is None or (given_.args and given_.args[0].type == "none"):
        chain.to.found = [c for c in chain.to.found if c.clause is not Clause.SORT]
        chain.shuffled = False
        return
    if not chain.shuffled and not any(c.clause is Clause.SORT for c in chain.to.found):
        chain.shuffled = bool(given_.args) and drawn(chain.to.reader.hint(given_.args[0]))
    if not given_.splats or found:
        chain.to.found.extend(found)


def filtered(chain: Chain, given_: Given, *, having: bool) -> None:
    """`having` is about groups, which no index finds."""
    if having:
        return
    for arg in given_.args:
        read(chain.to, arg, Place())
    for splat in given_.splats:
        element = element_of(behind(chain.to.reader, splat))
        listed = gathered(chain.to.reader, splat) if element is None else None
        for each in [element] if element is not None else listed.fixed if listed else []:
            read(chain.to, each, Place())
        if listed is not None:
            chain.to.optional += listed.optional
        elif element is None:
            chain.to.lost = True


def loaded(reader: PythonReader, node: Node, depth: int = 0) -> list[str]:
    """`joinedload(Order.lines).joinedload(Line.product)` as `lines.product`."""
    node = bare(node)
    if node.type != "call" or depth > 8:
        return []
    name, of = last_name(reader, node), receiver(node)
    before: list[str] = []
    if of is not None and of.type == "call":
        before = loaded(reader, of, depth + 1)
    if name not in READ_ALONG:
        return before
    args = given(node, reader).args
    path = ""
    if args:
        column = operand(reader, args[0])
        path = column.path if column is not None else literal(reader, args[0])
    if not path or not all(WORD.fullmatch(part) for part in path.split(".")):
        return before
    return [f"{each}.{path}" for each in before] or [path]
