"""Mutable objects of a class, a module or the process that methods change while it runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import StateKept
from scaleaudit.languages.mentions import has_any
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.ruby.reader import RubyReader
    from scaleaudit.source import Span

WRITTEN_AS = {"hash": "dict", "array": "list", "integer": "counter"}
MADE_BY = {
    "Hash.new": "dict",
    "Array.new": "list",
    "Set.new": "set",
    "Concurrent.Map.new": "dict",
    "Concurrent.Hash.new": "dict",
    "Concurrent.Array.new": "list",
    "Concurrent.Set.new": "set",
    "Concurrent.AtomicFixnum.new": "counter",
    "ThreadSafe.Cache.new": "cache",
    "ThreadSafe.Hash.new": "dict",
    "ActiveSupport.Cache.MemoryStore.new": "cache",
    "LruRedux.Cache.new": "cache",
    "LruRedux.TTL.Cache.new": "cache",
    "LruRedux.ThreadSafeCache.new": "cache",
    "MiniCache.Store.new": "cache",
}
BOUNDED = frozenset(
    {
        "LruRedux.Cache.new",
        "LruRedux.TTL.Cache.new",
        "LruRedux.ThreadSafeCache.new",
        "ActiveSupport.Cache.MemoryStore.new",
    }
)
CHANGES = frozenset(
    [
        "push",
        "append",
        "add",
        "store",
        "delete",
        "delete_if",
        "merge!",
        "update",
        "clear",
        "unshift",
        "prepend",
        "concat",
        "pop",
        "shift",
        "insert",
        "reject!",
        "select!",
        "keep_if",
        "compact!",
        "uniq!",
        "increment",
        "decrement",
        "compute",
        "compute_if_absent",
        "put_if_absent",
        "fetch_or_store",
        "write",
        "getset",
    ]
)
CACHE_NAME = regex(r"cache|memo", re.IGNORECASE)
# Methods that run while the code is loaded or the process starts, by their usual names.
AT_LOAD = regex(
    r"^_*(?:un)?(?:register|configure|config|setup|init|initialize|load|install|bootstrap|define"
    r"|declare|add_|inherited$|included$|extended$|prepended$|method_added$|reset|clear|reload"
    r"|field|attribute|option|setting|property|plugin|menu|map$|mount|subscribe|on_load|before_|after_"
    r"|preload|eager|populate|build|use$|set_|has_|belongs_to|validates?|callback|hook|helper)"
)
HOLDERS = frozenset({"class_variable", "global_variable", "constant", "instance_variable"})
VARIABLE = regex(rb"@@\w+|\$[a-z]\w*")
MAX_NAMES = 200


class Candidate(Gathering):
    at: Span
    kind: str
    bounded: bool = False
    remembers: bool = True  # nothing but what was asked for once, until somebody asks again
    places: list[tuple[Span, str]] = msgspec.field(default_factory=list)


def state_kept(reader: RubyReader) -> Iterator[Fact]:
    for (owner, name), found in candidates(reader).items():
        for node in reader.places(name):
            if node.type not in HOLDERS or not belongs(reader, node, owner, name):
                continue
            place = change(node, reader, found.kind)
            if place is not None:
                found.places.append((reader.span(place), reader.scope(place)))
                found.remembers &= remembers(place)
        if found.places:
            remembered = found.remembers and found.kind == "dict"
            yield StateKept(
                at=found.at,
                name=name if name[0] == "$" or not owner else f"{owner}.{name}",
                kind="cache" if remembered or CACHE_NAME.search(name) else found.kind,
                changed_at=tuple(place for place, _ in found.places),
                changed_in=tuple(scope for _, scope in found.places),
                bounded=found.bounded,
            )


def candidates(reader: RubyReader) -> dict[tuple[str, str], Candidate]:
    """By class and name. Instance variables count where they are the class's own."""
    found: dict[tuple[str, str], Candidate] = {}
    for each in reader.declared.assigned:
        if each.left.type in HOLDERS:
            consider(reader, found, each.owner, each.left, each.right)
    named = has_any(reader.content, (b"@@", b"$"))
    for match in VARIABLE.finditer(reader.content) if named else ():
        node = reader.leaf_at(match.start())
        above = node.parent if node is not None else None
        if node is None or node.type not in HOLDERS or above is None:
            continue
        if above.type in ("assignment", "operator_assignment") and above.children[0].id == node.id:
            right = above.child_by_field_name("right")
            if right is not None:
                holder = reader.holder_around(node)
                consider(reader, found, holder.name if holder else "", node, right)
    if b"def self." in reader.content or b"class << self" in reader.content:
        memos(reader, found)
    return found


def memos(reader: RubyReader, found: dict[tuple[str, str], Candidate]) -> None:
    """`def self.cache; @cache ||= {}; end`: the class's own variable, made when it is asked for."""
    for match in re.finditer(rb"(@\w+)[ \t]*\|\|=[ \t]*(?:\{|\[|[A-Z])", reader.content):
        if reader.content[match.start() - 1 : match.start()] == b"@":
            continue
        node = reader.leaf_at(match.start(1))
        above = node.parent if node is not None else None
        right = above.child_by_field_name("right") if above is not None else None
        if node is None or right is None or not of_class_itself(reader, node):
            continue
        holder = reader.holder_around(node)
        consider(reader, found, holder.name if holder else "", node, right)


def consider(
    reader: RubyReader,
    found: dict[tuple[str, str], Candidate],
    owner: str,
    left: Node,
    right: Node,
) -> None:
    name = reader.hint(left)
    kind, bounded = made(reader, right)
    if kind == "counter" and left.type == "constant":
        return
    if kind and len(found) < MAX_NAMES:
        found.setdefault((owner, name), Candidate(reader.span(left), kind, bounded))


def made(reader: RubyReader, right: Node) -> tuple[str, bool]:
    """The kind of mutable object that an expression makes, and whether it is bounded."""
    if right.type == "call":
        name = reader.chain(right)
        return MADE_BY.get(name, ""), name in BOUNDED
    if right.type == "begin" and right.named_children:
        return "", False
    return WRITTEN_AS.get(right.type, ""), False


def belongs(reader: RubyReader, node: Node, owner: str, name: str) -> bool:
    if name[0] == "$":
        return True
    holder = reader.holder_around(node)
    around = holder.name if holder is not None else ""
    if name.startswith("@@") or name[0] != "@":
        return around == owner or around.startswith(f"{owner}.") or not owner
    return around == owner and of_class_itself(reader, node)


def of_class_itself(reader: RubyReader, node: Node) -> bool:
    """In the class body, in `def self.x`, or in a method of `class << self`."""
    for above in reader.ancestors(node):
        if above.type == "singleton_method":
            return True
        if above.type == "singleton_class":
            return True
        if above.type == "method":
            body = above.parent
            opener = body.parent if body is not None and body.type == "body_statement" else body
            return opener is not None and opener.type == "singleton_class"
        if above.type in reader.CLASSES:
            return True
    return False


def change(node: Node, reader: RubyReader, kind: str) -> Node | None:
    """The expression that changes the object here, after start; None when it is only read."""
    function = reader.function_around(node)
    if function is None or AT_LOAD.search(reader.definition_name(function)):
        return None
    if writer_only(reader, function):
        return None
    at, above = node, node.parent
    inside = False
    while above is not None and above.type == "element_reference" and above.children[0].id == at.id:
        at, above, inside = above, above.parent, True
    if above is None:
        return None
    match above.type:
        case "operator_assignment" if above.children[0].id == at.id:
            return above if inside or (kind == "counter" and counts(above)) else None
        case "assignment" if inside and above.children[0].id == at.id:
            return above
        case "binary" if above.children[0].id == at.id:
            operator = above.child_by_field_name("operator")
            return above if operator is not None and operator.type == "<<" else None
        case "call":
            receiver = above.child_by_field_name("receiver")
            if receiver is None or receiver.id != at.id:
                return None
            return above if reader.method_name(above) in CHANGES else None
        case _:
            return None


def remembers(change: Node) -> bool:
    """`@@names[id] ||= ["Jobs::#{id}", "jobs"]`: made of the key, so the same in each process."""
    operator = change.child_by_field_name("operator")
    value = change.child_by_field_name("right")
    written = value is not None and value.type in ("array", "string") and value.named_child_count
    return operator is not None and operator.type == "||=" and bool(written)


def writer_only(reader: RubyReader, function: Node) -> bool:
    """`def self.size=(value)`: somebody configures."""
    return reader.definition_name(function).endswith("=")


def counts(assignment: Node) -> bool:
    operator = assignment.child_by_field_name("operator")
    return operator is not None and operator.type in ("+=", "-=")
