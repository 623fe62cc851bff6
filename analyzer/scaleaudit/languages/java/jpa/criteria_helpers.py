"""Methods of other classes that are given a column of a query: they may make a condition of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.java.jpa.criteria_paths import receiver_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

HELPER = regex(
    r"(?!(?:List|Set|Stream|Arrays|Collections|Objects|Optional|Lists|Sets|Map)$)[A-Z]\w*"
)
LISTS = regex(
    r"(?i)\w*(?:select|order|sort|group|join|fetch|projection|count|concat|expression)\w*"
)


def column_at(reader: JvmReader, node: Node) -> Node | None:
    """`root.get("a").get("b")`, of which the node is the root; None where it stands alone."""
    top: Node | None = None
    above = node.parent
    while above is not None and reader.is_call(above) and receiver_of(above) in (node, top):
        if reader.chain(above)[-1].name != "get":
            return None
        top, above = above, above.parent
    return top


def of_helper(reader: JvmReader, call: Node, name: str) -> bool:
    """A method of another class, `Filters.anyOf(values, cb, root.get("a"))`: it may make a condition."""
    receiver = receiver_of(call)
    helper = receiver is not None and HELPER.fullmatch(reader.text(receiver)) is not None
    return helper and LISTS.fullmatch(name) is None
