"""The stores of a Laravel or Lumen application, by the variables that its configuration reads.

The configuration that comes with the framework chooses a connection by one variable
(`DB_CONNECTION=pgsql`) and takes its address from others (`DB_HOST`). Files of a project's own
configuration are arrays that a file returns: `config('services.stock.url')` is the entry
`stock.url` of `config/services.php`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.facts import ConstantDefined, PackageDeclared
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.connections.local_hosts import CONTAINERS
from scaleaudit.linking.connections.stores import add_store
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.hosts import looks_public
from scaleaudit.linking.resolution import HOLE, environment
from scaleaudit.values import Setting

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.resolution import Resolved

REDIS = ("REDIS_URL", "REDIS_HOST")
FACADE = "Illuminate\\Support\\Facades\\Redis"  # whose calls go to it, whatever is kept there
FRAMEWORKS = ("laravel/framework", "laravel/lumen-framework", "illuminate/database")
DATABASES = {"mysql": "mysql", "mariadb": "mysql", "pgsql": "postgresql", "sqlsrv": "sqlserver",
             "mongodb": "mongodb"}  # fmt: skip
DATABASE_ADDRESSES = ("DB_URL", "DATABASE_URL", "DB_HOST")
# Variables that choose a driver, with the drivers that are stores and where these are.
QUEUES = ("QUEUE_CONNECTION", "QUEUE_DRIVER")
CHOICES: tuple[tuple[tuple[str, ...], dict[str, tuple[str, tuple[str, ...]]]], ...] = (
    (
        ("CACHE_STORE", "CACHE_DRIVER"),
        {
            "redis": ("redis", REDIS),
            "memcached": ("memcached", ("MEMCACHED_HOST",)),
        },
    ),
    (("SESSION_DRIVER",), {"redis": ("redis", REDIS)}),
    (("BROADCAST_CONNECTION", "BROADCAST_DRIVER"), {"redis": ("redis", REDIS)}),
    (
        QUEUES,
        {
            "redis": ("redis", REDIS),
            "rabbitmq": ("rabbitmq", ("RABBITMQ_DSN", "RABBITMQ_HOST")),
            "sqs": ("sqs", ("SQS_PREFIX",)),
            "kafka": ("kafka", ("KAFKA_BROKERS", "KAFKA_BOOTSTRAP_SERVERS", "BOOTSTRAP_SERVERS")),
        },
    ),
    (
        ("SCOUT_DRIVER",),
        {
            "meilisearch": ("search", ("MEILISEARCH_HOST",)),
            "elasticsearch": ("elasticsearch", ("ELASTICSEARCH_HOST",)),
            "typesense": ("search", ("TYPESENSE_HOST",)),
        },
    ),
    (("FILESYSTEM_DISK", "FILESYSTEM_DRIVER"), {"s3": ("s3", ("AWS_ENDPOINT",))}),
)  # fmt: skip


def add_laravel(connections: Connections) -> None:
    """The database, cache, queue and search engine that each such application is told to use."""
    packages = {folder_of(p): (p, f) for p, f in connections.index.of(PackageDeclared)
                if f.ecosystem == "composer"}  # fmt: skip
    own_settings = {path for path, _ in connections.index.of(ConstantDefined)}
    for speaker in list(connections.components.services()):
        path, package = packages.get(speaker.root or "", ("", None))
        if speaker.root is None or package is None:
            continue
        names = {name for name, _ in package.dependencies}
        if names.isdisjoint(FRAMEWORKS):
            continue
        beside = f"{speaker.root}/config/database.php".lstrip("/")
        place = beside if beside in own_settings else path
        at = package.at.in_file(path)
        note = Evidence(at, f"{speaker.name} is made with Laravel", Step.DEPENDENCY)
        _choose(connections, speaker, place, note)
        for file, used in connections.index.importing(FACADE.__eq__):
            if speaker in connections.speakers(file, connections.origins.of(file)):
                call = Evidence(used.at.in_file(file), f"{speaker.name} asks Redis", Step.CALL)
                _connect(connections, speaker, place, "redis", REDIS, (call,))
                break


def _choose(connections: Connections, speaker: Component, place: str, note: Evidence) -> None:
    chosen = _told(connections, speaker, place, ("DB_CONNECTION",))
    technology = DATABASES.get(chosen.text) if chosen is not None else None
    only = _only_database(connections, place, chosen.text) if chosen is not None else ""
    technology = only or technology
    if technology is not None and chosen is not None:
        _connect(connections, speaker, place, technology, DATABASE_ADDRESSES, (note, *chosen.trail))
    elif environment(speaker, "DB_CONNECTION") is None:
        _connect_awaited(connections, speaker, note)
    _add_mail(connections, speaker, place, note)
    for keys, drivers in CHOICES:
        chosen = _told(connections, speaker, place, keys)
        driver = drivers.get(chosen.text) if chosen is not None else None
        if driver is not None and chosen is not None:
            _connect(connections, speaker, place, driver[0], driver[1], (note, *chosen.trail))
            if keys is QUEUES and environment(speaker, keys[0]) is not None:
                _carry(connections, speaker, driver[0])


def _only_database(connections: Connections, place: str, chosen: str) -> str:
    """The one kind that the application has connections to, where the chosen one is none of them,
    as in the example of settings that new projects come with."""
    named = {
        fact.name.split(".")[2]
        for fact in connections.index.facts_of(place, ConstantDefined)
        if fact.name.startswith("return.connections.")
    }
    known = {DATABASES[name] for name in named & DATABASES.keys()}
    return known.pop() if len(known) == 1 and chosen not in named else ""


def _connect_awaited(connections: Connections, speaker: Component, note: Evidence) -> None:
    """The one database that its deployment starts before it, where only an example of settings,
    which new projects come with, says another."""
    awaited = {
        found.id: found
        for workload in speaker.workloads
        for name in workload.fact.depends_on
        if (found := connections.targets.by_name(name, NodeKind.DATABASE, near=speaker))
        and found.technology in DATABASES.values()
    }
    if len(awaited) == 1:
        target = awaited.popitem()[1]
        after = Evidence(speaker.workloads[0].at, f"it is started after {target.name}", Step.TARGET)
        connections.connect(speaker, target, (note, after), Confidence.MEDIUM)


def _carry(connections: Connections, speaker: Component, technology: str) -> None:
    """The jobs of the application go where its deployment says."""
    for target in connections.trails.targets_of(speaker.id, EdgeKind.USES):
        known = connections.by_id(target)
        if known is not None and known.technology == technology:
            connections.addressed.setdefault((speaker.application, "laravel-queue"), target)


def _add_mail(connections: Connections, speaker: Component, place: str, note: Evidence) -> None:
    """A server that the deployment names; in examples of settings only one of the system."""
    mail = _told(connections, speaker, place, ("MAIL_HOST",))
    if mail is None:
        return
    server = connections.targets.by_name(mail.text, near=speaker)
    if server is None and environment(speaker, "MAIL_HOST") is not None:
        public = [a for a in parse_addresses(mail.text) if looks_public(a.host) and not a.is_ip]
        server = connections.targets.external(public[0].host) if public else None
    if server is not None and server.application != speaker.application:
        connections.connect(speaker, server, (note, *mail.trail), Confidence.MEDIUM)


def _is_of_example(
    connections: Connections, speaker: Component, technology: str, found: Resolved
) -> bool:
    """The machine's own address that new projects come with, which is nobody in a container."""
    addresses = parse_addresses(found.text) if found.known else []
    return (
        any(workload.fact.source in CONTAINERS for workload in speaker.workloads)
        and bool(addresses)
        and all(each.is_loopback for each in addresses)
        and all(connections.local_hosts.meant(a, technology, speaker) is None for a in addresses)
    )


def _told(
    connections: Connections, speaker: Component, place: str, keys: tuple[str, ...]
) -> Resolved | None:
    for key in keys:
        found = connections.resolver.resolve(Setting(key), place, speaker)
        own = any(is_below(each.at.path, speaker.root or "") for each in found.trail)
        handed_in = environment(speaker, key) is not None
        if found.known and "{}" not in found.text and (own or handed_in):
            return found
    return None


def _connect(
    connections: Connections,
    speaker: Component,
    place: str,
    technology: str,
    keys: tuple[str, ...],
    evidence: tuple[Evidence, ...],
) -> None:
    address = _told(connections, speaker, place, keys)
    if address is None:
        address = connections.resolver.resolve(Setting(keys[-1]), place, speaker)
    if _is_of_example(connections, speaker, technology, address):
        address = replace(address, text=HOLE)
    connections.keep(speaker, "laravel", technology, address, evidence[0].at)
    add_store(connections, speaker, technology, address, "", (*evidence, *address.trail))
