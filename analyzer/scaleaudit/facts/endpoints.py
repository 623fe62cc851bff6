"""What a file says of the addresses that it serves, and of the routers that these hang on."""

from __future__ import annotations

from scaleaudit.facts.base import FactBase, V

# How extractors name routers that are not plain names of their file.
FIELD_ROUTER = "field "  # before `Type.name`, of Go: what the type's constructor is given
CLASS_ROUTER = "class "  # before a class of views, of Python: there where a router takes the class
LOCAL_ROUTER = " of "  # of scripts, between a local router and the function that has it
OF_CONTRACT = (
    "contract"  # the framework of routes that an OpenAPI document tells: their handler is a package
)
VERSION = "\ue010"  # in a path, before a part that stands in front of all others: Sanic's version
PROCEDURE = "\ue011"  # in a path, before the name of a procedure or router of tRPC
FEATHERS, STRAPI = "feathers", "strapi"  # the routers of routes that these frameworks make
BASE_PATH = "base path"  # the key of a setting that code gives: in front of all of an application
OF_CONTRACT = "contract"  # the parent of a mount whose child is an OpenAPI document, by its path
VIEW_SET = "view set"  # before `list` and `detail`: what a router makes of a class of actions
DEVISE = "devise "  # before the module and the class of the model that a route of devise is for


class EndpointServed(FactBase, frozen=True, tag="endpoint"):
    """`path` may lack prefixes that stand in other files (see `RouterMounted`).

    `router` is the name of the object or class that the route hangs on, as written in this file.
    `own` is the path without what the class gives, where others may inherit the route, or without
    what the router was made with, where mounts may replace that.
    """

    method: str  # upper case; `*` for any
    path: V
    handler: str = ""
    router: str = ""
    # http, graphql, websocket; grpc, thrift, dubbo: `path` is the service; grpc-gateway: as well,
    # and what is served are the HTTP routes of its definition
    protocol: str = "http"
    own: V | None = None
    framework: str = ""  # whose settings may put something in front (spring, jax-rs, data-rest), or
    # what must be there for it: `DEVISE` and a module; what a class's methods are called that answer
    # it: `VIEW_SET` and a word, `on_*`


class ContractWritten(FactBase, frozen=True, tag="contract"):
    """An OpenAPI document: what a server generated from it serves.

    `operations` are (method, path, line); `base` is the path of its first server.
    """

    operations: tuple[tuple[str, str, int], ...]
    base: str = ""


class TypeDeclared(FactBase, frozen=True, tag="type"):
    """A class, interface or annotation that serves, or lends routes to those that do: of the JVM,
    and of Ruby with the superclass alone.

    Annotations and `bases` are named as written, without arguments.
    """

    name: str  # `Outer.Inner`
    kind: str  # class, abstract, interface, annotation
    bases: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    prefixes: tuple[V, ...] = ()  # the paths that a mapping on it gives
    given: tuple[tuple[str, V], ...] = ()  # the first argument of annotations of the repository
    alias: bool = False  # the first argument of this annotation is a path
    entity: str = ""  # of a repository: the type that it keeps
    exported: bool = True  # a repository that others may see


class HandlerClass(FactBase, frozen=True, tag="handler-class"):
    """A class whose methods are named after what they answer: `get`, `on_post`, `retrieve`, `find`.

    `bases` as written, without arguments.
    """

    name: str
    methods: tuple[str, ...]
    bases: tuple[str, ...] = ()


class RouterMounted(FactBase, frozen=True, tag="mount"):
    """A prefix for all routes of a router: `app.use('/v1', router)`, `include('shop.urls')`.

    `child` is a name of this file (variable or imported name), or a module when `is_module`.
    `instead`: the prefix replaces the one that the router was made with.
    `given`: `child` is a function that gets `parent` as this parameter (its position, or the name
    in an object); in its own file the parameter hangs on `function(parameter)`.
    `base`: what `parent` was made with, where its own mounts may replace that.
    `alias`: `parent` is but another name of `child`, and means something where others mount it.
    """

    prefix: V
    child: str
    parent: str = ""
    is_module: bool = False
    instead: bool = False
    given: str = ""
    alias: bool = False
    base: V | None = None
