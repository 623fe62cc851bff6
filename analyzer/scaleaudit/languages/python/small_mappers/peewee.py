"""What the methods of peewee's queries add to a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.python.sqlalchemy import chains
from scaleaudit.languages.python.sqlalchemy.expressions import read
from scaleaudit.languages.python.sqlalchemy.gathering import Place
from scaleaudit.languages.python.sqlalchemy.keywords import by_keywords
from scaleaudit.languages.python.sqlalchemy.meant import class_of
from scaleaudit.languages.python.sqlalchemy.operands import is_constant
from scaleaudit.languages.python.sqlalchemy.syntax import dotted, given, last_name

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.sqlalchemy.chains import Chain

INSERTS = frozenset(
    {"create", "bulk_create", "insert", "insert_many", "insert_from", "replace", "replace_many", "get_or_create"}
)  # fmt: skip
HARMLESS = frozenset(
    {"dicts", "tuples", "namedtuples", "objects", "switch", "execute", "as_cte", "with_cte",
     "prefetch", "clone", "on_conflict", "on_conflict_ignore", "returning", "for_update", "from_",
     "columns", "window", "cte", "iterator"}
)  # fmt: skip
# How the keywords of `filter` compare. Source: `DJANGO_MAP` of peewee.
COMPARED = {
    "eq": "=", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "in": "in",
    "is": "is-null", "like": "search", "ilike": "search", "regexp": "search",
}  # fmt: skip


def take(chain: Chain, call: Node) -> None:
    reader = chain.to.reader
    name, found = last_name(reader, call), given(call, reader)
    if name == "select":
        if found.args:
            chosen = chains.selecting(reader, found.args)
            chain.aggregate = chosen.aggregate
    elif name in ("get", "get_or_none", "first") and (
        found.args or found.keywords or name != "first"
    ):
        for arg in found.args:
            read(chain.to, arg, Place())
        by_keywords(chain, found)
        chain.limited = chain.ended = True
    elif name == "filter":
        for arg in found.args:
            read(chain.to, arg, Place())
        for key, value in found.keywords.items():
            by_path(chain, key, value)
        chain.to.lost = chain.to.lost or bool(found.splats or found.dictionaries)
    elif name in INSERTS:
        for key in found.keywords if name == "get_or_create" else ():
            if key != "defaults":
                chain.to.add(Condition(key, "="))
        chain.inserts = chain.limited = chain.ended = True
    elif name == "join" and found.args:
        model = class_of(reader, found.args[0]) or dotted(reader, found.args[0])
        on = found.keywords.get("on")
        chain.to.entities.add(model)
        if on is not None:
            read(chain.to, on, Place())
        elif model:
            chain.to.add(Condition("", "=", Clause.JOIN, model=model))
    elif name == "update" or name == "delete":
        chain.writes, chain.deletes = True, name == "delete"
        return
    elif name == "iterator":
        chain.streamed = True
    elif name == "paginate":  # goes on, other than the method of this name that others have
        chain.limited = chain.skips = True
    elif name not in HARMLESS:
        chains.take(chain, call)
        return
    chain.partial = chain.partial or chain.to.lost


def by_path(chain: Chain, key: str, value: Node) -> None:
    """`filter(author__name="x")`, `filter(year__gte=1990)`."""
    path, _, last = key.rpartition("__")
    operator = COMPARED.get(last, "") if path else ""
    if not operator:
        path, operator = key, "="
    if value.type == "none":
        operator = {"=": "is-null", "!=": "is-not-null"}.get(operator, operator)
    fixed = is_constant(chain.to.reader, value)
    chain.to.add(Condition(path.replace("__", "."), operator, constant=fixed))
