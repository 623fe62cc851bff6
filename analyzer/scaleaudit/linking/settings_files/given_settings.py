"""Settings files that are named: `SPRING_CONFIG_LOCATION: file:/config/orders.yml` by a deployment,
`spring.config.import: classpath:common.yml` by a program, for a file of a library inside of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import relaxed
from scaleaudit.linking.settings_files.config_locations import mounts
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.components.libraries import Libraries
    from scaleaudit.linking.facts_index import FactsIndex

_KEYS = {"springconfiglocation", "springconfigadditionallocation", "springconfigimport",
         "quarkusconfiglocations", "micronautconfigfiles"}  # fmt: skip
_ARGUMENT = regex(r"(?:--|-D)spring\.config\.(?:additional-)?location=([^\s\"']+)")
_IMPORT = "springconfigimport"
_INSIDE = regex(r"^(?:optional:)?classpath\*?:/*([\w./-]+)$")
_RESOURCES = "src/main/resources/"
_FILE = regex(r"\.(?:ya?ml|properties)$")
_SCHEME = regex(r"^(?:optional:)?(?:file:)?/*")
MAX_PLACES = 50  # of one text


def given_files(
    index: FactsIndex, components: Iterable[Component], paths: Iterable[str]
) -> dict[str, list[Component]]:
    """Settings file outside of all source folders -> the components that are told to read it."""
    listed = list(components)
    roots = {c.root for c in listed if c.root}
    outside = [path for path in paths if not any(is_below(path, root) for root in roots)]
    found: dict[str, list[Component]] = {}
    if not outside:
        return found
    by_key = [
        (path, setting)
        for path, setting in index.of(SettingDefined)
        if setting.source == "spring" and relaxed(setting.key) in _KEYS
    ]
    for component in listed:
        if component.root is None:
            continue
        texts = [*_of_workloads(component)]
        texts += [
            text_with_holes(setting.value)
            for path, setting in by_key
            if component.root and is_below(path, component.root)
        ]
        mounted = dict(mounts(component))
        for text in texts:
            for place in re.split(r"[,;]", text)[:MAX_PLACES]:
                path = _file(place.strip(), mounted, outside)
                if path and component not in found.setdefault(path, []):
                    found[path].append(component)
    return found


def imported_files(
    index: FactsIndex, components: Iterable[Component], paths: Iterable[str], libraries: Libraries
) -> dict[str, list[Component]]:
    """Settings file of a library of this repository -> the components that import it by name."""
    outside: dict[str, list[str]] = {}
    for path in paths:
        if f"/{_RESOURCES}" in path:
            outside.setdefault(path.rpartition("/")[2], []).append(path)
    listed = [c for c in components if c.root]
    found: dict[str, dict[str, Component]] = {}
    for at, setting in index.of(SettingDefined):
        # Spring numbers the entries of a list.
        if setting.source != "spring" or not relaxed(setting.key).startswith(_IMPORT):
            continue
        for place in re.split(r"[,;]", text_with_holes(setting.value))[:MAX_PLACES]:
            name = _INSIDE.match(place.strip())
            ending = f"/{_RESOURCES}{name[1]}" if name else ""
            alike = outside.get(ending.rpartition("/")[2], ())
            for path in (path for path in alike if path.endswith(ending)):
                users = libraries.users(folder_of(path))
                for each in listed:
                    if is_below(at, each.root or "") and each in users:
                        found.setdefault(path, {})[each.id] = each
    return {path: list(users.values()) for path, users in found.items()}


def _of_workloads(component: Component) -> Iterator[str]:
    for workload in component.workloads:
        for name, (value, _) in workload.environment.items():
            if value is not None and relaxed(name) in _KEYS:
                yield text_with_holes(value)
        yield from _ARGUMENT.findall(" ".join(workload.command))


def _file(place: str, mounted: Mapping[str, str], outside: list[str]) -> str:
    """The one file that is mounted there, or whose path ends like that; empty for none."""
    if place.startswith("classpath") or not _FILE.search(place):
        return ""
    path = _SCHEME.sub("/", place)
    for target, source in mounted.items():
        if is_below(path, target):
            inside = f"{source}{path[len(target) :]}".lstrip("/")
            if inside in outside:
                return inside
    ending = "/".join(path.strip("./").split("/")[-2:])
    if "/" not in ending or "{" in ending:
        return ""
    same = [each for each in outside if each == ending or each.endswith(f"/{ending}")]
    return same[0] if len(same) == 1 else ""
