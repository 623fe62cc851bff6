"""What each method of a query set does to the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.conditions import excluded, of_arguments
from scaleaudit.languages.python.django.eager import loaded_along
from scaleaudit.languages.python.django.logic import All, AnyOf, Asked
from scaleaudit.languages.python.django.lookups import sort_path
from scaleaudit.languages.python.django.nodes import arguments_of, bare, text_of
from scaleaudit.languages.python.django.sorting import (
    UNSORTED,
    end_of_order,
    latest_by,
    sorted_by_all,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.chains import Step
    from scaleaudit.languages.python.django.known import Known, Rows
    from scaleaudit.languages.python.reader import PythonReader

# Source: "QuerySet API reference".
FILTERS = frozenset({"filter", "exclude", "get", "complex_filter"})
SAME = frozenset(
    """
    all using defer only select_for_update reverse none get_queryset get_query_set datetimes
    dates db_manager non_polymorphic resolve_expression
    """.split()  # noqa: SIM905 - a table to be read
)
LIMITED = frozenset({"first", "last", "exists", "contains"})
# One row of an order, whose names projects give to methods of their own that are no such thing.
REDEFINED = frozenset({"first", "last", "earliest", "latest"})
COUNTS = frozenset({"count", "aggregate"})
MAKING = frozenset({"create", "bulk_create"})
GET_OR = frozenset({"get_or_create", "update_or_create"})
CHANGES = frozenset({"update", "bulk_update", "delete"})
# After these there is a row, a number or nothing, and what a chain goes on with is another matter.
ENDING = LIMITED | COUNTS | MAKING | GET_OR | CHANGES | {"get", "earliest", "latest", "in_bulk"}
COMBINES = frozenset({"union", "intersection", "difference", "extra"})
AGGREGATES = frozenset(
    """
    Count Sum Avg Min Max StdDev Variance ArrayAgg StringAgg BoolAnd BoolOr JSONBAgg BitAnd BitOr
    """.split()  # noqa: SIM905 - a table to be read
)
# By these a query set is told from lists, dictionaries and other libraries' objects.
CERTAIN = frozenset(
    """
    filter exclude order_by select_related prefetch_related values_list annotate exists in_bulk
    earliest latest get_or_create update_or_create bulk_create bulk_update select_for_update iterator
    get_queryset
    """.split()  # noqa: SIM905 - a table to be read
)
# Methods of what manages a relation that are no queries of its rows.
RELATED = frozenset({"add", "remove", "set", "clear", "aadd", "aremove", "aset", "aclear"})
ASYNC = frozenset(
    """
    aget afirst alast acount aexists aaggregate acreate abulk_create aget_or_create
    aupdate_or_create aupdate abulk_update adelete aiterator ain_bulk aearliest alatest acontains
    """.split()  # noqa: SIM905 - a table to be read
)
METHODS = (
    FILTERS | SAME | LIMITED | COUNTS | MAKING | GET_OR | CHANGES | COMBINES | CERTAIN | ASYNC
    | {"values", "distinct", "alias"}
)  # fmt: skip
# Managers of content types and sites keep what they found once.
REMEMBERED = frozenset({"get_for_model", "get_for_models", "get_for_id", "get_current"})
TEXT_CALLS = frozenset({"raw"})


def plain(name: str) -> str:
    return name[1:] if name in ASYNC else name


def apply(known: Known, rows: Rows, step: Step) -> bool:
    """One call of the chain on rows, in place; False when nothing can be said of the whole."""
    reader = known.reader
    name = plain(step.name)
    rows.certain = rows.certain or name in CERTAIN
    given = arguments_of(reader, step.node)
    if name in REDEFINED:
        rows.built_in.append(step.name)
    if name in FILTERS:
        if name == "get" and given.given and not is_q(reader, given.given[0]):
            return False
        if any(each.type in ("lambda", "comparison_operator") for each in given.given):
            return False
        if name == "get" and given.named:
            rows.certain = True
        more = of_arguments(known, given)
        narrow(rows, excluded(more) if name == "exclude" else more)
        if name == "get":
            rows.sorts = [UNSORTED]  # one row has no order; Django takes the model's own away
            rows.limited = rows.ended = True
            rows.kind = "one"
    elif name == "order_by":
        rows.shuffled = any(text_of(reader, each) == "?" for each in given.given)
        # Without arguments it takes the model's own order away: rows come as they lie.
        rows.sorts = sorted_by_all(reader, rows, given.given) if given.given else [UNSORTED]
    elif name in ("earliest", "latest"):
        words = [*given.given, *(each for key, each in given.named.items() if key == "field_name")]
        rows.sorts = (
            sorted_by_all(reader, rows, words) if words else latest_by(known, rows.model)
        ) or rows.sorts
        rows.limited = rows.ended = True
        rows.kind = "one"
    elif name in ("values", "values_list"):
        rows.plain = True
    elif name == "distinct":
        rows.grouped = True
    elif name in ("annotate", "alias"):
        annotate(reader, rows, given.named)
    elif name == "select_related":
        rows.eager += loaded_along(reader, given)
    elif name == "prefetch_related":
        rows.eager += loaded_along(reader, given)
        rows.loads += [path for each in given.given if (path := loaded(reader, each))]
    elif name in LIMITED:
        rows.limited = rows.ended = True
        rows.aggregate = rows.aggregate or name in ("exists", "contains")
        rows.kind = "one" if name in ("first", "last") else "none"
    elif name in COUNTS:
        rows.aggregate = rows.ended = True
        rows.kind = "none"
        end = end_of_order(reader, given) if name == "aggregate" and not rows.grouped else None
        if end is not None:
            rows.sorts, rows.limited, rows.at_end = [end], True, True
    elif name == "in_bulk":
        field = text_of(reader, given.named.get("field_name")) or "pk"
        if given.given or "id_list" in given.named:
            narrow(rows, All([Asked(field, "in")]))
        rows.ended = True
        rows.kind = "none"
    elif name == "iterator":
        rows.streamed = True
    elif name in MAKING or name.startswith("create_"):
        rows.inserts = rows.writes = rows.ended = True
        rows.kind = "one"
    elif name in GET_OR:
        narrow(rows, of_arguments(known, given, ("defaults", "create_defaults")))
        rows.sorts = [UNSORTED]
        rows.limited = rows.ended = rows.inserts = True
        rows.kind = "one"
    elif name in CHANGES:
        rows.writes = rows.ended = True
        rows.deletes = name == "delete"
        if name == "bulk_update":
            narrow(rows, All([Asked("pk", "in")]))
        rows.kind = "none"
    elif name in COMBINES:
        rows.asked.partial = True
    elif name in RELATED or name in TEXT_CALLS or name in REMEMBERED:
        return False
    elif name not in SAME:
        rows.scopes.append(step.name)
    if name == "none":
        return False
    rows.steps += 1
    return True


def narrow(rows: Rows, more: All) -> None:
    """Adds conditions; what is asked of annotations is left out, since it is no column."""
    kept: list[Asked | AnyOf] = []
    narrowed = more.narrowed
    rows.scopes += more.parts
    for member in more.members:
        resolved = _resolved(rows, member)
        if resolved is None:
            narrowed = True
        else:
            kept.append(resolved)
    extended = []
    for node, each in more.extended:
        inner = [_resolved(rows, member) for member in each.members]
        if all(member is not None for member in inner):
            extended.append((node, each))
    rows.asked.add(All(kept, more.partial, narrowed, extended))


def _resolved(rows: Rows, member: Asked | AnyOf) -> Asked | AnyOf | None:
    if not rows.named:
        return member
    if isinstance(member, Asked):
        head, _, rest = member.path.partition(".")
        if head not in rows.named:
            return member
        column = rows.named[head]
        if not column or rest:
            return None
        path, _, function = column.partition("|")
        return Asked(path, member.operator, function or member.function, member.constant)
    sides = []
    for side in member.sides:
        inner = [_resolved(rows, each) for each in side.members]
        if any(each is None for each in inner):
            return None
        sides.append(All([each for each in inner if each is not None], side.partial))
    return AnyOf(sides)


def is_q(reader: PythonReader, node: Node) -> bool:
    """Anything that may be a Q object."""
    node = bare(node)
    if node.type in ("binary_operator", "unary_operator"):
        return True
    if node.type == "call":
        return reader.callee(node).rpartition(".")[2] in ("Q", "Exists")
    return False


def annotate(reader: PythonReader, rows: Rows, named: dict[str, Node]) -> None:
    """Remembers the names; those of a plain column, or of a function of one, with the column."""
    for name, value in named.items():
        value = bare(value)
        column = ""
        if value.type == "call":
            last = reader.callee(value).rpartition(".")[2]
            if last in AGGREGATES:
                rows.grouped = True
                # GROUP BY takes the model's own order away (Django 3.1's release notes).
                rows.sorts = rows.sorts or [UNSORTED]
            given = arguments_of(reader, value).given
            text = text_of(reader, given[0]) if len(given) == 1 else None
            if text is not None and last == "F":
                column = sort_path(text)
            elif text is not None and last in ("Lower", "Upper", "TruncDate", "Trim"):
                function = {"TruncDate": "date"}.get(last, last.lower())
                column = f"{sort_path(text)}|{function}"
        rows.named[name] = column


def loaded(reader: PythonReader, node: Node) -> str:
    """The relation of an argument of `prefetch_related`."""
    node = bare(node)
    if node.type == "call" and reader.callee(node).rpartition(".")[2] == "Prefetch":
        given = arguments_of(reader, node)
        first = given.given[0] if given.given else given.named.get("lookup")
        if first is None or len(given.given) > 1 or "queryset" in given.named:
            return ""  # told with what its own query set asks
        node = bare(first)
    text = text_of(reader, node)
    return sort_path(text) if text is not None else ""
