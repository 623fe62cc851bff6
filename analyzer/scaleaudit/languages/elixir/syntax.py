"""How Elixir writes calls, keywords, atoms, blocks and pipes; all of it is made of few nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

DEFINES = frozenset({b"def", b"defp", b"defmacro", b"defmacrop"})
MODULES = frozenset({b"defmodule", b"defprotocol", b"defimpl"})
# What stands beside the body in a block: `rescue`, `else`, `after`.
OTHER_BLOCKS = frozenset({"after_block", "catch_block", "else_block", "rescue_block"})
MAX_PIPES = 60


def raw(node: Node | None) -> bytes:
    return (node.text or b"") if node is not None else b""


def word(node: Node | None) -> str:
    return raw(node).decode("utf-8", "replace")


def named(node: Node) -> list[Node]:
    """The children that mean something: comments stand anywhere."""
    return [child for child in node.named_children if child.type != "comment"]


def local_name(call: Node) -> bytes:
    """The name of a call without a module: `from` of `from(u in User)`."""
    target = call.child_by_field_name("target") if call.type == "call" else None
    return raw(target) if target is not None and target.type == "identifier" else b""


def parts(call: Node) -> tuple[str, str]:
    """What a call is made on, as written, and its name: `("Repo", "all")`, `("", "where")`."""
    if call.type == "identifier":
        return "", word(call)
    target = call.child_by_field_name("target") if call.type == "call" else None
    if target is None:
        return "", ""
    if target.type == "identifier":
        return "", word(target)
    if target.type != "dot":
        return "?", ""
    left, right = target.child_by_field_name("left"), target.child_by_field_name("right")
    return (word(left) if left is not None else "?"), word(right)


def receiver(call: Node) -> Node | None:
    """The node before the dot of a call."""
    target = call.child_by_field_name("target") if call.type == "call" else None
    if target is None or target.type != "dot":
        return None
    return target.child_by_field_name("left")


def is_field(node: Node) -> bool:
    """`u.name`: a call of nothing, without parentheses."""
    target = node.child_by_field_name("target") if node.type == "call" else None
    return target is not None and target.type == "dot" and node.child_count == 1


def arguments(call: Node) -> tuple[list[Node], dict[str, Node]]:
    """What stands in a call by position, and by keyword."""
    holder = next((child for child in call.children if child.type == "arguments"), None)
    given = named(holder) if holder is not None else []
    if given and given[-1].type == "keywords":
        return given[:-1], keywords(given[-1])
    return given, {}


def keywords(node: Node | None) -> dict[str, Node]:
    """`a: 1, b: 2`, with or without brackets; the last of one name stands."""
    return dict(pairs(node))


def pairs(node: Node | None) -> list[tuple[str, Node]]:
    """The same as it stands there, for keywords that may come more than once."""
    if node is not None and node.type == "list":
        inner = named(node)
        node = inner[-1] if inner and inner[-1].type == "keywords" else None
    if node is None or node.type != "keywords":
        return []
    found: list[tuple[str, Node]] = []
    for pair in node.named_children:
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is not None and value is not None:
            found.append((word(key).rstrip(": \t\r\n").strip("\"'"), value))
    return found


def elements(node: Node | None) -> list[Node]:
    """Of a list its elements, else the node itself; a keyword list has none."""
    if node is None:
        return []
    if node.type != "list":
        return [node]
    return [child for child in named(node) if child.type != "keywords"]


def atom(node: Node | None) -> str:
    """`:name`, `:"name"`; empty for anything else."""
    if node is None:
        return ""
    if node.type == "atom":
        return word(node).removeprefix(":")
    if node.type == "quoted_atom":
        return quoted(node)
    return ""


def quoted(node: Node | None) -> str:
    """The text of a string, a sigil or a quoted atom that holds no value of the program."""
    if node is None or any(child.type == "interpolation" for child in node.named_children):
        return ""
    return "".join(
        word(child)
        for child in node.named_children
        if child.type in ("quoted_content", "escape_sequence")
    )


def text_or_atom(node: Node | None) -> str:
    if node is not None and node.type in ("string", "sigil"):
        return quoted(node)
    return atom(node)


def block(call: Node) -> Node | None:
    return next((child for child in call.children if child.type == "do_block"), None)


def body(call: Node) -> list[Node]:
    """The statements of a definition or of a call with a block, in both of its forms."""
    inner = block(call)
    if inner is not None:
        return [child for child in named(inner) if child.type not in OTHER_BLOCKS]
    _, given = arguments(call)
    alone = given.get("do")
    if alone is None:
        return []
    return named(alone) if alone.type == "block" else [alone]


def piped(node: Node) -> list[Node]:
    """`a |> b() |> c()` as its three parts; a node that is no pipe alone."""
    found: list[Node] = []
    at: Node | None = node
    for _ in range(MAX_PIPES):
        if at is None or not is_pipe(at):
            break
        right = at.child_by_field_name("right")
        if right is not None:
            found.append(right)
        at = at.child_by_field_name("left")
    if at is not None:
        found.append(unwrapped(at))
    return found[::-1]


def is_pipe(node: Node) -> bool:
    return node.type == "binary_operator" and operator(node) == b"|>"


def operator(node: Node) -> bytes:
    return raw(node.child_by_field_name("operator"))


def operands(node: Node) -> tuple[Node | None, Node | None]:
    return node.child_by_field_name("left"), node.child_by_field_name("right")


def unwrapped(node: Node) -> Node:
    """`(x)` is `x`."""
    for _ in range(8):
        inner = named(node) if node.type == "block" else []
        if len(inner) != 1:
            return node
        node = inner[0]
    return node


def definition(call: Node) -> Node | None:
    """`name(a, b)` of `def name(a, b) when c do ... end`; a bare name has no arguments."""
    given, _ = arguments(call)
    head = given[0] if given else None
    if head is not None and head.type == "binary_operator" and operator(head) == b"when":
        head = head.child_by_field_name("left")
    return head


def defined_name(call: Node) -> str:
    head = definition(call)
    return parts(head)[1] if head is not None else ""


def parameters(call: Node) -> list[Node]:
    head = definition(call)
    return arguments_with_keywords(head) if head is not None and head.type == "call" else []


def arguments_with_keywords(call: Node) -> list[Node]:
    holder = next((child for child in call.children if child.type == "arguments"), None)
    return named(holder) if holder is not None else []
