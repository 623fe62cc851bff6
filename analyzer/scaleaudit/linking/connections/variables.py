"""Which components make use of the variables that their deployment hands them.

Deployments hand one list of variables to many. Where the code of one program is seen to read such
a variable, or to open the connection that it is for, a program in the same language that is
handed it and does neither is taken not to use it.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import (
    ConstantDefined,
    RemoteCall,
    SettingDefined,
    SettingRead,
    StoreUsed,
)
from scaleaudit.findings import Step
from scaleaudit.linking.names import relaxed
from scaleaudit.linking.resolution.setting_values import connection_string
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Join, Literal, Name, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.values import Value

# Who may call, where visitors are sent back to, and what they call a program that stands behind a
# proxy (Grafana's `GF_SERVER_ROOT_URL`): they come, nobody goes there.
OF_VISITORS = regex(
    r"(?i)redirect|call_?back|log_?out|cors|allowed_?[.]?(origin|host)|audience|assertion_?consumer|origins$"
    r"|^gf_(server_|auth_jwt_url_login$)|(^|_)root_?url$"
)
# What a configuration server hands on to its clients.
HANDED_ON = regex(r"(?i)spring\.cloud\.config\.server\.overrides\.")
# Where Spring is told whose pages may call: a file with these hands its addresses to nobody else.
CORS = regex(r"^org\.springframework\.web\.(?:cors\.|servlet\.config\.annotation\.CorsRegistry$)")
MAX_READERS = 60  # applications around one library


class Used:
    """Asked before the environment has added connections of its own."""

    def __init__(self, connections: Connections) -> None:
        self._components = connections.components
        self._connections = connections
        self._read: dict[str, set[str]] = {}  # by component
        asked = ((path, fact.key) for path, fact in connections.index.of(SettingRead))
        for path, key in chain(asked, asked_for(connections.index)):
            for owner in connections.processes(path):
                self._read.setdefault(owner.id, set()).add(relaxed(key))
        self._named: dict[str, set[str]] = {}  # in settings files, by application
        self._settings_with: dict[tuple[str, str], set[str]] = {}  # by application and variable
        for path, setting in connections.index.of(SettingDefined):
            keys = {relaxed(key) for key in variables_in(setting.value)}
            if keys and connections.index.role(path) is Role.SOURCE:
                for owner in connections.components.configured_by(path)[:MAX_READERS]:
                    self._named.setdefault(owner.application, set()).update(keys)
                    for key in keys:
                        told = self._settings_with.setdefault((owner.application, key), set())
                        told.add(setting.key)
        self._of_cors = _only_for_cors(connections.index, connections.components)
        self._handed: dict[str, list[Component]] = {}  # by variable
        self._opened: set[tuple[str, str]] = set(connections.told_by_code)  # (application, target)
        for component in connections.components.all:
            if component.kind is not NodeKind.SERVICE:
                continue
            for name in {name for w in component.workloads for name in w.environment}:
                self._handed.setdefault(name, []).append(component)
            for target in connections.trails.targets_from(component.id):
                if connections.trails.is_told_by(component.id, target, Step.CALL):
                    self._opened.add((component.application, target))

    def is_read(self, name: str, component: Component) -> bool:
        keys = self._read.get(component.id, ())
        return relaxed(name) in keys or connection_string(name) in keys

    def only_of_visitors(self, name: str, component: Component) -> bool:
        """All its settings that take the variable in say who may come or where he is sent back to,
        or hand it on to others."""
        keys = self._settings_with.get((component.application, relaxed(name)), ())
        for_pages = self._of_cors.get(component.application, set())
        return bool(keys) and all(
            OF_VISITORS.search(key) or HANDED_ON.match(key) or relaxed(key) in for_pages
            for key in keys
        )

    def only_by_siblings(self, component: Component, target: Component) -> bool:
        """Other processes of its code are seen to open the connection; what this one runs is known,
        and it does not."""
        return (
            (component.application, target.id) in self._opened
            and self._connections.started.is_known(component)
            and not self._connections.trails.is_told_by(component.id, target.id, Step.CALL)
        )

    def only_by_them(
        self, name: str, component: Component, target: Component, *, read: bool
    ) -> bool:
        """Another program of the language is seen to use the variable, and this one is not.

        `read`: this one reads it, which it may do and leave it at that, as settings that all
        programs share do. What a Go program loads is known to the last file; there another must
        be seen to open the connection.
        """
        language = self._components.language_of(component)
        named = read or relaxed(name) in self._named.get(component.application, ())
        if not language or (named and (language != "go" or target.kind is NodeKind.SERVICE)):
            return False
        return any(
            other.application != component.application
            and self._components.language_of(other) == language
            and (
                (other.application, target.id) in self._opened
                or (not named and self.is_read(name, other))
                or (not named and relaxed(name) in self._named.get(other.application, ()))
            )
            for other in self._handed.get(name, ())
        )


def _only_for_cors(index: FactsIndex, components: Components) -> dict[str, set[str]]:
    """By application: the settings that only such files read which say whose pages may call."""
    about = {path for path, _ in index.importing(CORS.match)}
    if not about:
        return {}
    read = [(path, key) for path, each in index.of(ConstantDefined)
            for key in variables_in(each.value)]  # fmt: skip
    read += [(path, each.key) for path, each in index.of(SettingRead)]
    read += asked_for(index)
    calling = {path for path, _ in index.of(RemoteCall)}
    found: dict[str, set[str]] = {}
    others: dict[str, set[str]] = {}
    for path, key in read:
        kept = found if path in about and path not in calling else others
        for owner in components.owning(path):
            kept.setdefault(owner.application, set()).add(relaxed(key))
    return {name: keys - others.get(name, set()) for name, keys in found.items()}


def asked_for(index: FactsIndex) -> Iterator[tuple[str, str]]:
    """(file, key) of the settings that clients are given their addresses by: in ways that are not
    seen to read a variable, such as `app.config["ORDERS_URL"]`."""
    facts: list[tuple[str, Value]] = [(path, call.target) for path, call in index.of(RemoteCall)]
    facts += [(path, store.address) for path, store in index.of(StoreUsed)]
    for path, value in facts:
        for part in value.parts if isinstance(value, Join) else (value,):
            if isinstance(part, Setting):
                yield path, part.key
            elif isinstance(part, Name):
                yield path, part.name.rpartition(".")[2]


def variables_in(value: Value | None) -> Iterator[str]:
    """The variables that a setting takes its value from: `http://${HOST:localhost}:80`."""
    for part in value.parts if isinstance(value, Join) else (value,):
        if isinstance(part, Setting):
            yield part.key
        elif isinstance(part, Literal) and "${" in part.text:
            yield from re.findall(r"\$\{([\w.-]+)", part.text)
