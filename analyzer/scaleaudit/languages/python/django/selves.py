"""What `self` and its attributes stand for in a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import ANY_RELATION, BY_CALL, MAYBE
from scaleaudit.languages.python.django.eager import of_others
from scaleaudit.languages.python.django.kept import kept_rows
from scaleaudit.languages.python.django.known import Rows
from scaleaudit.languages.python.django.names import CLASS_NAME, QUERYSET_NAMES, USER
from scaleaudit.languages.python.django.nodes import arguments_of
from scaleaudit.languages.python.django.results import related, returned
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.chains import Step
    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known

MAX_LEVELS = 6
ONE_NAMES = frozenset({"object", "instance"})
ONE_METHODS = frozenset({"get_object"})
ROWS_METHODS = frozenset({"get_queryset", "get_query_set", "get_base_queryset"})
# Bases that narrow the rows by what stands around the view: a parent in the address, the own group.
NARROWING = regex(r"Nested|Parent|Scoped|Tenant|Owned|Restricted")
FRAMEWORKS = ("django.", "rest_framework.", "django_filters", "braces.", "extra_views")
HANDED_ROWS = frozenset({"filter_queryset", "paginate_queryset"})  # narrow what they are given


def itself(known: Known, node: Node) -> Rows | None:
    """`self` in a class: a manager, an object of a model, or a view of one."""
    own = known.class_around(node)
    if own is None:
        return None
    if own.name in known.managers:
        return Rows("rows", own.name, certain=True, own=True)
    if own.name in known.models:
        return Rows("one", own.name, eager=[ANY_RELATION])
    if own.name in known.class_models:
        return Rows("view", known.class_models[own.name], scopes=[own.name])
    return Rows.handed() if own.name == known.lent_class else None


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
            return (found, 1) if found is not None else related(steps)
        return Rows("one", own.name, eager=[ANY_RELATION]), 0
    if own.name == known.lent_class and (first.name in ROWS_METHODS | QUERYSET_NAMES):
        return Rows.handed(), 1
    if own.name == known.lent_class and first.name == "model" and first.kind == "name":
        return msgspec.structs.replace(Rows.handed(), kind="class"), 1
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
                found = made_by(known, method, model)
                if found is not None:
                    return found, 1
        if model and first.name in HANDED_ROWS:
            given = arguments_of(known.reader, first.node).given
            return (known.evaluate(given[0]) if given else None) or left_open(
                of_others("rows", model)
            ), 1
        if model and first.name in ROWS_METHODS:
            return inherited_rows(known, name, model), 1
        if model and first.name in ONE_METHODS:
            return Rows("one", model), 1
        return None, 0
    if first.kind == "name":
        if model and first.name == "model":
            return Rows("class", model), 1
        if model and first.name in QUERYSET_NAMES:
            made = own.methods.get(first.name)  # a property: the rows are what it gives
            if made is None:
                return class_rows(known, name) or of_others("rows", model), 1
            return made_by(known, made, model) or left_open(of_others("rows", model)), 1
        if model and first.name in ONE_NAMES:
            return Rows("one", model), 1
        if first.name == "request" and len(steps) > 1 and steps[1].name == "user":
            return Rows("one", USER), 2
        attribute = of_attribute(known, root, first.name)
        if attribute is not None:
            return attribute, 1
        kept = kept_rows(known, own, first.name)
        if kept is not None:
            return kept, 1
    return related(steps)


def inherited_rows(known: Known, name: str, model: str) -> Rows:
    """What `self.get_queryset()` gives where the class itself does not say it."""
    one, own = known.by_name[name], class_rows(known, name)
    for base in () if own is not None else one.bases:
        above = known.by_name.get(base)
        method = above.methods.get("get_queryset") if above is not None else None
        found = made_by(known, method, model) if method is not None else None
        if found is not None:
            return found
    return inherited(known, one, own or of_others("rows", model))


def inherited(known: Known, one: ClassRead, rows: Rows) -> Rows:
    """The rows with what the classes do to them that a view is made of."""
    rows = rows.copy()
    rows.scopes += base_parts(known, one)
    return rows


def base_parts(known: Known, one: ClassRead, *, by_name: bool = False) -> list[str]:
    """What the classes above do to the rows, as named parts; of those of other files, if anything.

    `by_name`: what a class of another file is called tells that it does something.
    """
    found: list[str] = []
    for base in one.bases:
        written = base.partition("[")[0]
        above = known.by_name.get(written)
        if above is not None:
            here = narrows(known, above, 0)
        else:
            here = by_name and NARROWING.search(base) is not None
        origin = known.reader.imports.get(written.partition(".")[0], "")
        if (above is not None or origin or here) and not origin.startswith(FRAMEWORKS):
            found.append(f"{'' if here else MAYBE}{written}.get_queryset{BY_CALL}")
    return found


def narrows(known: Known, one: ClassRead, depth: int) -> bool:
    """Whether the class, or one of the file above it, has rows of its own."""
    if "get_queryset" in one.methods:
        return True
    several = (known.by_name.get(base) for base in one.bases)
    return depth < MAX_LEVELS and any(
        each is not None and each is not one and narrows(known, each, depth + 1) for each in several
    )


def made_by(known: Known, method: Node, model: str) -> Rows | None:
    """What a method of a view gives; of what a function elsewhere gives only the view's model counts."""
    found = returned(known, method)
    if model and found is not None and found.model.endswith(BY_CALL):
        return left_open(of_others("rows", model))
    return found


def left_open(rows: Rows) -> Rows:
    """The rows, of which some are left out by what is not read here."""
    rows.asked.partial = True
    return rows


def class_rows(known: Known, name: str) -> Rows | None:
    """What `queryset = ...` of a class stands for."""
    one = known.by_name.get(name)
    node = one.attributes.get("queryset") if one is not None else None
    return known.evaluate(node) if node is not None else None


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
