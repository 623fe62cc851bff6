"""Which folder an image is built from, by what builds it: a pipeline, a script, Skaffold, Tilt, bake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ImageBuilt, ImageNamed
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.linking.technologies import image_name, of_image
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.linking.facts_index import FactsIndex

Build = tuple[str, str, str]  # the folder that is the context, the Dockerfile, its stage
PIPELINES = ".github/workflows"  # also of a folder that was a repository of its own
ELSEWHERE = (Role.TEST, Role.EXAMPLE)


class NamedImages:
    """`find(workload)`: the one build that gives its image the name, where the files are there."""

    def __init__(
        self, index: FactsIndex, dockerfiles: Mapping[str, ImageBuilt], units: Collection[str]
    ) -> None:
        self._dockerfiles, self._units = dockerfiles, units
        self._stages = {
            (path, fact.stage): fact for path, fact in index.of(ImageBuilt) if fact.stage
        }
        self._builds: dict[str, set[Build]] = {}
        for path, fact in index.of(ImageNamed):
            if index.role(path) not in ELSEWHERE:
                build = self._build(folder_of(path), fact)
                if build is not None:
                    self._builds.setdefault(fact.image, set()).add(build)
        # One build that has several names at the root says its program in some other way.
        named: dict[Build, set[str]] = {}
        for image, builds in self._builds.items():
            for build in builds:
                named.setdefault(build, set()).add(image)
        self._vague = {build for build, names in named.items() if len(names) > 1}

    def find(self, workload: Workload) -> None:
        """Sets the source of a workload that has none yet; a known program is nobody's own."""
        if workload.root is not None or of_image(workload.image) is not None:
            return
        found = self._builds.get(image_name(workload.image), set()) - self._vague
        if len(found) > 1:  # copied from one to the next with the pipeline
            found = {build for build in found if build[0] and is_below(workload.path, build[0])}
        if len(found) == 1:
            workload.root, workload.dockerfile, stage = next(iter(found))
            image = self._stages.get((workload.dockerfile, stage))
            workload.image_fact = image or self._dockerfiles.get(workload.dockerfile)

    def _build(self, folder: str, fact: ImageNamed) -> Build | None:
        """Pipelines begin at the root, their own or that of the repository; other files where they
        stand, or there as well."""
        above = folder.removesuffix(PIPELINES).rstrip("/")
        for base in dict.fromkeys((above, "")):
            context = resolve_path(base, fact.context)
            if context is None:
                continue
            told = fact.dockerfile
            written = [resolve_path(each, told or "Dockerfile") for each in (base, context)]
            for dockerfile in written if told else written[1:]:
                if dockerfile in self._dockerfiles:
                    return context, dockerfile or "", fact.target
            if not told and context and context in self._units:
                return context, "", ""
        return None


def roots_by_image(workloads: Iterable[Workload]) -> dict[str, str]:
    """The folder that builds each image; none for a name that several folders share."""
    roots: dict[str, set[str]] = {}
    for workload in workloads:
        if workload.root is not None and workload.image:
            roots.setdefault(image_name(workload.image), set()).add(workload.root)
    return {image: found.pop() for image, found in roots.items() if image and len(found) == 1}


def told_by_tags(workloads: Iterable[Workload]) -> set[str]:
    """Images of ours that the services of one file run by different tags: `shop:web`, `shop:worker`."""
    tags: dict[tuple[str, str], dict[str, set[str]]] = {}
    for workload in workloads:
        image = image_name(workload.image)
        if image and of_image(workload.image) is None:
            tag = workload.image.rpartition("/")[2].partition(":")[2].partition("@")[0]
            tags.setdefault((workload.path, image), {}).setdefault(tag, set()).add(workload.name)
    return {
        image
        for (_, image), named in tags.items()
        if len(named) > 1 and all(tag and len(names) == 1 for tag, names in named.items())
    }


def roots_by_service(workloads: Iterable[Workload]) -> dict[str, str]:
    """The folders that compose services are built of, by the names of these: what another
    deployment calls the image of such a one."""
    roots: dict[str, set[str]] = {}
    for workload in workloads:
        fact = workload.fact
        if fact.source == "compose" and fact.build_context and workload.root is not None:
            roots.setdefault(workload.name, set()).add(workload.root)
    return {
        name: found.pop()
        for name, found in roots.items()
        if len(found) == 1 and of_image(name) is None
    }
