"""Which type of SQL a type of SQLAlchemy or an annotation stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.syntax import dotted, given, last_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

# By the last part of the name, lower case.
TYPES = {
    "integer": "INTEGER", "int": "INTEGER", "biginteger": "BIGINT", "bigint": "BIGINT",
    "smallinteger": "SMALLINT", "smallint": "SMALLINT", "tinyint": "TINYINT",
    "string": "VARCHAR", "unicode": "VARCHAR", "varchar": "VARCHAR", "nvarchar": "VARCHAR",
    "char": "CHAR", "citext": "CITEXT", "text": "TEXT", "unicodetext": "TEXT", "mediumtext": "TEXT",
    "longtext": "TEXT", "boolean": "BOOLEAN", "datetime": "TIMESTAMP", "timestamp": "TIMESTAMP",
    "date": "DATE", "time": "TIME", "interval": "INTERVAL", "enum": "ENUM", "float": "FLOAT",
    "double": "DOUBLE", "real": "REAL", "numeric": "DECIMAL", "decimal": "DECIMAL",
    "uuid": "UUID", "guid": "UUID", "json": "JSON", "jsonb": "JSONB", "hstore": "HSTORE",
    "array": "ARRAY", "largebinary": "BLOB", "binary": "BLOB", "blob": "BLOB", "bytea": "BLOB",
    "inet": "INET", "cidr": "CIDR", "macaddr": "MACADDR", "tsvector": "TSVECTOR",
    "tsvectortype": "TSVECTOR", "pickletype": "BLOB", "mutablelist": "ARRAY",
}  # fmt: skip
# Types of Python in an annotation, and in the columns of peewee, Tortoise and Pony.
PYTHON_TYPES = {
    "int": "INTEGER", "str": "VARCHAR", "bool": "BOOLEAN", "float": "FLOAT", "bytes": "BLOB",
    "datetime": "TIMESTAMP", "date": "DATE", "time": "TIME", "timedelta": "INTERVAL",
    "Decimal": "DECIMAL", "UUID": "UUID", "uuid4": "UUID", "dict": "JSON", "list": "JSON",
    "EmailStr": "VARCHAR", "AnyUrl": "VARCHAR", "HttpUrl": "VARCHAR",
}  # fmt: skip
ENDINGS = (("enum", "ENUM"), ("datetime", "TIMESTAMP"), ("uuid", "UUID"), ("guid", "UUID"))
# Types that a project names after what they are made of: `str50`, `bool_false`, `intpk`.
NAMED = regex(r"(int|str|bool|datetime|date|float)(?:_|\d|pk$)")
NAMES = regex(r"[A-Za-z_][\w.]*")
NO_TYPES = frozenset(
    {
        "Mapped",
        "Optional",
        "Union",
        "None",
        "Annotated",
        "typing",
        "ClassVar",
        "DynamicMapped",
        "WriteOnlyMapped",
        "MappedColumn",
        "MappedAsDataclass",
    }
)
MANY = frozenset(
    {
        "list",
        "set",
        "dict",
        "frozenset",
        "tuple",
        "List",
        "Set",
        "Dict",
        "Sequence",
        "Iterable",
        "Collection",
        "MutableSequence",
        "MutableSet",
        "MutableMapping",
        "DynamicMapped",
        "WriteOnlyMapped",
        "KeyFuncDict",
        "WriteOnlyCollection",
        "AppenderQuery",
        "InstrumentedList",
    }
)


def sql_type(reader: PythonReader, node: Node | None) -> str:
    """The type that stands as an argument of a column; empty when it is of the project's own."""
    if node is None:
        return ""
    if node.type == "call":
        name = last_name(reader, node)
        inner = given(node, reader).args
        if name in ("with_variant", "as_mutable", "evaluates_none"):
            function = node.child_by_field_name("function")
            object_ = function.child_by_field_name("object") if function is not None else None
            of = object_ if name != "as_mutable" else (inner[0] if inner else None)
            return sql_type(reader, of) if of is not None else ""
        if name.lower() not in TYPES and name[:1].islower():
            return ""
    else:
        name = dotted(reader, node).rpartition(".")[2]
    lowered = name.lower()
    known = TYPES.get(lowered)
    if known is not None:
        return known
    return next((kind for ending, kind in ENDINGS if lowered.endswith(ending)), "")


class Annotation:
    """`Mapped[list["Order"] | None]`: the class inside, whether it may be None, whether many."""

    __slots__ = ("many", "name", "nullable", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        words: list[str] = NAMES.findall(text[:300])
        lasts = [word.rpartition(".")[2] for word in words]
        self.nullable = "Optional" in lasts or "None" in lasts
        self.many = any(word in MANY for word in lasts)
        own = [w for w, last in zip(words, lasts, strict=True) if last not in NO_TYPES]
        inner = [w for w in own if w.rpartition(".")[2] not in MANY]
        self.name = next(iter(inner or own), "")

    @property
    def sql(self) -> str:
        if self.many:
            return "JSON"
        last = self.name.rpartition(".")[2]
        named = NAMED.match(last)
        return PYTHON_TYPES.get(last) or (PYTHON_TYPES[named[1]] if named is not None else "")

    @property
    def key(self) -> bool:
        """`intpk`: a type of the project's own for primary keys."""
        return self.name.lower().endswith("pk")
