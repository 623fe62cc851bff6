"""Remote calls of .NET with their default timeouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Timeout
from scaleaudit.languages.csharp.requests import ClientCall, ClientOf, FluentAddress, TypedClient
from scaleaudit.languages.patterns import NONE, Arg, ClientAddress, HttpCall, Pattern
from scaleaudit.values import Join, Literal

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

CLIENT = "HttpClient"
ADDRESS = Arg(-1, ("BaseAddress", "Address"))


def with_address(site: CallSite, reader: Reader) -> bool:
    return "BaseAddress" in site.keywords or "Address" in site.keywords


def absolute_address(site: CallSite, reader: Reader) -> bool:
    """The message says where it goes, not only the path below the client's address."""
    node = site.argument(1, "requestUri", "RequestUri")
    value = reader.value(node) if node is not None else None
    first = value.parts[0] if isinstance(value, Join) else value
    return value is not None and (not isinstance(first, Literal) or "://" in first.text)


def http(callees: str, method: str) -> ClientCall:
    # HttpClient.Timeout is 100 seconds by default (its reference page).
    return ClientCall(
        callees=(f"{CLIENT}.{callees}", f"IHttpClientFactory.CreateClient.{callees}"),
        library="httpclient",
        url=Arg(0),
        method=method,
        timeout=("Timeout",),
        without=Timeout.FINITE,
    )


HTTP_CLIENTS: tuple[Pattern, ...] = (
    http("{GetAsync,GetStringAsync,GetStreamAsync,GetByteArrayAsync,GetFromJsonAsync}", "GET"),
    http("{PostAsync,PostAsJsonAsync}", "POST"),
    http("{PutAsync,PutAsJsonAsync}", "PUT"),
    http("{PatchAsync,PatchAsJsonAsync}", "PATCH"),
    http("{DeleteAsync,DeleteFromJsonAsync}", "DELETE"),
    # A typed client and its address: services.AddHttpClient<Billing>(c => c.BaseAddress = ...).
    TypedClient(
        callees=("*.AddHttpClient", "*.ConfigureHttpClient"),
        library="httpclient",
        url=ADDRESS,
        timeout=("Timeout",),
        without=Timeout.FINITE,
        when=with_address,
    ),
    TypedClient(
        callees=("*.AddGrpcClient",),
        library="grpc",
        url=ADDRESS,
        protocol="grpc",
        when=with_address,
    ),
    # Whose tokens are trusted, whose keys are asked for: o.Authority = ...
    ClientAddress(
        callees=("*.AddJwtBearer", "*.AddOpenIdConnect", "*.AddIdentityServerAuthentication"),
        library="openid-connect",
        url=Arg(-1, ("Authority", "MetadataAddress")),
    ),
    HttpCall(callees=("GrpcChannel.ForAddress",), library="grpc", protocol="grpc"),
    HttpCall(callees=("HubConnectionBuilder.WithUrl",), library="signalr", protocol="websocket"),
    HttpCall(callees=("ClientWebSocket.ConnectAsync",), library="websocket", protocol="websocket"),
    HttpCall(
        callees=("GraphQLHttpClient",),
        library="graphql",
        protocol="graphql",
        when=lambda site, _: bool(site.args),
    ),
    # RestSharp and WebRequest: 100 seconds each (their documentation).
    HttpCall(
        callees=("RestClient",),
        library="restsharp",
        without=Timeout.FINITE,
        when=lambda site, reader: b"RestSharp" in reader.content and bool(site.args),
    ),
    HttpCall(
        callees=("{WebRequest,HttpWebRequest}.{Create,CreateHttp}",),
        library="system.net",
        without=Timeout.FINITE,
    ),
    HttpCall(
        callees=("WebClient.{DownloadString,DownloadData,UploadString,DownloadStringTaskAsync}",),
        library="system.net",
        without=Timeout.FINITE,
    ),
    HttpCall(
        callees=("RestService.For",),
        library="refit",
        without=Timeout.FINITE,
        when=lambda site, _: bool(site.args),
    ),
    # SmtpClient.Timeout is 100 seconds, and holds for the synchronous Send.
    ClientOf(
        callees=("SmtpClient.{Send,SendMailAsync}",),
        library="system.net.mail",
        url=NONE,
        protocol="smtp",
        without=Timeout.FINITE,
    ),
    HttpCall(
        callees=("SmtpClient.{Connect,ConnectAsync}",),
        library="mailkit",
        protocol="smtp",
        without=Timeout.FINITE,  # two minutes (MailService.Timeout)
    ),
    HttpCall(
        callees=("HttpRequestMessage",),
        library="httpclient",
        url=Arg(1, ("requestUri", "RequestUri")),
        method_arg=Arg(0, ("method", "Method")),
        without=Timeout.FINITE,
        when=absolute_address,
    ),
    HttpCall(
        callees=("{HttpClient,RestClient}.SendAsync",),
        library="httpclient",
        url=NONE,
        without=Timeout.FINITE,
        when=lambda _, reader: not reader.mentions(r"new\s+HttpRequestMessage\b"),
    ),
    FluentAddress(
        callees=(
            "*.{GetJsonAsync,PostJsonAsync,PutJsonAsync,PatchJsonAsync,PostUrlEncodedAsync}",
            "*.{GetStringAsync,GetAsync,DeleteAsync}",
        ),
        library="flurl",
        without=Timeout.FINITE,  # 100 seconds (its documentation, Settings.Timeout)
        when=lambda _, reader: b"using Flurl" in reader.content,
    ),
    # SignalR's client, and what code is told to report to.
    HttpCall(callees=("HubConnectionBuilder.WithUrl",), library="signalr", protocol="websocket"),
    HttpCall(
        callees=("*.Seq",),
        library="serilog",
        when=lambda site, reader: bool(site.args) and b"WriteTo" in reader.content,
    ),
    HttpCall(
        callees=("*.{AddOtlpExporter,AddZipkinExporter}",),
        library="opentelemetry",
        url=Arg(-1, ("Endpoint",)),
        when=lambda site, _: "Endpoint" in site.keywords,
    ),
)
