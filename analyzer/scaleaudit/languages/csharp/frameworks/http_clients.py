"""Remote calls of .NET with their default timeouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Timeout
from scaleaudit.languages.patterns import NONE, Arg, HttpCall
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Value, literal_text

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

CLIENT = "HttpClient"
ADDRESS = Arg(-1, ("BaseAddress", "Address"))


def with_address(site: CallSite, reader: Reader) -> bool:
    return "BaseAddress" in site.keywords or "Address" in site.keywords


# With service discovery, `http://billing` is the name of a service, looked up at run time.
DISCOVERY = r"https\+http://|ServiceDiscovery|AddServiceDefaults"
BARE_NAME = regex(r"^(?:https\+http|https?\+https?|https?)://([\w-]+)/?$")


class TypedClient(HttpCall, frozen=True):
    """A client that is registered with its address: `AddHttpClient<Billing>(c => ...)`."""

    def target(self, site: CallSite, reader: Reader) -> Value:
        found = HttpCall.target(self, site, reader)
        match = BARE_NAME.match(literal_text(found) or "")
        return Literal(match[1]) if match is not None and reader.mentions(DISCOVERY) else found


def http(callees: str, method: str, url: Arg = Arg(0)) -> HttpCall:  # noqa: B008
    # HttpClient.Timeout is 100 seconds by default (its reference page).
    return HttpCall(
        callees=(f"{CLIENT}.{callees}", f"IHttpClientFactory.CreateClient.{callees}"),
        library="httpclient",
        url=url,
        method=method,
        timeout=("Timeout",),
        without=Timeout.FINITE,
    )


HTTP_CLIENTS = (
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
    HttpCall(
        callees=("SmtpClient.Send",),
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
        callees=("{HttpClient,RestClient}.SendAsync",),
        library="httpclient",
        url=NONE,
        without=Timeout.FINITE,
    ),
)
