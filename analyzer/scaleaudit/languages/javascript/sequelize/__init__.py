"""Sequelize: models, with and without decorators, and what is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.languages.javascript.sequelize.loads import loads
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

__all__ = ["found"]


DEFINED = (b"equelize", b"ataType", b".hasMany", b".belongsTo")
ASKED = (
    b"where",
    b"findAll",
    b"findAndCount",
    b"findByPk",
    b"findOrCreate",
    b"bulkCreate",
    b".create(",
    b"order:",
    b".destroy({",
)
GETTER = regex(rb"\bthis\.(?:get|count|has)[A-Z]\w{1,60}\(\s*\{\s*where\b")
FROZEN = regex(rb"\bdefine\s*[:=]\s*\{[^{}]{0,400}?\bfreezeTableName\s*:\s*true")


def found(reader: JavaScriptReader) -> Iterator[Fact]:
    content = reader.content
    if b"freezeTableName" in content and (place := FROZEN.search(content)):
        line = content.count(b"\n", 0, place.start()) + 1
        setting = Literal("true")
        yield ConstantDefined(Span(line), "sequelize.define.freezeTableName", setting)
    if b"sequelize-typescript" in content:
        from scaleaudit.languages.javascript.sequelize.classes import decorated_models

        yield from decorated_models(reader)
    if reader.says(*DEFINED):
        from scaleaudit.languages.javascript.sequelize.defined import defined_models

        yield from defined_models(reader)
    if b".addScope(" in content:
        from scaleaudit.languages.javascript.sequelize.added_scopes import added_scopes

        yield from added_scopes(reader)
    if reader.says(*ASKED):
        from scaleaudit.languages.javascript.sequelize.finds import finds

        yield from finds(reader)
    if b"where" in reader.content and GETTER.search(reader.content) is not None:
        from scaleaudit.languages.javascript.sequelize.getters import getters

        yield from getters(reader)
    yield from loads(reader)
