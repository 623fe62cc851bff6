"""Addresses that stand in the code of the JVM apart from the requests that the tables know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import AddressGiven
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_TEXTS = 100  # of one file
# A text that begins with an address, of no public domain and not of this host.
TEXT = regex(
    rb"\"(?:https?|lb|wss?)://(?!localhost|127\.|0\.0|www\.|[\w.-]+\.(?:com|org|net|io|dev)\b)[A-Za-z]"
)
# `getServiceUrl("stock")`: a name handed to a function that looks its address up; a builder's
# `.url("items")` is a path below an address.
LOOKED_UP = regex(
    rb"(?:ur[il](?<!\.ur[il])|Ur[il](?<!\.Ur[il])|UR[IL]|Instance|Address|Endpoint|Host)s?\("
    rb"\s{0,99}(\"[A-Za-z][\w-]{0,99}\"|[A-Z][A-Z0-9_]{1,99}\b)"
)
LOOK_UPS = (b"rl(", b"ri(", b"RL(", b"RI(", b"rls(", b"Instance(", b"Instances(", b"Address(",
            b"Addresses(", b"Endpoint(", b"Host(", b"Hosts(")  # fmt: skip
SETTER = regex(rb"\bset[A-Z]\w{0,60}$")
PICTURE = regex(r"\.(?:png|jpe?g|gif|svg|ico|css|js|xsd|dtd)$")
# Calls that compare an address, allow it or show it: none of them connects.
NOT_CALLED = regex(
    r"(?i)equals|startsWith|endsWith|contains|matches|replace|indexOf|origin|redirect|schema"
    r"|namespace|description|example|location|^(?:log|info|debug|warn|error|trace|print\w*|assert\w*)$"
)

LISTING = regex(r"(?:^|\.)(?:of|asList|listOf|setOf|copyOf|ofEntries|entry)$")
DECLARING = ("variable_declarator", "property_declaration", "class_parameter")
# Who may call, and where visitors are sent back to.
OF_VISITORS = regex(r"(?i)redirect|call_?back|origins?$|allowed|whitelist")


def written_addresses(reader: JvmReader) -> Iterator[AddressGiven]:
    """The texts of a file that are addresses, and names whose address is looked up."""
    found = 0
    content = reader.content
    for match in TEXT.finditer(content) if b"://" in content else ():
        node = expression_at(reader, match.start())
        if node is None or PICTURE.search(reader.text(node).rstrip('"')):
            continue
        yield AddressGiven(reader.span(node), reader.value(node))
        found += 1
        if found >= MAX_TEXTS:
            return
    asked = reader.says(*LOOK_UPS)
    for match in LOOKED_UP.finditer(content) if asked else ():
        if SETTER.search(content, max(0, match.start() - 60), match.start() + 4):
            continue
        node = expression_at(reader, match.start(1))
        value = reader.value(node) if node is not None else None
        if node is not None and isinstance(value, Literal | Name):
            yield AddressGiven(reader.span(node), value)
        found += 1
        if found >= MAX_TEXTS:
            return


def expression_at(reader: JvmReader, start: int) -> Node | None:
    """The expression that begins at a byte; None in comments, annotations and comparisons."""
    node = reader.root.descendant_for_byte_range(start, start + 1)
    if node is None or "comment" in node.type:
        return None
    best = node if node.type == "identifier" else None
    for above in reader.ancestors(node):
        if above.type in reader.ANNOTATIONS or "comment" in above.type:
            return None
        if above.type in reader.STRINGS and above.start_byte == start:
            best = above
        elif above.type in reader.CALLS:
            callee = reader.callee(above)
            if LISTING.search(callee):
                continue
            return None if NOT_CALLED.search(callee.rpartition(".")[2]) else best
        elif above.type in DECLARING:
            named = above.child_by_field_name("name")
            if named is not None and OF_VISITORS.search(reader.text(named)):
                return None
        elif above.type in reader.FUNCTIONS or above.type in reader.CLASSES:
            break
    return best
