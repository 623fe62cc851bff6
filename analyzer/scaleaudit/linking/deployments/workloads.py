"""All declared workloads made whole: `extends`, overlays, chart values, images, host names.

A workload of a compose file, a manifest, a chart, a Procfile or Terraform comes out as one
`Workload`: which folder builds it, under which names it is reached, what its environment holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import structs

from scaleaudit.config_files.docker_stages import BUNDLED
from scaleaudit.facts import TABLE, ImageBuilt, PackageDeclared, WorkloadDeclared
from scaleaudit.linking.addresses import LOOPBACK
from scaleaudit.linking.deployments.catalogues import without_catalogues
from scaleaudit.linking.deployments.cluster import (
    IN_CLUSTER,
    join_versions,
    name_by_services,
    patch_workloads,
)
from scaleaudit.linking.deployments.inheritance import (
    extended,
    laid_over,
    without_bases,
    without_left_overs,
)
from scaleaudit.linking.deployments.started_by_scripts import without_other_scripts
from scaleaudit.linking.deployments.values import VARIABLE, DeploymentValues
from scaleaudit.linking.deployments.workload import Workload
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Setting, Unknown, text_with_holes

if TYPE_CHECKING:
    from scaleaudit.facts import EnvEntry
    from scaleaudit.linking.facts_index import FactsIndex

VENDORED = regex(r"(^|/)(vendor|node_modules)(/|$)")
# What a developer starts all parts with; of use where nothing says how they are deployed.
ON_A_DESK = regex(r"(^|/)Procfile[.-](dev|development|local)$", re.IGNORECASE)
VARIANT = regex(r"(^|/)Procfile\.[^/]+$")  # beside a plain one: for tests, tools, another machine
# Files of stacks whose name says nothing of the stack.
USUAL_FILES = regex(r"(?i)^(template|serverless|sam|cloudformation|cfn|stack|main|index|app)\b")
CLUSTERS = ("kubernetes", "helm")
# What a manifest is, said in its name; the program is called what stands before.
KIND_ENDING = regex(r"(?<=\w)[-_](deployment|deploy|depl|dep|statefulset|sts|daemonset|pod)$")


class Workloads:
    """`found`: every workload, sorted by file and line; `values`: what names in their files mean."""

    def __init__(self, index: FactsIndex, root_name: str = "functions") -> None:
        self._index = index
        self._folders: set[str] = set()  # that hold files, at any depth
        self._dockerfiles = {path: fact for path, fact in index.of(ImageBuilt) if not fact.stage}
        # Two of the three usual systems find a file whatever the case of its name.
        self._spelled = {path.lower(): path for path in self._dockerfiles}
        self._stages = {
            (path, fact.stage): fact for path, fact in index.of(ImageBuilt) if fact.stage
        }
        self.values = DeploymentValues(index)
        self._root_name = root_name
        self._unnamed: set[tuple[str, int]] = set()  # places of workloads whose name nothing tells
        self._declared = without_other_scripts(
            without_catalogues(
                [
                    (path, self._filled(path, fact))
                    for path, fact in index.of(WorkloadDeclared)
                    if index.role(path) is not Role.TEST and index.role(path) is not Role.EXAMPLE
                ]
            )
        )
        self._declared = without_left_overs(self._declared)
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
        written = {(path, fact.name): fact for path, fact in self._declared}
        self._declared = [(path, laid_over(path, fact, written)) for path, fact in self._declared]
        self._by_name = {(path, fact.name): fact for path, fact in self._declared}
        # A module's workload whose name only its callers know stands for no one workload, nor does
        # a chart's partial (`_deployment.tpl`), which renders nothing by itself.
        self.found = [
            self._whole(path, fact)
            for path, fact in without_bases(self._declared, self._by_name)
            if not (fact.source == "terraform" and "${" in fact.name)
            and not (fact.source == "helm" and path.rpartition("/")[2].startswith("_"))
        ]
        # One template for all entries of a chart's values is none of them.
        told = [each for each in self.found if not self._tells_nothing(each)]
        self.found = told or self.found
        in_cluster = [each for each in self.found if each.fact.source in IN_CLUSTER]
        patch_workloads(index, self.values.charts, in_cluster, self._add)
        name_by_services(index, self.values.charts, in_cluster)
        join_versions(in_cluster)

    def _tells_nothing(self, each: Workload) -> bool:
        """Neither its name nor its image is known."""
        return (each.path, each.fact.at.line) in self._unnamed and each.image.strip("{}:") == ""

    def _filled(self, path: str, fact: WorkloadDeclared) -> WorkloadDeclared:
        """With its plain texts filled in: from a chart's values, from `.env` beside a file."""
        if fact.source not in ("helm", "kubernetes"):
            return structs.replace(
                fact,
                name=self._named(fact, path),
                build_context=self.values.expanded(fact.build_context, path),
                dockerfile=self.values.expanded(fact.dockerfile, path),
                env_files=tuple(self.values.expanded(file, path) for file in fact.env_files),
                aliases=tuple(self.values.expanded(alias, path) for alias in fact.aliases),
            )
        filled, name = self.values.charts.filled, self.values.charts.name
        called = name(fact.name, path)
        if not called or (
            called != fact.name and not KIND_ENDING.sub("", f"_-{called}").strip("_")
        ):
            self._unnamed.add((path, fact.at.line))
        called = called or self.values.charts.name_of_file(path)
        whole = self.values.charts.in_release(called, path)
        return structs.replace(
            fact,
            name=called,
            aliases=(*(name(alias, path) for alias in fact.aliases), whole),
            env_from=tuple(name(each, path) for each in fact.env_from),
            mounted=tuple(name(each, path) for each in fact.mounted),
            labels=tuple((filled(key, path), filled(text, path)) for key, text in fact.labels),
        )

    def _named(self, fact: WorkloadDeclared, path: str) -> str:
        """A stack without a name goes by its folder, that of the root by its package."""
        if fact.source == "terraform":
            return self.values.expanded(fact.name, path)
        stem = path.rpartition("/")[2].partition(".")[0]
        folder = folder_of(path).rpartition("/")[2]
        return fact.name or ("" if USUAL_FILES.match(stem) else stem) or folder or self._root_name

    def _base(self, made: Workload, image: ImageBuilt) -> ImageBuilt:
        """The image with what the build's arguments say of its base."""
        given = {arg.name.lower(): arg for arg in made.fact.build_args}
        found = VARIABLE.fullmatch(image.base)
        argument = given.get(found[1].lower()) if found is not None else None
        if argument is None:
            return image
        value = argument.value or Setting(argument.name)
        return structs.replace(image, base=self.values.text(value, made.path))

    def _whole(self, path: str, fact: WorkloadDeclared) -> Workload:
        fact, path_of_build = extended(path, fact, self._by_name)
        name = KIND_ENDING.sub("", fact.name) if fact.source in CLUSTERS else fact.name
        made = Workload(fact, path, name, published=fact.published, replicas=fact.replicas)
        if name != fact.name:
            made.aliases.add(fact.name)
        made.image = self.values.image(fact.image, path) if fact.image is not None else ""
        folder = folder_of(path_of_build)
        if fact.build_context and "://" not in fact.build_context:
            made.root = resolve_path(folder, fact.build_context)
        # A dependency's image: what runs in it is mounted from the developer's folder.
        mounted = (volume.partition(":")[0] for volume in fact.volumes)
        foreign = made.root is not None and VENDORED.search(made.root) is not None
        if foreign and any(source in (".", "./") for source in mounted):
            made.root = folder
        elif made.root is not None:
            made.root = self._built_from(made, folder)
            if made.root is not None:
                self._take_image(made)
        if made.root is None and fact.source in ("procfile", "serverless"):
            made.root = folder
        made.aliases.update(alias for alias in fact.aliases if alias and alias not in LOOPBACK)
        made.command = tuple(text_with_holes(word) for word in fact.command)
        self._collect_environment(made, path, fact)
        return made

    def _built_from(self, made: Workload, folder: str) -> str | None:
        """The folder that its file says builds it, where the files for that are there."""
        fact, root = made.fact, made.root or ""
        if not (
            self._there(root) and self._there(folder_of(resolve_path(root, fact.dockerfile) or ""))
        ):
            found = self._from_the_top(fact) if folder else None
            if found is None:
                return None
            root = found
        named = made.image and "Dockerfile" in f"/{fact.dockerfile}"
        if named and resolve_path(root, fact.dockerfile) not in self._index.files:
            return None
        if made.image and root and not self._builds(root, fact):
            return None  # a file that is meant to be run from another folder
        return root

    def _take_image(self, made: Workload) -> None:
        """What the Dockerfile of its folder says of it, and where that is."""
        named = resolve_path(made.root or "", made.fact.dockerfile or "Dockerfile")
        if named not in self._dockerfiles:
            named = self._spelled.get((named or "").lower(), named)
        made.dockerfile = named or ""
        image = self._stages.get((made.dockerfile, made.fact.build_target))
        image = image or self._dockerfiles.get(made.dockerfile)
        made.image_fact = self._base(made, image) if image is not None else None

    def _from_the_top(self, fact: WorkloadDeclared) -> str | None:
        """The context as seen from the root, for a file that is meant to be run from there; None for
        what only another checkout has."""
        context = resolve_path("", fact.build_context)
        dockerfile = (
            resolve_path(context, fact.dockerfile or "Dockerfile") if context is not None else None
        )
        return context if dockerfile in self._dockerfiles else None

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

    def _collect_environment(self, made: Workload, path: str, fact: WorkloadDeclared) -> None:
        """Weaker sources first: image, files, ConfigMaps, the workload's own entries."""
        if made.image_fact is not None:
            self._add(made, made.dockerfile, made.image_fact.built_with)
            self._add(made, made.dockerfile, made.image_fact.environment)
        self._add(made, path, tuple(arg for arg in fact.build_args if BUNDLED.match(arg.name)))
        for name in fact.env_files:
            file = resolve_path(folder_of(path), name)
            entries = self.values.of_file(file or "")
            made.open_environment |= entries is None
            for setting in entries or ():
                made.environment[setting.key] = (setting.value, setting.at.in_file(file or path))
                made.shared_names.add(setting.key)
        for name in fact.mounted:
            for where, setting in self.values.config_map(name, path):
                if "." in setting.key and not isinstance(setting.value, Unknown):
                    value = self.values.substitute(setting.value, where)
                    made.environment[setting.key] = (value, setting.at.in_file(where))
                    made.shared_names.add(setting.key)
                    made.files[setting.key] = setting.file
        for name in fact.env_from:
            made.open_environment |= not self.values.has_config_map(name)
            for where, setting in self.values.entries(name, path):
                value = self.values.substitute(setting.value, where)
                made.environment[setting.key] = (value, setting.at.in_file(where))
                made.shared_names.add(setting.key)
        self._add(made, path, fact.environment)

    def _add(self, made: Workload, path: str, entries: tuple[EnvEntry, ...]) -> None:
        for entry in entries:
            value = entry.value
            if entry.name.startswith(TABLE):
                for name, each in self.values.charts.table(entry.name.removeprefix(TABLE), path):
                    made.environment[name] = (
                        self.values.substitute(each, path), entry.at.in_file(path)
                    )  # fmt: skip
                continue
            if value is None:
                value = self.values.beside(path, entry.name)
                if value is None and entry.name in made.environment:
                    continue
            made.shared_names.discard(entry.name)
            made.environment[entry.name] = (
                None if value is None else self.values.substitute(value, path),
                entry.at.in_file(path),
            )
