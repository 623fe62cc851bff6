"""Properties that Kotlin sets where Java calls a setter: `HikariConfig().apply { jdbcUrl = url }`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.java.names import Link
from scaleaudit.languages.kotlin.frameworks import FRAMEWORKS
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.patterns import PatternTable, expand
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.kotlin.reader import KotlinReader

SETTER = regex(r"\.(\w+)\.set([A-Z]\w*)$")
MAX_PLACES = 50  # of one file


class Setters(Record, frozen=True, kw_only=True):
    """The setters of the tables: their names by property, and the types that have them."""

    table: PatternTable
    named: dict[str, tuple[str, ...]]
    types: tuple[bytes, ...]
    place: re.Pattern[bytes]


@cache
def _setters() -> Setters:
    named: dict[str, set[str]] = {}
    types: set[str] = set()
    for callee in (each for p in FRAMEWORKS for written in p.callees for each in expand(written)):
        found = SETTER.search(callee)
        if found is not None:
            types.add(found[1])
            named.setdefault(_property(found[2]), set()).add(f"set{found[2]}")
    place = regex(rb"(?<!\w)(?:%s)\s{0,9}=(?!=)" % "|".join(sorted(named)).encode())
    return Setters(
        table=PatternTable(FRAMEWORKS),
        named={name: tuple(sorted(setters)) for name, setters in named.items()},
        types=tuple(sorted(each.encode() for each in types)),
        place=place,
    )


def _property(name: str) -> str:
    """`JdbcUrl` is `jdbcUrl`, `URL` is `url`."""
    return name.lower() if name.isupper() else name[:1].lower() + name[1:]


def set_properties(reader: KotlinReader) -> Iterator[Fact]:
    """What the tables know of setters, where a property is assigned in their place."""
    setters = _setters()
    if not has_any(reader.content, setters.types):
        return
    for count, match in enumerate(setters.place.finditer(reader.content)):
        if count >= MAX_PLACES:
            return
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        while node is not None and node.type in ("identifier", "navigation_expression"):
            node = node.parent
        if node is not None and node.type == "assignment":
            yield from _facts(reader, node, setters)


def _facts(reader: KotlinReader, node: Node, setters: Setters) -> Iterator[Fact]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    links = _links(reader, left) if left is not None else []
    if right is None or len(links) < 2 or not reader.relevant(links[0]):
        return
    for setter in setters.named.get(links[-1].name, ()):
        named, client = reader.resolve([*links[:-1], Link(setter)], node)
        site = CallSite(reader.canonical(named, setter), node, [right], client=client)
        patterns = list(setters.table.matching(site))
        for pattern in patterns:
            if pattern.when is None or pattern.when(site, reader):
                yield from pattern.facts(site, reader)
        if patterns:
            return  # `setUrl` and `setURL` are one property


def _links(reader: KotlinReader, left: Node) -> list[Link]:
    """The steps to a property; of one alone those of what the block around is run on."""
    links = reader.chain(left)
    if len(links) > 1 and links[0].name != "this":
        return links
    name = links[-1].name
    given = reader.receiver_of_block(left, name)
    return [*reader.chain(given), Link(name)] if given is not None else links
