"""Web frameworks of TypeScript whose controllers say by decorators what they serve, and AdonisJS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.adonis import GroupedRoute, ResourceRoutes
from scaleaudit.languages.javascript.nest_modules import ModuleControllers, ModulePaths
from scaleaudit.languages.javascript.nest_routes import (
    NestApplication,
    NestPrefix,
    NestRoute,
    NestVersioning,
)
from scaleaudit.languages.patterns import FIRST, Arg, Route

if TYPE_CHECKING:
    from scaleaudit.languages.patterns import Pattern

NEST = "@nestjs/common.{Get,Post,Put,Patch,Delete,Head,Options,All,Sse}"
NEST_APP = "{@nestjs/core.NestFactory.create,@nestjs/common.INestApplication,@nestjs/platform-express.NestExpressApplication,@nestjs/platform-fastify.NestFastifyApplication}"
WORDS = "{Get,Post,Put,Patch,Delete,Head,All}"
TSED = ("@tsed/common", "@tsed/schema")
ADONIS = ("@adonisjs/core/services/router", "@ioc:Adonis/Core/Route")

DECORATED: tuple[Pattern, ...] = (
    NestPrefix(callees=(f"{NEST_APP}.setGlobalPrefix", "router?.setGlobalPrefix")),
    NestApplication(callees=("@nestjs/core.NestFactory.{create,createMicroservice}",)),
    NestVersioning(callees=(f"{NEST_APP}.enableVersioning", "router?.enableVersioning")),
    NestRoute(
        callees=(NEST,),
        prefix_on_class=("Controller",),
        path=Arg(0, ("path",)),
        annotation=True,
        needs_path=False,
    ),
    ModuleControllers(callees=("@nestjs/common.Module",)),
    ModulePaths(callees=("@nestjs/core.RouterModule.{register,forRoutes}",)),
    # The same prefix, of an application of routing-controllers.
    NestPrefix(
        callees=(
            "routing-controllers.{createExpressServer,createKoaServer,useExpressServer,useKoaServer}",
        ),
        prefix=Arg(-1, ("routePrefix",)),
    ),
    NestRoute(
        callees=(f"routing-controllers.{WORDS}",),
        prefix_on_class=("JsonController", "Controller"),
        annotation=True,
        needs_path=False,
    ),
    Route(
        callees=tuple(f"{package}.{WORDS}" for package in TSED),
        prefix_on_class=("Controller",),
        annotation=True,
        needs_path=False,
    ),
    Route(
        callees=(
            "tsoa.{Get,Post,Put,Patch,Delete,Head}",
            "@tsoa/runtime.{Get,Post,Put,Patch,Delete,Head}",
        ),
        prefix_on_class=("Route",),
        annotation=True,
        needs_path=False,
    ),
    Route(
        callees=(
            "inversify-express-utils.{httpGet,httpPost,httpPut,httpPatch,httpDelete,httpHead}",
        ),
        prefix_on_class=("controller",),
        annotation=True,
        needs_path=False,
    ),
    Route(callees=("@loopback/rest.{get,post,put,patch}",), annotation=True),
    Route(callees=("@loopback/rest.del",), methods="DELETE", annotation=True),
    # So that their paths are read where a route looks for its prefix.
    Route(
        callees=(
            "@nestjs/common.{Controller,Version}",
            "routing-controllers.{JsonController,Controller}",
            "tsoa.Route",
            "@tsed/{common,di}.Controller",
            "inversify-express-utils.controller",
        ),
        annotation=True,
        when=lambda site, reader: False,
    ),
    GroupedRoute(
        callees=tuple(f"{router}.{{get,post,put,patch,delete,any}}" for router in ADONIS),
        handler=Arg(1),
        least=2,
    ),
    ResourceRoutes(callees=tuple(f"{router}.resource" for router in ADONIS), path=FIRST),
)
