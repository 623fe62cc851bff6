"""Calls of other systems over the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    RemoteCall,
    Timeout,
)
from scaleaudit.record import Record
from scaleaudit.values import UNKNOWN, Literal, join, literal_text, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns.arguments import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value
from scaleaudit.languages.patterns.arguments import FIRST, NONE, Arg, hidden
from scaleaudit.languages.patterns.routes import HTTP_METHODS

SWITCHED_OFF = {"none", "null", "nil", "0", "-1", "false", "undefined"}


class HttpCall(Record, frozen=True, kw_only=True):
    """A request through an HTTP (or mail, LLM, SDK) client.

    `without` says what the library does when no timeout is given. `base` is the argument of the
    client's constructor that holds the address. `fixed` is the address of a SaaS client.
    `options` and `client_options` are the positions of option objects, at the call and at the
    constructor of its client. `file_timeout` and `file_base` name settings of the library that
    hold for the whole file once they are assigned (`axios.defaults.timeout`).
    """

    callees: tuple[str, ...]
    library: str
    url: Arg = FIRST
    base: Arg = NONE
    own_base: Arg = NONE  # of the call itself
    method: str = ""  # empty: the callee's last part, when it is an HTTP method
    method_arg: Arg = NONE
    timeout: tuple[str, ...] = ("timeout",)
    timeout_position: int = -1
    without: Timeout = Timeout.UNKNOWN
    zero_is_never: bool = True
    protocol: str = "http"
    fixed: str = ""
    annotation: bool = False
    when: Condition | None = None
    options: int = -1
    client_options: int = -1
    file_timeout: str = ""
    file_base: str = ""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = self.target(site, reader)
        yield RemoteCall(
            at=reader.span(site.node),
            library=self.library,
            target=target,
            method=self.verb(site, reader),
            protocol=self.protocol,
            timeout=reader.waits(self.wait(site, reader), target),
            in_loop=reader.in_loop(site.node),
            in_async=reader.in_async(site.node),
            scope=reader.scope(site.node),
        )

    def target(self, site: CallSite, reader: Reader) -> Value:
        base = self.own_base.value(site, reader)
        if base is None and site.client is not None:
            base = self.base.value(site.client, reader)
        if self.fixed:
            return base or Literal(self.fixed)
        invoked = reader.member_of(site, "headers", "dapr-app-id")
        if invoked is not None:  # to Dapr's sidecar, which passes it on to that application
            return join(Literal("dapr://"), reader.value(invoked))
        path = self.url.value(site, reader)
        if base is None and self.file_base in reader.assigned:
            base = reader.value(reader.assigned[self.file_base])
        if base is None:
            return path or UNKNOWN
        text = text_with_holes(path) if path is not None else ""
        if path is None or "://" in text:
            return path or base
        apart = text[:1] in ("/", "?", "#", "") or text_with_holes(base)[-1:] == "/"
        if apart or not isinstance(path, Literal):
            return join(base, path)
        return join(base, Literal("/"), path)

    def verb(self, site: CallSite, reader: Reader) -> str:
        if self.method:
            return self.method
        given = self.method_arg.value(site, reader)
        if given is not None:
            return (literal_text(given) or "").upper()
        name = site.name.upper()
        return name if name in HTTP_METHODS else ""

    def wait(self, site: CallSite, reader: Reader) -> Timeout:
        for each in (site, site.client):
            if each is None:
                continue
            node = each.argument(self.timeout_position if each is site else -1, *self.timeout)
            if node is not None:
                written = reader.text(node).strip().lower()
                off = written in SWITCHED_OFF and (self.zero_is_never or written[:1] == "n")
                return Timeout.NEVER if off else Timeout.SET
        if self.file_timeout in reader.assigned:
            return Timeout.SET
        if hidden(site, reader, self.options):
            return Timeout.UNKNOWN
        if site.client and hidden(site.client, reader, self.client_options):
            return Timeout.UNKNOWN
        return self.without
