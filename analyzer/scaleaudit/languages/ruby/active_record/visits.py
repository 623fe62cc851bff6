"""Blocks that are given the rows of a query one by one, and what they read of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import AttributeRead, RowsSource, RowsVisited
from scaleaudit.languages.mentions import WORD, mentions
from scaleaudit.languages.ruby.active_record.chains import links
from scaleaudit.languages.ruby.active_record.eager import in_common
from scaleaudit.languages.ruby.active_record.relation import shown
from scaleaudit.languages.ruby.active_record.words import FRAMEWORK, LOADS
from scaleaudit.languages.ruby.blocks_around import BLOCKS
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.active_record.starts import Chains

BEFORE = WORD | frozenset(b"@.:&$")  # not before a parameter
READ = regex(rb"(?P<chain>(?:&?\.[a-z_]\w*[?!]?)+)(?P<given>[ \t]*(?:\|\||\+)?=(?![=~>]))?")
MAX_BLOCKS = 600  # of one file
MAX_READS = 40  # of one block
MAX_MENTIONS = 400  # of its parameter
MAX_BODY = 40_000  # bytes of one block
FEW = 10  # rows of which nobody need care
YIELDING = (
    rb"each|map|each_with_index|each_with_object|flat_map|find_each|collect|select|reject|filter_map|sort_by"
    rb"|group_by|index_by|detect|any\?|all\?|sum|partition|to_h|filter|inject|min_by|max_by|find_all|index_with"
)
BLOCK = regex(
    rb"\.(?:"
    + YIELDING
    + rb")(?:\([^()\n]{0,120}\))?[ \t]*(?:do|\{)[ \t]*\|[ \t]*\(?(?P<name>[a-z_]\w*)"
)
SYMBOL = regex(rb"\.(?:" + YIELDING + rb")\(&:(?P<name>[a-z_]\w*)\)")
# What the rows are still rows of the model after.
SAME_ROWS = frozenset(
    """
    to_a to_ary load each sort_by reverse compact select reject filter records sort shuffle find_all uniq
    entries find_each each_with_index present? take_while drop_while uniq_by filter_map_by
    """.split()  # noqa: SIM905 - a table to be read
)
SMALL = regex(r"\.(?:limit|first|last|take|sample)\((\d+)\)")
MAX_CHAIN = 300


def visits(chains: Chains) -> Iterator[RowsVisited]:
    reader = chains.reader
    for _, match in zip(range(MAX_BLOCKS), BLOCK.finditer(reader.content), strict=False):
        leaf = reader.leaf_at(match.start("name"))
        block = (
            next((above for above in reader.ancestors(leaf) if above.type in BLOCKS), None)
            if leaf is not None
            else None
        )
        call = block.parent if block is not None else None
        if block is None or call is None or call.type != "call":
            continue
        name = match["name"].decode()
        found = reads(chains, name, block)
        if found:
            yield from told(chains, call, found)
    for _, match in zip(range(MAX_BLOCKS), SYMBOL.finditer(reader.content), strict=False):
        leaf = reader.leaf_at(match.start() + 1)
        call = leaf.parent if leaf is not None else None
        if leaf is not None and call is not None and call.type == "call":
            read = AttributeRead(match["name"].decode(), reader.span(call))
            yield from told(chains, call, (read,))


def told(chains: Chains, call: Node, found: tuple[AttributeRead, ...]) -> Iterator[RowsVisited]:
    receiver = call.child_by_field_name("receiver")
    source = rows_source(chains, receiver) if receiver is not None else None
    if receiver is not None and source is not None and not source.one:
        at = chains.reader.span(receiver)
        yield RowsVisited(at, source, found, chains.reader.scope(call))


def rows_source(chains: Chains, node: Node) -> RowsSource | None:
    """The rows of one model that an expression surely is."""
    _, calls = links(node)
    names = [chains.reader.method_name(each) for each in calls]
    if any(name in LOADS and name not in SAME_ROWS for name in names) or "none" in names:
        return None
    return one_source(chains, node, chains.relations(node))


def one_source(chains: Chains, node: Node, several: list[Relation]) -> RowsSource | None:
    """What all that an expression may be agree on."""
    kinds = {(each.model, tuple(each.via), each.state == "instance") for each in several}
    if len(kinds) != 1:
        return None
    first = several[0]
    looked_up = first.state == "ended" and first.limited and finds_one(chains, node)
    if not first.model or any(each.aggregate or each.writes or each.inserts for each in several):
        return None
    rows = first.state in ("relation", "instance") or first.loaded or first.streamed
    if not rows and not looked_up:
        return None
    text = shown(chains.reader, node)
    small = SMALL.search(text[:MAX_CHAIN])
    if small is not None and int(small[1]) <= FEW:
        return None
    return RowsSource(
        framework=FRAMEWORK,
        model=first.model,
        text=text,
        via=tuple(first.via),
        eager=tuple(
            dict.fromkeys(path for each in several for path in (*each.eager, *in_common(each)))
        ),
        scopes=tuple(dict.fromkeys(name for each in several for name in each.scopes)),
        one=first.state == "instance" or looked_up,
        at=chains.reader.span(node),
    )


def finds_one(chains: Chains, node: Node) -> bool:
    """`Order.find(params[:id])`: by one key, as long as no list of them is spelled out."""
    reader = chains.reader
    holder = node.child_by_field_name("arguments") if node.type == "call" else None
    if holder is None or reader.method_name(node) != "find" or len(holder.named_children) != 1:
        return False
    key = holder.named_children[0]
    return key.type in ("element_reference", "identifier", "call", "instance_variable")


def reads(chains: Chains, name: str, block: Node) -> tuple[AttributeRead, ...]:
    """The attributes that a block reads of its parameter, each once."""
    reader = chains.reader
    end = min(block.end_byte, block.start_byte + MAX_BODY)
    found: dict[str, AttributeRead] = {}
    given: set[str] = set()
    looked = 0
    used = mentions(reader.content, name.encode(), BEFORE, READ, block.start_byte, end)
    for _, (at, match) in zip(range(MAX_MENTIONS), used, strict=False):
        path = match["chain"].decode().replace("&", "").lstrip(".")
        if match["given"]:
            given.add(path)
            continue
        if path in found or looked >= MAX_READS:
            continue
        looked += 1
        leaf = reader.leaf_at(at)
        if leaf is None or leaf.type != "identifier":
            continue
        found.setdefault(path, AttributeRead(path, reader.span(leaf)))
    return tuple(read for path, read in found.items() if path.partition(".")[0] not in given)
