"""Queries that Symfony and API Platform make of what classes declare, without a call in the code.

`#[UniqueEntity("email")]` looks for the value before each save; `/posts/{slug}` finds the entity of
a controller's parameter; `#[ApiFilter(SearchFilter::class, ...)]` lets clients search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Condition, OrmQuery
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.php.class_names import class_name
from scaleaudit.languages.php.doctrine.marks import Mark, marks_on
from scaleaudit.languages.php.scopes import parameters
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.doctrine.marks import Given
    from scaleaudit.languages.php.reader import PhpReader

MARKS = (b"UniqueEntity", b"ApiFilter", b"Route(", b"MapEntity", b"ParamConverter")
CLASS = regex(rb"[@\[\\ ](?:UniqueEntity|ApiFilter)\s*\(")
ACTION = regex(rb"[@\[\\ ](?:Route|MapEntity|ParamConverter)\s*\(")
PLACEHOLDER = regex(r"\{!?(\w+)(?::(\w+))?(?:[<?][^{}]*)?\}")
# Names by which rows are found; `id` is the key, and `page`, `year` are no attributes of one.
IDENTIFYING = regex(
    r"^(?:\w*(?:slug|uuid|token|hash|username|reference)|code|handle|permalink|key)$"
)
STRATEGIES = {"exact": "=", "iexact": "=", "start": "like", "istart": "search"}
RANGES = frozenset({"DateFilter", "RangeFilter", "NumericFilter"})
SERVICES = regex(r"(?:Repository|Manager|Service|Interface|Request|Session|Handler|Factory)$")
MAX_FOUND = 200  # of one file
MAX_FIELDS = 30  # of one filter


def facts(reader: PhpReader) -> Iterator[OrmQuery]:
    if not has_any(reader.content, MARKS):
        return
    told: set[int] = set()
    for form, kind, tell in (
        (CLASS, "class_declaration", declared),
        (ACTION, "method_declaration", handed),
    ):
        for _, match in zip(range(MAX_FOUND), form.finditer(reader.content), strict=False):
            node = holder(reader, match.end() - 1, kind)
            if node is not None and node.id not in told:
                told.add(node.id)
                yield from tell(reader, node)


def holder(reader: PhpReader, at: int, kind: str) -> Node | None:
    """The definition that an attribute, or the comment before it, belongs to."""
    leaf = reader.root.descendant_for_byte_range(at, at)
    if leaf is None:
        return None
    if leaf.type == "comment":
        after = leaf.next_named_sibling
        return after if after is not None and after.type == kind else None
    for above in reader.ancestors(leaf):
        if above.type == kind:
            return above
        if above.type in ("compound_statement", "declaration_list"):
            return None
    return None


def query(
    reader: PhpReader, node: Node, model: str, text: str, conditions: list[Condition]
) -> OrmQuery:
    return OrmQuery(
        at=reader.span(node),
        framework="doctrine",
        model=model,
        text=text,
        conditions=tuple(conditions),
        limited=True,
        scope=reader.scope(node),
    )


# -- classes


def declared(reader: PhpReader, node: Node) -> Iterator[OrmQuery]:
    own = reader.definition_name(node)
    for mark in marks_on(reader, node):
        if mark.name == "UniqueEntity":
            fields = mark.texts("fields") or texts(mark.listed[:1])
            entity = mark.text("entityClass").rpartition(".")[2]
            if fields:
                conditions = [Condition(each, "=") for each in fields[:MAX_FIELDS]]
                text = f"UniqueEntity({', '.join(fields)})"
                yield query(reader, node, entity or own, text, conditions)
        elif mark.name == "ApiFilter":
            yield from offered(reader, node, own, mark)


def texts(listed: list[Given]) -> list[str]:
    first = listed[0] if listed else None
    several = first if isinstance(first, list) else [first]
    return [each for each in several if isinstance(each, str)]


def offered(reader: PhpReader, node: Node, own: str, mark: Mark) -> Iterator[OrmQuery]:
    """Each attribute that clients may search by is a search of its own."""
    filter_class = next((each for each in mark.listed if isinstance(each, str)), "")
    kind = filter_class.rpartition(".")[2]
    given = mark.named.get("properties")
    if isinstance(given, dict):
        fields = [(name, how if isinstance(how, str) else "exact") for name, how in given.items()]
    else:
        fields = [(name, "exact") for name in mark.texts("properties")]
    for name, how in fields[:MAX_FIELDS]:
        operator = STRATEGIES.get(how, "search") if kind == "SearchFilter" else ""
        operator = ">=" if kind in RANGES else operator
        if operator and name not in ("id", "uuid"):
            found = query(reader, node, own, f"{kind}({name})", [Condition(name, operator)])
            yield replace(found, partial=True, offered=True)


# -- parameters of controllers


def handed(reader: PhpReader, node: Node) -> Iterator[OrmQuery]:
    given: dict[str, tuple[str, Node]] = {}
    plain: set[str] = set()
    for parameter in parameters(node):
        named = parameter.child_by_field_name("name")
        written = parameter.child_by_field_name("type")
        if named is None:
            continue
        name = reader.text(named).lstrip("$")
        kind = reader.text(written).lstrip("?") if written is not None else ""
        if (kind[:1].isupper() or kind[:1] == "\\") and not SERVICES.search(kind):
            given[name] = class_name(reader, kind), parameter
        else:
            plain.add(name)
    marks = marks_on(reader, node)
    mapped = {name: dict(mapping) for name, mapping in mappings(reader, marks, given)}
    wanted = [
        match.groups()
        for mark in marks
        if mark.name == "Route"
        for path in (mark.text("path", position=0),)
        for match in PLACEHOLDER.finditer(path)
    ]
    for attribute, name in wanted:
        if name and name in given:
            mapped.setdefault(name, {})[attribute] = attribute
    free = [attribute for attribute, name in wanted if not name]
    entities = [name for name in given if name not in mapped]
    # A placeholder that goes by the name of a parameter is its value, or its key.
    alone = len(set(free)) == 1 and free[0] not in plain and free[0] not in given
    if not mapped and alone and len(entities) <= MAX_FIELDS:
        # The framework tries the one placeholder as an attribute of each entity that is asked for.
        for name in entities if IDENTIFYING.match(free[0]) else ():
            mapped[name] = {free[0]: free[0]}
    for name, attributes in mapped.items():
        conditions = [Condition(each, "=") for each in attributes.values() if each != "id"]
        if conditions and name in given and len(conditions) == len(attributes):
            model, parameter = given[name]
            shown = excerpt(reader.content, parameter, 120)
            yield query(reader, parameter, model, shown, conditions)


def mappings(
    reader: PhpReader, marks: list[Mark], given: dict[str, tuple[str, Node]]
) -> Iterator[tuple[str, dict[str, str]]]:
    """`#[MapEntity(mapping: ["slug" => "slug"])]`, and the converters before it."""
    for mark in marks:
        options = mark.named.get("options")
        if mark.name == "ParamConverter" and isinstance(options, dict):
            yield mark.text("name", position=0), pairs(options.get("mapping"))
    if b"MapEntity" not in reader.content:
        return
    for name, (_, parameter) in given.items():
        for mark in marks_on(reader, parameter):
            if mark.name == "MapEntity":
                yield name, pairs(mark.named.get("mapping"))


def pairs(written: Given) -> dict[str, str]:
    if not isinstance(written, dict):
        return {}
    return {name: each for name, each in written.items() if isinstance(each, str)}
