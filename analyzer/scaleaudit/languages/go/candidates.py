"""Where the nodes that matter stand: found by bytes, confirmed by the tree.

A search for `.Name(` in the bytes costs a fiftieth of a tree query for the same calls, so the
query of this language reads the outer levels of a file alone.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.engine import prefix_tree
from scaleaudit.languages.go.frameworks import CALL_NAMES
from scaleaudit.languages.mentions import has_any
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

MAX_CANDIDATES = 2_000  # of one kind in one file
# Each begins with a literal, which is what makes the search fast.
# A chain goes on in the next line behind its dot.
CALLED = regex(rb"\.(?:\n[ \t]*)?(?:" + prefix_tree(CALL_NAMES).encode() + rb")\(")
BUILT = regex(rb"\.(?:" + prefix_tree(CALL_NAMES).encode() + rb")\{")
VIPER_READ = regex(rb"\.Get(?:String(?:Slice)?|Int|Duration)?\(")
SERVICE = regex(rb"\.Register[A-Z]\w*(?:Server|Handler|HandlerFromEndpoint|HandlerClient)\(")
ENVIRONMENT_READ = (regex(rb"nv\w*\("), regex(rb"ENV\w*\("))
ENVIRONMENT_NAME = regex(rb"[eE]nv|^ENV")
TAGS = (b'env:"', b'envconfig:"', b'split_words:"', b'arg:"')
TAG = regex(rb"(?:env(?:config)?|split_words|arg):\"")
ADDRESS = regex(rb":\s{0,40}\"(?:[a-z][a-z0-9+]*://[^\"\n]+|[a-zA-Z][a-zA-Z0-9.-]*:[0-9]{2,5})\"")
GO = regex(rb"go[ \t]+[\w(]")


class Candidates(Gathering):
    """Nodes by what they may mean, in the order of the file."""

    calls: list[Node] = msgspec.field(default_factory=list)  # calls and literals of known names
    environment: list[Node] = msgspec.field(default_factory=list)  # calls that may read a setting
    services: list[Node] = msgspec.field(default_factory=list)  # pb.RegisterCartServiceServer(...)
    tagged: list[Node] = msgspec.field(
        default_factory=list
    )  # struct fields filled from the environment
    addressed: list[Node] = msgspec.field(
        default_factory=list
    )  # `BillingURL: "http://billing:8080"`


def candidates(content: bytes, root: Node, allowed: set[str], *, viper: bool) -> Candidates:
    """`allowed`: the names that packages of this file's imports give a meaning to."""
    found = Candidates()
    if allowed:
        names = {name.encode() for name in allowed}
        for start, name in named(CALLED, content):
            if name in names and (node := call_at(root, start + 1)) is not None:
                found.calls.append(node)
        for start, name in named(BUILT, content):
            if name in names and (node := literal_at(root, start + 1)) is not None:
                found.calls.append(node)
    found.environment = list(environment_reads(content, root, viper=viper))
    found.services = [
        node
        for start, _ in named(SERVICE, content)
        if (node := call_at(root, start + 1)) is not None
    ]
    if has_any(content, TAGS):
        found.tagged = list(around(content, root, TAG, "field_declaration"))
    found.addressed = list(around(content, root, ADDRESS, "keyed_element"))
    return found


def named(pattern: re.Pattern[bytes], content: bytes) -> Iterator[tuple[int, bytes]]:
    """Place and name of each `.Name(`, without the signs around the name."""
    for match in islice(pattern.finditer(content), MAX_CANDIDATES):
        name = match[0][1:-1].lstrip()
        yield match.end() - len(name) - 2, name


def call_at(root: Node, offset: int) -> Node | None:
    """The call whose function name stands at a byte."""
    node = root.descendant_for_byte_range(offset, offset + 1)
    call = node.parent if node is not None else None
    if call is not None and call.type == "selector_expression":
        call = call.parent
    return call if call is not None and call.type == "call_expression" else None


def literal_at(root: Node, offset: int) -> Node | None:
    """The struct literal of a type of another package, whose name stands at a byte."""
    node = root.descendant_for_byte_range(offset, offset + 1)
    named_type = node.parent if node is not None else None
    if named_type is None or named_type.type != "qualified_type":
        return None
    above = named_type.parent
    return above if above is not None and above.type == "composite_literal" else None


def environment_reads(content: bytes, root: Node, *, viper: bool) -> Iterator[Node]:
    """`os.Getenv("X")`, `getEnv("X", "d")`, `viper.GetString("x")`."""
    seen: set[int] = set()
    patterns = (*ENVIRONMENT_READ, VIPER_READ) if viper else ENVIRONMENT_READ
    for pattern in patterns:
        for match in islice(pattern.finditer(content), MAX_CANDIDATES):
            at = match.end() - 2  # the last sign of the name
            node = call_at(root, at)
            function = node.child_by_field_name("function") if node is not None else None
            if node is None or function is None or node.id in seen:
                continue
            name = content[function.start_byte : function.end_byte].rpartition(b".")[2]
            if pattern is VIPER_READ or ENVIRONMENT_NAME.search(name):
                seen.add(node.id)
                yield node


def around(content: bytes, root: Node, pattern: re.Pattern[bytes], kind: str) -> Iterator[Node]:
    """The nodes of a kind around the places of a pattern."""
    for match in islice(pattern.finditer(content), MAX_CANDIDATES):
        offset = match.end() - 1
        node = root.descendant_for_byte_range(offset, offset + 1)
        for _ in range(4):
            if node is None or node.type == kind:
                break
            node = node.parent
        if node is not None and node.type == kind:
            yield node


def go_statements(content: bytes, root: Node) -> Iterator[Node]:
    for match in islice(GO.finditer(content), MAX_CANDIDATES):
        node = root.descendant_for_byte_range(match.start(), match.start() + 1)
        above = node.parent if node is not None and node.type == "go" else None
        if above is not None and above.type == "go_statement":
            yield above
