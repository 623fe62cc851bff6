"""What models of Eloquent say of relations that always come along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ANY_RELATION
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import RelationFact
    from scaleaudit.languages.php.reader import PhpReader

ALWAYS = regex(rb"(?:protected|public)\s+(?:array\s+)?\$with\s*=\s*(?P<list>[^;]{0,1000});")
NAME = regex(rb"['\"]([a-zA-Z_][\w.]*)")
SCOPED = regex(rb"addGlobalScope\([^;]{0,400}?->with\(")
LOADING = regex(rb"function\s+(?P<name>\w+)\([^{}]{0,100}\{[^{}]{0,600}->\s*with\(")


def always_loaded(reader: PhpReader, node: Node) -> tuple[str, ...]:
    """`protected $with = ["customer"]`; what a global scope loads is not spelled out."""
    content = reader.content
    found = ALWAYS.search(content, node.start_byte, node.end_byte) if b"$with" in content else None
    names = [each.decode() for each in NAME.findall(found["list"])] if found is not None else []
    if b"addGlobalScope" in content and SCOPED.search(content, node.start_byte, node.end_byte):
        names.append(ANY_RELATION)
    return tuple(names)


def with_loads(
    reader: PhpReader, node: Node, relations: Sequence[RelationFact]
) -> Iterator[RelationFact]:
    """Each relation once; `return $this->hasMany(Line::class)->with("product")` loads more."""
    content = reader.content
    loading = set()
    if b"->with(" in content:
        matches = LOADING.finditer(content, node.start_byte, node.end_byte)
        loading = {match["name"].decode() for match in matches}
    for each in {relation.name: relation for relation in relations}.values():
        yield replace(each, loads=(ANY_RELATION,)) if each.name in loading else each
