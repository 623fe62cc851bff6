"""Where queries begin, and how far each goes: over chains, variables and branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.languages.python.sqlalchemy.chains import Chain, selecting, started
from scaleaudit.languages.python.sqlalchemy.given_out import calls, rows_given
from scaleaudit.languages.python.sqlalchemy.inserts import inserts
from scaleaudit.languages.python.sqlalchemy.meant import attribute_meant, class_of
from scaleaudit.languages.python.sqlalchemy.narrowing import is_returned
from scaleaudit.languages.python.sqlalchemy.reach import Built, followed
from scaleaudit.languages.python.sqlalchemy.repositories import narrowed_here
from scaleaudit.languages.python.sqlalchemy.searches import searches
from scaleaudit.languages.python.sqlalchemy.starts import Form, starts
from scaleaudit.languages.python.sqlalchemy.syntax import dotted, given
from scaleaudit.languages.python.sqlalchemy.telling import told
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery, RowsGiven
    from scaleaudit.languages.python.reader import PythonReader

FRAMEWORK = "sqlalchemy"
WHOLE = frozenset({Form.SESSION, Form.CLASS, Form.FUNCTION})  # begin with a class
OWN_QUERY = regex(r"\bself\.query\s*(?::[^=\n]+)?=(?!=)|\bdef query\(")
MODULES = ("sqlalchemy", "sqlmodel", "flask_sqlalchemy", "db", "sa", "sql", "sqla", "orm")


def queries(reader: PythonReader) -> Iterator[OrmQuery | RowsGiven]:
    """The queries of a file in which SQLAlchemy is spoken, and the functions that hand some out."""
    yield from inserts(reader, FRAMEWORK)
    leaves: list[tuple[Node, Form]] = []
    for at, form in starts(reader.content):
        leaf = reader.root.descendant_for_byte_range(at, at + 1)
        if leaf is not None and leaf.type == "identifier" and leaf.start_byte == at:
            leaves.append((leaf, form))
    own = {leaf.id: begin(reader, leaf, form) for leaf, form in leaves if form in WHOLE}
    searching = dict(searches(reader))
    begun = [*own.values(), *searching.values()]
    given_out = list(rows_given(reader, [each for each in begun if each is not None]))
    yield from given_out
    seen: set[int] = set()
    known = frozenset(leaf.start_byte for leaf in searching)
    yield from gone_on(reader, {each.name for each in given_out}, FRAMEWORK, seen, known=known)
    chains = [(leaf, own[leaf.id] if form in WHOLE else form) for leaf, form in leaves]
    for leaf, form_or_chain in (*chains, *searching.items()):
        if leaf.id in seen:
            continue
        built = form_or_chain
        if isinstance(built, Form):
            built = begin(reader, leaf, built)
        if built is None:
            continue
        yield from told(reader, built, seen)


def gone_on(
    reader: PythonReader,
    names: set[str],
    framework: str,
    seen: set[int],
    reading: Callable[[Chain, Node], None] | None = None,
    known: frozenset[int] = frozenset(),
) -> Iterator[OrmQuery]:
    """`base_orders().filter(Order.code == code)`: queries that begin with what a function gives.

    `known`: where queries begin whose first calls are no such functions.
    """
    for model, call in calls(reader, names):
        if call.start_byte in known:
            continue
        chain = started(reader, model, framework)
        chain.reading = reading
        built = followed(reader, chain, call)
        if not built.executed and is_returned(built.whole) and built.whole.id == call.id:
            continue  # handed on as it is
        seen.update(
            leaf.id for leaf in (call.child_by_field_name("function") or call).named_children
        )
        yield from told(reader, Built(chain, call, built.whole, built.executed), seen)


def begin(reader: PythonReader, leaf: Node, form: Form) -> Built | None:
    """The chain that starts at a word of the source, followed to its end."""
    holder = leaf.parent
    if holder is None:
        return None
    if form is Form.SESSION:  # session.query(...)
        call = holder.parent
        if holder.type != "attribute" or call is None or call.type != "call":
            return None
        chain = selecting(reader, given(call, reader).args)
        built = followed(reader, chain, call)
        return built if chain.model else None
    if form is Form.CLASS:  # Order.query.
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
        model = class_of(reader, of) or of_row(reader, of)
        return followed(reader, started(reader, model), inner) if model else None
    if form is Form.FUNCTION:
        return functional(reader, leaf, holder)
    if form is Form.RELATION:
        return of_relation(reader, leaf)
    if form is Form.OWN:
        return of_repository(reader, leaf)
    # A query that somebody else began: its conditions say of which class.
    chain = started(reader, "")
    built = followed(reader, chain, leaf)
    model = next((c.model for c in chain.to.found if c.model), "")
    if not model or built is None:
        return None
    chain.partial = True
    chain.model = model
    return built


def of_row(reader: PythonReader, of: Node | None) -> str:
    """The class around `self.query`, which a row gives as its class does, unless it makes its own."""
    around = reader.class_around(of) if of is not None and reader.hint(of) == "self" else None
    if around is None or OWN_QUERY.search(reader.text(around)) is not None:
        return ""
    own = reader.definition_name(around)
    kept = any(each.name == "query" and each.owner == own for each in reader.assignments)
    return "" if kept else own


def of_relation(
    reader: PythonReader,
    leaf: Node,
    chain: Chain | None = None,
    reading: Callable[[Chain, Node], None] | None = None,
) -> Built | None:
    """`release.files.filter(File.kind == x)`: the rows of a relation that is itself a query.

    `chain` and `reading`: how another mapper begins, and reads, its chains.
    """
    attribute = leaf.parent
    if attribute is None or attribute.type != "attribute":
        return None
    name = attribute.child_by_field_name("attribute")
    if name is None or name.id != leaf.id or dotted(reader, attribute).count(".") > 3:
        return None
    chain = chain or started(reader, "")
    chain.reading = reading
    built = followed(reader, chain, attribute)
    named = [each.model for each in chain.to.found if each.model]
    if not named or any(each != named[0] for each in named):
        return None
    chain.via = (reader.hint(leaf),)
    chain.to.found = [replace(each, model="") for each in chain.to.found]
    return built


def of_repository(reader: PythonReader, leaf: Node) -> Built | None:
    """`self.base_query().where(Order.code == x)` in a repository of orders."""
    call = leaf.parent.parent if leaf.parent is not None else None
    if call is None or call.type != "call":
        return None
    meant = attribute_meant(reader, leaf, "model")
    chain = started(reader, meant.model if meant is not None else "")
    chain.scopes.append(reader.hint(leaf))
    chain.partial = narrowed_here(reader, leaf, reader.hint(leaf))
    built = followed(reader, chain, call)
    chain.model = chain.model or next((c.model for c in chain.to.found if c.model), "")
    return built if chain.model else None


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
