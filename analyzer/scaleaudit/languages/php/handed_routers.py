"""Routers that are handed to a function of the project, which hangs routes on them.

`crud($router, 'Orders')` in a group's closure: what `function crud(Router $router, ...)` adds stands
below the group, as if it were written there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import RouterMounted
from scaleaudit.languages.php.route_prefixes import of_function, prefix_around
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.php.reader import PhpReader

HANDED = regex(
    rb"(?<![\w>:$\\])([A-Za-z_]\w{2,80})\(\s*(\$\w{0,40}(?i:router|routes|app|group)\w{0,40})\s*[,)]"
)
MAX_CALLS = 200


def mounts(reader: PhpReader) -> Iterator[RouterMounted]:
    for number, match in enumerate(HANDED.finditer(reader.content)):
        node = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        call = node.parent if node is not None else None
        if number >= MAX_CALLS or call is None:
            return
        if call.type != "function_call_expression":
            continue
        handed = match[2].decode()
        parent = of_function(reader, call, handed) or handed
        prefix = prefix_around(reader, call)
        child = match[1].decode()
        yield RouterMounted(reader.span(call), prefix, child, parent, given="0")
