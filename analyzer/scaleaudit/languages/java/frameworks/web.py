"""Web frameworks of the JVM: routes by annotations and by calls."""

from scaleaudit.languages.graphql import GraphqlOperation
from scaleaudit.languages.graphql_fields import GraphqlField
from scaleaudit.languages.java.mounts import ApplicationPath, RouterMount, SubResource, one_path
from scaleaudit.languages.java.patterns import takes
from scaleaudit.languages.java.routes import MappedRoute
from scaleaudit.languages.java.rules_of_classes import RulesMount, RulesRoute
from scaleaudit.languages.patterns import NONE, Arg

SPRING = "org.springframework.web.bind.annotation"
# What makes an interface with mappings a client: its routes are those of the other side.
CLIENT_MARKS = (
    "FeignClient",
    "RegisterRestClient",
    "Client",
    "ReactiveFeignClient",
)
EXCHANGE = "org.springframework.web.service.annotation"
PATH = Arg(0, ("path", "value"))
METHODS = "{get,post,put,patch,delete,head,options}"
_HELIDON = "io.helidon.{,nima.}webserver{,.http}"
RULES = (
    f"{_HELIDON}.{{Routing,HttpRouting}}.{{Builder,Rules,builder}}.*",
    f"{_HELIDON}.HttpRules.*",
)

WEB = (
    MappedRoute(
        callees=(f"{SPRING}.{{GetMapping,PostMapping,PutMapping,DeleteMapping,PatchMapping}}",),
        path=PATH,
        prefix_on_class=("RequestMapping",),
        client_marks=CLIENT_MARKS,
        annotation=True,
        needs_path=False,
        framework="spring",
    ),
    MappedRoute(
        callees=(f"{SPRING}.RequestMapping",),
        path=PATH,
        method_arg=Arg(-1, ("method",)),
        prefix_on_class=("RequestMapping",),
        client_marks=CLIENT_MARKS,
        annotation=True,
        needs_path=False,
        framework="spring",
    ),
    # An interface of exchanges is a client of its own, or what a controller implements.
    MappedRoute(
        callees=(f"{EXCHANGE}.{{Get,Post,Put,Delete,Patch}}Exchange",),
        path=Arg(0, ("url", "value")),
        prefix_on_class=("HttpExchange",),
        annotation=True,
        needs_path=False,
        framework="spring",
    ),
    # RouterFunctions.route().GET("/x", handler) and route(GET("/x"), handler).
    MappedRoute(
        callees=(
            "org.springframework.web.{reactive,servlet}.function."
            "{server.,}RouterFunctions.route.*.{GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS}",
            "org.springframework.web.{reactive,servlet}.function."
            "{server.,}RequestPredicates.{GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS}",
        ),
        handler=Arg(1),
        nested_in=("path", "nest", "andNest"),
    ),
    # The builder that a lambda of `path` and `nest` is given.
    MappedRoute(
        callees=(
            "*.{GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS}",
            "org.springframework.web.{reactive,servlet}.function.{server.,}{router,coRouter}.GET",
        ),
        handler=Arg(1),
        nested_in=("path", "nest", "andNest"),
        least=2,
        when=lambda _, reader: reader.mentions(r"web\.(?:reactive|servlet)\.function"),
    ),
    GraphqlOperation(
        callees=(
            "org.springframework.graphql.data.method.annotation"
            ".{QueryMapping,MutationMapping,SubscriptionMapping}",
            "com.netflix.graphql.dgs.{DgsQuery,DgsMutation,DgsSubscription}",
            "org.eclipse.microprofile.graphql.{Query,Mutation}",
            "io.leangen.graphql.annotations.{GraphQLQuery,GraphQLMutation,GraphQLSubscription}",
        ),
        name=Arg(0, ("name", "field", "value")),
    ),
    GraphqlOperation(
        callees=(
            "org.springframework.graphql.data.method.annotation.SchemaMapping",
            "com.netflix.graphql.dgs.DgsData",
        ),
        name=Arg(-1, ("field",)),
        parent=Arg(-1, ("typeName", "parentType")),
    ),
    GraphqlField(
        callees=(
            "org.springframework.graphql.data.method.annotation.SchemaMapping",
            "com.netflix.graphql.dgs.DgsData",
        ),
        parent=Arg(-1, ("typeName", "parentType")),
        by_source=True,
    ),
    # STOMP over WebSocket.
    MappedRoute(
        callees=("org.springframework.messaging.handler.annotation.MessageMapping",),
        path=PATH,
        methods="*",
        prefix_on_class=("MessageMapping",),
        protocol="websocket",
        annotation=True,
    ),
    MappedRoute(
        callees=(
            "org.springframework.web.socket.config.annotation.StompEndpointRegistry.addEndpoint",
        ),
        methods="*",
        protocol="websocket",
    ),
    MappedRoute(
        callees=(
            "org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry.addHandler",
        ),
        path=Arg(1),
        handler=Arg(0),
        methods="*",
        protocol="websocket",
    ),
    # JAX-RS: the path stands in an annotation of its own.
    MappedRoute(
        callees=("{javax,jakarta}.ws.rs.{GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS}",),
        path=PATH,
        path_beside=("Path",),
        prefix_on_class=("Path",),
        client_marks=CLIENT_MARKS,
        annotation=True,
        needs_path=False,
        framework="jax-rs",
    ),
    MappedRoute(
        callees=("{javax,jakarta}.servlet.annotation.WebServlet",),
        path=Arg(0, ("urlPatterns", "value")),
        methods="*",
        on_class=True,
        annotation=True,
    ),
    MappedRoute(
        callees=(
            "{javax,jakarta}.websocket.server.ServerEndpoint",
            "io.micronaut.websocket.annotation.ServerWebSocket",
            "io.quarkus.websockets.next.WebSocket",
        ),
        path=Arg(0, ("value", "path")),
        methods="*",
        protocol="websocket",
        on_class=True,
        annotation=True,
    ),
    MappedRoute(
        callees=("io.micronaut.http.annotation.{Get,Post,Put,Delete,Patch,Head,Options}",),
        path=Arg(0, ("value", "uri", "uris")),
        prefix_on_class=("Controller",),
        client_marks=CLIENT_MARKS,
        annotation=True,
        needs_path=False,
        framework="micronaut",
    ),
    MappedRoute(
        callees=("io.quarkus.vertx.web.Route",),
        path=Arg(-1, ("path", "regex")),
        method_arg=Arg(-1, ("methods",)),
        prefix_on_class=("RouteBase",),
        annotation=True,
    ),
    MappedRoute(
        callees=(
            f"io.javalin.Javalin.{METHODS}",
            f"io.javalin.Javalin.{{create,start,create.start}}.{METHODS}",
            f"io.javalin.apibuilder.ApiBuilder.{METHODS}",
        ),
        handler=Arg(1),
        nested_in=("path",),
        least=2,
    ),
    MappedRoute(
        callees=(f"io.javalin.apibuilder.ApiBuilder.{METHODS}",),
        path=NONE,
        handler=Arg(0),
        nested_in=("path",),
        needs_path=False,
        when=takes(1),
    ),
    MappedRoute(
        callees=(f"spark.Spark.{METHODS}", f"spark.Service.{METHODS}"),
        handler=Arg(1),
        nested_in=("path",),
        least=2,
    ),
    MappedRoute(
        callees=(f"io.vertx.ext.web.Router.{{,router.}}{METHODS}",),
        handler=Arg(-1, ("handler", "blockingHandler", "respond")),
    ),
    MappedRoute(
        callees=("io.vertx.ext.web.Router.route",),
        path=Arg(1),
        method_arg=Arg(0),
        handler=Arg(-1, ("handler", "blockingHandler", "respond")),
        least=2,
    ),
    MappedRoute(
        callees=("io.vertx.ext.web.Router.route",),
        methods="*",
        handler=Arg(-1, ("handler", "blockingHandler", "respond")),
        when=one_path,
    ),
    RouterMount(
        callees=("io.vertx.ext.web.Router.{mountSubRouter,route.subRouter,route.path.subRouter}",)
    ),
    ApplicationPath(callees=("{javax,jakarta}.ws.rs.ApplicationPath",)),
    ApplicationPath(
        callees=("io.dropwizard.{core.,}setup.Environment.jersey.setUrlPattern",), annotation=False
    ),
    SubResource(callees=("{javax,jakarta}.ws.rs.Path",)),
    MappedRoute(
        callees=("com.sun.net.httpserver.HttpServer.createContext",),
        methods="*",
        handler=Arg(1),
    ),
    # Helidon SE: a program's routing, and the rules that its services get.
    RulesRoute(callees=tuple(f"{each}.{METHODS}" for each in RULES), handler=Arg(1), least=2),
    RulesRoute(
        callees=tuple(f"{each}.any" for each in RULES), methods="*", handler=Arg(1), least=2
    ),
    RulesMount(callees=tuple(f"{each}.register" for each in RULES)),
)
