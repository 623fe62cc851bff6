"""Modules of Maven and Gradle that are programs, told by what they and their libraries start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import (
    EndpointServed,
    MessageReceived,
    PackageDeclared,
    ServerStarted,
    SettingDefined,
)
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.names import plain
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scaleaudit.linking.facts_index import FactsIndex

CLUSTER_MEMBER = (
    "vertx-cluster"  # a server by which a module joins others, whoever is built with it
)
MAX_PARENTS = 12  # units above one
# What only a program says in the settings that it reads itself.
OWN_SETTINGS = regex(r"(?:^|/)src/main/resources/(?:config/)?(?:application|bootstrap)[^/]*$")
OF_A_PROGRAM = {
    *(f"{framework}.application.name" for framework in ("spring", "micronaut", "quarkus")),
    "server.port",
    "micronaut.server.port",
    "quarkus.http.port",
}
QUARKUS = regex(r"quarkus\.")


def built_to_run(index: FactsIndex, serving: set[str]) -> set[str]:
    """Modules of Maven and Gradle whose own code starts a server, with no plugin of their own, and
    those of Quarkus, whose code need not.

    One that other modules are built with must answer somebody and have the settings of a program, or
    have a parent whose plugins make programs: a parent says that there are some, and not which are.
    """
    members = {
        folder_of(path)
        for path, started in index.of(ServerStarted)
        if started.library == CLUSTER_MEMBER and index.role(path) is Role.SOURCE
    }
    serving = serving & {
        folder_of(path) for path, _ in index.of(ServerStarted) if index.role(path) is Role.SOURCE
    }
    units = _jvm_units(index)
    by_name: dict[str, list[str]] = {}
    for folder, package in units.items():
        by_name.setdefault(package.name.rpartition(":")[2], []).append(folder)
    needed = _needed(units.values())
    complete = _complete(index, units)
    # Of Quarkus, which starts without any code.
    started = {folder for folder, keys in complete.items() if any(map(QUARKUS.match, keys))}
    found = _set_up_above(index, units, needed)
    for place in serving | started:
        folder = module_of(place, units)
        if folder not in units or units[folder].runnable or folder in found:
            continue
        package = units[folder]
        if _called(folder, package) not in needed or place in members or folder in complete:
            found.add(folder)
            continue
        for _ in range(MAX_PARENTS):
            if package.ecosystem == "gradle":
                above = next((f for f in above_of(folder) if f in units), None)
            else:
                named = by_name.get(package.parent.rpartition(":")[2], []) if package.parent else []
                above = named[0] if len(named) == 1 else None
            if above is None or above == folder:
                break
            folder, package = above, units[above]
            if package.modules_run or (package.ecosystem == "gradle" and package.runnable):
                found.add(module_of(place, units))
                break
    return found


def _set_up_above(
    index: FactsIndex, units: Mapping[str, PackageDeclared], needed: set[str]
) -> set[str]:
    """The modules with settings of a program, for which a build of Gradle above asks the plugin that
    makes programs, and which no other is built with: they need answer nobody."""
    return {
        folder
        for folder in {
            module_of(folder_of(path), units)
            for path, setting in index.of(SettingDefined)
            if setting.source != "dotenv" and OWN_SETTINGS.search(path)
        }
        if folder in units
        and units[folder].ecosystem == "gradle"
        and _called(folder, units[folder]) not in needed
        and any(units[above].runnable for above in above_of(folder) if above in units)
    }


def _complete(index: FactsIndex, units: Mapping[str, PackageDeclared]) -> dict[str, set[str]]:
    """The modules with settings of a program of their own, whose code answers requests or messages,
    with those settings.

    A library may be given the settings that a new project begins with; it answers nobody.
    """
    told: dict[str, set[str]] = {}
    for path, setting in index.of(SettingDefined):
        if setting.key in OF_A_PROGRAM and OWN_SETTINGS.search(path):
            told.setdefault(module_of(folder_of(path), units), set()).add(setting.key)
    answering = [*index.of(EndpointServed), *index.of(MessageReceived)] if told else []
    places = {folder_of(path) for path, _ in answering if index.role(path) is Role.SOURCE}
    modules = {module_of(place, units) for place in places}
    return {folder: keys for folder, keys in told.items() if folder in modules}


def around_a_server(index: FactsIndex, serving: set[str]) -> set[str]:
    """Modules of Maven and Gradle that hold routes, and are built with a library of the repository
    that starts the server: those that nothing else is built with."""
    units = _jvm_units(index)
    starting = {
        _called(folder, units[folder])
        for place in serving
        if (folder := module_of(place, units)) in units
    }
    needed = _needed(units.values())
    libraries = starting & needed
    routed = {folder_of(path) for path, _ in index.of(EndpointServed)} if libraries else set()
    return {
        folder
        for place in routed
        if (folder := module_of(place, units)) in units
        and _called(folder, units[folder]) not in needed
        and not _needed([units[folder]]).isdisjoint(libraries)
    }


def given_to_all(index: FactsIndex) -> set[str]:
    """The modules of Gradle that a build puts into all of its others: no programs of their own."""
    return {
        f"{folder_of(path)}/{name.strip(':').replace(':', '/')}".lstrip("/")
        for path, package in index.of(PackageDeclared)
        for name, _ in package.for_modules
        if name.startswith(":")
    }


def _jvm_units(index: FactsIndex) -> dict[str, PackageDeclared]:
    """The builds by folder: of one of Gradle the file that makes programs, not its list of modules."""
    found: dict[str, PackageDeclared] = {}
    for path, package in index.of(PackageDeclared):
        folder = folder_of(path)
        if package.ecosystem == "maven" or (
            package.ecosystem == "gradle" and (folder not in found or not found[folder].runnable)
        ):
            found[folder] = package
    return found


def _called(folder: str, package: PackageDeclared) -> str:
    return plain(package.name.rpartition(":")[2] or folder.rpartition("/")[2])


def _needed(packages: Iterable[PackageDeclared]) -> set[str]:
    return {
        plain(re.split(r"[:.]", name)[-1])
        for package in packages
        for name, _ in package.dependencies
    }


def above_of(folder: str) -> Iterator[str]:
    """The folders above, the nearest first, the root last."""
    while folder:
        folder = folder_of(folder)
        yield folder


def module_of(folder: str, units: Mapping[str, PackageDeclared]) -> str:
    while folder and folder not in units:
        folder = folder_of(folder)
    return folder
