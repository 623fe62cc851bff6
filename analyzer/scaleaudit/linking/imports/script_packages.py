"""Imports of packages of the same workspace: `@shop/orders` for `packages/orders/src/index.ts`.

What a `package.json` names as entries mostly is what a build makes (`./dist/cjs/index.js`); the
repository holds the source of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import PackageDeclared
from scaleaudit.linking.facts_index import folder_of, resolve_path
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex

# Folders of what a build makes, and of its forms for several kinds of importers.
BUILT = regex(r"(?:dist|build|lib|out|output|es|esm|cjs|mjs|umd|types|typings|\.?output)(?:-\w+)?")
ENDING = regex(r"(?:\.d)?\.[cm]?[jt]sx?$")


class ScriptPackages:
    """The packages of all `package.json` by their names."""

    def __init__(self, index: FactsIndex) -> None:
        self._roots: dict[str, tuple[str, PackageDeclared]] = {}
        for path, package in index.of(PackageDeclared):
            if package.ecosystem == "npm" and package.name:
                self._roots.setdefault(package.name, (folder_of(path), package))

    def knows(self, module: str) -> bool:
        """It is one of the packages, or inside of one."""
        return self._package(module) is not None

    def _package(self, module: str) -> tuple[str, PackageDeclared, str] | None:
        """The folder of a module's package, and what follows behind its name."""
        parts = module.split("/")
        length = 2 if module.startswith("@") else 1
        known = self._roots.get("/".join(parts[:length])) if parts[0] else None
        return (*known, "/".join(parts[length:])) if known is not None else None

    def stems(self, module: str) -> Iterator[str]:
        """Where a module may lie, the likeliest first."""
        known = self._package(module)
        if known is None:
            return
        root, package, rest = known
        for written in _entries(package, rest):
            yield from _sources(root, written)
        for base in (f"{root}/src", root):
            yield f"{base}/{rest}" if rest else f"{base}/index"
        if rest:
            yield from _sources(root, rest)


def _entries(package: PackageDeclared, rest: str) -> Iterator[str]:
    """What the package says that a path below it stands for."""
    for name, target in package.entries:
        start, star, end = name.partition("*")
        if not star:
            if name == rest:
                yield target
        elif len(rest) >= len(start + end) and rest.startswith(start) and rest.endswith(end):
            yield target.replace("*", rest[len(start) : len(rest) - len(end)])


def _sources(root: str, written: str) -> Iterator[str]:
    """The file as written, or the source that a build made it of."""
    stem = resolve_path(root, written)
    if stem is None:
        return
    yield stem
    inner = ENDING.sub("", stem.removeprefix(f"{root}/" if root else ""))
    while "/" in inner and BUILT.fullmatch(inner.partition("/")[0]):
        inner = inner.partition("/")[2]
        yield f"{root}/src/{inner.removeprefix('src/')}"
        yield f"{root}/{inner}"
