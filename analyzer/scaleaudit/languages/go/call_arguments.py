"""What a call or a literal in Go is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

MAX_DEPTH = 2  # literals inside literals


def given(reader: GoReader, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
    """Arguments, members of the literals among them by name, whether there are more than can be seen.

    Without a leading context, which carries deadlines and no data.
    """
    keywords: dict[str, Node] = {}
    if node.type == "composite_literal":
        members(reader, node, keywords)
        return [], keywords, False
    holder = node.child_by_field_name("arguments")
    args: list[Node] = []
    opaque = False
    for child in holder.named_children if holder is not None else ():
        if child.type == "variadic_argument":
            opaque = True
            args.extend(child.named_children)
        elif child.type != "comment":
            args.append(child)
    if args and reader.is_context(args[0]):
        args = args[1:]
    for arg in args:
        made = arg
        if arg.type == "unary_expression":
            made = arg.child_by_field_name("operand") or arg
        elif arg.type == "identifier":
            made = reader.receivers.meaning(arg).made or arg
        if made.type == "composite_literal":
            members(reader, made, keywords)
    return args, keywords, opaque


def members(reader: GoReader, literal: Node, keywords: dict[str, Node], depth: int = 0) -> None:
    body = literal.child_by_field_name("body")
    for element in body.named_children if body is not None else ():
        key, value = element.child_by_field_name("key"), element.child_by_field_name("value")
        if element.type != "keyed_element" or key is None or value is None:
            continue
        if not value.named_children:
            continue
        inner = value.named_children[0]
        keywords.setdefault(reader.text(key).strip('"'), inner)
        if inner.type == "composite_literal" and depth < MAX_DEPTH:
            members(reader, inner, keywords, depth + 1)
