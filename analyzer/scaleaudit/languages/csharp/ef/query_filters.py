"""Global query filters: what Entity Framework adds to every query of an entity.

Only what leaves rows out that are gone is told (`x => !x.IsDeleted`): that is what partial indexes
are made for. A filter may be given for an interface, by a function of the program's own that
repeats it for all entities that have it: `builder.AddQueryFilter<ISoftDelete>(x => !x.Gone)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ScopeDefined
from scaleaudit.languages.csharp.ef.configuration import (
    arguments,
    call_ending_at,
    entity_of,
    variables,
)
from scaleaudit.languages.csharp.ef.lambdas import LAMBDAS, Lambdas
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

MARK = b"QueryFilter"
FILTER = regex(rb"\.\s*(?:HasQueryFilter|\w*QueryFilters?\s*<\s*([\w.]+)\s*>)\s*\(")
NAME = "HasQueryFilter"
ABSENT = {"is-true", "is-null"}
MAX_FILTERS = 500  # of one file


def query_filters(reader: CSharpSyntax) -> Iterator[ScopeDefined]:
    if MARK not in reader.content:
        return
    held = variables(reader)
    for count, match in enumerate(FILTER.finditer(reader.content)):
        if count >= MAX_FILTERS:
            return
        call = call_ending_at(reader, match.end() - 1)
        given = [each for each in arguments(reader, call) if each.type in LAMBDAS]
        if call is None or len(given) != 1:
            continue
        named = match[1].decode().rpartition(".")[2] if match[1] else ""
        owner = named or entity_of(reader, call, held)
        lambdas = Lambdas(reader)
        conditions = tuple(
            each
            for each in lambdas.of(given[0])
            if each.operator in ABSENT and not each.alternative and "." not in each.path
        )
        if owner and conditions:
            yield ScopeDefined(reader.span(call), "ef", owner, NAME, conditions, always=True)
