"""What stands in front of the path of a route: the groups around it, its own chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.php.names import links_of
from scaleaudit.languages.php.strings import STRINGS
from scaleaudit.values import Join, Literal, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader
    from scaleaudit.values import Value

GROUPS = {"group", "addGroup", "mount", "scope", "with"}
MAX_GROUPS = 12  # around one route


def prefix_around(reader: PhpReader, node: Node) -> Value:
    """What the groups around a place put in front."""
    prefix: Value = Literal("")
    for outer in outer_prefixes(reader, node):
        prefix = below(outer, prefix)
    return prefix


def of_function(reader: PhpReader, node: Node, router: str) -> str:
    """`crud(0)` for the first parameter of a function of the project, which is handed a router."""
    around = next((a for a in reader.ancestors(node) if a.type in reader.FUNCTIONS), None)
    holder = around.child_by_field_name("parameters") if around is not None else None
    if around is None or holder is None or around.type != "function_definition":
        return ""
    first = next((each for each in holder.named_children if each.type != "comment"), None)
    name = first.child_by_field_name("name") if first is not None else None
    if name is None or reader.text(name) != router:
        return ""
    return f"{reader.definition_name(around)}(0)"


def braced(path: Value) -> Value:
    """A part of the path whose name is put in: `'/{' . $name . '}'` as `/{}`."""
    if not isinstance(path, Join):
        return path
    parts = list(path.parts)
    for at in range(1, len(parts) - 1):
        before, after = parts[at - 1], parts[at + 1]
        if not isinstance(before, Literal) or not isinstance(after, Literal):
            continue
        if before.text.endswith("{") and after.text.startswith("}"):
            parts[at] = Literal("")
    return join(*parts)


def prefixed(reader: PhpReader, node: Node, path: Value) -> Value:
    """A path with the prefix of its own chain and of the groups around it."""
    for prefix in _prefixes(reader, node):
        if prefix not in (Literal(""), Literal("/")):
            path = below(prefix, path)
    return path


def below(prefix: Value, path: Value) -> Value:
    """One slash between the two."""
    first = path.parts[0] if isinstance(path, Join) else path
    if path == Literal("") or (isinstance(first, Literal) and first.text.startswith("/")):
        return join(prefix, path)
    return join(prefix, Literal("/"), path)


def _prefixes(reader: PhpReader, node: Node) -> Iterator[Value]:
    """From the innermost outwards."""
    own = _prefix_link(reader, node)
    if own is not None:
        yield own
    yield from outer_prefixes(reader, node)


def outer_prefixes(reader: PhpReader, node: Node) -> Iterator[Value]:
    """Of the groups around a call, from the innermost outwards."""
    found = 0
    at = node
    for above in reader.ancestors(node):
        if above.type == "arguments" and above.parent is not None and at.type == "argument":
            call = above.parent
            name = call.child_by_field_name("name")
            if name is not None and reader.text(name) in GROUPS and found < MAX_GROUPS:
                found += 1
                yield from group_prefixes(reader, call)
        at = above


def group_prefixes(reader: PhpReader, call: Node) -> Iterator[Value]:
    args, keywords, _ = reader.arguments(call)
    if "prefix" in keywords:
        yield reader.value(keywords["prefix"])
    elif len(args) > 1 and args[0].type in STRINGS:  # Slim
        yield reader.value(args[0])
    linked = _prefix_link(reader, call)
    if linked is not None:
        yield linked


def _prefix_link(reader: PhpReader, node: Node) -> Value | None:
    """What `->prefix("x")` says in the chain before a call."""
    call = links_of(reader, node).get("prefix")
    args = reader.arguments(call)[0] if call is not None and call.id != node.id else []
    return reader.value(args[0]) if args else None
