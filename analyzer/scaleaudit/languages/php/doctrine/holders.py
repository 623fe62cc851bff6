"""The entity, or the repository, of which a call asks: by the object that the call is made on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.php import scopes
from scaleaudit.languages.php.class_names import MEMBER_CALLS
from scaleaudit.languages.php.doctrine.expressions import plain
from scaleaudit.languages.php.eloquent.relations import class_of
from scaleaudit.languages.php.names import MEMBERS, chain
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader
    from scaleaudit.languages.reader import Binding

ENTITY = regex(rb"parent::__construct\(\s*\$\w+\s*,\s*\\?([\w\\]+)::class")
REPOSITORY = regex(r"Repository$")
ANY_REPOSITORY = frozenset({"EntityRepository", "ObjectRepository"})
HANDS_OUT = "getRepository"
MAX_HOLDERS = 4  # variables and fields that hold what others hold
MAX_GIVEN = 4  # values of one field
MAX_TEXT = 300
MAX_STATEMENTS = 4  # of a method that does no more than hand out a repository


def holder(reader: PhpReader, node: Node, before: list[Link], depth: int = 0) -> str:
    """`node` is where the chain of calls starts, `before` what stands between it and the call."""
    for link in before:
        if link.name == HANDS_OUT and link.call is not None:
            args = reader.arguments(link.call)[0]
            text = plain(reader, args[0]) if args else ""
            return (class_of(reader, args[0], "") if args else "") or text.replace(":", ".")
    if node.type != "variable_name" or len(before) > 1:
        return ""
    if reader.text(node) != "$this":
        return _of_variable(reader, node, depth) if not before else ""
    own = reader.class_around(node)
    if own is None:
        return ""
    if not before:
        return entity_of(reader, own)
    link = before[0]
    held = handed_out(reader, own, link, depth)
    if held:
        return held
    bound = scopes.field(reader, link.name, node)
    return entity_of(reader, own) if _is_inner(reader, link, bound, own) else _of_type(bound)


def handed_out(reader: PhpReader, own: Node, link: Link, depth: int = 0) -> str:
    """`$this->orders = $em->getRepository(Order::class)`, or a method that returns the like."""
    if HANDS_OUT.encode() not in reader.content:
        return ""
    if link.call is None:
        given = scopes.fields_assigned(reader, own, link.name)
        values = [each for each in given if each.type != "null"]
    else:
        values = _returned(reader, own, link.name)
    if not 0 < len(values) <= MAX_GIVEN:
        return ""
    held = {_given(reader, value, depth) for value in values}
    known = held.pop() if len(held) == 1 else ""
    return (
        known if known.rpartition(".")[2] not in ANY_REPOSITORY else ""
    )  # a declaration says more


def entity_of(reader: PhpReader, own: Node) -> str:
    """What a repository is of: the class it gives its parent, else the repository itself."""
    match = ENTITY.search(reader.content, own.start_byte, own.end_byte)
    if match is not None:
        return match[1].decode().replace("\\", ".")
    return reader.definition_name(own)


def _given(reader: PhpReader, value: Node, depth: int) -> str:
    """What a value stands for that comes of `getRepository`, by way of variables and fields too."""
    leads = value.type in MEMBERS or value.type in MEMBER_CALLS or value.type == "variable_name"
    if depth >= MAX_HOLDERS or not (leads or HANDS_OUT in reader.text(value)[:MAX_TEXT]):
        return ""
    return holder(reader, *chain(reader, value), depth + 1)


def _returned(reader: PhpReader, own: Node, name: str) -> list[Node]:
    # The bytes tell where the method is faster than the tree, of which each call would ask.
    at = reader.content.find(f"function {name}(".encode(), own.start_byte, own.end_byte)
    leaf = reader.root.descendant_for_byte_range(at, at + 1) if at >= 0 else None
    method = leaf.parent if leaf is not None else None
    body = method.child_by_field_name("body") if method is not None else None
    statements = [each for each in body.named_children if each.type != "comment"] if body else []
    if not 0 < len(statements) <= MAX_STATEMENTS or statements[-1].type != "return_statement":
        return []
    return statements[-1].named_children[:1]


def _of_variable(reader: PhpReader, node: Node, depth: int) -> str:
    value = scopes.assigned(reader, reader.text(node), node)
    if value is not None and HANDS_OUT in reader.text(value)[:MAX_TEXT]:
        return _given(reader, value, depth)
    held = _given(reader, value, depth) if value is not None else ""
    return held or _of_type(scopes.variable(reader, reader.text(node), node))


def _of_type(bound: Binding | None) -> str:
    kind = bound.type if bound is not None else ""
    package, _, written = kind.rpartition(".")
    last = written.removesuffix("Interface")
    named = REPOSITORY.search(last) is not None and last != HANDS_OUT
    return f"{package}.{last}".strip(".") if named else ""


def _is_inner(reader: PhpReader, link: Link, bound: Binding | None, own: Node) -> bool:
    """`$this->repository` inside of `OrderRepository`, where nothing says more of its type."""
    kind = bound.type.rpartition(".")[2] if bound is not None else ""
    return (
        link.call is None
        and link.name.lower().endswith("repository")
        and (not kind or kind in ANY_REPOSITORY)
        and REPOSITORY.search(reader.definition_name(own)) is not None
    )
