"""Contexts that hold no database: of a request, a validation, a step of a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

# What goes through a program under the name of a context, and holds lists in memory.
OF_A_RUN = regex(
    rb"(?i)(?:execution|activity|workflow|http|action|request|response|validation|filter|invocation|render\w{0,40}|view"
    rb"|command|handler|consume|job|middleware|pipeline|message|build|compilation)_?context$"
)
DECLARED = regex(rb"\b([A-Z]\w*Context)\??\s+(\w+)\s*[,);={]")


def context_types(reader: CSharpSyntax) -> dict[bytes, set[bytes]]:
    """The types of contexts that the file declares something with, by the name of what it declares."""
    found: dict[bytes, set[bytes]] = {}
    for match in DECLARED.finditer(reader.content):
        found.setdefault(match[2], set()).add(match[1])
    return found


def of_a_run(name: bytes, types: Mapping[bytes, Collection[bytes]]) -> bool:
    """By its name, or by all types that the file declares something of that name with."""
    declared = types.get(name, ())
    return OF_A_RUN.search(name) is not None or (
        bool(declared) and all(OF_A_RUN.search(each) for each in declared)
    )
