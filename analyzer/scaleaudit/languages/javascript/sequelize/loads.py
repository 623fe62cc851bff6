"""Relations of Sequelize that a file reads along: `include`, and the getters of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import OrmQuery
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "sequelize"
MAX_NAMES = 300  # of one file
# `{ model: Loan, as: "late" }`, `association: "late"`
INCLUDED = regex(
    rb"\bmodel\s*:\s*([\w$.]{1,80})(?:\s*,\s*as\s*:\s*[\"'`](\w{1,80}))?"
    rb"|\bas\s*:\s*[\"'`](\w{1,80})[\"'`]\s*,\s*model\s*:\s*[\w$.]{1,80}"
    rb"|\bassociation\s*:\s*[\"'`]?([\w$.]{1,80})"
)
ALIAS = regex(rb"\bas\s*:\s*[\"'`](\w{1,80})[\"'`]")
DECLARES = (b"asMany", b"asOne", b"elongsTo")  # where an alias is the relation's own
LISTED = regex(rb"\binclude\s*[:=]\s*(\[?[^\[\]{}()]{1,300})")
NAMES = regex(rb"[\w$.]*?(\w+)\s*(?=[,\]\"'`\s}]|$)")
GETTER = regex(rb"\.\s*(?:get|count|has)([A-Z]\w{1,60})\s*\(")
INCLUDES = (b"include:", b"include =", b"include :", b"association")
QUERIES = (b"findAll", b"findOne", b"findByPk", b"findAndCount", b"findOrCreate")
WORDS = {b"where", b"true", b"false", b"required", b"all", b"null", b"undefined", b"model", b"as"}


def loads(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    """One fact for all relations of the file that it names, of no model in particular."""
    content = reader.content
    names: set[bytes] = set()
    if reader.says(*INCLUDES):
        for _, match in zip(range(MAX_NAMES), INCLUDED.finditer(content), strict=False):
            model, alias, before, relation = match.groups()
            names.add((alias or before or relation or model).rpartition(b".")[2])
        if not reader.says(*DECLARES):
            names.update(match[1] for match in ALIAS.finditer(content))
        for _, match in zip(range(MAX_NAMES), LISTED.finditer(content), strict=False):
            names.update(NAMES.findall(match[1]))
    if reader.says(*QUERIES):
        for _, match in zip(range(MAX_NAMES), GETTER.finditer(content), strict=False):
            names.add(match[1])
    names.update(each.removesuffix(b"Model") for each in tuple(names) if len(each) > 5)
    told = sorted(each.decode() for each in names - WORDS if not each.isdigit())
    if told:
        yield OrmQuery(Span(1), FRAMEWORK, "", "", loads=tuple(told[:MAX_NAMES]))
