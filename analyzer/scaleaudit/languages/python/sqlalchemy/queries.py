"""Where queries begin, and how far each goes: over chains, variables and branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, OrmQuery
from scaleaudit.languages.python.sqlalchemy.chains import Chain, selecting, started
from scaleaudit.languages.python.sqlalchemy.expressions import Place, read
from scaleaudit.languages.python.sqlalchemy.inserts import inserts
from scaleaudit.languages.python.sqlalchemy.operands import class_of, own_class
from scaleaudit.languages.python.sqlalchemy.reach import Built, followed
from scaleaudit.languages.python.sqlalchemy.syntax import (
    bare,
    dotted,
    given,
    shown,
)
from scaleaudit.languages.python.sqlalchemy.variables import Following
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

FRAMEWORK = "sqlalchemy"
# `session.query(`, `Order.query.`, `select(`, `delete(Order)`, `query.filter(`
START = regex(
    rb"\.(query)\s*\("
    rb"|\b([A-Z]\w*|cls)\.query\b\s*\.\s*\w"
    rb"|(?<![\w\"'])(select|update|delete|exists)\("
    rb"|\b(query|q|stmt|statement|qs)\.(?:filter|where|filter_by|join|outerjoin|order_by)\("
)
SPOKEN = regex(
    rb"(?i)sqlalchemy|sqlmodel|\bdb\.session\b|(?:session|db)\.(?:add|add_all|merge)\(|\.query\(\s*(?:[\w.]*[A-Z]|cls\b)|\b[A-Z]\w*\.query\."
)
FUNCTIONS = frozenset({"select", "update", "delete", "exists"})
MODULES = ("sqlalchemy", "sqlmodel", "flask_sqlalchemy", "db", "sa", "sql", "sqla", "orm")
MAX_STARTS = 2_000


def queries(reader: PythonReader) -> Iterator[OrmQuery]:
    """The queries of a file; nothing where SQLAlchemy is not spoken."""
    if SPOKEN.search(reader.content) is None:
        return
    yield from inserts(reader, FRAMEWORK)
    seen: set[int] = set()
    for count, match in enumerate(START.finditer(reader.content)):
        if count >= MAX_STARTS:
            return
        group = match.lastindex or 0
        at = match.start(group)
        leaf = reader.root.descendant_for_byte_range(at, at + 1)
        if leaf is None or leaf.type != "identifier" or leaf.start_byte != at or leaf.id in seen:
            continue
        built = begin(reader, leaf, group)
        if built is None:
            continue
        goes_on = Following(reader, seen)
        options: dict[int, Node] = {}
        for told, place in goes_on.told(built.chain, built.start, built.whole, built.executed):
            for option in told.to.optional:
                if option.id not in options:
                    options[option.id] = option
                    yield from with_option(reader, told, built.start, option)
            yield from query(reader, told, built.start, place)


def begin(reader: PythonReader, leaf: Node, group: int) -> Built | None:
    """The chain that starts at a word of the source, followed to its end."""
    holder = leaf.parent
    if holder is None:
        return None
    if group == 1:  # session.query(...)
        call = holder.parent
        if holder.type != "attribute" or call is None or call.type != "call":
            return None
        chain = selecting(reader, given(call, reader).args)
        return followed(reader, chain, call) if chain.model else None
    if group == 2:  # Order.query.
        inner = holder if holder.type == "attribute" else None
        if inner is None:
            return None
        for _ in range(6):  # models.Order.query
            name = inner.child_by_field_name("attribute")
            if name is not None and reader.hint(name) == "query":
                break
            if inner.parent is None or inner.parent.type != "attribute":
                return None
            inner = inner.parent
        of = inner.child_by_field_name("object")
        model = own_class(reader, leaf) if reader.hint(leaf) == "cls" else dotted(reader, of)
        return followed(reader, started(reader, model), inner) if model else None
    if group == 3:
        return functional(reader, leaf, holder)
    # A query that somebody else began: its conditions say of which class.
    chain = started(reader, "")
    built = followed(reader, chain, leaf)
    model = next((c.model for c in chain.to.found if c.model), "")
    if not model or built is None:
        return None
    chain.partial = True
    chain.model = model
    return built


def functional(reader: PythonReader, leaf: Node, holder: Node) -> Built | None:
    """`select(Order)`, `sa.delete(Order)`, `orders.update()`."""
    word = reader.hint(leaf)
    call = holder
    of: Node | None = None
    if holder.type == "attribute":
        last = holder.child_by_field_name("attribute")
        if last is None or last.id != leaf.id or holder.parent is None:
            return None
        of, call = holder.child_by_field_name("object"), holder.parent
    if call.type != "call" or call.child_by_field_name("function") not in (leaf, holder):
        return None
    args = given(call, reader).args
    owner = dotted(reader, of)
    if of is None:
        if not reader.imports.get(word, "").startswith(("sqlalchemy", "sqlmodel")):
            return None
    elif not known_module(reader, owner):
        model = class_of(reader, of)
        table = "__table__" in owner or (
            model.islower() and f"{model}.c." in reader.text(call.parent or call)[:2000]
        )
        if word == "exists" or not model or not table:
            return None
        chain = started(reader, model)
        writes(chain, word)
        return followed(reader, chain, call)
    if word in ("update", "delete"):
        model = class_of(reader, args[0]) if args else ""
        chain = started(reader, model)
        writes(chain, word)
        return followed(reader, chain, call) if model else None
    chain = selecting(reader, args)
    if word == "exists":
        chain.limited = True
    built = followed(reader, chain, call)
    if not chain.model:
        chain.model = next((c.model for c in chain.to.found if c.model), "")
    return built if chain.model else None


def known_module(reader: PythonReader, owner: str) -> bool:
    head = reader.imports.get(owner.partition(".")[0], owner)
    return owner in MODULES or head.startswith(("sqlalchemy", "sqlmodel"))


def writes(chain: Chain, word: str) -> None:
    chain.writes = chain.writes or word in ("update", "delete")
    chain.deletes = chain.deletes or word == "delete"


def with_option(
    reader: PythonReader, chain: Chain, start: Node, option: Node
) -> Iterator[OrmQuery]:
    """The query with a condition that one branch added to its list."""
    narrowed = chain.copy()
    read(narrowed.to, option, Place())
    if narrowed.narrowed > chain.narrowed:
        yield from query(reader, narrowed, start, option)


def query(reader: PythonReader, chain: Chain, start: Node, place: Node) -> Iterator[OrmQuery]:
    if not chain.model:
        return
    conditions = chain.to.found
    if chain.aggregate or chain.writes:
        conditions = [each for each in conditions if each.clause is not Clause.SORT]
    yield OrmQuery(
        at=reader.span(place),
        framework=FRAMEWORK,
        model=chain.model,
        text=shown(reader, bare(place)),
        conditions=tuple(conditions),
        scopes=tuple(dict.fromkeys(chain.scopes)),
        loads=tuple(dict.fromkeys(chain.loads)),
        limited=chain.limited,
        aggregate=chain.aggregate,
        grouped=chain.grouped,
        streamed=chain.streamed,
        partial=chain.partial or chain.to.lost,
        in_loop=reader.in_loop(start),
        writes=chain.writes,
        inserts=chain.inserts,
        scope=reader.scope(start),
        deletes=chain.deletes,
    )
