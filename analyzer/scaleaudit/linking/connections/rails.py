"""What Rails connects to by its own conventions: the database's adapter, the queue of its jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Evidence, Step
from scaleaudit.linking.connections.stores import add_store
from scaleaudit.linking.technologies import EMBEDDED
from scaleaudit.source import Role
from scaleaudit.values import UNKNOWN, literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

ADAPTERS = {
    "postgresql": "postgresql",
    "postgis": "postgresql",
    "mysql2": "mysql",
    "trilogy": "mysql",
    "sqlite3": "sqlite",
    "sqlserver": "sqlserver",
    "oracle_enhanced": "oracle",
}
QUEUE_ADAPTER = "active_job.queue_adapter"
# Environments by their file: what developers and tests use says nothing of production.
NOT_DEPLOYED = ("development.rb", "test.rb")


def add_databases(connections: Connections) -> None:
    """`config/database.yml` names the adapter even where its address comes from outside."""
    by_path: dict[str, dict[str, SettingDefined]] = {}
    for path, setting in connections.index.of(SettingDefined):
        if setting.source == "rails" and connections.index.role(path) is Role.SOURCE:
            by_path.setdefault(path, {}).setdefault(setting.key, setting)
    for path, settings in by_path.items():
        named = [
            key
            for key in settings
            if key.endswith(".adapter") and key.startswith(("production.", "default."))
        ]
        named.sort(key=lambda key: (not key.startswith("production."), key))
        deployed = [key for key in named if key.startswith("production.")] or named
        for key in deployed[:1]:
            technology = ADAPTERS.get(literal_text(settings[key].value) or "")
            if technology is not None:
                _add_database(connections, path, settings, key, technology)
        if not deployed and "production.url" in settings:
            # Production's address tells its adapter: a server, of the kind developers have too.
            key = "development.adapter"
            used = literal_text(settings[key].value) if key in settings else None
            technology = ADAPTERS.get(used or "")
            if technology is not None and technology not in EMBEDDED:
                _add_database(connections, path, settings, "production.adapter", technology)


def _add_database(
    connections: Connections,
    path: str,
    settings: dict[str, SettingDefined],
    key: str,
    technology: str,
) -> None:
    group = key.removesuffix("adapter")
    given = settings.get(f"{group}url") or settings.get(f"{group}host")
    name = settings.get(f"{group}database")
    at = (settings.get(key) or settings[f"{group}url"]).at.in_file(path)
    for speaker in connections.speakers(path, migrations=True):
        if technology in EMBEDDED:
            file = connections.resolver.resolve(name.value if name else UNKNOWN, path, speaker)
            connections.keep(speaker, "rails", technology, file, at)
            continue
        if _has_database(connections, speaker, technology):
            continue  # its address was told, here or in the code
        found = connections.resolver.resolve(given.value if given else UNKNOWN, path, speaker)
        database = connections.resolver.resolve(name.value, path, speaker).text if name else ""
        note = Evidence(at, f"Rails connects {speaker.name} to {technology}", Step.SETTING)
        evidence = (note, *found.trail)
        add_store(connections, speaker, technology, found, database, evidence)


def _has_database(connections: Connections, speaker: Component, technology: str) -> bool:
    linked = connections.trails.targets_of(speaker.id, EdgeKind.USES)
    found = (connections.by_id(node) for node in linked)
    return any(
        each is not None and each.kind is NodeKind.DATABASE and each.technology == technology
        for each in found
    )


def job_queue(connections: Connections, speaker: Component) -> str:
    """The queue behind Active Job, empty where none is named: then jobs run in the process."""
    for path, setting in connections.index.of(SettingDefined):
        if setting.key != QUEUE_ADAPTER or path.endswith(NOT_DEPLOYED):
            continue
        if any(c.application == speaker.application for c in connections.components.owning(path)):
            return literal_text(setting.value) or ""
    return ""
