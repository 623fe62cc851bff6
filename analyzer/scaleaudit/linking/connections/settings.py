"""Connections that settings files tell, by keys whose meaning a framework fixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import SettingDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.connections.embedded_stores import instead_of_embedded
from scaleaudit.linking.connections.known_settings import is_needed, of_setting
from scaleaudit.linking.connections.known_starters import switches_of
from scaleaudit.linking.connections.stores import add_store
from scaleaudit.linking.connections.unread_strings import is_left_over
from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.hosts import PRIVATE, REALM, looks_public
from scaleaudit.linking.names import NAMED, relaxed
from scaleaudit.linking.resolution import environment
from scaleaudit.linking.resolution.profiles import UNUSED
from scaleaudit.linking.technologies import CARRIED_BY, KINDS
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Setting

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.resolution import Resolved
    from scaleaudit.values import Value

# Keys with the address of a server whose kind they tell; registries are told by their starters.
MAIL = regex(r"(spring|quarkus)mail(er)?host")
SERVERS = (
    (MAIL, "mail"),
    (regex(r"springzipkin|managementzipkin|tracingzipkin|managementtracingexportzipkin"), "zipkin"),
    (regex(r"springldap"), "ldap"),
    (regex(r"springcloudvault"), "vault"),
    (regex(r"keycloak|quarkusoidc"), "keycloak"),
    (regex(r"springcloudsentinel"), "sentinel"),
    (regex(r"quarkushazelcast"), "hazelcast"),
    (regex(r"(spring|quarkus|mpmessaging|kafka)\w*(schema|apicurio)registry"), "schema-registry"),
)
OF_THE_SYSTEM = (
    (regex(r"eurekaclientserviceurl"), "eureka"),
    (regex(r"springcloudconfiguri|springconfigimport"), "config-server"),
    (regex(r"springbootadminclienturl"), "spring-boot-admin"),
    (regex(r"springzipkin|managementzipkin"), "zipkin"),
)
# Servers whose address is written only by who uses them: a setting that names the developer's own
# machine says that there is one, deployed somewhere else.
USED_WHERE_NAMED = {"sentinel", "vault", "ldap"}
KEYCLOAK = "keycloak"
MOCKED = "quarkus.mailer.mock"
# Keys of a library, which mean nothing to a program that is built without it.
OF_LIBRARY = regex(
    r"eureka\.client\.|quarkus\.log\.handler\.gelf\.|spring\.(rabbitmq|kafka|mail|(data\.)?(redis|mongodb|elasticsearch))\."
)
MAX_ALTERNATIVES = 8  # settings of one key for different deployments


def add_settings(connections: Connections) -> None:
    """Keys whose meaning a framework fixes: `spring.datasource.url`, Rails' database.yml."""
    best: dict[tuple[str, str], tuple[tuple[int, bool], list[tuple[str, SettingDefined]]]] = {}
    every: dict[tuple[str, str], list[tuple[tuple[int, bool], str, SettingDefined]]] = {}
    for path, setting in connections.index.of(SettingDefined):
        if (
            setting.source not in ("spring", "rails", "dotnet", "symfony", "dropwizard", "liberty")
            or connections.index.role(path) is not Role.SOURCE
        ):
            continue
        if of_setting(setting.key) is None:
            continue
        speakers = connections.components.configured_by(path)
        for speaker in (c for c in speakers if c.kind is NodeKind.SERVICE):
            for_all = (
                path.rpartition("/")[2].startswith("application")
                or connections.components.profile_of(path) == NAMED
            )
            if for_all and not is_below(path, speaker.root or ""):
                needs = connections.components.dependencies_of(speaker)
                if needs and not is_needed(setting.key, needs):
                    continue
            if OF_LIBRARY.match(setting.key) and _means_nothing(connections, speaker, setting.key):
                continue
            key = (speaker.id, relaxed(setting.key))
            rank = connections.resolver.settings.rank(path, setting, speaker)
            if key not in best or rank < best[key][0]:
                best[key] = (rank, [(path, setting)])
            elif rank == best[key][0] and len(best[key][1]) < MAX_ALTERNATIVES:
                best[key][1].append((path, setting))
            every.setdefault(key, []).append((rank, path, setting))
    for (speaker_id, name), (rank, given) in sorted(best.items(), key=lambda item: item[0]):
        owner = next(c for c in connections.components.all if c.id == speaker_id)
        path, setting = _deployed(connections, owner, given)
        instead = instead_of_embedded(connections, owner, (path, setting), every[speaker_id, name])
        path, setting = instead or (path, setting)
        if setting.source == "dotnet" and is_left_over(connections, owner, setting.key):
            continue
        if _switched_off(connections, owner, setting.key, path):
            continue
        meaning = of_setting(setting.key)
        value = _own_environment(owner, setting.key) or setting.value
        found = connections.resolver.resolve(value, path, owner)
        connections.keep(owner, setting.source, meaning or "", found, setting.at.in_file(path))
        note = Evidence(setting.at.in_file(path), f"{setting.key} of {owner.name}", Step.SETTING)
        if meaning is not None:
            active = rank[0] < UNUSED or instead is not None
            evidence = (note, *found.trail)
            _follow(connections, owner, found, evidence, meaning, setting.key, active=active)


def _switched_off(connections: Connections, owner: Component, key: str, path: str) -> bool:
    """`eureka.client.enabled: false` beside the address of a registry."""
    return any(
        connections.resolver.resolve(Setting(switch), path, owner).text.strip().lower() == "false"
        and not connections.resolver.settings.is_of_others(switch, path, owner)
        for switch in switches_of(key)
    )


def _means_nothing(connections: Connections, speaker: Component, key: str) -> bool:
    """A setting left there, of a library that the program is not built with."""
    components = connections.components
    return components.is_built_with_known(speaker) and not is_needed(
        key, components.dependencies_of(speaker)
    )


def _deployed(
    connections: Connections, owner: Component, given: list[tuple[str, SettingDefined]]
) -> tuple[str, SettingDefined]:
    """Of several ways to deploy it the one that leads to what is deployed here."""
    for path, setting in given if len(given) > 1 else ():
        found = connections.resolver.resolve(setting.value, path, owner)
        for address in parse_addresses(found.text) if found.known else ():
            if address.host and connections.targets.by_name(address.host, near=owner) is not None:
                return path, setting
    return given[0]


def _own_environment(owner: Component, key: str) -> Value | None:
    given = environment(owner, key)
    return given[0] if given else None


def _named_by(key: str) -> str:
    """The kind of server that a key speaks of."""
    return next((tech for pattern, tech in SERVERS if pattern.match(relaxed(key))), "")


def _deployed_beside(connections: Connections, key: str) -> Component | None:
    """The only server of the kind that a key speaks of, for a program started on the same machine."""
    technology = _named_by(key)
    found = [c for c in connections.components.services() if c.technology == technology]
    return found[0] if technology and len(found) == 1 else None


def _only_one(connections: Connections, key: str) -> Component | None:
    """The only server of the system of the kind that only systems themselves have."""
    wanted = relaxed(key)
    technology = next((tech for pattern, tech in OF_THE_SYSTEM if pattern.match(wanted)), "")
    found = [c for c in connections.components.services() if c.technology == technology]
    return found[0] if technology and len(found) == 1 else None


def _mails_out(connections: Connections, owner: Component, key: str) -> bool:
    """Quarkus sends no mails on a developer's machine unless it is told to: then to a server that
    the deployment alone knows."""
    if relaxed(key) != "quarkusmailerhost":
        return False
    place = f"{owner.root or ''}/.".lstrip("/")
    return connections.resolver.resolve(Setting(MOCKED), place, owner).text == "false"


def _issuer(connections: Connections) -> Component | None:
    """The Keycloak that a realm is of: the one that is deployed, else one beside the system."""
    found = [c for c in connections.components.services() if c.technology == KEYCLOAK]
    if found:
        return found[0] if len(found) == 1 else None
    return connections.targets.outside(NodeKind.EXTERNAL, KEYCLOAK, KEYCLOAK)


def _follow(
    connections: Connections,
    owner: Component,
    found: Resolved,
    evidence: tuple[Evidence, ...],
    technology: str,
    key: str,
    *,
    active: bool,
) -> None:
    """`active`: no profile that nothing switches on has the setting to itself."""
    if technology in KINDS or technology in CARRIED_BY:
        told = parse_addresses(found.text) if found.known else []
        # On the developer's machine: that it uses such a store is certain, which one is not.
        implied = active and bool(told) and all(address.is_loopback for address in told)
        add_store(connections, owner, technology, found, "", evidence, implied=implied)
        return
    if not found.known and active and MAIL.fullmatch(relaxed(key)):
        # Only the deployment knows whose, and mails go out all the same.
        beside = _deployed_beside(connections, key)
        server = beside or connections.targets.outside(NodeKind.EXTERNAL, "mail", "mail")
        connections.connect(owner, server, evidence, Confidence.MEDIUM)
        return
    for address in parse_addresses(found.text) if found.known else ():
        one = _only_one(connections, key) if PRIVATE.match(address.host) else None
        if one is not None:  # on a machine of the network, or the same on each of several
            if one is not owner:
                connections.connect(owner, one, evidence, Confidence.MEDIUM)
            continue
        local = connections.local_hosts.meant(address, "", owner)
        if local is not None:
            connections.connect(owner, local[0], (*evidence, local[1]), Confidence.MEDIUM)
            if not address.is_loopback:
                continue
        elif address.is_loopback and (beside := _deployed_beside(connections, key)) is not None:
            connections.connect(owner, beside, evidence, Confidence.MEDIUM)
        elif (
            address.is_loopback
            and active
            and (
                (named := _named_by(key)) in USED_WHERE_NAMED or _mails_out(connections, owner, key)
            )
        ):
            server = connections.targets.outside(NodeKind.EXTERNAL, named, named)
            connections.connect(owner, server, evidence, Confidence.MEDIUM)
        elif (
            address.is_loopback
            and active
            and (REALM.match(address.path) or relaxed(key).startswith(KEYCLOAK))
        ):
            issuer = _issuer(connections)
            if issuer is not None:
                connections.connect(owner, issuer, evidence, Confidence.MEDIUM)
        elif active and address.is_loopback and address.technology in KINDS:
            port = f":{address.port}" if address.port else ""
            only = replace(found, text=f"{address.scheme}://{address.host}{port}")
            add_store(connections, owner, address.technology, only, address.path, evidence)
        known = connections.targets.by_name(address.host, near=owner) if address.host else None
        if known is None and connections.targets.is_doubtful(address):
            beside = _deployed_beside(connections, key)
            if beside is not None:  # under a name of another deployment, which is not here
                connections.connect(owner, beside, evidence, Confidence.MEDIUM)
                continue
        if known is None and not (
            address.technology or address.is_ip or looks_public(address.host)
        ):
            continue  # a word, which nothing says is a host
        reached = connections.targets.reach(address, near=owner)
        if reached is None:
            continue
        target, sure = reached
        connections.connect(owner, target, evidence, sure, address.path.strip("/"))
