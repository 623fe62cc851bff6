"""HTTP clients of Elixir, with what they do when no timeout is given."""

from scaleaudit.facts import Timeout
from scaleaudit.languages.patterns import NONE, SECOND, Arg, HttpCall, Pattern

VERBS = "{get,post,put,patch,delete,head,options}{,!}"

HTTP_CLIENTS: tuple[Pattern, ...] = (
    # hackney waits 8 s for a connection and 5 s for an answer (HTTPoison.Request, options).
    HttpCall(
        callees=(f"HTTPoison.{VERBS}",),
        library="httpoison",
        timeout=("recv_timeout", "timeout"),
        without=Timeout.FINITE,
    ),
    HttpCall(
        callees=("HTTPoison.request{,!}",),
        library="httpoison",
        url=SECOND,
        timeout=("recv_timeout", "timeout"),
        without=Timeout.FINITE,
    ),
    # `receive_timeout` is 15 s in Req and in Finch, on which it is built.
    HttpCall(
        callees=(f"Req.{VERBS}",),
        library="req",
        url=Arg(0, ("url",)),
        timeout=("receive_timeout",),
        without=Timeout.FINITE,
    ),
    HttpCall(
        callees=("Finch.build",),
        library="finch",
        url=SECOND,
        timeout=("receive_timeout",),
        without=Timeout.FINITE,
    ),
    # How long Tesla waits depends on the adapter that it is given elsewhere.
    HttpCall(callees=(f"Tesla.{VERBS}",), library="tesla", url=Arg(0), timeout=("recv_timeout",)),
    # Erlang's own waits for ever (httpc, `timeout` of HttpOptions).
    HttpCall(callees=("httpc.request",), library="httpc", url=NONE, without=Timeout.NEVER),
)
