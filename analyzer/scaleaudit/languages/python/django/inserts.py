"""Rows that come to be without a method of a query set: `Order(...).save()`, views that create."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import OrmQuery
from scaleaudit.languages.python.django.models import FRAMEWORK
from scaleaudit.languages.python.django.queries import shortened
from scaleaudit.languages.python.django.variables import reaching
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known

# `order.save()`; `photo.file.save(name, content)` saves the photo as well.
SAVES = regex(rb"\.a?save\((\s*[^)\s])?")
# What stands before it: a name, or with something to save its attribute.
SAVED = regex(rb"(?<![\w.])(\w+)(\.\w+)?$")
MAX_NAME = 200  # bytes
AT_ONCE = regex(rb"\)\s*\.a?save\(")  # `Order(...).save()`
CLASS_NAME = regex(r"(?:\w+\.)?[A-Z]\w*[a-z]\w*$")
# Of Django and the REST framework: classes that make a row of what they are sent.
CREATING = regex(
    r"(?:^|\.)(?:CreateView|CreateAPIView|ListCreateAPIView|ModelViewSet|CreateModelMixin|ModelForm)(?:\[|$)"
)
MAX_SAVES = 500


def inserts(known: Known) -> Iterator[OrmQuery]:
    yield from saved(known)
    for name, model in known.class_models.items():
        one = known.by_name[name]
        if any(CREATING.search(base) for base in one.bases):
            yield insert(known, one.node, model, f"{one.name} creates {model}")


def saved(known: Known) -> Iterator[OrmQuery]:
    """`order = Order(...)`, later `order.save()`."""
    reader = known.reader
    if b"save(" not in reader.content:
        return
    for call in reader.nodes(AT_ONCE, "call", b"save("):
        model = made(known, call)
        if model:
            yield insert(known, call, model, shortened(reader, call))
    seen: set[int] = set()
    for _, save in zip(range(MAX_SAVES), SAVES.finditer(reader.content), strict=False):
        match = SAVED.search(reader.content, max(0, save.start() - MAX_NAME), save.start())
        if match is None or (match[2] is not None and save[1] is None):
            continue
        node = reader.root.descendant_for_byte_range(match.start(1), match.start(1) + 1)
        function = known.function(node) if node is not None else None
        name = match[1].decode("utf-8", "replace")
        if node is None or function is None or name not in function.given:
            continue
        sure, maybe = reaching(reader, function, name, node)
        for given in [each for each in (sure, *maybe) if each is not None]:
            value = given.value
            if value.type != "call" or value.id in seen or given.kind != "=":
                continue
            model = made(known, value)
            if model:
                seen.add(value.id)
                yield insert(known, value, model, shortened(reader, value))


def made(known: Known, call: Node) -> str:
    """The model whose constructor a call is, as written."""
    callee = known.reader.callee(call)
    if not CLASS_NAME.match(callee):
        return ""
    head = callee.partition(".")[0]
    return callee if callee in known.models or head in known.reader.imports else ""


def insert(known: Known, node: Node, model: str, text: str) -> OrmQuery:
    return OrmQuery(
        at=known.reader.span(node),
        framework=FRAMEWORK,
        model=model,
        text=text,
        inserts=True,
        in_loop=known.reader.in_loop(node),
        scope=known.reader.scope(node),
    )
