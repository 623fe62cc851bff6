"""What the rules on data share: engines, origins, the words for an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Growth, NodeKind, Origin, Severity

if TYPE_CHECKING:
    from scaleaudit.api import Architecture, QueryFound, Site, Table

# From the most to the least urgent: who waits for the query.
REACH = (Origin.HANDLER, Origin.UNKNOWN, Origin.JOB, Origin.ADMIN)
FAST_GROWTH = (Growth.GROWING, Growth.APPEND_ONLY)
SQL_ENGINES = {
    "postgresql": "postgres", "cockroachdb": "postgres", "mysql": "mysql", "mariadb": "mysql",
    "sqlite": "sqlite", "sqlserver": "tsql", "oracle": "oracle",
}  # fmt: skip


def engine_of(architecture: Architecture, table: Table) -> str:
    """The engine that the definition was written for, else the only SQL database there is."""
    if table.dialect:
        return table.dialect
    nodes = architecture.nodes(NodeKind.DATABASE)
    engines = {SQL_ENGINES[node.technology] for node in nodes if node.technology in SQL_ENGINES}
    return next(iter(engines)) if len(engines) == 1 else ""


def by_reach(site: Site[QueryFound]) -> tuple[int, str, int]:
    """Sort key: the site that most people wait for first."""
    return REACH.index(site.origin), site.at.path, site.at.line


def severity(growth: Growth, origin: Origin) -> Severity:
    """How bad a query without an index is, once the table has grown."""
    if origin is Origin.ADMIN:
        return Severity.LOW
    if origin is Origin.JOB:
        return Severity.MEDIUM
    return Severity.HIGH if growth in FAST_GROWTH else Severity.MEDIUM


def create_index(table: str, columns: tuple[str, ...], engine: str) -> str:
    """The statement that adds the index; on PostgreSQL without blocking writes."""
    name = "_".join(
        [
            table,
            *("".join(c if c.isalnum() else "_" for c in column).strip("_") for column in columns),
        ]
    )
    how = "CREATE INDEX CONCURRENTLY" if engine == "postgres" else "CREATE INDEX"
    return f"{how} {name[:59]}_idx ON {table} ({', '.join(columns)})"


def listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
