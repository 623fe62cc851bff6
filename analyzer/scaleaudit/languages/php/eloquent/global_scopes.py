"""What every query of a model asks: `addGlobalScope(...)`, `#[ScopedBy(...)]`, classes of scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, ScopeDefined
from scaleaudit.languages.php.class_names import CALLS, CLASS_NAMES
from scaleaudit.languages.php.eloquent.builder import grouped
from scaleaudit.languages.php.forward_steps import CLOSURES
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

NAME = "globalScope"
ADDED = regex(rb"\baddGlobalScopes?\s*\(")
MARKED = regex(rb"#\[\s*ScopedBy\s*\(\s*\[?([^\])]{1,300})")
CLASS = regex(rb"([A-Z]\w*)::class")
MAX_ADDED = 12  # of one model


def global_scopes(reader: PhpReader, node: Node, owner: str) -> Iterator[ScopeDefined]:
    """Of one model; what is not understood makes each of its queries partly unknown."""
    content = reader.content
    for _, match in zip(
        range(MAX_ADDED), ADDED.finditer(content, node.start_byte, node.end_byte), strict=False
    ):
        call = call_at(reader, match.end() - 1)
        yield (
            added(reader, call, owner)
            if call is not None
            else told(reader, node, owner, partial=True)
        )
    start = max(0, content.rfind(b"\n\n", 0, node.start_byte))
    for match in MARKED.finditer(content, start, node.end_byte):
        for each in CLASS.findall(match[1]):
            yield told(reader, node, owner, scopes=(f"{each.decode()}.apply",))


def call_at(reader: PhpReader, at: int) -> Node | None:
    """The call whose bracket opens there."""
    node = reader.root.descendant_for_byte_range(at, at + 1)
    for _ in range(3):
        if node is None or node.type in CALLS:
            break
        node = node.parent
    return node if node is not None and node.type in CALLS else None


def added(reader: PhpReader, call: Node, owner: str) -> ScopeDefined:
    args = reader.arguments(call)[0]
    last = args[-1] if args else None
    if last is not None and last.type in CLOSURES:
        built = grouped(reader, last, set(), 0)
        return ScopeDefined(
            at=reader.span(call),
            framework="eloquent",
            owner=owner,
            name=NAME,
            conditions=tuple(each for each in built.conditions() if each.clause is not Clause.SORT),
            scopes=tuple(built.scopes),
            partial=built.partial or any(part.says for _, part in built.options),
            always=True,
        )
    named = ""
    if last is not None and last.type == "object_creation_expression":
        written = next((c for c in last.named_children if c.type in CLASS_NAMES), None)
        named = reader.text(written).rpartition("\\")[2] if written is not None else ""
    elif last is not None and last.type == "class_constant_access_expression":
        named = reader.text(last).partition("::")[0].rpartition("\\")[2]
    if not named:
        return told(reader, call, owner, partial=True)
    return told(reader, call, owner, scopes=(f"{named}.apply",))


def told(
    reader: PhpReader,
    node: Node,
    owner: str,
    *,
    partial: bool = False,
    scopes: tuple[str, ...] = (),
) -> ScopeDefined:
    return ScopeDefined(
        at=reader.span(node), framework="eloquent", owner=owner, name=NAME, scopes=scopes,
        partial=partial, always=True,
    )  # fmt: skip
