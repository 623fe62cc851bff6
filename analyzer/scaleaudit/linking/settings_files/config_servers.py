"""Settings that one service keeps for the others, in this repository or in one of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.settings import SERVED_PROPERTIES, SERVED_YAML
from scaleaudit.facts import PackageDeclared, SettingDefined
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import NAMED, plain, relaxed
from scaleaudit.linking.settings_files.config_locations import ConfigLocations
from scaleaudit.linking.settings_files.given_settings import given_files, imported_files
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.components.libraries import Libraries
    from scaleaudit.linking.facts_index import FactsIndex

SERVER = "config-server"  # the technology that the server's dependencies give it
_CLIENT_KEY = regex(
    r"springcloudconfig(uri|discoveryenabled|name|label)|springconfigimport"
    r"|micronautconfigclientenabled"
)
_CLIENT_LIBRARY = regex(
    r"(^|:)(spring-cloud-(starter-config|config-client)"
    r"|(spring-cloud-starter-alibaba-)?nacos-config(-spring-boot-starter)?"
    r"|spring-cloud-starter-(consul|zookeeper)-(config|all))$"
)
_STEM = regex(
    r"(.+?)\.(?:ya?ml|properties)",
)
_FOR_ALL = ("application", "bootstrap")
_KEPT = regex(
    r"(^|/)([\w.-]+-)?(config|configs|configuration)(-\w+)?$"
)  # folders of settings alone
_OWN_FOLDERS = ("src/main/resources", "src/main/resources/config")  # Spring reads these itself
_JVM = {"maven", "gradle"}
_ASKED_NAME = "springcloudconfigname"
# How programs are called and what is kept for all of them is not.
_PROGRAM = regex(r"-(service|server|app|application|api|gateway|client|web|ui|dashboard|worker)$")
MAX_NAMES = 20  # that one program asks for
MAX_PROFILE_WORDS = 3  # `orders-eu-prod`


class Served(Record, frozen=True):
    """Whom a file's settings are handed out to, and for which profile (empty: for all)."""

    to: tuple[Component, ...]
    profile: str = ""


class ServedSettings:
    """`files`: each file that is handed out.

    `orders.yml` and `orders-prod.yml` are for the application of that name, `application.yml` for
    every client of the server, inside of a folder named like an application for that one.
    """

    def __init__(
        self, index: FactsIndex, components: list[Component], libraries: Libraries
    ) -> None:
        self._named: dict[str, Component] = {}
        for component in components:
            for name in (component.name, *sorted(component.aliases)):
                if component.root is not None:
                    self._named.setdefault(plain(name), component)
        for component in components:
            if component.technology == SERVER:
                _leave_to_others(component)
        self._by_root: dict[str | None, tuple[Component, ...]] = {}
        for component in components:
            self._by_root[component.root] = (*self._by_root.get(component.root, ()), component)
        self._servers = [c for c in components if c.technology == SERVER and c.root]
        self._asked_for = _asked_for(index, components)
        programs = [c for c in components if c.root and c not in self._servers]
        asking = _asking(index)
        self._clients = tuple(c for c in programs if c.root in asking)
        paths = dict.fromkeys(p for p, s in index.of(SettingDefined) if s.source == "spring")
        folders = [folder_of(path).rpartition("/") for path in paths]
        self._of_programs = {above for above, _, name in folders if plain(name) in self._named}
        self.locations = {
            server.id: ConfigLocations(index, server, paths) for server in self._servers
        }
        self.files: dict[str, Served] = {}
        for path in index.files:
            if index.kind(path) in (SERVED_YAML, SERVED_PROPERTIES):
                everybody = self._clients or tuple(c for c in programs if _on_jvm(index, c))
                self.files[path] = self._of(path, path.partition("/")[0], everybody) or Served(())
        for path, given in given_files(index, components, paths).items():
            self.files[path] = Served(tuple(given))
        for path, given in imported_files(index, components, paths, libraries).items():
            self.files.setdefault(path, Served(tuple(given), NAMED))
        for server in self._servers:
            for path in paths:
                if path not in self.files:
                    self._keep(path, server)
        left = [path for path in paths if path not in self.files]
        if self._servers:  # a copy of what they read from elsewhere, where the folder says so
            left = [path for path in left if "config" in folder_of(path).lower()]
        self._keep_unowned(left)

    def _keep_unowned(self, paths: list[str]) -> None:
        """Files in folders of nobody, named like a client: kept here for a server elsewhere."""
        roots = {c.root for c in self._named.values() if c.root}
        shared: set[str] = set()
        outside = [path for path in paths if not any(is_below(path, root) for root in roots)]
        for path in outside:
            if _stem(path).partition("-")[0] in _FOR_ALL:
                continue
            found = self._of(path, folder_of(path), ())
            if found is not None and found.to[0] in self._clients:
                self.files[path] = found
                shared.add(folder_of(path))
        if "" not in self._by_root:  # else it is the program's own
            shared.update(folder_of(path) for path in outside if _KEPT.search(folder_of(path)))
        for path in outside:
            if path not in self.files and folder_of(path) in shared:
                common = self._of(path, folder_of(path), self._clients)
                if common is not None:
                    self.files[path] = common

    def _keep(self, path: str, server: Component) -> None:
        """A file of this repository, when the server hands it out."""
        root = server.root or ""
        if not is_below(path, root):
            folder = self.locations[server.id].around(path)
            if folder is None:
                return
            owner = next(
                (c for c in self._named.values() if c.root and is_below(path, c.root)), None
            )
            if owner is not None:
                return  # a folder of that name with the settings of somebody else's own
            found = self._of(path, folder, self._clients)
        elif _is_own(path, root) and not self.locations[server.id].names(folder_of(path)):
            return
        else:
            found = self._of(path, root, self._clients)
            if found is None and f"{root}/{_OWN_FOLDERS[0]}/" in f"/{path}":
                self.files[path] = Served(())  # kept for a program that is not here
        if found is not None and server not in found.to:
            self.files[path] = found

    def _of(self, path: str, folder: str, clients: tuple[Component, ...]) -> Served | None:
        """By its name and by the folders that it lies in below the one handed out."""
        stem = _stem(path)
        head, _, rest = stem.partition("-")
        if head.lower() in _FOR_ALL:
            inside = folder_of(path)[len(folder) :].strip("/").split("/")
            for each in reversed(inside):
                named = self._named.get(plain(each)) if each else None
                if named is not None and named not in self._servers:
                    return Served(self._by_root[named.root], rest)
            if inside[-1] and self._is_of_absent(path):
                return Served(())
            return Served(clients, rest) if clients else None
        words = plain(stem).split("-")
        for cut in range(len(words), max(0, len(words) - MAX_PROFILE_WORDS - 1), -1):
            name, rest = "-".join(words[:cut]), "-".join(words[cut:])
            if name in self._asked_for:
                return Served(self._asked_for[name], rest)
            named = self._named.get(name)
            if named is not None:
                return Served(self._by_root[named.root], rest)
        return None

    def _is_of_absent(self, path: str) -> bool:
        """In a folder beside those of programs, called like one itself that is not here."""
        above, _, name = folder_of(path).rpartition("/")
        return above in self._of_programs and _PROGRAM.search(name) is not None


def _asked_for(index: FactsIndex, components: list[Component]) -> dict[str, tuple[Component, ...]]:
    """The programs that ask for the files of another name than their own, by that name."""
    found: dict[str, dict[str, Component]] = {}
    for path, setting in index.of(SettingDefined):
        if setting.source == "spring" and relaxed(setting.key) == _ASKED_NAME:
            names = (literal_text(setting.value) or "").split(",")
            inside = [c for c in components if c.root and is_below(path, c.root)]
            for name in (plain(each) for each in names[:MAX_NAMES]):
                if name and name not in _FOR_ALL:
                    found.setdefault(name, {}).update((c.id, c) for c in inside)
    return {name: tuple(asking.values()) for name, asking in found.items() if asking}


def _leave_to_others(server: Component) -> None:
    """What is mounted into a server in files of other programs is no setting of its own."""
    own = {plain(name) for name in (*_FOR_ALL, server.name, *server.aliases)}
    for workload in server.workloads:
        for key, name in workload.files.items():
            stem = _stem(name)
            if stem and not any(f"{plain(stem)}-".startswith(f"{each}-") for each in own):
                workload.environment.pop(key, None)


def _stem(path: str) -> str:
    found = _STEM.fullmatch(path.rpartition("/")[2])
    return found[1] if found is not None else ""


def _is_own(path: str, root: str) -> bool:
    """Spring settings of the server itself, which are no application's by name."""
    name = path.rpartition("/")[2].partition(".")[0].partition("-")[0]
    own = {f"{root}/{folder}" for folder in _OWN_FOLDERS}
    return name in _FOR_ALL and folder_of(path) in own


def _asking(index: FactsIndex) -> set[str]:
    """The source folders of what asks a configuration server, by a setting or by a library."""
    found = {
        path[: path.find("/src/")] if "/src/" in path else folder_of(path)
        for path, setting in index.of(SettingDefined)
        if setting.source == "spring" and _CLIENT_KEY.match(relaxed(setting.key))
    }
    for path, package in index.of(PackageDeclared):
        if any(_CLIENT_LIBRARY.search(name) for name, _ in package.dependencies):
            found.add(folder_of(path))
    return found


def _on_jvm(index: FactsIndex, component: Component) -> bool:
    return any(
        folder_of(path) == component.root and package.ecosystem in _JVM
        for path, package in index.of(PackageDeclared)
    )
