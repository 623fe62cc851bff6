"""Litestar, Sanic and aiohttp: routes of functions and classes, of routers, groups and
applications within applications."""

from scaleaudit.languages.patterns import NONE, Arg, Pattern, Route, Serve
from scaleaudit.languages.python.frameworks.flask import METHODS, METHODS_ARG
from scaleaudit.languages.python.handler_lists import (
    ApplicationRoute,
    EntryRoute,
    EntryView,
    HandlerRoute,
    HandlersMounted,
    ListMount,
    VersionedPrefix,
    VersionedRoute,
    VersionedView,
)
from scaleaudit.languages.python.resources import ResourceRoute
from scaleaudit.languages.python.router_mounts import RouterMount

PORT = Arg(-1, ("port",))
HANDLERS = ("route_handlers",)
VERSIONED = VersionedPrefix()
BLUEPRINT = "sanic.{Sanic,Blueprint,app.Sanic,blueprints.Blueprint}"

LITESTAR: tuple[Pattern, ...] = (
    HandlerRoute(
        callees=(f"litestar.{METHODS}", f"litestar.handlers.{METHODS}", f"starlite.{METHODS}"),
        path=Arg(0, ("path",)),
        annotation=True,
    ),
    HandlerRoute(
        callees=("litestar.{route,handlers.route}", "starlite.route"),
        path=Arg(0, ("path",)),
        method_arg=Arg(-1, ("http_method",)),
        annotation=True,
    ),
    HandlerRoute(
        callees=("litestar.{websocket,websocket_listener,handlers.websocket}",),
        path=Arg(0, ("path",)),
        methods="GET",
        protocol="websocket",
        annotation=True,
    ),
    HandlersMounted(
        callees=("litestar.{Router,router.Router}", "starlite.Router"),
        prefix=Arg(0, ("path",)),
        handlers=Arg(-1, HANDLERS),
    ),
    HandlersMounted(
        callees=("litestar.{Litestar,app.Litestar}", "starlite.Starlite"),
        prefix=Arg(-1, ("path",)),
        handlers=Arg(0, HANDLERS),
    ),
    RouterMount(
        callees=("litestar.{Router,router.Router}.register", "starlite.Router.register"),
        base=Arg(0, ("path",)),
    ),
    RouterMount(
        callees=("litestar.{Litestar,app.Litestar}.register", "starlite.Starlite.register"),
        base=Arg(-1, ("path",)),
    ),
)

AIOHTTP: tuple[Pattern, ...] = (
    Route(callees=(f"aiohttp.web.RouteTableDef.{METHODS}",), annotation=True),
    ResourceRoute(callees=("aiohttp.web.RouteTableDef.view",), annotation=True),
    *(
        EntryRoute(
            callees=(f"aiohttp.web.{verb}",), methods=verb.upper(), handler=Arg(1, ("handler",))
        )
        for verb in ("get", "post", "put", "patch", "delete", "head")
    ),
    EntryView(callees=("aiohttp.web.view",), handler=Arg(1, ("handler",))),
    EntryRoute(
        callees=("aiohttp.web.route",),
        path=Arg(1, ("path",)),
        method_arg=Arg(0, ("method",)),
        handler=Arg(2, ("handler",)),
    ),
    *(
        ApplicationRoute(
            callees=(f"*.router.add_{verb}", f"*.add_{verb}"),
            methods=verb.upper(),
            handler=Arg(1, ("handler",)),
            when=lambda site, reader: ".router.add_" in site.callee,
        )
        for verb in ("get", "post", "put", "patch", "delete", "head")
    ),
    ApplicationRoute(
        callees=("aiohttp.web.Application.router.add_route", "*.add_route"),
        path=Arg(1, ("path",)),
        method_arg=Arg(0, ("method",)),
        handler=Arg(2, ("handler",)),
        when=lambda site, reader: ".router.add_route" in site.callee,
    ),
    ListMount(
        callees=("aiohttp.web.Application.add_routes", "*.add_routes"),
        child=Arg(0, ("routes",)),
        when=lambda site, reader: bool(site.args) and site.args[0].type != "list",
    ),
    ListMount(
        callees=("aiohttp.web.Application.add_subapp", "*.add_subapp"),
        prefix=Arg(0, ("prefix",)),
        child=Arg(1, ("subapp",)),
    ),
    Serve(callees=("aiohttp.web.run_app",), library="aiohttp", port=PORT),
)

SANIC: tuple[Pattern, ...] = (
    VersionedRoute(callees=(f"{BLUEPRINT}.{METHODS}",), base=VERSIONED, annotation=True),
    VersionedRoute(
        callees=(f"{BLUEPRINT}.route",),
        base=VERSIONED,
        method_arg=Arg(1, ("methods",)),
        unsaid="GET",
        annotation=True,
    ),
    VersionedRoute(
        callees=(f"{BLUEPRINT}.websocket",),
        base=VERSIONED,
        methods="GET",
        protocol="websocket",
        annotation=True,
    ),
    VersionedView(
        callees=(f"{BLUEPRINT}.add_route",),
        path=Arg(1, ("uri",)),
        base=VERSIONED,
        handler=Arg(0, ("handler",)),
        method_arg=METHODS_ARG,
    ),
    ListMount(
        callees=("sanic.{Sanic,app.Sanic}.blueprint",),
        prefix=Arg(-1, ("url_prefix",)),
        child=Arg(0, ("blueprint",)),
    ),
    HandlersMounted(
        callees=("sanic.{Blueprint,blueprints.Blueprint}.group",),
        prefix=Arg(-1, ("url_prefix",)),
        handlers=NONE,
        each_argument=True,
        version=True,
    ),
    Serve(callees=("sanic.Sanic.run",), library="sanic", port=PORT),
)

ASYNCHRONOUS = (*LITESTAR, *AIOHTTP, *SANIC)
