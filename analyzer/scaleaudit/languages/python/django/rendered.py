"""What views hand to their templates: `render(request, "orders.html", {"orders": rows})`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ANY_RELATION, ViewRendered
from scaleaudit.inflection import underscored
from scaleaudit.languages.python.django.evaluation import rows_of
from scaleaudit.languages.python.django.known import MAX_SPENT, Rows
from scaleaudit.languages.python.django.nodes import arguments_of, bare, pairs, text_of
from scaleaudit.languages.python.django.results import is_nothing, returned
from scaleaudit.languages.python.django.selves import class_rows
from scaleaudit.languages.python.django.visits import few, paged, rows_source
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import RowsSource
    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known

ENGINE = "django"
CALLED = (b"render(", b"render_to_string(", b"TemplateResponse(")
CALLS = regex(rb"(?<![\w.])(?:render|TemplateResponse|render_to_string)(?=\()")
LISTS = regex(r"(?:^|\.)\w*ListView$")
DETAILS = regex(r"(?:^|\.)\w*(?:Detail|Update|Delete)View$")
FRAMEWORKS = ("django.", "rest_framework", "django_filters", "drf_", "oauth2_provider", "guardian")
LOADING_NAME = regex(r"(?i)prefetch|eager|query_?set|optimi[sz]e")
MAX_CALLS = 200  # of one file


def rendered(known: Known) -> Iterator[ViewRendered]:
    """By calls, and by classes that name a template or follow the convention."""
    reader = known.reader
    called = reader.says(b"render", b"Response(") and reader.says(*CALLED)
    calls = CALLS.finditer(reader.content) if called else ()
    for _, match in zip(range(MAX_CALLS), calls, strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        call = leaf.parent if leaf is not None else None
        if call is None or call.type != "call":
            continue
        given = arguments_of(reader, call)
        args = [*given.given, *(given.named[k] for k in ("template_name", "context") if k in given.named)]  # fmt: skip
        names = [name for each in args if (name := text_of(reader, each)) and "." in name]
        if not names:
            continue
        for each in args:
            for name, value in context_of(known, bare(each)):
                yield from handed(known, names[0], name, value)
    if b"View" in reader.content:
        for one in known.classes.values():
            yield from of_class(known, one)


def context_of(known: Known, node: Node) -> Iterator[tuple[str, Node]]:
    """The entries of a context: a dictionary, or a variable that holds one."""
    reader = known.reader
    yield from pairs(reader, node)
    function = known.function(node) if node.type == "identifier" else None
    for given in function.given.get(reader.text(node), ())[:40] if function is not None else ():
        if given.kind == "=":
            yield from pairs(reader, bare(given.value))
        elif given.kind == "[]" and given.left is not None:
            key = given.left.child_by_field_name("subscript")
            name = text_of(reader, key) if key is not None else None
            if name:
                yield name, given.value


def handed(known: Known, view: str, name: str, value: Node) -> Iterator[ViewRendered]:
    source = source_of(known, value)
    if source is not None:
        yield ViewRendered(source.at, view, name, source, ENGINE, scope=known.reader.scope(value))


def source_of(known: Known, node: Node) -> RowsSource | None:
    """Rows of one model that are objects, or one of them."""
    if known.spent > MAX_SPENT:
        return None
    rows = rows_of(known, node) or paged(known, node, 0)
    if rows is None or rows.plain or not rows.model or rows.inserts or rows.writes:
        return None
    if rows.kind == "one":
        return rows_source(known, node, rows)
    if rows.kind != "rows" or rows.ended or few(known, node):
        return None
    return rows_source(known, node, rows)


# -- classes


def view_rows(known: Known, one: ClassRead) -> tuple[Rows, Node] | None:
    """The rows that a class of views works on, as far as the file tells all about them."""
    method = one.methods.get("get_queryset")
    node = one.attributes.get("queryset")
    rows: Rows | None = None
    place = method if method is not None else node
    if method is not None:
        rows = returned(known, method)
        returns = known.read(method).returns
        place = next((r.value for r in returns if not is_nothing(known, r.value)), method)
    elif node is not None:
        rows = class_rows(known, one.name)
    elif one.name in known.class_models and "model" in one.attributes:
        rows, place = Rows("rows", known.class_models[one.name]), one.attributes["model"]
    if rows is None or place is None or rows.kind not in ("rows", "class") or rows.plain:
        return None
    if not rows.model:
        return None
    above = (
        method is None or b"super()" in known.reader.content[method.start_byte : method.end_byte]
    )
    if above and not all(leaves_rows(known, base) for base in one.bases):
        rows.eager.append(ANY_RELATION)
    return rows, place


def leaves_rows(known: Known, base: str) -> bool:
    """Whether a base class leaves the rows as they are."""
    if LOADING_NAME.search(base):
        return False
    module = known.reader.imports.get(base.partition(".")[0].partition("[")[0], "")
    return base.endswith("Mixin") or f"{module}.".startswith(FRAMEWORKS)


def of_class(known: Known, one: ClassRead) -> Iterator[ViewRendered]:
    """`ListView`, `DetailView` and their kin; `get_context_data` of any class with a template."""
    reader = known.reader
    lists = any(LISTS.search(base) for base in one.bases)
    details = any(DETAILS.search(base) for base in one.bases)
    view = text_of(reader, one.attributes.get("template_name")) or ""
    context = one.methods.get("get_context_data")
    if view and context is not None:
        yield from of_context(known, view, context)
    if not lists and not details:
        return
    found = view_rows(known, one)
    if found is None:
        return
    rows, place = found
    last = underscored(rows.model.rpartition(".")[2]).replace("_", "")
    view = view or f"{last}_{'list' if lists else 'detail'}.html"
    own = text_of(reader, one.attributes.get("context_object_name"))
    names = ["object_list", "page_obj", f"{last}_list"] if lists else ["object", last]
    source = rows_source(known, place, rows)
    if details:
        source = replace(source, one=True)
    for name in dict.fromkeys([*names, *([own] if own else [])]):
        yield ViewRendered(source.at, view, name, source, ENGINE, scope=one.name)


def of_context(known: Known, view: str, method: Node) -> Iterator[ViewRendered]:
    """`context["orders"] = ...` and the dictionary that is given back."""
    read = known.read(method)
    reader = known.reader
    for several in read.given.values():
        for given in several[:40]:
            if given.kind == "[]" and given.left is not None:
                key = given.left.child_by_field_name("subscript")
                name = text_of(reader, key) if key is not None else None
                if name:
                    yield from handed(known, view, name, given.value)
    for each in read.returns:
        for name, value in pairs(reader, bare(each.value)):
            yield from handed(known, view, name, value)
