"""Kinds of patterns that Java and Kotlin need beyond the common ones."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RemoteCall, SessionKept, Timeout, WorkSpawned
from scaleaudit.languages.patterns import HTTP_METHODS, NONE, Arg, HttpCall, Route
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, Setting, Unknown, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

PLAIN = regex(r"(?:new )?[\w.$:]+(?:\(\w*\))?")  # not a function written in place
WORD = regex(r"[\w-]+")
NO_PATH = regex(r"(?:\w+\.)*(?:accept|contentType|method|headers|queryParam)\b")
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


class MappedRoute(Route, frozen=True, kw_only=True):
    """A route by annotations.

    `path_beside` names the annotation on the same method that holds the path (JAX-RS), and
    `client_marks` what makes the enclosing interface a client, whose routes are another's.
    `nested_in` names calls around whose first argument is a prefix: `path("/api", () -> ...)`.
    """

    path_beside: tuple[str, ...] = ()
    client_marks: tuple[str, ...] = ()
    nested_in: tuple[str, ...] = ()
    on_class: bool = False  # the annotation stands on the class that handles the requests

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = site.target
        if target is not None and (target.type in reader.CLASSES) is not self.on_class:
            return
        around = reader.class_around(target) if target is not None else None
        above = list(reader.annotations.get(around.id, ())) if around is not None else []
        if any(each.name in self.client_marks for each in above):
            return
        paths = self.path.values(site, reader)
        if site.annotation and len(site.args) > 1:  # Kotlin's way to give several
            paths = [reader.value(arg) for arg in site.args]
        for beside in reader.annotations.get(target.id, ()) if target is not None else ():
            if beside.name in self.path_beside:
                paths = self.path.values(beside, reader)
        if (not paths and self.needs_path) or len(site.args) < self.least:
            return
        mapped = [each for each in above if each.name in self.prefix_on_class]
        prefixes = [value for each in mapped for value in self.path.values(each, reader)]
        prefixes = prefixes or self.prefixes_around(site, reader)
        verbs = self.verbs(site, reader)
        if verbs == ["*"]:
            verbs = next((found for each in mapped if (found := self.verbs(each, reader))), verbs)
        router = "" if site.annotation else reader.callee(site.node).rpartition(".")[0]
        handler = self.handled_by(site, reader)
        for prefix, path, method in product(
            prefixes or [Literal("")], paths or [Literal("")], verbs
        ):
            yield EndpointServed(
                at=reader.span(site.node),
                method=method,
                path=slashed(prefix, path),
                handler=handler,
                router=router,
                protocol=self.protocol,
            )

    def handled_by(self, site: CallSite, reader: Reader) -> str:
        handler = Route.handled_by(self, site, reader)
        return handler if PLAIN.fullmatch(handler) else ""

    def prefixes_around(self, site: CallSite, reader: Reader) -> list[Value]:
        found: Value = Literal("")
        if not self.nested_in:
            return []
        for above in reader.ancestors(site.node):
            if above.type in reader.CALLS and not called_on(above, site.node):
                name = reader.callee(above).rpartition(".")[2]
                if name in self.nested_in:
                    args = reader.arguments(above)[0]
                    outer = reader.value(args[0]) if args else UNKNOWN
                    if isinstance(outer, Unknown) and NO_PATH.match(outer.hint):
                        continue
                    found = slashed(outer, found)
        return [found]


def called_on(call: Node, node: Node) -> bool:
    """Whether a node stands in what a call is made on, not in its arguments."""
    receiver = call.child_by_field_name("object") or call.named_children[0]
    return receiver.start_byte <= node.start_byte and node.end_byte <= receiver.end_byte


def slashed(prefix: Value, path: Value) -> Value:
    """Two parts of a path with one slash between; either may be empty."""
    if path == Literal("") or prefix == Literal(""):
        return path if prefix == Literal("") else prefix
    first = prefix.parts[-1] if isinstance(prefix, Join) else prefix
    second = path.parts[0] if isinstance(path, Join) else path
    ends = isinstance(first, Literal) and first.text.endswith("/")
    starts = isinstance(second, Literal) and second.text.startswith("/")
    if ends and starts and isinstance(second, Literal):
        rest = path.parts[1:] if isinstance(path, Join) else ()
        return join(prefix, Literal(second.text[1:]), *rest)
    return join(prefix, path) if ends or starts else join(prefix, Literal("/"), path)


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
    return lambda _, reader: not any(word in reader.content for word in words)
