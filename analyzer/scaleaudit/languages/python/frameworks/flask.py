"""Flask, Quart and what is built upon them: routes of blueprints, of resources, of namespaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import Arg, Pattern, Route, Serve
from scaleaudit.languages.python.conditions import of_namespace
from scaleaudit.languages.python.resources import (
    Further,
    Listed,
    MadeOn,
    NamespacePath,
    ResourceRoute,
)
from scaleaudit.languages.python.router_mounts import RouterMount

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

METHODS = "{get,post,put,patch,delete,head,options}"
PREFIX = Arg(-1, ("prefix", "url_prefix"))
METHODS_ARG = Arg(-1, ("methods",))
RESTX = "{flask_restx,flask_restplus}"
APIFLASK = ("apiflask.APIFlask", "apiflask.APIBlueprint")
OPTIONS = {"host", "port", "debug", "threaded", "use_reloader", "ssl_context", "load_dotenv"}


def of_class(site: CallSite, _reader: Reader) -> bool:
    return site.target is not None and site.target.type == "class_definition"


def of_factory(site: CallSite, reader: Reader) -> bool:
    """`app = create_app()` and `app.run(port=5000)` in one file."""
    name = site.callee.rpartition(".")[0].rpartition(".")[2].removeprefix("?")
    if not name.isidentifier() or site.keywords.keys() - OPTIONS:
        return False
    made = (
        rb"(?m)^\s*" + name.encode() + rb"\s*=\s*(?:\w{1,60}\.){0,3}(?:create|make|build)_?app\w*\("
    )
    return re.search(made, reader.content) is not None


FLASK: tuple[Pattern, ...] = (
    Route(
        callees=(
            f"flask.{{Flask,Blueprint}}.{METHODS}",
            *(f"{maker}.{METHODS}" for maker in APIFLASK),
        ),
        path=Arg(0, ("rule",)),
        base=PREFIX,
        annotation=True,
    ),
    # Without `methods` a Flask route answers GET.
    Route(
        callees=(
            "flask.{Flask,Blueprint}.route",
            "quart.{Quart,Blueprint}.route",
            *(f"{maker}.route" for maker in APIFLASK),
        ),
        path=Arg(0, ("rule",)),
        base=PREFIX,
        replaceable=True,
        method_arg=METHODS_ARG,
        unsaid="GET",
        annotation=True,
    ),
    ResourceRoute(
        callees=("*.add_url_rule",),
        path=Arg(0, ("rule",)),
        base=PREFIX,
        method_arg=METHODS_ARG,
        handler=Arg(2, ("view_func",)),
    ),
    ResourceRoute(
        callees=("flask_restful.Api.add_resource",),
        path=Further(1, ("urls",)),
        base=Arg(-1, ("prefix",)),
        handler=Arg(0, ("resource",)),
    ),
    ResourceRoute(
        callees=(f"{RESTX}.Api.add_resource",),
        path=Further(1, ("urls",)),
        base=Arg(-1, ("prefix",)),
        handler=Arg(0, ("resource",)),
    ),
    ResourceRoute(
        callees=(f"{RESTX}.Api.route",),
        path=Listed(0),
        base=Arg(-1, ("prefix",)),
        annotation=True,
    ),
    ResourceRoute(
        callees=(f"{RESTX}.{{Namespace,Api.namespace}}.add_resource",),
        path=Further(1, ("urls",)),
        base=NamespacePath(),
        replaceable=True,
        handler=Arg(0, ("resource",)),
    ),
    ResourceRoute(
        callees=(f"{RESTX}.{{Namespace,Api.namespace}}.route",),
        path=Listed(0),
        base=NamespacePath(),
        replaceable=True,
        annotation=True,
    ),
    ResourceRoute(  # of an `Api` out of another file
        callees=("*.route",),
        path=Listed(0),
        base=NamespacePath(),
        annotation=True,
        when=of_namespace,
    ),
    Route(  # of Flask-Smorest, for a function; for a class its methods say what it answers
        callees=("flask_smorest.Blueprint.route",),
        path=Arg(0, ("rule",)),
        base=PREFIX,
        replaceable=True,
        method_arg=METHODS_ARG,
        unsaid="GET",
        annotation=True,
        when=lambda site, reader: not of_class(site, reader),
    ),
    ResourceRoute(
        callees=("flask_smorest.Blueprint.route",),
        path=Arg(0, ("rule",)),
        base=PREFIX,
        replaceable=True,
        annotation=True,
        when=of_class,
    ),
    MadeOn(callees=(f"{RESTX}.Api.namespace",), base=Arg(-1, ("prefix",))),
    MadeOn(callees=(f"{RESTX}.Api", "flask_restful.Api"), base=PREFIX, parent=Arg(0, ("app",))),
    RouterMount(
        callees=(f"{RESTX}.Api.add_namespace", "*.add_namespace"),
        prefix=Arg(1, ("path",)),
        base=Arg(-1, ("prefix",)),
        child=Arg(0, ("ns",)),
        instead=True,
    ),
    RouterMount(
        callees=("flask.{Flask,Blueprint}.register_blueprint", "*.register_blueprint"),
        prefix=PREFIX,
        base=PREFIX,
        child=Arg(0, ("blueprint",)),
        instead=True,
    ),
    Serve(
        callees=("flask.Flask.run", "quart.Quart.run", "apiflask.APIFlask.run"),
        library="flask",
        port=Arg(1, ("port",)),
        development=True,
    ),
    Serve(  # of what a factory made, which may stand in another file
        callees=("*.run",),
        library="flask",
        port=Arg(1, ("port",)),
        development=True,
        when=of_factory,
    ),
    Serve(
        callees=("flask_socketio.SocketIO.run",), library="flask_socketio", port=Arg(2, ("port",))
    ),
)
