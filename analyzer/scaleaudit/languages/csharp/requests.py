"""Requests whose address stands elsewhere: in the client's registration, constructor or message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from scaleaudit.facts import ConstantDefined, RemoteCall, Timeout
from scaleaudit.languages.csharp import members
from scaleaudit.languages.patterns import HttpCall
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, Unknown, Value, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.csharp.reader import CSharpReader
    from scaleaudit.languages.csharp.syntax import CSharpSyntax
    from scaleaudit.languages.reader import Reader

# With service discovery, `http://billing` is the name of a service, looked up at run time.
DISCOVERY = r"https\+http://|ServiceDiscovery|AddServiceDefaults"
BARE_NAME = regex(r"^(?:https\+http|https?\+https?|https?)://([\w-]+)/?$")
REGISTERS = regex(r"^(?:AddHttpClient|ConfigureHttpClient|AddRefitClient|AddGrpcClient)$")
TYPE_ARGUMENTS = regex(r"AddHttpClient\s*<\s*([\w.]+)\s*(?:,\s*([\w.]+)\s*)?>")
BASE = "BaseAddress"  # of a class or a named client: the address that its client is registered with


class TypedClient(HttpCall, frozen=True):
    """A client that is registered with its address: `AddHttpClient<Billing>(c => ...)`."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        yield from HttpCall.facts(self, site, reader)
        address = self.target(site, reader)
        if isinstance(address, Unknown):
            return
        types = TYPE_ARGUMENTS.search(reader.text(site.node)[-4000:])
        named = literal_text(reader.value(site.args[0])) if site.args else None
        names = [types[2] or types[1]] if types else [named] if named else []
        for name in names:
            yield ConstantDefined(reader.span(site.node), f"{name}.{BASE}", address)

    def target(self, site: CallSite, reader: Reader) -> Value:
        found = HttpCall.target(self, site, reader)
        match = BARE_NAME.match(literal_text(found) or "")
        return Literal(match[1]) if match is not None and reader.mentions(DISCOVERY) else found


class ClientCall(HttpCall, frozen=True):
    """A request of a client that may know the beginning of its address from elsewhere."""

    def target(self, site: CallSite, reader: Reader) -> Value:
        path = HttpCall.target(self, site, reader)
        first = path.parts[0] if isinstance(path, Join) else path
        if not isinstance(first, Literal) or "://" in first.text:
            return path
        base = base_address(site, cast("CSharpReader", reader))
        return (
            join(base, Literal("/"), path)
            if base is not None
            else Unknown("HttpClient.BaseAddress")
        )


def base_address(site: CallSite, reader: CSharpReader) -> Value | None:
    """The beginning of a relative address; None when no line of this file leads to one."""
    links = reader.chain(site.node)
    made: Node | None = None
    if len(links) == 2:
        name = links[0].name
        made = reader.local(name, site.node) or members.given(reader, name, site.node)
    if made is not None and made.type == "object_creation_expression":
        given = reader.arguments(made)[1].get(BASE)
        return reader.value(given) if given is not None else None
    factory = (
        reader.chain(made)[-1]
        if made is not None and made.type == "invocation_expression"
        else None
    )
    if factory is None and len(links) > 2 and links[-2].name == "CreateClient":
        factory = links[-2]
    if factory is not None and factory.name == "CreateClient" and factory.node is not None:
        args = reader.arguments_of(factory.node)
        text = literal_text(reader.value(args[0])) if args else None
        return Name(f"{text}.{BASE}") if text else None
    around = reader.class_around(site.node)
    return Name(f"{reader.definition_name(around)}.{BASE}") if around is not None else None


def client_addresses(reader: CSharpReader, nodes: Iterable[Node]) -> Iterator[Fact]:
    """`client.BaseAddress = new Uri(x)`, where no registration of a client says it already."""
    for node in nodes:
        right = node.child_by_field_name("right")
        if right is None or _in_registration(reader, node):
            continue
        address = reader.value(right)
        around = reader.class_around(node)
        if BARE_NAME.match(literal_text(address) or "") and reader.mentions(DISCOVERY):
            address = Literal(re.sub(r"^\S+://|/$", "", literal_text(address) or ""))
        elif isinstance(address, Unknown) or not _absolute(address):
            continue
        at = reader.span(node)
        yield RemoteCall(
            at, "httpclient", address, timeout=Timeout.UNKNOWN, scope=reader.scope(node)
        )
        if around is not None and BASE in reader.text(node)[:200]:
            yield ConstantDefined(at, f"{reader.definition_name(around)}.{BASE}", address)


def _absolute(value: Value) -> bool:
    first = value.parts[0] if isinstance(value, Join) else value
    return not isinstance(first, Literal) or "://" in first.text


def _in_registration(reader: CSharpReader, node: Node) -> bool:
    for above in reader.ancestors(node):
        if above.type == "invocation_expression":
            return REGISTERS.match(reader.chain(above)[-1].name) is not None
        if above.type in reader.FUNCTIONS:
            return False
    return False


class FluentAddress(HttpCall, frozen=True):
    """Flurl: the address is what the chain begins with, `url.AppendPathSegment("x").GetAsync()`."""

    def target(self, site: CallSite, reader: Reader) -> Value:
        csharp = cast("CSharpSyntax", reader)
        at: Node | None = site.node
        for _ in range(20):
            inner = at.child_by_field_name("function") if at is not None else None
            member = inner if inner is not None else at
            if member is None or member.type != "member_access_expression":
                break
            at = member.child_by_field_name("expression")
            if at is not None and at.type not in (
                "invocation_expression",
                "member_access_expression",
            ):
                break
        return csharp.value(at) if at is not None else Unknown()


class ClientOf(HttpCall, frozen=True):
    """A call whose address is an argument of what made its receiver: `new SmtpClient(host)`."""

    def target(self, site: CallSite, reader: Reader) -> Value:
        csharp = cast("CSharpReader", reader)
        links = csharp.chain(site.node)
        made = csharp.local(links[0].name, site.node) or members.given(
            csharp, links[0].name, site.node
        )
        if made is None or made.type != "object_creation_expression":
            return Unknown()
        args, keywords, _ = csharp.arguments(made)
        given = keywords.get("Host") or keywords.get("host") or (args[0] if args else None)
        return csharp.value(given) if given is not None else Unknown()
