"""Files that a function writes for itself alone, or on another machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.values import Join, Name, Parameter, Setting, Unknown

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

MAX_AROUND = 20_000  # characters
ELSEWHERE = regex(r"(?i)\bsftp|SftpFileSystem|\bFTPClient|\bhdfs|HadoopFileSystem")
TEMPORARY = regex(
    r"(?i)(?<![a-z0-9])te?mp_?(?:dir|folder|path)|gettemp(?:files?)?(?:path|dir|folder)|mkdtemp|mkstemp"
)
PLAIN_NAME = regex(r"[A-Za-z_]\w{0,80}")
VARIABLE = regex(r"\$?[A-Za-z_]\w{0,80}")
MAX_VALUES = 3  # that a variable is given in one function: a path, and nothing where that fails


def is_brief(reader: Reader, call: Node, target: Node) -> bool:
    """A temporary file, by where it stands or by its end in the same function."""
    return (
        removed_again(reader, call, target) or TEMPORARY.search(made_of(reader, target)) is not None
    )


def in_temporary(reader: Reader, target: Value) -> bool:
    """A path that begins in a temporary folder, as far as a name or a call says so."""
    match target.parts[0] if isinstance(target, Join) and target.parts else target:
        case Name(name=said) | Setting(key=said) | Unknown(hint=said):
            return TEMPORARY.search(said) is not None or made_temporary(reader, said)
        case Parameter(name=name):  # what a function of the file makes for it, and calls alike
            return made_temporary(reader, name)
        case _:
            return False


def made_temporary(reader: Reader, name: str) -> bool:
    """`with TemporaryDirectory() as root`: gone when the block ends."""
    if b"TemporaryDirectory(" not in reader.content or not PLAIN_NAME.fullmatch(name):
        return False
    made = rf"TemporaryDirectory\([^()\n]*\) as {re.escape(name)}\b"
    return re.search(made.encode(), reader.content) is not None


def sent_away(reader: Reader, call: Node) -> bool:
    """Whether the function writes through the file system of another machine."""
    around = reader.function_around(call)
    return around is not None and ELSEWHERE.search(reader.text(around)[:MAX_AROUND]) is not None


def made_of(reader: Reader, target: Node) -> str:
    """The words of which a local name was made: `Path.Join(folders.TempDirectory, name)`."""
    name = reader.text(target)
    made = reader.assigned_here(name, target) if VARIABLE.fullmatch(name) else ()
    return " ".join(reader.text(each)[:300] for each in made[:MAX_VALUES] if each.id != target.id)


def removed_again(reader: Reader, call: Node, target: Node) -> bool:
    """Whether the function that writes the file also removes it, whatever happens in between."""
    name, around = _named_in(reader, call, target)
    if around is None:
        return False
    text = reader.content[around.start_byte : around.end_byte].decode("utf-8", "replace")
    gone = rf"(?:delete|remove|unlink|rm)\w*\s*\(\s*(?:\w+\.)?{re.escape(name)}\b"
    return re.search(rf"(?is)\b(?:finally|ensure)\b.{{0,400}}?{gone}", text) is not None or (
        re.search(rf"(?i)\bdefer\s+[\w.]*?{gone}", text) is not None
    )


def read_back(reader: Reader, call: Node, target: Node) -> bool:
    """Whether the function answers with the file where it is there, and makes it where not."""
    name, around = _named_in(reader, call, target)
    if around is None:
        return False
    before = reader.content[around.start_byte : call.start_byte].decode("utf-8", "replace")
    read = rf"\b(?:read_?[fF]ile|create_?ReadStream|send_?[fF]ile|open_?Read)\w*\s*\(\s*{re.escape(name)}\b"
    found = re.search(read, before)
    line = before.rfind("\n", 0, found.start()) + 1 if found is not None else 0
    return found is not None and re.search(r"\breturn\b", before[line:]) is not None


def _named_in(reader: Reader, call: Node, target: Node) -> tuple[str, Node | None]:
    """The name of the file and the function that writes it; None where it has no plain name."""
    name = reader.text(target)
    return name, reader.function_around(call) if PLAIN_NAME.fullmatch(name) else None
