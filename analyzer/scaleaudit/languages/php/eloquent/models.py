"""Eloquent's models: classes, the traits they use, and what both declare."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, FieldFact, ModelDefined, ScopeDefined
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.php.class_names import CLASS_NAMES
from scaleaudit.languages.php.eloquent.global_scopes import global_scopes
from scaleaudit.languages.php.eloquent.loaded import always_loaded, with_loads
from scaleaudit.languages.php.eloquent.relations import declared, relations
from scaleaudit.languages.php.forward_steps import DECLARING
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact, RelationFact
    from scaleaudit.languages.php.eloquent.relations import Declared
    from scaleaudit.languages.php.reader import PhpReader

CLASS = regex(
    rb"(?:^|[;}\]]|<\?php)[ \t]*(?:(?:abstract|final|readonly)[ \t]+)*(class|trait)[ \t]+(\w+)",
    re.MULTILINE,
)
# Names that only a base class of Eloquent has.
BASES = regex(
    r"(?:^|\\)(?:Model|Eloquent|EloquentModel|BaseModel|Authenticatable|Pivot|MorphPivot)$"
)
FOUNDATION = regex(rb"use\s+Illuminate\\Foundation\\Auth\\User\s+as\s+(\w+)")
# What a class says of its table or its attributes; a mere heir of a model says nothing else.
SAYS = regex(
    rb"\$(?:fillable|guarded|table|casts|appends|dispatchesEvents|primaryKey)\b|\bfunction\s+casts\("
    rb"|\buse\s+[^;{]*\bHasFactory\b|\$this\s*->\s*(?:hasMany|hasOne|belongsTo|morph\w+)\s*\("
    rb"|\bfunction\s+scope[A-Z]\w*\s*\(|\baddGlobalScope\s*\("
)
WORDS = (
    b"$fillable", b"$guarded", b"$table", b"$casts", b"$appends", b"$primaryKey", b"$dispatchesEvents", b"function casts(",
    b"HasFactory", b"->hasMany", b"->hasOne", b"->belongsTo", b"->morph", b"function scope", b"addGlobalScope",
)  # fmt: skip
MODELS = regex(r"(?:^|\\)(?:Models?|Entities|Entity)(?:\\|$)")
# Traits of the framework and of its usual packages, which hold no relations of ours.
KNOWN_TRAITS = frozenset(
    ["HasFactory", "Notifiable", "SoftDeletes", "HasApiTokens", "HasUuids", "HasUlids", "Searchable",
     "Authenticatable", "Authorizable", "CanResetPassword", "Prunable", "MassPrunable", "LogsActivity",
     "BroadcastsEvents", "Billable", "InteractsWithMedia", "HasRoles", "AsPivot", "HasTimestamps"]
)  # fmt: skip
BUILDER = regex(
    rb"(?:\$builder\s*=\s*|UseEloquentBuilder\(\s*|return\s+new\s+)\\?([\w\\]*Builder)\b"
)
MAX_CLASSES = 50  # of one file


def may_hold(reader: PhpReader) -> bool:
    """Whether a class or trait of the file may be a model, by a look at the bytes."""
    content = reader.content
    return b"extends Model" in content or has_any(content, WORDS)


def models(reader: PhpReader) -> Iterator[Fact]:
    owners: dict[int, tuple[str, bool]] = {}
    found: dict[int, Node] = {}
    for _, match in zip(range(MAX_CLASSES), CLASS.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(2), match.end(2))
        node = leaf.parent if leaf is not None else None
        if node is None or node.type not in ("class_declaration", "trait_declaration"):
            continue
        if is_model(reader, node):
            found[node.id] = node
            certain = node.type == "class_declaration" and not is_abstract(node)
            owners[node.id] = (reader.definition_name(node), certain)
    if not found:
        return
    related: dict[int, list[Declared]] = {}
    for each in declared(reader, owners):
        own = reader.class_around(each.call)
        if own is not None:
            related.setdefault(own.id, []).append(each)
    for key, node in found.items():
        yield from model(reader, node, related.get(key, []))


def is_abstract(node: Node) -> bool:
    return any(child.type == "abstract_modifier" for child in node.children)


def base_of(reader: PhpReader, node: Node) -> str:
    clause = next((c for c in node.named_children if c.type == "base_clause"), None)
    written = (
        next((c for c in clause.named_children if c.type in CLASS_NAMES), None) if clause else None
    )
    return reader.text(written) if written is not None else ""


def is_model(reader: PhpReader, node: Node) -> bool:
    says = SAYS.search(reader.content, node.start_byte, node.end_byte) is not None
    if node.type == "trait_declaration":
        return says
    base = base_of(reader, node)
    if not base:
        return False
    if BASES.search(base):
        return True
    foundation = FOUNDATION.search(reader.content)
    if foundation is not None and foundation[1].decode() == base:
        return True
    return says or (MODELS.search(reader.namespace) is not None and "Builder" not in base)


def traits_of(reader: PhpReader, body: Node) -> list[str]:
    return [
        reader.text(each)
        for member in body.named_children
        if member.type == "use_declaration"
        for each in member.named_children
        if each.type in CLASS_NAMES
    ]


def model(reader: PhpReader, node: Node, related: list[Declared]) -> Iterator[Fact]:
    body = node.child_by_field_name("body")
    if body is None:
        return
    name = reader.definition_name(node)
    traits = traits_of(reader, body)
    written = [base_of(reader, node), *traits]
    bases = [each.lstrip("\\").replace("\\", ".") for each in written if each]
    fields: list[FieldFact] = []
    given = dict(defaults(reader, body))
    key = given.get("primaryKey", "")
    if key:
        fields.append(FieldFact(key, key, nullable=False, primary=True, at=reader.span(node)))
    all_relations: list[RelationFact] = []
    for each in related:
        all_relations.extend(relations(each))
    managers = {
        match[1].decode().rpartition("\\")[2]
        for match in BUILDER.finditer(reader.content, node.start_byte, node.end_byte)
    } - {"Builder", "EloquentBuilder"}
    trait = node.type == "trait_declaration"
    yield ModelDefined(
        at=reader.span(node),
        name=name,
        framework="eloquent",
        table=given.get("table", ""),
        bases=tuple(each for each in bases if each.rpartition(".")[2] not in KNOWN_TRAITS),
        abstract=trait or is_abstract(node),
        fields=tuple(fields),
        relations=tuple(with_loads(reader, node, all_relations)),
        managers=tuple(sorted(managers)),
    )
    along = always_loaded(reader, node)
    if along:
        yield ScopeDefined(
            at=reader.span(node), framework="eloquent", owner=name, name="$with", always=True,
            eager=along,
        )  # fmt: skip
    yield from global_scopes(reader, node, name)
    if any(each.rpartition("\\")[2] == "SoftDeletes" for each in traits):
        column = given.get("DELETED_AT", "deleted_at")
        yield ScopeDefined(
            at=reader.span(node),
            framework="eloquent",
            owner=name,
            name="softDeletes",
            conditions=(Condition(column, "is-null", Clause.FILTER),),
            always=True,
        )


def defaults(reader: PhpReader, body: Node) -> Iterator[tuple[str, str]]:
    """`protected $table = 'x';` and constants, where they are texts."""
    for member in body.named_children:
        for element in member.named_children if member.type in DECLARING else ():
            inner = element.named_children
            if element.type not in ("property_element", "const_element") or len(inner) < 2:
                continue
            if inner[-1].type in ("string", "encapsed_string"):
                value = reader.value(inner[-1])
                if isinstance(value, Literal):
                    yield reader.text(inner[0]).lstrip("$"), value.text
