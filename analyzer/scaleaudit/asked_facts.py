"""Of which facts linking makes nothing, so that edits which only change such are told.

Most imports that are added or taken away are of libraries. They lead to no file of the repository,
and linking looks for the names of a few libraries alone. Versions of dependencies are looked at for
some migrations, and what calls hand over only for functions that make addresses of it. So where the
other facts of a file are the same, linking would come out the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import (
    ArgumentsGiven,
    ImportFound,
    PackageDeclared,
    name_sign,
    without_versions,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from scaleaudit.facts import Fact, FileFacts

# Kinds of files in whose languages an import of a library is told from one of an own file by its name.
FAMILIES = {
    "python": "python",
    "javascript": "scripts",
    "typescript": "scripts",
    "tsx": "scripts",
    "java": "jvm",
    "kotlin": "jvm",
    "go": "go",
}


class AskedFacts(msgspec.Struct, frozen=True, array_like=True):
    """`whole`: somebody looked at more than is told here.

    `libraries`: by family of languages, the modules that are imported somewhere, lead to no file
    from wherever, and were looked for by nobody. `versions`: those of dependencies were asked for.
    `given`: the last names of functions for which it was asked what they are given.
    """

    whole: bool = True
    libraries: dict[str, frozenset[str]] = {}
    versions: bool = True
    given: frozenset[str] = frozenset()


def what_matters(
    asked: AskedFacts, signs: Collection[bytes], kind: str, old: FileFacts, new: FileFacts
) -> tuple[FileFacts, FileFacts]:
    """What is left to compare of two states of one file. `signs`: of names that were looked for."""
    if _manner(old) != _manner(new):
        return old, new
    libraries = asked.libraries.get(FAMILIES.get(kind, ""), frozenset())
    known: Collection[str] = () if asked.whole else libraries
    return _left(old, asked, known, signs), _left(new, asked, known, signs)


def _manner(file: FileFacts) -> tuple[bool, bool]:
    """That it imports anything counts, and that it does when it is loaded."""
    imports = [fact for fact in file.facts if isinstance(fact, ImportFound)]
    return bool(imports), any(not fact.lazy for fact in imports)


def _left(
    file: FileFacts, asked: AskedFacts, libraries: Collection[str], signs: Collection[bytes]
) -> FileFacts:
    facts: list[Fact] = []
    renamed = {
        here
        for fact in file.facts
        if isinstance(fact, ImportFound)
        for name, here in fact.names
        if name not in (here, "default")
    }
    for fact in file.facts:
        if isinstance(fact, ImportFound):
            if fact.module in libraries and _plain(fact, signs):
                continue
        elif isinstance(fact, ArgumentsGiven):
            if not asked.whole and fact.function not in renamed and _last(fact) not in asked.given:
                continue
        elif isinstance(fact, PackageDeclared) and not asked.versions:
            fact = without_versions(fact)
        facts.append(fact)
    return msgspec.structs.replace(file, facts=tuple(facts))


def _last(fact: ArgumentsGiven) -> str:
    return fact.function.rpartition(".")[2]


def _plain(fact: ImportFound, signs: Collection[bytes]) -> bool:
    """It takes in no unknown names, nothing for its effect alone, and renames no function asked for."""
    return fact.alias != "_" and all(
        name != "*" and (here in ("", name) or name_sign(name.encode()) not in signs)
        for name, here in fact.names
    )
