"""What a symbolic value turned out to be: a text, the way to it, and what stayed unknown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.record import Record

if TYPE_CHECKING:
    from scaleaudit.findings import Evidence

HOLE = "{}"


class Resolved(Record, frozen=True):
    """A text with `{}` for what stayed unknown, and the places that led to it."""

    text: str
    trail: tuple[Evidence, ...] = ()
    from_default: bool = False  # (part of) it is a default that the deployment may override
    why_not: str = ""  # why a part is unknown
    configured: bool = False  # (part of) it comes from a setting
    hidden: bool = False  # the deployment sets it to something that the repository does not tell
    setting: str = ""  # the key of the setting that its host is in, as far as one tells it

    @property
    def known(self) -> bool:
        return bool(self.text) and self.text.replace(HOLE, "").strip(":/ ") != ""
