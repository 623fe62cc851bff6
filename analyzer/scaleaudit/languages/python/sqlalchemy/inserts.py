"""New rows: objects that a session is given, and INSERT built with functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import OrmQuery
from scaleaudit.languages.python.sqlalchemy.meant import CLASS, class_of
from scaleaudit.languages.python.sqlalchemy.starts import places
from scaleaudit.languages.python.sqlalchemy.syntax import (
    bare,
    dotted,
    given,
    items,
    last_name,
    receiver,
    shown,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

ADDED = regex(rb"\.(add|add_all|merge|bulk_insert_mappings|bulk_save_objects|save_or_update)\s*\(")
CHILD = regex(rb"\.(append|create)\((?=[^)])")
BUILT = (b"insert(", b"upsert(")
SESSION = regex(r"(?i)(?:session|sess|db|database|tx|transaction|conn|connection)$|^s$")
NAMES = frozenset(
    {"add", "add_all", "merge", "bulk_insert_mappings", "bulk_save_objects", "save_or_update"}
)
MAX_FOUND = 1_000


def inserts(reader: PythonReader, framework: str) -> Iterator[OrmQuery]:
    for call in reader.nodes(ADDED, "call", b".add", b".merge", b".bulk_", b".save_or"):
        of = receiver(call)
        holder = dotted(reader, of).rpartition(".")[2] or (last_name(reader, of) if of else "")
        if last_name(reader, call) in NAMES and SESSION.search(holder):
            args = given(call, reader).args
            for model in {made(reader, each): None for each in listed(args[:1])}:
                if model:
                    yield row(reader, call, model, framework)
    for call in reader.nodes(CHILD, "call", b".append(", b".create("):
        method, args = last_name(reader, call), given(call, reader).args
        owner = dotted(reader, receiver(call))
        if method == "append" and args and args[0].type == "call" and "." in owner:
            model = made(reader, args[0])  # `order.lines.append(Line(...))`
        elif method == "create" and CLASS.fullmatch(owner):
            model = owner
        else:
            continue
        if model:
            yield row(reader, call, model, framework)
    built_at = (at for word in BUILT for at in places(reader.content, word))
    for _, at in zip(range(MAX_FOUND), built_at, strict=False):
        call_ = built(reader, at)
        args = given(call_, reader).args if call_ is not None else ()
        of = receiver(call_) if call_ is not None else None
        model = class_of(reader, args[0]) if args else class_of(reader, of)
        if call_ is not None and model:
            yield row(reader, call_, model, framework)


def built(reader: PythonReader, at: int) -> Node | None:
    """`insert(Order)`, `sa.insert(Order)`, `orders.insert()`."""
    leaf = reader.root.descendant_for_byte_range(at, at + 1)
    holder = leaf.parent if leaf is not None else None
    if leaf is None or holder is None or leaf.type != "identifier":
        return None
    if holder.type == "attribute" and holder.parent is not None:
        owner = dotted(reader, holder.child_by_field_name("object"))
        call = holder.parent
        of_table = "__table__" in owner or owner.partition(".")[0] in reader.module_values
        spoken = reader.imports.get(owner.partition(".")[0], "").startswith("sqlalchemy")
        return call if call.type == "call" and (of_table or spoken) else None
    name = reader.imports.get(reader.hint(leaf), "")
    return holder if holder.type == "call" and name.startswith("sqlalchemy") else None


def listed(args: tuple[Node, ...]) -> list[Node]:
    return [each for arg in args for each in (items(arg) or [arg])]


def made(reader: PythonReader, node: Node) -> str:
    """The class of an object: of `Order(...)`, or of a local name for one; a class itself."""
    node = bare(node)
    if node.type in ("list_comprehension", "generator_expression"):
        node = node.child_by_field_name("body") or node
    if node.type == "identifier":
        assigned = reader.assigned_here(reader.hint(node), node)
        calls = [each for each in map(bare, assigned) if each.type == "call"]
        if not calls:
            return class_of(reader, node)
        node = calls[-1]
    if node.type != "call":
        return class_of(reader, node)
    written = dotted(reader, node.child_by_field_name("function"))
    if written == "cls":
        return class_of(reader, node.child_by_field_name("function"))
    return written if CLASS.fullmatch(written.rpartition(".")[2]) else ""


def row(reader: PythonReader, call: Node, model: str, framework: str) -> OrmQuery:
    return OrmQuery(
        at=reader.span(call),
        framework=framework,
        model=model,
        text=shown(reader, call),
        inserts=True,
        limited=True,
        in_loop=reader.in_loop(call),
        scope=reader.scope(call),
    )
