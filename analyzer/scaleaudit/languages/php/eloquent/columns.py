"""What each method of a Blueprint makes: types of columns, and groups of columns."""

from __future__ import annotations

UNSIGNED = "INT UNSIGNED"  # where the engine has such a type
# Methods that make one column of the name given, with its type.
TYPES = {
    "bigInteger": "BIGINT",
    "binary": "BLOB",
    "boolean": "BOOLEAN",
    "char": "CHAR",
    "date": "DATE",
    "dateTime": "TIMESTAMP",
    "dateTimeTz": "TIMESTAMPTZ",
    "datetime": "TIMESTAMP",
    "decimal": "DECIMAL",
    "double": "DOUBLE",
    "enum": "ENUM",
    "float": "FLOAT",
    "foreignId": "BIGINT",
    "foreignUlid": "CHAR",
    "foreignUuid": "UUID",
    "geography": "GEOGRAPHY",
    "geometry": "GEOMETRY",
    "integer": "INT",
    "ipAddress": "VARCHAR",
    "json": "JSON",
    "jsonb": "JSONB",
    "lineString": "GEOMETRY",
    "longText": "LONGTEXT",
    "macAddress": "VARCHAR",
    "mediumInteger": "INT",
    "mediumText": "MEDIUMTEXT",
    "point": "GEOMETRY",
    "polygon": "GEOMETRY",
    "set": "SET",
    "smallInteger": "SMALLINT",
    "string": "VARCHAR",
    "text": "TEXT",
    "time": "TIME",
    "timeTz": "TIMETZ",
    "timestamp": "TIMESTAMP",
    "timestampTz": "TIMESTAMPTZ",
    "tinyInteger": "TINYINT",
    "tinyText": "TEXT",
    "ulid": "CHAR",
    "unsignedBigInteger": "BIGINT",
    "unsignedDecimal": "DECIMAL",
    "unsignedInteger": UNSIGNED,
    "unsignedMediumInteger": "INT",
    "unsignedSmallInteger": "SMALLINT",
    "unsignedTinyInteger": "TINYINT",
    "uuid": "UUID",
    "vector": "VECTOR",
    "year": "SMALLINT",
}
# Methods that make a key which counts up, and the primary key with it.
COUNTERS = {
    "id": "BIGINT",
    "bigIncrements": "BIGINT",
    "increments": UNSIGNED,
    "integerIncrements": UNSIGNED,
    "mediumIncrements": "INT",
    "smallIncrements": "SMALLINT",
    "tinyIncrements": "TINYINT",
}
# Methods that make columns whose names are theirs.
GROUPS = {
    "timestamps": (("created_at", "TIMESTAMP"), ("updated_at", "TIMESTAMP")),
    "timestampsTz": (("created_at", "TIMESTAMPTZ"), ("updated_at", "TIMESTAMPTZ")),
    "datetimes": (("created_at", "TIMESTAMP"), ("updated_at", "TIMESTAMP")),
    "nullableTimestamps": (("created_at", "TIMESTAMP"), ("updated_at", "TIMESTAMP")),
    "rememberToken": (("remember_token", "VARCHAR"),),
}
SOFT_DELETION = {
    "softDeletes": "TIMESTAMP",
    "softDeletesTz": "TIMESTAMPTZ",
    "softDeletesDatetime": "TIMESTAMP",
}
# Methods that make `<name>_type` and `<name>_id`, and an index on both.
PAIRS = {
    "morphs": "BIGINT",
    "nullableMorphs": "BIGINT",
    "numericMorphs": "BIGINT",
    "nullableNumericMorphs": "BIGINT",
    "uuidMorphs": "UUID",
    "nullableUuidMorphs": "UUID",
    "ulidMorphs": "CHAR",
    "nullableUlidMorphs": "CHAR",
}
# Methods that make an index, and the ending of the name that it has when none is given.
INDEXES = {
    "index": "index",
    "unique": "unique",
    "uniqueIndex": "unique",  # of the package for PostgreSQL, as `partialIndex` and `where`
    "partialIndex": "index",
    "primary": "primary",
    "fullText": "fulltext",
    "fulltext": "fulltext",
    "spatialIndex": "spatialindex",
}
METHODS = {"fulltext": "fulltext", "spatialindex": "spatial"}
DROPS = {
    "dropIndex": "index",
    "dropUnique": "unique",
    "dropFullText": "fulltext",
    "dropFulltext": "fulltext",
    "dropSpatialIndex": "spatialindex",
}
DROPPED_GROUPS = {
    "dropTimestamps": ("created_at", "updated_at"),
    "dropTimestampsTz": ("created_at", "updated_at"),
    "dropDatetimes": ("created_at", "updated_at"),
    "dropRememberToken": ("remember_token",),
}
