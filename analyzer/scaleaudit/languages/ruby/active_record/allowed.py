"""Rows that somebody may see: `policy_scope(Order)` of Pundit, `authorized_scope(Order.all)` of Action Policy.

Which of them that are is told by a policy elsewhere, so that a part of the query is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.active_record.starts import Chains

SCOPED = frozenset({"policy_scope", "policy_scope!", "authorized_scope"})
HOLDER = "Pundit"  # is also given who asks, before what


def allowed(chains: Chains, call: Node) -> list[Relation] | None:
    """What is left of the rows that the call is given; None when it is another call."""
    reader = chains.reader
    if reader.method_name(call) not in SCOPED:
        return None
    receiver = call.child_by_field_name("receiver")
    args = reader.positional(call)
    if receiver is not None:
        if reader.hint(receiver) != HOLDER:
            return None
        args = args[1:]
    given = args[0] if args else None
    if given is not None and given.type == "array":  # names of policies stand before
        given = given.named_children[-1] if given.named_children else None
    found: list[Relation] = []
    for each in chains.relations(given) if given is not None else ():
        if each.state not in ("class", "relation"):
            continue
        copy = each.copy()
        if each.last is not None:
            copy.beginnings = (*each.beginnings, each.last.id, call.id)
        copy.state, copy.partial, copy.last = "relation", True, None
        found.append(copy)
    return found
