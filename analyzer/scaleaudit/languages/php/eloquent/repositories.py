"""Repositories: classes that name their model in a method, and whose base class asks for its rows.

`class OrderRepository extends BaseRepository { function model() { return Order::class; } }`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ModelDefined
from scaleaudit.languages.php.class_names import CLASS_NAMES
from scaleaudit.languages.php.eloquent.models import is_model
from scaleaudit.languages.php.eloquent.relations import class_of
from scaleaudit.languages.php.forward_steps import methods_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

NAMING = regex(rb"function\s+(?:model|getModel|modelClass|getModelClass|getModelName)\s*\(\s*\)")
NAMES = ("model", "getModel", "modelClass", "getModelClass", "getModelName")
FIELDS = {"model", "_model"}  # where the base class keeps the model
MAX_CLASSES = 20  # of one file


def model_of(reader: PhpReader, own: Node) -> str:
    """The model that a class names; empty where it names none, or is one."""
    if NAMING.search(reader.content, own.start_byte, own.end_byte) is None:
        return ""
    methods = methods_of(reader, own)
    for name in NAMES:
        body = methods[name].child_by_field_name("body") if name in methods else None
        statements = body.named_children if body is not None else []
        if len(statements) != 1 or statements[0].type != "return_statement":
            continue
        given = statements[0].named_children
        found = class_of(reader, given[0], "") if given else ""
        if found and not is_model(reader, own):
            return found
    return ""


def repositories(reader: PhpReader) -> Iterator[ModelDefined]:
    """Each repository, and the interfaces by which others know it, as what stands for its model."""
    told: set[str] = set()
    for _, match in zip(range(MAX_CLASSES), NAMING.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.end())
        own = reader.class_around(leaf) if leaf is not None else None
        model = model_of(reader, own) if own is not None else ""
        if own is None or not model:
            continue
        for name in (reader.definition_name(own), *_interfaces(reader, own)):
            if name and name not in told and name != model.rpartition(".")[2]:
                told.add(name)
                yield ModelDefined(
                    reader.span(own), name, "eloquent", bases=(model,), same_table=True
                )


def _interfaces(reader: PhpReader, own: Node) -> Iterator[str]:
    for clause in own.named_children:
        if clause.type == "class_interface_clause":
            for each in clause.named_children:
                name = reader.text(each).rpartition("\\")[2] if each.type in CLASS_NAMES else ""
                if "Repository" in name:
                    yield name
