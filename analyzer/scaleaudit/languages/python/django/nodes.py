"""Small readings of Python's nodes that all of Django's forms need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

LISTS = frozenset({"list", "tuple", "set"})
WRAPS = frozenset({"parenthesized_expression", "await"})
MAX_ELEMENTS = 300
MAX_SUM = 12


class Arguments(Gathering):
    """Of one call: those by place, those by name, and the dictionaries and lists spread into it."""

    given: list[Node]
    named: dict[str, Node]
    spread: list[Node]
    starred: list[Node] = msgspec.field(default_factory=list)


def arguments_of(reader: PythonReader, call: Node) -> Arguments:
    found = Arguments([], {}, [])
    holder = call.child_by_field_name("arguments")
    if holder is None:
        return found
    if holder.type == "generator_expression":
        found.given.append(holder)
        return found
    for child in holder.named_children[:MAX_ELEMENTS]:
        kind = child.type
        if kind == "keyword_argument":
            name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            if name is not None and value is not None:
                found.named[reader.text(name)] = value
        elif kind == "dictionary_splat":
            found.spread.extend(child.named_children[:1])
        elif kind == "list_splat":
            found.starred.extend(child.named_children[:1])
        elif kind != "comment":
            found.given.append(child)
    return found


def text_of(reader: PythonReader, node: Node | None) -> str | None:
    """What a plain string holds; None for anything else, also for what is put together."""
    if node is None or node.type != "string" or node.end_byte - node.start_byte > 300:
        return None
    written = reader.text(node)
    if written[:1] not in "\"'" and not (written[:1] in "uUrR" and written[1:2] in ("'", '"')):
        return None
    written = written.lstrip("uUrR")
    return written[3:-3] if written[:3] in ('"""', "'''") else written[1:-1]


def bare(node: Node) -> Node:
    """Without parentheses and `await` around."""
    for _ in range(20):
        if node.type not in WRAPS:
            break
        inner = next((child for child in node.named_children if child.type != "comment"), None)
        if inner is None:
            break
        node = inner
    return node


def elements(reader: PythonReader, node: Node | None, most: int = MAX_ELEMENTS) -> Iterator[Node]:
    """Of a literal list, or of several in a sum; a list behind a name of the module as well.

    `most`: of each list.
    """
    waiting = [node] if node is not None else []
    for _ in range(MAX_SUM):
        if not waiting:
            return
        at = bare(waiting.pop(0))
        if at.type in LISTS or at.type == "expression_list":
            for child in at.named_children[:most]:
                if child.type == "list_splat":
                    waiting.extend(child.named_children[:1])
                elif child.type != "comment":
                    yield child
        elif at.type == "parenthesized_expression":
            continue
        elif at.type == "binary_operator":
            left, right = at.child_by_field_name("left"), at.child_by_field_name("right")
            waiting += [side for side in (left, right) if side is not None]
        elif at.type == "identifier":
            known = reader.module_values.get(reader.text(at))
            if known is not None and known.type in LISTS:
                waiting.append(known)


def texts(reader: PythonReader, node: Node | None) -> list[str]:
    """The plain strings of a literal list; a single string counts as a list of one."""
    if node is None:
        return []
    single = text_of(reader, bare(node))
    if single is not None:
        return [single]
    found = (text_of(reader, each) for each in elements(reader, node))
    return [each for each in found if each is not None]


def is_true(node: Node | None) -> bool:
    return node is not None and node.type == "true"


def is_false(node: Node | None) -> bool:
    return node is not None and node.type == "false"


def pairs(reader: PythonReader, node: Node) -> Iterator[tuple[str, Node]]:
    """Of a literal dictionary, those whose key is a plain string."""
    if node.type == "call" and reader.callee(node) == "dict":
        yield from arguments_of(reader, node).named.items()
        return
    for pair in node.named_children[:MAX_ELEMENTS] if node.type == "dictionary" else ():
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        text = text_of(reader, key)
        if text is not None and value is not None:
            yield text, value
