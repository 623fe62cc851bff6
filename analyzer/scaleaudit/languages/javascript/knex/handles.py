"""Which calls and chains are Knex's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.builders.chains import called, written_end
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.knex.built import table_of
from scaleaudit.languages.javascript.knex.words import CERTAIN, FIRST, TABLE
from scaleaudit.languages.mentions import has_any
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.file_text import FileText
    from scaleaudit.languages.javascript.builders.chains import Chain
    from scaleaudit.languages.javascript.reader import JavaScriptReader

# Names that people give to Knex, its transactions and the connection that it stands for.
OF_SERVER = rb"(?:R[OoWw]|Read\w{0,8}|Writ\w{0,8}|Replica|Primary|Secondary|Slave|Master|Client|Instance|Connection)?"
ENDING = rb"_?(?:\(\))?"
# Each begins with a letter: what a search can skip to.
EACH = (
    *(name + OF_SERVER + ENDING for name in (b"knex", b"Knex", b"db", b"Db", b"DB")),
    *(name + ENDING for name in (b"trx", b"Trx", b"database", b"Database", b"transaction", b"tx",
                                 b"conn(?:ection)?", b"Conn(?:ection)?")),
)  # fmt: skip
NAMES = rb"(?:" + b"|".join(EACH) + rb")"
# How every call of a handle looks; most files hold none of them.
CALLED = {
    name: tuple(name + ending + opening for ending in endings for opening in (b"(", b"<"))
    for name, endings in (
        (b"nex", (b"", b"_", b")")), (b"db", (b"", b"_", b")")), (b"Db", (b"",)), (b"DB", (b"",)),
        (b"rx", (b"", b"_")), (b"abase", (b"",)), (b"action", (b"",)), (b"tx", (b"", b"_")),
        (b"onn", (b"",)), (b"ection", (b"",)), (b"Client", (b"",)), (b"Instance", (b"",)),
    )
}  # fmt: skip
CALLED_AGAIN = (b"()(", b"()<", b"())(", b"())<")
# One of several handles, by the server that it leads to.
HANDLES = tuple(
    (name, regex(name + rb"(?:R[OoWw]|Read|Writ|Replica|Primary|Secondary|Slave|Master)"))
    for name in (b"nex", b"db", b"Db", b"DB")
)
TYPE = rb"\s*(?:<[^<>()\n]{1,80}(?:<[^<>()\n]{1,80}>[^<>()\n]{0,40})?>\s*)?"
# `(trx || this.db)("loans")`, `this.db.replica()("loans")`
CHOSEN = b"|".join(
    opening + rb"\s*(?:[\w$]{1,40}\.){0,3}" + NAMES + rb"(?:\.\w{1,40}\(\))?\s*\)"
    for opening in (rb"\|\|", rb"\?\?")
) + b"".join(rb"|%b\.\w{1,40}\(\)" % name for name in (b"knex", b"Knex", b"db", b"Db", b"DB"))
START = regex(
    rb"(?:" + b"|".join(EACH) + rb"|" + CHOSEN + rb")" + TYPE + rb"(?P<open>\()\s*[\w\"'`{$]"
)
FROM = regex(rb"\.\s*(?:from|into|table)" + TYPE + rb"(?P<open>\()")
BASE = regex(
    r"(?:[\w$]+\.)*(?:[\w$]*(?:[tT]rx|[dD]atabase|[cC]onn(?:ection)?|Transaction|Tx)"
    r"|(?:[\w$]*(?:[kK]nex|D[bB])|(?:[\w$]*[_$])?db)"
    r"(?:R[OoWw]|Read\w{0,8}|Writ\w{0,8}|Replica|Primary|Secondary|Slave|Master|Client|Instance|Connection)?"
    r"(?:\.\w{1,40}\(\))?"  # db.replica()("loans")
    r"|(?:[\w$]*[_$])?(?:tx|transaction))_?(?:\(\))?"
)
KEPT = frozenset(
    ["variable_declarator", "assignment_expression", "return_statement", "arrow_function"]
)
MENTION = regex(rb"[kK]nex|KNEX")
# Without one of these there is nothing that could be certain.
WORDS = (b"where", b"select", b"insert", b".first", b".del", b"from", b"into", b"oin(", b"update",
         b".count")  # fmt: skip


def is_called(file: FileText) -> bool:
    """Whether something is called that may be a handle."""
    content, words = file.content, file.each_word
    if any(name in words and has_any(content, forms) for name, forms in CALLED.items()):
        return True
    if has_any(content, CALLED_AGAIN):
        return True
    return any(name in words and handle.search(content) for name, handle in HANDLES)


def is_knex(reader: JavaScriptReader, found: Chain) -> bool:
    """A handle of Knex called with a table, or a chain on one that names its table."""
    base = found.base
    if base.type == "call_expression":
        function = called(base)
        if function is None or BASE.fullmatch(_last_choice(reader, function)) is None:
            return False
        if not found.calls:  # kept for later, or for callers
            above = found.whole.parent
            return above is not None and above.type in KEPT
        return any(CERTAIN.fullmatch(call.name) for call in found.calls)
    text = written_end(reader, base)
    names_table = any(
        call.name in TABLE and len(call.args) == 1 and table_of(reader, call.args[0])[0]
        for call in found.calls
    )
    if not names_table or found.calls[0].name not in FIRST:
        return False
    if BASE.fullmatch(text) is not None:
        return True
    # A builder that a callback is given: `with("late", (qb) => qb.from("loans").where(...))`.
    several = len(found.calls) > 1 and not text[:1].isupper()
    return several and MENTION.search(reader.content) is not None


def _last_choice(reader: JavaScriptReader, function: Node) -> str:
    """The end of what is called; of `trx || this.db` the end of the last."""
    inner = bare(function)
    if inner is not None and inner.type == "binary_expression":
        function = inner.child_by_field_name("right") or function
    return written_end(reader, function)


def written(reader: JavaScriptReader, base: Node) -> str:
    """What a chain begins with, without arguments."""
    function = called(base) if base.type == "call_expression" else base
    return _last_choice(reader, function) if function is not None else ""
