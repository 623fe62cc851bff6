"""Hosts and ports that do not tell by themselves whose they are: placeholders, private numbers,
one of several machines."""

from __future__ import annotations

from scaleaudit.regex import regex

# What examples of connection strings have for a host.
PLACEHOLDERS = {"host", "hostname", "dbhost", "db_host", "server", "servername", "your-host",
                "yourhost", "example.com", "ip", "address", "default"}  # fmt: skip
# `your-bucket.amazonaws.com`; and addresses of groups of machines, at which nobody in particular is.
PLACEHOLDER_WORDS = regex(
    r"^(?:your|my|the|some)[-_.]?(?:[^\W_]+[-_.])*(?:hosts?|hostname|server(?:name)?|address|ip|endpoint|url|cluster)$"
    r"|^your[-_]|^x{3,}$|^(?:change[-_]?me|todo|placeholder)$"
)
BLANK = regex(r"(?:^|[-_.])x{3,}(?:[-_.]|$)")  # `ep-xxx.acme.io`
UNFILLED = regex(r"^(?:your|my)-[\w-]+-here\.|^your-|^(?:22[4-9]|23\d)(?:\.\d{1,3}){3}$")
RESERVED = {"example.com", "example.org", "example.net", "test", "invalid", "domain.com", "host"}
# What namespaces of clusters are called that no domain ends in: `search.logging`.
NAMESPACES = frozenset({
    "default", "logging", "monitoring", "observability", "tracing", "infra", "infrastructure",
    "database", "databases", "messaging", "production", "staging", "backend", "frontend",
})  # fmt: skip
OF_CLUSTER = regex(r"\.svc$|\.cluster\.local$|\.consul$")
# What Consul's name server calls a service that is registered there: `orders.service.consul`.
OF_CONSUL = regex(r"^(?:[\w-]+\.)?([\w-]+)\.service(?:\.[\w-]+)?\.consul$")
# One pod of a StatefulSet, by its own name and that of the headless Service around all of them.
POD = regex(r"^([\w-]+)-\d+\.([\w-]+)(?:\.|$)")
PRIVATE = regex(r"^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)")
# Ports that so many programs listen on that they tell none.
COMMON_PORTS = {"80", "443", "3000", "5000", "8000", "8080", "8081", "8443", "8888", "9000", "9090"}

REALM = regex(r"^/*(?:auth/+)?realms/[^/]")  # paths that only Keycloak has


def is_placeholder(host: str) -> bool:
    """Whether somebody is to fill in a host there: `your_host` in an example of settings."""
    unsaid = PLACEHOLDER_WORDS.match(host) or BLANK.search(host)
    return host in PLACEHOLDERS or unsaid is not None


def registered(host: str) -> str:
    """The name that a service is registered by, where the host is Consul's name for it."""
    return OF_CONSUL.sub(r"\1", host)


def looks_public(host: str) -> bool:
    """A registered-looking domain: two labels or more, the last of letters."""
    labels = host.split(".")
    return len(labels) > 1 and labels[-1].isalpha() and len(labels[-1]) > 1 and all(labels)
