"""The address in an entry of a Secret: whom it leads to, and nothing else that it says.

`postgres://app:word@db:5432/shop` is `postgres://db:5432/shop`; all that is no address stays secret,
and so is what looks like one to tools that keep their keys in it (`gotify://host/key`).
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
    r"((?:jdbc:|r2dbc:)?([a-z][a-z0-9]{1,30})(?:[+:][a-z0-9]{1,30})?://)(?:\S{0,900}@)?"
    + _HOSTS
    + r"(/\w[\w-]{0,60})?"
)
_BARE = regex(_HOSTS)
_PLACE = regex(r"(?i)(?:host|hostname|addr|address|server|endpoint|brokers?|servers)$")
# What is behind the host of a store is the name of a database; elsewhere, as with web hooks, it may be
# the secret.
_STORES = regex(
    r"postgres(?:ql)?|pgsql|postgis|mysql2?|mariadb|mongodb|rediss?|valkey|amqps?|mssql|sqlserver|oracle|db2|clickhouse"
    r"|cockroachdb|couchbases?|couchdb|cassandra|elasticsearch|neo4j|bolt|libsql|influxdb|arangodb"
)
_OTHERS = regex(
    r"https?|wss?|grpcs?|tcp|tls|ssl|udp|nats|kafka|mqtts?|stomp|pulsar|memcached?|smtps?|imaps?|ldaps?|s?ftps?|sb|sentinel"
)


def secret_address(key: str, text: str, *, encoded: bool = False) -> Value:
    """The address that the entry holds; `encoded`: in base64, as `data` of a Secret is."""
    plain = decoded(text) if encoded else text.strip()
    if not plain or len(plain) > MAX_TEXT or "\n" in plain:
        return SECRET
    url = _URL.match(plain)
    if url is not None:
        store = _STORES.fullmatch(url[2]) is not None
        known = store or _OTHERS.fullmatch(url[2]) is not None
        return Literal(f"{url[1]}{url[3]}{url[4] or '' if store else ''}") if known else SECRET
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
