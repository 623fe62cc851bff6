"""What getters give: fields of the class, of objects of settings, texts of an enum's constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.java.enums import asked_of_enum
from scaleaudit.regex import regex
from scaleaudit.values import Name

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader
    from scaleaudit.languages.java.names import Link
    from scaleaudit.values import Value

GETTER = regex(r"^(?:get|is)([A-Z]\w*)$")


def getter_value(reader: JvmReader, links: list[Link], receiver: Node | None) -> Value | None:
    """`props.getBilling().getUrl()` as the field `Properties.billing.url`."""
    if len(links) > 1 and (carried := asked_of_enum(links)) is not None:
        return carried
    names: list[str] = []
    for link in links[1:] if len(links) > 1 else links:
        match = GETTER.match(link.name)
        if match is not None:
            names.append(match[1][0].lower() + match[1][1:])
        elif link.name.isidentifier():
            names.append(link.name)
    if not names or "?" in names:
        return None
    root = links[0]
    if len(links) == 1 or root.name == "this":
        if GETTER.match(links[-1].name) is None or root.node is None:
            return None
        full = reader.field(names[-1], root.node)
        return Name(full) if full is not None else None
    if receiver is None or root.node is not None or not root.name.isidentifier():
        return None
    owner = reader.declared_type(root.name, receiver)
    if not owner or reader.qualified_type(owner).startswith(("java.", "javax.", "kotlin.")):
        return None
    return Name(".".join([owner, *names]))
