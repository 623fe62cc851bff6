"""What the methods of Tortoise's query sets add to a chain: attributes and comparisons by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.python.django.lookups import OPPOSITE, lookup, sort_path
from scaleaudit.languages.python.sqlalchemy.operands import is_constant
from scaleaudit.languages.python.sqlalchemy.syntax import bare, given, last_name, literal

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.sqlalchemy.chains import Chain
    from scaleaudit.languages.python.sqlalchemy.syntax import Given

LIMITS = frozenset({"first", "get", "get_or_none", "limit", "exists", "last", "earliest", "latest"})
ENDS = frozenset({"first", "get", "get_or_none", "exists", "count", "delete", "update", "create"})
INSERTS = frozenset({"create", "bulk_create", "get_or_create", "update_or_create"})
MAX_DEPTH = 12


def take(chain: Chain, call: Node) -> None:
    reader = chain.to.reader
    name, found = last_name(reader, call), given(call, reader)
    if name in INSERTS:
        for key in found.keywords if name.endswith("_or_create") else ():
            if key != "defaults":
                chain.to.add(Condition(key, "="))
        chain.inserts = chain.limited = chain.ended = True
        return
    if name in ("filter", "get", "get_or_none", "exclude", "first", "exists"):
        narrowed(chain, found, negated=name == "exclude")
    elif name in ("order_by", "latest", "earliest"):
        for arg in found.args:
            path = sort_path(literal(reader, arg))
            if not path:
                break
            chain.to.add(Condition(path, "sort", Clause.SORT))
    elif name in ("prefetch_related", "select_related"):
        texts = [literal(reader, arg) for arg in found.args]
        chain.loads += [text.replace("__", ".") for text in texts if text]
    elif name == "count":
        chain.aggregate = True
    elif name in ("group_by", "distinct"):
        chain.grouped = True
    elif name in ("update", "delete"):
        chain.writes, chain.deletes = True, name == "delete"
    elif name in ("raw", "annotate"):
        chain.partial = chain.partial or name == "raw"
    chain.limited = chain.limited or name in LIMITS
    chain.ended = chain.ended or name in ENDS
    chain.partial = chain.partial or chain.to.lost


def narrowed(chain: Chain, found: Given, *, negated: bool, group: int = 0, branch: int = 0) -> None:
    """Several conditions under NOT are an OR of their opposites, of which none must hold."""
    reader = chain.to.reader
    if negated and len(found.args) + len(found.keywords) > 1:
        return
    for key, value in found.keywords.items():
        asked = lookup(key)
        if asked is None:
            chain.to.lost = True
            continue
        operator = asked.operator
        if operator == "is-null" and value.type == "false":
            operator = "is-not-null"
        elif value.type == "none":
            operator = "is-null"
        if negated:
            operator = OPPOSITE.get(operator, "!=")
        chain.to.add(
            Condition(
                asked.path, operator, Clause.FILTER, asked.function, group > 0, group, branch,
                is_constant(reader, value),
            )
        )  # fmt: skip
    for arg in found.args:
        of_q(chain, arg, negated, group, branch, 0)
    chain.to.lost = chain.to.lost or found.more or bool(found.splats)


def of_q(chain: Chain, node: Node, negated: bool, group: int, branch: int, depth: int) -> None:
    """`Q(a=1) | Q(b=2)`, `~Q(a=1)`, `Q(Q(a=1), b=2)`."""
    node = bare(node)
    if depth > MAX_DEPTH:
        chain.to.lost = True
    elif node.type == "call" and last_name(chain.to.reader, node) == "Q":
        found = given(node, chain.to.reader)
        if "join_type" in found.keywords:
            chain.to.lost = True
            return
        narrowed(chain, found, negated=negated, group=group, branch=branch)
    elif node.type == "unary_operator":
        inner = node.child_by_field_name("argument")
        if inner is not None:
            of_q(chain, inner, not negated, group, branch, depth + 1)
    elif node.type == "binary_operator":
        sides = flat(node)
        sign = node.child_by_field_name("operator")
        either = (sign is not None and sign.type == "|") != negated
        if either and not group:
            chain.to.groups += 1
            for number, side in enumerate(sides, 1):
                of_q(chain, side, negated, chain.to.groups, number, depth + 1)
        else:
            for side in sides:
                of_q(chain, side, negated, group, branch, depth + 1)
    else:
        chain.to.lost = True


def flat(node: Node) -> list[Node]:
    """The sides of `a | b | c`."""
    sign = node.child_by_field_name("operator")
    found: list[Node] = []
    at: Node | None = node
    for _ in range(60):
        if at is None or at.type != "binary_operator":
            break
        own = at.child_by_field_name("operator")
        if own is None or sign is None or own.type != sign.type:
            break
        right = at.child_by_field_name("right")
        if right is not None:
            found.insert(0, right)
        at = at.child_by_field_name("left")
    return [at, *found] if at is not None else found
