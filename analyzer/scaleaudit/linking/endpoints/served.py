"""Full paths of endpoints: prefixes of routers, mounts and context paths put in front."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from scaleaudit.architecture import Endpoint
from scaleaudit.facts import LOCAL_ROUTER, OF_CONTRACT, EndpointServed
from scaleaudit.linking.components.roles import process_for
from scaleaudit.linking.endpoints.api_platform_prefixes import ROUTER as API_PLATFORM
from scaleaudit.linking.endpoints.api_platform_prefixes import ApiPlatformPrefixes
from scaleaudit.linking.endpoints.aspnet_routes import AspNetRoutes
from scaleaudit.linking.endpoints.autoloaded_routes import FASTIFY, AutoloadedRoutes
from scaleaudit.linking.endpoints.base_paths import NEXT, SLIM, BasePaths
from scaleaudit.linking.endpoints.context_paths import ContextPaths
from scaleaudit.linking.endpoints.contracts import contract_endpoints
from scaleaudit.linking.endpoints.data_rest import exposed_repositories
from scaleaudit.linking.endpoints.devise_modules import DeviseModules
from scaleaudit.linking.endpoints.handed_exports import SCRIPTS
from scaleaudit.linking.endpoints.handler_classes import HandlerClasses
from scaleaudit.linking.endpoints.inherited_routes import InheritedRoutes, Place
from scaleaudit.linking.endpoints.made_routes import MADE, MadeRoutes
from scaleaudit.linking.endpoints.mounts import Mounts
from scaleaudit.linking.endpoints.nest_prefixes import NEST, VERSIONED, NestPrefixes
from scaleaudit.linking.endpoints.page_files import page_endpoints
from scaleaudit.linking.endpoints.paths import file_route, nitro_route, normal
from scaleaudit.linking.endpoints.rails_forms import RailsForms
from scaleaudit.linking.endpoints.remote_endpoints import RemoteEndpoints
from scaleaudit.linking.endpoints.sinatra_heirs import HEIR, SinatraHeirs
from scaleaudit.linking.facts_index import is_shadowed
from scaleaudit.linking.resolution import HOLE
from scaleaudit.source import Role
from scaleaudit.values import Name, OneOf, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.components.started_programs import StartedPrograms
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules
    from scaleaudit.linking.imports.reachability import Reachability
    from scaleaudit.linking.resolution import Resolved, Resolver

LARAVEL = "laravel"  # the router of its routes
OPERATIONS = ("QUERY", "MUTATION", "SUBSCRIPTION")  # of GraphQL: their paths are names
MAX_PATHS = 64  # of one route, whose path may be one of several


class Endpoints:
    def __init__(
        self,
        index: FactsIndex,
        components: Components,
        modules: Modules,
        resolver: Resolver,
        reachability: Reachability,
        started: StartedPrograms,
    ) -> None:
        self._index, self._components = index, components
        self._resolver = resolver
        self._context = ContextPaths(index, components, resolver)
        self._types = InheritedRoutes(index, modules)
        self._aspnet = AspNetRoutes(index)
        self._reachability, self._started = reachability, started
        self._mounts = Mounts(index, components, modules, resolver, self._types)
        self._nest = NestPrefixes(index, resolver)
        self._api_platform = ApiPlatformPrefixes(index)
        self._sinatra = SinatraHeirs(index)
        self._base_paths = BasePaths(index, resolver)
        self._rails = RailsForms(index)
        self._classes = HandlerClasses(index, modules)
        self._made = MadeRoutes(index, components, self._classes)
        self._devise = DeviseModules(index)
        self._autoloaded = AutoloadedRoutes(components)
        self._remote = RemoteEndpoints(index, components, resolver, reachability)

    def all(self) -> Iterator[Endpoint]:
        """Every endpoint of first-party source, once for each prefix it is mounted under.

        Remote services are their methods, GraphQL schemas their operations.
        """
        seen: set[tuple[str, str, str]] = set()
        for path, served, place in self._places():
            for owners in self._owners(place.path):
                running = self._started.running(place.path, owners)
                for endpoint in self._endpoints(
                    path, served, place, process_for(running, served.protocol)
                ):
                    key = (endpoint.component, endpoint.method, endpoint.path)
                    if key not in seen:
                        seen.add(key)
                        yield endpoint
        pages = page_endpoints(self._index, self._components, self._base_paths)
        for endpoint in chain(self._remote.operations(), pages):
            key = (endpoint.component, endpoint.method, endpoint.path)
            if key not in seen:
                seen.add(key)
                yield endpoint

    def _places(self) -> Iterator[tuple[str, EndpointServed, Place]]:
        for path, served in self._index.of(EndpointServed):
            if served.framework == HEIR and not self._sinatra.serve(path, served.router):
                continue
            if served.framework == OF_CONTRACT or self._devise.none_at(path, served):
                continue
            if self._index.role(path) is Role.SOURCE and not is_shadowed(path, self._index.files):
                for place in self._types.places(path, served):
                    yield path, served, place
        for path, served in exposed_repositories(self._types, self._components):
            yield path, served, Place(path, served.handler)
        for path, served in contract_endpoints(self._index, self._components):
            yield path, served, Place(path, served.handler)

    def _owners(self, path: str) -> list[list[Component]]:
        """Go programs serve what they import; frameworks find the routes of a library themselves."""
        if self._index.kind(path) == "go":
            return self._reachability.owners(path) or [[]]
        return self._components.containing(path)

    def _endpoints(
        self, path: str, served: EndpointServed, place: Place, owner: Component | None
    ) -> Iterator[Endpoint]:
        if self._remote.is_service(served):
            return self._remote.methods(path, served, owner)
        return self._served(path, served, place, owner)

    def _served(
        self, path: str, served: EndpointServed, place: Place, owner: Component | None
    ) -> Iterator[Endpoint]:
        inherited = place.prefix is not None or self._mounts.replaced((path, served.router))
        written = served.own if inherited and served.own is not None else served.path
        ways = self._resolver.ways(written, path, owner, to_the_end=True)
        for found in ways[:MAX_PATHS]:
            if found.text == HOLE and isinstance(written, Parameter | OneOf):
                continue  # a helper that registers routes for others
            yield from self._at(path, served, place, owner, found)

    def _at(
        self,
        path: str,
        served: EndpointServed,
        place: Place,
        owner: Component | None,
        found: Resolved,
    ) -> Iterator[Endpoint]:
        inherited = place.prefix is not None and served.own is not None
        own = found.text
        if place.prefix is not None and inherited:
            above = self._resolver.resolve(place.prefix, place.prefix_path, owner).text
            own = f"{above.rstrip('/')}/{own.lstrip('/')}" if own else above
        if own.startswith("{}/") and found.configured and not found.hidden:
            own = own[2:]  # a prefix out of the environment, where nothing sets it: none
        if own == "/" and self._index.kind(path) in SCRIPTS:
            own = ""  # a mounted router's own address, which its frameworks take for the same
        if self._index.kind(path) == "csharp":
            by_class = self._aspnet.path(own, path, served, owner)
            if by_class is None:
                return
            own = by_class
        base = self._context.of(owner, place.framework or served.framework)
        if served.router in (NEST, VERSIONED):
            if not self._nest.serves_paths(owner):
                return
            base = self._nest.of(path, served.router, owner, own)
        elif served.router == API_PLATFORM:
            base = self._api_platform.of(path)
        elif served.router == NEXT:
            base = self._base_paths.of(NEXT, owner)
        elif served.router != LARAVEL and self._index.kind(path) == "php":
            base = self._base_paths.of(SLIM, owner)
        elif served.router.partition(LOCAL_ROUTER)[0] == FASTIFY:
            base = base or self._autoloaded.prefix(path, owner)
        for prefix in self._mounts.prefixes((path, served.router), owner):
            if own == HOLE and not base and not prefix and isinstance(served.path, Name):
                continue  # a path that stands in settings, of which nothing is known
            full = normal("/".join(part for part in (base, prefix, own) if part))
            if self._rails.none_at(path, served, full):
                continue
            if served.router == NEXT:
                by_file = file_route(path)
                if by_file is None:
                    continue
                full = normal(f"{base}/{by_file}")
            answers = [(method, full) for method in self._classes.methods(path, served)]
            if served.router == "nitro":
                found_by_name = nitro_route(path)
                answers = [found_by_name] if found_by_name is not None else []
            elif served.router in MADE:
                answers = self._made.of(path, served, owner, full)
            for method, whole in answers:
                yield Endpoint(
                    component=owner.id if owner else "",
                    method=method,
                    path=whole if served.method not in OPERATIONS else own,
                    at=served.at.in_file(path),
                    handler=place.handler,
                    protocol=served.protocol,
                )
