"""Requests whose address and time-out stand in other calls: fluent builders, curl's handles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from scaleaudit.facts import MessageSent, RemoteCall, Timeout
from scaleaudit.languages.patterns import HttpCall
from scaleaudit.languages.php.class_names import CALLS, class_name, created
from scaleaudit.languages.php.names import links_of
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.php.reader import PhpReader
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

CURL_URL = regex(r"CURLOPT_URL\s*(?:,|=>)\s*")
BARE_HOST = regex(r"^[A-Za-z][\w.-]*(?::\d{1,5})?(?:/|$)")
CURL_LIMIT = regex(r"CURLOPT_TIMEOUT(_MS)?\b")
CURL_HIDDEN = regex(r"curl_setopt_array\s*\(\s*[^,]+,\s*(?!\[|array\b)")
JOB = regex(r"(^|\.)Jobs\.|Job$")
HANDED = regex(r"\$(?!this\b)\w+\s*\??->\s*\w+\s*\(")  # `$client->get(`
WEB_ADDRESS = regex(r"^https?://")


class GivenClientCall(HttpCall, frozen=True, kw_only=True):
    """A call on a client; one that a parameter or another method hands over has unknown limits.

    A field without a shown client is filled by the container, with the client's own defaults.
    """

    def wait(self, site: CallSite, reader: Reader) -> Timeout:
        told = site.client is not None or site.argument(-1, *self.timeout) is not None
        if not told and HANDED.match(reader.text(site.node)[:200]):
            return Timeout.UNKNOWN
        return HttpCall.wait(self, site, reader)


class FluentCall(HttpCall, frozen=True, kw_only=True):
    """`Http::baseUrl($url)->timeout(3)->get("/x")`: links of the chain set address and time."""

    base_link: str = ""
    timeout_links: tuple[str, ...] = ("timeout",)

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        php = cast("PhpReader", reader)
        links = links_of(php, site.node)
        for fact in HttpCall.facts(self, site, reader):
            if not isinstance(fact, RemoteCall):
                continue
            base = links.get(self.base_link)
            given = php.arguments(base)[0] if base is not None else []
            limited = any(name in links for name in self.timeout_links)
            hidden = "withOptions" in links or not _known(links)
            yield RemoteCall(
                at=fact.at,
                library=fact.library,
                target=_under(php.value(given[0]), fact.target) if given else fact.target,
                method=fact.method,
                timeout=Timeout.SET if limited else Timeout.UNKNOWN if hidden else fact.timeout,
                in_loop=fact.in_loop,
                scope=fact.scope,
            )


def _known(links: dict[str, Node]) -> bool:
    """A macro (`Http::github()`) may set anything."""
    return all(re.match(r"^(with|as|accept|attach|retry|base|content|get|post|put|patch|delete|head|send|throw|body|timeout|connect|json|ok|body|pool|when|dump|sink)", name) for name in links)  # fmt: skip


def _under(base: Value, path: Value) -> Value:
    text = literal_text(path)
    if text is not None and "://" in text:
        return path
    slash = Literal("" if text is not None and text.startswith("/") else "/")
    return Join((base, slash, path)) if slash.text else Join((base, path))


class CurlCall(Record, frozen=True, kw_only=True):
    """`curl_init($url)`; what the handle is told later stands in the same function.

    libcurl's CURLOPT_TIMEOUT is 0 by default, "never times out" (its documentation); only the
    connection has a limit, of 300 seconds.
    """

    callees: tuple[str, ...] = ("curl_init",)
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        around = reader.function_around(site.node)
        text = reader.text(around if around is not None else reader.root)
        start = around.start_byte if around is not None else 0
        target = reader.value(site.args[0]) if site.args else self._told(text, start, reader)
        first = target.parts[0] if isinstance(target, Join) else target
        if isinstance(first, Literal) and BARE_HOST.match(first.text):
            target = join(Literal("http://"), target)  # which curl takes for granted
        timeout = Timeout.NEVER
        if CURL_LIMIT.search(text):
            timeout = Timeout.SET
        elif "curl_exec" not in text or CURL_HIDDEN.search(text):
            timeout = Timeout.UNKNOWN  # another function may set it
        yield RemoteCall(
            at=reader.span(site.node),
            library="curl",
            target=target,
            timeout=timeout,
            in_loop=reader.in_loop(site.node),
            scope=reader.scope(site.node),
        )

    def _told(self, text: str, start: int, reader: Reader) -> Value:
        match = CURL_URL.search(text)
        if match is None:
            return UNKNOWN
        at = start + len(text[: match.end()].encode())
        node = reader.root.descendant_for_byte_range(at, at + 1)
        for _ in range(8):
            above = node.parent if node is not None else None
            if node is None or above is None:
                return UNKNOWN
            if above.type in ("argument", "array_element_initializer"):
                return reader.value(node)
            node = above
        return UNKNOWN


MAIL_HOST = regex(rb"->Host\s*=\s*")


def mail_hosts(reader: PhpReader) -> Iterator[Fact]:
    """`$mail->Host = "mail"`, where PHPMailer is told its server."""
    for match in list(MAIL_HOST.finditer(reader.content))[:20]:
        node = reader.root.descendant_for_byte_range(match.start(), match.end() + 1)
        if node is None or node.type != "assignment_expression":
            continue
        given = node.child_by_field_name("right")
        if given is not None:
            yield RemoteCall(
                reader.span(node), "phpmailer", reader.value(given), protocol="smtp",
                timeout=Timeout.FINITE, scope=reader.scope(node),
            )  # fmt: skip


def reads_web(site: CallSite, reader: Reader) -> bool:
    """`file_get_contents` of a web address; most read files."""
    found = reader.value(site.args[0]) if site.args else UNKNOWN
    first = found.parts[0] if isinstance(found, Join) else found
    return isinstance(first, Literal) and bool(WEB_ADDRESS.match(first.text))


class Dispatch(Record, frozen=True, kw_only=True):
    """A job or message put on a queue; its class is the topic.

    With `own`, the class whose static method is called; else the class of the first argument.
    """

    callees: tuple[str, ...]
    technology: str
    library: str
    own: bool = False
    jobs_only: bool = False  # events and commands are dispatched by the same name
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        php = cast("PhpReader", reader)
        name = ""
        if self.own:
            scope = site.node.child_by_field_name("scope")
            known = scope is not None and scope.type in ("name", "qualified_name")
            name = class_name(php, php.text(scope)) if known and scope is not None else ""
        elif site.args and site.args[0].type in CALLS:
            made = site.args[0]
            name = created(php, made) if made.type == "object_creation_expression" else ""
        if not name or name.startswith("?") or (self.jobs_only and not JOB.search(name)):
            return
        yield MessageSent(
            at=php.span(site.node),
            technology=self.technology,
            topic=Literal(name),
            library=self.library,
            scope=php.scope(site.node),
        )
