"""What a class name, a variable or a parameter stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION, BY_CALL
from scaleaudit.languages.python.django.classes import MANAGER_BASE
from scaleaudit.languages.python.django.eager import of_others
from scaleaudit.languages.python.django.handed import handed_rows
from scaleaudit.languages.python.django.known import Rows
from scaleaudit.languages.python.django.nodes import arguments_of, bare, text_of
from scaleaudit.languages.python.django.variables import held_at, reaching
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known

CLASS_NAME = regex(r"(?:\w+\.)?_*[A-Z]\w*$")
NARROWS = "filter_queryset"  # of a view, which is handed the rows of the view
SELVES = frozenset({"self", "cls"})
QUERYSET_NAMES = frozenset({"queryset", "qs", "query_set", "object_list"})
TYPED = regex(
    r"(?:\w+\.)*(?:QuerySet|QuerysetType|RelatedManager|Manager|BaseManager)\[\s*[\"']?([\w.]+)"
)
TYPE_WORDS = regex(r"[A-Za-z_][\w.]*")
NO_MODELS = frozenset({"Optional", "Union", "None", "Annotated", "Any", "List", "list", "Iterable",
                       "Sequence", "typing.Optional", "Set", "set", "str", "int", "bool", "dict"})  # fmt: skip
COMPREHENSIONS = frozenset({"list_comprehension", "set_comprehension", "dictionary_comprehension",
                            "generator_expression"})  # fmt: skip
OUTSIDE = frozenset({"function_definition", "class_definition", "block"})  # of any of these
# What stands for models of all kinds.
ANY_MODEL = frozenset({"Any", "Model", "models.Model", "ModelT", "T", "_T", "Self", "object",
                       "QuerySet", "Manager", "HttpRequest", "Request"})  # fmt: skip
USER = "AUTH_USER_MODEL"


def of_class(known: Known, name: str) -> Rows:
    value = known.reader.module_values.get(name)
    if value is not None and value.type == "call":
        aliased = of_alias(known, value)
        if aliased is not None:
            return aliased
    if known.reader.imports.get(name) == "django.contrib.auth.backends.UserModel":
        return Rows("class", USER)
    return Rows("class", name)


def of_alias(known: Known, node: Node) -> Rows | None:
    """`User = get_user_model()`, `Order = apps.get_model("shop", "Order")`."""
    callee = known.reader.callee(node)
    if callee.endswith("get_user_model"):
        return Rows("class", USER)
    if callee.endswith("get_model"):
        given = arguments_of(known.reader, node)
        keyed = [given.named[name] for name in ("app_label", "model_name") if name in given.named]
        words = [text_of(known.reader, usual(known, each)) for each in (*given.given, *keyed)]
        named = ".".join(word for word in words if word)
        return Rows("class", named) if named else None
    return None


def usual(known: Known, node: Node) -> Node:
    """`kwargs.get("model_name", "Order")` is an order unless somebody says otherwise."""
    if node.type == "call" and known.reader.callee(node).endswith(".get"):
        given = arguments_of(known.reader, node).given
        return given[1] if len(given) == 2 else node
    return node


def of_local(known: Known, root: Node, name: str) -> Rows | None:
    """A variable, the target of a loop, a parameter."""
    function = known.function(root)
    looped = comprehension_target(known, root, name)
    if looped is not None:
        rows = known.evaluate(looped)
        return as_one(rows)
    if function is None:
        return None
    if name in function.given:
        sure, _ = reaching(known.reader, function, name, root)
        given = held_at(known.reader, function, name, root)
        if given is not None and not (
            given.value.start_byte <= root.start_byte < given.value.end_byte
            and given.value.id in known.busy
        ):
            if given.kind == "for":
                return as_one(known.evaluate(given.value))
            if given.kind == "=":
                rows = known.evaluate(given.value)
                if rows is None:
                    rows = handed_through(known, given.value)
                if rows is None:
                    return None
                rows = rows.copy()
                if sure is None and name in function.parameters:
                    rows.eager.append(ANY_RELATION)
                return rows
            if given.kind == "part":
                return as_one(created(known, given.value))
            return None
    parameter = function.parameters.get(name)
    return of_parameter(known, parameter, name, root) if parameter is not None else None


def created(known: Known, value: Node) -> Rows | None:
    """`order, created = Order.objects.get_or_create(...)`."""
    callee = known.reader.callee(value) if value.type == "call" else ""
    return known.evaluate(value) if callee.endswith(("get_or_create", "update_or_create")) else None


def handed_through(known: Known, value: Node) -> Rows | None:
    """`qs = narrowed(qs, user)`: the same rows, of which something else may be asked."""
    value = bare(value)
    if value.type != "call":
        return None
    given = arguments_of(known.reader, value)
    part = function_part(known, value)
    for each in (*given.given[:3], *given.named.values()):
        if each.type != "identifier" and not (part and each.type == "call"):
            continue
        rows = known.evaluate(each)
        if rows is not None and rows.kind == "rows" and not rows.ended:
            rows = rows.copy()
            rows.eager.append(ANY_RELATION)
            if part:
                rows.scopes.append(part)
            else:
                rows.asked.partial = True
            return rows
    return None


def function_part(known: Known, call: Node) -> str:
    """What a function of the file, or of another, does to the rows that it is handed: a named part."""
    callee = known.reader.callee(call)
    if CLASS_NAME.match(callee.rpartition(".")[2]):
        return ""
    elsewhere = callee.partition(".")[0] in known.reader.imports
    return f"{callee}{BY_CALL}" if elsewhere or callee in known.module_functions else ""


def as_one(rows: Rows | None) -> Rows | None:
    """An object out of the rows."""
    if rows is None or rows.kind not in ("rows", "one", "relation"):
        return None
    if not rows.model and not rows.via:
        return None
    return Rows(
        "one",
        rows.model,
        rows.via,
        loads=rows.loads,
        eager=rows.eager,
        borrowed=rows.borrowed or rows.kind == "one",
    )


def comprehension_target(known: Known, root: Node, name: str) -> Node | None:
    for above in known.reader.ancestors(root):
        kind = above.type
        if kind in OUTSIDE:
            return None
        if kind in COMPREHENSIONS:
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
    if known.lent[1] == name:
        lender = known.function(root)
        if lender is not None and lender.node.id == known.lent[0]:
            return Rows.handed()
    kind = parameter.child_by_field_name("type")
    if kind is not None:
        text = known.reader.text(kind)[:200]
        typed = TYPED.search(text)
        if typed is not None:
            if typed[1] in ANY_MODEL:
                return None
            rows = of_others("rows", typed[1])
            rows.given = "Manager[" not in typed[0]
            return rows
        words = [w.group() for w in TYPE_WORDS.finditer(text) if w.group() not in NO_MODELS]
        if (
            len(words) == 1
            and CLASS_NAME.match(words[0])
            and not text.startswith(("type[", "Type["))
        ):
            last = words[0].rpartition(".")[2]
            if last not in ANY_MODEL and len(last) > 2:
                kept = "rows" if MANAGER_BASE.search(last) else "one"
                return of_others(kept, words[0])
        elif len(words) == 2 and words[0] in ("type", "Type") and words[1] not in ANY_MODEL:
            return Rows("class", words[1])
    function = known.function(root)
    own = known.class_around(root)
    if own is not None and name in QUERYSET_NAMES and own.name in known.class_models:
        rows = of_others("rows", known.class_models[own.name])
        if function is not None and known.reader.definition_name(function.node) == NARROWS:
            # What `get_queryset` gives comes in, which another class may have narrowed.
            rows.asked.partial = not {"get_queryset", "queryset"} & {*own.methods, *own.attributes}
        return rows
    if own is not None and name in ("obj", "instance") and own.name in known.class_models:
        return Rows("one", known.class_models[own.name], eager=[ANY_RELATION])
    if function is not None and function.order:
        asked = known.reader.definition_name(function.node)
        model = known.parameter_models.get(asked, "")
        first = next((each for each in function.order if each not in SELVES), "")
        if model and name == first:
            return of_others("rows", model)
        if kind is None and own is None:
            return handed_rows(known, function, name)
    return None
