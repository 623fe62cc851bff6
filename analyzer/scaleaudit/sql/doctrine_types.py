"""Doctrine's names of types, as SQL names them."""

DOCTRINE_TYPES = {
    "string": "VARCHAR", "ascii_string": "VARCHAR", "text": "TEXT", "integer": "INT", "int": "INT", "smallint": "SMALLINT",
    "bigint": "BIGINT", "boolean": "BOOLEAN", "bool": "BOOLEAN", "decimal": "DECIMAL", "float": "FLOAT", "smallfloat": "FLOAT",
    "date": "DATE", "date_immutable": "DATE", "datetime": "TIMESTAMP", "datetime_immutable": "TIMESTAMP",
    "datetime_mutable": "TIMESTAMP", "date_mutable": "DATE", "time_mutable": "TIME",
    "datetimetz": "TIMESTAMPTZ", "datetimetz_immutable": "TIMESTAMPTZ", "time": "TIME", "time_immutable": "TIME",
    "json": "JSON", "jsonb": "JSONB", "json_array": "JSON", "array": "TEXT", "simple_array": "TEXT", "object": "TEXT", "guid": "UUID",
    "uuid": "UUID", "ulid": "UUID", "binary": "VARBINARY", "blob": "BLOB", "dateinterval": "VARCHAR", "enum": "ENUM",
}  # fmt: skip
