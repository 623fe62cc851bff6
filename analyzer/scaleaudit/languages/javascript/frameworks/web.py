"""Web servers of JavaScript: routes, mounts, and the calls that listen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.graphql import GraphqlOperation, ProtocolEndpoint
from scaleaudit.languages.graphql_fields import GraphqlField
from scaleaudit.languages.javascript.frameworks.decorated import NEST_APP
from scaleaudit.languages.javascript.page_routes import ROUTES, PageRoute
from scaleaudit.languages.javascript.route_objects import RouteMount
from scaleaudit.languages.javascript.routes import (
    AppliedRouter,
    ChainedRoute,
    MiddlewareMount,
    NamedRoute,
    PluginMount,
    RouteObjects,
    RouterMount,
    is_own_route,
    is_own_route_object,
    is_route,
)
from scaleaudit.languages.javascript.rpc import GrpcMethod, GrpcService
from scaleaudit.languages.patterns import FIRST, LAST, NONE, Arg, Pattern, Route, Serve

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

METHODS = "{get,post,put,patch,delete,head,options,all}"
# Frameworks whose applications and routers have one method for each HTTP method.
EXPRESS = "{express,express.Express,express.Application}"
ROUTER = "{express.Router,express.IRouter,router,polka,restify.createServer,restify-router.Router,@tinyhttp/app.App}"
KOA = "{koa-router,@koa/router,koa-router.Router,@koa/router.Router,koa-tree-router}"
FASTIFY = "{fastify,fastify.fastify,fastify.FastifyInstance}"
HONO = "{hono.Hono,@hono/zod-openapi.OpenAPIHono}"
ELYSIA = "{elysia.Elysia,elysia}"
HAPI = "@hapi/hapi.{server,Server}"


def listens(site: CallSite, reader: Reader) -> bool:
    """A server known by its name alone: the first argument must be a port or an address."""
    return bool(site.args) and site.args[0].type not in ("string", "arrow_function")


WEB: tuple[Pattern, ...] = (
    # app.get("setting") with one argument reads a setting of express: no route.
    ChainedRoute(
        callees=(f"{EXPRESS}.{METHODS}", f"{ROUTER}.{METHODS}"),
        handler=LAST,
        least=2,
    ),
    ChainedRoute(callees=(f"router?.{METHODS}",), handler=LAST, when=is_route),
    ChainedRoute(
        callees=(
            f"{EXPRESS}.route.{METHODS}",
            f"{ROUTER}.route.{METHODS}",
            f"router?.route.{METHODS}",
        ),
        path=NONE,
        base=FIRST,
        needs_path=False,
        handler=LAST,
        when=lambda site, reader: site.client is not None and bool(site.client.args),
    ),
    ChainedRoute(callees=(f"this.{METHODS}",), handler=Arg(1), when=is_own_route),
    RouteObjects(callees=("this.route",), path="path", when=is_own_route_object),
    MiddlewareMount(
        callees=(f"{EXPRESS}.use", f"{ROUTER}.use", f"{KOA}.use", "koa.use", "router?.use")
    ),
    MiddlewareMount(callees=(f"{ELYSIA}.use",)),
    MiddlewareMount(callees=("this.use",), when=is_own_route),
    NamedRoute(callees=(f"{KOA}.{METHODS}",), handler=LAST, least=2),
    NamedRoute(callees=(f"{KOA}.del",), methods="DELETE", handler=LAST, least=2),
    ChainedRoute(callees=(f"{KOA}.register",), method_arg=Arg(1), handler=Arg(2), least=3),
    ChainedRoute(callees=(f"{FASTIFY}.{METHODS}",), handler=LAST, least=2),
    RouteObjects(
        callees=(f"{FASTIFY}.route", "router?.route"),
        path="url",
        when=lambda site, reader: bool(site.args) and site.args[0].type == "object",
    ),
    RouteMount(callees=(f"{FASTIFY}.route", f"{HAPI}.route", "router?.route")),
    PluginMount(
        callees=(f"{FASTIFY}.register", f"{HAPI}.register", "router?.register"),
        prefix=Arg(-1, ("prefix", "routes.prefix")),
    ),
    ChainedRoute(callees=(f"{HONO}.{METHODS}",), handler=LAST, least=2),
    ChainedRoute(callees=(f"{HONO}.basePath.{METHODS}",), base=FIRST, handler=LAST, least=2),
    ChainedRoute(callees=(f"{HONO}.on",), path=Arg(1), method_arg=FIRST, handler=LAST, least=3),
    RouterMount(callees=(f"{HONO}.route",), prefix=FIRST, child=Arg(1)),
    RouterMount(callees=(f"{HONO}.basePath.route",), prefix=FIRST, base=FIRST, child=Arg(1)),
    ChainedRoute(callees=(f"{ELYSIA}.{METHODS}",), handler=Arg(1), least=2),
    RouteObjects(callees=(f"{HAPI}.route",), path="path"),
    PageRoute(callees=(f"{ROUTES}.route",), methods="GET"),
    PageRoute(callees=(f"{ROUTES}.index",), methods="GET", path=NONE, needs_path=False),
    RouteObjects(
        callees=("router?.route",),
        path="path",
        when=lambda site, reader: bool(site.args) and site.args[0].type in ("object", "array"),
    ),
    ChainedRoute(  # restify takes an object for its path: `{ path: "/orders", version: "2.0.0" }`
        callees=(f"restify.createServer.{METHODS}",),
        path=Arg(-1, ("path", "url")),
        handler=LAST,
        least=2,
    ),
    AppliedRouter(callees=("restify-router.Router.applyRoutes",)),
    ChainedRoute(callees=("restify.createServer.del",), methods="DELETE", handler=LAST, least=2),
    GrpcMethod(callees=("@nestjs/microservices.{GrpcMethod,GrpcStreamMethod,GrpcStreamCall}",)),
    Route(
        callees=("socket.io", "socket.io.Server"),
        path=Arg(-1, ("path",)),
        methods="*",
        protocol="websocket",
        needs_path=False,
    ),
    Route(
        callees=("ws.{Server,WebSocketServer}", "@nestjs/websockets.WebSocketGateway"),
        path=Arg(-1, ("path",)),
        methods="*",
        protocol="websocket",
        needs_path=False,
    ),
    GraphqlOperation(
        callees=("{@nestjs/graphql,type-graphql}.{Query,Mutation,Subscription}",),
        name=Arg(0, ("name",)),
    ),
    GraphqlField(
        callees=("@nestjs/graphql.{ResolveField,ResolveProperty}", "type-graphql.FieldResolver"),
    ),
    ProtocolEndpoint(
        callees=(
            "{@apollo/server/express4,@as-integrations/express4,@as-integrations/express5}"
            ".expressMiddleware",
            "@as-integrations/koa.koaMiddleware",
            "express-graphql.graphqlHTTP",
            "graphql-http/lib/use/{express,koa,fastify,http}.createHandler",
        ),
        mounted=True,
    ),
    ProtocolEndpoint(
        callees=(
            "{apollo-server-express,apollo-server-koa,apollo-server-fastify}"
            ".ApolloServer.{applyMiddleware,getMiddleware}",
            "@nestjs/graphql.GraphQLModule.{forRoot,forRootAsync}",
        ),
        path=Arg(-1, ("path",)),
        default="/graphql",
    ),
    ProtocolEndpoint(
        callees=("graphql-yoga.{createYoga,createServer}",),
        path=Arg(-1, ("graphqlEndpoint",)),
        default="/graphql",
    ),
    ProtocolEndpoint(
        callees=(
            "apollo-server.ApolloServer.listen",
            "@apollo/server/standalone.startStandaloneServer",
        ),
        default="/",
    ),
    Serve(callees=("apollo-server.ApolloServer.listen",), library="apollo", port=Arg(0, ("port",))),
    Serve(
        callees=("@apollo/server/standalone.startStandaloneServer",),
        library="apollo",
        port=Arg(-1, ("listen.port",)),
    ),
    GrpcService(callees=("{@grpc/grpc-js,grpc}.Server.addService",)),
    Serve(
        callees=("{@grpc/grpc-js,grpc}.Server.bindAsync", "grpc.Server.bind"),
        library="grpc",
        port=FIRST,
    ),
    Serve(callees=(f"{EXPRESS}.listen",), library="express", port=FIRST),
    Serve(callees=("koa.listen",), library="koa", port=FIRST),
    Serve(callees=(f"{FASTIFY}.listen",), library="fastify", port=Arg(0, ("port",))),
    Serve(callees=("{polka,restify.createServer}.listen",), library="polka", port=FIRST),
    Serve(callees=(f"{NEST_APP}.listen",), library="@nestjs/core", port=FIRST),
    Serve(
        callees=(
            "@nestjs/core.NestFactory.createMicroservice.listen",
            f"{NEST_APP}.startAllMicroservices",
        ),
        library="@nestjs/microservices",
    ),
    Serve(callees=("@hono/node-server.serve",), library="hono", port=Arg(-1, ("port",))),
    Serve(callees=(HAPI,), library="@hapi/hapi", port=Arg(-1, ("port",))),
    Serve(
        callees=("{http,https,http2}.{createServer,Server,createSecureServer}.listen",),
        library="http",
        port=Arg(0, ("port",)),
    ),
    Serve(callees=("router?.listen",), library="", port=Arg(0, ("port",)), when=listens),
    # Tools for building and trying things out, by their own documentation not for production.
    Serve(
        callees=(
            "vite.createServer",
            "webpack-dev-server",
            "json-server.create.listen",
            "browser-sync.init",
        ),
        library="vite",
        development=True,
    ),
)
