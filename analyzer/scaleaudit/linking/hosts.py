"""Hosts that are nobody's: placeholders of examples, reserved domains, numbers of private networks."""

from __future__ import annotations

from scaleaudit.regex import regex

# What examples of connection strings have for a host.
PLACEHOLDERS = {"host", "hostname", "dbhost", "db_host", "server", "servername", "your-host",
                "yourhost", "example.com", "ip", "address"}  # fmt: skip
# `your-bucket.amazonaws.com`; and addresses of groups of machines, at which nobody in particular is.
UNFILLED = regex(r"^(?:your|my)-[\w-]+-here\.|^your-|^(?:22[4-9]|23\d)(?:\.\d{1,3}){3}$")
RESERVED = {"example.com", "example.org", "example.net", "test", "invalid", "domain.com", "host"}


# What namespaces of clusters are called that no domain ends in: `search.logging`.
NAMESPACES = frozenset({
    "default", "logging", "monitoring", "observability", "tracing", "infra", "infrastructure",
    "database", "databases", "messaging", "production", "staging", "backend", "frontend",
})  # fmt: skip
PRIVATE = regex(r"^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)")
