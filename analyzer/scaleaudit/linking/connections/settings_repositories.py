"""The repositories that configuration servers read: systems outside of the scanned one.

The node is called what the repository is called, so that the checkout a reader knows and the node
have one name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.names import plain, relaxed
from scaleaudit.linking.resolution.profiles import active_profiles
from scaleaudit.linking.settings_files.config_locations import ConfigLocations
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.source import Location
    from scaleaudit.values import Value

GIT = "git"
_URI = regex(r"springcloudconfigserver(?:git|svn|composite)\w*uri")
_ONE_OF_MANY = regex(r"springcloudconfigservergitrepos\w+")  # may be given by its address alone
_FOLDERS = regex(r"springcloudconfigserver(?:native|composite)\w*searchlocations(?:\d*)")
_PROFILES = "springprofilesactive"
_REMOTE = regex(r"(?:(?:https?|ssh|git|svn)(?:\+\w+)?://|[\w.-]+@[\w.-]+:)")
_NAME = regex(r"[\w][\w.-]*")
_HOST = regex(r"(?:\w[\w+.-]*://)?(?:[^@/]*@)?([\w.-]+)")
# What hosts are called by the service that runs there.
_SITES = ("github", "gitlab", "bitbucket", "gitee", "codecommit", "gitea", "azure")
NAMELESS = "git-repository"


def add_settings_repositories(connections: Connections) -> None:
    """An edge from each server to the repositories that its settings name."""
    for server, settings in _by_server(connections).items():
        speaker = connections.by_id(server)
        if speaker is None:
            continue
        places = ConfigLocations(
            connections.index,
            speaker,
            (
                path
                for path, each in connections.index.of(SettingDefined)
                if each.source == "spring"
            ),
        )
        folders_only = _reads_folders_only(connections, speaker)
        for key, (value, at) in sorted(settings.items()):
            found = connections.resolver.resolve(value, at.path, speaker)
            note = Evidence(
                at, f"{speaker.name} takes the settings of others from here", Step.SETTING
            )
            of_folders = _FOLDERS.fullmatch(key) is not None
            told = _URI.fullmatch(key) or of_folders or _REMOTE.match(found.text)
            if not told:
                continue  # a user's name, a pattern: what else one says of a repository
            for part in found.text.split(",")[:20] if of_folders else [found.text]:
                target, sure = _target(connections, speaker, places, part.strip(), of_folders)
                if target is not None and not (folders_only and _REMOTE.match(part)):
                    connections.connect(speaker, target, (note, *found.trail), sure)


def _by_server(connections: Connections) -> dict[str, dict[str, tuple[Value, Location]]]:
    """Component -> key -> the value that counts, out of settings files and environments."""
    best: dict[tuple[str, str], tuple[tuple[int, bool], Value, Location]] = {}
    for path, setting in connections.index.of(SettingDefined):
        if setting.source != "spring" or not _is_location(setting.key):
            continue
        if connections.index.role(path) is not Role.SOURCE:
            continue
        for owner in connections.components.configured_by(path):
            key = (owner.id, relaxed(setting.key))
            rank = connections.resolver.settings.rank(path, setting, owner)
            if key not in best or rank < best[key][0]:
                best[key] = (rank, setting.value, setting.at.in_file(path))
    found: dict[str, dict[str, tuple[Value, Location]]] = {}
    for (owner_id, each), (_, value, at) in best.items():
        found.setdefault(owner_id, {})[each] = (value, at)
    for component in connections.components.services():
        for workload in component.workloads:
            for name, (given, at) in workload.environment.items():
                if given is not None and _is_location(name):
                    found.setdefault(component.id, {})[relaxed(name)] = (given, at)
    return found


def _is_location(key: str) -> bool:
    if "erver" not in key and "ERVER" not in key:
        return False
    wanted = relaxed(key)
    return any(pattern.fullmatch(wanted) for pattern in (_URI, _ONE_OF_MANY, _FOLDERS))


def _reads_folders_only(connections: Connections, server: Component) -> bool:
    """The profile `native` takes the place of git, and the repository's address stays unused."""
    several = active_profiles(server)
    active = tuple(profile for each in several for profile in each)
    if not active:
        given = [
            (connections.resolver.settings.rank(path, setting, server), setting.value, path)
            for path, setting in connections.index.of(SettingDefined)
            if relaxed(setting.key) == _PROFILES
            and server in connections.components.configured_by(path)
        ]
        if not given:
            return False
        _, value, path = min(given, key=lambda each: each[0])
        active = tuple(_words(connections.resolver.resolve(value, path, server).text))
    return "native" in active and GIT not in active


def _words(text: str) -> Iterator[str]:
    return (word for word in re.split(r"[,\s]+", text.lower()) if word)


def _target(
    connections: Connections,
    server: Component,
    places: ConfigLocations,
    text: str,
    of_folders: bool,
) -> tuple[Component | None, Confidence]:
    """Who keeps the repository; None when it is a folder of this one."""
    nobody = None, Confidence.LOW
    if _REMOTE.match(text):
        address = next(iter(parse_addresses(text)), None)
        known = (
            connections.targets.by_name(address.host, near=server)
            if address and address.host
            else None
        )
        if known is not None and known is not server:
            return known, Confidence.HIGH
        return _node(connections, text), Confidence.HIGH
    if not text.replace("{}", "").strip("/: "):
        return (None if of_folders else _node(connections, "")), Confidence.MEDIUM
    if "classpath" in text or places.is_here(text):
        return nobody
    path = re.sub(r"^(?:optional:)?(?:file:)?/*", "/", text)
    mounted = places.mounted(path)
    if mounted is None and of_folders:
        return nobody  # a folder of its own container, which no repository needs to be behind
    return _node(connections, mounted or text), Confidence.MEDIUM


def _node(connections: Connections, text: str) -> Component:
    """The external system of a repository's address or of the folder of its checkout."""
    plain_text = re.sub(r"[?#].*", "", text).rstrip("/").removesuffix(".git").rstrip("/.")
    last = re.split(r"[/:\\]", plain_text)[-1]
    name = last if _NAME.fullmatch(last) else ""
    taken = {plain(each) for c in connections.components.all for each in c.names}
    if not name or plain(name) in taken:
        host = _HOST.match(text)
        words = host[1].lower().split(".") if host and _REMOTE.match(text) else []
        site = next((site for site in _SITES if any(site in word for word in words)), "")
        name = f"{site}-repository" if site else NAMELESS
    return connections.targets.outside(NodeKind.EXTERNAL, name, GIT)
