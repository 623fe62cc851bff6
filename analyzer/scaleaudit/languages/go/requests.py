"""Requests through net/http and its kin: who sends them, where to, and how long they wait."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from scaleaudit.facts import RemoteCall, Timeout
from scaleaudit.languages.patterns import HTTP_METHODS, HttpCall
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Name, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

DEADLINE = regex(r"^context\.(WithTimeout|WithDeadline)(Cause)?$")
DERIVED = regex(r"^context\.(WithCancel|WithValue|WithCancelCause|WithoutCancel)$")
NO_DEADLINE = regex(r"^context\.(Background|TODO)\(\)$")
TIMEOUT_ASSIGNED = regex(rb"\.(?:HTTPClient\.|DefaultClient\.)?Timeout\s*=(?!=)")
MAKERS = ("net/http.NewRequest", "net/http.NewRequestWithContext")


def client_waits(client: CallSite | None, written: str, reader: GoReader) -> Timeout:
    """How long a `*http.Client` waits. A zero Timeout means none (net/http, type Client)."""
    if TIMEOUT_ASSIGNED.search(reader.content):
        return Timeout.SET
    if written.endswith("http.DefaultClient"):
        return Timeout.NEVER
    if client is None or client.opaque:
        return Timeout.UNKNOWN
    if client.callee != "net/http.Client":
        return Timeout.UNKNOWN
    given = client.keywords.get("Timeout")
    if given is not None:
        return Timeout.NEVER if reader.text(given) == "0" else Timeout.SET
    transport = client.keywords.get("Transport")
    if transport is None:
        return Timeout.NEVER
    # A transport of its own may bound the wait (ResponseHeaderTimeout) or wrap one that does.
    plain = reader.text(transport)
    if plain == "http.DefaultTransport" or re.match(r"otelhttp\.NewTransport\(http\.Def", plain):
        return Timeout.NEVER
    return Timeout.UNKNOWN


def context_waits(node: Node | None, reader: GoReader, depth: int = 0) -> Timeout | None:
    """What a context says: SET with a deadline of this function, None when it has none at all."""
    if node is None or depth > 5 or NO_DEADLINE.match(reader.text(node)):
        return None
    if node.type == "identifier":
        reaching = reader.scopes.reaching(reader.text(node), node)
        made = reaching[0].value if reaching and not reaching[0].parameter else None
        return context_waits(made, reader, depth + 1) if made is not None else Timeout.UNKNOWN
    if node.type == "call_expression":
        callee = reader.callee(node)
        if DEADLINE.match(callee):
            return Timeout.SET
        if DERIVED.match(callee):
            return context_waits(first_argument(node), reader, depth + 1)
    return Timeout.UNKNOWN


def first_argument(call: Node) -> Node | None:
    holder = call.child_by_field_name("arguments")
    return holder.named_children[0] if holder is not None and holder.named_children else None


class GoClientCall(HttpCall, frozen=True, kw_only=True):
    """`client.Get(url)`: waits as long as its client says."""

    def verb(self, site: CallSite, reader: Reader) -> str:
        return "POST" if site.name == "PostForm" else HttpCall.verb(self, site, reader)

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        reader = cast("GoReader", reader)
        written = reader.callee(site.node).rpartition(".")[0]
        wait = client_waits(site.client, written, reader)
        if site.client is None and wait is Timeout.UNKNOWN:
            wait = self.without
        yield from calls(self, site, reader, wait)


def calls(
    pattern: HttpCall, site: CallSite, reader: GoReader, wait: Timeout
) -> Iterator[RemoteCall]:
    """One call; or, where a private function takes the address, one for each place that gives it."""
    node = site.argument(pattern.url.position, *pattern.url.names)
    for at in as_callers_see(reader, site.node, node):
        yield RemoteCall(
            at=reader.span(at),
            library=pattern.library,
            target=pattern.target(site, reader),
            method=pattern.verb(site, reader),
            protocol=pattern.protocol,
            timeout=wait,
            in_loop=reader.in_loop(at),
            scope=reader.scope(at),
        )


def as_callers_see(reader: GoReader, own: Node, *parts: Node | None) -> Iterator[Node]:
    """The call itself; or, one by one, the callers whose arguments make up its parts."""
    parameter = next(
        (p for part in parts if part and (p := reader.usages.parameter_in(part))), None
    )
    if parameter is None:
        yield own
        return
    for call, _ in reader.usages.callers(parameter):
        with reader.usages.seen_by(parameter, call):
            yield call


class GoDial(HttpCall, frozen=True, kw_only=True):
    """A connection to another service whose calls carry their own deadlines: gRPC."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        reader = cast("GoReader", reader)
        yield from calls(self, site, reader, self.without)


class GoSend(Record, frozen=True, kw_only=True):
    """`client.Do(request)`: address and method stand where the request was made."""

    callees: tuple[str, ...]
    library: str
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        reader = cast("GoReader", reader)
        request = site.args[0] if len(site.args) == 1 else None
        if request is None or request.type == "func_literal":  # once.Do(func() { ... })
            return
        known = site.callee == "net/http.Client.Do" or "retryablehttp" in site.callee
        meaning = reader.receivers.meaning(request)
        if not known and meaning.name != "net/http.Request":
            return
        made = maker_of(reader, request)
        verb: Node | None = None
        address: Node | None = None
        told: Timeout | None = Timeout.UNKNOWN
        if made is not None:
            args, _, _ = reader.arguments(made)
            if len(args) > 1:
                verb, address = args[0], args[1]
            with_context = reader.callee(made).endswith("WithContext")
            told = context_waits(first_argument(made), reader) if with_context else None
            if told is None and (given := later_context(reader, request)) is not None:
                told = context_waits(given, reader)
        written = reader.callee(site.node).rpartition(".")[0]
        wait = client_waits(site.client, written, reader)
        if wait is not Timeout.SET and told is not None:
            wait = told
        for at in as_callers_see(reader, site.node, address, verb):
            yield RemoteCall(
                at=reader.span(at),
                library=self.library,
                target=reader.value(address) if address is not None else UNKNOWN,
                method=verb_of(reader, verb) if verb is not None else "",
                timeout=wait,
                in_loop=reader.in_loop(at),
                scope=reader.scope(at),
            )


class GoRequest(Record, frozen=True, kw_only=True):
    """A request that is made here and sent by a function elsewhere."""

    callees: tuple[str, ...]
    library: str
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        reader = cast("GoReader", reader)
        name = assigned_name(reader, site.node)
        function = reader.scopes.function(site.node.start_byte)
        if function is None or len(site.args) < 2:
            return
        body = reader.content[function.start_byte : function.end_byte]
        word = re.escape(name.encode())
        if name and re.search(rb"\.(?:Do|ServeHTTP)\([^()\n]{0,60}\b" + word + rb"\)", body):
            return
        for at in as_callers_see(reader, site.node, site.args[1], site.args[0]):
            yield RemoteCall(
                at=reader.span(at),
                library=self.library,
                target=reader.value(site.args[1]),
                method=verb_of(reader, site.args[0]),
                timeout=Timeout.UNKNOWN,
                in_loop=reader.in_loop(at),
                scope=reader.scope(at),
            )


def maker_of(reader: GoReader, request: Node, depth: int = 0) -> Node | None:
    """The `http.NewRequest...` behind a request, through `WithContext` and names."""
    if depth > 5:
        return None
    if request.type == "identifier":
        reaching = reader.scopes.reaching(reader.text(request), request)
        value = reaching[0].value if reaching else None
        return maker_of(reader, value, depth + 1) if value is not None else None
    if request.type != "call_expression":
        return None
    function = request.child_by_field_name("function")
    name = reader.receivers.meaning(function).name if function is not None else ""
    if name in MAKERS or name.endswith("retryablehttp.NewRequest"):
        return request
    operand = function.child_by_field_name("operand") if function is not None else None
    if name.endswith(("Request.WithContext", "Request.Clone")) and operand is not None:
        return maker_of(reader, operand, depth + 1)
    return None


def later_context(reader: GoReader, request: Node) -> Node | None:
    """The context of `request = request.WithContext(ctx)`."""
    at: Node | None = request
    if request.type == "identifier":
        reaching = reader.scopes.reaching(reader.text(request), request)
        at = reaching[0].value if reaching else None
    if at is None or not reader.callee(at).endswith((".WithContext", ".Clone")):
        return None
    return first_argument(at)


def verb_of(reader: GoReader, node: Node) -> str:
    """`"GET"` or `http.MethodGet`."""
    value = reader.value(node)
    text = literal_text(value) or (value.name if isinstance(value, Name) else "")
    word = text.rpartition(".")[2].upper().removeprefix("METHOD")
    if isinstance(value, Literal) and not text:
        return "GET"  # net/http: the empty method means GET
    return word if word in HTTP_METHODS else ""


def assigned_name(reader: GoReader, call: Node) -> str:
    """The variable that takes the first result of a call."""
    holder = call.parent
    statement = holder.parent if holder is not None else None
    left = statement.child_by_field_name("left") if statement is not None else None
    if left is None or not left.named_children:
        return ""
    return reader.text(left.named_children[0])
