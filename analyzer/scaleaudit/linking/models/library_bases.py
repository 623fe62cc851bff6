"""Abstract Django models of widely used packages: columns that no file of the repository names."""

from __future__ import annotations

from scaleaudit.facts import FieldFact, ModelDefined, RelationFact
from scaleaudit.source import Span

BASE_PACKAGES = (
    "django_extensions.db.models", "model_utils.models", "ordered_model.models", "mptt.models",
    "treebeard.mp_tree", "polymorphic.models",
)  # fmt: skip


def _field(name: str, type_: str, *, unique: bool = False, indexed: bool = False) -> FieldFact:
    return FieldFact(name, "", type_, False, indexed, unique)


def _base(
    name: str,
    *fields: FieldFact,
    relations: tuple[RelationFact, ...] = (),
    ordering: tuple[str, ...] = (),
) -> ModelDefined:
    return ModelDefined(
        Span(0),
        name,
        "django",
        abstract=True,
        fields=fields,
        relations=relations,
        ordering=ordering,
    )


# Source: the packages' own models. The two of the name TimeStampedModel have the same columns.
LIBRARY_BASES: tuple[ModelDefined, ...] = (
    _base("TimeStampedModel", _field("created", "TIMESTAMP"), _field("modified", "TIMESTAMP")),
    _base("TitleDescriptionModel", _field("title", "VARCHAR"), _field("description", "TEXT")),
    _base(
        "TitleSlugDescriptionModel",
        _field("title", "VARCHAR"),
        _field("description", "TEXT"),
        _field("slug", "VARCHAR", indexed=True),
    ),
    _base(
        "ActivatorModel",
        _field("status", "INTEGER"),
        _field("activate_date", "TIMESTAMP"),
        _field("deactivate_date", "TIMESTAMP"),
        ordering=("status", "activate_date"),
    ),
    _base("TimeFramedModel", _field("start", "TIMESTAMP"), _field("end", "TIMESTAMP")),
    _base("StatusModel", _field("status", "VARCHAR"), _field("status_changed", "TIMESTAMP")),
    _base("SoftDeletableModel", _field("is_removed", "BOOLEAN")),
    _base("UUIDModel", FieldFact("id", "", "UUID", False, primary=True)),
    _base("OrderedModel", _field("order", "INTEGER", indexed=True), ordering=("order",)),
    _base(
        "MPTTModel",
        *(_field(name, "INTEGER", indexed=True) for name in ("lft", "rght", "tree_id", "level")),
    ),
    _base(
        "MP_Node",
        _field("path", "VARCHAR", unique=True),
        _field("depth", "INTEGER"),
        _field("numchild", "INTEGER"),
        ordering=("path",),
    ),
    _base(
        "PolymorphicModel",
        relations=(
            RelationFact(
                "polymorphic_ctype",
                "ContentType",
                "belongs-to",
                "polymorphic_ctype_id",
                indexed=True,
            ),
        ),
    ),
)
