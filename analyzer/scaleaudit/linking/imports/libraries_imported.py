"""Modules that are imported, of which it is sure that they lead to no file of the repository.

The same import is as sure in any other file, so nothing here may depend on where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.asked_facts import FAMILIES

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules


def libraries_imported(index: FactsIndex, modules: Modules) -> dict[str, set[str]]:
    """By family of languages, those for which nobody looked by their names."""
    imports, asked = index.imports_by_question, index.asking.modules
    own = _packages(index)
    found: dict[str, set[str]] = {}
    for name, places in index.modules_by_question.items():
        family = FAMILIES.get(index.kind(imports[places[0]][0]), "")
        if not family or name in asked:
            continue
        outside = _beside(name, own) if family == "jvm" else modules.is_library(family, name)
        if outside:
            found.setdefault(family, set()).add(name)
    return found


def _packages(index: FactsIndex) -> set[str]:
    """That files of the JVM declare, and the names of those that declare none."""
    found = set()
    for path in index.files:
        if FAMILIES.get(index.kind(path)) == "jvm":
            stem = path.rpartition("/")[2].partition(".")[0]
            found.add(index.namespaces.get(path, "") or stem)
    return found


def _beside(module: str, packages: set[str]) -> bool:
    """Neither one of them nor anything inside of one."""
    parts = module.strip(".").split(".")
    return not any(".".join(parts[:length]) in packages for length in range(1, len(parts) + 1))
