"""Indexes that decorators on the members of a class make: members that name one index share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import IndexFact
from scaleaudit.languages.javascript.builders.chains import arguments, called
from scaleaudit.languages.javascript.builders.decorated import says, settings, text_of
from scaleaudit.languages.javascript.migrations.partial import condition_text
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.decorated import Decorated, Decorator
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.javascript.sequelize.attributes import Draft

MAKER = "createIndexDecorator"
DEFAULT_METHODS = ("", "btree", "unique")


class Shared(Gathering):
    columns: list[str] = msgspec.field(default_factory=list)
    args: list[Node] = msgspec.field(default_factory=list)
    unique: bool = False


def member_indexes(reader: JavaScriptReader, draft: Draft, found: Decorated) -> Iterator[IndexFact]:
    """`@Index("name")`, `@Index({name, unique})`, `@Unique("name")`, decorators made by the file.

    Source: sequelize-typescript, "Indexes". Those without arguments are the column's own.
    """
    shared: dict[str, Shared] = {}
    for member in found.members:
        if member.name not in draft.fields:
            continue
        for each in member.written:
            key, args = _named(reader, each, member.name)
            if not key:
                continue
            index = shared.setdefault(key, Shared())
            index.unique = index.unique or each.name == "Unique"
            index.columns.append(member.name)
            index.args += args
    for key, index in shared.items():
        given = settings(reader, index.args)
        method = text_of(reader, given.get("using") or given.get("type")).lower()
        unique = index.unique or says(reader, given.get("unique")) or method == "unique"
        yield IndexFact(
            tuple(index.columns),
            "" if key.startswith("@") else key,
            unique,
            where=condition_text(reader, given.get("where")),
            method="" if method in DEFAULT_METHODS else method,
            at=reader.span(found.node),
        )


def _named(reader: JavaScriptReader, decorator: Decorator, member: str) -> tuple[str, list[Node]]:
    """What the members of one index have in common, and its options; empty: no such decorator."""
    if decorator.name in ("Index", "Unique"):
        args = decorator.args
        if not args:
            return "", []
        name = text_of(reader, args[0]) or text_of(reader, settings(reader, args).get("name"))
        return name or f"@{decorator.name} {member}", args
    made = reader.declared.get(decorator.name)
    function = called(made) if made is not None and made.type == "call_expression" else None
    if made is None or function is None or reader.text(function) != MAKER:
        return "", []
    args = arguments(made)
    return text_of(reader, settings(reader, args).get("name")) or f"@{decorator.name}", args
