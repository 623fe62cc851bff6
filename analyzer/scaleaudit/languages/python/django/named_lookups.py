"""Look-ups of one row by a field that views and serializers name: `lookup_field = "uuid"`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.python.django.evaluation import rows_of
from scaleaudit.languages.python.django.lists import view_rows
from scaleaudit.languages.python.django.lookups import lookup
from scaleaudit.languages.python.django.nodes import arguments_of, text_of
from scaleaudit.languages.python.django.offers import stated
from scaleaudit.languages.python.django.selves import NARROWING
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known, Rows

# Source: `rest_framework.generics.GenericAPIView.get_object`, `django.views.generic.detail`.
NAMES = {
    "lookup_field": regex(r"ViewSet|APIView|ModelMixin"),
    "slug_field": regex(r"(?:Detail|Update|Delete)View|SingleObjectMixin"),
}
GETTERS = frozenset({"get_object", "get"})  # with its own, a view looks for its row in its own way
KEYS = frozenset({"pk", "id"})
RELATED = "SlugRelatedField"


def named_lookups(known: Known) -> Iterator[OrmQuery]:
    content = known.reader.content
    for word, kinds in NAMES.items():
        if word.encode() not in content:
            continue
        for name, one in known.by_name.items():
            model, node = known.class_models.get(name, ""), one.attributes.get(word)
            if model and node is not None and any(kinds.search(base) for base in one.bases):
                if GETTERS & one.methods.keys() or any(map(NARROWING.search, one.bases)):
                    continue
                start = view_rows(known, one, model)
                yield from looked_up(known, one, start, node, node)
    if RELATED.encode() in content:
        yield from related_fields(known)


def related_fields(known: Known) -> Iterator[OrmQuery]:
    """`SlugRelatedField(slug_field="code", queryset=Product.objects.all())`: asked for each value sent."""
    for one in known.by_name.values():
        for value in one.attributes.values():
            if value.type != "call" or not known.reader.callee(value).endswith(RELATED):
                continue
            named = arguments_of(known.reader, value).named
            given, field = named.get("queryset"), named.get("slug_field")
            rows = rows_of(known, given) if given is not None else None
            if rows is None or field is None or rows.kind not in ("rows", "class") or rows.ended:
                continue
            yield from looked_up(known, one, rows, field, value)


def looked_up(
    known: Known, one: ClassRead, start: Rows, field: Node, at: Node
) -> Iterator[OrmQuery]:
    asked = lookup(text_of(known.reader, field) or "?")
    if asked is None or asked.path in KEYS or not start.model or start.limited or start.ended:
        return
    condition = Condition(asked.path, asked.operator, function=asked.function)
    text = f"{one.name}: one by {asked.path}"
    yield stated(known, one, start, (condition,), at, text, limited=True)
