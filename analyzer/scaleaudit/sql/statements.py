"""A script of SQL cut into its statements, whatever stands between quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_STATEMENTS = 50_000
MAX_STATEMENT = 400_000  # characters; a longer one is data

# What undoes a migration, up to the mark that starts the other part again.
DOWN_PARTS = (
    (
        r"^[ \t]*--[ \t]*\+(?:goose|migrate)[ \t]+Down\b",
        r"^[ \t]*--[ \t]*\+(?:goose|migrate)[ \t]+Up\b",
    ),
    (r"^[ \t]*--[ \t]*migrate:down\b", r"^[ \t]*--[ \t]*migrate:up\b"),
    # node-pg-migrate's lines say nothing more: "Down migration is not needed" is of somebody else.
    (
        r"^[ \t]*--[ \t\-]*down[ \t]+migration[^\w\n]*$",
        r"^[ \t]*--[ \t\-]*up[ \t]+migration[^\w\n]*$",
    ),
    (r"^[ \t]*--[ \t]*rambler[ \t]+down\b", r"^[ \t]*--[ \t]*rambler[ \t]+up\b"),
    (r"^[ \t]*(?:#|--)[ \t]*---?[ \t]*!Downs\b", r"^[ \t]*(?:#|--)[ \t]*---?[ \t]*!Ups\b"),
    (r"^[ \t]*--[ \t]*//[ \t]*@UNDO\b", r"^[ \t]*--[ \t]*//[ \t]*@DO\b"),
)
_DOWN_PARTS = tuple(
    (regex(down, re.IGNORECASE | re.MULTILINE), regex(up, re.IGNORECASE | re.MULTILINE))
    for down, up in DOWN_PARTS
)
# Engines of developers' machines and of customers: their change sets repeat what others say.
RARE = frozenset(
    {"h2", "hsqldb", "derby", "oracle", "mssql", "db2", "sqlite", "firebird", "sybase", "informix"}
)
_CHANGE_SET = regex(r"^([ \t]*--[ \t]*changeset\b[^\n]*)", re.MULTILINE | re.IGNORECASE)
_MEANT_FOR = regex(r"\bdbms:[ \t]*\"?(\w++(?:[ \t]*,[ \t]*\w++)*+)(?![ \t]*[,!])", re.IGNORECASE)
_CLIENT_LINE = regex(r"^(?:\\[^\n]*|[ \t]*GO[ \t]*\r?)$", re.MULTILINE | re.IGNORECASE)
_DELIMITER = regex(r"^[ \t]*DELIMITER[ \t]+(\S+)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_STOP = regex(r"['\"`]|;[\s;]*|--|/\*|\$(?:[A-Za-z_]\w*)?\$")
# Comments before a statement; `/*!` is no comment to MySQL.
_LEAD = regex(r"(?:\s++|--[^\n]*+|/\*(?!!)(?:[^*]|\*(?!/))*+\*/)*+")
_COPY = regex(r"\s*COPY\s[^;]{1,20000}\bFROM\s+stdin\b", re.IGNORECASE)
_COPY_END = regex(r"^\\\.[ \t]*\r?$", re.MULTILINE)
_ROUTINE = regex(
    r"\s*CREATE\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?(?:DEFINER\s*=\s*\S+\s+)?(?:CONSTRAINT\s+)?(?:TEMP(?:ORARY)?\s+)?"
    r"(?:TRIGGER|PROCEDURE|PROC|FUNCTION|EVENT)\b",
    re.IGNORECASE,
)
_DOLLAR_QUOTED = regex(r"\$((?:[A-Za-z_]\w*)?)\$.*?(?:\$\1\$|\Z)", re.DOTALL)
_BEGIN = regex(r"\bBEGIN\b", re.IGNORECASE)
_END = regex(r"\bEND(?:\s+(?!IF\b|LOOP\b|WHILE\b|CASE\b|REPEAT\b|FOR\b)\w+)?\s*$", re.IGNORECASE)
_ENDS_STRING = {
    False: regex(r"(?:[^']|'')*+'"),
    True: regex(r"(?:[^'\\]|''|\\.)*+'", re.DOTALL),
}


class Statement(Record, frozen=True):
    """Its text with comments, and the 1-based line on which the text starts."""

    text: str
    line: int


def statements(script: str, dialect: str = "") -> Iterator[Statement]:
    """The statements of a script in order, without the part that undoes a migration.

    Understands quotes, dollar quotes, comments, data after COPY, DELIMITER and GO lines, and
    bodies of routines. Never parses: the time is linear in the length.
    """
    text = _without_schemas(_without_client_lines(_without_others(_without_down_parts(script))))
    count = line = 0
    line = 1
    done = 0  # up to where lines are counted
    for start, end in _cut(text, backslash=dialect == "mysql"):
        piece = text[start:end]
        stripped = piece.lstrip()
        if not stripped:
            continue
        begin = end - len(stripped)
        line += text.count("\n", done, begin)
        done = begin
        if len(stripped) <= MAX_STATEMENT:
            yield Statement(stripped.rstrip(), line)
        else:
            yield Statement(stripped[:1_000], line)  # enough to tell what it is
        count += 1
        if count == MAX_STATEMENTS:
            return


def _cut(text: str, *, backslash: bool) -> Iterator[tuple[int, int]]:
    start = position = 0
    delimiter = ""
    led, begin = -1, 0  # where the text of the statement from `led` begins behind its comments
    while position < len(text):
        stop = _STOP.search(text, position)
        if delimiter:
            end = text.find(delimiter, position)
            if end >= 0 and (stop is None or end <= stop.start()):
                yield start, end
                start = position = end + len(delimiter)
                continue
        if stop is None:
            break
        mark, position = stop[0], stop.end()
        if mark == "--":
            end = text.find("\n", position)
            found = _DELIMITER_MARK.match(text, stop.start())
            position = len(text) if end < 0 else end
            if found is not None:
                yield start, stop.start()
                delimiter = "" if found[1] == ";" else found[1]
                start = position
        elif mark == "/*":
            end = text.find("*/", position)
            position = len(text) if end < 0 else end + 2
        elif mark == "'":
            escapes = backslash or text[stop.start() - 1 : stop.start()] in ("E", "e")
            closed = _ENDS_STRING[escapes].match(text, position)
            position = len(text) if closed is None else closed.end()
        elif mark in ('"', "`"):
            end = text.find(mark, position)
            position = len(text) if end < 0 else end + 1
        elif mark.startswith("$"):
            end = text.find(mark, position)
            position = position if end < 0 else end + len(mark)
        elif not delimiter:
            if led != start:
                led, begin = start, _behind_comments(text, start, stop.start())
            piece = text[begin : min(stop.start(), begin + 20_000)]
            if _ROUTINE.match(piece) and _in_body(text[begin : stop.start()]):
                continue
            yield start, stop.start()
            if _COPY.match(piece):
                closed = _COPY_END.search(text, position)
                position = len(text) if closed is None else closed.end()
            start = position
    yield start, len(text)


def _behind_comments(text: str, start: int, end: int) -> int:
    """Where what a statement says begins: pg_dump writes a comment before each."""
    found = _LEAD.match(text, start, end)
    return start if found is None else found.end()


def _in_body(piece: str) -> bool:
    """Whether a semicolon after this text is inside BEGIN ... END of a routine."""
    # PostgreSQL gives the body in dollar quotes, which end before the semicolon.
    if _BEGIN.search(_DOLLAR_QUOTED.sub("", piece[:20_000])) is None:
        return False
    return _END.search(piece[-200:]) is None


_CHOSEN_SCHEMA = regex(
    r"(?<![\w.'\"`])([\"`\[]?)(?:\{\{[^{}\n]{1,120}\}\}|[$@#]\{[^{}\n]{1,80}\})(?:[\"`\]])?\.(?=[\"`\[]?[A-Za-z_])"
)
# DELIMITER lines are turned into comments of this form, which the cutter knows.
_DELIMITER_MARK = regex(r"--delimiter (\S+)")


def _without_client_lines(text: str) -> str:
    """Commands of psql and sqlcmd are no SQL; COPY's end mark stays."""
    if "\\" in text or re.search(r"(?im)^[ \t]*GO[ \t]*\r?$", text):
        text = _CLIENT_LINE.sub(_client_line, text)
    if "elimiter" in text or "ELIMITER" in text:
        text = _DELIMITER.sub(lambda match: f"--delimiter {match[1]}", text)
    return text


def _client_line(match: re.Match[str]) -> str:
    if match[0].startswith("\\."):
        return match[0]
    return ";" if match[0].strip().upper() == "GO" else ""


def _without_schemas(text: str) -> str:
    """`{{ .Namespace }}.orders`, `${schema}.orders`: where all tables are is chosen at run time."""
    if "}" not in text:
        return text
    return _CHOSEN_SCHEMA.sub(lambda match: " " * len(match[0]), text)


def _without_others(script: str) -> str:
    """Without the change sets of Liquibase that only engines of developers and customers run."""
    if "liquibase formatted" not in script[:200].lower():
        return script
    parts = _CHANGE_SET.split(script)  # what stands before, and then: the line, its text
    for at in range(1, len(parts), 2):
        named = _MEANT_FOR.search(parts[at])
        engines = {name.strip() for name in named[1].lower().split(",")} if named else set()
        if engines and engines <= RARE:
            parts[at + 1] = "\n" * parts[at + 1].count("\n")
    return "".join(parts)


def _without_down_parts(script: str) -> str:
    for down, up in _DOWN_PARTS:
        position = 0
        while (begin := down.search(script, position)) is not None:
            again = up.search(script, begin.end())
            end = len(script) if again is None else again.start()
            script = (
                script[: begin.start()]
                + "\n" * script.count("\n", begin.start(), end)
                + script[end:]
            )
            position = begin.start() + 1
    return script
