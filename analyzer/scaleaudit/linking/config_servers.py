"""Settings that one service keeps for the others: Spring Cloud Config with files of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import plain
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.linking.component import Component
    from scaleaudit.linking.facts_index import FactsIndex

SERVER = "config-server"  # the technology that the server's dependencies give it
_CLIENT_KEY = regex(r"spring\.cloud\.config\.(uri|discovery\.enabled)|spring\.config\.import")
_STEM = regex(r"(.+?)\.(?:ya?ml|properties)")
_OWN_FOLDERS = ("src/main/resources", "src/main/resources/config")  # Spring reads these itself


def served_settings(
    index: FactsIndex, components: list[Component]
) -> dict[str, tuple[Component, ...]]:
    """Settings file -> whom its settings are for, for the files that a config server hands out.

    `orders.yml` and `orders-prod.yml` are for the application of that name, `application.yml` in
    a folder of what is handed out for every client of the server.
    """
    servers = [c for c in components if c.technology == SERVER and c.root]
    if not servers:
        return {}
    paths = list(dict.fromkeys(p for p, s in index.of(SettingDefined) if s.source == "spring"))
    named: dict[str, Component] = {}
    for component in components:
        for name in component.names:
            named.setdefault(plain(name), component)
    clients = tuple(
        component
        for component in components
        if component.root and component not in servers and _is_client(index, component)
    )
    served: dict[str, tuple[Component, ...]] = {}
    for server in servers:
        own = {f"{server.root}/{folder}" for folder in _OWN_FOLDERS}
        for path in paths:
            stem = _STEM.fullmatch(path.rpartition("/")[2])
            if stem is None or not is_below(path, server.root or ""):
                continue
            if stem[1].partition("-")[0] in ("application", "bootstrap"):
                if folder_of(path) not in own and clients:
                    served[path] = clients
                continue
            name = next((n for n in _without_profile(plain(stem[1])) if n in named), "")
            if name and named[name] is not server:
                served[path] = (named[name],)
    return served


def _is_client(index: FactsIndex, component: Component) -> bool:
    return any(
        setting.source == "spring"
        and _CLIENT_KEY.match(setting.key)
        and is_below(path, component.root or "")
        for path, setting in index.of(SettingDefined)
    )


def _without_profile(name: str) -> list[str]:
    """`orders-api-prod`: the whole, then without its last part."""
    return [name, name.rpartition("-")[0]]
