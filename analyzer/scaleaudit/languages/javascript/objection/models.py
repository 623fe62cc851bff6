"""Objection's models: classes that name their table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ModelDefined, RelationFact
from scaleaudit.languages.javascript.builders.decorated import bases
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "objection"
TABLE = regex(
    rb"static\s+(?:override\s+)?(?:get\s+)?(tableName)\s*(?:\(\)\s*(?::\s*string\s*)?\{\s*return\s+"
    rb"|(?::\s*string\s*)?=\s*)[\"'`]([\w.]+)[\"'`]"
)
RELATION = regex(
    rb"([A-Za-z_]\w*)\s*:\s*\{\s*(?:modelClass\s*:[^{}]{0,200}?)?relation\s*:\s*[\w.]*?(\w+Relation)\b[^{}]{0,300}"
    rb"join\s*:\s*\{\s*from\s*:\s*[\"'`]([\w.]+)[\"'`]\s*,\s*(?:through\s*:\s*\{([^{}]{0,400})\}\s*,\s*)?to\s*:\s*"
    rb"[\"'`]([\w.]+)[\"'`]"
)
THROUGH = regex(rb"(from|to)\s*:\s*[\"'`]([\w.]+)[\"'`]")
KINDS = {
    "BelongsToOneRelation": "belongs-to", "HasManyRelation": "has-many", "HasOneRelation": "has-one",
    "ManyToManyRelation": "many-to-many",
}  # fmt: skip
MAX_MODELS = 100
MAX_RELATIONS = 100


def models(reader: JavaScriptReader) -> Iterator[ModelDefined]:
    if b"tableName" not in reader.content:
        return
    for _, match in zip(range(MAX_MODELS), TABLE.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        own = reader.class_around(leaf) if leaf is not None else None
        names = bases(reader, own) if own is not None else ()
        if own is None or not names or not reader.definition_name(own):
            continue
        table = match[2].decode().rpartition(".")[2]
        yield ModelDefined(
            reader.span(own),
            reader.definition_name(own),
            FRAMEWORK,
            table=table,
            bases=names,
            relations=tuple(_relations(reader, own)),
            managers=(table,),  # containers name a model after its table
        )


def _relations(reader: JavaScriptReader, own: Node) -> Iterator[RelationFact]:
    found = RELATION.finditer(reader.content, own.start_byte, own.end_byte)
    for _, match in zip(range(MAX_RELATIONS), found, strict=False):
        kind = KINDS.get(match[2].decode(), "")
        mine, theirs = match[3].decode(), match[5].decode()
        if not kind or "." not in mine or "." not in theirs:
            continue
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        ends = {m[1]: m[2].decode() for m in THROUGH.finditer(match[4] or b"")}
        column, other, through = "", "", ""
        if kind == "belongs-to":
            column = mine.rpartition(".")[2]
        elif kind == "many-to-many":
            through, _, column = ends.get(b"from", "").rpartition(".")
            other = ends.get(b"to", "").rpartition(".")[2]
        else:
            column = theirs.rpartition(".")[2]
        yield RelationFact(
            match[1].decode(),
            theirs.rpartition(".")[0].rpartition(".")[2],
            kind,
            column,
            through=through.rpartition(".")[2],
            at=reader.span(leaf if leaf is not None else own),
            other_column=other,
            constrained=False,  # the migrations say whether the database knows it
        )
