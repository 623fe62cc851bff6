"""Queries that a repository is given, as facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, OrmQuery, QueryFound
from scaleaudit.languages.elixir.ecto.building import Bound, Query, condition
from scaleaudit.languages.elixir.ecto.expressions import keyword_conditions
from scaleaudit.languages.elixir.ecto.steps import loads
from scaleaudit.languages.elixir.syntax import (
    arguments,
    arguments_with_keywords,
    local_name,
    named,
    parts,
    piped,
    unwrapped,
    word,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from tree_sitter import Node

    from scaleaudit.languages.elixir.reader import ElixirReader

Asked: TypeAlias = "OrmQuery | QueryFound"
FRAMEWORK = "ecto"
MAX_TEXT = 160
MAX_OWNER = 200  # characters
REPOSITORY = regex(
    r"(?:^|[._(])(?:\w*[Rr]epo)(?:\.\w+)*(?:\([^()]*(?:\([^()]*\))?[^()]*\))?$|(?:^|_)repo\w*(?:\(.*\))?$"
)
BY_KEY = frozenset({"get", "get!"})
BY_FIELDS = frozenset({"get_by", "get_by!", "all_by"})
# What many repositories have beside Ecto's own: `{:ok, row}` in place of the row.
FETCHES = frozenset({"fetch", "fetch!", "find", "find!"})
FETCHES_BY = frozenset({"fetch_by", "fetch_by!", "find_by", "find_by!", "one_by", "one_by!"})
ONE = FETCHES_BY | {"one", "one!", "exists?", "get", "get!", "get_by", "get_by!"}
# What Ecto's repositories and transactions do with a query.
DOES = frozenset(
    {"all", "one", "one!", "exists?", "aggregate", "stream", "update_all", "delete_all", "preload",
     "get", "get!", "get_by", "get_by!", "all_by", "paginate", "insert_all"}
)  # fmt: skip
# What other modules do with a query that they do not extend.
EXECUTES = regex(r"(?:paginate|page|fetch|run|all|one|count|list|stream|execute|validate_and_run)")
PAGED = frozenset({"paginate"})
# What a repository adds to every query, this one asks to be without.
SKIPS = regex(r"\bskip_\w+:\s*true\b")
ROWS = frozenset({"get", "get!", "get_by", "get_by!", "one", "one!"})


def is_repository(owner: str) -> bool:
    return "epo" in owner and len(owner) <= MAX_OWNER and REPOSITORY.search(owner) is not None


def asking(
    reader: ElixirReader, node: Node, name: str, query: Query, rest: list[Node]
) -> Iterator[Asked]:
    """What a call of the repository asks; nothing where the start is not known."""
    if name == "preload":
        yield from preloaded(reader, node, query, rest)
        return
    if not query.known:
        return
    fetches = name in FETCHES and len(rest) == 1
    if name in BY_KEY or fetches:
        query = query.asking([condition(Bound(), "id", "=")])
    elif name in BY_FIELDS or name in FETCHES_BY:
        query = by_fields(query, rest)
    aggregate = query.aggregate or name == "aggregate"
    changes = name in ("update_all", "delete_all")
    yield told(
        reader,
        node,
        replace(query, limited=query.limited or fetches or name in ONE or name in PAGED,
                skips=query.skips or name in PAGED, aggregate=aggregate),
        writes=changes,
        deletes=name == "delete_all",
        inserts=name == "insert_all",
        streamed=name == "stream" or name not in DOES,
    )  # fmt: skip


def by_fields(query: Query, rest: list[Node]) -> Query:
    """`get_by(User, email: email)`, `get_by(User, %{email: email})`."""
    given = unwrapped(rest[0]) if rest else None
    if given is not None and given.type == "map":
        content = next((c for c in given.named_children if c.type == "map_content"), None)
        given = named(content)[0] if content is not None and named(content) else given
    found = keyword_conditions(given, Bound()) if given is not None else []
    return query.asking(found) if found else replace(query, partial=True)


def preloaded(reader: ElixirReader, node: Node, query: Query, rest: list[Node]) -> Iterator[Asked]:
    """`Repo.preload(orders, [:lines])`: the children of rows that are there."""
    found = [name for each in rest[:1] for name in loads(each)]
    for name in found:
        via = tuple(name.split("."))
        asked = replace(query, via=via, limited=True)
        yield told(reader, node, asked)


def told(
    reader: ElixirReader,
    node: Node,
    query: Query,
    *,
    writes: bool = False,
    deletes: bool = False,
    inserts: bool = False,
    streamed: bool = False,
) -> Asked:
    at = query.start
    text = " ".join(word(at if at.end_byte - at.start_byte > 20 else whole(reader, node)).split())
    if query.table:
        return of_table(reader, node, query, text, writes or deletes or inserts, streamed)
    return OrmQuery(
        reader.span(at),
        FRAMEWORK,
        query.model,
        text[:MAX_TEXT],
        via=query.via,
        conditions=query.conditions,
        scopes=query.scopes,
        loads=query.loads,
        limited=query.limited,
        aggregate=query.aggregate,
        grouped=query.grouped,
        streamed=streamed,
        partial=query.partial or query.given,
        in_loop=reader.in_loop(node),
        writes=writes,
        inserts=inserts,
        scope=reader.scope(node),
        deletes=deletes,
        shuffled=query.shuffled,
        skips=query.skips,
        without=("prepare_query",) if SKIPS.search(word(node)) is not None else (),
    )


def whole(reader: ElixirReader, node: Node) -> Node:
    """The pipe that a call stands in."""
    for above in reader.ancestors(node):
        if above.type != "binary_operator" or above.child_by_field_name("right") is None:
            break
        node = above
    return node


def of_table(
    reader: ElixirReader, node: Node, query: Query, text: str, changes: bool, streamed: bool
) -> QueryFound:
    """A query that names its table needs no schema; of relations it knows none."""
    own = [c for c in query.conditions if not c.model and "." not in c.path]
    lost = len(own) < len(query.conditions) or bool(query.scopes)
    return QueryFound(
        reader.span(query.start),
        text[:MAX_TEXT],
        reads=() if changes else (query.table,),
        writes=(query.table,) if changes else (),
        predicates=tuple(
            c.on(query.table, c.path, source=1)
            for c in own
            if c.clause is not Clause.JOIN
        ),
        limited=query.limited,
        aggregate=query.aggregate,
        partial=query.partial or query.given or lost,
        in_loop=reader.in_loop(node),
        streamed=streamed,
        library=FRAMEWORK,
        scope=reader.scope(node),
        grouped=query.grouped,
        shuffled=query.shuffled,
        skips=query.skips,
    )  # fmt: skip


def insertion(reader: ElixirReader, node: Node, given: list[Node]) -> list[Asked]:
    """`%Order{} |> Order.changeset(attrs) |> Repo.insert()`"""
    model = ""
    above = whole(reader, node)
    first = piped(above)[0] if given else node
    for start in (first, *given[:1]):
        model = model or struct_in(reader, start)
    if not model:
        return []
    return [told(reader, node, Query(whole(reader, node), model), inserts=True)]


def struct_in(reader: ElixirReader, node: Node) -> str:
    """`%Order{...}`, `Order.changeset(%Order{}, attrs)`."""
    node = unwrapped(node)
    if node.type == "call":
        given = arguments_with_keywords(node)
        node = unwrapped(given[0]) if given else node
    if node.type != "map":
        return ""
    struct = next((c for c in node.named_children if c.type == "struct"), None)
    inner = named(struct) if struct is not None else []
    return reader.module_named(inner[0]) if inner else ""


def asked_of(reader: ElixirReader, node: Node) -> str:
    """The schema of the row that an expression reads: `Repo.get!(User, id)`."""
    steps = piped(unwrapped(node))
    for step in reversed(steps):
        owner, name = parts(step)
        if is_repository(owner) and name in ROWS:
            given, _ = arguments(step)
            first = steps[0] if len(steps) > 1 else given[0] if given else None
            if first is not None and local_name(first) == b"from":
                inner, _ = arguments(first)
                inside = inner[0] if inner else None
                if inside is not None and inside.type == "binary_operator":
                    first = inside.child_by_field_name("right")
            return reader.module_named(first)
    return struct_in(reader, node) if node.type == "map" else ""
