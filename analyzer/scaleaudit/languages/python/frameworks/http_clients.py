"""HTTP clients of Python, with their default timeouts."""

from scaleaudit.facts import Timeout
from scaleaudit.languages.patterns import Arg, HttpCall
from scaleaudit.languages.python.conditions import is_handed_out

VERBS = "{get,options,head,post,put,patch,delete}"
URL = Arg(0, ("url",))
SECOND_URL = Arg(1, ("url",))
METHOD = Arg(0, ("method",))
BASE = Arg(-1, ("base_url",))

HTTP_CLIENTS = (
    # requests waits for ever unless told otherwise (its quickstart, "Timeouts").
    HttpCall(
        callees=(
            f"requests.{VERBS}",
            f"requests.{{Session,session}}.{VERBS}",
            f"requests.sessions.Session.{VERBS}",
        ),
        library="requests",
        url=URL,
        without=Timeout.NEVER,
    ),
    HttpCall(
        callees=("requests.request", "requests.{Session,session}.request"),
        library="requests",
        url=SECOND_URL,
        method_arg=METHOD,
        without=Timeout.NEVER,
    ),
    HttpCall(
        callees=(f"requests_oauthlib.{{OAuth1Session,OAuth2Session}}.{VERBS}",),
        library="requests_oauthlib",
        url=URL,
        without=Timeout.NEVER,
    ),
    # httpx: five seconds by default (its documentation, "Timeouts"); `timeout=None` switches off.
    HttpCall(
        callees=(f"httpx.{VERBS}", f"httpx.{{Client,AsyncClient}}.{VERBS}"),
        library="httpx",
        url=URL,
        base=BASE,
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    HttpCall(
        callees=(
            "httpx.{request,stream}",
            "httpx.{Client,AsyncClient}.{request,stream}",
        ),
        library="httpx",
        url=SECOND_URL,
        base=BASE,
        method_arg=METHOD,
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    # aiohttp's ClientTimeout: total of 300 seconds by default (its client reference).
    HttpCall(
        callees=(f"aiohttp.ClientSession.{VERBS}",),
        library="aiohttp",
        url=URL,
        base=Arg(0, ("base_url",)),
        without=Timeout.FINITE,
    ),
    HttpCall(
        callees=("aiohttp.ClientSession.request", "aiohttp.request"),
        library="aiohttp",
        url=SECOND_URL,
        method_arg=METHOD,
        without=Timeout.FINITE,
    ),
    HttpCall(
        callees=("httpx.{Client,AsyncClient}.build_request",),
        library="httpx",
        url=SECOND_URL,
        base=BASE,
        method_arg=METHOD,
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    # A client that a function makes for others: `return httpx.AsyncClient(base_url=...)`.
    HttpCall(
        callees=("httpx.{Client,AsyncClient}", "aiohttp.ClientSession"),
        library="httpx",
        url=Arg(-1, ("base_url",)),
        when=is_handed_out,
    ),
    # requests_toolbelt's session is one of requests with an address in front.
    HttpCall(
        callees=(f"requests_toolbelt.sessions.BaseUrlSession.{VERBS}",),
        library="requests",
        url=URL,
        base=Arg(0, ("base_url",)),
        without=Timeout.NEVER,
    ),
    # zeep: `timeout` of its Transport is 300 seconds by default for the description, and none
    # for operations (its documentation, "Transports").
    HttpCall(
        callees=("zeep.{Client,AsyncClient}",),
        library="zeep",
        url=Arg(0, ("wsdl",)),
        method="POST",
        without=Timeout.UNKNOWN,
    ),
    HttpCall(
        callees=("xmlrpc.client.{ServerProxy,Server}",),
        library="xmlrpc",
        url=Arg(0, ("uri",)),
        method="POST",
        without=Timeout.NEVER,
    ),
    # urllib uses the socket module's global default, which is none.
    HttpCall(
        callees=("urllib.request.urlopen",),
        library="urllib",
        url=URL,
        timeout_position=2,
        without=Timeout.NEVER,
    ),
    # urllib3 leaves its timeout to socket.getdefaulttimeout(), which is None.
    HttpCall(
        callees=("urllib3.PoolManager.request", "urllib3.request"),
        library="urllib3",
        url=SECOND_URL,
        method_arg=METHOD,
        without=Timeout.NEVER,
    ),
    # http.client: "if not given, the global default timeout setting is used": none.
    HttpCall(
        callees=("http.client.{HTTPConnection,HTTPSConnection}.request",),
        library="http.client",
        url=SECOND_URL,
        base=Arg(0, ("host",)),
        method_arg=METHOD,
        without=Timeout.NEVER,
    ),
    # tornado's AsyncHTTPClient: request_timeout of 20 seconds (its reference).
    HttpCall(
        callees=("tornado.httpclient.{AsyncHTTPClient,HTTPClient}.fetch",),
        library="tornado",
        url=Arg(0, ("request",)),
        timeout=("request_timeout",),
        without=Timeout.FINITE,
    ),
    # gql hands `timeout=None` to requests; its aiohttp transport has aiohttp's 300 seconds.
    HttpCall(
        callees=("gql.transport.requests.RequestsHTTPTransport",),
        library="gql",
        url=URL,
        method="POST",
        without=Timeout.NEVER,
    ),
    HttpCall(
        callees=("gql.transport.{aiohttp.AIOHTTPTransport,httpx.HTTPXTransport}",),
        library="gql",
        url=URL,
        method="POST",
        without=Timeout.FINITE,
    ),
    HttpCall(
        callees=(
            "websockets.connect",
            "websockets.{client,legacy.client,asyncio.client,sync.client}.{connect,unix_connect}",
            "websocket.{create_connection,WebSocketApp}",
            "aiohttp.ClientSession.ws_connect",
            "tornado.websocket.websocket_connect",
            "socketio.{Client,AsyncClient,SimpleClient,AsyncSimpleClient}.connect",
            "signalrcore.hub_connection_builder.HubConnectionBuilder.with_url",
        ),
        library="websocket",
        url=Arg(0, ("url", "uri")),
        protocol="websocket",
        without=Timeout.UNKNOWN,
    ),
    # grpc: each call carries its own deadline (see remote_stubs); the channel shows the edge.
    HttpCall(
        callees=(
            "grpc.{insecure_channel,secure_channel}",
            "grpc.aio.{insecure_channel,secure_channel}",
        ),
        library="grpc",
        url=Arg(0, ("target",)),
        protocol="grpc",
        without=Timeout.UNKNOWN,
    ),
    HttpCall(
        callees=("grpclib.client.Channel",),
        library="grpc",
        url=Arg(0, ("host",)),
        protocol="grpc",
        without=Timeout.UNKNOWN,
    ),
    # elasticsearch, opensearch and other store clients stand in stores.py.
)
