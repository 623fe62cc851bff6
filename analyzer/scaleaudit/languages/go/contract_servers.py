"""Servers that oapi-codegen and ogen make of an OpenAPI document: what the code registers them at.

The generated package is not read; the document tells its routes.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import OF_CONTRACT, EndpointServed
from scaleaudit.languages.go.router_prefixes import Place, place_of
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

# Where the router stands among the arguments, and the text before all paths.
# Sources: the templates of oapi-codegen's servers, the documentation of ogen.
REGISTERING = {
    "RegisterHandlers": (0, -1),
    "RegisterHandlersWithBaseURL": (0, 2),
    "RegisterHandlersWithOptions": (0, -1),
    "HandlerFromMux": (1, -1),
    "HandlerFromMuxWithBaseURL": (1, 2),
    "HandlerWithOptions": (-1, -1),
    "NewServer": (-1, -1),
}
SIGNS = (b"RegisterHandlers", b"HandlerFromMux", b"HandlerWithOptions", b".NewServer(")
BASE = regex(r'\bBaseURL:\s*"([^"\s]{1,200})"')
OTHERS = regex(r"^(?:google\.golang\.org/grpc|net/)")
# What packages are called that hold generated code; a `NewServer` of others may be anything.
GENERATED = regex(
    r"(?:^|[/_.-])(?:open_?api|o?api|oas|ogen|gen|generated|swagger)(?:s?$|[/_.-]|v\d)"
)
MAX_CALLS = 50
MAX_TEXT = 2_000


def contract_routes(reader: GoReader) -> Iterator[EndpointServed]:
    """One for each registration, with the package that is registered for its handler."""
    content = reader.content
    if not any(sign in content for sign in SIGNS):
        return
    for name, (router, base) in REGISTERING.items():
        for offset in islice(reader.usages.places(name, rb"\(", rb"\."), MAX_CALLS):
            call = reader.usages.call_at(offset)
            function = call.child_by_field_name("function") if call is not None else None
            operand = function.child_by_field_name("operand") if function is not None else None
            package = reader.imports.get(reader.text(operand), "") if operand is not None else ""
            if call is None or not package or OTHERS.match(package):
                continue
            if name == "NewServer" and not GENERATED.search(package):
                continue
            args, _, _ = reader.arguments(call)
            place = _place(reader, args[router] if 0 <= router < len(args) else None)
            told = BASE.search(reader.text(call)[:MAX_TEXT])
            if told is not None:
                place = place.below(Literal(told[1]))
            elif 0 <= base < len(args):
                place = place.below(reader.value(args[base]))
            yield EndpointServed(
                reader.span(call), "*", place.path(Literal("")), package, place.router,
                framework=OF_CONTRACT,
            )  # fmt: skip


def _place(reader: GoReader, node: Node | None) -> Place:
    return place_of(reader, node) if node is not None else Place()
