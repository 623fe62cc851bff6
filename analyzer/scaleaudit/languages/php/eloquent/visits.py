"""Loops over the rows of a query, and what views are handed: relations that Eloquent loads lazily."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION, AttributeRead, RowsSource, RowsVisited, ViewRendered
from scaleaudit.languages.excerpts import one_line
from scaleaudit.languages.php.class_names import CALLS
from scaleaudit.languages.php.names import chain
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.eloquent.queries import Queries

LOOP = regex(
    rb"foreach(?<!\wforeach)\s*\((?P<rows>[^;{]{1,400}?)\s+as\s+(?:\$\w+\s*=>\s*)?\$(?P<item>\w+)\s*\)"
)
CLOSURE = regex(
    rb"->\s*(?:each|map|flatMap|filter|reject|sum|mapWithKeys|sortBy|transform)\(\s*(?:static\s+)?(?:function|fn)\s*\(\s*(?:[\w\\]+\s+)?\$(?P<item>\w+)"
)
VIEW = regex(
    rb"(?:view(?<![\w>]view)|View::make(?<![\w>]View::make))\(\s*['\"](?P<name>[\w.:/-]+)['\"]"
)
HANDED = regex(rb"['\"](?P<name>\w+)['\"]\s*=>\s*\$(?P<variable>\w+)\s*[,\])]")
COMPACT = regex(rb"compact\((?P<names>[^()]{1,300})\)")
WITH = regex(rb"->with\(\s*['\"](?P<name>\w+)['\"]\s*,\s*\$(?P<variable>\w+)\s*\)")
QUOTED = regex(rb"['\"](\w+)['\"]")
# What is read along by any query of the function.
LOADING = regex(rb"(?:->|::)(?:with|load|loadMissing|withOnly|loadMorph)\(")
RELATION = regex(rb"['\"](?P<path>[a-zA-Z_][\w.]*)(?::[\w,. ]*)?['\"]\s*(?P<more>=>)?")
ROWS = frozenset({"get", "all", "paginate", "simplePaginate", "cursorPaginate", "cursor", "lazy", "lazyById", "findMany"})  # fmt: skip
ONE = frozenset({"first", "firstOrFail", "find", "findOrFail", "sole", "firstWhere"})
SAME_ROWS = frozenset({"sortBy", "sortByDesc", "filter", "reject", "values", "reverse", "unique", "keyBy", "items", "withQueryString", "appends", "onEachSide"})  # fmt: skip
FEW = regex(rb"->(?:take|limit|get|paginate|simplePaginate|cursorPaginate)\(\s*(?:10|[1-9])\s*\)")
MAX_LOOPS = 300  # of one file
MAX_READS = 40  # of one loop
MAX_MENTIONS = 400  # of its item
MAX_DEPTH = 4
MAX_BODY = 40_000  # bytes of a loop, and of the function around it
MAX_ARGUMENTS = 2_000  # bytes of the arguments of one call


def visits(queries: Queries) -> Iterator[RowsVisited | ViewRendered]:
    reader = queries.reader
    content = reader.content
    for _, match in zip(range(MAX_LOOPS), LOOP.finditer(content), strict=False):
        loop = around(queries, match.start() + 1, ("foreach_statement",))
        body = loop.child_by_field_name("body") if loop is not None else None
        if loop is not None and body is not None and loop.named_children:
            yield from visit(queries, loop.named_children[0], body, match["item"])
    for _, match in zip(range(MAX_LOOPS), CLOSURE.finditer(content), strict=False):
        call = around(queries, match.start() + 2, CALLS)
        rows = call.child_by_field_name("object") if call is not None else None
        given = call.child_by_field_name("arguments") if call is not None else None
        if rows is not None and given is not None:
            yield from visit(queries, rows, given, match["item"])
    for _, match in zip(range(MAX_LOOPS), VIEW.finditer(content), strict=False):
        yield from view(queries, match["name"].decode(), match.start())


def around(queries: Queries, at: int, kinds: Container[str]) -> Node | None:
    leaf = queries.reader.root.descendant_for_byte_range(at, at + 1)
    if leaf is None:
        return None
    for _, above in zip(range(4), (leaf, *queries.reader.ancestors(leaf)), strict=False):
        if above.type in kinds:
            return above
    return None


def visit(queries: Queries, rows: Node, body: Node, item: bytes) -> Iterator[RowsVisited]:
    found = reads(queries, item, body)
    source = source_of(queries, rows, 0) if found else None
    if source is not None and not source.one:
        yield RowsVisited(queries.reader.span(rows), source, found, queries.reader.scope(rows))


def source_of(queries: Queries, node: Node, depth: int) -> RowsSource | None:
    """The rows of one model that an expression surely gives."""
    reader = queries.reader
    if depth > MAX_DEPTH:
        return None
    if node.type == "variable_name":
        given = assigned(queries, node)
        found = [source_of(queries, each, depth + 1) for each in given]
        several = [each for each in found if each is not None]
        if not several or len(several) != len(found):
            return None
        first = several[-1]
        same = {(each.model, each.via, each.one) for each in several}
        return first if len(same) == 1 else None
    if node.type not in CALLS:
        return None
    start, links = chain(reader, node)
    names = [link.name for link in links]
    ends = [position for position, name in enumerate(names) if name in ROWS | ONE]
    if not ends or any(name not in SAME_ROWS for name in names[ends[0] + 1 :]):
        return None
    function = reader.function_around(node)
    text = reader.content[node.start_byte : node.end_byte]
    if FEW.search(text) is not None or function is None:
        return None
    begun = queries.start(node)
    if begun is None and start.type == "variable_name":
        return None
    if begun is None:
        return None
    built, kept = begun.built, begun.kept
    if kept or not built.model:  # a builder in a variable: what it was begun with
        held = builder(queries, start, 0) if start.type == "variable_name" else None
        if held is None:
            return None
        model, via, scopes = held
    else:
        model, via, scopes = built.model, built.via, []
    own = built.copied()
    queries.follow(own, begun.links)
    end = min(function.end_byte, function.start_byte + MAX_BODY)
    along = eager(reader.content[function.start_byte : end])
    shown = one_line(text[:400].decode("utf-8", "replace"), 200)
    return RowsSource(
        framework="eloquent",
        model=model,
        text=shown,
        via=tuple(via),
        eager=along,
        scopes=tuple(dict.fromkeys([*scopes, *own.scopes])),
        one=names[ends[0]] in ONE,
        at=reader.span(node),
    )


def builder(
    queries: Queries, variable: Node, depth: int
) -> tuple[str, tuple[str, ...], list[str]] | None:
    """Model, relations and scopes of a query that a variable holds, the same for all assignments."""
    found = []
    for value in assigned(queries, variable):
        if value.type not in CALLS or depth > MAX_DEPTH:
            return None
        start, _ = chain(queries.reader, value)
        if start.type == "variable_name" and queries.reader.text(start) != "$this":
            if queries.reader.text(start) == queries.reader.text(variable):
                continue  # it goes on
            inner = builder(queries, start, depth + 1)
            if inner is None:
                return None
            found.append(inner)
            continue
        begun = queries.start(value)
        if begun is None or begun.kept or not begun.built.model:
            return None
        own = begun.built.copied()
        queries.follow(own, begun.links)
        found.append((begun.built.model, begun.built.via, own.scopes))
    if not found or len({(model, via) for model, via, _ in found}) != 1:
        return None
    return found[0][0], found[0][1], [scope for *_, scopes in found for scope in scopes]


def assigned(queries: Queries, variable: Node) -> list[Node]:
    """What the function gives to the variable before it is used there."""
    reader = queries.reader
    function = reader.function_around(variable)
    if function is None:
        return []
    form = re.compile(re.escape(reader.text(variable).encode()) + rb"\s*=(?![=>])")
    found: list[Node] = []
    for match in form.finditer(reader.content, function.start_byte, variable.start_byte):
        holder = around(queries, match.start() + 1, ("assignment_expression",))
        right = holder.child_by_field_name("right") if holder is not None else None
        if right is not None and right.end_byte <= variable.start_byte and len(found) < 8:
            found.append(right)
    return found


def eager(function: bytes) -> tuple[str, ...]:
    """All that any query of the function reads along; what is not spelled out may be anything."""
    found: dict[str, None] = {}
    for match in LOADING.finditer(function):
        given = bracketed(function, match.end())
        if given is None or not given.strip().startswith((b"'", b'"', b"[", b"array(")):
            found[ANY_RELATION] = None
            continue
        if b"..." in given or b"::" in given.partition(b"=>")[0] or b"array_merge" in given:
            found[ANY_RELATION] = None
        for each in RELATION.finditer(given):
            path = each["path"].decode()
            found[path] = None
            if each["more"] is not None:  # a closure, which may load more
                found[f"{path}.{ANY_RELATION}"] = None
    return tuple(found)


def bracketed(text: bytes, start: int) -> bytes | None:
    """Up to the bracket that closes the one before `start`."""
    depth = 1
    for at in range(start, min(len(text), start + MAX_ARGUMENTS)):
        byte = text[at : at + 1]
        if byte == b"(":
            depth += 1
        elif byte == b")":
            depth -= 1
            if depth == 0:
                return text[start:at]
    return None


def reads(queries: Queries, item: bytes, body: Node) -> tuple[AttributeRead, ...]:
    """The attributes that a body reads of an item, each once; methods are no relations."""
    reader = queries.reader
    form = re.compile(
        rb"\$" + item + rb"(?P<chain>(?:\s*\??->\s*\w+)+)(?P<called>\s*\()?(?P<given>\s*=(?![=>]))?"
    )
    end = min(body.end_byte, body.start_byte + MAX_BODY)
    found: dict[str, AttributeRead] = {}
    given: set[str] = set()
    mentions = form.finditer(reader.content, body.start_byte, end)
    for _, match in zip(range(MAX_MENTIONS), mentions, strict=False):
        parts = re.findall(r"\w+", match["chain"].decode("utf-8", "replace"))
        if match["called"] is not None:
            parts = parts[:-1]
        if match["given"] is not None:
            given.add(parts[0] if parts else "")
        elif parts and ".".join(parts) not in found and len(found) < MAX_READS:
            leaf = reader.root.descendant_for_byte_range(match.start(), match.end())
            at = reader.span(leaf if leaf is not None else body)
            found.setdefault(".".join(parts), AttributeRead(".".join(parts), at))
    return tuple(read for path, read in found.items() if path.partition(".")[0] not in given)


def view(queries: Queries, name: str, at: int) -> Iterator[ViewRendered]:
    """`view("orders.index", compact("orders"))`, `["orders" => $orders]`, `->with("orders", $orders)`."""
    reader = queries.reader
    call = around(queries, at, ("function_call_expression", "scoped_call_expression"))
    statement = call
    for above in reader.ancestors(call) if call is not None else ():
        if above.type.endswith("statement"):
            statement = above
            break
    if call is None or statement is None:
        return
    written = reader.content[statement.start_byte : statement.end_byte]
    handed = {
        m["name"]: m["variable"] for m in (*HANDED.finditer(written), *WITH.finditer(written))
    }
    for each in COMPACT.finditer(written):
        handed.update({word: word for word in QUOTED.findall(each["names"])})
    for named, variable in handed.items():
        leaf = used(queries, statement, variable)
        given = last_given(queries, call, variable) if leaf is None else source_of(queries, leaf, 0)
        if given is not None:
            yield ViewRendered(
                given.at, name, named.decode(), given, "blade", scope=reader.scope(call)
            )


def used(queries: Queries, statement: Node, variable: bytes) -> Node | None:
    """The variable as it is written in a statement."""
    form = re.compile(rb"\$" + re.escape(variable) + rb"\b")
    match = form.search(queries.reader.content, statement.start_byte, statement.end_byte)
    if match is None:
        return None
    return around(queries, match.start(), ("variable_name",))


def last_given(queries: Queries, call: Node, variable: bytes) -> RowsSource | None:
    """What a variable holds that `compact` names."""
    reader = queries.reader
    function = reader.function_around(call)
    if function is None:
        return None
    form = re.compile(rb"\$" + re.escape(variable) + rb"\s*=(?![=>])")
    found: list[RowsSource | None] = []
    for match in form.finditer(reader.content, function.start_byte, call.start_byte):
        holder = around(queries, match.start() + 1, ("assignment_expression",))
        right = holder.child_by_field_name("right") if holder is not None else None
        if right is not None:
            found.append(source_of(queries, right, 0))
    kinds = {(each.model, each.via, each.one) for each in found if each is not None}
    return found[-1] if found and None not in found and len(kinds) == 1 else None
