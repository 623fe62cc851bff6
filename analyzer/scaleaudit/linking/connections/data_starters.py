"""Stores that a Spring application is built to use, and whose address stands elsewhere.

A starter for data opens its store at start-up. Where no setting in the repository tells which, the
application still has one: a driver on the class path says of which kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.connections.packaged import packaged
from scaleaudit.linking.technologies import DEFAULT_PORTS
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.connections.state import Connections

# Starters that speak to one kind of store each.
STARTERS = (
    *(
        (regex(rf"(^|:)spring-boot-starter-data-{name}(-reactive)?$"), technology)
        for name, technology in (
            ("mongodb", "mongodb"), ("neo4j", "neo4j"), ("cassandra", "cassandra"),
            ("elasticsearch", "elasticsearch"), ("couchbase", "couchdb"),
        )
    ),
    # Quarkus: a developer's machine starts them by itself, unless an address is told
    (regex(r"(^|:)quarkus-mongodb-(client|(rest-data-)?panache(-kotlin)?)$"), "mongodb"),
    (regex(r"(^|:)quarkus-redis-(client|cache)$"), "redis"),
    (regex(r"(^|:)quarkus-neo4j$"), "neo4j"),
    (regex(r"(^|:)quarkus-elasticsearch-(rest|java)-client$"), "elasticsearch"),
)  # fmt: skip
# Whose address Spring assumes: their usual ports on the machine. Of a database only where others
# name that address: else each has its own, which the deployment alone tells.
ASSUMED = regex(r"^spring-boot-starter-data-")
# Opened when the code asks for it: by its own types, or as the store behind annotations.
REDIS = regex(r"(^|:)spring-boot-starter-data-redis(-reactive)?$")
OF_REDIS = regex(
    r"^org\.springframework\.(data\.redis|session\.data\.redis"
    r"|cache\.annotation\.(EnableCaching|Cach|\*|$))"
)
# Without the starter: the code sets up the session itself.
CASSANDRA = regex(r"(^|:)spring-data-cassandra$")
OF_CASSANDRA = regex(
    r"^org\.springframework\.data\.cassandra\.config\."
    r"(CqlSessionFactoryBean|Abstract\w*Cassandra\w*|\*$)"
)
# Beans of Spring Cloud's libraries for providers of clouds, which the code takes as they are.
GCS, OF_GCS = (
    regex(r"(^|:)spring-cloud-gcp-(starter-)?storage$"),
    regex(r"^com\.google\.cloud\.storage\.(Storage$|\*)"),
)
S3, OF_S3 = (
    regex(r"(^|:)spring-cloud-aws-(starter-)?s3$"),
    regex(
        r"^(software\.amazon\.awssdk\.services\.s3\.S3\w*Client|io\.awspring\.cloud\.s3\.S3\w+)$"
    ),
)
OPENED = (
    (REDIS, OF_REDIS, "spring-boot-starter-data-redis", "redis"),
    (CASSANDRA, OF_CASSANDRA, "spring-data-cassandra", "cassandra"),
    (GCS, OF_GCS, "spring-cloud-gcp-starter-storage", "gcs"),
    (S3, OF_S3, "spring-cloud-aws-starter-s3", "s3"),
)
JDBC = regex(
    r"(^|:)(spring-boot-starter-(data-)?(jpa|jdbc|r2dbc)|mybatis(-plus)?-spring-boot-starter"
    r"|quarkus-(jdbc|reactive)-[\w-]+)$"
)
DRIVERS = (
    (regex(r"(^|:)(mysql-connector(-j|-java)|r2dbc-mysql|quarkus-(jdbc|reactive)-mysql(-client)?)$"), "mysql"),
    (regex(r"(^|:)(mariadb-java-client|r2dbc-mariadb|quarkus-jdbc-mariadb)$"), "mariadb"),
    (regex(r"^org\.postgresql:(r2dbc-)?postgresql$|(^|:)quarkus-(jdbc-postgresql|reactive-pg-client)$"), "postgresql"),
    (regex(r"(^|:)(mssql-jdbc|r2dbc-mssql|quarkus-(jdbc|reactive)-mssql(-client)?)$"), "sqlserver"),
    (regex(r"(^|:)(ojdbc\d*|oracle-r2dbc|quarkus-(jdbc|reactive)-oracle(-client)?)$"), "oracle"),
)  # fmt: skip
ASKS = regex(
    r"(^|:)(spring-cloud-(starter-config|config-client)|.*nacos-config.*|.*consul-config.*)$"
)
EMBEDDED = regex(r"(^|:)((r2dbc-|quarkus-jdbc-)?h2|hsqldb|(quarkus-jdbc-)?derby)$")


def add_data_starters(connections: Connections) -> None:
    """An edge to the implied store, unless the application already has one of that kind."""
    components = connections.components
    opening = {
        (owner.id, technology)
        for _, asked, _, technology in OPENED
        for path, _ in connections.index.importing(asked.search)
        if connections.index.role(path) is Role.SOURCE
        for owner in components.owning(path)
    }
    told = {(reach.component, reach.technology) for reach in connections.reaches}
    handed = {c.id for served in components.handed_out.files.values() for c in served.to}
    for speaker, at in packaged(connections, ("maven", "gradle")):
        reached = set(connections.trails.targets_from(speaker.id))
        known = {
            c.technology for c in (*components.all, *connections.targets.made) if c.id in reached
        }
        names = components.dependencies_of(speaker)
        here = speaker.id in handed or not any(ASKS.search(name) for name in names)
        wanted = needed(names)
        wanted += [
            (library, technology)
            for built_with, _, library, technology in OPENED
            if (speaker.id, technology) in opening and any(map(built_with.search, names))
        ]
        for library, technology in wanted:
            if technology in known:
                continue
            # Unless settings say or may say otherwise.
            assumed = here and ASSUMED.search(library) and (speaker.id, technology) not in told
            port = assumed_port(connections, technology) if assumed else None
            store = connections.targets.implied(technology, speaker, port)
            if store is not None:
                note = Evidence(at, f"{library} connects {speaker.name} by itself", Step.DEPENDENCY)
                connections.connect(speaker, store, (note,), Confidence.MEDIUM)


def assumed_port(connections: Connections, technology: str) -> int | None:
    """The port of the developer's machine that Spring assumes, where others open the same store."""
    shared = technology == "redis" or any(
        c.name == c.technology == technology for c in connections.targets.made
    )
    return int(DEFAULT_PORTS.get(technology, 0)) or None if shared else None


def needed(dependencies: list[str]) -> list[tuple[str, str]]:
    """(library, technology) of each store; of a database only where one driver alone is there."""
    found = [
        (name.rpartition(":")[2], technology)
        for name in dependencies
        for pattern, technology in STARTERS
        if pattern.search(name)
    ]
    if any(JDBC.search(name) for name in dependencies):
        drivers = [
            (name.rpartition(":")[2], technology)
            for name in dependencies
            for pattern, technology in DRIVERS
            if pattern.search(name)
        ]
        embedded = any(EMBEDDED.search(name) for name in dependencies)
        if len({technology for _, technology in drivers}) == 1 and not embedded:
            found.append(drivers[0])
    return found
