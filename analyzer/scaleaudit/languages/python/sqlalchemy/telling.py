"""What is told of a chain: its query, in the end, in each branch, and with each condition of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, OrmQuery
from scaleaudit.languages.python.sqlalchemy.expressions import read
from scaleaudit.languages.python.sqlalchemy.gathering import Place
from scaleaudit.languages.python.sqlalchemy.keywords import by_key
from scaleaudit.languages.python.sqlalchemy.lists import key_set
from scaleaudit.languages.python.sqlalchemy.reach import in_body
from scaleaudit.languages.python.sqlalchemy.syntax import bare, shown
from scaleaudit.languages.python.sqlalchemy.variables import Following
from scaleaudit.languages.python.taken import taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.python.sqlalchemy.chains import Chain
    from scaleaudit.languages.python.sqlalchemy.reach import Built


def told(reader: PythonReader, built: Built, seen: set[int]) -> Iterator[OrmQuery]:
    """The queries that begin with one chain; `seen` are mentions of variables that were read."""
    options: set[int] = set()
    goes_on = Following(reader, seen)
    for chain, place in goes_on.told(built.chain, built.start, built.whole, built.executed):
        for option in chain.to.optional:
            if option.id not in options:
                options.add(option.id)
                yield from with_option(reader, chain, built.start, option)
        yield from query(reader, chain, built.start, place)


def with_option(
    reader: PythonReader, chain: Chain, start: Node, option: Node
) -> Iterator[OrmQuery]:
    """The query with a condition that one branch added to its list."""
    narrowed = chain.copy()
    key = key_set(reader, option)
    if key is not None:
        by_key(narrowed, *key)
    else:
        read(narrowed.to, option, Place())
    if narrowed.narrowed > chain.narrowed:
        yield from query(reader, narrowed, start, option)


def query(reader: PythonReader, chain: Chain, start: Node, place: Node) -> Iterator[OrmQuery]:
    if not chain.model and not chain.via:
        return
    conditions = chain.to.found
    if chain.aggregate or chain.writes:
        conditions = [each for each in conditions if each.clause is not Clause.SORT]
    yield OrmQuery(
        at=reader.span(place),
        framework=chain.framework,
        model=chain.model,
        text=shown(reader, bare(place)),
        via=chain.via,
        conditions=tuple(conditions),
        scopes=tuple(dict.fromkeys(chain.scopes)),
        loads=tuple(dict.fromkeys(chain.loads)),
        limited=chain.limited,
        aggregate=chain.aggregate,
        grouped=chain.grouped,
        # What is only built here is read by somebody else, or a part of it.
        streamed=chain.streamed or not (chain.loaded or chain.limited or chain.aggregate),
        partial=chain.partial or chain.to.lost or bool(chain.to.parts),
        in_loop=in_body(reader, start),
        writes=chain.writes,
        inserts=chain.inserts,
        scope=reader.scope(start),
        deletes=chain.deletes,
        shuffled=chain.shuffled,
        skips=chain.skips,
        taken=taken(reader, place),
    )
