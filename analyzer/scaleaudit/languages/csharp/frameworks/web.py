"""ASP.NET Core: routes, sessions, servers, settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.csharp.conventions import Convention, Function
from scaleaudit.languages.csharp.fast_endpoints import (
    AttributeRoute,
    ClassRoute,
    GroupPrefix,
    RoutePrefix,
)
from scaleaudit.languages.csharp.routes import ActionRoute, MappedService, MinimalRoute
from scaleaudit.languages.csharp.sessions import SessionAdded
from scaleaudit.languages.csharp.settings import BoundOptions
from scaleaudit.languages.patterns import NONE, Arg, ReadSetting, Serve

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader


def of_configuration(site: CallSite, reader: Reader) -> bool:
    """`configuration.GetValue<T>("X")`, not the method of some other object."""
    receiver = reader.callee(site.node).rpartition(".")[0].lower()
    return receiver.endswith(("config", "configuration"))


WEB = (
    ActionRoute(
        callees=("*.Http{Get,Post,Put,Delete,Patch,Head,Options}", "*.AcceptVerbs", "*.Route"),
    ),
    MinimalRoute(callees=("*.Map{Get,Post,Put,Delete,Patch}",)),
    MinimalRoute(callees=("*.MapMethods",), method="*"),
    MinimalRoute(callees=("*.Map",), method="*", when=lambda site, _: len(site.args) > 1),
    Convention(
        callees=("*.{MapControllerRoute,MapRoute}",),
        kind="mvc",
        template=Arg(1, ("pattern", "template", "url")),
    ),
    Convention(
        callees=("*.MapAreaControllerRoute",),
        kind="mvc",
        template=Arg(2, ("pattern",)),
    ),
    Convention(
        callees=("*.{MapDefaultControllerRoute,UseMvcWithDefaultRoute}",),
        kind="mvc",
        template=NONE,
        default="{controller=Home}/{action=Index}/{id?}",
    ),
    Convention(callees=("*.MapHttpRoute",), kind="webapi", template=Arg(1, ("routeTemplate",))),
    Function(),
    ClassRoute(
        callees=("{Get,Post,Put,Delete,Patch,Routes}",),
        when=lambda _, reader: b"Endpoint" in reader.content,
    ),
    AttributeRoute(callees=("*.Http{Get,Post,Put,Delete,Patch}",)),
    GroupPrefix(when=lambda _, reader: b"Group" in reader.content),
    RoutePrefix(),
    MappedService(callees=("*.MapHub",)),
    SessionAdded(callees=("*.AddSession",)),
    Serve(callees=("WebApplication.{CreateBuilder,CreateSlimBuilder,Create}",), library="aspnet"),
    Serve(callees=("WebHost.CreateDefaultBuilder",), library="aspnet"),
    Serve(callees=("*.ConfigureWebHostDefaults",), library="aspnet"),
    ReadSetting(callees=("Environment.GetEnvironmentVariable",)),
    ReadSetting(callees=("*.{GetValue,GetRequiredValue}",), when=of_configuration),
    BoundOptions(callees=("*.{Configure,Bind,BindConfiguration,Get,GetOptions}",)),
)
