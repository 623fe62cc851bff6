"""Values of deployment files: what a chart, a ConfigMap, Terraform or an `.env` puts in for a name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import (
    GENERATED,
    TABLE,
    FilesIncluded,
    ImageBuilt,
    SettingDefined,
    StoreDeclared,
)
from scaleaudit.linking.deployments.charts import Charts
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.regex import regex
from scaleaudit.values import Join as JoinValue
from scaleaudit.values import Literal, Setting, join, literal_text, text_with_holes

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.values import Value

EXAMPLE = "example"  # the group of what an example of an `.env` says
MAX_DEPTH = 8  # of values that name others
VARIABLE = regex(r"\$\{([A-Za-z_][\w.-]*)\}")


class DeploymentValues:
    """What stands for a name is told by files near it: of its folder, its chart, its cluster."""

    def __init__(self, index: FactsIndex) -> None:
        self.charts = Charts(index)
        self._image_folders = {
            folder_of(path) for path, fact in index.of(ImageBuilt) if not fact.stage
        }
        declared = [each for each in index.of(StoreDeclared) if "." in each[1].address]
        named = Counter((folder_of(path), store.name) for path, store in declared)
        # By folder and address, what Terraform declares: a reference is its name, if no other has it.
        self._stores = {
            (folder_of(path), store.address): (
                store.name if named[folder_of(path), store.name] == 1 else store.address
            )
            for path, store in declared
        }
        self._config_maps: dict[str, list[tuple[str, SettingDefined]]] = {}
        self._dotenv: dict[str, list[SettingDefined]] = {}
        self._examples: dict[tuple[str, str], list[Value]] = {}  # by folder and variable
        self._terraform: dict[tuple[str, str], Value] = {}  # by folder and variable
        for path, setting in index.of(SettingDefined):
            if setting.source in ("configmap", "secret"):
                group = self.charts.name(setting.group, path)
                self._config_maps.setdefault(group, []).append((path, setting))
            elif setting.source == "terraform":
                self._terraform.setdefault((folder_of(path), setting.key), setting.value)
            elif setting.source == "dotenv":
                if setting.group == EXAMPLE:
                    beside = self._examples.setdefault((folder_of(path), setting.key), [])
                    beside.append(setting.value)
                self._dotenv.setdefault(path, []).append(setting)
        for path, made in index.of(FilesIncluded):
            if made.kind.startswith(GENERATED):
                self._generated(path, made)

    def _generated(self, path: str, made: FilesIncluded) -> None:
        """A ConfigMap or Secret that kustomize, or a script, makes of files of variables."""
        entries = self._config_maps.setdefault(made.kind.removeprefix(GENERATED), [])
        for name in made.paths:
            file = resolve_path(folder_of(path), name) or ""
            if file not in self._dotenv:  # a script that is run from the root
                file = resolve_path("", name) or ""
            entries += [(file, setting) for setting in self._dotenv.get(file, ())]

    def of_file(self, path: str) -> list[SettingDefined] | None:
        """The entries of a dotenv file; None when the repository has none at that path."""
        return self._dotenv.get(path)

    def beside(self, path: str, name: str) -> Value | None:
        """What the `.env` of the file's folder says of a variable."""
        beside = self._dotenv.get(f"{folder_of(path)}/.env".lstrip("/"), ())
        return next((each.value for each in beside if each.key == name), None)

    def has_config_map(self, name: str) -> bool:
        return name in self._config_maps

    def config_map(self, name: str, path: str) -> list[tuple[str, SettingDefined]]:
        """The entries of a ConfigMap as a manifest means it.

        Several deployments may have one of that name: that beside the manifest is meant, else
        one that no other image's folder holds, and of those what stands nearest.
        """
        found = self._config_maps.get(name, [])
        if len({where for where, _ in found}) < 2:
            return found
        folder = folder_of(path)
        ranks = {
            where: (
                folder_of(where) != folder,
                self._built_apart(where, folder),
                -shared_folders(where, path),
            )
            for where, _ in found
        }
        best = min(ranks.values())
        return [(where, setting) for where, setting in found if ranks[where] == best]

    def entries(self, name: str, path: str) -> list[tuple[str, SettingDefined]]:
        """The same, with what tables of a chart's values put into it."""
        found: list[tuple[str, SettingDefined]] = []
        for where, setting in self.config_map(name, path):
            if setting.key.startswith(TABLE):
                table = self.charts.table(setting.key.removeprefix(TABLE), where)
                found += [(where, replace(setting, key=key, value=value)) for key, value in table]
            else:
                found.append((where, setting))
        return found

    def _built_apart(self, path: str, folder: str) -> bool:
        """A folder around the file, but not around the other, builds an image of its own."""
        around = folder_of(path)
        while around and not is_below(folder, around):
            if around in self._image_folders:
                return True
            around = folder_of(around)
        return False

    def expanded(self, text: str, path: str) -> str:
        """A plain text with its `${NAME}`s, as far as the `.env` beside the file tells them."""
        if "${" not in text:
            return text
        return VARIABLE.sub(
            lambda found: literal_text(self.substitute(Setting(found[1]), path)) or found[0], text
        )

    def text(self, value: Value, path: str) -> str:
        return text_with_holes(self.substitute(value, path), "")

    def image(self, value: Value, path: str) -> str:
        """The same of an image; one that no file names goes by the example of an `.env` beside it:
        whose image it is does not differ from place to place."""
        named = self.text(value, path)
        if named or not isinstance(value, Setting):
            return named
        examples = self._examples.get((folder_of(path), value.key), ())
        told = {literal_text(each) or "" for each in examples}
        return told.pop() if len(told) == 1 else named

    def substitute(self, value: Value, path: str, depth: int = 0) -> Value:
        """Chart values, ConfigMap keys and `.env` entries of the file's folder put in."""
        if depth > MAX_DEPTH:
            return value
        if isinstance(value, JoinValue):
            return join(*(self.substitute(part, path, depth + 1) for part in value.parts))
        if not isinstance(value, Setting):
            return value
        if value.key.startswith((".", "include ")):
            found = self.charts.value(value.key, path)
            if found is not None and (found != Literal("") or value.default is None):
                return self.substitute(found, path, depth + 1)
        elif value.key.startswith("configmap:"):
            name, _, key = self.charts.filled(value.key, path).partition(":")[2].partition("/")
            for where, setting in self.config_map(name, path):
                if setting.key == key:
                    return self.substitute(setting.value, where, depth + 1)
        elif (folder_of(path), ".".join(value.key.split(".")[:2])) in self._stores:
            return Literal(self._stores[folder_of(path), ".".join(value.key.split(".")[:2])])
        elif value.key.startswith(("var.", "local.")):
            given = self._terraform.get((folder_of(path), value.key))
            if given is not None:
                return self.substitute(given, path, depth + 1)
        else:
            beside = self.beside(path, value.key)
            if beside is not None:
                return beside
        if value.default is not None:
            return self.substitute(value.default, path, depth + 1)
        return value


def shared_folders(one: str, other: str) -> int:
    """How many folders two files are in together."""
    pairs = zip(folder_of(one).split("/"), folder_of(other).split("/"), strict=False)
    return next(
        (count for count, (a, b) in enumerate(pairs) if a != b),
        min(one.count("/"), other.count("/")),
    )
