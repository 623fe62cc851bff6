"""Queries of query sets: every chain of a file that reads or changes rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import BY_CALL, INHERITED, Clause, Condition, OrmQuery
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.python.django.chains import split
from scaleaudit.languages.python.django.evaluation import rows_of
from scaleaudit.languages.python.django.known import MAX_SPENT
from scaleaudit.languages.python.django.laziness import is_read
from scaleaudit.languages.python.django.listing import paged
from scaleaudit.languages.python.django.logic import All, laid_out
from scaleaudit.languages.python.django.marks import MAX_MARKS
from scaleaudit.languages.python.django.methods import ENDING, plain
from scaleaudit.languages.python.django.models import FRAMEWORK
from scaleaudit.languages.python.django.names import function_part
from scaleaudit.languages.python.django.nodes import arguments_of, text_of
from scaleaudit.languages.python.django.pages import in_pages
from scaleaudit.languages.python.django.sorting import UNSORTED
from scaleaudit.languages.python.django.uses import (
    follow_call,
    is_prefix,
    later_end,
    looked_up_in,
    prefetched_by,
)
from scaleaudit.languages.python.taken import taken
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known, Rows
    from scaleaudit.languages.python.reader import PythonReader

MAX_TEXT = 200
# Views without a list, and what would show that one of them reads its rows whole after all.
ONE_ROW = regex(
    r"(?:\w+\.)*(?:GenericAPIView|CreateAPIView|(?:Retrieve|Update|Destroy|RetrieveUpdate|RetrieveDestroy"
    r"|RetrieveUpdateDestroy)APIView|(?:Detail|Update|Delete)View)"
)
WHOLE = ("get_queryset(", ".queryset", "filter_queryset(", "super().get_object")
MAX_EXTENDED = 8  # additions in branches to one query that are told


def queries(known: Known, chains: Sequence[Node], taken: set[int]) -> Iterator[OrmQuery]:
    """`taken`: ids of chains that are told as scopes."""
    known.chains.update((chain.id, chain) for chain in chains)
    done: set[int] = set()
    while len(done) < len(known.chains) and len(done) < MAX_MARKS:
        # Telling one may find those that go on from a variable without a mark: `qs[:10]`.
        for chain in [each for each in known.chains.values() if each.id not in done]:
            done.add(chain.id)
            if chain.id not in taken and known.spent < MAX_SPENT:
                follow_call(known, chain)
                for ended in ended_within(known, chain):
                    yield from queries_of(known, ended)
                yield from queries_of(known, chain)


def ended_within(known: Known, chain: Node) -> Iterator[Node]:
    """Queries that a chain goes on from: `Order.objects.get(code=code).buyer.name`."""
    _, steps = split(known.reader, chain)
    for step in steps[:-1]:
        if step.kind != "index" and plain(step.name) not in ENDING:
            continue
        rows = rows_of(known, step.node)
        if rows is not None and rows.ended and rows.kind in ("one", "none"):
            yield step.node


def queries_of(known: Known, chain: Node) -> Iterator[OrmQuery]:
    rows = rows_of(known, chain)
    if rows is None or rows.kind not in ("rows", "one", "none") or not rows.steps:
        return
    if not rows.model and not (rows.certain or rows.steps):
        return
    if not rows.ended and not rows.limited:
        if rows.own and not rows.asked.members:
            return  # `return self.all()`
        if is_prefix(known, chain):
            return
        rows = later_end(known, chain, rows)
    if looked_up_in(known, chain):
        return
    prefetched = None
    if known.reader.says(b"Prefetch"):
        prefetched = prefetching(known, prefetched_by(known, chain))
    if prefetched is not None:
        outer, path = prefetched
        rows.sorts = [UNSORTED]  # all that is read is put in order, of many parents at once
        if outer is not None:
            rows = replace(rows, model=outer.model, via=(*outer.via, *path), limited=True)
        else:
            rows.asked.partial = True
    elif offered_by_class(known, chain):
        own = known.class_around(chain)
        if own is not None and ("get_queryset" in own.methods or one_by_key(known, own)):
            return  # told with what that adds
        rows.limited = True
    elif offered(chain, known.reader):
        rows.streamed = True
    elif rows.kind == "rows" and not rows.ended and not rows.limited and paged(known, chain):
        rows.limited = True
    if in_pages(known, chain):
        rows.skips = rows.limited = True
    if rows.cached and not rows.asked.members and not rows.sorts and not rows.writes:
        return  # read along with the object
    if not rows.ended and not rows.limited and not is_read(known, chain):
        rows.streamed = True  # somebody else reads it, or a part of it
    if rows.borrowed and not rows.asked.members and not rows.ended:
        rows.streamed = True  # the caller may have read these rows along
    if rows.given and not rows.asked.members:
        rows.streamed = True  # whoever calls says which rows
    if not rows.ended and of_query_set(known, rows.model):
        rows.streamed = True  # whoever calls says which rows
    for query in told(known, chain, rows):
        # What a function does with rows that it is handed, and nothing besides.
        handed = chain.type == "call" and function_part(known, chain) in rows.scopes
        yield replace(query, answers=INHERITED) if handed else query


def of_query_set(known: Known, name: str) -> bool:
    """`self` in a class of query sets, or a parameter of such a type: a manager begins at all rows."""
    own = known.by_name.get(name)
    kinds = own.bases if own is not None else (name,)
    return any(kind.partition("[")[0].endswith("QuerySet") for kind in kinds)


def told(known: Known, node: Node, rows: Rows) -> Iterator[OrmQuery]:
    """The query, and one more for each addition that only some runs make."""
    if not rows.model and not rows.via:
        return
    if (not rows.model or rows.model.endswith(BY_CALL)) and not rows.certain:
        return
    query = fact(known.reader, node, rows, rows.asked)
    yield query
    for place, more in rows.asked.extended[:MAX_EXTENDED]:
        whole = All([*rows.asked.members], rows.asked.partial, rows.asked.narrowed)
        whole.add(more)
        if more.members:
            extended = fact(known.reader, place, rows, whole)
            yield replace(extended, text=query.text)


def fact(reader: PythonReader, node: Node, rows: Rows, asked: All) -> OrmQuery:
    conditions: list[Condition] = laid_out(asked.members)
    seen: set[str] = set()
    for each in rows.sorts if not rows.aggregate or rows.at_end else ():
        if each.path not in seen:
            seen.add(each.path)
            conditions.append(Condition(each.path, "sort", Clause.SORT, each.function))
    return OrmQuery(
        at=reader.span(node),
        framework=FRAMEWORK,
        model=rows.model,
        text=shortened(reader, node),
        via=rows.via,
        conditions=tuple(conditions),
        scopes=tuple(rows.scopes),
        loads=tuple(dict.fromkeys(rows.loads)),
        limited=rows.limited,
        aggregate=rows.aggregate,
        grouped=rows.grouped,
        streamed=rows.streamed,
        partial=asked.partial or (asked.narrowed and not asked.members),
        in_loop=reader.in_loop(node)
        and not (rows.via and not conditions and read_along(reader, rows.via[-1])),
        writes=rows.writes and not rows.inserts,
        inserts=rows.inserts,
        scope=reader.scope(node),
        deletes=rows.deletes,
        shuffled=rows.shuffled,
        skips=rows.skips,
        built_in=tuple(rows.built_in),
        taken=taken(reader, node) if rows.kind == "rows" else (),
    )


def read_along(reader: PythonReader, relation: str) -> bool:
    """Whether the file names the relation among what it reads with a list."""
    if b"prefetch_related" not in reader.content:
        return False
    named = rf"prefetch_related[^#]{{0,2000}}?['\"](?:\w+__)*{re.escape(relation)}(?:__\w+)*['\"]"
    return re.search(named.encode(), reader.content) is not None


def shortened(reader: PythonReader, node: Node) -> str:
    return excerpt(reader.content, node, MAX_TEXT)


def prefetching(known: Known, chain: Node) -> tuple[Rows | None, tuple[str, ...]] | None:
    """Of a query set inside `Prefetch("lines", queryset=...)`: whose lines; None elsewhere."""
    reader = known.reader
    around = [above for _, above in zip(range(5), reader.ancestors(chain), strict=False)]
    call = next((each for each in around if each.type == "call"), None)
    if call is None or reader.callee(call).rpartition(".")[2] != "Prefetch":
        return None
    given = arguments_of(reader, call)
    first = given.given[0] if given.given else given.named.get("lookup")
    path = text_of(reader, first) if first is not None else None
    outer_call = next((a for a in reader.ancestors(call) if a.type == "call"), None)
    function = outer_call.child_by_field_name("function") if outer_call is not None else None
    of = function.child_by_field_name("object") if function is not None else None
    if path is None or of is None or "prefetch" not in reader.callee(outer_call or call):
        return None, ()
    rows = rows_of(known, of)
    if rows is None or rows.kind not in ("rows", "relation") or not rows.model:
        return None, ()
    return rows, tuple(path.split("__"))


def offered(chain: Node, reader: PythonReader) -> bool:
    """`queryset=` of a field: looked up in row by row, or shown for a choice."""
    holder = chain.parent
    name = holder.child_by_field_name("name") if holder is not None else None
    return (
        holder is not None
        and holder.type == "keyword_argument"
        and name is not None
        and reader.text(name) == "queryset"
    )


def one_by_key(known: Known, own: ClassRead) -> bool:
    """A view that takes its rows one by one: by the key, or the field that it names for that."""
    if not own.bases or not all(ONE_ROW.fullmatch(base) for base in own.bases):
        return False
    text = known.reader.text(own.node)
    return not any(word in text for word in WHOLE)


def offered_by_class(known: Known, chain: Node) -> bool:
    """`queryset = X.objects.all()` of a view, which shows pages and single rows of it."""
    holder = chain.parent
    left = holder.child_by_field_name("left") if holder is not None else None
    return (
        holder is not None
        and holder.type == "assignment"
        and left is not None
        and known.reader.text(left) == "queryset"
        and known.reader.function_around(chain) is None
    )
