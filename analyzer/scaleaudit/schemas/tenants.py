"""Columns by which a framework narrows every query, without a word of it in the code.

EclipseLink's tenant discriminators, Hibernate's `@TenantId` and acts_as_tenant add such a condition to
each statement. The code shows it by what it leaves out: the column stands in front of indexes, and
hardly a query asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.facts import QueryFound
    from scaleaudit.schema import Schema, Table

_NAMES = regex(r"^(?:tenant|account|organi[sz]ation|org|company|workspace|site)(?:_?id)?$")
# Where the code itself asks for the tenant in more than a tenth of its queries, nobody does it for it.
MAX_NAMED = 0.1


def with_tenants(schema: Schema, queries: Iterable[QueryFound]) -> Schema:
    """`queries`: those of the application's own code."""
    leading = {t.name: c for t in schema.tables.values() if (c := leading_tenant(t))}
    if not leading:
        return schema
    asked, named = 0, 0
    for query in queries:
        for name in set(query.reads) & leading.keys():
            columns = {
                p.column.lower()
                for p in query.predicates
                if p.table in ("", name) and p.clause is Clause.FILTER
            }
            asked += bool(columns)
            named += leading[name] in columns
    if named > asked * MAX_NAMED:
        return schema
    known = {
        name: msgspec.structs.replace(schema.tables[name], tenant=column)
        for name, column in leading.items()
    }
    return msgspec.structs.replace(schema, tables={**schema.tables, **known})


def leading_tenant(table: Table) -> str:
    """The tenant that leads at least two indexes besides the primary key: put in front of all."""
    leading = [i.columns[0].lower() for i in table.indexes if len(i.columns) > 1 and not i.primary]
    return next((c for c in leading if _NAMES.match(c) and leading.count(c) > 1), "")
