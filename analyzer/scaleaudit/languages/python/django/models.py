"""Classes that Django keeps in tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact
from scaleaudit.languages.python.django import fields as known_fields
from scaleaudit.languages.python.django.classes import managers_in
from scaleaudit.languages.python.django.indexes import declared, together
from scaleaudit.languages.python.django.lookups import sort_path
from scaleaudit.languages.python.django.nodes import (
    arguments_of,
    bare,
    elements,
    is_true,
    text_of,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tree_sitter import Node

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.nodes import Arguments
    from scaleaudit.languages.python.reader import PythonReader

FRAMEWORK = "django"
MODEL_BASE = regex(
    r"^(?:\w+\.)*(?:\w*Model|AbstractUser|AbstractBaseUser|PermissionsMixin|MP_Node|NS_Node|AL_Node"
    r"|GenericTaggedItemBase|TaggedItemBase|ItemBase|TagBase)$"
)
# What has fields as well, and no table.
NO_MODEL = regex(
    r"(?:Form|FormSet|Serializer|FilterSet|Filter|Mutation|ObjectType|InputType|Input|Enum|View|ViewSet"
    r"|Admin|Factory|Resource|TestCase|Schema|BaseModel|Struct|Document|Migration|Table|Widget|Field"
    r"|Validator|Choices|Operation|Index|Lookup|Transform|Func)$"
)
META_SIGNS = frozenset(
    {"abstract", "proxy", "db_table", "unique_together", "index_together", "indexes",
     "constraints", "get_latest_by", "default_related_name", "permissions"}
)  # fmt: skip
FIELD_MODULES = ("django.db.models", "django.contrib.gis.db.models", "django.contrib.postgres")
FIELD_NAME = regex(r"(?:Field|ForeignKey|Key)$")
MANAGER_NAME = regex(r"(?:Manager|Query[sS]et)\b|\.as_manager$|from_queryset$")


def models_of(
    reader: PythonReader, classes: Iterable[ClassRead]
) -> list[tuple[ClassRead, ModelDefined]]:
    classes = list(classes)
    by_name = {each.name: each for each in classes}
    types = custom_fields(reader, classes)
    found: list[tuple[ClassRead, ModelDefined]] = []
    models: set[str] = set()
    for one in classes:
        if is_model(reader, one, models, by_name):
            models.add(one.name)
            found.append((one, model_of(reader, one, by_name, types)))
    return found


def custom_fields(reader: PythonReader, classes: Iterable[ClassRead]) -> dict[str, str]:
    """Field classes of the file, and what each derives from."""
    found: dict[str, str] = {}
    for one in classes:
        for base in one.bases:
            last = base.rpartition(".")[2]
            if last.endswith("Field") and not reader.qualify(f"{base}.x", one.node)[0].startswith(
                ("django.forms", "rest_framework")
            ):
                found[one.name] = last
                break
    return found


def is_model(
    reader: PythonReader, one: ClassRead, models: set[str], by_name: Mapping[str, ClassRead]
) -> bool:
    plain = [base.partition("[")[0] for base in one.bases]
    for base in plain:
        qualified = reader.qualify(f"{base}.x", one.node)[0].removesuffix(".x")
        if base in models or qualified == "django.db.models.Model":
            return True
    if not plain or any(NO_MODEL.search(base) for base in plain if base not in by_name):
        return False
    if any(is_field(reader, value) for value in one.attributes.values()):
        return True
    meta = one.meta or {}
    if "model" in meta or "fields" in meta:
        return False
    outside = [base for base in plain if base not in by_name]
    if any(MODEL_BASE.match(base) for base in outside):
        return mentions_django(reader)
    return bool(META_SIGNS & meta.keys())


def mentions_django(reader: PythonReader) -> bool:
    return any(name.startswith("django") for name in reader.imports.values())


def is_field(reader: PythonReader, node: Node) -> bool:
    """A call of a field class that Django's own module gives."""
    if node.type != "call":
        return False
    callee = reader.callee(node)
    head, _, _ = callee.partition(".")
    module = reader.imports.get(head, "")
    return module.startswith(FIELD_MODULES) and (
        FIELD_NAME.search(callee) is not None or callee.rpartition(".")[2] in known_fields.TYPES
    )


def model_of(
    reader: PythonReader, one: ClassRead, by_name: dict[str, ClassRead], types: dict[str, str]
) -> ModelDefined:
    meta = one.meta or {}
    columns: list[FieldFact] = []
    relations: list[RelationFact] = []
    managers: list[str] = []
    default = text_of(reader, meta.get("default_related_name")) or ""
    for name, value in one.attributes.items():
        if value.type != "call":
            continue
        callee = reader.callee(value)
        last = callee.rpartition(".")[2]
        if last in known_fields.FOREIGN or last in known_fields.MANY:
            relations.extend(relation(reader, name, last, value, one.last, default))
        elif last in known_fields.NO_COLUMN:
            relations.extend(generic(reader, name, last, value))
        elif FIELD_NAME.search(last):
            columns.append(field(reader, name, last, value, types, by_name))
        elif name == "objects" or MANAGER_NAME.search(callee):
            managers += managers_in(reader, value, by_name)
    indexes: list[IndexFact] = [
        *together(reader, meta.get("unique_together"), unique=True),
        *together(reader, meta.get("index_together"), unique=False),
        *declared(reader, meta.get("indexes")),
        *declared(reader, meta.get("constraints")),
    ]
    return ModelDefined(
        at=reader.span(one.node),
        name=one.name,
        framework=FRAMEWORK,
        table=(text_of(reader, meta.get("db_table")) or "").strip('"'),
        bases=one.bases,
        abstract=is_true(meta.get("abstract")),
        same_table=is_true(meta.get("proxy")),
        fields=tuple(columns),
        relations=tuple(relations),
        indexes=tuple(indexes),
        ordering=tuple(ordering(reader, meta.get("ordering"))),
        managers=tuple(
            each for each in dict.fromkeys(managers) if each not in ("Manager", "models.Manager")
        ),
        label=text_of(reader, meta.get("app_label")) or "",
    )


def field(
    reader: PythonReader,
    name: str,
    kind: str,
    call: Node,
    types: dict[str, str],
    by_name: Mapping[str, ClassRead],
) -> FieldFact:
    given = arguments_of(reader, call)
    named = given.named
    own = own_options(reader, by_name.get(kind))
    primary = is_true(named.get("primary_key"))
    indexed = kind in known_fields.INDEXED or own.get("db_index", False)
    if "db_index" in named:
        indexed = is_true(named["db_index"])
    unique = is_true(named.get("unique")) or own.get("unique", False)
    return FieldFact(
        name,
        text_of(reader, named.get("db_column")) or "",
        known_fields.type_of(kind, types),
        is_true(named.get("null")) or own.get("null", False) or kind in known_fields.NULL_ALWAYS,
        indexed and not unique and not primary,
        unique or primary,
        primary or own.get("primary_key", False),
        kind in known_fields.AUTOMATIC,
        reader.span(call),
    )


def own_options(reader: PythonReader, one: ClassRead | None) -> dict[str, bool]:
    """What a field class of the file sets in its constructor: `kwargs["unique"] = True`."""
    made = one.methods.get("__init__") if one is not None else None
    if made is None:
        return {}
    text = reader.text(made)[:4000]
    return {
        option: True
        for option in ("unique", "db_index", "null", "primary_key")
        if re.search(rf"""["']{option}["']\s*(?:\]\s*=|,|:)\s*True|\b{option}\s*=\s*True""", text)
    }


def relation(
    reader: PythonReader, name: str, kind: str, call: Node, owner: str, default: str
) -> list[RelationFact]:
    """`default`: the name of the other end where the relation gives none."""
    given = arguments_of(reader, call)
    named = given.named
    aim = given.given[0] if given.given else named.get("to")
    if aim is None:
        return []
    target = target_of(reader, aim, owner)
    inverse = text_of(reader, named.get("related_name")) or default
    if inverse:
        inverse = inverse.replace("%(class)s", owner.lower())
        inverse = "" if "%" in inverse else inverse
    at = reader.span(call)
    if kind in known_fields.MANY:
        through = named.get("through")
        between = target_of(reader, through, owner) if through is not None else ""
        between = between or (text_of(reader, named.get("db_table")) or "")
        return [RelationFact(name, target, "many-to-many", inverse=inverse, through=between, at=at)]
    constrained = named.get("db_constraint")
    unique = kind in known_fields.ONE_ROW or is_true(named.get("unique"))
    return [
        RelationFact(
            name,
            target,
            "belongs-to",
            text_of(reader, named.get("db_column")) or f"{name}_id",
            inverse,
            nullable=is_true(named.get("null")),
            indexed="db_index" not in named or is_true(named["db_index"]),
            unique=unique,
            primary=is_true(named.get("primary_key")),
            at=at,
            constrained=constrained is None or is_true(constrained),
        )
    ]


def target_of(reader: PythonReader, node: Node, owner: str) -> str:
    """The class as written: `Order`, `"shop.Order"`, `"self"`, `settings.AUTH_USER_MODEL`."""
    node = bare(node)
    text = text_of(reader, node)
    if text == "self":
        return owner
    if text is not None:
        return text
    if node.type == "call" and reader.callee(node).endswith("get_user_model"):
        return "AUTH_USER_MODEL"
    if node.type not in ("identifier", "attribute"):
        return ""
    written = reader.hint(node)
    if written.endswith("AUTH_USER_MODEL"):
        return "AUTH_USER_MODEL"
    known = reader.module_values.get(written)
    if known is not None:
        if known.type == "call" and reader.callee(known).endswith("get_user_model"):
            return "AUTH_USER_MODEL"
        if reader.hint(known).endswith("AUTH_USER_MODEL"):
            return "AUTH_USER_MODEL"
        return text_of(reader, known) or written
    return written


def generic(reader: PythonReader, name: str, kind: str, call: Node) -> list[RelationFact]:
    given: Arguments = arguments_of(reader, call)
    words = [text_of(reader, each) or "" for each in given.given]
    named = {key: text_of(reader, value) or "" for key, value in given.named.items()}
    at = reader.span(call)
    if kind == "GenericForeignKey":
        of_type = named.get("ct_field") or (words[0] if words else "") or "content_type"
        of_row = named.get("fk_field") or (words[1] if len(words) > 1 else "") or "object_id"
        return [
            RelationFact(
                name, "", "belongs-to", of_row, discriminator=f"{of_type}_id", at=at,
                constrained=False,
            )
        ]  # fmt: skip
    if kind == "GenericRelation" and (given.given or "to" in given.named):
        target = target_of(reader, given.given[0] if given.given else given.named["to"], "")
        of_row = named.get("object_id_field") or "object_id"
        of_type = named.get("content_type_field") or "content_type"
        return [
            RelationFact(
                name, target, "has-many", of_row, discriminator=f"{of_type}_id", at=at,
                constrained=False,
            )
        ]  # fmt: skip
    return []


def ordering(reader: PythonReader, node: Node | None) -> Iterable[str]:
    """The attributes; nothing from the first on that is not known."""
    for each in elements(reader, node):
        each = bare(each)
        text = text_of(reader, each)
        if text is None and each.type == "call":
            for inner in (each, each.child_by_field_name("function")):
                if inner is None:
                    continue
                if inner.type == "attribute":
                    inner = inner.child_by_field_name("object")
                if inner is not None and inner.type == "call":
                    first = arguments_of(reader, inner).given[:1]
                    text = text_of(reader, first[0]) if first else text
        path = sort_path(text) if text else ""
        if not path:
            return
        yield path
