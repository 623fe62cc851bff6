"""What an expression stands for: the rows of a model, or one of them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from scaleaudit.facts import BY_CALL
from scaleaudit.languages.python.bindings import MAX_NAME
from scaleaudit.languages.python.django.chains import split
from scaleaudit.languages.python.django.conditions import of_arguments
from scaleaudit.languages.python.django.eager import led_on, of_others
from scaleaudit.languages.python.django.known import MAX_SPENT, Rows
from scaleaudit.languages.python.django.made_query_sets import of_own_model
from scaleaudit.languages.python.django.methods import METHODS, apply, narrow, plain
from scaleaudit.languages.python.django.names import (
    CLASS_NAME,
    SELVES,
    USER,
    handed_through,
    of_alias,
    of_class,
    of_local,
)
from scaleaudit.languages.python.django.nodes import arguments_of, bare
from scaleaudit.languages.python.django.pages import begins_later
from scaleaudit.languages.python.django.results import EVERYTHING, goes_on, related, returned
from scaleaudit.languages.python.django.selves import (
    HANDED_ROWS,
    ONE_METHODS,
    ROWS_METHODS,
    class_rows,
    inherited,
    itself,
    left_open,
    of_self,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.chains import Step
    from scaleaudit.languages.python.django.known import Known

MAX_PACKAGES = 5  # names before a class
MAX_BUSY = 24  # expressions that wait for each other
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
CONSTANT_NAME = regex(r"[A-Z][A-Z0-9_]+$")
# Of a relation that was read along, these ask nothing of the database.
CACHED = frozenset({"all", "count", "exists", "iterator"})
USER_OBJECTS = ("request.user", "context.user", "self.user")
# `get_object_or_404`, and what projects write for themselves in its manner.
GETS = regex(
    r"a?(?:get|find|fetch|first|one)_(?:object_|obj_|instance_|model_|one_|first_)?"
    r"or_(?:404|none|None|null|raise\w*|error\w*)$"
)
LISTS = frozenset({"get_list_or_404", "aget_list_or_404"})
SAME_ROWS = frozenset({"list", "sorted", "reversed", "set", "tuple", "iter"})


def rows_of(known: Known, node: Node) -> Rows | None:
    """None when nothing says that it is anything of a model."""
    before = known.rows.get(node.id)
    if before is not None:
        return before.copy()
    known.spent += 1
    if known.spent > MAX_SPENT or node.id in known.busy or len(known.busy) > MAX_BUSY:
        return None
    known.busy.add(node.id)
    try:
        found = _rows_of(known, node)
        if found is not None:
            known.rows[node.id] = found.copy()
        return found
    finally:
        known.busy.discard(node.id)


def _rows_of(known: Known, node: Node) -> Rows | None:
    root, steps = split(known.reader, bare(node))
    if root.type == "conditional_expression":
        sides = root.named_children
        return rows_of(known, sides[0]) if sides and not steps else None
    start, used = beginning(known, root, steps)
    if start is None:
        return None
    rows = start.copy()
    for at, step in enumerate(steps[used:], used + 1):
        after = taken(known, rows, step, steps[at:])
        if after is None:
            return None
        rows = after
    return rows


def taken(known: Known, rows: Rows, step: Step, rest: list[Step]) -> Rows | None:
    """One step further: a method of a query set, a relation, a slice."""
    kind = rows.kind
    if step.kind == "index":
        if kind not in ("rows", "relation") or rows.ended:
            return None
        rows.limited = True
        subscript = step.node.child_by_field_name("subscript")
        rows.kind = "rows" if subscript is not None and subscript.type == "slice" else "one"
        rows.skips = rows.kind == "rows" and begins_later(subscript)
        rows.ended = rows.kind == "one"
        return rows
    if step.kind == "name":
        if kind == "class":
            if step.name[:1].isupper():
                return None
            rows.kind = "rows"
            if not EVERYTHING.match(step.name):
                rows.scopes.append(step.name)
            return rows
        if kind in ("one", "relation"):
            return relation(rows, step.name)
        return None
    if kind == "view":
        if step.name in ROWS_METHODS:
            begun = class_rows(known, rows.scopes[0]) or of_others("rows", rows.model)
            return inherited(known, known.by_name[rows.scopes[0]], begun)
        if step.name in HANDED_ROWS:  # by filters that whoever asks may leave out
            handed = arguments_of(known.reader, step.node).given
            passed = known.evaluate(handed[0]) if handed else None
            return passed or left_open(of_others("rows", rows.model))
        return Rows("one", rows.model) if step.name in ONE_METHODS else None
    if kind in ("class", "one"):
        return of_method(known, rows, step)
    if rows.ended:
        return None
    if kind == "relation":
        if not (plain(step.name) in METHODS or goes_on(rest)):
            return None
        rows.kind = "rows"
        if step.name != "all":
            rows.loads, rows.cached = [], rows.cached and step.name in CACHED
            rows.eager = [] if step.name not in CACHED else rows.eager
    return rows if apply(known, rows, step) else None


def of_method(known: Known, rows: Rows, step: Step) -> Rows | None:
    """`Order.for_user(user)`, `order.open_lines()`: what a method of a class gives."""
    if rows.via or rows.ended:
        return None
    own = known.by_name.get(rows.model)
    if own is None:
        return Rows("rows", f"{rows.model}.{step.name}{BY_CALL}") if rows.model else None
    method = own.methods.get(step.name)
    return returned(known, method) if method is not None else None


def relation(rows: Rows, name: str) -> Rows:
    """What an attribute of an object leads to."""
    ahead, cached = f"{name}.", name in rows.loads
    deeper = [each.removeprefix(ahead) for each in rows.loads if each.startswith(ahead)]
    return Rows(
        "relation",
        rows.model,
        (*rows.via, name),
        loads=deeper,
        eager=led_on(rows.eager, name),
        cached=cached,
        borrowed=rows.borrowed,
    )


def beginning(known: Known, root: Node, steps: list[Step]) -> tuple[Rows | None, int]:
    """What the first name or call of a chain stands for, and how many steps that took."""
    reader = known.reader
    if root.type == "call":
        filtered = of_filter_set(known, root, steps)
        return (filtered, 1) if filtered is not None else (called(known, root), 0)
    if root.type != "identifier" or root.end_byte - root.start_byte > MAX_NAME:
        return None, 0
    made = reader.local(reader.hint(root), root) if of_qs(steps) else None
    if made is not None and made.type == "call":
        return of_filter_set(known, made, steps), 1
    for at, step in enumerate(steps[:2]):
        if step.kind == "call" and step.name == "get_model":
            return of_alias(known, step.node), at + 1
    name = reader.text(root)
    if name in SELVES:
        return of_self(known, root, steps)
    for length in (2, 3):
        words = [name, *(step.name for step in steps[: length - 1] if step.kind == "name")]
        if len(words) == length and ".".join(words).endswith(USER_OBJECTS):
            return Rows("one", USER), length - 1
    local = of_local(known, root, name)
    if local is not None:
        return local, 0
    function = known.function(root)
    if function is not None and name in function.given:
        return None, 0
    if CLASS_NAME.match(name) and (
        not CONSTANT_NAME.match(name) or name in known.models or managed_here(steps)
    ):
        return of_class(known, name), 0
    if name in reader.imports:
        for at, (step, following) in enumerate(pairwise(steps[:MAX_PACKAGES])):
            if step.kind != "name" or following.kind != "name":
                break
            if CLASS_NAME.match(step.name):  # `models.Order.objects`, `shop.models.Order.objects`
                written = ".".join([name, *(each.name for each in steps[: at + 1])])
                return Rows("class", written), at + 1
    value = reader.module_values.get(name)
    if value is not None and (function is None or name not in function.parameters):
        return rows_of(known, value), 0
    if name in reader.imports and steps and steps[0].kind == "call":
        handed = handed_through(known, steps[0].node)
        if handed is not None:
            return handed, 1
        return Rows("rows", f"{name}.{steps[0].name}{BY_CALL}"), 1  # `selectors.open_orders(user)`
    return related(steps)


def managed_here(steps: list[Step]) -> bool:
    """`FAQ.objects`: a class in capitals, since no constant has a manager."""
    return bool(steps) and steps[0].kind == "name" and steps[0].name in MANAGERS


def gets_rows(name: str) -> bool:
    """A function that asks for a row, or all rows, of the model or rows that it is handed."""
    return name in LISTS or GETS.match(name) is not None


def keeps_rows(known: Known, call: Node) -> bool:
    """`Paginator(orders, 25)`: what is handed rows gives those, and none of its own."""
    several = (known.evaluate(each) for each in arguments_of(known.reader, call).given[:2])
    return any(rows is not None and rows.kind == "rows" for rows in several)


def of_qs(steps: list[Step]) -> bool:
    return bool(steps) and steps[0].kind == "name" and steps[0].name == "qs"


def of_filter_set(known: Known, root: Node, steps: list[Step]) -> Rows | None:
    """`OrderFilter(request.GET, queryset=orders).qs`: its filters may all be left out."""
    if not of_qs(steps):
        return None
    given = arguments_of(known.reader, root)
    rows = given.named.get("queryset") or (given.given[1] if len(given.given) > 1 else None)
    return known.evaluate(rows) if rows is not None else None


def called(known: Known, root: Node) -> Rows | None:
    """`get_object_or_404(Order, pk=1)`, `get_user_model()`, `super()`, a function of the file."""
    reader = known.reader
    callee = reader.callee(root)
    last = callee.rpartition(".")[2]
    if gets_rows(last):
        given = arguments_of(reader, root)
        first = given.given.pop(0) if given.given else given.named.pop("klass", None)
        rows = rows_of(known, first) if first is not None else None
        if rows is None or rows.kind not in ("class", "rows"):
            return None
        rows.kind = "rows"
        narrow(rows, of_arguments(known, given))
        rows.certain, rows.steps = True, rows.steps + 1
        if last not in LISTS:
            rows.limited = rows.ended = True
            rows.kind = "one"
        return rows
    alias = of_alias(known, root)
    if alias is not None:
        return alias
    if callee == "super":
        return itself(known, root)
    if last in SAME_ROWS:
        given_here = arguments_of(reader, root).given
        return rows_of(known, given_here[0]) if given_here else None
    if callee in ("type",):
        given_here = arguments_of(reader, root).given
        own = known.class_around(root)
        if given_here and reader.text(given_here[0]) in SELVES and own is not None:
            return Rows("class", own.name)
        return None
    if callee in known.module_functions:
        handed = handed_through(known, root)
        return handed or returned(known, known.module_functions[callee])
    if of_own_model(known, root):
        return itself(known, root)
    if CLASS_NAME.match(callee) and (callee in known.models or callee in reader.imports):
        return Rows("one", callee, ended=keeps_rows(known, root))  # an object just made
    if callee in reader.imports:
        return handed_through(known, root) or Rows("rows", f"{callee}{BY_CALL}")
    return None
