"""Caddy: the upstreams of `reverse_proxy` and `php_fastcgi`, and whom `forward_auth` asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.proxy_values import passed
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.facts import SettingDefined

TECHNOLOGY = "caddy"
MAX_WORDS = 20  # of one line
_PASS = regex(r"^\s*(?:reverse_proxy|php_fastcgi|forward_auth|proxy)\s+(\S[^\n]*)")
_TO = regex(r"^\s*to\s+(\S.*?)\s*$")
_NO_ADDRESS = ("/", "@", "*", "unix/")


def caddy_targets(lines: Sequence[str]) -> Iterator[SettingDefined | None]:
    for number, line in enumerate(lines, 1):
        found = _PASS.match(line) or _TO.match(line)
        for word in found[1].split()[:MAX_WORDS] if found is not None else ():
            if not word.startswith(_NO_ADDRESS) and word not in ("{", "}"):
                yield passed(number, TECHNOLOGY, word)
