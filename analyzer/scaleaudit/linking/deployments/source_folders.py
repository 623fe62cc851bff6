"""Which source folder builds each workload: by its build context, Dockerfile, image or name."""

from __future__ import annotations

from posixpath import commonpath
from typing import TYPE_CHECKING

from scaleaudit.facts import ImageBuilt, PackageDeclared
from scaleaudit.linking.deployments.build_targets import BuildTargets
from scaleaudit.linking.deployments.chosen_units import assign_chosen
from scaleaudit.linking.deployments.dotnet_projects import project_folders, project_started
from scaleaudit.linking.deployments.go_programs import program_folders
from scaleaudit.linking.deployments.mounted_code import mounted_code, mounts
from scaleaudit.linking.deployments.named_images import (
    NamedImages,
    roots_by_image,
    roots_by_service,
    told_by_tags,
)
from scaleaudit.linking.deployments.nest_applications import application_started
from scaleaudit.linking.deployments.packed_elsewhere import assign_elsewhere, packs
from scaleaudit.linking.deployments.packed_folders import own_folder, place_packed
from scaleaudit.linking.deployments.shared_parts import (
    by_first_word,
    own_parts,
    prefixes,
    suffixes,
    with_service,
)
from scaleaudit.linking.deployments.systems import Systems
from scaleaudit.linking.deployments.workspace_runs import member_started
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.linking.names import folder_name, plain, relaxed
from scaleaudit.linking.technologies import image_name, of_image
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.linking.facts_index import FactsIndex

# Ecosystems whose libraries bear the product's name in their registry; images do not hold them.
PUBLISHED = {"npm", "pypi", "gem", "composer", "nuget"}
# Images of languages and systems, as they are named in the public registry.
_RUNTIME = regex(
    r"(docker\.io/)?(library/)?(python|node|golang|ruby|php|openjdk|eclipse-temurin|maven|gradle|rust"
    r"|perl|elixir|erlang|swift|bash|alpine|ubuntu|debian|centos|fedora|busybox)(:|@|$)"
)


class SourceFolders:
    """`packages`: the build unit of each folder that has one."""

    def __init__(self, index: FactsIndex, packages: dict[str, PackageDeclared]) -> None:
        self._targets = BuildTargets(index, packages)
        self._by_tags: set[str] = set()  # images whose tags tell several programs apart
        self._own_prefixes: set[str] = set()
        self._own_suffixes: set[str] = set()
        self._images = {
            path: fact
            for path, fact in index.of(ImageBuilt)
            if not fact.stage and index.role(path) is Role.SOURCE
        }
        self._packages = packages
        self._builds = NamedImages(index, self._images, packages)
        self._files = index.files
        self._projects = project_folders(index)
        # Commands of Go modules, which one module builds in several images: `cmd/api` -> its module.
        self._commands: dict[str, str] = {}
        for folder, package in packages.items():
            if package.ecosystem == "go":
                start = f"{folder}/cmd/".lstrip("/")
                for path in index.files:
                    if path.startswith(start) and path.endswith("/main.go"):
                        self._commands.setdefault(path[len(start) :].partition("/")[0], folder)
        self._systems = Systems(())
        self._dockerfiles = {folder_of(path) for path in self._images}
        self._named: dict[str, set[str]] = {}  # folders that build an image or a program, by name
        self._whole: set[str] = set()  # compose services that some file defines, not only changes
        self._modules: dict[str, set[str]] = {}  # all other build units, which only an image names
        self._dotted: dict[str, set[str]] = {}  # by the last word: `Shop.Web`
        for folder in packages:
            last = folder.rpartition("/")[2]
            if "." in last.strip("."):
                self._dotted.setdefault(relaxed(last.rpartition(".")[2]), set()).add(folder)
        for folder in program_folders(index):
            if folder not in packages:
                self._modules.setdefault(relaxed(folder_name(folder)), set()).add(folder)
        for folder in self._dockerfiles:
            self._named.setdefault(relaxed(folder_name(folder)), set()).add(packs(folder, packages))
        for folder, package in packages.items():
            builds = package.runnable or folder in self._dockerfiles
            names = self._named if builds else self._modules
            called = {folder_name(folder)}
            if package.image and "${" not in package.image:
                called.add(image_name(package.image))
            if builds or package.ecosystem not in PUBLISHED:
                called.add(package.name.rpartition("/")[2])
            for name in called if folder or builds else ():
                names.setdefault(relaxed(name), set()).add(folder)
        self._called: set[str] = set()  # folders of images that some workload bears the name of
        self._parts = own_parts({folder for fits in self._named.values() for folder in fits})

    def assign(self, workloads: Iterable[Workload]) -> None:
        """Sets `root` and `image_fact` of all workloads whose source is found."""
        found = list(workloads)
        self._systems = Systems(found)
        self._by_tags = told_by_tags(found)
        ours = {image_name(w.image) for w in found if w.image and of_image(w.image) is None}
        self._own_prefixes, self._own_suffixes = prefixes(ours), suffixes(ours)
        called = {relaxed(w.name) for w in found}
        self._called = {f for f in self._dockerfiles if relaxed(folder_name(f)) in called}
        self._whole = {
            w.name
            for w in found
            if w.fact.source == "compose" and (w.image or w.fact.build_context)
        }
        for workload in found:
            self._builds.find(workload)
            if workload.fact.source == "aspire" and workload.fact.build_target:
                workload.root = self._projects.get(workload.fact.build_target)
            code = mounted_code(workload, self._packages, self._files)
            if code is not None:
                workload.root = code
            elif workload.root is not None:
                mounted = self._mounted(workload)
                workload.root = self._narrowed(workload) if mounted is None else mounted
                member = member_started(workload.command, workload.root or "", self._packages)
                workload.root = workload.root if member is None else member
                workload.root = project_started(workload, self._projects)
            workload.root = application_started(workload, self._packages)
        self._targets.narrow(found)
        assign_chosen(found, self._packages)
        built = roots_by_image(found)
        for workload in found:
            if workload.root is None and (workload.image or workload.fact.command):
                workload.root = self._by_name(workload, built)
                place_packed(workload, found, self._files, self._packages)
        built = roots_by_service(found) | roots_by_image(found)
        for workload in found:
            if workload.root is None and image_name(workload.image) not in self._by_tags:
                workload.root = built.get(image_name(workload.image))
            if workload.image_fact is None and workload.root is not None:
                path = f"{workload.root}/Dockerfile".lstrip("/")
                workload.image_fact = self._images.get(path)
        assign_elsewhere(found, self._images, self._files, self._targets)

    def _mounted(self, workload: Workload) -> str | None:
        """The folder of code that is mounted into an image of tools, which holds none itself.

        Only where the workload says what to run: an image's own command runs what is in it.
        """
        if not workload.fact.command:
            return None
        image = workload.image_fact
        if image is not None and of_image(image.base) is not None:
            return None  # a known program with settings of ours
        if any(is_below(folder, workload.root or "") for folder in self._packages):
            return None
        for volume in workload.fact.volumes:
            source = volume.partition(":")[0]
            folder = resolve_path(folder_of(workload.path), source)
            if source.startswith(".") and folder in self._packages:
                return folder
        return None

    def _narrowed(self, workload: Workload) -> str | None:
        """The whole repository as context, with a Dockerfile that takes one folder of it."""
        root, image = workload.root or "", workload.image_fact
        own = own_folder(workload, root, self._files, self._packages)
        if image is None or mounts(workload, root):
            # What it copies is covered by the whole; the Dockerfile still is one program's.
            return own if image is not None and self._program(own, root) else workload.root
        if not image.copies:  # nothing of the context is in it, unless it is mounted
            mounted = any(volume.startswith(".") for volume in workload.fact.volumes)
            return own if is_below(own, root) and not mounted else workload.root
        copies = [resolve_path(root, copy) for copy in image.copies]
        inside = [copy for copy in copies if copy is not None and copy != root]
        if not inside or len(inside) < len(copies):
            # All of it, for the sake of its libraries: the program is what the Dockerfile is beside.
            beside = own != root and is_below(own, root) and own in self._packages
            return own if beside else workload.root
        if own != root and is_below(own, root):
            around = [copy for copy in inside if is_below(own, copy)]
            if around or any(is_below(copy, own) for copy in inside):
                return min(around, key=len) if around else own
        shared = commonpath(inside)
        if shared == root != own and own in self._packages and is_below(own, root):
            return own  # beside libraries of the whole
        # One file or one folder of sources beside its build files: the folder is the context.
        if len(inside) > 1 and shared != root and is_below(shared, root):
            # What a build leaves behind (`target/quarkus-app`) is no source.
            return shared if any(is_below(path, shared) for path in self._files) else workload.root
        return workload.root

    def _program(self, folder: str, root: str) -> bool:
        """One of the programs of a repository: a build unit, or the sources of a program."""
        inside = folder != root and is_below(folder, root)
        return inside and (folder in self._packages or f"{folder}/src/main.ts" in self._files)

    def _by_part(self, image: str, taken: Collection[str]) -> str | None:
        """`shop-orders` among other images of `shop-` is built in the folder `orders`, else in
        `orders-service`; `orders-grpc` among others that end in `-grpc` is so too, unless that
        folder builds another."""
        for at, sign in enumerate(image):
            if sign in "-_" and image[: at + 1] in self._own_prefixes:
                # A folder of code before one that only packs what was built elsewhere.
                for name in with_service(relaxed(image[at + 1 :])):
                    fits = self._named.get(name, set()) | self._modules.get(name, set())
                    for fitting in ({f for f in fits if f in self._packages}, fits):
                        if len(fitting) == 1:
                            return next(iter(fitting))
        for at, sign in reversed(list(enumerate(image))):
            if sign in "-_" and image[at:] in self._own_suffixes:
                fits = self._named.get(relaxed(image[:at]), set())
                if len(fits) == 1 and fits.isdisjoint(taken):
                    return next(iter(fits))
        return self._by_end(image, taken)

    def _by_end(self, image: str, taken: Collection[str]) -> str | None:
        """An image alone of its kind, called after the repository: `shop-orders-service`, where a
        name of several words ends it and one folder that builds something has that name."""
        for at, sign in enumerate(image):
            own = image[at + 1 :]
            if sign in "-_" and ("-" in own or "_" in own):
                fits = self._named.get(relaxed(own), set())
                if len(fits) == 1 and fits.isdisjoint(taken):
                    return next(iter(fits))
        return None

    def _by_name(self, workload: Workload, built: Mapping[str, str]) -> str | None:
        image = image_name(workload.image)
        if image in self._by_tags:
            image = ""
        if image in built:
            return built[image]
        if workload.image and of_image(workload.image) is not None:
            return None
        if _RUNTIME.match(workload.image):
            image = ""  # what is mounted into it runs, whatever folder is called so
        name = plain(workload.name)
        names = (relaxed(image), relaxed(name), relaxed(name.removesuffix("-container")))
        fitting = [self._named.get(name, set()) for name in names if name]
        fitting += [self._modules.get(relaxed(image), set())] if image else []
        system = self._systems.of(workload.path)
        if system:  # of several in the repository: another's folder is not meant
            fitting = [
                {f for f in fits if self._systems.of(f"{f}/.") in ("", system)} for fits in fitting
            ]
        for fits in fitting:
            # `api` and `api/src`: the outer one builds the image
            outer = {f for f in fits if not any(g != f and is_below(f, g) for g in fits)}
            if len(outer) == 1:
                return outer.pop()
        dotted = self._dotted.get(relaxed(image or name), set())
        if len(dotted) == 1 and image in ("", workload.name):
            return next(iter(dotted))
        for name in (relaxed(image), relaxed(workload.name)):
            fits = self._parts.get(name, set()) - set(built.values())
            if len(fits) == 1:
                return fits.pop()
        by_part = self._by_part(image, built.values())
        if by_part is not None:
            return by_part
        for name in (image_name(workload.image), workload.name):
            if name in self._commands:
                return self._commands[name]
        around = self._around(workload)
        if around is not None:
            return around
        first = by_first_word(workload.name, self._dockerfiles - self._called - set(built.values()))
        if first is not None:
            return packs(first, self._packages)
        changes_another = workload.fact.source == "compose" and workload.name in self._whole
        if workload.fact.image is not None or changes_another:
            return None
        return "" if "" in self._dockerfiles else None

    def _around(self, workload: Workload) -> str | None:
        """The folder that builds an image and holds the manifest, where the image is named so:
        `orders/chart/templates/deployment.yaml` with an image `shop-orders`."""
        image = f"-{plain(image_name(workload.image))}-"
        folder = folder_of(workload.path)
        while folder and workload.image:
            if folder in self._dockerfiles:
                own = any(is_below(f, folder) for f in self._packages)
                return folder if own and f"-{plain(folder_name(folder))}-" in image else None
            folder = folder_of(folder)
        return None
