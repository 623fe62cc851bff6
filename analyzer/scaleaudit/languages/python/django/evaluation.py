"""What an expression stands for: the rows of a model, or one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.bindings import MAX_NAME
from scaleaudit.languages.python.django.chains import split
from scaleaudit.languages.python.django.conditions import of_arguments
from scaleaudit.languages.python.django.known import Rows
from scaleaudit.languages.python.django.methods import METHODS, apply, narrow, plain
from scaleaudit.languages.python.django.nodes import arguments_of, bare, text_of
from scaleaudit.languages.python.django.variables import branch_of, reaching
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.chains import Step
    from scaleaudit.languages.python.django.known import Known

MAX_EVALUATIONS = 20_000  # of one file
MAX_BUSY = 24  # expressions that wait for each other
# Managers that by their names leave nothing out.
EVERYTHING = regex(
    r"(?:objects|_default_manager|_base_manager|(?:all|global|raw)_objects|unfiltered(?:_objects)?|unscoped"
    r"|everything|\w+_with_deleted)$"
)
CLASS_NAME = regex(r"(?:\w+\.)?_*[A-Z]\w*$")
CONSTANT_NAME = regex(r"[A-Z][A-Z0-9_]+$")
SELVES = frozenset({"self", "cls"})
QUERYSET_NAMES = frozenset({"queryset", "qs", "query_set", "object_list"})
ONE_NAMES = frozenset({"object", "instance"})
# Of a relation that was read along, these ask nothing of the database.
CACHED = frozenset({"all", "count", "exists", "iterator"})
ONE_METHODS = frozenset({"get_object"})
ROWS_METHODS = frozenset(
    {"get_queryset", "get_query_set", "filter_queryset", "paginate_queryset", "get_base_queryset"}
)
USER_OBJECTS = ("request.user", "context.user", "self.user")
GETS = frozenset({"get_object_or_404", "aget_object_or_404", "get_object_or_none"})
LISTS = frozenset({"get_list_or_404", "aget_list_or_404"})
SAME_ROWS = frozenset({"list", "sorted", "reversed", "set", "tuple", "iter"})
TYPED = regex(
    r"(?:\w+\.)*(?:QuerySet|QuerysetType|RelatedManager|Manager|BaseManager)\[\s*[\"']?([\w.]+)"
)
TYPE_WORDS = regex(r"[A-Za-z_][\w.]*")
NO_MODELS = frozenset({"Optional", "Union", "None", "Annotated", "Any", "List", "list", "Iterable",
                       "Sequence", "typing.Optional", "Set", "set", "str", "int", "bool", "dict"})  # fmt: skip
# What stands for models of all kinds.
ANY_MODEL = frozenset({"Any", "Model", "models.Model", "ModelT", "T", "_T", "Self", "object",
                       "QuerySet", "Manager", "HttpRequest", "Request"})  # fmt: skip
USER = "AUTH_USER_MODEL"


def rows_of(known: Known, node: Node) -> Rows | None:
    """None when nothing says that it is anything of a model."""
    known.spent += 1
    if known.spent > MAX_EVALUATIONS or node.id in known.busy or len(known.busy) > MAX_BUSY:
        return None
    known.busy.add(node.id)
    try:
        return _rows_of(known, node)
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
    for step in steps[used:]:
        after = taken(known, rows, step)
        if after is None:
            return None
        rows = after
    return rows


def taken(known: Known, rows: Rows, step: Step) -> Rows | None:
    """One step further: a method of a query set, a relation, a slice."""
    kind = rows.kind
    if step.kind == "index":
        if kind not in ("rows", "relation") or rows.ended:
            return None
        rows.limited = True
        subscript = step.node.child_by_field_name("subscript")
        rows.kind = "rows" if subscript is not None and subscript.type == "slice" else "one"
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
            return class_rows(known, rows.scopes[0]) or Rows("rows", rows.model, certain=True)
        return Rows("one", rows.model) if step.name in ONE_METHODS else None
    if kind in ("class", "one") or rows.ended:
        return None
    if kind == "relation":
        if plain(step.name) not in METHODS:
            return None
        rows.kind = "rows"
        if step.name != "all":
            rows.loads, rows.cached = [], rows.cached and step.name in CACHED
    return rows if apply(known, rows, step) else None


def relation(rows: Rows, name: str) -> Rows:
    """What an attribute of an object leads to."""
    ahead, cached = f"{name}.", name in rows.loads
    deeper = [each.removeprefix(ahead) for each in rows.loads if each.startswith(ahead)]
    return Rows(
        "relation",
        rows.model,
        (*rows.via, name),
        loads=deeper,
        cached=cached,
        borrowed=rows.borrowed,
    )


def beginning(known: Known, root: Node, steps: list[Step]) -> tuple[Rows | None, int]:
    """What the first name or call of a chain stands for, and how many steps that took."""
    reader = known.reader
    if root.type == "call":
        return called(known, root), 0
    if root.type != "identifier" or root.end_byte - root.start_byte > MAX_NAME:
        return None, 0
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
    if CLASS_NAME.match(name) and not CONSTANT_NAME.match(name):
        return of_class(known, name), 0
    if name in reader.imports and len(steps) > 1 and steps[1].kind == "name":
        first = steps[0]  # `models.Order.objects`
        if first.kind == "name" and CLASS_NAME.match(first.name):
            return Rows("class", f"{name}.{first.name}"), 1
    value = reader.module_values.get(name)
    if value is not None and (function is None or name not in function.parameters):
        return rows_of(known, value), 0
    return related(known, steps)


def related(known: Known, steps: list[Step]) -> tuple[Rows | None, int]:
    """`anything.lines.filter(...)`: only the relation is known."""
    for at, step in enumerate(steps):
        if step.kind == "call":
            before = steps[at - 1] if at else None
            if before is None or before.kind != "name" or step.name not in METHODS:
                return None, 0
            if before.name[:1].isupper() or EVERYTHING.match(before.name):
                return None, 0
            return Rows("relation", "", (before.name,), borrowed=True), at
        if step.kind == "index":
            return None, 0
    return None, 0


def of_class(known: Known, name: str) -> Rows:
    value = known.reader.module_values.get(name)
    if value is not None and value.type == "call":
        aliased = of_alias(known, value)
        if aliased is not None:
            return aliased
    return Rows("class", name)


def of_alias(known: Known, node: Node) -> Rows | None:
    """`User = get_user_model()`, `Order = apps.get_model("shop", "Order")`."""
    callee = known.reader.callee(node)
    if callee.endswith("get_user_model"):
        return Rows("class", USER)
    if callee.endswith("get_model"):
        words = [text_of(known.reader, each) for each in arguments_of(known.reader, node).given]
        named = ".".join(word for word in words if word)
        return Rows("class", named) if named else None
    return None


def called(known: Known, root: Node) -> Rows | None:
    """`get_object_or_404(Order, pk=1)`, `get_user_model()`, `super()`, a function of the file."""
    reader = known.reader
    callee = reader.callee(root)
    last = callee.rpartition(".")[2]
    if last in GETS | LISTS:
        given = arguments_of(reader, root)
        if not given.given:
            return None
        rows = rows_of(known, given.given.pop(0))
        if rows is None or rows.kind not in ("class", "rows"):
            return None
        rows.kind = "rows"
        narrow(rows, of_arguments(known, given))
        rows.certain = True
        if last in GETS:
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
        return returned(known, known.module_functions[callee])
    if CLASS_NAME.match(callee) and (callee in known.models or callee in reader.imports):
        return Rows("one", callee)  # an object just made
    return None


def returned(known: Known, function: Node) -> Rows | None:
    """The rows that a function of the file gives; when it gives several things, only their model."""
    read = known.read(function)
    if not read.returns or len(read.returns) > 8:
        return None
    found = [rows_of(known, each.value) for each in read.returns]
    rows = [each for each in found if each is not None and each.kind in ("rows", "relation", "one")]
    if not rows:
        return None
    if len(found) == 1:
        return rows[0].copy()
    if len({(each.model, each.via, each.kind) for each in rows}) != 1:
        return None
    start = Rows(rows[0].kind, rows[0].model, rows[0].via)
    start.asked.partial = True
    return start


def itself(known: Known, node: Node) -> Rows | None:
    """`self` in a class: a manager, an object of a model, or a view of one."""
    own = known.class_around(node)
    if own is None:
        return None
    if own.name in known.managers:
        return Rows("rows", own.name, certain=True, own=True)
    if own.name in known.models:
        return Rows("one", own.name)
    if own.name in known.class_models:
        return Rows("view", known.class_models[own.name], scopes=[own.name])
    return None


def of_self(known: Known, root: Node, steps: list[Step]) -> tuple[Rows | None, int]:
    reader = known.reader
    own = known.class_around(root)
    if own is None or not steps:
        return (itself(known, root), 0)
    first = steps[0]
    if own.name in known.managers:
        if first.name == "model" and first.kind == "name":
            return Rows("class", own.name), 1
        method = own.methods.get(first.name) if first.kind == "call" else None
        if method is not None and first.name not in ("get_queryset", "get_query_set"):
            return Rows("rows", own.name, scopes=[first.name], certain=True, own=True), 1
        if first.kind == "name":
            return None, 0
        return Rows("rows", own.name, certain=True, own=True), 0
    if own.name in known.models:
        if first.name in ("__class__",) and first.kind == "name":
            return Rows("class", own.name), 1
        if reader.text(root) == "cls":
            return Rows("class", own.name), 0
        if first.kind == "call" and first.name in own.methods:
            found = returned(known, own.methods[first.name])
            return found, 1
        if first.kind == "name" and first.name in own.methods:  # a property
            found = returned(known, own.methods[first.name])
            return (found, 1) if found is not None else related(known, steps)
        return Rows("one", own.name), 0
    return of_view(known, root, steps, own.name)


def of_view(known: Known, root: Node, steps: list[Step], name: str) -> tuple[Rows | None, int]:
    """`self.get_queryset()`, `self.queryset`, `self.model.objects`, `self.object` of a view."""
    own, first = known.by_name[name], steps[0]
    model = known.class_models.get(name, "")
    if first.kind == "call":
        method = own.methods.get(first.name)
        if method is not None:
            around = known.reader.function_around(root)
            if around is None or around.id != method.id:
                found = returned(known, method)
                if found is not None:
                    return found, 1
        if model and first.name in ROWS_METHODS:
            return class_rows(known, name) or Rows("rows", model, certain=True), 1
        if model and first.name in ONE_METHODS:
            return Rows("one", model), 1
        return None, 0
    if first.kind == "name":
        if model and first.name == "model":
            return Rows("class", model), 1
        if model and first.name in QUERYSET_NAMES:
            return class_rows(known, name) or Rows("rows", model, certain=True), 1
        if model and first.name in ONE_NAMES:
            return Rows("one", model), 1
        if first.name == "request" and len(steps) > 1 and steps[1].name == "user":
            return Rows("one", USER), 2
        attribute = of_attribute(known, root, first.name)
        if attribute is not None:
            return attribute, 1
    return related(known, steps)


def class_rows(known: Known, name: str) -> Rows | None:
    """What `queryset = ...` of a class stands for."""
    one = known.by_name.get(name)
    node = one.attributes.get("queryset") if one is not None else None
    return rows_of(known, node) if node is not None else None


def of_attribute(known: Known, root: Node, name: str) -> Rows | None:
    """`self.order` that a method of the class was given with a type, or gave itself."""
    bound = known.reader.bindings
    own = known.class_around(root)
    if own is None:
        return None
    binding = bound.get(f"{own.last}.{name}")
    if binding is None:
        return None
    last = binding.type.rpartition(".")[2]
    return Rows("one", last) if CLASS_NAME.match(last) and last in known.reader.imports else None


def of_local(known: Known, root: Node, name: str) -> Rows | None:
    """A variable, the target of a loop, a parameter."""
    function = known.function(root)
    looped = comprehension_target(known, root, name)
    if looped is not None:
        rows = rows_of(known, looped)
        return as_one(rows)
    if function is None:
        return None
    if name in function.given:
        sure, maybe = reaching(
            function, name, root.start_byte, branch_of(known.reader, function, root)
        )
        given = sure or (maybe[-1] if maybe else None)
        if given is not None and not (
            given.value.start_byte <= root.start_byte < given.value.end_byte
            and given.value.id in known.busy
        ):
            if given.kind == "for":
                return as_one(rows_of(known, given.value))
            if given.kind == "=":
                rows = rows_of(known, given.value)
                if rows is None:
                    rows = handed_through(known, given.value)
                return rows.copy() if rows is not None else None
            if given.kind == "part":
                return as_one(created(known, given.value))
            return None
    parameter = function.parameters.get(name)
    return of_parameter(known, parameter, name, root) if parameter is not None else None


def created(known: Known, value: Node) -> Rows | None:
    """`order, created = Order.objects.get_or_create(...)`."""
    callee = known.reader.callee(value) if value.type == "call" else ""
    return rows_of(known, value) if callee.endswith(("get_or_create", "update_or_create")) else None


def handed_through(known: Known, value: Node) -> Rows | None:
    """`qs = narrowed(qs, user)`: the same rows, of which something else may be asked."""
    value = bare(value)
    if value.type != "call":
        return None
    for each in arguments_of(known.reader, value).given[:3]:
        if each.type != "identifier":
            continue
        rows = rows_of(known, each)
        if rows is not None and rows.kind == "rows" and not rows.ended:
            rows = rows.copy()
            rows.asked.partial = True
            return rows
    return None


def as_one(rows: Rows | None) -> Rows | None:
    """An object out of the rows."""
    if rows is None or rows.kind not in ("rows", "one", "relation"):
        return None
    if not rows.model and not rows.via:
        return None
    return Rows(
        "one", rows.model, rows.via, loads=rows.loads, borrowed=rows.borrowed or rows.kind == "one"
    )


def comprehension_target(known: Known, root: Node, name: str) -> Node | None:
    for above in known.reader.ancestors(root):
        if above.type in ("function_definition", "class_definition", "block"):
            return None
        if above.type.endswith("comprehension") or above.type == "generator_expression":
            for clause in above.named_children:
                if clause.type != "for_in_clause":
                    continue
                left, right = (
                    clause.child_by_field_name("left"),
                    clause.child_by_field_name("right"),
                )
                if left is not None and right is not None and known.reader.text(left) == name:
                    inside = right.start_byte <= root.start_byte < right.end_byte
                    return None if inside else right
    return None


def of_parameter(known: Known, parameter: Node, name: str, root: Node) -> Rows | None:
    """By its annotation; a query set that a framework hands to a method of a class with a model."""
    kind = parameter.child_by_field_name("type")
    if kind is not None:
        text = known.reader.text(kind)[:200]
        typed = TYPED.search(text)
        if typed is not None:
            return None if typed[1] in ANY_MODEL else Rows("rows", typed[1], certain=True)
        words = [w.group() for w in TYPE_WORDS.finditer(text) if w.group() not in NO_MODELS]
        if (
            len(words) == 1
            and CLASS_NAME.match(words[0])
            and not text.startswith(("type[", "Type["))
        ):
            last = words[0].rpartition(".")[2]
            if last not in ANY_MODEL and len(last) > 2:
                return Rows("one", words[0], borrowed=True)
        elif len(words) == 2 and words[0] in ("type", "Type") and words[1] not in ANY_MODEL:
            return Rows("class", words[1])
    function = known.function(root)
    own = known.class_around(root)
    if own is not None and name in QUERYSET_NAMES and own.name in known.class_models:
        return Rows("rows", known.class_models[own.name], certain=True)
    if own is not None and name in ("obj", "instance") and own.name in known.class_models:
        return Rows("one", known.class_models[own.name])
    if function is not None and function.order:
        asked = known.reader.definition_name(function.node)
        model = known.parameter_models.get(asked, "")
        first = next((each for each in function.order if each not in SELVES), "")
        if model and name == first:
            return Rows("rows", model, certain=True)
    return None
