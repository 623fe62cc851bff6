"""`*.csproj` and its sisters: a .NET project, its packages and the projects it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import NotUnderstoodError, lines_in
from scaleaudit.config_files.xml_elements import xml_root
from scaleaudit.facts import FileFacts, PackageDeclared
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.xml_elements import Element

RUNNABLE_SDKS = frozenset({"Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker"})
# What users run on their own machines: apps of devices, windows, pages in a browser.
CLIENT_SDK = "Microsoft.NET.Sdk.BlazorWebAssembly"
CLIENT_SWITCHES = ("UseMaui", "UseWPF", "UseWindowsForms", "AndroidApplication")
# What describes a deployment and starts it on a developer's machine.
HOST_OF_ALL = ("Aspire.AppHost.Sdk", "Aspire.Hosting.AppHost")
TEST_PACKAGES = frozenset(
    {
        "Microsoft.NET.Test.Sdk",
        "xunit",
        "xunit.v3",
        "NUnit",
        "MSTest",
        "MSTest.TestFramework",
        "TUnit",
    }
)
# What people start for one command, and what measures: console programs that serve nobody.
COMMAND_LINES = frozenset({
    "System.CommandLine", "CommandLineParser", "Spectre.Console.Cli", "Cocona", "CliFx",
    "McMaster.Extensions.CommandLineUtils", "McMaster.Extensions.Hosting.CommandLine",
    "ConsoleAppFramework", "DotMake.CommandLine", "BenchmarkDotNet",
})  # fmt: skip
WEB_SDK = "Microsoft.NET.Sdk.Web"
OF_WEB_SDK = "Microsoft.AspNetCore.App"  # which it brings without a reference


def extract(content: bytes) -> FileFacts:
    try:
        package = _project(xml_root(content, "Project"))
    except NotUnderstoodError as error:
        return FileFacts(problem=str(error), lines=lines_in(content))
    return FileFacts((package,), lines=lines_in(content))


def _project(project: Element) -> PackageDeclared:
    """The name is empty when the file does not say one: the file's own name counts then."""
    dependencies = dict(_dependencies(project))
    if project.attributes.get("Sdk", "").partition("/")[0] == WEB_SDK:
        dependencies.setdefault(OF_WEB_SDK, "")
    names = [e for tag in ("AssemblyName", "PackageId") for e in project.all("PropertyGroup", tag)]
    named = next((e for e in names if e.text and "$(" not in e.text), None)
    return PackageDeclared(
        at=Span(named.line if named else project.line),
        name=named.text if named else "",
        ecosystem="nuget",
        dependencies=tuple(dependencies.items()),
        runnable=_runs(project) and TEST_PACKAGES.isdisjoint(dependencies),
    )


def _dependencies(project: Element) -> Iterator[tuple[str, str]]:
    """Packages with their versions; other projects by the path as written, with slashes."""
    for reference in project.all("ItemGroup", "PackageReference"):
        name = reference.attributes.get("Include", "")
        if name:
            version = reference.attributes.get("Version") or reference.text_at("Version")
            yield name, version
    for reference in project.all("ItemGroup", "ProjectReference"):
        path = reference.attributes.get("Include", "").replace("\\", "/")
        if path:
            yield path, ""


def _runs(project: Element) -> bool:
    sdks = [project.attributes.get("Sdk", "")]
    sdks += [sdk.attributes.get("Name", "") for sdk in project.all("Sdk")]
    switches = (e for tag in CLIENT_SWITCHES for e in project.all("PropertyGroup", tag))
    if CLIENT_SDK in sdks or any(e.text.lower() == "true" for e in switches):
        return False
    packages = [
        e.attributes.get("Include", "") for e in project.all("ItemGroup", "PackageReference")
    ]
    hosts = (e.text.lower() for e in project.all("PropertyGroup", "IsAspireHost"))
    if any(name.partition("/")[0] in HOST_OF_ALL for name in (*sdks, *packages)) or "true" in hosts:
        return False
    if any(sdk.partition("/")[0] in RUNNABLE_SDKS for sdk in sdks):
        return True
    outputs = [e.text.lower() for e in project.all("PropertyGroup", "OutputType")]
    functions = [e.text.lower() for e in project.all("PropertyGroup", "AzureFunctionsVersion")]
    tools = [e.text.lower() for e in project.all("PropertyGroup", "PackAsTool")]
    by_hand = "true" in tools or not COMMAND_LINES.isdisjoint(packages)
    return bool(functions) or ("exe" in outputs and not by_hand)
