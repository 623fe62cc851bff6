"""Servers that code of the JVM starts."""

from scaleaudit.languages.patterns import NONE, Arg, Serve

CLUSTER_MEMBER = "vertx-cluster"

SERVERS = (
    Serve(
        callees=(
            "org.springframework.boot.SpringApplication.run",
            "org.springframework.boot.builder.SpringApplicationBuilder.run",
        ),
        library="spring-boot",
    ),
    Serve(callees=("io.quarkus.runtime.Quarkus.run",), library="quarkus"),
    Serve(callees=("io.micronaut.runtime.Micronaut.{run,build}",), library="micronaut"),
    Serve(
        callees=("io.javalin.Javalin.start", "io.javalin.Javalin.create.start"),
        library="javalin",
        port=Arg(0),
    ),
    Serve(callees=("spark.Spark.port",), library="spark-java", port=Arg(0)),
    Serve(
        callees=(
            "io.vertx.core.http.HttpServer.{,requestHandler.}{listen,rxListen,listenAwait}",
            "io.vertx.core.Vertx.createHttpServer.{,requestHandler.}{listen,rxListen,listenAwait}",
        ),
        library="vertx",
        port=Arg(0),
    ),
    # A member of a cluster is a program, whether or not it answers others by HTTP.
    Serve(
        callees=("io.vertx.core.Vertx.{clusteredVertx,rxClusteredVertx,clusteredVertxAwait}",),
        library=CLUSTER_MEMBER,
    ),
    Serve(
        callees=(
            "io.grpc.{ServerBuilder,netty.NettyServerBuilder,netty.shaded.io.grpc.netty.NettyServerBuilder}"
            ".forPort",
        ),
        library="grpc",
        port=Arg(0),
    ),
    Serve(callees=("com.sun.net.httpserver.HttpServer.create",), library="jdk", port=Arg(0)),
    Serve(callees=("org.eclipse.jetty.server.Server",), library="jetty", port=Arg(0)),
    Serve(
        callees=("io.undertow.Undertow.builder",),
        library="undertow",
        port=Arg(-1, ("addHttpListener",)),
    ),
    Serve(
        callees=(
            "io.helidon.{,nima.}webserver.WebServer.{create,builder}",
            "io.helidon.microprofile.server.{Server.{create,builder},Main.main}",
        ),
        library="helidon",
        port=Arg(-1, ("port",)),
    ),
    Serve(callees=("org.apache.catalina.startup.Tomcat",), library="tomcat", port=NONE),
)
