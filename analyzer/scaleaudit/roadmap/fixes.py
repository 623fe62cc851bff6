"""The catalogue of fixes: what is done, how much work it is, how it extends what exists.

Effort of one engineer: S up to three days, M up to three weeks, L more. No fix replaces what
is there: `extends` says what stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from scaleaudit.roadmap.precedence import NEEDS

__all__ = ["FIXES", "NEEDS", "Fix"]


@dataclass(frozen=True, slots=True)
class Fix:
    title: str
    effort: str  # S, M, L
    extends: str


FIXES: dict[str, Fix] = {
    "bigint": Fix("Widen keys and what refers to them to 64 bits", "S", "same keys, wider type"),
    "bounded-query": Fix(
        "Bound the query: a limit, a batch, a stream", "S", "same rows, in pieces"
    ),
    "break-cycles": Fix(
        "Break the cycle: invert one dependency or extract what both need",
        "M",
        "same code, other direction",
    ),
    "cache-aside": Fix(
        "Cache hot reads, with an expiry and one filler at a time", "M", "a miss takes today's path"
    ),
    "client-server-db": Fix(
        "Move to a database server through the same models",
        "M",
        "same models and migrations, other address",
    ),
    "config-env": Fix("Take addresses from the environment", "S", "same values, other source"),
    "contracts": Fix("Share a contract, not the model", "M", "generated from the same source"),
    "db-per-service": Fix(
        "Own schema, later own database, for each application", "L", "schema first, then host"
    ),
    "ext-scheduler": Fix(
        "Run the schedule once: own process, cron job or lock", "S", "same jobs, started elsewhere"
    ),
    "ext-session": Fix(
        "Keep sessions in a shared store or a signed cookie",
        "M",
        "same session interface, other store",
    ),
    "ext-state": Fix(
        "Move shared state out of the process, or declare it per process",
        "M",
        "same interface, other place",
    ),
    "indexes": Fix(
        "Index what is filtered, joined, sorted and referenced",
        "S",
        "adds indexes, changes no query",
    ),
    "migration-tool": Fix(
        "Change the schema by versioned migrations only", "S", "today's schema is the first version"
    ),
    "object-store": Fix(
        "Keep files in object storage", "M", "same storage interface, other backend"
    ),
    "pagination": Fix(
        "Page every list, with a largest page", "M", "optional parameters with a default"
    ),
    "prod-server": Fix("Run a production server, sized to its cores", "S", "another start command"),
    "retries": Fix(
        "Retry what is idempotent, with a limit, back-off and jitter", "M", "wraps the calls"
    ),
    "seams": Fix(
        "Declare the module boundaries and check them in CI", "M", "contracts written, code stays"
    ),
    "shared-kv": Fix("Add a shared key-value store", "S", "one more backing service"),
    "split-module": Fix("Split the module along its seams", "L", "old imports keep working"),
    "table-owner": Fix(
        "One writer for each table; others ask it or read a view", "M", "views first, then calls"
    ),
    "timeouts": Fix("Give every remote call a timeout", "S", "one more argument"),
}
