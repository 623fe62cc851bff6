"""The part of SARIF 2.1.0 that scaleaudit writes; names as in the standard."""

from __future__ import annotations

import msgspec


class _Node(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    pass


class Text(_Node, frozen=True, kw_only=True):
    """`message` and `multiformatMessageString` of the standard."""

    text: str
    markdown: str = ""


class ArtifactLocation(_Node, frozen=True, kw_only=True):
    uri: str = ""
    uri_base_id: str = ""
    description: Text | None = None


class Region(_Node, frozen=True, kw_only=True):
    start_line: int
    start_column: int
    end_line: int
    end_column: int


class PhysicalLocation(_Node, frozen=True, kw_only=True):
    artifact_location: ArtifactLocation
    region: Region | None = None


class SarifLocation(_Node, frozen=True, kw_only=True):
    id: int | None = None
    physical_location: PhysicalLocation
    message: Text | None = None


class Configuration(_Node, frozen=True, kw_only=True):
    level: str


class RuleDescriptor(_Node, frozen=True, kw_only=True):
    id: str
    name: str
    short_description: Text
    full_description: Text
    help: Text
    help_uri: str
    default_configuration: Configuration
    properties: dict[str, list[str] | str]


class Driver(_Node, frozen=True, kw_only=True):
    name: str
    full_name: str
    version: str
    semantic_version: str
    information_uri: str
    rules: list[RuleDescriptor]


class Tool(_Node, frozen=True, kw_only=True):
    driver: Driver


class Result(_Node, frozen=True, kw_only=True):
    rule_id: str
    rule_index: int
    level: str
    message: Text
    locations: list[SarifLocation]
    related_locations: list[SarifLocation] = []
    partial_fingerprints: dict[str, str]
    properties: dict[str, str | list[str]]


class Notification(_Node, frozen=True, kw_only=True):
    level: str
    message: Text
    locations: list[SarifLocation] = []


class Invocation(_Node, frozen=True, kw_only=True):
    execution_successful: bool
    tool_execution_notifications: list[Notification] = []


class AutomationDetails(_Node, frozen=True, kw_only=True):
    id: str


class Run(_Node, frozen=True, kw_only=True):
    tool: Tool
    automation_details: AutomationDetails
    column_kind: str
    original_uri_base_ids: dict[str, ArtifactLocation]
    invocations: list[Invocation]
    results: list[Result]


class Log(msgspec.Struct, frozen=True, kw_only=True):
    schema: str = msgspec.field(name="$schema")
    version: str
    runs: list[Run]
