"""Classes that Django keeps in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact
from scaleaudit.languages.python.django import fields as known_fields
from scaleaudit.languages.python.django.classes import is_manager, managers_in
from scaleaudit.languages.python.django.indexes import declared, together
from scaleaudit.languages.python.django.lookups import sort_path
from scaleaudit.languages.python.django.nodes import (
    arguments_of,
    bare,
    elements,
    is_false,
    is_true,
    text_of,
)
from scaleaudit.languages.python.django.own_fields import is_known, own_options
from scaleaudit.languages.python.django.relations import generic, relation
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tree_sitter import Node

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.reader import PythonReader

FRAMEWORK = "django"
MODEL_BASE = regex(
    r"^(?:\w+\.)*(?:\w*Model|AbstractUser|AbstractBaseUser|PermissionsMixin|MP_Node|NS_Node|AL_Node"
    r"|GenericTaggedItemBase|TaggedItemBase|ItemBase|TagBase)$"
)
# What has fields as well, and no table.
NO_MODEL = regex(
    r"(?:Form|FormSet|Serializer|FilterSet|Filter|Mutation|ObjectType|InputType|Input|Enum|View|ViewSet"
    r"|Admin|Factory|Resource|TestCase|Schema|Struct|Document|Migration|Table|Widget|Field"
    r"|Validator|Choices|Operation|Index|Lookup|Transform|Func)$"
)
OTHER_PACKAGES = (
    "django.forms",
    "django_filters",
    "rest_framework",
    "graphene",
    "ninja",
    "pydantic",
    "sqlalchemy",
    "mongoengine",
    "marshmallow",
    "peewee",
    "playhouse",
    "tortoise",
    "wtforms",
    "odoo",
)
META_WORDS = frozenset({"ordering", "verbose_name", "verbose_name_plural", "app_label"})
META_SIGNS = frozenset(
    {"abstract", "proxy", "db_table", "unique_together", "index_together", "indexes",
     "constraints", "get_latest_by", "default_related_name", "permissions", "managed"}
)  # fmt: skip
# A concrete class over an abstract one of another file: `class Order(AbstractOrder)`.
ABSTRACT = regex(r"^Abstract[A-Z]")
OF_MODELS = regex(rb"(?m)^from [\w.]*models(?:\.\w+)? import ")
MAPPER_NAMES = (b"peewee", b"playhouse", b"tortoise")
OTHER_MAPPERS = regex(rb"(?m)^[ \t]*(?:from|import) (?:peewee|playhouse|tortoise)\b")
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
    for beside in (False, True):  # the second time beside the models of the file
        for one in classes if models or not beside else ():
            if one.name not in models and is_model(reader, one, models, by_name):
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
        if qualified.startswith(OTHER_PACKAGES):
            return False
    ours = gives_fields(reader)
    if plain and ours and any(is_field(reader, value) for value in one.attributes.values()):
        return True
    named_so = any(MODEL_BASE.match(base) for base in plain)
    if named_so and any(looks_like_field(reader, value) for value in one.attributes.values()):
        return True
    if not plain or any(NO_MODEL.search(base) for base in plain if base not in by_name):
        return False
    if imports_other_mapper(reader) and not mentions_django(reader):
        return False  # whose classes may have a `Meta` with indexes too
    meta = one.meta or {}
    if "model" in meta or "fields" in meta:
        return False
    outside = [base for base in plain if base not in by_name]
    if any(MODEL_BASE.match(base) for base in outside):
        return mentions_django(reader) or bool(META_SIGNS & meta.keys())
    if any(ABSTRACT.match(base) for base in outside):
        return OF_MODELS.search(reader.content) is not None
    if models and outside and META_WORDS & meta.keys():
        return True  # among models, and with what only their kind has
    return bool(META_SIGNS & meta.keys())


def imports_other_mapper(reader: PythonReader) -> bool:
    return reader.says(*MAPPER_NAMES) and OTHER_MAPPERS.search(reader.content) is not None


def mentions_django(reader: PythonReader) -> bool:
    return any(name.startswith("django") for name in reader.imports.values())


def gives_fields(reader: PythonReader) -> bool:
    """Whether the file imports anything from Django's own modules of fields."""
    return any(module.startswith(FIELD_MODULES) for module in reader.imports.values())


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


def looks_like_field(reader: PythonReader, node: Node) -> bool:
    """A call of a class named as Django's are, from no other package with such names."""
    if node.type != "call":
        return False
    callee = reader.callee(node)
    last = callee.rpartition(".")[2]
    known = (last.endswith("Field") and last.removesuffix("Field") in known_fields.TYPES) or (
        last in known_fields.FOREIGN | known_fields.MANY
    )
    module = reader.imports.get(callee.partition(".")[0], "")
    return known and bool(module) and not module.startswith(OTHER_PACKAGES)


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
        elif name == "objects" or MANAGER_NAME.search(callee) or is_own_manager(callee, by_name):
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
        managed=not is_false(meta.get("managed")),
    )


def is_own_manager(callee: str, by_name: dict[str, ClassRead]) -> bool:
    one = by_name.get(callee)
    return one is not None and is_manager(one, by_name)


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
        known_fields.type_of(kind, types, listed="choices" in named),
        is_true(named.get("null")) or own.get("null", False) or kind in known_fields.NULL_ALWAYS,
        indexed and not unique and not primary,
        unique or primary,
        primary or own.get("primary_key", False),
        kind in known_fields.AUTOMATIC,
        reader.span(call),
        made_by="" if kind in by_name or is_known(kind) else kind,
    )


def migrated_field(reader: PythonReader, name: str, kind: str, call: Node) -> FieldFact:
    """A field of a migration, of which the table, its steps and the model are told."""
    known = reader.fields.get(call.id)
    if known is None:
        known = reader.fields[call.id] = field(reader, name, kind, call, {}, {})
    return known


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
