"""Fields that lead to other models: foreign keys, many-to-many, generic ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import RelationFact
from scaleaudit.languages.python.django import fields as known_fields
from scaleaudit.languages.python.django.nodes import arguments_of, bare, is_true, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.nodes import Arguments
    from scaleaudit.languages.python.reader import PythonReader


def relation(
    reader: PythonReader, name: str, kind: str, call: Node, owner: str, default: str
) -> list[RelationFact]:
    """`default`: the name of the other end where the relation gives none."""
    given = arguments_of(reader, call)
    named = given.named
    aim = given.given[0] if given.given else named.get("to")
    if aim is None:
        return []
    target = target_of(reader, aim, owner)
    inverse = text_of(reader, named.get("related_name")) or default
    at = reader.span(call)
    if kind in known_fields.MANY:
        through = named.get("through")
        between = target_of(reader, through, owner) if through is not None else ""
        between = between or (text_of(reader, named.get("db_table")) or "")
        return [RelationFact(name, target, "many-to-many", inverse=inverse, through=between, at=at)]
    constrained = named.get("db_constraint")
    unique = kind in known_fields.ONE_ROW or is_true(named.get("unique"))
    return [
        RelationFact(
            name,
            target,
            "belongs-to",
            text_of(reader, named.get("db_column")) or f"{name}_id",
            inverse,
            nullable=is_true(named.get("null")),
            indexed="db_index" not in named or is_true(named["db_index"]),
            unique=unique,
            primary=is_true(named.get("primary_key")),
            at=at,
            constrained=constrained is None or is_true(constrained),
        )
    ]


def target_of(reader: PythonReader, node: Node, owner: str) -> str:
    """The class as written: `Order`, `"shop.Order"`, `"self"`, `settings.AUTH_USER_MODEL`."""
    node = bare(node)
    text = text_of(reader, node)
    if text == "self":
        return owner
    if text is not None:
        return text
    if node.type == "call" and reader.callee(node).endswith("get_user_model"):
        return "AUTH_USER_MODEL"
    if node.type not in ("identifier", "attribute"):
        return ""
    written = reader.hint(node)
    if written.endswith("AUTH_USER_MODEL"):
        return "AUTH_USER_MODEL"
    known = reader.module_values.get(written)
    if known is not None:
        if known.type == "call" and reader.callee(known).endswith("get_user_model"):
            return "AUTH_USER_MODEL"
        if reader.hint(known).endswith("AUTH_USER_MODEL"):
            return "AUTH_USER_MODEL"
        return text_of(reader, known) or written
    return written


def generic(reader: PythonReader, name: str, kind: str, call: Node) -> list[RelationFact]:
    given: Arguments = arguments_of(reader, call)
    words = [text_of(reader, each) or "" for each in given.given]
    named = {key: text_of(reader, value) or "" for key, value in given.named.items()}
    at = reader.span(call)
    if kind == "GenericForeignKey":
        of_type = named.get("ct_field") or (words[0] if words else "") or "content_type"
        of_row = named.get("fk_field") or (words[1] if len(words) > 1 else "") or "object_id"
        return [
            RelationFact(
                name, "", "belongs-to", of_row, discriminator=f"{of_type}_id", at=at,
                constrained=False,
            )
        ]  # fmt: skip
    if kind == "GenericRelation" and (given.given or "to" in given.named):
        target = target_of(reader, given.given[0] if given.given else given.named["to"], "")
        of_row = named.get("object_id_field") or "object_id"
        of_type = named.get("content_type_field") or "content_type"
        return [
            RelationFact(
                name, target, "has-many", of_row, discriminator=f"{of_type}_id", at=at,
                constrained=False,
            )
        ]  # fmt: skip
    return []
