"""Serializers of the REST framework: what each reads of an object, and who hands rows to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import TemplateRead, TemplateStep, ViewRendered
from scaleaudit.languages.python.django.nodes import arguments_of, is_true, text_of, texts
from scaleaudit.languages.python.django.rendered import source_of, view_rows
from scaleaudit.languages.python.django.visits import rows_source
from scaleaudit.languages.python.row_reads import reads_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known

ENGINE = "serializer"
OBJECT = "obj"
SERIALIZER = regex(r"Serializer$")
LISTING = regex(r"(?:ListAPIView|ListCreateAPIView|ListModelMixin|ListView|\w*ViewSet)$")
# Has no list by itself: a mixin or a method of its own gives it one.
BARE = regex(r"(?:^|\.)(?:GenericViewSet|ViewSet)$")
MIXIN = regex(r"(?:^|\.)(?:Create|Retrieve|Update|Destroy)ModelMixin$")
ASIDE = regex(r"^(?!.*[Ll]ist)\w[\w.]*Mixin$")  # of the project, by its name not for lists
# Of a name the end, which is quick to find.
MANY = regex(rb"Serializer(?<=\wSerializer)\((?=[^;]{1,300}?many\s*=\s*True)")
# Fields that write related objects by more than their key.
RELATED = frozenset({"StringRelatedField", "SlugRelatedField", "HyperlinkedRelatedField"})
KEYS = frozenset({"PrimaryKeyRelatedField", "ManyRelatedField"})
MAX_FIELDS = 120
MAX_CALLS = 100


def serializers(known: Known) -> Iterator[TemplateRead | ViewRendered]:
    content = known.reader.content
    if b"erializer" not in content:
        return
    for one in known.classes.values():
        if any(SERIALIZER.search(base) for base in one.bases):
            steps = [*fields(known, one)]
            bases = tuple(base for base in one.bases if not base.startswith("serializers."))
            if steps or bases:
                yield TemplateRead(
                    known.reader.span(one.node), ENGINE, tuple(steps), name=one.last, bases=bases
                )
        elif "serializer_class" in one.attributes:
            yield from of_view(known, one)
    yield from of_calls(known)


# -- serializers


def fields(known: Known, one: ClassRead) -> Iterator[TemplateStep]:
    reader = known.reader
    for name, value in [*one.attributes.items()][:MAX_FIELDS]:
        if value.type != "call":
            continue
        callee = reader.callee(value).rpartition(".")[2]
        given = arguments_of(reader, value).named
        source = text_of(reader, given.get("source")) or name
        at, path = reader.span(value), f"{OBJECT}.{source}"
        if "write_only" in given and is_true(given["write_only"]):
            continue
        if source == "*":
            path = OBJECT
        if SERIALIZER.search(callee):
            if callee in reader.module_values:  # made by a call: which fields it has is not known
                continue
            if is_true(given.get("many")):
                yield TemplateStep("include-each", callee, f"{path}.all", at, ((OBJECT, ""),))
            else:
                yield TemplateStep("include", callee, "", at, ((OBJECT, path),))
        elif callee == "SerializerMethodField":
            asked = text_of(reader, given.get("method_name")) or f"get_{name}"
            yield from method(known, one.methods.get(asked))
        elif is_true(given.get("many")):
            if callee in RELATED | KEYS:
                yield TemplateStep("read-many", path=f"{path}.all", at=at)
        elif callee in RELATED or ("." in source and not callee.startswith("PrimaryKey")):
            yield TemplateStep("read", path=path, at=at)
    listed = (one.meta or {}).get("fields")
    for name in texts(reader, listed) if listed is not None else ():
        if name not in one.attributes and listed is not None:
            # Of many objects their keys are written, which asks for all of them.
            yield TemplateStep("read-many", path=f"{OBJECT}.{name}.all", at=reader.span(listed))
    yield from method(known, one.methods.get("to_representation"))


def method(known: Known, node: Node | None) -> Iterator[TemplateStep]:
    """What `get_total(self, obj)` reads of the object."""
    if node is None:
        return
    names = [name for name in known.read(node).order if name != "self"]
    body = node.child_by_field_name("body")
    if not names or body is None:
        return
    region = body.start_byte, body.end_byte
    for read in reads_of(known.reader, names[0], region, None):
        yield TemplateStep("read", path=f"{OBJECT}.{read.path}", at=read.at)


# -- who hands rows to them


def of_view(known: Known, one: ClassRead) -> Iterator[ViewRendered]:
    """A class of views that lists: its rows, by its serializer."""
    if not gives_lists(one) or "get_serializer_class" in one.methods:
        return
    name = known.reader.hint(one.attributes["serializer_class"])
    found = view_rows(known, one)
    if found is None or not SERIALIZER.search(name):
        return
    rows, place = found
    source = rows_source(known, place, rows)
    yield ViewRendered(source.at, name, OBJECT, source, ENGINE, in_list=True, scope=one.name)


def gives_lists(one: ClassRead) -> bool:
    """By a base, by a method, or by a mixin of the project that may bring one."""
    plain = [base for base in one.bases if not MIXIN.search(base)]
    more = [base for base in plain if not BARE.search(base)]
    if len(more) < len(plain) and "list" not in one.methods:
        # Who names the framework's own mixins one by one names the one that lists among them.
        piecewise = len(plain) < len(one.bases) and all(ASIDE.search(base) for base in more)
        if piecewise or not more:
            return False
    return any(LISTING.search(base) for base in plain)


def of_calls(known: Known) -> Iterator[ViewRendered]:
    """`OrderSerializer(orders, many=True)`."""
    reader = known.reader
    calls = MANY.finditer(reader.content) if b"many" in reader.content else ()
    for _, match in zip(range(MAX_CALLS), calls, strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        call = leaf.parent if leaf is not None else None
        call = call.parent if call is not None and call.type == "attribute" else call
        if call is None or call.type != "call" or reader.function_around(call) is None:
            continue
        given = arguments_of(reader, call)
        first = given.given[0] if given.given else given.named.get("instance")
        if first is None or not is_true(given.named.get("many")):
            continue
        source = source_of(known, first)
        if source is not None and not source.one:
            name = reader.callee(call).rpartition(".")[2]
            yield ViewRendered(
                source.at, name, OBJECT, source, ENGINE, in_list=True, scope=reader.scope(call)
            )
