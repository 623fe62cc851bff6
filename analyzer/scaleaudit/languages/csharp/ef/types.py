"""Types of C# as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

COLUMNS = {
    "int": "INT", "Int32": "INT", "long": "BIGINT", "Int64": "BIGINT", "short": "SMALLINT", "byte": "SMALLINT",
    "uint": "BIGINT", "ulong": "BIGINT", "ushort": "INT", "sbyte": "SMALLINT", "bool": "BOOLEAN", "Boolean": "BOOLEAN",
    "string": "VARCHAR", "String": "VARCHAR", "char": "CHAR", "DateTime": "TIMESTAMP", "DateTimeOffset": "TIMESTAMP",
    "DateOnly": "DATE", "TimeOnly": "TIME", "TimeSpan": "TIME", "Guid": "UUID", "decimal": "DECIMAL", "Decimal": "DECIMAL",
    "double": "DOUBLE", "float": "REAL", "Uri": "VARCHAR", "Instant": "TIMESTAMP",
}  # fmt: skip
LISTS = {
    "ICollection", "IList", "List", "IEnumerable", "HashSet", "ISet", "Collection", "IReadOnlyCollection",
    "IReadOnlyList", "ObservableCollection",
}  # fmt: skip


def written_type(reader: CSharpSyntax, node: Node) -> tuple[str, bool, bool]:
    """(name without qualifiers, whether a list of it, whether it may be null)."""
    nullable = False
    if node.type == "nullable_type" and node.named_children:
        nullable, node = True, node.named_children[0]
    if node.type == "array_type":
        inner = node.child_by_field_name("type")
        return (reader.plain(inner) if inner is not None else ""), True, nullable
    if node.type == "generic_name" or (node.type == "qualified_name" and node.named_children):
        generic = node if node.type == "generic_name" else node.named_children[-1]
        name = reader.plain(generic)
        if name in LISTS and generic.type == "generic_name":
            given = generic.named_children[-1].named_children
            return (reader.plain(given[0]) if len(given) == 1 else ""), True, nullable
        if name == "Nullable" and generic.type == "generic_name":
            given = generic.named_children[-1].named_children
            return (reader.plain(given[0]) if given else ""), False, True
        return ("" if generic.type == "generic_name" else name), False, nullable
    return reader.plain(node), False, nullable
