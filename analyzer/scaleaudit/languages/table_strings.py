"""Tables that a program makes by statements in its own strings: `db.execute("CREATE TABLE ...")`.

They are replayed in the order of the file; what a function returns comes first, whoever calls it.
What takes a step back is left out, and so is the drop
of an index, which may be there only until many rows are in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import TableChanged, TableDefined
from scaleaudit.languages.string_nodes import string_around
from scaleaudit.regex import regex
from scaleaudit.sql import ADDITIONS, guess_dialect, read_schema, without_existence
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

MARKS = (b"CREATE TABLE", b"create table", b"Create Table")
DEFINES = regex(
    rb"(?i)\b(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s|CREATE\s+TABLE\s|ALTER\s+TABLE\s|DROP\s+TABLE\s)",
)
WORDS = (b"create", b"alter", b"drop")
# Files about engines that keep no rows in B-trees.
_ENGINES = (
    rb"(?i)spark|bigquery|snowflake|redshift|athena|duckdb|clickhouse|databricks|\bhive|presto|trino"
    rb"|cassandra|scylla|iceberg|\bksql|flink|mergetree"
)
# And in Python those whose mapper and migrations tell the schema.
IN_PYTHON = regex(_ENGINES + rb"|\bdjango\b|\balembic\b|information_schema")
# And in scripts a database of one user, on a device: nothing of it grows with the users.
IN_SCRIPTS = regex(
    _ENGINES
    + rb"|expo-sqlite|react-native|op-sqlite|cordova|capacitor|nativescript|electron|openDatabase\("
    rb"|\bsql\.js\b|wa-sqlite|sqlite-wasm|pglite|alasql"
)
# And in PHP those whose migrations tell the schema in their own way.
IN_PHP = regex(_ENGINES + rb"|\bDoctrine\\|\bIlluminate\\|\bPhinx\\|\bPhalcon\\|information_schema")
UNDOES = regex(
    r"(?i)down(?!load)|rollback|revert|undo|teardown|wipe|reset|cleanup|uninstall|_?test|drop|(?:^|_)te?mp(?:_|$)"
)
EXPLAINS = frozenset({"expression_statement", "module", "block"})  # around what nobody runs
HOLDERS = {
    "assignment": "left",
    "assignment_expression": "left",
    "variable_declarator": "name",
}  # and where their name stands
GIVEN = "return_statement"
MAX_NAME = 200
# An index of which some part is worked out: its table, as far as that is said.
INDEXES = regex(r"(?i)\bINDEX\b[^;]{0,200}?\bON\s+[`\"\[]?(?:\w+\.)?(\w*)")
EVERY = ""
# What is put in where a column's type, its default or the schema of another table stands takes nothing
# from what the statement says of keys and names.
DEFAULT = regex(r"(?i)\bDEFAULT\s+\{[^{}]{0,80}\}")
OTHER_SCHEMA = regex(r"(?i)(\bREFERENCES\s+)\{[^{}]{0,80}\}\.?(?=[\w`\"])")
# A first column of which nothing else is said is what the engine counts up.
TYPE = regex(
    r"(?i)([(,])(\s*(?!(?:constraint|primary|foreign|unique|check|key|index)\b)[`\"]?\w{1,64}[`\"]?\s+)\{[^{}]{0,80}\}(?=(\s*[,)])?)"
)
# What else the engine is told of a table: `CREATE TABLE orders (...) {charset}`.
SETTINGS = regex(r"\)(?:\s{0,40}\{[^{}]{0,80}\})+[\s;]{0,40}\Z")
COUNTED = "BIGINT PRIMARY KEY"
QUOTED = regex(r"'[^'\n]{0,200}'")  # braces in there are of values: `DEFAULT '{}'`
STEPS = ADDITIONS | {"rename", "drop", "rename-column", "drop-column"}
MAX_STRINGS = 1_000  # of one file
MAX_ABOVE = 30  # nodes around a string that may say that it undoes something


def definitions(
    reader: Reader, elsewhere: re.Pattern[bytes]
) -> Iterator[TableDefined | TableChanged]:
    content = reader.content
    if not reader.says(*MARKS) or elsewhere.search(content) is not None:
        return
    unsure: set[str] = set()
    returned: list[TableDefined | TableChanged] = []
    found: list[TableDefined | TableChanged] = []
    for node in strings(reader):
        into = returned if node.parent is not None and node.parent.type == GIVEN else found
        into += told(reader, node, unsure)
    made = {fact.table for fact in returned}
    found = [*returned, *(fact for fact in found if fact.table not in made or not is_drop(fact))]
    if not any(isinstance(fact, TableDefined) for fact in found) or EVERY in unsure:
        return
    reader.schema_told = True
    for fact in found:
        if fact.table not in unsure:
            yield fact
            if isinstance(fact, TableDefined) and b"dbDelta(" in content:
                yield from brought_up(fact)


def brought_up(fact: TableDefined) -> Iterator[TableChanged]:
    """WordPress adds to a table that is there already what it lacks of the definition, and widens numbers."""
    at, table = fact.at, fact.table
    for column in fact.columns:
        wide = ("alter-type",) if column.type.startswith("BIGINT") else ()
        for action in ("add-column", *wide):
            yield TableChanged(at, table, action, column=column, dialect=fact.dialect, online=True)
    for index in fact.indexes:
        if not index.primary:
            yield TableChanged(
                at, table, "add-index", index=index, dialect=fact.dialect, online=True
            )


def is_drop(fact: TableDefined | TableChanged) -> bool:
    """Of a table that is made anew."""
    return isinstance(fact, TableChanged) and fact.action == "drop"


def strings(reader: Reader) -> Iterator[Node]:
    """The strings with statements about tables, in order."""
    lowered, end = reader.content.lower(), 0
    places = sorted(match for word in WORDS for match in positions(lowered, word))
    count = 0
    for at in places:
        if at < end or count >= MAX_STRINGS or not DEFINES.match(reader.content, at):
            continue
        node = string_around(reader, at)
        if node is None:
            continue
        end, count = node.end_byte, count + 1
        holder = node.parent
        if (holder is None or holder.type not in EXPLAINS) and not undone(reader, node):
            yield node


def positions(content: bytes, word: bytes) -> Iterator[int]:
    at = content.find(word)
    while at >= 0:
        yield at
        at = content.find(word, at + len(word))


def told(reader: Reader, node: Node, unsure: set[str]) -> Iterator[TableDefined | TableChanged]:
    """What one string does; `unsure` gathers tables with indexes that are not known."""
    text = without_existence(filled(text_with_holes(reader.value(node))))
    if "{" in QUOTED.sub("", text):
        index = INDEXES.search(text)
        if index is not None:
            unsure.add(index[1].lower() or EVERY)
        return
    dialect = guess_dialect(text) or ("sqlite" if b"sqlite" in reader.content else "")
    for fact in read_schema(text, dialect, first_line=reader.span(node).line):
        if isinstance(fact, TableDefined) or fact.action in STEPS:
            yield fact


def filled(text: str) -> str:
    """Without the holes that are no names: `amount {big_int} NOT NULL DEFAULT {now}`."""
    if "{" not in text:
        return text
    text = SETTINGS.sub(")", text)
    text = OTHER_SCHEMA.sub(r"\1", DEFAULT.sub("DEFAULT NULL", text))
    return TYPE.sub(lambda m: f"{m[1]}{m[2]}{COUNTED if m[1] == '(' and m[3] else ''}", text)


def undone(reader: Reader, node: Node) -> bool:
    """Whether the function, class or name around says that it takes a step back."""
    for count, above in enumerate(reader.ancestors(node)):
        if count > MAX_ABOVE:
            break
        name = ""
        if above.type in reader.FUNCTIONS:
            name = reader.definition_name(above).rpartition(".")[2]
        elif above.type in HOLDERS:
            left = above.child_by_field_name(HOLDERS[above.type])
            name = reader.text(left)[:MAX_NAME] if left is not None else ""
        if name and UNDOES.search(name) is not None:
            return True
    return False
