"""Classes that search their own table: `Order.get_by(code=x)`, `Order.filter(Order.code == x)`.

Active-record bases over a session give their heirs such methods, in files of their own; what they are
called and what they are given says enough: a verb with `by`, and columns as keywords.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause
from scaleaudit.languages.python.sqlalchemy.chains import Chain, started, take
from scaleaudit.languages.python.sqlalchemy.expressions import read
from scaleaudit.languages.python.sqlalchemy.gathering import Place
from scaleaudit.languages.python.sqlalchemy.keywords import by_keywords
from scaleaudit.languages.python.sqlalchemy.meant import class_of
from scaleaudit.languages.python.sqlalchemy.reach import Built, followed
from scaleaudit.languages.python.sqlalchemy.signs import found
from scaleaudit.languages.python.sqlalchemy.syntax import given, last_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

# Of SQLAlchemy's own functions that take a class and a condition, none asks by that alone.
NO_SEARCH = frozenset(
    """
    join outerjoin leftjoin full_join join_from outerjoin_from query select with_loader_criteria relationship
    aliased case filter where having exists and_ or_ not_ with_entities add_columns over label
    """.split()  # noqa: SIM905 - a table to be read
)
CONDITIONS = frozenset({"comparison_operator", "binary_operator", "boolean_operator", "call"})
# Keywords of a function that begins a query which leave all rows in it.
CHOOSE_NONE = frozenset({"session", "columns", "args"})
ONE = frozenset({"get", "first", "one", "exists"})
# Keywords of such methods that are no columns.
NO_COLUMNS = frozenset(
    {"session", "db", "db_session", "commit", "flush", "defaults", "create_method",
     "create_method_kwargs", "on_multiple", "constraint"}
)  # fmt: skip
# The function itself, up to the next one.
MODEL_QUERY = regex(rb"\bdef model_query\((?:(?!\n(?:def|class|@)).){0,2000}", re.DOTALL)
MAX_FOUND = 400  # of one file


def searches(reader: PythonReader) -> Iterator[tuple[Node, Built]]:
    """(the first word, the chain that begins with it)."""
    for _, at in zip(range(MAX_FOUND), sorted(set(found(reader))), strict=False):
        leaf = reader.root.descendant_for_byte_range(at, at + 1)
        of: Node | None = leaf
        while of is not None and of.parent is not None and of.parent.type == "attribute":
            above = of.parent.parent
            if above is not None and above.type == "call":
                break
            of = of.parent
        model = class_of(reader, of)
        if leaf is None or of is None or not model or leaf.start_byte != at:
            continue
        chain = started(reader, model)
        chain.reading = by_columns
        handed = of.parent if of.parent is not None else of
        if handed.type == "argument_list" and handed.parent is not None:
            if last_name(reader, handed.parent).endswith("query"):
                chain.partial = not of_model_alone(reader, handed.parent)
            elif not handed_on(chain, handed.parent, of):
                continue
            of = handed.parent
        yield leaf, followed(reader, chain, of)


def of_model_alone(reader: PythonReader, call: Node) -> bool:
    """Of all rows: a function that is given nothing by which it could choose some, nor chooses here."""
    if last_name(reader, call) != "model_query":
        return False
    given_ = given(call, reader)
    if len(given_.args) > 2 or not CHOOSE_NONE.issuperset(given_.keywords):
        return False
    second = given_.args[1:]
    if second and "session" not in reader.hint(second[0]).lower():
        return False
    own = MODEL_QUERY.search(reader.content)
    return own is None or all(word not in own[0] for word in (b".filter", b".where"))


def by_columns(chain: Chain, call: Node) -> None:
    """As SQLAlchemy's own methods, and those that are called after what they take."""
    verb, _, rest = last_name(chain.to.reader, call).partition("_")
    if not rest.endswith("by") or (verb, rest) in (("order", "by"), ("group", "by")):
        take(chain, call)
        return
    narrowed(chain, call)
    if verb in ONE:
        chain.limited = chain.ended = True
    chain.aggregate = chain.aggregate or verb == "count"


def narrowed(chain: Chain, call: Node) -> None:
    """By the keywords of the call that are columns."""
    given_ = given(call, chain.to.reader)
    columns = {name: each for name, each in given_.keywords.items() if name not in NO_COLUMNS}
    by_keywords(chain, replace(given_, keywords=columns))


def handed_on(chain: Chain, call: Node, of: Node) -> bool:
    """What a function is handed beside a class: columns as keywords, or conditions."""
    reader = chain.to.reader
    args = given(call, reader).args
    after = [each for each in args if each.start_byte > of.start_byte]
    if not after:
        narrowed(chain, call)
        chain.limited = chain.ended = True
        return True
    if last_name(reader, call) in NO_SEARCH:
        return False
    for each in after:
        if each.type in CONDITIONS:
            read(chain.to, each, Place())
    own = {"", chain.model}
    chain.ended = True
    return bool(chain.to.found) and all(
        c.clause is Clause.FILTER and c.model in own for c in chain.to.found
    )
