"""Where a name of a file leads: the file that defines it, over those that only hand it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scaleaudit.linking.imports.modules import Modules

MAX_HOPS = 5  # files that hand a name on


def leads_to(modules: Modules, path: str, dotted: str) -> tuple[str, str] | None:
    """(file, name in it) of what a file has imported; None for all else.

    The file is that which the last import in sight names: whether it defines the name is another matter.
    """
    at, name = path, dotted
    for _ in range(MAX_HOPS):
        head, _, rest = name.partition(".")
        there, inside = modules.names.get(at, {}).get(head, ("", ""))
        if there in ("", at) or not (inside or rest):
            break
        at, name = there, ".".join(part for part in (inside, rest) if part)
    return (at, name) if at != path else None
