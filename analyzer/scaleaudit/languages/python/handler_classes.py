"""Classes whose methods answer requests: views, resources, view sets, handlers.

A route may name a class of another file; its methods say then what is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import HandlerClass
from scaleaudit.languages.patterns import HTTP_METHODS
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

VERBS = frozenset(method.lower() for method in HTTP_METHODS)
# What the methods of a view set are called (Django REST framework).
ACTIONS = frozenset({"list", "create", "retrieve", "update", "partial_update", "destroy"})
RESPONDER = regex(r"on_([a-z]+)(?:_\w+)?")  # Falcon; what follows is a suffix that routes name
KIND = regex(r"(?i)View|Resource|Handler|Endpoint|ModelMixin|Controller|Api\b|API")
ANSWERS = regex(rb"def (?:on_)?(?:get|post|put|patch|delete|head|options)\w{0,60}\(")
INDENTED = regex(rb"[ \t]+(?:async )?")
NAMED = regex(
    rb"\nclass (?:\w{1,100}\([^)]{0,300}(?:View|Resource|Handler|Endpoint|ModelMixin)"
    rb"|\w{0,100}(?:View|Resource|Handler|Endpoint))"
)
MAX_BASES = 12


def handler_classes(reader: PythonReader, classes: Sequence[Node]) -> Iterator[HandlerClass]:
    if not classes or not may_answer(reader.content):
        return
    for node in classes:
        name, bases = reader.definition_name(node), _bases(reader, node)
        methods = tuple(dict.fromkeys(_methods(reader, node)))
        falcon = any(method.startswith("on_") for method in methods)
        if falcon or any(KIND.search(each) for each in (name, *bases)) or (methods and bases):
            yield HandlerClass(reader.span(node), name, methods, bases)


def may_answer(content: bytes) -> bool:
    """Whether a class has such a method, or such a name, by the bytes."""
    for match in ANSWERS.finditer(content):
        line = content.rfind(b"\n", 0, match.start()) + 1
        if INDENTED.fullmatch(content, line, match.start()) is not None:
            return True
    return NAMED.search(b"\n" + content) is not None


def _methods(reader: PythonReader, node: Node) -> Iterator[str]:
    body = node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        inner = child.child_by_field_name("definition") or child
        if inner.type != "function_definition":
            continue
        name = reader.definition_name(inner)
        responds = RESPONDER.fullmatch(name)
        if name in VERBS or name in ACTIONS or (responds is not None and responds[1] in VERBS):
            yield name


def _bases(reader: PythonReader, node: Node) -> tuple[str, ...]:
    holder = node.child_by_field_name("superclasses")
    found = []
    for each in holder.named_children[:MAX_BASES] if holder is not None else ():
        inner = each.child_by_field_name("value") if each.type == "subscript" else each
        if inner is not None and inner.type in ("identifier", "attribute"):
            found.append(reader.text(inner))
        elif inner is not None and inner.type not in ("keyword_argument", "comment"):
            found.append("?")
    return tuple(found)
