"""Scopes that a model of Sequelize is given later: `Loan.addScope("open", { where: { open: true } })`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.builders.chains import arguments, call_at, called
from scaleaudit.languages.javascript.builders.decorated import text_of
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.sequelize.defined import model_name
from scaleaudit.languages.javascript.sequelize.scopes import DEFAULT, scope
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import ScopeDefined
    from scaleaudit.languages.javascript.reader import JavaScriptReader

ADDED = regex(rb"\.\s*addScope(\()")
MAX_ADDED = 200  # of one file


def added_scopes(reader: JavaScriptReader) -> Iterator[ScopeDefined]:
    """`Loan.addScope("of", (reader) => ({ where: { reader } }))`."""
    for _, match in zip(range(MAX_ADDED), ADDED.finditer(reader.content), strict=False):
        call = call_at(reader, match.start(1))
        function = called(call) if call is not None else None
        owner = bare(function.child_by_field_name("object")) if function is not None else None
        args = arguments(call) if call is not None else []
        name = text_of(reader, args[0]) if len(args) > 1 else ""
        # The default one stands beside what all queries are narrowed by, and others take its place.
        if name and name != DEFAULT and owner is not None:
            of = model_name(reader.text(owner)[:120].rpartition(".")[2])
            yield scope(reader, name, args[1], of)
