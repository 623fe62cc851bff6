"""Calls, chains of calls and imports of Rust taken apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

MAX_CHAIN = 200  # links
COMMENTS = ("line_comment", "block_comment")
MAX_IMPORT = 4_000  # characters
# What stands around an expression without changing what it is.
AROUND = {"reference_expression", "await_expression", "try_expression", "parenthesized_expression"}
RAW_STRING = regex(r'^r(#*)"(.*)"\1$', re.DOTALL)


def positional(node: Node) -> list[Node]:
    holder = node.child_by_field_name("arguments")
    named = holder.named_children if holder is not None else []
    return [each for each in named if each.type not in COMMENTS]


def function_of(node: Node) -> Node | None:
    """What is called, without the types in `::<T>`."""
    function = node.child_by_field_name("function")
    if function is not None and function.type == "generic_function":
        return function.child_by_field_name("function")
    return function


def method_of(reader: Reader, node: Node) -> str:
    """`route` of `app.route(...)`; empty for a function by its path."""
    function = function_of(node)
    if function is None or function.type != "field_expression":
        return ""
    named = function.child_by_field_name("field")
    return reader.text(named) if named is not None else ""


def path_of(reader: Reader, node: Node) -> str:
    """`web.scope` of `web::scope(...)`; empty for a method."""
    function = function_of(node)
    if function is None or function.type not in ("identifier", "scoped_identifier"):
        return ""
    written = re.sub(r"::<[^()]*?>(?=::|$)|\s+", "", reader.text(function)[:300])
    return written.replace("::", ".")


def last_part(reader: Reader, node: Node) -> str:
    return path_of(reader, node).rpartition(".")[2]


def receiver(node: Node) -> Node | None:
    """The expression that a method is called on."""
    function = function_of(node)
    if function is None or function.type != "field_expression":
        return None
    return bare(function.child_by_field_name("value"))


def bare(node: Node | None) -> Node | None:
    """Without `&`, `.await`, `?` and brackets around it."""
    for _ in range(MAX_CHAIN):
        if node is None or node.type not in AROUND or not node.named_children:
            return node
        node = node.named_children[-1]
    return node


def beginning(node: Node) -> Node:
    """The first link of a chain: `web::scope("/a")` of `web::scope("/a").service(b).wrap(c)`."""
    for _ in range(MAX_CHAIN):
        before = receiver(node) if node.type == "call_expression" else None
        if before is None:
            return node
        node = before
    return node


def whole(reader: Reader, node: Node) -> Node:
    """The last link of the chain that a call stands in, with what stands around it."""
    for above, _ in zip(reader.ancestors(node), range(MAX_CHAIN), strict=False):
        links = above.type == "call_expression" and receiver(above) is not None
        inside = links and above.child_by_field_name("arguments") is not None
        if (
            above.type in AROUND
            or above.type == "field_expression"
            or (inside and not _is_argument(above, node))
        ):
            node = above
            continue
        break
    return node


def _is_argument(call: Node, node: Node) -> bool:
    holder = call.child_by_field_name("arguments")
    return holder is not None and holder.start_byte <= node.start_byte


def given_to(node: Node) -> Node | None:
    """The call that an expression is an argument of."""
    holder = node.parent
    call = holder.parent if holder is not None and holder.type == "arguments" else None
    return call if call is not None and call.type == "call_expression" else None


def string_text(reader: Reader, node: Node) -> str:
    text = reader.text(node)
    if node.type == "raw_string_literal":
        found = RAW_STRING.match(text)
        return found[2] if found is not None else ""
    return text[1:-1].replace('\\"', '"') if len(text) > 1 else ""


def taken_in(reader: Reader, node: Node) -> Iterator[tuple[str, str, str]]:
    """(module, name, name here) of all that a `use` takes in; `::` is said as a dot."""
    argument = node.child_by_field_name("argument")
    if argument is not None and argument.end_byte - argument.start_byte <= MAX_IMPORT:
        text = re.sub(r"\s+", " ", reader.text(argument)).replace(" ::", "::").replace(":: ", "::")
        yield from _uses(text, "", 0)


def _uses(text: str, before: str, depth: int) -> Iterator[tuple[str, str, str]]:
    if depth > 8:
        return
    start, brace, inside = text.partition("{")
    if brace:
        module = f"{before}{start}"
        for part in apart(inside.rpartition("}")[0]):
            yield from _uses(part, module, depth + 1)
        return
    written, _, here = text.strip().partition(" as ")
    path = f"{before}{written.strip()}".replace("::", ".")
    module, _, name = path.rpartition(".")
    if name == "self":
        module, _, name = module.rpartition(".")
    if name:
        yield module, name, here.strip()


def apart(text: str) -> Iterator[str]:
    """The parts between commas, of the outermost level; an empty last one is none."""
    level = begun = 0
    quoted = False
    for at, sign in enumerate(text):
        quoted ^= sign == '"' and text[at - 1 : at] != "\\"
        level += 0 if quoted else (sign in "([{") - (sign in ")]}")
        if sign == "," and level == 0 and not quoted:
            yield text[begun:at].strip()
            begun = at + 1
    if text[begun:].strip():
        yield text[begun:].strip()


def items_behind(attributes: Iterable[Node]) -> dict[int, Node | None]:
    """By the id of each attribute, the item that it stands before."""
    found: dict[int, Node | None] = {}
    for node in attributes:
        beside = node.parent.named_children if node.id not in found and node.parent else []
        waiting: list[int] = []
        for each in beside:
            if each.type == "attribute_item":
                waiting.append(each.id)
            elif each.type not in COMMENTS:
                found.update(dict.fromkeys(waiting, each))
                waiting.clear()
        found.update(dict.fromkeys(waiting))
    return found
