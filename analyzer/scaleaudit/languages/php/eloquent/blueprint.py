"""One statement inside `Schema::create` or `Schema::table`: `$table->string("email")->unique()`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged
from scaleaudit.inflection import plural, underscored
from scaleaudit.languages.php.eloquent.columns import (
    COUNTERS,
    DROPPED_GROUPS,
    DROPS,
    GROUPS,
    INDEXES,
    METHODS,
    PAIRS,
    SOFT_DELETION,
    TYPES,
    UNSIGNED,
)
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.forward_steps import Walk
    from scaleaudit.languages.php.names import Link
    from scaleaudit.source import Span

    Changes = Iterator[TableChanged]


ORDERED = regex(r"^[`\"]?(\w+)[`\"]?(?:\s+(?:asc|desc))?$", re.IGNORECASE)


class Said(Gathering):
    """The first call of a chain, and what the calls behind it say of it."""

    walk: Walk
    table: str
    at: Span
    call: Node
    name: str
    more: list[Link]

    def argument(self, position: int, keyword: str = "", link: Link | None = None) -> Node | None:
        call = link.call if link is not None else self.call
        if call is None:
            return None
        args, keywords, _ = self.walk.reader.arguments(call)
        return args[position] if position < len(args) else keywords.get(keyword)

    def text(self, position: int, keyword: str = "", link: Link | None = None) -> str:
        return self.walk.text(self.argument(position, keyword, link))

    def texts(self, position: int, keyword: str = "", link: Link | None = None) -> list[str]:
        return self.walk.texts(self.argument(position, keyword, link))

    def link(self, *names: str) -> Link | None:
        return next((link for link in self.more if link.name in names), None)

    def changed(self, action: str, name: str = "") -> TableChanged:
        return TableChanged(self.at, self.table, action, name=name)


def statement(walk: Walk, table: str, call: Node, links: list[Link]) -> Changes:
    """What one chain of calls on the Blueprint does to the table."""
    first = links[0].call
    if first is None:
        return
    said = Said(walk, table, walk.reader.span(call), first, links[0].name, links[1:])
    name = said.name
    if name in TYPES or name in COUNTERS or name in ("addColumn", "foreignIdFor"):
        yield from column(said)
    elif name in GROUPS:
        for each, kind in GROUPS[name]:
            yield added(said, each, kind)
    elif name in SOFT_DELETION:
        own = said.text(0, "column") or "deleted_at"
        yield added(said, own, SOFT_DELETION[name])
        yield from own_indexes(said, own)
    elif name in PAIRS:
        yield from pair(said)
    elif name in INDEXES:
        yield from indexed(said, INDEXES[name], index_columns(said), said.text(1, "name"))
    elif name in ("rawIndex", "index") and said.text(0):
        expression = f"({said.text(0)})"
        fact = IndexFact((expression,), said.text(1, "name"), at=said.at)
        yield TableChanged(said.at, table, "add-index", index=fact)
    elif name == "foreign":
        yield from foreign(said, said.texts(0, "columns"), said.text(1, "name"))
    elif name == "renameColumn":
        old, new = said.text(0, "from"), said.text(1, "to")
        if old and new:
            yield TableChanged(
                said.at, table, "rename-column", column=ColumnFact(old, ""), name=new
            )
    elif name == "rename" and said.text(0, "to"):
        yield said.changed("rename", said.text(0, "to").lower())
    elif name.startswith("drop"):
        yield from dropped(said)


def column(said: Said) -> Changes:
    name, kind = said.text(0, "column"), TYPES.get(said.name, COUNTERS.get(said.name, ""))
    if said.name == "id" and said.argument(0, "column") is None:
        name = "id"
    elif said.name == "addColumn":
        name = said.text(1, "name")
        kind = TYPES.get(said.text(0, "type"), said.text(0, "type").upper())
    elif said.name == "foreignIdFor":
        given = said.argument(0, "model")
        model = said.walk.reader.text(given) if given is not None else ""
        short = model.removesuffix("::class").rpartition("\\")[2]
        name = said.text(1, "column") or (
            f"{underscored(short)}_id" if short.isidentifier() else ""
        )
        kind = "BIGINT"
    if not name:
        return
    if kind == "INT" and said.link("unsigned") is not None:
        kind = UNSIGNED
    counts = said.name in COUNTERS or said.link("autoIncrement") is not None
    nullable = said.link("nullable")
    optional = nullable is not None and _holds(said, nullable)
    fact = ColumnFact(name, kind, optional, counts, said.at)
    if said.link("change") is not None:
        yield TableChanged(said.at, said.table, "alter-type", column=fact)
    else:
        yield TableChanged(said.at, said.table, "add-column", column=fact)
    if counts and said.link("primary") is None:
        yield from indexed(said, "primary", [name], "")
    yield from own_indexes(said, name)
    if said.name in REFERRING and said.link("constrained", "references") is not None:
        yield from foreign(said, [name], "")


# Behind columns of other methods, `references()` and `constrained()` are kept and never read.
REFERRING = frozenset({"foreignId", "foreignIdFor", "foreignUlid", "foreignUuid"})


def _holds(said: Said, link: Link) -> bool:
    """`nullable()` and `nullable(true)`, not `nullable(false)`."""
    given = said.argument(0, "value", link)
    return given is None or said.walk.reader.text(given).lower() != "false"


def own_indexes(said: Said, name: str) -> Changes:
    """`->index()`, `->unique("name")` behind a column."""
    for link in said.more:
        if link.name in INDEXES and link.call is not None and _holds(said, link):
            yield from indexed(said, INDEXES[link.name], [name], said.text(0, "indexName", link))


def added(said: Said, name: str, kind: str) -> TableChanged:
    fact = ColumnFact(name, kind, at=said.at)
    return TableChanged(said.at, said.table, "add-column", column=fact)


def pair(said: Said) -> Changes:
    name = said.text(0, "name")
    if not name:
        return
    columns = [f"{name}_type", f"{name}_id"]
    nullable = said.name.startswith("nullable")
    for each, kind in zip(columns, ("VARCHAR", PAIRS[said.name]), strict=True):
        fact = ColumnFact(each, kind, nullable, at=said.at)
        yield TableChanged(said.at, said.table, "add-column", column=fact)
    yield from indexed(said, "index", columns, said.text(1, "indexName"))


def index_columns(said: Said) -> list[str]:
    """Nothing where one is not known; `DB::raw("begins desc")` among them is the column."""
    given = said.argument(0, "columns")
    if given is None or given.type != "array_creation_expression":
        return said.texts(0, "columns")
    found = []
    for element in given.named_children:
        value = element.named_children[-1] if element.named_children else element
        found.append(said.walk.text(value) or raw_column(said, value))
    return found if all(found) else []


def raw_column(said: Said, value: Node) -> str:
    """A column with its order, or what is reckoned as an expression in parentheses."""
    called = value.child_by_field_name("name")
    if value.type != "scoped_call_expression" or called is None:
        return ""
    if said.walk.reader.text(called) != "raw":
        return ""
    args = said.walk.reader.arguments(value)[0]
    text = said.walk.text(args[0]).strip() if args else ""
    ordered = ORDERED.match(text)
    return ordered[1] if ordered is not None else f"({text})" if text else ""


def indexed(said: Said, ending: str, columns: list[str], name: str) -> Changes:
    if not columns:
        return
    where = said.link("where")
    fact = IndexFact(
        tuple(columns),
        name or usual_name(said.table, columns, ending),
        unique=ending in ("unique", "primary"),
        primary=ending == "primary",
        where=said.text(0, "condition", where) if where is not None else "",
        method=METHODS.get(ending, ""),
        at=said.at,
    )
    yield TableChanged(said.at, said.table, "add-index", index=fact)


def usual_name(table: str, columns: list[str], ending: str) -> str:
    return re.sub(r"[-.]", "_", f"{table}_{'_'.join(columns)}_{ending}".lower())


def foreign(said: Said, columns: list[str], name: str) -> Changes:
    """`->constrained()` behind a column, `foreign("a")->references("id")->on("users")`."""
    if not columns:
        return
    constrained, on = said.link("constrained"), said.link("on")
    references = said.link("references")
    referred = said.texts(0, "columns", references) if references is not None else []
    target = said.text(0, "table", on) if on is not None else ""
    if constrained is not None:
        target = said.text(0, "table", constrained)
        given = said.argument(0, "table", constrained)
        if not target and (given is None or said.walk.reader.text(given) == "null"):
            target = plural(re.sub(r"_id$", "", columns[0]))
        referred = [said.text(1, "column", constrained) or "id"]
    if not target:
        return
    fact = ForeignKeyFact(
        tuple(columns),
        target.rpartition(".")[2].lower(),
        tuple(referred),
        said.at,
        name or usual_name(said.table, columns, "foreign"),
    )
    yield TableChanged(said.at, said.table, "add-foreign-key", foreign_key=fact)


def dropped(said: Said) -> Changes:
    name = said.name
    if name in ("dropColumn", "dropColumns", "removeColumn"):
        for given in said.walk.reader.arguments(said.call)[0]:
            for column_name in said.walk.texts(given):
                yield said.changed("drop-column", column_name)
    elif name in ("dropConstrainedForeignId", "dropForeignId"):
        if said.text(0, "column"):
            yield said.changed("drop-column", said.text(0, "column"))
    elif name in SOFT_DROPS:
        yield said.changed("drop-column", said.text(0, "column") or "deleted_at")
    elif name in DROPPED_GROUPS:
        for each in DROPPED_GROUPS[name]:
            yield said.changed("drop-column", each)
    elif name == "dropMorphs" and said.text(0, "name"):
        for ending in ("_type", "_id"):
            yield said.changed("drop-column", said.text(0, "name") + ending)
    elif name == "dropPrimary":
        yield said.changed("drop-primary-key")
    elif name == "dropForeign":
        # MySQL keeps the index that came with the key.
        yield said.changed("drop-foreign-key", _index_name(said, "foreign"))
    elif name in DROPS and _index_name(said, DROPS[name]):
        yield said.changed("drop-index", _index_name(said, DROPS[name]))
    elif name in ("drop", "dropIfExists"):
        yield said.changed("drop")


SOFT_DROPS = frozenset({"dropSoftDeletes", "dropSoftDeletesTz", "dropSoftDeletesDatetime"})


def _index_name(said: Said, ending: str) -> str:
    """A list of columns stands for the name that the index got by itself."""
    given = said.argument(0, "index")
    if given is not None and given.type == "array_creation_expression":
        columns = said.walk.texts(given)
        return usual_name(said.table, columns, ending) if columns else ""
    return said.walk.text(given)
