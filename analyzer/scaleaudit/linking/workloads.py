"""All declared workloads made whole: `extends`, overlays, chart values, images, host names.

A workload of a compose file, a manifest, a chart, a Procfile or Terraform comes out as one
`Workload`: which folder builds it, under which names it is reached, what its environment holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from msgspec import structs

from scaleaudit.facts import (
    ImageBuilt,
    PackageDeclared,
    SettingDefined,
    StoreDeclared,
    WorkloadDeclared,
)
from scaleaudit.linking.addresses import LOOPBACK
from scaleaudit.linking.catalogues import without_catalogues
from scaleaudit.linking.charts import Charts
from scaleaudit.linking.cluster import IN_CLUSTER, join_versions, name_by_services, patch_workloads
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.source import Location, Role
from scaleaudit.values import Join as JoinValue
from scaleaudit.values import Literal, Setting, Unknown, Value, join, literal_text, text_with_holes

if TYPE_CHECKING:
    from scaleaudit.facts import EnvEntry
    from scaleaudit.findings import Evidence
    from scaleaudit.linking.facts_index import FactsIndex

VENDORED = regex(r"(^|/)(vendor|node_modules)(/|$)")
_VARIABLE = regex(r"\$\{([A-Za-z_][\w.-]*)\}")
# What a developer starts all parts with; of use where nothing says how they are deployed.
ON_A_DESK = regex(r"(^|/)Procfile[.-](dev|development|local)$", re.IGNORECASE)
VARIANT = regex(r"(^|/)Procfile\.[^/]+$")  # beside a plain one: for tests, tools, another machine
NOT_DEPLOYED = regex(r"(^|[-_.])(test|tests|ci|e2e)([-_.]|$)", re.IGNORECASE)


# Files of stacks whose name says nothing of the stack.
USUAL_FILES = regex(r"(?i)^(template|serverless|sam|cloudformation|cfn|stack|main|index|app)\b")
CLUSTERS = ("kubernetes", "helm")
# What a manifest is, said in its name; the program is called what stands before.
KIND_ENDING = regex(r"(?<=\w)[-_](deployment|deploy|statefulset|sts|daemonset|pod)$")


class Workload(Gathering):
    """One declaration, resolved. `root` is the source folder that builds it, None when unknown."""

    fact: WorkloadDeclared
    path: str
    name: str
    image: str = ""
    root: str | None = None
    dockerfile: str = ""
    aliases: set[str] = msgspec.field(default_factory=set)
    environment: dict[str, tuple[Value | None, Location]] = msgspec.field(default_factory=dict)
    shared_names: set[str] = msgspec.field(
        default_factory=set
    )  # variables from files that several share
    open_environment: bool = False  # more is handed in than the repository holds
    replicas: int | None = None
    published: bool = False
    routes: list[Evidence] = msgspec.field(default_factory=list)  # of the cluster's edge, to it
    balanced: list[Evidence] = msgspec.field(default_factory=list)  # Services open to outside
    command: tuple[str, ...] = ()
    image_fact: ImageBuilt | None = None

    @property
    def at(self) -> Location:
        return self.fact.at.in_file(self.path)


class Workloads:
    """`found`: every workload, sorted by file and line; `charts`: the values of Helm charts."""

    def __init__(self, index: FactsIndex, root_name: str = "functions") -> None:
        self._index = index
        self._folders: set[str] = set()  # that hold files, at any depth
        self._dockerfiles = {path: fact for path, fact in index.of(ImageBuilt) if not fact.stage}
        self._image_folders = {folder_of(path) for path in self._dockerfiles}
        self._stages = {
            (path, fact.stage): fact for path, fact in index.of(ImageBuilt) if fact.stage
        }
        self.charts = Charts(index)
        self._root_name = root_name
        self._stores = {  # by folder and address, what Terraform declares: a reference is its name
            (folder_of(path), store.address): store.name
            for path, store in index.of(StoreDeclared)
            if "." in store.address
        }
        self._config_maps: dict[str, list[tuple[str, SettingDefined]]] = {}
        self._dotenv: dict[str, list[SettingDefined]] = {}
        self._terraform: dict[tuple[str, str], Value] = {}  # by folder and variable
        for path, setting in index.of(SettingDefined):
            if setting.source in ("configmap", "secret"):
                group = self.charts.name(setting.group, path)
                self._config_maps.setdefault(group, []).append((path, setting))
            elif setting.source == "terraform":
                self._terraform.setdefault((folder_of(path), setting.key), setting.value)
            elif setting.source == "dotenv":
                self._dotenv.setdefault(path, []).append(setting)
        self._declared = without_catalogues(
            [
                (path, self._filled(path, fact))
                for path, fact in index.of(WorkloadDeclared)
                if index.role(path) is not Role.TEST and index.role(path) is not Role.EXAMPLE
            ]
        )
        plain = {folder_of(path) for path, _ in self._declared if path.endswith("Procfile")}
        deployed = [
            (path, fact)
            for path, fact in self._declared
            if not ON_A_DESK.search(path)
            and not (
                fact.source == "procfile" and VARIANT.search(path) and folder_of(path) in plain
            )
        ]
        self._declared = deployed or self._declared
        self._by_name = {(path, fact.name): fact for path, fact in self._declared}
        # A module's workload whose name only its callers know stands for no one workload, nor does
        # a chart's partial (`_deployment.tpl`), which renders nothing by itself.
        self.found = [
            self._whole(path, fact)
            for path, fact in self._declared
            if not (fact.source == "terraform" and "${" in fact.name)
            and not (fact.source == "helm" and path.rpartition("/")[2].startswith("_"))
        ]
        in_cluster = [each for each in self.found if each.fact.source in IN_CLUSTER]
        patch_workloads(index, self.charts, in_cluster, self._add)
        name_by_services(index, self.charts, in_cluster)
        join_versions(in_cluster)

    def _filled(self, path: str, fact: WorkloadDeclared) -> WorkloadDeclared:
        """With its plain texts filled in: from a chart's values, from `.env` beside a file."""
        if fact.source not in ("helm", "kubernetes"):
            return structs.replace(
                fact,
                name=self._named(fact, path),
                build_context=self._expanded(fact.build_context, path),
                dockerfile=self._expanded(fact.dockerfile, path),
                env_files=tuple(self._expanded(file, path) for file in fact.env_files),
                aliases=tuple(self._expanded(alias, path) for alias in fact.aliases),
            )
        filled, name = self.charts.filled, self.charts.name
        return structs.replace(
            fact,
            name=name(fact.name, path) or self.charts.name_of_file(path),
            aliases=tuple(name(alias, path) for alias in fact.aliases),
            env_from=tuple(name(each, path) for each in fact.env_from),
            mounted=tuple(name(each, path) for each in fact.mounted),
            labels=tuple((filled(key, path), filled(text, path)) for key, text in fact.labels),
        )

    def _named(self, fact: WorkloadDeclared, path: str) -> str:
        """A stack without a name goes by its folder, that of the root by its package."""
        if fact.source == "terraform":
            return self._expanded(fact.name, path)
        stem = path.rpartition("/")[2].partition(".")[0]
        folder = folder_of(path).rpartition("/")[2]
        return fact.name or ("" if USUAL_FILES.match(stem) else stem) or folder or self._root_name

    def _expanded(self, text: str, path: str) -> str:
        """A plain text with its `${NAME}`s, as far as the `.env` beside the file tells them."""
        if "${" not in text:
            return text
        return _VARIABLE.sub(
            lambda found: literal_text(self.substitute(Setting(found[1]), path)) or found[0], text
        )

    def _base(self, made: Workload, image: ImageBuilt) -> ImageBuilt:
        """The image with what the build's arguments say of its base."""
        given = {arg.name.lower(): arg for arg in made.fact.build_args}
        found = _VARIABLE.fullmatch(image.base)
        argument = given.get(found[1].lower()) if found is not None else None
        if argument is None:
            return image
        value = argument.value or Setting(argument.name)
        return structs.replace(image, base=self.text(value, made.path))

    def _whole(self, path: str, fact: WorkloadDeclared) -> Workload:
        fact, path_of_build = self._extended(path, fact)
        name = KIND_ENDING.sub("", fact.name) if fact.source in CLUSTERS else fact.name
        made = Workload(fact, path, name, published=fact.published, replicas=fact.replicas)
        if name != fact.name:
            made.aliases.add(fact.name)
        made.image = self.text(fact.image, path) if fact.image is not None else ""
        folder = folder_of(path_of_build)
        if fact.build_context and "://" not in fact.build_context:
            made.root = resolve_path(folder, fact.build_context)
            if made.root is not None and VENDORED.search(made.root):
                # A dependency's image: what runs in it is mounted from the developer's folder.
                mounted = (volume.partition(":")[0] for volume in fact.volumes)
                own = next((source for source in mounted if source in (".", "./")), None)
                made.root = folder if own is not None else made.root
        if made.root is not None and not (
            self._there(made.root)
            and self._there(folder_of(resolve_path(made.root, fact.dockerfile) or ""))
        ):
            made.root = None  # what only another checkout has
        if made.image and made.root is not None and "Dockerfile" in f"/{fact.dockerfile}":
            path_of_image = resolve_path(made.root, fact.dockerfile)
            made.root = made.root if path_of_image in self._index.files else None
        if made.image and made.root and not self._builds(made.root, fact):
            made.root = None  # a file that is meant to be run from another folder
        if made.root is not None:
            named = resolve_path(made.root, fact.dockerfile or "Dockerfile")
            made.dockerfile = named or ""
            image = self._stages.get((made.dockerfile, fact.build_target))
            image = image or self._dockerfiles.get(made.dockerfile)
            made.image_fact = self._base(made, image) if image is not None else None
        elif fact.source in ("procfile", "serverless"):
            made.root = folder
        made.aliases.update(alias for alias in fact.aliases if alias and alias not in LOOPBACK)
        made.command = tuple(text_with_holes(word) for word in fact.command)
        self._collect_environment(made, path, fact)
        return made

    def _builds(self, root: str, fact: WorkloadDeclared) -> bool:
        """The folder has a Dockerfile, or code that some other tool makes an image of."""
        if fact.dockerfile or f"{root}/Dockerfile" in self._index.files:
            return True
        return any(is_below(path, root) for path, _ in self._index.of(PackageDeclared))

    def _there(self, folder: str) -> bool:
        """Some file is below the folder."""
        if not self._folders:
            for path in self._index.files:
                around = folder_of(path)
                while around not in self._folders:
                    self._folders.add(around)
                    around = folder_of(around)
        return folder in self._folders

    def _extended(self, path: str, fact: WorkloadDeclared) -> tuple[WorkloadDeclared, str]:
        """With what `extends` brings; the second is the file whose folder a build context is in."""
        origin = path
        seen = {(path, fact.name)}
        for _ in range(8):
            file, service = fact.extends
            if not service:
                break
            parent_path = resolve_path(folder_of(path), file) if file else path
            parent = self._by_name.get((parent_path or "", service))
            if parent is None or parent_path is None or (parent_path, service) in seen:
                break
            seen.add((parent_path, service))
            own = {entry.name for entry in fact.environment}
            if not fact.build_context and parent.build_context:
                origin = parent_path
            fact = structs.replace(
                fact,
                image=fact.image or parent.image,
                build_context=fact.build_context or parent.build_context,
                dockerfile=fact.dockerfile or parent.dockerfile,
                build_target=fact.build_target or parent.build_target,
                command=fact.command or parent.command,
                environment=(
                    *(entry for entry in parent.environment if entry.name not in own),
                    *fact.environment,
                ),
                env_files=(*parent.env_files, *fact.env_files),
                ports=fact.ports or parent.ports,
                volumes=(*parent.volumes, *fact.volumes),
                extends=parent.extends,
            )
            path = parent_path
        return fact, origin

    def _collect_environment(self, made: Workload, path: str, fact: WorkloadDeclared) -> None:
        """Weaker sources first: image, files, ConfigMaps, the workload's own entries."""
        if made.image_fact is not None:
            self._add(made, made.dockerfile, made.image_fact.environment)
        for name in fact.env_files:
            file = resolve_path(folder_of(path), name)
            made.open_environment |= file not in self._dotenv
            for setting in self._dotenv.get(file or "", ()):
                made.environment[setting.key] = (setting.value, setting.at.in_file(file or path))
                made.shared_names.add(setting.key)
        for name in fact.mounted:
            for where, setting in self._config_map(name, path):
                if "." in setting.key and not isinstance(setting.value, Unknown):
                    value = self.substitute(setting.value, where)
                    made.environment[setting.key] = (value, setting.at.in_file(where))
                    made.shared_names.add(setting.key)
        for name in fact.env_from:
            made.open_environment |= name not in self._config_maps
            for where, setting in self._config_map(name, path):
                value = self.substitute(setting.value, where)
                made.environment[setting.key] = (value, setting.at.in_file(where))
                made.shared_names.add(setting.key)
        self._add(made, path, fact.environment)

    def _add(self, made: Workload, path: str, entries: tuple[EnvEntry, ...]) -> None:
        for entry in entries:
            value = entry.value
            if value is None:
                beside = self._dotenv.get(f"{folder_of(path)}/.env".lstrip("/"), ())
                value = next((each.value for each in beside if each.key == entry.name), None)
                if value is None and entry.name in made.environment:
                    continue
            made.shared_names.discard(entry.name)
            made.environment[entry.name] = (
                None if value is None else self.substitute(value, path),
                entry.at.in_file(path),
            )

    def _config_map(self, name: str, path: str) -> list[tuple[str, SettingDefined]]:
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

    def _built_apart(self, path: str, folder: str) -> bool:
        """A folder around the file, but not around the other, builds an image of its own."""
        around = folder_of(path)
        while around and not is_below(folder, around):
            if around in self._image_folders:
                return True
            around = folder_of(around)
        return False

    # -- values of deployment files

    def text(self, value: Value, path: str) -> str:
        return text_with_holes(self.substitute(value, path), "")

    def substitute(self, value: Value, path: str, depth: int = 0) -> Value:
        """Chart values, ConfigMap keys and `.env` entries of the file's folder put in."""
        if depth > 8:
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
            for where, setting in self._config_map(name, path):
                if setting.key == key:
                    return self.substitute(setting.value, where, depth + 1)
        elif (folder_of(path), ".".join(value.key.split(".")[:2])) in self._stores:
            return Literal(self._stores[folder_of(path), ".".join(value.key.split(".")[:2])])
        elif value.key.startswith(("var.", "local.")):
            given = self._terraform.get((folder_of(path), value.key))
            if given is not None:
                return self.substitute(given, path, depth + 1)
        else:
            for setting in self._dotenv.get(f"{folder_of(path)}/.env".lstrip("/"), ()):
                if setting.key == value.key:
                    return setting.value
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


def value_text(value: Value | None) -> str:
    """The text of a value for looking at words in it; holes are `{}`."""
    if value is None:
        return ""
    return value.text if isinstance(value, Literal) else text_with_holes(value)
