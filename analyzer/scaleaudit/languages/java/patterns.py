"""Kinds of patterns that Java and Kotlin need beyond the common ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import RemoteCall, SessionKept, Timeout, WorkSpawned
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.patterns import HTTP_METHODS, NONE, Arg, HttpCall
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Setting, Unknown, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

WORD = regex(r"[\w-]+")
HANDLER = regex(r"^(Get|Post|Put|Delete|Patch|Request)Mapping$|^(GET|POST|PUT|DELETE|PATCH)$")


class ClientCall(HttpCall, frozen=True, kw_only=True):
    """A request of a client that is often made in another file, and set up by statements.

    `made`: what `without` holds for is a client that this file shows to be made so, with no
    arguments; of any other nothing is known. `seen`: words anywhere in the file that set a
    timeout.
    """

    made: tuple[str, ...] = ()
    seen: str = ""

    def wait(self, site: CallSite, reader: Reader) -> Timeout:
        found = HttpCall.wait(self, site, reader)
        if self.seen and reader.mentions(self.seen):
            return Timeout.SET
        if found is not self.without or not self.made:
            return found
        client = site.client
        plain = client is not None and not client.args and client.callee.startswith(self.made)
        return self.without if plain else Timeout.UNKNOWN

    def target(self, site: CallSite, reader: Reader) -> Value:
        found = HttpCall.target(self, site, reader)
        if self.protocol == "http" and isinstance(found, Literal) and WORD.fullmatch(found.text):
            return Literal(f"/{found.text}")  # relative to an address that is not told here
        return found

    def verb(self, site: CallSite, reader: Reader) -> str:
        if self.method:
            return self.method
        node = site.argument(self.method_arg.position, *self.method_arg.names)
        if node is not None:
            words = re.findall(r"[A-Za-z]+", reader.text(node)[:80])
            return next((word.upper() for word in words if word.upper() in HTTP_METHODS), "")
        steps = site.callee.rsplit(".", 3)[1:]
        return next((step.upper() for step in steps if step.upper() in HTTP_METHODS), "")


class HostCall(ClientCall, frozen=True, kw_only=True):
    """A request whose port and host are arguments of their own; fewer than `least`: another one."""

    port: Arg = NONE
    host: Arg = NONE
    least: int = 0

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if len(site.args) >= self.least:
            yield from ClientCall.facts(self, site, reader)

    def target(self, site: CallSite, reader: Reader) -> Value:
        host, port = self.host.value(site, reader), self.port.value(site, reader)
        if host is None or isinstance(host, Unknown):
            return host or UNKNOWN
        known = isinstance(port, Literal) and port.text.isdecimal()
        return join(Literal("http://"), host, *([Literal(":"), port] if known and port else []))


class DeclaredClient(Record, frozen=True, kw_only=True):
    """An interface that the framework makes an HTTP client of: `@FeignClient`.

    Without an address the name of the other service is one (`http://name`, by discovery).
    `keys` are patterns of the settings that hold the address when the annotation does not; where
    it names nothing they are asked for by the interface's full name.
    """

    callees: tuple[str, ...]
    library: str
    url: Arg = NONE
    name: Arg = NONE
    keys: tuple[str, ...] = ()
    protocol: str = "http"
    timeout: Timeout = Timeout.FINITE
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = self.target(site, reader)
        if target is not None:
            yield RemoteCall(
                at=reader.span(site.node),
                library=self.library,
                target=target,
                protocol=self.protocol,
                timeout=self.timeout,
                scope=reader.definition_name(site.target) if site.target is not None else "",
            )

    def target(self, site: CallSite, reader: Reader) -> Value | None:
        url, name = self.url.value(site, reader), self.name.value(site, reader)
        if isinstance(url, Setting) and url.default == Literal("") and name is not None:
            return Setting(url.key, name)  # an empty address means: by name
        given = None if url == Literal("") else url
        text = literal_text(name)
        if not self.keys or (text and "/" in text):
            return given or name
        if name is None and site.target is not None:
            inner = reader.definition_name(site.target)
            text = f'"{reader.namespace}.{inner}"' if reader.namespace else f'"{inner}"'
        if not text:
            return given or name
        found = given or name
        for key in reversed(self.keys):
            found = Setting(key.format(text), found)
        return found


class SessionStore(Record, frozen=True, kw_only=True):
    """The application chooses where its sessions live: `@EnableRedisHttpSession`."""

    callees: tuple[str, ...]
    store: str
    library: str
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        yield SessionKept(reader.span(site.node), self.store, self.library)


def stateless(site: CallSite, reader: Reader) -> bool:
    """The policy that is given is Spring Security's STATELESS."""
    policy = site.argument(0)
    return policy is not None and reader.text(policy).rpartition(".")[2] == "STATELESS"


class Background(Record, frozen=True, kw_only=True):
    """Work handed to a thread or a pool, by a call or by an annotation of the method."""

    callees: tuple[str, ...]
    library: str
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if site.target is not None:
            yield WorkSpawned(
                at=reader.span(site.node),
                library=self.library,
                what=reader.definition_name(site.target),
                scope=reader.scope(site.target),
            )
            return
        node = site.argument(0)
        around = reader.function_around(site.node)
        beside = reader.annotations.get(around.id, ()) if around is not None else ()
        yield WorkSpawned(
            at=reader.span(site.node),
            library=self.library,
            what=reader.text(node)[:80].partition("\n")[0] if node is not None else "",
            in_handler=any(HANDLER.match(each.name) for each in beside),
            scope=reader.scope(site.node),
        )


def takes(count: int) -> Condition:
    """The call has exactly so many arguments: overloads differ by that."""
    return lambda site, _: len(site.args) == count


def takes_more_than(count: int) -> Condition:
    return lambda site, _: len(site.args) > count


def on_a_method(site: CallSite, reader: Reader) -> bool:
    """Not on the declaration of another annotation."""
    return site.target is not None and site.target.type not in reader.CLASSES


def names_something(site: CallSite, reader: Reader) -> bool:
    """The first argument is known at all: a literal, a setting, a constant."""
    return bool(site.args) and not isinstance(reader.value(site.args[0]), Unknown)


def without_words(*words: bytes) -> Condition:
    """None of the words stands in the file."""
    return lambda _, reader: not has_any(reader.content, words)
