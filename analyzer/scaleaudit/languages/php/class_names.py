"""Classes by their full names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

MEMBER_CALLS = {"member_call_expression", "nullsafe_member_call_expression"}
CALLS = {*MEMBER_CALLS, "scoped_call_expression", "function_call_expression"} | {
    "object_creation_expression"
}
CLASS_NAMES = {"name", "qualified_name", "relative_name"}
FACADES = "Illuminate.Support.Facades."
# Classes that Laravel makes known under a short name in files without a namespace.
FACADE_NAMES = {
    "Bus",
    "DB",
    "File",
    "Http",
    "Queue",
    "Redis",
    "Route",
    "Schema",
    "Session",
    "Storage",
}


def class_name(reader: PhpReader, written: str) -> str:
    r"""The dotted full name of a class: `\A\B`, an imported alias, or one of the own namespace."""
    if written.startswith("\\"):
        full = written[1:]
    else:
        first, _, rest = written.partition("\\")
        if first.lower() == "namespace":
            full = f"{reader.namespace}\\{rest}"
        elif first in reader.imports:
            full = reader.imports[first] + (f"\\{rest}" if rest else "")
        elif reader.namespace:
            full = f"{reader.namespace}\\{written}"
        else:
            full = written
    full = full.replace("\\", ".")
    return f"{FACADES}{full}" if full in FACADE_NAMES else full


def created(reader: PhpReader, node: Node) -> str:
    written = next((c for c in node.named_children if c.type in CLASS_NAMES), None)
    full = class_name(reader, reader.text(written)) if written is not None else "?"
    # Nobody makes a facade: `new Redis()` is the extension's class.
    short = full.removeprefix(FACADES)
    return short if short in FACADE_NAMES and "\\" not in reader.imports.get(short, "") else full


def dotted(written: str) -> str:
    return written.lstrip("\\").replace("\\", ".")
