"""HTTP, mail and RPC clients of Go, with what they do when no timeout is given."""

import re

from scaleaudit.facts import Timeout
from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.go.requests import GoClientCall, GoDial, GoRequest, GoSend
from scaleaudit.languages.patterns import FIRST, NONE, SECOND, Arg, HttpCall, Pattern
from scaleaudit.languages.reader import Reader

RETRYABLE = "github.com/hashicorp/go-retryablehttp"
RESTY_VERBS = "{Get,Post,Put,Patch,Delete,Head,Options}"
SET_TIMEOUT = re.compile(rb"\.SetTimeout\(")
BOUNDED_REQUEST = re.compile(rb"\.(?:SetContext|SetClient|WithContext|SetTransport)\(")


def resty_without_timeout(site: CallSite, reader: Reader) -> bool:
    """resty makes its `http.Client` without a Timeout (resty v2, `New`), and the file shows all."""
    made_here = site.client is not None and not site.client.opaque
    return (
        made_here
        and not SET_TIMEOUT.search(reader.content)
        and not BOUNDED_REQUEST.search(reader.content)
        and "NewWithClient" not in (site.client.callee if site.client else "")
    )


def resty_with_timeout(site: CallSite, reader: Reader) -> bool:
    return not resty_without_timeout(site, reader) and bool(SET_TIMEOUT.search(reader.content))


def resty_unclear(site: CallSite, reader: Reader) -> bool:
    return not resty_without_timeout(site, reader) and not SET_TIMEOUT.search(reader.content)


HTTP_CLIENTS: tuple[Pattern, ...] = (
    # These go through http.DefaultClient, whose Timeout is zero: none (net/http, Client).
    GoClientCall(
        callees=("net/http.{Get,Post,PostForm,Head}",), library="net/http", without=Timeout.NEVER
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
    *(
        HttpCall(
            callees=(f"resty.Request.{RESTY_VERBS}",),
            library="resty",
            without=wait,
            when=when,
        )
        for wait, when in (
            (Timeout.NEVER, resty_without_timeout),
            (Timeout.SET, resty_with_timeout),
            (Timeout.UNKNOWN, resty_unclear),
        )
    ),
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
