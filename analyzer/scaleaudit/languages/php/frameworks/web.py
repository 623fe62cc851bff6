"""Routes: Laravel, Lumen, Slim, Symfony."""

from scaleaudit.languages.patterns import Arg, Pattern, Route
from scaleaudit.languages.php.api_platform import ApiResource
from scaleaudit.languages.php.base_paths import BasePath
from scaleaudit.languages.php.routes import (
    ApplicationRoutes,
    GroupedRoute,
    Resource,
    Resources,
    RouteFile,
    handles_requests,
)
from scaleaudit.languages.php.small_routers import BracketRoute, ListedRoutes, PatternRoute

VERBS = "{get,post,put,patch,delete,options,any}"
LARAVEL = "Illuminate.Support.Facades.Route"
SLIM = "{Slim.App,Slim.Factory.AppFactory.create,Slim.Routing.RouteCollectorProxy,Slim.Interfaces.RouteCollectorProxyInterface,Slim.Interfaces.RouteGroupInterface}"
LUMEN = "{Laravel.Lumen.Routing.Router,Illuminate.Routing.Router,Illuminate.Contracts.Routing.Registrar}"
SYMFONY = "Symfony.Component.Routing.{Attribute,Annotation}.Route"

WEB: tuple[Pattern, ...] = (
    GroupedRoute(callees=(f"{LARAVEL}.{VERBS}",)),
    GroupedRoute(callees=(f"{LARAVEL}.match",), path=1, verbs=0, least=3),
    GroupedRoute(callees=(f"{LARAVEL}.{{view,redirect,permanentRedirect}}",), method="GET"),
    GroupedRoute(callees=(f"{{{SLIM[1:-1]},{LUMEN[1:-1]},router?}}.{VERBS}",)),
    GroupedRoute(
        callees=(f"{{{SLIM[1:-1]},{LUMEN[1:-1]},router?}}.{{map,match}}",),
        path=1,
        verbs=0,
        least=3,
    ),
    GroupedRoute(
        callees=("{FastRoute.RouteCollector,router?}.addRoute",), path=1, verbs=0, least=3
    ),
    GroupedRoute(callees=(f"FastRoute.RouteCollector.{VERBS}",)),
    PatternRoute(callees=(f"Bramus.Router.Router.{VERBS}", "Bramus.Router.Router.all")),
    PatternRoute(callees=("Bramus.Router.Router.match",), path=1, verbs=0, least=3),
    BracketRoute(callees=("AltoRouter.map", "Klein.Klein.respond")),
    ListedRoutes(callees=("AltoRouter.addRoutes",)),
    BasePath(callees=("{AltoRouter,Bramus.Router.Router}.setBasePath",)),
    # CakePHP
    GroupedRoute(callees=(f"Cake.Routing.RouteBuilder.{VERBS}",)),
    GroupedRoute(callees=("Cake.Routing.RouteBuilder.connect",), method="*"),
    BasePath(callees=(f"{SLIM}.setBasePath",)),
    RouteFile(callees=(f"{LARAVEL}.group",)),
    ApplicationRoutes(callees=("*.withRouting",)),
    Resource(callees=(f"{LARAVEL}.{{resource,apiResource,singleton,apiSingleton}}",)),
    Resources(callees=(f"{LARAVEL}.{{resources,apiResources}}",)),
    Route(
        callees=(SYMFONY,),
        path=Arg(0, ("path",)),
        method_arg=Arg(-1, ("methods",)),
        prefix_on_class=("Route",),
        annotation=True,
        when=handles_requests,
    ),
    Route(
        callees=("Spiral.Router.Annotation.Route",),
        path=Arg(0, ("route",)),
        method_arg=Arg(2, ("methods",)),
        annotation=True,
        when=handles_requests,
    ),
    ApiResource(
        callees=(
            "ApiPlatform.Metadata.{ApiResource,GetCollection,Get,Post,Put,Patch,Delete}",
            "ApiPlatform.Core.Annotation.ApiResource",
        )
    ),
    # Some name their attributes after the method.
    Route(
        callees=("FOS.RestBundle.Controller.Annotations.{Get,Post,Put,Patch,Delete}",),
        path=Arg(0, ("path",)),
        prefix_on_class=("Route",),
        annotation=True,
    ),
)
