"""A chain of calls as Exposed's queries are written, with the lambdas behind the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.record import Record

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_LINKS = 60


class Link(Record, frozen=True):
    """`where(a) { b }`: its name, its arguments and what stands in its lambda."""

    name: str
    args: list[Node]
    lambdas: list[Node]
    call: Node


def links_of(reader: JvmReader, top: Node) -> tuple[Node, list[Link]]:
    """What a chain begins with, and its calls, the first one first."""
    links: list[Link] = []
    at = top
    for _ in range(MAX_LINKS):
        if at.type != "call_expression" or not at.named_children:
            break
        args: list[Node] = []
        lambdas: list[Node] = []
        whole = callee = at
        while callee.type == "call_expression" and callee.named_children:
            for part in callee.named_children[1:]:
                if part.type == "value_arguments":
                    given = [a for a in part.named_children if a.type == "value_argument"]
                    args.extend(a.named_children[-1] for a in given if a.named_children)
                elif part.type == "annotated_lambda" and part.named_children:
                    lambdas.append(part.named_children[-1])
            behind = callee.named_children[0]
            if behind.type != "call_expression" or args:
                callee = behind
                break
            callee = behind
        if callee.type != "navigation_expression" or len(callee.named_children) < 2:
            break
        links.append(Link(reader.text(callee.named_children[-1]), args, lambdas, whole))
        at = callee.named_children[0]
    links.reverse()
    return at, links


def expressions(given: Node) -> list[Node]:
    """What a lambda says, without the names of what it is handed."""
    if given.type != "lambda_literal":
        return [given]
    return [
        each
        for each in given.named_children
        if each.type not in ("lambda_parameters", "line_comment", "block_comment")
    ]
