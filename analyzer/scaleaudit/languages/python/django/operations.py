"""What each operation of a Django migration does to the table of its model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ColumnFact, ForeignKeyFact, IndexFact, TableChanged
from scaleaudit.languages.python.django import fields as known_fields
from scaleaudit.languages.python.django.indexes import index_of
from scaleaudit.languages.python.django.models import migrated_field
from scaleaudit.languages.python.django.nodes import bare, elements, is_false, is_true, text_of
from scaleaudit.regex import regex
from scaleaudit.sql import is_volatile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.nodes import Arguments
    from scaleaudit.languages.python.reader import PythonReader

    Steps = Iterator[TableChanged]

NOT_NULL = regex(r"(\w+)__isnull[\"']?\s*[=,]\s*False")
RANDOM = regex(r"\b(?:RandomUUID|Random)\b")


def argument(reader: PythonReader, found: Arguments, position: int, *names: str) -> str:
    node = next((found.named[name] for name in names if name in found.named), None)
    if node is None and position < len(found.given):
        node = found.given[position]
    return text_of(reader, node) or ""


def node_of(found: Arguments, position: int, name: str) -> Node | None:
    if name in found.named:
        return found.named[name]
    return found.given[position] if position < len(found.given) else None


def create_model(reader: PythonReader, call: Node, found: Arguments) -> Steps:
    model = argument(reader, found, 0, "name").lower()
    if not model:
        return
    yield TableChanged(reader.span(call), "", "create", model=model)
    for pair in elements(reader, node_of(found, 1, "fields")):
        parts = [each for each in pair.named_children if each.type != "comment"]
        name = text_of(reader, parts[0]) if len(parts) == 2 else None
        made = column(reader, name, parts[1]) if name else None
        if made is not None:
            yield TableChanged(made.at, "", "add-column", column=made, model=model)


def delete_model(reader: PythonReader, call: Node, found: Arguments) -> Steps:
    model = argument(reader, found, 0, "name").lower()
    if model:
        yield TableChanged(reader.span(call), "", "drop", model=model)


def rename_model(reader: PythonReader, call: Node, found: Arguments) -> Steps:
    old, new = argument(reader, found, 0, "old_name"), argument(reader, found, 1, "new_name")
    if old and new:
        yield TableChanged(reader.span(call), "", "rename", name=new.lower(), model=old.lower())


def column(reader: PythonReader, name: str, node: Node) -> ColumnFact | None:
    """The column of a field; None where it is in another table, or none."""
    call = bare(node)
    if call.type != "call":
        return None
    kind = kind_of(reader, call)
    if kind in known_fields.MANY or kind in known_fields.NO_COLUMN:
        return None
    read = migrated_field(reader, name, kind, call)
    foreign = kind in known_fields.FOREIGN
    own = read.column or (f"{name}_id" if foreign else name)
    # `choices` are looked at by forms alone: the column is that of the field without them.
    stored = known_fields.type_of(kind, {}) if read.type == "ENUM" else ""
    return ColumnFact(own, read.type, read.nullable, at=reader.span(node), stored=stored)


def kind_of(reader: PythonReader, call: Node) -> str:
    return reader.callee(call).rpartition(".")[2]


def add_field(reader: PythonReader, call: Node, found: Arguments) -> Steps:
    """With the index that the field brings, and the key, which is empty where the column is."""
    model, name = (
        argument(reader, found, 0, "model_name").lower(),
        argument(reader, found, 1, "name"),
    )
    node = node_of(found, 2, "field")
    made = column(reader, name, node) if model and name and node is not None else None
    if made is None or node is None:
        return
    at, inner = reader.span(call), bare(node)
    kind, options = kind_of(reader, inner), arguments_in(reader, inner)
    default = default_kind(reader, kind, options)
    yield TableChanged(at, "", "add-column", column=made, default=default, model=model)
    read = migrated_field(reader, name, kind, inner)
    foreign = kind in known_fields.FOREIGN
    unique = read.unique or kind in known_fields.ONE_ROW
    indexed = read.indexed or (foreign and not is_false(options.get("db_index")))
    if unique or indexed:
        index = IndexFact((made.name,), unique=unique, at=at)
        yield TableChanged(at, "", "add-index", index=index, model=model)
    if foreign and not is_false(options.get("db_constraint")):
        tie = ForeignKeyFact((made.name,), "", at=at)
        empty = default == "none"
        yield TableChanged(at, "", "add-foreign-key", foreign_key=tie, online=empty, model=model)


def arguments_in(reader: PythonReader, call: Node) -> dict[str, Node]:
    holder = call.child_by_field_name("arguments")
    found: dict[str, Node] = {}
    for child in holder.named_children if holder is not None else ():
        name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
        if child.type == "keyword_argument" and name is not None and value is not None:
            found[reader.text(name)] = value
    return found


def default_kind(reader: PythonReader, kind: str, options: dict[str, Node]) -> str:
    """Django works a default out once, and hands the same value to all rows."""
    if kind == "GeneratedField" and is_true(options.get("db_persist")):
        return "volatile"
    by_engine = options.get("db_default")
    if by_engine is not None:
        text = reader.text(by_engine)
        return "volatile" if RANDOM.search(text[:400]) or is_volatile(text) else "constant"
    given = options.get("default")
    return "none" if given is None or given.type == "none" else "constant"


def alter_field(reader: PythonReader, call: Node, found: Arguments) -> Steps:
    model, name = (
        argument(reader, found, 0, "model_name").lower(),
        argument(reader, found, 1, "name"),
    )
    node = node_of(found, 2, "field")
    made = column(reader, name, node) if model and name and node is not None else None
    if made is not None:
        yield TableChanged(reader.span(call), "", "alter-column", column=made, model=model)


def remove_field(reader: PythonReader, call: Node, found: Arguments) -> Steps:
    model, name = (
        argument(reader, found, 0, "model_name").lower(),
        argument(reader, found, 1, "name"),
    )
    if model and name:
        yield TableChanged(reader.span(call), "", "drop-column", name=name, model=model)


def rename_field(reader: PythonReader, call: Node, found: Arguments) -> Steps:
    model = argument(reader, found, 0, "model_name").lower()
    old, new = argument(reader, found, 1, "old_name"), argument(reader, found, 2, "new_name")
    if model and old and new:
        was = ColumnFact(old, "")
        yield TableChanged(
            reader.span(call), "", "rename-column", column=was, name=new, model=model
        )


def add_index(reader: PythonReader, call: Node, found: Arguments) -> Steps:
    model = argument(reader, found, 0, "model_name").lower()
    node = node_of(found, 1, "index")
    index = index_of(reader, bare(node)) if node is not None else None
    if model and index is not None:
        concurrent = kind_of(reader, call) == "AddIndexConcurrently"
        yield TableChanged(
            reader.span(call), "", "add-index", index=index, online=concurrent, model=model
        )


def remove_index(reader: PythonReader, call: Node, found: Arguments) -> Steps:
    model = argument(reader, found, 0, "model_name").lower()
    name = argument(reader, found, 1, "name")
    if model and name:
        yield TableChanged(reader.span(call), "", "drop-index", name=name, model=model)


def add_constraint(reader: PythonReader, call: Node, found: Arguments) -> Steps:
    model = argument(reader, found, 0, "model_name").lower()
    node = node_of(found, 1, "constraint")
    if not model or node is None:
        return
    at, inner = reader.span(call), bare(node)
    unchecked = kind_of(reader, call) == "AddConstraintNotValid"
    index = index_of(reader, inner)
    if index is not None:
        yield TableChanged(at, "", "add-index", index=index, online=unchecked, model=model)
    elif inner.type == "call" and kind_of(reader, inner) == "CheckConstraint":
        proofs = " and ".join(
            f"{name} is not null" for name in NOT_NULL.findall(reader.text(inner)[:2_000])
        )
        yield TableChanged(at, "", "add-check", name=proofs, online=unchecked, model=model)


OPERATIONS: dict[str, Callable[[PythonReader, Node, Arguments], Steps]] = {
    "CreateModel": create_model,
    "DeleteModel": delete_model,
    "RenameModel": rename_model,
    "AddField": add_field,
    "AlterField": alter_field,
    "RemoveField": remove_field,
    "RenameField": rename_field,
    "AddIndex": add_index,
    "AddIndexConcurrently": add_index,
    "RemoveIndex": remove_index,
    "RemoveIndexConcurrently": remove_index,
    "AddConstraint": add_constraint,
    "AddConstraintNotValid": add_constraint,
}
