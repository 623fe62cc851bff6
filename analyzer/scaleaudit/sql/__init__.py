"""SQL text: statements that code runs, and definitions of tables. Only this package knows sqlglot.

`read_query` makes one fact of one statement, `read_schema` the facts of a script that defines
tables. Both take any text and never raise. sqlglot is imported when the first statement that
passes the cheap tests is parsed.
"""

from scaleaudit.sql.candidates import looks_like_sql, schema_starts, sql_starts
from scaleaudit.sql.columns import is_volatile
from scaleaudit.sql.definitions import ADDITIONS, read_schema
from scaleaudit.sql.dialects import guess_dialect
from scaleaudit.sql.gaps import without_existence, without_prefixes
from scaleaudit.sql.queries import read_query
from scaleaudit.sql.statements import RARE, Statement, statements
from scaleaudit.sql.unread import not_understood
from scaleaudit.sql.view_statements import after_comments, view_made
from scaleaudit.sql.views import view_columns

__all__ = [
    "ADDITIONS",
    "RARE",
    "Statement",
    "after_comments",
    "guess_dialect",
    "is_volatile",
    "looks_like_sql",
    "not_understood",
    "read_query",
    "read_schema",
    "schema_starts",
    "sql_starts",
    "statements",
    "view_columns",
    "view_made",
    "without_existence",
    "without_prefixes",
]
