"""What Django's migrations say of the fields of a model: all there is of what a package's class brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelMigrated, RelationFact
from scaleaudit.languages.python.django import fields as known_fields
from scaleaudit.languages.python.django.indexes import together
from scaleaudit.languages.python.django.models import FIELD_NAME, migrated_field
from scaleaudit.languages.python.django.nodes import (
    arguments_of,
    bare,
    elements,
    is_true,
    pairs,
    text_of,
)
from scaleaudit.languages.python.django.operations import argument, kind_of, node_of
from scaleaudit.languages.python.django.relations import generic, relation
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.nodes import Arguments
    from scaleaudit.languages.python.reader import PythonReader

OWN_RELATION = regex(r"ForeignKey|OneToOne|ManyToMany")
TOGETHER = {"AlterUniqueTogether": "unique_together", "AlterIndexTogether": "index_together"}


def migrated(
    reader: PythonReader, name: str, call: Node, found: Arguments
) -> Iterator[ModelMigrated]:
    """What one operation does to a model."""
    if name == "CreateModel":
        yield from created(reader, call, found)
        return
    model = argument(reader, found, 0, "model_name", "name", "old_name")
    at, attribute = reader.span(call), argument(reader, found, 1, "name")
    if not model:
        return
    if name in ("AddField", "AlterField"):
        made = attribute_of(reader, attribute, node_of(found, 2, "field"))
        fields = (made,) if isinstance(made, FieldFact) else ()
        relations = (made,) if isinstance(made, RelationFact) else ()
        yield ModelMigrated(at, model, "set", fields, relations)
    elif name == "RemoveField":
        yield ModelMigrated(at, model, "remove", names=(attribute,))
    elif name == "RenameField":
        old, new = argument(reader, found, 1, "old_name"), argument(reader, found, 2, "new_name")
        yield ModelMigrated(at, model, "rename-field", names=(old, new))
    elif name == "RenameModel":
        new = argument(reader, found, 1, "new_name")
        yield ModelMigrated(at, model, "rename", names=(new,))
    elif name == "DeleteModel":
        yield ModelMigrated(at, model, "delete")
    elif name in TOGETHER:
        option = TOGETHER[name]
        indexes = tuple(indexes_of(reader, option, node_of(found, 1, option)))
        yield ModelMigrated(at, model, option, indexes=indexes)


def created(reader: PythonReader, call: Node, found: Arguments) -> Iterator[ModelMigrated]:
    model = argument(reader, found, 0, "name")
    options = node_of(found, 2, "options")
    given = dict(pairs(reader, options)) if options is not None else {}
    if not model or is_true(given.get("proxy")):
        return
    made: list[FieldFact | RelationFact | None] = []
    for pair in elements(reader, node_of(found, 1, "fields")):
        parts = [each for each in pair.named_children if each.type != "comment"]
        name = text_of(reader, parts[0]) if len(parts) == 2 else None
        made.append(attribute_of(reader, name, parts[1]) if name else None)
    yield ModelMigrated(
        reader.span(call),
        model,
        "create",
        tuple(each for each in made if isinstance(each, FieldFact)),
        tuple(each for each in made if isinstance(each, RelationFact)),
        tuple(
            index
            for option in TOGETHER.values()
            for index in indexes_of(reader, option, given.get(option))
        ),
    )


def attribute_of(
    reader: PythonReader, name: str | None, node: Node | None
) -> FieldFact | RelationFact | None:
    call = bare(node) if node is not None else None
    if call is None or call.type != "call" or not name:
        return None
    kind = kind_of(reader, call)
    if kind in known_fields.FOREIGN or kind in known_fields.MANY:
        return next(iter(relation(reader, name, kind, call, "", "")), None)
    if kind in known_fields.NO_COLUMN:
        return next(iter(generic(reader, name, kind, call)), None)
    if FIELD_NAME.search(kind) is None or OWN_RELATION.search(kind) is not None:
        return None  # a class of the project's own may be anything
    return migrated_field(reader, name, kind, call)


def indexes_of(reader: PythonReader, option: str, node: Node | None) -> Iterator[IndexFact]:
    """`{("order", "number")}`, `set([("order", "number")])`."""
    if node is not None and node.type == "call":
        node = next(iter(arguments_of(reader, node).given), None)
    return together(reader, node, unique=option == "unique_together")
