"""Pages: that sites begin with them, and whom the scripts inside them ask on the developer's machine.

Other addresses of pages are left alone: they are links, examples and counters as often as calls.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import lines_in, text_of
from scaleaudit.facts import FileFacts, RemoteCall
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN_MACHINE = (b"localhost:", b"127.0.0.1:")
# A template may write the slashes with signs before them.
ADDRESS = regex(
    r"(https?|wss?):\\?/\\?/(localhost|127\.0\.0\.1):(\d{2,5})((?:\\?/[^\s\"'`\\]{0,200})?)"
)
ASKS = regex(
    r"(?:\bfetch|\baxios(?:\.\w+)?|\$\.(?:ajax|get|post|getJSON)|\bnew\s+(?:WebSocket|EventSource)"
    r"|\.open\([\"']\w+[\"'],)\s*\(?\s*(?:\{\s*(?:\w+\s*:\s*[\"']\w+[\"']\s*,\s*)?url\s*:\s*)?[\"'`]$"
)
MAX_CALLS = 100
MAX_BEFORE = 120  # characters between the name of what asks and the address


def extract(content: bytes) -> FileFacts:
    calls = tuple(_calls(text_of(content))) if any(s in content for s in OWN_MACHINE) else ()
    return FileFacts(calls, lines=lines_in(content))


def _calls(text: str) -> Iterator[RemoteCall]:
    for found in islice(ADDRESS.finditer(text), MAX_CALLS):
        start = found.start()
        if ASKS.search(text[max(0, start - MAX_BEFORE) : start]):
            at = Span(text.count("\n", 0, start) + 1)
            path = found[4].replace("\\", "")
            yield RemoteCall(at, "fetch", Literal(f"{found[1]}://{found[2]}:{found[3]}{path}"))
