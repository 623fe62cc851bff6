"""`use` and `require`: other files by namespace or by path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ImportFound
from scaleaudit.values import Join, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

HERE = ("__DIR__", "dirname(__FILE__)")


def used(reader: PhpReader, node: Node) -> Iterator[ImportFound]:
    r"""`use A\B as C;`, `use A\{B, C};`, `use function A\f;`."""
    group = node.child_by_field_name("body")
    prefix = next((c for c in node.named_children if c.type == "namespace_name"), None)
    start = f"{reader.text(prefix)}\\" if group is not None and prefix is not None else ""
    kind = next((c.type for c in node.children if c.type in ("function", "const")), "")
    for clause in (group or node).named_children:
        if clause.type != "namespace_use_clause" or not clause.named_children:
            continue
        module = start + reader.text(clause.named_children[0]).lstrip("\\")
        alias = clause.child_by_field_name("alias")
        here = reader.text(alias) if alias is not None else module.rpartition("\\")[2]
        if kind == "function":
            reader.functions[here] = module.replace("\\", ".")
        elif not kind:
            reader.imports[here] = module
        yield ImportFound(
            reader.span(clause), module, (), reader.text(alias) if alias is not None else ""
        )


def required(reader: PhpReader, node: Node) -> Iterator[ImportFound]:
    """`require __DIR__ . "/x.php"` and plain relative paths."""
    given = node.named_children[0] if node.named_children else None
    if given is not None and given.type == "parenthesized_expression" and given.named_children:
        given = given.named_children[0]
    if given is None:
        return
    written = reader.text(given)[:40].replace(" ", "")
    found = reader.value(given)
    text = found.text if isinstance(found, Literal) else ""
    if (
        isinstance(found, Join)
        and written.startswith(HERE)
        and isinstance(found.parts[-1], Literal)
    ):
        text = f".{found.parts[-1].text}" if len(found.parts) == 2 else ""
    if text.endswith(".php"):
        lazy = reader.function_around(node) is not None
        yield ImportFound(reader.span(node), text, lazy=lazy)
