"""Whether a file has to do with SQLAlchemy, Alembic or what is built on them: by its bytes alone.

Every file is asked; what reads such files is imported for the first of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.starts import names_library, places, says_db
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.python.reader import PythonReader

MIGRATION = regex(rb"(?m)^revision\b[^=\n]*=")
# Plain searches: a regular expression over each file would cost more than all the rest.
MARKS = (
    b"Column(", b"mapped_column(", b"__tablename__", b"relationship(", b"(SQLModel", b"table=True",
    b"Mapped[", b"__mapper_args__", b"db.Model", b"DeclarativeBase", b"declarative_base(",
    b"map_imperatively(",
)  # fmt: skip
OURS = (b"sqlmodel", b"__tablename__", b"Mapped[")
OF_EXTENSION = (b"db.Model", b"db.Column")  # Flask-SQLAlchemy
# Dialects of engines that keep tables by columns, where indexes are other things.
COLUMNAR = regex(
    rb"(?m)^\s*(?:from|import)\s+(?:clickhouse_sqlalchemy|clickhouse_connect\.cc_sqlalchemy|sqlalchemy_bigquery"
    rb"|snowflake\.sqlalchemy|sqlalchemy_redshift|duckdb_engine|databricks\.sqlalchemy|trino\.sqlalchemy)\b"
)
# What no file of other mappers says: `.where(Order.code == code)`.
BY_CLASS = regex(rb"\.(?:where|filter)\(\s*~?\(*(?:\w+\.)*[A-Z]\w*\.\w+")
BY_NAMES = regex(
    rb"(?<![\w.])(?:\w+\.){0,2}([A-Z]\w*|cls)[\s\\]{0,40}\."
    rb"[\s\\]{0,40}((?:filter|get|find|first|one|all|exists|count|fetch|select|search)(?:_[a-z]+)?_by)"
    rb"\(\s*(?:[a-z]\w*\s*=[^=]|\*\*)"
)
# Of the class's own columns, also within `or_(`.
BY_COLUMNS = regex(
    rb"(?<![\w.])((?:\w+\.){0,2}[A-Z]\w*)[\s\\]{0,40}\.[\s\\]{0,40}(?:filter|where)\("
    rb"\s*(?:\w+\(\s*){0,2}\(*\1\.[a-z_]"
)
# `get_one(session, Order, code=code)`: functions in the manner of SQLAlchemy's recipes.
OF_CLASS = regex(
    rb"(?<![\w.])(?:(?:get|find|fetch)_(?:one|first|instance|row)(?:_or_create)?|get_or_create)"
    rb"\(\s*(?:(?:\w+\.)?\w+,\s*)?((?:\w+\.)?[A-Z]\w*),\s*(?:[a-z]\w*\s*=[^=])"
)
# `purge(session, Order, Order.sold_at < day)`: what goes with a class and a condition on it asks for those rows.
WITH_CONDITION = regex(
    rb"[\w)]\s*\((?:\s*[\w.]+,){0,2}\s*((?:\w+\.)?[A-Z]\w*),\s*(?:(?:\w+\.)?(?:and_|or_)\(\s*)?\(*"
    rb"\1\.[a-z_]\w*\s*(?:[=!<>]=|[<>]|\.(?:in_|is_|like|between)\()"
)
# `model_query(context, models.Order, read_deleted="no").filter_by(code=code)`: a query of the class, begun by
# a function that may add to it.
BEGUN_BY = regex(
    rb"(?<![\w.])(?:\w+_)?query\(\s*(?:(?:self\.)?[a-z_]\w*,\s*){1,2}((?:\w+\.)?[A-Z]\w*)\s*[,)]"
)
# `model_query(models.Order, session=session)`, as oslo.db has it: nobody is named whose rows alone might be meant.
OF_MODEL = regex(rb"(?<!\w)model_query\(\s*((?:\w+\.)?[A-Z]\w*)\s*[,)]")
# What each match of `WITH_CONDITION` has between its last comma and one of these.
COMPARED = regex(rb"\s*(?:(?:\w+\.)?(?:and_|or_)\(\s*)?\(*(?:\w+\.)?[A-Z]\w*\.[a-z_]\w*\s*")
OPERATORS = (b"==", b"!=", b"<", b">", b".in_(", b".is_(", b".like(", b".between(")
MAX_COMPARED = 1_000  # bytes
# Words and a short pattern that each needs: what begins with a name is looked for at every name of a
# file, so it costs ten times what looking for its rare part does.
PATTERNS = (
    (BEGUN_BY, (b"query(",), regex(rb"query\(\s*[\w.]+,\s*[\w.]*[A-Z]")),
    (OF_MODEL, (b"model_query(",), regex(rb"model_query\(\s*[\w.]*[A-Z]")),
    (BY_NAMES, (b"_by(",), regex(rb"_by\(\s*(?:[a-z]\w*\s*=[^=]|\*\*)")),
    (
        BY_COLUMNS,
        (b".filter(", b".where("),
        regex(
            rb"\.[\s\\]{0,40}(?:filter|where)\(\s*(?:\w+\(\s*){0,2}\(*(?:\w+\.){0,2}[A-Z]\w*\.[a-z_]"
        ),
    ),
    (
        OF_CLASS,
        (b"_one", b"_or_create", b"_first", b"_instance", b"_row"),
        regex(
            rb"_(?:one|first|instance|row|create)\(\s*(?:(?:\w+\.)?\w+,\s*)?(?:\w+\.)?[A-Z]\w*,"
            rb"\s*[a-z]\w*\s*=[^=]"
        ),
    ),
)


def is_migration(reader: PythonReader) -> bool:
    return b"down_revision" in reader.content and MIGRATION.search(reader.content) is not None


def concerned(reader: PythonReader) -> bool:
    named = names_library(reader) or reader.says(*OURS) or says_db(reader, OF_EXTENSION)
    return named and reader.says(*MARKS) and COLUMNAR.search(reader.content) is None


def narrows(reader: PythonReader) -> bool:
    """Whether a file that names no mapper may narrow queries of others."""
    if reader.says(b".filter_by("):
        return True
    return reader.says(b".where(", b".filter(") and BY_CLASS.search(reader.content) is not None


def searched(reader: PythonReader) -> bool:
    """Whether a class of the file is asked by columns, without a query before it."""
    return next(found(reader), None) is not None


def found(reader: PythonReader) -> Iterator[int]:
    content = reader.content
    if compares_columns(content):
        for match in WITH_CONDITION.finditer(content):
            yield match.start(1)
    for pattern, words, needed in PATTERNS:
        if reader.says(*words) and needed.search(content) is not None:
            for match in pattern.finditer(content):
                yield match.start(1)


def compares_columns(content: bytes) -> bool:
    """`, Order.sold_at <`; from the operators back, of which a file has fewer than commas."""
    for operator in OPERATORS:
        for at in places(content, operator):
            comma = content.rfind(b",", max(0, at - MAX_COMPARED), at)
            if comma >= 0 and COMPARED.fullmatch(content, comma + 1, at) is not None:
                return True
    return False
