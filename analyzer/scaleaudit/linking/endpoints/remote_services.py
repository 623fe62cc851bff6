"""Remote services by their names: what their definitions say, and which components serve them."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, ServiceDefined
from scaleaudit.source import Role
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex

# Whose endpoints are the methods of a named service. A gateway serves their HTTP routes.
PROTOCOLS = frozenset({"grpc", "thrift", "dubbo"})
GATEWAY = "grpc-gateway"
# What frameworks add to every server: health, reflection, diagnostics.
OF_FRAMEWORKS = frozenset({"health", "serverreflection", "channelz", "grpchealth", "grpcreflect"})


class RemoteServices:
    """What the definitions of the repository say of a service."""

    def __init__(self, index: FactsIndex) -> None:
        # short name -> full name -> (file, definition) of each copy
        self._defined: dict[str, dict[str, list[tuple[str, ServiceDefined]]]] = {}
        self._operations: list[tuple[str, ServiceDefined]] = []
        for path, fact in index.of(ServiceDefined):
            if fact.protocol == "graphql":
                self._operations.append((path, fact))
            elif index.role(path) is not Role.TEST:
                by_name = self._defined.setdefault(short(fact.name), {})
                by_name.setdefault(fact.name, []).append((path, fact))

    def paths(self, service: str, where: str) -> list[str]:
        """`/shop.v1.Cart/Add` for each method; `/Cart` when no definition names them.

        `Cart/Add` stands for the one method, under its full name. `where` is the file that serves
        the service: of definitions of one name in several packages the nearest count.
        """
        name, _, method = service.strip("/").partition("/")
        found = self._named(name, where)
        last = name.rpartition(".")[2]
        if method:
            return [f"/{full}/{method}" for full in found] or [f"/{last}/{method}"]
        paths = [f"/{full}/{each}" for full, fact in found.items() for each in methods(fact)]
        return paths or [f"/{last}"]

    def protocol(self, service: str, where: str) -> str:
        """How the definition says that the service is spoken to; empty when there is none."""
        found = self._named(service.strip("/").partition("/")[0], where)
        return next((fact.protocol for copies in found.values() for fact in copies), "")

    def routes(self, service: str, where: str) -> list[tuple[str, str, str]]:
        """(HTTP method, path, method of the service) that a gateway offers."""
        found = self._named(service, where).values()
        return list(
            dict.fromkeys(row for copies in found for fact in copies for row in fact.routes)
        )

    def operations(self) -> list[tuple[str, ServiceDefined]]:
        """(file, root type with its fields) of each GraphQL schema."""
        return self._operations

    def _named(self, name: str, where: str) -> dict[str, list[ServiceDefined]]:
        """The definitions that a name stands for in a file, by full name."""
        known = self._defined.get(short(name), {})
        package = letters(name.rpartition(".")[0])
        same = [full for full in known if letters(full.rpartition(".")[0]) == package]
        if package and same:  # `shop.v1.Cart`, or `shopv1.Cart` as Go calls the package
            return {full: [fact for _, fact in known[full]] for full in same}
        best: dict[str, list[ServiceDefined]] = {}
        nearest: tuple[int, int] | None = None
        for full, copies in known.items():
            near = (max(shared(path, where) for path, _ in copies), -full.count("."))
            if nearest is None or near > nearest:
                best, nearest = {}, near
            if near == nearest:
                best[full] = [fact for _, fact in copies]
        return best


def letters(package: str) -> str:
    return "".join(sign for sign in package.lower() if sign.isalnum())


def methods(copies: list[ServiceDefined]) -> list[str]:
    return list(dict.fromkeys(name for fact in copies for name in fact.methods))


def shared(path: str, other: str) -> int:
    """How many folders two paths have in common, from the root on."""
    pairs = zip(path.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def short(service: str) -> str:
    """The name of a service for comparison: `/shop.v1.CartService/Add` -> `cartservice`."""
    return service.strip("/").partition("/")[0].rpartition(".")[2].lower()


def served_name(served: EndpointServed) -> str:
    """The service that an endpoint belongs to, for comparison; empty for other protocols."""
    if served.protocol not in PROTOCOLS:
        return ""
    name = short(text_with_holes(served.path))
    return "" if name in OF_FRAMEWORKS else name
