"""Classes tied to a table of Core by a call: `registry.map_imperatively(Order, orders)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, ModelDefined
from scaleaudit.languages.python.sqlalchemy.relation_facts import resolved
from scaleaudit.languages.python.sqlalchemy.relations import (
    relation_call,
    relationship,
)
from scaleaudit.languages.python.sqlalchemy.syntax import dotted, given, last_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaleaudit.languages.python.reader import PythonReader

MAPPED = regex(rb"\b(map_imperatively|mapper)\(")
NAMES = frozenset({"map_imperatively", "mapper"})
MAX_MAPPED = 500


def imperative(
    reader: PythonReader, framework: str, columns: Mapping[str, tuple[FieldFact, ...]]
) -> Iterator[ModelDefined]:
    """A class that lives in the table behind a name; `columns` are those of this file's tables."""
    for count, call in enumerate(reader.nodes(MAPPED, "call", b"map_imperatively(", b"mapper(")):
        if count >= MAX_MAPPED:
            return
        given_ = given(call, reader)
        if last_name(reader, call) not in NAMES or len(given_.args) < 2:
            continue
        name, table = (dotted(reader, arg) for arg in given_.args[:2])
        own = name.rpartition(".")[2]
        if not own or not table:
            continue
        options = given_.keywords.get("properties")
        members = reader.members(options) if options is not None else {}
        found = []
        for key, value in members.items():
            made = relation_call(reader, value)
            if made is not None:
                relation = relationship(reader, made, key, "")
                found.append(resolved(relation, own, columns.get(table, ()), {}))
        yield ModelDefined(
            at=reader.span(call),
            name=own,
            framework=framework,
            bases=(table,),
            same_table=True,
            relations=tuple(each for each in found if each is not None),
        )
