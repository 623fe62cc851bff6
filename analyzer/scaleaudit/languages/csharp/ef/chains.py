"""Chains of LINQ on a set of a context, followed through the variables that hold half of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from scaleaudit.languages.csharp.ef.contexts import context_types, of_a_run
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

# The branches that lead to a call, by their first bytes; none: it is always made.
Choices: TypeAlias = frozenset[int]

ALWAYS: Choices = frozenset()
# `_context.Orders`, `db.Set<Order>()`: a name that says what it holds, then a property.
START = regex(
    rb"(?<![\w.])(?:this\s*\.\s*)?(\w++(?:(?<=[cC]ontext)|(?<=[cC]tx)|(?<=[dD]b))|_?(?:ctx|db)\w{0,8})\s*\.\s*(?:(Set)\s*<\s*([\w.]+)\s*>\s*\(\s*\)|([A-Z]\w*))\s*(?=[\r\n.;,)]|\?\.|(?:where|join|orderby|select|group|let|from|on)\b)"
)
REPOSITORY = regex(rb"\bI?\w*Repository<\s*(\w+)\b[^<>;{}()]{0,60}>\s+(_?\w+)")
# Properties of a context that are none of its sets.
NO_SETS = {
    "Database",
    "ChangeTracker",
    "Model",
    "Request",
    "Response",
    "User",
    "HttpContext",
    "Connection",
    "Items",
}
BRANCHING = {
    "if_statement",
    "switch_section",
    "foreach_statement",
    "for_statement",
    "while_statement",
    "try_statement",
}
WRAPPERS = {"parenthesized_expression", "await_expression", "cast_expression"}
# Calls that give a result, and no query that could be gone on with.
ENDS = {
    "First", "FirstOrDefault", "Single", "SingleOrDefault", "Last", "LastOrDefault", "Any", "All", "ElementAt", "Find",
    "Count", "LongCount", "Sum", "Max", "Min", "Average", "ToList", "ToArray", "ToDictionary", "ToHashSet", "AsEnumerable",
    "ForEach", "Load", "ToLookup", "AsAsyncEnumerable", "Add", "AddRange", "ExecuteUpdate", "ExecuteDelete", "Contains",
}  # fmt: skip
MAX_STARTS = 1_000  # of one file
MAX_LINKS = 60
MAX_USES = 60  # of one variable


class Link(Record, frozen=True):
    """One call of a chain; it takes part when all of `choices` are made."""

    name: str
    call: Node
    choices: Choices = ALWAYS


class Chain(Record, frozen=True):
    """`set` is the property of the context, or the class that `Set<X>()` names."""

    set: str
    links: list[Link]
    whole: Node
    query: Node | None = None  # the query expression that it begins with


def chains(reader: CSharpSyntax) -> Iterator[Chain]:
    """Every chain that begins at a set of a context, or at what a repository of a class gives."""
    yield from of_repositories(reader)
    types = context_types(reader)
    for count, match in enumerate(START.finditer(reader.content)):
        if count >= MAX_STARTS:
            return
        name = (match[3] or match[4]).decode().rpartition(".")[2]
        if name in NO_SETS or of_a_run(match[1], types):
            continue
        node = reader.root.descendant_for_byte_range(match.end(3) - 1 if match[3] else match.start(4), match.end(4) if match[4] else match.end(3))  # fmt: skip
        if node is None or node.type not in ("identifier", "generic_name", "type_argument_list"):
            continue
        start = beginning(node, called=bool(match[3]))
        if start is None:
            continue
        clause = clause_around(start)
        if clause is None:
            yield from grown(reader, name, start)
        elif clause.parent is not None and is_first(clause):
            yield from grown(reader, name, clause.parent, query=clause.parent)


def clause_around(start: Node) -> Node | None:
    """The clause of a query expression whose source a set is."""
    at = start
    for _ in range(8):
        above = at.parent
        if above is None or above.type in ("argument", "block"):
            return None
        if above.type in ("from_clause", "join_clause"):
            return above
        at = above
    return None


def is_first(clause: Node) -> bool:
    holder = clause.parent
    return (
        holder is not None
        and holder.type == "query_expression"
        and clause.type == "from_clause"
        and holder.named_children[0] == clause
    )


def of_repositories(reader: CSharpSyntax) -> Iterator[Chain]:
    """`_orders.GetAll().Where(...)` on a field of type `IRepository<Order>`."""
    if b"Repository<" not in reader.content:
        return
    held = {match[2].decode(): match[1].decode() for match in REPOSITORY.finditer(reader.content)}
    for name, model in held.items():
        pattern = re.compile(
            rb"(?<![\w.])"
            + re.escape(name.encode())
            + rb"\s*\.\s*(?:GetAll|Query|AsQueryable|Table|Entities|Find)\b"
        )
        for count, match in enumerate(pattern.finditer(reader.content)):
            if count >= MAX_USES:
                break
            node = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
            start = beginning(node, called=False) if node is not None else None
            above = start.parent if start is not None else None
            if above is not None and above.type == "invocation_expression":
                if reader.arguments_of(above):
                    continue
                start = above
            if start is not None:
                yield from grown(reader, model, start)


def beginning(node: Node, *, called: bool) -> Node | None:
    """`ctx.Orders`, or the call `ctx.Set<Order>()`, around a name."""
    at: Node | None = node
    for _ in range(6):
        if at is None:
            return None
        wanted = "invocation_expression" if called else "member_access_expression"
        if at.type == wanted:
            return at
        at = at.parent
    return None


def grown(
    reader: CSharpSyntax, name: str, start: Node, query: Node | None = None
) -> Iterator[Chain]:
    """The chain from its start; where a variable holds it, once for each use that ends it."""
    links, whole = climbed(reader, start)
    variable = held_by(reader, whole)
    function = function_around(reader, whole)
    done = any(link.name.removesuffix("Async") in ENDS for link in links)
    if not variable or function is None or done:
        yield Chain(name, links, whole, query)
        return
    holder = declaration_of(whole)
    extended = list(links)
    ended = False
    for use in uses(reader, variable, whole, function):
        more, outer = climbed(reader, use)
        choices = branches(reader, use, holder)
        more = [Link(link.name, link.call, choices) for link in more]
        if assigned_to(reader, outer) == variable:
            extended.extend(more)
        elif more or not handed_on(outer):
            ended = True
            tail = [Link(link.name, link.call) for link in more]
            yield Chain(name, [*extended, *tail][:MAX_LINKS], outer, query)
        else:
            ended = True
            yield Chain(name, extended[:MAX_LINKS], whole, query)
    if not ended and (extended or query is not None):
        yield Chain(name, extended[:MAX_LINKS], whole, query)


def climbed(reader: CSharpSyntax, start: Node) -> tuple[list[Link], Node]:
    """The calls made on an expression, and the outermost of them."""
    links: list[Link] = []
    at = start
    for _ in range(MAX_LINKS * 2):
        above = at.parent
        if above is None:
            break
        if above.type in WRAPPERS and above.type != "await_expression":
            at = above
            continue
        if (
            above.type == "member_access_expression"
            and above.child_by_field_name("expression") == at
        ):
            call = above.parent
            if call is None or call.type != "invocation_expression":
                break
            named = above.child_by_field_name("name")
            links.append(Link(reader.plain(named) if named is not None else "?", call))
            at = call
            continue
        break
    return links, at


def held_by(reader: CSharpSyntax, whole: Node) -> str:
    """The local variable that an expression is given to; not what is awaited, which is a result."""
    above = whole.parent
    if above is not None and above.type == "variable_declarator":
        return reader.definition_name(above)
    return assigned_to(reader, whole)


def assigned_to(reader: CSharpSyntax, whole: Node) -> str:
    above = whole.parent
    if above is None or above.type != "assignment_expression":
        return ""
    left = above.child_by_field_name("left")
    right = above.child_by_field_name("right")
    if left is None or right != whole or left.type != "identifier":
        return ""
    return reader.text(left)


def handed_on(outer: Node) -> bool:
    """Given to another function, or returned."""
    above = outer.parent
    return above is not None and above.type in (
        "argument",
        "return_statement",
        "arrow_expression_clause",
    )


def function_around(reader: CSharpSyntax, node: Node) -> Node | None:
    return reader.function_around(node)


def declaration_of(whole: Node) -> Node:
    """The statement that an expression stands in."""
    at = whole
    for _ in range(12):
        above = at.parent
        if above is None or above.type in ("block", "declaration_list", "compilation_unit"):
            break
        at = above
    return at


def uses(reader: CSharpSyntax, variable: str, after: Node, function: Node) -> Iterator[Node]:
    """Where a variable is taken up behind its first value, up to the next value of another kind."""
    pattern = re.compile(rb"(?<![\w.])" + re.escape(variable.encode()) + rb"\b(?!\s*(?:=[^=>]|:))")
    found = pattern.finditer(reader.content, after.end_byte, function.end_byte)
    for count, match in enumerate(found):
        if count >= MAX_USES:
            return
        node = reader.root.descendant_for_byte_range(match.start(), match.end())
        if node is not None and node.type == "identifier":
            yield node


def branches(reader: CSharpSyntax, node: Node, sure: Node) -> Choices:
    """The branches around a node that may be passed by when `sure` is reached."""
    found: list[int] = []
    below = node
    for above in reader.ancestors(node):
        if above.start_byte <= sure.start_byte and sure.end_byte <= above.end_byte:
            break
        if above.type in BRANCHING and above.child_by_field_name("condition") != below:
            found.append(below.start_byte)
        below = above
    return frozenset(found)
