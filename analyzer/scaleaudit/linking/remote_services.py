"""Remote services by their names: what their definitions say, and which components serve them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, ServiceDefined
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex

# Whose endpoints are the methods of a named service. A gateway serves their HTTP routes.
PROTOCOLS = frozenset({"grpc", "thrift", "dubbo"})
GATEWAY = "grpc-gateway"
# A dependency that makes a server of GraphQL of a program; clients keep schemas as well.
GRAPHQL_SERVERS = regex(
    r"(?i)apollo-server|@apollo/(?:server|subgraph)|graphql-yoga|@nestjs/graphql|mercurius"
    r"|express-graphql|graphql-http|type-graphql|postgraphile|ariadne|strawberry|graphene|tartiflette"
    r"|spring-boot-starter-graphql|spring-graphql|graphql-dgs|graphql-java|graphql-kotlin|graphql-spring"
    r"|smallrye-graphql|gqlgen|graph-gophers/graphql-go|graphql-go/|lighthouse|webonyx/graphql-php"
    r"|hotchocolate|graphql\.server"
)
# What frameworks add to every server: health, reflection, diagnostics.
OF_FRAMEWORKS = frozenset({"health", "serverreflection", "channelz", "grpchealth", "grpcreflect"})


class RemoteServices:
    """What the definitions of the repository say of a service."""

    def __init__(self, index: FactsIndex) -> None:
        self._methods: dict[str, dict[str, list[str]]] = {}  # short name -> full name -> methods
        self._routes: dict[str, list[tuple[str, str, str]]] = {}
        self._operations: list[tuple[str, ServiceDefined]] = []
        for path, fact in index.of(ServiceDefined):
            if fact.protocol == "graphql":
                self._operations.append((path, fact))
                continue
            if index.role(path) is Role.TEST:
                continue
            known = self._methods.setdefault(short(fact.name), {}).setdefault(fact.name, [])
            known += [name for name in fact.methods if name not in known]
            routes = self._routes.setdefault(short(fact.name), [])
            routes += [route for route in fact.routes if route not in routes]

    def is_defined(self, service: str) -> bool:
        return short(service) in self._methods

    def paths(self, service: str) -> list[str]:
        """`/shop.v1.Cart/Add` for each method; `/Cart` when no definition names them.

        `Cart/Add` stands for the one method, under its full name.
        """
        name, _, method = service.strip("/").partition("/")
        known = self._methods.get(short(name), {})
        exact = {full: methods for full, methods in known.items() if full == name}
        found = exact or known
        if method:
            return [f"/{full}/{method}" for full in found] or [f"/{name}/{method}"]
        paths = [f"/{full}/{each}" for full, methods in found.items() for each in methods]
        return paths or [f"/{name}"]

    def routes(self, service: str) -> list[tuple[str, str, str]]:
        """(HTTP method, path, method of the service) that a gateway offers."""
        return self._routes.get(short(service), [])

    def operations(self) -> list[tuple[str, ServiceDefined]]:
        """(file, root type with its fields) of each GraphQL schema."""
        return self._operations


def short(service: str) -> str:
    """The name of a service for comparison: `/shop.v1.CartService/Add` -> `cartservice`."""
    return service.strip("/").partition("/")[0].rpartition(".")[2].lower()


def served_name(served: EndpointServed) -> str:
    """The service that an endpoint belongs to, for comparison; empty for other protocols."""
    if served.protocol not in PROTOCOLS:
        return ""
    name = short(text_with_holes(served.path))
    return "" if name in OF_FRAMEWORKS else name
