"""Named scopes of Sequelize's models: `scopes: { recent: {...}, of(reader) { return {...}; } }`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ScopeDefined
from scaleaudit.languages.javascript.builders.chains import arguments, shortened
from scaleaudit.languages.javascript.builders.conditions import flat
from scaleaudit.languages.javascript.builders.decorated import settings, text_of
from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.functions import returns
from scaleaudit.languages.javascript.options import MAX_MEMBERS, literal_of
from scaleaudit.languages.javascript.sequelize.ordering import ordering
from scaleaudit.languages.javascript.sequelize.where import Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "sequelize"
FUNCTIONS = frozenset({"arrow_function", "function_expression", "method_definition"})


def named_scopes(reader: JavaScriptReader, node: Node, owner: str) -> Iterator[ScopeDefined]:
    literal = literal_of(reader, node, "object")
    for child in literal.named_children[:MAX_MEMBERS] if literal is not None else ():
        named = child.child_by_field_name("key") or child.child_by_field_name("name")
        value = child if child.type == "method_definition" else child.child_by_field_name("value")
        if named is not None and value is not None:
            yield scope(reader, reader.text(named).strip("'\"`"), value, owner)


def scope(reader: JavaScriptReader, name: str, node: Node, owner: str) -> ScopeDefined:
    """One scope; `partial` where its conditions depend on what is not seen."""
    value = bare(node)
    if value is not None and value.type in FUNCTIONS:
        results = list(returns(value))
        value = bare(results[0]) if len(results) == 1 else None
    at, text = reader.span(node), shortened(reader, node)
    found = assembled(reader, value) if value is not None else None
    if found is None:
        return ScopeDefined(at, FRAMEWORK, owner, name, partial=True, text=text)
    given = dict(found.always)
    reading = Where(reader)
    variants = reading.variants(given["where"]) if "where" in given else [[]]
    sorts = ordering(reader, given["order"], owner).keys if "order" in given else ()
    joined = "include" in given and "where" in reader.text(given["include"])
    return ScopeDefined(
        at,
        FRAMEWORK,
        owner,
        name,
        conditions=(*flat(variants[0]), *sorts),
        limited="limit" in given,
        partial=found.open or reading.unknown or len(variants) > 1 or joined,
        text=text,
    )


def called_scopes(reader: JavaScriptReader, call: Node) -> Iterator[str]:
    """The names in `Loan.scope("open", { method: ["of", reader] })`; an empty one for the unknown."""
    for each in arguments(call):
        listed = each.named_children if each.type == "array" else [each]
        for one in listed:
            method = settings(reader, [one]).get("method") if one.type == "object" else None
            if method is not None and method.type == "array" and method.named_children:
                one = method.named_children[0]
            yield text_of(reader, method if method is not None and method.type == "string" else one)
