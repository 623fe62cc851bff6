"""HTTP clients of Python, with their default timeouts."""

from scaleaudit.facts import Timeout
from scaleaudit.languages.patterns import Arg, HttpCall

HTTP_CLIENTS = (
    # requests waits for ever unless told otherwise (its quickstart, "Timeouts").
    HttpCall(
        callees=(
            "requests.{get,options,head,post,put,patch,delete}",
            "requests.{Session,session}.{get,options,head,post,put,patch,delete}",
            "requests.sessions.Session.{get,options,head,post,put,patch,delete}",
        ),
        library="requests",
        url=Arg(0, ("url",)),
        without=Timeout.NEVER,
    ),
    HttpCall(
        callees=("requests.request", "requests.{Session,session}.request"),
        library="requests",
        url=Arg(1, ("url",)),
        method_arg=Arg(0, ("method",)),
        without=Timeout.NEVER,
    ),
    # httpx: five seconds by default (its documentation, "Timeouts"); `timeout=None` switches off.
    HttpCall(
        callees=(
            "httpx.{get,options,head,post,put,patch,delete}",
            "httpx.{Client,AsyncClient}.{get,options,head,post,put,patch,delete}",
        ),
        library="httpx",
        url=Arg(0, ("url",)),
        base=Arg(-1, ("base_url",)),
        without=Timeout.FINITE,
        zero_is_never=False,
    ),
    # aiohttp's ClientTimeout: total of 300 seconds by default.
    HttpCall(
        callees=("aiohttp.ClientSession.{get,options,head,post,put,patch,delete}",),
        library="aiohttp",
        url=Arg(0, ("url",)),
        base=Arg(0, ("base_url",)),
        without=Timeout.FINITE,
    ),
    # urllib uses the socket module's global default, which is none.
    HttpCall(
        callees=("urllib.request.urlopen",),
        library="urllib",
        url=Arg(0, ("url",)),
        timeout_position=2,
        without=Timeout.NEVER,
    ),
    # smtplib: the constructor opens the connection; no default timeout.
    HttpCall(
        callees=("smtplib.{SMTP,SMTP_SSL}",),
        library="smtplib",
        url=Arg(0, ("host",)),
        without=Timeout.NEVER,
        timeout_position=3,
        protocol="smtp",
    ),
)
