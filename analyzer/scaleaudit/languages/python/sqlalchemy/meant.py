"""Which class a name means: itself, an alias of its table, an attribute of a repository."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.syntax import bare, dotted, given, last_name, receiver
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

NO_PARTS = frozenset({"c", "columns", "__table__", "table"})
ALIASES = frozenset({"aliased", "with_polymorphic"})
TABLES = frozenset({"alias", "tablesample", "lateral"})
CLASS = regex(r"_?[A-Z]\w*[a-z]\w*|_?[A-Z]")
ACRONYM = regex(r"[A-Z][A-Z0-9]+")  # a constant, or a class: `SMS`, `VM`
OF_MODELS = regex(r"model|entit|tables?(?:\.|$)|orm(?:\.|$)", re.IGNORECASE)  # a module
OWN = frozenset({"self", "cls"})
MODEL = frozenset(
    {"model", "_model", "model_class", "model_cls", "entity", "_entity", "entity_class"}
)
PARAMETER = regex(r"\[\s*(?:type\[)?[\"']?((?:\w+\.)*[A-Z]\w*)")
OF_CLASS = regex(r"(?:typing\.)?[Tt]ype\[\s*[\"']?((?:\w+\.)*[A-Z]\w+)[\"']?\s*\]$")
MAX_PARAMETERS = 40
MAX_DEPTH = 6  # names that stand for names


class Meant(Record, frozen=True):
    model: str  # as written where the class is named
    again: bool = False  # its table is mentioned a second time, under another name


def own_class(reader: PythonReader, node: Node) -> str:
    around = reader.class_around(node)
    return reader.definition_name(around) if around is not None else ""


def name_meant(reader: PythonReader, node: Node, name: str, depth: int = 0) -> Meant | None:
    """The class behind `parent = aliased(Node)`, `n = Node.__table__.alias()`, `m = models.Node`.

    Of a parameter what its type says: `kind: type[Order]`.
    """
    made = reader.local(name, node)
    if made is None:
        handed = parameter_meant(reader, node, name)
        if handed is not None:
            return handed
        made = next((a.right for a in reader.assignments if a.name == name and not a.owner), None)
    return made_of(reader, made, depth) if made is not None else None


def parameter_meant(reader: PythonReader, node: Node, name: str) -> Meant | None:
    function = reader.function_around(node)
    holder = function.child_by_field_name("parameters") if function is not None else None
    for each in holder.named_children[:MAX_PARAMETERS] if holder is not None else ():
        kind = each.child_by_field_name("type")
        named = each.child_by_field_name("name") or next(iter(each.named_children), each)
        if kind is not None and reader.text(named) == name:
            match = OF_CLASS.match(reader.text(kind))
            return Meant(match[1]) if match is not None else None
    return None


def attribute_meant(reader: PythonReader, node: Node, name: str, depth: int = 0) -> Meant | None:
    """`cls.author` of `author = aliased(User)`, `self.model` of `Repository[Order]`."""
    around = reader.class_around(node)
    if around is None:
        return None
    own = reader.definition_name(around)
    made = next((a.right for a in reader.assignments if a.name == name and a.owner == own), None)
    if made is not None:
        return made_of(reader, made, depth)
    above = around.child_by_field_name("superclasses") if name in MODEL else None
    match = PARAMETER.search(reader.text(above)[:300]) if above is not None else None
    return Meant(match[1]) if match is not None and len(match[1]) > 1 else None


def made_of(reader: PythonReader, node: Node, depth: int) -> Meant | None:
    node = bare(node)
    if node.type == "call":
        last, of = last_name(reader, node), receiver(node)
        if last in ALIASES:
            args = given(node, reader).args
            if last == "aliased" and len(args) > 1:
                return None  # of the rows that another query gives
            of = args[0] if args else None
        elif last not in TABLES:
            return None
        model = class_of(reader, of, depth + 1)
        return Meant(model, again=True) if model else None
    if node.type not in ("attribute", "identifier"):
        return None
    model = class_of(reader, node, depth + 1)
    return Meant(model) if model else None


def is_class(reader: PythonReader, name: str, first: str) -> bool:
    """Whether a name is a class's; one in capitals, where this file or a module of models has it.

    `first`: the first word of the dotted name that it ends.
    """
    if CLASS.fullmatch(name) is not None:
        return True
    if ACRONYM.fullmatch(name) is None:
        return False
    imported = reader.imports.get(first)
    if imported is not None:
        return OF_MODELS.search(imported) is not None
    return first == name and f"\nclass {name}(".encode() in reader.content


def class_of(reader: PythonReader, node: Node | None, depth: int = 0) -> str:
    """A class or the table of one as written: `models.Order`, `Order.__table__`, `orders`."""
    written = dotted(reader, node)
    if not written or node is None or depth > MAX_DEPTH:
        return ""
    parts = [part for part in written.split(".") if part not in NO_PARTS]
    if not parts:
        return ""
    if parts == ["cls"] or parts == ["self", "__class__"]:
        return own_class(reader, node)
    if parts[0] in OWN:
        meant = attribute_meant(reader, node, parts[1], depth) if len(parts) == 2 else None
        return meant.model if meant is not None else ""
    if len(parts) == 1 and parts[0].islower():
        meant = name_meant(reader, node, parts[0], depth)
        if meant is not None:
            return meant.model
    if is_class(reader, parts[-1], parts[0]):
        return ".".join(parts)
    of_module = parts[0] in reader.imports or parts[0] in reader.module_values
    return parts[-1] if of_module and written.islower() and len(parts) <= 2 else ""
