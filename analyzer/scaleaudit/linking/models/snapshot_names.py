"""Entity Framework's tables where a rule of the program's own names them: `entity.SetTableName(prefix + name)`.

The snapshot beside the migrations says of each class which table it has in the end. Such a class
is an entity too where no context has a set of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import TableDefined
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from scaleaudit.facts import ModelDefined
    from scaleaudit.linking.facts_index import FactsIndex

FRAMEWORK = "ef"

Defined = tuple[str, "ModelDefined"]


def with_snapshot_names(index: FactsIndex, defined: Sequence[Defined]) -> list[Defined]:
    """The classes, of which those that name no table have the one that snapshots tell for them."""
    tables: dict[str, dict[str, set[str]]] = {}  # class -> table -> columns
    for path, table in index.of(TableDefined):
        if table.model and index.role(path) in (Role.SOURCE, Role.MIGRATION):
            known = tables.setdefault(last_name(table.model), {}).setdefault(table.table, set())
            known.update(column.name.lower() for column in table.columns)
    if not tables:
        return list(defined)
    alike: dict[str, list[ModelDefined]] = {}
    for _, fact in defined:
        if fact.framework == FRAMEWORK and fact.abstract and last_name(fact.name) in tables:
            alike.setdefault(last_name(fact.name), []).append(fact)
    named: dict[int, str] = {}
    for name, facts in alike.items():
        if len(tables[name]) == 1:
            ((table_name, columns),) = tables[name].items()
            fitting = [fact for fact in facts if fits(fact, columns)]
            if len(fitting) == 1 and not fitting[0].table:
                named[id(fitting[0])] = table_name
    return [
        (path, replace(fact, table=named[id(fact)]) if id(fact) in named else fact)
        for path, fact in defined
    ]


def fits(fact: ModelDefined, columns: AbstractSet[str]) -> bool:
    """Most of what the class declares is in the table; of its name there may be others, for answers."""
    own = [field.name.lower() for field in fact.fields]
    return sum(name in columns for name in own) * 3 >= max(len(own), 1) * 2


def last_name(name: str) -> str:
    """Of a class in its namespace, or inside another (`Shop.Models.Order+Line`)."""
    return name.replace("+", ".").rpartition(".")[2]
