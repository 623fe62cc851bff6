"""All kinds of facts together, and what one file says."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from scaleaudit.facts import code, data, deployment, endpoints, lazy, orm, searches

Fact: TypeAlias = (
    code.ImportFound
    | code.ConstantDefined
    | code.ArgumentsGiven
    | code.SettingRead
    | endpoints.EndpointServed
    | endpoints.ContractWritten
    | endpoints.RouterMounted
    | endpoints.TypeDeclared
    | endpoints.HandlerClass
    | code.RemoteCall
    | code.ServiceDefined
    | code.StubMade
    | code.AddressGiven
    | code.StoreUsed
    | code.MessageSent
    | code.MessageReceived
    | data.QueryFound
    | data.MigrationStep
    | data.MigrationTool
    | data.MigrationsListed
    | code.StateKept
    | code.SessionKept
    | code.FileWritten
    | code.ScheduleStarted
    | code.WorkSpawned
    | code.ServerStarted
    | deployment.WorkloadDeclared
    | deployment.NetworkName
    | deployment.FilesIncluded
    | deployment.WorkloadPatched
    | deployment.ImageBuilt
    | deployment.ImageNamed
    | deployment.ProgramStarted
    | deployment.SettingDefined
    | deployment.PackageDeclared
    | deployment.VersionLocked
    | deployment.StoreDeclared
    | deployment.TriggerDeclared
    | deployment.PipelineDefined
    | deployment.OwnerDeclared
    | data.TableDefined
    | data.ViewDefined
    | data.TableChanged
    | orm.ModelDefined
    | orm.OrmQuery
    | orm.ScopeDefined
    | orm.ManagerDefined
    | orm.RowsGiven
    | searches.SearchDefined
    | searches.Repository
    | searches.SearchCalled
    | orm.ModelMigrated
    | lazy.RowsVisited
    | lazy.ViewRendered
    | lazy.TemplateRead
    | lazy.LazyLoad
    | lazy.FieldResolved
)


class FileFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that one file says. `namespace` is its declared package (Java, Kotlin, C#, Go, PHP)."""

    facts: tuple[Fact, ...] = ()
    namespace: str = ""
    problem: str = ""  # why (part of) the file was not understood
    lines: int = 0
    endless: bool = False  # a command that runs until it is stopped
    functions: tuple[
        code.NamedFunction, ...
    ] = ()  # of code that may be reached by callers elsewhere
    commanded: bool = False  # reads the words it is started with
