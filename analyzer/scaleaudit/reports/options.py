"""What a renderer may be told besides the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.record import Record
from scaleaudit.reports.style import Style
from scaleaudit.source import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Callable


def _no_content(path: str) -> bytes | None:
    return None


class RenderOptions(Record, frozen=True):
    """The same for every format; each takes what concerns it.

    `prefix` leads from where the reader stands (working directory, checked-out repository) to
    the scanned root: `services/api/` or empty. `read` gives the content of a file under the
    root, None when it cannot be had; without it a renderer leaves out what needs content.
    """

    style: Style = msgspec.field(default_factory=Style)
    unfold: bool = False  # show long lists whole
    details: bool = False  # also what is of interest to developers of the tool
    brief: bool = False  # findings alone, no frame around them
    statistics: bool = False  # counts by rule in place of the findings
    prefix: str = ""
    read: Callable[[str], bytes | None] = _no_content

    def located(self, path: str) -> str:
        """A path as the reader finds it; one in a configuration repository stays as it is."""
        return path if path.startswith(OUTSIDE) else f"{self.prefix}{path}"
