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
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Condition
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "sequelize"
# What is read along under conditions narrows the rows, unless they stay without it.
NARROWING = regex(r"\bwhere\b")
OPTIONAL = regex(r"\brequired:\s*false\b")
DEFAULT = "defaultScope"
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
    values = [value] if value is not None else []
    if value is not None and value.type in FUNCTIONS:
        values = [each for each in map(bare, returns(value)) if each is not None]
    at, text = reader.span(node), shortened(reader, node)
    read = [narrowed(reader, each, owner) for each in values[:MAX_MEMBERS]]
    known = [each for each in read if each is not None]
    # What a function gives in some cases alone is not known, but for the relations it loads along.
    if not known or len(known) < len(read) or any(each != known[0] for each in known):
        return ScopeDefined(at, FRAMEWORK, owner, name, partial=True, text=text)
    conditions, limited, partial = known[0]
    return ScopeDefined(
        at,
        FRAMEWORK,
        owner,
        name,
        conditions=conditions,
        limited=limited,
        partial=partial,
        text=text,
    )


def narrowed(
    reader: JavaScriptReader, value: Node, owner: str
) -> tuple[tuple[Condition, ...], bool, bool] | None:
    """The conditions and sorts, whether rows are cut off, and whether some of it is not known."""
    found = assembled(reader, value)
    if found is None:
        return None
    given = dict(found.always)
    reading = Where(reader)
    variants = reading.variants(given["where"]) if "where" in given else [[]]
    sorts = ordering(reader, given["order"], owner).keys if "order" in given else ()
    along = reader.text(given["include"]) if "include" in given else ""
    joined = len(NARROWING.findall(along)) > len(OPTIONAL.findall(along))
    partial = found.open or reading.unknown or len(variants) > 1 or joined
    return (*flat(variants[0]), *sorts), "limit" in given, partial


def called_scopes(reader: JavaScriptReader, call: Node) -> Iterator[str]:
    """The names in `Loan.scope("open", { method: ["of", reader] })`; an empty one for the unknown.

    Not that of the default scope, which queries are told with anyway.
    """
    for each in arguments(call):
        listed = each.named_children if each.type == "array" else [each]
        for one in listed:
            if one.type == "identifier":
                one = (
                    bare(
                        reader.local(reader.text(one), one) or reader.declared.get(reader.text(one))
                    )
                    or one
                )
            method = settings(reader, [one]).get("method") if one.type == "object" else None
            if method is not None and method.type == "array" and method.named_children:
                one = method.named_children[0]
            name = text_of(
                reader, method if method is not None and method.type == "string" else one
            )
            if name != DEFAULT:
                yield name
