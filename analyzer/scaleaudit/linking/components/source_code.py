"""What the folders of a repository hold: code or only settings, and in which technology."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, PackageDeclared
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import package_name
from scaleaudit.linking.technologies import (
    ECOSYSTEM_NAMES,
    FRONT_ENDS,
    image_name,
    of_base,
    of_dependencies,
)

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex

SERVING = {"python", "ruby", "php", "java", "go"}  # kinds of files, called as what runs them
JVM = ("maven", "gradle")
LANGUAGE_IMAGES = (("python", "pypi"), ("ruby", "gem"), ("php", "composer"))


class SourceCode:
    """`packages`: what each folder declares to be; `name`: what the whole repository is called."""

    def __init__(self, index: FactsIndex, root_name: str) -> None:
        self.index = index
        self.packages = {
            folder_of(path): fact
            for path, fact in reversed(index.of(PackageDeclared))
            if fact.ecosystem != "helm"
        }
        # A program of the JVM packs the pages that a `package.json` beside its own file builds.
        self.packages |= {
            folder_of(path): fact
            for path, fact in reversed(index.of(PackageDeclared))
            if fact.ecosystem in JVM
            and fact.runnable
            and self.packages[folder_of(path)].ecosystem == "npm"
        }
        whole = self.packages.get("")
        self.name = package_name((whole.name if whole else "") or root_name or "app")
        whole_name = whole.name.lstrip("@") if whole else ""
        self.names = {root_name, *root_name.split("_"), *whole_name.split("/")}
        if whole is not None and re.fullmatch(r"[\w.-]+(/v\d+)?", whole_name):
            self.names.add(whole_name.partition(".")[0])  # Go: `shop.example/v2`

    def has_code(self, root: str) -> bool:
        """A package or an endpoint below the folder; scripts and settings alone are no code."""
        return any(
            is_below(folder, root) and package.dependencies
            for folder, package in self.packages.items()
        ) or any(is_below(path, root) for path, _ in self.index.of(EndpointServed))

    def technology(self, root: str, base: str) -> str:
        """What the code below a folder is made with, by its packages, else by its base image."""
        package = self.packages.get(root)
        if package is None:
            near = [f for f in self.packages if is_below(f, root)]
            package = self.packages[min(near, key=len)] if near else None
        if package is not None and package.ecosystem == "npm":
            image = image_name(base) if base else ""
            # What builds the front end beside an application in another language.
            runs = self._in_language(root, image) if base else self._beside(root, package)
            if (runs is None or runs is package) and root not in self.packages:
                if speaks(image):
                    return of_base(base)  # what it needs is listed by another name
                served = self._served_in(root) if not image.startswith("node") else ""
                if served and of_dependencies(package.dependencies, "npm") in FRONT_ENDS:
                    return served  # pages that stand below a server
            package = runs or package
        if package is not None:
            told = of_dependencies(package.dependencies, package.ecosystem)
            return self._hoisted(root) if told == ECOSYSTEM_NAMES["npm"] else told
        return of_base(base) if base else ""

    def _hoisted(self, root: str) -> str:
        """By what the code imports that only the workspace around it declares."""
        above = [
            package
            for folder, package in self.packages.items()
            if package.ecosystem == "npm" and folder != root and is_below(root, folder)
        ]
        declared = {name for package in above for name, _ in package.dependencies}
        imported = {
            fact.module
            for path, fact in self.index.importing(declared.__contains__)
            if is_below(path, root)
        }
        return of_dependencies(tuple((name, "") for name in sorted(imported)), "npm")

    def _beside(self, root: str, scripts: PackageDeclared) -> PackageDeclared:
        """What builds the styles of an application stands beside its own package: that of a folder
        with two, where a `package.json` names no framework."""
        if of_dependencies(scripts.dependencies, "npm") != ECOSYSTEM_NAMES["npm"]:
            return scripts
        of_servers = {ecosystem for _, ecosystem in LANGUAGE_IMAGES}
        others = (p for path, p in self.index.of(PackageDeclared) if folder_of(path) == root)
        return next((each for each in others if each.ecosystem in of_servers), scripts)

    def _served_in(self, root: str) -> str:
        """The language of most routes below a folder, where it is not that of pages."""
        kinds = Counter(
            self.index.kind(path)
            for path, _ in self.index.of(EndpointServed)
            if is_below(path, root)
        )
        ((kind, _),) = kinds.most_common(1) or [("", 0)]
        return kind if kind in SERVING else ""

    def _in_language(self, root: str, image: str) -> PackageDeclared | None:
        """The outermost package of a folder in the language of its base image, if it is another."""
        ecosystem = speaks(image)
        found = [
            (path.count("/"), path, package)
            for path, package in self.index.of(PackageDeclared)
            if package.ecosystem == ecosystem and is_below(folder_of(path), root)
        ]
        return min(found, key=lambda each: each[:2])[2] if found else None


def speaks(image: str) -> str:
    """The ecosystem of a base image that is there for one language."""
    return next((ecosystem for word, ecosystem in LANGUAGE_IMAGES if image.startswith(word)), "")
