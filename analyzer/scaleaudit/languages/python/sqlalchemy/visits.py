"""Loops over the rows of a query, and what templates are handed: what is read of each row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION, RowsSource, RowsVisited, ViewRendered
from scaleaudit.languages.python.loops_over import loops
from scaleaudit.languages.python.row_reads import reads_of
from scaleaudit.languages.python.sqlalchemy.meant import CLASS, class_of
from scaleaudit.languages.python.sqlalchemy.starts import Form, starts
from scaleaudit.languages.python.sqlalchemy.syntax import (
    bare,
    given,
    last_name,
    literal,
    receiver,
    shown,
)
from scaleaudit.languages.python.sqlalchemy.vocabulary import LOADERS
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader

FRAMEWORK = "sqlalchemy"
TEMPLATES = "django"  # Jinja's templates are read together with Django's
RENDERED = regex(rb"(?<![\w.])render_template\(")
MAX_RENDERED = 200  # calls in one file
MAX_TEXT = 8_000  # bytes of one query
MAX_DEPTH = 4  # variables behind variables
MAX_CALLS = 30  # of one chain
FEW = 10  # rows that a literal limit leaves, of which nobody need care
LIMIT = regex(r"\.limit\(\s*(\d+)\s*\)|\[\s*:\s*(\d+)\s*\]")
# What the rows are no objects of the class any more by, or not all of them.
OTHER_ROWS = regex(
    r"\.(?:with_entities|add_columns?|add_entity|with_only_columns|values|mappings|tuples|first|one"
    r"|one_or_none|scalar|scalar_one|scalar_one_or_none|get|first_or_404|one_or_404|get_or_404|count"
    r"|delete|update|keys|union|union_all|subquery|distinct|select_from|from_self|from_statement)\("
)
# `joinedload(Order.lines)`, `.selectinload(Line.product)`, `joinedload("lines.product")`
LOADED = re.compile(
    rf"(\)\s*\.\s*)?\b({'|'.join(sorted(LOADERS))})\(\s*(?:[\w.]*\.(\w+)|[\"']([\w.]+)[\"'])"
)
OPTIONS = regex(r"\boptions\(\s*")
# Options that are no loaders of relations.
PLAIN = regex(
    rf"(?:\w+\.)*(?:{'|'.join(sorted(LOADERS))}|load_only|defer|undefer|noload|raiseload|lazyload)\("
)


def visits(reader: PythonReader) -> Iterator[Fact]:
    """Rows that are surely objects of one class, and more than a few of them."""
    begun = starts(reader.content)
    if not begun:
        return
    for loop in loops(reader):
        rows = rows_of(reader, begun, loop.over, 0)
        if rows is None:
            continue
        reads = reads_of(reader, loop.name, loop.region, None, *loop.without)
        if reads:
            yield RowsVisited(reader.span(loop.over), rows, reads, reader.scope(loop.node))
    yield from rendered(reader, begun)


def rendered(reader: PythonReader, begun: list[tuple[int, Form]]) -> Iterator[ViewRendered]:
    """`render_template("orders.html", orders=orders)`."""
    calls = RENDERED.finditer(reader.content) if b"render_template(" in reader.content else ()
    for _, match in zip(range(MAX_RENDERED), calls, strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        call = leaf.parent if leaf is not None else None
        if call is None or call.type != "call":
            continue
        handed = given(call, reader)
        view = literal(reader, handed.args[0]) if handed.args else ""
        for name, value in handed.keywords.items() if view else ():
            rows = rows_of(reader, begun, value, 0)
            if rows is not None:
                yield ViewRendered(rows.at, view, name, rows, TEMPLATES, scope=reader.scope(call))


def rows_of(
    reader: PythonReader, begun: list[tuple[int, Form]], node: Node, depth: int
) -> RowsSource | None:
    """What a query gives that stands there, or in the variable that is named there."""
    node = bare(node)
    if depth > MAX_DEPTH or node.end_byte - node.start_byte > MAX_TEXT:
        return None
    if node.type == "identifier":
        return held(reader, begun, node, depth)
    if node.type == "attribute":  # `orders.paginate(...).items`, `page.items`
        name, of = node.child_by_field_name("attribute"), node.child_by_field_name("object")
        paged = name is not None and reader.hint(name) == "items"
        return rows_of(reader, begun, of, depth + 1) if paged and of is not None else None
    if node.type != "call":
        return None
    text = reader.text(node)
    if OTHER_ROWS.search(text) is not None or few(text):
        return None
    model = model_asked(reader, begun, node)
    if not model:
        return gone_on_with(reader, begun, node, depth)
    return RowsSource(
        framework=FRAMEWORK,
        model=model,
        text=shown(reader, node),
        eager=tuple(loaded_along(text)),
        at=reader.span(node),
    )


def gone_on_with(
    reader: PythonReader, begun: list[tuple[int, Form]], node: Node, depth: int
) -> RowsSource | None:
    """`q.order_by(Order.id).all()`, `session.execute(q).scalars()` of a variable."""
    at = node
    for _ in range(MAX_CALLS):
        of, name, args = receiver(at), last_name(reader, at), given(at, reader).args
        if name not in AROUND or (of is None and not args):
            return None
        at = bare(args[0] if args and name in RUNNING else of or args[0])
        if at.type != "call":
            break
    rows = rows_of(reader, begun, at, depth + 1) if at.type == "identifier" else None
    return rows and with_more(rows, loaded_along(reader.text(node)))


def with_more(rows: RowsSource, loaded: Iterable[str]) -> RowsSource:
    eager = tuple(dict.fromkeys([*rows.eager, *loaded]))
    return RowsSource(rows.framework, rows.model, rows.text, eager=eager, at=rows.at)


def held(
    reader: PythonReader, begun: list[tuple[int, Form]], node: Node, depth: int
) -> RowsSource | None:
    """A variable that is given one query, and after that only more of the same: `q = q.filter()`."""
    name = reader.hint(node)
    values = [bare(value) for value in reader.assigned_here(name, node)]
    goes_on = re.compile(rf"{re.escape(name)}\s*\.")
    first = [value for value in values if goes_on.match(reader.text(value)) is None]
    if len(first) != 1 or first[0].start_byte > node.start_byte or first[0].id == node.id:
        return None
    rows = rows_of(reader, begun, first[0], depth + 1)
    if rows is None or len(values) == 1:
        return rows
    more = [reader.text(value) for value in values if value.id != first[0].id]
    if any(OTHER_ROWS.search(text) is not None or few(text) for text in more):
        return None
    return with_more(rows, (each for text in more for each in loaded_along(text)))


def model_asked(reader: PythonReader, begun: list[tuple[int, Form]], node: Node) -> str:
    """The one class that a query asks for as objects, where it is the whole expression."""
    within = [each for each in begun if node.start_byte <= each[0] < node.end_byte]
    if not within:
        return ""
    at, form = within[0]
    leaf = reader.root.descendant_for_byte_range(at, at + 1)
    holder = leaf.parent if leaf is not None else None
    if leaf is None or holder is None or not outermost_of(reader, node, leaf):
        return ""
    if form is Form.CLASS:
        written = reader.text(holder) if holder.type == "attribute" else ""
        model = written.partition(".query")[0]
    elif form in (Form.SESSION, Form.FUNCTION):
        call = holder.parent if holder.type == "attribute" else holder
        if (
            call is None
            or call.type != "call"
            or last_name(reader, call) not in ("query", "select")
        ):
            return ""
        args = given(call, reader).args
        model = class_of(reader, args[0]) if len(args) == 1 else ""
    else:
        return ""
    return model if CLASS.fullmatch(model.rpartition(".")[2]) else ""


# Around a statement, what leaves its rows as they are.
AROUND = frozenset(
    """
    all scalars unique execute exec to_list options filter filter_by where join outerjoin order_by group_by
    limit offset paginate execution_options with_for_update having query select yield_per stream_scalars
    list sorted reversed populate_existing enable_eagerloads params prefix_with with_hint
    """.split()  # noqa: SIM905 - a table to be read
)


# Of these, what is handed a statement or its rows.
RUNNING = frozenset({"execute", "exec", "scalars", "stream_scalars", "list", "sorted", "reversed"})


def outermost_of(reader: PythonReader, node: Node, leaf: Node) -> bool:
    """Nothing but methods of queries and what runs them stands around the beginning."""
    for above in reader.ancestors(leaf):
        if above.type == "call" and above.start_byte <= leaf.start_byte < above.end_byte:
            name = last_name(reader, above)
            if name not in AROUND:
                return False
        if above.id == node.id:
            return True
        if above.type not in (
            "call",
            "attribute",
            "argument_list",
            "parenthesized_expression",
            "await",
        ):
            return False
    return False


def few(text: str) -> bool:
    return any(int(match[1] or match[2]) <= FEW for match in LIMIT.finditer(text))


def loaded_along(text: str) -> Iterator[str]:
    """Relations that options load with the rows, dotted; any where an option is not understood."""
    for match in OPTIONS.finditer(text):
        if PLAIN.match(text, match.end()) is None:
            yield ANY_RELATION
    path = ""
    for match in LOADED.finditer(text):
        name = match[3] or match[4]
        path = f"{path}.{name}" if match[1] and path else name
        if match[2] != "lazyload":
            yield path
