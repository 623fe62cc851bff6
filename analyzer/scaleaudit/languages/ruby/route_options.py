"""What the words and options of Rails' routes mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.blocks import words
from scaleaudit.values import Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

# action -> (methods, after the collection's path, after one element's path)
PLURAL_ACTIONS: dict[str, tuple[tuple[str, ...], str, bool]] = {
    "index": (("GET",), "", False),
    "create": (("POST",), "", False),
    "new": (("GET",), "new", False),
    "show": (("GET",), "", True),
    "edit": (("GET",), "edit", True),
    "update": (("PATCH", "PUT"), "", True),
    "destroy": (("DELETE",), "", True),
}
SINGULAR_ACTIONS = {
    name: (methods, end, False)
    for name, (methods, end, _) in PLURAL_ACTIONS.items()
    if name != "index"
}
# Blocks that change nothing of the path.
TRANSPARENT = frozenset(
    [
        "constraints",
        "defaults",
        "authenticate",
        "authenticated",
        "unauthenticated",
        "with_options",
        "devise_scope",
        "direct",
        "localized",
        "each",
        "namespaced",
        "collection_routes",
    ]
)


def path_option(
    reader: RubyReader, options: dict[str, Node], default: str
) -> tuple[Value | str, ...]:
    """The pieces that `path:` adds, none for `path: nil`."""
    node = options.get("path")
    if node is None:
        return (default,) if default else ()
    if node.type == "nil":
        return ()
    value = reader.value(node)
    return () if isinstance(value, Unknown) else (value,)


def text_option(reader: RubyReader, options: dict[str, Node], name: str, default: str) -> str:
    found = words(reader, options.get(name))
    return found[0] if found else default


def handler_text(reader: RubyReader, node: Node | None) -> str:
    """A handler as a text: `orders#index`, `redirect`, a constant."""
    if node is None:
        return ""
    found = words(reader, node)
    if found:
        return found[0]
    if node.type == "call" and reader.method_name(node) == "redirect":
        return "redirect"
    return reader.hint(node).partition("\n")[0]


def is_true(node: Node | None) -> bool:
    return node is not None and node.type == "true"
