"""Apache httpd: `ProxyPass`, balancers, rewritten requests and FastCGI handlers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.proxy_values import passed
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.facts import SettingDefined

TECHNOLOGY = "apache"
_ADDRESS = r"[\"']?((?:https?|ajp|wss?|h2c?|fcgi|scgi|uwsgi|ftp)://[^\s\"']+)"
_PASS = regex(
    rf"^\s*(?:ProxyPass(?:Match)?(?:\s+[^\s:]+)?|BalancerMember|ProxyRemote\s+\S+)\s+{_ADDRESS}",
    re.IGNORECASE,
)
_REWRITE = regex(rf"^\s*RewriteRule\s+\S+\s+{_ADDRESS}[\"']?\s+\[([^\]]*)\]", re.IGNORECASE)
_HANDLER = regex(r"^\s*SetHandler\s+[\"']proxy:(?:unix:[^\"']*\|)?(\w+://[^\"']+)", re.IGNORECASE)
_DEFINE = regex(r"^\s*Define\s+(\w+)\s+[\"']?([^\s\"']+)", re.IGNORECASE)
_NAMED = regex(r"\$\{(\w+)\}")
_PROXIES = {"p", "proxy"}


def apache_targets(lines: Sequence[str]) -> Iterator[SettingDefined | None]:
    defined: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        given = _DEFINE.match(line)
        if given is not None:
            defined[given[1]] = given[2]
            continue
        found = _PASS.match(line) or _HANDLER.match(line)
        if found is None:
            found = _REWRITE.match(line)
            flags = found[2].lower().split(",") if found is not None else ()
            if found is None or not _PROXIES & {flag.strip() for flag in flags}:
                continue
        address = _NAMED.sub(lambda name: defined.get(name[1], name[0]), found[1])
        yield passed(number, TECHNOLOGY, address)
