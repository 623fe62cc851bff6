"""What a row of Sequelize's asks for by its relations: `this.getLoans({ where: { status } })`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import OrmQuery
from scaleaudit.languages.javascript.builders.chains import arguments, call_at, called, shortened
from scaleaudit.languages.javascript.builders.conditions import flat
from scaleaudit.languages.javascript.sequelize.asked import Asked, read_options
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "sequelize"
GETTER = regex(rb"\bthis\s*\.\s*(get|count|has)([A-Z]\w{1,60})\s*(\()(?=\s*\{\s*where\s*[:,}])")
MAX_CALLS = 300  # of one file


def getters(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    """By both spellings that the name of the relation may have; the linker knows which it is."""
    for _, match in zip(range(MAX_CALLS), GETTER.finditer(reader.content), strict=False):
        call = call_at(reader, match.start(3))
        function = called(call) if call is not None else None
        held = function.child_by_field_name("object") if function is not None else None
        own = reader.class_around(call) if call is not None else None
        if call is None or own is None or held is None or held.type != "this":
            continue  # of a row whose class is not known
        asked = Asked()
        read_options(reader, arguments(call)[0], asked, "", by_key=False)
        conditions = (*flat(asked.where[0]), *asked.more)
        name = match[2].decode()
        for relation in (name, f"{name[:1].lower()}{name[1:]}") if conditions else ():
            yield OrmQuery(
                reader.span(call),
                FRAMEWORK,
                reader.definition_name(own),
                shortened(reader, call),
                via=(relation,),
                conditions=conditions,
                limited=asked.limited,
                aggregate=match[1] != b"get",
                partial=asked.partial or len(asked.where) > 1,
                in_loop=reader.in_loop(call),
                scope=reader.scope(call),
            )
