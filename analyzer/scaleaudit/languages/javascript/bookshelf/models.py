"""Bookshelf's models: `bookshelf.Model.extend({tableName})`, `bookshelf.model("Name", {...})`, classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ModelDefined, RelationFact
from scaleaudit.inflection import singular
from scaleaudit.languages.javascript.builders.chains import arguments, method
from scaleaudit.languages.javascript.builders.decorated import text_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "bookshelf"
MARK = regex(rb"[bB]ookshelf|BOOKSHELF")
TABLE = regex(
    rb"(tableName)\s*(?::|=|\(\)\s*\{\s*return|:\s*function\s*\(\)\s*\{\s*return)\s*[\"'`]([\w.]+)[\"'`]"
)
RELATION = regex(
    rb"([A-Za-z_]\w*)\s*(?::\s*(?:async\s+)?(?:function\s*\w*)?\s*)?\(\)\s*(?:=>\s*)?\{\s*return\s+this\s*\.\s*"
    rb"(hasMany|hasOne|belongsTo|belongsToMany)(\()"
)
KINDS = {
    b"hasMany": "has-many", b"hasOne": "has-one", b"belongsTo": "belongs-to",
    b"belongsToMany": "many-to-many",
}  # fmt: skip
MAX_MODELS = 100
MAX_RELATIONS = 100


def models(reader: JavaScriptReader) -> Iterator[ModelDefined]:
    content = reader.content
    if b"tableName" not in content or MARK.search(content) is None:
        return
    for _, match in zip(range(MAX_MODELS), TABLE.finditer(content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        around = _around(reader, leaf) if leaf is not None else None
        if around is None:
            continue
        node, name = around
        table = match[2].decode().rpartition(".")[2]
        if name.isidentifier():
            yield ModelDefined(
                reader.span(node),
                name,
                FRAMEWORK,
                table=table,
                relations=tuple(_relations(reader, node, table)),
            )


def _around(reader: JavaScriptReader, leaf: Node) -> tuple[Node, str] | None:
    """What describes the model, and the model's name: the class, or the object given to a call."""
    own = reader.class_around(leaf)
    if own is not None:
        return own, reader.definition_name(own)
    for above in reader.ancestors(leaf):
        if above.type in ("object", "arguments", "pair", "method_definition"):
            continue
        if above.type == "call_expression":
            return _called(reader, above)
        if above.type in reader.FUNCTIONS:  # tableName: function () { return "loans" }
            continue
    return None


def _called(reader: JavaScriptReader, call: Node) -> tuple[Node, str] | None:
    args = arguments(call)
    if method(reader, call) == "model" and len(args) > 1:
        return call, text_of(reader, args[0])
    if method(reader, call) != "extend":
        return None
    at: Node | None = call.parent
    for _ in range(4):
        if at is None or at.type in ("variable_declarator", "assignment_expression", "pair"):
            break
        if at.type == "call_expression" and method(reader, at) == "model":
            return call, text_of(reader, arguments(at)[0])
        at = at.parent
    if at is None:
        return None
    left = (
        at.child_by_field_name("name")
        or at.child_by_field_name("left")
        or at.child_by_field_name("key")
    )
    name = reader.text(left).rpartition(".")[2] if left is not None else ""
    return call, name


def _relations(reader: JavaScriptReader, node: Node, table: str) -> Iterator[RelationFact]:
    found = RELATION.finditer(reader.content, node.start_byte, node.end_byte)
    for _, match in zip(range(MAX_RELATIONS), found, strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(3), match.start(3) + 1)
        call = leaf.parent.parent if leaf is not None and leaf.parent is not None else None
        args = arguments(call) if call is not None and call.type == "call_expression" else []
        if not args or call is None:
            continue
        target = text_of(reader, args[0]) or reader.text(args[0]).rpartition(".")[2]
        rest = [text_of(reader, each) for each in args[1:3]]
        kind, name = KINDS[match[2]], match[1].decode()
        column, through, other = (rest[0] if rest else ""), "", ""
        if kind == "many-to-many":
            through, column = column, rest[1] if len(rest) > 1 else f"{singular(table)}_id"
            other = text_of(reader, args[3]) if len(args) > 3 else ""
        elif not column and kind != "belongs-to":
            column = f"{singular(table)}_id"
        if not target.isidentifier() or (kind == "many-to-many" and not through):
            continue
        yield RelationFact(
            name, target, kind, column, through=through, at=reader.span(call), other_column=other,
            constrained=False,  # the migrations say whether the database knows it
        )  # fmt: skip
