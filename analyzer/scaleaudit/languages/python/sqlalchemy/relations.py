"""`relationship(...)`: which class it leads to, and which side holds the column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, FieldFact, RelationFact
from scaleaudit.languages.python.sqlalchemy.column_types import Annotation
from scaleaudit.languages.python.sqlalchemy.syntax import (
    dotted,
    given,
    is_true,
    items,
    lambda_body,
    last_name,
    literal,
)
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.source import Span

RELATIONS = frozenset({"relationship", "Relationship", "relation", "dynamic_loader"})
# `A.x == B.y` inside the text of a condition; brackets and parentheses around do not matter.
EQUAL = regex(r"\b([A-Za-z_][\w.]*)\)?\s*==\s*(?:[\w.]+\()?([A-Za-z_][\w.]*)")
# `A.deleted_at.is_(None)`, and a member that is a condition by itself.
TESTED = regex(
    r"\b([A-Z]\w*)\.([a-z_]\w*)(\.is_\(\s*None|\.is_?not_?\(\s*None|\.is_\(|(?=\s*(?:,|\)|&|$)))"
)
NAME = regex(r"[A-Za-z_][\w.]*")
SORTED = regex(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:\.(?:desc|asc)\(\))?")
MAX_TEXT = 600
NO_COLUMN = frozenset({"__table__", "c", "columns", "__tablename__"})
NOT_LAZY = {"joined", "selectin", "subquery", "immediate", "noload", "raise", "raise_on_sql"}


class Relationship(Record, frozen=True):
    """One relationship as its source says it, before the columns of its class are all known."""

    name: str
    target: str
    many: bool
    single: bool  # says that it is one object
    secondary: str
    inverse: str
    backref: bool  # `inverse` is made by this relationship
    own_keys: tuple[str, ...]  # columns of `foreign_keys`, dotted as written
    remote: tuple[str, ...]
    equal: tuple[tuple[str, str], ...]  # of primaryjoin, secondaryjoin and joins in `secondary`
    sorts: tuple[str, ...]
    back_sorts: tuple[str, ...]
    cascades: bool
    eager: bool  # loaded with the row, for many rows at once, or never by being read
    at: Span
    tests: tuple[tuple[str, str, str], ...] = ()  # of the rows that it leads to: class, column, how


def relation_call(reader: PythonReader, node: Node | None) -> Node | None:
    if node is None or node.type != "call":
        return None
    return node if last_name(reader, node) in RELATIONS else None


def relationship(reader: PythonReader, call: Node, name: str, annotation: str) -> Relationship:
    given_ = given(call, reader)
    keywords = given_.keywords
    told = Annotation(annotation)
    target = keywords.get("argument") or next(iter(given_.args), None)
    written = class_name(reader, target) if target is not None else told.name
    second = keywords.get("secondary") or (given_.args[1] if len(given_.args) > 1 else None)
    back = keywords.get("backref")
    back_sorts: tuple[str, ...] = ()
    inverse = literal(reader, keywords.get("back_populates"))
    if back is not None and last_name(reader, back) == "backref":
        inner = given(back, reader)
        inverse = literal(reader, inner.args[0]) if inner.args else ""
        back_sorts = sorted_by(reader, inner.keywords.get("order_by"))
    elif back is not None:
        inverse = literal(reader, back)
    uselist = keywords.get("uselist")
    text = " ".join(
        condition_text(reader, keywords[key])
        for key in ("primaryjoin", "secondaryjoin")
        if key in keywords
    )
    between = condition_text(reader, second) if second is not None else ""
    pairs = tuple(EQUAL.findall(f"{text} {between}"[: 3 * MAX_TEXT]))[:6]
    options = {**keywords, **sqlmodel_options(reader, keywords.get("sa_relationship_kwargs"))}
    return Relationship(
        name=name,
        target=written,
        many=told.many or is_true(reader, uselist) or is_true(reader, options.get("uselist")),
        single=(uselist is not None and uselist.type == "false")
        or (bool(told.name) and not told.many),
        secondary=table_between(
            reader, second if second is not None else keywords.get("link_model")
        ),
        inverse=inverse,
        backref=back is not None,
        own_keys=columns_named(reader, options.get("foreign_keys")),
        remote=columns_named(reader, options.get("remote_side")),
        equal=pairs,
        sorts=sorted_by(reader, options.get("order_by")),
        back_sorts=back_sorts,
        cascades="delete" in literal(reader, options.get("cascade"))
        or "passive_deletes" in options,
        eager=loaded_along(reader, options.get("lazy")),
        at=reader.span(call),
        tests=tuple(TESTED.findall(text[:MAX_TEXT]))[:6],
    )


def loaded_along(reader: PythonReader, node: Node | None) -> bool:
    """`lazy="selectin"`, `lazy=False`."""
    return node is not None and (node.type == "false" or literal(reader, node) in NOT_LAZY)


def sqlmodel_options(reader: PythonReader, node: Node | None) -> Mapping[str, Node]:
    return reader.members(node) if node is not None else {}


def class_name(reader: PythonReader, node: Node) -> str:
    """`"Order"`, `"shop.models.Order"`, `Order`, `lambda: Order`."""
    node = lambda_body(node)
    written = dotted(reader, node)
    if written:
        return written
    text = literal(reader, node)
    return text if NAME.fullmatch(text) else ""


def table_between(reader: PythonReader, node: Node | None) -> str:
    """A table by its name, or the class or variable that stands for it."""
    if node is None:
        return ""
    node = lambda_body(node)
    written = dotted(reader, node)
    if written:
        parts = [part for part in written.split(".") if part not in NO_COLUMN]
        return ".".join(parts)
    if node.type == "call" and last_name(reader, node) == "Table":
        args = given(node, reader).args
        return literal(reader, args[0]).lower() if args else ""
    text = literal(reader, node)
    if text.startswith("join("):
        return next(iter(NAME.findall(text[5:])), "")
    return text.rpartition(".")[2] if NAME.fullmatch(text) else ""


def condition_text(reader: PythonReader, node: Node) -> str:
    """The text of a condition, whether it is written as a string or as Python."""
    node = lambda_body(node)
    if node.type in ("string", "concatenated_string", "parenthesized_expression"):
        text = literal(reader, node)
        if text:
            return text[:MAX_TEXT]
    return " ".join(reader.text(node)[:MAX_TEXT].split())


def columns_named(reader: PythonReader, node: Node | None) -> tuple[str, ...]:
    """`[user_id]`, `User.id`, `"[Order.user_id, Order.x]"` as dotted names."""
    if node is None:
        return ()
    node = lambda_body(node)
    listed = items(node) or [node]
    found = [written for each in listed if (written := dotted(reader, each))]
    if not found:
        found = NAME.findall(literal(reader, node)[:MAX_TEXT])
    return tuple(without_table(name) for name in found)


def without_table(name: str) -> str:
    return ".".join(part for part in name.split(".") if part not in NO_COLUMN)


def sorted_by(reader: PythonReader, node: Node | None) -> tuple[str, ...]:
    """The columns that `order_by` names, dotted as written."""
    if node is None:
        return ()
    node = lambda_body(node)
    text = literal(reader, node) if node.type != "identifier" else ""
    parts = text.split(",") if text else []
    if not text:
        parts = [reader.text(each)[:200] for each in items(node) or [node]]
    found = [SORTED.fullmatch(" ".join(part.split()).strip("[] ")) for part in parts]
    return tuple(without_table(match[1]) for match in found if match is not None)


# -- with the columns of the class


def resolved(
    relation: Relationship, own: str, fields: Sequence[FieldFact], tables: Mapping[str, str]
) -> RelationFact | None:
    """What it says of the tables; None when the class that it leads to is not known.

    `tables` are those of the classes in this file.
    """
    if not relation.target:
        return None
    if relation.secondary:
        return between(relation, own)
    if by_several(relation, own):
        return None
    kind, column = "", ""
    names = {each.name: each for each in fields}
    mine = [
        key
        for key in relation.own_keys
        if key in names or (key.partition(".")[0] == own and key.rpartition(".")[2] in names)
    ]
    itself = relation.target.rpartition(".")[2] == own
    if mine and not (itself and relation.many):
        kind, column = "belongs-to", mine[0].rpartition(".")[2]
    elif relation.own_keys:
        kind, column = "has-many", relation.own_keys[0].rpartition(".")[2]
    elif relation.equal:
        kind, column = by_condition(relation, own, names)
    if itself and not relation.own_keys and relation.remote:
        remote = relation.remote[0].rpartition(".")[2]
        held = names.get(remote)
        key = key_to(relation, fields, tables)
        if held is not None and held.references:
            kind, column = "has-many", remote
        elif key is not None:
            kind, column = "belongs-to", key.name
    if not kind:
        key = None if relation.many or itself else key_to(relation, fields, tables)
        kind, column = ("belongs-to", key.name) if key is not None else ("has-many", "")
    if kind == "has-many" and relation.single and not relation.many:
        kind = "has-one"
    held = names.get(column) if kind == "belongs-to" else None
    return RelationFact(
        relation.name,
        relation.target,
        kind,
        column=column,
        inverse=relation.inverse,
        nullable=held is None or held.nullable,
        indexed=False,
        at=relation.at,
        constrained=held is None or bool(held.references),
        eager=relation.eager,
        conditions=tuple(tests_of(relation)) if kind != "belongs-to" else (),
    )


def tests_of(relation: Relationship) -> Iterator[Condition]:
    """What else `primaryjoin` asks of the rows that the relation leads to."""
    compared = {without_table(side) for pair in relation.equal for side in pair}
    target = relation.target.rpartition(".")[2]
    for holder, column, how in relation.tests:
        if holder == target and f"{holder}.{column}" not in compared:
            kind = (
                "is-true" if "None" not in how else "is-null" if "not" not in how else "is-not-null"
            )
            yield Condition(column, kind, constant=True)


def between(relation: Relationship, own: str) -> RelationFact:
    """Through a table between; its columns where a condition names them."""
    through = relation.secondary.rpartition(".")[2]
    target = relation.target.rpartition(".")[2]
    here = there = ""
    for one, other in relation.equal:
        for side, far in ((one, other), (other, one)):
            side, far = without_table(side), without_table(far)
            holder, _, column = side.rpartition(".")
            if holder.rpartition(".")[2] != through:
                continue
            if far.partition(".")[0] == own or "." not in far:
                here = here or column
            elif far.rpartition(".")[0].rpartition(".")[2] == target:
                there = there or column
    return RelationFact(
        relation.name,
        relation.target,
        "many-to-many",
        column=here,
        inverse=relation.inverse,
        through=relation.secondary,
        other_column=there,
        at=relation.at,
        eager=relation.eager,
    )


def by_condition(
    relation: Relationship, own: str, names: Mapping[str, FieldFact]
) -> tuple[str, str]:
    """Of `primaryjoin`: the side that holds a foreign key, or the other side's column."""
    for one, other in relation.equal:
        for side, far in ((one, other), (other, one)):
            holder, _, column = without_table(side).rpartition(".")
            field = names.get(column) if holder in ("", own) else None
            if field is not None and field.references and not relation.many:
                return "belongs-to", column
            if field is not None and holder != without_table(far).rpartition(".")[0]:
                return "has-many", without_table(far).rpartition(".")[2]
    return "", ""


def by_several(relation: Relationship, own: str) -> bool:
    """Whether several columns of both sides must agree, of which a relation here has but one."""
    target = relation.target.rpartition(".")[2]
    found: set[tuple[str, str]] = set()
    for one, other in relation.equal:
        for side, far in ((one, other), (other, one)):
            holder, _, column = without_table(side).rpartition(".")
            their, _, column_there = without_table(far).rpartition(".")
            if holder in ("", own) and their.rpartition(".")[2] == target != own:
                found.add((column, column_there))
    return len({column for column, _ in found}) > 1 and len({there for _, there in found}) > 1


def key_to(
    relation: Relationship, fields: Sequence[FieldFact], tables: Mapping[str, str]
) -> FieldFact | None:
    """The own foreign key that leads to the class, as far as this file can tell."""
    target = relation.target.rpartition(".")[2]
    table = tables.get(target, "")
    keys = [each for each in fields if each.references]
    fitting = [
        each
        for each in keys
        if (holder := each.references.partition(".")[0]) == target
        or (holder == table if table else alike(holder, target))
        or (not table and each.name in (f"{relation.name}_id", f"{relation.name}id"))
    ]
    if len(fitting) > 1:
        named = [each for each in fitting if each.name.startswith(relation.name.strip("_"))]
        fitting = named or fitting
    return fitting[0] if fitting else None


def alike(table: str, target: str) -> bool:
    """Whether a table may be that of a class by their names: `order_items` and `OrderItem`."""
    one, other = table.replace("_", "").lower(), target.replace("_", "").lower()
    other = other.removesuffix("model")
    return any(one.endswith(other + ending) for ending in ("", "s", "es")) or (
        other.endswith("y") and one.endswith(other[:-1] + "ies")
    )


def sort_conditions(names: Sequence[str], own: str, target: str) -> Iterator[Condition]:
    """What loading a sorted relation sorts by."""
    for name in names:
        holder, _, column = name.rpartition(".")
        if holder.rpartition(".")[2] in ("", own, target.rpartition(".")[2]):
            yield Condition(column, "sort", Clause.SORT)
        else:
            yield Condition(column, "sort", Clause.SORT, model=holder)
