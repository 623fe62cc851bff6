"""Middleware of sessions, and servers that code starts by itself; routes stand in `routing.py`."""

from scaleaudit.languages.patterns import Arg, Serve, Session
from scaleaudit.languages.ruby.conditions import uses

WEB = (
    # Rack::Session::Pool: "sessions are stored in memory" of the process (its reference).
    Session(callees=("*.use",), library="rack", default="memory", when=uses("Rack.Session.Pool")),
    Session(
        callees=("*.use",),
        library="rack",
        default="cookie",
        when=uses(
            "Rack.Session.Cookie",
            "Rack.Session.EncryptedCookie",
            "ActionDispatch.Session.CookieStore",
        ),
    ),
    Session(
        callees=("*.use",),
        library="rack",
        default="cache",
        when=uses(
            "Rack.Session.Memcache",
            "Rack.Session.Dalli",
            "Rack.Session.Redis",
            "Rack.Session.Moneta",
            "ActionDispatch.Session.CacheStore",
        ),
    ),
    Serve(
        callees=("WEBrick.HTTPServer.new",),
        library="webrick",
        port=Arg(-1, ("Port",)),
        development=True,
    ),
    Serve(callees=("GRPC.RpcServer.new",), library="grpc"),
)
