"""What the extractors saw: small, plain, storable, the same for every language.

Facts are the only thing that crosses from the extractors (`languages`, `config_files`,
`schemas`) to `linking`. A fact knows its place in the file (`at`) but not the file, nor any
other file: the same bytes give the same facts wherever they stand, which is what lets them be
cached by content. `scope` is the dotted name of the enclosing function or class inside the
file (`OrderView.post`), empty at module level.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from scaleaudit.facts.code import (
    OF_FIELD,
    SIGN,
    AddressGiven,
    ArgumentsGiven,
    ConstantDefined,
    FileWritten,
    ImportFound,
    MessageReceived,
    MessageSent,
    NamedFunction,
    RemoteCall,
    ScheduleStarted,
    ServerStarted,
    ServiceDefined,
    SessionKept,
    SettingRead,
    Sign,
    StateKept,
    StoreUsed,
    StubMade,
    Timeout,
    WorkSpawned,
    name_sign,
    sign_of,
    signs_in,
)
from scaleaudit.facts.data import (
    RUN_TABLE,
    Clause,
    ColumnFact,
    ForeignKeyFact,
    IndexFact,
    MigrationsListed,
    MigrationStep,
    MigrationTool,
    Predicate,
    QueryFound,
    TableChanged,
    TableDefined,
    ViewDefined,
    written_with,
)
from scaleaudit.facts.deployment import (
    BASE,
    CONTRACT,
    DEV_PROXY,
    GENERATED,
    TABLE,
    EnvEntry,
    FilesIncluded,
    ImageBuilt,
    ImageNamed,
    NetworkName,
    OwnerDeclared,
    PackageDeclared,
    PipelineDefined,
    ProgramBuilt,
    ProgramStarted,
    SettingDefined,
    StoreDeclared,
    TriggerDeclared,
    VersionLocked,
    WorkloadDeclared,
    WorkloadPatched,
)
from scaleaudit.facts.endpoints import (
    BASE_PATH,
    CLASS_ROUTER,
    DEVISE,
    FIELD_ROUTER,
    LOCAL_ROUTER,
    PROCEDURE,
    VERSION,
    VIEW_SET,
    ContractWritten,
    EndpointServed,
    HandlerClass,
    RouterMounted,
    TypeDeclared,
)
from scaleaudit.facts.lazy import (
    ANY_RELATION,
    EACH,
    WHOLE,
    AttributeRead,
    FieldResolved,
    LazyLoad,
    RowsSource,
    RowsVisited,
    TemplateRead,
    TemplateStep,
    ViewRendered,
)
from scaleaudit.facts.orm import (
    BY_CALL,
    EVERY_MODEL,
    INHERITED,
    MAYBE,
    Condition,
    FieldFact,
    ManagerDefined,
    ModelDefined,
    ModelMigrated,
    OrmQuery,
    RelationFact,
    RowsGiven,
    ScopeDefined,
    ScopeOption,
)
from scaleaudit.facts.searches import OF_ANY, Repository, SearchCalled, SearchDefined

__all__ = [
    "ANY_RELATION",
    "BASE",
    "BASE_PATH",
    "BY_CALL",
    "CLASS_ROUTER",
    "CONTRACT",
    "DEVISE",
    "DEV_PROXY",
    "EACH",
    "EVERY_MODEL",
    "FIELD_ROUTER",
    "GENERATED",
    "INHERITED",
    "LOCAL_ROUTER",
    "MAYBE",
    "OF_ANY",
    "OF_FIELD",
    "PROCEDURE",
    "RUN_TABLE",
    "SIGN",
    "TABLE",
    "VERSION",
    "VIEW_SET",
    "WHOLE",
    "AddressGiven",
    "ArgumentsGiven",
    "AttributeRead",
    "Clause",
    "ColumnFact",
    "Condition",
    "ConstantDefined",
    "ContractWritten",
    "EndpointServed",
    "EnvEntry",
    "Fact",
    "FieldFact",
    "FieldResolved",
    "FileFacts",
    "FileWritten",
    "FilesIncluded",
    "ForeignKeyFact",
    "HandlerClass",
    "ImageBuilt",
    "ImageNamed",
    "ImportFound",
    "IndexFact",
    "LazyLoad",
    "ManagerDefined",
    "MessageReceived",
    "MessageSent",
    "MigrationStep",
    "MigrationTool",
    "MigrationsListed",
    "ModelDefined",
    "ModelMigrated",
    "NamedFunction",
    "NetworkName",
    "OrmQuery",
    "OwnerDeclared",
    "PackageDeclared",
    "PipelineDefined",
    "Predicate",
    "ProgramBuilt",
    "ProgramStarted",
    "QueryFound",
    "RelationFact",
    "RemoteCall",
    "Repository",
    "RouterMounted",
    "RowsGiven",
    "RowsSource",
    "RowsVisited",
    "ScheduleStarted",
    "ScopeDefined",
    "ScopeOption",
    "SearchCalled",
    "SearchDefined",
    "ServerStarted",
    "ServiceDefined",
    "SessionKept",
    "SettingDefined",
    "SettingRead",
    "Sign",
    "StateKept",
    "StoreDeclared",
    "StoreUsed",
    "StubMade",
    "TableChanged",
    "TableDefined",
    "TemplateRead",
    "TemplateStep",
    "Timeout",
    "TriggerDeclared",
    "TypeDeclared",
    "VersionLocked",
    "ViewDefined",
    "ViewRendered",
    "WorkSpawned",
    "WorkloadDeclared",
    "WorkloadPatched",
    "name_sign",
    "sign_of",
    "signs_in",
    "written_with",
]

Fact: TypeAlias = (
    ImportFound
    | ConstantDefined
    | ArgumentsGiven
    | SettingRead
    | EndpointServed
    | ContractWritten
    | RouterMounted
    | TypeDeclared
    | HandlerClass
    | RemoteCall
    | ServiceDefined
    | StubMade
    | AddressGiven
    | StoreUsed
    | MessageSent
    | MessageReceived
    | QueryFound
    | MigrationStep
    | MigrationTool
    | MigrationsListed
    | StateKept
    | SessionKept
    | FileWritten
    | ScheduleStarted
    | WorkSpawned
    | ServerStarted
    | WorkloadDeclared
    | NetworkName
    | FilesIncluded
    | WorkloadPatched
    | ImageBuilt
    | ImageNamed
    | ProgramStarted
    | SettingDefined
    | PackageDeclared
    | VersionLocked
    | StoreDeclared
    | TriggerDeclared
    | PipelineDefined
    | OwnerDeclared
    | TableDefined
    | ViewDefined
    | TableChanged
    | ModelDefined
    | OrmQuery
    | ScopeDefined
    | ManagerDefined
    | RowsGiven
    | SearchDefined
    | Repository
    | SearchCalled
    | ModelMigrated
    | RowsVisited
    | ViewRendered
    | TemplateRead
    | LazyLoad
    | FieldResolved
)


class FileFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that one file says. `namespace` is its declared package (Java, Kotlin, C#, Go, PHP)."""

    facts: tuple[Fact, ...] = ()
    namespace: str = ""
    problem: str = ""  # why (part of) the file was not understood
    lines: int = 0
    endless: bool = False  # a command that runs until it is stopped
    functions: tuple[NamedFunction, ...] = ()  # of code that may be reached by callers elsewhere
    commanded: bool = False  # reads the words it is started with
