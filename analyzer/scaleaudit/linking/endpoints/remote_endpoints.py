"""The endpoints of remote services: methods of gRPC and its like, operations of GraphQL."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scaleaudit.architecture import Endpoint
from scaleaudit.linking.components.roles import main_process
from scaleaudit.linking.endpoints.remote_services import (
    GATEWAY,
    OF_FRAMEWORKS,
    PROTOCOLS,
    RemoteServices,
    short,
)
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import EndpointServed
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.reachability import Reachability
    from scaleaudit.linking.resolution import Resolver

# A dependency that makes a server of GraphQL of a program; clients keep schemas as well.
GRAPHQL_SERVERS = regex(
    r"(?i)apollo-server|@apollo/(?:server|subgraph)|graphql-yoga|@nestjs/graphql|mercurius"
    r"|express-graphql|graphql-http|type-graphql|postgraphile|ariadne|strawberry|graphene|tartiflette"
    r"|spring-boot-starter-graphql|spring-graphql|springframework\.graphql|graphql-dgs"
    r"|netflix\.graphql\.dgs|graphql-java|graphql-kotlin|graphql-spring|smallrye-graphql|gqlgen"
    r"|graph-gophers/graphql-go|graphql-go/|lighthouse|webonyx/graphql-php|hotchocolate"
    r"|graphql\.server"
)


class RemoteEndpoints:
    def __init__(
        self,
        index: FactsIndex,
        components: Components,
        resolver: Resolver,
        reachability: Reachability,
    ) -> None:
        self._index, self._components, self._resolver = index, components, resolver
        self._reachability = reachability
        self._services = RemoteServices(index)

    def is_service(self, served: EndpointServed) -> bool:
        """Whether what is served is a whole service (or its HTTP routes), not one path."""
        return served.protocol in PROTOCOLS or served.protocol == GATEWAY

    def methods(
        self, path: str, served: EndpointServed, owner: Component | None
    ) -> Iterator[Endpoint]:
        """The methods of a service that a file serves; a gateway's routes to them."""
        service = self._resolver.resolve(served.path, path, owner).text
        if short(service) in OF_FRAMEWORKS:
            return
        if served.protocol == GATEWAY:
            routes = self._services.routes(service, path)
            rows = [(method, route, "http") for method, route, _ in routes]
        else:
            said = self._services.protocol(service, path) or served.protocol
            rows = [("*", each, said) for each in self._services.paths(service, path)]
        for method, full, protocol in rows:
            yield Endpoint(
                component=owner.id if owner else "",
                method=method,
                path=full,
                at=served.at.in_file(path),
                handler=served.handler,
                protocol=protocol,
            )

    def operations(self) -> Iterator[Endpoint]:
        """What the GraphQL schemas of servers offer."""
        for path, fact in self._services.operations():
            if self._index.role(path) is not Role.SOURCE:
                continue
            groups = self._components.containing(path)
            for owners in groups:
                owner = main_process(owners)
                if owner is None or not self._serves_graphql(owner, alone=len(groups) == 1):
                    continue
                for name in fact.methods:
                    method, at = fact.name.upper(), fact.at.in_file(path)
                    operation = f"{fact.name}.{name}"
                    yield Endpoint(owner.id, method, operation, at, protocol=fact.protocol)

    def _serves_graphql(self, owner: Component, *, alone: bool) -> bool:
        """By what its code loads, or its build unit when that is no other program's as well."""
        needs = self._components.dependencies_of(owner) if alone else ()
        return owner.application in self._importers or any(map(GRAPHQL_SERVERS.search, needs))

    @cached_property
    def _importers(self) -> set[str]:
        """Applications whose code imports a library that serves GraphQL."""
        return {
            owner.application
            for path, _ in self._index.importing(GRAPHQL_SERVERS.search)
            if self._index.role(path) is Role.SOURCE
            for owners in self._reachability.owners(path)
            for owner in owners
        }
