"""Tables of known callees, and how each kind becomes facts; the same for every language.

A framework is a tuple of patterns in `languages/<language>/frameworks/`. Adding one is adding
data: which callee, which argument is the address, what the library does when no timeout is
given (with the version and the source of that knowledge in a comment).

Callees are dotted and qualified (see `CallSite`); braces list alternatives:
`requests.{get,post}`. A leading `*.` matches any receiver, to be used where the name alone is
proof enough.
"""

from scaleaudit.languages.patterns.arguments import (
    BRACES,
    FIRST,
    LAST,
    NONE,
    SECOND,
    Arg,
    Condition,
    hidden,
)
from scaleaudit.languages.patterns.calls import SWITCHED_OFF, HttpCall
from scaleaudit.languages.patterns.client_addresses import ClientAddress
from scaleaudit.languages.patterns.dapr import DaprComponent, DaprInvocation
from scaleaudit.languages.patterns.messages import Receive, Send, topics
from scaleaudit.languages.patterns.routes import (
    HTTP_METHODS,
    MAX_HANDLER_TEXT,
    ROUTING,
    Mount,
    Route,
)
from scaleaudit.languages.patterns.stores import (
    PURPOSES,
    STORE_WORDS,
    TECHNOLOGIES,
    Session,
    Store,
    Write,
    purpose_of,
    store_kind,
)
from scaleaudit.languages.patterns.systems import clients
from scaleaudit.languages.patterns.table import Pattern, PatternTable, expand
from scaleaudit.languages.patterns.work import ReadSetting, Schedule, Serve, Spawn

__all__ = [
    "BRACES",
    "FIRST",
    "HTTP_METHODS",
    "LAST",
    "MAX_HANDLER_TEXT",
    "NONE",
    "PURPOSES",
    "ROUTING",
    "SECOND",
    "STORE_WORDS",
    "SWITCHED_OFF",
    "TECHNOLOGIES",
    "Arg",
    "ClientAddress",
    "Condition",
    "DaprComponent",
    "DaprInvocation",
    "HttpCall",
    "Mount",
    "Pattern",
    "PatternTable",
    "ReadSetting",
    "Receive",
    "Route",
    "Schedule",
    "Send",
    "Serve",
    "Session",
    "Spawn",
    "Store",
    "Write",
    "clients",
    "expand",
    "hidden",
    "purpose_of",
    "store_kind",
    "topics",
]
