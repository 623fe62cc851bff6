"""HTTP, mail and RPC clients of Go, with what they do when no timeout is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scaleaudit.facts import Timeout
from scaleaudit.languages.go.requests import GoClientCall, GoDial, GoRequest, GoSend
from scaleaudit.languages.patterns import (
    FIRST,
    NONE,
    SECOND,
    Arg,
    ClientAddress,
    HttpCall,
    Pattern,
)
from scaleaudit.regex import regex
from scaleaudit.values import Literal, join, text_with_holes

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

OTEL = "go.opentelemetry.io/otel/exporters"
RETRYABLE = "github.com/hashicorp/go-retryablehttp"
RESTY_VERBS = "{Get,Post,Put,Patch,Delete,Head,Options}"
SET_TIMEOUT = regex(rb"\.\s*SetTimeout\(")
MADE = regex(rb"\bresty\s*\.\s*New")
BOUNDED_REQUEST = regex(rb"\.\s*(?:SetContext|SetClient|NewWithClient|WithContext|SetTransport)\(")


class RestyCall(HttpCall, frozen=True, kw_only=True):
    """resty makes its `http.Client` without a Timeout (resty v2, `New`).

    Base address and timeout are set by methods of the client, anywhere in the file.
    """

    def wait(self, site: CallSite, reader: Reader) -> Timeout:
        if SET_TIMEOUT.search(reader.content):
            return Timeout.SET
        made_here = site.client is not None and not site.client.opaque
        if (
            not made_here
            or not MADE.search(reader.content)
            or BOUNDED_REQUEST.search(reader.content)
        ):
            return Timeout.UNKNOWN
        return Timeout.NEVER

    def target(self, site: CallSite, reader: Reader) -> Value:
        path = HttpCall.target(self, site, reader)
        bases = base_addresses(cast("GoReader", reader))
        if len(bases) != 1 or "://" in text_with_holes(path):
            return path
        return join(bases[0], path)


def base_addresses(reader: GoReader) -> list[Value]:
    """What the file hands to `SetBaseURL`, by its first version `SetHostURL`."""
    calls = [
        reader.usages.call_at(offset)
        for name in ("SetBaseURL", "SetHostURL")
        for offset in reader.usages.places(name, rb"\(", rb"\.")
    ]
    given = [reader.arguments(call)[0] for call in calls if call is not None]
    return [reader.value(args[0]) for args in given if args]


class LookedUp(HttpCall, frozen=True, kw_only=True):
    """A registry is asked where a service is, which is then called by hand."""

    def target(self, site: CallSite, reader: Reader) -> Value:
        return join(Literal("lb://"), HttpCall.target(self, site, reader))


HTTP_CLIENTS: tuple[Pattern, ...] = (
    LookedUp(
        callees=(
            "github.com/hashicorp/consul/api.{NewClient,Client}.Health.{Service,ServiceMultipleTags}",
            "github.com/hashicorp/consul/api.{NewClient,Client}.Catalog.Service",
        ),
        library="consul",
    ),
    # These go through http.DefaultClient, whose Timeout is zero: none (net/http, Client).
    GoClientCall(
        callees=("net/http.{Get,Post,PostForm,Head}",), library="net/http", without=Timeout.NEVER
    ),
    # A reverse proxy: it passes on what it is sent.
    GoDial(
        callees=(
            "net/http/httputil.NewSingleHostReverseProxy",
            "net/http/httputil.ProxyRequest.SetURL",
        ),
        library="net/http/httputil",
    ),
    GoClientCall(callees=("net/http.Client.{Get,Post,PostForm,Head}",), library="net/http"),
    GoSend(callees=("net/http.Client.Do", "*.Do"), library="net/http"),
    GoRequest(
        callees=("net/http.NewRequest", "net/http.NewRequestWithContext"), library="net/http"
    ),
    # Its client wraps cleanhttp's pooled client, which has no Timeout; retries end, waits do not.
    GoClientCall(
        callees=(f"{RETRYABLE}.{{Get,Post,PostForm,Head}}",),
        library="retryablehttp",
        without=Timeout.NEVER,
    ),
    GoClientCall(
        callees=(f"{RETRYABLE}.Client.{{Get,Post,PostForm,Head}}",), library="retryablehttp"
    ),
    GoSend(callees=(f"{RETRYABLE}.Client.Do",), library="retryablehttp"),
    # Traces: the reporter sends them by itself.
    ClientAddress(
        callees=("github.com/openzipkin/zipkin-go/reporter/http.NewReporter",), library="zipkin-go"
    ),
    ClientAddress(callees=(f"{OTEL}/zipkin.New",), library="opentelemetry"),
    ClientAddress(
        callees=(
            f"{OTEL}/otlp/otlptrace/{{otlptracegrpc,otlptracehttp}}.{{WithEndpoint,WithEndpointURL}}",
            f"{OTEL}/otlp/otlpmetric/{{otlpmetricgrpc,otlpmetrichttp}}.{{WithEndpoint,WithEndpointURL}}",
            f"{OTEL}/otlp/otlplog/{{otlploggrpc,otlploghttp}}.{{WithEndpoint,WithEndpointURL}}",
            f"{OTEL}/jaeger.WithEndpoint",
        ),
        library="opentelemetry",
    ),
    RestyCall(callees=(f"resty.Request.{RESTY_VERBS}",), library="resty"),
    # fasthttp: "By default response read timeout is unlimited" (Client.ReadTimeout).
    HttpCall(
        callees=("github.com/valyala/fasthttp.{Get,Post}",),
        library="fasthttp",
        url=SECOND,
        without=Timeout.NEVER,
    ),
    HttpCall(
        callees=("github.com/valyala/fasthttp.{GetTimeout,GetDeadline}",),
        library="fasthttp",
        url=SECOND,
        method="GET",
        without=Timeout.SET,
    ),
    HttpCall(
        callees=("github.com/valyala/fasthttp.{Do,DoRedirects}",),
        library="fasthttp",
        url=NONE,
        without=Timeout.UNKNOWN,
    ),
    # net/smtp dials without a deadline.
    HttpCall(
        callees=("net/smtp.{SendMail,Dial}",),
        library="net/smtp",
        protocol="smtp",
        without=Timeout.NEVER,
    ),
    # gomail's Dialer has a timeout of its own since its second version: ten seconds.
    HttpCall(
        callees=("gopkg.in/{gomail,mail}.NewDialer", "github.com/go-mail/mail.NewDialer"),
        library="gomail",
        protocol="smtp",
        without=Timeout.UNKNOWN,
    ),
    HttpCall(
        callees=(
            "github.com/gorilla/websocket.{DefaultDialer,Dialer}.{Dial,DialContext}",
            "{nhooyr.io,github.com/coder,golang.org/x/net}/websocket.Dial",
        ),
        library="websocket",
        protocol="websocket",
        url=FIRST,
    ),
    HttpCall(
        callees=(
            "github.com/{machinebox/graphql,hasura/go-graphql-client,shurcooL/graphql}.NewClient",
            "github.com/Khan/genqlient/graphql.NewClient",
        ),
        library="graphql",
        method="POST",
        protocol="graphql",
        url=FIRST,
    ),
    # gRPC: a connection; its calls end with their contexts.
    GoDial(
        callees=("google.golang.org/grpc.{Dial,DialContext,NewClient}",),
        library="grpc",
        protocol="grpc",
        url=FIRST,
    ),
    GoDial(
        callees=("net/rpc.{Dial,DialHTTP}", "net/rpc/jsonrpc.Dial"),
        library="net/rpc",
        protocol="rpc",
        url=Arg(1),
    ),
)
