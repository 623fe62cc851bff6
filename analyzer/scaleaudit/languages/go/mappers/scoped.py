"""What functions handed to a query of GORM add to it: `db.Scopes(OfShop(id)).Find(&orders)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.go.following import ALWAYS

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.mappers.chains import Chains
    from scaleaudit.languages.go.mappers.links import Link
    from scaleaudit.languages.go.reader import GoReader

HANDLE = "gorm.DB"


def scope_links(reader: GoReader, chains: Chains, given: Node) -> list[Link] | None:
    """The calls that a function of this file always makes on the query; None where that is not known.

    `OfShop(id)` hands back a function, `Open` is one itself.
    """
    made = given.type == "call_expression"
    named = given.child_by_field_name("function") if made else given
    own = given if given.type == "func_literal" else None
    if own is None and named is not None and named.type == "identifier":
        own = reader.declared.get(reader.text(named))
    if own is not None and made:
        back = returned(own)
        own = back if back is not None and back.type == "func_literal" else None
    if own is None or not takes_query(reader, own):
        return None
    last = returned(own)
    if last is None or last.type not in ("call_expression", "identifier"):
        return None
    found = chains.of(last) if last.type == "call_expression" else chains.held(last)
    if found is None:
        return None
    return [link for link in found.links if link.choices == ALWAYS]


def takes_query(reader: GoReader, function: Node) -> bool:
    parameters = function.child_by_field_name("parameters")
    return parameters is not None and HANDLE in reader.text(parameters)[:300]


def returned(function: Node) -> Node | None:
    """What the last line of a function gives back."""
    body = function.child_by_field_name("body")
    inner = body.named_children if body is not None else []
    statements = inner[0].named_children if inner and inner[0].type == "statement_list" else inner
    last = statements[-1] if statements else None
    if last is None or last.type != "return_statement" or not last.named_children:
        return None
    values = last.named_children[0].named_children
    return values[0] if len(values) == 1 else None
