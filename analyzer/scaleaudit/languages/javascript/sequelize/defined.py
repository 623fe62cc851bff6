"""Models that calls define: `sequelize.define("order", {...})`, `Order.init({...}, {...})`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import IndexFact, ModelDefined
from scaleaudit.inflection import plural
from scaleaudit.languages.javascript.builders.chains import arguments, call_at, called
from scaleaudit.languages.javascript.builders.decorated import bases, says, settings, text_of
from scaleaudit.languages.javascript.sequelize.attributes import (
    FRAMEWORK,
    RELATIONS,
    Draft,
    add_attribute,
    add_options,
    add_relation,
    facts,
)
from scaleaudit.languages.javascript.sequelize.described import described_model, model_around
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

DEFINE = regex(
    rb"\.\s*(define)\s*(?:<[^()\n]{0,120}>\s*)?(\()\s*(?:[\"'`]|[A-Za-z_$][\w$]{0,80}\s*,\s*\{)"
)
INIT = regex(rb"\.\s*(init)\s*(\()\s*(?:\{|[\w.]+\(|[A-Za-z_$][\w$]{0,80}\s*,)")
ASSOCIATE = regex(rb"\.\s*(belongsTo|hasMany|hasOne|belongsToMany)\s*(\()")
TYPED = regex(r":\s*(?:\w+\.)?(?:DataTypes|DataType|Sequelize)\.[A-Z]{3,}\b")
NAMES = frozenset({"identifier", "member_expression"})
NAMELESS = frozenset(
    {"Model", "Entity", "Table", "Schema"}
)  # of variables that any model is kept in
MAX_MODELS = 200
MAX_ASSOCIATIONS = 600


def defined_models(reader: JavaScriptReader) -> Iterator[Fact]:
    known = b"equelize" in reader.content or b"ataType" in reader.content
    if not known and not any(mark in reader.content for mark in (b".hasMany", b".belongsTo")):
        return
    drafts: dict[str, Draft] = {}
    for pattern in (DEFINE, INIT) if known else ():
        for _, match in zip(range(MAX_MODELS), pattern.finditer(reader.content), strict=False):
            call = call_at(reader, match.start(2))
            draft = _draft(reader, call, match[1] == b"init") if call is not None else None
            if draft is not None:
                drafts.setdefault(draft.name, draft)
    described = described_model(reader) if known and not drafts else None
    if described is not None:
        drafts[described.name] = described
    by_name = {name.lower(): draft for name, draft in drafts.items()}
    elsewhere: dict[str, Draft] = {}
    found = ASSOCIATE.finditer(reader.content)
    for _, match in zip(range(MAX_ASSOCIATIONS), found, strict=False):
        call = call_at(reader, match.start(2))
        if call is not None:
            _associate(reader, call, match[1].decode(), by_name, elsewhere)
    for draft in drafts.values():
        yield from facts(reader, draft)
    for draft in elsewhere.values():
        if draft.relations or draft.indexes:
            yield ModelDefined(
                reader.span(draft.at),
                draft.name,
                FRAMEWORK,
                abstract=True,
                same_table=True,
                relations=tuple(draft.relations),
                indexes=tuple(draft.indexes),
            )


def _draft(reader: JavaScriptReader, call: Node, by_class: bool) -> Draft | None:
    args = arguments(call)
    own = reader.class_around(call)
    if by_class:
        function = called(call)
        held = function.child_by_field_name("object") if function is not None else None
        name = reader.text(held) if held is not None else ""
        if name in ("super", "this") and own is not None:
            name = reader.definition_name(own)
        attributes, given = args[0], settings(reader, args[1:])
        options = given.keys() & {"sequelize", "tableName", "modelName", "timestamps", "indexes"}
        # Where a function hands on the options, the types of the columns tell.
        if not options and (own is None or TYPED.search(reader.text(attributes)) is None):
            return None
        draft = Draft(name.rpartition(".")[2], call)
    else:
        if len(args) < 2:
            return None
        model = _text(reader, args[0])
        attributes, given = args[1], settings(reader, args[2:])
        draft = Draft(_held(reader, call) or model, call, default_table=plural(model))
        if not model:
            return None
    if own is not None and draft.name == reader.definition_name(own):
        draft.bases = bases(reader, own)
    draft.snake = says(reader, given.get("underscored"))
    for name, node in settings(reader, [attributes]).items():
        add_attribute(reader, draft, name, node)
    if not draft.fields or not draft.name:
        return None
    add_options(reader, draft, given)
    return draft


def _held(reader: JavaScriptReader, call: Node) -> str:
    """The class-like name of the variable that the model is kept in."""
    above = call.parent
    for _ in range(3):
        if above is None or above.type == "variable_declarator":
            break
        above = above.parent
    named = above.child_by_field_name("name") if above is not None else None
    name = reader.text(named) if named is not None and above is not None else ""
    is_class = above is not None and above.type == "variable_declarator" and name[:1].isupper()
    return name if is_class and name.isidentifier() and name not in NAMELESS else ""


def _text(reader: JavaScriptReader, node: Node) -> str:
    """A text, or the one that a variable of the file holds."""
    held = reader.local(reader.text(node), node) if node.type == "identifier" else None
    return text_of(reader, held or node)


def _associate(
    reader: JavaScriptReader,
    call: Node,
    kind: str,
    drafts: dict[str, Draft],
    elsewhere: dict[str, Draft],
) -> None:
    function, args = called(call), arguments(call)
    held = function.child_by_field_name("object") if function is not None else None
    if held is None or not args:
        return
    source = reader.text(held).rpartition(".")[2]
    if source == "this":
        own = reader.class_around(call)
        source = reader.definition_name(own) if own is not None else model_around(reader, call)
    target = model_name(reader.text(args[0]))
    draft = drafts.get(source.lower())
    if draft is None and args[0].type in NAMES and held.type in NAMES:
        draft = _of_other_file(source, call, elsewhere)
    if kind == "belongsToMany":
        given = settings(reader, args[1:])
        _between(reader, source, target, given, drafts, call, elsewhere)
    if draft is not None and target:
        add_relation(reader, draft, RELATIONS[kind], target, settings(reader, args[1:]), call)


def _between(
    reader: JavaScriptReader,
    source: str,
    target: str,
    given: dict[str, Node],
    drafts: dict[str, Draft],
    call: Node,
    elsewhere: dict[str, Draft],
) -> None:
    """The model of the table between, which gets a unique key of both columns."""
    through = given.get("through")
    if through is not None and through.type == "object":
        through = settings(reader, [through]).get("model")
    name = model_name(reader.text(through)) if through is not None else ""
    draft = drafts.get(name.lower())
    if draft is None and through is not None and through.type in NAMES:
        draft = _of_other_file(name, call, elsewhere)
    if draft is None or not target:
        return
    keys = (
        text_of(reader, given.get("foreignKey")) or _own_key(source),
        text_of(reader, given.get("otherKey")) or _own_key(target),
    )
    if not any(set(index.columns) == set(keys) for index in draft.indexes):
        draft.indexes.append(IndexFact(keys, unique=True, at=reader.span(call), implied=True))


def _of_other_file(name: str, call: Node, elsewhere: dict[str, Draft]) -> Draft | None:
    """What this file says of a model that it does not define."""
    model = model_name(name)
    if not model or (model not in elsewhere and len(elsewhere) >= MAX_MODELS):
        return None
    return elsewhere.setdefault(model, Draft(model, call))


def _own_key(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}Id"


def model_name(written: str) -> str:
    """`models.Order`, `db.models.order`, `orderModel` to `Order`."""
    last = written.rpartition(".")[2].strip("'\"[]")
    last = last.removesuffix("Model") if len(last) > 5 else last
    return f"{last[:1].upper()}{last[1:]}" if last.isidentifier() else ""
