"""Docker Compose, every version of its format, also the first without `services:`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from scaleaudit.config_files.compose_forms import (
    build_of,
    command_of,
    env_files_of,
    environment_of,
    extends_of,
    host_port_of,
    names_in,
    pairs_in,
    plain,
    port_of,
    unique,
    volume_of,
)
from scaleaudit.config_files.compose_logging import log_target
from scaleaudit.config_files.compose_order import run_before_others
from scaleaudit.config_files.interpolation import COMPOSE, text_value
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import (
    Text,
    YamlMap,
    as_list,
    as_map,
    as_text,
    inner,
    maps_in,
    texts_in,
)
from scaleaudit.facts import (
    BASE,
    FileFacts,
    FilesIncluded,
    NetworkName,
    WorkloadDeclared,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.facts import Fact
    from scaleaudit.source import Span

MAX_SERVICES = 5_000  # of one file
_NOT_SERVICES = {"version", "name", "services", "networks", "volumes", "configs", "secrets",
                 "include", "models"}  # fmt: skip
_MAKES_A_SERVICE = ("image", "build", "extends")
# Keys of which a service has one, if only in an override; else a slip of indentation made it.
_SERVICE_KEYS = {
    *_MAKES_A_SERVICE, "dockerfile", "command", "entrypoint", "environment", "env_file", "ports",
    "expose", "volumes", "depends_on", "links", "deploy", "profiles", "labels", "networks",
    "restart", "healthcheck", "container_name", "hostname", "scale", "user", "working_dir",
    "logging", "extra_hosts", "network_mode", "volumes_from", "secrets", "configs", "develop",
    "platform", "privileged", "cap_add", "ulimits", "mem_limit", "cpus", "init", "tty",
    "stdin_open", "external_links", "pull_policy", "provider", "dns", "shm_size", "tmpfs",
}  # fmt: skip
_JOB_MODES = {"replicated-job", "global-job"}
_REMOTE_DRIVERS = {"nfs", "nfs4", "cifs", "smb", "glusterfs", "ceph", "efs"}


def extract(content: bytes) -> FileFacts:
    file = read_yaml(content)
    facts = [fact for document in file.maps for fact in compose_facts(document)]
    return FileFacts(tuple(facts), "", file.problem, file.lines)


def is_compose(document: YamlMap) -> bool:
    """Told by content: top-level `services` of which one has an image or is built."""
    return any(
        any(key in as_map(service) for key in _MAKES_A_SERVICE)
        for service in as_map(document.get("services")).values()
    )


def bases(document: YamlMap) -> Iterator[Fact]:
    """Services that are only there to be extended, in a file of any name; none where the document
    says more than what services say."""
    services = [as_map(service) for service in as_map(document.get("services")).values()]
    if services and all(service and service.keys() <= _SERVICE_KEYS for service in services):
        for fact in compose_facts(document):
            if isinstance(fact, WorkloadDeclared):
                yield structs.replace(fact, kind=BASE)


def compose_facts(document: YamlMap) -> Iterator[Fact]:
    yield from _includes(document)
    shared = _shared_volumes(document)
    services = _services(document)
    link_names = _link_names(services)
    steps = run_before_others(services)
    configs = _config_files(document)
    for key, service in list(services.items())[:MAX_SERVICES]:
        name = plain(key)
        if name == "{}":  # a template's own name for many services
            continue
        made = _workload(services.place(key), name, service, shared, link_names.get(key, ()))
        made = structs.replace(made, mounted=_mounted(as_map(service), configs))
        made = structs.replace(made, published=made.published or _opened_by(service, services))
        yield structs.replace(made, kind="step") if key in steps else made
        yield from _external_links(as_map(service))


def _services(document: YamlMap) -> YamlMap:
    if "services" in document:
        return _only_services(as_map(document["services"]))
    first = _like(document)
    for key, value in document.items():
        made = isinstance(value, YamlMap) and any(name in value for name in _MAKES_A_SERVICE)
        if made and key not in _NOT_SERVICES and not key.startswith("x-"):
            first[key] = value
    return first


def _only_services(services: YamlMap) -> YamlMap:
    kept = _like(services)
    for key, value in services.items():
        if value is None or (
            isinstance(value, YamlMap) and (not value or _SERVICE_KEYS & value.keys())
        ):
            kept[key] = value
    return kept


def _like(document: YamlMap) -> YamlMap:
    """An empty mapping at the same places."""
    made = YamlMap()
    made.line, made.column, made.places = document.line, document.column, document.places
    return made


def _workload(
    at: Span, name: str, value: YamlValue, shared: set[str], link_names: tuple[str, ...]
) -> WorkloadDeclared:
    service = as_map(value)
    context, dockerfile, target = build_of(service)
    deploy = as_map(service.get("deploy"))
    volumes = [volume_of(entry) for entry in as_list(service.get("volumes"))]
    ports = [port_of(entry) for entry in as_list(service.get("ports"))]
    replicas = as_text(deploy.get("replicas")) or as_text(service.get("scale"))
    count = plain(replicas)
    image = service.get("image")
    return WorkloadDeclared(
        at,
        name,
        "compose",
        kind="job" if deploy.get("mode") in _JOB_MODES else "service",
        image=text_value(image, COMPOSE) if isinstance(image, Text) else None,
        build_context=context,
        workdir=as_text(service.get("working_dir")),
        dockerfile=dockerfile,
        build_target=target,
        command=(*command_of(service.get("entrypoint")), *command_of(service.get("command"))),
        environment=environment_of(service.get("environment")),
        env_files=env_files_of(service.get("env_file")),
        ports=unique(
            [port for port in ports if port]
            + [plain(text).split("/")[0] for text in texts_in(service.get("expose"))]
        ),
        host_ports=unique([host_port_of(entry) for entry in as_list(service.get("ports"))]),
        published=any(ports) or service.get("network_mode") == "host",
        replicas=int(count) if count.isascii() and count.isdigit() and len(count) < 10 else None,
        depends_on=unique(
            [
                *names_in(service.get("depends_on")),
                *(target for _, target, _ in _links(service, "links")),
                *(target for _, target, _ in _links(service, "external_links")),
            ]
        ),
        volumes=tuple(volume for volume in volumes if volume),
        shared_volumes=any(volume.partition(":")[0] in shared for volume in volumes),
        aliases=unique([*_aliases(service), *link_names]),
        labels=(*pairs_in(service.get("labels")), *pairs_in(deploy.get("labels"))),
        profiles=tuple(plain(text) for text in texts_in(service.get("profiles"))),
        extends=extends_of(service.get("extends")),
        build_args=environment_of(inner(service.get("build"), "args")),
        logs_to=log_target(service),
    )


def _opened_by(service: YamlValue, services: YamlMap) -> bool:
    """`network_mode: service:vpn`: the ports are those of the service whose network it shares."""
    mode, _, other = as_text(as_map(service).get("network_mode")).partition(":")
    return mode == "service" and any(
        map(port_of, as_list(as_map(services.get(other)).get("ports")))
    )


def _shared_volumes(document: YamlMap) -> set[str]:
    """Volumes on a network file system, which more than one machine can mount."""
    shared = set()
    for name, volume in as_map(document.get("volumes")).items():
        kinds = (
            as_text(as_map(volume).get("driver")),
            as_text(inner(volume, "driver_opts", "type")),
        )
        if any(kind.lower() in _REMOTE_DRIVERS for kind in kinds):
            shared.add(name)
    return shared


def _config_files(document: YamlMap) -> dict[str, str]:
    """The files behind top-level `configs`, by name."""
    files = {
        name: plain(as_text(as_map(config).get("file")))
        for name, config in as_map(document.get("configs")).items()
    }
    return {name: file for name, file in files.items() if file}


def _mounted(service: YamlMap, configs: dict[str, str]) -> tuple[str, ...]:
    names = [str(text) for text in texts_in(service.get("configs"))]
    names += [as_text(entry.get("source")) for entry in maps_in(service.get("configs"))]
    return unique([configs.get(name, "") for name in names])


def _aliases(service: YamlMap) -> list[str]:
    names = [plain(as_text(service.get(key))) for key in ("container_name", "hostname")]
    for network in as_map(service.get("networks")).values():
        names += [plain(text) for text in texts_in(as_map(network).get("aliases"))]
        names.append(plain(as_text(as_map(network).get("ipv4_address"))))
    return names


def _link_names(services: YamlMap) -> dict[str, tuple[str, ...]]:
    """The names that `links: [db:database]` gives to other services of the file."""
    names: dict[str, list[str]] = {}
    for service in services.values():
        for _, target, alias in _links(as_map(service), "links"):
            if alias and alias != target:
                names.setdefault(target, []).append(alias)
    return {target: tuple(aliases) for target, aliases in names.items()}


def _external_links(service: YamlMap) -> Iterator[NetworkName]:
    """`external_links: [other_db_1:db]`: a host name for a container of another project."""
    for at, container, alias in _links(service, "external_links"):
        if alias and alias != container:
            yield NetworkName(at, alias, external_name=container)


def _links(service: YamlMap, key: str) -> Iterator[tuple[Span, str, str]]:
    """Place, linked service and the name it gets here, which may be empty."""
    for link in texts_in(service.get(key)):
        target, _, alias = plain(link).partition(":")
        yield link.at, target, alias


def _includes(document: YamlMap) -> Iterator[FilesIncluded]:
    for entry in as_list(document.get("include")):
        value = entry.get("path") if isinstance(entry, YamlMap) else entry
        paths = texts_in(value)
        if paths:
            yield FilesIncluded(paths[0].at, tuple(plain(path) for path in paths), "compose")
