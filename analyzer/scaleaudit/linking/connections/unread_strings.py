"""Connection strings of .NET programs that nothing in them opens.

A string copied from a program beside it stands in many `appsettings.json`. Where the code does not
ask for it by its name, and no package of the program speaks to a database, it is left over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SettingRead
from scaleaudit.linking.names import relaxed
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

SECTION = "connectionstrings"
# Parts of the names of packages that open databases, or bring with them what does.
DRIVERS = regex(
    r"(?i)npgsql|sqlclient|entityframework|\bef\b|efcore|dapper|nhibernate|linq2db|mysql|oracle|mongo"
    r"|marten|wolverine|sqlite|postgre|sqlserver|cosmos|raven|cassandra|couch|firebird|hangfire|quartz"
    r"|freesql|sqlsugar|orleans|dbup|fluentmigrator|evolve|abp|umbraco|orchard|persistence|storage"
    r"|\bdata(?:base|access|layer|context|store|contexts)?\b"  # but not what only protects or describes it
)


def is_left_over(connections: Connections, owner: Component, key: str) -> bool:
    section, _, name = key.partition(":")
    if relaxed(section) != SECTION or connections.components.language_of(owner) != "nuget":
        return False
    packages = connections.components.dependencies_of(owner)
    if not packages or any(DRIVERS.search(each) for each in packages):
        return False
    return not any(
        relaxed(read.key).endswith(relaxed(name)) and owner in group
        for path, read in connections.index.of(SettingRead)
        for group in connections.components.containing(path)
    )
