"""Web frameworks of Python that route by decorators or calls."""

from scaleaudit.languages.graphql import GraphqlOperation, ProtocolEndpoint
from scaleaudit.languages.graphql_fields import GraphqlField
from scaleaudit.languages.patterns import FIRST, Arg, Mount, Pattern, Route, Serve, Session
from scaleaudit.languages.python.conditions import (
    method_and_path_given,
    names_route,
    of_function,
    path_given,
)
from scaleaudit.languages.python.frameworks.asynchronous_web import ASYNCHRONOUS
from scaleaudit.languages.python.frameworks.flask import FLASK, METHODS, METHODS_ARG, PREFIX
from scaleaudit.languages.python.resources import ActionRoute, ResourceRoute
from scaleaudit.languages.python.router_mounts import ContractMount, OwnRoute, RouterMount

PORT = Arg(-1, ("port",))

FASTAPI = (
    Route(
        callees=(f"fastapi.{{FastAPI,APIRouter}}.{METHODS}",),
        path=Arg(0, ("path",)),
        base=PREFIX,
        annotation=True,
    ),
    Route(
        callees=("fastapi.{FastAPI,APIRouter}.{api_route,route}",),
        path=Arg(0, ("path",)),
        base=PREFIX,
        method_arg=METHODS_ARG,
        annotation=True,
    ),
    Route(
        callees=("fastapi.{FastAPI,APIRouter}.{websocket,websocket_route}",),
        path=Arg(0, ("path",)),
        base=PREFIX,
        methods="GET",
        protocol="websocket",
        annotation=True,
    ),
    Route(
        callees=("fastapi.{FastAPI,APIRouter}.add_api_route",),
        path=Arg(0, ("path",)),
        base=PREFIX,
        method_arg=METHODS_ARG,
        handler=Arg(1, ("endpoint",)),
    ),
    # Starlette's own, without `methods`: a function answers GET, a class what it has.
    ResourceRoute(
        callees=(
            "fastapi.{FastAPI,APIRouter}.add_route",
            "starlette.{applications.Starlette,routing.Router}.add_route",
        ),
        path=Arg(0, ("path",)),
        base=PREFIX,
        method_arg=Arg(2, ("methods",)),
        handler=Arg(1, ("route", "endpoint")),
        when=lambda site, reader: not of_function(site, reader),
    ),
    Route(
        callees=(
            "fastapi.{FastAPI,APIRouter}.add_route",
            "starlette.{applications.Starlette,routing.Router}.add_route",
        ),
        path=Arg(0, ("path",)),
        base=PREFIX,
        method_arg=Arg(2, ("methods",)),
        unsaid="GET",
        handler=Arg(1, ("route", "endpoint")),
        when=of_function,
    ),
    RouterMount(
        callees=("fastapi.{FastAPI,APIRouter}.include_router", "*.include_router"),
        prefix=PREFIX,
        base=PREFIX,
        child=Arg(0, ("router", "blueprint")),
    ),
    Mount(
        callees=("fastapi.{FastAPI,APIRouter}.mount", "starlette.applications.Starlette.mount"),
        prefix=FIRST,
        child=Arg(1, ("app",)),
        when=lambda site, reader: len(site.args) > 1 and site.args[1].type != "call",
    ),
)

# Routers that another file made: the decorator's name and a path that starts with a slash.
IMPORTED = (
    OwnRoute(
        callees=(f"*.{METHODS}",),
        path=Arg(0, ("path", "rule", "uri")),
        base=PREFIX,
        annotation=True,
        when=path_given,
    ),
    OwnRoute(
        callees=("*.{route,api_route}",),
        path=Arg(0, ("path", "rule", "uri")),
        method_arg=METHODS_ARG,
        base=PREFIX,
        annotation=True,
        when=path_given,
    ),
    OwnRoute(
        callees=("*.websocket",),
        path=Arg(0, ("path", "uri")),
        methods="GET",
        protocol="websocket",
        base=PREFIX,
        annotation=True,
        when=path_given,
    ),
)

OTHERS = (
    ContractMount(
        callees=("*.add_api",),
        prefix=Arg(-1, ("base_path",)),
        child=Arg(0, ("specification",)),
        when=lambda site, reader: b"connexion" in reader.content,
    ),
    Route(callees=(f"bottle.{{Bottle,get,post}}.{METHODS}",), base=PREFIX, annotation=True),
    Route(
        callees=("bottle.{Bottle.route,route}",),
        base=PREFIX,
        method_arg=Arg(1, ("methods", "method")),
        annotation=True,
    ),
    Route(callees=("bottle.{get,post,put,delete}",), annotation=True),
    ResourceRoute(
        callees=("falcon.{App,API,asgi.App}.add_route",),
        handler=Arg(1, ("resource",)),
        on="on_",
        suffix=Arg(-1, ("suffix",)),
    ),
    # Nameko's, and entry points of one's own that extend it.
    Route(
        callees=("*.http",),
        path=Arg(1, ("url",)),
        method_arg=Arg(0, ("method",)),
        annotation=True,
        when=method_and_path_given,
    ),
)

DJANGO = (
    ActionRoute(callees=("rest_framework.decorators.{action,detail_route,list_route}",)),
    RouterMount(
        callees=("ninja.{NinjaAPI,Router}.add_router", "ninja_extra.NinjaExtraAPI.add_router"),
        prefix=Arg(0, ("prefix",)),
        child=Arg(1, ("router",)),
    ),
)

PYRAMID = (
    # config.add_route("orders", "/orders/{id}")
    Route(
        callees=("*.add_route",),
        path=Arg(1, ("pattern", "path")),
        method_arg=Arg(-1, ("request_method",)),
        handler=Arg(-1, ("view",)),  # elsewhere: the views name the route by its first argument
        when=names_route,
    ),
)

SERVERS = (
    # Flask and Quart say of their own servers: do not use them in production.
    Serve(callees=("uvicorn.run",), library="uvicorn", port=PORT),
    Serve(callees=("hypercorn.run", "granian.Granian"), library="asgi", port=PORT),
    Serve(callees=("waitress.serve",), library="waitress", port=PORT),
    # bottle.run starts wsgiref unless a server is named: single-threaded, for development.
    Serve(
        callees=("bottle.{run,Bottle.run}",),
        library="bottle",
        port=PORT,
        development=True,
        when=lambda site, reader: "server" not in site.keywords and not site.opaque,
    ),
    # The documentation of these modules recommends them for testing only.
    Serve(
        callees=("wsgiref.simple_server.make_server",),
        library="wsgiref",
        port=Arg(1, ("port",)),
        development=True,
    ),
    Serve(
        callees=("http.server.{HTTPServer,ThreadingHTTPServer}",),
        library="http.server",
        development=True,
    ),
    Serve(
        callees=("tornado.web.Application.listen", "tornado.httpserver.HTTPServer.listen"),
        library="tornado",
        port=Arg(0, ("port",)),
    ),
    Serve(
        callees=("grpc.{server,aio.server}.{add_insecure_port,add_secure_port}",),
        library="grpc",
        port=Arg(0, ("address",)),
    ),
    Serve(
        callees=("gevent.pywsgi.WSGIServer", "eventlet.wsgi.server", "cheroot.wsgi.Server"),
        library="wsgi",
    ),
)

GRAPHQL = (
    ProtocolEndpoint(
        callees=("strawberry.fastapi.GraphQLRouter",), path=Arg(-1, ("path",)), mounted=True
    ),
    ProtocolEndpoint(
        callees=("{ariadne,strawberry}.asgi.GraphQL", "starlette_graphene3.GraphQLApp"),
        mounted=True,
    ),
    ProtocolEndpoint(
        callees=("socketio.{Server,AsyncServer}", "flask_socketio.SocketIO"),
        path=Arg(-1, ("path", "socketio_path")),
        default="/socket.io",
        protocol="websocket",
    ),
    ProtocolEndpoint(
        callees=("websockets.serve", "websockets.{server,asyncio.server,sync.server}.serve"),
        default="/",
        protocol="websocket",
    ),
    GraphqlOperation(
        callees=(
            "{strawberry,strawberry_django,strawberry.federation}.{field,mutation,subscription}",
        ),
        name=Arg(-1, ("name",)),
        camel=True,
    ),
    GraphqlField(callees=("{strawberry,strawberry_django,strawberry.federation}.field",)),
)

SESSIONS = (
    # Starlette's SessionMiddleware signs the session into a cookie.
    Session(
        callees=("starlette.middleware.sessions.SessionMiddleware",),
        library="starlette",
        default="cookie",
    ),
)

WEB: tuple[Pattern, ...] = (
    *FASTAPI,
    *FLASK,
    *IMPORTED,
    *ASYNCHRONOUS,
    *OTHERS,
    *DJANGO,
    *PYRAMID,
    *SERVERS,
    *GRAPHQL,
    *SESSIONS,
)
