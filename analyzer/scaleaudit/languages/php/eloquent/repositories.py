"""Repositories: classes that name their model in a method, and whose base class asks for its rows.

`class OrderRepository extends BaseRepository { function model() { return Order::class; } }`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ModelDefined
from scaleaudit.languages.php import scopes
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
# `parent::__construct($order)`, `protected $model = Order::class;`
HANDED_UP = regex(
    rb"parent::__construct\(\s*(?:(\$\w{1,60})|new\s+\\?([\w\\]{1,120})(?:\(\s*\))?|\\?([\w\\]{1,120})::class)\s*[,)]"
)
KEPT = regex(
    rb"(?:protected|private|public)\s+(?:static\s+)?(?:\??[\w\\|-]{1,60}\s+)?"
    rb"\$_?model(?:Class)?\s*=\s*\\?([\w\\]{1,120})::class"
)
STANDS_FOR = regex(r"Repositor|Service$|Dao$|DAO$|Query$|Gateway$")
OF_FIELD = regex(r"\$this->_?model(?:Class)?")
NAMES = ("model", "getModel", "modelClass", "getModelClass", "getModelName")
FIELDS = {"model", "_model"}  # where the base class keeps the model
NO_MODEL = frozenset({"", "Model", "self", "static", "parent", "string", "array", "int"})
MAX_CLASSES = 20  # of one file


def kept_model(reader: PhpReader, node: Node) -> str:
    """The model behind `$this->model`, by what the class around says of it."""
    own = reader.class_around(node) if OF_FIELD.fullmatch(reader.text(node)[:40]) else None
    return model_of(reader, own) if own is not None else ""


def model_of(reader: PhpReader, own: Node) -> str:
    """The model that a class names; empty where it names none, or is one."""
    if NAMING.search(reader.content, own.start_byte, own.end_byte) is None:
        return _handed_up(reader, own)
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
    return _handed_up(reader, own)


def _handed_up(reader: PhpReader, own: Node) -> str:
    """The model that a class keeps in a property, or gives to its base's constructor."""
    found = {
        match[1].decode().replace("\\", ".").lstrip(".")
        for match in KEPT.finditer(reader.content, own.start_byte, own.end_byte)
    }
    told = HANDED_UP.search(reader.content, own.start_byte, own.end_byte) if not found else None
    if told is not None:
        written = told[2] or told[3]
        if told[1] is None:
            found.add(written.decode().replace("\\", ".").lstrip("."))
        else:
            found.add(_parameter_class(reader, own, told[1].decode()))
    model = found.pop() if len(found) == 1 else ""
    return model if model not in NO_MODEL and not is_model(reader, own) else ""


def _parameter_class(reader: PhpReader, own: Node, name: str) -> str:
    """The class of a parameter of the constructor."""
    constructor = methods_of(reader, own).get("__construct")
    for each in scopes.parameters(constructor) if constructor is not None else ():
        named, kind = each.child_by_field_name("name"), each.child_by_field_name("type")
        if named is not None and kind is not None and reader.text(named) == name:
            return reader.text(kind).strip("?\\").replace("\\", ".")
    return ""


def repositories(reader: PhpReader) -> Iterator[ModelDefined]:
    """Each repository, and the interfaces by which others know it, as what stands for its model."""
    told: set[str] = set()
    places = [*NAMING.finditer(reader.content)]
    if b"parent::__construct" in reader.content or b"odel" in reader.content:
        places += [*HANDED_UP.finditer(reader.content), *KEPT.finditer(reader.content)]
    for match in places[:MAX_CLASSES]:
        leaf = reader.root.descendant_for_byte_range(match.start(), match.end())
        own = reader.class_around(leaf) if leaf is not None else None
        model = model_of(reader, own) if own is not None else ""
        if own is None or not model:
            continue
        by_name = STANDS_FOR.search(reader.definition_name(own)) is not None
        if match.re is not NAMING and not by_name:
            continue  # factories, resources and components name a model too
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
