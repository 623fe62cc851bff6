"""Rows that objects become: `$order = new Order(); $order->save();`, `$em->persist($order)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import OrmQuery
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.php import scopes
from scaleaudit.languages.php.class_names import CLASS_NAMES, MEMBER_CALLS, class_name, created
from scaleaudit.languages.php.names import chain
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

SAVED = regex(rb"(\$\w+)\s*->\s*(?:save|saveOrFail|saveQuietly)\s*\(\s*[\[)]")
PERSISTED = regex(rb"->\s*persist\s*\(\s*(\$\w+)\s*\)")
# Other names for it: methods of managers and repositories, and of the parent that keeps the row.
KEPT = regex(rb"->\s*(?:save|store|merge|create|insert|add[A-Z]?\w*)\s*\(\s*(\$\w+)\s*[,)]")
MARKS = (b"->save($", b"->store($", b"->merge($", b"->create($", b"->insert($", b"->add")
MADE = regex(rb"\bnew\s+(\w+)\b")
# Where classes of rows live: `App.Models.Order`, `App.Entity.Order`, `App.Order` of older Laravel.
OF_ROWS = regex(r"\.(?:Models?|Entit(?:y|ies))\.|^App\.[A-Z]\w+$")
OF_ENTITIES = regex(r"\.Entit(?:y|ies)\.(?!(?:.*\.)?Models?\.)")
# What is done with a new object whose row is to be kept; the rest asks it for its table or a builder.
FILLED = regex(
    r"(?:force)?[fF]ill|save\w*|set(?!Connection$|Table$)[A-Z]\w*|add(?!Select$)[A-Z]\w*"
    r"|with(?!Trashed$|Count$|Sum$|Avg$|Min$|Max$|Exists$|Aggregate$|Only$|WhereHas$)[A-Z]\w*"
)
PARENTHESES = "parenthesized_expression"
MAX_PLACES = 200  # of one file
MAX_TEXT = 80


def rows(reader: PhpReader) -> Iterator[OrmQuery]:
    """Each new object once, by what keeps it where that is seen."""
    seen: set[tuple[str, str]] = set()
    for found in kept_rows(reader):
        seen.add((found.model, found.scope))
        yield found
    yield from made(reader, seen)


def kept_rows(reader: PhpReader) -> Iterator[OrmQuery]:
    if b"->save" in reader.content and b"new " in reader.content:
        yield from told(reader, "eloquent", SAVED, made_here=True)
    if b"->persist(" in reader.content:
        yield from told(reader, "doctrine", PERSISTED, made_here=False)
    if b"Illuminate\\" not in reader.content and has_any(reader.content, MARKS):
        yield from kept(reader)


def told(
    reader: PhpReader, framework: str, form: re.Pattern[bytes], *, made_here: bool
) -> Iterator[OrmQuery]:
    """`made_here`: an object from elsewhere may have its row already, and is changed by this."""
    for _, match in zip(range(MAX_PLACES), form.finditer(reader.content), strict=False):
        node = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        if node is None or node.type != "variable_name":
            continue
        bound = scopes.variable(reader, match[1].decode(), node)
        model = bound.type if bound is not None else ""
        if bound is None and not made_here:
            last = scopes.last_assigned(reader, match[1].decode(), node)
            model = created(reader, last) if last is not None and is_new(last) else ""
        if not model or (
            bound is not None and bound.made_by is not None and not is_new(bound.made_by.node)
        ):
            continue
        if made_here and bound is not None and bound.made_by is None:
            continue
        yield OrmQuery(
            at=reader.span(node),
            framework=framework,
            model=model,
            text=" ".join(match[0].decode("utf-8", "replace").split()),
            inserts=True,
            in_loop=reader.in_loop(node),
            scope=reader.scope(node),
        )


def kept(reader: PhpReader) -> Iterator[OrmQuery]:
    """`$order = (new Order())->setShop($shop); $this->orders->save($order)`: of a class of entities."""
    for _, match in zip(range(MAX_PLACES), KEPT.finditer(reader.content), strict=False):
        node = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        name = match[1].decode()
        value = scopes.assigned(reader, name, node) if node is not None else None
        if node is None or value is None or node.type != "variable_name":
            continue
        start, links = chain(reader, value)
        if start.type == "object_creation_expression":
            model = created(reader, start)
        elif start.type in CLASS_NAMES and len(links) == 1 and links[0].call is not None:
            model = class_name(reader, reader.text(start))  # `Order::placed($cart)`
        else:
            continue
        if model:
            yield OrmQuery(
                at=reader.span(node),
                framework="doctrine",
                model=model,
                text=" ".join(match[0].decode("utf-8", "replace").split()),
                inserts=True,
                in_loop=reader.in_loop(node),
                scope=reader.scope(node),
            )


def made(reader: PhpReader, seen: set[tuple[str, str]]) -> Iterator[OrmQuery]:
    """`new Order()` of a class of rows, whoever keeps it then: once for each function."""
    for _, match in zip(range(MAX_PLACES), MADE.finditer(reader.content), strict=False):
        full = class_name(reader, match[1].decode())
        if OF_ROWS.search(full) is None:
            continue
        node = reader.root.descendant_for_byte_range(match.start(), match.end())
        if node is None or not is_new(node) or not is_filled(reader, node):
            continue
        key = full, reader.scope(node)
        if key not in seen:
            seen.add(key)
            yield OrmQuery(
                at=reader.span(node),
                framework="doctrine" if OF_ENTITIES.search(full) else "eloquent",
                model=full,
                text=" ".join(reader.text(node)[:MAX_TEXT].split()),
                inserts=True,
                scope=key[1],
            )


def is_filled(reader: PhpReader, node: Node) -> bool:
    """`(new Order())->fill($given)`, not `(new Order())->getTable()`."""
    around = node.parent
    call = around.parent if around is not None and around.type == PARENTHESES else around
    if call is None or call.type not in MEMBER_CALLS:
        return True
    name = call.child_by_field_name("name")
    return name is not None and FILLED.fullmatch(reader.text(name)) is not None


def is_new(node: Node) -> bool:
    return node.type == "object_creation_expression"
