"""HTTP clients of PHP, with their default timeouts."""

from scaleaudit.facts import Timeout
from scaleaudit.languages.patterns import Arg, HttpCall, Pattern
from scaleaudit.languages.php.requests import CurlCall, FluentCall, GivenClientCall, reads_web

GUZZLE = "GuzzleHttp.{Client,ClientInterface}"
VERBS = "{get,post,put,patch,delete,head}"
BASE = Arg(-1, ("base_uri",))

HTTP_CLIENTS: tuple[Pattern, ...] = (
    # Guzzle: "Use 0 to wait indefinitely (the default behavior)" (its request options, timeout).
    GivenClientCall(
        callees=(f"{GUZZLE}.{VERBS}", f"{GUZZLE}.{{get,post,put,patch,delete}}Async"),
        library="guzzle",
        base=BASE,
        without=Timeout.NEVER,
        options=1,
        client_options=0,
    ),
    GivenClientCall(
        callees=(f"{GUZZLE}.{{request,requestAsync}}",),
        library="guzzle",
        url=Arg(1, ("uri",)),
        base=BASE,
        method_arg=Arg(0, ("method",)),
        without=Timeout.NEVER,
        options=2,
        client_options=0,
    ),
    # Laravel's client limits a request to 30 seconds by default (its documentation, "Timeout").
    FluentCall(
        callees=(f"Illuminate.Support.Facades.Http.{VERBS}",),
        library="laravel-http",
        base_link="baseUrl",
        without=Timeout.FINITE,
    ),
    # Symfony: `timeout` defaults to PHP's default_socket_timeout, 60 seconds.
    HttpCall(
        callees=(
            "Symfony.Contracts.HttpClient.HttpClientInterface.request",
            "Symfony.Component.HttpClient.HttpClient.create.request",
            "Symfony.Component.HttpClient.HttpClient.createForBaseUri.request",
        ),
        library="symfony-http-client",
        url=Arg(1, ("url",)),
        base=BASE,
        method_arg=Arg(0, ("method",)),
        timeout=("timeout", "max_duration"),
        without=Timeout.FINITE,
        options=2,
    ),
    CurlCall(),
    # Streams end after default_socket_timeout, 60 seconds.
    HttpCall(
        callees=("file_get_contents",),
        library="php-streams",
        method="GET",
        without=Timeout.FINITE,
        when=reads_web,
    ),
    # A SoapClient's calls wait for default_socket_timeout.
    HttpCall(
        callees=("SoapClient",),
        library="soap",
        without=Timeout.FINITE,
        when=lambda site, _: "location" not in site.keywords,
    ),
    HttpCall(
        callees=("SoapClient",),
        library="soap",
        url=Arg(-1, ("location",)),
        without=Timeout.FINITE,
        when=lambda site, _: "location" in site.keywords,
    ),
    HttpCall(callees=("fopen",), library="php-streams", without=Timeout.FINITE, when=reads_web),
)
