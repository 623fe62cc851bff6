"""What is found by its bytes, where that is cheaper than a pattern of the tree query.

Reads of the environment, `require`, `import()` and settings of libraries are rare and begin with
telling bytes; a search for them costs next to nothing in the files that have none. And a default
import has any name (`import session from "express-session"`): its calls cannot be filtered by
name in the query, and are looked for in the files alone that import such a module.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.callees import CALLS
from scaleaudit.languages.javascript.frameworks import FRAMEWORKS
from scaleaudit.languages.patterns import expand
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_FOUND = 2_000  # of one kind in one file
# The first bytes, the whole, and the kinds of nodes around that are meant.
ENVIRONMENT = regex(
    rb"process(?<!\wprocess)\??\.env\b|Bun(?<!\wBun)\??\.env\b|import(?<!\wimport)\.meta\??\.env\b"
)
REQUIRE = regex(rb"require(?<!\wrequire)\s*\(\s*[\"']")
DYNAMIC = regex(rb"import(?<!\wimport)\s*\(\s*(?:/\*[^*]{0,80}\*/\s*)?[\"']")
OWN_FIELD = regex(
    rb"this\.(?<!\wthis\.)(?:\w+\s*=\s*(?=[`\"']|process\.env)"
    rb"|\w*(?:[uU]r[li]|UR[LI]|[hH]ost|[aA]ddr|[eE]ndpoint|[bB]ase|[tT]arget|[sS]erver|[dD]omain)"
    rb"\w*\s*=(?!=))"
)
EXPORTED = regex(rb"module\.exports[ \t]*=(?=[ \t]*\{)")
DEFAULTS = regex(rb"\.defaults\.\w+\s*=[^=]")
ACCESS = {"member_expression", "subscript_expression"}


def collect(reader: JavaScriptReader, captures: dict[str, list[Node]]) -> None:
    """Adds to the captures: require, dynamic, env, env_pattern, own_field, setting."""
    content = reader.content
    if b".env" in content:
        for node in _around(reader, ENVIRONMENT, ACCESS):
            above = node.parent
            if above is None:
                continue
            if above.type in ACCESS:
                captures.setdefault("env", []).append(above)
            elif above.type == "variable_declarator":
                captures.setdefault("env_pattern", []).append(above)
    if b"require" in content:
        captures["require"] = list(_around(reader, REQUIRE, {"call_expression"}))
        for node in captures["require"]:
            above = node.parent  # require("multer")({dest})
            if above is not None and above.type == "call_expression":
                captures.setdefault("call", []).append(above)
    if b"module.exports" in content:  # inside a function that is called at once
        found = _around(reader, EXPORTED, {"assignment_expression"})
        inner = [node for node in found if node.start_point[1] > 0]
        captures.setdefault("exported", []).extend(inner)
    if b"import(" in content:
        captures["dynamic"] = list(_around(reader, DYNAMIC, {"call_expression"}))
    if b"this." in content:
        captures["own_field"] = list(_around(reader, OWN_FIELD, {"assignment_expression"}))
    if b".defaults." in content:
        captures["setting"] = list(_around(reader, DEFAULTS, {"assignment_expression"}))


def _around(reader: JavaScriptReader, what: re.Pattern[bytes], kinds: set[str]) -> Iterator[Node]:
    """The innermost node of one of the kinds around each match that starts with it."""
    for number, match in enumerate(what.finditer(reader.content)):
        if number >= MAX_FOUND:
            return
        node = reader.root.descendant_for_byte_range(match.start(), match.end() - 1)
        for _ in range(4):
            if node is None or node.type in kinds or node.type in TEXTS:
                break
            node = node.parent
        if node is not None and node.type in kinds:
            yield node


TEXTS = {"string", "string_fragment", "template_string", "comment", "regex"}


@cache
def known_beginnings() -> frozenset[str]:
    """All callees of the tables and their beginnings: `a`, `a.b`, `a.b.c`."""
    return frozenset(
        callee[: match.start()] if match else callee
        for pattern in FRAMEWORKS
        for written in pattern.callees
        for callee in expand(written)
        for match in (*re.finditer(r"\.", callee), None)
    )


def add_renamed(reader: JavaScriptReader, captures: dict[str, list[Node]]) -> None:
    """Adds calls of renamed imports to the captured calls."""
    calls = captures.setdefault("call", [])
    seen = {node.id for node in calls}
    for name, origin in reader.imports.items():
        if origin not in known_beginnings() or origin.rpartition(".")[2] == name:
            continue
        written = re.compile(
            rb"(?<![\w$.])" + re.escape(name.encode()) + rb"\s*(?:<[^()]{1,80}>)?\s*\("
        )
        for number, match in enumerate(written.finditer(reader.content)):
            if number >= MAX_FOUND:
                break
            node = _call_at(reader, match.start(), match.start() + len(name.encode()))
            if node is not None and node.id not in seen:
                seen.add(node.id)
                calls.append(node)


def _call_at(reader: JavaScriptReader, start: int, end: int) -> Node | None:
    node = reader.root.descendant_for_byte_range(start, end)
    above = node.parent if node is not None and node.type == "identifier" else None
    if above is not None and above.type == "await_expression":  # `await name<Type>(...)`
        above = above.parent
    return above if above is not None and above.type in CALLS else None
