"""Libraries that only Kotlin has: Ktor, coroutines, Exposed."""

from scaleaudit.languages.java.frameworks import FRAMEWORKS as JVM_FRAMEWORKS
from scaleaudit.languages.java.patterns import Background
from scaleaudit.languages.java.routes import MappedRoute
from scaleaudit.languages.kotlin.clients import KtorCall
from scaleaudit.languages.kotlin.databases import EXPOSED
from scaleaudit.languages.kotlin.routing import KtorMount, KtorRoute
from scaleaudit.languages.patterns import Arg, Pattern, Serve

VERBS = "{get,post,put,patch,delete,head,options}"

KTOR = (
    KtorRoute(
        # The second and third are the verbs with documentation beside the path, or in its place.
        callees=(
            f"io.ktor.{{server.,}}routing.{VERBS}",
            f"io.github.smiley4.ktoropenapi.{VERBS}",
            f"io.github.smiley4.ktorswaggerui.dsl.{{routing.,}}{VERBS}",
        ),
        handler=Arg(1),
        nested_in=("route",),
        needs_path=False,
    ),
    KtorMount(
        callees=("io.ktor.{server.,}routing.{routing,route}",),
        nested_in=("route",),
    ),
    MappedRoute(
        callees=("io.ktor.{server.,}websocket.webSocket",),
        nested_in=("route",),
        methods="*",
        protocol="websocket",
    ),
    # Whether a Ktor client waits for ever depends on its engine and on the HttpTimeout plugin.
    KtorCall(
        callees=(
            f"io.ktor.client.HttpClient.{VERBS}",
            "io.ktor.client.HttpClient.{request,prepareGet}",
        ),
        library="ktor-client",
        seen=r"HttpTimeout|requestTimeout",
    ),
    Serve(
        callees=("io.ktor.server.engine.embeddedServer",), library="ktor", port=Arg(1, ("port",))
    ),
    Serve(callees=("org.springframework.boot.runApplication",), library="spring-boot"),
    # Work of a scope that outlives the request; `launch` of a scope of one's own is awaited.
    Background(
        callees=("kotlinx.coroutines.GlobalScope.{launch,async}", "kotlin.concurrent.thread"),
        library="coroutines",
    ),
)

FRAMEWORKS: tuple[Pattern, ...] = (*JVM_FRAMEWORKS, *KTOR, *EXPOSED)
