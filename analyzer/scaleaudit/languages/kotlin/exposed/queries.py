"""Queries of Exposed: `Orders.selectAll().where { Orders.code eq code }`, `Order.find { Orders.shop eq id }`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.java.jpa.flow import mentions, variable_of
from scaleaudit.languages.java.jpa.fluent import Asked, Column, condition
from scaleaudit.languages.kotlin.exposed.chains import Link, expressions, links_of
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_QUERIES = 500  # of one file
MAX_BRANCHES = 12
MAX_TEXT = 200
BEGUN = {
    "selectAll", "select", "selectBatched", "slice", "update", "deleteWhere", "deleteIgnoreWhere", "deleteAll",
    "find", "count", "all",
}  # fmt: skip
START = regex(
    rb"\.\s*(?:selectAll|select|selectBatched|slice|update|deleteWhere|deleteIgnoreWhere|deleteAll|find|count|all)\b\s*[({]"
)
JOINS = {"innerJoin", "leftJoin", "rightJoin", "fullJoin", "join", "crossJoin"}
NARROWING = {
    "where",
    "andWhere",
    "select",
    "find",
    "deleteWhere",
    "deleteIgnoreWhere",
    "count",
    "having",
}
PLAIN = {
    "selectAll", "slice", "adjustSlice", "adjustSelect", "all", "withDistinct", "withDistinctOn", "forUpdate", "notForUpdate",
    "with", "load", "offset", "update", "deleteAll", "fetchSize", "alias", "prepareSQL", "selectBatched",
    *JOINS, *NARROWING,
}  # fmt: skip
ONE_ROW = {"first", "firstOrNull", "single", "singleOrNull", "limit"}
TABLE = regex(r"[A-Z]\w*")
COLUMN = regex(r"(?:[a-z]\w*\[)?(?:[A-Z]\w*\.)*?([A-Z]\w*)\.([a-z]\w*)\]?")
NAMED = regex(r"(?<![\w.])([A-Z]\w*)\.([a-z]\w*)(?![\w(.])")
OWN = regex(r"[a-z]\w*")


class Asking(Gathering):
    """What the calls of a query add up to."""

    model: str
    tables: list[str]
    asked: Asked = msgspec.field(default_factory=Asked)
    more: list[Condition] = msgspec.field(default_factory=list)
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    partial: bool = False
    changes: str = ""


def queries(reader: JvmReader) -> Iterator[OrmQuery]:
    seen: set[int] = set()
    for number, match in enumerate(START.finditer(reader.content)):
        if number >= MAX_QUERIES:
            return
        leaf = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
        top = whole(leaf) if leaf is not None else None
        if top is None or top.id in seen:
            continue
        seen.add(top.id)
        root, links = links_of(reader, top)
        tables = tables_of(reader, root, links)
        if not tables or not any(link.name in BEGUN for link in links):
            continue
        for added, known in ways(reader, top):
            yield told(reader, top, tables, [*links, *added], known=known)


def whole(node: Node) -> Node | None:
    """The chain around the arguments of one of its calls."""
    at: Node | None = node
    for _ in range(4):
        if at is None or at.type == "call_expression":
            break
        at = at.parent
    if at is None or at.type != "call_expression":
        return None
    for _ in range(60):
        above = at.parent
        if above is None or above.type not in ("call_expression", "navigation_expression"):
            break
        if above.named_children[0] != at:
            break
        if above.type == "navigation_expression":
            outer = above.parent
            if outer is None or outer.type != "call_expression" or outer.named_children[0] != above:
                break
            at = outer
        else:
            at = above
    return at


def ways(reader: JvmReader, top: Node) -> Iterator[tuple[list[Link], bool]]:
    """What is always called on the variable that holds a query, and that with what each branch adds."""
    held = variable_of(reader, top)
    always: list[Link] = []
    branches: dict[int, list[Link]] = {}
    known = True
    for mention in mentions(reader, held, top) if held else ():
        known = known and not mention.handed_on
        if mention.calls:
            _, links = links_of(reader, mention.calls[-1])
            (branches.setdefault(mention.branch, []) if mention.branch else always).extend(links)
    yield always, known
    for added in list(branches.values())[:MAX_BRANCHES]:
        yield sorted([*always, *added], key=lambda link: link.call.start_byte), known


def tables_of(reader: JvmReader, root: Node, links: list[Link]) -> list[str]:
    """`Orders`, `(Orders innerJoin Shops)`, `Orders.join(Shops, ...)`: in the order they are named."""
    found: list[str] = []
    waiting = [root]
    while waiting:
        node = waiting.pop(0)
        if node.type == "parenthesized_expression" and node.named_children:
            waiting[:0] = node.named_children
        elif node.type == "infix_expression" and reader.text(node.named_children[1]) in JOINS:
            waiting[:0] = [node.named_children[0], node.named_children[2]]
        elif node.type == "call_expression":
            inner, more = links_of(reader, node)
            if inner.id == node.id:
                return found  # a function of the program
            waiting[:0] = [inner, *(a for k in more if k.name in JOINS for a in k.args[:1])]
        elif TABLE.fullmatch(reader.text(node)[:100].rpartition(".")[2]):
            found.append(reader.text(node).rpartition(".")[2])
        else:
            return found
    for link in links:
        if link.name in JOINS and link.args and TABLE.fullmatch(reader.text(link.args[0])[:100]):
            found.append(reader.text(link.args[0]))
    return found


def told(
    reader: JvmReader, top: Node, tables: list[str], links: list[Link], *, known: bool
) -> OrmQuery:
    asking = Asking(tables[0], tables, partial=not known)
    for link in links:
        if not take(reader, link, asking):
            break
    added = [k.call for k in links if k.call.start_byte >= top.end_byte and k.name in NARROWING]
    place = added[-1] if added else top
    conditions = [
        Condition(
            c.column.path, c.operator, c.clause, c.column.function, c.alternative, c.group, c.branch, c.constant,
            c.column.owner if c.column.owner != asking.model else "",
        )
        for c in asking.asked.compared
    ]  # fmt: skip
    return OrmQuery(
        reader.span(place), "exposed", asking.model, excerpt(reader.content, place, MAX_TEXT),
        conditions=(*conditions, *asking.more), limited=asking.limited, aggregate=asking.aggregate,
        grouped=asking.grouped, partial=asking.partial or asking.asked.lost, in_loop=reader.in_loop(top),
        writes=asking.changes == "update", deletes=asking.changes == "delete", scope=reader.scope(top),
    )  # fmt: skip


def take(reader: JvmReader, link: Link, asking: Asking) -> bool:
    """One call; False when what follows is about rows that have been read."""
    name = link.name
    if name in JOINS:
        given = " ".join(reader.text(each) for each in (*link.args[1:], *link.lambdas))
        asking.more += [
            Condition(column, "=", Clause.JOIN, model=owner if owner != asking.model else "")
            for owner, column in NAMED.findall(given)
            if owner != "JoinType"
        ]
    elif name in ("update", "upsert"):
        asking.changes = "update"
        narrow(reader, link.args[:1], asking)
        asking.partial |= not link.args and len(link.lambdas) > 1
    elif name in NARROWING:
        asking.changes = "delete" if name.startswith("delete") else asking.changes
        asking.aggregate |= name == "count"
        by_columns = name == "select" and not link.lambdas
        bare = name.startswith("delete")
        narrow(reader, link.lambdas or ([] if by_columns else link.args), asking, bare=bare)
    elif name == "orWhere":
        asking.partial = True
        asking.asked.compared.clear()
    elif name == "orderBy":
        for arg in link.args:
            match = COLUMN.match(reader.text(arg))
            if match is not None:
                of = "" if match[1] == asking.model else match[1]
                asking.more.append(Condition(match[2], "sort", Clause.SORT, model=of))
    elif name == "groupBy":
        asking.grouped = True
    elif name in ONE_ROW:
        asking.limited = True
        return name == "limit"
    elif name in ("deleteAll", "empty", "any"):
        asking.changes = "delete" if name == "deleteAll" else asking.changes
    elif name in ("apply", "let", "run", "also"):
        asking.partial = True
        return False
    elif name not in PLAIN:
        return False
    return True


def narrow(reader: JvmReader, given: list[Node], asking: Asking, *, bare: bool = False) -> None:
    """Adds what conditions ask; `bare`: columns may stand there without their table."""

    def resolve(node: Node) -> Column | None:
        text = reader.text(node)[:200]
        match = COLUMN.fullmatch(text)
        if match is not None:
            return Column(match[1], match[2])
        return Column(asking.model, text) if bare and own_column(reader, node, text) else None

    for each in given:
        said = expressions(each)
        if len(said) != 1:
            asking.partial |= bool(said)
            continue
        condition(reader, said[0], resolve, asking.asked)


def own_column(reader: JvmReader, node: Node, text: str) -> bool:
    """`deleteWhere { code eq x }`: a name that nothing else in the function stands for."""
    if node.type != "identifier" or not OWN.fullmatch(text) or reader.local(text, node) is not None:
        return False
    around = reader.function_around(node)
    head = around.named_children[1:2] if around is not None else []
    return f"{text}:" not in reader.text(head[0]).replace(" ", "") if head else True
