"""All facts of a repository, by kind, each with the path of its file."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from scaleaudit.asked_names import Asking
from scaleaudit.facts import ImportFound, PackageDeclared, without_versions
from scaleaudit.linking.mentions import Mentions
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from scaleaudit.facts import Fact, FileFacts, NamedFunction
    from scaleaudit.source import SourceFile

    F = TypeVar("F", bound=Fact)


PLAIN_PATH = regex(r"(?:[^/.][^/]*/)*[^/.][^/]*")  # without `.`, `..` and what begins with a dot


class FactsIndex:
    """One pass over everything; afterwards each linker takes the kinds it knows."""

    def __init__(
        self,
        facts: Mapping[str, FileFacts],
        files: Mapping[str, SourceFile],
        asking: Asking | None = None,
    ) -> None:
        self.files = files
        self.namespaces = {path: each.namespace for path, each in facts.items()}
        self.endless = {path for path, each in facts.items() if each.endless}
        self.commanded = {path for path, each in facts.items() if each.commanded}
        self.asking = asking or Asking()
        # For those who note in `asking` what they look for.
        self.functions_by_question = {
            path: each.functions for path, each in facts.items() if each.functions
        }
        self.mentions = Mentions(self.functions_by_question, self.asking)
        self._by_kind: dict[type, list[tuple[str, Fact]]] = {}
        self._by_path: dict[type, dict[str, list[Fact]]] = {}
        by_kind = self._by_kind
        for path in sorted(facts):
            for fact in facts[path].facts:
                kind = type(fact)
                if kind in by_kind:
                    by_kind[kind].append((path, fact))
                else:
                    by_kind[kind] = [(path, fact)]
        self._packages = self.of(PackageDeclared)
        if self._packages:
            by_kind[PackageDeclared] = [(p, without_versions(each)) for p, each in self._packages]

    def of(self, kind: type[F]) -> list[tuple[str, F]]:
        """(path, fact) of every fact of the kind, by path and then in file order.

        Whoever takes imports so may depend on any of them.
        """
        if kind is ImportFound:
            self.asking.all_imports = True
        return cast("list[tuple[str, F]]", self._by_kind.get(kind, []))

    def facts_of(self, path: str, kind: type[F]) -> list[F]:
        """The facts of one file and kind, in file order."""
        if kind is ImportFound:
            self.asking.all_imports = True
        return self._facts_of(path, kind)

    def _facts_of(self, path: str, kind: type[F]) -> list[F]:
        if kind not in self._by_path:
            by_path = self._by_path.setdefault(kind, {})
            for where, fact in self._by_kind.get(kind, ()):
                by_path.setdefault(where, []).append(fact)
        return cast("list[F]", self._by_path[kind].get(path, []))

    def importing(self, wanted: Callable[[str], object]) -> list[tuple[str, ImportFound]]:
        """The imports of modules whose names are wanted, by path; each name is asked for once."""
        names = [name for name in self.modules_by_question if wanted(name)]
        self.asking.modules.update(names)
        imports = self.imports_by_question
        return [
            imports[n] for n in sorted(n for name in names for n in self.modules_by_question[name])
        ]

    def is_imported(self, module: str) -> bool:
        """Whether any file has an import of just this name."""
        self.asking.modules.add(module)
        return module in self.modules_by_question

    @property
    def imports_by_question(self) -> list[tuple[str, ImportFound]]:
        """All imports, for those to whom a library's says nothing unless it brings names without
        naming them, renames (`Units.is_renamed`) or is there for its effect (`asked_facts`)."""
        return cast("list[tuple[str, ImportFound]]", self._by_kind.get(ImportFound, []))

    def imports_of(self, path: str) -> list[ImportFound]:
        """Those of one file, in file order, for the same."""
        return self._facts_of(path, ImportFound)

    @property
    def packages_with_versions(self) -> list[tuple[str, PackageDeclared]]:
        """The build units with the versions of what they need, which the others are without."""
        self.asking.versions = True
        return self._packages

    @cached_property
    def modules_by_question(self) -> dict[str, list[int]]:
        """The names of all imported modules, a tenth of the imports, with the places among these."""
        found: dict[str, list[int]] = {}
        for n, (_, fact) in enumerate(self.imports_by_question):
            found.setdefault(fact.module, []).append(n)
        return found

    @property
    def functions(self) -> Mapping[str, Sequence[NamedFunction]]:
        """All that is known of functions, by file; whoever looks at it may depend on any of it."""
        self.asking.whole = True
        return self.functions_by_question

    def has_functions(self, path: str) -> bool:
        self.asking.listed.add(path)
        return path in self.functions_by_question

    def add(self, kind: type[F], found: Iterable[tuple[str, F]]) -> None:
        """More facts of a kind, which the linker worked out of others."""
        self._by_path.pop(kind, None)
        known = self._by_kind.setdefault(kind, [])
        known.extend(found)
        known.sort(key=lambda pair: pair[0])

    def change(self, kind: type[F], changed: Callable[[F], F]) -> None:
        """Each fact of a kind as `changed` gives it back."""
        self._by_path.pop(kind, None)
        self._by_kind[kind] = [(path, changed(fact)) for path, fact in self.of(kind)]

    def as_written(self) -> Iterator[list[tuple[str, Fact]]]:
        """All that there is of each kind."""
        for kind, found in self._by_kind.items():
            yield (
                cast("list[tuple[str, Fact]]", self._packages) if kind is PackageDeclared else found
            )

    def role(self, path: str) -> Role:
        file = self.files.get(path)
        return file.role if file else Role.SOURCE

    def kind(self, path: str) -> str:
        file = self.files.get(path)
        return file.kind if file else ""


def is_shadowed(path: str, files: Collection[str]) -> bool:
    """A module of Python beside a package of its name, which is what imports of that name find."""
    return path.endswith(".py") and f"{path.removesuffix('.py')}/__init__.py" in files


def folder_of(path: str) -> str:
    """The folder of a path, empty for the root."""
    return path.rpartition("/")[0]


def resolve_path(folder: str, relative: str) -> str | None:
    """`relative` seen from `folder`, normalised; None when it leaves the root."""
    odd = folder.endswith("/") or "//" in folder
    at, below = "" if odd else folder, relative
    while below.startswith(("./", "../")) and at:
        at = folder_of(at) if below.startswith("../") else at
        below = below.partition("/")[2]
    if at and PLAIN_PATH.fullmatch(f"{at}/{below}"):  # nearly all
        return f"{at}/{below}"
    parts = [] if relative.startswith("/") else [part for part in folder.split("/") if part]
    for part in relative.split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")
