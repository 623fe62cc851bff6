"""Repositories of a project's own that are asked by a lambda: `_orders.FindAsync(o => o.Code == code)`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.languages.csharp.ef.chains import Chain, Link, climbed, grown
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

_TYPES = rb"<\s*([\w.]+(?:\s*,\s*[\w.]+){0,3})\s*>"
HELD = regex(
    rb"\bI?\w*?Repository(?:Base|Async)?" + _TYPES + rb"\??\s+(_?\w+)\s*[;,)={]"
    rb"|\bI?([A-Z]\w*?)(?:Repository|Repo)\??\s+(_?\w+)\s*[;,)={]"
)
HEIR = regex(rb"\bclass\s+\w+\s*(?:\([^()]{0,400}\)\s*)?:\s*[\w.]*Repository\w*" + _TYPES)
UNIT = regex(
    rb"\.\s*(?:Get)?Repository(?:Async)?<\s*([A-Z]\w*)\s*(?:,\s*\w+\s*)?>\s*\(\s*\)\s*\.\s*([A-Z]\w*)\s*\("
)
CALL = regex(rb"(?<![\w.])(?:this\s*\.\s*)?([A-Za-z_]\w*)\s*\.\s*([A-Z]\w*)\s*\(\s*\w+\s*=>")
OWN_SET = regex(
    rb"(?<![\w.])(?:(?:this|base)\s*\.\s*)?(_?[dD]b[sS]et|_?[eE]ntities|Set|_set|Table)\s*\.\s*[A-Z]\w*\s*[<(]"
)
OWN_CALL = regex(rb"(?<![\w.])(?:(?:this|base)\s*\.\s*)?([A-Z]\w*)\s*\(\s*\w+\s*=>")
ASKING = regex(
    r"(?:Find|Get|List|Query|Search|Where|Filter|First|Single|Any|Exist|Count|Fetch|Load|Read|Retrieve|Look|Select(?!$))\w*"
)
ENDS = regex(r"(?P<Any>Any|Exist)|(?P<Count>Count)|(?P<FirstOrDefault>First|Single|One|ByKey)")
NO_ENTITY = regex(
    r".*Context$|.*Db$|int|long|short|string|Guid|[A-Z]|T[A-Z]\w*|Base|Generic|I?Ef|Read|Write|EfCore"
)
MARK = regex(rb"Repositor|Repo\b")
MAX_CALLS = 500  # of one file


def repository_chains(reader: CSharpSyntax) -> Iterator[Chain]:
    if MARK.search(reader.content) is None or b"=>" not in reader.content:
        return
    yield from _asked(reader, _held(reader))
    for match in _several(UNIT, reader):
        model = match[1].decode()
        yield from _called(reader, match.start(2), match[2].decode(), model)
    if HEIR.search(reader.content) is None:
        return
    for match in _several(OWN_SET, reader):
        node = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        model = _inherited(reader, node)
        start = node.parent if node is not None and _is_member(node) else node
        if model and start is not None:
            yield from grown(reader, model, start)
    for match in _several(OWN_CALL, reader):
        name = match[1].decode()
        node = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        model = _inherited(reader, node) if ASKING.fullmatch(name) else ""
        if model:
            yield from _called(reader, match.start(1), name, model)


def _several(pattern: re.Pattern[bytes], reader: CSharpSyntax) -> Iterator[re.Match[bytes]]:
    yield from islice(pattern.finditer(reader.content), MAX_CALLS)


def _held(reader: CSharpSyntax) -> dict[str, str]:
    """The models of repositories, by the names of fields, properties and parameters."""
    found: dict[str, str] = {}
    for match in _several(HELD, reader):
        model = entity_among(match[1]) if match[1] else match[3].decode()
        if model and not NO_ENTITY.fullmatch(model):
            found.setdefault((match[2] or match[4]).decode(), model)
    return found


def entity_among(types: bytes) -> str:
    """`Order` of `<Order, Guid>` and of `<ShopContext, Order>`."""
    for each in types.decode().split(","):
        name = each.strip().rpartition(".")[2]
        if not NO_ENTITY.fullmatch(name):
            return name
    return ""


def _asked(reader: CSharpSyntax, held: dict[str, str]) -> Iterator[Chain]:
    """The calls of what holds a repository, by the name of its model."""
    found = (match for match in CALL.finditer(reader.content) if match[1].decode() in held)
    for match in islice(found, MAX_CALLS):
        method = match[2].decode()
        if ASKING.fullmatch(method):
            yield from _called(reader, match.start(2), method, held[match[1].decode()])


def _called(reader: CSharpSyntax, at: int, method: str, model: str) -> Iterator[Chain]:
    """The call whose name stands there, as what it asks, with the calls that follow it."""
    node = reader.root.descendant_for_byte_range(at, at + 1)
    call = (
        next((a for a in reader.ancestors(node) if a.type == "invocation_expression"), None)
        if node is not None
        else None
    )
    if call is None or not reader.arguments_of(call):
        return
    end = ENDS.search(method)
    name = (end.lastgroup or "Where") if end is not None else "Where"
    links, whole = climbed(reader, call)
    yield Chain(model, [Link(name, call), *links], whole)


def _is_member(node: Node) -> bool:
    above = node.parent
    return (
        above is not None
        and above.type == "member_access_expression"
        and above.child_by_field_name("name") == node
    )


def _inherited(reader: CSharpSyntax, node: Node | None) -> str:
    """The entity of the generic repository that the class around extends."""
    around = reader.class_around(node) if node is not None else None
    if around is None:
        return ""
    match = HEIR.search(reader.content, max(0, around.start_byte), around.start_byte + 1_000)
    return entity_among(match[1]) if match is not None else ""
