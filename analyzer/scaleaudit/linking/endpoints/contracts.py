"""Endpoints of servers that are made from an OpenAPI document, by a build or when they start:
nothing in the code names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from scaleaudit.facts import (
    CONTRACT,
    OF_CONTRACT,
    ContractWritten,
    EndpointServed,
    PackageDeclared,
    RouterMounted,
    SettingDefined,
)
from scaleaudit.linking.deployments.values import shared_folders
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.regex import regex
from scaleaudit.source import Role, Span
from scaleaudit.values import Literal, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.facts_index import FactsIndex

# Quarkus' extension generates from all documents of one folder.
QUARKUS = regex(r"(?:^|:)quarkus-openapi-generator-server$")
QUARKUS_FOLDER = regex(r"(?:^|/)src/main/(?:resources/)?openapi/[^/]+$")
# Generators of servers, by the plugins of Maven and Gradle. Spring's put the server's path in front.
SERVERS = regex(
    r"(?:kotlin-)?spring|jaxrs-[\w-]+|java-(?:micronaut-server|helidon-server|vertx-web)"
)
# Libraries that read the document when the program starts, and route by it: of npm and PyPI.
RUNTIMES = regex(
    r"(?i)^(swagger-express-mw|swagger-node-runner|swagger-tools|swagger-routes-express|oas-tools|@oas-tools/core"
    r"|openapi-backend|fastify-openapi-glue|exegesis(-express|-koa)?|connexion)(\[|$)"
)
# Generators of servers in Go, or what their code is built with.
GO_SERVERS = regex(r"^github\.com/(?:ogen-go/ogen|(?:oapi-codegen|deepmap)/)")
WORD = regex(r"[a-z0-9]+")
WITH_BASE = ("spring", "kotlin-spring")
MAX_CONTRACTS = 200
MAX_REGISTERED = 20_000  # endpoints, of all places that register a document's


def contract_endpoints(
    index: FactsIndex, components: Components
) -> Iterator[tuple[str, EndpointServed]]:
    """(file, endpoint) of each operation of a contract that a build generates a server from."""
    yield from _registered(index)
    generated = dict(_generated(index))
    read = _read_at_start(index, components)
    for path, contract in index.of(ContractWritten)[:MAX_CONTRACTS]:
        if index.role(path) is not Role.SOURCE:
            continue
        generator = generated.get(path, "")
        if not generator and path not in read and not _by_quarkus(path, components):
            continue
        base = contract.base if generator in WITH_BASE or path in read else ""
        base = read.get(path) or base
        for method, operation, line in contract.operations:
            yield (
                path,
                EndpointServed(
                    at=Span(line),
                    method=method,
                    path=Literal(f"{base}{operation}"),
                    framework="spring" if generator in WITH_BASE else "jax-rs",
                ),
            )


def _registered(index: FactsIndex) -> Iterator[tuple[str, EndpointServed]]:
    """(file, endpoint) where a program of Go registers what a generator made of a document."""
    units = [
        folder_of(path)
        for path, unit in index.of(PackageDeclared)
        if unit.ecosystem == "go" and any(GO_SERVERS.match(name) for name, _ in unit.dependencies)
    ]
    if not units:
        return
    contracts = [
        (path, contract)
        for path, contract in index.of(ContractWritten)[:MAX_CONTRACTS]
        if index.role(path) is Role.SOURCE
    ]
    left = MAX_REGISTERED
    for path, served in index.of(EndpointServed):
        contract = (
            _meant(contracts, path, served.handler, units)
            if served.framework == OF_CONTRACT
            else None
        )
        operations = contract.operations[:left] if contract is not None else ()
        left -= len(operations)
        for method, operation, _ in operations:
            whole = join(served.path, Literal(operation))
            yield path, structs.replace(served, method=method, path=whole, handler="", framework="")


def _meant(
    contracts: list[tuple[str, ContractWritten]], path: str, package: str, units: list[str]
) -> ContractWritten | None:
    """The document that a package is made of: the only one, in the same module if there is one; of
    several the one that has most of its words in common with the package."""
    around = [unit for unit in units if is_below(path, unit)]
    module = max(around, key=len) if around else ""
    found = [each for each in contracts if is_below(each[0], module)] or contracts
    if len(found) > 1:
        words = set(WORD.findall(package.lower()))
        shared = [len(words & set(WORD.findall(at.lower()))) for at, _ in found]
        most = max(shared)
        found = [each for each, count in zip(found, shared, strict=True) if count == most]
    return found[0][1] if len(found) == 1 else None


def _generated(index: FactsIndex) -> Iterator[tuple[str, str]]:
    """(document, generator) of what builds say."""
    for path, setting in index.of(SettingDefined):
        if setting.source == CONTRACT and SERVERS.fullmatch(setting.key):
            written = literal_text(setting.value) or ""
            document = resolve_path(folder_of(path), written)
            if document is not None:
                yield document, setting.key


def _read_at_start(index: FactsIndex, components: Components) -> dict[str, str]:
    """The documents that programs route by, with the path that code puts in front: those that it
    names, else the one of a program."""
    named = dict(_named(index))
    found: dict[str, list[str]] = {}
    for path, _ in index.of(ContractWritten)[:MAX_CONTRACTS]:
        for owner in components.owning(path) if index.role(path) is Role.SOURCE else ():
            found.setdefault(owner.id, []).append(path)
    return named or {
        paths[0]: ""
        for owner in components.services()
        if len(paths := found.get(owner.id, [])) == 1
        and any(RUNTIMES.match(name) for name in components.dependencies_of(owner))
    }


def _named(index: FactsIndex) -> Iterator[tuple[str, str]]:
    """(document, path in front of it) of what code adds by its name, in the folder that it says or
    another of the same program."""
    documents = [path for path, _ in index.of(ContractWritten)[:MAX_CONTRACTS]]
    for where, mount in index.of(RouterMounted):
        if mount.parent != OF_CONTRACT or index.role(where) is not Role.SOURCE:
            continue
        name = f"/{mount.child.removeprefix('./')}"
        fitting = [path for path in documents if f"/{path}".endswith(name)]
        near = max(fitting, key=lambda path: shared_folders(path, where), default=None)
        if near is not None:
            yield near, literal_text(mount.prefix) or ""


def _by_quarkus(path: str, components: Components) -> bool:
    return QUARKUS_FOLDER.search(path) is not None and any(
        QUARKUS.search(name)
        for owners in components.containing(path)
        for owner in owners
        for name in components.dependencies_of(owner)
    )
