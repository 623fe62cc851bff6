"""Queries that LINQ makes of a context's sets: `_context.Orders.Where(o => o.Open).ToListAsync()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Condition, OrmQuery
from scaleaudit.languages.csharp.ef.chains import ALWAYS, WRAPPERS, Chain, Choices, Link, chains
from scaleaudit.languages.csharp.ef.lambdas import LAMBDAS, Lambdas
from scaleaudit.languages.csharp.ef.query_syntax import written
from scaleaudit.languages.csharp.ef.repositories import repository_chains
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

FIRST = {
    "First",
    "FirstOrDefault",
    "Single",
    "SingleOrDefault",
    "Last",
    "LastOrDefault",
    "Any",
    "ElementAt",
}
COUNTS = {"Count", "LongCount", "Sum", "Max", "Min", "Average"}
LOADS = {
    "ToList", "ToArray", "ToDictionary", "ToHashSet", "AsEnumerable", "ForEach", "Load", "ToLookup", "All", "ToImmutableList",
    "ToImmutableArray", "ToPagedList", "ToPaginatedList",
}  # fmt: skip
STREAMS = {"AsAsyncEnumerable"}
ADDS = {"Add", "AddRange", "BulkInsert"}
WRITES = {"ExecuteUpdate", "UpdateFromQuery", "BatchUpdate"}
DELETES = {"ExecuteDelete", "DeleteFromQuery", "BatchDelete"}
FILTERS = {"Where", "SkipWhile", "TakeWhile"}
SORTS = {"OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending"}
ALONG = {
    "Include", "ThenInclude", "AsNoTracking", "AsTracking", "AsQueryable", "AsSplitQuery", "AsSingleQuery", "TagWith", "Skip", "Take",
    "IgnoreQueryFilters", "AsNoTrackingWithIdentityResolution", "Distinct", "Reverse", "OfType", "Cast", "ConfigureAwait", "Set",
    "IgnoreAutoIncludes", "DefaultIfEmpty", "IncludeFilter", "AsExpandable",
}  # fmt: skip
NOTHING = {
    "Attach",
    "Remove",
    "RemoveRange",
    "Update",
    "UpdateRange",
    "AttachRange",
    "Entry",
    "GetType",
}
ALL = "*"  # of what the model adds to every query
HARMLESS = regex(r"Include|Track|OrderBy|Sort|Project|Page|Paginat|Select|TagWith|Cache")
CANCELLED = regex(r"(?i)cancel|token$|^ct$|^default$|^none$")
PAGING = regex(r"Page|Paginat")
# What a variable is called that holds a query, none of whose rows are read yet.
QUERY = regex(r"\w*[qQ]uery(?:able)?\s*\.")
MAX_TEXT = 200
MAX_VARIANTS = 12


class Asked(Gathering):
    """What the calls of one chain add up to."""

    filters: list[Condition] = msgspec.field(default_factory=list)
    sorts: list[Condition] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    via: list[str] = msgspec.field(default_factory=list)
    scopes: list[str] = msgspec.field(
        default_factory=list
    )  # methods that the project adds to queries
    included: str = ""
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    streamed: bool = False
    partial: bool = False
    projected: bool = False  # what follows is about something else than the rows
    inserts: bool = False
    writes: bool = False
    deletes: bool = False
    nothing: bool = False
    ended: bool = False
    unfiltered: bool = False  # without what the model adds to every query


def queries(reader: CSharpSyntax) -> Iterator[OrmQuery]:
    for chain in (*chains(reader), *repository_chains(reader)):
        yield from told(reader, chain)


def told(reader: CSharpSyntax, chain: Chain) -> Iterator[OrmQuery]:
    done: set[tuple[Condition, ...]] = set()
    read = read_here(chain.whole)
    repeated = reader.in_loop(chain.whole) and not part_of_another(reader, chain.whole)
    links = [
        Link(k.name, k.call) if plain(k.name) in ALONG else k for k in chain.links
    ]  # what only goes along asks for nothing by itself
    for made in ways([link.choices for link in links]):
        found = begun(reader, chain)
        last: Link | None = None
        for link in links:
            if link.choices <= made and not found.ended:
                take(reader, link, found)
                last = link
        if found.nothing or (last is None and chain.query is None):
            continue
        conditions = (*found.filters, *found.sorts)
        if conditions in done or not (conditions or found.ended or found.inserts):
            continue
        done.add(conditions)
        place = next((k for k in links if k.choices and k.choices == made), None)
        node = chain.whole if place is None else place.call
        start = chain.query or chain.links[0].call
        at = reader.span(start if place is None else node)
        yield OrmQuery(
            at, "ef", chain.set, shown(reader, node), via=tuple(found.via), conditions=conditions,
            loads=tuple(dict.fromkeys(found.loads)), limited=found.limited, aggregate=found.aggregate,
            grouped=found.grouped, streamed=found.streamed or not (found.ended or read), partial=found.partial,
            in_loop=repeated, writes=found.writes, inserts=found.inserts,
            scope=reader.scope(chain.whole), deletes=found.deletes,
            without=(ALL,) if found.unfiltered else (), scopes=tuple(found.scopes),
        )  # fmt: skip


def read_here(node: Node) -> bool:
    """A loop goes over the rows: what is only begun may be narrowed by whoever goes on."""
    above = node.parent
    while above is not None and above.type in WRAPPERS:
        node, above = above, above.parent
    return above is not None and above.type == "foreach_statement"


def part_of_another(reader: CSharpSyntax, node: Node) -> bool:
    """A part of a query that is still put together: `query = query.Where(o => db.Lines.Any(...))`."""
    inside = False  # of a lambda
    for above in reader.ancestors(node):
        if above.type in LAMBDAS:
            inside = True
        elif above.type == "invocation_expression" and inside:
            inside = False
            function = above.child_by_field_name("function")
            if function is not None and QUERY.match(reader.text(function)):
                return True
        elif above.type in ("block", "method_declaration"):
            return False
    return False


def begun(reader: CSharpSyntax, chain: Chain) -> Asked:
    """What a query expression asks for before the first call on it."""
    if chain.query is None:
        return Asked()
    said = written(reader, chain.query)
    return Asked(
        filters=said.filters, sorts=said.sorts, partial=said.partial, grouped=said.grouped,
        projected=said.projected,
    )  # fmt: skip


def ways(several: list[Choices]) -> list[Choices]:
    """The choices worth telling apart: each that goes furthest."""
    sets = list(dict.fromkeys(each for each in several if each))
    chosen = [one for one in sets if not any(one < other for other in sets)]
    return chosen[:MAX_VARIANTS] or [ALWAYS]


def shown(reader: CSharpSyntax, node: Node) -> str:
    return excerpt(reader.content, node, MAX_TEXT)


def plain(name: str) -> str:
    return name.removesuffix("Async")


def take(reader: CSharpSyntax, link: Link, found: Asked) -> None:
    """One call of the chain."""
    name = plain(link.name)
    args = reader.arguments_of(link.call)
    first = args[0] if args else None
    if name in FILTERS:
        narrow(reader, first, found)
    elif name == "WhereIf" and len(args) > 1:
        return  # by a condition of the program's own
    elif name in SORTS:
        if first is not None and not found.projected and not found.limited:
            found.sorts.extend(Lambdas(reader).sorts(first))
    elif name in FIRST or name in COUNTS:
        filtered = name in FIRST or "Count" in name
        if first is not None and filtered and CANCELLED.search(reader.text(first)[:60]) is None:
            narrow(reader, first, found)
        found.limited = found.limited or name in FIRST
        found.aggregate = name in COUNTS
        found.ended = True
    elif name == "Find":
        found.filters.append(Condition("pk", "="))
        found.limited = found.ended = True
    elif name in ("Include", "ThenInclude"):
        include(reader, name, first, found)
    elif name == "Take":
        found.limited = True
    elif name in ("Distinct", "GroupBy", "DistinctBy"):
        found.grouped = True
        found.projected = found.projected or name == "GroupBy"
    elif name in ("Select", "SelectMany"):
        # What follows is about the other rows, and not followed: `Select(o => o.Customer)`.
        found.projected = True
    elif name in LOADS or name in STREAMS:
        found.streamed = name in STREAMS
        found.limited = found.limited or PAGING.search(name) is not None
        found.ended = True
    elif name in ADDS:
        found.inserts = found.ended = True
    elif name in DELETES:
        found.deletes = found.ended = True
    elif name in WRITES:
        found.writes = found.ended = True
    elif name == "IgnoreQueryFilters":
        found.unfiltered = True
    elif name in NOTHING:
        found.nothing = True
    elif name.startswith("FromSql"):
        found.nothing = True  # read where the SQL stands
    elif name in ("Join", "GroupJoin", "LeftJoin", "Union", "Concat", "Except", "Intersect"):
        found.projected = True
    elif name not in ALONG:
        if HARMLESS.search(name) is None:
            found.scopes.append(link.name)
            found.partial = found.partial or found.projected
        found.limited = found.limited or PAGING.search(name) is not None


def narrow(reader: CSharpSyntax, given: Node | None, found: Asked) -> None:
    if found.projected or given is None or given.type not in LAMBDAS:
        found.partial = True
        return
    lambdas = Lambdas(reader)
    more = lambdas.of(given)
    highest = max((c.group for c in found.filters), default=0)
    found.filters.extend(
        msgspec.structs.replace(c, group=c.group + highest) if c.group else c for c in more
    )
    found.partial = found.partial or lambdas.partial


def include(reader: CSharpSyntax, name: str, given: Node | None, found: Asked) -> None:
    if given is None:
        return
    inner = given
    if inner.type in LAMBDAS:
        body = inner.child_by_field_name("body")
        if body is not None and body.type == "invocation_expression":  # a filtered one
            found.included = ""
            return
        dotted = Lambdas(reader).member(inner)
    else:
        value = reader.value(inner)
        dotted = value.text if isinstance(value, Literal) else ""
    if not dotted:
        return
    found.included = (
        f"{found.included}.{dotted}" if name == "ThenInclude" and found.included else dotted
    )
    found.loads.append(found.included)
