"""The one program of a repository that an image holds, by the command that builds it.

A Dockerfile with the whole repository for context (`go build ./cmd/api`, `mvn -pl api`) makes an
image of one of its programs; the folder of that program is the workload's source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import PackageDeclared
from scaleaudit.linking.deployments.chosen_units import unit_around
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.linking.names import plain
from scaleaudit.regex import regex
from scaleaudit.source import Role, Span
from scaleaudit.values import Join, Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaleaudit.facts import ImageBuilt, ProgramBuilt
    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.values import Value

ECOSYSTEMS = {
    "dotnet": "nuget", "maven": "maven", "gradle": "gradle", "npm": "npm", "go": "go",
    "cargo": "cargo",
}  # fmt: skip
MAX_ARGUMENTS = 8  # that name each other
# What a unit's build left behind: its program, whatever else of it the image takes.
MADE = regex(r"(?:^|/)(?:target|build/(?:libs|install|distributions|quarkus-app))(?:/|$)")
NO_UNIT = PackageDeclared(Span(0), "", "")


class BuildTargets:
    """`packages`: the build unit of each folder; programs of Go modules are added to it."""

    def __init__(self, index: FactsIndex, packages: dict[str, PackageDeclared]) -> None:
        self._index = index
        self._packages = packages
        self._folders: set[str] | None = None

    def narrow(self, workloads: Iterable[Workload]) -> None:
        """Sets `root` to the program's folder.

        Only of a folder that holds several programs: one that several images are built from, or a
        whole repository of build units.
        """
        built: dict[str, dict[str, list[Workload]]] = {}  # source folder, program
        for workload in workloads:
            if workload.root is not None and workload.image_fact is not None:
                found = self._whole(self._target(workload, workload.image_fact.programs))
                if found is not None and found != workload.root:
                    built.setdefault(workload.root, {}).setdefault(found, []).append(workload)
        for root, programs in built.items():
            for folder, those in programs.items():
                is_unit = folder in self._packages
                if len(programs) < 2 and not (is_unit and self._holds_units(root)):
                    continue
                if not is_unit and not self.declare(folder):
                    continue
                for workload in those:
                    workload.root = folder

    def of_image(self, root: str, image: ImageBuilt) -> str | None:
        """The folder of the only program that an image holds, built from all of `root`."""
        found = self.all_of_image(root, image)
        return found.pop() if len(found) == 1 else None

    def all_of_image(self, root: str, image: ImageBuilt) -> set[str]:
        """The folders of all programs that are built for an image."""
        folders = (self._folder(root, {}, each) for each in image.programs)
        return {folder for folder in folders if folder is not None}

    def _whole(self, folder: str | None) -> str | None:
        """`orders/cmd` is where the program of `orders` begins, where one module holds several."""
        if folder is None or not folder.endswith("/cmd"):
            return folder
        above = folder.removesuffix("/cmd")
        return above if self._module(folder) not in (None, above, folder) else folder

    def _holds_units(self, folder: str) -> bool:
        unit = self._packages.get(folder)
        return not folder or (unit is not None and bool(unit.members))

    def declare(self, folder: str) -> bool:
        """Makes a Go program a unit of its own, which contains its module as a library."""
        module = self._module(folder)
        if module is None:
            return False
        unit = self._packages[module]
        name = f"{unit.name}/{folder[len(module) :].lstrip('/')}"
        needs = ((unit.name, ""), *unit.dependencies)
        self._packages[folder] = PackageDeclared(Span(0), name, "go", needs, runnable=True)
        return True

    def _target(self, workload: Workload, programs: Iterable[ProgramBuilt]) -> str | None:
        """The folder of the only program built, or of the one that is called like the workload."""
        found: dict[str, None] = {}
        given = {arg.name: arg.value for arg in workload.fact.build_args}
        for each in programs:
            folder = self._folder(workload.root or "", given, each)
            if folder is not None:
                found[folder] = None
        if len(found) > 1:
            names = {plain(workload.name), *map(plain, workload.command[:1])}
            same = [folder for folder in found if plain(folder.rpartition("/")[2]) in names]
            return same[0] if len(same) == 1 else None
        return next(iter(found), None) or self._started(workload) or self._copied(workload)

    def _copied(self, workload: Workload) -> str | None:
        """The only unit that runs by itself of those whose folders, or what was built in them, the
        image takes out of a whole repository."""
        root, image = workload.root or "", workload.image_fact
        if image is None or any(copy.strip("./") == "" for copy in image.copies):
            return None
        made = [copy for copy in image.copies if MADE.search(copy)]
        makers = {unit_around(root, copy.rstrip("/"), self._packages) for copy in made} - {""}
        if len(makers) == 1:
            return makers.pop()
        if self._packages.get(root, NO_UNIT).runnable:
            return None
        units = {unit_around(root, copy.rstrip("/"), self._packages) for copy in image.copies}
        found = [unit for unit in units - {""} if self._packages[unit].runnable]
        return found[0] if len(found) == 1 else None

    def _started(self, workload: Workload) -> str | None:
        """The Go or Rust program that the workload starts by name: one built with its whole module
        (`go install ./...`) is called like its folder."""
        name = workload.command[0].rpartition("/")[2] if workload.command else ""
        image = workload.image_fact
        ecosystem = self._packages.get(workload.root or "", NO_UNIT).ecosystem
        if ecosystem == "cargo":
            words = workload.command or (image.command if image is not None else ())
            name = words[0].rpartition("/")[2] if words else ""
            return self._unit(workload.root or "", name, ecosystem) if name else None
        if not name or ecosystem != "go":
            return None
        same = [
            folder
            for folder in (folder_of(path) for path in self._index.files if is_main(path))
            if folder.rpartition("/")[2] == name and is_below(folder, workload.root or "")
            and self._builds(folder, "go")
        ]  # fmt: skip
        return same[0] if len(same) == 1 else None

    def _folder(
        self, root: str, given: Mapping[str, Value | None], program: ProgramBuilt
    ) -> str | None:
        target = filled(program.target, given)
        if target is None:
            return None
        if program.tool in ("maven", "gradle", "npm", "cargo"):
            return self._unit(root, target, ECOSYSTEMS[program.tool])
        if program.tool == "dotnet" and target.endswith("proj"):
            target = target.rpartition("/")[0]
        if target.startswith("/"):
            return self._at_end(root, target, program.tool)
        folder = resolve_path(root, target)
        if (
            target not in (".", "./", "")
            and folder is not None
            and self._builds(folder, program.tool)
        ):
            return folder
        return self._at_end(root, f"{program.folder}/{target}", program.tool)

    def _at_end(self, root: str, path: str, tool: str) -> str | None:
        """The folder for a path in the image, whatever the repository is called there."""
        parts = [part for part in path.split("/") if part not in ("", ".")]
        for start in range(len(parts)):
            folder = resolve_path(root, "/".join(parts[start:]))
            if folder is not None and self._builds(folder, tool):
                return folder
        return None

    def _unit(self, root: str, target: str, ecosystem: str) -> str | None:
        folder = resolve_path(root, target)
        if folder and folder != root and self._is_unit(folder, ecosystem):
            return folder
        named = [
            at
            for at, unit in self._packages.items()
            if at and unit.ecosystem == ecosystem and is_below(at, root)
            and target in names_of(unit)
        ]  # fmt: skip
        return named[0] if len(named) == 1 else None

    def _is_unit(self, folder: str, ecosystem: str) -> bool:
        unit = self._packages.get(folder)
        return unit is not None and unit.ecosystem == ecosystem

    def _builds(self, folder: str, tool: str) -> bool:
        if tool != "go":
            return self._is_unit(folder, ECOSYSTEMS[tool])
        if self._folders is None:
            self._folders = {
                folder_of(path)
                for path in self._index.files
                if path.endswith(".go") and self._index.role(path) is Role.SOURCE
            }
        return folder in self._folders

    def _module(self, folder: str) -> str | None:
        """The innermost Go module around a folder."""
        found = [
            at
            for at, unit in self._packages.items()
            if unit.ecosystem == "go" and is_below(folder, at)
        ]
        return max(found, key=len) if found else None


def names_of(unit: PackageDeclared) -> set[str]:
    """What commands call it: by its name, without a scope or group; programs of Rust by theirs."""
    names = {unit.name, unit.name.rpartition("/")[2], unit.name.rpartition(":")[2]}
    return names | {name for name, _ in unit.scripts} if unit.ecosystem == "cargo" else names


def is_main(path: str) -> bool:
    return path.endswith("/main.go")


def filled(value: Value, given: Mapping[str, Value | None], depth: int = 0) -> str | None:
    """The text with the build's arguments put in, or their defaults; None when one is not known."""
    if depth > MAX_ARGUMENTS:
        return None
    match value:
        case Literal(text=text):
            return text
        case Join(parts=parts):
            texts = [filled(part, given, depth + 1) for part in parts]
            return None if None in texts else "".join(text for text in texts if text is not None)
        case Setting(key=key, default=default):
            chosen = given.get(key) or default
            return None if chosen is None else filled(chosen, given, depth + 1)
        case _:
            return None
