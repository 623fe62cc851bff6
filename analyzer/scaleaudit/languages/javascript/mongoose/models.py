"""Models of Mongoose: `model("Order", new Schema({...}))`, and classes that Nest decorates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact
from scaleaudit.inflection import plural
from scaleaudit.languages.javascript.builders.decorated import text_of
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.literal_objects import shape
from scaleaudit.languages.javascript.mongoose.paths import Paths, read_path, read_paths
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "mongoose"
MARK = b"mongoose"
MODEL = regex(
    rb"\b(model)\s*(?:<[^()=;]{0,300}>\s*)?\(\s*(?:[\"'`]([\w.-]+)[\"'`]|([A-Z][A-Z0-9_]*))\s*,\s*(\w+)"
    rb"(?:\s+as\s+\w+)?\s*(?:,\s*[\"'`]([\w.-]+)[\"'`])?"
)
CREATED = regex(rb"\b(\w+)\s*=\s*SchemaFactory\s*\.\s*createForClass\s*\(\s*(\w+)\s*\)")
MAX_MODELS = 200  # of one file
MAX_INDEXES = 200  # of one schema
METHODS = {"text", "2dsphere", "2d", "hashed"}


def models(reader: JavaScriptReader) -> Iterator[ModelDefined]:
    if MARK not in reader.content:
        return
    for _, match in zip(range(MAX_MODELS), MODEL.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        call = leaf.parent if leaf is not None else None
        if call is not None and call.type == "member_expression":
            call = call.parent
        if call is None or call.type != "call_expression":
            continue
        variable = match[4].decode()
        schema = reader.local(variable, call) or reader.declared.get(variable)
        args, _, _ = reader.arguments(call)
        if schema is None and variable == "new" and len(args) > 1:
            schema = args[1]
        title, collection = (match[2] or b"").decode(), (match[5] or b"").decode()
        title = title or text_of(reader, reader.declared.get(match[3].decode()))
        if not title:
            continue
        name = _variable(reader, call) or title
        yield from _of_schema(reader, schema, variable, name, title, collection)
    for _, match in zip(range(MAX_MODELS), CREATED.finditer(reader.content), strict=False):
        yield from _of_class(reader, match[2].decode(), match[1].decode())


def _variable(reader: JavaScriptReader, call: Node) -> str:
    """The constant that keeps the model, also behind `models.Order || model(...)`."""
    above = call.parent
    for _ in range(4):
        if above is None or above.type == "variable_declarator":
            break
        above = above.parent if above.type in HOLDING else None
    name = above.child_by_field_name("name") if above is not None else None
    return reader.text(name) if name is not None and name.type == "identifier" else ""


HOLDING = {"binary_expression", "as_expression", "parenthesized_expression", "ternary_expression"}


def _of_schema(
    reader: JavaScriptReader,
    schema: Node | None,
    variable: str,
    name: str,
    title: str,
    collection: str,
) -> Iterator[ModelDefined]:
    made = bare(schema)
    if made is None or made.type not in ("new_expression", "call_expression"):
        return
    constructor = made.child_by_field_name("constructor") or made.child_by_field_name("function")
    word = reader.text(constructor).rpartition(".")[2] if constructor is not None else ""
    args, _, _ = reader.arguments(made)
    if not word.endswith("Schema") or not args or args[0].type != "object":
        return
    found = Paths()
    read_paths(reader, args[0], found)
    for option in shape(reader, args[1]).members if len(args) > 1 else ():
        if option.key == "collection" and not collection:
            collection = reader.text(option.value).strip("'\"`")
        elif option.key == "timestamps" and reader.text(option.value) != "false":
            found.add_timestamps(reader.span(option.value))
    yield ModelDefined(
        at=reader.span(made),
        name=name,
        framework=FRAMEWORK,
        table=collection if collection.isidentifier() else "",
        default_table=plural(title.lower()),
        fields=(KEY, *found.fields),
        relations=(*found.relations, *_virtual(reader, variable)),
        indexes=tuple(_indexes(reader, variable)),
        managers=(title,) if title != name else (),
    )


KEY = FieldFact("_id", type="OBJECTID", nullable=False, primary=True)


def _of_class(reader: JavaScriptReader, name: str, variable: str) -> Iterator[ModelDefined]:
    """`@Schema() class Order { @Prop({ index: true }) state: string }`."""
    match = re.search(rb"\bclass\s+" + re.escape(name.encode()) + rb"\b", reader.content)
    node = reader.root.descendant_for_byte_range(match.start(), match.end()) if match else None
    body = node.child_by_field_name("body") if node is not None else None
    if node is None or body is None:
        return
    found, collection = Paths(), ""
    before = reader.content[max(0, node.start_byte - 400) : node.start_byte]
    named = COLLECTION.search(before)
    if named is not None:
        collection = named[1].decode()
    waiting: Node | None = None
    for child in body.named_children[:400]:
        if child.type == "decorator":
            waiting = child if PROP.match(reader.content, child.start_byte) else waiting
            continue
        decorator = waiting or next(
            (c for c in child.named_children if c.type == "decorator"), None
        )
        field = child.child_by_field_name("name")
        if child.type == "public_field_definition" and decorator is not None and field is not None:
            args, _, _ = reader.arguments(decorator)
            typed = child.child_by_field_name("type")
            hint = reader.text(typed).strip(": ") if typed is not None else ""
            read_path(reader, reader.text(field), args[0] if args else None, found, hint or "any")
        waiting = None
    if STAMPED.search(before):
        found.add_timestamps(reader.span(node))
    yield ModelDefined(
        at=reader.span(node),
        name=name,
        framework=FRAMEWORK,
        table=collection,
        fields=(KEY, *found.fields),
        relations=(*found.relations, *_virtual(reader, variable)),
        indexes=tuple(_indexes(reader, variable)),
    )


PROP = regex(rb"@Prop\b")
COLLECTION = regex(rb"@Schema\s*\([^@]*?collection\s*:\s*[\"'](\w+)[\"']")
STAMPED = regex(rb"@Schema\s*\([^@]*?timestamps\s*:\s*(?!false)")


def _calls(reader: JavaScriptReader, variable: str, method: bytes) -> Iterator[Node]:
    written = re.compile(
        rb"(?<![\w.$])" + re.escape(variable.encode()) + rb"\s*\.\s*(" + method + rb")\s*\("
    )
    places = written.finditer(reader.content) if variable != "new" else iter(())
    for _, match in zip(range(MAX_INDEXES), places, strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        member = leaf.parent if leaf is not None else None
        call = member.parent if member is not None else None
        if call is not None and call.type == "call_expression":
            yield call


def _indexes(reader: JavaScriptReader, variable: str) -> Iterator[IndexFact]:
    """`orderSchema.index({ state: 1, createdAt: -1 }, { unique: true })`."""
    for call in _calls(reader, variable, b"index"):
        args, _, _ = reader.arguments(call)
        members = shape(reader, args[0]).members if args else []
        if not members:
            continue
        unique, where, name, method = False, "", "", ""
        for option in shape(reader, args[1]).members if len(args) > 1 else ():
            if option.key == "unique":
                unique = reader.text(option.value) == "true"
            elif option.key == "partialFilterExpression":
                where = " ".join(reader.text(option.value).split())[:200]
            elif option.key == "name":
                name = reader.text(option.value).strip("'\"`")
        for member in members:
            word = reader.text(member.value).strip("'\"`")
            method = word if word in METHODS else method
        columns = tuple(member.key for member in members)
        yield IndexFact(columns, name, unique, where=where, method=method, at=reader.span(call))


def _virtual(reader: JavaScriptReader, variable: str) -> Iterator[RelationFact]:
    """`schema.virtual("lines", { ref: "Line", localField: "_id", foreignField: "order" })`."""
    for call in _calls(reader, variable, b"virtual"):
        args, _, _ = reader.arguments(call)
        if len(args) < 2:
            continue
        given = {m.key: reader.text(m.value).strip("'\"`") for m in shape(reader, args[1]).members}
        if given.get("ref") and given.get("foreignField"):
            kind = "has-one" if given.get("justOne") == "true" else "has-many"
            name = reader.text(args[0]).strip("'\"`")
            column = given["foreignField"]
            yield RelationFact(name, given["ref"], kind, column, at=reader.span(call))
