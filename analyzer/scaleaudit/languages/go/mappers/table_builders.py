"""Statements built call by call on named tables: squirrel, goqu.

`sq.Select("id").From("orders").Where(sq.Eq{"code": c})`, `goqu.From("orders").Where(goqu.C("code").Eq(c))`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Condition, Predicate, QueryFound
from scaleaudit.languages.go.following import ALWAYS, branches, ways
from scaleaudit.languages.go.mappers import asked, fragments, goqu_joins
from scaleaudit.languages.go.mappers.builder_places import begun_at, handed_on, outermost
from scaleaudit.languages.go.mappers.builders import column, condition, without_package
from scaleaudit.languages.go.mappers.chains import Chains
from scaleaudit.languages.go.mappers.condition_parts import with_parts
from scaleaudit.languages.go.mappers.constant_names import spelled
from scaleaudit.languages.go.mappers.filled_maps import with_keys
from scaleaudit.languages.go.mappers.goqu_names import named_by
from scaleaudit.languages.go.mappers.gorm_calls import Asked, respelled
from scaleaudit.languages.go.mappers.kept_fields import builder_fields, parted
from scaleaudit.languages.go.mappers.links import Chain, Link, arguments, name_of, shown
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

    Taken = Callable[[GoReader, Link, Asked], str]

WORTH = (b"squirrel", b".ToSql(", b"goqu", b".ToSQL(")
SHORT = regex(rb"sq\.(?<!\wsq\.)")
ENDS = frozenset(
    {"ToSql", "ToSQL", "MustSql", "Query", "QueryRow", "QueryContext", "QueryRowContext", "Exec", "ExecContext", "Executor",
     "ScanStruct", "ScanStructs", "ScanVal", "ScanVals", "ScanStructContext", "ScanStructsContext", "Count", "CountContext"}
)  # fmt: skip
ENDED = regex(
    rb"\.\s*(?:ToSql|ToSQL|MustSql|Query(?:Row)?(?:Context)?|Exec(?:Context)?|Executor|Scan(?:Struct|Val)s?(?:Context)?|Count(?:Context)?)\("
)
JOINS = {
    "Join",
    "LeftJoin",
    "RightJoin",
    "InnerJoin",
    "CrossJoin",
    "FullJoin",
    "JoinClause",
    "FullOuterJoin",
    "LeftOuterJoin",
}
TABLE = regex(
    r"\s*[`\"]?(?:\w+[`\"]?\.[`\"]?)?(\w+|\$\{\w+\})[`\"]?(?:\s+(?:as\s+)?[`\"]?(\w+)[`\"]?)?\s*", 2
)
COUNTING = regex(
    r"(?i)^\s*(?:(?:coalesce|ifnull|round|cast)\s*\(\s*)?(?:count|sum|max|min|avg|exists)\s*\("
)
KEPT = ("Limit", "Offset", "Column", "Columns", "Set")  # whether a branch adds them or not
MAX_ADDED = 60  # places that narrow the query of one field
MAX_BEGINNINGS = 4  # of one field
FIRST_ROWS = {"ScanStruct", "ScanVal", "ScanStructContext"}


def queries(reader: GoReader) -> Iterator[QueryFound]:
    if not reader.says(*WORTH) and SHORT.search(reader.content) is None:
        return
    chains = Chains(reader)
    told_of: set[int] = set()
    for chain in chains.ending(ENDED, ENDS):
        told_of.update(link.call.id for link in chain.links)
        yield from told(reader, chain)
    for call in begun_at(reader, alone=without_package(reader)):
        if call.id in told_of:
            continue
        whole = outermost(call)
        used = handed_on(reader, whole)
        found = chains.held(used) if used is not None else chains.of(whole)
        if used is not None and found is not None:
            found = ended(found, used)
        if found is not None:
            told_of.update(link.call.id for link in found.links)
            yield from told(reader, found)
            if used is not None:
                yield from without_branches(reader, found)
    for owner, field in builder_fields(reader):
        yield from narrowed_by_methods(reader, chains, owner, field)


def ended(chain: Chain, used: Node) -> Chain:
    """With an end that always comes, so that what a branch added last is no part of every way."""
    holder = used.parent
    call = holder.parent if holder is not None else None
    at = call if call is not None and call.type == "call_expression" else chain.links[-1].call
    return Chain(chain.root, [*chain.links, Link("", [], at)]) if chain.links else chain


def without_branches(reader: GoReader, chain: Chain) -> Iterator[QueryFound]:
    """What a statement asks when no branch adds to it, where that is something."""
    always = [link for link in chain.links if not link.choices or link.name in KEPT]
    if always and len(always) < len(chain.links):
        yield from (query for query in told(reader, Chain(chain.root, always)) if query.predicates)


def narrowed_by_methods(
    reader: GoReader, chains: Chains, owner: str, field: str
) -> Iterator[QueryFound]:
    """`q.sql = q.sql.Where(...)`: what each method of an object that holds a query offers to add."""
    begun, more = parted(reader, owner, field)
    added: list[Link] = []
    for value in more[:MAX_ADDED]:
        chain = chains.of(value) if value.type == "call_expression" else None
        function = reader.scopes.function(value.start_byte)
        if chain is None or function is None:
            continue
        choices = branches(reader, value, function) | {function.start_byte}
        added.extend(
            replace(link, choices=link.choices | choices)
            for link in chain.links
            if value.start_byte <= link.call.start_byte < value.end_byte
        )
    for value in begun[:MAX_BEGINNINGS] if added else ():
        chain = chains.held(value) if value.type != "call_expression" else chains.of(value)
        if chain is None or not chain.links:
            continue
        whole = [replace(link, choices=ALWAYS) for link in chain.links]
        for query in told(reader, Chain(chain.root, [*added, *whole])):
            yield replace(query, partial=True, offered=not query.partial)


def told(reader: GoReader, chain: Chain, taken: Taken | None = None) -> Iterator[QueryFound]:
    """The queries of a chain, one for each way to it; `taken`: what each call adds, with its verb."""
    links = [
        replace(k, choices=ALWAYS)
        if k.name in ("Limit", "Offset", "Column", "Columns", "Set")
        else k
        for k in (*beginning(reader, chain.root), *chain.links)
    ]
    links = [
        part
        for link in links
        for each in with_keys(reader, link)
        for part in with_parts(reader, each)
    ]
    last = links[-1]
    done: set[tuple[Condition, ...]] = set()
    for made in ways([link.choices for link in links if not link.choices <= last.choices]):
        found = Asked()
        within = [link for link in links if link.choices <= made | last.choices]
        verb, aggregate = "", False
        for link in within:
            verb = (taken or take)(reader, link, found) or verb
            texts = (
                [reader.text(a).strip('`"') for a in link.args[:1]]
                if link.name in ("Select", "Column")
                else []
            )
            aggregate = aggregate or any(COUNTING.search(text) for text in texts)
        if not found.table:
            return
        conditions = tuple(respelled(c, found.named) for c in (*found.filters, *found.conditions))
        if conditions in done:
            continue
        done.add(conditions)
        place = next((k for k in within if k.choices == made and made), None)
        node = (
            last.call
            if place is None
            else place.call.child_by_field_name("arguments") or place.call
        )
        start = next((k for k in links if k.name in ("From", "Update", "Delete", "Insert")), last)
        if reader.scopes.function(start.call.start_byte) is not reader.scopes.function(
            last.call.start_byte
        ):
            start = last  # the beginning is a variable of the package
        begun = start.call.child_by_field_name("arguments") or start.call
        changes = verb in ("Update", "Delete", "Insert")
        tables = tuple(dict.fromkeys((found.table, *found.named.values())))
        yield QueryFound(
            reader.span(begun if place is None else node), shown(reader, last.call),
            () if changes else tables, (found.table,) if changes else (),
            tuple(predicate(c, found) for c in conditions), found.limited,
            aggregate or last.name.startswith("Count"), found.partial, reader.in_loop(last.call), False,
            "sql-builder", reader.scope((place or last).call), (found.table,) if verb == "Insert" else (),
            found.grouped,
        )  # fmt: skip


def beginning(reader: GoReader, root: Node) -> list[Link]:
    """`Update("orders")` of a builder that is imported so that its names stand alone."""
    function = root.child_by_field_name("function") if root.type == "call_expression" else None
    name = reader.text(function) if function is not None and function.type == "identifier" else ""
    if name not in ("Select", "Update", "Delete", "Insert") or not without_package(reader):
        return []
    return [Link(name, arguments(reader, root), root)]


def predicate(c: Condition, found: Asked) -> Predicate:
    table, _, name = c.path.rpartition(".")
    alone = len(set(found.named.values())) < 2
    return c.on(table.lower() or (found.table if alone else ""), name.lower())


def take(reader: GoReader, link: Link, found: Asked) -> str:
    """One call of the chain; the verb of the statement, where it tells."""
    name, args = link.name, link.args
    if name in ("From", "Update", "Delete", "Insert", "Table"):
        if args:
            named(reader, args[0], found)
        return name if name != "From" or not found.grouped else ""
    if name in JOINS and args:
        joined(reader, args, found)
    elif link.key is not None:
        put = link.key.condition
        found.filters.extend(() if put is None else (replace(put, path=column(put.path)),))
        found.partial = found.partial or put is None
    elif name == "Where" and args:
        where(reader, args, found)
    elif name in ("OrderBy", "Order", "OrderAppend"):
        for arg in args:
            text = named_by(reader, arg)[0] or asked.text_of(reader, arg)
            found.conditions.extend(fragments.sorts(text) if text else ())
    elif name == "Limit":
        found.limited = True
    elif name in ("GroupBy", "Distinct", "GroupByAppend"):
        found.grouped = True
    elif name in ("FromSelect", "Suffix", "Prefix", "PrefixExpr"):
        found.partial = found.partial or name == "FromSelect"
    elif found.table and name[:1].islower():
        found.partial = True  # a function that is handed the statement: `filtered(orders, filter)`
    if name in FIRST_ROWS:
        found.limited = True
    return ""


def named(reader: GoReader, node: Node, found: Asked) -> None:
    text, alias = named_by(reader, node)
    text = text or spelled(reader, node)
    text = f"{text} {alias}" if alias else text
    match = TABLE.fullmatch(text)
    if match is None:
        found.partial = True
        return
    found.table = match[1].lower()
    found.named[(match[2] or match[1]).lower()] = found.table


def joined(reader: GoReader, args: list[Node], found: Asked) -> None:
    if len(args) > 1 and args[1].type == "call_expression" and name_of(reader, args[1]) == "On":
        joined_on(reader, args[0], args[1], found)
        return
    text = asked.text_of(reader, args[0])
    if text is None or " on " not in f" {text.lower()} ":
        found.partial = True
        return
    joins = fragments.joined(f"JOIN {text}" if " join " not in f" {text.lower()}" else text)
    found.named.update(joins.names)
    found.conditions.extend(joins.conditions)
    found.partial = found.partial or joins.partial


def joined_on(reader: GoReader, given: Node, on: Node, found: Asked) -> None:
    """goqu's `Join(goqu.T("users").As("u"), goqu.On(...))`."""
    table, alias = named_by(reader, given)
    match = TABLE.fullmatch(f"{table} {alias}" if alias else table)
    if match is None:
        found.partial = True
        return
    found.named[(match[2] or match[1]).lower()] = match[1].lower()
    more, partial = goqu_joins.on(reader, on)
    found.conditions.extend(more)
    found.partial = found.partial or partial


def where(reader: GoReader, args: list[Node], found: Asked) -> None:
    for position, arg in enumerate(args):
        built = condition(reader, arg)
        if built is None:
            if position:
                return  # the values of the fragment before
            text = asked.text_of(reader, arg)
            built = asked.of_fragment(reader, text, args[1:]) if text is not None else ([], True)
        narrowed(found, *built)


def narrowed(found: Asked, more: list[Condition], partial: bool) -> None:
    """What one argument of `Where` adds; its alternatives are a group of their own."""
    if any(c.alternative for c in more):
        found.groups += 1
        more = [replace(c, group=c.group + 100 * found.groups) for c in more]
    found.filters.extend(more)
    found.partial = found.partial or partial
