"""The address in an entry of a Secret: whom it leads to, and nothing else that it says.

`postgres://app:word@db:5432/shop` is `postgres://db:5432/shop`; all that is no address stays secret.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from scaleaudit.values import Value

MAX_TEXT = 2_000  # characters; longer ones are keys, certificates and files
_HOSTS = r"([A-Za-z][\w.-]{0,200}(?::\d{1,5})?(?:,[A-Za-z][\w.-]{0,200}(?::\d{1,5})?){0,9})"
_URL = regex(
    r"((?:jdbc:)?[a-z][a-z0-9+.-]{1,30}://)(?:\S{0,900}@)?" + _HOSTS + r"(?:(/\w[\w-]{0,60})|$)?"
)
_BARE = regex(_HOSTS)
_PLACE = regex(r"(?i)(?:host|hostname|addr|address|server|endpoint|brokers?|servers)$")
_WITHOUT_PATH = ("http", "ws")  # their paths may be the secret: those of web hooks are


def secret_address(key: str, text: str, *, encoded: bool = False) -> Value:
    """The address that the entry holds; `encoded`: in base64, as `data` of a Secret is."""
    plain = decoded(text) if encoded else text.strip()
    if not plain or len(plain) > MAX_TEXT or "\n" in plain:
        return SECRET
    url = _URL.match(plain)
    if url is not None:
        path = "" if url[1].startswith(_WITHOUT_PATH) else url[3] or ""
        return Literal(f"{url[1]}{url[2]}{path}")
    if _PLACE.search(key) and _BARE.fullmatch(plain):
        return Literal(plain)
    return SECRET


def decoded(text: str) -> str:
    """A text in base64; empty when it is none."""
    if len(text) > 2 * MAX_TEXT:
        return ""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode().strip()
    except (binascii.Error, ValueError):
        return ""
