"""Django's field classes: which column each makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

# Without `Field` at the end. Source: "Model field reference", contrib.postgres and contrib.gis;
# types as PostgreSQL has them.
TYPES = {
    "Char": "VARCHAR",
    "Text": "TEXT",
    "Email": "VARCHAR",
    "URL": "VARCHAR",
    "Slug": "VARCHAR",
    "File": "VARCHAR",
    "Image": "VARCHAR",
    "FilePath": "VARCHAR",
    "CommaSeparatedInteger": "VARCHAR",
    "Integer": "INTEGER",
    "BigInteger": "BIGINT",
    "SmallInteger": "SMALLINT",
    "PositiveInteger": "INTEGER",
    "PositiveBigInteger": "BIGINT",
    "PositiveSmallInteger": "SMALLINT",
    "Auto": "INTEGER",
    "BigAuto": "BIGINT",
    "SmallAuto": "SMALLINT",
    "Boolean": "BOOLEAN",
    "NullBoolean": "BOOLEAN",
    "DateTime": "TIMESTAMP",
    "Date": "DATE",
    "Time": "TIME",
    "Duration": "INTERVAL",
    "Decimal": "DECIMAL",
    "Float": "DOUBLE",
    "UUID": "UUID",
    "JSON": "JSONB",
    "GenericIPAddress": "INET",
    "IPAddress": "INET",
    "Binary": "BYTEA",
    "Array": "ARRAY",
    "HStore": "HSTORE",
    "SearchVector": "TSVECTOR",
    "CIChar": "CITEXT",
    "CIEmail": "CITEXT",
    "CIText": "CITEXT",
    "IntegerRange": "INT4RANGE",
    "BigIntegerRange": "INT8RANGE",
    "DecimalRange": "NUMRANGE",
    "DateTimeRange": "TSTZRANGE",
    "DateRange": "DATERANGE",
    "Point": "GEOMETRY",
    "Polygon": "GEOMETRY",
    "MultiPolygon": "GEOMETRY",
    "MultiPoint": "GEOMETRY",
    "LineString": "GEOMETRY",
    "MultiLineString": "GEOMETRY",
    "Geometry": "GEOMETRY",
    "GeometryCollection": "GEOMETRY",
    # of widely used packages
    "AutoSlug": "VARCHAR",
    "AutoCreated": "TIMESTAMP",
    "AutoLastModified": "TIMESTAMP",
    "CreationDateTime": "TIMESTAMP",
    "ModificationDateTime": "TIMESTAMP",
    "Monitor": "TIMESTAMP",
    "Status": "VARCHAR",
    "Country": "VARCHAR",
    "PhoneNumber": "VARCHAR",
    "ShortUUID": "VARCHAR",
    "Bit": "BIGINT",
}
LISTABLE = frozenset({"VARCHAR", "TEXT", "INTEGER", "SMALLINT"})
AUTOMATIC = frozenset({"AutoField", "BigAutoField", "SmallAutoField"})
# Indexed unless `db_index=False` stands there; geometry has an index of another kind.
INDEXED = frozenset({"SlugField", "AutoSlugField"})
ONE_ROW = frozenset({"OneToOneField", "AutoOneToOneField"})
FOREIGN = frozenset(
    {"ForeignKey", "TreeForeignKey", "ParentalKey", "OrderableForeignKey", "FilerImageField",
     "FilerFileField", "FlexibleForeignKey"}
) | ONE_ROW  # fmt: skip
MANY = frozenset({"ManyToManyField", "ParentalManyToManyField", "SortedManyToManyField"})
NO_COLUMN = frozenset(
    {"GenericRelation", "GenericForeignKey", "TaggableManager", "CompositePrimaryKey",
     "TaxedMoneyField", "CompositeField"}
)  # fmt: skip
NULL_ALWAYS = frozenset({"NullBooleanField"})

if TYPE_CHECKING:
    from collections.abc import Mapping


def type_of(name: str, own: Mapping[str, str], *, listed: bool = False) -> str:
    """The column's type by the name of the field's class; `own`: what classes of the file derive from.

    `listed`: with `choices`, so that it holds one of a few values, as an enumeration does.
    """
    for _ in range(6):
        known = TYPES.get(name.removesuffix("Field"))
        if known is not None and name.endswith("Field"):
            return "ENUM" if listed and known in LISTABLE else known
        if name not in own:
            return ""
        name = own[name]
    return ""
