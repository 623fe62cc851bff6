"""HTTP clients of the JVM outside Spring, with their default timeouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Timeout
from scaleaudit.languages.java.patterns import ClientCall, DeclaredClient, HostCall
from scaleaudit.languages.patterns import NONE, Arg, ClientAddress, HttpCall

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

APACHE = "org.apache.http"
APACHE5 = "org.apache.hc.client5.http"
JERSEY = "com.sun.jersey"
OTEL = "io.opentelemetry.exporter"
REQUEST_WORDS = (
    r"RequestConfig|setSocketTimeout|setConnectTimeout|setResponseTimeout|ConnectionConfig"
)
VERBS = "{get,post,put,delete,patch,head,options}"


def over_the_net(site: CallSite, reader: Reader) -> bool:
    """The URL was made from a text here, or is treated as HTTP; not a resource or a file."""
    above = next(iter(reader.ancestors(site.node)), None)
    if handed_on(site, reader):
        return False
    cast = above is not None and "URLConnection" in reader.text(above)[:60]
    client = site.client
    if client is None or client.callee not in MADE_OF_TEXT:
        return cast and "Http" in reader.text(above or site.node)[:60]
    return not any(
        word in reader.text(client.node) for word in ("file:", "jar:", "classpath:", "getResource")
    )


def handed_on(site: CallSite, reader: Reader) -> bool:
    """The connection is what a method returns: whoever calls it may give it a timeout."""
    for above in reader.ancestors(site.node):
        if above.type in ("return_statement", "jump_expression", "return_expression"):
            return True
        if above.type not in ("cast_expression", "parenthesized_expression", "as_expression"):
            return False
    return False


MADE_OF_TEXT = {"java.net.URL", "java.net.URI", "java.net.URI.create", "java.net.URI.create.toURL",
                "java.net.URI.toURL"}  # fmt: skip

HTTP_CLIENTS = (
    # java.net.http.HttpClient: no timeout unless the request or the client gets one (Javadoc of
    # HttpRequest.Builder.timeout: "if not set, ... an infinite duration").
    ClientCall(
        callees=(
            "java.net.http.HttpClient.{send,sendAsync}",
            "java.net.http.HttpClient.newHttpClient.{send,sendAsync}",
        ),
        library="java.net.http",
        timeout=("timeout", "connectTimeout"),
        without=Timeout.NEVER,
        made=("java.net.http.HttpClient.newHttpClient", "java.net.http.HttpClient.newBuilder"),
    ),
    # URLConnection: the default of both timeouts is 0, which is for ever (its Javadoc).
    ClientCall(
        callees=(
            "java.net.URL.{openConnection,openStream}",
            "java.net.URI.toURL.{openConnection,openStream}",
            "java.net.URI.create.toURL.{openConnection,openStream}",
        ),
        library="java.net",
        url=NONE,
        base=Arg(0),
        without=Timeout.NEVER,
        seen=r"set(?:Connect|Read)Timeout",
        when=over_the_net,
    ),
    # OkHttp: ten seconds each for connect, read and write (its recipes, "Timeouts").
    ClientCall(
        callees=("okhttp3.OkHttpClient.newCall",),
        library="okhttp",
        timeout=("callTimeout", "readTimeout", "connectTimeout"),
        without=Timeout.FINITE,
    ),
    ClientCall(callees=("com.squareup.okhttp.OkHttpClient.newCall",), library="okhttp"),
    # Retrofit stands on OkHttp.
    ClientCall(
        callees=("retrofit2.Retrofit.Builder.*.baseUrl",),
        library="retrofit",
        timeout=(),
        without=Timeout.FINITE,
    ),
    # Apache HttpClient: version 4 leaves it to the system, 5 limits the connect (3 minutes).
    ClientCall(
        callees=(
            f"{APACHE}.impl.client.{{CloseableHttpClient,DefaultHttpClient,HttpClient}}.execute",
            f"{APACHE}.impl.client.HttpClients.{{createDefault,createSystem}}.execute",
            f"{APACHE}.client.HttpClient.execute",
            f"{APACHE}.nio.client.HttpAsyncClient.execute",
            f"{APACHE}.impl.nio.client.CloseableHttpAsyncClient.execute",
            f"{APACHE5}.classic.HttpClient.execute",
            f"{APACHE5}.impl.classic.CloseableHttpClient.execute",
            f"{APACHE5}.impl.classic.HttpClients.{{createDefault,createSystem}}.execute",
            "org.apache.commons.httpclient.HttpClient.executeMethod",
        ),
        library="apache-httpclient",
        seen=REQUEST_WORDS,
    ),
    ClientCall(
        callees=(
            f"{APACHE}.client.fluent.Request.{{Get,Post,Put,Delete,Patch,Head}}",
            f"{APACHE5}.fluent.Request.{{get,post,put,delete,patch,head}}",
        ),
        library="apache-httpclient",
        timeout=("connectTimeout", "socketTimeout", "responseTimeout"),
    ),
    # JAX-RS leaves the defaults to the implementation.
    ClientCall(
        callees=("{javax,jakarta}.ws.rs.client.{Client,ClientBuilder.newClient}.target",),
        library="jax-rs",
        timeout=("connectTimeout", "readTimeout"),
        seen=r"(?:connect|read)Timeout\s*\(|CONNECT_TIMEOUT|READ_TIMEOUT",
    ),
    # Jersey 1: both timeouts are infinite unless set (Javadoc of ClientConfig).
    ClientCall(
        callees=tuple(
            f"{JERSEY}.{client}.{{resource,asyncResource}}"
            for client in (
                "api.client.{Client,Client.create}",
                "client.apache.{ApacheHttpClient,ApacheHttpClient.create}",
                "client.apache4.{ApacheHttpClient4,ApacheHttpClient4.create}",
            )
        ),
        library="jersey-client",
        without=Timeout.NEVER,
        made=(f"{JERSEY}.api.client.Client",),
        seen=r"set(?:Connect|Read)Timeout|PROPERTY_(?:CONNECT|READ)_TIMEOUT",
    ),
    # jsoup: 30 seconds (Connection.timeout).
    ClientCall(callees=("org.jsoup.Jsoup.connect",), library="jsoup", without=Timeout.FINITE),
    # Unirest: connect 10 s, socket 60 s (its configuration page).
    ClientCall(
        callees=(
            f"kong.unirest.{{,core.}}Unirest.{VERBS}",
            f"com.mashape.unirest.http.Unirest.{VERBS}",
        ),
        library="unirest",
        without=Timeout.FINITE,
    ),
    ClientCall(
        callees=("org.asynchttpclient.AsyncHttpClient.prepare{Get,Post,Put,Delete,Patch,Head}",),
        library="async-http-client",
        without=Timeout.FINITE,  # requestTimeout is 60 s
    ),
    # google-http-client: connect and read 20 s each (HttpRequest).
    ClientCall(
        callees=(
            "com.google.api.client.http.HttpRequestFactory."
            "build{Get,Post,Put,Delete,Patch,Head}Request",
        ),
        library="google-http-client",
        without=Timeout.FINITE,
    ),
    ClientCall(
        callees=(f"cn.hutool.http.HttpUtil.{VERBS}", f"cn.hutool.http.HttpRequest.{VERBS}"),
        library="hutool",
    ),
    ClientCall(
        callees=(f"io.vertx.{{ext.web.client.WebClient,core.http.HttpClient}}.{VERBS}Abs",),
        library="vertx-web-client",
    ),
    HostCall(
        callees=(
            f"io.vertx.ext.web.client.WebClient.{{create.,}}{VERBS}",
            f"io.vertx.core.http.HttpClient.{VERBS}",
        ),
        library="vertx-web-client",
        port=Arg(0),
        host=Arg(1),
        least=3,
    ),
    HostCall(
        callees=(
            "io.vertx.ext.web.client.WebClient.{create.,}request",
            "io.vertx.core.http.HttpClient.request",
        ),
        library="vertx-web-client",
        port=Arg(1),
        host=Arg(2),
        method_arg=Arg(0),
        least=4,
    ),
    ClientAddress(
        callees=("io.helidon.webclient{,.api}.WebClient.builder.*.baseUri",), library="helidon"
    ),
    # Micronaut: read 10 s (HttpClientConfiguration).
    DeclaredClient(
        callees=("io.micronaut.http.client.annotation.Client",),
        library="micronaut",
        name=Arg(0, ("value", "id")),
    ),
    DeclaredClient(
        callees=("org.eclipse.microprofile.rest.client.inject.RegisterRestClient",),
        library="microprofile-rest-client",
        url=Arg(-1, ("baseUri",)),
        name=Arg(-1, ("configKey",)),
        keys=(
            "quarkus.rest-client.{}.url",
            "quarkus.rest-client.{}.uri",
            "{}/mp-rest/url",
            "{}/mp-rest/uri",
        ),
        timeout=Timeout.UNKNOWN,
    ),
    # OpenTelemetry's exporters that a program makes by hand.
    ClientAddress(
        callees=(
            f"{OTEL}.otlp.{{trace,metrics,logs}}.OtlpGrpc{{Span,Metric,LogRecord}}Exporter.builder.setEndpoint",
            f"{OTEL}.otlp.http.{{trace,metrics,logs}}.OtlpHttp{{Span,Metric,LogRecord}}Exporter"
            ".builder.setEndpoint",
            f"{OTEL}.zipkin.ZipkinSpanExporter.builder.setEndpoint",
            f"{OTEL}.jaeger.JaegerGrpcSpanExporter.builder.setEndpoint",
        ),
        library="opentelemetry",
    ),
    HttpCall(
        callees=("org.apache.http.impl.nio.client.HttpAsyncClients.createDefault.execute",),
        library="apache-httpclient",
    ),
)
