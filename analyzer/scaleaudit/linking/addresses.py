"""URLs, DSNs and `host:port` texts taken apart; nothing here raises for bad text."""

from __future__ import annotations

import re

from scaleaudit.linking.technologies import SCHEMES
from scaleaudit.record import Record
from scaleaudit.regex import regex

URL = regex(r"^\s*(?P<scheme>[a-zA-Z][a-zA-Z0-9+.:-]*?):(//|@)(?P<rest>.*)$", re.DOTALL)
# What drivers put in front of the scheme that tells the store, or around a list of addresses.
WRAPPED = regex(r"^(?:r2dbc:(?:pool:|proxy:)*|vertx-reactive:|failover:(?://)?\(?)|\)(?:\?.*)?$")
SEVERAL = regex(r"\s*,\s*(?=[a-zA-Z][a-zA-Z0-9+.-]*://)")
# `//maps.example.org/tiles`: by the protocol of the page around.
OF_THIS_PAGE = regex(r"//[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}(?::\d+)?(?:[/?]|$)")
# `orders=http://orders:80;Web pages|http://web:80`: several with what they are called.
LABELLED = regex(r"[\w .-]{1,60}[=|]\w+://[^\s;,|]+[;,][\w .-]{1,60}[=|]\w+://")
WITHIN = regex(r"(?<=[=|])[a-zA-Z][a-zA-Z0-9+.-]*://[^\s;,|]+")
HOST_PORT = regex(r"^(?P<host>[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)(:(?P<port>\d{1,5}))?$")
GO_MYSQL = regex(r"^[^@/]*@tcp\((?P<host>[^():]+)(:(?P<port>\d+))?\)/(?P<db>\w*)")
KEYWORD_HOST = regex(r"(?i)(?:^|[\s;])(?:host|server|data source)\s*=\s*(?:tcp:)?([^\s;,]+)")
AZURE_ENDPOINT = regex(r"(?i)^(?:Account)?Endpoint=(\w+)://([^;]+)(?:;|$)")
# PHP's PDO: the driver, then keywords.
PDO = regex(r"^(mysql|pgsql|sqlsrv|dblib):(?=\s*(?:\w+=|[^;=]*;\s*\w+=))")
PDO_SCHEMES = {"sqlsrv": "sqlserver", "dblib": "sqlserver"}
NO_HOSTS = {
    "chrome-extension",
    "moz-extension",
    "file",
    "data",
    "blob",
    "mailto",
    "javascript",
    "about",
    "no",  # Spring Cloud Gateway's `no://op`: a filter answers
}
# After a part that is not known: the end of a path, which began in that part.
FILE_ENDING = regex(r"\{\}\.(?:json|xml|html?|txt|csv|ya?ml|rss|atom|ics|php|pdf|png|jpe?g|svg)$")
# A whole port, and behind it a path that is not known: `:8082{}`.
BEFORE_UNKNOWN = regex(r"^(\d{4,5})\{\}.*$")
PLACEHOLDER = regex(r"[\[\]<>$%]|\{[^}]")
# SQL Server's words for the machine itself and what Windows calls one that nobody named, each with
# the name of one of its servers: `.\SQLEXPRESS`. Source: "SqlConnection.ConnectionString", Microsoft.
INSTANCE = regex(r"(?i)^(\.|\(local(?:db)?\)|[\w-]+(?:\.[\w-]+)*)\\\\?[a-z][\w$]*$")
OWN_MACHINE = regex(
    r"(?i)^(?:\.|\(local(?:db)?\)|(?:desktop-[a-z0-9]{7}|laptop-[a-z0-9]{8}|win-[a-z0-9]{11}))$"
)
EMBEDDED_FILE = regex(r"(?i)[/\\]|\.(db3?|sqlite3?|s3db)$|^:memory:$")
KEYWORD_DB = regex(r"(?i)(?:^|[\s;])(?:dbname|database|initial catalog)\s*=\s*([^\s;]+)")
# What containers call the machine around them: Docker, Podman, minikube, k3d, Lima.
MACHINE = frozenset({
    "host.docker.internal", "gateway.docker.internal", "host.containers.internal",
    "host.minikube.internal", "host.k3d.internal", "host.lima.internal",
})  # fmt: skip
LOOPBACK = (
    MACHINE
    | {"localhost", "127.0.0.1", "0.0.0.0", "::1", "[::1]"}
    | {
        "192.168.99.100",  # the machine of Docker Machine, which older setups run their containers on
        "192.168.59.103",  # and that of boot2docker
        "169.254.169.254",
        "169.254.170.2",
        "metadata.google.internal",
        "metadata.azure.internal",
    }
)  # the last: what a cloud's machine asks about itself
IP = regex(r"^\d{1,3}(\.\d{1,3}){3}$")
HOLE = "{}"


class Address(Record, frozen=True):
    """Where a text leads. `host` is lower case; empty when it is not in the text."""

    scheme: str
    host: str
    port: int | None = None
    path: str = ""  # of a URL: the path; of a DSN: the database's name

    @property
    def technology(self) -> str:
        known = SCHEMES.get(self.scheme)
        return known[1] if known else ""

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK

    @property
    def is_ip(self) -> bool:
        return IP.match(self.host) is not None


def parse_addresses(text: str) -> list[Address]:
    """All addresses of a text: comma-separated lists of brokers give several."""
    text = WRAPPED.sub("", text.strip()[:2000])
    if OF_THIS_PAGE.match(text):
        text = f"https:{text}"
    if not text or (text.startswith(("/", "./", "{", "<")) and "://" not in text):
        return []
    if "://" not in text and "," in text and not KEYWORD_HOST.search(text):
        return [found for part in text.split(",")[:20] for found in parse_addresses(part)]
    several = SEVERAL.split(text)[:20]
    if len(several) == 1 and LABELLED.match(text):
        several = WITHIN.findall(text)[:20]
    found = (parse_address(each) for each in several)
    return [one for one in found if one is not None]


def parse_address(text: str) -> Address | None:
    """A URL (also `jdbc:`), a DSN with keywords, Go's MySQL form, or `host[:port]`."""
    azure = AZURE_ENDPOINT.match(text)
    if azure:
        return _authority(azure[1].lower(), azure[2])
    mysql = GO_MYSQL.match(text)
    if mysql:
        host = "" if HOLE in mysql["host"] else mysql["host"].lower()
        return Address("mysql", host, _port(mysql["port"]), mysql["db"])
    pdo = PDO.match(text) if "://" not in text else None
    if pdo:
        found = parse_address(text[pdo.end() :].strip())
        scheme = PDO_SCHEMES.get(pdo[1], pdo[1])
        return Address(scheme, found.host, found.port, found.path) if found else None
    if text.startswith("jdbc:"):  # H2 has options with `=` behind the name of a file
        return _jdbc(text[5:])
    if "=" in text and "://" not in text:
        host, database = KEYWORD_HOST.search(text), KEYWORD_DB.search(text)
        if host:
            instance = INSTANCE.match(host[1])
            if instance is None and "source" in host[0].lower() and EMBEDDED_FILE.search(host[1]):
                return Address("sqlite", "", None, host[1])
            name, _, port = (instance[1] if instance is not None else host[1]).partition(":")
            name = "localhost" if OWN_MACHINE.match(name) else name
            known = "" if HOLE in name else name.lower()
            return Address("", known, _port(port), database[1] if database else "")
        return None
    url = URL.match(text)
    if url:
        scheme = url["scheme"].lower().partition("+")[0]
        if scheme in NO_HOSTS:
            return None
        return _authority(scheme, url["rest"])
    plain = HOST_PORT.match(text.removeprefix("//").rstrip("/"))
    if plain and ("." in text or ":" in text or len(text) > 1):
        return Address("", plain["host"].lower(), _port(plain["port"]))
    return None


def _jdbc(text: str) -> Address | None:
    scheme, _, rest = text.partition(":")
    scheme = scheme.lower()
    if scheme in ("h2", "hsqldb", "sqlite", "derby"):
        return Address(scheme, "", None, rest)
    if scheme == "sqlserver":
        host = rest.removeprefix("//").partition(";")[0]
        name, _, port = host.partition(":")
        found = re.search(r"(?i)databaseName=([^;]+)", rest)
        return Address(scheme, name.lower(), _port(port), found[1] if found else "")
    if scheme == "oracle":
        found = re.search(r"@(?://)?([\w.-]+):?(\d*)[:/]?(\w*)", rest)
        return Address(scheme, found[1].lower(), _port(found[2]), found[3]) if found else None
    start = rest.find("//")
    return _authority(scheme, rest[start + 2 :]) if start >= 0 else None


def _authority(scheme: str, rest: str) -> Address:
    """`user:pass@host:port/path?query`; of several hosts (`h1:1,h2:2`) the first."""
    cut = min((at for at in (rest.find(c) for c in "/?#") if at >= 0), default=len(rest))
    authority, tail = rest[:cut], rest[cut:]
    authority = FILE_ENDING.sub("", authority.rpartition("@")[2].partition(",")[0])
    if authority.startswith("tcp(") and authority.endswith(")"):  # Go's MySQL driver, in a URL
        authority = authority[4:-1]
    if authority.startswith("["):
        host, _, port = authority[1:].partition("]")
        port = port.lstrip(":")
    else:
        host, _, port = authority.partition(":")
    path = re.split(r"[?#;]", tail, maxsplit=1)[0]
    if scheme in SCHEMES:
        path = path.strip("/").partition("/")[0]
    host = host.strip().lower().lstrip("-")
    if HOLE in host and host != HOLE:
        host = host.replace(HOLE, "")
        host = host.strip("-._") if host.strip("-._") and "." in host.strip("-._") else ""
    if PLACEHOLDER.search(host):
        host = ""  # `[PROJECT]`, `<your-host>`: to be filled in by hand
    port = BEFORE_UNKNOWN.sub(r"\1", port)
    return Address(scheme, "" if host == HOLE else host, _port(port), path)


def _port(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and int(text) < 65536 else None
