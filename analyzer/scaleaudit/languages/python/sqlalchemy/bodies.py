"""What the body of a class says about its table: columns, relations, options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import FieldFact, ForeignKeyFact, IndexFact
from scaleaudit.languages.python.sqlalchemy import constraints
from scaleaudit.languages.python.sqlalchemy.column_types import Annotation
from scaleaudit.languages.python.sqlalchemy.columns import column, column_call, field
from scaleaudit.languages.python.sqlalchemy.relations import (
    Relationship,
    relation_call,
    relationship,
)
from scaleaudit.languages.python.sqlalchemy.syntax import (
    bare,
    dotted,
    given,
    is_true,
    items,
    last_name,
    literal,
    statements,
)
from scaleaudit.languages.python.sqlalchemy.table_names import template
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAPPED = ("Mapped", "DynamicMapped", "WriteOnlyMapped")
MAX_MEMBERS = 500
MAX_AROUND = 3  # calls around a column or a relation
COMPUTED = "()"  # stands for the column of an attribute that is worked out


class Body(Gathering):
    """One class."""

    node: Node
    name: str
    bases: list[str]
    table: str = ""
    template: str = ""  # how the class names the tables of those that inherit
    core_table: str = ""
    kept_in: str = ""  # the name of the table of Core that the class lives in
    abstract: bool = False
    is_table: bool = False  # SQLModel's `table=True`
    sqlmodel: bool = False
    polymorphic: bool = False  # is told apart from its base by a value
    mapped: bool = False
    fields: list[FieldFact] = msgspec.field(default_factory=list)
    relations: list[Relationship] = msgspec.field(default_factory=list)
    indexes: list[IndexFact] = msgspec.field(default_factory=list)
    foreign_keys: list[ForeignKeyFact] = msgspec.field(default_factory=list)
    ordering: tuple[str, ...] = ()
    values: int = 0  # members that say more than an annotation

    @property
    def bare(self) -> bool:
        """Only annotations: a class that is tied to its table elsewhere, or a part of others."""
        return not self.values and not self.sqlmodel and not self.relations


def read_body(reader: PythonReader, node: Node) -> Body:
    body = Body(node, own_name(reader, node), [])
    above = node.child_by_field_name("superclasses")
    for each in above.named_children if above is not None else ():
        if each.type == "keyword_argument":
            key, value = each.child_by_field_name("name"), each.child_by_field_name("value")
            if key is not None and reader.hint(key) == "table" and is_true(reader, value):
                body.is_table = body.sqlmodel = body.mapped = True
        else:
            written = dotted(reader, each.child_by_field_name("value") or each)
            if written:
                body.bases.append(written)
    body.sqlmodel = body.sqlmodel or any(b.rpartition(".")[2] == "SQLModel" for b in body.bases)
    block = node.child_by_field_name("body")
    for member in block.named_children[:MAX_MEMBERS] if block is not None else ():
        if member.type == "expression_statement" and member.named_children:
            inner = member.named_children[0]
            if inner.type == "assignment":
                assigned(reader, body, inner)
        elif member.type == "decorated_definition":
            declared(reader, body, member)
        elif member.type == "function_definition":
            named = member.child_by_field_name("name")
            if named is not None and reader.hint(named) in ("__tablename__", "__table_args__"):
                declared(reader, body, member)
    return body


def own_name(reader: PythonReader, node: Node) -> str:
    """With the classes around it: `Outer.Inner`."""
    name = reader.definition_name(node)
    if node.start_point[1] == 0:
        return name
    around = [a for a in reader.ancestors(node) if a.type in reader.CLASSES]
    return ".".join([*(reader.definition_name(a) for a in reversed(around)), name])


def assigned(reader: PythonReader, body: Body, node: Node) -> None:
    """`name = Column(...)`, `name: Mapped[str]`, `__tablename__ = "orders"`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or left.type != "identifier":
        return
    name = reader.hint(left)
    kind = node.child_by_field_name("type")
    annotation = reader.text(kind)[:300] if kind is not None else ""
    if name.startswith("__") and right is not None:
        option(reader, body, name, right)
        return
    right = unwrapped(reader, right)
    call = relation_call(reader, bare(right)) if right is not None else None
    if call is not None and (body.sqlmodel or last_name(reader, call) != "Relationship"):
        body.relations.append(relationship(reader, call, name, annotation))
        body.mapped = True
        return
    made = column_call(reader, right)
    if made is not None:
        body.fields.append(column(reader, made, name, annotation))
        body.mapped = True
        body.values += 1
    elif annotation.partition("[")[0].rpartition(".")[2] in MAPPED:
        told = Annotation(annotation)
        if right is not None and right.type != "call":
            return
        body.mapped = True
        body.values += right is not None or told.key
        if right is None or last_name(reader, right) not in ("association_proxy", "synonym"):
            body.fields.append(
                FieldFact(
                    name,
                    type=enum_or(told, reader),
                    nullable=told.nullable,
                    primary=told.key or (name == "id" and right is not None),
                    at=reader.span(node),
                )
            )
    elif body.sqlmodel and annotation and not annotation.startswith("ClassVar"):
        call = right if right is not None and last_name(reader, right) == "Field" else None
        if not name.startswith("model_"):
            body.fields.append(field(reader, call, name, annotation, reader.span(node)))
    elif right is not None and last_name(reader, right) == "synonym":
        args = given(right, reader).args
        behind = literal(reader, args[0]) if args else ""
        known = next((each for each in body.fields if each.name == behind), None)
        if known is not None:
            column_ = known.column or known.name
            body.fields.append(FieldFact(name, column_, known.type, at=reader.span(node)))
    elif right is not None and right.type == "call" and name == "id":
        # What a helper of the project makes: nothing else is called so.
        body.fields.append(FieldFact(name, primary=True, nullable=False, at=reader.span(node)))


def unwrapped(reader: PythonReader, node: Node | None) -> Node | None:
    """`with_roles(relationship(...), read={...})`: what a helper takes and gives back marked."""
    outer = node
    for _ in range(MAX_AROUND):
        inner = bare(node) if node is not None else None
        if inner is None or inner.type != "call" or last_name(reader, inner) == "composite":
            break
        first = next(iter(given(inner, reader).args), None)
        first = bare(first) if first is not None else None
        if first is None or first.type != "call":
            break
        node = first
        if relation_call(reader, first) is not None or column_call(reader, first) is not None:
            return first
    return outer


def enum_or(told: Annotation, reader: PythonReader) -> str:
    """The type of an annotation; an enumeration where its class says so in this file."""
    kind = told.sql
    if not kind and told.name:
        pattern = rf"class {re.escape(told.name)}\([^)]*Enum\b".encode()
        if reader.mentions(pattern.decode()):
            return "ENUM"
    return kind


def option(reader: PythonReader, body: Body, name: str, right: Node) -> None:
    """`__tablename__`, `__table_args__`, `__abstract__`, `__mapper_args__`, `__table__`."""
    if name == "__tablename__":
        body.table = literal(reader, right).rpartition(".")[2]
        body.mapped = True
    elif name == "__abstract__":
        body.abstract = is_true(reader, right)
        body.mapped = True
    elif name == "__table__":
        args = given(right, reader).args if last_name(reader, right) == "Table" else ()
        body.core_table = literal(reader, args[0]) if args else ""
        for arg in args[1:]:
            made = column_call(reader, arg)
            if made is not None:
                body.fields.append(column(reader, made, ""))
        body.kept_in = "" if right.type == "call" else dotted(reader, right)
        body.mapped = bool(body.core_table or body.kept_in)
    elif name == "__table_args__":
        body.mapped = True
        table_args(reader, body, right)
    elif name == "__mapper_args__":
        body.mapped = True
        keys = reader.members(right) if right.type in ("dictionary", "call") else {}
        body.polymorphic = "polymorphic_identity" in keys


def table_args(reader: PythonReader, body: Body, node: Node) -> None:
    node = bare(node)
    listed = [node] if node.type == "call" else items(node)
    if node.type == "call" and last_name(reader, node) in ("tuple", "list"):
        listed = [each for arg in given(node, reader).args for each in items(arg)]
    for each in listed:
        if each.type != "call":
            continue
        found = constraints.index(reader, each)
        if found is not None:
            body.indexes.append(found)
        key = constraints.foreign_key(reader, each)
        if key is not None:
            body.foreign_keys.append(key)


def declared(reader: PythonReader, body: Body, member: Node) -> None:
    """`@declared_attr def user_id(cls): return Column(...)`."""
    function = member.child_by_field_name("definition") or member
    named = function.child_by_field_name("name")
    if function.type != "function_definition" or named is None:
        return
    name = reader.hint(named)
    if member.type == "decorated_definition" and hybrid(reader, body, member, function, name):
        return
    if member.type == "decorated_definition" and not any(
        "declared_attr" in reader.hint(child)
        for child in member.named_children
        if child.type == "decorator"
    ):
        return
    kind = function.child_by_field_name("return_type")
    annotation = reader.text(kind)[:300] if kind is not None else ""
    for statement in statements(function.child_by_field_name("body")):
        value = statement.named_children[0] if statement.named_children else None
        if statement.type != "return_statement" or value is None:
            continue
        if name == "__tablename__":
            body.template = template(reader, value)
            body.table = literal(reader, value) if value.type == "string" else ""
            body.table = "" if "{" in body.table else body.table
            body.mapped = True
        elif name == "__table_args__":
            body.mapped = True
            table_args(reader, body, value)
        else:
            call = relation_call(reader, bare(value))
            made = column_call(reader, value)
            if call is not None:
                body.relations.append(relationship(reader, call, name, annotation))
                body.mapped = True
            elif made is not None:
                body.fields.append(column(reader, made, name, annotation))
                body.mapped = True
                body.values += 1


def hybrid(reader: PythonReader, body: Body, member: Node, function: Node, name: str) -> bool:
    """`@hybrid_property def email(self): return self._email` is that column; others are none."""
    marks = [reader.hint(c) for c in member.named_children if c.type == "decorator"]
    if any(mark.endswith((".comparator", ".expression", ".inplace.expression")) for mark in marks):
        body.fields = [each for each in body.fields if each.name != name]
        body.fields.append(FieldFact(name, column=COMPUTED, at=reader.span(member)))
        return True
    if not any("hybrid_property" in mark for mark in marks):
        return False
    block = function.child_by_field_name("body")
    last = block.named_children[-1] if block is not None and block.named_children else None
    value = last.named_children[0] if last is not None and last.named_children else None
    written = dotted(reader, value) if last is not None and last.type == "return_statement" else ""
    behind = next((f for f in body.fields if f"self.{f.name}" == written), None)
    column_ = (behind.column or behind.name) if behind is not None else COMPUTED
    kind = behind.type if behind is not None else ""
    body.fields.append(FieldFact(name, column=column_, type=kind, at=reader.span(member)))
    return True
