"""Remote services by the names that generated code has: clients made, services served.

No table of callees can name what a compiler generates, so these are found by the form of the
name. Whether a component serves a service of that name, the linker knows.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RemoteCall, StubMade
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.reader import Reader
    from scaleaudit.languages.remote_names import RemoteName

MAX_MATCHES = 500  # of one form in one file
CALLS = frozenset({"call", "call_expression", "new_expression", "object_creation_expression"})
PACKAGE = regex(rb"(\w+?)(?:connect)?\.(?:New)?$")
SILENT = ("comment", "string", "heredoc")  # kinds of nodes in which a name is a text


def remote_services(reader: Reader) -> Iterator[Fact]:
    """One fact for each service that the file serves, or makes or takes a generated client of."""
    content = reader.content
    for form in reader.REMOTE_NAMES:
        if not reader.says(*form.marks) or (form.also and not reader.says(*form.also)):
            continue
        seen: set[str] = set()
        for match in islice(form.names.finditer(content), MAX_MATCHES):
            if form.doubled and not content.endswith(match[1], 0, match.start()):
                continue
            service = match[1].decode("utf-8", "replace").strip(":").replace("::", ".")
            if form.qualified:
                service = f"{package_before(content, match.start(1))}.{service}"
            if service in seen or written_about(reader, match.start()):
                continue
            seen.add(service)
            at = Span(content.count(b"\n", 0, match.start(1)) + 1)
            if form.served:
                handler = match[2].decode("utf-8", "replace") if form.names.groups > 1 else ""
                yield EndpointServed(at, "*", Literal(service), handler, "", form.protocol)
            else:
                yield StubMade(at, service, form.protocol)
                yield from addressed(reader, form, match)


def package_before(content: bytes, offset: int) -> str:
    """`ctrlv1` of `ctrlv1connect.NewDeployServiceHandler`, for the service's own package."""
    found = PACKAGE.search(content, max(0, offset - 80), offset)
    return found[1].decode() if found is not None else ""


def addressed(reader: Reader, form: RemoteName, match: re.Match[bytes]) -> Iterator[Fact]:
    """The call that a client with an address of its own makes, where its constructor shows it."""
    if form.address < 0:
        return
    node = reader.root.descendant_for_byte_range(match.end(1) - 1, match.end(1))
    above = (each for each in reader.ancestors(node) if each.type in CALLS) if node else iter(())
    made = next(above, None)
    args = reader.arguments(made)[0] if made is not None else []
    if made is not None and len(args) > form.address:
        yield RemoteCall(
            at=reader.span(made),
            library="grpc",
            target=reader.value(args[form.address]),
            protocol="grpc",
            scope=reader.scope(made),
        )


def written_about(reader: Reader, offset: int) -> bool:
    """Whether a byte stands in a comment or a text."""
    node = reader.root.descendant_for_byte_range(offset, offset + 1)
    return node is not None and any(word in node.type for word in SILENT)
