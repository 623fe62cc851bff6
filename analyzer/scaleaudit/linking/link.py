"""The way from facts to the architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from scaleaudit.architecture import Architecture, Origin, Site
from scaleaudit.facts import (
    AddressGiven,
    ArgumentsGiven,
    ConstantDefined,
    ContractWritten,
    EndpointServed,
    Fact,
    FieldResolved,
    FilesIncluded,
    FileWritten,
    HandlerClass,
    ImageBuilt,
    ImageNamed,
    ImportFound,
    LazyLoad,
    ManagerDefined,
    MessageReceived,
    MessageSent,
    MigrationsListed,
    MigrationStep,
    MigrationTool,
    ModelDefined,
    ModelMigrated,
    NetworkName,
    OrmQuery,
    OwnerDeclared,
    PackageDeclared,
    PipelineDefined,
    ProgramStarted,
    QueryFound,
    RemoteCall,
    Repository,
    RouterMounted,
    RowsGiven,
    RowsVisited,
    ScheduleStarted,
    ScopeDefined,
    SearchCalled,
    SearchDefined,
    ServerStarted,
    ServiceDefined,
    SessionKept,
    SettingDefined,
    SettingRead,
    StateKept,
    StoreDeclared,
    StoreUsed,
    StubMade,
    TableChanged,
    TableDefined,
    TemplateRead,
    TriggerDeclared,
    TypeDeclared,
    VersionLocked,
    ViewDefined,
    ViewRendered,
    WorkloadDeclared,
    WorkloadPatched,
    WorkSpawned,
)
from scaleaudit.linking.components import Components
from scaleaudit.linking.components.roles import main_process, started_files
from scaleaudit.linking.components.shared_libraries import shared_libraries
from scaleaudit.linking.components.start_commands import start_commands
from scaleaudit.linking.components.started_programs import StartedPrograms
from scaleaudit.linking.connections import Connections, connect
from scaleaudit.linking.connections.edge_routes import EdgeRoutes
from scaleaudit.linking.connections.local_hosts import LocalHosts
from scaleaudit.linking.data_access import DataAccess
from scaleaudit.linking.deployments.go_programs import go_programs
from scaleaudit.linking.endpoints import Endpoints
from scaleaudit.linking.entry_points import mark_entry_points
from scaleaudit.linking.facts_index import FactsIndex
from scaleaudit.linking.imports.callers import Callers
from scaleaudit.linking.imports.libraries_imported import libraries_imported
from scaleaudit.linking.imports.modules import Modules
from scaleaudit.linking.imports.origins import Origins
from scaleaudit.linking.imports.reachability import Reachability
from scaleaudit.linking.imports.staff_routes import staff_handlers
from scaleaudit.linking.imports.told_by_paths import ADMIN_PAGES
from scaleaudit.linking.library_versions import carried_out
from scaleaudit.linking.migrations import migrations
from scaleaudit.linking.models import (
    Links,
    Models,
    Spellings,
    engines_of,
    lazy_loads,
    on_engine,
    opened_engines,
    orm_queries,
    with_models,
)
from scaleaudit.linking.module_graph import module_edges, module_nodes
from scaleaudit.linking.named_tables import with_named_tables
from scaleaudit.linking.resolution import Resolver
from scaleaudit.linking.targets import Targets
from scaleaudit.linking.trails import Trails
from scaleaudit.linking.views import Views
from scaleaudit.regex import regex
from scaleaudit.schemas.replay import replay, with_growth
from scaleaudit.schemas.tenants import with_tenants
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaleaudit.facts import FileFacts
    from scaleaudit.linking.components.component import Component
    from scaleaudit.schema import Schema
    from scaleaudit.source import SourceFile


def link(
    facts: Mapping[str, FileFacts], files: Mapping[str, SourceFile], root_name: str = ""
) -> Architecture:
    """One architecture of all that the files say.

    `files` tells kind and role of each path; `root_name` names the application of a repository
    that declares no deployable.
    """
    index = FactsIndex(facts, files)
    spelled = with_named_tables(facts, index)
    if spelled is not facts:
        facts, index = spelled, FactsIndex(spelled, files, index.asking)
    modules = Modules(index)
    components = Components(index, root_name)
    resolver = Resolver(index, components, modules)
    targets = Targets(components)
    origins = Origins(index, modules)
    trails = Trails()
    reachability = Reachability(index, components, modules, origins.imports)
    started = StartedPrograms(index, origins.imports, components.packages)
    local_hosts = LocalHosts(index, components, resolver)
    connections = Connections(
        index, components, resolver, targets, origins, trails, reachability, local_hosts,
        EdgeRoutes(index, components, targets), frozenset(go_programs(index)), started,
    )  # fmt: skip
    connect(connections)
    connected = engines_of(each.technology for each in (*components.all, *targets.made))
    replayed = replayed_schema(facts, index, connected)
    models = Models(index, modules, replayed)
    links = Links(models)
    described = on_engine(
        with_models(replayed, models, links, index),
        connected,
        index,
        opened=opened_engines(
            each.technology
            for each in connections.reaches
            if not each.from_default and each.origin not in (Origin.TEST, Origin.MIGRATION)
        ),
    )
    if index.of(QueryFound):
        index.change(QueryFound, Spellings(described).spelled)
    index.add(QueryFound, orm_queries(index, models, links))
    index.add(LazyLoad, lazy_loads(index, modules, models, links))
    tables = DataAccess(index, connections, origins, trails)
    mark_entry_points(index, components, trails.edges(), reachability)
    endpoints = [*Endpoints(index, components, modules, resolver, reachability, started).all()]
    edges = trails.edges()
    linked = {end for edge in edges for end in (edge.source, edge.target)}
    outside = (each for each in targets.made if each.id in linked)
    named = (*components.all, *outside, *connections.topics.values())
    if index.of(ViewDefined):
        index.change(QueryFound, Views(index, replayed).carried_down)
    libraries, built_in = shared_libraries(index, components)
    drawn = module_nodes(index, modules)
    shown = (*libraries, *drawn.values())
    callers = Callers(index, origins, staff_handlers(index, endpoints))
    found = list(
        sites(index, components, callers, origins, started_files(index, components, modules))
    )
    schema = grown(described, index, origins, callers)
    history = migrations(facts, index, components, models)
    index.asking.libraries = libraries_imported(index, modules)
    return Architecture(
        [*(each.to_node() for each in named), *tables.nodes.values(), *shown],
        [*edges, *built_in, *module_edges(modules, drawn)],
        endpoints=endpoints,
        unresolved=connections.unresolved,
        reaches=connections.reaches,
        commands=start_commands(components),
        sites=found,
        schema=schema,
        paths_read=facts,
        migrations=history,
        asked=index.asking.told(),
    )


PASSING = (Origin.TEST, Origin.MIGRATION)  # what they insert says nothing of the tables' growth
# Nor what is put in once, when the application is set up.
SEEDING = regex(r"(?:^|/)(?:db|database|prisma)/(?:seeds?|seeders?|factories)(?:/|\.\w+$)")


def replayed_schema(
    facts: Mapping[str, FileFacts], index: FactsIndex, connected: set[str]
) -> Schema:
    """What dumps and migrations came to."""
    kinds = (TableDefined, TableChanged, MigrationsListed)
    changed = {path for kind in kinds for path, _ in index.of(kind)}
    wanted = sorted(p for p in changed if index.role(p) in (Role.SOURCE, Role.MIGRATION))
    return replay(carried_out(wanted, facts, index), connected)


def grown(schema: Schema, index: FactsIndex, origins: Origins, callers: Callers) -> Schema:
    """What only the staff puts in by its pages is as much as some people type: no use fills it."""

    def by_use(path: str, query: QueryFound) -> bool:
        if not query.inserts:
            return True
        if SEEDING.search(path) or ADMIN_PAGES.search(path):
            return False
        known = origins.asking(path)
        return known is Origin.ADMIN or callers.origin(path, query.scope, known) is not Origin.ADMIN

    own = [(path, query) for path, query in index.of(QueryFound) if origins.of(path) not in PASSING]
    known = with_tenants(schema, (query for _, query in own))
    return with_growth(known, (query for path, query in own if by_use(path, query)))


def sites(
    index: FactsIndex,
    components: Components,
    callers: Callers,
    origins: Origins,
    started: Mapping[str, Component],
) -> Iterator[Site[Fact]]:
    """The facts that rules look at, each in its place.

    A schedule runs in the process whose command names its file, or the file that loads it.
    """
    owners: dict[str, Component | None] = {}
    for found in index.as_written():
        for path, fact in found:
            if not judged_by_rules(fact):
                break
            if path not in owners:
                owners[path] = main_process(components.owning(path))
            owner = owners[path]
            if isinstance(fact, ScheduleStarted):
                owner = started.get(path, owner)
            origin = origin_of(path, fact, origins, callers)
            if isinstance(fact, QueryFound):
                fact = callers.as_asked(path, fact, origins.asking(path))
            elif isinstance(fact, RemoteCall) and callers.unused(path, fact.scope):
                continue
            yield Site(
                fact,
                fact.at.in_file(path),
                owner.id if owner else "",
                owner.application if owner else "",
                origin,
            )


def origin_of(path: str, fact: Fact, origins: Origins, callers: Callers) -> Origin:
    """Of queries by the function that they stand in, of other waits too where only jobs call it."""
    if isinstance(fact, QueryFound):
        return callers.origin(path, fact.scope, origins.asking(path))
    known = origins.of(path)
    if isinstance(fact, LazyLoad | RemoteCall):
        by_function = callers.origin(path, fact.scope, known)
        return by_function if by_function is Origin.JOB else known  # the staff waits all the same
    return known


def judged_by_rules(fact: Fact) -> bool:
    """Whether rules see such facts as they are; the others are only material for the graph.

    Exhaustive on purpose: a new kind of fact is a type error here until it is decided.
    """
    match fact:
        case (
            RemoteCall() | StoreUsed() | QueryFound() | StateKept() | SessionKept()
            | FileWritten() | ScheduleStarted() | WorkSpawned() | ServerStarted()
            | WorkloadDeclared() | ImageBuilt() | NetworkName() | PipelineDefined()
            | OwnerDeclared() | PackageDeclared() | StoreDeclared() | SettingDefined() | LazyLoad()
            | FieldResolved()
        ):  # fmt: skip
            return True
        case (
            ImportFound() | ArgumentsGiven() | ConstantDefined() | SettingRead() | EndpointServed() | ContractWritten()
            | RouterMounted() | MessageSent() | MessageReceived() | FilesIncluded()
            | WorkloadPatched() | TriggerDeclared() | TypeDeclared() | TableDefined() | ViewDefined() | TableChanged() | ServiceDefined() | StubMade() | AddressGiven()
            | ModelDefined() | OrmQuery() | ScopeDefined() | ManagerDefined() | RowsGiven() | ModelMigrated() | MigrationStep() | MigrationTool() | MigrationsListed() | RowsVisited()
            | ViewRendered() | TemplateRead() | VersionLocked() | SearchDefined() | Repository() | SearchCalled() | HandlerClass() | ImageNamed() | ProgramStarted()
        ):  # fmt: skip
            return False
        case _:
            assert_never(fact)
